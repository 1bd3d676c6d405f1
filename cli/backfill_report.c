/* backfill_report.c - a backfill's report, from the store. */
#include "cli/backfill_report.h"

#include "alerts/headline.h"
#include "cli/output.h"
#include "crawler/history/source.h"
#include "storage/store_finds.h"

#define DATE_COLUMNS 10 /* of a moment */
#define SAMPLE_BATCH 2000
#define SAMPLE_ARENA_MAX ((size_t)256 * 1024 * 1024)

/* ---- words ----------------------------------------------------------------------------------- */

struct slice backfill_words(struct cli *cli, const struct backfill_row *order)
{
    struct slice words = order->source;
    struct slice rest = order->target;
    struct slice line;

    while (slice_next_line(&rest, &line))
        words = arena_printf(&cli->arena, "%.*s %.*s", SLICE_ARG(words), SLICE_ARG(line));
    return words;
}

struct slice backfill_edge(struct cli *cli, int64_t at, bool is_end)
{
    const struct slice moment = output_moment(cli, at);

    if (!slice_ends(moment, SLICE(" 00:00")))
        return moment;
    return slice_head(is_end ? output_moment(cli, at - 1) : moment, DATE_COLUMNS);
}

/* As a shell takes it: a moment has a space. */
static struct slice add_edge(struct cli *cli, struct slice words, const char *option, int64_t at,
                             bool is_end)
{
    const struct slice edge = backfill_edge(cli, at, is_end);
    const char *quote = edge.len > DATE_COLUMNS ? "'" : "";

    if (at == 0)
        return words;
    return arena_printf(&cli->arena, "%.*s %s %s%.*s%s", SLICE_ARG(words), option, quote,
                        SLICE_ARG(edge), quote);
}

struct slice backfill_all_words(struct cli *cli, const struct backfill_row *order)
{
    const struct source *source = source_find(order->source);
    const bool has_copies = source != NULL && source->copy_pause_ms > 0;
    const bool is_usual = order->matches_first == (source != NULL && source->matches_first);
    struct slice words = backfill_words(cli, order);

    words = add_edge(cli, words, "--since", order->since_at, false);
    words = add_edge(cli, words, "--until", order->until_at, true);
    if (has_copies && order->captures != source->captures)
        words = arena_printf(&cli->arena, "%.*s --captures %s", SLICE_ARG(words),
                             backfill_captures_name(order->captures));
    if (!is_usual)
        words = arena_printf(&cli->arena, "%.*s %s", SLICE_ARG(words),
                             order->matches_first ? "--match-first" : "--no-match-first");
    return words;
}

int64_t backfill_delay_ms(const struct cli *cli, const struct backfill_row *order)
{
    const int64_t own_ms = cli->config.host_interval_s * 1000;

    return order->delay_ms > own_ms ? order->delay_ms : own_ms;
}

enum ww_status backfill_find(struct cli *cli, const char *word, struct backfill_row *out,
                             struct ww_error *err)
{
    int64_t id;
    enum ww_status status = WW_NOT_FOUND;

    if (cli_id(word, 'b', &id))
        status = store_backfill(cli->store, id, &cli->arena, out, err);
    return status == WW_NOT_FOUND
               ? ww_fail(err, status, "no backfill %s; wirewatch backfill list", word)
               : status;
}

enum ww_status backfill_option(struct cli *cli, int64_t *id, struct ww_error *err)
{
    struct backfill_row order = {0};
    enum ww_status status = WW_OK;

    if (cli_has(cli, OPTION_BACKFILL))
        status = backfill_find(cli, cli->values[OPTION_BACKFILL], &order, err);
    *id = order.id;
    return status;
}

int64_t backfill_report_count(const struct history_counts *counts, const char *name)
{
    for (size_t i = 0; i < counts->n_rows; i++)
        if (slice_equal(counts->rows[i].name, slice_from(name)))
            return counts->rows[i].n;
    return 0;
}

