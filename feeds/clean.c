/*
 * clean.c - making a text fit for an XML parser: characters, references, document type.
 *
 * One linear pass. It knows just enough of XML to leave CDATA sections alone, to leave comments,
 * processing instructions and the document type out, and to count the attributes of a tag.
 */
#include "feeds/xml.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "feeds/entities.h"

enum section { SECTION_CDATA, SECTION_COMMENT, SECTION_PI, SECTION_COUNT };

struct cleaner {
    struct slice rest;
    struct buf out;
    bool has_doctype; /* its names may be declared in it: not our business, not malformed */
    bool was_doctype; /* one was read */
    bool is_malformed;
    bool is_first;                  /* nothing of the document was read yet */
    bool is_missing[SECTION_COUNT]; /* no further end mark of this kind */
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

/*
 * Where the section that begins here ends: behind its end mark or, when that is missing, behind the
 * first '>'. A mark that was missing once is not looked for again: that would be quadratic.
 */
static size_t section_bytes(struct cleaner *c, enum section section)
{
    static const struct slice ends[] = {
        [SECTION_CDATA] = {"]]>", 3},
          [SECTION_COMMENT] = {"-->", 3},
          [SECTION_PI] = {"?>",  2}
    };
    static const size_t begins[] = {[SECTION_CDATA] = 9, [SECTION_COMMENT] = 4, [SECTION_PI] = 2};
    struct slice body = slice_skip(c->rest, begins[section]);
    size_t at;

    if (!c->is_missing[section]) {
        at = slice_find(body, ends[section]);
        if (at < body.len)
            return begins[section] + at + ends[section].len;
        c->is_missing[section] = true;
    }
    c->is_malformed = true;
    if (section == SECTION_CDATA)
        return c->rest.len;
    at = slice_find_char(body, '>');
    return begins[section] + (at < body.len ? at + 1 : 0);
}

static void add_cdata(struct cleaner *c)
{
    size_t n = section_bytes(c, SECTION_CDATA);

    add_characters(c, slice_head(c->rest, n));
    c->rest = slice_skip(c->rest, n);
}

/* Comments say nothing to us: out. */
static void skip_comment(struct cleaner *c)
{
    size_t n = section_bytes(c, SECTION_COMMENT);

    if (n > 7 && slice_contains(slice_sub(c->rest, 4, n - 6), SLICE("--")))
        c->is_malformed = true;
    c->rest = slice_skip(c->rest, n);
}

/* The XML declaration and processing instructions neither. */
static void skip_instruction(struct cleaner *c)
{
    size_t n = section_bytes(c, SECTION_PI);

    if (!c->is_first && slice_starts_nocase(c->rest, SLICE("<?xml")) && n > 5 &&
        (c->rest.ptr[5] == ' ' || c->rest.ptr[5] == '?'))
        c->is_malformed = true; /* a declaration stands at the very beginning or nowhere */
    c->rest = slice_skip(c->rest, n);
}

/* <!DOCTYPE ...>, with its internal subset and all that it declares: out. */
static void skip_doctype(struct cleaner *c)
{
    size_t depth = 0;
    char quote = '\0';

    c->has_doctype = true;
    /* A second one is not read that carefully: many that never end would cost a square. */
    for (size_t i = c->was_doctype ? c->rest.len : 2; i < c->rest.len; i++) {
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
            c->was_doctype = true;
            return;
        }
    }
    c->was_doctype = true;
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

/*
 * What libxml2 gets to see: tags, CDATA sections and text, nothing else that begins with '<'. No
 * piece that is left out can join two others to a document type: a lone '<' is always escaped.
 */
static enum ww_status clean_all(struct cleaner *c, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (c->is_first = true; status == WW_OK && c->rest.len > 0 && c->out.status == WW_OK;
         c->is_first = false) {
        struct slice rest = c->rest;

        if (rest.ptr[0] != '<') {
            status = add_run(c, false, err);
        } else if (slice_starts(rest, SLICE("<![CDATA["))) {
            add_cdata(c);
        } else if (slice_starts(rest, SLICE("<!--"))) {
            skip_comment(c);
        } else if (slice_starts(rest, SLICE("<?"))) {
            skip_instruction(c);
        } else if (slice_starts_nocase(rest, SLICE("<!doctype"))) {
            skip_doctype(c);
        } else if (rest.len > 1 && (is_letter(rest.ptr[1]) || (rest.ptr[1] == '/' && rest.len > 2 &&
                                                               is_letter(rest.ptr[2])))) {
            status = add_run(c, true, err);
        } else {
            c->is_malformed = true;
            buf_add_string(&c->out, "&lt;");
            c->rest = slice_skip(rest, 1);
        }
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
    /*
     * A document type and comments may stand before the root, white space where no declaration is.
     */
    c.has_doctype = slice_contains_nocase(before, SLICE("<!doctype"));
    before = slice_trim(before);
    if (slice_starts(before, SLICE("<!")) || slice_starts_nocase(before, SLICE("<html")))
        start = slice_find_char(utf8, '<');
    c.rest = slice_skip(utf8, start);
    c.is_malformed = slice_trim(slice_head(utf8, start)).len > 0 ||
                     (start > 0 && slice_starts(c.rest, SLICE("<?xml")));
    buf_init(&c.out, utf8.len * 5 + 4096); /* nothing but ampersands: "&amp;" each */
    status = clean_all(&c, err);
    if (status == WW_OK) {
        out->text = arena_copy(arena, buf_slice(&c.out));
        out->is_malformed = c.is_malformed;
        status = arena_check(arena, err);
    }
    buf_release(&c.out);
    return status;
}
