/* tidy.c - one pass, a short stack of open elements, and no for an answer to whatever is odd. */
#include "extractors/tidy.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/text.h"
#include "extractors/sanitize_write.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 32
#define ATTRIBUTES_MAX 16
#define NAME_MAX_BYTES 10 /* of an element of the table */
#define REFERENCE_MAX_BYTES 10

/*
 * The elements that hold no surprise as long as they are closed in order. A block would close an
 * open paragraph, a heading another one, an item the item before it, a link the link around it.
 */
enum kind { PLAIN, LINK, PARAGRAPH, BLOCK, HEADING, LIST, ITEM, TERMS, TERM, VOID, VOID_BLOCK };

static const struct element {
    char name[NAME_MAX_BYTES + 1];
    unsigned char len;
    enum kind kind;
} elements[] = {
#define ELEMENT(name, kind)          \
    {                                \
        name, sizeof(name) - 1, kind \
    }
    ELEMENT("a", LINK),           ELEMENT("abbr", PLAIN),       ELEMENT("address", BLOCK),
    ELEMENT("article", BLOCK),    ELEMENT("aside", BLOCK),      ELEMENT("b", PLAIN),
    ELEMENT("big", PLAIN),        ELEMENT("blockquote", BLOCK), ELEMENT("br", VOID),
    ELEMENT("center", BLOCK),     ELEMENT("cite", PLAIN),       ELEMENT("code", PLAIN),
    ELEMENT("dd", TERM),          ELEMENT("del", PLAIN),        ELEMENT("div", BLOCK),
    ELEMENT("dl", TERMS),         ELEMENT("dt", TERM),          ELEMENT("em", PLAIN),
    ELEMENT("figcaption", BLOCK), ELEMENT("figure", BLOCK),     ELEMENT("font", PLAIN),
    ELEMENT("footer", BLOCK),     ELEMENT("h1", HEADING),       ELEMENT("h2", HEADING),
    ELEMENT("h3", HEADING),       ELEMENT("h4", HEADING),       ELEMENT("h5", HEADING),
    ELEMENT("h6", HEADING),       ELEMENT("header", BLOCK),     ELEMENT("hr", VOID_BLOCK),
    ELEMENT("i", PLAIN),          ELEMENT("img", VOID),         ELEMENT("ins", PLAIN),
    ELEMENT("kbd", PLAIN),        ELEMENT("li", ITEM),          ELEMENT("mark", PLAIN),
    ELEMENT("nav", BLOCK),        ELEMENT("ol", LIST),          ELEMENT("p", PARAGRAPH),
    ELEMENT("q", PLAIN),          ELEMENT("s", PLAIN),          ELEMENT("samp", PLAIN),
    ELEMENT("section", BLOCK),    ELEMENT("small", PLAIN),      ELEMENT("span", PLAIN),
    ELEMENT("strike", PLAIN),     ELEMENT("strong", PLAIN),     ELEMENT("sub", PLAIN),
    ELEMENT("sup", PLAIN),        ELEMENT("time", PLAIN),       ELEMENT("tt", PLAIN),
    ELEMENT("u", PLAIN),          ELEMENT("ul", LIST),          ELEMENT("var", PLAIN),
#undef ELEMENT
};

/* The references that editors write; sorted. Every other name is left to the tree. */
static const struct reference {
    const char *name;
    uint32_t code;
} references[] = {
    {"amp",    '&'   },
    {"bull",   0x2022},
    {"copy",   0xA9  },
    {"euro",   0x20AC},
    {"gt",     '>'   },
    {"hellip", 0x2026},
    {"laquo",  0xAB  },
    {"ldquo",  0x201C},
    {"lsquo",  0x2018},
    {"lt",     '<'   },
    {"mdash",  0x2014},
    {"middot", 0xB7  },
    {"nbsp",   0xA0  },
    {"ndash",  0x2013},
    {"quot",   '"'   },
    {"raquo",  0xBB  },
    {"rdquo",  0x201D},
    {"rsquo",  0x2019},
    {"shy",    0xAD  },
};

