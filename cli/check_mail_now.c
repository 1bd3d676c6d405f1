/*
 * check_mail_now.c - wirewatch check --mail: a test message by the way that digests take, with what
 * the server said; then a canary, and waiting for it.
 */
#include "alerts/mail/canary.h"
#include "alerts/mail/deliver.h"
#include "alerts/mail/letter.h"
#include "alerts/mail/message.h"
#include "alerts/mail/outbox.h"
#include "cli/check.h"
#include "cli/database.h"
#include "cli/desk.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <inttypes.h>

#define WAIT_S 60
#define STEP_MS 250

struct testing {
    struct checking *c;
    struct slice analyst; /* by whose way; empty: that of [mail] */
    bool is_canary;       /* the link was heard with the test message */
};

/* ---- the way, aloud -------------------------------------------------------------------------- */

static void hear(void *context, const char *line)
{
    check_say(context, CHECK_NOTE, "smtp", "%s", line);
}

/* A test is nobody's message; it leaves as those of the analyst do. */
static enum ww_status send_aloud(void *data, const struct config *settings,
                                 const struct message_row *m, struct slice bytes, struct slice name,
                                 const struct waiting *waiting, struct delivery_reply *out,
                                 struct ww_error *err)
{
    const struct testing *t = data;
    struct message_row own = *m;

    own.analyst = t->analyst;
    return deliver_send_aloud(settings, &own, bytes, name, waiting, t->is_canary ? NULL : hear,
                              t->c, out, err);
}

/* True: it is theirs. What did not leave now is dropped, for it would be no test any more. */
static bool send_now(struct testing *t, int64_t id, const char *what)
{
    struct checking *c = t->c;
    struct cli *cli = c->cli;
    const struct log silent = {0};
    const struct outbox o = {.store = cli->store,
                             .settings = &cli->config,
                             .clock = &cli->clock,
                             .log = &silent,
                             .stop = cli->stop,
                             .way = send_aloud,
                             .way_data = t};
    struct outbox_summary sum = {0};
    struct ww_error err = {0};
    struct message_row m;

    if (outbox_send_one(&o, id, &sum, &err) != WW_OK ||
        store_message(cli->store, id, &cli->arena, &m, &err) != WW_OK) {
        check_say(c, CHECK_FAIL, what, "%s", err.message);
        if (store_message(cli->store, id, &cli->arena, &m, NULL) != WW_OK)
            return false;
    } else if (m.state == MESSAGE_SENT) {
        check_say(c, CHECK_OK, what, "message %" PRId64 " to %.*s was taken: %.*s", m.id,
                  SLICE_ARG(m.recipient), SLICE_ARG(m.reply));
        return true;
    } else {
        check_say(c, CHECK_FAIL, what, "message %" PRId64 " to %.*s: %s: %.*s", m.id,
                  SLICE_ARG(m.recipient), message_state_name(m.state), SLICE_ARG(m.reply));
    }
    m.state = MESSAGE_DROPPED;
    if (store_begin(cli->store, &err) != WW_OK ||
        store_update_message(cli->store, &m, &err) != WW_OK ||
        store_commit(cli->store, &err) != WW_OK) {
        store_rollback(cli->store);
        check_say(c, CHECK_FAIL, what, "%s", err.message);
    }
    return false;
}

/* ---- the test message ------------------------------------------------------------------------ */

/* Whom to: --analyst, or the only one. False after words about it. */
static bool find_recipient(struct testing *t, struct slice *mailbox)
{
    struct checking *c = t->c;
    const struct config *s = &c->cli->config;
    struct ww_error err = {0};

    if (desk_find_analyst(c->cli, &t->analyst, &err) != WW_OK) {
        check_say(c, CHECK_FAIL, "test", "%s", err.message);
        return false;
    }
    for (size_t i = 0; i < s->n_analysts; i++)
        if (slice_equal(s->analysts[i].name, t->analyst))
            *mailbox = s->analysts[i].email;
    if (mailbox->len > 0)
        return true;
    check_say(c, CHECK_FAIL, "test",
              "analyst \"%.*s\" has no e-mail address, so there is nothing to test by mail",
              SLICE_ARG(t->analyst));
    return false;
}

