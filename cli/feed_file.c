/* feed_file.c - reading files of feeds: what kind they are, and each kind but OPML. */
#include "cli/feed_file.h"

#include "base/charset.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/feed_fields.h"
#include "cli/feed_file_opml.h"

#include <jansson.h>

/* ---- rows ------------------------------------------------------------------------------------ */

struct filed_feed *feed_file_add(struct cli *cli, struct feed_file *file, size_t *room)
{
    struct filed_feed *rows =
        arena_grow(&cli->arena, file->rows, file->n_rows, room, sizeof(*rows));

    if (rows == NULL)
        return NULL;
    file->rows = rows;
    rows[file->n_rows] = (struct filed_feed){.row.added_at = clock_now(&cli->clock)};
    return &rows[file->n_rows++];
}

enum ww_status feed_file_set(struct cli *cli, struct filed_feed *feed, enum feed_field field,
                             struct slice value, struct ww_error *err)
{
    enum ww_status status;

    if (slice_trim(value).len == 0)
        return WW_OK;
    status = feed_field_set(&feed->row, field, value, &cli->arena, err);
    if (status == WW_OK)
        feed->said |= (uint32_t)1 << field;
    return status;
}

/* ---- names of columns ------------------------------------------------------------------------ */

/* What other programs call our fields. */
static const struct {
    const char *name;
    enum feed_field field;
} others[] = {
    {"xmlurl",       FIELD_URL     },
    {"feed",         FIELD_URL     },
    {"feed_url",     FIELD_URL     },
    {"feedurl",      FIELD_URL     },
    {"link",         FIELD_URL     },
    {"address",      FIELD_URL     },
    {"name",         FIELD_TITLE   },
    {"text",         FIELD_TITLE   },
    {"publisher",    FIELD_OUTLET  },
    {"htmlurl",      FIELD_SITE    },
    {"site_url",     FIELD_SITE    },
    {"website",      FIELD_SITE    },
    {"homepage",     FIELD_SITE    },
    {"country_code", FIELD_COUNTRY },
    {"lang",         FIELD_LANGUAGE},
    {"tag",          FIELD_TAGS    },
    {"categories",   FIELD_TAGS    },
    {"description",  FIELD_NOTE    },
    {"notes",        FIELD_NOTE    },
};

static enum feed_field field_called(struct slice name)
{
    enum feed_field field = feed_field_of(name);

    for (size_t i = 0; i < WW_COUNT(others) && field == FEED_FIELD_COUNT; i++)
        if (slice_equal_nocase(name, slice_from(others[i].name)))
            field = others[i].field;
    return field;
}

/* ---- CSV ------------------------------------------------------------------------------------- */

/* Is the first line a header with a column for the address? */
static bool is_csv(struct slice text)
{
    struct slice line = {"", 0};
    size_t begin = 0;

    while (line.len == 0 && slice_next_line(&text, &line))
        line = slice_trim(line);
    for (size_t i = 0; i <= line.len; i++) {
        struct slice cell = slice_trim(slice_sub(line, begin, i - begin));

        if (i < line.len && line.ptr[i] != ',' && line.ptr[i] != ';' && line.ptr[i] != '\t')
            continue;
        if (cell.len > 1 && cell.ptr[0] == '"' && cell.ptr[cell.len - 1] == '"')
            cell = slice_sub(cell, 1, cell.len - 2);
        if (field_called(cell) == FIELD_URL)
            return true;
        begin = i + 1;
    }
    return false;
}

/* Which field each column holds; those that hold none, or one that has a column, are named. */
static void read_header(struct cli *cli, const char *path, const struct csv_table *t,
                        enum feed_field *fields)
{
    struct slice ignored = {"", 0};

