/* story_roundup.c - where the parts of a text stand. */
#include "storage/story_roundup.h"

#include "base/arena.h"

#include <stdint.h>

/* A part that begins so early is the beginning; what lies between neighbours is a heading. */
#define HEADING_TOKENS_MAX 24
/* A text stands in one piece when so much of what is shared stands there. */
#define INSIDE_TENTHS 7
/* "Subscribe now for unlimited access on any device": a line, and no paragraph. */
#define CUT_TAIL_MAX 24
/* Two parts that are each a quarter of the text, and neither is most of it. */
#define LARGE_PARTS 4
#define MOST_TENTHS 8
/* Two that follow one another from their first words on, and neither is nearly all of it. */
#define PART_MIN 24
#define NEARLY_ALL_TENTHS 9
/* A part is no smaller than a quarter of the other. */
#define PARTS_RATIO 4

static bool has_shingle(const struct shingle_set *set, uint64_t hash)
{
    size_t low = 0, high = set->n_hashes;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (set->hashes[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->n_hashes && set->hashes[low] == hash;
}

static bool is_paragraph(const struct story_text *t, size_t token)
{
    return token >= t->tokens.n_tokens || (t->tokens.tokens[token].flags & TOKEN_PARAGRAPH) != 0;
}

/* How many shingles the part has behind the extent. */
static size_t tail_length(const struct story_text *part, const struct story_text *whole,
                          struct story_extent e)
{
    for (size_t i = part->n_shingles; i > 0; i--)
        if (part->shingles[i - 1] == whole->shingles[e.end - 1])
            return part->n_shingles - i;
    return part->n_shingles;
}

/* Whole paragraphs of the text, which begin as the part does? */
static bool is_taken_whole(const struct story_text *part, const struct story_text *whole,
                           struct story_extent e)
{
    return is_paragraph(whole, e.first) && is_paragraph(whole, e.end + SHINGLE_TOKENS - 1) &&
           part->shingles[0] == whole->shingles[e.first] && !e.is_cut;
}

/*
 * The stretch in which the part's shingles most outnumber the others: a phrase that is common to
 * both elsewhere does not widen it.
 */
struct story_extent story_extent_of(const struct story_text *part, const struct story_text *whole)
{
    struct story_extent best = {0};
    size_t first = 0, sum = 0, most = 0, n_shared = 0, n_inside = 0;

    for (size_t i = 0; i < whole->n_shingles; i++) {
        if (!has_shingle(&part->set, whole->shingles[i])) {
            sum -= sum > 0;
            continue;
        }
        n_shared++;
        if (sum == 0)
            first = i;
        if (++sum > most) {
            most = sum;
            best = (struct story_extent){.first = first, .end = i + 1};
        }
    }
    for (size_t i = best.first; i < best.end; i++)
        n_inside += has_shingle(&part->set, whole->shingles[i]);
    if (n_inside * 10 < n_shared * INSIDE_TENTHS)
        return (struct story_extent){0};
    if (best.end > 0) {
        size_t n_tail = tail_length(part, whole, best);

        best.is_cut = n_tail > 0 && n_tail <= CUT_TAIL_MAX;
        best.is_whole = is_taken_whole(part, whole, best);
    }
    return best;
}

static bool stand_apart(struct story_extent a, struct story_extent b)
{
    return a.first < a.end && b.first < b.end && (a.end <= b.first || b.end <= a.first);
}

static bool are_neighbours(struct story_extent a, struct story_extent b)
{
    /* Shingles end four before their last token. */
    size_t most = HEADING_TOKENS_MAX + SHINGLE_TOKENS - 1;

    return a.end <= b.first ? b.first - a.end <= most : a.first - b.end <= most;
}

static bool is_beginning(struct story_extent e)
{
    return e.first < HEADING_TOKENS_MAX;
}

/* Both begin as they do there, at a paragraph, and one follows the other. */
static bool follow_whole(struct story_extent a, struct story_extent b)
{
    return a.is_whole && b.is_whole && are_neighbours(a, b);
}

bool story_extents_merge(struct story_extent a, struct story_extent b,
                         const struct story_text *whole)
{
    size_t n_a = a.end - a.first, n_b = b.end - b.first, all = whole->n_shingles;
    size_t less = n_a < n_b ? n_a : n_b, more = n_a < n_b ? n_b : n_a;

    if (!stand_apart(a, b) || a.is_cut || b.is_cut)
        return false;
    if (follow_whole(a, b))
        return less >= PART_MIN && more * 10 <= all * NEARLY_ALL_TENTHS;
    if (more * 10 > all * MOST_TENTHS || less * PARTS_RATIO < more)
        return false;
    return less * LARGE_PARTS >= all || are_neighbours(a, b) ||
           (!is_beginning(a) && !is_beginning(b));
}

bool story_extents_part(struct story_extent a, struct story_extent b)
{
    return stand_apart(a, b) && a.is_whole && b.is_whole &&
           (are_neighbours(a, b) || (!is_beginning(a) && !is_beginning(b)));
}
