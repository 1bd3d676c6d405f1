/* cmd_article_reextract.c - wirewatch article reextract: kept pages by the rules of today. */
#include "base/url.h"
#include "cli/article_facts.h"
#include "cli/desk.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "crawler/reextract.h"
#include "crawler/site_rules.h"
#include "crawler/workers.h"
#include "storage/store_articles.h"
#include "storage/store_bodies.h"
#include "storage/store_locks.h"

#include <inttypes.h>
#include <sysexits.h>

#define LOCK_WAIT_MS 30000

struct rereading {
    struct cli *cli;
    struct site_rules rules;
    struct output *o;
    struct progress progress;
    struct reextract_summary summary;
    int64_t *ids;
    size_t n_ids;
};

/* ---- which ----------------------------------------------------------------------------------- */

static bool is_of(struct cli *cli, struct slice url, struct slice host)
{
    const struct slice name = url_host(url, &cli->arena);

    return slice_ends(name, host) &&
           (name.len == host.len || name.ptr[name.len - host.len - 1] == '.');
}

static enum ww_status choose_by_filter(struct rereading *r, struct ww_error *err)
{
    struct cli *cli = r->cli;
    const struct store_window window = {
        .since = cli->since, .until = cli->until, .limit = ALL_ROWS};
    struct slice host = {"", 0};
    struct body_list list;
    enum ww_status status = store_list_bodies(cli->store, &window, &cli->arena, &list, err);

    if (status != WW_OK)
        return status;
    if (cli_has(cli, OPTION_HOST))
        host = url_host(arena_printf(&cli->arena, "http://%s/", cli->values[OPTION_HOST]),
                        &cli->arena);
    r->ids = arena_array(&cli->arena, list.n_rows + 1, sizeof(*r->ids));
    for (size_t i = 0; r->ids != NULL && i < list.n_rows; i++)
        if (host.len == 0 || is_of(cli, list.rows[i].url, host))
            r->ids[r->n_ids++] = list.rows[i].article_id;
    return arena_check(&cli->arena, err);
}

/* Of each the newest version: what came of older bytes is not to be read over it. */
static enum ww_status choose_by_name(struct rereading *r, struct ww_error *err)
{
    struct cli *cli = r->cli;
    struct article_row row;
    enum ww_status status = WW_OK;

    r->ids = arena_array(&cli->arena, (size_t)cli->n_words, sizeof(*r->ids));
    if (r->ids == NULL)
        return arena_check(&cli->arena, err);
    for (int i = 0; status == WW_OK && i < cli->n_words; i++) {
        status = article_find(cli, cli->words[i], &row, err);
        if (status == WW_OK)
            status = store_article_by_canonical(cli->store, row.canonical, &cli->arena, &row, err);
        if (status == WW_OK)
            r->ids[r->n_ids++] = row.id;
    }
    return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void put_change(void *context, const struct reextract_change *change)
{
    struct rereading *r = context;

    output_number(r->o, change->article_id);
    if (change->new_id != 0)
        output_number(r->o, change->new_id);
    else
        output_none(r->o);
    output_number(r->o, change->bytes_before);
    output_number(r->o, change->bytes_after);
    output_text(r->o, change->text_source);
    output_text(r->o, change->title);
    output_text(r->o, change->title_before);
    output_text(r->o, change->url);
    output_end_row(r->o);
}

static void show_progress(void *context, const struct reextract_summary *so_far)
{
    struct rereading *r = context;
    char note[40];

    (void)snprintf(note, sizeof(note), "%" PRId64 " changed", so_far->n_changed);
    progress_show(&r->progress, so_far->n_read + so_far->n_not_kept, note);
}

static enum ww_status reread(struct rereading *r, struct ww_error *err)
{
    struct cli *cli = r->cli;
    const struct reextract_options options = {.rules = &r->rules,
                                              .is_dry_run = cli_has(cli, OPTION_DRY_RUN),
                                              .stop = cli->stop,
                                              .changed = put_change,
                                              .progress = show_progress,
                                              .context = r};
    struct workers *workers = NULL;
    enum ww_status status =
        desk_take_lock(cli, LOCK_BACKFILL, cli_lock_wait_ms(cli, LOCK_WAIT_MS), err);

    if (status == WW_OK)
        status = workers_open(cli->forkserver, 0, &workers, err);
    if (status == WW_OK)
        status = reextract_run(&options, cli->store, workers, &cli->clock, &cli->log, r->ids,
                               r->n_ids, &r->summary, err);
    workers_close(workers);
    store_unlock(cli->store, LOCK_BACKFILL);
    return status;
}

static void say_totals(struct rereading *r)
{
    const struct reextract_summary *s = &r->summary;

    cli_say(r->cli,
            "%" PRId64 " page%s read, %" PRId64 " article%s %s, %" PRId64 " without text now",
            s->n_read, s->n_read == 1 ? "" : "s", s->n_changed, s->n_changed == 1 ? "" : "s",
            cli_has(r->cli, OPTION_DRY_RUN) ? "would change" : "changed", s->n_without);
    if (s->n_not_kept > 0)
        cli_say(r->cli, "%" PRId64 " not kept any more: see the setting keep-pages", s->n_not_kept);
    if (s->was_stopped)
        cli_say(r->cli, "stopped; the same command goes on where this one ended");
    else if (s->n_changed > 0 && !cli_has(r->cli, OPTION_DRY_RUN))
        cli_say(r->cli, "what the new texts mention is found by the next  wirewatch run");
}

int command_article_reextract(struct cli *cli)
{
    static const struct column columns[] = {
        {"article",      COLUMN_RIGHT },
        {"new_article",  COLUMN_RIGHT },
        {"bytes_before", COLUMN_RIGHT },
        {"bytes_after",  COLUMN_RIGHT },
        {"text_source",  0            },
        {"title",        COLUMN_WIDE  },
        {"title_before", COLUMN_HIDDEN},
        {"url",          COLUMN_HIDDEN}
    };
    struct rereading r = {.cli = cli};
    struct ww_error err = {0};
    const bool is_filtered =
        cli_has(cli, OPTION_HOST) || cli->since != 0 || cli->until != 0 || cli_has(cli, OPTION_ALL);
    enum ww_status status;

    if ((cli->n_words > 0) == is_filtered)
        return cli_usage(cli, "name articles, or choose by --host, --since, --until or --all");
    progress_begin(&r.progress, cli, 0);
    status = desk_read_rules(cli, &r.rules, &err);
    if (status != WW_OK) {
        (void)cli_fail(cli, status, &err);
        return EX_CONFIG;
    }
    status = cli->n_words > 0 ? choose_by_name(&r, &err) : choose_by_filter(&r, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    r.o = output_open(cli, columns, WW_COUNT(columns));
    if (r.o == NULL)
        return EX_USAGE;
    r.progress.total = (int64_t)r.n_ids;
    status = reread(&r, &err);
    progress_end(&r.progress, r.summary.n_read + r.summary.n_not_kept, "");
    (void)output_close(r.o);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    say_totals(&r);
    return EX_OK;
}
