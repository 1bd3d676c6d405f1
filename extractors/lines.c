/* lines.c - one pass over the blocks that are left, and one back from their end. */
#include "extractors/lines.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/hash.h"
#include "extractors/cues.h"

/* Shorter lines may come twice. */
#define REPEAT_MIN_BYTES 40
/* A line at the head that is no longer may be a byline or a dateline of its own. */
#define BYLINE_MAX_BYTES 120
/* A longer paragraph in the middle, without a link, may tell of what notes are about. */
#define NOTE_PROSE_BYTES 160
/* What is in the middle, by the prose before it. */
#define HEAD_PERCENT 5
#define TAIL_PERCENT 70
/* Lines below the last prose: so many, or so much of the text, are a part of it. */
#define BELOW_LINES_MAX 12
#define BELOW_MAX_BYTES 160

struct pass {
    struct blocks *b;
    size_t first, end; /* of the container */
    size_t total;      /* mass */
    size_t before;     /* mass of the blocks already passed */
    const struct cues *cues;
    uint64_t *seen; /* open addressing; 0 is free */
    size_t n_slots; /* a power of two */
};

static void cut(struct pass *p, size_t i, enum block_cut why)
{
    p->b->list[i].cut = why;
    p->b->list[i].cut_by = NULL;
}

static bool is_repeated(struct pass *p, struct slice text)
{
    uint64_t hash = hash64(text) | 1;
    size_t at = (size_t)hash & (p->n_slots - 1);

    if (text.len < REPEAT_MIN_BYTES)
        return false;
    while (p->seen[at] != 0) {
        if (p->seen[at] == hash)
            return true;
        at = (at + 1) & (p->n_slots - 1);
    }
    p->seen[at] = hash;
    return false;
}

/* Share of the prose that stands before the block at hand, in percent. */
static size_t position(const struct pass *p)
{
    return p->total == 0 ? 0 : p->before * 100 / p->total;
}

static bool is_mostly_link(const struct block *b)
{
    return b->link_bytes * 2 >= b->text.len;
}

/* Behind "Related": the lines that list, up to the next prose. */
static void cut_list(struct pass *p, size_t i)
{
    for (; i < p->end; i++) {
        const struct block *b = &p->b->list[i];

        if (b->cut != CUT_NOT)
            continue;
        if (b->mass > 0 || (b->kind == BLOCK_HEADING && !is_mostly_link(b)) ||
            (b->ends_sentence && !is_mostly_link(b)))
            return;
        cut(p, i, CUT_TAIL);
    }
}

static void cut_rest(struct pass *p, size_t i)
{
    for (; i < p->end; i++)
        if (p->b->list[i].cut == CUT_NOT)
            cut(p, i, CUT_TAIL);
}

static size_t mass_from(const struct pass *p, size_t i)
{
    size_t mass = 0;

    for (; i < p->end; i++)
        if (p->b->list[i].cut == CUT_NOT)
            mass += p->b->list[i].mass;
    return mass;
}

static void apply_cue(struct pass *p, size_t i, enum cue cue)
{
    const struct block *b = &p->b->list[i];

    switch (cue) {
    case CUE_NONE:
        return;
    case CUE_LABEL:
    case CUE_CREDIT:
        cut(p, i, CUT_LINE);
        return;
    case CUE_NOTE:
        if (b->mass > NOTE_PROSE_BYTES && b->link_bytes == 0 && position(p) >= HEAD_PERCENT &&
            position(p) < TAIL_PERCENT)
            return;
        cut(p, i, CUT_LINE);
        return;
    case CUE_RELATED:
        if (b->mass > 0 && !is_mostly_link(b) && b->ends_sentence)
            return;
        cut(p, i, CUT_LINE);
        cut_list(p, i + 1);
        return;
    case CUE_AUTHOR:
        if (position(p) < 60)
            return;
        if (mass_from(p, i) * 100 <= p->total * 20)
            cut_rest(p, i);
        return;
    case CUE_INVITE:
        if (position(p) >= TAIL_PERCENT || b->link_bytes * 5 >= b->text.len)
            cut(p, i, CUT_LINE);
        return;
    }
}

