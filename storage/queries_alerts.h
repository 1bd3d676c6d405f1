/* queries_alerts.h - statements on watchlists, mentions, candidates, alerts, messages. */

/* ---- watchlist versions ---------------------------------------------------------------------- */

QUERY(WATCHLIST_NEWEST, "SELECT id, sha256 FROM watchlist ORDER BY id DESC LIMIT 1")
QUERY(WATCHLIST_ADD, "INSERT INTO watchlist (sha256, folder, loaded_at, n_items, origin, note,"
                     " content) VALUES ($2, $3, $4, $5, $6, $7, $8) RETURNING id")
QUERY(WATCHLIST_GET,
      "SELECT id, sha256, folder, loaded_at, n_items, origin, note, content FROM watchlist"
      " WHERE $1 = 0 OR id = $1 ORDER BY id DESC LIMIT 1")
QUERY(WATCHLIST_LIST, "SELECT id, sha256, folder, loaded_at, n_items, origin, note FROM watchlist"
                      " WHERE loaded_at >= $1 AND loaded_at < $2"
                      " ORDER BY id DESC LIMIT $3 OFFSET $4")

/* What the list has found, by item and by spelling. */
QUERY(ARCHIVE_SPAN, "SELECT COUNT(*), COALESCE(MIN(first_seen_at), 0) FROM article")
QUERY(ITEM_USES, "SELECT item, COUNT(*), MIN(created_at), MAX(created_at) FROM alert"
                 " GROUP BY item ORDER BY item")
QUERY(ALIAS_USES, "SELECT alias, COUNT(DISTINCT article_id), 0, 0 FROM mention"
                  " GROUP BY alias ORDER BY alias")

/* ---- mentions and candidates ----------------------------------------------------------------- */

#define MENTION_COLUMNS                                                                     \
    "m.id, m.article_id, m.watchlist_id, m.item, m.kind, m.alias, m.rule, m.term, m.field," \
    " m.quote_start, m.quote_end, m.sentence_start, m.sentence_end, m.term_start,"          \
    " m.term_end, m.quote, m.looked_at"

QUERY(MENTION_ADD, "INSERT INTO mention (article_id, watchlist_id, item, kind, alias, rule, term,"
                   " field, quote_start, quote_end, sentence_start, sentence_end, term_start,"
                   " term_end, quote, looked_at)"
                   " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
                   " $17)"
                   " ON CONFLICT (article_id, watchlist_id, item, field, quote_start) DO NOTHING"
                   " RETURNING id")
QUERY(MENTION_ID, "SELECT id FROM mention WHERE article_id = $2 AND watchlist_id = $3"
                  " AND item = $4 AND field = $9 AND quote_start = $10")
/* $1 article, $2 watchlist, $3 item, $4 kind, $5 limit, $6 offset */
#define MENTION_FILTER                                                  \
    " AND ($2 = 0 OR m.watchlist_id = $2) AND ($3 = '' OR m.item = $3)" \
    " AND ($4 = '' OR m.kind = $4)"                                     \
    " ORDER BY m.article_id, m.field DESC, m.quote_start, m.id LIMIT $5 OFFSET $6"
QUERY(MENTION_LIST, "SELECT " MENTION_COLUMNS " FROM mention m"
                    " WHERE ($1 = 0 OR m.article_id = $1)" MENTION_FILTER)
QUERY(MENTION_LIST_ARTICLE, "SELECT " MENTION_COLUMNS " FROM mention m"
                            " WHERE m.article_id = $1" MENTION_FILTER)
QUERY(MENTION_LIST_ITEM, "SELECT " MENTION_COLUMNS " FROM mention m"
                         " WHERE m.item = $3 AND ($1 = 0 OR m.article_id = $1)" MENTION_FILTER)

#define CANDIDATE_COLUMNS                                                          \
    "id, article_id, watchlist_id, place, country, field, quote_start, quote_end," \
    " sentence_start, sentence_end, quote, found_at, place_id, term, stance"

