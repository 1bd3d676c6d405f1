/* mailbox.c - chunks of a file into mails, mails to the workers. */
#include "crawler/history/mailbox.h"

#include "base/buf.h"
#include "base/inflate.h"
#include "base/limits.h"
#include "crawler/history/documents.h"
#include "crawler/mail_article.h"
#include "feeds/mailbox.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct reading {
    struct backfill *backfill;
    const char *path;
    FILE *file;
    struct inflate *inflate; /* NULL: it is not packed */
    struct buf packed, chunk;
    struct mailbox mailbox;
    struct ww_error why; /* its packing is broken here: what came before is read first */
};

/* ---- the file -------------------------------------------------------------------------------- */

/* It ends here, in a mail that will not be whole. */
static enum ww_status damaged(struct reading *r, enum backfill_end end, const struct ww_error *why,
                              struct ww_error *err)
{
    if (backfill_reach(r->backfill, r->mailbox.at))
        backfill_count_end(r->backfill, slice_from(r->path), end, why);
    return ww_fail(err, WW_INVALID, "%s", why->message);
}

/* The bytes that come next; none at the end. */
static enum ww_status read_plain(struct reading *r, struct buf *into, size_t len,
                                 struct ww_error *err)
{
    struct ww_error why = {0};
    char *room;
    size_t n;

    buf_reset(into);
    room = buf_extend(into, len);
    if (room == NULL)
        return buf_finish(into, err);
    n = fread(room, 1, len, r->file);
    buf_truncate(into, n);
    if (n == len || ferror(r->file) == 0)
        return WW_OK;
    (void)ww_fail(&why, WW_INVALID, "%s", strerror(errno));
    return damaged(r, BACKFILL_UNREADABLE, &why, err);
}

static enum ww_status read_packed(struct reading *r, struct ww_error *err)
{
    enum ww_status status = r->why.status;
    bool is_end = false;

    buf_reset(&r->chunk);
    while (status == WW_OK && r->chunk.len == 0 && !is_end) {
        status = read_plain(r, &r->packed, MAILBOX_PACKED_CHUNK_BYTES, err);
        if (status != WW_OK)
            return status;
        is_end = r->packed.len == 0;
        status = is_end ? inflate_finish(r->inflate, &r->why)
                        : inflate_feed(r->inflate, buf_slice(&r->packed), &r->chunk, &r->why);
    }
    if (status == WW_OK || (r->chunk.len > 0 && status != WW_NOMEM))
        return WW_OK;
    if (status == WW_NOMEM)
        return ww_fail(err, status, "%s", r->why.message);
    return damaged(r, status == WW_TOO_BIG ? BACKFILL_TOO_BIG : BACKFILL_DAMAGED, &r->why, err);
}

/* A packed file has no places to go to: what was dealt with is unpacked again, and skipped. */
static enum ww_status open_file(struct reading *r, bool is_packed, int64_t from,
                                struct ww_error *err)
{
    struct ww_error why = {0};

    buf_init(&r->packed, MAILBOX_PACKED_CHUNK_BYTES);
    buf_init(&r->chunk, is_packed ? BODY_INFLATED_MAX_BYTES : MAILBOX_CHUNK_BYTES);
    from = is_packed || from == 0 ? 0 : from - 1;
    mailbox_init(&r->mailbox, from);
    r->file = fopen(r->path, "rb");
    if (r->file == NULL || (from > 0 && fseeko(r->file, (off_t)from, SEEK_SET) != 0)) {
        (void)ww_fail(&why, WW_INVALID, "%s", strerror(errno));
        return damaged(r, BACKFILL_UNREADABLE, &why, err);
    }
    return is_packed ? inflate_open(MAILBOX_UNPACKED_MAX_BYTES, &r->inflate, err) : WW_OK;
}

static void close_file(struct reading *r)
{
    if (r->file != NULL)
        (void)fclose(r->file);
    inflate_close(r->inflate);
    mailbox_release(&r->mailbox);
    buf_release(&r->packed);
    buf_release(&r->chunk);
}

