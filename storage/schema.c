/*
 * schema.c - the tables. Times are seconds since 1970 UTC, 0 when unknown; texts that are absent
 * are empty; ids that are absent are NULL, so that foreign keys hold. Packed texts: base/deflate.h.
 * Of three values and more a CHECK asks one by one: for IN (...) SQLite fills a table at every
 * write.
 */
#include "storage/schema.h"

#include "base/attrs.h"

static const char *const version_1[] = {
    "CREATE TABLE meta ("
    " key TEXT PRIMARY KEY,"
    " value TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID",

    /* Part of every Message-ID: two databases never send the same one. */
    "INSERT INTO meta (key, value) VALUES ('database', lower(hex(randomblob(16)))),"
    " ('next_message', '1'), ('search_indexed_to', '0')",

    /* ---- the crawl ------------------------------------------------------------------------- */
    "CREATE TABLE run ("
    " id INTEGER PRIMARY KEY,"
    " kind TEXT NOT NULL,"
    " pid INTEGER NOT NULL,"
    " started_at INTEGER NOT NULL,"
    " ended_at INTEGER NOT NULL,"
    " outcome TEXT NOT NULL CHECK (outcome = 'unfinished' OR outcome = 'ok' OR outcome = 'partial'"
    " OR outcome = 'failed'),"
    " n_feeds INTEGER NOT NULL, n_feeds_failed INTEGER NOT NULL, n_entries_new INTEGER NOT NULL,"
    " n_pages INTEGER NOT NULL, n_pages_failed INTEGER NOT NULL, n_articles INTEGER NOT NULL,"
    " n_stories INTEGER NOT NULL, n_mentions INTEGER NOT NULL, n_alerts INTEGER NOT NULL,"
    " n_messages INTEGER NOT NULL, n_requests INTEGER NOT NULL, received_bytes INTEGER NOT NULL,"
    " message TEXT NOT NULL"
    ") STRICT",

    "CREATE TABLE feed ("
    " id INTEGER PRIMARY KEY,"
    " url TEXT NOT NULL UNIQUE,"
    " title TEXT NOT NULL, outlet TEXT NOT NULL, folder TEXT NOT NULL,"
    " country TEXT NOT NULL, language TEXT NOT NULL,"
    " state TEXT NOT NULL CHECK (state = 'active' OR state = 'paused' OR state = 'gone'"
    " OR state = 'removed'),"
    " added_at INTEGER NOT NULL,"
    " etag TEXT NOT NULL, last_modified TEXT NOT NULL,"
    " next_due_at INTEGER NOT NULL, interval_s INTEGER NOT NULL,"
    " last_checked_at INTEGER NOT NULL, last_ok_at INTEGER NOT NULL,"
    " last_new_at INTEGER NOT NULL,"
    " n_failures INTEGER NOT NULL, first_failed_at INTEGER NOT NULL,"
    " last_error TEXT NOT NULL, last_status INTEGER NOT NULL,"
    " new_url TEXT NOT NULL, new_url_since INTEGER NOT NULL, n_new_url_seen INTEGER NOT NULL"
    ") STRICT",
    "CREATE INDEX feed_due ON feed (next_due_at) WHERE state = 'active'",

    "CREATE TABLE feed_check ("
    " id INTEGER PRIMARY KEY,"
    " feed_id INTEGER NOT NULL REFERENCES feed (id),"
    " run_id INTEGER REFERENCES run (id),"
    " at INTEGER NOT NULL,"
    " outcome TEXT NOT NULL CHECK (outcome = 'ok' OR outcome = 'unchanged' OR outcome = 'failed'"
    " OR outcome = 'skipped'),"
    " http_status INTEGER NOT NULL,"
    " n_entries INTEGER NOT NULL, n_new INTEGER NOT NULL,"
    " duration_ms INTEGER NOT NULL, body_bytes INTEGER NOT NULL,"
    " message TEXT NOT NULL"
    ") STRICT",
    "CREATE INDEX feed_check_feed ON feed_check (feed_id, at)",

    "CREATE TABLE host ("
    " host TEXT PRIMARY KEY,"
    " robots BLOB NOT NULL," /* packed */
    " robots_status INTEGER NOT NULL, robots_fetched_at INTEGER NOT NULL,"
    " robots_failing_since INTEGER NOT NULL,"
    " robots_etag TEXT NOT NULL, robots_last_modified TEXT NOT NULL,"
    " not_before INTEGER NOT NULL, last_start_at INTEGER NOT NULL,"
    " delay_ms INTEGER NOT NULL, n_failures INTEGER NOT NULL"
    ") STRICT",

    "CREATE TABLE request ("
    " id INTEGER PRIMARY KEY,"
    " run_id INTEGER REFERENCES run (id),"
    " at INTEGER NOT NULL,"
    " url TEXT NOT NULL, host TEXT NOT NULL,"
    " http_status INTEGER NOT NULL, body_bytes INTEGER NOT NULL, duration_ms INTEGER NOT NULL,"
    " outcome TEXT NOT NULL"
    ") STRICT",
    "CREATE INDEX request_run ON request (run_id)",
    "CREATE INDEX request_host ON request (host, at)",

    "CREATE TABLE page ("
    " id INTEGER PRIMARY KEY,"
    " url TEXT NOT NULL, canonical TEXT NOT NULL UNIQUE, host TEXT NOT NULL,"
    " content_type TEXT NOT NULL,"
    " state TEXT NOT NULL CHECK (state = 'queued' OR state = 'done' OR state = 'failed'"
    " OR state = 'refused' OR state = 'quarantined' OR state = 'gone'),"
    " priority INTEGER NOT NULL,"
    " n_tries INTEGER NOT NULL, n_deaths INTEGER NOT NULL,"
    " not_before INTEGER NOT NULL,"
    " last_status INTEGER NOT NULL, last_error TEXT NOT NULL,"
    " is_historic INTEGER NOT NULL, provenance TEXT NOT NULL,"
    " feed_id INTEGER REFERENCES feed (id),"
    " added_at INTEGER NOT NULL, fetched_at INTEGER NOT NULL,"
    " etag TEXT NOT NULL, last_modified TEXT NOT NULL,"
    " article_id INTEGER REFERENCES article (id)"
    ") STRICT",
    "CREATE INDEX page_due ON page (host, priority DESC, id) WHERE state = 'queued'",
    "CREATE INDEX page_added ON page (added_at)",

    "CREATE TABLE entry ("
    " id INTEGER PRIMARY KEY,"
    " feed_id INTEGER NOT NULL REFERENCES feed (id),"
    " guid TEXT NOT NULL,"
    " url TEXT NOT NULL, canonical TEXT NOT NULL,"
    " title TEXT NOT NULL, author TEXT NOT NULL, language TEXT NOT NULL,"
    " published_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,"
    " first_seen_at INTEGER NOT NULL, n_changes INTEGER NOT NULL,"
    " page_id INTEGER REFERENCES page (id), article_id INTEGER REFERENCES article (id),"
    " fingerprint INTEGER NOT NULL,"                 /* hash64 of its words: did it change? */
    " summary BLOB NOT NULL, content BLOB NOT NULL," /* packed */
    " UNIQUE (feed_id, guid)"
    ") STRICT",
    "CREATE INDEX entry_canonical ON entry (canonical)",
    "CREATE INDEX entry_page ON entry (page_id)",
    "CREATE INDEX entry_feed ON entry (feed_id, first_seen_at)",

    /* ---- what was read --------------------------------------------------------------------- */
    "CREATE TABLE story ("
    " id INTEGER PRIMARY KEY,"
    " first_article_id INTEGER NOT NULL REFERENCES article (id),"
    " canonical_article_id INTEGER NOT NULL REFERENCES article (id),"
    " first_seen_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL,"
    " n_articles INTEGER NOT NULL," /* addresses, not versions */
    " n_outlets INTEGER NOT NULL"
    ") STRICT",
    "CREATE INDEX story_seen ON story (last_seen_at)",

    "CREATE TABLE article ("
    " id INTEGER PRIMARY KEY,"
    " version INTEGER NOT NULL,"
    " url TEXT NOT NULL, canonical TEXT NOT NULL,"
    " title TEXT NOT NULL, author TEXT NOT NULL, description TEXT NOT NULL,"
    " site TEXT NOT NULL, outlet TEXT NOT NULL, language TEXT NOT NULL, country TEXT NOT NULL,"
    " access TEXT NOT NULL, provenance TEXT NOT NULL,"
    " published_at INTEGER NOT NULL, published_precision INTEGER NOT NULL,"
    " published_source TEXT NOT NULL, modified_at INTEGER NOT NULL,"
    " first_seen_at INTEGER NOT NULL, fetched_at INTEGER NOT NULL,"
    " feed_id INTEGER REFERENCES feed (id), entry_id INTEGER REFERENCES entry (id),"
    " page_id INTEGER REFERENCES page (id), story_id INTEGER REFERENCES story (id),"
    " scanned_with INTEGER REFERENCES watchlist (id),"
    " is_historic INTEGER NOT NULL,"
    " text_bytes INTEGER NOT NULL, sha256 BLOB NOT NULL,"
    " UNIQUE (canonical, version)"
    ") STRICT",
    "CREATE INDEX article_seen ON article (first_seen_at)",
    "CREATE INDEX article_published ON article (published_at)",
    "CREATE INDEX article_story ON article (story_id)",
    "CREATE INDEX article_feed ON article (feed_id, first_seen_at)",
    "CREATE INDEX article_unscanned ON article (id) WHERE scanned_with IS NULL",

    /* Apart from its article, so that lists and marks do not carry the texts about. */
    "CREATE TABLE article_text ("
    " article_id INTEGER PRIMARY KEY REFERENCES article (id),"
    " body BLOB NOT NULL, cut BLOB NOT NULL" /* packed */
    ") STRICT",

    "CREATE TABLE relation ("
    " article_id INTEGER NOT NULL REFERENCES article (id),"
    " other_id INTEGER NOT NULL REFERENCES article (id),"
    " kind TEXT NOT NULL,"
    " jaccard REAL NOT NULL, containment REAL NOT NULL, n_shared INTEGER NOT NULL,"
    " PRIMARY KEY (article_id, other_id)"
    ") STRICT, WITHOUT ROWID",
    "CREATE INDEX relation_other ON relation (other_id)",

    "CREATE TABLE shingle_run ("
    " id INTEGER PRIMARY KEY,"
    " kind TEXT NOT NULL, version INTEGER NOT NULL, level INTEGER NOT NULL,"
    " n_postings INTEGER NOT NULL, n_blocks INTEGER NOT NULL,"
    " first_article_id INTEGER NOT NULL, last_article_id INTEGER NOT NULL,"
    " summary BLOB NOT NULL"
    ") STRICT",
    "CREATE TABLE shingle_block ("
    " id INTEGER PRIMARY KEY,"
    " run_id INTEGER NOT NULL REFERENCES shingle_run (id),"
    " number INTEGER NOT NULL,"
    " bytes BLOB NOT NULL,"
    " UNIQUE (run_id, number)"
    ") STRICT",
    "CREATE TABLE shingle_tail ("
    " kind TEXT NOT NULL,"
    " article_id INTEGER NOT NULL,"
    " bytes BLOB NOT NULL,"
    " PRIMARY KEY (kind, article_id)"
    ") STRICT, WITHOUT ROWID",

    /*
     * Title and text as words with blanks between: folded, and pairs of characters where a script
     * has no blanks (store_search.c). So the plainest tokenizer does, and needs no content.
     */
    "CREATE VIRTUAL TABLE search USING fts5 (title, body, content = '', tokenize = 'ascii')",

    /* ---- why and to whom ------------------------------------------------------------------- */
    "CREATE TABLE watchlist ("
    " id INTEGER PRIMARY KEY,"
    " sha256 BLOB NOT NULL, folder TEXT NOT NULL,"
    " loaded_at INTEGER NOT NULL, n_items INTEGER NOT NULL,"
    " content BLOB NOT NULL" /* packed */
    ") STRICT",

    "CREATE TABLE mention ("
    " id INTEGER PRIMARY KEY,"
    " article_id INTEGER NOT NULL REFERENCES article (id),"
    " watchlist_id INTEGER NOT NULL REFERENCES watchlist (id),"
    " item TEXT NOT NULL, kind TEXT NOT NULL, alias TEXT NOT NULL,"
    " rule TEXT NOT NULL, term TEXT NOT NULL,"
    " field TEXT NOT NULL CHECK (field IN ('title', 'text')),"
    " quote_start INTEGER NOT NULL, quote_end INTEGER NOT NULL,"
    " sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL,"
    " term_start INTEGER NOT NULL, term_end INTEGER NOT NULL,"
    " quote TEXT NOT NULL,"
    " UNIQUE (article_id, watchlist_id, item, field, quote_start)"
    ") STRICT",
    "CREATE INDEX mention_item ON mention (item, article_id)",

    "CREATE TABLE candidate ("
    " id INTEGER PRIMARY KEY,"
    " article_id INTEGER NOT NULL REFERENCES article (id),"
    " watchlist_id INTEGER NOT NULL REFERENCES watchlist (id),"
    " place TEXT NOT NULL, country TEXT NOT NULL,"
    " field TEXT NOT NULL CHECK (field IN ('title', 'text')),"
    " quote_start INTEGER NOT NULL, quote_end INTEGER NOT NULL,"
    " sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL,"
    " quote TEXT NOT NULL, found_at INTEGER NOT NULL,"
    " UNIQUE (article_id, watchlist_id, place, field, quote_start)"
    ") STRICT",

    "CREATE TABLE alert ("
    " id INTEGER PRIMARY KEY,"
    " story_id INTEGER NOT NULL REFERENCES story (id),"
    " article_id INTEGER NOT NULL REFERENCES article (id),"
    " mention_id INTEGER NOT NULL REFERENCES mention (id),"
    " watchlist_id INTEGER NOT NULL REFERENCES watchlist (id),"
    " item TEXT NOT NULL, item_kind TEXT NOT NULL, item_name TEXT NOT NULL,"
    " country TEXT NOT NULL,"
    " severity INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 3),"
    " created_at INTEGER NOT NULL, is_historic INTEGER NOT NULL,"
    " UNIQUE (story_id, item)"
    ") STRICT",
    "CREATE INDEX alert_created ON alert (created_at)",
    "CREATE INDEX alert_article ON alert (article_id)",

    "CREATE TABLE message ("
    " id INTEGER PRIMARY KEY,"
    " message_id TEXT NOT NULL UNIQUE,"
    " kind TEXT NOT NULL, analyst TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL,"
    " n_bytes INTEGER NOT NULL, sha256 BLOB NOT NULL,"
    " state TEXT NOT NULL CHECK (state = 'queued' OR state = 'sending' OR state = 'sent'"
    " OR state = 'deferred' OR state = 'failed' OR state = 'unknown'"
    " OR state = 'dropped'),"
    " n_tries INTEGER NOT NULL, not_before INTEGER NOT NULL,"
    " created_at INTEGER NOT NULL, last_tried_at INTEGER NOT NULL, sent_at INTEGER NOT NULL,"
    " reply TEXT NOT NULL, n_alerts INTEGER NOT NULL"
    ") STRICT",
    "CREATE INDEX message_waiting ON message (not_before) WHERE state NOT IN"
    " ('sent', 'failed', 'dropped')",
    "CREATE TABLE message_bytes ("
    " message_id INTEGER PRIMARY KEY REFERENCES message (id),"
    " bytes BLOB NOT NULL"
    ") STRICT",
    "CREATE TABLE message_alert ("
    " message_id INTEGER NOT NULL REFERENCES message (id),"
    " alert_id INTEGER NOT NULL REFERENCES alert (id),"
    " PRIMARY KEY (message_id, alert_id)"
    ") STRICT, WITHOUT ROWID",
    "CREATE INDEX message_alert_alert ON message_alert (alert_id)",
    /* Each analyst is told of an alert once, by whichever kind of message. */
    "CREATE TABLE told ("
    " analyst TEXT NOT NULL,"
    " alert_id INTEGER NOT NULL REFERENCES alert (id),"
    " at INTEGER NOT NULL,"
    " PRIMARY KEY (analyst, alert_id)"
    ") STRICT, WITHOUT ROWID",

    "PRAGMA user_version = 1",
};

