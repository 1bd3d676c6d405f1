/*
 * history_parts.h - what the files of a backfill's work share.
 *
 *   history.c           the order, the rounds, what the crawl asks
 *   history_documents.c sources that hold whole documents
 *   history_news.c      Common Crawl's news crawl, read as a stream
 *   history_plan.c      what would be asked
 */
#ifndef WW_CRAWLER_HISTORY_HISTORY_PARTS_H
#define WW_CRAWLER_HISTORY_HISTORY_PARTS_H

#include "crawler/history/documents.h"
#include "crawler/history/history.h"

#include <stdbool.h>
#include <stdint.h>

struct history {
    const struct history_options *options;
    const struct source *source;
    struct source_context context;
    struct store *store;
    struct workers *workers;
    struct clock *clock;
    const struct log *log;
    struct backfill_row *order;
    struct crawl_history round;
    struct history_progress progress;
    int64_t n_done, n_total, n_articles, n_failed, n_known; /* before this round */
    int64_t looked_at_ms;
    unsigned n_idle; /* rounds in a row that had nothing to do */
    bool run_is_on, is_hour;
    bool is_claimed;         /* by history_take; until it turns out to be cancelled */
    bool is_lost;            /* cancelled, or another machine's: nothing new is begun */
    bool has_documents_left; /* for another time; the order's message says why */
};

/* source NULL: one of documents. */
void history_open(struct history *h, const struct history_options *options, struct store *store,
                  struct workers *workers, struct clock *clock, const struct log *log,
                  struct backfill_row *order);
bool history_is_stopped(const struct history *h);
bool history_is_over_budget(const struct history *h);
/* One round of the crawl; what it did is added to the order. */
enum ww_status history_round(struct history *h, struct ww_error *err);
/* Lists and finds that are still to be dealt with. */
enum ww_status history_count_left(struct history *h, int64_t *n_lists, int64_t *n_finds,
                                  struct ww_error *err);
/* The order as it stands, in a transaction of its own. WW_CONFLICT: it is not ours any more. */
enum ww_status history_write_order(struct history *h, struct ww_error *err);

/* ---- history_documents.c --------------------------------------------------------------------- */

enum ww_status history_documents(struct history *h, struct ww_error *err);
/* As struct backfill_options wants it; so far, of a source of documents. */
void history_show_documents(void *context, const struct backfill_summary *so_far);
/* How many files there are. */
enum ww_status history_count_documents(const struct backfill_row *order, struct arena *arena,
                                       int64_t *n, struct ww_error *err);

/* ---- history_news.c -------------------------------------------------------------------------- */

bool history_is_news(const struct backfill_row *order);
enum ww_status history_news(struct history *h, struct ww_error *err);
enum ww_status history_plan_news(struct history *h, struct history_plan *out, struct ww_error *err);

#endif
