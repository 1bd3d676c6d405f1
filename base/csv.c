/* csv.c - the reader and writer of comma-separated tables. */
#include "base/csv.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/limits.h"
#include "base/text.h"

#include <string.h>

/* Where the reader is; rest is what it has not seen. */
struct reader {
    struct slice rest;
    const char *name;
    struct arena *arena;
    size_t line;
    char separator;
    struct slice *cells; /* of the row being read; room for CSV_COLUMNS_MAX */
    size_t n_cells;
};

static enum ww_status bad(const struct reader *r, size_t line, const char *what,
                          struct ww_error *err)
{
    return ww_fail(err, WW_INVALID, "%s:%zu:%zu: %s", r->name, line, r->n_cells + 1, what);
}

/* The separator that the first line has most of, quoted parts left out. */
static char find_separator(struct slice text)
{
    static const char separators[] = {',', ';', '\t'};
    size_t counts[sizeof(separators)] = {0};
    bool is_quoted = false;
    size_t best = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == '"')
            is_quoted = !is_quoted;
        if (!is_quoted && (c == '\n' || c == '\r'))
            break;
        for (size_t k = 0; k < sizeof(separators) && !is_quoted; k++)
            counts[k] += c == separators[k];
    }
    for (size_t k = 1; k < sizeof(separators); k++)
        if (counts[k] > counts[best])
            best = k;
    return separators[best];
}

static bool at_line_end(struct slice s)
{
    return s.len == 0 || s.ptr[0] == '\n' || s.ptr[0] == '\r';
}

/* Step over one line end of any kind. */
static void skip_line_end(struct reader *r)
{
    if (r->rest.len == 0)
        return;
    r->rest = slice_skip(r->rest, slice_starts(r->rest, SLICE("\r\n")) ? 2 : 1);
    r->line++;
}

/* Lines that begin inside s. */
static size_t count_lines(struct slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] == '\n' || (s.ptr[i] == '\r' && (i + 1 == s.len || s.ptr[i + 1] != '\n'));
    return n;
}

/* A cell that begins with a quote; rest is behind it. Doubled quotes are one. */
static enum ww_status read_quoted(struct reader *r, size_t line, struct slice *cell,
                                  struct ww_error *err)
{
    size_t n_doubled = 0;
    size_t end = 0;
    char *copy;
    size_t len = 0;

    for (;;) {
        end += slice_find_char(slice_skip(r->rest, end), '"');
        if (end >= r->rest.len)
            return bad(r, line, "a quote is opened and never closed", err);
        if (end + 1 == r->rest.len || r->rest.ptr[end + 1] != '"')
            break;
        n_doubled++;
        end += 2;
    }
    *cell = slice_head(r->rest, end);
    r->rest = slice_skip(r->rest, end + 1);
    r->line += count_lines(*cell);
    if (!at_line_end(r->rest) && r->rest.ptr[0] != r->separator)
        return bad(r, line, "text stands behind the closing quote", err);
    if (n_doubled == 0)
        return WW_OK;
    copy = arena_alloc(r->arena, cell->len);
    if (copy == NULL)
        return arena_check(r->arena, err);
    for (size_t i = 0; i < cell->len; i++) {
        copy[len++] = cell->ptr[i];
        i += cell->ptr[i] == '"';
    }
    *cell = slice_of(copy, len);
    return WW_OK;
}

static struct slice read_plain(struct reader *r)
{
    size_t end = 0;
    struct slice cell;

    while (end < r->rest.len && r->rest.ptr[end] != r->separator && r->rest.ptr[end] != '\n' &&
           r->rest.ptr[end] != '\r')
        end++;
    cell = slice_head(r->rest, end);
    r->rest = slice_skip(r->rest, end);
    return cell;
}

/*
 * The first character makes a spreadsheet take the cell for a formula. Apostrophes before it do
 * not count: so each one that is added can be told from those that were there.
 */
bool csv_is_formula(struct slice cell)
{
    while (cell.len > 0 && cell.ptr[0] == '\'')
        cell = slice_skip(cell, 1);
    return cell.len > 0 && cell.ptr[0] != '\0' && strchr("=+-@\t\r", cell.ptr[0]) != NULL;
}

/*
 * Every byte that is no ASCII is one of a pair of GB2312's table, two pairs at least: what a
 * Chinese spreadsheet saves as "CSV". In one-byte encodings two letters with marks seldom stand
 * together.
 */
