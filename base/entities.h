/*
 * entities.h - character references: numbers, and the 2,125 names of HTML.
 *
 * Two readings. In feeds: they use HTML's names without declaring them, and numbers for characters
 * that XML forbids; no DTD is ever read, so both are resolved here. In pages: as the HTML standard
 * has it (section 13.2.5.72). In both, references to U+0080-U+009F mean windows-1252.
 */
#ifndef WW_BASE_ENTITIES_H
#define WW_BASE_ENTITIES_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum entity_kind {
    ENTITY_NONE,       /* a bare ampersand, or a name nobody knows */
    ENTITY_PREDEFINED, /* amp, lt, gt, quot, apos: XML's own five */
    ENTITY_NUMBER,
    ENTITY_NAME, /* one of HTML's, with a semicolon */
    ENTITY_BARE  /* one of HTML's old names, without a semicolon */
};

struct entity {
    enum entity_kind kind;
    size_t bytes;     /* of the reference, from '&' on */
    uint32_t code[2]; /* the characters meant; 0: none (XML forbids it, or there is no second) */
};

/* The reference at the start of s, which begins with '&'. */
struct entity entity_read(struct slice s);

/* Append s with every reference resolved once; what is no reference stays as it is. */
void entity_resolve(struct buf *out, struct slice s);

/*
 * The reference at the start of s, by the standard: of "&notit;" the old name "&not" counts, and
 * numbers of no character are U+FFFD. In an attribute an old name counts only when neither a
 * letter, a digit nor '=' follows it: "?a=1&copy=2".
 */
struct entity entity_read_html(struct slice s, bool in_attribute);

/* What the byte values 0x80-0x9F mean in windows-1252; other codes as they are. */
uint32_t entity_repair_c1(uint32_t code);

/* May this character stand in XML 1.0? */
bool entity_is_xml(uint32_t code);

#endif
