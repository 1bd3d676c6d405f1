/* digest.c - what an analyst has not been told, gathered; its subject. */
#include "alerts/mail/digest_parts.h"

#include "alerts/mutes.h"
#include "base/arena.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/zone.h"
#include "storage/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- in short -------------------------------------------------------------------------------- */

static void add_country(struct digest *d, struct slice country, struct arena *arena)
{
    struct slice *all = &d->countries;

    if (country.len == 2 && all->len < 24 && !slice_contains(*all, country))
        *all = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(*all), all->len > 0 ? " " : "",
                            SLICE_ARG(country));
}

static void name_countries(struct digest *d, struct arena *arena)
{
    for (size_t i = 0; i < d->n_stories && d->countries.len < 24; i++)
        for (size_t k = 0; k < d->stories[i].n_alerts; k++)
            add_country(d, d->stories[i].alerts[k]->alert.country, arena);
    for (size_t i = 0; i < d->n_developing && d->countries.len < 24; i++)
        add_country(d, d->developing[i].first->country, arena);
}

/* "3 stories"; "3 new, 1 followed up, 1 changed"; "1 changed". */
static struct slice count_stories(const struct digest *d, struct arena *arena)
{
    const size_t n_new = d->n_stories - d->n_known;
    struct slice s = {"", 0};

    if (d->n_developing + d->n_known == 0)
        return arena_printf(arena, "%zu stor%s", d->n_stories, d->n_stories == 1 ? "y" : "ies");
    if (n_new > 0)
        s = arena_printf(arena, "%zu new", n_new);
    if (d->n_known > 0)
        s = arena_printf(arena, "%.*s%s%zu followed up", SLICE_ARG(s), s.len > 0 ? ", " : "",
                         d->n_known);
    if (d->n_developing > 0)
        s = arena_printf(arena, "%.*s%s%zu changed", SLICE_ARG(s), s.len > 0 ? ", " : "",
                         d->n_developing);
    return s;
}

/* ---- what it covers -------------------------------------------------------------------------- */

/* When the newest digest to the analyst was made, one that was quiet too; 0: never. */
static enum ww_status last_digest(struct store *s, struct slice analyst, struct arena *arena,
                                  int64_t *at, struct ww_error *err)
{
    static const struct slice kinds[] = {
        {"digest", 6},
        {"quiet",  5}
    };
    enum ww_status status = WW_OK;

    *at = 0;
    for (size_t i = 0; status == WW_OK && i < WW_COUNT(kinds); i++) {
        struct message_filter filter = {
            .window = {.limit = 1}, .analyst = analyst, .kind = kinds[i]};
        struct message_list list;

        status = store_list_messages(s, &filter, arena, &list, err);
        if (status == WW_OK && list.n_rows > 0 && list.rows[0].created_at > *at)
            *at = list.rows[0].created_at;
    }
    return status;
}

/*
 * "covers 3 days": the last digest was before the hour that came before this one. Nothing is said
 * by days of the calendar, but by what was told.
 */
static struct slice name_cover(const struct digest *d, struct arena *arena)
{
    const struct analyst *a = d->analyst;
    const int64_t hour = timetable_last(&a->hours, a->timezone, d->now);
    const int64_t before = hour == 0 ? 0 : timetable_last(&a->hours, a->timezone, hour - 60);
    const int64_t n_days = (d->now - d->since + 43200) / 86400;

