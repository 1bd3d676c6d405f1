/* test_charset.c - labels, the order of trust, conversion, hostile bytes. */
#include "base/charset.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/charset_labels.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_labels(void **state)
{
    static const struct {
        const char *label, *want;
    } cases[] = {
        {"latin1",     "windows-1252"},
        {" UTF-8 ",    "UTF-8"       },
        {"GB2312",     "GBK"         },
        {"tis-620",    "windows-874" },
        {"sjis",       "Shift_JIS"   },
        {"uhc",        "EUC-KR"      },
        {"utf-7",      NULL          },
        {"hz-gb-2312", NULL          },
        {"",           NULL          },
        {"klingon",    NULL          },
    };

    WW_UNUSED(state);
    for (size_t i = 1; i < WW_COUNT(charset_labels); i++)
        if (strcmp(charset_labels[i - 1].label, charset_labels[i].label) >= 0)
            fail_msg("%s is not in order", charset_labels[i].label);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const char *got = charset_from_label(slice_from(cases[i].label));

        if ((got == NULL) != (cases[i].want == NULL) ||
            (got != NULL && strcmp(got, cases[i].want) != 0))
            fail_msg("%s: %s", cases[i].label, got != NULL ? got : "nothing");
    }
}

/* Every name of the table must have a converter. */
static void test_all_convert(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(charset_labels); i++) {
        struct arena arena;
        struct slice out;
        struct ww_error err = {0};

        arena_init(&arena, 65536);
        if (charset_decode(SLICE("a\xE4\xB8\xAD"), charset_labels[i].name, &arena, &out, &err) !=
            WW_OK)
            fail_msg("%s: %s", charset_labels[i].name, err.message);
        arena_release(&arena);
    }
}

static void test_content_type(void **state)
{
    static const struct {
        const char *value, *want;
    } cases[] = {
        {"text/html; charset=UTF-8",           "UTF-8"   },
        {"text/xml;CHARSET = \"us-ascii\"; x", "us-ascii"},
        {"text/html; charset='gbk'",           "gbk"     },
        {"text/html; foo=charset",             ""        },
        {"text/html",                          ""        },
        {"",                                   ""        },
        {";;;charset=",                        ""        },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice got = charset_from_content_type(slice_from(cases[i].value));

        if (!slice_equal(got, slice_from(cases[i].want)))
            fail_msg("%s: %.*s", cases[i].value, SLICE_ARG(got));
    }
}

#define CAFE_UTF8 "caf\xC3\xA9"

static void test_detect(void **state)
{
    static const struct {
        const char *name, *bytes, *claim, *want;
        size_t len;
        enum charset_kind kind;
    } cases[] = {
#define ROW(name, bytes, kind, claim, want) {name, bytes, claim, want, sizeof(bytes) - 1, kind}
        ROW("mark beats the claim", "\xEF\xBB\xBF<p>", CHARSET_HTML, "big5", "UTF-8"),
        ROW("NUL for an attribute's name", "<meta \0 charset=big5>\xFF", CHARSET_HTML, "", "Big5"),
        ROW("clean UTF-8 beats the claim", CAFE_UTF8, CHARSET_HTML, "latin1", "UTF-8"),
        ROW("the claim beats meta", "<meta charset=big5>", CHARSET_HTML, "gbk", "GBK"),
        ROW("meta", "<!-- <meta charset=big5> --><meta charset='gbk'>", CHARSET_HTML, "", "GBK"),
        ROW("pragma", "<meta content='x; charset=big5' http-equiv=content-type>", CHARSET_HTML, "",
            "Big5"),
        ROW("content without pragma", "<meta content='x; charset=big5'>", CHARSET_HTML, "",
            "windows-1252"),
        ROW("a tag that never ends", "<meta charset=big5", CHARSET_HTML, "", "windows-1252"),
        ROW("meta in an attribute", "<a title='<meta charset=big5>'>", CHARSET_HTML, "",
            "windows-1252"),
        ROW("UTF-16 in ASCII", "<meta charset=utf-16>", CHARSET_HTML, "utf-16", "UTF-8"),
        ROW("UTF-7", "<meta charset=utf-7>+ADw-", CHARSET_HTML, "utf-7", "windows-1252"),
        ROW("XML declaration", "<?xml version='1.0' encoding='koi8-r'?>", CHARSET_XML, "",
            "KOI8-R"),
        ROW("XML without", "<a/>", CHARSET_XML, "", "UTF-8"),
        ROW("UTF-16LE by its zeros", "<\0?\0x\0", CHARSET_XML, "", "UTF-16LE"),
        ROW("UTF-32BE by its zeros", "\0\0\0<", CHARSET_XML, "", "UTF-32BE"),
        ROW("Latin-1 called UTF-8",
            "<?xml version='1.0' encoding='utf-8'?><a>Un \xE9t\xE9 \xE0 la plage, o\xF9 "
            "l'on a bien mang\xE9 de g\xE2teaux et des t\xEAtes tr\xE8s l\xE9g\xE8res</a>",
            CHARSET_XML, "", "windows-1252"),
        ROW("one slip in UTF-8", "\xC3\xA9\xC3\xA9\xC3\xA9 \xFF <b>some more</b>", CHARSET_HTML,
            "utf-8", "UTF-8"),
        ROW("a NUL in a tag", "<a b\0c \0d><meta charset=gbk>", CHARSET_HTML, "", "GBK"),
        ROW("empty", "", CHARSET_HTML, "", "windows-1252"),
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const char *got = charset_detect(slice_of(cases[i].bytes, cases[i].len), cases[i].kind,
                                         slice_from(cases[i].claim));

        if (strcmp(got, cases[i].want) != 0)
            fail_msg("%s: %s, wanted %s", cases[i].name, got, cases[i].want);
    }
}

