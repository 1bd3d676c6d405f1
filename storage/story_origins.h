/*
 * story_origins.h - who had a story from whom, and what says so: "14 outlets, 2 origins".
 *
 * A pure function over the articles of one story and what was measured between them. Every address
 * is an origin, or has one parent. What makes a parent, the strongest first:
 *
 *   1. its page names the address where it was published first, and that is a member's, or at a
 *      member's host;
 *   2. it credits an outlet that is a member (an agency by the name its copies give);
 *   3. it credits an agency that is none, or names an address at a host of no member: a named
 *      origin, one for all that name it;
 *   4. at least half of its text stands in a member published before. More than half of its own
 *      words make an origin, whatever passage it shares.
 *
 * Relations know the order of arrival alone; here they are turned by story_order. Where an article
 * was measured only against some that came out after it, what it must share at least with a still
 * earlier one is reckoned from those. An edge that would close a ring is left out, the earlier
 * article's first: the edges are a forest, and origins are its roots. Versions of an address are
 * one article here.
 *
 * Deterministic, whatever the order of the rows; n log n in rows.
 */
#ifndef WW_STORAGE_STORY_ORIGINS_H
#define WW_STORAGE_STORY_ORIGINS_H

#include "storage/store_articles.h"
#include "storage/store_stories.h"

struct arena;

enum story_evidence_kind {
    STORY_BY_LINK,    /* words: the address that its page gives */
    STORY_BY_CREDIT,  /* words: whose text it says to be */
    STORY_BY_TEXT,    /* article_id, share: so much of its text stands there */
    STORY_BY_TIME,    /* seconds: so much later than its parent; dates both have, by the minute */
    STORY_BY_VERSION, /* article_id: the version of the address before */
    STORY_EVIDENCE_COUNT
};

struct story_evidence {
    enum story_evidence_kind kind;
    struct slice words; /* borrowed from the member */
    /* Of STORY_BY_TEXT mostly the parent. Else one that came out later and holds the text of both.
     */
    int64_t article_id;
    double share; /* 0 to 1 */
    int64_t seconds;
};

#define STORY_EVIDENCE_MAX 4

/* A member and its parent. */
struct story_edge {
    int64_t article_id;
    int64_t parent_id; /* 0: an origin, or by its own word from one that is no member */
    size_t origin;     /* where its chain ends: of story_origins.origins */
    struct story_evidence evidence[STORY_EVIDENCE_MAX]; /* of the parent or the named origin */
    size_t n_evidence;
};

struct story_origin {
    int64_t article_id; /* 0: no member, known by name alone */
    struct slice name;  /* its outlet, or the agency or host that is named */
    size_t n_articles;  /* addresses that come from it, itself too */
};

struct story_origins {
    /* One a member, in the order of publication (story_order.h); versions behind the first. */
    struct story_edge *edges;
    size_t n_edges;
    struct story_origin *origins; /* the one with the most articles first */
    size_t n_origins;
};

/*
 * Of a member these columns are read: id, version, url, canonical, outlet, credit and its source,
 * source_url, published_at and its precision, first_seen_at, text_bytes (store_list_story_members).
 * Relations with articles that are no members are passed over. out lives in the arena and borrows
 * the rows' texts.
 */
enum ww_status story_origins_find(const struct article_list *members,
                                  const struct relation_list *relations, struct arena *arena,
                                  struct story_origins *out, struct ww_error *err);

/* The edge of a member; NULL: it is none. Goes through all. */
const struct story_edge *story_origins_edge(const struct story_origins *origins,
                                            int64_t article_id);

#endif
