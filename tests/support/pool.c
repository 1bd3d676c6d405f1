/* pool.c - see pool.h. */
#include "tests/support/pool.h"

#include "crawler/workers.h"

#include <stddef.h>

static struct forkserver *forkserver;
static struct workers *workers;

bool pool_start(worker_function *run, unsigned n)
{
    return forkserver_start(run, &forkserver, NULL) == WW_OK &&
           workers_open(forkserver, n, &workers, NULL) == WW_OK;
}

struct workers *pool_workers(void)
{
    return workers;
}

void pool_stop(void)
{
    workers_close(workers);
    forkserver_stop(forkserver);
}
