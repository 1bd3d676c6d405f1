/* report_item.c - the page of a watched item: its timeline, what the list says, its stories. */
#include "alerts/report/report_parts.h"
#include "alerts/revision_words.h"
#include "base/attrs.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/markup.h"
#include "storage/store_claims.h"

#include <inttypes.h>

/* ---- what the list says ---------------------------------------------------------------------- */

/* Cells that are names, or say what the page says already. */
static bool is_left_out(struct slice title)
{
    static const char *const names[] = {
        "id",           "site",        "kind",     "aliases",     "context_aliases",
        "alias",        "place_names", "names",    "match_scope", "pinyin_plain",
        "pinyin_tones", "country",     "severity", "query",       "old_romanisation"};
    bool is = false;

    for (size_t i = 0; i < WW_COUNT(names); i++)
        is |= slice_equal_nocase(title, slice_from(names[i]));
    return is || title.len == 0;
}

static void put_cell(const struct report_page *p, struct slice cell)
{
    if (markup_is_link(cell) && !slice_contains(cell, SLICE(" ")))
        report_put_link(p, cell, cell);
    else
        report_put_text(p, cell);
}

/* "status_date": "status date" */
static void put_title(const struct report_page *p, struct slice title)
{
    struct slice word;

    for (bool is_first = true; slice_next(&title, '_', &word); is_first = false) {
        report_put(p, is_first ? "" : " ");
        report_put_text(p, word);
    }
}

static void put_row(const struct report_page *p, const struct csv_table *t,
                    const struct csv_row *row, struct slice own)
{
    report_put(p, "<h3>");
    report_put_text(p, csv_cell(row, csv_column(t, SLICE("name"))).len > 0
                           ? csv_cell(row, csv_column(t, SLICE("name")))
                           : own);
    report_put(p, "</h3>\n<dl class=\"facts\">\n");
    for (size_t i = 0; i < t->header.n_cells; i++) {
        const struct slice title = csv_cell(&t->header, i), cell = csv_cell(row, i);

        if (cell.len == 0 || is_left_out(title) || slice_equal_nocase(title, SLICE("name")))
            continue;
        report_put(p, "<dt>");
        put_title(p, title);
        report_put(p, "</dt><dd dir=\"auto\">");
        put_cell(p, cell);
        report_put(p, "</dd>\n");
    }
    report_put(p, "<dt>row</dt><dd>");
    report_put_text(p, own);
    report_put(p, "</dd>\n</dl>\n");
}

static void put_list_rows(const struct report *r, const struct report_item *item)
{
    static const enum watch_file files[] = {WATCH_STATIONS, WATCH_JURISDICTIONS, WATCH_RULES};
    bool has_any = false;

    for (size_t f = 0; f < WW_COUNT(files); f++) {
        const struct csv_table *t = &r->list.files[files[f]];
        const size_t id = csv_column(t, SLICE("id")), site = csv_column(t, SLICE("site"));

        for (size_t i = 0; r->list.has_file[files[f]] && i < t->n_rows; i++) {
            const struct csv_row *row = &t->rows[i];
            const struct slice at =
                csv_cell(row, site).len > 0 ? csv_cell(row, site) : csv_cell(row, id);

            if (!slice_equal(at, item->id) || watch_is_comment(row))
                continue;
            if (!has_any)
                report_put(&r->page, "<section aria-labelledby=\"list\">\n"
                                     "<h2 id=\"list\">What the list says</h2>\n");
            has_any = true;
            put_row(&r->page, t, row, csv_cell(row, id));
        }
    }
    if (has_any)
        report_put(&r->page, "</section>\n");
}

/* ---- its timeline ---------------------------------------------------------------------------- */

/* The days that the list's statuses are of; months and years alone are no days. */
static void mark_listed(const struct report *r, const struct report_item *item,
                        struct report_chart *chart)
{
    const struct csv_table *t = &r->list.files[WATCH_STATIONS];
    const size_t id = csv_column(t, SLICE("id")), site = csv_column(t, SLICE("site"));
    const size_t date = csv_column(t, SLICE("status_date"));

    for (size_t i = 0; r->list.has_file[WATCH_STATIONS] && i < t->n_rows; i++) {
        const struct csv_row *row = &t->rows[i];
        const struct slice at =
            csv_cell(row, site).len > 0 ? csv_cell(row, site) : csv_cell(row, id);
        struct date day;

        if (!slice_equal(at, item->id) || watch_is_comment(row) ||
            !date_parse(csv_cell(row, date), &day) || day.precision < DATE_DAY)
            continue;
        if (day.at / 86400 >= r->first_day && day.at / 86400 <= r->last_day)
            report_chart_mark(chart, day.at / 86400, REPORT_LISTED);
    }
}

