/* report_morning.c - the page for breakfast: what came in the last day, what changed, what is only
 * proposed, and what could not be watched. */
#include "alerts/candidates.h"
#include "alerts/report/report_parts.h"
#include "base/limits.h"
#include "base/text.h"
#include "storage/store_claims.h"
#include "storage/store_feeds.h"
#include "storage/store_troubles.h"

#include <inttypes.h>
#include <stdlib.h>

#define MORNING_S (24 * 3600)
/* Where nothing is new: so many of the last stories. */
#define LAST_SHOWN 5

struct morning {
    struct report *r;
    int64_t since;
    const struct report_entry **fresh;
    size_t n_fresh;
};

/* ---- new stories ----------------------------------------------------------------------------- */

/* What matters most first, then what most outlets print, then the newest. */
static int by_weight(const void *a, const void *b)
{
    const struct report_entry *x = *(const struct report_entry *const *)a;
    const struct report_entry *y = *(const struct report_entry *const *)b;

    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    if (x->story->n_outlets != y->story->n_outlets)
        return x->story->n_outlets > y->story->n_outlets ? -1 : 1;
    if (x->live_at != y->live_at)
        return x->live_at > y->live_at ? -1 : 1;
    return (x->story->id < y->story->id) - (x->story->id > y->story->id);
}

static bool find_fresh(struct morning *m)
{
    struct report *r = m->r;

    m->fresh = arena_array(&r->scratch, r->n_entries + 1, sizeof(*m->fresh));
    for (size_t i = 0; m->fresh != NULL && i < r->n_entries; i++)
        if (r->by_time[i]->is_live && r->by_time[i]->live_at >= m->since)
            m->fresh[m->n_fresh++] = r->by_time[i];
    if (m->fresh != NULL && m->n_fresh > 0)
        qsort(m->fresh, m->n_fresh, sizeof(*m->fresh), by_weight);
    return m->fresh != NULL;
}

static enum ww_status put_story(struct report *r, const struct report_entry *e,
                                struct ww_error *err)
{
    const struct report_page *p = &r->page;
    enum ww_status status;

    report_put(p, "<article class=\"story\">\n<h3>");
    report_put_severity(p, e->severity);
    report_put_story_link(p, e->story->id, e->story->language, report_headline(e));
    report_put(p, "</h3>\n<p class=\"meta\">");
    report_put_entry_items(r, e);
    report_put(p, "</p>\n");
    status = report_put_sentence(r, e->alerts[0].id, err);
    report_put(p, "<p class=\"meta\">");
    report_put_link(p, e->story->url, e->story->outlet.len > 0 ? e->story->outlet : e->story->url);
    report_put(p, " &#183; ");
    report_put_sizes(p, e->story);
    report_put(p, " &#183; ");
    report_put_time(p, e->live_at);
    report_put(p, "</p>\n</article>\n");
    return status;
}

static void put_last(const struct morning *m)
{
    const struct report *r = m->r;
    size_t n = 0;

    report_put(&r->page, "<p>No new story.</p>\n");
    for (size_t i = 0; i < r->n_entries && n < LAST_SHOWN; i++) {
        if (!r->by_time[i]->is_live)
            continue;
        if (n++ == 0)
            report_put(&r->page,
                       "<p class=\"note\">The last ones were:</p>\n<ul class=\"days\">\n");
        report_put_entry(r, r->by_time[i]);
    }
    report_put(&r->page, n > 0 ? "</ul>\n" : "");
}

static enum ww_status put_fresh(struct morning *m, struct ww_error *err)
{
    const struct report_page *p = &m->r->page;
    enum ww_status status = WW_OK;
    size_t i = 0;

    report_put(p, "<section aria-labelledby=\"new\">\n<h2 id=\"new\">New</h2>\n");
    if (m->n_fresh == 0)
        put_last(m);
    for (; i < m->n_fresh && i < REPORT_MORNING_STORIES && status == WW_OK; i++)
        status = put_story(m->r, m->fresh[i], err);
    if (i < m->n_fresh) {
        buf_printf(p->out, "<h3>And %zu more</h3>\n<ul class=\"days\">\n", m->n_fresh - i);
        for (; i < m->n_fresh && i < REPORT_DAYS_STORIES; i++)
            report_put_entry(m->r, m->fresh[i]);
        report_put(p, "</ul>\n");
    }
    report_put(p, "</section>\n");
    return status;
}

/* ---- developing ------------------------------------------------------------------------------ */

/* The newest first. */
static int by_arrival(const void *a, const void *b)
{
    const struct revision_row *x = &(*(const struct revision_view *const *)a)->revision;
    const struct revision_row *y = &(*(const struct revision_view *const *)b)->revision;

    if (x->created_at != y->created_at)
        return x->created_at > y->created_at ? -1 : 1;
    return (x->id < y->id) - (x->id > y->id);
}

