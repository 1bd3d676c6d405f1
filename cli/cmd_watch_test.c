/* cmd_watch_test.c - wirewatch watch test: what a query, an item or a list finds in the archive. */
#include "alerts/query.h"
#include "alerts/scan_try.h"
#include "base/buf.h"
#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/progress.h"

#include <inttypes.h>
#include <sysexits.h>

#define HITS_SHOWN 10
#define OVERLAPS_SHOWN 8
#define DAY_S 86400

/* ---- what is tried --------------------------------------------------------------------------- */

static int say_query_error(const char *query, size_t at, const struct ww_error *err)
{
    struct buf b;

    buf_init(&b, 4096);
    query_show_place(slice_from(query), at, &b);
    (void)fprintf(stderr, "wirewatch: the query: %s\n%.*s", err->message, SLICE_ARG(buf_slice(&b)));
    buf_release(&b);
    return EX_USAGE;
}

static int find_item(struct cli *cli, const struct watchlist *w, const struct watch_item **item)
{
    const char *wanted = cli->values[OPTION_ITEM];
    struct nearest near;

    nearest_init(&near, slice_from(wanted));
    for (size_t i = 0; i < w->n_items; i++) {
        if (slice_equal(w->items[i].id, slice_from(wanted))) {
            *item = &w->items[i];
            return EX_OK;
        }
        nearest_try(&near, arena_string(&cli->arena, w->items[i].id));
    }
    (void)fprintf(stderr, "wirewatch: no item %s in the list%s%s\n", wanted,
                  near.best != NULL ? "; did you mean " : "", near.best != NULL ? near.best : "");
    return EX_NOINPUT;
}

