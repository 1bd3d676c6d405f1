/* cmd_watch.c - wirewatch watch: the list of what is looked for; checking it and changing it. */
#include "alerts/watchlist.h"
#include "alerts/watchlist_lint.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/output.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

/*
 * The folder that was named, else the one of the settings, else the one that came with wirewatch.
 */
static const char *choose_folder(struct cli *cli)
{
    if (cli->n_words > 0)
        return cli->words[0];
    return arena_string(&cli->arena, cli->config.watchlist);
}

/* ---- list ------------------------------------------------------------------------------------ */

static int64_t count_names(const struct watchlist *w, size_t item)
{
    int64_t n = 0;

    for (size_t i = 0; i < w->n_names; i++) {
        const struct watch_name *name = &w->names[i];

        if (name->class == WATCH_TERM)
            continue;
        if (name->class == WATCH_PLACE || name->class == WATCH_DEMONYM)
            n += w->places[name->owner].item == item;
        else
            n += name->owner == item;
    }
    return n;
}

int command_watch_list(struct cli *cli)
{
    static const struct column columns[] = {
        {"id",      0           },
        {"kind",    0           },
        {"country", 0           },
        {"names",   COLUMN_RIGHT},
        {"name",    COLUMN_WIDE }
    };
    const char *country = cli->values[OPTION_COUNTRY];
    struct watchlist w;
    struct ww_error err = {0};
    const char *folder = choose_folder(cli);
    enum ww_status status = watchlist_read(folder, &cli->arena, &w, &err);
    size_t limit = cli->limit > 0 ? (size_t)cli->limit : SIZE_MAX;
    size_t n = 0;
    struct output *o;

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < w.n_items; i++) {
        const struct watch_item *item = &w.items[i];

        if (country != NULL && !slice_equal_nocase(item->country, slice_from(country)))
            continue;
        if (n++ < (size_t)cli->offset || n - (size_t)cli->offset > limit)
            continue;
        output_text(o, item->id);
        output_text(o, item->kind);
        output_text(o, item->country);
        output_number(o, count_names(&w, i));
        output_text(o, item->name);
        output_end_row(o);
    }
    (void)output_close(o);
    if (cli->format == FORMAT_HUMAN)
        cli_say(cli, "%s: %zu items, %zu names, %zu terms, %zu places, version %.12s", folder,
                w.n_items, w.n_names, w.n_terms, w.n_places, w.version);
    return EX_OK;
}

/* ---- lint ------------------------------------------------------------------------------------ */

static const char *const level_names[] = {"error", "warning", "note"};

static void put_findings(struct cli *cli, const struct watch_findings *f, size_t counts[3])
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
        if (row->level == FINDING_NOTE && !cli_has(cli, OPTION_VERBOSE))
            continue;
        if (o == NULL) {
            (void)fprintf(cli->out, "%s:%u:%u: %s: ", watch_file_name(row->cell.file),
                          row->cell.row, row->cell.column, level_names[row->level]);
            output_visible(cli->out, row->text, 0);
            (void)fputc('\n', cli->out);
            continue;
        }
        output_string(o, watch_file_name(row->cell.file));
        output_number(o, row->cell.row);
        output_number(o, row->cell.column);
        output_string(o, level_names[row->level]);
        output_text(o, row->text);
        output_end_row(o);
    }
    if (o != NULL)
        (void)output_close(o);
}

static enum ww_status examine(struct cli *cli, const char *folder, struct watchlist *w,
                              struct watch_findings *findings, struct ww_error *err)
{
    struct buf content;
    enum ww_status status;

    buf_init(&content, WATCHLIST_MAX_BYTES);
    *findings = (struct watch_findings){0};
    status = watchlist_load(folder, &content, err);
    if (status == WW_OK)
        status = watchlist_examine(buf_slice(&content), &cli->arena, w, findings, err);
    buf_release(&content);
    return status;
}

