/*
 * limits.h - every limit of wirewatch, with its unit and its reason. Nothing is bounded elsewhere.
 */
#ifndef WW_BASE_LIMITS_H
#define WW_BASE_LIMITS_H

/* ---- what one server may send ---------------------------------------------------------------- */

/* Largest news page met in 1,703 was 4.3 MB inflated; twice and four times that is room enough. */
#define BODY_MAX_BYTES (8 * 1024 * 1024)
#define BODY_INFLATED_MAX_BYTES (16 * 1024 * 1024)
/* Text compresses 3 to 20 times; past the first MiB a higher ratio is a bomb. */
#define BODY_RATIO_MAX 200
#define BODY_RATIO_FROM_BYTES (1024 * 1024)
/* All header lines of one answer; libcurl's own bound is one line of 100 kB. */
#define HEADERS_MAX_BYTES (128 * 1024)
/*
 * Bodies on their way, all together: past it the big ones are put off, so that 64 hostile servers
 * at once stay within the memory of a run. And those that wait for a worker.
 */
#define BODIES_IN_FLIGHT_MAX_BYTES (64 * 1024 * 1024)
#define BODY_BIG_BYTES (1024 * 1024)
#define BODIES_WAITING_MAX_BYTES (32 * 1024 * 1024)
#define REDIRECT_MAX 5
/*
 * An archive's list: 5,000 lines of the Wayback Machine's are 1 MB, a day of Media Cloud's 40 MB
 * unpacked. One large one comes at a time, beside what pages may take; the index thinks for up to a
 * minute before it answers.
 */
#define LIST_BODY_MAX_BYTES (64 * 1024 * 1024)
#define LIST_TIMEOUT_MS 300000
#define LIST_STALLED_S 90
#define CONNECT_TIMEOUT_MS 20000
#define TRANSFER_TIMEOUT_MS 60000
/* A validator longer than this is not stored: it would travel with every request. */
#define VALIDATOR_MAX_BYTES 1024
/* Linux takes no longer path in one call. */
#define PATH_MAX_BYTES 4096
/* Addresses longer than this are refused: browsers and servers stop at about 8 kB. */
#define URL_MAX_BYTES 8192
/* A DNS name has 253 bytes (RFC 1035); in another script than Latin some times as many. */
#define URL_HOST_MAX_BYTES 1024
#define URL_HOST_ASCII_MAX_BYTES 253
/* Addresses that are followed time and again; what sitemaps may name (sitemaps.org). */
#define LISTED_URL_MAX_BYTES 2048
/*
 * Names that others give, as keys: an index of PostgreSQL takes 2,704 bytes in all, and one of
 * these may stand there beside a listed address, or the place of a copy.
 */
#define SHORT_KEY_MAX_BYTES 512
#define CAPTURE_KEY_MAX_BYTES (LISTED_URL_MAX_BYTES + 64) /* behind an archive's own address */
/* Of a user name and of a host what is shown beside a headline; a host's end says whose it is. */
#define LINK_USER_MAX_BYTES 40
#define LINK_HOST_MAX_BYTES 60

/* ---- robots.txt, RFC 9309 -------------------------------------------------------------------- */

/* Section 2.5: no crawler may read less. */
#define ROBOTS_MAX_BYTES (500 * 1024)
/* Of the largest one: the text as it is stored and unpacked, and what its rules take. */
#define ROBOTS_ARENA_MAX_BYTES (16 * 1024 * 1024)
#define ROBOTS_CACHE_S (24 * 3600)
/* RFC 9309 2.3.1.4: out of reach for a "reasonably long period" counts as not there. */
#define ROBOTS_FAILING_MAX_S (30 * 24 * 3600)
#define CRAWL_DELAY_MAX_MS 60000

/* ---- pace ------------------------------------------------------------------------------------ */

#define HOSTS_PER_ADDRESS_MAX 4
/*
 * Clocks of two machines may differ by so much. A request that is further ahead was noted by a
 * clock that was wrong, which must not silence its host for years.
 */
#define CLOCK_DIFFERENCE_MS 3000
/* A page whose feed says it has changed is not fetched again within the hour. */
#define PAGE_REST_MIN_S 3600
#define IN_FLIGHT_MAX 64
/* What one run takes up at most; the rest is as due in the next. */
#define FEEDS_PER_RUN_MAX 100000
#define PAGES_PER_RUN_MAX 20000
#define PAGES_PER_HOST_MAX 500
/* Rows of feeds and pages while a run's jobs are made of them. */
#define LISTS_ARENA_MAX_BYTES (256 * 1024 * 1024)
/* What a run remembers of its hosts: some 10^5 of them, though PAGES_PER_RUN_MAX ask for less. */
#define HOSTS_ARENA_MAX_BYTES (128 * 1024 * 1024)
#define RETRY_AFTER_MAX_S (7 * 24 * 3600)
/* No publisher's word, and no silence, keeps a watched feed unread for longer than a day... */
#define MAX_AGE_MAX_S (24 * 3600)
#define FEED_INTERVAL_MAX_S MAX_AGE_MAX_S
/* ... but for its skipDays: three of them cover a long weekend. */
#define SKIP_MAX_S (3 * 24 * 3600)
/* A feed without validators costs its server the whole document each time. */
#define FEED_UNCONDITIONAL_MIN_S (3 * 3600)
/* After so many days of "not modified" a feed is asked for the whole of it, to be sure. */
#define FEED_FULL_EVERY_S (7 * 24 * 3600)
/* A server caught with a false "not modified": 7 days halved six times is some three hours. */
#define FEED_DISTRUST_MAX 6
/* A feed's rhythm is that of its newest entries. */
#define RHYTHM_ENTRIES 20
/* What is kept of a server's own words about one answer. */
#define SAID_LINE_MAX_BYTES 200
#define SAID_MAX_BYTES 1200
/* A failing feed is told of after this, divided by the mean weight of its failures: 1, 3 or 10. */
#define HEALTH_PATIENCE_S (72 * 3600)
/*
 * Ten times its own rhythm a feed may be silent, a fortnight at least: papers have holidays. Five
 * days for one that prints all day; a month while the rhythm is not known; from a rhythm of six
 * days on, 60 days or three times that.
 */
