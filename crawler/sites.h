/*
 * sites.h - what is known of the site of a page, and what its pages teach.
 *
 * Kept at hand for a run: what a host's pages taught is read once, and again when many more have
 * taught since. A line is furniture when it stands in enough stories of the host and in enough of
 * them all; how much is enough depends on the kind of line: five words without a stop are soon
 * believed, a sentence late, for it may be the background of one affair that an outlet follows.
 */
#ifndef WW_CRAWLER_SITES_H
#define WW_CRAWLER_SITES_H

#include "base/error.h"
#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct article;
struct site_row;
struct sites;
struct store;

/* After a rollback close it. */
enum ww_status sites_open(struct store *store, struct sites **out, struct ww_error *err);
void sites_close(struct sites *s);

struct site_knowledge {
    struct slice name;         /* empty: not known */
    const uint64_t *furniture; /* keys (extractors/furniture.h), ascending */
    size_t n_furniture;
};

/* Borrowed until the next call. An empty host is a site of which nothing is known. */
enum ww_status sites_recall(struct sites *s, struct slice host, struct site_knowledge *out,
                            struct ww_error *err);

/* In a transaction: a story of that host that had no article there before. */
enum ww_status sites_learn(struct sites *s, struct slice host, const struct article *article,
                           int64_t at, struct ww_error *err);

/* What a row of the store means: the furniture of a site, and whether its name is to be believed.
 */
enum ww_status sites_read(struct store *store, const struct site_row *row, struct arena *arena,
                          struct site_knowledge *out, struct ww_error *err);

#endif
