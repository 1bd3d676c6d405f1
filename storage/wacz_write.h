/*
 * wacz_write.h - an export as a WACZ 1.1.1 file: a zip with the records, an index by address, a
 * list of pages and digests of all of it, which viewers in a browser open as it is.
 *
 * The records stand in it uncompressed, each being compressed already, so that a viewer reads one
 * without the others. They are written to a file without a name in the same folder first: there
 * must be room for both.
 */
#ifndef WW_STORAGE_WACZ_WRITE_H
#define WW_STORAGE_WACZ_WRITE_H

#include "storage/archive_export.h"

struct wacz;

/* WW_STORE: there is a file at path, or none can be written there. *out is to be closed anyway. */
enum ww_status wacz_open(const char *path, int64_t now, struct wacz **out, struct ww_error *err);

/* For archive_export: its context is the wacz. */
enum ww_status wacz_write(void *wacz, struct slice bytes, struct ww_error *err);
enum ww_status wacz_record(void *wacz, const struct archive_exported *r, struct ww_error *err);

/* Makes the file at path. WW_STORE: disk full and the like; nothing is left. */
enum ww_status wacz_finish(struct wacz *w, struct ww_error *err);
/* Without wacz_finish nothing stays. */
void wacz_close(struct wacz *w);

/*
 * The key of an address in an index ("org,example)/a?b"): http and https without their port, "www."
 * and fragment, host backwards, lower case, parameters sorted; anything else as it is.
 */
struct slice wacz_key(struct slice uri, struct arena *arena);

#endif
