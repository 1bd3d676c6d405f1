/* locks.c - flock(2) on files beside the database. */
#include "storage/locks.h"

#include "base/attrs.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Between two tries: short beside a transaction, long beside the call. */
#define RETRY_NS 2000000L
/* A lock that somebody only looks at is free within microseconds; by then he was suspended. */
#define LOOKED_AT_MS 1000

static const struct {
    const char *suffix;
    const char *what;
} kinds[] = {
    [LOCK_RUN] = {".run.lock",      "another run"     },
    [LOCK_BACKFILL] = {".backfill.lock", "another backfill"},
    [LOCK_ALERTS] = {".alerts.lock",   "another pass 2"  },
    [LOCK_WRITE] = {".write.lock",    "another writer"  },
};

/* "pid 123 of fuji, active since 2026-11-22T06:42:10Z", as the holder wrote it; hostile bytes are
 * left out. */
static void read_holder(int fd, char out[LOCK_HOLDER_BYTES])
{
    ssize_t n = pread(fd, out, LOCK_HOLDER_BYTES - 1, 0);

    if (n < 0)
        n = 0;
    out[n] = '\0';
    for (ssize_t i = 0; i < n; i++)
        if (out[i] < ' ' || out[i] > '~')
            out[i] = '\0';
}

static void write_holder(int fd, const char *holder)
{
    const size_t n = strlen(holder);

    /* Only words for people: the lock holds without them, on a full disk too. */
    if (ftruncate(fd, 0) != 0 || pwrite(fd, holder, n, 0) != (ssize_t)n ||
        pwrite(fd, "\n", 1, (off_t)n) != 1)
        return;
}

/* Whoever looks whether it is held shares it for that moment; a holder shares it with nobody. */
static bool is_only_looked_at(int fd)
{
    const bool is_shared = flock(fd, LOCK_SH | LOCK_NB) == 0;

    if (is_shared)
        (void)flock(fd, LOCK_UN);
    return is_shared;
}

static int64_t changed_at(const struct stat *file)
{
    return (int64_t)file->st_mtim.tv_sec * 1000000000 + file->st_mtim.tv_nsec;
}

/*
 * 0, or the errno that ended the wait: EWOULDBLOCK when the time was up. is_told: whoever holds it
 * is to learn that it is waited for.
 */
static int wait_for(int fd, int64_t wait_ms, bool is_told)
{
    const struct clock clock = clock_system();
    const int64_t begun = clock_monotonic_ms(&clock);
    const struct timespec pause = {0, RETRY_NS};

    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int64_t waited;

        if (errno != EWOULDBLOCK && errno != EINTR)
            return errno;
        waited = clock_monotonic_ms(&clock) - begun;
        if (waited >= wait_ms && (waited >= wait_ms + LOOKED_AT_MS || !is_only_looked_at(fd)))
            return EWOULDBLOCK;
        if (is_told)
            (void)futimens(fd, NULL);
        (void)nanosleep(&pause, NULL);
    }
    return 0;
}

bool lock_is_held(const char *db_path, enum lock_kind kind)
{
    char path[PATH_MAX];
    const int n = snprintf(path, sizeof(path), "%s%s", db_path, kinds[kind].suffix);
    bool is_held;
    int fd;

    if (n < 0 || (size_t)n >= sizeof(path))
        return false;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return false;
    is_held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    (void)close(fd);
    return is_held;
}

enum ww_status lock_take(const char *db_path, enum lock_kind kind, int64_t wait_ms,
                         const char *holder, struct lock *out, struct ww_error *err)
{
    char path[PATH_MAX], other[LOCK_HOLDER_BYTES];
    struct stat file;
    int n = snprintf(path, sizeof(path), "%s%s", db_path, kinds[kind].suffix);
    int fd, failure;

    out->fd = 0;
    if (n < 0 || (size_t)n >= sizeof(path))
        return ww_fail(err, WW_STORE, "%s: the path is too long", db_path);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
    if (fd < 0)
        return ww_fail(err, WW_STORE, "%s cannot be made: %s", path, strerror(errno));
    failure = wait_for(fd, wait_ms, holder == NULL);
    if (failure == 0) {
        if (holder != NULL)
            write_holder(fd, holder);
        out->fd = fd + 1;
        out->asked_at = fstat(fd, &file) == 0 ? changed_at(&file) : 0;
        return WW_OK;
    }
    if (failure == EWOULDBLOCK) {
        read_holder(fd, other);
        (void)close(fd);
        return ww_fail(err, WW_CONFLICT, "%s holds %s%s%s", kinds[kind].what, path,
                       other[0] != '\0' ? ": " : "", other);
    }
    (void)close(fd);
    return ww_fail(err, WW_STORE, "%s cannot be locked: %s", path, strerror(failure));
}

bool lock_is_waited_for(const struct lock *lock)
{
    struct stat file;

    return lock->fd != 0 && fstat(lock->fd - 1, &file) == 0 && changed_at(&file) != lock->asked_at;
}

void lock_release(struct lock *lock)
{
    if (lock->fd != 0)
        (void)close(lock->fd - 1);
    lock->fd = 0;
}
