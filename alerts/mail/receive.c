/* receive.c - a mail from outside, read by GMime, and what it says of one of ours. */
#include "alerts/mail/receive.h"

#include "alerts/mail/message.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <gmime/gmime.h>

#define REPORT_PARTS_MAX 16
#define STATUS_MAX_BYTES (64 * 1024)
#define ID_MAX_BYTES 512
#define WORDS_BYTES 200

/* ---- fields ---------------------------------------------------------------------------------- */

/* The next field of a header block, unfolded; false behind the last. A blank line has no name. */
static bool next_field(struct slice *rest, struct arena *arena, struct slice *name,
                       struct slice *value)
{
    struct slice line;
    struct slice peek;

    if (rest->ptr == NULL || !slice_next_line(rest, &line))
        return false;
    *name = slice_trim(slice_head(line, slice_find_char(line, ':')));
    *value = slice_trim(slice_skip(line, slice_find_char(line, ':') + 1));
    if (slice_find_char(line, ':') == line.len)
        *name = SLICE("");
    for (peek = *rest; rest->ptr != NULL && slice_next_line(&peek, &line) && line.len > 0 &&
                       (line.ptr[0] == ' ' || line.ptr[0] == '\t');
         *rest = peek)
        if (value->len < STATUS_MAX_BYTES / 64)
            *value =
                arena_printf(arena, "%.*s %.*s", SLICE_ARG(*value), SLICE_ARG(slice_trim(line)));
    return true;
}

/* "<id>" of "<id>" or "id"; empty when it cannot be one. */
static struct slice make_id(struct slice value, struct arena *arena)
{
    value = slice_trim(value);
    if (value.len > 0 && value.ptr[0] == '<')
        value = slice_skip(value, 1);
    value = slice_head(value, slice_find_char(value, '>'));
    if (value.len == 0 || value.len > ID_MAX_BYTES)
        return SLICE("");
    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] <= ' ' || value.ptr[i] > '~' || value.ptr[i] == '<')
            return SLICE("");
    return arena_printf(arena, "<%.*s>", SLICE_ARG(value));
}

/* Of a block of headers without its message. */
static struct slice find_id(struct slice headers, struct arena *arena)
{
    struct slice name, value;

    while (next_field(&headers, arena, &name, &value) && name.len > 0)
        if (slice_equal_nocase(name, SLICE("Message-ID")))
            return make_id(value, arena);
    return SLICE("");
}

/* ---- the report ------------------------------------------------------------------------------ */

/* What a delivery-status says of one recipient. */
struct status_group {
    struct slice action, status, diagnostic, final, original;
};

/* "smtp; 550 no such user": what the server said. */
static struct slice without_type(struct slice value)
{
    size_t at = slice_find_char(value, ';');

    return slice_trim(at < value.len ? slice_skip(value, at + 1) : value);
}

static void take_field(struct status_group *g, struct slice name, struct slice value)
{
    if (slice_equal_nocase(name, SLICE("Action")))
        g->action = value;
    else if (slice_equal_nocase(name, SLICE("Status")))
        g->status = value;
    else if (slice_equal_nocase(name, SLICE("Diagnostic-Code")))
        g->diagnostic = without_type(value);
    else if (slice_equal_nocase(name, SLICE("Final-Recipient")))
        g->final = without_type(value);
    else if (slice_equal_nocase(name, SLICE("Original-Recipient")))
        g->original = without_type(value);
}

/* The first recipient that failed; else the last one there is: ours have one. */
static bool read_status(struct slice bytes, struct arena *arena, struct status_group *out)
{
    struct status_group group = {0};
    struct slice name, value;
    bool goes_on = true;

    *out = (struct status_group){0};
    while (goes_on) {
        goes_on = next_field(&bytes, arena, &name, &value);
        if (goes_on && name.len > 0) {
            take_field(&group, name, value);
            continue;
        }
        /* A blank line, or the end, is the end of a group. */
        if (group.action.len > 0 && !slice_equal_nocase(out->action, SLICE("failed")))
            *out = group;
        group = (struct status_group){0};
    }
    return out->action.len > 0;
}

/* Printable. */
static struct slice visible_address(struct slice value, struct arena *arena)
{
    struct buf visible;
    struct slice out;

    buf_init(&visible, (size_t)16 * WORDS_BYTES);
    text_add_visible(&visible, text_cut(value, WORDS_BYTES));
    out = arena_copy(arena, buf_slice(&visible));
    buf_release(&visible);
    return out;
}

