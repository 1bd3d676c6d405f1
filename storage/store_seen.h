/*
 * store_seen.h - addresses that a long list (a sitemap, a page of links) has shown before.
 *
 * Such a list has thousands of addresses, and few of them ever become entries: what is kept of the
 * others is a hash and a time, some 25 bytes an address, so that what is new can be told. An
 * address is hash64 of its canonical form.
 */
#ifndef WW_STORAGE_STORE_SEEN_H
#define WW_STORAGE_STORE_SEEN_H

#include "storage/store.h"

/* *modified_at: the time it said of itself when it was marked, 0 for none. WW_NOT_FOUND: new. */
enum ww_status store_seen(struct store *s, int64_t feed_id, uint64_t address, int64_t *modified_at,
                          struct ww_error *err);
/* Adds it, or replaces its time. */
enum ww_status store_mark_seen(struct store *s, int64_t feed_id, uint64_t address,
                               int64_t modified_at, struct ww_error *err);

#endif