static bool has_date(struct slice text)
{
    struct date date;
    struct slice found;

    return date_find(text, DATE_ORDER_UNKNOWN, &date, &found);
}

/* Half a date, or one behind "Last updated". */
static bool is_dateline(struct slice text)
{
    struct date date;
    struct slice found;

    return date_find(text, DATE_ORDER_UNKNOWN, &date, &found) &&
           (found.len * 2 >= text.len || cues_begin_byline(text));
}

static bool is_byline(const struct block *b)
{
    if (b->text.len > BYLINE_MAX_BYTES || (b->kind == BLOCK_HEADING && !has_date(b->text)))
        return false;
    if (has_date(b->text) && !(b->ends_sentence && b->text.len > 80))
        return true;
    if (b->ends_sentence)
        return false;
    return cues_begin_byline(b->text) || slice_contains_nocase(b->text, SLICE("min read")) ||
           slice_contains_nocase(b->text, SLICE("minute read"));
}

static bool is_title(const struct block *b, struct slice title, size_t position)
{
    if (b->kind == BLOCK_HEADING && b->node->tag == DOM_H1 && position == 0)
        return true;
    return title.len > 0 && slice_equal_nocase(b->text, title) && position < 30;
}

static void forward(struct pass *p, struct slice title)
{
    for (size_t i = p->first; i < p->end; i++) {
        const struct block *b = &p->b->list[i];

        if (b->cut != CUT_NOT)
            continue;
        if (is_title(b, title, position(p)))
            cut(p, i, CUT_TITLE);
        else if (is_repeated(p, b->text))
            cut(p, i, CUT_REPEATED);
        else if (position(p) == 0 && is_byline(b))
            cut(p, i, CUT_LINE);
        else
            apply_cue(p, i, cues_match(p->cues, b->text));
        if (b->cut == CUT_NOT)
            p->before += b->mass;
    }
}

static bool is_loose(const struct block *b)
{
    return b->kind == BLOCK_PARAGRAPH || b->kind == BLOCK_TEXT;
}

static bool is_colon(struct slice text)
{
    return slice_ends(text, SLICE(":")) || slice_ends(text, SLICE("\uff1a"));
}

/*
 * Below the last prose: what belonged to something cut (a heading, "Our services:") and what leads
 * elsewhere or tells a date. Stops where lists and tables end the text.
 */
static void backward(struct pass *p)
{
    bool is_last = true; /* nothing is left below */
    size_t n = 0;

    for (size_t i = p->end; i > p->first && n < BELOW_LINES_MAX; i--) {
        const struct block *b = &p->b->list[i - 1];

        if (b->cut != CUT_NOT)
            continue;
        if (b->mass > 0 || !(is_loose(b) || b->kind == BLOCK_HEADING))
            return;
        n++;
        if (is_last && (b->kind == BLOCK_HEADING || is_colon(b->text)))
            cut(p, i - 1, CUT_TAIL);
        else if (is_loose(b) && p->before > 0 && b->text.len <= BELOW_MAX_BYTES &&
                 (b->link_bytes > 0 || is_dateline(b->text)))
            cut(p, i - 1, CUT_TAIL);
        else
            is_last = false;
    }
}

void lines_cut(struct blocks *b, const struct dom_node *container, struct slice title,
               struct arena *arena)
{
    struct pass p = {.b = b,
                     .first = b->first[container->order],
                     .end = b->end[container->order],
                     .total = blocks_mass(b, container),
                     .cues = cues_open(arena),
                     .n_slots = 16};

    while (p.n_slots < 2 * (p.end - p.first))
        p.n_slots *= 2;
    p.seen = arena_array(arena, p.n_slots, sizeof(*p.seen));
    if (p.seen == NULL || p.cues == NULL)
        return;
    forward(&p, title);
    backward(&p);
}
