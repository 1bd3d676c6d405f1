/* test_error.c - messages, what is put before them, and that none outgrows its room. */
#include "base/attrs.h"
#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void context_goes_before_the_message(void **state)
{
    struct ww_error err = {0};

    WW_UNUSED(state);
    assert_int_equal(ww_fail(&err, WW_TOO_BIG, "%d bytes, limit %d", 9, 8), WW_TOO_BIG);
    assert_int_equal(err.status, WW_TOO_BIG);
    assert_string_equal(err.message, "9 bytes, limit 8");
    assert_int_equal(ww_context(&err, WW_INVALID, "feed %d", 12), WW_INVALID);
    assert_int_equal(err.status, WW_INVALID);
    assert_string_equal(err.message, "feed 12: 9 bytes, limit 8");
}

static void an_error_without_words_gets_its_name(void **state)
{
    struct ww_error err = {0};

    WW_UNUSED(state);
    assert_int_equal(ww_context(&err, WW_NOMEM, "feed %d", 12), WW_NOMEM);
    assert_string_equal(err.message, "feed 12: out of memory");
}

static void nobody_has_to_listen(void **state)
{
    WW_UNUSED(state);
    assert_int_equal(ww_fail(NULL, WW_STORE, "%s", "x"), WW_STORE);
    assert_int_equal(ww_context(NULL, WW_STORE, "%s", "x"), WW_STORE);
}

static void long_messages_are_cut(void **state)
{
    char words[2000];
    struct ww_error err = {0};

    WW_UNUSED(state);
    memset(words, 'w', sizeof(words));
    words[sizeof(words) - 1] = '\0';
    (void)ww_fail(&err, WW_INVALID, "%s", words);
    assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
    (void)ww_context(&err, WW_INVALID, "%s", "feed 12");
    assert_memory_equal(err.message, "feed 12: www", 12);
    assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
    (void)ww_context(&err, WW_INVALID, "%s", words);
    assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
}

static void every_status_has_its_own_name(void **state)
{
    WW_UNUSED(state);
    for (int a = 0; a < WW_STATUS_COUNT; a++)
        for (int b = a + 1; b <= WW_STATUS_COUNT; b++)
            assert_string_not_equal(ww_status_name((enum ww_status)a),
                                    ww_status_name((enum ww_status)b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(context_goes_before_the_message),
        cmocka_unit_test(an_error_without_words_gets_its_name),
        cmocka_unit_test(nobody_has_to_listen),
        cmocka_unit_test(long_messages_are_cut),
        cmocka_unit_test(every_status_has_its_own_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
