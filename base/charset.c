/*
 * charset.c - labels, the order of trust between claims and bytes, and conversion by ICU.
 */
#include "base/charset.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/charset_declared.h"
#include "base/charset_labels.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <uchardet/uchardet.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

/* ---- labels ---------------------------------------------------------------------------------- */

struct charset_converter {
    const char *name;
    const char *icu;
};

/*
 * Where ICU's converter of the same name is not what the standard means: GBK decodes as GB18030,
 * Big5 with the Hong Kong characters, the two vendor code pages as their supersets. ICU has no
 * ISO-8859-16; its letters stand where ISO-8859-2 has them, with a cedilla for the comma below.
 */
static const struct charset_converter converters[] = {
    {"Big5",           "Big5-HKSCS"       },
    {"EUC-KR",         "windows-949"      },
    {"GBK",            "GB18030"          },
    {"ISO-8859-16",    "ISO-8859-2"       },
    {"ISO-8859-8-I",   "ISO-8859-8"       },
    {"Shift_JIS",      "ibm-943_P15A-2003"},
    {"x-mac-cyrillic", "x-mac-cyrillic"   },
    {"x-user-defined", "windows-1252"     },
};

static int compare_label(const void *key, const void *row)
{
    return slice_compare(*(const struct slice *)key,
                         slice_from(((const struct charset_label *)row)->label));
}

const char *charset_from_label(struct slice label)
{
    const struct charset_label *row;
    char lower[32];
    struct slice key;

    label = slice_trim(label);
    if (label.len == 0 || label.len > sizeof(lower))
        return NULL;
    for (size_t i = 0; i < label.len; i++) {
        char c = label.ptr[i];

        lower[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    key = slice_of(lower, label.len);
    row = bsearch(&key, charset_labels, WW_COUNT(charset_labels), sizeof(charset_labels[0]),
                  compare_label);
    return row == NULL ? NULL : row->name;
}

struct slice charset_from_content_type(struct slice content_type)
{
    struct slice parameter, value;

    if (!slice_next(&content_type, ';', &parameter))
        return (struct slice){"", 0};
    while (slice_next(&content_type, ';', &parameter)) {
        size_t equals = slice_find_char(parameter, '=');

        if (!slice_equal_nocase(slice_trim(slice_head(parameter, equals)), SLICE("charset")))
            continue;
        value = slice_trim(slice_skip(parameter, equals + 1));
        while (value.len > 0 && (value.ptr[0] == '"' || value.ptr[0] == '\''))
            value = slice_skip(value, 1);
        while (value.len > 0 &&
               (value.ptr[value.len - 1] == '"' || value.ptr[value.len - 1] == '\''))
            value.len--;
        return slice_trim(value);
    }
    return (struct slice){"", 0};
}

/* ---- what the bytes say ---------------------------------------------------------------------- */

struct utf8_count {
    size_t characters; /* of two bytes and more */
    size_t faults;
};

/* Length of the well-formed character at p (Unicode 15, table 3-7), 0 when there is none. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
    unsigned char low = 0x80, high = 0xBF;
    size_t n;

    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0;
    n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (p[0] == 0xE0)
        low = 0xA0;
    else if (p[0] == 0xED)
        high = 0x9F;
    else if (p[0] == 0xF0)
        low = 0x90;
    else if (p[0] == 0xF4)
        high = 0x8F;
    if (n > left || p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return n;
}

static struct utf8_count count_utf8(struct slice s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    struct utf8_count count = {0};

    for (size_t i = 0; i < s.len;) {
        size_t n = text_ascii_run(slice_skip(s, i));

        i += n;
        if (i == s.len)
            break;
        n = utf8_length(p + i, s.len - i);
        count.characters += n > 1;
        if (n == 0) {
            /* The last character may be cut: that is the transfer's fault, not the encoding's. */
            count.faults += s.len - i >= 4;
            n = 1;
        }
        i += n;
    }
    return count;
}