/* Printable, on one line. */
static struct slice make_words(const char *what, const struct status_group *g, struct arena *arena)
{
    struct buf visible;
    struct slice words;

    buf_init(&visible, (size_t)16 * WORDS_BYTES);
    text_add_visible(&visible, text_cut(g->status, 16));
    buf_add_char(&visible, ' ');
    text_add_visible(&visible, text_cut(g->diagnostic, WORDS_BYTES));
    words = arena_printf(arena, "%s: %.*s", what, SLICE_ARG(slice_trim(buf_slice(&visible))));
    buf_release(&visible);
    return words;
}

static enum ww_status describe(const struct status_group *g, struct arena *arena,
                               struct received *out, struct ww_error *err)
{
    static const char *const notes[] = {"delayed", "delivered", "relayed", "expanded"};

    out->final = visible_address(g->final, arena);
    out->original = visible_address(g->original, arena);
    if (slice_equal_nocase(g->action, SLICE("failed"))) {
        out->kind = RECEIVED_FAILURE;
        out->is_hard = slice_starts(g->status, SLICE("5"));
        out->words = make_words("bounced", g, arena);
        return arena_check(arena, err);
    }
    for (size_t i = 0; i < WW_COUNT(notes); i++)
        if (slice_equal_nocase(g->action, slice_from(notes[i]))) {
            out->kind = RECEIVED_NOTE;
            out->words = make_words(notes[i], g, arena);
            return arena_check(arena, err);
        }
    return ww_fail(err, WW_INVALID, "a delivery report without an action that RFC 3464 knows");
}

/* ---- GMime ----------------------------------------------------------------------------------- */

/* The decoded content of a part, at most STATUS_MAX_BYTES of it. */
static struct slice part_content(GMimeObject *part, struct arena *arena)
{
    GMimeStream *stream;
    GMimeDataWrapper *content;
    GByteArray *bytes;
    struct slice out;

    if (!GMIME_IS_PART(part) || (content = g_mime_part_get_content(GMIME_PART(part))) == NULL)
        return SLICE("");
    stream = g_mime_stream_mem_new();
    (void)g_mime_data_wrapper_write_to_stream(content, stream);
    bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    out = arena_copy(arena, slice_of(bytes->data, bytes->len < STATUS_MAX_BYTES
                                                      ? bytes->len
                                                      : (size_t)STATUS_MAX_BYTES));
    g_object_unref(stream);
    return out;
}

static bool is_type(GMimeObject *part, const char *type, const char *subtype)
{
    return g_mime_content_type_is_type(g_mime_object_get_content_type(part), type, subtype);
}

/* The Message-ID of the message, or of the headers, that a part returns. */
static struct slice returned_id(GMimeObject *part, struct arena *arena)
{
    if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        const char *id = message != NULL ? g_mime_message_get_message_id(message) : NULL;

        return make_id(slice_from(id), arena);
    }
    if (is_type(part, "text", "rfc822-headers") || is_type(part, "message", "rfc822-headers") ||
        is_type(part, "message", "global-headers") || is_type(part, "message", "rfc822"))
        return find_id(part_content(part, arena), arena);
    return SLICE("");
}

static enum ww_status read_report(GMimeMultipart *report, struct arena *arena, struct received *out,
                                  struct ww_error *err)
{
    struct status_group group = {0};
    bool has_status = false;
    int n = g_mime_multipart_get_count(report);

    out->message_id = SLICE("");
    for (int i = 0; i < n && i < REPORT_PARTS_MAX; i++) {
        GMimeObject *part = g_mime_multipart_get_part(report, i);

        if (!has_status && (is_type(part, "message", "delivery-status") ||
                            is_type(part, "message", "global-delivery-status")))
            has_status = read_status(part_content(part, arena), arena, &group);
        else if (out->message_id.len == 0)
            out->message_id = returned_id(part, arena);
    }
    if (!has_status)
        return ww_fail(err, WW_INVALID, "a report, but none of a delivery (RFC 3464)");
    if (out->message_id.len == 0)
        return ww_fail(err, WW_INVALID,
                       "a delivery report that does not return the Message-ID it is about");
    return describe(&group, arena, out, err);
}

static enum ww_status read_message(GMimeMessage *message, struct arena *arena, struct received *out,
                                   struct ww_error *err)
{
    GMimeObject *root = g_mime_message_get_mime_part(message);

    out->kind = RECEIVED_MAIL;
    out->message_id = make_id(slice_from(g_mime_message_get_message_id(message)), arena);
    if (root != NULL && GMIME_IS_MULTIPART(root) && is_type(root, "multipart", "report"))
        return read_report(GMIME_MULTIPART(root), arena, out, err);
    if (out->message_id.len == 0)
        return ww_fail(err, WW_INVALID, "no mail: it has no Message-ID");
    return arena_check(arena, err);
}

