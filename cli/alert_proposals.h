/* alert_proposals.h - for alert show: what stories say of the status of its item, unconfirmed. */
#ifndef WW_CLI_ALERT_PROPOSALS_H
#define WW_CLI_ALERT_PROPOSALS_H

#include "cli/cli.h"
#include "storage/store_alerts.h"

/* Of its own story; else the newest of another. Nothing where nothing is proposed. */
enum ww_status alert_put_proposals(struct cli *cli, const struct alert_view *v,
                                   struct ww_error *err);

#endif
