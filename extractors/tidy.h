/*
 * tidy.h - HTML that is written as its tree would be: safe HTML without building the tree.
 *
 * Most of what feeds carry is a few paragraphs, links and pictures, every element closed where it
 * was opened. Of those the HTML standard's tree construction makes what one reads, so that one pass
 * writes what sanitize.c would write, some thirty times faster. Whatever could be read otherwise -
 * a tag left open, a block inside a paragraph, a table, a form, an unknown element, a reference
 * without its semicolon - is not tidy, and is left to the tree.
 */
#ifndef WW_EXTRACTORS_TIDY_H
#define WW_EXTRACTORS_TIDY_H

#include "base/slice.h"

#include <stdbool.h>

struct arena;
struct buf;

/*
 * Appended to out, addresses absolute against base. False: it is not tidy, and out holds nothing of
 * use. html is UTF-8 without NUL; the arena is for decoded addresses.
 */
bool tidy_html(struct slice html, struct slice base, struct arena *arena, struct buf *out);

#endif
