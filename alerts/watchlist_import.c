/* watchlist_import.c - from people's spreadsheets to rows of the list. */
#include "alerts/watchlist_import.h"

#include "alerts/watchlist_derive.h"
#include "alerts/watchlist_import_source.h"
#include "alerts/watchlist_titles.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"

#include <string.h>

/* Cells of a row of the source, beside those that are derived. */
#define FIELDS_MAX (CSV_COLUMNS_MAX + 8)

/* ---- which file ------------------------------------------------------------------------------ */

/* A column that only this file has; the first that is there decides. */
static const struct {
    const char *title;
    enum watch_file file;
} marks[] = {
    {"query",          WATCH_RULES        },
    {"term",           WATCH_TERMS        },
    {"place_names",    WATCH_JURISDICTIONS},
    {"site",           WATCH_STATIONS     },
    {"match_scope",    WATCH_STATIONS     },
    {"city",           WATCH_STATIONS     },
    {"disambiguation", WATCH_PLACES       },
    {"demonyms",       WATCH_PLACES       },
    {"names",          WATCH_PLACES       },
    {"aliases",        WATCH_STATIONS     },
};

static bool find_by_name(const char *name, enum watch_file *out)
{
    const char *slash = strrchr(name, '/');
    struct slice base = slice_from(slash != NULL ? slash + 1 : name);

    for (enum watch_file f = 0; f < WATCH_FILE_COUNT; f++) {
        struct slice stem = slice_from(watch_file_name(f));

        stem.len -= strlen(".csv");
        if (slice_starts_nocase(base, stem)) {
            *out = f;
            return true;
        }
    }
    return false;
}

static bool find_by_columns(const struct csv_table *t, struct arena *arena, enum watch_file *out)
{
    for (size_t i = 0; i < WW_COUNT(marks); i++)
        for (size_t k = 0; k < t->header.n_cells; k++) {
            const char *meant = watch_title_meant(marks[i].file, csv_cell(&t->header, k), arena);

            if (meant != NULL && strcmp(meant, marks[i].title) == 0) {
                *out = marks[i].file;
                return true;
            }
        }
    return false;
}

/* The file in use that has the first row's id. */
static bool find_by_ids(const struct watch_edit *e, const struct csv_table *t, enum watch_file *out)
{
    static const enum watch_file files[] = {WATCH_STATIONS, WATCH_JURISDICTIONS, WATCH_RULES,
                                            WATCH_PLACES};
    struct slice id = SLICE("");

    for (size_t i = 0; i < t->n_rows && id.len == 0; i++)
        if (!watch_is_comment(&t->rows[i]))
            id = csv_cell(&t->rows[i], csv_column(t, SLICE("id")));
    for (size_t i = 0; i < WW_COUNT(files) && id.len > 0; i++)
        if (watch_edit_find(e, files[i], id) != SIZE_MAX) {
            *out = files[i];
            return true;
        }
    return false;
}

