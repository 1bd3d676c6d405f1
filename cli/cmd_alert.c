/* cmd_alert.c - wirewatch alert: what was found. */
#include "cli/alert_facts.h"
#include "cli/alert_proposals.h"
#include "cli/backfill_report.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/watch_words.h"
#include "storage/store_alerts.h"

#include <inttypes.h>
#include <sysexits.h>

#define ALERTS_SHOWN 50

static struct alert_filter read_filter(struct cli *cli)
{
    struct alert_filter filter = {.window = cli_window(cli, ALERTS_SHOWN),
                                  .item = slice_from(cli->values[OPTION_ITEM]),
                                  .history = STORE_LIVE,
                                  .cause = ALERTS_NOT_RESCAN};

    if (cli_has(cli, OPTION_HISTORIC)) {
        filter.history = STORE_HISTORIC;
        filter.cause = ALERTS_ANY;
    }
    /* An article that was read as history raises historic alerts alone. */
    if (cli_has(cli, OPTION_BACKFILL)) {
        filter.history = STORE_ANY_HISTORY;
        filter.cause = ALERTS_ANY;
    }
    if (cli_has(cli, OPTION_RESCAN)) {
        filter.history = cli_has(cli, OPTION_HISTORIC) ? STORE_HISTORIC : STORE_ANY_HISTORY;
        filter.cause = ALERTS_RESCAN;
    }
    /* What is asked for by name is wanted whatever raised it. */
    if (cli_has(cli, OPTION_ALL) || cli_has(cli, OPTION_MUTED) || cli_has(cli, OPTION_MARKED) ||
        cli_has(cli, OPTION_STATE)) {
        filter.history = STORE_ANY_HISTORY;
        filter.cause = ALERTS_ANY;
    }
    filter.is_muted = cli_has(cli, OPTION_MUTED);
    filter.tag = slice_from(cli->values[OPTION_TAG]);
    filter.owner = slice_from(cli->values[OPTION_OWNER]);
    if (cli_has(cli, OPTION_MARKED))
        filter.marked = ALERT_MARKED;
    if (cli_has(cli, OPTION_UNMARKED))
        filter.marked = ALERT_UNMARKED;
    return filter;
}

/* --severity and --state; EX_USAGE when it was said what is wrong. */
static int read_choices(struct cli *cli, struct alert_filter *filter)
{
    const char *severity = cli->values[OPTION_SEVERITY];
    const char *state = cli->values[OPTION_STATE];

    if (severity != NULL && !alert_severity_parse(slice_from(severity), &filter->severity_min))
        return cli_usage(cli, "--severity is low, medium or high, not \"%s\"", severity);
    if (cli_has(cli, OPTION_UNMARKED) && (cli_has(cli, OPTION_MARKED) || state != NULL))
        return cli_usage(cli, "--unmarked, or --marked and --state: no alert is both");
    if (state != NULL &&
        (!alert_verdict_parse(slice_from(state), &filter->verdict) || filter->verdict == MARK_NONE))
        return cli_usage(cli, "--state of alerts is relevant, irrelevant or known, not \"%s\"",
                         state);
    return EX_OK;
}

/* ---- what became of it ----------------------------------------------------------------------- */

/* "muted": somebody was not told of it; "told": somebody was. */
static const char *state_of(const struct alert_view *v)
{
    if (v->n_withheld > 0)
        return "muted";
    if (v->is_told)
        return "told";
    return v->alert.is_historic ? "history" : "waiting";
}

/* For people: the mark, else that it is muted; what waits and what was told is the rule. */
static const char *mark_of(const struct alert_view *v, bool is_human)
{
    if (v->verdict != MARK_NONE)
        return alert_verdict_name(v->verdict);
    return is_human && v->n_withheld > 0 ? "muted" : "";
}

/* ---- the list -------------------------------------------------------------------------------- */

static void put_row(struct cli *cli, struct output *o, const struct alert_view *v,
                    struct slice change)
{
    const bool is_human = cli->format == FORMAT_HUMAN;

