/*
 * article.h - from a page's bytes to an article.
 *
 * A pure function: bytes and what the crawler knows in, plain structs in an arena out. No I/O, no
 * clock: `now` comes with the hints, so that a date in the future can be refused.
 * WW_INVALID: no article text in this page (empty, only boilerplate), or bytes that are no text at
 * all (packed, a picture). WW_TOO_BIG: too complex for the limits.
 */
#ifndef WW_EXTRACTORS_ARTICLE_H
#define WW_EXTRACTORS_ARTICLE_H

#include "base/date.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct article_hints {
    struct slice url;          /* of the page; empty when not known */
    struct slice content_type; /* the HTTP header's value, or "text/html; charset=x", or empty */
    struct slice feed_title;   /* what the feed said of it; may be empty */
    struct slice feed_author;
    struct slice feed_text; /* summary or content, HTML */
    struct date feed_published;
    int64_t now; /* seconds; dates after it + 1 day are not believed; 0: no limit */
};

enum article_date_source {
    ARTICLE_DATE_NONE,
    ARTICLE_DATE_JSON_LD,
    ARTICLE_DATE_META,
    ARTICLE_DATE_TIME_ELEMENT,
    ARTICLE_DATE_URL,
    ARTICLE_DATE_TEXT,
    ARTICLE_DATE_FEED
};

enum article_access {
    ARTICLE_OPEN,
    ARTICLE_PAYWALL,
    ARTICLE_CONSENT,
    ARTICLE_NEEDS_SCRIPT,
    ARTICLE_NOT_FOUND /* soft 404 */
};

struct article {
    struct slice title;     /* without the site's name */
    struct slice author;    /* names joined by "; "; empty rather than wrong */
    struct slice text;      /* paragraphs and headings, separated by one empty line (plain.h) */
    struct slice cut;       /* what looked like boilerplate inside the article's container */
    struct slice site;      /* the outlet's name for itself */
    struct slice canonical; /* absolute; of the same site only */
    struct slice language;  /* BCP 47, from the text and the page's claims */
    struct slice description;
    const char *charset; /* WHATWG name */
    struct date published, modified;
    enum article_date_source published_source;
    enum article_access access;
};

enum ww_status article_extract(struct slice html, const struct article_hints *hints,
                               struct arena *arena, struct article *out, struct ww_error *err);

#endif
