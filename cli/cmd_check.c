/* cmd_check.c - wirewatch check: one line a part, and what to do about it. */
#include "alerts/watchlist.h"
#include "base/date.h"
#include "cli/check.h"
#include "cli/database.h"
#include "cli/desk.h"
#include "cli/feed_twins.h"
#include "cli/output.h"
#include "crawler/health.h"
#include "crawler/site_rules.h"
#include "storage/store.h"
#include "storage/store_feeds.h"
#include "storage/store_runs.h"
#include "storage/store_search.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <sysexits.h>
#include <unistd.h>

/* A monitor whose last good run is older is not monitoring. */
#define LAST_RUN_MAX_S (6 * 3600)
/* Whoever writes brings the index of words up to date in the end; a batch takes less than a second.
 */
#define SEARCH_BEHIND_MAX_S LAST_RUN_MAX_S
#define SEARCH_BEHIND_MAX_ARTICLES 2048
#define OUTAGE_SHOWN_S (7 * 86400)
#define DAY_S 86400

static const char *const level_names[] = {"ok", "note", "warn", "FAIL"};

void check_say(struct checking *c, enum check_level level, const char *part, const char *fmt, ...)
{
    char text[512];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    if (level >= CHECK_WARN)
        c->n_findings++;
    else if (cli_has(c->cli, OPTION_QUIET))
        return; /* for cron: silent when all is well */
    if (c->out != NULL) {
        output_string(c->out, level_names[level]);
        output_string(c->out, part);
        output_text(c->out, arena_copy(&c->cli->arena, slice_from(text)));
        output_end_row(c->out);
        return;
    }
    (void)fprintf(c->cli->out, "%-5s %-10s ", level_names[level], part);
    output_visible(c->cli->out, slice_from(text), 0);
    (void)fputc('\n', c->cli->out);
}

static bool check_config(struct checking *c)
{
    struct ww_error err = {0};
    struct cli *cli = c->cli;

    const enum ww_status status = config_read(cli->config_path, &cli->arena, &cli->config, &err);

    if (status != WW_OK) {
        check_say(c, CHECK_FAIL, "config", "%s%s", err.message,
                  status == WW_NOT_FOUND ? "; wirewatch init makes one" : "");
        return false;
    }
    cli->config.credentials = environment_credentials();
    if (config_check_contact(&cli->config, &err) != WW_OK) {
        check_say(c, CHECK_FAIL, "config", "%s", err.message);
        return true;
    }
    check_say(c, cli->config.n_analysts > 0 ? CHECK_OK : CHECK_WARN, "config",
              "%s, %zu analyst%s%s", cli->config_path, cli->config.n_analysts,
              cli->config.n_analysts == 1 ? "" : "s",
              cli->config.n_analysts > 0 ? "" : ": nobody gets a digest");
    return true;
}

/* That one no longer fits shows in `run -v` and in article extract --test. */
static void check_rules(struct checking *c)
{
    struct ww_error err = {0};
    struct site_rules rules;
    const char *name = arena_string(&c->cli->arena, c->cli->config.site_rules);

    if (desk_read_rules(c->cli, &rules, &err) != WW_OK)
        check_say(c, CHECK_FAIL, "rules", "%s", err.message);
    else if (rules.n_sites > 0)
        check_say(c, CHECK_OK, "rules", "%s, %zu site%s", name, rules.n_sites,
                  rules.n_sites == 1 ? "" : "s");
}

/* False: there is none to hold anything against. */
static bool check_watchlist(struct checking *c, struct watchlist *w)
{
    struct ww_error err = {0};
    const char *folder = arena_string(&c->cli->arena, c->cli->config.watchlist);

    if (watchlist_read(folder, &c->cli->arena, w, &err) != WW_OK) {
        check_say(c, CHECK_FAIL, "watchlist", "%s; wirewatch watch lint says more", err.message);
        return false;
    }
    check_say(c, CHECK_OK, "watchlist", "%s, %zu items, %zu names, version %.12s", folder,
              w->n_items, w->n_names, w->version);
    return true;
}

