/* db_postgres_connect.c - reaching a server, and what its errors mean. */
#include "storage/db_postgres.h"

#include "base/attrs.h"
#include "base/clock.h"
#include "base/database_name.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The oldest whose statements we use (2020), and its SQL. */
#define SERVER_VERSION_MIN 130000
/* From one try to the next: doubled up to the longest; given up after the last. */
#define RETRY_FIRST_MS 100
#define RETRY_LONGEST_MS 5000
#define RETRY_GIVE_UP_MS 60000

#define NO_CONNECTION_LEFT \
    "the server has no connection left: raise its max_connections, or run fewer at once"
/* Longest to one host. */
#define CONNECT_TIMEOUT_S "10"

/* ---- errors ---------------------------------------------------------------------------------- */

struct meaning {
    const char *begins; /* an SQLSTATE, or its first two characters: a class */
    enum ww_status status;
    const char *words; /* NULL: the server's own */
};

/* https://www.postgresql.org/docs/15/errcodes-appendix.html */
static const struct meaning meanings[] = {
    {"23505", WW_CONFLICT, "a row of that key is there already"                                  },
    {"55P03", WW_CONFLICT, "another keeps it locked"                                             },
    {"40",    WW_CONFLICT, "two machines wrote at once"                                          },
    {"53100", WW_STORE,    "the server's disk is full: make room there and run again"            },
    {"53200", WW_AWAY,     "the server is out of memory"                                         },
    {"53300", WW_AWAY,     NO_CONNECTION_LEFT                                                    },
    {"53",    WW_AWAY,     "the server is short of something"                                    },
    {"57P",   WW_AWAY,     "the server is stopping or starting, or ended the connection"         },
    {"08",    WW_AWAY,     "the connection is lost"                                              },
    {"25P03", WW_AWAY,     "the server ended a transaction that stood still"                     },
    {"25006", WW_STORE,    "it may not be written: the server is a standby or was made read-only"},
    {"42501", WW_STORE,    "access is denied: the role lacks a right"                            },
    {"3F000", WW_STORE,    "the role has no schema to make tables in: GRANT CREATE ON SCHEMA"    },
    {"0A000", WW_AWAY,     "a table was changed beside us"                                       },
    {"26000", WW_AWAY,     "what was prepared is gone: a pooler between must keep sessions"      },
    {"54000", WW_TOO_BIG,  "a value is larger than the server takes"                             },
    {"57014", WW_AWAY,     "the server stopped a statement"                                      },
    {"58",    WW_STORE,    "the server's disk failed to read or write"                           },
    {"XX001", WW_STORE,    "it is damaged: restore a copy"                                       },
    {"XX002", WW_STORE,    "it is damaged: an index is broken, REINDEX or restore a copy"        },
};

static const struct meaning *find_meaning(const char *state)
{
    for (size_t i = 0; i < WW_COUNT(meanings); i++)
        if (strncmp(state, meanings[i].begins, strlen(meanings[i].begins)) == 0)
            return &meanings[i];
    return NULL;
}

