/* desk.c - from the settings to the structs that the rooms below want. */
#include "cli/desk.h"

#include "alerts/mail/secret.h"
#include "base/database_name.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/zone.h"
#include "cli/database.h"
#include "crawler/site_rules.h"
#include "storage/archive.h"
#include "storage/archive_upload.h"
#include "storage/bucket.h"
#include "storage/store.h"
#include "storage/store_bodies.h"
#include "storage/store_outbox.h"
#include "storage/store_runs.h"

#include <assert.h>
#include <string.h>

#define LOCK_STEP_MS 500

struct crawl_options desk_crawl_options(struct cli *cli)
{
    const struct config *c = &cli->config;

    return (struct crawl_options){
        .contact = arena_string(&cli->arena, c->contact),
        .proxy = c->proxy.len > 0 ? arena_string(&cli->arena, c->proxy) : NULL,
        .ca_file = c->ca_file.len > 0 ? arena_string(&cli->arena, c->ca_file) : NULL,
        .allowed = c->allow.ranges,
        .n_allowed = c->allow.n_ranges,
        .min_interval_s = c->feed_interval_s,
        .first_read_s = c->first_read_s,
        .host_delay_ms = c->host_interval_s * 1000,
        .transfer_timeout_ms = c->timeout_s * 1000,
        .body_max_bytes = c->max_body_bytes,
        .in_flight_max = (size_t)c->in_flight,
        .keeps_pages = c->keep_pages_s > 0 || c->archive_keep != ARCHIVE_NONE,
        .obeys_robots_for_feeds = c->robots_for_feeds == ANSWER_YES,
        .stop = cli->stop};
}

enum ww_status desk_read_rules(struct cli *cli, struct site_rules *out, struct ww_error *err)
{
    const char *path = arena_string(&cli->arena, cli->config.site_rules);
    enum ww_status status = WW_NOT_FOUND;

    *out = (struct site_rules){0};
    if (path != NULL && path[0] != '\0')
        status = site_rules_read(path, &cli->arena, out, err);
    return status == WW_NOT_FOUND ? WW_OK : status;
}

enum ww_status desk_take_lock(struct cli *cli, enum lock_kind kind, int64_t wait_ms,
                              struct ww_error *err)
{
    enum ww_status status;

    do {
        const int64_t step_ms = wait_ms < LOCK_STEP_MS ? wait_ms : LOCK_STEP_MS;

        status = store_lock(cli->store, kind, step_ms, clock_now(&cli->clock), err);
        wait_ms -= step_ms;
    } while (status == WW_CONFLICT && wait_ms > 0 && *cli->stop == 0);
    return status;
}

enum ww_status desk_take_alerts(struct cli *cli, struct ww_error *err)
{
    const int64_t wait_ms = cli_lock_wait_ms(cli, 0);
    enum ww_status status = desk_take_lock(cli, LOCK_RUN, wait_ms, err);

    return status == WW_OK ? desk_take_lock(cli, LOCK_ALERTS, wait_ms, err) : status;
}

void desk_leave_alerts(struct cli *cli)
{
    if (cli->store == NULL)
        return;
    store_unlock(cli->store, LOCK_ALERTS);
    store_unlock(cli->store, LOCK_RUN);
}

const char *desk_archive_folder(struct cli *cli, const char *db_path)
{
    if (cli->config.archive_directory.len > 0)
        return arena_string(&cli->arena, cli->config.archive_directory);
    return database_is_address(slice_from(db_path)) ? environment_archive(&cli->arena) : NULL;
}

static enum ww_status read_secret(void *context, char *out, struct ww_error *err)
{
    struct cli *cli = context;
    struct secret_source source = secret_bucket(&cli->config);
    struct secret secret;
    enum ww_status status;

    if (source.credentials.len == 0)
        source.credentials = environment_credentials();
    status = secret_read(&source, &secret, err);
    if (status == WW_OK)
        memcpy(out, secret.text, sizeof(secret.text));
    secret_wipe(&secret);
    return status;
}

