/* letter.c - a digest's bytes into the outbox, with the marks of what it tells. */
#include "alerts/mail/letter.h"

#include "alerts/mail/analyst.h"
#include "alerts/mail/digest.h"
#include "alerts/mail/message.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <inttypes.h>

static enum ww_status make_bytes(struct store *s, const struct digest *d,
                                 const struct letter_sender *sender, struct message_row *row,
                                 struct arena *arena, struct buf *bytes, struct ww_error *err)
{
    struct buf text;
    struct buf html;
    struct message message = {.from = sender->from,
                              .to = d->analyst->address,
                              .date = d->now,
                              .zone_s = (int32_t)d->zone_s,
                              .list_id = sender->list_id,
                              .list_name = d->analyst->name};
    enum ww_status status;

    buf_init(&text, DIGEST_MAX_BYTES);
    buf_init(&html, DIGEST_MAX_BYTES);
    digest_text(d, &text);
    digest_html(d, &html);
    row->subject = digest_subject(d, arena);
    row->message_id = arena_printf(arena, "<digest.%" PRId64 ".%s@%.*s>", row->id, store_id(s),
                                   SLICE_ARG(sender->list_id));
    message.subject = row->subject;
    message.message_id = row->message_id;
    message.text = buf_slice(&text);
    message.html = buf_slice(&html);
    status = buf_finish(&text, err);
    if (status == WW_OK)
        status = buf_finish(&html, err);
    if (status == WW_OK)
        status = arena_check(arena, err);
    if (status == WW_OK)
        status = message_write(&message, bytes, err);
    buf_release(&text);
    buf_release(&html);
    return status;
}

/* What a message row calls it: outbox list shows it, and what is due is counted by it. */
static struct slice kind_of(enum digest_kind kind)
{
    switch (kind) {
    case DIGEST_REGULAR:
        break;
    case DIGEST_IMMEDIATE:
        return SLICE("immediate");
    case DIGEST_WEEKLY:
        return SLICE("weekly");
    case DIGEST_ALL_QUIET:
        return SLICE("quiet");
    }
    return SLICE("digest");
}

enum ww_status letter_queue(struct store *s, const struct digest *d,
                            const struct letter_sender *sender, struct arena *arena,
                            struct ww_error *err)
{
    struct message_row row = {.kind = kind_of(d->kind),
                              .channel = d->analyst->channel,
                              .story_id = d->story_id,
                              .analyst = d->analyst->name,
                              .recipient = d->analyst->address,
                              .state = MESSAGE_QUEUED,
                              .created_at = d->now};
    int64_t *ids = arena_array(arena, d->n_alerts, sizeof(*ids));
    struct buf bytes;
    size_t n = 0;
    enum ww_status status;

    if (ids == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < d->n_stories; i++)
        for (size_t k = 0; k < d->stories[i].n_alerts; k++)
            ids[n++] = d->stories[i].alerts[k]->alert.id;
    buf_init(&bytes, DIGEST_MAX_BYTES);
    status = store_reserve_message(s, &row.id, err);
    if (status == WW_OK)
        status = make_bytes(s, d, sender, &row, arena, &bytes, err);
    if (status == WW_OK)
        status = store_add_message(s, &row, buf_slice(&bytes), ids, n, err);
    if (status == WW_OK)
        status = digest_mark_troubles(s, d, err);
    if (status == WW_OK)
        status = digest_mark_changes(s, d, err);
    if (status == WW_OK)
        status = digest_mark_possible(s, d, err);
    buf_release(&bytes);
    return status;
}

enum ww_status letter_queue_test(struct store *s, struct slice kind, struct slice mailbox,
                                 const struct letter_sender *sender, int64_t now, int64_t *id,
                                 struct ww_error *err)
{
    struct message_row row = {
        .kind = kind, .recipient = mailbox, .state = MESSAGE_QUEUED, .created_at = now};
    struct message message = {.from = sender->from,
                              .to = mailbox,
                              .subject = SLICE("wirewatch test"),
                              .date = now,
                              .list_id = sender->list_id,
                              .list_name = SLICE("wirewatch"),
                              .text = SLICE("This is a test.\n"),
                              .html = SLICE("<p>This is a test.</p>\n")};
    struct arena arena;
    struct buf bytes;
    enum ww_status status;

    arena_init(&arena, (size_t)64 * 1024);
    buf_init(&bytes, DIGEST_MAX_BYTES);
    status = store_reserve_message(s, &row.id, err);
    row.subject = message.subject;
    row.message_id = message.message_id =
        arena_printf(&arena, "<%.*s.%" PRId64 ".%s@%.*s>", SLICE_ARG(kind), row.id, store_id(s),
                     SLICE_ARG(sender->list_id));
    if (status == WW_OK)
        status = arena_check(&arena, err);
    if (status == WW_OK)
        status = message_write(&message, &bytes, err);
    if (status == WW_OK)
        status = store_add_message(s, &row, buf_slice(&bytes), NULL, 0, err);
    *id = row.id;
    buf_release(&bytes);
    arena_release(&arena);
    return status;
}