struct tidy {
    const char *at, *end;
    struct slice base;
    struct arena *arena;
    struct buf *out;
    const struct element *open[DEPTH_MAX];
    size_t n_open;
    unsigned n_links, n_paragraphs, n_headings; /* open ones */
};

/* ---- references ------------------------------------------------------------------------------ */

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static int compare_reference(const void *key, const void *element)
{
    const struct reference *r = element;

    return slice_compare(*(const struct slice *)key, slice_from(r->name));
}

/* Behind "&#" and before ';'. */
static bool read_number(struct slice s, uint32_t *code)
{
    const bool is_hex = s.len > 0 && (s.ptr[0] == 'x' || s.ptr[0] == 'X');
    uint32_t n = 0;

    if (is_hex)
        s = slice_skip(s, 1);
    if (s.len == 0 || s.len > 6)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];
        const int digit = c >= '0' && c <= '9'             ? c - '0'
                          : is_hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : is_hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                           : -1;

        if (digit < 0)
            return false;
        n = n * (is_hex ? 16 : 10) + (uint32_t)digit;
    }
    *code = n;
    /* Those that the standard replaces, and those that are no characters. */
    return n >= 0x20 && (n < 0x7F || n > 0x9F) && (n < 0xD800 || n > 0xDFFF) && n <= 0x10FFFF &&
           (n & 0xFFFE) != 0xFFFE && (n < 0xFDD0 || n > 0xFDEF);
}

/*
 * The reference that s begins with; an '&' that begins none is itself. Before '=' in an address a
 * name without its semicolon is no reference.
 */
static bool read_reference(struct slice s, bool is_value, uint32_t *code, size_t *len)
{
    const bool is_number = s.len > 1 && s.ptr[1] == '#';
    const size_t begin = is_number ? 2 : 1;
    const struct reference *found;
    struct slice name;
    size_t end = begin;

    while (end < s.len && is_letter_or_digit(s.ptr[end]))
        end++;
    name = slice_sub(s, begin, end - begin);
    *code = '&';
    *len = 1;
    if (!is_number && (name.len == 0 || (is_value && end < s.len && s.ptr[end] == '=')))
        return true;
    if (end == s.len || s.ptr[end] != ';' || name.len > REFERENCE_MAX_BYTES)
        return false;
    *len = end + 1;
    if (is_number)
        return read_number(name, code);
    found =
        bsearch(&name, references, WW_COUNT(references), sizeof(references[0]), compare_reference);
    if (found != NULL)
        *code = found->code;
    return found != NULL;
}

/* ---- text ------------------------------------------------------------------------------------ */

/*
 * 1: a byte that has to be looked at: controls but TAB and LF, '"', '&', '<', '>', DEL, and those
 * that begin characters of which some are odd.
 */
/* clang-format off */
static const unsigned char looked_at[256] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
};
/* clang-format on */

/* Controls and what Unicode calls no characters: Gumbo puts U+FFFD in their place. */
static bool is_odd(const char *at, const char *end)
{
    const unsigned char *p = (const unsigned char *)at;
    const size_t left = (size_t)(end - at);

    switch (p[0]) {
    case 0xC2: /* U+0080 to U+009F */
        return left < 2 || p[1] < 0xA0;
    case 0xEF: /* U+FDD0 to U+FDEF, U+FFFE, U+FFFF */
        return left < 3 || (p[1] == 0xB7 && p[2] >= 0x90 && p[2] <= 0xAF) ||
               (p[1] == 0xBF && p[2] >= 0xBE);
    default: /* the last two of each further plane */
        return (p[0] < ' ' && p[0] != '\n' && p[0] != '\t') || p[0] == 0x7F ||
               (p[0] >= 0xF0 &&
                (left < 4 || ((p[1] & 0x0F) == 0x0F && p[2] == 0xBF && p[3] >= 0xBE)));
    }
}

static void write_code(struct buf *out, uint32_t code)
{
    const char byte = (char)code;

    if (code < 0x80)
        sanitize_write_text(out, slice_of(&byte, 1));
    else
        buf_add_code(out, code);
}

