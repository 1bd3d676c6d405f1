/* report_health.c - how well could be watched: feeds, gaps, runs hour by hour, troubles. */
#include "alerts/report/report_parts.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/zone.h"
#include "storage/store_feeds.h"
#include "storage/store_runs.h"
#include "storage/store_troubles.h"

#include <inttypes.h>

/* ---- feeds ----------------------------------------------------------------------------------- */

/* said: status line and headers of its last answer, by the feed's own server. */
static void put_feed(const struct report_page *p, const struct feed_row *f, struct slice said)
{
    report_put(p, "<tr><th scope=\"row\" dir=\"auto\">");
    report_put_text(p, f->title.len > 0 ? f->title : f->url);
    buf_printf(p->out, "<p class=\"meta\">f%" PRId64 " ", f->id);
    report_put_text(p, f->url);
    buf_printf(p->out, "</p></th><td>%s</td><td>", feed_health_name(f));
    report_put_text(p, f->country);
    report_put(p, f->country.len > 0 && f->language.len > 0 ? ", " : "");
    report_put_text(p, f->language);
    report_put(p, "</td><td>");
    report_put_time(p, f->health == FEED_HEALTH_STALE ? f->last_new_at
                       : f->first_failed_at != 0      ? f->first_failed_at
                                                      : f->last_checked_at);
    report_put(p, "</td><td dir=\"auto\">");
    report_put_text(p, f->health == FEED_HEALTH_STALE ? SLICE("answers, and has no news")
                                                      : f->last_error);
    if (said.len > 0) {
        report_put(p, "<p class=\"meta\">");
        report_put_text(p, text_cut(said, REPORT_QUOTE_BYTES));
        report_put(p, "</p>");
    }
    report_put(p, "</td></tr>\n");
}

static enum ww_status put_bad_feed(struct report *r, const struct feed_row *f, struct ww_error *err)
{
    const struct store_window window = {.limit = 1};
    struct feed_check_list checks;
    enum ww_status status =
        store_list_feed_checks(r->store, f->id, &window, &r->scratch, &checks, err);

    if (status == WW_OK)
        put_feed(&r->page, f, checks.n_rows > 0 ? checks.rows[0].said : (struct slice){"", 0});
    return status;
}

static enum ww_status put_feeds(struct report *r, struct ww_error *err)
{
    const struct feed_filter filter = {.window = {.limit = REPORT_FEEDS_MAX}, .is_bad = true};
    const struct report_page *p = &r->page;
    struct store_stats s = {0};
    struct feed_list list;
    enum ww_status status = store_read_stats(r->store, &s, err);