#define HEALTH_QUIET_MIN_S (14 * 24 * 3600)
#define HEALTH_BUSY_RHYTHM_S (3 * 3600)
#define HEALTH_QUIET_BUSY_S (5 * 24 * 3600)
#define HEALTH_QUIET_UNKNOWN_S (30 * 24 * 3600)
#define HEALTH_QUIET_SLOW_S (60 * 24 * 3600)
/* So many hosts that fail together are no accident... */
#define HEALTH_LOST_MIN 3
/* ... which excuses them for a day when most others are well, for three when there are none. */
#define HEALTH_PART_EXCUSE_S (24 * 3600)
#define HEALTH_DOUBT_EXCUSE_S (3 * 24 * 3600)
/* The end of a trouble is news for a week: to a new analyst it is none. */
#define TROUBLE_END_TOLD_S (7 * 24 * 3600)
/* A feed that has failed for a month is asked once a week. */
#define FEED_SICK_S (30 * 24 * 3600)
#define FEED_SICK_RETRY_S (7 * 24 * 3600)
/* A 301 is believed when it was seen so often over so long: captive portals redirect too. */
#define NEW_URL_SIGHTINGS_MIN 3
#define NEW_URL_AGE_MIN_S (2 * 24 * 3600)
/* An answer that took t keeps its host waiting 5 t, up to this. */
#define HOST_DELAY_ANSWER_FACTOR 5
#define HOST_DELAY_ANSWER_MAX_MS 30000
/* What one host's answers may take from a run in all; its other pages wait for the next. */
#define HOST_BUSY_MAX_MS 60000
/* How long it may be asked in one run, pauses included: alerts wait for the end of the run, and so
 * do the feeds of all others. 300 pages at the usual pace. So long may an address be asked, too:
 * 1,200 requests, whatever names it has. */
#define HOST_TURN_MAX_MS (10 * 60 * 1000)
/* An archive that says it is too much is left alone at least so long, and twice as long each time;
 * the Wayback Machine locks out for an hour whoever asks on within a minute. */
#define REFUSAL_PAUSE_S 60
#define REFUSAL_PAUSE_MAX_S 3600
/* What was answered with 403 is asked for in the night after next: in the next one others are. */
#define REFUSED_AGAIN_S (36 * 3600)

/* ---- history --------------------------------------------------------------------------------- */

/* Lists of a backfill asked in one round, so that pages of the first do not wait for the last. */
#define HISTORY_LISTS_PER_ROUND 50
/* Lists of one backfill: ten years of daily ones are 3,650; a sitemap index names 50,000 at most.
 */
#define HISTORY_LISTS_MAX 60000
/* Lists that lead to lists: an index of indexes, and its pages one behind the other. */
#define HISTORY_DEPTH_MAX 1000
/* A list as it is read: sitemaps may have 50 MB. Workers get it in pieces. */
#define LIST_INFLATED_MAX_BYTES (64 * 1024 * 1024)
/* So much of it at once, in a worker's second: 4 MiB take a tenth of it. */
#define LIST_PIECE_MAX_BYTES (2 * 1024 * 1024)
/* With nothing to do but to wait for hosts, a backfill looks again so often, and so long. */
#define HISTORY_IDLE_STEP_MS 5000
#define HISTORY_IDLE_DOUBLINGS 4
#define HISTORY_PATIENCE_S 180
/* An archive that asked for a pause is worth this much. */
#define HISTORY_PAUSE_MAX_S 900

/* ---- transactions ---------------------------------------------------------------------------- */

/*
 * A commit costs a sync of the disk: what ends within this time shares it, up to so many pages, so
 * that a kill costs no more of them however fast they come. 16 pages take 60 ms of one core, a
 * sync of a disk some 5 ms.
 */
#define COMMIT_EVERY_MS 300
#define COMMIT_PAGES_MAX 16

/* ---- one document in a worker ---------------------------------------------------------------- */

/* Of processor time: a busy machine must not cost a page. By the wall, ten times that. */
#define WORKER_DEADLINE_MS 1000
#define WORKER_WALL_MAX_MS 10000
#define WORKER_MEMORY_MAX_BYTES (256 * 1024 * 1024)
#define WORKER_STACK_MAX_BYTES (8 * 1024 * 1024)
/* How a worker ends that could not be locked in. */
#define WORKER_NO_JAIL_STATUS 71
/* Behind the process that gives them work, which all of them wait for. */
#define WORKER_NICENESS 5
/* One more than cores, up to this: an idle worker keeps some 8 MiB. */
#define WORKERS_MAX 8
/* In the parent: a worker's largest answer twice, and what the rows of it take. */
#define DOCUMENT_ARENA_MAX_BYTES (128 * 1024 * 1024)
/* A page as it came, inflated, and what its feed said of it. */
#define REQUEST_MAX_BYTES (24 * 1024 * 1024)
/* What one parse may take from its arena; the rest of the worker's memory is its libraries. The
 * 4.3 MB page takes 60 MiB. */
#define PAGE_ARENA_MAX_BYTES (128 * 1024 * 1024)
/* Gumbo's tree of nothing but short attributes is that many times as large as the page. What is
 * parsed at once may take one arena in all, whatever the number of workers. */
#define PARSE_GROWTH_MAX 64
/* A worker's answer: the text of a page is smaller than the page. */
#define ANSWER_MAX_BYTES (32 * 1024 * 1024)
#define WORKER_DEATHS_MAX 2

/* ---- HTML: browsers cap open elements at 512; the deepest of 1,643 real pages had 55 --------- */

#define HTML_DEPTH_MAX 512
#define HTML_ATTRIBUTES_MAX 256
#define HTML_FORMATTING_MAX 256
#define HTML_TAG_MAX_BYTES (1024 * 1024)

/* ---- XML ------------------------------------------------------------------------------------- */

#define XML_DEPTH_MAX 256
#define XML_ATTRIBUTES_MAX 256
/* Texts that a document type declares; one of them; all that they make in one document. */
#define XML_ENTITIES_MAX 32
#define XML_ENTITY_MAX_BYTES 256
#define XML_EXPANSION_MAX_BYTES (64 * 1024)
/* What libxml2 gets at a time. */
#define XML_PIECE_BYTES (1024 * 1024)
/* Of JSON that has to be mended; a feed has five levels. */
#define JSON_DEPTH_MAX 128
/* Titles and names are read as HTML up to here, and a tag in them ends within this many bytes. */
#define MARKUP_TEXT_MAX_BYTES (64 * 1024)
#define MARKUP_TAG_MAX_BYTES 4096
/* Newest entries kept of one feed; the rest is counted and reported. */
#define FEED_ENTRIES_MAX 5000
/* Known entries that a new one is held against, of those with its words, address or id. */
#define ENTRY_CANDIDATES_MAX 32
/*
 * When many entries are new at once the feed may have renewed their ids: so many at least, and half
 * of the document. So many of them are held against as many of the newest known ones.
 */