static enum ww_status put_changes(struct morning *m, struct ww_error *err)
{
    struct report *r = m->r;
    const struct revision_view **rows =
        arena_array(&r->scratch, r->revisions.n_rows + 1, sizeof(*rows));
    const struct report_page *p = &r->page;
    size_t n = 0;

    if (rows == NULL)
        return arena_check(&r->scratch, err);
    for (size_t i = 0; i < r->revisions.n_rows; i++)
        if (r->revisions.rows[i].revision.created_at >= m->since &&
            !r->revisions.rows[i].revision.is_historic)
            rows[n++] = &r->revisions.rows[i];
    if (n == 0)
        return WW_OK;
    qsort(rows, n, sizeof(*rows), by_arrival);
    report_put(p, "<section aria-labelledby=\"developing\">\n<h2 id=\"developing\">Changed</h2>\n");
    for (size_t i = 0; i < n && i < REPORT_MORNING_CHANGES; i++) {
        const struct revision_view *v = rows[i];
        const struct slice title =
            text_cut(v->title.len > 0 ? v->title : v->url, REPORT_TITLE_BYTES);

        report_put(p, "<article class=\"story\">\n<h3>");
        if (report_find_entry(r, v->story_id) != NULL)
            report_put_story_link(p, v->story_id, (struct slice){"", 0}, title);
        else
            report_put_foreign(p, "span", SLICE("und"), title);
        report_put(p, "</h3>\n");
        report_put_change(r, v);
        report_put(p, "</article>\n");
    }
    if (n > REPORT_MORNING_CHANGES)
        buf_printf(p->out, "<p>and %zu more changes</p>\n", n - REPORT_MORNING_CHANGES);
    report_put(p, "</section>\n");
    return WW_OK;
}

/* ---- not confirmed --------------------------------------------------------------------------- */

static void put_heading(const struct report_page *p, size_t n)
{
    if (n == 0)
        report_put(p, "<section aria-labelledby=\"proposed\">\n<h2 id=\"proposed\">Proposed, not "
                      "confirmed</h2>\n");
}

static enum ww_status put_places(struct morning *m, size_t *n, struct ww_error *err)
{
    struct report *r = m->r;
    const struct candidates_filter filter = {.since = m->since};
    struct candidate_group_list list;
    enum ww_status status = candidates_list(r->store, &r->list, &filter, &r->scratch, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows && *n < REPORT_MORNING_PROPOSED; i++) {
        put_heading(&r->page, (*n)++);
        status = report_put_candidate(r, &list, &list.rows[i], err);
    }
    return status;
}

static enum ww_status put_proposed(struct morning *m, struct ww_error *err)
{
    struct report *r = m->r;
    size_t n = 0;
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < r->proposals.n_rows && n < REPORT_MORNING_PROPOSED && status == WW_OK;
         i++) {
        const struct proposal_group *g = &r->proposals.rows[i];

        if (g->verdict != PROPOSAL_OPEN || report_is_said(g) || g->newest_at < m->since)
            continue;
        put_heading(&r->page, n++);
        status = report_put_proposal(r, g, true, err);
    }
    if (status == WW_OK)
        status = put_places(m, &n, err);
    if (n > 0)
        report_put(&r->page, "</section>\n");
    return status;
}

/* ---- beside it ------------------------------------------------------------------------------- */

static int by_alerts(const void *a, const void *b)
{
    const struct report_item *x = *(const struct report_item *const *)a;
    const struct report_item *y = *(const struct report_item *const *)b;

    if (x->n_alerts != y->n_alerts)
        return x->n_alerts > y->n_alerts ? -1 : 1;
    return slice_compare(x->id, y->id);
}

static enum ww_status put_counts(struct morning *m, struct ww_error *err)
{
    struct report *r = m->r;
    const struct report_item **sorted = arena_array(&r->scratch, r->n_items + 1, sizeof(*sorted));
    const struct report_page *p = &r->page;
    size_t n = 0;

