/* feed_start.c - what elements say in their attributes: formats, links, enclosures, categories. */
#include "feeds/feed_take.h"

#include "base/arena.h"
#include "base/attrs.h"

#include <string.h>

/* <link href> of Atom, wherever it stands. */
static void add_atom_link(struct feed_reader *r, const struct feed_frame *frame,
                          const struct xml_element *e)
{
    static const char *const html[] = {"", "text/html", "application/xhtml+xml"};
    struct slice href = xml_attribute(e, SLICE("href"));
    struct slice rel = slice_trim(xml_attribute(e, SLICE("rel")));
    struct slice length = xml_attribute(e, SLICE("length"));
    struct feed_link link = {.type = frame->type};
    bool is_alternate;

    for (size_t i = 0; i < e->n_attributes; i++)
        if (slice_equal(e->attributes[i].name, SLICE("href")))
            link.href = feed_resolve(r, href, frame->base);
    if (link.href.ptr == NULL && (!frame->is_atom || e->n_attributes == 0))
        return; /* RSS: the address is the element's text */
    if (slice_starts(rel, SLICE("http://www.iana.org/assignments/relation/")))
        rel = slice_skip(rel, 41);
    link.rel = rel.len == 0 ? SLICE("alternate") : arena_copy(r->arena, rel);
    is_alternate = slice_equal_nocase(link.rel, SLICE("alternate"));
    if (link.type.len == 0 && r->is_atom && slice_equal_nocase(link.rel, SLICE("self")))
        link.type = SLICE("application/atom+xml");
    feed_take_listed(r, link);
    if (is_alternate)
        feed_take_link(r, link.href,
                       !frame->is_atom ? LINK_STATED
                       : r->is_atom && feed_is_type(link.type, html, WW_COUNT(html))
                           ? LINK_HTML
                           : LINK_ALTERNATE);
    else if (r->entry != NULL && slice_equal_nocase(link.rel, SLICE("enclosure")))
        feed_add_enclosure(
            r->entry, &r->entry_lists,
            (struct feed_enclosure){link.href, link.type, slice_trim(arena_copy(r->arena, length))},
            r->arena);
    else if (slice_equal_nocase(link.rel, SLICE("related")) ||
             slice_equal_nocase(link.rel, SLICE("via")) ||
             (slice_equal_nocase(link.rel, SLICE("self")) &&
              (r->entry != NULL || feed_is_type(link.type, html + 1, WW_COUNT(html) - 1))))
        feed_take_link(r, link.href, LINK_OTHER);
}

/* The first of these attributes that says something. */
static struct slice first_attribute(const struct xml_element *e, const char *const *names, size_t n)
{
    struct slice value = {"", 0};

    for (size_t i = 0; i < n && value.len == 0; i++)
        value = xml_attribute(e, slice_from(names[i]));
    return value;
}

static void add_enclosure(struct feed_reader *r, const struct feed_frame *frame,
                          const struct xml_element *e)
{
    static const char *const urls[] = {"url", "href", "rdf:resource", "enc:url"};
    static const char *const lengths[] = {"length", "filesize", "enc:length"};
    struct slice url = first_attribute(e, urls, WW_COUNT(urls));
    struct slice length = first_attribute(e, lengths, WW_COUNT(lengths));
    struct feed_enclosure enclosure = {.type = frame->type};

    if (r->entry == NULL)
        return;
    if (enclosure.type.len == 0)
        enclosure.type = slice_trim(arena_copy(r->arena, xml_attribute(e, SLICE("enc:type"))));
    if (url.len > 0)
        enclosure.url = feed_resolve(r, url, frame->base);
    enclosure.length = slice_trim(arena_copy(r->arena, length));
    feed_add_enclosure(r->entry, &r->entry_lists, enclosure, r->arena);
    if (frame->rank == 1)
        feed_take_listed(r, (struct feed_link){enclosure.url, SLICE("enclosure"), enclosure.type});
}

