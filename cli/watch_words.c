/* watch_words.c - findings, differences and questions about the watchlist. */
#include "cli/watch_words.h"

#include "alerts/query.h"
#include "alerts/watchlist_edit.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "cli/control.h"
#include "cli/output.h"
#include "storage/store_alerts.h"

#include <inttypes.h>
#include <sysexits.h>
#include <unistd.h>

/* Rows of a difference that people are shown, unless they ask for more. */
#define ROWS_SHOWN 60
/* Columns of one cell's old and new form each. */
#define CELL_COLUMNS 100
/* Bytes before the first difference that are shown of a cell that is longer. */
#define CELL_LEAD_BYTES 30

const char *watch_folder(struct cli *cli)
{
    return arena_string(&cli->arena, cli->config.watchlist);
}

enum ww_status watch_know_item(struct cli *cli, struct slice item, struct ww_error *err)
{
    const struct alert_filter filter = {
        .window = {.limit = 1}, .item = item, .history = STORE_ANY_HISTORY};
    struct alert_view_list alerts;
    struct watchlist list = {0};
    struct nearest near;
    enum ww_status status =
        item.len == 0 ? WW_OK : store_list_alerts(cli->store, &filter, &cli->arena, &alerts, err);

    if (item.len == 0 || status != WW_OK || alerts.n_rows > 0)
        return status;
    (void)watchlist_read(watch_folder(cli), &cli->arena, &list, NULL);
    nearest_init(&near, item);
    for (size_t i = 0; i < list.n_items; i++) {
        if (slice_equal(list.items[i].id, item))
            return WW_OK;
        nearest_try(&near, arena_string(&cli->arena, list.items[i].id));
    }
    return ww_fail(err, WW_NOT_FOUND, "no watched item \"%.*s\"%s%s%s; wirewatch watch list",
                   SLICE_ARG(item), near.best != NULL ? "; did you mean " : "",
                   near.best != NULL ? near.best : "", near.best != NULL ? "?" : "");
}

enum ww_status watch_know_country(struct cli *cli, struct slice *country, struct ww_error *err)
{
    const struct alert_filter filter = {
        .window = {.limit = 1}, .country = *country, .history = STORE_ANY_HISTORY};
    struct alert_view_list alerts;
    struct watchlist list = {0};
    enum ww_status status;

    if (country->len == 0)
        return WW_OK;
    (void)watchlist_read(watch_folder(cli), &cli->arena, &list, NULL);
    for (size_t i = 0; i < list.n_items; i++)
        if (slice_equal_nocase(list.items[i].country, *country)) {
            *country = list.items[i].country;
            return WW_OK;
        }
    status = store_list_alerts(cli->store, &filter, &cli->arena, &alerts, err);
    if (status != WW_OK || alerts.n_rows > 0)
        return status;
    return ww_fail(err, WW_NOT_FOUND,
                   "no watched item is of the country \"%.*s\" (two letters, as IE); wirewatch "
                   "watch list",
                   SLICE_ARG(*country));
}

/* One of the words of one item. */
static bool find_word(struct cli *cli, struct slice words, char separator, struct slice word,
                      struct nearest *near)
{
    struct slice piece;
    bool found = false;

    while (words.len > 0 && slice_next(&words, separator, &piece)) {
        found |= slice_equal_nocase(piece, word);
        nearest_try(near, arena_string(&cli->arena, piece));
    }
    return found;
}

static bool has_word(struct cli *cli, const struct watch_item *item, enum option_id id,
                     struct slice word, struct nearest *near)
{
    if (id == OPTION_TAG)
        return find_word(cli, item->tags, ' ', word, near);
    return find_word(cli, id == OPTION_OWNER ? item->owner : item->kind, '\n', word, near);
}

enum ww_status watch_know_word(struct cli *cli, const struct watchlist *list, enum option_id id,
                               struct ww_error *err)
{
    const struct slice word = slice_from(cli->values[id]);
    struct nearest near;
    bool found;

