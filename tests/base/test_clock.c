/* test_clock.c - fixed clocks move when told, running ones by themselves. */
#include "base/attrs.h"
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

static void a_fixed_clock_moves_by_sleeping_alone(void **state)
{
    struct clock c = clock_fixed(1700000000);
    int64_t begun = clock_monotonic_ms(&c);
    time_t machine = time(NULL);

    WW_UNUSED(state);
    clock_sleep_ms(&c, 86400 * 1000);
    clock_sleep_ms(&c, 999);
    clock_sleep_ms(&c, 0);
    clock_sleep_ms(&c, -5);
    assert_int_equal(clock_now(&c), 1700086400);
    assert_int_equal(clock_monotonic_ms(&c) - begun, 86400999);
    clock_sleep_ms(&c, 1);
    assert_int_equal(clock_now(&c), 1700086401);
    assert_true(time(NULL) - machine < 60);
}

static void the_system_clock_is_the_machines(void **state)
{
    struct clock c = clock_system();
    int64_t begun = clock_monotonic_ms(&c);

    WW_UNUSED(state);
    assert_in_range(clock_now(&c) - (int64_t)time(NULL) + 2, 0, 4);
    clock_sleep_ms(&c, 20);
    assert_true(clock_monotonic_ms(&c) - begun >= 20);
}

static void a_rehearsal_starts_at_its_time_and_runs_on(void **state)
{
    struct clock c = clock_started_at(1000000000);
    int64_t begun = clock_monotonic_ms(&c), least_ms = 1000;

    WW_UNUSED(state);
    assert_in_range(clock_now(&c) - 1000000000, 0, 2);
    /* With the second, wherever the machine's own stands: what is quick happens within it. */
    for (int i = 0; i < 8; i++) {
        const struct clock other = clock_started_at(1000000000);
        const int64_t ms = clock_now_ms(&other) - (int64_t)1000000000 * 1000;

        clock_sleep_ms(&c, 37);
        least_ms = ms < least_ms ? ms : least_ms;
        assert_true(ms >= 0);
    }
    assert_true(least_ms < 20);
    clock_sleep_ms(&c, 1100);
    assert_in_range(clock_now(&c) - 1000000000, 1, 10);
    assert_true(clock_monotonic_ms(&c) - begun >= 1100);
}

static void one_that_hurries_waits_less(void **state)
{
    struct clock c = clock_hurried(1000000000, 1000), machine = clock_system();
    const int64_t begun = clock_monotonic_ms(&c), really = clock_monotonic_ms(&machine);

    WW_UNUSED(state);
    assert_true(clock_is_hurried(&c));
    assert_false(clock_is_hurried(&machine));
    assert_int_equal(clock_real_ms(&c, 60001), 61);
    assert_int_equal(clock_real_ms(&c, -1), -1);
    assert_int_equal(clock_real_ms(&machine, 60001), 60001);
    clock_sleep_ms(&c, 60000);
    assert_true(clock_monotonic_ms(&c) - begun >= 60000);
    assert_true(clock_monotonic_ms(&machine) - really < 5000);
    assert_in_range(clock_now(&c) - 1000000000, 60, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fixed_clock_moves_by_sleeping_alone),
        cmocka_unit_test(the_system_clock_is_the_machines),
        cmocka_unit_test(a_rehearsal_starts_at_its_time_and_runs_on),
        cmocka_unit_test(one_that_hurries_waits_less),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
