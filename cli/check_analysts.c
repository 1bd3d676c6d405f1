/* check_analysts.c - wirewatch check: what every analyst gets and when, words that fit nothing, and
 * items that nobody is told of. */
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

/* ---- items that nobody is told of ------------------------------------------------------------ */

enum reach { REACH_TOLD, REACH_UNWANTED, REACH_UNSENT };

/* Without a severity of its own, an item's alerts are medium or high, by how it is mentioned. */
static bool takes_item(const struct subscription *s, const struct watch_item *item)
{
    struct alert_row row = row_of(item);
    const bool is_fixed = alert_severity_parse(item->severity, &row.severity);

    for (int i = SEVERITY_MEDIUM; i <= SEVERITY_HIGH; i++) {
        if (!is_fixed)
            row.severity = (enum alert_severity)i;
        if (subscription_takes(s, &row))
            return true;
    }
    return false;
}

static enum reach reach_of(const struct analyst *a, const struct watch_item *item)
{
    if (!takes_item(&a->wants, item))
        return REACH_UNWANTED;
    if (a->is_every_run || a->hours.n_rows > 0 || a->weekly.n_rows > 0 ||
        (a->has_at_once && takes_item(&a->at_once, item)))
        return REACH_TOLD;
    return REACH_UNSENT;
}

/* Those of one reason; first: the one that is named. */
struct unreached {
    size_t n;
    const struct watch_item *first;
};

static void add_unreached(struct unreached *u, const struct watch_item *item)
{
    if (u->n++ == 0)
        u->first = item;
}

static void say_owned(struct checking *c, const struct unreached *u, const char *why)
{
    if (u->n > 0)
        check_say(c, CHECK_WARN, "owners", "%zu item%s told to nobody: %s: %.*s of %.*s", u->n,
                  u->n == 1 ? " is" : "s are", why, SLICE_ARG(u->first->owner),
                  SLICE_ARG(u->first->id));
}

/* An owner hears of his items alone; whoever leaves them out has it that nobody does. */
static void check_reach(struct checking *c, const struct analyst *all, size_t n,
                        const struct watchlist *w)
{
    struct unreached unwanted = {0};
    struct unreached unsent = {0};
    struct unreached nobodys = {0};

    for (size_t i = 0; i < w->n_items; i++) {
        const struct watch_item *item = &w->items[i];
        const struct analyst *owner = NULL;
        bool is_told = false;

        for (size_t k = 0; k < n; k++) {
            is_told |= reach_of(&all[k], item) == REACH_TOLD;
            if (slice_equal(all[k].name, item->owner))
                owner = &all[k];
        }
        if (owner == NULL && !is_told)
            add_unreached(&nobodys, item);
        else if (owner != NULL && reach_of(owner, item) == REACH_UNWANTED)
            add_unreached(&unwanted, item);
        else if (owner != NULL && reach_of(owner, item) == REACH_UNSENT)
            add_unreached(&unsent, item);
    }
    say_owned(c, &unwanted, "the owner's subscribe leaves out");
    say_owned(c, &unsent, "the owner has no digest, and immediate leaves out");
    if (nobodys.n > 0)
        check_say(c, CHECK_NOTE, "owners",
                  "%zu item%s told to nobody, as %.*s: no analyst wants %s", nobodys.n,
                  nobodys.n == 1 ? " is" : "s are", SLICE_ARG(nobodys.first->id),
                  nobodys.n == 1 ? "it" : "them");
}

void check_analysts(struct checking *c, const struct watchlist *w)
{
    const size_t n = c->cli->config.n_analysts;
    struct analyst *all = arena_array(&c->cli->arena, n + 1, sizeof(*all));
    size_t n_read = 0;

    for (size_t i = 0; all != NULL && i < n; i++) {
        struct ww_error err = {0};

        if (desk_analyst(c->cli, i, &all[i], &err) != WW_OK) {
            check_say(c, CHECK_FAIL, "analyst", "%s", err.message);
            continue;
        }
        check_one(c, &all[i], w);
        n_read++;
    }
    if (w != NULL && n > 0 && n_read == n)
        check_reach(c, all, n, w);
}
