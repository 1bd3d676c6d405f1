/* queries_report.h - what the static report reads of the archive; for queries.h and queries.c
 * alone. Behind queries_alerts.h, whose ALERT_TIME it uses. */

/*
 * $1 since, $2 until, $3 limit: a story's alerts stand together, the gravest first. None is told of
 * before it is raised, so the index of created_at bounds them, too.
 */
QUERY(REPORT_ALERTS,
      "SELECT l.id, l.story_id, l.item, l.item_kind, l.item_name, l.country, l.severity,"
      " " ALERT_TIME ", l.is_historic, (SELECT COUNT(*) FROM revision r WHERE r.alert_id = l.id)"
      " FROM alert l JOIN article a ON a.id = l.article_id"
      " WHERE l.created_at >= $1 AND " ALERT_TIME " >= $1 AND " ALERT_TIME " < $2"
      " ORDER BY l.story_id, l.severity DESC, l.id LIMIT $3")
/*
 * Stories with such an alert. The last column is one sum of all that a page of the story shows and
 * that may change: it is only ever added to, so that it never comes back to what it was.
 */
QUERY(REPORT_STORIES,
      "SELECT s.id, a.title, a.url, a.outlet, a.language, s.n_articles, s.n_outlets, s.n_origins,"
      " s.first_seen_at, s.last_seen_at,"
      " (SELECT COALESCE(SUM(v.id + COALESCE(v.scanned_with, 0)), 0)"
      "  FROM article v WHERE v.story_id = s.id)"
      " + (SELECT COALESCE(SUM(l.id + 3 * COALESCE("
      "   (SELECT SUM(r.id + r.n_still) FROM revision r WHERE r.alert_id = l.id), 0)"
      "   + 5 * COALESCE((SELECT SUM(m.id) FROM mark m WHERE m.alert_id = l.id), 0)), 0)"
      "  FROM alert l WHERE l.story_id = s.id)"
      " + 7 * (SELECT COALESCE(SUM(e.id), 0) FROM event e"
      "  JOIN article v ON v.id = e.article_id WHERE v.story_id = s.id)"
      " FROM story s JOIN article a ON a.id = s.canonical_article_id"
      " WHERE s.id IN (SELECT l.story_id FROM alert l JOIN article a ON a.id = l.article_id"
      "  WHERE l.created_at >= $1 AND " ALERT_TIME " >= $1 AND " ALERT_TIME " < $2)"
      " ORDER BY s.id LIMIT $3")
/* $1 since, $2 limit: those that persisted, and were open then or later. */
QUERY(TROUBLE_LIST_RECENT,
      "SELECT " TROUBLE_COLUMNS ", f.url, f.title, f.country, f.language, f.last_new_at"
      " FROM trouble t JOIN feed f ON f.id = t.feed_id"
      " WHERE t.persists_since > 0 AND (t.ended_at = 0 OR t.ended_at >= $1)"
      " ORDER BY t.ended_at > 0, t.began_at DESC, t.id LIMIT $2")
