/* watchlist_diff.c - rows of two lists, paired by key. */
#include "alerts/watchlist_diff.h"

#include "alerts/id_table.h"
#include "alerts/watchlist_edit.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/record.h"

#include <inttypes.h>

struct differ {
    struct arena *arena;
    struct watch_diff *out;
    size_t room;
};

const char *watch_delta_name(enum watch_delta_kind kind)
{
    static const char *const names[DELTA_KINDS] = {"added", "changed", "removed"};

    return names[kind];
}

static enum ww_status read_tables(struct slice content, struct csv_table tables[WATCH_FILE_COUNT],
                                  struct arena *arena, struct ww_error *err)
{
    struct record r = record_open(content);
    enum ww_status status = WW_OK;

    while (r.rest.len > 0 && !r.failed && status == WW_OK) {
        struct slice name = record_text(&r);
        struct slice bytes = record_bytes(&r);

        for (size_t i = 0; i < WATCH_FILE_COUNT && !r.failed && status == WW_OK; i++)
            if (slice_equal(name, slice_from(watch_file_name((enum watch_file)i))) &&
                slice_trim(bytes).len > 0)
                status =
                    csv_parse(bytes, watch_file_name((enum watch_file)i), arena, &tables[i], err);
    }
    if (status == WW_OK && r.failed)
        status = ww_fail(err, WW_INVALID, "the stored watchlist is damaged");
    return status;
}

/* What a row without a key is known by: a comment, a row that was not finished. */
static struct slice any_cell(const struct csv_row *row)
{
    for (size_t i = 0; i < row->n_cells; i++)
        if (csv_cell(row, i).len > 0)
            return csv_cell(row, i);
    return SLICE("");
}

/* The keys of all rows; the second row of one key has another: "pier #2". */
static struct slice *find_keys(struct differ *d, enum watch_file file, const struct csv_table *t)
{
    struct slice *keys = arena_array(d->arena, t->n_rows + 1, sizeof(*keys));
    struct id_table counts = {0};

    for (size_t i = 0; keys != NULL && i < t->n_rows; i++) {
        uint32_t n;

        keys[i] = watch_row_key(file, t, &t->rows[i], d->arena);
        if (keys[i].len == 0)
            keys[i] = any_cell(&t->rows[i]);
        n = id_table_get(&counts, SLICE("n"), keys[i]);
        n = n == ID_NONE ? 1 : n + 1;
        id_table_put(&counts, d->arena, SLICE("n"), keys[i], n);
        if (n > 1)
            keys[i] = arena_printf(d->arena, "%.*s #%" PRIu32, SLICE_ARG(keys[i]), n);
    }
    return keys;
}

static bool add(struct differ *d, const struct watch_delta *delta)
{
    struct watch_delta *rows =
        arena_grow(d->arena, d->out->rows, d->out->n_rows, &d->room, sizeof(*rows));

    if (rows == NULL)
        return false;
    d->out->rows = rows;
    rows[d->out->n_rows++] = *delta;
    d->out->counts[delta->kind]++;
    return true;
}

/* Where each column of a stands in b; b's width for one that is not there. */
static size_t *map_columns(struct arena *arena, const struct csv_table *a,
                           const struct csv_table *b)
{
    size_t *map = arena_array(arena, a->header.n_cells + 1, sizeof(*map));

    for (size_t i = 0; map != NULL && i < a->header.n_cells; i++)
        map[i] = csv_column(b, csv_cell(&a->header, i));
    return map;
}

static struct slice cell_of(const struct csv_table *t, const struct csv_row *row, size_t column)
{
    return row == NULL || column >= t->header.n_cells ? SLICE("") : csv_cell(row, column);
}

static bool same_row(const struct csv_table *new, const struct csv_row *b, const size_t *to_old,
                     const struct csv_table *old, const struct csv_row *a, const size_t *to_new)
{
    for (size_t i = 0; i < new->header.n_cells; i++)
        if (!slice_equal(csv_cell(b, i), cell_of(old, a, to_old[i])))
            return false;
    for (size_t i = 0; i < old->header.n_cells; i++)
        if (to_new[i] >= new->header.n_cells && csv_cell(a, i).len > 0)
            return false;
    return true;
}

