/*
 * finds_cdx.c - indexes of web archives: which captures they have.
 *
 * Two forms of one thing. The Internet Archive's server answers with an array of arrays, the first
 * of which names the columns; an empty one and one with a resume key end it. pywb, Common Crawl and
 * arquivo.pt give a line for each capture: a JSON object, one behind key and timestamp ("CDXJ"), or
 * 11 or 7 columns of the classic CDX.
 */
#include "feeds/finds_parts.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "feeds/json_rows.h"

#include <jansson.h>
#include <stdlib.h>

enum cdx_field {
    CDX_OTHER,
    CDX_DIGEST,
    CDX_FILE,
    CDX_LENGTH,
    CDX_MIME,
    CDX_OFFSET,
    CDX_STATUS,
    CDX_TIMESTAMP,
    CDX_URL,
    CDX_FIELD_COUNT
};

struct cdx_name {
    const char *name;
    enum cdx_field field;
};

/* Sorted by name, because the lookup is a bsearch. */
static const struct cdx_name names[] = {
    {"digest",     CDX_DIGEST   },
    {"filename",   CDX_FILE     },
    {"length",     CDX_LENGTH   },
    {"mime",       CDX_MIME     },
    {"mimetype",   CDX_MIME     },
    {"offset",     CDX_OFFSET   },
    {"original",   CDX_URL      },
    {"status",     CDX_STATUS   },
    {"statuscode", CDX_STATUS   },
    {"timestamp",  CDX_TIMESTAMP},
    {"url",        CDX_URL      },
};

/* Columns of one row that are looked at: servers have seven, their users name as many or fewer. */
enum { CDX_COLUMNS_MAX = 32 };

static int compare_name(const void *key, const void *row)
{
    return slice_compare_name(*(const struct slice *)key, ((const struct cdx_name *)row)->name);
}

static enum cdx_field field_of(struct slice name)
{
    const struct cdx_name *row =
        bsearch(&name, names, WW_COUNT(names), sizeof(names[0]), compare_name);

    return row == NULL ? CDX_OTHER : row->field;
}

/* What the columns of one capture say; texts may be "-" for nothing. */
struct cdx_row {
    struct slice values[CDX_FIELD_COUNT];
};

static void add_capture(struct finds_reader *r, struct cdx_row *row)
{
    struct find find = {0};
    unsigned long long status = 0;

    for (size_t i = 0; i < CDX_FIELD_COUNT; i++)
        if (slice_equal(row->values[i], SLICE("-")))
            row->values[i] = SLICE("");
    if (!finds_timestamp(row->values[CDX_TIMESTAMP], &find.captured)) {
        r->out->n_bad++;
        return;
    }
    find.url = row->values[CDX_URL];
    find.mime = row->values[CDX_MIME];
    find.digest = finds_digest(row->values[CDX_DIGEST]);
    find.capture = row->values[CDX_FILE];
    find.offset = finds_bytes(row->values[CDX_OFFSET]);
    find.length = finds_bytes(row->values[CDX_LENGTH]);
    if (slice_number(row->values[CDX_STATUS], 999, &status))
        find.status = (long)status;
    finds_add(r, &find);
}

/* ---- an array of arrays ---------------------------------------------------------------------- */

struct cdx_table {
    enum cdx_field columns[CDX_COLUMNS_MAX];
    size_t n_columns; /* 0: they were not named yet */
    bool is_behind;   /* an empty row was seen: a resume key may follow */
};

static bool read_names(struct finds_reader *r, const json_t *row, struct cdx_table *t)
{
    bool has_url = false, has_time = false;
    const json_t *value;
    size_t i;

    json_array_foreach(row, i, value)
    {
        if (i == CDX_COLUMNS_MAX)
            break;
        t->columns[i] = field_of(json_value_text(value, r->arena));
        has_url = has_url || t->columns[i] == CDX_URL;
        has_time = has_time || t->columns[i] == CDX_TIMESTAMP;
        t->n_columns = i + 1;
    }
    return has_url && has_time;
}

static void read_row(struct finds_reader *r, const json_t *row, struct cdx_table *t)
{
    const size_t n = json_array_size(row);
    struct cdx_row capture = {0};

    if (!json_is_array(row)) {
        r->out->n_bad++;
    } else if (t->is_behind && n == 1 && r->out->next.len == 0) {
        r->out->next = json_value_text(json_array_get(row, 0), r->arena);
    } else if (n < t->n_columns) {
        r->out->n_bad++;
    } else {
        for (size_t i = 0; i < t->n_columns; i++)
            capture.values[t->columns[i]] = json_value_text(json_array_get(row, i), r->arena);
        add_capture(r, &capture);
    }
}

enum ww_status finds_read_cdx(struct finds_reader *r, struct ww_error *err)
{
    struct cdx_table table = {0};
    struct json_rows rows;
    struct slice row;
    bool has_names = true;

