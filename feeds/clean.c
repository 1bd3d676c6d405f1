/*
 * clean.c - making a text fit for an XML parser: characters, references, document type.
 *
 * One linear pass. It knows just enough of XML to leave CDATA sections, comments and processing
 * instructions alone and to count the attributes of a tag.
 */
#include "feeds/xml.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "feeds/entities.h"

struct cleaner {
    struct slice rest;
    struct buf out;
    bool has_doctype; /* its names may be declared in it: not our business, not malformed */
    bool is_malformed;
};

/* Names that begin a document we read; what stands before one of them is junk. */
static const char *const roots[] = {"<?xml",   "<rss",  "<feed",         "<rdf",      "<channel",
                                    "<urlset", "<opml", "<sitemapindex", "<atom:feed"};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

/* Offset of the document: PHP warnings, white space, comments and HTML may stand before it. */
static size_t find_start(struct slice s)
{
    size_t first = slice_find_char(s, '<');

    for (size_t at = first; at < s.len;) {
        struct slice here = slice_skip(s, at);

        for (size_t i = 0; i < WW_COUNT(roots); i++)
            if (slice_starts_nocase(here, slice_from(roots[i])))
                return at;
        at++;
        at += slice_find_char(slice_skip(s, at), '<');
    }
    return first;
}

/* Copy s, leaving out what XML forbids. Raw C1 controls are windows-1252 in disguise. */
static void add_characters(struct cleaner *c, struct slice s)
{
    size_t kept = 0;

    for (size_t i = 0; i < s.len;) {
        unsigned char byte = (unsigned char)s.ptr[i];
        size_t start = i;
        uint32_t code;

        if (byte >= 0x20 && byte != 0x7F && byte != 0xC2 && byte != 0xEF) {
            i++;
            continue;
        }
        code = text_next_code(s, &i);
        if (entity_is_xml(code) && (code < 0x80 || code > 0x9F))
            continue;
        buf_add(&c->out, slice_sub(s, kept, start - kept));
        if (entity_is_xml(code))
            buf_add_code(&c->out, entity_repair_c1(code));
        else
            c->is_malformed = true;
        kept = i;
    }
    buf_add(&c->out, slice_skip(s, kept));
}

/* The reference at the start of rest: kept, resolved, or its ampersand escaped. */
static void add_reference(struct cleaner *c)
{
    struct entity e = entity_read(c->rest);

    if (e.kind == ENTITY_NONE || e.kind == ENTITY_BARE) {
        c->is_malformed = c->is_malformed || !c->has_doctype;
        buf_add_string(&c->out, "&amp;");
        c->rest = slice_skip(c->rest, 1);
        return;
    }
    if (e.kind == ENTITY_PREDEFINED) {
        buf_add(&c->out, slice_head(c->rest, e.bytes));
        c->rest = slice_skip(c->rest, e.bytes);
        return;
    }
    if (e.code[0] == 0 || (e.kind == ENTITY_NUMBER && c->rest.ptr[e.bytes - 1] != ';') ||
        (e.kind == ENTITY_NAME && !c->has_doctype))
        c->is_malformed = true;
    for (size_t i = 0; i < WW_COUNT(e.code); i++) {
        if (e.code[i] >= 0x80)
            buf_add_code(&c->out, e.code[i]);
        else if (e.code[i] != 0)
            buf_printf(&c->out, "&#%u;", (unsigned)e.code[i]); /* '<' must not become a tag */
    }
    c->rest = slice_skip(c->rest, e.bytes);
}

/* Copy up to the end mark and with it, or everything when it is missing. */
static void add_section(struct cleaner *c, struct slice end)
{
    size_t at = slice_find(c->rest, end);

    add_characters(c, slice_head(c->rest, at + end.len));
    c->rest = slice_skip(c->rest, at + end.len);
}

