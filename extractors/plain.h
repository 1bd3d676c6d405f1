/*
 * plain.h - a plain text is an article too: all of it is text, a line at its head is the title, a
 * date near its top the date.
 *
 * For pages that are sent as text/plain, for files of a backfill, and for what is called HTML and
 * has not one tag.
 */
#ifndef WW_EXTRACTORS_PLAIN_H
#define WW_EXTRACTORS_PLAIN_H

#include "base/slice.h"

#include <stdbool.h>

struct arena;
struct article;
struct article_hints;

/* Is this text, sent with this Content-Type, no HTML? */
bool plain_is(struct slice text, struct slice content_type);

/*
 * Title, text, date and language; what the feed says of title, author and date comes first. text is
 * UTF-8. The arena tells whether memory was short.
 */
void plain_read(struct slice text, const struct article_hints *hints, struct arena *arena,
                struct article *out);

#endif
