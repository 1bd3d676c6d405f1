/*
 * cmd_outbox_change.c - wirewatch outbox retry, drop and receive: a person's word, and the mail
 * system's, on what became of a message.
 */
#include "alerts/mail/mail_view.h"
#include "alerts/mail/outbox_hold.h"
#include "alerts/mail/plan.h"
#include "alerts/mail/receive.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/outbox_words.h"
#include "cli/output.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* ---- retry ----------------------------------------------------------------------------------- */

static enum ww_status has_bytes(struct cli *cli, const struct message_row *m, struct ww_error *err)
{
    struct slice bytes;
    enum ww_status status = store_message_bytes(cli->store, m->id, &cli->arena, &bytes, err);

    return status != WW_NOT_FOUND
               ? status
               : ww_fail(err, status,
                         "message %" PRId64 ": its bytes are no longer kept ([mail] keep): "
                         "there is nothing to send; wirewatch outbox drop %" PRId64
                         " --untell tells it again",
                         m->id, m->id);
}

/*
 * The same bytes and the same Message-ID: a reader who got them already sees one mail. Its tries
 * begin anew: one that was given up is not given up again at its first.
 */
static enum ww_status queue_again(struct cli *cli, struct message_row *m, struct ww_error *err)
{
    enum ww_status status;

    if (m->state != MESSAGE_FAILED && m->state != MESSAGE_DEFERRED && m->state != MESSAGE_UNKNOWN)
        return ww_fail(err, WW_INVALID,
                       "message %" PRId64 " is %s: only deferred, failed and unknown ones are sent "
                       "again",
                       m->id, message_state_name(m->state));
    status = has_bytes(cli, m, err);
    if (status != WW_OK)
        return status;
    m->state = MESSAGE_QUEUED;
    m->n_tries = 0;
    m->n_doubts = 0;
    m->fault = FAULT_NONE;
    m->not_before = 0; /* the next run, though its clock may stand before ours */
    return store_update_message(cli->store, m, err);
}

/* Numbers, "all" for whatever is bad, --all-failed. */
static enum ww_status retry(struct cli *cli, size_t *n, struct ww_error *err)
{
    const bool is_all = cli->n_words == 1 && strcmp(cli->words[0], "all") == 0;
    const struct message_filter filter = {.window = {.limit = ALL_ROWS},
                                          .is_bad = is_all,
                                          .has_state = !is_all,
                                          .state = MESSAGE_FAILED};
    struct message_list list = {0};
    struct message_row m;
    enum ww_status status = WW_OK;

    if (is_all || cli_has(cli, OPTION_ALL_FAILED))
        status = store_list_messages(cli->store, &filter, &cli->arena, &list, err);
    for (size_t i = 0; i < list.n_rows && status == WW_OK; i++) {
        struct ww_error gone = {0};

        status = queue_again(cli, &list.rows[i], &gone);
        *n += status == WW_OK;
        /* One of many that cannot be sent keeps none of the others. */
        if (status == WW_NOT_FOUND) {
            cli_say(cli, "%s", gone.message);
            status = WW_OK;
        } else if (status != WW_OK && err != NULL) {
            *err = gone;
        }
    }
    for (int i = 0; !is_all && i < cli->n_words && status == WW_OK; i++, (*n)++) {
        status = outbox_find(cli, cli->words[i], &m, err);
        if (status == WW_OK)
            status = queue_again(cli, &m, err);
    }
    return status;
}

int command_outbox_retry(struct cli *cli)
{
    struct ww_error err = {0};
    enum ww_status status;
    size_t n = 0;

    if ((cli->n_words == 0) == !cli_has(cli, OPTION_ALL_FAILED))
        return cli_usage(cli, "say which: numbers, all, or --all-failed");
    status = store_begin(cli->store, &err);
    if (status == WW_OK)
        status = retry(cli, &n, &err);
    if (status == WW_OK)
        status = store_commit(cli->store, &err);
    if (status != WW_OK) {
        store_rollback(cli->store);
        return cli_fail(cli, status, &err);
    }
    cli_say(cli, "%zu message%s will be sent with the next run, or now: wirewatch digest send", n,
            n == 1 ? "" : "s");
    return EX_OK;
}

/* ---- drop ------------------------------------------------------------------------------------ */

static bool can_drop(const struct cli *cli, const struct message_row *m)
{
    return m->state == MESSAGE_QUEUED || m->state == MESSAGE_DEFERRED ||
           m->state == MESSAGE_FAILED || m->state == MESSAGE_UNKNOWN ||
           (m->state == MESSAGE_DROPPED && cli_has(cli, OPTION_UNTELL));
}

