/* store_outbox.c - messages, their bytes, and whom they have told of what. */
#include "storage/store_outbox.h"

#include "base/hash.h"
#include "storage/rows.h"

static const char *const state_names[] = {
    [MESSAGE_QUEUED] = "queued",   [MESSAGE_SENDING] = "sending",
    [MESSAGE_SENT] = "sent",       [MESSAGE_DEFERRED] = "deferred",
    [MESSAGE_FAILED] = "failed",   [MESSAGE_UNKNOWN] = "unknown",
    [MESSAGE_DROPPED] = "dropped", NULL,
};

static const char *const channel_names[] = {
    [CHANNEL_MAIL] = "mail",
    [CHANNEL_COMMAND] = "command",
    [CHANNEL_WEBHOOK] = "webhook",
    NULL,
};

static const char *const fault_names[] = {
    [FAULT_NONE] = "",
    [FAULT_REFUSED] = "refused",
    [FAULT_BOUNCED] = "bounced",
    [FAULT_DOUBTFUL] = "doubtful",
    [FAULT_GIVEN_UP] = "given-up",
    [FAULT_UNREACHABLE] = "unreachable",
    NULL,
};

static const char *const how_names[] = {
    [TOLD_MESSAGE] = "message", [TOLD_SEEN] = "seen", [TOLD_OUTSIDE] = "outside", NULL};

#define AT(member) offsetof(struct message_row, member)
static const struct member members[] = {
    {MEMBER_NUMBER, AT(id),            NULL         },
    {MEMBER_TEXT,   AT(message_id),    NULL         },
    {MEMBER_TEXT,   AT(kind),          NULL         },
    {MEMBER_TEXT,   AT(analyst),       NULL         },
    {MEMBER_TEXT,   AT(recipient),     NULL         },
    {MEMBER_TEXT,   AT(subject),       NULL         },
    {MEMBER_NUMBER, AT(n_bytes),       NULL         },
    {MEMBER_BYTES,  AT(sha256),        NULL         },
    {MEMBER_CHOICE, AT(state),         state_names  },
    {MEMBER_NUMBER, AT(n_tries),       NULL         },
    {MEMBER_NUMBER, AT(not_before),    NULL         },
    {MEMBER_NUMBER, AT(created_at),    NULL         },
    {MEMBER_NUMBER, AT(last_tried_at), NULL         },
    {MEMBER_NUMBER, AT(sent_at),       NULL         },
    {MEMBER_TEXT,   AT(reply),         NULL         },
    {MEMBER_NUMBER, AT(n_alerts),      NULL         },
    {MEMBER_CHOICE, AT(channel),       channel_names},
    {MEMBER_NUMBER, AT(story_id),      NULL         },
    {MEMBER_NUMBER, AT(returned_at),   NULL         },
    {MEMBER_NUMBER, AT(n_doubts),      NULL         },
    {MEMBER_CHOICE, AT(fault),         fault_names  },
};
#undef AT
#define N_MEMBERS WW_COUNT(members)
static const struct part part = {members, N_MEMBERS, 0};
static const struct shape shape = {sizeof(struct message_row), {{members, N_MEMBERS, 0}}};

static const struct member bytes_member[] = {
    {MEMBER_BYTES, 0, NULL}
};
static const struct shape bytes_shape = {sizeof(struct slice), {{bytes_member, 1, 0}}};
static const struct member id_member[] = {
    {MEMBER_NUMBER, 0, NULL}
};
static const struct shape id_shape = {sizeof(int64_t), {{id_member, 1, 0}}};

const char *message_state_name(enum message_state state)
{
    return state_names[state];
}

const char *message_fault_name(enum message_fault fault)
{
    return fault_names[fault];
}

const char *message_channel_name(enum message_channel channel)
{
    return channel_names[channel];
}

