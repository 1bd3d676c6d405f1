/* say.c - what a command tells a person beside its output: notes, failures, wrong use. */
#include "cli/cli.h"
#include "cli/output.h"
#include "cli/progress.h"

#include <stdarg.h>
#include <sysexits.h>

#define SAID_MAX_BYTES 4096

/* What we say quotes what was read: nothing of it may steer the terminal. */
static void put_line(const char *before, const char *text)
{
    progress_hide();
    (void)fputs(before, stderr);
    output_visible(stderr, slice_from(text), 0);
    (void)fputc('\n', stderr);
}

void cli_say(const struct cli *cli, const char *fmt, ...)
{
    char text[SAID_MAX_BYTES];
    va_list args;

    if (cli_has(cli, OPTION_QUIET))
        return;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    put_line("", text);
}

void cli_say_error(const char *fmt, ...)
{
    char text[SAID_MAX_BYTES];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    put_line("wirewatch: ", text);
}

int cli_fail(const struct cli *cli, enum ww_status status, const struct ww_error *err)
{
    WW_UNUSED(cli);
    put_line("wirewatch: ",
             err != NULL && err->message[0] != '\0' ? err->message : ww_status_name(status));
    switch (status) {
    case WW_OK:
        return EX_OK;
    case WW_NOT_FOUND:
        return EX_NOINPUT;
    case WW_INVALID:
    case WW_TOO_BIG:
        return EX_DATAERR;
    case WW_REFUSED:
        return EX_NOPERM;
    case WW_UNREACHABLE:
    case WW_AWAY:
    case WW_CONFLICT:
        return EX_TEMPFAIL;
    case WW_STORE:
        return EX_IOERR;
    case WW_NOMEM:
        return EX_OSERR;
    case WW_STATUS_COUNT:
        break;
    }
    return EX_SOFTWARE;
}

void words_call(const struct command *c, FILE *out)
{
    (void)fprintf(out, "wirewatch %s%s%s%s%s", c->noun, c->verb != NULL ? " " : "",
                  c->verb != NULL ? c->verb : "", c->arguments[0] != '\0' ? " " : "", c->arguments);
}

int cli_usage(const struct cli *cli, const char *fmt, ...)
{
    char text[SAID_MAX_BYTES];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    put_line("wirewatch: ", text);
    if (cli->command != NULL) {
        (void)fprintf(stderr, "usage: ");
        words_call(cli->command, stderr);
        (void)fprintf(stderr, " [options]; more with --help\n");
    } else {
        (void)fprintf(stderr, "wirewatch --help lists the commands\n");
    }
    return EX_USAGE;
}
