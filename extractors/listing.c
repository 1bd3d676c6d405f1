/* listing.c - the links of a page that lead to articles, with their titles and dates. */
#include "extractors/listing.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/charset.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/dom.h"
#include "extractors/selector.h"

#include <stdbool.h>
#include <stdint.h>

/* So many links make the main part of a page a list. */
#define MAIN_LINKS_MIN 3
/* A link stands in a heading when it is no further from it. */
#define HEADING_STEPS_MAX 3
/* A text that is a date and nothing else. */
#define DATE_TEXT_MAX_BYTES 60

/* Whose part of the page an element is: of no link, of many, or of the one with this number. */
#define OWNER_NONE 0
#define OWNER_MANY UINT32_MAX

struct title {
    struct slice text;
    bool is_heading;
};

struct reading {
    struct dom dom;
    struct arena *arena;
    struct listing *out;
    struct slice url, base, site;
    uint64_t *hashes; /* of the links' addresses */
    struct title *titles;
    uint32_t *owners; /* by order of the nodes */
};

/* ---- one link -------------------------------------------------------------------------------- */

/* Its absolute address without fragment; empty when it leads to no other page. */
static struct slice address_of(struct reading *r, const struct dom_node *a)
{
    struct slice href = slice_trim(dom_get(a, "href"));
    struct slice url;

    if (href.len == 0 || href.ptr[0] == '#' ||
        url_resolve(href, r->base, r->arena, &url, NULL) != WW_OK)
        return (struct slice){"", 0};
    url = slice_head(url, slice_find_char(url, '#'));
    if (!url_is_fetchable(url) ||
        slice_equal(url, slice_head(r->url, slice_find_char(r->url, '#'))))
        return (struct slice){"", 0};
    return url;
}

static bool is_heading(const struct dom_node *n)
{
    return n->tag >= DOM_H1 && n->tag <= DOM_H6;
}

/* A heading inside the link or around it; NULL when there is none. */
static const struct dom_node *heading_of(struct dom_node *a)
{
    const struct dom_node *n = a->parent;

    for (int i = 0; i < HEADING_STEPS_MAX && n != NULL; i++, n = n->parent)
        if (is_heading(n))
            return a;
    for (n = a; n != NULL; n = dom_next(n, a))
        if (is_heading(n))
            return n;
    return NULL;
}

/* The heading in it, its text, or what its picture is said to show. */
static struct title title_of(struct reading *r, struct dom_node *a)
{
    const struct dom_node *heading = heading_of(a);
    const struct dom_node *image = dom_find(a, DOM_IMG);
    struct title title = {
        .text = {"", 0}
    };

    if (heading != NULL)
        title.text = dom_text(heading, r->arena);
    title.is_heading = title.text.len > 0;
    if (title.text.len == 0)
        title.text = dom_text(a, r->arena);
    if (title.text.len == 0 && image != NULL)
        title.text = slice_trim(dom_get(image, "alt"));
    title.text = text_cut(title.text, TITLE_MAX_BYTES);
    return title;
}

static bool is_better(const struct title *a, const struct title *b)
{
    return a->is_heading != b->is_heading ? a->is_heading : a->text.len > b->text.len;
}

/* This element, and those around it as far as they hold this link alone, are its own. */
static void own(struct reading *r, const struct dom_node *a, uint32_t number)
{
    for (const struct dom_node *n = a; n != NULL; n = n->parent) {
        uint32_t *owner = &r->owners[n->order];

        if (*owner == OWNER_MANY)
            return;
        *owner = *owner == OWNER_NONE || *owner == number ? number : OWNER_MANY;
    }
}

static void add_link(struct reading *r, struct dom_node *a)
{
    struct slice url = address_of(r, a);
    struct title title;
    struct listing *out = r->out;
    uint64_t hash;
    size_t i = 0;

    if (url.len == 0)
        return;
    title = title_of(r, a);
    hash = hash64(url);
    while (i < out->n_links && r->hashes[i] != hash)
        i++;
    if (i == LISTING_LINKS_MAX) {
        out->n_dropped++;
        return;
    }
    if (i == out->n_links) {
        r->hashes[i] = hash;
        r->titles[i] = title;
        out->links[out->n_links++] = (struct listing_link){.url = url};
    } else if (is_better(&title, &r->titles[i])) {
        r->titles[i] = title;
    }
    out->links[i].title = r->titles[i].text;
    own(r, a, (uint32_t)i + 1);
}

