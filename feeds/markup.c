/* markup.c - a small scanner for tags in short texts. */
#include "feeds/markup.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/entities.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdbool.h>

/* Bytes of the tag or comment at the start of s (which begins with '<'); 0: just a character. */
static size_t tag_bytes(struct slice s)
{
    bool is_tag = s.len > 1 && (ascii_is_letter(s.ptr[1]) ||
                                (s.ptr[1] == '/' && s.len > 2 && ascii_is_letter(s.ptr[2])));
    size_t end;
    char quote = '\0';

    s = slice_head(s, MARKUP_TAG_MAX_BYTES);
    if (slice_starts(s, SLICE("<!--"))) {
        end = slice_find(s, SLICE("-->"));
        return end == s.len ? 0 : end + 3;
    }
    if (slice_starts(s, SLICE("<![CDATA[")))
        return 9;
    if (!is_tag && !slice_starts_nocase(s, SLICE("<!doctype")) && !slice_starts(s, SLICE("<?")))
        return 0;
    for (size_t i = 1; i < s.len; i++) {
        char c = s.ptr[i];

        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '>')
            return i + 1;
        else if ((c == '"' || c == '\'') && s.ptr[i - 1] == '=')
            quote = c;
    }
    end = slice_find_char(s, '>');
    return end == s.len ? 0 : end + 1;
}

static struct slice tag_name(struct slice tag)
{
    size_t n;

    tag = slice_skip(tag, 1);
    if (tag.len > 0 && tag.ptr[0] == '/')
        tag = slice_skip(tag, 1);
    n = 0;
    while (n < tag.len && (ascii_is_letter(tag.ptr[n]) || (tag.ptr[n] >= '0' && tag.ptr[n] <= '9')))
        n++;
    return slice_head(tag, n);
}

static bool is_one_of(struct slice name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slice_equal_nocase(name, slice_from(names[i])))
            return true;
    return false;
}

/* Elements of a line: the words beside their tags stay together. */
static bool is_inline(struct slice name)
{
    static const char *const names[] = {"a",    "abbr", "acronym", "b",    "big",    "code",
                                        "del",  "em",   "font",    "i",    "ins",    "kbd",
                                        "mark", "q",    "s",       "samp", "small",  "span",
                                        "sub",  "sup",  "strike",  "tt",   "strong", "u"};

    return is_one_of(name, names, WW_COUNT(names));
}

/* One pass: tags out, references resolved. */
static void add_text(struct buf *out, struct slice html)
{
    while (html.len > 0) {
        size_t at = slice_find_char(html, '<');
        size_t tag;
        struct slice name;

        entity_resolve(out, slice_head(html, at));
        html = slice_skip(html, at);
        if (html.len == 0)
            break;
        tag = tag_bytes(html);
        if (tag == 0) {
            buf_add_char(out, '<');
            html = slice_skip(html, 1);
            continue;
        }
        name = tag_name(slice_head(html, tag));
        if (html.ptr[1] != '/' && (slice_equal_nocase(name, SLICE("script")) ||
                                   slice_equal_nocase(name, SLICE("style")))) {
            struct slice rest = slice_skip(html, tag);
            size_t end =
                slice_find_nocase(rest, name.len == 6 ? SLICE("</script") : SLICE("</style"));

            html = slice_skip(rest, end);
            continue;
        }
        if (name.len > 0 && !is_inline(name))
            buf_add_char(out, ' ');
        html = slice_skip(html, tag);
    }
}

struct slice markup_text(struct slice html, unsigned passes, struct arena *arena)
{
    struct slice text = text_cut(html, MARKUP_TEXT_MAX_BYTES);
    struct buf out;

    for (unsigned i = 0; i < passes; i++) {
        if (slice_find_char(text, '<') == text.len && slice_find_char(text, '&') == text.len)
            break;
        buf_init(&out, text.len * 2 + 64);
        add_text(&out, text);
        text = arena_copy(arena, buf_slice(&out));
        buf_release(&out);
    }
    return text_squeeze(text, arena);
}

void markup_escape(struct buf *out, struct slice text)
{
    size_t kept = 0;

    for (size_t i = text_plain_run(text); i < text.len; i++) {
        const char *as = text.ptr[i] == '<'   ? "&lt;"
                         : text.ptr[i] == '>' ? "&gt;"
                         : text.ptr[i] == '&' ? "&amp;"
                         : text.ptr[i] == '"' ? "&quot;"
                                              : NULL;

        if (as == NULL)
            continue;
        buf_add(out, slice_sub(text, kept, i - kept));
        buf_add_string(out, as);
        kept = i + 1;
    }
    buf_add(out, slice_skip(text, kept));
}

struct slice markup_escaped(struct slice text, struct arena *arena)
{
    struct slice html;
    struct buf out;

    buf_init(&out, text.len * 6 + 64);
    markup_escape(&out, text);
    html = arena_copy(arena, buf_slice(&out));
    buf_release(&out);
    return html;
}

struct slice markup_unescape_twice(struct slice html, struct arena *arena)
{
    static const char *const signs[] = {
        "&lt;p&gt;", "&lt;/p&gt;", "&lt;/a&gt;",      "&lt;br",      "&lt;/div&gt;", "&lt;/b&gt;",
        "&lt;img ",  "&lt;/i&gt;", "&lt;/strong&gt;", "&lt;/li&gt;", "&lt;/em&gt;"};
    struct slice head = slice_head(html, MARKUP_TEXT_MAX_BYTES);
    bool was_escaped = false;
    struct buf out;

    if (slice_find_char(head, '&') == head.len)
        return html;
    for (size_t at = 0; at < head.len; at++) {
        at += slice_find_char(slice_skip(head, at), '<');
        if (at < head.len && tag_bytes(slice_skip(head, at)) > 0)
            return html; /* it has tags of its own: the escaped ones are meant to be read */
    }
    for (size_t i = 0; i < WW_COUNT(signs) && !was_escaped; i++)
        was_escaped = slice_contains_nocase(head, slice_from(signs[i]));
    if (!was_escaped)
        return html;
    buf_init(&out, html.len + 64);
    entity_resolve(&out, html);
    html = arena_copy(arena, buf_slice(&out));
    buf_release(&out);
    return html;
}
