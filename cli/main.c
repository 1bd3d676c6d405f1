/* main.c - which command was asked for. The only file that exits. */
#include "base/error.h"
#include "cli/inspect.h"
#include "crawler/forkserver.h"
#include "crawler/parse.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

int main(int argc, char **argv)
{
    struct forkserver *forkserver = NULL;
    struct ww_error err = {0};
    int status;

    if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
        (void)fprintf(stdout, "wirewatch %s\n", WW_VERSION);
        return 0;
    }
    if (argc < 2 || strcmp(argv[1], "inspect") != 0) {
        (void)fprintf(stderr, "usage: wirewatch inspect KIND ...\n");
        return EX_USAGE;
    }
    if (forkserver_start(parse_run, &forkserver, &err) != WW_OK) {
        (void)fprintf(stderr, "wirewatch: %s\n", err.message);
        return EX_OSERR;
    }
    status = inspect_command(forkserver, argc - 2, argv + 2);
    forkserver_stop(forkserver);
    return status;
}
