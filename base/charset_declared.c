/* charset_declared.c - the XML declaration, and the HTML standard's prescan for meta elements. */
#include "base/charset_declared.h"

#include "base/ascii.h"
#include "base/charset.h"

#include <stdbool.h>
#include <string.h>

/* Not strchr, which finds a NUL in any text. */
static bool is_one_of(char c, struct slice set)
{
    return slice_find_char(set, c) < set.len;
}

/* The value after `key` and '=' in text, quoted or not; empty when there is none. */
static struct slice quoted_value(struct slice text, struct slice key)
{
    char quote;

    for (;;) {
        size_t at = slice_find_nocase(text, key);

        if (at == text.len)
            return (struct slice){"", 0};
        text = slice_trim(slice_skip(text, at + key.len));
        if (text.len > 0 && text.ptr[0] == '=')
            break;
    }
    text = slice_trim(slice_skip(text, 1));
    if (text.len == 0)
        return text;
    quote = text.ptr[0];
    if (quote == '"' || quote == '\'') {
        size_t end = slice_find_char(slice_skip(text, 1), quote);

        return end == text.len - 1 ? (struct slice){"", 0} : slice_sub(text, 1, end);
    }
    for (size_t i = 0; i < text.len; i++)
        if (is_one_of(text.ptr[i], SLICE(" \t\r\n\f;\"'>")))
            return slice_head(text, i);
    return text;
}

/* The document could be read as ASCII up to here: it is not UTF-16, whatever it says. */
static const char *believable(struct slice label)
{
    const char *name = charset_from_label(label);

    if (name != NULL && strncmp(name, "UTF-16", 6) == 0)
        return "UTF-8";
    if (name != NULL && strcmp(name, "x-user-defined") == 0)
        return "windows-1252";
    return name;
}

const char *charset_declared_xml(struct slice head)
{
    size_t at = slice_find_nocase(head, SLICE("<?xml"));
    struct slice declaration = slice_skip(head, at);

    declaration = slice_head(declaration, slice_find_char(declaration, '>'));
    return believable(quoted_value(declaration, SLICE("encoding")));
}

struct attribute {
    struct slice name, value;
};

/* "Get an attribute" of the HTML standard's prescan; *rest stands behind it. */
static bool next_attribute(struct slice *rest, struct attribute *out)
{
    size_t i = 0, start;
    struct slice s = *rest;

    while (i < s.len && (ascii_is_space(s.ptr[i]) || s.ptr[i] == '/'))
        i++;
    if (i == s.len || s.ptr[i] == '>') {
        *rest = slice_skip(s, i);
        return false;
    }
    start = i;
    while (i < s.len && !ascii_is_space(s.ptr[i]) && s.ptr[i] != '/' && s.ptr[i] != '>' &&
           (s.ptr[i] != '=' || i == start))
        i++;
    out->name = slice_sub(s, start, i - start);
    out->value = (struct slice){"", 0};
    while (i < s.len && ascii_is_space(s.ptr[i]))
        i++;
    if (i < s.len && s.ptr[i] == '=') {
        i++;
        while (i < s.len && ascii_is_space(s.ptr[i]))
            i++;
        start = i;
        if (i < s.len && (s.ptr[i] == '"' || s.ptr[i] == '\'')) {
            char quote = s.ptr[i++];

            while (i < s.len && s.ptr[i] != quote)
                i++;
            out->value = slice_sub(s, start + 1, i - start - 1);
            i += i < s.len;
        } else {
            while (i < s.len && !ascii_is_space(s.ptr[i]) && s.ptr[i] != '>')
                i++;
            out->value = slice_sub(s, start, i - start);
        }
    }
    *rest = slice_skip(s, i);
    return true;
}

static const char *name_from_meta(struct slice *rest)
{
    struct attribute a;
    struct slice charset = {"", 0};
    bool is_pragma = false, from_content = false, seen_charset = false, seen_content = false,
         seen_pragma = false;

    while (next_attribute(rest, &a)) {
        if (slice_equal_nocase(a.name, SLICE("http-equiv")) && !seen_pragma) {
            seen_pragma = true;
            is_pragma = slice_equal_nocase(a.value, SLICE("content-type"));
        } else if (slice_equal_nocase(a.name, SLICE("content")) && !seen_content) {
            seen_content = true;
            if (!seen_charset && quoted_value(a.value, SLICE("charset")).len > 0) {
                charset = quoted_value(a.value, SLICE("charset"));
                from_content = true;
            }
        } else if (slice_equal_nocase(a.name, SLICE("charset")) && !seen_charset) {
            seen_charset = true;
            charset = a.value;
            from_content = false;
        }
    }
    /* A tag that never ends says nothing. */
    return rest->len == 0 || (from_content && !is_pragma) ? NULL : believable(charset);
}

const char *charset_declared_html(struct slice s)
{
    while (s.len > 0) {
        size_t at = slice_find_char(s, '<');
        struct attribute ignored;

        s = slice_skip(s, at);
        if (slice_starts(s, SLICE("<!--"))) {
            s = slice_skip(s, 2 + slice_find(slice_skip(s, 2), SLICE("-->")));
            s = slice_skip(s, 3);
        } else if (slice_starts_nocase(s, SLICE("<meta")) && s.len > 5 &&
                   (ascii_is_space(s.ptr[5]) || s.ptr[5] == '/')) {
            const char *name;

            s = slice_skip(s, 6);
            name = name_from_meta(&s);
            if (name != NULL)
                return name;
        } else if (s.len > 2 &&
                   (ascii_is_letter(s.ptr[1]) || (s.ptr[1] == '/' && ascii_is_letter(s.ptr[2])))) {
            size_t end = 1;

            while (end < s.len && !ascii_is_space(s.ptr[end]) && s.ptr[end] != '>')
                end++;
            s = slice_skip(s, end);
            while (next_attribute(&s, &ignored))
                ;
        } else if (s.len > 1 && is_one_of(s.ptr[1], SLICE("!/?"))) {
            s = slice_skip(s, slice_find_char(s, '>'));
        } else {
            s = slice_skip(s, 1);
        }
    }
    return NULL;
}
