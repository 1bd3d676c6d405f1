/* likeness.c - pairs of characters, counted. */
#include "base/likeness.h"

#include "base/text.h"

#include <stdlib.h>

static int compare_pairs(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static uint32_t next_plain(struct slice text, size_t *at)
{
    uint32_t code = text_next_code(text, at);

    return code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
}

void likeness_init(struct likeness *l, struct slice text)
{
    size_t at = 0;
    uint32_t last = text.len > 0 ? next_plain(text, &at) : 0;

    l->n_pairs = 0;
    while (at < text.len && l->n_pairs < LIKENESS_PAIRS_MAX) {
        uint32_t code = next_plain(text, &at);

        l->pairs[l->n_pairs++] = (uint64_t)last << 32 | code;
        last = code;
    }
    qsort(l->pairs, l->n_pairs, sizeof(l->pairs[0]), compare_pairs);
}

double likeness_of(const struct likeness *a, const struct likeness *b)
{
    size_t i = 0, k = 0, n_shared = 0;

    while (i < a->n_pairs && k < b->n_pairs) {
        if (a->pairs[i] == b->pairs[k]) {
            n_shared++;
            i++;
            k++;
        } else if (a->pairs[i] < b->pairs[k]) {
            i++;
        } else {
            k++;
        }
    }
    return n_shared == 0 ? 0 : 2 * (double)n_shared / (double)(a->n_pairs + b->n_pairs);
}

double likeness_shared(struct slice text, struct slice other)
{
    struct slice line;
    size_t n = 0, n_shared = 0;

    while (n < LIKENESS_LINES_MAX && slice_next_line(&text, &line)) {
        if (line.len < LIKENESS_LINE_MIN_BYTES)
            continue;
        n++;
        n_shared += slice_contains(other, text_cut(line, LIKENESS_LINE_BYTES));
    }
    return n == 0 ? 0 : (double)n_shared / (double)n;
}
