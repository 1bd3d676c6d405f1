/*
 * settings_file.h - the pairs of an INI file, each with the place where its value stands.
 *
 * As git writes it: [section], key = value, comments after ';' or '#' (inside a line after " ;"). A
 * line that begins with white space goes on with the key before it: the same pair once more. Lines
 * over what the reader takes are refused, not split. What the pairs mean is the caller's business.
 *
 * Errors: WW_NOT_FOUND when there is no such file; WW_INVALID with file:line, or with what the
 *         caller says, behind file:line:column if it gives a column.
 */
#ifndef WW_BASE_SETTINGS_FILE_H
#define WW_BASE_SETTINGS_FILE_H

#include "base/error.h"

#include <stddef.h>

struct settings_pair {
    const char *section, *key, *value;
    int line;
    size_t column; /* of the value, in characters, from 1 */
};

/*
 * *column is 0, and is to be set to the place of a mistake that has one. What it fails with gets
 * the place put before it.
 */
typedef enum ww_status settings_take(void *context, const struct settings_pair *pair,
                                     size_t *column, struct ww_error *err);

/* A section begins, whether pairs follow or not; its mistakes get the place put before them. */
typedef enum ww_status settings_begin(void *context, const char *section, int line,
                                      struct ww_error *err);

/* begin may be NULL. */
enum ww_status settings_file_read(const char *path, settings_begin *begin, settings_take *take,
                                  void *context, struct ww_error *err);

#endif
