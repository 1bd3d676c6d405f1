/*
 * forkserver.h - the small process that makes the workers, and the workers' own loop.
 *
 * Started as the first act of the program, before any database, socket, lock or secret is open: so
 * none of them can be in a worker, not in one made an hour later as a replacement either. It makes
 * a worker on demand, hands its socket over, and ends and buries it; nobody else does, so a process
 * id is never used after its process is gone. It and its workers die with the program.
 *
 * A frame, both ways: 8 bytes of length, little-endian, and that many bytes.
 */
#ifndef WW_CRAWLER_FORKSERVER_H
#define WW_CRAWLER_FORKSERVER_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <sys/types.h>

struct arena;
struct buf;
struct forkserver;

#define FRAME_HEAD_BYTES 8

/*
 * What a worker runs on each request, jailed: parse_run, or a test's own. It must write an answer.
 */
typedef void worker_function(struct slice request, struct arena *arena, struct buf *answer);

enum ww_status forkserver_start(worker_function *run, struct forkserver **out,
                                struct ww_error *err);
void forkserver_stop(struct forkserver *f);

/* ---- for workers.c alone -------------------------------------------------------------------- */

struct worker_process {
    pid_t pid;
    int fd; /* the parent's end; the caller closes it */
};

enum ww_status forkserver_make(struct forkserver *f, struct worker_process *out,
                               struct ww_error *err);

/*
 * End the process: at once, or after the moment that it takes to see that its socket was closed.
 * *wait_status is that of waitpid.
 */
enum ww_status forkserver_end(struct forkserver *f, pid_t pid, bool at_once, int *wait_status,
                              struct ww_error *err);

#endif
