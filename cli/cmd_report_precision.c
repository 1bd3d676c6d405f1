/* cmd_report_precision.c - wirewatch report precision: how often alerts were right, and what word
 * would have kept the wrong ones away. */
#include "alerts/precision.h"
#include "alerts/precision_words.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"

#include <inttypes.h>
#include <sysexits.h>

#define ROWS_SHOWN 40

/* EX_USAGE when it was said what is wrong. */
static int read_by(struct cli *cli, enum precision_by *by)
{
    const char *word = cli->values[OPTION_BY];
    struct nearest near;

    *by = PRECISION_BY_ITEM;
    if (word == NULL || precision_by_parse(slice_from(word), by))
        return EX_OK;
    nearest_init(&near, slice_from(word));
    for (enum precision_by i = 0; i < PRECISION_BY_COUNT; i++)
        nearest_try(&near, precision_by_name(i));
    return cli_usage(cli, "--by item, alias, feed, outlet, language or rule, not \"%s\"%s%s%s",
                     word, near.best != NULL ? "; did you mean " : "",
                     near.best != NULL ? near.best : "", near.best != NULL ? "?" : "");
}

/* ---- the table ------------------------------------------------------------------------------- */

/* People see what to make of it: a share of three marks is none. */
static void put_share(struct cli *cli, struct output *o, const struct precision_row *row)
{
    if (cli->format != FORMAT_HUMAN) {
        if (row->is_few)
            output_none(o);
        else
            output_real(o, row->share);
        output_real(o, row->interval.low);
        output_real(o, row->interval.high);
        return;
    }
    output_text(o, row->is_few ? SLICE("too few") : arena_printf(&cli->arena, "%.2f", row->share));
    output_text(o, arena_printf(&cli->arena, "%.2f", row->interval.low));
    output_text(o, arena_printf(&cli->arena, "%.2f", row->interval.high));
}

static void put_row(struct cli *cli, struct output *o, const struct precision_row *row)
{
    output_text(o, row->item);
    output_text(o, row->key);
    output_number(o, row->n_irrelevant);
    output_number(o, row->n_relevant + row->n_known);
    output_number(o, row->n_known);
    output_number(o, row->n_marked);
    output_number(o, row->n_alerts);
    put_share(cli, o, row);
    output_number(o, row->n_disputed);
    output_end_row(o);
}

static int put_report(struct cli *cli, const struct precision_report *report, enum precision_by by)
{
    const bool has_item = by == PRECISION_BY_ALIAS || cli->format != FORMAT_HUMAN;
    const struct column columns[] = {
        {"item",                                                                                        has_item ? 0U : COLUMN_HIDDEN},
        {precision_by_name(by) == NULL || cli->format != FORMAT_HUMAN ? "key"
                                                                      : precision_by_name(by),
         0                                                                                                                           },
        {"wrong",                                                                                       COLUMN_RIGHT                 },
        {"right",                                                                                       COLUMN_RIGHT                 },
        {"known",                                                                                       COLUMN_RIGHT | COLUMN_HIDDEN },
        {"marked",                                                                                      COLUMN_RIGHT                 },
        {"alerts",                                                                                      COLUMN_RIGHT                 },
        {"precision",                                                                                   COLUMN_RIGHT                 },
        {"low",                                                                                         COLUMN_RIGHT                 },
        {"high",                                                                                        COLUMN_RIGHT                 },
        {"disputed",                                                                                    COLUMN_RIGHT | COLUMN_HIDDEN },
    };
    const struct store_window window = cli_window(cli, ROWS_SHOWN);
    struct output *o = output_open(cli, columns, WW_COUNT(columns));
    const struct precision_row *all = &report->all;

    if (o == NULL)
        return EX_USAGE;
    for (size_t i = window.offset; i < report->n_rows && i - window.offset < window.limit; i++)
        put_row(cli, o, &report->rows[i]);
    (void)output_close(o);
    if (cli->format != FORMAT_HUMAN)
        return EX_OK;
    if (report->n_rows > ROWS_SHOWN && cli->limit < 0)
        cli_say(cli, "the %d that cost most; --limit 0 lists all %zu", ROWS_SHOWN, report->n_rows);
    if (all->n_marked == 0)
        cli_say(cli, "no alert was marked: wirewatch alert mark a1 relevant|irrelevant|known");
    else if (all->is_few)
        cli_say(cli, "%" PRId64 " of %" PRId64 " alerts are marked: too few to say (%d at least)",
                all->n_marked, all->n_alerts, PRECISION_MARKS_MIN);
    else
        cli_say(cli,
                "%" PRId64 " of %" PRId64
                " alerts are marked; %.0f %% of these were right, between "
                "%.0f and %.0f %% with 95 %% confidence%s",
                all->n_marked, all->n_alerts, 100 * all->share, 100 * all->interval.low,
                100 * all->interval.high,
                all->n_disputed > 0 ? "; where analysts differ the newest mark counts" : "");
    if (all->n_irrelevant > 1)
        cli_say(cli, "words that would have kept wrong ones away: wirewatch report precision "
                     "--words");
    return EX_OK;
}

/* ---- words ----------------------------------------------------------------------------------- */

static int put_words(struct cli *cli, const struct word_proposals *list)
{
    static const struct column columns[] = {
        {"item",    0           },
        {"column",  0           },
        {"word",    0           },
        {"removes", COLUMN_RIGHT},
        {"wrong",   COLUMN_RIGHT},
        {"loses",   COLUMN_RIGHT},
        {"right",   COLUMN_RIGHT},
    };
    struct output *o = output_open(cli, columns, WW_COUNT(columns));

    if (o == NULL)
        return EX_USAGE;
    for (size_t i = 0; i < list->n_rows; i++) {
        const struct word_proposal *p = &list->rows[i];

        output_text(o, p->item);
        output_string(o, p->is_exclude ? "exclude" : "require");
        output_text(o, p->word);
        output_number(o, p->n_removed);
        output_number(o, p->n_wrong);
        output_number(o, p->n_lost);
        output_number(o, p->n_right);
        output_end_row(o);
    }
    if (output_close(o) == 0 && cli->format == FORMAT_HUMAN)
        cli_say(cli, "no word tells right from wrong: an item needs two alerts marked irrelevant "
                     "and one that was right");
    return EX_OK;
}

static bool has_marks(const struct judged_list *list)
{
    for (size_t i = 0; i < list->n_rows; i++)
        if (list->rows[i].verdict != MARK_NONE)
            return true;
    return false;
}

int command_report_precision(struct cli *cli)
{
    const bool wants_words = cli_has(cli, OPTION_WORDS);
    const struct judged_filter filter = {
        .window = {.since = cli->since, .until = cli->until, .limit = ALL_ROWS},
        .item = slice_from(cli->values[OPTION_ITEM]),
        .analyst = slice_from(cli->values[OPTION_ANALYST]),
        .is_marked = wants_words,
    };
    struct precision_report report;
    struct word_proposals words;
    struct judged_list list;
    struct ww_error err = {0};
    enum precision_by by;
    enum ww_status status;

    if (read_by(cli, &by) != EX_OK)
        return EX_USAGE;
    status = store_list_judged(cli->store, &filter, &cli->arena, &list, &err);
    if (status == WW_OK && !has_marks(&list))
        status = desk_check_named(cli, &err);
    if (status == WW_OK)
        status = wants_words ? precision_words(cli->store, &list, &cli->arena, &words, &err)
                             : precision_tally(&list, by, &cli->arena, &report, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    return wants_words ? put_words(cli, &words) : put_report(cli, &report, by);
}
