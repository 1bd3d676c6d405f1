/* backfill_plan.c - a plan, for people and for programs. */
#include "cli/backfill_plan.h"

#include "cli/backfill_report.h"
#include "cli/output.h"
#include "crawler/history/source.h"

#include <inttypes.h>
#include <sysexits.h>
#include <unistd.h>

/* As design: a plan is shown before more than so many. */
#define REQUESTS_UNASKED 500
#define MINUTE_MS 60000

static struct slice duration(struct cli *cli, int64_t s)
{
    struct arena *a = &cli->arena;

    if (s >= 2 * 86400)
        return arena_printf(a, "%" PRId64 " days %" PRId64 " h", s / 86400, s % 86400 / 3600);
    if (s >= 2 * 3600)
        return arena_printf(a, "%" PRId64 " h %" PRId64 " min", s / 3600, s % 3600 / 60);
    return s >= 120 ? arena_printf(a, "%" PRId64 " min", s / 60)
                    : arena_printf(a, "%" PRId64 " s", s);
}

static void put_count(struct cli *cli, const char *name, int64_t n, const char *words)
{
    if (n > 0)
        output_fact(cli, name, arena_printf(&cli->arena, "%" PRId64 "%s", n, words));
}

/* Files of an archive of news are counted; what they hold is known when they are read. */
static bool is_of_news(const struct backfill_row *order)
{
    return order->id != 0 && source_find(order->source) == NULL;
}

/* Lists are left, and those that were read named no address: they may be lists of lists. */
static bool is_reckoned(const struct backfill_row *order, const struct history_plan *p)
{
    return p->n_found > 0 || (p->n_lists_read > 0 && (p->n_lists_left == 0 || is_of_news(order)));
}

/* "at most 30 requests a minute to a host; 240 copies a minute" */
static struct slice pace_words(struct cli *cli, const struct backfill_row *order,
                               const struct history_plan *p)
{
    const struct source *source = source_find(order->source);
    const int64_t least_ms = source != NULL ? source->copy_pause_ms : 0;
    const int64_t copy_ms = least_ms > order->delay_ms ? least_ms : order->delay_ms;
    const bool has_copies = least_ms > 0 && order->captures != CAPTURES_MISSING;
    struct arena *a = &cli->arena;
    struct slice words = SLICE("");

    if (p->rate_per_minute > 0 && !(has_copies && order->captures == CAPTURES_ONLY))
        words =
            arena_printf(a, "at most %" PRId64 " requests a minute to a host", p->rate_per_minute);
    if (has_copies)
        words =
            arena_printf(a, "%.*s%s%" PRId64 " copies a minute from the archive", SLICE_ARG(words),
                         words.len > 0 ? ", " : "at most ", MINUTE_MS / copy_ms);
    return words;
}

static void put_human(struct cli *cli, const struct backfill_row *order,
                      const struct history_plan *p)
{
    /* A host that is to be asked is one of a page; without any the lists hold the texts. */
    const bool has_texts = p->n_wanted > 0 && p->n_hosts == 0;
    const char *about = p->is_estimate ? ", reckoned from the lists that were read" : "";
    struct arena *a = &cli->arena;

    output_fact(
        cli, "backfill",
        arena_printf(a, "%" PRId64 ": %.*s", order->id, SLICE_ARG(backfill_words(cli, order))));
    output_fact(cli, "lists",
                arena_printf(a, "%" PRId64 " read, %" PRId64 " to be read", p->n_lists_read,
                             p->n_lists_left));
    put_count(cli, "failed", p->n_lists_failed, " of the lists");
    if (!is_of_news(order))
        output_fact(cli, "addresses", arena_printf(a, "%" PRId64 "%s", p->n_found, about));
    put_count(cli, "known", p->n_known, "");
    put_count(cli, "passed over", p->n_passed, ": no title speaks for them");
    if (has_texts)
        output_fact(cli, "to be stored",
                    arena_printf(a, "%" PRId64 ": their texts are in the lists, no page is fetched",
                                 p->n_wanted));
    else if (!is_of_news(order))
        output_fact(cli, "to be fetched", arena_printf(a, "%" PRId64, p->n_wanted));
    output_fact(cli, "requests", arena_printf(a, "%" PRId64, p->n_requests));
    if (p->n_hosts > 0)
        output_fact(
            cli, "hosts",
            arena_printf(a, "%" PRId64 "; most of %.*s", p->n_hosts, SLICE_ARG(p->slowest)));
    output_fact(cli, "pace", pace_words(cli, order, p));
    output_fact(cli, "takes", arena_printf(a, "about %.*s", SLICE_ARG(duration(cli, p->takes_s))));
}

