/* cmd_watch_versions.c - wirewatch watch log, diff, revert, export: the list through time. */
#include "alerts/watchlist_diff.h"
#include "alerts/watchlist_edit.h"
#include "alerts/watchlist_export.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/watch_words.h"
#include "storage/store_alerts.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define VERSIONS_SHOWN 20

/* The list as its files have it now. */
static enum ww_status read_now(struct cli *cli, struct slice *out, struct ww_error *err)
{
    struct buf content;
    enum ww_status status;

    buf_init(&content, 2 * (size_t)WATCHLIST_MAX_BYTES);
    status = watchlist_load(watch_folder(cli), &content, err);
    if (status == WW_OK)
        *out = arena_copy(&cli->arena, buf_slice(&content));
    buf_release(&content);
    return status == WW_OK ? arena_check(&cli->arena, err) : status;
}

static enum ww_status read_version(struct cli *cli, int64_t id, struct arena *arena,
                                   struct slice *out, struct ww_error *err)
{
    struct watchlist_row row;
    enum ww_status status = store_watchlist(cli->store, id, arena, &row, err);

    *out = status == WW_OK ? row.content : SLICE("");
    return status;
}

/* ---- log ------------------------------------------------------------------------------------- */

/* What a version changed; earlier: the one before it, 0: there is none. */
static enum ww_status count_changes(struct cli *cli, int64_t earlier, int64_t version,
                                    size_t counts[DELTA_KINDS], struct ww_error *err)
{
    struct arena arena;
    struct watch_diff diff = {0};
    struct slice old = SLICE("");
    struct slice new;
    enum ww_status status = WW_OK;

    arena_init(&arena, WATCHLIST_ARENA_MAX_BYTES);
    if (earlier != 0)
        status = read_version(cli, earlier, &arena, &old, err);
    if (status == WW_OK)
        status = read_version(cli, version, &arena, &new, err);
    if (status == WW_OK && watchlist_diff(old, new, &arena, &diff, NULL) != WW_OK)
        diff = (struct watch_diff){0}; /* one that could not be read was kept all the same */
    memcpy(counts, diff.counts, sizeof(diff.counts));
    arena_release(&arena);
    return status;
}

static void put_version(struct output *o, const struct watchlist_row *row,
                        const size_t counts[DELTA_KINDS])
{
    output_number(o, row->id);
    output_time(o, row->loaded_at);
    output_text(o, row->origin);
    output_number(o, row->n_items);
    for (size_t i = 0; i < DELTA_KINDS; i++)
        output_number(o, (int64_t)counts[i]);
    output_text(o, row->note);
    output_end_row(o);
}

/* What stands in the files and in no version yet. */
static void say_unseen(struct cli *cli, int64_t newest)
{
    struct slice now;
    struct slice stored;
    struct watch_diff diff;

    if (cli->format != FORMAT_HUMAN || newest == 0 || read_now(cli, &now, NULL) != WW_OK ||
        read_version(cli, newest, &cli->arena, &stored, NULL) != WW_OK ||
        slice_equal(now, stored) || watchlist_diff(stored, now, &cli->arena, &diff, NULL) != WW_OK)
        return;
    cli_say(cli,
            "changed by hand since version %" PRId64
            ": %zu added, %zu changed, %zu removed; the next run makes it a version",
            newest, diff.counts[DELTA_ADDED], diff.counts[DELTA_CHANGED],
            diff.counts[DELTA_REMOVED]);
}

