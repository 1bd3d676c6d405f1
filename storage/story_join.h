/*
 * story_join.h - what one more article changes of its story: for story_place.c.
 *
 * All of it comes out the same in whatever order the articles arrive:
 *
 * Root:       the earliest published (story_order.h), of an address the first version. One that an
 *             archive gave later takes the place of the version that was the first, unless it bears
 *             no date, or a later one.
 * Canonical:  the earliest published of the fullest, which are as long as nine tenths of the
 *             longest text. When a longer one leaves the present one behind, STORY_SCAN_MAX members
 *             are looked at; in a larger story it may be one of those.
 * Origins:    counted (story_origins.h) at once up to STORY_ORIGINS_MAX articles, then at each
 *             fourth part more, up to STORY_MEMBERS_MAX: linear in a story's articles. A copy that
 *             was measured against one earlier article alone, where nobody makes claims, adds none
 *             and is not counted at all. A later version counts when it makes a claim.
 *
 * Of that, first seen is kept apart: a story's first article is the first that arrived, for ever.
 */
#ifndef WW_STORAGE_STORY_JOIN_H
#define WW_STORAGE_STORY_JOIN_H

#include "base/error.h"
#include "storage/store_articles.h"
#include "storage/store_stories.h"
#include "storage/stories.h"

struct arena;

struct story_newcomer {
    struct article_row row; /* as store_story_member reads it; story_id: where it joins */
    /*
     * The version before, when it is of this story, or, of a first version that an archive gave
     * later, the one behind it; else its id is 0.
     */
    struct article_row former;
    const struct story_verdict *verdict; /* its relations are stored already */
};

/* *standing: how the story stands then. */
enum ww_status story_join(struct store *s, const struct story_newcomer *newcomer,
                          struct arena *arena, struct story_standing *standing,
                          struct ww_error *err);

#endif
