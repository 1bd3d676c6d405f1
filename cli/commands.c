/* commands.c - the tables of commands and options: parsing, help and completion read them. */
#include "cli/cli.h"

#define LIST_OPTIONS OPTION_SINCE, OPTION_UNTIL, OPTION_LIMIT, OPTION_OFFSET

/*
 * Both tables are laid out by hand: clang-format 14 makes them wider than a line, and crashes on
 * rows of unequal length.
 */
/* clang-format off */

/* In the order of enum option_id. */
const struct option_row cli_options[OPTION_COUNT] = {
    [OPTION_CONFIG] = {"--config", 'c', "FILE", "settings; else $WIREWATCH_CONFIG, XDG, /etc"},
    [OPTION_DB] = {"--db", 'D', "DATABASE", "file or address; else $WIREWATCH_DB, settings, XDG, /var/lib"},
    [OPTION_MACHINE] = {"--machine", 0, "NAME", "what this machine is called; else settings, host name"},
    [OPTION_QUIET] = {"--quiet", 'q', NULL, "errors only"},
    [OPTION_VERBOSE] = {"--verbose", 'v', NULL, "say more on standard error (-vv: all)"},
    [OPTION_FORMAT] = {"--format", 'f', "FORM", "human, jsonl or csv"},
    [OPTION_FIELDS] = {"--fields", 0, "A,B,C", "columns of a list"},
    [OPTION_COLOR] = {"--color", 0, "WHEN", "auto, always or never"},
    [OPTION_PROGRESS] = {"--progress", 0, "WHEN", "auto, never or json"},
    [OPTION_LOCK_WAIT] = {"--lock-wait", 0, "SECONDS", "how long to wait for another run"},
    [OPTION_NOW] = {"--now", 0, "TIME", "pretend that it is now TIME (rehearsals)"},
    [OPTION_HELP] = {"--help", 'h', NULL, "explain the command"},
    [OPTION_VERSION] = {"--version", 'V', NULL, "name the version"},
    [OPTION_DRY_RUN] = {"--dry-run", 'n', NULL, "say what would be done and do nothing"},
    [OPTION_SINCE] = {"--since", 0, "T", "from: 2022-09-01, 2022-09, 7d, 36h, 2022-09/2022-12"},
    [OPTION_UNTIL] = {"--until", 0, "T", "up to and with: the same forms"},
    [OPTION_LIMIT] = {"--limit", 0, "N", "at most N rows; 0: all"},
    [OPTION_OFFSET] = {"--offset", 0, "N", "leave out the first N rows"},
    [OPTION_ONLY] = {"--only", 0, "PART", "crawl, alert or deliver"},
    [OPTION_NO_SEND] = {"--no-send", 0, NULL, "mark what this run finds as known: no mail for it"},
    [OPTION_STATE] = {"--state", 0, "STATE", "of this state alone; bad: whatever needs a look"},
    [OPTION_ITEM] = {"--item", 0, "ID", "of this watched item alone"},
    [OPTION_STORY] = {"--story", 0, "STORY", "of this story alone"},
    [OPTION_FOR] = {"--for", 0, "TIME", "how long: 36h, 14d"},
    [OPTION_SEVERITY] = {"--severity", 0, "LEVEL", "low, medium or high: that and above"},
    [OPTION_EXPECT] = {"--expect", 0, "ID,ID", "what is to be found"},
    [OPTION_CONTROL] = {"--control", 0, NULL, "replay the control set, before and after"},
    [OPTION_BY] = {"--by", 0, "WHAT", "item, alias, feed, outlet, language or rule"},
    [OPTION_WORDS] = {"--words", 0, NULL, "words that would have kept wrong alerts away"},
    [OPTION_MARKED] = {"--marked", 0, NULL, "those that an analyst has marked"},
    [OPTION_UNMARKED] = {"--unmarked", 0, NULL, "those that nobody has marked"},
    [OPTION_MUTED] = {"--muted", 0, NULL, "those that a mute withheld from somebody"},
    [OPTION_HISTORIC] = {"--historic", 0, NULL, "what a backfill found, not live alerts"},
    [OPTION_RESCAN] = {"--rescan", 0, NULL, "what the archive gave after the list had changed"},
    [OPTION_LOST] = {"--lost", 0, NULL, "list the alerts that the list would not raise any more"},
    [OPTION_LIST] = {"--list", 0, "DIR", "another list than the one of the settings"},
    [OPTION_YES] = {"--yes", 'y', NULL, "do it without asking"},
    [OPTION_ID] = {"--id", 0, "ID", "of the new row; else that of the place"},
    [OPTION_TITLE] = {"--title", 0, "TEXT", "name of the feed; of a page, a selector of its title"},
    [OPTION_COUNTRY] = {"--country", 0, "CC", "two-letter country (ISO 3166-1)"},
    [OPTION_CITY] = {"--city", 0, "NAME", "where it is: a place of places.csv, or a new one"},
    [OPTION_ALIAS] = {"--alias", 0, "A|B", "what it is called, | between the names"},
    [OPTION_KIND] = {"--kind", 0, "WORD", "of this kind alone"},
    [OPTION_OWNER] = {"--owner", 0, "NAME", "whose it is: an analyst's name"},
    [OPTION_LANGUAGE] = {"--language", 0, "TAG", "language, as zh-Hant or es (BCP 47)"},
    [OPTION_ACCESS] = {"--access", 0, "WORD", "what kind of page it was: paywall, live, unread ..."},
    [OPTION_CUT] = {"--cut", 0, NULL, "what was cut away as boilerplate"},
    [OPTION_ANALYST] = {"--analyst", 0, "NAME", "of this analyst alone"},
    [OPTION_HTML] = {"--html", 0, NULL, "the HTML part"},
    [OPTION_ALL] = {"--all", 0, NULL, "all there is"},
    [OPTION_EXIT_CODE] = {"--exit-code", 0, NULL, "exit 1 when there is nothing"},
    [OPTION_OUTLET] = {"--outlet", 0, "TEXT", "its publisher, where the title says more"},
    [OPTION_SITE] = {"--site", 0, "URL", "its home page"},
    [OPTION_FOLDER] = {"--folder", 0, "PATH", "Europe/Italy; a list takes folders below it too"},
    [OPTION_TAGS] = {"--tags", 0, "A,B", "words of your own to choose feeds by"},
    [OPTION_TAG] = {"--tag", 0, "A", "with this tag alone"},
    [OPTION_TIER] = {"--tier", 0, "N", "how much it matters: 1, 2 or 3; 1 is most"},
    [OPTION_NOTE] = {"--note", 0, "TEXT", "a line of your own"},
    [OPTION_URL] = {"--url", 0, "URL", "another address: what was learned of the old is forgotten"},
    [OPTION_SELECTOR] = {"--selector", 0, "CSS", "where the links of a page without a feed stand"},
    [OPTION_UPDATE] = {"--update", 0, NULL, "take the file's word for known feeds too"},
    [OPTION_REPLACE] = {"--replace", 0, NULL, "the file is all there is: other rows are removed"},
    [OPTION_AT] = {"--at", 0, "VERSION", "as the list was in this version"},
    [OPTION_BOM] = {"--bom", 0, NULL, "with a byte order mark, by which Excel knows UTF-8"},
    [OPTION_PICK] = {"--pick", 0, "N", "take the N-th of the feeds that are found"},
    [OPTION_PAUSED] = {"--paused", 0, NULL, "do not poll it before  feed resume"},
    [OPTION_TEST] = {"--test", 0, NULL, "what the rules of its site change"},
    [OPTION_BODY] = {"--body", 0, "CSS", "the elements that hold the text"},
    [OPTION_REMOVE] = {"--remove", 0, "CSS", "what is to be taken out of a page"},
    [OPTION_AUTHOR] = {"--author", 0, "CSS", "the element that names the author"},
    [OPTION_DATE] = {"--date", 0, "CSS", "the element that says when it was published"},
    [OPTION_HOST] = {"--host", 0, "NAME", "of this host and those below it alone"},
    [OPTION_ALERTS] = {"--alerts", 0, NULL, "those that raised an alert"},
    [OPTION_COPIES] = {"--copies", 0, "N", "those of at least N articles"},
    [OPTION_RAW] = {"--raw", 0, NULL, "the bytes as they are stored and sent"},
    [OPTION_UNTELL] = {"--untell", 0, NULL, "what it told is told again by the next digest"},
    [OPTION_ALL_FAILED] = {"--all-failed", 0, NULL, "all that have failed"},
    [OPTION_MAIL] = {"--mail", 0, NULL, "send a test message and a canary now, and say what came of it"},
    [OPTION_WAIT] = {"--wait", 0, "TIME", "how long the canary may take to come back: 60s"},
    [OPTION_BACKFILL] = {"--backfill", 0, "ID", "what this backfill brought alone"},
    [OPTION_WARC] = {"--warc", 0, "FILE", "as a WARC file; -: to standard output"},
    [OPTION_WACZ] = {"--wacz", 0, "FILE", "as a WACZ file, for viewers"},
    [OPTION_MATCH_FIRST] = {"--match-first", 0, NULL, "fetch only what a title or address speaks for"},
    [OPTION_NO_MATCH_FIRST] = {"--no-match-first", 0, NULL, "fetch whatever is listed"},
    [OPTION_PLAN] = {"--plan", 0, NULL, "read lists alone, and say what would be fetched"},
    [OPTION_RATE] = {"--rate", 0, "N", "at most N requests a minute to a host"},
    [OPTION_BUDGET] = {"--budget", 0, "N", "stop after N requests"},
    [OPTION_CAPTURES] = {"--captures", 0, "WHICH", "archived copies: missing, both or only"},
    [OPTION_NO_WAIT] = {"--no-wait", 0, NULL, "end where all that is left is a long pause"},
    [OPTION_CHECK_ONLY] = {"--check-only", 0, NULL, "copy nothing: are the two the same?"},
    [OPTION_TWINS] = {"--twins", 0, NULL, "pairs that seem to be one feed, and why"},
};

