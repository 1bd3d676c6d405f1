/*
 * story_forest.h - the addresses of a story while their origins are looked for: for
 * story_origins.c, story_claims.c and story_passages.c alone.
 */
#ifndef WW_STORAGE_STORY_FOREST_H
#define WW_STORAGE_STORY_FOREST_H

#include "storage/story_origins.h"

#include <stdint.h>

/* Agencies of one credit: "APA/dpa". */
#define FOREST_CREDITS_MAX 4
/* No node. */
#define FOREST_NONE SIZE_MAX

/* What stands in a parent of an article's text. */
struct passage {
    size_t parent; /* FOREST_NONE: nothing */
    size_t via;    /* the node it was measured against: the parent itself, or one after both */
    double share;
};

/*
 * An address. Nodes are in the order of publication; behind those of members come named origins,
 * which have no row.
 */
struct node {
    const struct article_row *row; /* its first version, or the first of them that was stored */
    size_t first, end;             /* of forest.rows: its versions */
    struct slice credit, source_url;
    struct slice agency;                     /* whose own site it is; empty: none's */
    struct slice own_names[3];               /* skeletons of its outlet, its site, its agency */
    struct slice claims[FOREST_CREDITS_MAX]; /* skeletons of whom it credits */
    size_t n_claims;
    size_t by_link, by_credit; /* the members that its page names */
    struct passage text;       /* where the most of its text stands, and at least half */
    size_t source;             /* the earliest article that has half of it, for all we know */
    double n_reached;          /* shingles that it shares with that one at least */
    size_t first_link;         /* of its relations, while they are gone through */
    size_t parent;
    size_t up;               /* towards the root of its tree */
    struct passage measured; /* against the parent */
    struct slice name;       /* of a named origin */
};

struct member_id {
    int64_t id;
    size_t node;
};

struct name {
    struct slice key;
    size_t node;
};

struct forest {
    const struct article_row **rows; /* by address and version */
    size_t n_rows;
    struct node *nodes;
    size_t n_members, n_nodes; /* nodes of members, and with named origins */
    struct member_id *ids;     /* by id */
    struct name *names;        /* outlets and sites of members, by key; NULL: nobody names any */
    size_t n_names;
    struct name *hosts;
    size_t n_hosts;
    struct arena *arena;
};

/* The node of an article. */
size_t forest_node(const struct forest *f, int64_t article_id);

/* Compares pointers to rows, by address and version. */
int forest_by_address(const void *x, const void *y);
/* Compares names, by key and node. */
int forest_by_key(const void *x, const void *y);

/* Whom each names: claims, by_link, by_credit. */
enum ww_status forest_read_claims(struct forest *f, struct ww_error *err);

/*
 * The key of the origin outside of the story that a node names, and the words to show; empty when
 * it names none.
 */
struct slice forest_outside(const struct forest *f, const struct node *node, struct slice *shown);

/* Where half of each text stands. */
enum ww_status forest_find_passages(struct forest *f, const struct relation_list *relations,
                                    struct ww_error *err);
/* What of each text stands in the parent that was found. */
void forest_measure_edges(struct forest *f, const struct relation_list *relations);

#endif
