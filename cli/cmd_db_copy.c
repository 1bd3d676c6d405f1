/*
 * cmd_db_copy.c - wirewatch db copy, db backup: a whole database into a new one, or into a file; or
 * are two the same?
 */
#include "cli/cli.h"
#include "cli/database.h"
#include "cli/desk.h"
#include "cli/progress.h"
#include "storage/archive.h"
#include "storage/store.h"
#include "storage/store_copy.h"
#include "storage/store_search.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

static void show(void *context, int64_t done, int64_t total, const char *what)
{
    struct progress *p = context;

    p->total = total;
    progress_show(p, done, what);
}

/* A line each. */
static void say_lines(const struct cli *cli, struct slice lines)
{
    while (lines.len > 0) {
        const size_t n = slice_find_char(lines, '\n');

        cli_say(cli, "  %.*s", SLICE_ARG(slice_head(lines, n)));
        lines = slice_skip(lines, n + 1);
    }
}

static void say_sum(const struct cli *cli, const struct copy_summary *sum, const char *verb,
                    int64_t took_ms)
{
    const double s = (double)(took_ms > 0 ? took_ms : 1) / 1000;

    cli_say(cli, "%" PRId64 " rows of %zu tables %s, %.1f MB in %.1f s (%.1f MB/s)", sum->n_rows,
            sum->n_tables, verb, (double)sum->n_bytes / 1e6, s, (double)sum->n_bytes / 1e6 / s);
}

static int say_differences(const struct cli *cli, const struct copy_summary *sum)
{
    cli_say(cli, "%" PRId64 " row%s not the same:", sum->n_different,
            sum->n_different == 1 ? " is" : "s are");
    say_lines(cli, sum->different);
    return EXIT_FINDINGS;
}

static enum ww_status open_at(struct cli *cli, const char *path, bool is_reader, struct store **out,
                              struct ww_error *err)
{
    const struct store_options options = {.path = path,
                                          .is_reader = is_reader,
                                          .now = clock_now(&cli->clock),
                                          .archive = desk_archive_folder(cli, path),
                                          .stop = cli->stop};

    return store_open(&options, out, err);
}

/* What a copy does not bring along: killed in it, the next who writes goes on. */
static enum ww_status index_search(struct cli *cli, const char *path, struct ww_error *err)
{
    struct store *store = NULL;
    struct store_stats stats;
    struct progress progress;
    int64_t n_done = 0;
    size_t n = 1;
    enum ww_status status = open_at(cli, path, false, &store, err);

    if (status == WW_OK)
        status = store_read_stats(store, &stats, err);
    if (status != WW_OK)
        goto out;
    progress_begin(&progress, cli, stats.n_articles);
    while (status == WW_OK && n > 0 && *cli->stop == 0) {
        status = store_index_search(store, &n, err);
        n_done += (int64_t)n;
        progress_show(&progress, n_done, "words for search");
    }
    progress_end(&progress, n_done, "words for search");
out:
    store_close(store);
    return status;
}

static void say_changes(const struct cli *cli, const struct copy_summary *sum)
{
    if (sum->n_changed == 0)
        return;
    cli_say(cli,
            "%" PRId64 " text%s no valid UTF-8, or had a NUL; there U+FFFD stands for what is not:",
            sum->n_changed, sum->n_changed == 1 ? " was" : "s were");
    say_lines(cli, sum->changed);
}

/* Its files stay where they are; the copy has their rows. */
static void say_archive(struct cli *cli, struct store *from, const char *to_path)
{
    struct store_stats stats;
    struct store *to = NULL;
    const char *plural, *it;

    if (store_read_stats(from, &stats, NULL) != WW_OK || stats.n_archive_files == 0 ||
        open_at(cli, to_path, true, &to, NULL) != WW_OK)
        return;
    plural = stats.n_archive_files == 1 ? "" : "s";
    it = stats.n_archive_files == 1 ? "it" : "them";
    if (strcmp(archive_folder(from), archive_folder(to)) == 0)
        cli_say(cli, "without the %" PRId64 " file%s of the archive in %s", stats.n_archive_files,
                plural, archive_folder(from));
    else
        cli_say(cli,
                "without the %" PRId64 " file%s of the archive: copy %s from %s to %s, where the "
                "copy looks for %s",
                stats.n_archive_files, plural, it, archive_folder(from), archive_folder(to), it);
    store_close(to);
}

