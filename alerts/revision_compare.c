/* revision_compare.c - which facts of a diff are a change beside the mention, and are news. */
#include "alerts/revision_compare.h"

#include "base/arena.h"
#include "base/nearest.h"
#include "base/text.h"

#include <string.h>

/* ---- near the mention ------------------------------------------------------------------------ */

/* The numbers of the sentences that the mentions of one side stand in. */
static void find_near(const struct text_diff *d, const struct reading *reading, bool is_after,
                      struct near_sentences *out)
{
    out->n = 0;
    for (size_t k = 0; k < reading->n_mentions; k++) {
        const struct mention_row *m = &reading->mentions[k];

        for (size_t i = 0; i < d->n_rows && out->n < MENTIONS_MAX; i++) {
            const struct text_diff_row *row = &d->rows[i];
            const struct text_diff_span span = is_after ? row->after : row->before;
            const uint32_t number = is_after ? row->after_sentence : row->before_sentence;
            const bool in_title = row->part == DIFF_TITLE;

            if (number == 0 || in_title != (m->field == MENTION_TITLE) ||
                m->start < (int64_t)span.start || m->start >= (int64_t)span.end)
                continue;
            out->numbers[out->n] = number;
            out->in_title[out->n++] = in_title;
            break;
        }
    }
}

bool comparison_is_near(const struct comparison *c, const struct text_diff_row *row, bool is_after)
{
    const struct near_sentences *near = is_after ? &c->after : &c->before;
    const uint32_t number = is_after ? row->after_sentence : row->before_sentence;

    for (size_t i = 0; i < near->n && number != 0; i++)
        if (near->in_title[i] == (row->part == DIFF_TITLE) && number + 1 >= near->numbers[i] &&
            number <= near->numbers[i] + 1)
            return true;
    return false;
}

static bool is_near_both(const struct comparison *c, const struct text_diff_row *row)
{
    return comparison_is_near(c, row, false) && comparison_is_near(c, row, true);
}

/* Is most of the changed sentence what it was? percent of either side's bytes. */
static bool is_kept(const struct text_diff *d, const struct text_diff_row *row, size_t percent)
{
    size_t kept = 0;
    const size_t before = row->before.end - row->before.start;
    const size_t after = row->after.end - row->after.start;

    for (size_t i = 0; i < row->n_pieces; i++) {
        const struct text_diff_piece *p = &d->pieces[row->first_piece + i];

        if (p->kind == PIECE_KEPT)
            kept += p->after.end - p->after.start;
    }
    return kept * 100 >= percent * (before > after ? before : after);
}

/* ---- statuses -------------------------------------------------------------------------------- */

enum ww_status status_words_list(const struct watchlist *w, struct slice language,
                                 struct arena *arena, struct status_word **out, size_t *n,
                                 struct ww_error *err)
{
    struct status_word *words = arena_array(arena, w->n_terms + 1, sizeof(*words));

    *out = words;
    *n = 0;
    for (size_t i = 0; words != NULL && i < w->n_terms; i++) {
        const struct watch_term *t = &w->terms[i];
        const bool takes_endings = slice_ends(t->text, SLICE("~"));

        if (t->role == ROLE_STATUS &&
            (language.len == 0 || watch_same_language(t->language, language)))
            words[(*n)++] = (struct status_word){
                t->text, text_fold_key(slice_head(t->text, t->text.len - takes_endings), arena),
                takes_endings, t->state};
    }
    return arena_check(arena, err);
}

/*
 * Does value stand there, and not inside a longer word or number? With endings it may begin one.
 * Scripts without spaces have no longer words.
 */
static bool stands_in(struct slice s, struct slice value, bool takes_endings)
{
    size_t from = 0;

    while (value.len > 0 && from + value.len <= s.len) {
        const size_t at = from + slice_find(slice_skip(s, from), value);
        size_t behind = at + value.len, last = at;
        uint32_t before = ' ', after = ' ';

        if (at >= s.len)
            return false;
        while (last > 0 && ((unsigned char)s.ptr[--last] & 0xC0) == 0x80)
            continue;
        if (at > 0)
            before = text_next_code(s, &last);
        if (behind < s.len)
            after = text_next_code(s, &behind);
        if ((!text_is_word(before) || text_is_cjk(before)) &&
            (takes_endings || !text_is_word(after) || text_is_cjk(after)))
            return true;
        from = at + 1;
    }
    return false;
}

