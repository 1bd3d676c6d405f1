/* cmd_feed_add.c - wirewatch feed add: from an address to a feed that is followed. */
#include "base/date.h"
#include "base/url.h"
#include "cli/cli.h"
#include "cli/feed_fields.h"
#include "cli/feed_found.h"
#include "cli/feed_twins.h"
#include "crawler/workers.h"
#include "storage/store.h"
#include "storage/store_feeds.h"
#include "storage/store_pages.h"

#include <inttypes.h>
#include <sysexits.h>

/* What a selector takes, for a person to judge. */
static void say_links(const struct found_feed *f)
{
    char text[DATE_TEXT_BYTES];

    for (size_t i = 0; i < f->n_shown; i++) {
        (void)fprintf(stderr, "  %-10.10s  ",
                      f->shown[i].at != 0 ? date_format(f->shown[i].at, text) : "no date");
        output_visible(stderr, f->shown[i].title, 0);
        (void)fputs("\n              ", stderr);
        output_visible(stderr, f->shown[i].url, 0);
        (void)fputc('\n', stderr);
    }
    if (f->n_entries > f->n_shown)
        (void)fprintf(stderr, "  and %zu more\n", f->n_entries - f->n_shown);
}

/* As a list for people, on standard error: standard output is for what was asked. */
static void say_found(struct cli *cli, const char *word, const struct found_feeds *found)
{
    FILE *out = cli->out;
    enum format format = cli->format;
    struct output *o;

    if (cli_has(cli, OPTION_QUIET))
        return;
    cli->out = stderr;
    cli->format = FORMAT_HUMAN;
    o = feed_found_open(cli);
    if (o != NULL) {
        feed_found_put(o, word, found);
        (void)output_close(o);
    }
    cli->out = out;
    cli->format = format;
    if (cli_has(cli, OPTION_SELECTOR))
        say_links(&found->rows[0]);
    else if (!cli_has(cli, OPTION_PICK))
        feed_found_explain(cli, found, true);
}

/* The row that --pick names, or the best. */
static enum ww_status choose(const struct cli *cli, const struct found_feeds *found,
                             const struct found_feed **out, struct ww_error *err)
{
    unsigned long long n = found->best + 1;

    if (cli_has(cli, OPTION_PICK) &&
        (!slice_number(slice_from(cli->values[OPTION_PICK]), found->n_rows, &n) || n == 0))
        return ww_fail(err, WW_INVALID, "--pick %s: feeds found: %zu", cli->values[OPTION_PICK],
                       found->n_rows);
    *out = &found->rows[n - 1];
    if ((*out)->status != WW_OK)
        return ww_fail(err, (*out)->status, "%.*s", SLICE_ARG((*out)->problem));
    return WW_OK;
}

/* What the feed and its page say; a value that is no good is left away. */
static enum ww_status make_row(struct cli *cli, const struct found_feeds *found,
                               const struct found_feed *f, struct feed_row *row,
                               struct ww_error *err)
{
    struct arena *a = &cli->arena;
    enum ww_status status;

    *row = (struct feed_row){.added_at = clock_now(&cli->clock)};
    status = feed_field_set(row, FIELD_URL, f->url, a, err);
    if (status != WW_OK)
        return status;
    (void)feed_field_set(row, FIELD_TITLE, f->title.len > 0 ? f->title : found->title, a, NULL);
    (void)feed_field_set(row, FIELD_SITE, found->page.len > 0 ? found->page : f->site, a, NULL);
    (void)feed_field_set(row, FIELD_LANGUAGE, f->language.len > 0 ? f->language : found->language,
                         a, NULL);
    if (cli_has(cli, OPTION_PAUSED))
        row->state = FEED_STATE_PAUSED;
    if (cli_has(cli, OPTION_SELECTOR))
        row->kind = FEED_KIND_PAGE;
    return feed_fields_from_options(cli, row, err);
}

/* ---- feeds that seem to be the same ---------------------------------------------------------- */

static void say_same(const struct cli *cli, const char *why, const struct feed_row *other)
{
    cli_say(cli, "perhaps one feed with f%" PRId64 " %.*s: %s", other->id,
            SLICE_ARG(other->title.len > 0 ? other->title : other->url), why);
}

/* Most of what it brings came from one other feed before. */
static enum ww_status say_shared(struct cli *cli, const struct found_feed *f, int64_t id,
                                 struct ww_error *err)
{
    int64_t feeds[DISCOVER_SHOWN_MAX] = {0};
    size_t n = 0;

