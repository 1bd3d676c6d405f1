/* warc.c - from bytes to records: boundaries, blocks, and the way on behind what is damaged. */
#include "feeds/warc.h"

#include "base/buf.h"
#include "base/inflate.h"
#include "base/mem.h"
#include "feeds/warc_bytes.h"
#include "feeds/warc_head.h"

/* "WARC/1.1": told from 8 bytes. */
#define SIGN_BYTES 8
/* Records of one member that have numbers of their own; a file of 2^42 bytes has room beside. */
#define NTH_BITS 21
#define NTH_MAX (((int64_t)1 << NTH_BITS) - 1)
#define OFFSET_MAX (INT64_MAX >> NTH_BITS)

enum warc_state {
    AT_BOUNDARY, /* a record may begin, or a member */
    IN_BLOCK,
    LOST /* what is in view belongs to no record */
};

struct warc_reader {
    struct warc_bytes bytes;
    struct buf head;
    enum warc_state state;
    struct warc_place place; /* of the record in hand */
    int64_t nth;             /* records that began since its member */
    int64_t left;            /* of its block */
    bool is_plain;           /* it stands in no member */
    int64_t block_at;        /* then: where its block begins */
    bool was_packed, was_plain;
};

int64_t warc_place_number(struct warc_place place)
{
    const int64_t offset = place.offset < OFFSET_MAX ? place.offset : OFFSET_MAX;

    return (offset << NTH_BITS) | (place.nth < NTH_MAX ? place.nth : NTH_MAX);
}

struct warc_place warc_place_of(int64_t number)
{
    return (struct warc_place){number >> NTH_BITS, number & NTH_MAX};
}

enum ww_status warc_open(const struct warc_source *source, int64_t offset, struct warc_reader **out,
                         struct ww_error *err)
{
    struct warc_reader *w = mem_alloc(sizeof(*w));
    enum ww_status status;

    *out = NULL;
    if (w == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    buf_init(&w->head, WARC_HEAD_MAX_BYTES);
    w->place.offset = offset;
    status = warc_bytes_open(&w->bytes, source, offset, err);
    if (status != WW_OK)
        warc_close(w);
    else
        *out = w;
    return status;
}

void warc_close(struct warc_reader *w)
{
    if (w == NULL)
        return;
    warc_bytes_close(&w->bytes);
    buf_release(&w->head);
    mem_free(w);
}

int64_t warc_read_to(const struct warc_reader *w)
{
    return w->bytes.in_member ? w->place.offset : warc_bytes_offset(&w->bytes);
}

/* ---- what is damaged ------------------------------------------------------------------------- */

/* Look for the next record in the view that there is. */
static enum ww_status lose(struct warc_reader *w, const char *why, struct ww_error *err)
{
    w->state = LOST;
    return ww_fail(err, WW_INVALID, "%s", why);
}

/* The same from an offset of the file. */
static enum ww_status lose_from(struct warc_reader *w, int64_t offset, const char *why,
                                struct ww_error *err)
{
    warc_bytes_seek(&w->bytes, offset);
    return lose(w, why, err);
}

/* What warc_bytes_need says: a damaged member is left, and the next one is behind its beginning. */
static enum ww_status need(struct warc_reader *w, size_t n, struct slice *view,
                           struct ww_error *err)
{
    struct ww_error why = {0};
    enum ww_status status = warc_bytes_need(&w->bytes, n, view, &why);