#define ENTRIES_MANY_MIN 3
#define ENTRIES_COMPARED_MAX 200
/* Texts of fewer bytes are a formula that several entries may share. */
#define ENTRY_TEXT_MIN_BYTES 60
/* Of two texts that are held against each other so many pairs of characters count. */
#define LIKENESS_PAIRS_MAX 512
/* Of the lines of a text so many, each with more bytes than a heading of a few words. */
#define LIKENESS_LINES_MAX 16
#define LIKENESS_LINE_MIN_BYTES 40
#define LIKENESS_LINE_BYTES 60
/* Dates further apart are of two entries, however alike their titles are. */
#define ENTRY_DATES_MAX_S (2 * 24 * 3600)
/* Links, categories or enclosures of one entry; authors joined into one text. */
#define FEED_LIST_MAX 256
#define FEED_AUTHORS_MAX 32
#define SITEMAP_URLS_MAX 50000
/*
 * News taken from one reading of a sitemap: a newspaper writes some hundred articles a day, and a
 * site that renames all its pages must not have them all fetched. See PAGES_PER_HOST_MAX.
 */
#define SITEMAP_NEWS_MAX 500
/* What is more than a reading's share waits for the next, up to here: two weeks of a big one. */
#define SITEMAP_RENAMED_MIN 5000
/* Of a list of thousands not all is news at its first reading, even where all of a feed is. */
#define SOURCE_RECENT_S (3 * 24 * 3600)
/* Sitemaps of an index that are followed, the newest; and indexes in indexes. */
#define SITEMAP_CHILDREN_MAX 10
#define SITEMAP_DEPTH_MAX 2
/* A sitemap whose index says that it has rested for so long holds no news. */
#define SITEMAP_RESTED_S (30 * 24 * 3600)
/* Links taken from one reading of a watched page, and in a day: some change with every visit. */
#define LISTING_NEWS_MAX 20
#define LISTING_NEWS_DAY_MAX 100
/* Links of a watched page: the longest archives of one page have some hundred. */
#define LISTING_LINKS_MAX 1000
/* A link's text shorter than this is a button, unless a selector chose it. */
#define LISTING_TEXT_MIN_BYTES 20
/* A selector: what fits a line of a table; its parts are the bits of a number. */
#define SELECTOR_MAX_BYTES 1024
#define SELECTOR_PARTS_MAX 64
/* Of one site: lines of each key, and all of them as text. */
#define RULE_SELECTORS_MAX 32
#define RULES_MAX_BYTES (64 * 1024)
/* Feeds in one imported list: five times what the largest known collections hold. */
#define OPML_FEEDS_MAX 10000
/* Folders in folders: readers show three or four. */
#define FOLDER_DEPTH_MAX 32
/* Tags of one feed: a person reads them in a list. */
#define FEED_TAGS_MAX 32
/* sitemaps.org allows 50 MiB unpacked; one that big holds more than we take. */
#define SITEMAP_MAX_BYTES (32 * 1024 * 1024)

/* ---- history: answers of lists --------------------------------------------------------------- */

/* Rows of one answer, and lists it names: sitemaps hold as many, Wayback gives fewer at a time. */
#define FINDS_MAX 50000
#define FINDS_PIECE_ROWS 20000
/* JSON comes whole: 16 MiB, as large as an answer may be, take half a second. */
#define FINDS_WHOLE_MAX_BYTES (16 * 1024 * 1024)
/* What may stand before the first of its elements, and the ends of what is open there. */
#define FINDS_HEAD_MAX_BYTES (64 * 1024)
#define FINDS_TAIL_MAX_BYTES 1024
/* A text that a list carries; a longer one is no article, and its page may be looked at. */
#define FIND_TEXT_MAX_BYTES (768 * 1024)
/* A row of JSON, such a text with every letter escaped: empty objects take a hundred times that. */
#define JSON_ROW_MAX_BYTES (3 * 512 * 1024)
/* What a service says in place of a list: a sentence or two. */
#define FINDS_ABOUT_MAX_BYTES 240

/* ---- history: WARC files --------------------------------------------------------------------- */

/* What is held of a file, packed and unpacked each. */
#define WARC_WINDOW_BYTES ((size_t)256 * 1024)
/* All fields of one record; those of real files take 500 bytes, and an address up to 8 KiB. */
#define WARC_HEAD_MAX_BYTES ((size_t)64 * 1024)
/* What is looked at to tell a gzip member from three bytes that look like the beginning of one. */
#define WARC_TRIAL_BYTES 1024
/* Read a second time behind wrong lengths: so much, and once more what was read already. */
#define WARC_REREAD_MAX_BYTES ((int64_t)64 * 1024 * 1024)
/* An archived answer as it stands in a file: a page and its header lines. */
#define WARC_BLOCK_MAX_BYTES (BODY_INFLATED_MAX_BYTES + HEADERS_MAX_BYTES)
/* Of a WACZ file, which has some dozen files: libzip takes four times as much for it. */
#define WACZ_DIRECTORY_MAX_BYTES ((size_t)1024 * 1024)
/* Packings of one archived answer, one around another: servers apply one, broken ones two. */
#define HTTP_CODINGS_MAX 3

/* ---- encodings ------------------------------------------------------------------------------- */

/*
 * How far a document is read for what it says of its own encoding: browsers take 1 kB, but scripts
 * before the meta element are common.
 */
#define CHARSET_SCAN_BYTES (16 * 1024)
/* What the detector sees: more does not change its mind, and it costs 10 ns a byte. */
#define CHARSET_GUESS_MAX_BYTES (256 * 1024)

/* Feeds one page may announce: a portal with a feed for every section has some hundred. */
#define PAGE_LINKS_MAX 500

/* ---- text ------------------------------------------------------------------------------------ */

/* Most headlines have 100 bytes; a longer title than this is a text that lost its way. */
#define TITLE_MAX_BYTES 2048
/* "International › Asia and the Pacific" has 40 bytes; a longer one is a list or a sentence. */
#define SECTION_MAX_BYTES 80
/*
 * What is read of a page's scripts when its text stands nowhere else; of that so many brackets
 * deep, so many strings that may be paragraphs, bodies with so many bytes at least, rows that are
 * named by others, strings that are JSON again. The best so many bodies are looked at.
 */