const struct option_text cli_option_texts[] = {
    {"backfill", NULL, OPTION_DRY_RUN, NULL, "the same as --plan"},
    {"backfill", NULL, OPTION_YES, NULL, "do not ask before more than 500 requests"},
    {"why-not", NULL, OPTION_FOR, "ID", "the watched item that was expected; else all"},
    {"watch", "candidates", OPTION_ALL, NULL, "dismissed and listed ones too"},
    {"watch", "proposals", OPTION_ALL, NULL, "what is known, overtaken or denied, too"},
    {"watch", "rescan", OPTION_ALL, NULL, "match every article again, whatever the change can touch"},
    {"alert", "mutes", OPTION_ALL, NULL, "mutes that have ended, too"},
    {"alert", "list", OPTION_ALL, NULL, "historic ones and what rescans found, too"},
    {"digest", "preview", OPTION_ALL, NULL, "alerts that were mailed already, too"},
    {"digest", "preview", OPTION_KIND, NULL, "digest, immediate, weekly or quiet"},
    {"article", "reextract", OPTION_ALL, NULL, "every page that is kept"},
    {"feed", "list", OPTION_ALL, NULL, "those that an index of sitemaps lists, too"},
    {"watch", "add", OPTION_TAGS, "A,B", "words of your own to choose alerts by"},
    {"alert", "mark", OPTION_ANALYST, "NAME", "who says so"},
    {"alert", "mute", OPTION_ANALYST, "NAME", "for whom; all: for everybody"},
    {"alert", "mute", OPTION_FOR, "TIME", "how long: 36h, 14d"},
    {"watch", "control", OPTION_EXPECT, "ID,ID",
     "items to be found; !ID: not; *: others may be; none: it stays quiet"},
    {"watch", "test", OPTION_EXPECT, "N", "exit 1 unless there are N hits"},
};
const size_t cli_n_option_texts = sizeof(cli_option_texts) / sizeof(cli_option_texts[0]);

