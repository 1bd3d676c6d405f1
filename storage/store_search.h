/*
 * store_search.h - full-text search over articles.
 *
 * Words are folded as everywhere (base/token): case, accents, Traditional Han. Text written without
 * spaces is indexed as overlapping pairs of characters, so that a two-character name is found.
 *
 *   word word     both, anywhere        "two words"   next to each other
 *   word*         begins with           -word         not in it
 *   a OR b        either; binds closer than the space between words
 *
 * Articles are indexed in batches, because one by one costs eight times as much: a writer's are
 * findable when it has closed (a killed one's, when the next has), and before a writer searches.
 */
#ifndef WW_STORAGE_STORE_SEARCH_H
#define WW_STORAGE_STORE_SEARCH_H

#include "storage/store.h"
#include "storage/store_articles.h"
#include "storage/store_walk.h"

struct search_filter {
    struct slice query;
    struct store_window window; /* of published_at; of first_seen_at where there is none */
    struct slice outlet, language;
    enum store_history history;
    int64_t backfill_id; /* that brought them; 0: any */
    bool by_rank;        /* best first; else newest first */
};

struct search_mark {
    size_t start, end; /* bytes of the snippet */
};

struct search_hit {
    struct article_row article;
    struct slice snippet; /* of the text, around the first place found */
    struct search_mark *marks;
    size_t n_marks;
};

struct search_results {
    struct search_hit *rows;
    size_t n_rows;
    int64_t n_found; /* in all, whatever the limit */
};

/* WW_INVALID when the query cannot be read or has no word; the message names the place. */
enum ww_status store_search(struct store *s, const struct search_filter *filter,
                            struct arena *arena, struct search_results *out, struct ww_error *err);

/*
 * Articles that no search finds yet, and when the first of them was read; 0, 0: none. A writer at
 * work leaves less than a batch, and one that was killed what it had.
 */
enum ww_status store_search_behind(struct store *s, int64_t *n, int64_t *since,
                                   struct ww_error *err);
/* Make the index anew, of all stored texts: 0.2 ms each. A killed one goes on with the next writer.
 */
enum ww_status store_renew_search(struct store *s, struct ww_error *err);
/*
 * The next batch of texts that are not in it yet, in a transaction of its own. Every writer does so
 * when it is closed: this is for who wants to show how far it is. *n_added 0: all are in it.
 */
enum ww_status store_index_search(struct store *s, size_t *n_added, struct ww_error *err);

/* ---- names ----------------------------------------------------------------------------------- */

/* A word of a name, as base/token folds and cuts it. */
struct search_word {
    struct slice folded;
    bool is_cjk;  /* one Han, kana or Hangul character */
    bool is_open; /* a longer word that begins so counts too */
    bool is_next; /* stands right behind the word before it */
};

/*
 * Up to which article the index knows all: it is brought up to date where that is allowed.
 * WW_NOT_FOUND: it was made by another folding, or nobody knows by which; `db reindex` mends it.
 */
enum ww_status store_search_reach(struct store *s, struct arena *arena, int64_t *id,
                                  struct ww_error *err);

/*
 * Articles in which the name may stand: all that hold it, up to the index's reach, and some that
 * hold its words otherwise. At most limit of them.
 */
enum ww_status store_search_name(struct store *s, const struct search_word *words, size_t n_words,
                                 size_t limit, struct arena *arena, struct walk_ids *out,
                                 struct ww_error *err);

#endif
