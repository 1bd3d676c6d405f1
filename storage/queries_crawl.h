/* queries_crawl.h - statements on the database itself, feeds, entries, pages, hosts, runs. */

/* ---- the database ---------------------------------------------------------------------------- */

/*
 * What an engine can say of its own health. A server looks at its pages and foreign keys whenever
 * it touches them: here, whether somebody has told it not to.
 */
QUERY2(CHECK, "PRAGMA integrity_check(20)",
       "SELECT 'index ' || CAST(CAST(x.indexrelid AS regclass) AS TEXT) || ' is not valid'"
       " FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid"
       " WHERE t.relnamespace = CAST(current_schema() AS regnamespace) AND NOT x.indisvalid"
       " UNION ALL SELECT 'constraint ' || k.conname || ' of '"
       "  || CAST(CAST(k.conrelid AS regclass) AS TEXT) || ' was never looked at'"
       " FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid"
       " WHERE t.relnamespace = CAST(current_schema() AS regnamespace) AND NOT k.convalidated"
       " UNION ALL SELECT 'foreign keys of ' || CAST(CAST(g.tgrelid AS regclass) AS TEXT)"
       "  || ' are switched off'"
       " FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid"
       " WHERE t.relnamespace = CAST(current_schema() AS regnamespace) AND g.tgisinternal"
       " AND g.tgenabled <> 'O' LIMIT 20")
QUERY2(CHECK_LINKS,
       "SELECT 'row ' || COALESCE(rowid, '?') || ' of ' || \"table\" ||"
       " ' names a row of ' || parent || ' that is not there'"
       " FROM pragma_foreign_key_check LIMIT 20",
       "SELECT 'ok'")
QUERY(CHECK_TEXTS, "SELECT article_id, body, cut FROM article_text WHERE article_id > $1"
                   " ORDER BY article_id LIMIT 64")
/* A row a column: table, column, type, never NULL, default, place in the key (catalogue.h). Each
 * engine has its own tables of tables. What an engine keeps for search is its own. */
QUERY2(CATALOGUE,
       "SELECT t.name, c.name, lower(c.type), c.\"notnull\", c.dflt_value, c.pk"
       " FROM pragma_table_list t JOIN pragma_table_info(t.name) c"
       " WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
       " ORDER BY t.name, c.cid",
       "SELECT CAST(t.relname AS TEXT) COLLATE \"C\", CAST(c.attname AS TEXT),"
       " CASE format_type(COALESCE(NULLIF(y.typbasetype, 0), y.oid), -1)"
       "  WHEN 'bigint' THEN 'integer' WHEN 'double precision' THEN 'real'"
       "  WHEN 'bytea' THEN 'blob' ELSE format_type(COALESCE(NULLIF(y.typbasetype, 0), y.oid), -1)"
       " END, c.attnotnull, pg_get_expr(d.adbin, d.adrelid),"
       " COALESCE(array_position(CAST(k.conkey AS INTEGER[]), CAST(c.attnum AS INTEGER)), 0)"
       " FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0"
       "  AND NOT c.attisdropped JOIN pg_type y ON y.oid = c.atttypid"
       " LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = c.attnum"
       " LEFT JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p'"
       " WHERE t.relnamespace = CAST(current_schema() AS regnamespace) AND t.relkind = 'r'"
       " AND t.relname NOT LIKE 'search%' ORDER BY 1, c.attnum")
/*
 * What is quicker made when the tables are full: how it goes, how it comes back, in that order.
 * That of search comes back with the last text (SEARCH_FINISH).
 */
QUERY2(COPY_LATER,
       "SELECT 'DROP INDEX \"' || name || '\"', sql FROM sqlite_schema"
       " WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
       "SELECT going, coming FROM ("
       " SELECT 1 AS turn, format('DROP INDEX %I', i.relname) AS going,"
       "  pg_get_indexdef(i.oid) AS coming FROM pg_index x"
       "  JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid"
       "  WHERE t.relnamespace = CAST(current_schema() AS regnamespace)"
       "  AND t.relname NOT LIKE 'search%'"
       "  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid)"
       " UNION ALL SELECT 1, format('DROP INDEX %I', i.relname), '' FROM pg_index x"
       "  JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = to_regclass('search')"
       "  AND NOT x.indisprimary"
       " UNION ALL SELECT 2, format('ALTER TABLE %I DROP CONSTRAINT %I', t.relname, k.conname),"
       "  format('ALTER TABLE %I ADD CONSTRAINT %I %s', t.relname, k.conname,"
       "   pg_get_constraintdef(k.oid))"
       "  FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid WHERE k.contype = 'f'"
       "  AND t.relnamespace = CAST(current_schema() AS regnamespace)) l ORDER BY turn, going")
QUERY(META_GET, "SELECT value FROM meta WHERE key = $1")
QUERY(META_PUT, "INSERT INTO meta (key, value) VALUES ($1, $2)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value")