    for (size_t i = 0; i < f->n_shown; i++) {
        struct page_row page;
        struct slice canonical;
        enum ww_status status = url_canonical(f->shown[i].url, &cli->arena, &canonical, NULL);

        if (status != WW_OK)
            continue;
        status = store_page_by_canonical(cli->store, canonical, &cli->arena, &page, err);
        if (status != WW_OK && status != WW_NOT_FOUND)
            return status;
        if (status == WW_OK && page.feed_id != 0 && page.feed_id != id)
            feeds[n++] = page.feed_id;
    }
    for (size_t i = 1; i < n; i++)
        if (feeds[i] != feeds[0])
            return WW_OK;
    if (n >= 2 && n * 2 > f->n_shown) {
        struct feed_row other;
        enum ww_status status = store_feed(cli->store, feeds[0], &cli->arena, &other, err);

        if (status != WW_OK)
            return status;
        say_same(cli, "it brings the same articles", &other);
    }
    return WW_OK;
}

static enum ww_status say_twins(struct cli *cli, const struct found_feed *f, int64_t id,
                                struct ww_error *err)
{
    struct feed_filter filter = {.window = {.limit = ALL_ROWS}, .has_no_children = true};
    struct feed_list list;
    struct feed_twins twins = {0};
    struct feed_row own;
    enum ww_status status = store_list_feeds(cli->store, &filter, &cli->arena, &list, err);

    if (status == WW_OK)
        status = feed_twins_find(&list, &cli->arena, &twins, err);
    for (size_t i = 0; i < twins.n_rows; i++)
        if (twins.rows[i].feed->id == id)
            say_same(cli, twins.rows[i].why, twins.rows[i].other);
    if (status == WW_OK && f->self.len > 0) {
        status = store_feed_by_url(cli->store, f->self, &cli->arena, &own, err);
        if (status == WW_OK && own.id != id)
            say_same(cli, "it calls that its own address", &own);
    }
    if (status == WW_OK || status == WW_NOT_FOUND)
        status = say_shared(cli, f, id, err);
    return status;
}

/* ---- adding ---------------------------------------------------------------------------------- */

/* In a transaction, so that a dry run knows as much as a real one. */
static enum ww_status store_row(struct cli *cli, const struct feed_row *row,
                                const struct found_feed *f, struct ww_error *err)
{
    bool is_new;
    int64_t id;
    enum ww_status status = store_add_feed(cli->store, row, &id, &is_new, err);

    if (status != WW_OK)
        return status;
    cli_say(cli, "%s f%" PRId64 " %.*s",
            !is_new                        ? "known"
            : cli_has(cli, OPTION_DRY_RUN) ? "would be added as"
                                           : "added",
            id, SLICE_ARG(row->title.len > 0 ? row->title : row->url));
    if (is_new && row->country.len == 0 && !cli_has(cli, OPTION_DRY_RUN))
        cli_say(cli, "its country is not known; wirewatch feed set f%" PRId64 " --country CC", id);
    if (!is_new)
        cli_say(cli, "what is known of it stays; wirewatch feed set f%" PRId64 " changes it", id);
    return is_new ? say_twins(cli, f, id, err) : WW_OK;
}

static enum ww_status add_one(struct cli *cli, struct workers *workers, const char *word,
                              struct ww_error *err)
{
    const struct found_feed *f = NULL;
    struct found_feeds found;
    struct feed_row row;
    enum ww_status status = feed_found_look(cli, workers, word, &found, err);

    if (status != WW_OK)
        return status;
    say_found(cli, word, &found);
    status = choose(cli, &found, &f, err);
    if (status == WW_OK)
        status = make_row(cli, &found, f, &row, err);
    if (status != WW_OK)
        return status;
    status = store_begin(cli->store, err);
    if (status == WW_OK)
        status = store_row(cli, &row, f, err);
    if (status == WW_OK && !cli_has(cli, OPTION_DRY_RUN))
        return store_commit(cli->store, err);
    store_rollback(cli->store);
    return status;
}

int command_feed_add(struct cli *cli)
{
    struct workers *workers = NULL;
    struct feed_row trial = {0};
    struct ww_error err = {0};
    enum ww_status status;
    int exit_status = EX_OK;

    if (feed_fields_from_options(cli, &trial, &err) != WW_OK)
        return cli_usage(cli, "%s", err.message);
    if (cli_has(cli, OPTION_PICK) && cli->n_words > 1)
        return cli_usage(cli, "--pick is of one address alone");
    status = workers_open(cli->forkserver, 1, &workers, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    /* One address that is no good does not keep the others out. */
    for (int i = 0; i < cli->n_words && status != WW_STORE && status != WW_NOMEM; i++) {
        status = add_one(cli, workers, cli->words[i], &err);
        if (status != WW_OK)
            exit_status = cli_fail(cli, status, &err);
    }
    workers_close(workers);
    return exit_status;
}
