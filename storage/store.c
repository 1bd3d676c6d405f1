/* store.c - opening, transactions under the write lock, and the health of the file. */
#include "storage/store.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/database_name.h"
#include "base/deflate.h"
#include "base/limits.h"
#include "base/mem.h"
#include "storage/bucket.h"
#include "storage/locks.h"
#include "storage/migrate.h"
#include "storage/rows.h"
#include "storage/search_index.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Long enough for whoever looks for the lock now and then. */
#define YIELD_MS 20

struct store {
    const struct db_driver *driver;
    struct db *db;
    char *path, *shown, *archive, *machine;
    const struct bucket_options *bucket_options;
    struct bucket *bucket;
    bool is_reader, is_writing, is_away;
    int64_t n_begun;                                  /* transactions */
    int64_t last_ids[STORE_NUMBERED_COUNT], ids_turn; /* of this transaction */
    int64_t schema_before;
    bool index_is_due; /* of words: a batch is full */
    struct lock write_lock;
    bool was_waited_for; /* in the transaction that was committed last */
    int64_t yielded_ms;
    struct held_locks held;
    int64_t lock_wait_ms, lease_s, now;
    struct claimant claimant;
    struct deflater *deflater;
    struct arena scratch;
    char id[STORE_ID_BYTES];
};

struct arena *store_scratch(struct store *s)
{
    return &s->scratch;
}

struct deflater *store_deflater(struct store *s)
{
    return s->deflater;
}

const struct db_driver *store_driver(const struct store *s)
{
    return s->driver;
}

struct db *store_db(const struct store *s)
{
    return s->db;
}

const char *store_path(const struct store *s)
{
    return s->path;
}

const char *store_archive_folder(const struct store *s)
{
    return s->archive;
}

const char *store_machine(const struct store *s)
{
    return s->machine;
}

struct claimant *store_claimant(struct store *s)
{
    return &s->claimant;
}

struct held_locks *store_held(struct store *s)
{
    return &s->held;
}

int64_t store_lease_s(const struct store *s)
{
    return s->lease_s;
}

void store_set_away(struct store *s, bool is_away)
{
    s->is_away = is_away;
}

bool store_is_away(const struct store *s)
{
    return s->is_away;
}

const struct bucket_options *store_bucket_options(const struct store *s)
{
    return s->bucket_options;
}

struct bucket **store_bucket(struct store *s)
{
    return &s->bucket;
}

bool store_is_reader(const struct store *s)
{
    return s->is_reader;
}

bool *store_index_is_due(struct store *s)
{
    return &s->index_is_due;
}

bool store_is_writing(const struct store *s)
{
    return s->is_writing;
}

bool store_is_shared(const struct store *s)
{
    return s->driver->is_shared;
}

int64_t store_hold_ms(const struct store *s)
{
    return s->driver->is_shared ? 0 : COMMIT_EVERY_MS;
}

int64_t store_turn(const struct store *s)
{
    return s->is_writing ? s->n_begun : 0;
}

int64_t store_schema_before(const struct store *s)
{
    return s->schema_before;
}

const char *store_id(const struct store *s)
{
    return s->id;
}

/* ---- open and close -------------------------------------------------------------------------- */

static enum ww_status take_write_lock(struct store *s, int64_t wait_ms, struct ww_error *err)
{
    /* A server keeps its writers apart itself. */
    return s->driver->is_shared
               ? WW_OK
               : lock_take(s->path, LOCK_WRITE, wait_ms, NULL, &s->write_lock, err);
}

static enum ww_status read_id(struct store *s, struct ww_error *err)
{
    struct slice id;
    enum ww_status status;

    arena_reset(&s->scratch);
    status = store_meta(s, SLICE("database"), &s->scratch, &id, err);
    if (status == WW_OK && id.len != sizeof(s->id) - 1)
        status = WW_NOT_FOUND;
    if (status == WW_NOT_FOUND)
        return ww_fail(err, WW_STORE, "%s is damaged: it has lost its name", s->shown);
    if (status == WW_OK)
        memcpy(s->id, id.ptr, id.len);
    return status;
}

