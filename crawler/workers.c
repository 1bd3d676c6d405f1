/*
 * workers.c - the pool: who is busy with what, since when, and what came back.
 */
#include "crawler/workers.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/lowest_first.h"
#include "base/mem.h"
#include "crawler/forkserver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Sanitizers make code some ten times slower. */
#ifdef WW_SANITIZED
#define PATIENCE 10
#else
#define PATIENCE 1
#endif

/* A bigger answer gives its room back when it was read. */
#define KEPT_ROOM_BYTES (1024 * 1024)
#define READ_STEP_BYTES (64 * 1024)

struct worker {
    struct worker_process process; /* pid 0: not made, or gone */
    bool is_busy;
    uint64_t id;
    int64_t begun_ms;
    int64_t cpu_begun_ms; /* its processor time then */
    int64_t check_ms;     /* when its time could be over at the earliest */
    struct buf answer;    /* head and bytes as they come */
    enum { WENT_WELL, RAN_LATE, LIED } end;
};

struct workers {
    struct forkserver *forkserver;
    struct clock clock;  /* the machine's, whatever time the run is told: processes live in it */
    struct worker *read; /* whose answer the caller still reads */
    size_t n_workers;
    struct worker workers[WORKERS_MAX];
};

enum ww_status workers_open(struct forkserver *f, unsigned n, struct workers **out,
                            struct ww_error *err)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    struct workers *w = mem_alloc(sizeof(*w));

    *out = w;
    if (w == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    w->forkserver = f;
    w->clock = clock_system();
    w->n_workers = n > 0 ? n : cores > 0 ? (size_t)cores + 1 : 1;
    if (w->n_workers > WORKERS_MAX)
        w->n_workers = WORKERS_MAX;
    for (size_t i = 0; i < w->n_workers; i++) {
        w->workers[i].process.fd = -1;
        buf_init(&w->workers[i].answer, FRAME_HEAD_BYTES + ANSWER_MAX_BYTES);
    }
    return WW_OK;
}

/* Bury the process; *wait_status tells how it ended. */
static enum ww_status end_process(struct workers *w, struct worker *worker, bool at_once,
                                  int *wait_status, struct ww_error *err)
{
    const pid_t pid = worker->process.pid;

    *wait_status = 0;
    if (pid == 0)
        return WW_OK;
    (void)close(worker->process.fd);
    worker->process = (struct worker_process){.fd = -1};
    return forkserver_end(w->forkserver, pid, at_once, wait_status, err);
}

void workers_close(struct workers *w)
{
    int ignored;

    if (w == NULL)
        return;
    for (size_t i = 0; i < w->n_workers; i++) {
        (void)end_process(w, &w->workers[i], w->workers[i].is_busy, &ignored, NULL);
        buf_release(&w->workers[i].answer);
    }
    mem_free(w);
}

bool workers_idle(const struct workers *w)
{
    for (size_t i = 0; i < w->n_workers; i++)
        if (!w->workers[i].is_busy)
            return true;
    return false;
}

size_t workers_descriptors(const struct workers *w, int *fds, size_t max)
{
    size_t n = 0;

    for (size_t i = 0; i < w->n_workers && n < max; i++)
        if (w->workers[i].is_busy && w->workers[i].process.pid != 0)
            fds[n++] = w->workers[i].process.fd;
    return n;
}

/* ---- time ----------------------------------------------------------------------------------- */

