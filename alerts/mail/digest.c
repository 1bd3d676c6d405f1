/* digest.c - which alerts an analyst has not been told, by story. */
#include "alerts/mail/digest_parts.h"

#include "alerts/mail/analyst.h"
#include "alerts/mutes.h"
#include "base/arena.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/zone.h"
#include "storage/store.h"
#include "storage/store_articles.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- gathering ------------------------------------------------------------------------------- */

static int by_story(const void *a, const void *b)
{
    const struct alert_view *x = *(const struct alert_view *const *)a;
    const struct alert_view *y = *(const struct alert_view *const *)b;

    if (x->alert.story_id != y->alert.story_id)
        return x->alert.story_id < y->alert.story_id ? -1 : 1;
    if (x->alert.severity != y->alert.severity)
        return x->alert.severity > y->alert.severity ? -1 : 1;
    return (x->alert.id > y->alert.id) - (x->alert.id < y->alert.id);
}

/* News before finds of a rescan; what matters most first; among equals the story that most outlets
 * print, then the newest. */
static int by_weight(const void *a, const void *b)
{
    const struct digest_story *s = a, *t = b;
    const struct alert_view *x = s->first, *y = t->first;

    if (s->is_rescan != t->is_rescan)
        return s->is_rescan ? 1 : -1;
    if (x->alert.severity != y->alert.severity)
        return x->alert.severity > y->alert.severity ? -1 : 1;
    if (x->n_outlets != y->n_outlets)
        return x->n_outlets > y->n_outlets ? -1 : 1;
    return (x->alert.story_id < y->alert.story_id) - (x->alert.story_id > y->alert.story_id);
}

static enum ww_status group(struct digest *d, const struct alert_view_list *list,
                            struct arena *arena, struct ww_error *err)
{
    const struct alert_view **sorted = arena_array(arena, list->n_rows, sizeof(*sorted));

    d->stories = arena_array(arena, list->n_rows, sizeof(*d->stories));
    if (sorted == NULL || d->stories == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list->n_rows; i++)
        sorted[i] = &list->rows[i];
    if (list->n_rows > 0)
        qsort(sorted, list->n_rows, sizeof(*sorted), by_story);
    for (size_t i = 0; i < list->n_rows; i++) {
        struct digest_story *story = d->n_stories > 0 ? &d->stories[d->n_stories - 1] : NULL;

        if (story == NULL || story->first->alert.story_id != sorted[i]->alert.story_id)
            d->stories[d->n_stories++] = (struct digest_story){
                .first = sorted[i], .alerts = &sorted[i], .n_alerts = 1, .is_rescan = true};
        else
            story->n_alerts++;
        d->stories[d->n_stories - 1].is_rescan &= sorted[i]->alert.cause == CAUSE_RESCAN;
    }
    for (size_t i = 0; i < d->n_stories; i++)
        d->n_rescan += d->stories[i].is_rescan;
    if (d->n_stories > 0)
        qsort(d->stories, d->n_stories, sizeof(*d->stories), by_weight);
    d->n_alerts = list->n_rows;
    d->n_shown = d->n_stories < DIGEST_STORIES_MAX ? d->n_stories : DIGEST_STORIES_MAX;
    return WW_OK;
}

/* By article, then by place in it: the alerts of one sentence come to stand side by side. */
static int by_place(const void *a, const void *b)
{
    const struct mention_row *x = &(*(const struct alert_view *const *)a)->mention;
    const struct mention_row *y = &(*(const struct alert_view *const *)b)->mention;

    if (x->article_id != y->article_id)
        return x->article_id < y->article_id ? -1 : 1;
    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    return (x->start > y->start) - (x->start < y->start);
}

static bool same_sentence(const struct alert_view *a, const struct alert_view *b)
{
    return a->mention.article_id == b->mention.article_id && a->mention.field == b->mention.field &&
           a->mention.sentence_start == b->mention.sentence_start;
}