/* The list, and of it the item that was asked for; 0, or an exit status. */
static int choose(struct cli *cli, struct watchlist *w, const struct watch_item **item)
{
    const char *folder = cli_has(cli, OPTION_LIST)
                             ? cli->values[OPTION_LIST]
                             : arena_string(&cli->arena, cli->config.watchlist);
    struct ww_error err = {0};
    size_t error_at = 0;
    enum ww_status status;

    *item = NULL;
    if (cli->n_words == 0 && !cli_has(cli, OPTION_ITEM) && !cli_has(cli, OPTION_LIST))
        return cli_usage(cli, "try what? A query, --item ID or --list DIR");
    if (cli->n_words > 0 && cli_has(cli, OPTION_ITEM))
        return cli_usage(cli, "a query or --item, not both");
    status = watchlist_read(folder, &cli->arena, w, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (cli_has(cli, OPTION_ITEM))
        return find_item(cli, w, item);
    if (cli->n_words == 0)
        return EX_OK;
    status = scan_try_query(w, slice_from(cli->words[0]), &cli->arena, item, &error_at, &err);
    if (status == WW_INVALID || status == WW_TOO_BIG)
        return say_query_error(cli->words[0], error_at, &err);
    return status == WW_OK ? EX_OK : cli_fail(cli, status, &err);
}

/* ---- what was found -------------------------------------------------------------------------- */

static void put_summary(struct cli *cli, const struct scan_trial *t, bool is_item, int64_t took_ms)
{
    const double days = (double)(t->archive.last_at - t->archive.first_at) / DAY_S;
    const int64_t n_new = is_item ? t->n_stories : t->n_alerts - t->n_alerted;
    const double rate = (double)n_new / (days < 1 ? 1 : days);
    const char *about = n_new > 0 && rate < 0.05 ? "less than" : "about";
    const double shown = n_new > 0 && rate < 0.05 ? 0.1 : rate;

    if (t->is_narrowed)
        (void)fprintf(cli->out, "looked at %" PRId64 " of %" PRId64 " articles", t->n_matched,
                      t->archive.n_articles);
    else
        (void)fprintf(cli->out, "looked at %" PRId64 " article%s", t->n_matched,
                      t->n_matched == 1 ? "" : "s");
    (void)fprintf(cli->out, " in %.1f s: ", (double)took_ms / 1000);
    if (is_item)
        (void)fprintf(cli->out,
                      "%" PRId64 " hit%s in %" PRId64 " stor%s, %" PRId64
                      " already alerted, %s %.1f a day\n",
                      t->n_articles, t->n_articles == 1 ? "" : "s", t->n_stories,
                      t->n_stories == 1 ? "y" : "ies", t->n_alerted, about, shown);
    else
        (void)fprintf(cli->out,
                      "%" PRId64 " hit%s, %" PRId64 " alert%s in %" PRId64 " stor%s, %" PRId64
                      " already raised, %s %.1f new a day\n",
                      t->n_articles, t->n_articles == 1 ? "" : "s", t->n_alerts,
                      t->n_alerts == 1 ? "" : "s", t->n_stories, t->n_stories == 1 ? "y" : "ies",
                      t->n_alerted, about, shown);
}

static void put_overlaps(struct cli *cli, const struct scan_trial *t)
{
    if (t->n_overlaps == 0)
        return;
    (void)fputs("the same stories alerted on", cli->out);
    for (size_t i = 0; i < t->n_overlaps && i < OVERLAPS_SHOWN; i++) {
        (void)fputs(i == 0 ? " " : ", ", cli->out);
        output_visible(cli->out, t->overlaps[i].item, 0);
        (void)fprintf(cli->out, " (%" PRId64 ")", t->overlaps[i].n_stories);
    }
    if (t->n_overlaps > OVERLAPS_SHOWN)
        (void)fprintf(cli->out, " and %zu more", t->n_overlaps - OVERLAPS_SHOWN);
    (void)fputc('\n', cli->out);
}

static void put_sample(struct cli *cli, const struct trial_hit *hit, const struct trial_view *v,
                       bool is_item)
{
    (void)fprintf(cli->out, "\n%.10s  s%" PRId64 "  ", output_moment(cli, hit->at).ptr,
                  hit->story_id);
    if (!is_item) {
        output_visible(cli->out, hit->item->id, 0);
        (void)fputs("  ", cli->out);
    }
    output_visible(cli->out, v->article.outlet.len > 0 ? v->article.outlet : v->article.url, 0);
    (void)fputs(": ", cli->out);
    output_visible(cli->out, v->article.title, 0);
    (void)fputs(hit->is_alerted ? "  (already alerted)\n" : "\n", cli->out);
    output_marked(cli, "", v->sentence, v->mark_start, v->mark_end);
}

/* A story's first hit each: what would be told. */
static enum ww_status put_samples(struct cli *cli, const struct scan_trial *t, bool is_item,
                                  struct ww_error *err)
{
    const size_t limit = cli->limit < 0    ? HITS_SHOWN
                         : cli->limit == 0 ? SIZE_MAX
                                           : (size_t)cli->limit;
    size_t n = 0;
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < t->n_hits && status == WW_OK && n < limit; i++) {
        struct trial_view view = {0};

        if (!t->hits[i].is_first)
            continue;
        n++;
        status = scan_try_show(cli->store, t, &t->hits[i], &cli->arena, &view, err);
        if (status == WW_OK)
            put_sample(cli, &t->hits[i], &view, is_item);
    }
    if (status == WW_OK && (int64_t)n < t->n_alerts)
        cli_say(cli, "%" PRId64 " more: --limit 0", t->n_alerts - (int64_t)n);
    return status;
}

static void put_row(struct cli *cli, struct output *o, const struct trial_hit *hit,
                    const struct trial_view *v)
{
    output_time(o, hit->at);
    output_text(o, v->article.outlet);
    output_text(o, arena_printf(&cli->arena, "s%" PRId64, hit->story_id));
    output_text(o, hit->item->id);
    output_bool(o, hit->is_alerted);
    output_bool(o, hit->is_first);
    output_number(o, hit->article_id);
    output_text(o, v->article.language);
    output_text(o, v->article.title);
    output_text(o, slice_sub(v->sentence, v->mark_start, v->mark_end - v->mark_start));
    output_text(o, v->sentence);
    output_text(o, v->alias);
    output_string(o, v->rule);
    output_text(o, v->article.url);
    output_end_row(o);
}

