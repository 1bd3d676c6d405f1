/* diff_facts.c - figures, dates and names that were replaced in a changed sentence. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/date_words.h"
#include "base/diff_finder.h"
#include "base/limits.h"
#include "base/text.h"

/* Figures of one sentence that are looked at, on either side. */
#define FIGURES_MAX 64
/* The word behind a figure that says what it counts: "stations", not "of". */
#define NOUN_BYTES_MIN 4
/* A name of Han, kana or Hangul characters. */
#define CJK_NAME_MIN 2
#define CJK_NAME_MAX 4
/* A word of one letter is an initial, or "I". */
#define NAME_BYTES_MIN 2

const struct diff_sentence_units *finder_side(const struct finder *f, enum side side)
{
    return side == BEFORE ? &f->w->a : &f->w->b;
}

struct run finder_run(const struct diff_region *r, enum side side)
{
    return side == BEFORE ? (struct run){r->a_first, r->a_end} : (struct run){r->b_first, r->b_end};
}

static struct slice finder_text(const struct finder *f, enum side side, struct run run)
{
    const struct diff_sentence_units *s = finder_side(f, side);
    const struct diff_unit *units = s->list.units;

    if (run.end <= run.first)
        return (struct slice){"", 0};
    return slice_sub(s->text, units[run.first].start,
                     units[run.end - 1].end - units[run.first].start);
}

void finder_add(struct finder *f, enum text_diff_fact_kind kind, struct run before,
                struct run after, struct slice noun)
{
    struct text_diff_fact *rows;

    if (f->out->n_rows >= TEXT_DIFF_FACTS_MAX)
        return;
    rows = arena_grow(f->arena, f->out->rows, f->out->n_rows, &f->out->capacity, sizeof(*rows));
    f->is_good = f->is_good && rows != NULL;
    if (rows == NULL)
        return;
    f->out->rows = rows;
    rows[f->out->n_rows++] = (struct text_diff_fact){.kind = kind,
                                                     .before = finder_text(f, BEFORE, before),
                                                     .after = finder_text(f, AFTER, after),
                                                     .noun = noun,
                                                     .row = f->row};
}

/* ---- figures --------------------------------------------------------------------------------- */

struct figures {
    size_t at[FIGURES_MAX], region[FIGURES_MAX];
    bool is_done[FIGURES_MAX];
    size_t n;
};

/* "PORTO, Oct 21 (Agency) - " put before a sentence: it closes with a bracket or a dash. */
static bool is_dateline(const struct finder *f, enum side side, const struct diff_region *r)
{
    const struct diff_sentence_units *s = finder_side(f, side);
    const struct run run = finder_run(r, side);
    const struct run other = finder_run(r, side == BEFORE ? AFTER : BEFORE);
    size_t at;

    if (run.first > 0 || other.first > 0 || other.end > 0 || run.end >= s->list.n_units)
        return false;
    at = s->list.units[run.end - 1].end;
    while (at < s->list.units[run.end].start) {
        const uint32_t code = text_next_code(s->text, &at);

        if (code == '-' || code == ')' || code == 0x2013 || code == 0x2014 || code == 0xFF09 ||
            code == 0x3011)
            return true;
    }
    return false;
}

static void gather_figures(const struct finder *f, enum side side, struct figures *out)
{
    const struct diff_unit *units = finder_side(f, side)->list.units;

    out->n = 0;
    for (size_t r = 0; r < f->w->n_regions; r++) {
        const struct run run = finder_run(&f->w->regions[r], side);

        if (run.end > run.first && is_dateline(f, side, &f->w->regions[r]))
            continue;
        for (size_t i = run.first; i < run.end && out->n < FIGURES_MAX; i++)
            if ((units[i].flags & TOKEN_NUMBER) != 0) {
                out->region[out->n] = r;
                out->is_done[out->n] = false;
                out->at[out->n++] = i;
            }
    }
}

/* The word that a figure counts, right behind it, or is written onto it; empty: none. */
static struct run find_noun(const struct diff_sentence_units *s, size_t at)
{
    const struct diff_unit *u = &s->list.units[at + 1];

    if (at + 1 >= s->list.n_units || (u->flags & UNIT_BESIDE) == 0 ||
        (u->flags & TOKEN_NUMBER) != 0 || (s->list.units[at].flags & UNIT_YEAR) != 0)
        return (struct run){0, 0};
    if ((u->flags & (TOKEN_CJK | TOKEN_GLUED)) == 0 && u->folded.len < NOUN_BYTES_MIN)
        return (struct run){0, 0};
    return (struct run){at + 1, at + 2};
}