static void test_decode(void **state)
{
    static const struct {
        const char *name, *bytes, *want;
        size_t len;
    } cases[] = {
#define DECODE(name, bytes, want) {name, bytes, want, sizeof(bytes) - 1}
        DECODE("GBK", "\xB8\xA3\xD6\xDD", "\xE7\xA6\x8F\xE5\xB7\x9E"),
        DECODE("Big5", "\xBA\xD6\xA6\x7B", "\xE7\xA6\x8F\xE5\xB7\x9E"),
        DECODE("windows-1252", "\x93\xE9\x94", "\xE2\x80\x9C\xC3\xA9\xE2\x80\x9D"),
        DECODE("Shift_JIS", "\x8C\x78\x8E\x40", "\xE8\xAD\xA6\xE5\xAF\x9F"),
        DECODE("UTF-16LE", "\xFF\xFE\x3D\xD8\x00\xDE", "\xF0\x9F\x98\x80"),
        DECODE("UTF-16BE", "\xD8\x3D\x00\x61", "\xEF\xBF\xBD\x61"),
        DECODE("UTF-8", "\xEF\xBB\xBF" CAFE_UTF8 "\0!", CAFE_UTF8 "!"),
        DECODE("UTF-8", "a\xC3(\xED\xA0\x80", "a\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"),
        DECODE("GBK", "a\x81", "a\xEF\xBF\xBD"),
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct slice got = {0};

        arena_init(&arena, 65536);
        assert_int_equal(charset_decode(slice_of(cases[i].bytes, cases[i].len), cases[i].name,
                                        &arena, &got, NULL),
                         WW_OK);
        if (!slice_equal(got, slice_from(cases[i].want)))
            fail_msg("%s (row %zu): %.*s", cases[i].name, i, SLICE_ARG(got));
        arena_release(&arena);
    }
}

static void test_no_memory(void **state)
{
    enum ww_status status = WW_NOMEM;

    WW_UNUSED(state);
    for (long fail = 1; status != WW_OK && fail < 100; fail++) {
        struct arena arena;
        struct slice out;

        arena_init(&arena, 65536);
        mem_fail_after(fail);
        status = charset_decode(SLICE("\xB8\xA3\xD6\xDD"), "GBK", &arena, &out, NULL);
        mem_fail_after(0);
        assert_true(status == WW_OK || status == WW_NOMEM);
        arena_release(&arena);
    }
    assert_int_equal(status, WW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels),       cmocka_unit_test(test_all_convert),
        cmocka_unit_test(test_content_type), cmocka_unit_test(test_detect),
        cmocka_unit_test(test_decode),       cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
