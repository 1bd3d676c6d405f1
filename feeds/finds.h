/*
 * finds.h - what a list of history names: addresses, with what the list says of each, and further
 * lists.
 *
 * One form for all that answers "what was there": sitemaps, feeds with older pages, WordPress's
 * REST interface, indexes of web archives, lists of other monitors. finds_read takes the bytes of
 * one answer, decoded and unpacked, and returns plain structs in an arena. What cannot be read is
 * counted (n_bad) and never stops the rest; WW_INVALID only when the answer is not of its kind at
 * all. What a service says in place of a list is `about`, with WW_OK and no rows. Nothing is judged
 * here: dates, hosts and words are the asker's to hold against what he wants.
 *
 * Texts are UTF-8 without NUL; titles and names are plain, on one line, text is HTML and as hostile
 * as any page. Absent values are empty slices, absent times have precision DATE_NONE, absent
 * numbers are 0 unless said otherwise.
 *
 * Limits: FINDS_MAX rows, as many lists; FIND_TEXT_MAX_BYTES, LISTED_URL_MAX_BYTES,
 *         TITLE_MAX_BYTES.
 */
#ifndef WW_FEEDS_FINDS_H
#define WW_FEEDS_FINDS_H

#include "base/date.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

enum finds_format {
    FINDS_SITEMAP,     /* sitemaps.org 0.9: addresses, or an index of sitemaps; sitemap.h */
    FINDS_FEED,        /* RSS, Atom, JSON Feed; older pages by RFC 5005: feed.h */
    FINDS_WORDPRESS,   /* /wp-json/wp/v2/posts: an array of posts with their text */
    FINDS_CDX,         /* web.archive.org: an array of arrays, names of columns first */
    FINDS_CDX_LINES,   /* pywb, Common Crawl, arquivo.pt: a capture a line */
    FINDS_COLLECTIONS, /* Common Crawl's collinfo.json: its indexes, newest first */
    FINDS_PAGE_COUNT,  /* {"pages": n}, or n: an index's answer to showNumPages */
    FINDS_TIMEMAP,     /* RFC 7089, application/link-format: captures of one address */
    FINDS_PATHS,       /* a path a line: Common Crawl's warc.paths */
    FINDS_GDELT,       /* DOC 2.0, mode artlist */
    FINDS_MEDIACLOUD,  /* a day of Media Cloud: RSS, control characters and all */
    FINDS_FORMAT_COUNT
};

/* "sitemap", "cdx-lines" ...: what is stored and shown. */
const char *finds_format_name(enum finds_format format);
bool finds_format_parse(struct slice name, enum finds_format *out);

struct find {
    struct slice url;                             /* of the page, absolute, as it was published */
    struct slice title, author, language, source; /* source: the outlet's name or site */
    struct slice feed;                            /* MEDIACLOUD: the feed that announced it */
    /* GDELT: the day it was seen first; WORDPRESS without date_gmt: the day, where it was written
     */
    struct date published;
    struct date modified;
    struct slice text;    /* HTML of the whole article, when the list carries it: WORDPRESS */
    struct slice capture; /* CDX_LINES: the WARC file's name; TIMEMAP: the copy's address */
    struct date captured;
    int64_t offset, length; /* of the record in that file; length 0: not said */
    struct slice digest;    /* SHA-1 of the copy's payload: 32 letters of base32 */
    struct slice mime;      /* "text/html"; "warc/revisit" */
    long status;            /* HTTP; 0: not said */
};

/* A list that this one names. */
struct finds_list {
    struct slice url;  /* absolute; COLLECTIONS: the index's address; PATHS: the path */
    struct slice name; /* COLLECTIONS: "CC-MAIN-2022-40" */
    /* The month its name says; else when it was changed (sitemap), when what is in it begins. */
    struct date about;
    struct date until; /* COLLECTIONS, TIMEMAP: when it ends */
    bool is_month;     /* its name says year and month: it holds nothing of another */
};

struct finds {
    struct find *rows;
    size_t n_rows;
    struct finds_list *lists;
    size_t n_lists;
    struct slice next;  /* FEED: address of the next older document; CDX: resume key, as sent */
    bool is_complete;   /* FEED: says that it holds all there is (RFC 5005, fh:complete) */
    bool is_cut;        /* the answer breaks off; what came whole before that is here */
    int64_t n_pages;    /* PAGE_COUNT; -1: not said */
    size_t n_bad;       /* rows that could not be read */
    size_t n_dropped;   /* over FINDS_MAX */
    struct slice about; /* what the service said in place of a list, on one line */
};

/*
 * base: the address the answer came from; links are relative to it. utf8 is borrowed. An empty
 * answer holds nothing, which many services say so, and is no error but where XML is expected.
 */
enum ww_status finds_read(enum finds_format format, struct slice utf8, struct slice base,
                          struct arena *arena, struct finds *out, struct ww_error *err);

/*
 * Long lists in pieces that can be read alone, one after the other: of XML whole <url>, <sitemap>,
 * <item> or <entry> elements within what stands around the first of them; of lines, whole lines.
 * What cannot be parted (JSON) is one piece, whatever its size, cut at FINDS_WHOLE_MAX_BYTES. Works
 * on bytes as they came, in any encoding that has ASCII in it. One linear pass.
 */
struct finds_pieces {
    struct slice document; /* borrowed */
    struct slice rest;     /* empty: the last piece was given */
    struct slice head;     /* root, namespaces, encoding: repeated in each piece */
    struct slice element;  /* "url", "item"; empty: these are lines, or one piece */
    struct slice prefix;   /* of the elements: "s:" */
    struct slice open[8];  /* what the head opens: "rss", "channel" */
    size_t n_open;
    size_t n_left_out; /* elements and lines that are larger than a piece may be */
    bool is_lines;
    bool has_no_comment_end, has_no_cdata_end; /* from rest on */
};

void finds_pieces_init(struct finds_pieces *p, struct slice document);
/*
 * *piece is borrowed from the document or from room. Of what can be parted at most max_bytes, and
 * FINDS_PIECE_ROWS elements; where none fits, an empty list. False when nothing is left, or room
 * failed.
 */
bool finds_next_piece(struct finds_pieces *p, size_t max_bytes, struct buf *room,
                      struct slice *piece);

#endif
