/*
 * message.c - a mail as bytes. Structure, encoded words, folding and transfer encodings are
 * GMime's; ours is what may stand in a header, and that nothing is left to chance or the clock.
 */
#include "alerts/mail/message.h"

#include "base/attrs.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <gmime/gmime.h>

#define DATE_BYTES 64
#define BOUNDARY_BYTES (2 + 2 * 16 + 1)

/* ---- what may stand in a header -------------------------------------------------------------- */

/* Invisible, or able to turn what is shown around: bidi controls, tags, zero widths. */
static bool is_hidden(uint32_t code)
{
    static const uint32_t ranges[][2] = {
        {0x00,    0x1F   },
        {0x7F,    0x9F   },
        {0xAD,    0xAD   },
        {0x61C,   0x61C  },
        {0x180E,  0x180E },
        {0x200B,  0x200F },
        {0x202A,  0x202E },
        {0x2060,  0x206F },
        {0xFE00,  0xFE0F },
        {0xFEFF,  0xFEFF },
        {0xFFF9,  0xFFFB },
        {0xE0000, 0xE0FFF},
    };

    for (size_t i = 0; i < WW_COUNT(ranges); i++)
        if (code >= ranges[i][0] && code <= ranges[i][1])
            return true;
    return false;
}

static bool is_line_space(uint32_t code)
{
    return code == ' ' || (code >= '\t' && code <= '\r') || code == 0x85 || code == 0xA0 ||
           code == 0x2028 || code == 0x2029;
}

/* One line without anything hidden; "=?", which would begin an encoded word, is parted. */
static void add_header_text(struct buf *out, struct slice s, size_t max_bytes)
{
    size_t begin = out->len;
    bool is_spaced = false;
    struct slice cut = text_cut(s, max_bytes);

    for (size_t at = 0; at < cut.len;) {
        uint32_t code = text_next_code(cut, &at);

        if (is_line_space(code)) {
            is_spaced = out->len > begin;
            continue;
        }
        if (is_hidden(code))
            continue;
        if (is_spaced || (code == '?' && out->len > begin && out->ptr[out->len - 1] == '='))
            buf_add_char(out, ' ');
        is_spaced = false;
        buf_add_code(out, code);
    }
    if (cut.len < s.len)
        buf_add_string(out, "\xE2\x80\xA6");
}

/* ---- mailboxes ------------------------------------------------------------------------------- */

/* RFC 5321 without quoted local parts and address literals; nothing that could end a command. */
static bool is_address(struct slice s)
{
    size_t at = slice_find_char(s, '@');

    if (s.len > MAIL_ADDRESS_MAX_BYTES || at == 0 || at + 1 >= s.len ||
        slice_find_last_char(s, '@') != at)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] <= ' ' || s.ptr[i] >= 0x7F || strchr("<>()[],;:\\\"", s.ptr[i]) != NULL)
            return false;
    return s.ptr[0] != '-'; /* would be an option to sendmail */
}

struct slice message_address(struct slice mailbox)
{
    size_t open = slice_find_last_char(mailbox, '<');
    struct slice address = slice_trim(mailbox);

    if (open < mailbox.len) {
        address = slice_skip(mailbox, open + 1);
        address = slice_trim(slice_head(address, slice_find_char(address, '>')));
    }
    return is_address(address) ? address : (struct slice){"", 0};
}

static enum ww_status add_mailbox(GMimeMessage *message, GMimeAddressType type,
                                  struct slice mailbox, struct ww_error *err)
{
    struct slice address = message_address(mailbox);
    struct slice name = slice_head(mailbox, slice_find_last_char(mailbox, '<'));
    struct buf clean_name, clean_address;
    enum ww_status status = WW_OK;

    if (address.len == 0)
        return ww_fail(err, WW_INVALID, "'%.*s' is no mailbox", SLICE_ARG(mailbox));
    buf_init(&clean_name, TITLE_MAX_BYTES);
    buf_init(&clean_address, TITLE_MAX_BYTES);
    if (name.len < mailbox.len)
        add_header_text(&clean_name, slice_trim(name), SUBJECT_MAX_BYTES);
    buf_add(&clean_address, address);
    if (clean_name.len >= 2 && clean_name.ptr[0] == '"' &&
        clean_name.ptr[clean_name.len - 1] == '"') { /* GMime quotes where it must */
        memmove(clean_name.ptr, clean_name.ptr + 1, clean_name.len - 2);
        buf_truncate(&clean_name, clean_name.len - 2);
    }
    status = buf_finish(&clean_name, err);
    if (status == WW_OK)
        status = buf_finish(&clean_address, err);
    if (status == WW_OK)
        g_mime_message_add_mailbox(message, type, clean_name.len > 0 ? clean_name.ptr : NULL,
                                   clean_address.ptr);
    buf_release(&clean_name);
    buf_release(&clean_address);
    return status;
}

