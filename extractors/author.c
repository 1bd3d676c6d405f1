/* author.c - who wrote it: what data, bylines and feed say, weighed against each other. */
#include "extractors/author.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/blocks.h"
#include "extractors/rules.h"

#include <string.h>

/* What schema.org says of a person, and what <meta> says. */
#define SCORE_PERSON 60
#define SCORE_META 50
/* A place below this is not believed. */
#define SCORE_MIN 40
/* Data and page say the same; two data do, or two places, which mostly one program makes. */
#define SCORE_AGREE 20
#define SCORE_ECHO 6
#define SCORE_DOUBT 60
/* More <meta> of one key than this is a list of something else: the works that are cited. */
#define TAGS_OF_KEY_MAX 9

struct weigher {
    struct author_places places;
    struct slice keys[AUTHOR_PLACES_MAX]; /* of the first name of each place */
    struct slice sites[4];                /* skeletons of the site's names */
    struct slice feed;                    /* and of the name that the feed gave */
    struct arena *arena;
    size_t n_data;   /* places before this are from the page's data */
    bool is_article; /* the data say so, or tell a day */
};

static bool is_site(const struct weigher *w, struct slice key)
{
    if (key.len < 2)
        return false;
    for (size_t i = 0; i < WW_COUNT(w->sites); i++) {
        struct slice site = w->sites[i];

        if (site.len < 3)
            continue;
        if (slice_equal(site, key) || (site.len > 4 && slice_contains(key, site)) ||
            (slice_contains(site, key) && key.len * 3 > site.len * 2))
            return true;
    }
    return false;
}

static void add(struct weigher *w, const struct author_names *names, int score)
{
    struct author_place *p = &w->places.list[w->places.n];

    if (names->n == 0 || w->places.n == AUTHOR_PLACES_MAX)
        return;
    *p = (struct author_place){*names, score};
    /* "Ana Silva, The Tidings" */
    while (p->names.n > 1 &&
           is_site(w, text_skeleton(p->names.list[p->names.n - 1].text, w->arena)))
        p->names.n--;
    w->places.n++;
}

static void append(struct author_names *to, const struct author_names *from)
{
    for (size_t i = 0; i < from->n && to->n < AUTHOR_NAMES_MAX; i++) {
        bool is_known = false;

        for (size_t k = 0; k < to->n; k++)
            is_known = is_known || slice_equal_nocase(to->list[k].text, from->list[i].text);
        if (is_known)
            continue;
        to->list[to->n] = from->list[i];
        if (to->n > 0 && i == 0)
            to->list[to->n].joint = SLICE("; ");
        to->n++;
    }
    to->is_desk = to->is_desk || from->is_desk;
    to->is_person = to->is_person || from->is_person;
    to->is_account = from->is_account && to->n == 1;
}

/* ---- what the data say ----------------------------------------------------------------------- */

static bool is_article(const struct metadata *m)
{
    static const char *const types[] = {"og:type", NULL};
    static const char *const days[] = {"article:published_time",
                                       "article:modified_time",
                                       "datepublished",
                                       "dc.date",
                                       "date",
                                       NULL};

    return m->json_ld.has_article || metadata_tag(m, days).len > 0 ||
           slice_contains_nocase(metadata_tag(m, types), SLICE("article"));
}

static void read_json_ld(struct weigher *w, const struct metadata *m)
{
    struct author_names all = {.n = 0}, one;

    for (size_t i = 0; i < m->json_ld.n_authors; i++) {
        author_clean(m->json_ld.authors[i], AUTHOR_STATED, &one);
        append(&all, &one);
    }
    add(w, &all, SCORE_PERSON);
}

