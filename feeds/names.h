/*
 * names.h - one spelling for every element name a feed may use.
 *
 * Namespaces are told by their address, compared without case, scheme and closing slash; known ones
 * get their usual prefix ("dc", "media"), those of RSS and no namespace none, Atom's "atom". A
 * prefix whose address is unknown, or that was never declared, stands for itself. Names are lower
 * case: "dc:date", "pubdate", "atom:entry".
 */
#ifndef WW_FEEDS_NAMES_H
#define WW_FEEDS_NAMES_H

#include "base/slice.h"

struct buf;

/* The prefix we use for a namespace address; NULL when it is unknown. "" is RSS. */
const char *name_prefix(struct slice uri);

/* Append prefix:local in lower case; an empty prefix takes its colon with it. */
void name_join(struct buf *out, struct slice prefix, struct slice local);

/* Append the one spelling of prefix:local in namespace uri (empty: none declared). */
void name_add(struct buf *out, struct slice prefix, struct slice local, struct slice uri);

#endif
