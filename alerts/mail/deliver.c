/* deliver.c - which way a message leaves, and what all ways share. */
#include "alerts/mail/deliver.h"

#include "alerts/mail/deliver_ways.h"
#include "alerts/mail/message.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/text.h"
#include "storage/store_outbox.h"

#include <string.h>

#define NAME_BYTES 128

void deliver_reply(struct delivery_reply *out, enum delivery_end end, struct slice words)
{
    struct buf visible;
    struct slice cut;

    buf_init(&visible, (size_t)16 * sizeof(out->words));
    text_add_visible(&visible, text_cut(slice_trim(words), sizeof(out->words) - 1));
    cut = text_cut(buf_slice(&visible), sizeof(out->words) - 1);
    out->end = end;
    out->retry_after_s = 0;
    out->is_way_down = false;
    memcpy(out->words, cut.ptr, cut.len);
    out->words[cut.len] = '\0';
    buf_release(&visible);
}

void deliver_local_lines(struct buf *out, struct slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.ptr[i] != '\r' || i + 1 == bytes.len || bytes.ptr[i + 1] != '\n')
            buf_add_char(out, bytes.ptr[i]);
}

/* Letters, digits, '-', '_' and '.', which does not come first: never a path. */
static void make_name(struct slice name, char out[NAME_BYTES])
{
    size_t n = 0;

    for (size_t i = 0; i < name.len && n + 1 < NAME_BYTES; i++) {
        char c = name.ptr[i];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                        (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || (c == '.' && n > 0);

        out[n++] = is_plain ? c : '_';
    }
    if (n == 0)
        out[n++] = '_';
    out[n] = '\0';
}

unsigned deliver_transport(const struct config *settings, const struct message_row *m)
{
    for (size_t i = 0; i < settings->n_analysts; i++)
        if (slice_equal(settings->analysts[i].name, m->analyst) &&
            settings->analysts[i].transport > 0)
            return (unsigned)settings->analysts[i].transport - 1;
    return (unsigned)settings->transport;
}

enum ww_status deliver_send(const struct config *settings, const struct message_row *m,
                            struct slice bytes, struct slice name,
                            const volatile sig_atomic_t *stop, struct delivery_reply *out,
                            struct ww_error *err)
{
    char file_name[NAME_BYTES];
    struct envelope e = {
        .sender = message_address(settings->from),
        .recipient = message_address(m->recipient),
        .bytes = bytes,
        .name = file_name,
        .stop = stop,
    };

    deliver_reply(out, DELIVERY_DEFERRED, SLICE("not sent"));
    if (e.sender.len == 0)
        return ww_fail(err, WW_INVALID, "the sender '%.*s' is no mailbox",
                       SLICE_ARG(settings->from));
    if (e.recipient.len == 0)
        return ww_fail(err, WW_INVALID, "the recipient '%.*s' is no mailbox",
                       SLICE_ARG(m->recipient));
    make_name(name, file_name);
    switch ((enum config_transport)deliver_transport(settings, m)) {
    case TRANSPORT_FILE:
        return deliver_file(settings, &e, out, err);
    case TRANSPORT_MAILDIR:
        return deliver_maildir(settings, &e, out, err);
    case TRANSPORT_SENDMAIL:
        return deliver_sendmail(settings, &e, out, err);
    case TRANSPORT_SMTP:
        return deliver_smtp(settings, &e, out, err);
    case TRANSPORT_COMMAND:
    case TRANSPORT_WEBHOOK:
    case TRANSPORT_COUNT:
        break;
    }
    return ww_fail(err, WW_INVALID, "transport %d", (int)settings->transport);
}
