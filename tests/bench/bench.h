/*
 * bench.h - what every bench prints: one line a measurement, for tests/bench/run to show.
 *
 *   what TAB ours TAB peer TAB unit TAB "more" or "less" (which is better)
 */
#ifndef WW_TESTS_BENCH_BENCH_H
#define WW_TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static inline double bench_cpu_s(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline double bench_wall_s(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline void bench_report(const char *what, double ours, double peer, const char *unit,
                                bool more_is_better)
{
    (void)fprintf(stdout, "%s\t%.6g\t%.6g\t%s\t%s\n", what, ours, peer, unit,
                  more_is_better ? "more" : "less");
    (void)fflush(stdout);
}

/* A whole number from the environment, or what stands for it. */
static inline long bench_number(const char *name, long otherwise)
{
    const char *text = getenv(name);
    long n = text == NULL ? 0 : strtol(text, NULL, 10);

    return n > 0 ? n : otherwise;
}

#endif