static const char *const version_2[] = {
    /* What the analyst says of a feed. */
    "ALTER TABLE feed ADD COLUMN site TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE feed ADD COLUMN note TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE feed ADD COLUMN tags TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE feed ADD COLUMN tier INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE feed ADD COLUMN kind TEXT NOT NULL DEFAULT 'feed'"
    " CHECK (kind IN ('feed', 'page'))",
    "ALTER TABLE feed ADD COLUMN selector TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE feed ADD COLUMN parent_id INTEGER REFERENCES feed (id)",
    "ALTER TABLE feed ADD COLUMN extra TEXT NOT NULL DEFAULT ''",
    /* What polling learned: of its address, its rhythm, its publisher's wishes, its failures. */
    "ALTER TABLE feed ADD COLUMN format TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE feed ADD COLUMN validators_url TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE feed ADD COLUMN rhythm_s INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE feed ADD COLUMN body_hash INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE feed ADD COLUMN full_at INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE feed ADD COLUMN n_lies INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE feed ADD COLUMN asked_interval_s INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE feed ADD COLUMN skip_hours INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE feed ADD COLUMN skip_days INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE feed ADD COLUMN weight INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE feed ADD COLUMN last_failure TEXT NOT NULL DEFAULT ''"
    " CHECK (last_failure = '' OR last_failure = 'temporary' OR last_failure = 'soft'"
    " OR last_failure = 'hard')",
    "ALTER TABLE feed ADD COLUMN health TEXT NOT NULL DEFAULT 'new'"
    " CHECK (health = 'new' OR health = 'ok' OR health = 'retrying'"
    " OR health = 'failing' OR health = 'stale')",
    "UPDATE feed SET health = CASE WHEN n_failures > 0 THEN 'retrying' ELSE 'ok' END"
    " WHERE last_checked_at > 0",
    "CREATE INDEX feed_parent ON feed (parent_id) WHERE parent_id IS NOT NULL",

    "ALTER TABLE feed_check ADD COLUMN failure TEXT NOT NULL DEFAULT ''"
    " CHECK (failure = '' OR failure = 'temporary' OR failure = 'soft'"
    " OR failure = 'hard')",
    "ALTER TABLE feed_check ADD COLUMN said TEXT NOT NULL DEFAULT ''",

    "ALTER TABLE run ADD COLUMN outage TEXT NOT NULL DEFAULT '' CHECK (outage = '' OR outage = "
    "'network' OR outage = 'names' OR outage = 'proxy'"
    " OR outage = 'certificates' OR outage = 'portal' OR outage = 'part')",

    /* Each trouble of a feed is one row from its first sign to its end. */
    "CREATE TABLE trouble ("
    " id INTEGER PRIMARY KEY,"
    " feed_id INTEGER NOT NULL REFERENCES feed (id),"
    " kind TEXT NOT NULL CHECK (kind = 'failing' OR kind = 'stale' OR kind = 'gone'),"
    " began_at INTEGER NOT NULL,"
    " persists_since INTEGER NOT NULL," /* 0: so far it may pass unsaid */
    " ended_at INTEGER NOT NULL,"
    " ending TEXT NOT NULL CHECK (ending = '' OR ending = 'recovered' OR ending = 'gone'"
    " OR ending = 'edited'),"
    " message TEXT NOT NULL"
    ") STRICT",
    "CREATE INDEX trouble_feed ON trouble (feed_id, began_at)",
    "CREATE UNIQUE INDEX trouble_open ON trouble (feed_id, kind) WHERE ended_at = 0",
    "CREATE INDEX trouble_ended ON trouble (ended_at) WHERE ended_at > 0",
    /* Each analyst is told once that a trouble persists, and once that it is over. */
    "CREATE TABLE trouble_told ("
    " analyst TEXT NOT NULL,"
    " trouble_id INTEGER NOT NULL REFERENCES trouble (id),"
    " what TEXT NOT NULL CHECK (what IN ('began', 'ended')),"
    " at INTEGER NOT NULL,"
    " PRIMARY KEY (analyst, trouble_id, what)"
    ") STRICT, WITHOUT ROWID",

    /* A guid without scheme and host: a feed that moves to https keeps its entries. */
    "ALTER TABLE entry ADD COLUMN guid_key TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX entry_guid_key ON entry (feed_id, guid_key) WHERE guid_key <> ''",
    /* hash64 of title and text without markup: a feed that renews all ids keeps them, too. */
    "ALTER TABLE entry ADD COLUMN words INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX entry_words ON entry (feed_id, words) WHERE words <> 0",
    "DROP INDEX entry_canonical",
    "CREATE INDEX entry_canonical ON entry (feed_id, canonical) WHERE canonical <> ''",

    /* What a sitemap or a page of links has shown before; address: hash64 of the canonical one. */
    "CREATE TABLE seen ("
    " feed_id INTEGER NOT NULL REFERENCES feed (id),"
    " address INTEGER NOT NULL,"
    " modified_at INTEGER NOT NULL,"
    " PRIMARY KEY (feed_id, address)"
    ") STRICT, WITHOUT ROWID",

    "PRAGMA user_version = 2",
};

