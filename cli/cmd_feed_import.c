/* cmd_feed_import.c - wirewatch feed import: feeds out of files, each file whole or not at all. */
#include "cli/cli.h"
#include "cli/feed_fields.h"
#include "cli/feed_file.h"
#include "cli/feed_twins.h"
#include "cli/output.h"
#include "crawler/workers.h"
#include "storage/store.h"

#include <inttypes.h>
#include <sysexits.h>

#define TWINS_SHOWN 10

enum import_outcome { IMPORT_NEW, IMPORT_KNOWN, IMPORT_DIFFERS, IMPORT_CHANGED, IMPORT_REPEATED };

static const char *const outcome_names[] = {"new", "known", "differs", "changed", "repeated"};

struct taken {
    int64_t id;
    bool is_new;
};

struct import {
    struct cli *cli;
    struct workers *workers;
    struct output *list; /* NULL: the feeds are not listed one by one */
    struct taken *taken; /* the feeds so far */
    size_t n_taken, room;
    size_t n_outcomes[WW_COUNT(outcome_names)];
    size_t n_left_out;
};

static bool was_taken(const struct import *im, int64_t id, bool only_new)
{
    for (size_t i = 0; i < im->n_taken; i++)
        if (im->taken[i].id == id)
            return !only_new || im->taken[i].is_new;
    return false;
}

static void mark_taken(struct import *im, int64_t id, bool is_new)
{
    struct taken *taken =
        arena_grow(&im->cli->arena, im->taken, im->n_taken, &im->room, sizeof(*taken));

    if (taken == NULL)
        return; /* the arena is marked */
    im->taken = taken;
    taken[im->n_taken++] = (struct taken){id, is_new};
}

/* What the file says of it put over what is known; what it does not mention stays. */
static struct feed_row merge(struct import *im, const struct feed_row *known,
                             const struct filed_feed *feed)
{
    struct feed_row row = *known;
    struct arena *a = &im->cli->arena;

    for (enum feed_field f = 0; f < FEED_FIELD_COUNT; f++)
        if ((feed->said >> f & 1) != 0)
            (void)feed_field_set(&row, f, feed_field_text(&feed->row, f, a), a, NULL);
    return row;
}

/* One that is followed already. */
static enum ww_status meet(struct import *im, const struct feed_row *known,
                           const struct filed_feed *feed, enum import_outcome *outcome,
                           struct slice *changes, struct ww_error *err)
{
    struct feed_row row = merge(im, known, feed);

    *changes = feed_fields_changes(known, &row, &im->cli->arena);
    *outcome = IMPORT_KNOWN;
    if (was_taken(im, known->id, false))
        *outcome = IMPORT_REPEATED;
    else if (changes->len > 0)
        *outcome = cli_has(im->cli, OPTION_UPDATE) ? IMPORT_CHANGED : IMPORT_DIFFERS;
    return *outcome == IMPORT_CHANGED ? store_update_feed(im->cli->store, &row, err) : WW_OK;
}

static enum ww_status add(struct import *im, const struct filed_feed *feed, bool is_back,
                          int64_t *id, struct ww_error *err)
{
    struct feed_row row = feed->row, known;
    bool is_new;
    enum ww_status status = store_add_feed(im->cli->store, &row, id, &is_new, err);

    if (status != WW_OK || !is_back)
        return status;
    /* Back after it was removed: what was said of it then, and what the file says now. */
    status = store_feed(im->cli->store, *id, &im->cli->arena, &known, err);
    if (status != WW_OK)
        return status;
    row = merge(im, &known, feed);
    return store_update_feed(im->cli->store, &row, err);
}

static void list_feed(struct import *im, const struct filed_feed *feed, int64_t id,
                      enum import_outcome outcome, struct slice changes)
{
    if (im->list == NULL)
        return;
    output_string(im->list, outcome_names[outcome]);
    if (was_taken(im, id, true))
        output_none(im->list); /* its number is not sure before it is there */
    else
        output_number(im->list, id);
    output_text(im->list, feed->row.title);
    output_text(im->list, feed->row.folder);
    output_text(im->list, changes);
    output_text(im->list, feed->row.url);
    output_end_row(im->list);
}

/* Readers that let a feed stand in two folders write it twice. */
static void say_repeated(const struct import *im, const struct filed_feed *feed, const char *path,
                         struct slice changes)
{
    struct slice where = slice_from(path);

    if (feed->line > 0)
        where = arena_printf(&im->cli->arena, "%s:%zu", path, feed->line);
    cli_say(im->cli, "%.*s: %.*s stands there twice; the first counts%s%.*s", SLICE_ARG(where),
            SLICE_ARG(feed->row.url), changes.len > 0 ? ", so not " : "", SLICE_ARG(changes));
}

