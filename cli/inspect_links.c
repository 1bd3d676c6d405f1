/* inspect_links.c - `wirewatch inspect links`: the feed addresses a page announces. */
#include "cli/inspect.h"
#include "crawler/parse.h"
#include "extractors/links.h"

enum ww_status inspect_links(struct inspect *in, const json_t *job, json_t **answer,
                             struct ww_error *err)
{
    struct slice bytes, record;
    struct page_links links;
    json_t *feeds;
    enum ww_status status = inspect_file(in, job, &bytes, err);

    if (status != WW_OK)
        return status;
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
