/*
 * digest_candidates.c - what is possible and unconfirmed: places that may have a site, statuses
 * that may have changed. Each is told once as it stands: a place that was denied is told again when
 * it is asserted, or when evidence comes after it was dismissed. Each analyst gets those that his
 * subscription takes.
 *
 * They ride along with a digest and make none. What backfills alone found is not in it.
 */
#include "alerts/mail/digest_parts.h"

#include "alerts/candidates.h"
#include "alerts/proposals.h"
#include "base/arena.h"
#include "base/limits.h"
#include "storage/store_claims.h"

#include <inttypes.h>

/* One analyst's, while it is gathered. */
struct gathering {
    struct store *store;
    struct digest *d;
    struct arena *arena;   /* the digest's */
    struct arena scratch;  /* the watchlist's, and the lists that borrow it */
    struct slice not_told; /* to this analyst; empty: told or not */
    int64_t since;
    size_t room;
};

/* As an alert on it would be, so that a subscription can be held against it. */
static bool is_wanted(const struct gathering *g, const struct alert_row *as_alert)
{
    return subscription_takes(&g->d->analyst->wants, as_alert);
}

/* A place that is not on the list has no tags, and what is new there is grave. */
static bool is_place_wanted(const struct gathering *g, struct slice kind,
                            const struct candidate_group *c)
{
    const struct alert_row site = {
        .item = c->place_id, .item_kind = kind, .country = c->country, .severity = SEVERITY_HIGH};

    return is_wanted(g, &site);
}

/* Of an item that the list has no more nothing is known but its id: a change of it is grave. */
static bool is_status_wanted(const struct gathering *g, const struct watchlist *w,
                             const struct proposal_group *p)
{
    struct alert_row site = {.item = p->item, .country = p->country, .severity = SEVERITY_HIGH};

    for (size_t i = 0; i < w->n_items; i++) {
        const struct watch_item *item = &w->items[i];

        if (!item->is_site || !slice_equal(item->id, p->item))
            continue;
        site.item_kind = item->kind;
        site.tags = item->tags;
        (void)alert_severity_parse(item->severity, &site.severity);
        break;
    }
    return is_wanted(g, &site);
}

static bool is_live(const struct candidate_group *g)
{
    for (size_t i = 0; i < g->n_rows; i++)
        if (!g->rows[i].at.is_historic)
            return true;
    return false;
}

/* Add it, unless the analyst knows; the sentence is read for those that are shown. */
static enum ww_status add(struct gathering *g, struct digest_possible *new,
                          const struct sighting *at, struct ww_error *err)
{
    struct sighting_sentence s = {.text = SLICE("")};
    struct digest_possible *rows = g->d->possible;
    bool is_told = false;
    enum ww_status status = WW_OK;

    if (g->not_told.len > 0)
        status = store_is_possible_told(g->store, g->not_told, new->subject, &is_told, err);
    if (status != WW_OK || is_told)
        return status;
    if (g->d->n_possible < DIGEST_CANDIDATES_MAX)
        status = store_sighting_sentence(g->store, at, &g->scratch, &s, err);
    if (status != WW_OK)
        return status;
    rows = arena_grow(g->arena, rows, g->d->n_possible, &g->room, sizeof(*rows));
    if (rows == NULL)
        return arena_check(g->arena, err);
    new->sentence = arena_copy(g->arena, s.text); /* of a title, it would be the list's */
    new->mark_start = s.mark_start;
    new->mark_end = s.mark_end;
    new->outlet = arena_copy(g->arena, at->outlet);
    new->url = arena_copy(g->arena, at->url);
    new->language = arena_copy(g->arena, at->language);
    new->story_id = at->story_id;
    g->d->possible = rows;
    rows[g->d->n_possible++] = *new;
    return WW_OK;
}

static struct slice evidence(struct gathering *g, int64_t n_articles, int64_t n_outlets,
                             int64_t first_at)
{
    char at[DIGEST_TIME_BYTES];

    return arena_printf(g->arena, "%" PRId64 " article%s in %" PRId64 " outlet%s, since %.10s",
                        n_articles, n_articles == 1 ? "" : "s", n_outlets,
                        n_outlets == 1 ? "" : "s", digest_time(g->d, first_at, at));
}

