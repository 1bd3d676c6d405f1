/* text_diff.c - sentences are read, matched and paired; rows are written in order. */
#include "base/text_diff.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/diff_match.h"
#include "base/diff_pairs.h"
#include "base/diff_words.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/sentence.h"
#include "base/text.h"

/* A dateline ends within so many bytes. */
#define DATELINE_BYTES 100
/*
 * Of two sentences that share words, two in five must still follow one another, or more of a short
 * one.
 */
#define KEPT_MIN_PERCENT 40
#define KEPT_WITHIN_PERCENT 60
#define KEPT_UNITS_MIN 4
/* Slots of what a text holds: one for so many bytes, within bounds. */
#define KNOWN_BYTES 4
#define KNOWN_SLOTS_MIN 64
#define KNOWN_SLOTS_MAX 65536
/* Of a text's words so many percent have a capital in most languages; in German every noun. */
#define CAPITALS_MAX_PERCENT 25
#define CAPITALS_WORDS_MIN 30

const char *const text_diff_kinds[DIFF_ADDED + 1] = {"same", "moved", "changed", "removed",
                                                     "added"};
const char *const text_diff_parts[DIFF_TEXT + 1] = {"title", "dateline", "text"};
const char *const text_diff_piece_kinds[PIECE_ADDED + 1] = {"kept", "removed", "added"};
const char *const text_diff_fact_kinds[FACT_STATUS + 1] = {"number", "date", "name", "status"};

struct differ {
    struct text_diff *out;
    struct diff_side before, after;
    struct diff_setting setting;
    struct diff_work work;
    struct diff_pieces pieces;
    struct diff_facts facts;
    size_t capacity;      /* of out->rows */
    struct arena *arena;  /* of the caller: rows, pieces, facts */
    struct arena tables;  /* life: the comparison */
    struct arena scratch; /* life: a sentence, a pair */
    struct arena gap;     /* life: a gap */
    size_t n_words, n_capitals;
};

static struct slice part_text(const struct text_diff_source *s, enum text_diff_part part)
{
    return part == DIFF_TITLE ? s->title : s->text;
}

/* ---- reading --------------------------------------------------------------------------------- */

/*
 * The dash that closes a dateline ("PORTO, Oct 21 (Agency) - "): behind a bracket, or in a line
 * that begins in capitals. 0: there is none.
 */
static size_t dateline_end(struct slice text)
{
    static const char *const dashes[] = {" - ", " \xE2\x80\x93 ", " \xE2\x80\x94 ", " -- "};
    struct slice head = text_cut(text, DATELINE_BYTES);
    size_t end, len = 0, n_upper = 0;

    head = slice_head(head, slice_find_char(head, '\n'));
    end = head.len;
    for (size_t i = 0; i < WW_COUNT(dashes); i++) {
        const struct slice dash = slice_from(dashes[i]);

        if (slice_find(head, dash) < end) {
            end = slice_find(head, dash);
            len = dash.len;
        }
    }
    if (len == 0 || end == 0)
        return 0;
    for (size_t at = 0; at < end;) {
        uint32_t code = text_next_code(head, &at);

        if (!text_is_upper(code))
            break;
        n_upper++;
    }
    return n_upper >= 3 || text.ptr[end - 1] == ')' ? end + len : 0;
}

static bool is_space_at(struct slice text, size_t at)
{
    return text_is_space(text_next_code(text, &at));
}

/* Where a sentence that is too long is cut: behind white space, else between characters. */
static size_t cut_at(struct slice text, size_t start, size_t end)
{
    size_t at = start + TEXT_DIFF_SENTENCE_MAX_BYTES;

    if (end - start <= TEXT_DIFF_SENTENCE_MAX_BYTES)
        return end;
    for (size_t k = at; k > at - TEXT_DIFF_SENTENCE_MAX_BYTES / 4; k--)
        if (text.ptr[k - 1] == ' ' || text.ptr[k - 1] == '\n')
            return k;
    return start + text_cut(slice_sub(text, start, end - start), at - start).len;
}

/* Learn from the units of a sentence; a title is written by rules of its own. */
static void learn(struct differ *d, struct diff_known *known, const struct diff_unit_list *list,
                  enum text_diff_part part)
{
    const bool is_prose = part == DIFF_TEXT && !diff_words_have_titles(list);

    for (size_t i = 0; i < list->n_units; i++) {
        const struct diff_unit *u = &list->units[i];

        if ((u->flags & TOKEN_NUMBER) != 0) {
            diff_known_add(known, diff_known_number(u));
        } else if (is_prose && (u->flags & (TOKEN_SENTENCE | TOKEN_CJK)) == 0) {
            d->n_words++;
            d->n_capitals += (u->flags & TOKEN_CAPITAL) != 0;
            diff_known_add(known, (u->flags & TOKEN_CAPITAL) != 0 ? diff_known_name(u)
                                                                  : diff_known_word(u));
        }
    }
}

