/*
 * cmd_outbox.c - wirewatch outbox list and show: messages on their way, and one of them whole.
 */
#include "alerts/mail/mail_view.h"
#include "alerts/mail/outbox.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/outbox_words.h"
#include "cli/output.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

static bool is_waiting(const struct message_row *m)
{
    return m->state != MESSAGE_SENT && m->state != MESSAGE_FAILED && m->state != MESSAGE_DROPPED;
}

/* ---- list ------------------------------------------------------------------------------------ */

static const char *const kinds[] = {"digest", "immediate", "weekly", "quiet",
                                    "test",   "canary",    NULL};

/* False after a mistake, which is said. */
static bool read_state(struct cli *cli, struct message_filter *filter)
{
    const char *word = cli->values[OPTION_STATE];
    struct nearest near;

    if (word == NULL)
        return true;
    filter->is_bad = strcmp(word, "bad") == 0;
    filter->is_waiting = strcmp(word, "waiting") == 0;
    filter->has_state = message_state_parse(slice_from(word), &filter->state);
    if (filter->is_bad || filter->is_waiting || filter->has_state)
        return true;
    nearest_init(&near, slice_from(word));
    for (unsigned i = MESSAGE_QUEUED; i <= MESSAGE_DROPPED; i++)
        nearest_try(&near, message_state_name((enum message_state)i));
    nearest_try(&near, "waiting");
    (void)cli_usage(cli,
                    "--state is queued, sending, sent, deferred, failed, unknown, dropped, waiting "
                    "or bad%s%s%s",
                    near.best != NULL ? "; did you mean " : "", near.best != NULL ? near.best : "",
                    near.best != NULL ? "?" : "");
    return false;
}

static bool read_kind(struct cli *cli, struct message_filter *filter)
{
    const char *word = cli->values[OPTION_KIND];
    struct nearest near;

    if (word == NULL)
        return true;
    filter->kind = slice_from(word);
    nearest_init(&near, filter->kind);
    for (size_t i = 0; kinds[i] != NULL; i++) {
        if (strcmp(kinds[i], word) == 0)
            return true;
        nearest_try(&near, kinds[i]);
    }
    (void)cli_usage(cli, "--kind is digest, immediate, weekly, quiet, test or canary%s%s%s",
                    near.best != NULL ? "; did you mean " : "", near.best != NULL ? near.best : "",
                    near.best != NULL ? "?" : "");
    return false;
}

static bool is_held(const struct message_list *held, const struct message_row *m)
{
    for (size_t i = 0; i < held->n_rows; i++)
        if (is_waiting(m) && slice_equal(held->rows[i].recipient, m->recipient))
            return true;
    return false;
}

static void put_row(struct output *o, const struct message_row *m, bool held)
{
    output_number(o, m->id);
    output_string(o, held ? "held" : message_state_name(m->state));
    output_text(o, m->kind);
    output_text(o, m->analyst);
    output_time(o, is_waiting(m) && !held ? m->not_before : 0);
    output_number(o, m->n_tries);
    output_text(o, m->reply);
    output_time(o, m->created_at);
    output_text(o, m->recipient);
    output_number(o, m->n_alerts);
    output_time(o, m->not_before);
    output_time(o, m->last_tried_at);
    output_time(o, m->sent_at);
    output_string(o, m->fault != FAULT_NONE ? message_fault_name(m->fault) : NULL);
    output_time(o, m->returned_at);
    output_number(o, m->n_bytes);
    output_string(o, message_channel_name(m->channel));
    output_text(o, m->subject);
    output_text(o, m->message_id);
    output_end_row(o);
}

int command_outbox_list(struct cli *cli)
{
    static const struct column columns[] = {
        {"id",            COLUMN_RIGHT },
        {"state",         0            },
        {"kind",          0            },
        {"analyst",       0            },
        {"due",           0            },
        {"tries",         COLUMN_RIGHT },
        {"reply",         COLUMN_WIDE  },
        {"created_at",    COLUMN_HIDDEN},
        {"recipient",     COLUMN_HIDDEN},
        {"alerts",        COLUMN_HIDDEN},
        {"not_before",    COLUMN_HIDDEN},
        {"last_tried_at", COLUMN_HIDDEN},
        {"sent_at",       COLUMN_HIDDEN},
        {"why",           COLUMN_HIDDEN},
        {"returned_at",   COLUMN_HIDDEN},
        {"bytes",         COLUMN_HIDDEN},
        {"channel",       COLUMN_HIDDEN},
        {"subject",       COLUMN_HIDDEN},
        {"message_id",    COLUMN_HIDDEN}
    };
    struct message_filter filter = {.window = cli_window(cli, 0)};
    struct message_list list;
    struct message_list held;
    struct ww_error err = {0};
    enum ww_status status;
    struct output *o;

    if (!read_state(cli, &filter) || !read_kind(cli, &filter))
        return EX_USAGE;
    filter.analyst = slice_from(cli->values[OPTION_ANALYST]);
    status = store_list_messages(cli->store, &filter, &cli->arena, &list, &err);
    if (status == WW_OK)
        status = store_list_held(cli->store, OUTBOX_HARD_MAX, &cli->arena, &held, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows; i++)
        put_row(o, &list.rows[i], is_held(&held, &list.rows[i]));
    (void)output_close(o);
    return EX_OK;
}

