/*
 * backfill_order.h - from the words of a command to an order of a backfill; and what they get
 * wrong, before anything is opened or asked.
 */
#ifndef WW_CLI_BACKFILL_ORDER_H
#define WW_CLI_BACKFILL_ORDER_H

#include "cli/cli.h"
#include "storage/store_history.h"

/* Is what it reads on this machine? */
bool backfill_is_local(struct slice source);

/* The source is the command's verb. EX_OK, or the status when it was said what is wrong. */
int backfill_read_order(struct cli *cli, struct backfill_row *out);

/* What --rate, --budget and --lock-wait say; 0: not given. */
struct backfill_limits {
    int64_t delay_ms, budget;
    int64_t lock_wait_ms;
};

int backfill_read_limits(struct cli *cli, struct backfill_limits *out);

/*
 * For an order that was there, too: a rate stays what it was unless it is said anew; a budget is of
 * one command.
 */
void backfill_put_limits(const struct backfill_limits *limits, struct backfill_row *order);

#endif
