/*
 * story_tree.h - the articles of a story in the order in which a person reads them: each origin,
 * and below it what comes from it.
 */
#ifndef WW_ALERTS_STORY_TREE_H
#define WW_ALERTS_STORY_TREE_H

#include "base/error.h"
#include "storage/story_origins.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct store;

struct story_branch {
    const struct story_edge *edge;
    const struct article_row *member; /* the columns of store_list_story_members */
    /* With its parent, else the closest one to an earlier article of the story; NULL: none. */
    const struct relation_row *relation;
    size_t depth;   /* 0: an origin, or what names one that is no member */
    bool is_turned; /* its parent came here later: the relation says what that one is of it */
};

struct story_tree {
    struct article_list members;
    struct relation_list relations;
    struct story_origins origins;
    struct story_branch *branches; /* one a member */
    size_t n_branches;
    bool is_cut; /* there are more articles than STORY_MEMBERS_MAX */
};

/* out lives in the arena. */
enum ww_status story_tree_read(struct store *s, int64_t story_id, struct arena *arena,
                               struct story_tree *out, struct ww_error *err);

/* NULL: it is no member. */
const struct article_row *story_tree_member(const struct story_tree *t, int64_t article_id);

/* "origin", or what it is of another: "exact", "excerpt" ... */
struct slice story_tree_kind(const struct story_tree *t, const struct story_branch *b);
/*
 * "91 % of it in 12; credits The Ledger; 22 min later"; "by way of 9": both were held against 9.
 */
struct slice story_tree_evidence(const struct story_edge *edge, struct arena *arena);
/* How much of it stands in its parent, 0 to 1; negative: not measured. */
double story_tree_share(const struct story_edge *edge);

#endif
