/* inspect_sitemap.c - what the crawler understands of a sitemap; gzip is told by content. */
#include "cli/inspect.h"
#include "crawler/parse.h"
#include "feeds/sitemap.h"

static json_t *urls_of(const struct sitemap_url *urls, size_t n)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++) {
        const struct sitemap_url *u = &urls[i];
        json_t *url = json_object();

        (void)json_object_set_new(url, "loc", inspect_string(u->loc));
        (void)json_object_set_new(url, "lastmod", inspect_instant(&u->lastmod));
        if (u->has_news) {
            json_t *news = json_object();

            (void)json_object_set_new(news, "title", inspect_string(u->news_title));
            (void)json_object_set_new(news, "date", inspect_instant(&u->news_date));
            (void)json_object_set_new(news, "language", inspect_string(u->news_language));
            (void)json_object_set_new(news, "publication", inspect_string(u->news_publication));
            (void)json_object_set_new(url, "news", news);
        }
        (void)json_array_append_new(list, url);
    }
    return list;
}

enum ww_status inspect_sitemap(struct inspect *in, const json_t *job, json_t **answer,
                               struct ww_error *err)
{
    struct slice bytes, record;
    struct sitemap sitemap;
    enum ww_status status = inspect_file(in, job, &bytes, err);

    if (status != WW_OK)
        return status;
    parse_request_sitemap(&in->request, bytes, inspect_text(job, "base"));
    status = inspect_parse(in, &record, err);
    if (status == WW_OK)
        status = parse_answer_sitemap(record, &in->arena, &sitemap, err);
    if (status != WW_OK)
        return status;
    *answer = json_object();
    (void)json_object_set_new(*answer, "type", json_string(sitemap.type));
    (void)json_object_set_new(*answer, "urls", urls_of(sitemap.urls, sitemap.n_urls));
    (void)json_object_set_new(*answer, "sitemaps", urls_of(sitemap.sitemaps, sitemap.n_sitemaps));
    if (sitemap.n_dropped > 0)
        (void)json_object_set_new(*answer, "dropped", json_integer((json_int_t)sitemap.n_dropped));
    (void)json_object_set_new(*answer, "malformed", json_boolean(sitemap.is_malformed));
    (void)json_object_set_new(*answer, "error", json_null());
    return WW_OK;
}