/* ---- headers --------------------------------------------------------------------------------- */

/* RFC 5322, 3.3: "Sun, 22 Nov 2026 07:42:10 +0100". */
static void format_date(int64_t at, int32_t zone_s, char out[DATE_BYTES])
{
    static const char weekdays[7][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t local = at + zone_s;
    int64_t days = local / 86400 - (local % 86400 < 0);
    int second = (int)(local - days * 86400);
    int zone_minutes = zone_s / 60;
    int64_t year;
    unsigned month, day;

    date_to_civil(days, &year, &month, &day);
    (void)snprintf(out, DATE_BYTES, "%s, %02u %s %04d %02d:%02d:%02d %c%02d%02d",
                   weekdays[((days + 3) % 7 + 7) % 7], day, months[month - 1], (int)(year % 10000),
                   second / 3600, second / 60 % 60, second % 60, zone_s < 0 ? '-' : '+',
                   (zone_minutes < 0 ? -zone_minutes : zone_minutes) / 60 % 100,
                   (zone_minutes < 0 ? -zone_minutes : zone_minutes) % 60);
}

static void set_header(GMimeMessage *message, const char *name, struct buf *value)
{
    if (value->status == WW_OK && value->len > 0)
        g_mime_object_set_header((GMimeObject *)message, name, value->ptr, "utf-8");
    buf_reset(value);
}

/* A name as one word of a domain: letters, digits and '-'. */
static void add_domain_word(struct buf *out, struct slice name)
{
    size_t begin = out->len;

    for (size_t i = 0; i < name.len && out->len - begin < 63; i++) {
        char c = name.ptr[i];
        bool is_upper = c >= 'A' && c <= 'Z';
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || is_upper;

        if (is_plain)
            buf_add_char(out, is_upper ? (char)(c + ('a' - 'A')) : c);
        else if (out->len > begin && out->ptr[out->len - 1] != '-')
            buf_add_char(out, '-');
    }
    if (out->len > begin && out->ptr[out->len - 1] == '-')
        buf_truncate(out, out->len - 1);
    if (out->len == begin)
        buf_add_string(out, "digest");
}

static bool is_plain_phrase(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < ' ' || s.ptr[i] >= 0x7F || strchr("<>()[],;:\\\"@.", s.ptr[i]) != NULL)
            return false;
    return s.len > 0;
}

/* RFC 2919 and 2369: what filters and mail programs sort lists by. */
static void set_list_headers(GMimeMessage *message, const struct message *m, struct buf *value)
{
    if (m->list_id.len == 0)
        return;
    if (is_plain_phrase(m->list_name))
        buf_printf(value, "%.*s ", SLICE_ARG(m->list_name));
    buf_add_char(value, '<');
    add_domain_word(value, m->list_name);
    buf_add_char(value, '.');
    add_header_text(value, m->list_id, SUBJECT_MAX_BYTES);
    buf_add_char(value, '>');
    set_header(message, "List-Id", value);
    buf_printf(value, "<mailto:%.*s?subject=unsubscribe%%20", SLICE_ARG(message_address(m->from)));
    add_domain_word(value, m->list_name);
    buf_add_char(value, '>');
    set_header(message, "List-Unsubscribe", value);
    buf_add_string(value, "NO");
    set_header(message, "List-Post", value);
}

