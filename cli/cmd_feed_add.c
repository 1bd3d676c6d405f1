/* cmd_feed_add.c - wirewatch feed add: from an address to a feed that is followed. */
#include "base/date.h"
#include "base/url.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "crawler/discover.h"
#include "crawler/workers.h"
#include "storage/store.h"
#include "storage/store_feeds.h"

#include <inttypes.h>
#include <sysexits.h>

/* ---- add ------------------------------------------------------------------------------------- */

static void say_found(struct cli *cli, const struct found_feeds *found)
{
    char text[DATE_TEXT_BYTES];

    if (found->n_rows > 1)
        cli_say(cli, "found %zu feeds, the first is taken:", found->n_rows);
    for (size_t i = 0; i < found->n_rows && !cli_has(cli, OPTION_QUIET); i++) {
        const struct found_feed *f = &found->rows[i];

        (void)fprintf(stderr, "  %zu  ", i + 1);
        output_visible(stderr, f->url, 0);
        (void)fprintf(stderr, "  %s  %zu entries%s%.16s%s\n", f->format, f->n_entries,
                      f->newest_at != 0 ? ", newest " : "",
                      f->newest_at != 0 ? date_format(f->newest_at, text) : "",
                      f->n_entries > 0 && f->n_full_text == f->n_entries ? ", full text" : "");
    }
}

static enum ww_status add_row(struct cli *cli, const struct feed_row *row, struct ww_error *err)
{
    bool is_new;
    int64_t id;
    enum ww_status status = store_add_feed(cli->store, row, &id, &is_new, err);

    if (status == WW_OK && !cli_has(cli, OPTION_QUIET)) {
        (void)fprintf(stderr, "%s f%" PRId64 " ", is_new ? "added" : "known", id);
        output_visible(stderr, row->title.len > 0 ? row->title : row->url, 0);
        (void)fputc('\n', stderr);
    }
    return status;
}

static enum ww_status add_one(struct cli *cli, struct workers *workers, const char *word,
                              struct ww_error *err)
{
    struct crawl_options options = desk_crawl_options(cli);
    struct slice url = slice_from(word);
    struct found_feeds found;
    struct feed_row row;
    enum ww_status status;

    if (!slice_contains(url, SLICE("://")))
        url = arena_printf(&cli->arena, "https://%s", word);
    if (!url_is_fetchable(url))
        return ww_fail(err, WW_INVALID, "%s is no http or https address", word);
    status = discover_feeds(&options, url, workers, &cli->arena, &found, err);
    if (status != WW_OK)
        return status;
    say_found(cli, &found);
    row = (struct feed_row){.url = found.rows[0].url,
                            .title = found.rows[0].title,
                            .outlet = found.rows[0].title,
                            .language = found.rows[0].language,
                            .added_at = clock_now(&cli->clock)};
    if (cli_has(cli, OPTION_TITLE))
        row.title = row.outlet = slice_from(cli->values[OPTION_TITLE]);
    if (cli_has(cli, OPTION_COUNTRY))
        row.country = slice_from(cli->values[OPTION_COUNTRY]);
    if (cli_has(cli, OPTION_LANGUAGE))
        row.language = slice_from(cli->values[OPTION_LANGUAGE]);
    if (cli_has(cli, OPTION_DRY_RUN))
        return WW_OK;
    status = store_begin(cli->store, err);
    if (status == WW_OK)
        status = add_row(cli, &row, err);
    if (status == WW_OK)
        return store_commit(cli->store, err);
    store_rollback(cli->store);
    return status;
}

int command_feed_add(struct cli *cli)
{
    struct workers *workers = NULL;
    struct ww_error err = {0};
    enum ww_status status = workers_open(cli->forkserver, 1, &workers, &err);

    for (int i = 0; i < cli->n_words && status == WW_OK; i++) {
        status = add_one(cli, workers, cli->words[i], &err);
        if (status != WW_OK)
            (void)ww_context(&err, status, "%s", cli->words[i]);
    }
    workers_close(workers);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}