/* ---- its mails ------------------------------------------------------------------------------- */

static enum ww_status offer_mail(struct reading *r, const struct mailbox_mail *mail,
                                 struct ww_error *err)
{
    struct ww_error why = {0};
    struct buf place;
    struct backfill_document document = {
        .bytes = mail->bytes, .content_type = SLICE(MAIL_CONTENT_TYPE), .at = mail->begin};
    enum ww_status status = WW_OK;

    if (!backfill_reach(r->backfill, mail->begin))
        return WW_OK;
    buf_init(&place, PATH_MAX_BYTES + 32);
    buf_printf(&place, "%s@%" PRId64, r->path, mail->begin);
    document.place = buf_slice(&place);
    if (mail->is_too_big) {
        (void)ww_fail(&why, WW_TOO_BIG, "a mail of %" PRId64 " bytes, limit %d",
                      mail->end - mail->begin, MAILBOX_MESSAGE_MAX_BYTES);
        backfill_count_end(r->backfill, document.place, BACKFILL_TOO_BIG, &why);
    } else {
        status = backfill_offer(r->backfill, &document, err);
    }
    buf_release(&place);
    return status;
}

static enum ww_status next_chunk(struct reading *r, struct slice *chunk, struct ww_error *err)
{
    enum ww_status status = r->inflate != NULL ? read_packed(r, err)
                                               : read_plain(r, &r->chunk, MAILBOX_CHUNK_BYTES, err);

    *chunk = buf_slice(&r->chunk);
    return status;
}

/* Mails that are whole; at the end of the file also the last one. */
static enum ww_status offer_mails(struct reading *r, struct slice chunk, struct ww_error *err)
{
    const bool is_end = chunk.len == 0;
    struct mailbox_mail mail;
    enum ww_status status = WW_OK;

    while (status == WW_OK && !backfill_is_stopped(r->backfill)) {
        status = is_end ? mailbox_finish(&r->mailbox, &mail, err)
                        : mailbox_feed(&r->mailbox, &chunk, &mail, err);
        if (status == WW_NOT_FOUND)
            return WW_OK;
        if (status == WW_OK)
            status = offer_mail(r, &mail, err);
    }
    return status;
}

/*
 * A stopped backfill goes on with a mail that has not ended, or behind the first byte of one that
 * has (marks.h). Neither begins there: it is another file by now.
 */
static enum ww_status check_begin(struct reading *r, int64_t from, struct slice *chunk,
                                  struct ww_error *err)
{
    struct ww_error why = {0};
    const struct slice before = *chunk;

    if (from == 0 || slice_starts(before, SLICE("From ")))
        return WW_OK;
    *chunk = slice_skip(before, 1);
    mailbox_init(&r->mailbox, from);
    if (slice_starts(*chunk, SLICE("From ")))
        return WW_OK;
    (void)ww_fail(&why, WW_INVALID,
                  "it has changed since this backfill was stopped: no mail begins at %" PRId64,
                  from);
    return damaged(r, BACKFILL_DAMAGED, &why, err);
}

enum ww_status mailbox_read_file(struct backfill *b, const char *path, bool is_packed, int64_t from,
                                 bool *is_whole, struct ww_error *err)
{
    struct reading r = {.backfill = b, .path = path};
    enum ww_status status = open_file(&r, is_packed, from, err);
    struct slice chunk = {"", 0};
    bool is_end = false;

    if (status == WW_OK)
        status = next_chunk(&r, &chunk, err);
    if (status == WW_OK && !is_packed)
        status = check_begin(&r, from, &chunk, err);
    while (status == WW_OK && !is_end && !backfill_is_stopped(b)) {
        is_end = chunk.len == 0;
        status = offer_mails(&r, chunk, err);
        if (status == WW_OK && !is_end)
            status = next_chunk(&r, &chunk, err);
    }
    *is_whole = !backfill_is_stopped(b) || status == WW_INVALID;
    close_file(&r);
    return status;
}
