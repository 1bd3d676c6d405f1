/*
 * substance.h - has an article changed in what it says?
 *
 * A new version of a page differs from the last one by what is no news: a counter, a line of links,
 * a list of what is read most, a comma, a spelling. Of what differs (base/text_diff) these count: a
 * sentence of prose that came, went or reads otherwise, a line of a list in which something was
 * replaced, and the title. What only moved, or was left out of one of the texts as boilerplate,
 * does not count; nor does a word mended by one letter, or written together or apart, if it is no
 * figure.
 *
 * Pure. Limits: STORY_TEXT_MAX_BYTES of each text are compared.
 */
#ifndef WW_CRAWLER_SUBSTANCE_H
#define WW_CRAWLER_SUBSTANCE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

struct arena;

struct substance_text {
    struct slice title, text;
    struct slice whole; /* the text before lines of the site's furniture were cut; or empty */
    struct slice cut;   /* what was left out, as extractors/article.h writes it */
};

struct substance {
    bool is_changed;
    bool is_noted; /* a line that came says that the page was changed (change_notes.h) */
};

enum ww_status substance_compare(const struct substance_text *before,
                                 const struct substance_text *after, struct slice language,
                                 struct arena *arena, struct substance *out, struct ww_error *err);

#endif
