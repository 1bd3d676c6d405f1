/*
 * fuzz_mentions.c - any bytes as an article against a small list, or as a list against an article.
 * Every span must lie inside its field and every quote must be whole characters.
 */
#include "alerts/mentions.h"
#include "alerts/watchlist_lint.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/record.h"
#include "base/text.h"

#include <assert.h>
#include <stdint.h>

static const char stations[] = "id,site,kind,match_scope,country,aliases,context_aliases\n"
                               "a,x-town,site,city,XX,Old Mill Trust,Mill Road|河边\n";
static const char bodies[] =
    "id,kind,aliases,place_names\nb,body,en:Water Board|zh:水务局,Lund~|水城\n";
static const char places[] =
    "id,type,country,name,names,demonyms,disambiguation,watch\n"
    "x-town,city,XX,Town,cs:Měst~|zh:城,,reject Town Hall;negative: moon,station\n"
    "y,city,XX,Village,,,positive: river,gazetteer\n"
    "xx,country,XX,Xland,,en:Xish,,named-country\n";
static const char terms[] =
    "language,term,role,strength,case_sensitive\n"
    "en,dam~ * closed,site-term,strong,no\nen,gate~,term,topical,no\n"
    "en,lock~,term,weak,yes\nen,river,anchor,,no\nen,related:,boilerplate,,no\n"
    "en,@ Times,veto,,no\nen,in,locative,,no\nzh,大坝,term,strong,no\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_span(const struct mention_article *article, const struct mention_span *at)
{
    struct slice field = at->field == MENTION_TITLE ? article->title : article->text;

    assert(at->start < at->end && at->end <= field.len);
    assert(at->sentence_start <= at->start && at->end <= at->sentence_end);
    assert(at->sentence_end <= field.len);
    assert(text_is_utf8(slice_sub(field, at->start, at->end - at->start)));
}

static void search(struct slice content, const struct mention_article *article)
{
    struct arena arena;
    struct watchlist w;
    struct watch_findings findings = {0};
    struct mention_engine *engine;
    struct mention_report report;

    arena_init(&arena, (size_t)256 * 1024 * 1024);
    if (watchlist_examine(content, &arena, &w, &findings, NULL) == WW_OK &&
        mentions_open(&w, &arena, &engine, NULL) == WW_OK &&
        mentions_find(engine, article, &arena, &report, NULL) == WW_OK) {
        for (size_t i = 0; i < report.n_mentions; i++)
            check_span(article, &report.mentions[i].at);
        for (size_t i = 0; i < report.n_candidates; i++)
            check_span(article, &report.candidates[i].at);
        (void)watchlist_lint(&w, &arena, &findings, NULL);
    }
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct buf content;
    struct slice input = slice_of(data, size);
    struct mention_article article = {.title = SLICE("The dams were closed"),
                                      .language = SLICE("en")};

    arena_init(&arena, (size_t)64 * 1024 * 1024);
    buf_init(&content, (size_t)64 * 1024 * 1024);
    record_put_text(&content, SLICE("stations.csv"));
    record_put_text(&content, slice_from(stations));
    record_put_text(&content, SLICE("jurisdictions.csv"));
    record_put_text(&content, slice_from(bodies));
    if (size > 0 && data[0] == 'L') {
        record_put_text(&content, SLICE("places.csv"));
        record_put_text(&content, slice_head(slice_skip(input, 1), size / 2));
        record_put_text(&content, SLICE("terms.csv"));
        record_put_text(&content, slice_skip(input, size / 2));
        article.text =
            SLICE("The dam in Town was closed. Old Mill Trust in Village, near the river.");
    } else {
        record_put_text(&content, SLICE("places.csv"));
        record_put_text(&content, slice_from(places));
        record_put_text(&content, SLICE("terms.csv"));
        record_put_text(&content, slice_from(terms));
        article.text = text_clean(input, &arena);
    }
    search(buf_slice(&content), &article);
    buf_release(&content);
    arena_release(&arena);
    return 0;
}