/* Up to the next tag. */
static bool take_text(struct tidy *t)
{
    const char *kept = t->at;

    for (; t->at < t->end && *t->at != '<'; t->at++) {
        const unsigned char c = (unsigned char)*t->at;
        uint32_t code = c;
        size_t len = 1;

        if (looked_at[c] == 0) {
            t->at += text_plain_run(slice_of(t->at + 1, (size_t)(t->end - t->at - 1)));
            continue;
        }
        if (is_odd(t->at, t->end) ||
            (c == '&' &&
             !read_reference(slice_of(t->at, (size_t)(t->end - t->at)), false, &code, &len)))
            return false;
        if (c >= 0x80)
            continue;
        buf_add(t->out, slice_of(kept, (size_t)(t->at - kept)));
        write_code(t->out, code);
        t->at += len - 1;
        kept = t->at + 1;
    }
    buf_add(t->out, slice_of(kept, (size_t)(t->at - kept)));
    return true;
}

/* ---- tags ------------------------------------------------------------------------------------ */

static struct slice name_of(const struct element *e)
{
    return slice_of(e->name, e->len);
}

static int compare_element(const void *key, const void *element)
{
    return slice_compare(*(const struct slice *)key, name_of(element));
}

/* The element whose name comes next; NULL when it is none of ours. */
static const struct element *take_name(struct tidy *t)
{
    struct slice name = slice_of(t->at, 0);

    while (t->at < t->end && ((*t->at >= 'a' && *t->at <= 'z') || (*t->at >= '0' && *t->at <= '9')))
        t->at++;
    name.len = (size_t)(t->at - name.ptr);
    if (name.len > NAME_MAX_BYTES)
        return NULL;
    return bsearch(&name, elements, WW_COUNT(elements), sizeof(elements[0]), compare_element);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':';
}

/* The value with its references read. */
static bool decode_value(struct tidy *t, struct slice *value)
{
    const size_t first = slice_find_char(*value, '&');
    struct buf decoded;
    bool is_good = true;

    if (first == value->len)
        return true;
    buf_init(&decoded, value->len + 1);
    buf_add(&decoded, slice_head(*value, first));
    for (size_t i = first, len = 1; is_good && i < value->len; i += len, len = 1) {
        uint32_t code;

        if (value->ptr[i] != '&') {
            buf_add_char(&decoded, value->ptr[i]);
            continue;
        }
        is_good = read_reference(slice_skip(*value, i), true, &code, &len);
        if (is_good)
            buf_add_code(&decoded, code);
    }
    *value = arena_copy(t->arena, buf_slice(&decoded));
    is_good = is_good && decoded.status == WW_OK && value->ptr != NULL;
    buf_release(&decoded);
    return is_good;
}

/* name="value", and what stands between two of them. */
static bool take_attribute(struct tidy *t, struct dom_attribute *attributes, size_t n)
{
    struct slice name = slice_of(t->at, 0), value;
    const char *closing;
    char quote;

    while (t->at < t->end && is_name_byte(*t->at))
        t->at++;
    name.len = (size_t)(t->at - name.ptr);
    if (name.len == 0 || t->end - t->at < 3 || *t->at != '=')
        return false;
    quote = t->at[1];
    if (quote != '"' && quote != '\'')
        return false;
    t->at += 2;
    closing = memchr(t->at, quote, (size_t)(t->end - t->at));
    if (closing == NULL)
        return false;
    value = slice_of(t->at, (size_t)(closing - t->at));
    t->at = closing + 1;
    for (size_t i = text_plain_run(value); i < value.len; i++)
        if (is_odd(value.ptr + i, closing))
            return false;
    for (size_t i = 0; i < n; i++) /* the first of two counts, which is the tree's business */
        if (slice_equal(attributes[i].name, name))
            return false;
    if (!decode_value(t, &value))
        return false;
    attributes[n] = (struct dom_attribute){name, value};
    return t->at < t->end && (is_space(*t->at) || *t->at == '>' || *t->at == '/');
}

static bool is_void(const struct element *e)
{
    return e->kind == VOID || e->kind == VOID_BLOCK;
}

