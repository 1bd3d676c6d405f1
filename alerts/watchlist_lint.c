/* watchlist_lint.c - warnings and notes about a watchlist that can be read. */
#include "alerts/watchlist_lint.h"

#include "alerts/combine.h"
#include "alerts/id_table.h"
#include "alerts/matcher.h"
#include "alerts/query_lint.h"
#include "alerts/watchlist_titles.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/text.h"

#include <stdlib.h>

/* A one-word name of fewer bytes is an abbreviation at best. */
#define SHORT_NAME_BYTES 3

struct linter {
    const struct watchlist *w;
    struct arena *arena;
    struct watch_findings *findings;
    struct matcher *matcher;
};

static void say(struct linter *l, enum finding_level level, struct watch_cell cell,
                struct slice text)
{
    (void)watch_find(l->findings, l->arena, level, cell, text);
}

/* What a name stands for, in words. */
static struct slice owner_name(const struct watchlist *w, const struct watch_name *n)
{
    if (n->class == WATCH_TERM)
        return n->text;
    if (n->class == WATCH_PLACE || n->class == WATCH_DEMONYM)
        return w->places[n->owner].id;
    return w->items[n->owner].id;
}

/* Names whose meaning is one place or item; terms and demonyms may say the same. */
static bool is_name(const struct watch_name *n)
{
    return n->class != WATCH_TERM && n->class != WATCH_DEMONYM;
}

static bool is_place(const struct watch_name *n)
{
    return n->class == WATCH_PLACE;
}

/* Do two names lead to different alerts? A site's place and its aliases do not. */
static bool differ(const struct watchlist *w, const struct watch_name *a,
                   const struct watch_name *b)
{
    uint32_t x = is_place(a) ? w->places[a->owner].item : a->owner;
    uint32_t y = is_place(b) ? w->places[b->owner].item : b->owner;

    if (is_place(a) && is_place(b))
        return a->owner != b->owner;
    return x != y;
}

/* ---- the same spelling twice ----------------------------------------------------------------- */

struct spelling {
    struct slice folded;
    size_t name;
};

static int compare_spellings(const void *a, const void *b)
{
    const struct spelling *x = a;
    const struct spelling *y = b;
    int order = slice_compare(x->folded, y->folded);

    return order != 0 ? order : (x->name > y->name) - (x->name < y->name);
}

static bool has_conditions(const struct watchlist *w, const struct watch_name *n)
{
    return is_place(n) && w->places[n->owner].n_conditions > 0;
}

static bool share_language(const struct watch_name *a, const struct watch_name *b)
{
    return a->language.len == 0 || b->language.len == 0 ||
           watch_same_language(a->language, b->language);
}

static enum ww_status lint_ambiguous(struct linter *l, struct ww_error *err)
{
    const struct watchlist *w = l->w;
    struct spelling *rows = arena_array(l->arena, w->n_names + 1, sizeof(*rows));
    size_t n = 0;

    if (rows == NULL)
        return arena_check(l->arena, err);
    for (size_t i = 0; i < w->n_names; i++)
        if (is_name(&w->names[i]))
            rows[n++] = (struct spelling){text_fold_key(w->names[i].text, l->arena), i};
    if (n > 1)
        qsort(rows, n, sizeof(*rows), compare_spellings);
    for (size_t i = 1; i < n; i++) {
        const struct watch_name *a = &w->names[rows[i - 1].name];
        const struct watch_name *b = &w->names[rows[i].name];

        if (!slice_equal(rows[i - 1].folded, rows[i].folded) || !differ(w, a, b) ||
            !share_language(a, b) || a->class == WATCH_BARE || b->class == WATCH_BARE)
            continue;
        if (!has_conditions(w, a) && !has_conditions(w, b))
            say(l, FINDING_WARNING, b->cell,
                arena_printf(l->arena,
                             "\"%.*s\" names both %.*s and %.*s; no rejection tells them "
                             "apart",
                             SLICE_ARG(b->text), SLICE_ARG(owner_name(w, a)),
                             SLICE_ARG(owner_name(w, b))));
    }
    return arena_check(l->arena, err);
}

/* ---- single names ---------------------------------------------------------------------------- */

