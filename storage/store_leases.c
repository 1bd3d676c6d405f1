/* store_leases.c - claims: each a statement of its own, with its condition where it writes. */
#include "storage/store_leases.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "storage/rows.h"
#include "storage/store_history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct member text_member = {MEMBER_TEXT, 0, NULL};

static enum ww_status claim_alone(struct store *s, enum query query, const struct db_value *values,
                                  size_t n_values, struct ww_error *err)
{
    bool unused;

    return row_claim(s, query, values, n_values, &unused, err);
}

/* ---- by name --------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct lease_row, member)
static const struct member lease_members[] = {
    {MEMBER_TEXT,   AT(name),     NULL},
    {MEMBER_TEXT,   AT(token),    NULL},
    {MEMBER_TEXT,   AT(holder),   NULL},
    {MEMBER_NUMBER, AT(taken_at), NULL},
    {MEMBER_NUMBER, AT(until),    NULL},
    {MEMBER_NUMBER, AT(n_taken),  NULL},
    {MEMBER_FLAG,   AT(is_held),  NULL},
};
#undef AT
static const struct shape lease_shape = {sizeof(struct lease_row),
                                         {{lease_members, WW_COUNT(lease_members), 0}}};

enum ww_status store_take_lease(struct store *s, struct slice name, struct slice token,
                                struct slice holder, bool *is_mine, struct ww_error *err)
{
    const struct db_value values[] = {db_text(name), db_text(token), db_text(holder),
                                      db_integer(store_lease_s(s))};

    return row_claim(s, QUERY_LEASE_TAKE, values, WW_COUNT(values), is_mine, err);
}

enum ww_status store_renew_leases(struct store *s, struct slice token, int64_t *n,
                                  struct ww_error *err)
{
    static const struct shape name = {sizeof(struct slice), {{lease_members, 1, 0}}};
    const struct db_value values[] = {db_text(token), db_integer(store_lease_s(s))};
    struct row_list list = {NULL, 0};
    bool is_ours;
    enum ww_status status = row_claim_begin(s, &is_ours, err);

    *n = 0;
    if (status != WW_OK)
        return status;
    arena_reset(store_scratch(s));
    status = row_list(s, QUERY_LEASE_RENEW, values, WW_COUNT(values), &name, store_scratch(s),
                      &list, err);
    *n = (int64_t)list.n_rows;
    return row_claim_end(s, is_ours, status, err);
}

enum ww_status store_release_lease(struct store *s, struct slice name, struct slice token,
                                   struct ww_error *err)
{
    const struct db_value values[] = {db_text(name), db_text(token)};

    return claim_alone(s, QUERY_LEASE_RELEASE, values, WW_COUNT(values), err);
}

enum ww_status store_read_lease(struct store *s, struct slice name, struct arena *arena,
                                struct lease_row *out, struct ww_error *err)
{
    const struct db_value values[] = {db_text(name)};

    return row_read(s, QUERY_LEASE_GET, values, WW_COUNT(values), &lease_shape, arena, out, err);
}

enum ww_status store_list_leases(struct store *s, struct arena *arena, struct lease_list *out,
                                 struct ww_error *err)
{
    struct row_list list = {NULL, 0};
    enum ww_status status = row_list(s, QUERY_LEASE_LIST, NULL, 0, &lease_shape, arena, &list, err);

    *out = (struct lease_list){list.rows, list.n_rows};
    return status;
}

/* ---- whose ----------------------------------------------------------------------------------- */

static struct db_value owner_of(struct store *s)
{
    return db_text(slice_from(store_claimant(s)->owner));
}

void store_claim_as(struct store *s, const char *kind)
{
    struct claimant *c = store_claimant(s);
    char owner[OWNER_BYTES] = "";

    if (kind != NULL)
        (void)snprintf(owner, sizeof(owner), "%.*s/%s", OWNER_BYTES / 2, store_machine(s), kind);
    if (strcmp(owner, c->owner) == 0)
        return; /* what he has goes on */
    memcpy(c->owner, owner, sizeof(owner));
    c->renewed_ms = clock_boot_ms();
    c->renewed_at = 0;
}

const char *store_owner(struct store *s)
{
    return store_claimant(s)->owner;
}

