/*
 * workers.h - the jail: hostile bytes are parsed in processes that can do nothing else.
 *
 * A fork server, made as the first act of the program, makes worker processes: rlimits, no new
 * privileges, a seccomp allow-list, death with their parent. A worker takes one job (a kind and
 * bytes) and gives one flat record (base/record); the parent kills it at its deadline and has
 * another made. Nothing a worker can do harms more than its own document.
 *
 * Ownership: an answer's bytes belong to the pool until the next call of workers_wait.
 * Limits: WORKER_DEADLINE_MS, WORKER_MEMORY_MAX_BYTES, ANSWER_MAX_BYTES of base/limits.h.
 */
#ifndef WW_CRAWLER_WORKERS_H
#define WW_CRAWLER_WORKERS_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct forkserver;
struct workers;

/*
 * n workers; 0: one more than there are cores, so that none of those rests while an answer waits to
 * be stored. They are made when there is work. f must outlive the pool.
 */
enum ww_status workers_open(struct forkserver *f, unsigned n, struct workers **out,
                            struct ww_error *err);
void workers_close(struct workers *w);

struct workers_answer {
    uint64_t id;           /* as given to workers_submit */
    enum ww_status status; /* WW_OK: record holds the answer; else error tells */
    struct slice record;
    struct ww_error error;
    bool worker_died; /* deadline, memory or a forbidden call: the document is to blame */
};

/* True when a worker is free to take a job now. */
bool workers_idle(const struct workers *w);

/*
 * Give a job to a free worker. request is a record; it is written before this returns. WW_CONFLICT:
 * none is free; WW_TOO_BIG: over REQUEST_MAX_BYTES; WW_REFUSED: no process can be made (our
 * failure, not the document's).
 */
enum ww_status workers_submit(struct workers *w, uint64_t id, struct slice request,
                              struct ww_error *err);

/*
 * The next answer, waiting at most timeout_ms (-1: until there is one). WW_NOT_FOUND: none in that
 * time, or no job is out. Also the place where deadlines are kept: call it now and then, with 0 if
 * need be, while a job is out.
 */
enum ww_status workers_wait(struct workers *w, int timeout_ms, struct workers_answer *out,
                            struct ww_error *err);

/* Descriptors that become readable when an answer is there, for curl_multi_poll. */
size_t workers_descriptors(const struct workers *w, int *fds, size_t max);

#endif