    if (sorted == NULL)
        return arena_check(&r->scratch, err);
    for (size_t i = 0; i < r->n_items; i++)
        if (r->items[i].n_alerts > 0)
            sorted[n++] = &r->items[i];
    if (n > 0)
        qsort(sorted, n, sizeof(*sorted), by_alerts);
    report_put(p, "<section aria-labelledby=\"most\">\n<h2 id=\"most\">Most named</h2>\n<table>\n"
                  "<caption>Alerts over the period</caption>\n<thead><tr><th scope=\"col\">Name"
                  "</th><th scope=\"col\" class=\"n\">Alerts</th><th scope=\"col\">When</th></tr>"
                  "</thead>\n<tbody>\n");
    for (size_t i = 0; i < n && i < REPORT_MORNING_ITEMS; i++) {
        struct report_chart chart;

        report_put(p, "<tr><th scope=\"row\">");
        report_put_item_link(p, sorted[i]->id, sorted[i]->name);
        buf_printf(p->out, "</th><td class=\"n\">%zu</td><td>", sorted[i]->n_alerts);
        report_count(r, sorted[i]->alerts, sorted[i]->n_alerts, &chart);
        report_chart_spark(p, &chart);
        report_put(p, "</td></tr>\n");
    }
    report_put(p, "</tbody></table>\n<p class=\"note\"><a href=\"items.html\">All that is watched"
                  "</a></p>\n</section>\n");
    return WW_OK;
}

static void put_codes(const struct report_page *p, const struct coverage_list *list,
                      const char *what, size_t *n_gaps)
{
    for (size_t i = 0; i < list->n_rows; i++) {
        if (!coverage_is_gap(&list->rows[i]))
            continue;
        ++*n_gaps;
        buf_printf(p->out, "<li>no healthy feed %s ", what);
        report_put_text(p, list->rows[i].code);
        if (list->rows[i].last_ok_at != 0) {
            report_put(p, " since ");
            report_put_day(p, list->rows[i].last_ok_at);
        }
        report_put(p, "</li>\n");
    }
}

static enum ww_status put_not_watched(struct morning *m, struct ww_error *err)
{
    struct report *r = m->r;
    const struct report_page *p = &r->page;
    struct coverage_list countries, languages;
    struct trouble_view_list troubles;
    size_t n = 0, n_gaps = 0;
    enum ww_status status =
        store_list_coverage(r->store, COVERAGE_COUNTRY, &r->scratch, &countries, err);

    if (status == WW_OK)
        status = store_list_coverage(r->store, COVERAGE_LANGUAGE, &r->scratch, &languages, err);
    if (status == WW_OK)
        status = store_list_recent_troubles(r->store, m->since, REPORT_TROUBLES_MAX, &r->scratch,
                                            &troubles, err);
    if (status != WW_OK)
        return status;
    report_put(p, "<section aria-labelledby=\"blind\">\n<h2 id=\"blind\">Not watched</h2>\n"
                  "<ul class=\"days\">\n");
    put_codes(p, &countries, "from", &n_gaps);
    put_codes(p, &languages, "in", &n_gaps);
    for (size_t i = 0; i < troubles.n_rows; i++)
        n += troubles.rows[i].trouble.ended_at == 0;
    if (n > 0)
        buf_printf(p->out, "<li>%zu feed%s in trouble</li>\n", n, n == 1 ? " is" : "s are");
    if (countries.n_rows == 0)
        report_put(p, "<li>No feed is followed.</li>\n");
    else if (n + n_gaps == 0)
        report_put(p, "<li>Every feed that is followed is in order.</li>\n");
    report_put(p, "</ul>\n<p class=\"note\"><a href=\"health.html\">Coverage and health</a></p>\n"
                  "</section>\n");
    return WW_OK;
}

static enum ww_status put_beside(struct morning *m, struct ww_error *err)
{
    enum ww_status status = put_not_watched(m, err);

    return status == WW_OK ? put_counts(m, err) : status;
}

enum ww_status report_write_morning(struct report *r, struct ww_error *err)
{
    const struct report_page *p = &r->page;
    const bool is_past = r->until != 0 && r->until <= r->options->now;
    const int64_t end = is_past ? r->until : r->options->now;
    struct morning m = {.r = r, .since = end - MORNING_S};
    char words[REPORT_DAY_BYTES];
    enum ww_status status;

    report_begin(r, "");
    if (!find_fresh(&m))
        return arena_check(&r->scratch, err);
    report_page_begin(p, SECTION_MORNING,
                      slice_from(report_day_words(report_day(p->zone, end), true, words)),
                      (struct slice){"", 0});
    report_put(p, "<p class=\"lead\">");
    report_put_count(p, (int64_t)m.n_fresh, "new story", "new stories");
    report_put(p, " in the day before ");
    report_put_time(p, end);
    report_put(p, "</p>\n<div class=\"columns\">\n<div>\n");
    status = put_fresh(&m, err);
    if (status == WW_OK)
        status = put_changes(&m, err);
    if (status == WW_OK)
        status = put_proposed(&m, err);
    report_put(p, "</div>\n<aside aria-label=\"Beside it\">\n");
    if (status == WW_OK)
        status = put_beside(&m, err);
    report_put(p, "</aside>\n</div>\n");
    report_page_end(p);
    return status == WW_OK ? report_end(r, SLICE("index.html"), 0, err) : status;
}