/* An owner who is nobody: the item's alerts go to all, which was not meant. */
static void check_owners(struct checking *c, const struct watchlist *w)
{
    const struct config *config = &c->cli->config;
    const struct watch_item *first = NULL;
    size_t n = 0;

    for (size_t i = 0; i < w->n_items; i++) {
        bool is_known = w->items[i].owner.len == 0;

        for (size_t k = 0; k < config->n_analysts && !is_known; k++)
            is_known = slice_equal(config->analysts[k].name, w->items[i].owner);
        if (is_known)
            continue;
        if (n++ == 0)
            first = &w->items[i];
    }
    if (n > 0)
        check_say(c, CHECK_WARN, "owners",
                  "%zu item%s: the owner is no analyst of the settings, so all are told: %.*s of "
                  "%.*s",
                  n, n == 1 ? "" : "s", SLICE_ARG(first->owner), SLICE_ARG(first->id));
}

static bool check_database(struct checking *c)
{
    struct cli *cli = c->cli;
    const struct store_options options = database_options(cli, true);
    char clock[DATABASE_CLOCK_BYTES];
    struct ww_error err = {0};
    struct slice report = {0};
    struct store_stats stats;

    if (database_open(cli, &options, &err) != WW_OK ||
        store_check(cli->store, &cli->arena, &report, &err) != WW_OK ||
        store_read_stats(cli->store, &stats, &err) != WW_OK) {
        check_say(c, CHECK_FAIL, "database", "%s", err.message);
        return false;
    }
    if (report.len > 0) {
        check_say(c, CHECK_FAIL, "database", "%s is damaged: %.*s", cli->db_shown,
                  SLICE_ARG(report));
        return true;
    }
    if (database_clock_words(cli, clock)[0] != '\0')
        check_say(c, CHECK_WARN, "clock", "%s", clock);
    check_say(c, database_is_read_only(cli) ? CHECK_WARN : CHECK_OK, "database",
              "%s, %.1f MB, sound, schema %" PRId64 "%s", cli->db_shown,
              (double)(stats.file_bytes + stats.wal_bytes) / 1e6, stats.schema_version,
              database_is_read_only(cli) ? ", not writable here" : "");
    return true;
}

/* An index that stands still fails no run: nothing but searches would show it. */
static void check_search(struct checking *c)
{
    struct ww_error err = {0};
    char text[DATE_TEXT_BYTES];
    int64_t n, since;

    if (store_search_behind(c->cli->store, &n, &since, &err) != WW_OK)
        check_say(c, CHECK_FAIL, "search", "%s", err.message);
    else if (n > SEARCH_BEHIND_MAX_ARTICLES ||
             (n > 0 && clock_now(&c->cli->clock) - since > SEARCH_BEHIND_MAX_S))
        check_say(c, CHECK_WARN, "search",
                  "%" PRId64 " article%s from %s on are not in the index of words: wirewatch db "
                  "reindex makes it anew, or says why not",
                  n, n == 1 ? "" : "s", date_format(since, text));
}

static bool is_ours(const struct cli *cli, const struct run_row *run)
{
    return run->machine.len == 0 || slice_equal(run->machine, slice_from(cli->machine));
}

/*
 * A process of that number is not proof, but nobody has to take the lock for it. Of another
 * machine's nothing is known.
 */
static bool has_died(const struct cli *cli, const struct run_row *run)
{
    return run->outcome == RUN_UNFINISHED && is_ours(cli, run) &&
           (run->pid <= 0 || (kill((pid_t)run->pid, 0) != 0 && errno == ESRCH));
}

/*
 * What was after the last good one: "; the last one, of DATE, died without an end; 3 of 5 of the
 * last day failed or died". *is_bad: the last one did.
 */
