/* finds_sitemap.c - sitemaps and feeds as lists of the past: sitemap.h and feed.h read them. */
#include "feeds/finds_parts.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/url.h"
#include "feeds/feed.h"
#include "feeds/sitemap.h"

#include <string.h>

/* A list was not changed for the last time before the month it is about; zones differ. */
#define MONTH_SLACK_S (2 * 86400)

enum ww_status finds_take_whole(struct finds_reader *r, struct ww_error *err)
{
    struct finds_pieces pieces;
    struct buf room;
    struct slice piece;
    enum ww_status status = WW_OK;

    finds_pieces_init(&pieces, r->text);
    r->out->is_cut = finds_pieces_is_cut(&pieces);
    if (!r->out->is_cut)
        return WW_OK;
    buf_init(&room, r->text.len + FINDS_TAIL_MAX_BYTES);
    if (finds_pieces_whole(&pieces, &room, &piece))
        r->text = arena_copy(r->arena, piece);
    else
        status = buf_finish(&room, err);
    buf_release(&room);
    return status;
}

/* ---- sitemaps -------------------------------------------------------------------------------- */

static void add_sitemap(struct finds_reader *r, const struct sitemap_url *sitemap,
                        const struct finds_months *months)
{
    struct finds_list list = {.about = sitemap->lastmod};
    struct finds_month name;
    struct date month;

    if (!finds_address(r, sitemap->loc, &list.url)) {
        r->out->n_bad++;
        return;
    }
    finds_month_read(list.url, &name);
    if (finds_month_is(months, &name, &month) &&
        (sitemap->lastmod.precision == DATE_NONE ||
         sitemap->lastmod.at >= month.at - MONTH_SLACK_S)) {
        list.about = month;
        list.is_month = true;
    }
    finds_add_list(r, &list);
}

enum ww_status finds_read_sitemap(struct finds_reader *r, struct ww_error *err)
{
    struct finds_months months = {0};
    struct finds_month name;
    struct sitemap s, pages;
    struct feed feed;
    enum ww_status status = finds_take_whole(r, err);

    if (status == WW_OK)
        status = sitemap_parse(r->text, r->base, r->arena, &s, err);
    if (status != WW_OK)
        return status;
    if (strcmp(s.type, "feed") == 0)
        return finds_read_feed(r, err);
    /* Its pages as a feed, which knows when a lastmod is not the page's. */
    pages = s;
    pages.n_sitemaps = 0;
    status = sitemap_as_feed(&pages, r->arena, &feed, err);
    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < s.n_urls && i < feed.n_entries; i++) {
        const struct sitemap_url *url = &s.urls[i];
        struct find find = {
            .url = url->loc,
            .title = url->news_title,
            .language = url->news_language,
            .source = url->news_publication,
            .published = url->news_date,
            .modified = feed.entries[i].updated,
        };

        finds_add(r, &find);
    }
    for (size_t i = 0; i < s.n_sitemaps; i++) {
        finds_month_read(s.sitemaps[i].loc, &name);
        finds_months_note(&months, &name);
    }
    for (size_t i = 0; i < s.n_sitemaps; i++)
        add_sitemap(r, &s.sitemaps[i], &months);
    r->out->n_dropped += s.n_dropped;
    return WW_OK;
}

/* ---- feeds ----------------------------------------------------------------------------------- */

/* RFC 5005: the archive before this one, or the next page of a paged feed. */
static struct slice next_of(struct finds_reader *r, const struct feed *feed)
{
    static const char *const rels[] = {"prev-archive", "next"};
    struct slice next;

    for (size_t i = 0; i < WW_COUNT(rels); i++)
        for (size_t k = 0; k < feed->n_links; k++)
            if (slice_equal_nocase(feed->links[k].rel, slice_from(rels[i])) &&
                finds_address(r, feed->links[k].href, &next) && !slice_equal(next, r->base))
                return next;
    return SLICE("");
}

enum ww_status finds_read_feed(struct finds_reader *r, struct ww_error *err)
{
    const bool is_json = slice_starts(r->text, SLICE("{"));
    struct feed feed;
    enum ww_status status = finds_take_whole(r, err);

    if (status == WW_OK)
        status = feed_parse(r->text, r->base, r->arena, &feed, err);
    if (status != WW_OK)
        return status;
    /* Of JSON that breaks off, the last entry is what was mended. */
    if (is_json && !slice_ends(r->text, SLICE("}"))) {
        r->out->is_cut = true;
        feed.n_entries -= feed.n_entries > 0;
    }
    for (size_t i = 0; i < feed.n_entries; i++) {
        const struct entry *e = &feed.entries[i];
        struct find find = {
            .url = e->original.len > 0 ? e->original : e->link,
            .title = e->title,
            .author = e->author,
            .language = e->language.len > 0 ? e->language : feed.language,
            .source = feed.title,
            .published = e->published,
            .modified = e->updated,
        };

        finds_add(r, &find);
    }
    r->out->n_dropped += feed.n_dropped;
    r->out->next = next_of(r, &feed);
    r->out->is_complete = feed.is_complete;
    return WW_OK;
}
