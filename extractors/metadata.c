/* metadata.c - <meta>, <link> and <title> collected; the fields that need no more than them. */
#include "extractors/metadata.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/dom.h"
#include "extractors/furniture.h"
#include "extractors/rules.h"

#include <string.h>

/* More <meta> than any page has; the rest is not read. */
#define TAGS_MAX 1000

struct slice metadata_tag(const struct metadata *m, const char *const *keys)
{
    for (; *keys != NULL; keys++)
        for (size_t i = 0; i < m->n_tags; i++)
            if (slice_equal_nocase(m->tags[i].key, slice_from(*keys)))
                return m->tags[i].value;
    return (struct slice){"", 0};
}

static void add_tag(struct metadata *m, size_t *capacity, const struct dom_node *node,
                    struct arena *arena)
{
    static const char *const key_names[] = {"property", "name", "itemprop", "http-equiv"};
    struct slice value = text_squeeze(dom_get(node, "content"), arena);

    if (value.len == 0)
        return;
    for (size_t i = 0; i < WW_COUNT(key_names) && m->n_tags < TAGS_MAX; i++) {
        struct slice key = slice_trim(dom_get(node, key_names[i]));
        struct meta_tag *grown;

        if (key.len == 0)
            continue;
        grown = arena_grow(arena, m->tags, m->n_tags, capacity, sizeof(*grown));
        if (grown == NULL)
            return;
        m->tags = grown;
        m->tags[m->n_tags++] = (struct meta_tag){key, value};
    }
}

/* ---- the address ----------------------------------------------------------------------------- */

/*
 * Absolute, fetchable, of the same site as the page when its address is known. One of another site
 * says where the article was published first, and is never its own address.
 */
static void read_canonical(struct metadata *m, struct slice href, struct slice page,
                           struct arena *arena)
{
    struct slice url;

    if (m->canonical.len > 0 || href.len == 0 ||
        url_resolve(href, page, arena, &url, NULL) != WW_OK || !url_is_fetchable(url))
        return;
    if (page.len == 0 || slice_equal(url_site(url, arena), url_site(page, arena)))
        m->canonical = url;
    else if (m->elsewhere.len == 0)
        m->elsewhere = url;
}

/* Is word one of the words of a list with white space between? */
static bool has_word(struct slice list, struct slice word)
{
    struct slice piece;

    while (slice_next(&list, ' ', &piece))
        if (slice_equal_nocase(slice_trim(piece), word))
            return true;
    return false;
}

/* Does a word of the address ("amp.x.example", "/print/", "?printable=1") say it is a copy? */
static bool names_copy(struct slice url)
{
    static const char *const words[] = {"print",     "printable", "printview", "printer",
                                        "printpage", "drucken",   "imprimer",  "imprimir",
                                        "stampa",    "drukuj",    "afdrukken", "tisk",
                                        "nyomtat",   "dayin",     "amp"};

    for (size_t at = 0, end; at < url.len; at = end + 1) {
        for (end = at; end < url.len && memchr("/?&=.;-_", url.ptr[end], 8) == NULL;)
            end++;
        for (size_t i = 0; i < WW_COUNT(words); i++)
            if (slice_equal_nocase(slice_sub(url, at, end - at), slice_from(words[i])))
                return true;
    }
    return false;
}

/*
 * A copy names the page it is a copy of; and says what it is in <html amp> or in its own address. A
 * word of a headline in the address ("print-is-dead") is in the other address, too.
 */
static bool is_twin(const struct metadata_source *source, const struct metadata *m,
                    struct arena *arena)
{
    const struct dom_node *html = source->dom->root;
    struct slice own, other;

    if (m->canonical.len == 0 || source->hints->url.len == 0 ||
        url_canonical(source->hints->url, arena, &own, NULL) != WW_OK ||
        url_canonical(m->canonical, arena, &other, NULL) != WW_OK || slice_equal(own, other))
        return false;
    return dom_has(html, "amp") || dom_has(html, "\u26a1") ||
           (names_copy(source->hints->url) && !names_copy(m->canonical));
}