static int64_t processor_ms(pid_t pid)
{
    struct timespec t = {0};
    clockid_t id;

    if (clock_getcpuclockid(pid, &id) != 0 || clock_gettime(id, &t) != 0)
        return 0;
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Is its time over? Else check_ms says when to look again. */
static bool is_late(struct worker *worker, int64_t now_ms)
{
    int64_t left;

    if (now_ms < worker->check_ms)
        return false;
    left =
        WORKER_DEADLINE_MS * PATIENCE - (processor_ms(worker->process.pid) - worker->cpu_begun_ms);
    if (left <= 0 || now_ms - worker->begun_ms >= WORKER_WALL_MAX_MS * PATIENCE)
        return true;
    worker->check_ms = now_ms + left;
    return false;
}

/* ---- giving a job --------------------------------------------------------------------------- */

static enum ww_status make_process(struct workers *w, struct worker *worker, struct ww_error *err)
{
    enum ww_status status = forkserver_make(w->forkserver, &worker->process, err);

    if (status == WW_OK && fcntl(worker->process.fd, F_SETFL, O_NONBLOCK) != 0)
        status = ww_fail(err, WW_REFUSED, "parser process: %s", strerror(errno));
    return status;
}

/*
 * True when all of it went out; a worker that does not read, or is gone, is found by its deadline
 * or by its closed socket, in workers_wait.
 */
static bool write_all(struct workers *w, struct worker *worker, struct slice bytes)
{
    while (bytes.len > 0) {
        ssize_t n = send(worker->process.fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        struct pollfd wanted = {.fd = worker->process.fd, .events = POLLOUT};

        if (n > 0) {
            bytes = slice_skip(bytes, (size_t)n);
            continue;
        }
        if (errno != EAGAIN && errno != EINTR)
            return false;
        if (is_late(worker, clock_monotonic_ms(&w->clock)))
            return false;
        (void)poll(&wanted, 1, WORKER_DEADLINE_MS);
    }
    return true;
}

enum ww_status workers_submit(struct workers *w, uint64_t id, struct slice request,
                              struct ww_error *err)
{
    struct worker *worker = NULL;
    char head[FRAME_HEAD_BYTES];
    enum ww_status status;

    if (request.len > REQUEST_MAX_BYTES)
        return ww_fail(err, WW_TOO_BIG, "a document of %zu bytes, limit %d", request.len,
                       REQUEST_MAX_BYTES);
    for (size_t i = 0; i < w->n_workers && worker == NULL; i++)
        if (!w->workers[i].is_busy && &w->workers[i] != w->read)
            worker = &w->workers[i];
    if (worker == NULL && w->read != NULL && !w->read->is_busy)
        worker = w->read;
    if (worker == NULL)
        return ww_fail(err, WW_CONFLICT, "all parsers are busy");
    if (worker->process.pid == 0) {
        status = make_process(w, worker, err);
        if (status != WW_OK)
            return status;
    }
    worker->is_busy = true;
    worker->id = id;
    worker->end = WENT_WELL;
    worker->begun_ms = clock_monotonic_ms(&w->clock);
    worker->cpu_begun_ms = processor_ms(worker->process.pid);
    worker->check_ms = worker->begun_ms + WORKER_DEADLINE_MS * PATIENCE;
    lowest_first_put(head, FRAME_HEAD_BYTES, request.len);
    if (write_all(w, worker, slice_of(head, sizeof(head))))
        (void)write_all(w, worker, request);
    return WW_OK;
}

/* ---- taking an answer ----------------------------------------------------------------------- */

/* What a frame's head claims; false when it cannot be. */
static bool claimed_length(const struct buf *b, size_t *len)
{
    const uint64_t n = lowest_first_get(b->ptr, FRAME_HEAD_BYTES);

    *len = (size_t)n;
    return n <= ANSWER_MAX_BYTES;
}

/* Take what has come. True when the job has ended: whole answer, closed socket, or a lie. */
static bool read_some(struct worker *worker)
{
    for (;;) {
        struct buf *b = &worker->answer;
        size_t have = b->len, claimed = 0, step = FRAME_HEAD_BYTES - have;
        char *room;
        ssize_t n;

        if (have >= FRAME_HEAD_BYTES) {
            if (!claimed_length(b, &claimed)) {
                worker->end = LIED;
                return true;
            }
            step = claimed + FRAME_HEAD_BYTES - have;
            if (step == 0)
                return true;
        }
        /* Room grows with what comes, not with what is claimed. */
        step = step > READ_STEP_BYTES ? READ_STEP_BYTES : step;
        room = buf_extend(b, step);
        if (room == NULL) {
            worker->end = LIED;
            return true;
        }
        n = recv(worker->process.fd, room, step, 0);
        buf_truncate(b, have + (n > 0 ? (size_t)n : 0));
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
            worker->end = LIED;
            return true;
        }
        if (n < 0)
            return false;
    }
}

/*
 * Say in words why a worker's process ended. Our own failure to lock it in is the only WW_REFUSED.
 */
static enum ww_status judge_death(const struct worker *worker, int wait_status,
                                  struct ww_error *err)
{
    if (worker->end == RAN_LATE)
        return ww_fail(err, WW_TOO_BIG, "too complex: the parser was stopped after %d ms",
                       WORKER_DEADLINE_MS);
    if (WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGSYS)
        return ww_fail(err, WW_INVALID, "the parser was stopped: it made a forbidden call");
    if (WIFSIGNALED(wait_status))
        return ww_fail(err, WW_INVALID, "the parser was stopped by signal %d",
                       WTERMSIG(wait_status));
    return ww_fail(err, WW_INVALID, "the parser ended without an answer");
}

static enum ww_status finish(struct workers *w, struct worker *worker, struct workers_answer *out,
                             struct ww_error *err)
{
    int wait_status = 0;
    enum ww_status status;

    worker->is_busy = false;
    w->read = worker;
    *out = (struct workers_answer){
        .id = worker->id, .record = {"", 0}
    };
    if (worker->end == WENT_WELL) {
        out->record = slice_skip(buf_slice(&worker->answer), FRAME_HEAD_BYTES);
        return WW_OK;
    }
    /* One that ended by itself is given the moment to do so: its own signal tells why. */
    status = end_process(w, worker, worker->end == RAN_LATE, &wait_status, err);
    if (status != WW_OK)
        return status;
    out->worker_died = true;
    out->status = judge_death(worker, wait_status, &out->error);
    return WW_OK;
}

static void reset_read(struct workers *w)
{
    if (w->read == NULL)
        return;
    if (w->read->answer.capacity > KEPT_ROOM_BYTES)
        buf_release(&w->read->answer);
    buf_reset(&w->read->answer);
    w->read = NULL;
}

/* One look at every busy worker: the one whose job has ended, or NULL. */
static struct worker *look(struct workers *w, int64_t now_ms)
{
    for (size_t i = 0; i < w->n_workers; i++) {
        struct worker *worker = &w->workers[i];

        if (!worker->is_busy)
            continue;
        if (read_some(worker))
            return worker;
        if (is_late(worker, now_ms)) {
            worker->end = RAN_LATE;
            return worker;
        }
    }
    return NULL;
}

enum ww_status workers_wait(struct workers *w, int timeout_ms, struct workers_answer *out,
                            struct ww_error *err)
{
    const int64_t begun_ms = clock_monotonic_ms(&w->clock);
    struct pollfd wanted[WORKERS_MAX];

    reset_read(w);
    for (;;) {
        const int64_t now_ms = clock_monotonic_ms(&w->clock);
        struct worker *done = look(w, now_ms);
        int64_t until_ms = timeout_ms < 0 ? INT64_MAX : begun_ms + timeout_ms;
        nfds_t n = 0;

        if (done != NULL)
            return finish(w, done, out, err);
        if (now_ms >= until_ms)
            return ww_fail(err, WW_NOT_FOUND, "no parser has answered");
        for (size_t i = 0; i < w->n_workers; i++) {
            if (!w->workers[i].is_busy)
                continue;
            wanted[n++] = (struct pollfd){.fd = w->workers[i].process.fd, .events = POLLIN};
            if (w->workers[i].check_ms < until_ms)
                until_ms = w->workers[i].check_ms;
        }
        if (n == 0)
            return ww_fail(err, WW_NOT_FOUND, "no parser is at work");
        (void)poll(wanted, n, (int)(until_ms - now_ms));
    }
}
