/* story_align.c - three-token runs of one text in a table, the other read along it. */
#include "storage/story_align.h"

#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#define BLOCK_TOKENS_MIN 3
/* A block out of order must be this long: moved paragraphs are, chance is not. */
#define JUMP_TOKENS_MIN 8
/* What may lie between two blocks in order. */
#define GAP_TOKENS_MAX 40
/* Positions of a common three-token run that are tried, and how far each is looked at. */
#define CHAIN_MAX 16
#define LOOK_TOKENS_MAX 24
/* So many tokens may be replaced where the same words stand elsewhere, too. */
#define REPLACED_TOKENS_MAX 3
#define NEAR_TOKENS_MAX 2
#define NOWHERE UINT32_MAX

/* Where each three-token run of b stands, in rising order. */
struct places {
    const struct token_list *list;
    size_t table_size;
    uint32_t *heads, *next;
};

static uint64_t hash_of_run(const struct token *three)
{
    uint64_t sum = three[0].hash * UINT64_C(0x9E3779B97F4A7C15) +
                   three[1].hash * UINT64_C(0xC2B2AE3D27D4EB4F) +
                   three[2].hash * UINT64_C(0x165667B19E3779F9);

    return sum ^ sum >> 32;
}

static bool make_places(const struct token_list *list, struct arena *arena, struct places *out)
{
    size_t n = list->n_tokens < BLOCK_TOKENS_MIN ? 0 : list->n_tokens - BLOCK_TOKENS_MIN + 1;

    *out = (struct places){.list = list, .table_size = 64};
    while (out->table_size < 2 * n)
        out->table_size *= 2;
    out->heads = arena_array(arena, out->table_size, sizeof(*out->heads));
    out->next = arena_array(arena, n, sizeof(*out->next));
    if (out->heads == NULL || out->next == NULL)
        return false;
    memset(out->heads, 0xFF, out->table_size * sizeof(*out->heads));
    for (size_t i = n; i > 0; i--) {
        size_t slot = hash_of_run(&list->tokens[i - 1]) & (out->table_size - 1);

        out->next[i - 1] = out->heads[slot];
        out->heads[slot] = (uint32_t)(i - 1); /* a text has fewer tokens than 4 Gi */
    }
    return true;
}

/* How many tokens from a and from b on are equal, `most` at most. */
static size_t same_length(const struct token_list *x, size_t a, const struct token_list *y,
                          size_t b, size_t most, size_t *n_steps)
{
    size_t len = 0;

    while (len < most && a + len < x->n_tokens && b + len < y->n_tokens &&
           x->tokens[a + len].hash == y->tokens[b + len].hash)
        len++;
    *n_steps += len + 1;
    return len;
}

/* The block that begins at a: the next place in b that goes on, else the longest elsewhere. */
static struct story_block best_block(const struct token_list *list, size_t a,
                                     const struct places *p, size_t b_end, size_t *n_steps)
{
    size_t slot = hash_of_run(&list->tokens[a]) & (p->table_size - 1);
    struct story_block best = {a, 0, 0};
    size_t n_tried = 0;

    for (uint32_t b = p->heads[slot]; b != NOWHERE && n_tried < CHAIN_MAX; b = p->next[b]) {
        size_t len = same_length(list, a, p->list, b, LOOK_TOKENS_MAX, n_steps);
        bool goes_on = b >= b_end && b - b_end <= GAP_TOKENS_MAX;

        n_tried++;
        if (len < (goes_on ? BLOCK_TOKENS_MIN : JUMP_TOKENS_MIN) || (!goes_on && len <= best.len))
            continue;
        best = (struct story_block){a, b, len};
        if (goes_on)
            break;
    }
    if (best.len == LOOK_TOKENS_MAX)
        best.len = same_length(list, a, p->list, best.b, SIZE_MAX, n_steps);
    return best;
}

/* Does the block go on from where the last one ended, `skipped` tokens of a later? */
static bool is_near(struct story_block block, size_t b_end, size_t skipped)
{
    return block.len > 0 && block.b >= b_end && block.b - b_end <= skipped + NEAR_TOKENS_MAX;
}

/*
 * Of a text that says things twice, the words behind a replaced one may stand elsewhere as well:
 * look a little ahead before going there. An empty block: none begins at a.
 */
static struct story_block next_block(const struct token_list *list, size_t a, size_t a_end,
                                     const struct places *p, size_t b_end, size_t *n_steps)
{
    struct story_block block = best_block(list, a, p, b_end, n_steps);

    if (block.len == 0 || is_near(block, b_end, a - a_end))
        return block;
    for (size_t k = 1; k <= REPLACED_TOKENS_MAX; k++) {
        struct story_block ahead = {0};

        if (a + k + BLOCK_TOKENS_MIN <= list->n_tokens)
            ahead = best_block(list, a + k, p, b_end, n_steps);
        if (is_near(ahead, b_end, a + k - a_end))
            return ahead;
    }
    return block;
}

static bool add_block(struct story_alignment *out, struct story_block block, struct arena *arena,
                      size_t *capacity)
{
    struct story_block *blocks =
        arena_grow(arena, out->blocks, out->n_blocks, capacity, sizeof(*blocks));

    if (blocks == NULL)
        return false;
    out->blocks = blocks;
    blocks[out->n_blocks++] = block;
    memset(out->in_a + block.a, true, block.len);
    memset(out->in_b + block.b, true, block.len);
    return true;
}

bool story_align(const struct token_list *a, const struct token_list *b, struct arena *arena,
                 struct story_alignment *out)
{
    struct places places;
    size_t capacity = 0, i = 0, a_end = 0, b_end = 0;

    *out = (struct story_alignment){0};
    out->in_a = arena_array(arena, a->n_tokens, sizeof(*out->in_a));
    out->in_b = arena_array(arena, b->n_tokens, sizeof(*out->in_b));
    if (out->in_a == NULL || out->in_b == NULL || !make_places(b, arena, &places))
        return false;
    while (i + BLOCK_TOKENS_MIN <= a->n_tokens) {
        struct story_block block = next_block(a, i, a_end, &places, b_end, &out->n_steps);

        if (block.len == 0) {
            i++;
            continue;
        }
        if (!add_block(out, block, arena, &capacity))
            return false;
        i = a_end = block.a + block.len;
        b_end = block.b + block.len;
    }
    return true;
}
