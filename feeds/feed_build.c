/* feed_build.c - from the values of elements to a feed and its entries. */
#include "feeds/feed_reader.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/text.h"
#include "base/url.h"
#include "feeds/base64.h"
#include "feeds/markup.h"

#include <string.h>

/* Ranks of what may serve as the address of an entry or a feed. */
enum link_rank {
    LINK_ORIGINAL = 1, /* what a counting service has replaced */
    LINK_STATED,       /* an attribute where RSS has text: somebody meant it */
    LINK_HTML,         /* RSS link; Atom alternate that is HTML or does not say */
    LINK_ALTERNATE,
    LINK_CDF,
    LINK_GUID,
    LINK_ABOUT,
    LINK_OTHER,
    LINK_NOT_WEB = 100 /* added for at:, mailto: and the like */
};

static bool is_type(struct slice type, const char *const *types, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slice_equal_nocase(type, slice_from(types[i])))
            return true;
    return false;
}

/* The rank of a field so far, here: in the entry, or in the feed. */
static unsigned *rank_of(struct feed_reader *r, enum feed_field field)
{
    return r->entry != NULL ? &r->entry_ranks[field] : &r->feed_ranks[field];
}

/* May a value of this rank be stored? Then it is from now on the one to beat. */
static bool take(struct feed_reader *r, enum feed_field field, unsigned rank)
{
    unsigned *known = rank_of(r, field);

    if (*known != 0 && *known <= rank)
        return false;
    *known = rank;
    return true;
}

static bool is_web(struct slice url)
{
    return slice_starts_nocase(url, SLICE("http://")) ||
           slice_starts_nocase(url, SLICE("https://"));
}

static struct slice resolve(struct feed_reader *r, struct slice reference, struct slice base)
{
    struct slice url;

    reference = slice_trim(reference);
    if (url_resolve(reference, base, r->arena, &url, NULL) != WW_OK)
        url = arena_copy(r->arena, reference);
    return url;
}

static bool has_scheme(struct slice s)
{
    size_t colon = slice_find_char(s, ':');

    return colon > 0 && colon < s.len && slice_find_char(slice_head(s, colon), '/') == colon;
}

/* Only what begins with a scheme or a slash, or may be resolved, is an address. */
static void take_link(struct feed_reader *r, struct slice url, unsigned rank)
{
    if (url.len == 0)
        return;
    if (!is_web(url) && has_scheme(url))
        rank += LINK_NOT_WEB;
    if (!take(r, FIELD_LINK, rank))
        return;
    if (r->entry != NULL)
        r->entry->link = url;
    else
        r->feed->link = url;
}

static void add_link(struct feed_reader *r, struct feed_link link)
{
    if (r->entry != NULL)
        feed_add_link(&r->entry->links, &r->entry->n_links, &r->entry_lists, link, r->arena);
    else
        feed_add_link(&r->feed->links, &r->feed->n_links, &r->feed_lists, link, r->arena);
}

/* ---- values in attributes ---------------------------------------------------------------------
 */

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
            link.href = resolve(r, href, frame->base);
    if (link.href.ptr == NULL && (!frame->is_atom || e->n_attributes == 0))
        return; /* RSS: the address is the element's text */
    if (slice_starts(rel, SLICE("http://www.iana.org/assignments/relation/")))
        rel = slice_skip(rel, 41);
    link.rel = rel.len == 0 ? SLICE("alternate") : arena_copy(r->arena, rel);
    is_alternate = slice_equal_nocase(link.rel, SLICE("alternate"));
    if (link.type.len == 0 && r->is_atom && slice_equal_nocase(link.rel, SLICE("self")))
        link.type = SLICE("application/atom+xml");
    add_link(r, link);
    if (is_alternate)
        take_link(r, link.href,
                  !frame->is_atom                            ? LINK_STATED
                  : is_type(link.type, html, WW_COUNT(html)) ? LINK_HTML
                                                             : LINK_ALTERNATE);
    else if (r->entry != NULL && slice_equal_nocase(link.rel, SLICE("enclosure")))
        feed_add_enclosure(
            r->entry, &r->entry_lists,
            (struct feed_enclosure){link.href, link.type, slice_trim(arena_copy(r->arena, length))},
            r->arena);
    else if (slice_equal_nocase(link.rel, SLICE("related")) ||
             slice_equal_nocase(link.rel, SLICE("via")) ||
             (slice_equal_nocase(link.rel, SLICE("self")) &&
              (r->entry != NULL || is_type(link.type, html + 1, WW_COUNT(html) - 1))))
        take_link(r, link.href, LINK_OTHER);
}

