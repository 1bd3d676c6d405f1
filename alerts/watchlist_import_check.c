/* watchlist_import_check.c - what a list would be wrong in, said of the cells it came from. */
#include "alerts/id_table.h"
#include "alerts/watchlist_import.h"
#include "alerts/watchlist_import_source.h"
#include "alerts/watchlist_lint.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"

#include <string.h>

/* Errors of the source beyond these may be said twice: the list is beyond reading them all. */
#define SAID_LOOKED_AT 200

/* The row of a table that begins in this line, or NULL. */
static const struct csv_row *row_at(const struct csv_table *t, uint32_t line)
{
    size_t low = 0;
    size_t high = t->n_rows;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (t->rows[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->n_rows && t->rows[low].line == line ? &t->rows[low] : NULL;
}

/* From a cell of the list as it would be to the source's; false when it comes from elsewhere. */
static bool find_source(const struct watch_import *im, const struct watchlist *w,
                        struct watch_cell *cell)
{
    const struct csv_table *t = &w->files[cell->file];
    const struct watch_source *s = &im->sources[cell->file];
    const struct csv_row *row = row_at(t, cell->row);
    struct slice title;
    uint32_t line;

    if (row == NULL)
        return false;
    line = id_table_get(&s->lines, SLICE("row"), watch_row_key(cell->file, t, row, im->arena));
    if (line == ID_NONE)
        return false;
    cell->row = line;
    title = csv_cell(&t->header, cell->column - 1);
    cell->column = 1;
    for (size_t i = 0; i < s->n_titles; i++)
        if (slice_equal_nocase(title, slice_from(s->titles[i])))
            cell->column = (uint32_t)i + 1;
    return true;
}

/* Was something said of this cell already? Once is enough. */
static bool is_said(const struct watch_findings *f, const struct watch_cell *cell)
{
    for (size_t i = 0; i < f->n_rows && i < SAID_LOOKED_AT; i++)
        if (f->rows[i].level == FINDING_ERROR && f->rows[i].cell.file == cell->file &&
            f->rows[i].cell.row == cell->row && f->rows[i].cell.column == cell->column)
            return true;
    return false;
}

enum ww_status watch_import_check(struct watch_import *im, struct ww_error *err)
{
    struct watch_findings found = {0};
    struct watchlist w;
    struct buf after;
    enum ww_status status;

    buf_init(&after, 2 * (size_t)WATCHLIST_MAX_BYTES);
    status = watch_edit_after(im->edit, &after, err);
    if (status == WW_OK)
        status = watchlist_examine(buf_slice(&after), im->arena, &w, &found, err);
    if (status == WW_OK && im->file != WATCH_FILE_COUNT)
        status = watchlist_lint(&w, im->arena, &found, err);
    buf_release(&after);
    for (size_t i = 0; i < found.n_rows && status == WW_OK; i++) {
        struct watch_finding *f = &found.rows[i];
        const bool has_source = find_source(im, &w, &f->cell);

        if (is_said(&im->findings, &f->cell))
            continue;
        if (f->level == FINDING_ERROR || (f->level == FINDING_WARNING && has_source))
            (void)watch_find(&im->findings, im->arena, f->level, f->cell, f->text);
    }
    return status == WW_OK ? arena_check(im->arena, err) : status;
}