static void lint_short(struct linter *l, size_t i)
{
    const struct watch_name *n = &l->w->names[i];
    bool is_at = slice_find_char(n->text, '@') < n->text.len ||
                 (n->class == WATCH_TERM && combine_is_pattern(n->text));

    if (matcher_length(l->matcher, i) == 0 && !is_at)
        say(l, FINDING_WARNING, n->cell,
            arena_printf(l->arena, "\"%.*s\" can never match: %s", SLICE_ARG(n->text),
                         slice_find_char(n->text, '~') < n->text.len
                             ? "a stem needs three letters"
                             : "it holds no letter and no digit"));
    else if (is_name(n) && matcher_is_one_word(l->matcher, i) && n->text.len < SHORT_NAME_BYTES)
        say(l, FINDING_WARNING, n->cell,
            arena_printf(l->arena, "\"%.*s\" is very short", SLICE_ARG(n->text)));
}

/* Is another place inside this name? Then the longest counts; the analyst may like to know. */
static enum ww_status lint_contained(struct linter *l, size_t i, struct arena *scratch,
                                     struct ww_error *err)
{
    const struct watch_name *n = &l->w->names[i];
    struct match_text cut;
    struct match_list found;
    enum ww_status status;

    if (!is_place(n))
        return WW_OK;
    arena_reset(scratch);
    status = match_text_cut(n->text, scratch, &cut, err);
    if (status == WW_OK)
        status = matcher_find(l->matcher, &cut, scratch, &found, err);
    for (size_t k = 0; k < (status == WW_OK ? found.n_rows : 0); k++) {
        const struct watch_name *inner = &l->w->names[found.rows[k].name];

        if (!is_place(inner) || inner->owner == n->owner || !share_language(n, inner) ||
            found.rows[k].last - found.rows[k].first + 1 >= cut.tokens.n_tokens)
            continue;
        say(l, FINDING_NOTE, n->cell,
            arena_printf(l->arena, "\"%.*s\" holds \"%.*s\" (%.*s); the longer name counts",
                         SLICE_ARG(n->text), SLICE_ARG(inner->text),
                         SLICE_ARG(owner_name(l->w, inner))));
        break;
    }
    return status;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void lint_places(struct linter *l)
{
    const struct watchlist *w = l->w;

    for (size_t i = 0; i < w->n_places; i++)
        for (size_t k = 0; k < w->places[i].n_conditions; k++) {
            const struct watch_condition *c = &w->places[i].conditions[k];

            if (c->kind == CONDITION_UNKNOWN)
                say(l, FINDING_WARNING, w->places[i].cell,
                    arena_printf(l->arena,
                                 "\"%.*s\" is not understood; a clause begins with \"reject when "
                                 "followed by\", \"reject\", \"negative:\", \"positive:\" or is "
                                 "\"metonym\" or "
                                 "\"same sentence\"",
                                 SLICE_ARG(c->n_phrases > 0 ? c->phrases[0] : w->places[i].id)));
        }
}

/* Which items have a name that can be found. */
static bool *mark_named(struct linter *l)
{
    const struct watchlist *w = l->w;
    bool *is_named = arena_array(l->arena, w->n_items + 1, sizeof(*is_named));

    for (size_t i = 0; is_named != NULL && i < w->n_items; i++)
        is_named[i] = false;
    for (size_t i = 0; is_named != NULL && i < w->n_names; i++) {
        const struct watch_name *n = &w->names[i];
        uint32_t item = is_place(n) ? w->places[n->owner].item : n->owner;

        if (is_name(n) && item != WATCH_NONE)
            is_named[item] = true;
    }
    return is_named;
}

/* Sites that no place stands for: only their aliases can match, if there are any. */
static void lint_sites(struct linter *l)
{
    const struct watchlist *w = l->w;
    const struct csv_table *t = &w->files[WATCH_STATIONS];
    size_t site = csv_column(t, SLICE("site"));
    size_t scope = csv_column(t, SLICE("match_scope"));
    const bool *is_named = mark_named(l);

    for (size_t i = 0; is_named != NULL && i < t->n_rows; i++) {
        bool has_site = csv_cell(&t->rows[i], site).len > 0;
        size_t column = has_site ? site : csv_column(t, SLICE("id"));
        struct slice id = csv_cell(&t->rows[i], column);
        struct watch_cell cell = {WATCH_STATIONS, (uint32_t)t->rows[i].line, (uint32_t)column + 1};
        bool is_none = slice_equal(csv_cell(&t->rows[i], scope), SLICE("none"));
        bool is_known = is_none || !has_site;
        bool can_match = id.len == 0;

        for (size_t k = 0; k < w->n_places && !is_known; k++)
            is_known = slice_equal(w->places[k].id, id);
        for (size_t k = 0; k < w->n_items && !can_match; k++)
            can_match = is_named[k] && slice_equal(w->items[k].id, id);
        if (!can_match) /* a row of scope none may be there to be counted */
            say(l, is_none ? FINDING_NOTE : FINDING_WARNING, cell,
                arena_printf(l->arena,
                             "\"%.*s\" can never match: it has no aliases, and no names of a place",
                             SLICE_ARG(id)));
        else if (!is_known)
            say(l, FINDING_WARNING, cell,
                arena_printf(l->arena, "places.csv has no row \"%.*s\": only aliases can match",
                             SLICE_ARG(id)));
    }
}

static bool has_anchor(const struct watchlist *w, struct slice language)
{
    for (size_t i = 0; i < w->n_terms; i++)
        if (w->terms[i].role == ROLE_ANCHOR && watch_same_language(w->terms[i].language, language))
            return true;
    return false;
}

/* A word that says two things of how it stands says neither. */
static void lint_status(struct linter *l, struct id_table *seen, uint32_t index)
{
    const struct watch_term *t = &l->w->terms[index];
    const uint32_t first = id_table_get(seen, t->language, t->text);

    if (first == WATCH_NONE)
        id_table_put(seen, l->arena, t->language, t->text, index);
    else if (!slice_equal(l->w->terms[first].state, t->state))
        say(l, FINDING_WARNING, t->cell,
            arena_printf(l->arena, "\"%.*s\" is a status:%.*s and a status:%.*s",
                         SLICE_ARG(t->text), SLICE_ARG(l->w->terms[first].state),
                         SLICE_ARG(t->state)));
}

static void lint_terms(struct linter *l)
{
    const struct watchlist *w = l->w;
    struct id_table statuses = {0};
    bool has_term = false;

    for (size_t i = 0; i < w->n_terms; i++) {
        const struct watch_term *t = &w->terms[i];

        if (slice_find_char(t->text, '|') < t->text.len)
            say(l, FINDING_WARNING, t->cell,
                arena_printf(l->arena,
                             "\"%.*s\" is one term with a | in it; each wants its own row",
                             SLICE_ARG(t->text)));
        if (t->role == ROLE_STATUS)
            lint_status(l, &statuses, (uint32_t)i);
        has_term |= t->role == ROLE_TERM && t->strength > STRENGTH_TOPICAL;
        if (t->role == ROLE_TERM && t->strength == STRENGTH_WEAK && t->language.len > 0 &&
            !has_anchor(w, t->language))
            say(l, FINDING_WARNING, t->cell,
                arena_printf(l->arena, "\"%.*s\" is weak, and its language has no anchor",
                             SLICE_ARG(t->text)));
    }
    if (!has_term && w->has_file[WATCH_TERMS])
        say(l, FINDING_WARNING, (struct watch_cell){WATCH_TERMS, 1, 1},
            SLICE("no strong or weak term: only direct aliases can match"));
}

/* ---- cells ----------------------------------------------------------------------------------- */

/*
 * Is an unknown title a known one with a mistake? One letter in six, or its beginning; less would
 * take "note" for "role". A file that has the known one too means what it says.
 */
static void lint_title(struct linter *l, enum watch_file file, size_t column)
{
    const struct csv_table *t = &l->w->files[file];
    struct slice title = csv_cell(&t->header, column);
    const char *meant = NULL;
    struct nearest near;

    nearest_init(&near, title);
    for (size_t i = 0; watch_title(file, i) != NULL; i++) {
        struct slice known = slice_from(watch_title(file, i));

        if (slice_equal_nocase(title, known))
            return;
        if (csv_column(t, known) < t->header.n_cells)
            continue;
        nearest_try(&near, watch_title(file, i));
        if (title.len >= 3 && slice_starts_nocase(known, title))
            meant = watch_title(file, i);
    }
    if (near.best != NULL && near.distance <= 1 + title.len / 6)
        meant = near.best;
    if (meant != NULL)
        say(l, FINDING_WARNING,
            (struct watch_cell){file, (uint32_t)t->header.line, (uint32_t)column + 1},
            arena_printf(l->arena, "the column \"%.*s\" is not read; did you mean \"%s\"?",
                         SLICE_ARG(title), meant));
}

static void lint_lengths(struct linter *l, enum watch_file file)
{
    const struct csv_table *t = &l->w->files[file];

    for (size_t i = 0; i < t->n_rows; i++)
        if (t->rows[i].n_cells != t->header.n_cells)
            say(l, FINDING_WARNING, (struct watch_cell){file, (uint32_t)t->rows[i].line, 1},
                arena_printf(l->arena, "the row has %zu cells, the header %zu: %s?",
                             t->rows[i].n_cells, t->header.n_cells,
                             t->rows[i].n_cells < t->header.n_cells ? "is a comma missing"
                                                                    : "is there a comma too many"));
}

static bool is_country_code(struct slice s)
{
    return s.len == 2 && s.ptr[0] >= 'A' && s.ptr[0] <= 'Z' && s.ptr[1] >= 'A' && s.ptr[1] <= 'Z';
}

static void lint_countries(struct linter *l, enum watch_file file)
{
    const struct csv_table *t = &l->w->files[file];
    size_t column = csv_column(t, SLICE("country"));

    for (size_t i = 0; i < t->n_rows; i++) {
        struct slice country = csv_cell(&t->rows[i], column);

        if (country.len > 0 && !is_country_code(country))
            say(l, FINDING_WARNING,
                (struct watch_cell){file, (uint32_t)t->rows[i].line, (uint32_t)column + 1},
                arena_printf(l->arena, "\"%.*s\" is no country code: two capital letters (IE)",
                             SLICE_ARG(country)));
    }
}

static void lint_spaces(struct linter *l, enum watch_file file)
{
    const struct csv_table *t = &l->w->files[file];

    for (size_t i = 0; i < t->n_rows; i++)
        for (size_t k = 0; k < t->rows[i].n_cells; k++)
            if (csv_cell(&t->rows[i], k).len != t->rows[i].cells[k].len)
                say(l, FINDING_NOTE,
                    (struct watch_cell){file, (uint32_t)t->rows[i].line, (uint32_t)k + 1},
                    SLICE("white space around the cell is not read"));
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int compare_findings(const void *a, const void *b)
{
    const struct watch_finding *x = a;
    const struct watch_finding *y = b;

    if (x->cell.file != y->cell.file)
        return x->cell.file < y->cell.file ? -1 : 1;
    if (x->cell.row != y->cell.row)
        return x->cell.row < y->cell.row ? -1 : 1;
    if (x->cell.column != y->cell.column)
        return x->cell.column < y->cell.column ? -1 : 1;
    return slice_compare(x->text, y->text);
}

/* Sorted, and what is said twice of a cell said once. */
static void sort_findings(struct watch_findings *f)
{
    size_t n = 0;

    if (f->n_rows > 1)
        qsort(f->rows, f->n_rows, sizeof(*f->rows), compare_findings);
    for (size_t i = 0; i < f->n_rows; i++)
        if (n == 0 || compare_findings(&f->rows[n - 1], &f->rows[i]) != 0)
            f->rows[n++] = f->rows[i];
    f->n_rows = n;
}

enum ww_status watchlist_lint(const struct watchlist *w, struct arena *arena,
                              struct watch_findings *findings, struct ww_error *err)
{
    struct linter l = {.w = w, .arena = arena, .findings = findings};
    struct arena scratch;
    enum ww_status status = matcher_build(w->names, w->n_names, arena, &l.matcher, err);

    if (status == WW_OK)
        status = lint_ambiguous(&l, err);
    arena_init(&scratch, MATCH_SCRATCH_MAX_BYTES);
    for (size_t i = 0; i < w->n_names && status == WW_OK; i++) {
        lint_short(&l, i);
        status = lint_contained(&l, i, &scratch, err);
    }
    arena_release(&scratch);
    if (status != WW_OK)
        return status;
    lint_places(&l);
    lint_sites(&l);
    lint_terms(&l);
    status = query_lint(w, arena, findings, err);
    if (status != WW_OK)
        return status;
    for (enum watch_file f = 0; f < WATCH_FILE_COUNT; f++) {
        for (size_t k = 0; k < w->files[f].header.n_cells; k++)
            lint_title(&l, f, k);
        lint_lengths(&l, f);
        lint_countries(&l, f);
        lint_spaces(&l, f);
    }
    sort_findings(findings);
    return arena_check(arena, err);
}