static void add_enclosure(struct feed_reader *r, const struct feed_frame *frame,
                          const struct xml_element *e)
{
    struct slice url = xml_attribute(e, SLICE("url"));
    struct slice length = xml_attribute(e, SLICE("length"));
    struct feed_enclosure enclosure = {.type = frame->type};

    if (url.len == 0)
        url = xml_attribute(e, SLICE("href"));
    if (length.len == 0)
        length = xml_attribute(e, SLICE("filesize"));
    if (r->entry == NULL)
        return;
    if (url.len > 0)
        enclosure.url = resolve(r, url, frame->base);
    enclosure.length = slice_trim(arena_copy(r->arena, length));
    feed_add_enclosure(r->entry, &r->entry_lists, enclosure, r->arena);
    if (frame->rank == 1)
        add_link(r, (struct feed_link){enclosure.url, SLICE("enclosure"), enclosure.type});
}

static void add_category(struct feed_reader *r, struct slice name)
{
    if (r->entry != NULL)
        feed_add_category(r->entry, &r->entry_lists, markup_text(name, 2, r->arena), r->arena);
}

/* What is shown first, then what machines compare; iTunes says it in "text". */
static void add_category_attributes(struct feed_reader *r, const struct xml_element *e)
{
    static const char *const keys[] = {"label", "term", "text"};

    for (size_t i = 0; i < WW_COUNT(keys); i++)
        add_category(r, arena_copy(r->arena, xml_attribute(e, slice_from(keys[i]))));
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
    if (frame->language.len > 0 && take(r, FIELD_LANGUAGE, 3))
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
        link.href = resolve(r, href, frame->base);
        add_link(r, link);
        take_link(r, link.href, LINK_CDF);
    }
    if (modified.len > 0 && date_parse(modified, updated))
        (void)take(r, FIELD_UPDATED, 1);
}