static bool seems_gb(struct slice cell)
{
    size_t n_pairs = 0;

    for (size_t i = 0; i < cell.len; i++) {
        unsigned char lead = (unsigned char)cell.ptr[i];
        unsigned char trail = i + 1 < cell.len ? (unsigned char)cell.ptr[i + 1] : 0;

        if (lead < 0x80)
            continue;
        if (lead < 0xA1 || lead > 0xF7 || trail < 0xA1 || trail == 0xFF)
            return false;
        n_pairs++;
        i++;
    }
    return n_pairs > 1;
}

/* What is not UTF-8 or holds NUL, said of the cell that it stands in. */
static enum ww_status check_bytes(const struct reader *r, size_t line, struct slice cell,
                                  struct ww_error *err)
{
    if (!text_is_utf8(cell))
        return bad(r, line,
                   seems_gb(cell) ? "not UTF-8 but GBK, it seems (Excel's plain \"CSV\"); "
                                    "save the file as UTF-8 (Excel: \"CSV UTF-8\")"
                                  : "not UTF-8; save the file as UTF-8 (Excel: \"CSV UTF-8\")",
                   err);
    if (slice_find_char(cell, '\0') < cell.len)
        return bad(r, line, "holds a NUL byte", err);
    return WW_OK;
}

/* One row; its cells are copied into the arena at the end. */
static enum ww_status read_row(struct reader *r, struct csv_row *row, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    struct slice *cells;
    const char *begin = r->rest.ptr;

    *row = (struct csv_row){.line = r->line};
    r->n_cells = 0;
    for (;;) {
        struct slice cell;

        if (r->n_cells == CSV_COLUMNS_MAX)
            return ww_fail(err, WW_TOO_BIG, "%s:%zu:%d: more cells than %d in a row", r->name,
                           row->line, CSV_COLUMNS_MAX + 1, CSV_COLUMNS_MAX);
        if (r->rest.len > 0 && r->rest.ptr[0] == '"') {
            r->rest = slice_skip(r->rest, 1);
            status = read_quoted(r, row->line, &cell, err);
        } else {
            cell = read_plain(r);
        }
        if (status == WW_OK)
            status = check_bytes(r, row->line, cell, err);
        if (status != WW_OK)
            return status;
        if (cell.len > 1 && cell.ptr[0] == '\'' && csv_is_formula(slice_skip(cell, 1)))
            cell = slice_skip(cell, 1);
        r->cells[r->n_cells++] = cell;
        if (at_line_end(r->rest))
            break;
        r->rest = slice_skip(r->rest, 1);
    }
    skip_line_end(r);
    cells = arena_array(r->arena, r->n_cells, sizeof(*cells));
    if (cells == NULL)
        return arena_check(r->arena, err);
    memcpy(cells, r->cells, r->n_cells * sizeof(*cells));
    row->cells = cells;
    row->n_cells = r->n_cells;
    row->source = slice_of(begin, (size_t)(r->rest.ptr - begin));
    return WW_OK;
}

/* Behind the header there is nothing to say about cells, unless they are empty. */
static enum ww_status check_width(const struct reader *r, const struct csv_row *row,
                                  size_t n_columns, struct ww_error *err)
{
    for (size_t i = n_columns; i < row->n_cells; i++)
        if (row->cells[i].len > 0)
            return ww_fail(err, WW_INVALID, "%s:%zu:%zu: the header has only %zu columns", r->name,
                           row->line, i + 1, n_columns);
    return WW_OK;
}

static enum ww_status read_rows(struct reader *r, struct csv_table *out, struct ww_error *err)
{
    struct csv_row *rows = NULL;
    size_t capacity = 0;
    bool has_header = false;

    while (r->rest.len > 0) {
        struct csv_row row;
        enum ww_status status;

        if (at_line_end(r->rest)) {
            skip_line_end(r);
            continue;
        }
        /* Behind an empty line too, and twice, where files were glued together. */
        if (!has_header && slice_starts(r->rest, SLICE("\xEF\xBB\xBF"))) {
            r->rest = slice_skip(r->rest, 3);
            continue;
        }
        status = read_row(r, &row, err);
        if (status == WW_OK && has_header)
            status = check_width(r, &row, out->header.n_cells, err);
        if (status != WW_OK)
            return status;
        if (!has_header) {
            out->header = row;
            has_header = true;
            continue;
        }
        rows = arena_grow(r->arena, rows, out->n_rows, &capacity, sizeof(*rows));
        if (rows == NULL)
            return arena_check(r->arena, err);
        rows[out->n_rows++] = row;
        out->rows = rows;
    }
    return has_header ? WW_OK : ww_fail(err, WW_INVALID, "%s:1:1: the file is empty", r->name);
}

/*
 * UTF-16: by its byte order mark, else by the zeros of a header in Latin letters, which no other
 * encoding has. NULL: it is not.
 */
