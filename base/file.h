/*
 * file.h - all the bytes of a file, read or replaced at once.
 *
 * Errors: WW_NOT_FOUND (no such file), WW_INVALID (a folder, no right to read it, a broken disk),
 *         WW_TOO_BIG and WW_NOMEM of the buffer or arena; every message begins with the path.
 */
#ifndef WW_BASE_FILE_H
#define WW_BASE_FILE_H

#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Appended to out, up to its limit. */
enum ww_status file_read(const char *path, struct buf *out, struct ww_error *err);

/* Into an arena, at most max_bytes. The path "-" is standard input. */
enum ww_status file_read_input(const char *path, size_t max_bytes, struct arena *arena,
                               struct slice *out, struct ww_error *err);

/*
 * The file holds these bytes now, or what it held before: they are written to "PATH.part", which is
 * then renamed. When it held them already nothing is touched, so that its time stays that of the
 * last change; *is_changed says which. Everybody may read it: it is for others. WW_STORE: a folder
 * that is not there, no right, a full disk.
 */
enum ww_status file_replace(const char *path, struct slice bytes, bool *is_changed,
                            struct ww_error *err);

#endif
