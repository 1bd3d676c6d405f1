/* inspect_charset.c - which encoding a file is really in. */
#include "cli/inspect.h"
#include "crawler/parse.h"

enum ww_status inspect_charset(struct inspect *in, const json_t *job, json_t **answer,
                               struct ww_error *err)
{
    struct slice bytes, record, charset;
    enum ww_status status = inspect_file(in, job, &bytes, err);

    if (status != WW_OK)
        return status;
    parse_request_charset(&in->request, bytes, inspect_text(job, "content_type"));
    status = inspect_parse(in, &record, err);
    if (status == WW_OK)
        status = parse_answer_charset(record, &charset, err);
    if (status != WW_OK)
        return status;
    *answer = json_object();
    (void)json_object_set(*answer, "path", json_object_get(job, "path"));
    (void)json_object_set_new(*answer, "charset", inspect_string(charset));
    return WW_OK;
}
