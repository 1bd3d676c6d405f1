/*
 * store_entries.h - what feeds announced. An entry is known by (feed, guid), never by guid alone:
 * one source can never hide another's.
 */
#ifndef WW_STORAGE_STORE_ENTRIES_H
#define WW_STORAGE_STORE_ENTRIES_H

#include "storage/store.h"

struct entry_row {
    int64_t id, feed_id;
    struct slice guid; /* the feed's id of it, or what stands for one; never empty */
    struct slice url, canonical;
    struct slice title, author, language;
    struct slice summary, content; /* as the feed gave them; stored compressed */
    int64_t published_at, updated_at;
    int64_t first_seen_at;
    int64_t n_changes; /* times its words changed */
    int64_t page_id, article_id;
};

struct entry_list {
    struct entry_row *rows;
    size_t n_rows;
};

enum entry_news {
    ENTRY_KNOWN,   /* nothing new */
    ENTRY_CHANGED, /* title, texts, address or updated differ: overwritten */
    ENTRY_NEW
};

/* A known entry that did not change costs one look-up and writes nothing. */
enum ww_status store_add_entry(struct store *s, const struct entry_row *row, int64_t *id,
                               enum entry_news *news, struct ww_error *err);
/*
 * Tie an entry to the page that was queued for it and the article that came of it (0: as it was).
 */
enum ww_status store_link_entry(struct store *s, int64_t id, int64_t page_id, int64_t article_id,
                                struct ww_error *err);
/* Every entry of page_id now has this article. */
enum ww_status store_link_page_entries(struct store *s, int64_t page_id, int64_t article_id,
                                       struct ww_error *err);

/* With summary and content. WW_NOT_FOUND. */
enum ww_status store_entry(struct store *s, int64_t id, struct arena *arena, struct entry_row *out,
                           struct ww_error *err);
/* The newest entry with this canonical address; feed_id 0: of any feed. WW_NOT_FOUND. */
enum ww_status store_entry_by_canonical(struct store *s, int64_t feed_id, struct slice canonical,
                                        struct arena *arena, struct entry_row *out,
                                        struct ww_error *err);
/* The entry that announced a page first. WW_NOT_FOUND. */
enum ww_status store_entry_of_page(struct store *s, int64_t page_id, struct arena *arena,
                                   struct entry_row *out, struct ww_error *err);
/* Newest first by first_seen_at, without summary and content; feed_id 0: of all feeds. */
enum ww_status store_list_entries(struct store *s, int64_t feed_id,
                                  const struct store_window *window, struct arena *arena,
                                  struct entry_list *out, struct ww_error *err);

#endif
