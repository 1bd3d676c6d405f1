/*
 * store_leases.h - what a process claims for a time, so that several machines share one store.
 *
 * A lease is a row with its holder and a time, LEASE_S ahead, by the database's clock: whoever is
 * not heard of for so long has lost it. Claims are statements of their own, beside the one write
 * transaction where the engine can do that; in a transaction they are part of it.
 */
#ifndef WW_STORAGE_STORE_LEASES_H
#define WW_STORAGE_STORE_LEASES_H

#include "storage/store.h"

/* ---- by name: what one process of all may do --------------------------------------------------
 */

struct lease_row {
    struct slice name;
    struct slice token;  /* of the process that has it, or had it last */
    struct slice holder; /* in words */
    int64_t taken_at, until;
    int64_t n_taken; /* ever: another number each time */
    bool is_held;
};

/* Taken, or kept by the one who has it; *is_mine false: another's. token: 1 to 64 bytes. */
enum ww_status store_take_lease(struct store *s, struct slice name, struct slice token,
                                struct slice holder, bool *is_mine, struct ww_error *err);
/* All of this token for another LEASE_S; *n: how many it still has. */
enum ww_status store_renew_leases(struct store *s, struct slice token, int64_t *n,
                                  struct ww_error *err);
/* Does nothing when it is another's. */
enum ww_status store_release_lease(struct store *s, struct slice name, struct slice token,
                                   struct ww_error *err);
/* WW_NOT_FOUND: nobody ever had it. */
enum ww_status store_read_lease(struct store *s, struct slice name, struct arena *arena,
                                struct lease_row *out, struct ww_error *err);

struct lease_list {
    struct lease_row *rows;
    size_t n_rows;
};

/* Those that somebody has now, by name. */
enum ww_status store_list_leases(struct store *s, struct arena *arena, struct lease_list *out,
                                 struct ww_error *err);

/* ---- whose --------------------------------------------------------------------------------------
 */

/*
 * Whoever claims feeds, hosts and backfills is a machine and what it does there: kind "run" on
 * machine "fuji" is "fuji/run". Of one name one process is at work at a time (store_locks.h). NULL:
 * nobody any more.
 */
void store_claim_as(struct store *s, const char *kind);
const char *store_owner(struct store *s); /* "" when nobody has said */

/*
 * Another number when claims may have been lost since it was asked last, because nothing was heard
 * of us for too long: then each is looked at (store_holds_...) before anything that came of it is
 * stored, and claimed again before more is asked.
 */
uint64_t store_claims_turn(struct store *s);
/* All of the owner's, when a third of their time is over; store_keep does it. */
enum ww_status store_renew_claims(struct store *s, struct ww_error *err);
/*
 * All feeds and hosts of the owner: what a process of his name left behind that died, or when a
 * crawl fails. The hosts count as asked at now, with a pause of delay_ms at least.
 */
enum ww_status store_release_claims(struct store *s, int64_t now, int64_t delay_ms,
                                    struct ww_error *err);

/* ---- feeds; hosts are in store_hosts.h ----------------------------------------------------------
 */

struct feed_claim {
    int64_t id, next_due_at;
    struct slice url;
};

struct feed_claims {
    struct feed_claim *rows;
    size_t n_rows;
};

/* Active ones behind (after_due_at, after_id) up to due_by; is_any: due or not, behind after_id. */
struct feed_claim_range {
    bool is_any;
    int64_t after_due_at, after_id;
    int64_t due_by;
    int64_t id_max; /* those that were added later are not of this run */
    size_t limit;
};

/*
 * The next that are nobody's or the owner's, and whose hosts no other asks now, longest waiting
 * first. The claim ends when their check is stored (store_add_feed_check), or when they are
 * released. The owner's own are told again because an answer may be lost on its way.
 */
enum ww_status store_claim_feeds(struct store *s, const struct feed_claim_range *range,
                                 struct arena *arena, struct feed_claims *out,
                                 struct ww_error *err);
enum ww_status store_last_feed_id(struct store *s, int64_t *out, struct ww_error *err);
/* To the run that asks its host now, another machine's. *out false: it stays the owner's. */
enum ww_status store_leave_feed(struct store *s, int64_t id, bool *out, struct ww_error *err);

/* In a transaction, and then until its end: is it still the owner's? */
enum ww_status store_holds_feed(struct store *s, int64_t id, bool *out, struct ww_error *err);
enum ww_status store_holds_host(struct store *s, struct slice host, bool *out,
                                struct ww_error *err);

/* ---- backfills ----------------------------------------------------------------------------------
 */

/* *is_others: another machine works on it; the message of that WW_CONFLICT says which. */
enum ww_status store_claim_backfill(struct store *s, int64_t id, bool *is_others,
                                    struct ww_error *err);
enum ww_status store_release_backfill(struct store *s, int64_t id, struct ww_error *err);
enum ww_status store_holds_backfill(struct store *s, int64_t id, bool *out, struct ww_error *err);
/* Before a commit of what came of it. WW_CONFLICT: it is another machine's by now, or cancelled. */
enum ww_status store_check_backfill(struct store *s, int64_t id, struct ww_error *err);

#endif
