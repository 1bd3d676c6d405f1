/* mime_header.c - fields, encoded words, parameters. */
#include "feeds/mime_header.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/limits.h"
#include "base/text.h"
#include "feeds/base64.h"
#include "feeds/quoted.h"

#include <string.h>

/* ---- fields ---------------------------------------------------------------------------------- */

/* RFC 5322 2.2: printable ASCII without a colon; white space before that is met. */
static size_t name_length(struct slice line)
{
    size_t n = 0;

    while (n < line.len && line.ptr[n] > ' ' && line.ptr[n] < 0x7F && line.ptr[n] != ':')
        n++;
    return n;
}

bool mime_is_field(struct slice line)
{
    const size_t n = name_length(line);
    size_t end = n;

    while (end < line.len && (line.ptr[end] == ' ' || line.ptr[end] == '\t'))
        end++;
    return n > 0 && end < line.len && line.ptr[end] == ':';
}

static bool is_envelope(struct slice line)
{
    return slice_starts(line, SLICE("From ")) || slice_starts(line, SLICE(">From "));
}

/* The lines of a value go on with white space; an empty line ends the header even so. */
static bool goes_on(struct slice rest)
{
    struct slice line;

    if (rest.len == 0 || (rest.ptr[0] != ' ' && rest.ptr[0] != '\t'))
        return false;
    return slice_next_line(&rest, &line) && slice_trim(line).len > 0;
}

bool mime_next_field(struct slice *rest, struct slice *name, struct slice *value)
{
    struct slice ahead = *rest, line;

    while (slice_next_line(&ahead, &line)) {
        const size_t colon = slice_find_char(line, ':');

        if (!mime_is_field(line) && is_envelope(line)) {
            *rest = ahead;
            continue;
        }
        if (!mime_is_field(line)) {
            *rest = line.len == 0 ? ahead : *rest;
            return false;
        }
        *name = slice_trim(slice_head(line, colon));
        *value = slice_skip(line, colon + 1);
        while (goes_on(ahead) && slice_next_line(&ahead, &line))
            value->len = (size_t)(line.ptr + line.len - value->ptr);
        *rest = ahead;
        return true;
    }
    *rest = ahead;
    return false;
}

/* ---- encodings ------------------------------------------------------------------------------- */

/* What is written when nothing is known, also above bytes that are none of it. */
static bool says_nothing(struct slice label)
{
    return slice_equal_nocase(label, SLICE("us-ascii")) ||
           slice_equal_nocase(label, SLICE("ascii")) ||
           slice_equal_nocase(label, SLICE("unknown-8bit"));
}

