/* watchlist_export.c - rows as they stand, or written anew where a spreadsheet would misread them.
 */
#include "alerts/watchlist_export.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/record.h"

struct slice watchlist_file(struct slice content, enum watch_file file)
{
    struct record r = record_open(content);

    while (r.rest.len > 0 && !r.failed) {
        struct slice name = record_text(&r);
        struct slice bytes = record_bytes(&r);

        if (!r.failed && slice_equal(name, slice_from(watch_file_name(file))))
            return bytes.ptr != NULL ? bytes : SLICE("");
    }
    return (struct slice){NULL, 0};
}

static void put_row(const struct csv_table *t, const struct csv_row *row, struct buf *out)
{
    const struct slice line = row->source;
    bool is_plain = t->separator == ',' && line.len > 0 && line.ptr[line.len - 1] == '\n' &&
                    slice_find_char(line, '\r') == line.len;

    for (size_t i = 0; i < row->n_cells; i++)
        is_plain &= !csv_is_formula(row->cells[i]);
    if (is_plain)
        buf_add(out, line);
    else
        csv_add_row(out, row->cells, row->n_cells);
}

enum ww_status watchlist_export(struct slice bytes, enum watch_file file, bool has_mark,
                                struct arena *arena, struct buf *out, struct ww_error *err)
{
    struct csv_table t;
    enum ww_status status = csv_parse(bytes, watch_file_name(file), arena, &t, err);

    if (status != WW_OK)
        return status;
    if (has_mark)
        buf_add_string(out, "\xEF\xBB\xBF");
    put_row(&t, &t.header, out);
    for (size_t i = 0; i < t.n_rows; i++)
        put_row(&t, &t.rows[i], out);
    return buf_finish(out, err);
}