QUERY2(STATS_FILE,
       "SELECT (SELECT user_version FROM pragma_user_version),"
       " (SELECT page_count FROM pragma_page_count),"
       " (SELECT page_size FROM pragma_page_size),"
       " (SELECT freelist_count FROM pragma_freelist_count)",
       "SELECT (SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'schema'),"
       " (pg_database_size(current_database()) + 8191) / 8192, 8192, 0")
QUERY(STATS_FEEDS, "SELECT COUNT(*), COUNT(*) FILTER (WHERE state = 'active'),"
                   " COUNT(*) FILTER (WHERE state = 'gone'),"
                   " COUNT(*) FILTER (WHERE state = 'paused'),"
                   " COUNT(*) FILTER (WHERE state = 'active' AND health = 'new'),"
                   " COUNT(*) FILTER (WHERE state = 'active' AND health = 'retrying'),"
                   " COUNT(*) FILTER (WHERE state = 'active' AND health = 'failing'),"
                   " COUNT(*) FILTER (WHERE state = 'active' AND health = 'stale')"
                   " FROM feed WHERE state <> 'removed'")
QUERY(STATS_PAGES, "SELECT COUNT(*), COUNT(*) FILTER (WHERE state = 'queued'),"
                   " COUNT(*) FILTER (WHERE state = 'failed'),"
                   " COUNT(*) FILTER (WHERE state = 'quarantined')"
                   " FROM page")
QUERY(STATS_ARTICLES, "SELECT COUNT(*), COUNT(*) FILTER (WHERE is_historic = 1),"
                      " COUNT(*) FILTER (WHERE scanned_with IS NULL),"
                      " COALESCE(SUM(text_bytes), 0)"
                      " FROM article")
QUERY(STATS_TEXTS, "SELECT COALESCE(SUM(LENGTH(body)), 0) FROM article_text")
QUERY(STATS_BODIES, "SELECT COUNT(*), COALESCE(SUM(LENGTH(bytes) + LENGTH(received)"
                    " + LENGTH(head)), 0) FROM page_body")
QUERY(STATS_FACTS, "SELECT (SELECT COUNT(*) FROM entry), (SELECT COUNT(*) FROM story),"
                   " (SELECT COUNT(*) FROM mention), (SELECT COUNT(*) FROM candidate),"
                   " (SELECT COUNT(*) FROM alert), (SELECT COUNT(*) FROM watchlist)")
QUERY(STATS_MESSAGES, "SELECT COUNT(*),"
                      " COUNT(*) FILTER (WHERE state NOT IN ('sent', 'failed', 'dropped')),"
                      " COUNT(*) FILTER (WHERE state = 'failed')"
                      " FROM message")
QUERY(STATS_RUNS, "SELECT COUNT(*), COALESCE(MAX(started_at), 0),"
                  " COALESCE(MAX(ended_at) FILTER (WHERE outcome = 'ok' AND kind = 'run'), 0)"
                  " FROM run")

/* ---- feeds ----------------------------------------------------------------------------------- */

#define FEED_COLUMNS                                                            \
    "id, url, title, outlet, folder, country, language, state, added_at,"       \
    " etag, last_modified, next_due_at, interval_s, last_checked_at,"           \
    " last_ok_at, last_new_at, n_failures, first_failed_at, last_error,"        \
    " last_status, new_url, new_url_since, n_new_url_seen, site, note,"         \
    " tags, tier, kind, selector, parent_id, format, validators_url, rhythm_s," \
    " body_hash, full_at, n_lies, asked_interval_s, skip_hours, skip_days,"     \
    " weight, last_failure, extra, health, host, claimed_by, claimed_until"

QUERY(FEED_ADD, "INSERT INTO feed (url, title, outlet, folder, country, language, state, added_at,"
                " etag, last_modified, next_due_at, interval_s, last_checked_at,"
                " last_ok_at, last_new_at, n_failures, first_failed_at, last_error,"
                " last_status, new_url, new_url_since, n_new_url_seen, site, note, tags, tier,"
                " kind, selector, parent_id, format, validators_url, rhythm_s, body_hash, full_at,"
                " n_lies, asked_interval_s, skip_hours, skip_days, weight, last_failure, extra,"
                " health, host)"
                " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,"
                " $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33,"
                " $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44)"
                " ON CONFLICT (url) DO NOTHING RETURNING id")
/* It is read in whole: an index follows its sitemaps again. */
QUERY(FEED_REVIVE, "UPDATE feed SET state = 'active', health = 'new', next_due_at = $12,"
                   " etag = '', last_modified = '', body_hash = 0"
                   " WHERE url = $2 AND state = 'removed'")