static bool find_file(struct watch_import *im, const struct csv_table *t, const char *name)
{
    im->by = "name";
    if (find_by_name(name, &im->file))
        return true;
    im->by = "columns";
    if (find_by_columns(t, im->arena, &im->file))
        return true;
    im->by = "ids";
    return find_by_ids(im->edit, t, &im->file);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void add_field(struct watch_field *fields, size_t *n, const char *title, struct slice value)
{
    for (size_t i = 0; i < *n; i++)
        if (slice_equal(fields[i].title, slice_from(title))) {
            fields[i].value = value;
            return;
        }
    fields[(*n)++] = (struct watch_field){slice_from(title), value};
}

static struct slice field_of(const struct watch_field *fields, size_t n, const char *title)
{
    for (size_t i = 0; i < n; i++)
        if (slice_equal(fields[i].title, slice_from(title)))
            return fields[i].value;
    return SLICE("");
}

/* What a sites' row lacks. False: an error was said. */
static bool derive_site(struct import_reader *r, struct watch_field *fields, size_t *n)
{
    struct watch_site s = {.id = field_of(fields, *n, "id"),
                           .name = field_of(fields, *n, "name"),
                           .city = field_of(fields, *n, "city"),
                           .country = field_of(fields, *n, "country"),
                           .names = field_of(fields, *n, "names"),
                           .site = field_of(fields, *n, "site"),
                           .match_scope = field_of(fields, *n, "match_scope"),
                           .kind = field_of(fields, *n, "kind")};
    struct ww_error err = {0};
    const char *column = "id";
    size_t at;

    if (watch_derive_site(r->deriver, &s, &column, &err) != WW_OK) {
        at = import_column(r->source, column);
        import_say(r, FINDING_ERROR, at == SIZE_MAX ? 0 : at, slice_from(err.message));
        return false;
    }
    add_field(fields, n, "id", s.id);
    if (s.country.len > 0)
        add_field(fields, n, "country", s.country);
    if (!s.is_known) {
        add_field(fields, n, "name", s.name);
        add_field(fields, n, "kind", s.kind);
        add_field(fields, n, "site", s.site);
        add_field(fields, n, "match_scope", s.match_scope);
        if (s.is_new_place)
            import_say(
                r, FINDING_NOTE, import_column(r->source, "city"),
                arena_printf(r->arena,
                             "places.csv has no \"%.*s\": a place of that one name is made; more "
                             "names find more",
                             SLICE_ARG(s.city)));
    }
    for (size_t i = 0; i < *n; i++) /* they are the place's */
        if (slice_equal(fields[i].title, SLICE("names")))
            fields[i--] = fields[--*n];
    return true;
}

/* An id out of the name for rows of the other files. */
static void derive_id(struct import_reader *r, struct watch_field *fields, size_t *n)
{
    struct slice country = field_of(fields, *n, "country");
    struct slice words = watch_slug(field_of(fields, *n, "name"), r->arena);

    if (r->file == WATCH_TERMS || words.len == 0 || field_of(fields, *n, "id").len > 0)
        return;
    if (country.len > 0 && r->file == WATCH_PLACES)
        words = arena_printf(r->arena, "%.*s-%.*s", SLICE_ARG(watch_slug(country, r->arena)),
                             SLICE_ARG(words));
    add_field(fields, n, "id", words);
}

/* As watch_row_key has it. */
static struct slice key_of(struct import_reader *r, const struct watch_field *fields, size_t n)
{
    if (r->file != WATCH_TERMS)
        return field_of(fields, n, "id");
    return watch_term_key(field_of(fields, n, "language"), field_of(fields, n, "term"),
                          field_of(fields, n, "role"), r->arena);
}

/*
 * Every row of the source but one: false, and said, for the second of an id. A term may stand
 * twice: it says the same twice, or the second counts.
 */
static bool note_row(struct import_reader *r, struct slice key)
{
    uint32_t first = id_table_get(&r->source->lines, SLICE("row"), key);
    const bool is_term = r->file == WATCH_TERMS;
    size_t column = import_column(r->source, is_term ? "term" : "id");

    if (first != ID_NONE) {
        import_say(r, is_term ? FINDING_NOTE : FINDING_ERROR, column == SIZE_MAX ? 0 : column,
                   arena_printf(r->arena, "\"%.*s\" stands in row %u too",
                                SLICE_ARG(slice_head(key, 80)), first));
        return is_term;
    }
    id_table_put(&r->source->lines, r->arena, SLICE("row"), key, (uint32_t)r->row->line);
    return true;
}

/* The cells of the source's row, mended. False: an error was said. */
static bool read_cells(struct import_reader *r, struct watch_field *fields, size_t *n)
{
    const size_t at = import_in_use(r);
    bool is_good = true;

    *n = 0;
    for (size_t i = 0; i < r->source->n_titles; i++) {
        struct slice value = SLICE("");

        if (i < r->row->n_cells && !import_cell(r, i, at, &value))
            is_good = false;
        if (r->source->titles[i][0] != '\0')
            add_field(fields, n, r->source->titles[i], value);
    }
    return is_good;
}

static enum ww_status read_row(struct import_reader *r, struct ww_error *err)
{
    struct watch_field fields[FIELDS_MAX];
    size_t n;
    size_t n_kept = 0;
    size_t at;
    struct slice key;
    enum ww_status status;

    if (watch_is_comment(r->row) || !read_cells(r, fields, &n))
        return WW_OK;
    if (r->file == WATCH_STATIONS ? !derive_site(r, fields, &n) : (derive_id(r, fields, &n), false))
        return WW_OK;
    key = key_of(r, fields, n);
    at = watch_edit_find(r->im->edit, r->file, key);
    if (key.len == 0)
        import_say(r, FINDING_ERROR, 0,
                   r->file == WATCH_TERMS ? SLICE("the row has no term")
                                          : SLICE("the row has no id and no name to make one of"));
    if (key.len == 0 || !note_row(r, key))
        return WW_OK;
    if (at != SIZE_MAX && r->im->known.len == 0)
        r->im->known = key;
    /* Of a new row only what says something: no column comes to be for nothing. */
    for (size_t i = 0; i < n; i++)
        if (at != SIZE_MAX || fields[i].value.len > 0)
            fields[n_kept++] = fields[i];
    status = watch_edit_put(r->im->edit, r->file, fields, n_kept, err);
    if (at == SIZE_MAX && r->file == WATCH_STATIONS && status == WW_OK)
        watch_derive_noted(r->deriver);
    return status;
}

/* Rows that the source did not speak of. */
static enum ww_status remove_others(struct import_reader *r, struct ww_error *err)
{
    const size_t n = watch_edit_rows(r->im->edit, r->file);
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < n && status == WW_OK; i++) {
        struct slice key = watch_edit_key(r->im->edit, r->file, i);

        if (watch_edit_is_there(r->im->edit, r->file, i) && key.len > 0 &&
            id_table_get(&r->source->lines, SLICE("row"), key) == ID_NONE)
            status = watch_edit_remove(r->im->edit, r->file, key, err);
    }
    return status;
}