/* The state that a fact's word stands for; empty: it is no status. */
static struct slice state_of(const struct comparison *c, struct slice words)
{
    const struct slice key = text_fold_key(words, c->arena);

    for (size_t i = 0; i < c->n_statuses && key.len > 0; i++) {
        const struct status_word *s = &c->statuses[i];

        if (s->takes_endings ? slice_starts(key, s->stem) : slice_equal(key, s->stem))
            return s->state;
    }
    return (struct slice){"", 0};
}

/* Does a sentence near the mention, as it was told, speak of that state already? */
static bool is_told_state(const struct comparison *c, struct slice state)
{
    for (size_t i = 0; i < c->pair->diff.n_rows; i++) {
        const struct text_diff_row *row = &c->pair->diff.rows[i];
        struct slice key;

        if (!comparison_is_near(c, row, false))
            continue;
        key = text_fold_key(text_diff_before(&c->pair->diff, row->part, row->before), c->arena);
        for (size_t k = 0; k < c->n_statuses; k++)
            if (slice_equal(c->statuses[k].state, state) &&
                stands_in(key, c->statuses[k].stem, c->statuses[k].takes_endings))
                return true;
    }
    return false;
}

static bool status_counts(const struct comparison *c, const struct text_diff_row *row,
                          const struct text_diff_fact *f)
{
    const struct slice before = state_of(c, f->before);
    const struct slice after = state_of(c, f->after);

    /* Of a negation that came or went the rest of the sentence must be the same. */
    if (before.len + after.len == 0)
        return is_kept(&c->pair->diff, row, REVISION_DENIED_KEPT_PERCENT);
    return after.len > 0 && !is_told_state(c, after);
}

/* ---- which facts count ----------------------------------------------------------------------- */

/*
 * Does the sentence end as sentences do? Lines above and below a text ("Published 15 April | 8 min
 * read") do not, nor does what a paywall cut off.
 */
static bool has_end(struct slice s)
{
    static const char *const stops[] = {".",
                                        "!",
                                        "?",
                                        "\xE3\x80\x82",
                                        "\xEF\xBC\x81",
                                        "\xEF\xBC\x9F",
                                        "\xD8\x9F",
                                        "\xCD\xBE",
                                        "\xEF\xBC\x8E",
                                        "\xEF\xBD\xA1",
                                        "\xE0\xA5\xA4"};
    static const char *const closing[] = {
        "\"", "'", ")", "\xE2\x80\x9D", "\xE2\x80\x99", "\xC2\xBB", "\xE3\x80\x8D", "\xE3\x80\x8F"};

    for (size_t i = 0; i < WW_COUNT(closing);)
        if (slice_ends(s, slice_from(closing[i]))) {
            s.len -= strlen(closing[i]);
            i = 0;
        } else {
            i++;
        }
    for (size_t i = 0; i < WW_COUNT(stops); i++)
        if (slice_ends(s, slice_from(stops[i])))
            return !slice_ends(s, SLICE(".."));
    return false;
}

/* Is it a part of the words that the text opens with: "PORTO, Oct 21 (Agency) -"? */
static bool is_dateline(const struct reading *r, struct slice words)
{
    const struct slice dateline = r->article.dateline;

    return dateline.len > 0 && slice_starts(r->text, dateline) && words.len > 0 &&
           words.ptr >= r->text.ptr && words.ptr < r->text.ptr + dateline.len;
}

/* A name and a day that are both others: another sentence of the same mould. */
static bool is_recast(const struct text_diff *d, const struct text_diff_row *row)
{
    bool has_name = false, has_figure = false;

    for (size_t i = row->first_fact; i < row->first_fact + row->n_facts; i++) {
        const struct text_diff_fact *f = &d->facts[i];

        if (f->before.len == 0 || f->after.len == 0)
            continue;
        has_name |= f->kind == FACT_NAME;
        has_figure |= f->kind == FACT_DATE || f->kind == FACT_NUMBER;
    }
    return has_name && has_figure;
}