    if (d->kind == DIGEST_IMMEDIATE || d->since == 0 || d->since >= before || n_days < 2)
        return (struct slice){"", 0};
    return arena_printf(arena, "covers %" PRId64 " days", n_days);
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Only what the analyst wants. */
static void leave_out_unwanted(const struct analyst *a, struct alert_view_list *list)
{
    size_t n = 0;

    for (size_t i = 0; i < list->n_rows; i++)
        if (subscription_takes(&a->wants, &list->rows[i].alert))
            list->rows[n++] = list->rows[i];
    list->n_rows = n;
}

static int by_number(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/*
 * Of an immediate mail: the stories that hold something that cannot wait. All else that is wanted
 * of these goes along, so that the next digest does not begin with it.
 */
static enum ww_status leave_out_what_waits(const struct analyst *a, struct alert_view_list *list,
                                           struct arena *arena, struct ww_error *err)
{
    int64_t *stories = arena_array(arena, list->n_rows + 1, sizeof(*stories));
    size_t n_stories = 0;
    size_t n = 0;

    if (stories == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list->n_rows; i++)
        if (subscription_takes(&a->at_once, &list->rows[i].alert))
            stories[n_stories++] = list->rows[i].alert.story_id;
    qsort(stories, n_stories, sizeof(*stories), by_number);
    for (size_t i = 0; i < list->n_rows; i++)
        if (bsearch(&list->rows[i].alert.story_id, stories, n_stories, sizeof(*stories),
                    by_number) != NULL)
            list->rows[n++] = list->rows[i];
    list->n_rows = n;
    return WW_OK;
}

static enum ww_status gather_stories(struct store *s, const struct digest_choice *choice,
                                     struct digest *d, struct arena *arena, struct ww_error *err)
{
    const struct analyst *analyst = choice->analyst;
    const struct alert_filter filter = {
        .window = {.since = choice->since, .limit = DIGEST_ALERTS_MAX},
        .story_id = choice->story_id,
        .history = STORE_LIVE,
        .oldest_first = true,
        .not_told_to = choice->include_told ? SLICE("") : analyst->name,
        .for_analyst = analyst->name,
        .analysts = analyst->analysts,
        .is_light = true
    };
    struct alert_view_list list;
    enum ww_status status = store_list_alerts(s, &filter, arena, &list, err);

    if (status == WW_OK && !choice->include_told)
        status = mutes_leave_out(s, analyst->name, d->now, arena, &list, err);
    if (status != WW_OK)
        return status;
    leave_out_unwanted(analyst, &list);
    if (choice->kind == DIGEST_IMMEDIATE)
        status = leave_out_what_waits(analyst, &list, arena, err);
    if (status == WW_OK)
        status = digest_group(d, &list, arena, err);
    /* With what was told before among them every story would be a known one. */
    if (status == WW_OK && !choice->include_told)
        status = digest_find_known(s, d, err);
    digest_order(d);
    for (size_t i = 0; i < d->n_alerts; i++)
        if (d->rows[i].mention.watchlist_id > d->watchlist_id)
            d->watchlist_id = d->rows[i].mention.watchlist_id;
    for (size_t i = 0; status == WW_OK && i < d->n_shown; i++) {
        status = digest_divide(s, d, &d->stories[i], arena, err);
        if (status == WW_OK)
            status = digest_name_outlets(s, &d->stories[i], arena, err);
    }
    return status;
}

/* A quiet mail tells nothing and marks nothing: it says how much waits for the next digest. */
static void leave_possible_waiting(struct digest *d, struct arena *arena)
{
    const size_t n = d->n_possible;
    bool has_place = false;

    for (size_t i = 0; i < n; i++)
        has_place |= slice_starts(d->possible[i].subject, SLICE(DIGEST_SUBJECT_PLACE));
    if (n > 0)
        d->waiting =
            arena_printf(arena, "%zu unconfirmed proposal%s: wirewatch watch %s", n,
                         n == 1 ? " waits" : "s wait", has_place ? "candidates" : "proposals");
    d->n_possible = d->n_possible_shown = 0;
}

/* Of a digest at its hour, or now: not of an immediate mail. */
static enum ww_status gather_rest(struct store *s, const struct digest_choice *choice,
                                  struct digest *d, struct arena *arena, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (choice->analyst->wants_possible)
        status = digest_gather_possible(s, d, choice->include_told, choice->since, arena, err);
    if (status == WW_OK && d->kind == DIGEST_ALL_QUIET)
        leave_possible_waiting(d, arena);
    if (status == WW_OK)
        status = digest_gather_notes(s, d, arena, err);
    return status == WW_OK ? digest_gather_at_once(s, d, arena, err) : status;
}

enum ww_status digest_gather(struct store *s, const struct digest_choice *choice,
                             struct arena *arena, struct digest *out, struct ww_error *err)
{
    const struct analyst *analyst = choice->analyst;
    enum ww_status status;

    *out = (struct digest){.kind = choice->kind,
                           .story_id = choice->story_id,
                           .report_url = choice->report_url,
                           .analyst = analyst,
                           .now = choice->now,
                           .zone_s = zone_offset_s(analyst->timezone, choice->now)};
    if (choice->kind == DIGEST_WEEKLY)
        return digest_gather_week(s, out, arena, err);
    status = last_digest(s, analyst->name, arena, &out->since, err);
    if (status == WW_OK)
        status = gather_stories(s, choice, out, arena, err);
    if (status == WW_OK)
        status = digest_gather_changes(s, out, choice->include_told, choice->since, arena, err);
    if (status == WW_OK && choice->kind == DIGEST_IMMEDIATE)
        status = digest_name_thread(s, out, arena, err);
    else if (status == WW_OK)
        status = gather_rest(s, choice, out, arena, err);
    if (status == WW_OK)
        status = digest_gather_health(s, out, choice->include_told, arena, err);
    name_countries(out, arena);
    out->counts = count_stories(out, arena);
    out->covers = name_cover(out, arena);
    return status == WW_OK ? arena_check(arena, err) : status;
}

bool digest_has_news(const struct digest *d)
{
    if (d->kind == DIGEST_WEEKLY || d->kind == DIGEST_ALL_QUIET)
        return true;
    return d->n_alerts + d->revisions.n_rows > 0 || d->n_began + d->n_ended > 0;
}

bool digest_is_trouble(const struct digest *d)
{
    return d->kind == DIGEST_REGULAR && d->n_stories + d->n_developing == 0 && d->in_short.len > 0;
}

size_t digest_count_left(const struct digest *d, size_t n_stories)
{
    size_t n = 0;

    for (size_t i = 0; i < d->n_stories; i++)
        n += i < n_stories ? d->stories[i].n_unnamed : d->stories[i].n_alerts;
    return n;
}

/* "Sun 22 Nov" */
static struct slice day_of(const struct digest *d, int64_t at, struct arena *arena)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const int64_t number = (at + zone_offset_s(d->analyst->timezone, at)) / 86400;
    int64_t year;
    unsigned month;
    unsigned day;

    date_to_civil(number, &year, &month, &day);
    return arena_printf(arena, "%s %u %s", days[number % 7], day, months[month - 1]);
}

static struct slice regular_subject(const struct digest *d, struct arena *arena)
{
    struct slice stories = {"", 0};

