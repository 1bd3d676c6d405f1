/*
 * database_name.h - what a database is called: the path of a file, or an address as
 * scheme://user@host:port/name?key=value (RFC 3986, as clients of database servers read it).
 *
 * An address may hold a password. It is never shown, logged or stored with it: everything that is
 * said of a database takes database_shown. What cannot be told from a password is left out, too.
 */
#ifndef WW_BASE_DATABASE_NAME_H
#define WW_BASE_DATABASE_NAME_H

#include "base/slice.h"

#include <stdbool.h>

struct arena;

/* Begins with letters and "://". */
bool database_is_address(struct slice name);
/* An address with a password in it. */
bool database_has_secret(struct slice name);
/* The name without a password, terminated; a path as it is. NULL: the arena is full. */
const char *database_shown(struct slice name, struct arena *arena);

/* Machines that share a database: lower-case letters, digits, '-' and '.'. */
#define MACHINE_NAME_MAX_BYTES 63
#define MACHINE_RULE "a to z, 0 to 9, - and ., at most 63"
bool database_is_machine(struct slice name);
/* What the host says of itself, made into such a name; in out. */
void database_machine_of(struct slice host, char out[MACHINE_NAME_MAX_BYTES + 1]);

#endif