static enum ww_status add_places(struct gathering *g, const struct watchlist *w,
                                 struct ww_error *err)
{
    const struct candidates_filter filter = {.since = g->since};
    struct candidate_group_list list;
    enum ww_status status = candidates_list(g->store, w, &filter, &g->scratch, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        const struct candidate_group *c = &list.rows[i];
        const char *stance = stance_name(c->best->stance);
        const bool is_back = c->state == CANDIDATE_NEW_EVIDENCE;
        struct digest_possible new = {
            .subject =
                arena_printf(g->arena, DIGEST_SUBJECT_PLACE "%.*s %.*s %s%s", SLICE_ARG(c->country),
                             SLICE_ARG(c->place_id), stance, is_back ? " again" : ""),
            .words = candidate_heading(&list, c, g->arena),
            .label = arena_printf(g->arena, "%.*s, %s%s", SLICE_ARG(c->place_id), stance,
                                  is_back ? ", new evidence since it was dismissed" : ""),
        };

        if (!is_live(c) || !is_place_wanted(g, list.kind, c))
            continue;
        new.evidence = evidence(g, c->n_articles, c->n_outlets, c->first_at);
        status = add(g, &new, &c->best->at, err);
    }
    return status;
}

static enum ww_status add_statuses(struct gathering *g, const struct watchlist *w,
                                   struct ww_error *err)
{
    const struct sighting_filter filter = {.window = {.since = g->since}};
    struct proposal_group_list list;
    enum ww_status status = proposals_list(g->store, w, &filter, &g->scratch, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        const struct proposal_group *p = &list.rows[i];
        struct digest_possible new = {
            .subject = arena_printf(g->arena, "status %.*s %.*s %s", SLICE_ARG(p->item),
                                    SLICE_ARG(p->state), stance_name(p->best->stance)),
            .words = arena_printf(
                g->arena, "possible change: %.*s, from %.*s to %.*s", SLICE_ARG(p->item_name),
                SLICE_ARG(p->current.len > 0 ? p->current : SLICE("nothing")), SLICE_ARG(p->state)),
            .label = arena_printf(g->arena, "%.*s, %s", SLICE_ARG(p->item),
                                  stance_name(p->best->stance)),
        };

        if (p->verdict != PROPOSAL_OPEN || p->best->at.is_historic || !is_status_wanted(g, w, p))
            continue;
        new.evidence = evidence(g, p->n_articles, p->n_outlets, p->first_at);
        status = add(g, &new, &p->best->at, err);
    }
    return status;
}

enum ww_status digest_gather_possible(struct store *s, struct digest *d, bool include_told,
                                      int64_t since, struct arena *arena, struct ww_error *err)
{
    struct gathering g = {.store = s,
                          .d = d,
                          .arena = arena,
                          .not_told = include_told ? SLICE("") : d->analyst->name,
                          .since = since};
    struct watchlist_row version = {0};
    struct watchlist w;
    bool has_any = false;
    enum ww_status status = store_has_possible(s, &has_any, err);

    if (status != WW_OK || !has_any)
        return status;
    arena_init(&g.scratch, WATCHLIST_ARENA_MAX_BYTES);
    status = store_watchlist(s, 0, &g.scratch, &version, err);
    if (status == WW_OK)
        status = watchlist_parse(version.content, &g.scratch, &w, err);
    if (status == WW_OK)
        status = add_places(&g, &w, err);
    if (status == WW_OK)
        status = add_statuses(&g, &w, err);
    arena_release(&g.scratch);
    d->n_possible_shown =
        d->n_possible < DIGEST_CANDIDATES_MAX ? d->n_possible : DIGEST_CANDIDATES_MAX;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status digest_mark_possible(struct store *s, const struct digest *d, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (d->kind == DIGEST_WEEKLY)
        return WW_OK;
    for (size_t i = 0; status == WW_OK && i < d->n_possible; i++)
        status = store_mark_possible_told(s, d->analyst->name, d->possible[i].subject, d->now, err);
    return status;
}