#define STATE_MAX_BYTES (4 * 1024 * 1024)
#define STATE_DEPTH_MAX 128
#define STATE_PIECES_MAX 8192
#define STATE_BODIES_MAX 256
#define STATE_BODY_MIN_BYTES 300
#define STATE_ROWS_MAX 256
#define STATE_INNER_MAX 16
#define STATE_TRIED_MAX 4
/* Lines that a page gives to learn its site's furniture from; and how many are remembered. */
#define ARTICLE_LINES_MAX 16
#define SITE_LINES_MAX 1000
/* Stories after which what was learned of a site counts half: it may look otherwise by now. */
#define SITE_STORIES_MAX 200
/* An outlet's name for itself; longer ones are slogans. */
#define SITE_NAME_MAX_BYTES 120
/* Sites whose furniture a run keeps at hand, some 300 bytes each. */
#define SITES_AT_HAND_MAX 4096
/* A date further ahead is a mistake: its article would stay on top. Time zones differ by less. */
#define DATE_FUTURE_MAX_S (24 * 3600)
/* A feed may say of pages of other sites that they are this old; more is not believed. */
#define FOREIGN_DATE_MAX_S (2 * 24 * 3600)
/* What programs write for no date is the first of January 1970, in some time zone. */
#define DATE_EPOCH_MAX_S (2 * 24 * 3600)
/*
 * A subject longer than this is cut in every mail program's list; RFC 5321 ends addresses at 254.
 */
#define SUBJECT_MAX_BYTES 400
#define MAIL_ADDRESS_MAX_BYTES 254
/* RFC 5322, 2.1.1: lines of 78 bytes are wished; one more for what a relay may put before. */
#define HEADER_LINE_BYTES 76
/* RFC 2047 ends encoded words at 75; so long a one stands behind "Subject: " on a first line, too.
 */
#define HEADER_WORD_MAX_BYTES 64
/* A web address in a header cannot be folded: lines end at 998 bytes. */
#define HEADER_URL_MAX_BYTES 900
/* Of a sentence in an entry of the Atom feed; and an entry, and the feed of 10,000 of them. */
#define ATOM_SENTENCE_BYTES 2000
#define ATOM_ENTRY_MAX_BYTES (1024 * 1024)
#define ATOM_MAX_BYTES (128 * 1024 * 1024)
/* Ids that a header for filters names; the rest is a number. */
#define HEADER_IDS_MAX 20
/* What a feed says of an article stands for it when it says something; "Read more" does not. */
#define FEED_TEXT_MIN_BYTES 40
#define ARTICLE_TEXT_MAX_BYTES (4 * 1024 * 1024)
/* Unicode's stream-safe format allows 30 marks on a letter; more would make sorting them slow. */
#define FOLD_SEGMENT_MAX_CODES 32
/* Letters of a name in capitals that is an abbreviation; a longer one may be a shouted word. */
#define MATCH_ABBREVIATION_LETTERS 4
/* How many words " * " in a name of the watchlist may stand for. */
#define MATCH_GAP_WORDS 3
/* What cutting one name of the watchlist may take; a cell has no other bound. */
#define MATCH_SCRATCH_MAX_BYTES (64 * 1024 * 1024)
/* Iterators over sentences that wait for the next text: languages of a desk, times its threads. */
#define SENTENCE_ITERATORS_MAX 64
/* Gaps of a name that are walked; each may take the walk four ways. */
#define MATCH_GAPS_WALKED 2
/* Names with one spelling: places of a gazetteer share one by dozens, a bad import by thousands. */
#define MATCH_ALIKE_MAX 1000
/* What one text may match, and cost: an article of news takes one step for each four tokens. */
#define MATCHES_MAX 500000
#define MATCH_WORK_A_TOKEN 64
#define MATCH_WORK_MIN 1000000
/*
 * Pass 2, and whoever walks over the archive: articles that are matched at a time, by number and by
 * bytes of text, 5 ms of work; what is found in them is one transaction. And what they may take.
 */
#define SCAN_BLOCK_ARTICLES 128
#define SCAN_BLOCK_BYTES (1024 * 1024)
#define SCAN_ARENA_MAX_BYTES (192 * 1024 * 1024)
/* Articles without a find between two notes of how far a walk has come: a second's work. */
#define SCAN_MARK_ARTICLES 20000
/* Versions of the list that are compared, and names that the search index is asked for. */
#define SCAN_CHANGE_VERSIONS 16
#define SCAN_INDEX_NAMES 500
/* Threads that match: one reads for all of them, and can feed four. */
#define SCAN_THREADS_MAX 4
/* More mentions of one watched item in one article are counted, not kept. */
#define MENTIONS_MAX 100
#define MENTIONS_ARTICLE_MAX 5000
/* Matching reads this much of a text: a long book chapter. It bounds its time and its memory. */
#define MENTION_TEXT_MAX_BYTES (1024 * 1024)
/* Of one spelling so many are looked at closely, which costs microseconds each. */
#define MENTIONS_NAME_MAX 200
/* A longer sentence is a list or a table: nobody states anything in it, and its words are many. */
#define STATEMENT_WORDS_MAX 500
/* What was looked at beside a mention is stored with each: a few lines, long lists cut. */
#define LOOKED_AT_MAX_BYTES 1200
#define LOOKED_AT_LIST_BYTES 120
/* Names, and as many terms, that a trace of one article holds: more than anybody reads. */
#define TRACE_ROWS_MAX 6000

/* ---- looking again --------------------------------------------------------------------------- */

/* A page that matters is looked at again from an hour after it was fetched to a month after. */
#define LOOK_FIRST_S 3600
#define LOOK_LAST_S (30 * 24 * 3600)
/* That a page is not there is believed when it still is not after this: one 404 may be a hiccup. */
#define LOOK_CONFIRM_S 3600
/* A look that fails for now is tried so often, then the next one's time is waited for. */
#define LOOK_TRIES_MAX 3
/* Of one host in a run, of all, and for how long: new pages come first, and alerts wait. */
#define LOOKS_PER_HOST_MAX 20
#define LOOKS_PER_RUN_MAX 5000
#define LOOKS_TURN_MAX_MS (2 * 60 * 1000)

/*
 * Revisions of one alert: a live page may change hourly, and its analyst has the address. Two texts
 * this long are compared: longer ones are live pages of a day.
 */
#define REVISIONS_MAX 50
#define REVISION_TEXT_MAX_BYTES (128 * 1024)
#define REVISION_ARENA_MAX_BYTES ((size_t)256 * 1024 * 1024)
/* So much of a sentence must be as it was, for a change in it to be one; for a "not", more. */
#define REVISION_KEPT_PERCENT 50
#define REVISION_DENIED_KEPT_PERCENT 70
/* Earlier articles whose comparison with a copy is kept for the next watched item. */
#define REVISION_PAIRS_MAX 4
/* Alerts of one page that an event is told of. */
#define REVISION_ALERTS_MAX 1000

