/*
 * store_entries.h - what feeds announced. An entry is known by (feed, guid), never by guid alone:
 * one source can never hide another's. Feeds renew their guids, and give one to several entries:
 * here stand the look-ups by which an entry is found all the same, crawler/entry_match decides.
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

/*
 * Store a new one. *is_new is false, and nothing written, when the feed has an entry of that guid.
 */
enum ww_status store_add_entry(struct store *s, const struct entry_row *row, int64_t *id,
                               bool *is_new, struct ww_error *err);
/* All of row->id but guid, first_seen_at and links is as row says; n_changes is added to. */
enum ww_status store_change_entry(struct store *s, const struct entry_row *row,
                                  struct ww_error *err);
/* Known by another guid from now on; nothing happens when another entry of its feed has that. */
enum ww_status store_rename_entry(struct store *s, const struct entry_row *row,
                                  struct ww_error *err);

/* ---- is it one that is known? ---------------------------------------------------------------- */

/* One number for all that, when it changes, makes an entry a changed one. */
int64_t entry_fingerprint(const struct entry_row *row);
/*
 * One number for what a reader reads: title and texts without their markup, in which addresses may
 * be new at every poll. 0: there is not a word. *text_bytes: of summary and content alone.
 */
int64_t entry_words(const struct entry_row *row, size_t *text_bytes);
/*
 * The guid without scheme and host, when it is a web address that says more than its host. Borrowed
 * from guid.
 */
struct slice entry_guid_key(struct slice guid);

/* Its feed's entry of row->guid, and its fingerprint: one look-up. WW_NOT_FOUND. */
enum ww_status store_entry_known(struct store *s, const struct entry_row *row, int64_t *id,
                                 int64_t *fingerprint, struct ww_error *err);

/* Enough of an entry to tell whether another one is the same. */
struct entry_brief {
    int64_t id;
    struct slice guid, canonical, title;
    int64_t published_at, updated_at;
    int64_t fingerprint, words; /* words 0: none, or stored before they were counted */
    int64_t page_id;
};

struct entry_brief_list {
    struct entry_brief *rows;
    size_t n_rows;
};

enum entry_key { ENTRY_BY_GUID, ENTRY_BY_WORDS, ENTRY_BY_CANONICAL, ENTRY_BY_GUID_KEY };

/* Entries of row's feed that share this with it, newest first, ENTRY_CANDIDATES_MAX at most. */
enum ww_status store_find_entries(struct store *s, enum entry_key key, const struct entry_row *row,
                                  struct arena *arena, struct entry_brief_list *out,
                                  struct ww_error *err);
/* The newest of a feed, limit at most. */
enum ww_status store_newest_entries(struct store *s, int64_t feed_id, size_t limit,
                                    struct arena *arena, struct entry_brief_list *out,
                                    struct ww_error *err);

/* ---- an entry, its page, its article --------------------------------------------------------- */

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
/* The entry that announced a page first, of the page's own feed if it has one. WW_NOT_FOUND. */
enum ww_status store_entry_of_page(struct store *s, int64_t page_id, struct arena *arena,
                                   struct entry_row *out, struct ww_error *err);
/* What announced an address, by whatever feed: oldest first, without summary and content. */
enum ww_status store_list_announcements(struct store *s, struct slice canonical, size_t limit,
                                        struct arena *arena, struct entry_list *out,
                                        struct ww_error *err);
/* Newest first by first_seen_at, without summary and content; feed_id 0: of all feeds. */
enum ww_status store_list_entries(struct store *s, int64_t feed_id,
                                  const struct store_window *window, struct arena *arena,
                                  struct entry_list *out, struct ww_error *err);

#endif
