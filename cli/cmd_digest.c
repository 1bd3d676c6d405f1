/* cmd_digest.c - wirewatch digest: what the next mail says, and sending it now. */
#include "alerts/mail/outbox.h"
#include "alerts/mail/outbox_hold.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "storage/store_outbox.h"

#include <sysexits.h>

/* --kind: "digest", or another mail that an analyst may get. */
static bool read_kind(const char *word, enum digest_kind *out)
{
    static const struct {
        const char *name;
        enum digest_kind kind;
    } kinds[] = {
        {"digest",    DIGEST_REGULAR  },
        {"immediate", DIGEST_IMMEDIATE},
        {"quiet",     DIGEST_ALL_QUIET},
        {"weekly",    DIGEST_WEEKLY   },
    };

    *out = DIGEST_REGULAR;
    for (size_t i = 0; word != NULL && i < WW_COUNT(kinds); i++)
        if (slice_equal(slice_from(word), slice_from(kinds[i].name))) {
            *out = kinds[i].kind;
            return true;
        }
    return word == NULL;
}

/* What a mail says: as the option wants it, else its text. */
static enum ww_status write_one(struct cli *cli, const struct digest *d, struct buf *out,
                                struct ww_error *err)
{
    enum ww_status status = WW_OK;

    switch (cli->format) {
    case FORMAT_CSV:
        return digest_csv(cli->store, d, out, err);
    case FORMAT_JSONL:
        status = digest_json(d, SLICE("<preview@localhost>"), &cli->arena, out, err);
        buf_add_char(out, '\n');
        return status;
    case FORMAT_HUMAN:
        break;
    }
    if (cli_has(cli, OPTION_HTML)) {
        (void)digest_html(d, out);
        return WW_OK;
    }
    buf_printf(out, "To: %.*s\nSubject: ", SLICE_ARG(d->analyst->address));
    text_add_visible(out, digest_subject(d, &cli->arena));
    buf_add_string(out, "\n\n");
    (void)digest_text(d, out);
    return WW_OK;
}

/* What would be sent: of what cannot wait each story goes in a mail of its own, by its headline. */
static enum ww_status gather_mail(struct cli *cli, struct digest_choice *choice, struct digest *d,
                                  struct ww_error *err)
{
    enum ww_status status = digest_gather(cli->store, choice, &cli->arena, d, err);

    if (status != WW_OK || choice->kind != DIGEST_IMMEDIATE || d->n_stories != 1)
        return status;
    choice->story_id = d->stories[0].first->alert.story_id;
    return digest_gather(cli->store, choice, &cli->arena, d, err);
}

static enum ww_status preview_one(struct cli *cli, const struct analyst *analyst,
                                  enum digest_kind kind, struct ww_error *err)
{
    const struct letter_sender sender = desk_sender(cli);
    struct digest_choice choice = {.kind = kind,
                                   .analyst = analyst,
                                   .now = clock_now(&cli->clock),
                                   .include_told = cli_has(cli, OPTION_ALL),
                                   .since = cli->since,
                                   .report_url = sender.has_pages ? sender.report_url : SLICE("")};
    struct digest d;
    struct buf out;
    enum ww_status status = WW_OK;

    if (!choice.include_told && !cli_has(cli, OPTION_SINCE))
        status = plan_since(cli->store, analyst, choice.now, &choice.since, err);
    if (status == WW_OK)
        status = gather_mail(cli, &choice, &d, err);
    if (status != WW_OK)
        return status;
    if (!digest_has_news(&d)) {
        cli_say(cli, "nothing new for %.*s: no mail", SLICE_ARG(analyst->name));
        if (cli->format != FORMAT_CSV) /* a table has its header, with rows or without */
            return WW_OK;
    }
    if (kind == DIGEST_ALL_QUIET && d.n_alerts + d.revisions.n_rows + d.told.n_rows > 0) {
        cli_say(cli, "not quiet for %.*s: there is a digest to send", SLICE_ARG(analyst->name));
        return WW_OK;
    }
    buf_init(&out, DIGEST_MAX_BYTES);
    status = write_one(cli, &d, &out, err);
    if (status == WW_OK)
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
    enum digest_kind kind;
    bool found = false;

