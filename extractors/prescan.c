/* prescan.c - the tokenizer of the HTML standard, as far as finding every tag's end takes it. */
#include "extractors/prescan.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/limits.h"
#include "extractors/nesting.h"

#include <stdint.h>
#include <string.h>

struct scanner {
    const char *at;
    const char *end;
    char *out; /* never more than the input, but for the '>' of a shortened tag */
    struct nesting nesting;
    struct prescan *result;
    struct arena *arena;
    size_t scripts_capacity;
};

static struct slice rest(const struct scanner *s)
{
    return slice_of(s->at, (size_t)(s->end - s->at));
}

static void put(struct scanner *s, const char *from, const char *to)
{
    size_t len = (size_t)(to - from);

    memcpy(s->out, from, len);
    s->out += len;
}

/* Copy up to `to` and go on there. */
static void copy_to(struct scanner *s, const char *to)
{
    put(s, s->at, to);
    s->at = to;
}

/* ---- tags ------------------------------------------------------------------------------------ */

struct tag {
    struct slice name;
    struct slice type;    /* value of the attribute "type" */
    const char *kept_end; /* where the bounds cut it; == end when they do not */
    const char *end;      /* behind '>' */
    bool is_self_closing;
};

/*
 * Reads an attribute from its name's first byte; returns where it ends, NULL at the end of input.
 */
static const char *read_attribute(const char *at, const char *end, struct slice *name,
                                  struct slice *value)
{
    const char *start = at;

    *value = slice_of(at, 0);
    at++; /* a name may begin with '=' */
    while (at < end && !ascii_is_space(*at) && *at != '/' && *at != '>' && *at != '=')
        at++;
    *name = slice_of(start, (size_t)(at - start));
    while (at < end && ascii_is_space(*at))
        at++;
    if (at == end)
        return NULL;
    if (*at != '=')
        return at;
    at++;
    while (at < end && ascii_is_space(*at))
        at++;
    if (at == end)
        return NULL;
    if (*at == '"' || *at == '\'') {
        const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));

        if (close == NULL)
            return NULL;
        *value = slice_of(at + 1, (size_t)(close - at - 1));
        return close + 1;
    }
    start = at;
    while (at < end && !ascii_is_space(*at) && *at != '>')
        at++;
    *value = slice_of(start, (size_t)(at - start));
    return at;
}

/* at stands on the first letter of the name. False: the input ends inside the tag. */
static bool read_tag(const char *begin, const char *at, const char *end, struct tag *tag)
{
    const char *name = at;
    size_t n_attributes = 0;

    *tag = (struct tag){0};
    while (at < end && !ascii_is_space(*at) && *at != '/' && *at != '>')
        at++;
    tag->name = slice_of(name, (size_t)(at - name));
    for (;;) {
        struct slice key, value;

        while (at < end && ascii_is_space(*at))
            at++;
        if (at == end)
            return false;
        if (*at == '>')
            break;
        if (*at == '/') {
            tag->is_self_closing = at + 1 < end && at[1] == '>';
            at++;
            continue;
        }
        if (tag->kept_end == NULL &&
            (n_attributes == HTML_ATTRIBUTES_MAX || at - begin > HTML_TAG_MAX_BYTES))
            tag->kept_end = at;
        at = read_attribute(at, end, &key, &value);
        if (at == NULL)
            return false;
        if (tag->kept_end == NULL && at - begin > HTML_TAG_MAX_BYTES)
            tag->kept_end = key.ptr;
        n_attributes++;
        if (tag->type.len == 0 && slice_equal_nocase(key, SLICE("type")))
            tag->type = value;
    }
    tag->end = at + 1;
    if (tag->kept_end == NULL)
        tag->kept_end = tag->end;
    return true;
}

/* ---- raw text -------------------------------------------------------------------------------- */

/* The end tag </name of raw text at or after `at`; end when there is none. */
static const char *find_end_tag(const char *at, const char *end, struct slice name)
{
    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL) {
        size_t left = (size_t)(end - at);

        if (left > name.len + 2 && at[1] == '/' &&
            slice_equal_nocase(slice_of(at + 2, name.len), name)) {
            char c = at[2 + name.len];

            if (ascii_is_space(c) || c == '/' || c == '>')
                return at;
        }
        at++;
    }
    return end;
}

static bool is_script_tag(const char *at, const char *end)
{
    return end - at > 6 && slice_equal_nocase(slice_of(at, 6), SLICE("script")) &&
           (ascii_is_space(at[6]) || at[6] == '/' || at[6] == '>');
}

/*
 * The end of script data. Inside <!-- ... --> a <script opens a region in which the first
 * </script does not count: "script data double escaped" of the standard.
 */
static const char *find_script_end(const char *at, const char *end)
{
    enum { PLAIN, ESCAPED, DOUBLE_ESCAPED } state = PLAIN;

    for (; at < end; at++) {
        if (*at == '-' && state != PLAIN) {
            if (end - at >= 3 && memcmp(at, "-->", 3) == 0)
                state = PLAIN;
            continue;
        }
        if (*at != '<') {
            if (state != PLAIN)
                continue;
            at = memchr(at, '<', (size_t)(end - at));
            if (at == NULL)
                return end;
        }
        if (state == PLAIN && end - at >= 4 && memcmp(at, "<!--", 4) == 0) {
            state = ESCAPED;
            at += 1; /* the dashes may also close: <!--> */
        } else if (end - at > 2 && at[1] == '/' && is_script_tag(at + 2, end)) {
            if (state != DOUBLE_ESCAPED)
                return at;
            state = ESCAPED;
        } else if (state == ESCAPED && is_script_tag(at + 1, end)) {
            state = DOUBLE_ESCAPED;
        }
    }
    return end;
}

