/* test_mailer.c - the process that sends one message: what it has, and what its death means. */
#define _GNU_SOURCE
#include "alerts/mail/mailer.h"

#include "base/attrs.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct config settings;
static const struct envelope envelope = {.line = -1};
static volatile int *shared; /* seen by all processes */

static int share(void **state)
{
    void *room = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    WW_UNUSED(state);
    shared = room;
    return room == MAP_FAILED;
}

/* ---- ways, as the child runs them ------------------------------------------------------------ */

static enum ww_status accept_it(const struct config *c, const struct envelope *e,
                                struct delivery_reply *out, struct ww_error *err)
{
    WW_UNUSED(c);
    WW_UNUSED(e);
    WW_UNUSED(err);
    deliver_reply(out, DELIVERY_ACCEPTED, SLICE("250 ok"));
    out->retry_after_s = 7;
    return WW_OK;
}

static enum ww_status fail_it(const struct config *c, const struct envelope *e,
                              struct delivery_reply *out, struct ww_error *err)
{
    WW_UNUSED(c);
    WW_UNUSED(e);
    WW_UNUSED(out);
    return ww_fail(err, WW_REFUSED, "others can read it");
}

static enum ww_status die_before(const struct config *c, const struct envelope *e,
                                 struct delivery_reply *out, struct ww_error *err)
{
    WW_UNUSED(c);
    WW_UNUSED(e);
    WW_UNUSED(out);
    WW_UNUSED(err);
    (void)raise(SIGKILL);
    return WW_OK;
}

static enum ww_status die_behind(const struct config *c, const struct envelope *e,
                                 struct delivery_reply *out, struct ww_error *err)
{
    mailer_tell_handed(e);
    return die_before(c, e, out, err);
}

static enum ww_status leave_early(const struct config *c, const struct envelope *e,
                                  struct delivery_reply *out, struct ww_error *err)
{
    WW_UNUSED(c);
    WW_UNUSED(e);
    WW_UNUSED(out);
    WW_UNUSED(err);
    _exit(3);
}

/* What is no reply: ends and lengths that there are not. */
static enum ww_status lie(const struct config *c, const struct envelope *e,
                          struct delivery_reply *out, struct ww_error *err)
{
    WW_UNUSED(c);
    WW_UNUSED(e);
    WW_UNUSED(err);
    memset(out, 0x41, sizeof(*out));
    return WW_OK;
}

/* 1: the memory may not be read by others; 2: no core; 4: nothing of the parent's is open */
static enum ww_status look_around(const struct config *c, const struct envelope *e,
                                  struct delivery_reply *out, struct ww_error *err)
{
    struct rlimit core;
    int n_open = 0;

    WW_UNUSED(c);
    WW_UNUSED(err);
    for (int fd = 0; fd < 64; fd++)
        n_open += fcntl(fd, F_GETFD) >= 0;
    *shared = prctl(PR_GET_DUMPABLE) == 0;
    *shared |= getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0 ? 2 : 0;
    *shared |= n_open == 4 && e->line == 3 ? 4 : 0;
    deliver_reply(out, DELIVERY_ACCEPTED, SLICE(""));
    return WW_OK;
}

static enum ww_status wait_for_stop(const struct config *c, const struct envelope *e,
                                    struct delivery_reply *out, struct ww_error *err)
{
    WW_UNUSED(c);
    WW_UNUSED(err);
    for (int i = 0; i < 500 && !mailer_is_stopped(e); i++)
        (void)usleep(10000);
    deliver_reply(out, DELIVERY_DEFERRED, mailer_is_stopped(e) ? SLICE("stopped") : SLICE("late"));
    return WW_OK;
}

static enum ww_status go_on(const struct config *c, const struct envelope *e,
                            struct delivery_reply *out, struct ww_error *err)
{
    WW_UNUSED(c);
    WW_UNUSED(e);
    WW_UNUSED(out);
    WW_UNUSED(err);
    for (int i = 0; i < 1000; i++) {
        (*shared)++;
        (void)usleep(10000);
    }
    return WW_OK;
}

