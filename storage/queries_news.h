/* queries_news.h - statements on articles, stories, the duplicate index, search. */

/* ---- articles -------------------------------------------------------------------------------- */

#define ARTICLE_COLUMNS                                                                 \
    "a.id, a.version, a.url, a.canonical, a.title, a.author, a.description, a.site,"    \
    " a.outlet, a.language, a.country, a.access, a.provenance, a.published_at,"         \
    " a.published_precision, a.published_source, a.modified_at, a.first_seen_at,"       \
    " a.fetched_at, a.feed_id, a.entry_id, a.page_id, a.story_id, a.scanned_with,"      \
    " a.is_historic, a.text_bytes, a.sha256, a.section, a.text_source,"                 \
    " a.published_zone, a.modified_precision, a.modified_source, a.dateline, a.credit," \
    " a.credit_source, a.source_url, a.recirculates_id, a.backfill_id, a.capture"

#define ARTICLE_VERSION_COLUMNS "a.id, a.version, a.sha256, a.title, a.fetched_at"
QUERY(ARTICLE_NEWEST, "SELECT " ARTICLE_VERSION_COLUMNS " FROM article a"
                      " WHERE a.canonical = $1 ORDER BY a.version DESC LIMIT 1")
QUERY(ARTICLE_VERSIONS, "SELECT " ARTICLE_VERSION_COLUMNS " FROM article a"
                        " WHERE a.canonical = $1 ORDER BY a.version")
/* Room for version $2 of $1: in two steps, for no two may have one number at any moment. */
QUERY(ARTICLE_SHIFT_OUT,
      "UPDATE article SET version = -version - 1 WHERE canonical = $1 AND version >= $2")
QUERY(ARTICLE_SHIFT_IN,
      "UPDATE article SET version = -version WHERE canonical = $1 AND version < 0")
QUERY(ARTICLE_ADD, "INSERT INTO article (id, version, url, canonical, title, author, description,"
                   " site, outlet, language, country, access, provenance, published_at,"
                   " published_precision, published_source, modified_at, first_seen_at,"
                   " fetched_at, feed_id, entry_id, page_id, story_id, scanned_with,"
                   " is_historic, text_bytes, sha256, section, text_source, published_zone,"
                   " modified_precision, modified_source, dateline, credit, credit_source,"
                   " source_url, recirculates_id, backfill_id, capture)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
                   " $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30,"
                   " $31, $32, $33, $34, $35, $36, $37, $38, $39)")
/* Under the write lock nobody else adds one. */
QUERY(NEWS_LAST_IDS, "SELECT COALESCE((SELECT MAX(id) FROM article), 0),"
                     " COALESCE((SELECT MAX(id) FROM story), 0)")
QUERY(ARTICLE_TEXT_ADD, "INSERT INTO article_text (article_id, body, cut) VALUES ($1, $2, $3)")
QUERY(ARTICLE_ANNOUNCE, "UPDATE article SET is_historic = 0, scanned_with = NULL"
                        " WHERE id = $1 AND is_historic = 1")
QUERY(ARTICLE_SCANNED, "UPDATE article SET scanned_with = $2 WHERE id = $1")
QUERY(ARTICLE_SET_STORY, "UPDATE article SET story_id = $2 WHERE id = $1")
QUERY(ARTICLE_GET, "SELECT " ARTICLE_COLUMNS " FROM article a WHERE a.id = $1")
QUERY(ARTICLE_GET_CANONICAL, "SELECT " ARTICLE_COLUMNS " FROM article a"
                             " WHERE a.canonical = $1 ORDER BY a.version DESC LIMIT 1")
/* Read from a file, an article is known by its content: its address is only written down. */
QUERY(ARTICLE_GET_URL, "SELECT " ARTICLE_COLUMNS " FROM article a"
                       " WHERE a.url = $1 ORDER BY a.fetched_at DESC, a.id DESC LIMIT 1")
QUERY(ARTICLE_TEXT, "SELECT body, cut FROM article_text WHERE article_id = $1")

/*
 * One filter, several ways in: each list names first the condition whose index leads to its rows.
 * $1 since, $2 until, $3 history, $4 after id, $5 feed, $6 story, $7 canonical, $8 outlet,
 * $9 language, $10 country, $11 not scanned with, $12 limit, $13 offset, $14 access,
 * $15 backfill
 */
#define ARTICLE_FILTER                                                    \
    " AND ($3 = 0 OR a.is_historic = $3 - 1) AND a.id > $4"               \
    " AND ($5 = 0 OR a.feed_id = $5) AND ($6 = 0 OR a.story_id = $6)"     \
    " AND ($7 = '' OR a.canonical = $7) AND ($8 = '' OR a.outlet = $8)"   \
    " AND ($9 = '' OR a.language = $9) AND ($10 = '' OR a.country = $10)" \
    " AND ($11 = 0 OR a.scanned_with IS NULL OR a.scanned_with <> $11)"   \
    " AND ($14 = '' OR a.access = $14) AND ($15 = 0 OR a.backfill_id = $15)"
