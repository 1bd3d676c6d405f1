/*
 * lines.h - lines inside an article's container that are not of the article: its own title, date
 * and byline, "Read more" and what it lists, invitations, credits, what stood there before.
 */
#ifndef WW_EXTRACTORS_LINES_H
#define WW_EXTRACTORS_LINES_H

#include "extractors/blocks.h"

struct arena;

/* title may be empty. */
void lines_cut(struct blocks *b, const struct dom_node *container, struct slice title,
               struct arena *arena);

#endif
