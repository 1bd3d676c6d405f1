/* parse_opml.c - a list of feeds through the jail: it may come from anybody. */
#include "crawler/parse.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/limits.h"
#include "base/record.h"
#include "feeds/opml.h"

#include <stdint.h>

#define AT(member) offsetof(struct outline, member)
static const size_t texts[] = {AT(title), AT(outlet), AT(url),      AT(page_url), AT(folder),
                               AT(note),  AT(tier),   AT(language), AT(selector), AT(country),
                               AT(tags),  AT(state),  AT(extra)};
#undef AT

static struct slice *text_at(struct outline *row, size_t i)
{
    return (struct slice *)(void *)((char *)row + texts[i]);
}

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
    record_put_number(answer, list.is_broken);
    record_put_number(answer, (int64_t)list.n_dropped);
    record_put_number(answer, (int64_t)list.n_empty);
    record_put_text(answer, list.lost);
    record_put_number(answer, (int64_t)list.n_rows);
    for (size_t i = 0; i < list.n_rows; i++) {
        record_put_number(answer, list.rows[i].kind);
        for (size_t k = 0; k < WW_COUNT(texts); k++)
            record_put_text(answer, *text_at(&list.rows[i], k));
    }
    return WW_OK;
}

enum ww_status parse_answer_opml(struct slice record, struct arena *arena, struct opml *out,
                                 struct ww_error *err)
{
    struct record r;
    enum ww_status status = parse_answer_open(record, &r, err);

    *out = (struct opml){0};
    if (status != WW_OK)
        return status;
    out->is_broken = record_number_in(&r, 0, 1) != 0;
    out->n_dropped = (size_t)record_number_in(&r, 0, INT32_MAX);
    out->n_empty = (size_t)record_number_in(&r, 0, INT32_MAX);
    out->lost = record_text(&r);
    out->n_rows = record_count(&r, OPML_FEEDS_MAX);
    out->rows = arena_array(arena, out->n_rows, sizeof(*out->rows));
    if (out->rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < out->n_rows; i++) {
        out->rows[i].kind =
            (enum outline_kind)record_number_in(&r, OUTLINE_FEED, OUTLINE_KIND_COUNT - 1);
        for (size_t k = 0; k < WW_COUNT(texts); k++)
            *text_at(&out->rows[i], k) = record_text(&r);
    }
    return parse_answer_close(&r, err);
}