/* It has closed its end, and hangs. */
static enum ww_status fall_silent(const struct config *c, const struct envelope *e,
                                  struct delivery_reply *out, struct ww_error *err)
{
    (void)close(e->line);
    return go_on(c, e, out, err);
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void test_ends(void **state)
{
    static const struct {
        mailer_way *way;
        enum ww_status status;
        enum delivery_end end;
        const char *words;
    } cases[] = {
        {accept_it,   WW_OK,      DELIVERY_ACCEPTED, "250 ok"                  },
        {fail_it,     WW_REFUSED, DELIVERY_DEFERRED, "others can read it"      },
        {die_before,  WW_OK,      DELIVERY_DEFERRED, "died of signal 9"        },
        {die_behind,  WW_OK,      DELIVERY_UNKNOWN,  "lost after the last byte"},
        {leave_early, WW_OK,      DELIVERY_DEFERRED, "without a word"          },
        {lie,         WW_OK,      DELIVERY_DEFERRED, "without a word"          },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct delivery_reply reply = {0};
        struct ww_error err = {0};
        enum ww_status status = mailer_run(cases[i].way, &settings, &envelope, &reply, &err);
        const char *words = status == WW_OK ? reply.words : err.message;

        if (status != cases[i].status || reply.end != cases[i].end ||
            strstr(words, cases[i].words) == NULL)
            fail_msg("case %zu: status %d, end %d, '%s'", i, (int)status, (int)reply.end, words);
        if (i == 0)
            assert_int_equal(reply.retry_after_s, 7);
    }
}

/* Nobody waits for one that can say nothing any more. */
static void test_silence(void **state)
{
    const struct clock clock = clock_system();
    const int64_t begun_ms = clock_monotonic_ms(&clock);
    struct delivery_reply reply = {0};

    WW_UNUSED(state);
    assert_int_equal(mailer_run(fall_silent, &settings, &envelope, &reply, NULL), WW_OK);
    assert_int_equal(reply.end, DELIVERY_DEFERRED);
    assert_non_null(strstr(reply.words, "died of signal 9"));
    assert_true(clock_monotonic_ms(&clock) - begun_ms < 5000);
}

static void test_surroundings(void **state)
{
    struct delivery_reply reply;
    int open_one = open("/dev/null", O_RDONLY); /* inherited, were it not closed */

    WW_UNUSED(state);
    *shared = 0;
    assert_int_equal(mailer_run(look_around, &settings, &envelope, &reply, NULL), WW_OK);
#ifdef WW_SANITIZED
    assert_int_equal(*shared & 6, 6);
#else
    assert_int_equal(*shared, 7);
#endif
    close(open_one);
}

static void test_stop(void **state)
{
    static volatile sig_atomic_t stop = 1;
    const struct envelope stopped = {.line = -1, .waiting = {.stop = &stop}};
    struct delivery_reply reply;

    WW_UNUSED(state);
    assert_int_equal(mailer_run(wait_for_stop, &settings, &stopped, &reply, NULL), WW_OK);
    assert_string_equal(reply.words, "stopped");
}

/* A child that does not listen is ended. */
static void test_stop_by_force(void **state)
{
    static volatile sig_atomic_t stop = 1;
    const struct envelope stopped = {.line = -1, .waiting = {.stop = &stop}};
    const struct clock clock = clock_system();
    const int64_t begun_ms = clock_monotonic_ms(&clock);
    struct delivery_reply reply;

    WW_UNUSED(state);
    assert_int_equal(mailer_run(go_on, &settings, &stopped, &reply, NULL), WW_OK);
    assert_int_equal(reply.end, DELIVERY_DEFERRED);
    assert_in_range(clock_monotonic_ms(&clock) - begun_ms, 0, STOP_GRACE_MS + 4000);
}

/* The parent is killed: the child may not send on, for the next run will. */
static void test_dies_with_parent(void **state)
{
    pid_t parent;
    int status = 0;

    WW_UNUSED(state);
    /* Whoever loses his parent becomes ours, so that his end is waited for and not guessed. */
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    *shared = 0;
    parent = fork();
    if (parent == 0) {
        struct delivery_reply reply;

        (void)mailer_run(go_on, &settings, &envelope, &reply, NULL);
        _exit(0);
    }
    for (int i = 0; i < 3000 && *shared < 5; i++)
        (void)usleep(10000);
    assert_true(*shared >= 5);
    assert_int_equal(kill(parent, SIGKILL), 0);
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    assert_true(waitpid(-1, &status, 0) > 0);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_in_range(*shared, 5, 999); /* it would have gone on to a thousand */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ends),          cmocka_unit_test(test_silence),
        cmocka_unit_test(test_surroundings),  cmocka_unit_test(test_stop),
        cmocka_unit_test(test_stop_by_force), cmocka_unit_test(test_dies_with_parent),
    };

    return cmocka_run_group_tests(tests, share, NULL);
}
