/*
 * xml.h - the guarded reader of XML: the only caller of libxml2.
 *
 * Calls back for every element and piece of text, with the names of feeds/names.h. Nothing is ever
 * fetched or expanded: the document type is cut out before libxml2 sees the text, HTML's names and
 * numbers for forbidden characters are resolved, bare ampersands escaped (feeds/clean.c). What is
 * no XML at all is read by a reader of our own (feeds/soup.c), which calls back in the same way,
 * always with balanced starts and ends.
 *
 * Limits: XML_DEPTH_MAX, XML_ATTRIBUTES_MAX; libxml2's own for names and pieces of text.
 */
#ifndef WW_FEEDS_XML_H
#define WW_FEEDS_XML_H

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct xml_attribute {
    struct slice name; /* lower case, known prefixes: "href", "xml:base", "rdf:about" */
    struct slice value;
    struct slice spelling; /* of the name as the document has it, without its prefix */
};

struct xml_element {
    struct slice name;        /* "item", "atom:entry", "dc:date", "xhtml:p" */
    struct slice uri;         /* of its namespace; empty when there is none */
    struct slice default_uri; /* the namespace of names without a prefix, when declared here */
    const struct xml_attribute *attributes;
    size_t n_attributes;
};

/* Everything is borrowed until the function returns. */
struct xml_handler {
    void *state;
    void (*start)(void *state, const struct xml_element *e);
    void (*end)(void *state);
    void (*text)(void *state, struct slice text);
};

/* UTF-8 made fit to be read. Begins as zeros, ends with xml_source_release. */
struct xml_source {
    struct slice text;
    struct buf room;   /* where the text stands */
    bool is_malformed; /* something had to be repaired that XML does not allow */
};

struct xml_result {
    bool is_malformed; /* not well-formed, undeclared prefixes included */
    bool is_broken;    /* so much so that elements may have been lost or misplaced */
};

/* The value of an attribute; empty when there is none. */
struct slice xml_attribute(const struct xml_element *e, struct slice name);

/*
 * Skip what stands before the document, take out forbidden characters and the document type,
 * resolve references. WW_INVALID: no element in it. WW_TOO_BIG: a tag with too many attributes.
 */
enum ww_status xml_clean(struct slice utf8, struct xml_source *out, struct ww_error *err);
void xml_source_release(struct xml_source *source);

/* By libxml2, which recovers what it can. */
enum ww_status xml_read(const struct xml_source *source, const struct xml_handler *handler,
                        struct xml_result *out, struct ww_error *err);

/* As tag soup: any end tag closes what is open inside its element, anything else is text. */
enum ww_status soup_read(const struct xml_source *source, const struct xml_handler *handler,
                         struct ww_error *err);

#endif
