/* credit.c - whose text an article is: witnesses gathered, weighed, and the outlet itself left out.
 */
#include "extractors/credit.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/agency.h"
#include "extractors/article.h"
#include "extractors/author.h"
#include "extractors/content.h"
#include "extractors/credit_lines.h"
#include "extractors/credit_names.h"
#include "extractors/dateline.h"
#include "extractors/metadata.h"

#include <string.h>

/* A site's name that is shorter says nothing as a part of another. */
#define SITE_PART_MIN 4

/* What each kind of witness says first. */
struct weigher {
    const struct credit_page *page;
    struct arena *arena;
    struct slice sites[4]; /* skeletons of the outlet's names */
    struct slice names[ARTICLE_CREDIT_SOURCE_COUNT];
    struct slice url;
    const struct agency *own; /* the outlet is this agency */
    bool is_wire;             /* some witness named another agency */
};

/* ---- the outlet itself ----------------------------------------------------------------------- */

static bool is_site(const struct weigher *w, struct slice name)
{
    const struct slice key = text_skeleton(name, w->arena);

    for (size_t i = 0; i < WW_COUNT(w->sites); i++) {
        const struct slice site = w->sites[i];

        if (site.len == 0)
            continue;
        if (slice_equal(site, key) || (site.len >= SITE_PART_MIN && slice_contains(key, site)) ||
            (key.len >= SITE_PART_MIN && slice_contains(site, key)))
            return true;
    }
    return false;
}

/* Is the outlet one of its services: by address, or by the name it gives itself? */
static bool is_own(const struct weigher *w, const struct agency *one)
{
    return one == w->own || agency_is_called(one, w->sites[0]) ||
           agency_is_called(one, w->sites[1]) || agency_is_called(one, w->sites[2]);
}

static void say(struct weigher *w, enum article_credit_source source, struct slice name)
{
    if (w->names[source].len == 0 && name.len > 0 && !is_site(w, name))
        w->names[source] = name;
}

static void say_agencies(struct weigher *w, enum article_credit_source source,
                         const struct agencies *found)
{
    struct agencies others = {.n = 0};

    for (size_t i = 0; i < found->n; i++)
        if (!is_own(w, found->list[i]))
            others.list[others.n++] = found->list[i];
    w->is_wire = w->is_wire || others.n > 0;
    if (w->names[source].len == 0)
        w->names[source] = agency_print(&others, w->arena);
}

/* ---- addresses ------------------------------------------------------------------------------- */

static void say_url(struct weigher *w, struct slice href)
{
    if (w->url.len == 0)
        w->url = credit_elsewhere(href, w->page->hints->url, w->arena);
}

/* ---- witnesses ------------------------------------------------------------------------------- */

static void read_dateline(struct weigher *w, struct article *a)
{
    struct dateline d;

    if (!dateline_find(a->text, w->is_wire, w->arena, &d))
        return;
    a->dateline = d.words;
    say_agencies(w, ARTICLE_CREDIT_DATELINE, &d.agencies);
}

/* "Reuters Staff", "Ana Silva, dpa": the whole of a name, or what stands behind its last comma. */
static void read_author(struct weigher *w, struct slice author)
{
    struct agencies found;

    if (credit_byline(author, w->arena, &found))
        say_agencies(w, ARTICLE_CREDIT_BYLINE, &found);
}

static void read_authors(struct weigher *w)
{
    static const char *const keys[] = {"author",          "article:author_name", "dc.creator",
                                       "dcterms.creator", "parsely-author",      "byl"};
    const struct metadata *m = w->page->meta;

    for (size_t i = 0; m != NULL && i < m->json_ld.n_authors; i++)
        read_author(w, m->json_ld.authors[i]);
    if (m != NULL)
        read_author(w, m->json_ld.organisation);
    for (size_t i = 0; m != NULL && i < WW_COUNT(keys); i++)
        read_author(w, metadata_tag(m, (const char *const[]){keys[i], NULL}));
    read_author(w, w->page->hints->feed_author);
}

static void read_data(struct weigher *w)
{
    const struct metadata *m = w->page->meta;
    struct credit_said said;
    struct agencies found;

    if (m == NULL)
        return;
    for (size_t i = 0; i < m->n_tags; i++) {
        if (!credit_is_source_key(m->tags[i].key))
            continue;
        say_url(w, m->tags[i].value);
        if (credit_name(m->tags[i].value, w->arena, &said)) {
            say_agencies(w, ARTICLE_CREDIT_DATA, &said.agencies);
            say(w, ARTICLE_CREDIT_DATA, said.name);
        }
    }
    say_url(w, m->json_ld.based_on);
    if (credit_name(m->json_ld.source, w->arena, &said)) {
        say_agencies(w, ARTICLE_CREDIT_DATA, &said.agencies);
        say(w, ARTICLE_CREDIT_DATA, said.name);
    }
    if (agency_read(m->json_ld.publisher, AGENCY_BARE, w->arena, &found) &&
        !is_site(w, m->json_ld.publisher))
        say_agencies(w, ARTICLE_CREDIT_DATA, &found);
}

static void read_lines(struct weigher *w, const struct article *a)
{
    struct credit_said said[CREDIT_SAID_MAX];
    const size_t n = credit_lines(w->page->content, a->text, w->page->hints->url, w->arena, said);

    for (size_t i = 0; i < n; i++) {
        if (said[i].name.len > 0 && is_site(w, said[i].name))
            continue;
        say_agencies(w, said[i].source, &said[i].agencies);
        say(w, said[i].source, said[i].name);
        if (said[i].url.len > 0)
            say_url(w, said[i].url);
    }
}

static void settle(struct weigher *w, struct article *a)
{
    a->source_url = w->url;
    if (w->url.len > 0) {
        const struct agency *one = agency_at(w->url, w->arena);

        if (one != NULL && !is_own(w, one))
            w->names[ARTICLE_CREDIT_LINK] = slice_from(one->name);
    }
    for (enum article_credit_source i = ARTICLE_CREDIT_DATELINE; i < ARTICLE_CREDIT_SOURCE_COUNT;
         i++)
        if (w->names[i].len > 0) {
            a->credit = w->names[i];
            a->credit_source = i;
            return;
        }
}

void credit_read(const struct credit_page *page, struct arena *arena, struct article *a)
{
    struct weigher w = {.page = page, .arena = arena};
    const struct slice none = {"", 0};
    struct agencies wire;

    a->dateline = a->credit = a->source_url = none;
    a->credit_source = ARTICLE_CREDIT_NONE;
    w.sites[0] = text_skeleton(a->site, arena);
    w.sites[1] = text_skeleton(page->hints->site_name, arena);
    if (page->meta != NULL &&
        !agency_read(page->meta->json_ld.publisher, AGENCY_BARE, arena, &wire))
        w.sites[2] = text_skeleton(page->meta->json_ld.publisher, arena);
    w.sites[3] = text_skeleton(url_host(page->hints->url, arena), arena);
    w.own = agency_at(page->hints->url, arena);
    read_authors(&w);
    read_lines(&w, a);
    read_data(&w);
    read_dateline(&w, a);
    if (page->meta != NULL)
        say_url(&w, page->meta->elsewhere);
    settle(&w, a);
}
