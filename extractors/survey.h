/*
 * survey.h - a page's prose as sums over its blocks, so that a question about an element is two
 * look-ups, and what on it announces other articles.
 */
#ifndef WW_EXTRACTORS_SURVEY_H
#define WW_EXTRACTORS_SURVEY_H

#include "extractors/blocks.h"

struct arena;

struct survey {
    const struct blocks *b;
    size_t *mass;       /* of the blocks before each that are not cut */
    size_t *weight;     /* the same, but what stands in teasers counts a quarter */
    size_t *plain;      /* text outside links */
    uint32_t *n_h1;     /* of the blocks before each */
    uint32_t *n_whole;  /* <article> elements that are articles of their own and begin before */
    uint32_t *headline; /* the first at this block or behind it; b->n when there is none */
    uint32_t without;   /* steps.h */
};

/* Borrows b, as it is cut now. False when the arena is full. */
bool survey_page(struct survey *s, const struct blocks *b, uint32_t without, struct arena *arena);

size_t survey_weight(const struct survey *s, const struct dom_node *node);
size_t survey_plain(const struct survey *s, const struct dom_node *node);

/* A linked line over little prose, which announces another article. */
bool survey_is_teaser(const struct survey *s, const struct dom_node *node);

/* An article of its own, as against a teaser or a part of one. */
bool survey_is_whole(const struct survey *s, const struct dom_node *node);

#endif
