/* nearest.c - the closest of some names. */
#include "base/nearest.h"

#include "base/ascii.h"

#define NAME_MAX_BYTES 40

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Three rows are enough: a swap of neighbours looks back two. */
static unsigned distance(struct slice a, struct slice b)
{
    unsigned rows[3][NAME_MAX_BYTES + 1];

    for (unsigned j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a.len; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *above = rows[(i + 2) % 3];
        const unsigned *second = rows[(i + 1) % 3];

        row[0] = i;
        for (unsigned j = 1; j <= b.len; j++) {
            unsigned differs = ascii_lower(a.ptr[i - 1]) != ascii_lower(b.ptr[j - 1]);

            row[j] = least(least(row[j - 1], above[j]) + 1, above[j - 1] + differs);
            if (i > 1 && j > 1 && ascii_lower(a.ptr[i - 1]) == ascii_lower(b.ptr[j - 2]) &&
                ascii_lower(a.ptr[i - 2]) == ascii_lower(b.ptr[j - 1]))
                row[j] = least(row[j], second[j - 2] + 1);
        }
    }
    return rows[a.len % 3][b.len];
}

void nearest_init(struct nearest *n, struct slice word)
{
    *n = (struct nearest){.word = word, .distance = (unsigned)word.len / 3 + 1};
}

void nearest_try(struct nearest *n, const char *name)
{
    struct slice s = slice_from(name);
    unsigned d;

    if (s.len > NAME_MAX_BYTES || n->word.len > NAME_MAX_BYTES)
        return;
    d = distance(n->word, s);
    if (d > n->distance || (d == n->distance && n->best != NULL))
        return;
    n->distance = d;
    n->best = name;
}
