/*
 * sanitize_write.h - safe HTML, element by element: for sanitize.c, which has a tree, and for
 * tidy.c, which needs none.
 */
#ifndef WW_EXTRACTORS_SANITIZE_WRITE_H
#define WW_EXTRACTORS_SANITIZE_WRITE_H

#include "base/slice.h"
#include "extractors/dom.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;

/* What becomes of an element; of one with none of the first three only what it holds stays. */
enum {
    SANITIZE_KEEP = 1 << 0, /* written again, with the attributes of the list */
    SANITIZE_VOID = 1 << 1, /* the same, without content and end tag */
    SANITIZE_DROP = 1 << 2, /* the element and all it holds goes */
    SANITIZE_BLOCK = 1 << 3 /* stands on lines of its own: a paragraph of the plain text */
};

unsigned sanitize_rule(enum dom_tag tag, bool is_foreign);

/* Text, or the value of an attribute. */
void sanitize_write_text(struct buf *out, struct slice s);

/*
 * A start tag with those attributes that are allowed, their names in lower case; addresses become
 * absolute, unless base is empty.
 */
void sanitize_write_start(struct buf *out, struct slice name,
                          const struct dom_attribute *attributes, size_t n_attributes,
                          struct slice base, struct arena *arena);
void sanitize_write_end(struct buf *out, struct slice name);

#endif