/* A Han numeral of one character counts only before the word it counts. */
static bool is_sure(const struct finder *f, size_t a, size_t b)
{
    const struct diff_unit_list *x = &f->w->a.list, *y = &f->w->b.list;

    if (((x->units[a].flags | y->units[b].flags) & UNIT_WEAK) == 0)
        return true;
    return a + 1 < x->n_units && b + 1 < y->n_units && x->units[a + 1].hash == y->units[b + 1].hash;
}

static bool count_the_same(const struct finder *f, size_t a, size_t b)
{
    const struct run x = find_noun(&f->w->a, a), y = find_noun(&f->w->b, b);

    return x.end > 0 && y.end > 0 &&
           f->w->a.list.units[x.first].hash == f->w->b.list.units[y.first].hash;
}

static void add_figure(struct finder *f, size_t a, size_t b)
{
    const struct run noun_a = find_noun(&f->w->a, a), noun_b = find_noun(&f->w->b, b);

    finder_add(f, FACT_NUMBER, (struct run){a, noun_a.end > 0 ? noun_a.end : a + 1},
               (struct run){b, noun_b.end > 0 ? noun_b.end : b + 1},
               count_the_same(f, a, b) ? finder_text(f, AFTER, noun_b) : (struct slice){"", 0});
}

/* Figures in their place but written otherwise, or elsewhere and still of the same, are no news. */
static void cancel_figures(const struct finder *f, struct figures *a, struct figures *b)
{
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n && !a->is_done[i]; k++) {
            const struct diff_unit *x = &f->w->a.list.units[a->at[i]];
            const struct diff_unit *y = &f->w->b.list.units[b->at[k]];

            if (!b->is_done[k] && diff_units_same_number(x, y) &&
                (a->region[i] == b->region[k] || count_the_same(f, a->at[i], b->at[k])))
                a->is_done[i] = b->is_done[k] = true;
        }
}

/* A figure that replaced another in its place, or before the same word elsewhere. */
static void pair_figures(struct finder *f, struct figures *a, struct figures *b, bool is_in_place)
{
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n && !a->is_done[i]; k++) {
            if (b->is_done[k] || (is_in_place ? a->region[i] != b->region[k]
                                              : !count_the_same(f, a->at[i], b->at[k])))
                continue;
            a->is_done[i] = b->is_done[k] = true;
            if (is_sure(f, a->at[i], b->at[k]))
                add_figure(f, a->at[i], b->at[k]);
        }
}

/* What came or went, unless the other text says it elsewhere. */
static void add_single_figures(struct finder *f, enum side side, const struct figures *figures)
{
    const struct diff_sentence_units *s = finder_side(f, side);
    const struct diff_known *other = side == BEFORE ? &f->setting->after : &f->setting->before;

    for (size_t i = 0; i < figures->n; i++) {
        const size_t at = figures->at[i];
        const struct run noun = find_noun(s, at);
        const struct run run = {at, noun.end > 0 ? noun.end : at + 1}, none = {0, 0};

        if (figures->is_done[i] || (s->list.units[at].flags & UNIT_WEAK) != 0 ||
            diff_known_has(other, diff_known_number(&s->list.units[at])))
            continue;
        if (side == BEFORE)
            finder_add(f, FACT_NUMBER, run, none, (struct slice){"", 0});
        else
            finder_add(f, FACT_NUMBER, none, run, (struct slice){"", 0});
    }
}

static void find_figures(struct finder *f)
{
    struct figures a, b;

    gather_figures(f, BEFORE, &a);
    gather_figures(f, AFTER, &b);
    cancel_figures(f, &a, &b);
    pair_figures(f, &a, &b, true);
    pair_figures(f, &a, &b, false);
    add_single_figures(f, BEFORE, &a);
    add_single_figures(f, AFTER, &b);
}

/* ---- dates and names ------------------------------------------------------------------------- */

/* 1 to 12 a month, 13 on a weekday, 0 neither. */
static unsigned date_word(const struct diff_unit *u)
{
    bool is_english;
    int day;

    if ((u->flags & (TOKEN_NUMBER | TOKEN_CJK)) != 0 || u->folded.len > DATE_WORD_BYTES)
        return 0;
    if (date_month(u->folded) != 0)
        return date_month(u->folded);
    day = date_weekday(u->folded, &is_english);
    return day >= 0 ? 13 + (unsigned)day : 0;
}

