/* deliver_ways.h - the ways out of the house, one file each: for deliver.c alone. */
#ifndef WW_ALERTS_MAIL_DELIVER_WAYS_H
#define WW_ALERTS_MAIL_DELIVER_WAYS_H

#include "alerts/mail/deliver.h"
#include "alerts/mail/waiting.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct process_end;
struct sockaddr;

struct envelope {
    struct slice sender, recipient; /* bare addresses, of a mail */
    struct slice greeting;          /* the name to say EHLO with */
    struct slice where;             /* command, webhook: as the settings write it */
    struct slice message_id;        /* with its angle brackets */
    struct slice bytes;             /* of a mail: lines end in CR LF */
    const char *name;               /* fit for a file name */
    struct waiting waiting;
    int line;            /* a mailer's, to its parent; else -1 */
    delivery_hear *hear; /* in the parent; NULL: nobody listens */
    void *hear_context;
};

enum ww_status deliver_smtp(const struct config *settings, const struct envelope *e,
                            struct delivery_reply *out, struct ww_error *err);
enum ww_status deliver_sendmail(const struct config *settings, const struct envelope *e,
                                struct delivery_reply *out, struct ww_error *err);
enum ww_status deliver_maildir(const struct config *settings, const struct envelope *e,
                               struct delivery_reply *out, struct ww_error *err);
enum ww_status deliver_file(const struct config *settings, const struct envelope *e,
                            struct delivery_reply *out, struct ww_error *err);
enum ww_status deliver_command(const struct config *settings, const struct envelope *e,
                               struct delivery_reply *out, struct ww_error *err);
enum ww_status deliver_webhook(const struct config *settings, const struct envelope *e,
                               struct delivery_reply *out, struct ww_error *err);

/* Is this an address that a webhook may have? WW_INVALID says what is wrong with it. */
enum ww_status deliver_webhook_check(struct slice url, bool has_token, struct ww_error *err);

/* Fill the reply; words may be anything a server said, they are made printable and cut. */
void deliver_reply(struct delivery_reply *out, enum delivery_end end, struct slice words);

/* With the line ends of the system, as folders and programs on this machine want them. */
void deliver_local_lines(struct buf *out, struct slice bytes);

/* sysexits.h: 64 to 70 speak of the message or its recipient, the others of the machine. */
enum delivery_end deliver_program_end(const struct process_end *end);

/* 127.0.0.0/8 and ::1. */
bool deliver_is_loopback(const struct sockaddr *address);

/* How long one reply is waited for; never less than a second. */
int64_t deliver_timeout_s(const struct config *settings);

#endif
