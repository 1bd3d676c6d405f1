/*
 * digest_lines.h - plain text in lines of 72 columns by display width; for digest_text*.c alone.
 *
 * Words end at spaces; a character of a script without spaces is a word of its own. An address
 * stands on a line of its own and is never broken; no line has more than DIGEST_LINE_MAX_BYTES.
 * Whatever is written passes text_add_visible.
 */
#ifndef WW_ALERTS_MAIL_DIGEST_LINES_H
#define WW_ALERTS_MAIL_DIGEST_LINES_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct digest_quote;

#define LINE_RULE "------------------------------------------------------------------------\n"

struct line {
    struct buf *out;
    size_t indent; /* of the lines that follow */
    size_t used;   /* columns */
    bool is_empty;
};

struct line line_begin(struct buf *out, size_t indent);
/* The first line begins with these characters; those that follow, below what comes then. */
struct line line_begin_with(struct buf *out, const char *bullet);
/* Behind a space, or with nothing between; at most DIGEST_NAME_BYTES of it. */
void line_add(struct line *l, struct slice words);
void line_join(struct line *l, struct slice words);
/* "| words"; on a line of their own, without the bar, where they do not fit on this one. */
void line_add_apart(struct line *l, struct slice words);
/* "[words]", so that no line ends with its bracket. */
void line_add_label(struct line *l, struct slice words);
/* The same of something long: at most max bytes, then "...". */
void line_add_some(struct line *l, struct slice words, size_t max);
void line_end(struct line *l);

/* A line of its own; "address of N bytes: HINT" instead of one that no line can hold. */
void line_put_address(struct buf *out, size_t indent, struct slice url, int64_t alert_id);
/* What was found stands between >> and <<, whatever the language does with quotation marks. */
void line_put_quote(struct buf *out, size_t indent, struct digest_quote q);

#endif
