/* mime_walk.c - fields by their names, boundaries, and which text is whose. */
#include "feeds/mime_walk.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "feeds/base64.h"
#include "feeds/mime_header.h"
#include "feeds/quoted.h"

#include <stdlib.h>

/* ---- fields ---------------------------------------------------------------------------------- */

/*
 * Sorted. Addresses: RFC 5064; Content-Base is Thunderbird's word for a feed's entry, X-RSS-URL
 * that of rss2email. List-Archive is the address of all of a list, not of one mail.
 */
static const struct name_row {
    const char *name;
    enum mime_field field;
} names[] = {
    {"archived-at",               MIME_ARCHIVED_AT },
    {"content-base",              MIME_CONTENT_BASE},
    {"content-disposition",       MIME_DISPOSITION },
    {"content-location",          MIME_LOCATION    },
    {"content-transfer-encoding", MIME_ENCODING    },
    {"content-type",              MIME_TYPE        },
    {"date",                      MIME_DATE        },
    {"delivery-date",             MIME_DELIVERED   },
    {"from",                      MIME_FROM        },
    {"list-id",                   MIME_LIST_ID     },
    {"message-id",                MIME_ID          },
    {"mime-version",              MIME_VERSION     },
    {"received",                  MIME_RECEIVED    },
    {"sender",                    MIME_SENDER      },
    {"snapshot-content-location", MIME_SNAPSHOT    },
    {"subject",                   MIME_SUBJECT     },
    {"x-rss-url",                 MIME_X_RSS_URL   },
    {"x-url",                     MIME_X_URL       },
};

static int compare_name(const void *key, const void *row)
{
    return slice_compare_name(*(const struct slice *)key, ((const struct name_row *)row)->name);
}

static bool find_field(struct slice name, enum mime_field *out)
{
    char lower[32];
    const struct slice key = slice_of(lower, name.len);
    const struct name_row *row;

    if (name.len == 0 || name.len >= sizeof(lower))
        return false;
    for (size_t i = 0; i < name.len; i++)
        lower[i] = ascii_lower(name.ptr[i]);
    row = bsearch(&key, names, WW_COUNT(names), sizeof(names[0]), compare_name);
    if (row != NULL)
        *out = row->field;
    return row != NULL;
}

size_t mime_read_fields(struct slice *rest, struct mime_fields *out)
{
    struct slice name, value;
    enum mime_field field;
    size_t n = 0;

    *out = (struct mime_fields){0};
    for (; mime_next_field(rest, &name, &value); n++)
        if (find_field(name, &field) && out->values[field].ptr == NULL)
            out->values[field] = value;
    return n;
}

/* ---- texts ----------------------------------------------------------------------------------- */

static void add_piece(struct mime_pieces *p, struct slice text, struct arena *arena)
{
    struct slice *items;

    if (slice_trim(text).len == 0)
        return;
    items = arena_grow(arena, p->items, p->n, &p->capacity, sizeof(*items));
    if (items == NULL)
        return;
    p->items = items;
    items[p->n++] = text;
}

/* ---- boundaries ------------------------------------------------------------------------------ */

/* line begins with "--". Which of the open boundaries is it, counted from 1; 0: none. */
static size_t find_level(const struct mime_walk *w, size_t depth, struct slice line, bool *is_end)
{
    line = slice_skip(line, 2);
    for (size_t i = depth; i > 0; i--) {
        const struct slice boundary = w->levels[i - 1].boundary;
        struct slice behind;

        if (!slice_starts(line, boundary))
            continue;
        behind = slice_skip(line, boundary.len);
        *is_end = slice_starts(behind, SLICE("--"));
        if (*is_end || slice_trim(behind).len == 0)
            return i;
    }
    return 0;
}

/* The line end before a boundary is the boundary's. */
static struct slice before(struct slice all, size_t end)
{
    end -= end > 0 && all.ptr[end - 1] == '\n';
    end -= end > 0 && all.ptr[end - 1] == '\r';
    return slice_head(all, end);
}

/*
 * The body at w->rest, up to a boundary that is open, and where the next part begins: what stands
 * behind the last part of a level belongs to none. False when no part follows.
 */
static bool find_end(const struct mime_walk *w, struct slice *body, size_t *depth,
                     struct slice *rest)
{
    const struct slice all = w->rest;
    bool has_body = false, is_end = false;
    size_t at = 0;

    *body = all;
    *depth = w->depth;
    while (*depth > 0 && at < all.len) {
        const size_t found = at + slice_find(slice_skip(all, at), SLICE("--"));
        struct slice line;
        size_t level;

        if (found >= all.len)
            break;
        at = found + 2;
        if (found > 0 && all.ptr[found - 1] != '\n' && all.ptr[found - 1] != '\r')
            continue;
        *rest = slice_skip(all, found);
        (void)slice_next_line(rest, &line);
        at = all.len - rest->len;
        level = find_level(w, *depth, line, &is_end);
        if (level == 0)
            continue;
        if (!has_body)
            *body = before(all, found);
        has_body = true;
        *depth = is_end ? level - 1 : level;
        if (!is_end)
            return true;
    }
    *rest = slice_skip(all, all.len);
    *depth = 0;
    return false;
}

