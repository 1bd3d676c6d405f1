/* listen.h - a listening TCP socket on a loopback address, shared by the servers of the tests. */
#ifndef WW_TESTS_SUPPORT_LISTEN_H
#define WW_TESTS_SUPPORT_LISTEN_H

#include "base/error.h"

/*
 * Non-blocking and closed on exec. *port 0 is replaced by a free one. *fd is the caller's to close.
 * WW_UNREACHABLE when the address cannot be had.
 */
enum ww_status listen_open(const char *address, unsigned *port, int *fd, struct ww_error *err);

#endif
