/* clock.c - the machine's clocks, or a stopped one. */
#include "base/clock.h"

#include <errno.h>
#include <time.h>

static int64_t read_ms(clockid_t id)
{
    struct timespec t = {0};

    (void)clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct clock clock_system(void)
{
    return (struct clock){0};
}

struct clock clock_started_at(int64_t now)
{
    return (struct clock){.offset_s = now - read_ms(CLOCK_REALTIME) / 1000};
}

struct clock clock_fixed(int64_t now)
{
    return (struct clock){.is_fixed = true, .fixed_ms = now * 1000};
}

int64_t clock_now(const struct clock *c)
{
    return c->is_fixed ? c->fixed_ms / 1000 : read_ms(CLOCK_REALTIME) / 1000 + c->offset_s;
}

int64_t clock_monotonic_ms(const struct clock *c)
{
    return c->is_fixed ? c->fixed_ms : read_ms(CLOCK_MONOTONIC);
}

void clock_sleep_ms(struct clock *c, int64_t ms)
{
    struct timespec t = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};

    if (ms <= 0)
        return;
    if (c->is_fixed)
        c->fixed_ms += ms;
    else
        while (nanosleep(&t, &t) != 0 && errno == EINTR)
            ;
}
