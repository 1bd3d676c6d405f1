/* plain.c - lines made tidy, and which of the first ones is the title. */
#include "extractors/plain.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"
#include "extractors/article.h"
#include "extractors/author.h"
#include "extractors/blocks.h"
#include "extractors/cues.h"
#include "extractors/language.h"

#include <string.h>

/* A dateline is a short line near the top; longer ones, and dates further down, speak of others. */
#define TOP_BYTES 1000
#define DATELINE_BYTES 100
/* "Ana Silva" and "World news" are no titles; in Chinese, eight characters say what a title says.
 */
#define TITLE_WORDS_MIN 3
#define TITLE_CJK_MIN_BYTES 24
/* A longer line is a paragraph; its beginning has to do when there is no title. */
#define TITLE_LINE_MAX_BYTES 200
#define TITLE_CUT_BYTES 120

/* ---- is it? ---------------------------------------------------------------------------------- */

static bool has_tag(struct slice text)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i + 1];

        if (text.ptr[i] == '<' &&
            (c == '!' || c == '/' || c == '?' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')))
            return true;
    }
    return false;
}

bool plain_is(struct slice text, struct slice content_type)
{
    struct slice head = slice_trim(slice_head(text, 512));

    if (!slice_starts_nocase(slice_trim(content_type), SLICE("text/plain")))
        return !has_tag(text);
    return !slice_starts_nocase(head, SLICE("<!doctype")) &&
           !slice_starts_nocase(head, SLICE("<html"));
}

/* ---- text ------------------------------------------------------------------------------------ */

/* Lines without what hangs at their ends, and no more than one empty line between two. */
static struct slice tidy(struct slice text, struct arena *arena)
{
    char *out = arena_alloc(arena, text.len + 1);
    struct slice line;
    bool wants_gap = false;
    size_t n = 0;

    while (out != NULL && slice_next_line(&text, &line)) {
        line = slice_trim(line);
        if (line.len == 0) {
            wants_gap = true;
            continue;
        }
        /* Never longer than the input: each of these stands for an end of line that was there. */
        if (n > 0)
            out[n++] = '\n';
        if (n > 1 && wants_gap)
            out[n++] = '\n';
        memcpy(out + n, line.ptr, line.len);
        n += line.len;
        wants_gap = false;
    }
    return slice_of(out != NULL ? out : "", n);
}

/* ---- title ----------------------------------------------------------------------------------- */

static size_t count_words(struct slice line)
{
    size_t n = 1;

    for (size_t i = 0; i < line.len; i++)
        n += line.ptr[i] == ' ';
    return n;
}

/* A headline may ask or cry out; what ends any other way that a sentence ends is one. */
static bool is_sentence(struct slice line)
{
    static const char *const ends[] = {"?", "!", "\uff1f", "\uff01"};

    for (size_t i = 0; i < WW_COUNT(ends); i++)
        if (slice_ends(line, slice_from(ends[i])))
            return false;
    return blocks_ends_sentence(line);
}

static bool is_dateline(struct slice line)
{
    struct date date;
    struct slice found;

    return date_find(line, DATE_ORDER_UNKNOWN, &date, &found) && found.len * 2 >= line.len;
}

/* What a page's frame leaves when it is copied as text: "Top of page", "By Ana Silva", a date. */
static bool is_leftover(struct slice line, const struct cues *cues)
{
    size_t at = 0;

    if (cues_match(cues, line) != CUE_NONE || cues_begin_byline(line) || is_dateline(line))
        return true;
    return count_words(line) < TITLE_WORDS_MIN &&
           (line.len < TITLE_CJK_MIN_BYTES || !text_is_cjk(text_next_code(line, &at)));
}

static struct slice beginning(struct slice line, struct arena *arena)
{
    size_t space;

    if (line.len <= TITLE_LINE_MAX_BYTES)
        return line;
    line = text_cut(line, TITLE_CUT_BYTES);
    space = slice_find_last_char(line, ' ');
    return arena_printf(arena, "%.*s\u2026", SLICE_ARG(slice_head(line, space)));
}

/*
 * The first short line that is no sentence, and has more to say below it; else how the first
 * paragraph begins; else the first line, whatever it is.
 */
static struct slice find_title(struct slice text, struct arena *arena)
{
    const struct cues *cues = cues_open(arena);
    struct slice rest = text, line, first = {"", 0}, paragraph = {"", 0};

    while (cues != NULL && slice_next_line(&rest, &line) &&
           (size_t)(line.ptr - text.ptr) < TOP_BYTES) {
        if (first.len == 0)
            first = line;
        if (line.len == 0 || is_leftover(line, cues))
            continue;
        if (line.len <= TITLE_LINE_MAX_BYTES && !is_sentence(line) && rest.len > line.len)
            return line;
        /* Below a paragraph, a short line is a heading of a part. */
        paragraph = line;
        break;
    }
    return beginning(paragraph.len > 0 ? paragraph : first, arena);
}

/* ---- author ---------------------------------------------------------------------------------- */

/* "By Ana Silva" on a line of its own at the top; else whom the feed names. */
static struct slice find_author(struct slice text, struct slice fed, struct arena *arena)
{
    struct slice rest = text_cut(text, TOP_BYTES), line;
    struct author_names names;

    while (slice_next_line(&rest, &line)) {
        if (line.len > DATELINE_BYTES || !author_cut_label(&line))
            continue;
        author_clean(line, AUTHOR_GUESSED, &names);
        if (names.n > 0 && names.is_person)
            return author_print(&names, arena);
    }
    author_clean(fed, AUTHOR_STATED, &names);
    return author_print(&names, arena);
}

/* ---- date ------------------------------------------------------------------------------------ */

static bool find_date(struct slice text, int64_t now, struct date *out)
{
    struct slice rest = text_cut(text, TOP_BYTES), line, found;

    while (slice_next_line(&rest, &line))
        if (line.len <= DATELINE_BYTES && date_find(line, DATE_ORDER_UNKNOWN, out, &found) &&
            (now == 0 || out->at <= now + DATE_FUTURE_MAX_S))
            return true;
    *out = (struct date){0};
    return false;
}

void plain_read(struct slice text, const struct article_hints *hints, struct arena *arena,
                struct article *out)
{
    out->text = tidy(text, arena);
    out->title = hints->feed_title.len > 0 ? hints->feed_title : find_title(out->text, arena);
    out->author = find_author(out->text, hints->feed_author, arena);
    out->published = hints->feed_published;
    if (out->published.precision != DATE_NONE)
        out->published_source = ARTICLE_DATE_FEED;
    else if (find_date(out->text, hints->now, &out->published))
        out->published_source = ARTICLE_DATE_TEXT;
    out->language = language_guess(out->text, (struct slice){"", 0}, arena);
}
