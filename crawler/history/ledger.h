/*
 * ledger.h - what a backfill has to remember beside its articles: how far each file was read, and
 * how many documents had which end.
 *
 * All of it is written into the transaction that holds the articles it speaks of, just before that
 * is committed. For documents.c, whose header says what sources see of it. Without a backfill_id
 * nothing is written.
 */
#ifndef WW_CRAWLER_HISTORY_LEDGER_H
#define WW_CRAWLER_HISTORY_LEDGER_H

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"
#include "crawler/history/documents.h"
#include "crawler/history/marks.h"
#include "storage/store_history.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct bulk;

/* Those whose documents the workers have, and the one in hand. */
#define LEDGER_FILES_MAX (WORKERS_MAX + 1)

struct ledger_file {
    bool is_used, is_ended;
    bool is_moved; /* its row says less than its marks */
    struct marks marks;
    struct list_row row;
    struct buf format, why; /* which the row borrows */
    size_t n_out;           /* documents that workers have */
};

struct ledger {
    struct bulk *bulk;
    int64_t backfill_id;
    bool is_claimed;
    struct ledger_file files[LEDGER_FILES_MAX];
    struct ledger_file *file;               /* in hand; NULL: none */
    int64_t at;                             /* in it */
    int64_t n_new_ends[BACKFILL_END_COUNT]; /* not written yet */
    bool has_new_ends;
};

/* bulk is borrowed until ledger_release. */
void ledger_init(struct ledger *l, struct bulk *bulk, int64_t backfill_id);
void ledger_release(struct ledger *l);

/* As backfill_begin_file, backfill_reach, backfill_end_file. */
enum ww_status ledger_begin(struct ledger *l, struct slice path, struct slice format,
                            struct arena *arena, int64_t *from, struct ww_error *err);
bool ledger_reach(struct ledger *l, int64_t at);
enum ww_status ledger_end(struct ledger *l, const struct ww_error *why, struct ww_error *err);

/* What begins where ledger_reach was has ended without a worker. */
void ledger_settle(struct ledger *l);
/* A worker has what begins at `at` of the file in hand, which is returned; NULL: there is none. */
struct ledger_file *ledger_send_out(struct ledger *l, int64_t at);
/* That has ended. In a transaction. */
enum ww_status ledger_come_back(struct ledger *l, struct ledger_file *file, int64_t at,
                                struct ww_error *err);
void ledger_count(struct ledger *l, enum backfill_end end);

/* The row of the file in hand, and what is named in it. */
int64_t ledger_list(const struct ledger *l);
void ledger_count_find(struct ledger *l, bool is_new);
void ledger_count_bad(struct ledger *l);

/* Is there anything to write? */
bool ledger_is_due(const struct ledger *l);
/* In a transaction, as its last act. WW_CONFLICT: the backfill is another machine's by now. */
enum ww_status ledger_write(struct ledger *l, struct ww_error *err);

#endif
