/*
 * fetch_text.c - the text side of a fetch: header lines, where a redirect leads, and an address as
 * it goes on the wire.
 */
#include "crawler/fetch.h"

#include "base/arena.h"
#include "base/head.h"
#include "base/limits.h"
#include "base/url.h"

#include <string.h>

struct slice fetch_header(const struct fetch_answer *answer, const char *name)
{
    return head_value(buf_slice(&answer->head), name);
}

struct slice fetch_header_list(const struct fetch_answer *answer, const char *name,
                               struct arena *arena)
{
    struct slice rest = buf_slice(&answer->head), key, value, list = {"", 0};

    while (head_next(&rest, &key, &value))
        if (slice_equal_nocase(key, slice_from(name)))
            list = list.len == 0
                       ? value
                       : arena_printf(arena, "%.*s, %.*s", SLICE_ARG(list), SLICE_ARG(value));
    return list;
}

/* "bytes 0-499/1234", or a star for the length: RFC 9110, 14.4. */
static bool read_content_range(struct slice value, unsigned long long *first,
                               unsigned long long *last)
{
    size_t dash, slash;

    if (!slice_starts_nocase(value, SLICE("bytes ")))
        return false;
    value = slice_trim(slice_skip(value, sizeof("bytes ") - 1));
    dash = slice_find_char(value, '-');
    slash = slice_find_char(value, '/');
    return dash < slash && slash < value.len &&
           slice_number(slice_head(value, dash), INT64_MAX, first) &&
           slice_number(slice_sub(value, dash + 1, slash - dash - 1), INT64_MAX, last);
}

enum ww_status fetch_check_range(const struct fetch_answer *answer, int64_t offset, int64_t bytes,
                                 struct ww_error *err)
{
    const struct slice value = fetch_header(answer, "Content-Range");
    const struct slice coding = fetch_header(answer, "Content-Encoding");
    unsigned long long first = 0, last = 0;

    if (answer->http_status != 206)
        return ww_fail(err, WW_INVALID, "a part of it was asked for, status %ld came",
                       answer->http_status);
    if (coding.len > 0 && !slice_equal_nocase(coding, SLICE("identity")))
        return ww_fail(err, WW_INVALID, "a part of it was asked for, packed as it is: %.*s",
                       SLICE_ARG(slice_head(coding, 40)));
    if (!read_content_range(value, &first, &last) || (int64_t)first != offset ||
        (int64_t)last != offset + bytes - 1)
        return ww_fail(err, WW_INVALID, "bytes %lld-%lld were asked for, and came: %.*s",
                       (long long)offset, (long long)(offset + bytes - 1),
                       SLICE_ARG(slice_head(value, 60)));
    return WW_OK;
}

enum ww_status fetch_check_lengths(const struct fetch_answer *answer, struct ww_error *err)
{
    struct slice rest = buf_slice(&answer->head), key, value, length = {"", 0};
    unsigned long long n = 0;

    while (head_next(&rest, &key, &value)) {
        if (!slice_equal_nocase(key, SLICE("Content-Length")))
            continue;
        if (!slice_number(value, INT64_MAX, &n))
            return ww_fail(err, WW_INVALID, "a Content-Length that is no number");
        if (length.len > 0 && !slice_equal(length, value))
            return ww_fail(err, WW_INVALID, "two different Content-Lengths");
        length = value;
    }
    if (length.len > 0 && fetch_header(answer, "Transfer-Encoding").len > 0)
        return ww_fail(err, WW_INVALID, "a Content-Length beside a Transfer-Encoding");
    return WW_OK;
}

enum ww_status fetch_location(const struct fetch_answer *answer, struct slice url,
                              struct arena *arena, struct slice *out, struct ww_error *err)
{
    struct slice location = fetch_header(answer, "Location");
    enum ww_status status;

    if (location.len == 0)
        return ww_fail(err, WW_NOT_FOUND, "a redirect to nowhere");
    status = url_resolve(location, url, arena, out, err);
    if (status != WW_OK)
        return status;
    *out = slice_head(*out, slice_find_char(*out, '#'));
    if (!url_is_fetchable(*out))
        return ww_fail(err, WW_REFUSED, "a redirect to %.*s", SLICE_ARG(slice_head(*out, 120)));
    return WW_OK;
}

void fetch_answer_release(struct fetch_answer *answer)
{
    buf_release(&answer->head);
    buf_release(&answer->body);
    buf_release(&answer->received);
}

static bool must_be_escaped(unsigned char c)
{
    return c <= ' ' || c >= 0x7F || strchr("\"<>\\^`{|}", c) != NULL;
}

/* A name that IDNA could make nothing of is still what was written. */
static bool is_wire_host(struct slice host)
{
    for (size_t i = 0; i < host.len; i++)
        if (must_be_escaped((unsigned char)host.ptr[i]))
            return false;
    return host.len > 0;
}

enum ww_status fetch_wire_url(struct slice text, struct arena *arena, const char **out,
                              struct ww_error *err)
{
    struct url url;
    struct slice host, rest;
    struct buf wire;
    enum ww_status status;

    if (!url_is_fetchable(text))
        return ww_fail(err, WW_INVALID, "not an address to fetch: %.*s",
                       SLICE_ARG(slice_head(text, 120)));
    url_split(text, &url);
    host = url_host(text, arena);
    status = arena_check(arena, err);
    if (status == WW_OK && !is_wire_host(host))
        status = ww_fail(err, WW_INVALID, "not the name of a host: %.*s",
                         SLICE_ARG(slice_head(url.host, 120)));
    if (status != WW_OK)
        return status;
    rest = slice_of(url.path.ptr, url.path.len);
    buf_init(&wire, (size_t)URL_MAX_BYTES * 4);
    buf_printf(&wire, "%.*s://%.*s", SLICE_ARG(url.scheme), SLICE_ARG(host));
    if (url.port.len > 0)
        buf_printf(&wire, ":%.*s", SLICE_ARG(url.port));
    if (rest.len == 0)
        buf_add_char(&wire, '/');
    for (unsigned part = 0; part < 2; part++) {
        if (part == 1 && url.has_query)
            buf_add_char(&wire, '?');
        rest = part == 0 ? url.path : url.query;
        for (size_t i = 0; i < rest.len && (part == 0 || url.has_query); i++) {
            unsigned char c = (unsigned char)rest.ptr[i];

            if (must_be_escaped(c))
                buf_printf(&wire, "%%%02X", c);
            else
                buf_add_char(&wire, (char)c);
        }
    }
    *out = arena_string(arena, buf_slice(&wire));
    status = buf_finish(&wire, err);
    buf_release(&wire);
    return status == WW_OK ? arena_check(arena, err) : status;
}
