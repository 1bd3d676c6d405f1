/* feed_words.c - how a feed is, in words for a person. */
#include "cli/feed_words.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/url.h"
#include "storage/store_feeds.h"

#include <inttypes.h>

#define MINUTE_S 60
#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)

struct slice feed_words_span(int64_t seconds, struct arena *arena)
{
    static const struct {
        int64_t unit_s;
        const char *name;
    } units[] = {
        {DAY_S,    "day"   },
        {HOUR_S,   "hour"  },
        {MINUTE_S, "minute"},
        {1,        "second"}
    };
    size_t i = 0;
    int64_t n;

    if (seconds < 0)
        seconds = 0;
    /* Two of a unit at least: 30 hours are no day. */
    while (i + 1 < WW_COUNT(units) && seconds < 2 * units[i].unit_s && seconds != units[i].unit_s)
        i++;
    n = seconds / units[i].unit_s;
    return arena_printf(arena, "%" PRId64 " %s%s", n, units[i].name, n == 1 ? "" : "s");
}

struct slice feed_words_every(int64_t seconds, struct arena *arena)
{
    struct slice span = feed_words_span(seconds, arena);

    if (slice_starts(span, SLICE("1 ")))
        span = slice_skip(span, 2);
    return arena_printf(arena, "every %.*s", SLICE_ARG(span));
}

int64_t feed_words_since(const struct feed_row *f)
{
    if (f->state == FEED_STATE_GONE)
        return f->last_checked_at;
    if (f->state != FEED_STATE_ACTIVE)
        return 0;
    switch (f->health) {
    case FEED_HEALTH_NEW:
    case FEED_HEALTH_OK:
        break;
    case FEED_HEALTH_RETRYING:
    case FEED_HEALTH_FAILING:
        return f->first_failed_at;
    case FEED_HEALTH_STALE:
        return f->last_new_at > 0 ? f->last_new_at : f->added_at;
    }
    return 0;
}

static struct slice why_stale(const struct feed_row *f, struct arena *arena)
{
    if (f->last_new_at == 0)
        return SLICE("no news since it was added");
    if (f->rhythm_s == 0)
        return SLICE("no news, though it answers");
    return arena_printf(arena, "no news; it had some %.*s",
                        SLICE_ARG(feed_words_every(f->rhythm_s, arena)));
}

struct slice feed_words_why(const struct feed_row *f, struct arena *arena)
{
    if (f->state == FEED_STATE_GONE)
        return f->last_error;
    if (f->state != FEED_STATE_ACTIVE)
        return (struct slice){"", 0};
    switch (f->health) {
    case FEED_HEALTH_NEW:
    case FEED_HEALTH_OK:
        break;
    case FEED_HEALTH_RETRYING:
    case FEED_HEALTH_FAILING:
        return f->n_failures < 2 ? f->last_error
                                 : arena_printf(arena, "%.*s, %" PRId64 " times in a row",
                                                SLICE_ARG(f->last_error), f->n_failures);
    case FEED_HEALTH_STALE:
        return why_stale(f, arena);
    }
    return (struct slice){"", 0};
}

struct slice feed_words_next(const struct feed_row *f, int64_t not_before, struct arena *arena)
{
    if (f->state == FEED_STATE_GONE || f->state == FEED_STATE_PAUSED)
        return arena_printf(arena, "never, unless wirewatch feed resume f%" PRId64, f->id);
    if (f->state == FEED_STATE_REMOVED)
        return SLICE("never: it was removed");
    if (not_before > 0 && not_before >= f->next_due_at)
        return SLICE("its server asked for a pause until then");
    if (f->n_failures > 0 && f->last_checked_at - f->first_failed_at > FEED_SICK_S)
        return SLICE("it has failed for a month: once a week, for ever");
    if (f->n_failures > 0)
        return arena_printf(arena,
                            "try %" PRId64 ": after 1 hour, then twice as long each time, up "
                            "to a day",
                            f->n_failures + 1);
    if (f->interval_s > 0)
        return arena_printf(arena, "%.*s, by its news and its publisher's wishes",
                            SLICE_ARG(feed_words_every(f->interval_s, arena)));
    return SLICE("with the next run");
}

