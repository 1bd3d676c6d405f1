/*
 * jail.c - rlimits, no new privileges, a seccomp allow-list, death with the parent.
 */
/* prctl, close_range: Linux has them, POSIX does not. */
#define _GNU_SOURCE
#include "crawler/jail.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef WW_SANITIZED
#include <jansson.h>
#include <seccomp.h>
#endif

enum ww_status jail_follow_parent(pid_t parent, struct ww_error *err)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return ww_fail(err, WW_REFUSED, "prctl(PR_SET_PDEATHSIG): %s", strerror(errno));
    if (getppid() != parent)
        return ww_fail(err, WW_REFUSED, "the parent process is gone");
    return WW_OK;
}

/*
 * fd becomes the first descriptor behind the standard three; those lead nowhere, no other is left.
 */
static enum ww_status keep_only(int *fd, struct ww_error *err)
{
    const int kept = STDERR_FILENO + 1;
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (nowhere < 0 || dup2(nowhere, STDIN_FILENO) < 0 || dup2(nowhere, STDOUT_FILENO) < 0)
        return ww_fail(err, WW_REFUSED, "/dev/null: %s", strerror(errno));
#ifndef WW_SANITIZED /* a sanitizer speaks on standard error */
    if (dup2(nowhere, STDERR_FILENO) < 0)
        return ww_fail(err, WW_REFUSED, "/dev/null: %s", strerror(errno));
#endif
    if (*fd != kept && dup2(*fd, kept) < 0)
        return ww_fail(err, WW_REFUSED, "dup2: %s", strerror(errno));
    *fd = kept;
    if (close_range((unsigned)kept + 1, UINT32_MAX, 0) != 0)
        return ww_fail(err, WW_REFUSED, "close_range: %s", strerror(errno));
    return WW_OK;
}

#ifdef WW_SANITIZED

enum ww_status jail_enter(int *fd, struct ww_error *err)
{
    return keep_only(fd, err);
}

void jail_exit(int status)
{
    exit(status); /* coverage and leak reports are written there */
}

#else

static enum ww_status set_limits(struct ww_error *err)
{
    /*
     * DATA counts what the process really takes (brk and private writable maps). AS counts the 150
     * MB of mapped libraries too, which cost nothing: it stands as a second, wider fence.
     */
    static const struct {
        int resource;
        rlim_t most;
    } limits[] = {
        {RLIMIT_DATA,   WORKER_MEMORY_MAX_BYTES     },
        {RLIMIT_AS,     WORKER_MEMORY_MAX_BYTES * 2u},
        {RLIMIT_STACK,  WORKER_STACK_MAX_BYTES      },
        {RLIMIT_CORE,   0                           },
        {RLIMIT_FSIZE,  0                           },
        {RLIMIT_NOFILE, 0                           },
        {RLIMIT_NPROC,  0                           },
    };

    for (size_t i = 0; i < WW_COUNT(limits); i++) {
        const struct rlimit value = {limits[i].most, limits[i].most};

        if (setrlimit((__rlimit_resource_t)limits[i].resource, &value) != 0)
            return ww_fail(err, WW_REFUSED, "setrlimit: %s", strerror(errno));
    }
    return WW_OK;
}

/*
 * What malloc, stdio-free C and ICU ask for. sysinfo: qsort of glibc 2.36 reads the size of the
 * memory there. No open, no socket, no clone, no kill, no stat.
 */
static const int allowed_calls[] = {
    SCMP_SYS(brk),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(close),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(futex),
    SCMP_SYS(getrandom),
    SCMP_SYS(madvise),
    SCMP_SYS(mremap),
    SCMP_SYS(munmap),
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sysinfo),
};

static enum ww_status set_filter(struct ww_error *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int rc = filter == NULL ? -ENOMEM : 0;

    for (size_t i = 0; rc == 0 && i < WW_COUNT(allowed_calls); i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_calls[i], 0);
    /* Memory, but never memory that can be run. */
    if (rc == 0)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (rc == 0)
        rc = seccomp_load(filter);
    seccomp_release(filter);
    if (rc != 0)
        return ww_fail(err, WW_REFUSED, "seccomp: %s", strerror(-rc));
    return WW_OK;
}

enum ww_status jail_enter(int *fd, struct ww_error *err)
{
    enum ww_status status = keep_only(fd, err);

    /* Jansson would take the seed of its tables from /dev/urandom when it first needs one. */
    json_object_seed(0);
    if (status == WW_OK && prctl(PR_SET_DUMPABLE, 0) != 0)
        status = ww_fail(err, WW_REFUSED, "prctl(PR_SET_DUMPABLE): %s", strerror(errno));
    if (status == WW_OK && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        status = ww_fail(err, WW_REFUSED, "prctl(PR_SET_NO_NEW_PRIVS): %s", strerror(errno));
    if (status == WW_OK)
        status = set_limits(err);
    (void)setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + WORKER_NICENESS);
    return status == WW_OK ? set_filter(err) : status;
}

void jail_exit(int status)
{
    _exit(status);
}

#endif
