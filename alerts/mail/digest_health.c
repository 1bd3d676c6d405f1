/*
 * digest_health.c - what a digest says of the watch itself: feeds newly in trouble and back again,
 * countries and languages that no feed reaches, and our own outages.
 */
#include "alerts/mail/digest_parts.h"

#include "alerts/mail/canary.h"
#include "base/arena.h"
#include "base/limits.h"
#include "storage/store.h"
#include "storage/store_runs.h"

#include <inttypes.h>

#define DAY_S 86400

static struct slice trouble_words(const struct digest *d, const struct trouble_row *t,
                                  struct arena *arena)
{
    char began[DIGEST_TIME_BYTES], ended[DIGEST_TIME_BYTES];
    const bool is_over = t->ended_at != 0;

    (void)digest_time(d, t->began_at, began);
    (void)digest_time(d, t->ended_at, ended);
    switch (t->kind) {
    case TROUBLE_FAILING:
        if (is_over)
            return arena_printf(arena, "answers again since %s; it had failed since %s", ended,
                                began);
        return arena_printf(arena, "fails since %s: %.*s", began, SLICE_ARG(t->message));
    case TROUBLE_STALE:
        if (is_over)
            return arena_printf(arena, "has news again since %s; the last was of %s", ended, began);
        return arena_printf(arena, "answers, but has had no news since %s", began);
    case TROUBLE_GONE:
        break;
    }
    return arena_printf(arena, "is gone for good since %s: its server says so", began);
}

/* "2 feeds in trouble, 1 back again" */
static struct slice troubles_in_short(const struct digest *d, struct arena *arena)
{
    struct slice s = {"", 0};

    if (d->n_began > 0)
        s = arena_printf(arena, "%zu feed%s in trouble", d->n_began, d->n_began == 1 ? "" : "s");
    if (d->n_ended > 0 && d->n_began > 0)
        return arena_printf(arena, "%.*s, %zu back again", SLICE_ARG(s), d->n_ended);
    if (d->n_ended > 0)
        return arena_printf(arena, "%zu feed%s back again", d->n_ended, d->n_ended == 1 ? "" : "s");
    return s;
}

static enum ww_status describe(struct digest *d, struct arena *arena, struct ww_error *err)
{
    d->troubles = arena_array(arena, d->told.n_rows, sizeof(*d->troubles));
    if (d->troubles == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < d->told.n_rows; i++) {
        const struct trouble_view *v = &d->told.rows[i];

        d->n_began += v->trouble.ended_at == 0;
        d->troubles[i] = (struct digest_trouble){
            .name = v->title.len > 0 ? v->title : v->url,
            .label = arena_printf(arena, "f%" PRId64 "%s%.*s", v->trouble.feed_id,
                                  v->country.len > 0 ? ", " : "", SLICE_ARG(v->country)),
            .words = trouble_words(d, &v->trouble, arena)};
    }
    d->n_ended = d->told.n_rows - d->n_began;
    d->in_short = troubles_in_short(d, arena);
    return WW_OK;
}

static enum ww_status add_gaps(struct store *s, struct digest *d, enum coverage_kind kind,
                               struct arena *arena, struct ww_error *err)
{
    struct coverage_list list;
    size_t n = 0;
    enum ww_status status = store_list_coverage(s, kind, arena, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        const struct coverage_row *row = &list.rows[i];
        const int64_t days = (d->now - row->last_ok_at) / DAY_S;
        const char *between = d->gaps.len == 0 ? "" : n == 0 ? "; " : ", ";
        const char *what = kind == COVERAGE_LANGUAGE && n == 0 ? "in " : "";

        if (!coverage_is_gap(row) || n++ >= DIGEST_GAPS_MAX)
            continue;
        if (row->last_ok_at == 0)
            d->gaps = arena_printf(arena, "%.*s%s%s%.*s (none yet)", SLICE_ARG(d->gaps), between,
                                   what, SLICE_ARG(row->code));
        else
            d->gaps = arena_printf(arena, "%.*s%s%s%.*s (%" PRId64 " day%s)", SLICE_ARG(d->gaps),
                                   between, what, SLICE_ARG(row->code), days, days == 1 ? "" : "s");
    }
    if (n > DIGEST_GAPS_MAX)
        d->gaps = arena_printf(arena, "%.*s and %zu more", SLICE_ARG(d->gaps), n - DIGEST_GAPS_MAX);
    return status;
}

/* "203 in order, 2 failing": what is none is not named. */
static struct slice add_count(struct slice line, int64_t n, const char *what, struct arena *arena)
{
    if (n == 0)
        return line;
    return arena_printf(arena, "%.*s%s%" PRId64 " %s", SLICE_ARG(line), line.len > 0 ? ", " : "", n,
                        what);
}

