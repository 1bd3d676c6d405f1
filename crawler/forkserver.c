/*
 * forkserver.c - making, ending and burying workers; the loop inside a worker.
 */
#include "crawler/forkserver.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/lowest_first.h"
#include "base/mem.h"
#include "crawler/jail.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct forkserver {
    pid_t pid;
    int fd;
};

/* Both ends are one program: plain structs travel, one to a packet. */
enum order_kind { ORDER_MAKE, ORDER_END, ORDER_END_SOON };

struct order {
    enum order_kind kind;
    pid_t pid;
};

struct reply {
    int error; /* errno, or 0 */
    pid_t pid;
    int wait_status;
};

/* A page bigger than this gives its room back when it is done. */
#define KEPT_ROOM_BYTES (1024 * 1024)
/* What a parse has taken beyond this goes back to the system. */
#define KEPT_ARENA_BYTES (8 * 1024 * 1024)
/* How long a worker may take to notice that its socket was closed. */
#define END_SOON_TRIES 500

/* ---- inside a worker ------------------------------------------------------------------------ */

static bool read_all(int fd, char *out, size_t len)
{
    while (len > 0) {
        ssize_t n = read(fd, out, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        out += n;
        len -= (size_t)n;
    }
    return true;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

static bool read_frame(int fd, struct buf *frame)
{
    unsigned char head[FRAME_HEAD_BYTES];
    uint64_t len;
    char *room;

    if (!read_all(fd, (char *)head, sizeof(head)))
        return false;
    len = lowest_first_get(head, FRAME_HEAD_BYTES);
    if (len > REQUEST_MAX_BYTES)
        return false;
    room = buf_extend(frame, (size_t)len);
    return room != NULL && read_all(fd, room, (size_t)len);
}

static bool write_frame(int fd, const struct buf *frame)
{
    unsigned char head[FRAME_HEAD_BYTES];

    lowest_first_put(head, FRAME_HEAD_BYTES, frame->len);
    return write_all(fd, (const char *)head, sizeof(head)) && write_all(fd, frame->ptr, frame->len);
}

static void give_back(struct buf *b)
{
    if (b->capacity > KEPT_ROOM_BYTES)
        buf_release(b);
    buf_reset(b);
}

/* A worker keeps little between two documents: many that have seen a big one would take together
 * what a run may. */
static void forget(struct arena *arena, struct buf *request, struct buf *answer)
{
    const bool was_big =
        arena->used_bytes > KEPT_ARENA_BYTES || request->capacity > KEPT_ROOM_BYTES;

    arena_reset(arena);
    give_back(request);
    give_back(answer);
    if (was_big)
        mem_trim();
}

/* Answer until the other end is closed. */
WW_NORETURN static void work(int fd, worker_function *run)
{
    static const char is_locked_in = 1;
    struct arena arena;
    struct buf request, answer;
    struct ww_error err = {0};

    if (jail_enter(&fd, &err) != WW_OK || !write_all(fd, &is_locked_in, 1))
        jail_exit(WORKER_NO_JAIL_STATUS);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    buf_init(&request, REQUEST_MAX_BYTES);
    buf_init(&answer, ANSWER_MAX_BYTES);
    while (read_frame(fd, &request)) {
        run(buf_slice(&request), &arena, &answer);
        if (!write_frame(fd, &answer))
            break;
        forget(&arena, &request, &answer);
    }
    arena_release(&arena);
    buf_release(&request);
    buf_release(&answer);
    jail_exit(0);
}

/* ---- inside the fork server ----------------------------------------------------------------- */

/* Its first byte says that it is locked in: how it ends later is the document's doing alone. */
static int check_locked_in(int fd, struct reply *reply)
{
    char byte;

    if (read_all(fd, &byte, 1))
        return fd;
    (void)close(fd);
    while (waitpid(reply->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    reply->error = EPERM;
    return -1;
}

static int make_worker(int control, worker_function *run, struct reply *reply)
{
    const pid_t self = getpid();
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        reply->error = errno;
        return -1;
    }
    reply->pid = fork();
    if (reply->pid == 0) {
        (void)close(control);
        (void)close(ends[0]);
        if (jail_follow_parent(self, NULL) != WW_OK)
            jail_exit(WORKER_NO_JAIL_STATUS);
        work(ends[1], run);
    }
    reply->error = reply->pid < 0 ? errno : 0;
    (void)close(ends[1]);
    if (reply->pid > 0)
        return check_locked_in(ends[0], reply);
    (void)close(ends[0]);
    return -1;
}

static void end_worker(const struct order *order, struct reply *reply)
{
    static const struct timespec moment = {.tv_nsec = 1000000};
    pid_t gone = 0;

    reply->pid = order->pid;
    for (int i = 0; order->kind == ORDER_END_SOON && gone == 0 && i < END_SOON_TRIES; i++) {
        gone = waitpid(order->pid, &reply->wait_status, WNOHANG);
        if (gone == 0)
            (void)nanosleep(&moment, NULL);
    }
    if (gone == 0) {
        (void)kill(order->pid, SIGKILL);
        do
            gone = waitpid(order->pid, &reply->wait_status, 0);
        while (gone < 0 && errno == EINTR);
    }
    reply->error = gone < 0 ? errno : 0;
}

static bool send_reply(int control, const struct reply *reply, int fd)
{
    struct reply copy = *reply;
    struct iovec part = {&copy, sizeof(copy)};
    union {
        struct cmsghdr header; /* for its alignment */
        char bytes[CMSG_SPACE(sizeof(int))];
    } extra = {0};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

    if (fd >= 0) {
        struct cmsghdr *header;

        message.msg_control = extra.bytes;
        message.msg_controllen = sizeof(extra.bytes);
        header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &fd, sizeof(int));
    }
    return sendmsg(control, &message, MSG_NOSIGNAL) == (ssize_t)sizeof(copy);
}

WW_NORETURN static void serve(int control, worker_function *run)
{
    /*
     * The terminal's ^C and a service manager's TERM go to every process: only the program itself
     * decides what they mean, and needs its workers until it has stopped.
     */
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2};
    struct order order;

    for (size_t i = 0; i < WW_COUNT(ignored); i++)
        (void)signal(ignored[i], SIG_IGN);
    for (;;) {
        struct reply reply = {0};
        int fd = -1;
        ssize_t n = recv(control, &order, sizeof(order), 0);

        if (n < 0 && errno == EINTR)
            continue;
        if (n != (ssize_t)sizeof(order))
            jail_exit(0);
        if (order.kind == ORDER_MAKE)
            fd = make_worker(control, run, &reply);
        else
            end_worker(&order, &reply);
        if (!send_reply(control, &reply, fd))
            jail_exit(0);
        if (fd >= 0)
            (void)close(fd);
    }
}

/* ---- in the program ------------------------------------------------------------------------- */

enum ww_status forkserver_start(worker_function *run, struct forkserver **out, struct ww_error *err)
{
    const pid_t self = getpid();
    struct forkserver *f = mem_alloc(sizeof(*f));
    int ends[2];

    *out = NULL;
    if (f == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        mem_free(f);
        return ww_fail(err, WW_REFUSED, "socketpair: %s", strerror(errno));
    }
    f->pid = fork();
    if (f->pid == 0) {
        (void)close(ends[0]);
        mem_free(f);
        if (jail_follow_parent(self, NULL) != WW_OK)
            jail_exit(0);
        serve(ends[1], run);
    }
    (void)close(ends[1]);
    f->fd = ends[0];
    if (f->pid < 0) {
        (void)close(f->fd);
        mem_free(f);
        return ww_fail(err, WW_REFUSED, "fork: %s", strerror(errno));
    }
    *out = f;
    return WW_OK;
}

void forkserver_stop(struct forkserver *f)
{
    if (f == NULL)
        return;
    (void)close(f->fd); /* it sees the end of the socket and leaves */
    while (waitpid(f->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    mem_free(f);
}

/* Send one order and take its reply, with the descriptor that may come along. */
static enum ww_status ask(struct forkserver *f, struct order order, struct reply *reply, int *fd,
                          struct ww_error *err)
{
    struct iovec part = {reply, sizeof(*reply)};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } extra = {0};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = extra.bytes,
                             .msg_controllen = sizeof(extra.bytes)};
    const struct cmsghdr *header;
    ssize_t n;

    if (send(f->fd, &order, sizeof(order), MSG_NOSIGNAL) != (ssize_t)sizeof(order))
        return ww_fail(err, WW_REFUSED, "the maker of parsers is gone: %s", strerror(errno));
    do
        n = recvmsg(f->fd, &message, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof(*reply))
        return ww_fail(err, WW_REFUSED, "the maker of parsers is gone");
    header = CMSG_FIRSTHDR(&message);
    if (header != NULL && header->cmsg_type == SCM_RIGHTS)
        memcpy(fd, CMSG_DATA(header), sizeof(int));
    if (reply->error != 0)
        return ww_fail(err, WW_REFUSED, "a parser process could not be made and locked in: %s",
                       strerror(reply->error));
    return WW_OK;
}

enum ww_status forkserver_make(struct forkserver *f, struct worker_process *out,
                               struct ww_error *err)
{
    struct reply reply = {0};
    int fd = -1;
    enum ww_status status = ask(f, (struct order){.kind = ORDER_MAKE}, &reply, &fd, err);

    if (status == WW_OK && fd < 0)
        status = ww_fail(err, WW_REFUSED, "a parser process came without its socket");
    *out = (struct worker_process){reply.pid, fd};
    return status;
}

enum ww_status forkserver_end(struct forkserver *f, pid_t pid, bool at_once, int *wait_status,
                              struct ww_error *err)
{
    struct reply reply = {0};
    int fd = -1;
    enum ww_status status =
        ask(f, (struct order){at_once ? ORDER_END : ORDER_END_SOON, pid}, &reply, &fd, err);

    *wait_status = reply.wait_status;
    return status;
}
