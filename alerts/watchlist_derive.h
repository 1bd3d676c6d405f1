/*
 * watchlist_derive.h - from "name, city, country, aliases" to a row that can match.
 *
 * A site needs an id, and a place of places.csv whose names lead to it. The place is looked for
 * under every name it has there ("Lisboa", "里斯本"); one that is not there is made, with the name
 * that was given. What is derived is put into the edit and so shown before it is done.
 */
#ifndef WW_ALERTS_WATCHLIST_DERIVE_H
#define WW_ALERTS_WATCHLIST_DERIVE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

struct arena;
struct watch_deriver;
struct watch_edit;

/* Indexes of what is in the edit now. Lives in the arena. */
enum ww_status watch_deriver_open(struct watch_edit *e, struct arena *arena,
                                  struct watch_deriver **out, struct ww_error *err);

/* A row of stations.csv as somebody wrote it; what is empty may be filled. */
struct watch_site {
    struct slice id, name, city, country;
    struct slice names; /* of the city in other languages, for a new place */
    struct slice site, match_scope, kind;
    bool is_known; /* the row is there already; then only its id was looked up */
    bool is_new_place;
};

/*
 * Fill a site, and put its place into the edit. WW_INVALID: it cannot be done; the message says
 * what is missing, and *column which cell.
 */
enum ww_status watch_derive_site(struct watch_deriver *d, struct watch_site *site,
                                 const char **column, struct ww_error *err);

/* The sites' row that was put last is known from now on: its like is the same row. */
void watch_derive_noted(struct watch_deriver *d);

/* An id made of words: "São Paulo" gives "sao-paulo"; empty when nothing is left. */
struct slice watch_slug(struct slice words, struct arena *arena);

/* An id stands in addresses, commands and mail: WW_INVALID for blanks and signs that are for
 * others. */
enum ww_status watch_id_check(struct slice id, struct arena *arena, struct ww_error *err);

#endif
