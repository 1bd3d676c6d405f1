/* watchlist_import_folder.c - whole files in place of the list's, row for row as they stand. */
#include "alerts/watchlist_import_source.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/record.h"

#include <string.h>

/* The row's cells as they are to be; true when one of them had to be mended. */
static bool mend_row(struct import_reader *r, struct slice *cells)
{
    const size_t at = import_in_use(r);
    bool is_changed = false;

    memcpy(cells, r->row->cells, r->row->n_cells * sizeof(*cells));
    if (watch_is_comment(r->row))
        return false;
    for (size_t i = 0; i < r->row->n_cells; i++) {
        (void)import_cell(r, i, at, &cells[i]);
        if (slice_equal(slice_trim(cells[i]), slice_trim(r->row->cells[i])))
            cells[i] = r->row->cells[i];
        else
            is_changed = true;
    }
    return is_changed;
}

/* A row that is right as it stands, in a file of this form. */
static bool is_plain(const struct csv_table *t, struct slice line)
{
    return t->separator == ',' && line.len > 0 && line.ptr[line.len - 1] == '\n' &&
           slice_find_char(line, '\r') == line.len;
}

/* Where the key stands, for what is found later. */
static void note_source(struct import_reader *r)
{
    struct slice key = watch_row_key(r->file, &r->table, r->row, r->arena);

    if (key.len > 0 && id_table_get(&r->source->lines, SLICE("row"), key) == ID_NONE)
        id_table_put(&r->source->lines, r->arena, SLICE("row"), key, (uint32_t)r->row->line);
}

/* The file in the form that the list has: UTF-8, commas, its own titles. */
static enum ww_status put_file(struct import_reader *r, struct buf *out, struct ww_error *err)
{
    struct slice *titles = arena_array(r->arena, r->source->n_titles + 1, sizeof(*titles));
    struct slice cells[CSV_COLUMNS_MAX];
    bool is_same = is_plain(&r->table, r->table.header.source);

    if (titles == NULL)
        return arena_check(r->arena, err);
    for (size_t i = 0; i < r->source->n_titles; i++) {
        titles[i] = slice_from(r->source->titles[i]);
        is_same &= slice_equal(titles[i], r->table.header.cells[i]);
    }
    if (is_same)
        buf_add(out, r->table.header.source);
    else
        csv_add_row(out, titles, r->source->n_titles);
    for (size_t i = 0; i < r->table.n_rows; i++) {
        r->row = &r->table.rows[i];
        is_same = !mend_row(r, cells) && is_plain(&r->table, r->row->source);
        note_source(r);
        if (is_same)
            buf_add(out, r->row->source);
        else
            csv_add_row(out, cells, r->row->n_cells);
    }
    return buf_finish(out, err);
}

static enum ww_status replace_file(struct watch_import *im, enum watch_file file,
                                   struct slice bytes, struct ww_error *err)
{
    struct import_reader r = {
        .im = im, .arena = im->arena, .file = file, .source = &im->sources[file]};
    struct buf out;
    enum ww_status status;

    if (slice_trim(bytes).len == 0 && file == WATCH_RULES)
        return WW_OK;
    buf_init(&out, 2 * (size_t)WATCHLIST_MAX_BYTES);
    status = csv_parse(bytes, watch_file_name(file), im->arena, &r.table, err);
    if (status == WW_OK)
        status = import_titles(&r, err);
    if (status == WW_OK)
        status = put_file(&r, &out, err);
    if (status == WW_OK)
        status = watch_edit_replace(im->edit, file, arena_copy(im->arena, buf_slice(&out)), err);
    buf_release(&out);
    return status == WW_OK ? arena_check(im->arena, err) : status;
}

enum ww_status watch_import_folder(struct watch_import *im, const char *folder,
                                   struct ww_error *err)
{
    struct buf content;
    struct slice copy;
    struct record r;
    enum ww_status status = import_open(im, err);

    im->file = WATCH_FILE_COUNT;
    buf_init(&content, 2 * (size_t)WATCHLIST_MAX_BYTES);
    if (status == WW_OK)
        status = watchlist_load(folder, &content, err);
    copy = status == WW_OK ? arena_copy(im->arena, buf_slice(&content)) : SLICE("");
    buf_release(&content);
    r = record_open(copy);
    while (r.rest.len > 0 && !r.failed && status == WW_OK) {
        struct slice name = record_text(&r);
        struct slice bytes = record_bytes(&r);

        for (size_t i = 0; i < WATCH_FILE_COUNT && !r.failed && status == WW_OK; i++)
            if (slice_equal(name, slice_from(watch_file_name((enum watch_file)i))))
                status = replace_file(im, (enum watch_file)i, bytes, err);
    }
    return status == WW_OK ? arena_check(im->arena, err) : status;
}