static struct slice later_words(struct checking *c, bool *is_bad, struct ww_error *err)
{
    const struct store_window last = {.limit = 1};
    const struct store_window day = {.since = clock_now(&c->cli->clock) - DAY_S};
    struct arena *arena = &c->cli->arena;
    struct slice words = {"", 0};
    char text[DATE_TEXT_BYTES];
    struct run_counts n;
    struct run_list runs;

    *is_bad = false;
    if (store_count_runs(c->cli->store, SLICE("run"), &day, &n, err) != WW_OK ||
        store_list_runs(c->cli->store, SLICE("run"), &last, arena, &runs, err) != WW_OK ||
        runs.n_rows == 0)
        return words;
    *is_bad = runs.rows[0].outcome == RUN_FAILED || has_died(c->cli, &runs.rows[0]);
    if (*is_bad)
        words = arena_printf(
            arena, "; the last one, of %s%s%.*s, %s%s%.*s",
            date_format(runs.rows[0].started_at, text),
            is_ours(c->cli, &runs.rows[0]) ? "" : " on ",
            SLICE_ARG(is_ours(c->cli, &runs.rows[0]) ? SLICE("") : runs.rows[0].machine),
            runs.rows[0].outcome == RUN_FAILED ? "failed" : "died without an end",
            runs.rows[0].message.len > 0 ? ": " : "", SLICE_ARG(runs.rows[0].message));
    n.n_failed += has_died(c->cli, &runs.rows[0]) && runs.rows[0].started_at >= day.since;
    if (n.n_failed > 0)
        words =
            arena_printf(arena, "%.*s; %" PRId64 " of %" PRId64 " of the last day failed or died",
                         SLICE_ARG(words), n.n_failed, n.n_runs);
    return words;
}

static void check_runs(struct checking *c)
{
    struct ww_error err = {0};
    struct run_row run;
    char text[DATE_TEXT_BYTES];
    bool is_bad = false;
    int64_t now = clock_now(&c->cli->clock);
    struct slice later = later_words(c, &is_bad, &err);
    enum ww_status status =
        store_last_good_run(c->cli->store, SLICE("run"), &c->cli->arena, &run, &err);

    if (status == WW_NOT_FOUND)
        check_say(c, CHECK_WARN, "runs",
                  "none has ended well yet%.*s: wirewatch run, and a line for cron",
                  SLICE_ARG(later));
    else if (status != WW_OK)
        check_say(c, CHECK_FAIL, "runs", "%s", err.message);
    else
        check_say(c, is_bad || now - run.ended_at > LAST_RUN_MAX_S ? CHECK_WARN : CHECK_OK, "runs",
                  "the last good one ended %s%.*s", date_format(run.ended_at, text),
                  SLICE_ARG(later));
}

/* Of our own: while it is down nobody is watched, and nobody is blamed. */
static void check_network(struct checking *c)
{
    const struct store_window last = {.limit = 1};
    struct run_list runs;
    struct run_outages outages;
    struct ww_error err = {0};
    char first[DATE_TEXT_BYTES], text[DATE_TEXT_BYTES];
    const int64_t since = clock_now(&c->cli->clock) - OUTAGE_SHOWN_S;

    if (store_list_runs(c->cli->store, SLICE("run"), &last, &c->cli->arena, &runs, &err) != WW_OK ||
        store_run_outages(c->cli->store, since, &outages, &err) != WW_OK)
        check_say(c, CHECK_FAIL, "network", "%s", err.message);
    else if (runs.n_rows > 0 && runs.rows[0].outage != RUN_OUTAGE_NONE)
        check_say(c, CHECK_WARN, "network", "in the last run, %s: %s",
                  date_format(runs.rows[0].started_at, text),
                  health_outage_words(runs.rows[0].outage));
    else if (outages.n_runs > 0)
        check_say(c, CHECK_NOTE, "network", "back; %" PRId64 " run%s could not watch, %s to %s",
                  outages.n_runs, outages.n_runs == 1 ? "" : "s",
                  date_format(outages.first_at, first), date_format(outages.last_at, text));
    else
        check_say(c, CHECK_OK, "network", "no outage of our own in the last week");
}

