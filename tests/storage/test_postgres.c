/*
 * test_postgres.c - the driver of a PostgreSQL server: values there and back, statements that are
 * sent together, writers in turn, connections that break.
 *
 * Its statements are those of the meta table. Where other columns are wanted, a temporary table or
 * view of that name stands before ours.
 */
#include "base/attrs.h"
#include "base/limits.h"
#include "storage/db.h"
#include "tests/support/store.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define WAIT_MS 20000

struct desk {
    struct test_store store;
    const struct db_driver *driver;
    struct db *db, *other;
};

static void must(enum ww_status status, const struct ww_error *err)
{
    if (status != WW_OK)
        fail_msg("%s: %s", ww_status_name(status), err->message);
}

static struct db *connect_as(const struct desk *d, const char *machine, bool is_reader)
{
    const struct db_options options = {
        .path = d->store.path, .shown = d->store.path, .is_reader = is_reader, .machine = machine};
    struct ww_error err = {0};
    struct db *db = NULL;

    must(d->driver->open(&options, &db, &err), &err);
    return db;
}

static int set_up(void **state)
{
    struct desk *d = calloc(1, sizeof(*d));

    if (d == NULL)
        return -1;
    test_store_open(&d->store);
    d->driver = db_driver_of(d->store.path);
    d->db = connect_as(d, "fuji", false);
    d->other = connect_as(d, "etna", false);
    *state = d;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *d = *state;

    d->driver->close(d->db);
    d->driver->close(d->other);
    test_store_close(&d->store);
    free(d);
    return 0;
}

static void tell(struct desk *d, struct db *db, const char *sql)
{
    struct ww_error err = {0};

    must(d->driver->execute(db, sql, &err), &err);
}

static void begin(struct desk *d, struct db *db)
{
    struct ww_error err = {0};

    must(d->driver->begin(db, DB_TURN_ROWS, WAIT_MS, &err), &err);
}

static enum ww_status put(struct desk *d, struct db *db, const char *key, struct db_value value,
                          struct ww_error *err)
{
    const struct db_value values[] = {db_text(slice_from(key)), value};
    enum ww_status status = d->driver->start(db, QUERY_META_PUT, values, WW_COUNT(values), err);

    d->driver->end(db, QUERY_META_PUT);
    return status;
}

static void must_put(struct desk *d, struct db *db, const char *key, struct db_value value)
{
    struct ww_error err = {0};

    must(put(d, db, key, value, &err), &err);
}

/* Its bytes are borrowed until the statement ends. */
static enum ww_status get(struct desk *d, struct db *db, const char *key, struct db_value *out,
                          struct ww_error *err)
{
    const struct db_value values[] = {db_text(slice_from(key))};
    enum ww_status status = d->driver->start(db, QUERY_META_GET, values, WW_COUNT(values), err);

    return status == WW_OK ? d->driver->next(db, QUERY_META_GET, out, 1, err) : status;
}

static struct db_value must_get(struct desk *d, struct db *db, const char *key)
{
    struct db_value value = {.type = DB_NULL};
    struct ww_error err = {0};

    must(get(d, db, key, &value, &err), &err);
    return value;
}

static void end_get(struct desk *d, struct db *db)
{
    d->driver->end(db, QUERY_META_GET);
}

static bool is_there(struct desk *d, struct db *db, const char *key)
{
    struct db_value value;
    enum ww_status status = get(d, db, key, &value, NULL);

    end_get(d, db);
    assert_true(status == WW_OK || status == WW_NOT_FOUND);
    return status == WW_OK;
}

static void need_words(const struct ww_error *err, const char *words)
{
    if (strstr(err->message, words) == NULL)
        fail_msg("no \"%s\" in: %s", words, err->message);
}

/* ---- values ---------------------------------------------------------------------------------- */

static void numbers_come_back(void **state)
{
    static const int64_t cases[] = {INT64_MIN, INT64_MIN + 1, INT32_MIN, -1,           0,
                                    1,         UINT32_MAX,    INT64_MAX, INT64_MAX - 1};
    struct desk *d = *state;

    tell(d, d->db, "CREATE TEMP TABLE meta (key TEXT PRIMARY KEY, value BIGINT)");
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        must_put(d, d->db, "n", db_integer(cases[i]));
        assert_int_equal(must_get(d, d->db, "n").type, DB_INTEGER);
        end_get(d, d->db);
        assert_true(must_get(d, d->db, "n").integer == cases[i]);
        end_get(d, d->db);
    }
    must_put(d, d->db, "n", db_link(0));
    assert_int_equal(must_get(d, d->db, "n").type, DB_NULL);
    end_get(d, d->db);
}