/* ---- which links ----------------------------------------------------------------------------- */

/* What a template holds is not there yet. */
static struct dom_node *next_shown(const struct dom_node *n, const struct dom_node *top)
{
    return n->tag == DOM_TEMPLATE ? dom_next_skipping(n, top) : dom_next(n, top);
}

static enum ww_status select_links(struct reading *r, struct slice text, struct ww_error *err)
{
    struct selector *selector;
    struct selected found;
    const struct dom_node *done = NULL; /* elements up to this one's end have been searched */
    enum ww_status status = selector_parse(text, r->arena, &selector, err);

    if (status == WW_OK)
        status = selector_find(selector, &r->dom, r->arena, &found, err);
    if (status != WW_OK)
        return status;
    if (found.n_nodes == 0)
        return ww_fail(err, WW_INVALID, "nothing on the page matches the selector \"%.*s\"",
                       SLICE_ARG(slice_head(text, 120)));
    for (size_t i = 0; i < found.n_nodes; i++) {
        struct dom_node *top = found.nodes[i];

        if (done != NULL && dom_contains(done, top))
            continue;
        done = top;
        for (struct dom_node *n = top; n != NULL; n = next_shown(n, top))
            if (n->tag == DOM_A)
                add_link(r, n);
    }
    if (r->out->n_links == 0)
        return ww_fail(err, WW_INVALID, "no link in the %zu elements that match \"%.*s\"",
                       found.n_nodes, SLICE_ARG(slice_head(text, 120)));
    return WW_OK;
}

/* What an element around a link says of it. */
enum region { REGION_PLAIN, REGION_MAIN, REGION_MENU };

static enum region region_of(const struct dom_node *a)
{
    enum region region = REGION_PLAIN;
    bool is_in_part = false;

    for (const struct dom_node *n = a->parent; n != NULL; n = n->parent) {
        struct slice role = dom_get(n, "role");

        if (n->tag == DOM_NAV || n->tag == DOM_ASIDE || n->tag == DOM_FOOTER ||
            n->tag == DOM_FORM || slice_equal_nocase(role, SLICE("navigation")) ||
            (n->tag == DOM_HEADER && !is_in_part && n->parent != NULL &&
             n->parent->tag != DOM_ARTICLE && n->parent->tag != DOM_LI))
            return REGION_MENU;
        if (n->tag == DOM_ARTICLE || n->tag == DOM_MAIN || slice_equal_nocase(role, SLICE("main")))
            region = REGION_MAIN;
        is_in_part = is_in_part || region == REGION_MAIN;
    }
    return region;
}

static size_t text_bytes(const struct dom_node *n)
{
    return n != NULL && n->tag == DOM_TEXT ? slice_trim(n->text).len : 0;
}

/* Part of a sentence, not a headline. */
static bool is_in_prose(const struct dom_node *a)
{
    return a->parent != NULL && a->parent->tag == DOM_P &&
           text_bytes(a->previous) + text_bytes(a->next) >= LISTING_TEXT_MIN_BYTES;
}

/* Links that look like an article's headline. */
static enum ww_status guess_links(struct reading *r, struct ww_error *err)
{
    struct dom_node **links = arena_array(r->arena, r->dom.n_nodes, sizeof(struct dom_node *));
    size_t n_links = 0, n_main = 0;

