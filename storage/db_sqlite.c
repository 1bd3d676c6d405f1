/*
 * db_sqlite.c - the embedded engine: one file in WAL mode, every commit on the disk before it
 * counts. The only caller of sqlite3_*.
 */
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "storage/db.h"
#include "storage/schema.h"
#include "storage/search_form.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

/* "wire" in the file's header: what file(1) and we tell our databases by. */
#define APPLICATION_ID 0x77697265
#define APPLICATION_ID_TEXT "2003399269"
/* Other programs (a backup, a shell) may hold the file for a moment. */
#define BUSY_TIMEOUT_MS 10000

/* No statement has more placeholders: an article has 27. */
#define PLACEHOLDERS_MAX 64

struct statement {
    sqlite3_stmt *handle; /* NULL until its first use */
    /*
     * Where $1, $2 ... are for SQLite, which takes $1 for a name and numbers it by its first
     * appearance; 0: the statement has none.
     */
    unsigned char places[PLACEHOLDERS_MAX];
    bool gives_id; /* of the row it adds or changes: see cut_returning */
    bool is_update, is_given;
    int64_t first_value; /* $1: the id of the row an UPDATE changes */
};

struct db {
    sqlite3 *handle;
    char *path;
    bool is_broken; /* an fsync failed: what this connection believes is no longer known */
    struct statement statements[QUERY_COUNT + DB_SLOTS];
};

/* ---- errors ---------------------------------------------------------------------------------- */

static bool is_out_of_room(int system_error)
{
    return system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
}

/* The words for a result code, where we know better ones than SQLite's. */
static const char *advice(int code, int system_error)
{
    switch (code & 0xFF) {
    case SQLITE_FULL:
        return "the disk is full: make room and run again, nothing is lost";
    case SQLITE_IOERR:
        return is_out_of_room(system_error)
                   ? "the disk is full or a quota is reached: make room and run again"
                   : "the disk failed to read or write";
    case SQLITE_READONLY:
        return "it may not be written: look at the rights of the file and its folder";
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return "access is denied";
    case SQLITE_CANTOPEN:
        return is_out_of_room(system_error)
                   ? "the disk is full: make room and run again"
                   : "it cannot be opened: look at the rights of the file and its folder";
    case SQLITE_NOTADB:
        return "it is not a database";
    case SQLITE_CORRUPT:
        return "it is damaged: restore a copy, or save what is left with sqlite3's .recover";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another program holds it";
    default:
        return NULL;
    }
}

static enum ww_status status_of(int code)
{
    switch (code & 0xFF) {
    case SQLITE_NOMEM:
        return WW_NOMEM;
    case SQLITE_TOOBIG:
        return WW_TOO_BIG;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return WW_CONFLICT;
    case SQLITE_CONSTRAINT:
        return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY
                   ? WW_CONFLICT
                   : WW_STORE;
    default:
        return WW_STORE;
    }
}

static enum ww_status fail(struct db *db, const char *what, struct ww_error *err)
{
    int last_errno = errno;
    int code = sqlite3_extended_errcode(db->handle);
    int system_error = sqlite3_system_errno(db->handle);
    /* A failed commit leaves SQLite's own note empty; errno is only used to choose words. */
    const char *words = advice(code, system_error != 0 ? system_error : last_errno);

    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC)
        db->is_broken = true;
    if (words == NULL)
        return ww_fail(err, status_of(code), "%s: %.60s: %s", db->path, what,
                       sqlite3_errmsg(db->handle));
    return ww_fail(err, status_of(code), "%s: %s (%.60s, code %d)", db->path, words, what, code);
}

static enum ww_status check_usable(const struct db *db, struct ww_error *err)
{
    if (db->is_broken)
        return ww_fail(err, WW_STORE, "%s: the disk failed to write: nothing more is done with it",
                       db->path);
    return WW_OK;
}

/* ---- opening --------------------------------------------------------------------------------- */

static enum ww_status sqlite_execute(struct db *db, const char *sql, struct ww_error *err)
{
    enum ww_status status = check_usable(db, err);

