/*
 * store_claims.h - what is proposed and never stated: possible places, changes of status, counts.
 *
 * A candidate (store_alerts.h), a proposal and a claim are a sentence of an article, found with a
 * version of the watchlist. What counts is what the newest version to scan the article found. What
 * an analyst decided on a place is kept beside them; the newest decision counts.
 */
#ifndef WW_STORAGE_STORE_CLAIMS_H
#define WW_STORAGE_STORE_CLAIMS_H

#include "storage/store_alerts.h"

/* Where something stands in a stored article, and what is shown of the article. */
struct sighting {
    int64_t id, article_id, watchlist_id;
    enum mention_field field;
    int64_t start, end, sentence_start, sentence_end;
    struct slice quote;
    int64_t found_at;
    int64_t story_id, published_at, first_seen_at, n_origins; /* of its story */
    struct slice outlet, site, url, title, language;
    bool is_historic; /* the article is */
};

/* published, or first seen where nobody knows. */
int64_t sighting_at(const struct sighting *s);

/* The sentence, with the quote inside it: a mark of start == end is none. */
struct sighting_sentence {
    struct slice text;
    size_t mark_start, mark_end;
};

enum ww_status store_sighting_sentence(struct store *s, const struct sighting *at,
                                       struct arena *arena, struct sighting_sentence *out,
                                       struct ww_error *err);

/* ---- candidates ------------------------------------------------------------------------------ */

struct candidate_view {
    struct sighting at;
    struct slice place_id, place, country, term;
    enum stance stance;
};

struct candidate_view_list {
    struct candidate_view *rows;
    size_t n_rows;
};

/* By country and place, then by article. country empty: of all. */
enum ww_status store_list_candidate_views(struct store *s, struct slice country, size_t limit,
                                          struct arena *arena, struct candidate_view_list *out,
                                          struct ww_error *err);

enum verdict_on_place { PLACE_ADOPTED, PLACE_DISMISSED, PLACE_REOPENED };

const char *verdict_on_place_name(enum verdict_on_place verdict);

struct decision_row {
    int64_t id;
    struct slice country, place; /* the id of the place */
    enum verdict_on_place verdict;
    struct slice item, note;
    int64_t at;
};

struct decision_list {
    struct decision_row *rows;
    size_t n_rows;
};

enum ww_status store_add_decision(struct store *s, const struct decision_row *row, int64_t *id,
                                  struct ww_error *err);
/* All of them, the newest first. */
enum ww_status store_list_decisions(struct store *s, struct arena *arena, struct decision_list *out,
                                    struct ww_error *err);

/* ---- whom they were told ----------------------------------------------------------------------
 */

/* Is there any candidate or proposal at all? */
enum ww_status store_has_possible(struct store *s, bool *out, struct ww_error *err);
/* subject: the words of whoever tells; the same ones are told once. */
enum ww_status store_is_possible_told(struct store *s, struct slice analyst, struct slice subject,
                                      bool *out, struct ww_error *err);
enum ww_status store_mark_possible_told(struct store *s, struct slice analyst, struct slice subject,
                                        int64_t at, struct ww_error *err);

/* ---- proposals ------------------------------------------------------------------------------- */

struct proposal_row {
    int64_t id, article_id, watchlist_id;
    struct slice item, state;
    enum stance stance;
    enum mention_field field;
    int64_t start, end, sentence_start, sentence_end;
    struct slice quote;
    int64_t found_at;
};

struct proposal_view {
    struct sighting at;
    struct slice item, state;
    enum stance stance;
};

struct proposal_view_list {
    struct proposal_view *rows;
    size_t n_rows;
};

enum ww_status store_add_proposal(struct store *s, const struct proposal_row *row, int64_t *id,
                                  struct ww_error *err);

struct sighting_filter {
    struct store_window window; /* of what sighting_at says */
    struct slice item;          /* of proposals; empty: of all */
    int64_t article_id;         /* 0: of all */
    int64_t story_id;           /* 0: of all */
};

/* The newest first, by when the article was published. */
enum ww_status store_list_proposals(struct store *s, const struct sighting_filter *filter,
                                    struct arena *arena, struct proposal_view_list *out,
                                    struct ww_error *err);

/* ---- claims ---------------------------------------------------------------------------------- */

struct claim_row {
    int64_t id, article_id, watchlist_id;
    int64_t n_sites, n_countries;
    struct slice bound, speaker;
    enum mention_field field;
    int64_t start, end, sentence_start, sentence_end;
    struct slice quote;
    int64_t found_at;
};

struct claim_view {
    struct sighting at;
    int64_t n_sites, n_countries;
    struct slice bound, speaker;
};

struct claim_view_list {
    struct claim_view *rows;
    size_t n_rows;
};

enum ww_status store_add_claim(struct store *s, const struct claim_row *row, int64_t *id,
                               struct ww_error *err);
/* The oldest first, by when the article was published. */
enum ww_status store_list_claims(struct store *s, const struct sighting_filter *filter,
                                 struct arena *arena, struct claim_view_list *out,
                                 struct ww_error *err);

#endif