    for (size_t i = 0; i < t->header.n_cells; i++) {
        struct slice name = csv_cell(&t->header, i);

        fields[i] = field_called(name);
        for (size_t k = 0; k < i && fields[i] != FEED_FIELD_COUNT; k++)
            if (fields[k] == fields[i])
                fields[i] = FEED_FIELD_COUNT;
        if (fields[i] == FEED_FIELD_COUNT && name.len > 0)
            ignored = arena_printf(&cli->arena, "%.*s%s%.*s", SLICE_ARG(ignored),
                                   ignored.len > 0 ? ", " : "", SLICE_ARG(text_cut(name, 60)));
    }
    if (ignored.len > 0)
        cli_say(cli, "%s: columns that say nothing of a feed, left out: %.*s", path,
                SLICE_ARG(ignored));
}

static enum ww_status read_csv(struct cli *cli, struct slice bytes, const char *path,
                               struct feed_file *out, struct ww_error *err)
{
    enum feed_field fields[CSV_COLUMNS_MAX];
    struct csv_table table;
    size_t room = 0;
    enum ww_status status = csv_parse(bytes, path, &cli->arena, &table, err);

    if (status != WW_OK)
        return status;
    read_header(cli, path, &table, fields);
    for (size_t i = 0; i < table.n_rows; i++) {
        const struct csv_row *row = &table.rows[i];
        struct filed_feed *feed = feed_file_add(cli, out, &room);

        if (feed == NULL)
            return arena_check(&cli->arena, err);
        feed->line = row->line;
        for (size_t k = 0; k < table.header.n_cells; k++) {
            if (fields[k] == FIELD_URL && csv_cell(row, k).len == 0)
                return ww_fail(err, WW_INVALID, "%s:%zu:%zu: no address", path, row->line, k + 1);
            if (fields[k] != FEED_FIELD_COUNT)
                status = feed_file_set(cli, feed, fields[k], csv_cell(row, k), err);
            if (status != WW_OK)
                return ww_context(err, status, "%s:%zu:%zu", path, row->line, k + 1);
        }
    }
    return WW_OK;
}

/* ---- JSON lines ------------------------------------------------------------------------------ */

/* A string, a number, or a list of strings, as text; empty for null. */
static struct slice json_text(const json_t *value, struct arena *arena)
{
    struct slice all = {"", 0};

    if (json_is_string(value))
        return slice_of(json_string_value(value), json_string_length(value));
    if (json_is_integer(value))
        return arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    for (size_t i = 0; i < json_array_size(value); i++)
        all = arena_printf(arena, "%.*s%s%s", SLICE_ARG(all), i > 0 ? "," : "",
                           json_string_value(json_array_get(value, i)) != NULL
                               ? json_string_value(json_array_get(value, i))
                               : "");
    return all;
}

/* Names that are none of ours go to unknown, each once. */
static enum ww_status read_object(struct cli *cli, json_t *object, struct filed_feed *feed,
                                  json_t *unknown, struct ww_error *err)
{
    const char *key;
    json_t *value;
    enum ww_status status = WW_OK;

    json_object_foreach(object, key, value)
    {
        enum feed_field field = field_called(slice_from(key));

        if (field == FEED_FIELD_COUNT)
            (void)json_object_set_new(unknown, key, json_null());
        else if (status == WW_OK)
            status = feed_file_set(cli, feed, field, json_text(value, &cli->arena), err);
    }
    if (status == WW_OK && feed->row.url.len == 0)
        status = ww_fail(err, WW_INVALID, "no \"url\"");
    return status;
}

static enum ww_status read_lines(struct cli *cli, struct slice text, const char *path,
                                 struct feed_file *out, json_t *unknown, struct ww_error *err)
{
    struct slice line;
    size_t number = 0, room = 0;

