/*
 * analyst.h - one reader of digests, as the settings have him: what he wants, when, and how.
 */
#ifndef WW_ALERTS_MAIL_ANALYST_H
#define WW_ALERTS_MAIL_ANALYST_H

#include "alerts/mail/subscription.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/timetable.h"
#include "storage/store_outbox.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct config;

struct analyst {
    struct slice name;
    struct slice address; /* a mailbox, a program, a web address: by channel */
    enum message_channel channel;
    struct slice timezone; /* empty: UTC */
    struct slice analysts; /* "|name|name|": all there are; whose an item is (mutes.h) */
    struct subscription wants;
    struct subscription at_once; /* of what he wants; has_at_once false: nothing */
    bool has_at_once;
    int64_t wait_s;       /* an immediate mail waits so long for more on its story */
    int64_t max_per_hour; /* of immediate mails */
    bool is_every_run;    /* a digest after each run with news; else at hours, or never */
    struct timetable hours, weekly, quiet;
    bool wants_all_quiet, wants_troubles, wants_possible;
};

/*
 * The i-th analyst of the settings. Lives in the arena. WW_INVALID, as "FILE:LINE: analyst ...":
 * a word of a subscription or an hour is none.
 */
enum ww_status analyst_read(const struct config *settings, size_t i, struct arena *arena,
                            struct analyst *out, struct ww_error *err);

/* "|name|name|": all there are, as alert_filter wants them. */
struct slice analyst_names(const struct config *settings, struct arena *arena);

#endif
