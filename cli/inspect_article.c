/* inspect_article.c - what the crawler would keep of a page. */
#include "base/date.h"
#include "cli/inspect.h"
#include "crawler/parse.h"
#include "extractors/article.h"
#include "extractors/dateline.h"
#include "extractors/steps.h"

#include <time.h>

static json_t *day_of(const struct date *d)
{
    char text[DATE_TEXT_BYTES];

    return d->precision < DATE_DAY ? json_null() : json_string(date_format_day(d, text));
}

enum ww_status inspect_article(struct inspect *in, const json_t *job, json_t **answer,
                               struct ww_error *err)
{
    struct article_hints hints = {0};
    struct article a;
    struct slice bytes, record, charset = inspect_text(job, "charset");
    enum ww_status status = inspect_file(in, job, &bytes, err);

    if (status != WW_OK)
        return status;
    hints.url = inspect_text(job, "url");
    hints.content_type = inspect_text(job, "content_type");
    if (charset.len > 0)
        hints.content_type =
            arena_printf(&in->arena, "text/html; charset=%.*s", SLICE_ARG(charset));
    hints.now = (int64_t)time(NULL);
    status = steps_parse(inspect_text(job, "without"), &hints.without, err);
    if (status != WW_OK)
        return status;
    parse_request_article(&in->request, bytes, &hints);
    status = inspect_parse(in, &record, err);
    if (status == WW_OK)
        status = parse_answer_article(record, &in->arena, &a, err);
    if (status != WW_OK)
        return status;
    *answer = json_object();
    (void)json_object_set(*answer, "path", json_object_get(job, "path"));
    (void)json_object_set_new(*answer, "title", inspect_string(a.title));
    (void)json_object_set_new(*answer, "author", inspect_string(a.author));
    (void)json_object_set_new(*answer, "date", day_of(&a.published));
    (void)json_object_set_new(*answer, "language", inspect_string(a.language));
    (void)json_object_set_new(*answer, "canonical", inspect_string(a.canonical));
    (void)json_object_set_new(*answer, "is_twin", json_boolean(a.is_twin));
    (void)json_object_set_new(*answer, "site", inspect_string(a.site));
    (void)json_object_set_new(*answer, "description", inspect_string(a.description));
    (void)json_object_set_new(*answer, "published", inspect_instant(&a.published));
    (void)json_object_set_new(*answer, "modified", inspect_instant(&a.modified));
    (void)json_object_set_new(*answer, "published_source",
                              json_string(article_date_sources[a.published_source]));
    (void)json_object_set_new(*answer, "modified_source",
                              json_string(article_date_sources[a.modified_source]));
    (void)json_object_set_new(*answer, "charset", json_string(a.charset));
    (void)json_object_set_new(*answer, "access", json_string(article_accesses[a.access]));
    (void)json_object_set_new(*answer, "section", inspect_string(a.section));
    (void)json_object_set_new(*answer, "text_source",
                              json_string(article_text_sources[a.text_source]));
    (void)json_object_set_new(*answer, "dateline", inspect_string(a.dateline));
    (void)json_object_set_new(*answer, "dateline_place",
                              inspect_string(dateline_place(a.dateline, &in->arena)));
    (void)json_object_set_new(*answer, "credit", inspect_string(a.credit));
    (void)json_object_set_new(*answer, "credit_source",
                              json_string(article_credit_sources[a.credit_source]));
    (void)json_object_set_new(*answer, "source_url", inspect_string(a.source_url));
    (void)json_object_set_new(*answer, "text", inspect_string(a.text));
    (void)json_object_set_new(*answer, "cut", inspect_string(a.cut));
    return WW_OK;
}
