/* check_analysts.c - wirewatch check: what every analyst gets and when, and words that fit nothing.
 */
#include "alerts/tags.h"
#include "alerts/watchlist.h"
#include "base/nearest.h"
#include "cli/check.h"
#include "cli/desk.h"
#include "cli/output.h"

#include <inttypes.h>
#include <string.h>

/* ---- when ------------------------------------------------------------------------------------ */

static struct slice when_words(struct checking *c, const struct analyst *a, int64_t now)
{
    struct arena *arena = &c->cli->arena;
    const int64_t digest = plan_next(&a->hours, a, now);
    const int64_t weekly = plan_next(&a->weekly, a, now);
    struct slice words = a->is_every_run ? SLICE("a digest after each run with news")
                         : digest == 0   ? SLICE("no digest")
                                         : arena_printf(arena, "next digest %.*s",
                                                        SLICE_ARG(desk_moment(c->cli, a, digest)));
    int64_t until;

    if (weekly != 0)
        words = arena_printf(arena, "%.*s, weekly %.*s", SLICE_ARG(words),
                             SLICE_ARG(desk_moment(c->cli, a, weekly)));
    if (timetable_covers(&a->quiet, a->timezone, now, &until))
        return arena_printf(arena, "%.*s, quiet until %.*s", SLICE_ARG(words),
                            SLICE_ARG(desk_moment(c->cli, a, until)));
    if (a->quiet.n_rows > 0)
        return arena_printf(
            arena, "%.*s, quiet from %.*s", SLICE_ARG(words),
            SLICE_ARG(desk_moment(c->cli, a, timetable_next(&a->quiet, a->timezone, now))));
    return words;
}

/* ---- words that fit nothing ------------------------------------------------------------------ */

static struct alert_row row_of(const struct watch_item *item)
{
    return (struct alert_row){
        .item = item->id, .item_kind = item->kind, .country = item->country, .tags = item->tags};
}

/* What stands there for that key: the nearest to what was written. */
static void try_item(struct nearest *near, struct slice key, const struct watch_item *item,
                     struct arena *arena)
{
    struct slice tags = item->tags;
    struct slice tag;

    if (slice_equal_nocase(key, SLICE("tag")))
        while (tags_next(&tags, &tag))
            nearest_try(near, arena_string(arena, tag));
    else if (slice_equal_nocase(key, SLICE("list")))
        nearest_try(near, arena_string(arena, item->kind));
    else if (!slice_equal_nocase(key, SLICE("country")))
        nearest_try(near, arena_string(arena, item->id));
}

/* The code of a country that was written by its name, as the list has it. Empty: none is near. */
static struct slice country_code(struct slice value, const struct watchlist *w, struct arena *arena)
{
    /* Codes that are in use and not those of ISO 3166. */
    static const char *const others[][2] = {
        {"UK", "GB"},
        {"EL", "GR"}
    };
    struct nearest near;

    for (size_t i = 0; i < WW_COUNT(others); i++)
        if (slice_equal_nocase(value, slice_from(others[i][0])))
            return slice_from(others[i][1]);
    nearest_init(&near, value);
    for (size_t i = 0; i < w->n_places; i++)
        if (w->places[i].is_country && w->places[i].country.len == 2 && value.len > 3)
            nearest_try(&near, arena_string(arena, w->places[i].name));
    for (size_t i = 0; i < w->n_places && near.best != NULL; i++)
        if (w->places[i].is_country && slice_equal(w->places[i].name, slice_from(near.best)))
            return w->places[i].country;
    return (struct slice){"", 0};
}

static void check_part(struct checking *c, const struct analyst *a, const char *setting,
                       struct slice key, struct slice value, const struct watchlist *w)
{
    struct slice code = {"", 0};
    struct nearest near;

    for (size_t i = 0; i < w->n_items; i++) {
        const struct alert_row row = row_of(&w->items[i]);

        if (subscription_part_fits(key, value, &row))
            return;
    }
    nearest_init(&near, value);
    for (size_t i = 0; i < w->n_items; i++)
        try_item(&near, key, &w->items[i], &c->cli->arena);
    if (slice_equal_nocase(key, SLICE("country")))
        code = country_code(value, w, &c->cli->arena);
    if (code.len > 0)
        near.best = arena_string(&c->cli->arena, code);
    check_say(c, CHECK_WARN, "analyst", "%.*s: %s: no item of the watchlist has %.*s:%.*s%s%s%s",
              SLICE_ARG(a->name), setting, SLICE_ARG(key), SLICE_ARG(value),
              near.best != NULL ? "; did you mean " : "", near.best != NULL ? near.best : "",
              near.best != NULL ? "?" : "");
}

static void check_words(struct checking *c, const struct analyst *a, const char *setting,
                        const struct subscription *s, const struct watchlist *w)
{
    struct slice key;
    struct slice value;

    for (size_t i = 0; i < s->n_words; i++)
        for (size_t part = 0; subscription_part(s, i, part, &key, &value); part++)
            check_part(c, a, setting, key, value, w);
}

/* ---- an analyst ------------------------------------------------------------------------------ */

static void check_one(struct checking *c, const struct analyst *a, const struct watchlist *w)
{
    const int64_t now = clock_now(&c->cli->clock);
    struct arena *arena = &c->cli->arena;

    check_say(c, CHECK_OK, "analyst", "%.*s: %.*s; %.*s%.*s%s%.*s; %s %.*s", SLICE_ARG(a->name),
              SLICE_ARG(subscription_words(&a->wants, arena)), SLICE_ARG(when_words(c, a, now)),
              SLICE_ARG(desk_zone(c->cli, a)), a->has_at_once ? "; at once " : "",
              SLICE_ARG(a->has_at_once ? subscription_words(&a->at_once, arena) : SLICE("")),
              a->channel == CHANNEL_MAIL ? "to" : message_channel_name(a->channel),
              SLICE_ARG(a->address));
    if (!a->is_every_run && a->hours.n_rows == 0 && !a->has_at_once && a->weekly.n_rows == 0)
        check_say(c, CHECK_WARN, "analyst",
                  "%.*s: is told nothing: digest = none, and nothing else", SLICE_ARG(a->name));
    if (w == NULL)
        return;
    check_words(c, a, "subscribe", &a->wants, w);
    check_words(c, a, "immediate", &a->at_once, w);
}

void check_analysts(struct checking *c, const struct watchlist *w)
{
    for (size_t i = 0; i < c->cli->config.n_analysts; i++) {
        struct analyst analyst;
        struct ww_error err = {0};

        if (desk_analyst(c->cli, i, &analyst, &err) != WW_OK)
            check_say(c, CHECK_FAIL, "analyst", "%s", err.message);
        else
            check_one(c, &analyst, w);
    }
}