int command_watch_lint(struct cli *cli)
{
    struct watchlist w;
    struct watch_findings findings;
    struct ww_error err = {0};
    size_t counts[3] = {0};
    const char *folder;
    enum ww_status status = WW_OK;

    if (cli->n_words == 0)
        status = config_read(cli->config_path, &cli->arena, &cli->config, &err);
    if (status != WW_OK) {
        (void)cli_fail(cli, status, &err);
        return EX_CONFIG;
    }
    folder = choose_folder(cli);
    status = examine(cli, folder, &w, &findings, &err);
    if (status == WW_OK)
        status = watchlist_lint(&w, &cli->arena, &findings, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    put_findings(cli, &findings, counts);
    if (cli->format == FORMAT_HUMAN)
        cli_say(cli, "%zu error%s, %zu warning%s, %zu note%s%s", counts[FINDING_ERROR],
                counts[FINDING_ERROR] == 1 ? "" : "s", counts[FINDING_WARNING],
                counts[FINDING_WARNING] == 1 ? "" : "s", counts[FINDING_NOTE],
                counts[FINDING_NOTE] == 1 ? "" : "s",
                counts[FINDING_NOTE] > 0 && !cli_has(cli, OPTION_VERBOSE) ? " (-v shows them)"
                                                                          : "");
    return counts[FINDING_ERROR] + counts[FINDING_WARNING] > 0 ? EXIT_FINDINGS : EX_OK;
}

/* ---- import ---------------------------------------------------------------------------------- */

static bool same_row(const struct csv_row *a, const struct csv_row *b)
{
    if (a->n_cells != b->n_cells)
        return false;
    for (size_t i = 0; i < a->n_cells; i++)
        if (!slice_equal(a->cells[i], b->cells[i]))
            return false;
    return true;
}

static bool has_row(const struct csv_table *t, const struct csv_row *row)
{
    for (size_t i = 0; i < t->n_rows; i++)
        if (same_row(&t->rows[i], row))
            return true;
    return false;
}

/* Is there a row of that id? The rows of terms have none: there a changed row is another row. */
static bool has_id(const struct csv_table *t, struct slice id)
{
    size_t column = csv_column(t, SLICE("id"));

    for (size_t i = 0; i < t->n_rows && column < t->header.n_cells; i++)
        if (slice_equal(csv_cell(&t->rows[i], column), id))
            return true;
    return false;
}

static void say_row(struct cli *cli, char sign, enum watch_file file, struct slice what)
{
    (void)fprintf(cli->out, "%c %s ", sign, watch_file_name(file));
    output_visible(cli->out, what, 0);
    (void)fputc('\n', cli->out);
}

/* Rows of t that the other table has not; one that it has otherwise is said once, as changed. */
static size_t put_rows(struct cli *cli, char sign, enum watch_file file, const struct csv_table *t,
                       const struct csv_table *other)
{
    size_t id = csv_column(t, SLICE("id"));
    size_t term = csv_column(t, SLICE("term"));
    bool is_keyed = file != WATCH_TERMS && id < t->header.n_cells;
    size_t n = 0;

    for (size_t i = 0; i < t->n_rows; i++) {
        const struct csv_row *row = &t->rows[i];
        struct slice name = csv_cell(row, is_keyed ? id : term < t->header.n_cells ? term : 0);
        bool is_changed = is_keyed && has_id(other, name);

        if (has_row(other, row) || (is_changed && sign == '-'))
            continue;
        say_row(cli, is_changed ? '~' : sign, file, name);
        n++;
    }
    return n;
}

/* What would change, a line a row; gives how many. */
static size_t put_changes(struct cli *cli, const struct watchlist *old, const struct watchlist *new)
{
    size_t n = 0;

    for (enum watch_file f = 0; f < WATCH_FILE_COUNT; f++) {
        if (!new->has_file[f])
            continue;
        if (old->has_file[f] && !same_row(&old->files[f].header, &new->files[f].header)) {
            say_row(cli, '~', f, SLICE("(the header)"));
            n++;
        }
        n += put_rows(cli, '+', f, &new->files[f], &old->files[f]);
        n += put_rows(cli, '-', f, &old->files[f], &new->files[f]);
    }
    return n;
}

/* In one step: a reader sees the old file or the new one. */
static enum ww_status replace_file(struct cli *cli, const char *from, const char *to,
                                   struct ww_error *err)
{
    struct slice temporary = arena_printf(&cli->arena, "%s.new", to);
    char chunk[16384];
    FILE *in = fopen(from, "rb");
    FILE *out = in != NULL ? fopen(temporary.ptr, "wb") : NULL;
    enum ww_status status = WW_OK;
    size_t n;

    if (out == NULL) {
        status =
            ww_fail(err, WW_STORE, "%s: %s", in == NULL ? from : temporary.ptr, strerror(errno));
        goto out;
    }
    while ((n = fread(chunk, 1, sizeof(chunk), in)) > 0)
        (void)fwrite(chunk, 1, n, out);
    if (ferror(in) || fflush(out) != 0 || fsync(fileno(out)) != 0 || rename(temporary.ptr, to) != 0)
        status = ww_fail(err, WW_STORE, "%s: %s", to, strerror(errno));
out:
    if (in != NULL)
        (void)fclose(in);
    if (out != NULL)
        (void)fclose(out);
    return status;
}

static enum ww_status put_files(struct cli *cli, const struct watchlist *new, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (mkdir(arena_string(&cli->arena, cli->config.watchlist), 0777) != 0 && errno != EEXIST)
        return ww_fail(err, WW_STORE, "%.*s: %s", SLICE_ARG(cli->config.watchlist),
                       strerror(errno));
    for (enum watch_file f = 0; f < WATCH_FILE_COUNT && status == WW_OK; f++) {
        struct slice to = arena_printf(&cli->arena, "%.*s/%s", SLICE_ARG(cli->config.watchlist),
                                       watch_file_name(f));
        struct slice from = arena_printf(&cli->arena, "%s/%s", cli->words[0], watch_file_name(f));

        if (new->has_file[f])
            status = replace_file(cli, from.ptr, to.ptr, err);
    }
    return status;
}

static bool person_agrees(struct cli *cli, size_t n)
{
    char answer[16];

    if (cli_has(cli, OPTION_YES))
        return true;
    if (!isatty(STDIN_FILENO)) {
        cli_say(cli, "nothing done: --yes makes it so");
        return false;
    }
    (void)fprintf(stderr, "make these %zu changes? [y/N] ", n);
    return fgets(answer, sizeof(answer), stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

int command_watch_import(struct cli *cli)
{
    struct watchlist old = {0};
    struct watchlist new;
    struct watch_findings findings;
    struct ww_error err = {0};
    size_t counts[3] = {0};
    size_t n;
    enum ww_status status = examine(cli, cli->words[0], &new, &findings, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    put_findings(cli, &findings, counts);
    if (counts[FINDING_ERROR] > 0) {
        cli_say(cli, "nothing done: mend the %zu error%s first", counts[FINDING_ERROR],
                counts[FINDING_ERROR] == 1 ? "" : "s");
        return EX_DATAERR;
    }
    status =
        watchlist_read(arena_string(&cli->arena, cli->config.watchlist), &cli->arena, &old, &err);
    if (status != WW_OK && status != WW_NOT_FOUND)
        cli_say(cli, "the list in use cannot be read: %s", err.message);
    n = put_changes(cli, &old, &new);
    if (n == 0 || cli_has(cli, OPTION_DRY_RUN)) {
        cli_say(cli, "%zu change%s%s", n, n == 1 ? "" : "s", n > 0 ? "; nothing done" : "");
        return EX_OK;
    }
    if (!person_agrees(cli, n))
        return EX_OK;
    status = put_files(cli, &new, &err);
    if (status != WW_OK) {
        (void)cli_fail(cli, status, &err);
        return EX_CANTCREAT;
    }
    cli_say(cli, "%zu change%s made; the next run matches with the new list", n, n == 1 ? "" : "s");
    return EX_OK;
}
