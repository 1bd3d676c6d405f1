/* dateline_signs.c - what stands between the words of an opening. */
#include "extractors/dateline_parts.h"

#include "base/ascii.h"
#include "base/attrs.h"
#include "base/text.h"

#include <string.h>

uint32_t signs_code(struct slice s)
{
    size_t at = 0;

    return s.len == 0 ? 0 : text_next_code(s, &at);
}

/* Most bytes of a text begin no sign: letters, digits. */
static bool is_plain(struct slice s)
{
    return s.len == 0 || ascii_is_letter(s.ptr[0]) || ascii_is_digit(s.ptr[0]);
}

static size_t sign_at(struct slice s, const char *const *signs, size_t n)
{
    if (is_plain(s))
        return 0;
    for (size_t i = 0; i < n; i++)
        if (slice_starts(s, slice_from(signs[i])))
            return strlen(signs[i]);
    return 0;
}

size_t signs_space(struct slice s)
{
    static const char *const spaces[] = {" ", "\u00a0", "\u3000", "\u2009", "\u202f", "\u200f"};

    return sign_at(s, spaces, WW_COUNT(spaces));
}

size_t signs_dash(struct slice s)
{
    static const char *const dashes[] = {"-",      "\u2013", "\u2014", "\u2015", "\u2212",
                                         "\u2010", "\u2011", "=",      "\uff1d", "\u2500"};

    return sign_at(s, dashes, WW_COUNT(dashes));
}

size_t signs_stop(struct slice s)
{
    static const char *const stops[] = {".", ":", "\uff1a", "\u0964", "|", "*"};

    return sign_at(s, stops, WW_COUNT(stops));
}

struct slice signs_skip_spaces(struct slice s)
{
    for (size_t n; (n = signs_space(s)) > 0;)
        s = slice_skip(s, n);
    return s;
}

/* Behind dashes, stops and spaces; *has_dash, *has_stop: what was there. */
struct slice signs_skip(struct slice s, bool *has_dash, bool *has_stop)
{
    *has_dash = *has_stop = false;
    for (;;) {
        size_t n = signs_space(s);

        if (n == 0) {
            n = signs_dash(s);
            *has_dash = *has_dash || n > 0;
        }
        if (n == 0) {
            n = signs_stop(s);
            *has_stop = *has_stop || n > 0;
        }
        if (n == 0)
            return s;
        s = slice_skip(s, n);
    }
}

/* A script without capitals: Arabic, Hebrew, the Indian ones, Han and what stands with it. */
bool signs_is_caseless(uint32_t code)
{
    return code >= 0x590 && text_is_word(code) && !(code >= 0x10A0 && code <= 0x10FF) &&
           !(code >= 0x1E00 && code <= 0x1FFF) && code < 0xFF00;
}

/* May a sentence begin so? */
bool signs_begin_sentence(struct slice s)
{
    static const char *const quotes[] = {"\"",     "'",      "\u201c", "\u201e", "\u2018",
                                         "\u00ab", "\u00bf", "\u00a1", "\u300c", "\u300e",
                                         "\u201d", "(",      "\uff08", "["};
    const size_t n = sign_at(s, quotes, WW_COUNT(quotes));
    const uint32_t code = signs_code(slice_skip(s, n));

    return n > 0 || text_is_upper(code) || text_is_digit(code) || signs_is_caseless(code);
}

/* Bytes of an opening bracket; *close: its other half. */
size_t signs_bracket(struct slice s, struct slice *close)
{
    static const char *const pairs[][2] = {
        {"(",        ")"     },
        {"[",        "]"     },
        {"/",        "/"     },
        {"\uff08",   "\uff09"},
        {"\u3010",   "\u3011"},
        {"\u3014",   "\u3015"},
        {"\uff3b",   "\uff3d"},
        {"\u3016",   "\u3017"},
        {"\uff0f",   "\uff0f"},
        {"\u300c",   "\u300d"},
        {"<",        ">"     },
        {"\u2013 (", ")"     }
    };

    for (size_t i = 0; !is_plain(s) && i < WW_COUNT(pairs); i++)
        if (slice_starts(s, slice_from(pairs[i][0]))) {
            *close = slice_from(pairs[i][1]);
            return strlen(pairs[i][0]);
        }
    return 0;
}

struct slice signs_trim(struct slice s)
{
    bool has_dash, has_stop;

    s = signs_skip_spaces(slice_trim(s));
    while (s.len > 0) {
        size_t at = s.len - 1;

        while (at > 0 && ((unsigned char)s.ptr[at] & 0xC0) == 0x80)
            at--;
        if (signs_skip(slice_skip(s, at), &has_dash, &has_stop).len > 0 || has_stop)
            return s;
        s = slice_head(s, at);
    }
    return s;
}

bool signs_has_digit(struct slice s)
{
    for (size_t at = 0; at < s.len;)
        if (text_is_digit(text_next_code(s, &at)))
            return true;
    return false;
}