static const char *name_from_bom(struct slice s, enum charset_kind kind)
{
    if (kind == CHARSET_XML && slice_starts(s, SLICE("\x00\x00\xFE\xFF")))
        return "UTF-32BE";
    if (kind == CHARSET_XML && slice_starts(s, SLICE("\xFF\xFE\x00\x00")))
        return "UTF-32LE";
    if (slice_starts(s, SLICE("\xEF\xBB\xBF")))
        return "UTF-8";
    if (slice_starts(s, SLICE("\xFE\xFF")))
        return "UTF-16BE";
    if (slice_starts(s, SLICE("\xFF\xFE")))
        return "UTF-16LE";
    return NULL;
}

/* XML 1.0 appendix F: the zeros around the first '<'. White space may stand before it. */
static const char *name_from_zeros(struct slice s)
{
    static const struct {
        unsigned char zeros[4]; /* 1: a zero */
        const char *name;
    } patterns[] = {
        {{1, 1, 1, 0}, "UTF-32BE"},
        {{0, 1, 1, 1}, "UTF-32LE"},
        {{1, 0, 1, 0}, "UTF-16BE"},
        {{0, 1, 0, 1}, "UTF-16LE"},
    };

    if (s.len < 4)
        return NULL;
    for (size_t i = 0; i < WW_COUNT(patterns); i++) {
        bool fits = true;

        for (size_t k = 0; k < 4; k++)
            fits = fits && (s.ptr[k] == '\0') == (patterns[i].zeros[k] == 1);
        if (fits)
            return patterns[i].name;
    }
    return NULL;
}

/* ---- guessing -------------------------------------------------------------------------------- */

static const char *guess(struct slice bytes)
{
    uchardet_t detector = uchardet_new();
    struct slice sample = slice_head(bytes, CHARSET_GUESS_MAX_BYTES);
    const char *name = NULL;

    if (detector == NULL)
        return NULL;
    if (uchardet_handle_data(detector, sample.ptr, sample.len) == 0) {
        uchardet_data_end(detector);
        name = charset_from_label(slice_from(uchardet_get_charset(detector)));
    }
    uchardet_delete(detector);
    return name;
}

const char *charset_detect(struct slice bytes, enum charset_kind kind, struct slice claim)
{
    const char *name = name_from_bom(bytes, kind);
    struct slice head = slice_head(bytes, CHARSET_SCAN_BYTES);
    struct utf8_count utf8;

    if (name == NULL && kind == CHARSET_XML)
        name = name_from_zeros(bytes);
    if (name != NULL)
        return name;
    utf8 = count_utf8(bytes);
    if (utf8.faults == 0 && utf8.characters > 0)
        return "UTF-8";
    name = charset_from_label(claim);
    /* UTF-16 without any zero is not UTF-16. */
    if (name != NULL && strncmp(name, "UTF-16", 6) == 0 &&
        (head.len == 0 || memchr(head.ptr, 0, head.len) == NULL))
        name = NULL;
    if (name == NULL && (kind == CHARSET_XML || slice_starts_nocase(head, SLICE("<?xml"))))
        name = charset_declared_xml(head);
    if (name == NULL && kind == CHARSET_HTML)
        name = charset_declared_html(head);
    /* Some bytes are no UTF-8: a slip in a UTF-8 text, or a label that is wrong altogether? */
    if (name != NULL && strcmp(name, "UTF-8") == 0 && utf8.faults > utf8.characters)
        name = NULL;
    if (name == NULL && utf8.faults > 0)
        name = utf8.characters > 10 * utf8.faults ? "UTF-8" : guess(bytes);
    if (name == NULL)
        name = kind == CHARSET_XML && utf8.faults == 0 ? "UTF-8" : "windows-1252";
    return name;
}

/* ---- decoding -------------------------------------------------------------------------------- */

/* ICU's own callback writes U+001A for some converters; the standard says U+FFFD for all. */
static void replace_fault(const void *context, UConverterToUnicodeArgs *args, const char *bytes,
                          int32_t length, UConverterCallbackReason reason, UErrorCode *status)
{
    static const UChar replacement = 0xFFFD;

    WW_UNUSED(context);
    WW_UNUSED(bytes);
    WW_UNUSED(length);
    if (reason > UCNV_IRREGULAR)
        return;
    *status = U_ZERO_ERROR;
    ucnv_cbToUWriteUChars(args, &replacement, 1, 0, status);
}