static size_t find_date_word(const struct finder *f, enum side side, struct run run)
{
    const struct diff_unit *units = finder_side(f, side)->list.units;

    for (size_t i = run.first; i < run.end; i++)
        if (date_word(&units[i]) != 0)
            return i;
    return SIZE_MAX;
}

/* "Monday" became "Tuesday", "May" "June". */
static bool find_date(struct finder *f, const struct diff_region *r)
{
    const size_t a = find_date_word(f, BEFORE, finder_run(r, BEFORE));
    const size_t b = find_date_word(f, AFTER, finder_run(r, AFTER));

    if (a == SIZE_MAX || b == SIZE_MAX ||
        (date_word(&f->w->a.list.units[a]) > 12) != (date_word(&f->w->b.list.units[b]) > 12) ||
        date_word(&f->w->a.list.units[a]) == date_word(&f->w->b.list.units[b]))
        return false;
    finder_add(f, FACT_DATE, (struct run){a, a + 1}, (struct run){b, b + 1}, (struct slice){"", 0});
    return true;
}

static bool is_capital(const struct diff_unit *u)
{
    return (u->flags & TOKEN_CAPITAL) != 0 && (u->flags & TOKEN_NUMBER) == 0;
}

/* A word that has its capital inside a sentence too. */
static bool is_known(const struct finder *f, const struct diff_unit *u)
{
    return diff_known_has(&f->setting->before, diff_known_name(u)) ||
           diff_known_has(&f->setting->after, diff_known_name(u));
}

/* A capital that says something: the first word of a sentence has one, in some headlines each. */
static bool is_name_word(const struct finder *f, const struct diff_unit *u)
{
    if (!is_capital(u) || u->folded.len < NAME_BYTES_MIN)
        return false;
    return ((u->flags & TOKEN_SENTENCE) == 0 && !f->has_title_case) || is_known(f, u);
}

/* Does a word belong to the name beside it? The first of a sentence unless it is small elsewhere.
 */
static bool goes_with_name(const struct finder *f, enum side side, size_t i)
{
    const struct diff_unit *u = &finder_side(f, side)->list.units[i];

    if (!is_capital(u))
        return false;
    if (f->has_title_case)
        return is_known(f, u);
    return (u->flags & TOKEN_SENTENCE) == 0 || is_known(f, u) ||
           !(diff_known_has(&f->setting->before, diff_known_word(u)) ||
             diff_known_has(&f->setting->after, diff_known_word(u)));
}

/* What stands small inside names. */
static bool is_particle(const struct diff_unit *u)
{
    static const char *const particles[] = {"al", "bin", "da", "de",  "del", "den", "der", "di",
                                            "do", "dos", "du", "ibn", "la",  "of",  "van", "von"};

    for (size_t i = 0; i < WW_COUNT(particles); i++)
        if (slice_equal(u->folded, slice_from(particles[i])))
            return true;
    return false;
}

/* The name goes on before `first`: with the word there, or with a particle and the word before. */
static size_t name_before(const struct finder *f, enum side side, size_t first)
{
    const struct diff_unit *units = finder_side(f, side)->list.units;
    size_t at = first;

    while (at > 0 && (units[at].flags & UNIT_BESIDE) != 0 && is_particle(&units[at - 1]))
        at--;
    if (at > 0 && (units[at].flags & UNIT_BESIDE) != 0 && goes_with_name(f, side, at - 1))
        return at - 1;
    return first;
}

static size_t name_behind(const struct finder *f, enum side side, size_t end)
{
    const struct diff_unit_list *list = &finder_side(f, side)->list;
    size_t at = end;

    while (at < list->n_units && (list->units[at].flags & UNIT_BESIDE) != 0 &&
           is_particle(&list->units[at]))
        at++;
    if (at < list->n_units && (list->units[at].flags & UNIT_BESIDE) != 0 &&
        goes_with_name(f, side, at))
        return at + 1;
    return end;
}

/* The run of words with capitals around what was replaced in a region; empty: none. */
static struct run find_name(const struct finder *f, enum side side, struct run run)
{
    const struct diff_unit_list *list = &finder_side(f, side)->list;
    struct run name = {0, 0};

