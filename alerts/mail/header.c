/* header.c - clean text, encoded words, folding, mailboxes. */
#include "alerts/mail/header.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/idn.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include <gmime/gmime.h>

#define WORD_BEGIN "=?UTF-8?"
/* "=?UTF-8?B?" and "?=" */
#define WORD_FRAME_BYTES 12
#define WORD_TEXT_BYTES (HEADER_WORD_MAX_BYTES - WORD_FRAME_BYTES)
#define WORD_BASE64_BYTES (WORD_TEXT_BYTES / 4 * 3)
/* A label of a domain has at most 63; behind it stand six more and a hyphen. */
#define DOMAIN_WORD_BYTES 48

/* ---- what may stand there -------------------------------------------------------------------- */

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
        {0xFDD0,  0xFDEF },
        {0xFE00,  0xFE0F },
        {0xFEFF,  0xFEFF },
        {0xFFF9,  0xFFFB },
        {0xE0000, 0xE0FFF},
    };

    for (size_t i = 0; i < WW_COUNT(ranges); i++)
        if (code >= ranges[i][0] && code <= ranges[i][1])
            return true;
    return (code & 0xFFFE) == 0xFFFE; /* no characters: U+FFFE, U+FFFF, and in each plane */
}

static bool is_line_space(uint32_t code)
{
    return code == ' ' || (code >= '\t' && code <= '\r') || code == 0x85 || code == 0xA0 ||
           code == 0x2028 || code == 0x2029;
}

/* One line without anything hidden; "=?", which would begin an encoded word, is parted. */
static void add_clean(struct buf *out, struct slice s, size_t max_bytes)
{
    const size_t begin = out->len;
    struct slice cut = text_cut(s, max_bytes);
    bool is_spaced = false;

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

/* Half a text is none: what failed here has failed there. */
static void hand_on(struct buf *out, struct buf *done)
{
    if (done->status != WW_OK)
        out->status = done->status;
    buf_release(done);
}

/* ---- encoded words --------------------------------------------------------------------------- */

/* As it is in a Q word, wherever that stands: RFC 2047, section 5 (3). */
static bool is_q_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!*+-/", c) != NULL);
}

static size_t q_width(struct slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += is_q_plain((unsigned char)s.ptr[i]) || s.ptr[i] == ' ' ? 1 : 3;
    return n;
}

static void add_q(struct buf *out, struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c == ' ')
            buf_add_char(out, '_');
        else if (is_q_plain(c))
            buf_add_char(out, (char)c);
        else
            buf_printf(out, "=%02X", c);
    }
}

static void add_base64(struct buf *out, struct slice s)
{
    char text[WORD_TEXT_BYTES + 8];
    GMimeEncoding encoding;
    size_t n;

    g_mime_encoding_init_encode(&encoding, GMIME_CONTENT_ENCODING_BASE64);
    n = g_mime_encoding_flush(&encoding, s.ptr, s.len, text);
    while (n > 0 && text[n - 1] == '\n')
        n--;
    buf_add(out, slice_of(text, n));
}

/* As many whole characters as one word takes. */
static size_t word_bytes(struct slice s, bool is_q)
{
    size_t at = 0;
    size_t width = 0;

    while (at < s.len) {
        size_t next = at;

        (void)text_next_code(s, &next);
        width = is_q ? width + q_width(slice_sub(s, at, next - at)) : next;
        if (width > (size_t)(is_q ? WORD_TEXT_BYTES : WORD_BASE64_BYTES))
            break;
        at = next;
    }
    return at;
}

static void add_encoded(struct buf *out, struct slice s)
{
    const bool is_q = q_width(s) <= (s.len + 2) / 3 * 4;
    bool is_first = true;

    while (s.len > 0) {
        struct slice piece = slice_head(s, word_bytes(s, is_q));

        buf_add_string(out, is_first ? WORD_BEGIN : " " WORD_BEGIN);
        buf_add_string(out, is_q ? "Q?" : "B?");
        if (is_q)
            add_q(out, piece);
        else
            add_base64(out, piece);
        buf_add_string(out, "?=");
        s = slice_skip(s, piece.len);
        is_first = false;
    }
}

static bool must_encode(struct slice word)
{
    return text_ascii_run(word) < word.len || word.len > HEADER_WORD_MAX_BYTES;
}