struct slice feed_words_home(const struct feed_row *f)
{
    size_t start = slice_find(f->url, SLICE("://"));
    size_t end;

    if (f->site.len > 0)
        return f->site;
    if (start >= f->url.len)
        return f->url;
    start += sizeof("://") - 1;
    end = start + slice_find_char(slice_skip(f->url, start), '/');
    return slice_head(f->url, end < f->url.len ? end + 1 : f->url.len);
}

static struct slice look_for_another(const struct feed_row *f, const char *because,
                                     struct arena *arena)
{
    return arena_printf(
        arena, "%s\nwirewatch feed discover %.*s\nwirewatch feed set f%" PRId64 " --url URL",
        because, SLICE_ARG(feed_words_home(f)), f->id);
}

static struct slice advice_on_failure(const struct feed_row *f, struct arena *arena)
{
    const struct slice why = f->last_error;
    const int64_t code = f->last_status;

    if (slice_starts(why, SLICE("robots.txt")))
        return SLICE("its publisher wants no crawler there; robots-for-feeds = no asks it as a "
                     "reader would");
    if (f->kind == FEED_KIND_PAGE && code == 200)
        return arena_printf(arena,
                            "was the page made anew? wirewatch feed set f%" PRId64
                            " --selector CSS says where its links are now",
                            f->id);
    if (slice_contains(why, SLICE("certificate")))
        return SLICE(
            "its certificate is not accepted: its owner's to mend, or is this clock wrong?");
    if (slice_contains(why, SLICE("Could not resolve")))
        return look_for_another(f, "its name is not found; perhaps the site has another", arena);
    if (slice_starts(why, SLICE("not a feed")))
        return look_for_another(f, "a page came, not a feed; perhaps the feed has moved", arena);
    if (code == 404)
        return look_for_another(f, "there is nothing at its address; perhaps it has moved", arena);
    if (code == 401 || code == 403 || code == 451)
        return look_for_another(f, "its server lets us not in: ask its owner, or find another feed",
                                arena);
    if (code == 429 || code == 503)
        return SLICE("its server has too much to do: it is asked less often by itself");
    if (code >= 500)
        return SLICE("its server fails by itself: it is asked again, there is nothing to do here");
    return code == 0 ? SLICE("its server, or the way to it: it is asked again by itself")
                     : (struct slice){"", 0};
}

struct slice feed_words_advice(const struct feed_row *f, struct arena *arena)
{
    if (f->state == FEED_STATE_GONE)
        return look_for_another(f, "its owner took it away for good; find another", arena);
    if (f->state != FEED_STATE_ACTIVE)
        return (struct slice){"", 0};
    if (f->n_failures > 0)
        return advice_on_failure(f, arena);
    return f->health == FEED_HEALTH_STALE
               ? look_for_another(f, "has the site left this feed behind?", arena)
               : (struct slice){"", 0};
}

static struct slice add(struct slice line, struct slice piece, const char *between,
                        struct arena *arena)
{
    return arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(line), line.len > 0 ? between : "",
                        SLICE_ARG(piece));
}

struct slice feed_words_wishes(const struct feed_row *f, struct arena *arena)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    struct slice line = {"", 0}, hours = {"", 0}, named = {"", 0};

    if (f->asked_interval_s > 0)
        line = arena_printf(arena, "not more than %.*s",
                            SLICE_ARG(feed_words_every(f->asked_interval_s, arena)));
    for (int64_t h = 0; h < 24; h++)
        if ((f->skip_hours >> h & 1) != 0)
            hours = add(hours, arena_printf(arena, "%" PRId64, h), " ", arena);
    for (size_t d = 0; d < WW_COUNT(days); d++)
        if ((f->skip_days >> d & 1) != 0)
            named = add(named, slice_from(days[d]), " ", arena);
    if (hours.len > 0)
        line = add(line, arena_printf(arena, "not in hours %.*s (UTC)", SLICE_ARG(hours)), "; ",
                   arena);
    if (named.len > 0)
        line = add(line, arena_printf(arena, "not on %.*s", SLICE_ARG(named)), "; ", arena);
    return line;
}
