/*
 * message.c - a mail as bytes. The parts and their frames are GMime's; headers are header.c's, and
 * quoted-printable is ours: GMime's leaves "From " and '.' at the beginning of a line as they are.
 */
#include "alerts/mail/message.h"

#include "alerts/mail/header.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/idn.h"
#include "base/limits.h"
#include "base/markup.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <gmime/gmime.h>

#define BOUNDARY_BYTES (2 + 2 * 16 + 1)
/* RFC 2045, 6.7 (5): 76 with the '=' of a soft break. */
#define QUOTED_LINE_BYTES 75

/* ---- mailboxes ------------------------------------------------------------------------------- */

struct slice message_address(struct slice mailbox)
{
    struct slice address = header_address_part(mailbox);

    return header_is_address(address) ? address : (struct slice){"", 0};
}

enum ww_status message_mailbox(struct slice mailbox, struct arena *arena, struct slice *out,
                               struct ww_error *err)
{
    const size_t open = slice_find_last_char(mailbox, '<');
    struct buf written;
    struct slice address;
    enum ww_status status;

    buf_init(&written, TITLE_MAX_BYTES);
    status = header_add_mailbox(&written, mailbox, err);
    if (status == WW_OK)
        status = buf_finish(&written, err);
    address = header_address_part(buf_slice(&written));
    if (status == WW_OK && open < mailbox.len)
        *out = arena_printf(arena, "%.*s<%.*s>", SLICE_ARG(slice_head(mailbox, open)),
                            SLICE_ARG(address));
    else if (status == WW_OK)
        *out = arena_copy(arena, address);
    if (status == WW_OK)
        status = arena_check(arena, err);
    buf_release(&written);
    return status;
}

/* ---- headers --------------------------------------------------------------------------------- */

/* Write value under name, and have it empty for the next. */
static void put(struct buf *out, const char *name, struct buf *value)
{
    header_add(out, name, buf_slice(value));
    if (value->status != WW_OK)
        out->status = value->status;
    buf_reset(value);
}

static enum ww_status put_mailbox(struct buf *out, const char *name, struct slice mailbox,
                                  struct buf *value, struct ww_error *err)
{
    enum ww_status status = header_add_mailbox(value, mailbox, err);

    put(out, name, value);
    return status;
}

/* The ids that are some; the last of them is what is replied to. */
static void put_references(struct buf *out, struct slice references, struct buf *value)
{
    struct slice id;
    struct slice last = {"", 0};

    while (slice_next(&references, ' ', &id)) {
        if (!header_is_message_id(id))
            continue;
        buf_printf(value, "%s%.*s", value->len > 0 ? " " : "", SLICE_ARG(id));
        last = id;
    }
    header_add(out, "In-Reply-To", last);
    put(out, "References", value);
}

/* For the address in a mailto: link (RFC 6068): what means something there is escaped. */
static void add_mailto(struct buf *out, struct slice address)
{
    for (size_t i = 0; i < address.len; i++) {
        if (strchr("%?&#/'\"`{|}^", address.ptr[i]) != NULL)
            buf_printf(out, "%%%02X", (unsigned)address.ptr[i]);
        else
            buf_add_char(out, address.ptr[i]);
    }
}

/* RFC 3986 characters alone, so that nothing ends the angle brackets. */
static bool is_plain_url(struct slice url)
{
    for (size_t i = 0; i < url.len; i++)
        if (url.ptr[i] <= ' ' || url.ptr[i] >= 0x7F || strchr("<>\"\\^`{|}", url.ptr[i]) != NULL)
            return false;
    return url.len <= HEADER_URL_MAX_BYTES;
}

static enum ww_status put_unsubscribe(struct buf *out, const struct message *m, struct buf *value,
                                      struct ww_error *err)
{
    const struct slice mailbox = m->unsubscribe.len > 0 ? m->unsubscribe : m->from;
    struct buf clean;
    enum ww_status status;

    if (m->unsubscribe_url.len > 0 &&
        (!slice_starts_nocase(m->unsubscribe_url, SLICE("https://")) ||
         !is_plain_url(m->unsubscribe_url)))
        return ww_fail(err, WW_INVALID, "'%.*s' is no https address to unsubscribe at",
                       SLICE_ARG(slice_head(m->unsubscribe_url, SUBJECT_MAX_BYTES)));
    buf_init(&clean, TITLE_MAX_BYTES);
    status = header_add_mailbox(&clean, mailbox, err);
    buf_add_string(value, "<mailto:");
    add_mailto(value, header_address_part(buf_slice(&clean)));
    buf_add_string(value, "?subject=unsubscribe%20");
    header_add_domain_word(value, m->list_name);
    buf_add_char(value, '>');
    if (m->unsubscribe_url.len > 0)
        buf_printf(value, ", <%.*s>", SLICE_ARG(m->unsubscribe_url));
    put(out, "List-Unsubscribe", value);
    if (m->unsubscribe_url.len > 0)
        header_add(out, "List-Unsubscribe-Post", SLICE("List-Unsubscribe=One-Click"));
    if (status == WW_OK)
        status = buf_finish(&clean, err);
    buf_release(&clean);
    return status;
}

