/*
 * feed_take.h - what to believe: ranks of values that are said twice, and addresses.
 *
 * For feed_start.c (values in attributes) and feed_build.c (values in texts).
 */
#ifndef WW_FEEDS_FEED_TAKE_H
#define WW_FEEDS_FEED_TAKE_H

#include "feeds/feed_reader.h"

#include <stdbool.h>
#include <stddef.h>

/* Ranks of what may serve as the address of an entry or a feed. */
enum link_rank {
    LINK_STATED = 1, /* an attribute where RSS has text: somebody meant it */
    LINK_HTML,       /* RSS link; Atom alternate that is HTML or does not say */
    LINK_ALTERNATE,
    LINK_CDF,
    LINK_ORIGINAL, /* what a counting service has replaced */
    LINK_GUID,
    LINK_ABOUT,
    LINK_OTHER,
    LINK_NOT_WEB = 100 /* added for at:, mailto: and the like */
};

/* The rank of a field so far, here: in the entry, or in the feed. 0: nothing was said yet. */
unsigned *feed_rank(struct feed_reader *r, enum feed_field field);
/* May a value of this rank be stored? Then it is from now on the one to beat. */
bool feed_take(struct feed_reader *r, enum feed_field field, unsigned rank);

/* An address as meant in a document at base; what cannot be resolved stays as it is. */
struct slice feed_resolve(struct feed_reader *r, struct slice reference, struct slice base);
bool feed_is_web(struct slice url);
bool feed_has_scheme(struct slice s);
/* Is type one of these, case ignored? */
bool feed_is_type(struct slice type, const char *const *types, size_t n);

/* An address that may be the one of the entry, or of the feed. */
void feed_take_link(struct feed_reader *r, struct slice url, unsigned rank);
/* One more of its links. */
void feed_take_listed(struct feed_reader *r, struct feed_link link);
/* One more category of the entry; of the feed none are kept. */
void feed_take_category(struct feed_reader *r, struct slice name);

#endif