/* One sentence more. What holds no word belongs to the one before. */
static enum ww_status add_sentence(struct differ *d, struct diff_side *side,
                                   struct diff_known *known, const struct text_diff_source *source,
                                   struct diff_sentence sentence, struct ww_error *err)
{
    struct diff_unit_list list;
    struct diff_sentence *before =
        side->n_sentences > 0 ? &side->sentences[side->n_sentences - 1] : NULL;
    enum ww_status status;

    arena_reset(&d->scratch);
    status = diff_units_read(part_text(source, (enum text_diff_part)sentence.part), sentence.start,
                             sentence.end, &d->scratch, &list, err);
    if (status != WW_OK)
        return status;
    if (before != NULL && before->part == sentence.part &&
        (list.n_units == 0 || before->hash == 0)) {
        before->end = sentence.end;
        sentence.start = before->start;
    } else {
        before = &side->sentences[side->n_sentences++];
    }
    if (list.n_units > 0)
        sentence.hash = hash64_mix(sentence.part == DIFF_TEXT, list.n_units);
    else if (before->hash != 0)
        return WW_OK;
    for (size_t i = 0; i < list.n_units; i++)
        sentence.hash = hash64_mix(sentence.hash, list.units[i].hash);
    sentence.match = DIFF_NONE;
    *before = sentence;
    learn(d, known, &list, (enum text_diff_part)sentence.part);
    return WW_OK;
}

static enum ww_status add_text(struct differ *d, struct diff_side *side, struct diff_known *known,
                               const struct text_diff_source *source, size_t start,
                               const struct sentence_list *list, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; status == WW_OK && i < list->n_rows; i++) {
        size_t at = start + list->rows[i].start, end = start + list->rows[i].end;

        while (status == WW_OK && at < end) {
            size_t next = cut_at(source->text, at, end);

            /* The last one takes what is left of a text of too many. */
            if (side->n_sentences + 1 >= TEXT_DIFF_SENTENCES_MAX) {
                d->work.is_coarse = true;
                side->sentences[side->n_sentences - 1].end = (uint32_t)source->text.len;
                side->sentences[side->n_sentences - 1].hash ^= hash64(slice_skip(source->text, at));
                return WW_OK;
            }
            status =
                add_sentence(d, side, known, source,
                             (struct diff_sentence){
                                 .start = (uint32_t)at, .end = (uint32_t)next, .part = DIFF_TEXT},
                             err);
            at = next;
            while (at < end && is_space_at(source->text, at))
                (void)text_next_code(source->text, &at);
        }
    }
    return status;
}

static bool make_known(struct diff_known *known, size_t n_bytes, struct arena *arena)
{
    *known = (struct diff_known){.n_slots = KNOWN_SLOTS_MIN};
    while (known->n_slots < KNOWN_SLOTS_MAX && known->n_slots < n_bytes / KNOWN_BYTES)
        known->n_slots *= 2;
    known->slots = arena_array(arena, known->n_slots, sizeof(*known->slots));
    return known->slots != NULL;
}

static enum ww_status read_side(struct differ *d, const struct text_diff_source *source,
                                struct slice language, struct diff_side *side,
                                struct diff_known *known, struct ww_error *err)
{
    struct sentence_list list;
    size_t start = dateline_end(source->text), n_pieces;
    enum ww_status status;

    if (source->text.len >= UINT32_MAX || source->title.len >= UINT32_MAX)
        return ww_fail(err, WW_TOO_BIG, "text of %zu bytes, limit 4 GiB", source->text.len);
    status = sentence_scan(slice_skip(source->text, start), language, &d->gap, &list, err);
    if (status != WW_OK)
        return status;
    n_pieces = list.n_rows + source->text.len / (TEXT_DIFF_SENTENCE_MAX_BYTES / 2) + 3;
    if (n_pieces > TEXT_DIFF_SENTENCES_MAX)
        n_pieces = TEXT_DIFF_SENTENCES_MAX;
    side->sentences = arena_array(&d->tables, n_pieces, sizeof(*side->sentences));
    if (side->sentences == NULL || !make_known(known, source->text.len, &d->tables))
        return arena_check(&d->tables, err);
    if (source->title.len > 0)
        status = add_sentence(
            d, side, known, source,
            (struct diff_sentence){.end = (uint32_t)text_cut(source->title, TITLE_MAX_BYTES).len,
                                   .part = DIFF_TITLE},
            err);
    if (status == WW_OK && start > 0)
        status = add_sentence(d, side, known, source,
                              (struct diff_sentence){.end = (uint32_t)start, .part = DIFF_DATELINE},
                              err);
    side->n_fixed = side->n_sentences;
    if (status == WW_OK)
        status = add_text(d, side, known, source, start, &list, err);
    arena_reset(&d->gap);
    return status;
}

