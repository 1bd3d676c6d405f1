/*
 * feed_lists.h - appending to what a feed or an entry has several of, within limits.
 *
 * Beyond FEED_LIST_MAX elements a list takes no more. A full arena is seen once, at the end.
 */
#ifndef WW_FEEDS_FEED_LISTS_H
#define WW_FEEDS_FEED_LISTS_H

#include "base/slice.h"
#include "feeds/feed.h"

#include <stddef.h>

struct arena;

/* The room of the growing arrays of one entry, or of the feed. */
struct feed_lists {
    size_t links, enclosures, categories, n_authors;
};

/*
 * A new, empty entry; NULL when the feed has FEED_ENTRIES_MAX of them (the entry is then counted).
 */
struct entry *feed_add_entry(struct feed *feed, size_t *room, struct arena *arena);

void feed_add_link(struct feed_link **links, size_t *n, struct feed_lists *lists,
                   struct feed_link link, struct arena *arena);
void feed_add_enclosure(struct entry *entry, struct feed_lists *lists,
                        struct feed_enclosure enclosure, struct arena *arena);
/* Empty ones and repeats are dropped. */
void feed_add_category(struct entry *entry, struct feed_lists *lists, struct slice category,
                       struct arena *arena);
/* Names joined by ", "; repeats are dropped. */
void feed_add_author(struct slice *authors, struct feed_lists *lists, struct slice name,
                     struct arena *arena);

#endif
