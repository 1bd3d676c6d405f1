/*
 * The jail: what a worker that misbehaves can do to a run. The fork server runs this program's own
 * function, so that "a page took over the parser" is acted out.
 */
/* MAP_ANONYMOUS */
#define _GNU_SOURCE
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "crawler/forkserver.h"
#include "crawler/workers.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void nothing(void)
{
}

static void do_open(void)
{
    (void)open("/etc/passwd", O_RDONLY);
}

static void do_socket(void)
{
    (void)socket(AF_INET, SOCK_STREAM, 0);
}

static void do_execve(void)
{
    char name[] = "/bin/true";
    char *const args[] = {name, NULL};
    char *const none[] = {NULL};

    (void)execve(name, args, none);
}

static void do_fork(void)
{
    (void)fork();
}

static void do_kill(void)
{
    (void)kill(getppid(), SIGTERM);
}

static void do_run_memory(void)
{
    (void)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void do_crash(void)
{
    (void)raise(SIGSEGV);
}

static void do_leave(void)
{
    _exit(0);
}

/* As one that could not be locked in: nobody may believe it. */
static void do_leave_unlocked(void)
{
    _exit(WORKER_NO_JAIL_STATUS);
}

static void do_ptrace(void)
{
    (void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static void do_spin(void)
{
    for (volatile unsigned i = 0;; i++)
        ;
}

static void do_hoard(void)
{
    for (size_t taken = 0; taken < (size_t)4096 * 1024 * 1024; taken += 1024 * 1024) {
        char *piece = mem_alloc(1024 * 1024);

        if (piece == NULL)
            _exit(1);
        for (size_t i = 0; i < 1024 * 1024; i += 4096)
            piece[i] = 1;
    }
}

/* Below malloc's threshold for maps, an array that glibc sorts after asking how much memory is. */
static int compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(int));
}

static void do_sort(void)
{
    int *numbers = mem_array(100000, sizeof(int));

    for (int i = 0; i < 100000; i++)
        numbers[i] = (i * 7919) % 100003;
    qsort(numbers, 100000, sizeof(int), compare);
    mem_free(numbers);
}

static const struct deed {
    const char *name;
    void (*run)(void);
    bool survives;
    bool needs_filter; /* the sanitizers' build has none */
} deeds[] = {
    {"nothing",    nothing,           true,  false},
    {"sort",       do_sort,           true,  false},
    {"open",       do_open,           false, true },
    {"socket",     do_socket,         false, true },
    {"execve",     do_execve,         false, true },
    {"fork",       do_fork,           false, true },
    {"kill",       do_kill,           false, true },
    {"run memory", do_run_memory,     false, true },
    {"hoard",      do_hoard,          false, true },
    {"crash",      do_crash,          false, false},
    {"leave",      do_leave,          false, false},
    {"unlocked",   do_leave_unlocked, false, false},
    {"ptrace",     do_ptrace,         false, true },
    {"spin",       do_spin,           false, false},
};

/* Frames that lie are written past the answer, straight to the socket the jail leaves: 3. */
static void lie(const char *what)
{
    static const unsigned char huge[FRAME_HEAD_BYTES] = {255, 255, 255, 255, 255, 255, 255, 127};
    static const unsigned char more[FRAME_HEAD_BYTES + 4] = {100};

    if (strcmp(what, "huge") == 0)
        (void)!write(3, huge, sizeof(huge));
    else
        (void)!write(3, more, sizeof(more));
    _exit(0);
}

/* "do NAME", "lie NAME", "grow N", or anything: told back. */
static void act(struct slice request, struct arena *arena, struct buf *answer)
{
    char *words = arena_string(arena, slice_head(request, 64));

    if (strncmp(words, "lie ", 4) == 0)
        lie(words + 4);
    for (size_t i = 0; strncmp(words, "do ", 3) == 0 && i < WW_COUNT(deeds); i++)
        if (strcmp(words + 3, deeds[i].name) == 0)
            deeds[i].run();
    if (strncmp(words, "grow ", 5) == 0) {
        size_t n = strtoul(words + 5, NULL, 10);
        char *room = buf_extend(answer, n);

        if (room != NULL)
            memset(room, 'x', n);
        return;
    }
    buf_add(answer, request);
}

static struct forkserver *forkserver;

static struct workers *open_pool(unsigned n)
{
    struct workers *w = NULL;

    assert_int_equal(workers_open(forkserver, n, &w, NULL), WW_OK);
    return w;
}

/* One job, its answer; fails the test when the pool itself fails. */
static struct workers_answer ask(struct workers *w, struct slice request)
{
    struct workers_answer answer = {0};
    struct ww_error err = {0};

    if (workers_submit(w, 7, request, &err) != WW_OK || workers_wait(w, -1, &answer, &err) != WW_OK)
        fail_msg("%s", err.message);
    assert_int_equal(answer.id, 7);
    return answer;
}

static void assert_alive(struct workers *w, const char *after)
{
    struct workers_answer answer = ask(w, SLICE("hello"));

    if (answer.worker_died || !slice_equal(answer.record, SLICE("hello")))
        fail_msg("after %s the pool does not answer: %s", after, answer.error.message);
}

static void test_deeds(void **state)
{
    struct workers *w = open_pool(1);

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(deeds); i++) {
        char request[64];
        struct workers_answer answer;

#ifdef WW_SANITIZED
        if (deeds[i].needs_filter)
            continue;
#endif
        (void)snprintf(request, sizeof(request), "do %s", deeds[i].name);
        answer = ask(w, slice_from(request));
        if (answer.worker_died == deeds[i].survives)
            fail_msg("%s: the worker %s: %s", deeds[i].name,
                     answer.worker_died ? "died" : "survived", answer.error.message);
        if (answer.worker_died && answer.status == WW_OK)
            fail_msg("%s: a death that is no failure", deeds[i].name);
        assert_alive(w, deeds[i].name);
    }
    workers_close(w);
}