/* The plus keeps the engine from taking the index on time here: it would sort the whole archive. */
#define ARTICLE_SEEN " AND +a.first_seen_at >= $1 AND +a.first_seen_at < $2"
#define ARTICLE_BY_SEEN " ORDER BY a.first_seen_at DESC, a.id DESC LIMIT $12 OFFSET $13"

QUERY(ARTICLE_LIST,
      "SELECT " ARTICLE_COLUMNS " FROM article a"
      " WHERE a.first_seen_at >= $1 AND a.first_seen_at < $2" ARTICLE_FILTER ARTICLE_BY_SEEN)
QUERY(ARTICLE_LIST_PUBLISHED, "SELECT " ARTICLE_COLUMNS " FROM article a"
                              " WHERE ((a.published_at >= $1 AND a.published_at < $2"
                              " AND a.published_at > 0) OR (a.published_at = 0"
                              " AND a.first_seen_at >= $1 AND a.first_seen_at < $2))" ARTICLE_FILTER
                              " ORDER BY a.published_at DESC, a.id DESC LIMIT $12 OFFSET $13")
QUERY(ARTICLE_LIST_BACKFILL,
      "SELECT " ARTICLE_COLUMNS " FROM article a"
      " WHERE a.backfill_id = $15" ARTICLE_SEEN ARTICLE_FILTER ARTICLE_BY_SEEN)
QUERY(ARTICLE_LIST_ID,
      "SELECT " ARTICLE_COLUMNS " FROM article a WHERE a.id > $4" ARTICLE_SEEN ARTICLE_FILTER
      " ORDER BY a.id LIMIT $12 OFFSET $13")
QUERY(ARTICLE_LIST_UNSCANNED, "SELECT " ARTICLE_COLUMNS " FROM article a"
                              " WHERE a.scanned_with IS NULL" ARTICLE_SEEN ARTICLE_FILTER
                              " ORDER BY a.id LIMIT $12 OFFSET $13")
QUERY(ARTICLE_LIST_STORY, "SELECT " ARTICLE_COLUMNS " FROM article a"
                          " WHERE a.story_id = $6" ARTICLE_SEEN ARTICLE_FILTER ARTICLE_BY_SEEN)
QUERY(ARTICLE_LIST_FEED, "SELECT " ARTICLE_COLUMNS " FROM article a"
                         " WHERE a.feed_id = $5 AND a.first_seen_at >= $1"
                         " AND a.first_seen_at < $2" ARTICLE_FILTER ARTICLE_BY_SEEN)
QUERY(ARTICLE_LIST_CANONICAL, "SELECT " ARTICLE_COLUMNS " FROM article a"
                              " WHERE a.canonical = $7" ARTICLE_SEEN ARTICLE_FILTER
                              " ORDER BY a.version DESC LIMIT $12 OFFSET $13")

/* ---- what became of articles ----------------------------------------------------------------- */

#define EVENT_COLUMNS                                                                        \
    "e.id, e.page_id, e.article_id, e.newer_id, e.kind, e.how, e.is_noted, e.at, e.scanned_" \
    "with"

QUERY(EVENT_ADD, "INSERT INTO event (page_id, article_id, newer_id, kind, how, is_noted, at,"
                 " scanned_with) VALUES ($2, $3, $4, $5, $6, $7, $8, $9) RETURNING id")
QUERY(EVENT_SCANNED, "UPDATE event SET scanned_with = $2 WHERE id = $1")
QUERY(EVENT_GET, "SELECT " EVENT_COLUMNS " FROM event e WHERE e.id = $1")
/*
 * As of articles: each list names first the condition whose index leads to its rows.
 * $1 since, $2 until, $3 after id, $4 article, $5 story, $6 kind, $7 unscanned, $8 limit, $9 offset
 */
#define EVENT_FILTER                                                                \
    " AND e.at >= $1 AND e.at < $2 AND e.id > $3"                                   \
    " AND ($4 = 0 OR e.page_id = (SELECT page_id FROM article WHERE id = $4))"      \
    " AND ($5 = 0 OR e.article_id IN (SELECT id FROM article WHERE story_id = $5))" \
    " AND ($6 = '' OR e.kind = $6) AND ($7 = 0 OR e.scanned_with IS NULL)"
QUERY(EVENT_LIST, "SELECT " EVENT_COLUMNS " FROM event e WHERE e.at >= $1" EVENT_FILTER
                  " ORDER BY e.at DESC, e.id DESC LIMIT $8 OFFSET $9")
QUERY(EVENT_LIST_UNSCANNED,
      "SELECT " EVENT_COLUMNS " FROM event e WHERE e.scanned_with IS NULL" EVENT_FILTER
      " ORDER BY e.id LIMIT $8 OFFSET $9")
QUERY(EVENT_LIST_ARTICLE,
      "SELECT " EVENT_COLUMNS " FROM event e"
      " WHERE e.page_id = (SELECT page_id FROM article WHERE id = $4)" EVENT_FILTER
      " ORDER BY e.at DESC, e.id DESC LIMIT $8 OFFSET $9")