static void test_message(struct testing *t)
{
    struct checking *c = t->c;
    struct cli *cli = c->cli;
    const struct letter_sender sender = desk_sender(cli);
    struct slice mailbox = {"", 0};
    struct ww_error err = {0};
    enum ww_status status;
    int64_t id = 0;

    if (!find_recipient(t, &mailbox))
        return;
    status = store_begin(cli->store, &err);
    if (status == WW_OK)
        status = letter_queue_test(cli->store, SLICE("test"), mailbox, &sender,
                                   clock_now(&cli->clock), &id, &err);
    if (status == WW_OK)
        status = store_commit(cli->store, &err);
    if (status != WW_OK) {
        store_rollback(cli->store);
        check_say(c, CHECK_FAIL, "test", "%s", err.message);
        return;
    }
    (void)send_now(t, id, "test");
}

/* Taken is not yet read: what the domain of From owes, which no server here can see. */
static void say_domain(struct checking *c)
{
    const struct slice address = message_address(c->cli->config.from);
    const struct slice domain = slice_skip(address, slice_find_char(address, '@') + 1);

    if (domain.len == 0)
        return;
    check_say(c, CHECK_NOTE, "SPF",
              "the TXT record of %.*s has to name the server that sends for it", SLICE_ARG(domain));
    check_say(c, CHECK_NOTE, "DKIM",
              "that server has to sign with a key that stands at SELECTOR._domainkey.%.*s",
              SLICE_ARG(domain));
    check_say(c, CHECK_NOTE, "DMARC",
              "the TXT record of _dmarc.%.*s says what becomes of mail that has neither",
              SLICE_ARG(domain));
    check_say(
        c, CHECK_NOTE, "headers",
        "Authentication-Results of the test message, where it arrives, says whether all three "
        "pass");
}

/* ---- the canary ------------------------------------------------------------------------------ */

static void wait_for_canary(struct checking *c, int64_t id, int64_t wait_s)
{
    struct cli *cli = c->cli;
    const int64_t begun_ms = clock_monotonic_ms(&cli->clock);
    struct ww_error err = {0};
    struct message_row m = {0};
    int64_t waited_ms = 0;

    for (;;) {
        size_t n = 0;

        if (canary_look(cli->store, &cli->config, clock_now(&cli->clock), &cli->log, &n, &err) !=
                WW_OK ||
            store_message(cli->store, id, &cli->arena, &m, &err) != WW_OK) {
            check_say(c, CHECK_FAIL, "canary", "%s", err.message);
            return;
        }
        waited_ms = clock_monotonic_ms(&cli->clock) - begun_ms;
        if (m.returned_at != 0 || waited_ms >= wait_s * 1000 || *cli->stop != 0)
            break;
        clock_sleep_ms(&cli->clock, STEP_MS);
    }
    if (m.returned_at != 0)
        check_say(c, CHECK_OK, "canary", "back after %.1f s", (double)waited_ms / 1000);
    else
        check_say(c, CHECK_WARN, "canary",
                  "not back after %" PRId64 " s (--wait); a run goes on looking for it, and says "
                  "when it is late",
                  waited_ms / 1000);
}

static void test_canary(struct testing *t, int64_t wait_s)
{
    struct checking *c = t->c;
    struct cli *cli = c->cli;
    const struct letter_sender sender = desk_sender(cli);
    struct ww_error err = {0};
    int64_t id = 0;

    if (cli->config.canary.len == 0) {
        check_say(c, CHECK_NOTE, "canary",
                  "none: [mail] canary names a mailbox whose mail comes back");
        return;
    }
    t->analyst = SLICE("");
    t->is_canary = true;
    if (canary_queue(cli->store, &cli->config, &sender, clock_now(&cli->clock), &id, &err) !=
        WW_OK) {
        check_say(c, CHECK_FAIL, "canary", "%s", err.message);
        return;
    }
    if (!send_now(t, id, "canary"))
        return;
    desk_leave_alerts(cli); /* a run need not wait for it */
    wait_for_canary(c, id, wait_s);
}

void check_mail_now(struct checking *c)
{
    struct cli *cli = c->cli;
    const struct store_options options = database_options(cli, false);
    struct testing t = {.c = c};
    struct ww_error err = {0};
    int64_t wait_s = WAIT_S;

    if (cli_has(cli, OPTION_WAIT) &&
        !config_duration(slice_from(cli->values[OPTION_WAIT]), &wait_s)) {
        check_say(c, CHECK_FAIL, "canary", "--wait is a time as 60s or 5m, not \"%s\"",
                  cli->values[OPTION_WAIT]);
        return;
    }
    check_mail(c);
    if (database_open(cli, &options, &err) != WW_OK || desk_take_alerts(cli, &err) != WW_OK) {
        desk_leave_alerts(cli);
        check_say(c, CHECK_FAIL, "database", "%s", err.message);
        return;
    }
    test_message(&t);
    say_domain(c);
    test_canary(&t, wait_s);
    desk_leave_alerts(cli);
}