/* <!DOCTYPE ...>, with its internal subset and all that it declares: out. */
static void skip_doctype(struct cleaner *c)
{
    size_t depth = 0;
    char quote = '\0';

    c->has_doctype = true;
    for (size_t i = 2; i < c->rest.len; i++) {
        char ch = c->rest.ptr[i];

        if (quote != '\0') {
            quote = ch == quote ? '\0' : quote;
        } else if (ch == '"' || ch == '\'') {
            quote = ch;
        } else if (slice_starts(slice_skip(c->rest, i), SLICE("<!--"))) {
            i += slice_find(slice_skip(c->rest, i), SLICE("-->")) + 2;
        } else if (ch == '[') {
            depth++;
        } else if (ch == ']') {
            depth -= depth > 0;
        } else if (ch == '>' && depth == 0) {
            c->rest = slice_skip(c->rest, i + 1);
            return;
        }
    }
    /* It never ends: its first '>' must do. */
    c->is_malformed = true;
    c->rest = slice_skip(c->rest, slice_find_char(c->rest, '>') + 1);
}

/* Copy text up to the next '<', or a tag up to and with its '>'. */
static enum ww_status add_run(struct cleaner *c, bool is_tag, struct ww_error *err)
{
    size_t i = is_tag ? 1 : 0, n_attributes = 0;
    char quote = '\0';

    for (;;) {
        char ch = i < c->rest.len ? c->rest.ptr[i] : '<';

        if (ch == '<' || ch == '&') {
            add_characters(c, slice_head(c->rest, i));
            c->rest = slice_skip(c->rest, i);
            i = 0;
            if (ch == '<' || c->rest.len == 0)
                return WW_OK;
            add_reference(c);
            continue;
        }
        i++;
        if (!is_tag)
            continue;
        if (quote != '\0') {
            quote = ch == quote ? '\0' : quote;
        } else if (ch == '"' || ch == '\'') {
            quote = ch;
        } else if (ch == '=' && ++n_attributes > XML_ATTRIBUTES_MAX) {
            return ww_fail(err, WW_TOO_BIG, "a tag with more than %d attributes",
                           XML_ATTRIBUTES_MAX);
        } else if (ch == '>') {
            add_characters(c, slice_head(c->rest, i));
            c->rest = slice_skip(c->rest, i);
            return WW_OK;
        }
    }
}

static enum ww_status clean_all(struct cleaner *c, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    while (status == WW_OK && c->rest.len > 0 && c->out.status == WW_OK) {
        struct slice rest = c->rest;

        if (slice_starts(rest, SLICE("<![CDATA[")))
            add_section(c, SLICE("]]>"));
        else if (slice_starts(rest, SLICE("<!--")))
            add_section(c, SLICE("-->"));
        else if (slice_starts(rest, SLICE("<?")))
            add_section(c, SLICE("?>"));
        else if (slice_starts_nocase(rest, SLICE("<!doctype")))
            skip_doctype(c);
        else if (rest.ptr[0] == '<' && rest.len > 1 &&
                 (is_letter(rest.ptr[1]) || rest.ptr[1] == '/'))
            status = add_run(c, true, err);
        else if (rest.ptr[0] == '<') {
            buf_add_char(&c->out, '<'); /* libxml2 will say what it thinks of it */
            c->rest = slice_skip(rest, 1);
        } else
            status = add_run(c, false, err);
    }
    return status == WW_OK ? buf_finish(&c->out, err) : status;
}

enum ww_status xml_clean(struct slice utf8, struct arena *arena, struct xml_source *out,
                         struct ww_error *err)
{
    struct cleaner c = {0};
    struct slice before;
    enum ww_status status;
    size_t start = find_start(utf8);

    if (start == utf8.len)
        return ww_fail(err, WW_INVALID, utf8.len == 0 ? "empty" : "no element in it");
    before = slice_head(utf8, start);
    /* A document type and comments may stand before the root, white space where no declaration is.
     */
    c.has_doctype = slice_contains_nocase(before, SLICE("<!doctype"));
    before = slice_trim(before);
    if (slice_starts(before, SLICE("<!")) || slice_starts_nocase(before, SLICE("<html")))
        start = slice_find_char(utf8, '<');
    c.rest = slice_skip(utf8, start);
    c.is_malformed = slice_trim(slice_head(utf8, start)).len > 0 ||
                     (start > 0 && slice_starts(c.rest, SLICE("<?xml")));
    buf_init(&c.out, utf8.len + utf8.len / 2 + 4096);
    status = clean_all(&c, err);
    if (status == WW_OK) {
        out->text = arena_copy(arena, buf_slice(&c.out));
        out->is_malformed = c.is_malformed;
        status = arena_check(arena, err);
    }
    buf_release(&c.out);
    return status;
}
