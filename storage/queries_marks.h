/* queries_marks.h - statements on marks, mutes, what was withheld, and the control set. */

/* ---- marks ----------------------------------------------------------------------------------- */

#define MARK_COLUMNS "id, alert_id, verdict, analyst, note, at"
QUERY(MARK_ADD, "INSERT INTO mark (alert_id, verdict, analyst, note, at)"
                " VALUES ($2, $3, $4, $5, $6) RETURNING id")
QUERY(MARK_LIST, "SELECT " MARK_COLUMNS " FROM mark WHERE alert_id = $1 ORDER BY id")

/* A mark that its analyst has not replaced or taken back, of an alert l. */
#define MARK_STANDS                                                        \
    " FROM mark k WHERE k.alert_id = l.id AND ($4 = '' OR k.analyst = $4)" \
    " AND NOT EXISTS (SELECT 1 FROM mark n WHERE n.alert_id = k.alert_id"  \
    "  AND n.analyst = k.analyst AND n.id > k.id)"
/* $1 since, $2 until, $3 item, $4 analyst, $5 marked alone, $6 limit, $7 offset */
QUERY(
    JUDGED_LIST,
    "SELECT l.id, l.article_id, COALESCE(a.feed_id, 0), l.item, m.alias, m.rule, m.kind, a.outlet,"
    " a.language, COALESCE(NULLIF(f.title, ''), f.url, ''), " ALERT_VERDICT_OF(
        "$4") ","
              " EXISTS (SELECT 1" MARK_STANDS " AND k.verdict = 'irrelevant')"
              " AND EXISTS (SELECT 1" MARK_STANDS " AND k.verdict IN ('relevant', 'known')),"
              " m.field, m.quote_start, m.quote_end, m.sentence_start, m.sentence_end"
              " FROM alert l JOIN mention m ON m.id = l.mention_id JOIN article a ON a.id = "
              "l.article_id"
              " LEFT JOIN feed f ON f.id = a.feed_id"
              " WHERE " ALERT_TIME " >= $1 AND " ALERT_TIME " < $2 AND ($3 = '' OR l.item = $3)"
              " AND ($5 = 0 OR " ALERT_VERDICT_OF("$4") " <> 'none')"
                                                        " ORDER BY l.id LIMIT $6 OFFSET $7")

/* ---- mutes ----------------------------------------------------------------------------------- */

#define MUTE_COLUMNS                                                                \
    "m.id, m.story_id, m.item, m.outlet, m.analyst, m.note, m.created_at, m.until," \
    " m.ended_at"
QUERY(MUTE_ADD,
      "INSERT INTO mute (story_id, item, outlet, analyst, note, created_at, until, ended_at)"
      " VALUES ($2, $3, $4, $5, $6, $7, $8, $9) RETURNING id")
/* $1 number, $2 now */
QUERY(MUTE_END, "UPDATE mute SET ended_at = $2 WHERE id = $1 AND ended_at = 0 AND until > $2"
                " RETURNING id")
/* $1 after, $2 analyst */
QUERY(MUTE_LIST, "SELECT " MUTE_COLUMNS ", (SELECT COUNT(*) FROM withheld w WHERE w.mute_id = m.id"
                 "  AND ($2 = '' OR w.analyst = $2)"
                 "  AND NOT EXISTS (SELECT 1 FROM told d WHERE d.analyst = w.analyst"
                 "   AND d.alert_id = w.alert_id))"
                 " FROM mute m WHERE CASE WHEN m.ended_at > 0 THEN m.ended_at ELSE m.until END > $1"
                 " AND ($2 = '' OR m.analyst = '' OR m.analyst = $2) ORDER BY m.id")
QUERY(WITHHELD_ADD, "INSERT INTO withheld (analyst, alert_id, mute_id, at) VALUES ($1, $2, $3, $4)"
                    " ON CONFLICT (analyst, alert_id) DO NOTHING")
QUERY(WITHHELD_LIST, "SELECT analyst, alert_id, mute_id, at FROM withheld WHERE alert_id = $1"
                     " ORDER BY at, analyst")
QUERY(OUTLET_LIST, "SELECT DISTINCT outlet FROM article WHERE outlet <> '' ORDER BY outlet")

/* ---- the control set ------------------------------------------------------------------------- */

QUERY(CONTROL_ADD,
      "INSERT INTO control (url, title, language, body, sha256, expected, note, added_at)"
      " VALUES ($2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (sha256) DO NOTHING"
      " RETURNING id")
QUERY(CONTROL_SET, "UPDATE control SET expected = $7, note = $8 WHERE sha256 = $6 RETURNING id")
QUERY(CONTROL_REMOVE, "DELETE FROM control WHERE id = $1 RETURNING id")
QUERY(CONTROL_LIST, "SELECT id, url, title, language, body, sha256, expected, note, added_at"
                    " FROM control ORDER BY id LIMIT $1 OFFSET $2")