QUERY(EVENT_LIST_STORY,
      "SELECT " EVENT_COLUMNS " FROM event e"
      " WHERE e.article_id IN (SELECT id FROM article WHERE story_id = $5)" EVENT_FILTER
      " ORDER BY e.at DESC, e.id DESC LIMIT $8 OFFSET $9")

/* ---- pages as received ----------------------------------------------------------------------- */

#define BODY_FETCHED_AT "CASE WHEN b.fetched_at = 0 THEN b.kept_at ELSE b.fetched_at END"
QUERY(BODY_PUT, "INSERT INTO page_body (article_id, fetched_at, kept_at, content_type, bytes,"
                " received, head, address) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                " ON CONFLICT (article_id) DO UPDATE SET"
                " fetched_at = excluded.fetched_at, kept_at = excluded.kept_at,"
                " content_type = excluded.content_type, bytes = excluded.bytes,"
                " received = excluded.received, head = excluded.head,"
                " address = excluded.address")
QUERY(BODY_GET, "SELECT b.article_id, " BODY_FETCHED_AT ", b.kept_at, b.content_type, b.bytes,"
                " b.received, b.head, b.address FROM page_body b WHERE b.article_id = $1")
QUERY(BODY_MOVE, "UPDATE page_body SET article_id = $2 WHERE article_id = $1")
QUERY(BODY_DROP, "DELETE FROM page_body WHERE article_id = $1")
/* $1 since, $2 until, $3 limit, $4 offset */
QUERY(BODY_LIST, "SELECT k.article_id, a.url FROM (SELECT b.article_id, " BODY_FETCHED_AT " AS at"
                 "  FROM page_body b UNION ALL SELECT article_id, at FROM archive_record) k"
                 " JOIN article a ON a.id = k.article_id"
                 " WHERE k.at >= $1 AND k.at < $2"
                 " AND NOT EXISTS (SELECT 1 FROM article n WHERE n.canonical = a.canonical"
                 "  AND n.version > a.version)"
                 " ORDER BY k.article_id LIMIT $3 OFFSET $4")
/* Does any version of article a mention something? */
#define IS_EVIDENCE                                                                        \
    "EXISTS (SELECT 1 FROM mention m WHERE m.article_id = a.id) OR EXISTS"                 \
    " (SELECT 1 FROM article v JOIN mention m ON m.article_id = v.id WHERE v.canonical = " \
    "a.canonical)"
QUERY(BODY_LIST_STALE, "SELECT b.article_id, '' FROM page_body b"
                       " JOIN article a ON a.id = b.article_id"
                       " WHERE b.kept_at >= $1 AND b.kept_at < $2"
                       " AND NOT EXISTS (SELECT 1 FROM article v"
                       "  JOIN mention m ON m.article_id = v.id WHERE v.canonical = a.canonical)"
                       " ORDER BY b.kept_at LIMIT $3")
/*
 * Pages of articles that pass 2 has looked at, behind $1 by number: $2 0: of evidence, 1: of none,
 * 2: all. The index of kept_at holds the numbers, so that no page is read for this.
 */
#define BODY_SEEN(hint)                                                                      \
    "SELECT b.article_id, '' FROM page_body b" hint " JOIN article a ON a.id = b.article_id" \
    " WHERE b.kept_at >= 0 AND b.article_id > $1"                                            \
    " AND a.scanned_with IS NOT NULL"                                                        \
    " AND ($2 = 2 OR ($2 = 0) = (" IS_EVIDENCE "))"                                          \
    " ORDER BY b.article_id LIMIT $3"
QUERY2(BODY_LIST_SEEN, BODY_SEEN(" INDEXED BY page_body_fetched"), BODY_SEEN(""))

/* ---- search ---------------------------------------------------------------------------------- */

/*
 * FTS5 knows phrases and their rank. For PostgreSQL they are looked for in the words of what an
 * index gives: schema_postgres_search.h. Its way in is always that index, hence MATERIALIZED and
 * the values in SELECTs of their own, which are read once.
 */
QUERY2(SEARCH_ADD, "INSERT INTO search (rowid, title, body) VALUES ($1, $2, $3)",
       "INSERT INTO search (rowid, n_words, words)"
       " SELECT $1, octet_length(w) - octet_length(replace(w, ' ', '')) - 2, w"
       " FROM (SELECT ' ' || CAST($2 AS TEXT) || '| ' || CAST($3 AS TEXT) AS w) AS made")
QUERY(SEARCH_PENDING, "SELECT id, text_bytes FROM article WHERE id >"
                      " (SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'search_indexed_to')"
                      " ORDER BY id LIMIT $1")
QUERY(SEARCH_BEHIND, "SELECT COUNT(*), COALESCE(MIN(first_seen_at), 0) FROM article WHERE id >"
                     " (SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'search_indexed_to')")
