/* check_mail.c - wirewatch check on mail: how it would leave, and what became of what should have.
 */
#include "alerts/mail/canary.h"
#include "alerts/mail/deliver.h"
#include "alerts/mail/outbox_hold.h"
#include "base/date.h"
#include "cli/check.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <inttypes.h>

static void say_way(void *context, enum delivery_level level, const char *words)
{
    static const enum check_level levels[] = {
        [DELIVERY_FINE] = CHECK_OK,
        [DELIVERY_NOTE] = CHECK_NOTE,
        [DELIVERY_DOUBT] = CHECK_WARN,
        [DELIVERY_BROKEN] = CHECK_FAIL,
    };

    check_say(context, levels[level], "mail", "%s", words);
}

void check_mail(struct checking *c)
{
    deliver_check(&c->cli->config, &c->cli->arena, say_way, c);
}

/* An address that refuses gets nothing any more, and its analyst may not know. */
static void check_held(struct checking *c, const struct outbox_holds *holds)
{
    for (size_t i = 0; i < holds->n_rows; i++)
        check_say(c, CHECK_WARN, "outbox", "%.*s",
                  SLICE_ARG(outbox_hold_words(&holds->rows[i], &c->cli->arena)));
}

static void check_canary(struct checking *c)
{
    struct canary_state state;
    struct ww_error err = {0};
    char sent[DATE_TEXT_BYTES], back[DATE_TEXT_BYTES];
    const struct config *s = &c->cli->config;

    if (s->canary.len == 0)
        return;
    if (canary_read(c->cli->store, s, clock_now(&c->cli->clock), &state, &err) != WW_OK)
        check_say(c, CHECK_FAIL, "canary", "%s", err.message);
    else if (state.missing_id != 0)
        check_say(c, CHECK_WARN, "canary",
                  "the one of %s to %.*s did not come back: mail may not arrive; wirewatch check "
                  "--mail says more",
                  date_format(state.missing_since, sent), SLICE_ARG(s->canary));
    else if (state.returned_at != 0)
        check_say(c, CHECK_OK, "canary", "the one of %s was back %s",
                  date_format(state.sent_at, sent), date_format(state.returned_at, back));
    else
        check_say(c, CHECK_NOTE, "canary", "none has come back yet: wirewatch check --mail");
}

/* Mail that does not leave is news that nobody reads. */
void check_outbox(struct checking *c)
{
    struct message_filter filter = {.is_bad = true};
    const struct message_row *last = NULL;
    struct message_list list;
    struct outbox_holds holds;
    struct store_stats stats;
    struct ww_error err = {0};
    char text[DATE_TEXT_BYTES];
    int64_t since = 0;
    int64_t n_waiting = 0;

    if (store_read_stats(c->cli->store, &stats, &err) != WW_OK ||
        store_list_messages(c->cli->store, &filter, &c->cli->arena, &list, &err) != WW_OK ||
        outbox_holds_read(c->cli->store, &c->cli->config, clock_now(&c->cli->clock), &c->cli->arena,
                          &holds, &err) != WW_OK) {
        check_say(c, CHECK_FAIL, "outbox", "%s", err.message);
        return;
    }
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct message_row *m = &list.rows[i];

        if (m->state == MESSAGE_FAILED || outbox_find_hold(&holds, m->recipient) != NULL)
            continue;
        n_waiting++;
        if (since == 0 || m->created_at < since)
            since = m->created_at;
        if (last == NULL || m->last_tried_at > last->last_tried_at)
            last = m;
    }
    if (last != NULL)
        check_say(c, CHECK_WARN, "outbox",
                  "%" PRId64 " waiting since %s%s%.*s%s; wirewatch outbox list --state bad",
                  n_waiting, date_format(since, text), last->reply.len > 0 ? ", last reply \"" : "",
                  SLICE_ARG(last->reply), last->reply.len > 0 ? "\"" : "");
    if (stats.n_messages_failed > 0)
        check_say(c, CHECK_WARN, "outbox",
                  "%" PRId64 " failed; wirewatch outbox list --state failed, outbox retry ID",
                  stats.n_messages_failed);
    check_held(c, &holds);
    if (last == NULL && stats.n_messages_failed == 0 && holds.n_rows == 0)
        check_say(c, CHECK_OK, "outbox", "%" PRId64 " waiting, 0 failed", stats.n_messages_waiting);
    check_canary(c);
}