    if (slice_starts(r->text, SLICE("{"))) {
        finds_say_object(r, r->text);
        return WW_OK;
    }
    if (!json_rows_open(r->text, true, &rows))
        return finds_read_other(r, "an index of captures", err);
    while (has_names && json_rows_next(&rows, &row)) {
        json_t *value;

        if (slice_equal(row, SLICE("[]"))) {
            table.is_behind = true;
            continue;
        }
        /* The resume key stands at the end, however many rows there were before. */
        if ((!table.is_behind || r->out->next.len > 0) && finds_is_full(r))
            continue;
        value = json_row_read(row, r->arena);
        if (table.n_columns > 0 || !json_is_array(value))
            read_row(r, value, &table);
        else
            has_names = read_names(r, value, &table);
        json_decref(value);
    }
    r->out->n_bad += rows.n_bad;
    r->out->is_cut = rows.is_cut;
    if (!has_names || (table.n_columns == 0 && r->out->n_bad > 0))
        return ww_fail(err, WW_INVALID, "an index of captures that does not name its columns");
    return WW_OK;
}

/* ---- a line each ----------------------------------------------------------------------------- */

static bool read_object(struct finds_reader *r, struct slice line, struct cdx_row *out)
{
    json_t *object = json_row_read(line, r->arena);
    const bool is_object = json_is_object(object);

    for (size_t i = 0; is_object && i < WW_COUNT(names); i++) {
        struct slice text = json_member_text(object, names[i].name, r->arena);

        if (text.len > 0)
            out->values[names[i].field] = text;
    }
    if (is_object && out->values[CDX_URL].len == 0 && out->values[CDX_TIMESTAMP].len == 0)
        finds_say_object(r, line);
    json_decref(object);
    return is_object;
}

/* The columns of a classic line: "N b a m s k r M S V g", or seven, without those from r on. */
static bool read_columns(struct slice line, struct cdx_row *out)
{
    static const enum cdx_field eleven[] = {CDX_OTHER,  CDX_TIMESTAMP, CDX_URL,   CDX_MIME,
                                            CDX_STATUS, CDX_DIGEST,    CDX_OTHER, CDX_OTHER,
                                            CDX_LENGTH, CDX_OFFSET,    CDX_FILE};
    static const enum cdx_field seven[] = {CDX_OTHER,  CDX_TIMESTAMP, CDX_URL,   CDX_MIME,
                                           CDX_STATUS, CDX_DIGEST,    CDX_LENGTH};
    struct slice words[WW_COUNT(eleven) + 1], word;
    size_t n = 0;

    while (n < WW_COUNT(words) && slice_next(&line, ' ', &word))
        if (word.len > 0)
            words[n++] = word;
    if (n != WW_COUNT(eleven) && n != WW_COUNT(seven))
        return false;
    for (size_t i = 0; i < n; i++)
        out->values[n == WW_COUNT(seven) ? seven[i] : eleven[i]] = words[i];
    return true;
}

/* CDXJ: key, timestamp, and an object that says the rest. */
static bool read_cdxj(struct finds_reader *r, struct slice line, size_t object, struct cdx_row *out)
{
    struct slice head = slice_trim(slice_head(line, object)), key, timestamp;

    if (!slice_next(&head, ' ', &key))
        return false;
    timestamp = slice_trim(head);
    if (!read_object(r, slice_skip(line, object), out))
        return false;
    if (out->values[CDX_TIMESTAMP].len == 0)
        out->values[CDX_TIMESTAMP] = timestamp;
    return true;
}

/* Could this be the first words of an index? Then what cannot be read of it is bad, not words. */
static bool has_capture(struct slice line)
{
    size_t object = slice_find_char(line, '{');
    struct cdx_row row;

    return object < line.len || read_columns(line, &row);
}

static void read_line(struct finds_reader *r, struct slice line, bool is_last)
{
    const size_t said = r->out->about.len;
    size_t object = slice_find(line, SLICE("{\""));
    struct cdx_row row = {0};
    bool is_read;

    if (object == line.len)
        object = slice_find_char(line, '{');
    if (object == 0)
        is_read = read_object(r, line, &row);
    else if (object < line.len)
        is_read = read_cdxj(r, line, object, &row);
    else
        is_read = read_columns(line, &row);
    /* Mended or not, an object that lost its end may have lost half a value. */
    if (is_last && (object < line.len ? !slice_ends(line, SLICE("}")) : !is_read))
        r->out->is_cut = true;
    else if (!is_read)
        r->out->n_bad++;
    else if (r->out->about.len == said)
        add_capture(r, &row);
}

enum ww_status finds_read_cdx_lines(struct finds_reader *r, struct ww_error *err)
{
    struct slice rest = r->text, line, first = r->text;
    bool is_behind = false;

    (void)slice_next_line(&first, &line);
    if (r->text.len == 0 || r->text.ptr[0] == '<' ||
        (!has_capture(line) && !slice_starts_nocase(line, SLICE("CDX "))))
        return finds_read_other(r, "lines of captures", err);
    while (slice_next_line(&rest, &line)) {
        line = slice_trim(line);
        if (line.len == 0)
            is_behind = true;
        else if (is_behind && line.ptr[0] != '{' && slice_find_char(line, ' ') == line.len)
            r->out->next = line;
        else if (!slice_starts(line, SLICE("CDX ")) && !finds_is_full(r))
            read_line(r, line, rest.len == 0);
    }
    return WW_OK;
}
