/*
 * short_key.h - a name that others give, as the key of a row.
 *
 * A key stands in the indexes of the database, where no engine takes any length. A name of more
 * than SHORT_KEY_MAX_BYTES is known by its beginning and its SHA-256: of two such names that differ
 * the keys differ, and of a key the key is itself.
 */
#ifndef WW_BASE_SHORT_KEY_H
#define WW_BASE_SHORT_KEY_H

#include "base/slice.h"

struct arena;

/* name itself, as it is short; {NULL, 0}: the arena is full. */
struct slice short_key(struct slice name, struct arena *arena);
/* The same of an address in canonical form: what comes out is one. */
struct slice short_key_of_address(struct slice address, struct arena *arena);

#endif
