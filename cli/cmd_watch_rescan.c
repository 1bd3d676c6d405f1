/*
 * cmd_watch_rescan.c - wirewatch watch rescan: the archive under the list as it is now, at once and
 * not with the next run; what the change finds, and what it loses.
 */
#include "alerts/scan.h"
#include "alerts/scan_change.h"
#include "alerts/scan_lost.h"
#include "alerts/scan_mark.h"
#include "alerts/scan_try.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "storage/store_alerts.h"

#include <inttypes.h>
#include <sysexits.h>

#define LOST_SHOWN 50

struct rescan {
    struct cli *cli;
    struct watchlist list;
    struct progress progress;
    int64_t before, newest; /* versions: that had finished the archive, that was stored last */
    int64_t version;        /* of the list in use; 0: not stored yet */
    struct scan_summary summary;
    struct scan_trial trial; /* of a dry run */
    struct scan_lost lost;
    int64_t took_ms;
};

static void show_progress(void *context, int64_t id, int64_t last_id)
{
    struct progress *p = context;

    p->total = last_id;
    progress_show(p, id, "");
}

/* ---- versions -------------------------------------------------------------------------------- */

/* The stored versions that matter, before anything is done. */
static enum ww_status read_versions(struct rescan *r, struct ww_error *err)
{
    struct cli *cli = r->cli;
    struct watchlist_row row = {0};
    struct scan_mark mark;
    enum ww_status status = scan_mark_read(cli->store, &cli->arena, &mark, err);

    if (status == WW_OK)
        status = store_watchlist(cli->store, 0, &cli->arena, &row, err);
    if (status == WW_NOT_FOUND)
        status = WW_OK;
    r->newest = row.id;
    r->version = row.id > 0 && slice_equal(row.content, r->list.content) ? row.id : 0;
    /* What was finished with this list is held against the version before it. */
    r->before = mark.finished;
    if (r->version != 0 && mark.finished == r->version)
        r->before = r->version - 1;
    return status;
}

/* The number of the list in use, or the one that it will get. */
static int64_t next_version(const struct rescan *r)
{
    return r->version != 0 ? r->version : r->newest + 1;
}

static enum ww_status find_lost(struct rescan *r, struct ww_error *err)
{
    const struct scan_lost_options options = {
        .from = r->before,
        .to = next_version(r),
        .watchlist = &r->list,
        .is_full = cli_has(r->cli, OPTION_LOST),
        .window = {.since = r->cli->since, .until = r->cli->until},
        .stop = r->cli->stop
    };

    return scan_lost_find(r->cli->store, &options, &r->cli->arena, &r->lost, err);
}

/* ---- doing it, or not ------------------------------------------------------------------------ */

static enum ww_status try_it(struct rescan *r, struct ww_error *err)
{
    struct cli *cli = r->cli;
    struct scan_change change = {0};
    enum ww_status status = cli_has(cli, OPTION_ALL)
                                ? WW_OK
                                : scan_change_find(cli->store, r->before, next_version(r), &r->list,
                                                   &cli->arena, &change, err);
    const struct scan_try_options options = {
        .watchlist = &r->list,
        .only = change.is_narrowed ? &change.articles : NULL,
        .window = {.since = cli->since, .until = cli->until},
        .language = slice_from(cli->values[OPTION_LANGUAGE]),
        .stop = cli->stop,
        .progress = show_progress,
        .context = &r->progress
    };

    return status == WW_OK ? scan_try(cli->store, &options, &cli->arena, &r->trial, err) : status;
}

static enum ww_status do_it(struct rescan *r, struct ww_error *err)
{
    struct cli *cli = r->cli;
    const struct scan_options options = {
        .folder = cli->config.watchlist,
        .max_age_s = cli->config.max_age_s,
        .stop = cli->stop,
        .window = {.since = cli->since, .until = cli->until},
        .language = slice_from(cli->values[OPTION_LANGUAGE]),
        .is_forced = cli_has(cli, OPTION_ALL),
        .progress = show_progress,
        .context = &r->progress
    };
    enum ww_status status =
        scan_run(cli->store, &r->list, &options, &cli->clock, &cli->log, &r->summary, err);

    r->version = r->summary.watchlist_id;
    return status;
}

/* ---- words ----------------------------------------------------------------------------------- */

static void say_found(struct rescan *r)
{
    struct cli *cli = r->cli;
    const struct scan_summary *s = &r->summary;

    if (cli_has(cli, OPTION_DRY_RUN)) {
        (void)fprintf(cli->out,
                      "would look at %" PRId64 " article%s (%.1f s): %" PRId64
                      " new alert%s, %" PRId64 " raised already\n",
                      r->trial.n_matched, r->trial.n_matched == 1 ? "" : "s",
                      (double)r->took_ms / 1000, r->trial.n_alerts - r->trial.n_alerted,
                      r->trial.n_alerts - r->trial.n_alerted == 1 ? "" : "s", r->trial.n_alerted);
        return;
    }
    if (s->was_finished && !cli_has(cli, OPTION_ALL) && s->n_articles == 0) {
        (void)fprintf(cli->out,
                      "list version %" PRId64 " has seen the whole archive: nothing to do (--all "
                      "matches it again)\n",
                      s->watchlist_id);
        return;
    }
    (void)fprintf(cli->out,
                  "list version %" PRId64 ": looked at %" PRId64 " article%s%s in %.1f s: %" PRId64
                  " new alert%s, %" PRId64 " of them historic\n",
                  s->watchlist_id, s->n_articles, s->n_articles == 1 ? "" : "s",
                  s->is_narrowed ? ", all that the change can touch," : "",
                  (double)r->took_ms / 1000, s->n_alerts + s->n_alerts_historic,
                  s->n_alerts + s->n_alerts_historic == 1 ? "" : "s", s->n_alerts_historic);
    if (s->n_alerts_rescan > 0)
        cli_say(cli, "wirewatch alert list --rescan shows them");
}

