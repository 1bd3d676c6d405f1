/* cmd_run.c - wirewatch run: crawl, alert, deliver. The cron line, silent when all is well. */
#include "alerts/mail/canary.h"
#include "alerts/mail/digest.h"
#include "alerts/mail/outbox.h"
#include "alerts/scan.h"
#include "alerts/watchlist.h"
#include "cli/away.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/publish.h"
#include "cli/run_plan.h"
#include "crawler/crawl.h"
#include "crawler/health.h"
#include "crawler/site_rules.h"
#include "crawler/workers.h"
#include "storage/store.h"
#include "storage/store_locks.h"
#include "storage/store_runs.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* More than between two commits of crawl.c, on a busy machine too. */
#define BACKFILL_SETTLES_MS 3000
/* Without --lock-wait: longer than what another machine's pass 2 takes when little is new. */
#define ALERTS_WAIT_MS 30000

struct running {
    struct cli *cli;
    unsigned parts;
    int64_t alerts_wait_ms;
    bool has_alerts; /* pass 2 is ours now */
    int n_away;      /* times that the database's server went away */
    struct watchlist watchlist;
    struct site_rules rules;
    struct run_row row;
    struct crawl_summary crawled;
    struct scan_summary scanned;
    struct outbox_summary sent;
    struct plan_summary planned;
    struct plan_before before;
    struct ww_error undelivered; /* what kept mail from leaving: no other part's matter */
};

static bool read_parts(struct cli *cli, unsigned *parts)
{
    static const char *const names[] = {"crawl", "alert", "deliver"};
    const char *only = cli->values[OPTION_ONLY];

    *parts = PART_ALL;
    if (only == NULL)
        return true;
    for (size_t i = 0; i < WW_COUNT(names); i++)
        if (strcmp(only, names[i]) == 0) {
            *parts = 1U << i;
            return true;
        }
    return false;
}

static size_t count_messages(const struct plan_summary *n)
{
    return n->n_digests + n->n_immediate + n->n_weekly + n->n_quiet;
}

typedef enum ww_status part_function(struct running *r, struct ww_error *err);

/* Begun anew when the database's server was away, from what is stored: as after a crash. */
static enum ww_status patiently(struct running *r, part_function *part, struct ww_error *err)
{
    enum ww_status status;

    do
        status = part(r, err);
    while (away_is_over(r->cli, status, &r->n_away, err));
    return status;
}

/* ---- the diary ------------------------------------------------------------------------------- */

static enum ww_status begin_row(struct running *r, struct ww_error *err)
{
    struct store *s = r->cli->store;
    enum ww_status status = store_begin(s, err);

    r->row = (struct run_row){.kind = SLICE("run"),
                              .pid = getpid(),
                              .started_at = clock_now(&r->cli->clock),
                              .machine = slice_from(r->cli->machine)};
    if (status == WW_OK)
        status = store_add_run(s, &r->row, &r->row.id, err);
    if (status == WW_OK)
        return store_commit(s, err);
    store_rollback(s);
    return status;
}

static enum ww_status write_row(struct running *r, struct ww_error *err)
{
    struct store *s = r->cli->store;
    enum ww_status status = store_begin(s, err);

    if (status == WW_OK)
        status = store_update_run(s, &r->row, err);
    if (status == WW_OK)
        return store_commit(s, err);
    store_rollback(s);
    return status;
}

static enum ww_status end_row(struct running *r, enum ww_status outcome, struct ww_error *err)
{
    struct ww_error save_error = {0};
    enum ww_status status;

    if (outcome == WW_AWAY)
        return outcome; /* it was waited for long enough */
    r->row.ended_at = clock_now(&r->cli->clock);
    r->row.outcome = outcome != WW_OK || r->undelivered.status != WW_OK ? RUN_FAILED : RUN_OK;
    if (r->row.outcome == RUN_OK && *r->cli->stop != 0)
        r->row.outcome = RUN_PARTIAL;
    if (outcome != WW_OK)
        r->row.message = slice_from(err->message);
    else if (r->undelivered.status != WW_OK)
        r->row.message = slice_from(r->undelivered.message);
    else
        r->row.message = slice_from(health_outage_words(r->crawled.outage));
    r->row.outage = r->crawled.outage;
    r->row.n_feeds = r->crawled.n_feeds;
    r->row.n_feeds_failed = r->crawled.n_feeds_failed;
    r->row.n_entries_new = r->crawled.n_entries_new;
    r->row.n_pages = r->crawled.n_pages;
    r->row.n_pages_failed = r->crawled.n_pages_failed;
    r->row.n_articles = r->crawled.n_articles;
    r->row.n_stories = r->crawled.n_stories;
    r->row.n_requests = r->crawled.n_requests;
    r->row.received_bytes = r->crawled.received_bytes;
    r->row.n_mentions = r->scanned.n_mentions;
    r->row.n_alerts = r->scanned.n_alerts;
    r->row.n_messages = (int64_t)count_messages(&r->planned);
    status = patiently(r, write_row, &save_error);
    if (status == WW_OK)
        return outcome;
    if (outcome == WW_OK)
        *err = save_error;
    return outcome == WW_OK ? status : outcome;
}