static int64_t count_left(const struct history_counts *finds)
{
    return backfill_report_count(finds, find_state_name(FIND_FOUND)) +
           backfill_report_count(finds, find_state_name(FIND_QUEUED));
}

int64_t backfill_report_waiting(const struct backfill_row *order,
                                const struct history_counts *finds)
{
    return order->state == BACKFILL_CANCELLED ? 0 : count_left(finds);
}

int64_t backfill_report_given_up(const struct backfill_row *order,
                                 const struct history_counts *finds)
{
    return order->state == BACKFILL_CANCELLED ? count_left(finds) : 0;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Was this page fetched as one of the sample alone? */
static enum ww_status is_sample(const struct mention_engine *engine, const struct find_view *f,
                                struct arena *scratch, bool *is_one, struct ww_error *err)
{
    enum headline_verdict verdict = HEADLINE_SPEAKS;
    enum ww_status status = WW_OK;

    if (headline_is_sample(f->url))
        status = headline_judge(engine, f->title, f->url, scratch, &verdict, err);
    *is_one = status == WW_OK && verdict == HEADLINE_PASSED;
    return status;
}

static enum ww_status read_batch(struct cli *cli, const struct mention_engine *engine, int64_t id,
                                 int64_t *after, size_t *n_rows, struct backfill_sample *sample,
                                 struct ww_error *err)
{
    struct arena batch;
    struct find_views list = {0};
    enum ww_status status;

    arena_init(&batch, SAMPLE_ARENA_MAX);
    status = store_finds_done(cli->store, id, *after, SAMPLE_BATCH, &batch, &list, err);
    for (size_t i = 0; i < list.n_rows && status == WW_OK; i++) {
        bool is_one = false, mentions = false;

        *after = list.rows[i].id;
        status = is_sample(engine, &list.rows[i], &batch, &is_one, err);
        if (status == WW_OK && is_one)
            status = store_find_mentions(cli->store, list.rows[i].id, &mentions, err);
        sample->n_pages += is_one;
        sample->n_mentioning += mentions;
    }
    *n_rows = list.n_rows;
    arena_release(&batch);
    return status;
}

static enum ww_status read_sample(struct cli *cli, const struct mention_engine *engine, int64_t id,
                                  struct backfill_sample *out, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    int64_t after = 0;
    size_t n = SAMPLE_BATCH;

    out->is_known = true;
    while (n == SAMPLE_BATCH && status == WW_OK && *cli->stop == 0)
        status = read_batch(cli, engine, id, &after, &n, out, err);
    return status;
}

enum ww_status backfill_report_read(struct cli *cli, int64_t id,
                                    const struct mention_engine *engine,
                                    struct backfill_report *out, struct ww_error *err)
{
    struct store *s = cli->store;
    struct arena *a = &cli->arena;
    enum ww_status status = store_backfill(s, id, a, &out->order, err);

    if (status == WW_OK)
        status = store_count_lists(s, id, clock_now(&cli->clock), &out->lists, err);
    if (status == WW_OK)
        status = store_failed_lists(s, id, ALL_ROWS, a, &out->failed_lists, err);
    if (status == WW_OK)
        status = store_noted_lists(s, id, ALL_ROWS, a, &out->noted_lists, err);
    if (status == WW_OK)
        status = store_find_counts(s, id, a, &out->finds, err);
    if (status == WW_OK)
        status = store_document_counts(s, id, a, &out->documents, err);
    if (status == WW_OK)
        status = store_find_failures(s, id, ALL_ROWS, a, &out->failures, err);
    if (status == WW_OK)
        status = store_history_gain(s, id, &out->gain, err);
    if (status == WW_OK)
        status = store_history_timeline(s, id, a, &out->timeline, err);
    out->sample = (struct backfill_sample){0};
    if (status == WW_OK && engine != NULL && out->order.matches_first)
        status = read_sample(cli, engine, id, &out->sample, err);
    return status;
}
