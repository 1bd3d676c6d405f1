/* section.c - the part of the outlet that an article stands in, as its data or breadcrumbs say. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/dom.h"
#include "extractors/metadata.h"

/* A way of eight steps, with a list item, a link and a span each. */
#define CRUMB_NODES_MAX 64

/* Names of no section: the way begins there, or the article has none. Folded. */
static const char *const no_sections[] = {
    "accueil",
    "article",
    "articles",
    "bez kategorii",
    "blog",
    "geen categorie",
    "home",
    "home page",
    "homepage",
    "inicio",
    "kezdolap",
    "nezarazene",
    "non classe",
    "post",
    "posts",
    "sem categoria",
    "senza categoria",
    "sin categoria",
    "start",
    "startseite",
    "strona glowna",
    "uncategorised",
    "uncategorized",
    "unkategorisiert",
    "domu",
    "首页",
    "首頁",
    "主页",
    "未分类",
    "未分類",
    "ホーム",
    "トップ",
    "الرئيسية",
    "غير مصنف",
};

/* Does one name name a section, and neither the site nor the article itself? */
static bool is_section(struct slice name, const struct metadata_source *source,
                       const struct metadata *m, struct arena *arena)
{
    struct slice key = text_fold_key(name, arena), title = text_fold_key(m->title, arena);
    struct slice host = url_site(source->hints->url, arena);

    if (key.len < 2 || name.len > SECTION_MAX_BYTES || slice_contains(name, SLICE("://")))
        return false;
    for (size_t i = 0; i < WW_COUNT(no_sections); i++)
        if (slice_equal(key, slice_from(no_sections[i])) ||
            slice_equal(name, slice_from(no_sections[i])))
            return false;
    return !slice_equal(key, text_fold_key(m->site, arena)) &&
           !slice_equal(key, text_fold_key(source->hints->site_name, arena)) &&
           !slice_equal(key, slice_head(host, slice_find_char(host, '.'))) &&
           !slice_equal(key, host) && !(slice_starts(title, key) && key.len * 2 > title.len);
}

/* The first that names one; some list every part that an article stands in, the main one first. */
static struct slice judge(struct slice names, const struct metadata_source *source,
                          const struct metadata *m, struct arena *arena)
{
    struct slice name;

    names = slice_head(names, 4 * SECTION_MAX_BYTES);
    while (slice_next(&names, ',', &name)) {
        name = text_squeeze(name, arena);
        if (is_section(name, source, m, arena))
            return name;
    }
    return (struct slice){"", 0};
}

/* The last crumb that is another page than this one. */
static struct slice from_crumbs(const struct metadata_source *source, const struct metadata *m,
                                struct arena *arena)
{
    const struct json_ld *data = &m->json_ld;

    for (size_t i = data->n_crumbs; i > 0; i--) {
        struct slice place = data->crumbs[i - 1].place, url, name;

        /* The last one may leave its address out: it is this page. */
        if (place.len == 0 && i == data->n_crumbs)
            continue;
        if (place.len > 0 && url_resolve(place, source->hints->url, arena, &url, NULL) == WW_OK &&
            (slice_equal(url, source->hints->url) || slice_equal(url, m->canonical)))
            continue;
        name = judge(data->crumbs[i - 1].name, source, m, arena);
        if (name.len > 0)
            return name;
    }
    return (struct slice){"", 0};
}

static bool names_crumbs(const struct dom_node *n)
{
    return slice_contains_nocase(dom_get(n, "class"), SLICE("breadcrumb")) ||
           slice_contains_nocase(dom_get(n, "id"), SLICE("breadcrumb")) ||
           slice_contains_nocase(dom_get(n, "itemtype"), SLICE("BreadcrumbList"));
}

/* The last link of a small element; false when it is no way but a box, or the whole page. */
static bool read_links(const struct dom_node *top, const struct metadata_source *source,
                       const struct metadata *m, struct arena *arena, struct slice *found)
{
    struct slice page = source->hints->url.len > 0 ? source->hints->url : m->canonical;
    size_t n_nodes = 0;

    *found = (struct slice){"", 0};
    for (const struct dom_node *n = top; n != NULL; n = dom_next(n, top)) {
        struct slice url, name;

        if (++n_nodes > CRUMB_NODES_MAX)
            return false;
        if (n->tag != DOM_A ||
            url_resolve(dom_get(n, "href"), source->hints->url, arena, &url, NULL) != WW_OK)
            continue;
        url = slice_head(url, slice_find_char(url, '#'));
        if (!url_is_fetchable(url) || !url_is_same_site(url, page, arena) ||
            slice_equal(url, source->hints->url) || slice_equal(url, m->canonical))
            continue;
        name = judge(dom_text(n, arena), source, m, arena);
        if (name.len > 0)
            *found = name;
    }
    return found->len > 0;
}

/* The same of the links that the page shows. */
static struct slice from_links(const struct metadata_source *source, const struct metadata *m,
                               struct arena *arena)
{
    const struct dom_node *root = source->dom->body;
    struct slice found;

    for (const struct dom_node *n = root; n != NULL; n = dom_next(n, root))
        if (n->n_attributes > 0 && names_crumbs(n) && read_links(n, source, m, arena, &found))
            return found;
    return (struct slice){"", 0};
}

void section_read(const struct metadata_source *source, struct arena *arena, struct metadata *m)
{
    static const char *const keys[] = {"article:section",
                                       "og:article:section",
                                       "og:section",
                                       "parsely-section",
                                       "articlesection",
                                       "section",
                                       NULL};

    m->section = judge(m->json_ld.section, source, m, arena);
    if (m->section.len == 0)
        m->section = judge(metadata_tag(m, keys), source, m, arena);
    if (m->section.len == 0)
        m->section = from_crumbs(source, m, arena);
    if (m->section.len == 0)
        m->section = from_links(source, m, arena);
}