/* Numbers, or with --analyst all that waits for one; read before the question and in the drop. */
static enum ww_status find_drops(struct cli *cli, struct message_list *out, struct ww_error *err)
{
    const struct message_filter filter = {.window = {.limit = ALL_ROWS},
                                          .is_waiting = true,
                                          .analyst = slice_from(cli->values[OPTION_ANALYST])};
    enum ww_status status = WW_OK;

    if (cli_has(cli, OPTION_ANALYST)) {
        status = store_list_messages(cli->store, &filter, &cli->arena, out, err);
        return status == WW_OK && out->n_rows == 0 ? desk_check_named(cli, err) : status;
    }
    *out = (struct message_list){arena_array(&cli->arena, (size_t)cli->n_words, sizeof(*out->rows)),
                                 0};
    for (int i = 0; i < cli->n_words && out->rows != NULL && status == WW_OK; i++)
        status = outbox_find(cli, cli->words[i], &out->rows[out->n_rows++], err);
    return out->rows == NULL ? arena_check(&cli->arena, err) : status;
}

/* What a drop did. n_known: of n_alerts those that stay told, for another message told them. */
struct dropped {
    size_t n;
    int64_t n_alerts, n_known;
};

static enum ww_status count_known(struct cli *cli, const struct message_row *m, struct dropped *d,
                                  struct ww_error *err)
{
    struct told_list told;
    int64_t *alerts;
    size_t n = 0;
    enum ww_status status = store_message_alerts(cli->store, m->id, &cli->arena, &alerts, &n, err);

    for (size_t i = 0; i < n && status == WW_OK; i++) {
        status = store_list_told(cli->store, alerts[i], &cli->arena, &told, err);
        for (size_t k = 0; status == WW_OK && k < told.n_rows; k++)
            d->n_known += slice_equal(told.rows[k].analyst, m->analyst);
    }
    return status;
}

static enum ww_status untell(struct cli *cli, const struct message_row *m, struct dropped *d,
                             struct ww_error *err)
{
    enum ww_status status = store_untell_message(cli->store, m, err);

    if (status == WW_OK)
        status = count_known(cli, m, d, err);
    return status == WW_OK && m->analyst.len > 0 ? plan_forget(cli->store, m->analyst, err)
                                                 : status;
}

/* In the transaction: what a run has sent meanwhile is not dropped. */
static enum ww_status drop(struct cli *cli, struct dropped *d, struct ww_error *err)
{
    struct message_list list;
    enum ww_status status = find_drops(cli, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        struct message_row *m = &list.rows[i];

        if (!can_drop(cli, m))
            return ww_fail(err, WW_INVALID,
                           "message %" PRId64 " is %s: only queued, deferred, failed and unknown "
                           "ones can be dropped",
                           m->id, message_state_name(m->state));
        m->state = MESSAGE_DROPPED;
        status = store_update_message(cli->store, m, err);
        if (status == WW_OK && cli_has(cli, OPTION_UNTELL))
            status = untell(cli, m, d, err);
        d->n_alerts += m->n_alerts;
        d->n++;
    }
    return status;
}

