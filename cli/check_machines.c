/* check_machines.c - wirewatch check: which machines are at work on a store that several share. */
#include "base/arena.h"
#include "cli/check.h"
#include "cli/output.h"
#include "storage/store_locks.h"

/* "fuji (run since 06:42, alerts since 06:45), oslo (backfill since 05:10)" */
void check_machines(struct checking *c)
{
    struct cli *cli = c->cli;
    struct slice words = {"", 0};
    struct ww_error err = {0};
    struct lock_list locks;

    if (store_list_locks(cli->store, &cli->arena, &locks, &err) != WW_OK) {
        check_say(c, CHECK_FAIL, "machines", "%s", err.message);
        return;
    }
    for (size_t i = 0; i < locks.n_rows; i++) {
        const struct lock_at_work *row = &locks.rows[i];
        const bool is_next = i == 0 || !slice_equal(row->machine, row[-1].machine);

        words = arena_printf(&cli->arena, "%.*s%s%.*s%s%.*s since %.*s", SLICE_ARG(words),
                             i == 0    ? ""
                             : is_next ? "), "
                                       : ", ",
                             SLICE_ARG(is_next ? row->machine : SLICE("")), is_next ? " (" : "",
                             SLICE_ARG(row->what), SLICE_ARG(output_moment(cli, row->since)));
    }
    if (locks.n_rows > 0)
        check_say(c, CHECK_OK, "machines", "%.*s)", SLICE_ARG(words));
}
