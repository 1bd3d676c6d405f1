/* diff_pairs.c - bags of words, weighed against each other in every gap. */
#include "base/diff_pairs.h"

#include "base/arena.h"
#include "base/diff_units.h"
#include "base/limits.h"

#include <stdlib.h>

/* Words of one sentence that count when two are weighed. */
#define WEIGHED_UNITS_MAX 512
/* Two sentences are one that was changed when they share half of their words, in thousandths ... */
#define LIKE_MIN 500
/* ... or one stands in the other, so many words long. */
#define WITHIN_MIN 750
#define WITHIN_UNITS_MIN 4
/* A line of so many words that alone took the place of another is the same line, whatever it says.
 */
#define LINE_UNITS_MAX 2

struct pairing {
    struct diff_side *before, *after;
    struct slice a, b;
    struct diff_work *work;
    struct arena scratch; /* life: a sentence */
    struct arena gap;     /* life: a gap */
};

/* The words of a sentence, sorted, each once. */
struct bag {
    uint64_t *hashes;
    size_t n_hashes;
};

static int compare_hashes(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

static enum ww_status make_bag(struct pairing *p, struct slice text, const struct diff_sentence *s,
                               struct bag *out, struct ww_error *err)
{
    struct diff_unit_list list;
    enum ww_status status;
    size_t n = 0;

    arena_reset(&p->scratch);
    status = diff_units_read(text, s->start, s->end, &p->scratch, &list, err);
    if (status != WW_OK)
        return status;
    if (list.n_units > WEIGHED_UNITS_MAX)
        list.n_units = WEIGHED_UNITS_MAX;
    *out = (struct bag){arena_array(&p->gap, list.n_units + 1, sizeof(*out->hashes)), 0};
    if (out->hashes == NULL)
        return arena_check(&p->gap, err);
    for (size_t i = 0; i < list.n_units; i++)
        out->hashes[i] = list.units[i].hash;
    qsort(out->hashes, list.n_units, sizeof(*out->hashes), compare_hashes);
    for (size_t i = 0; i < list.n_units; i++)
        if (i == 0 || out->hashes[i] != out->hashes[n - 1])
            out->hashes[n++] = out->hashes[i];
    out->n_hashes = n;
    return WW_OK;
}

/* How alike, in thousandths; 0: not enough to be one sentence. */
static uint32_t weigh(const struct bag *a, const struct bag *b)
{
    size_t n = 0, all = a->n_hashes + b->n_hashes;
    size_t less = a->n_hashes < b->n_hashes ? a->n_hashes : b->n_hashes;
    size_t like, within;

    for (size_t i = 0, k = 0; i < a->n_hashes && k < b->n_hashes;) {
        const uint64_t x = a->hashes[i], y = b->hashes[k];

        n += x == y;
        i += x <= y;
        k += y <= x;
    }
    if (n == 0)
        return 0;
    like = 2000 * n / all;
    within = less >= WITHIN_UNITS_MIN ? 1000 * n / less : 0;
    return like >= LIKE_MIN || within >= WITHIN_MIN ? (uint32_t)like : 0;
}

/* Sentences without a match: those of before from i on, those of after from k on. */
struct free_sentences {
    uint32_t *at;
    struct bag *bags;
    size_t n;
};

static enum ww_status gather(struct pairing *p, struct slice text, const struct diff_side *side,
                             size_t first, size_t end, struct free_sentences *out,
                             struct ww_error *err)
{
    enum ww_status status = WW_OK;

    *out = (struct free_sentences){.at = arena_array(&p->gap, end - first + 1, sizeof(*out->at))};
    if (out->at == NULL)
        return arena_check(&p->gap, err);
    for (size_t i = first; i < end; i++)
        if (side->sentences[i].match == DIFF_NONE)
            out->at[out->n++] = (uint32_t)i;
    if (out->n > TEXT_DIFF_GAP_MAX)
        return WW_OK;
    out->bags = arena_array(&p->gap, out->n + 1, sizeof(*out->bags));
    if (out->bags == NULL)
        return arena_check(&p->gap, err);
    for (size_t i = 0; status == WW_OK && i < out->n; i++)
        status = make_bag(p, text, &side->sentences[out->at[i]], &out->bags[i], err);
    return status;
}

/* The pairs in order that are most alike all together. */
static enum ww_status choose_pairs(struct pairing *p, const struct free_sentences *a,
                                   const struct free_sentences *b, struct ww_error *err)
{
    const size_t width = b->n + 1;
    uint32_t *best = arena_array(&p->gap, (a->n + 1) * width, sizeof(*best));
    uint32_t *like = arena_array(&p->gap, (a->n + 1) * width, sizeof(*like));

    if (best == NULL || like == NULL)
        return arena_check(&p->gap, err);
    for (size_t i = a->n; i-- > 0;)
        for (size_t k = b->n; k-- > 0;) {
            const size_t at = i * width + k;

            if (!diff_work_take(p->work, a->bags[i].n_hashes + b->bags[k].n_hashes))
                return WW_OK;
            like[at] = weigh(&a->bags[i], &b->bags[k]);
            best[at] = best[at + 1] > best[at + width] ? best[at + 1] : best[at + width];
            if (like[at] > 0 && best[at + width + 1] + like[at] > best[at])
                best[at] = best[at + width + 1] + like[at];
        }
    for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
        const size_t at = i * width + k;

        if (like[at] > 0 && best[at] == best[at + width + 1] + like[at]) {
            p->before->sentences[a->at[i]].match = b->at[k];
            p->after->sentences[b->at[k]].match = a->at[i];
            i++;
            k++;
        } else if (best[at] == best[at + 1]) {
            k++;
        } else {
            i++;
        }
    }
    return WW_OK;
}

