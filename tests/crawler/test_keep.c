/* test_keep.c - what was cut or given up stands in the log; whose a text is, in the row. */
#include "base/attrs.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "crawler/keep.h"
#include "extractors/article.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)

/* The second is too long to be compared whole; of the first there is nothing to say. */
static void test_log(void **state)
{
    static const size_t sizes[] = {1000, STORY_TEXT_MAX_BYTES + 1000};
    struct test_store t;
    struct keeper *keeper;
    struct clock clock = clock_fixed(TEST_NOW);
    char *said = NULL;
    size_t said_bytes = 0;
    FILE *out = open_memstream(&said, &said_bytes);
    struct log log = {out, LOG_WARN, &clock};

    WW_UNUSED(state);
    assert_non_null(out);
    test_store_open(&t);
    OK(keeper_open(t.store, &log, &keeper, NULL));
    OK(store_begin(t.store, NULL));
    for (size_t i = 0; i < WW_COUNT(sizes); i++) {
        struct article article = {.title = SLICE("A headline"), .charset = "UTF-8"};
        struct keep_origin origin = {
            .provenance = SLICE("feed"), .first_seen_at = TEST_NOW, .fetched_at = TEST_NOW};
        struct kept kept;
        char *text = arena_alloc(&t.arena, sizes[i]);

        for (size_t k = 0; k < sizes[i]; k++)
            text[k] = k % 7 == 6 ? ' ' : (char)('a' + (k / 7 + k) * (i + 3) % 25);
        article.text = slice_of(text, sizes[i]);
        origin.url = arena_printf(&t.arena, "https://a.example/%zu", i);
        OK(keep_article(keeper, &article, &origin, &t.arena, &kept, NULL));
        (void)fflush(out);
        assert_int_equal(said_bytes > 0, i == 1);
    }
    OK(store_commit(t.store, NULL));
    assert_non_null(strstr(said, "url=https://a.example/1"));
    assert_non_null(strstr(said, "the first 262144 were compared"));
    assert_ptr_equal(strchr(said, '\n'), said + said_bytes - 1);
    keeper_close(keeper);
    test_store_close(&t);
    (void)fclose(out);
    free(said);
}

/* An agency's own page is stored under the name by which its copies credit it. */
static void test_agency(void **state)
{
    static const struct {
        const char *url, *credit, *stored, *source;
    } cases[] = {
        {"https://apnews.com/article/1",  "",        "AP",      "outlet"},
        {"https://paper.example/2",       "Reuters", "Reuters", ""      },
        {"https://www.reuters.com/world", "AFP",     "AFP",     ""      },
        {"https://paper.example/3",       "",        "",        ""      },
    };
    struct test_store t;
    struct keeper *keeper;

    WW_UNUSED(state);
    test_store_open(&t);
    OK(keeper_open(t.store, NULL, &keeper, NULL));
    OK(store_begin(t.store, NULL));
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct article article = {.title = SLICE("A headline"), .charset = "UTF-8"};
        struct keep_origin origin = {.url = slice_from(cases[i].url),
                                     .provenance = SLICE("feed"),
                                     .first_seen_at = TEST_NOW,
                                     .fetched_at = TEST_NOW};
        struct article_row row;
        struct kept kept;

        article.text = arena_printf(&t.arena, "The ferry was late %zu times.", i);
        article.credit = slice_from(cases[i].credit);
        OK(keep_article(keeper, &article, &origin, &t.arena, &kept, NULL));
        OK(store_article(t.store, kept.article_id, &t.arena, &row, NULL));
        if (!slice_equal(row.credit, slice_from(cases[i].stored)) ||
            !slice_equal(row.credit_source, slice_from(cases[i].source)))
            fail_msg("%s: %.*s (%.*s)", cases[i].url, SLICE_ARG(row.credit),
                     SLICE_ARG(row.credit_source));
    }
    OK(store_commit(t.store, NULL));
    keeper_close(keeper);
    test_store_close(&t);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_log),
                                              cmocka_unit_test(test_agency)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
