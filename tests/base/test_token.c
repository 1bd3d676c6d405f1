/* test_token.c - where tokens begin and end, how they fold, what their flags say. */
#include "base/arena.h"
#include "base/han.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Tokens as "folded@start-end", joined by blanks. */
static const struct {
    const char *text, *tokens;
} cuts[] = {
    {"",                                      ""                                          },
    {" \n. -",                                ""                                          },
    {"Hello, World",                          "hello@0-5 world@7-12"                      },
    {"don't 3.50",                            "don@0-3 t@4-5 3@6-7 50@8-10"               },
    {"a\xE2\x80\x99s\xE2\x80\x94"
     "b",                                "a@0-1 s@4-5 b@8-9"                         },
    {"\xE2\x80\x9CYes\xE2\x80\x9D",           "yes@3-6"                                   },
    {"Rep\xC3\xBA"
     "blica x",                          "republica@0-10 x@11-12"                    },
    {"caf\xC3\xA9, \xC3\xA9t\xC3\xA9",        "cafe@0-5 ete@7-12"                         },
    {"\xE8\xAA\xAA\xE8\xAF\xB4",              "\xE8\xAF\xB4@0-3 \xE8\xAF\xB4@3-6"         },
    {"G20\xE5\xB3\xB0\xE4\xBC\x9A",           "g20@0-3 \xE5\xB3\xB0@3-6 \xE4\xBC\x9A@6-9" },
    {"\xEF\xBC\xA7\xEF\xBC\x92 x",            "g2@0-6 x@7-8"                              },
    {"inter-\nnational",                      "international@0-15"                        },
    {"co-op",                                 "co@0-2 op@3-5"                             },
    {"\xE3\x80\x82\xE4\xB8\xAD",              "\xE4\xB8\xAD@3-6"                          },
    {"\xD0\x9C\xD0\xB8\xD1\x80, \xD0\xB8",    "\xD0\xBC\xD0\xB8\xD1\x80@0-6 \xD0\xB8@8-10"},
    {"sof\xC2\xADt",                          "soft@0-6"                                  },
    {"\xD1\x8F\xC2\xAD\n\xD0\xB6",            "\xD1\x8F\xD0\xB6@0-7"                      },
    {"\xD1\x8F-\n\xD0\xB6 q",                 "\xD1\x8F\xD0\xB6@0-6 q@7-8"                },
    {"\xD0\xB0\xCC\x81\xD1\x84 \xD0\xB6",     "\xD0\xB0\xD1\x84@0-6 \xD0\xB6@7-9"         },
    {"\xE3\x81\x8B\xE3\x82\x99 \xE3\x81\x8B", "\xE3\x81\x8C@0-6 \xE3\x81\x8B@7-10"        },
    {"x\xE2\x80\x8By z",                      "xy@0-5 z@6-7"                              },
};

static void test_cuts(void **state)
{
    struct arena arena;
    struct ww_error err;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < WW_COUNT(cuts); i++) {
        struct token_list list;
        char got[512] = "";
        size_t len = 0;

        assert_int_equal(token_scan(slice_from(cuts[i].text), &arena, &list, &err), WW_OK);
        for (size_t k = 0; k < list.n_tokens; k++) {
            struct token t = list.tokens[k];

            assert_true(t.hash == hash64(t.folded));
            len += (size_t)snprintf(got + len, sizeof(got) - len, "%s%.*s@%u-%u", k == 0 ? "" : " ",
                                    SLICE_ARG(t.folded), t.start, t.end);
        }
        if (strcmp(got, cuts[i].tokens) != 0)
            fail_msg("\"%s\": %s, not %s", cuts[i].text, got, cuts[i].tokens);
    }
    arena_release(&arena);
}