    if (status == WW_OK)
        status = store_list_feeds(r->store, &filter, &r->scratch, &list, err);
    if (status != WW_OK)
        return status;
    report_put(p, "<p class=\"lead\">");
    report_put_count(p, s.n_feeds, "feed", NULL);
    buf_printf(p->out,
               ": %" PRId64 " in order, %" PRId64 " retrying, %" PRId64 " failing, %" PRId64
               " stale, %" PRId64 " gone, %" PRId64 " paused, %" PRId64 " not asked yet</p>\n",
               s.n_feeds_active - s.n_feeds_new - s.n_feeds_retrying - s.n_feeds_failing -
                   s.n_feeds_stale,
               s.n_feeds_retrying, s.n_feeds_failing, s.n_feeds_stale, s.n_feeds_gone,
               s.n_feeds_paused, s.n_feeds_new);
    report_put(p, "<section aria-labelledby=\"bad\">\n<h2 id=\"bad\">Feeds that are not in order"
                  "</h2>\n");
    if (list.n_rows == 0)
        report_put(p, "<p>None.</p>\n");
    else
        report_put(p, "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Feed</th>"
                      "<th scope=\"col\">How</th><th scope=\"col\">Of</th><th scope=\"col\">Since"
                      "</th><th scope=\"col\">What it said</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < list.n_rows && status == WW_OK; i++)
        status = put_bad_feed(r, &list.rows[i], err);
    report_put(p, list.n_rows > 0 ? "</tbody></table></div>\n</section>\n" : "</section>\n");
    return status;
}

/* ---- coverage -------------------------------------------------------------------------------- */

static void put_coverage(const struct report *r, const struct coverage_list *list, const char *name,
                         bool is_country)
{
    const struct report_page *p = &r->page;

    buf_printf(p->out,
               "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">%s</th>"
               "<th scope=\"col\" class=\"n\">Feeds</th><th scope=\"col\" class=\"n\">Healthy</th>"
               "<th scope=\"col\">Last read</th><th scope=\"col\">Gap</th></tr></thead>\n<tbody>\n",
               name);
    for (size_t i = 0; i < list->n_rows; i++) {
        const struct coverage_row *row = &list->rows[i];

        report_put(p, "<tr><th scope=\"row\">");
        if (row->code.len == 0)
            report_put(p, "not said");
        else
            report_put_text(p, is_country ? report_country_name(r, row->code) : row->code);
        buf_printf(p->out,
                   "</th><td class=\"n\">%" PRId64 "</td><td class=\"n\">%" PRId64 "</td><td>",
                   row->n_feeds, row->n_healthy);
        if (row->last_ok_at != 0)
            report_put_time(p, row->last_ok_at);
        else
            report_put(p, "never");
        report_put(p, coverage_is_gap(row) ? "</td><td><strong>no healthy feed</strong></td></tr>\n"
                                           : "</td><td></td></tr>\n");
    }
    report_put(p, "</tbody></table></div>\n");
}

/* Countries of the list that no feed is of, each once. */
static void put_unwatched(const struct report *r, const struct coverage_list *list)
{
    const struct report_page *p = &r->page;
    size_t n = 0;

    for (size_t i = 0; i < r->list.n_items; i++) {
        const struct slice code = r->list.items[i].country;
        bool is_known = code.len != 2;

        for (size_t k = 0; k < i && !is_known; k++)
            is_known = slice_equal_nocase(r->list.items[k].country, code);
        for (size_t k = 0; k < list->n_rows && !is_known; k++)
            is_known = slice_equal_nocase(list->rows[k].code, code);
        if (is_known)
            continue;
        report_put(p, n++ == 0 ? "<p>Countries of the watchlist that no feed is of: " : ", ");
        report_put_text(p, report_country_name(r, code));
    }
    report_put(p, n > 0 ? ".</p>\n" : "");
}

static enum ww_status put_all_coverage(struct report *r, struct ww_error *err)
{
    struct coverage_list countries, languages;
    enum ww_status status =
        store_list_coverage(r->store, COVERAGE_COUNTRY, &r->scratch, &countries, err);