/* Words that must be encoded and stand together go as one: a blank between two would be lost. */
void header_add_text(struct buf *out, struct slice s)
{
    struct buf clean;
    struct slice rest, word;
    struct slice run = {NULL, 0};
    const char *between = "";

    buf_init(&clean, (size_t)2 * TITLE_MAX_BYTES);
    add_clean(&clean, s, SUBJECT_MAX_BYTES);
    rest = buf_slice(&clean);
    while (slice_next(&rest, ' ', &word)) {
        if (must_encode(word)) {
            run =
                run.ptr == NULL ? word : slice_of(run.ptr, (size_t)(word.ptr - run.ptr) + word.len);
            continue;
        }
        if (run.ptr != NULL) {
            buf_add_string(out, between);
            add_encoded(out, run);
            run.ptr = NULL;
            between = " ";
        }
        buf_add_string(out, between);
        buf_add(out, word);
        between = " ";
    }
    if (run.ptr != NULL) {
        buf_add_string(out, between);
        add_encoded(out, run);
    }
    hand_on(out, &clean);
}

/* ---- phrases --------------------------------------------------------------------------------- */

static bool is_atom(struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (!is_q_plain(c) && (c == '\0' || strchr(" #$%&'=?^_`{|}~", c) == NULL))
            return false;
    }
    return s.len > 0;
}

void header_add_phrase(struct buf *out, struct slice s)
{
    struct buf clean;
    struct slice text;
    bool is_long = false;
    struct slice rest, word;

    buf_init(&clean, (size_t)2 * TITLE_MAX_BYTES);
    add_clean(&clean, s, SUBJECT_MAX_BYTES);
    text = rest = buf_slice(&clean);
    while (slice_next(&rest, ' ', &word))
        is_long = is_long || must_encode(word);
    if (is_long) {
        add_encoded(out, text);
    } else if (is_atom(text) || text.len == 0) {
        buf_add(out, text);
    } else {
        buf_add_char(out, '"');
        for (size_t i = 0; i < text.len; i++) {
            if (text.ptr[i] == '"' || text.ptr[i] == '\\')
                buf_add_char(out, '\\');
            buf_add_char(out, text.ptr[i]);
        }
        buf_add_char(out, '"');
    }
    hand_on(out, &clean);
}

/* ---- lines ----------------------------------------------------------------------------------- */

void header_add(struct buf *out, const char *name, struct slice value)
{
    size_t column = strlen(name) + 1;
    bool is_first = true;
    struct slice word;

    if (value.len == 0)
        return;
    buf_printf(out, "%s:", name);
    while (slice_next(&value, ' ', &word)) {
        if (!is_first && column + 1 + word.len > HEADER_LINE_BYTES) {
            buf_add_string(out, "\r\n");
            column = 0;
        }
        buf_add_char(out, ' ');
        buf_add(out, word);
        column += 1 + word.len;
        is_first = false;
    }
    buf_add_string(out, "\r\n");
}

void header_add_domain_word(struct buf *out, struct slice name)
{
    const size_t begin = out->len;
    unsigned char digest[SHA256_BYTES];
    char hex[2 * 3 + 1];
    bool is_whole = name.len <= DOMAIN_WORD_BYTES;

    for (size_t i = 0; i < name.len && out->len - begin < DOMAIN_WORD_BYTES; i++) {
        char c = name.ptr[i];
        bool is_upper = c >= 'A' && c <= 'Z';
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || is_upper;

        is_whole = is_whole && (unsigned char)c < 0x80;
        if (is_plain)
            buf_add_char(out, is_upper ? (char)(c + ('a' - 'A')) : c);
        else if (out->len > begin && out->ptr[out->len - 1] != '-')
            buf_add_char(out, '-');
    }
    if (out->len > begin && out->ptr[out->len - 1] == '-')
        buf_truncate(out, out->len - 1);
    if (is_whole && out->len > begin)
        return;
    hash_sha256(name, digest);
    hash_hex(digest, 3, hex);
    buf_printf(out, "%s%s", out->len > begin ? "-" : "x", hex);
}

