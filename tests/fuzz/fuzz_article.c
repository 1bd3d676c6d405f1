/*
 * fuzz_article.c - any bytes as a page: no crash, texts are UTF-8, dates credible. What the crawler
 * knows of the page follows it, in the order of the hints, behind U+001E each.
 */
#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/article.h"
#include "extractors/dateline.h"

#include <stdint.h>
#include <stdlib.h>

#define NOW 1763769600

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct article *a)
{
    const struct slice texts[] = {
        a->title,    a->author,      a->text,    a->cut,      a->whole,  a->site,      a->canonical,
        a->language, a->description, a->section, a->dateline, a->credit, a->source_url};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (!text_is_utf8(texts[i]))
            abort();
    if (a->dateline.len > 0 &&
        (a->dateline.ptr < a->text.ptr || a->dateline.len > DATELINE_MAX_BYTES ||
         a->dateline.ptr + a->dateline.len > a->text.ptr + a->text.len))
        abort();
    if (a->source_url.len > 0 && !url_is_fetchable(a->source_url))
        abort();
    if (a->n_lines > ARTICLE_LINES_MAX || a->charset == NULL)
        abort();
    if (a->published.precision != DATE_NONE && a->published.at > NOW + 2 * DATE_FUTURE_MAX_S)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = slice_of(data, size), page = {"", 0}, word = {"", 0};
    struct article_hints hints = {.now = NOW};
    struct slice *const fields[] = {&hints.url,         &hints.content_type, &hints.feed_title,
                                    &hints.feed_author, &hints.feed_text,    &hints.site_name,
                                    &hints.rules};
    struct arena arena;
    struct article a;

    (void)slice_next(&rest, 0x1E, &page);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        *fields[i] = slice_next(&rest, 0x1E, &word) && text_is_utf8(word) &&
                             slice_find_char(word, '\0') == word.len
                         ? word
                         : (struct slice){"", 0};
    if (hints.url.len == 0)
        hints.url = SLICE("https://news.example/2023/05/03/x");
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    if (article_extract(page, &hints, &arena, &a, NULL) == WW_OK)
        check(&a);
    arena_release(&arena);
    return 0;
}
