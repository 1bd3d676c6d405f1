/*
 * discover.h - from an address that a person gave to the feeds behind it.
 *
 * The address is fetched once; when it is a feed, that is it. When it is a page, the feeds it
 * announces are fetched too. When it announces none, robots.txt is asked for sitemaps and the
 * places where feeds usually are are tried, one after the other, as far as robots.txt allows, until
 * one answers with a feed.
 *
 * Limits: DISCOVER_MAX feeds are looked at, DISCOVER_TRIES_MAX places tried.
 */
#ifndef WW_CRAWLER_DISCOVER_H
#define WW_CRAWLER_DISCOVER_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ask_means;

#define DISCOVER_MAX 8
#define DISCOVER_TRIES_MAX 12
/* Entries shown of each. */
#define DISCOVER_SHOWN_MAX 5

enum found_how {
    FOUND_ITSELF,    /* the address that was given */
    FOUND_ANNOUNCED, /* by the page */
    FOUND_ROBOTS,    /* a sitemap that robots.txt names */
    FOUND_GUESSED    /* where feeds usually are */
};

const char *found_how_name(enum found_how how);

struct found_entry {
    struct slice url, title;
    int64_t at; /* 0: it has no date */
};

struct found_feed {
    enum found_how how;
    enum ww_status status; /* not WW_OK: announced, but it could not be had */
    struct slice problem;  /* then, in words */
    struct slice url;      /* where it answered, as far as redirects were permanent */
    struct slice self;     /* what it calls its own address; may be empty */
    struct slice site;     /* its home page; may be empty */
    struct slice title, language;
    const char *format;
    size_t n_entries, n_full_text;
    int64_t newest_at;                            /* 0: no entry has a date */
    struct found_entry shown[DISCOVER_SHOWN_MAX]; /* the first ones */
    size_t n_shown;
    bool is_comments; /* of what readers say, not of articles */
};

struct found_feeds {
    struct found_feed *rows;
    size_t n_rows;
    size_t n_unread;                    /* announced beyond DISCOVER_MAX */
    struct slice page, title, language; /* of the page; empty when the address is a feed */
    size_t best;                        /* the row to take */
    size_t n_alike;                     /* rows as good as it, itself included */
    const char *why;                    /* what speaks for it: "in the page's language" */
    /*
     * Nobody is at the address that was given: no connection came about, or, at a port that it
     * names, one without TLS. Somebody whose certificate is refused is not nobody.
     */
    bool is_nobody;
};

/*
 * With a selector (listing.h) the page itself is read as a feed of its links, and nothing else is
 * looked for: WW_INVALID, it finds none there. Else selector is empty.
 * WW_NOT_FOUND: an answer came, and no feed was found by it; the message has the page's title, and
 * says when it looks like a page to log in or to prove that one is human. Rows that could not be
 * had are among the rows only when another could.
 */
enum ww_status discover_feeds(const struct ask_means *means, struct slice url,
                              struct slice selector, struct found_feeds *out, struct ww_error *err);

/*
 * Sets best, n_alike and why. In this order counts: articles, not comments; not empty; a feed, not
 * a sitemap; the page's language; not much older than the newest; full text.
 */
void discover_rank(struct found_feeds *found);

#endif
