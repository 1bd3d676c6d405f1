/* diff_match.c - Heckel's anchors, Myers between them, and what was moved. */
#include "base/diff_match.h"

#include "base/arena.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

bool diff_work_take(struct diff_work *work, size_t n)
{
    if (work->left < n) {
        work->left = 0;
        work->is_coarse = true;
        return false;
    }
    work->left -= n;
    return true;
}

/* ---- Myers ----------------------------------------------------------------------------------- */

/*
 * reach[d][i] is how far d edits come on diagonal x - y = 2i - d, and one more; 0: nowhere. An edit
 * goes right (a member of a alone) or down (of b alone).
 */
struct myers {
    const uint64_t *a, *b;
    size_t n, m;
    uint32_t *reach[TEXT_DIFF_EDITS_MAX + 1];
};

/* Where diagonal i of d edits begins, as in reach. */
static uint32_t step(const struct myers *s, size_t d, size_t i, bool *is_down)
{
    uint32_t right, down;

    *is_down = false;
    if (d == 0)
        return 1;
    right = i > 0 ? s->reach[d - 1][i - 1] : 0;
    down = i < d ? s->reach[d - 1][i] : 0;
    right = right > 0 && right <= s->n ? right + 1 : 0;
    if (down > 0 && down - 1 + d - 2 * i > s->m) /* y of it */
        down = 0;
    *is_down = down > 0 && down >= right;
    return *is_down ? down : right;
}

/* The number of edits; false when they are too many. */
static bool search(struct myers *s, struct diff_work *work, struct arena *scratch, size_t *out)
{
    for (size_t d = 0; d <= TEXT_DIFF_EDITS_MAX; d++) {
        s->reach[d] = arena_array(scratch, d + 1, sizeof(*s->reach[d]));
        if (s->reach[d] == NULL || !diff_work_take(work, d + 1))
            return false;
        for (size_t i = 0; i <= d; i++) {
            bool is_down;
            uint32_t begun = step(s, d, i, &is_down);
            size_t x = begun - 1, y = x + d - 2 * i;

            if (begun == 0)
                continue;
            while (x < s->n && y < s->m && s->a[x] == s->b[y]) {
                x++;
                y++;
            }
            s->reach[d][i] = (uint32_t)x + 1; /* n < 2^32 */
            *out = d;
            if (x == s->n && y == s->m)
                return true;
            if (!diff_work_take(work, x + 1 - begun))
                return false;
        }
    }
    work->is_coarse = true;
    return false;
}

/* From the end back to the beginning. */
static void walk_back(const struct myers *s, size_t d, uint32_t first, uint32_t *match)
{
    size_t x = s->n, y = s->m;

    for (;; d--) {
        bool is_down;
        size_t from = step(s, d, (x + d - y) / 2, &is_down) - 1;

        while (x > from) {
            x--;
            y--;
            match[x] = first + (uint32_t)y;
        }
        if (d == 0)
            return;
        if (is_down)
            y--;
        else
            x--;
    }
}

enum ww_status diff_match(const uint64_t *a, size_t n, const uint64_t *b, size_t m,
                          struct diff_work *work, struct arena *scratch, uint32_t *match,
                          struct ww_error *err)
{
    size_t first = 0, d = 0;
    struct myers *s = arena_alloc(scratch, sizeof(*s));

    if (s == NULL)
        return arena_check(scratch, err);
    for (size_t i = 0; i < n; i++)
        match[i] = DIFF_NONE;
    while (first < n && first < m && a[first] == b[first]) {
        match[first] = (uint32_t)first;
        first++;
    }
    while (n > first && m > first && a[n - 1] == b[m - 1]) {
        n--;
        m--;
        match[n] = (uint32_t)m;
    }
    if (n == first || m == first)
        return WW_OK;
    *s = (struct myers){.a = a + first, .b = b + first, .n = n - first, .m = m - first};
    if (search(s, work, scratch, &d))
        walk_back(s, d, (uint32_t)first, match + first);
    return arena_check(scratch, err);
}

/* ---- anchors --------------------------------------------------------------------------------- */

/* A sentence of either side, to be sorted by hash. */
struct entry {
    uint64_t hash;
    uint32_t at;
    bool is_b;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    if (x->is_b != y->is_b)
        return x->is_b ? 1 : -1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Those that have no match yet, sorted. */
static struct entry *sort_entries(const struct diff_side *a, const struct diff_side *b,
                                  struct arena *scratch, size_t *n)
{
    struct entry *entries = arena_array(scratch, a->n_sentences + b->n_sentences, sizeof(*entries));

