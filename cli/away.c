/* away.c - waiting for the server of the database. */
#include "cli/away.h"

#include "base/limits.h"
#include "cli/cli.h"
#include "storage/store.h"

#include <inttypes.h>

bool away_is_over(struct cli *cli, enum ww_status status, int *n_times, struct ww_error *err)
{
    const int64_t begun_ms = clock_monotonic_ms(&cli->clock);
    struct ww_error why = {0};

    if (status != WW_AWAY || *cli->stop != 0 || (*n_times)++ >= STORE_AWAY_TIMES)
        return false;
    log_event(&cli->log, LOG_WARN, "database", "away: %s", err->message);
    status = store_await(cli->store, cli->stop, &why);
    if (status == WW_OK) {
        log_event(&cli->log, LOG_WARN, "database", "back after %" PRId64 " s",
                  (clock_monotonic_ms(&cli->clock) - begun_ms) / 1000);
        return true;
    }
    if (why.message[0] != '\0')
        *err = why;
    return false;
}
