/*
 * doctype.h - <!DOCTYPE ...>: where it ends, and the short texts that it declares.
 *
 * Only texts that stand in the document itself count, and none is looked for inside another one: a
 * text that grows with every name cannot be built. Files and addresses are never opened.
 * Limits: XML_ENTITIES_MAX texts of XML_ENTITY_MAX_BYTES, XML_EXPANSION_MAX_BYTES in one document.
 */
#ifndef WW_FEEDS_DOCTYPE_H
#define WW_FEEDS_DOCTYPE_H

#include "base/limits.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;

struct doctype {
    struct {
        struct slice name, value;
    } rows[XML_ENTITIES_MAX];
    size_t n_rows;
    size_t expanded_bytes;
};

/* Bytes of the document type at the start of s, with its '>'; 0 when it never ends. */
size_t doctype_bytes(struct slice s);

/* Keep what it declares, borrowed from s. */
void doctype_read(struct doctype *d, struct slice s);

/*
 * Append what the reference at the start of s ("&name;...") stands for, as text, not markup. Bytes
 * of the reference; 0 and nothing written when it was not declared or too much was expanded.
 */
size_t doctype_expand(struct doctype *d, struct slice s, struct buf *out);

#endif
