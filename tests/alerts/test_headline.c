/* test_headline.c - which titles and addresses speak for a page, which are silent, which are not.
 */
#include "alerts/headline.h"

#include "alerts/mentions.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)256 * 1024 * 1024)
#define LIST "tests/alerts/data/headline"
#define HOST "https://dam-failure.river.example"

static struct arena arena;
static struct watchlist list;
static struct mention_engine *engine;

static enum headline_verdict judge(const char *title, const char *url)
{
    struct arena scratch;
    enum headline_verdict verdict = HEADLINE_SPEAKS;

    arena_init(&scratch, ARENA_MAX);
    assert_int_equal(
        headline_judge(engine, slice_from(title), slice_from(url), &scratch, &verdict, NULL),
        WW_OK);
    arena_release(&scratch);
    return verdict;
}

static void test_verdicts(void **state)
{
    static const struct {
        const char *title, *url;
        enum headline_verdict want;
    } cases[] = {
  /* names, terms, anchors */
        {"Oldmoor Barrage turns fifty",    HOST "/1",                                      HEADLINE_SPEAKS},
        {"Tern Valley Authority elects",   HOST "/1",                                      HEADLINE_SPEAKS},
        {"Fish return to the Tern",        HOST "/1",                                      HEADLINE_SPEAKS},
        {"A café in Heron Lane",          HOST "/1",                                      HEADLINE_SPEAKS},
        {"Dam failure: what we know",      HOST "/1",                                      HEADLINE_SPEAKS},
        {"The sluice must go",             HOST "/1",                                      HEADLINE_SPEAKS},
        {"On the river again",             HOST "/1",                                      HEADLINE_SPEAKS},
        {"Operation Dry Bed goes on",      HOST "/1",                                      HEADLINE_SPEAKS},
        {"溃坝事故调查",             HOST "/1",                                      HEADLINE_SPEAKS},
 /* a place of a site beside a word of the field; alone it is one of many */
        {"Hole in the wall of Oldmoor",    HOST "/1",                                      HEADLINE_SPEAKS},
        {"Oldmoor wins the cup",           HOST "/1",                                      HEADLINE_PASSED},
        {"A wall is painted",              HOST "/1",                                      HEADLINE_PASSED},
        {"British lanes are narrow",       HOST "/1",                                      HEADLINE_PASSED},
        {"Newmoor and its wall",           HOST "/1",                                      HEADLINE_PASSED},
        {"operation dry bed",              HOST "/1",                                      HEADLINE_PASSED},
 /* what the analysts' rules need */
        {"The new ferry timetables",       HOST "/1",                                      HEADLINE_SPEAKS},
        {"A harbour without an anchorage", HOST "/1",                                      HEADLINE_SPEAKS},
 /* addresses: the path counts, with and without a title */
        {"Breaking",                       HOST "/2022/10/dam-failure-at-night.html",      HEADLINE_SPEAKS},
        {"",                               HOST "/news/The_old_river_is_dry",              HEADLINE_SPEAKS},
        {"",                               HOST "/a/%E6%BA%83%E5%9D%9D%E4%BA%8B%E6%95%85", HEADLINE_SPEAKS},
        {"",                               HOST "/sport/a-draw-in-the-rain-12345.html",    HEADLINE_PASSED},
        {"A draw in the rain",             HOST "/12345.html",                             HEADLINE_PASSED},
        {"",                               HOST "/river/2022/12345",                       HEADLINE_SPEAKS},
 /* nothing to go by */
        {"",                               HOST "/news/2022/10/12345.html",                HEADLINE_SILENT},
        {"  ",                             HOST "/?p=8172",                                HEADLINE_SILENT},
        {"",                               HOST "/a/550e8400-e29b-41d4-a716-44665544",     HEADLINE_SILENT},
        {"",                               HOST,                                           HEADLINE_SILENT},
        {"",                               "",                                             HEADLINE_SILENT},
        {"",                               "%",                                            HEADLINE_SILENT},
        {"",                               "http://a.example/%ff%00%zz-%e6%ba",            HEADLINE_SILENT},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const enum headline_verdict got = judge(cases[i].title, cases[i].url);

        if (got != cases[i].want)
            fail_msg("\"%s\" at %s: %d, not %d", cases[i].title, cases[i].url, (int)got,
                     (int)cases[i].want);
    }
}

static void test_path_words(void **state)
{
    struct arena scratch;
    const struct slice words[] = {SLICE(HOST "/x/pier-closes-early.html"), SLICE(HOST "/x/1234")};

    WW_UNUSED(state);
    arena_init(&scratch, ARENA_MAX);
    assert_true(slice_find(headline_path_words(words[0], &scratch), SLICE("pier closes early\n")) <
                headline_path_words(words[0], &scratch).len);
    assert_int_equal(headline_path_words(words[1], &scratch).len, 0);
    arena_release(&scratch);
}

/* One in a hundred, and the same ones every time: the address that is known to be one says so. */
static void test_sample(void **state)
{
    size_t n = 0;

    WW_UNUSED(state);
    for (int i = 0; i < 20000; i++) {
        char url[64];
        const int len = snprintf(url, sizeof(url), "https://news.example/%d", i);

        n += headline_is_sample((struct slice){url, (size_t)len});
    }
    assert_in_range(n, 150, 250);
}

static void test_out_of_memory(void **state)
{
    bool is_done = false;

    WW_UNUSED(state);
    for (long n = 1; n < 1000 && !is_done; n++) {
        struct arena scratch;
        enum headline_verdict verdict;
        enum ww_status status;

        arena_init(&scratch, ARENA_MAX);
        mem_fail_after(n);
        status = headline_judge(engine, SLICE("A draw in the rain"), SLICE(HOST "/a-b-c/%41.html"),
                                &scratch, &verdict, NULL);
        mem_fail_after(0);
        is_done = status == WW_OK;
        assert_true(is_done || status == WW_NOMEM);
        arena_release(&scratch);
    }
    assert_true(is_done);
}

static int open_list(void **state)
{
    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    return watchlist_read(LIST, &arena, &list, NULL) == WW_OK &&
                   mentions_open(&list, &arena, &engine, NULL) == WW_OK
               ? 0
               : -1;
}

static int close_list(void **state)
{
    WW_UNUSED(state);
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_path_words),
        cmocka_unit_test(test_sample),
        cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, open_list, close_list);
}