    nearest_init(&near, word);
    found = word.len == 0 || slice_equal(word, SLICE("none"));
    for (size_t i = 0; i < list->n_items; i++)
        found |= has_word(cli, &list->items[i], id, word, &near);
    for (size_t i = 0; id == OPTION_OWNER && i < cli->config.n_analysts; i++) {
        found |= slice_equal_nocase(cli->config.analysts[i].name, word);
        nearest_try(&near, arena_string(&cli->arena, cli->config.analysts[i].name));
    }
    return found ? WW_OK
                 : ww_fail(err, WW_NOT_FOUND, "no watched item has the %s \"%.*s\"%s%s%s",
                           cli_options[id].name + 2, SLICE_ARG(word),
                           near.best != NULL ? "; did you mean " : "",
                           near.best != NULL ? near.best : "", near.best != NULL ? "?" : "");
}

const char *watch_folder_named(struct cli *cli)
{
    return cli->n_words > 0 ? cli->words[0] : watch_folder(cli);
}

bool watch_version(struct cli *cli, const char *word, int64_t *out)
{
    if (cli_id(word, 'v', out) && *out > 0)
        return true;
    (void)cli_usage(cli, "\"%s\" is no version's number; watch log shows them", word);
    return false;
}

/* ---- findings -------------------------------------------------------------------------------- */

/* Two lines of a terminal, however wide its characters. */
#define CARET_MAX_BYTES 8192

static const char *const level_names[] = {"error", "warning", "note"};

/* The query that it is about, and a caret under the place. */
static void put_place(struct cli *cli, const struct watch_finding *f)
{
    struct buf place;
    struct slice rest, line;

    buf_init(&place, CARET_MAX_BYTES);
    query_show_place(f->query, f->at, &place);
    rest = buf_slice(&place);
    while (rest.len > 0 && slice_next_line(&rest, &line) && line.len > 0)
        (void)fprintf(cli->out, "    %.*s\n", SLICE_ARG(line));
    buf_release(&place);
}

static void put_finding(struct cli *cli, struct output *o, const struct watch_finding *f,
                        const char *name)
{
    if (o == NULL) {
        output_visible(cli->out, slice_from(name), 0);
        (void)fprintf(cli->out, ":%u:%u: %s: ", f->cell.row, f->cell.column, level_names[f->level]);
        output_visible(cli->out, f->text, 0);
        (void)fputc('\n', cli->out);
        if (f->query.len > 0)
            put_place(cli, f);
        return;
    }
    output_string(o, name);
    output_number(o, f->cell.row);
    output_number(o, f->cell.column);
    output_string(o, level_names[f->level]);
    output_text(o, f->text);
    output_end_row(o);
}

void watch_put_findings(struct cli *cli, const struct watch_findings *f, const char *name,
                        bool shows_notes, size_t counts[3])
{
    static const struct column columns[] = {
        {"file",   0           },
        {"row",    COLUMN_RIGHT},
        {"column", COLUMN_RIGHT},
        {"level",  0           },
        {"text",   COLUMN_WIDE }
    };
    struct output *o =
        cli->format == FORMAT_HUMAN ? NULL : output_open(cli, columns, WW_COUNT(columns));

    for (size_t i = 0; i < f->n_rows; i++) {
        const struct watch_finding *row = &f->rows[i];

        counts[row->level]++;
        if (row->level != FINDING_NOTE || shows_notes)
            put_finding(cli, o, row, name != NULL ? name : watch_file_name(row->cell.file));
    }
    if (o != NULL)
        (void)output_close(o);
}

void watch_put_notes(struct cli *cli, const struct watch_findings *f, const char *name,
                     size_t counts[3])
{
    const enum format format = cli->format;
    FILE *out = cli->out;

    if (format != FORMAT_HUMAN)
        cli->out = stderr;
    cli->format = FORMAT_HUMAN;
    watch_put_findings(cli, f, name, true, counts);
    cli->format = format;
    cli->out = out;
}

/* ---- differences ----------------------------------------------------------------------------- */

static bool has_value(struct slice list, struct slice value)
{
    struct slice piece;

    while (list.len > 0 && slice_next(&list, '|', &piece))
        if (slice_equal(slice_trim(piece), value))
            return true;
    return false;
}

