/*
 * clock.h - what time it is, and waiting: injected, so that a day passes in a test in no time.
 *
 * Wall time is seconds since 1970 UTC. Monotonic time is milliseconds since an arbitrary point: all
 * intervals within a run are measured with it, because wall clocks jump.
 */
#ifndef WW_BASE_CLOCK_H
#define WW_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
    bool is_fixed;
    int64_t offset_ms; /* added to the machine's wall time: --now sets it */
    int64_t fixed_ms;  /* for a fixed clock: advanced by clock_sleep_ms alone */
    /* For one that hurries: so many times as fast as the machine's, since that moment of it. */
    int64_t speed;
    int64_t hurried_from_ms;
};

#define CLOCK_SPEED_MAX 1000

/* The machine's clock. */
struct clock clock_system(void);
/* Starts with the second now and runs on with the machine: rehearsals, `--now`. */
struct clock clock_started_at(int64_t now);
/*
 * Starts at now and passes speed (2 to CLOCK_SPEED_MAX) times as fast as the machine's: a rehearsal
 * of pauses, retries and nights. What is asked by such a clock must not be anybody else's.
 */
struct clock clock_hurried(int64_t now, int64_t speed);
bool clock_is_hurried(const struct clock *c);
/* So long of the machine's time, for what waits without the clock. */
int64_t clock_real_ms(const struct clock *c, int64_t ms);
/* Stands still at now, until clock_sleep_ms. */
struct clock clock_fixed(int64_t now);

int64_t clock_now(const struct clock *c);
/* The same in ms. */
int64_t clock_now_ms(const struct clock *c);
int64_t clock_monotonic_ms(const struct clock *c);
/* Of the machine, and also while it sleeps, where it can tell: for what others see run out. */
int64_t clock_boot_ms(void);
/* A fixed clock does not wait: it moves. */
void clock_sleep_ms(struct clock *c, int64_t ms);

#endif