bool message_state_parse(struct slice name, enum message_state *out)
{
    unsigned choice;

    if (!choice_parse(state_names, name, &choice))
        return false;
    *out = (enum message_state)choice;
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

enum ww_status store_reserve_message(struct store *s, int64_t *id, struct ww_error *err)
{
    return row_write_returning(s, QUERY_MESSAGE_RESERVE, NULL, 0, id, err);
}

enum ww_status store_mark_told(struct store *s, struct slice analyst, int64_t alert_id, int64_t at,
                               enum told_how how, struct ww_error *err)
{
    const struct db_value values[] = {db_text(analyst), db_integer(alert_id), db_integer(at),
                                      db_text(slice_from(how_names[how]))};

    return row_write(s, QUERY_TOLD_ADD, values, WW_COUNT(values), err);
}

static enum ww_status add_alerts(struct store *s, const struct message_row *row,
                                 const int64_t *alerts, size_t n_alerts, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; status == WW_OK && i < n_alerts; i++) {
        const struct db_value values[] = {db_integer(row->id), db_integer(alerts[i])};

        status = row_write(s, QUERY_MESSAGE_ALERT_ADD, values, WW_COUNT(values), err);
        if (status == WW_OK)
            status =
                store_mark_told(s, row->analyst, alerts[i], row->created_at, TOLD_MESSAGE, err);
    }
    return status;
}

enum ww_status store_add_message(struct store *s, const struct message_row *row, struct slice bytes,
                                 const int64_t *alerts, size_t n_alerts, struct ww_error *err)
{
    const struct db_value bytes_values[] = {db_integer(row->id), db_blob(bytes)};
    unsigned char sha256[SHA256_BYTES];
    struct message_row stored = *row;
    struct db_value values[N_MEMBERS];
    enum ww_status status;

    hash_sha256(bytes, sha256);
    stored.sha256 = slice_of(sha256, sizeof(sha256));
    stored.n_bytes = (int64_t)bytes.len;
    stored.n_alerts = (int64_t)n_alerts;
    status = row_bind(s, &part, &stored, values, err);
    if (status == WW_OK)
        status = row_write(s, QUERY_MESSAGE_ADD, values, N_MEMBERS, err);
    if (status == WW_OK)
        status = row_write(s, QUERY_MESSAGE_BYTES_ADD, bytes_values, WW_COUNT(bytes_values), err);
    return status == WW_OK ? add_alerts(s, row, alerts, n_alerts, err) : status;
}

enum ww_status store_update_message(struct store *s, const struct message_row *row,
                                    struct ww_error *err)
{
    struct db_value values[N_MEMBERS];
    enum ww_status status = row_bind(s, &part, row, values, err);

    return status == WW_OK ? row_write(s, QUERY_MESSAGE_UPDATE, values, N_MEMBERS, err) : status;
}

enum ww_status store_prune_messages(struct store *s, int64_t before, size_t limit,
                                    struct ww_error *err)
{
    const struct db_value values[] = {db_integer(before), db_integer((int64_t)limit)};

    return row_write(s, QUERY_MESSAGE_BYTES_PRUNE, values, WW_COUNT(values), err);
}

enum ww_status store_untell_message(struct store *s, const struct message_row *row,
                                    struct ww_error *err)
{
    static const enum query queries[] = {QUERY_MESSAGE_UNTELL, QUERY_MESSAGE_UNTELL_REVISIONS,
                                         QUERY_MESSAGE_UNTELL_TROUBLES,
                                         QUERY_MESSAGE_UNTELL_POSSIBLE};
    const struct db_value values[] = {db_integer(row->id), db_text(row->analyst),
                                      db_integer(row->created_at)};
    enum ww_status status = WW_OK;

    /* The first one names two of the values. */
    for (size_t i = 0; i < WW_COUNT(queries) && status == WW_OK; i++)
        status = row_write(s, queries[i], values, i == 0 ? 2 : WW_COUNT(values), err);
    return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

static enum ww_status no_message(enum ww_status status, int64_t id, struct ww_error *err)
{
    return status == WW_NOT_FOUND ? ww_fail(err, status, "there is no message %lld", (long long)id)
                                  : status;
}

enum ww_status store_message(struct store *s, int64_t id, struct arena *arena,
                             struct message_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};

    return no_message(
        row_read(s, QUERY_MESSAGE_GET, values, WW_COUNT(values), &shape, arena, out, err), id, err);
}