/* What is shown first, then what machines compare; iTunes says it in "text". */
static void add_category_attributes(struct feed_reader *r, const struct xml_element *e)
{
    static const char *const keys[] = {"label", "term", "text"};

    for (size_t i = 0; i < WW_COUNT(keys); i++)
        feed_take_category(r, arena_copy(r->arena, xml_attribute(e, slice_from(keys[i]))));
}

/* An address that takes subscriptions, as a hub does: RSS gives it in pieces. */
static void add_cloud(struct feed_reader *r, const struct xml_element *e)
{
    struct slice domain = slice_trim(xml_attribute(e, SLICE("domain")));
    struct slice port = slice_trim(xml_attribute(e, SLICE("port")));
    struct slice path = slice_trim(xml_attribute(e, SLICE("path")));
    struct slice protocol = slice_trim(xml_attribute(e, SLICE("protocol")));
    struct feed_link link = {.rel = SLICE("cloud"), .type = arena_copy(r->arena, protocol)};

    if (domain.len == 0 || r->entry != NULL)
        return;
    link.href = arena_printf(r->arena, "http://%.*s:%.*s%s%.*s", SLICE_ARG(domain),
                             SLICE_ARG(port.len > 0 ? port : SLICE("80")),
                             slice_starts(path, SLICE("/")) ? "" : "/", SLICE_ARG(path));
    feed_take_listed(r, link);
}

/* In RDF the elements below the root say which RSS it is. */
static void tell_rdf(struct feed_reader *r, struct slice uri)
{
    if (!r->is_rdf || strcmp(r->feed->format, "rss") != 0)
        return;
    if (slice_contains_nocase(uri, SLICE("purl.org/rss/1.0")))
        r->feed->format = "rss1.0";
    else if (slice_contains_nocase(uri, SLICE("netscape.com/rdf/simple/0.9")))
        r->feed->format = "rss0.90";
}

/* What was said before is about the page around the feed. */
static void forget_page(struct feed_reader *r)
{
    memset(r->feed_ranks, 0, sizeof(r->feed_ranks));
    *r->feed = (struct feed){0};
    r->feed_lists = (struct feed_lists){0};
}

static void start_root(struct feed_reader *r, const struct xml_element *e,
                       const struct feed_frame *frame)
{
    static const char *const rss[] = {"rss0.90", "rss0.91", "rss0.92",
                                      "rss0.93", "rss0.94", "rss1.0"};
    struct slice version = slice_trim(xml_attribute(e, SLICE("version")));
    bool is_rdf = slice_equal(e->name, SLICE("rdf:rdf"));
    bool is_feed = slice_ends(e->name, SLICE("feed"));

    if (r->feed->format != NULL)
        return;
    forget_page(r);
    r->is_rdf = is_rdf;
    r->is_atom = is_feed;
    r->feed->format = is_feed ? "atom" : "rss";
    if (is_feed && (slice_equal(version, SLICE("0.3")) ||
                    slice_contains_nocase(e->uri, SLICE("purl.org/atom/ns"))))
        r->feed->format = "atom0.3";
    else if (is_feed && slice_contains_nocase(e->uri, SLICE("www.w3.org/2005/atom")))
        r->feed->format = "atom1.0";
    else if (!is_feed && slice_starts(version, SLICE("2")))
        r->feed->format = "rss2.0";
    for (size_t i = 0; !is_feed && i < WW_COUNT(rss); i++)
        if (slice_equal(version, slice_from(rss[i] + 3)))
            r->feed->format = rss[i];
    tell_rdf(r, e->default_uri);
    if (frame->language.len > 0 && feed_take(r, FIELD_LANGUAGE, 3))
        r->feed->language = frame->language;
}

/* The attributes of CDF, whose channels and items are RSS's but for them. */
static void read_cdf(struct feed_reader *r, const struct feed_frame *frame,
                     const struct xml_element *e)
{
    struct slice href = xml_attribute(e, SLICE("href"));
    struct slice modified = xml_attribute(e, SLICE("lastmod"));
    struct date *updated = r->entry != NULL ? &r->entry->updated : &r->feed->updated;
    struct feed_link link = {.rel = SLICE("alternate")};

    if (href.len > 0) {
        link.href = feed_resolve(r, href, frame->base);
        feed_take_listed(r, link);
        feed_take_link(r, link.href, LINK_CDF);
    }
    if (modified.len > 0 && date_parse(modified, updated))
        (void)feed_take(r, FIELD_UPDATED, 1);
}

