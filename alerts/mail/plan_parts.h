/*
 * plan_parts.h - what the files of the plan share; for plan*.c alone.
 */
#ifndef WW_ALERTS_MAIL_PLAN_PARTS_H
#define WW_ALERTS_MAIL_PLAN_PARTS_H

#include "alerts/mail/digest.h"
#include "alerts/mail/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_DAY_S 86400

/* One analyst's turn. */
struct planning {
    struct store *store;
    const struct analyst *analyst;
    const struct letter_sender *sender;
    int64_t now;
    bool is_quiet;
    struct plan_summary *out;
};

/* ---- plan.c ---------------------------------------------------------------------------------- */

/* A message, or none when there is nothing to tell; with all it marks it is one transaction. */
struct plan_turn {
    enum digest_kind kind;
    int64_t story_id;   /* DIGEST_IMMEDIATE: as of digest_choice */
    const char *slot;   /* that is used up, message or not; NULL: none */
    bool may_say_quiet; /* that all is quiet, when there is nothing */
    bool is_queued;     /* out */
};

enum ww_status plan_take_turn(const struct planning *p, struct plan_turn *turn,
                              struct ww_error *err);

/*
 * What is remembered of an analyst between runs: at most PLAN_FACTS numbers under a name. Of what
 * was never put *is_known is false. Putting is inside a transaction.
 */
#define PLAN_FACTS 3
/* How far he was looked at for what cannot wait, and how far a digest after a run has gathered. */
#define PLAN_LOOKED "plan.looked"
#define PLAN_GATHERED "plan.gathered"
enum ww_status plan_recall(const struct planning *p, const char *what, int64_t facts[PLAN_FACTS],
                           bool *is_known, struct ww_error *err);
enum ww_status plan_remember(const struct planning *p, const char *what,
                             const int64_t facts[PLAN_FACTS], struct ww_error *err);

/* From now on an hour that comes is one to be used. */
enum ww_status plan_begin_hours(const struct planning *p, struct ww_error *err);

/* ---- plan_seen.c ----------------------------------------------------------------------------- */

/* Seen for the first time: what is older than NEW_ANALYST_S counts as known. */
enum ww_status plan_meet(const struct planning *p, struct ww_error *err);

/* ---- plan_once.c ----------------------------------------------------------------------------- */

/* Pass over what is outside of the subscription, and queue what cannot wait. */
enum ww_status plan_look(const struct planning *p, struct ww_error *err);

#endif
