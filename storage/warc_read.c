/* warc_read.c - the lines of a record, and whether they are true. */
#include "storage/warc_read.h"

#include "base/attrs.h"
#include "base/digest.h"
#include "base/head.h"

#include <stdint.h>

static bool read_kind(struct slice name, enum warc_kind *out)
{
    for (enum warc_kind kind = WARC_KIND_INFO; kind <= WARC_KIND_REVISIT; kind++)
        if (slice_equal(name, slice_from(warc_kind_name(kind)))) {
            *out = kind;
            return true;
        }
    return false;
}

enum ww_status warc_view(struct slice member, struct warc_view *out, struct ww_error *err)
{
    unsigned long long length = 0;
    struct slice rest, type, id;

    *out = (struct warc_view){.kind = WARC_KIND_INFO};
    if (!slice_starts(member, SLICE("WARC/1.1\r\n")) || !head_split(member, &out->heads, &rest))
        return ww_fail(err, WW_INVALID, "no WARC record");
    if (!read_kind(head_value(out->heads, "WARC-Type"), &out->kind))
        return ww_fail(err, WW_INVALID, "a WARC record of a kind that is not written here");
    if (!slice_number(head_value(out->heads, "Content-Length"), SIZE_MAX, &length) ||
        rest.len < 4 || length != rest.len - 4 ||
        !slice_equal(slice_skip(rest, (size_t)length), SLICE("\r\n\r\n")))
        return ww_fail(err, WW_INVALID, "a record of %zu bytes that says %llu", rest.len, length);
    id = head_value(out->heads, "WARC-Record-ID");
    if (id.len > 2)
        out->id = slice_sub(id, 1, id.len - 2);
    out->block = slice_head(rest, (size_t)length);
    out->payload = out->kind == WARC_KIND_REVISIT ? SLICE("") : out->block;
    type = head_value(out->heads, "Content-Type");
    if (!slice_starts(type, SLICE("application/http")))
        return WW_OK;
    if (!head_split(out->block, &out->http_head, &out->payload))
        return ww_fail(err, WW_INVALID, "an HTTP head without an end");
    out->is_coded = head_value(out->http_head, "Content-Encoding").len > 0;
    return WW_OK;
}

static bool fits(struct slice said, struct slice bytes)
{
    unsigned char digest[SHA1_BYTES];
    char text[SHA1_TEXT_BYTES];

    hash_sha1(&bytes, 1, digest);
    hash_base32(digest, sizeof(digest), text);
    return slice_starts(said, SLICE("sha1:")) && slice_equal(slice_skip(said, 5), slice_from(text));
}

enum ww_status warc_check(const struct warc_view *v, struct ww_error *err)
{
    const bool has_payload = v->kind == WARC_KIND_RESPONSE || v->kind == WARC_KIND_RESOURCE;

    if (!fits(head_value(v->heads, "WARC-Block-Digest"), v->block))
        return ww_fail(err, WW_INVALID, "its block is not what its digest says");
    if (has_payload && !fits(head_value(v->heads, "WARC-Payload-Digest"), v->payload))
        return ww_fail(err, WW_INVALID, "its payload is not what its digest says");
    return WW_OK;
}