    for (size_t i = run.first; i < run.end; i++)
        if (is_name_word(f, &list->units[i])) {
            if (name.end == 0)
                name.first = i;
            name.end = i + 1;
        }
    if (name.end == 0)
        return name;
    for (size_t first; (first = name_before(f, side, name.first)) != name.first;)
        name.first = first;
    for (size_t end; (end = name_behind(f, side, name.end)) != name.end;)
        name.end = end;
    return name;
}

/* Two names that differ; where capitals mean little each has two words. */
static void find_cased_name(struct finder *f, const struct diff_region *r)
{
    const struct run a = find_name(f, BEFORE, finder_run(r, BEFORE));
    const struct run b = find_name(f, AFTER, finder_run(r, AFTER));
    const struct text_diff_fact *last =
        f->out->n_rows > 0 ? &f->out->rows[f->out->n_rows - 1] : NULL;
    const size_t least = f->setting->have_capitals_meaning ? 1 : 2;

    if (a.end < a.first + least || b.end < b.first + least || a.end == 0 || b.end == 0)
        return;
    /* Both halves of one name were replaced: "Jan de Vries" by "Piet de Boer" has two regions. */
    if (last != NULL && last->row == f->row && last->kind == FACT_NAME &&
        last->after.ptr == finder_text(f, AFTER, b).ptr)
        return;
    finder_add(f, FACT_NAME, a, b, (struct slice){"", 0});
}

static uint32_t first_code(const struct diff_unit *u)
{
    size_t at = 0;

    return u->folded.len > 0 ? text_next_code(u->folded, &at) : 0;
}

/* A run of characters of a script without spaces that may be a name. */
static bool is_cjk_name(const struct finder *f, enum side side, struct run run)
{
    const struct diff_unit_list *list = &finder_side(f, side)->list;
    const size_t n = run.end - run.first;

    if (run.end <= run.first || n < CJK_NAME_MIN || n > CJK_NAME_MAX)
        return false;
    for (size_t i = run.first; i < run.end; i++) {
        const uint32_t code = first_code(&list->units[i]);

        /* Hiragana is grammar. */
        if ((list->units[i].flags & TOKEN_CJK) == 0 || (code >= 0x3040 && code <= 0x309F) ||
            (list->units[i].flags & TOKEN_NUMBER) != 0)
            return false;
        if (i > run.first && (list->units[i].flags & TOKEN_GLUED) == 0)
            return false;
    }
    /* The ending of a Korean verb. */
    return run.end >= list->n_units ||
           !slice_equal(list->units[run.end].folded, SLICE("\xEB\x8B\xA4"));
}

static bool is_one_cjk(const struct diff_unit_list *list, size_t i)
{
    return i < list->n_units && (list->units[i].flags & TOKEN_CJK) != 0;
}

/* A region and those behind it that only one character that happens to be equal keeps apart. */
static struct diff_region join_regions(const struct finder *f, size_t first, size_t *next)
{
    struct diff_region r = f->w->regions[first];

    for (*next = first + 1; *next < f->w->n_regions; ++*next) {
        const struct diff_region *b = &f->w->regions[*next];

        if (b->a_first != r.a_end + 1 || b->a_end == b->a_first || b->b_end == b->b_first ||
            r.a_end == r.a_first || r.b_end == r.b_first || !is_one_cjk(&f->w->a.list, r.a_end))
            break;
        r.a_end = b->a_end;
        r.b_end = b->b_end;
    }
    return r;
}

static void find_names(struct finder *f)
{
    for (size_t i = 0, next; i < f->w->n_regions; i = next) {
        const struct diff_region r = join_regions(f, i, &next);
        const struct run a = finder_run(&r, BEFORE), b = finder_run(&r, AFTER);

        if (a.first == a.end || b.first == b.end || find_date(f, &r))
            continue;
        if (is_cjk_name(f, BEFORE, a) && is_cjk_name(f, AFTER, b))
            finder_add(f, FACT_NAME, a, b, (struct slice){"", 0});
        else
            find_cased_name(f, &r);
    }
}

bool diff_facts_add(const struct diff_words *w, const struct diff_setting *setting, size_t row,
                    struct diff_work *work, struct diff_facts *out, struct arena *arena)
{
    struct finder f = {.w = w,
                       .setting = setting,
                       .work = work,
                       .arena = arena,
                       .out = out,
                       .row = row,
                       .has_title_case =
                           diff_words_have_titles(&w->a.list) && diff_words_have_titles(&w->b.list),
                       .is_good = true};

    find_figures(&f);
    find_names(&f);
    finder_statuses(&f);
    return f.is_good;
}
