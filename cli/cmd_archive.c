/* cmd_archive.c - wirewatch archive: the files of our archive, whether they are whole, and a copy.
 */
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/watch_words.h"
#include "storage/archive.h"
#include "storage/archive_export.h"
#include "storage/archive_place.h"
#include "storage/archive_upload.h"
#include "storage/archive_verify.h"
#include "storage/store.h"
#include "storage/store_alerts.h"
#include "storage/wacz_write.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

/* ---- list ------------------------------------------------------------------------------------ */

static const char *state_of(struct cli *cli, const struct archive_file_row *f, const char *path)
{
    struct stat info;

    if (f->place.len > 0)
        return "sent";
    if (archive_place_is_elsewhere(cli->store, f))
        return "elsewhere";
    if (stat(path, &info) != 0)
        return "missing";
    return info.st_size < f->n_bytes ? "shorter" : f->is_closed ? "closed" : "open";
}

int command_archive_list(struct cli *cli)
{
    static const struct column columns[] = {
        {"file",       0           },
        {"records",    COLUMN_RIGHT},
        {"bytes",      COLUMN_RIGHT},
        {"created_at", 0           },
        {"state",      0           },
        {"machine",    0           },
        {"path",       COLUMN_WIDE },
        {"place",      COLUMN_WIDE }
    };
    struct archive_file_list files = {0};
    struct ww_error err = {0};
    enum ww_status status = store_list_archive_files(cli->store, &cli->arena, &files, &err);
    struct output *o;

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < files.n_rows; i++) {
        const struct archive_file_row *f = &files.rows[i];
        const struct slice path =
            arena_printf(&cli->arena, "%s/%.*s", archive_folder(cli->store), SLICE_ARG(f->name));

        output_text(o, f->name);
        output_number(o, f->n_records);
        output_number(o, f->n_bytes);
        output_time(o, f->created_at);
        output_string(o, state_of(cli, f, path.ptr));
        output_text(o, f->machine);
        output_text(o, path);
        output_text(o, f->place);
        output_end_row(o);
    }
    if (output_close(o) == 0)
        cli_say(cli, "nothing was archived yet: see the setting [archive] keep");
    return EX_OK;
}

/* ---- verify ---------------------------------------------------------------------------------- */

struct verifying {
    struct cli *cli;
    struct progress progress;
    int64_t done; /* bytes */
};

/* A line of its own, not behind a bar. */
static void leave_bar(struct progress *p, int64_t done)
{
    if (p->is_bar)
        progress_end(p, done, "");
}

static void show_finding(void *context, const char *message)
{
    struct verifying *v = context;

    leave_bar(&v->progress, v->done);
    output_visible(v->cli->out, slice_from(message), 0);
    (void)fputc('\n', v->cli->out);
}

static void show_bytes(void *context, int64_t n_bytes)
{
    struct verifying *v = context;

    v->done = n_bytes;
    progress_show(&v->progress, n_bytes, "");
}