static void start_channel(struct feed_reader *r, const struct feed_frame *frame,
                          const struct xml_element *e)
{
    if (r->entry != NULL)
        return;
    if (r->feed->format == NULL) {
        forget_page(r);
        r->feed->format =
            xml_attribute(e, SLICE("href")).len > 0 || xml_attribute(e, SLICE("lastmod")).len > 0
                ? "cdf"
                : "rss";
    }
    tell_rdf(r, e->uri);
    read_cdf(r, frame, e);
    if (frame->language.len > 0 && feed_take(r, FIELD_LANGUAGE, 3))
        r->feed->language = frame->language;
}

static void start_entry(struct feed_reader *r, struct feed_frame *frame,
                        const struct xml_element *e)
{
    struct slice about = xml_attribute(e, SLICE("rdf:about"));

    if (r->feed->format == NULL)
        r->feed->format = slice_ends(e->name, SLICE("entry")) ? "atom" : "rss";
    tell_rdf(r, e->uri);
    r->entry = feed_add_entry(r->feed, &r->entries_room, r->arena);
    if (r->entry == NULL) {
        frame->field = FIELD_IGNORE;
        return;
    }
    memset(r->entry_ranks, 0, sizeof(r->entry_ranks));
    r->entry_lists = (struct feed_lists){0};
    r->summary_row = NULL;
    r->entry->content_base = frame->base;
    r->entry->language = frame->language;
    read_cdf(r, frame, e);
    if (about.len > 0 && feed_take(r, FIELD_ID, 4)) {
        r->entry->id = slice_trim(arena_copy(r->arena, about));
        if (feed_is_web(r->entry->id))
            feed_take_link(r, r->entry->id, LINK_ABOUT);
    }
}

void feed_build_start(struct feed_reader *r, struct feed_frame *frame, const struct xml_element *e)
{
    switch (frame->field) {
    case FIELD_ROOT:
        start_root(r, e, frame);
        break;
    case FIELD_CHANNEL:
        start_channel(r, frame, e);
        break;
    case FIELD_ENTRY:
        start_entry(r, frame, e);
        break;
    case FIELD_LINK:
        add_atom_link(r, frame, e);
        break;
    case FIELD_CATEGORY:
        add_category_attributes(r, e);
        break;
    case FIELD_CLOUD:
        add_cloud(r, e);
        break;
    case FIELD_ENCLOSURE:
        add_enclosure(r, frame, e);
        break;
    case FIELD_ID:
        frame->is_permalink =
            slice_ends(e->name, SLICE("guid")) &&
            !slice_equal_nocase(slice_trim(xml_attribute(e, SLICE("ispermalink"))), SLICE("false"));
        break;
    case FIELD_AUTHOR:
        r->person_name = r->person_email = r->person_uri = (struct slice){"", 0};
        break;
    case FIELD_SOURCE:
        /* RSS names another feed here; Atom puts its head here. Neither is this entry's. */
    case FIELD_NONE:
    case FIELD_IGNORE:
    case FIELD_MARKUP:
    case FIELD_PERSON_NAME:
    case FIELD_PERSON_EMAIL:
    case FIELD_PERSON_URI:
    case FIELD_KEYWORDS:
    case FIELD_COMPLETE:
    case FIELD_CONTENT:
    case FIELD_DATE:
    case FIELD_LANGUAGE:
    case FIELD_ORIGINAL_LINK:
    case FIELD_PUBLISHED:
    case FIELD_SKIP_DAY:
    case FIELD_SKIP_HOUR:
    case FIELD_SUMMARY:
    case FIELD_TITLE:
    case FIELD_TTL:
    case FIELD_UPDATED:
    case FIELD_UPDATE_FREQUENCY:
    case FIELD_UPDATE_PERIOD:
    case FIELD_COUNT:
        break;
    }
}
