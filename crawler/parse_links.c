/* parse_links.c - question and answer about the feeds that a page announces. */
#include "crawler/parse.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/record.h"
#include "extractors/links.h"

void parse_request_links(struct buf *out, struct slice bytes, struct slice url,
                         struct slice content_type)
{
    record_put_number(out, PARSE_LINKS);
    record_put_text(out, bytes);
    record_put_text(out, url);
    record_put_text(out, content_type);
}

enum ww_status parse_links_run(struct record *question, struct arena *arena, struct buf *answer,
                               struct ww_error *err)
{
    struct slice bytes = record_bytes(question);
    struct slice url = record_bytes(question);
    struct slice content_type = record_bytes(question);
    struct page_links links;
    enum ww_status status;

    if (record_failed(question))
        return ww_fail(err, WW_INVALID, "a damaged question");
    status = links_find(bytes, url, content_type, arena, &links, err);
    if (status != WW_OK)
        return status;
    record_put_text(answer, links.title);
    record_put_text(answer, links.language);
    record_put_number(answer, links.has_password);
    record_put_number(answer, (int64_t)links.n_feeds);
    for (size_t i = 0; i < links.n_feeds; i++) {
        record_put_text(answer, links.feeds[i].url);
        record_put_text(answer, links.feeds[i].title);
        record_put_text(answer, links.feeds[i].type);
    }
    return WW_OK;
}

enum ww_status parse_answer_links(struct slice record, struct arena *arena, struct page_links *out,
                                  struct ww_error *err)
{
    struct record r;
    enum ww_status status = parse_answer_open(record, &r, err);

    *out = (struct page_links){0};
    if (status != WW_OK)
        return status;
    out->title = record_text(&r);
    out->language = record_text(&r);
    out->has_password = record_number_in(&r, 0, 1) != 0;
    out->n_feeds = record_count(&r, PAGE_LINKS_MAX);
    out->feeds = arena_array(arena, out->n_feeds, sizeof(*out->feeds));
    if (out->feeds == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < out->n_feeds; i++) {
        out->feeds[i].url = record_text(&r);
        out->feeds[i].title = record_text(&r);
        out->feeds[i].type = record_text(&r);
    }
    return parse_answer_close(&r, err);
}