    *n = 0;
    for (size_t i = a->n_fixed; entries != NULL && i < a->n_sentences; i++)
        if (a->sentences[i].match == DIFF_NONE)
            entries[(*n)++] = (struct entry){a->sentences[i].hash, (uint32_t)i, false};
    for (size_t i = b->n_fixed; entries != NULL && i < b->n_sentences; i++)
        if (b->sentences[i].match == DIFF_NONE)
            entries[(*n)++] = (struct entry){b->sentences[i].hash, (uint32_t)i, true};
    if (entries != NULL)
        qsort(entries, *n, sizeof(*entries), compare_entries);
    return entries;
}

static void match_pair(struct diff_side *a, struct diff_side *b, size_t i, size_t k, bool is_moved)
{
    a->sentences[i].match = (uint32_t)k;
    b->sentences[k].match = (uint32_t)i;
    a->sentences[i].is_moved = b->sentences[k].is_moved = is_moved;
}

/* Match what has one hash, in order: only where each text has it once, or as many as there are. */
static void match_equal(struct diff_side *a, struct diff_side *b, const struct entry *entries,
                        size_t n, bool only_unique)
{
    for (size_t first = 0, end; first < n; first = end) {
        size_t middle = first;

        while (middle < n && entries[middle].hash == entries[first].hash && !entries[middle].is_b)
            middle++;
        end = middle;
        while (end < n && entries[end].hash == entries[first].hash)
            end++;
        if (only_unique && (middle - first != 1 || end - middle != 1))
            continue;
        for (size_t i = first, k = middle; i < middle && k < end; i++, k++)
            match_pair(a, b, entries[i].at, entries[k].at, true);
    }
}

/*
 * Of the matches the longest sequence that rises on both sides is in order (patience sorting: the
 * lowest last member of a sequence of each length).
 */
static bool mark_order(struct diff_side *a, struct diff_side *b, struct arena *scratch)
{
    uint32_t *lowest = arena_array(scratch, a->n_sentences + 1, sizeof(*lowest));
    uint32_t *before = arena_array(scratch, a->n_sentences + 1, sizeof(*before));
    size_t longest = 0;

    if (lowest == NULL || before == NULL)
        return false;
    for (size_t i = a->n_fixed; i < a->n_sentences; i++) {
        size_t low = 0, high = longest;

        if (a->sentences[i].match == DIFF_NONE)
            continue;
        while (low < high) {
            size_t middle = low + (high - low) / 2;

            if (a->sentences[lowest[middle]].match < a->sentences[i].match)
                low = middle + 1;
            else
                high = middle;
        }
        before[i] = low > 0 ? lowest[low - 1] : DIFF_NONE;
        lowest[low] = (uint32_t)i;
        if (low == longest)
            longest++;
    }
    for (uint32_t i = longest > 0 ? lowest[longest - 1] : DIFF_NONE; i != DIFF_NONE;
         i = before[i]) {
        a->sentences[i].is_moved = false;
        b->sentences[a->sentences[i].match].is_moved = false;
    }
    return true;
}

/* The sentences between two anchors. */
static enum ww_status match_gap(struct diff_side *a, struct diff_side *b, size_t i, size_t i_end,
                                size_t k, size_t k_end, struct diff_work *work,
                                struct arena *scratch, struct ww_error *err)
{
    const size_t n = i_end - i, m = k_end - k;
    uint64_t *hashes;
    uint32_t *match;
    enum ww_status status;

    if (n == 0 || m == 0)
        return WW_OK;
    hashes = arena_array(scratch, n + m, sizeof(*hashes));
    match = arena_array(scratch, n, sizeof(*match));
    if (hashes == NULL || match == NULL)
        return arena_check(scratch, err);
    for (size_t x = 0; x < n; x++)
        hashes[x] = a->sentences[i + x].hash;
    for (size_t y = 0; y < m; y++)
        hashes[n + y] = b->sentences[k + y].hash;
    status = diff_match(hashes, n, hashes + n, m, work, scratch, match, err);
    /* A sentence that was moved stands once in each text: it cannot match here. */
    for (size_t x = 0; status == WW_OK && x < n; x++)
        if (match[x] != DIFF_NONE)
            match_pair(a, b, i + x, k + match[x], false);
    return status;
}

enum ww_status diff_match_sentences(struct diff_side *a, struct diff_side *b,
                                    struct diff_work *work, struct arena *scratch,
                                    struct ww_error *err)
{
    size_t n, i = a->n_fixed, k = b->n_fixed;
    enum ww_status status = WW_OK;
    struct entry *entries = sort_entries(a, b, scratch, &n);

    if (entries == NULL)
        return arena_check(scratch, err);
    match_equal(a, b, entries, n, true);
    if (!mark_order(a, b, scratch))
        return arena_check(scratch, err);
    for (size_t at = i; at <= a->n_sentences && status == WW_OK; at++) {
        const bool is_end = at == a->n_sentences;

        if (!is_end && (a->sentences[at].match == DIFF_NONE || a->sentences[at].is_moved))
            continue;
        arena_reset(scratch);
        status = match_gap(a, b, i, at, k, is_end ? b->n_sentences : a->sentences[at].match, work,
                           scratch, err);
        i = at + 1;
        k = is_end ? k : (size_t)a->sentences[at].match + 1;
    }
    if (status != WW_OK)
        return status;
    arena_reset(scratch);
    entries = sort_entries(a, b, scratch, &n);
    if (entries != NULL)
        match_equal(a, b, entries, n, false);
    return arena_check(scratch, err);
}