const char *csv_utf16(struct slice bytes)
{
    size_t n = bytes.len < CSV_HEADER_LOOK_BYTES ? bytes.len : CSV_HEADER_LOOK_BYTES;
    size_t zeros[2] = {0};

    if (slice_starts(bytes, SLICE("\xFF\xFE")))
        return "UTF-16LE";
    if (slice_starts(bytes, SLICE("\xFE\xFF")))
        return "UTF-16BE";
    for (size_t i = 0; i < n; i++)
        zeros[i % 2] += bytes.ptr[i] == '\0';
    if (bytes.len % 2 != 0 || zeros[0] + zeros[1] < n / 4 || n < 4)
        return NULL;
    if (zeros[0] == 0)
        return "UTF-16LE";
    return zeros[1] == 0 ? "UTF-16BE" : NULL;
}

enum ww_status csv_parse(struct slice bytes, const char *name, struct arena *arena,
                         struct csv_table *out, struct ww_error *err)
{
    struct slice cells[CSV_COLUMNS_MAX];
    struct reader r = {.name = name, .arena = arena, .line = 1, .cells = cells};
    const char *utf16 = csv_utf16(bytes);
    enum ww_status status = WW_OK;

    *out = (struct csv_table){0};
    if (bytes.len > CSV_FILE_MAX_BYTES)
        return ww_fail(err, WW_TOO_BIG, "%s:1:1: %zu bytes, limit %d", name, bytes.len,
                       CSV_FILE_MAX_BYTES);
    if (utf16 != NULL)
        status = charset_decode(bytes, utf16, arena, &bytes, err);
    if (status != WW_OK)
        return ww_context(err, status, "%s:1:1", name);
    r.rest = out->text = bytes;
    r.separator = out->separator = find_separator(bytes);
    return read_rows(&r, out, err);
}

void csv_start(struct csv_stream *s, struct slice text, const char *name)
{
    *s = (struct csv_stream){
        .rest = text, .name = name, .line = 1, .separator = find_separator(text)};
}

enum ww_status csv_next(struct csv_stream *s, struct arena *arena, struct csv_row *row,
                        struct ww_error *err)
{
    struct slice cells[CSV_COLUMNS_MAX];
    struct reader r = {.rest = s->rest,
                       .name = s->name,
                       .arena = arena,
                       .line = s->line,
                       .separator = s->separator,
                       .cells = cells};
    struct slice line;
    enum ww_status status;

    while (r.rest.len > 0 && at_line_end(r.rest))
        skip_line_end(&r);
    *row = (struct csv_row){.line = r.line};
    s->rest = r.rest;
    s->line = r.line;
    if (r.rest.len == 0)
        return WW_NOT_FOUND;
    status = read_row(&r, row, err);
    if (status == WW_OK) {
        s->rest = r.rest;
        s->line = r.line;
        return WW_OK;
    }
    /* Its first line alone is lost: a quote too many takes no other rows with it. */
    (void)slice_next_line(&s->rest, &line);
    s->line++;
    return status;
}

size_t csv_column(const struct csv_table *t, struct slice title)
{
    size_t i = 0;

    while (i < t->header.n_cells && !slice_equal_nocase(csv_cell(&t->header, i), title))
        i++;
    return i;
}

struct slice csv_cell(const struct csv_row *row, size_t column)
{
    return column < row->n_cells ? slice_trim(row->cells[column]) : (struct slice){"", 0};
}

static void add_cell(struct buf *out, struct slice cell)
{
    bool needs_quotes = cell.len > 0 && (cell.ptr[0] == ' ' || cell.ptr[cell.len - 1] == ' ');

    needs_quotes |=
        slice_starts(cell, SLICE("\xEF\xBB\xBF")); /* else it would be a byte order mark */
    for (size_t i = 0; i < cell.len; i++)
        needs_quotes |= memchr(",;\"\n\r\t", cell.ptr[i], 6) != NULL;
    if (needs_quotes)
        buf_add_char(out, '"');
    if (csv_is_formula(cell))
        buf_add_char(out, '\'');
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.ptr[i] == '"')
            buf_add_char(out, '"');
        buf_add_char(out, cell.ptr[i]);
    }
    if (needs_quotes)
        buf_add_char(out, '"');
}

void csv_add_row_as(struct buf *out, const struct slice *cells, size_t n_cells, char separator,
                    const char *line_end)
{
    for (size_t i = 0; i < n_cells; i++) {
        if (i > 0)
            buf_add_char(out, separator);
        add_cell(out, cells[i]);
    }
    buf_add_string(out, line_end);
}

void csv_add_row(struct buf *out, const struct slice *cells, size_t n_cells)
{
    csv_add_row_as(out, cells, n_cells, ',', "\n");
}