/* Values of one list that the other has not, a line each. */
static void put_values(struct cli *cli, const struct watch_cell_delta *c, char sign,
                       struct slice list, struct slice other)
{
    struct slice piece;

    while (list.len > 0 && slice_next(&list, '|', &piece)) {
        piece = slice_trim(piece);
        if (piece.len == 0 || has_value(other, piece))
            continue;
        (void)fputs("    ", cli->out);
        output_visible(cli->out, c->title, 0);
        (void)fprintf(cli->out, ": %c ", sign);
        output_visible(cli->out, piece, CELL_COLUMNS);
        (void)fputc('\n', cli->out);
    }
}

/*
 * How much of two forms of a long cell is left out: what they have in common, but for some of it
 * that shows the eye where the place is. Ends before a character.
 */
static size_t common_bytes(struct slice a, struct slice b)
{
    size_t n = 0;

    while (n < a.len && n < b.len && a.ptr[n] == b.ptr[n])
        n++;
    n = n > CELL_LEAD_BYTES ? n - CELL_LEAD_BYTES : 0;
    while (n > 0 && ((unsigned char)a.ptr[n] & 0xC0) == 0x80)
        n--;
    return n;
}

static void put_form(struct cli *cli, struct slice form, size_t n_common)
{
    if (n_common > 0)
        (void)fputs("...", cli->out);
    output_visible(cli->out, form.len > 0 ? slice_skip(form, n_common) : SLICE("(empty)"),
                   CELL_COLUMNS);
}

static void put_cell(struct cli *cli, const struct watch_delta *row,
                     const struct watch_cell_delta *c)
{
    const size_t n_common =
        row->kind == DELTA_CHANGED && c->new.len > CELL_COLUMNS ? common_bytes(c->old, c->new) : 0;

    if (row->kind == DELTA_CHANGED && watch_is_list_column(c->title)) {
        put_values(cli, c, '-', c->old, c->new);
        put_values(cli, c, '+', c->new, c->old);
        return;
    }
    (void)fputs("    ", cli->out);
    output_visible(cli->out, c->title, 0);
    (void)fputs(": ", cli->out);
    if (row->kind == DELTA_CHANGED) {
        put_form(cli, c->old, n_common);
        (void)fputs(" -> ", cli->out);
    }
    put_form(cli, c->new, n_common);
    (void)fputc('\n', cli->out);
}

static void put_for_people(struct cli *cli, const struct watch_diff *diff,
                           const struct watch_delta *row)
{
    static const char signs[DELTA_KINDS] = {'+', '~', '-'};
    struct watch_cell_delta *cells;
    size_t n = watch_diff_cells(diff, row, &cli->arena, &cells);

    (void)fprintf(cli->out, "%c %s ", signs[row->kind], watch_file_name(row->file));
    output_visible(cli->out, row->key, 0);
    (void)fputc('\n', cli->out);
    for (size_t i = 0; i < n && row->kind != DELTA_REMOVED; i++)
        if (!slice_equal_nocase(cells[i].title, SLICE("id")))
            put_cell(cli, row, &cells[i]);
}

static void put_cells(struct output *o, struct cli *cli, const struct watch_diff *diff,
                      const struct watch_delta *row)
{
    struct watch_cell_delta *cells;
    size_t n = watch_diff_cells(diff, row, &cli->arena, &cells);

    for (size_t i = 0; i < n; i++) {
        output_string(o, watch_file_name(row->file));
        output_text(o, row->key);
        output_string(o, watch_delta_name(row->kind));
        output_text(o, cells[i].title);
        if (row->kind == DELTA_ADDED)
            output_none(o);
        else
            output_text(o, cells[i].old);
        if (row->kind == DELTA_REMOVED)
            output_none(o);
        else
            output_text(o, cells[i].new);
        output_end_row(o);
    }
}