    if (status == WW_INVALID)
        return lose_from(w, w->bytes.member_at + 1, why.message, err);
    return status == WW_OK ? WW_OK : ww_fail(err, status, "%s", why.message);
}

/*
 * A line that begins a record, before `end`: its offset in the view, or how much of it holds none.
 * before: what stands in front of the view.
 */
static bool find_line(struct slice view, size_t end, char before, size_t *at)
{
    size_t i = 0;

    while (i < end && i + SIGN_BYTES <= view.len) {
        i += slice_find_char((struct slice){view.ptr + i, end - i}, 'W');
        if (i < end && (i > 0 ? view.ptr[i - 1] : before) == '\n' &&
            warc_head_begins(slice_skip(view, i))) {
            *at = i;
            return true;
        }
        i++;
    }
    *at = end;
    if (view.len - end < SIGN_BYTES)
        *at = view.len < SIGN_BYTES ? 0 : view.len - SIGN_BYTES + 1;
    return false;
}

static bool find_magic(struct slice view, size_t *at)
{
    *at = 0;
    while (*at < view.len) {
        *at += slice_find_char(slice_skip(view, *at), '\x1f');
        if (inflate_is_gzip(slice_skip(view, *at)))
            return true;
        ++*at;
    }
    *at = view.len < 2 ? 0 : view.len - 2;
    return false;
}

/* Enter the member that may begin in view; else it is passed over. */
static enum ww_status try_member(struct warc_reader *w, bool *entered, struct ww_error *err)
{
    enum ww_status status = warc_bytes_try(&w->bytes, SLICE("WARC/"), entered, err);

    if (status != WW_OK)
        return status;
    w->place = (struct warc_place){w->bytes.member_at, 0};
    w->nth = 0;
    if (!*entered)
        warc_bytes_take(&w->bytes, 1);
    return WW_OK;
}

/*
 * Lines in a plain file or in a member, members in a packed one: a page may hold the text of a WARC
 * file. Both, when nothing was read yet. Each byte is looked at once for either.
 */
static enum ww_status find_next(struct warc_reader *w, struct ww_error *err)
{
    char before = '\n';

    for (;;) {
        const bool wants_lines = w->bytes.in_member || w->was_plain || !w->was_packed;
        const bool wants_members = !w->bytes.in_member && (w->was_packed || !w->was_plain);
        struct slice view;
        size_t line = 0, magic;
        bool has_magic, entered = false;
        enum ww_status status = need(w, WARC_TRIAL_BYTES, &view, err);

        if (status == WW_INVALID)
            continue; /* the member was left; that it is damaged was told */
        if (status != WW_OK)
            return status;
        if (view.len == 0 && w->bytes.in_member)
            return WW_OK;
        if (view.len == 0)
            return ww_fail(err, WW_NOT_FOUND, "no further record");
        magic = view.len;
        has_magic = wants_members && find_magic(view, &magic);
        line = magic;
        if (wants_lines && find_line(view, magic, before, &line)) {
            warc_bytes_take(&w->bytes, line);
            return WW_OK;
        }
        if (view.len < WARC_TRIAL_BYTES) /* no more comes: the file ends, or the member */
            line = has_magic ? magic : view.len;
        before = line > 0 ? view.ptr[line - 1] : before;
        warc_bytes_take(&w->bytes, line);
        if (has_magic && line == magic) {
            before = '\x1f';
            status = try_member(w, &entered, err);
        }
        if (status != WW_OK || entered)
            return status;
    }
}

/* ---- between records ------------------------------------------------------------------------- */

/* CR and LF: two pairs of them end a record, and some writers leave out one or add another. */
static enum ww_status skip_line_ends(struct warc_reader *w, struct slice *view, int64_t *n_lines,
                                     struct ww_error *err)
{
    *n_lines = 0;
    for (;;) {
        enum ww_status status = need(w, SIGN_BYTES, view, err);
        size_t i = 0;

        if (status != WW_OK)
            return status;
        for (; i < view->len && (view->ptr[i] == '\r' || view->ptr[i] == '\n'); i++)
            *n_lines += view->ptr[i] == '\n';
        if (i == 0)
            return WW_OK;
        warc_bytes_take(&w->bytes, i);
    }
}

/* To the beginning of a record, through ends and beginnings of members. */
static enum ww_status find_boundary(struct warc_reader *w, struct ww_error *err)
{
    struct warc_bytes *b = &w->bytes;

