/* letter.c - a digest's bytes into the outbox, with the marks of what it tells. */
#include "alerts/mail/letter.h"

#include "alerts/mail/analyst.h"
#include "alerts/mail/digest.h"
#include "alerts/mail/header.h"
#include "alerts/mail/letter_parts.h"
#include "alerts/mail/message.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/idn.h"
#include "base/limits.h"
#include "storage/store.h"
#include "storage/store_outbox.h"

#include <inttypes.h>

#define NAME_HASH_BYTES 8

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

/* "<digest.12.0011223344556677@watch.example.org>": of the row's id, kind and recipient. */
static enum ww_status name(struct store *s, struct message_row *row,
                           const struct letter_sender *sender, struct arena *arena,
                           struct ww_error *err)
{
    struct slice domain = idn_to_ascii(sender->list_id, arena);
    unsigned char digest[SHA256_BYTES];
    char hex[2 * NAME_HASH_BYTES + 1];

    if (!idn_is_domain(domain))
        return ww_fail(err, WW_INVALID, "list-id '%.*s' is no domain", SLICE_ARG(sender->list_id));
    hash_sha256(arena_printf(arena, "%s\n%.*s\n%" PRId64 "\n%.*s", store_id(s),
                             SLICE_ARG(row->kind), row->id, SLICE_ARG(row->recipient)),
                digest);
    hash_hex(digest, NAME_HASH_BYTES, hex);
    row->message_id = arena_printf(arena, "<%.*s.%" PRId64 ".%s@%.*s>", SLICE_ARG(row->kind),
                                   row->id, hex, SLICE_ARG(domain));
    return arena_check(arena, err);
}

/* ---- threads --------------------------------------------------------------------------------- */

/*
 * Mails on one story to one analyst are a thread, by References and by a subject that stays: some
 * mail programs want both. Its root is no mail; programs join what names the same root.
 */
static enum ww_status thread_of(struct store *s, const struct message_row *row,
                                const struct letter_sender *sender, struct arena *arena,
                                struct message *m, struct ww_error *err)
{
    const struct message_filter filter = {.window = {.limit = 1},
                                          .analyst = row->analyst,
                                          .kind = row->kind,
                                          .story_id = row->story_id};
    struct message_list earlier;
    enum ww_status status;

    if (row->story_id == 0)
        return WW_OK;
    status = store_list_messages(s, &filter, arena, &earlier, err);
    if (status != WW_OK)
        return status;
    m->references = arena_printf(arena, "<story.%" PRId64 "@%.*s>", row->story_id,
                                 SLICE_ARG(idn_to_ascii(sender->list_id, arena)));
    if (earlier.n_rows > 0) {
        m->references = arena_printf(arena, "%.*s %.*s", SLICE_ARG(m->references),
                                     SLICE_ARG(earlier.rows[0].message_id));
        m->subject = earlier.rows[0].subject;
    }
    return WW_OK;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* What the two parts had no room for goes along as a table of all. */
static enum ww_status write_parts(struct store *s, const struct digest *d, struct message *m,
                                  struct arena *arena, struct buf *bytes, struct ww_error *err)
{
    struct buf text, html, table;
    char date[DATE_TEXT_BYTES];
    size_t n_left;
    enum ww_status status;

    buf_init(&text, DIGEST_MAX_BYTES);
    buf_init(&html, DIGEST_MAX_BYTES);
    buf_init(&table, DIGEST_MAX_BYTES);
    n_left = digest_text(d, &text);
    n_left += digest_html(d, &html);
    status = buf_finish(&text, err);
    if (status == WW_OK)
        status = buf_finish(&html, err);
    if (status == WW_OK && n_left > 0)
        status = digest_csv(s, d, &table, err);
    if (status == WW_OK)
        status = buf_finish(&table, err);
    m->text = buf_slice(&text);
    m->html = buf_slice(&html);
    m->csv = buf_slice(&table);
    m->csv_name = arena_printf(arena, "alerts-%.10s.csv", date_format(d->now + d->zone_s, date));
    if (status == WW_OK)
        status = arena_check(arena, err);
    if (status == WW_OK)
        status = message_write(m, bytes, err);
    buf_release(&text);
    buf_release(&html);
    buf_release(&table);
    return status;
}

static enum ww_status write_mail(struct store *s, const struct digest *d,
                                 const struct letter_sender *sender, struct message_row *row,
                                 struct arena *arena, struct buf *bytes, struct ww_error *err)
{
    struct message_field fields[LETTER_FIELDS_MAX];
    struct message message = {.from = sender->from,
                              .to = row->recipient,
                              .subject = row->subject,
                              .message_id = row->message_id,
                              .date = d->now,
                              .zone_s = (int32_t)d->zone_s,
                              .language = letter_language(d),
                              .list_id = sender->list_id,
                              .list_name = d->analyst->name,
                              .unsubscribe = sender->unsubscribe,
                              .unsubscribe_url = sender->unsubscribe_url,
                              .archive_url = sender->report_url,
                              .fields = fields,
                              .n_fields = letter_fields(d, row->kind, arena, fields)};
    enum ww_status status = thread_of(s, row, sender, arena, &message, err);