/* ---- names ----------------------------------------------------------------------------------- */

static void collect(const struct metadata_source *source, struct arena *arena, struct metadata *m)
{
    const struct dom_node *root = source->dom->root;
    size_t capacity = 0;

    for (const struct dom_node *n = root; n != NULL; n = dom_next(n, root)) {
        if (n->is_foreign)
            continue;
        if (n->tag == DOM_META)
            add_tag(m, &capacity, n, arena);
        else if (n->tag == DOM_TITLE && m->title_element.len == 0)
            m->title_element = dom_text(n, arena);
        else if (n->tag == DOM_LINK && has_word(dom_get(n, "rel"), SLICE("canonical")))
            read_canonical(m, dom_get(n, "href"), source->hints->url, arena);
    }
}

/* "de_DE" of Open Graph as "de-DE"; only what looks like a tag. */
static struct slice language_tag(struct slice s, struct arena *arena)
{
    char *copy;

    s = slice_trim(s);
    s = slice_head(s, slice_find_char(s, ','));
    if (s.len < 2 || s.len > 35)
        return (struct slice){"", 0};
    copy = arena_string(arena, s);
    for (size_t i = 0; copy != NULL && i < s.len; i++) {
        bool is_letter = (copy[i] >= 'a' && copy[i] <= 'z') || (copy[i] >= 'A' && copy[i] <= 'Z');

        if (copy[i] == '_')
            copy[i] = '-';
        else if (!is_letter && copy[i] != '-' && (copy[i] < '0' || copy[i] > '9'))
            return (struct slice){"", 0};
    }
    return (struct slice){copy, copy == NULL ? 0 : s.len};
}

static void read_language(const struct metadata_source *source, struct arena *arena,
                          struct metadata *m)
{
    static const char *const keys[] = {"content-language", "og:locale",  "dc.language",
                                       "language",         "inlanguage", NULL};
    struct slice claim = dom_get(source->dom->root, "lang");

    if (claim.len == 0)
        claim = dom_get(source->dom->root, "xml:lang");
    m->language = language_tag(claim, arena);
    if (m->language.len == 0)
        m->language = language_tag(metadata_tag(m, keys), arena);
    if (m->language.len == 0)
        m->language = language_tag(m->json_ld.language, arena);
}

static void read_names(const struct article_hints *hints, struct metadata *m)
{
    static const char *const sites[] = {
        "og:site_name", "application-name",    "apple-mobile-web-app-title",
        "dc.publisher", "al:android:app_name", NULL};
    static const char *const descriptions[] = {"og:description", "description",
                                               "twitter:description", "dc.description", NULL};

    m->site = metadata_tag(m, sites);
    if (m->site.len == 0)
        m->site = m->json_ld.publisher;
    if (m->site.len == 0)
        m->site = furniture_name(m->title_element, hints);
    if (m->site.len > TITLE_MAX_BYTES)
        m->site = text_cut(m->site, TITLE_MAX_BYTES);
    m->description = metadata_tag(m, descriptions);
    if (m->description.len == 0)
        m->description = m->json_ld.description;
}

void metadata_read(const struct metadata_source *source, struct arena *arena, struct metadata *out)
{
    static const char *const og_url[] = {"og:url", NULL};

    *out = (struct metadata){0};
    json_ld_read(&source->dom->prescan, arena, &out->json_ld);
    collect(source, arena, out);
    read_canonical(out, metadata_tag(out, og_url), source->hints->url, arena);
    out->is_twin = is_twin(source, out, arena);
    read_names(source->hints, out);
    read_language(source, arena, out);
    title_read(source, arena, out);
    if (source->rules != NULL && source->rules->title.len > 0)
        out->title = source->rules->title;
    section_read(source, arena, out);
    author_read(source, arena, out);
    dates_read(source, arena, out);
}
