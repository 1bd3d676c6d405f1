/*
 * article.h - from a page's bytes to an article.
 *
 * A pure function: bytes and what the crawler knows in, plain structs in an arena out. No I/O, no
 * clock: `now` comes with the hints, so that a date in the future can be refused. What only
 * somebody who has read other pages of the site can know comes with the hints, too.
 *
 * What stands before an article, or in its place, is never its text: access says what it is, and
 * the text is the feed's, or empty. WW_INVALID: no article text in a page that is none of these
 * (empty, only boilerplate), or bytes that are no text at all (packed, a picture). WW_TOO_BIG: too
 * complex for the limits.
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

    /* Learned from other pages of the site; may be empty. */
    struct slice site_name;
    const uint64_t *furniture; /* keys of lines that repeat there (furniture.h), ascending */
    size_t n_furniture;

    struct slice rules; /* what a person says of this site (rules.h); may be empty */

    uint32_t without; /* 1u << article_step: switched off, to measure what the step is worth */
};

enum article_date_source {
    ARTICLE_DATE_NONE,
    ARTICLE_DATE_JSON_LD,
    ARTICLE_DATE_META,
    ARTICLE_DATE_TIME_ELEMENT,
    ARTICLE_DATE_URL,
    ARTICLE_DATE_TEXT,
    ARTICLE_DATE_FEED,
    ARTICLE_DATE_RULES, /* where this site's rules say */
    ARTICLE_DATE_SOURCE_COUNT
};

enum article_access {
    ARTICLE_OPEN,
    ARTICLE_PAYWALL, /* text is what readers get before they pay */
    ARTICLE_CONSENT,
    ARTICLE_BOT_WALL,
    ARTICLE_NEEDS_SCRIPT,
    ARTICLE_NOT_FOUND, /* soft 404 */
    ARTICLE_LIVE,      /* a page that is written while things happen */
    ARTICLE_UNREAD,    /* the page was never had: the text is the feed's */
    ARTICLE_ACCESS_COUNT
};

enum article_text_source {
    ARTICLE_TEXT_PAGE,
    ARTICLE_TEXT_RULES, /* the page, by this site's rules */
    ARTICLE_TEXT_DATA,  /* schema.org data, or the state that a program is given */
    ARTICLE_TEXT_FEED,
    ARTICLE_TEXT_SOURCE_COUNT
};

/* Where an article says whose text it is: the surest first (credit.h). */
enum article_credit_source {
    ARTICLE_CREDIT_NONE,
    ARTICLE_CREDIT_DATELINE,
    ARTICLE_CREDIT_BYLINE,
    ARTICLE_CREDIT_LINE,  /* at its head or its end: "Source: X", "(X)", "© X" */
    ARTICLE_CREDIT_FIRST, /* "first published by X" */
    ARTICLE_CREDIT_DATA,  /* what the page's data call its source */
    ARTICLE_CREDIT_LINK,  /* the site of source_url */
    ARTICLE_CREDIT_SOURCE_COUNT
};

/* The names of all these, as they are stored and shown. */
extern const char *const article_date_sources[ARTICLE_DATE_SOURCE_COUNT];
extern const char *const article_accesses[ARTICLE_ACCESS_COUNT];
extern const char *const article_text_sources[ARTICLE_TEXT_SOURCE_COUNT];
extern const char *const article_credit_sources[ARTICLE_CREDIT_SOURCE_COUNT];

struct article {
    struct slice title;     /* without the site's name */
    struct slice author;    /* names as one byline prints them, else joined by "; "; may be empty */
    struct slice text;      /* paragraphs and headings, separated by one empty line (plain.h) */
    struct slice cut;       /* what was left out inside the article's container: "why: text" */
    struct slice whole;     /* the text with the furniture that was cut out; empty: none was */
    struct slice site;      /* the outlet's name for itself */
    struct slice canonical; /* absolute; of the same site only */
    bool is_twin;           /* an AMP or print copy of the page at canonical */
    struct slice language;  /* BCP 47, from the text and the page's claims */
    struct slice description;
    struct slice
        section; /* the outlet's part that it stands in: "Sport"; empty rather than wrong */
    struct slice dateline; /* words of text, in its first lines: "THE HAGUE, Oct 26 (Reuters) -" */
    struct slice credit;   /* another's name, whose text it is: "Reuters", "APA/dpa" */
    struct slice source_url; /* of the same article at another site, where it was published first */
    enum article_credit_source credit_source;
    const char *charset; /* WHATWG name */
    struct date published, modified;
    enum article_date_source published_source, modified_source;
    enum article_access access;
    enum article_text_source text_source;
    uint32_t rules_matched; /* 1u << rule_key: the hints' rules that found something */
    const uint64_t *lines;  /* keys of what may be the site's furniture */
    size_t n_lines;         /* at most ARTICLE_LINES_MAX */
};

/*
 * Of a line of text without regard to white space and digits: a counter does not make it new.
 * lines and hints->furniture have its kind in the lowest bits (furniture.h).
 */
uint64_t article_line_hash(struct slice line);

enum ww_status article_extract(struct slice html, const struct article_hints *hints,
                               struct arena *arena, struct article *out, struct ww_error *err);

#endif
