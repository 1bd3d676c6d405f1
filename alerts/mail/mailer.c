/* mailer.c - fork, one socket, one record back. */
#define _GNU_SOURCE /* prctl, close_range, SOCK_CLOEXEC */
#include "alerts/mail/mailer.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define POLL_MS 100
/* Between a stop and the end by force: a child that obeys needs STOP_GRACE_MS. */
#define FORCE_MS (STOP_GRACE_MS + 2000)

/* Packets keep their size, so a note of one byte and a record cannot be taken for one another. */
#define HANDED_NOTE "h"
/* A line that is heard, behind its kind; a record is longer. */
#define LINE_NOTE 't'
#define LINE_BYTES 256

struct record {
    enum ww_status status;
    struct delivery_reply reply;
    char message[sizeof(((struct ww_error *)0)->message)];
};

/* ---- in the child ---------------------------------------------------------------------------- */

void mailer_tell_handed(const struct envelope *e)
{
    if (e->line >= 0)
        (void)send(e->line, HANDED_NOTE, 1, MSG_NOSIGNAL);
}

void mailer_tell_line(const struct envelope *e, const char *who, struct slice line)
{
    char packet[LINE_BYTES] = {LINE_NOTE};
    int n;

    if (e->line < 0 || e->hear == NULL)
        return;
    line = slice_head(line, LINE_BYTES / 2);
    n = snprintf(packet + 1, sizeof(packet) - 1, "%s%.*s", who, SLICE_ARG(line));
    if (n > 0)
        (void)send(e->line, packet, (size_t)n + 1, MSG_NOSIGNAL);
}

/* The parent says nothing but "stop", and says that by closing its side. */
bool mailer_is_stopped(const struct envelope *e)
{
    struct pollfd p = {.fd = e->line, .events = POLLIN};

    if (e->line < 0)
        return waiting_must_end(&e->waiting);
    return poll(&p, 1, 0) > 0;
}

static void leave(void)
{
#ifdef WW_SANITIZED
    exit(0); /* coverage and leak reports are written there */
#else
    _exit(0); /* what stands in the parent's buffers is the parent's to write */
#endif
}

/* Standard input and output lead nowhere; errors stay, for what a password-command has to say. */
static enum ww_status close_the_rest(int *line, struct ww_error *err)
{
    const int kept = STDERR_FILENO + 1;
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (nowhere < 0 || dup2(nowhere, STDIN_FILENO) < 0 || dup2(nowhere, STDOUT_FILENO) < 0)
        return ww_fail(err, WW_NOMEM, "/dev/null: %s", strerror(errno));
    if (*line != kept && dup3(*line, kept, O_CLOEXEC) < 0)
        return ww_fail(err, WW_NOMEM, "dup3: %s", strerror(errno));
    *line = kept;
    if (close_range((unsigned)kept + 1, ~0U, 0) != 0)
        return ww_fail(err, WW_NOMEM, "close_range: %s", strerror(errno));
    return WW_OK;
}

static enum ww_status lock_down(pid_t parent, int *line, struct ww_error *err)
{
    const struct rlimit none = {0, 0};
    sigset_t asks_to_end;

    /* Whoever stops the program stops the parent, which tells. */
    (void)sigemptyset(&asks_to_end);
    (void)sigaddset(&asks_to_end, SIGINT);
    (void)sigaddset(&asks_to_end, SIGTERM);
    (void)sigaddset(&asks_to_end, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &asks_to_end, NULL);
    (void)signal(SIGPIPE, SIG_IGN); /* TLS writes without MSG_NOSIGNAL */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        return ww_fail(err, WW_NOMEM, "the program that began this is gone");
    if (setrlimit(RLIMIT_CORE, &none) != 0)
        return ww_fail(err, WW_NOMEM, "setrlimit: %s", strerror(errno));
#ifndef WW_SANITIZED /* the search for leaks looks into the process */
    if (prctl(PR_SET_DUMPABLE, 0) != 0)
        return ww_fail(err, WW_NOMEM, "prctl(PR_SET_DUMPABLE): %s", strerror(errno));
#endif
    return close_the_rest(line, err);
}

static void be_mailer(mailer_way *way, const struct config *settings, const struct envelope *e,
                      int line, pid_t parent)
{
    struct envelope own = *e;
    struct record record = {0};
    struct ww_error err = {0};

    deliver_reply(&record.reply, DELIVERY_DEFERRED, SLICE("not sent"));
    record.status = lock_down(parent, &line, &err);
    own.line = line;
    if (record.status == WW_OK)
        record.status = way(settings, &own, &record.reply, &err);
    memcpy(record.message, err.message, sizeof(record.message));
    (void)send(line, &record, sizeof(record), MSG_NOSIGNAL);
    leave();
}

