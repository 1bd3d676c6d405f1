/*
 * archive_alone.h - a WARC file, or those of a WACZ file, read by themselves: is each record whole?
 *
 * Of the kind that is written here: gzip members of a record each. Behind damage it goes on at the
 * next member that begins with a record; what lies between is told. Of a WACZ file each part is
 * compared with the SHA-256 that its datapackage.json says.
 */
#ifndef WW_STORAGE_ARCHIVE_ALONE_H
#define WW_STORAGE_ARCHIVE_ALONE_H

#include "storage/archive_verify.h"

/*
 * *out is added to; the record that a file begins with counts for none, as in an export.
 * WW_NOT_FOUND: it is not there. WW_INVALID: neither a WARC file nor a WACZ file, or one with
 * a directory over WACZ_DIRECTORY_MAX_BYTES.
 */
enum ww_status archive_verify_alone(const char *path, const struct archive_verify_options *options,
                                    struct archive_verify_summary *out, struct ww_error *err);

#endif
