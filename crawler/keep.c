/*
 * keep.c - rows of an article, and the story it belongs to.
 */
#include "crawler/keep.h"

#include "base/arena.h"
#include "base/likeness.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/url.h"
#include "crawler/sites.h"
#include "extractors/access.h"
#include "extractors/agency.h"
#include "extractors/article.h"
#include "storage/store_bodies.h"
#include "storage/store_sites.h"
#include "storage/story_place.h"

#include <stdlib.h>

/* Titles of two editions of one article. */
#define TWIN_LIKENESS 0.75

struct keeper {
    struct store *store;
    const struct log *log;
    struct story_placer *placer;
    struct sites *sites;
};

enum ww_status keeper_open(struct store *store, const struct log *log, struct keeper **out,
                           struct ww_error *err)
{
    struct keeper *k = mem_alloc(sizeof(*k));
    enum ww_status status;

    *out = NULL;
    if (k == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    k->store = store;
    k->log = log;
    status = story_placer_open(store, &k->placer, err);
    if (status == WW_OK)
        status = sites_open(store, &k->sites, err);
    if (status != WW_OK)
        keeper_close(k);
    else
        *out = k;
    return status;
}

void keeper_close(struct keeper *k)
{
    if (k == NULL)
        return;
    sites_close(k->sites);
    story_placer_close(k->placer);
    mem_free(k);
}

enum ww_status keeper_recall(struct keeper *k, struct slice url, struct arena *arena,
                             struct article_hints *hints, struct ww_error *err)
{
    struct site_knowledge known;
    enum ww_status status = sites_recall(k->sites, url_host(url, arena), &known, err);

    hints->site_name = known.name;
    hints->furniture = known.furniture;
    hints->n_furniture = known.n_furniture;
    return status;
}

enum ww_status keep_check(const struct article *article, struct ww_error *err)
{
    static const char *const met[ARTICLE_ACCESS_COUNT] = {
        [ARTICLE_PAYWALL] = "a paywall, and nothing to read before it",
        [ARTICLE_CONSENT] = "a consent form stands before the page",
        [ARTICLE_BOT_WALL] = "a bot wall stands before the page",
        [ARTICLE_NEEDS_SCRIPT] = "the page is empty without its programs",
        [ARTICLE_NOT_FOUND] = "the page says that there is no such page",
    };

    if (article->text.len > 0 && !access_is_wall(article->access))
        return WW_OK;
    return ww_fail(err, WW_INVALID, "%s",
                   met[article->access] != NULL ? met[article->access] : "no article text");
}

/*
 * The address that tells this article from others. The page's own word, which is of its own site
 * (extractors/metadata), counts, unless it names the front page: a template's mistake that would
 * make one article of a whole site.
 */
static struct slice identify(const struct article *article, const struct keep_origin *origin,
                             struct arena *arena)
{
    struct slice canonical = {"", 0};

    if (origin->is_reread)
        return origin->identity;
    if (url_is_fetchable(article->canonical) && !url_is_front_page(article->canonical) &&
        url_canonical(article->canonical, arena, &canonical, NULL) == WW_OK)
        return canonical;
    if (url_is_fetchable(origin->url) &&
        url_canonical(origin->url, arena, &canonical, NULL) == WW_OK)
        return canonical;
    return origin->identity;
}

/* The zone that the date was written in: "+08:00"; empty when it named none. */
static struct slice zone_text(const struct date *d, struct arena *arena)
{
    const long minutes = labs((long)d->zone_s) / 60;