/* ---- the parts ------------------------------------------------------------------------------- */

/*
 * A backfill asks no site while a run does; what it asked last is in the store a moment later, and
 * then the run keeps the pause.
 */
static void let_backfill_settle(struct cli *cli)
{
    if (store_lock_is_held(cli->store, LOCK_BACKFILL))
        clock_sleep_ms(&cli->clock, BACKFILL_SETTLES_MS);
}

/* What was done before the database went away counts, too. */
static void add_crawled(struct crawl_summary *all, const struct crawl_summary *some)
{
    const struct crawl_summary before = *all;

    *all = *some; /* how it ended, and what is left */
    all->n_feeds += before.n_feeds;
    all->n_feeds_unchanged += before.n_feeds_unchanged;
    all->n_feeds_failed += before.n_feeds_failed;
    all->n_troubles += before.n_troubles;
    all->n_recovered += before.n_recovered;
    all->n_entries_new += before.n_entries_new;
    all->n_pages += before.n_pages;
    all->n_pages_failed += before.n_pages_failed;
    all->n_articles += before.n_articles;
    all->n_stories += before.n_stories;
    all->n_looks += before.n_looks;
    all->n_changed += before.n_changed;
    all->n_removed += before.n_removed;
    all->n_requests += before.n_requests;
    all->received_bytes += before.received_bytes;
}

static enum ww_status crawl(struct running *r, struct ww_error *err)
{
    struct cli *cli = r->cli;
    struct crawl_options options = desk_crawl_options(cli);
    struct crawl_summary some = {0};
    struct workers *workers = NULL;
    enum ww_status status;

    options.run_id = r->row.id;
    options.rules = &r->rules;
    let_backfill_settle(cli);
    status = workers_open(cli->forkserver, 0, &workers, err);
    if (status == WW_OK)
        status = crawl_run(&options, cli->store, workers, &cli->clock, &cli->log, &some, err);
    workers_close(workers);
    add_crawled(&r->crawled, &some);
    return status;
}

/*
 * Pass 2 is done by one machine at a time. Who has it now finds what is stored by now or leaves it
 * to the run after: a whole run has done its work without. WW_OK and not has_alerts: left to him.
 */
static enum ww_status take_alerts(struct running *r, struct ww_error *err)
{
    enum ww_status status = desk_take_lock(r->cli, LOCK_ALERTS, r->alerts_wait_ms, err);

    r->has_alerts = status == WW_OK;
    if (status != WW_CONFLICT || r->parts != PART_ALL)
        return status;
    log_event(&r->cli->log, LOG_INFO, "alerts", "left to others: %s", err->message);
    *err = (struct ww_error){0};
    return WW_OK;
}

static enum ww_status scan(struct running *r, struct ww_error *err)
{
    struct cli *cli = r->cli;
    struct scan_options options = {
        .folder = cli->config.watchlist, .max_age_s = cli->config.max_age_s, .stop = cli->stop};

    struct scan_summary some;
    enum ww_status status =
        scan_run(cli->store, &r->watchlist, &options, &cli->clock, &cli->log, &some, err);

    some.n_mentions += r->scanned.n_mentions;
    some.n_alerts += r->scanned.n_alerts;
    r->scanned = some;
    return status;
}

/*
 * What came back, before the digests are made, for they say what is missing; then the next one. A
 * trouble with canaries keeps no digest from leaving.
 */
static void watch_canaries(struct running *r)
{
    struct cli *cli = r->cli;
    const struct letter_sender sender = desk_sender(cli);
    const int64_t now = clock_now(&cli->clock);
    struct ww_error err = {0};
    int64_t id = 0;
    size_t n = 0;

    if (canary_look(cli->store, &cli->config, now, &cli->log, &n, &err) != WW_OK)
        log_event(&cli->log, LOG_ERROR, "canary", "%s", err.message);
    if (canary_say(cli->store, &cli->config, now, &cli->log, &err) != WW_OK ||
        canary_queue_due(cli->store, &cli->config, &sender, now, &id, &err) != WW_OK)
        log_event(&cli->log, LOG_ERROR, "canary", "%s", err.message);
}

