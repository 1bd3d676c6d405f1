/* desk.c - from the settings to the structs that the rooms below want. */
#include "cli/desk.h"

#include "base/limits.h"
#include "crawler/site_rules.h"
#include "storage/store.h"
#include "storage/store_bodies.h"
#include "storage/store_troubles.h"

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
        .keeps_pages = c->keep_pages_s > 0,
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

enum ww_status desk_prune_pages(struct cli *cli, struct ww_error *err)
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

struct slice desk_analysts(struct cli *cli)
{
    struct slice names = SLICE("|");

    for (size_t i = 0; i < cli->config.n_analysts; i++)
        names = arena_printf(&cli->arena, "%.*s%.*s|", SLICE_ARG(names),
                             SLICE_ARG(cli->config.analysts[i].name));
    return names;
}

static bool has_analyst(const struct cli *cli, struct slice name)
{
    for (size_t i = 0; i < cli->config.n_analysts; i++)
        if (slice_equal(cli->config.analysts[i].name, name))
            return true;
    return cli->config.n_analysts == 0; /* a desk without mail: any name is one */
}

enum ww_status desk_find_analyst(struct cli *cli, struct slice *out, struct ww_error *err)
{
    const char *name = cli->values[OPTION_ANALYST];
    struct slice names = {"", 0};

    if (name == NULL && cli->config.n_analysts == 1) {
        *out = cli->config.analysts[0].name;
        return WW_OK;
    }
    *out = slice_from(name);
    if (name != NULL && name[0] != '\0' && has_analyst(cli, *out))
        return WW_OK;
    for (size_t i = 0; i < cli->config.n_analysts; i++)
        names = arena_printf(&cli->arena, "%.*s%s%.*s", SLICE_ARG(names), i > 0 ? ", " : "",
                             SLICE_ARG(cli->config.analysts[i].name));
    if (names.len == 0)
        return ww_fail(err, WW_INVALID, "say who you are: --analyst NAME (the settings name none)");
    if (name == NULL)
        return ww_fail(err, WW_INVALID, "say which analyst: --analyst NAME; the analysts are: %.*s",
                       SLICE_ARG(names));
    return ww_fail(err, WW_INVALID, "no [analyst \"%s\"] in the settings; the analysts are: %.*s",
                   name, SLICE_ARG(names));
}

struct digest_analyst desk_analyst(struct cli *cli, size_t i)
{
    const struct config_analyst *a = &cli->config.analysts[i];

    return (struct digest_analyst){.name = a->name,
                                   .email = a->email,
                                   .timezone =
                                       a->timezone.len > 0 ? a->timezone : cli->config.timezone,
                                   .schedule = a->digest,
                                   .analysts = desk_analysts(cli)};
}

static enum ww_status queue_one(struct cli *cli, const struct digest_analyst *analyst,
                                bool ignore_schedule, size_t *n_digests, struct ww_error *err)
{
    struct digest_sender sender = {.from = cli->config.from, .list_id = cli->config.list_id};
    int64_t now = clock_now(&cli->clock);
    size_t n_told;
    enum ww_status status = ignore_schedule
                                ? digest_queue(cli->store, analyst, &sender, now, &n_told, err)
                                : digest_queue_due(cli->store, analyst, &sender, now, &n_told, err);

    *n_digests += status == WW_OK && n_told > 0;
    return status;
}

enum ww_status desk_queue_digests(struct cli *cli, const char *name, bool ignore_schedule,
                                  size_t *n_digests, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    bool found = name == NULL;

    *n_digests = 0;
    for (size_t i = 0; i < cli->config.n_analysts && status == WW_OK; i++) {
        struct digest_analyst analyst = desk_analyst(cli, i);

        if (name != NULL && !slice_equal(analyst.name, slice_from(name)))
            continue;
        found = true;
        status = queue_one(cli, &analyst, ignore_schedule, n_digests, err);
    }
    if (!found)
        return ww_fail(err, WW_NOT_FOUND, "no [analyst \"%s\"] in %s", name, cli->config_path);
    return status;
}

static enum ww_status mark_troubles(struct cli *cli, struct slice analyst, int64_t now,
                                    struct ww_error *err)
{
    const struct store_window window = {.limit = ALL_ROWS};
    struct trouble_view_list list;
    enum ww_status status =
        store_list_untold_troubles(cli->store, analyst, 0, &window, &cli->arena, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++)
        status = store_mark_trouble_told(cli->store, analyst, &list.rows[i].trouble, now, err);
    return status;
}

enum ww_status desk_mark_told(struct cli *cli, struct ww_error *err)
{
    int64_t now = clock_now(&cli->clock);
    enum ww_status status = store_begin(cli->store, err);

    for (size_t i = 0; i < cli->config.n_analysts && status == WW_OK; i++) {
        struct alert_filter filter = {.window = {.limit = ALL_ROWS},
                                      .history = STORE_LIVE,
                                      .not_told_to = cli->config.analysts[i].name,
                                      .for_analyst = cli->config.analysts[i].name,
                                      .analysts = desk_analysts(cli)};
        struct alert_view_list list;

        status = store_list_alerts(cli->store, &filter, &cli->arena, &list, err);
        for (size_t k = 0; status == WW_OK && k < list.n_rows; k++)
            status = store_mark_told(cli->store, cli->config.analysts[i].name,
                                     list.rows[k].alert.id, now, err);
        if (status == WW_OK)
            status = mark_troubles(cli, cli->config.analysts[i].name, now, err);
    }
    if (status == WW_OK)
        return store_commit(cli->store, err);
    store_rollback(cli->store);
    return status;
}
