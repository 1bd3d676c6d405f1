/* parse_opml.c - a list of feeds through the jail: it may come from anybody. */
#include "crawler/parse.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/limits.h"
#include "base/record.h"
#include "feeds/opml.h"

void parse_request_opml(struct buf *out, struct slice bytes)
{
    record_put_number(out, PARSE_OPML);
    record_put_text(out, bytes);
}

enum ww_status parse_opml_run(struct record *question, struct arena *arena, struct buf *answer,
                              struct ww_error *err)
{
    struct slice bytes = record_bytes(question);
    struct slice utf8;
    struct opml list;
    enum ww_status status;

    if (record_failed(question))
        return ww_fail(err, WW_INVALID, "a damaged question");
    status = charset_decode(bytes, charset_detect(bytes, CHARSET_XML, (struct slice){"", 0}), arena,
                            &utf8, err);
    if (status == WW_OK)
        status = opml_parse(utf8, arena, &list, err);
    if (status != WW_OK)
        return status;
    record_put_number(answer, (int64_t)list.n_rows);
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct outline *o = &list.rows[i];

        record_put_text(answer, o->title);
        record_put_text(answer, o->url);
        record_put_text(answer, o->page_url);
        record_put_text(answer, o->folder);
        record_put_text(answer, o->language);
        record_put_text(answer, o->country);
    }
    return WW_OK;
}

enum ww_status parse_answer_opml(struct slice record, struct arena *arena, struct opml *out,
                                 struct ww_error *err)
{
    struct record r;
    enum ww_status status = parse_answer_open(record, &r, err);

    if (status != WW_OK)
        return status;
    *out = (struct opml){.n_rows = record_count(&r, OPML_FEEDS_MAX)};
    out->rows = arena_array(arena, out->n_rows, sizeof(*out->rows));
    if (out->rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < out->n_rows; i++) {
        struct outline *o = &out->rows[i];

        o->title = record_text(&r);
        o->url = record_text(&r);
        o->page_url = record_text(&r);
        o->folder = record_text(&r);
        o->language = record_text(&r);
        o->country = record_text(&r);
    }
    return parse_answer_close(&r, err);
}
