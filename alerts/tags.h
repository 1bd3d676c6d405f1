/*
 * tags.h - the words an analyst gave an item, one after another.
 *
 * People put a blank, a comma, a semicolon or a bar between them.
 */
#ifndef WW_ALERTS_TAGS_H
#define WW_ALERTS_TAGS_H

#include "base/slice.h"

#include <stdbool.h>

/* The next one, borrowed; false behind the last. */
bool tags_next(struct slice *tags, struct slice *tag);

#endif
