/*
 * inspect_links.c - `wirewatch inspect links`: the feed addresses a page announces, or the links
 * that a selector takes.
 */
#include "cli/inspect.h"
#include "crawler/parse.h"
#include "extractors/links.h"
#include "feeds/feed.h"

/* The page read as a feed. */
static enum ww_status show_listing(struct inspect *in, const json_t *job, struct slice bytes,
                                   json_t **answer, struct ww_error *err)
{
    struct slice record, charset;
    struct feed feed;
    json_t *links;
    enum ww_status status;

    parse_request_listing(&in->request, bytes, inspect_text(job, "url"),
                          inspect_text(job, "content_type"), inspect_text(job, "selector"));
    status = inspect_parse(in, &record, err);
    if (status == WW_OK)
        status = parse_answer_feed(record, &in->arena, &feed, &charset, err);
    if (status != WW_OK)
        return status;
    links = json_array();
    for (size_t i = 0; i < feed.n_entries; i++)
        (void)json_array_append_new(
            links, json_pack("{s:o, s:o, s:o}", "url", inspect_string(feed.entries[i].link),
                             "title", inspect_string(feed.entries[i].title), "published",
                             inspect_instant(&feed.entries[i].published)));
    *answer = json_pack("{s:o, s:o, s:o}", "title", inspect_string(feed.title), "language",
                        inspect_string(feed.language), "links", links);
    return *answer != NULL ? WW_OK : ww_fail(err, WW_NOMEM, "out of memory");
}

enum ww_status inspect_links(struct inspect *in, const json_t *job, json_t **answer,
                             struct ww_error *err)
{
    struct slice bytes, record;
    struct page_links links;
    json_t *feeds;
    enum ww_status status = inspect_file(in, job, &bytes, err);

    if (status != WW_OK)
        return status;
    if (json_is_string(json_object_get(job, "selector")))
        return show_listing(in, job, bytes, answer, err);
    parse_request_links(&in->request, bytes, inspect_text(job, "url"),
                        inspect_text(job, "content_type"));
    status = inspect_parse(in, &record, err);
    if (status == WW_OK)
        status = parse_answer_links(record, &in->arena, &links, err);
    if (status != WW_OK)
        return status;
    feeds = json_array();
    for (size_t i = 0; i < links.n_feeds; i++)
        (void)json_array_append_new(feeds, json_pack("{s:o, s:o, s:o}", "url",
                                                     inspect_string(links.feeds[i].url), "title",
                                                     inspect_string(links.feeds[i].title), "type",
                                                     inspect_string(links.feeds[i].type)));
    *answer = json_pack("{s:o}", "feeds", feeds);
    return *answer != NULL ? WW_OK : ww_fail(err, WW_NOMEM, "out of memory");
}