static const char *const version_3[] = {
    "ALTER TABLE article ADD COLUMN section TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE article ADD COLUMN text_source TEXT NOT NULL DEFAULT 'page'",
    "ALTER TABLE article ADD COLUMN published_zone TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE article ADD COLUMN modified_precision INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE article ADD COLUMN modified_source TEXT NOT NULL DEFAULT ''",

    /* What was received, to be read again by better rules; kept for a while (`keep_pages`). */
    "CREATE TABLE page_body ("
    " article_id INTEGER PRIMARY KEY REFERENCES article (id),"
    " fetched_at INTEGER NOT NULL,"
    " content_type TEXT NOT NULL,"
    " bytes BLOB NOT NULL" /* packed */
    ") STRICT",
    "CREATE INDEX page_body_fetched ON page_body (fetched_at)",

    /* What reading its pages taught of a site. */
    "CREATE TABLE site ("
    " host TEXT PRIMARY KEY,"
    " name TEXT NOT NULL,"
    " n_name INTEGER NOT NULL,"    /* votes for it */
    " n_stories INTEGER NOT NULL," /* that taught */
    " last_seen_at INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID",
    "CREATE TABLE site_line ("
    " host TEXT NOT NULL,"
    " line INTEGER NOT NULL,"      /* extractors/furniture.h */
    " n_stories INTEGER NOT NULL," /* that had it, copies counted once */
    " last_seen_at INTEGER NOT NULL,"
    " PRIMARY KEY (host, line)"
    ") STRICT, WITHOUT ROWID",

    "PRAGMA user_version = 3",
};

