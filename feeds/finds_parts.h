/*
 * finds_parts.h - for finds*.c alone: what all readers of lists share.
 *
 * A reader is one function over a struct finds_reader; what it finds goes through finds_add and
 * finds_add_list, which judge addresses, count what is bad and hold the limits.
 */
#ifndef WW_FEEDS_FINDS_PARTS_H
#define WW_FEEDS_FINDS_PARTS_H

#include "feeds/finds.h"

struct json_rows;
struct json_t;

struct finds_reader {
    struct arena *arena;
    struct slice text; /* clean UTF-8, trimmed */
    struct slice base;
    struct finds *out;
    size_t rows_room, lists_room;
};

typedef enum ww_status finds_function(struct finds_reader *r, struct ww_error *err);

finds_function finds_read_sitemap, finds_read_feed, finds_read_wordpress, finds_read_cdx,
    finds_read_cdx_lines, finds_read_collections, finds_read_page_count, finds_read_timemap,
    finds_read_paths, finds_read_gdelt, finds_read_mediacloud;

/* A row whose address is none to fetch is counted as bad. Borrowed, but for the address. */
void finds_add(struct finds_reader *r, const struct find *row);
void finds_add_list(struct finds_reader *r, const struct finds_list *list);
/* No further row has to be looked at: there are too many good or bad ones. It is counted. */
bool finds_is_full(struct finds_reader *r);

/* Absolute, without blanks; false: no address to fetch. */
bool finds_address(struct finds_reader *r, struct slice reference, struct slice *out);
/* A title or name out of HTML or plain text; passes as of markup_text. */
struct slice finds_line(struct finds_reader *r, struct slice text, unsigned passes);
/* "20220913021530", from the year on as far as it goes; "20220913T021530Z" is read, too. */
bool finds_timestamp(struct slice text, struct date *out);
/* Base32 of 20 bytes, "sha1:" before it or not; empty when it is something else. */
struct slice finds_digest(struct slice text);
/* A number of bytes, 0 when it is none. */
int64_t finds_bytes(struct slice text);
/* An XML list that breaks off: its whole elements become r->text, and out->is_cut is set. */
enum ww_status finds_take_whole(struct finds_reader *r, struct ww_error *err);
/* A list whose root has no end. */
bool finds_pieces_is_cut(const struct finds_pieces *p);
/* All whole elements that are left, as one document. False: it is no such list, or no room. */
bool finds_pieces_whole(struct finds_pieces *p, struct buf *room, struct slice *piece);

/* ---- months in names (finds_month.c) --------------------------------------------------------- */

enum { FINDS_YEAR_MIN = 1995, FINDS_YEAR_MAX = 2099 };

/* The month that the name of a list says: "/2022/09/", "2017_1.xml", "?yyyy=2022&mm=09". */
struct finds_month {
    unsigned year, month; /* 0: it says none */
    bool is_sure;         /* the number cannot be that of a part */
    bool is_bare;         /* it is written without a zero before it */
    bool is_over;         /* a number stands behind the year that no month has */
    bool is_doubtful;     /* two different ones are said */
};

/* The names of an index together: what its numbers mean. Begins as zeros. */
struct finds_months {
    unsigned char first[FINDS_YEAR_MAX - FINDS_YEAR_MIN + 1];
    unsigned char last[FINDS_YEAR_MAX - FINDS_YEAR_MIN + 1];
    bool is_bare, is_over;
};

void finds_month_read(struct slice url, struct finds_month *out);
void finds_months_note(struct finds_months *all, const struct finds_month *m);
/* The beginning of the month, UTC; false when m names none, or all of them may mean parts. */
bool finds_month_is(const struct finds_months *all, const struct finds_month *m, struct date *out);

/* ---- what is no list ------------------------------------------------------------------------- */

/* What the service said in place of a list. */
void finds_say(struct finds_reader *r, struct slice words);
/* The same, from an object with an error or message in it. */
void finds_say_object(struct finds_reader *r, struct slice object);
/* An answer that is not what it should be, no JSON for one: words go into `about`, WW_OK. */
enum ww_status finds_read_other(struct finds_reader *r, const char *wanted, struct ww_error *err);

#endif
