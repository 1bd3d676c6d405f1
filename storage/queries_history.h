/* queries_history.h - statements on backfills, their lists and finds. */

#define BACKFILL_COLUMNS                                                         \
    "id, source, target, since_at, until_at, matches_first, captures, delay_ms," \
    " budget, state, created_at, worked_at, ended_at, n_requests, n_bytes, message"

QUERY(BACKFILL_ADD, "INSERT INTO backfill (source, target, since_at, until_at, matches_first,"
                    " captures, delay_ms, budget, state, created_at, worked_at, ended_at,"
                    " n_requests, n_bytes, message)"
                    " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
                    " RETURNING id")
QUERY(BACKFILL_GET, "SELECT " BACKFILL_COLUMNS " FROM backfill WHERE id = $1")
QUERY(BACKFILL_SAME, "SELECT " BACKFILL_COLUMNS " FROM backfill WHERE source = $2"
                     " AND target = $3 AND since_at = $4 AND until_at = $5"
                     " AND matches_first = $6 AND captures = $7"
                     " AND (state = 'planned' OR state = 'open') ORDER BY id DESC LIMIT 1")
QUERY(BACKFILL_UPDATE, "UPDATE backfill SET delay_ms = $8, budget = $9, state = $10,"
                       " worked_at = $12, ended_at = $13, n_requests = $14, n_bytes = $15,"
                       " message = $16 WHERE id = $1")
QUERY(BACKFILL_LIST, "SELECT " BACKFILL_COLUMNS " FROM backfill"
                     " WHERE created_at >= $1 AND created_at < $2"
                     " ORDER BY id DESC LIMIT $3 OFFSET $4")
/* Whoever works on it has lost it by that, and stores nothing more: BACKFILL_HELD. */
QUERY(BACKFILL_CANCEL, "UPDATE backfill SET state = 'cancelled', ended_at = $2,"
                       " claimed_by = '', claimed_until = 0"
                       " WHERE id = $1 AND (state = 'planned' OR state = 'open') RETURNING id")
QUERY(BACKFILL_CANCEL_PAGES,
      "UPDATE page SET state = 'refused', last_error = 'its backfill was cancelled',"
      " fetched_at = 0, n_tries = 0" /* as if it had never been asked: PAGE_ANNOUNCE */
      " WHERE state = 'queued' AND is_historic = 1 AND feed_id IS NULL AND id IN"
      " (SELECT page_id FROM find WHERE backfill_id = $1 AND state = 'queued')"
      " AND NOT EXISTS (SELECT 1 FROM find f JOIN backfill b ON b.id = f.backfill_id"
      "  WHERE f.page_id = page.id AND f.state = 'queued' AND b.id <> $1"
      "  AND (b.state = 'planned' OR b.state = 'open'))")

/* ---- lists ----------------------------------------------------------------------------------- */

#define LIST_COLUMNS                                                          \
    "id, backfill_id, url, format, covers_at, depth, cursor, state, n_tries," \
    " not_before, last_status, last_error, n_found, n_bad, n_left, fetched_at"

QUERY(LIST_ADD, "INSERT INTO backfill_list (backfill_id, url, format, covers_at, depth, cursor,"
                " state, n_tries, not_before, last_status, last_error, n_found, n_bad, n_left,"
                " fetched_at)"
                " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
                " ON CONFLICT (backfill_id, url) DO NOTHING RETURNING id")
QUERY(LIST_ID, "SELECT id FROM backfill_list WHERE backfill_id = $2 AND url = $3")
QUERY(LIST_GET, "SELECT " LIST_COLUMNS " FROM backfill_list WHERE id = $1")
QUERY(LIST_UPDATE, "UPDATE backfill_list SET format = $4, covers_at = $5, cursor = $7, state = $8,"
                   " n_tries = $9, not_before = $10, last_status = $11, last_error = $12,"
                   " n_found = $13, n_bad = $14, n_left = $15, fetched_at = $16 WHERE id = $1")
QUERY(LIST_DUE, "SELECT " LIST_COLUMNS " FROM backfill_list"
                " WHERE backfill_id = $1 AND state = 'queued' AND not_before <= $2"
                " ORDER BY covers_at DESC, id LIMIT $3")