static enum ww_status set_headers(GMimeMessage *message, const struct message *m,
                                  struct ww_error *err)
{
    static const char *const fixed[][2] = {
        {"Auto-Submitted",           "auto-generated"}, /* RFC 3834 */
        {"Precedence",               "list"          }, /* no standard, still stops holiday notes */
        {"X-Auto-Response-Suppress", "All"           },
    };
    char date[DATE_BYTES];
    struct buf value;
    enum ww_status status = add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, m->from, err);

    if (status == WW_OK)
        status = add_mailbox(message, GMIME_ADDRESS_TYPE_TO, m->to, err);
    if (status != WW_OK)
        return status;
    buf_init(&value, (size_t)4 * TITLE_MAX_BYTES);
    add_header_text(&value, m->subject, SUBJECT_MAX_BYTES);
    g_mime_message_set_subject(message, value.len > 0 ? value.ptr : "", "utf-8");
    buf_reset(&value);
    format_date(m->date, m->zone_s, date);
    buf_add_string(&value, date);
    set_header(message, "Date", &value);
    add_header_text(&value, m->message_id, SUBJECT_MAX_BYTES);
    set_header(message, "Message-ID", &value);
    add_header_text(&value, m->references, TITLE_MAX_BYTES);
    set_header(message, "References", &value);
    set_list_headers(message, m, &value);
    for (size_t i = 0; i < WW_COUNT(fixed); i++) {
        buf_add_string(&value, fixed[i][1]);
        set_header(message, fixed[i][0], &value);
    }
    status = buf_finish(&value, err);
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

/* Lines end in CR LF (RFC 2045, 6.8: also inside base64); NUL ends nothing early. */
static void add_lines(struct buf *out, struct slice text, const char *line_end)
{
    struct slice line;

    while (slice_next_line(&text, &line)) {
        for (size_t i = 0; i < line.len; i++)
            if (line.ptr[i] != '\0')
                buf_add_char(out, line.ptr[i]);
        buf_add_string(out, line_end);
    }
}

static enum ww_status add_part(GMimeMultipart *whole, const char *subtype, struct slice text,
                               struct ww_error *err)
{
    bool is_base64 = wants_base64(text);
    struct buf content;
    enum ww_status status;

    buf_init(&content, (size_t)3 * DIGEST_MAX_BYTES);
    add_lines(&content, text, is_base64 ? "\r\n" : "\n");
    status = buf_finish(&content, err);
    if (status == WW_OK) {
        /* Not g_mime_text_part_set_text, which would choose the smallest charset itself. */
        struct slice bytes = buf_slice(&content);
        GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.ptr, bytes.len);
        GMimeDataWrapper *wrapper =
            g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
        GMimePart *part = g_mime_part_new_with_type("text", subtype);

        g_mime_object_set_content_type_parameter((GMimeObject *)part, "charset", "utf-8");
        g_mime_part_set_content(part, wrapper);
        g_mime_part_set_content_encoding(part, is_base64 ? GMIME_CONTENT_ENCODING_BASE64
                                                         : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
        g_mime_multipart_add(whole, (GMimeObject *)part);
        g_object_unref(part);
        g_object_unref(wrapper);
        g_object_unref(stream);
    }
    buf_release(&content);
    return status;
}

/* From the Message-ID: stable, and never inside either encoding ('=' is followed by hex there). */
static void set_boundary(GMimeMultipart *whole, struct slice message_id)
{
    unsigned char digest[SHA256_BYTES];
    char boundary[BOUNDARY_BYTES] = "=_";

    hash_sha256(message_id, digest);
    hash_hex(digest, 16, boundary + 2);
    g_mime_multipart_set_boundary(whole, boundary);
}

static void write_bytes(GMimeMessage *message, struct buf *out)
{
    GMimeStream *stream = g_mime_stream_mem_new();
    GMimeFormatOptions *options = g_mime_format_options_new();
    const GByteArray *bytes;

    g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
    (void)g_mime_object_write_to_stream((GMimeObject *)message, options, stream);
    bytes = g_mime_stream_mem_get_byte_array((GMimeStreamMem *)stream);
    buf_add(out, slice_of(bytes->data, bytes->len));
    g_mime_format_options_free(options);
    g_object_unref(stream);
}

enum ww_status message_write(const struct message *m, struct buf *out, struct ww_error *err)
{
    GMimeMessage *message;
    GMimeMultipart *whole;
    enum ww_status status;

    g_mime_init(); /* counts; its tables stay for the life of the program */
    message = g_mime_message_new(FALSE);
    whole = g_mime_multipart_new_with_subtype("alternative");
    set_boundary(whole, m->message_id);
    status = set_headers(message, m, err);
    if (status == WW_OK)
        status = add_part(whole, "plain", m->text, err);
    if (status == WW_OK)
        status = add_part(whole, "html", m->html, err);
    g_mime_message_set_mime_part(message, (GMimeObject *)whole);
    if (status == WW_OK) {
        write_bytes(message, out);
        status = buf_finish(out, err);
    }
    g_object_unref(whole);
    g_object_unref(message);
    return status;
}
