/* cmd_alert_mark.c - wirewatch alert mark: what an analyst says of alerts. */
#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/desk.h"
#include "storage/store_marks.h"

#include <inttypes.h>
#include <sysexits.h>

/* The verdict stands behind the alerts, where a person says it; before them it is taken too. */
static bool read_words(struct cli *cli, enum alert_verdict *verdict, char ***words, int *n)
{
    const int last = cli->n_words - 1;

    *n = last;
    *words = cli->words;
    if (alert_verdict_parse(slice_from(cli->words[last]), verdict))
        return true;
    *words = cli->words + 1;
    return alert_verdict_parse(slice_from(cli->words[0]), verdict);
}

static int refuse_verdict(const struct cli *cli)
{
    struct nearest near;

    nearest_init(&near, slice_from(cli->words[cli->n_words - 1]));
    for (enum alert_verdict v = MARK_NONE; v <= MARK_KNOWN; v++)
        nearest_try(&near, alert_verdict_name(v));
    return cli_usage(cli, "a mark is relevant, irrelevant, known or none, not \"%s\"%s%s%s",
                     cli->words[cli->n_words - 1], near.best != NULL ? "; did you mean " : "",
                     near.best != NULL ? near.best : "", near.best != NULL ? "?" : "");
}

static enum ww_status mark_one(struct cli *cli, const char *word, const struct mark_row *mark,
                               struct ww_error *err)
{
    struct mark_row row = *mark;
    struct alert_view v;
    enum ww_status status;

    if (!cli_id(word, 'a', &row.alert_id))
        return ww_fail(err, WW_NOT_FOUND, "\"%s\" is no alert number (a17)", word);
    status = store_alert(cli->store, row.alert_id, &cli->arena, &v, err);
    if (status == WW_NOT_FOUND)
        return ww_fail(err, status, "no alert a%" PRId64 "; wirewatch alert list shows them",
                       row.alert_id);
    return status == WW_OK ? store_add_mark(cli->store, &row, &row.id, err) : status;
}

int command_alert_mark(struct cli *cli)
{
    struct mark_row row = {.note = slice_from(cli->values[OPTION_NOTE]),
                           .at = clock_now(&cli->clock)};
    struct ww_error err = {0};
    enum ww_status status;
    char **words;
    int n;

    if (!read_words(cli, &row.verdict, &words, &n))
        return refuse_verdict(cli);
    status = desk_find_analyst(cli, &row.analyst, &err);
    if (status == WW_INVALID)
        return cli_usage(cli, "%s", err.message);
    if (status == WW_OK)
        status = store_begin(cli->store, &err);
    /* All or none: half a list of marks would have to be looked for. */
    for (int i = 0; i < n && status == WW_OK; i++)
        status = mark_one(cli, words[i], &row, &err);
    if (status == WW_OK)
        status = store_commit(cli->store, &err);
    if (status != WW_OK) {
        store_rollback(cli->store);
        return cli_fail(cli, status, &err);
    }
    return EX_OK;
}