/* What cannot be reckoned yet is not 0. */
static void put_reckoned(struct output *o, bool is_known, int64_t n)
{
    if (is_known)
        output_number(o, n);
    else
        output_none(o);
}

static int put_row(struct cli *cli, const struct backfill_row *order, const struct history_plan *p,
                   bool is_known)
{
    static const struct column columns[] = {
        {"id",              COLUMN_RIGHT},
        {"source",          0           },
        {"target",          0           },
        {"lists_read",      COLUMN_RIGHT},
        {"lists_left",      COLUMN_RIGHT},
        {"lists_failed",    COLUMN_RIGHT},
        {"is_estimate",     0           },
        {"found",           COLUMN_RIGHT},
        {"known",           COLUMN_RIGHT},
        {"passed",          COLUMN_RIGHT},
        {"wanted",          COLUMN_RIGHT},
        {"requests",        COLUMN_RIGHT},
        {"hosts",           COLUMN_RIGHT},
        {"slowest",         0           },
        {"rate_per_minute", COLUMN_RIGHT},
        {"seconds",         COLUMN_RIGHT}
    };
    struct output *o = output_open(cli, columns, WW_COUNT(columns));

    if (o == NULL)
        return EX_USAGE;
    if (order->id != 0)
        output_number(o, order->id);
    else
        output_none(o);
    output_text(o, order->source);
    output_text(o, order->target);
    output_number(o, p->n_lists_read);
    output_number(o, p->n_lists_left);
    output_number(o, p->n_lists_failed);
    output_bool(o, p->is_estimate);
    put_reckoned(o, is_known, p->n_found);
    put_reckoned(o, is_known, p->n_known);
    put_reckoned(o, is_known, p->n_passed);
    put_reckoned(o, is_known, p->n_wanted);
    put_reckoned(o, is_known, p->n_requests);
    output_number(o, p->n_hosts);
    output_text(o, p->slowest);
    output_number(o, p->rate_per_minute);
    put_reckoned(o, is_known, p->takes_s);
    output_end_row(o);
    (void)output_close(o);
    return EX_OK;
}

/* Why nothing can be reckoned yet, and what that means for whoever asked. */
static int say_unknown(struct cli *cli, const struct backfill_row *order,
                       const struct history_plan *plan, bool is_cut)
{
    const char *colon = order->message.len > 0 ? ": " : "";

    if (!is_cut && plan->n_lists_read == 0) {
        cli_say(cli, "no list could be read%s%s%.*s", plan->n_lists_failed > 0 ? "" : " yet", colon,
                SLICE_ARG(order->message));
        return EX_TEMPFAIL;
    }
    cli_say(cli,
            "backfill %" PRId64 " cannot be reckoned yet: %" PRId64 " list%s read and no address "
            "so far, %" PRId64 " to be read%s%.*s",
            order->id, plan->n_lists_read, plan->n_lists_read == 1 ? "" : "s", plan->n_lists_left,
            colon, SLICE_ARG(order->message));
    return is_cut ? EXIT_PARTIAL : EX_TEMPFAIL;
}

int backfill_plan_put(struct cli *cli, const struct backfill_row *order,
                      const struct history_plan *plan, bool is_cut)
{
    const bool is_known = is_reckoned(order, plan);
    const int unknown = is_known ? EX_OK : say_unknown(cli, order, plan, is_cut);
    int status = EX_OK;

    if (cli->format != FORMAT_HUMAN) {
        status = put_row(cli, order, plan, is_known);
    } else if (is_known) {
        put_human(cli, order, plan);
        output_fact(cli, "to do it",
                    arena_printf(&cli->arena, "wirewatch backfill resume %" PRId64, order->id));
    }
    return status == EX_OK ? unknown : status;
}

int backfill_plan_files(struct cli *cli, const struct backfill_row *order, int64_t n_files)
{
    const struct history_plan plan = {.n_found = n_files};

    if (cli->format != FORMAT_HUMAN)
        return put_row(cli, order, &plan, true);
    (void)fprintf(cli->out, "would read %" PRId64 " file%s\n", n_files, n_files == 1 ? "" : "s");
    return EX_OK;
}

bool backfill_plan_asks(const struct cli *cli)
{
    return isatty(STDIN_FILENO) && !cli_has(cli, OPTION_YES);
}

bool backfill_plan_is_agreed(struct cli *cli, const struct backfill_row *order,
                             const struct history_plan *plan)
{
    FILE *out = cli->out;
    char answer[16];

    if (plan->n_requests <= REQUESTS_UNASKED)
        return true;
    /* What is asked is seen, wherever the report goes. */
    cli->out = stderr;
    put_human(cli, order, plan);
    cli->out = out;
    (void)fprintf(stderr, "begin? [y/N] ");
    return fgets(answer, sizeof(answer), stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}