static const char *const version_4[] = {
    /* Where a text comes from, as it says itself. */
    "ALTER TABLE article ADD COLUMN dateline TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE article ADD COLUMN credit TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE article ADD COLUMN credit_source TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE article ADD COLUMN source_url TEXT NOT NULL DEFAULT ''",
    /* The article whose old text it prints again under a new date. */
    "ALTER TABLE article ADD COLUMN recirculates_id INTEGER REFERENCES article (id)",
    "DROP INDEX article_story",
    "CREATE INDEX article_story ON article (story_id, outlet)",

    /* The earliest published: whatever came first, here. */
    "ALTER TABLE story ADD COLUMN root_article_id INTEGER REFERENCES article (id)",
    "UPDATE story SET root_article_id = first_article_id",
    "ALTER TABLE story ADD COLUMN n_origins INTEGER NOT NULL DEFAULT 1",
    /* Kept, so that a copy that joins need not look at all the others. */
    "ALTER TABLE story ADD COLUMN fullest_bytes INTEGER NOT NULL DEFAULT 0",
    "UPDATE story SET fullest_bytes ="
    " (SELECT MAX(text_bytes) FROM article WHERE story_id = story.id)"
    " WHERE EXISTS (SELECT 1 FROM article WHERE story_id = story.id)",
    "ALTER TABLE story ADD COLUMN last_published_at INTEGER NOT NULL DEFAULT 0",
    "UPDATE story SET last_published_at = last_seen_at",
    "ALTER TABLE story ADD COLUMN has_claims INTEGER NOT NULL DEFAULT 0",

    /* Shingles of either text, without furniture: how much of the copy is its own? 0: not known. */
    "ALTER TABLE relation ADD COLUMN n_own INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE relation ADD COLUMN n_other INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE relation ADD COLUMN n_changes INTEGER NOT NULL DEFAULT 0",
    /* Of one article so much is printed again that its excerpts are asked for by name. */
    "DROP INDEX relation_other",
    "CREATE INDEX relation_other ON relation (other_id, kind)",

    /* Pages of matched articles are looked at again, five times in a month. */
    "CREATE TABLE look ("
    " page_id INTEGER PRIMARY KEY REFERENCES page (id),"
    " began_at INTEGER NOT NULL,"
    " step INTEGER NOT NULL,"    /* the next one: crawler/schedule.h */
    " due_at INTEGER NOT NULL,"  /* 0: all are over */
    " n_tries INTEGER NOT NULL," /* of this step, that failed for now */
    " missing TEXT NOT NULL,"    /* how the page was not there the last time; empty: it was */
    " missing_since INTEGER NOT NULL,"
    " is_removed INTEGER NOT NULL" /* and that was told */
    ") STRICT",
    "CREATE INDEX look_due ON look (due_at) WHERE due_at > 0",

    /* What became of a page that was told of: changed, taken away, back again. */
    "CREATE TABLE event ("
    " id INTEGER PRIMARY KEY,"
    " page_id INTEGER REFERENCES page (id),"
    " article_id INTEGER NOT NULL REFERENCES article (id)," /* as it was */
    " newer_id INTEGER REFERENCES article (id),"            /* as it is, when it has changed */
    " kind TEXT NOT NULL CHECK (kind = 'changed' OR kind = 'removed' OR kind = 'returned'),"
    " how TEXT NOT NULL,"         /* '404', 'front page' ... */
    " is_noted INTEGER NOT NULL," /* the page says itself that it was changed */
    " at INTEGER NOT NULL,"
    " scanned_with INTEGER REFERENCES watchlist (id)"
    ") STRICT",
    "CREATE INDEX event_article ON event (article_id)",
    "CREATE INDEX event_page ON event (page_id)",
    "CREATE INDEX event_at ON event (at)",
    "CREATE INDEX event_unscanned ON event (id) WHERE scanned_with IS NULL",

    /* What is told of an alert once more: a copy or a later version says something else there. */
    "CREATE TABLE revision ("
    " id INTEGER PRIMARY KEY,"
    " alert_id INTEGER NOT NULL REFERENCES alert (id),"
    " article_id INTEGER NOT NULL REFERENCES article (id)," /* that says it */
    " event_id INTEGER REFERENCES event (id),"
    " kind TEXT NOT NULL CHECK (kind = 'number' OR kind = 'name' OR kind = 'status'"
    " OR kind = 'changed' OR kind = 'removed' OR kind = 'returned'),"
    " before TEXT NOT NULL, after TEXT NOT NULL,"
    " sentence TEXT NOT NULL,"
    " mark_start INTEGER NOT NULL, mark_end INTEGER NOT NULL," /* of after, in sentence */
    " n_still INTEGER NOT NULL,"                               /* later copies that say before */
    " created_at INTEGER NOT NULL, is_historic INTEGER NOT NULL"
    ") STRICT",
    "CREATE INDEX revision_alert ON revision (alert_id)",
    "CREATE INDEX revision_created ON revision (created_at)",
    /* A correction is one, however many print it; what becomes of a page may come twice. */
    "CREATE UNIQUE INDEX revision_fact ON revision (alert_id, kind, before, after)"
    " WHERE kind IN ('number', 'name', 'status')",
    "CREATE UNIQUE INDEX revision_event ON revision (alert_id, event_id)"
    " WHERE kind IN ('changed', 'removed', 'returned')",
    "CREATE TABLE revision_told ("
    " analyst TEXT NOT NULL,"
    " revision_id INTEGER NOT NULL REFERENCES revision (id),"
    " at INTEGER NOT NULL,"
    " PRIMARY KEY (analyst, revision_id)"
    ") STRICT, WITHOUT ROWID",

    /* The duplicate index, in another form: storage/shingle_index.h. It is made from the texts. */
    "DROP TABLE shingle_tail",
    "DROP TABLE shingle_block",
    "DROP TABLE shingle_run",
    "DELETE FROM meta WHERE key LIKE 'index.%.generation'",
    "CREATE TABLE shingle_run ("
    " id INTEGER PRIMARY KEY,"
    " version INTEGER NOT NULL, level INTEGER NOT NULL,"
    " n_postings INTEGER NOT NULL, n_shingles INTEGER NOT NULL, n_source INTEGER NOT NULL,"
    " n_chunks INTEGER NOT NULL, n_done INTEGER NOT NULL,"
    " into_id INTEGER NOT NULL, begun_at INTEGER NOT NULL"
    ") STRICT",
    /* id: run and first key, run and chunk; a row fills a page. */
    "CREATE TABLE shingle_block (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
    "CREATE TABLE shingle_filter (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
    "CREATE TABLE shingle_tail (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
    "CREATE TABLE shingle_state ("
    " generation INTEGER NOT NULL, version INTEGER NOT NULL,"
    " n_given INTEGER NOT NULL, missing_below INTEGER NOT NULL"
    ") STRICT",
    "INSERT INTO shingle_state VALUES (0, 0, 0, 0)",

    "PRAGMA user_version = 4",
};