static void reals_come_back_bit_for_bit(void **state)
{
    static const double cases[] = {0.0,     -0.0,     0.1,      -1.0 / 3,  DBL_MAX, -DBL_MAX,
                                   DBL_MIN, 4.9e-324, INFINITY, -INFINITY, NAN};
    struct desk *d = *state;

    tell(d, d->db, "CREATE TEMP TABLE meta (key TEXT PRIMARY KEY, value FLOAT8)");
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct db_value value = {.type = DB_REAL, .real = cases[i]};

        must_put(d, d->db, "r", value);
        value = must_get(d, d->db, "r");
        assert_int_equal(value.type, DB_REAL);
        assert_memory_equal(&value.real, &cases[i], sizeof(double));
        end_get(d, d->db);
    }
}

static void bytes_come_back(void **state)
{
    struct desk *d = *state;
    struct db_value value;
    char all[256];

    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (char)i;
    tell(d, d->db, "CREATE TEMP TABLE meta (key TEXT PRIMARY KEY, value BYTEA NOT NULL)");
    must_put(d, d->db, "b", db_blob(slice_of(all, sizeof(all))));
    value = must_get(d, d->db, "b");
    assert_int_equal(value.type, DB_BLOB);
    assert_int_equal(value.bytes.len, sizeof(all));
    assert_memory_equal(value.bytes.ptr, all, sizeof(all));
    end_get(d, d->db);
    must_put(d, d->db, "b", db_blob((struct slice){NULL, 0}));
    value = must_get(d, d->db, "b");
    assert_int_equal(value.type, DB_BLOB);
    assert_int_equal(value.bytes.len, 0);
    end_get(d, d->db);
}

static void texts_are_made_clean(void **state)
{
    const struct {
        struct slice in, out;
    } cases[] = {
        {SLICE("plain"),                     SLICE("plain")                               },
        {SLICE(""),                          SLICE("")                                    },
        {{NULL, 0},                          SLICE("")                                    },
        {SLICE("\xE6\xB5\xB7\xE5\xA4\x96"),  SLICE("\xE6\xB5\xB7\xE5\xA4\x96")            },
        {SLICE("\xF0\x9F\x97\x9E"),          SLICE("\xF0\x9F\x97\x9E")                    },
        {SLICE("a\0b"),                      SLICE("ab")                                  },
        {SLICE("caf\xE9"),                   SLICE("caf\xEF\xBF\xBD")                     },
        {SLICE("\xED\xA0\x80"),              SLICE("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD")},
        {SLICE("it's \"quoted\" \\ $1 %s;"), SLICE("it's \"quoted\" \\ $1 %s;")           },
    };
    struct desk *d = *state;

    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct db_value value;

        must_put(d, d->db, "t", db_text(cases[i].in));
        value = must_get(d, d->db, "t");
        assert_int_equal(value.type, DB_TEXT);
        if (!slice_equal(value.bytes, cases[i].out))
            fail_msg("case %zu gives \"%.*s\"", i, SLICE_ARG(value.bytes));
        end_get(d, d->db);
    }
}

