/* diff_words.c - what was kept of a sentence, what came and what went. */
#include "base/diff_words.h"

#include "base/arena.h"
#include "base/hash.h"

/* A headline of so many words behind the first, most of them with a capital. */
#define TITLE_WORDS_MIN 4
#define TITLE_PERCENT 60

enum ww_status diff_words_compare(struct diff_words *w, struct diff_work *work,
                                  struct arena *scratch, struct ww_error *err)
{
    const size_t n = w->a.list.n_units, m = w->b.list.n_units;
    uint64_t *hashes = arena_array(scratch, n + m + 1, sizeof(*hashes));
    uint32_t *match = arena_array(scratch, n + 1, sizeof(*match));
    uint32_t i = 0, k = 0;
    enum ww_status status;

    w->regions = arena_array(scratch, n + 2, sizeof(*w->regions));
    w->n_regions = w->n_kept = 0;
    if (hashes == NULL || match == NULL || w->regions == NULL)
        return arena_check(scratch, err);
    for (size_t x = 0; x < n; x++)
        hashes[x] = w->a.list.units[x].hash;
    for (size_t y = 0; y < m; y++)
        hashes[n + y] = w->b.list.units[y].hash;
    status = diff_match(hashes, n, hashes + n, m, work, scratch, match, err);
    if (status != WW_OK)
        return status;
    for (uint32_t x = 0; x <= n; x++) {
        const bool is_end = x == n;
        const uint32_t y = is_end ? (uint32_t)m : match[x];

        if (y == DIFF_NONE)
            continue;
        if (x > i || y > k)
            w->regions[w->n_regions++] = (struct diff_region){i, x, k, y};
        w->n_kept += !is_end;
        i = x + 1;
        k = y + 1;
    }
    return WW_OK;
}

/* ---- pieces ---------------------------------------------------------------------------------- */

struct writer {
    struct diff_pieces *out;
    struct arena *arena;
    uint32_t a, b; /* written up to here */
    bool is_good;
};

static void put(struct writer *wr, enum text_diff_piece_kind kind, uint32_t a_end, uint32_t b_end)
{
    struct text_diff_piece *rows;

    if (a_end <= wr->a && b_end <= wr->b)
        return;
    rows = arena_grow(wr->arena, wr->out->rows, wr->out->n_rows, &wr->out->capacity, sizeof(*rows));
    wr->is_good = wr->is_good && rows != NULL;
    if (rows == NULL)
        return;
    wr->out->rows = rows;
    rows[wr->out->n_rows++] = (struct text_diff_piece){
        kind, {wr->a, a_end},
         {wr->b, b_end}
    };
    wr->a = a_end;
    wr->b = b_end;
}

/*
 * Where what was kept before unit i ends. A replaced word leaves the spaces around it alone; a word
 * that came or went takes the space behind it with it, at the end of the sentence the one before.
 */
static uint32_t kept_end(const struct diff_sentence_units *s, uint32_t i, bool is_behind)
{
    const struct diff_unit *units = s->list.units;

    if (is_behind)
        return i > 0 ? units[i - 1].end : s->span.start;
    return i < s->list.n_units ? units[i].start : s->span.end;
}

/* Where what came or went ends. */
static uint32_t changed_end(const struct diff_sentence_units *s, uint32_t first, uint32_t end,
                            bool takes_space)
{
    if (takes_space)
        return s->list.units[end].start;
    return end > first ? s->list.units[end - 1].end : kept_end(s, first, true);
}

bool diff_words_add_pieces(const struct diff_words *w, struct diff_pieces *out, struct arena *arena)
{
    struct writer wr = {out, arena, w->a.span.start, w->b.span.start, true};

    for (size_t i = 0; i < w->n_regions; i++) {
        const struct diff_region *r = &w->regions[i];
        const bool is_replaced = r->a_end > r->a_first && r->b_end > r->b_first;
        const bool is_last = r->a_end == w->a.list.n_units;
        const bool takes_space = !is_replaced && !is_last;

        put(&wr, PIECE_KEPT, kept_end(&w->a, r->a_first, !is_replaced && is_last),
            kept_end(&w->b, r->b_first, !is_replaced && is_last));
        if (r->a_end > r->a_first)
            put(&wr, PIECE_REMOVED, changed_end(&w->a, r->a_first, r->a_end, takes_space), wr.b);
        if (r->b_end > r->b_first)
            put(&wr, PIECE_ADDED, wr.a, changed_end(&w->b, r->b_first, r->b_end, takes_space));
    }
    put(&wr, PIECE_KEPT, w->a.span.end, w->b.span.end);
    return wr.is_good;
}

bool diff_words_have_titles(const struct diff_unit_list *list)
{
    size_t n = 0, n_capitals = 0;

    for (size_t i = 1; i < list->n_units; i++) {
        const uint32_t flags = list->units[i].flags;

        n += (flags & (TOKEN_NUMBER | TOKEN_CJK)) == 0;
        n_capitals += (flags & TOKEN_CAPITAL) != 0 && (flags & TOKEN_NUMBER) == 0;
    }
    return n >= TITLE_WORDS_MIN && 100 * n_capitals > TITLE_PERCENT * n;
}

/* ---- what a whole text holds ----------------------------------------------------------------- */

void diff_known_add(struct diff_known *known, uint64_t hash)
{
    size_t at = hash & (known->n_slots - 1);

    if (4 * known->n_used >= 3 * known->n_slots)
        return;
    while (known->slots[at] != 0 && known->slots[at] != hash)
        at = (at + 1) & (known->n_slots - 1);
    known->n_used += known->slots[at] == 0;
    known->slots[at] = hash;
}

bool diff_known_has(const struct diff_known *known, uint64_t hash)
{
    size_t at = hash & (known->n_slots - 1);

    while (known->slots[at] != 0 && known->slots[at] != hash)
        at = (at + 1) & (known->n_slots - 1);
    return known->slots[at] == hash;
}

/* Three kinds in one table. */
enum { OF_NUMBER = 1, OF_NAME, OF_WORD };

uint64_t diff_known_number(const struct diff_unit *u)
{
    return hash64_mix(hash64_mix(u->digits, (uint64_t)(int64_t)u->exponent), OF_NUMBER);
}

uint64_t diff_known_name(const struct diff_unit *u)
{
    return hash64_mix(u->hash, OF_NAME);
}

uint64_t diff_known_word(const struct diff_unit *u)
{
    return hash64_mix(u->hash, OF_WORD);
}
