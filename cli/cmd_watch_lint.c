/* cmd_watch_lint.c - wirewatch watch lint: mistakes in a list, cell by cell. */
#include "alerts/watchlist.h"
#include "alerts/watchlist_lint.h"
#include "base/buf.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/control.h"
#include "cli/database.h"
#include "cli/watch_words.h"
#include "storage/store.h"
#include "storage/store_uses.h"

#include <sysexits.h>

static enum ww_status examine(struct cli *cli, const char *folder, struct watchlist *w,
                              struct watch_findings *findings, struct ww_error *err)
{
    struct buf content;
    enum ww_status status;

    buf_init(&content, WATCHLIST_MAX_BYTES);
    *findings = (struct watch_findings){0};
    status = watchlist_load(folder, &content, err);
    if (status == WW_OK)
        status = watchlist_examine(buf_slice(&content), &cli->arena, w, findings, err);
    buf_release(&content);
    return status;
}

/* With errors a list is not whole: they are shown instead of what it would find. */
static bool has_errors(const struct watch_findings *f)
{
    for (size_t i = 0; i < f->n_rows; i++)
        if (f->rows[i].level == FINDING_ERROR)
            return true;
    return false;
}

/* What the archive tells of the list; nothing when there is no database yet. */
static enum ww_status lint_uses(struct cli *cli, const struct watchlist *w,
                                struct watch_findings *findings, struct ww_error *err)
{
    const struct store_options options = database_options(cli, true);
    struct use_list items;
    struct use_list aliases;
    struct watch_uses uses = {.items = &items, .aliases = &aliases};
    enum ww_status status;

    if (cli->store == NULL && database_open(cli, &options, NULL) != WW_OK)
        return WW_OK;
    status = store_read_span(cli->store, &uses.span, err);
    if (status == WW_OK)
        status = store_list_item_uses(cli->store, &cli->arena, &items, err);
    if (status == WW_OK)
        status = store_list_alias_uses(cli->store, &cli->arena, &aliases, err);
    return status == WW_OK ? watchlist_lint_uses(w, &uses, &cli->arena, findings, err) : status;
}

int command_watch_lint(struct cli *cli)
{
    struct watchlist w;
    struct watch_findings findings;
    struct ww_error err = {0};
    size_t counts[3] = {0};
    const char *folder;
    enum ww_status status = WW_OK;

    if (cli->n_words == 0)
        status = config_read(cli->config_path, &cli->arena, &cli->config, &err);
    if (status != WW_OK) {
        (void)cli_fail(cli, status, &err);
        return EX_CONFIG;
    }
    folder = watch_folder_named(cli);
    status = examine(cli, folder, &w, &findings, &err);
    if (status == WW_OK && cli_has(cli, OPTION_CONTROL) && !has_errors(&findings))
        return control_show(cli, &w, folder);
    if (status == WW_OK)
        status = watchlist_lint(&w, &cli->arena, &findings, &err);
    if (status == WW_OK)
        status = lint_uses(cli, &w, &findings, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    watch_put_findings(cli, &findings, NULL, cli_has(cli, OPTION_VERBOSE), counts);
    if (cli->format == FORMAT_HUMAN)
        cli_say(cli, "%zu error%s, %zu warning%s, %zu note%s%s", counts[FINDING_ERROR],
                counts[FINDING_ERROR] == 1 ? "" : "s", counts[FINDING_WARNING],
                counts[FINDING_WARNING] == 1 ? "" : "s", counts[FINDING_NOTE],
                counts[FINDING_NOTE] == 1 ? "" : "s",
                counts[FINDING_NOTE] > 0 && !cli_has(cli, OPTION_VERBOSE) ? " (-v shows them)"
                                                                          : "");
    return counts[FINDING_ERROR] + counts[FINDING_WARNING] > 0 ? EXIT_FINDINGS : EX_OK;
}
