/*
 * alert_delivery.h - who was told of an alert, and who was not and why: one decision an analyst.
 *
 * What is stored counts: messages and their servers' answers, marks without a message, what a mute
 * withheld. Analysts that the settings no longer name are shown when they were told.
 */
#ifndef WW_CLI_ALERT_DELIVERY_H
#define WW_CLI_ALERT_DELIVERY_H

#include "cli/cli.h"
#include "storage/store_alerts.h"
#include "storage/store_outbox.h"

struct alert_delivery {
    struct slice analyst;
    /* "sent", "queued", "deferred" ... as messages have it; "marked", "withheld", "historic",
     * "owner", "waiting", "nobody" */
    const char *reason;
    struct slice text; /* the same for people */
    int64_t at;        /* of the message, the mark, the mute; 0 */
    int64_t message;   /* its number; 0: none */
};

struct alert_deliveries {
    struct alert_delivery *rows;
    size_t n_rows;
};

enum ww_status alert_delivery_read(struct cli *cli, const struct alert_view *v,
                                   struct alert_deliveries *out, struct ww_error *err);

/* Why an article's alerts are history: "it came by a backfill (files)"; empty: they need not be. */
enum ww_status alert_history_reason(struct cli *cli, const struct article_row *article, int64_t at,
                                    const char **reason, struct slice *out, struct ww_error *err);

#endif