static void start_channel(struct feed_reader *r, const struct feed_frame *frame,
                          const struct xml_element *e)
{
    if (r->entry != NULL)
        return;
    if (r->feed->format == NULL)
        r->feed->format =
            xml_attribute(e, SLICE("href")).len > 0 || xml_attribute(e, SLICE("lastmod")).len > 0
                ? "cdf"
                : "rss";
    tell_rdf(r, e->uri);
    read_cdf(r, frame, e);
    if (frame->language.len > 0 && take(r, FIELD_LANGUAGE, 3))
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
    if (about.len > 0 && take(r, FIELD_ID, 4)) {
        r->entry->id = slice_trim(arena_copy(r->arena, about));
        if (is_web(r->entry->id))
            take_link(r, r->entry->id, LINK_ABOUT);
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

/* ---- texts -------------------------------------------------------------------------------------
 */

enum text_form { TEXT_IS_PLAIN, TEXT_IS_HTML, TEXT_IS_XHTML, TEXT_IS_BASE64 };

/* What type and mode of an Atom construct say (RFC 4287, 3.1 and 4.1.3; Atom 0.3, 3.1). */
static enum text_form text_form(const struct feed_value *v)
{
    static const char *const plain[] = {"", "text", "text/plain"};
    static const char *const html[] = {"html", "text/html", "escaped"};
    static const char *const xml[] = {"xhtml",         "application/xhtml+xml",
                                      "text/xml",      "application/xml",
                                      "image/svg+xml", "application/mathml+xml"};
    struct slice type = v->frame->type, mode = v->frame->mode;

    if (!v->frame->is_atom)
        return v->frame->has_markup ? TEXT_IS_XHTML : TEXT_IS_HTML;
    if (slice_equal_nocase(mode, SLICE("base64")))
        return TEXT_IS_BASE64;
    if (slice_equal_nocase(mode, SLICE("escaped")))
        return is_type(type, plain, WW_COUNT(plain)) && type.len > 0 ? TEXT_IS_PLAIN : TEXT_IS_HTML;
    if (v->frame->has_markup || is_type(type, xml, WW_COUNT(xml)))
        return TEXT_IS_XHTML;
    if (is_type(type, html, WW_COUNT(html)))
        return TEXT_IS_HTML;
    if (slice_starts_nocase(type, SLICE("text/")) || is_type(type, plain, WW_COUNT(plain)) ||
        slice_ends_nocase(type, SLICE("+xml")) || slice_find_char(type, '/') == type.len)
        return TEXT_IS_PLAIN;
    return TEXT_IS_BASE64;
}

/* A text as plain text: titles, names, descriptions of feeds. */
static struct slice plain_text(struct feed_reader *r, const struct feed_value *v)
{
    struct slice text = {"", 0};

    switch (text_form(v)) {
    case TEXT_IS_PLAIN:
        text = text_squeeze(v->text, r->arena);
        break;
    case TEXT_IS_HTML:
        text = markup_text(v->text, v->frame->is_atom ? 1 : 2, r->arena);
        break;
    case TEXT_IS_XHTML:
        text = markup_text(v->markup, 1, r->arena);
        break;
    case TEXT_IS_BASE64:
        text = markup_text(base64_text(v->text, r->arena), 1, r->arena);
        break;
    }
    /* Borrowed from the reader's buffer when nothing had to change. */
    return arena_copy(r->arena, text);
}

/* <div> around XHTML is no part of it (RFC 4287, 3.1.1.3). */
static struct slice without_div(struct slice html)
{
    size_t end;

    html = slice_trim(html);
    end = slice_find_char(html, '>');
    if (slice_starts(html, SLICE("<div")) && slice_ends(html, SLICE("</div>")) &&
        slice_find(html, SLICE("</div>")) == html.len - 6 && end < html.len)
        return slice_trim(slice_sub(html, end + 1, html.len - end - 7));
    return html;
}

/* A text as HTML: summary and content. */
static struct slice html_text(struct feed_reader *r, const struct feed_value *v)
{
    struct slice text = slice_trim(v->text);

    switch (text_form(v)) {
    case TEXT_IS_PLAIN:
        return markup_escaped(text, r->arena);
    case TEXT_IS_HTML:
        return arena_copy(r->arena, markup_unescape_twice(text, r->arena));
    case TEXT_IS_XHTML:
        return arena_copy(r->arena, without_div(v->markup));
    case TEXT_IS_BASE64:
        return base64_text(text, r->arena);
    }
    return text;
}

static void end_title(struct feed_reader *r, const struct feed_value *v)
{
    struct slice title = text_cut(plain_text(r, v), TITLE_MAX_BYTES);
    struct slice *out = r->entry != NULL ? &r->entry->title : &r->feed->title;

    /* A title that is only a picture is an empty title, not none. */
    if (out->ptr == NULL)
        *out = (struct slice){"", 0};
    if (title.len > 0 && take(r, FIELD_TITLE, v->frame->rank))
        *out = title;
}

static void end_html(struct feed_reader *r, const struct feed_value *v)
{
    enum feed_field field = v->frame->field;
    unsigned rank = v->frame->rank;
    struct slice html;

    if (slice_trim(v->markup).len == 0)
        return;
    if (r->entry == NULL) {
        struct slice text = plain_text(r, v);

        if (field == FIELD_SUMMARY && r->feed->description.ptr == NULL)
            r->feed->description = (struct slice){"", 0};
        if (field == FIELD_SUMMARY && text.len > 0 && take(r, field, rank))
            r->feed->description = text;
        return;
    }
    /* Of several contents HTML is the one to show. */
    if (field == FIELD_CONTENT && v->frame->is_atom && text_form(v) == TEXT_IS_PLAIN)
        rank += v->frame->type.len > 0 ? 2 : 0;
    if (field == FIELD_CONTENT && text_form(v) == TEXT_IS_BASE64)
        rank += 3;
    html = html_text(r, v);
    /* RSS with a description and a summary: the later one is more of the text. */
    if (field == FIELD_SUMMARY && rank == 1 && r->summary_row != NULL &&
        r->summary_row != v->frame->row) {
        field = FIELD_CONTENT;
        rank = 9;
    }
    if (html.len == 0 || !take(r, field, rank))
        return;
    if (field == FIELD_SUMMARY && rank == 1)
        r->summary_row = v->frame->row;
    if (field == FIELD_SUMMARY)
        r->entry->summary = html;
    else
        r->entry->content = html;
    if (field == FIELD_CONTENT || r->entry->content.len == 0)
        r->entry->content_base = v->frame->base;
}

/* ---- people ------------------------------------------------------------------------------------
 */

/* "desk@e.org (News desk)" and "News desk <desk@e.org>" are the News desk. */
static struct slice name_of(struct slice person)
{
    size_t open = slice_find_char(person, '('), at = slice_find_char(person, '@');
    size_t angle = slice_find_char(person, '<');
    struct slice inside;

    if (at < person.len && open < person.len && slice_ends(person, SLICE(")"))) {
        inside = slice_trim(slice_sub(person, open + 1, person.len - open - 2));
        if (at < open && inside.len > 0)
            return inside;
        if (at > open && open > 0 && slice_find_char(inside, ':') == inside.len)
            return slice_trim(slice_head(person, open));
    }
    if (at < person.len && angle > 0 && angle < at && slice_ends(person, SLICE(">")))
        return slice_trim(slice_head(person, angle));
    return person;
}

static void end_author(struct feed_reader *r, const struct feed_value *v)
{
    struct slice name = r->person_name;
    struct slice *authors = r->entry != NULL ? &r->entry->author : &r->feed->author;
    struct feed_lists *lists = r->entry != NULL ? &r->entry_lists : &r->feed_lists;
    unsigned *known = rank_of(r, FIELD_AUTHOR);

    if (name.len == 0)
        name = name_of(markup_text(slice_find_char(v->text, '@') < v->text.len
                                       ? markup_escaped(slice_trim(v->text), r->arena)
                                       : v->text,
                                   2, r->arena));
    if (name.len == 0)
        name = r->person_email.len > 0 ? r->person_email : r->person_uri;
    if (name.len == 0 || (*known != 0 && *known < v->frame->rank))
        return;
    if (*known != v->frame->rank) {
        *authors = (struct slice){"", 0};
        lists->n_authors = 0;
    }
    *known = v->frame->rank;
    feed_add_author(authors, lists, name, r->arena);
}

/* ---- the rest ----------------------------------------------------------------------------------
 */

static void end_id(struct feed_reader *r, const struct feed_value *v)
{
    struct slice id = text_squeeze(slice_trim(v->text), r->arena);

    if (id.len == 0)
        return;
    if (v->frame->is_atom && !has_scheme(id) && v->frame->base.len > 0)
        id = resolve(r, id, v->frame->base);
    id = arena_copy(r->arena, id);
    if (take(r, FIELD_ID, v->frame->rank)) {
        if (r->entry != NULL)
            r->entry->id = id;
        else
            r->feed->id = id;
    }
    if (r->entry != NULL && v->frame->is_permalink && (is_web(id) || id.ptr[0] == '/'))
        take_link(r, resolve(r, id, v->frame->base), LINK_GUID);
}

static void end_link(struct feed_reader *r, const struct feed_value *v)
{
    struct slice text = slice_trim(v->text);
    struct feed_link link = {.rel = SLICE("alternate")};

    if (text.len == 0)
        return;
    link.href = resolve(r, text, v->frame->base);
    if (v->frame->field == FIELD_LINK)
        add_link(r, link);
    take_link(r, link.href, v->frame->field == FIELD_LINK ? LINK_HTML : LINK_ORIGINAL);
}

static void end_date(struct feed_reader *r, const struct feed_value *v)
{
    enum feed_field field = v->frame->field;
    unsigned rank = v->frame->rank;
    struct date date;

    if (!date_parse(slice_trim(v->text), &date))
        return;
    if (r->entry == NULL) {
        /* When the feed changed: lastBuildDate before pubDate before dc:date. */
        rank = field == FIELD_UPDATED ? 1 : field == FIELD_PUBLISHED ? 2 : 3;
        if (take(r, FIELD_UPDATED, rank))
            r->feed->updated = date;
    } else if (field == FIELD_UPDATED) {
        if (take(r, FIELD_UPDATED, rank))
            r->entry->updated = date;
    } else {
        if (take(r, FIELD_PUBLISHED, rank))
            r->entry->published = date;
        if (field == FIELD_DATE && take(r, FIELD_UPDATED, rank))
            r->entry->updated = date;
    }
}

static void end_keywords(struct feed_reader *r, struct slice text)
{
    struct slice word;

    while (slice_next(&text, ',', &word))
        add_category(r, arena_copy(r->arena, slice_trim(word)));
}

static void end_schedule(struct feed_reader *r, const struct feed_value *v)
{
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    struct slice text = slice_trim(v->text);
    unsigned long long n = 0;

    if (v->frame->field == FIELD_SKIP_DAY) {
        for (unsigned i = 0; i < WW_COUNT(days); i++)
            if (slice_starts_nocase(text, slice_from(days[i])))
                r->feed->skip_days |= 1U << i;
    } else if (v->frame->field == FIELD_UPDATE_PERIOD) {
        r->update_period = arena_copy(r->arena, text);
    } else if (slice_number(text, 10000000, &n)) {
        if (v->frame->field == FIELD_TTL)
            r->feed->ttl_minutes = (int64_t)n;
        else if (v->frame->field == FIELD_UPDATE_FREQUENCY)
            r->update_frequency = n;
        else if (n <= 24)
            r->feed->skip_hours |= 1U << (n % 24);
    }
}

static void end_language(struct feed_reader *r, const struct feed_value *v)
{
    struct slice language = arena_copy(r->arena, slice_trim(v->text));

    if (language.len == 0 || !take(r, FIELD_LANGUAGE, v->frame->rank))
        return;
    if (r->entry != NULL)
        r->entry->language = language;
    else
        r->feed->language = language;
}

void feed_build_end(struct feed_reader *r, const struct feed_value *v)
{
    switch (v->frame->field) {
    case FIELD_ENTRY:
        /* RSS with the full text alone: that is its description, too. */
        if (r->entry != NULL && !r->is_atom && r->entry->summary.len == 0)
            r->entry->summary = r->entry->content;
        r->entry = NULL;
        break;
    case FIELD_TITLE:
        end_title(r, v);
        break;
    case FIELD_SUMMARY:
    case FIELD_CONTENT:
        end_html(r, v);
        break;
    case FIELD_AUTHOR:
        end_author(r, v);
        break;
    case FIELD_PERSON_NAME:
        r->person_name = arena_copy(r->arena, markup_text(v->text, 2, r->arena));
        break;
    case FIELD_PERSON_EMAIL:
        r->person_email = arena_copy(r->arena, slice_trim(v->text));
        break;
    case FIELD_PERSON_URI:
        r->person_uri = arena_copy(r->arena, slice_trim(v->text));
        break;
    case FIELD_CATEGORY:
        add_category(r, arena_copy(r->arena, v->text));
        break;
    case FIELD_KEYWORDS:
        end_keywords(r, v->text);
        break;
    case FIELD_ID:
        end_id(r, v);
        break;
    case FIELD_LINK:
    case FIELD_ORIGINAL_LINK:
        end_link(r, v);
        break;
    case FIELD_DATE:
    case FIELD_PUBLISHED:
    case FIELD_UPDATED:
        end_date(r, v);
        break;
    case FIELD_LANGUAGE:
        end_language(r, v);
        break;
    case FIELD_SKIP_DAY:
    case FIELD_SKIP_HOUR:
    case FIELD_TTL:
    case FIELD_UPDATE_FREQUENCY:
    case FIELD_UPDATE_PERIOD:
        if (r->entry == NULL)
            end_schedule(r, v);
        break;
    case FIELD_NONE:
    case FIELD_IGNORE:
    case FIELD_MARKUP:
    case FIELD_ROOT:
    case FIELD_CHANNEL:
    case FIELD_SOURCE:
    case FIELD_ENCLOSURE:
    case FIELD_COUNT:
        break;
    }
}

void feed_build_finish(struct feed_reader *r)
{
    static const struct {
        const char *name;
        int64_t seconds;
    } periods[] = {
        {"hourly",  3600    },
        {"daily",   86400   },
        {"weekly",  604800  },
        {"monthly", 2592000 },
        {"yearly",  31536000},
    };

    for (size_t i = 0; i < WW_COUNT(periods); i++)
        if (slice_equal_nocase(r->update_period, slice_from(periods[i].name)))
            r->feed->update_period_s =
                periods[i].seconds / (int64_t)(r->update_frequency > 0 ? r->update_frequency : 1);
    if (!r->is_atom)
        return;
    for (size_t i = 0; i < r->feed->n_entries; i++)
        if (r->feed->entries[i].author.len == 0)
            r->feed->entries[i].author = r->feed->author;
}
