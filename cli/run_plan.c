/* run_plan.c - wirewatch run --dry-run: what each part would do, from what is stored. */
#include "cli/run_plan.h"

#include "base/limits.h"
#include "cli/desk.h"
#include "storage/store.h"
#include "storage/store_articles.h"
#include "storage/store_feeds.h"
#include "storage/store_looks.h"
#include "storage/store_outbox.h"
#include "storage/store_pages.h"

#include <sysexits.h>

static enum ww_status plan_crawl(struct cli *cli, struct ww_error *err)
{
    int64_t now = clock_now(&cli->clock);
    struct feed_filter feeds = {.window = {.limit = ALL_ROWS}, .due_by = now};
    struct page_filter pages = {
        .window = {.limit = ALL_ROWS}, .due_by = now, .history = STORE_LIVE};
    struct feed_list feed_list;
    struct page_list page_list;
    struct look_list look_list;
    enum ww_status status = store_list_feeds(cli->store, &feeds, &cli->arena, &feed_list, err);

    if (status == WW_OK)
        status = store_list_pages(cli->store, &pages, &cli->arena, &page_list, err);
    if (status == WW_OK)
        status = store_list_due_looks(cli->store, now, LOOKS_PER_HOST_MAX, LOOKS_PER_RUN_MAX,
                                      &cli->arena, &look_list, err);
    if (status != WW_OK)
        return status;
    (void)fprintf(cli->out, "would ask %zu feeds and %zu pages", feed_list.n_rows,
                  page_list.n_rows);
    if (look_list.n_rows > 0)
        (void)fprintf(cli->out, ", and look at %zu again", look_list.n_rows);
    (void)fputc('\n', cli->out);
    for (size_t i = 0; i < feed_list.n_rows; i++)
        (void)fprintf(cli->out, "  %.*s\n", SLICE_ARG(feed_list.rows[i].url));
    return WW_OK;
}

static enum ww_status plan_alert(struct cli *cli, struct ww_error *err)
{
    const struct article_filter filter = {.window = {.limit = ALL_ROWS}, .is_unscanned = true};
    struct article_list list;
    enum ww_status status = store_list_articles(cli->store, &filter, &cli->arena, &list, err);

    if (status == WW_OK)
        (void)fprintf(cli->out, "would match %zu article%s\n", list.n_rows,
                      list.n_rows == 1 ? "" : "s");
    return status;
}

static enum ww_status plan_analyst(struct cli *cli, size_t i, struct ww_error *err)
{
    const int64_t now = clock_now(&cli->clock);
    struct analyst a;
    size_t n = 0;
    enum ww_status status = desk_analyst(cli, i, &a, err);

    if (status == WW_OK)
        status = plan_count_untold(cli->store, &a, now, &n, err);
    if (status != WW_OK || n == 0)
        return status;
    (void)fprintf(cli->out, "  %.*s: %zu alert%s", SLICE_ARG(a.name), n,
                  n == 1 ? " waits" : "s wait");
    if (!a.is_every_run && a.hours.n_rows > 0)
        (void)fprintf(cli->out, ", next digest %.*s%.*s",
                      SLICE_ARG(desk_moment(cli, &a, plan_next(&a.hours, &a, now))),
                      SLICE_ARG(desk_zone(cli, &a)));
    (void)fputc('\n', cli->out);
    return WW_OK;
}

static enum ww_status plan_deliver(struct cli *cli, struct ww_error *err)
{
    const struct message_filter filter = {.window = {.limit = ALL_ROWS},
                                          .due_by = clock_now(&cli->clock)};
    struct message_list list;
    enum ww_status status;

    if (cli_has(cli, OPTION_NO_SEND)) {
        (void)fputs("would send nothing, and mark what is found as known\n", cli->out);
        return WW_OK;
    }
    status = store_list_messages(cli->store, &filter, &cli->arena, &list, err);
    if (status == WW_OK)
        (void)fprintf(cli->out, "would make the digests that are due, and send %zu message%s\n",
                      list.n_rows, list.n_rows == 1 ? "" : "s");
    for (size_t i = 0; i < cli->config.n_analysts && status == WW_OK; i++)
        status = plan_analyst(cli, i, err);
    return status;
}

int run_plan_show(struct cli *cli, unsigned parts)
{
    struct ww_error err = {0};
    enum ww_status status = WW_OK;

    if ((parts & PART_CRAWL) != 0)
        status = plan_crawl(cli, &err);
    if (status == WW_OK && (parts & PART_ALERT) != 0)
        status = plan_alert(cli, &err);
    if (status == WW_OK && ((parts & PART_DELIVER) != 0 || cli_has(cli, OPTION_NO_SEND)))
        status = plan_deliver(cli, &err);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}
