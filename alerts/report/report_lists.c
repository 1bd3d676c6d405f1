/* report_lists.c - stories by day, watched items by kind, countries; and what the report is. */
#include "alerts/candidates.h"
#include "alerts/claim_groups.h"
#include "alerts/report/report_parts.h"
#include "base/date.h"
#include "base/limits.h"
#include "storage/store_claims.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- by day ---------------------------------------------------------------------------------- */

static int64_t day_of(const struct report *r, size_t i)
{
    return report_day(r->page.zone, r->by_time[i]->at);
}

static int64_t month_of(int64_t day)
{
    int64_t year;
    unsigned month, in_month;

    date_to_civil(day, &year, &month, &in_month);
    return year * 12 + month;
}

/* "2026-11", "2026-11-p2": the part-th page of a day's month. */
static void name_days(int64_t day, size_t part, char out[REPORT_DAY_BYTES])
{
    char text[REPORT_DAY_BYTES];

    if (part == 1)
        (void)snprintf(out, REPORT_DAY_BYTES, "%.7s", report_day_name(day, text));
    else
        (void)snprintf(out, REPORT_DAY_BYTES, "%.7s-p%zu", report_day_name(day, text), part);
}

static void put_days(const struct report *r, size_t first, size_t behind)
{
    const struct report_page *p = &r->page;
    char text[REPORT_DAY_BYTES];
    int64_t day = INT64_MIN;

    for (size_t i = first; i < behind; i++) {
        if (day_of(r, i) != day) {
            if (i > first)
                report_put(p, "</ul>\n");
            day = day_of(r, i);
            buf_printf(p->out, "<h2 id=\"d%s\">", report_day_name(day, text));
            buf_printf(p->out, "%s</h2>\n<ul class=\"days\">\n", report_day_words(day, true, text));
        }
        report_put_entry(r, r->by_time[i]);
    }
    report_put(p, behind > first ? "</ul>\n" : "");
}

struct days_page {
    size_t first, behind, part;
    bool has_next;
};

static enum ww_status write_days_page(struct report *r, const struct days_page *d,
                                      struct ww_error *err)
{
    const struct report_page *p = &r->page;
    const int64_t day = day_of(r, d->first);
    char name[REPORT_DAY_BYTES], file[REPORT_DAY_BYTES + 16], words[REPORT_DAY_BYTES];

    report_begin(r, "../");
    report_page_begin(p, SECTION_DAYS, slice_from(report_month_words(day, words)),
                      (struct slice){"", 0});
    put_days(r, d->first, d->behind);
    if (d->has_next) {
        name_days(day, d->part + 1, name);
        buf_printf(p->out, "<p><a href=\"%s.html\" rel=\"next\">Earlier in this month</a></p>\n",
                   name);
    }
    report_page_end(p);
    name_days(day, d->part, name);
    (void)snprintf(file, sizeof(file), "days/%s.html", name);
    return report_end(r, slice_from(file), 0, err);
}

/* One line of the table of months, with its pages. */
static void put_month(const struct report *r, size_t first, size_t behind)
{
    const struct report_page *p = &r->page;
    const int64_t day = day_of(r, first);
    char name[REPORT_DAY_BYTES], words[REPORT_DAY_BYTES];
    size_t n_alerts = 0, part = 1;

    for (size_t i = first; i < behind; i++)
        n_alerts += r->by_time[i]->n_alerts;
    report_put(p, "<tr><th scope=\"row\">");
    for (size_t i = first; i < behind; i += REPORT_DAYS_STORIES, part++) {
        name_days(day, part, name);
        if (part == 1)
            buf_printf(p->out, "<a href=\"days/%s.html\">%s</a>", name,
                       report_month_words(day, words));
        else
            buf_printf(p->out, " <a href=\"days/%s.html\">(%zu)</a>", name, part);
    }
    buf_printf(p->out, "</th><td class=\"n\">%zu</td><td class=\"n\">%zu</td></tr>\n",
               behind - first, n_alerts);
}

static size_t end_of_month(const struct report *r, size_t first)
{
    const int64_t month = month_of(day_of(r, first));
    size_t i = first;

    while (i < r->n_entries && month_of(day_of(r, i)) == month)
        i++;
    return i;
}

static enum ww_status write_months(struct report *r, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t first = 0; first < r->n_entries && status == WW_OK;) {
        const size_t behind = end_of_month(r, first);