int command_archive_verify(struct cli *cli)
{
    struct verifying v = {.cli = cli};
    const struct archive_verify_options options = {
        .found = show_finding, .progress = show_bytes, .context = &v, .stop = cli->stop};
    struct archive_verify_summary n = {0};
    struct store_stats stats = {0};
    struct ww_error err = {0};
    enum ww_status status = WW_OK;
    int code = EX_OK;

    if (cli->n_words == 0)
        status = store_read_stats(cli->store, &stats, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    progress_begin(&v.progress, cli, stats.archive_bytes);
    if (cli->n_words == 0)
        status = archive_verify(cli->store, &options, &n, &err);
    for (int i = 0; status == WW_OK && i < cli->n_words && !n.was_stopped; i++) {
        status = archive_verify_file(cli->store, cli->words[i], &options, &n, &err);
        if (status == WW_NOT_FOUND || status == WW_INVALID) { /* no word about the others */
            leave_bar(&v.progress, v.done);
            code = cli_fail(cli, status, &err);
            status = WW_OK;
        }
    }
    progress_end(&v.progress, n.n_bytes, "");
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (n.n_passed_over > 0)
        cli_say(cli, "%" PRId64 " bytes were passed over: what records they held is not known",
                n.n_passed_over);
    if (n.n_elsewhere > 0)
        cli_say(cli, "%" PRId64 " file%s of other machines, in no bucket yet: not looked at",
                n.n_elsewhere, n.n_elsewhere == 1 ? "" : "s");
    cli_say(cli, "%" PRId64 " record%s in %" PRId64 " file%s%s: %" PRId64 " finding%s", n.n_records,
            n.n_records == 1 ? "" : "s", n.n_files, n.n_files == 1 ? "" : "s",
            n.was_stopped ? ", then stopped" : "", n.n_findings, n.n_findings == 1 ? "" : "s");
    return code != EX_OK ? code : n.n_findings > 0 ? EXIT_FINDINGS : EX_OK;
}

/* ---- upload ---------------------------------------------------------------------------------- */

static void show_failure(void *context, const char *words)
{
    struct verifying *v = context;

    leave_bar(&v->progress, v->done);
    (void)fputs("wirewatch: ", stderr);
    output_visible(stderr, slice_from(words), 0);
    (void)fputc('\n', stderr);
}

int command_archive_upload(struct cli *cli)
{
    struct verifying v = {.cli = cli};
    const struct archive_upload_options options = {.wants_all = cli_has(cli, OPTION_ALL),
                                                   .keeps_local =
                                                       cli->config.keep_local == ANSWER_YES,
                                                   .now = clock_now(&cli->clock),
                                                   .log = &cli->log,
                                                   .sent = show_bytes,
                                                   .failed = show_failure,
                                                   .context = &v,
                                                   .stop = cli->stop};
    struct archive_upload_summary n = {0};
    struct ww_error err = {0};
    int64_t n_due = 0;
    enum ww_status status;

    if (cli->config.s3.len == 0) {
        (void)fprintf(stderr, "wirewatch: no bucket: %s wants [archive] s3\n", cli->config_path);
        return EX_CONFIG;
    }
    status = archive_upload_due(cli->store, &options, &n_due, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    progress_begin(&v.progress, cli, n_due);
    status = archive_upload(cli->store, &options, &n, &err);
    progress_end(&v.progress, n.n_bytes, "");
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    cli_say(cli, "%" PRId64 " file%s sent, %" PRId64 " bytes, %" PRId64 " removed here%s",
            n.n_files, n.n_files == 1 ? "" : "s", n.n_bytes, n.n_removed,
            n.was_stopped    ? ", then stopped"
            : n.n_failed > 0 ? ", others failed"
            : n.n_open > 0   ? "; one is still written to (--all sends it, too)"
                             : "");
    return n.n_failed > 0 ? EXIT_PARTIAL : EX_OK;
}

/* ---- export ---------------------------------------------------------------------------------- */

struct exporting {
    struct cli *cli;
    struct progress progress;
    int64_t done;
    bool is_made;
    FILE *out; /* of a WARC file */
    struct wacz *wacz;
};

static enum ww_status write_warc(void *context, struct slice bytes, struct ww_error *err)
{
    struct exporting *e = context;

    if (fwrite(bytes.ptr, 1, bytes.len, e->out) != bytes.len)
        return ww_fail(err, WW_STORE, "the export cannot be written: %s", strerror(errno));
    return WW_OK;
}

static enum ww_status write_wacz(void *context, struct slice bytes, struct ww_error *err)
{
    return wacz_write(((struct exporting *)context)->wacz, bytes, err);
}

static enum ww_status note_record(void *context, const struct archive_exported *r,
                                  struct ww_error *err)
{
    return wacz_record(((struct exporting *)context)->wacz, r, err);
}

static void show_damage(void *context, const char *message)
{
    struct exporting *e = context;

    leave_bar(&e->progress, e->done);
    (void)fputs("wirewatch: left out: ", stderr);
    output_visible(stderr, slice_from(message), 0);
    (void)fputc('\n', stderr);
}

static void show_records(void *context, int64_t n_records)
{
    struct exporting *e = context;

    e->done = n_records;
    progress_show(&e->progress, n_records, "");
}

static struct slice name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slice_from(slash != NULL ? slash + 1 : path);
}

static enum ww_status export_to(struct exporting *e, const char *path, bool is_wacz,
                                struct archive_export_summary *n, struct ww_error *err)
{
    struct cli *cli = e->cli;
    struct archive_export_options options = {
        .filter = {.window = {.since = cli->since, .until = cli->until},
                   .item = slice_from(cli->values[OPTION_ITEM])},
        .name = is_wacz                  ? SLICE("data.warc.gz")
                : strcmp(path, "-") == 0 ? SLICE("export.warc.gz")
                                         : name_of(path),
        .now = clock_now(&cli->clock),
        .write = is_wacz ? write_wacz : write_warc,
        .record = is_wacz ? note_record : NULL,
        .found = show_damage,
        .progress = show_records,
        .context = e,
        .stop = cli->stop
    };

    return archive_export(cli->store, &options, n, err);
}

/* The file cannot be made, which is no matter of the database. */
static int fail_to_make(struct exporting *e, enum ww_status status, const struct ww_error *err)
{
    const int said = cli_fail(e->cli, status, err);

    return e->is_made ? said : EX_CANTCREAT;
}

/* A file of that name is nobody's to write over. */
static enum ww_status export_warc(struct exporting *e, const char *path,
                                  struct archive_export_summary *n, struct ww_error *err)
{
    const bool is_pipe = strcmp(path, "-") == 0;
    enum ww_status status;

    e->out = is_pipe ? e->cli->out : fopen(path, "wbxe");
    if (e->out == NULL)
        return ww_fail(err, WW_STORE, "%s cannot be written: %s", path, strerror(errno));
    e->is_made = true;
    status = export_to(e, path, false, n, err);
    if (is_pipe)
        return status;
    if (fclose(e->out) != 0 && status == WW_OK)
        status = ww_fail(err, WW_STORE, "%s cannot be written: %s", path, strerror(errno));
    if (status != WW_OK || n->was_stopped || n->n_records == 0)
        (void)unlink(path); /* half of it would look like all of it */
    return status;
}

static enum ww_status export_wacz(struct exporting *e, const char *path,
                                  struct archive_export_summary *n, struct ww_error *err)
{
    enum ww_status status = wacz_open(path, clock_now(&e->cli->clock), &e->wacz, err);

    e->is_made = status == WW_OK;
    if (status == WW_OK)
        status = export_to(e, path, true, n, err);
    if (status == WW_OK && !n->was_stopped && n->n_records > 0)
        status = wacz_finish(e->wacz, err);
    wacz_close(e->wacz);
    return status;
}

/* Nothing was found: is there such an item? One of an earlier list may have mentions and no alert.
 */
static enum ww_status know_item(struct cli *cli, struct ww_error *err)
{
    const struct mention_filter filter = {.window = {.limit = 1},
                                          .item = slice_from(cli->values[OPTION_ITEM])};
    struct mention_list list = {0};
    enum ww_status status = filter.item.len == 0
                                ? WW_OK
                                : store_list_mentions(cli->store, &filter, &cli->arena, &list, err);

    if (status != WW_OK || list.n_rows > 0)
        return status;
    return watch_know_item(cli, filter.item, err);
}

static const char *words_on_missing(const struct archive_export_summary *n)
{
    return n->n_damaged > 0 ? ", without what is damaged or missing: wirewatch archive verify" : "";
}

int command_archive_export(struct cli *cli)
{
    struct exporting e = {.cli = cli};
    const char *warc = cli->values[OPTION_WARC], *wacz = cli->values[OPTION_WACZ];
    const char *path = warc != NULL ? warc : wacz;
    struct archive_export_summary n = {0};
    struct ww_error err = {0};
    enum ww_status status;

    if ((warc == NULL) == (wacz == NULL))
        return cli_usage(cli, "say --warc FILE or --wacz FILE");
    if (wacz != NULL && strcmp(wacz, "-") == 0)
        return cli_usage(cli, "--wacz wants a file: a zip cannot be written to a pipe");
    if (warc != NULL && strcmp(warc, "-") == 0 && isatty(STDOUT_FILENO))
        return cli_usage(cli, "a WARC file is nothing for a terminal: --warc - > FILE");
    progress_begin(&e.progress, cli, 0);
    status = warc != NULL ? export_warc(&e, path, &n, &err) : export_wacz(&e, path, &n, &err);
    progress_end(&e.progress, n.n_records, "");
    if (status == WW_OK && !n.was_stopped && n.n_records + n.n_damaged == 0)
        status = know_item(cli, &err);
    if (status != WW_OK)
        return fail_to_make(&e, status, &err);
    if (n.was_stopped && strcmp(path, "-") == 0)
        cli_say(cli, "stopped behind %" PRId64 " record%s, not all of them", n.n_records,
                n.n_records == 1 ? "" : "s");
    else if (n.was_stopped)
        cli_say(cli, "stopped: nothing was written");
    else if (n.n_records == 0)
        cli_say(cli, "no record%s: nothing was written", words_on_missing(&n));
    else
        cli_say(cli, "%s: %" PRId64 " record%s%s", path, n.n_records, n.n_records == 1 ? "" : "s",
                words_on_missing(&n));
    return n.n_damaged > 0 || (n.n_records == 0 && !n.was_stopped) ? EXIT_FINDINGS : EX_OK;
}
