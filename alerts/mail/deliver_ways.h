/* deliver_ways.h - the ways out of the house, one file each: for deliver.c alone. */
#ifndef WW_ALERTS_MAIL_DELIVER_WAYS_H
#define WW_ALERTS_MAIL_DELIVER_WAYS_H

#include "alerts/mail/deliver.h"

struct buf;

struct envelope {
    struct slice sender, recipient;    /* bare addresses */
    struct slice bytes;                /* lines end in CR LF */
    const char *name;                  /* fit for a file name */
    const volatile sig_atomic_t *stop; /* not 0: end within STOP_GRACE_MS; may be NULL */
};

enum ww_status deliver_smtp(const struct config *settings, const struct envelope *e,
                            struct delivery_reply *out, struct ww_error *err);
enum ww_status deliver_sendmail(const struct config *settings, const struct envelope *e,
                                struct delivery_reply *out, struct ww_error *err);
enum ww_status deliver_maildir(const struct config *settings, const struct envelope *e,
                               struct delivery_reply *out, struct ww_error *err);
enum ww_status deliver_file(const struct config *settings, const struct envelope *e,
                            struct delivery_reply *out, struct ww_error *err);

/* Fill the reply; words may be anything a server said, they are made printable and cut. */
void deliver_reply(struct delivery_reply *out, enum delivery_end end, struct slice words);

/* With the line ends of the system, as folders and programs on this machine want them. */
void deliver_local_lines(struct buf *out, struct slice bytes);

#endif