    if (d->precision < DATE_MINUTE || !d->has_zone)
        return (struct slice){"", 0};
    return arena_printf(arena, "%c%02ld:%02ld", d->zone_s < 0 ? '-' : '+', minutes / 60,
                        minutes % 60);
}

struct article_row keep_row(const struct article *article, struct arena *arena)
{
    return (struct article_row){
        .canonical = article->canonical,
        .title = article->title,
        .author = article->author,
        .description = article->description,
        .site = article->site,
        .language = article->language,
        .access = slice_from(article_accesses[article->access]),
        .published_at = article->published.precision != DATE_NONE ? article->published.at : 0,
        .published_precision = article->published.precision,
        .published_source = slice_from(article_date_sources[article->published_source]),
        .published_zone = zone_text(&article->published, arena),
        .modified_at = article->modified.precision != DATE_NONE ? article->modified.at : 0,
        .modified_precision = article->modified.precision,
        .modified_source = slice_from(article_date_sources[article->modified_source]),
        .section = article->section,
        .dateline = article->dateline,
        .credit = article->credit,
        .credit_source = slice_from(article_credit_sources[article->credit_source]),
        .source_url = article->source_url,
        .text_source = slice_from(article_text_sources[article->text_source]),
        .text_bytes = (int64_t)article->text.len,
        .whole = article->whole,
    };
}

/* An agency's page credits nobody, but its copies name it, and often not as its site does. */
static void credit_own(struct article_row *row, struct arena *arena)
{
    const struct agency *agency = row->credit.len == 0 ? agency_at(row->url, arena) : NULL;

    if (agency == NULL)
        return;
    row->credit = slice_from(agency->name);
    row->credit_source = slice_from(ARTICLE_CREDIT_OWN);
}

static struct article_row make_row(const struct article *article, const struct keep_origin *origin,
                                   struct slice site_name, struct arena *arena)
{
    struct article_row row = keep_row(article, arena);

    row.site_name = site_name.len > 0 ? site_name : article->site;
    row.url = origin->url;
    row.canonical = identify(article, origin, arena);
    row.outlet = origin->outlet;
    row.country = origin->country;
    row.provenance = origin->provenance;
    row.first_seen_at = origin->first_seen_at;
    row.fetched_at = origin->fetched_at;
    row.feed_id = origin->feed_id;
    row.entry_id = origin->entry_id;
    row.page_id = origin->page_id;
    row.backfill_id = origin->backfill_id;
    row.capture = origin->capture;
    row.is_historic = origin->is_historic;
    credit_own(&row, arena);
    if (row.outlet.len == 0)
        row.outlet = article->site;
    if (row.outlet.len == 0)
        row.outlet = site_name;
    if (row.outlet.len == 0 && url_is_fetchable(row.canonical))
        row.outlet = url_host(row.canonical, arena);
    return row;
}

/*
 * A story teaches a site once, whatever copies and versions of it there are. Whether it is new to
 * this host is asked only when it is known at all.
 */
static enum ww_status teach(struct keeper *k, const struct article *article,
                            const struct keep_origin *origin, int64_t article_id,
                            const struct story_placement *placement, struct slice host,
                            struct ww_error *err)
{
    bool has_it = false;
    enum ww_status status = WW_OK;

    if (host.len == 0 || origin->is_reread)
        return WW_OK;
    if (!placement->is_new_story)
        status =
            store_site_has_story(k->store, host, placement->story_id, article_id, &has_it, err);
    if (status != WW_OK || has_it)
        return status;
    return sites_learn(k->sites, host, article, origin->fetched_at, err);
}

static enum ww_status keep_body(struct keeper *k, int64_t article_id,
                                const struct keep_origin *origin, struct ww_error *err)
{
    const struct body_row row = {
        .article_id = article_id,
        .fetched_at = origin->fetched_at,
        /* Of a capture that was made years ago: how long it waits counts from now. */
        .kept_at =
            origin->first_seen_at > origin->fetched_at ? origin->first_seen_at : origin->fetched_at,
        .content_type = origin->content_type,
        .bytes = origin->body,
        .received = origin->received,
        .head = slice_head(origin->head, HEADERS_MAX_BYTES),
        .address = origin->address};

    return origin->body.len > 0 ? store_put_body(k->store, &row, err) : WW_OK;
}

static bool are_alike(struct slice a, struct slice b)
{
    struct likeness x, y;

    likeness_init(&x, a);
    likeness_init(&y, b);
    return likeness_of(&x, &y) >= TWIN_LIKENESS;
}

/*
 * A copy for phones or printers says whose copy it is. Once the page itself, or another copy, is
 * stored it makes no version of that, unless it has much more to say. A page that only names a
 * wrong canonical address has another text, and is no copy. *out is 0 when there is nothing.
 */
static enum ww_status find_twin(struct keeper *k, const struct article *article,
                                const struct article_row *row, struct arena *arena, int64_t *out,
                                struct ww_error *err)
{
    struct slice own = {"", 0}, other = {"", 0};
    struct article_row stored;
    struct article_text text;
    enum ww_status status;

