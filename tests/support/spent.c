/* spent.c - see spent.h. Processes are found through /proc, from parent to child. */
#define _DEFAULT_SOURCE /* wait4, usleep */
#include "tests/support/spent.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSES_MAX = 256, STEP_US = 10000 };

double spent_now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Kilobytes; 0 when it is gone. */
static double pss_kb(pid_t pid)
{
    char path[64], line[128];
    FILE *f;
    double kb = 0;

    (void)snprintf(path, sizeof(path), "/proc/%ld/smaps_rollup", (long)pid);
    f = fopen(path, "r");
    if (f == NULL)
        return 0;
    while (fgets(line, sizeof(line), f) != NULL)
        if (strncmp(line, "Pss:", 4) == 0) {
            kb = strtod(line + 4, NULL);
            break;
        }
    (void)fclose(f);
    return kb;
}

/* The children of a process, behind those that are known. */
static size_t add_children(pid_t pid, pid_t *known, size_t n)
{
    char path[64], text[4096], *at = text, *end;
    FILE *f;
    size_t len;

    (void)snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", (long)pid, (long)pid);
    f = fopen(path, "r");
    if (f == NULL)
        return n;
    len = fread(text, 1, sizeof(text) - 1, f);
    text[len] = '\0';
    (void)fclose(f);
    for (; n < PROCESSES_MAX; at = end) {
        long child = strtol(at, &end, 10);

        if (end == at)
            break;
        known[n++] = (pid_t)child;
    }
    return n;
}

static double tree_pss_mb(pid_t pid)
{
    pid_t known[PROCESSES_MAX] = {pid};
    size_t n = 1;
    double kb = 0;

    for (size_t i = 0; i < n; i++) {
        kb += pss_kb(known[i]);
        n = add_children(known[i], known, n);
    }
    return kb / 1024;
}

struct spent spent_wait(pid_t pid, double begun_s)
{
    struct rusage use = {0};
    struct spent out = {0};
    pid_t ended;

    while ((ended = wait4(pid, &out.status, WNOHANG, &use)) == 0) {
        double mb = tree_pss_mb(pid);

        if (mb > out.pss_mb)
            out.pss_mb = mb;
        (void)usleep(STEP_US);
    }
    if (ended != pid)
        out.status = -1;
    out.wall_s = spent_now() - begun_s;
    out.cpu_s = (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
                (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
    return out;
}

struct spent spent_run(const char *const argv[])
{
    const double begun_s = spent_now();
    pid_t pid = fork();

    if (pid == 0) {
        int nowhere = open("/dev/null", O_RDWR);

        if (nowhere < 0 || dup2(nowhere, STDIN_FILENO) < 0 || dup2(nowhere, STDOUT_FILENO) < 0)
            _exit(127);
        (void)execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    return spent_wait(pid, begun_s);
}
