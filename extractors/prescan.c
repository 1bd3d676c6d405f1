/*
 * prescan.c - the tokenizer of the HTML standard, as far as finding every tag's end takes it, and
 * the skeleton that is left of a page.
 */
#include "extractors/prescan.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/entities.h"
#include "base/limits.h"
#include "extractors/attributes.h"
#include "extractors/nesting.h"

#include <stdint.h>
#include <string.h>

/* Stands for a text that is more than white space. */
#define TEXT_MARK 'x'

struct scanner {
    const char *at;
    const char *end;
    char *out;           /* never more than the input, but for the end of a last tag or comment */
    const char *pre_end; /* of the last start tag that takes a line end behind it with it */
    struct nesting nesting;
    struct prescan *result;
    struct arena *arena;
    size_t scripts_capacity, texts_capacity, tags_capacity;
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
    struct slice type; /* value of the attribute "type" */
    size_t n_attributes;
    const char *kept_end; /* where the bounds cut it; == end when they do not */
    const char *end;      /* behind '>' */
    bool is_self_closing;
};

/* at stands on the first letter of the name. False: the input ends inside the tag. */
static bool read_tag(const char *begin, const char *at, const char *end, struct tag *tag)
{
    const char *name = at;

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
            (tag->n_attributes == HTML_ATTRIBUTES_MAX || at - begin > HTML_TAG_MAX_BYTES))
            tag->kept_end = at;
        at = attribute_next(at, end, &key, &value);
        if (at == NULL)
            return false;
        if (tag->kept_end == NULL && at - begin > HTML_TAG_MAX_BYTES)
            tag->kept_end = key.ptr;
        tag->n_attributes++;
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

/*
 * Nobody reads a comment, but it parts text from text, which matters behind <pre>, in a table and
 * before </form>.
 */
static void empty_comment(struct scanner *s, const char *to)
{
    memcpy(s->out, "<!>", 3);
    s->out += 3;
    s->at = to;
}

