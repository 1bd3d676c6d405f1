/* json_mend.c - a scanner that knows where texts end, and which brackets are open. */
#include "feeds/json_mend.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/limits.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct mender {
    struct slice rest;
    struct buf out;
    char open[JSON_DEPTH_MAX]; /* the brackets that close what is open */
    size_t depth;
    size_t complete; /* of out: what ends with a whole value or an opening bracket */
    bool is_name;    /* the next text is the name of a member */
    bool wants_comma;
};

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void end_value(struct mender *m)
{
    m->complete = m->out.len;
    m->wants_comma = true;
    m->is_name = m->depth > 0 && m->open[m->depth - 1] == '}';
}

/* Does the quote at the start of rest end a text? Then something structural follows it. */
static bool ends_text(const struct mender *m)
{
    size_t i = 1;

    while (i < m->rest.len && is_space(m->rest.ptr[i]))
        i++;
    return i >= m->rest.len || strchr(m->is_name ? ":" : ",}]", m->rest.ptr[i]) != NULL;
}

/* The code unit of "\u00e9" at the start of s, or -1. */
static int32_t escaped_unit(struct slice s)
{
    int32_t unit = 0;

    if (s.len < 6 || s.ptr[0] != '\\' || s.ptr[1] != 'u')
        return -1;
    for (size_t i = 2; i < 6; i++) {
        char c = s.ptr[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;

        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* The escape at the start of rest. */
static void add_escape(struct mender *m)
{
    int32_t unit = escaped_unit(m->rest);
    int32_t second = unit >= 0 ? escaped_unit(slice_skip(m->rest, 6)) : -1;
    size_t n = unit < 0 ? 2 : 6;

    if (unit >= 0xD800 && unit < 0xDC00 && second >= 0xDC00 && second < 0xE000) {
        buf_add(&m->out, slice_head(m->rest, 12));
        n = 12;
    } else if (unit >= 0xD800 && unit < 0xE000) {
        buf_add_string(&m->out, "\\ufffd");
    } else if (unit >= 0 || (m->rest.len > 1 && strchr("\"\\/bfnrt", m->rest.ptr[1]) != NULL &&
                             m->rest.ptr[1] != '\0')) {
        buf_add(&m->out, slice_head(m->rest, n));
    } else {
        n = 1; /* "\'" is what it looks like */
    }
    m->rest = slice_skip(m->rest, n);
}

static void add_text(struct mender *m)
{
    bool is_name = m->is_name;

    if (m->wants_comma)
        buf_add_char(&m->out, ',');
    buf_add_char(&m->out, '"');
    m->rest = slice_skip(m->rest, 1);
    while (m->rest.len > 0) {
        char c = m->rest.ptr[0];

        if (c == '\\') {
            add_escape(m);
            continue;
        }
        if (c == '"' && ends_text(m))
            break;
        if (c == '"')
            buf_add_string(&m->out, "\\\"");
        else if (c == '\n' || c == '\t')
            buf_add_string(&m->out, c == '\n' ? "\\n" : "\\t");
        else if ((unsigned char)c >= ' ')
            buf_add_char(&m->out, c);
        m->rest = slice_skip(m->rest, 1);
    }
    m->rest = slice_skip(m->rest, 1);
    buf_add_char(&m->out, '"');
    m->wants_comma = false;
    if (!is_name)
        end_value(m);
}

/* A number, or a word; of those JSON knows three. */
static void add_word(struct mender *m)
{
    static const char *const known[] = {"true", "false", "null"};
    struct slice word;
    size_t n = 0;
    bool is_known = false;

    while (n < m->rest.len && !is_space(m->rest.ptr[n]) &&
           strchr(",:{}[]\"", m->rest.ptr[n]) == NULL)
        n++;
    if (n == 0)
        n = 1;
    word = slice_head(m->rest, n);
    m->rest = slice_skip(m->rest, n);
    if (m->is_name || m->rest.len == 0)
        return;
    for (size_t i = 0; i < WW_COUNT(known); i++)
        is_known |= slice_equal(word, slice_from(known[i]));
    if (m->wants_comma)
        buf_add_char(&m->out, ',');
    buf_add(&m->out, ascii_is_letter(word.ptr[0]) && !is_known ? SLICE("null") : word);
    end_value(m);
}

static void open_bracket(struct mender *m, char c)
{
    if (m->wants_comma)
        buf_add_char(&m->out, ',');
    m->open[m->depth++] = c == '{' ? '}' : ']';
    buf_add_char(&m->out, c);
    m->complete = m->out.len;
    m->is_name = c == '{';
    m->wants_comma = false;
}

/* A bracket that closes nothing is dropped; one that closes what is further out closes the rest. */
static void close_bracket(struct mender *m, char c)
{
    size_t to = m->depth;

    while (to > 0 && m->open[to - 1] != c)
        to--;
    if (to == 0)
        return;
    buf_truncate(&m->out, m->complete);
    while (m->depth >= to)
        buf_add_char(&m->out, m->open[--m->depth]);
    end_value(m);
}

/* One piece off rest; false at the end of the outermost value, or when it is too deep. */
static bool read_piece(struct mender *m)
{
    char c = m->rest.ptr[0];

    if (c == '"') {
        add_text(m);
        return true;
    }
    if (c == '{' || c == '[') {
        if (m->depth == JSON_DEPTH_MAX)
            return false;
        open_bracket(m, c);
    } else if (c == '}' || c == ']') {
        close_bracket(m, c);
    } else if (c == ':') {
        if (m->is_name)
            buf_add_char(&m->out, ':');
        m->is_name = m->wants_comma = false;
    } else if (!is_space(c) && c != ',') { /* commas are put in again where they belong */
        add_word(m);
        return true;
    }
    m->rest = slice_skip(m->rest, 1);
    return m->depth > 0;
}

struct slice json_mend(struct slice s, struct arena *arena)
{
    struct mender m = {.rest = s};
    struct slice mended = s;

    buf_init(&m.out, s.len * 6 + JSON_DEPTH_MAX + 64);
    while (m.rest.len > 0 && read_piece(&m))
        ;
    if (m.depth < JSON_DEPTH_MAX || m.rest.len == 0) {
        buf_truncate(&m.out, m.complete);
        while (m.depth > 0)
            buf_add_char(&m.out, m.open[--m.depth]);
        mended = arena_copy(arena, buf_slice(&m.out));
    }
    buf_release(&m.out);
    return mended;
}
