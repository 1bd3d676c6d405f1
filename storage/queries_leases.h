/*
 * queries_leases.h - statements that claim for a time, and let go: storage/store_leases.h.
 *
 * A claim repeats its condition where it writes: between the look and the write another machine may
 * have been here.
 */

/* ---- by name --------------------------------------------------------------------------------- */

/* $1 name, $2 token, $3 holder, $4 for how long. No row: another has it. */
QUERY(LEASE_TAKE, "INSERT INTO lease (name, token, holder, taken_at, until, n_taken)"
                  " VALUES ($1, $2, $3, unixepoch(), unixepoch() + $4, 1)"
                  " ON CONFLICT (name) DO UPDATE SET token = excluded.token,"
                  " holder = excluded.holder, taken_at = excluded.taken_at,"
                  " until = excluded.until, n_taken = lease.n_taken + 1"
                  " WHERE lease.until <= unixepoch() OR lease.token = excluded.token"
                  " RETURNING n_taken")
/* $1 token, $2 for how long. A row for each that is still its. */
QUERY(LEASE_RENEW, "UPDATE lease SET until = unixepoch() + $2 WHERE token = $1 AND until > 0"
                   " RETURNING name")
QUERY(LEASE_RELEASE, "UPDATE lease SET until = 0 WHERE name = $1 AND token = $2")
QUERY(LEASE_GET, "SELECT name, token, holder, taken_at, until, n_taken, until > unixepoch()"
                 " FROM lease WHERE name = $1")
QUERY(LEASE_LIST, "SELECT name, token, holder, taken_at, until, n_taken, until > unixepoch()"
                  " FROM lease WHERE until > unixepoch() ORDER BY name")

/* ---- feeds ----------------------------------------------------------------------------------- */

#define FREE(t) "(" t "claimed_by = '' OR " t "claimed_until <= unixepoch())"
/* The owner's own, too: of a claim whose answer was lost on its way he does not know. */
#define CLAIMABLE(t) "(" t "claimed_by = $1 OR " FREE(t) ")"
/* Another run asks the host of a feed now, and may ask for the feed as well: no backfill does. */
#define HOST_IS_ANOTHERS                                 \
    "EXISTS (SELECT 1 FROM host h WHERE h.host = f.host" \
    " AND h.claimed_by LIKE '%/run' AND h.claimed_by <> $1 AND h.claimed_until > unixepoch())"
#define FEED_CLAIM_TEXT(which, order, lock)                                                \
    "WITH due AS MATERIALIZED (SELECT f.id AS due_id FROM feed f WHERE f.state = 'active'" \
    " AND f.id <= $6 AND " which " AND " CLAIMABLE(                                        \
        "f.") " AND NOT " HOST_IS_ANOTHERS " ORDER BY " order " LIMIT $7" lock             \
              ") UPDATE feed SET claimed_by = $1, claimed_until = unixepoch() + $2"        \
              " FROM due WHERE id = due_id AND " CLAIMABLE("") " RETURNING id, next_due_at, url"
/* The sitemaps of an index rest with it, and with the index that named it. */
#define FEED_CLAIM_DUE(lock)                                                                  \
    FEED_CLAIM_TEXT("(f.next_due_at, f.id) > ($3, $4) AND f.next_due_at <= $5"                \
                    " AND (f.parent_id IS NULL OR NOT EXISTS (SELECT 1 FROM feed p LEFT JOIN" \
                    " feed g ON g.id = p.parent_id WHERE p.id = f.parent_id"                  \
                    " AND (p.state <> 'active' OR g.state <> 'active')))",                    \
                    "f.next_due_at, f.id", lock)
/*
 * $1 owner, $2 for how long, $3 and $4 due time and id of the last before, $5 due by, $6 highest
 * id, $7 limit. Where several write at a time, nobody waits for a row that another looks at.
 */
QUERY2(FEED_CLAIM, FEED_CLAIM_DUE(""), FEED_CLAIM_DUE(" FOR UPDATE OF f SKIP LOCKED"))
/* Due or not, by their ids. */
QUERY2(FEED_CLAIM_ALL, FEED_CLAIM_TEXT("f.id > $4", "f.id", ""),
       FEED_CLAIM_TEXT("f.id > $4", "f.id", " FOR UPDATE OF f SKIP LOCKED"))
QUERY(FEED_LAST_ID, "SELECT COALESCE(MAX(id), 0) FROM feed")
/* $1 owner, $2 id. No row: nobody else asks its host any more. */
QUERY(FEED_LEAVE, "UPDATE feed AS f SET claimed_by = '', claimed_until = 0 WHERE f.id = $2"
                  " AND f.claimed_by = $1 AND " HOST_IS_ANOTHERS " RETURNING id")
