/* db.c - which engine an address is for, and how it is shown. */
#include "storage/db.h"

#include "base/arena.h"
#include "base/database_name.h"
#include "base/mem.h"

#include <string.h>

/* Of each pair of an address a piece of it is built. */
#define ADDRESS_ARENA_MAX ((size_t)1024 * 1024)

static bool is_postgresql(struct slice address)
{
    return slice_starts(address, SLICE("postgresql://")) ||
           slice_starts(address, SLICE("postgres://"));
}

const struct db_driver *db_driver_of(const char *address)
{
    const struct slice s = slice_from(address);

#ifdef WW_POSTGRESQL
    if (is_postgresql(s))
        return &db_postgres;
#endif
    return database_is_address(s) ? NULL : &db_sqlite;
}

enum ww_status db_fail_unknown(const char *address, struct ww_error *err)
{
    char *shown;

    if (is_postgresql(slice_from(address)))
        return ww_fail(err, WW_INVALID,
                       "this wirewatch was built without PostgreSQL: install libpq and build it "
                       "again, or name a file");
    shown = db_address_shown(address);
    (void)ww_fail(err, WW_INVALID,
                  "%s: a server's address begins with postgresql://, and a file's name has no ://",
                  shown != NULL ? shown : "that database");
    mem_free(shown);
    return WW_INVALID;
}

const struct db_loading *db_loading_of(const char *address)
{
    const struct db_driver *driver = db_driver_of(address);

#ifdef WW_POSTGRESQL
    if (driver == &db_postgres)
        return &db_postgres_loading;
#endif
    return driver != NULL ? &db_sqlite_loading : NULL;
}

char *db_address_shown(const char *address)
{
    char *out = NULL;
    struct arena arena;
    const char *shown;

    if (!database_is_address(slice_from(address)))
        return mem_string(address, strlen(address));
    arena_init(&arena, ADDRESS_ARENA_MAX);
    shown = database_shown(slice_from(address), &arena);
    if (shown != NULL && arena_check(&arena, NULL) == WW_OK)
        out = mem_string(shown, strlen(shown));
    arena_release(&arena);
    return out;
}
