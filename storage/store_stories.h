/*
 * store_stories.h - an article and its copies, and how any two articles are related.
 *
 * Every article belongs to one story. Copies are grouped, never deleted; two stories are never made
 * one. A relation says what was measured between an article and an earlier one.
 */
#ifndef WW_STORAGE_STORE_STORIES_H
#define WW_STORAGE_STORE_STORIES_H

#include "storage/store.h"
#include "storage/store_articles.h"

struct story_row {
    int64_t id;
    int64_t first_article_id;     /* first to be stored */
    int64_t canonical_article_id; /* the one to show: earliest of the fullest texts */
    int64_t first_seen_at, last_seen_at;
    int64_t n_articles, n_outlets;
    int64_t root_article_id; /* the earliest published, whatever order they came in */
    int64_t n_origins;
    /* of the canonical article, when read */
    struct slice title, url, outlet, language;
    int64_t published_at;
    /* Of store_list_stories alone: alerts it raised, the highest enum alert_severity; 0: none. */
    int64_t n_alerts, severity;
};

struct story_list {
    struct story_row *rows;
    size_t n_rows;
};

/* A new story that holds this article; at: when it arrived. It is there,
 * and has none: a transaction in which that is not so fails. */
enum ww_status store_add_story(struct store *s, int64_t article_id, int64_t at, int64_t *id,
                               struct ww_error *err);
/* One more copy, or version; addresses and outlets are counted. The work does not grow with them.
 */
enum ww_status store_join_story(struct store *s, int64_t story_id, int64_t article_id, int64_t at,
                                struct ww_error *err);

/* What a new member may change of its story: story_join.h. */
struct story_standing {
    int64_t first_article_id; /* never changes */
    int64_t root_article_id, canonical_article_id;
    int64_t fullest_bytes;     /* the longest text */
    int64_t last_published_at; /* by the newest date of a member, no later than it was seen */
    int64_t n_articles;        /* as store_join_story counts */
    int64_t n_origins;
    bool has_claims; /* some member credits somebody, or links to where it was first */
};

/* As store_join_story; *out: how the story stands then, before a word is said of its new member. */
enum ww_status store_join_standing(struct store *s, int64_t story_id, int64_t article_id,
                                   int64_t at, struct story_standing *out, struct ww_error *err);
/* WW_NOT_FOUND. */
enum ww_status store_story_standing(struct store *s, int64_t id, struct story_standing *out,
                                    struct ww_error *err);
/* first_article_id and n_articles are not written. */
enum ww_status store_put_story_standing(struct store *s, int64_t id,
                                        const struct story_standing *standing,
                                        struct ww_error *err);

/* WW_NOT_FOUND. */
enum ww_status store_story(struct store *s, int64_t id, struct arena *arena, struct story_row *out,
                           struct ww_error *err);

struct story_filter {
    struct store_window window; /* of last_seen_at */
    int64_t n_articles_min;
    bool has_alert;             /* only stories that raised one */
    enum store_history history; /* of its first article */
};

/* Newest first. Its articles: store_list_articles with story_id. */
enum ww_status store_list_stories(struct store *s, const struct story_filter *filter,
                                  struct arena *arena, struct story_list *out,
                                  struct ww_error *err);

struct relation_row {
    int64_t article_id, other_id; /* other is the earlier one */
    struct slice kind;            /* "exact", "near", "excerpt", "series" ... */
    double jaccard, containment;
    int64_t n_shared;
    int64_t n_own, n_other; /* shingles of either, without furniture; 0: not known */
    int64_t n_changes;      /* facts that article has in place of other's, the first few */
};

struct relation_list {
    struct relation_row *rows;
    size_t n_rows;
};

enum ww_status store_add_relation(struct store *s, const struct relation_row *row,
                                  struct ww_error *err);
/* Those the article is part of, on either side. */
enum ww_status store_list_relations(struct store *s, int64_t article_id, struct arena *arena,
                                    struct relation_list *out, struct ww_error *err);
/* The same, at most limit of them, in no order. */
enum ww_status store_list_neighbours(struct store *s, int64_t article_id, size_t limit,
                                     struct arena *arena, struct relation_list *out,
                                     struct ww_error *err);
/* Did a STORY_MERGE hold it against a shorter article? Of those that hold it, a few are looked at.
 */
enum ww_status store_is_round_up(struct store *s, int64_t article_id, bool *out,
                                 struct ww_error *err);
/* Articles, at most max, that came as its excerpts, and those that it came as an expansion of. */
enum ww_status store_list_parts(struct store *s, int64_t article_id, int64_t *ids, size_t max,
                                size_t *n, struct ww_error *err);
/* Both will be asked for next, in this order, and then how its story stands (rows.h). */
enum ww_status store_foresee_parts(struct store *s, int64_t article_id, size_t max,
                                   int64_t story_id, struct ww_error *err);

/*
 * Members as their story needs them: of a row these columns are read and no others: id, version,
 * url, canonical, outlet, credit and its source, source_url, published_at and its precision,
 * first_seen_at, text_bytes, story_id, recirculates_id. WW_NOT_FOUND.
 */
enum ww_status store_story_member(struct store *s, int64_t article_id, struct arena *arena,
                                  struct article_row *out, struct ww_error *err);
/* It will be read next; with_text: and its text behind it (rows.h). */
enum ww_status store_foresee_member(struct store *s, int64_t article_id, bool with_text,
                                    struct ww_error *err);
/* The version of the address before this one; the one behind it. WW_NOT_FOUND. */
enum ww_status store_former_version(struct store *s, const struct article_row *member,
                                    struct arena *arena, struct article_row *out,
                                    struct ww_error *err);
enum ww_status store_later_version(struct store *s, const struct article_row *member,
                                   struct arena *arena, struct article_row *out,
                                   struct ww_error *err);
/* At most limit of a story's articles, all versions, and of the relations they came with. */
enum ww_status store_list_story_members(struct store *s, int64_t story_id, size_t limit,
                                        struct arena *arena, struct article_list *out,
                                        struct ww_error *err);
enum ww_status store_list_story_relations(struct store *s, int64_t story_id, size_t limit,
                                          struct arena *arena, struct relation_list *out,
                                          struct ww_error *err);

/* Since when an analyst knows a story, by any of its alerts, last; 0: he does not. */
struct story_told {
    int64_t at;
    int64_t mailed_at; /* by a message; 0: by none */
};

enum ww_status store_story_told(struct store *s, int64_t story_id, struct slice analyst,
                                struct story_told *out, struct ww_error *err);
/* Copies, each address once, that came after a time; and the outlets of these. */
enum ww_status store_count_copies(struct store *s, int64_t story_id, int64_t after,
                                  int64_t *n_copies, int64_t *n_outlets, struct ww_error *err);
/* Articles first seen in a window. */
enum ww_status store_count_seen(struct store *s, const struct store_window *window, int64_t *n,
                                struct ww_error *err);

/* article is old text, first in `original`. */
enum ww_status store_set_recirculates(struct store *s, int64_t article_id, int64_t original,
                                      struct ww_error *err);

/* Articles that have a story, with an id below this one, the newest first; and how many. */
struct placed_id {
    int64_t article_id, story_id;
};

struct placed_id_list {
    struct placed_id *rows;
    size_t n_rows;
};

enum ww_status store_list_placed(struct store *s, int64_t below_id, size_t max, struct arena *arena,
                                 struct placed_id_list *out, struct ww_error *err);
enum ww_status store_count_placed(struct store *s, int64_t below_id, int64_t *n,
                                  struct ww_error *err);

#endif
