/*
 * farm.h - many hosts with a feed each, for benches: one process, one port, an address 127.x.y.z a
 * host.
 *
 * Every feed has FARM_ENTRIES entries of its own and answers a known ETag with 304. All pages lie
 * at one more host, which answers 503: a crawler that asks it for robots.txt leaves them alone. The
 * process ends with farm_close, or by itself after ten minutes.
 */
#ifndef WW_TESTS_SUPPORT_FARM_H
#define WW_TESTS_SUPPORT_FARM_H

#include "base/error.h"

#include <stddef.h>

#define FARM_ENTRIES 20
#define FARM_HOSTS_MAX 60000
#define FARM_ETAG "\"as-it-was\""
#define FARM_URL_BYTES 64

struct farm;

enum ww_status farm_open(struct farm **out, struct ww_error *err);
void farm_close(struct farm *f);

/* "http://127.1.0.1:40123/feed.xml" of host i. */
void farm_url(const struct farm *f, size_t i, char out[FARM_URL_BYTES]);

/* Answers so far: feeds in full, and 304. */
size_t farm_n_whole(const struct farm *f);
size_t farm_n_unchanged(const struct farm *f);

#endif
