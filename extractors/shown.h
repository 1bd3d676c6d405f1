/*
 * shown.h - the dates that a page shows: in lines of text and in elements made for dates.
 *
 * Each comes with where it stands and with what the words beside it say of it: "Published 4 May",
 * "aktualisiert am 5. Mai". Which of them counts is decided in dates.c.
 */
#ifndef WW_EXTRACTORS_SHOWN_H
#define WW_EXTRACTORS_SHOWN_H

#include "base/date.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct metadata_source;

enum shown_kind { SHOWN_PLAIN, SHOWN_PUBLICATION, SHOWN_CHANGE };

enum shown_place {
    SHOWN_HEAD,  /* from the headline to the first paragraphs */
    SHOWN_ABOVE, /* the lines before the headline */
    SHOWN_TEXT,  /* the rest of the article's container */
    SHOWN_BELOW, /* elsewhere on the page */
    SHOWN_PLACE_COUNT
};

struct shown_date {
    struct date date;
    enum shown_kind kind;
    enum shown_place place;
    bool is_marked; /* its element is named for a date */
    bool is_alone;  /* hardly more than a date in its line */
    bool is_prose;  /* in a paragraph of text, which may tell of any day */
    bool is_filed;  /* in a long line of tags and categories: "Filed under" */
};

#define SHOWN_MAX 64

struct shown {
    struct shown_date list[SHOWN_MAX]; /* by place, then in the page's order */
    size_t n;
};

/* What dates must be like to count. */
struct shown_bounds {
    enum date_order order;
    int64_t first, last; /* seconds since 1970; a later or an earlier date is none */
};

bool shown_is_credible(const struct shown_bounds *bounds, const struct date *d);

/* Around the headline; and on all of the page, comments and lists of other articles apart. */
void shown_read_head(const struct metadata_source *source, const struct shown_bounds *bounds,
                     struct shown *out);
void shown_read_page(const struct metadata_source *source, const struct shown_bounds *bounds,
                     struct shown *out);

/* What the words of text say of the date that stands behind them: the last such word counts. */
enum shown_kind shown_label(struct slice text);

#endif