/* What a SUM, a condition or a function gives is of types that no column of ours has. */
static void other_types_are_read(void **state)
{
    static const struct {
        const char *expression;
        int64_t n;
    } cases[] = {
        {"(SELECT SUM(x) FROM (VALUES (CAST(-5 AS BIGINT)), (-7)) AS v (x))",                   -12      },
        {"(SELECT SUM(x) FROM (VALUES (CAST(0 AS BIGINT))) AS v (x))",                          0        },
        {"(SELECT SUM(x) FROM (VALUES (CAST(10000 AS BIGINT)), (90000000)) AS v (x))",          90010000 },
        {"(SELECT SUM(x) FROM (VALUES (CAST(9223372036854775806 AS BIGINT)), (1)) AS v (x))",
         INT64_MAX                                                                                       },
        {"(SELECT SUM(x) FROM (VALUES (CAST(-9223372036854775807 AS BIGINT)), (-1)) AS v (x))",
         INT64_MIN                                                                                       },
        {"(SELECT SUM(x) FROM (VALUES (CAST(9223372036854775807 AS BIGINT)), (1)) AS v (x))",
         INT64_MAX                                                                                       },
        {"CAST(-1e40 AS NUMERIC)",                                                              INT64_MIN},
        {"CAST('NaN' AS NUMERIC)",                                                              0        },
        {"CAST(12.75 AS NUMERIC)",                                                              12       },
        {"1 = 1",                                                                               1        },
        {"1 = 2",                                                                               0        },
        {"CAST(-3 AS SMALLINT)",                                                                -3       },
        {"CAST(-70000 AS INTEGER)",                                                             -70000   },
    };
    struct desk *d = *state;

    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        char sql[256];
        struct db_value value;

        (void)snprintf(sql, sizeof(sql), "CREATE TEMP VIEW meta AS SELECT 'k' AS key, %s AS value",
                       cases[i].expression);
        tell(d, d->db, sql);
        value = must_get(d, d->db, "k");
        if (value.type != DB_INTEGER || value.integer != cases[i].n)
            fail_msg("%s: %lld of type %d", cases[i].expression, (long long)value.integer,
                     (int)value.type);
        end_get(d, d->db);
        tell(d, d->db, "DROP VIEW meta");
    }
    tell(d, d->db, "CREATE TEMP VIEW meta AS SELECT 'k' AS key, CAST(0.5 AS REAL) AS value");
    assert_true(must_get(d, d->db, "k").real == 0.5);
    end_get(d, d->db);
}

static void a_value_may_change_its_type(void **state)
{
    const struct db_value half = {.type = DB_REAL, .real = 0.5};
    struct desk *d = *state;

    tell(d, d->db, "CREATE TEMP TABLE meta (key TEXT PRIMARY KEY, value FLOAT8)");
    for (unsigned i = 0; i < 3; i++) {
        must_put(d, d->db, "v", db_link(0));
        assert_int_equal(must_get(d, d->db, "v").type, DB_NULL);
        must_put(d, d->db, "v", half);
        assert_true(must_get(d, d->db, "v").real == 0.5);
        must_put(d, d->db, "v", db_integer(3));
        assert_true(must_get(d, d->db, "v").real == 3);
        end_get(d, d->db);
    }
    /* A NULL alone is no reason for another form of the statement, whatever it stands for. */
    begin(d, d->db);
    must_put(d, d->db, "v", half);
    must_put(d, d->db, "v", db_link(0));
    must_put(d, d->db, "v", half);
    assert_int_equal(d->driver->commit(d->db, NULL), WW_OK);
}

/* ---- statements that are sent together --------------------------------------------------------
 */

static void a_failure_in_the_middle_is_named(void **state)
{
    struct desk *d = *state;
    struct ww_error err = {0};

    tell(d, d->db, "CREATE TEMP TABLE meta (key TEXT PRIMARY KEY, value BIGINT CHECK (value > 0))");
    begin(d, d->db);
    must_put(d, d->db, "a", db_integer(1));
    must_put(d, d->db, "b", db_integer(-1));
    must_put(d, d->db, "c", db_integer(1));
    assert_int_equal(d->driver->commit(d->db, &err), WW_STORE);
    need_words(&err, "META_PUT");
    need_words(&err, "meta_value_check");

    /* Told by whoever asks next; the commit is refused then. */
    begin(d, d->db);
    must_put(d, d->db, "a", db_integer(1));
    must_put(d, d->db, "b", db_integer(-1));
    assert_int_equal(get(d, d->db, "a", &(struct db_value){0}, &err), WW_STORE);
    need_words(&err, "META_PUT");
    end_get(d, d->db);
    (void)put(d, d->db, "d", db_integer(1), NULL);
    assert_int_equal(d->driver->commit(d->db, &err), WW_STORE);

    begin(d, d->db);
    must_put(d, d->db, "e", db_integer(1));
    must(d->driver->commit(d->db, &err), &err);
    for (const char *key = "abcd"; *key != '\0'; key++)
        assert_false(is_there(d, d->db, (char[]){*key, '\0'}));
    assert_true(is_there(d, d->db, "e"));
}

