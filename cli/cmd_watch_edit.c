/* cmd_watch_edit.c - wirewatch watch add, set, remove: single rows, without a spreadsheet. */
#include "alerts/watchlist_edit.h"
#include "alerts/watchlist_import.h"
#include "alerts/watchlist_titles.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/watch_cells.h"
#include "cli/watch_words.h"

#include <stdint.h>
#include <string.h>
#include <sysexits.h>

/* Where an id is looked for, in this order. */
static const enum watch_file files[] = {WATCH_STATIONS, WATCH_JURISDICTIONS, WATCH_RULES,
                                        WATCH_PLACES};

/* "status=closed", "aliases+=Mill", "aliases-=Mill". */
struct assignment {
    struct slice title, value;
    char sign; /* 0, '+' or '-' */
};

static bool read_assignment(struct cli *cli, const char *word, struct assignment *out)
{
    const struct slice s = slice_from(word);
    size_t equals = slice_find_char(s, '=');

    if (equals == s.len || equals == 0) {
        (void)cli_usage(cli, "\"%s\" is no KEY=VALUE", word);
        return false;
    }
    out->sign = s.ptr[equals - 1] == '+' || s.ptr[equals - 1] == '-' ? s.ptr[equals - 1] : '\0';
    out->title = slice_trim(slice_head(s, equals - (out->sign != '\0' ? 1 : 0)));
    out->value = slice_trim(slice_skip(s, equals + 1));
    return true;
}

/* Does the file have this column, or would it read it? */
static bool knows(struct cli *cli, const struct watch_edit *e, enum watch_file file,
                  struct slice title)
{
    size_t n;
    const struct slice *titles = watch_edit_titles(e, file, &n);

    for (size_t i = 0; i < n; i++)
        if (slice_equal_nocase(slice_trim(titles[i]), title))
            return true;
    return watch_title_meant(file, title, &cli->arena) != NULL;
}

static enum ww_status fail_title(const char *file, struct slice title, const struct nearest *near,
                                 struct ww_error *err)
{
    return ww_fail(err, WW_INVALID, "%s has no column \"%.*s\"%s%s", file,
                   SLICE_ARG(slice_head(title, 80)), near->best != NULL ? "; did you mean " : "",
                   near->best != NULL ? near->best : "");
}

/* ---- add ------------------------------------------------------------------------------------- */

/* The words of the command as a spreadsheet of one row. */
static bool make_sheet(struct cli *cli, struct buf *out)
{
    static const struct {
        enum option_id option;
        const char *title;
    } options[] = {
        {OPTION_CITY,    "city"   },
        {OPTION_COUNTRY, "country"},
        {OPTION_ALIAS,   "aliases"},
        {OPTION_TAGS,    "tags"   },
        {OPTION_OWNER,   "owner"  },
    };
    struct slice titles[CSV_COLUMNS_MAX];
    struct slice cells[CSV_COLUMNS_MAX];
    size_t n = 0;

    for (size_t i = 0; i < WW_COUNT(options); i++)
        if (cli_has(cli, options[i].option)) {
            titles[n] = slice_from(options[i].title);
            cells[n++] = slice_from(cli->values[options[i].option]);
        }
    for (int i = 0; i < cli->n_words && n < CSV_COLUMNS_MAX; i++) {
        struct assignment a;

        if (!read_assignment(cli, cli->words[i], &a))
            return false;
        titles[n] = a.title;
        cells[n++] = a.value;
    }
    if (n == 0) {
        (void)cli_usage(cli, "what is to be added? --city and --country, or KEY=VALUE");
        return false;
    }
    csv_add_row(out, titles, n);
    csv_add_row(out, cells, n);
    return true;
}

/* The new rows' cells, as they were understood: a country may have been named. */
static int check_new(struct cli *cli, const struct watch_edit *e, size_t n_before)
{
    static const char *const titles[] = {"country", "status", "status_date"};
    int end = EX_OK;

    for (size_t i = n_before; i < watch_edit_rows(e, WATCH_STATIONS); i++)
        for (size_t k = 0; k < WW_COUNT(titles) && end == EX_OK; k++)
            end = watch_cell_check(cli, e, slice_from(titles[k]),
                                   watch_edit_cell(e, WATCH_STATIONS, i, titles[k]));
    return end;
}

/* A column that nobody knows would be made, and what it holds never be read. */
static enum ww_status check_columns(struct cli *cli, const struct watch_edit *e,
                                    struct ww_error *err)
{
    struct assignment a;
    struct nearest near;

    for (int i = 0; i < cli->n_words && read_assignment(cli, cli->words[i], &a); i++) {
        if (knows(cli, e, WATCH_STATIONS, a.title) || slice_equal(a.title, SLICE("names")))
            continue; /* the names are the new place's */
        nearest_init(&near, a.title);
        watch_title_try(WATCH_STATIONS, &near);
        return fail_title(watch_file_name(WATCH_STATIONS), a.title, &near, err);
    }
    return WW_OK;
}

/* The sheet's row into the edit, when it is a new one. */
static enum ww_status add_row(struct cli *cli, struct watch_import *im, struct slice sheet,
                              struct ww_error *err)
{
    enum ww_status status = check_columns(cli, im->edit, err);

