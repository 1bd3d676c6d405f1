/*
 * robots.h - may this agent fetch this path?
 *
 * Follows RFC 9309; crawl-delay, which the RFC leaves out, is read because publishers rely on it.
 * Where the RFC is silent (missing colon, overlong lines) Google's open-source parser's answer is
 * given.
 *
 * Ownership: a struct robots borrows its text; keep the arena it was parsed into.
 * Errors:    parsing never fails. Unreadable lines are skipped (section 2.3.1.5).
 * Limits:    the whole lines of the first ROBOTS_MAX_BYTES count (section 2.5); time is linear in
 *            their number.
 */
#ifndef WW_CRAWLER_ROBOTS_H
#define WW_CRAWLER_ROBOTS_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct robots;

/* agent: a product token or a whole User-Agent value; case ignored. NULL when the arena is full. */
struct robots *robots_parse(struct slice text, struct slice agent, struct arena *arena);

/*
 * path includes the query and starts with '/'. A NULL robots (a host without one) allows
 * everything; a full arena nothing.
 */
bool robots_allows(const struct robots *r, struct slice path, struct arena *arena);
/* The same for a whole address; of one without a scheme, what looks like its path counts. */
bool robots_allows_url(const struct robots *r, struct slice url, struct arena *arena);

/* Pause between two requests in ms; 0 when the file names none. Never above CRAWL_DELAY_MAX_MS. */
int64_t robots_delay_ms(const struct robots *r);

/* Addresses of the Sitemap lines, in order. */
const struct slice *robots_sitemaps(const struct robots *r, size_t *n);

#endif
