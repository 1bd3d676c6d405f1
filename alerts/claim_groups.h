/*
 * claim_groups.h - "N sites in M countries", a group for each pair of numbers that was ever said.
 *
 * Who says so is the speaker that the sentence names, else the outlet. Ownership: lists live in the
 * arena.
 */
#ifndef WW_ALERTS_CLAIM_GROUPS_H
#define WW_ALERTS_CLAIM_GROUPS_H

#include "base/error.h"
#include "storage/store_claims.h"

struct arena;
struct store;

struct claim_group {
    int64_t n_sites, n_countries;
    struct slice bound;    /* of the first that has one */
    struct slice speakers; /* "Society, The Ledger": each once, CLAIM_SPEAKERS_MAX of them */
    const struct claim_view *first, *last;
    int64_t n_articles, n_outlets;
};

struct claim_group_list {
    struct claim_group *rows;
    size_t n_rows;
};

/* What was said last comes first. filter->window.limit does not count here. */
enum ww_status claim_groups_list(struct store *s, const struct sighting_filter *filter,
                                 struct arena *arena, struct claim_group_list *out,
                                 struct ww_error *err);

#endif
