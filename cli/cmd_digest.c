/* cmd_digest.c - wirewatch digest: what the next mail says, and sending it now. */
#include "alerts/mail/outbox.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "storage/locks.h"

#include <sysexits.h>

static enum ww_status preview_one(struct cli *cli, const struct analyst *analyst,
                                  struct ww_error *err)
{
    const struct digest_choice choice = {.analyst = analyst,
                                         .now = clock_now(&cli->clock),
                                         .include_told = cli_has(cli, OPTION_ALL),
                                         .since = cli->since};
    struct digest d;
    struct buf out;
    enum ww_status status = digest_gather(cli->store, &choice, &cli->arena, &d, err);

    if (status != WW_OK)
        return status;
    if (!digest_has_news(&d)) {
        cli_say(cli, "nothing new for %.*s: no mail", SLICE_ARG(analyst->name));
        return WW_OK;
    }
    buf_init(&out, DIGEST_MAX_BYTES);
    if (cli_has(cli, OPTION_HTML)) {
        digest_html(&d, &out);
    } else {
        (void)fprintf(cli->out, "To: %.*s\nSubject: %.*s\n\n", SLICE_ARG(analyst->address),
                      SLICE_ARG(digest_subject(&d, &cli->arena)));
        digest_text(&d, &out);
    }
    status = buf_finish(&out, err);
    if (status == WW_OK)
        (void)fwrite(out.ptr, 1, out.len, cli->out);
    buf_release(&out);
    return status;
}

int command_digest_preview(struct cli *cli)
{
    /* Without analysts in the settings there is still something to look at. */
    static const struct analyst nobody = {
        .name = {"desk",           4 },
        .address = {"desk@localhost", 14},
        .is_every_run = true,
        .wants_troubles = true,
        .wants_possible = true,
    };
    const char *name = cli->values[OPTION_ANALYST];
    struct ww_error err = {0};
    enum ww_status status = WW_OK;
    bool found = false;

    if (cli_has(cli, OPTION_HTML) && name == NULL && cli->config.n_analysts > 1)
        return cli_usage(cli, "--html writes one document: say whose with --analyst");
    for (size_t i = 0; i < cli->config.n_analysts && status == WW_OK; i++) {
        struct analyst analyst;

        if (name != NULL && !slice_equal(cli->config.analysts[i].name, slice_from(name)))
            continue;
        found = true;
        status = desk_analyst(cli, i, &analyst, &err);
        if (status == WW_OK)
            status = preview_one(cli, &analyst, &err);
    }
    if (!found && name != NULL)
        status = ww_fail(&err, WW_NOT_FOUND, "no [analyst \"%s\"] in %s", name, cli->config_path);
    else if (!found)
        status = preview_one(cli, &nobody, &err);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

int command_digest_send(struct cli *cli)
{
    const char *name = cli->values[OPTION_ANALYST];
    struct outbox_summary sent = {0};
    struct lock lock = {0};
    struct ww_error err = {0};
    struct plan_summary planned = {0};
    enum ww_status status;

    if (cli_has(cli, OPTION_DRY_RUN))
        return command_digest_preview(cli);
    status = lock_take(cli->db_path, LOCK_RUN, 0, clock_now(&cli->clock), &lock, &err);
    if (status == WW_OK)
        status = desk_queue_digests(cli, name, true, &planned, &err);
    if (status == WW_OK)
        status = outbox_deliver(cli->store, &cli->config, &cli->clock, &cli->log, cli->stop, &sent,
                                &err);
    lock_release(&lock);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    cli_say(cli, "%zu digest%s made, %zu sent, %zu deferred, %zu refused", planned.n_digests,
            planned.n_digests == 1 ? "" : "s", sent.n_sent, sent.n_deferred + sent.n_unknown,
            sent.n_failed);
    if (sent.n_failed > 0)
        return EX_UNAVAILABLE;
    return sent.n_deferred + sent.n_unknown > 0 ? EX_TEMPFAIL : EX_OK;
}