/* Flags, one letter each in the order of enum token_flag: n C j s p A g. */
static const struct {
    const char *text, *flags;
} flag_cases[] = {
    {"Ann met 12 men",                                   "Csp - n -"   },
    {"It is. So it is",                                  "Csp - Cs - -"},
    {"He said \"no.\" We left",                          "Csp - - Cs -"},
    {"at 3.5 m",                                         "sp n n -"    },
    {"the U.S. Senate",                                  "sp C C C"    },
    {"one\ntwo",                                         "sp sp"       },
    {"NATO IV a1 B2",                                    "CspA CA - C" },
    {"\xE4\xB8\xAD\xE5\x9B\xBD\xE3\x80\x82\xE4\xBB\x96", "jsp jg js"   },
    {"x \xC3\x89T\xC3\x89",                              "sp CA"       },
    {"x \xD9\xA3\xD9\xA4",                               "sp n"        },
};

static void test_flags(void **state)
{
    static const char letters[] = "nCjspAg";
    struct arena arena;
    struct ww_error err;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < WW_COUNT(flag_cases); i++) {
        struct token_list list;
        char got[256] = "";
        size_t len = 0;

        assert_int_equal(token_scan(slice_from(flag_cases[i].text), &arena, &list, &err), WW_OK);
        for (size_t k = 0; k < list.n_tokens; k++) {
            uint32_t flags = list.tokens[k].flags;

            if (k > 0)
                got[len++] = ' ';
            for (size_t b = 0; b < 7; b++)
                if ((flags >> b & 1) != 0)
                    got[len++] = letters[b];
            if (flags == 0)
                got[len++] = '-';
        }
        if (strcmp(got, flag_cases[i].flags) != 0)
            fail_msg("\"%s\": %s, not %s", flag_cases[i].text, got, flag_cases[i].flags);
    }
    arena_release(&arena);
}

/* Cutting a text word by word gives the tokens that folding all of it at once would. */
static void test_same_as_folding_all(void **state)
{
    static const char text[] =
        "Caf\xC3\xA9 \xEF\xAC\x81nal \xE2\x80\x94 STRASSE stra\xC3\x9F"
        "e; "
        "\xE7\xB6\xAD\xE5\x9F\xBA (wiki) na\xC3\xAFve co\xC3\xB6p\xE2\x80\x99s";
    struct arena arena;
    struct token_list whole, again;
    struct ww_error err;
    struct slice folded;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    folded = text_fold_key(slice_from(text), &arena);
    assert_int_equal(token_scan(slice_from(text), &arena, &whole, &err), WW_OK);
    assert_int_equal(token_scan(folded, &arena, &again, &err), WW_OK);
    assert_int_equal(whole.n_tokens, again.n_tokens);
    for (size_t i = 0; i < whole.n_tokens; i++)
        assert_true(whole.tokens[i].hash == again.tokens[i].hash);
    arena_release(&arena);
}

static void test_han(void **state)
{
    WW_UNUSED(state);
    assert_int_equal(han_simplify(0x570B), 0x56FD); /* country */
    assert_int_equal(han_simplify(0x56FD), 0x56FD);
    assert_int_equal(han_simplify(0x5FA9), 0x590D); /* its own variant too */
    assert_int_equal(han_simplify('a'), 'a');
    assert_int_equal(han_simplify(0x1F600), 0x1F600);
    for (uint32_t code = 0; code < 0x20000; code++)
        assert_int_equal(han_simplify(han_simplify(code)), han_simplify(code));
}

/* However little room the arena has, a list that does not fit is an error, never a short list. */
static void test_no_memory(void **state)
{
    char text[4000];
    size_t n_failed = 0;

    WW_UNUSED(state);
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = i % 2 == 0 ? 'a' : ' ';
    for (size_t max = 1000; max < 400000; max += 1000) {
        struct arena arena;
        struct token_list list;
        struct ww_error err;
        enum ww_status status;

        arena_init(&arena, max);
        status = token_scan(slice_of(text, sizeof(text)), &arena, &list, &err);
        if (status == WW_OK)
            assert_int_equal(list.n_tokens, sizeof(text) / 2);
        else
            assert_int_equal(list.n_tokens, 0);
        n_failed += status != WW_OK;
        arena_release(&arena);
    }
    assert_in_range(n_failed, 10, 390);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_flags),
        cmocka_unit_test(test_same_as_folding_all),
        cmocka_unit_test(test_han),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