enum ww_status store_message_by_name(struct store *s, struct slice message_id, struct arena *arena,
                                     struct message_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(message_id)};
    enum ww_status status =
        row_read(s, QUERY_MESSAGE_BY_NAME, values, WW_COUNT(values), &shape, arena, out, err);

    return status == WW_NOT_FOUND
               ? ww_fail(err, status, "there is no message %.*s", SLICE_ARG(message_id))
               : status;
}

enum ww_status store_message_bytes(struct store *s, int64_t id, struct arena *arena,
                                   struct slice *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};

    return no_message(
        row_read(s, QUERY_MESSAGE_BYTES, values, WW_COUNT(values), &bytes_shape, arena, out, err),
        id, err);
}

enum ww_status store_list_messages(struct store *s, const struct message_filter *filter,
                                   struct arena *arena, struct message_list *out,
                                   struct ww_error *err)
{
    struct slice state = filter->is_bad       ? SLICE("bad")
                         : filter->is_held    ? SLICE("held")
                         : filter->is_waiting ? SLICE("waiting")
                         : filter->has_state  ? slice_from(state_names[filter->state])
                                              : SLICE("");
    const struct db_value due[] = {db_integer(filter->due_by), db_text(filter->analyst),
                                   window_limit(&filter->window), window_offset(&filter->window)};
    const struct db_value all[] = {
        window_since(&filter->window),
        window_until(&filter->window),
        db_text(state),
        db_text(filter->analyst),
        db_text(filter->kind),
        db_integer(filter->alert_id),
        db_integer(filter->story_id),
        window_limit(&filter->window),
        window_offset(&filter->window),
        db_integer(filter->hard_max),
    };
    /* What each run asks, of one analyst and kind. */
    const bool is_indexed =
        filter->analyst.len > 0 && filter->kind.len > 0 && state.len == 0 && filter->alert_id == 0;
    const struct db_value of[] = {window_since(&filter->window), window_until(&filter->window),
                                  db_text(filter->analyst),      db_text(filter->kind),
                                  db_integer(filter->story_id),  window_limit(&filter->window),
                                  window_offset(&filter->window)};
    struct row_list list;
    enum ww_status status;

    if (filter->due_by != 0)
        status = row_list(s, QUERY_MESSAGE_LIST_DUE, due, WW_COUNT(due), &shape, arena, &list, err);
    else if (is_indexed)
        status = row_list(s, QUERY_MESSAGE_LIST_OF, of, WW_COUNT(of), &shape, arena, &list, err);
    else
        status = row_list(s, QUERY_MESSAGE_LIST, all, WW_COUNT(all), &shape, arena, &list, err);

    *out = (struct message_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_list_held(struct store *s, int64_t n, struct arena *arena,
                               struct message_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(n)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_MESSAGE_LIST_HELD, values, WW_COUNT(values), &shape, arena, &list, err);

    *out = (struct message_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_message_alerts(struct store *s, int64_t id, struct arena *arena,
                                    int64_t **alerts, size_t *n_alerts, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_MESSAGE_ALERTS, values, WW_COUNT(values), &id_shape, arena, &list, err);

    *alerts = list.rows;
    *n_alerts = list.n_rows;
    return status;
}

/* ---- who knows of an alert ------------------------------------------------------------------- */

#define AT(member) offsetof(struct told_row, member)
static const struct member told_members[] = {
    {MEMBER_TEXT,   AT(analyst),  NULL     },
    {MEMBER_NUMBER, AT(alert_id), NULL     },
    {MEMBER_NUMBER, AT(at),       NULL     },
    {MEMBER_CHOICE, AT(how),      how_names},
};
#undef AT
static const struct shape told_shape = {sizeof(struct told_row),
                                        {{told_members, WW_COUNT(told_members), 0}}};

enum ww_status store_list_told(struct store *s, int64_t alert_id, struct arena *arena,
                               struct told_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(alert_id)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_TOLD_LIST, values, WW_COUNT(values), &told_shape, arena, &list, err);

    *out = (struct told_list){list.rows, list.n_rows};
    return status;
}
