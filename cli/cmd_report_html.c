/* cmd_report_html.c - wirewatch report html: the archive of a period as a folder of pages. */
#include "alerts/report/report.h"
#include "cli/cli.h"
#include "cli/progress.h"

#include <sysexits.h>

static void tell(void *context, int64_t done, int64_t total)
{
    struct progress *p = context;

    p->total = total;
    progress_show(p, done, "pages");
}

int command_report_html(struct cli *cli)
{
    struct progress progress;
    struct report_options options = {.folder = arena_string(&cli->arena, cli->config.report_html),
                                     .timezone = cli->config.timezone,
                                     .now = clock_now(&cli->clock),
                                     .since = cli->since,
                                     .until = cli->until,
                                     .days = cli->config.report_days,
                                     .stop = cli->stop,
                                     .tell = tell,
                                     .context = &progress};
    struct report_summary done;
    struct ww_error err = {0};
    enum ww_status status;

    if (cli->n_words > 0)
        options.folder = cli->words[0];
    else if (cli->config.report_html.len == 0)
        return cli_usage(cli, "DIR is missing, and the settings have no [report] html");
    progress_begin(&progress, cli, 0);
    status = report_write(cli->store, &options, &done, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    progress.total = (int64_t)(done.n_written + done.n_kept);
    progress_end(&progress, progress.total, "pages");
    if (done.is_cut)
        cli_say(cli, "the period has more alerts than a report holds: it is not complete");
    cli_say(cli,
            "%s/index.html: %zu stories, %zu alerts, %zu watched items; %zu pages written, %zu as "
            "they were, %zu taken away",
            options.folder, done.n_stories, done.n_alerts, done.n_items, done.n_written,
            done.n_kept, done.n_removed);
    return cli->stop != NULL && *cli->stop != 0 ? EXIT_PARTIAL : EX_OK;
}
