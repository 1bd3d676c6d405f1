/* store_server.c - databases of tests on a PostgreSQL server. */
#include "tests/support/store_server.h"

#include "base/attrs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#ifdef WW_POSTGRESQL
#include <libpq-fe.h>
#endif

static const char scheme[] = "postgresql:///";
#define SCHEME_BYTES (sizeof(scheme) - 1)

const char *test_server(void)
{
    const char *server = getenv("WW_TEST_STORE");

    return server != NULL && server[0] != '\0' ? server : NULL;
}

static int address_of(const char *name, char *out, size_t size)
{
    return snprintf(out, size, "%s%s%s", scheme, name, test_server() + SCHEME_BYTES);
}

#ifdef WW_POSTGRESQL
/* "does not exist, skipping" */
static void take_notice(void *context, const char *message)
{
    WW_UNUSED(context);
    WW_UNUSED(message);
}

/* A connection each: a child that a test forks must not inherit one. */
static void tell_server(const char *sql)
{
    char address[256];
    PGconn *server;
    PGresult *result;

    (void)address_of("postgres", address, sizeof(address));
    server = PQconnectdb(address);
    (void)PQsetNoticeProcessor(server, take_notice, NULL);
    result = PQexec(server, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(server));
    PQclear(result);
    PQfinish(server);
}

void test_server_prepare(const char *address, const char *const *texts, size_t n)
{
    PGconn *server = PQconnectdb(address);

    for (size_t i = 0; i < n; i++) {
        PGresult *result = PQprepare(server, "", texts[i], 0, NULL);
        const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);

        /* Indeterminate, ambiguous: such a value has its type from whoever gives it. */
        if (PQresultStatus(result) != PGRES_COMMAND_OK &&
            (code == NULL || (strcmp(code, "42P18") != 0 && strcmp(code, "42P08") != 0)))
            fail_msg("%s: %s", texts[i], PQerrorMessage(server));
        PQclear(result);
    }
    PQfinish(server);
}
#else
static void tell_server(const char *sql)
{
    fail_msg("%s: built without PostgreSQL", sql);
}

void test_server_prepare(const char *address, const char *const *texts, size_t n)
{
    WW_UNUSED(address);
    WW_UNUSED(n);
    tell_server(texts[0]);
}
#endif

struct name {
    const char *ptr;
    int len;
};

static struct name name_in(const char *address)
{
    const char *name = address + SCHEME_BYTES;

    return (struct name){name, (int)strcspn(name, "?")};
}

static void copy(struct name from, const char *to, const char *ending)
{
    char sql[256];

    (void)snprintf(sql, sizeof(sql), "CREATE DATABASE \"%s%s\" TEMPLATE \"%.*s\"", to, ending,
                   from.len, from.ptr);
    tell_server(sql);
}

static void drop(struct name name, const char *ending)
{
    char sql[256];

    /* Of children that were killed the server may not know yet. */
    (void)snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS \"%.*s%s\" WITH (FORCE)", name.len,
                   name.ptr, ending);
    tell_server(sql);
}

int test_server_make(const char *name, char *out, size_t size)
{
    static const char template[] = "wirewatch_template";

    copy((struct name){template, (int)sizeof(template) - 1}, name, "");
    return address_of(name, out, size);
}

void test_server_drop(const char *address)
{
    drop(name_in(address), ".kept");
    drop(name_in(address), "");
}

void test_server_keep(const char *address)
{
    const struct name name = name_in(address);
    char own[64];

    drop(name, ".kept");
    (void)snprintf(own, sizeof(own), "%.*s", name.len, name.ptr);
    copy(name, own, ".kept");
}

void test_server_go_back(const char *address)
{
    const struct name name = name_in(address);
    char sql[256];

    drop(name, "");
    (void)snprintf(sql, sizeof(sql), "ALTER DATABASE \"%.*s.kept\" RENAME TO \"%.*s\"", name.len,
                   name.ptr, name.len, name.ptr);
    tell_server(sql);
}

const char *test_server_archive(const char *address, char *out, size_t size)
{
    const struct name name = name_in(address);

    if (strncmp(address, scheme, SCHEME_BYTES) != 0)
        return NULL;
    (void)snprintf(out, size, "/tmp/%.*s/warc", name.len, name.ptr);
    return out;
}