/* "Japan [jp, a13], Ireland [ie, a14]" */
static void add_aside(struct digest_story *story, const struct alert_view *v, struct arena *arena)
{
    struct slice name = v->alert.item_name.len > 0 ? v->alert.item_name : v->alert.item;

    story->aside = arena_printf(arena, "%.*s%s%.*s [%.*s, a%" PRId64 "]", SLICE_ARG(story->aside),
                                story->aside.len > 0 ? ", " : "", SLICE_ARG(name),
                                SLICE_ARG(v->alert.item), v->alert.id);
}

/*
 * Into passages. Alerts of low severity are told in a line beside those that matter more; alone
 * they are told like any other. They stand at the end of the story's alerts, by the order that
 * group() made.
 */
static enum ww_status divide(struct digest_story *story, struct arena *arena, struct ww_error *err)
{
    size_t n = story->n_alerts;

    story->passages = arena_array(arena, story->n_alerts, sizeof(*story->passages));
    if (story->passages == NULL)
        return arena_check(arena, err);
    while (story->first->alert.severity > SEVERITY_LOW &&
           story->alerts[n - 1]->alert.severity == SEVERITY_LOW)
        n--;
    for (size_t i = n; i < story->n_alerts; i++)
        add_aside(story, story->alerts[i], arena);
    qsort(story->alerts, n, sizeof(*story->alerts), by_place);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || !same_sentence(story->alerts[i - 1], story->alerts[i]))
            story->passages[story->n_passages++] =
                (struct digest_passage){.alerts = &story->alerts[i]};
        story->passages[story->n_passages - 1].n_alerts++;
    }
    return WW_OK;
}

/* Who else prints it, each name once. */
static enum ww_status name_outlets(struct store *s, struct digest_story *story, struct arena *arena,
                                   struct ww_error *err)
{
    struct article_filter filter = {.window = {.limit = DIGEST_OUTLETS_MAX},
                                    .story_id = story->first->alert.story_id,
                                    .order = ARTICLE_BY_ID};
    struct article_list list;
    enum ww_status status;

    if (story->first->n_outlets < 2)
        return WW_OK;
    status = store_list_articles(s, &filter, arena, &list, err);
    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        struct slice name = list.rows[i].outlet;

        if (name.len == 0 || slice_equal(name, story->first->article.outlet) ||
            slice_contains(story->outlets, name))
            continue;
        story->outlets = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(story->outlets),
                                      story->outlets.len > 0 ? ", " : "", SLICE_ARG(name));
    }
    return status;
}

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

/* "3 stories"; "3 new, 1 changed"; "1 changed". */
static struct slice count_stories(const struct digest *d, struct arena *arena)
{
    if (d->n_developing == 0)
        return arena_printf(arena, "%zu stor%s", d->n_stories, d->n_stories == 1 ? "y" : "ies");
    if (d->n_stories == 0)
        return arena_printf(arena, "%zu changed", d->n_developing);
    return arena_printf(arena, "%zu new, %zu changed", d->n_stories, d->n_developing);
}

/* When the newest digest to the analyst was made; 0: never. */
static enum ww_status last_digest(struct store *s, struct slice analyst, struct arena *arena,
                                  int64_t *at, struct ww_error *err)
{
    struct message_filter filter = {
        .window = {.limit = 1}, .analyst = analyst, .kind = SLICE("digest")};
    struct message_list list;
    enum ww_status status = store_list_messages(s, &filter, arena, &list, err);

    *at = status == WW_OK && list.n_rows > 0 ? list.rows[0].created_at : 0;
    return status;
}

/* Only what the analyst wants; in an immediate mail only what cannot wait. */
static void leave_out_unwanted(const struct digest_choice *choice, struct alert_view_list *list)
{
    const struct analyst *a = choice->analyst;
    size_t n = 0;

    for (size_t i = 0; i < list->n_rows; i++)
        if (subscription_takes(&a->wants, &list->rows[i].alert) &&
            (choice->kind != DIGEST_IMMEDIATE ||
             subscription_takes(&a->at_once, &list->rows[i].alert)))
            list->rows[n++] = list->rows[i];
    list->n_rows = n;
}