const struct bucket_options *desk_bucket(struct cli *cli)
{
    const struct config *c = &cli->config;
    struct bucket_options *out = arena_alloc(&cli->arena, sizeof(*out));

    static_assert(sizeof(((struct secret *)NULL)->text) <= BUCKET_SECRET_BYTES, "no room");
    if (c->s3.len == 0 || out == NULL)
        return NULL;
    *out = (struct bucket_options){
        .url = arena_string(&cli->arena, c->s3),
        .region = arena_string(&cli->arena, c->s3_region),
        .key_id = arena_string(&cli->arena, c->s3_key),
        .ca_file = c->ca_file.len > 0 ? arena_string(&cli->arena, c->ca_file) : NULL,
        .proxy = c->proxy.len > 0 ? arena_string(&cli->arena, c->proxy) : NULL,
        .agent = "wirewatch/" WW_VERSION,
        .secret = read_secret,
        .context = cli,
        .stop = cli->stop};
    return out;
}

static void log_failure(void *context, const char *words)
{
    log_event(&((struct cli *)context)->log, LOG_WARN, "archive", "error=%s", words);
}

void desk_send_archive(struct cli *cli)
{
    const struct archive_upload_options options = {.keeps_local =
                                                       cli->config.keep_local == ANSWER_YES,
                                                   .now = clock_now(&cli->clock),
                                                   .log = &cli->log,
                                                   .failed = log_failure,
                                                   .context = cli,
                                                   .stop = cli->stop};
    struct archive_upload_summary summary;
    struct ww_error err = {0};

    if (cli->config.s3.len == 0 || *cli->stop != 0)
        return;
    if (archive_upload(cli->store, &options, &summary, &err) != WW_OK)
        log_event(&cli->log, LOG_WARN, "archive", "error=%s: the next run sends it", err.message);
}

static enum ww_status prune_pages(struct cli *cli, struct ww_error *err)
{
    const int64_t before = clock_now(&cli->clock) - cli->config.keep_pages_s;
    enum ww_status status = WW_OK;
    size_t n = PRUNE_BATCH_PAGES;

    for (int i = 0; i < PRUNE_BATCHES_MAX && n == PRUNE_BATCH_PAGES && *cli->stop == 0; i++) {
        status = store_begin(cli->store, err);
        if (status == WW_OK)
            status = store_prune_bodies(cli->store, before, PRUNE_BATCH_PAGES, &n, err);
        if (status == WW_OK)
            status = store_commit(cli->store, err);
        if (status != WW_OK) {
            store_rollback(cli->store);
            break;
        }
        log_event(&cli->log, LOG_DEBUG, "pages", "pruned=%zu", n);
    }
    return status;
}

enum ww_status desk_keep_pages(struct cli *cli, struct ww_error *err)
{
    const struct config *c = &cli->config;
    const struct archive_options options = {.wants_all = c->archive_keep == ARCHIVE_ALL,
                                            .drops_rest = c->keep_pages_s == 0,
                                            .now = clock_now(&cli->clock),
                                            .log = &cli->log,
                                            .stop = cli->stop};
    struct archive_summary summary;
    enum ww_status status = WW_OK;

    if (c->archive_keep != ARCHIVE_NONE)
        status = archive_keep(cli->store, &options, &summary, err);
    /* With the archive and keep-pages 0, those that pass 2 has not seen still wait for it. */
    if (status != WW_OK || (c->archive_keep != ARCHIVE_NONE && c->keep_pages_s == 0))
        return status;
    return prune_pages(cli, err);
}

enum ww_status desk_prune_requests(struct cli *cli, struct ww_error *err)
{
    const int64_t before = clock_now(&cli->clock) - REQUESTS_KEPT_S;
    enum ww_status status = store_begin(cli->store, err);

