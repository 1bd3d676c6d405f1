/*
 * inspect_url.c - `wirewatch inspect url`: what an address is resolved to, and its canonical form.
 */
#include "base/url.h"
#include "cli/inspect.h"

static json_t *address_or_null(enum ww_status status, struct slice url)
{
    return status == WW_OK ? inspect_string(url) : json_null();
}

enum ww_status inspect_url(struct inspect *in, const json_t *job, json_t **answer,
                           struct ww_error *err)
{
    struct slice base = inspect_text(job, "base");
    json_t *results = json_array();
    const json_t *urls = json_object_get(job, "urls");
    size_t i;
    json_t *item;

    if (!json_is_array(urls)) {
        json_decref(results);
        return ww_fail(err, WW_INVALID, "the job names no urls");
    }
    json_array_foreach(urls, i, item)
    {
        struct slice text = slice_of(json_string_value(item), json_string_length(item));
        struct slice resolved, canonical;
        enum ww_status status = url_resolve(text, base, &in->arena, &resolved, NULL);
        json_t *result = json_object();

        (void)json_object_set(result, "url", item);
        (void)json_object_set_new(result, "resolved", address_or_null(status, resolved));
        if (status == WW_OK)
            status = url_canonical(resolved, &in->arena, &canonical, NULL);
        (void)json_object_set_new(result, "canonical",
                                  status == WW_OK ? address_or_null(status, canonical)
                                                  : json_null());
        (void)json_array_append_new(results, result);
    }
    *answer = json_pack("{s:o}", "results", results);
    return *answer != NULL ? WW_OK : ww_fail(err, WW_NOMEM, "out of memory");
}