/* Can what the row says be taken at its word? */
static bool is_sound(const struct comparison *c, const struct text_diff_row *row,
                     const struct text_diff_fact *f)
{
    const struct text_diff *d = &c->pair->diff;

    if (row->kind != DIFF_CHANGED || row->part == DIFF_DATELINE ||
        !is_kept(d, row, REVISION_KEPT_PERCENT) || is_dateline(c->base, f->before) ||
        is_dateline(c->copy, f->after) || is_recast(d, row))
        return false;
    return row->part == DIFF_TITLE || (has_end(text_diff_before(d, row->part, row->before)) &&
                                       has_end(text_diff_after(d, row->part, row->after)));
}

/* One name written in two ways, or a name of which a part was put in other words. */
static bool is_same_name(struct slice before, struct slice after, struct arena *arena)
{
    struct nearest near;
    struct slice rest = before, word, other, others;

    nearest_init(&near, before);
    nearest_try(&near, arena_string(arena, after));
    if (near.best != NULL && near.distance <= 1 + before.len / 8)
        return true;
    while (slice_next(&rest, ' ', &word)) {
        others = after;
        while (slice_next(&others, ' ', &other))
            if (word.len > 0 && slice_equal(word, other))
                return true;
    }
    return false;
}

static bool has_name(struct slice text, struct slice name, struct arena *arena)
{
    return slice_contains(text_fold_key(text, arena), name);
}

/*
 * Another name for the same, or an outlet that names itself, is no change of a name. Where no
 * capital marks a name, any two words that were exchanged look like names.
 */
static bool name_counts(const struct comparison *c, const struct text_diff_fact *f)
{
    const struct article_row *articles[] = {&c->base->article, &c->copy->article};
    const struct slice names[] = {text_fold_key(f->before, c->arena),
                                  text_fold_key(f->after, c->arena)};
    size_t at = 0;

    if (text_is_cjk(text_next_code(f->after, &at)) || is_same_name(names[0], names[1], c->arena))
        return false;
    for (size_t i = 0; i < WW_COUNT(articles); i++)
        for (size_t k = 0; k < WW_COUNT(names); k++)
            if (has_name(articles[i]->outlet, names[k], c->arena) ||
                has_name(articles[i]->site, names[k], c->arena))
                return false;
    return !slice_contains(c->pair->base_key, names[1]) &&
           !slice_contains(c->pair->copy_key, names[0]);
}

/* The figure alone. */
static struct slice without(struct slice words, struct slice noun)
{
    if (noun.len > 0 && noun.len < words.len && slice_ends(words, noun))
        words.len -= noun.len;
    return slice_trim(words);
}

/* "8.5 million" and "8.5": the same with a word more. */
static bool is_same_figure(const struct text_diff_fact *f)
{
    const struct slice before = without(f->before, f->noun), after = without(f->after, f->noun);

    return stands_in(before, after, false) || stands_in(after, before, false);
}

static bool counts(const struct comparison *c, const struct text_diff_fact *f)
{
    const struct text_diff_row *row = &c->pair->diff.rows[f->row];

    if (!is_sound(c, row, f) || !is_near_both(c, row))
        return false;
    switch (f->kind) {
    case FACT_NUMBER:
    case FACT_DATE:
        return f->before.len > 0 && f->after.len > 0 && !is_same_figure(f);
    case FACT_NAME:
        return f->before.len > 0 && f->after.len > 0 && name_counts(c, f);
    case FACT_STATUS:
        break;
    }
    return status_counts(c, row, f);
}

/* ---- what was told --------------------------------------------------------------------------- */

/*
 * The revisions make chains of values: 12 became 14, 14 became 15. False: before and after are of
 * one chain, so the change is known. *newest: the last word of the chain that before is of.
 */
static bool is_news(const struct comparison *c, enum revision_kind kind, struct slice before,
                    struct slice after, struct slice *newest)
{
    struct slice chain[REVISIONS_MAX + 1];
    size_t n = 0;

    *newest = before;
    chain[n++] = before;
    for (size_t at = 0; at < n; at++)
        for (size_t i = 0; i < c->known.n_rows; i++) {
            const struct revision_row *r = &c->known.rows[i];
            const bool is_before = slice_equal(r->before, chain[at]);
            const struct slice other = is_before ? r->after : r->before;
            bool is_in = false;

            if (r->kind != kind || (!is_before && !slice_equal(r->after, chain[at])))
                continue;
            for (size_t k = 0; k < n; k++)
                is_in |= slice_equal(chain[k], other);
            if (!is_in && n < WW_COUNT(chain))
                chain[n++] = other;
        }
    for (size_t i = c->known.n_rows; i > 0; i--) /* the newest is first */
        for (size_t k = 0; k < n; k++)
            if (c->known.rows[i - 1].kind == kind &&
                slice_equal(c->known.rows[i - 1].after, chain[k]))
                *newest = chain[k];
    for (size_t k = 0; k < n; k++)
        if (slice_equal(chain[k], after))
            return false;
    return true;
}

