/* clock.c - the machine's clocks, a stopped one, or one that hurries. */
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
    return (struct clock){.offset_ms = now * 1000 - read_ms(CLOCK_REALTIME)};
}

struct clock clock_hurried(int64_t now, int64_t speed)
{
    return (struct clock){
        .offset_ms = now * 1000, .speed = speed, .hurried_from_ms = read_ms(CLOCK_REALTIME)};
}

bool clock_is_hurried(const struct clock *c)
{
    return c->speed > 1;
}

int64_t clock_real_ms(const struct clock *c, int64_t ms)
{
    return clock_is_hurried(c) && ms > 0 ? (ms + c->speed - 1) / c->speed : ms;
}

struct clock clock_fixed(int64_t now)
{
    return (struct clock){.is_fixed = true, .fixed_ms = now * 1000};
}

int64_t clock_now(const struct clock *c)
{
    return clock_now_ms(c) / 1000;
}

int64_t clock_now_ms(const struct clock *c)
{
    if (c->is_fixed)
        return c->fixed_ms;
    if (clock_is_hurried(c))
        return c->offset_ms + (read_ms(CLOCK_REALTIME) - c->hurried_from_ms) * c->speed;
    return read_ms(CLOCK_REALTIME) + c->offset_ms;
}

int64_t clock_monotonic_ms(const struct clock *c)
{
    if (c->is_fixed)
        return c->fixed_ms;
    return read_ms(CLOCK_MONOTONIC) * (clock_is_hurried(c) ? c->speed : 1);
}

int64_t clock_boot_ms(void)
{
#ifdef CLOCK_BOOTTIME
    return read_ms(CLOCK_BOOTTIME);
#else
    return read_ms(CLOCK_MONOTONIC);
#endif
}

void clock_sleep_ms(struct clock *c, int64_t ms)
{
    const int64_t real_ms = clock_real_ms(c, ms);
    struct timespec t = {.tv_sec = (time_t)(real_ms / 1000),
                         .tv_nsec = (long)(real_ms % 1000) * 1000000};

    if (ms <= 0)
        return;
    if (c->is_fixed)
        c->fixed_ms += ms;
    else
        while (nanosleep(&t, &t) != 0 && errno == EINTR)
            ;
}
