/*
 * report_chart.h - a timeline as inline SVG, and the same in numbers below it.
 *
 * Bars are days, weeks (from Monday) or months, by how long the period is. Each stacks its alerts
 * by severity: the darker, the graver, so that it reads in grey too. Marks below the axis are what
 * is not counted: a status of the list, one proposed, a page that changed, a page taken away.
 */
#ifndef WW_ALERTS_REPORT_REPORT_CHART_H
#define WW_ALERTS_REPORT_REPORT_CHART_H

#include "alerts/report/report_page.h"
#include "base/limits.h"

#include <stddef.h>
#include <stdint.h>

enum report_mark {
    REPORT_LISTED, /* a status of the list is of that day */
    REPORT_PROPOSED,
    REPORT_CHANGED,
    REPORT_REMOVED,
    REPORT_MARK_COUNT
};

struct report_bar {
    int64_t day; /* the first of it; the next bar's is the one behind its last */
    int64_t n[SEVERITY_HIGH + 1];
    int64_t n_marks[REPORT_MARK_COUNT];
};

struct report_chart {
    struct report_bar bars[REPORT_BARS_MAX];
    size_t n_bars;
    const char *step; /* "day", "week", "month" */
};

/* Days as of report_day, the last one too. */
void report_chart_init(struct report_chart *c, int64_t first_day, int64_t last_day);
/* Days outside the period are passed over. */
void report_chart_add(struct report_chart *c, int64_t day, enum alert_severity severity);
void report_chart_mark(struct report_chart *c, int64_t day, enum report_mark mark);

/* A figure with title, description, legend and table. id: of the page, unique in it. */
void report_chart_put(const struct report_page *p, const struct report_chart *c, const char *id,
                      const char *title);
/* A few pixels high, for a table that has the numbers beside it. */
void report_chart_spark(const struct report_page *p, const struct report_chart *c);

#define REPORT_DAY_BYTES 24
/* "22 Nov 2026"; "22 Nov" */
const char *report_day_words(int64_t day, bool has_year, char out[REPORT_DAY_BYTES]);
/* "2026-11-22" */
const char *report_day_name(int64_t day, char out[REPORT_DAY_BYTES]);
/* "November 2026" */
const char *report_month_words(int64_t day, char out[REPORT_DAY_BYTES]);

#endif