    if (links == NULL)
        return arena_check(r->arena, err);
    for (struct dom_node *n = r->dom.root; n != NULL; n = n->tag == DOM_TEMPLATE
                                                              ? dom_next_skipping(n, r->dom.root)
                                                              : dom_next(n, r->dom.root)) {
        enum region region;
        struct slice url;

        if (n->tag != DOM_A || is_in_prose(n))
            continue;
        url = address_of(r, n);
        if (url.len == 0 || url_is_front_page(url) ||
            !slice_equal(url_site(url, r->arena), r->site) ||
            title_of(r, n).text.len < LISTING_TEXT_MIN_BYTES)
            continue;
        region = region_of(n);
        if (region == REGION_MENU)
            continue;
        n_main += region == REGION_MAIN;
        links[n_links++] = n;
    }
    for (size_t i = 0; i < n_links; i++)
        if (n_main < MAIN_LINKS_MIN || region_of(links[i]) == REGION_MAIN)
            add_link(r, links[i]);
    if (r->out->n_links == 0)
        return ww_fail(err, WW_INVALID, "no list of articles on the page; a selector can name one");
    return WW_OK;
}

/* ---- their dates ----------------------------------------------------------------------------- */

static bool read_time(struct reading *r, const struct dom_node *n, struct date *out)
{
    const enum date_order order = date_order_of(r->out->language);

    if (n->tag == DOM_TIME)
        return date_parse_ordered(slice_trim(dom_get(n, "datetime")), order, out) ||
               date_parse_ordered(dom_text(n, r->arena), order, out);
    if (n->tag != DOM_TEXT || n->text.len > DATE_TEXT_MAX_BYTES)
        return false;
    return date_parse_ordered(slice_trim(n->text), order, out);
}

/* A date in the part of the page that one link has to itself is that link's. */
static void find_dates(struct reading *r)
{
    for (struct dom_node *n = r->dom.root; n != NULL; n = dom_next(n, r->dom.root)) {
        const struct dom_node *around = n;
        struct listing_link *link;
        struct date date;

        if (n->tag != DOM_TIME && n->tag != DOM_TEXT)
            continue;
        while (around != NULL && r->owners[around->order] == OWNER_NONE)
            around = around->parent;
        if (around == NULL || r->owners[around->order] == OWNER_MANY || around->tag == DOM_BODY ||
            around->tag == DOM_HTML || around->tag == DOM_MAIN)
            continue;
        link = &r->out->links[r->owners[around->order] - 1];
        if (link->at.precision == DATE_NONE && read_time(r, n, &date) && date.precision >= DATE_DAY)
            link->at = date;
    }
}

enum ww_status listing_read(struct slice html, struct slice url, struct slice content_type,
                            struct slice selector, struct arena *arena, struct listing *out,
                            struct ww_error *err)
{
    struct reading r = {.arena = arena, .out = out, .url = url, .base = url};
    struct slice utf8;
    struct dom_node *found;
    enum ww_status status;

    *out = (struct listing){
        .charset = charset_detect(html, CHARSET_HTML, charset_from_content_type(content_type))};
    status = charset_decode(html, out->charset, arena, &utf8, err);
    if (status == WW_OK)
        status = dom_parse(utf8, arena, &r.dom, err);
    if (status != WW_OK)
        return status;
    found = dom_find(r.dom.root, DOM_BASE);
    if (found != NULL && dom_get(found, "href").len > 0 &&
        url_resolve(dom_get(found, "href"), url, arena, &r.base, NULL) != WW_OK)
        r.base = url;
    found = dom_find(r.dom.root, DOM_TITLE);
    if (found != NULL)
        out->title = text_cut(dom_text(found, arena), TITLE_MAX_BYTES);
    out->language = slice_trim(dom_get(r.dom.root, "lang"));
    r.site = url_site(url, arena);
    r.hashes = arena_array(arena, LISTING_LINKS_MAX, sizeof(*r.hashes));
    r.titles = arena_array(arena, LISTING_LINKS_MAX, sizeof(*r.titles));
    r.owners = arena_array(arena, r.dom.n_nodes, sizeof(*r.owners));
    out->links = arena_array(arena, LISTING_LINKS_MAX, sizeof(*out->links));
    status = arena_check(arena, err);
    if (status == WW_OK && (selector.len == 0 || slice_equal(selector, LISTING_AUTO)))
        status = guess_links(&r, err);
    else if (status == WW_OK)
        status = select_links(&r, selector, err);
    if (status == WW_OK)
        find_dates(&r);
    return status == WW_OK ? arena_check(arena, err) : status;
}
