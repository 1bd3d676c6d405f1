/* backfill_report_put.c - a backfill's report for people. */
#include "cli/backfill_report.h"
#include "cli/backfill_timeline.h"
#include "cli/output.h"

#include <inttypes.h>
#include <sysexits.h>

#define FAILURES_SHOWN 20
#define LISTS_SHOWN 20
#define N_SETTLED 4 /* of the states of finds that are shown: nothing is left to be done */

static int64_t sum(const struct history_counts *counts)
{
    int64_t n = 0;

    for (size_t i = 0; i < counts->n_rows; i++)
        n += counts->rows[i].n;
    return n;
}

static const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

/* "2022-09-01 to 2022-12-31, titles first, a request to a host each 10.0 s" */
static struct slice asked_for(struct cli *cli, const struct backfill_row *o)
{
    struct arena *a = &cli->arena;
    struct slice words = SLICE("all there is");

    if (o->since_at != 0 && o->until_at != 0)
        words = arena_printf(a, "%.*s to %.*s", SLICE_ARG(backfill_edge(cli, o->since_at, false)),
                             SLICE_ARG(backfill_edge(cli, o->until_at, true)));
    else if (o->since_at != 0)
        words = arena_printf(a, "since %.*s", SLICE_ARG(backfill_edge(cli, o->since_at, false)));
    else if (o->until_at != 0)
        words = arena_printf(a, "until %.*s", SLICE_ARG(backfill_edge(cli, o->until_at, true)));
    if (o->matches_first)
        words = arena_printf(a, "%.*s, titles first", SLICE_ARG(words));
    if (o->captures != CAPTURES_MISSING)
        words = arena_printf(a, "%.*s, archived copies: %s", SLICE_ARG(words),
                             backfill_captures_name(o->captures));
    if (o->delay_ms > 0)
        words = arena_printf(a, "%.*s, a request to a host each %.1f s", SLICE_ARG(words),
                             (double)backfill_delay_ms(cli, o) / 1000);
    if (o->budget > 0)
        words = arena_printf(a, "%.*s, at most %" PRId64 " requests", SLICE_ARG(words), o->budget);
    return words;
}

static struct slice state_words(struct cli *cli, const struct backfill_report *r)
{
    const struct backfill_row *o = &r->order;
    const int64_t n_waiting = backfill_report_waiting(o, &r->finds);
    struct slice words = slice_from(backfill_state_name(o->state));

    if (o->state == BACKFILL_DONE || o->state == BACKFILL_CANCELLED)
        return o->message.len > 0 ? arena_printf(&cli->arena, "%.*s: %.*s", SLICE_ARG(words),
                                                 SLICE_ARG(o->message))
                                  : words;
    if (o->message.len > 0)
        words = arena_printf(&cli->arena, "%.*s: %.*s", SLICE_ARG(words), SLICE_ARG(o->message));
    return arena_printf(&cli->arena,
                        "%.*s; %" PRId64 " address%s and %" PRId64
                        " list%s wait: wirewatch backfill resume %" PRId64,
                        SLICE_ARG(words), n_waiting, n_waiting == 1 ? "" : "es", r->lists.n_queued,
                        plural(r->lists.n_queued), o->id);
}

static void put_lists(struct cli *cli, const struct backfill_row *order,
                      const struct list_counts *n)
{
    const bool is_given_up = order->state == BACKFILL_CANCELLED;
    const struct {
        int64_t n;
        const char *words;
    } parts[] = {
        {n->n_done,   "read"                               },
        {n->n_queued, is_given_up ? "given up" : "waiting" },
        {n->n_failed, "failed"                             },
        {n->n_passed, "passed over: not what was asked for"},
        {n->n_bad,    "of their lines unreadable"          },
    };
    struct slice words = {"", 0};

    for (size_t i = 0; i < WW_COUNT(parts); i++)
        if (parts[i].n > 0)
            words = arena_printf(&cli->arena, "%.*s%s%" PRId64 " %s", SLICE_ARG(words),
                                 words.len > 0 ? ", " : "", parts[i].n, parts[i].words);
    if (words.len > 0)
        output_fact(cli, "lists", words);
}

static void put_finds(struct cli *cli, const struct backfill_row *order,
                      const struct history_counts *finds)
{
    const int64_t n_given_up = backfill_report_given_up(order, finds);
    static const struct {
        const char *name, *words;
    } states[] = {
        {"done",   "read"                              },
        {"known",  "known before"                      },
        {"passed", "passed over: no title spoke for it"},
        {"failed", "failed"                            },
        {"queued", "to be fetched"                     },
        {"found",  "not looked at yet"                 },
    };

    if (sum(finds) == 0)
        return;
    output_fact(cli, "found",
                arena_printf(&cli->arena, "%" PRId64 " address%s", sum(finds),
                             sum(finds) == 1 ? "" : "es"));
    for (size_t i = 0; i < WW_COUNT(states); i++) {
        const int64_t n = backfill_report_count(finds, states[i].name);
        const bool is_left = i >= N_SETTLED;

        if (n > 0 && !(is_left && n_given_up > 0))
            output_fact(cli, "", arena_printf(&cli->arena, "%7" PRId64 " %s", n, states[i].words));
    }
    if (n_given_up > 0)
        output_fact(cli, "", arena_printf(&cli->arena, "%7" PRId64 " given up", n_given_up));
}

