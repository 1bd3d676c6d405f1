/* revision_compare.c - which facts of a diff are a change beside the mention, and are news. */
#include "alerts/revision_compare.h"

#include "base/arena.h"
#include "base/text.h"

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

/* Those of the language, folded, and as the diff wants them. */
static enum ww_status list_statuses(struct comparison *c, struct text_diff_options *options,
                                    struct ww_error *err)
{
    const struct watchlist *w = c->watchlist;
    struct slice *words = arena_array(c->arena, w->n_terms + 1, sizeof(*words));

    c->n_statuses = 0;
    c->statuses = arena_array(c->arena, w->n_terms + 1, sizeof(*c->statuses));
    if (words == NULL || c->statuses == NULL)
        return arena_check(c->arena, err);
    for (size_t i = 0; i < w->n_terms; i++) {
        const struct watch_term *t = &w->terms[i];
        const bool takes_endings = slice_ends(t->text, SLICE("~"));

        if (t->role != ROLE_STATUS ||
            (options->language.len > 0 && !watch_same_language(t->language, options->language)))
            continue;
        words[c->n_statuses] = t->text;
        c->statuses[c->n_statuses++] = (struct status_word){
            text_fold_key(slice_head(t->text, t->text.len - takes_endings), c->arena),
            takes_endings, t->state};
    }
    options->words = words;
    options->n_words = c->n_statuses;
    return arena_check(c->arena, err);
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
    for (size_t i = 0; i < c->diff.n_rows; i++) {
        const struct text_diff_row *row = &c->diff.rows[i];
        struct slice key;

        if (!comparison_is_near(c, row, false))
            continue;
        key = text_fold_key(text_diff_before(&c->diff, row->part, row->before), c->arena);
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
        return is_kept(&c->diff, row, REVISION_DENIED_KEPT_PERCENT);
    return after.len > 0 && !is_told_state(c, after);
}

/* ---- which facts count ----------------------------------------------------------------------- */

static bool has_name(struct slice text, struct slice name, struct arena *arena)
{
    return slice_contains(text_fold_key(text, arena), text_fold_key(name, arena));
}

/*
 * Another name for the same, or an outlet that names itself, is no change of a name. Where no
 * capital marks a name, any two words that were exchanged look like names.
 */
static bool name_counts(const struct comparison *c, const struct text_diff_fact *f)
{
    const struct article_row *articles[] = {&c->base->article, &c->copy->article};
    size_t at = 0;

    if (text_is_cjk(text_next_code(f->after, &at)))
        return false;
    for (size_t i = 0; i < WW_COUNT(articles); i++)
        if (has_name(articles[i]->outlet, f->after, c->arena) ||
            has_name(articles[i]->outlet, f->before, c->arena) ||
            has_name(articles[i]->site, f->after, c->arena) ||
            has_name(articles[i]->site, f->before, c->arena))
            return false;
    return !has_name(c->base->text, f->after, c->arena) &&
           !has_name(c->copy->text, f->before, c->arena);
}

static bool counts(const struct comparison *c, const struct text_diff_fact *f)
{
    const struct text_diff_row *row = &c->diff.rows[f->row];

    if (row->kind != DIFF_CHANGED || !is_kept(&c->diff, row, REVISION_KEPT_PERCENT) ||
        !is_near_both(c, row))
        return false;
    switch (f->kind) {
    case FACT_NUMBER:
    case FACT_DATE:
        return f->before.len > 0 && f->after.len > 0;
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

static struct slice without(struct slice words, struct slice noun)
{
    if (noun.len > 0 && noun.len < words.len && slice_ends(words, noun))
        words.len -= noun.len;
    return slice_trim(words);
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
    const struct text_diff_row *in = &c->diff.rows[f->row];
    struct revision_row row = {.kind = kind_of(f->kind),
                               .before = without(f->before, f->noun),
                               .after = without(f->after, f->noun),
                               .sentence = text_diff_after(&c->diff, in->part, in->after)};
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

static bool speak_alike(const struct reading *a, const struct reading *b)
{
    return a->article.language.len == 0 || b->article.language.len == 0 ||
           watch_same_language(a->article.language, b->article.language);
}

enum ww_status comparison_run(struct comparison *c, struct ww_error *err)
{
    const struct text_diff_source before = {c->base->article.title, c->base->text};
    const struct text_diff_source after = {c->copy->article.title, c->copy->text};
    struct text_diff_options options = {.language = c->copy->article.language};
    bool is_near = false;
    enum ww_status status;

    c->diff = (struct text_diff){0};
    if (c->base->n_mentions == 0 || c->copy->n_mentions == 0 || !speak_alike(c->base, c->copy))
        return WW_OK;
    status = list_statuses(c, &options, err);
    if (status == WW_OK)
        status = text_diff(&before, &after, &options, c->arena, &c->diff, err);
    if (status != WW_OK)
        return status;
    find_near(&c->diff, c->base, false, &c->before);
    find_near(&c->diff, c->copy, true, &c->after);
    for (size_t i = 0; i < c->diff.n_rows && !is_near; i++)
        is_near = is_near_both(c, &c->diff.rows[i]);
    c->is_near |= is_near;
    for (size_t i = 0; i < c->diff.n_facts && status == WW_OK && is_near; i++)
        if (counts(c, &c->diff.facts[i])) {
            c->has_fact = true;
            status = tell_fact(c, &c->diff.facts[i], err);
        }
    return status;
}

enum ww_status comparison_count_old(struct comparison *c, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < c->known.n_rows && status == WW_OK; i++) {
        const struct revision_row *r = &c->known.rows[i];
        bool has_before = false, has_after = false;

        for (size_t k = 0; k < c->diff.n_rows; k++) {
            const struct text_diff_row *row = &c->diff.rows[k];
            struct slice s;

            if (!comparison_is_near(c, row, true))
                continue;
            s = text_diff_after(&c->diff, row->part, row->after);
            has_before |= stands_in(s, r->before, false);
            has_after |= stands_in(s, r->after, false);
        }
        if (has_before && !has_after && r->article_id < c->copy->article.id)
            status = store_count_still(c->store, r->id, err);
    }
    return status;
}
