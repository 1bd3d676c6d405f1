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

struct search_filter {
    struct slice query;
    struct store_window window; /* of published_at; of first_seen_at where there is none */
    struct slice outlet, language;
    enum store_history history;
    bool by_rank; /* best first; else newest first */
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

#endif
