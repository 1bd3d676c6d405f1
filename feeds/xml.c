/* xml.c - libxml2's SAX2 push parser, silenced and bounded. */
#include "feeds/xml.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "feeds/names.h"

#include <stdint.h>

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

struct reader {
    const struct xml_handler *handler;
    xmlParserCtxtPtr parser;
    struct buf text; /* names and values of the element at hand; reset for each */
    struct xml_attribute attributes[XML_ATTRIBUTES_MAX]; /* of the same */
    const xmlChar *uri; /* the namespace of the last name, and its prefix: mostly the next one's */
    const char *prefix; /* NULL: not one we know */
    int depth;
    bool is_stopped; /* at a limit: what follows was not read */
    bool is_out_of_memory;
};

struct slice xml_attribute(const struct xml_element *e, struct slice name)
{
    for (size_t i = 0; i < e->n_attributes; i++)
        if (slice_equal(e->attributes[i].name, name))
            return e->attributes[i].value;
    return (struct slice){"", 0};
}

static struct slice from_xml(const xmlChar *s)
{
    return slice_from((const char *)s);
}

/* Appends to the scratch text; the slice stays right because all room was made before. */
static struct slice add_name(struct reader *r, const xmlChar *prefix, const xmlChar *local,
                             const xmlChar *uri)
{
    size_t at = r->text.len;

    /* libxml2 keeps one copy of each namespace's address. */
    if (uri != r->uri) {
        r->uri = uri;
        r->prefix = uri != NULL ? name_prefix(from_xml(uri)) : NULL;
    }
    name_join(&r->text, r->prefix != NULL ? slice_from(r->prefix) : from_xml(prefix),
              from_xml(local));
    return slice_skip(buf_slice(&r->text), at);
}

/* libxml2 leaves "&#38;" in attribute values for a later stage that we do not have. */
static struct slice add_value(struct buf *text, struct slice value)
{
    size_t at = text->len;

    while (value.len > 0) {
        size_t plain = slice_find(value, SLICE("&#38;"));

        buf_add(text, slice_head(value, plain));
        if (plain < value.len)
            buf_add_char(text, '&');
        value = slice_skip(value, plain + 5);
    }
    return slice_skip(buf_slice(text), at);
}

static void on_start(void *state, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                     int n_namespaces, const xmlChar **namespaces, int n_attributes,
                     int n_defaulted, const xmlChar **attributes)
{
    struct reader *r = state;
    struct xml_attribute *list = r->attributes;
    struct xml_element e = {.attributes = list};
    size_t n = n_attributes < 0 ? 0 : (size_t)n_attributes;
    size_t room = from_xml(local).len + from_xml(prefix).len + 64;

    WW_UNUSED(n_defaulted);
    if (n > XML_ATTRIBUTES_MAX || r->depth >= XML_DEPTH_MAX) {
        r->is_stopped = true;
        xmlStopParser(r->parser);
        return;
    }
    r->depth++;
    /* Rows of five: local name, prefix, namespace, value, end of value. */
    for (size_t i = 0; i < n; i++)
        room += from_xml(attributes[5 * i]).len + from_xml(attributes[5 * i + 1]).len + 64 +
                (size_t)(attributes[5 * i + 4] - attributes[5 * i + 3]);
    buf_reset(&r->text);
    if (buf_extend(&r->text, room) == NULL) {
        r->is_out_of_memory = true;
        xmlStopParser(r->parser);
        return;
    }
    buf_truncate(&r->text, 0);
    e.uri = from_xml(uri);
    for (int i = 0; i < n_namespaces; i++)
        if (namespaces[2 * i] == NULL)
            e.default_uri = from_xml(namespaces[2 * i + 1]);
    e.name = add_name(r, prefix, local, uri);
    for (size_t i = 0; i < n; i++) {
        const xmlChar **row = attributes + 5 * i;

        list[i].name = add_name(r, row[1], row[0], row[1] == NULL ? NULL : row[2]);
        list[i].spelling = from_xml(row[0]);
        list[i].value = add_value(&r->text, slice_of(row[3], (size_t)(row[4] - row[3])));
    }
    e.n_attributes = n;
    r->handler->start(r->handler->state, &e);
}

static void on_end(void *state, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    struct reader *r = state;

    WW_UNUSED(local);
    WW_UNUSED(prefix);
    WW_UNUSED(uri);
    if (r->depth == 0)
        return;
    r->depth--;
    r->handler->end(r->handler->state);
}

static void on_text(void *state, const xmlChar *text, int len)
{
    struct reader *r = state;

    if (r->depth > 0 && len > 0)
        r->handler->text(r->handler->state, slice_of(text, (size_t)len));
}

static void on_error(void *state, xmlErrorPtr error)
{
    WW_UNUSED(state);
    WW_UNUSED(error);
}

enum ww_status xml_read(const struct xml_source *source, const struct xml_handler *handler,
                        struct xml_result *out, struct ww_error *err)
{
    xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .serror = on_error,
    };
    struct reader r = {.handler = handler};
    enum ww_status status = WW_OK;

    buf_init(&r.text, SIZE_MAX / 4);
    r.parser = xmlCreatePushParserCtxt(&sax, &r, NULL, 0, NULL);
    if (r.parser == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    (void)xmlCtxtUseOptions(r.parser, XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_IGNORE_ENC |
                                          XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    /*
     * In large pieces: libxml2 2.9 takes more than 10 MB at once for an attack, and in small ones
     * it searches the same bytes again and again for the end of a long tag.
     */
    for (struct slice rest = source->text; rest.len > 0 && r.parser->disableSAX == 0;
         rest = slice_skip(rest, XML_PIECE_BYTES))
        (void)xmlParseChunk(r.parser, rest.ptr, (int)slice_head(rest, XML_PIECE_BYTES).len, 0);
    (void)xmlParseChunk(r.parser, NULL, 0, 1);
    out->is_broken = r.parser->wellFormed == 0 || r.is_stopped;
    out->is_malformed = source->is_malformed || out->is_broken || r.parser->nsWellFormed == 0;
    if (r.is_out_of_memory || r.parser->errNo == XML_ERR_NO_MEMORY)
        status = ww_fail(err, WW_NOMEM, "out of memory");
    while (r.depth > 0)
        on_end(&r, NULL, NULL, NULL);
    xmlFreeDoc(r.parser->myDoc); /* there is none, as long as no document type comes through */
    xmlFreeParserCtxt(r.parser);
    buf_release(&r.text);
    return status;
}
