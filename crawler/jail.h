/*
 * jail.h - give up everything but computing and one descriptor.
 *
 * After jail_enter a process may read and write what is already open, take memory up to a limit and
 * end; any other system call kills it. A parser needs no more: its bytes come in, its answer goes
 * out, and whatever a page makes of it can reach no file, no network, no other process.
 *
 * A build with WW_SANITIZED (sanitizers, coverage) keeps the descriptors closed and drops the
 * filter and the memory limit, which such builds cannot live under.
 */
#ifndef WW_CRAWLER_JAIL_H
#define WW_CRAWLER_JAIL_H

#include "base/attrs.h"
#include "base/error.h"

#include <sys/types.h>

/* Die when the parent dies. parent is its id as read before the fork: it may be gone already. */
enum ww_status jail_follow_parent(pid_t parent, struct ww_error *err);

/* Lock this process in with fd alone; its number may change: the new one is returned in *fd. */
enum ww_status jail_enter(int *fd, struct ww_error *err);

/* End this process without running what others registered for exit. */
WW_NORETURN void jail_exit(int status);

#endif
