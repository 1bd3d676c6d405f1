/* watchlist_lint.c - warnings and notes about a watchlist that can be read. */
#include "alerts/watchlist_lint.h"

#include "alerts/id_table.h"
#include "alerts/matcher.h"
#include "alerts/query_lint.h"
#include "alerts/watchlist_linter.h"
#include "alerts/watchlist_titles.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>

void lint_say(struct linter *l, enum finding_level level, struct watch_cell cell, struct slice text)
{
    (void)watch_find(l->findings, l->arena, level, cell, text);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void lint_places(struct linter *l)
{
    const struct watchlist *w = l->w;

    for (size_t i = 0; i < w->n_places; i++)
        for (size_t k = 0; k < w->places[i].n_conditions; k++) {
            const struct watch_condition *c = &w->places[i].conditions[k];

            if (c->kind == CONDITION_UNKNOWN)
                lint_say(
                    l, FINDING_WARNING, w->places[i].cell,
                    arena_printf(l->arena,
                                 "\"%.*s\" is not understood; a clause begins with \"reject when "
                                 "followed by\", \"reject\", \"negative:\", \"positive:\" or is "
                                 "\"metonym\" or "
                                 "\"same sentence\"",
                                 SLICE_ARG(c->n_phrases > 0 ? c->phrases[0] : w->places[i].id)));
        }
}

/* The ids of items that have a name, and those of places. */
struct known {
    struct id_table named, places;
};

static void find_known(struct linter *l, struct known *out)
{
    const struct watchlist *w = l->w;

    *out = (struct known){0};
    for (size_t i = 0; i < w->n_names; i++) {
        const struct watch_name *n = &w->names[i];
        uint32_t item = lint_is_place(n) ? w->places[n->owner].item : n->owner;

        if (lint_is_name(n) && item != WATCH_NONE)
            id_table_put(&out->named, l->arena, SLICE("id"), w->items[item].id, item);
    }
    for (size_t i = 0; i < w->n_places; i++)
        id_table_put(&out->places, l->arena, SLICE("id"), w->places[i].id, (uint32_t)i);
}

/* A site that no place stands for: only its aliases can match, if there are any. */
static void lint_site(struct linter *l, const struct known *known, const struct csv_row *row)
{
    const struct csv_table *t = &l->w->files[WATCH_STATIONS];
    size_t site = csv_column(t, SLICE("site"));
    bool has_site = csv_cell(row, site).len > 0;
    size_t column = has_site ? site : csv_column(t, SLICE("id"));
    struct slice id = csv_cell(row, column);
    struct watch_cell cell = {WATCH_STATIONS, (uint32_t)row->line, (uint32_t)column + 1};
    bool is_none = slice_equal(csv_cell(row, csv_column(t, SLICE("match_scope"))), SLICE("none"));

    if (id.len == 0)
        return;
    if (id_table_get(&known->named, SLICE("id"), id) == ID_NONE)
        /* a row of scope none may be there to be counted */
        lint_say(
            l, is_none ? FINDING_NOTE : FINDING_WARNING, cell,
            arena_printf(l->arena,
                         "\"%.*s\" can never match: it has no aliases, and no names of a place",
                         SLICE_ARG(id)));
    else if (!is_none && has_site && id_table_get(&known->places, SLICE("id"), id) == ID_NONE)
        lint_say(l, FINDING_WARNING, cell,
                 arena_printf(l->arena, "places.csv has no row \"%.*s\": only aliases can match",
                              SLICE_ARG(id)));
}

/* Rows of one site that say two things of it: the first counts. */
static void lint_one_site(struct linter *l, struct id_table *first, size_t i, const char *title)
{
    const struct csv_table *t = &l->w->files[WATCH_STATIONS];
    const struct csv_row *row = &t->rows[i];
    const size_t column = csv_column(t, slice_from(title));
    struct slice site = csv_cell(row, csv_column(t, SLICE("site")));
    struct slice value = csv_cell(row, column);
    uint32_t at;

    if (site.len == 0 || value.len == 0)
        return;
    at = id_table_get(first, slice_from(title), site);
    if (at == ID_NONE)
        id_table_put(first, l->arena, slice_from(title), site, (uint32_t)i);
    else if (!slice_equal_nocase(csv_cell(&t->rows[at], column), value))
        lint_say(l, FINDING_WARNING,
                 (struct watch_cell){WATCH_STATIONS, (uint32_t)row->line, (uint32_t)column + 1},
                 arena_printf(l->arena, "\"%.*s\" is \"%.*s\" in row %zu, which counts",
                              SLICE_ARG(site), SLICE_ARG(csv_cell(&t->rows[at], column)),
                              t->rows[at].line));
}

static void lint_sites(struct linter *l)
{
    const struct csv_table *t = &l->w->files[WATCH_STATIONS];
    struct id_table first = {0};
    struct known known;

    find_known(l, &known);
    for (size_t i = 0; i < t->n_rows; i++) {
        if (watch_is_comment(&t->rows[i]))
            continue;
        lint_site(l, &known, &t->rows[i]);
        lint_one_site(l, &first, i, "severity");
        lint_one_site(l, &first, i, "owner");
    }
}

/* Ids go into commands and mail, and import would not take them. */
static void lint_ids(struct linter *l, enum watch_file file)
{
    const struct csv_table *t = &l->w->files[file];
    const size_t column = csv_column(t, SLICE("id"));

    for (size_t i = 0; i < t->n_rows && column < t->header.n_cells; i++) {
        struct slice id = csv_cell(&t->rows[i], column);

        if (watch_is_comment(&t->rows[i]) || slice_find_char(id, ' ') == id.len)
            continue;
        lint_say(l, FINDING_WARNING,
                 (struct watch_cell){file, (uint32_t)t->rows[i].line, (uint32_t)column + 1},
                 arena_printf(l->arena, "\"%.*s\": an id has no blanks", SLICE_ARG(id)));
    }
}

/* The languages that have an anchor: few, though terms may be many. */
struct anchored {
    struct slice languages[64];
    size_t n;
};

static bool has_anchor(const struct anchored *a, struct slice language)
{
    for (size_t i = 0; i < a->n; i++)
        if (watch_same_language(a->languages[i], language))
            return true;
    return false;
}

static struct anchored find_anchors(const struct watchlist *w)
{
    struct anchored a = {.n = 0};

    for (size_t i = 0; i < w->n_terms && a.n < WW_COUNT(a.languages); i++)
        if (w->terms[i].role == ROLE_ANCHOR && !has_anchor(&a, w->terms[i].language))
            a.languages[a.n++] = w->terms[i].language;
    return a;
}

/* The same row once more: nothing is lost without it. */
static void lint_repeated(struct linter *l, struct id_table *seen, size_t i)
{
    const struct watch_term *t = &l->w->terms[i];
    struct slice key = arena_printf(l->arena, "%d\n%.*s\n%.*s", (int)t->role,
                                    SLICE_ARG(t->language), SLICE_ARG(t->text));
    const uint32_t first = id_table_get(seen, t->state, key);

    if (first == ID_NONE)
        id_table_put(seen, l->arena, t->state, key, t->cell.row);
    else
        lint_say(
            l, FINDING_NOTE, t->cell,
            arena_printf(l->arena, "\"%.*s\" stands in row %u too", SLICE_ARG(t->text), first));
}

/* A word that says two things of how it stands says neither. */
static void lint_status(struct linter *l, struct id_table *seen, uint32_t index)
{
    const struct watch_term *t = &l->w->terms[index];
    const uint32_t first = id_table_get(seen, t->language, t->text);

    if (first == WATCH_NONE)
        id_table_put(seen, l->arena, t->language, t->text, index);
    else if (!slice_equal(l->w->terms[first].state, t->state))
        lint_say(l, FINDING_WARNING, t->cell,
                 arena_printf(l->arena, "\"%.*s\" is a status:%.*s and a status:%.*s",
                              SLICE_ARG(t->text), SLICE_ARG(l->w->terms[first].state),
                              SLICE_ARG(t->state)));
}

static void lint_terms(struct linter *l)
{
    const struct watchlist *w = l->w;
    const struct anchored anchors = find_anchors(w);
    struct id_table statuses = {0};
    struct id_table seen = {0};
    bool has_term = false;

    for (size_t i = 0; i < w->n_terms; i++) {
        const struct watch_term *t = &w->terms[i];

        if (slice_find_char(t->text, '|') < t->text.len)
            lint_say(l, FINDING_WARNING, t->cell,
                     arena_printf(l->arena,
                                  "\"%.*s\" is one term with a | in it; each wants its own row",
                                  SLICE_ARG(t->text)));
        lint_repeated(l, &seen, i);
        if (t->role == ROLE_STATUS)
            lint_status(l, &statuses, (uint32_t)i);
        has_term |= t->role == ROLE_TERM && t->strength > STRENGTH_TOPICAL;
        if (t->role == ROLE_TERM && t->strength == STRENGTH_WEAK && t->language.len > 0 &&
            !has_anchor(&anchors, t->language))
            lint_say(l, FINDING_WARNING, t->cell,
                     arena_printf(l->arena, "\"%.*s\" is weak, and its language has no anchor",
                                  SLICE_ARG(t->text)));
    }
    if (!has_term && w->has_file[WATCH_TERMS])
        lint_say(l, FINDING_WARNING, (struct watch_cell){WATCH_TERMS, 1, 1},
                 SLICE("no strong or weak term: only direct aliases can match"));
}

/* ---- cells ----------------------------------------------------------------------------------- */

static void lint_title(struct linter *l, enum watch_file file, size_t column)
{
    const struct csv_table *t = &l->w->files[file];
    const char *meant = watch_title_mistaken(file, t, column);

    if (meant != NULL)
        lint_say(l, FINDING_WARNING,
                 (struct watch_cell){file, (uint32_t)t->header.line, (uint32_t)column + 1},
                 arena_printf(l->arena, "the column \"%.*s\" is not read; did you mean \"%s\"?",
                              SLICE_ARG(csv_cell(&t->header, column)), meant));
}

static void lint_lengths(struct linter *l, enum watch_file file)
{
    const struct csv_table *t = &l->w->files[file];

    for (size_t i = 0; i < t->n_rows; i++)
        if (t->rows[i].n_cells != t->header.n_cells && !watch_is_comment(&t->rows[i]))
            lint_say(l, FINDING_WARNING, (struct watch_cell){file, (uint32_t)t->rows[i].line, 1},
                     arena_printf(l->arena, "the row has %zu cells, the header %zu: %s?",
                                  t->rows[i].n_cells, t->header.n_cells,
                                  t->rows[i].n_cells < t->header.n_cells
                                      ? "is a comma missing"
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
            lint_say(l, FINDING_WARNING,
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
                lint_say(l, FINDING_NOTE,
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

void lint_sort(struct watch_findings *f)
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
    enum ww_status status = matcher_build(w->names, w->n_names, arena, &l.matcher, err);

    if (status == WW_OK)
        status = lint_names(&l, err);
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
        lint_ids(&l, f);
        lint_lengths(&l, f);
        lint_countries(&l, f);
        lint_spaces(&l, f);
    }
    lint_sort(findings);
    return arena_check(arena, err);
}
