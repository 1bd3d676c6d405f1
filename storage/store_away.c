/* store_away.c - the server of a shared store: its clock, and waiting for it to come back. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "storage/rows.h"
#include "storage/store.h"

#include <time.h>

#define STEP_MS 250
/* From one question to the next: doubled up to the longest. */
#define FIRST_MS 500
#define LONGEST_MS 30000

static bool is_stopped(const volatile sig_atomic_t *stop)
{
    return stop != NULL && *stop != 0;
}

/* In steps: it ends when it is told to. */
static void pause_for(int64_t ms, const volatile sig_atomic_t *stop)
{
    const struct timespec step = {0, STEP_MS * 1000000L};

    for (; ms > 0 && !is_stopped(stop); ms -= STEP_MS)
        (void)nanosleep(&step, NULL);
}

/* Anything that is always there. */
static enum ww_status ask(struct store *s, struct ww_error *err)
{
    struct slice name;
    struct arena arena;
    enum ww_status status;

    arena_init(&arena, (size_t)16 * 1024);
    status = store_meta(s, SLICE("database"), &arena, &name, err);
    arena_release(&arena);
    return status;
}

enum ww_status store_await(struct store *s, const volatile sig_atomic_t *stop, struct ww_error *err)
{
    const struct clock clock = clock_system();
    const int64_t begun_ms = clock_monotonic_ms(&clock);
    int64_t pause_ms = FIRST_MS;
    enum ww_status status = WW_AWAY;

    while (status == WW_AWAY && !is_stopped(stop) &&
           clock_monotonic_ms(&clock) - begun_ms < STORE_AWAY_MS) {
        pause_for(pause_ms, stop);
        pause_ms = 2 * pause_ms < LONGEST_MS ? 2 * pause_ms : LONGEST_MS;
        if (!is_stopped(stop))
            status = ask(s, err);
    }
    if (status == WW_OK)
        store_set_away(s, false);
    return status;
}

enum ww_status store_clock(struct store *s, int64_t *out_ms, struct ww_error *err)
{
    const struct db_driver *driver = store_driver(s);

    if (driver->clock == NULL)
        return ww_fail(err, WW_NOT_FOUND, "this machine's own clock counts");
    return driver->clock(store_db(s), out_ms, err);
}