    row->subject = message.subject;
    if (status == WW_OK)
        status = write_parts(s, d, &message, arena, bytes, err);
    return status;
}

/* A mail, or JSON for a program or a server; the same Message-ID in both. */
static enum ww_status write_bytes(struct store *s, const struct digest *d,
                                  const struct letter_sender *sender, struct message_row *row,
                                  struct arena *arena, struct buf *bytes, struct ww_error *err)
{
    enum ww_status status;

    if (row->channel == CHANNEL_MAIL)
        return write_mail(s, d, sender, row, arena, bytes, err);
    status = digest_json(d, row->message_id, arena, bytes, err);
    return status == WW_OK ? buf_finish(bytes, err) : status;
}

/* ---- into the outbox ------------------------------------------------------------------------- */

/* A summary and an "all quiet" tell nothing that is not told again when its hour comes. */
static bool tells(const struct digest *d)
{
    return d->kind == DIGEST_REGULAR || d->kind == DIGEST_IMMEDIATE;
}

static enum ww_status mark_told(struct store *s, const struct digest *d, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    if (!tells(d))
        return WW_OK;
    status = digest_mark_troubles(s, d, err);
    if (status == WW_OK)
        status = digest_mark_changes(s, d, err);
    if (status == WW_OK)
        status = digest_mark_possible(s, d, err);
    return status;
}

/* The ids of the alerts that it tells, into ids, which has room for all. */
static size_t list_told(const struct digest *d, int64_t *ids)
{
    size_t n = 0;

    for (size_t i = 0; tells(d) && i < d->n_stories; i++)
        for (size_t k = 0; k < d->stories[i].n_alerts; k++)
            ids[n++] = d->stories[i].alerts[k]->alert.id;
    return n;
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
                              .subject = digest_subject(d, arena),
                              .state = MESSAGE_QUEUED,
                              .created_at = d->now};
    int64_t *ids = arena_array(arena, d->n_alerts + 1, sizeof(*ids));
    struct buf bytes;
    enum ww_status status = arena_check(arena, err);

    buf_init(&bytes, (size_t)4 * DIGEST_MAX_BYTES);
    if (status == WW_OK && row.channel == CHANNEL_MAIL)
        status = message_mailbox(row.recipient, arena, &row.recipient, err);
    if (status == WW_OK)
        status = store_reserve_message(s, &row.id, err);
    if (status == WW_OK)
        status = name(s, &row, sender, arena, err);
    if (status == WW_OK)
        status = write_bytes(s, d, sender, &row, arena, &bytes, err);
    if (status == WW_OK)
        status = store_add_message(s, &row, buf_slice(&bytes), ids, list_told(d, ids), err);
    if (status == WW_OK)
        status = mark_told(s, d, err);
    buf_release(&bytes);
    return status;
}

enum ww_status letter_queue_test(struct store *s, struct slice kind, struct slice mailbox,
                                 const struct letter_sender *sender, int64_t now, int64_t *id,
                                 struct ww_error *err)
{
    const struct message_field fields[] = {
        {"Kind", kind}
    };
    struct message_row row = {
        .kind = kind, .recipient = mailbox, .state = MESSAGE_QUEUED, .created_at = now};
    struct message message = {.date = now,
                              .list_name = SLICE("wirewatch"),
                              .unsubscribe = sender->unsubscribe,
                              .fields = fields,
                              .n_fields = 1};
    struct arena arena;
    struct buf bytes;
    enum ww_status status;

    arena_init(&arena, (size_t)256 * 1024);
    buf_init(&bytes, DIGEST_MAX_BYTES);
    status = message_mailbox(mailbox, &arena, &row.recipient, err);
    if (status == WW_OK)
        status = message_mailbox(sender->from, &arena, &message.from, err);
    if (status == WW_OK)
        status = store_reserve_message(s, &row.id, err);
    if (status == WW_OK)
        status = name(s, &row, sender, &arena, err);
    message.to = row.recipient;
    message.message_id = row.message_id;
    if (status == WW_OK)
        status = letter_test_text(&row, sender, &arena, &message, err);
    row.subject = message.subject;
    if (status == WW_OK)
        status = message_write(&message, &bytes, err);
    if (status == WW_OK)
        status = store_add_message(s, &row, buf_slice(&bytes), NULL, 0, err);
    *id = row.id;
    buf_release(&bytes);
    arena_release(&arena);
    return status;
}
