/*
 * cli.h - what every command gets: the words it was called with, the settings, the clock, the
 * store.
 *
 * A command is a row of the table in commands.c and a function from struct cli to an exit status
 * (sysexits.h and the few of wirewatch(1)). Only cli/ prints; only main.c exits; only environment.c
 * reads the environment.
 */
#ifndef WW_CLI_CLI_H
#define WW_CLI_CLI_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/error.h"
#include "base/log.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct command;
struct forkserver;
struct store;

/* Exit statuses beside those of <sysexits.h>. */
#define EXIT_FINDINGS 1
#define EXIT_PARTIAL 3

enum format { FORMAT_HUMAN, FORMAT_JSONL, FORMAT_CSV };

/* Every option there is. One letter or a word means the same for all commands that know it. */
enum option_id {
    OPTION_CONFIG,
    OPTION_DB,
    OPTION_MACHINE,
    OPTION_QUIET,
    OPTION_VERBOSE,
    OPTION_FORMAT,
    OPTION_FIELDS,
    OPTION_COLOR,
    OPTION_PROGRESS,
    OPTION_LOCK_WAIT,
    OPTION_NOW,
    OPTION_HELP,
    OPTION_VERSION,
    /* of some commands */
    OPTION_DRY_RUN,
    OPTION_SINCE,
    OPTION_UNTIL,
    OPTION_LIMIT,
    OPTION_OFFSET,
    OPTION_ONLY,
    OPTION_NO_SEND,
    OPTION_STATE,
    OPTION_ITEM,
    OPTION_STORY,
    OPTION_FOR,
    OPTION_SEVERITY,
    OPTION_BY,
    OPTION_EXPECT,
    OPTION_CONTROL,
    OPTION_WORDS,
    OPTION_MARKED,
    OPTION_UNMARKED,
    OPTION_MUTED,
    OPTION_HISTORIC,
    OPTION_RESCAN,
    OPTION_LOST,
    OPTION_LIST,
    OPTION_YES,
    OPTION_ID,
    OPTION_TITLE,
    OPTION_COUNTRY,
    OPTION_CITY,
    OPTION_ALIAS,
    OPTION_KIND,
    OPTION_OWNER,
    OPTION_LANGUAGE,
    OPTION_ACCESS,
    OPTION_CUT,
    OPTION_ANALYST,
    OPTION_HTML,
    OPTION_ALL,
    OPTION_EXIT_CODE,
    OPTION_OUTLET,
    OPTION_SITE,
    OPTION_FOLDER,
    OPTION_TAGS,
    OPTION_TAG,
    OPTION_TIER,
    OPTION_NOTE,
    OPTION_URL,
    OPTION_SELECTOR,
    OPTION_UPDATE,
    OPTION_REPLACE,
    OPTION_AT,
    OPTION_BOM,
    OPTION_TWINS,
    OPTION_PICK,
    OPTION_PAUSED,
    OPTION_TEST,
    OPTION_BODY,
    OPTION_REMOVE,
    OPTION_AUTHOR,
    OPTION_DATE,
    OPTION_HOST,
    OPTION_ALERTS,
    OPTION_COPIES,
    OPTION_RAW,
    OPTION_UNTELL,
    OPTION_ALL_FAILED,
    OPTION_MAIL,
    OPTION_WAIT,
    OPTION_BACKFILL,
    OPTION_WARC,
    OPTION_WACZ,
    OPTION_MATCH_FIRST,
    OPTION_NO_MATCH_FIRST,
    OPTION_PLAN,
    OPTION_RATE,
    OPTION_BUDGET,
    OPTION_CAPTURES,
    OPTION_NO_WAIT,
    OPTION_CHECK_ONLY,
    OPTION_COUNT
};

struct cli {
    const struct command *command;
    int n_words; /* positional arguments */
    char **words;
    const char *values[OPTION_COUNT]; /* NULL: not given; "" for a flag that was */
    enum format format;
    int64_t since, until; /* 0: open */
    int64_t limit, offset;
    int64_t lock_wait_ms; /* -1: not given; cli_lock_wait_ms */

    struct arena arena; /* life: the command */
    struct clock clock;
    struct log log;
    struct config config;
    const char *config_path;
    const char *db_path;  /* cli/database.h: may hold a password */
    const char *db_shown; /* the same for people: it does not */
    const char *machine;  /* this one's name */
    int64_t clock_late_s; /* so much is this machine's clock behind the database's */
    struct forkserver *forkserver;
    struct store *store; /* as the command's row asks: NULL, reading or writing */
    volatile sig_atomic_t *stop;
    FILE *out;
};

typedef int command_function(struct cli *cli);

/* What a command needs before it runs; cli_prepare provides it or says why not. */
enum command_needs {
    NEEDS_NOTHING = 0,
    NEEDS_CONFIG = 1,
    NEEDS_STORE = 2,      /* open for reading */
    NEEDS_WRITE = 4,      /* open for writing */
    NEEDS_FORKSERVER = 8, /* documents will be parsed */
    NEEDS_CONTACT = 32,   /* strangers' servers will be asked */
    DRY_READS = 64,       /* with --dry-run the store is open for reading */
    EMPTY_CLEARS = 128,   /* an empty value of its own options clears; of others it is a mistake */
    TAKES_RAW_WORDS = 16  /* reads its words itself (inspect) */
};

struct command {
    const char *noun, *verb; /* verb NULL: the noun is the whole command */
    command_function *run;
    unsigned needs;
    int min_words, max_words;   /* -1: any number */
    const char *arguments;      /* "URL...", for usage */
    const char *summary;        /* one line */
    const char *help;           /* a paragraph and an example */
    enum option_id options[24]; /* beside the global ones; ends with OPTION_CONFIG (0) */
};

