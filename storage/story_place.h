/*
 * story_place.h - give an article that was just stored its story.
 *
 * What the crawler and backfill call, in the transaction that stores the article:
 *
 *     store_begin(store, err);
 *     store_add_article(store, &row, &text, &article.id, &is_new, err);
 *     if (is_new)
 *         story_place(placer, &article, arena, &placement, err);
 *     ...
 *     store_commit(store, err);           on failure: store_rollback, story_placer_forget
 *
 * It joins the story of the best earlier copy or begins a new one, writes the relations that were
 * measured, and adds the article to the duplicate index. First seen, root and canonical are kept
 * apart (story_join.h): a story's first article is the first that arrived, the others are the same
 * in whatever order articles arrive. Old text under a new date is told (story_recirculation.h).
 * Stories are never made one afterwards.
 *
 * A new version of an address stays in its story, unless it shares next to nothing with the version
 * before: then another text stands there, and the detector's word counts as for any article. A
 * first version that an archive gives later is held against the one behind it.
 */
#ifndef WW_STORAGE_STORY_PLACE_H
#define WW_STORAGE_STORY_PLACE_H

#include "base/error.h"
#include "base/slice.h"
#include "storage/stories.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct article_row;
struct store;
struct story_placer;

/* One for each open store, for as long as it is open. Reads nothing before the first article. */
enum ww_status story_placer_open(struct store *store, struct story_placer **out,
                                 struct ww_error *err);
void story_placer_close(struct story_placer *p);

/* After every rollback: what is in memory is not in the store. */
void story_placer_forget(struct story_placer *p);

struct placed_article {
    int64_t id;                    /* as store_add_article gave it */
    const struct article_row *row; /* as it left it; NULL: it is read */
    struct slice title, text;      /* valid UTF-8 */
};

struct story_placement {
    int64_t story_id;
    bool is_new_story;
    enum story_kind kind;     /* STORY_NEW: like nothing before */
    int64_t other_article_id; /* the earlier article kind speaks of; 0 */
    double similarity;        /* the greater of Jaccard and containment */
    struct slice *changed;    /* "12 → 13": facts that a copy replaced; in the arena */
    size_t n_changed;
    int64_t recirculates_id; /* the article whose old text it is; 0 */
    struct slice given_up; /* what was cut or left out, in words for the log; empty; the arena's */
};

/*
 * Inside a write transaction. On failure roll it back. While the index is being made anew,
 * STORY_REINDEX_EACH earlier articles are indexed along with this one.
 */
enum ww_status story_place(struct story_placer *p, const struct placed_article *article,
                           struct arena *arena, struct story_placement *out, struct ww_error *err);

/* ---- the index made anew from the stored texts ----------------------------------------------- */

/* How many articles are not indexed yet: after a change of SHINGLE_VERSION, or of the schema. */
enum ww_status story_reindex_count(struct store *store, int64_t *n, struct ww_error *err);
/* Drop the index: all articles are to be indexed. Inside a write transaction. */
enum ww_status story_reindex_begin(struct story_placer *p, struct ww_error *err);
/* Index the newest max of those that are missing; *n: how many there were. Also inside one. */
enum ww_status story_reindex(struct story_placer *p, size_t max, size_t *n, struct ww_error *err);

#endif