static void test_lies(void **state)
{
    struct workers *w = open_pool(1);

    WW_UNUSED(state);
    assert_true(ask(w, SLICE("lie huge")).worker_died);
    assert_alive(w, "a huge length");
    assert_true(ask(w, SLICE("lie more")).worker_died);
    assert_alive(w, "a length longer than the answer");
    workers_close(w);
}

/* Far over what a socket holds, in both directions: nobody may wait for the other for ever. */
static void test_big(void **state)
{
    struct workers *w = open_pool(2);
    struct buf big;
    struct workers_answer answer;

    WW_UNUSED(state);
    buf_init(&big, REQUEST_MAX_BYTES + 1);
    memset(buf_extend(&big, 20u * 1024 * 1024), 'y', 20u * 1024 * 1024);
    answer = ask(w, buf_slice(&big));
    assert_true(slice_equal(answer.record, buf_slice(&big)));
    assert_int_equal(ask(w, SLICE("grow 30000000")).record.len, 30000000);
    assert_int_equal(ask(w, SLICE("grow 0")).record.len, 0);
    (void)buf_extend(&big, REQUEST_MAX_BYTES + 1 - big.len);
    assert_int_equal(workers_submit(w, 1, buf_slice(&big), NULL), WW_TOO_BIG);
    assert_alive(w, "a request over the limit");
    buf_release(&big);
    workers_close(w);
}

static void test_many(void **state)
{
    struct workers *w = open_pool(3);
    struct workers_answer answer;
    uint64_t seen = 0;
    int fds[8];

    WW_UNUSED(state);
    assert_int_equal(workers_wait(w, -1, &answer, NULL), WW_NOT_FOUND);
    for (uint64_t i = 0; i < 300;) {
        while (workers_idle(w) && i < 300)
            assert_int_equal(workers_submit(w, i++, SLICE("hello"), NULL), WW_OK);
        assert_true(workers_descriptors(w, fds, 8) <= 3);
        assert_int_equal(workers_wait(w, -1, &answer, NULL), WW_OK);
        seen += answer.id + 1;
    }
    while (workers_wait(w, -1, &answer, NULL) == WW_OK)
        seen += answer.id + 1;
    assert_int_equal(seen, 300 * 301 / 2);
    for (int i = 0; i < 3; i++)
        assert_int_equal(workers_submit(w, 1, SLICE("do spin"), NULL), WW_OK);
    assert_false(workers_idle(w));
    assert_int_equal(workers_submit(w, 1, SLICE("hello"), NULL), WW_CONFLICT);
    assert_int_equal(workers_wait(w, 20, &answer, NULL), WW_NOT_FOUND);
    workers_close(w); /* with three jobs out */
}