/* ---- copies of a story ----------------------------------------------------------------------- */

/* A posting list this long is a phrase, not a story: the work for one hash is bounded. */
#define SHINGLE_LIST_MAX 24
/* Postings kept row by row before they become a run: some 500 articles, 1 MiB of memory. */
#define SHINGLE_TAIL_MAX 32768
/* Runs of one level that become one of the next: each posting is written once a level. */
#define SHINGLE_RUNS_MERGED 4
/* What a merge does with one article: a millisecond or two. */
#define SHINGLE_STEP_POSTINGS 16384
/* Postings that are merged for each new one while a merge is under way. */
#define SHINGLE_MERGE_PACE 8
/* Sentences of one story alone are left out when runs become one of this level: 130,000 articles.
 */
#define SHINGLE_FORGETS_LEVEL 4
/* Filters in memory: those of the newest million articles, some 40 bytes each. */
#define SHINGLE_FILTERS_MAX_BYTES ((size_t)36 * 1024 * 1024)
/* Blocks in memory where each is read over a wire: those of the last 100,000 articles, or those
 * that copies are found in. */
#define SHINGLE_BLOCKS_MAX_BYTES ((size_t)32 * 1024 * 1024)
/* Earlier articles that are indexed with a new one while the index is made anew: 2 ms. */
#define STORY_REINDEX_EACH 16
/* The same in one transaction of `db reindex`. */
#define STORY_REINDEX_BATCH 256
/* Candidates that are compared with a new article, best first. */
#define STORY_CANDIDATES_MAX 4
#define STORY_RELATIONS_MAX STORY_CANDIDATES_MAX
/* Earlier excerpts of one article that are looked at to tell a round-up: two would do. */
#define STORY_EXCERPTS_MAX 4
/* What is compared of a text: 40,000 words. Five such texts and their tables fit a page's arena. */
#define STORY_TEXT_MAX_BYTES (256 * 1024)
/* A sentence seen in this many stories is furniture of the page and counts for none. */
#define STORY_FURNITURE 3
/* Articles of one story that are shown, or looked through for its origins. */
#define STORY_MEMBERS_MAX 5000
/* Its copies that are compared with its fullest text, each some milliseconds; facts; pointers. */
#define STORY_COMPARED_MAX 200
#define STORY_FACTS_MAX 200
#define STORY_POINTERS_MAX 50
/* Changed facts that are named. */
#define STORY_CHANGES_MAX 8
/*
 * A text that was published so long before is old: what is printed again sooner is a follow-up, a
 * weekend's reading, a month's last look back.
 */
#define STORY_OLD_S (30 * 24 * 3600)
/* Of members and copies so many are looked at when an article joins, whatever a flood there is. */
#define STORY_SCAN_MAX 500
/* Origins are counted anew with each article up to here, then at each fourth part more. */
#define STORY_ORIGINS_MAX 64
/* And at STORY_MEMBERS_MAX for the last time: some 30 ms. */

/* ---- what differs between two texts ---------------------------------------------------------- */

/* Sentences of one text; what is behind the last one is compared as one. */
#define TEXT_DIFF_SENTENCES_MAX 200000
/* A longer sentence is none: it is cut, so that what one takes is bounded. */
#define TEXT_DIFF_SENTENCE_MAX_BYTES (16 * 1024)
/* Members that only one of two rows has: Myers takes the square of it in memory, 0.5 MB. */
#define TEXT_DIFF_EDITS_MAX 512
/* Sentences between two anchors that are paired; more of them are another text. */
#define TEXT_DIFF_GAP_MAX 128
/* Steps of all comparing: a tenth of a second, hundred times what an article takes. */
#define TEXT_DIFF_WORK_MAX ((size_t)50 * 1000 * 1000)
/* Facts that are named; more are another text. */
#define TEXT_DIFF_FACTS_MAX 1000
#define TEXT_DIFF_SCRATCH_MAX_BYTES ((size_t)128 * 1024 * 1024)

/* ---- what analysts say ----------------------------------------------------------------------- */

/* A mute that names no end ends after two weeks; none lasts longer than a quarter of a year. */
#define MUTE_DEFAULT_S ((int64_t)14 * 86400)
#define MUTE_MAX_S ((int64_t)92 * 86400)
/* Fewer marks than that say nothing of how right a name is. */
#define PRECISION_MARKS_MIN 5
/* Words proposed for one name, and texts of one name that are read for them. */
#define PRECISION_WORDS_MAX 5
#define PRECISION_TEXTS_MAX 400
/* Cases of the control set, and the bytes of one: all are read for each replay. */
#define CONTROL_CASES_MAX 20000
#define CONTROL_TEXT_MAX_BYTES ((size_t)1024 * 1024)

/* ---- mail ------------------------------------------------------------------------------------ */

/* Gmail clips a message near 102 kB: each part of a digest stays below this as it is sent. */
#define DIGEST_PART_MAX_BYTES 90000
/* Of it, as sent: what stands behind the stories has its share, so that they have theirs. */
#define DIGEST_SHARE_DEVELOPING_BYTES 20000
#define DIGEST_SHARE_AT_ONCE_BYTES 6000
#define DIGEST_SHARE_POSSIBLE_BYTES 12000
#define DIGEST_SHARE_TROUBLES_BYTES 5000
/* For the line that counts what there was no room for, and what encoding adds at the seams. */
#define DIGEST_SHARE_LEFT_BYTES 1000
/* A line of plain text: RFC 5322, 2.1.1, has 998 octets. */
#define DIGEST_LINE_MAX_BYTES 900
/* A headline, and any other name, in a digest. */
#define DIGEST_HEADLINE_BYTES 300
#define DIGEST_NAME_BYTES 200
/* The term that stands beside a mention, where a line says how it was found. */
#define DIGEST_TERM_BYTES 48
/* An address to click: Outlook opens none over 2,083 bytes; a longer one stands there as words. */
#define DIGEST_HREF_MAX_BYTES 2000
/* Telephones show about as much of a mail beside its subject. */
#define DIGEST_PREHEADER_BYTES 140
/* Stories of a digest whose sentences are read: more than fit into a part. */
#define DIGEST_STORIES_MAX 250
/* Alerts of a story that are quoted, and those that are named in a line beside them. */
#define DIGEST_STORY_ALERTS_MAX 8
#define DIGEST_ASIDE_MAX 12
/* Mentions of an item in one article, among which a sentence of the text is looked for. */
#define DIGEST_MENTIONS_MAX 16
/* Stories that were told at once since the last digest: named, and messages and alerts of them
 * read. */