    if (!digest_is_trouble(d))
        stories = arena_printf(arena, "%.*s%s%.*s%s%s", SLICE_ARG(d->counts),
                               d->countries.len > 0 ? " (" : "", SLICE_ARG(d->countries),
                               d->countries.len > 0 ? ")" : "", d->in_short.len > 0 ? ", " : "");
    return arena_printf(arena, "Watch %s %.*s: %.*s%.*s", stories.len > 0 ? "digest" : "trouble",
                        SLICE_ARG(day_of(d, d->now, arena)), SLICE_ARG(stories),
                        SLICE_ARG(d->in_short));
}

struct slice digest_subject(const struct digest *d, struct arena *arena)
{
    switch (d->kind) {
    case DIGEST_REGULAR:
        break;
    case DIGEST_IMMEDIATE:
        return d->thread.len > 0
                   ? d->thread
                   : arena_printf(arena, "Watch alert %.*s: %.*s%s%.*s%s",
                                  SLICE_ARG(day_of(d, d->now, arena)), SLICE_ARG(d->counts),
                                  d->countries.len > 0 ? " (" : "", SLICE_ARG(d->countries),
                                  d->countries.len > 0 ? ")" : "");
    case DIGEST_WEEKLY:
        return arena_printf(arena, "Watch week %.*s to %.*s: %.*s",
                            SLICE_ARG(day_of(d, d->week->from, arena)),
                            SLICE_ARG(day_of(d, d->week->until - 1, arena)), SLICE_ARG(d->counts));
    case DIGEST_ALL_QUIET:
        return arena_printf(arena, "Watch digest %.*s: all quiet",
                            SLICE_ARG(day_of(d, d->now, arena)));
    }
    return regular_subject(d, arena);
}

const char *digest_time(const struct digest *d, int64_t at, char out[DIGEST_TIME_BYTES])
{
    char date[DATE_TEXT_BYTES];

    (void)date_format(at + zone_offset_s(d->analyst->timezone, at), date);
    (void)snprintf(out, DIGEST_TIME_BYTES, "%.10s %.5s", date, date + 11);
    return out;
}