static void put_lost_row(struct cli *cli, struct output *o, const struct alert_view *v)
{
    output_text(o, arena_printf(&cli->arena, "a%" PRId64, v->alert.id));
    output_time(o, v->alert.created_at);
    output_text(o, v->alert.item);
    output_text(o, arena_printf(&cli->arena, "s%" PRId64, v->alert.story_id));
    output_number(o, v->alert.watchlist_id);
    output_text(o, v->article.outlet);
    output_text(o, v->mention.alias);
    output_text(o, v->headline);
    output_text(o, v->sentence);
    output_text(o, v->article.url);
    output_end_row(o);
}

/* WW_INVALID: there is no such column, which was said. */
static enum ww_status put_lost(struct rescan *r, struct ww_error *err)
{
    static const struct column columns[] = {
        {"id",         0                           },
        {"created_at", 0                           },
        {"item",       0                           },
        {"story",      0                           },
        {"version",    COLUMN_RIGHT | COLUMN_HIDDEN},
        {"outlet",     0                           },
        {"alias",      0                           },
        {"headline",   COLUMN_WIDE                 },
        {"sentence",   COLUMN_HIDDEN               },
        {"url",        COLUMN_HIDDEN               }
    };
    struct cli *cli = r->cli;
    const size_t shown = cli->format == FORMAT_HUMAN && cli->limit < 0 ? LOST_SHOWN : SIZE_MAX;
    const size_t limit = cli->limit > 0 ? (size_t)cli->limit : cli->limit == 0 ? SIZE_MAX : shown;
    struct output *o = output_open(cli, columns, WW_COUNT(columns));
    enum ww_status status = WW_OK;

    if (o == NULL)
        return WW_INVALID;
    for (size_t i = 0; i < r->lost.n_ids && i < limit && status == WW_OK; i++) {
        struct alert_view view;

        status = store_alert(cli->store, r->lost.ids[i], &cli->arena, &view, err);
        if (status == WW_OK)
            put_lost_row(cli, o, &view);
    }
    (void)output_close(o);
    return status;
}

static enum ww_status put_all(struct rescan *r, struct ww_error *err)
{
    const bool lists = cli_has(r->cli, OPTION_LOST);

    if (r->cli->format == FORMAT_HUMAN) {
        say_found(r);
        if (r->lost.n_ids > 0)
            (void)fprintf(r->cli->out, "%zu alert%s would not be raised any more%s\n",
                          r->lost.n_ids, r->lost.n_ids == 1 ? "" : "s",
                          lists ? ":" : ": --lost lists them");
        else if (lists)
            cli_say(r->cli, "no alert is lost");
    }
    return lists && (r->lost.n_ids > 0 || r->cli->format != FORMAT_HUMAN) ? put_lost(r, err)
                                                                          : WW_OK;
}

/* ---- the command ----------------------------------------------------------------------------- */

static enum ww_status rescan(struct rescan *r, struct ww_error *err)
{
    struct cli *cli = r->cli;
    const int64_t begun = clock_monotonic_ms(&cli->clock);
    enum ww_status status = read_versions(r, err);

    if (status == WW_OK)
        status = cli_has(cli, OPTION_DRY_RUN) ? try_it(r, err) : do_it(r, err);
    r->took_ms = clock_monotonic_ms(&cli->clock) - begun;
    if (r->progress.shown_ms > 0)
        progress_end(&r->progress, r->progress.total, "");
    return status == WW_OK && *cli->stop == 0 ? find_lost(r, err) : status;
}

int command_watch_rescan(struct cli *cli)
{
    struct rescan r = {.cli = cli};
    struct ww_error err = {0};
    enum ww_status status = watchlist_read(arena_string(&cli->arena, cli->config.watchlist),
                                           &cli->arena, &r.list, &err);

    if (status != WW_OK) {
        (void)cli_fail(cli, status, &err);
        return EX_CONFIG;
    }
    progress_begin(&r.progress, cli, 0);
    if (!cli_has(cli, OPTION_DRY_RUN))
        status = desk_take_alerts(cli, &err);
    if (status == WW_OK)
        status = rescan(&r, &err);
    desk_leave_alerts(cli);
    if (status == WW_OK)
        status = put_all(&r, &err);
    if (status == WW_INVALID)
        return EX_USAGE;
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}