/* The next part stands in so many levels: deeper ones have ended, and the mails in them. */
static void close_levels(struct mime_walk *w, size_t depth)
{
    w->depth = depth;
    while (w->n_open > 1 && w->mails[w->open[w->n_open - 1]].depth >= depth)
        w->n_open--;
    w->is_left_out &= w->left_out_depth < depth;
}

/* ---- parts ----------------------------------------------------------------------------------- */

static bool in_digest(const struct mime_walk *w)
{
    for (size_t i = 0; i < w->depth; i++)
        if (w->levels[i].is_digest)
            return true;
    return false;
}

static struct slice decode_transfer(struct slice body, struct slice encoding, struct arena *arena)
{
    encoding = mime_token(encoding);
    if (slice_equal_nocase(encoding, SLICE("base64")))
        return base64_bytes(body, arena);
    if (slice_equal_nocase(encoding, SLICE("quoted-printable")))
        return quoted_decode(body, arena);
    return body;
}

static void take_text(struct mime_walk *w, const struct mime_fields *f, struct slice type,
                      struct slice body)
{
    const bool is_html = slice_equal_nocase(type, SLICE("text/html"));
    struct mime_found *mail = &w->mails[w->open[w->n_open - 1]];
    const char *charset;
    struct slice text;

    if (w->is_left_out || (!is_html && !slice_equal_nocase(type, SLICE("text/plain"))) ||
        slice_starts_nocase(slice_trim(f->values[MIME_DISPOSITION]), SLICE("attachment")))
        return;
    text = decode_transfer(body, f->values[MIME_ENCODING], w->arena);
    text = mime_decode(text, mime_parameter(f->values[MIME_TYPE], SLICE("charset"), w->arena),
                       is_html, w->arena, &charset);
    if (mail->charset == NULL)
        mail->charset = charset;
    if (mail->location.ptr == NULL)
        mail->location = f->values[MIME_LOCATION];
    add_piece(is_html ? &mail->html : &mail->plain, text, w->arena);
}

/* A mail in a mail begins. In a digest its text is that of the digest, below its subject. */
static void open_mail(struct mime_walk *w, const struct mime_fields *f)
{
    struct mime_found *mail;

    if (w->n_open > 0 && in_digest(w)) {
        mail = &w->mails[w->open[w->n_open - 1]];
        add_piece(&mail->plain, mime_words(f->values[MIME_SUBJECT], w->arena), w->arena);
        return;
    }
    if (w->is_left_out)
        return;
    w->is_left_out = w->n_mails == MIME_MAILS_MAX;
    w->left_out_depth = w->depth;
    if (w->is_left_out)
        return;
    mail = &w->mails[w->n_mails];
    *mail = (struct mime_found){.fields = *f, .depth = w->depth};
    w->open[w->n_open++] = w->n_mails++;
}

static bool is_packed(const struct mime_fields *f)
{
    const struct slice encoding = mime_token(f->values[MIME_ENCODING]);

    return slice_equal_nocase(encoding, SLICE("base64")) ||
           slice_equal_nocase(encoding, SLICE("quoted-printable"));
}

/* A part that holds parts: its boundary is one more that is looked for. */
static bool open_level(struct mime_walk *w, const struct mime_fields *f, struct slice type)
{
    const struct slice boundary = mime_parameter(f->values[MIME_TYPE], SLICE("boundary"), w->arena);

    if (!slice_starts_nocase(type, SLICE("multipart/")) || w->depth == MIME_DEPTH_MAX ||
        boundary.len == 0 || boundary.len > MIME_BOUNDARY_MAX_BYTES)
        return false;
    w->levels[w->depth++] =
        (struct mime_level){boundary, slice_equal_nocase(type, SLICE("multipart/digest"))};
    return true;
}

bool mime_take_part(struct mime_walk *w, bool is_mail)
{
    const bool is_of_digest = w->depth > 0 && w->levels[w->depth - 1].is_digest;
    struct mime_fields f;
    struct slice type, body, rest;
    size_t depth;
    bool goes_on;

    for (;;) {
        w->n_parts++;
        (void)mime_read_fields(&w->rest, &f);
        if (is_mail)
            open_mail(w, &f);
        type = mime_token(f.values[MIME_TYPE]);
        if (type.len == 0)
            type = is_of_digest && !is_mail ? SLICE("message/rfc822") : SLICE("text/plain");
        is_mail = slice_equal_nocase(type, SLICE("message/rfc822")) ||
                  slice_equal_nocase(type, SLICE("message/global"));
        if (!is_mail || is_packed(&f) || w->n_parts >= MIME_PARTS_MAX)
            break;
    }
    if (!open_level(w, &f, type)) {
        goes_on = find_end(w, &body, &depth, &rest);
        take_text(w, &f, type, body);
    } else {
        goes_on = find_end(w, &body, &depth, &rest);
    }
    close_levels(w, depth);
    w->rest = rest;
    return goes_on;
}