    if (status == WW_OK)
        status = store_list_coverage(r->store, COVERAGE_LANGUAGE, &r->scratch, &languages, err);
    if (status != WW_OK)
        return status;
    report_put(&r->page, "<section aria-labelledby=\"cover\">\n<h2 id=\"cover\">By country and "
                         "language</h2>\n");
    put_unwatched(r, &countries);
    put_coverage(r, &countries, "Country", true);
    put_coverage(r, &languages, "Language", false);
    report_put(&r->page, "</section>\n");
    return WW_OK;
}

/* ---- runs ------------------------------------------------------------------------------------ */

enum hour { HOUR_NONE, HOUR_OK, HOUR_PARTIAL, HOUR_FAILED };

struct hours {
    enum hour cells[REPORT_RUN_DAYS][24];
    size_t n[HOUR_FAILED + 1];
    int64_t first_day;
    int64_t first_hour; /* of the first run that is known, counted from 1970 */
};

static enum hour hour_of(const struct run_row *run)
{
    switch (run->outcome) {
    case RUN_OK:
        return run->outage == RUN_OUTAGE_NONE || run->outage == RUN_OUTAGE_PART ? HOUR_OK
                                                                                : HOUR_PARTIAL;
    case RUN_FAILED:
        return HOUR_FAILED;
    case RUN_UNFINISHED:
    case RUN_PARTIAL:
        break;
    }
    return HOUR_PARTIAL;
}

/* An hour is as good as its worst run. */
static void add_run(const struct report *r, struct hours *h, const struct run_row *run)
{
    const int64_t local = run->started_at + zone_offset_s(r->page.zone, run->started_at);
    const int64_t day = report_day(r->page.zone, run->started_at) - h->first_day;
    enum hour *cell;

    h->first_hour = local / 3600;
    if (day < 0 || day >= REPORT_RUN_DAYS)
        return;
    cell = &h->cells[day][local % 86400 / 3600];
    *cell = hour_of(run) > *cell ? hour_of(run) : *cell;
}

/* From the first run that is known to this hour. */
static void count_hours(const struct report *r, struct hours *h, int64_t now)
{
    const int64_t hour_now = (now + zone_offset_s(r->page.zone, now)) / 3600;

    for (int64_t d = 0; d < REPORT_RUN_DAYS; d++)
        for (int64_t i = 0; i < 24; i++) {
            const int64_t hour = (h->first_day + d) * 24 + i;

            if (h->first_hour != 0 && hour >= h->first_hour && hour <= hour_now)
                h->n[h->cells[d][i]]++;
        }
}

/* Days side by side, hours from top to bottom. A failure is also told by its shape. */
static void put_hours(const struct report *r, const struct hours *h, int64_t now)
{
    static const char *const classes[] = {"rn", "ro", "rp", "rf"};
    const struct report_page *p = &r->page;
    const int64_t hour_now = (now + zone_offset_s(p->zone, now)) / 3600;
    char text[REPORT_DAY_BYTES];

    buf_printf(p->out,
               "<figure>\n<svg viewBox=\"0 0 400 186\" role=\"img\" aria-labelledby=\"runs-t "
               "runs-d\"><title id=\"runs-t\">Runs, hour by hour</title><desc id=\"runs-d\">%d "
               "days from left to right, hours from top to bottom: %zu hours with good runs, %zu "
               "with runs that were not whole, %zu with failed ones, %zu without any.</desc>",
               REPORT_RUN_DAYS, h->n[HOUR_OK], h->n[HOUR_PARTIAL], h->n[HOUR_FAILED],
               h->n[HOUR_NONE]);
    for (int64_t d = 0; d < REPORT_RUN_DAYS; d++)
        for (int64_t i = 0; i < 24; i++) {
            const enum hour state = h->cells[d][i];
            const double inset = state == HOUR_NONE ? 3.5 : state == HOUR_PARTIAL ? 1.2 : 0;
            const int64_t hour = (h->first_day + d) * 24 + i;

            if (h->first_hour == 0 || hour < h->first_hour || hour > hour_now)
                continue;
            buf_printf(p->out,
                       "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                       classes[state], 22 + (double)d * 13.5 + inset,
                       2 + (double)i * 6.9 + inset / 2, 12 - 2 * inset, 6 - inset);
        }
    for (int64_t i = 0; i < 24; i += 6)
        buf_printf(p->out, "<text x=\"0\" y=\"%.1f\">%02" PRId64 "</text>", 9 + (double)i * 6.9, i);
    buf_printf(p->out, "<text x=\"22\" y=\"180\">%s</text>",
               report_day_words(h->first_day, false, text));
    buf_printf(p->out, "<text x=\"400\" y=\"180\" text-anchor=\"end\">%s</text></svg>\n",
               report_day_words(h->first_day + REPORT_RUN_DAYS - 1, false, text));
    report_put(p, "<figcaption><p class=\"legend\"><span class=\"key ro\"></span>in order "
                  "<span class=\"key rp\"></span>not whole <span class=\"key rf\"></span>failed "
                  "<span class=\"key rn\"></span>no run</p></figcaption>\n</figure>\n");
}

/* Of its machine. */
static bool is_newest(const struct run_list *list, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (slice_equal(list->rows[k].machine, list->rows[i].machine))
            return false;
    return true;
}

/* may_go_on: now. */
static struct slice why_bad(const struct run_row *run, bool may_go_on)
{
    if (run->message.len > 0)
        return run->message;
    if (run->outcome != RUN_UNFINISHED)
        return SLICE("not said");
    return may_go_on ? SLICE("going on, or ended without a word (killed?)")
                     : SLICE("ended without a word (killed?)");
}

static void put_bad_runs(const struct report_page *p, const struct run_list *list)
{
    size_t n = 0;

    for (size_t i = 0; i < list->n_rows && n < REPORT_STORY_ALERTS; i++) {
        const struct run_row *run = &list->rows[i];

        if (hour_of(run) == HOUR_OK)
            continue;
        if (n++ == 0)
            report_put(p, "<table>\n<caption>Runs that were not whole, the newest first</caption>\n"
                          "<thead><tr><th scope=\"col\">Begun</th><th scope=\"col\">How</th>"
                          "<th scope=\"col\">Why</th></tr></thead>\n<tbody>\n");
        report_put(p, "<tr><th scope=\"row\">");
        report_put_time(p, run->started_at);
        report_put(p, "</th><td>");
        report_put(p, run->outcome == RUN_FAILED       ? "failed"
                      : run->outcome == RUN_UNFINISHED ? "not ended"
                                                       : "not whole");
        report_put(p, "</td><td>");
        report_put_text(p, why_bad(run, is_newest(list, i)));
        report_put(p, "</td></tr>\n");
    }
    report_put(p, n > 0 ? "</tbody></table>\n" : "");
}

static enum ww_status put_runs(struct report *r, struct ww_error *err)
{
    const int64_t now = r->options->now;
    const int64_t today = report_day(r->page.zone, now);
    struct hours h = {.first_day = today - REPORT_RUN_DAYS + 1};
    const struct store_window window = {.since = (h.first_day - 1) * 86400,
                                        .limit = REPORT_RUNS_MAX};
    struct run_list list;
    enum ww_status status =
        store_list_runs(r->store, SLICE("run"), &window, &r->scratch, &list, err);

