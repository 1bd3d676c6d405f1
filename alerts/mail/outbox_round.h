/* outbox_round.h - one try of one message: for outbox.c and outbox_round.c alone. */
#ifndef WW_ALERTS_MAIL_OUTBOX_ROUND_H
#define WW_ALERTS_MAIL_OUTBOX_ROUND_H

#include "alerts/mail/outbox.h"

struct arena;

/*
 * *m: as it stands behind the try; *reply: what was said. Not WW_OK: a mistake of ours, or the
 * store's (WW_STORE).
 */
enum ww_status outbox_try(const struct outbox *o, int64_t id, struct arena *arena,
                          struct message_row *m, struct delivery_reply *reply,
                          struct outbox_summary *sum, struct ww_error *err);

void outbox_say(const struct outbox *o, const struct message_row *m);

#endif
