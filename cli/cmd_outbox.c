/*
 * cmd_outbox.c - wirewatch outbox list and show: messages on their way, and one of them whole.
 */
#include "alerts/mail/mail_view.h"
#include "alerts/mail/message.h"
#include "alerts/mail/outbox.h"
#include "alerts/mail/outbox_hold.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/outbox_words.h"
#include "cli/output.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

/* An address as a column has room for it. */
#define WHOM_BYTES 24

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
    filter->is_held = strcmp(word, "held") == 0;
    filter->has_state = message_state_parse(slice_from(word), &filter->state);
    if (filter->is_bad || filter->is_waiting || filter->is_held || filter->has_state)
        return true;
    nearest_init(&near, slice_from(word));
    for (unsigned i = MESSAGE_QUEUED; i <= MESSAGE_DROPPED; i++)
        nearest_try(&near, message_state_name((enum message_state)i));
    nearest_try(&near, "waiting");
    nearest_try(&near, "held");
    (void)cli_usage(cli,
                    "--state is queued, sending, sent, deferred, failed, unknown, dropped, held, "
                    "waiting or bad%s%s%s",
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

/* For people, whom it is for in a word; tests and canaries are for an address. */
static struct slice whom(struct cli *cli, const struct message_row *m)
{
    struct slice address = message_address(m->recipient);

    if (m->analyst.len > 0 || cli->format != FORMAT_HUMAN)
        return m->analyst;
    return text_cut(address.len > 0 ? address : m->recipient, WHOM_BYTES);
}

static void put_row(struct cli *cli, struct output *o, const struct outbox_holds *holds,
                    const struct message_row *m)
{
    const int64_t quiet_until = outbox_quiet_until(holds, m);
    const bool is_held = outbox_hold_of(holds, m) != NULL;
    const int64_t due = quiet_until > m->not_before ? quiet_until : m->not_before;

    output_number(o, m->id);
    output_string(o, outbox_state_name(holds, m));
    output_text(o, m->kind);
    output_text(o, whom(cli, m));
    output_time(o, outbox_is_waiting(m) && !is_held ? due : 0);
    output_number(o, m->n_tries);
    output_text(o, quiet_until != 0 && !is_held && m->reply.len == 0
                       ? arena_printf(&cli->arena, "quiet until %.*s",
                                      SLICE_ARG(output_moment(cli, quiet_until)))
                       : m->reply);
    output_time(o, m->created_at);
    output_text(o, mail_words(m->recipient, &cli->arena));
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
    struct outbox_holds holds;
    struct ww_error err = {0};
    enum ww_status status;
    struct output *o;

    if (!read_state(cli, &filter) || !read_kind(cli, &filter))
        return EX_USAGE;
    filter.analyst = slice_from(cli->values[OPTION_ANALYST]);
    filter.hard_max = OUTBOX_HARD_MAX;
    status = store_list_messages(cli->store, &filter, &cli->arena, &list, &err);
    if (status == WW_OK && list.n_rows == 0)
        status = desk_check_named(cli, &err);
    if (status == WW_OK)
        status = outbox_holds_read(cli->store, &cli->config, clock_now(&cli->clock), &cli->arena,
                                   &holds, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    o = output_open(cli, columns, WW_COUNT(columns));
    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list.n_rows; i++)
        put_row(cli, o, &holds, &list.rows[i]);
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

static void put_facts(struct cli *cli, const struct outbox_holds *holds,
                      const struct message_row *m)
{
    const struct outbox_hold *hold = outbox_hold_of(holds, m);
    const int64_t quiet_until = outbox_quiet_until(holds, m);

    output_fact(cli, "message",
                arena_printf(&cli->arena, "%" PRId64 "  %.*s, %s%s%s", m->id, SLICE_ARG(m->kind),
                             outbox_state_name(holds, m), m->fault != FAULT_NONE ? ": " : "",
                             message_fault_name(m->fault)));
    output_fact(cli, "message-id", m->message_id);
    output_fact(cli, "analyst", m->analyst);
    output_fact(cli, "recipient", mail_words(m->recipient, &cli->arena));
    output_fact_time(cli, "made", m->created_at);
    output_fact(cli, "alerts", arena_printf(&cli->arena, "%" PRId64, m->n_alerts));
    output_fact(cli, "tries", arena_printf(&cli->arena, "%" PRId64, m->n_tries));
    output_fact_time(cli, "last try", m->last_tried_at);
    if (hold != NULL)
        output_fact(cli, "held", outbox_hold_words(hold, &cli->arena));
    else if (outbox_is_waiting(m))
        output_fact_time(cli, quiet_until > m->not_before ? "quiet until" : "next try",
                         quiet_until > m->not_before ? quiet_until : m->not_before);
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
    struct outbox_holds holds;
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
    status = outbox_holds_read(cli->store, &cli->config, clock_now(&cli->clock), &cli->arena,
                               &holds, &err);
    if (status != WW_OK)
        goto out;
    put_facts(cli, &holds, &m);
    if (!has_bytes)
        (void)fprintf(cli->out, "What it said was kept long enough ([mail] keep).\n");
    else if (m.channel != CHANNEL_MAIL || put_mail(cli, bytes, NULL) != WW_OK)
        put_lines(cli, bytes);
out:
    arena_release(&arena);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}
