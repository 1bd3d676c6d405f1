/*
 * container.h - which element of a page holds the article.
 *
 * Two opinions: names and tags that say so, in order of trust, and where the prose is
 * (Readability's propagation of paragraph scores to ancestors). A name is believed as long as prose
 * bears it out. What was found is made whole where an article is laid out in pieces, and ends where
 * another one begins (survey.h).
 */
#ifndef WW_EXTRACTORS_CONTAINER_H
#define WW_EXTRACTORS_CONTAINER_H

#include "extractors/blocks.h"

struct arena;

/* Never NULL: the body when nothing better is found. without: steps.h. */
struct dom_node *container_find(const struct blocks *b, struct dom_node *body, uint32_t without,
                                struct arena *arena);

#endif
