/*
 * marks.h - how far a file of many documents has been read, when its documents end out of order.
 *
 * All before `high` is done but what stands in `missing`. Written as words, that is a list's cursor
 * (store_history.h): "4096 1024 2048" says that all before 4096 is done, without the documents at
 * 1024 and 2048, which the workers had. A document is known by where it begins, and no two begin at
 * the same place.
 */
#ifndef WW_CRAWLER_HISTORY_MARKS_H
#define WW_CRAWLER_HISTORY_MARKS_H

#include "base/limits.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* What the workers had when it was stopped, and what they have now. */
#define MARKS_MAX ((size_t)2 * WORKERS_MAX)

struct marks {
    int64_t high;
    int64_t missing[MARKS_MAX]; /* in no order */
    size_t n_missing;
};

/* A cursor that cannot be read begins anew: what is offered twice is known by its content. */
void marks_parse(struct marks *m, struct slice cursor);
void marks_write(const struct marks *m, struct buf *out);

/* Where reading has to go on. */
int64_t marks_begin(const struct marks *m);
/* False: what begins there is done. Else all before it is, but what is out. */
bool marks_reach(struct marks *m, int64_t at);
/* A worker has it. */
void marks_take(struct marks *m, int64_t at);
/* It has ended. */
void marks_settle(struct marks *m, int64_t at);

#endif
