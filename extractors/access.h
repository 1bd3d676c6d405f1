/*
 * access.h - what kind of page this is: an article for everybody, or what stands before one.
 *
 * No sign decides alone: words in fourteen languages in title, headings and text, what the page
 * declares of itself, names of elements and the address give points, and signs of an article take
 * some away. Only short pages can be walls, so that an article about a captcha stays an article.
 */
#ifndef WW_EXTRACTORS_ACCESS_H
#define WW_EXTRACTORS_ACCESS_H

#include "base/slice.h"
#include "extractors/article.h"

#include <stdbool.h>

struct arena;
struct content;
struct dom;
struct metadata;

struct access_page {
    const struct dom *dom;
    const struct content *content; /* written */
    const struct metadata *meta;
    struct slice url;
};

enum article_access access_judge(const struct access_page *page, struct arena *arena);

/* Nothing of such a page is an article's text. */
static inline bool access_is_wall(enum article_access access)
{
    return access == ARTICLE_CONSENT || access == ARTICLE_BOT_WALL || access == ARTICLE_NOT_FOUND;
}

/* Is this all that a notice says: of cookies, or that a program must run? */
bool access_is_notice(struct slice text, struct arena *arena);

/* A teaser without the lines at its end that ask to pay for the rest. */
struct slice access_without_offer(struct slice text, struct arena *arena);

#endif