static void count_feeds(struct digest *d, const struct store_stats *s, struct arena *arena)
{
    const int64_t n_bad = s->n_feeds_failing + s->n_feeds_stale + s->n_feeds_gone;
    int64_t n_new = 0;

    for (size_t i = 0; i < d->n_began; i++) /* by feed: one may be failing and stale */
        n_new += i == 0 || d->told.rows[i].trouble.feed_id != d->told.rows[i - 1].trouble.feed_id;
    d->feeds = arena_printf(arena, "%" PRId64 " in order",
                            s->n_feeds_active - s->n_feeds_retrying - s->n_feeds_failing -
                                s->n_feeds_stale);
    d->feeds = add_count(d->feeds, s->n_feeds_retrying, "retrying", arena);
    d->feeds = add_count(d->feeds, s->n_feeds_failing, "failing", arena);
    d->feeds = add_count(d->feeds, s->n_feeds_stale, "stale", arena);
    d->feeds = add_count(d->feeds, s->n_feeds_gone, "gone", arena);
    if (n_bad > n_new)
        d->standing = arena_printf(arena, "%" PRId64 " feed%s still in trouble, as told before",
                                   n_bad - n_new, n_bad - n_new == 1 ? " is" : "s are");
}

/* "no network in 3 of 24 runs, 2026-11-18 07:10 to 2026-11-18 19:10" */
static void name_outage(struct digest *d, const struct run_outages *outages, struct arena *arena)
{
    char first[DIGEST_TIME_BYTES], last[DIGEST_TIME_BYTES];

    if (outages->n_runs == 0)
        return;
    d->outage = arena_printf(arena,
                             "%" PRId64 " of %" PRId64 " run%s could not watch, for want of a "
                             "network of our own: %s to %s",
                             outages->n_runs, d->n_runs, d->n_runs == 1 ? "" : "s",
                             digest_time(d, outages->first_at, first),
                             digest_time(d, outages->last_at, last));
}

/* "24 since the last digest, 1 failed, 2 did not do everything" */
static void name_runs(struct digest *d, struct arena *arena)
{
    d->runs = arena_printf(arena, "%" PRId64 "%s, ", d->n_runs,
                           d->kind == DIGEST_WEEKLY ? " in this week"
                           : d->since != 0          ? " since the last digest"
                                                    : "");
    if (d->n_runs_failed == 0)
        d->runs = arena_printf(arena, "%.*snone failed", SLICE_ARG(d->runs));
    else
        d->runs =
            arena_printf(arena, "%.*s%" PRId64 " failed", SLICE_ARG(d->runs), d->n_runs_failed);
    d->runs = add_count(d->runs, d->n_runs_partial, "did not do everything", arena);
}

/* Where this digest arrives, others may not. */
static enum ww_status name_canary(struct store *s, struct digest *d, struct arena *arena,
                                  struct ww_error *err)
{
    char sent[DIGEST_TIME_BYTES];
    int64_t at = 0;
    enum ww_status status = canary_missing_since(s, arena, &at, err);

    if (status == WW_OK && at != 0)
        d->canary = arena_printf(arena, "the test mail of %s did not come back; others may be lost",
                                 digest_time(d, at, sent));
    return status;
}

static enum ww_status count(struct store *s, struct digest *d, struct arena *arena,
                            struct ww_error *err)
{
    const struct store_window window = {.since = d->since};
    struct run_outages outages = {0};
    struct run_counts runs = {0};
    struct store_stats stats;
    enum ww_status status = store_read_standing(s, &stats, err);

    if (status == WW_OK)
        status = store_count_runs(s, SLICE("run"), &window, &runs, err);
    if (status == WW_OK)
        status = store_run_outages(s, d->since, &outages, err);
    if (status != WW_OK)
        return status;
    d->n_runs = runs.n_runs;
    d->n_runs_failed = runs.n_failed;
    d->n_runs_partial = runs.n_partial;
    d->n_pages_failed = stats.n_pages_failed;
    d->n_quarantined = stats.n_pages_quarantined;
    name_runs(d, arena);
    count_feeds(d, &stats, arena);
    name_outage(d, &outages, arena);
    return name_canary(s, d, arena, err);
}

enum ww_status digest_gather_health(struct store *s, struct digest *d, bool include_told,
                                    struct arena *arena, struct ww_error *err)
{
    const struct store_window window = {.limit = DIGEST_TROUBLES_MAX};
    enum ww_status status = WW_OK;

    if (d->analyst->wants_troubles && d->kind != DIGEST_IMMEDIATE)
        status =
            store_list_untold_troubles(s, include_told ? SLICE("") : d->analyst->name,
                                       d->now - TROUBLE_END_TOLD_S, &window, arena, &d->told, err);

    if (status == WW_OK)
        status = describe(d, arena, err);
    if (status == WW_OK)
        status = add_gaps(s, d, COVERAGE_COUNTRY, arena, err);
    if (status == WW_OK)
        status = add_gaps(s, d, COVERAGE_LANGUAGE, arena, err);
    return status == WW_OK ? count(s, d, arena, err) : status;
}

enum ww_status digest_mark_troubles(struct store *s, const struct digest *d, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (d->kind == DIGEST_WEEKLY)
        return WW_OK;
    for (size_t i = 0; status == WW_OK && i < d->told.n_rows; i++)
        status =
            store_mark_trouble_told(s, d->analyst->name, &d->told.rows[i].trouble, d->now, err);
    return status;
}