enum ww_status digest_gather(struct store *s, const struct digest_choice *choice,
                             struct arena *arena, struct digest *out, struct ww_error *err)
{
    const struct analyst *analyst = choice->analyst;
    const bool include_told = choice->include_told;
    const int64_t now = choice->now;
    const int64_t since = choice->since;
    const bool is_at_once = choice->kind == DIGEST_IMMEDIATE;
    struct alert_filter filter = {
        .window = {.since = since, .limit = DIGEST_ALERTS_MAX},
        .story_id = choice->story_id,
        .history = STORE_LIVE,
        .oldest_first = true,
        .not_told_to = include_told ? SLICE("") : analyst->name,
        .for_analyst = analyst->name,
        .analysts = analyst->analysts
    };
    struct alert_view_list list;
    enum ww_status status;

    *out = (struct digest){.kind = choice->kind,
                           .story_id = choice->story_id,
                           .analyst = analyst,
                           .now = now,
                           .zone_s = zone_offset_s(analyst->timezone, now)};
    status = last_digest(s, analyst->name, arena, &out->since, err);
    if (status == WW_OK)
        status = store_list_alerts(s, &filter, arena, &list, err);
    if (status == WW_OK && !include_told)
        status = mutes_leave_out(s, analyst->name, now, arena, &list, err);
    if (status == WW_OK)
        leave_out_unwanted(choice, &list);
    if (status == WW_OK)
        status = group(out, &list, arena, err);
    for (size_t i = 0; status == WW_OK && i < out->n_shown; i++) {
        status = divide(&out->stories[i], arena, err);
        if (status == WW_OK)
            status = name_outlets(s, &out->stories[i], arena, err);
    }
    if (status == WW_OK)
        status = digest_gather_changes(s, out, include_told, since, arena, err);
    if (status == WW_OK && analyst->wants_possible && !is_at_once)
        status = digest_gather_possible(s, out, include_told, since, arena, err);
    if (status == WW_OK)
        status = digest_gather_notes(s, out, arena, err);
    if (status == WW_OK)
        status = digest_gather_health(s, out, include_told, arena, err);
    name_countries(out, arena);
    out->counts = count_stories(out, arena);
    return status == WW_OK ? arena_check(arena, err) : status;
}

bool digest_has_news(const struct digest *d)
{
    if (d->kind == DIGEST_WEEKLY || d->kind == DIGEST_ALL_QUIET)
        return true;
    return d->n_alerts + d->revisions.n_rows > 0 || d->n_began + d->n_ended > 0;
}

size_t digest_count_left(const struct digest *d, size_t n_stories)
{
    size_t n = 0;

    for (size_t i = 0; i < d->n_stories; i++)
        n += i < n_stories ? d->stories[i].n_unnamed : d->stories[i].n_alerts;
    return n;
}

struct slice digest_subject(const struct digest *d, struct arena *arena)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct slice stories = {"", 0};
    int64_t day_number = (d->now + d->zone_s) / 86400;
    int64_t year;
    unsigned month;
    unsigned day;

    date_to_civil(day_number, &year, &month, &day);
    if (d->n_stories + d->n_developing > 0 || d->in_short.len == 0)
        stories = arena_printf(arena, "%.*s%s%.*s%s%s", SLICE_ARG(d->counts),
                               d->countries.len > 0 ? " (" : "", SLICE_ARG(d->countries),
                               d->countries.len > 0 ? ")" : "", d->in_short.len > 0 ? ", " : "");
    return arena_printf(arena, "Watch %s %s %u %s: %.*s%.*s",
                        stories.len > 0 ? "digest" : "trouble", days[day_number % 7], day,
                        months[month - 1], SLICE_ARG(stories), SLICE_ARG(d->in_short));
}

const char *digest_time(const struct digest *d, int64_t at, char out[DIGEST_TIME_BYTES])
{
    char date[DATE_TEXT_BYTES];

    (void)date_format(at + zone_offset_s(d->analyst->timezone, at), date);
    (void)snprintf(out, DIGEST_TIME_BYTES, "%.10s %.5s", date, date + 11);
    return out;
}