/* Would the standard put it where it stands? */
static bool may_open(const struct tidy *t, const struct element *e)
{
    const struct element *top = t->n_open > 0 ? t->open[t->n_open - 1] : NULL;

    switch (e->kind) {
    case PLAIN:
    case VOID:
        return true;
    case LINK:
        return t->n_links == 0;
    case HEADING:
        return t->n_paragraphs == 0 && t->n_headings == 0;
    case ITEM:
        return top != NULL && top->kind == LIST;
    case TERM:
        return top != NULL && top->kind == TERMS;
    case PARAGRAPH:
    case BLOCK:
    case LIST:
    case TERMS:
    case VOID_BLOCK:
        return t->n_paragraphs == 0;
    }
    return false;
}

static void count(struct tidy *t, const struct element *e, unsigned by)
{
    t->n_links += e->kind == LINK ? by : 0;
    t->n_paragraphs += e->kind == PARAGRAPH ? by : 0;
    t->n_headings += e->kind == HEADING ? by : 0;
}

/* Behind its '<'. */
static bool take_start(struct tidy *t)
{
    const struct element *e = take_name(t);
    struct dom_attribute attributes[ATTRIBUTES_MAX];
    size_t n = 0;

    if (e == NULL || !may_open(t, e))
        return false;
    for (;;) {
        while (t->at < t->end && is_space(*t->at))
            t->at++;
        if (t->at == t->end)
            return false;
        if (*t->at == '>')
            break;
        if (*t->at == '/') {
            t->at++;
            if (!is_void(e) || t->at == t->end || *t->at != '>')
                return false;
            break;
        }
        /* White space lies between two, or the one before would have failed. */
        if (n == ATTRIBUTES_MAX || !is_space(t->at[-1]) || !take_attribute(t, attributes, n))
            return false;
        n++;
    }
    t->at++;
    sanitize_write_start(t->out, name_of(e), attributes, n, t->base, t->arena);
    if (is_void(e))
        return true;
    if (t->n_open == DEPTH_MAX)
        return false;
    t->open[t->n_open++] = e;
    count(t, e, 1);
    return true;
}

/* Behind its "</": of the element that was opened last, or of none. */
static bool take_end(struct tidy *t)
{
    const struct element *e = t->n_open > 0 ? t->open[t->n_open - 1] : NULL;
    struct slice rest = slice_of(t->at, (size_t)(t->end - t->at));

    if (e == NULL || rest.len <= e->len || !slice_starts(rest, name_of(e)) ||
        rest.ptr[e->len] != '>')
        return false;
    t->at += e->len + 1;
    t->n_open--;
    count(t, e, (unsigned)-1);
    sanitize_write_end(t->out, name_of(e));
    return true;
}

/* Behind its "<!": a comment ends where everybody thinks it does, or it is not tidy. */
static bool take_comment(struct tidy *t)
{
    struct slice rest = slice_of(t->at, (size_t)(t->end - t->at));
    size_t end;

    if (!slice_starts(rest, SLICE("--")))
        return false;
    rest = slice_skip(rest, 2);
    end = slice_find(rest, SLICE("--"));
    if (end == rest.len || !slice_starts(slice_skip(rest, end), SLICE("-->")) ||
        slice_starts(rest, SLICE(">")) || slice_starts(rest, SLICE("->")))
        return false;
    for (size_t i = 0; i < end; i++)
        if (is_odd(rest.ptr + i, t->end))
            return false;
    t->at = rest.ptr + end + 3;
    return true;
}

bool tidy_html(struct slice html, struct slice base, struct arena *arena, struct buf *out)
{
    struct tidy t = {
        .at = html.ptr, .end = html.ptr + html.len, .base = base, .arena = arena, .out = out};

    if (slice_starts(html, SLICE("\xef\xbb\xbf")))
        return false;
    while (t.at < t.end) {
        bool is_good;

        if (*t.at != '<') {
            is_good = take_text(&t);
        } else if (++t.at == t.end) {
            return false;
        } else if (*t.at == '/') {
            t.at++;
            is_good = take_end(&t);
        } else if (*t.at == '!') {
            t.at++;
            is_good = take_comment(&t);
        } else {
            is_good = take_start(&t);
        }
        if (!is_good)
            return false;
    }
    return t.n_open == 0;
}
