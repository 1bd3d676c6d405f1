/*
 * idn.h - host names as ASCII: the A-labels of IDNA 2008 with UTS 46's mapping, as browsers do.
 */
#ifndef WW_BASE_IDN_H
#define WW_BASE_IDN_H

#include "base/slice.h"

struct arena;

/*
 * Lower case, international labels as "xn--", without the root's dot at the end. A host that IDNA
 * refuses comes back in lower ASCII case, otherwise as it was. {NULL, 0} when the arena is full.
 */
struct slice idn_to_ascii(struct slice host, struct arena *arena);

#endif
