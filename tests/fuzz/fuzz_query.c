/*
 * fuzz_query.c - any bytes as a query, the text behind the first line end; as a rule and as a
 * guard. An error lies in the query, a caret under it is one line; a mention lies in its field.
 */
#include "alerts/query.h"

#include "alerts/mentions.h"
#include "alerts/query_eval.h"
#include "alerts/watchlist.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char usual[] =
    "Oldmoor (Wire) - The dam at the lake, \xE6\xB0\xB4\xE5\x9D\x9D, broke. "
    "Women of the lake\nsaw dams. Dam!\n\nThe lakes: (Ann Lee/Wire)\n";

static void show(struct slice text, size_t at)
{
    struct buf out;
    size_t n_lines = 0;

    assert(at <= text.len);
    buf_init(&out, (size_t)1024 * 1024);
    query_show_place(text, at, &out);
    for (size_t i = 0; i < out.len; i++)
        n_lines += out.ptr[i] == '\n';
    assert(n_lines == 2);
    buf_release(&out);
}

static void find(const struct watchlist *w, struct slice text, struct arena *arena)
{
    struct mention_article article = {SLICE("A dam"), text, SLICE("en")};
    struct mention_engine *engine;
    struct mention_report report;

    if (mentions_open(w, arena, &engine, NULL) != WW_OK ||
        mentions_find(engine, &article, arena, &report, NULL) != WW_OK)
        return;
    assert(report.n_mentions <= 1);
    for (size_t i = 0; i < report.n_mentions; i++) {
        const struct mention *m = &report.mentions[i];
        struct slice field = m->at.field == MENTION_TITLE ? article.title : article.text;

        assert(m->at.start < m->at.end && m->at.end <= m->at.sentence_end);
        assert(m->at.sentence_start <= m->at.start && m->at.sentence_end <= field.len);
        assert(m->term_start <= m->term_end && m->term_end <= field.len);
        assert(text_is_utf8(slice_sub(field, m->at.start, m->at.end - m->at.start)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice input = slice_of(data, size);
    struct slice text = slice_head(input, slice_find_char(input, '\n'));
    struct slice rest = slice_skip(input, text.len + 1);
    struct query_words words = {0};
    struct query *q;
    struct arena arena;
    struct watchlist w;
    size_t at = 0;

    arena_init(&arena, (size_t)256 * 1024 * 1024);
    if (watchlist_of_query(text, &arena, &w, &at, NULL) == WW_OK)
        find(&w, rest.len > 0 ? text_clean(rest, &arena) : slice_from(usual), &arena);
    else
        show(text, at);
    at = 0;
    if (query_parse_guard(text, &words, &arena, &q, &at, NULL) != WW_OK)
        show(text, at);
    arena_release(&arena);
    return 0;
}
