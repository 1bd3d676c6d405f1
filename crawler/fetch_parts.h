/*
 * fetch_parts.h - what the files of the fetcher share: a transfer on its way.
 *
 *   fetch.c       what goes out, sockets, and what libcurl's errors mean
 *   fetch_take.c  what comes in: head and body, within their bounds
 *   fetch_text.c  header lines, redirects, addresses as they go on the wire
 */
#ifndef WW_CRAWLER_FETCH_PARTS_H
#define WW_CRAWLER_FETCH_PARTS_H

#include "base/limits.h"
#include "crawler/fetch.h"

#include <curl/curl.h>

struct inflate;

/* libcurl keeps eight TLS sessions in a share: those of all hosts are spread over so many. */
#define SHARES 64

struct transfer {
    struct fetch *fetch;
    CURL *easy;
    struct curl_slist *headers;
    struct fetch_answer *answer; /* NULL: free */
    struct inflate *inflate;
    bool is_body; /* the first byte of it has come */
    bool is_done;
    bool keeps_received;
    size_t cut_at_bytes;
    int64_t range_offset, range_bytes;
    bool is_list;
    size_t head_bytes;           /* of all answers of this request, the provisional ones too */
    enum ww_status socket_fault; /* why no socket was opened */
    bool leaves_here;            /* another reason */
    char curl_words[CURL_ERROR_SIZE];
};

struct fetch {
    struct fetch_options options; /* what was left out is filled in */
    CURLM *multi;
    CURLSH *shares[SHARES]; /* NULL until one of its hosts is asked over TLS */
    size_t n_in_flight;
    struct transfer transfers[IN_FLIGHT_MAX];
};

/* ---- fetch_take.c ---------------------------------------------------------------------------- */

/* libcurl's callbacks for head and body; context is the transfer. 0: it is to end. */
size_t fetch_take_header(char *bytes, size_t size, size_t n, void *context);
size_t fetch_take_body(char *bytes, size_t size, size_t n, void *context);
/* Is it the part that was asked for? */
enum ww_status fetch_check_part(struct transfer *t, struct ww_error *err);
/* As received. */
int64_t fetch_body_max(const struct transfer *t);

#endif
