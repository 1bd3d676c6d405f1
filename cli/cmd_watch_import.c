/* cmd_watch_import.c - wirewatch watch import: a spreadsheet or a folder into the list in use. */
#include "alerts/watchlist_edit.h"
#include "alerts/watchlist_import.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/watch_words.h"

#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

static bool is_folder(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* Which file a spreadsheet was taken for, and by what. */
static void say_file(struct cli *cli, const struct watch_import *im, const char *path)
{
    cli_say(cli, "%s is read as %s, by its %s: %s", path, watch_file_name(im->file), im->by,
            cli_has(cli, OPTION_REPLACE) ? "rows that it has not are removed"
                                         : "its rows are added or changed, all others stay");
}

static enum ww_status read_source(struct cli *cli, struct watch_import *im, const char *path,
                                  struct ww_error *err)
{
    struct slice bytes;
    enum ww_status status;

    if (is_folder(path))
        return watch_import_folder(im, path, err);
    status = file_read_input(path, CSV_FILE_MAX_BYTES, &cli->arena, &bytes, err);
    if (status != WW_OK)
        return status;
    status = watch_import_file(im, bytes, path, cli_has(cli, OPTION_REPLACE), err);
    if (status == WW_OK)
        say_file(cli, im, path);
    return status;
}

int command_watch_import(struct cli *cli)
{
    const char *path = cli->words[0];
    const char *slash = strrchr(path, '/');
    struct watch_import im = {.arena = &cli->arena};
    struct ww_error err = {0};
    size_t counts[3] = {0};
    enum ww_status status = watch_edit_open(watch_folder(cli), &cli->arena, &im.edit, &err);

    if (status == WW_OK)
        status = read_source(cli, &im, path, &err);
    if (status == WW_OK)
        status = watch_import_check(&im, &err);
    if (status != WW_OK)
        return cli_fail(cli, status, &err);
    watch_put_notes(cli, &im.findings, im.file == WATCH_FILE_COUNT ? NULL : path, counts);
    if (counts[FINDING_ERROR] > 0) {
        cli_say(cli, "nothing done: mend the %zu error%s first", counts[FINDING_ERROR],
                counts[FINDING_ERROR] == 1 ? "" : "s");
        return EX_DATAERR;
    }
    if (cli_has(cli, OPTION_NOTE))
        path = cli->values[OPTION_NOTE];
    else if (slash != NULL && slash[1] != '\0')
        path = slash + 1;
    return watch_commit(cli, im.edit, "import", slice_from(path));
}