QUERY(CANDIDATE_ADD, "INSERT INTO candidate (article_id, watchlist_id, place, country, field,"
                     " quote_start, quote_end, sentence_start, sentence_end, quote, found_at,"
                     " place_id, term, stance)"
                     " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
                     " ON CONFLICT (article_id, watchlist_id, place, field, quote_start)"
                     " DO NOTHING RETURNING id")
QUERY(CANDIDATE_ID, "SELECT id FROM candidate WHERE article_id = $2 AND watchlist_id = $3"
                    " AND place = $4 AND field = $6 AND quote_start = $7")
QUERY(CANDIDATE_LIST, "SELECT " CANDIDATE_COLUMNS " FROM candidate"
                      " WHERE ($1 = 0 OR article_id = $1) AND found_at >= $2 AND found_at < $3"
                      " ORDER BY id DESC LIMIT $4 OFFSET $5")

/* ---- alerts ---------------------------------------------------------------------------------- */

#define ALERT_COLUMNS                                                                    \
    "l.id, l.story_id, l.article_id, l.mention_id, l.watchlist_id, l.item, l.item_kind," \
    " l.item_name, l.country, l.severity, l.created_at, l.is_historic, l.tags, l.owner," \
    " l.cause, l.story_decision"
/* The newest that an analyst said and did not take back. */
#define ALERT_VERDICT_OF(analyst)                                                            \
    "COALESCE((SELECT k.verdict FROM mark k WHERE k.alert_id = l.id AND k.verdict <> 'none'" \
    " AND (" analyst " = '' OR k.analyst = " analyst ")"                                     \
    " AND NOT EXISTS (SELECT 1 FROM mark n WHERE n.alert_id = k.alert_id"                    \
    "  AND n.analyst = k.analyst AND n.id > k.id) ORDER BY k.id DESC LIMIT 1), 'none')"
#define ALERT_VERDICT ALERT_VERDICT_OF("''")
/* Analysts who were not told because of a mute, and have not been told since. */
#define ALERT_N_WITHHELD                                                \
    "(SELECT COUNT(*) FROM withheld w WHERE w.alert_id = l.id"          \
    " AND NOT EXISTS (SELECT 1 FROM told d WHERE d.analyst = w.analyst" \
    "  AND d.alert_id = w.alert_id))"
/*
 * Is the alert for this analyst? known: "|name|name|", of all: an item whose owner is nobody is
 * everybody's. What a mute withheld is not, unless the mute was of an outlet and another one has
 * printed the story since.
 */
#define ALERT_FOR(analyst, known)                                                  \
    "(l.owner = '' OR l.owner = " analyst "  OR REPLACE(" known                    \
    ", '|' || l.owner || '|', '') = " known ")"                                    \
    " AND NOT EXISTS (SELECT 1 FROM withheld w JOIN mute m ON m.id = w.mute_id"    \
    "  WHERE w.analyst = " analyst " AND w.alert_id = l.id"                        \
    "  AND (m.outlet = '' OR NOT EXISTS (SELECT 1 FROM article o"                  \
    "   WHERE o.story_id = l.story_id AND o.outlet <> '' AND o.outlet <> m.outlet" \
    "   AND o.first_seen_at > w.at)))"
#define ALERT_VIEW_OF(mention, article)                                                       \
    "SELECT " ALERT_COLUMNS ", " mention ", " article                                         \
    ", s.n_articles, s.n_outlets, s.n_origins, s.first_seen_at,"                              \
    " (SELECT COUNT(*) FROM message_alert t WHERE t.alert_id = l.id),"                        \
    " (SELECT COUNT(*) FROM revision r WHERE r.alert_id = l.id)"                              \
    ", " ALERT_VERDICT ", EXISTS (SELECT 1 FROM told d WHERE d.alert_id = l.id AND d.how <> " \
    "'outside'), " ALERT_N_WITHHELD " FROM alert l JOIN mention m ON m.id = l.mention_id"     \
    " JOIN article a ON a.id = l.article_id JOIN story s ON s.id = l.story_id"