QUERY(LIST_OF, "SELECT " LIST_COLUMNS " FROM backfill_list WHERE backfill_id = $1"
               " ORDER BY id LIMIT $2 OFFSET $3")
QUERY(LIST_COUNTS, "SELECT COUNT(*) FILTER (WHERE state = 'queued'),"
                   " COUNT(*) FILTER (WHERE state = 'done'),"
                   " COUNT(*) FILTER (WHERE state = 'failed'),"
                   " COUNT(*) FILTER (WHERE state = 'passed'),"
                   " COALESCE(SUM(n_left) FILTER (WHERE n_left > 0 AND state = 'queued'), 0),"
                   " COALESCE(SUM(n_bad), 0),"
                   " CASE WHEN COUNT(*) FILTER (WHERE state = 'queued' AND not_before <= $2) > 0"
                   " THEN 0 ELSE COALESCE(MIN(not_before) FILTER (WHERE state = 'queued'), 0) END"
                   " FROM backfill_list WHERE backfill_id = $1")

/* ---- finds ----------------------------------------------------------------------------------- */

#define FIND_COLUMNS_BEFORE_TEXT                                                  \
    "id, backfill_id, list_id, page_id, url, canonical, title, author, language," \
    " published_at, published_precision, modified_at"
#define FIND_COLUMNS_BEHIND_TEXT                                                  \
    "capture, captured_at, capture_offset, capture_bytes, digest, state, message" \
    ", n_tries, not_before"
#define FIND_COLUMNS FIND_COLUMNS_BEFORE_TEXT ", text, " FIND_COLUMNS_BEHIND_TEXT
#define FIND_COLUMNS_WITHOUT_TEXT \
    FIND_COLUMNS_BEFORE_TEXT ", CAST('' AS BLOB), " FIND_COLUMNS_BEHIND_TEXT

QUERY(FIND_ADD, "INSERT INTO find (backfill_id, list_id, page_id, url, canonical, title, author,"
                " language, published_at, published_precision, modified_at, text, capture,"
                " captured_at, capture_offset, capture_bytes, digest, state, message, n_tries,"
                " not_before, host)"
                " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,"
                " $18, $19, $20, $21, $22, $23)"
                " ON CONFLICT (backfill_id, canonical, capture) DO NOTHING RETURNING id")
QUERY(FIND_ID, "SELECT id FROM find WHERE backfill_id = $2 AND canonical = $6 AND capture = $14")
QUERY(FIND_GET, "SELECT " FIND_COLUMNS " FROM find WHERE id = $1")
QUERY(FIND_UPDATE, "UPDATE find SET page_id = $4, text = $13, state = $19, message = $20,"
                   " n_tries = $21, not_before = $22 WHERE id = $1")
/* What waits; said twice, since the index is of these states alone. */
QUERY(FIND_IN_STATE, "SELECT " FIND_COLUMNS_WITHOUT_TEXT " FROM find"
                     " WHERE backfill_id = $1 AND state = $2 AND state IN ('found', 'queued')"
                     " ORDER BY published_at DESC, id LIMIT $3")
QUERY(FIND_OF_PAGE, "SELECT " FIND_COLUMNS " FROM find WHERE page_id = $2 AND backfill_id = $1"
                    " ORDER BY capture <> '', captured_at, id")

/* Of the copies of a page that wait, the one to be asked for: the earliest after publication. */
#define FIND_COPY_FIRST(page)                                                 \
    "(SELECT c.id FROM find c WHERE c.backfill_id = $1 AND c.page_id = " page \
    " AND c.state = 'queued' AND c.capture <> ''"                             \
    " ORDER BY c.captured_at < c.published_at, c.captured_at, c.id LIMIT 1)"
/* $1 backfill, $2 page. */
QUERY(FIND_COPY_TURN,
      "SELECT COALESCE(" FIND_COPY_FIRST(
          "$2") ", 0),"
                " EXISTS (SELECT 1 FROM find WHERE page_id = $2 AND backfill_id = $1"
                "  AND capture <> '' AND state IN ('done', 'known'))")
