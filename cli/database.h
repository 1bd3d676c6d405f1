/*
 * database.h - which database a command works on, and as which machine.
 */
#ifndef WW_CLI_DATABASE_H
#define WW_CLI_DATABASE_H

#include "base/error.h"
#include "storage/store.h"

#include <stdbool.h>

struct cli;

/*
 * Set cli->db_path, db_shown and machine from the command line, the environment, the settings or
 * the host, in this order. EX_OK, or an exit status when it was said what is wrong: a password
 * where others can read it, a name that is none.
 */
int database_choose(struct cli *cli);

/*
 * Everybody on the machine can read a command line: a database that is named there has no password.
 * False after saying so; what is the option or argument.
 */
bool database_may_be_named(const struct cli *cli, const char *what, const char *name);

/* How the command's store is opened. */
struct store_options database_options(struct cli *cli, bool is_reader);

/*
 * Open it: cli->store. From then on cli->clock is the database's where that is what counts, unless
 * the command line says what time it is; one that is far off is said.
 */
enum ww_status database_open(struct cli *cli, const struct store_options *options,
                             struct ww_error *err);
/* It cannot be opened: says why; the exit status. */
int database_fail(struct cli *cli, enum ww_status status, const struct ww_error *err);

/* Is this machine's clock off? Says by how much, and what to do; else "". */
#define DATABASE_CLOCK_BYTES 160
const char *database_clock_words(const struct cli *cli, char out[DATABASE_CLOCK_BYTES]);

/* A file that cannot be written to here. */
bool database_is_read_only(const struct cli *cli);

/* A file that may have to be made, and the folders above it. */
bool database_is_file(const struct cli *cli);

#endif
