/*
 * prune.h - what inside a page is no prose of the article: navigation, related links, share bars,
 * captions, invitations.
 *
 * Each function marks blocks as cut. A cut that would take most of the prose in its scope is not
 * made: a wrapper may carry any name.
 */
#ifndef WW_EXTRACTORS_PRUNE_H
#define WW_EXTRACTORS_PRUNE_H

#include "extractors/blocks.h"

/* Before the container is known: what no article holds. without: steps.h. */
void prune_page(struct blocks *b, const struct dom_node *body, uint32_t without);

/* Inside the container. */
void prune_container(struct blocks *b, const struct dom_node *container, uint32_t without);

#endif
