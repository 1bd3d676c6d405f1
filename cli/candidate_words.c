/* candidate_words.c - the place that a command names. */
#include "cli/candidate_words.h"

#include "base/nearest.h"
#include "cli/output.h"

#include <sysexits.h>

enum ww_status candidate_read(struct cli *cli, struct watchlist *w,
                              struct candidate_group_list *out, struct ww_error *err)
{
    const struct candidates_filter filter = {.is_all = true};
    enum ww_status status =
        watchlist_read(arena_string(&cli->arena, cli->config.watchlist), &cli->arena, w, err);

    return status == WW_OK ? candidates_list(cli->store, w, &filter, &cli->arena, out, err)
                           : status;
}

static void say_nearest(struct cli *cli, const struct candidate_group_list *list)
{
    struct nearest near;

    nearest_init(&near, slice_from(cli->words[0]));
    for (size_t i = 0; i < list->n_rows; i++) {
        nearest_try(&near, arena_string(&cli->arena, list->rows[i].place_id));
        nearest_try(&near, arena_string(&cli->arena, list->rows[i].place));
    }
    if (near.best != NULL)
        cli_say(cli, "did you mean \"%s\"?", near.best);
    else
        cli_say(cli, "wirewatch watch candidates --all lists them");
}

const struct candidate_group *candidate_named(struct cli *cli,
                                              const struct candidate_group_list *list, int *status)
{
    const struct slice word = slice_from(cli->words[0]);
    struct ww_error err = {0};
    size_t n;
    const struct candidate_group *g = candidates_find(list, word, &n);

    *status = EX_OK;
    if (g != NULL)
        return g;
    if (n == 0) {
        *status = cli_fail(
            cli, ww_fail(&err, WW_NOT_FOUND, "no article proposes a place \"%s\"", cli->words[0]),
            &err);
        say_nearest(cli, list);
        return NULL;
    }
    *status = cli_usage(cli, "there are %zu places named \"%s\": use an id", n, cli->words[0]);
    for (size_t i = 0; i < list->n_rows; i++)
        if (slice_equal_nocase(list->rows[i].place, word))
            cli_say(cli, "  %.*s", SLICE_ARG(list->rows[i].place_id));
    return NULL;
}
