/* db_postgres_foresee.c - answers that are asked for before their turn, several in one round trip.
 */
#include "storage/db_postgres.h"

#include "base/hash.h"

#include <assert.h>

static uint64_t print_of(const struct db_value *values, size_t n)
{
    uint64_t print = n;

    for (size_t i = 0; i < n; i++) {
        uint64_t own = (uint64_t)values[i].integer;

        if (values[i].type == DB_TEXT || values[i].type == DB_BLOB)
            own = hash64(values[i].bytes);
        print = hash64_mix(print ^ own, (uint64_t)values[i].type);
    }
    return print;
}

void postgres_forget_foreseen(struct db *db)
{
    for (size_t i = 0; i < db->n_pending; i++)
        if (db->pending[i].foreseen != NULL) {
            db->pending[i].foreseen = NULL;
            db->pending[i].gives_rows = false;
        }
    for (size_t i = 0; i < db->n_foreseen; i++) {
        PQclear(db->foreseen[i].result);
        db->foreseen[i] = (struct foreseen){0};
    }
    db->n_foreseen = db->n_taken = 0;
}

enum ww_status postgres_foresee(struct db *db, enum query query, const struct db_value *values,
                                size_t n_values, struct ww_error *err)
{
    struct foreseen *f = &db->foreseen[db->n_foreseen];
    enum ww_status status;

    if (db->n_taken == db->n_foreseen) {
        postgres_forget_foreseen(db);
        f = db->foreseen;
    }
    /* Without room, or a server, it will be asked for when its turn comes. */
    if (db->is_lost || db->n_foreseen == FORESEEN_MAX || PQstatus(db->connection) != CONNECTION_OK)
        return WW_OK;
    status = postgres_send(db, query, values, n_values, err);
    if (status != WW_OK)
        return status;
    assert(db->statements[query].gives_rows); /* so that nothing was waited for */
    *f = (struct foreseen){.query = query, .print = print_of(values, n_values)};
    db->pending[db->n_pending - 1].foreseen = f;
    db->n_foreseen++;
    return WW_OK;
}

bool postgres_take_foreseen(struct db *db, enum query query, const struct db_value *values,
                            size_t n_values, enum ww_status *status, struct ww_error *err)
{
    struct foreseen *f = &db->foreseen[db->n_taken];

    *status = WW_OK;
    if (db->n_taken == db->n_foreseen)
        return false;
    if (f->query == query && f->print == print_of(values, n_values)) {
        if (!f->is_answered)
            *status = postgres_sync(db, err);
        if (*status == WW_OK && f->result != NULL) {
            db->statements[query].result = f->result;
            f->result = NULL;
            db->n_taken++;
            return true;
        }
    }
    postgres_forget_foreseen(db);
    /* Outside a transaction it may be asked once more. */
    return *status != WW_OK && db->is_in_transaction;
}