#define DIGEST_AT_ONCE_MAX 20
#define DIGEST_AT_ONCE_READ_MAX 500
/* Lines of a weekly summary: items and countries, the top of its stories, claims. */
#define DIGEST_WEEK_COUNTS_MAX 15
#define DIGEST_WEEK_TOP_MAX 10
#define DIGEST_WEEK_CLAIMS_MAX 5
/* All alerts of a digest whose parts had no room for them, as a table beside it. */
#define DIGEST_CSV_MAX_BYTES (2 * 1024 * 1024)
/* What a program or a server is handed. */
#define DIGEST_JSON_MAX_BYTES (1024 * 1024)
/* Of it the alerts, and each of the other lists; the text has the rest. */
#define DIGEST_JSON_ALERTS_BYTES (512 * 1024)
#define DIGEST_JSON_LIST_BYTES (96 * 1024)
/* Sentences with a possible place that one list is made of: some 100 bytes each. */
#define CANDIDATES_READ_MAX 200000
/* Who made a claim: so many names fill a line. */
#define CLAIM_SPEAKERS_MAX 12
/* Alerts one digest can tell; what is beyond stands in the next. */
#define DIGEST_ALERTS_MAX 50000
#define DIGEST_CANDIDATES_MAX 20
/* Known stories in which something has changed, and changes of one, that are shown. */
#define DIGEST_DEVELOPING_MAX 10
#define DIGEST_STORY_CHANGES_MAX 3
/* Changes one digest can tell; what is beyond stands in the next. */
#define DIGEST_CHANGES_MAX 10000
/* Copies of a story whose outlets are named. */
#define DIGEST_OUTLETS_MAX 12
/* Feeds newly in trouble, or back, that are named; all of them are counted and told. */
#define DIGEST_FEEDS_MAX 20
#define DIGEST_TROUBLES_MAX 10000
/* Countries, and languages, that no feed reaches. */
#define DIGEST_GAPS_MAX 12
/* Alerts of one transaction when an analyst is new, or was away: a look holds no lock for long. */
#define PLAN_BATCH 2000
/* Mutes that the footer names; the rest is counted. */
#define DIGEST_MUTES_MAX 12
/* A sentence on either side of the mention. */
#define DIGEST_QUOTE_BYTES 240
#define DIGEST_MAX_BYTES (4 * 1024 * 1024)
#define DIGEST_ARENA_MAX_BYTES (256 * 1024 * 1024)

/* ---- mail ------------------------------------------------------------------------------------ */

/*
 * RFC 5321, 4.5.3.2, wants five minutes for a reply; the last one, which is given twice that, ten.
 * [mail] timeout says otherwise.
 */
#define MAIL_TIMEOUT_S 300
/* A server that answers a byte at a time is left after three times the wait for one reply. */
#define SMTP_TIMEOUT_REPLIES 3
/* The whole of one reply. A line of 100 KB is odd, a reply without an end is an attack. */
#define SMTP_REPLY_MAX_BYTES (256 * 1024)
/* Behind the reply that decides nothing is left but a farewell, which need not be answered. */
#define SMTP_FAREWELL_MS 3000
/* A process that sends one message: longer than the longest [mail] timeout allows. */
#define MAILER_TIMEOUT_MS (40 * 60 * 1000)
#define WEBHOOK_TIMEOUT_S 60
/* Of the answer its status counts, and the beginning of its body as words for a person. */
#define WEBHOOK_ANSWER_MAX_BYTES (64 * 1024)
/* Retry-After: a server that asks for more is asked again after a day. */
#define DELIVERY_RETRY_MAX_S 86400
/* Asked to stop, a mail that may be theirs already is given this long to say so. */
#define STOP_GRACE_MS 3000
/* The next run wants to crawl: a server that takes minutes for each message gets no longer. */
#define OUTBOX_RUN_MAX_MS (30 * 60 * 1000)
/* A try that took so long: what else is for that address waits for the next run. */
#define OUTBOX_SLOW_MS (60 * 1000)
/* Messages a run looks at, of which it sends [mail] max-per-run. */
#define OUTBOX_LIST_MAX 20000
/* Of a mail that comes in, what is read: a report returns a digest of ours at most. */
#define RECEIVE_MAX_BYTES (1024 * 1024)
/* Of a longer one the rest is read and forgotten, for a pipe that closes early makes a bounce. */
#define RECEIVE_DRAIN_MAX_BYTES (64 * 1024 * 1024)
/* Mails in the canary's folder that one run looks at. */
#define CANARY_FILES_MAX 500
/* Messages whose bytes one run takes away. */
#define OUTBOX_PRUNE_MAX 1000

/* ---- files of the user ----------------------------------------------------------------------- */

/*
 * What inih reads as one line in Debian; longer ones it would split silently, so they are refused.
 */
#define CONFIG_LINE_MAX_BYTES 198
/* Authorities to believe: Debian's own file has 220 kB. */
#define CA_FILE_MAX_BYTES (16 * 1024 * 1024)
#define CSV_FILE_MAX_BYTES (64 * 1024 * 1024)
#define CSV_COLUMNS_MAX 256
/* Of a file without a byte order mark so much is looked at to know UTF-16: a header's length. */
#define CSV_HEADER_LOOK_BYTES 256
/* The default watchlist takes 160 kB; four hundred times that is a country's gazetteer. */
#define WATCHLIST_MAX_BYTES (64 * 1024 * 1024)
#define WATCHLIST_ARENA_MAX_BYTES (1024 * 1024 * 1024)
#define WATCH_NAMES_MAX 1000000
/* One name or term: the longest sentence that a press office calls a body by has 200. */
#define WATCH_NAME_MAX_BYTES 1024
/* The linter says what was never found when there were so many articles to find it in. */
#define LINT_ARTICLES_MIN 100
/* A name found in more than one of so many articles is no name. */
#define LINT_EVERYDAY_PART 20
/* A query: what fits a screen or two; a list of all the world's countries in ten languages. */
#define QUERY_TEXT_MAX_BYTES (16 * 1024)
/* Its words and operators together. */
#define QUERY_NODES_MAX 4000
/* Brackets in brackets, NOT before NOT: nobody reads more. It bounds the stack of operators. */
#define QUERY_DEPTH_MAX 50
/* Words in one phrase: a title. */
#define QUERY_PHRASE_MAX 50
/* What PRE joins in one row: each is a list of places that is kept till the last is known. */
#define QUERY_CHAIN_MAX 16
/* The n of NEAR and PRE: half a page. More is AND. */
#define QUERY_DISTANCE_MAX 500
/* The n of ATLEAST. */
#define QUERY_COUNT_MAX 100
/* Words on either side of an alias that require and exclude look at: a long sentence. */
#define QUERY_WINDOW_WORDS 30
/* `lead:` ends with the paragraph that holds this word of the text. */
#define QUERY_LEAD_WORDS 50