static enum ww_status deliver(struct running *r, struct ww_error *err)
{
    struct cli *cli = r->cli;
    struct ww_error made_error = {0};
    enum ww_status made;
    enum ww_status status;

    watch_canaries(r);
    made = desk_queue_digests(cli, NULL, false, &r->planned, &made_error);
    /* One digest that could not be made keeps nobody else's from leaving. */
    status =
        outbox_deliver(cli->store, &cli->config, &cli->clock, &cli->log, cli->stop, &r->sent, err);
    if (made != WW_OK)
        *err = made_error;
    return made != WW_OK ? made : status;
}

static enum ww_status read_before(struct running *r, struct ww_error *err)
{
    return plan_read_before(r->cli->store, r->row.started_at, &r->cli->arena, &r->before, err);
}

static enum ww_status mark_found(struct running *r, struct ww_error *err)
{
    return desk_mark_found(r->cli, &r->before, err);
}

/* What was found before a stop is known, too: the next run could not tell it from what waits. */
static void tell(struct running *r)
{
    struct ww_error late = {0};
    enum ww_status status = WW_OK;

    if (cli_has(r->cli, OPTION_NO_SEND))
        status = patiently(r, mark_found, &late);
    else if ((r->parts & PART_DELIVER) != 0 && *r->cli->stop == 0)
        status = patiently(r, deliver, &late);
    if (status != WW_OK)
        r->undelivered = late;
}

static enum ww_status tidy(struct running *r, struct ww_error *err)
{
    enum ww_status status = desk_keep_pages(r->cli, err);

    return status == WW_OK ? desk_prune_requests(r->cli, err) : status;
}

/* Pass 2, as far as it is wanted. */
static enum ww_status alert_and_deliver(struct running *r, struct ww_error *err)
{
    enum ww_status status = patiently(r, take_alerts, err);

    if (status != WW_OK || !r->has_alerts)
        return status;
    if (cli_has(r->cli, OPTION_NO_SEND))
        status = patiently(r, read_before, err);
    if (status == WW_OK && (r->parts & PART_ALERT) != 0 && *r->cli->stop == 0)
        status = patiently(r, scan, err);
    if (status == WW_OK)
        tell(r);
    /* Behind the scan: a page that something is mentioned in stays. */
    if (status == WW_OK && (r->parts & PART_ALERT) != 0 && *r->cli->stop == 0)
        status = patiently(r, tidy, err);
    /* Lost, or kept from writing too long: what is left is another's, or the next run's. */
    if (status == WW_CONFLICT || r->undelivered.status == WW_CONFLICT) {
        store_unlock(r->cli->store, LOCK_ALERTS);
        r->has_alerts = false;
    }
    return status;
}

/*
 * A part that fails for a reason of its own (the network is down) does not keep the others from
 * their work: what was stored before still wants matching, and what waits still wants sending.
 */
static enum ww_status run_parts(struct running *r, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    enum ww_status outage = WW_OK;
    struct ww_error outage_error = {0};

    if ((r->parts & PART_CRAWL) != 0)
        status = patiently(r, crawl, err);
    if (status == WW_UNREACHABLE) {
        outage = status;
        outage_error = *err;
        status = WW_OK;
    }
    if (status == WW_OK && r->parts != PART_CRAWL && *r->cli->stop == 0)
        status = alert_and_deliver(r, err);
    if (status != WW_OK || outage == WW_OK)
        return status;
    *err = outage_error;
    return outage;
}

/* ---- the command ----------------------------------------------------------------------------- */

static void say_summary(const struct running *r)
{
    const struct crawl_summary *c = &r->crawled;

    /* Cron sees nothing; a person at a terminal, or one who asked with -v, sees one line. */
    if (!isatty(STDERR_FILENO) && !cli_has(r->cli, OPTION_VERBOSE))
        return;
    cli_say(r->cli,
            "%" PRId64 " feeds (%" PRId64 " unchanged, %" PRId64 " failed), %" PRId64
            " new entries, %" PRId64 " pages (%" PRId64 " failed), %" PRId64 " articles in %" PRId64
            " new stories, %" PRId64 " alerts, %.*s, %zu sent",
            c->n_feeds, c->n_feeds_unchanged, c->n_feeds_failed, c->n_entries_new, c->n_pages,
            c->n_pages_failed, c->n_articles, c->n_stories, r->scanned.n_alerts,
            SLICE_ARG(desk_plan_words(r->cli, &r->planned)), r->sent.n_sent);
    if (c->n_troubles + c->n_recovered > 0)
        cli_say(r->cli,
                "%" PRId64 " feeds newly in trouble, %" PRId64
                " well again: wirewatch feed list --state bad",
                c->n_troubles, c->n_recovered);
    if (c->n_looks > 0)
        cli_say(r->cli,
                "%" PRId64 " pages looked at again: %" PRId64 " changed, %" PRId64
                " removed: wirewatch article events",
                c->n_looks, c->n_changed, c->n_removed);
    if (c->outage != RUN_OUTAGE_NONE)
        cli_say(r->cli, "%s: nobody was blamed for it", health_outage_words(c->outage));
    if (c->n_pages_left > 0)
        cli_say(
            r->cli,
            "%" PRId64
            " pages are left (pace, pauses, other machines): the next run asks what is due then",
            c->n_pages_left);
}

