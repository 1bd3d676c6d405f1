/*
 * zipped.h - how large is the directory of a zip file, before a library makes a structure of each
 * of its entries?
 *
 * A zip file is found by its end (APPNOTE 4.3.16), and what looks like one may stand in the comment
 * behind it as well: readers differ in which of them they believe, and libzip tries one after the
 * other. So the largest directory that any of them speaks of counts.
 */
#ifndef WW_BASE_ZIPPED_H
#define WW_BASE_ZIPPED_H

#include "base/error.h"

#include <stddef.h>

/* WW_TOO_BIG: over max_bytes. WW_UNREACHABLE: it cannot be read. A file that is no zip file is
 * another's to judge. */
enum ww_status zipped_check_directory(const char *path, size_t max_bytes, struct ww_error *err);

#endif
