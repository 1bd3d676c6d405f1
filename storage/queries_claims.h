/* queries_claims.h - statements on candidates as they are shown, decisions, proposals, claims. */

/*
 * Where something stands, and what is shown of its article. x is the row; what counts is what the
 * newest version that scanned the article found.
 */
#define SIGHTING_COLUMNS                                                                   \
    "x.id, x.article_id, x.watchlist_id, x.field, x.quote_start, x.quote_end,"             \
    " x.sentence_start, x.sentence_end, x.quote, x.found_at, COALESCE(a.story_id, 0),"     \
    " a.published_at, a.first_seen_at, COALESCE(s.n_origins, 1), a.outlet, a.site, a.url," \
    " a.title, a.language, a.is_historic"
#define SIGHTING_FROM(table)                                  \
    " FROM " table " x JOIN article a ON a.id = x.article_id" \
    " AND a.scanned_with = x.watchlist_id LEFT JOIN story s ON s.id = a.story_id"
#define SIGHTING_TIME "CASE WHEN a.published_at > 0 THEN a.published_at ELSE a.first_seen_at END"

/* $1 country, $2 limit */
QUERY(CANDIDATE_VIEWS,
      "SELECT " SIGHTING_COLUMNS ", x.place_id, x.place, x.country, x.term, x.stance" SIGHTING_FROM(
          "candidate") " WHERE ($1 = '' OR x.country = $1)"
                       " ORDER BY x.country, x.place, x.place_id, x.article_id, x.id LIMIT $2")
QUERY(DECISION_ADD, "INSERT INTO decision (country, place, verdict, item, note, at)"
                    " VALUES ($2, $3, $4, $5, $6, $7) RETURNING id")
QUERY(DECISION_LIST, "SELECT id, country, place, verdict, item, note, at FROM decision"
                     " ORDER BY id DESC")

QUERY(POSSIBLE_COUNT, "SELECT EXISTS (SELECT 1 FROM candidate)"
                      " OR EXISTS (SELECT 1 FROM proposal)")
QUERY(POSSIBLE_TOLD, "SELECT COUNT(*) FROM possible_told WHERE analyst = $1 AND subject = $2")
QUERY(POSSIBLE_TELL, "INSERT INTO possible_told (analyst, subject, at) VALUES ($1, $2, $3)"
                     " ON CONFLICT (analyst, subject) DO NOTHING")

QUERY(PROPOSAL_ADD, "INSERT INTO proposal (article_id, watchlist_id, item, state, stance, field,"
                    " quote_start, quote_end, sentence_start, sentence_end, quote, found_at)"
                    " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
                    " ON CONFLICT (article_id, watchlist_id, item, state) DO NOTHING RETURNING id")
/* $1 since, $2 until, $3 item, $4 article, $5 story, $6 limit, $7 offset */
#define SIGHTING_FILTER                                         \
    " WHERE " SIGHTING_TIME " >= $1 AND " SIGHTING_TIME " < $2" \
    " AND ($4 = 0 OR x.article_id = $4) AND ($5 = 0 OR a.story_id = $5)"
QUERY(PROPOSAL_LIST,
      "SELECT " SIGHTING_COLUMNS ", x.item, x.state, x.stance" SIGHTING_FROM("proposal")
          SIGHTING_FILTER " AND ($3 = '' OR x.item = $3)"
                          " ORDER BY " SIGHTING_TIME " DESC, x.id DESC LIMIT $6 OFFSET $7")
QUERY(CLAIM_ADD, "INSERT INTO claim (article_id, watchlist_id, n_sites, n_countries, bound,"
                 " speaker, field, quote_start, quote_end, sentence_start, sentence_end, quote,"
                 " found_at)"
                 " VALUES ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
                 " ON CONFLICT (article_id, watchlist_id, field, quote_start) DO NOTHING"
                 " RETURNING id")
QUERY(CLAIM_LIST, "SELECT " SIGHTING_COLUMNS
                  ", x.n_sites, x.n_countries, x.bound, x.speaker" SIGHTING_FROM("claim")
                      SIGHTING_FILTER " ORDER BY " SIGHTING_TIME ", x.id LIMIT $6 OFFSET $7")
