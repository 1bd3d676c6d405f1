/* stored_page.c - article, page, and the entry that announced them. */
#include "crawler/stored_page.h"

#include "base/arena.h"
#include "base/url.h"
#include "crawler/crawl_parts.h"
#include "crawler/site_rules.h"
#include "crawler/sites.h"
#include "storage/store_entries.h"
#include "storage/store_feeds.h"
#include "storage/store_sites.h"

static enum ww_status add_entry(struct store *s, struct stored_page *page, struct arena *arena,
                                struct ww_error *err)
{
    const struct article_row *a = &page->article;
    struct article_hints *hints = &page->hints;
    struct entry_row entry = {0};
    struct feed_row feed = {0};
    enum ww_status status = store_entry(s, a->entry_id, arena, &entry, err);

    if (status == WW_OK)
        status = store_feed(s, a->feed_id, arena, &feed, err);
    if (status != WW_OK)
        return status == WW_NOT_FOUND ? WW_OK : status;
    hints->feed_title = entries_headline(&entry, &feed);
    hints->feed_author = entry.author;
    hints->feed_text = entry.content.len > 0 ? entry.content : entry.summary;
    hints->feed_published =
        entries_announced(&entry, feed.url, a->url, a->first_seen_at, hints->now, arena);
    return WW_OK;
}

static enum ww_status add_site(struct store *s, struct stored_page *page, struct arena *arena,
                               struct ww_error *err)
{
    struct site_row site;
    struct site_knowledge known = {0};
    enum ww_status status = store_site(s, url_host(page->article.url, arena), arena, &site, err);

    if (status == WW_OK)
        status = sites_read(s, &site, arena, &known, err);
    page->hints.site_name = known.name;
    page->hints.furniture = known.furniture;
    page->hints.n_furniture = known.n_furniture;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status stored_page_read(struct store *s, int64_t article_id, const struct site_rules *rules,
                                struct arena *arena, struct stored_page *out, struct ww_error *err)
{
    enum ww_status status;

    *out = (struct stored_page){.rule = NULL};
    status = store_article(s, article_id, arena, &out->article, err);
    if (status == WW_OK)
        status = store_body(s, article_id, arena, &out->body, err);
    if (status != WW_OK)
        return status;
    out->rule = site_rules_find(rules, out->article.url, arena);
    out->hints = (struct article_hints){.url = out->article.url,
                                        .content_type = out->body.content_type,
                                        .now = out->body.fetched_at};
    if (out->rule != NULL)
        out->hints.rules = out->rule->text;
    status = add_site(s, out, arena, err);
    return status == WW_OK && out->article.entry_id != 0 ? add_entry(s, out, arena, err) : status;
}