static enum ww_status put_rows(struct cli *cli, const struct scan_trial *t, struct ww_error *err)
{
    static const struct column columns[] = {
        {"published_at", 0           },
        {"outlet",       0           },
        {"story",        0           },
        {"item",         0           },
        {"alerted",      0           },
        {"first",        0           },
        {"article",      COLUMN_RIGHT},
        {"language",     0           },
        {"headline",     0           },
        {"quote",        0           },
        {"sentence",     0           },
        {"alias",        0           },
        {"rule",         0           },
        {"url",          0           }
    };
    struct output *o = output_open(cli, columns, WW_COUNT(columns));
    const size_t limit = cli->limit > 0 ? (size_t)cli->limit : SIZE_MAX;
    enum ww_status status = WW_OK;

    if (o == NULL)
        return WW_INVALID;
    for (size_t i = 0; i < t->n_hits && i < limit && status == WW_OK; i++) {
        struct trial_view view = {0};

        status = scan_try_show(cli->store, t, &t->hits[i], &cli->arena, &view, err);
        if (status == WW_OK)
            put_row(cli, o, &t->hits[i], &view);
    }
    (void)output_close(o);
    return status;
}

/* ---- the command ----------------------------------------------------------------------------- */

static void show_progress(void *context, int64_t id, int64_t last_id)
{
    struct progress *p = context;

    p->total = last_id;
    progress_show(p, id, "");
}

/* -1: as many as there are. */
static int read_expected(struct cli *cli, int64_t *out)
{
    const char *word = cli->values[OPTION_EXPECT];
    unsigned long long n;

    *out = -1;
    if (word == NULL)
        return EX_OK;
    if (!slice_number(slice_from(word), INT64_MAX, &n))
        return cli_usage(cli, "--expect wants a number, not \"%s\"", word);
    *out = (int64_t)n;
    return EX_OK;
}

static int judge(struct cli *cli, const struct scan_trial *t, int64_t expected)
{
    if (expected < 0 || t->n_articles == expected)
        return EX_OK;
    cli_say(cli, "%" PRId64 " hits, not %" PRId64, t->n_articles, expected);
    return EXIT_FINDINGS;
}

int command_watch_test(struct cli *cli)
{
    struct progress progress;
    struct watchlist w;
    struct scan_trial trial;
    struct scan_try_options options = {
        .watchlist = &w,
        .window = {.since = cli->since, .until = cli->until},
        .language = slice_from(cli->values[OPTION_LANGUAGE]),
        .stop = cli->stop,
        .progress = show_progress,
        .context = &progress
    };
    struct ww_error err = {0};
    const int64_t begun = clock_monotonic_ms(&cli->clock);
    enum ww_status status;
    int64_t expected;
    int exit = read_expected(cli, &expected);

    if (exit == EX_OK)
        exit = choose(cli, &w, &options.item);
    if (exit != EX_OK)
        return exit;
    progress_begin(&progress, cli, 0);
    status = scan_try(cli->store, &options, &cli->arena, &trial, &err);
    if (progress.shown_ms > 0)
        progress_end(&progress, progress.total, "");
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    if (trial.reason != NULL && !trial.is_narrowed && cli_has(cli, OPTION_VERBOSE))
        cli_say(cli, "all articles were looked at: %s", trial.reason);
    if (cli->format == FORMAT_HUMAN) {
        put_summary(cli, &trial, options.item != NULL, clock_monotonic_ms(&cli->clock) - begun);
        put_overlaps(cli, &trial);
        status = put_samples(cli, &trial, options.item != NULL, &err);
    } else {
        status = put_rows(cli, &trial, &err);
    }
    if (status != WW_OK)
        return status == WW_INVALID ? EX_USAGE : cli_fail(cli, status, &err);
    return judge(cli, &trial, expected);
}