        for (size_t part = 1; first < behind && status == WW_OK; part++) {
            const size_t n =
                behind - first < REPORT_DAYS_STORIES ? behind - first : REPORT_DAYS_STORIES;
            const struct days_page d = {first, first + n, part, first + n < behind};

            status = write_days_page(r, &d, err);
            first += n;
        }
    }
    return status;
}

enum ww_status report_write_days(struct report *r, struct ww_error *err)
{
    const struct report_page *p = &r->page;
    struct report_chart chart;
    enum ww_status status = write_months(r, err);

    if (status != WW_OK)
        return status;
    report_begin(r, "");
    report_page_begin(p, SECTION_DAYS, SLICE("Stories by day"), (struct slice){"", 0});
    report_chart_init(&chart, r->first_day, r->last_day);
    for (size_t i = 0; i < r->alerts.n_rows; i++)
        report_chart_add(&chart, report_day(p->zone, r->alerts.rows[i].at),
                         r->alerts.rows[i].severity);
    report_chart_put(p, &chart, "chart", "All alerts of the period");
    report_put(p, "<table>\n<caption>A story stands on the day of its first alert</caption>\n"
                  "<thead><tr><th scope=\"col\">Month</th><th scope=\"col\" class=\"n\">Stories"
                  "</th><th scope=\"col\" class=\"n\">Alerts</th></tr></thead>\n<tbody>\n");
    for (size_t first = 0; first < r->n_entries;) {
        const size_t behind = end_of_month(r, first);

        put_month(r, first, behind);
        first = behind;
    }
    report_put(p, "</tbody></table>\n");
    report_page_end(p);
    return report_end(r, SLICE("days.html"), 0, err);
}

/* ---- what is watched --------------------------------------------------------------------------
 */

/* By kind, then the ones with the most alerts first. */
static int by_kind(const void *a, const void *b)
{
    const struct report_item *x = *(const struct report_item *const *)a;
    const struct report_item *y = *(const struct report_item *const *)b;
    int order = slice_compare(x->kind, y->kind);

    if (order != 0)
        return order;
    if (x->n_alerts != y->n_alerts)
        return x->n_alerts > y->n_alerts ? -1 : 1;
    order = slice_compare(x->name, y->name);
    return order != 0 ? order : slice_compare(x->id, y->id);
}

static int by_country(const void *a, const void *b)
{
    const struct report_item *x = *(const struct report_item *const *)a;
    const struct report_item *y = *(const struct report_item *const *)b;
    const int order = slice_compare(x->country, y->country);

    return order != 0 ? order : by_kind(a, b);
}

static const struct report_item **sort_items(struct report *r,
                                             int (*order)(const void *, const void *))
{
    const struct report_item **sorted = arena_array(&r->scratch, r->n_items + 1, sizeof(*sorted));

    for (size_t i = 0; sorted != NULL && i < r->n_items; i++)
        sorted[i] = &r->items[i];
    if (sorted != NULL && r->n_items > 0)
        qsort(sorted, r->n_items, sizeof(*sorted), order);
    return sorted;
}

static void put_item_row(const struct report *r, const struct report_item *item, bool has_kind)
{
    const struct report_page *p = &r->page;
    struct report_chart chart;

    report_put(p, "<tr><th scope=\"row\">");
    report_put_item_link(p, item->id, item->name);
    report_put(p, "</th><td>");
    report_put_text(p, has_kind ? item->kind : item->country);
    report_put(p, "</td><td class=\"wide\">");
    report_put_text(p, report_status(r, item));
    buf_printf(p->out, "</td><td class=\"n\">%zu</td><td class=\"wide\">", item->n_alerts);
    if (item->n_alerts > 0) {
        report_put_day(p, item->alerts[0]->at);
        report_put(p, "</td><td>");
        report_count(r, item->alerts, item->n_alerts, &chart);
        report_chart_spark(p, &chart);
    } else
        report_put(p, "</td><td>");
    report_put(p, "</td></tr>\n");
}

static void put_table_head(const struct report_page *p, const char *second)
{
    buf_printf(p->out,
               "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Name</th>"
               "<th scope=\"col\">%s</th><th scope=\"col\" class=\"wide\">Status in the list</th>"
               "<th scope=\"col\" class=\"n\">Alerts</th><th scope=\"col\" class=\"wide\">Last</th>"
               "<th scope=\"col\">Over the period</th></tr></thead>\n<tbody>\n",
               second);
}

static void put_item_table(const struct report *r, const struct report_item *const *items, size_t n)
{
    put_table_head(&r->page, "Country");
    for (size_t i = 0; i < n; i++)
        put_item_row(r, items[i], false);
    report_put(&r->page, "</tbody></table></div>\n");
}