/* ---- history: mail and lists ----------------------------------------------------------------- */

/* What is read of a file to tell what it is: the longest mail headers take 10 kB. */
#define FILE_SNIFF_BYTES (16 * 1024)
/* A list of addresses may have one line in so many that is none: less, and it is a text. */
#define LIST_OTHERS_PART 10
/* Rows of a list that are asked whether its dates begin with the day or the month. */
#define LIST_ORDER_ROWS 1000
/* Names of a folder that are held at a time, and as many again while they are sorted. */
#define FOLDER_BATCH_NAMES 8192
/* Its text stands before what is attached; larger ones are counted and left out. */
#define MAILBOX_MESSAGE_MAX_BYTES BODY_INFLATED_MAX_BYTES
/* Of a line so much can be the one that begins a message: writers stay below 100. */
#define MAILBOX_FROM_MAX_BYTES 1024
/* Read from a mailbox's file at a time. A packed one gives up to a thousand times that. */
#define MAILBOX_CHUNK_BYTES (64 * 1024)
#define MAILBOX_PACKED_CHUNK_BYTES (4 * 1024)
/* Unpacked, of a packed mailbox: nobody packs more into one file. */
#define MAILBOX_UNPACKED_MAX_BYTES ((size_t)64 * 1024 * 1024 * 1024)
/* Parts of one mail that are looked at; a digest of a busy list has some hundred. */
#define MIME_PARTS_MAX 1000
/* Parts in parts, mails in mails. Real ones have five levels and three. */
#define MIME_DEPTH_MAX 16
#define MIME_MAILS_MAX 8
/* RFC 2046 allows 70. */
#define MIME_BOUNDARY_MAX_BYTES 200
/* Of a header's value so much is decoded. */
#define MIME_VALUE_MAX_BYTES (16 * 1024)
/* RFC 5322 allows a line of 998; no program writes more than 200. */
#define MIME_ID_MAX_BYTES 255
/* What is written above a mail that is sent on: less than this, and the mail sent on counts. */
#define MIME_COVER_MAX_BYTES 1000

/* ---- the report ------------------------------------------------------------------------------ */

/* Alerts of one report: some hundred bytes each; a period with more shows the first of them. */
#define REPORT_ALERTS_MAX 200000
#define REPORT_ARENA_MAX_BYTES ((size_t)512 * 1024 * 1024)
/* One page: a browser opens it at once. Story pages are far below. */
#define REPORT_PAGE_MAX_BYTES (16 * 1024 * 1024)
#define REPORT_MANIFEST_MAX_BYTES (64 * 1024 * 1024)
/* Stories with their sentences on the morning page; what has changed; what is proposed. */
#define REPORT_MORNING_STORIES 40
#define REPORT_MORNING_CHANGES 20
#define REPORT_MORNING_PROPOSED 20
/* Watched items in the table of the morning page. */
#define REPORT_MORNING_ITEMS 12
/* Stories in a page of days, some 250 kB; on the page of an item; of these with their sentence. */
#define REPORT_DAYS_STORIES 500
#define REPORT_ITEM_STORIES 300
#define REPORT_ITEM_QUOTES 10
/* Articles that a story's page lists, alerts and changes that it shows in full. */
#define REPORT_STORY_ARTICLES 200
#define REPORT_STORY_ALERTS 60
#define REPORT_STORY_CHANGES 60
/* Shown of a sentence before and behind what was found in it. */
#define REPORT_QUOTE_BYTES 320
/* Of a headline: the longest that newspapers print are half of that. */
#define REPORT_TITLE_BYTES 400
/* Bars of a timeline: years by the month, a year by the week, two months by the day. */
#define REPORT_BARS_MAX 130
#define REPORT_BARS_DAYS 62
#define REPORT_BARS_WEEKS 400
/* Weeks of runs that are drawn, by the hour; troubles and feeds that are listed. */
#define REPORT_RUN_DAYS 28
#define REPORT_RUNS_MAX 50000
#define REPORT_TROUBLES_MAX 500
#define REPORT_FEEDS_MAX 5000

/* ---- sources of history ---------------------------------------------------------------------- */

/* Words behind a source: a country's press has a few hundred hosts. */
#define SOURCE_WORDS_MAX 1000
/* An index names sitemaps once by its standard, real ones twice: the site, its years, its months,
 * and the robots.txt above them. Beyond it a site makes them up. */
#define SITEMAP_NESTED_MAX 5
/* Sitemaps that one robots.txt names: large publishers name some dozen. */
#define ROBOTS_SITEMAPS_MAX 500
/* Of one list, answers that go on from one another: pages of a feed by tens, posts by hundreds. */
#define SOURCE_PAGES_MAX 10000
/* Pages of a feed have no pace of their own: each is made anew for whoever asks. */
#define FEED_PAGE_PAUSE_MS 5000
/* Wayback blocks at 30 lists a minute, for longer each time; 24 are polite. */
#define WAYBACK_PAUSE_MS 2500
/* Copies: 600 a minute are the limit; four a second. */
#define WAYBACK_COPY_PAUSE_MS 250
/* A page of the last day may have been captured only later. */
#define CAPTURE_LATE_S (30 * 24 * 3600)
/* One small server, which asks for a request at a time. */
#define COMMONCRAWL_PAUSE_MS 1500
#define COMMONCRAWL_COPY_PAUSE_MS 250
/* A crawl begun so long after a page was published may still have met it on the front pages of its
 * site; later ones rarely do, and each costs at least two requests. */
