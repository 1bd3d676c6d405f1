/* text.c - decoding, measuring and showing UTF-8; what a character is, ICU says. */
#include "base/text.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"

#include <string.h>
#include <unicode/uchar.h>

#define REPLACEMENT 0xFFFD

/* ---- UTF-8 ----------------------------------------------------------------------------------- */

/*
 * Bytes of the well-formed character at the beginning of s (Unicode 15, table 3-7), 0 when there is
 * none.
 */
static size_t decode(struct slice s, uint32_t *code)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t len;
    uint32_t c;
    uint32_t least;

    if (s.len == 0)
        return 0;
    c = p[0];
    if (c < 0x80) {
        *code = c;
        return 1;
    }
    if (c < 0xC2 || c > 0xF4)
        return 0;
    len = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    least = len == 2 ? 0x80 : len == 3 ? 0x800 : 0x10000;
    if (s.len < len)
        return 0;
    c &= 0x7Fu >> len;
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3F);
    }
    if (c < least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *code = c;
    return len;
}

size_t text_put_code(char out[4], uint32_t code)
{
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        code = 0xFFFD;
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | (code >> 6));
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | (code >> 12));
        out[1] = (char)(0x80 | ((code >> 6) & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | (code >> 18));
    out[1] = (char)(0x80 | ((code >> 12) & 0x3F));
    out[2] = (char)(0x80 | ((code >> 6) & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* Eight at a time. */
size_t text_ascii_run(struct slice s)
{
    size_t i = 0;

    while (s.len - i >= 8) {
        uint64_t word;

        memcpy(&word, s.ptr + i, sizeof(word));
        if ((word & UINT64_C(0x8080808080808080)) != 0)
            break;
        i += 8;
    }
    while (i < s.len && (unsigned char)s.ptr[i] < 0x80)
        i++;
    return i;
}

/* The highest bit of each byte of word that equals c; the others of no meaning, but 0 when none. */
static uint64_t equals(uint64_t word, unsigned char c)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t zeros = word ^ (ones * c);

    return (zeros - ones) & ~zeros;
}

size_t text_plain_run(struct slice s)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    size_t i = 0;

    while (s.len - i >= 8) {
        uint64_t word, odd;

        memcpy(&word, s.ptr + i, sizeof(word));
        odd = (word - UINT64_C(0x2020202020202020)) | word; /* controls, and beyond ASCII */
        odd |= equals(word, '&') | equals(word, '<') | equals(word, '>') | equals(word, '"') |
               equals(word, 0x7F);
        if ((odd & high) != 0)
            break;
        i += 8;
    }
    return i;
}

bool text_is_utf8(struct slice s)
{
    size_t i = 0;

    while (i < s.len) {
        uint32_t code;
        size_t len;

        i += text_ascii_run(slice_skip(s, i));
        if (i == s.len)
            break;
        len = decode(slice_skip(s, i), &code);
        if (len == 0)
            return false;
        i += len;
    }
    return true;
}

uint32_t text_next_code(struct slice s, size_t *offset)
{
    uint32_t code = REPLACEMENT;
    size_t len = decode(slice_skip(s, *offset), &code);

    *offset += len > 0 ? len : 1;
    return code;
}

struct slice text_clean(struct slice s, struct arena *arena)
{
    size_t n_bad = 0;
    size_t len = 0;
    char *out;

    for (size_t i = 0; i < s.len;) {
        uint32_t code;
        size_t n = decode(slice_skip(s, i), &code);

        n_bad += n == 0 || code == 0;
        i += n > 0 ? n : 1;
    }
    if (n_bad == 0)
        return s;
    /* A bad byte becomes the three of U+FFFD. */
    out = n_bad < (SIZE_MAX - s.len) / 2 ? arena_alloc(arena, s.len + 2 * n_bad) : NULL;
    if (out == NULL)
        return (struct slice){NULL, 0};
    for (size_t i = 0; i < s.len;) {
        uint32_t code;
        size_t n = decode(slice_skip(s, i), &code);
        struct slice good = n > 0 ? slice_sub(s, i, n) : SLICE("\xEF\xBF\xBD");

        i += n > 0 ? n : 1;
        if (n == 1 && code == 0)
            continue;
        memcpy(out + len, good.ptr, good.len);
        len += good.len;
    }
    return slice_of(out, len);
}

bool text_is_space(uint32_t code)
{
    return code < 0x80 ? code == ' ' || (code >= '\t' && code <= '\r')
                       : u_isUWhiteSpace((UChar32)code);
}

struct slice text_squeeze(struct slice s, struct arena *arena)
{
    char *out = arena_alloc(arena, s.len > 0 ? s.len : 1);
    bool is_owed = false; /* a space, once there is something behind it */
    size_t len = 0;

    if (out == NULL)
        return (struct slice){NULL, 0};
    for (size_t i = 0; i < s.len;) {
        size_t begin = i;

        while (i < s.len && s.ptr[i] > ' ' && s.ptr[i] < 0x7F) /* words in ASCII */
            i++;
        if (i == begin && text_is_space(text_next_code(s, &i))) {
            is_owed = len > 0;
            continue;
        }
        if (is_owed)
            out[len++] = ' ';
        is_owed = false;
        memcpy(out + len, s.ptr + begin, i - begin);
        len += i - begin;
    }
    return slice_of(out, len);
}

struct slice text_cut(struct slice s, size_t max)
{
    if (s.len <= max)
        return s;
    while (max > 0 && ((unsigned char)s.ptr[max] & 0xC0) == 0x80)
        max--;
    return slice_head(s, max);
}

/* ---- showing --------------------------------------------------------------------------------- */

static size_t code_width(uint32_t code)
{
    UChar32 c = (UChar32)code;
    int32_t width;

    if (code < 0x300)
        return code >= ' ' && (code < 0x7F || code >= 0xA0) && code != 0xAD;
    if ((U_MASK(u_charType(c)) & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK | U_GC_CC_MASK)) != 0)
        return 0;
    width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

size_t text_width(struct slice s)
{
    size_t width = 0;

    for (size_t i = 0; i < s.len;)
        width += code_width(text_next_code(s, &i));
    return width;
}

/* Format characters that shape letters (joiners, soft hyphen) are harmless. */
bool text_is_deceiving(uint32_t code)
{
    UChar32 c = (UChar32)code;

    if (code == 0x200C || code == 0x200D || code == 0xAD)
        return false;
    /* No characters: in XML 1.0 two of them may not stand, in HTML none. */
    if ((code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF))
        return true;
    return (U_MASK(u_charType(c)) & (U_GC_CC_MASK | U_GC_CF_MASK)) != 0;
}

void text_add_visible(struct buf *out, struct slice s)
{
    for (size_t i = 0; i < s.len;) {
        uint32_t code = text_next_code(s, &i);

        if (code == '\t' || code == '\n' || code == '\r' || code == 0x2028 || code == 0x2029)
            buf_add_char(out, ' ');
        else if (code < ' ')
            buf_add_code(out, 0x2400 + code); /* control pictures: U+241B is ESC */
        else if (code == 0x7F)
            buf_add_code(out, 0x2421);
        else if (code >= 0x80 && text_is_deceiving(code))
            buf_printf(out, "<U+%04X>", (unsigned)code);
        else
            buf_add_code(out, code);
    }
}

int text_direction(struct slice s)
{
    for (size_t i = 0; i < s.len;) {
        UCharDirection direction = u_charDirection((UChar32)text_next_code(s, &i));

        if (direction == U_LEFT_TO_RIGHT)
            return -1;
        if (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC)
            return 1;
    }
    return 0;
}

bool text_is_right_to_left(struct slice s)
{
    return text_direction(s) > 0;
}

/* ---- kinds of characters --------------------------------------------------------------------- */

bool text_is_cjk(uint32_t code)
{
    /* Sorted. The marks 3099 and 30FC belong to kana though Unicode calls them common. */
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x1100,  0x11FF },
        {0x2E80,  0x2FD5 },
        {0x3005,  0x3007 },
        {0x3021,  0x3029 },
        {0x3031,  0x3035 },
        {0x3038,  0x303B },
        {0x3041,  0x309F },
        {0x30A1,  0x30FA },
        {0x30FC,  0x318E },
        {0x31A0,  0x31BF },
        {0x31F0,  0x31FF },
        {0x3400,  0x4DBF },
        {0x4E00,  0x9FFF },
        {0xA960,  0xA97C },
        {0xAC00,  0xD7FB },
        {0xF900,  0xFAFF },
        {0xFF66,  0xFFDC },
        {0x1B000, 0x1B16F},
        {0x20000, 0x323AF},
    };

    if (code < ranges[0].first)
        return false;
    for (size_t i = 0; i < WW_COUNT(ranges); i++)
        if (code <= ranges[i].last)
            return code >= ranges[i].first;
    return false;
}

bool text_is_word(uint32_t code)
{
    if (code < 0x80)
        return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
               (code >= '0' && code <= '9');
    return (U_MASK(u_charType((UChar32)code)) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0;
}

bool text_is_upper(uint32_t code)
{
    if (code < 0x80)
        return code >= 'A' && code <= 'Z';
    return (U_MASK(u_charType((UChar32)code)) & (U_GC_LU_MASK | U_GC_LT_MASK)) != 0;
}

bool text_is_digit(uint32_t code)
{
    return code < 0x80 ? code >= '0' && code <= '9'
                       : u_charType((UChar32)code) == U_DECIMAL_DIGIT_NUMBER;
}

int text_digit(uint32_t code)
{
    if (code < 0x80)
        return code >= '0' && code <= '9' ? (int)(code - '0') : -1;
    return text_is_digit(code) ? (int)u_charDigitValue((UChar32)code) : -1;
}
