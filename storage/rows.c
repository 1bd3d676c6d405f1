/* rows.c - binding and reading by member tables. */
#include "storage/rows.h"

#include "base/arena.h"
#include "base/deflate.h"
#include "base/limits.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

bool choice_parse(const char *const *names, struct slice name, unsigned *out)
{
    for (unsigned i = 0; names[i] != NULL; i++)
        if (slice_equal(name, slice_from(names[i]))) {
            *out = i;
            return true;
        }
    return false;
}

/* ---- out of a struct ------------------------------------------------------------------------- */

/* Enums are read and written as the unsigned int that both our compilers make of them. */
static unsigned enum_at(const char *at)
{
    unsigned n;

    memcpy(&n, at, sizeof(n));
    return n;
}

static enum ww_status bind_member(struct store *s, const struct member *m, const char *at,
                                  struct db_value *value, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    struct slice packed;

    switch (m->type) {
    case MEMBER_NUMBER:
        *value = db_integer(*(const int64_t *)(const void *)at);
        break;
    case MEMBER_LINK:
        *value = db_link(*(const int64_t *)(const void *)at);
        break;
    case MEMBER_REAL:
        *value = (struct db_value){.type = DB_REAL, .real = *(const double *)(const void *)at};
        break;
    case MEMBER_FLAG:
        *value = db_integer(*(const bool *)(const void *)at ? 1 : 0);
        break;
    case MEMBER_ORDINAL:
        *value = db_integer(enum_at(at));
        break;
    case MEMBER_CHOICE:
        *value = db_text(slice_from(m->names[enum_at(at)]));
        break;
    case MEMBER_TEXT:
        *value = db_text(*(const struct slice *)(const void *)at);
        break;
    case MEMBER_BYTES:
        *value = db_blob(*(const struct slice *)(const void *)at);
        break;
    case MEMBER_PACKED:
        status = deflater_pack(store_deflater(s), *(const struct slice *)(const void *)at,
                               store_scratch(s), &packed, err);
        *value = db_blob(packed);
        break;
    }
    return status;
}

enum ww_status row_bind(struct store *s, const struct part *part, const void *row,
                        struct db_value *values, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    arena_reset(store_scratch(s));
    for (size_t i = 0; status == WW_OK && i < part->n_members; i++)
        status = bind_member(s, &part->members[i], (const char *)row + part->members[i].offset,
                             &values[i], err);
    return status;
}

/* ---- into a struct --------------------------------------------------------------------------- */

static enum ww_status read_member(const struct member *m, const struct db_value *value,
                                  struct arena *arena, char *at, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    struct slice bytes = {"", 0};
    unsigned choice = (unsigned)value->integer;

    switch (m->type) {
    case MEMBER_NUMBER:
    case MEMBER_LINK:
        memcpy(at, &value->integer, sizeof(value->integer));
        break;
    case MEMBER_REAL:
        memcpy(at, &value->real, sizeof(value->real));
        break;
    case MEMBER_FLAG:
        *(bool *)(void *)at = value->integer != 0;
        break;
    case MEMBER_CHOICE:
        if (!choice_parse(m->names, value->bytes, &choice))
            return ww_fail(err, WW_STORE, "the database is damaged: a row says \"%.*s\"",
                           SLICE_ARG(slice_head(value->bytes, 32)));
        memcpy(at, &choice, sizeof(choice));
        break;
    case MEMBER_ORDINAL:
        memcpy(at, &choice, sizeof(choice));
        break;
    case MEMBER_TEXT:
    case MEMBER_BYTES:
        bytes = arena_copy(arena, value->bytes);
        if (bytes.ptr == NULL)
            return arena_check(arena, err);
        memcpy(at, &bytes, sizeof(bytes));
        break;
    case MEMBER_PACKED:
        status = deflate_unpack(value->bytes, STORE_BLOB_MAX_BYTES, arena, &bytes, err);
        if (status == WW_INVALID)
            status = ww_context(err, WW_STORE, "the database is damaged");
        memcpy(at, &bytes, sizeof(bytes));
        break;
    }
    return status;
}

static size_t count_columns(const struct shape *shape)
{
    size_t n = 0;

    for (size_t i = 0; i < SHAPE_PARTS_MAX; i++)
        n += shape->parts[i].n_members;
    assert(n <= COLUMNS_MAX);
    return n;
}

static enum ww_status read_row(const struct shape *shape, const struct db_value *columns,
                               struct arena *arena, void *row, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    size_t at = 0;

    for (size_t i = 0; i < SHAPE_PARTS_MAX; i++) {
        const struct part *part = &shape->parts[i];

        for (size_t k = 0; status == WW_OK && k < part->n_members; k++)
            status = read_member(&part->members[k], &columns[at++], arena,
                                 (char *)row + part->offset + part->members[k].offset, err);
    }
    return status;
}

enum ww_status row_foresee(struct store *s, enum query query, const struct db_value *values,
                           size_t n_values, struct ww_error *err)
{
    const struct db_driver *driver = store_driver(s);

    return driver->foresee == NULL ? WW_OK
                                   : driver->foresee(store_db(s), query, values, n_values, err);
}

enum ww_status row_list_to(struct store *s, enum query query, const struct db_value *values,
                           size_t n_values, const struct shape *shape, row_enough *enough,
                           void *context, struct arena *arena, struct row_list *out,
                           struct ww_error *err)
{
    const struct db_driver *driver = store_driver(s);
    struct db_value columns[COLUMNS_MAX];
    size_t n_columns = count_columns(shape), capacity = 0;
    enum ww_status status = driver->start(store_db(s), query, values, n_values, err);

