/* main.c - from argv to a command with all that it needs, and to its exit status. The only exit. */
#include "base/slice.h"
#include "cli/cli.h"
#include "cli/database.h"
#include "cli/desk.h"
#include "cli/progress.h"
#include "crawler/forkserver.h"
#include "crawler/parse.h"
#include "storage/store.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define COMMAND_ARENA_MAX ((size_t)1024 * 1024 * 1024)

/* What a signal handler can reach must be global; nothing but main reads it by name. */
static volatile sig_atomic_t stop_asked;

static void on_signal(int number)
{
    if (stop_asked != 0)
        _exit(128 + number); /* a second time: at once */
    stop_asked = number;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &action, NULL);
    (void)sigaction(SIGXFSZ, &action, NULL); /* a file that may not grow is a full disk, in words */
}

static int fail_config(struct cli *cli, enum ww_status status, const struct ww_error *err)
{
    (void)cli_fail(cli, status, err);
    if (status == WW_NOT_FOUND)
        (void)fprintf(stderr, "wirewatch init makes one\n");
    return EX_CONFIG;
}

/* Settings that cannot be read may name it: another one is not worked on in its place. */
static bool must_find_database(const struct cli *cli)
{
    return (cli->command->needs & (NEEDS_STORE | NEEDS_WRITE)) != 0 && !cli_has(cli, OPTION_DB) &&
           environment_named_db() == NULL;
}

static int read_config(struct cli *cli, struct ww_error *err)
{
    enum ww_status status;

    cli->config_path =
        cli_has(cli, OPTION_CONFIG) ? cli->values[OPTION_CONFIG] : environment_config(&cli->arena);
    status = config_read(cli->config_path, &cli->arena, &cli->config, err);
    if ((cli->command->needs & NEEDS_CONFIG) == 0) {
        /* They may name the database, and the zone of the times in a list. */
        if (status != WW_OK)
            cli->config = (struct config){0};
        return status == WW_OK || status == WW_NOT_FOUND || !must_find_database(cli)
                   ? 0
                   : fail_config(cli, status, err);
    }
    cli->config.credentials = environment_credentials();
    if (status == WW_OK && (cli->command->needs & NEEDS_CONTACT) != 0)
        status = config_check_contact(&cli->config, err);
    if (status == WW_OK)
        status = desk_check_analysts(cli, err);
    return status == WW_OK ? 0 : fail_config(cli, status, err);
}

static int open_store(struct cli *cli, struct ww_error *err)
{
    const struct store_options options = database_options(
        cli, (cli->command->needs & NEEDS_WRITE) == 0 ||
                 ((cli->command->needs & DRY_READS) != 0 && cli_has(cli, OPTION_DRY_RUN)));
    enum ww_status status;

    if ((cli->command->needs & (NEEDS_STORE | NEEDS_WRITE)) == 0)
        return 0;
    status = database_open(cli, &options, err);
    return status == WW_OK ? 0 : database_fail(cli, status, err);
}

static void set_log(struct cli *cli)
{
    const char *verbose = cli->values[OPTION_VERBOSE];

    cli->log = (struct log){.out = progress_log(), .level = LOG_WARN, .clock = &cli->clock};
    if (cli_has(cli, OPTION_QUIET))
        cli->log.level = LOG_ERROR;
    else if (verbose != NULL)
        cli->log.level = verbose[0] != '\0' ? LOG_DEBUG : LOG_INFO;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct ww_error err = {0};
    int status = words_read(cli, argc, argv);

    if (status != 0)
        return status;
    if (cli_has(cli, OPTION_VERSION)) {
        (void)fprintf(cli->out, "wirewatch %s\n", WW_VERSION);
        return EX_OK;
    }
    if (cli->command == NULL) {
        words_overview(cli_has(cli, OPTION_HELP) ? stdout : stderr);
        return cli_has(cli, OPTION_HELP) ? EX_OK : EX_USAGE;
    }
    if (cli_has(cli, OPTION_HELP)) {
        words_help(cli, cli->out);
        return EX_OK;
    }
    /* Before any database, socket, lock or secret is open: workers inherit nothing. */
    if ((cli->command->needs & NEEDS_FORKSERVER) != 0 &&
        forkserver_start(parse_run, &cli->forkserver, &err) != WW_OK)
        return cli_fail(cli, WW_NOMEM, &err);
    catch_signals();
    set_log(cli);
    status = read_config(cli, &err);
    if (status == 0)
        status = database_choose(cli);
    if (status == 0 && !words_read_period(cli))
        status = EX_USAGE;
    if (status == 0)
        status = open_store(cli, &err);
    /* "Of the last week": by the clock that counts. */
    if (status == 0 && cli->clock_late_s != 0 && !words_read_period(cli))
        status = EX_USAGE;
    if (status == 0)
        status = cli->command->run(cli);
    return status;
}

/*
 * A standard descriptor that is closed would be given to the next thing opened: words for people
 * would go into the lock or to a server. What cannot be written to is told as such.
 */
static void hold_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", O_RDONLY);
}

/* Whoever read the other end of a pipe and went away has what he wanted. */
static bool is_reader_gone(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

/* A full disk behind a redirection shows when the last bytes go out, or long before. */
static int end_output(int status)
{
    const bool is_now = fflush(stdout) != 0;
    const int why = errno;

    if ((!is_now && ferror(stdout) == 0) || (is_now && why == EPIPE) || is_reader_gone())
        return status;
    (void)fprintf(stderr, "wirewatch: standard output: %s\n",
                  is_now ? strerror(why) : "a part of it could not be written");
    return status == EX_OK ? EX_IOERR : status;
}

int main(int argc, char **argv)
{
    struct cli cli = {.out = stdout, .clock = clock_system(), .stop = &stop_asked, .limit = -1};
    int status;

    hold_standard_descriptors();
    /* What a desk watches is nobody else's business on a shared machine. */
    (void)umask(077);
    arena_init(&cli.arena, COMMAND_ARENA_MAX);
    status = run(&cli, argc, argv);
    store_close(cli.store);
    forkserver_stop(cli.forkserver);
    arena_release(&cli.arena);
    status = end_output(status);
    if (stop_asked != 0 && status == EX_OK)
        status = 128 + stop_asked;
    return status;
}