#define ALERT_VIEW ALERT_VIEW_OF(MENTION_COLUMNS, ARTICLE_COLUMNS)
/* Without what is long and not told: a digest may list tens of thousands. */
#define MENTION_COLUMNS_LIGHT                                                               \
    "m.id, m.article_id, m.watchlist_id, m.item, m.kind, m.alias, m.rule, m.term, m.field," \
    " m.quote_start, m.quote_end, m.sentence_start, m.sentence_end, m.term_start,"          \
    " m.term_end, m.quote, ''"
#define ARTICLE_COLUMNS_LIGHT                                                           \
    "a.id, a.version, a.url, '', a.title, '', '', '', a.outlet, a.language, a.country," \
    " '', a.provenance, a.published_at, a.published_precision, '', a.modified_at,"      \
    " a.first_seen_at, a.fetched_at, a.feed_id, a.entry_id, a.page_id, a.story_id,"     \
    " a.scanned_with, a.is_historic, a.text_bytes, '', '', '', '',"                     \
    " a.modified_precision, '', '', '', '', '', a.recirculates_id, a.backfill_id, ''"
#define ALERT_VIEW_LIGHT ALERT_VIEW_OF(MENTION_COLUMNS_LIGHT, ARTICLE_COLUMNS_LIGHT)

/* $1 article, $2 item, $3 historic: what another reading of the same page has raised. */
QUERY(ALERT_OF_PAGE, "SELECT COUNT(*) FROM article a"
                     " JOIN article v ON v.canonical = a.canonical"
                     "  AND v.fetched_at = a.fetched_at AND v.id <> a.id"
                     " JOIN alert l ON l.article_id = v.id AND l.item = $2"
                     "  AND l.is_historic <= $3"
                     " WHERE a.id = $1 AND a.provenance = 'reextract'")
QUERY(ALERT_ADD, "INSERT INTO alert (story_id, article_id, mention_id, watchlist_id, item,"
                 " item_kind, item_name, country, severity, created_at, is_historic, tags, owner,"
                 " cause, story_decision)"
                 " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
                 " ON CONFLICT (story_id, item) DO NOTHING RETURNING id")
/*
 * $17: articles of that time and later are no history. That which raised it was, because its feed
 * was new, not because its text was old; the one at hand is another, or the same and announced
 * since, as one of a backfill may be.
 */
QUERY(ALERT_REVIVE, "UPDATE alert SET article_id = $3, mention_id = $4, watchlist_id = $5,"
                    " severity = $10, created_at = $11, is_historic = 0, cause = $15,"
                    " story_decision = $16"
                    " WHERE story_id = $2 AND item = $6 AND is_historic = 1"
                    " AND EXISTS (SELECT 1 FROM article a, article b"
                    "  WHERE a.id = alert.article_id AND b.id = $3"
                    "  AND (a.id = b.id OR a.provenance = 'feed')"
                    "  AND (a.published_at = 0 OR a.published_at >= $17)"
                    "  AND a.recirculates_id IS NULL"
                    "  AND (a.id = b.id OR a.canonical <> b.canonical)) RETURNING id")
QUERY(ALERT_ID, "SELECT id FROM alert WHERE story_id = $2 AND item = $6")
QUERY(ALERT_GET, ALERT_VIEW " WHERE l.id = $1")
/*
 * The time of a historic alert is its article's: it was raised whenever the backfill ran.
 * $1 since, $2 until, $3 history, $4 after id, $5 item, $6 kind, $7 country, $8 severity,
 * $9 story, $10 article, $11 analyst not told, $12 for analyst, $13 of these, $14 tag,
 * $15 marked 1 or not 2, $16 verdict, $17 muted, $18 cause, $19 limit, $20 offset, $21 owner
 */
#define ALERT_TIME                                                                \
    "CASE WHEN l.is_historic = 1 AND a.published_at > 0 THEN a.published_at ELSE" \
    " l.created_at END"