    while (slice_next_line(&text, &line)) {
        json_error_t why;
        json_t *object;
        struct filed_feed *feed;
        enum ww_status status;

        number++;
        if (slice_trim(line).len == 0)
            continue;
        object = json_loadb(line.ptr, line.len, JSON_REJECT_DUPLICATES, &why);
        if (!json_is_object(object)) {
            json_decref(object);
            return ww_fail(err, WW_INVALID, "%s:%zu:%d: %s", path, number,
                           object == NULL ? why.column : 1,
                           object == NULL ? why.text : "not an object");
        }
        feed = feed_file_add(cli, out, &room);
        status = feed == NULL ? arena_check(&cli->arena, err)
                              : read_object(cli, object, feed, unknown, err);
        json_decref(object);
        if (status != WW_OK)
            return ww_context(err, status, "%s:%zu:1", path, number);
        feed->line = number;
    }
    return WW_OK;
}

static enum ww_status read_jsonl(struct cli *cli, struct slice text, const char *path,
                                 struct feed_file *out, struct ww_error *err)
{
    json_t *unknown = json_object();
    enum ww_status status = read_lines(cli, text, path, out, unknown, err);
    struct slice names = {"", 0};
    const char *key;
    json_t *value;

    json_object_foreach(unknown, key, value)
    {
        names = arena_printf(&cli->arena, "%.*s%s%.60s", SLICE_ARG(names),
                             names.len > 0 ? ", " : "", key);
    }
    if (status == WW_OK && names.len > 0)
        cli_say(cli, "%s: names that say nothing of a feed, left out: %.*s", path,
                SLICE_ARG(names));
    json_decref(unknown);
    return status;
}

/* ---- a list of addresses --------------------------------------------------------------------- */

/* One address a line; what stands behind it is its title. Lines that begin with # are comments. */
static enum ww_status read_list(struct cli *cli, struct slice text, const char *path,
                                struct feed_file *out, struct ww_error *err)
{
    struct slice line;
    size_t number = 0, room = 0;

    while (slice_next_line(&text, &line)) {
        struct filed_feed *feed;
        struct slice rest;
        size_t blank = 0;
        enum ww_status status;

        number++;
        rest = slice_trim(line);
        if (rest.len == 0 || rest.ptr[0] == '#')
            continue;
        while (blank < rest.len && rest.ptr[blank] != ' ' && rest.ptr[blank] != '\t')
            blank++;
        feed = feed_file_add(cli, out, &room);
        if (feed == NULL)
            return arena_check(&cli->arena, err);
        feed->line = number;
        status = feed_file_set(cli, feed, FIELD_URL, slice_head(rest, blank), err);
        if (status == WW_OK)
            status = feed_file_set(cli, feed, FIELD_TITLE, slice_skip(rest, blank), err);
        if (status != WW_OK)
            return ww_context(err, status, "%s:%zu:%zu", path, number,
                              (size_t)(rest.ptr - line.ptr) + 1);
    }
    return WW_OK;
}

/* ---- which kind ------------------------------------------------------------------------------ */

enum ww_status feed_file_read(struct cli *cli, struct workers *workers, const char *path,
                              struct feed_file *out, struct ww_error *err)
{
    struct slice bytes, text;
    enum ww_status status =
        file_read_input(path, BODY_INFLATED_MAX_BYTES, &cli->arena, &bytes, err);

    *out = (struct feed_file){0};
    if (status == WW_OK)
        status = charset_decode(bytes, charset_detect(bytes, CHARSET_PLAIN, slice_of("", 0)),
                                &cli->arena, &text, err);
    if (status != WW_OK)
        return status;
    text = slice_trim(text);
    if (slice_starts(text, SLICE("<")))
        return feed_file_read_opml(cli, workers, bytes, path, out, err);
    if (slice_starts(text, SLICE("{")))
        return read_jsonl(cli, text, path, out, err);
    if (is_csv(text))
        return read_csv(cli, bytes, path, out, err);
    if (slice_ends_nocase(slice_from(path), SLICE(".csv")))
        return ww_fail(err, WW_INVALID, "%s:1:1: no column \"url\" in the first row", path);
    return read_list(cli, text, path, out, err);
}
