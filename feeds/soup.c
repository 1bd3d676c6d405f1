/*
 * soup.c - reading what is no XML: unclosed and crossed tags, stray '<', texts cut in the middle.
 *
 * Keeps a stack of what is open and a flat list of namespace prefixes. An end tag closes everything
 * inside its element; one that closes nothing is dropped, or is a misspelt one of the field that is
 * open. An entry never holds an entry, and the text of a field no other field.
 */
#include "feeds/xml.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/entities.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "feeds/feed_fields.h"
#include "feeds/names.h"

#include <string.h>

#define PREFIXES_MAX 64

struct soup_prefix {
    struct slice prefix, uri; /* prefix empty: the default namespace */
};

struct soup {
    const struct xml_handler *handler;
    struct slice rest;
    struct slice open[XML_DEPTH_MAX];            /* qualified names as written */
    const struct feed_name *rows[XML_DEPTH_MAX]; /* what they are for */
    size_t depth;
    struct soup_prefix prefixes[PREFIXES_MAX];
    size_t n_prefixes;
    struct xml_attribute attributes[XML_ATTRIBUTES_MAX];
    size_t n_attributes;
    struct buf text; /* names and values of the tag at hand */
};

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct slice local_name(struct slice name)
{
    size_t colon = slice_find_char(name, ':');

    return colon == name.len ? name : slice_skip(name, colon + 1);
}

static bool is_entry(struct slice name)
{
    struct slice local = local_name(name);

    return slice_equal_nocase(local, SLICE("item")) || slice_equal_nocase(local, SLICE("entry"));
}

/* HTML that stands unescaped in a feed: these never have an end tag. */
static bool is_void(struct slice name)
{
    static const char *const names[] = {"br", "hr", "img", "wbr", "input", "embed"};

    for (size_t i = 0; i < WW_COUNT(names); i++)
        if (slice_equal_nocase(name, slice_from(names[i])))
            return true;
    return false;
}

enum hold { HOLDS_ELEMENTS, HOLDS_WORDS, HOLDS_HTML };

/* What stands inside an element of a feed? */
static enum hold hold_of(const struct feed_name *row)
{
    switch (row->field) {
    case FIELD_CONTENT:
    case FIELD_SUMMARY:
        return HOLDS_HTML;
    case FIELD_AUTHOR:
    case FIELD_CATEGORY:
    case FIELD_DATE:
    case FIELD_ID:
    case FIELD_KEYWORDS:
    case FIELD_LANGUAGE:
    case FIELD_LINK:
    case FIELD_ORIGINAL_LINK:
    case FIELD_PERSON_EMAIL:
    case FIELD_PERSON_NAME:
    case FIELD_PERSON_URI:
    case FIELD_PUBLISHED:
    case FIELD_TITLE:
    case FIELD_TTL:
    case FIELD_UPDATED:
    case FIELD_UPDATE_FREQUENCY:
    case FIELD_UPDATE_PERIOD:
        return HOLDS_WORDS;
    case FIELD_NONE:
    case FIELD_IGNORE:
    case FIELD_MARKUP:
    case FIELD_ROOT:
    case FIELD_CHANNEL:
    case FIELD_ENTRY:
    case FIELD_SOURCE:
    case FIELD_CLOUD:
    case FIELD_COMPLETE:
    case FIELD_ENCLOSURE:
    case FIELD_SKIP_DAY:
    case FIELD_SKIP_HOUR:
    case FIELD_COUNT:
        return HOLDS_ELEMENTS;
    }
    return HOLDS_ELEMENTS;
}

static bool is_person_field(const struct feed_name *row)
{
    return row->field >= FIELD_PERSON_NAME && row->field <= FIELD_PERSON_URI;
}

/* Does the field outside end where this element begins, though nothing has closed it? */
static bool ends_field(const struct feed_name *outside, const struct xml_element *e)
{
    static const char *const html[] = {"body", "image", "source", "summary"};
    const struct feed_name *row = feed_name_find(e->name);
    const char *prefix = name_prefix(e->uri);

    if (row->name[0] == '\0') /* an extension that is declared is no HTML either */
        return slice_find_char(e->name, ':') < e->name.len && prefix != NULL &&
               strcmp(prefix, "xhtml") != 0;
    if (is_person_field(row))
        return is_person_field(outside);
    for (size_t i = 0; hold_of(outside) == HOLDS_HTML && i < WW_COUNT(html); i++)
        if (slice_equal(e->name, slice_from(html[i])))
            return false;
    return true;
}

static void close_to(struct soup *s, size_t depth)
{
    while (s->depth > depth) {
        s->depth--;
        s->handler->end(s->handler->state);
    }
}

