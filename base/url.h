/*
 * url.h - addresses: resolving (RFC 3986, with the WHATWG repairs browsers make) and telling two
 * apart.
 *
 * Limits: URL_MAX_BYTES. Host names are compared as ASCII (base/idn.h); sites are libpsl's.
 */
#ifndef WW_BASE_URL_H
#define WW_BASE_URL_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

struct arena;

struct url {
    struct slice scheme; /* as written, without ':' */
    struct slice userinfo;
    struct slice host; /* with brackets for IPv6 */
    struct slice port; /* digits or empty */
    struct slice path;
    struct slice query;    /* without '?' */
    struct slice fragment; /* without '#' */
    bool has_authority;
    bool has_query;
    bool has_fragment;
};

/* RFC 3986 appendix B: borrows text; never fails (any text has some reading). */
void url_split(struct slice text, struct url *out);

/*
 * reference as seen in a document at base, absolute, with white space and line breaks taken out.
 * base may be empty: then reference comes back cleaned, relative if it was. WW_INVALID: a web
 * address without a host; WW_TOO_BIG: more than URL_MAX_BYTES.
 */
enum ww_status url_resolve(struct slice reference, struct slice base, struct arena *arena,
                           struct slice *out, struct ww_error *err);

/* The path without "." and ".." segments (RFC 3986, 5.2.4). {NULL, 0} when the arena is full. */
struct slice url_plain_path(struct slice path, struct arena *arena);

/*
 * The form used to tell two addresses apart: scheme and host case, default port, dot segments,
 * percent-encoding, order of parameters, fragment and tracking parameters levelled. Idempotent.
 * Addresses of other schemes than http and https come back as url_resolve cleans them. What is
 * longer than SHORT_KEY_MAX_BYTES is shortened: it is a key (short_key.h), not a way to the page.
 */
enum ww_status url_canonical(struct slice url, struct arena *arena, struct slice *out,
                             struct ww_error *err);

/* http or https, with a host, within URL_MAX_BYTES and URL_HOST_MAX_BYTES, without credentials. */
bool url_is_fetchable(struct slice url);

/* A site's front page: no path and no query. */
bool url_is_front_page(struct slice url);

/* Lower-case host without port: the unit of politeness. Empty when there is none. */
struct slice url_host(struct slice url, struct arena *arena);

/*
 * Registrable domain by the public suffix list ("news.bbc.co.uk" -> "bbc.co.uk"): the unit "site".
 */
struct slice url_site(struct slice url, struct arena *arena);
bool url_is_same_site(struct slice a, struct slice b, struct arena *arena);

#endif
