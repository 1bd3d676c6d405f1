/* cmd_backfill.c - wirewatch backfill: history from files, with a report and never a flood. */
#include "alerts/scan.h"
#include "alerts/watchlist.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "crawler/backfill.h"
#include "crawler/site_rules.h"
#include "crawler/workers.h"
#include "storage/locks.h"
#include "storage/store.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sysexits.h>

#define LOCK_WAIT_S 30

struct filling {
    struct cli *cli;
    struct progress progress;
    struct backfill_summary summary;
    struct scan_summary scanned;
    struct watchlist watchlist;
    struct site_rules rules;
};

static void show_progress(void *context, const struct backfill_summary *so_far)
{
    struct filling *f = context;
    char note[80];

    (void)snprintf(note, sizeof(note), "%" PRId64 " new  %" PRId64 " known",
                   so_far->n_ends[BACKFILL_NEW], so_far->n_ends[BACKFILL_KNOWN]);
    progress_show(&f->progress, backfill_count(so_far), note);
}

static enum ww_status fill(struct filling *f, int64_t total, struct ww_error *err)
{
    struct cli *cli = f->cli;
    struct backfill_options options = {.provenance = SLICE("files"),
                                       .rules = &f->rules,
                                       .keeps_files = cli->config.keep_files == ANSWER_YES &&
                                                      cli->config.keep_pages_s > 0,
                                       .stop = cli->stop,
                                       .progress = show_progress,
                                       .context = f};
    struct workers *workers = NULL;
    struct backfill *b = NULL;
    enum ww_status status;

    f->progress.total = total;
    status = workers_open(cli->forkserver, 0, &workers, err);
    if (status == WW_OK)
        status = backfill_open(&options, cli->store, workers, &cli->clock, &cli->log, &f->summary,
                               &b, err);
    if (status == WW_OK)
        status = backfill_files(b, (const char *const *)cli->words, (size_t)cli->n_words, err);
    if (status == WW_OK)
        status = backfill_finish(b, err);
    backfill_close(b);
    workers_close(workers);
    return status;
}

static enum ww_status scan(struct filling *f, struct ww_error *err)
{
    struct cli *cli = f->cli;
    struct scan_options options = {
        .folder = cli->config.watchlist, .max_age_s = cli->config.max_age_s, .stop = cli->stop};

    return scan_run(cli->store, &f->watchlist, &options, &cli->clock, &cli->log, &f->scanned, err);
}

/* What became of everything, by reason: nothing is lost without a word. */
static int report(struct filling *f)
{
    static const struct column columns[] = {
        {"what",  0           },
        {"count", COLUMN_RIGHT}
    };
    struct cli *cli = f->cli;
    const struct backfill_summary *s = &f->summary;
    struct output *o = output_open(cli, columns, WW_COUNT(columns));
    const struct {
        const char *name;
        int64_t count;
    } more[] = {
        {"stories, new",                      s->n_stories                },
        {"mentions",                          f->scanned.n_mentions       },
        {"historic alerts, new",              f->scanned.n_alerts_historic},
        {"addresses queued for the next run", s->n_addresses              },
        {"addresses known",                   s->n_addresses_known        }
    };

    if (o == NULL)
        return EX_USAGE;
    output_string(o, "documents");
    output_number(o, backfill_count(s));
    output_end_row(o);
    for (enum backfill_end end = 0; end < BACKFILL_END_COUNT; end++) {
        if (s->n_ends[end] == 0 && end != BACKFILL_NEW && end != BACKFILL_KNOWN)
            continue;
        output_text(o, arena_printf(&cli->arena, "  %s", backfill_end_name(end)));
        output_number(o, s->n_ends[end]);
        output_end_row(o);
    }
    for (size_t i = 0; i < WW_COUNT(more); i++) {
        if (more[i].count == 0)
            continue;
        output_string(o, more[i].name);
        output_number(o, more[i].count);
        output_end_row(o);
    }
    (void)output_close(o);
    if (s->was_stopped)
        cli_say(cli, "stopped; the same command goes on where this one ended");
    else if (f->scanned.n_alerts_historic > 0)
        cli_say(cli, "wirewatch alert list --historic shows what was found");
    return EX_OK;
}

/* A mistyped path is told before anything is read. */
static enum ww_status check_paths(struct cli *cli, struct ww_error *err)
{
    for (int i = 0; i < cli->n_words; i++) {
        struct stat info;

        if (stat(cli->words[i], &info) != 0)
            return ww_fail(err, WW_NOT_FOUND, "%s: %s", cli->words[i], strerror(errno));
    }
    return WW_OK;
}

int command_backfill_files(struct cli *cli)
{
    struct filling f = {.cli = cli};
    struct lock lock = {0};
    struct ww_error err = {0};
    int64_t wait_s = LOCK_WAIT_S;
    int64_t total = 0;
    enum ww_status status;

    if (cli_has(cli, OPTION_LOCK_WAIT) &&
        !config_duration(slice_from(cli->values[OPTION_LOCK_WAIT]), &wait_s))
        return cli_usage(cli, "--lock-wait wants seconds, not \"%s\"",
                         cli->values[OPTION_LOCK_WAIT]);
    if (!progress_begin(&f.progress, cli, 0))
        return EX_USAGE;
    status = watchlist_read(arena_string(&cli->arena, cli->config.watchlist), &cli->arena,
                            &f.watchlist, &err);
    if (status == WW_OK)
        status = desk_read_rules(cli, &f.rules, &err);
    if (status != WW_OK) {
        (void)cli_fail(cli, status, &err);
        return EX_CONFIG;
    }
    status = check_paths(cli, &err);
    if (status == WW_OK)
        status = backfill_files_count((const char *const *)cli->words, (size_t)cli->n_words, &total,
                                      &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli_has(cli, OPTION_DRY_RUN)) {
        (void)fprintf(cli->out, "would read %" PRId64 " files\n", total);
        return EX_OK;
    }
    status =
        lock_take(cli->db_path, LOCK_BACKFILL, wait_s * 1000, clock_now(&cli->clock), &lock, &err);
    if (status == WW_OK)
        status = fill(&f, total, &err);
    progress_end(&f.progress, backfill_count(&f.summary), "");
    if (status == WW_OK && *cli->stop == 0)
        status = scan(&f, &err);
    lock_release(&lock);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    return report(&f);
}
