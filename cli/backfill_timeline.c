/* backfill_timeline.c - a timeline as a table that fits a terminal of 80 columns. */
#include "cli/backfill_timeline.h"

#include "base/text.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "storage/store_history.h"

#include <inttypes.h>

#define ITEM_COLUMNS 19
#define MONTHS 12

/* One item in one year; year empty: articles without a date. */
struct year {
    struct slice item, name;
    int64_t n[MONTHS];
    int64_t n_articles, n_stories;
};

static void put_item(struct cli *cli, struct slice item)
{
    const size_t width = text_width(item);
    const size_t shown = width < ITEM_COLUMNS ? width : ITEM_COLUMNS;

    output_visible(cli->out, item, ITEM_COLUMNS);
    (void)fprintf(cli->out, "%*s", (int)(ITEM_COLUMNS - shown), "");
}

static void put_year(struct cli *cli, const struct year *y, bool is_first)
{
    put_item(cli, is_first ? y->item : SLICE(""));
    (void)fprintf(cli->out, " %4.*s", SLICE_ARG(y->name.len > 0 ? y->name : SLICE("?")));
    for (size_t i = 0; i < MONTHS; i++)
        if (y->n[i] > 0)
            (void)fprintf(cli->out, "%4" PRId64, y->n[i]);
        else
            (void)fputs("   .", cli->out);
    (void)fprintf(cli->out, "%7" PRId64 "\n", y->n_articles);
}

/* "2022-09": 8; -1: no month of the calendar */
static int month_of(struct slice month)
{
    unsigned long long n = 0;

    if (month.len != 7 || !slice_number(slice_skip(month, 5), MONTHS, &n) || n == 0)
        return -1;
    return (int)n - 1;
}

void backfill_timeline_put(struct cli *cli, const struct timeline_rows *t)
{
    static const char *const months[MONTHS] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct year y = {0};
    bool is_first = true;

    if (t->n_rows == 0)
        return;
    (void)fprintf(cli->out, "\n%-*s %4s", ITEM_COLUMNS, "articles on", "");
    for (size_t i = 0; i < MONTHS; i++)
        (void)fprintf(cli->out, "%4s", months[i]);
    (void)fprintf(cli->out, "%7s\n", "all");
    for (size_t i = 0; i < t->n_rows; i++) {
        const struct timeline_row *row = &t->rows[i];
        const struct slice name = slice_head(row->month, 4);
        const int month = month_of(row->month);
        const bool is_other = !slice_equal(y.item, row->item);

        if (i > 0 && (is_other || !slice_equal(y.name, name))) {
            put_year(cli, &y, is_first);
            is_first = is_other;
            y = (struct year){0};
        }
        y.item = row->item;
        y.name = name;
        if (month >= 0)
            y.n[month] += row->n_articles;
        y.n_articles += row->n_articles;
        y.n_stories += row->n_stories;
    }
    put_year(cli, &y, is_first);
}