int command_watch_log(struct cli *cli)
{
    static const struct column columns[] = {
        {"version", COLUMN_RIGHT},
        {"at",      0           },
        {"by",      0           },
        {"items",   COLUMN_RIGHT},
        {"added",   COLUMN_RIGHT},
        {"changed", COLUMN_RIGHT},
        {"removed", COLUMN_RIGHT},
        {"note",    COLUMN_WIDE }
    };
    struct store_window window = cli_window(cli, VERSIONS_SHOWN);
    struct watchlist_list list;
    struct ww_error err = {0};
    const size_t limit = window.limit;
    enum ww_status status;
    struct output *o;

    window.limit = limit < ALL_ROWS ? limit + 1 : limit; /* the oldest is compared with its own */
    status = store_list_watchlists(cli->store, &window, &cli->arena, &list, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows && i < limit && status == WW_OK; i++) {
        size_t counts[DELTA_KINDS] = {0};

        status = count_changes(cli, i + 1 < list.n_rows ? list.rows[i + 1].id : 0, list.rows[i].id,
                               counts, &err);
        put_version(o, &list.rows[i], counts);
    }
    (void)output_close(o);
    if (list.n_rows > 0 && cli->offset == 0)
        say_unseen(cli, list.rows[0].id);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

/* ---- diff ------------------------------------------------------------------------------------ */

int command_watch_diff(struct cli *cli)
{
    struct slice old = SLICE("");
    struct slice new = SLICE("");
    struct watch_diff diff;
    struct ww_error err = {0};
    int64_t from = 0;
    int64_t to = 0;
    enum ww_status status;

    if ((cli->n_words > 0 && !watch_version(cli, cli->words[0], &from)) ||
        (cli->n_words > 1 && !watch_version(cli, cli->words[1], &to)))
        return EX_USAGE;
    status = read_version(cli, from, &cli->arena, &old, &err);
    if (status == WW_OK)
        status =
            to != 0 ? read_version(cli, to, &cli->arena, &new, &err) : read_now(cli, &new, &err);
    if (status == WW_OK)
        status = watchlist_diff(old, new, &cli->arena, &diff, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    watch_put_diff(cli, &diff);
    if (diff.n_rows > 0)
        cli_say(cli, "%zu added, %zu changed, %zu removed", diff.counts[DELTA_ADDED],
                diff.counts[DELTA_CHANGED], diff.counts[DELTA_REMOVED]);
    return diff.n_rows > 0 ? EXIT_FINDINGS : EX_OK;
}

/* ---- revert ---------------------------------------------------------------------------------- */

int command_watch_revert(struct cli *cli)
{
    struct watch_edit *edit;
    struct slice content = SLICE("");
    struct ww_error err = {0};
    int64_t version = 0;
    enum ww_status status;

    if (!watch_version(cli, cli->words[0], &version))
        return EX_USAGE;
    status = read_version(cli, version, &cli->arena, &content, &err);
    if (status == WW_OK)
        status = watch_edit_open(watch_folder(cli), &cli->arena, &edit, &err);
    for (enum watch_file f = 0; f < WATCH_FILE_COUNT && status == WW_OK; f++)
        status = watch_edit_replace(edit, f, watchlist_file(content, f), &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    return watch_commit(cli, edit, "revert",
                        arena_printf(&cli->arena, "to version %" PRId64, version));
}

/* ---- export ---------------------------------------------------------------------------------- */

/* What is there is somebody's work: it is written over when that is said. */
static enum ww_status write_file(struct cli *cli, const char *path, struct slice bytes,
                                 struct ww_error *err)
{
    const char *mode = cli_has(cli, OPTION_YES) ? "wb" : "wbx";
    FILE *f = fopen(path, mode);
    bool is_written;

    if (f == NULL)
        return ww_fail(err, WW_STORE, "%s: %s%s", path, strerror(errno),
                       errno == EEXIST ? "; --yes writes over it" : "");
    is_written = fwrite(bytes.ptr, 1, bytes.len, f) == bytes.len;
    if (fclose(f) != 0 || !is_written)
        return ww_fail(err, WW_STORE, "%s: %s", path, strerror(errno));
    cli_say(cli, "%s", path);
    return WW_OK;
}

static enum ww_status export_file(struct cli *cli, struct slice bytes, enum watch_file file,
                                  const char *path, struct ww_error *err)
{
    struct buf out;
    enum ww_status status;

    buf_init(&out, 2 * (size_t)WATCHLIST_MAX_BYTES);
    status = watchlist_export(bytes, file, cli_has(cli, OPTION_BOM), &cli->arena, &out, err);
    if (status == WW_OK && strcmp(path, "-") == 0)
        (void)fwrite(out.ptr, 1, out.len, cli->out);
    else if (status == WW_OK)
        status = write_file(cli, path, buf_slice(&out), err);
    buf_release(&out);
    return status;
}

static enum ww_status export_folder(struct cli *cli, struct slice content, const char *folder,
                                    struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return ww_fail(err, WW_STORE, "%s: %s", folder, strerror(errno));
    for (enum watch_file f = 0; f < WATCH_FILE_COUNT && status == WW_OK; f++) {
        struct slice bytes = watchlist_file(content, f);
        struct slice path = arena_printf(&cli->arena, "%s/%s", folder, watch_file_name(f));

        if (slice_trim(bytes).len > 0)
            status = export_file(cli, bytes, f, path.ptr, err);
    }
    return status;
}

/* Which of the files a name stands for: "stations", "my/stations.csv"; WATCH_FILE_COUNT: none. */
static enum watch_file find_file(const char *name)
{
    const char *slash = strrchr(name, '/');
    struct slice base = slice_from(slash != NULL ? slash + 1 : name);

    for (enum watch_file f = 0; f < WATCH_FILE_COUNT; f++)
        if (slice_equal_nocase(base, slice_from(watch_file_name(f))))
            return f;
    return WATCH_FILE_COUNT;
}

int command_watch_export(struct cli *cli)
{
    const char *at = cli->values[OPTION_AT];
    const char *path = cli->words[0];
    const enum watch_file file = find_file(path);
    struct slice content = SLICE("");
    struct ww_error err = {0};
    int64_t version = 0;
    enum ww_status status;

    if (at != NULL && !watch_version(cli, at, &version))
        return EX_USAGE;
    if (file == WATCH_FILE_COUNT && slice_ends_nocase(slice_from(path), SLICE(".csv")))
        return cli_usage(cli,
                         "\"%s\" is none of the list's files: stations.csv, places.csv, "
                         "jurisdictions.csv, terms.csv, rules.csv",
                         path);
    status = at != NULL ? read_version(cli, version, &cli->arena, &content, &err)
                        : read_now(cli, &content, &err);
    if (status == WW_OK && file == WATCH_FILE_COUNT)
        status = export_folder(cli, content, path, &err);
    else if (status == WW_OK && watchlist_file(content, file).ptr == NULL)
        status = ww_fail(&err, WW_NOT_FOUND, "the list has no %s", watch_file_name(file));
    else if (status == WW_OK)
        status = export_file(cli, watchlist_file(content, file), file,
                             cli->n_words > 1 ? cli->words[1] : path, &err);
    if (status == WW_OK)
        return EX_OK;
    (void)cli_fail(cli, status, &err);
    return status == WW_STORE ? EX_CANTCREAT : status == WW_NOT_FOUND ? EX_NOINPUT : EX_DATAERR;
}
