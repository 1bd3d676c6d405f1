/*
 * fetch_take.c - what comes in: a head of so many bytes, a body that is unpacked within its bounds.
 */
#include "crawler/fetch_parts.h"

#include "base/inflate.h"

#include <string.h>

size_t fetch_take_header(char *bytes, size_t size, size_t n, void *context)
{
    struct transfer *t = context;
    struct fetch_answer *answer = t->answer;
    struct slice line = slice_of(bytes, size * n);

    t->head_bytes += line.len;
    if (t->head_bytes > HEADERS_MAX_BYTES) {
        answer->status =
            ww_fail(&answer->error, WW_INVALID, "over %d bytes of headers", HEADERS_MAX_BYTES);
        return 0;
    }
    if (slice_starts(line, SLICE("HTTP/")))
        buf_reset(&answer->head);
    buf_add(&answer->head, line);
    if (slice_trim(line).len == 0)
        answer->status = fetch_check_lengths(answer, &answer->error);
    if (answer->status == WW_OK)
        answer->status = buf_finish(&answer->head, &answer->error);
    return answer->status == WW_OK ? line.len : 0;
}

/* Is it the part that was asked for? Every other answer but a success is what it is. */
enum ww_status fetch_check_part(struct transfer *t, struct ww_error *err)
{
    struct fetch_answer *answer = t->answer;

    if (t->range_bytes == 0)
        return WW_OK;
    (void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &answer->http_status);
    if (answer->http_status < 200 || answer->http_status > 299)
        return WW_OK;
    return fetch_check_range(answer, t->range_offset, t->range_bytes, err);
}

/* Before the first byte of a body: is it packed, and in a way that was asked for? */
static enum ww_status begin_body(struct transfer *t, struct ww_error *err)
{
    struct slice coding = fetch_header(t->answer, "Content-Encoding");
    const enum ww_status status = fetch_check_part(t, err);

    t->is_body = true;
    if (status != WW_OK)
        return status;
    if (coding.len == 0 || slice_equal_nocase(coding, SLICE("identity")))
        return WW_OK;
    if (slice_equal_nocase(coding, SLICE("gzip")) || slice_equal_nocase(coding, SLICE("x-gzip")) ||
        slice_equal_nocase(coding, SLICE("deflate")))
        return inflate_open(t->answer->body.max_bytes, &t->inflate, err);
    return ww_fail(err, WW_INVALID, "a Content-Encoding that was not asked for: %.*s",
                   SLICE_ARG(slice_head(coding, 40)));
}

/* At cut_at_bytes the caller has what it wants. */
static bool is_enough(struct transfer *t)
{
    struct buf *body = &t->answer->body;

    if (t->cut_at_bytes == 0 || body->len < t->cut_at_bytes)
        return false;
    buf_truncate(body, t->cut_at_bytes);
    t->answer->was_cut = true;
    return true;
}

/* A big body when there are many already: it has to come back later. */
static bool is_crowded(const struct transfer *t)
{
    const struct fetch *f = t->fetch;
    size_t held = 0;

    if (t->answer->body.len < BODY_BIG_BYTES)
        return false;
    /* Lists have room of their own, one at a time. */
    for (size_t i = 0; i < IN_FLIGHT_MAX; i++) {
        const struct transfer *other = &f->transfers[i];

        if (other->answer == NULL || other->is_list != t->is_list)
            continue;
        if (t->is_list && other != t && other->answer->body.len >= BODY_BIG_BYTES)
            return true;
        held += other->answer->body.len + other->answer->received.len;
    }
    return !t->is_list && held > BODIES_IN_FLIGHT_MAX_BYTES;
}

/* As received. */
int64_t fetch_body_max(const struct transfer *t)
{
    return t->is_list ? LIST_BODY_MAX_BYTES : t->fetch->options.body_max_bytes;
}

static enum ww_status add_body(struct transfer *t, struct slice chunk, struct ww_error *err)
{
    const int64_t most = fetch_body_max(t);
    struct fetch_answer *answer = t->answer;
    enum ww_status status = t->is_body ? WW_OK : begin_body(t, err);

    answer->received_bytes += (int64_t)chunk.len;
    if (status == WW_OK && t->range_bytes > 0 && answer->http_status == 206 &&
        answer->received_bytes > t->range_bytes)
        status = ww_fail(err, WW_INVALID, "more than the %lld bytes that were asked for",
                         (long long)t->range_bytes);
    if (status == WW_OK && answer->received_bytes > most)
        status = ww_fail(err, WW_TOO_BIG, "a body over %lld bytes", (long long)most);
    if (status == WW_OK && t->inflate != NULL && t->keeps_received) {
        buf_add(&answer->received, chunk);
        status = buf_finish(&answer->received, err);
    }
    if (status == WW_OK && t->inflate != NULL)
        status = inflate_feed(t->inflate, chunk, &answer->body, err);
    else if (status == WW_OK)
        buf_add(&answer->body, chunk);
    if (status == WW_OK)
        status = buf_finish(&answer->body, err);
    if (status == WW_OK && is_crowded(t))
        status = ww_fail(err, WW_CONFLICT, "too many big bodies are on their way");
    return status;
}

size_t fetch_take_body(char *bytes, size_t size, size_t n, void *context)
{
    struct transfer *t = context;

    t->answer->status = add_body(t, slice_of(bytes, size * n), &t->answer->error);
    if (t->answer->status == WW_TOO_BIG && t->cut_at_bytes > 0 && is_enough(t))
        t->answer->status = WW_OK;
    if (t->answer->status != WW_OK || is_enough(t))
        return 0; /* any number but the one expected ends the transfer */
    return size * n;
}
