/*
 * furniture.h - lines that stand on many pages of a site and belong to none of its articles.
 *
 * One page cannot tell. So a page names what may be such a line by a key (article->lines); whoever
 * stores articles counts in how many stories of the site each key stands, and gives back those that
 * turned out to be furniture (hints->furniture). A key is article_line_hash with the kind of line
 * in its lowest bits: each kind takes its own number of stories to be believed, and no text is
 * kept.
 *
 * Limits: ARTICLE_LINES_MAX keys a page. Only the two ends of a text are looked at: what repeats in
 *   the middle is mostly a heading that all reviews have. Never more than a third of a text is cut.
 */
#ifndef WW_EXTRACTORS_FURNITURE_H
#define WW_EXTRACTORS_FURNITURE_H

#include "extractors/article.h"

enum line_kind {
    LINE_LABEL,      /* a few words without a stop: "Share this", "责任编辑" */
    LINE_PROSE,      /* a sentence or more: it may be a story's background, too */
    LINE_TITLE_PART, /* of <title>, before or behind a separator: may be the site's name */
    LINE_KIND_COUNT
};
#define LINE_KIND_MASK 3U

static inline enum line_kind furniture_kind(uint64_t key)
{
    return (enum line_kind)(key & LINE_KIND_MASK);
}

/* The part of <title> that other pages have as well: the site's name; empty when not known. */
struct slice furniture_name(struct slice title_element, const struct article_hints *hints);

/*
 * Move the known furniture of a->text to a->cut, keep the text before that in a->whole, and name
 * the candidates in a->lines.
 */
void furniture_cut(struct article *a, struct slice title_element, const struct article_hints *hints,
                   struct arena *arena);

#endif