/* *code: what the command ends with. False: there is no copy. */
static bool take_result(const struct cli *cli, enum ww_status status,
                        const struct copy_summary *sum, const struct ww_error *err, int *code)
{
    *code = EX_OK;
    if (status != WW_OK) {
        *code = cli_fail(cli, status, err);
        if (status == WW_REFUSED)
            *code = EX_CANTCREAT;
    } else if (sum->was_stopped) {
        cli_say(cli, "stopped: nothing was made");
    } else if (sum->n_different > 0) {
        *code = say_differences(cli, sum);
        cli_say(cli, "the copy was thrown away");
    }
    return status == WW_OK && !sum->was_stopped && sum->n_different == 0;
}

static int copy(struct cli *cli, struct store *from, const struct copy_options *options,
                struct progress *progress)
{
    const int64_t begun_ms = clock_monotonic_ms(&cli->clock);
    struct copy_summary sum;
    struct ww_error err = {0};
    enum ww_status status = store_copy(from, cli->words[1], options, &cli->arena, &sum, &err);
    const int64_t took_ms = clock_monotonic_ms(&cli->clock) - begun_ms;

    int code;

    progress_end(progress, progress->total, "copied and compared");
    if (!take_result(cli, status, &sum, &err, &code))
        return code;
    say_sum(cli, &sum, "copied and compared", took_ms);
    status = index_search(cli, cli->words[1], &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    say_changes(cli, &sum);
    say_archive(cli, from, cli->words[1]);
    cli_say(cli, "the two have one name, which is part of every Message-ID: let only one of them "
                 "send from now on");
    return EX_OK;
}

static int compare(struct cli *cli, struct store *from, const struct copy_options *options,
                   struct progress *progress)
{
    const int64_t begun_ms = clock_monotonic_ms(&cli->clock);
    struct store *to = NULL;
    struct copy_summary sum = {0};
    struct ww_error err = {0};
    enum ww_status status = open_at(cli, cli->words[1], true, &to, &err);

    if (status == WW_OK)
        status = store_compare(from, to, options, &cli->arena, &sum, &err);
    store_close(to);
    progress_end(progress, sum.n_rows, "compared");
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    say_sum(cli, &sum, sum.was_stopped ? "compared, then stopped" : "compared",
            clock_monotonic_ms(&cli->clock) - begun_ms);
    return sum.n_different > 0 ? say_differences(cli, &sum) : EX_OK;
}

int command_db_copy(struct cli *cli)
{
    struct progress progress;
    const struct copy_options options = {.stop = cli->stop, .show = show, .context = &progress};
    struct store *from = NULL;
    struct ww_error err = {0};
    int code;

    progress_begin(&progress, cli, 0);
    if (!database_may_be_named(cli, "FROM", cli->words[0]) ||
        !database_may_be_named(cli, "TO", cli->words[1]))
        return EX_USAGE;
    if (open_at(cli, cli->words[0], true, &from, &err) != WW_OK)
        return cli_fail(cli, err.status, &err);
    code = cli_has(cli, OPTION_CHECK_ONLY) ? compare(cli, from, &options, &progress)
                                           : copy(cli, from, &options, &progress);
    store_close(from);
    return code;
}

int command_db_backup(struct cli *cli)
{
    struct progress progress;
    const struct copy_options options = {.stop = cli->stop, .show = show, .context = &progress};
    struct copy_summary sum;
    struct ww_error err = {0};
    enum ww_status status;
    int code;

    progress_begin(&progress, cli, 0);
    if (cli->words[0][0] == '\0')
        return cli_usage(cli, "FILE is empty");
    status = store_backup(cli->store, cli->words[0], &options, &cli->arena, &sum, &err);
    if (progress.total > 0)
        progress_end(&progress, progress.total, "copied and compared");
    if (!take_result(cli, status, &sum, &err, &code))
        return code;
    if (sum.n_rows > 0)
        status = index_search(cli, cli->words[0], &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    cli_say(cli, "%s: a copy of %s", cli->words[0], cli->db_shown);
    say_changes(cli, &sum);
    say_archive(cli, cli->store, cli->words[0]);
    return EX_OK;
}