QUERY(FIND_COPIES_LEFT, "SELECT COUNT(*) FROM find WHERE backfill_id = $1 AND page_id = $2"
                        " AND state = 'queued' AND capture <> ''")
QUERY(FIND_COPIES_KNOWN, "UPDATE find SET state = 'known' WHERE backfill_id = $1 AND page_id = $2"
                         " AND state = 'queued' AND capture <> ''")

/* One step in the index a host, however much it has: its newest find. $1 backfill */
#define FIND_NEXT_HOST(behind)                                                           \
    "SELECT host FROM find WHERE backfill_id = $1 AND state = 'queued' AND host " behind \
    " ORDER BY host LIMIT 1"
QUERY(FIND_HOSTS_DUE,
      "WITH RECURSIVE hosts (host) AS (VALUES ((" FIND_NEXT_HOST(
          ">= ''") "))"
                   " UNION ALL SELECT (" FIND_NEXT_HOST(
                       "> hosts.host") ") FROM hosts"
                                       " WHERE hosts.host IS NOT NULL)"
                                       " SELECT host, (SELECT published_at FROM find f WHERE "
                                       "f.backfill_id = $1"
                                       "  AND f.state = 'queued' AND f.host = hosts.host"
                                       "  ORDER BY f.published_at DESC LIMIT 1) AS newest"
                                       " FROM hosts WHERE host IS NOT NULL ORDER BY newest DESC, "
                                       "host")
/*
 * $1 backfill, $2 now, $3 host, $4 limit. Its page waits: so does the find, unless its copy was
 * asked for already. Of a page's copies there is one at a time.
 */
QUERY(FIND_DUE,
      "SELECT f.id, f.page_id, f.url, f.published_at, f.capture, f.capture_offset,"
      " f.capture_bytes, LENGTH(f.text) > 0,"
      " CASE WHEN p.state = 'queued' AND f.n_tries = 0 THEN 1 ELSE 0 END, f.n_tries"
      " FROM find f LEFT JOIN page p ON p.id = f.page_id"
      " WHERE f.backfill_id = $1 AND f.state = 'queued' AND f.host = $3"
      " AND f.not_before <= $2"
      " AND (p.id IS NULL OR p.state <> 'queued' OR p.not_before <= $2"
      "  OR p.fetched_at > $2 + 86400 OR f.n_tries > 0)"
      " AND (f.capture = '' OR f.page_id IS NULL"
      "  OR f.id = " FIND_COPY_FIRST("f.page_id") ")"
                                                  " ORDER BY f.published_at DESC, f.id LIMIT $4")

/* ---- what came of it ------------------------------------------------------------------------- */

QUERY(DOCUMENT_COUNT,
      "INSERT INTO backfill_count (backfill_id, name, n) VALUES ($1, $2, $3)"
      " ON CONFLICT (backfill_id, name) DO UPDATE SET n = backfill_count.n + excluded.n")
QUERY(DOCUMENT_COUNTS, "SELECT name, n FROM backfill_count WHERE backfill_id = $1 ORDER BY name")
QUERY(FIND_COUNT_QUEUED, "SELECT COUNT(*) FROM find WHERE backfill_id = $1 AND state = 'queued'"
                         " AND state IN ('found', 'queued')")
QUERY(FIND_COUNTS,
      "SELECT state, COUNT(*) FROM find WHERE backfill_id = $1 GROUP BY state ORDER BY state")
QUERY(FIND_FAILURES, "SELECT message, COUNT(*) AS n FROM find"
                     " WHERE backfill_id = $1 AND state = 'failed'"
                     " GROUP BY message ORDER BY n DESC, message LIMIT $2")