    bool is_over = false;

    *out = (struct row_list){NULL, 0};
    while (status == WW_OK && !is_over) {
        char *row;

        status = driver->next(store_db(s), query, columns, n_columns, err);
        if (status != WW_OK)
            break;
        out->rows = arena_grow(arena, out->rows, out->n_rows, &capacity, shape->row_bytes);
        if (out->rows == NULL) {
            status = arena_check(arena, err);
            break;
        }
        row = (char *)out->rows + out->n_rows * shape->row_bytes;
        status = read_row(shape, columns, arena, row, err);
        if (status == WW_OK) {
            out->n_rows++;
            is_over = enough != NULL && enough(row, context);
        }
    }
    driver->end(store_db(s), query);
    if (status == WW_NOT_FOUND || is_over)
        return WW_OK;
    *out = (struct row_list){NULL, 0};
    return status;
}

enum ww_status row_list(struct store *s, enum query query, const struct db_value *values,
                        size_t n_values, const struct shape *shape, struct arena *arena,
                        struct row_list *out, struct ww_error *err)
{
    return row_list_to(s, query, values, n_values, shape, NULL, NULL, arena, out, err);
}

enum ww_status row_read(struct store *s, enum query query, const struct db_value *values,
                        size_t n_values, const struct shape *shape, struct arena *arena, void *out,
                        struct ww_error *err)
{
    const struct db_driver *driver = store_driver(s);
    struct db_value columns[COLUMNS_MAX];
    enum ww_status status = driver->start(store_db(s), query, values, n_values, err);

    if (status == WW_OK)
        status = driver->next(store_db(s), query, columns, count_columns(shape), err);
    if (status == WW_OK)
        status = read_row(shape, columns, arena, out, err);
    else if (status == WW_NOT_FOUND)
        (void)ww_fail(err, WW_NOT_FOUND, "not in the database");
    driver->end(store_db(s), query);
    return status;
}

enum ww_status row_numbers(struct store *s, enum query query, const struct db_value *values,
                           size_t n_values, int64_t *out, size_t n_out, struct ww_error *err)
{
    const struct db_driver *driver = store_driver(s);
    struct db_value columns[COLUMNS_MAX];
    enum ww_status status = driver->start(store_db(s), query, values, n_values, err);

    if (status == WW_OK)
        status = driver->next(store_db(s), query, columns, n_out, err);
    for (size_t i = 0; status == WW_OK && i < n_out; i++)
        out[i] = columns[i].integer;
    driver->end(store_db(s), query);
    return status;
}

/* ---- writing --------------------------------------------------------------------------------- */

enum ww_status row_write_returning(struct store *s, enum query query, const struct db_value *values,
                                   size_t n_values, int64_t *out, struct ww_error *err)
{
    if (!store_is_writing(s))
        return ww_fail(err, WW_STORE, "%s outside a transaction", query_name(query));
    return row_numbers(s, query, values, n_values, out, 1, err);
}

enum ww_status row_change(struct store *s, enum query query, const struct db_value *values,
                          size_t n_values, const struct shape *shape, void *out,
                          struct ww_error *err)
{
    if (!store_is_writing(s))
        return ww_fail(err, WW_STORE, "%s outside a transaction", query_name(query));
    return row_read(s, query, values, n_values, shape, NULL, out, err);
}

enum ww_status row_write(struct store *s, enum query query, const struct db_value *values,
                         size_t n_values, struct ww_error *err)
{
    int64_t unused;
    enum ww_status status = row_write_returning(s, query, values, n_values, &unused, err);

    return status == WW_NOT_FOUND ? WW_OK : status;
}

/* ---- claiming -------------------------------------------------------------------------------- */

enum ww_status row_claim_begin(struct store *s, bool *is_ours, struct ww_error *err)
{
    *is_ours = !store_driver(s)->is_shared && !store_is_writing(s);
    return *is_ours ? store_begin(s, err) : WW_OK;
}

enum ww_status row_claim_end(struct store *s, bool is_ours, enum ww_status status,
                             struct ww_error *err)
{
    enum ww_status ended = WW_OK;

    if (is_ours && (status == WW_OK || status == WW_NOT_FOUND))
        ended = store_commit(s, err);
    else if (is_ours)
        store_rollback(s);
    return ended == WW_OK ? status : ended;
}

enum ww_status row_claim(struct store *s, enum query query, const struct db_value *values,
                         size_t n_values, bool *out, struct ww_error *err)
{
    int64_t unused;
    bool is_ours;
    enum ww_status status = row_claim_begin(s, &is_ours, err);

    *out = false;
    if (status != WW_OK)
        return status;
    status = row_numbers(s, query, values, n_values, &unused, 1, err);
    status = row_claim_end(s, is_ours, status, err);
    *out = status == WW_OK;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

/* ---- windows --------------------------------------------------------------------------------- */

struct db_value window_since(const struct store_window *w)
{
    return db_integer(w->since == 0 ? INT64_MIN : w->since);
}

struct db_value window_until(const struct store_window *w)
{
    return db_integer(w->until == 0 ? INT64_MAX : w->until);
}

struct db_value window_limit(const struct store_window *w)
{
    size_t limit = w->limit == 0 ? STORE_LIST_MAX : w->limit;

    return db_integer(limit > INT64_MAX ? INT64_MAX : (int64_t)limit);
}

struct db_value window_offset(const struct store_window *w)
{
    return db_integer(w->offset > INT64_MAX ? INT64_MAX : (int64_t)w->offset);
}