/* ---- a file ---------------------------------------------------------------------------------- */

enum ww_status import_open(struct watch_import *im, struct ww_error *err)
{
    im->findings = (struct watch_findings){0};
    im->sources = arena_array(im->arena, WATCH_FILE_COUNT, sizeof(*im->sources));
    return im->sources != NULL ? WW_OK : arena_check(im->arena, err);
}

enum ww_status watch_import_file(struct watch_import *im, struct slice bytes, const char *name,
                                 bool is_whole, struct ww_error *err)
{
    struct import_reader r = {.im = im, .arena = im->arena};
    enum ww_status status = import_open(im, err);

    if (status == WW_OK)
        status = csv_parse(bytes, name, im->arena, &r.table, err);
    if (status != WW_OK)
        return status;
    if (!find_file(im, &r.table, name))
        return ww_fail(err, WW_INVALID,
                       "%s:1:1: which file of the list is this? It has no column city, aliases, "
                       "names, term or query; or call it stations.csv, places.csv ...",
                       name);
    r.file = im->file;
    r.source = &im->sources[r.file];
    status = import_titles(&r, err);
    if (status == WW_OK && r.file == WATCH_STATIONS)
        status = watch_deriver_open(im->edit, im->arena, &r.deriver, err);
    for (size_t i = 0; i < r.table.n_rows && status == WW_OK; i++) {
        r.row = &r.table.rows[i];
        status = read_row(&r, err);
    }
    if (status == WW_OK && is_whole)
        status = remove_others(&r, err);
    return status == WW_OK ? arena_check(im->arena, err) : status;
}