    if (status == WW_OK)
        status = store_prune_requests(cli->store, before, PRUNE_BATCH_REQUESTS, err);
    if (status == WW_OK)
        status = store_commit(cli->store, err);
    if (status != WW_OK)
        store_rollback(cli->store);
    return status;
}

static bool has_analyst(const struct cli *cli, struct slice name)
{
    for (size_t i = 0; i < cli->config.n_analysts; i++)
        if (slice_equal(cli->config.analysts[i].name, name))
            return true;
    return cli->config.n_analysts == 0; /* a desk without mail: any name is one */
}

static struct slice analyst_list(struct cli *cli)
{
    struct slice names = {"", 0};

    for (size_t i = 0; i < cli->config.n_analysts; i++)
        names = arena_printf(&cli->arena, "%.*s%s%.*s", SLICE_ARG(names), i > 0 ? ", " : "",
                             SLICE_ARG(cli->config.analysts[i].name));
    return names;
}

enum ww_status desk_fail_analyst(struct cli *cli, const char *name, struct ww_error *err)
{
    const struct slice names = analyst_list(cli);
    struct nearest near;

    nearest_init(&near, slice_from(name));
    for (size_t i = 0; i < cli->config.n_analysts; i++)
        nearest_try(&near, arena_string(&cli->arena, cli->config.analysts[i].name));
    if (near.best != NULL)
        return ww_fail(err, WW_NOT_FOUND, "no [analyst \"%s\"] in %s; did you mean %s?", name,
                       cli->config_path, near.best);
    return ww_fail(err, WW_NOT_FOUND, "no [analyst \"%s\"] in %s%s%.*s", name, cli->config_path,
                   names.len > 0 ? "; the analysts are: " : "", SLICE_ARG(names));
}

enum ww_status desk_check_named(struct cli *cli, struct ww_error *err)
{
    const char *name = cli->values[OPTION_ANALYST];
    const struct message_filter filter = {.window = {.limit = 1}, .analyst = slice_from(name)};
    struct message_list messages;
    enum ww_status status;

    if (name == NULL || name[0] == '\0')
        return WW_OK;
    for (size_t i = 0; i < cli->config.n_analysts; i++)
        if (slice_equal(cli->config.analysts[i].name, slice_from(name)))
            return WW_OK;
    status = store_list_messages(cli->store, &filter, &cli->arena, &messages, err);
    if (status != WW_OK || messages.n_rows > 0)
        return status;
    return desk_fail_analyst(cli, name, err);
}

enum ww_status desk_find_analyst(struct cli *cli, struct slice *out, struct ww_error *err)
{
    const char *name = cli->values[OPTION_ANALYST];
    const struct slice names = analyst_list(cli);

    if (name == NULL && cli->config.n_analysts == 1) {
        *out = cli->config.analysts[0].name;
        return WW_OK;
    }
    *out = slice_from(name);
    if (name != NULL && name[0] != '\0' && has_analyst(cli, *out))
        return WW_OK;
    if (names.len == 0)
        return ww_fail(err, WW_INVALID, "say who you are: --analyst NAME (the settings name none)");
    if (name == NULL)
        return ww_fail(err, WW_INVALID, "say which analyst: --analyst NAME; the analysts are: %.*s",
                       SLICE_ARG(names));
    return desk_fail_analyst(cli, name, err);
}

enum ww_status desk_analyst(struct cli *cli, size_t i, struct analyst *out, struct ww_error *err)
{
    return analyst_read(&cli->config, i, &cli->arena, out, err);
}

struct slice desk_moment(struct cli *cli, const struct analyst *analyst, int64_t at)
{
    char date[DATE_TEXT_BYTES];

    (void)date_format(at + zone_offset_s(analyst->timezone, at), date);
    return arena_printf(&cli->arena, "%.10s %.5s", date, date + 11);
}

struct slice desk_zone(struct cli *cli, const struct analyst *analyst)
{
    if (slice_equal(analyst->timezone, cli->config.timezone))
        return SLICE("");
    return arena_printf(&cli->arena, " (%.*s)", SLICE_ARG(analyst->timezone));
}