/* One more than cores: while an answer is stored no core rests. */
static void test_as_many_as_help(void **state)
{
    struct workers *w = open_pool(0);
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    long n = 0;

    WW_UNUSED(state);
    for (; workers_idle(w); n++)
        assert_int_equal(workers_submit(w, 1, SLICE("hello"), NULL), WW_OK);
    assert_int_equal(n, cores < WORKERS_MAX ? cores + 1 : WORKERS_MAX);
    workers_close(w);
}

/* Whoever stores and asks goes before those who parse: no core waits for a document in vain. */
static void test_behind(void **state)
{
    const char question[FRAME_HEAD_BYTES + 5] = "\5\0\0\0\0\0\0\0hello";
    char head[FRAME_HEAD_BYTES];
    const int own = getpriority(PRIO_PROCESS, 0);
    struct worker_process worker;
    int wait_status;

    WW_UNUSED(state);
    assert_int_equal(forkserver_make(forkserver, &worker, NULL), WW_OK);
    assert_int_equal(write(worker.fd, question, sizeof(question)), sizeof(question));
    assert_int_equal(read(worker.fd, head, sizeof(head)), sizeof(head)); /* jailed by now */
    assert_int_equal(getpriority(PRIO_PROCESS, (id_t)worker.pid),
                     own + WORKER_NICENESS < 19 ? own + WORKER_NICENESS : 19);
    (void)close(worker.fd);
    assert_int_equal(forkserver_end(forkserver, worker.pid, true, &wait_status, NULL), WW_OK);
}

/* A descriptor opened after the fork server was made is in no worker: locks do not outlive us. */
static void test_no_descriptor(void **state)
{
    struct workers *w;
    int ends[2];
    char byte;

    WW_UNUSED(state);
    assert_int_equal(pipe(ends), 0);
    w = open_pool(1);
    assert_alive(w, "a start");
    (void)close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 0);
    (void)close(ends[0]);
    workers_close(w);
}

/* The whole program is killed at once: its workers go too. Their common pipe tells. */
static void test_orphans(void **state)
{
    int ends[2];
    char byte;
    pid_t program;

    WW_UNUSED(state);
    assert_int_equal(pipe(ends), 0);
    program = fork();
    if (program == 0) {
        struct forkserver *f = NULL; /* inherits the pipe, and holds it */
        struct workers *w = NULL;

        (void)close(ends[0]);
        if (forkserver_start(act, &f, NULL) != WW_OK || workers_open(f, 2, &w, NULL) != WW_OK ||
            workers_submit(w, 1, SLICE("do spin"), NULL) != WW_OK)
            _exit(1);
        (void)raise(SIGKILL);
    }
    (void)close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 0);
    (void)close(ends[0]);
    assert_int_equal(waitpid(program, NULL, 0), program);
}

/* The terminal's ^C reaches all of them; the workers stay as long as the program wants. */
static void test_interrupt(void **state)
{
    struct workers *w = open_pool(1);
    void (*before)(int) = signal(SIGINT, SIG_IGN);

    WW_UNUSED(state);
    assert_alive(w, "a start");
    (void)kill(0, SIGINT);
    assert_alive(w, "an interrupt");
    (void)signal(SIGINT, before);
    workers_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deeds),         cmocka_unit_test(test_lies),
        cmocka_unit_test(test_big),           cmocka_unit_test(test_many),
        cmocka_unit_test(test_no_descriptor), cmocka_unit_test(test_orphans),
        cmocka_unit_test(test_interrupt),     cmocka_unit_test(test_as_many_as_help),
        cmocka_unit_test(test_behind),
    };
    int failed;

    if (setpgid(0, 0) != 0 || forkserver_start(act, &forkserver, NULL) != WW_OK)
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    forkserver_stop(forkserver);
    return failed;
}
