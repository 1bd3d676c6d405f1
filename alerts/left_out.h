/*
 * left_out.h - lines of an article that are no part of what it says: links to other articles,
 * captions of pictures. Their sentences are marked and count for nothing.
 */
#ifndef WW_ALERTS_LEFT_OUT_H
#define WW_ALERTS_LEFT_OUT_H

#include "alerts/context.h"

/* Lines that close with the credit of a picture. */
void left_out_captions(struct context *c);

/* Lines that a word of the watchlist marks, of the roles boilerplate and caption. */
void left_out_marked(const struct context_source *source, struct context *c);

#endif