static void read_meta(struct weigher *w, const struct metadata *m)
{
    static const char *const keys[] = {"citation_author",
                                       "author",
                                       "article:author_name",
                                       "dc.creator",
                                       "dcterms.creator",
                                       "dc:creator",
                                       "parsely-author",
                                       "sailthru.author",
                                       "byl",
                                       "cxenseparse:author",
                                       "article.author",
                                       "article:author",
                                       "og:article:author",
                                       "og:author",
                                       "article_author",
                                       "vr:author",
                                       "authors",
                                       "creator",
                                       "shareaholic:article_author_name"};

    for (size_t i = 0; i < WW_COUNT(keys); i++) {
        struct author_names all = {.n = 0}, one;
        size_t n_tags = 0;

        for (size_t t = 0; t < m->n_tags; t++)
            if (slice_equal_nocase(m->tags[t].key, slice_from(keys[i]))) {
                n_tags++;
                author_clean(m->tags[t].value, AUTHOR_STATED, &one);
                append(&all, &one);
            }
        if (all.n > 0 && n_tags <= TAGS_OF_KEY_MAX) {
            add(w, &all, SCORE_META);
            return;
        }
    }
}

/* Twitter cards say "Written by" in one tag and the name in the next. */
static void read_card(struct weigher *w, const struct metadata *m)
{
    static const char *const label[] = {"twitter:label1", NULL};
    static const char *const data[] = {"twitter:data1", NULL};
    struct slice s = metadata_tag(m, label);
    struct author_names names;

    if (s.len == 0 || !author_is_label(s))
        return;
    author_clean(metadata_tag(m, data), AUTHOR_STATED, &names);
    add(w, &names, SCORE_META);
}

/* ---- weighing -------------------------------------------------------------------------------- */

/* The same people? One may be said in full, the other in part. */
static bool agree(struct slice a, struct slice b)
{
    if (a.len < 3 || b.len < 3)
        return a.len > 0 && slice_equal(a, b);
    return slice_contains(a, b) || slice_contains(b, a);
}

/* Does any visible text of the page hold the name? */
static bool is_shown(const struct blocks *b, struct slice name)
{
    const char *first = b->n > 0 ? b->list[0].text.ptr : NULL;
    struct slice last = b->n > 0 ? b->list[b->n - 1].text : (struct slice){"", 0};

    /* The texts of all blocks stand one behind the other. */
    return first != NULL &&
           slice_contains_nocase(slice_of(first, (size_t)(last.ptr + last.len - first)), name);
}

/*
 * What no byline bears out may be who typed it in, or who made the site. A login or a desk is not
 * believed then, nor what only one of the data has, unless the page is an article and some visible
 * text has the name, too.
 */
static bool is_doubtful(const struct weigher *w, const struct author_names *names, bool is_echoed,
                        const struct blocks *b)
{
    return names->is_account || names->is_desk ||
           (!is_echoed && (!w->is_article || !is_shown(b, names->list[0].text)));
}

/* The score of one place, by what the others say of it. */
static int weigh(const struct weigher *w, size_t at, const struct blocks *b)
{
    const struct author_place *p = &w->places.list[at];
    bool is_data = at < w->n_data, by_data = false, by_page = false;
    bool by_feed = agree(w->feed, w->keys[at]);
    int score = p->score;

    for (size_t i = 0; i < w->places.n; i++)
        if (i != at && agree(w->keys[at], w->keys[i])) {
            by_data = by_data || i < w->n_data;
            by_page = by_page || i >= w->n_data;
        }
    if (is_data ? by_page : by_data)
        score += SCORE_AGREE;
    if (is_data ? by_data : by_page)
        score += SCORE_ECHO;
    if (by_feed)
        score += SCORE_AGREE;
    if (is_data && !by_page && !by_feed && is_doubtful(w, &p->names, by_data, b))
        score -= SCORE_DOUBT;
    if (is_site(w, w->keys[at]))
        score -= !is_data ? 8 : p->names.is_person ? 10 : 20;
    if (!p->names.is_person)
        score -= 6;
    return score;
}