/* Places that may have a site: of the whole period. */
static enum ww_status put_places(struct report *r, struct ww_error *err)
{
    const struct candidates_filter filter = {.since = r->since, .until = r->until};
    struct candidate_group_list list;
    enum ww_status status = candidates_list(r->store, &r->list, &filter, &r->scratch, &list, err);

    if (status != WW_OK || list.n_rows == 0)
        return status;
    report_put(&r->page, "<section aria-labelledby=\"places\">\n<h2 id=\"places\">Places that "
                         "may belong here, not confirmed</h2>\n");
    for (size_t i = 0; status == WW_OK && i < list.n_rows && i < REPORT_STORY_ALERTS; i++)
        status = report_put_candidate(r, &list, &list.rows[i], err);
    if (list.n_rows > REPORT_STORY_ALERTS)
        buf_printf(r->page.out, "<p>and %zu more: wirewatch watch candidates</p>\n",
                   list.n_rows - REPORT_STORY_ALERTS);
    report_put(&r->page, "</section>\n");
    return status;
}

static enum ww_status put_claims(struct report *r, struct ww_error *err)
{
    const struct sighting_filter filter = {
        .window = {.since = r->since, .until = r->until}
    };
    const struct report_page *p = &r->page;
    struct claim_group_list list;
    enum ww_status status = claim_groups_list(r->store, &filter, &r->scratch, &list, err);

    if (status != WW_OK || list.n_rows == 0)
        return status;
    report_put(p, "<section aria-labelledby=\"claims\">\n<h2 id=\"claims\">How many there are said "
                  "to be</h2>\n<p class=\"note\">Claims of others, not counts of ours.</p>\n"
                  "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\" class=\"n\">Sites"
                  "</th><th scope=\"col\" class=\"n\">Countries</th><th scope=\"col\">Who says so"
                  "</th><th scope=\"col\">First</th><th scope=\"col\">Last</th></tr></thead>\n"
                  "<tbody>\n");
    for (size_t i = 0; i < list.n_rows && i < REPORT_STORY_ALERTS; i++) {
        const struct claim_group *g = &list.rows[i];

        buf_printf(p->out,
                   "<tr><td class=\"n\">%" PRId64 "</td><td class=\"n\">%" PRId64
                   "</td><td dir=\"auto\">",
                   g->n_sites, g->n_countries);
        report_put_text(p, g->speakers);
        report_put(p, "</td><td>");
        report_put_day(p, sighting_at(&g->first->at));
        report_put(p, "</td><td>");
        report_put_day(p, sighting_at(&g->last->at));
        report_put(p, "</td></tr>\n");
    }
    report_put(p, "</tbody></table></div>\n</section>\n");
    return WW_OK;
}

enum ww_status report_write_items(struct report *r, struct ww_error *err)
{
    const struct report_item **sorted = sort_items(r, by_kind);
    const struct report_page *p = &r->page;
    enum ww_status status;

    report_begin(r, "");
    if (sorted == NULL)
        return arena_check(&r->scratch, err);
    report_page_begin(p, SECTION_ITEMS, SLICE("What is watched"), (struct slice){"", 0});
    for (size_t first = 0, behind; first < r->n_items; first = behind) {
        behind = first + 1;
        while (behind < r->n_items && slice_equal(sorted[first]->kind, sorted[behind]->kind))
            behind++;
        report_put(p, "<h2>");
        report_put_text(p, sorted[first]->kind.len > 0 ? sorted[first]->kind : SLICE("other"));
        buf_printf(p->out, " <span class=\"meta\">%zu</span></h2>\n", behind - first);
        put_item_table(r, &sorted[first], behind - first);
    }
    if (r->n_items == 0)
        report_put(p, "<p>No watchlist was used yet, and nothing was found.</p>\n");
    status = put_places(r, err);
    if (status == WW_OK)
        status = put_claims(r, err);
    report_page_end(p);
    return status == WW_OK ? report_end(r, SLICE("items.html"), 0, err) : status;
}

struct country {
    struct slice code, name;
    const struct report_item **items;
    size_t n_items, n_alerts;
};

/* Where most is told of first; what is of no country last. */
static int by_told(const void *a, const void *b)
{
    const struct country *x = a, *y = b;

    if ((x->code.len == 0) != (y->code.len == 0))
        return x->code.len == 0 ? 1 : -1;
    if (x->n_alerts != y->n_alerts)
        return x->n_alerts > y->n_alerts ? -1 : 1;
    return slice_compare(x->name, y->name);
}