QUERY(SEARCH_SOURCES, "SELECT a.id, a.title, t.body FROM article a"
                      " JOIN article_text t ON t.article_id = a.id WHERE a.id BETWEEN $1 AND $2"
                      " ORDER BY a.id")
/* A TRUNCATE would wait for every reader, and all writers for it. */
QUERY2(SEARCH_EMPTY, "INSERT INTO search (search) VALUES ('delete-all')", "DELETE FROM search")
QUERY(SEARCH_REACH, "SELECT CAST(value AS BIGINT) FROM meta WHERE key = 'search_indexed_to'")
/*
 * When all are in it: an index that was not there while it was filled. FTS5 has none apart. Asked
 * for first: that it is there already is found out behind a lock on the table.
 */
QUERY2(SEARCH_IS_WHOLE, "SELECT 1",
       "SELECT CAST(to_regclass('search_words') IS NOT NULL AS INTEGER)")
QUERY2(SEARCH_FINISH, "SELECT 1", SCHEMA_SEARCH_WORDS)
QUERY(SEARCH_MARK, "UPDATE meta SET value = CAST($1 AS TEXT) WHERE key = 'search_indexed_to'")

/* $1 ... $5: search_form.h */
#define SEARCH_LONG "octet_length(s.words) >= 1000000"
#define SEARCH_FOUND                                                                         \
    "WITH found AS MATERIALIZED (SELECT s.rowid, s.n_words, s.words FROM search s"           \
    " WHERE search_lexemes(s.words) @@ (SELECT CAST($1 AS tsquery))"                         \
    " AND CASE WHEN " SEARCH_LONG " THEN search_holds(s.words, (SELECT CAST($3 AS TEXT[])))" \
    " ELSE $2 = '{}' OR search_holds(s.words, (SELECT CAST($2 AS TEXT[]))) END)"
/* $6 limit */
QUERY2(SEARCH_IDS, "SELECT rowid FROM search WHERE search MATCH $1 ORDER BY rowid LIMIT $6",
       SEARCH_FOUND " SELECT rowid FROM found ORDER BY rowid LIMIT $6")
/* $6 since, $7 until, $8 history, $9 outlet, $10 language, $11 limit, $12 offset, $13 backfill */
#define SEARCH_TIME "CASE WHEN a.published_at > 0 THEN a.published_at ELSE a.first_seen_at END"
#define SEARCH_FILTER                                     \
    SEARCH_TIME " >= $6 AND " SEARCH_TIME " < $7"         \
                " AND ($8 = 0 OR a.is_historic = $8 - 1)" \
                " AND ($9 = '' OR a.outlet = $9)"         \
                " AND ($10 = '' OR a.language = $10)"     \
                " AND ($13 = 0 OR a.backfill_id = $13)"
#define SEARCH_FROM \
    " FROM search JOIN article a ON a.id = search.rowid WHERE search MATCH $1 AND " SEARCH_FILTER
#define SEARCH_OF_FOUND " FROM found JOIN article a ON a.id = found.rowid WHERE " SEARCH_FILTER
#define SEARCH_BY_NEWEST " ORDER BY a.first_seen_at DESC, a.id DESC LIMIT $11 OFFSET $12"
QUERY2(SEARCH_NEWEST, "SELECT " ARTICLE_COLUMNS SEARCH_FROM SEARCH_BY_NEWEST,
       SEARCH_FOUND " SELECT " ARTICLE_COLUMNS SEARCH_OF_FOUND SEARCH_BY_NEWEST)
QUERY2(SEARCH_COUNT, "SELECT COUNT(*)" SEARCH_FROM, SEARCH_FOUND " SELECT COUNT(*)" SEARCH_OF_FOUND)
/* The bm25() of FTS5 to the last bit: its constants, its order of operations. */
#define SEARCH_SCORE                                                                            \
    "(SELECT SUM(p.idf * (h.times * (CAST(1.2 AS FLOAT8) + 1) / (h.times + CAST(1.2 AS FLOAT8)" \
    " * (CAST(0.25 AS FLOAT8) + CAST(0.75 AS FLOAT8) * f.n_words / total.mean)))"               \
    " ORDER BY p.at) FROM total, phrase p"                                                      \
    " CROSS JOIN LATERAL (SELECT search_times(f.words, p.needle) AS times) h)"