uint64_t store_claims_turn(struct store *s)
{
    struct claimant *c = store_claimant(s);

    /* Nothing was renewed for too long: from here on each is looked at. */
    if (c->owner[0] != '\0' && clock_boot_ms() - c->renewed_ms >= store_lease_s(s) * 1000 * 3 / 4) {
        c->renewed_ms = clock_boot_ms();
        c->turn++;
    }
    return c->turn;
}

static enum ww_status renew(struct store *s, struct ww_error *err)
{
    static const enum query queries[] = {QUERY_CLAIM_RENEW_FEEDS, QUERY_CLAIM_RENEW_HOSTS,
                                         QUERY_CLAIM_RENEW_BACKFILLS};
    struct claimant *c = store_claimant(s);
    const struct db_value values[] = {owner_of(s), db_integer(store_lease_s(s))};
    const int64_t begun_ms = clock_boot_ms();
    int64_t now = 0;
    bool is_ours;
    enum ww_status status = row_claim_begin(s, &is_ours, err);

    if (status != WW_OK)
        return status;
    status = row_numbers(s, QUERY_CLAIM_CLOCK, NULL, 0, &now, 1, err);
    for (size_t i = 0; status == WW_OK && i < WW_COUNT(queries); i++)
        status = claim_alone(s, queries[i], values, WW_COUNT(values), err);
    status = row_claim_end(s, is_ours, status, err);
    if (status != WW_OK)
        return status;
    (void)store_claims_turn(s);
    if (c->renewed_at != 0 && now - c->renewed_at >= store_lease_s(s))
        c->turn++; /* its clock went on, and ours did not */
    c->renewed_at = now;
    c->renewed_ms = begun_ms;
    return WW_OK;
}

enum ww_status store_renew_claims(struct store *s, struct ww_error *err)
{
    const struct claimant *c = store_claimant(s);

    if (c->owner[0] == '\0' || store_is_reader(s) ||
        (store_is_writing(s) && store_driver(s)->is_shared) ||
        clock_boot_ms() - c->renewed_ms < store_lease_s(s) * 1000 / 3)
        return WW_OK;
    return renew(s, err);
}

enum ww_status store_release_claims(struct store *s, int64_t now, int64_t delay_ms,
                                    struct ww_error *err)
{
    const struct db_value values[] = {owner_of(s), db_integer(0), db_integer(0), db_integer(now),
                                      db_integer(delay_ms)};
    enum ww_status status = claim_alone(s, QUERY_FEED_RELEASE_ALL, values, 1, err);

    return status == WW_OK ? claim_alone(s, QUERY_HOST_RELEASE_ALL, values, WW_COUNT(values), err)
                           : status;
}

static enum ww_status is_held(struct store *s, enum query query, struct db_value which, bool *out,
                              struct ww_error *err)
{
    const struct db_value values[] = {which, owner_of(s)};
    int64_t unused;
    enum ww_status status = row_numbers(s, query, values, WW_COUNT(values), &unused, 1, err);

    *out = status == WW_OK;
    return status == WW_NOT_FOUND ? WW_OK : status;
}

/* ---- feeds ----------------------------------------------------------------------------------- */

static const struct member claim_members[] = {
    {MEMBER_NUMBER, offsetof(struct feed_claim, id),          NULL},
    {MEMBER_NUMBER, offsetof(struct feed_claim, next_due_at), NULL},
    {MEMBER_TEXT,   offsetof(struct feed_claim, url),         NULL},
};
static const struct shape claim_shape = {sizeof(struct feed_claim),
                                         {{claim_members, WW_COUNT(claim_members), 0}}};

