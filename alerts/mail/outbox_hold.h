/*
 * outbox_hold.h - what stays in the house though it is due: for an address that refused the last
 * OUTBOX_HARD_MAX messages, and in the quiet hours of its analyst.
 *
 * The hold of an address that nothing waits for and that no analyst of the settings has any more
 * is nobody's matter: it is left out. Quiet hours hold whatever is for an analyst; tests and
 * canaries are for nobody's sleep.
 */
#ifndef WW_ALERTS_MAIL_OUTBOX_HOLD_H
#define WW_ALERTS_MAIL_OUTBOX_HOLD_H

#include "base/error.h"
#include "base/slice.h"
#include "storage/store_outbox.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct config;
struct store;

struct outbox_hold {
    const struct message_row *last; /* that failed; its recipient is held */
    size_t n_waiting;
    struct slice analyst; /* whom the newest of them is for */
};

struct outbox_quiet {
    struct slice analyst;
    int64_t until;
};

struct outbox_holds {
    struct outbox_hold *rows; /* by address */
    size_t n_rows;
    struct outbox_quiet *quiet; /* those whose quiet hours last now */
    size_t n_quiet;
};

/* Lives in the arena. */
enum ww_status outbox_holds_read(struct store *s, const struct config *settings, int64_t now,
                                 struct arena *arena, struct outbox_holds *out,
                                 struct ww_error *err);

bool outbox_is_waiting(const struct message_row *m);

/* NULL: this address is not held. */
const struct outbox_hold *outbox_find_hold(const struct outbox_holds *h, struct slice recipient);

/*
 * What holds this message; NULL: nothing. Not one that a person has queued again: when that one is
 * taken, the address is held no more.
 */
const struct outbox_hold *outbox_hold_of(const struct outbox_holds *h, const struct message_row *m);

/* When it may leave; 0: it is not quiet for it. */
int64_t outbox_quiet_until(const struct outbox_holds *h, const struct message_row *m);

/*
 * "2 messages to a@example.org are held since 2026-10-24: its last 3 were refused (550 no such
 * user); ...", with what a person can do.
 */
struct slice outbox_hold_words(const struct outbox_hold *h, struct arena *arena);

/* "held", "quiet" or the name of its state. */
const char *outbox_state_name(const struct outbox_holds *h, const struct message_row *m);

#endif
