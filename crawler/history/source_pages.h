/*
 * source_pages.h - a feed and its older pages, for the two sources that read such: by the links it
 * gives (RFC 5005), else by the ways that are usual for it.
 */
#ifndef WW_CRAWLER_HISTORY_SOURCE_PAGES_H
#define WW_CRAWLER_HISTORY_SOURCE_PAGES_H

#include "crawler/history/source_parts.h"

/* The format of their lists: the feed of a WordPress site, and any other. */
#define FEED_PAGES "feed-pages"
#define FEED "feed"

/* The feed of the site at this front page. */
void source_add_pages(struct source_lists *lists, struct slice home);

enum ww_status source_ask_pages(const struct source_context *context, const struct list_row *list,
                                struct arena *arena, struct list_question *out,
                                struct ww_error *err);
/* want: of enum source_want. */
void source_read_pages(struct source_work *w, unsigned want);

#endif
