/* http_message.c - the head's lines, chunks, packings. */
#include "feeds/http_message.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/inflate.h"

#include <stdint.h>
#include <string.h>

/* How much of a body says whether it is still packed. */
#define LOOK_BYTES 256

/* ---- the head -------------------------------------------------------------------------------- */

/* Where the empty line ends that ends the head; 0: it does not. */
static size_t find_head_end(struct slice s)
{
    size_t at = 0;

    for (;;) {
        at += slice_find_char(slice_skip(s, at), '\n') + 1;
        if (at >= s.len)
            return 0;
        if (s.ptr[at] == '\n')
            return at + 1;
        if (s.ptr[at] == '\r' && at + 1 < s.len && s.ptr[at + 1] == '\n')
            return at + 2;
    }
}

/* "HTTP/1.1 200 OK"; HTTP/2 and 3 have no minor version, and recorders write one or none. */
static bool parse_status(struct slice line, int *status)
{
    unsigned long long n = 0;
    struct slice code;

    if (!slice_starts_nocase(line, SLICE("HTTP/")))
        return false;
    code = slice_trim(slice_skip(line, slice_find_char(line, ' ')));
    code = slice_head(code, slice_find_char(code, ' '));
    if (code.len != 3 || !slice_number(code, 999, &n) || n < 100)
        return false;
    *status = (int)n;
    return true;
}

/* Folded lines made one, which RFC 9112, 5.2 lets a reader do with blanks. */
static struct slice unfold(struct slice head, struct arena *arena)
{
    char *copy;

    if (!slice_contains(head, SLICE("\n ")) && !slice_contains(head, SLICE("\n\t")))
        return head;
    copy = arena_string(arena, head);
    for (size_t i = 0; copy != NULL && i + 1 < head.len; i++) {
        if (copy[i] != '\n' || (copy[i + 1] != ' ' && copy[i + 1] != '\t'))
            continue;
        copy[i] = ' ';
        if (i > 0 && copy[i - 1] == '\r')
            copy[i - 1] = ' ';
    }
    return copy != NULL ? slice_of(copy, head.len) : head;
}

static void add_codings(struct http_message *m, struct slice value)
{
    struct slice name;

    while (slice_next(&value, ',', &name)) {
        name = slice_trim(name);
        if (name.len == 0 || slice_equal_nocase(name, SLICE("identity")) ||
            slice_equal_nocase(name, SLICE("none")))
            continue;
        if (m->n_codings == HTTP_CODINGS_MAX)
            m->has_too_many_codings = true;
        else
            m->codings[m->n_codings++] = name;
    }
}

/* Of several lines of a name the last type counts, as readers have it, and all codings. */
static void read_fields(struct slice lines, struct http_message *out)
{
    struct slice line;

    while (slice_next(&lines, '\n', &line)) {
        const size_t colon = slice_find_char(line, ':');
        const struct slice name = slice_trim(slice_head(line, colon));
        const struct slice value = slice_trim(slice_skip(line, colon + 1));

        if (slice_equal_nocase(name, SLICE("Content-Type")) && value.len > 0)
            out->content_type = value;
        else if (slice_equal_nocase(name, SLICE("Content-Encoding")))
            add_codings(out, value);
        else if (slice_equal_nocase(name, SLICE("Transfer-Encoding")))
            out->is_chunked = slice_contains_nocase(value, SLICE("chunked"));
    }
}

enum ww_status http_message_parse(struct slice bytes, struct arena *arena, struct http_message *out,
                                  struct ww_error *err)
{
    struct slice head, line;

    do {
        const size_t end = find_head_end(slice_head(bytes, HEADERS_MAX_BYTES));

        *out = (struct http_message){
            .content_type = {"", 0}
        };
        if (end == 0)
            return ww_fail(err, WW_INVALID, "an answer whose header lines do not end");
        head = unfold(slice_head(bytes, end), arena);
        bytes = slice_skip(bytes, end);
        if (!slice_next(&head, '\n', &line) || !parse_status(slice_trim(line), &out->status))
            return ww_fail(err, WW_INVALID, "an answer without a status line");
    } while (out->status < 200 && out->status != 101);
    read_fields(head, out);
    out->body = bytes;
    return arena_check(arena, err);
}

struct slice http_media_type(struct slice content_type)
{
    return slice_trim(slice_head(content_type, slice_find_char(content_type, ';')));
}

/* ---- chunks ---------------------------------------------------------------------------------- */