/* RFC 2919 and 2369: what filters and mail programs sort lists by. */
static enum ww_status put_list(struct buf *out, const struct message *m, struct buf *value,
                               struct ww_error *err)
{
    struct arena arena;
    struct slice domain;
    enum ww_status status = WW_OK;

    if (m->list_id.len == 0)
        return WW_OK;
    arena_init(&arena, (size_t)16 * 1024);
    domain = idn_to_ascii(m->list_id, &arena);
    if (!idn_is_domain(domain))
        status = ww_fail(err, WW_INVALID, "list-id '%.*s' is no domain",
                         SLICE_ARG(slice_head(m->list_id, SUBJECT_MAX_BYTES)));
    if (status == WW_OK) {
        header_add_phrase(value, m->list_name);
        buf_add_string(value, value->len > 0 ? " <" : "<");
        header_add_domain_word(value, m->list_name);
        buf_printf(value, ".%.*s>", SLICE_ARG(domain));
        put(out, "List-Id", value);
        status = put_unsubscribe(out, m, value, err);
    }
    header_add(out, "List-Post", SLICE("NO"));
    if (m->archive_url.len > 0 && is_plain_url(m->archive_url) && markup_is_link(m->archive_url)) {
        buf_printf(value, "<%.*s>", SLICE_ARG(m->archive_url));
        put(out, "List-Archive", value);
    }
    arena_release(&arena);
    return status;
}

/* Letters, digits and hyphens, as in BCP 47. */
static bool is_language(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '-' && !(s.ptr[i] >= '0' && s.ptr[i] <= '9') &&
            !((s.ptr[i] | 0x20) >= 'a' && (s.ptr[i] | 0x20) <= 'z'))
            return false;
    return s.len >= 2 && s.len <= 35;
}

static void put_fields(struct buf *out, const struct message *m, struct buf *value)
{
    for (size_t i = 0; i < m->n_fields; i++) {
        char name[64];

        (void)snprintf(name, sizeof(name), "X-Wirewatch-%s", m->fields[i].name);
        header_add_text(value, m->fields[i].value);
        put(out, name, value);
    }
}

static enum ww_status put_headers(struct buf *out, const struct message *m, struct ww_error *err)
{
    struct buf value;
    enum ww_status status;

    if (!header_is_message_id(m->message_id))
        return ww_fail(err, WW_INVALID, "'%.*s' is no Message-ID",
                       SLICE_ARG(slice_head(m->message_id, SUBJECT_MAX_BYTES)));
    buf_init(&value, (size_t)4 * TITLE_MAX_BYTES);
    status = put_mailbox(out, "From", m->from, &value, err);
    if (status == WW_OK)
        status = put_mailbox(out, "To", m->to, &value, err);
    header_add_text(&value, m->subject);
    if (value.len == 0)
        buf_add_string(&value, "-");
    put(out, "Subject", &value);
    header_add_date(&value, m->date, m->zone_s);
    put(out, "Date", &value);
    header_add(out, "Message-ID", m->message_id);
    put_references(out, m->references, &value);
    if (status == WW_OK)
        status = put_list(out, m, &value, err);
    header_add(out, "Auto-Submitted", SLICE("auto-generated")); /* RFC 3834 */
    header_add(out, "Precedence", SLICE("list")); /* no standard, still stops holiday notes */
    header_add(out, "X-Auto-Response-Suppress", SLICE("All"));
    put_fields(out, m, &value);
    if (is_language(m->language))
        header_add(out, "Content-Language", m->language);
    header_add(out, "MIME-Version", SLICE("1.0"));
    if (status == WW_OK)
        status = buf_finish(out, err);
    buf_release(&value);
    return status;
}

/* ---- parts ----------------------------------------------------------------------------------- */

/* Quoted-printable costs 1 + 2f bytes a byte, base64 4/3: f is one sixth where they meet. */
static bool wants_base64(struct slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += (unsigned char)s.ptr[i] >= 0x80;
    return n > s.len / 6;
}

/* May the byte at i stand as it is? column: where, on the line that is written. */
static bool is_as_it_is(struct slice line, size_t i, size_t column)
{
    unsigned char c = (unsigned char)line.ptr[i];

    if (c == '=' || (c < ' ' && c != '\t') || c >= 0x7F)
        return false;
    if ((c == ' ' || c == '\t') && i + 1 == line.len)
        return false;
    return column > 0 || (c != '.' && !slice_starts(slice_skip(line, i), SLICE("From ")));
}