QUERY(FEED_RELEASE_ALL, "UPDATE feed SET claimed_by = '', claimed_until = 0 WHERE claimed_by = $1"
                        " AND claimed_by <> ''")
/* It stays so until the transaction ends. */
QUERY2(FEED_HELD, "SELECT 1 FROM feed WHERE id = $1 AND claimed_by = $2",
       "SELECT 1 FROM feed WHERE id = $1 AND claimed_by = $2 FOR UPDATE")

/* ---- hosts ----------------------------------------------------------------------------------- */

/*
 * $1 owner, $2 host, $3 for how long, $4 time, $5 least pause. Whose lease lapsed may have asked it
 * until now.
 */
#define FREE_OR_MINE "claimed_by = '' OR claimed_by = $1"
QUERY(HOST_CLAIM,
      "UPDATE host SET last_start_at = CASE WHEN " FREE_OR_MINE " OR last_start_at >= $4"
      " THEN last_start_at ELSE $4 END, delay_ms = CASE WHEN " FREE_OR_MINE " OR delay_ms >= $5"
      " THEN delay_ms ELSE $5 END, claimed_by = $1, claimed_until = unixepoch() + $3"
      " WHERE host = $2 AND (claimed_by = $1 OR " FREE("") ") RETURNING " HOST_COLUMNS)
/* $1 to $11 a row, $12 owner, $13 for how long */
QUERY(HOST_CLAIM_NEW, "INSERT INTO host (" HOST_COLUMNS ", robots, claimed_by, claimed_until)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
                      " unixepoch() + $13) ON CONFLICT (host) DO NOTHING RETURNING host")
QUERY(HOST_RELEASE, "UPDATE host SET robots_status = $2, robots_fetched_at = $3,"
                    " robots_failing_since = $4, robots_etag = $5, robots_last_modified = $6,"
                    " not_before = $7, last_start_at = $8, delay_ms = $9, n_failures = $10,"
                    " claimed_by = '', claimed_until = 0 WHERE host = $1 AND claimed_by = $12")
/* $1 owner, $4 time, $5 least pause: those of a process that died. */
QUERY(HOST_RELEASE_ALL, "UPDATE host SET claimed_by = '', claimed_until = 0,"
                        " last_start_at = CASE WHEN last_start_at < $4 THEN $4"
                        " ELSE last_start_at END, delay_ms = CASE WHEN delay_ms < $5 THEN $5"
                        " ELSE delay_ms END WHERE claimed_by = $1 AND claimed_by <> ''")
QUERY2(HOST_HELD, "SELECT 1 FROM host WHERE host = $1 AND claimed_by = $2",
       "SELECT 1 FROM host WHERE host = $1 AND claimed_by = $2 FOR UPDATE")

/* ---- backfills ------------------------------------------------------------------------------- */

QUERY(BACKFILL_CLAIM, "UPDATE backfill SET claimed_by = $2, claimed_until = unixepoch() + $3"
                      " WHERE id = $1 AND (claimed_by = $2 OR " FREE("") ") RETURNING claimed_by")
QUERY(BACKFILL_CLAIMED_BY, "SELECT claimed_by FROM backfill WHERE id = $1")
QUERY(BACKFILL_RELEASE, "UPDATE backfill SET claimed_by = '', claimed_until = 0"
                        " WHERE id = $1 AND claimed_by = $2")
QUERY2(BACKFILL_HELD, "SELECT 1 FROM backfill WHERE id = $1 AND claimed_by = $2",
       "SELECT 1 FROM backfill WHERE id = $1 AND claimed_by = $2 FOR UPDATE")

/* ---- all of an owner ------------------------------------------------------------------------- */

QUERY(CLAIM_CLOCK, "SELECT unixepoch()")
/*
 * A row that somebody writes just now is left for the next time, where several write: waiting for
 * it could be waiting in a circle.
 */
#define RENEW(table, key, lock)                                                           \
    "UPDATE " table " SET claimed_until = unixepoch() + $2 WHERE " key " IN (SELECT " key \
    " FROM " table " WHERE claimed_by = $1 AND claimed_by <> ''" lock ")"
#define RENEW_FREE " FOR UPDATE SKIP LOCKED"
QUERY2(CLAIM_RENEW_FEEDS, RENEW("feed", "id", ""), RENEW("feed", "id", RENEW_FREE))
QUERY2(CLAIM_RENEW_HOSTS, RENEW("host", "host", ""), RENEW("host", "host", RENEW_FREE))
QUERY2(CLAIM_RENEW_BACKFILLS, RENEW("backfill", "id", ""), RENEW("backfill", "id", RENEW_FREE))