static void outside_a_transaction_each_stands_alone(void **state)
{
    struct desk *d = *state;
    struct ww_error err = {0};

    tell(d, d->db, "CREATE TEMP TABLE meta (key TEXT PRIMARY KEY, value BIGINT CHECK (value > 0))");
    must_put(d, d->db, "a", db_integer(1));
    assert_int_equal(put(d, d->db, "b", db_integer(-1), &err), WW_STORE);
    must_put(d, d->db, "c", db_integer(1));
    assert_true(is_there(d, d->db, "a") && is_there(d, d->db, "c"));
    begin(d, d->db);
    must_put(d, d->db, "d", db_integer(1));
    must(d->driver->commit(d->db, &err), &err);
}

/* One plan for all values is wrong for most of a list's: such a statement is not kept prepared. */
static void a_list_is_planned_for_its_values(void **state)
{
    const struct db_value values[] = {db_integer(1)};
    const enum query list = db_slot(0);
    struct desk *d = *state;
    struct ww_error err = {0};
    struct db_value n = {.type = DB_NULL};

    must(d->driver->define(d->db, list,
                           "SELECT COUNT(*) FROM pg_prepared_statements WHERE ($1 = 0 OR $1 = 1)",
                           &err),
         &err);
    for (int64_t kept = 0; kept < 2; kept++) {
        for (unsigned i = 0; i < 2; i++) {
            must(d->driver->start(d->db, list, values, 1, &err), &err);
            must(d->driver->next(d->db, list, &n, 1, &err), &err);
            assert_int_equal(n.integer, kept);
            d->driver->end(d->db, list);
        }
        assert_true(is_there(d, d->db, "schema"));
    }
}

#define MANY 1000

static void many_may_wait_for_their_answers(void **state)
{
    struct desk *d = *state;
    struct ww_error err = {0};

    tell(d, d->db, "CREATE TEMP TABLE meta (key TEXT PRIMARY KEY, value BIGINT CHECK (value > 0))");
    for (int64_t bad = 0; bad < 140; bad += 7) {
        begin(d, d->db);
        for (int64_t i = 1; i < 140; i++) {
            char key[16];

            (void)snprintf(key, sizeof(key), "k%lld", (long long)i);
            if (put(d, d->db, key, db_integer(i == bad ? -1 : i), NULL) != WW_OK)
                break;
        }
        assert_int_equal(d->driver->commit(d->db, NULL), bad == 0 ? WW_OK : WW_STORE);
    }
    begin(d, d->db);
    for (int64_t i = 1; i <= MANY; i++)
        must_put(d, d->db, "n", db_integer(i));
    assert_int_equal(must_get(d, d->db, "n").integer, MANY);
    end_get(d, d->db);
    must(d->driver->commit(d->db, &err), &err);
}

static void large_values_go_through(void **state)
{
    const size_t n = (size_t)10 * 1024 * 1024;
    struct desk *d = *state;
    struct ww_error err = {0};
    struct db_value value;
    char *bytes = malloc(n);

    assert_non_null(bytes);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)((i * 2654435761U) >> 13);
    tell(d, d->db, "CREATE TEMP TABLE meta (key TEXT PRIMARY KEY, value BYTEA)");
    begin(d, d->db);
    for (unsigned i = 0; i < 4; i++)
        must_put(d, d->db, (char[]){(char)('a' + i), '\0'}, db_blob(slice_of(bytes, n - i)));
    must(d->driver->commit(d->db, &err), &err);
    value = must_get(d, d->db, "c");
    assert_int_equal(value.bytes.len, n - 2);
    assert_memory_equal(value.bytes.ptr, bytes, n - 2);
    end_get(d, d->db);
    begin(d, d->db);
    assert_int_equal(put(d, d->db, "e", db_blob(slice_of(bytes, STORE_BLOB_MAX_BYTES + 1)), &err),
                     WW_TOO_BIG);
    d->driver->rollback(d->db);
    free(bytes);
}