static void add_quoted_line(struct buf *out, struct slice line)
{
    size_t column = 0;

    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.ptr[i];

        if (c == '\0')
            continue;
        if (column + (is_as_it_is(line, i, column) ? 1 : 3) > QUOTED_LINE_BYTES) {
            buf_add_string(out, "=\r\n");
            column = 0;
        }
        if (is_as_it_is(line, i, column)) {
            buf_add_char(out, (char)c);
            column++;
        } else {
            buf_printf(out, "=%02X", c);
            column += 3;
        }
    }
    buf_add_string(out, "\r\n");
}

/* Lines end in CR LF (RFC 2045, 6.8: also inside base64); NUL ends nothing early. */
static void add_line(struct buf *out, struct slice line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] != '\0')
            buf_add_char(out, line.ptr[i]);
    buf_add_string(out, "\r\n");
}

/* bytes: encoded already when encoding says quoted-printable. */
static GMimePart *make_part(const char *subtype, struct slice bytes, bool is_base64)
{
    GMimeStream *stream =
        g_mime_stream_mem_new_with_buffer(bytes.ptr != NULL ? bytes.ptr : "", bytes.len);
    GMimeContentEncoding encoding =
        is_base64 ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
    GMimeDataWrapper *wrapper = g_mime_data_wrapper_new_with_stream(
        stream, is_base64 ? GMIME_CONTENT_ENCODING_DEFAULT : encoding);
    GMimePart *part = g_mime_part_new_with_type("text", subtype);

    g_mime_object_set_content_type_parameter((GMimeObject *)part, "charset", "utf-8");
    g_mime_part_set_content(part, wrapper);
    g_mime_part_set_content_encoding(part, encoding);
    g_object_unref(wrapper);
    g_object_unref(stream);
    return part;
}

static enum ww_status add_text(GMimeMultipart *whole, const char *subtype, struct slice text,
                               struct ww_error *err)
{
    const bool is_base64 = wants_base64(text);
    struct buf content;
    struct slice line;
    enum ww_status status;

    buf_init(&content, (size_t)4 * DIGEST_MAX_BYTES);
    while (slice_next_line(&text, &line)) {
        if (is_base64)
            add_line(&content, line);
        else
            add_quoted_line(&content, line);
    }
    status = buf_finish(&content, err);
    if (status == WW_OK) {
        GMimePart *part = make_part(subtype, buf_slice(&content), is_base64);

        g_mime_multipart_add(whole, (GMimeObject *)part);
        g_object_unref(part);
    }
    buf_release(&content);
    return status;
}

static void add_csv(GMimeMultipart *whole, const struct message *m)
{
    GMimePart *part = make_part("csv", m->csv, true);
    char name[64];

    (void)snprintf(name, sizeof(name), "%.*s", SLICE_ARG(m->csv_name));
    g_mime_object_set_disposition((GMimeObject *)part, GMIME_DISPOSITION_ATTACHMENT);
    g_mime_part_set_filename(part, name);
    g_mime_multipart_add(whole, (GMimeObject *)part);
    g_object_unref(part);
}

/* From the Message-ID: stable, and never inside either encoding ('=' is followed by hex there). */
static GMimeMultipart *make_frame(const char *subtype, struct slice message_id)
{
    GMimeMultipart *frame = g_mime_multipart_new_with_subtype(subtype);
    unsigned char digest[SHA256_BYTES];
    char boundary[BOUNDARY_BYTES] = "=_";

    hash_sha256(message_id, digest);
    hash_hex(digest + (subtype[0] == 'm' ? 16 : 0), 16, boundary + 2);
    g_mime_multipart_set_boundary(frame, boundary);
    return frame;
}

static void write_bytes(GMimeMultipart *whole, struct buf *out)
{
    GMimeStream *stream = g_mime_stream_mem_new();
    GMimeFormatOptions *options = g_mime_format_options_new();
    const GByteArray *bytes;

    g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
    (void)g_mime_object_write_to_stream((GMimeObject *)whole, options, stream);
    bytes = g_mime_stream_mem_get_byte_array((GMimeStreamMem *)stream);
    buf_add(out, slice_of(bytes->data, bytes->len));
    g_mime_format_options_free(options);
    g_object_unref(stream);
}

enum ww_status message_write(const struct message *m, struct buf *out, struct ww_error *err)
{
    GMimeMultipart *texts, *whole;
    enum ww_status status;

    g_mime_init(); /* counts; its tables stay for the life of the program */
    texts = make_frame("alternative", m->message_id);
    whole = m->csv.len > 0 ? make_frame("mixed", m->message_id) : texts;
    status = put_headers(out, m, err);
    if (status == WW_OK)
        status = add_text(texts, "plain", m->text, err);
    if (status == WW_OK)
        status = add_text(texts, "html", m->html, err);
    if (status == WW_OK) {
        if (whole != texts) {
            g_mime_multipart_add(whole, (GMimeObject *)texts);
            add_csv(whole, m);
        }
        write_bytes(whole, out);
        status = buf_finish(out, err);
    }
    if (whole != texts)
        g_object_unref(whole);
    g_object_unref(texts);
    return status;
}