static enum ww_status open_database(struct store *s, const struct db_options *options,
                                    struct ww_error *err)
{
    enum ww_status status = s->driver->open(options, &s->db, err);

    if (status == WW_OK)
        status = s->driver->version(s->db, &s->schema_before, err);
    if (status == WW_OK)
        status =
            migrate(s->driver, s->db, s->driver->schema, options, s->lock_wait_ms, s->now, err);
    return status == WW_OK ? read_id(s, err) : status;
}

/* Where its archive is, unless it is told; of an address here. */
static char *archive_beside(const char *path)
{
    static const char name[] = "warc";
    const char *end = database_is_address(slice_from(path)) ? NULL : strrchr(path, '/');
    const size_t n = end != NULL ? (size_t)(end - path) + 1 : 0;
    char *out = mem_array(n + sizeof(name), 1);

    if (out == NULL)
        return NULL;
    memcpy(out, path, n);
    memcpy(out + n, name, sizeof(name));
    return out;
}

enum ww_status store_open(const struct store_options *options, struct store **out,
                          struct ww_error *err)
{
    struct db_options db_options = {.path = options->path,
                                    .is_reader = options->is_reader,
                                    .may_create = options->may_create,
                                    .machine = options->machine,
                                    .stop = options->stop};
    struct store *s = mem_alloc(sizeof(*s));
    enum ww_status status;

    *out = NULL;
    if (s == NULL)
        return ww_fail(err, WW_NOMEM, "no database: out of memory");
    s->driver = db_driver_of(options->path);
    s->is_reader = options->is_reader;
    s->bucket_options = options->bucket;
    s->lock_wait_ms = options->lock_wait_ms > 0 ? options->lock_wait_ms : STORE_LOCK_WAIT_MS;
    s->lease_s = options->lease_s > 0 ? options->lease_s : LEASE_S;
    s->held.wants_leases = options->wants_leases;
    s->now = options->now;
    arena_init(&s->scratch, (size_t)2 * STORE_BLOB_MAX_BYTES);
    s->path = mem_string(options->path, strlen(options->path));
    s->machine = options->machine != NULL ? mem_string(options->machine, strlen(options->machine))
                                          : mem_string("", 0);
    s->archive = options->archive != NULL && options->archive[0] != '\0'
                     ? mem_string(options->archive, strlen(options->archive))
                     : archive_beside(options->path);
    s->shown = db_address_shown(options->path);
    db_options.shown = s->shown;
    if (s->driver == NULL)
        status = db_fail_unknown(options->path, err);
    else
        status = s->path == NULL || s->shown == NULL || s->archive == NULL || s->machine == NULL
                     ? ww_fail(err, WW_NOMEM, "no database: out of memory")
                     : deflater_open(&s->deflater, err);
    if (status == WW_OK)
        status = s->driver->probe(&db_options, err);
    /* A crashed writer's log is recovered by whoever opens next: not beside another writer. */
    if (status == WW_OK && !s->is_reader)
        status = take_write_lock(s, s->lock_wait_ms, err);
    if (status == WW_OK)
        status = open_database(s, &db_options, err);
    lock_release(&s->write_lock);
    if (status == WW_OK)
        *out = s;
    else
        store_close(s);
    return status;
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    store_rollback(s);
    bucket_close(s->bucket);
    for (enum lock_kind kind = LOCK_RUN; kind < LOCK_WRITE; kind++)
        store_unlock(s, kind);
    if (s->db != NULL && !s->is_reader && !s->is_away && s->id[0] != '\0')
        (void)search_index_catch_up(s, true, NULL);
    /* Leave the log short for the next one; when another writes just now, it will do so. */
    if (s->db != NULL && !s->is_reader && take_write_lock(s, 0, NULL) == WW_OK) {
        if (s->driver->tidy != NULL)
            s->driver->tidy(s->db);
        s->driver->close(s->db);
        s->db = NULL;
    }
    lock_release(&s->write_lock);
    if (s->db != NULL)
        s->driver->close(s->db);
    deflater_close(s->deflater);
    arena_release(&s->scratch);
    mem_free(s->path);
    mem_free(s->shown);
    mem_free(s->archive);
    mem_free(s->machine);
    mem_free(s);
}

