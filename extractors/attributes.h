/*
 * attributes.h - the attributes of a tag and the text between tags, as the HTML standard reads
 * them: character references and line ends.
 *
 * Ownership: what needs no change is borrowed from the page, the rest is in the arena.
 * Errors:    an arena that is full says so by arena_check; what did not fit is missing.
 */
#ifndef WW_EXTRACTORS_ATTRIBUTES_H
#define WW_EXTRACTORS_ATTRIBUTES_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct dom_attribute {
    struct slice name; /* lower case */
    struct slice value;
};

/*
 * One attribute from its name's first byte at `at`; returns where it ends, NULL when the page ends
 * before. Name and value as they stand there.
 */
const char *attribute_next(const char *at, const char *end, struct slice *name,
                           struct slice *value);

/*
 * All of a tag's, from behind its name up to its '>'; of two with one name the first. Returns how
 * many. room is for HTML_ATTRIBUTES_MAX of them, more are left out; what is in it does not matter.
 */
size_t attributes_read(struct slice text, struct dom_attribute *room, struct arena *arena,
                       const struct dom_attribute **out);

/*
 * What a text or an attribute's value means: references resolved, CR LF and CR to LF. Controls,
 * and what Unicode keeps for no character, become U+FFFD; so does what is no UTF-8 beside them.
 */
struct slice attributes_decode(struct slice text, bool in_attribute, struct arena *arena);

#endif
