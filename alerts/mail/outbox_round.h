/* outbox_round.h - one try of one message: for outbox.c and outbox_round.c alone. */
#ifndef WW_ALERTS_MAIL_OUTBOX_ROUND_H
#define WW_ALERTS_MAIL_OUTBOX_ROUND_H

#include "alerts/mail/deliver.h"
#include "alerts/mail/outbox.h"
#include "storage/store_outbox.h"

struct arena;

/*
 * One try. mistake: of ours, the settings' or the way's (a folder that is full); it cost no try,
 * and it is this message's matter. WW_OK: none.
 */
struct outbox_trial {
    struct message_row m; /* as it stands behind the try */
    struct delivery_reply reply;
    struct ww_error mistake;
};

/* Not WW_OK: the store itself failed, and no other message would fare better. */
enum ww_status outbox_try(const struct outbox *o, int64_t id, struct arena *arena,
                          struct outbox_trial *out, struct outbox_summary *sum,
                          struct ww_error *err);

#endif