/* A title belongs to the other one, a dateline too, whatever they say. */
static void match_fixed(struct diff_side *a, struct diff_side *b)
{
    for (uint32_t i = 0; i < a->n_fixed; i++)
        for (uint32_t k = 0; k < b->n_fixed; k++)
            if (a->sentences[i].part == b->sentences[k].part) {
                a->sentences[i].match = k;
                b->sentences[k].match = i;
            }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool add_row(struct differ *d, struct text_diff_row row)
{
    struct text_diff_row *rows =
        arena_grow(d->arena, d->out->rows, d->out->n_rows, &d->capacity, sizeof(*rows));

    if (rows == NULL)
        return false;
    d->out->rows = rows;
    rows[d->out->n_rows++] = row;
    d->out->n_of[row.kind]++;
    return true;
}

/* A row of sentences i and k; either may be DIFF_NONE. */
static struct text_diff_row make_row(const struct differ *d, enum text_diff_kind kind, uint32_t i,
                                     uint32_t k)
{
    struct text_diff_row row = {.kind = kind};

    if (i != DIFF_NONE) {
        const struct diff_sentence *s = &d->before.sentences[i];

        row.part = (enum text_diff_part)s->part;
        row.before = (struct text_diff_span){s->start, s->end};
        row.before_sentence = i + 1;
    }
    if (k != DIFF_NONE) {
        const struct diff_sentence *s = &d->after.sentences[k];

        row.part = (enum text_diff_part)s->part;
        row.after = (struct text_diff_span){s->start, s->end};
        row.after_sentence = k + 1;
    }
    return row;
}

/* Too little follows one another to be one sentence that was changed. */
static bool is_torn(const struct diff_words *w)
{
    const size_t n = w->a.list.n_units, m = w->b.list.n_units, less = n < m ? n : m;

    /* Lines of a word or two were paired by their place. */
    if (n <= KEPT_UNITS_MIN / 2 && m <= KEPT_UNITS_MIN / 2)
        return false;
    return 200 * w->n_kept < KEPT_MIN_PERCENT * (n + m) &&
           (less < KEPT_UNITS_MIN || 100 * w->n_kept < KEPT_WITHIN_PERCENT * less);
}

static enum ww_status read_units(struct differ *d, struct slice text, struct text_diff_span span,
                                 struct diff_sentence_units *out, struct ww_error *err)
{
    *out = (struct diff_sentence_units){.text = text, .span = span};
    return diff_units_read(text, span.start, span.end, &d->scratch, &out->list, err);
}

static enum ww_status add_changed(struct differ *d, uint32_t i, uint32_t k, struct ww_error *err)
{
    struct text_diff_row row = make_row(d, DIFF_CHANGED, i, k);
    struct diff_words w = {.n_regions = 0};
    enum ww_status status;
    bool is_good = true;

    arena_reset(&d->scratch);
    status = read_units(d, part_text(&d->out->before, row.part), row.before, &w.a, err);
    if (status == WW_OK)
        status = read_units(d, part_text(&d->out->after, row.part), row.after, &w.b, err);
    if (status == WW_OK)
        status = diff_words_compare(&w, &d->work, &d->scratch, err);
    if (status != WW_OK)
        return status;
    if (row.part == DIFF_TEXT && is_torn(&w)) {
        is_good = add_row(d, make_row(d, DIFF_REMOVED, i, DIFF_NONE)) &&
                  add_row(d, make_row(d, DIFF_ADDED, DIFF_NONE, k));
        return is_good ? WW_OK : arena_check(d->arena, err);
    }
    row.first_piece = d->pieces.n_rows;
    row.first_fact = d->facts.n_rows;
    is_good = diff_words_add_pieces(&w, &d->pieces, d->arena);
    if (is_good && row.part != DIFF_DATELINE)
        is_good = diff_facts_add(&w, &d->setting, d->out->n_rows, &d->work, &d->facts, d->arena);
    row.n_pieces = d->pieces.n_rows - row.first_piece;
    row.n_facts = d->facts.n_rows - row.first_fact;
    is_good = is_good && add_row(d, row);
    return is_good ? WW_OK : arena_check(d->arena, err);
}

/* What is there of either text before the next match in order. */
static bool add_unmatched(struct differ *d, size_t *i, size_t *k)
{
    bool is_good = true;

    for (; *i < d->before.n_sentences; ++*i) {
        const struct diff_sentence *s = &d->before.sentences[*i];

        if (s->match != DIFF_NONE && !s->is_moved)
            break;
        if (s->match == DIFF_NONE)
            is_good = is_good && add_row(d, make_row(d, DIFF_REMOVED, (uint32_t)*i, DIFF_NONE));
    }
    for (; *k < d->after.n_sentences; ++*k) {
        const struct diff_sentence *s = &d->after.sentences[*k];

        if (s->match != DIFF_NONE && !s->is_moved)
            break;
        is_good = is_good && add_row(d, s->match == DIFF_NONE
                                            ? make_row(d, DIFF_ADDED, DIFF_NONE, (uint32_t)*k)
                                            : make_row(d, DIFF_MOVED, s->match, (uint32_t)*k));
    }
    return is_good;
}

static enum ww_status add_rows(struct differ *d, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0, k = 0; status == WW_OK; i++, k++) {
        if (!add_unmatched(d, &i, &k))
            return arena_check(d->arena, err);
        if (i >= d->before.n_sentences || k >= d->after.n_sentences)
            return WW_OK;
        if (d->before.sentences[i].hash == d->after.sentences[k].hash)
            status = add_row(d, make_row(d, DIFF_SAME, (uint32_t)i, (uint32_t)k))
                         ? WW_OK
                         : arena_check(d->arena, err);
        else
            status = add_changed(d, (uint32_t)i, (uint32_t)k, err);
    }
    return status;
}

