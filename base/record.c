/* record.c - the bytes between a worker and its parent. */
#include "base/record.h"

#include "base/buf.h"
#include "base/lowest_first.h"
#include "base/text.h"

void record_put_number(struct buf *b, int64_t n)
{
    char *room = buf_extend(b, 8);

    if (room != NULL)
        lowest_first_put(room, 8, (uint64_t)n);
}

void record_put_text(struct buf *b, struct slice s)
{
    record_put_number(b, (int64_t)s.len);
    buf_add(b, s);
}

struct record record_open(struct slice message)
{
    return (struct record){.rest = message};
}

int64_t record_number(struct record *r)
{
    uint64_t n;

    if (r->failed || r->rest.len < 8) {
        r->failed = true;
        return 0;
    }
    n = lowest_first_get(r->rest.ptr, 8);
    r->rest = slice_skip(r->rest, 8);
    return (int64_t)n;
}

int64_t record_number_in(struct record *r, int64_t min, int64_t max)
{
    int64_t n = record_number(r);

    if (n < min || n > max) {
        r->failed = true;
        return min;
    }
    return n;
}

size_t record_count(struct record *r, size_t max)
{
    int64_t n = record_number(r);

    /* Every element takes at least one number. */
    if (n < 0 || (uint64_t)n > max || (uint64_t)n > r->rest.len / 8) {
        r->failed = true;
        return 0;
    }
    return (size_t)n;
}

struct slice record_bytes(struct record *r)
{
    int64_t len = record_number(r);
    struct slice s = {"", 0};

    if (r->failed || len < 0 || (uint64_t)len > r->rest.len) {
        r->failed = true;
        return s;
    }
    s = slice_head(r->rest, (size_t)len);
    r->rest = slice_skip(r->rest, (size_t)len);
    return s;
}

struct slice record_text(struct record *r)
{
    struct slice s = record_bytes(r);

    if (!text_is_utf8(s)) {
        r->failed = true;
        return (struct slice){"", 0};
    }
    return s;
}

bool record_failed(const struct record *r)
{
    return r->failed || r->rest.len != 0;
}