    if (status == WW_OK)
        status = watch_import_file(im, sheet, "stations.csv", false, err);
    if (status == WW_OK && im->known.len > 0)
        return ww_fail(err, WW_INVALID,
                       "stations.csv has a row %.*s: wirewatch watch set %.*s changes it; another "
                       "site there wants a name= or id= of its own",
                       SLICE_ARG(slice_head(im->known, 60)), SLICE_ARG(slice_head(im->known, 60)));
    return status == WW_OK ? watch_import_check(im, err) : status;
}

int command_watch_add(struct cli *cli)
{
    struct watch_import im = {.arena = &cli->arena};
    struct ww_error err = {0};
    size_t counts[3] = {0};
    struct buf sheet;
    enum ww_status status;
    size_t n_before = 0;
    int end;

    buf_init(&sheet, CSV_FILE_MAX_BYTES);
    if (!make_sheet(cli, &sheet)) {
        buf_release(&sheet);
        return EX_USAGE;
    }
    status = watch_edit_open(watch_folder(cli), &cli->arena, &im.edit, &err);
    if (status == WW_OK) {
        n_before = watch_edit_rows(im.edit, WATCH_STATIONS);
        status = add_row(cli, &im, arena_copy(&cli->arena, buf_slice(&sheet)), &err);
    }
    buf_release(&sheet);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    watch_put_notes(cli, &im.findings, "the new row", counts);
    if (counts[FINDING_ERROR] > 0)
        return EX_DATAERR;
    end = check_new(cli, im.edit, n_before);
    if (end != EX_OK)
        return end;
    return watch_commit(cli, im.edit, "add",
                        slice_from(cli_has(cli, OPTION_NOTE) ? cli->values[OPTION_NOTE] : ""));
}

/* ---- set and remove -------------------------------------------------------------------------- */

/* The first file with a row of this id; WATCH_FILE_COUNT: none has. */
static enum watch_file find_file(const struct watch_edit *e, struct slice id)
{
    for (size_t i = 0; i < WW_COUNT(files); i++)
        if (watch_edit_find(e, files[i], id) != SIZE_MAX)
            return files[i];
    return WATCH_FILE_COUNT;
}

/* The rows of stations.csv whose site this is, with blanks before them. */
static struct slice rows_of_site(struct cli *cli, const struct watch_edit *e, struct slice id)
{
    struct slice rows = SLICE("");

    for (size_t i = 0; i < watch_edit_rows(e, WATCH_STATIONS); i++)
        if (watch_edit_is_there(e, WATCH_STATIONS, i) &&
            slice_equal(watch_edit_cell(e, WATCH_STATIONS, i, "site"), id))
            rows = arena_printf(&cli->arena, "%.*s %.*s", SLICE_ARG(rows),
                                SLICE_ARG(watch_edit_key(e, WATCH_STATIONS, i)));
    return slice_head(rows, 150);
}

/* No row has the id; it may be that of a site of several rows, or mistyped. */
static int fail_unknown(struct cli *cli, const struct watch_edit *e, struct slice id)
{
    struct slice rows = rows_of_site(cli, e, id);
    struct ww_error err = {0};
    struct nearest near;

    if (rows.len > 0)
        return cli_fail(cli,
                        ww_fail(&err, WW_NOT_FOUND, "\"%.*s\" is the site of these rows:%.*s",
                                SLICE_ARG(id), SLICE_ARG(rows)),
                        &err);
    nearest_init(&near, id);
    for (size_t i = 0; i < WW_COUNT(files); i++)
        for (size_t k = 0; k < watch_edit_rows(e, files[i]); k++)
            nearest_try(&near, arena_string(&cli->arena, watch_edit_key(e, files[i], k)));
    return cli_fail(cli,
                    ww_fail(&err, WW_NOT_FOUND, "no row has the id \"%.*s\"; %s%s",
                            SLICE_ARG(slice_head(id, 80)),
                            near.best != NULL ? "did you mean " : "wirewatch watch list shows them",
                            near.best != NULL ? near.best : ""),
                    &err);
}

/* No file with a row of this id has such a column. */
static enum ww_status fail_column(struct cli *cli, const struct watch_edit *e, struct slice id,
                                  struct slice title, struct ww_error *err)
{
    struct slice rows = rows_of_site(cli, e, id);
    struct nearest near;

    if (rows.len > 0 && knows(cli, e, WATCH_STATIONS, title))
        return ww_fail(err, WW_INVALID,
                       "%.*s is a column of stations.csv; the rows of this site:%.*s",
                       SLICE_ARG(title), SLICE_ARG(rows));
    nearest_init(&near, title);
    for (size_t i = 0; i < WW_COUNT(files); i++)
        if (watch_edit_find(e, files[i], id) != SIZE_MAX)
            watch_title_try(files[i], &near);
    return fail_title(watch_file_name(find_file(e, id)), title, &near, err);
}

/* The list with a value more, or less. */
static struct slice change_list(struct cli *cli, struct slice list, const struct assignment *a)
{
    struct slice out = SLICE("");
    struct slice piece;