/* What is refused by an index would undo the whole transaction, and the next one's like it. */
static void the_longest_keys_fit(void **state)
{
    static const size_t sizes[][2] = {
        {SHORT_KEY_MAX_BYTES,  CAPTURE_KEY_MAX_BYTES},
        {LISTED_URL_MAX_BYTES, SHORT_KEY_MAX_BYTES  },
        {URL_HOST_MAX_BYTES,   SHORT_KEY_MAX_BYTES  },
    };
    struct desk *d = *state;
    struct ww_error err = {0};
    char sql[512];

    tell(d, d->db, "CREATE TEMP TABLE k (n BIGINT, a TEXT, b TEXT, UNIQUE (n, a, b))");
    for (size_t i = 0; i < WW_COUNT(sizes); i++) {
        /* Of digits of hashes nothing can be compressed away but half of each. */
        (void)snprintf(sql, sizeof(sql),
                       "INSERT INTO k SELECT %zu, left(w, %zu), right(w, %zu) FROM (SELECT"
                       " string_agg(translate(encode(sha256(CAST(CAST(i AS TEXT) AS BYTEA)),"
                       " 'base64'), E'\\n', ''), '') AS w FROM generate_series(1, 100) AS g (i)) t",
                       i, sizes[i][0], sizes[i][1]);
        tell(d, d->db, sql);
    }
    assert_int_equal(d->driver->execute(d->db,
                                        "INSERT INTO k SELECT 9, string_agg(encode(sha256(CAST(CAST"
                                        "(i AS TEXT) AS BYTEA)), 'base64'), ''), '' FROM"
                                        " generate_series(1, 200) AS g (i)",
                                        &err),
                     WW_TOO_BIG);
    need_words(&err, "larger than the server takes");
}

/* ---- writers --------------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void who_writes_is_named(void **state)
{
    struct desk *d = *state;
    struct ww_error err = {0};
    char words[64];
    int64_t waited_ms;

    begin(d, d->other);
    waited_ms = now_ms();
    assert_int_equal(d->driver->begin(d->db, DB_TURN_ROWS, 300, &err), WW_CONFLICT);
    waited_ms = now_ms() - waited_ms;
    assert_true(waited_ms >= 300 && waited_ms < 10000);
    (void)snprintf(words, sizeof(words), "wirewatch etna pid %ld writes to it for ",
                   (long)getpid());
    need_words(&err, words);
    /* The one may read meanwhile, and what the other did stands. */
    assert_true(is_there(d, d->db, "schema"));
    must_put(d, d->other, "k", db_text(SLICE("v")));
    must(d->driver->commit(d->other, &err), &err);
    begin(d, d->db);
    assert_true(is_there(d, d->db, "k"));
    d->driver->rollback(d->db);
}

static void count_up(struct desk *d, struct db *db, unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        char digits[24];
        int64_t n;

        begin(d, db);
        n = strtoll(must_get(d, db, "n").bytes.ptr, NULL, 10);
        end_get(d, db);
        (void)snprintf(digits, sizeof(digits), "%lld", (long long)n + 1);
        must_put(d, db, "n", db_text(slice_from(digits)));
        assert_int_equal(d->driver->commit(db, NULL), WW_OK);
    }
}

static void writers_take_turns(void **state)
{
    struct desk *d = *state;
    int status = -1;
    pid_t child;

    must_put(d, d->db, "n", db_text(SLICE("0")));
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct db *db = connect_as(d, "child", false);

        count_up(d, db, 100);
        d->driver->close(db);
        _exit(0);
    }
    count_up(d, d->db, 100);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(slice_equal(must_get(d, d->db, "n").bytes, SLICE("200")));
    end_get(d, d->db);
}

static void a_reader_cannot_write(void **state)
{
    struct desk *d = *state;
    struct ww_error err = {0};
    struct db *reader = connect_as(d, NULL, true);

    assert_true(is_there(d, reader, "schema"));
    assert_int_equal(put(d, reader, "k", db_text(SLICE("v")), &err), WW_STORE);
    need_words(&err, "it may not be written");
    d->driver->close(reader);
    assert_false(is_there(d, d->db, "k"));
}

/* ---- connections that break -------------------------------------------------------------------
 */

