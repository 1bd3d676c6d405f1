/*
 * environment.c - the only reader of the environment: where things live, and whether to use colour.
 */
#include "base/slice.h"
#include "cli/cli.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SYSTEM_CONFIG "/etc/wirewatch/wirewatch.conf"
#define SYSTEM_STATE "/var/lib/wirewatch"
#define SYSTEM_DB SYSTEM_STATE "/wirewatch.db"

static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* XDG Base Directory Specification: $XDG_x_HOME, else a folder below $HOME. */
static const char *below_home(const char *xdg, const char *fallback, const char *file,
                              struct arena *arena)
{
    const char *folder = variable(xdg);
    const char *home = variable("HOME");

    if (folder != NULL && folder[0] == '/')
        return arena_printf(arena, "%s/wirewatch/%s", folder, file).ptr;
    if (home == NULL)
        return NULL;
    return arena_printf(arena, "%s/%s/wirewatch/%s", home, fallback, file).ptr;
}

const char *environment_config(struct arena *arena)
{
    const char *named = variable("WIREWATCH_CONFIG");
    const char *own = below_home("XDG_CONFIG_HOME", ".config", "wirewatch.conf", arena);

    if (named != NULL)
        return named;
    if (own != NULL && access(own, F_OK) == 0)
        return own;
    if (access(SYSTEM_CONFIG, F_OK) == 0 || own == NULL)
        return SYSTEM_CONFIG;
    return own;
}

const char *environment_named_db(void)
{
    return variable("WIREWATCH_DB");
}

const char *environment_archive(struct arena *arena)
{
    const char *own = below_home("XDG_STATE_HOME", ".local/state", "warc", arena);

    return own == NULL || (access(own, F_OK) != 0 && access(SYSTEM_STATE, W_OK) == 0) ? SYSTEM_STATE
               "/warc"
                                                                                      : own;
}

const char *environment_db(struct arena *arena)
{
    const char *own = below_home("XDG_DATA_HOME", ".local/share", "wirewatch.db", arena);

    if (own != NULL && access(own, F_OK) == 0)
        return own;
    if (access(SYSTEM_DB, F_OK) == 0 || own == NULL)
        return SYSTEM_DB;
    return own;
}

/*
 * Up from the program: a checkout (build/cc/wirewatch) has them two folders up, an installed
 * program (PREFIX/bin/wirewatch) below its prefix, wherever that was moved to.
 */
const char *environment_watchlists(struct arena *arena)
{
    static const char *const below[] = {"watchlists", "share/wirewatch/watchlists"};
    char program[4096];
    ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
    struct slice path = slice_of(program, n > 0 ? (size_t)n : 0);

    for (int up = 0; up < 3 && path.len > 0; up++) {
        path = slice_head(path, slice_find_last_char(path, '/'));
        for (size_t i = 0; i < WW_COUNT(below); i++) {
            const char *found = arena_printf(arena, "%.*s/%s", SLICE_ARG(path), below[i]).ptr;

            if (found != NULL && access(found, F_OK) == 0)
                return found;
        }
    }
    return WW_DATADIR "/watchlists";
}

const char *environment_watchlist(struct arena *arena)
{
    const char *root = environment_watchlists(arena);
    const char *only = NULL;
    const struct dirent *entry;
    DIR *folder = opendir(root);
    size_t n = 0;

    if (folder == NULL)
        return NULL;
    while ((entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.' && ++n == 1)
            only = arena_printf(arena, "%s/%s", root, entry->d_name).ptr;
    (void)closedir(folder);
    return n == 1 ? only : NULL;
}

struct slice environment_credentials(void)
{
    const char *folder = variable("CREDENTIALS_DIRECTORY");

    return folder != NULL && folder[0] == '/' ? slice_from(folder) : (struct slice){"", 0};
}

/* no-color.org and bixense.com/clicolors; a pipe or a dumb terminal gets none. */
bool environment_wants_color(FILE *out, const char *choice)
{
    const char *term = variable("TERM");

    if (choice != NULL && strcmp(choice, "always") == 0)
        return true;
    if (choice != NULL && strcmp(choice, "never") == 0)
        return false;
    if (variable("NO_COLOR") != NULL)
        return false;
    if (variable("CLICOLOR_FORCE") != NULL)
        return true;
    return isatty(fileno(out)) && term != NULL && strcmp(term, "dumb") != 0;
}
