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
};

struct story_list {
    struct story_row *rows;
    size_t n_rows;
};

/* A new story that holds this article. */
enum ww_status store_add_story(struct store *s, int64_t article_id, int64_t at, int64_t *id,
                               struct ww_error *err);
/* One more copy. */
enum ww_status store_join_story(struct store *s, int64_t story_id, int64_t article_id, int64_t at,
                                struct ww_error *err);
enum ww_status store_set_canonical_article(struct store *s, int64_t story_id, int64_t article_id,
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
};

struct relation_list {
    struct relation_row *rows;
    size_t n_rows;
};

/*
 * For story_origins.h: the first limit articles of a story, all versions, with the columns it reads
 * and no others, and the relations between articles of the story and earlier ones.
 */
enum ww_status store_list_story_members(struct store *s, int64_t story_id, size_t limit,
                                        struct arena *arena, struct article_list *out,
                                        struct ww_error *err);
enum ww_status store_list_story_relations(struct store *s, int64_t story_id, size_t limit,
                                          struct arena *arena, struct relation_list *out,
                                          struct ww_error *err);

enum ww_status store_add_relation(struct store *s, const struct relation_row *row,
                                  struct ww_error *err);
/* Those the article is part of, on either side. */
enum ww_status store_list_relations(struct store *s, int64_t article_id, struct arena *arena,
                                    struct relation_list *out, struct ww_error *err);

#endif
