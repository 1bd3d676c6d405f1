/*
 * clean.c - making a text fit for an XML parser: characters, references, document type.
 *
 * One linear pass. It knows just enough of XML to leave CDATA sections alone, to leave comments,
 * processing instructions and the document type out, and to count the attributes of a tag.
 */
#include "feeds/xml.h"

#include "base/attrs.h"
#include "base/buf.h"
#include "base/entities.h"
#include "base/limits.h"
#include "base/text.h"
#include "feeds/doctype.h"

#include <stdint.h>
#include <string.h>

enum section { SECTION_CDATA, SECTION_COMMENT, SECTION_PI, SECTION_COUNT };

struct cleaner {
    struct slice rest;
    struct buf out;
    bool has_doctype; /* its names may be declared in a file that it names: not malformed */
    bool was_doctype; /* one was read */
    struct doctype doctype;
    bool is_malformed;
    bool is_first;                  /* nothing of the document was read yet */
    bool is_missing[SECTION_COUNT]; /* no further end mark of this kind */
    struct slice element;  /* name of the start tag right before; empty when there is none */
    const char *cdata_end; /* behind the next "]]>", once looked for */
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

/* A wrapper around the feed, not the words of a broken program? */
static bool has_only_tags(struct slice s)
{
    while (s.len > 0) {
        size_t end = slice_find_char(s, '>');

        if (s.ptr[0] != '<' || s.len < 2 || !is_letter(s.ptr[1]) || end == s.len)
            return false;
        s = slice_trim(slice_skip(s, end + 1));
    }
    return true;
}

/* How many characters from 0x20 to 0x7F stand at the beginning, in steps of eight? */
static size_t plain_run(struct slice s)
{
    size_t i = 0;

    while (s.len - i >= 8) {
        uint64_t word;

        memcpy(&word, s.ptr + i, sizeof(word));
        if ((((word - UINT64_C(0x2020202020202020)) | word) & UINT64_C(0x8080808080808080)) != 0)
            break;
        i += 8;
    }
    return i;
}

/* Copy s, leaving out what XML forbids. Raw C1 controls are windows-1252 in disguise. */
static void add_characters(struct cleaner *c, struct slice s)
{
    size_t kept = 0;

    for (size_t i = 0; i < s.len;) {
        unsigned char byte = (unsigned char)s.ptr[i];
        size_t start = i;
        uint32_t code;

        if (byte >= 0x20 && byte != 0xC2 && byte != 0xEF) {
            i += 1 + plain_run(slice_skip(s, i + 1));
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

    if (e.kind == ENTITY_NONE && c->doctype.n_rows > 0) {
        size_t n = doctype_expand(&c->doctype, c->rest, &c->out);

        c->rest = slice_skip(c->rest, n);
        if (n > 0)
            return;
    }
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
 * Offset of a mark, or s.len, by its rarest character: HTML has few ']' and '!', and memchr is many
 * times faster than a search for several characters.
 */
static size_t find_mark(struct slice s, struct slice mark, size_t rare)
{
    for (size_t at = rare; at < s.len; at++) {
        at += slice_find_char(slice_skip(s, at), mark.ptr[rare]);
        if (at < s.len && slice_starts(slice_skip(s, at - rare), mark))
            return at - rare;
    }
    return s.len;
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
        at = find_mark(body, ends[section], 0);
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

/*
 * Where the element around a CDATA section ends, when its end mark was forgotten: the next mark, if
 * any, belongs to a section that begins behind this element. 0: the section ends as it should.
 */
static size_t forgotten_end(const struct cleaner *c, struct slice section)
{
    size_t next = find_mark(slice_skip(section, 9), SLICE("<![CDATA["), 1) + 9;
    struct slice body = slice_head(section, next);
    size_t at = 9;

    if (c->element.len == 0 || (next == section.len && !c->is_missing[SECTION_CDATA]))
        return 0;
    for (;;) {
        at += slice_find(slice_skip(body, at), SLICE("</"));
        if (at >= body.len)
            return 0;
        if (slice_starts_nocase(slice_skip(body, at + 2), c->element))
            return at;
        at += 2;
    }
}

static void add_cdata(struct cleaner *c)
{
    size_t n, end;

    if (c->cdata_end == NULL || c->cdata_end <= c->rest.ptr)
        c->cdata_end = c->rest.ptr + section_bytes(c, SECTION_CDATA);
    n = (size_t)(c->cdata_end - c->rest.ptr);
    end = forgotten_end(c, slice_head(c->rest, n));
    if (end > 0) {
        c->is_malformed = true;
        n = end;
    }
    add_characters(c, slice_head(c->rest, n));
    if (end > 0)
        buf_add_string(&c->out, "]]>");
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

/* <!DOCTYPE ...> is not shown to libxml2; the texts it declares are put in here. */
static void skip_doctype(struct cleaner *c)
{
    size_t n = 0;

    c->has_doctype = true;
    /* A second one is not read that carefully: many that never end would cost a square. */
    if (!c->was_doctype)
        n = doctype_bytes(c->rest);
    c->was_doctype = true;
    if (n > 0) {
        doctype_read(&c->doctype, slice_head(c->rest, n));
        c->rest = slice_skip(c->rest, n);
        return;
    }
    /* It never ends: its first '>' must do. */
    c->is_malformed = true;
    c->rest = slice_skip(c->rest, slice_find_char(c->rest, '>') + 1);
}

/* Copy s, which holds no '<', with its references. */
static void add_text(struct cleaner *c, size_t n)
{
    const char *end = c->rest.ptr + n;

    while (c->rest.ptr < end) {
        struct slice text = slice_head(c->rest, (size_t)(end - c->rest.ptr));
        size_t plain = slice_find_char(text, '&');

        add_characters(c, slice_head(text, plain));
        c->rest = slice_skip(c->rest, plain);
        if (plain < text.len)
            add_reference(c);
    }
}

/* Bytes of the tag at the start of rest with its '>', or of what stands before the next '<'. */
static enum ww_status measure_tag(struct slice rest, size_t *n, struct ww_error *err)
{
    size_t n_attributes = 0, i;
    char quote = '\0';

    for (i = 1; i < rest.len && rest.ptr[i] != '<'; i++) {
        char ch = rest.ptr[i];

        if (quote != '\0') {
            quote = ch == quote ? '\0' : quote;
        } else if (ch == '>') {
            i++;
            break;
        } else if (ch == '"' || ch == '\'') {
            quote = ch;
        } else if (ch == '=' && ++n_attributes > XML_ATTRIBUTES_MAX) {
            return ww_fail(err, WW_TOO_BIG, "a tag with more than %d attributes",
                           XML_ATTRIBUTES_MAX);
        }
    }
    *n = i;
    return WW_OK;
}

/* The name in a start tag; empty in an end tag. */
static struct slice tag_name(struct slice tag)
{
    size_t n = 1;

    while (n < tag.len && strchr(" \t\r\n/>", tag.ptr[n]) == NULL)
        n++;
    return slice_sub(tag, 1, n - 1);
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
        struct slice rest = c->rest, element = {"", 0};
        size_t n = 0;

        if (rest.ptr[0] != '<') {
            add_text(c, slice_find_char(rest, '<'));
            if (slice_trim(slice_head(rest, rest.len - c->rest.len)).len == 0)
                continue; /* indentation: the element before stays the one before */
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
            status = measure_tag(rest, &n, err);
            if (status == WW_OK)
                add_text(c, n);
            element = tag_name(rest);
        } else {
            c->is_malformed = true;
            buf_add_string(&c->out, "&lt;");
            c->rest = slice_skip(rest, 1);
        }
        c->element = element;
    }
    return status == WW_OK ? buf_finish(&c->out, err) : status;
}

enum ww_status xml_clean(struct slice utf8, struct xml_source *out, struct ww_error *err)
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
    if (slice_starts(before, SLICE("<!")) || slice_starts_nocase(before, SLICE("<html")) ||
        has_only_tags(before))
        start = slice_find_char(utf8, '<');
    c.rest = slice_skip(utf8, start);
    c.is_malformed = slice_trim(slice_head(utf8, start)).len > 0 ||
                     (start > 0 && slice_starts(c.rest, SLICE("<?xml")));
    /* Nothing but ampersands: "&amp;" each. The most that declared texts make, escaped: as much. */
    buf_init(&c.out, utf8.len * 5 + (size_t)5 * XML_EXPANSION_MAX_BYTES);
    status = clean_all(&c, err);
    *out = (struct xml_source){buf_slice(&c.out), c.out, c.is_malformed};
    return status;
}

void xml_source_release(struct xml_source *source)
{
    buf_release(&source->room);
}
