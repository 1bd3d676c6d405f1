/*
 * deliver.h - one message, one recipient, out of the house: SMTP, sendmail, Maildir, a file, a
 * program or a web address.
 *
 * Follows RFC 5321, RFC 8314 (TLS) and RFC 1870 (SIZE). The bytes are sent as they are; programs
 * and folders of this machine get mails with its line ends. SMTP: no login and no mail over a link
 * that should be encrypted and is not; the final reply is waited for ten minutes, as the standard
 * wants, because giving up early is what makes duplicates. What speaks to a server runs in a
 * process of its own (mailer.h), which alone has the secret (secret.h).
 */
#ifndef WW_ALERTS_MAIL_DELIVER_H
#define WW_ALERTS_MAIL_DELIVER_H

#include "base/error.h"
#include "base/slice.h"
#include "storage/store_outbox.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct config;
struct waiting;

enum delivery_end {
    DELIVERY_ACCEPTED, /* theirs now */
    DELIVERY_DEFERRED, /* 4xx, EX_TEMPFAIL, no connection: try again later */
    DELIVERY_REFUSED,  /* 5xx: this recipient will never take it */
    DELIVERY_UNKNOWN   /* cut off after the last byte: perhaps theirs, perhaps not */
};

struct delivery_reply {
    enum delivery_end end;
    char words[240];       /* what the server said last, or what went wrong; printable */
    int64_t retry_after_s; /* deferred: not before, as the other end asks; 0: it does not say */
    bool is_way_down;      /* deferred: the other end serves nobody now (no connection, 421) */
};

/* The way a message leaves by (enum config_transport). */
unsigned deliver_transport(const struct config *settings, const struct message_row *m);

/*
 * Which way: as m->channel and the settings of m->analyst say; messages to nobody of the settings
 * (tests) go as [mail] says. A message whose analyst is gone, or gets no such messages any more,
 * is deferred. name makes file names (Maildir, file) unique and stable: a second try of the same
 * message replaces the first. Not WW_OK: a mistake of ours (settings, memory), nothing was sent;
 * WW_REFUSED when a secret is not safe where it is.
 */
enum ww_status deliver_send(const struct config *settings, const struct message_row *m,
                            struct slice bytes, struct slice name, const struct waiting *waiting,
                            struct delivery_reply *out, struct ww_error *err);

/*
 * The same, and what is said on the way, a printable line at a time: "S: 250 ok" of the server,
 * "C: MAIL FROM:<a@b>" of ours, "TLS: ..." of the link. Never a login, never the message. By SMTP
 * alone; the other ways say nothing.
 */
typedef void delivery_hear(void *context, const char *line);
enum ww_status deliver_send_aloud(const struct config *settings, const struct message_row *m,
                                  struct slice bytes, struct slice name,
                                  const struct waiting *waiting, delivery_hear *hear, void *context,
                                  struct delivery_reply *out, struct ww_error *err);

/*
 * What the store and the log may hold of a program or a web address: the program without its
 * arguments, the scheme and the host. The rest may be a secret.
 */
struct slice deliver_shown(enum message_channel channel, struct slice where);
/* The same and, where something is left out, six letters made from it: "https://host~3fa2c1". */
struct slice deliver_name(enum message_channel channel, struct slice where, struct arena *arena);

enum delivery_level { DELIVERY_FINE, DELIVERY_NOTE, DELIVERY_DOUBT, DELIVERY_BROKEN };
typedef void delivery_say(void *context, enum delivery_level level, const char *words);

/*
 * Say a line for [mail] and one for each analyst with a way of his own: how it leaves, and what is
 * wrong with that (no such program, no server, a secret that others can read). Nothing is sent and
 * no secret is read.
 */
void deliver_check(const struct config *settings, struct arena *arena, delivery_say *say,
                   void *context);

#endif
