/* test_lock_leases.c - locks among machines: one at a time, kept while somebody is at it, lost
 * after a silence, and whoever has lost one writes nothing more. */
#include "base/attrs.h"
#include "base/hash.h"
#include "storage/store_leases.h"
#include "storage/store_locks.h"
#include "tests/support/store.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define OK(call) assert_int_equal((call), WW_OK)
/* Whole seconds: it ends between three and four after it was last renewed. */
#define SHORT_S 4
/* Beyond the largest number that Linux gives. */
#define NO_PROCESS 4194305

static struct test_store t;

static struct store *open_as(const char *machine)
{
    const struct store_options options = {.path = t.path,
                                          .lock_wait_ms = 20000,
                                          .now = TEST_NOW,
                                          .machine = machine,
                                          .lease_s = SHORT_S,
                                          .wants_leases = true};
    struct ww_error err = {0};
    struct store *s = NULL;

    if (store_open(&options, &s, &err) != WW_OK)
        fail_msg("%s", err.message);
    return s;
}

static void pass(long ms)
{
    const struct timespec time = {ms / 1000, (ms % 1000) * 1000000L};

    (void)nanosleep(&time, NULL);
}

static enum ww_status write_fact(struct store *s, const char *value, struct ww_error *err)
{
    enum ww_status status = store_begin(s, err);

    if (status == WW_OK)
        status = store_put_meta(s, SLICE("fact"), slice_from(value), err);
    if (status == WW_OK)
        return store_commit(s, err);
    store_rollback(s);
    return status;
}

static void one_of_a_machine_one_of_all(void **state)
{
    struct store *fuji, *fuji_too, *eiger;
    struct ww_error err = {0};
    char holder[96];

    WW_UNUSED(state);
    test_store_open(&t);
    fuji = open_as("fuji");
    fuji_too = open_as("fuji");
    eiger = open_as("eiger");
    assert_false(store_lock_is_held(fuji_too, LOCK_RUN));
    OK(store_lock(fuji, LOCK_RUN, 0, TEST_NOW, &err));
    OK(store_lock(fuji, LOCK_BACKFILL, 0, TEST_NOW, &err));
    OK(store_lock(eiger, LOCK_RUN, 0, TEST_NOW, &err));
    assert_int_equal(store_lock(fuji_too, LOCK_RUN, 300, TEST_NOW, &err), WW_CONFLICT);
    OK(store_lock(eiger, LOCK_ALERTS, 0, TEST_NOW, &err));
    assert_int_equal(store_lock(fuji, LOCK_ALERTS, 0, TEST_NOW, &err), WW_CONFLICT);
    (void)snprintf(holder, sizeof(holder),
                   "another pass 2 holds alerts: pid %ld of eiger, active since "
                   "2023-11-14T22:13:20Z",
                   (long)getpid());
    assert_string_equal(err.message, holder);
    pass(300); /* an answer is good for a moment */
    assert_true(store_lock_is_held(fuji_too, LOCK_RUN));
    /* Both write beside one another. */
    OK(write_fact(fuji, "fuji", &err));
    OK(write_fact(eiger, "eiger", &err));
    store_unlock(eiger, LOCK_ALERTS);
    OK(store_lock(fuji, LOCK_ALERTS, 0, TEST_NOW, &err));
    store_unlock(fuji, LOCK_RUN);
    store_unlock(fuji, LOCK_RUN);
    OK(store_lock(fuji_too, LOCK_RUN, 0, TEST_NOW, &err));
    OK(write_fact(fuji, "fuji", &err));
    store_close(fuji); /* and what it holds is free */
    OK(store_lock(eiger, LOCK_ALERTS, 0, TEST_NOW, &err));
    store_close(fuji_too);
    store_close(eiger);
    test_store_close(&t);
}

static void who_is_at_work_is_told(void **state)
{
    static const char *const expected[] = {"eiger run", "fuji run", "fuji backfill", "fuji alerts"};
    struct store *fuji, *eiger;
    struct lock_list locks;
    struct ww_error err = {0};

    WW_UNUSED(state);
    test_store_open(&t);
    fuji = open_as("fuji");
    eiger = open_as("eiger");
    OK(store_list_locks(fuji, &t.arena, &locks, &err));
    assert_int_equal(locks.n_rows, 0);
    OK(store_lock(fuji, LOCK_ALERTS, 0, TEST_NOW, &err));
    OK(store_lock(fuji, LOCK_BACKFILL, 0, TEST_NOW, &err));
    OK(store_lock(fuji, LOCK_RUN, 0, TEST_NOW, &err));
    OK(store_lock(eiger, LOCK_RUN, 0, TEST_NOW, &err));
    OK(store_lock(eiger, LOCK_BACKFILL, 0, TEST_NOW, &err));
    store_unlock(eiger, LOCK_BACKFILL);
    OK(store_list_locks(eiger, &t.arena, &locks, &err));
    assert_int_equal(locks.n_rows, WW_COUNT(expected));
    for (size_t i = 0; i < locks.n_rows; i++) {
        char words[64];

        (void)snprintf(words, sizeof(words), "%.*s %.*s", SLICE_ARG(locks.rows[i].machine),
                       SLICE_ARG(locks.rows[i].what));
        assert_string_equal(words, expected[i]);
        assert_int_not_equal(locks.rows[i].since, 0);
    }
    store_close(fuji);
    store_close(eiger);
    test_store_close(&t);
}

