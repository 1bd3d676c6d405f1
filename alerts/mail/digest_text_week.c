/* digest_text_week.c - the weekly summary in plain text. */
#include "alerts/mail/digest_text_parts.h"

#include "alerts/mail/digest_lines.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

/* Two columns of figures stand at the right. */
#define NAME_COLUMNS 50

static void put_table_title(const char *title, struct buf *out)
{
    buf_printf(out, LINE_RULE "%-*s %10s %10s\n\n", NAME_COLUMNS, title, "this week", "before");
}

static void put_figures(struct slice name, int64_t now, int64_t before, struct buf *out)
{
    const size_t width = text_width(name);

    text_add_visible(out, name);
    buf_printf(out, "%*s %10" PRId64 " %10" PRId64 "\n",
               width < NAME_COLUMNS ? (int)(NAME_COLUMNS - width) : 0, "", now, before);
}

/* As much of name as a column holds. */
static struct slice fitting(struct slice name, size_t columns)
{
    while (name.len > 0 && text_width(name) > columns)
        name = text_cut(name, name.len - 1);
    return name;
}

static void put_counts(const char *title, const struct digest_count *counts, size_t n, size_t n_all,
                       struct buf *out)
{
    if (n_all == 0)
        return;
    put_table_title(title, out);
    for (size_t i = 0; i < n; i++) {
        const struct digest_count *c = &counts[i];
        const struct slice label = fitting(c->label, 24);
        struct buf name;

        buf_init(&name, DIGEST_NAME_BYTES * 4);
        buf_add(&name, fitting(c->name, NAME_COLUMNS - 3 - text_width(label)));
        if (c->name.len > 0)
            buf_add_char(&name, ' ');
        buf_printf(&name, c->name.len > 0 ? "[%.*s]" : "%.*s", SLICE_ARG(label));
        put_figures(buf_slice(&name), c->n, c->n_before, out);
        buf_release(&name);
    }
    if (n < n_all)
        buf_printf(out, "and %zu more\n", n_all - n);
    buf_add_char(out, '\n');
}

static void put_top(const struct digest *d, struct buf *out)
{
    const struct digest_week *w = d->week;
    if (w->n_top == 0)
        return;
    buf_add_string(out, LINE_RULE "THE STORIES OF THE WEEK\n\n");
    for (size_t i = 0; i < w->n_top; i++) {
        const struct alert_view *v = w->top[i].first;
        char number[24], date[DIGEST_TIME_BYTES];
        struct line l;

        (void)snprintf(number, sizeof(number), "%2zu. ", i + 1);
        l = line_begin_with(out, number);
        line_add_some(&l, v->headline, DIGEST_HEADLINE_BYTES);
        line_end(&l);
        l = line_begin(out, 4);
        line_add(&l, w->top[i].items);
        line_end(&l);
        digest_text_spread(v, digest_time(d, v->alert.created_at, date), out);
        line_put_address(out, 4, v->article.url, v->alert.id);
        digest_text_page(d, 4, v->alert.story_id, out);
        buf_add_char(out, '\n');
    }
}

static void put_claims(const struct digest_week *w, struct buf *out)
{
    if (w->n_claims == 0)
        return;
    buf_add_string(out, LINE_RULE "CLAIMED\n\n");
    for (size_t i = 0; i < w->n_claims_shown; i++) {
        const struct digest_claim *c = &w->claims[i];
        struct line l = line_begin_with(out, "   * ");

        line_add(&l, c->words);
        line_join(&l, SLICE(","));
        line_add_some(&l, c->evidence, DIGEST_HEADLINE_BYTES);
        line_end(&l);
        line_put_address(out, 5, c->url, 0);
    }
    if (w->n_claims_shown < w->n_claims)
        buf_printf(out, "   and %zu more: wirewatch report claims\n",
                   w->n_claims - w->n_claims_shown);
    buf_add_char(out, '\n');
}

static void put_coverage(const struct digest_week *w, struct buf *out)
{
    const struct digest_span *a = &w->now, *b = &w->before;

    put_table_title("COVERAGE", out);
    put_figures(SLICE("articles read"), a->n_articles, b->n_articles, out);
    put_figures(SLICE("runs"), a->n_runs, b->n_runs, out);
    put_figures(SLICE("runs that failed"), a->n_runs_failed, b->n_runs_failed, out);
    put_figures(SLICE("runs that did not do everything"), a->n_runs_partial, b->n_runs_partial,
                out);
    put_figures(SLICE("feeds newly in trouble"), a->n_began, b->n_began, out);
    put_figures(SLICE("feeds back again"), a->n_ended, b->n_ended, out);
    buf_add_char(out, '\n');
}

void digest_text_week(const struct digest *d, struct buf *out)
{
    const struct digest_week *w = d->week;
    char from[DIGEST_TIME_BYTES], until[DIGEST_TIME_BYTES];
    struct line l = line_begin(out, 0);

    line_add(&l, SLICE("Watch week for"));
    line_add(&l, d->analyst->name);
    line_join(&l, SLICE(","));
    line_add(&l, slice_from(digest_time(d, w->from, from)));
    line_add(&l, SLICE("to"));
    line_add(&l, slice_from(digest_time(d, w->until, until)));
    line_end(&l);
    l = line_begin(out, 0);
    line_add(&l, d->counts);
    line_end(&l);
    buf_add_string(out, "A summary: what it names was told by a digest, or will be.\n\n");
    put_counts("BY ITEM, stories", w->items, w->n_items_shown, w->n_items, out);
    put_counts("BY COUNTRY, stories", w->countries, w->n_countries_shown, w->n_countries, out);
    put_top(d, out);
    digest_text_all_developing(d, 1, out);
    digest_text_all_possible(d, out);
    put_claims(w, out);
    put_coverage(w, out);
    digest_text_all_troubles(d, out);
    digest_text_footer(d, out);
}
