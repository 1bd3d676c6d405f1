/* parse_article.c - questions and answers about pages. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/limits.h"
#include "base/record.h"
#include "crawler/mail_article.h"
#include "crawler/parse.h"
#include "extractors/article.h"
#include "extractors/rules.h"

#include <string.h>

static void put_date(struct buf *out, const struct date *d)
{
    record_put_number(out, d->at);
    record_put_number(out, (int64_t)d->precision);
    record_put_number(out, d->has_zone);
    record_put_number(out, d->zone_s);
}

/* A zone is at most a day away: nothing else is added to a time. */
static void read_date(struct record *r, struct date *d)
{
    d->at = record_number(r);
    d->precision = (enum date_precision)record_number_in(r, DATE_NONE, DATE_SECOND);
    d->has_zone = record_number_in(r, 0, 1) == 1;
    d->zone_s = (int32_t)record_number_in(r, -24 * 3600, 24 * 3600);
}

static enum article_date_source read_date_source(struct record *r)
{
    return (enum article_date_source)record_number_in(r, 0, ARTICLE_DATE_SOURCE_COUNT - 1);
}

/* Both ends are this program on this machine. */
static void put_hashes(struct buf *out, const uint64_t *hashes, size_t n)
{
    record_put_text(out, slice_of(n > 0 ? (const char *)hashes : "", n * sizeof(*hashes)));
}

static const uint64_t *read_hashes(struct record *r, struct arena *arena, size_t *n)
{
    struct slice bytes = record_bytes(r);
    uint64_t *hashes;

    *n = bytes.len / sizeof(*hashes);
    hashes = *n > 0 ? arena_array(arena, *n, sizeof(*hashes)) : NULL;
    if (hashes == NULL)
        *n = 0;
    else
        memcpy(hashes, bytes.ptr, *n * sizeof(*hashes));
    return hashes;
}

void parse_request_article(struct buf *out, struct slice bytes, const struct article_hints *hints)
{
    record_put_number(out, PARSE_ARTICLE);
    record_put_text(out, bytes);
    record_put_text(out, hints->url);
    record_put_text(out, hints->content_type);
    record_put_text(out, hints->feed_title);
    record_put_text(out, hints->feed_author);
    record_put_text(out, hints->feed_text);
    put_date(out, &hints->feed_published);
    record_put_number(out, hints->now);
    record_put_text(out, hints->site_name);
    put_hashes(out, hints->furniture, hints->n_furniture);
    record_put_text(out, hints->rules);
    record_put_number(out, hints->without);
}

void parse_article_document(struct slice request, struct slice *bytes, struct slice *content_type)
{
    struct record r = record_open(request);

    (void)record_number(&r);
    *bytes = record_bytes(&r);
    (void)record_bytes(&r); /* the address */
    *content_type = record_bytes(&r);
}

enum ww_status parse_article_run(struct record *question, struct arena *arena, struct buf *answer,
                                 struct ww_error *err)
{
    struct slice bytes = record_bytes(question);
    struct article_hints hints = {0};
    struct article a;
    enum ww_status status;

    hints.url = record_bytes(question);
    hints.content_type = record_bytes(question);
    hints.feed_title = record_bytes(question);
    hints.feed_author = record_bytes(question);
    hints.feed_text = record_bytes(question);
    read_date(question, &hints.feed_published);
    hints.now = record_number(question);
    hints.site_name = record_bytes(question);
    hints.furniture = read_hashes(question, arena, &hints.n_furniture);
    hints.rules = record_bytes(question);
    hints.without = (uint32_t)record_number(question);
    if (record_failed(question))
        return ww_fail(err, WW_INVALID, "a damaged question");
    status = mail_article_is(hints.content_type)
                 ? mail_article_extract(bytes, &hints, arena, &a, err)
                 : article_extract(bytes, &hints, arena, &a, err);
    if (status != WW_OK)
        return status;
    record_put_text(answer, a.title);
    record_put_text(answer, a.author);
    record_put_text(answer, a.text);
    record_put_text(answer, a.cut);
    record_put_text(answer, a.whole);
    record_put_text(answer, a.site);
    record_put_text(answer, a.canonical);
    record_put_number(answer, a.is_twin);
    record_put_text(answer, a.language);
    record_put_text(answer, a.description);
    record_put_text(answer, a.section);
    record_put_text(answer, a.dateline);
    record_put_text(answer, a.credit);
    record_put_text(answer, a.source_url);
    record_put_number(answer, (int64_t)a.credit_source);
    record_put_text(answer, slice_from(a.charset));
    put_date(answer, &a.published);
    put_date(answer, &a.modified);
    record_put_number(answer, (int64_t)a.published_source);
    record_put_number(answer, (int64_t)a.modified_source);
    record_put_number(answer, (int64_t)a.access);
    record_put_number(answer, (int64_t)a.text_source);
    record_put_number(answer, a.rules_matched);
    put_hashes(answer, a.lines, a.n_lines);
    return WW_OK;
}

enum ww_status parse_answer_article(struct slice record, struct arena *arena, struct article *out,
                                    struct ww_error *err)
{
    struct record r;
    enum ww_status status = parse_answer_open(record, &r, err);

    *out = (struct article){0};
    if (status != WW_OK)
        return status;
    out->title = record_text(&r);
    out->author = record_text(&r);
    out->text = record_text(&r);
    out->cut = record_text(&r);
    out->whole = record_text(&r);
    out->site = record_text(&r);
    out->canonical = record_text(&r);
    out->is_twin = record_number_in(&r, 0, 1) == 1;
    out->language = record_text(&r);
    out->description = record_text(&r);
    out->section = record_text(&r);
    out->dateline = record_text(&r);
    out->credit = record_text(&r);
    out->source_url = record_text(&r);
    out->credit_source =
        (enum article_credit_source)record_number_in(&r, 0, ARTICLE_CREDIT_SOURCE_COUNT - 1);
    /* A name of our own table again: the parent keeps no pointer of a worker's choosing. */
    out->charset = charset_from_label(record_text(&r));
    read_date(&r, &out->published);
    read_date(&r, &out->modified);
    out->published_source = read_date_source(&r);
    out->modified_source = read_date_source(&r);
    out->access = (enum article_access)record_number_in(&r, 0, ARTICLE_ACCESS_COUNT - 1);
    out->text_source =
        (enum article_text_source)record_number_in(&r, 0, ARTICLE_TEXT_SOURCE_COUNT - 1);
    out->rules_matched = (uint32_t)record_number_in(&r, 0, (1 << RULE_KEY_COUNT) - 1);
    out->lines = read_hashes(&r, arena, &out->n_lines);
    if (out->n_lines > ARTICLE_LINES_MAX)
        r.failed = true;
    if (out->charset == NULL)
        r.failed = true;
    return parse_answer_close(&r, err);
}