static void put_timeline(const struct report *r, const struct report_item *item)
{
    struct report_chart chart;

    report_count(r, item->alerts, item->n_alerts, &chart);
    mark_listed(r, item, &chart);
    for (size_t i = 0; i < r->proposals.n_rows; i++)
        if (slice_equal(r->proposals.rows[i].item, item->id))
            report_chart_mark(&chart,
                              report_day(r->page.zone, sighting_at(&r->proposals.rows[i].best->at)),
                              REPORT_PROPOSED);
    for (size_t i = 0; i < item->n_alerts; i++) {
        size_t n = 0;
        const struct revision_view *rows = item->alerts[i]->n_revisions > 0
                                               ? report_find_revisions(r, item->alerts[i]->id, &n)
                                               : NULL;

        for (size_t k = 0; k < n; k++)
            report_chart_mark(&chart, report_day(r->page.zone, revision_time(&rows[k])),
                              rows[k].revision.kind == REVISION_REMOVED ? REPORT_REMOVED
                                                                        : REPORT_CHANGED);
    }
    report_put(&r->page, "<section aria-labelledby=\"time\">\n<h2 id=\"time\">Timeline</h2>\n");
    report_chart_put(&r->page, &chart, "chart", "Alerts over the period");
    report_put(&r->page, "</section>\n");
}

/* ---- what is proposed ------------------------------------------------------------------------ */

static enum ww_status put_proposals(struct report *r, const struct report_item *item,
                                    struct ww_error *err)
{
    enum ww_status status = WW_OK;
    size_t n = 0;

    for (size_t i = 0; i < r->proposals.n_rows && status == WW_OK; i++) {
        if (!slice_equal(r->proposals.rows[i].item, item->id) ||
            report_is_said(&r->proposals.rows[i]))
            continue;
        if (n++ == 0)
            report_put(&r->page, "<section aria-labelledby=\"status\">\n<h2 id=\"status\">Other "
                                 "statuses, proposed</h2>\n");
        status = report_put_proposal(r, &r->proposals.rows[i], false, err);
    }
    if (n > 0)
        report_put(&r->page, "</section>\n");
    return status;
}

/* ---- its stories ----------------------------------------------------------------------------- */

static enum ww_status put_stories(struct report *r, const struct report_item *item,
                                  struct ww_error *err)
{
    const struct report_page *p = &r->page;
    enum ww_status status = WW_OK;
    size_t n = 0;

    report_put(p, "<section aria-labelledby=\"stories\">\n<h2 id=\"stories\">Its stories</h2>\n");
    for (size_t i = 0; i < item->n_alerts && n < REPORT_ITEM_STORIES && status == WW_OK; i++) {
        const struct report_alert *a = item->alerts[i];
        const struct report_entry *e = report_find_entry(r, a->story_id);

        if (e == NULL)
            continue;
        if (n == REPORT_ITEM_QUOTES)
            report_put(p, "<h3>Earlier</h3>\n");
        report_put(p, n == 0 || n == REPORT_ITEM_QUOTES ? "<ul class=\"days\">\n" : "");
        report_put(p, "<li>");
        report_put_day(p, a->at);
        report_put(p, " ");
        report_put_severity(p, a->severity);
        report_put_story_link(p, e->story->id, e->story->language, report_headline(e));
        if (n < REPORT_ITEM_QUOTES)
            status = report_put_sentence(r, a->id, err);
        report_put(p, "<p class=\"meta\"><bdi>");
        report_put_text(p, e->story->outlet);
        report_put(p, e->story->outlet.len > 0 ? "</bdi>, " : "</bdi>");
        report_put_sizes(p, e->story);
        report_put(p, a->is_historic ? " &#183; historic</p></li>\n" : "</p></li>\n");
        n++;
        report_put(p, n == REPORT_ITEM_QUOTES ? "</ul>\n" : "");
    }
    if (n > 0 && n != REPORT_ITEM_QUOTES)
        report_put(p, "</ul>\n");
    if (item->n_alerts == 0)
        report_put(p, "<p>Nothing was found in this period.</p>\n");
    if (n == REPORT_ITEM_STORIES && n < item->n_alerts)
        buf_printf(p->out, "<p>and %zu more: <a href=\"../days.html\">by day</a></p>\n",
                   item->n_alerts - n);
    report_put(p, "</section>\n");
    return status;
}

enum ww_status report_write_item(struct report *r, const struct report_item *item,
                                 struct ww_error *err)
{
    const struct report_page *p = &r->page;
    enum ww_status status;

    report_page_begin(p, SECTION_ITEMS, item->name, (struct slice){"", 0});
    report_put(p, "<p class=\"lead\">");
    report_put_text(p, item->kind);
    if (item->country.len > 0) {
        report_put(p, " &#183; <a href=\"../countries.html#c-");
        report_put_text(p, slice_from(report_slug(item->country, (char[REPORT_SLUG_BYTES]){0})));
        report_put(p, "\">");
        report_put_text(p, report_country_name(r, item->country));
        report_put(p, "</a>");
    }
    report_put(p, " &#183; ");
    report_put_text(p, item->id);
    report_put(p, " &#183; ");
    report_put_count(p, (int64_t)item->n_alerts, "alert", NULL);
    if (report_status(r, item).len > 0) {
        report_put(p, " &#183; the list says: ");
        report_put_text(p, report_status(r, item));
    }
    report_put(p, item->watched == NULL && r->list.n_items > 0
                      ? " &#183; no longer on the list</p>\n"
                      : "</p>\n");
    put_timeline(r, item);
    status = put_proposals(r, item, err);
    put_list_rows(r, item);
    if (status == WW_OK)
        status = put_stories(r, item, err);
    report_page_end(p);
    return status;
}
