/* cmd_feed_set.c - wirewatch feed set, pause, resume, remove: what a person changes of a feed. */
#include "cli/cli.h"
#include "cli/feed_fields.h"
#include "storage/store_feeds.h"

#include <inttypes.h>
#include <sysexits.h>

/* What was done to each, said once it is: of a transaction that was rolled back nothing is true. */
static int finish(struct cli *cli, const struct slice *said, enum ww_status status,
                  struct ww_error *err)
{
    if (status == WW_OK)
        status = store_commit(cli->store, err);
    if (status != WW_OK) {
        store_rollback(cli->store);
        return cli_fail(cli, status, err);
    }
    for (int i = 0; i < cli->n_words; i++)
        cli_say(cli, "%.*s", SLICE_ARG(said[i]));
    return EX_OK;
}

/* ---- set ------------------------------------------------------------------------------------- */

/* A page is what a selector makes one; the outlet follows a title that was also its name. */
static enum ww_status change(struct cli *cli, struct feed_row *f, struct ww_error *err)
{
    struct feed_row before = *f;
    enum ww_status status = feed_fields_from_options(cli, f, err);

    if (status != WW_OK)
        return status;
    if (cli_has(cli, OPTION_SELECTOR))
        f->kind = f->selector.len > 0 ? FEED_KIND_PAGE : FEED_KIND_FEED;
    if (!cli_has(cli, OPTION_OUTLET) && before.outlet.len > 0 &&
        slice_equal(before.outlet, before.title))
        f->outlet = f->title;
    return WW_OK;
}

/* Nothing to try again later: two feeds of one address cannot be. */
static enum ww_status explain_conflict(struct cli *cli, const struct feed_row *f,
                                       struct ww_error *err)
{
    struct feed_row other;
    enum ww_status status;

    /* A transaction in which something failed answers nothing more, on some stores. */
    store_rollback(cli->store);
    status = feed_find(cli, arena_string(&cli->arena, f->url), &other, err);
    if (status != WW_OK)
        return status;
    return ww_fail(err, WW_INVALID,
                   "f%" PRId64 " has the address %.*s; wirewatch feed remove f%" PRId64
                   " lets this one go",
                   other.id, SLICE_ARG(f->url), f->id);
}

static enum ww_status set_one(struct cli *cli, const char *word, struct slice *said,
                              struct ww_error *err)
{
    struct feed_row before = {0}, after;
    struct slice changes;
    enum ww_status status = feed_find(cli, word, &before, err);

    after = before;
    if (status == WW_OK)
        status = change(cli, &after, err);
    if (status != WW_OK)
        return status;
    changes = feed_fields_changes(&before, &after, &cli->arena);
    if (changes.len > 0 && !cli_has(cli, OPTION_DRY_RUN))
        status = store_update_feed(cli->store, &after, err);
    if (status == WW_CONFLICT)
        return explain_conflict(cli, &after, err);
    *said = arena_printf(&cli->arena, "f%" PRId64 " %.*s: %.*s", before.id,
                         SLICE_ARG(before.title.len > 0 ? before.title : before.url),
                         SLICE_ARG(changes.len > 0 ? changes : SLICE("nothing to change")));
    return status;
}

int command_feed_set(struct cli *cli)
{
    struct slice *said = arena_array(&cli->arena, (size_t)cli->n_words, sizeof(*said));
    struct feed_row trial = {0};
    struct ww_error err = {0};
    enum ww_status status;
    bool says_something = false;

    for (size_t i = 0; i < WW_COUNT(cli->command->options); i++) {
        enum option_id id = cli->command->options[i];

        says_something |= id > OPTION_GLOBAL_LAST && id != OPTION_DRY_RUN && cli_has(cli, id);
    }
    if (!says_something)
        return cli_usage(cli, "set what? --title, --country, --tags ...");
    if (cli_has(cli, OPTION_URL) && cli->n_words > 1)
        return cli_usage(cli, "--url is of one feed alone");
    if (feed_fields_from_options(cli, &trial, &err) != WW_OK)
        return cli_usage(cli, "%s", err.message);
    status = said == NULL ? arena_check(&cli->arena, &err) : store_begin(cli->store, &err);
    for (int i = 0; i < cli->n_words && status == WW_OK; i++)
        status = set_one(cli, cli->words[i], &said[i], &err);
    return finish(cli, said, status, &err);
}

/* ---- changes of state ------------------------------------------------------------------------ */

static int set_state(struct cli *cli, enum feed_state state)
{
    struct slice *said = arena_array(&cli->arena, (size_t)cli->n_words, sizeof(*said));
    struct ww_error err = {0};
    enum ww_status status =
        said == NULL ? arena_check(&cli->arena, &err) : store_begin(cli->store, &err);

    for (int i = 0; i < cli->n_words && status == WW_OK; i++) {
        struct feed_row f;

        status = feed_find(cli, cli->words[i], &f, &err);
        if (status != WW_OK)
            break;
        /* One that is active and fails begins anew as well: what it was is forgotten in between. */
        if (state == FEED_STATE_ACTIVE && f.state == state) {
            f.state = FEED_STATE_PAUSED;
            status = store_update_feed(cli->store, &f, &err);
        }
        f.state = state;
        if (status == WW_OK)
            status = store_update_feed(cli->store, &f, &err);
        said[i] = arena_printf(&cli->arena, "%s f%" PRId64 " %.*s", feed_state_name(state), f.id,
                               SLICE_ARG(f.title.len > 0 ? f.title : f.url));
    }
    return finish(cli, said, status, &err);
}

int command_feed_pause(struct cli *cli)
{
    return set_state(cli, FEED_STATE_PAUSED);
}

int command_feed_resume(struct cli *cli)
{
    return set_state(cli, FEED_STATE_ACTIVE);
}

int command_feed_remove(struct cli *cli)
{
    return set_state(cli, FEED_STATE_REMOVED);
}
