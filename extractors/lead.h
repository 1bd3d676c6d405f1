/*
 * lead.h - the standfirst, which stands between the headline and the container on many pages.
 */
#ifndef WW_EXTRACTORS_LEAD_H
#define WW_EXTRACTORS_LEAD_H

#include "extractors/blocks.h"

/*
 * The first block that belongs to the text: a lead before the container, or the container's own.
 * What stands between the two and is no prose is marked as outside. title: of the article, so that
 * a headline is known that is no <h1>; may be empty.
 */
size_t lead_find(struct blocks *b, const struct dom_node *container, struct slice title);

#endif