static int exit_status(struct running *r, enum ww_status status, struct ww_error *err)
{
    if (status == WW_UNREACHABLE || status == WW_CONFLICT) {
        if (!cli_has(r->cli, OPTION_QUIET))
            (void)cli_fail(r->cli, status, err);
        return EX_TEMPFAIL;
    }
    if (status != WW_OK)
        return cli_fail(r->cli, status, err);
    if (r->sent.n_failed > 0) {
        (void)fprintf(stderr,
                      "wirewatch: %zu message%s refused: wirewatch outbox list --state failed\n",
                      r->sent.n_failed, r->sent.n_failed == 1 ? " was" : "s were");
        return EX_UNAVAILABLE;
    }
    if (r->sent.n_deferred + r->sent.n_unknown > 0)
        return EX_TEMPFAIL;
    return EX_OK;
}

static enum ww_status write_pages(struct running *r, struct ww_error *err)
{
    return publish_write(r->cli, err);
}

/*
 * When the run has its end in the diary: its pages say how it went, and most of all when the
 * network was down. What cannot be published is said, and is no fault of the run.
 */
static void publish(struct running *r, enum ww_status *status, struct ww_error *err)
{
    struct ww_error late = {0};
    enum ww_status published;

    if ((*status != WW_OK && *status != WW_UNREACHABLE) || r->row.id == 0 || !r->has_alerts ||
        *r->cli->stop != 0)
        return;
    published = patiently(r, write_pages, &late);
    if (published != WW_OK && *status == WW_OK) {
        *status = published;
        *err = late;
    }
}

int command_run(struct cli *cli)
{
    struct running r = {.cli = cli};
    struct ww_error err = {0};
    enum ww_status status;

    if (!read_parts(cli, &r.parts))
        return cli_usage(cli, "--only is crawl, alert or deliver, not \"%s\"",
                         cli->values[OPTION_ONLY]);
    if (cli_has(cli, OPTION_NO_SEND) && (r.parts & PART_ALERT) == 0)
        return cli_usage(cli,
                         "--no-send is of alerts that the run raises, and --only %s raises none",
                         cli->values[OPTION_ONLY]);
    if (cli_has(cli, OPTION_DRY_RUN))
        return run_plan_show(cli, r.parts);
    /*
     * Before anything is fetched: with a broken list nothing would be found, and nobody would know;
     * with broken rules what is stored would be wrong.
     */
    status = watchlist_read(arena_string(&cli->arena, cli->config.watchlist), &cli->arena,
                            &r.watchlist, &err);
    if (status == WW_OK)
        status = desk_read_rules(cli, &r.rules, &err);
    if (status != WW_OK) {
        (void)cli_fail(cli, status, &err);
        return EX_CONFIG;
    }
    r.alerts_wait_ms = cli_lock_wait_ms(cli, ALERTS_WAIT_MS);
    status = desk_take_lock(cli, LOCK_RUN, cli_lock_wait_ms(cli, 0), &err);
    if (status != WW_OK)
        return exit_status(&r, status, &err);
    status = patiently(&r, begin_row, &err);
    if (status == WW_OK) {
        status = run_parts(&r, &err);
        status = end_row(&r, status, &err);
    }
    publish(&r, &status, &err);
    /* The worst of what went wrong is told by the status; mail that cannot leave is bad enough. */
    if (r.undelivered.status != WW_OK && (status == WW_OK || status == WW_UNREACHABLE)) {
        status = r.undelivered.status;
        err = r.undelivered;
    }
    desk_leave_alerts(cli);
    if ((r.parts & PART_ALERT) != 0 && (status == WW_OK || status == WW_UNREACHABLE))
        desk_send_archive(cli);
    if (status == WW_OK)
        say_summary(&r);
    return exit_status(&r, status, &err);
}