/* ---- transactions ---------------------------------------------------------------------------- */

static enum ww_status begin(struct store *s, enum db_turn turn, int64_t wait_ms,
                            struct ww_error *err)
{
    enum ww_status status;

    if (s->is_reader || s->is_writing)
        return ww_fail(err, WW_STORE, "%s: %s", s->shown,
                       s->is_reader ? "opened for reading alone" : "a transaction is under way");
    status = take_write_lock(s, wait_ms, err);
    if (status == WW_OK)
        status = s->driver->begin(s->db, turn, wait_ms, err);
    s->is_writing = status == WW_OK;
    s->n_begun++;
    s->is_away = status == WW_AWAY;
    if (status == WW_OK)
        status = locks_begin(s, err);
    if (status == WW_OK)
        return WW_OK;
    store_rollback(s);
    lock_release(&s->write_lock);
    return status;
}

enum ww_status store_begin(struct store *s, struct ww_error *err)
{
    return begin(s, DB_TURN_ROWS, s->lock_wait_ms, err);
}

enum ww_status store_begin_words(struct store *s, bool is_patient, struct ww_error *err)
{
    /* A file has one lock for all, and whoever holds that is soon through. */
    const bool waits = is_patient || !s->driver->is_shared;

    return begin(s, DB_TURN_WORDS, waits ? s->lock_wait_ms : 0, err);
}

enum ww_status store_commit(struct store *s, struct ww_error *err)
{
    bool is_waited_for;
    enum ww_status status;

    if (!s->is_writing)
        return ww_fail(err, WW_STORE, "%s: commit outside a transaction", s->shown);
    status = s->driver->commit(s->db, err);
    if (status != WW_OK) {
        s->driver->rollback(s->db);
        s->held.renewed_ms = 0; /* what was renewed in it is not */
    }
    s->is_writing = false;
    is_waited_for = lock_is_waited_for(&s->write_lock);
    lock_release(&s->write_lock);
    /* What cannot be indexed now will be later: the commit stands. */
    if (status == WW_OK && s->index_is_due)
        (void)search_index_catch_up(s, false, NULL);
    s->was_waited_for = is_waited_for;
    return status;
}

void store_let_others_write(struct store *s, struct clock *clock)
{
    if (!s->was_waited_for || clock_monotonic_ms(clock) - s->yielded_ms < COMMIT_EVERY_MS)
        return;
    clock_sleep_ms(clock, YIELD_MS);
    s->yielded_ms = clock_monotonic_ms(clock);
}

void store_rollback(struct store *s)
{
    if (!s->is_writing)
        return;
    s->driver->rollback(s->db);
    s->is_writing = false;
    s->held.renewed_ms = 0; /* what was renewed in it is not */
    lock_release(&s->write_lock);
}

enum ww_status store_next_id(struct store *s, enum store_numbered table, int64_t *out,
                             struct ww_error *err)
{
    enum ww_status status = WW_OK;

    *out = 0;
    if (!s->is_writing)
        return ww_fail(err, WW_STORE, "%s: an id outside a transaction", s->shown);
    if (s->ids_turn != s->n_begun)
        status =
            row_numbers(s, QUERY_NEWS_LAST_IDS, NULL, 0, s->last_ids, STORE_NUMBERED_COUNT, err);
    if (status == WW_OK) {
        s->ids_turn = s->n_begun;
        *out = ++s->last_ids[table];
    }
    return status;
}

/* ---- meta ------------------------------------------------------------------------------------ */

static const struct member text_member[] = {
    {MEMBER_TEXT, 0, NULL}
};
static const struct shape text_shape = {sizeof(struct slice), {{text_member, 1, 0}}};

