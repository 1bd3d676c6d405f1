/* check_files.c - wirewatch check: who can change the settings, and where the report would go. */
#define _GNU_SOURCE /* S_ISVTX */
#include "alerts/mail/secret.h"
#include "alerts/report/report_folder.h"
#include "cli/check.h"
#include "storage/archive.h"
#include "storage/archive_place.h"
#include "storage/store_archive.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder_of(struct checking *c, const char *path)
{
    const size_t slash = slice_find_last_char(slice_from(path), '/');

    if (slash == strlen(path))
        return ".";
    return slash == 0 ? "/" : arena_string(&c->cli->arena, slice_of(path, slash));
}

/* ---- the settings ---------------------------------------------------------------------------- */

/* Do they name programs, which whoever can change them can choose? */
static bool runs_programs(const struct config *s)
{
    bool is_running = s->password_command.len > 0 || s->webhook_token_command.len > 0 ||
                      s->s3_secret_command.len > 0 || s->command.len > 0 ||
                      s->transport == TRANSPORT_SENDMAIL;

    for (size_t i = 0; i < s->n_analysts; i++)
        is_running |=
            s->analysts[i].command.len > 0 || s->analysts[i].transport == TRANSPORT_SENDMAIL + 1;
    return is_running;
}

/* Of a folder like /tmp only its owner may put another file in a file's place. */
static void check_owner(struct checking *c, const char *path, bool is_folder)
{
    const bool is_bad = runs_programs(&c->cli->config);
    const char *then = is_bad ? ", and it names programs that are run" : "";
    const enum check_level level = is_bad ? CHECK_FAIL : CHECK_WARN;
    struct stat info;

    if (stat(path, &info) != 0)
        return;
    if (info.st_uid != 0 && info.st_uid != geteuid())
        check_say(c, level, "config", "%s belongs to somebody else, who can change the settings%s",
                  path, then);
    else if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0 &&
             !(is_folder && (info.st_mode & S_ISVTX) != 0))
        check_say(c, level, "config", "others can change the settings%s: chmod go-w %s", then,
                  path);
}

void check_settings_file(struct checking *c)
{
    check_owner(c, c->cli->config_path, false);
    check_owner(c, folder_of(c, c->cli->config_path), true);
}

/* ---- the archive ----------------------------------------------------------------------------- */

void check_archive(struct checking *c)
{
    struct cli *cli = c->cli;
    struct archive_file_list files = {0};
    const struct secret_source source = secret_bucket(&cli->config);
    struct ww_error why = {0};
    int64_t n_records = 0;
    size_t n_wrong = 0;

    if (store_list_archive_files(cli->store, &cli->arena, &files, NULL) != WW_OK)
        return;
    for (size_t i = 0; i < files.n_rows; i++) {
        const struct archive_file_row *f = &files.rows[i];
        const char *path =
            arena_printf(&cli->arena, "%s/%.*s", archive_folder(cli->store), SLICE_ARG(f->name))
                .ptr;
        struct stat info;

        n_records += f->n_records;
        if (f->place.len > 0 || archive_place_is_elsewhere(cli->store, f))
            continue;
        if (path != NULL && stat(path, &info) == 0 && info.st_size >= f->n_bytes)
            continue;
        if (n_wrong++ == 0)
            check_say(c, CHECK_FAIL, "archive",
                      "%s is not there, or shorter than it was: wirewatch archive verify", path);
    }
    if (cli->config.s3.len > 0 && secret_check(&source, &why) != WW_OK)
        check_say(c, CHECK_FAIL, "archive", "[archive] %s", why.message);
    if (n_wrong == 0 && files.n_rows > 0)
        check_say(c, CHECK_OK, "archive", "%" PRId64 " page%s in %zu file%s in %s", n_records,
                  n_records == 1 ? "" : "s", files.n_rows, files.n_rows == 1 ? "" : "s",
                  archive_folder(cli->store));
}

/* ---- the report ------------------------------------------------------------------------------ */

static bool is_empty(const char *folder)
{
    DIR *d = opendir(folder);
    const struct dirent *e;
    size_t n = 0;

    while (d != NULL && (e = readdir(d)) != NULL)
        n += e->d_name[0] != '.';
    if (d != NULL)
        (void)closedir(d);
    return n == 0;
}

/* The first run makes the folder, but not those above. */
static void check_report_folder(struct checking *c, const char *folder)
{
    const char *list = arena_printf(&c->cli->arena, "%s/" REPORT_MANIFEST, folder).ptr;
    struct stat info;

    if (stat(folder, &info) != 0 && errno == ENOENT) {
        if (access(folder_of(c, folder), W_OK | X_OK) != 0)
            check_say(c, CHECK_FAIL, "report", "[report] html = %s cannot be made: %s", folder,
                      strerror(errno));
        else
            check_say(c, CHECK_OK, "report", "%s, not written yet", folder);
    } else if (!S_ISDIR(info.st_mode) || access(folder, W_OK | X_OK) != 0)
        check_say(c, CHECK_FAIL, "report", "[report] html = %s is no folder that can be written to",
                  folder);
    else if (access(list, F_OK) != 0 && !is_empty(folder))
        check_say(c, CHECK_FAIL, "report",
                  "[report] html = %s is not empty and holds no report: name an empty or a new "
                  "folder",
                  folder);
    else
        check_say(c, CHECK_OK, "report", "%s", folder);
}

void check_report(struct checking *c)
{
    const struct config *s = &c->cli->config;
    const char *html = arena_string(&c->cli->arena, s->report_html);
    const char *atom = arena_string(&c->cli->arena, s->report_atom);
    const char *folder = folder_of(c, atom);

    if (html[0] != '\0')
        check_report_folder(c, html);
    if (atom[0] == '\0' || strcmp(folder, html) == 0) /* which comes first */
        return;
    if (access(folder, W_OK | X_OK) != 0)
        check_say(c, CHECK_FAIL, "report", "[report] atom = %s: its folder: %s; mkdir %s", atom,
                  strerror(errno), folder);
    else
        check_say(c, CHECK_OK, "report", "%s", atom);
}