QUERY2(SEARCH_BEST,
       "SELECT " ARTICLE_COLUMNS SEARCH_FROM
       " ORDER BY search.rank, a.id DESC LIMIT $11 OFFSET $12",
       SEARCH_FOUND
       ", total AS MATERIALIZED (SELECT CAST(COUNT(*) AS FLOAT8) AS n,"
       "  CAST(SUM(n_words) AS FLOAT8) / COUNT(*) AS mean FROM search)"
       ", asked AS MATERIALIZED (SELECT a.at, substr(a.needle, 2) AS needle, a.match,"
       "  starts_with(a.needle, '=') AS is_exact"
       "  FROM unnest(CAST($4 AS TEXT[]), CAST($5 AS tsquery[])) WITH ORDINALITY"
       "  AS a (needle, match, at))"
       ", phrase AS MATERIALIZED (SELECT a.at, a.needle, CASE WHEN d.idf > 0 THEN d.idf"
       "  ELSE CAST(1e-6 AS FLOAT8) END AS idf FROM asked a CROSS JOIN LATERAL"
       "  (SELECT ln((total.n - COUNT(*) + CAST(0.5 AS FLOAT8)) / (COUNT(*) + CAST(0.5 AS FLOAT8)))"
       "  AS idf FROM total, search s WHERE search_lexemes(s.words) @@ a.match"
       "  AND (a.is_exact AND NOT " SEARCH_LONG " OR strpos(s.words, a.needle) > 0)"
       "  GROUP BY total.n) d)"
       " SELECT " ARTICLE_COLUMNS " FROM (SELECT a.id, " SEARCH_SCORE " AS score FROM found f"
       "  JOIN article a ON a.id = f.rowid WHERE " SEARCH_FILTER
       "  ORDER BY score DESC, a.id DESC LIMIT $11 OFFSET $12) best"
       " JOIN article a ON a.id = best.id ORDER BY best.score DESC, a.id DESC")

/* ---- walks over the archive: storage/store_walk.h ------------------------------------------- */

/* $1 since, $2 until, $3 language, $4 after id, $5 last id, $6 not scanned with, $7 limit */
#define WALK_ROW                                                                          \
    "SELECT a.id, a.story_id, " SEARCH_TIME ", a.text_bytes, a.title, a.language, t.body" \
    " FROM article a JOIN article_text t ON t.article_id = a.id"
#define WALK_FILTER                                       \
    " AND " SEARCH_TIME " >= $1 AND " SEARCH_TIME " < $2" \
    " AND ($3 = '' OR a.language = $3)"                   \
    " AND ($6 = 0 OR (a.scanned_with IS NOT NULL AND a.scanned_with <> $6))"
QUERY(WALK, WALK_ROW " WHERE a.id > $4 AND a.id <= $5" WALK_FILTER " ORDER BY a.id LIMIT $7")
QUERY(WALK_UNSCANNED,
      WALK_ROW " WHERE a.scanned_with IS NULL AND a.id > $4 AND a.id <= $5" WALK_FILTER
               " ORDER BY a.id LIMIT $7")
QUERY(WALK_ID, WALK_ROW " WHERE a.id = $4" WALK_FILTER)
QUERY(WALK_SPAN, "SELECT COUNT(*), COALESCE(MIN(" SEARCH_TIME "), 0),"
                 " COALESCE(MAX(" SEARCH_TIME "), 0) FROM article a WHERE a.id > $4" WALK_FILTER)
QUERY(WALK_ALERTS_OF,
      "SELECT id, story_id, article_id, item FROM alert WHERE story_id = $1 ORDER BY item")
QUERY(WALK_ALERTS, "SELECT id, story_id, article_id, item FROM alert WHERE id > $1"
                   " ORDER BY id LIMIT $2")
QUERY(WALK_WITNESSES, "SELECT DISTINCT m.article_id FROM article a"
                      " JOIN mention m ON m.article_id = a.id"
                      " WHERE a.story_id = $1 AND m.item = $2 ORDER BY m.article_id")
QUERY(WALK_LAST, "SELECT COALESCE(MAX(id), 0) FROM article")
QUERY(WALK_MENTIONED, "SELECT article_id FROM mention UNION SELECT article_id FROM candidate"
                      " UNION SELECT article_id FROM proposal UNION SELECT article_id FROM claim"
                      " ORDER BY article_id")

/* ---- stories --------------------------------------------------------------------------------- */

#define STORY_COLUMNS                                                                       \
    "s.id, s.first_article_id, s.canonical_article_id, s.first_seen_at, s.last_seen_at,"    \
    " s.n_articles, s.n_outlets, s.root_article_id, s.n_origins, a.title, a.url, a.outlet," \
    " a.language, a.published_at"

/* What an article says of itself that matters to its story: of story_members in store_stories.c. */
#define STORY_MEMBER_COLUMNS                                                                  \
    "a.id, a.version, a.url, a.canonical, a.outlet, a.credit, a.credit_source, a.source_url," \
    " a.published_at, a.published_precision, a.first_seen_at, a.text_bytes, a.story_id,"      \
    " a.recirculates_id"

/* $3 the id. Without such an article, or when it has a story, a NULL stands where none may be. */
QUERY(STORY_ADD, "INSERT INTO story (id, first_article_id, canonical_article_id, root_article_id,"
                 " first_seen_at, last_seen_at, n_articles, n_outlets, fullest_bytes,"
                 " last_published_at, has_claims)"
                 " SELECT w.id, a.id, a.id, a.id, $2, $2, 1, 1, a.text_bytes,"
                 " CASE WHEN a.published_at <> 0 AND a.published_at < $2 THEN a.published_at"
                 "  ELSE $2 END,"
                 " CASE WHEN a.credit <> '' OR a.source_url <> '' THEN 1 ELSE 0 END"
                 " FROM (SELECT CAST($3 AS BIGINT) AS id) AS w"
                 " LEFT JOIN article a ON a.id = $1 AND a.story_id IS NULL")