bool cli_has(const struct cli *cli, enum option_id id);

/* Print "wirewatch: message" and give the exit status that fits (style.md section 5). */
int cli_fail(const struct cli *cli, enum ww_status status, const struct ww_error *err);
/* Wrong use: a message, how it is used, EX_USAGE. */
int cli_usage(const struct cli *cli, const char *fmt, ...) WW_PRINTF(2, 3);

/* "wirewatch: message", where there is no status to tell. */
void cli_say_error(const char *fmt, ...) WW_PRINTF(1, 2);

/* A line for a person, on standard error, unless -q. */
void cli_say(const struct cli *cli, const char *fmt, ...) WW_PRINTF(2, 3);

struct store_window;
/* As a limit: every row, where the store alone would stop at STORE_LIST_MAX. */
#define ALL_ROWS ((size_t)INT32_MAX)
/*
 * What --since, --until, --limit and --offset say. For people a list that was given no limit shows
 * `shown` rows (0: all).
 */
struct store_window cli_window(const struct cli *cli, size_t shown);

/* How long to wait for a lock of another process: --lock-wait, else what the command waits. */
int64_t cli_lock_wait_ms(const struct cli *cli, int64_t otherwise_ms);

/* "a17", "17": the number behind an optional letter; false when it is neither. */
bool cli_id(const char *word, char letter, int64_t *id);

/* ---- commands.c ------------------------------------------------------------------------------ */

extern const struct command cli_commands[];
extern const size_t cli_n_commands;

struct option_row {
    const char *name;     /* "--since" */
    char letter;          /* 0: none */
    const char *argument; /* NULL: a flag */
    const char *help;
};
extern const struct option_row cli_options[OPTION_COUNT];
/* What an option says of one command, where the shared text would be another's. */
struct option_text {
    const char *noun, *verb; /* verb NULL: of every command of the noun */
    enum option_id id;
    const char *argument, *help;
};
extern const struct option_text cli_option_texts[];
extern const size_t cli_n_option_texts;
#define OPTION_GLOBAL_LAST OPTION_VERSION

command_function command_init, command_run, command_check, command_config, command_feed_add,
    command_feed_discover, command_feed_check, command_feed_list, command_feed_show,
    command_feed_import, command_feed_export, command_feed_set, command_feed_pause,
    command_feed_resume, command_feed_remove, command_alert_list, command_alert_show,
    command_alert_explain, command_alert_mark, command_alert_mute, command_alert_mutes,
    command_alert_unmute, command_story_list, command_story_show, command_article_list,
    command_article_show, command_article_diff, command_article_text, command_article_events,
    command_article_extract, command_article_reextract, command_search, command_digest_list,
    command_digest_preview, command_digest_send, command_outbox_list, command_outbox_show,
    command_outbox_retry, command_outbox_drop, command_outbox_receive, command_backfill,
    command_backfill_resume, command_backfill_list, command_backfill_show, command_backfill_cancel,
    command_db_stats, command_db_backup, command_db_copy, command_db_migrate, command_db_reindex,
    command_completion, command_help, command_inspect, command_why_not, command_site_list,
    command_site_show, command_site_forget, command_report_precision, command_watch_control;

command_function command_watch_list, command_watch_lint, command_watch_import, command_watch_test,
    command_watch_rescan, command_watch_add, command_watch_set, command_watch_remove,
    command_watch_log, command_watch_diff, command_watch_revert, command_watch_export,
    command_watch_show;

command_function command_archive_list, command_archive_verify, command_archive_upload,
    command_archive_export;

command_function command_watch_candidates, command_watch_candidate, command_watch_adopt,
    command_watch_dismiss, command_watch_reopen, command_watch_proposals, command_watch_set_status,
    command_report_claims, command_report_atom, command_report_html;

/* ---- words.c: reading a command line --------------------------------------------------------- */

/* Fill cli from argv; 0, or the exit status when there is nothing more to do (help, a mistake). */
int words_read(struct cli *cli, int argc, char **argv);
void words_help(const struct cli *cli, FILE *out);
void words_overview(FILE *out);
/* The commands of one noun, a line each. */
void words_group(const char *noun, FILE *out);
/* "wirewatch feed add URL..." */
void words_call(const struct command *c, FILE *out);

/*
 * "2022-09-01", "2022-09", "7d", "36h", "2022-09/2022-12", RFC 3339. Days and months are whole
 * ones; what names no zone is in this one.
 */
bool words_period(const char *text, int64_t now, struct slice zone, int64_t *since, int64_t *until);
/* --since and --until, in the desk's zone: after the settings were read. False after a mistake. */
bool words_read_period(struct cli *cli);

/* ---- environment.c --------------------------------------------------------------------------- */

/* Where settings, database and watchlists live: options, then environment, then XDG or /etc. */
const char *environment_config(struct arena *arena);
const char *environment_db(struct arena *arena); /* when nobody has named one */
const char *environment_named_db(void);          /* WIREWATCH_DB; NULL: none */
/* A folder of this machine, for what a shared database does not hold. */
const char *environment_archive(struct arena *arena);
/*
 * The folder of watchlists that came with the program; and the one in it, NULL when none or
 * several.
 */
const char *environment_watchlists(struct arena *arena);
const char *environment_watchlist(struct arena *arena);
/* The folder where systemd puts the secrets of a service; empty outside of one. */
struct slice environment_credentials(void);
bool environment_wants_color(FILE *out, const char *choice);

#endif