/* People put a blank, a comma or a bar between them. */
#define ALERT_TAGS "REPLACE(REPLACE(' ' || l.tags || ' ', ',', ' '), '|', ' ')"
#define ALERT_MINE ALERT_FOR("$12", "$13")
#define ALERT_FILTER                                                                      \
    " WHERE " ALERT_TIME " >= $1 AND " ALERT_TIME " < $2"                                 \
    " AND ($3 = 0 OR l.is_historic = $3 - 1) AND l.id > $4"                               \
    " AND ($5 = '' OR l.item = $5) AND ($6 = '' OR l.item_kind = $6)"                     \
    " AND ($7 = '' OR l.country = $7) AND l.severity >= $8"                               \
    " AND ($9 = 0 OR l.story_id = $9) AND ($10 = 0 OR l.article_id = $10)"                \
    " AND ($11 = '' OR NOT EXISTS"                                                        \
    "  (SELECT 1 FROM told d WHERE d.analyst = $11 AND d.alert_id = l.id))"               \
    " AND ($12 = '' OR (" ALERT_MINE "))"                                                 \
    " AND ($14 = '' OR REPLACE(" ALERT_TAGS ", ' ' || $14 || ' ', '') <> " ALERT_TAGS ")" \
    " AND ($21 = '' OR l.owner = $21) AND ($22 = 0 OR a.backfill_id = $22)"               \
    " AND ($15 = 0 OR ($15 = 1) = (" ALERT_VERDICT " <> 'none'))"                         \
    " AND ($16 = '' OR " ALERT_VERDICT " = $16)"                                          \
    " AND ($17 = 0 OR " ALERT_N_WITHHELD " > 0)"                                          \
    " AND ($18 = 0 OR ($18 = 1 AND l.cause <> 'rescan')"                                  \
    "  OR ($18 = 2 AND l.cause = 'rescan'))"
QUERY(ALERT_LIST,
      ALERT_VIEW ALERT_FILTER " ORDER BY l.created_at DESC, l.id DESC LIMIT $19 OFFSET $20")
QUERY(ALERT_LIST_OLDEST,
      ALERT_VIEW ALERT_FILTER " ORDER BY l.created_at, l.id LIMIT $19 OFFSET $20")
QUERY(ALERT_LIST_LIGHT,
      ALERT_VIEW_LIGHT ALERT_FILTER " ORDER BY l.created_at DESC, l.id DESC LIMIT $19 OFFSET $20")
QUERY(ALERT_LIST_LIGHT_OLDEST,
      ALERT_VIEW_LIGHT ALERT_FILTER " ORDER BY l.created_at, l.id LIMIT $19 OFFSET $20")

/* $1 since, $2 for analyst, $3 of these */
QUERY(ALERT_RESCAN_HISTORY,
      "SELECT COUNT(*) FROM alert l WHERE l.created_at > $1 AND l.is_historic = 1"
      " AND l.cause = 'rescan' AND (" ALERT_FOR("$2", "$3") ")")

/* ---- revisions ------------------------------------------------------------------------------- */

QUERY(ALERT_TOLD, "SELECT l.id, l.article_id, l.watchlist_id, l.is_historic, l.item FROM alert l"
                  " WHERE l.story_id = $1 AND l.item = $2")
/*
 * $1 the page of this article: the alerts that one of its versions raised, or a revision of which
 * it made.
 */
QUERY(ALERT_LIST_PAGE, "SELECT l.id, l.article_id, l.watchlist_id, l.is_historic, l.item"
                       " FROM alert l WHERE l.id IN"
                       " (SELECT b.id FROM article a JOIN article v ON v.canonical = a.canonical"
                       "   JOIN alert b ON b.article_id = v.id WHERE a.id = $1"
                       "  UNION SELECT r.alert_id FROM article a"
                       "   JOIN article v ON v.canonical = a.canonical"
                       "   JOIN revision r ON r.article_id = v.id WHERE a.id = $1"
                       "  UNION SELECT b.id FROM article a"
                       "   JOIN article v ON v.canonical = a.canonical"
                       "   JOIN story s ON s.id = v.story_id AND s.root_article_id = v.id"
                       "   JOIN alert b ON b.story_id = s.id WHERE a.id = $1)"
                       " ORDER BY l.id LIMIT $2")

