/*
 * candidates.h - places that may have a site and are not on the list, proposed with their evidence.
 *
 * The candidates of all articles, grouped by place: how many articles, stories, outlets and origins
 * say so, since when, and the sentence that says it best. A place that has become a site is no
 * candidate; one that an analyst dismissed comes back when told so, or with evidence of a story
 * that came later, marked as such. What is asserted ranks above what is alleged, that above what is
 * denied, which is listed all the same; then cities above whole countries, then more origins.
 *
 * Ownership: lists live in the arena and borrow the watchlist.
 * Limits:    CANDIDATES_READ_MAX sentences are read.
 */
#ifndef WW_ALERTS_CANDIDATES_H
#define WW_ALERTS_CANDIDATES_H

#include "alerts/watchlist.h"
#include "base/error.h"
#include "storage/store_claims.h"

struct arena;
struct store;

enum candidate_state {
    CANDIDATE_OPEN,
    CANDIDATE_NEW_EVIDENCE, /* was dismissed, and a later story says so */
    CANDIDATE_DISMISSED,
    CANDIDATE_LISTED /* is a site by now */
};

const char *candidate_state_name(enum candidate_state state);

struct candidate_group {
    struct slice country, place_id, place;
    struct slice country_name; /* as places.csv has it, else the code */
    bool is_country;           /* no city is named */
    const struct candidate_view *rows;
    size_t n_rows;
    const struct candidate_view *best; /* of them */
    int64_t n_articles, n_stories, n_outlets, n_origins;
    int64_t first_at, newest_at; /* published, or seen */
    enum candidate_state state;
    const struct decision_row *decision; /* the newest; NULL: none */
};

struct candidate_group_list {
    struct candidate_group *rows;
    size_t n_rows;
    struct slice kind; /* of the list's sites: "station" */
};

struct candidates_filter {
    struct slice country;
    int64_t since, until; /* of the newest evidence; 0: open */
    bool is_all;          /* with what was dismissed and what is listed by now */
};

enum ww_status candidates_list(struct store *s, const struct watchlist *w,
                               const struct candidates_filter *filter, struct arena *arena,
                               struct candidate_group_list *out, struct ww_error *err);

/* By id or name of the place, case ignored; *n: how many there are of that name. */
const struct candidate_group *candidates_find(const struct candidate_group_list *list,
                                              struct slice word, size_t *n);

/* "possible new station: Porto, Portugal" */
struct slice candidate_heading(const struct candidate_group_list *list,
                               const struct candidate_group *g, struct arena *arena);

/* The kind that most sites of a list have; "site" without any. */
struct slice candidates_kind(const struct watchlist *w);

#endif
