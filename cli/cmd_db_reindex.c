/* cmd_db_reindex.c - wirewatch db reindex: the duplicate index made anew from the stored texts. */
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "storage/store.h"
#include "storage/store_search.h"
#include "storage/story_place.h"

#include <inttypes.h>
#include <sysexits.h>

/* A batch is a transaction: a run fits between two of them, and what is done stays done. */
static enum ww_status index_batch(struct cli *cli, struct story_placer *placer, size_t *n,
                                  struct ww_error *err)
{
    enum ww_status status = store_begin(cli->store, err);

    *n = 0;
    if (status == WW_OK)
        status = story_reindex(placer, STORY_REINDEX_BATCH, n, err);
    if (status == WW_OK)
        return store_commit(cli->store, err);
    store_rollback(cli->store);
    story_placer_forget(placer);
    return status;
}

static enum ww_status begin(struct cli *cli, struct story_placer *placer, struct ww_error *err)
{
    enum ww_status status = store_begin(cli->store, err);

    if (status == WW_OK)
        status = story_reindex_begin(placer, err);
    if (status == WW_OK)
        return store_commit(cli->store, err);
    store_rollback(cli->store);
    return status;
}

static enum ww_status reindex(struct cli *cli, struct story_placer *placer, int64_t *n_done,
                              struct ww_error *err)
{
    struct progress progress;
    int64_t n_missing = 0;
    size_t n = STORY_REINDEX_BATCH;
    enum ww_status status = story_reindex_count(cli->store, &n_missing, err);

    /* What was begun and not ended goes on. */
    if (status == WW_OK && n_missing == 0)
        status = begin(cli, placer, err);
    if (status == WW_OK && n_missing == 0)
        status = story_reindex_count(cli->store, &n_missing, err);
    progress_begin(&progress, cli, n_missing);
    while (status == WW_OK && n == STORY_REINDEX_BATCH && *cli->stop == 0) {
        status = index_batch(cli, placer, &n, err);
        *n_done += (int64_t)n;
        progress_show(&progress, *n_done, "");
    }
    progress_end(&progress, *n_done, "");
    return status;
}

int command_db_reindex(struct cli *cli)
{
    struct story_placer *placer = NULL;
    struct ww_error err = {0};
    int64_t n_done = 0, n_missing = 0;
    enum ww_status status = story_placer_open(cli->store, &placer, &err);

    if (status == WW_OK)
        status = reindex(cli, placer, &n_done, &err);
    story_placer_close(placer);
    if (status == WW_OK)
        status = story_reindex_count(cli->store, &n_missing, &err);
    if (status == WW_OK && n_missing == 0)
        status = store_renew_search(cli->store, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    cli_say(cli, "%" PRId64 " article%s indexed", n_done, n_done == 1 ? "" : "s");
    if (n_missing > 0)
        cli_say(cli, "stopped; the same command goes on where this one ended");
    return EX_OK;
}