void header_add_date(struct buf *out, int64_t at, int32_t zone_s)
{
    static const char weekdays[7][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    /* A zone has whole minutes here; those of 1900 that had not are off by their seconds. */
    int32_t zone_minutes = zone_s / 60;
    int64_t local = at + (int64_t)zone_minutes * 60;
    int64_t days = local / 86400 - (local % 86400 < 0);
    int second = (int)(local - days * 86400);
    int64_t year;
    unsigned month, day;

    date_to_civil(days, &year, &month, &day);
    buf_printf(out, "%s, %02u %s %04d %02d:%02d:%02d %c%02d%02d",
               weekdays[((days + 3) % 7 + 7) % 7], day, months[month - 1], (int)(year % 10000),
               second / 3600, second / 60 % 60, second % 60, zone_s < 0 ? '-' : '+',
               (zone_minutes < 0 ? -zone_minutes : zone_minutes) / 60 % 100,
               (zone_minutes < 0 ? -zone_minutes : zone_minutes) % 60);
}

/* ---- addresses ------------------------------------------------------------------------------- */

/* Pieces with one dot between, of the characters of an atom (RFC 5322, 3.2.3). */
static bool is_dot_atom(struct slice s)
{
    struct slice piece;

    if (s.len == 0)
        return false;
    while (slice_next(&s, '.', &piece))
        if (!is_atom(piece) || slice_find_char(piece, ' ') < piece.len)
            return false;
    return true;
}

bool header_is_address(struct slice s)
{
    const size_t at = slice_find_char(s, '@');

    return s.len <= MAIL_ADDRESS_MAX_BYTES && at <= 64 && is_dot_atom(slice_head(s, at)) &&
           idn_is_domain(slice_skip(s, at + 1)) &&
           s.ptr[0] != '-'; /* would be an option to sendmail */
}

bool header_is_message_id(struct slice s)
{
    struct slice inner = slice_sub(s, 1, s.len < 2 ? 0 : s.len - 2);
    const size_t at = slice_find_char(inner, '@');

    return s.len > 2 && s.len <= SUBJECT_MAX_BYTES && s.ptr[0] == '<' && s.ptr[s.len - 1] == '>' &&
           is_dot_atom(slice_head(inner, at)) && is_dot_atom(slice_skip(inner, at + 1));
}

struct slice header_address_part(struct slice mailbox)
{
    struct slice trimmed = slice_trim(mailbox);
    const size_t open = slice_find_last_char(trimmed, '<');

    if (open == trimmed.len)
        return trimmed;
    trimmed = slice_skip(trimmed, open + 1);
    if (trimmed.len == 0 || trimmed.ptr[trimmed.len - 1] != '>')
        return (struct slice){"", 0};
    return slice_trim(slice_head(trimmed, trimmed.len - 1));
}

/* The words before the address; without the quotes that they may stand in. */
static void add_name(struct buf *out, struct slice mailbox)
{
    struct slice name = slice_trim(slice_head(mailbox, slice_find_last_char(mailbox, '<')));
    struct buf plain;

    name = text_cut(name, TITLE_MAX_BYTES);
    buf_init(&plain, TITLE_MAX_BYTES);
    if (name.len >= 2 && name.ptr[0] == '"' && name.ptr[name.len - 1] == '"') {
        name = slice_sub(name, 1, name.len - 2);
        for (size_t i = 0; i < name.len; i++) {
            if (name.ptr[i] == '\\' && i + 1 < name.len)
                i++;
            buf_add_char(&plain, name.ptr[i]);
        }
    } else {
        buf_add(&plain, name);
    }
    header_add_phrase(out, buf_slice(&plain));
    hand_on(out, &plain);
}

enum ww_status header_add_mailbox(struct buf *out, struct slice mailbox, struct ww_error *err)
{
    const struct slice written = header_address_part(mailbox);
    const size_t at = slice_find_char(written, '@');
    struct slice local = slice_head(written, at);
    struct slice address;
    struct arena arena;
    enum ww_status status = WW_OK;

    if (text_ascii_run(local) < local.len)
        return ww_fail(err, WW_INVALID,
                       "'%.*s' is no mailbox: before the @ stand ASCII letters alone",
                       SLICE_ARG(slice_head(mailbox, SUBJECT_MAX_BYTES)));
    arena_init(&arena, (size_t)16 * 1024);
    address = arena_printf(&arena, "%.*s@%.*s", SLICE_ARG(local),
                           SLICE_ARG(idn_to_ascii(slice_skip(written, at + 1), &arena)));
    if (arena.failed || !header_is_address(address))
        status = ww_fail(err, WW_INVALID, "'%.*s' is no mailbox",
                         SLICE_ARG(slice_head(mailbox, SUBJECT_MAX_BYTES)));
    if (status == WW_OK && slice_find_last_char(mailbox, '<') < mailbox.len) {
        const size_t begin = out->len;

        add_name(out, mailbox);
        buf_printf(out, "%s<%.*s>", out->len > begin ? " " : "", SLICE_ARG(address));
    } else if (status == WW_OK) {
        buf_add(out, address);
    }
    arena_release(&arena);
    return status;
}
