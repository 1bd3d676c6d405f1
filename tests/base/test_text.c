/* test_text.c - UTF-8, what is shown, and folding with its way back. */
#include "base/text.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)64 * 1024 * 1024)

static void assert_text(const char *name, struct slice got, const char *want)
{
    if (!slice_equal(got, slice_from(want)))
        fail_msg("%s: got \"%.*s\", want \"%s\"", name, SLICE_ARG(got), want);
}

static void test_utf8(void **state)
{
    static const struct {
        const char *bytes;
        bool is_good;
    } cases[] = {
        {"",                                                      true },
        {"plain ASCII, longer than eight bytes",                  true },
        {"caf\xC3\xA9 \xE7\xA6\x8F\xE5\xB7\x9E \xF0\x9F\x9A\x93", true },
        {"\xC0\x80",                                              false}, /* overlong */
        {"\xE0\x80\xAF",                                          false},
        {"\xED\xA0\x80",                                          false}, /* surrogate */
        {"\xF4\x90\x80\x80",                                      false}, /* past U+10FFFF */
        {"abc\xE7\xA6",                                           false}, /* cut */
        {"\x80",                                                  false},
        {"\xFF\xFE",                                              false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        if (text_is_utf8(slice_from(cases[i].bytes)) != cases[i].is_good)
            fail_msg("case %zu", i);
}

static void test_clean(void **state)
{
    struct slice good = SLICE("福州 ok");
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_ptr_equal(text_clean(good, &arena).ptr, good.ptr);
    assert_text("NUL and a bad byte",
                text_clean(SLICE("a\0b\xFF"
                                 "c\xE7\xA6"),
                           &arena),
                "ab\xEF\xBF\xBD"
                "c\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_text("squeeze", text_squeeze(SLICE(" \n a \xC2\xA0\xE3\x80\x80 b\t"), &arena), "a b");
    assert_text("squeeze of nothing", text_squeeze(SLICE(" \n"), &arena), "");
    assert_text("cut", text_cut(SLICE("福州"), 5), "福");
    assert_text("cut at the end", text_cut(SLICE("福州"), 6), "福州");
    assert_text("cut to nothing", text_cut(SLICE("福州"), 2), "");
    arena_release(&arena);
}

static void test_shown(void **state)
{
    struct buf out;

    WW_UNUSED(state);
    buf_init(&out, 1000);
    text_add_visible(&out, SLICE("a\x1B[31m\n\xE2\x80\xAE"
                                 "b\xC2\x9B"
                                 "\x7F"
                                 "\xFF\xEF\xBF\xBE\xEF\xB7\x90\xF4\x8F\xBF\xBF"));
    assert_text("visible", buf_slice(&out),
                "a␛[31m <U+202E>b<U+009B>␡\xEF\xBF\xBD<U+FFFE><U+FDD0><U+10FFFF>");
    buf_release(&out);
    assert_int_equal(text_width(SLICE("福州 e\xCC\x81!")), 7);
    assert_int_equal(text_width(SLICE("🚓")), 2);
    assert_int_equal(text_width(SLICE("\x1B")), 0);
}

static void test_kinds(void **state)
{
    WW_UNUSED(state);
    assert_true(text_is_cjk(0x798F) && text_is_cjk(0x30FC) && text_is_cjk(0xD478));
    assert_true(text_is_cjk(0x3105) && text_is_cjk(0x20000));
    assert_false(text_is_cjk('a') || text_is_cjk(0x3002) || text_is_cjk(0x1F693));
    assert_true(text_is_word('z') && text_is_word('0') && text_is_word(0x301));
    assert_false(text_is_word('_') || text_is_word(0x2019) || text_is_word(' '));
    assert_true(text_is_upper(0x10C) && !text_is_upper(0x10D));
    assert_true(text_is_digit(0x663) && !text_is_digit('a'));
}

static void test_fold(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } cases[] = {
        {"case",                 "FOX Hunt",                                      "fox hunt"                                     },
        {"marks",                "Fúzhōu Québec Čching-tchien",               "fuzhou quebec cching-tchien"                  },
        {"marks apart",          "Fu\xCC\x81zho\xCC\x84u",                        "fuzhou"                                       },
        {"Greek",                "Φουτσόου ΑΘΉΝΑΣ",                 "φουτσοου αθηνασ"                },
        {"Cyrillic",             "Вэньчжоу Фуџоу ЦІНТЯНЬ ї", "вэньчжоу фуџоу цінтянь і"},
        {"kana keeps its marks", "ガ が ﾌﾟ",                                "ガ が プ"                                  },
        {"Hangul stays",         "푸저우 \xE1\x84\x91\xE1\x85\xAE",            "푸저우 푸"                                },
        {"Hebrew points stay",   "שָׁ",                                        "שָׁ"                                       },
        {"wide and half",        "ＰＯＬＩＣＥ　福州",                   "police 福州"                                },
        {"ligatures",            "oﬃce Straße",                                "office strasse"                               },
        {"soft hyphen",          "sta\xC2\xADtion",                               "station"                                      },
        {"zero width",           "福\xE2\x80\x8B州",                            "福州"                                       },
        {"soft hyphen, newline", "Sta\xC2\xAD\ntion",                             "station"                                      },
        {"hyphen, newline",      "police sta-\r\ntion",                           "police station"                               },
        {"a real hyphen stays",  "Sino-\nQuébec",                                "sino- quebec"                                 },
        {"a dash stays",         "was -\nand",                                    "was - and"                                    },
        {"quotes",               "‘Nan-t’ung’ “x” פוג׳ואו",      "'nan-t'ung' \"x\" פוג'ואו"              },
        {"dashes",               "1999–2001 a‑b",                             "1999-2001 a-b"                                },
        {"spaces",
         "a\xC2\xA0"
         "b\tc\xE2\x80\xA8"
         "d\ne",                                                                  "a b c d e"                                    },
        {"Turkish I",            "İstanbul",                                     "istanbul"                                     },
        {"lone mark",            "\xCC\x81x",                                     "\xCC\x81x"                                    },
        {"emoji",                "🚓!",                                         "🚓!"                                        },
        {"empty",                "",                                              ""                                             },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice text = slice_from(cases[i].text);
        struct text_folded folded;

        assert_int_equal(text_fold(text, &arena, &folded, NULL), WW_OK);
        assert_text(cases[i].name, folded.text, cases[i].want);
        assert_text(cases[i].name, text_fold_key(text, &arena), cases[i].want);
        assert_int_equal(folded.start[folded.text.len], text.len);
    }
    arena_release(&arena);
}

/* A folded word found in folded text gives exactly the original's bytes. */
static void test_way_back(void **state)
{
    static const struct {
        const char *text, *needle, *want;
    } cases[] = {
        {"In Fúzhōu, police",         "fuzhou",  "Fúzhōu"              },
        {"x Fu\xCC\x81zho\xCC\x84u.",   "fuzhou",  "Fu\xCC\x81zho\xCC\x84u"},
        {"位于福\xE2\x80\x8B州的", "福州",  "福\xE2\x80\x8B州"    },
        {"a sta\xC2\xADtion\xC2\xAD.",  "station", "sta\xC2\xADtion"       },
        {"a sta-\ntion b",              "station", "sta-\ntion"            },
        {"Ｆｏｘ",                   "fox",     "Ｆｏｘ"             },
        {"die Straße.",                "strasse", "Straße"               },
        {"‘Sky Net’",               "sky net", "Sky Net"               },
        {"e\xCC\x81 ASCII behind",      "ascii",   "ASCII"                 },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice text = slice_from(cases[i].text);
        struct slice needle = slice_from(cases[i].needle);
        struct text_folded f;
        size_t a;
        size_t b;

        assert_int_equal(text_fold(text, &arena, &f, NULL), WW_OK);
        a = slice_find(f.text, needle);
        b = a + needle.len;
        assert_true(b <= f.text.len);
        assert_text(cases[i].needle, slice_sub(text, f.start[a], f.end[b - 1] - f.start[a]),
                    cases[i].want);
    }
    arena_release(&arena);
}

/* A million marks on one letter, and every way must stay monotonous and inside. */
static void test_hostile(void **state)
{
    struct arena arena;
    struct buf text;
    struct text_folded f;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    buf_init(&text, ARENA_MAX);
    buf_add_char(&text, 'a');
    for (int i = 0; i < 200000; i++)
        buf_add_string(&text, i % 2 != 0 ? "\xCC\x81" : "\xCC\xA3");
    for (int i = 0; i < 1000; i++)
        buf_add_string(&text, "\xEF\xB7\xBA"); /* U+FDFA: 18 characters in one */
    buf_add_string(&text, "\xFF\xC3");
    assert_int_equal(buf_finish(&text, NULL), WW_OK);
    assert_int_equal(text_fold(buf_slice(&text), &arena, &f, NULL), WW_OK);
    for (size_t i = 0; i < f.text.len; i++) {
        assert_true(f.start[i] < f.end[i]);
        assert_true(f.start[i] <= f.start[i + 1] && f.end[i] <= f.end[i + 1]);
    }
    assert_int_equal(f.end[f.text.len], text.len);
    buf_release(&text);
    arena_release(&arena);
}

static void test_out_of_memory(void **state)
{
    struct slice text = SLICE("Fúzhōu \xEF\xB7\xBA\xEF\xB7\xBA\xEF\xB7\xBA 福州");
    bool is_done = false;

    WW_UNUSED(state);
    for (long n = 1; n < 100 && !is_done; n++) {
        struct text_folded f = {0};
        struct ww_error err = {0};
        struct arena arena;
        enum ww_status status;

        arena_init(&arena, ARENA_MAX);
        mem_fail_after(n);
        status = text_fold(text, &arena, &f, &err);
        mem_fail_after(0);
        is_done = status == WW_OK;
        if (!is_done)
            assert_int_equal(status, WW_NOMEM);
        arena_release(&arena);
    }
    assert_true(is_done);
}

/* Which is the text's fault: whoever reads many goes on with the next. */
static void test_too_long_for_its_arena(void **state)
{
    const struct slice texts[] = {SLICE("Fuzhou, Fuzhou, Fuzhou"),
                                  SLICE("\xEF\xB7\xBA\xEF\xB7\xBA")};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(texts); i++) {
        struct text_folded f = {0};
        struct arena arena;

        arena_init(&arena, 64);
        assert_int_equal(text_fold(texts[i], &arena, &f, NULL), WW_TOO_BIG);
        arena_release(&arena);
    }
}

/* Eight bytes at a time, each in each place. */
static void test_plain_run(void **state)
{
    WW_UNUSED(state);
    for (unsigned c = 0; c < 256; c++)
        for (size_t at = 0; at < 16; at++) {
            char text[20];
            const bool is_plain =
                c >= ' ' && c < 0x7F && c != '&' && c != '<' && c != '>' && c != '"';
            size_t run;

            memset(text, at % 2 == 0 ? ' ' : '~', sizeof(text));
            text[at] = (char)c;
            run = text_plain_run(slice_of(text, sizeof(text)));
            if (is_plain ? run != 16 : run != at / 8 * 8)
                fail_msg("byte %u at %zu: %zu", c, at, run);
        }
    assert_int_equal(text_plain_run(SLICE("")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_shown),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_way_back),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_too_long_for_its_arena),
        cmocka_unit_test(test_plain_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