static const char *const version_5[] = {
    /* ---- alerts ---------------------------------------------------------------------------- */
    /* The words an analyst gave the item, whose item it is (empty: everybody's). */
    "ALTER TABLE alert ADD COLUMN tags TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE alert ADD COLUMN owner TEXT NOT NULL DEFAULT ''",
    /* How it came up: a run, a walk over the archive after the list had changed, a backfill. */
    "ALTER TABLE alert ADD COLUMN cause TEXT NOT NULL DEFAULT 'run'"
    " CHECK (cause = 'run' OR cause = 'rescan' OR cause = 'backfill')",
    "UPDATE alert SET cause = 'backfill' WHERE is_historic = 1",
    /* Why the story let it through: its first on the item, or what had made it news again. */
    "ALTER TABLE alert ADD COLUMN story_decision TEXT NOT NULL DEFAULT ''",
    /* What might have taken the mention away and did not, a line each. */
    "ALTER TABLE mention ADD COLUMN looked_at TEXT NOT NULL DEFAULT ''",

    /* ---- what analysts say of alerts ------------------------------------------------------- */
    /* The newest of an analyst counts; 'none' takes it back. */
    "CREATE TABLE mark ("
    " id INTEGER PRIMARY KEY,"
    " alert_id INTEGER NOT NULL REFERENCES alert (id),"
    " verdict TEXT NOT NULL CHECK (verdict = 'relevant' OR verdict = 'irrelevant'"
    " OR verdict = 'known' OR verdict = 'none'),"
    " analyst TEXT NOT NULL, note TEXT NOT NULL,"
    " at INTEGER NOT NULL"
    ") STRICT",
    "CREATE INDEX mark_alert ON mark (alert_id)",
    /* Alerts of this story, item and outlet are not told; an empty one means any. */
    "CREATE TABLE mute ("
    " id INTEGER PRIMARY KEY,"
    " story_id INTEGER REFERENCES story (id),"
    " item TEXT NOT NULL, outlet TEXT NOT NULL,"
    " analyst TEXT NOT NULL," /* empty: of all */
    " note TEXT NOT NULL,"
    " created_at INTEGER NOT NULL, until INTEGER NOT NULL,"
    " ended_at INTEGER NOT NULL" /* by hand, before its time; 0: was not */
    ") STRICT",
    /* What a digest left out, and why: told or withheld, each alert has its end. */
    "CREATE TABLE withheld ("
    " analyst TEXT NOT NULL,"
    " alert_id INTEGER NOT NULL REFERENCES alert (id),"
    " mute_id INTEGER NOT NULL REFERENCES mute (id),"
    " at INTEGER NOT NULL,"
    " PRIMARY KEY (analyst, alert_id)"
    ") STRICT, WITHOUT ROWID",
    "CREATE INDEX withheld_alert ON withheld (alert_id)",
    "CREATE INDEX withheld_mute ON withheld (mute_id)",
    "CREATE INDEX told_alert ON told (alert_id)",
    /* Articles with what the list is to find in them: a change of the list is tried on these. */
    "CREATE TABLE control ("
    " id INTEGER PRIMARY KEY,"
    " url TEXT NOT NULL, title TEXT NOT NULL, language TEXT NOT NULL,"
    " body BLOB NOT NULL," /* packed */
    " sha256 BLOB NOT NULL UNIQUE,"
    " expected TEXT NOT NULL," /* alerts/control.h; empty: it must stay quiet */
    " note TEXT NOT NULL,"
    " added_at INTEGER NOT NULL"
    ") STRICT",

    /* ---- how the list came to be as it is ---------------------------------------------------- */
    "ALTER TABLE watchlist ADD COLUMN origin TEXT NOT NULL DEFAULT 'run'",
    "ALTER TABLE watchlist ADD COLUMN note TEXT NOT NULL DEFAULT ''",

    /* ---- what is proposed, never stated ---------------------------------------------------- */
    /* The term beside the candidate, and whether its sentence asserts, denies or doubts. */
    "ALTER TABLE candidate ADD COLUMN place_id TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE candidate ADD COLUMN term TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE candidate ADD COLUMN stance TEXT NOT NULL DEFAULT 'asserted'",
    "CREATE INDEX candidate_place ON candidate (country, place)",
    /* What became of a proposed place. */
    "CREATE TABLE decision ("
    " id INTEGER PRIMARY KEY,"
    " country TEXT NOT NULL, place TEXT NOT NULL,"
    " verdict TEXT NOT NULL CHECK (verdict = 'adopted' OR verdict = 'dismissed'"
    " OR verdict = 'reopened'),"
    " item TEXT NOT NULL, note TEXT NOT NULL,"
    " at INTEGER NOT NULL"
    ") STRICT",
    "CREATE INDEX decision_place ON decision (country, place)",
    /* A word for how things stand beside a mention: a change of status, proposed. */
    "CREATE TABLE proposal ("
    " id INTEGER PRIMARY KEY,"
    " article_id INTEGER NOT NULL REFERENCES article (id),"
    " watchlist_id INTEGER NOT NULL REFERENCES watchlist (id),"
    " item TEXT NOT NULL, state TEXT NOT NULL, stance TEXT NOT NULL,"
    " field TEXT NOT NULL CHECK (field IN ('title', 'text')),"
    " quote_start INTEGER NOT NULL, quote_end INTEGER NOT NULL,"
    " sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL,"
    " quote TEXT NOT NULL, found_at INTEGER NOT NULL,"
    " UNIQUE (article_id, watchlist_id, item, state)"
    ") STRICT",
    "CREATE INDEX proposal_item ON proposal (item, state)",
    /* What is possible is told each analyst once as it stands: a place, a status, its stance. */
    "CREATE TABLE possible_told ("
    " analyst TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL,"
    " PRIMARY KEY (analyst, subject)"
    ") STRICT, WITHOUT ROWID",
    /* "N sites in M countries": who says so, and when. */
    "CREATE TABLE claim ("
    " id INTEGER PRIMARY KEY,"
    " article_id INTEGER NOT NULL REFERENCES article (id),"
    " watchlist_id INTEGER NOT NULL REFERENCES watchlist (id),"
    " n_sites INTEGER NOT NULL, n_countries INTEGER NOT NULL,"
    " bound TEXT NOT NULL," /* 'least', 'most', 'about' or empty */
    " speaker TEXT NOT NULL,"
    " field TEXT NOT NULL CHECK (field IN ('title', 'text')),"
    " quote_start INTEGER NOT NULL, quote_end INTEGER NOT NULL,"
    " sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL,"
    " quote TEXT NOT NULL, found_at INTEGER NOT NULL,"
    " UNIQUE (article_id, watchlist_id, field, quote_start)"
    ") STRICT",

    "PRAGMA user_version = 5",
};