    for (;;) {
        struct slice view;
        int64_t n_lines;
        enum ww_status status;

        w->place.nth = w->nth;
        if (!b->in_member)
            w->place = (struct warc_place){warc_bytes_offset(b), 0};
        status = skip_line_ends(w, &view, &n_lines, err);
        if (status != WW_OK)
            return status;
        if (!b->in_member)
            w->place = (struct warc_place){warc_bytes_offset(b), 0};
        if (warc_head_begins(view)) {
            w->nth++;
            return WW_OK;
        }
        if (view.len == 0 && b->in_member) {
            warc_bytes_leave(b);
        } else if (view.len == 0) {
            return ww_fail(err, WW_NOT_FOUND, "no further record");
        } else if (!b->in_member && inflate_is_gzip(view)) {
            warc_bytes_enter(b);
            w->nth = 0;
        } else {
            w->nth++;
            return b->in_member
                       ? lose(w, "no record where one should begin", err)
                       : lose_from(w, w->place.offset, "no record where one should begin", err);
        }
    }
}

/*
 * At least a byte more of the record in hand, over the end of a member into the next, unless that
 * begins with a record. view is empty when there is nothing more.
 */
static enum ww_status more(struct warc_reader *w, struct slice *view, struct ww_error *err)
{
    struct warc_bytes *b = &w->bytes;
    const bool was_in_member = b->in_member;
    enum ww_status status = need(w, 1, view, err);

    while (status == WW_OK && view->len == 0 && was_in_member) {
        warc_bytes_leave(b);
        status = need(w, SIGN_BYTES, view, err);
        if (status != WW_OK || !inflate_is_gzip(*view)) {
            view->len = 0;
            break;
        }
        warc_bytes_enter(b);
        status = need(w, SIGN_BYTES, view, err);
        if (status == WW_OK && warc_head_begins(*view)) {
            w->place = (struct warc_place){b->member_at, 0};
            w->nth = 0;
            view->len = 0;
            break;
        }
    }
    return status;
}

/* ---- a record -------------------------------------------------------------------------------- */

static bool is_empty_line(struct slice head)
{
    return slice_ends(head, SLICE("\n\r\n")) || slice_ends(head, SLICE("\n\n"));
}

static enum ww_status read_head(struct warc_reader *w, struct ww_error *err)
{
    buf_reset(&w->head);
    while (!is_empty_line(buf_slice(&w->head))) {
        struct slice view;
        enum ww_status status = more(w, &view, err);
        size_t n;

        if (status != WW_OK)
            return status;
        if (view.len == 0) {
            w->state = AT_BOUNDARY;
            return ww_fail(err, WW_INVALID, "a record that ends within its head");
        }
        n = slice_find_char(view, '\n');
        n += n < view.len;
        buf_add(&w->head, slice_head(view, n));
        if (w->head.status == WW_NOMEM)
            return buf_finish(&w->head, err);
        if (w->head.status != WW_OK)
            return lose(w, "the head of a record is over the limit", err);
        warc_bytes_take(&w->bytes, n);
    }
    return WW_OK;
}

/* A length that reaches behind the end of the file is wrong, or the file was cut off. */
static bool is_absurd(const struct warc_reader *w)
{
    const int64_t bytes = w->bytes.source->bytes;

    return w->is_plain && bytes >= 0 && w->left > bytes - w->block_at;
}

static enum ww_status read_record(struct warc_reader *w, struct warc_record *out,
                                  struct ww_error *err)
{
    struct ww_error why = {0};
    enum ww_status status = read_head(w, err);

