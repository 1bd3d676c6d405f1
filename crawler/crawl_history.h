/*
 * crawl_history.h - a round of a backfill through the loop of the crawl: lists, pages and archived
 * copies, with the hosts, the robots.txt, the workers and the blame of a run.
 *
 * A list (storage/store_history.h) is asked as its source says, read by a worker (feeds/finds.h),
 * and what it named is written in the transaction that moves the list on. A find becomes a page in
 * the queue, or, where there is a copy of it, also a request to the archive: crawl_copy.c. What a
 * list means is its source's business, which is in crawler/history; here it is three functions.
 *
 * A round takes up so many pages of each host (HISTORY_PAGES_PER_HOST), and ends when they are done
 * or their hosts are out; crawler/history calls for rounds until nothing is left.
 */
#ifndef WW_CRAWLER_CRAWL_HISTORY_H
#define WW_CRAWLER_CRAWL_HISTORY_H

#include "base/error.h"
#include "base/slice.h"
#include "feeds/finds.h"
#include "storage/store_history.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct fetch_answer;

/* How a list is to be asked now. */
struct list_question {
    struct slice url; /* on the host of the list's own, whatever the cursor says */
    const char *accept;
    /* What a worker reads its answer as; FINDS_FORMAT_COUNT: none does, head and body are enough */
    enum finds_format format;
    int64_t pause_ms; /* least time to the next request to its host; 0: the host's own */
    bool is_archive;  /* a service made to be asked: no robots.txt, no waiting for a run */
};

/*
 * What came: the status and headers, and the finds when it was a 200 that could be read. Every
 * answer of HTTP's is told, whatever its status; what never came whole is the loop's own to repeat.
 */
struct list_answer {
    const struct fetch_answer *fetched;
    struct slice url;           /* where it came from, behind redirects */
    const struct finds *finds;  /* NULL: there are none to read */
    const struct ww_error *why; /* a 200 that could not be read; else NULL */
    bool is_last_piece;         /* long lists come in pieces */
    int64_t now;
};

/* What it comes to. Texts live in the arena that was given. */
struct list_outcome {
    struct find_row
        *finds; /* url, and what the list says; ids, canonical and state are filled in */
    size_t n_finds;
    struct list_row *lists; /* url, format, covers_at, cursor */
    size_t n_lists;
    struct slice cursor; /* with is_over false: the same list goes on here */
    bool is_over;
    /* Not had: with is_over false it counts as a try, and is asked again later as it was; with
     * is_over it is given up. */
    bool is_failed;
    /* It goes on, by cursor or by lists, only if one of these finds was new to the backfill: what
     * says the same on every page would never end. */
    bool needs_news;
    int64_t n_left;       /* requests it still needs, as far as it says; -1: it does not */
    int64_t n_outside;    /* addresses that are not of the asked-for time or site */
    bool is_refused;      /* 429 or 403 of an archive: it does not want to be asked now */
    struct slice message; /* what went wrong, or was noticed; empty: nothing */
};

struct crawl_history {
    const struct backfill_row *order;
    struct slice provenance; /* of its articles: the source's name */
    int64_t copy_pause_ms;   /* between two copies of an archive */
    bool only_lists;         /* a plan: finds stay found, no page is fetched */
    bool is_claimed;         /* nothing is stored once the order is another machine's */
    int64_t requests_max;    /* of this round; 0: no bound */
    bool is_over;            /* set by may_ask: nothing new is begun */

    /* May a request be made now? False while a run is at work, or outside of the hours. */
    bool (*may_ask)(void *context, bool is_archive);
    enum ww_status (*ask)(void *context, const struct list_row *list, struct arena *arena,
                          struct list_question *out, struct ww_error *err);
    enum ww_status (*read)(void *context, const struct list_row *list,
                           const struct list_answer *answer, struct arena *arena,
                           struct list_outcome *out, struct ww_error *err);
    /* Does a title or address speak for a page? NULL: all are wanted. */
    bool (*wants)(void *context, struct slice title, struct slice url);
    void (*progress)(void *context);
    void *context;

    /* What came of the round. */
    int64_t n_lists, n_pages, n_copies; /* dealt with, whatever came of them */
    int64_t n_found, n_wanted, n_known, n_passed;
    int64_t n_articles; /* new */
    int64_t n_failed;   /* finds that were given up */
    int64_t n_requests, n_bytes;

    /* Of all rounds of one command: what its archive said, pace.h. */
    unsigned n_pauses, n_429;
    bool is_refused; /* it is asked no more now */
    char refusal[160];
};

/*
 * A find that is wanted: its page into the queue, in the open transaction. Sets page_id and state;
 * what the store knows of the page already counts.
 */
enum ww_status history_queue_find(struct store *store, const struct crawl_history *h, int64_t now,
                                  struct find_row *find, struct arena *arena, struct ww_error *err);

#endif