    if (status != WW_OK)
        return status;
    for (size_t i = 0; i < list.n_rows; i++)
        add_run(r, &h, &list.rows[i]);
    count_hours(r, &h, now);
    report_put(&r->page,
               "<section aria-labelledby=\"runs\">\n<h2 id=\"runs\">Runs of the last four "
               "weeks</h2>\n");
    put_hours(r, &h, now);
    put_bad_runs(&r->page, &list);
    report_put(&r->page, "</section>\n");
    return WW_OK;
}

/* ---- troubles -------------------------------------------------------------------------------- */

static enum ww_status put_troubles(struct report *r, struct ww_error *err)
{
    const struct report_page *p = &r->page;
    struct trouble_view_list list;
    enum ww_status status = store_list_recent_troubles(r->store, r->since, REPORT_TROUBLES_MAX,
                                                       &r->scratch, &list, err);

    if (status != WW_OK || list.n_rows == 0)
        return status;
    report_put(p, "<section aria-labelledby=\"troubles\">\n<h2 id=\"troubles\">Troubles of the "
                  "period</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Feed"
                  "</th><th scope=\"col\">What</th><th scope=\"col\">Begun</th><th scope=\"col\">"
                  "Ended</th><th scope=\"col\">Why</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < list.n_rows; i++) {
        const struct trouble_view *v = &list.rows[i];

        report_put(p, "<tr><th scope=\"row\" dir=\"auto\">");
        report_put_text(p, v->title.len > 0 ? v->title : v->url);
        buf_printf(p->out, "</th><td>%s</td><td>", trouble_kind_name(v->trouble.kind));
        report_put_time(p, v->trouble.began_at);
        report_put(p, "</td><td>");
        if (v->trouble.ended_at != 0) {
            report_put_time(p, v->trouble.ended_at);
            buf_printf(p->out, " %s", trouble_ending_name(v->trouble.ending));
        } else
            report_put(p, "open");
        report_put(p, "</td><td dir=\"auto\">");
        report_put_text(p, v->trouble.message);
        report_put(p, "</td></tr>\n");
    }
    report_put(p, "</tbody></table></div>\n</section>\n");
    return WW_OK;
}

enum ww_status report_write_health(struct report *r, struct ww_error *err)
{
    const struct report_page *p = &r->page;
    enum ww_status status;

    report_begin(r, "");
    report_page_begin(p, SECTION_HEALTH, SLICE("Coverage and health"), (struct slice){"", 0});
    status = put_feeds(r, err);
    if (status == WW_OK)
        status = put_all_coverage(r, err);
    if (status == WW_OK)
        status = put_runs(r, err);
    if (status == WW_OK)
        status = put_troubles(r, err);
    report_page_end(p);
    return status == WW_OK ? report_end(r, SLICE("health.html"), 0, err) : status;
}