    if (status != WW_OK)
        return status;
    w->is_plain = !w->bytes.in_member;
    w->was_packed = w->was_packed || !w->is_plain;
    w->was_plain = w->was_plain || w->is_plain;
    status = warc_head_parse(w->head.ptr, w->head.len, out, &why);
    if (status != WW_OK)
        return lose(w, why.message, err);
    w->left = out->bytes;
    w->block_at = warc_bytes_offset(&w->bytes);
    if (is_absurd(w))
        return lose(w, "a record that is longer than the file", err);
    w->state = IN_BLOCK;
    return WW_OK;
}

enum ww_status warc_next(struct warc_reader *w, struct warc_record *out, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    *out = (struct warc_record){.place = w->place};
    if (w->state == IN_BLOCK)
        status = warc_block(w, NULL, err);
    if (status != WW_OK)
        return status;
    if (w->state == LOST)
        status = find_next(w, err);
    if (status == WW_OK) {
        w->state = AT_BOUNDARY;
        status = find_boundary(w, err);
        out->place = w->place;
    }
    return status == WW_OK ? read_record(w, out, err) : status;
}

/* ---- its block ------------------------------------------------------------------------------- */

static enum ww_status end_early(struct warc_reader *w, struct ww_error *err)
{
    if (w->is_plain)
        return lose_from(w, w->block_at, "a record that the file ends in", err);
    w->state = AT_BOUNDARY;
    return ww_fail(err, WW_INVALID, "a record that ends %lld bytes before its length",
                   (long long)w->left);
}

/*
 * Behind the block a record begins, a member or the file ends. What else stands behind the two ends
 * of lines is damage of its own in a plain file; in a member it may be the record's.
 */
static enum ww_status check_end(struct warc_reader *w, struct ww_error *err)
{
    static const char why[] = "a record that goes on behind its length";
    struct slice view;
    int64_t n_lines;
    enum ww_status status = skip_line_ends(w, &view, &n_lines, err);

    if (status != WW_OK)
        return status;
    w->state = AT_BOUNDARY;
    if (view.len == 0 || warc_head_begins(view))
        return WW_OK;
    if (!w->is_plain)
        return lose(w, why, err);
    if (n_lines >= 2)
        return WW_OK;
    return inflate_is_gzip(view) ? WW_OK : lose_from(w, w->block_at, why, err);
}

/* A plain file's bytes need not be read to be passed over. */
static bool jump(struct warc_reader *w)
{
    const struct warc_source *source = w->bytes.source;

    if (!w->is_plain || !source->seeks || source->bytes < 0)
        return false;
    warc_bytes_seek(&w->bytes, warc_bytes_offset(&w->bytes) + w->left);
    w->left = 0;
    return true;
}

/* Its first `wanted` bytes go to out, the rest nowhere. */
static enum ww_status read_block(struct warc_reader *w, int64_t wanted, struct buf *out,
                                 struct ww_error *err)
{
    while (w->left > 0) {
        struct slice view;
        enum ww_status status = wanted == 0 && jump(w) ? WW_OK : more(w, &view, err);

        if (status != WW_OK)
            return status;
        if (w->left == 0)
            break;
        if (view.len == 0)
            return end_early(w, err);
        view.len = (uint64_t)w->left < view.len ? (size_t)w->left : view.len;
        if (wanted > 0) {
            view.len = (uint64_t)wanted < view.len ? (size_t)wanted : view.len;
            buf_add(out, view);
            wanted -= (int64_t)view.len;
            status = buf_finish(out, err);
        }
        if (status != WW_OK)
            return status;
        warc_bytes_take(&w->bytes, view.len);
        w->left -= (int64_t)view.len;
    }
    return check_end(w, err);
}

enum ww_status warc_block(struct warc_reader *w, struct buf *out, struct ww_error *err)
{
    const size_t room = out != NULL ? out->max_bytes - out->len : 0;
    const int64_t bytes = w->left;
    int64_t wanted = bytes;
    enum ww_status status;

    if (w->state != IN_BLOCK)
        return WW_OK;
    if ((uint64_t)bytes > room)
        wanted = (int64_t)(room < HEADERS_MAX_BYTES ? room : HEADERS_MAX_BYTES);
    status = read_block(w, wanted, out, err);
    if (status == WW_OK && out != NULL && (uint64_t)bytes > room)
        return ww_fail(err, WW_TOO_BIG, "a record of %lld bytes, limit %zu", (long long)bytes,
                       out->max_bytes);
    return status;
}

bool warc_is_warc(struct slice head)
{
    char room[SIGN_BYTES];
    struct inflate *f = NULL;
    size_t made = 0;
    bool has_ended;

    if (!inflate_is_gzip(head) || inflate_open(SIZE_MAX, &f, NULL) != WW_OK)
        return warc_head_begins(head);
    (void)inflate_step(f, &head, room, sizeof(room), &made, &has_ended, NULL);
    inflate_close(f);
    return warc_head_begins((struct slice){room, made});
}