enum ww_status comparison_add(struct comparison *c, struct revision_row *row, struct ww_error *err)
{
    bool is_new = false;
    enum ww_status status;

    if (c->known.n_rows >= REVISIONS_MAX)
        return WW_OK;
    row->alert_id = c->alert->alert_id;
    row->article_id = c->copy->article.id;
    row->event_id = c->event_id;
    row->created_at = c->now;
    row->is_historic = c->alert->is_historic;
    status = store_add_revision(c->store, row, &row->id, &is_new, err);
    c->n_new += is_new;
    c->n_live += is_new && !row->is_historic;
    return status;
}

/* Facts of two kinds are revisions of one: a day is a figure. */
static enum revision_kind kind_of(enum text_diff_fact_kind kind)
{
    switch (kind) {
    case FACT_NAME:
        return REVISION_NAME;
    case FACT_STATUS:
        return REVISION_STATUS;
    case FACT_NUMBER:
    case FACT_DATE:
        break;
    }
    return REVISION_NUMBER;
}

static void mark(struct revision_row *row, struct slice words)
{
    const struct slice s = row->sentence;

    if (words.len == 0 || words.ptr < s.ptr || words.ptr + words.len > s.ptr + s.len)
        return;
    row->mark_start = words.ptr - s.ptr;
    row->mark_end = row->mark_start + (int64_t)words.len;
}

static enum ww_status tell_fact(struct comparison *c, const struct text_diff_fact *f,
                                struct ww_error *err)
{
    const struct text_diff_row *in = &c->pair->diff.rows[f->row];
    struct revision_row row = {.kind = kind_of(f->kind),
                               .before = without(f->before, f->noun),
                               .after = without(f->after, f->noun),
                               .sentence = text_diff_after(&c->pair->diff, in->part, in->after)};
    struct slice newest;
    enum ww_status status;

    if (!is_news(c, row.kind, row.before, row.after, &newest))
        return WW_OK;
    row.before = newest;
    mark(&row, f->after);
    status = comparison_add(c, &row, err);
    if (status == WW_OK)
        status = store_list_alert_revisions(c->store, c->alert->alert_id, REVISIONS_MAX, c->arena,
                                            &c->known, err);
    return status;
}

/* ---- the comparison -------------------------------------------------------------------------- */

enum ww_status comparison_run(struct comparison *c, struct ww_error *err)
{
    const struct text_diff *d = &c->pair->diff;
    bool is_near = false;
    enum ww_status status = WW_OK;

    find_near(d, c->base, false, &c->before);
    find_near(d, c->copy, true, &c->after);
    for (size_t i = 0; i < d->n_rows && !is_near; i++)
        is_near = is_near_both(c, &d->rows[i]);
    c->is_near |= is_near;
    for (size_t i = 0; i < d->n_facts && status == WW_OK && is_near; i++)
        if (c->known.n_rows < REVISIONS_MAX && counts(c, &d->facts[i])) {
            c->has_fact = true;
            status = tell_fact(c, &d->facts[i], err);
        }
    return status;
}

enum ww_status comparison_count_old(struct comparison *c, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < c->known.n_rows && status == WW_OK; i++) {
        const struct revision_row *r = &c->known.rows[i];
        bool has_before = false, has_after = false;

        for (size_t k = 0; k < c->pair->diff.n_rows; k++) {
            const struct text_diff_row *row = &c->pair->diff.rows[k];
            struct slice s;

            if (!comparison_is_near(c, row, true))
                continue;
            s = text_diff_after(&c->pair->diff, row->part, row->after);
            has_before |= stands_in(s, r->before, false);
            has_after |= stands_in(s, r->after, false);
        }
        if (has_before && !has_after && r->article_id < c->copy->article.id)
            status = store_count_still(c->store, r->id, err);
    }
    return status;
}