/* "Ana SilvaPublished": elements of a page run together. */
static bool is_glued(struct slice whole, struct slice name)
{
    return whole.len > name.len && slice_starts(whole, name) &&
           strchr(" ,.;-'", whole.ptr[name.len]) == NULL;
}

/*
 * Of the places that say the same as the best, the one whose words most others have, too. A list
 * is best as the page prints it.
 */
static const struct author_place *settle(const struct weigher *w, size_t best)
{
    const struct author_place *places = w->places.list;
    size_t found = best, most = 0;
    bool is_list = places[best].names.n > 1;

    for (size_t i = 0; i < w->places.n; i++) {
        size_t n = 0;

        if ((places[i].names.n > 1) != is_list || !agree(w->keys[i], w->keys[best]))
            continue;
        if (is_list && i >= w->n_data && found < w->n_data)
            most = 0;
        for (size_t k = 0; k < w->places.n; k++)
            n += slice_equal(w->keys[i], w->keys[k]);
        if (is_list && !slice_equal(places[i].names.list[1].joint, SLICE("; ")))
            n += AUTHOR_PLACES_MAX;
        if (n > most || (n == most && places[i].score > places[found].score)) {
            found = i;
            most = n;
        }
    }
    for (size_t i = 0; i < w->places.n && !is_list; i++)
        if (is_glued(places[found].names.list[0].text, places[i].names.list[0].text))
            found = i;
    return &places[found];
}

static const struct author_names *choose(const struct weigher *w, const struct blocks *b)
{
    size_t best = w->places.n;
    int most = SCORE_MIN - 1;

    for (size_t i = 0; i < w->places.n; i++) {
        int score = weigh(w, i, b);

        if (score > most) {
            best = i;
            most = score;
        }
    }
    return best == w->places.n ? NULL : &settle(w, best)->names;
}

struct slice author_print(const struct author_names *names, struct arena *arena)
{
    struct buf joined;
    struct slice text;

    buf_init(&joined, 4096);
    for (size_t i = 0; names != NULL && i < names->n; i++) {
        buf_add(&joined, names->list[i].joint);
        buf_add(&joined, names->list[i].text);
    }
    text = text_squeeze(arena_copy(arena, buf_slice(&joined)), arena);
    buf_release(&joined);
    return text;
}

void author_read(const struct metadata_source *source, struct arena *arena, struct metadata *m)
{
    struct weigher *w = arena_alloc(arena, sizeof(*w));
    struct author_places *places = arena_alloc(arena, sizeof(*places));
    const struct author_names *names;
    struct author_names fed, ruled;

    if (w == NULL || places == NULL)
        return;
    *w = (struct weigher){.arena = arena};
    w->sites[0] = text_skeleton(m->site, arena);
    w->sites[1] = text_skeleton(source->hints->site_name, arena);
    w->sites[2] = text_skeleton(m->json_ld.publisher, arena);
    w->sites[3] = text_skeleton(url_host(source->hints->url, arena), arena);
    w->is_article = is_article(m);
    read_json_ld(w, m);
    read_meta(w, m);
    read_card(w, m);
    w->n_data = w->places.n;
    author_find(source, m->title, arena, places);
    for (size_t i = 0; i < places->n; i++)
        add(w, &places->list[i].names, places->list[i].score);
    for (size_t i = 0; i < w->places.n; i++)
        w->keys[i] = text_skeleton(w->places.list[i].names.list[0].text, arena);
    author_clean(source->hints->feed_author, AUTHOR_STATED, &fed);
    if (fed.n > 0)
        w->feed = text_skeleton(fed.list[0].text, arena);
    author_clean(source->rules != NULL ? source->rules->author : SLICE(""), AUTHOR_STATED, &ruled);
    names = ruled.n > 0 ? &ruled : choose(w, source->blocks);
    if (names == NULL && !fed.is_account && !fed.is_desk && !is_site(w, w->feed))
        names = &fed;
    m->author = author_print(names, arena);
}