/* $1 article: a version that an event speaks of which was not scanned yet. */
QUERY(EVENT_WAITS, "SELECT COUNT(*) FROM event e WHERE e.scanned_with IS NULL AND e.newer_id = $1")

#define REVISION_COLUMNS                                                                 \
    "r.id, r.alert_id, r.article_id, r.event_id, r.kind, r.before, r.after, r.sentence," \
    " r.mark_start, r.mark_end, r.n_still, r.created_at, r.is_historic"
QUERY(REVISION_ADD, "INSERT INTO revision (alert_id, article_id, event_id, kind, before, after,"
                    " sentence, mark_start, mark_end, n_still, created_at, is_historic)"
                    " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
                    " ON CONFLICT DO NOTHING RETURNING id")
QUERY(REVISION_STILL, "UPDATE revision SET n_still = n_still + 1 WHERE id = $1")
/* Of one alert, the newest first: $1 alert, $2 limit. */
QUERY(REVISION_LIST_ALERT, "SELECT " REVISION_COLUMNS " FROM revision r WHERE r.alert_id = $1"
                           " ORDER BY r.id DESC LIMIT $2")
/*
 * With what is shown: $1 since, $2 until, $3 history, $4 alert, $5 analyst not told, $6 limit,
 * $7 offset, $8 for analyst, $9 of these. is_told: the analyst knows the alert itself.
 */
QUERY(REVISION_LIST,
      "SELECT " REVISION_COLUMNS ", " ARTICLE_COLUMNS
      ", l.story_id, l.item, l.item_name, l.country, l.severity, b.title, b.url, b.outlet,"
      " COALESCE(e.at, 0), COALESCE(e.how, ''), COALESCE(e.is_noted, 0),"
      " s.n_articles, s.n_outlets, s.n_origins,"
      " EXISTS (SELECT 1 FROM told d WHERE d.analyst = $5 AND d.alert_id = l.id"
      "  AND d.how <> 'outside')"
      " FROM revision r JOIN alert l ON l.id = r.alert_id JOIN article a ON a.id = r.article_id"
      " JOIN article b ON b.id = l.article_id JOIN story s ON s.id = l.story_id"
      " LEFT JOIN event e ON e.id = r.event_id"
      " WHERE r.created_at >= $1 AND r.created_at < $2"
      " AND ($3 = 0 OR r.is_historic = $3 - 1) AND ($4 = 0 OR r.alert_id = $4)"
      " AND ($5 = '' OR NOT EXISTS (SELECT 1 FROM revision_told d"
      "  WHERE d.analyst = $5 AND d.revision_id = r.id))"
      " AND ($8 = '' OR EXISTS (SELECT 1 FROM told d WHERE d.analyst = $8 AND d.alert_id = l.id"
      "  AND d.how <> 'outside')"
      "  OR (" ALERT_FOR(
          "$8", "$9") " AND NOT EXISTS (SELECT 1 FROM told d"
                      "   WHERE d.analyst = $8 AND d.alert_id = l.id AND d.how = 'outside')))"
                      " ORDER BY r.id LIMIT $6 OFFSET $7")
QUERY(REVISION_TELL, "INSERT INTO revision_told (analyst, revision_id, at) VALUES ($1, $2, $3)"
                     " ON CONFLICT (analyst, revision_id) DO NOTHING")

/* ---- messages -------------------------------------------------------------------------------- */

#define MESSAGE_COLUMNS                                                                     \
    "g.id, g.message_id, g.kind, g.analyst, g.recipient, g.subject, g.n_bytes, g.sha256,"   \
    " g.state, g.n_tries, g.not_before, g.created_at, g.last_tried_at, g.sent_at, g.reply," \
    " g.n_alerts, g.channel, g.story_id, g.returned_at, g.n_doubts, g.fault"

QUERY(MESSAGE_RESERVE, "UPDATE meta SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT)"
                       " WHERE key = 'next_message' RETURNING CAST(value AS BIGINT) - 1")
