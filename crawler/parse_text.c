/*
 * parse_text.c - a plain text is an article too: its first line is the title, its first date the
 * date, and nothing of it is boilerplate.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/limits.h"
#include "base/text.h"
#include "crawler/parse.h"
#include "extractors/article.h"

/* A dateline stands near the top; further down dates are what the text speaks of. */
#define DATELINE_BYTES 1000

/* Lines without what hangs at their ends, and no more than one empty line between two. */
static struct slice tidy(struct slice text, struct arena *arena, struct ww_error *err)
{
    struct buf out;
    struct slice line, tidied;
    bool wants_gap = false;

    buf_init(&out, ARTICLE_TEXT_MAX_BYTES + 4);
    while (slice_next_line(&text, &line)) {
        line = slice_trim(line);
        if (line.len == 0) {
            wants_gap = out.len > 0;
            continue;
        }
        if (out.len + line.len + 3 > ARTICLE_TEXT_MAX_BYTES)
            break;
        if (out.len > 0)
            buf_add_string(&out, wants_gap ? "\n\n" : "\n");
        buf_add(&out, line);
        wants_gap = false;
    }
    tidied = arena_copy(arena, buf_slice(&out));
    if (buf_finish(&out, err) != WW_OK)
        tidied = (struct slice){NULL, 0};
    buf_release(&out);
    return tidied;
}

enum ww_status parse_plain_text(struct slice bytes, struct slice content_type, struct arena *arena,
                                struct article *out, struct ww_error *err)
{
    const char *charset =
        charset_detect(bytes, CHARSET_PLAIN, charset_from_content_type(content_type));
    struct slice text = {"", 0}, found, rest;
    enum ww_status status = charset_decode(bytes, charset, arena, &text, err);

    *out = (struct article){.charset = charset, .access = ARTICLE_OPEN};
    if (status != WW_OK)
        return status;
    out->text = tidy(text, arena, err);
    status = arena_check(arena, err);
    if (status != WW_OK)
        return status;
    if (out->text.ptr == NULL)
        return WW_NOMEM;
    rest = out->text;
    if (!slice_next_line(&rest, &out->title) || out->text.len == 0)
        return ww_fail(err, WW_INVALID, "no text in it");
    out->title = text_cut(out->title, TITLE_MAX_BYTES);
    if (date_find(text_cut(out->text, DATELINE_BYTES), DATE_ORDER_UNKNOWN, &out->published, &found))
        out->published_source = ARTICLE_DATE_TEXT;
    return WW_OK;
}