QUERY(FEED_ID, "SELECT id FROM feed WHERE url = $1")
QUERY(FEED_GET, "SELECT " FEED_COLUMNS " FROM feed WHERE id = $1")
QUERY(FEED_GET_URL, "SELECT " FEED_COLUMNS " FROM feed WHERE url = $1")
/*
 * $1 state, $2 health of active ones or "bad", $3 folder, $4 country, $5 language, $6 LIKE pattern,
 * $7 limit, $8 offset, $9 LIKE pattern of a tag, $10 tier, $11 without the sitemaps of an index.
 * The patterns are in lower case: LOWER of a value would go by the rules of a database's country.
 */
QUERY(FEED_LIST, "SELECT " FEED_COLUMNS " FROM feed"
                 " WHERE (state = $1 OR ($1 = '' AND state <> 'removed'))"
                 " AND ($2 = '' OR (state = 'active' AND health = $2)"
                 "  OR ($2 = 'bad' AND (state = 'gone' OR (state = 'active'"
                 "   AND health IN ('retrying', 'failing', 'stale')))))"
                 " AND ($3 = '' OR SUBSTR(folder || '/', 1, LENGTH($3) + 1) = $3 || '/')"
                 " AND ($4 = '' OR country = CASE $4 WHEN '-' THEN '' ELSE $4 END)"
                 " AND ($5 = '' OR ($5 = '-' AND language = '')"
                 " OR SUBSTR(language || '-', 1, LENGTH($5) + 1) = $5 || '-')"
                 " AND ($9 = '' OR ',' || LOWER(tags) || ',' LIKE $9 ESCAPE '\\')"
                 " AND ($10 = 0 OR tier = $10) AND ($11 = 0 OR parent_id IS NULL)"
                 " AND ($6 = '' OR LOWER(url) LIKE $6 ESCAPE '\\'"
                 " OR LOWER(title) LIKE $6 ESCAPE '\\'"
                 " OR LOWER(outlet) LIKE $6 ESCAPE '\\')"
                 " ORDER BY folder, title, id LIMIT $7 OFFSET $8")
QUERY(FEED_LIST_CHILDREN, "SELECT " FEED_COLUMNS " FROM feed WHERE parent_id = $1 ORDER BY id")
/*
 * No feed rests for longer than 8 days: further ahead it was put by a clock that went wrong. The
 * sitemaps of an index rest with it, and with the index that named it.
 */
QUERY(FEED_LIST_DUE, "SELECT " FEED_COLUMNS " FROM feed"
                     " WHERE state = 'active' AND next_due_at NOT BETWEEN $1 + 1 AND $1 + 691200"
                     " AND (parent_id IS NULL OR NOT EXISTS (SELECT 1 FROM feed p"
                     " LEFT JOIN feed g ON g.id = p.parent_id WHERE p.id = feed.parent_id"
                     " AND (p.state <> 'active' OR g.state <> 'active')))"
                     " ORDER BY next_due_at, id LIMIT $2 OFFSET $3")
/*
 * A page read in another way is read for the first time. RETURNING, because an address that another
 * feed has is told at once by what gives rows, and else with the commit.
 */
QUERY(FEED_UPDATE, "UPDATE feed SET url = $2, title = $3, outlet = $4, folder = $5, country = $6,"
                   " language = $7, state = $8, site = $24, note = $25, tags = $26, tier = $27,"
                   " kind = $28, selector = $29, extra = $42, host = $44,"
                   " last_ok_at = CASE WHEN kind = $28 AND selector = $29 THEN last_ok_at ELSE 0"
                   " END WHERE id = $1 RETURNING id")
/* A new address, or active again: what was learned of the old one is void. */
QUERY(FEED_FORGET, "UPDATE feed SET etag = '', last_modified = '', next_due_at = 0,"
                   " n_failures = 0, first_failed_at = 0, last_error = '', last_status = 0,"
                   " new_url = '', new_url_since = 0, n_new_url_seen = 0, validators_url = '',"
                   " state = CASE WHEN state = 'gone' THEN 'active' ELSE state END,"
                   " body_hash = 0, full_at = 0, n_lies = 0, asked_interval_s = 0, skip_hours = 0,"
                   " skip_days = 0, weight = 0, last_failure = '', health = 'new' WHERE id = $1")
QUERY(FEED_POLLED, "UPDATE feed SET state = CASE WHEN $8 = 'gone' THEN 'gone' ELSE state END,"
                   " etag = $10, last_modified = $11, next_due_at = $12, interval_s = $13,"
                   " last_checked_at = $14, last_ok_at = $15, last_new_at = $16,"
                   " n_failures = $17, first_failed_at = $18, last_error = $19,"
                   " last_status = $20, new_url = $21, new_url_since = $22, n_new_url_seen = $23,"
                   " format = $31, validators_url = $32, rhythm_s = $33, body_hash = $34,"
                   " full_at = $35, n_lies = $36, asked_interval_s = $37, skip_hours = $38,"
                   " skip_days = $39, weight = $40, last_failure = $41, health = $43,"
                   " claimed_by = '', claimed_until = 0 WHERE id = $1")

