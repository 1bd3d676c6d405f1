/* report_chart.c - bars and marks. */
#include "alerts/report/report_chart.h"

#include "base/attrs.h"
#include "base/date.h"

#include <inttypes.h>
#include <stdio.h>

/* The drawing's own units: on a phone one is a little less than a pixel, on a desk somewhat more.
 */
#define WIDTH 400
#define BARS_TOP 12
#define BARS_HEIGHT 84
#define AXIS (BARS_TOP + BARS_HEIGHT)
#define MARKS (AXIS + 10)
#define LABELS (AXIS + 30)
#define HEIGHT (AXIS + 36)
#define SPARK_WIDTH 120
#define SPARK_HEIGHT 22

static const char *const month_names[] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};

const char *report_day_words(int64_t day, bool has_year, char out[REPORT_DAY_BYTES])
{
    int64_t year;
    unsigned month, in_month;

    date_to_civil(day, &year, &month, &in_month);
    if (has_year)
        (void)snprintf(out, REPORT_DAY_BYTES, "%u %.3s %" PRId64, in_month, month_names[month - 1],
                       year);
    else
        (void)snprintf(out, REPORT_DAY_BYTES, "%u %.3s", in_month, month_names[month - 1]);
    return out;
}

const char *report_day_name(int64_t day, char out[REPORT_DAY_BYTES])
{
    char text[DATE_TEXT_BYTES];

    (void)snprintf(out, REPORT_DAY_BYTES, "%.10s", date_format(day * 86400, text));
    return out;
}

const char *report_month_words(int64_t day, char out[REPORT_DAY_BYTES])
{
    int64_t year;
    unsigned month, in_month;

    date_to_civil(day, &year, &month, &in_month);
    (void)snprintf(out, REPORT_DAY_BYTES, "%s %" PRId64, month_names[month - 1], year);
    return out;
}

/* ---- counting -------------------------------------------------------------------------------- */

static int64_t first_of_month(int64_t day, bool next)
{
    int64_t year, out = day;
    unsigned month, in_month;

    date_to_civil(day, &year, &month, &in_month);
    if (next) {
        year += month == 12;
        month = month == 12 ? 1 : month + 1;
    }
    (void)date_from_civil(year, month, 1, &out);
    return out;
}

/* 1970 began on a Thursday. */
static int64_t monday(int64_t day)
{
    const int64_t weekday = ((day + 3) % 7 + 7) % 7;

    return day - weekday;
}

void report_chart_init(struct report_chart *c, int64_t first_day, int64_t last_day)
{
    const int64_t n_days = last_day - first_day + 1;
    const bool by_day = n_days <= REPORT_BARS_DAYS, by_week = n_days <= REPORT_BARS_WEEKS;
    int64_t day = first_day;

    *c = (struct report_chart){.step = by_day ? "day" : by_week ? "week" : "month"};
    if (!by_day)
        day = by_week ? monday(day) : first_of_month(day, false);
    while (day <= last_day && c->n_bars < WW_COUNT(c->bars)) {
        c->bars[c->n_bars++].day = day;
        day = by_day ? day + 1 : by_week ? day + 7 : first_of_month(day, true);
    }
}

static struct report_bar *bar_of(struct report_chart *c, int64_t day)
{
    size_t low = 0, high = c->n_bars;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (c->bars[middle].day <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? NULL : &c->bars[low - 1];
}

void report_chart_add(struct report_chart *c, int64_t day, enum alert_severity severity)
{
    struct report_bar *bar = bar_of(c, day);

    if (bar != NULL)
        bar->n[severity]++;
}

void report_chart_mark(struct report_chart *c, int64_t day, enum report_mark mark)
{
    struct report_bar *bar = bar_of(c, day);

    if (bar != NULL)
        bar->n_marks[mark]++;
}

static int64_t bar_sum(const struct report_bar *bar)
{
    return bar->n[SEVERITY_LOW] + bar->n[SEVERITY_MEDIUM] + bar->n[SEVERITY_HIGH];
}

static int64_t mark_sum(const struct report_bar *bar)
{
    int64_t n = 0;

    for (size_t m = 0; m < REPORT_MARK_COUNT; m++)
        n += bar->n_marks[m];
    return n;
}

static bool has_mark(const struct report_chart *c, enum report_mark mark)
{
    bool has = false;

    for (size_t i = 0; i < c->n_bars; i++)
        has |= c->bars[i].n_marks[mark] > 0;
    return has;
}

/* ---- drawing --------------------------------------------------------------------------------- */

struct scale {
    double step, width; /* of a bar */
    double height;
    int64_t most;
};

static struct scale scale_of(const struct report_chart *c, double width, double height)
{
    struct scale s = {
        .step = width / (double)(c->n_bars > 0 ? c->n_bars : 1), .height = height, .most = 1};

