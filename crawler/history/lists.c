/* lists.c - lines and rows with an address in them. */
#include "crawler/history/lists.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/charset.h"
#include "base/csv.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "crawler/history/documents.h"
#include "storage/store_history.h"

/* ---- what is a list -------------------------------------------------------------------------- */

bool lists_is_addresses(struct slice text, bool is_cut)
{
    struct slice line;
    size_t n = 0, n_others = 0;

    while (slice_next_line(&text, &line)) {
        line = slice_trim(line);
        if (line.len == 0 || line.ptr[0] == '#' || (is_cut && text.len == 0))
            continue;
        n += url_is_fetchable(line);
        n_others += !url_is_fetchable(line);
    }
    return n > 0 && n_others <= n / LIST_OTHERS_PART;
}

enum column { COLUMN_URL, COLUMN_DATE, COLUMN_TITLE, COLUMN_COUNT };

/* The best names of a column come first. */
static const struct {
    const char *name;
    enum column column;
} titles[] = {
    {"url",          COLUMN_URL  },
    {"link",         COLUMN_URL  },
    {"published_at", COLUMN_DATE },
    {"published",    COLUMN_DATE },
    {"publish_date", COLUMN_DATE },
    {"date",         COLUMN_DATE },
    {"title",        COLUMN_TITLE},
};

static size_t find_title(const struct csv_row *header, const char *name)
{
    size_t i = 0;

    while (i < header->n_cells && !slice_equal_nocase(csv_cell(header, i), slice_from(name)))
        i++;
    return i;
}

/* Where each column is; header->n_cells: nowhere. */
static void find_columns(const struct csv_row *header, size_t columns[COLUMN_COUNT])
{
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        columns[i] = header->n_cells;
    for (size_t i = 0; i < WW_COUNT(titles); i++)
        if (columns[titles[i].column] == header->n_cells)
            columns[titles[i].column] = find_title(header, titles[i].name);
}

/* A word alone in its line heads a table only above an address. */
bool lists_is_table(struct slice text, struct arena *arena)
{
    size_t columns[COLUMN_COUNT];
    struct csv_stream stream;
    struct csv_row row, second;

    csv_start(&stream, text, "");
    if (csv_next(&stream, arena, &row, NULL) != WW_OK)
        return false;
    find_columns(&row, columns);
    if (columns[COLUMN_URL] == row.n_cells)
        return false;
    return row.n_cells > 1 || (csv_next(&stream, arena, &second, NULL) == WW_OK &&
                               url_is_fetchable(csv_cell(&second, columns[COLUMN_URL])));
}

/* ---- reading --------------------------------------------------------------------------------- */

struct list {
    struct backfill *backfill;
    const char *path;
    struct arena row;      /* what is made of one row */
    enum date_order order; /* of the numbers in its dates */
};

/* Empty, and counted, when it cannot be. */
static enum ww_status decode(const struct list *l, struct slice bytes, struct arena *arena,
                             struct slice *text, struct ww_error *err)
{
    const char *name = csv_utf16(bytes);
    struct ww_error why = {0};
    enum ww_status status;

    if (name == NULL)
        name = charset_detect(bytes, CHARSET_PLAIN, (struct slice){"", 0});
    status = charset_decode(bytes, name, arena, text, &why);
    if (status == WW_NOMEM)
        return ww_fail(err, status, "%s", why.message);
    if (status == WW_OK)
        return WW_OK;
    *text = (struct slice){"", 0};
    backfill_count_end(l->backfill, slice_from(l->path),
                       status == WW_TOO_BIG ? BACKFILL_TOO_BIG : BACKFILL_NOT_READ, &why);
    return WW_OK;
}

/* Counted, and named with its line; its memory is given back. */
static void lose_row(struct list *l, size_t line, const struct ww_error *why)
{
    const struct slice place = arena_printf(&l->row, "%s:%zu", l->path, line);

    backfill_count_bad_row(l->backfill, place.ptr != NULL ? place : slice_from(l->path), why);
}

/* What the list says, as it is stored. */
static enum ww_status take_row(struct list *l, size_t line, struct find_row *find,
                               struct ww_error *err)
{
    struct ww_error why = {0};
    struct slice url = {"", 0};
    enum ww_status status;

    if (url_resolve(find->url, url, &l->row, &url, &why) == WW_NOMEM || l->row.failed)
        return arena_check(&l->row, err);
    if (!url_is_fetchable(url)) {
        (void)ww_fail(&why, WW_INVALID, "no address: \"%.*s\"",
                      SLICE_ARG(text_cut(find->url, 100)));
        lose_row(l, line, &why);
        return WW_OK;
    }
    find->url = url;
    find->title =
        text_cut(text_squeeze(text_clean(find->title, &l->row), &l->row), TITLE_MAX_BYTES);
    if (l->row.failed)
        return arena_check(&l->row, err);
    status = backfill_offer_find(l->backfill, find, &why);
    if (status == WW_INVALID || status == WW_TOO_BIG) { /* no name of a host, on a closer look */
        lose_row(l, line, &why);
        return WW_OK;
    }
    return status == WW_OK ? WW_OK : ww_fail(err, status, "%s", why.message);
}

enum ww_status lists_read_addresses(struct backfill *b, struct slice bytes, const char *path,
                                    struct arena *arena, bool *is_whole, struct ww_error *err)
{
    struct list l = {.backfill = b, .path = path};
    struct slice text, rest, line;
    enum ww_status status = decode(&l, bytes, arena, &text, err);

