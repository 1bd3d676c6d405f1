/*
 * entry_match.h - which entries of a document are ones that the store knows.
 *
 * An entry is known by (feed, id), then by its id without scheme and host, then by its address; by
 * its words where ids and addresses are new at every poll. None of these is believed alone: feeds
 * give one id to several entries and one address to a whole ticker. What is doubtful is new, for a
 * new entry loses nothing: its page is fetched once whatever entries announce it.
 *
 * Each row is one entry of a document at most. Entries of other feeds are never looked at. A
 * document in which nothing changed costs one look-up an entry.
 */
#ifndef WW_CRAWLER_ENTRY_MATCH_H
#define WW_CRAWLER_ENTRY_MATCH_H

#include "storage/store_entries.h"

enum entry_news {
    ENTRY_NEW,
    ENTRY_KNOWN,   /* nothing to write but its guid, perhaps */
    ENTRY_MOVED,   /* the same words at another address */
    ENTRY_CHANGED, /* its words, or the feed says so */
    ENTRY_TOUCHED, /* "updated" alone; in the end it is known or changed */
    ENTRY_REPEATED /* stands in the document before: nothing to do */
};

/* An entry as a document announces it, and what came of it. */
struct announced {
    struct entry_row row; /* as it would be stored; guid empty when the feed gives no id */
    bool has_place;       /* its canonical address is its own, not the front page */
    enum entry_news news;
    int64_t id;          /* of the row it is; 0 for a new one */
    int64_t page_id;     /* of that row */
    bool is_elsewhere;   /* its path is not that row's */
    bool must_rename;    /* that row has another guid, and this one is free */
    bool place_is_known; /* new, but the feed has announced its address before */
    /* what entry_match reckons with */
    int64_t fingerprint, words;
    size_t text_bytes;
    int64_t holder_id; /* of the row that has its guid; 0: none */
    bool has_id, shares_guid, shares_place;
};

/*
 * The entries of a document, in its order; row and has_place are given, the rest is filled in.
 * n_listed: how many the document had, of which those of list may be a part.
 */
enum ww_status entry_match(struct store *store, struct announced *list, size_t n, size_t n_listed,
                           struct arena *arena, struct ww_error *err);

/*
 * What a new entry is called whose guid is taken: its address, its words, both; empty when n is
 * past the last.
 */
struct slice entry_other_name(const struct announced *e, unsigned n, struct arena *arena);

#endif
