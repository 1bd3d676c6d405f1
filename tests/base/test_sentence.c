/* test_sentence.c - sentences, paragraphs, wrapped lines, words without spaces. */
#include "base/sentence.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)64 * 1024 * 1024)

static void test_scan(void **state)
{
    /* Sentences with | between, || where a paragraph ends. */
    static const struct {
        const char *name, *language, *text, *want;
    } cases[] = {
        {"two",                "en",      "It rained. It stopped!",      "It rained.|It stopped!"     },
        {"abbreviation",       "en",      "Mr. Ford said so. Yes.",      "Mr. Ford said so.|Yes."     },
        {"initials",           "en",      "The U.S. agency closed it.",  "The U.S. agency closed it." },
        {"quotes",             "en",      "\"Go.\" He went.",            "\"Go.\"|He went."           },
        {"lines",              "en",      "One\nTwo",                    "One||Two"                   },
        {"blank line",         "en",      "One.\n\n  Two.  ",            "One.||Two."                 },
        {"CR LF",              "en",      "One.\r\nTwo.",                "One.||Two."                 },
        {"wrapped",            "en",      "The gate was\nclosed. Then",  "The gate was\nclosed.|Then" },
        {"cut word",           "en",      "In Bra-\ntislava it rained.", "In Bra-\ntislava it rained."},
        {"small after a stop", "en",      "One.\ntwo",                   "One.||two"                  },
        {"Chinese",            "zh-Hans", "下雨了。停了！好",    "下雨了。|停了！|好" },
        {"no language",        "",        "One. Two.",                   "One.|Two."                  },
        {"odd language",       "x/../y",  "One. Two.",                   "One.|Two."                  },
        {"nothing",            "en",      "",                            ""                           },
        {"only white space",   "en",      " \n \n",                      ""                           },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice text = slice_from(cases[i].text);
        struct sentence_list list;
        struct arena arena;
        struct buf got;

        arena_init(&arena, ARENA_MAX);
        buf_init(&got, 10000);
        assert_int_equal(sentence_scan(text, slice_from(cases[i].language), &arena, &list, NULL),
                         WW_OK);
        for (size_t k = 0; k < list.n_rows; k++) {
            const struct sentence *s = &list.rows[k];

            if (k > 0)
                buf_add_string(&got, s->paragraph != s[-1].paragraph ? "||" : "|");
            buf_add(&got, slice_sub(text, s->start, s->end - s->start));
        }
        if (!slice_equal(buf_slice(&got), slice_from(cases[i].want)))
            fail_msg("%s: got \"%.*s\"", cases[i].name, SLICE_ARG(buf_slice(&got)));
        buf_release(&got);
        arena_release(&arena);
    }
}

static void test_cut_words(void **state)
{
    static const struct {
        const char *text, *name;
        bool is_cut;
    } cases[] = {
        {"论文成果发表",    "文成", true },
        {"在文成县",          "文成", false},
        {"福州警方",          "福州", false},
        {"福州市",             "福州", false},
        {"福州",                "福州", false},
        {"中国青田公安局", "青田", false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice text = slice_from(cases[i].text);
        size_t start = slice_find(text, slice_from(cases[i].name));
        size_t end = start + strlen(cases[i].name);

        assert_true(end <= text.len);
        if (sentence_cuts_word(text, start, end) != cases[i].is_cut)
            fail_msg("%s in %s", cases[i].name, cases[i].text);
    }
}

static void test_out_of_memory(void **state)
{
    bool is_done = false;

    WW_UNUSED(state);
    for (long n = 1; n < 20 && !is_done; n++) {
        struct sentence_list list;
        struct arena arena;
        enum ww_status status;

        arena_init(&arena, ARENA_MAX);
        mem_fail_after(n);
        status = sentence_scan(SLICE("One. Two."), SLICE("en"), &arena, &list, NULL);
        mem_fail_after(0);
        is_done = status == WW_OK;
        assert_true(is_done || status == WW_NOMEM);
        arena_release(&arena);
    }
    assert_true(is_done);
}

/* An iterator that was used before cuts as a new one does, whatever text it saw last. */
static void test_pool(void **state)
{
    static const char *const languages[] = {"en", "de", "", "no such tag", "zh"};
    static const char *const texts[] = {"Mr. Ford said so. Yes.", "", "One.\ntwo. Dr. Who z.B. so.",
                                        "下雨了。停了！好"};
    struct arena arena, pages;
    struct sentence_pool *pool;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    arena_init(&pages, 1 << 20);
    pool = sentence_pool_open(&arena);
    assert_non_null(pool);
    for (size_t i = 0; i < 3 * WW_COUNT(texts) * WW_COUNT(languages); i++) {
        struct slice text = slice_from(texts[i % WW_COUNT(texts)]);
        struct slice language = slice_from(languages[i % WW_COUNT(languages)]);
        struct sentence_list plain, pooled;

        arena_reset(&pages);
        assert_int_equal(sentence_scan(text, language, &pages, &plain, NULL), WW_OK);
        assert_int_equal(sentence_scan_pooled(pool, text, language, &pages, &pooled, NULL), WW_OK);
        assert_int_equal(plain.n_rows, pooled.n_rows);
        if (plain.n_rows > 0)
            assert_memory_equal(plain.rows, pooled.rows, plain.n_rows * sizeof(*plain.rows));
    }
    arena_release(&pages);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scan),
        cmocka_unit_test(test_cut_words),
        cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_pool),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
