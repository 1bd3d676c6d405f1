/* backfill_report_rows.c - a backfill's report for programs: a row a fact, by kind. */
#include "base/date.h"
#include "cli/backfill_report.h"
#include "cli/output.h"
#include "crawler/history/source.h"

#include <sysexits.h>

#define MINUTE_MS 60000

struct rows {
    struct cli *cli;
    struct output *o;
    int64_t id;
};

static void put_row(const struct rows *w, const char *kind, struct slice name, struct slice month,
                    const int64_t *count, const int64_t *n_stories, struct slice text)
{
    output_number(w->o, w->id);
    output_string(w->o, kind);
    output_text(w->o, name);
    output_text(w->o, month);
    for (size_t i = 0; i < 2; i++) {
        const int64_t *n = i == 0 ? count : n_stories;

        if (n != NULL)
            output_number(w->o, *n);
        else
            output_none(w->o);
    }
    output_text(w->o, text);
    output_end_row(w->o);
}

static void put_word(const struct rows *w, const char *name, struct slice text)
{
    put_row(w, "backfill", slice_from(name), SLICE(""), NULL, NULL, text);
}

static void put_moment(const struct rows *w, const char *name, int64_t at)
{
    char text[DATE_TEXT_BYTES];

    if (at != 0)
        put_word(w, name, arena_copy(&w->cli->arena, slice_from(date_format(at, text))));
}

static void put_number(const struct rows *w, const char *kind, const char *name, int64_t n)
{
    put_row(w, kind, slice_from(name), SLICE(""), &n, NULL, SLICE(""));
}

static void put_all(const struct rows *w, const char *kind, const struct history_counts *counts)
{
    for (size_t i = 0; i < counts->n_rows; i++)
        put_row(w, kind, counts->rows[i].name, SLICE(""), &counts->rows[i].n, NULL, SLICE(""));
}

/* How it works: the pace in requests a minute to a site, where it asks one. */
static void put_manner(const struct rows *w, const struct backfill_row *o)
{
    const struct source *source = source_find(o->source);
    const int64_t delay_ms = backfill_delay_ms(w->cli, o);

    if (source != NULL && source->copy_pause_ms > 0)
        put_word(w, "captures", slice_from(backfill_captures_name(o->captures)));
    put_word(w, "match_first", o->matches_first ? SLICE("yes") : SLICE("no"));
    if (source != NULL && delay_ms > 0)
        put_number(w, "backfill", "rate", MINUTE_MS / delay_ms);
    if (o->budget > 0)
        put_number(w, "backfill", "budget", o->budget);
}

static void put_order(const struct rows *w, const struct backfill_row *o)
{
    put_word(w, "source", o->source);
    put_word(w, "target", o->target);
    put_moment(w, "since", o->since_at);
    put_moment(w, "until", o->until_at);
    put_manner(w, o);
    put_word(w, "state", slice_from(backfill_state_name(o->state)));
    put_word(w, "message", o->message);
    put_moment(w, "created_at", o->created_at);
    put_moment(w, "worked_at", o->worked_at);
    put_moment(w, "ended_at", o->ended_at);
    put_number(w, "backfill", "requests", o->n_requests);
    put_number(w, "backfill", "bytes", o->n_bytes);
}

/* Of one that was cancelled nothing waits. */
static void put_finds(const struct rows *w, const struct backfill_report *r)
{
    const int64_t n_given_up = backfill_report_given_up(&r->order, &r->finds);

    if (n_given_up == 0) {
        put_all(w, "found", &r->finds);
        return;
    }
    for (size_t i = 0; i < r->finds.n_rows; i++) {
        const struct history_count *c = &r->finds.rows[i];

        if (!slice_equal(c->name, slice_from(find_state_name(FIND_FOUND))) &&
            !slice_equal(c->name, slice_from(find_state_name(FIND_QUEUED))))
            put_row(w, "found", c->name, SLICE(""), &c->n, NULL, SLICE(""));
    }
    put_number(w, "found", "given up", n_given_up);
}

static void put_gain_rows(const struct rows *w, const struct backfill_report *r)
{
    const bool is_given_up = r->order.state == BACKFILL_CANCELLED;
    const struct {
        const char *name;
        int64_t n;
    } gains[] = {
        {"articles",   r->gain.n_articles  },
        {"copies",     r->gain.n_copies    },
        {"stories",    r->gain.n_stories   },
        {"roots",      r->gain.n_roots     },
        {"mentioning", r->gain.n_mentioning},
        {"alerts",     r->gain.n_alerts    },
    };
    const struct {
        const char *name;
        int64_t n;
    } lists[] = {
        {"done",                              r->lists.n_done  },
        {is_given_up ? "given up" : "queued", r->lists.n_queued},
        {"failed",                            r->lists.n_failed},
        {"passed",                            r->lists.n_passed},
        {"unreadable",                        r->lists.n_bad   },
    };

    for (size_t i = 0; i < WW_COUNT(lists); i++)
        put_number(w, "lists", lists[i].name, lists[i].n);
    put_finds(w, r);
    put_all(w, "documents", &r->documents);
    for (size_t i = 0; i < WW_COUNT(gains); i++)
        put_number(w, "new", gains[i].name, gains[i].n);
    if (r->sample.is_known) {
        put_number(w, "sample", "pages", r->sample.n_pages);
        put_number(w, "sample", "mentioning", r->sample.n_mentioning);
    }
}

int backfill_report_rows(struct cli *cli, const struct backfill_report *r)
{
    static const struct column columns[] = {
        {"backfill", COLUMN_RIGHT},
        {"kind",     0           },
        {"name",     COLUMN_WIDE },
        {"month",    0           },
        {"count",    COLUMN_RIGHT},
        {"stories",  COLUMN_RIGHT},
        {"text",     0           }
    };
    struct rows w = {cli, output_open(cli, columns, WW_COUNT(columns)), r->order.id};

    if (w.o == NULL)
        return EX_USAGE;
    put_order(&w, &r->order);
    put_gain_rows(&w, r);
    put_all(&w, "failure", &r->failures);
    for (size_t i = 0; i < r->failed_lists.n_rows; i++)
        put_row(&w, "list failed", r->failed_lists.rows[i].url, SLICE(""), NULL, NULL,
                r->failed_lists.rows[i].last_error);
    for (size_t i = 0; i < r->noted_lists.n_rows; i++)
        put_row(&w, "list noted", r->noted_lists.rows[i].url, SLICE(""), NULL, NULL,
                r->noted_lists.rows[i].last_error);
    for (size_t i = 0; i < r->timeline.n_rows; i++) {
        const struct timeline_row *t = &r->timeline.rows[i];

        put_row(&w, "timeline", t->item, t->month, &t->n_articles, &t->n_stories, SLICE(""));
    }
    (void)output_close(w.o);
    return EX_OK;
}