static enum ww_status pair_gap(struct pairing *p, size_t i, size_t i_end, size_t k, size_t k_end,
                               struct ww_error *err)
{
    struct free_sentences a, b;
    enum ww_status status;

    if (i >= i_end || k >= k_end || p->work->left == 0)
        return WW_OK;
    arena_reset(&p->gap);
    status = gather(p, p->a, p->before, i, i_end, &a, err);
    if (status == WW_OK && a.n > 0)
        status = gather(p, p->b, p->after, k, k_end, &b, err);
    if (status != WW_OK || a.n == 0 || b.n == 0)
        return status;
    if (a.n > TEXT_DIFF_GAP_MAX || b.n > TEXT_DIFF_GAP_MAX) {
        p->work->is_coarse = true;
        return WW_OK;
    }
    if (a.n == 1 && b.n == 1 && a.bags[0].n_hashes <= LINE_UNITS_MAX &&
        b.bags[0].n_hashes <= LINE_UNITS_MAX) {
        p->before->sentences[a.at[0]].match = b.at[0];
        p->after->sentences[b.at[0]].match = a.at[0];
        return WW_OK;
    }
    return choose_pairs(p, &a, &b, err);
}

static enum ww_status pair_all(struct pairing *p, struct ww_error *err)
{
    size_t i = p->before->n_fixed, k = p->after->n_fixed;
    enum ww_status status = WW_OK;

    for (size_t at = i; at <= p->before->n_sentences && status == WW_OK; at++) {
        const struct diff_sentence *s = &p->before->sentences[at];
        const bool is_end = at == p->before->n_sentences;

        if (!is_end && (s->match == DIFF_NONE || s->is_moved))
            continue;
        status = pair_gap(p, i, at, k, is_end ? p->after->n_sentences : s->match, err);
        i = at + 1;
        k = is_end ? k : (size_t)s->match + 1;
    }
    return status;
}

enum ww_status diff_pairs_match(struct diff_side *before, struct slice a, struct diff_side *after,
                                struct slice b, struct diff_work *work, struct ww_error *err)
{
    struct pairing p = {.before = before, .after = after, .a = a, .b = b, .work = work};
    enum ww_status status;

    arena_init(&p.scratch, TEXT_DIFF_SCRATCH_MAX_BYTES);
    arena_init(&p.gap, TEXT_DIFF_SCRATCH_MAX_BYTES);
    status = pair_all(&p, err);
    arena_release(&p.scratch);
    arena_release(&p.gap);
    return status;
}
