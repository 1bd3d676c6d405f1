/* watchlist_lint_uses.c - what a list has found so far, held against what is in it. */
#include "alerts/id_table.h"
#include "alerts/watchlist_lint.h"
#include "alerts/watchlist_linter.h"
#include "base/arena.h"
#include "base/date.h"
#include "base/limits.h"
#include "storage/store_uses.h"

#include <inttypes.h>

/* "of 41208 articles since 2022-09-01" */
static struct slice span_in_words(const struct watch_uses *uses, struct arena *arena)
{
    int64_t year;
    unsigned month;
    unsigned day;

    date_to_civil(uses->span.first_at / 86400, &year, &month, &day);
    return arena_printf(arena, "%" PRId64 " articles since %04" PRId64 "-%02u-%02u",
                        uses->span.n_articles, year, month, day);
}

static void note_uses(struct id_table *t, struct arena *arena, const struct use_list *list)
{
    for (size_t i = 0; i < list->n_rows; i++)
        id_table_put(t, arena, SLICE("use"), list->rows[i].name,
                     list->rows[i].n < (int64_t)ID_NONE ? (uint32_t)list->rows[i].n : ID_NONE - 1);
}

/* Where an item stands: the cell of its first name. */
static struct watch_cell *find_cells(const struct watchlist *w, struct arena *arena)
{
    struct watch_cell *cells = arena_array(arena, w->n_items + 1, sizeof(*cells));

    for (size_t i = 0; cells != NULL && i < w->n_names; i++) {
        const struct watch_name *n = &w->names[i];
        uint32_t item = lint_is_place(n) ? w->places[n->owner].item : n->owner;

        if (lint_is_name(n) && item != WATCH_NONE && cells[item].row == 0)
            cells[item] = n->cell;
    }
    return cells;
}

enum ww_status watchlist_lint_uses(const struct watchlist *w, const struct watch_uses *uses,
                                   struct arena *arena, struct watch_findings *findings,
                                   struct ww_error *err)
{
    struct linter l = {.w = w, .arena = arena, .findings = findings};
    const struct watch_cell *cells = find_cells(w, arena);
    struct slice span = span_in_words(uses, arena);
    struct id_table items = {0};
    struct id_table names = {0};

    if (uses->span.n_articles < LINT_ARTICLES_MIN || cells == NULL)
        return arena_check(arena, err);
    note_uses(&items, arena, uses->items);
    note_uses(&names, arena, uses->aliases);
    for (size_t i = 0; i < w->n_items; i++)
        if (cells[i].row != 0 && id_table_get(&items, SLICE("use"), w->items[i].id) == ID_NONE)
            lint_say(&l, FINDING_NOTE, cells[i],
                     arena_printf(arena, "\"%.*s\" has raised no alert in %.*s",
                                  SLICE_ARG(w->items[i].id), SLICE_ARG(span)));
    for (size_t i = 0; i < w->n_names; i++) {
        const struct watch_name *n = &w->names[i];
        uint32_t found = id_table_get(&names, SLICE("use"), n->text);

        if (!lint_is_name(n) || found == ID_NONE)
            continue;
        if ((int64_t)found > uses->span.n_articles / LINT_EVERYDAY_PART)
            lint_say(&l, FINDING_WARNING, n->cell,
                     arena_printf(arena, "\"%.*s\" was found %u times in %.*s: an everyday word?",
                                  SLICE_ARG(n->text), found, SLICE_ARG(span)));
    }
    lint_sort(findings);
    return arena_check(arena, err);
}
