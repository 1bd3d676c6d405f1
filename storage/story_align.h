/*
 * story_align.h - which stretches of tokens two texts have in common.
 *
 * Greedy, from the first token of the earlier text on: a stretch of three equal tokens begins a
 * block where the later text goes on from the last one; a paragraph that moved is found anywhere,
 * but must be longer, because three words meet by chance.
 *
 * Limits: of a run of tokens that comes often few places are tried, and each is looked at for so
 * many tokens, whatever the texts: at most STORY_ALIGN_STEPS_A_TOKEN comparisons a token.
 */
#ifndef WW_STORAGE_STORY_ALIGN_H
#define WW_STORAGE_STORY_ALIGN_H

#include "base/token.h"

#include <stdbool.h>
#include <stddef.h>

#define STORY_ALIGN_STEPS_A_TOKEN 1700

struct arena;

struct story_block {
    size_t a, b, len; /* tokens a and on are tokens b and on */
};

struct story_alignment {
    struct story_block *blocks; /* rising in a, and none overlaps in a */
    size_t n_blocks;
    bool *in_a, *in_b; /* per token: is it in a block? */
    size_t n_steps;    /* tokens compared */
};

/* false when the arena is full. */
bool story_align(const struct token_list *a, const struct token_list *b, struct arena *arena,
                 struct story_alignment *out);

#endif