static void check_feeds(struct checking *c)
{
    struct ww_error err = {0};
    struct store_stats s;
    int64_t n_bad;

    if (store_read_stats(c->cli->store, &s, &err) != WW_OK) {
        check_say(c, CHECK_FAIL, "feeds", "%s", err.message);
        return;
    }
    n_bad = s.n_feeds_failing + s.n_feeds_stale + s.n_feeds_gone;
    if (s.n_feeds_active == 0)
        check_say(c, CHECK_WARN, "feeds", "none: wirewatch feed add URL, or feed import FILE");
    else
        check_say(c, n_bad > 0 ? CHECK_WARN : CHECK_OK, "feeds",
                  "%" PRId64 ": %" PRId64 " in order, %" PRId64 " retrying, %" PRId64
                  " failing, %" PRId64 " stale, %" PRId64 " gone%s",
                  s.n_feeds,
                  s.n_feeds_active - s.n_feeds_retrying - s.n_feeds_failing - s.n_feeds_stale,
                  s.n_feeds_retrying, s.n_feeds_failing, s.n_feeds_stale, s.n_feeds_gone,
                  n_bad > 0 ? "; wirewatch feed list --state bad" : "");
    check_say(c, s.n_pages_quarantined > 0 ? CHECK_WARN : CHECK_OK, "pages",
              "%" PRId64 " wait, %" PRId64 " failed, %" PRId64 " in quarantine", s.n_pages_queued,
              s.n_pages_failed, s.n_pages_quarantined);
}

/* Told, and no more: both may be wanted. */
static void check_twins(struct checking *c)
{
    struct feed_filter filter = {.window = {.limit = ALL_ROWS}, .has_no_children = true};
    struct feed_list list;
    struct feed_twins twins;
    struct ww_error err = {0};

    if (store_list_feeds(c->cli->store, &filter, &c->cli->arena, &list, &err) != WW_OK ||
        feed_twins_find(&list, &c->cli->arena, &twins, &err) != WW_OK)
        check_say(c, CHECK_FAIL, "feeds", "%s", err.message);
    else if (twins.n_rows > 0)
        check_say(c, CHECK_NOTE, "feeds",
                  "%zu seem%s to be one with another: wirewatch feed list --twins", twins.n_rows,
                  twins.n_rows == 1 ? "s" : "");
}

int command_check(struct cli *cli)
{
    static const struct column columns[] = {
        {"level", 0          },
        {"part",  0          },
        {"text",  COLUMN_WIDE}
    };
    struct checking c = {.cli = cli};
    struct watchlist watchlist;

    if (cli->format != FORMAT_HUMAN) {
        c.out = output_open(cli, columns, WW_COUNT(columns));
        if (c.out == NULL)
            return EX_USAGE;
    }
    if (cli_has(cli, OPTION_MAIL)) {
        if (check_config(&c))
            check_mail_now(&c);
    } else if (check_config(&c)) {
        const bool has_list = check_watchlist(&c, &watchlist);

        check_settings_file(&c);
        check_report(&c);

        if (has_list)
            check_owners(&c, &watchlist);
        check_analysts(&c, has_list ? &watchlist : NULL);
        check_rules(&c);
        if (check_database(&c)) {
            check_search(&c);
            check_machines(&c);
            check_runs(&c);
            check_network(&c);
            check_feeds(&c);
            check_twins(&c);
            check_backfills(&c);
            check_archive(&c);
            if (has_list)
                check_coverage(&c, &watchlist);
            check_mail(&c);
            check_outbox(&c);
        }
    }
    if (c.out != NULL)
        (void)output_close(c.out);
    else if (c.n_findings > 0 && !cli_has(cli, OPTION_QUIET))
        (void)fprintf(cli->out, "%d finding%s\n", c.n_findings, c.n_findings == 1 ? "" : "s");
    return c.n_findings > 0 ? EXIT_FINDINGS : EX_OK;
}