    if (status != WW_OK)
        return status;
    arena_init(&l.row, DOCUMENT_ARENA_MAX_BYTES);
    rest = text;
    for (size_t n = 1; status == WW_OK && !backfill_is_stopped(b) && slice_next_line(&rest, &line);
         n++) {
        struct find_row find = {.url = slice_trim(line)};

        arena_reset(&l.row);
        if (find.url.len > 0 && find.url.ptr[0] != '#' &&
            backfill_reach(b, (int64_t)(line.ptr - text.ptr)))
            status = take_row(&l, n, &find, err);
    }
    *is_whole = rest.len == 0;
    arena_release(&l.row);
    return status;
}

/* "25/03/2023" is day first, "03/25/2023" month first; most dates do not say. */
static enum date_order order_of(struct slice date)
{
    const size_t first = slice_find_char(date, '/');
    const size_t second = first + 1 + slice_find_char(slice_skip(date, first + 1), '/');
    unsigned long long numbers[2] = {0};

    if (second >= date.len || !slice_number(slice_head(date, first), 31, &numbers[0]) ||
        !slice_number(slice_sub(date, first + 1, second - first - 1), 31, &numbers[1]))
        return DATE_ORDER_UNKNOWN;
    if (numbers[0] > 12)
        return DATE_ORDER_DAY_FIRST;
    return numbers[1] > 12 ? DATE_ORDER_MONTH_FIRST : DATE_ORDER_UNKNOWN;
}

/* One program wrote them all: what some say holds for the others, unless they differ. */
static enum date_order find_order(struct list *l, struct csv_stream stream, size_t column)
{
    bool seen[DATE_ORDER_MONTH_FIRST + 1] = {false};
    struct csv_row row;
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < LIST_ORDER_ROWS && status != WW_NOT_FOUND && !l->row.failed; i++) {
        arena_reset(&l->row);
        status = csv_next(&stream, &l->row, &row, NULL);
        if (status == WW_OK)
            seen[order_of(csv_cell(&row, column))] = true;
    }
    if (seen[DATE_ORDER_DAY_FIRST] == seen[DATE_ORDER_MONTH_FIRST])
        return DATE_ORDER_UNKNOWN;
    return seen[DATE_ORDER_DAY_FIRST] ? DATE_ORDER_DAY_FIRST : DATE_ORDER_MONTH_FIRST;
}

static enum ww_status read_row(struct list *l, const struct csv_row *row,
                               const size_t columns[COLUMN_COUNT], struct ww_error *err)
{
    struct find_row find = {.url = csv_cell(row, columns[COLUMN_URL]),
                            .title = csv_cell(row, columns[COLUMN_TITLE])};
    struct date date;

    if (date_parse_ordered(csv_cell(row, columns[COLUMN_DATE]), l->order, &date)) {
        find.published_at = date.at;
        find.published_precision = date.precision;
    }
    return take_row(l, row->line, &find, err);
}

/* The rows behind the header. */
static enum ww_status read_rows(struct list *l, struct csv_stream *stream, const char *begin,
                                const size_t columns[COLUMN_COUNT], struct ww_error *err)
{
    enum ww_status status = WW_OK;

    while (status == WW_OK && !backfill_is_stopped(l->backfill)) {
        const int64_t at = (int64_t)(stream->rest.ptr - begin);
        struct ww_error why = {0};
        struct csv_row row;
        enum ww_status outcome;

        arena_reset(&l->row);
        outcome = csv_next(stream, &l->row, &row, &why);
        if (outcome == WW_NOT_FOUND)
            break;
        if (outcome != WW_OK && l->row.failed)
            return arena_check(&l->row, err);
        if (!backfill_reach(l->backfill, at))
            continue;
        if (outcome != WW_OK)
            lose_row(l, row.line, &why);
        else
            status = read_row(l, &row, columns, err);
    }
    return status;
}

enum ww_status lists_read_table(struct backfill *b, struct slice bytes, const char *path,
                                struct arena *arena, bool *is_whole, struct ww_error *err)
{
    struct list l = {.backfill = b, .path = path};
    size_t columns[COLUMN_COUNT];
    struct csv_stream stream;
    struct csv_row header;
    struct slice text;
    struct ww_error why = {0};
    enum ww_status status = decode(&l, bytes, arena, &text, err), outcome;

    *is_whole = true;
    if (status != WW_OK || text.len == 0)
        return status;
    csv_start(&stream, text, path);
    outcome = csv_next(&stream, arena, &header, &why);
    if (outcome != WW_OK && arena->failed)
        return arena_check(arena, err);
    if (outcome == WW_OK)
        find_columns(&header, columns);
    if (outcome == WW_OK && columns[COLUMN_URL] == header.n_cells)
        outcome = ww_fail(&why, WW_INVALID, "no column url or link");
    if (outcome != WW_OK) {
        backfill_count_end(b, slice_from(path), BACKFILL_NOT_READ, &why);
        return WW_OK;
    }
    arena_init(&l.row, DOCUMENT_ARENA_MAX_BYTES);
    l.order = find_order(&l, stream, columns[COLUMN_DATE]);
    status = read_rows(&l, &stream, text.ptr, columns, err);
    arena_release(&l.row);
    *is_whole = stream.rest.len == 0;
    return status;
}
