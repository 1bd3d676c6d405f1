/* opml_text.h - names and texts as they stand in OPML; for opml.c and opml_write.c alone. */
#ifndef WW_FEEDS_OPML_TEXT_H
#define WW_FEEDS_OPML_TEXT_H

#include "base/slice.h"

#include <stdbool.h>

struct buf;

/* Text in XML: escaped, without what XML forbids, on one line. */
void opml_add_escaped(struct buf *out, struct slice text);

/* ASCII letters, digits, '_', '-' and '.', not beginning with one of the last three. */
bool opml_is_name(struct slice s);

#endif