static void end_sessions_but(struct desk *d, struct db *db)
{
    tell(d, db,
         "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
         " WHERE datname = current_database() AND backend_type = 'client backend'"
         " AND pid <> pg_backend_pid()");
}

static void between_transactions_it_connects_again(void **state)
{
    struct desk *d = *state;
    struct ww_error err = {0};
    int64_t now = 0;

    must_put(d, d->db, "k", db_text(SLICE("v")));
    end_sessions_but(d, d->other);
    assert_true(is_there(d, d->db, "k"));
    end_sessions_but(d, d->other);
    must_put(d, d->db, "k", db_text(SLICE("w")));
    end_sessions_but(d, d->other);
    begin(d, d->db);
    must_put(d, d->db, "k2", db_text(SLICE("v")));
    must(d->driver->commit(d->db, &err), &err);
    assert_true(is_there(d, d->other, "k2"));
    end_sessions_but(d, d->other);
    must(d->driver->clock(d->db, &now, &err), &err);
    assert_true(now > 0);
}

static void a_broken_transaction_is_undone_whole(void **state)
{
    struct desk *d = *state;
    struct ww_error err = {0};

    for (unsigned how = 0; how < 3; how++) {
        begin(d, d->db);
        must_put(d, d->db, "a", db_text(SLICE("v")));
        assert_true(is_there(d, d->db, "a"));
        end_sessions_but(d, d->other);
        if (how == 1)
            (void)put(d, d->db, "b", db_text(SLICE("v")), NULL);
        if (how == 2)
            assert_int_equal(get(d, d->db, "a", &(struct db_value){0}, &err), WW_AWAY);
        end_get(d, d->db);
        /* No statement of it begins another transaction behind its back. */
        if (how == 2)
            assert_int_equal(put(d, d->db, "b", db_text(SLICE("v")), &err), WW_AWAY);
        assert_int_equal(d->driver->commit(d->db, &err), WW_AWAY);
        assert_false(is_there(d, d->other, "a"));
        assert_false(is_there(d, d->other, "b"));
    }
    begin(d, d->db);
    must_put(d, d->db, "a", db_text(SLICE("v")));
    end_sessions_but(d, d->other);
    d->driver->rollback(d->db);
    begin(d, d->db);
    must_put(d, d->db, "c", db_text(SLICE("v")));
    must(d->driver->commit(d->db, &err), &err);
    assert_false(is_there(d, d->db, "a"));
    assert_true(is_there(d, d->db, "c"));
}

/* Its kernel still answers for it: the connection stays. */
static void a_server_that_hangs_is_away(void **state)
{
    struct desk *d = *state;
    const struct db_options options = {
        .path = d->store.path, .shown = d->store.path, .answer_ms = 2000};
    const enum query slow = db_slot(0);
    struct ww_error err = {0};
    struct db *db = NULL;

    must(d->driver->open(&options, &db, &err), &err);
    must(d->driver->define(db, slow, "SELECT pg_sleep(30)", &err), &err);
    assert_int_equal(d->driver->start(db, slow, NULL, 0, &err), WW_AWAY);
    need_words(&err, "has not answered for 2 s");
    d->driver->end(db, slow);
    assert_true(is_there(d, db, "schema"));
    begin(d, db);
    must_put(d, db, "k", db_text(SLICE("v")));
    assert_int_equal(d->driver->start(db, slow, NULL, 0, &err), WW_AWAY);
    d->driver->end(db, slow);
    assert_int_equal(d->driver->commit(db, &err), WW_AWAY);
    assert_false(is_there(d, db, "k"));
    /* A change of the schema takes as long as it takes. */
    tell(d, db, "SELECT pg_sleep(3)");
    d->driver->close(db);
}

