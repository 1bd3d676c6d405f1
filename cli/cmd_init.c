/* cmd_init.c - wirewatch init: settings, watchlist and database of a new desk. */
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/database.h"
#include "storage/store.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

static const char settings[] =
    "; wirewatch.conf - `wirewatch config` lists every setting, wirewatch(1) explains them\n"
    "[wirewatch]\n"
    "contact  =                       ; who answers for this crawler: an address or a page; "
    "required\n"
    "timezone = UTC\n"
    "\n"
    "[match]\n"
    "watchlist = watchlist            ; the folder beside this file\n"
    "\n"
    "[mail]\n"
    "transport = file                 ; file, maildir, sendmail, smtp, command or webhook\n"
    "directory = mail\n"
    "from      =                      ; Wire Watch <wirewatch@example.org>\n"
    "\n"
    ";[analyst \"desk\"]\n"
    ";email  = desk@example.org\n"
    ";digest = 07:30                  ; or run: after each run that has news\n";

/* "a/b/c" -> makes a and a/b. */
static enum ww_status make_folders_above(struct cli *cli, const char *path, struct ww_error *err)
{
    char *copy = arena_string(&cli->arena, slice_from(path));

    if (copy == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    for (char *p = copy + 1; *p != '\0'; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            return ww_fail(err, WW_STORE, "%s: %s", copy, strerror(errno));
        *p = '/';
    }
    return WW_OK;
}

static enum ww_status put_file(struct cli *cli, const char *path, const char *from, FILE *in,
                               struct ww_error *err)
{
    char chunk[16384];
    FILE *out = fopen(path, "wx");
    size_t n;

    if (out == NULL && errno == EEXIST) {
        cli_say(cli, "kept    %s", path);
        return WW_OK;
    }
    if (out == NULL)
        return ww_fail(err, WW_STORE, "%s: %s", path, strerror(errno));
    if (from != NULL)
        (void)fputs(from, out);
    while (in != NULL && (n = fread(chunk, 1, sizeof(chunk), in)) > 0)
        (void)fwrite(chunk, 1, n, out);
    if (fclose(out) != 0)
        return ww_fail(err, WW_STORE, "%s: %s", path, strerror(errno));
    cli_say(cli, "created %s", path);
    return WW_OK;
}

/* Every plain file of one folder, into another. */
static enum ww_status copy_folder(struct cli *cli, const char *from, const char *to,
                                  struct ww_error *err)
{
    DIR *folder = opendir(from);
    enum ww_status status = WW_OK;
    const struct dirent *entry;

    if (folder == NULL)
        return ww_fail(err, WW_NOT_FOUND, "%s: %s", from, strerror(errno));
    if (mkdir(to, 0777) != 0 && errno != EEXIST)
        status = ww_fail(err, WW_STORE, "%s: %s", to, strerror(errno));
    while (status == WW_OK && (entry = readdir(folder)) != NULL) {
        struct slice source = arena_printf(&cli->arena, "%s/%s", from, entry->d_name);
        struct slice target = arena_printf(&cli->arena, "%s/%s", to, entry->d_name);
        FILE *in;

        if (entry->d_name[0] == '.' || source.ptr == NULL || target.ptr == NULL)
            continue;
        in = fopen(source.ptr, "r");
        if (in == NULL) {
            status = ww_fail(err, WW_NOT_FOUND, "%s: %s", source.ptr, strerror(errno));
            break;
        }
        status = put_file(cli, target.ptr, NULL, in, err);
        (void)fclose(in);
    }
    (void)closedir(folder);
    return status;
}

static bool is_folder(const char *path)
{
    struct stat info;

    return path != NULL && stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* "one, two": the watchlists that came with the program. */
static struct slice shipped_lists(struct cli *cli, const char *root)
{
    DIR *folder = opendir(root);
    struct slice names = {"", 0};
    const struct dirent *entry;

    while (folder != NULL && (entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.')
            names = arena_printf(&cli->arena, "%.*s%s%s", SLICE_ARG(names),
                                 names.len > 0 ? ", " : "", entry->d_name);
    if (folder != NULL)
        (void)closedir(folder);
    return names.len > 0 ? names : SLICE("none is here");
}

/* The named one, a folder of the user's, or the only one that came with the program. */
static enum ww_status find_watchlist(struct cli *cli, struct slice *out, struct ww_error *err)
{
    const char *root = environment_watchlists(&cli->arena);

    if (cli->n_words > 0) {
        *out = arena_printf(&cli->arena, "%s/%s", root, cli->words[0]);
        if (strchr(cli->words[0], '/') != NULL || !is_folder(out->ptr))
            *out = slice_from(cli->words[0]);
        if (is_folder(out->ptr))
            return WW_OK;
        return ww_fail(err, WW_NOT_FOUND,
                       "%s: no such folder, and no watchlist that came with wirewatch (%.*s)",
                       cli->words[0], SLICE_ARG(shipped_lists(cli, root)));
    }
    *out = slice_from(environment_watchlist(&cli->arena));
    if (out->ptr != NULL)
        return WW_OK;
    return ww_fail(err, WW_NOT_FOUND,
                   "%s holds no watchlist or several: name one, wirewatch init NAME", root);
}

/* A database that is there and refused is another matter. */
static int fail_making(struct cli *cli, enum ww_status status, const struct ww_error *err)
{
    const int exit_status = cli_fail(cli, status, err);

    return status == WW_STORE ? EX_CANTCREAT : exit_status;
}

static int make_database(struct cli *cli)
{
    struct store_options options = database_options(cli, false);
    struct ww_error err = {0};
    enum ww_status status = database_open(cli, &options, &err);
    const bool is_there = status == WW_OK;

    options.may_create = true;
    if (status == WW_NOT_FOUND)
        status = database_is_file(cli) ? make_folders_above(cli, cli->db_path, &err) : WW_OK;
    if (status == WW_OK && !is_there)
        status = database_open(cli, &options, &err);
    if (status != WW_OK && database_is_file(cli) && access(cli->db_path, F_OK) != 0)
        return fail_making(cli, status, &err);
    if (status != WW_OK)
        return database_fail(cli, status, &err);
    cli_say(cli, "%s %s", is_there ? "kept   " : "created", cli->db_shown);
    return EX_OK;
}

int command_init(struct cli *cli)
{
    struct ww_error err = {0};
    struct slice source = {0};
    struct slice folder = slice_head(slice_from(cli->config_path),
                                     slice_find_last_char(slice_from(cli->config_path), '/'));
    struct slice target;
    enum ww_status status = find_watchlist(cli, &source, &err);
    int made;

    if (folder.len == strlen(cli->config_path))
        folder = SLICE(".");
    target = arena_printf(&cli->arena, "%.*s/watchlist", SLICE_ARG(folder));
    if (status == WW_OK)
        status = make_folders_above(cli, cli->config_path, &err);
    if (status == WW_OK)
        status = put_file(cli, cli->config_path, settings, NULL, &err);
    if (status == WW_OK)
        status = copy_folder(cli, source.ptr, target.ptr, &err);
    if (status != WW_OK)
        return fail_making(cli, status, &err);
    made = make_database(cli);
    if (made != EX_OK)
        return made;
    cli_say(cli, "next: set contact = in %s, then  wirewatch check", cli->config_path);
    if (access(arena_printf(&cli->arena, "%.*s/feeds.opml", SLICE_ARG(target)).ptr, R_OK) == 0)
        cli_say(cli, "      feeds to begin with:  wirewatch feed import %.*s/feeds.opml",
                SLICE_ARG(target));
    return EX_OK;
}