enum ww_status desk_check_analysts(struct cli *cli, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < cli->config.n_analysts && status == WW_OK; i++) {
        struct analyst analyst;

        status = desk_analyst(cli, i, &analyst, err);
    }
    return status;
}

struct letter_sender desk_sender(const struct cli *cli)
{
    const struct config *c = &cli->config;

    return (struct letter_sender){.from = c->from,
                                  .list_id = c->list_id,
                                  .unsubscribe = c->unsubscribe,
                                  .unsubscribe_url = c->unsubscribe_url,
                                  .report_url = c->report_url,
                                  .has_pages = c->report_html.len > 0};
}

static enum ww_status queue_one(struct cli *cli, size_t i, bool ignore_schedule,
                                struct plan_summary *out, struct ww_error *err)
{
    const struct letter_sender sender = desk_sender(cli);
    const int64_t now = clock_now(&cli->clock);
    struct analyst analyst;
    enum ww_status status = store_keep(cli->store, err);

    if (status == WW_OK)
        status = desk_analyst(cli, i, &analyst, err);
    if (status != WW_OK)
        return status;
    status = ignore_schedule ? plan_queue_now(cli->store, &analyst, &sender, now, out, err)
                             : plan_queue_due(cli->store, &analyst, &sender, now, out, err);
    return status == WW_OK ? WW_OK
                           : ww_context(err, status, "analyst \"%.*s\"", SLICE_ARG(analyst.name));
}

enum ww_status desk_queue_digests(struct cli *cli, const char *name, bool ignore_schedule,
                                  struct plan_summary *out, struct ww_error *err)
{
    enum ww_status first = WW_OK;
    bool found = name == NULL;

    *out = (struct plan_summary){0};
    for (size_t i = 0; i < cli->config.n_analysts && *cli->stop == 0; i++) {
        struct ww_error one = {0};
        enum ww_status status;

        if (name != NULL && !slice_equal(cli->config.analysts[i].name, slice_from(name)))
            continue;
        found = true;
        status = queue_one(cli, i, ignore_schedule, out, &one);
        if (status == WW_OK)
            continue;
        log_event(&cli->log, LOG_ERROR, "digest", "analyst=%.*s %s",
                  SLICE_ARG(cli->config.analysts[i].name), one.message);
        if (first == WW_OK)
            *err = one;
        first = first == WW_OK ? status : first;
        if (status == WW_AWAY || status == WW_CONFLICT)
            return status; /* it is nobody's own trouble */
    }
    if (!found)
        return desk_fail_analyst(cli, name, err);
    return first;
}

struct slice desk_plan_words(struct cli *cli, const struct plan_summary *n)
{
    const struct {
        size_t n;
        const char *one, *many;
    } kinds[] = {
        {n->n_digests,   "digest",         "digests"         },
        {n->n_immediate, "immediate mail", "immediate mails" },
        {n->n_weekly,    "weekly summary", "weekly summaries"},
        {n->n_quiet,     "\"all quiet\"",  "\"all quiet\""   },
    };
    struct slice words = {"", 0};

    for (size_t i = 0; i < WW_COUNT(kinds); i++)
        if (kinds[i].n > 0)
            words = arena_printf(&cli->arena, "%.*s%s%zu %s", SLICE_ARG(words),
                                 words.len > 0 ? ", " : "", kinds[i].n,
                                 kinds[i].n == 1 ? kinds[i].one : kinds[i].many);
    return words.len > 0 ? words : SLICE("no message");
}

enum ww_status desk_mark_found(struct cli *cli, const struct plan_before *before,
                               struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < cli->config.n_analysts && status == WW_OK; i++) {
        struct analyst analyst;

        status = desk_analyst(cli, i, &analyst, err);
        if (status == WW_OK)
            status = plan_mark_found(cli->store, &analyst, before, clock_now(&cli->clock), err);
    }
    return status;
}
