/*
 * analyze.h - what `make analyze` puts before each file: an analyzer sees one file at a time and
 * would have a failure return WW_OK, with nothing of what WW_OK promises.
 */
#include "base/error.h"

#define ww_fail(err, status, ...) (ww_fail((err), (status), __VA_ARGS__), (status))
#define ww_context(err, status, ...) (ww_context((err), (status), __VA_ARGS__), (status))