static void put_counts(struct cli *cli, const char *name, const struct history_counts *counts,
                       size_t shown)
{
    for (size_t i = 0; i < counts->n_rows && i < shown; i++)
        output_fact(cli, i == 0 ? name : "",
                    arena_printf(&cli->arena, "%7" PRId64 " %.*s", counts->rows[i].n,
                                 SLICE_ARG(counts->rows[i].name)));
    if (counts->n_rows > shown)
        output_fact(cli, "",
                    arena_printf(&cli->arena, "and %zu other reasons: --format csv has all",
                                 counts->n_rows - shown));
}

static void put_lists_saying(struct cli *cli, const char *title, const struct list_rows *list)
{
    for (size_t i = 0; i < list->n_rows && i < LISTS_SHOWN; i++)
        output_fact(cli, i == 0 ? title : "",
                    arena_printf(&cli->arena, "%.*s: %.*s", SLICE_ARG(list->rows[i].url),
                                 SLICE_ARG(list->rows[i].last_error)));
    if (list->n_rows > LISTS_SHOWN)
        output_fact(cli, "",
                    arena_printf(&cli->arena, "and %zu others: --format csv has all",
                                 list->n_rows - LISTS_SHOWN));
}

static void put_gain(struct cli *cli, const struct backfill_report *r)
{
    const struct history_gain *g = &r->gain;
    struct arena *a = &cli->arena;
    struct slice words =
        arena_printf(a, "%" PRId64 " article%s", g->n_articles, plural(g->n_articles));

    if (g->n_copies > 0)
        words = arena_printf(a, "%.*s, %" PRId64 " of them in stories that had one",
                             SLICE_ARG(words), g->n_copies);
    if (g->n_stories > 0)
        words = arena_printf(a, "%.*s; %" PRId64 " new stor%s", SLICE_ARG(words), g->n_stories,
                             g->n_stories == 1 ? "y" : "ies");
    if (g->n_roots > 0)
        words = arena_printf(a, "%.*s; %" PRId64 " known stor%s a new earliest article",
                             SLICE_ARG(words), g->n_roots, g->n_roots == 1 ? "y has" : "ies have");
    output_fact(cli, "new", words);
    if (g->n_mentioning + g->n_alerts > 0)
        output_fact(cli, "mentioning",
                    arena_printf(a,
                                 "%" PRId64 " article%s, %" PRId64
                                 " alert%s: wirewatch alert list --backfill %" PRId64,
                                 g->n_mentioning, plural(g->n_mentioning), g->n_alerts,
                                 plural(g->n_alerts), r->order.id));
    if (r->sample.is_known)
        output_fact(cli, "sample",
                    arena_printf(a,
                                 "%" PRId64 " page%s that no title spoke for (1 of 100 is "
                                 "fetched): %" PRId64 " mention%s something",
                                 r->sample.n_pages, plural(r->sample.n_pages),
                                 r->sample.n_mentioning, r->sample.n_mentioning == 1 ? "s" : ""));
}

static int put_human(struct cli *cli, const struct backfill_report *r)
{
    const struct backfill_row *o = &r->order;

    output_fact(
        cli, "backfill",
        arena_printf(&cli->arena, "%" PRId64 ": %.*s", o->id, SLICE_ARG(backfill_words(cli, o))));
    output_fact(cli, "asked for", asked_for(cli, o));
    output_fact(cli, "state", state_words(cli, r));
    output_fact_time(cli, "begun", o->created_at);
    output_fact_time(cli, o->ended_at != 0 ? "ended" : "worked until",
                     o->ended_at != 0 ? o->ended_at : o->worked_at);
    if (o->n_requests > 0)
        output_fact(cli, "requests",
                    arena_printf(&cli->arena, "%" PRId64 ", %.1f MB received", o->n_requests,
                                 (double)o->n_bytes / 1e6));
    put_lists(cli, o, &r->lists);
    put_finds(cli, o, &r->finds);
    put_counts(cli, "documents", &r->documents, r->documents.n_rows);
    put_gain(cli, r);
    put_counts(cli, "failed", &r->failures, FAILURES_SHOWN);
    put_lists_saying(cli, "lists failed", &r->failed_lists);
    put_lists_saying(cli, "lists noted", &r->noted_lists);
    backfill_timeline_put(cli, &r->timeline);
    return EX_OK;
}

int backfill_report_put(struct cli *cli, const struct backfill_report *r)
{
    return cli->format == FORMAT_HUMAN ? put_human(cli, r) : backfill_report_rows(cli, r);
}