static const char *const version_6[] = {
    /* How a message leaves; the story it is about, 0: several; when a canary came back. */
    "ALTER TABLE message ADD COLUMN channel TEXT NOT NULL DEFAULT 'mail'"
    " CHECK (channel = 'mail' OR channel = 'command' OR channel = 'webhook')",
    "ALTER TABLE message ADD COLUMN story_id INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE message ADD COLUMN returned_at INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX message_kind ON message (analyst, kind, created_at)",
    /* Tries that may have delivered it or not; why it failed. */
    "ALTER TABLE message ADD COLUMN n_doubts INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE message ADD COLUMN fault TEXT NOT NULL DEFAULT ''"
    " CHECK (fault IN ('', 'refused', 'bounced', 'doubtful', 'given-up', 'unreachable'))",
    "CREATE INDEX message_recipient ON message (recipient, last_tried_at)",
    "CREATE INDEX message_failed ON message (recipient) WHERE state = 'failed'",
    /* By a message, as known before (first runs), or passed over: the analyst did not ask for it.
     */
    "ALTER TABLE told ADD COLUMN how TEXT NOT NULL DEFAULT 'message'"
    " CHECK (how = 'message' OR how = 'seen' OR how = 'outside')",

    "PRAGMA user_version = 6",
};