    if (status == WW_OK && sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        return fail(db, sql, err);
    return status;
}

/* Is there a schema in it? */
static enum ww_status check_new(struct db *db, bool *is_new, struct ww_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum ww_status status = WW_OK;

    if (sqlite3_prepare_v2(db->handle, "SELECT COUNT(*) FROM sqlite_schema", -1, &statement,
                           NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        status = fail(db, "reading its schema", err);
    else
        *is_new = sqlite3_column_int64(statement, 0) == 0;
    (void)sqlite3_finalize(statement);
    return status;
}

static void configure(struct db *db)
{
    static const int switches[][2] = {
  /* Checkpoints are made under the write lock, never by the last one to leave. */
        {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
 /* A hostile or damaged file must not be able to use its own schema against us. */
        {SQLITE_DBCONFIG_DEFENSIVE,        1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA,   0},
        {SQLITE_DBCONFIG_DQS_DML,          0},
        {SQLITE_DBCONFIG_DQS_DDL,          0},
        {SQLITE_DBCONFIG_ENABLE_FKEY,      1},
    };
    int persist_wal = 1;

    (void)sqlite3_extended_result_codes(db->handle, 1);
    (void)sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
    for (size_t i = 0; i < WW_COUNT(switches); i++)
        (void)sqlite3_db_config(db->handle, switches[i][0], switches[i][1], NULL);
    /* A reader that may not write the folder needs -wal and -shm to be there. */
    (void)sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &persist_wal);
}

static enum ww_status prepare_file(struct db *db, const struct db_options *options, bool is_new,
                                   struct ww_error *err)
{
    const bool is_reader = options->is_reader, is_load = options->is_load;
    static const char *const for_reader[] = {"PRAGMA query_only = ON"};
    /* 8 KB pages make the file a quarter smaller than 4 KB ones: texts are 2 to 3 KB packed. */
    static const char *const for_new[] = {"PRAGMA page_size = 8192",
                                          "PRAGMA application_id = " APPLICATION_ID_TEXT};
    static const char *const for_writer[] = {"PRAGMA journal_mode = WAL",
                                             "PRAGMA synchronous = FULL",
                                             "PRAGMA journal_size_limit = 67108864"};
    /* Until it is whole nobody sees it, and who fills it throws it away when that fails. */
    static const char *const for_load[] = {"PRAGMA journal_mode = MEMORY",
                                           "PRAGMA synchronous = OFF", "PRAGMA foreign_keys = OFF",
                                           "PRAGMA cache_size = -131072"};
    static const char *const for_all[] = {"PRAGMA mmap_size = 0", "PRAGMA cache_size = -16384",
                                          "PRAGMA temp_store = MEMORY",
                                          /* Distributions build it to write zeros over all that
                                             is dropped: the index drops as much as it writes. */
                                          "PRAGMA secure_delete = OFF"};
    const struct {
        bool is_wanted;
        const char *const *statements;
        size_t n_statements;
    } steps[] = {
        {is_new && !is_reader,   for_new,    WW_COUNT(for_new)   },
        {!is_reader && !is_load, for_writer, WW_COUNT(for_writer)},
        {true,                   for_all,    WW_COUNT(for_all)   },
        {is_load,                for_load,   WW_COUNT(for_load)  },
        {is_reader,              for_reader, WW_COUNT(for_reader)},
    };

    for (size_t i = 0; i < WW_COUNT(steps); i++) {
        for (size_t k = 0; steps[i].is_wanted && k < steps[i].n_statements; k++) {
            enum ww_status status = sqlite_execute(db, steps[i].statements[k], err);

            if (status != WW_OK)
                return status;
        }
    }
    return WW_OK;
}

static void sqlite_close(struct db *db)
{
    if (db == NULL)
        return;
    for (size_t i = 0; i < WW_COUNT(db->statements); i++)
        (void)sqlite3_finalize(db->statements[i].handle);
    (void)sqlite3_close(db->handle);
    mem_free(db->path);
    mem_free(db);
}

/*
 * Read by hand whose file it is (https://www.sqlite.org/fileformat.html, 1.3): opening another
 * program's database with SQLite may already write beside it.
 */
static enum ww_status check_header(const struct db_options *options, struct ww_error *err)
{
    static const char magic[16] = "SQLite format 3";
    unsigned char header[100] = {0};
    uint32_t application_id = 0;
    ssize_t n;
    int fd = open(options->path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return ww_fail(err, WW_STORE, "%s cannot be read: %s", options->path, strerror(errno));
    n = read(fd, header, sizeof(header));
    (void)close(fd);
    if (n < 0)
        return ww_fail(err, WW_STORE, "%s cannot be read: %s", options->path, strerror(errno));
    if (n == 0)
        return options->may_create && !options->is_reader
                   ? WW_OK
                   : ww_fail(err, WW_NOT_FOUND, "%s: there is no database yet: it is empty",
                             options->path);
    if (n < (ssize_t)sizeof(header) || memcmp(header, magic, sizeof(magic)) != 0)
        return ww_fail(err, WW_STORE, "%s is not a database", options->path);
    for (unsigned i = 68; i < 72; i++)
        application_id = application_id << 8 | header[i];
    if (application_id != APPLICATION_ID)
        return ww_fail(err, WW_STORE, "%s is the database of another program (its id is 0x%08x)",
                       options->path, application_id);
    return WW_OK;
}

/* What sqlite3_open_v2 would say less clearly. */
static enum ww_status sqlite_probe(const struct db_options *options, struct ww_error *err)
{
    struct stat info;

    if (stat(options->path, &info) != 0) {
        if (errno != ENOENT)
            return ww_fail(err, WW_STORE, "%s: %s", options->path, strerror(errno));
        if (!options->may_create || options->is_reader)
            return ww_fail(err, WW_NOT_FOUND, "%s: there is no database yet", options->path);
        return WW_OK;
    }
    if (!S_ISREG(info.st_mode))
        return ww_fail(err, WW_STORE, "%s is not a file", options->path);
    if (!options->is_reader && access(options->path, W_OK) != 0)
        return ww_fail(err, WW_STORE, "%s may not be written: %s", options->path, strerror(errno));
    return check_header(options, err);
}

static enum ww_status sqlite_open(const struct db_options *options, struct db **out,
                                  struct ww_error *err)
{
    bool is_new = false;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    struct db *db = NULL;
    enum ww_status status = WW_OK;

    *out = NULL;
    db = mem_alloc(sizeof(*db));
    if (db != NULL)
        db->path = mem_string(options->path, strlen(options->path));
    if (db == NULL || db->path == NULL) {
        status = ww_fail(err, WW_NOMEM, "%s: out of memory", options->path);
        goto out;
    }
    flags |= options->is_reader ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (options->may_create && !options->is_reader)
        flags |= SQLITE_OPEN_CREATE;
    /* One thread calls it, and nobody asks how much it holds: no locks and no sums at each malloc.
     */
    (void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sqlite3_open_v2(options->path, &db->handle, flags, NULL) != SQLITE_OK) {
        status = db->handle == NULL ? ww_fail(err, WW_NOMEM, "%s: out of memory", options->path)
                                    : fail(db, "opening it", err);
        goto out;
    }
    configure(db);
    status = check_new(db, &is_new, err);
    if (status == WW_OK)
        status = prepare_file(db, options, is_new, err);
out:
    if (status != WW_OK)
        sqlite_close(db);
    else
        *out = db;
    return status;
}

/* ---- statements ------------------------------------------------------------------------------ */

static int bind_bytes(sqlite3_stmt *statement, int at, const struct db_value *value)
{
    /* A NULL pointer would bind NULL: absent texts are empty here. */
    const char *bytes = value->bytes.ptr != NULL ? value->bytes.ptr : "";

    if (value->type == DB_TEXT)
        return sqlite3_bind_text64(statement, at, bytes, value->bytes.len, SQLITE_STATIC,
                                   SQLITE_UTF8);
    return sqlite3_bind_blob64(statement, at, bytes, value->bytes.len, SQLITE_STATIC);
}

static int bind(sqlite3_stmt *statement, int at, const struct db_value *value)
{
    switch (value->type) {
    case DB_NULL:
        return sqlite3_bind_null(statement, at);
    case DB_INTEGER:
        return sqlite3_bind_int64(statement, at, value->integer);
    case DB_REAL:
        return sqlite3_bind_double(statement, at, value->real);
    case DB_TEXT:
    case DB_BLOB:
        return bind_bytes(statement, at, value);
    }
    return SQLITE_MISUSE;
}

static void find_placeholders(struct statement *statement)
{
    for (unsigned i = 0; i < PLACEHOLDERS_MAX; i++) {
        char name[4] = {'$', (char)('1' + i), '\0', '\0'};

        if (i >= 9) {
            name[1] = (char)('0' + (i + 1) / 10);
            name[2] = (char)('0' + (i + 1) % 10);
        }
        statement->places[i] = (unsigned char)sqlite3_bind_parameter_index(statement->handle, name);
    }
}

/*
 * SQLite collects what RETURNING gives in a table of its own, which costs as much as the row that
 * is added. Where that is the id of the one row that is added, or changed by its id, it is known as
 * well. How much of the text is left then.
 */
static size_t cut_returning(struct slice text, bool *gives_id)
{
    const struct slice returning = SLICE(" RETURNING id");

    *gives_id =
        slice_ends(text, returning) &&
        ((slice_starts(text, SLICE("INSERT ")) && !slice_contains(text, SLICE(" DO UPDATE "))) ||
         (slice_starts(text, SLICE("UPDATE ")) && slice_contains(text, SLICE(" WHERE id = $1"))));
    return *gives_id ? text.len - returning.len : text.len;
}

static const char *name_of(struct db *db, enum query query)
{
    return query < QUERY_COUNT ? query_name(query) : sqlite3_sql(db->statements[query].handle);
}

static enum ww_status sqlite_define(struct db *db, enum query slot, const char *text,
                                    struct ww_error *err)
{
    struct statement *statement = &db->statements[slot];

    assert(slot >= QUERY_COUNT && slot < WW_COUNT(db->statements));
    (void)sqlite3_finalize(statement->handle);
    *statement = (struct statement){0};
    if (sqlite3_prepare_v3(db->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &statement->handle,
                           NULL) != SQLITE_OK)
        return fail(db, text, err);
    find_placeholders(statement);
    return WW_OK;
}

static enum ww_status prepare(struct db *db, enum query query, struct ww_error *err)
{
    struct statement *statement = &db->statements[query];
    const char *text;
    size_t len;

    if (statement->handle != NULL)
        return WW_OK;
    assert(query < QUERY_COUNT);
    text = query_text(query, DIALECT_SQLITE);
    len = cut_returning(slice_from(text), &statement->gives_id);
    statement->is_update = slice_starts(slice_from(text), SLICE("UPDATE "));
    if (sqlite3_prepare_v3(db->handle, text, (int)len, SQLITE_PREPARE_PERSISTENT,
                           &statement->handle, NULL) != SQLITE_OK)
        return fail(db, query_name(query), err);
    find_placeholders(statement);
    return WW_OK;
}

static enum ww_status sqlite_start(struct db *db, enum query query, const struct db_value *values,
                                   size_t n_values, struct ww_error *err)
{
    struct statement *statement = &db->statements[query];
    enum ww_status status = check_usable(db, err);

    statement->is_given = false;
    statement->first_value = n_values > 0 ? values[0].integer : 0;
    assert(n_values <= PLACEHOLDERS_MAX);
    if (status == WW_OK)
        status = prepare(db, query, err);
    for (size_t i = 0; status == WW_OK && i < n_values; i++)
        if (statement->places[i] != 0 &&
            bind(statement->handle, statement->places[i], &values[i]) != SQLITE_OK)
            status = fail(db, name_of(db, query), err);
    return status;
}

static struct db_value column(sqlite3_stmt *statement, int at)
{
    struct db_value value = {
        .type = DB_NULL, .bytes = {"", 0}
    };
    const void *bytes;

    switch (sqlite3_column_type(statement, at)) {
    case SQLITE_INTEGER:
        return db_integer(sqlite3_column_int64(statement, at));
    case SQLITE_FLOAT:
        value.type = DB_REAL;
        value.real = sqlite3_column_double(statement, at);
        return value;
    case SQLITE_TEXT:
    case SQLITE_BLOB:
        value.type = sqlite3_column_type(statement, at) == SQLITE_TEXT ? DB_TEXT : DB_BLOB;
        bytes = value.type == DB_TEXT ? (const void *)sqlite3_column_text(statement, at)
                                      : sqlite3_column_blob(statement, at);
        if (bytes != NULL)
            value.bytes = slice_of(bytes, (size_t)sqlite3_column_bytes(statement, at));
        return value;
    default:
        return value;
    }
}

static enum ww_status sqlite_next(struct db *db, enum query query, struct db_value *columns,
                                  size_t n_columns, struct ww_error *err)
{
    struct statement *s = &db->statements[query];
    sqlite3_stmt *statement = s->handle;
    int code = s->is_given ? SQLITE_DONE : sqlite3_step(statement);
    int n = sqlite3_column_count(statement);

    if (code == SQLITE_DONE && s->gives_id && !s->is_given && sqlite3_changes(db->handle) > 0) {
        s->is_given = true;
        for (size_t i = 0; i < n_columns; i++)
            columns[i] =
                db_integer(s->is_update ? s->first_value : sqlite3_last_insert_rowid(db->handle));
        return WW_OK;
    }
    if (code == SQLITE_DONE)
        return WW_NOT_FOUND;
    if (code != SQLITE_ROW)
        return fail(db, name_of(db, query), err);
    for (size_t i = 0; i < n_columns; i++)
        columns[i] = i < (size_t)n ? column(statement, (int)i)
                                   : (struct db_value){
                                         .type = DB_NULL, .bytes = {"", 0}
        };
    return WW_OK;
}

static void sqlite_end(struct db *db, enum query query)
{
    sqlite3_stmt *statement = db->statements[query].handle;

    if (statement == NULL)
        return; /* it could not be prepared */
    (void)sqlite3_reset(statement);
    (void)sqlite3_clear_bindings(statement);
}

/* ---- transactions ---------------------------------------------------------------------------- */

static enum ww_status sqlite_begin_reading(struct db *db, struct ww_error *err)
{
    return sqlite_execute(db, "BEGIN", err);
}

/* The write lock, a file beside it, is store.c's: it is waited for there. */
static enum ww_status sqlite_begin(struct db *db, enum db_turn turn, int64_t wait_ms,
                                   struct ww_error *err)
{
    WW_UNUSED(turn);
    WW_UNUSED(wait_ms);
    return sqlite_execute(db, "BEGIN IMMEDIATE", err);
}

static enum ww_status sqlite_commit(struct db *db, struct ww_error *err)
{
    return sqlite_execute(db, "COMMIT", err);
}

static void sqlite_rollback(struct db *db)
{
    if (sqlite3_get_autocommit(db->handle) == 0)
        (void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* ---- care ------------------------------------------------------------------------------------ */

/* One statement that no list has: its first value, a number. */
static enum ww_status ask(struct db *db, const char *sql, const char *value, int64_t *out,
                          struct ww_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum ww_status status = check_usable(db, err);
    int code = SQLITE_OK;

    if (status == WW_OK)
        code = sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL);
    if (status == WW_OK && code == SQLITE_OK && value != NULL)
        code = sqlite3_bind_text(statement, 1, value, -1, SQLITE_STATIC);
    if (status == WW_OK && code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW && out != NULL)
        *out = sqlite3_column_int64(statement, 0);
    if (status == WW_OK && code != SQLITE_ROW && code != SQLITE_DONE)
        status = fail(db, sql, err);
    (void)sqlite3_finalize(statement);
    return status;
}

static enum ww_status sqlite_version(struct db *db, int64_t *out, struct ww_error *err)
{
    return ask(db, "PRAGMA user_version", NULL, out, err);
}

/*
 * Made empty first, which VACUUM takes: what stands in the way is of that file, while SQLite's
 * words would be of ours. A name that looks like an address is a name.
 */
static enum ww_status sqlite_copy(struct db *db, const char *path, struct ww_error *err)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    struct buf name;
    enum ww_status status;

    if (fd < 0)
        return errno == EEXIST ? ww_fail(err, WW_REFUSED, "%s is there already", path)
                               : ww_fail(err, WW_REFUSED, "%s: %s", path, strerror(errno));
    (void)close(fd);
    buf_init(&name, PATH_MAX_BYTES + 2);
    buf_printf(&name, "%s%s", strncmp(path, "file:", 5) == 0 ? "./" : "", path);
    status = buf_finish(&name, err);
    if (status == WW_OK)
        status = ask(db, "VACUUM INTO ?", name.ptr, NULL, err);
    if (status != WW_OK)
        (void)unlink(path);
    buf_release(&name);
    return status;
}

/* Leaves the log short for the next one. */
static void sqlite_tidy(struct db *db)
{
    (void)ask(db, "PRAGMA wal_checkpoint(PASSIVE)", NULL, NULL, NULL);
}

const struct db_driver db_sqlite = {
    .name = "sqlite",
    .schema = &schema_sqlite,
    .probe = sqlite_probe,
    .open = sqlite_open,
    .close = sqlite_close,
    .version = sqlite_version,
    .execute = sqlite_execute,
    .define = sqlite_define,
    .start = sqlite_start,
    .next = sqlite_next,
    .end = sqlite_end,
    .begin_reading = sqlite_begin_reading,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .form_search = search_form_fts5,
    .copy = sqlite_copy,
    .tidy = sqlite_tidy,
};