    output_text(o, arena_printf(&cli->arena, "a%" PRId64, v->alert.id));
    output_time(o, v->alert.created_at);
    output_string(o, alert_severity_name(v->alert.severity));
    output_text(o, v->alert.item);
    output_string(o, mark_of(v, is_human));
    output_string(o, state_of(v));
    output_text(o, v->alert.tags);
    output_text(o, v->alert.owner);
    output_text(o, v->alert.item_kind);
    output_text(o, v->alert.item_name);
    output_text(o, v->alert.country);
    if (is_human && v->n_articles > 1) /* programs have a column for each */
        output_text(o, arena_printf(&cli->arena, "%" PRId64 " (%" PRId64 " origin%s)", v->n_outlets,
                                    v->n_origins, v->n_origins == 1 ? "" : "s"));
    else
        output_number(o, v->n_outlets);
    output_number(o, v->n_origins);
    output_number(o, v->n_articles);
    if (is_human && v->n_revisions == 0)
        output_string(o, "");
    else
        output_number(o, v->n_revisions);
    output_text(o, change);
    output_text(o, arena_printf(&cli->arena, "s%" PRId64, v->alert.story_id));
    output_number(o, v->alert.article_id);
    output_text(o, v->article.outlet);
    output_text(o, v->article.language);
    output_time(o, v->article.published_at);
    output_text(o, v->headline);
    output_text(o, v->mention.quote);
    output_text(o, v->sentence);
    output_text(o, v->mention.rule);
    output_bool(o, v->alert.is_historic);
    output_string(o, alert_cause_name(v->alert.cause));
    output_number(o, v->n_told);
    output_text(o, v->article.url);
    output_end_row(o);
}

/* WW_INVALID: there is no such column, which was said. */
static enum ww_status put_list(struct cli *cli, const struct alert_view *views, size_t n,
                               size_t *n_rows, struct ww_error *err)
{
    static const struct column columns[] = {
        {"id",           0                           },
        {"created_at",   0                           },
        {"severity",     0                           },
        {"item",         0                           },
        {"mark",         0                           },
        {"state",        COLUMN_HIDDEN               },
        {"tags",         COLUMN_HIDDEN               },
        {"owner",        COLUMN_HIDDEN               },
        {"kind",         COLUMN_HIDDEN               },
        {"item_name",    COLUMN_HIDDEN               },
        {"country",      COLUMN_HIDDEN               },
        {"outlets",      COLUMN_RIGHT                },
        {"origins",      COLUMN_RIGHT | COLUMN_HIDDEN},
        {"articles",     COLUMN_RIGHT | COLUMN_HIDDEN},
        {"changes",      COLUMN_RIGHT                },
        {"last_change",  COLUMN_HIDDEN               },
        {"story",        0                           },
        {"article",      COLUMN_HIDDEN               },
        {"outlet",       0                           },
        {"language",     COLUMN_HIDDEN               },
        {"published_at", COLUMN_HIDDEN               },
        {"headline",     COLUMN_WIDE                 },
        {"quote",        COLUMN_HIDDEN               },
        {"sentence",     COLUMN_HIDDEN               },
        {"rule",         COLUMN_HIDDEN               },
        {"historic",     COLUMN_HIDDEN               },
        {"cause",        COLUMN_HIDDEN               },
        {"messages",     COLUMN_HIDDEN               },
        {"url",          COLUMN_HIDDEN               }
    };
    struct output *o = output_open(cli, columns, WW_COUNT(columns));
    enum ww_status status = WW_OK;
    struct slice change;

    if (o == NULL)
        return WW_INVALID;
    for (size_t i = 0; i < n && status == WW_OK; i++) {
        status = alert_last_change(cli, &views[i], &change, err);
        if (status == WW_OK)
            put_row(cli, o, &views[i], change);
    }
    *n_rows = output_close(o);
    return status;
}