QUERY(MESSAGE_ADD, "INSERT INTO message (id, message_id, kind, analyst, recipient, subject,"
                   " n_bytes, sha256, state, n_tries, not_before, created_at, last_tried_at,"
                   " sent_at, reply, n_alerts, channel, story_id, returned_at, n_doubts,"
                   " fault)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
                   " $16, $17, $18, $19, $20, $21)")
QUERY(MESSAGE_BYTES_ADD, "INSERT INTO message_bytes (message_id, bytes) VALUES ($1, $2)")
QUERY(MESSAGE_ALERT_ADD, "INSERT INTO message_alert (message_id, alert_id) VALUES ($1, $2)"
                         " ON CONFLICT (message_id, alert_id) DO NOTHING")
QUERY(TOLD_ADD, "INSERT INTO told (analyst, alert_id, at, how) VALUES ($1, $2, $3, $4)"
                " ON CONFLICT (analyst, alert_id) DO NOTHING")
QUERY(TOLD_LIST, "SELECT analyst, alert_id, at, how FROM told"
                 " WHERE alert_id = $1 AND how <> 'outside' ORDER BY analyst")

/* ---- what is untold: storage/store_untold.h -------------------------------------------------- */

/* $1 analyst, $2 all of them, $3 after id, $4 or since */
#define UNTOLD_NOT(at)                                                                         \
    "l.is_historic = 0" at " AND NOT EXISTS"                                                   \
    " (SELECT 1 FROM told d WHERE d.analyst = $1 AND d.alert_id = l.id) AND (" ALERT_FOR("$1", \
                                                                                         "$2") ")"
/* By both ways at once: either range is short, and a walk in the order of ids would not be. */
#define UNTOLD_NEW(cursor)                                                      \
    " AND l.id IN (SELECT n.id FROM alert n WHERE n.id > $3 AND n.id > " cursor \
    "  UNION SELECT r.id FROM alert r WHERE r.created_at >= $4 AND +r.id > " cursor ")"
/* $5 cursor, $6 limit */
QUERY(UNTOLD_LIST, "SELECT l.id, l.story_id, l.item, l.item_kind, l.country, l.severity,"
                   " l.created_at, l.tags FROM alert l"
                   " WHERE " UNTOLD_NOT(UNTOLD_NEW("$5")) " ORDER BY l.id LIMIT $6")
QUERY(UNTOLD_HAS,
      "SELECT EXISTS (SELECT 1 FROM alert l WHERE " UNTOLD_NOT(UNTOLD_NEW(
          "0")) ")"
                " OR EXISTS (SELECT 1 FROM withheld w JOIN mute m ON m.id = w.mute_id"
                "  JOIN alert l ON l.id = w.alert_id WHERE w.analyst = $1 AND m.outlet <> ''"
                "  AND NOT EXISTS (SELECT 1 FROM told d WHERE d.analyst = $1 AND d.alert_id = l.id)"
                "  AND EXISTS (SELECT 1 FROM article o WHERE o.story_id = l.story_id"
                "   AND o.outlet <> '' AND o.outlet <> m.outlet AND o.first_seen_at > w.at))")
QUERY(UNTOLD_REACH, "SELECT COALESCE((SELECT MAX(id) FROM alert), 0),"
                    " COALESCE((SELECT MAX(id) FROM revision), 0),"
                    " COALESCE((SELECT MAX(created_at) FROM alert), 0)")
QUERY(UNTOLD_PASSED, "SELECT COUNT(*) FROM told WHERE analyst = $1 AND alert_id = $2"
                     " AND how = 'outside'")
/* $1 analyst, $2 before, $3 now, $4 all analysts, $5 behind id, $6 or raised later than */
QUERY(SEEN_ALERTS,
      "INSERT INTO told (analyst, alert_id, at, how)"
      " SELECT $1, l.id, $3, 'seen' FROM alert l"
      " WHERE l.created_at < $2 AND (l.id > $5 OR l.created_at > $6)"
      " AND l.is_historic = 0 AND (" ALERT_FOR("$1",
                                               "$4") ")"
                                                     " ON CONFLICT (analyst, alert_id) DO NOTHING")