static enum ww_status take(struct import *im, const struct filed_feed *feed, const char *path,
                           struct ww_error *err)
{
    enum import_outcome outcome = IMPORT_NEW;
    struct slice changes = {"", 0};
    struct feed_row known = {0};
    int64_t id;
    enum ww_status status =
        store_feed_by_url(im->cli->store, feed->row.url, &im->cli->arena, &known, err);
    bool is_back = status == WW_OK && known.state == FEED_STATE_REMOVED;

    id = known.id;
    if (status == WW_OK && !is_back)
        status = meet(im, &known, feed, &outcome, &changes, err);
    else if (status == WW_OK || status == WW_NOT_FOUND)
        status = add(im, feed, is_back, &id, err);
    if (status != WW_OK)
        return status;
    if (outcome == IMPORT_REPEATED)
        say_repeated(im, feed, path, changes);
    else
        mark_taken(im, id, outcome == IMPORT_NEW);
    im->n_outcomes[outcome]++;
    list_feed(im, feed, id, outcome, changes);
    return arena_check(&im->cli->arena, err);
}

static enum ww_status take_file(struct import *im, const char *path, struct ww_error *err)
{
    struct feed_file file;
    enum ww_status status = feed_file_read(im->cli, im->workers, path, &file, err);

    for (size_t i = 0; i < file.n_rows && status == WW_OK; i++)
        status = take(im, &file.rows[i], path, err);
    im->n_left_out += file.n_left_out;
    return status;
}

/* New feeds that seem to be one with another. */
static enum ww_status say_twins(struct import *im, struct ww_error *err)
{
    struct feed_filter filter = {.window = {.limit = ALL_ROWS}, .has_no_children = true};
    struct feed_list list;
    struct feed_twins twins = {0};
    size_t n = 0;
    enum ww_status status = store_list_feeds(im->cli->store, &filter, &im->cli->arena, &list, err);

    if (status == WW_OK)
        status = feed_twins_find(&list, &im->cli->arena, &twins, err);
    for (size_t i = 0; i < twins.n_rows && status == WW_OK; i++) {
        const struct feed_twin *t = &twins.rows[i];

        if ((was_taken(im, t->feed->id, true) || was_taken(im, t->other->id, true)) &&
            n++ < TWINS_SHOWN)
            cli_say(im->cli, "perhaps one feed (%s): %.*s and %.*s", t->why,
                    SLICE_ARG(t->other->url), SLICE_ARG(t->feed->url));
    }
    if (n > TWINS_SHOWN)
        cli_say(im->cli, "%zu more pairs: wirewatch feed list --twins", n - TWINS_SHOWN);
    return status;
}

static void say_sum(const struct import *im)
{
    const struct cli *cli = im->cli;
    const size_t *n = im->n_outcomes;
    size_t n_known = n[IMPORT_KNOWN] + n[IMPORT_DIFFERS] + n[IMPORT_CHANGED];

    cli_say(cli, "%s%zu new, %zu known (%zu changed), %zu repeated, %zu left out",
            cli_has(cli, OPTION_DRY_RUN) ? "nothing done; it would be: " : "", n[IMPORT_NEW],
            n_known, n[IMPORT_CHANGED], n[IMPORT_REPEATED], im->n_left_out);
    if (n[IMPORT_DIFFERS] > 0)
        cli_say(cli,
                "of %zu known feed%s the file says something else: --dry-run lists it, "
                "--update takes it",
                n[IMPORT_DIFFERS], n[IMPORT_DIFFERS] == 1 ? "" : "s");
}

static bool open_list(struct import *im)
{
    static const struct column columns[] = {
        {"outcome", 0           },
        {"id",      COLUMN_RIGHT},
        {"title",   COLUMN_WIDE },
        {"folder",  0           },
        {"changes", COLUMN_WIDE },
        {"url",     COLUMN_WIDE }
    };

    if (!cli_has(im->cli, OPTION_DRY_RUN))
        return true;
    im->list = output_open(im->cli, columns, WW_COUNT(columns));
    return im->list != NULL;
}

int command_feed_import(struct cli *cli)
{
    struct import im = {.cli = cli};
    struct ww_error err = {0};
    enum ww_status status;

    if (!open_list(&im))
        return EX_USAGE;
    /* All the files or none: a mistake in the third leaves nothing half done. */
    status = workers_open(cli->forkserver, 1, &im.workers, &err);
    if (status == WW_OK)
        status = store_begin(cli->store, &err);
    for (int i = 0; i < cli->n_words && status == WW_OK; i++)
        status = take_file(&im, cli->words[i], &err);
    if (status == WW_OK)
        status = say_twins(&im, &err);
    if (status == WW_OK && !cli_has(cli, OPTION_DRY_RUN))
        status = store_commit(cli->store, &err);
    else
        store_rollback(cli->store);
    workers_close(im.workers);
    if (status != WW_OK) {
        store_rollback(cli->store);
        return cli_fail(cli, status, &err);
    }
    if (im.list != NULL)
        (void)output_close(im.list);
    say_sum(&im);
    return EX_OK;
}