/* s->at stands on "<!". */
static void scan_declaration(struct scanner *s)
{
    struct slice r = rest(s);

    if (slice_starts(r, SLICE("<!--"))) {
        empty_comment(s, find_comment_end(s->at, s->end));
    } else if (nesting_is_foreign(&s->nesting) && slice_starts(r, SLICE("<![CDATA["))) {
        size_t close = slice_find(r, SLICE("]]>"));

        /* Left out: nobody reads it, and only a tree builder knows for sure that it is one. */
        s->at = close < r.len ? s->at + close + 3 : s->end;
    } else if (slice_starts_nocase(r, SLICE("<!doctype"))) {
        copy_to(s, find_greater(s->at, s->end));
    } else {
        empty_comment(s, find_greater(s->at, s->end));
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

/*
 * The tree builder itself looks at the attributes of these: html and body take those of a second
 * tag, formatting elements with the same ones are opened again three times at most (of <a> there is
 * never more than one), and font leaves SVG by them.
 */
static bool is_read_by_builder(struct slice name)
{
    static const char *const read[] = {
        "annotation-xml", "b",    "big", "body",  "code",   "em",     "font", "html", "i",
        "isindex",        "nobr", "s",   "small", "strike", "strong", "tt",   "u"};

    for (size_t i = 0; i < WW_COUNT(read); i++)
        if (slice_equal_nocase(name, slice_from(read[i])))
            return true;
    return false;
}

static void add_tag(struct scanner *s, const struct tag *tag)
{
    struct prescan *r = s->result;
    const char *from = tag->name.ptr + tag->name.len;
    const char *to = tag->kept_end == tag->end ? tag->end - 1 : tag->kept_end;
    struct prescan_tag *grown =
        arena_grow(s->arena, r->tags, r->n_tags, &s->tags_capacity, sizeof(*grown));

    if (grown == NULL)
        return;
    r->tags = grown;
    r->tags[r->n_tags++] =
        (struct prescan_tag){slice_of(from, (size_t)(to - from)), (uint32_t)(s->out - r->html.ptr)};
}

/* The tag as the tree builder gets it. */
static void put_start_tag(struct scanner *s, const struct tag *tag)
{
    const bool is_whole = tag->n_attributes > 0 && is_read_by_builder(tag->name);

    if (tag->kept_end != tag->end)
        s->result->is_flattened = true;
    if (is_whole) {
        put(s, s->at, tag->kept_end == tag->end ? tag->end - 1 : tag->kept_end);
    } else {
        if (tag->n_attributes > 0)
            add_tag(s, tag);
        put(s, s->at, tag->name.ptr + tag->name.len);
        /* A hidden input may stand in a table. */
        if (slice_equal_nocase(tag->name, SLICE("input")) &&
            slice_equal_nocase(tag->type, SLICE("hidden"))) {
            memcpy(s->out, " type=hidden ", 13);
            s->out += 12 + tag->is_self_closing;
        }
        if (tag->is_self_closing)
            *s->out++ = '/';
    }
    *s->out++ = '>';
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
    put_start_tag(s, &tag);
    s->at = tag.end;
    switch (text) {
    case NESTING_MARKUP:
        if (slice_equal_nocase(tag.name, SLICE("pre")) ||
            slice_equal_nocase(tag.name, SLICE("listing")))
            s->pre_end = s->at;
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

/* ---- text ------------------------------------------------------------------------------------ */

static void add_text(struct scanner *s, const char *to, char mark)
{
    struct prescan *r = s->result;
    struct prescan_text *grown;

    if (to == s->at)
        return;
    grown = arena_grow(s->arena, r->texts, r->n_texts, &s->texts_capacity, sizeof(*grown));
    if (grown != NULL) {
        r->texts = grown;
        r->texts[r->n_texts++] =
            (struct prescan_text){slice_of(s->at, (size_t)(to - s->at)),
                                  (uint32_t)(s->out - r->html.ptr), mark != TEXT_MARK};
    }
    *s->out++ = mark;
    s->at = to;
}

/* Where the white space character at `at` ends, which may be a reference; `at` when it is none. */
static const char *skip_blank(const char *at, const char *to, char *which)
{
    struct entity e;

    *which = *at == '\r' ? '\n' : *at;
    if (ascii_is_space(*at))
        return at + (*at == '\r' && at + 1 < to && at[1] == '\n' ? 2 : 1);
    if (*at != '&')
        return at;
    e = entity_read_html(slice_of(at, (size_t)(to - at)), false);
    if (e.kind == ENTITY_NONE || e.code[0] > ' ' || !ascii_is_space((char)e.code[0]))
        return at;
    *which = (char)e.code[0];
    return at + e.bytes;
}

/* The text up to `to`. */
static void scan_text(struct scanner *s, const char *to)
{
    const char *at = s->at, *next;
    char which;

    while (at < to && (next = skip_blank(at, to, &which)) != at) {
        const bool may_go = at == s->pre_end && which == '\n';

        at = next;
        if (may_go) /* the builder must see this line end alone, to leave it out */
            add_text(s, at, '\n');
    }
    add_text(s, at, ' ');
    add_text(s, to, TEXT_MARK);
}

/* The next '<' that begins a tag, a comment or a declaration; end when there is none. */
static const char *find_markup(const char *at, const char *end)
{
    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL) {
        if (end - at > 1 && (ascii_is_letter(at[1]) || at[1] == '!' || at[1] == '?' ||
                             (at[1] == '/' && end - at > 2)))
            return at;
        at++;
    }
    return end;
}

static void scan(struct scanner *s)
{
    while (s->at < s->end) {
        scan_text(s, find_markup(s->at, s->end));
        if (s->at == s->end)
            return;
        if (ascii_is_letter(s->at[1]))
            scan_start_tag(s);
        else if (s->at[1] == '/' && ascii_is_letter(s->at[2]))
            scan_end_tag(s);
        else if (s->at[1] == '!')
            scan_declaration(s);
        else if (s->at[1] == '/' && s->at[2] == '>')
            s->at += 3; /* nothing at all */
        else
            empty_comment(s, find_greater(s->at, s->end)); /* a bogus one */
    }
}

enum ww_status prescan_html(struct slice html, struct arena *arena, struct prescan *out,
                            struct ww_error *err)
{
    struct scanner *s = arena_alloc(arena, sizeof(*s));
    char *copy = arena_alloc(arena, html.len < UINT32_MAX ? html.len + 16 : 0);

    *out = (struct prescan){0};
    if (html.len >= UINT32_MAX - 16)
        return ww_fail(err, WW_TOO_BIG, "a page of %zu bytes", html.len);
    if (s == NULL || copy == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory for a page of %zu bytes", html.len);
    s->at = html.ptr;
    s->end = html.ptr + html.len;
    s->out = copy;
    out->html = slice_of(copy, 0);
    s->arena = arena;
    s->result = out;
    nesting_init(&s->nesting);
    if (html.len > 0)
        scan(s);
    out->html.len = (size_t)(s->out - copy);
    out->depth = s->nesting.deepest;
    return arena_check(arena, err);
}
