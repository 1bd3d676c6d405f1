/*
 * markup.h - hostile text in HTML and XML: the one function that writes it there.
 *
 * Controls, bidi overrides and bytes that are no character become visible marks (text_add_visible),
 * the five characters that mean something are escaped. Fit for text and for quoted attributes of
 * HTML and XML 1.0 alike.
 */
#ifndef WW_BASE_MARKUP_H
#define WW_BASE_MARKUP_H

#include "base/slice.h"

#include <stdbool.h>

struct buf;

void markup_add_text(struct buf *out, struct slice s);

/* Is it a web address (http, https) that may stand in an href? */
bool markup_is_link(struct slice url);

#endif
