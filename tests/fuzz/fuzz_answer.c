/*
 * fuzz_answer.c - what a worker that was taken over may send: the parent reads it, checks it, and
 * touches every byte that it believed.
 */
#include "base/arena.h"
#include "base/text.h"
#include "crawler/parse.h"
#include "extractors/article.h"
#include "extractors/links.h"
#include "feeds/feed.h"
#include "feeds/sitemap.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must_be_text(struct slice s)
{
    if (!text_is_utf8(s))
        abort();
}

static void read_feed(struct slice record, struct arena *arena)
{
    struct feed feed = {0};
    struct slice charset = {"", 0};

    if (parse_answer_feed(record, arena, &feed, &charset, NULL) != WW_OK)
        return;
    must_be_text(feed.title);
    for (size_t i = 0; i < feed.n_entries; i++) {
        must_be_text(feed.entries[i].id);
        must_be_text(feed.entries[i].link);
        must_be_text(feed.entries[i].content);
    }
}

static void read_article(struct slice record, struct arena *arena)
{
    struct article article = {0};

    if (parse_answer_article(record, arena, &article, NULL) != WW_OK)
        return;
    must_be_text(article.title);
    must_be_text(article.text);
    must_be_text(article.canonical);
    if (article.charset == NULL)
        abort();
}

static void read_finds(struct slice record, struct arena *arena)
{
    struct finds finds = {0};

    if (parse_answer_finds(record, arena, &finds, NULL) != WW_OK)
        return;
    must_be_text(finds.next);
    must_be_text(finds.about);
    for (size_t i = 0; i < finds.n_rows; i++) {
        must_be_text(finds.rows[i].url);
        must_be_text(finds.rows[i].text);
        must_be_text(finds.rows[i].mime);
    }
    for (size_t i = 0; i < finds.n_lists; i++)
        must_be_text(finds.lists[i].url);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct slice record = slice_of(bytes, len);
    struct sitemap sitemap = {0};
    struct page_links links = {0};
    struct slice charset = {"", 0};
    struct arena arena;

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    read_feed(record, &arena);
    read_article(record, &arena);
    read_finds(record, &arena);
    if (parse_answer_sitemap(record, &arena, &sitemap, NULL) == WW_OK)
        for (size_t i = 0; i < sitemap.n_urls; i++)
            must_be_text(sitemap.urls[i].loc);
    if (parse_answer_links(record, &arena, &links, NULL) == WW_OK)
        for (size_t i = 0; i < links.n_feeds; i++)
            must_be_text(links.feeds[i].url);
    if (parse_answer_charset(record, &charset, NULL) == WW_OK)
        must_be_text(charset);
    arena_release(&arena);
    return 0;
}