/* ---- show ------------------------------------------------------------------------------------ */

enum ww_status outbox_find(struct cli *cli, const char *word, struct message_row *out,
                           struct ww_error *err)
{
    int64_t id;
    enum ww_status status;

    if (!cli_id(word, 'm', &id))
        return ww_fail(err, WW_NOT_FOUND,
                       "\"%s\" is no message number (17); wirewatch outbox list shows them", word);
    status = store_message(cli->store, id, &cli->arena, out, err);
    if (status == WW_NOT_FOUND)
        return ww_fail(err, status, "no message %" PRId64 "; wirewatch outbox list shows them", id);
    return status;
}

static void put_facts(struct cli *cli, const struct message_row *m)
{
    output_fact(cli, "message",
                arena_printf(&cli->arena, "%" PRId64 "  %.*s, %s%s%s", m->id, SLICE_ARG(m->kind),
                             message_state_name(m->state), m->fault != FAULT_NONE ? ": " : "",
                             message_fault_name(m->fault)));
    output_fact(cli, "message-id", m->message_id);
    output_fact(cli, "analyst", m->analyst);
    output_fact(cli, "recipient", m->recipient);
    output_fact_time(cli, "made", m->created_at);
    output_fact(cli, "alerts", arena_printf(&cli->arena, "%" PRId64, m->n_alerts));
    output_fact(cli, "tries", arena_printf(&cli->arena, "%" PRId64, m->n_tries));
    output_fact_time(cli, "last try", m->last_tried_at);
    if (is_waiting(m))
        output_fact_time(cli, "next try", m->not_before);
    output_fact_time(cli, "sent", m->sent_at);
    output_fact_time(cli, "came back", m->returned_at);
    output_fact(cli, "last reply", m->reply);
    (void)fputc('\n', cli->out);
}

static enum ww_status put_mail(struct cli *cli, struct slice bytes, struct ww_error *err)
{
    struct buf out;
    enum ww_status status;

    buf_init(&out, (size_t)4 * DIGEST_MAX_BYTES);
    status = mail_view(bytes, &out, err);
    if (status == WW_OK)
        (void)fwrite(out.ptr, 1, out.len, cli->out);
    buf_release(&out);
    return status;
}

static void put_lines(struct cli *cli, struct slice bytes)
{
    struct slice line;

    while (bytes.len > 0 && slice_next_line(&bytes, &line)) {
        output_visible(cli->out, line, 0);
        (void)fputc('\n', cli->out);
    }
}

int command_outbox_show(struct cli *cli)
{
    struct message_row m;
    struct ww_error err = {0};
    struct slice bytes = {"", 0};
    struct arena arena;
    enum ww_status status = outbox_find(cli, cli->words[0], &m, &err);
    bool has_bytes;

    arena_init(&arena, (size_t)4 * DIGEST_MAX_BYTES);
    if (status == WW_OK)
        status = store_message_bytes(cli->store, m.id, &arena, &bytes, &err);
    has_bytes = status == WW_OK;
    if (status == WW_NOT_FOUND && m.id > 0)
        status = cli_has(cli, OPTION_RAW)
                     ? ww_fail(&err, status,
                               "the bytes of message %" PRId64 " were kept long enough ([mail] "
                               "keep)",
                               m.id)
                     : WW_OK;
    if (status != WW_OK)
        goto out;
    if (cli_has(cli, OPTION_RAW)) {
        (void)fwrite(bytes.ptr, 1, bytes.len, cli->out);
        goto out;
    }
    put_facts(cli, &m);
    if (!has_bytes)
        (void)fprintf(cli->out, "What it said was kept long enough ([mail] keep).\n");
    else if (m.channel != CHANNEL_MAIL || put_mail(cli, bytes, NULL) != WW_OK)
        put_lines(cli, bytes);
out:
    arena_release(&arena);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}
