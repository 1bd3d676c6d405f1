/*
 * ccnews.h - Common Crawl's news crawl as a stream that keeps nothing but what is asked for.
 *
 * Since August 2016 it is a file of 1 GB every hour or so, whose name says when it was begun. The
 * files of the window are read from their server in parts, newest first, and of each record no more
 * than the head unless it is of the window and of a site that the words name. Files are rows of the
 * backfill's lists, so that a stopped one goes on within the file it had in hand.
 *
 * Errors: WW_INVALID: a word that is no host, no beginning of the window. WW_REFUSED,
 * WW_UNREACHABLE: the server does not want to be asked, or cannot be; what was read is stored. A
 * month or file that is not there is counted, and never stops the rest; nor does a file that cannot
 * be had by three commands. One that is refused is left to the next command, and said at the end.
 */
#ifndef WW_CRAWLER_HISTORY_CCNEWS_H
#define WW_CRAWLER_HISTORY_CCNEWS_H

#include "base/error.h"
#include "base/limits.h"
#include "base/slice.h"
#include "crawler/history/ranged.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct backfill;
struct backfill_row;
struct store;

struct ccnews_options {
    struct ranged_means means;        /* pause_ms 0: the usual one; rest is ours */
    const struct backfill_row *order; /* words and window */
    struct store *store;              /* that of the backfill; NULL to count */
    struct slice base;                /* of Common Crawl's files, without a slash at the end */
};

struct ccnews_summary {
    int64_t n_months;     /* whose lists came */
    int64_t n_files;      /* of the window, as far as the months were looked at */
    int64_t n_files_read; /* whole, by this and earlier ones */
    int64_t n_missing;    /* months and files */
    int64_t n_requests, n_bytes;
    bool was_stopped; /* or the budget is spent */
};

/* What a file takes, for plans. */
#define CCNEWS_FILE_REQUESTS (1024LL * 1024 * 1024 / RANGED_BYTES + 1)

/* Are these words and this window what it wants? arena is for the hosts. */
enum ww_status ccnews_check(const struct backfill_row *order, int64_t now, struct arena *arena,
                            struct ww_error *err);
/* Asks for the lists of the months alone. */
enum ww_status ccnews_count(const struct ccnews_options *options, struct ccnews_summary *out,
                            struct ww_error *err);
/* The caller finishes b. */
enum ww_status ccnews_documents(struct backfill *b, const struct ccnews_options *options,
                                struct ccnews_summary *out, struct ww_error *err);

#endif