#define COMMONCRAWL_LATE_S (13 * 7 * 24 * 3600)
/* How long a crawl takes from the week of its name on. */
#define COMMONCRAWL_TAKES_S (21 * 24 * 3600)
/* Files that do not change, on a store made for it. */
#define DAYS_PAUSE_MS 1000
/* A day of Media Cloud has what was met on it: mostly of that day and of the one before. */
#define MEDIACLOUD_LATE_S (24 * 3600)
/* Days of one backfill: its lists begin in 2022. */
#define DAYS_MAX 5000
/* "One request every 5 seconds", strictly. */
#define GDELT_PAUSE_MS 5500
#define GDELT_ROWS 250
/* Its articles come in batches of so long; a window of one cannot be halved. */
#define GDELT_WINDOW_MIN_S (15 * 60)

/* ---- our own archive ------------------------------------------------------------------------- */

/* Past it a month's file is continued in another: the size that archives exchange. */
#define ARCHIVE_FILE_MAX_BYTES ((int64_t)1024 * 1024 * 1024)
#define ARCHIVE_FILES_PER_MONTH_MAX 10000
/* Of a machine's name in that of a file. */
#define ARCHIVE_MACHINE_MAX_BYTES 64
/* Records of a transaction, and the bytes after which no other is added: one flush to the disk. */
#define ARCHIVE_BATCH_RECORDS 64
#define ARCHIVE_BATCH_BYTES (4 * 1024 * 1024)
/* One record, unpacked: the largest page with its heads. */
#define ARCHIVE_RECORD_MAX_BYTES (BODY_INFLATED_MAX_BYTES + 4 * 1024 * 1024)
/* Records of one payload that are tried for a note which refers to it: more machines than share a
 * store hardly have one each that the others cannot read. */
#define ARCHIVE_ORIGINALS_MAX 16
/* Pages that wait for it, looked at in one go; the next run takes the others. */
#define ARCHIVE_WAITING_MAX 200000
/* Of a bucket: a connection, a line on which nothing moves, and an answer that is no file. */
#define BUCKET_CONNECT_MS 30000
#define BUCKET_STALL_S 60
#define BUCKET_STALL_BYTES 1024
#define BUCKET_ANSWER_MAX_BYTES (64 * 1024)
/* One that is busy: so many tries, the first pause, each as long again as all before. */
#define BUCKET_TRIES 3
#define BUCKET_PAUSE_MS 300
/* Read ahead when records are read one behind the other. */
#define BUCKET_AHEAD_BYTES ((int64_t)4 * 1024 * 1024)
/* What one PUT may bring; files of the archive are smaller, so none is sent in parts. */
#define BUCKET_PUT_MAX_BYTES ((int64_t)5 * 1024 * 1024 * 1024)
/* The index of an export in one file for viewers, and its list of pages: 200,000 pages. */
#define ARCHIVE_INDEX_MAX_BYTES (64 * 1024 * 1024)

/* Files of a server that are read in parts: some seconds of a good line each. */
#define RANGED_BYTES (4 * 1024 * 1024)
/* A part that does not come: so many tries, the first after so long, each after twice as long; and
 * after a 429 or 503 never before a minute. Retry-After counts; where it says more than an hour the
 * server is not asked any more by this command. */
#define RANGED_TRIES 5
#define RANGED_RETRY_S 10
#define RANGED_REST_S 60
#define RANGED_PATIENCE_MAX_S 3600
/* Between two parts; they take longer than that to come. */
#define CCNEWS_PAUSE_MS 500
/* For plans: a part over a line of 4 MB a second. */
#define CCNEWS_PART_MS 1000
/* A file holds what was captured within an hour or so of the time in its name, in 2016 within a
 * day. */
#define CCNEWS_FILE_S (3 * 3600)
/* The crawl meets a page within a day of its publication. */
#define CCNEWS_LATE_S (24 * 3600)
/* A month has 400 to 700 files, whose paths take 50 kB. */
#define CCNEWS_FILES_MAX 20000
#define CCNEWS_PATHS_MAX_BYTES (8 * 1024 * 1024)
#define CCNEWS_ARENA_MAX_BYTES (32 * 1024 * 1024)

/* ---- the store ------------------------------------------------------------------------------- */

/* A list stops here unless told otherwise: a screen, a mail, a batch; not a memory. */
#define STORE_LIST_MAX 1000
/* Pages that were kept long enough go in transactions of some milliseconds, so many a run. */
#define PRUNE_BATCH_PAGES 200
#define PRUNE_BATCHES_MAX 200
/* Requests, and checks of feeds: a quarter tells how a site is. A thousand feeds make some two
 * thousand rows in a quarter of an hour; so many of the oldest may go with each run. */
#define REQUESTS_KEPT_S (90 * 24 * 3600)
#define PRUNE_BATCH_REQUESTS 20000
/* A write transaction takes milliseconds, a checkpoint or merge seconds at worst. */
#define STORE_LOCK_WAIT_MS 30000
/* Longer than a server takes to start again, or a standby to take over; cron comes back later. */
#define STORE_AWAY_MS (5 * 60 * 1000)
/*
 * A server that hangs is away: a statement takes milliseconds, a report on a large archive half a
 * minute, and waiting for others' locks ends by itself. Changes of the schema, and filling a new
 * database, take as long as they take.
 */
#define STORE_ANSWER_MS (5 * 60 * 1000)
/* Told to end: so long for what was asked already. systemd kills after 90 s. */
#define STORE_STOPPED_MS 10000
/* Times in one command: what goes away more often than that has to be looked at. */
#define STORE_AWAY_TIMES 10
/*
 * What a machine has claimed is another's so long after it was last heard of: many times a pause of
 * the network, and no longer than CRAWL_DELAY_MAX_MS, so that a host's pause outlives its lease.
 */
#define LEASE_S 60
/* Rows are bounded by their writers; this bounds what a damaged file can claim. */
#define STORE_BLOB_MAX_BYTES (64 * 1024 * 1024)
/* Rows that a copy of a database reads in one go: of so many bytes, as long as they are like those
 * before; and before their size is known. */
#define COPY_BATCH_BYTES (4 * 1024 * 1024)
#define COPY_BATCH_ROWS_MAX 4096
#define COPY_BATCH_ROWS_FIRST 16
/* Rows that are not the same: so many are named. */
#define COPY_DIFFERENCES_MAX 20
/*
 * Searched of a text: a thick book. All of it takes 100 MB if each of its words is one letter, as
 * tokens and as what the engine is given.
 */
#define SEARCH_TEXT_MAX_BYTES (2 * 1024 * 1024)
#define SEARCH_ARENA_MAX_BYTES ((size_t)128 * 1024 * 1024)
/* What an engine's index is asked: a query of 4 KB or a name, five times over and with quotes. */
#define SEARCH_FORM_MAX_BYTES (512 * 1024)

#endif
