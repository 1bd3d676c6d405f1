/* publish.c - after the mails: a failure here is said, and loses none of them. */
#include "cli/publish.h"

#include "alerts/report/atom.h"
#include "alerts/report/report.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/cli.h"

static enum ww_status write_atom(struct cli *cli, struct ww_error *err)
{
    const struct config *c = &cli->config;
    const char *path = arena_string(&cli->arena, c->report_atom);
    const size_t slash = slice_find_last_char(c->report_atom, '/');
    const struct atom_options options = {
        .domain = c->list_id,
        .url = c->report_url,
        .has_pages = c->report_html.len > 0,
        .file = slash < c->report_atom.len ? slice_skip(c->report_atom, slash + 1) : c->report_atom,
        .n_entries = (size_t)c->atom_entries};
    struct buf out;
    bool is_changed = false;
    enum ww_status status = arena_check(&cli->arena, err);

    buf_init(&out, ATOM_MAX_BYTES);
    if (status == WW_OK)
        status = atom_write(cli->store, &options, &cli->arena, &out, err);
    if (status == WW_OK)
        status = file_replace(path, buf_slice(&out), &is_changed, err);
    if (is_changed)
        log_event(&cli->log, LOG_DEBUG, "report", "atom=%s bytes=%zu", path, out.len);
    buf_release(&out);
    return status;
}

static enum ww_status write_report(struct cli *cli, struct ww_error *err)
{
    const struct report_options options = {
        .folder = arena_string(&cli->arena, cli->config.report_html),
        .timezone = cli->config.timezone,
        .now = clock_now(&cli->clock),
        .days = cli->config.report_days,
        .stop = cli->stop,
    };
    struct report_summary done;
    enum ww_status status = arena_check(&cli->arena, err);

    if (status == WW_OK)
        status = report_write(cli->store, &options, &done, err);
    if (status == WW_OK)
        log_event(&cli->log, LOG_DEBUG, "report", "stories=%zu written=%zu kept=%zu removed=%zu",
                  done.n_stories, done.n_written, done.n_kept, done.n_removed);
    return status;
}

/* The pages first: the feed may stand in their folder, which must be empty at their first time. */
enum ww_status publish_write(struct cli *cli, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (cli->config.report_html.len > 0)
        status = write_report(cli, err);
    if (status == WW_OK && cli->config.report_atom.len > 0)
        status = write_atom(cli, err);
    return status == WW_OK ? WW_OK : ww_context(err, status, "not published");
}
