/*
 * parse.c - in the worker: which function answers which kind of question; the frame of every
 * answer.
 */
#include "crawler/parse.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/record.h"

typedef enum ww_status parse_function(struct record *question, struct arena *arena,
                                      struct buf *answer, struct ww_error *err);

static parse_function *const functions[PARSE_KIND_COUNT] = {
    [PARSE_FEED] = parse_feed_run,       [PARSE_SITEMAP] = parse_sitemap_run,
    [PARSE_ARTICLE] = parse_article_run, [PARSE_LINKS] = parse_links_run,
    [PARSE_LISTING] = parse_listing_run, [PARSE_OPML] = parse_opml_run,
    [PARSE_CHARSET] = parse_charset_run, [PARSE_FINDS] = parse_finds_run,
};

void parse_run(struct slice request, struct arena *arena, struct buf *answer)
{
    struct record question = record_open(request);
    struct ww_error err = {0};
    enum ww_status status = WW_INVALID;
    int64_t kind = record_number_in(&question, 0, PARSE_KIND_COUNT - 1);

    record_put_number(answer, WW_OK);
    if (question.failed)
        (void)ww_fail(&err, status, "a question of an unknown kind");
    else
        status = functions[kind](&question, arena, answer, &err);
    if (status == WW_OK)
        status = buf_finish(answer, &err);
    if (status == WW_OK)
        return;
    buf_reset(answer);
    record_put_number(answer, status);
    record_put_text(answer, slice_from(err.message));
}

enum ww_status parse_answer_open(struct slice answer, struct record *r, struct ww_error *err)
{
    enum ww_status status;
    struct slice message;

    *r = record_open(answer);
    status = (enum ww_status)record_number_in(r, WW_OK, WW_STATUS_COUNT - 1);
    if (r->failed)
        return ww_fail(err, WW_INVALID, "a parser's answer could not be read");
    if (status == WW_OK)
        return WW_OK;
    message = record_text(r);
    return ww_fail(err, status, "%.*s", SLICE_ARG(message));
}

enum ww_status parse_answer_close(const struct record *r, struct ww_error *err)
{
    if (record_failed(r))
        return ww_fail(err, WW_INVALID, "a parser's answer could not be read");
    return WW_OK;
}

/* ---- charset: the smallest kind, and the model for the others -------------------------------- */

void parse_request_charset(struct buf *out, struct slice bytes, struct slice content_type)
{
    record_put_number(out, PARSE_CHARSET);
    record_put_text(out, bytes);
    record_put_text(out, content_type);
}

enum ww_status parse_charset_run(struct record *question, struct arena *arena, struct buf *answer,
                                 struct ww_error *err)
{
    struct slice bytes = record_bytes(question);
    struct slice content_type = record_bytes(question);

    WW_UNUSED(arena);
    if (record_failed(question))
        return ww_fail(err, WW_INVALID, "a damaged question");
    record_put_text(answer, slice_from(charset_detect(bytes, CHARSET_HTML,
                                                      charset_from_content_type(content_type))));
    return WW_OK;
}

enum ww_status parse_answer_charset(struct slice record, struct slice *charset,
                                    struct ww_error *err)
{
    struct record r;
    enum ww_status status = parse_answer_open(record, &r, err);

    if (status != WW_OK)
        return status;
    *charset = record_text(&r);
    return parse_answer_close(&r, err);
}