/* The server's words on one line, without what libpq puts before and behind. */
static void one_line(const char *message, char *out, size_t size)
{
    size_t n = 0;

    for (; *message != '\0' && n + 1 < size; message++) {
        const bool is_blank = *message == '\n' || *message == '\t' || *message == ' ';

        if (is_blank && (n == 0 || out[n - 1] == ' '))
            continue;
        out[n++] = is_blank ? ' ' : *message;
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
}

enum ww_status postgres_fail(struct db *db, const PGresult *result, const char *what,
                             struct ww_error *err)
{
    const char *state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *primary =
        result != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const struct meaning *meaning = state != NULL ? find_meaning(state) : NULL;
    char words[160];

    if (db->unanswered_ms > 0 && PQstatus(db->connection) == CONNECTION_BAD)
        return ww_fail(err, WW_AWAY, "%s: the server has not answered for %lld s (%.60s)",
                       db->shown, (long long)(db->unanswered_ms / 1000), what);
    one_line(primary != NULL ? primary : PQerrorMessage(db->connection), words, sizeof(words));
    if (PQstatus(db->connection) == CONNECTION_BAD && (meaning == NULL || meaning->words == NULL))
        return ww_fail(err, WW_AWAY, "%s: the connection is lost (%.60s): %s", db->shown, what,
                       words);
    if (meaning == NULL)
        return ww_fail(err, WW_STORE, "%s: %.60s: %s", db->shown, what, words);
    return ww_fail(err, meaning->status, "%s: %s (%.60s, %s)", db->shown, meaning->words, what,
                   words);
}

/* It does not answer, or lets nobody in for now. */
static bool is_away(const struct db *db)
{
    static const char *const names[] = {"connect_timeout", "dbname", NULL};
    const char *const values[] = {CONNECT_TIMEOUT_S, db->address, NULL};
    const PGPing ping = PQpingParams(names, values, 1);

    return ping == PQPING_REJECT || ping == PQPING_NO_RESPONSE;
}

/*
 * libpq quotes what it does not understand of an address: of a password that was not escaped, a
 * piece. What the server itself says is safe.
 */
static bool may_quote(const struct db *db, const char *words)
{
    return !database_has_secret(slice_from(db->address)) || strstr(words, "FATAL: ") != NULL;
}

/*
 * A connection that never was has no SQLSTATE for us (libpq keeps it to itself): its words are
 * looked at, which a server may say in another language. What is not known here is for a person.
 */
static enum ww_status fail_connecting(struct db *db, struct ww_error *err)
{
    static const struct {
        const char *contains;
        enum ww_status status;
        const char *advice;
    } cases[] = {
        {"permission denied for database", WW_STORE,
         "the role may not use it: GRANT CONNECT ON DATABASE"                                                   },
        {"is not permitted to log in",     WW_STORE,     "the role may not log in: ALTER ROLE ... LOGIN"        },
        {"does not support SSL",           WW_STORE,     "TLS is wanted, and the server has none: see sslmode"  },
        {"certificate",                    WW_STORE,
         "the server's certificate is not trusted: see sslmode and sslrootcert"                                 },
        {"too many clients",               WW_AWAY,      NO_CONNECTION_LEFT                                     },
        {"too many connections",           WW_AWAY,      NO_CONNECTION_LEFT                                     },
        {"remaining connection slots",     WW_AWAY,      NO_CONNECTION_LEFT                                     },
        {"password authentication failed", WW_STORE,
         "the password is wrong: look at ~/.pgpass or password in the settings"                                 },
        {"no password supplied",           WW_STORE,
         "it wants a password: put it into ~/.pgpass or the settings"                                           },
        {"authentication failed",          WW_STORE,     "the role was not let in"                              },
        {"pg_hba.conf",                    WW_STORE,
         "the server does not let this role or machine in: see its pg_hba.conf"                                 },
        {"database \"",                    WW_NOT_FOUND, "there is no database of that name: createdb makes one"},
        {"role \"",                        WW_STORE,     "there is no such role"                                },
        {"starting up",                    WW_AWAY,      "the server is starting"                               },
        {"in recovery mode",               WW_AWAY,      "the server is starting after a crash"                 },
        {"not yet accepting connections",  WW_AWAY,      "the server is starting"                               },
        {"shutting down",                  WW_AWAY,      "the server is stopping"                               },
        {"Connection refused",             WW_AWAY,      "no server answers there"                              },
        {"No such file or directory",      WW_AWAY,      "no server answers there"                              },
        {"timeout",                        WW_AWAY,      "no server answers there"                              },
        {"could not translate host name",  WW_AWAY,      "its name cannot be looked up"                         },
        {"No route to host",               WW_AWAY,      "there is no way to it"                                },
        {"Network is unreachable",         WW_AWAY,      "there is no way to it"                                },
        {"server closed the connection",   WW_AWAY,      "the server hung up"                                   },
        {"Connection reset",               WW_AWAY,      "the server hung up"                                   },
        {"reserved for",                   WW_AWAY,      NO_CONNECTION_LEFT                                     },
        {"invalid",                        WW_INVALID,   "the address is not understood"                        },
    };
    char words[160];
    const char *said = words;

    one_line(PQerrorMessage(db->connection), words, sizeof(words));
    if (!may_quote(db, words))
        said = "more is not shown: the address has a password";
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        if (strstr(words, cases[i].contains) != NULL)
            return ww_fail(err, cases[i].status, "%s: %s (%s)", db->shown, cases[i].advice, said);
    /* In words of another language: is it there and refuses us, or is it not there? */
    return ww_fail(err, is_away(db) ? WW_AWAY : WW_STORE, "%s: %s", db->shown, said);
}

/* ---- a session ------------------------------------------------------------------------------- */

static void ignore_notice(void *unused, const PGresult *notice)
{
    WW_UNUSED(unused);
    WW_UNUSED(notice);
}

/* One question before there are any of ours: its first value, or "". */
static enum ww_status ask(struct db *db, const char *sql, char *out, size_t size,
                          struct ww_error *err)
{
    PGresult *result;
    enum ww_status status = WW_OK;

    if (PQsendQuery(db->connection, sql) != 1)
        return postgres_fail(db, NULL, "opening it", err);
    while ((result = postgres_answer(db)) != NULL) {
        const ExecStatusType code = PQresultStatus(result);

        if (status == WW_OK && code != PGRES_TUPLES_OK && code != PGRES_COMMAND_OK)
            status = postgres_fail(db, result, "opening it", err);
        else if (status == WW_OK && out != NULL)
            (void)snprintf(out, size, "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
        PQclear(result);
    }
    return status;
}

static enum ww_status check_server(struct db *db, struct ww_error *err)
{
    const int version = PQserverVersion(db->connection);
    const char *encoding = PQparameterStatus(db->connection, "server_encoding");
    char word[64];
    enum ww_status status;

    if (version < SERVER_VERSION_MIN)
        return ww_fail(err, WW_STORE, "%s: the server is PostgreSQL %d, %d or newer is needed",
                       db->shown, version / 10000, SERVER_VERSION_MIN / 10000);
    if (encoding == NULL || strcmp(encoding, "UTF8") != 0)
        return ww_fail(err, WW_STORE,
                       "%s: the database's encoding is %s: make it with createdb -E UTF8 -T "
                       "template0",
                       db->shown, encoding != NULL ? encoding : "not told");
    /* Tables of others, and none of ours: it is not made for us. */
    status = ask(db,
                 "SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM pg_class WHERE relkind IN"
                 " ('r', 'p', 'v', 'm') AND relnamespace = current_schema()::regnamespace)"
                 " THEN 'empty' WHEN EXISTS (SELECT 1 FROM pg_description d"
                 "  WHERE d.objoid = to_regclass('meta') AND d.objsubid = 0"
                 "  AND d.description = 'wirewatch') THEN 'ours' ELSE 'foreign' END",
                 word, sizeof(word), err);
    if (status == WW_OK && strcmp(word, "foreign") == 0)
        return ww_fail(err, WW_STORE, "%s is the database of another program", db->shown);
    return status;
}

/*
 * A transaction that stands still holds the write lock: of a machine that hangs, the server ends
 * it. What a machine that vanished had is free when its connection is noticed to be dead. Nothing
 * waits for ever for a table that somebody else has locked. Other limits, which a role or a managed
 * server may have for its users, would end what takes as long as it takes, or a wait for our turn
 * before it is told whose it is; we have our own (db_postgres_answer.c).
 */
static enum ww_status settle(struct db *db, struct ww_error *err)
{
    static const char settings[] = "SET client_min_messages = error;"
                                   "SET client_encoding = 'UTF8';"
                                   "SET synchronous_commit = on;"
                                   "SET default_transaction_isolation = 'read committed';"
                                   "SET timezone = 'UTC';"
                                   "SET jit = off;"
                                   /* A word of half of all texts: each by its place, no pages
                                    * to be read again. */
                                   "SET work_mem = '64MB';"
                                   "SET lock_timeout = " POSTGRES_LOCK_TIMEOUT ";"
                                   "SET idle_in_transaction_session_timeout = '60s';"
                                   /* The last two are younger than the oldest server. */
                                   "SELECT set_config(name, '0', false) FROM pg_settings"
                                   " WHERE name IN ('statement_timeout', 'idle_session_timeout',"
                                   " 'transaction_timeout');"
                                   "SET tcp_keepalives_idle = 15;"
                                   "SET tcp_keepalives_interval = 5;"
                                   "SET tcp_keepalives_count = 3;";
    const enum ww_status status = ask(db, settings, NULL, 0, err);

    return status == WW_OK && db->is_reader
               ? ask(db, "SET default_transaction_read_only = on", NULL, 0, err)
               : status;
}

/*
 * libpq quotes what it does not understand, and that may be a piece of a password: an '@' or a '/'
 * in one ends it too early.
 */
static enum ww_status check_address(const struct db *db, struct ww_error *err)
{
    PQconninfoOption *options = PQconninfoParse(db->address, NULL);
    bool is_odd = options == NULL;

    for (const PQconninfoOption *o = options; o != NULL && o->keyword != NULL; o++) {
        const bool is_port = strcmp(o->keyword, "port") == 0;

        is_odd =
            is_odd || (is_port && o->val != NULL && o->val[strspn(o->val, "0123456789,")] != '\0');
        is_odd = is_odd || (strcmp(o->keyword, "host") == 0 && o->val != NULL &&
                            strchr(o->val, '@') != NULL && o->val[0] != '/' && o->val[0] != '@');
        is_odd = is_odd || (strcmp(o->keyword, "dbname") == 0 && o->val != NULL &&
                            strchr(o->val, '@') != NULL);
    }
    PQconninfoFree(options);
    if (is_odd)
        return ww_fail(err, WW_INVALID,
                       "%s is not understood: postgresql://USER@HOST:PORT/NAME?host=/FOLDER; in a "
                       "password @ is written %%40, / %%2F, : %%3A, ? %%3F, %% %%25",
                       db->shown);
    return WW_OK;
}

/* Who writes is told to whoever waits, by this name. */
static void name_session(const struct db *db, char *out, size_t size)
{
    (void)snprintf(out, size, "wirewatch%s%.40s pid %ld", db->machine[0] != '\0' ? " " : "",
                   db->machine, (long)getpid());
}

void postgres_disconnect(struct db *db)
{
    PQfinish(db->connection);
    db->connection = NULL;
    db->unanswered_ms = 0;
    db->n_pending = 0;
    for (size_t i = 0; i < WW_COUNT(db->statements); i++)
        db->statements[i].is_prepared = false;
}

enum ww_status postgres_connect(struct db *db, struct ww_error *err)
{
    /* In front of the address what it may say otherwise, behind it what it may not. */
    static const char *const names[] = {"application_name",
                                        "connect_timeout",
                                        "keepalives_idle",
                                        "keepalives_interval",
                                        "keepalives_count",
                                        "tcp_user_timeout",
                                        "dbname",
                                        "client_encoding",
                                        NULL};
    char name[96];
    const char *const values[] = {name,    CONNECT_TIMEOUT_S, "15",   "5", "3",
                                  "30000", db->address,       "UTF8", NULL};
    enum ww_status status = check_address(db, err);

    if (status != WW_OK)
        return status;
    postgres_disconnect(db);
    name_session(db, name, sizeof(name));
    db->connection = PQconnectdbParams(names, values, 1);
    if (db->connection == NULL)
        return ww_fail(err, WW_NOMEM, "%s: out of memory", db->shown);
    if (PQstatus(db->connection) != CONNECTION_OK)
        return fail_connecting(db, err);
    (void)PQsetNoticeReceiver(db->connection, ignore_notice, NULL);
    /* What the server does not take yet is sent while its answer is waited for. */
    if (PQsetnonblocking(db->connection, 1) != 0)
        status = postgres_fail(db, NULL, "opening it", err);
    if (status == WW_OK)
        status = check_server(db, err);
    if (status == WW_OK)
        status = settle(db, err);
    if (status == WW_OK && PQenterPipelineMode(db->connection) != 1)
        status = postgres_fail(db, NULL, "opening it", err);
    /* What is not as it should be is not used, either. */
    if (status != WW_OK)
        postgres_disconnect(db);
    return status;
}

enum ww_status postgres_reconnect(struct db *db, struct ww_error *err)
{
    const struct clock clock = clock_system();
    const int64_t begun_ms = clock_monotonic_ms(&clock);
    int64_t pause_ms = RETRY_FIRST_MS;
    enum ww_status status;

    if (db->has_waited && postgres_is_stopped(db))
        return ww_fail(err, WW_AWAY, "%s: no server answers there", db->shown);
    status = postgres_connect(db, err);

    /* Who waited in vain once does not wait again at each step of its way out. */
    while (status == WW_AWAY && !db->has_waited && !postgres_is_stopped(db) &&
           clock_monotonic_ms(&clock) - begun_ms < RETRY_GIVE_UP_MS) {
        const struct timespec pause = {pause_ms / 1000, (long)(pause_ms % 1000) * 1000000};

        (void)nanosleep(&pause, NULL);
        pause_ms = pause_ms * 2 < RETRY_LONGEST_MS ? pause_ms * 2 : RETRY_LONGEST_MS;
        status = postgres_connect(db, err);
    }
    db->has_waited = status == WW_AWAY;
    return status;
}
