/*
 * report_page.h - the pieces a page of the report is made of: its frame, links, times, sentences.
 *
 * Whatever came from outside goes through markup_add_text; links lead to http(s) alone, and say
 * that nobody is to follow them on our account. Times are those of the desk's zone, to the minute.
 * A page borrows its buffer, which grows and is looked at once, when the page is written.
 */
#ifndef WW_ALERTS_REPORT_REPORT_PAGE_H
#define WW_ALERTS_REPORT_REPORT_PAGE_H

#include "base/buf.h"
#include "base/slice.h"
#include "storage/store_alerts.h"

#include <stdint.h>

/* Entries of the navigation. */
enum report_section {
    SECTION_MORNING,
    SECTION_DAYS,
    SECTION_ITEMS,
    SECTION_COUNTRIES,
    SECTION_HEALTH,
    SECTION_ABOUT,
    SECTION_COUNT
};

struct report_page {
    struct buf *out;
    struct slice zone;
    const char *root; /* "", or "../" of a page in a folder */
};

/* Up to and with the heading of the page, whose language may be empty. */
void report_page_begin(const struct report_page *p, enum report_section section,
                       struct slice heading, struct slice language);
void report_page_end(const struct report_page *p);

void report_put(const struct report_page *p, const char *markup);
void report_put_text(const struct report_page *p, struct slice text);
/* "1 outlet", "3 outlets"; plural NULL: with an s */
void report_put_count(const struct report_page *p, int64_t n, const char *one, const char *plural);

/* Words of an article in an element of that name. */
void report_put_foreign(const struct report_page *p, const char *element, struct slice language,
                        struct slice words);

/* <time>2026-11-22 07:30</time>; "" for 0. */
void report_put_time(const struct report_page *p, int64_t at);
void report_put_day(const struct report_page *p, int64_t at);

/* Words that lead out, where url is a web address; else the words alone. */
void report_put_link(const struct report_page *p, struct slice url, struct slice words);
void report_put_story_link(const struct report_page *p, int64_t story_id, struct slice language,
                           struct slice words);
/* To an item's page. */
void report_put_item_link(const struct report_page *p, struct slice item, struct slice words);

/* "high", as a badge. */
void report_put_severity(const struct report_page *p, enum alert_severity severity);

/* A sentence, with what was found in it and the term beside it; equal ends: none. */
struct report_quote {
    struct slice text, language;
    size_t mark_start, mark_end, term_start, term_end;
};
void report_put_quote(const struct report_page *p, const struct report_quote *q);

/* The day a moment is of, in the desk's zone: days since 1970. */
int64_t report_day(struct slice zone, int64_t at);

/* style.css */
void report_style_put(struct buf *out);

#endif
