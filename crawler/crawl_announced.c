/*
 * crawl_announced.c - articles of pages that cannot be had: what their feed said of them.
 *
 * Nothing that was announced is lost: a summary that names what is watched is an alert, whether its
 * page is gone, closed to us or of a kind that is not read.
 */
#include "crawler/crawl_parts.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "extractors/article.h"
#include "extractors/language.h"
#include "feeds/markup.h"

/* The name of the tag that html begins with, without its '/'. */
static struct slice tag_name(struct slice html)
{
    size_t n = 0;

    html = slice_skip(html, html.len > 1 && html.ptr[1] == '/' ? 2 : 1);
    while (n < html.len && ((html.ptr[n] >= 'a' && html.ptr[n] <= 'z') ||
                            (html.ptr[n] >= '0' && html.ptr[n] <= '9')))
        n++;
    return slice_head(html, n);
}

static bool ends_paragraph(struct slice html)
{
    static const char *const tags[] = {"p",  "div", "br", "li", "ul",         "ol",    "h1",
                                       "h2", "h3",  "h4", "tr", "blockquote", "table", "pre"};
    const struct slice name = tag_name(html);

    for (size_t i = 0; i < WW_COUNT(tags); i++)
        if (slice_equal(name, slice_from(tags[i])))
            return true;
    return false;
}

/*
 * The text of HTML that a worker has cleaned: its tags are in lower case, and nothing but tags
 * begins with '<'.
 */
static struct slice text_of(struct slice html, struct arena *arena)
{
    struct slice out;
    struct buf b;
    size_t from = 0, at = 0;

    buf_init(&b, ARTICLE_TEXT_MAX_BYTES);
    while (at <= html.len) {
        if (at == html.len || (html.ptr[at] == '<' && ends_paragraph(slice_skip(html, at)))) {
            struct slice piece = markup_text(slice_sub(html, from, at - from), 1, arena);

            if (piece.len > 0 && b.len > 0)
                buf_add_string(&b, "\n\n");
            buf_add(&b, piece);
            from = at;
        }
        at++;
    }
    out = arena_copy(arena, buf_slice(&b));
    buf_release(&b);
    return out;
}

bool announced_is_old(const struct crawl *c, const struct entry_row *entry,
                      const struct page_row *page, const struct date *published)
{
    const struct date updated = {.at = entry->updated_at, .precision = DATE_SECOND};
    int64_t at = published->at;

    if (published->precision == DATE_NONE)
        at = entries_believed(&updated, clock_now(c->clock));
    return at < page->added_at - c->options->first_read_s;
}

bool announced_is_history(const struct crawl *c, const struct entry_row *entry,
                          const struct page_row *page, const struct date *published)
{
    if (!page->is_historic || !slice_equal(page->provenance, SLICE("feed")))
        return page->is_historic;
    return announced_is_old(c, entry, page, published);
}

enum ww_status announced_speaker(struct crawl *c, const struct page_row *page, struct arena *arena,
                                 struct feed_row *out, struct ww_error *err)
{
    int64_t id = page->feed_id;
    enum ww_status status = WW_OK;

    for (size_t i = 0; status == WW_OK && id > 0 && i <= SITEMAP_DEPTH_MAX; i++) {
        status = store_feed(c->store, id, arena, out, err);
        id = out->parent_id;
    }
    return status;
}

static enum article_access access_of(long http_status)
{
    if (http_status == 404 || http_status == 410)
        return ARTICLE_NOT_FOUND;
    return http_status == 402 ? ARTICLE_PAYWALL : ARTICLE_UNREAD;
}

static enum ww_status keep(struct crawl *c, struct page_row *page, const struct entry_row *entry,
                           struct article *article, struct arena *arena, struct ww_error *err)
{
    struct feed_row feed = {0};
    struct keep_origin origin;
    struct kept kept = {0};
    enum ww_status status = announced_speaker(c, page, arena, &feed, err);

    if (status != WW_OK)
        return status;
    article->published =
        entries_announced(entry, feed.url, page->url, page->added_at, clock_now(c->clock), arena);
    if (article->published.precision != DATE_NONE)
        article->published_source = ARTICLE_DATE_FEED;
    origin = (struct keep_origin){.url = page->url,
                                  .identity = page->canonical,
                                  .provenance = page->provenance,
                                  .outlet = feed.outlet.len > 0 ? feed.outlet : feed.title,
                                  .country = feed.country,
                                  .feed_id = page->feed_id,
                                  .entry_id = entry->id,
                                  .page_id = page->id,
                                  .first_seen_at = page->added_at,
                                  .fetched_at = clock_now(c->clock),
                                  .is_historic =
                                      announced_is_history(c, entry, page, &article->published)};
    status = keep_article(c->keeper, article, &origin, arena, &kept, err);
    if (status != WW_OK)
        return status;
    c->summary->n_articles += kept.is_new;
    c->summary->n_stories += kept.is_new_story;
    page->article_id = kept.article_id;
    log_event(c->log, LOG_DEBUG, "page", "id=%lld article=%lld new=%d source=feed",
              (long long)page->id, (long long)kept.article_id, kept.is_new);
    return store_link_page_entries(c->store, page->id, kept.article_id, err);
}

enum ww_status announced_keep(struct crawl *c, struct page_row *page, struct arena *arena,
                              struct ww_error *err)
{
    struct entry_row entry = {0};
    struct article article = {.access = access_of(page->last_status),
                              .text_source = ARTICLE_TEXT_FEED,
                              .charset = "UTF-8"};
    enum ww_status status;

    if (page->article_id > 0)
        return WW_OK;
    status = store_entry_of_page(c->store, page->id, arena, &entry, err);
    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    article.text = text_of(entry.content, arena);
    article.title = text_cut(entry.title, TITLE_MAX_BYTES);
    article.author = entry.author;
    if (article.text.len < FEED_TEXT_MIN_BYTES)
        article.text = text_of(entry.summary, arena);
    if (article.text.len < FEED_TEXT_MIN_BYTES)
        return arena_check(arena, err);
    article.language = language_guess(article.text, entry.language, arena);
    return keep(c, page, &entry, &article, arena, err);
}
