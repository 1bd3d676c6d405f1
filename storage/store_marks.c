/* store_marks.c - marks, mutes, what was withheld, the control set. */
#include "storage/store_marks.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "storage/article_rows.h"

/* ---- marks ----------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct mark_row, member)
static const struct member mark_members[] = {
    {MEMBER_NUMBER, AT(id),       NULL               },
    {MEMBER_NUMBER, AT(alert_id), NULL               },
    {MEMBER_CHOICE, AT(verdict),  alert_verdict_names},
    {MEMBER_TEXT,   AT(analyst),  NULL               },
    {MEMBER_TEXT,   AT(note),     NULL               },
    {MEMBER_NUMBER, AT(at),       NULL               },
};
#undef AT
#define N_MARK WW_COUNT(mark_members)
static const struct part mark_part = {mark_members, N_MARK, 0};
static const struct shape mark_shape = {sizeof(struct mark_row), {{mark_members, N_MARK, 0}}};

#define AT(member) offsetof(struct judged_row, member)
static const struct member judged_members[] = {
    {MEMBER_NUMBER, AT(alert_id),       NULL               },
    {MEMBER_NUMBER, AT(article_id),     NULL               },
    {MEMBER_NUMBER, AT(feed_id),        NULL               },
    {MEMBER_TEXT,   AT(item),           NULL               },
    {MEMBER_TEXT,   AT(alias),          NULL               },
    {MEMBER_TEXT,   AT(rule),           NULL               },
    {MEMBER_TEXT,   AT(kind),           NULL               },
    {MEMBER_TEXT,   AT(outlet),         NULL               },
    {MEMBER_TEXT,   AT(language),       NULL               },
    {MEMBER_TEXT,   AT(feed),           NULL               },
    {MEMBER_CHOICE, AT(verdict),        alert_verdict_names},
    {MEMBER_FLAG,   AT(is_disputed),    NULL               },
    {MEMBER_CHOICE, AT(field),          mention_field_names},
    {MEMBER_NUMBER, AT(start),          NULL               },
    {MEMBER_NUMBER, AT(end),            NULL               },
    {MEMBER_NUMBER, AT(sentence_start), NULL               },
    {MEMBER_NUMBER, AT(sentence_end),   NULL               },
};
#undef AT
static const struct shape judged_shape = {sizeof(struct judged_row),
                                          {{judged_members, WW_COUNT(judged_members), 0}}};

enum ww_status store_add_mark(struct store *s, const struct mark_row *row, int64_t *id,
                              struct ww_error *err)
{
    struct db_value values[N_MARK];
    enum ww_status status = row_bind(s, &mark_part, row, values, err);

    return status == WW_OK ? row_write_returning(s, QUERY_MARK_ADD, values, N_MARK, id, err)
                           : status;
}

enum ww_status store_list_marks(struct store *s, int64_t alert_id, struct arena *arena,
                                struct mark_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(alert_id)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_MARK_LIST, values, WW_COUNT(values), &mark_shape, arena, &list, err);

    *out = (struct mark_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_list_judged(struct store *s, const struct judged_filter *filter,
                                 struct arena *arena, struct judged_list *out, struct ww_error *err)
{
    const struct db_value values[] = {
        window_since(&filter->window),  window_until(&filter->window),
        db_text(filter->item),          db_text(filter->analyst),
        db_integer(filter->is_marked),  window_limit(&filter->window),
        window_offset(&filter->window),
    };
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_JUDGED_LIST, values, WW_COUNT(values), &judged_shape, arena, &list, err);

    *out = (struct judged_list){list.rows, list.n_rows};
    return status;
}

/* ---- mutes ----------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct mute_row, member)
static const struct member mute_members[] = {
    {MEMBER_NUMBER, AT(id),         NULL},
    {MEMBER_LINK,   AT(story_id),   NULL},
    {MEMBER_TEXT,   AT(item),       NULL},
    {MEMBER_TEXT,   AT(outlet),     NULL},
    {MEMBER_TEXT,   AT(analyst),    NULL},
    {MEMBER_TEXT,   AT(note),       NULL},
    {MEMBER_NUMBER, AT(created_at), NULL},
    {MEMBER_NUMBER, AT(until),      NULL},
    {MEMBER_NUMBER, AT(ended_at),   NULL},
 /* of lists alone */
    {MEMBER_NUMBER, AT(n_withheld), NULL},
};
#undef AT
#define N_MUTE (WW_COUNT(mute_members) - 1)
static const struct part mute_part = {mute_members, N_MUTE, 0};
static const struct shape mute_shape = {sizeof(struct mute_row),
                                        {{mute_members, WW_COUNT(mute_members), 0}}};

int64_t mute_end(const struct mute_row *m)
{
    return m->ended_at != 0 ? m->ended_at : m->until;
}

enum ww_status store_add_mute(struct store *s, const struct mute_row *row, int64_t *id,
                              struct ww_error *err)
{
    struct db_value values[N_MUTE];
    enum ww_status status = row_bind(s, &mute_part, row, values, err);

    return status == WW_OK ? row_write_returning(s, QUERY_MUTE_ADD, values, N_MUTE, id, err)
                           : status;
}

enum ww_status store_end_mute(struct store *s, int64_t id, int64_t at, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id), db_integer(at)};
    int64_t unused;
    enum ww_status status =
        row_write_returning(s, QUERY_MUTE_END, values, WW_COUNT(values), &unused, err);

    return status == WW_NOT_FOUND
               ? ww_fail(err, status, "there is no mute %lld in effect", (long long)id)
               : status;
}