#define STORY_STANDING_COLUMNS                                                \
    "first_article_id, root_article_id, canonical_article_id, fullest_bytes," \
    " last_published_at, n_articles, n_origins, has_claims"
/* $3 the article. The plus: by its address, of which there are few, not by story. */
QUERY(STORY_JOIN, "UPDATE story SET"
                  " last_seen_at = CASE WHEN last_seen_at < $2 THEN $2 ELSE last_seen_at END,"
                  " n_articles = n_articles + CASE WHEN EXISTS (SELECT 1 FROM article"
                  "  WHERE canonical = (SELECT canonical FROM article WHERE id = $3)"
                  "  AND +story_id = $1 AND id <> $3) THEN 0 ELSE 1 END,"
                  " n_outlets = n_outlets + CASE WHEN EXISTS (SELECT 1 FROM article"
                  "  WHERE story_id = $1 AND outlet = (SELECT outlet FROM article WHERE id = $3)"
                  "  AND id <> $3) THEN 0 ELSE 1 END"
                  " WHERE id = $1 AND EXISTS (SELECT 1 FROM article WHERE id = $3"
                  "  AND story_id IS NULL) RETURNING " STORY_STANDING_COLUMNS)
QUERY(STORY_STANDING, "SELECT " STORY_STANDING_COLUMNS " FROM story WHERE id = $1")
QUERY(STORY_PUT_STANDING, "UPDATE story SET root_article_id = $3, canonical_article_id = $4,"
                          " fullest_bytes = $5, last_published_at = $6, n_origins = $8,"
                          " has_claims = $9 WHERE id = $1")
QUERY(STORY_MEMBER, "SELECT " STORY_MEMBER_COLUMNS " FROM article a WHERE a.id = $1")
QUERY(STORY_MEMBERS, "SELECT " STORY_MEMBER_COLUMNS " FROM article a WHERE a.story_id = $1"
                     " ORDER BY a.outlet, a.id LIMIT $2")
QUERY(STORY_FORMER, "SELECT " STORY_MEMBER_COLUMNS " FROM article a"
                    " WHERE a.canonical = $1 AND a.version < $2 ORDER BY a.version DESC LIMIT 1")
QUERY(STORY_LATTER, "SELECT " STORY_MEMBER_COLUMNS " FROM article a"
                    " WHERE a.canonical = $1 AND a.version > $2 ORDER BY a.version LIMIT 1")
QUERY(STORY_GET, "SELECT " STORY_COLUMNS ", 0, 0 FROM story s"
                 " JOIN article a ON a.id = s.canonical_article_id WHERE s.id = $1")
/* $1 since, $2 until, $3 history, $4 fewest articles, $5 with alert, $6 limit, $7 offset */
QUERY(STORY_LIST,
      "SELECT " STORY_COLUMNS ", (SELECT COUNT(*) FROM alert l WHERE l.story_id = s.id),"
      " COALESCE((SELECT MAX(l.severity) FROM alert l WHERE l.story_id = s.id), 0)"
      " FROM story s"
      " JOIN article a ON a.id = s.canonical_article_id"
      " WHERE s.last_seen_at >= $1 AND s.last_seen_at < $2"
      " AND s.n_articles >= $4"
      " AND ($3 = 0 OR $3 - 1 ="
      "  (SELECT f.is_historic FROM article f WHERE f.id = s.first_article_id))"
      " AND ($5 = 0 OR EXISTS (SELECT 1 FROM alert l WHERE l.story_id = s.id))"
      " ORDER BY s.last_seen_at DESC, s.id DESC LIMIT $6 OFFSET $7")

#define RELATION_COLUMNS                                                               \
    "r.article_id, r.other_id, r.kind, r.jaccard, r.containment, r.n_shared, r.n_own," \
    " r.n_other, r.n_changes"

QUERY(RELATION_ADD, "INSERT INTO relation (article_id, other_id, kind, jaccard, containment,"
                    " n_shared, n_own, n_other, n_changes)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                    " ON CONFLICT (article_id, other_id) DO UPDATE SET kind = excluded.kind,"
                    " jaccard = excluded.jaccard, containment = excluded.containment,"
                    " n_shared = excluded.n_shared, n_own = excluded.n_own,"
                    " n_other = excluded.n_other, n_changes = excluded.n_changes")
QUERY(RELATION_LIST,
      "SELECT " RELATION_COLUMNS " FROM relation r WHERE r.article_id = $1 OR r.other_id = $1"
      " ORDER BY r.article_id, r.other_id")
/* In the order of the indexes, here and below: no engine has to sort, and all give the same. */
QUERY(RELATION_NEIGHBOURS,
      "SELECT * FROM (SELECT " RELATION_COLUMNS " FROM relation r WHERE r.article_id = $1"
      "  ORDER BY r.other_id) AS own UNION ALL"
      " SELECT * FROM (SELECT " RELATION_COLUMNS " FROM relation r WHERE r.other_id = $1"
      "  ORDER BY r.kind, r.article_id LIMIT $2) AS others LIMIT $2")
