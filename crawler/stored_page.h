/*
 * stored_page.h - a page that was kept, with what was known beside it when it was read.
 *
 * Read again it is asked the same question as at first: the feed's words about it, the time it was
 * fetched at as "now", and this day's rules and knowledge of the site.
 */
#ifndef WW_CRAWLER_STORED_PAGE_H
#define WW_CRAWLER_STORED_PAGE_H

#include "base/error.h"
#include "extractors/article.h"
#include "storage/store_articles.h"
#include "storage/store_bodies.h"

struct arena;
struct site_rule;
struct site_rules;
struct store;

struct stored_page {
    struct article_row article;
    struct body_row body;
    struct article_hints hints;
    const struct site_rule *rule; /* NULL: none for this site */
};

/* WW_NOT_FOUND: the article has no page any more, or never had. rules may be NULL. */
enum ww_status stored_page_read(struct store *s, int64_t article_id, const struct site_rules *rules,
                                struct arena *arena, struct stored_page *out, struct ww_error *err);

#endif