enum ww_status store_meta(struct store *s, struct slice key, struct arena *arena, struct slice *out,
                          struct ww_error *err)
{
    const struct db_value values[] = {db_text(key)};

    return row_read(s, QUERY_META_GET, values, WW_COUNT(values), &text_shape, arena, out, err);
}

enum ww_status store_put_meta(struct store *s, struct slice key, struct slice value,
                              struct ww_error *err)
{
    const struct db_value values[] = {db_text(key), db_text(value)};

    return row_write(s, QUERY_META_PUT, values, WW_COUNT(values), err);
}

enum ww_status store_note_number(struct store *s, struct slice key, int64_t n, struct ww_error *err)
{
    char digits[24];
    enum ww_status status = store_begin(s, err);

    (void)snprintf(digits, sizeof(digits), "%" PRId64, n);
    if (status == WW_OK)
        status = store_put_meta(s, key, slice_from(digits), err);
    if (status == WW_OK)
        return store_commit(s, err);
    store_rollback(s);
    return status;
}

/* ---- health ---------------------------------------------------------------------------------- */

static enum ww_status add_lines(struct store *s, enum query query, struct arena *arena,
                                struct buf *report, struct ww_error *err)
{
    struct row_list lines;
    enum ww_status status = row_list(s, query, NULL, 0, &text_shape, arena, &lines, err);

    for (size_t i = 0; i < lines.n_rows; i++) {
        struct slice line = ((struct slice *)lines.rows)[i];

        if (!slice_equal(line, SLICE("ok"))) {
            buf_add(report, line);
            buf_add_char(report, '\n');
        }
    }
    return status;
}

struct stored_text {
    int64_t article_id;
    struct slice body, cut;
};

static const struct member stored_text_members[] = {
    {MEMBER_NUMBER, offsetof(struct stored_text, article_id), NULL},
    {MEMBER_BYTES,  offsetof(struct stored_text, body),       NULL},
    {MEMBER_BYTES,  offsetof(struct stored_text, cut),        NULL},
};
static const struct shape stored_text_shape = {
    sizeof(struct stored_text), {{stored_text_members, WW_COUNT(stored_text_members), 0}}};

/* The engine looks at pages, not at what stands in them: the checksums of the texts do. */
static enum ww_status check_texts(struct store *s, struct buf *report, struct ww_error *err)
{
    struct row_list list;
    struct slice text;
    int64_t last = 0;
    enum ww_status status;

    do {
        const struct db_value values[] = {db_integer(last)};

        arena_reset(&s->scratch);
        status = row_list(s, QUERY_CHECK_TEXTS, values, WW_COUNT(values), &stored_text_shape,
                          &s->scratch, &list, err);
        for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
            const struct stored_text *t = (struct stored_text *)list.rows + i;

            last = t->article_id;
            if (deflate_unpack(t->body, STORE_BLOB_MAX_BYTES, &s->scratch, &text, NULL) != WW_OK ||
                deflate_unpack(t->cut, STORE_BLOB_MAX_BYTES, &s->scratch, &text, NULL) != WW_OK)
                buf_printf(report, "the text of article %lld is damaged\n", (long long)last);
        }
    } while (status == WW_OK && list.n_rows > 0);
    return status;
}

enum ww_status store_check(struct store *s, struct arena *arena, struct slice *out,
                           struct ww_error *err)
{
    struct buf report;
    enum ww_status status;

    buf_init(&report, (size_t)64 * 1024);
    status = add_lines(s, QUERY_CHECK, arena, &report, err);
    if (status == WW_OK)
        status = add_lines(s, QUERY_CHECK_LINKS, arena, &report, err);
    if (status == WW_OK)
        status = check_texts(s, &report, err);
    /* More findings than the buffer holds are not more telling. */
    *out = arena_copy(arena, buf_slice(&report));
    buf_release(&report);
    return status == WW_OK ? arena_check(arena, err) : status;
}
