/* check_backfills.c - wirewatch check: backfills that were begun and stand still. */
#include "cli/check.h"
#include "cli/output.h"
#include "storage/store_finds.h"

#include <inttypes.h>

/* Hosts that ask to be left alone do so for hours, seldom for days. */
#define STANDING_S (3 * 86400)

void check_backfills(struct checking *c)
{
    struct cli *cli = c->cli;
    struct standing_backfills standing;
    struct backfill_row order = {0};
    struct ww_error err = {0};
    enum ww_status status =
        store_standing_backfills(cli->store, clock_now(&cli->clock) - STANDING_S, &standing, &err);

    if (status == WW_OK && standing.n > 0)
        status = store_backfill(cli->store, standing.oldest_id, &cli->arena, &order, &err);
    if (status != WW_OK)
        check_say(c, CHECK_FAIL, "backfills", "%s", err.message);
    else if (standing.n > 0)
        check_say(c, CHECK_WARN, "backfills",
                  "%" PRId64 " begun and not worked on for days; %" PRId64
                  " since %.*s%s%.*s; wirewatch backfill resume, or backfill cancel %" PRId64,
                  standing.n, order.id, SLICE_ARG(output_moment(cli, standing.oldest_at)),
                  order.message.len > 0 ? ": " : "", SLICE_ARG(order.message), order.id);
}