/* The server waits for a lock that another has. */
/* What a role, a database or a server ends statements and sessions after is not said to us. */
static void limits_of_the_server_are_not_ours(void **state)
{
    static const char *const limits[] = {"statement_timeout", "idle_session_timeout",
                                         "transaction_timeout"};
    struct desk *d = *state;
    char path[TEST_ADDRESS_BYTES + 96];
    struct db_options options = {.path = path, .shown = path};
    struct ww_error err = {0};
    struct db *db = NULL;

    (void)snprintf(path, sizeof(path), "%s%coptions=-cstatement_timeout%%3D200", d->store.path,
                   strchr(d->store.path, '?') != NULL ? '&' : '?');
    must(d->driver->open(&options, &db, &err), &err);
    tell(d, db, "SELECT pg_sleep(0.4)");
    begin(d, d->other);
    assert_int_equal(d->driver->begin(db, DB_TURN_ROWS, 400, &err), WW_CONFLICT);
    d->driver->rollback(d->other);
    tell(d, db, "CREATE TEMP TABLE meta (key TEXT PRIMARY KEY, value TEXT)");
    tell(d, db, "INSERT INTO meta SELECT name, setting FROM pg_settings");
    for (size_t i = 0; i < WW_COUNT(limits); i++) {
        struct db_value value;

        /* The younger ones are not on every server. */
        if (get(d, db, limits[i], &value, &err) == WW_OK && !slice_equal(value.bytes, SLICE("0")))
            fail_msg("%s is %.*s", limits[i], SLICE_ARG(value.bytes));
        end_get(d, db);
    }
    d->driver->close(db);
}

/* By an operator, a pooler: the next try may do. */
static void a_statement_that_is_stopped_is_away(void **state)
{
    struct desk *d = *state;
    struct ww_error err = {0};

    tell(d, d->db, "SET statement_timeout = 100");
    assert_int_equal(d->driver->execute(d->db, "SELECT pg_sleep(20)", &err), WW_AWAY);
    need_words(&err, "stopped a statement");
}

static void who_is_to_end_waits_no_longer(void **state)
{
    struct desk *d = *state;
    volatile sig_atomic_t stop = SIGTERM;
    const struct db_options options = {
        .path = d->store.path, .shown = d->store.path, .stop = &stop};
    const time_t begun = time(NULL);
    struct ww_error err = {0};
    struct db *db = NULL;

    must(d->driver->open(&options, &db, &err), &err);
    begin(d, d->other);
    assert_int_equal(d->driver->begin(db, DB_TURN_ROWS, 120000, &err), WW_AWAY);
    assert_true(time(NULL) - begun < 4 * STORE_STOPPED_MS / 1000);
    must(d->driver->commit(d->other, &err), &err);
    d->driver->close(db);
}

/* A newer program changes a table while an older one has its statements prepared. */
static void statements_outlive_a_change_of_the_tables(void **state)
{
    struct desk *d = *state;
    struct ww_error err = {0};

    assert_int_equal(must_get(d, d->db, "schema").type, DB_TEXT);
    end_get(d, d->db);
    tell(d, d->other, "ALTER TABLE meta ALTER COLUMN value TYPE BYTEA USING CAST(value AS BYTEA)");
    assert_int_equal(must_get(d, d->db, "schema").type, DB_BLOB);
    end_get(d, d->db);
    begin(d, d->db);
    assert_true(is_there(d, d->db, "schema"));
    d->driver->rollback(d->db);
    tell(d, d->other,
         "ALTER TABLE meta ALTER COLUMN value TYPE TEXT USING encode(value, 'escape')");
    begin(d, d->db);
    assert_int_equal(get(d, d->db, "schema", &(struct db_value){0}, &err), WW_AWAY);
    end_get(d, d->db);
    d->driver->rollback(d->db);
    begin(d, d->db);
    assert_true(is_there(d, d->db, "schema"));
    must(d->driver->commit(d->db, &err), &err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(numbers_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reals_come_back_bit_for_bit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bytes_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_are_made_clean, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_types_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_value_may_change_its_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failure_in_the_middle_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(outside_a_transaction_each_stands_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_is_planned_for_its_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_may_wait_for_their_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(large_values_go_through, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_longest_keys_fit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_writes_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(writers_take_turns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reader_cannot_write, set_up, tear_down),
        cmocka_unit_test_setup_teardown(between_transactions_it_connects_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_broken_transaction_is_undone_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_server_that_hangs_is_away, set_up, tear_down),
        cmocka_unit_test_setup_teardown(limits_of_the_server_are_not_ours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_statement_that_is_stopped_is_away, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_is_to_end_waits_no_longer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(statements_outlive_a_change_of_the_tables, set_up,
                                        tear_down),
    };

    if (test_store_is_file()) {
        print_message("no server: WW_TEST_STORE is not set\n");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