void watch_put_diff(struct cli *cli, const struct watch_diff *diff)
{
    static const struct column columns[] = {
        {"file",   0          },
        {"id",     0          },
        {"change", 0          },
        {"column", 0          },
        {"old",    0          },
        {"new",    COLUMN_WIDE}
    };
    const bool is_human = cli->format == FORMAT_HUMAN;
    const size_t shown = cli->limit > 0                 ? (size_t)cli->limit
                         : cli->limit == 0 || !is_human ? SIZE_MAX
                                                        : ROWS_SHOWN;
    struct output *o = is_human ? NULL : output_open(cli, columns, WW_COUNT(columns));

    for (size_t i = 0; i < diff->n_rows && i < shown; i++)
        if (is_human)
            put_for_people(cli, diff, &diff->rows[i]);
        else if (o != NULL)
            put_cells(o, cli, diff, &diff->rows[i]);
    if (o != NULL)
        (void)output_close(o);
    if (is_human && diff->n_rows > shown)
        cli_say(cli, "(%zu more rows: --limit 0)", diff->n_rows - shown);
}

/* ---- making it so ---------------------------------------------------------------------------- */

static bool person_agrees(struct cli *cli, size_t n)
{
    char answer[16];

    if (cli_has(cli, OPTION_YES))
        return true;
    if (!isatty(STDIN_FILENO)) {
        (void)cli_usage(cli, "nothing done, for nobody can be asked: say --yes (or --dry-run)");
        return false;
    }
    (void)fprintf(stderr, "make %s %zu change%s? [y/N] ", n == 1 ? "this" : "these", n,
                  n == 1 ? "" : "s");
    return fgets(answer, sizeof(answer), stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

static enum ww_status compare(struct cli *cli, struct watch_edit *edit, struct watch_diff *diff,
                              struct ww_error *err)
{
    struct watchlist w;
    struct buf after;
    enum ww_status status;

    buf_init(&after, 2 * (size_t)WATCHLIST_MAX_BYTES);
    status = watch_edit_after(edit, &after, err);
    if (status == WW_OK)
        status = watchlist_parse(buf_slice(&after), &cli->arena, &w, err);
    if (status == WW_OK)
        status = watchlist_diff(watch_edit_before(edit), arena_copy(&cli->arena, buf_slice(&after)),
                                &cli->arena, diff, err);
    buf_release(&after);
    return status;
}

/* What the change does to the control set, before anybody agrees to it. */
static void mention_control(struct cli *cli, struct watch_edit *edit)
{
    struct buf after;

    buf_init(&after, 2 * (size_t)WATCHLIST_MAX_BYTES);
    if (watch_edit_after(edit, &after, NULL) == WW_OK)
        control_mention(cli, watch_edit_before(edit), buf_slice(&after));
    buf_release(&after);
}

static void say_done(struct cli *cli, size_t n, int64_t version, int64_t before)
{
    cli_say(cli, "%zu change%s made; the next run matches with the new list", n, n == 1 ? "" : "s");
    if (before != 0 && before != version)
        cli_say(cli, "this is version %" PRId64 "; wirewatch watch revert %" PRId64 " undoes it",
                version, before);
}

int watch_commit(struct cli *cli, struct watch_edit *edit, const char *origin, struct slice note)
{
    struct watch_diff diff;
    struct ww_error err = {0};
    int64_t version;
    size_t n;
    enum ww_status status = compare(cli, edit, &diff, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    n = diff.n_rows;
    watch_put_diff(cli, &diff);
    if (n > 0)
        mention_control(cli, edit);
    if (n == 0 || cli_has(cli, OPTION_DRY_RUN)) {
        cli_say(cli, "%zu change%s%s", n, n == 1 ? "" : "s", n > 0 ? "; nothing done" : "");
        return EX_OK;
    }
    if (!person_agrees(cli, n))
        return isatty(STDIN_FILENO) ? EX_OK : EX_USAGE;
    status = watch_edit_commit(
        edit, cli->store,
        &(struct watch_edit_note){slice_from(origin), note, clock_now(&cli->clock)}, &version,
        &err);
    if (status == WW_OK) {
        say_done(cli, n, version, watch_edit_version_before(edit));
        return EX_OK;
    }
    (void)cli_fail(cli, status, &err);
    return status == WW_STORE ? EX_CANTCREAT : status == WW_CONFLICT ? EX_TEMPFAIL : EX_DATAERR;
}