    *out = 0;
    if (!url_is_fetchable(row->url) || url_canonical(row->url, arena, &own, NULL) != WW_OK ||
        slice_equal(own, row->canonical))
        return WW_OK;
    status = store_article_by_canonical(k->store, row->canonical, arena, &stored, err);
    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    if (url_canonical(stored.url, arena, &other, NULL) != WW_OK || slice_equal(own, other) ||
        (int64_t)article->text.len > stored.text_bytes + stored.text_bytes / 2)
        return WW_OK;
    status = store_article_text(k->store, stored.id, arena, &text, err);
    if (status == WW_OK && (likeness_shared(article->text, text.text) >= 0.5 ||
                            (article->is_twin && are_alike(article->title, stored.title))))
        *out = stored.id;
    return status;
}

enum ww_status keep_differs(struct keeper *k, const struct article *article,
                            const struct keep_origin *origin, struct arena *arena, bool *differs,
                            struct ww_error *err)
{
    const struct article_text text = {article->text, article->cut};
    struct site_knowledge known;
    struct article_row row;
    enum ww_status status = sites_recall(k->sites, url_host(origin->url, arena), &known, err);

    if (status != WW_OK)
        return status;
    row = make_row(article, origin, arena_copy(arena, known.name), arena);
    status = arena_check(arena, err);
    return status == WW_OK ? store_article_differs(k->store, &row, &text, differs, err) : status;
}

enum ww_status keep_article(struct keeper *k, const struct article *article,
                            const struct keep_origin *origin, struct arena *arena, struct kept *out,
                            struct ww_error *err)
{
    const struct slice host =
        url_is_fetchable(origin->url) ? url_host(origin->url, arena) : (struct slice){"", 0};
    const struct article_text text = {article->text, article->cut};
    struct site_knowledge known;
    struct article_row row;
    struct story_placement placement = {0};
    struct placed_article placed;
    enum ww_status status = sites_recall(k->sites, host, &known, err);

    *out = (struct kept){0};
    if (status != WW_OK)
        return status;
    row = make_row(article, origin, arena_copy(arena, known.name), arena);
    status = arena_check(arena, err);
    if (status == WW_OK)
        status = find_twin(k, article, &row, arena, &out->article_id, err);
    if (status == WW_OK && out->article_id == 0)
        status = store_add_article(k->store, &row, &text, &out->article_id, &out->is_new, err);
    if (status == WW_OK && out->is_new)
        status = keep_body(k, out->article_id, origin, err);
    if (status != WW_OK || !out->is_new)
        return status;
    placed = (struct placed_article){out->article_id, &row, row.title, text.text};
    status = story_place(k->placer, &placed, arena, &placement, err);
    out->is_new_story = placement.is_new_story;
    if (placement.given_up.len > 0)
        log_event(k->log, LOG_WARN, "story", "article=%lld url=%.*s gave_up=%.*s",
                  (long long)out->article_id, SLICE_ARG(row.url), SLICE_ARG(placement.given_up));
    if (status == WW_OK)
        status = teach(k, article, origin, out->article_id, &placement, host, err);
    return status;
}