QUERY(HISTORY_GAIN,
      "SELECT COUNT(*),"
      " COUNT(*) FILTER (WHERE EXISTS (SELECT 1 FROM article o WHERE o.story_id = a.story_id"
      "  AND o.id < a.id)),"
      " (SELECT COUNT(*) FROM story s JOIN article f ON f.id = s.first_article_id"
      "  WHERE f.backfill_id = $1),"
      " (SELECT COUNT(*) FROM story s JOIN article r ON r.id = s.root_article_id"
      "  JOIN article f ON f.id = s.first_article_id"
      "  WHERE r.backfill_id = $1 AND f.backfill_id IS DISTINCT FROM $1),"
      " COUNT(*) FILTER (WHERE EXISTS (SELECT 1 FROM mention m WHERE m.article_id = a.id)),"
      " (SELECT COUNT(*) FROM alert l JOIN article x ON x.id = l.article_id"
      "  WHERE x.backfill_id = $1)"
      " FROM article a WHERE a.backfill_id = $1")
/* Each engine has its own way from seconds to a month. */
#define TIMELINE(month)                                                                \
    "SELECT m.item, CASE WHEN a.published_at = 0 THEN '' ELSE " month " END AS month," \
    " COUNT(DISTINCT a.id), COUNT(DISTINCT a.story_id)"                                \
    " FROM mention m JOIN article a ON a.id = m.article_id WHERE a.backfill_id = $1"   \
    " GROUP BY m.item, month ORDER BY m.item, month"
QUERY2(HISTORY_TIMELINE, TIMELINE("strftime('%Y-%m', a.published_at, 'unixepoch')"),
       TIMELINE("to_char(to_timestamp(a.published_at) AT TIME ZONE 'UTC', 'YYYY-MM')"))

/* ---- as people ask: storage/store_finds.h ---------------------------------------------------- */

#define FIND_VIEW                                                                    \
    "SELECT f.id, f.backfill_id, f.page_id, b.source, b.state, COALESCE(l.url, '')," \
    " f.url, f.title, f.capture, f.published_at, f.state, f.message FROM find f"     \
    " JOIN backfill b ON b.id = f.backfill_id LEFT JOIN backfill_list l ON l.id = f.list_id"
/* The index on finds begins with the backfill: each is asked. */
QUERY(FIND_OF_ADDRESS, FIND_VIEW " WHERE f.backfill_id IN (SELECT id FROM backfill)"
                                 " AND f.canonical = $1 ORDER BY f.id DESC LIMIT $2")
QUERY(FIND_DONE, FIND_VIEW " WHERE f.id > $2 AND f.backfill_id = $1 AND f.state = 'done'"
                           " ORDER BY f.id LIMIT $3")
QUERY(FIND_MENTIONS,
      "SELECT COUNT(*) FROM find f WHERE f.id = $1 AND EXISTS (SELECT 1 FROM mention m"
      " WHERE m.article_id IN (SELECT p.article_id FROM page p WHERE p.id = f.page_id"
      " UNION ALL SELECT a.id FROM article a WHERE a.canonical = f.canonical))")
QUERY(LIST_SAYING, "SELECT id, backfill_id, url, format, last_status, last_error"
                   " FROM backfill_list WHERE backfill_id = $1 AND state = $2"
                   " AND last_error <> '' ORDER BY id LIMIT $3")
#define BACKFILL_TOUCHED "CASE WHEN created_at > worked_at THEN created_at ELSE worked_at END"
QUERY(BACKFILL_STANDING, "SELECT COUNT(*), COALESCE(MIN(id), 0),"
                         " COALESCE(MIN(" BACKFILL_TOUCHED "), 0) FROM backfill"
                         " WHERE state = 'open' AND " BACKFILL_TOUCHED " < $1")
QUERY(STATS_HISTORY, "SELECT (SELECT COUNT(*) FROM backfill),"
                     " (SELECT COUNT(*) FROM backfill WHERE state = 'open'),"
                     " (SELECT COUNT(*) FROM find),"
                     " (SELECT COUNT(*) FROM find WHERE state IN ('found', 'queued'))")
/* Where the addresses are that are still to be fetched; a list's own text needs no host. */
QUERY(HISTORY_HOSTS,
      "SELECT substr(rest, 1, instr(rest || '/', '/') - 1) AS name, COUNT(*) AS n FROM"
      " (SELECT substr(url, instr(url, '://') + 3) AS rest FROM find"
      "  WHERE backfill_id = $1 AND state IN ('found', 'queued') AND LENGTH(text) = 0) f"
      " GROUP BY name ORDER BY n DESC, name LIMIT $2")
