/*
 * cmd_outbox.c - wirewatch outbox: messages on their way, one of them whole, sending them again.
 */
#include "base/date.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

/* ---- list ------------------------------------------------------------------------------------ */

int command_outbox_list(struct cli *cli)
{
    static const struct column columns[] = {
        {"id",         COLUMN_RIGHT },
        {"state",      0            },
        {"created_at", 0            },
        {"recipient",  0            },
        {"analyst",    COLUMN_HIDDEN},
        {"kind",       COLUMN_HIDDEN},
        {"alerts",     COLUMN_RIGHT },
        {"tries",      COLUMN_RIGHT },
        {"not_before", COLUMN_HIDDEN},
        {"sent_at",    0            },
        {"bytes",      COLUMN_RIGHT },
        {"reply",      COLUMN_WIDE  },
        {"subject",    COLUMN_WIDE  },
        {"message_id", COLUMN_HIDDEN}
    };
    struct message_filter filter = {.window = cli_window(cli, 0),
                                    .is_bad = cli_has(cli, OPTION_STATE) &&
                                              strcmp(cli->values[OPTION_STATE], "bad") == 0};
    struct message_list list;
    struct ww_error err = {0};
    enum ww_status status;
    struct output *o;

    filter.has_state = cli_has(cli, OPTION_STATE) && !filter.is_bad;
    if (filter.has_state &&
        !message_state_parse(slice_from(cli->values[OPTION_STATE]), &filter.state))
        return cli_usage(
            cli, "--state is queued, sending, sent, deferred, failed, unknown, dropped or bad");
    status = store_list_messages(cli->store, &filter, &cli->arena, &list, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct message_row *m = &list.rows[i];

        output_number(o, m->id);
        output_string(o, message_state_name(m->state));
        output_time(o, m->created_at);
        output_text(o, m->recipient);
        output_text(o, m->analyst);
        output_text(o, m->kind);
        output_number(o, m->n_alerts);
        output_number(o, m->n_tries);
        output_time(o, m->not_before);
        output_time(o, m->sent_at);
        output_number(o, m->n_bytes);
        output_text(o, m->reply);
        output_text(o, m->subject);
        output_text(o, m->message_id);
        output_end_row(o);
    }
    (void)output_close(o);
    return EX_OK;
}

/* ---- show ------------------------------------------------------------------------------------ */

static enum ww_status find_message(struct cli *cli, const char *word, struct message_row *out,
                                   struct ww_error *err)
{
    int64_t id;
    enum ww_status status;

    if (!cli_id(word, 'm', &id))
        return ww_fail(err, WW_NOT_FOUND, "\"%s\" is no message number (17)", word);
    status = store_message(cli->store, id, &cli->arena, out, err);
    if (status == WW_NOT_FOUND)
        return ww_fail(err, status, "no message %" PRId64 "; wirewatch outbox list shows them", id);
    return status;
}

int command_outbox_show(struct cli *cli)
{
    struct message_row m;
    struct ww_error err = {0};
    struct slice bytes;
    struct slice line;
    struct arena arena;
    enum ww_status status = find_message(cli, cli->words[0], &m, &err);

    arena_init(&arena, (size_t)4 * DIGEST_MAX_BYTES);
    if (status == WW_OK)
        status = store_message_bytes(cli->store, m.id, &arena, &bytes, &err);
    if (status != WW_OK)
        goto out;
    output_fact(cli, "message",
                arena_printf(&cli->arena, "%" PRId64 "  %s", m.id, message_state_name(m.state)));
    output_fact(cli, "message-id", m.message_id);
    output_fact(cli, "analyst", m.analyst);
    output_fact(cli, "recipient", m.recipient);
    output_fact_time(cli, "made", m.created_at);
    output_fact(cli, "tries", arena_printf(&cli->arena, "%" PRId64, m.n_tries));
    output_fact_time(cli, "last try", m.last_tried_at);
    if (m.state != MESSAGE_SENT && m.state != MESSAGE_FAILED && m.state != MESSAGE_DROPPED)
        output_fact_time(cli, "next try", m.not_before);
    output_fact_time(cli, "sent", m.sent_at);
    output_fact(cli, "last reply", m.reply);
    (void)fputc('\n', cli->out);
    while (slice_next(&bytes, '\n', &line)) {
        if (line.len > 0 && line.ptr[line.len - 1] == '\r')
            line.len--;
        output_visible(cli->out, line, 0);
        (void)fputc('\n', cli->out);
    }
out:
    arena_release(&arena);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

/* ---- retry ----------------------------------------------------------------------------------- */

/* The same bytes and the same Message-ID: a reader who got them already sees one mail. */
static enum ww_status queue_again(struct cli *cli, struct message_row *m, struct ww_error *err)
{
    if (m->state != MESSAGE_FAILED && m->state != MESSAGE_DEFERRED && m->state != MESSAGE_UNKNOWN)
        return ww_fail(err, WW_INVALID,
                       "message %" PRId64 " is %s: only deferred, failed and unknown ones are sent "
                       "again",
                       m->id, message_state_name(m->state));
    m->state = MESSAGE_QUEUED;
    m->n_doubts = 0;
    m->fault = FAULT_NONE;
    m->not_before = 0; /* the next run, though its clock may stand before ours */
    return store_update_message(cli->store, m, err);
}

/* words: numbers, or "all" for whatever is bad. */
static enum ww_status retry(struct cli *cli, size_t *n, struct ww_error *err)
{
    struct message_filter filter = {.is_bad = true};
    struct message_list list = {0};
    struct message_row m;
    enum ww_status status = WW_OK;

    if (strcmp(cli->words[0], "all") == 0)
        status = store_list_messages(cli->store, &filter, &cli->arena, &list, err);
    for (size_t i = 0; i < list.n_rows && status == WW_OK; i++, (*n)++)
        status = queue_again(cli, &list.rows[i], err);
    if (strcmp(cli->words[0], "all") == 0)
        return status;
    for (int i = 0; i < cli->n_words && status == WW_OK; i++, (*n)++) {
        status = find_message(cli, cli->words[i], &m, err);
        if (status == WW_OK)
            status = queue_again(cli, &m, err);
    }
    return status;
}

int command_outbox_retry(struct cli *cli)
{
    struct ww_error err = {0};
    enum ww_status status = store_begin(cli->store, &err);
    size_t n = 0;

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