static size_t find_countries(struct report *r, const struct report_item **sorted,
                             struct country *out)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n_items; i++) {
        if (n == 0 || !slice_equal(out[n - 1].code, sorted[i]->country))
            out[n++] = (struct country){.code = sorted[i]->country,
                                        .name = report_country_name(r, sorted[i]->country),
                                        .items = &sorted[i]};
        out[n - 1].n_items++;
        out[n - 1].n_alerts += sorted[i]->n_alerts;
    }
    if (n > 0)
        qsort(out, n, sizeof(*out), by_told);
    return n;
}

enum ww_status report_write_countries(struct report *r, struct ww_error *err)
{
    const struct report_item **sorted = sort_items(r, by_country);
    struct country *all = arena_array(&r->scratch, r->n_items + 1, sizeof(*all));
    const struct report_page *p = &r->page;
    char slug[REPORT_SLUG_BYTES];
    size_t n;

    report_begin(r, "");
    if (sorted == NULL || all == NULL)
        return arena_check(&r->scratch, err);
    n = find_countries(r, sorted, all);
    report_page_begin(p, SECTION_COUNTRIES, SLICE("Countries"), (struct slice){"", 0});
    put_table_head(p, "Kind");
    for (size_t i = 0; i < n; i++) {
        const struct country *c = &all[i];

        buf_printf(p->out,
                   "</tbody>\n<tbody>\n<tr class=\"group\" id=\"c-%s\"><th colspan=\"6\" "
                   "scope=\"rowgroup\">",
                   report_slug(c->code, slug));
        report_put_text(p, c->code.len > 0 ? c->name : SLICE("Of no country"));
        report_put(p, " <span class=\"meta\">");
        report_put_count(p, (int64_t)c->n_alerts, "alert", NULL);
        report_put(p, "</span></th></tr>\n");
        for (size_t k = 0; k < c->n_items; k++)
            put_item_row(r, c->items[k], true);
    }
    report_put(p, "</tbody></table></div>\n");
    report_page_end(p);
    return report_end(r, SLICE("countries.html"), 0, err);
}

/* ---- what the report is ------------------------------------------------------------------------
 */

enum ww_status report_write_about(struct report *r, struct ww_error *err)
{
    const struct report_page *p = &r->page;
    char from[REPORT_DAY_BYTES], to[REPORT_DAY_BYTES];

    report_begin(r, "");
    report_page_begin(p, SECTION_ABOUT, SLICE("About this report"), (struct slice){"", 0});
    buf_printf(p->out, "<p>It covers %s to %s, times are those of ",
               report_day_words(r->first_day, true, from), report_day_words(r->last_day, true, to));
    report_put_text(p, p->zone.len > 0 ? p->zone : SLICE("UTC"));
    report_put(p, ". ");
    report_put_count(p, (int64_t)r->n_entries, "story", "stories");
    report_put(p, ", ");
    report_put_count(p, (int64_t)r->alerts.n_rows, "alert", NULL);
    report_put(p, ", ");
    report_put_count(p, (int64_t)r->n_items, "watched item", NULL);
    report_put(p, ".</p>\n");
    if (r->alerts.n_rows == REPORT_ALERTS_MAX)
        report_put(p, "<p><strong>The period has more alerts than a report holds: it is not "
                      "complete. Choose a shorter one.</strong></p>\n");
    report_put(
        p,
        "<h2>How to read it</h2>\n<dl class=\"facts\">\n"
        "<dt>story</dt><dd>an article and its copies, however many outlets print it</dd>\n"
        "<dt>origin</dt><dd>where a chain of copies ends: so many have looked themselves</dd>\n"
        "<dt>alert</dt><dd>the first time that a story named a watched item; "
        "<mark>the name</mark> is marked in its sentence, and <b class=\"term\">the word beside "
        "it</b> that made it count</dd>\n"
        "<dt>severity</dt><dd>high, medium or low: of the item, else of how it was named</dd>\n"
        "<dt>historic</dt><dd>found in older articles; it stands at the article's date</dd>\n"
        "<dt>not confirmed</dt><dd>a sentence says so, and no person has looked: a place that may "
        "have a site, another status, a count</dd>\n"
        "<dt>changed</dt><dd>another figure, name or status in a later copy or version; or the "
        "page was taken away</dd>\n</dl>\n"
        "<h2>Searching and keeping</h2>\n<p>There is no server and no script behind these pages: "
        "your browser's search looks through one page, <code>wirewatch search</code> through "
        "all articles. They print, links with their addresses.</p>\n");
    report_page_end(p);
    return report_end(r, SLICE("about.html"), 0, err);
}
