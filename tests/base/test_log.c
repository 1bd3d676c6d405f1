/* test_log.c - one event, one line, whatever its values hold. */
#include "base/attrs.h"
#include "base/clock.h"
#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BEGIN "2023-11-14T22:13:20Z warn fetch "

static const struct clock stopped = {.is_fixed = true, .fixed_ms = INT64_C(1700000000000)};

static void values_are_escaped(void **state)
{
    static const struct {
        const char *value, *line;
    } cases[] = {
        {"host=example.org status=503",   BEGIN "host=example.org status=503\n"                       },
        {"",                              BEGIN "\n"                                                  },
        {"two\nlines\r",                  BEGIN "two\\x0Alines\\x0D\n"                                },
        {"\x1b[31mred\x7f",               BEGIN "\\x1B[31mred\\x7F\n"                                 },
        {"caf\u00e9 \u798f\u5dde \u00a0", BEGIN "caf\u00e9 \u798f\u5dde \u00a0\n"                     },
 /* NEL and CSI as C1 controls; what turns the direction of text; separators of lines. */
        {"\xC2\x85 \xC2\x9B",             BEGIN "\\xC2\\x85 \\xC2\\x9B\n"                             },
        {"\u202Egpj.exe\u2066",           BEGIN "\\xE2\\x80\\xAEgpj.exe\\xE2\\x81\\xA6\n"             },
        {"\u2028\u200F\u061C",            BEGIN "\\xE2\\x80\\xA8\\xE2\\x80\\x8F\\xD8\\x9C\n"          },
        {"\xE2",                          BEGIN "\\xE2\n"                                             },
        {"a\x9B",                         BEGIN "a\\x9B\n"                                            },
        {"\u200B\uFFFE\U000E0041",        BEGIN "\\xE2\\x80\\x8B\\xEF\\xBF\\xBE\\xF3\\xA0\\x81\\x81\n"},
        {"\xEF\xBF\xBD",                  BEGIN "\xEF\xBF\xBD\n"                                      },
        {"\xC2",                          BEGIN "\\xC2\n"                                             },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        char line[200];
        FILE *out = tmpfile();
        struct log log = {out, LOG_INFO, &stopped};
        size_t n;

        assert_non_null(out);
        log_event(&log, LOG_WARN, "fetch", "%s", cases[i].value);
        rewind(out);
        n = fread(line, 1, sizeof(line) - 1, out);
        line[n] = '\0';
        if (strcmp(line, cases[i].line) != 0)
            fail_msg("case %zu: '%s'", i, line);
        (void)fclose(out);
    }
}

static void levels_above_are_silent(void **state)
{
    FILE *out = tmpfile();
    struct log log = {out, LOG_WARN, &stopped};
    struct log silent = {NULL, LOG_DEBUG, &stopped};

    WW_UNUSED(state);
    assert_non_null(out);
    log_event(&log, LOG_INFO, "fetch", "not this");
    log_event(&silent, LOG_ERROR, "fetch", "nor this");
    log_event(NULL, LOG_ERROR, "fetch", "nor this");
    assert_int_equal(ftell(out), 0);
    log_event(&log, LOG_ERROR, "fetch", "but this");
    assert_true(ftell(out) > 0);
    (void)fclose(out);
}

static void long_events_are_cut_and_end_the_line(void **state)
{
    char value[5000], line[5000];
    FILE *out = tmpfile();
    struct log log = {out, LOG_DEBUG, &stopped};

    WW_UNUSED(state);
    assert_non_null(out);
    memset(value, 'v', sizeof(value));
    value[sizeof(value) - 1] = '\0';
    log_event(&log, LOG_DEBUG, "fetch", "%s", value);
    rewind(out);
    assert_non_null(fgets(line, sizeof(line), out));
    assert_true(strlen(line) < 1200);
    assert_int_equal(line[strlen(line) - 1], '\n');
    assert_null(fgets(line, sizeof(line), out));
    (void)fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_escaped),
        cmocka_unit_test(levels_above_are_silent),
        cmocka_unit_test(long_events_are_cut_and_end_the_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