enum ww_status receive_parse(struct slice bytes, struct arena *arena, struct received *out,
                             struct ww_error *err)
{
    GMimeStream *stream;
    GMimeParser *parser;
    GMimeMessage *message;
    enum ww_status status;

    *out = (struct received){.message_id = SLICE(""), .words = SLICE("")};
    bytes = slice_head(bytes, RECEIVE_MAX_BYTES);
    g_mime_init(); /* counts; its tables stay for the life of the program */
    stream = g_mime_stream_mem_new_with_buffer(bytes.ptr != NULL ? bytes.ptr : "", bytes.len);
    parser = g_mime_parser_new_with_stream(stream);
    /* A spool file begins with "From "; a pipe gives it, too. */
    g_mime_parser_set_format(parser, slice_starts(bytes, SLICE("From ")) ? GMIME_FORMAT_MBOX
                                                                         : GMIME_FORMAT_MESSAGE);
    message = g_mime_parser_construct_message(parser, NULL);
    status = message == NULL ? ww_fail(err, WW_INVALID, "no mail: %zu bytes", bytes.len)
                             : read_message(message, arena, out, err);
    if (message != NULL)
        g_object_unref(message);
    g_object_unref(parser);
    g_object_unref(stream);
    return status;
}

/* ---- the outbox ------------------------------------------------------------------------------ */

static bool is_mailbox(struct slice value, struct slice mailbox)
{
    value = slice_trim(value);
    if (value.len > 1 && value.ptr[0] == '<' && value.ptr[value.len - 1] == '>')
        value = slice_sub(value, 1, value.len - 2);
    return value.len > 0 && slice_equal_nocase(value, mailbox);
}

/* A report is about whom it was for: as the last server knew him, or as we wrote him. */
static enum ww_status check_recipient(const struct received *r, const struct message_row *m,
                                      struct ww_error *err)
{
    const struct slice address = message_address(m->recipient);
    const struct slice ours = address.len > 0 ? address : m->recipient;

    if (r->kind == RECEIVED_MAIL || is_mailbox(r->final, ours) || is_mailbox(r->original, ours))
        return WW_OK;
    return ww_fail(err, WW_INVALID,
                   "a report about %.*s, but message %lld is for %.*s: nothing changed",
                   SLICE_ARG(text_cut(r->final.len > 0 ? r->final : SLICE("nobody"), 64)),
                   (long long)m->id, SLICE_ARG(text_cut(ours, 64)));
}

static enum ww_status take(const struct received *r, int64_t now, struct message_row *m,
                           struct ww_error *err)
{
    switch (r->kind) {
    case RECEIVED_MAIL:
        if (!slice_equal(m->kind, SLICE("canary")))
            return ww_fail(err, WW_INVALID,
                           "neither a delivery report nor a canary: a copy of %.*s",
                           SLICE_ARG(m->message_id));
        if (m->returned_at == 0)
            m->returned_at = now;
        return WW_OK;
    case RECEIVED_FAILURE:
        /* Queued and dropped ones are a person's wish, who knew; failed ones are that already. */
        if (m->state == MESSAGE_QUEUED || m->state == MESSAGE_DROPPED || m->state == MESSAGE_FAILED)
            return WW_OK;
        m->state = MESSAGE_FAILED;
        m->fault = r->is_hard ? FAULT_BOUNCED : FAULT_GIVEN_UP;
        m->reply = r->words;
        return WW_OK;
    case RECEIVED_NOTE:
        if (m->state == MESSAGE_SENT)
            m->reply = r->words;
        return WW_OK;
    }
    return WW_OK;
}

enum ww_status receive_take(struct store *s, const struct received *r, int64_t now,
                            struct arena *arena, struct message_row *m, struct ww_error *err)
{
    enum ww_status status = store_begin(s, err);

    if (status == WW_OK)
        status = store_message_by_name(s, r->message_id, arena, m, err);
    if (status == WW_NOT_FOUND)
        (void)ww_fail(err, status, "not about a message of ours: %.*s", SLICE_ARG(r->message_id));
    if (status == WW_OK)
        status = check_recipient(r, m, err);
    if (status == WW_OK)
        status = take(r, now, m, err);
    if (status == WW_OK)
        status = store_update_message(s, m, err);
    if (status == WW_OK)
        return store_commit(s, err);
    store_rollback(s);
    return status;
}
