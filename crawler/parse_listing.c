/* parse_listing.c - question about the links of a watched page; the answer is that of a feed. */
#include "crawler/parse.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/record.h"
#include "extractors/listing.h"
#include "feeds/feed.h"

void parse_request_listing(struct buf *out, struct slice bytes, struct slice url,
                           struct slice content_type, struct slice selector)
{
    record_put_number(out, PARSE_LISTING);
    record_put_text(out, bytes);
    record_put_text(out, url);
    record_put_text(out, content_type);
    record_put_text(out, selector);
}

enum ww_status parse_listing_run(struct record *question, struct arena *arena, struct buf *answer,
                                 struct ww_error *err)
{
    struct slice bytes = record_bytes(question);
    struct slice url = record_bytes(question);
    struct slice content_type = record_bytes(question);
    struct slice selector = record_text(question);
    struct listing listing;
    struct feed feed = {.format = "page"};
    enum ww_status status;

    if (record_failed(question))
        return ww_fail(err, WW_INVALID, "a damaged question");
    status = listing_read(bytes, url, content_type, selector, arena, &listing, err);
    if (status != WW_OK)
        return status;
    feed.title = listing.title;
    feed.language = listing.language;
    feed.n_dropped = listing.n_dropped;
    feed.entries = arena_array(arena, listing.n_links, sizeof(*feed.entries));
    if (feed.entries == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < listing.n_links; i++)
        feed.entries[feed.n_entries++] = (struct entry){.title = listing.links[i].title,
                                                        .link = listing.links[i].url,
                                                        .published = listing.links[i].at};
    parse_put_feed(answer, &feed, listing.charset);
    return WW_OK;
}
