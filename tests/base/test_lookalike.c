/* test_lookalike.c - words of mixed script are read in one, and others are left alone. */
#include "base/lookalike.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)256 * 1024 * 1024)

static void test_words(void **state)
{
    static const struct {
        const char *word, *want;
        enum lookalike kind;
    } cases[] = {
        {"Oldmoor",                              "",                                     LOOKALIKE_NONE  },
        {"\u041C\u043E\u0441\u043A\u0432\u0430", "",                                     LOOKALIKE_NONE  }, /* all of it Cyrillic */
        {"Oldm\u043Eor",                         "Oldmoor",                              LOOKALIKE_MIXED }, /* one Cyrillic letter */
        {"\u041Eldm\u043E\u03BFr",               "Oldmoor",                              LOOKALIKE_MIXED }, /* Greek, too */
        {"\u041C\u043Ecк\u0432\u0430",          "\u041C\u043E\u0441\u043A\u0432\u0430", LOOKALIKE_MIXED },
        {"\u0391\u03B8\u03B7\u03BDa",            "\u0391\u03B8\u03B7\u03BD\u03B1",       LOOKALIKE_MIXED },
        {"USB\u0448\u043D\u0438\u043A",          "",                                     LOOKALIKE_MIXED }, /* no twin either way */
        {"\u00C9c\u043Euen",                     "\u00C9couen",                          LOOKALIKE_MIXED }, /* with its marks */
        {"\uFF2F\uFF4C\uFF44",                   "",                                     LOOKALIKE_STYLED},
        {"\U0001D40C\U0001D41A",                 "",                                     LOOKALIKE_STYLED},
        {"ma\u00F1ana",                          "",                                     LOOKALIKE_NONE  },
        {"\u6F70\u58E9",                         "",                                     LOOKALIKE_NONE  },
        {"",                                     "",                                     LOOKALIKE_NONE  },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice got = lookalike_plain(slice_from(cases[i].word), &arena);

        if (!slice_equal(got, slice_from(cases[i].want)))
            fail_msg("%s: got %.*s", cases[i].word, SLICE_ARG(got));
        assert_int_equal(lookalike_of(slice_from(cases[i].word)), cases[i].kind);
    }
    /* Two words of two scripts are no mixed word. */
    assert_int_equal(lookalike_of(SLICE("Old \u041C\u043E\u0441\u043A\u0432\u0430")),
                     LOOKALIKE_NONE);
    arena_release(&arena);
}

static void test_tokens(void **state)
{
    struct slice text =
        SLICE("The d\u0430m of Oldm\u043Eor and \u041C\u043E\u0441\u043A\u0432\u0430.");
    struct arena arena;
    struct token_list list;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(token_scan(text, &arena, &list, NULL), WW_OK);
    assert_int_equal(lookalike_mend(text, &arena, &list, NULL), WW_OK);
    assert_int_equal(list.n_tokens, 6);
    assert_true(slice_equal(list.tokens[1].folded, SLICE("dam")));
    assert_true(slice_equal(list.tokens[3].folded, SLICE("oldmoor")));
    assert_true(list.tokens[3].hash == hash64(SLICE("oldmoor")));
    assert_int_equal(list.tokens[3].head, token_head(SLICE("oldmoor")));
    assert_int_equal(list.tokens[3].end - list.tokens[3].start, 8); /* bytes of the original */
    assert_true(slice_equal(list.tokens[5].folded, SLICE("\u043C\u043E\u0441\u043A\u0432\u0430")));
    arena_release(&arena);
}

/* A megabyte without a space, and of mixed words. */
static void test_hostile(void **state)
{
    struct arena arena;
    struct token_list list;
    char *text;
    size_t n = 1000000;
    clock_t begun = clock();

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    text = arena_alloc(&arena, n + 4);
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i + 4 <= n; i += 4)
            memcpy(text + i, k == 0 ? "a\xD0\xB0z" : "a\xD0\xB0 ", 4);
        assert_int_equal(token_scan(slice_of(text, n), &arena, &list, NULL), WW_OK);
        assert_int_equal(lookalike_mend(slice_of(text, n), &arena, &list, NULL), WW_OK);
    }
    assert_true((clock() - begun) / CLOCKS_PER_SEC < 10);
    arena_release(&arena);
}

static void test_out_of_memory(void **state)
{
    bool is_done = false;

    WW_UNUSED(state);
    for (long n = 1; n < 100 && !is_done; n++) {
        struct arena arena;
        struct token_list list;
        enum ww_status status;

        arena_init(&arena, ARENA_MAX);
        mem_fail_after(n);
        status = token_scan(SLICE("d\u0430m"), &arena, &list, NULL);
        if (status == WW_OK)
            status = lookalike_mend(SLICE("d\u0430m"), &arena, &list, NULL);
        mem_fail_after(0);
        is_done = status == WW_OK;
        assert_true(is_done || status == WW_NOMEM);
        arena_release(&arena);
    }
    assert_true(is_done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
