/*
 * parse_finds.c - questions about lists of history, and their answers.
 *
 * Most members of a row are absent in most lists: a row begins with a number whose bits say which
 * ones follow, in the order of the tables here.
 */
#include "crawler/parse.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/limits.h"
#include "base/record.h"
#include "feeds/finds.h"

#include <stddef.h>

static const size_t row_texts[] = {
    offsetof(struct find, url),      offsetof(struct find, title),   offsetof(struct find, author),
    offsetof(struct find, language), offsetof(struct find, source),  offsetof(struct find, feed),
    offsetof(struct find, text),     offsetof(struct find, capture), offsetof(struct find, digest),
    offsetof(struct find, mime),
};

static const size_t row_dates[] = {
    offsetof(struct find, published),
    offsetof(struct find, modified),
    offsetof(struct find, captured),
};

/* The bits of what a row has; those of texts and dates stand in the tables' order. */
enum {
    ROW_DATES = WW_COUNT(row_texts),
    ROW_RECORD = ROW_DATES + WW_COUNT(row_dates), /* offset and length */
    ROW_STATUS,
    ROW_BITS
};

void parse_request_finds(struct buf *out, enum finds_format format, struct slice bytes,
                         struct slice content_type, struct slice base)
{
    record_put_number(out, PARSE_FINDS);
    record_put_number(out, format);
    record_put_text(out, bytes);
    record_put_text(out, content_type);
    record_put_text(out, base);
}

/* ---- in the worker --------------------------------------------------------------------------- */

static const struct slice *text_in(const struct find *row, size_t i)
{
    return (const struct slice *)(const void *)((const char *)row + row_texts[i]);
}

static const struct date *date_in(const struct find *row, size_t i)
{
    return (const struct date *)(const void *)((const char *)row + row_dates[i]);
}

static void put_row(struct buf *out, const struct find *row)
{
    int64_t bits = 0;

    for (size_t i = 0; i < WW_COUNT(row_texts); i++)
        bits |= (int64_t)(text_in(row, i)->len > 0) << i;
    for (size_t i = 0; i < WW_COUNT(row_dates); i++)
        bits |= (int64_t)(date_in(row, i)->precision != DATE_NONE) << (ROW_DATES + i);
    bits |= (int64_t)(row->length > 0 || row->offset > 0) << ROW_RECORD;
    bits |= (int64_t)(row->status != 0) << ROW_STATUS;
    record_put_number(out, bits);
    for (size_t i = 0; i < WW_COUNT(row_texts); i++)
        if (text_in(row, i)->len > 0)
            record_put_text(out, *text_in(row, i));
    for (size_t i = 0; i < WW_COUNT(row_dates); i++)
        if (date_in(row, i)->precision != DATE_NONE)
            parse_put_date(out, date_in(row, i));
    if ((bits >> ROW_RECORD & 1) != 0) {
        record_put_number(out, row->offset);
        record_put_number(out, row->length);
    }
    if (row->status != 0)
        record_put_number(out, row->status);
}

static void put_list(struct buf *out, const struct finds_list *list)
{
    record_put_text(out, list->url);
    record_put_text(out, list->name);
    parse_put_date(out, &list->about);
    parse_put_date(out, &list->until);
    record_put_number(out, list->is_month);
}

static enum charset_kind kind_of(enum finds_format format)
{
    return format == FINDS_SITEMAP || format == FINDS_FEED || format == FINDS_MEDIACLOUD
               ? CHARSET_XML
               : CHARSET_PLAIN;
}

enum ww_status parse_finds_run(struct record *question, struct arena *arena, struct buf *answer,
                               struct ww_error *err)
{
    const enum finds_format format =
        (enum finds_format)record_number_in(question, 0, FINDS_FORMAT_COUNT - 1);
    struct slice bytes = record_bytes(question);
    struct slice content_type = record_bytes(question);
    struct slice base = record_bytes(question);
    struct slice utf8 = {0};
    struct finds finds;
    const char *charset;
    enum ww_status status;

