/*
 * spent.h - what a program and all processes it starts take: seconds, processor time, memory.
 */
#ifndef WW_TESTS_SUPPORT_SPENT_H
#define WW_TESTS_SUPPORT_SPENT_H

#include <stddef.h>
#include <sys/types.h>

struct spent {
    int status; /* of wait(2); -1: it could not be waited for */
    double wall_s;
    double cpu_s;  /* user and system, of all its processes */
    double pss_mb; /* the most that all of them took at one time, shared pages by their share */
};

/* Its end is waited for; memory is looked at every 10 ms. begun_s: spent_now before it was made. */
struct spent spent_wait(pid_t pid, double begun_s);
double spent_now(void);

/* Start argv with its output thrown away and wait for it. */
struct spent spent_run(const char *const argv[]);

#endif
