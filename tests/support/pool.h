/* pool.h - the parser workers of a test program, made before its first test. */
#ifndef WW_TESTS_SUPPORT_POOL_H
#define WW_TESTS_SUPPORT_POOL_H

#include "crawler/forkserver.h"

#include <stdbool.h>

struct workers;

/* Before anything else is open. False: there are none. */
bool pool_start(worker_function *run, unsigned n);
struct workers *pool_workers(void);
void pool_stop(void);

#endif