QUERY(RELATION_ROUND_UP,
      "SELECT 1 FROM article a JOIN article o ON o.text_bytes < a.text_bytes"
      " WHERE a.id = $1 AND o.id IN"
      " (SELECT r.other_id FROM relation r WHERE r.article_id = $1 AND r.kind = 'merge'"
      "  UNION ALL SELECT * FROM (SELECT r.article_id FROM relation r"
      "  WHERE r.other_id = $1 AND r.kind = 'merge' ORDER BY r.article_id LIMIT $2) AS m) LIMIT 1")
QUERY(RELATION_PARTS,
      "SELECT r.other_id FROM relation r WHERE r.article_id = $1 AND r.kind = 'expansion'"
      " UNION ALL SELECT r.article_id FROM relation r"
      " WHERE r.other_id = $1 AND r.kind = 'excerpt' ORDER BY 1 LIMIT $2")
/* $1 story, $2 analyst. From the few alerts of the story, never from all the analyst was told. */
QUERY(STORY_TOLD, "SELECT COALESCE(MAX(d.at), 0),"
                  " COALESCE(MAX(CASE WHEN d.how = 'message' THEN d.at ELSE 0 END), 0)"
                  " FROM alert l CROSS JOIN told d WHERE d.alert_id = l.id"
                  " AND l.story_id = $1 AND d.analyst = $2 AND d.how <> 'outside'")
/* $1 story, $2 after */
QUERY(STORY_COPIES, "SELECT COUNT(DISTINCT canonical), COUNT(DISTINCT NULLIF(outlet, ''))"
                    " FROM article a WHERE story_id = $1 AND first_seen_at > $2"
                    " AND NOT EXISTS (SELECT 1 FROM article o WHERE o.canonical = a.canonical"
                    "  AND o.id < a.id)")
/* $1 since, $2 until */
QUERY(ARTICLE_COUNT_SEEN, "SELECT COUNT(*) FROM article"
                          " WHERE first_seen_at >= $1 AND first_seen_at < $2")
QUERY(STORY_RELATIONS, "SELECT " RELATION_COLUMNS " FROM article a"
                       " JOIN relation r ON r.article_id = a.id WHERE a.story_id = $1"
                       " ORDER BY a.outlet, a.id, r.other_id LIMIT $2")

/* Old text under a new date: $2 is the article that it was first in, as far as is known. */
QUERY(ARTICLE_SET_RECIRCULATES, "UPDATE article SET recirculates_id = $2 WHERE id = $1")

/* ---- sites: what their pages taught ---------------------------------------------------------- */

/*
 * The name is voted for: one more page for it, or one less; who comes when no votes are left is the
 * new one. Twenty are enough: a site may change its name.
 */
QUERY(
    SITE_TEACH,
    "INSERT INTO site (host, name, n_name, n_stories, last_seen_at)"
    " VALUES ($1, $2, CASE WHEN $2 = '' THEN 0 ELSE 1 END, 1, $3) ON CONFLICT (host) DO UPDATE SET"
    " name = CASE WHEN $2 <> '' AND site.n_name < 1 THEN $2 ELSE site.name END,"
    " n_name = CASE WHEN $2 = '' THEN site.n_name WHEN site.n_name < 1 THEN 1"
    "  WHEN $2 <> site.name THEN site.n_name - 1"
    "  WHEN site.n_name < 20 THEN site.n_name + 1 ELSE site.n_name END,"
    " n_stories = site.n_stories + 1, last_seen_at = $3 RETURNING n_stories")
QUERY(SITE_LINE_TEACH, "INSERT INTO site_line (host, line, n_stories, last_seen_at)"
                       " VALUES ($1, $2, 1, $3) ON CONFLICT (host, line) DO UPDATE SET"
                       " n_stories = site_line.n_stories + 1, last_seen_at = $3"
                       " RETURNING n_stories")
/*
 * $2 the lines as a list in JSON, whose functions have names of their own in each engine. A line
 * that stands twice is counted before, for PostgreSQL updates no row twice.
 */
#define SITE_LINES_TEACH(lines)                                                         \
    "INSERT INTO site_line (host, line, n_stories, last_seen_at)"                       \
    " SELECT $1, CAST(l.value AS BIGINT), COUNT(*), $3 FROM " lines " GROUP BY l.value" \
    " ON CONFLICT (host, line) DO UPDATE SET"                                           \
    " n_stories = site_line.n_stories + excluded.n_stories, last_seen_at = $3"
QUERY2(SITE_LINES_TEACH, SITE_LINES_TEACH("json_each($2) AS l"),
       SITE_LINES_TEACH("json_array_elements_text(CAST($2 AS json)) AS l(value)"))