/* What a plain list leaves out for its cause is said: nobody must take it for all there is. */
static enum ww_status say_rescan(struct cli *cli, const struct alert_filter *shown,
                                 struct ww_error *err)
{
    struct alert_filter filter = *shown;
    struct alert_view_list list;
    enum ww_status status;

    if (cli->format != FORMAT_HUMAN || shown->cause != ALERTS_NOT_RESCAN)
        return WW_OK;
    filter.cause = ALERTS_RESCAN;
    filter.window.limit = 1;
    filter.window.offset = 0;
    status = store_list_alerts(cli->store, &filter, &cli->arena, &list, err);
    if (status == WW_OK && list.n_rows > 0)
        cli_say(cli, "what the archive gave after the list had changed: --rescan");
    return status;
}

/* Of an empty list: is there what was asked for, in the list or with an alert of an earlier one? */
static enum ww_status know_words(struct cli *cli, const struct alert_filter *asked,
                                 struct ww_error *err)
{
    static const enum option_id words[] = {OPTION_TAG, OPTION_OWNER};
    enum ww_status status = watch_know_item(cli, asked->item, err);
    struct watchlist watchlist = {0};

    (void)watchlist_read(watch_folder(cli), &cli->arena, &watchlist, NULL);
    for (size_t i = 0; i < WW_COUNT(words) && status == WW_OK; i++) {
        const struct alert_filter filter = {.window = {.limit = 1},
                                            .history = STORE_ANY_HISTORY,
                                            .tag = i == 0 ? asked->tag : SLICE(""),
                                            .owner = i == 1 ? asked->owner : SLICE("")};
        struct alert_view_list list;

        if (!cli_has(cli, words[i]))
            continue;
        status = store_list_alerts(cli->store, &filter, &cli->arena, &list, err);
        if (status == WW_OK && list.n_rows == 0)
            status = watch_know_word(cli, &watchlist, words[i], err);
    }
    return status;
}

int command_alert_list(struct cli *cli)
{
    struct alert_filter filter = read_filter(cli);
    struct alert_view_list list;
    struct ww_error err = {0};
    size_t n_rows = 0;
    enum ww_status status;

    if (read_choices(cli, &filter) != EX_OK)
        return EX_USAGE;
    status = backfill_option(cli, &filter.backfill_id, &err);
    if (status == WW_OK)
        status = store_list_alerts(cli->store, &filter, &cli->arena, &list, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    status = put_list(cli, list.rows, list.n_rows, &n_rows, &err);
    if (status != WW_OK)
        return status == WW_INVALID ? EX_USAGE : cli_fail(cli, status, &err);
    if (n_rows == 0)
        status = know_words(cli, &filter, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (n_rows == 0 && cli->format == FORMAT_HUMAN)
        cli_say(cli, "no alerts%s",
                filter.history != STORE_LIVE ? "" : " (--historic lists what backfills found)");
    if (n_rows == ALERTS_SHOWN && cli->limit < 0 && cli->format == FORMAT_HUMAN)
        cli_say(cli, "the newest %d; --limit 0 lists all", ALERTS_SHOWN);
    status = say_rescan(cli, &filter, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    return n_rows == 0 && cli_has(cli, OPTION_EXIT_CODE) ? EXIT_FINDINGS : EX_OK;
}

/* ---- one alert ------------------------------------------------------------------------------- */

int command_alert_show(struct cli *cli)
{
    struct alert_view v;
    struct ww_error err = {0};
    size_t n_rows;
    enum ww_status status = alert_read(cli, &v, &err);

    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli->format == FORMAT_HUMAN) {
        alert_put(cli, &v);
        status = alert_put_changes(cli, &v, &err);
        if (status == WW_OK)
            status = alert_put_said(cli, &v, &err);
        if (status == WW_OK)
            status = alert_put_proposals(cli, &v, &err);
    } else {
        status = put_list(cli, &v, 1, &n_rows, &err);
        if (status == WW_INVALID)
            return EX_USAGE;
    }
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}
