/*
 * marks.h - what an element's class, id, role and itemprop say about it.
 *
 * Page makers name their parts much alike: "entry-content", "relatedPosts", "share_bar". Names are
 * cut into words (at punctuation and at camelCase humps) and looked up alone and in pairs. The
 * words are about web pages; no site's own names stand in the table.
 */
#ifndef WW_EXTRACTORS_MARKS_H
#define WW_EXTRACTORS_MARKS_H

#include "base/slice.h"

#include <stdint.h>

struct arena;
struct dom_node;
struct marks;

enum {
    MARK_BODY = 1 << 0,    /* holds an article's text: articleBody, entry-content */
    MARK_STORY = 1 << 1,   /* holds an article: story, single-post */
    MARK_CONTENT = 1 << 2, /* holds the page's content: main-content */
    MARK_COMMENTS = 1 << 3,
    MARK_RELATED = 1 << 4, /* other articles */
    MARK_SIDE = 1 << 5,    /* sidebar, navigation, footer */
    MARK_CONSENT = 1 << 6, /* cookies, privacy */
    MARK_AD = 1 << 7,
    MARK_SHARE = 1 << 8,
    MARK_SUBSCRIBE = 1 << 9, /* newsletter, sign-up, paywall */
    MARK_META = 1 << 10,     /* tags, categories, reading time */
    MARK_AUTHOR = 1 << 11,
    MARK_DATE = 1 << 12,
    MARK_CAPTION = 1 << 13, /* captions, credits, galleries */
    MARK_HIDDEN = 1 << 14,  /* for screen readers, print, overlays */
    MARK_WIDGET = 1 << 15,
    MARK_LEAD = 1 << 16, /* standfirst, subtitle */
    MARK_TITLE = 1 << 17,
    MARK_BIO = 1 << 18,   /* a box about the author */
    MARK_TEASER = 1 << 19 /* the way to another article, or this one's own standfirst */
};

/* The words as a table, made once for a page. NULL when the arena is full. */
struct marks *marks_open(struct arena *arena);

uint32_t marks_of(const struct marks *m, const struct dom_node *node);

#endif