/* $1 analyst, $2 before, $3 now, $4 behind id */
QUERY(SEEN_REVISIONS, "INSERT INTO revision_told (analyst, revision_id, at)"
                      " SELECT $1, r.id, $3 FROM revision r"
                      " WHERE r.created_at < $2 AND r.id > $4 AND r.is_historic = 0"
                      " ON CONFLICT (analyst, revision_id) DO NOTHING")
/* $1 analyst, $2 before, $3 now, $4 from */
QUERY(SEEN_TROUBLES, "INSERT INTO trouble_told (analyst, trouble_id, what, at)"
                     " SELECT $1, t.id, 'began', $3 FROM trouble t"
                     " WHERE t.persists_since > 0 AND t.persists_since >= $4"
                     " AND t.persists_since < $2 AND t.ended_at = 0"
                     " ON CONFLICT (analyst, trouble_id, what) DO NOTHING")
QUERY(SEEN_TROUBLE_ENDS, "INSERT INTO trouble_told (analyst, trouble_id, what, at)"
                         " SELECT $1, t.id, 'ended', $3 FROM trouble t"
                         " WHERE t.persists_since > 0 AND t.ended_at > 0"
                         " AND t.ended_at >= $4 AND t.ended_at < $2"
                         " ON CONFLICT (analyst, trouble_id, what) DO NOTHING")

QUERY(MESSAGE_UPDATE, "UPDATE message SET state = $9, n_tries = $10, not_before = $11,"
                      " last_tried_at = $13, sent_at = $14, reply = $15, returned_at = $19,"
                      " n_doubts = $20, fault = $21 WHERE id = $1")
QUERY(MESSAGE_BYTES_PRUNE, "DELETE FROM message_bytes WHERE message_id IN"
                           " (SELECT g.id FROM message g"
                           "  JOIN message_bytes b ON b.message_id = g.id"
                           "  WHERE g.state IN ('sent', 'dropped') AND g.last_tried_at < $1"
                           "  AND g.created_at < $1 ORDER BY g.id LIMIT $2)")
/* What a message told, as if it had never been: $1 message, $2 analyst, $3 when it was made. */
QUERY(MESSAGE_UNTELL, "DELETE FROM told WHERE analyst = $2 AND how = 'message' AND alert_id IN"
                      " (SELECT alert_id FROM message_alert WHERE message_id = $1)"
                      " AND NOT EXISTS (SELECT 1 FROM message_alert t"
                      "  JOIN message o ON o.id = t.message_id WHERE t.alert_id = told.alert_id"
                      "  AND o.id <> $1 AND o.analyst = $2 AND o.state <> 'dropped')")
/* Marks of these have no message; another one of the same moment may be what told them. */
#define UNTELL_MOMENT                                                         \
    " WHERE analyst = $2 AND at = $3 AND NOT EXISTS (SELECT 1 FROM message o" \
    "  WHERE o.id <> $1 AND o.analyst = $2 AND o.created_at = $3 AND o.state <> 'dropped')"
QUERY(MESSAGE_UNTELL_REVISIONS, "DELETE FROM revision_told" UNTELL_MOMENT)
QUERY(MESSAGE_UNTELL_TROUBLES, "DELETE FROM trouble_told" UNTELL_MOMENT)
QUERY(MESSAGE_UNTELL_POSSIBLE, "DELETE FROM possible_told" UNTELL_MOMENT)
QUERY(MESSAGE_GET, "SELECT " MESSAGE_COLUMNS " FROM message g WHERE g.id = $1")
QUERY(MESSAGE_BY_NAME, "SELECT " MESSAGE_COLUMNS " FROM message g WHERE g.message_id = $1")
QUERY(MESSAGE_BYTES, "SELECT bytes FROM message_bytes WHERE message_id = $1")
QUERY(MESSAGE_ALERTS, "SELECT alert_id FROM message_alert WHERE message_id = $1 ORDER BY alert_id")
/*
 * $1 since, $2 until, $3 state or "bad", $4 analyst, $5 kind, $6 alert, $7 story, $8 limit,
 * $9 offset
 */
