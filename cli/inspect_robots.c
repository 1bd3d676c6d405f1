/*
 * inspect_robots.c - `wirewatch inspect robots`: which addresses a robots.txt leaves to an agent.
 */
#include "cli/inspect.h"
#include "crawler/robots.h"

static json_t *verdicts(const struct robots *robots, const json_t *urls, struct arena *arena)
{
    json_t *results = json_array();
    size_t i;
    json_t *item;

    json_array_foreach(urls, i, item)
    {
        struct slice url = slice_of(json_string_value(item), json_string_length(item));

        (void)json_array_append_new(results, json_pack("{s:O, s:b}", "url", item, "allow",
                                                       (int)robots_allows_url(robots, url, arena)));
    }
    return results;
}

enum ww_status inspect_robots(struct inspect *in, const json_t *job, json_t **answer,
                              struct ww_error *err)
{
    struct slice agent = inspect_text(job, "agent");
    struct slice text;
    enum ww_status status = inspect_file(in, job, &text, err);
    const struct slice *sitemaps;
    json_t *list;
    struct robots *robots;
    size_t n;

    if (status != WW_OK)
        return status;
    robots = robots_parse(text, agent, &in->arena);
    if (robots == NULL)
        return arena_check(&in->arena, err);
    list = json_array();
    sitemaps = robots_sitemaps(robots, &n);
    for (size_t i = 0; i < n; i++)
        (void)json_array_append_new(list, inspect_string(sitemaps[i]));
    *answer =
        json_pack("{s:o, s:o, s:o, s:o}", "agent", inspect_string(agent), "results",
                  verdicts(robots, json_object_get(job, "urls"), &in->arena), "crawl_delay",
                  robots_delay_ms(robots) == 0 ? json_null()
                                               : json_real((double)robots_delay_ms(robots) / 1000),
                  "sitemaps", list);
    return *answer != NULL ? WW_OK : ww_fail(err, WW_NOMEM, "out of memory");
}
