/* test_locks.c - one holder at a time, told by name; a lock ends with its process. */
#include "base/attrs.h"
#include "storage/locks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define HOLDER "pid 17 of fuji, active since 2023-11-14T22:13:20Z"

static char folder[] = "/tmp/wirewatch-locks-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    WW_UNUSED(state);
    if (mkdtemp(folder) == NULL)
        return -1;
    return snprintf(path, sizeof(path), "%s/news.db", folder) > 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    static const char *const suffixes[] = {".run.lock", ".backfill.lock", ".alerts.lock",
                                           ".write.lock"};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(suffixes); i++) {
        char name[96];

        (void)snprintf(name, sizeof(name), "%s%s", path, suffixes[i]);
        (void)unlink(name);
    }
    return rmdir(folder);
}

static void kinds_do_not_meet(void **state)
{
    struct lock run, backfill, write;

    WW_UNUSED(state);
    assert_int_equal(lock_take(path, LOCK_RUN, 0, HOLDER, &run, NULL), WW_OK);
    assert_int_equal(lock_take(path, LOCK_BACKFILL, 0, HOLDER, &backfill, NULL), WW_OK);
    assert_int_equal(lock_take(path, LOCK_WRITE, 0, HOLDER, &write, NULL), WW_OK);
    lock_release(&run);
    lock_release(&backfill);
    lock_release(&write);
}

static void a_holder_knows_who_waits(void **state)
{
    struct lock held, other;

    WW_UNUSED(state);
    assert_int_equal(lock_take(path, LOCK_WRITE, 0, NULL, &held, NULL), WW_OK);
    assert_false(lock_is_waited_for(&held));
    assert_int_equal(lock_take(path, LOCK_WRITE, 50, NULL, &other, NULL), WW_CONFLICT);
    assert_true(lock_is_waited_for(&held));
    lock_release(&held);
    assert_false(lock_is_waited_for(&held));
    assert_int_equal(lock_take(path, LOCK_WRITE, 0, NULL, &other, NULL), WW_OK);
    assert_false(lock_is_waited_for(&other));
    lock_release(&other);
}

static void the_holder_is_named(void **state)
{
    struct lock first, second;
    struct ww_error err = {0};

    WW_UNUSED(state);
    assert_int_equal(lock_take(path, LOCK_RUN, 0, HOLDER, &first, NULL), WW_OK);
    assert_int_equal(lock_take(path, LOCK_RUN, 0, HOLDER, &second, &err), WW_CONFLICT);
    assert_int_equal(second.fd, 0);
    assert_non_null(strstr(err.message, HOLDER));
    assert_non_null(strstr(err.message, "another run"));
    lock_release(&second);
    lock_release(&first);
    lock_release(&first);
    assert_int_equal(lock_take(path, LOCK_RUN, 0, HOLDER, &second, &err), WW_OK);
    lock_release(&second);
}

static void a_lock_ends_with_its_process(void **state)
{
    struct lock lock;
    int status;
    pid_t child = fork();

    WW_UNUSED(state);
    if (child == 0) {
        const struct timespec pause = {0, 200000000};

        if (lock_take(path, LOCK_WRITE, 0, HOLDER, &lock, NULL) == WW_OK)
            (void)nanosleep(&pause, NULL);
        _exit(0);
    }
    assert_true(child > 0);
    /* Waits for whatever of the child's time is left; far below the ten seconds it may. */
    assert_int_equal(lock_take(path, LOCK_WRITE, 10000, HOLDER, &lock, NULL), WW_OK);
    assert_int_equal(waitpid(child, &status, 0), child);
    lock_release(&lock);
}

static void what_a_file_says_is_shown_without_controls(void **state)
{
    struct lock lock, second;
    struct ww_error err = {0};
    char name[96];
    FILE *file;

    WW_UNUSED(state);
    assert_int_equal(lock_take(path, LOCK_BACKFILL, 0, HOLDER, &lock, NULL), WW_OK);
    (void)snprintf(name, sizeof(name), "%s.backfill.lock", path);
    file = fopen(name, "wb");
    assert_non_null(file);
    (void)fputs("pid 1\x1b[31m red", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(lock_take(path, LOCK_BACKFILL, 0, HOLDER, &second, &err), WW_CONFLICT);
    assert_non_null(strstr(err.message, ": pid 1"));
    assert_null(strchr(err.message, '\x1b'));
    lock_release(&lock);
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    struct lock lock;
    struct ww_error err = {0};
    char name[9000];

    WW_UNUSED(state);
    assert_int_equal(lock_take("/nowhere/at/all.db", LOCK_RUN, 0, HOLDER, &lock, &err), WW_STORE);
    assert_non_null(strstr(err.message, "/nowhere/at/all.db.run.lock"));
    memset(name, 'n', sizeof(name));
    name[sizeof(name) - 1] = '\0';
    assert_int_equal(lock_take(name, LOCK_RUN, 0, HOLDER, &lock, NULL), WW_STORE);
    assert_int_equal(lock.fd, 0);
}

/* Whoever stands back for a run asks for it before each request. */
static void looking_takes_nothing(void **state)
{
    struct lock lock, second;
    int status;
    pid_t child;

    WW_UNUSED(state);
    assert_false(lock_is_held("/nowhere/at/all.db", LOCK_RUN));
    assert_false(lock_is_held(path, LOCK_RUN));
    assert_int_equal(lock_take(path, LOCK_RUN, 0, HOLDER, &lock, NULL), WW_OK);
    assert_true(lock_is_held(path, LOCK_RUN));
    assert_false(lock_is_held(path, LOCK_WRITE));
    assert_int_equal(lock_take(path, LOCK_RUN, 0, HOLDER, &second, NULL), WW_CONFLICT);
    lock_release(&lock);
    assert_false(lock_is_held(path, LOCK_RUN));

    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (int i = 0; i < 200000; i++)
            (void)lock_is_held(path, LOCK_RUN);
        _exit(0);
    }
    for (int i = 0; waitpid(child, &status, WNOHANG) == 0; i++) {
        struct ww_error err = {0};

        if (lock_take(path, LOCK_RUN, 0, HOLDER, &lock, &err) != WW_OK)
            fail_msg("try %d: %s", i, err.message);
        lock_release(&lock);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_do_not_meet),
        cmocka_unit_test(a_holder_knows_who_waits),
        cmocka_unit_test(the_holder_is_named),
        cmocka_unit_test(a_lock_ends_with_its_process),
        cmocka_unit_test(what_a_file_says_is_shown_without_controls),
        cmocka_unit_test(a_folder_that_is_not_there_is_told),
        cmocka_unit_test(looking_takes_nothing),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
