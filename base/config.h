/*
 * config.h - the settings: one table says what there is, one file says how it is here.
 *
 * INI as git writes it: [section] or [section "name"], key = value, comments after ';' or '#'
 * (inside a line after " ;"). A repeated key of a list type adds to the list. Strict: an unknown
 * key, section or value is WW_INVALID with file:line and the nearest known word. Lines over
 * CONFIG_LINE_MAX_BYTES are refused. Ownership: all texts live in the arena given.
 */
#ifndef WW_BASE_CONFIG_H
#define WW_BASE_CONFIG_H

#include "base/address.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum config_transport {
    TRANSPORT_FILE,
    TRANSPORT_MAILDIR,
    TRANSPORT_SENDMAIL,
    TRANSPORT_SMTP,
    TRANSPORT_COMMAND, /* JSON on a program's standard input */
    TRANSPORT_WEBHOOK, /* JSON in a POST request */
    TRANSPORT_COUNT
};
enum config_answer { ANSWER_NO, ANSWER_YES };
enum config_archive { ARCHIVE_NONE, ARCHIVE_MATCHED, ARCHIVE_ALL };
enum config_tls { TLS_REQUIRED, TLS_IMPLICIT, TLS_NONE };

struct config_ranges {
    struct address_range *ranges;
    struct slice *words; /* as they were written */
    size_t n_ranges;
};

/* Keys of [analyst], and all: room for their lines. */
#define CONFIG_ANALYST_KEYS 32
#define CONFIG_KEYS 96

/*
 * Lists of words (subscriptions, hours) are kept as written; alerts/mail/analyst.h reads them.
 * Hours are checked here, subscriptions there.
 */
struct config_analyst {
    struct slice name;  /* of [analyst "name"] */
    struct slice email; /* required, but for command and webhook */
    struct slice timezone;
    struct slice subscribe; /* empty: everything */
    struct slice digest;    /* "run", "none" or hours: base/timetable.h */
    struct slice weekly;    /* hours; empty: no summary */
    struct slice immediate; /* what is told at once, as subscribe; empty: nothing */
    int64_t immediate_wait_s, immediate_per_hour;
    struct slice quiet;                    /* spans of hours */
    int64_t all_quiet, troubles, possible; /* enum config_answer */
    int64_t transport;                     /* 0: that of [mail], else 1 + enum config_transport */
    struct slice command, webhook;
    int line;
    uint64_t given;                 /* the rows of the table that the file had for it, a bit each */
    int lines[CONFIG_ANALYST_KEYS]; /* where each of them stands first */
};

struct config {
    struct slice path; /* of the file; messages name it */
    struct slice contact;
    struct slice timezone;
    struct slice db;      /* database_name.h; may hold a password; empty: not told */
    struct slice machine; /* empty: the host's name */
    int64_t lease_s;

    int64_t host_interval_s;
    int64_t feed_interval_s;
    int64_t timeout_s;
    int64_t max_body_bytes;
    int64_t in_flight;
    int64_t robots_for_feeds; /* enum config_answer */
    struct slice proxy;
    struct slice ca_file;       /* empty: the system's authorities */
    struct config_ranges allow; /* CIDR ranges besides the public ones */

    struct slice site_rules;
    int64_t keep_pages_s; /* 0: no page is kept */
    int64_t keep_files;   /* enum config_answer */

    struct slice backfill_hours; /* spans, as written; empty: always */
    struct slice wayback, commoncrawl_index, commoncrawl_data, mediacloud, gdelt; /* addresses */
    int64_t archive_keep;           /* enum config_archive */
    struct slice archive_directory; /* empty: "warc" beside the database */
    struct slice s3;                /* https://endpoint/bucket/prefix; empty: none */
    struct slice s3_region, s3_key;
    struct slice s3_secret_command, s3_secret_file, s3_secret_credential;
    int64_t keep_local; /* enum config_answer */

    struct slice watchlist;
    int64_t max_age_s;
    int64_t first_read_s; /* 0: all that a new feed holds is news */

    int64_t transport; /* enum config_transport */
    struct slice server;
    int64_t tls; /* enum config_tls */
    struct slice user;
    struct slice password_command;
    struct slice password_file;
    struct slice password_credential; /* a name in the service's folder of credentials */
    struct slice from;
    struct slice envelope_from; /* empty: the address of from */
    struct slice list_id;
    struct slice unsubscribe, unsubscribe_url;
    struct slice mail_directory;
    struct slice sendmail;
    struct slice command, webhook;
    struct slice webhook_token_command, webhook_token_file, webhook_token_credential;
    int64_t max_per_run, pause_s;
    int64_t mail_timeout_s; /* for one reply */
    int64_t keep_mail_s;    /* 0: for ever */
    struct slice canary, canary_maildir;
    int64_t canary_every_s, canary_within_s;
    struct slice credentials; /* that folder: of the environment, not of the file */

    struct slice report_html, report_atom; /* written after each run; empty: not */
    struct slice report_url;               /* where others see what is written there */
    int64_t report_days, atom_entries;

    struct config_analyst *analysts;
    size_t n_analysts;
    int lines[CONFIG_KEYS]; /* where each row of the table stands first; 0: nowhere */
};

/*
 * Read a file over the defaults. Relative paths in it are relative to its folder. Checks what must
 * be there (contact, one e-mail address an analyst). WW_NOT_FOUND when there is no such file.
 */
enum ww_status config_read(const char *path, struct arena *arena, struct config *out,
                           struct ww_error *err);

/* Where that key stands in the file; of one that is not given, where the section begins. */
int config_analyst_line(const struct config_analyst *a, const char *key);

/* Where a key of another section stands; of one that is not given, 0. */
int config_line(const struct config *c, const char *section, const char *key);

/* Before anything is fetched: servers must be able to reach whoever asks them. */
enum ww_status config_check_contact(const struct config *c, struct ww_error *err);

/* One row of the table, for --help, the manual and `wirewatch config`. */
struct config_option {
    const char *section, *key, *type, *fallback, *help;
};

/* The i-th option, in the order of the manual; false behind the last. */
bool config_option(size_t i, struct config_option *out);

/*
 * The value that the i-th option has in c, as a person would write it ("14d", "8M"); lists joined
 * by ", ". Of section analyst: what is the analyst's own, in the other one.
 */
struct slice config_value(const struct config *c, size_t i, struct arena *arena);
struct slice config_analyst_value(const struct config_analyst *a, size_t i, struct arena *arena);

/* "90", "90s", "15m", "6h", "14d", "2w": seconds. */
bool config_duration(struct slice text, int64_t *seconds);

/* Of [mail] server the host, with its port; false: it is written otherwise than CONFIG_SERVER_FORM.
 */
#define CONFIG_SERVER_FORM "smtp://host:587 or smtps://host:465"
bool config_smtp_host(struct slice server, struct slice *host);

#endif