/* UTF-16 to UTF-8; *lead keeps a high surrogate whose other half is in the next piece. */
static void add_utf16(struct buf *out, const UChar *text, size_t n, UChar *lead)
{
    for (size_t i = 0; i < n; i++) {
        UChar c = text[i];

        if (*lead != 0 && U16_IS_TRAIL(c)) {
            buf_add_code(out, (uint32_t)U16_GET_SUPPLEMENTARY(*lead, c));
            *lead = 0;
            continue;
        }
        if (*lead != 0)
            buf_add_code(out, 0xFFFD);
        *lead = 0;
        if (U16_IS_LEAD(c))
            *lead = c;
        else if (c != 0)
            buf_add_code(out, c);
    }
}

static enum ww_status convert(struct slice bytes, const char *name, struct buf *out,
                              struct ww_error *err)
{
    const char *from = bytes.ptr;
    const char *end = bytes.ptr + bytes.len;
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter;
    UChar lead = 0;

    for (size_t i = 0; i < WW_COUNT(converters); i++)
        if (strcmp(converters[i].name, name) == 0)
            name = converters[i].icu;
    converter = ucnv_open(name, &status);
    if (U_FAILURE(status))
        return ww_fail(err, WW_INVALID, "encoding %s cannot be converted: %s", name,
                       u_errorName(status));
    ucnv_setToUCallBack(converter, replace_fault, NULL, NULL, NULL, &status);
    do {
        UChar chunk[2048];
        UChar *to = chunk;

        status = U_ZERO_ERROR;
        ucnv_toUnicode(converter, &to, chunk + WW_COUNT(chunk), &from, end, NULL, true, &status);
        add_utf16(out, chunk, (size_t)(to - chunk), &lead);
    } while (status == U_BUFFER_OVERFLOW_ERROR && out->status == WW_OK);
    if (lead != 0)
        buf_add_code(out, 0xFFFD);
    ucnv_close(converter);
    if (U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR)
        return ww_fail(err, WW_INVALID, "encoding %s: %s", name, u_errorName(status));
    return WW_OK;
}

/* Faults to U+FFFD, one for each byte that is part of no character; NULs out. */
static void clean_utf8(struct slice s, struct buf *out)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t kept = 0, i = 0;

    while (i < s.len) {
        size_t n = p[i] == 0 ? 0 : utf8_length(p + i, s.len - i);

        if (n == 0) {
            buf_add(out, slice_sub(s, kept, i - kept));
            if (p[i] != 0)
                buf_add_code(out, 0xFFFD);
            kept = i + 1;
            n = 1;
        }
        i += n;
    }
    buf_add(out, slice_skip(s, kept));
}

enum ww_status charset_decode(struct slice bytes, const char *name, struct arena *arena,
                              struct slice *utf8, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    struct slice text;
    struct buf out;

    if (bytes.len > 0 && strcmp(name, "UTF-8") == 0 && text_is_utf8(bytes) &&
        memchr(bytes.ptr, 0, bytes.len) == NULL) {
        *utf8 = slice_skip(bytes, slice_starts(bytes, SLICE("\xEF\xBB\xBF")) ? 3 : 0);
        return WW_OK;
    }
    /* One byte becomes at most three of UTF-8. */
    buf_init(&out, bytes.len > SIZE_MAX / 3 - 16 ? SIZE_MAX / 2 : bytes.len * 3 + 16);
    if (strcmp(name, "UTF-8") == 0)
        clean_utf8(bytes, &out);
    else
        status = convert(bytes, name, &out, err);
    if (status == WW_OK)
        status = buf_finish(&out, err);
    if (status == WW_OK) {
        text = buf_slice(&out);
        if (slice_starts(text, SLICE("\xEF\xBB\xBF")))
            text = slice_skip(text, 3);
        *utf8 = arena_copy(arena, text);
        status = arena_check(arena, err);
    }
    buf_release(&out);
    return status;
}