/* Depth of the innermost field with a text, in an entry or a feed; 0: none. */
static size_t open_field(const struct soup *s)
{
    size_t field = 0;

    for (size_t i = s->depth; i > 0; i--) {
        const struct feed_name *row = s->rows[i - 1];

        if (row->field == FIELD_ENTRY || row->field == FIELD_CHANNEL || row->field == FIELD_ROOT)
            return field;
        if (field == 0 && hold_of(row) != HOLDS_ELEMENTS)
            field = i;
    }
    return 0; /* a sitemap has names of its own for other things */
}

static void close_field(struct soup *s, const struct xml_element *e)
{
    for (size_t at = open_field(s); at > 0 && ends_field(s->rows[at - 1], e); at = open_field(s))
        close_to(s, at - 1);
}

static void add_text(struct soup *s, struct slice text)
{
    if (s->depth == 0 || text.len == 0)
        return;
    if (slice_find_char(text, '&') < text.len) {
        buf_reset(&s->text);
        entity_resolve(&s->text, text);
        text = buf_slice(&s->text);
    }
    s->handler->text(s->handler->state, text);
}

static struct slice find_uri(const struct soup *s, struct slice prefix)
{
    for (size_t i = s->n_prefixes; i > 0; i--)
        if (slice_equal(s->prefixes[i - 1].prefix, prefix))
            return s->prefixes[i - 1].uri;
    return (struct slice){"", 0};
}

/* One attribute off *tag, as written; false at its end. */
static bool next_attribute(struct slice *tag, struct slice *name, struct slice *value)
{
    struct slice t = *tag;
    size_t n = 0;

    while (t.len > 0 && (is_space(t.ptr[0]) || t.ptr[0] == '/'))
        t = slice_skip(t, 1);
    if (t.len == 0)
        return false;
    while (n < t.len && !is_space(t.ptr[n]) && (t.ptr[n] != '=' || n == 0))
        n++;
    *name = slice_head(t, n);
    *value = (struct slice){"", 0};
    t = slice_trim(slice_skip(t, n));
    if (t.len > 0 && t.ptr[0] == '=') {
        t = slice_trim(slice_skip(t, 1));
        if (t.len > 0 && (t.ptr[0] == '"' || t.ptr[0] == '\'')) {
            n = slice_find_char(slice_skip(t, 1), t.ptr[0]);
            *value = slice_sub(t, 1, n);
            n += 2;
        } else {
            n = 0;
            while (n < t.len && !is_space(t.ptr[n]))
                n++;
            *value = slice_head(t, n);
            if (n == t.len && slice_ends(*value, SLICE("/"))) /* "/>" of an empty element */
                value->len--;
        }
        t = slice_skip(t, n);
    }
    *tag = t;
    return true;
}

static struct slice add_name(struct soup *s, struct slice name, bool is_attribute)
{
    size_t colon = slice_find_char(name, ':');
    struct slice prefix = colon == name.len ? slice_of("", 0) : slice_head(name, colon);
    struct slice uri = {"", 0};
    size_t at = s->text.len;

    if (prefix.len > 0 || !is_attribute)
        uri = find_uri(s, prefix);
    name_add(&s->text, prefix, local_name(name), uri);
    return slice_skip(buf_slice(&s->text), at);
}

static void declare(struct soup *s, struct slice name, struct slice uri)
{
    struct slice prefix = local_name(name);

    if (slice_equal(name, SLICE("xmlns")))
        prefix = (struct slice){"", 0};
    if (s->n_prefixes < PREFIXES_MAX && slice_starts(name, SLICE("xmlns")) &&
        !slice_equal(find_uri(s, prefix), uri) && (prefix.len > 0 || s->depth < 3))
        s->prefixes[s->n_prefixes++] = (struct soup_prefix){prefix, uri};
}

static void read_attributes(struct soup *s, struct slice tag)
{
    struct slice rest = tag, name, value;

    s->n_attributes = 0;
    while (next_attribute(&rest, &name, &value))
        declare(s, name, value);
    while (s->n_attributes < XML_ATTRIBUTES_MAX && next_attribute(&tag, &name, &value)) {
        struct xml_attribute *a = &s->attributes[s->n_attributes];
        size_t at;

        if (slice_starts(name, SLICE("xmlns")))
            continue;
        a->name = add_name(s, name, true);
        a->spelling = local_name(name);
        at = s->text.len;
        entity_resolve(&s->text, value);
        a->value = slice_skip(buf_slice(&s->text), at);
        s->n_attributes++;
    }
}

