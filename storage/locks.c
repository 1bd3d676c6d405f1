/* locks.c - flock(2) on files beside the database. */
#include "storage/locks.h"

#include "base/attrs.h"
#include "base/date.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

/* Between two tries: short beside a transaction, long beside the call. */
#define RETRY_NS 2000000L
#define HOLDER_BYTES 96

static const struct {
    const char *suffix;
    const char *what;
} kinds[] = {
    [LOCK_RUN] = {".run.lock",      "another run"     },
    [LOCK_BACKFILL] = {".backfill.lock", "another backfill"},
    [LOCK_WRITE] = {".write.lock",    "another writer"  },
};

/* "pid 123 since 2026-11-22T06:42:10Z", as the holder wrote it; hostile bytes are left out. */
static void read_holder(int fd, char out[HOLDER_BYTES])
{
    ssize_t n = pread(fd, out, HOLDER_BYTES - 1, 0);

    if (n < 0)
        n = 0;
    out[n] = '\0';
    for (ssize_t i = 0; i < n; i++)
        if (out[i] < ' ' || out[i] > '~')
            out[i] = '\0';
}

static void write_holder(int fd, int64_t now)
{
    char since[DATE_TEXT_BYTES], text[HOLDER_BYTES];
    int n = snprintf(text, sizeof(text), "pid %ld, active since %s\n", (long)getpid(),
                     date_format(now, since));

    /* Only words for people: the lock holds without them, on a full disk too. */
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)n, 0) != n)
        return;
}

static int64_t monotonic_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* 0, or the errno that ended the wait: EWOULDBLOCK when the time was up. */
static int wait_for(int fd, int64_t wait_ms)
{
    int64_t deadline = monotonic_ms() + wait_ms;
    const struct timespec pause = {0, RETRY_NS};

    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return errno;
        if (monotonic_ms() >= deadline)
            return EWOULDBLOCK;
        (void)nanosleep(&pause, NULL);
    }
    return 0;
}

enum ww_status lock_take(const char *db_path, enum lock_kind kind, int64_t wait_ms, int64_t now,
                         struct lock *out, struct ww_error *err)
{
    char path[PATH_MAX], holder[HOLDER_BYTES];
    int n = snprintf(path, sizeof(path), "%s%s", db_path, kinds[kind].suffix);
    int fd, failure;

    out->fd = 0;
    if (n < 0 || (size_t)n >= sizeof(path))
        return ww_fail(err, WW_STORE, "%s: the path is too long", db_path);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
    if (fd < 0)
        return ww_fail(err, WW_STORE, "%s cannot be made: %s", path, strerror(errno));
    failure = wait_for(fd, wait_ms);
    if (failure == 0) {
        if (kind != LOCK_WRITE)
            write_holder(fd, now);
        out->fd = fd + 1;
        return WW_OK;
    }
    if (failure == EWOULDBLOCK) {
        read_holder(fd, holder);
        (void)close(fd);
        return ww_fail(err, WW_CONFLICT, "%s holds %s%s%s", kinds[kind].what, path,
                       holder[0] != '\0' ? ": " : "", holder);
    }
    (void)close(fd);
    return ww_fail(err, WW_STORE, "%s cannot be locked: %s", path, strerror(failure));
}

void lock_release(struct lock *lock)
{
    if (lock->fd != 0)
        (void)close(lock->fd - 1);
    lock->fd = 0;
}
