/* database.c - the database and the machine of a command: options, environment, settings, host. */
#include "cli/database.h"

#include "base/database_name.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/desk.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

/* What nobody notices, and what the pauses of hosts bear. */
#define CLOCK_OFF_MAX_S 60

#define SECRET_PLACES                                                      \
    "the settings (db = in a file that nobody else can read), ~/.pgpass, " \
    "PGPASSFILE or a service file"

bool database_may_be_named(const struct cli *cli, const char *what, const char *name)
{
    if (!database_has_secret(slice_from(name)))
        return true;
    (void)cli_usage(
        cli,
        "%s: a password is seen there by everybody on this machine: put it into " SECRET_PLACES,
        what);
    return false;
}

/* Settings with a password in them are nobody else's to read. */
static bool is_safe(const struct cli *cli)
{
    struct stat info;

    if (stat(cli->config_path, &info) == 0 && (info.st_mode & (S_IRWXG | S_IRWXO)) == 0 &&
        (info.st_uid == geteuid() || info.st_uid == 0))
        return true;
    cli_say_error("%s: db = has a password, and others can read the file: chmod 600 it, or put the "
                  "password into ~/.pgpass, PGPASSFILE or a service file",
                  cli->config_path);
    return false;
}

static int choose_machine(struct cli *cli)
{
    const char *word = cli->values[OPTION_MACHINE];
    char *own = arena_alloc(&cli->arena, MACHINE_NAME_MAX_BYTES + 1);
    char host[256] = "";

    if (word != NULL && !database_is_machine(slice_from(word)))
        return cli_usage(cli, "--machine wants a name (" MACHINE_RULE "), not \"%s\"", word);
    cli->machine = word;
    if (word == NULL && cli->config.machine.len > 0)
        cli->machine = arena_string(&cli->arena, cli->config.machine);
    if (cli->machine != NULL || own == NULL)
        return EX_OK;
    if (gethostname(host, sizeof(host) - 1) != 0)
        host[0] = '\0';
    database_machine_of(slice_from(host), own);
    cli->machine = own;
    return EX_OK;
}

int database_choose(struct cli *cli)
{
    const char *word = cli->values[OPTION_DB];
    const char *named = environment_named_db();

    if (word != NULL && !database_may_be_named(cli, "--db", word))
        return EX_USAGE;
    if (word == NULL && named != NULL && database_has_secret(slice_from(named))) {
        cli_say_error("WIREWATCH_DB: a password is inherited there by every program that is "
                      "started: put it into " SECRET_PLACES);
        return EX_CONFIG;
    }
    if (word == NULL && named == NULL && database_has_secret(cli->config.db) && !is_safe(cli))
        return EX_CONFIG;
    if (word != NULL)
        cli->db_path = word;
    else if (named != NULL)
        cli->db_path = named;
    else if (cli->config.db.len > 0)
        cli->db_path = arena_string(&cli->arena, cli->config.db);
    else
        cli->db_path = environment_db(&cli->arena);
    cli->db_shown = database_shown(slice_from(cli->db_path), &cli->arena);
    return choose_machine(cli);
}

bool database_is_file(const struct cli *cli)
{
    return !database_is_address(slice_from(cli->db_path));
}

bool database_is_read_only(const struct cli *cli)
{
    return database_is_file(cli) && access(cli->db_path, W_OK) != 0;
}

struct store_options database_options(struct cli *cli, bool is_reader)
{
    return (struct store_options){.path = cli->db_path,
                                  .is_reader = is_reader,
                                  .now = clock_now(&cli->clock),
                                  .archive = desk_archive_folder(cli, cli->db_path),
                                  .bucket = desk_bucket(cli),
                                  .machine = cli->machine,
                                  .stop = cli->stop,
                                  .lease_s = cli->config.lease_s};
}

/* ---- the clock ------------------------------------------------------------------------------- */

const char *database_clock_words(const struct cli *cli, char out[DATABASE_CLOCK_BYTES])
{
    const int64_t late_s = cli->clock_late_s;
    const int64_t off_s = late_s < 0 ? -late_s : late_s;
    const int64_t days = off_s / 86400, hours = off_s / 3600 % 24, minutes = off_s / 60 % 60;
    char by[64];

    out[0] = '\0';
    if (off_s <= CLOCK_OFF_MAX_S)
        return out;
    if (days > 0)
        (void)snprintf(by, sizeof(by), "%" PRId64 " d %" PRId64 " h", days, hours);
    else if (hours > 0)
        (void)snprintf(by, sizeof(by), "%" PRId64 " h %" PRId64 " min", hours, minutes);
    else
        (void)snprintf(by, sizeof(by), "%" PRId64 " min %" PRId64 " s", minutes, off_s % 60);
    (void)snprintf(out, DATABASE_CLOCK_BYTES,
                   "this machine's clock is %s %s the database's; set it, meanwhile the database's "
                   "is used",
                   by, late_s > 0 ? "behind" : "ahead of");
    return out;
}

/* Half of the question's time is its way there. */
static enum ww_status set_clock(struct cli *cli, struct ww_error *err)
{
    const struct clock machine = clock_system();
    const int64_t begun_ms = clock_monotonic_ms(&machine);
    const bool was_set = cli->clock_late_s != 0;
    char words[DATABASE_CLOCK_BYTES];
    int64_t there_ms = 0, late_ms;
    enum ww_status status = store_clock(cli->store, &there_ms, err);

    if (status == WW_NOT_FOUND || (status == WW_OK && (was_set || cli_has(cli, OPTION_NOW))))
        return WW_OK;
    if (status != WW_OK)
        return status;
    late_ms = there_ms - clock_now_ms(&machine) + (clock_monotonic_ms(&machine) - begun_ms) / 2;
    cli->clock_late_s = (late_ms + (late_ms < 0 ? -500 : 500)) / 1000;
    cli->clock.offset_ms += cli->clock_late_s * 1000;
    if (database_clock_words(cli, words)[0] != '\0')
        log_event(&cli->log, LOG_WARN, "clock", "%s", words);
    return WW_OK;
}

enum ww_status database_open(struct cli *cli, const struct store_options *options,
                             struct ww_error *err)
{
    enum ww_status status = store_open(options, &cli->store, err);

    return status == WW_OK ? set_clock(cli, err) : status;
}

int database_fail(struct cli *cli, enum ww_status status, const struct ww_error *err)
{
    const int code = cli_fail(cli, status, err);

    if (status == WW_NOT_FOUND)
        (void)fprintf(stderr, "wirewatch init makes one\n");
    return status == WW_NOT_FOUND                    ? EX_NOINPUT
           : status == WW_INVALID                    ? EX_CONFIG
           : code == EX_TEMPFAIL || code == EX_OSERR ? code
                                                     : EX_IOERR;
}
