/*
 * digest_html_week.c - the weekly summary as HTML: counts beside those of the week before, with
 * bars that are table cells, the top stories, and the figures that were claimed.
 */
#include "alerts/mail/digest_html.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/markup.h"

#include <inttypes.h>

/* Of the longest bar; what stands beside it fits a phone. */
#define BAR_PX 100
#define COUNT_CELL(width)                                          \
    "<td width=\"" width "\" align=\"right\" style=\"width:" width \
    "px;padding:4px 0 4px 10px;white-space:nowrap\">"
#define NARROW COUNT_CELL("46")
#define WIDE COUNT_CELL("70")
#define INNER_TABLE "<tr><td style=\"padding:6px 0 0\">" HTML_TABLE " width=\"100%\">\n"
#define INNER_TABLE_END "</table>" HTML_ROW_END

/* ---- counts with bars ------------------------------------------------------------------------ */

static int64_t highest(const struct digest_count *counts, size_t n)
{
    int64_t most = 1;

    for (size_t i = 0; i < n; i++) {
        most = counts[i].n > most ? counts[i].n : most;
        most = counts[i].n_before > most ? counts[i].n_before : most;
    }
    return most;
}

/* A cell of a colour; nothing at all for nothing. */
static void add_bar(struct buf *out, int64_t n, int64_t most)
{
    const int px = (int)(n * BAR_PX / most) + 2;

    if (n > 0)
        buf_printf(out,
                   HTML_TABLE "><tr><td width=\"%d\" bgcolor=\"" HTML_BAR "\" class=\"r\" "
                              "style=\"width:%dpx;background-color:" HTML_BAR
                              ";font-size:10px;line-height:10px\">&nbsp;</td></tr></table>",
                   px, px);
}

static void add_count(struct buf *out, const struct digest_count *c, int64_t most)
{
    buf_add_string(out, "<tr><td style=\"padding:4px 0\">");
    html_add_name(out, c->name.len > 0 ? c->name : c->label);
    if (c->name.len > 0 && c->label.len > 0) {
        buf_add_string(out, " " HTML_QUIET_SPAN);
        markup_add_text(out, c->label);
        buf_add_string(out, "</span>");
    }
    buf_printf(out, "</td><td width=\"%d\" style=\"width:%dpx;padding:4px 0 4px 10px\">",
               BAR_PX + 2, BAR_PX + 2);
    add_bar(out, c->n, most);
    buf_printf(out,
               "</td>" NARROW "<b>%" PRId64 "</b></td>" NARROW HTML_QUIET_SPAN "%" PRId64
               "</span></td></tr>\n",
               c->n, c->n_before);
}

static void add_counts(struct buf *out, const char *title, const struct digest_count *counts,
                       size_t n_shown, size_t n)
{
    const int64_t most = highest(counts, n_shown);

    if (n == 0)
        return;
    html_add_part(out, title, "stories this week, and the week before");
    buf_add_string(
        out, INNER_TABLE
        "<tr><td style=\"padding:0\"></td><td style=\"padding:0\"></td>" NARROW HTML_QUIET_SPAN
        "now</span></td>" NARROW HTML_QUIET_SPAN "before</span></td></tr>\n");
    for (size_t i = 0; i < n_shown; i++)
        add_count(out, &counts[i], most);
    buf_add_string(out, INNER_TABLE_END);
    if (n_shown < n)
        buf_printf(out, HTML_SMALL_ROW HTML_QUIET_SPAN "and %zu more</span>" HTML_ROW_END,
                   n - n_shown);
}

/* ---- how well was watched -------------------------------------------------------------------- */

static void add_span_row(struct buf *out, const char *name, int64_t now, int64_t before)
{
    if (now == 0 && before == 0)
        return;
    buf_printf(out,
               "<tr><td style=\"padding:4px 0\">%s</td>" WIDE "<b>%" PRId64
               "</b></td>" WIDE HTML_QUIET_SPAN "%" PRId64 "</span></td></tr>\n",
               name, now, before);
}

static void add_spans(struct buf *out, const struct digest_week *week)
{
    const struct digest_span *now = &week->now, *before = &week->before;

    buf_add_string(out, INNER_TABLE "<tr><td style=\"padding:0\"></td>" WIDE HTML_QUIET_SPAN
                                    "this week</span></td>" WIDE HTML_QUIET_SPAN
                                    "before</span></td></tr>\n");
    add_span_row(out, "articles read", now->n_articles, before->n_articles);
    add_span_row(out, "runs", now->n_runs, before->n_runs);
    add_span_row(out, "runs that failed", now->n_runs_failed, before->n_runs_failed);
    add_span_row(out, "runs that did not do everything", now->n_runs_partial,
                 before->n_runs_partial);
    add_span_row(out, "feeds newly in trouble", now->n_began, before->n_began);
    add_span_row(out, "feeds back again", now->n_ended, before->n_ended);
    buf_add_string(out, INNER_TABLE_END);
}

/* ---- what was claimed
 * -------------------------------------------------------------------------------- */

static void add_claim(struct buf *out, const struct digest_claim *c)
{
    buf_add_string(out, HTML_ROW("10px 0 0") "<b>");
    html_add_name(out, c->words);
    buf_add_string(out, "</b><br>" HTML_QUIET_SPAN);
    html_add_some(out, c->evidence, DIGEST_HEADLINE_BYTES);
    html_add_source(out, c->url, c->outlet);
    buf_add_string(out, "</span>" HTML_ROW_END);
}

static void add_claims(struct buf *out, const struct digest_week *week)
{
    struct digest_room room = {.max_bytes = DIGEST_SHARE_AT_ONCE_BYTES};
    size_t n = 0;

    if (week->n_claims == 0)
        return;
    html_add_part(out, "Claimed", "figures as they were printed");
    for (size_t mark = out->len; n < week->n_claims_shown; n++, mark = out->len) {
        add_claim(out, &week->claims[n]);
        if (!html_keep(out, mark, &room))
            break;
    }
    if (n < week->n_claims)
        buf_printf(out,
                   HTML_SMALL_ROW HTML_QUIET_SPAN
                   "and %zu more:</span> " HTML_COMMAND("wirewatch report claims") HTML_ROW_END,
                   week->n_claims - n);
}

/* ---- the week -------------------------------------------------------------------------------- */

void html_add_week(struct buf *out, const struct digest *d)
{
    struct digest_room room = {.max_bytes = DIGEST_SHARE_DEVELOPING_BYTES};
    const struct digest_week *week = d->week;

    add_counts(out, "By item", week->items, week->n_items_shown, week->n_items);
    add_counts(out, "By country", week->countries, week->n_countries_shown, week->n_countries);
    if (week->n_top > 0)
        html_add_part(out, "The stories of the week", "told by a digest, or by one to come");
    for (size_t i = 0, mark = out->len; i < week->n_top; i++, mark = out->len) {
        html_add_headline(out, d, week->top[i].first, week->top[i].first->alert.created_at,
                          week->top[i].items);
        if (!html_keep(out, mark, &room))
            break;
    }
}

void html_add_coverage(struct buf *out, const struct digest *d)
{
    add_claims(out, d->week);
    html_add_part(out, "Coverage", "how well was watched");
    add_spans(out, d->week);
}