enum ww_status store_list_mutes(struct store *s, int64_t after, struct slice analyst,
                                struct arena *arena, struct mute_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(after), db_text(analyst)};
    struct row_list list;
    enum ww_status status =
        row_list(s, QUERY_MUTE_LIST, values, WW_COUNT(values), &mute_shape, arena, &list, err);

    *out = (struct mute_list){list.rows, list.n_rows};
    return status;
}

/* ---- what was withheld ----------------------------------------------------------------------- */

#define AT(member) offsetof(struct withheld_row, member)
static const struct member withheld_members[] = {
    {MEMBER_TEXT,   AT(analyst),  NULL},
    {MEMBER_NUMBER, AT(alert_id), NULL},
    {MEMBER_NUMBER, AT(mute_id),  NULL},
    {MEMBER_NUMBER, AT(at),       NULL},
};
#undef AT
#define N_WITHHELD WW_COUNT(withheld_members)
static const struct part withheld_part = {withheld_members, N_WITHHELD, 0};
static const struct shape withheld_shape = {sizeof(struct withheld_row),
                                            {{withheld_members, N_WITHHELD, 0}}};

enum ww_status store_withhold(struct store *s, const struct withheld_row *row, struct ww_error *err)
{
    struct db_value values[N_WITHHELD];
    enum ww_status status = row_bind(s, &withheld_part, row, values, err);

    return status == WW_OK ? row_write(s, QUERY_WITHHELD_ADD, values, N_WITHHELD, err) : status;
}

enum ww_status store_list_withheld(struct store *s, int64_t alert_id, struct arena *arena,
                                   struct withheld_list *out, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(alert_id)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_WITHHELD_LIST, values, WW_COUNT(values),
                                     &withheld_shape, arena, &list, err);

    *out = (struct withheld_list){list.rows, list.n_rows};
    return status;
}

static const struct member name_members[] = {
    {MEMBER_TEXT, 0, NULL},
};
static const struct shape name_shape = {sizeof(struct slice), {{name_members, 1, 0}}};

enum ww_status store_list_outlets(struct store *s, struct arena *arena, struct slice **out,
                                  size_t *n, struct ww_error *err)
{
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_OUTLET_LIST, NULL, 0, &name_shape, arena, &list, err);

    *out = list.rows;
    *n = list.n_rows;
    return status;
}

/* ---- the control set ------------------------------------------------------------------------- */

#define AT(member) offsetof(struct control_row, member)
static const struct member control_members[] = {
    {MEMBER_NUMBER, AT(id),       NULL},
    {MEMBER_TEXT,   AT(url),      NULL},
    {MEMBER_TEXT,   AT(title),    NULL},
    {MEMBER_TEXT,   AT(language), NULL},
    {MEMBER_PACKED, AT(body),     NULL},
    {MEMBER_BYTES,  AT(sha256),   NULL},
    {MEMBER_TEXT,   AT(expected), NULL},
    {MEMBER_TEXT,   AT(note),     NULL},
    {MEMBER_NUMBER, AT(added_at), NULL},
};
#undef AT
#define N_CONTROL WW_COUNT(control_members)
static const struct part control_part = {control_members, N_CONTROL, 0};
static const struct shape control_shape = {sizeof(struct control_row),
                                           {{control_members, N_CONTROL, 0}}};

/* Title and text, a line end between: the same text under another address is one case. */
static enum ww_status hash_control(const struct control_row *row,
                                   unsigned char sha256[SHA256_BYTES], struct ww_error *err)
{
    struct buf whole;
    enum ww_status status;

    buf_init(&whole, row->title.len + row->body.len + 1);
    buf_add(&whole, row->title);
    buf_add_char(&whole, '\n');
    buf_add(&whole, row->body);
    hash_sha256(buf_slice(&whole), sha256);
    status = buf_finish(&whole, err);
    buf_release(&whole);
    return status;
}

enum ww_status store_add_control(struct store *s, const struct control_row *row, int64_t *id,
                                 bool *is_new, struct ww_error *err)
{
    unsigned char sha256[SHA256_BYTES];
    struct control_row stored = *row;
    struct db_value values[N_CONTROL];
    enum ww_status status = hash_control(row, sha256, err);

    stored.sha256 = slice_of(sha256, sizeof(sha256));
    if (status == WW_OK)
        status = row_bind(s, &control_part, &stored, values, err);
    if (status == WW_OK)
        status = row_write_returning(s, QUERY_CONTROL_ADD, values, N_CONTROL, id, err);
    *is_new = status == WW_OK;
    if (status == WW_NOT_FOUND)
        status = row_write_returning(s, QUERY_CONTROL_SET, values, N_CONTROL, id, err);
    return status;
}

enum ww_status store_remove_control(struct store *s, int64_t id, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id)};
    int64_t unused;
    enum ww_status status =
        row_write_returning(s, QUERY_CONTROL_REMOVE, values, WW_COUNT(values), &unused, err);

    return status == WW_NOT_FOUND
               ? ww_fail(err, status, "there is no control case %lld", (long long)id)
               : status;
}

enum ww_status store_list_controls(struct store *s, const struct store_window *window,
                                   struct arena *arena, struct control_list *out,
                                   struct ww_error *err)
{
    const struct db_value values[] = {window_limit(window), window_offset(window)};
    struct row_list list;
    enum ww_status status = row_list(s, QUERY_CONTROL_LIST, values, WW_COUNT(values),
                                     &control_shape, arena, &list, err);

    *out = (struct control_list){list.rows, list.n_rows};
    return status;
}