/* Grouped as in the manual; two-word commands of one noun stand together. */
const struct command cli_commands[] = {
    {"init", NULL, command_init, NEEDS_NOTHING, 0, 1, "[WATCHLIST]",
     "make settings, a watchlist folder and an empty database",
     "WATCHLIST is the name of one that came with wirewatch, or a folder of CSV\n"
     "files; it is copied beside the settings, where it is yours to edit. Files\n"
     "that exist are left as they are.\n"
     "\n  wirewatch init\n"
     "  wirewatch -c desk/wirewatch.conf -D desk/watch.db init",
     {0}},
    {"run", NULL, command_run,
     NEEDS_CONFIG | NEEDS_CONTACT | NEEDS_WRITE | NEEDS_FORKSERVER, 0, 0, "",
     "poll feeds, fetch articles, raise alerts, deliver mail: the cron line",
     "Says nothing when all is well. Exit status 75 when another run is going on\n"
     "or the network here is down: cron tries again. What a feed held before it\n"
     "was first read is no news: see the setting first-read.\n"
     "\n  7-59/15 * * * *  wirewatch run -q\n"
     "  wirewatch run --only crawl -v",
     {OPTION_ONLY, OPTION_NO_SEND, OPTION_DRY_RUN}},
    {"check", NULL, command_check, NEEDS_NOTHING, 0, 0, "",
     "is all well: settings, database, feeds, watchlist, mail",
     "One line a part: ok, note, warn or FAIL, and what to do. Exit status 1 when\n"
     "there is a finding: a warning or a failure. Of a database that machines share\n"
     "it names those that are at work.\n"
     "--mail looks at mail alone: it sends a test message to the analyst by the way\n"
     "that digests take, says what the server says, sends a canary and waits for it.\n"
     "\n  wirewatch check\n"
     "  wirewatch check --mail --analyst europe",
     {OPTION_MAIL, OPTION_ANALYST, OPTION_WAIT}},
    {"config", NULL, command_config, NEEDS_CONFIG, 0, 0, "",
     "list every setting with its value here and what it is for",
     "Reads the settings as a run would, and refuses what a run would refuse.\n"
     "\n  wirewatch config\n"
     "  wirewatch config --format jsonl",
     {0}},
    {"feed", "add", command_feed_add,
     NEEDS_CONFIG | NEEDS_CONTACT | NEEDS_WRITE | NEEDS_FORKSERVER, 1,
     -1, "URL...",
     "follow a feed, or one that a page announces",
     "Fetches the address. Of a page the feeds it announces are looked at, else\n"
     "robots.txt and the usual places. All are listed; taken is the one in the\n"
     "page's language, with the full text, that is not of comments; --pick takes\n"
     "another. A sitemap is followed as a feed, an index of sitemaps by its newest.\n"
     "With --selector the page itself is watched for new links: those that match,\n"
     "or stand in what matches; \"auto\" takes its headlines. Try it with --dry-run.\n"
     "\n  wirewatch feed add https://example.org/rss --country IE --language en\n"
     "  wirewatch feed add example.org --pick 2 --folder Europe --tags daily\n"
     "  wirewatch feed add https://example.org/reports --selector 'main h2 a'",
     {OPTION_PICK, OPTION_SELECTOR, OPTION_TITLE, OPTION_OUTLET, OPTION_FOLDER, OPTION_COUNTRY,
      OPTION_LANGUAGE, OPTION_TAGS, OPTION_TIER, OPTION_NOTE, OPTION_PAUSED, OPTION_DRY_RUN}},
    {"feed", "discover", command_feed_discover, NEEDS_CONFIG | NEEDS_CONTACT | NEEDS_FORKSERVER, 1,
     -1, "URL...",
     "which feeds are behind an address; nothing is stored",
     "What feed add would find, and which it would take. Needs no database.\n"
     "\n  wirewatch feed discover example.org\n"
     "  wirewatch feed discover example.org --format csv",
     {0}},
    {"feed", "list", command_feed_list, NEEDS_STORE, 0, 1, "[TEXT]",
     "the feeds and how they are",
     "TEXT is part of an address or title. --state: new, ok, retrying, failing, stale, gone,\n"
     "paused, removed, active, or bad: retrying, failing, stale or gone. --country\n"
     "and --language none choose feeds that say none.\n"
     "Sitemaps that are followed because an index names them are shown with --all\n"
     "or --state.\n"
     "\n  wirewatch feed list --state bad\n"
     "  wirewatch feed list --tag europe --tier 1 --language zh",
     {OPTION_STATE, OPTION_ALL, OPTION_COUNTRY, OPTION_LANGUAGE, OPTION_FOLDER, OPTION_TAG,
      OPTION_TIER, OPTION_TWINS, OPTION_LIMIT, OPTION_OFFSET}},
    {"feed", "show", command_feed_show, NEEDS_STORE, 1, 1, "FEED",
     "one feed: what is known of it and how its last checks went",
     "FEED is its number or address.\n"
     "\n  wirewatch feed show 3",
     {OPTION_LIMIT}},
    {"feed", "check", command_feed_check,
     NEEDS_CONFIG | NEEDS_CONTACT | NEEDS_STORE | NEEDS_FORKSERVER, 0, -1, "[FEED...]",
     "ask feeds now and say in words what they answer; nothing is stored",
     "Without FEED: those that feed list --state bad shows. A host that asked to\n"
     "be left alone is not asked. Exit status 1 when one cannot be read.\n"
     "\n  wirewatch feed check\n"
     "  wirewatch feed check f3",
     {0}},
    {"feed", "import", command_feed_import, NEEDS_WRITE | NEEDS_FORKSERVER, 1, -1, "FILE...",
     "follow the feeds of an OPML or CSV file, or of a list of addresses",
     "Nothing is fetched. What a file is, is told by its content: OPML, CSV with a\n"
     "column url, JSON lines, or one address a line with its title behind it; - is\n"
     "standard input.\n"
     "Known feeds stay as they are, unless --update: then what the file says of\n"
     "them counts, and what it does not mention stays. --dry-run lists each feed.\n"
     "\n  wirewatch feed import feeds.opml --dry-run\n"
     "  wirewatch feed import feeds.csv --update",
     {OPTION_UPDATE, OPTION_DRY_RUN}},
    {"feed", "export", command_feed_export, NEEDS_STORE, 0, 0, "",
     "write the feeds as OPML, CSV or JSON lines to standard output",
     "What import reads, export writes, and nothing a person said of a feed is\n"
     "lost on the way. The same feeds give the same bytes.\n"
     "\n  wirewatch feed export > feeds.opml\n"
     "  wirewatch feed export --format csv > feeds.csv",
     {0}},
    {"feed", "set", command_feed_set, NEEDS_WRITE | EMPTY_CLEARS, 1, -1, "FEED...",
     "say of feeds what they are called, where they belong, how much they matter",
     "What is not named stays as it is; an empty value clears. Another address\n"
     "starts the feed anew, and its articles stay.\n"
     "\n  wirewatch feed set f3 --country IE --language en --tags europe,daily\n"
     "  wirewatch feed set 3 4 5 --tier 1 --folder 'Europe/Italy'",
     {OPTION_TITLE, OPTION_OUTLET, OPTION_SITE, OPTION_FOLDER, OPTION_COUNTRY, OPTION_LANGUAGE,
      OPTION_TAGS, OPTION_TIER, OPTION_NOTE, OPTION_URL, OPTION_SELECTOR, OPTION_DRY_RUN}},
    {"feed", "pause", command_feed_pause, NEEDS_WRITE, 1, -1, "FEED...",
     "stop polling a feed and keep all it brought",
     "  wirewatch feed pause 3",
     {0}},
    {"feed", "resume", command_feed_resume, NEEDS_WRITE, 1, -1, "FEED...",
     "poll a paused, gone or removed feed again",
     "Its failures are forgotten and it is due at once.\n"
     "\n  wirewatch feed resume 3",
     {0}},
    {"feed", "remove", command_feed_remove, NEEDS_WRITE, 1, -1, "FEED...",
     "stop following a feed; its articles stay",
     "  wirewatch feed remove 3",
     {0}},
    {"watch", "list", command_watch_list, NEEDS_CONFIG, 0, 1, "[DIR]",
     "the watched items: sites, jurisdictions and how they are spelt",
     "DIR is a folder of watchlist files; else the one of the settings. --tag,\n"
     "--owner, --country and --kind choose; \"none\" those that have none.\n"
     "\n  wirewatch watch list --country NL\n"
     "  wirewatch watch list --owner none --format csv",
     {OPTION_LIMIT, OPTION_OFFSET, OPTION_COUNTRY, OPTION_KIND, OPTION_TAG, OPTION_OWNER}},
    {"watch", "lint", command_watch_lint, NEEDS_NOTHING, 0, 1, "[DIR]",
     "look for mistakes in a watchlist, each with file:row:column",
     "Names that mean two things, are everyday words, mix scripts or can never be\n"
     "found; and, where there is a database, what was never found in it. Exit\n"
     "status 1 when there is an error or a warning. Notes are shown with -v.\n"
     "--control replays the control set instead, with the version in use and with\n"
     "this list: recall and precision before and after, and what changes; exit\n"
     "status 1 when something got worse or is missed.\n"
     "\n  wirewatch watch lint watchlist/\n"
     "  wirewatch watch lint new-list/ --control",
     {OPTION_CONTROL}},
    {"watch", "control", command_watch_control, NEEDS_CONFIG | NEEDS_WRITE | NEEDS_FORKSERVER, 1,
     -1, "add|list|remove [ARTICLE|URL|FILE|CASE...]",
     "texts with what the list is to find in them, to try changes on",
     "add takes an article of the archive by number, alert (a17) or address, or a\n"
     "file: a page, a plain text, or JSON lines as list --format jsonl writes them.\n"
     "--expect names the items that are to be found and no others; none: it stays\n"
     "quiet. --marked makes cases of all alerts that were marked. The text is kept\n"
     "with the case. watch lint --control replays them.\n"
     "\n  wirewatch watch control add 812 --expect nl-rotterdam\n"
     "  wirewatch watch control add football.html --expect none --note derby\n"
     "  wirewatch watch control add --marked\n"
     "  wirewatch watch control list --format jsonl > control.jsonl",
     {OPTION_EXPECT, OPTION_MARKED, OPTION_NOTE, OPTION_LIMIT, OPTION_OFFSET}},
    {"watch", "import", command_watch_import, NEEDS_CONFIG | NEEDS_WRITE, 1, 1, "FILE|DIR",
     "take rows from a spreadsheet, or a whole list from a folder",
     "Shows what is added, changed and removed, cell by cell, and asks. Of a FILE\n"
     "(CSV, as a spreadsheet saves it) rows are added or changed by their id and\n"
     "nothing else goes, unless --replace; it is taken for the file of the list\n"
     "whose name or columns it has. The columns name, city, country and aliases\n"
     "are enough. A DIR replaces the files it holds. All lands at once or nothing,\n"
     "and watch revert undoes it.\n"
     "\n  wirewatch watch import new-sites.csv --dry-run\n"
     "  wirewatch watch import ~/new-list",
     {OPTION_REPLACE, OPTION_NOTE, OPTION_LIMIT, OPTION_DRY_RUN, OPTION_YES}},
    {"watch", "export", command_watch_export, NEEDS_CONFIG | NEEDS_STORE, 1, 2, "DIR|FILE [-]",
     "write the list, or one of its files, for a spreadsheet",
     "FILE is stations.csv, places.csv, jurisdictions.csv, terms.csv or rules.csv,\n"
     "with a folder before it or not; with - behind it the file goes to standard\n"
     "output. What exists is written over with --yes alone. Cells that a\n"
     "spreadsheet would run get an apostrophe; import takes it away again.\n"
     "\n  wirewatch watch export ~/list --bom\n"
     "  wirewatch watch export stations.csv - --at 3",
     {OPTION_AT, OPTION_BOM, OPTION_YES}},
    {"watch", "add", command_watch_add, NEEDS_CONFIG | NEEDS_WRITE, 0, -1, "[KEY=VALUE...]",
     "add one site to stations.csv",
     "Its id and its place are made of city and country; a place that is not in\n"
     "places.csv is added there. KEY is a column of stations.csv. A row that is\n"
     "there already is refused: watch set changes it. Shows the rows, and asks.\n"
     "\n  wirewatch watch add --city Porto --country PT --alias 'Casa do Norte' status=reported",
     {OPTION_CITY, OPTION_COUNTRY, OPTION_ALIAS, OPTION_TAGS, OPTION_OWNER, OPTION_NOTE,
      OPTION_DRY_RUN, OPTION_YES}},
    {"watch", "set", command_watch_set, NEEDS_CONFIG | NEEDS_WRITE, 2, -1, "ID KEY=VALUE...",
     "change cells of one row",
     "KEY is a column; += and -= add and take away one value of a list. Shows the\n"
     "old and the new cell, and asks.\n"
     "\n  wirewatch watch set nl-rotterdam-1 status=closed severity=high\n"
     "  wirewatch watch set nl-rotterdam 'names+=en:Rotterdam Zuid'",
     {OPTION_NOTE, OPTION_DRY_RUN, OPTION_YES}},
    {"watch", "remove", command_watch_remove, NEEDS_CONFIG | NEEDS_WRITE, 1, -1, "ID...",
     "take rows out of the list; what they found stays",
     "  wirewatch watch remove pt-porto",
     {OPTION_NOTE, OPTION_DRY_RUN, OPTION_YES}},
    {"watch", "show", command_watch_show, NEEDS_CONFIG | NEEDS_STORE, 1, 1, "ID",
     "one watched item: its rows, its names and how often each was found, its alerts",
     "ID is that of an item or of one of its rows. As jsonl and csv the names.\n"
     "\n  wirewatch watch show nl-rotterdam",
     {0}},
    {"watch", "log", command_watch_log, NEEDS_CONFIG | NEEDS_STORE, 0, 0, "",
     "the versions of the list: when, by what, and how many rows changed",
     "By: the command that made it; \"hand\" and \"run\" for files that a person\n"
     "changed, as found by a command or by a run. Every version is kept.\n"
     "\n  wirewatch watch log",
     {LIST_OPTIONS}},
    {"watch", "diff", command_watch_diff, NEEDS_CONFIG | NEEDS_STORE, 0, 2, "[VERSION [VERSION]]",
     "what differs between two versions of the list, cell by cell",
     "One alone: that version against the files as they are now. None: the newest\n"
     "version, so what was changed by hand since. Exit status 1 when they differ.\n"
     "\n  wirewatch watch diff\n"
     "  wirewatch watch diff 3 4",
     {OPTION_LIMIT}},
    {"watch", "revert", command_watch_revert, NEEDS_CONFIG | NEEDS_WRITE, 1, 1, "VERSION",
     "bring the list back to what it was in a version",
     "Writes the files as they were then, and is itself a new version, so that it\n"
     "can be undone too. Shows what changes, and asks.\n"
     "\n  wirewatch watch revert 3 --dry-run",
     {OPTION_LIMIT, OPTION_DRY_RUN, OPTION_YES}},
    {"watch", "test", command_watch_test, NEEDS_CONFIG | NEEDS_STORE, 0, 1, "[QUERY]",
     "what a query, an item or a list finds in the archive; nothing is stored",
     "QUERY is tried as a row of rules.csv: wirewatch-query(7). --item tries an\n"
     "item of the list, --list a whole folder. Counted are the articles that hit,\n"
     "their stories, and those that alerted already (a query's: on anything). One\n"
     "hit a story is shown, newest first; jsonl and csv have all of them. Where\n"
     "the search index can tell which articles to look at, only those are\n"
     "matched. A mistake in the query is shown with its place, exit status 64.\n"
     "\n  wirewatch watch test 'Rotterdam NEAR/30 politie*' --since 2022-09\n"
     "  wirewatch watch test --item nl-rotterdam --language nl --limit 0",
     {OPTION_SINCE, OPTION_UNTIL, OPTION_LANGUAGE, OPTION_ITEM, OPTION_LIST, OPTION_EXPECT,
      OPTION_LIMIT}},
    {"watch", "rescan", command_watch_rescan, NEEDS_CONFIG | NEEDS_WRITE | DRY_READS, 0, 0, "",
     "match the archive with the list as it is now, not with the next run",
     "After a change of the list. What it finds is listed by alert list --rescan,\n"
     "apart from live alerts, and stands in a part of its own in the next digest.\n"
     "It says, too, how many alerts the list before would have raised and this one\n"
     "would not; --lost lists them. Articles that the change cannot touch are left\n"
     "out where the search index can tell; --all matches every one again, as after\n"
     "a new version of the program. Interrupted, it goes on where it ended.\n"
     "\n  wirewatch watch rescan --dry-run --lost\n"
     "  wirewatch watch rescan --since 2022-09",
     {OPTION_SINCE, OPTION_UNTIL, OPTION_LANGUAGE, OPTION_LOST, OPTION_ALL, OPTION_LIMIT,
      OPTION_DRY_RUN}},
    {"watch", "candidates", command_watch_candidates, NEEDS_CONFIG | NEEDS_STORE, 0, 0, "",
     "places that may have a site and are not on the list",
     "A place that articles name beside a term of the list, with the sentence that\n"
     "says it best: a proposal, never a statement. What is denied stands last.\n"
     "--since: with evidence since then. --all: dismissed and listed ones too.\n"
     "\n  wirewatch watch candidates --since 30d\n"
     "  wirewatch watch candidates --country PT --format jsonl",
     {LIST_OPTIONS, OPTION_COUNTRY, OPTION_ALL}},
    {"watch", "candidate", command_watch_candidate, NEEDS_CONFIG | NEEDS_STORE, 1, 1, "PLACE",
     "one of them: its sentences, sources and since when",
     "PLACE is its id or its name.\n"
     "\n  wirewatch watch candidate pt-braga",
     {0}},
    {"watch", "adopt", command_watch_adopt, NEEDS_CONFIG | NEEDS_WRITE, 1, 1, "PLACE",
     "make a site of a candidate: the row is written into the list",
     "Shows the row and asks. Its source is the best article; its confidence low.\n"
     "The list as it was is kept as a version: watch revert brings it back.\n"
     "\n  wirewatch watch adopt pt-braga --note 'seen by our stringer' --dry-run\n"
     "  wirewatch watch adopt Braga --alias 'Casa do Dragao|Rua Nova 5' --yes",
     {OPTION_ID, OPTION_ALIAS, OPTION_NOTE, OPTION_YES, OPTION_DRY_RUN}},
    {"watch", "dismiss", command_watch_dismiss, NEEDS_CONFIG | NEEDS_WRITE, 1, 1, "PLACE",
     "take a candidate off the list of candidates",
     "It comes back when told so, or when a later story says so: then it is marked\n"
     "as new evidence.\n"
     "\n  wirewatch watch dismiss pt-braga --note 'a training course'",
     {OPTION_NOTE}},
    {"watch", "reopen", command_watch_reopen, NEEDS_CONFIG | NEEDS_WRITE, 1, 1, "PLACE",
     "list a dismissed candidate again",
     "  wirewatch watch reopen pt-braga",
     {OPTION_NOTE}},
    {"watch", "proposals", command_watch_proposals, NEEDS_CONFIG | NEEDS_STORE, 0, 0, "",
     "changes of status that articles speak of, beside what the list says",
     "What the newest sentence says of an item, where stations.csv says otherwise.\n"
     "--all: also what is known, overtaken by something newer, or denied.\n"
     "\n  wirewatch watch proposals --since 7d\n"
     "  wirewatch watch proposals --item ie-dublin --all",
     {LIST_OPTIONS, OPTION_ITEM, OPTION_ALL}},
    {"watch", "set-status", command_watch_set_status, NEEDS_CONFIG | NEEDS_WRITE, 2, 3,
     "ITEM STATUS [DATE]",
     "write a status and its date into the list",
     "ITEM is the id of a row of stations.csv, or of a site with one row. Where an\n"
     "article says so, its date and its outlet are taken; else the date is today.\n"
     "Shows what changes and asks.\n"
     "\n  wirewatch watch set-status ie-dublin closed 2022-10-26",
     {OPTION_NOTE, OPTION_YES, OPTION_DRY_RUN}},
    {"alert", "list", command_alert_list, NEEDS_STORE, 0, 0, "",
     "what was found, newest first",
     "One line an alert: a story and a watched item. --historic lists what\n"
     "backfills found, --rescan what older articles gave after the list had\n"
     "changed: neither is among live alerts. Changes: how often a copy or a\n"
     "later version of the page said something else beside the mention.\n"
     "\n  wirewatch alert list --since 24h\n"
     "  wirewatch alert list --unmarked --severity high\n"
     "  wirewatch alert list --format csv > alerts.csv",
     {LIST_OPTIONS, OPTION_ITEM, OPTION_HISTORIC, OPTION_BACKFILL, OPTION_RESCAN, OPTION_ALL, OPTION_EXIT_CODE,
      OPTION_SEVERITY, OPTION_TAG, OPTION_OWNER, OPTION_STATE, OPTION_MARKED, OPTION_UNMARKED, OPTION_MUTED}},
    {"alert", "show", command_alert_show, NEEDS_STORE, 1, 1, "ALERT",
     "one alert: the item, the sentence, the article, the story, what changed",
     "ALERT is its number (a17 or 17).\n"
     "\n  wirewatch alert show a17",
     {0}},
    {"alert", "explain", command_alert_explain, NEEDS_STORE, 1, 1, "ALERT",
     "why an alert was raised, from stored facts",
     "The spelling that was found and where, the rule, the term, the version of\n"
     "the list, what the story's copies changed, the mail.\n"
     "\n  wirewatch alert explain a17",
     {0}},
    {"alert", "mark", command_alert_mark, NEEDS_CONFIG | NEEDS_WRITE, 2, -1,
     "ALERT... relevant|irrelevant|known|none",
     "say whether alerts were right: report precision counts it",
     "\"known\" was right, and no news to you. Of what an analyst says the newest\n"
     "counts; none takes it back. A settled case is kept: watch control add --marked.\n"
     "\n  wirewatch alert mark a17 relevant\n"
     "  wirewatch alert mark a18 a19 irrelevant --note 'the football club'",
     {OPTION_ANALYST, OPTION_NOTE}},
    {"alert", "mute", command_alert_mute, NEEDS_CONFIG | NEEDS_WRITE, 0, 0, "",
     "do not tell of an item, a story or an outlet for a while",
     "What comes meanwhile is stored and listed, and stays untold when the mute\n"
     "ends: alert list --muted shows it. A mute ends after two weeks, or when you\n"
     "say; 92 days are the most. A story that other outlets print too is told,\n"
     "whichever outlet is muted. --analyst all mutes for everybody.\n"
     "\n  wirewatch alert mute --story s5\n"
     "  wirewatch alert mute --item nl-rotterdam --outlet 'Harbour Post' --for 30d",
     {OPTION_ITEM, OPTION_STORY, OPTION_OUTLET, OPTION_FOR, OPTION_UNTIL, OPTION_ANALYST,
      OPTION_NOTE}},
    {"alert", "mutes", command_alert_mutes, NEEDS_STORE, 0, 0, "",
     "what is muted, until when, and how many alerts that withheld",
     "--all lists mutes that have ended, too.\n"
     "\n  wirewatch alert mutes",
     {OPTION_ANALYST, OPTION_ALL}},
    {"alert", "unmute", command_alert_unmute, NEEDS_WRITE, 1, -1, "MUTE...",
     "end a mute before its time",
     "MUTE is its number in alert mutes. What was withheld stays so.\n"
     "\n  wirewatch alert unmute 3",
     {0}},
    {"why-not", NULL, command_why_not, NEEDS_CONFIG | NEEDS_STORE, 1, 1, "URL|ARTICLE",
     "why a page raised no alert: its way, up to the first gate that stopped it",
     "Announced, fetched, read, matched with the list on disk, told: each step that\n"
     "left a trace, and the verdict. Without --for, the items that came nearest.\n"
     "Exit status 66 when nothing is known of the address.\n"
     "\n  wirewatch why-not https://example.org/news/123 --for ie\n"
     "  wirewatch why-not n412 --limit 0",
     {OPTION_FOR, OPTION_LIMIT}},
    {"report", "atom", command_report_atom, NEEDS_CONFIG | NEEDS_STORE, 0, 0, "",
     "the newest alerts as an Atom feed, for any feed reader",
     "On standard output. With atom in section [report] of the settings each run\n"
     "writes that file itself. See wirewatch-mail(7).\n"
     "\n  wirewatch report atom > alerts.atom\n"
     "  wirewatch report atom --country IE --severity high --limit 20",
     {OPTION_ITEM, OPTION_COUNTRY, OPTION_SEVERITY, OPTION_LIMIT}},
    {"report", "claims", command_report_claims, NEEDS_STORE, 0, 0, "",
     "how many sites in how many countries, who says so and since when",
     "A line for each pair of numbers that was ever said of them. bound: least, most\n"
     "or about. Speakers: whom the sentence names, else the outlet.\n"
     "\n  wirewatch report claims --since 2022-09\n"
     "  wirewatch report claims --format csv > claims.csv",
     {LIST_OPTIONS}},
    {"report", "html", command_report_html, NEEDS_CONFIG | NEEDS_STORE, 0, 1, "[DIR]",
     "write the archive as a folder of pages: to read, to print, to put on a server",
     "A static site without server or script: a morning page, stories by day, a\n"
     "page for each story and each watched item with its timeline, countries, and\n"
     "how well could be watched. Without DIR the folder of the settings; [report]\n"
     "days says how far back it goes, unless --since does. Pages that are as they\n"
     "were are not written again. A folder that holds something else is refused.\n"
     "\n  wirewatch report html /srv/www/watch\n"
     "  wirewatch report html pier-year --since 365d",
     {OPTION_SINCE, OPTION_UNTIL}},
    {"report", "precision", command_report_precision, NEEDS_STORE, 0, 0, "",
     "how often alerts were right, by what raised them: from your marks",
     "Right is what was marked relevant or known. What costs most stands first;\n"
     "low and high hold the true share with 95 % confidence, and under five marks\n"
     "none is given. --words proposes words for the columns exclude and require of\n"
     "the list: how many wrong alerts each would have removed, and how many right\n"
     "ones it would have cost.\n"
     "\n  wirewatch report precision --since 90d --by alias\n"
     "  wirewatch report precision --words --item nl-rotterdam",
     {OPTION_BY, OPTION_WORDS, OPTION_ITEM, OPTION_ANALYST, LIST_OPTIONS}},
    {"story", "list", command_story_list, NEEDS_STORE, 0, 0, "",
     "what is told, one line a story however many outlets print it",
     "The newest day first; in a day the stories that raised an alert, the gravest\n"
     "first, then those that most outlets print. A story is of the day on which\n"
     "its last copy came. --since and --until are of that time too.\n"
     "\n  wirewatch story list --since 24h\n"
     "  wirewatch story list --since 7d --alerts --copies 3",
     {LIST_OPTIONS, OPTION_ALERTS, OPTION_COPIES}},
    {"story", "show", command_story_show, NEEDS_STORE, 1, 1, "STORY",
     "one story: every copy, whose text it is, and what differs between them",
     "STORY is its number (s5 or 5). Articles stand below the one they have their\n"
     "text from, with what says so; then figures, names and statuses that differ\n"
     "from the fullest text, the stories it points to, and what became of its\n"
     "pages.\n"
     "\n  wirewatch story show s5\n"
     "  wirewatch story show s5 --limit 0 --format jsonl",
     {OPTION_LIMIT, OPTION_OFFSET}},
    {"article", "list", command_article_list, NEEDS_STORE, 0, 0, "",
     "articles, newest first",
     "  wirewatch article list --since 2022-09 --language zh",
     {LIST_OPTIONS, OPTION_LANGUAGE, OPTION_ACCESS, OPTION_HISTORIC, OPTION_BACKFILL}},
    {"article", "show", command_article_show, NEEDS_STORE, 1, 1, "ARTICLE",
     "one article: what is known of it, its versions, events and mentions",
     "ARTICLE is its number or address.\n"
     "\n  wirewatch article show https://example.org/news/1",
     {OPTION_CUT}},
    {"article", "text", command_article_text, NEEDS_STORE, 1, 1, "ARTICLE",
     "the text of an article",
     "ARTICLE is its number or address.\n"
     "\n  wirewatch article text 12 | less",
     {OPTION_CUT}},
    {"article", "diff", command_article_diff, NEEDS_STORE, 1, 2, "ARTICLE [ARTICLE]",
     "what changed between two versions or two copies, sentence by sentence",
     "ARTICLE is a number or an address. One alone: that version against the one\n"
     "before it. Two: the first against the second. Named first: figures, dates,\n"
     "names and statuses that were replaced. Then - removed, + added, ~ changed\n"
     "with its words marked, > moved; --all shows equal sentences too. Another\n"
     "way to write a figure, case, quotes or Traditional for Simplified is no\n"
     "change. Exit status 1 when they differ.\n"
     "\n  wirewatch article diff https://example.org/news/1\n"
     "  wirewatch article diff 12 15",
     {OPTION_ALL}},
    {"article", "events", command_article_events, NEEDS_STORE, 0, 1, "[ARTICLE]",
     "what became of pages that were told of: changed, removed, there again",
     "A page whose article raised an alert is looked at again for a month. \"changed\"\n"
     "is a change of substance, \"noted\" whether the page says so itself. The text as\n"
     "it was stays: article text with the number in the column \"article\".\n"
     "\n  wirewatch article events --since 7d\n"
     "  wirewatch article events 812 --format jsonl",
     {LIST_OPTIONS}},
    {"article", "extract", command_article_extract, NEEDS_CONFIG | NEEDS_FORKSERVER, 1, 1,
     "FILE|URL|ARTICLE",
     "what is made of a page, and what the rules of its site change; nothing is stored",
     "An address is asked as a run would ask it; of an article the page that was\n"
     "kept is read. --test shows what the rules for the site add and take away.\n"
     "--body, --remove, --title, --author and --date try rules that are not in the\n"
     "file yet, in place of those that are. Exit status 1 when one of them selects\n"
     "nothing on this page.\n"
     "\n  wirewatch article extract page.html --url https://example.org/1 --test\n"
     "  wirewatch article extract 12 --test --body .story-text --remove .poll",
     {OPTION_TEST, OPTION_URL, OPTION_BODY, OPTION_REMOVE, OPTION_TITLE, OPTION_AUTHOR, OPTION_DATE,
      OPTION_CUT}},
    {"article", "reextract", command_article_reextract,
     NEEDS_CONFIG | NEEDS_WRITE | NEEDS_FORKSERVER, 0, -1, "[ARTICLE...]",
     "read kept pages again with the rules of today",
     "An article whose title or text comes out otherwise gets a new version; the\n"
     "old one stays. What the new text mentions is found by the next run: it\n"
     "alerts on what the page had not raised before. Choose by article, --host,\n"
     "--since and --until (of when a page was fetched), or --all. Run it again\n"
     "and nothing changes.\n"
     "\n  wirewatch article reextract --host example.org --dry-run\n"
     "  wirewatch article reextract 812 813",
     {OPTION_HOST, OPTION_SINCE, OPTION_UNTIL, OPTION_ALL, OPTION_DRY_RUN}},
    {"site", "list", command_site_list, NEEDS_STORE, 0, 0, "",
     "what reading its pages taught of each site: its name, what repeats",
     "Lines that stand in many stories of a site are cut from its later articles;\n"
     "article show --cut shows them as \"furniture\".\n"
     "\n  wirewatch site list",
     {OPTION_LIMIT, OPTION_OFFSET}},
    {"site", "show", command_site_show, NEEDS_STORE, 1, 1, "HOST",
     "what was learned of one site",
     "HOST is its name, or an address there.\n"
     "\n  wirewatch site show news.example.org",
     {0}},
    {"site", "forget", command_site_forget, NEEDS_WRITE, 1, 1, "HOST",
     "learn a site anew: nothing more is cut until enough stories were read",
     "Articles that are stored stay as they are.\n"
     "\n  wirewatch site forget news.example.org",
     {0}},
    {"search", NULL, command_search, NEEDS_STORE, 1, -1, "WORD...",
     "articles that hold all the words",
     "Case, accents, width and Traditional or Simplified make no difference; two\n"
     "Han characters are enough. Of a text its first 2 MiB are searched.\n"
     "\n  wirewatch search Rotterdam station",
     {LIST_OPTIONS, OPTION_BACKFILL, OPTION_EXIT_CODE}},
    {"digest", "list", command_digest_list, NEEDS_CONFIG | NEEDS_STORE, 0, 0, "",
     "what every analyst gets and when next, and what waits to be told",
     "untold: alerts that the next digest tells. quiet_until: quiet hours are on.\n"
     "--fields shows more: at_once, channel, address, timezone.\n"
     "\n  wirewatch digest list",
     {OPTION_ANALYST}},
    {"digest", "preview", command_digest_preview, NEEDS_CONFIG | NEEDS_STORE, 0, 0, "",
     "what the next digest would say, without sending or storing",
     "--html writes the HTML part, --all takes alerts that were already mailed\n"
     "too. --kind: digest, immediate, weekly or quiet. --format csv is the table\n"
     "that goes along when a mail is full, jsonl what a program is handed; --html\n"
     "and csv are of one analyst. Several stories that cannot wait are shown in one\n"
     "mail; sent, each has its own while immediate-per-hour allows it.\n"
     "\n  wirewatch digest preview\n"
     "  wirewatch digest preview --kind weekly\n"
     "  wirewatch digest preview --html > digest.html",
     {OPTION_ANALYST, OPTION_KIND, OPTION_HTML, OPTION_ALL, OPTION_SINCE}},
    {"digest", "send", command_digest_send, NEEDS_CONFIG | NEEDS_WRITE, 0, 0, "",
     "make a digest of all that was not told yet, and deliver what waits",
     "It does not wait for the hours of the settings; in quiet hours what it made\n"
     "waits for their end. --dry-run shows what it would make, and says what waits.\n"
     "\n  wirewatch digest send --analyst europe",
     {OPTION_ANALYST, OPTION_DRY_RUN}},
    {"outbox", "list", command_outbox_list, NEEDS_STORE, 0, 0, "",
     "messages and what became of them",
     "--state: queued, sending, sent, deferred, failed, unknown or dropped; held for\n"
     "what waits for an address that refused three messages in a row; bad for\n"
     "deferred, failed, unknown and held; waiting for what is still to leave, be it\n"
     "that quiet hours are on (\"quiet\"). --kind: digest, immediate, weekly, quiet,\n"
     "test or canary.\n"
     "\n  wirewatch outbox list --state bad\n"
     "  wirewatch outbox list --analyst europe --kind immediate --since 7d",
     {OPTION_STATE, OPTION_ANALYST, OPTION_KIND, OPTION_LIMIT, OPTION_OFFSET, OPTION_SINCE, OPTION_UNTIL}},
    {"outbox", "show", command_outbox_show, NEEDS_STORE, 1, 1, "ID",
     "one message: how sending went, its headers and its body",
     "ID is its number. Headers and text are decoded for reading; what goes to a\n"
     "program or a web address is shown as the JSON it is. --raw writes the very\n"
     "bytes.\n"
     "\n  wirewatch outbox show 3\n"
     "  wirewatch outbox show 3 --raw > digest.eml",
     {OPTION_RAW}},
    {"outbox", "retry", command_outbox_retry, NEEDS_WRITE, 0, -1, "[ID...]",
     "send deferred, failed and unknown messages again",
     "ID is a number, or all. They are due at once and leave with the next run,\n"
     "with the same bytes and Message-ID. What is held for the address of one that\n"
     "had failed leaves, too.\n"
     "\n  wirewatch outbox retry 3\n"
     "  wirewatch outbox retry --all-failed",
     {OPTION_ALL_FAILED}},
    {"outbox", "drop", command_outbox_drop, NEEDS_WRITE, 0, -1, "[ID...]",
     "never send these messages",
     "Only queued, deferred, failed and unknown ones. What they told counts as told,\n"
     "unless --untell: then the next digest tells it. --analyst: all that waits for\n"
     "one, whose address has changed.\n"
     "\n  wirewatch outbox drop 3\n"
     "  wirewatch outbox drop 3 4 --untell --yes\n"
     "  wirewatch outbox drop --analyst europe --untell",
     {OPTION_ANALYST, OPTION_UNTELL, OPTION_YES}},
    {"outbox", "receive", command_outbox_receive, NEEDS_WRITE, 0, 0, "",
     "read a mail that came back: a report of its delivery, or a canary",
     "From standard input, as mail systems pipe it. A report (RFC 3464) that one of\n"
     "our messages cannot be delivered marks it as failed; a canary that is back is\n"
     "noted. Anything else changes nothing: exit status 65.\n"
     "\n  wirewatch: \"|/usr/bin/wirewatch -q outbox receive\"    (in /etc/aliases)",
     {0}},
    {"backfill", "files", command_backfill, NEEDS_CONFIG | NEEDS_WRITE | NEEDS_FORKSERVER, 1, -1,
     "PATH...",
     "take in history from files: pages, texts, mail, WARC, lists of addresses",
     "Files and folders; what a file is, is told by its content: HTML, plain text,\n"
     "mail, WARC and WACZ, packed with gzip or not. What it brings is historic: it\n"
     "raises no live alert and no mail, joins stories, and shows in alert list\n"
     "--historic. A list is a file of addresses (one a line, or CSV with a column\n"
     "url or link): those are fetched politely. Run it again and what is known is\n"
     "only counted. --plan says how many files it would read.\n"
     "\n  wirewatch backfill files old-articles/ addresses.csv",
     {OPTION_PLAN, OPTION_DRY_RUN, OPTION_RATE, OPTION_BUDGET, OPTION_NO_WAIT}},
    {"backfill", "warc", command_backfill, NEEDS_CONFIG | NEEDS_WRITE | NEEDS_FORKSERVER, 1, -1,
     "FILE...",
     "take in the pages of web archives: WARC and WACZ files",
     "As backfill files does, which reads them, too.\n"
     "\n  wirewatch backfill warc crawl-2022.warc.gz collection.wacz",
     {OPTION_PLAN, OPTION_DRY_RUN}},
    {"backfill", "mailbox", command_backfill, NEEDS_CONFIG | NEEDS_WRITE | NEEDS_FORKSERVER, 1, -1,
     "PATH...",
     "take in newsletters and press mail: mbox, Maildir, single messages",
     "As backfill files does, which reads them, too.\n"
     "\n  wirewatch backfill mailbox ~/Mail/press.mbox",
     {OPTION_PLAN, OPTION_DRY_RUN}},
    {"backfill", "sitemap", command_backfill,
     NEEDS_CONFIG | NEEDS_CONTACT | NEEDS_WRITE | NEEDS_FORKSERVER, 1, -1,
     "SITE...",
     "what a site lists of its past: its sitemaps",
     "Those that its robots.txt names, else those at the usual places; an address of\n"
     "a sitemap is read itself. Parts whose name or date says that they hold nothing\n"
     "of the period are not asked for; the newest come first.\n"
     "\n  wirewatch backfill sitemap example.org --since 2022-09 --plan\n"
     "  wirewatch backfill sitemap https://example.org/sitemap.xml --match-first",
     {OPTION_SINCE, OPTION_UNTIL, OPTION_PLAN, OPTION_MATCH_FIRST, OPTION_NO_MATCH_FIRST,
      OPTION_RATE, OPTION_BUDGET, OPTION_NO_WAIT, OPTION_DRY_RUN, OPTION_YES}},
    {"backfill", "wordpress", command_backfill,
     NEEDS_CONFIG | NEEDS_CONTACT | NEEDS_WRITE | NEEDS_FORKSERVER, 1, -1,
     "SITE...",
     "the posts of a WordPress site, whole, by its REST interface",
     "A hundred posts a request, with text and dates: nothing more is fetched.\n"
     "\n  wirewatch backfill wordpress example.org --since 2022-09/2022-12",
     {OPTION_SINCE, OPTION_UNTIL, OPTION_PLAN, OPTION_MATCH_FIRST, OPTION_NO_MATCH_FIRST,
      OPTION_RATE, OPTION_BUDGET, OPTION_NO_WAIT, OPTION_DRY_RUN, OPTION_YES}},
    {"backfill", "feed", command_backfill,
     NEEDS_CONFIG | NEEDS_CONTACT | NEEDS_WRITE | NEEDS_FORKSERVER, 1, -1,
     "FEED...",
     "the older pages of a feed",
     "By its own links (RFC 5005), else page by page as WordPress, Blogger, Ghost\n"
     "and Drupal have them. FEED is a feed's number or an address.\n"
     "\n  wirewatch backfill feed https://example.org/feed --since 2023",
     {OPTION_SINCE, OPTION_UNTIL, OPTION_PLAN, OPTION_MATCH_FIRST, OPTION_NO_MATCH_FIRST,
      OPTION_RATE, OPTION_BUDGET, OPTION_NO_WAIT, OPTION_DRY_RUN, OPTION_YES}},
    {"backfill", "wayback", command_backfill,
     NEEDS_CONFIG | NEEDS_CONTACT | NEEDS_WRITE | NEEDS_FORKSERVER, 1, -1,
     "ADDRESS...",
     "what the Wayback Machine has of a site or of a part of it",
     "ADDRESS is a host, or an address that ends with * for all below it. Both are\n"
     "fetched, the page and the earliest copy after its publication, which shows\n"
     "what was changed since. --captures missing takes a copy only where the page\n"
     "is gone; only does not ask the site at all.\n"
     "\n  wirewatch backfill wayback 'example.org/news/*' --since 2022-09 --until 2023-06",
     {OPTION_SINCE, OPTION_UNTIL, OPTION_PLAN, OPTION_MATCH_FIRST, OPTION_NO_MATCH_FIRST,
      OPTION_RATE, OPTION_BUDGET, OPTION_CAPTURES, OPTION_NO_WAIT, OPTION_DRY_RUN, OPTION_YES}},
    {"backfill", "commoncrawl", command_backfill,
     NEEDS_CONFIG | NEEDS_CONTACT | NEEDS_WRITE | NEEDS_FORKSERVER, 1, -1,
     "ADDRESS...",
     "what Common Crawl has of a site: broad, and sparse",
     "Its index is asked for each crawl of the period, and single records are read.\n"
     "\n  wirewatch backfill commoncrawl 'example.org/*' --since 2022-09 --plan",
     {OPTION_SINCE, OPTION_UNTIL, OPTION_PLAN, OPTION_MATCH_FIRST, OPTION_NO_MATCH_FIRST,
      OPTION_RATE, OPTION_BUDGET, OPTION_CAPTURES, OPTION_NO_WAIT, OPTION_DRY_RUN, OPTION_YES}},
    {"backfill", "ccnews", command_backfill,
     NEEDS_CONFIG | NEEDS_CONTACT | NEEDS_WRITE | NEEDS_FORKSERVER, 1, -1,
     "HOST...",
     "articles of these hosts out of Common Crawl's news archive",
     "Some 20 files of 1 GB a day pass through, and nothing is kept but the pages of\n"
     "the hosts that are named: a matter of days, not of years.\n"
     "\n  wirewatch backfill ccnews example.org --since 2022-10-24/2022-10-26",
     {OPTION_SINCE, OPTION_UNTIL, OPTION_PLAN, OPTION_RATE, OPTION_BUDGET, OPTION_NO_WAIT,
      OPTION_DRY_RUN, OPTION_YES}},
    {"backfill", "mediacloud", command_backfill,
     NEEDS_CONFIG | NEEDS_CONTACT | NEEDS_WRITE | NEEDS_FORKSERVER, 0, -1,
     "[HOST...]",
     "the world's news since February 2022, by Media Cloud's daily lists",
     "One list a day with the titles of what thousands of feeds carried; fetched is\n"
     "what a title or address speaks for (see wirewatch-backfill(7)). HOST: of these\n"
     "alone.\n"
     "\n  wirewatch backfill mediacloud --since 2022-09 --until 2022-12 --plan",
     {OPTION_SINCE, OPTION_UNTIL, OPTION_PLAN, OPTION_MATCH_FIRST, OPTION_NO_MATCH_FIRST,
      OPTION_RATE, OPTION_BUDGET, OPTION_NO_WAIT, OPTION_DRY_RUN, OPTION_YES}},
    {"backfill", "gdelt", command_backfill,
     NEEDS_CONFIG | NEEDS_CONTACT | NEEDS_WRITE | NEEDS_FORKSERVER, 1, -1,
     "QUERY...",
     "what GDELT's index of the world's news finds for a query",
     "QUERY is in the language of its DOC 2.0 interface; windows that have more than\n"
     "250 answers are halved. One request each five seconds, by their rule.\n"
     "\n  wirewatch backfill gdelt '\"harbour strike\" sourcelang:spanish' --since 2022-10",
     {OPTION_SINCE, OPTION_UNTIL, OPTION_PLAN, OPTION_MATCH_FIRST, OPTION_NO_MATCH_FIRST,
      OPTION_RATE, OPTION_BUDGET, OPTION_NO_WAIT, OPTION_DRY_RUN, OPTION_YES}},
    {"backfill", "list", command_backfill_list, NEEDS_STORE, 0, 0, "",
     "the backfills, newest first, and how far they have come",
     "--since and --until choose by when they were begun.\n"
     "\n  wirewatch backfill list",
     {LIST_OPTIONS}},
    {"backfill", "show", command_backfill_show, NEEDS_CONFIG | NEEDS_STORE, 1, 1, "ID",
     "what became of a backfill: its report, again",
     "What was found, known, fetched, passed over; what failed, by reason; what is\n"
     "new; and for each watched item how many articles speak of it, month by month.\n"
     "As jsonl and csv a row a fact: backfill, kind, name, month, count, stories,\n"
     "text.\n"
     "\n  wirewatch backfill show 7",
     {0}},
    {"backfill", "resume", command_backfill_resume,
     NEEDS_CONFIG | NEEDS_WRITE | NEEDS_FORKSERVER, 0, 1, "[ID]",
     "go on with a backfill; without ID with all that are open, the oldest first",
     "Nothing is asked twice: lists that were read, pages that were fetched and what\n"
     "was read of a file are known. Exit status 75: not all could be had yet, try\n"
     "again later; 3: its budget is spent, or a part cannot be had. One that was only\n"
     "planned is begun by its number. What another machine works on is passed over,\n"
     "or with its number: 75.\n"
     "\n  30 1 * * *  wirewatch backfill resume -q --budget 2000\n"
     "  wirewatch backfill resume 7 --rate 20",
     {OPTION_RATE, OPTION_BUDGET, OPTION_NO_WAIT}},
    {"backfill", "cancel", command_backfill_cancel, NEEDS_WRITE, 1, 1, "ID",
     "give a backfill up; what it brought stays",
     "Pages that only it waits for leave the queue. If it is at work, here or on\n"
     "another machine, it ends.\n"
     "\n  wirewatch backfill cancel 7",
     {0}},
    {"archive", "list", command_archive_list, NEEDS_STORE, 0, 0, "",
     "files of our archive: pages as they were received, as WARC",
     "What is archived say the settings [archive] keep and directory. open: the\n"
     "file that is added to now; sent: it is in a bucket, at its place; elsewhere:\n"
     "only another machine has it; missing: it is not where it was.\n"
     "\n  wirewatch archive list",
     {0}},
    {"archive", "verify", command_archive_verify, NEEDS_CONFIG | NEEDS_STORE, 0, -1, "[FILE...]",
     "is each record whole, and what the database says it is",
     "Every record is unpacked; its length, digests and number are compared, both\n"
     "ways. A FILE of another folder, as an export, is checked by itself. Findings,\n"
     "a line each, make exit status 1; nothing is changed.\n"
     "\n  wirewatch archive verify",
     {0}},
    {"archive", "upload", command_archive_upload, NEEDS_CONFIG | NEEDS_WRITE, 0, 0, "",
     "send what is closed to the bucket of the settings",
     "The bucket is the setting [archive] s3. A run does the same at its end. --all:\n"
     "the file that is added to now is closed first.\n"
     "\n  wirewatch archive upload --all",
     {OPTION_ALL}},
    {"archive", "export", command_archive_export, NEEDS_CONFIG | NEEDS_STORE, 0, 0, "",
     "archived pages as one file that other programs read",
     "--warc or --wacz says as what; FILE must not exist. --since and --until are of\n"
     "when a page was fetched, or captured. --item: where any version of the article\n"
     "mentions it.\n"
     "\n  wirewatch archive export --wacz case-17.wacz --item rotterdam-1\n"
     "  wirewatch archive export --since 2026-11 --warc - | upload",
     {OPTION_WARC, OPTION_WACZ, OPTION_SINCE, OPTION_UNTIL, OPTION_ITEM}},
    {"db", "stats", command_db_stats, NEEDS_STORE, 0, 0, "",
     "how much there is of everything",
     "  wirewatch db stats --format jsonl",
     {0}},
    {"db", "backup", command_db_backup, NEEDS_STORE | NEEDS_WRITE, 1, 1, "FILE",
     "a whole, compact copy of the database, beside a running run",
     "FILE must not exist. The copy is a database like any other: -D FILE reads it.\n"
     "Without the files of the archive: those of past months never change.\n"
     "\n  wirewatch db backup /backup/wirewatch-2026-11-22.db",
     {0}},
    {"db", "copy", command_db_copy, NEEDS_NOTHING, 2, 2, "FROM TO",
     "a whole database into a new one, of the same engine or another",
     "FROM is read as it is at one moment. TO must be new, or empty. Every row is read\n"
     "back and compared before TO is there: what ends before leaves nothing behind,\n"
     "and is begun anew by the same command. Not copied: the index of words, which is\n"
     "made anew, and the files of the archive.\n"
     "\n  wirewatch db copy wirewatch.db postgresql://wirewatch@db.example.org/watch\n"
     "  wirewatch db copy --check-only wirewatch.db /backup/wirewatch.db",
     {OPTION_CHECK_ONLY}},
    {"db", "migrate", command_db_migrate, NEEDS_WRITE, 0, 0, "",
     "bring the database up to the schema of this version",
     "So does every command that writes; this one does nothing else. A copy of a file\n"
     "is made beside it first; of a server's database by  db backup.\n"
     "\n  wirewatch db migrate",
     {0}},
    {"db", "reindex", command_db_reindex, NEEDS_WRITE, 0, 0, "",
     "make the indexes that find copies and words anew, from the stored texts",
     "Needed after damage only, or when  watch rescan -v  says that the index of\n"
     "words was made by other rules: a new version that finds copies in another way\n"
     "does the same by itself, some articles with each new one, the newest first.\n"
     "Stories stay as they are. Interrupted, it goes on where it ended.\n"
     "\n  wirewatch db reindex",
     {0}},
    {"inspect", NULL, command_inspect, NEEDS_FORKSERVER | TAKES_RAW_WORDS, 1, -1,
     "KIND FILE...",
     "what the crawler would understand of a file or a string",
     "KIND: article charset date duplicates feed finds links mentions robots\n"
     "sitemap url. One JSON object a line; no store, no network. --batch reads\n"
     "jobs from standard input. links --selector shows what a watched page would\n"
     "bring; article --without STEP,... leaves steps out, to see their worth; finds\n"
     "FORMAT what a list says that a backfill asks for, an address a line. FORMAT:\n"
     "sitemap feed wordpress cdx cdx-lines collections page-count timemap paths\n"
     "gdelt mediacloud.\n"
     "\n  wirewatch inspect feed broken.xml\n"
     "  wirewatch inspect article page.html --url https://example.org/1\n"
     "  wirewatch inspect finds mediacloud mc-2022-09-13.rss.gz",
     {0}},
    {"completion", NULL, command_completion, NEEDS_NOTHING, 0, 0, "",
     "write the bash completion to standard output",
     "  wirewatch completion > ~/.local/share/bash-completion/completions/wirewatch",
     {0}},
    {"help", NULL, command_help, NEEDS_NOTHING, 0, 2, "[COMMAND]",
     "list the commands, or explain one",
     "  wirewatch help feed add",
     {0}},
};
/* clang-format on */

const size_t cli_n_commands = sizeof(cli_commands) / sizeof(cli_commands[0]);
