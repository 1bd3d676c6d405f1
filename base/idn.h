/*
 * idn.h - host names as ASCII: the A-labels of IDNA 2008 with UTS 46's mapping, as browsers do.
 */
#ifndef WW_BASE_IDN_H
#define WW_BASE_IDN_H

#include "base/slice.h"

#include <stdbool.h>

struct arena;

/*
 * Lower case, international labels as "xn--", without the root's dot at the end. A host that IDNA
 * refuses comes back in lower ASCII case, otherwise as it was. {NULL, 0} when the arena is full.
 */
struct slice idn_to_ascii(struct slice host, struct arena *arena);

/* Letters, digits and hyphens in labels, at most 253 bytes (RFC 1123): what A-labels leave. */
bool idn_is_domain(struct slice s);

/*
 * The same host for a reader, from what idn_to_ascii gave: in Unicode when each label keeps to one
 * script (with the Japanese, Korean and Chinese combinations: "highly restrictive" of UTS 39), none
 * can be taken for a Latin one or holds what looks like a mark of an address, and none is written
 * from right to left beside one that is not. Otherwise as it is.
 */
struct slice idn_to_shown(struct slice host, struct arena *arena);

#endif