QUERY(SITE_FADE, "UPDATE site SET n_stories = n_stories / 2 WHERE host = $1")
QUERY(SITE_LINES_DROP_ONCE, "DELETE FROM site_line WHERE host = $1 AND n_stories < 2")
QUERY(SITE_LINES_FADE, "UPDATE site_line SET n_stories = n_stories / 2 WHERE host = $1")
QUERY(SITE_LINES_TRIM, "DELETE FROM site_line WHERE host = $1 AND line IN"
                       " (SELECT line FROM site_line WHERE host = $1 ORDER BY n_stories DESC,"
                       "  last_seen_at DESC, line DESC LIMIT 1000000000 OFFSET $2)")
QUERY(SITE_FORGET, "DELETE FROM site WHERE host = $1 RETURNING n_stories")
QUERY(SITE_LINES_FORGET, "DELETE FROM site_line WHERE host = $1")
#define SITE_COLUMNS                                         \
    "s.host, s.name, s.n_name, s.n_stories, s.last_seen_at," \
    " (SELECT COUNT(*) FROM site_line l WHERE l.host = s.host)"
QUERY(SITE_GET, "SELECT " SITE_COLUMNS " FROM site s WHERE s.host = $1")
QUERY(SITE_LIST, "SELECT " SITE_COLUMNS " FROM site s ORDER BY s.host LIMIT $1 OFFSET $2")
QUERY(SITE_LINE_LIST, "SELECT line, n_stories FROM site_line"
                      " WHERE host = $1 AND n_stories >= $2 ORDER BY line")
/* $1 story, $2 the article that is not meant, $3 and $4 https:// and http:// with the host */
QUERY(SITE_HAS_STORY, "SELECT 1 FROM article WHERE story_id = $1 AND id <> $2"
                      " AND (SUBSTR(url, 1, LENGTH($3) + 1) IN ($3 || '/', $3 || ':')"
                      "  OR SUBSTR(url, 1, LENGTH($4) + 1) IN ($4 || '/', $4 || ':')) LIMIT 1")

QUERY(ARTICLE_LIST_PLACED, "SELECT id, story_id FROM article WHERE id < $1"
                           " AND story_id IS NOT NULL ORDER BY id DESC LIMIT $2")
QUERY(ARTICLE_COUNT_PLACED, "SELECT COUNT(*) FROM article WHERE id < $1 AND story_id IS NOT NULL")

/* ---- the duplicate index --------------------------------------------------------------------- */

#define SHINGLE_RUN_COLUMNS \
    "version, level, n_postings, n_shingles, n_source, n_chunks, n_done, into_id, begun_at"
QUERY(SHINGLE_RUN_ADD, "INSERT INTO shingle_run (" SHINGLE_RUN_COLUMNS ")"
                       " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id")
QUERY(SHINGLE_RUN_PUT, "UPDATE shingle_run SET version = $2, n_postings = $4, n_shingles = $5,"
                       " n_done = $8, into_id = $9 WHERE id = $1")
QUERY(SHINGLE_RUN_LIST,
      "SELECT id, " SHINGLE_RUN_COLUMNS " FROM shingle_run ORDER BY level DESC, id")
QUERY(SHINGLE_RUN_DROP, "DELETE FROM shingle_run WHERE id = $1")
QUERY(SHINGLE_BLOCK_PUT, "INSERT INTO shingle_block (id, bytes) VALUES ($1, $2)")
QUERY(SHINGLE_BLOCK_FIND, "SELECT id, bytes FROM shingle_block WHERE id <= $1"
                          " ORDER BY id DESC LIMIT 1")
QUERY(SHINGLE_BLOCK_LIST,
      "SELECT id, bytes FROM shingle_block WHERE id >= COALESCE("
      "(SELECT MAX(b.id) FROM shingle_block b WHERE b.id <= $1), $1) AND id < $2 ORDER BY id")
QUERY(SHINGLE_BLOCKS_DROP, "DELETE FROM shingle_block WHERE id >= $1 AND id < $2")
QUERY(SHINGLE_FILTER_PUT, "INSERT INTO shingle_filter (id, bytes) VALUES ($1, $2)")
QUERY(SHINGLE_FILTER_FIND, "SELECT id, bytes FROM shingle_filter WHERE id <= $1"
                           " ORDER BY id DESC LIMIT 1")
QUERY(SHINGLE_FILTERS_DROP, "DELETE FROM shingle_filter WHERE id >= $1 AND id < $2")
QUERY(SHINGLE_TAIL_ADD, "INSERT INTO shingle_tail (id, bytes) VALUES ($1, $2)")
QUERY(SHINGLE_TAIL_LIST, "SELECT id, bytes FROM shingle_tail WHERE id > $1 ORDER BY id")
QUERY(SHINGLE_TAIL_DROP, "DELETE FROM shingle_tail")
QUERY(SHINGLE_STATE, "SELECT generation, version, n_given, missing_below,"
                     " COALESCE((SELECT MIN(id) FROM shingle_tail), 0) FROM shingle_state")
QUERY(SHINGLE_STATE_SET, "UPDATE shingle_state SET generation = $1, version = $2, n_given = $3,"
                         " missing_below = $4")