/* Is this message's address held? Its last $10 messages were all refused or came back. */
#define MESSAGE_IS_HELD                                                    \
    "($10 > 0 AND (SELECT COUNT(*) FROM (SELECT l.fault FROM message l"    \
    "   WHERE l.recipient = g.recipient AND l.state IN ('sent', 'failed')" \
    "   ORDER BY l.last_tried_at DESC, l.id DESC LIMIT $10) l3"            \
    "  WHERE l3.fault IN ('refused', 'bounced')) >= $10)"
QUERY(MESSAGE_LIST, "SELECT " MESSAGE_COLUMNS " FROM message g"
                    " WHERE g.created_at >= $1 AND g.created_at < $2"
                    " AND ($3 = '' OR g.state = $3"
                    "  OR ($3 = 'bad' AND g.state IN ('deferred', 'failed', 'unknown'))"
                    "  OR ($3 = 'waiting' AND g.state NOT IN ('sent', 'failed', 'dropped'))"
                    "  OR ($3 IN ('bad', 'held') AND g.state NOT IN ('sent', 'failed', 'dropped')"
                    "   AND " MESSAGE_IS_HELD "))"
                    " AND ($4 = '' OR g.analyst = $4)"
                    " AND ($5 = '' OR g.kind = $5)"
                    " AND ($6 = 0 OR EXISTS (SELECT 1 FROM message_alert t"
                    "  WHERE t.message_id = g.id AND t.alert_id = $6))"
                    " AND ($7 = 0 OR g.story_id = $7)"
                    " ORDER BY g.id DESC LIMIT $8 OFFSET $9")
/*
 * The same of one analyst and kind, by their index: $1 since, $2 until, $3 analyst, $4 kind, $5
 * story, $6 limit, $7 offset
 */
QUERY(MESSAGE_LIST_OF, "SELECT " MESSAGE_COLUMNS " FROM message g"
                       " WHERE g.analyst = $3 AND g.kind = $4"
                       " AND g.created_at >= $1 AND g.created_at < $2"
                       " AND ($5 = 0 OR g.story_id = $5)"
                       " ORDER BY g.created_at DESC, g.id DESC LIMIT $6 OFFSET $7")
/* The last of each recipient whose last $1 messages were all refused or came back. */
QUERY(MESSAGE_LIST_HELD,
      "SELECT " MESSAGE_COLUMNS " FROM message g JOIN"
      " (SELECT m.id, m.fault, m.recipient, ROW_NUMBER() OVER (PARTITION BY m.recipient"
      "   ORDER BY m.last_tried_at DESC, m.id DESC) AS place FROM message m"
      "  WHERE m.state IN ('sent', 'failed') AND m.recipient IN"
      "   (SELECT f.recipient FROM message f WHERE f.state = 'failed'"
      "    AND f.fault IN ('refused', 'bounced'))) r ON r.id = g.id AND r.place = 1"
      " WHERE (SELECT COUNT(*) FROM (SELECT l.fault FROM message l"
      "   WHERE l.recipient = g.recipient AND l.state IN ('sent', 'failed')"
      "   ORDER BY l.last_tried_at DESC, l.id DESC LIMIT $1) l3"
      "  WHERE l3.fault IN ('refused', 'bounced')) >= $1 ORDER BY g.recipient")
/* $1 time, $2 analyst, $3 limit, $4 offset. None waits for two days, but of a wrong clock. */
QUERY(MESSAGE_LIST_DUE, "SELECT " MESSAGE_COLUMNS " FROM message g"
                        " WHERE g.state NOT IN ('sent', 'failed', 'dropped')"
                        " AND g.not_before NOT BETWEEN $1 + 1 AND $1 + 172800"
                        " AND ($2 = '' OR g.analyst = $2)"
                        " ORDER BY +g.id LIMIT $3 OFFSET $4") /* by its index, not by ids */