/* ---- in the parent --------------------------------------------------------------------------- */

struct child {
    pid_t pid;
    int line;
    const struct envelope *e;
    bool is_handed, has_record;
    struct record record;
};

/* It was written by a process that spoke with a stranger: nothing of it is believed unseen. */
static bool is_sound(const struct record *r)
{
    return (unsigned)r->status < WW_STATUS_COUNT && (unsigned)r->reply.end <= DELIVERY_UNKNOWN &&
           r->reply.retry_after_s >= 0 && r->reply.retry_after_s <= DELIVERY_RETRY_MAX_S &&
           memchr(r->reply.words, '\0', sizeof(r->reply.words)) != NULL &&
           memchr(r->message, '\0', sizeof(r->message)) != NULL;
}

static void hear(const struct envelope *e, struct slice line)
{
    struct buf visible;

    buf_init(&visible, (size_t)16 * LINE_BYTES);
    text_add_visible(&visible, line);
    buf_add_char(&visible, '\0');
    if (buf_finish(&visible, NULL) == WW_OK)
        e->hear(e->hear_context, visible.ptr);
    buf_release(&visible);
}

/* What the child sends; false when it has closed its end. */
static bool take_packet(struct child *c)
{
    struct record packet;
    ssize_t n = recv(c->line, &packet, sizeof(packet), MSG_DONTWAIT);

    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        return false;
    if (n == 1)
        c->is_handed = true;
    else if (n > 1 && n <= LINE_BYTES && c->e->hear != NULL && *(const char *)&packet == LINE_NOTE)
        hear(c->e, slice_of((const char *)&packet + 1, (size_t)n - 1));
    else if (n == (ssize_t)sizeof(packet) && is_sound(&packet)) {
        c->record = packet;
        c->has_record = true;
    }
    return true;
}

/* Until the child has told the end, or has died, or is ended. The wait status. */
static int attend(struct child *c)
{
    const struct clock clock = clock_system();
    int64_t deadline = clock_monotonic_ms(&clock) + MAILER_TIMEOUT_MS;
    bool is_told = false;
    int wait_status = 0;

    for (;;) {
        struct pollfd p = {.fd = c->line, .events = POLLIN};

        if (poll(&p, 1, POLL_MS) > 0 && !take_packet(c))
            break;
        if (!is_told && waiting_must_end(&c->e->waiting)) {
            is_told = true;
            (void)shutdown(c->line, SHUT_WR);
            deadline = clock_monotonic_ms(&clock) + FORCE_MS;
        }
        if (c->has_record)
            break;
        if (clock_monotonic_ms(&clock) > deadline)
            break;
    }
    /*
     * With the record the work is done, and it ends itself. Without one it is beyond its deadline,
     * or has closed its end and has nothing to say any more: it is not waited for.
     */
    if (!c->has_record)
        (void)kill(c->pid, SIGKILL);
    while (waitpid(c->pid, &wait_status, 0) < 0 && errno == EINTR)
        continue;
    return wait_status;
}

static void describe_death(const struct child *c, int wait_status, struct delivery_reply *out)
{
    char words[120];

    if (WIFSIGNALED(wait_status))
        (void)snprintf(words, sizeof(words), "%sthe process that sent it died of signal %d",
                       c->is_handed ? "lost after the last byte: " : "", WTERMSIG(wait_status));
    else
        (void)snprintf(words, sizeof(words), "%sthe process that sent it ended without a word",
                       c->is_handed ? "lost after the last byte: " : "");
    deliver_reply(out, c->is_handed ? DELIVERY_UNKNOWN : DELIVERY_DEFERRED, slice_from(words));
}

enum ww_status mailer_run(mailer_way *way, const struct config *settings, const struct envelope *e,
                          struct delivery_reply *out, struct ww_error *err)
{
    struct child child = {.pid = -1, .e = e};
    const pid_t self = getpid();
    int pair[2], wait_status;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return ww_fail(err, WW_NOMEM, "no socket for a mailer: %s", strerror(errno));
    child.pid = fork();
    if (child.pid < 0) {
        const int failure = errno;

        (void)close(pair[0]);
        (void)close(pair[1]);
        return ww_fail(err, WW_NOMEM, "no process for a mailer: %s", strerror(failure));
    }
    if (child.pid == 0) {
        (void)close(pair[0]);
        be_mailer(way, settings, e, pair[1], self);
    }
    (void)close(pair[1]);
    child.line = pair[0];
    wait_status = attend(&child);
    (void)close(child.line);
    if (!child.has_record) {
        describe_death(&child, wait_status, out);
        return WW_OK;
    }
    *out = child.record.reply;
    if (child.record.status != WW_OK)
        return ww_fail(err, child.record.status, "%s", child.record.message);
    return WW_OK;
}
