/*
 * markup.h - HTML in feeds: to plain text, from plain text, and seeing that it was escaped twice.
 *
 * For titles and names, where a real HTML parser would be far too much; summary and content are
 * cleaned by extractors/sanitize.
 */
#ifndef WW_FEEDS_MARKUP_H
#define WW_FEEDS_MARKUP_H

#include "base/slice.h"

struct arena;
struct buf;

/*
 * The text of a piece of HTML: tags out, references resolved, white space squeezed. Titles in RSS
 * are escaped once or twice and nothing says which: two passes make the same of both.
 */
struct slice markup_text(struct slice html, unsigned passes, struct arena *arena);

/* Append plain text as HTML. */
void markup_escape(struct buf *out, struct slice text);
struct slice markup_escaped(struct slice text, struct arena *arena);

/* HTML that was escaped once more than it should have been comes back as it was meant. */
struct slice markup_unescape_twice(struct slice html, struct arena *arena);

#endif