static bool person_agrees(struct cli *cli)
{
    struct message_list list;
    struct ww_error err = {0};
    char answer[16];

    if (cli_has(cli, OPTION_YES))
        return true;
    if (!isatty(STDIN_FILENO)) {
        (void)cli_usage(cli, "nothing done, for nobody can be asked: say --yes");
        return false;
    }
    if (find_drops(cli, &list, &err) != WW_OK) {
        (void)cli_fail(cli, WW_NOT_FOUND, &err);
        return false;
    }
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct message_row *m = &list.rows[i];

        (void)fprintf(stderr, "  %" PRId64 " %s for ", m->id, message_state_name(m->state));
        output_visible(stderr, mail_words(m->recipient, &cli->arena), 0);
        (void)fputs(": ", stderr);
        output_visible(stderr, m->subject, 0);
        (void)fputc('\n', stderr);
    }
    (void)fprintf(stderr, "never send %s? [y/N] ", list.n_rows == 1 ? "this" : "these");
    return fgets(answer, sizeof(answer), stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

static void say_dropped(struct cli *cli, const struct dropped *d)
{
    const char *end = d->n == 1 ? "" : "s", *they = d->n == 1 ? "it" : "they";
    const int64_t n = d->n_alerts - d->n_known;

    if (!cli_has(cli, OPTION_UNTELL))
        cli_say(cli,
                "%zu message%s dropped; what %s told (%" PRId64
                " alert%s) counts as told: drop --untell changes that",
                d->n, end, they, d->n_alerts, d->n_alerts == 1 ? "" : "s");
    else if (n == 0 && d->n_known > 0)
        cli_say(cli, "%zu message%s dropped; another one told since what %s told: it stays told",
                d->n, end, they);
    else
        cli_say(cli,
                "%zu message%s dropped; the next digest tells again what %s told (%" PRId64
                " alert%s%s)",
                d->n, end, they, n, n == 1 ? "" : "s",
                d->n_known > 0 ? "; others were told since" : "");
}

int command_outbox_drop(struct cli *cli)
{
    struct ww_error err = {0};
    struct dropped dropped = {0};
    enum ww_status status;

    if ((cli->n_words == 0) == !cli_has(cli, OPTION_ANALYST))
        return cli_usage(cli, "say which: numbers, or --analyst NAME for all that waits for one");
    if (!person_agrees(cli))
        return EX_USAGE;
    status = store_begin(cli->store, &err);
    if (status == WW_OK)
        status = drop(cli, &dropped, &err);
    if (status == WW_OK)
        status = store_commit(cli->store, &err);
    if (status != WW_OK) {
        store_rollback(cli->store);
        return cli_fail(cli, status, &err);
    }
    say_dropped(cli, &dropped);
    return EX_OK;
}

/* ---- receive --------------------------------------------------------------------------------- */

/* What fits is read; the rest is swallowed, for a pipe that closes early makes a bounce itself. */
static enum ww_status read_input(struct buf *out, struct ww_error *err)
{
    char block[8192];
    size_t n_all = 0;

    for (;;) {
        const ssize_t n = read(STDIN_FILENO, block, sizeof(block));
        size_t room = RECEIVE_MAX_BYTES - out->len;

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ww_fail(err, WW_INVALID, "standard input: %s", strerror(errno));
        if (n == 0)
            return buf_finish(out, err);
        n_all += (size_t)n;
        if (n_all > RECEIVE_DRAIN_MAX_BYTES)
            return ww_fail(err, WW_TOO_BIG, "a mail of more than %d bytes",
                           RECEIVE_DRAIN_MAX_BYTES);
        buf_add(out, slice_of(block, (size_t)n < room ? (size_t)n : room));
    }
}

/* Said on standard error: mail systems log it. */
static void say_received(struct cli *cli, const struct received *r, const struct message_row *m)
{
    const struct outbox_hold *hold;
    struct outbox_holds holds;

    if (r->kind == RECEIVED_MAIL) {
        cli_say(cli, "canary %" PRId64 " is back", m->id);
        return;
    }
    if (!slice_equal(m->reply, r->words)) {
        cli_say(cli, "message %" PRId64 " was %s already; a later report says %.*s: noted", m->id,
                message_state_name(m->state), SLICE_ARG(r->words));
        return;
    }
    /* That a mail did not arrive is said even by a quiet pipe. */
    if (m->state == MESSAGE_FAILED)
        log_event(&cli->log, LOG_ERROR, "outbox", "message %" PRId64 " is %s, %.*s", m->id,
                  message_state_name(m->state), SLICE_ARG(r->words));
    else
        cli_say(cli, "message %" PRId64 " is %s, %.*s", m->id, message_state_name(m->state),
                SLICE_ARG(r->words));
    if (r->kind != RECEIVED_FAILURE ||
        outbox_holds_read(cli->store, &cli->config, clock_now(&cli->clock), &cli->arena, &holds,
                          NULL) != WW_OK)
        return;
    hold = outbox_find_hold(&holds, m->recipient);
    if (hold != NULL)
        log_event(&cli->log, LOG_ERROR, "outbox", "%.*s",
                  SLICE_ARG(outbox_hold_words(hold, &cli->arena)));
}

int command_outbox_receive(struct cli *cli)
{
    struct ww_error err = {0};
    struct received received;
    struct message_row m;
    struct buf bytes;
    enum ww_status status;

    if (isatty(STDIN_FILENO))
        return cli_usage(cli, "a mail is read from standard input");
    buf_init(&bytes, RECEIVE_MAX_BYTES);
    status = read_input(&bytes, &err);
    if (status == WW_OK)
        status = receive_parse(buf_slice(&bytes), &cli->arena, &received, &err);
    if (status == WW_OK)
        status = receive_take(cli->store, &received, clock_now(&cli->clock), &cli->arena, &m, &err);
    buf_release(&bytes);
    if (status == WW_OK) {
        say_received(cli, &received, &m);
        return EX_OK;
    }
    (void)cli_fail(cli, status, &err);
    /* Whatever it is, it is not for us; a store that is busy or full is worth another try. */
    return status == WW_INVALID || status == WW_NOT_FOUND || status == WW_TOO_BIG ? EX_DATAERR
                                                                                  : EX_TEMPFAIL;
}
