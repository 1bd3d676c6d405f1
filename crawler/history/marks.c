/* marks.c - places of documents that are out, and the line before which all are done. */
#include "crawler/history/marks.h"

#include "base/buf.h"

#include <inttypes.h>

static size_t find(const struct marks *m, int64_t at)
{
    size_t i = 0;

    while (i < m->n_missing && m->missing[i] != at)
        i++;
    return i;
}

static void add(struct marks *m, int64_t at)
{
    if (m->n_missing < MARKS_MAX && find(m, at) == m->n_missing)
        m->missing[m->n_missing++] = at;
}

void marks_parse(struct marks *m, struct slice cursor)
{
    struct slice word;
    unsigned long long n = 0;

    *m = (struct marks){0};
    if (!slice_next(&cursor, ' ', &word) || !slice_number(word, INT64_MAX, &n))
        return;
    m->high = (int64_t)n;
    while (slice_next(&cursor, ' ', &word)) {
        if (!slice_number(word, INT64_MAX, &n) || m->n_missing == MARKS_MAX) {
            *m = (struct marks){0};
            return;
        }
        add(m, (int64_t)n);
    }
}

void marks_write(const struct marks *m, struct buf *out)
{
    buf_printf(out, "%" PRId64, m->high);
    for (size_t i = 0; i < m->n_missing; i++)
        buf_printf(out, " %" PRId64, m->missing[i]);
}

int64_t marks_begin(const struct marks *m)
{
    int64_t at = m->high;

    for (size_t i = 0; i < m->n_missing; i++)
        at = m->missing[i] < at ? m->missing[i] : at;
    return at;
}

bool marks_reach(struct marks *m, int64_t at)
{
    if (at < m->high)
        return find(m, at) < m->n_missing;
    m->high = at;
    return true;
}

void marks_take(struct marks *m, int64_t at)
{
    add(m, at);
    if (at >= m->high)
        m->high = at + 1;
}

void marks_settle(struct marks *m, int64_t at)
{
    const size_t i = find(m, at);

    if (i < m->n_missing)
        m->missing[i] = m->missing[--m->n_missing];
    if (at >= m->high)
        m->high = at + 1;
}