static int by_id(const void *a, const void *b)
{
    const struct feed_claim *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static int by_due_time(const void *a, const void *b)
{
    const struct feed_claim *x = a, *y = b;

    return x->next_due_at != y->next_due_at ? (x->next_due_at > y->next_due_at ? 1 : -1)
                                            : by_id(a, b);
}

enum ww_status store_claim_feeds(struct store *s, const struct feed_claim_range *range,
                                 struct arena *arena, struct feed_claims *out, struct ww_error *err)
{
    const struct db_value values[] = {
        owner_of(s),
        db_integer(store_lease_s(s)),
        db_integer(range->after_due_at),
        db_integer(range->after_id),
        db_integer(range->due_by),
        db_integer(range->id_max),
        db_integer((int64_t)range->limit),
    };
    struct row_list list = {NULL, 0};
    bool is_ours;
    enum ww_status status = row_claim_begin(s, &is_ours, err);

    *out = (struct feed_claims){NULL, 0};
    if (status != WW_OK)
        return status;
    status = row_list(s, range->is_any ? QUERY_FEED_CLAIM_ALL : QUERY_FEED_CLAIM, values,
                      WW_COUNT(values), &claim_shape, arena, &list, err);
    status = row_claim_end(s, is_ours, status, err);
    if (status != WW_OK)
        return status;
    *out = (struct feed_claims){list.rows, list.n_rows};
    if (out->n_rows > 1) /* an UPDATE has no order */
        qsort(out->rows, out->n_rows, sizeof(*out->rows), range->is_any ? by_id : by_due_time);
    return WW_OK;
}

enum ww_status store_last_feed_id(struct store *s, int64_t *out, struct ww_error *err)
{
    return row_numbers(s, QUERY_FEED_LAST_ID, NULL, 0, out, 1, err);
}

enum ww_status store_leave_feed(struct store *s, int64_t id, bool *out, struct ww_error *err)
{
    const struct db_value values[] = {owner_of(s), db_integer(id)};
    bool is_held = false;
    enum ww_status status = row_claim(s, QUERY_FEED_LEAVE, values, WW_COUNT(values), out, err);

    /* It may have been left before, and the answer was lost. */
    if (status == WW_OK && !*out)
        status = store_holds_feed(s, id, &is_held, err);
    *out = *out || (status == WW_OK && !is_held);
    return status;
}

enum ww_status store_holds_feed(struct store *s, int64_t id, bool *out, struct ww_error *err)
{
    return is_held(s, QUERY_FEED_HELD, db_integer(id), out, err);
}

enum ww_status store_holds_host(struct store *s, struct slice host, bool *out, struct ww_error *err)
{
    return is_held(s, QUERY_HOST_HELD, db_text(host), out, err);
}

/* ---- backfills ------------------------------------------------------------------------------- */

enum ww_status store_claim_backfill(struct store *s, int64_t id, bool *is_others,
                                    struct ww_error *err)
{
    static const struct shape text = {sizeof(struct slice), {{&text_member, 1, 0}}};
    const struct db_value values[] = {db_integer(id), owner_of(s), db_integer(store_lease_s(s))};
    struct slice by = {"", 0};
    bool is_ours;
    enum ww_status status = row_claim_begin(s, &is_ours, err);

    *is_others = false;
    if (status != WW_OK)
        return status;
    arena_reset(store_scratch(s));
    status = row_read(s, QUERY_BACKFILL_CLAIM, values, WW_COUNT(values), &text, store_scratch(s),
                      &by, err);
    status = row_claim_end(s, is_ours, status, err);
    if (status != WW_NOT_FOUND)
        return status;
    status = row_read(s, QUERY_BACKFILL_CLAIMED_BY, values, 1, &text, store_scratch(s), &by, err);
    *is_others = status == WW_OK;
    return *is_others ? ww_fail(err, WW_CONFLICT, "%.*s works on backfill %lld", SLICE_ARG(by),
                                (long long)id)
                      : status;
}

enum ww_status store_release_backfill(struct store *s, int64_t id, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(id), owner_of(s)};

    return claim_alone(s, QUERY_BACKFILL_RELEASE, values, WW_COUNT(values), err);
}

enum ww_status store_holds_backfill(struct store *s, int64_t id, bool *out, struct ww_error *err)
{
    return is_held(s, QUERY_BACKFILL_HELD, db_integer(id), out, err);
}

enum ww_status store_check_backfill(struct store *s, int64_t id, struct ww_error *err)
{
    struct backfill_row row = {0};
    bool is_ours = true;
    enum ww_status status = store_holds_backfill(s, id, &is_ours, err);

    if (status != WW_OK || is_ours)
        return status;
    arena_reset(store_scratch(s));
    if (store_backfill(s, id, store_scratch(s), &row, NULL) == WW_OK &&
        row.state == BACKFILL_CANCELLED)
        return ww_fail(err, WW_CONFLICT, "backfill %lld was cancelled meanwhile", (long long)id);
    return ww_fail(err, WW_CONFLICT, "another machine works on backfill %lld by now",
                   (long long)id);
}