    while (list.len > 0 && slice_next(&list, '|', &piece))
        if (!slice_equal(slice_trim(piece), a->value))
            out = arena_printf(&cli->arena, "%.*s%s%.*s", SLICE_ARG(out), out.len > 0 ? "|" : "",
                               SLICE_ARG(slice_trim(piece)));
    if (a->sign == '+')
        out = arena_printf(&cli->arena, "%.*s%s%.*s", SLICE_ARG(out), out.len > 0 ? "|" : "",
                           SLICE_ARG(a->value));
    return out;
}

static enum ww_status assign(struct cli *cli, struct watch_edit *e, struct slice id,
                             const struct assignment *a, struct ww_error *err)
{
    struct watch_field fields[] = {
        {SLICE("id"), id      },
        {a->title,    a->value}
    };
    enum watch_file file = WATCH_FILE_COUNT;
    const char *meant;

    for (size_t i = WW_COUNT(files); i > 0; i--)
        if (watch_edit_find(e, files[i - 1], id) != SIZE_MAX &&
            knows(cli, e, files[i - 1], a->title))
            file = files[i - 1];
    if (file == WATCH_FILE_COUNT)
        return fail_column(cli, e, id, a->title, err);
    meant = watch_title_meant(file, a->title, &cli->arena);
    if (meant != NULL)
        fields[1].title = slice_from(meant);
    if (slice_equal(fields[1].title, SLICE("id")))
        return ww_fail(err, WW_INVALID, "an id stays as it is: alerts refer to it");
    if (a->sign != '\0')
        fields[1].value = change_list(cli,
                                      watch_edit_cell(e, file, watch_edit_find(e, file, id),
                                                      arena_string(&cli->arena, fields[1].title)),
                                      a);
    return watch_edit_put(e, file, fields, WW_COUNT(fields), err);
}

int command_watch_set(struct cli *cli)
{
    const struct slice id = slice_from(cli->words[0]);
    struct watch_edit *e;
    struct ww_error err = {0};
    enum ww_status status = watch_edit_open(watch_folder(cli), &cli->arena, &e, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (find_file(e, id) == WATCH_FILE_COUNT)
        return fail_unknown(cli, e, id);
    for (int i = 1; i < cli->n_words && status == WW_OK; i++) {
        struct assignment a;

        if (!read_assignment(cli, cli->words[i], &a) ||
            watch_cell_check(cli, e, a.title, a.value) != EX_OK)
            return EX_USAGE;
        status = assign(cli, e, id, &a, &err);
    }
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    return watch_commit(cli, e, "set",
                        slice_from(cli_has(cli, OPTION_NOTE) ? cli->values[OPTION_NOTE] : ""));
}

/*
 * A site whose last row goes leaves its place among those that are only looked out for: a place
 * that says "station" would stand for no site.
 */
static enum ww_status leave_place(struct watch_edit *e, struct slice site, struct ww_error *err)
{
    const struct watch_field fields[] = {
        {SLICE("id"),    site              },
        {SLICE("watch"), SLICE("gazetteer")}
    };
    const size_t place = watch_edit_find(e, WATCH_PLACES, site);

    if (place == SIZE_MAX ||
        !slice_equal(watch_edit_cell(e, WATCH_PLACES, place, "watch"), SLICE("station")))
        return WW_OK;
    for (size_t i = 0; i < watch_edit_rows(e, WATCH_STATIONS); i++)
        if (watch_edit_is_there(e, WATCH_STATIONS, i) &&
            (slice_equal(watch_edit_cell(e, WATCH_STATIONS, i, "site"), site) ||
             slice_equal(watch_edit_key(e, WATCH_STATIONS, i), site)))
            return WW_OK;
    return watch_edit_put(e, WATCH_PLACES, fields, WW_COUNT(fields), err);
}

/* The row, and what of its place was only for it. */
static enum ww_status remove_row(struct watch_edit *e, enum watch_file file, struct slice id,
                                 struct ww_error *err)
{
    struct slice site = SLICE("");
    enum ww_status status;

    if (file == WATCH_STATIONS)
        site = watch_edit_cell(e, file, watch_edit_find(e, file, id), "site");
    status = watch_edit_remove(e, file, id, err);
    if (status == WW_OK && file == WATCH_STATIONS)
        status = leave_place(e, site.len > 0 ? site : id, err);
    return status;
}

int command_watch_remove(struct cli *cli)
{
    struct watch_edit *e;
    struct ww_error err = {0};
    enum ww_status status = watch_edit_open(watch_folder(cli), &cli->arena, &e, &err);

    for (int i = 0; i < cli->n_words && status == WW_OK; i++) {
        const struct slice id = slice_from(cli->words[i]);
        const enum watch_file file = find_file(e, id);

        if (file == WATCH_FILE_COUNT)
            return fail_unknown(cli, e, id);
        status = remove_row(e, file, id, &err);
    }
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    return watch_commit(cli, e, "remove",
                        slice_from(cli_has(cli, OPTION_NOTE) ? cli->values[OPTION_NOTE] : ""));
}