    if (record_failed(question))
        return ww_fail(err, WW_INVALID, "a damaged question");
    charset = charset_detect(bytes, kind_of(format), charset_from_content_type(content_type));
    status = charset_decode(bytes, charset, arena, &utf8, err);
    if (status == WW_OK)
        status = finds_read(format, utf8, base, arena, &finds, err);
    if (status != WW_OK)
        return status;
    record_put_text(answer, finds.next);
    record_put_text(answer, finds.about);
    record_put_number(answer, finds.is_complete);
    record_put_number(answer, finds.is_cut);
    record_put_number(answer, finds.n_pages);
    record_put_number(answer, (int64_t)finds.n_bad);
    record_put_number(answer, (int64_t)finds.n_dropped);
    record_put_number(answer, (int64_t)finds.n_rows);
    for (size_t i = 0; i < finds.n_rows; i++)
        put_row(answer, &finds.rows[i]);
    record_put_number(answer, (int64_t)finds.n_lists);
    for (size_t i = 0; i < finds.n_lists; i++)
        put_list(answer, &finds.lists[i]);
    return WW_OK;
}

/* ---- in the parent --------------------------------------------------------------------------- */

static void get_row(struct record *r, struct find *row)
{
    const int64_t bits = record_number_in(r, 0, ((int64_t)1 << ROW_BITS) - 1);
    char *at = (char *)row;

    for (size_t i = 0; i < WW_COUNT(row_texts); i++)
        if ((bits >> i & 1) != 0)
            *(struct slice *)(void *)(at + row_texts[i]) = record_text(r);
    for (size_t i = 0; i < WW_COUNT(row_dates); i++)
        if ((bits >> (ROW_DATES + i) & 1) != 0)
            *(struct date *)(void *)(at + row_dates[i]) = parse_get_date(r);
    if ((bits >> ROW_RECORD & 1) != 0) {
        row->offset = record_number_in(r, 0, INT64_MAX);
        row->length = record_number_in(r, 0, INT64_MAX);
    }
    if ((bits >> ROW_STATUS & 1) != 0)
        row->status = (long)record_number_in(r, 0, 999);
}

static void get_list(struct record *r, struct finds_list *list)
{
    list->url = record_text(r);
    list->name = record_text(r);
    list->about = parse_get_date(r);
    list->until = parse_get_date(r);
    list->is_month = record_number_in(r, 0, 1) == 1;
}

enum ww_status parse_answer_finds(struct slice record, struct arena *arena, struct finds *out,
                                  struct ww_error *err)
{
    struct record r;
    enum ww_status status = parse_answer_open(record, &r, err);

    *out = (struct finds){.n_pages = -1};
    if (status != WW_OK)
        return status;
    out->next = record_text(&r);
    out->about = record_text(&r);
    out->is_complete = record_number_in(&r, 0, 1) == 1;
    out->is_cut = record_number_in(&r, 0, 1) == 1;
    out->n_pages = record_number_in(&r, -1, INT32_MAX);
    out->n_bad = (size_t)record_number_in(&r, 0, INT32_MAX);
    out->n_dropped = (size_t)record_number_in(&r, 0, INT32_MAX);
    out->n_rows = record_count(&r, FINDS_MAX);
    out->rows = parse_get_room(&r, arena, out->n_rows, sizeof(*out->rows));
    for (size_t i = 0; out->rows != NULL && i < out->n_rows && !r.failed; i++)
        get_row(&r, &out->rows[i]);
    out->n_lists = record_count(&r, FINDS_MAX);
    out->lists = parse_get_room(&r, arena, out->n_lists, sizeof(*out->lists));
    for (size_t i = 0; out->lists != NULL && i < out->n_lists && !r.failed; i++)
        get_list(&r, &out->lists[i]);
    return parse_answer_close(&r, err);
}