/* With an index its sitemaps go, and those of the indexes in it. */
#define FEED_BELOW                              \
    "(SELECT id FROM feed WHERE parent_id = $1" \
    " OR parent_id IN (SELECT id FROM feed WHERE parent_id = $1))"

QUERY(FEED_REMOVE_BELOW, "UPDATE feed SET state = 'removed' WHERE id IN " FEED_BELOW)
/* What a sitemap brought is news of the index that named it, and of the one above. */
QUERY(FEED_HAS_NEWS, "UPDATE feed SET last_new_at = $2, rhythm_s = $3 WHERE id IN"
                     " ($1, (SELECT parent_id FROM feed WHERE id = $1))")

#define FEED_CHECK_COLUMNS                                                          \
    "id, feed_id, run_id, at, outcome, http_status, n_entries, n_new, duration_ms," \
    " body_bytes, message, failure, said"

QUERY(FEED_CHECK_ADD, "INSERT INTO feed_check (feed_id, run_id, at, outcome, http_status,"
                      " n_entries, n_new, duration_ms, body_bytes, message, failure, said)"
                      " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
QUERY(FEED_CHECK_LIST, "SELECT " FEED_CHECK_COLUMNS " FROM feed_check"
                       " WHERE feed_id = $1 AND at >= $2 AND at < $3"
                       " ORDER BY at DESC, id DESC LIMIT $4 OFFSET $5")
QUERY(FEED_CHECK_LIST_ALL, "SELECT " FEED_CHECK_COLUMNS " FROM feed_check"
                           " WHERE at >= $2 AND at < $3"
                           " ORDER BY id DESC LIMIT $4 OFFSET $5")
QUERY(FEED_TALLY, "SELECT COUNT(*), COUNT(*) FILTER (WHERE outcome = 'ok'),"
                  " COUNT(*) FILTER (WHERE outcome = 'unchanged'),"
                  " COUNT(*) FILTER (WHERE outcome = 'failed'),"
                  " COALESCE(SUM(n_new), 0), COALESCE(SUM(body_bytes), 0)"
                  " FROM feed_check WHERE feed_id = $1 AND at >= $2 AND at < $3")

#define TROUBLE_COLUMNS \
    "t.id, t.feed_id, t.kind, t.began_at, t.persists_since, t.ended_at, t.ending, t.message"

/* One of a kind is open for a feed: it is opened, or brought up to date. */
QUERY(TROUBLE_NOTE,
      "INSERT INTO trouble (feed_id, kind, began_at, persists_since, ended_at,"
      " ending, message) VALUES ($2, $3, $4, $5, 0, '', $8)"
      " ON CONFLICT (feed_id, kind) WHERE ended_at = 0 DO UPDATE SET"
      " persists_since = CASE WHEN trouble.persists_since = 0"
      " THEN excluded.persists_since ELSE trouble.persists_since END, message = excluded.message")
QUERY(TROUBLE_END, "UPDATE trouble SET ended_at = $3, ending = $4"
                   " WHERE feed_id = $1 AND kind = $2 AND ended_at = 0")
/* What is known of it ends with the feed's last check. */
QUERY(TROUBLE_VOID, "UPDATE trouble SET ending = 'edited',"
                    " ended_at = (SELECT CASE WHEN f.last_checked_at > began_at THEN"
                    "  f.last_checked_at ELSE began_at END FROM feed f WHERE f.id = $1)"
                    " WHERE feed_id = $1 AND ended_at = 0")
QUERY(TROUBLE_VOID_BELOW, "UPDATE trouble SET ending = 'edited',"
                          " ended_at = (SELECT CASE WHEN f.last_checked_at > began_at THEN"
                          "  f.last_checked_at ELSE began_at END FROM feed f WHERE f.id = feed_id)"
                          " WHERE ended_at = 0 AND feed_id IN " FEED_BELOW)
QUERY(TROUBLE_LIST, "SELECT " TROUBLE_COLUMNS " FROM trouble t"
                    " WHERE t.feed_id = $1 AND t.began_at >= $2 AND t.began_at < $3"
                    " ORDER BY t.began_at DESC, t.id DESC LIMIT $4 OFFSET $5")
/*
 * What an analyst is to be told: open ones that persist, and those that are over, unless they were
 * before his time. $1 analyst, $2 ended since, $3 limit, $4 offset
 */
#define TROUBLE_TOLD(what)                                      \
    "EXISTS (SELECT 1 FROM trouble_told d WHERE d.analyst = $1" \
    " AND d.trouble_id = t.id AND d.what = '" what "')"
QUERY(TROUBLE_LIST_UNTOLD,
      "SELECT " TROUBLE_COLUMNS ", f.url, f.title, f.country, f.language, f.last_new_at"
      " FROM trouble t JOIN feed f ON f.id = t.feed_id"
      " WHERE t.persists_since > 0 AND ((t.ended_at = 0 AND NOT " TROUBLE_TOLD(
          "began") ")"
                   " OR (t.ending = 'recovered' AND t.ended_at >= $2 AND NOT " TROUBLE_TOLD(
                       "ended") "))"
                                " ORDER BY t.ended_at > 0, t.kind, t.persists_since, t.id LIMIT $3 "
                                "OFFSET $4")
/* $1 since, $2 until */
QUERY(TROUBLE_COUNTS, "SELECT COUNT(*) FILTER (WHERE persists_since >= $1 AND persists_since < $2),"
                      " COUNT(*) FILTER (WHERE persists_since > 0 AND ending = 'recovered'"
                      "  AND ended_at >= $1 AND ended_at < $2) FROM trouble")
QUERY(TROUBLE_TELL, "INSERT INTO trouble_told (analyst, trouble_id, what, at)"
                    " VALUES ($1, $2, $3, $4)"
                    " ON CONFLICT (analyst, trouble_id, what) DO NOTHING")

/*
 * How far the feeds reach, but for those that their owner paused. A place is as well watched as its
 * best feed: retrying may pass, and what is new has had no chance. The last good moment of one that
 * is stale is its last news.
 */
#define COVERAGE(code)                                                                   \
    "SELECT " code ", COUNT(*),"                                                         \
    " COUNT(*) FILTER (WHERE state = 'active' AND health IN ('new', 'ok', 'retrying'))," \
    " MAX(CASE WHEN health = 'stale' THEN last_new_at ELSE last_ok_at END)"              \
    " FROM feed WHERE state IN ('active', 'gone')"                                       \
    " AND (parent_id IS NULL OR " code " <> '') GROUP BY 1 ORDER BY 1"
QUERY(COVERAGE_COUNTRY, COVERAGE("country"))
/* "en-GB" is English: what readers of a language miss does not hang on its region. */
QUERY(COVERAGE_LANGUAGE,
      COVERAGE("LOWER(SUBSTR(language || '-', 1, INSTR(language || '-', '-') - 1))"))

/* ---- entries --------------------------------------------------------------------------------- */

#define ENTRY_COLUMNS                                                                       \
    "id, feed_id, guid, url, canonical, title, author, language, published_at, updated_at," \
    " first_seen_at, n_changes, page_id, article_id"

QUERY(ENTRY_KNOWN, "SELECT id, fingerprint FROM entry WHERE feed_id = $1 AND guid = $2")
QUERY(ENTRY_ADD, "INSERT INTO entry (feed_id, guid, url, canonical, title, author, language,"
                 " published_at, updated_at, first_seen_at, n_changes, page_id, article_id,"
                 " summary, content, guid_key, fingerprint, words)"
                 " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,"
                 " $18, $19)"
                 " ON CONFLICT (feed_id, guid) DO NOTHING RETURNING id")
QUERY(ENTRY_CHANGE, "UPDATE entry SET url = $4, canonical = $5, title = $6, author = $7,"
                    " language = $8, published_at = $9, updated_at = $10,"
                    " n_changes = n_changes + $12, summary = $15, content = $16,"
                    " fingerprint = $18, words = $19 WHERE id = $1")
QUERY(ENTRY_RENAME, "UPDATE entry SET guid = $3, guid_key = $4 WHERE id = $1"
                    " AND NOT EXISTS (SELECT 1 FROM entry WHERE feed_id = $2 AND guid = $3)")

/* Rows that a new entry may be: each by its own index, of one feed alone. */
#define ENTRY_BRIEF                                                                            \
    "SELECT id, guid, canonical, title, published_at, updated_at, fingerprint, words, page_id" \
    " FROM entry"
QUERY(ENTRY_BRIEF_GUID, ENTRY_BRIEF " WHERE feed_id = $1 AND guid = $2")
QUERY(ENTRY_BRIEF_WORDS, ENTRY_BRIEF " WHERE feed_id = $1 AND words = $2 AND words <> 0"
                                     " ORDER BY id DESC LIMIT $3")
QUERY(ENTRY_BRIEF_CANONICAL, ENTRY_BRIEF " WHERE feed_id = $1 AND canonical = $2"
                                         " AND canonical <> '' ORDER BY id DESC LIMIT $3")
QUERY(ENTRY_BRIEF_KEY, ENTRY_BRIEF " WHERE feed_id = $1 AND guid_key = $2 AND guid_key <> ''"
                                   " ORDER BY id DESC LIMIT $3")
QUERY(ENTRY_BRIEF_NEWEST, ENTRY_BRIEF " WHERE feed_id = $1"
                                      " ORDER BY first_seen_at DESC, id DESC LIMIT $2")
QUERY(ENTRY_LINK, "UPDATE entry SET page_id = COALESCE($2, page_id),"
                  " article_id = COALESCE($3, article_id) WHERE id = $1")
QUERY(ENTRY_LINK_PAGE, "UPDATE entry SET article_id = $2 WHERE page_id = $1")
QUERY(ENTRY_GET, "SELECT " ENTRY_COLUMNS ", summary, content FROM entry WHERE id = $1")
QUERY(ENTRY_GET_PAGE, "SELECT " ENTRY_COLUMNS ", summary, content FROM entry WHERE page_id = $1"
                      " ORDER BY feed_id = (SELECT p.feed_id FROM page p WHERE p.id = $1) DESC, id"
                      " LIMIT 1")
QUERY(ENTRY_LIST, "SELECT " ENTRY_COLUMNS " FROM entry"
                  " WHERE feed_id = $1 AND first_seen_at >= $2 AND first_seen_at < $3"
                  " ORDER BY first_seen_at DESC, id DESC LIMIT $4 OFFSET $5")
QUERY(ENTRY_LIST_ALL, "SELECT " ENTRY_COLUMNS " FROM entry"
                      " WHERE first_seen_at >= $2 AND first_seen_at < $3"
                      " ORDER BY id DESC LIMIT $4 OFFSET $5")
/* By every feed: the index is one of feeds. */
QUERY(ENTRY_LIST_CANONICAL, "SELECT " ENTRY_COLUMNS " FROM entry"
                            " WHERE canonical = $1 AND canonical <> ''"
                            " AND feed_id IN (SELECT id FROM feed)"
                            " ORDER BY first_seen_at, id LIMIT $2")

/* ---- addresses that long lists have shown ---------------------------------------------------- */

QUERY(SEEN_GET, "SELECT modified_at FROM seen WHERE feed_id = $1 AND address = $2")
QUERY(SEEN_PUT, "INSERT INTO seen (feed_id, address, modified_at) VALUES ($1, $2, $3)"
                " ON CONFLICT (feed_id, address) DO UPDATE SET modified_at = excluded.modified_at")

/* ---- pages ----------------------------------------------------------------------------------- */

#define PAGE_COLUMNS                                                                    \
    "id, url, canonical, host, content_type, state, priority, n_tries, n_deaths,"       \
    " not_before, last_status, last_error, is_historic, provenance, feed_id, added_at," \
    " fetched_at, etag, last_modified, article_id"

QUERY(PAGE_ADD, "INSERT INTO page (url, canonical, host, content_type, state, priority, n_tries,"
                " n_deaths, not_before, last_status, last_error, is_historic, provenance,"
                " feed_id, added_at, fetched_at, etag, last_modified, article_id)"
                " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,"
                " $18, $19, $20)"
                " ON CONFLICT (canonical) DO NOTHING RETURNING id")
/* Live news ($13 = 0) announces what still waits: it is no longer history. */
/* A page that was never asked, for its backfill was cancelled, waits again. */
QUERY(PAGE_ANNOUNCE, "UPDATE page SET is_historic = 0, state = 'queued', last_error = '',"
                     " priority = CASE WHEN priority < $7 THEN $7 ELSE priority END,"
                     " feed_id = COALESCE(feed_id, $15)"
                     " WHERE canonical = $3"
                     " AND (state = 'queued' OR (state = 'refused' AND fetched_at = 0))"
                     " AND (is_historic = 1 OR priority < $7)")
QUERY(PAGE_ID, "SELECT id FROM page WHERE canonical = $1")
QUERY(PAGE_GET, "SELECT " PAGE_COLUMNS " FROM page WHERE id = $1")
QUERY(PAGE_GET_CANONICAL, "SELECT " PAGE_COLUMNS " FROM page WHERE canonical = $1")
QUERY(PAGE_UPDATE, "UPDATE page SET url = $2, host = $4, content_type = $5, state = $6,"
                   " priority = $7, n_tries = $8, n_deaths = $9, not_before = $10,"
                   " last_status = $11, last_error = $12, is_historic = $13, feed_id = $15,"
                   " fetched_at = $17, etag = $18, last_modified = $19, article_id = $20"
                   " WHERE id = $1")
QUERY(PAGE_REQUEUE, "UPDATE page SET state = 'queued', n_tries = 0, n_deaths = 0,"
                    " not_before = $2, last_error = '' WHERE id = $1 RETURNING id")
/* $1 since, $2 until, $3 history, $4 state, $5 host, $6 feed, $7 limit, $8 offset */
QUERY(PAGE_LIST, "SELECT " PAGE_COLUMNS " FROM page"
                 " WHERE added_at >= $1 AND added_at < $2 AND ($3 = 0 OR is_historic = $3 - 1)"
                 " AND ($4 = '' OR state = $4) AND ($5 = '' OR host = $5)"
                 " AND ($6 = 0 OR feed_id = $6)"
                 " ORDER BY added_at DESC, id DESC LIMIT $7 OFFSET $8")
/* A page that was fetched in the future waits for a clock that went wrong. */
#define PAGE_IS_DUE "(not_before <= $1 OR fetched_at > $1 + 86400)"

/*
 * A backfill fetches what it found and no feed announced; what nobody works on any more, and what
 * was queued before finds were written, is left to runs. $2 1: a run's, 2: a backfill's, 0: all
 */
#define PAGE_IS_BACKFILLS                                                   \
    "(is_historic = 1 AND feed_id IS NULL AND EXISTS (SELECT 1 FROM find f" \
    " JOIN backfill b ON b.id = f.backfill_id WHERE f.page_id = page.id"    \
    " AND f.state = 'queued' AND (b.state = 'planned' OR b.state = 'open')))"
#define PAGE_IS_THEIRS "($2 = 0 OR " PAGE_IS_BACKFILLS " = ($2 = 2))"

/* $1 time, $2 whose, $3 host, $4 feed, $5 limit, $6 offset */
QUERY(PAGE_LIST_DUE, "SELECT " PAGE_COLUMNS " FROM page"
                     " WHERE state = 'queued' AND " PAGE_IS_DUE " AND " PAGE_IS_THEIRS
                     " AND ($4 = 0 OR feed_id = $4)"
                     " ORDER BY priority DESC, id LIMIT $5 OFFSET $6")
QUERY(PAGE_LIST_DUE_HOST, "SELECT " PAGE_COLUMNS " FROM page"
                          " WHERE state = 'queued' AND host = $3 AND " PAGE_IS_DUE
                          " AND " PAGE_IS_THEIRS " AND ($4 = 0 OR feed_id = $4)"
                          " ORDER BY priority DESC, id LIMIT $5 OFFSET $6")
QUERY(PAGE_HOSTS_DUE, "SELECT host, COUNT(*), MAX(priority) FROM page"
                      " WHERE state = 'queued' AND " PAGE_IS_DUE " AND " PAGE_IS_THEIRS
                      " GROUP BY host ORDER BY MAX(priority) DESC, host")

/* ---- pages that are looked at again ---------------------------------------------------------- */

#define LOOK_COLUMNS                                                                        \
    "l.page_id, l.began_at, l.step, l.due_at, l.n_tries, l.missing, l.missing_since, l.is_" \
    "removed"

/* $1 article, $2 now, $3 and $4 the first and the last look after its page was fetched */
QUERY(LOOK_BEGIN, "INSERT INTO look (page_id, began_at, step, due_at, n_tries, missing,"
                  " missing_since, is_removed)"
                  " SELECT p.id, a.fetched_at, 0, a.fetched_at + $3, 0, '', 0, 0"
                  " FROM article a JOIN page p ON p.id = a.page_id"
                  " WHERE a.id = $1 AND a.is_historic = 0 AND a.fetched_at + $4 > $2"
                  " AND p.state = 'done'"
                  " ON CONFLICT (page_id) DO NOTHING")
QUERY(LOOK_GET, "SELECT " LOOK_COLUMNS " FROM look l WHERE l.page_id = $1")
QUERY(LOOK_UPDATE, "UPDATE look SET began_at = $2, step = $3, due_at = $4, n_tries = $5,"
                   " missing = $6, missing_since = $7, is_removed = $8 WHERE page_id = $1")
/* $1 time, $2 of one host, $3 limit; a page that is queued is about to be asked anyway */
QUERY(LOOK_LIST_DUE, "SELECT id, url FROM (SELECT p.id, p.url, l.due_at, ROW_NUMBER() OVER"
                     "  (PARTITION BY p.host ORDER BY l.due_at, p.id) AS turn"
                     "  FROM look l JOIN page p ON p.id = l.page_id"
                     "  WHERE l.due_at > 0 AND l.due_at <= $1 AND p.state <> 'queued') AS due"
                     " WHERE turn <= $2 ORDER BY due_at, id LIMIT $3")

/* ---- hosts ----------------------------------------------------------------------------------- */

#define HOST_COLUMNS                                                             \
    "host, robots_status, robots_fetched_at, robots_failing_since, robots_etag," \
    " robots_last_modified, not_before, last_start_at, delay_ms, n_failures"

QUERY(HOST_GET, "SELECT " HOST_COLUMNS ", robots FROM host WHERE host = $1")
/* $12 who writes: what is another's by now is left to him. */
QUERY(HOST_SAVE, "INSERT INTO host (" HOST_COLUMNS ", robots)"
                 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
                 " ON CONFLICT (host) DO UPDATE SET robots_status = excluded.robots_status,"
                 " robots_fetched_at = excluded.robots_fetched_at,"
                 " robots_failing_since = excluded.robots_failing_since,"
                 " robots_etag = excluded.robots_etag,"
                 " robots_last_modified = excluded.robots_last_modified,"
                 " not_before = excluded.not_before, last_start_at = excluded.last_start_at,"
                 " delay_ms = excluded.delay_ms, n_failures = excluded.n_failures,"
                 " robots = excluded.robots"
                 " WHERE host.claimed_by = '' OR host.claimed_by = $12")
QUERY(HOST_UPDATE, "INSERT INTO host (" HOST_COLUMNS ", robots)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
                   " ON CONFLICT (host) DO UPDATE SET robots_status = excluded.robots_status,"
                   " robots_fetched_at = excluded.robots_fetched_at,"
                   " robots_failing_since = excluded.robots_failing_since,"
                   " robots_etag = excluded.robots_etag,"
                   " robots_last_modified = excluded.robots_last_modified,"
                   " not_before = excluded.not_before, last_start_at = excluded.last_start_at,"
                   " delay_ms = excluded.delay_ms, n_failures = excluded.n_failures"
                   " WHERE host.claimed_by = '' OR host.claimed_by = $12")
QUERY(HOST_LIST, "SELECT " HOST_COLUMNS " FROM host ORDER BY host LIMIT $1 OFFSET $2")

/* ---- runs and requests ----------------------------------------------------------------------- */

#define RUN_COLUMNS                                                                         \
    "id, kind, pid, started_at, ended_at, outcome, n_feeds, n_feeds_failed, n_entries_new," \
    " n_pages, n_pages_failed, n_articles, n_stories, n_mentions, n_alerts, n_messages,"    \
    " n_requests, received_bytes, message, outage, machine"

QUERY(RUN_ADD, "INSERT INTO run (kind, pid, started_at, ended_at, outcome, n_feeds,"
               " n_feeds_failed, n_entries_new, n_pages, n_pages_failed, n_articles, n_stories,"
               " n_mentions, n_alerts, n_messages, n_requests, received_bytes, message,"
               " outage, machine) VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,"
               " $15, $16, $17, $18, $19, $20, $21) RETURNING id")
QUERY(RUN_UPDATE, "UPDATE run SET ended_at = $5, outcome = $6, n_feeds = $7, n_feeds_failed = $8,"
                  " n_entries_new = $9, n_pages = $10, n_pages_failed = $11, n_articles = $12,"
                  " n_stories = $13, n_mentions = $14, n_alerts = $15, n_messages = $16,"
                  " n_requests = $17, received_bytes = $18, message = $19, outage = $20"
                  " WHERE id = $1")
QUERY(RUN_LIST, "SELECT " RUN_COLUMNS " FROM run"
                " WHERE ($1 = '' OR kind = $1) AND started_at >= $2 AND started_at < $3"
                " ORDER BY id DESC LIMIT $4 OFFSET $5")
QUERY(RUN_LAST_GOOD, "SELECT " RUN_COLUMNS " FROM run"
                     " WHERE outcome = 'ok' AND ($1 = '' OR kind = $1)"
                     " ORDER BY id DESC LIMIT 1")
QUERY(RUN_OUTAGES, "SELECT COUNT(*), COALESCE(MIN(started_at), 0), COALESCE(MAX(started_at), 0)"
                   " FROM run WHERE outage NOT IN ('', 'part') AND started_at >= $1")

/* $1 kind, $2 since, $3 until */
QUERY(RUN_COUNTS, "SELECT COUNT(*), COUNT(*) FILTER (WHERE outcome = 'partial'),"
                  " COUNT(*) FILTER (WHERE outcome = 'failed' OR (outcome = 'unfinished'"
                  "  AND EXISTS (SELECT 1 FROM run n WHERE n.id > run.id AND n.kind = run.kind"
                  "  AND n.machine = run.machine)))"
                  " FROM run WHERE kind = $1 AND started_at >= $2 AND started_at < $3")

QUERY(REQUEST_ADD, "INSERT INTO request (run_id, at, url, host, http_status, body_bytes,"
                   " duration_ms, outcome) VALUES ($2, $3, $4, $5, $6, $7, $8, $9)")
/* The oldest have the smallest numbers: no index on the time is kept for this. */
QUERY(REQUEST_PRUNE, "DELETE FROM request WHERE at < $1 AND id IN"
                     " (SELECT id FROM request ORDER BY id LIMIT $2)")
QUERY(FEED_CHECK_PRUNE, "DELETE FROM feed_check WHERE at < $1 AND id IN"
                        " (SELECT id FROM feed_check ORDER BY id LIMIT $2)")
QUERY(REQUEST_LIST, "SELECT id, run_id, at, url, host, http_status, body_bytes, duration_ms,"
                    " outcome FROM request"
                    " WHERE ($1 = 0 OR run_id = $1) AND ($2 = '' OR host = $2)"
                    " AND at >= $3 AND at < $4 ORDER BY id DESC LIMIT $5 OFFSET $6")