/* "1a2b;name=value": false when it is no such line, or has no end. *rest: behind it. */
static bool read_chunk_size(struct slice *rest, size_t *size)
{
    const size_t end = slice_find_char(*rest, '\n');
    struct slice line = slice_trim(slice_head(*rest, end));
    size_t i = 0;

    *size = 0;
    for (; i < line.len && ascii_hex(line.ptr[i]) >= 0; i++) {
        if (*size > SIZE_MAX >> 8)
            return false;
        *size = *size * 16 + (size_t)ascii_hex(line.ptr[i]);
    }
    line = slice_trim(slice_skip(line, i));
    if (end == rest->len || i == 0 || (line.len > 0 && line.ptr[0] != ';'))
        return false;
    *rest = slice_skip(*rest, end + 1);
    return true;
}

/* What ends with a whole chunk is whole: some recorders leave out the empty one behind it. */
static enum ww_status join_chunks(struct slice body, struct arena *arena, struct slice *out,
                                  struct ww_error *err)
{
    struct slice rest = body;
    size_t size = 0, len = 0;
    char *room;

    *out = body;
    if (!read_chunk_size(&rest, &size))
        return WW_OK; /* they are joined already */
    room = arena_alloc(arena, body.len);
    if (room == NULL)
        return arena_check(arena, err);
    do {
        if (size > rest.len)
            return ww_fail(err, WW_INVALID, "a chunk of %zu bytes, of which %zu are there", size,
                           rest.len);
        if (size > 0)
            memcpy(room + len, rest.ptr, size);
        len += size;
        rest = slice_skip(rest, size);
        while (rest.len > 0 && (rest.ptr[0] == '\r' || rest.ptr[0] == '\n'))
            rest = slice_skip(rest, 1);
        if (size == 0 || rest.len == 0)
            break;
        if (!read_chunk_size(&rest, &size))
            return ww_fail(err, WW_INVALID, "no chunk where one should begin, after %zu bytes",
                           len);
    } while (size > 0);
    *out = slice_of(room, len);
    return WW_OK;
}

/* ---- packings -------------------------------------------------------------------------------- */

enum coding { CODING_GZIP, CODING_DEFLATE, CODING_UNKNOWN };

static enum coding find_coding(struct slice name)
{
    if (slice_equal_nocase(name, SLICE("gzip")) || slice_equal_nocase(name, SLICE("x-gzip")))
        return CODING_GZIP;
    return slice_equal_nocase(name, SLICE("deflate")) ? CODING_DEFLATE : CODING_UNKNOWN;
}

/* Packed bytes have control characters among the first few; a page and a text do not. */
static bool is_unpacked(struct slice body)
{
    body = slice_head(body, LOOK_BYTES);
    for (size_t i = 0; i < body.len; i++) {
        const unsigned char c = (unsigned char)body.ptr[i];

        if ((c < 0x20 && !ascii_is_space((char)c) && c != 0x0B && c != 0x1B) || c == 0x7F)
            return false;
    }
    return true;
}

static enum ww_status unpack(enum coding coding, struct slice name, struct arena *arena,
                             struct slice *body, struct ww_error *err)
{
    if (is_unpacked(*body))
        return WW_OK;
    if (coding == CODING_UNKNOWN)
        return ww_fail(err, WW_REFUSED, "packed with %.*s", SLICE_ARG(slice_head(name, 40)));
    if (coding == CODING_GZIP && !inflate_is_gzip(*body))
        return ww_fail(err, WW_INVALID, "no gzip where the header says so");
    return inflate_all(*body, BODY_INFLATED_MAX_BYTES, arena, body, err);
}

enum ww_status http_message_body(const struct http_message *m, struct arena *arena,
                                 struct slice *out, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    *out = m->body;
    if (m->has_too_many_codings)
        return ww_fail(err, WW_REFUSED, "packed more than %d times", HTTP_CODINGS_MAX);
    if (m->is_chunked)
        status = join_chunks(m->body, arena, out, err);
    for (size_t i = m->n_codings; status == WW_OK && i > 0; i--)
        status = unpack(find_coding(m->codings[i - 1]), m->codings[i - 1], arena, out, err);
    if (status == WW_OK && out->len > BODY_INFLATED_MAX_BYTES)
        return ww_fail(err, WW_TOO_BIG, "%zu bytes, limit %d", out->len, BODY_INFLATED_MAX_BYTES);
    return status;
}
