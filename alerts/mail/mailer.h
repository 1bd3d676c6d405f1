/*
 * mailer.h - a process for one message: it alone reads the secret and speaks to the server.
 *
 * Forked for the message and gone with it; the parent, whose memory holds the database and may live
 * for hours, never has the password. The child keeps one socket to its parent and nothing else that
 * was open, leaves no core, cannot be looked into by others of the same user, and dies with the
 * parent, so that a killed run does not go on sending. What a hostile server does to it costs one
 * message: a child that dies is "deferred", or "unknown" when the bytes may have been handed over.
 */
#ifndef WW_ALERTS_MAIL_MAILER_H
#define WW_ALERTS_MAIL_MAILER_H

#include "alerts/mail/deliver_ways.h"

#include <stdbool.h>

typedef enum ww_status mailer_way(const struct config *settings, const struct envelope *e,
                                  struct delivery_reply *out, struct ww_error *err);

enum ww_status mailer_run(mailer_way *way, const struct config *settings, const struct envelope *e,
                          struct delivery_reply *out, struct ww_error *err);

/* For the ways. The last byte goes out now: from here on a death means "unknown". */
void mailer_tell_handed(const struct envelope *e);
/* For whoever listens: a line of what is said. Made printable and cut where it is heard. */
void mailer_tell_line(const struct envelope *e, const char *who, struct slice line);
/* Was the program asked to stop, or is the parent gone? */
bool mailer_is_stopped(const struct envelope *e);

#endif