static const char *const version_7[] = {
    /* ---- history ----------------------------------------------------------------------------- */
    /* What a person asked for: storage/store_history.h. */
    "CREATE TABLE backfill ("
    " id INTEGER PRIMARY KEY,"
    " source TEXT NOT NULL, target TEXT NOT NULL," /* the words of the command, a line each */
    " since_at INTEGER NOT NULL, until_at INTEGER NOT NULL,"
    " matches_first INTEGER NOT NULL,"
    " captures TEXT NOT NULL CHECK (captures = 'missing' OR captures = 'both'"
    " OR captures = 'only'),"
    " delay_ms INTEGER NOT NULL, budget INTEGER NOT NULL,"
    " state TEXT NOT NULL CHECK (state = 'planned' OR state = 'open' OR state = 'done'"
    " OR state = 'cancelled'),"
    " created_at INTEGER NOT NULL, worked_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,"
    " n_requests INTEGER NOT NULL, n_bytes INTEGER NOT NULL,"
    " message TEXT NOT NULL" /* why it stands still */
    ") STRICT",
    /* The lists it has to read: a sitemap, a page of an index, a file of documents. */
    "CREATE TABLE backfill_list ("
    " id INTEGER PRIMARY KEY,"
    " backfill_id INTEGER NOT NULL REFERENCES backfill (id),"
    " url TEXT NOT NULL, format TEXT NOT NULL,"
    " covers_at INTEGER NOT NULL," /* the time it is about, newest first; 0: not known */
    " depth INTEGER NOT NULL,"
    " cursor TEXT NOT NULL," /* where to go on in it */
    " state TEXT NOT NULL CHECK (state = 'queued' OR state = 'done' OR state = 'failed'"
    " OR state = 'passed'),"
    " n_tries INTEGER NOT NULL, not_before INTEGER NOT NULL,"
    " last_status INTEGER NOT NULL, last_error TEXT NOT NULL,"
    " n_found INTEGER NOT NULL, n_bad INTEGER NOT NULL,"
    " n_left INTEGER NOT NULL," /* further requests it says it needs; -1: it does not say */
    " fetched_at INTEGER NOT NULL,"
    " UNIQUE (backfill_id, url)"
    ") STRICT",
    "CREATE INDEX backfill_list_queued ON backfill_list (backfill_id, covers_at DESC, id)"
    " WHERE state = 'queued'",
    /* The addresses they name, with what they say of each. */
    "CREATE TABLE find ("
    " id INTEGER PRIMARY KEY,"
    " backfill_id INTEGER NOT NULL REFERENCES backfill (id),"
    " list_id INTEGER NOT NULL REFERENCES backfill_list (id),"
    " page_id INTEGER REFERENCES page (id),"
    " url TEXT NOT NULL, canonical TEXT NOT NULL,"
    " host TEXT NOT NULL," /* of its address: rounds take some of each */
    " title TEXT NOT NULL, author TEXT NOT NULL, language TEXT NOT NULL,"
    " published_at INTEGER NOT NULL, published_precision INTEGER NOT NULL,"
    " modified_at INTEGER NOT NULL,"
    " capture TEXT NOT NULL," /* the address of an archived copy; empty: the page itself */
    " captured_at INTEGER NOT NULL,"
    " capture_offset INTEGER NOT NULL, capture_bytes INTEGER NOT NULL," /* within a WARC file */
    " digest TEXT NOT NULL,"
    " state TEXT NOT NULL CHECK (state = 'found' OR state = 'queued' OR state = 'done'"
    " OR state = 'known' OR state = 'passed' OR state = 'failed'),"
    " message TEXT NOT NULL,"
    " n_tries INTEGER NOT NULL, not_before INTEGER NOT NULL," /* of a copy */
    " text BLOB NOT NULL," /* packed HTML; the whole article. Last: it may be long */
    " UNIQUE (backfill_id, canonical, capture)"
    ") STRICT",
    "CREATE INDEX find_waiting ON find (backfill_id, state, published_at DESC, id)"
    " WHERE state IN ('found', 'queued')",
    "CREATE INDEX find_due ON find (backfill_id, host, published_at DESC, id)"
    " WHERE state = 'queued'",
    /* Copies of a page in the order in which they are asked for. */
    "CREATE INDEX find_copy ON find (backfill_id, page_id, captured_at < published_at,"
    " captured_at, id) WHERE state = 'queued' AND capture <> ''",
    "CREATE INDEX find_page ON find (page_id) WHERE page_id IS NOT NULL",
    /* What became of documents that have no row of their own, by name: "new", "damaged". */
    "CREATE TABLE backfill_count ("
    " backfill_id INTEGER NOT NULL REFERENCES backfill (id),"
    " name TEXT NOT NULL, n INTEGER NOT NULL,"
    " PRIMARY KEY (backfill_id, name)"
    ") STRICT, WITHOUT ROWID",
    /* The backfill that brought an article, and the archived copy it was read from. */
    "ALTER TABLE article ADD COLUMN backfill_id INTEGER REFERENCES backfill (id)",
    "ALTER TABLE article ADD COLUMN capture TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX article_backfill ON article (backfill_id) WHERE backfill_id IS NOT NULL",

    /* ---- our own archive: storage/archive.h -------------------------------------------------- */
    /* A page that waits to be archived, with what a record of it says beside it. */
    "ALTER TABLE page_body RENAME COLUMN fetched_at TO kept_at",
    "ALTER TABLE page_body ADD COLUMN fetched_at INTEGER NOT NULL DEFAULT 0", /* 0: kept_at */
    /* As its Content-Encoding has it; then bytes is empty. */
    "ALTER TABLE page_body ADD COLUMN received BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE page_body ADD COLUMN head BLOB NOT NULL DEFAULT x''", /* packed: HTTP */
    "ALTER TABLE page_body ADD COLUMN address TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE archive_file ("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE,"
    " n_bytes INTEGER NOT NULL," /* what lies behind them is of no committed row */
    " n_records INTEGER NOT NULL,"
    " created_at INTEGER NOT NULL,"
    " is_closed INTEGER NOT NULL" /* full, or not as we left it: nothing is added to it */
    ") STRICT",
    /* The page of an article: one gzip member of a file. */
    "CREATE TABLE archive_record ("
    " id INTEGER PRIMARY KEY,"
    " article_id INTEGER NOT NULL UNIQUE REFERENCES article (id),"
    " file_id INTEGER NOT NULL REFERENCES archive_file (id),"
    " offset INTEGER NOT NULL, n_bytes INTEGER NOT NULL,"
    " kind TEXT NOT NULL CHECK (kind = 'response' OR kind = 'resource' OR kind = 'revisit'),"
    " at INTEGER NOT NULL," /* WARC-Date */
    " uuid BLOB NOT NULL,"
    " payload_sha256 BLOB NOT NULL, payload_bytes INTEGER NOT NULL,"
    " refers_id INTEGER REFERENCES archive_record (id)," /* of a revisit: whose payload it is */
    " UNIQUE (file_id, offset)"
    ") STRICT",
    "CREATE INDEX archive_record_payload ON archive_record (payload_sha256)"
    " WHERE kind <> 'revisit'",

    "PRAGMA user_version = 7",
};