    s.width = s.step > 14 ? 12 : s.step * 0.84;
    for (size_t i = 0; i < c->n_bars; i++)
        s.most = bar_sum(&c->bars[i]) > s.most ? bar_sum(&c->bars[i]) : s.most;
    return s;
}

/* The gravest stand at the bottom, on the axis. */
static void put_bars(const struct report_page *p, const struct report_chart *c,
                     const struct scale *s, double axis)
{
    for (size_t i = 0; i < c->n_bars; i++) {
        double y = axis;

        for (int severity = SEVERITY_HIGH; severity >= SEVERITY_LOW; severity--) {
            const double h =
                s->height * (double)c->bars[i].n[severity] / (double)(s->most > 3 ? s->most : 3);

            if (h <= 0)
                continue;
            y -= h;
            buf_printf(p->out,
                       "<rect class=\"b%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                       severity, (double)i * s->step + (s->step - s->width) / 2, y, s->width, h);
        }
    }
}

static void put_mark(const struct report_page *p, enum report_mark mark, double x, double y)
{
    switch (mark) {
    case REPORT_LISTED:
        buf_printf(p->out, "<path class=\"mk\" d=\"M%.1f %.1fv-7h5.5v3.5h-5.5\"/>", x, y + 3.5);
        break;
    case REPORT_PROPOSED:
        buf_printf(p->out, "<path class=\"mk\" d=\"M%.1f %.1fl3.5 3.5l-3.5 3.5l-3.5 -3.5z\"/>", x,
                   y - 3.5);
        break;
    case REPORT_CHANGED:
        buf_printf(p->out, "<path class=\"mk\" d=\"M%.1f %.1fl3.6 6h-7.2z\"/>", x, y - 3);
        break;
    case REPORT_REMOVED:
        buf_printf(p->out, "<path class=\"mk\" d=\"M%.1f %.1fl6 6m0 -6l-6 6\"/>", x - 3, y - 3);
        break;
    case REPORT_MARK_COUNT:
        break;
    }
}

static void put_marks(const struct report_page *p, const struct report_chart *c,
                      const struct scale *s)
{
    for (size_t i = 0; i < c->n_bars; i++)
        for (enum report_mark m = REPORT_LISTED; m < REPORT_MARK_COUNT; m++)
            if (c->bars[i].n_marks[m] > 0)
                put_mark(p, m, ((double)i + 0.5) * s->step, MARKS);
}

static void put_labels(const struct report_page *p, const struct report_chart *c)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    char text[REPORT_DAY_BYTES];

    for (size_t i = 0; i < WW_COUNT(anchors); i++) {
        const size_t bar = (c->n_bars - 1) * i / 2;

        if (i > 0 && c->n_bars < 3)
            return;
        buf_printf(p->out, "<text x=\"%zu\" y=\"%d\" text-anchor=\"%s\">%s</text>", WIDTH * i / 2,
                   LABELS, anchors[i],
                   report_day_words(c->bars[bar].day, i != 1 || c->step[0] == 'm', text));
    }
}

static void put_legend(const struct report_page *p, const struct report_chart *c)
{
    static const char *const marks[REPORT_MARK_COUNT] = {
        [REPORT_LISTED] = "&#9873; a status of the list",
        [REPORT_PROPOSED] = "&#9671; another status proposed, not confirmed",
        [REPORT_CHANGED] = "&#9651; something changed",
        [REPORT_REMOVED] = "&#10005; a page taken away",
    };

    buf_printf(p->out,
               "<p class=\"legend\">Alerts each %s: <span class=\"key b3\"></span>high "
               "<span class=\"key b2\"></span>medium <span class=\"key b1\"></span>low",
               c->step);
    for (enum report_mark m = REPORT_LISTED; m < REPORT_MARK_COUNT; m++)
        if (has_mark(c, m))
            buf_printf(p->out, "; %s", marks[m]);
    report_put(p, "</p>\n");
}

static void put_table(const struct report_page *p, const struct report_chart *c)
{
    char text[REPORT_DAY_BYTES];

    buf_printf(p->out,
               "<details><summary>The same in numbers</summary>\n<div class=\"scroll\"><table>\n"
               "<thead><tr><th scope=\"col\">%s%s</th><th scope=\"col\" class=\"n\">high</th>"
               "<th scope=\"col\" class=\"n\">medium</th><th scope=\"col\" class=\"n\">low</th>"
               "<th scope=\"col\" class=\"n\">listed</th><th scope=\"col\" "
               "class=\"n\">proposed</th><th scope=\"col\" class=\"n\">changed"
               "</th><th scope=\"col\" class=\"n\">removed</th></tr></thead>\n<tbody>\n",
               c->step, c->step[0] == 'd' ? "" : " from");
    for (size_t i = 0; i < c->n_bars; i++) {
        const struct report_bar *b = &c->bars[i];

        if (bar_sum(b) + mark_sum(b) == 0)
            continue;
        buf_printf(p->out, "<tr><th scope=\"row\">%s</th>", report_day_name(b->day, text));
        for (int s = SEVERITY_HIGH; s >= SEVERITY_LOW; s--)
            buf_printf(p->out, "<td class=\"n\">%" PRId64 "</td>", b->n[s]);
        for (size_t m = 0; m < REPORT_MARK_COUNT; m++)
            buf_printf(p->out, "<td class=\"n\">%" PRId64 "</td>", b->n_marks[m]);
        report_put(p, "</tr>\n");
    }
    report_put(p, "</tbody></table></div></details>\n");
}

void report_chart_put(const struct report_page *p, const struct report_chart *c, const char *id,
                      const char *title)
{
    const struct scale s = scale_of(c, WIDTH, BARS_HEIGHT);
    int64_t n = 0;

    if (c->n_bars == 0)
        return;
    for (size_t i = 0; i < c->n_bars; i++)
        n += bar_sum(&c->bars[i]);
    buf_printf(p->out,
               "<figure>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s-t %s-d\">"
               "<title id=\"%s-t\">%s</title><desc id=\"%s-d\">%" PRId64 " alerts in %zu %ss; at "
               "most %" PRId64 " in one. The table below has the numbers.</desc>",
               WIDTH, HEIGHT, id, id, id, title, id, n, c->n_bars, c->step, s.most);
    buf_printf(p->out,
               "<line class=\"grid\" x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>"
               "<text x=\"0\" y=\"%d\">%" PRId64 "</text>",
               BARS_TOP, WIDTH, BARS_TOP, BARS_TOP - 3, s.most > 3 ? s.most : 3);
    put_bars(p, c, &s, AXIS);
    buf_printf(p->out, "<line class=\"axis\" x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", AXIS, WIDTH,
               AXIS);
    put_marks(p, c, &s);
    put_labels(p, c);
    report_put(p, "</svg>\n<figcaption>");
    put_legend(p, c);
    report_put(p, "</figcaption>\n</figure>\n");
    put_table(p, c);
}

void report_chart_spark(const struct report_page *p, const struct report_chart *c)
{
    const struct scale s = scale_of(c, SPARK_WIDTH, SPARK_HEIGHT - 2);

    buf_printf(p->out,
               "<svg class=\"spark\" viewBox=\"0 0 %d %d\" aria-hidden=\"true\" "
               "preserveAspectRatio=\"none\">",
               SPARK_WIDTH, SPARK_HEIGHT);
    put_bars(p, c, &s, SPARK_HEIGHT - 1);
    buf_printf(p->out, "<line class=\"axis\" x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/></svg>",
               SPARK_HEIGHT - 1, SPARK_WIDTH, SPARK_HEIGHT - 1);
}