    if (!read_kind(cli->values[OPTION_KIND], &kind))
        return cli_usage(cli,
                         "--kind of a digest is digest, immediate, weekly or quiet, not \"%s\"",
                         cli->values[OPTION_KIND]);
    if (cli_has(cli, OPTION_HTML) && name == NULL && cli->config.n_analysts > 1)
        return cli_usage(cli, "--html writes one document: say whose with --analyst");
    if (cli->format == FORMAT_CSV && name == NULL && cli->config.n_analysts > 1)
        return cli_usage(cli, "--format csv writes one table: say whose with --analyst");
    for (size_t i = 0; i < cli->config.n_analysts && status == WW_OK; i++) {
        struct analyst analyst;

        if (name != NULL && !slice_equal(cli->config.analysts[i].name, slice_from(name)))
            continue;
        found = true;
        status = desk_analyst(cli, i, &analyst, &err);
        if (status == WW_OK)
            status = preview_one(cli, &analyst, kind, &err);
    }
    if (!found && name != NULL)
        status = desk_fail_analyst(cli, name, &err);
    else if (!found) {
        cli_say(cli, "the settings name no analyst: this is what one would get who is told all");
        status = preview_one(cli, &nobody, kind, &err);
    }
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

/* What it would make, and what waits already. */
static int send_dry(struct cli *cli)
{
    const struct message_filter filter = {.window = {.limit = OUTBOX_LIST_MAX},
                                          .is_waiting = true,
                                          .analyst = slice_from(cli->values[OPTION_ANALYST])};
    struct message_list list;
    struct outbox_holds holds;
    struct ww_error err = {0};
    size_t n_held = 0, n_quiet = 0;
    enum ww_status status;
    int end = EX_OK;

    if (cli->config.n_analysts > 0 || cli_has(cli, OPTION_ANALYST))
        end = command_digest_preview(cli);
    else
        cli_say(cli, "the settings name no analyst: no digest would be made");
    if (end != EX_OK)
        return end;
    status = store_list_messages(cli->store, &filter, &cli->arena, &list, &err);
    if (status == WW_OK)
        status = outbox_holds_read(cli->store, &cli->config, clock_now(&cli->clock), &cli->arena,
                                   &holds, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    for (size_t i = 0; i < list.n_rows; i++) {
        if (outbox_hold_of(&holds, &list.rows[i]) != NULL)
            n_held++;
        else if (outbox_quiet_until(&holds, &list.rows[i]) != 0)
            n_quiet++;
    }
    if (list.n_rows > 0)
        cli_say(cli,
                "%zu message%s in the outbox already, %zu of them held and %zu for quiet hours: "
                "wirewatch outbox list --state waiting",
                list.n_rows, list.n_rows == 1 ? " waits" : "s wait", n_held, n_quiet);
    else
        cli_say(cli, "nothing waits in the outbox");
    return EX_OK;
}

int command_digest_send(struct cli *cli)
{
    const char *name = cli->values[OPTION_ANALYST];
    struct outbox_summary sent = {0};
    struct ww_error err = {0};
    struct plan_summary planned = {0};
    struct ww_error made_error = {0};
    enum ww_status made;
    enum ww_status status;

    if (cli_has(cli, OPTION_DRY_RUN))
        return send_dry(cli);
    status = desk_take_alerts(cli, &err);
    if (status != WW_OK) {
        desk_leave_alerts(cli);
        return cli_fail(cli, status, &err);
    }
    made = desk_queue_digests(cli, name, true, &planned, &made_error);
    /* One digest that could not be made keeps nobody else's mail from leaving. */
    status =
        outbox_deliver(cli->store, &cli->config, &cli->clock, &cli->log, cli->stop, &sent, &err);
    desk_leave_alerts(cli);
    if (made != WW_OK)
        return cli_fail(cli, made, &made_error);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    cli_say(cli, "%zu digest%s made, %zu sent, %zu deferred, %zu refused", planned.n_digests,
            planned.n_digests == 1 ? "" : "s", sent.n_sent, sent.n_deferred + sent.n_unknown,
            sent.n_failed);
    if (sent.n_left > 0)
        cli_say(cli,
                "%zu more wait%s, by max-per-run, held or for quiet hours: wirewatch outbox list "
                "--state waiting",
                sent.n_left, sent.n_left == 1 ? "s" : "");
    if (sent.n_failed > 0)
        return EX_UNAVAILABLE;
    return sent.n_deferred + sent.n_unknown > 0 ? EX_TEMPFAIL : EX_OK;
}
