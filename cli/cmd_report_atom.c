/* cmd_report_atom.c - wirewatch report atom: alerts as a feed, on standard output. */
#include "alerts/report/atom.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/watch_words.h"
#include "storage/store.h"

#include <sysexits.h>

int command_report_atom(struct cli *cli)
{
    const char *severity = cli->values[OPTION_SEVERITY];
    struct atom_options options = {.domain = cli->config.list_id,
                                   .url = cli->config.report_url,
                                   .has_pages = cli->config.report_html.len > 0,
                                   .n_entries = (size_t)cli->config.atom_entries,
                                   .item = slice_from(cli->values[OPTION_ITEM]),
                                   .country = slice_from(cli->values[OPTION_COUNTRY])};
    struct ww_error err = {0};
    struct buf out;
    enum ww_status status;

    if (severity != NULL && !alert_severity_parse(slice_from(severity), &options.severity_min))
        return cli_usage(cli, "--severity is low, medium or high, not \"%s\"", severity);
    if (cli->limit >= 0)
        options.n_entries = cli->limit == 0 ? ALL_ROWS : (size_t)cli->limit;
    buf_init(&out, ATOM_MAX_BYTES);
    /* Of a part that nobody watches a reader would wait for ever. */
    status = watch_know_item(cli, options.item, &err);
    if (status == WW_OK)
        status = watch_know_country(cli, &options.country, &err);
    if (status == WW_OK)
        status = atom_write(cli->store, &options, &cli->arena, &out, &err);
    if (status == WW_OK)
        (void)fwrite(out.ptr, 1, out.len, cli->out);
    buf_release(&out);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}
