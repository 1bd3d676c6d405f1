/* publish.c - after the mails: a failure here is said, and loses none of them. */
#include "cli/publish.h"

#include "alerts/report/atom.h"
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

enum ww_status publish_write(struct cli *cli, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (cli->config.report_atom.len > 0)
        status = write_atom(cli, err);
    return status == WW_OK ? WW_OK : ww_context(err, status, "not published");
}