static void keep_script(struct scanner *s, const struct tag *tag, const char *end)
{
    struct prescan *r = s->result;
    struct slice text = slice_of(tag->end, (size_t)(end - tag->end));
    struct slice type = slice_trim(slice_head(tag->type, slice_find_char(tag->type, ';')));
    struct prescan_script *grown;

    if (text.len == 0)
        return;
    grown = arena_grow(s->arena, r->scripts, r->n_scripts, &s->scripts_capacity, sizeof(*grown));
    if (grown == NULL)
        return;
    r->scripts = grown;
    r->scripts[r->n_scripts++] =
        (struct prescan_script){text, slice_equal_nocase(type, SLICE("application/ld+json"))};
}

/* ---- the states ------------------------------------------------------------------------------ */

/* Comments by section 13.2.5.43 and on: "-->", "--!>", and "<!-->", "<!--->" at once. */
static const char *find_comment_end(const char *at, const char *end)
{
    const char *p = at + 4;

    if (p < end && *p == '>')
        return p + 1;
    if (end - p >= 2 && p[0] == '-' && p[1] == '>')
        return p + 2;
    while ((p = memchr(p, '-', (size_t)(end - p))) != NULL) {
        if (end - p >= 3 && p[1] == '-' && p[2] == '>')
            return p + 3;
        if (end - p >= 4 && p[1] == '-' && p[2] == '!' && p[3] == '>')
            return p + 4;
        p++;
    }
    return end;
}

static const char *find_greater(const char *at, const char *end)
{
    const char *close = memchr(at, '>', (size_t)(end - at));

    return close == NULL ? end : close + 1;
}

/* s->at stands on "<!". */
static void scan_declaration(struct scanner *s)
{
    struct slice r = rest(s);

    if (slice_starts(r, SLICE("<!--"))) {
        copy_to(s, find_comment_end(s->at, s->end));
    } else if (nesting_is_foreign(&s->nesting) && slice_starts(r, SLICE("<![CDATA["))) {
        size_t close = slice_find(r, SLICE("]]>"));

        /* Left out: nobody reads it, and only a tree builder knows for sure that it is one. */
        s->at = close < r.len ? s->at + close + 3 : s->end;
    } else {
        copy_to(s, find_greater(s->at, s->end));
    }
}

static void scan_end_tag(struct scanner *s)
{
    struct tag tag;

    if (!read_tag(s->at, s->at + 2, s->end, &tag)) {
        s->at = s->end;
        return;
    }
    if (nesting_end(&s->nesting, tag.name)) {
        put(s, s->at, tag.name.ptr + tag.name.len);
        *s->out++ = '>';
    } else {
        s->result->is_flattened = true;
    }
    s->at = tag.end;
}

static void scan_start_tag(struct scanner *s)
{
    struct tag tag;
    enum nesting_text text;
    const char *close;

    if (!read_tag(s->at, s->at + 1, s->end, &tag)) {
        s->at = s->end;
        return;
    }
    if (!nesting_start(&s->nesting, tag.name, tag.is_self_closing, &text)) {
        s->result->is_flattened = true;
        s->at = tag.end;
        return;
    }
    put(s, s->at, tag.kept_end);
    if (tag.kept_end != tag.end) {
        s->result->is_flattened = true;
        *s->out++ = '>';
    }
    s->at = tag.end;
    switch (text) {
    case NESTING_MARKUP:
        return;
    case NESTING_SCRIPT:
        close = find_script_end(s->at, s->end);
        keep_script(s, &tag, close);
        s->at = close;
        return;
    case NESTING_STYLE:
        s->at = find_end_tag(s->at, s->end, tag.name);
        return;
    case NESTING_RAW:
        copy_to(s, find_end_tag(s->at, s->end, tag.name));
        return;
    case NESTING_REST:
        copy_to(s, s->end);
        return;
    }
}

static void scan(struct scanner *s)
{
    while (s->at < s->end) {
        const char *next = memchr(s->at, '<', (size_t)(s->end - s->at));

        copy_to(s, next == NULL ? s->end : next);
        if (s->end - s->at < 2) {
            copy_to(s, s->end);
        } else if (ascii_is_letter(s->at[1])) {
            scan_start_tag(s);
        } else if (s->at[1] == '/' && s->end - s->at > 2 && ascii_is_letter(s->at[2])) {
            scan_end_tag(s);
        } else if (s->at[1] == '!') {
            scan_declaration(s);
        } else if (s->at[1] == '?' || (s->at[1] == '/' && s->end - s->at > 2)) {
            copy_to(s, find_greater(s->at, s->end)); /* a bogus comment, or "</>" */
        } else {
            copy_to(s, s->at + 1);
        }
    }
}

enum ww_status prescan_html(struct slice html, struct arena *arena, struct prescan *out,
                            struct ww_error *err)
{
    struct scanner *s = arena_alloc(arena, sizeof(*s));
    char *copy = html.len < SIZE_MAX - 16 ? arena_alloc(arena, html.len + 16) : NULL;

    *out = (struct prescan){0};
    if (s == NULL || copy == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory for a page of %zu bytes", html.len);
    s->at = html.ptr;
    s->end = html.ptr + html.len;
    s->out = copy;
    s->arena = arena;
    s->result = out;
    nesting_init(&s->nesting);
    if (html.len > 0)
        scan(s);
    out->html = slice_of(copy, (size_t)(s->out - copy));
    out->depth = s->nesting.deepest;
    return arena_check(arena, err);
}