static void whoever_is_silent_has_lost_it(void **state)
{
    struct store *fuji, *eiger;
    struct ww_error err = {0};
    struct slice value;

    WW_UNUSED(state);
    test_store_open(&t);
    fuji = open_as("fuji");
    eiger = open_as("eiger");
    OK(store_lock(fuji, LOCK_ALERTS, 0, TEST_NOW, &err));
    /* Silent for too long, and nobody came: it still is his. */
    pass(SHORT_S * 1000 + 100);
    OK(write_fact(fuji, "fuji", &err));
    assert_int_equal(store_lock(eiger, LOCK_ALERTS, 0, TEST_NOW, &err), WW_CONFLICT);
    OK(store_lock(eiger, LOCK_ALERTS, SHORT_S * 1000 + 1000, TEST_NOW, &err));
    assert_int_equal(write_fact(fuji, "lost", &err), WW_CONFLICT);
    assert_non_null(strstr(err.message, "has lost its turn: another pass 2 holds alerts: pid "));
    assert_int_equal(store_keep(fuji, &err), WW_CONFLICT);
    assert_int_equal(write_fact(fuji, "lost", &err), WW_CONFLICT);
    OK(store_meta(eiger, SLICE("fact"), &t.arena, &value, &err));
    assert_true(slice_equal(value, SLICE("fuji")));
    OK(write_fact(eiger, "eiger", &err));
    store_unlock(fuji, LOCK_ALERTS); /* which takes nothing from eiger */
    OK(write_fact(fuji, "late", &err));
    assert_int_equal(store_lock(fuji, LOCK_ALERTS, 0, TEST_NOW, &err), WW_CONFLICT);
    store_close(fuji);
    store_close(eiger);
    test_store_close(&t);
}

/*
 * Killed: on its own machine that is seen, elsewhere its time runs out. Meanwhile: what is renewed
 * in a transaction that is undone is not renewed.
 */
static void nobody_waits_for_the_dead(void **state)
{
    struct store *fuji, *fuji_too, *eiger;
    struct ww_error err = {0};
    int status = 0;
    pid_t child;

    WW_UNUSED(state);
    test_store_open(&t);
    child = fork();
    if (child == 0) {
        struct store *s = open_as("fuji");

        _exit(store_lock(s, LOCK_RUN, 0, TEST_NOW, NULL) == WW_OK &&
                      store_lock(s, LOCK_ALERTS, 0, TEST_NOW, NULL) == WW_OK
                  ? 0
                  : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    eiger = open_as("eiger");
    fuji = open_as("fuji");
    fuji_too = open_as("fuji");
    assert_int_equal(store_lock(eiger, LOCK_ALERTS, 0, TEST_NOW, &err), WW_CONFLICT);
    assert_false(store_lock_is_held(fuji, LOCK_RUN));
    OK(store_lock(fuji, LOCK_RUN, 0, TEST_NOW, &err));

    pass(SHORT_S * 1000 - 500);
    OK(store_begin(fuji, &err));
    store_rollback(fuji);
    OK(store_keep(fuji, &err));
    pass(700);
    assert_int_equal(store_lock(fuji_too, LOCK_RUN, 0, TEST_NOW, &err), WW_CONFLICT);

    OK(store_lock(eiger, LOCK_ALERTS, 0, TEST_NOW, &err));
    assert_int_equal(store_lock(fuji, LOCK_ALERTS, 0, TEST_NOW, &err), WW_CONFLICT);
    store_close(fuji);
    store_close(fuji_too);
    store_close(eiger);
    test_store_close(&t);
}

/*
 * Another host that was given the same name: outside containers the kernel calls the first space of
 * processes alike on all of them, and a number that is nobody's here is at work there.
 */
static void a_process_elsewhere_is_not_dead(void **state)
{
    struct store *there, *here;
    struct ww_error err = {0};
    struct lock_list locks;
    char space[64], token[64];
    bool is_theirs = false;
    ssize_t n;

    WW_UNUSED(state);
    test_store_open(&t);
    there = open_as("debian");
    here = open_as("debian");
    n = readlink("/proc/self/ns/pid", space, sizeof(space));
    assert_true(n > 0);
    (void)snprintf(token, sizeof(token), "%016" PRIx64 "/%d/1",
                   hash64_mix(hash64(SLICE("debian")), hash64(slice_of(space, (size_t)n))),
                   NO_PROCESS);
    OK(store_take_lease(there, SLICE("run/debian"), slice_from(token), SLICE("pid of debian"),
                        &is_theirs, &err));
    assert_true(is_theirs);
    assert_int_equal(store_lock(here, LOCK_RUN, 0, TEST_NOW, &err), WW_CONFLICT);
    assert_true(store_lock_is_held(here, LOCK_RUN));
    OK(store_list_locks(here, &t.arena, &locks, &err));
    assert_int_equal(locks.n_rows, 1);
    store_close(here);
    store_close(there);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_of_a_machine_one_of_all),
        cmocka_unit_test(who_is_at_work_is_told),
        cmocka_unit_test(whoever_is_silent_has_lost_it),
        cmocka_unit_test(nobody_waits_for_the_dead),
        cmocka_unit_test(a_process_elsewhere_is_not_dead),
    };

    return cmocka_run_group_tests_name("lock_leases", tests, NULL, NULL);
}
