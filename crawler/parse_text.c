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

/* A dateline is a short line near the top; longer ones, and dates further down, speak of others. */
#define TOP_BYTES 1000
#define DATELINE_BYTES 100
/* "By Ana Silva" and "Home" are no titles; a paragraph is none either, but begins like one. */
#define TITLE_WORDS_MIN 4
#define TITLE_CJK_MIN_BYTES 24
#define TITLE_LINE_MAX_BYTES 200
#define TITLE_CUT_BYTES 120

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

static bool is_title(struct slice line)
{
    size_t n_words = 1, offset = 0;

    for (size_t i = 0; i < line.len; i++)
        n_words += line.ptr[i] == ' ';
    return n_words >= TITLE_WORDS_MIN ||
           (line.len >= TITLE_CJK_MIN_BYTES && text_is_cjk(text_next_code(line, &offset)));
}

static struct slice find_title(struct slice text, struct arena *arena)
{
    struct slice rest = slice_head(text, TOP_BYTES), line, first = {"", 0};

    while (slice_next_line(&rest, &line) && !is_title(line))
        if (first.len == 0)
            first = line;
    if (rest.ptr == NULL && !is_title(line))
        return text_cut(first, TITLE_LINE_MAX_BYTES);
    if (line.len <= TITLE_LINE_MAX_BYTES)
        return line;
    line = text_cut(line, TITLE_CUT_BYTES);
    if (slice_find_last_char(line, ' ') < line.len)
        line = slice_head(line, slice_find_last_char(line, ' '));
    return arena_printf(arena, "%.*s\u2026", SLICE_ARG(line));
}

static bool find_date(struct slice text, struct date *out)
{
    struct slice rest = text_cut(text, TOP_BYTES), line, found;

    while (slice_next_line(&rest, &line))
        if (line.len <= DATELINE_BYTES && date_find(line, DATE_ORDER_UNKNOWN, out, &found))
            return true;
    return false;
}

enum ww_status parse_plain_text(struct slice bytes, struct slice content_type, struct arena *arena,
                                struct article *out, struct ww_error *err)
{
    const char *charset =
        charset_detect(bytes, CHARSET_PLAIN, charset_from_content_type(content_type));
    struct slice text = {"", 0};
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
    if (out->text.len == 0)
        return ww_fail(err, WW_INVALID, "no text in it");
    out->title = find_title(out->text, arena);
    if (find_date(out->text, &out->published))
        out->published_source = ARTICLE_DATE_TEXT;
    return arena_check(arena, err);
}