static void diff_file(struct differ *d, enum watch_file file)
{
    const struct csv_table *old = &d->out->old[file];
    const struct csv_table *new = &d->out->new[file];
    const struct slice *old_keys = find_keys(d, file, old);
    const struct slice *new_keys = find_keys(d, file, new);
    const size_t *to_old = map_columns(d->arena, new, old);
    const size_t *to_new = map_columns(d->arena, old, new);
    bool *is_met = arena_array(d->arena, old->n_rows + 1, sizeof(*is_met));
    struct id_table known = {0};

    if (old_keys == NULL || new_keys == NULL || to_old == NULL || to_new == NULL || is_met == NULL)
        return;
    for (size_t i = 0; i < old->n_rows; i++)
        id_table_put(&known, d->arena, SLICE("row"), old_keys[i], (uint32_t)i);
    for (size_t i = 0; i < new->n_rows; i++) {
        struct watch_delta delta = {file, DELTA_ADDED, new_keys[i], NULL, &new->rows[i]};
        uint32_t at = id_table_get(&known, SLICE("row"), new_keys[i]);

        if (at != ID_NONE) {
            is_met[at] = true;
            delta.kind = DELTA_CHANGED;
            delta.old = &old->rows[at];
            if (same_row(new, delta.new, to_old, old, delta.old, to_new))
                continue;
        }
        if (!add(d, &delta))
            return;
    }
    for (size_t i = 0; i < old->n_rows; i++)
        if (!is_met[i] &&
            !add(d, &(struct watch_delta){file, DELTA_REMOVED, old_keys[i], &old->rows[i], NULL}))
            return;
}

enum ww_status watchlist_diff(struct slice old, struct slice new, struct arena *arena,
                              struct watch_diff *out, struct ww_error *err)
{
    struct differ d = {.arena = arena, .out = out};
    enum ww_status status;

    *out = (struct watch_diff){0};
    status = read_tables(old, out->old, arena, err);
    if (status == WW_OK)
        status = read_tables(new, out->new, arena, err);
    for (enum watch_file f = 0; f < WATCH_FILE_COUNT && status == WW_OK; f++) {
        diff_file(&d, f);
        status = arena_check(arena, err);
    }
    return status;
}

size_t watch_diff_cells(const struct watch_diff *diff, const struct watch_delta *row,
                        struct arena *arena, struct watch_cell_delta **out)
{
    const struct csv_table *old = &diff->old[row->file];
    const struct csv_table *new = &diff->new[row->file];
    const size_t n_new = row->new != NULL ? new->header.n_cells : 0;
    const size_t n_old = row->old != NULL ? old->header.n_cells : 0;
    struct watch_cell_delta *cells = arena_array(arena, n_new + n_old + 1, sizeof(*cells));
    size_t n = 0;

    *out = cells;
    for (size_t i = 0; cells != NULL && i < n_new; i++) {
        const struct slice title = csv_cell(&new->header, i);

        cells[n] = (struct watch_cell_delta){title, cell_of(old, row->old, csv_column(old, title)),
                                             csv_cell(row->new, i), i};
        n += !slice_equal(cells[n].old, cells[n].new);
    }
    for (size_t i = 0; cells != NULL && i < n_old; i++) {
        const struct slice title = csv_cell(&old->header, i);

        if (row->new != NULL && csv_column(new, title) < new->header.n_cells)
            continue;
        cells[n] = (struct watch_cell_delta){title, csv_cell(row->old, i), SLICE(""), i};
        n += cells[n].old.len > 0;
    }
    return n;
}

bool watch_is_list_column(struct slice title)
{
    static const char *const titles[] = {"aliases", "context_aliases",  "demonyms",
                                         "names",   "old_romanisation", "place_names",
                                         "require", "exclude"};

    for (size_t i = 0; i < WW_COUNT(titles); i++)
        if (slice_equal_nocase(title, slice_from(titles[i])))
            return true;
    return false;
}