struct slice mime_decode(struct slice bytes, struct slice label, bool is_html, struct arena *arena,
                         const char **charset)
{
    const struct slice none = {"", 0};
    struct slice text = none;

    if (says_nothing(label))
        label = none;
    *charset = charset_detect(bytes, is_html ? CHARSET_HTML : CHARSET_PLAIN, label);
    /* Ours, and never a mail without words. */
    arena->failed |= charset_decode(bytes, *charset, arena, &text, NULL) == WW_NOMEM;
    return text;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* "=?charset*language?B?text?=" */
struct word {
    struct slice charset, text;
    bool is_base64;
    size_t bytes; /* all of it; 0: there is none */
};

/* Words that follow each other, of one encoding, are decoded as one: some are cut in a letter. */
struct words {
    struct buf out;
    struct arena *arena;
    struct buf bytes;
    struct slice charset;
    bool has_bytes;
};

static struct word read_word(struct slice s)
{
    const struct word none = {0};
    struct word w = none;
    const size_t charset = slice_find_char(slice_skip(s, 2), '?');
    const size_t encoding = 2 + charset + 1;
    size_t end;

    if (!slice_starts(s, SLICE("=?")) || encoding + 2 > s.len || s.ptr[encoding + 1] != '?')
        return none;
    w.charset = slice_sub(s, 2, charset);
    w.charset = slice_head(w.charset, slice_find_char(w.charset, '*'));
    w.is_base64 = ascii_lower(s.ptr[encoding]) == 'b';
    if (!w.is_base64 && ascii_lower(s.ptr[encoding]) != 'q')
        return none;
    w.text = slice_skip(s, encoding + 2);
    end = slice_find(w.text, SLICE("?="));
    if (end >= w.text.len)
        return none;
    w.text = slice_head(w.text, end);
    w.bytes = encoding + 2 + end + 2;
    return w;
}

/* A label counts: a few letters of one encoding are easily valid in another. */
static void flush(struct words *w)
{
    const char *name = charset_from_label(w->charset);
    const struct slice bytes = buf_slice(&w->bytes);
    struct slice text = {"", 0};

    if (!w->has_bytes)
        return;
    if (name == NULL || slice_equal(slice_from(name), SLICE("UTF-8")) || says_nothing(w->charset))
        text = mime_decode(bytes, w->charset, false, w->arena, &name);
    else
        w->arena->failed |= charset_decode(bytes, name, w->arena, &text, NULL) == WW_NOMEM;
    buf_add(&w->out, text);
    buf_reset(&w->bytes);
    w->has_bytes = false;
}

static void add_word(struct words *w, const struct word *word)
{
    if (w->has_bytes && !slice_equal_nocase(w->charset, word->charset))
        flush(w);
    w->charset = word->charset;
    w->has_bytes = true;
    buf_add(&w->bytes, word->is_base64 ? base64_bytes(word->text, w->arena)
                                       : quoted_decode_word(word->text, w->arena));
}

/* White space between two words is not said (section 6.2). */
static void add_plain(struct words *w, struct slice text)
{
    if (w->has_bytes && slice_trim(text).len == 0)
        return;
    flush(w);
    buf_add(&w->out, text);
}

struct slice mime_words(struct slice value, struct arena *arena)
{
    struct words w = {.arena = arena};
    const char *charset;
    struct slice out;

    value = slice_trim(slice_head(value, MIME_VALUE_MAX_BYTES));
    if (!text_is_utf8(value))
        value = mime_decode(value, (struct slice){"", 0}, false, arena, &charset);
    buf_init(&w.out, (size_t)4 * MIME_VALUE_MAX_BYTES);
    buf_init(&w.bytes, MIME_VALUE_MAX_BYTES);
    while (value.len > 0) {
        size_t plain = slice_find(value, SLICE("=?"));
        struct word word = read_word(slice_skip(value, plain));

        if (word.bytes == 0 && plain < value.len)
            plain += 2; /* no word: two characters like others */
        add_plain(&w, slice_head(value, plain));
        if (word.bytes > 0)
            add_word(&w, &word);
        value = slice_skip(value, plain + word.bytes);
    }
    flush(&w);
    out = text_squeeze(text_clean(buf_slice(&w.out), arena), arena);
    out = arena_copy(arena, out);
    arena->failed |= w.out.status == WW_NOMEM || w.bytes.status == WW_NOMEM;
    buf_release(&w.bytes);
    buf_release(&w.out);
    return out.ptr != NULL ? out : (struct slice){"", 0};
}

/* ---- parameters ------------------------------------------------------------------------------ */

struct slice mime_token(struct slice value)
{
    return slice_trim(slice_head(value, slice_find_char(value, ';')));
}

/* Where a value ends: a ';' outside of quotes. */
static size_t value_end(struct slice s)
{
    bool is_quoted = false;
    size_t i = 0;

    for (; i < s.len && (is_quoted || s.ptr[i] != ';'); i++) {
        if (is_quoted && s.ptr[i] == '\\')
            i++;
        else if (s.ptr[i] == '"')
            is_quoted = !is_quoted;
    }
    return i < s.len ? i : s.len;
}

/* Without quotes, folds, and the backslashes before what they guard. */
static struct slice unquote(struct slice s, struct arena *arena)
{
    char *out;
    size_t n = 0;

    s = slice_trim(s);
    out = arena_alloc(arena, s.len + 1);
    for (size_t i = 0; out != NULL && i < s.len; i++) {
        if (s.ptr[i] == '"' || s.ptr[i] == '\r' || s.ptr[i] == '\n')
            continue;
        i += s.ptr[i] == '\\' && i + 1 < s.len;
        out[n++] = s.ptr[i];
    }
    return slice_trim(slice_of(out != NULL ? out : "", n));
}

/* The next "name=value" off *rest, which begins with the ';' before it. */
static bool next_parameter(struct slice *rest, struct slice *name, struct slice *value)
{
    struct slice whole;
    size_t equals;

    if (rest->len == 0)
        return false;
    *rest = slice_skip(*rest, 1);
    whole = slice_head(*rest, value_end(*rest));
    *rest = slice_skip(*rest, whole.len);
    equals = slice_find_char(whole, '=');
    *name = slice_trim(slice_head(whole, equals));
    *value = slice_skip(whole, equals + 1);
    return true;
}

/* RFC 2231: "utf-8'en'%C3%A9". */
static struct slice unescape(struct slice s, bool is_first, struct arena *arena)
{
    char *out = arena_alloc(arena, s.len + 1);
    size_t n = 0;

    for (int i = 0; i < 2 && is_first && slice_find_char(s, '\'') < s.len; i++)
        s = slice_skip(s, slice_find_char(s, '\'') + 1);
    for (size_t i = 0; out != NULL && i < s.len; i++) {
        const int high = i + 2 < s.len ? ascii_hex(s.ptr[i + 1]) : -1;
        const int low = i + 2 < s.len ? ascii_hex(s.ptr[i + 2]) : -1;
        const bool is_escape = s.ptr[i] == '%' && high >= 0 && low >= 0;

        out[n++] = (char)(is_escape ? high << 4 | low : s.ptr[i]);
        i += is_escape ? 2 : 0;
    }
    return slice_of(out != NULL ? out : "", n);
}

struct slice mime_parameter(struct slice value, struct slice name, struct arena *arena)
{
    struct slice rest, key, text;
    struct buf pieces;

    value = slice_head(value, MIME_VALUE_MAX_BYTES);
    rest = slice_skip(value, slice_find_char(value, ';'));
    buf_init(&pieces, MIME_VALUE_MAX_BYTES);
    while (next_parameter(&rest, &key, &text)) {
        if (!slice_starts_nocase(key, name))
            continue;
        key = slice_skip(key, name.len);
        if (key.len == 0) {
            buf_release(&pieces);
            return unquote(text, arena);
        }
        if (key.ptr[0] != '*')
            continue;
        /* "name*", "name*0", "name*0*": in pieces, which are written in order. */
        text = unquote(text, arena);
        if (key.ptr[key.len - 1] == '*')
            text = unescape(text, pieces.len == 0, arena);
        buf_add(&pieces, text);
    }
    text = arena_copy(arena, buf_slice(&pieces));
    buf_release(&pieces);
    return text.ptr != NULL ? text : (struct slice){"", 0};
}

/* ---- addresses ------------------------------------------------------------------------------- */

/* Where the first of several ends: a comma outside of quotes, comments and angle brackets. */
static size_t first_end(struct slice s)
{
    bool is_quoted = false;
    size_t depth = 0;

    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];

        if (c == '\\')
            i++;
        else if (c == '"')
            is_quoted = !is_quoted;
        else if (!is_quoted && (c == '(' || c == '<'))
            depth++;
        else if (!is_quoted && (c == ')' || c == '>'))
            depth -= depth > 0;
        else if (!is_quoted && c == ',' && depth == 0)
            return i;
    }
    return s.len;
}

void mime_mailbox(struct slice value, struct arena *arena, struct slice *name,
                  struct slice *address)
{
    size_t open, close;

    value = slice_head(value, MIME_VALUE_MAX_BYTES);
    value = slice_trim(slice_head(value, first_end(value)));
    open = slice_find_last_char(value, '<');
    if (open < value.len) { /* Ana Silva <ana@example.org> */
        *name = slice_head(value, open);
        *address = slice_skip(value, open + 1);
        *address = slice_head(*address, slice_find_char(*address, '>'));
    } else { /* ana@example.org (Ana Silva) */
        open = slice_find_char(value, '(');
        close = slice_find_last_char(value, ')');
        *address = slice_head(value, open);
        *name = open < close && close < value.len ? slice_sub(value, open + 1, close - open - 1)
                                                  : (struct slice){"", 0};
    }
    *name = mime_words(unquote(*name, arena), arena);
    *address = text_clean(slice_trim(*address), arena);
    if (slice_find_char(*address, '@') >= address->len)
        *address = (struct slice){"", 0};
}