static void judge_capitals(struct differ *d)
{
    const struct slice language = d->setting.options->language;
    const size_t share = d->n_words > 0 ? 100 * d->n_capitals / d->n_words : 0;
    const bool is_german = slice_equal_nocase(slice_head(language, 2), SLICE("de")) ||
                           slice_equal_nocase(slice_head(language, 2), SLICE("lb"));

    d->setting.have_capitals_meaning =
        !is_german && (d->n_words < CAPITALS_WORDS_MIN || share <= CAPITALS_MAX_PERCENT);
}

static enum ww_status compare(struct differ *d, struct ww_error *err)
{
    const struct slice language = d->setting.options->language;
    enum ww_status status =
        read_side(d, &d->out->before, language, &d->before, &d->setting.before, err);

    if (status == WW_OK)
        status = read_side(d, &d->out->after, language, &d->after, &d->setting.after, err);
    if (status != WW_OK)
        return status;
    status = diff_facts_prepare(&d->setting, &d->tables, err);
    if (status != WW_OK)
        return status;
    judge_capitals(d);
    match_fixed(&d->before, &d->after);
    arena_reset(&d->scratch);
    status = diff_match_sentences(&d->before, &d->after, &d->work, &d->scratch, err);
    if (status == WW_OK)
        status = diff_pairs_match(&d->before, d->out->before.text, &d->after, d->out->after.text,
                                  &d->work, err);
    if (status == WW_OK)
        status = add_rows(d, err);
    return status;
}

enum ww_status text_diff(const struct text_diff_source *before,
                         const struct text_diff_source *after,
                         const struct text_diff_options *options, struct arena *arena,
                         struct text_diff *out, struct ww_error *err)
{
    struct differ d = {.out = out,
                       .setting = {.options = options},
                       .work = {.left = TEXT_DIFF_WORK_MAX},
                       .arena = arena};
    enum ww_status status;

    *out = (struct text_diff){.before = *before, .after = *after};
    arena_init(&d.tables, TEXT_DIFF_SCRATCH_MAX_BYTES);
    arena_init(&d.scratch, TEXT_DIFF_SCRATCH_MAX_BYTES);
    arena_init(&d.gap, TEXT_DIFF_SCRATCH_MAX_BYTES);
    status = compare(&d, err);
    out->pieces = d.pieces.rows;
    out->n_pieces = d.pieces.n_rows;
    out->facts = d.facts.rows;
    out->n_facts = d.facts.n_rows;
    out->is_coarse = d.work.is_coarse;
    arena_release(&d.tables);
    arena_release(&d.scratch);
    arena_release(&d.gap);
    return status;
}

/* ---- reading the answer ---------------------------------------------------------------------- */

bool text_diff_differs(const struct text_diff *d)
{
    return d->n_rows != d->n_of[DIFF_SAME];
}

struct slice text_diff_before(const struct text_diff *d, enum text_diff_part part,
                              struct text_diff_span span)
{
    return slice_sub(part_text(&d->before, part), span.start, span.end - span.start);
}

struct slice text_diff_after(const struct text_diff *d, enum text_diff_part part,
                             struct text_diff_span span)
{
    return slice_sub(part_text(&d->after, part), span.start, span.end - span.start);
}
