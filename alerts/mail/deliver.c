/* deliver.c - which way a message leaves, and what all ways share. */
#include "alerts/mail/deliver.h"

#include "alerts/mail/deliver_ways.h"
#include "alerts/mail/mailer.h"
#include "alerts/mail/message.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define NAME_BYTES 128

void deliver_reply(struct delivery_reply *out, enum delivery_end end, struct slice words)
{
    struct buf visible;
    struct slice cut;

    buf_init(&visible, (size_t)16 * sizeof(out->words));
    text_add_visible(&visible, text_cut(slice_trim(words), sizeof(out->words) - 1));
    cut = text_cut(buf_slice(&visible), sizeof(out->words) - 1);
    *out = (struct delivery_reply){.end = end};
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

int64_t deliver_timeout_s(const struct config *settings)
{
    return settings->mail_timeout_s > 0 ? settings->mail_timeout_s : MAIL_TIMEOUT_S;
}

bool deliver_is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, address, sizeof(in));
        return ntohl(in.sin_addr.s_addr) >> 24 == 127;
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;

        memcpy(&in6, address, sizeof(in6));
        return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
    }
    return false;
}

struct slice deliver_shown(enum message_channel channel, struct slice where)
{
    const size_t scheme = slice_find(where, SLICE("://"));

    where = slice_trim(where);
    if (channel == CHANNEL_COMMAND)
        return slice_head(where, slice_find_char(where, ' '));
    if (channel == CHANNEL_WEBHOOK && scheme < where.len) {
        struct slice host = slice_skip(where, scheme + 3);
        size_t len = 0;

        while (len < host.len && strchr("/?#@\\", host.ptr[len]) == NULL)
            len++;
        /* What stands before an '@' is a login, not a host. */
        return slice_head(where,
                          len < host.len && host.ptr[len] == '@' ? scheme : scheme + 3 + len);
    }
    return where;
}

struct slice deliver_name(enum message_channel channel, struct slice where, struct arena *arena)
{
    const struct slice shown = deliver_shown(channel, where);

    where = slice_trim(where);
    if (shown.len == where.len)
        return shown;
    return arena_printf(arena, "%.*s~%06x", SLICE_ARG(shown), (unsigned)(hash64(where) & 0xFFFFFF));
}

/* ---- which way ------------------------------------------------------------------------------- */

struct route {
    enum config_transport transport;
    struct slice where;
    const char *trouble; /* NULL: none; else why it has to wait, behind the analyst's name */
};

static bool takes_mail(int64_t transport)
{
    return transport != TRANSPORT_COMMAND && transport != TRANSPORT_WEBHOOK;
}

/* The bytes were made for a channel; the settings may have changed since. */
static struct route find_route(const struct config *settings, const struct message_row *m)
{
    const struct config_analyst *a = NULL;
    struct route r = {.transport = (enum config_transport)settings->transport};
    const enum config_transport wanted =
        m->channel == CHANNEL_COMMAND ? TRANSPORT_COMMAND : TRANSPORT_WEBHOOK;

    for (size_t i = 0; i < settings->n_analysts && a == NULL; i++)
        if (slice_equal(settings->analysts[i].name, m->analyst))
            a = &settings->analysts[i];
    if (a != NULL && a->transport > 0)
        r.transport = (enum config_transport)(a->transport - 1);
    if (m->channel == CHANNEL_MAIL) {
        if (!takes_mail(r.transport) && takes_mail(settings->transport))
            r.transport = (enum config_transport)settings->transport;
        else if (!takes_mail(r.transport))
            r.trouble = "made as a mail, and the settings have no way for mails any more";
        return r;
    }
    if (a == NULL && m->analyst.len > 0)
        r.trouble = "gone from the settings, and with it the program or address that this is for";
    else if (r.transport != wanted)
        r.trouble = "gets mail now, and this was made for a program or a web address";
    else if (wanted == TRANSPORT_COMMAND)
        r.where = a != NULL && a->command.len > 0 ? a->command : settings->command;
    else
        r.where = a != NULL && a->webhook.len > 0 ? a->webhook : settings->webhook;
    return r;
}

unsigned deliver_transport(const struct config *settings, const struct message_row *m)
{
    return (unsigned)find_route(settings, m).transport;
}

static void wait_for_settings(const struct route *r, const struct message_row *m,
                              struct delivery_reply *out)
{
    char words[2 * sizeof(out->words)];

    (void)snprintf(words, sizeof(words), "analyst \"%.*s\": %s",
                   (int)(m->analyst.len < 64 ? m->analyst.len : 64), m->analyst.ptr, r->trouble);
    deliver_reply(out, DELIVERY_DEFERRED, slice_from(words));
}

static enum ww_status check_mailboxes(const struct config *settings, const struct message_row *m,
                                      const struct envelope *e, struct ww_error *err)
{
    if (e->sender.len == 0)
        return ww_fail(
            err, WW_INVALID, "the sender '%.*s' is no mailbox",
            SLICE_ARG(settings->envelope_from.len > 0 ? settings->envelope_from : settings->from));
    if (e->recipient.len == 0)
        return ww_fail(err, WW_INVALID, "the recipient '%.*s' is no mailbox",
                       SLICE_ARG(m->recipient));
    return WW_OK;
}

enum ww_status deliver_send(const struct config *settings, const struct message_row *m,
                            struct slice bytes, struct slice name, const struct waiting *waiting,
                            struct delivery_reply *out, struct ww_error *err)
{
    return deliver_send_aloud(settings, m, bytes, name, waiting, NULL, NULL, out, err);
}

enum ww_status deliver_send_aloud(const struct config *settings, const struct message_row *m,
                                  struct slice bytes, struct slice name,
                                  const struct waiting *waiting, delivery_hear *hear, void *context,
                                  struct delivery_reply *out, struct ww_error *err)
{
    const struct route route = find_route(settings, m);
    const struct slice from = message_address(settings->from);
    char file_name[NAME_BYTES];
    struct envelope e = {
        .sender = settings->envelope_from.len > 0 ? message_address(settings->envelope_from) : from,
        .recipient = message_address(m->recipient),
        .greeting = slice_skip(from, slice_find_char(from, '@') + 1),
        .where = route.where,
        .message_id = m->message_id,
        .bytes = bytes,
        .name = file_name,
        .waiting = *waiting,
        .line = -1,
        .hear = hear,
        .hear_context = context,
    };

    deliver_reply(out, DELIVERY_DEFERRED, SLICE("not sent"));
    make_name(name, file_name);
    if (route.trouble != NULL) {
        wait_for_settings(&route, m, out);
        return WW_OK;
    }
    if (takes_mail(route.transport)) {
        enum ww_status status = check_mailboxes(settings, m, &e, err);

        if (status != WW_OK)
            return status;
    }
    switch (route.transport) {
    case TRANSPORT_FILE:
        return deliver_file(settings, &e, out, err);
    case TRANSPORT_MAILDIR:
        return deliver_maildir(settings, &e, out, err);
    case TRANSPORT_SENDMAIL:
        return deliver_sendmail(settings, &e, out, err);
    case TRANSPORT_SMTP:
        return mailer_run(deliver_smtp, settings, &e, out, err);
    case TRANSPORT_COMMAND:
        return deliver_command(settings, &e, out, err);
    case TRANSPORT_WEBHOOK:
        return mailer_run(deliver_webhook, settings, &e, out, err);
    case TRANSPORT_COUNT:
        break;
    }
    return ww_fail(err, WW_INVALID, "transport %d", (int)route.transport);
}