static void open_tag(struct soup *s, struct slice tag)
{
    bool is_closed = tag.len > 0 && tag.ptr[tag.len - 1] == '/';
    struct xml_element e = {.attributes = s->attributes};
    size_t n = 0;
    struct slice name;

    while (n < tag.len && !is_space(tag.ptr[n]) && tag.ptr[n] != '/')
        n++;
    name = slice_head(tag, n);
    if (is_entry(name))
        for (size_t i = s->depth; i > 0; i--)
            if (is_entry(s->open[i - 1])) {
                close_to(s, i - 1);
                break;
            }
    if (s->depth == XML_DEPTH_MAX)
        return;
    /* All room first: the names and values point into the text. */
    buf_reset(&s->text);
    if (buf_extend(&s->text, tag.len * 2 + (size_t)16 * XML_ATTRIBUTES_MAX) == NULL)
        return;
    buf_truncate(&s->text, 0);
    read_attributes(s, slice_skip(tag, n));
    e.name = add_name(s, name, false);
    e.n_attributes = s->n_attributes;
    n = slice_find_char(name, ':');
    e.uri = find_uri(s, slice_head(name, n == name.len ? 0 : n));
    e.default_uri = find_uri(s, slice_of("", 0));
    close_field(s, &e);
    s->rows[s->depth] = feed_name_find(e.name);
    s->open[s->depth++] = name;
    s->handler->start(s->handler->state, &e);
    if (is_closed || is_void(name))
        close_to(s, s->depth - 1);
}

/* "</titel>": the end of the field that is open, when its name is near enough. */
static void close_misspelt(struct soup *s, struct slice name)
{
    size_t at = open_field(s);
    struct nearest near;

    if (at == 0)
        return;
    nearest_init(&near, name);
    nearest_try(&near, s->rows[at - 1]->name);
    if (near.best != NULL)
        close_to(s, at - 1);
}

static void close_tag(struct soup *s, struct slice tag)
{
    size_t n = 0;
    struct slice name;

    while (n < tag.len && !is_space(tag.ptr[n]))
        n++;
    name = slice_head(tag, n);
    for (size_t i = s->depth; i > 0; i--)
        if (slice_equal_nocase(s->open[i - 1], name)) {
            close_to(s, i - 1);
            return;
        }
    close_misspelt(s, name);
}

/* Bytes of the tag at the start of rest with its '>'; 0 when it is none. A '<' ends it, too. */
static size_t tag_bytes(struct slice rest)
{
    char quote = '\0';
    size_t i;

    for (i = 1; i < rest.len && i < HTML_TAG_MAX_BYTES; i++) {
        char c = rest.ptr[i];

        if (quote != '\0' && c != '<')
            quote = c == quote ? '\0' : quote;
        else if (c == '>')
            return i + 1;
        else if (c == '<')
            break;
        else if ((c == '"' || c == '\'') && rest.ptr[i - 1] == '=')
            quote = c;
    }
    return 0;
}

static void read_cdata(struct soup *s)
{
    size_t at;

    s->rest = slice_skip(s->rest, 9);
    at = slice_find(s->rest, SLICE("]]>"));
    if (s->depth > 0 && at > 0)
        s->handler->text(s->handler->state, slice_head(s->rest, at));
    s->rest = slice_skip(s->rest, at + 3);
}

/* xml_clean has left tags and CDATA sections. */
static void read_markup(struct soup *s)
{
    struct slice rest = s->rest;
    size_t n;

    if (slice_starts(rest, SLICE("<![CDATA["))) {
        read_cdata(s);
    } else if (rest.len > 1 && (n = tag_bytes(rest)) > 0) {
        s->rest = slice_skip(rest, n);
        if (rest.ptr[1] == '/')
            close_tag(s, slice_sub(rest, 2, n - 3));
        else
            open_tag(s, slice_sub(rest, 1, n - 2));
    } else {
        add_text(s, SLICE("<"));
        s->rest = slice_skip(rest, 1);
    }
}

enum ww_status soup_read(const struct xml_source *source, const struct xml_handler *handler,
                         struct ww_error *err)
{
    struct soup *s = mem_alloc(sizeof(*s));
    enum ww_status status;

    if (s == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    s->handler = handler;
    s->rest = source->text;
    buf_init(&s->text, source->text.len * 2 + (size_t)16 * XML_ATTRIBUTES_MAX + 64);
    while (s->rest.len > 0 && s->text.status == WW_OK) {
        size_t at = slice_find_char(s->rest, '<');

        add_text(s, slice_head(s->rest, at));
        s->rest = slice_skip(s->rest, at);
        if (s->rest.len > 0)
            read_markup(s);
    }
    close_to(s, 0);
    status = buf_finish(&s->text, err);
    buf_release(&s->text);
    mem_free(s);
    return status;
}
