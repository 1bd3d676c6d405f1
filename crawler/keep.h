/*
 * keep.h - an article into the store: the row, its text, its story. For pages of a crawl and files
 * of a backfill alike.
 */
#ifndef WW_CRAWLER_KEEP_H
#define WW_CRAWLER_KEEP_H

#include "base/error.h"
#include "storage/store_articles.h"

struct arena;
struct article;
struct article_hints;
struct keeper;
struct log;
struct store;

/*
 * One for each open store. After a rollback close it: what it remembers is not in the store.
 * log may be NULL: there stands, with the article's address, what was cut or given up.
 */
enum ww_status keeper_open(struct store *store, const struct log *log, struct keeper **out,
                           struct ww_error *err);
void keeper_close(struct keeper *k);

/* What other pages of its site taught, into the hints: borrowed until the keeper's next call. */
enum ww_status keeper_recall(struct keeper *k, struct slice url, struct arena *arena,
                             struct article_hints *hints, struct ww_error *err);

/* What the extractor cannot know, and the caller does; empty or 0 when it does not either. */
struct keep_origin {
    struct slice url;      /* where the page was read in the end */
    struct slice identity; /* stands for the canonical address when there is none */
    struct slice outlet, country, provenance;
    int64_t feed_id, entry_id, page_id, backfill_id;
    int64_t first_seen_at, fetched_at; /* of a capture: when it was made */
    struct slice capture;              /* the archived copy it was read from */
    bool is_historic;
    /* A stored page once more: of the article with that identity, whatever it says; no lesson. */
    bool is_reread;
    struct slice body, content_type; /* the page, unpacked; empty: it is not to be kept */
    /* What the archive says of it; each empty when it is not known (store_bodies.h). */
    struct slice received, head, address;
};

/* What of a row the article itself says. Borrows from it. */
struct article_row keep_row(const struct article *article, struct arena *arena);

/* WW_INVALID: no text, or no page of an article: a wall. The message says what was met. */
enum ww_status keep_check(const struct article *article, struct ww_error *err);

/* Would keep_article store a new version? */
enum ww_status keep_differs(struct keeper *k, const struct article *article,
                            const struct keep_origin *origin, struct arena *arena, bool *differs,
                            struct ww_error *err);

struct kept {
    int64_t article_id;
    bool is_new;       /* false: the address has this very text already, or what this copies */
    bool is_new_story; /* nothing like it before */
};

/* In a transaction: article, text, page and story together, and what they teach of their site. */
enum ww_status keep_article(struct keeper *k, const struct article *article,
                            const struct keep_origin *origin, struct arena *arena, struct kept *out,
                            struct ww_error *err);

#endif
