/*
 * site.h - the files of a news site as a server gives them out: templates, encodings, dates.
 *
 * A folder holds outlets.tsv, routes.tsv and one folder per outlet, written in UTF-8. A file that
 * begins with "title:" is a page: "key: value" lines up to a line "---", then its body, put into
 * the outlet's layout.html (or the one that "layout:" names). Every other file is served as it is.
 * In both, {{...}} is filled in:
 *
 *     {{title}}            a key of the page; {{body}} its body; {{url}} its address
 *     {{date|rfc822}}      a key that holds a time relative to the clock ("-3h", "-2d"), formatted
 *     {{now-3h|iso}}       the same without a key
 *     {{base}}             "http://127.11.1.1:8080" of this outlet; {{base other}} of another
 *
 * Formats: rfc822 iso day unix en es it zh. A file under second/ takes the place of the one of that
 * name when the site is in its second state: edits, updated feeds. Everything is rendered, and
 * encoded as outlets.tsv says, when the site is opened, so that a mistake shows at once.
 */
#ifndef WW_TESTS_SUPPORT_SITE_H
#define WW_TESTS_SUPPORT_SITE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SITE_STATES 2 /* first crawl, second crawl */

struct site;

struct site_page {
    const char *outlet; /* its folder */
    const char *path;   /* "/2026/11/slug.html" */
    unsigned state;     /* 0, 1 */
    char type[64];      /* Content-Type, with the charset where the outlet says it */
    struct slice body;
    char etag[40];          /* empty when the outlet sends none */
    char last_modified[40]; /* the same */
};

/* What is no file: redirects, refusals, other names of a file. */
struct site_route {
    const char *outlet;
    const char *path;
    unsigned state;
    unsigned status;
    const char *value; /* address for 3xx, Retry-After for 429 and 503, the file's path for 200 */
};

/* now: seconds since 1970, what {{now}} is. port stands in every address. */
enum ww_status site_open(const char *folder, int64_t now, unsigned port, struct site **out,
                         struct ww_error *err);
void site_close(struct site *site);

/* The addresses of the outlets, in order; NULL past the last. */
const char *site_address(const struct site *site, size_t i);

/* The query is ignored where no route names it. NULL: there is no such thing. */
const struct site_page *site_find_page(const struct site *site, const char *address,
                                       const char *path, unsigned state);
const struct site_route *site_find_route(const struct site *site, const char *address,
                                         const char *path, unsigned state);

/* Fill in a text that belongs to no outlet (an OPML list): {{base outlet}} and times. */
enum ww_status site_expand(struct site *site, struct slice text, struct slice *out,
                           struct ww_error *err);

#endif