static const char *const version_8[] = {
    /* ---- several machines at one store: storage/store_leases.h ------------------------------- */
    /* Whose for now, and until when by the database's clock; empty: nobody's. */
    "ALTER TABLE feed ADD COLUMN host TEXT NOT NULL DEFAULT ''", /* of its address */
    "ALTER TABLE feed ADD COLUMN claimed_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE feed ADD COLUMN claimed_until INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE host ADD COLUMN claimed_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE host ADD COLUMN claimed_until INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE backfill ADD COLUMN claimed_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE backfill ADD COLUMN claimed_until INTEGER NOT NULL DEFAULT 0",
    /* New feeds are all due at one moment: then by their ids, without sorting them each time. */
    "DROP INDEX feed_due",
    "CREATE INDEX feed_due ON feed (next_due_at, id) WHERE state = 'active'",
    "CREATE INDEX feed_claimed ON feed (claimed_by) WHERE claimed_by <> ''",
    "CREATE INDEX host_claimed ON host (claimed_by) WHERE claimed_by <> ''",
    "CREATE INDEX backfill_claimed ON backfill (claimed_by) WHERE claimed_by <> ''",
    /* Scheme, path, user and port go; a name in another script is put right by its next edit. */
    "UPDATE feed SET host = SUBSTR(url, INSTR(url, '://') + 3) WHERE INSTR(url, '://') > 0",
    "UPDATE feed SET host = SUBSTR(host, 1, INSTR(host || '/', '/') - 1)",
    "UPDATE feed SET host = SUBSTR(host, 1, INSTR(host || '?', '?') - 1)",
    "UPDATE feed SET host = SUBSTR(host, INSTR(host, '@') + 1)",
    "UPDATE feed SET host = LOWER(SUBSTR(host, 1, INSTR(host || ':', ':') - 1))"
    " WHERE SUBSTR(host, 1, 1) <> '['",
    "UPDATE feed SET host = LOWER(SUBSTR(host, 1, INSTR(host, ']')))"
    " WHERE SUBSTR(host, 1, 1) = '['",
    /* What only one may do at a time, by name: "alerts". */
    "CREATE TABLE lease ("
    " name TEXT PRIMARY KEY,"
    " token TEXT NOT NULL,"                               /* of the one process that has it */
    " holder TEXT NOT NULL,"                              /* words for whoever finds it taken */
    " taken_at INTEGER NOT NULL, until INTEGER NOT NULL," /* by the database's clock; 0: free */
    " n_taken INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID",
    "ALTER TABLE run ADD COLUMN machine TEXT NOT NULL DEFAULT ''", /* whose; pid is its */

    /* ---- files of the archive in a bucket ---------------------------------------------------- */
    "ALTER TABLE archive_file ADD COLUMN machine TEXT NOT NULL DEFAULT ''", /* whose it is */
    /* Its address there, and what was put there; empty: it is in the folder of its machine. */
    "ALTER TABLE archive_file ADD COLUMN place TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE archive_file ADD COLUMN sha256 TEXT NOT NULL DEFAULT ''",

    "PRAGMA user_version = 8",
};

static const struct migration migrations[] = {
    {version_1, WW_COUNT(version_1)},
    {version_2, WW_COUNT(version_2)},
    {version_3, WW_COUNT(version_3)},
    {version_4, WW_COUNT(version_4)},
    {version_5, WW_COUNT(version_5)},
    {version_6, WW_COUNT(version_6)},
    {version_7, WW_COUNT(version_7)},
    {version_8, WW_COUNT(version_8)},
};

const struct schema schema_sqlite = {migrations, WW_COUNT(migrations)};
