/* config.c - the table of settings, and reading a file against it. */
#include "base/config.h"

#include "base/arena.h"
#include "base/config_values.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/settings_file.h"
#include "base/text.h"
#include "base/zone.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum option_type {
    TYPE_TEXT,
    TYPE_PATH,
    TYPE_CERTIFICATES, /* a file of them, which must be there */
    TYPE_DURATION,
    TYPE_BYTES,
    TYPE_NUMBER,
    TYPE_CHOICE,
    TYPE_WORDS,   /* a list of words, kept with a blank between */
    TYPE_HOURS,   /* the same, of hours; "run" and "none" too where min is 1 */
    TYPE_SPANS,   /* the same, of spans of hours */
    TYPE_MAILBOX, /* name@host, or Name <name@host> */
    TYPE_LINK,    /* https, or http to this machine; http to any where min is 1 */
    TYPE_RANGES,  /* a list of CIDR ranges */
    TYPE_ZONE
};

static const char *const type_names[] = {
    "text",  "path",  "certificates", "duration", "bytes",       "number", "choice",
    "words", "hours", "spans",        "mailbox",  "web address", "ranges", "time zone"};
static const char *const transports[] = {"file",    "maildir", "sendmail", "smtp",
                                         "command", "webhook", NULL};
static const char *const own_transports[] = {"default", "file",    "maildir", "sendmail",
                                             "smtp",    "command", "webhook", NULL};
static const char *const answers[] = {"no", "yes", NULL};
static const char *const tls_modes[] = {"required", "implicit", "none", NULL};

/* One setting. at: offset in struct config, or in struct config_analyst for section "analyst". */
struct option {
    const char *section, *key;
    enum option_type type;
    size_t at;
    const char *fallback;
    int64_t min, max; /* of numbers, in the unit stored */
    const char *const *choices;
    const char *help;
};

#define AT(member) offsetof(struct config, member)
#define IN(member) offsetof(struct config_analyst, member)
#define DAY_S 86400

/* In the order of the manual. A test compares this table with wirewatch(1). */
static const struct option options[] = {
    {"wirewatch", "contact",                  TYPE_TEXT,         AT(contact),                  "",                    0,    0,                       NULL,
     "address of a person, part of the User-Agent; required"                                                                                                                                              },
    {"wirewatch", "timezone",                 TYPE_ZONE,         AT(timezone),                 "UTC",                 0,    0,                       NULL,
     "zone of digests and of dates on the terminal (tz database name)"                                                                                                                                    },
    {"fetch",     "per-host-interval",        TYPE_DURATION,     AT(host_interval_s),          "2s",                  0,    3600,                    NULL,
     "least pause between two requests to one host"                                                                                                                                                       },
    {"fetch",     "feed-interval",            TYPE_DURATION,     AT(feed_interval_s),          "1h",                  0,    DAY_S,                   NULL,
     "least time between two requests for one feed"                                                                                                                                                       },
    {"fetch",     "timeout",                  TYPE_DURATION,     AT(timeout_s),                "60s",                 1,    600,                     NULL,
     "longest time one transfer may take"                                                                                                                                                                 },
    {"fetch",     "max-body",                 TYPE_BYTES,        AT(max_body_bytes),           "8M",                  1024, BODY_INFLATED_MAX_BYTES, NULL,
     "largest answer taken, as received"                                                                                                                                                                  },
    {"fetch",     "in-flight",                TYPE_NUMBER,       AT(in_flight),                "64",                  1,    IN_FLIGHT_MAX,           NULL,
     "transfers at the same time, over all hosts"                                                                                                                                                         },
    {"fetch",     "robots-for-feeds",         TYPE_CHOICE,       AT(robots_for_feeds),         "no",                  0,    0,                       answers,
     "whether robots.txt is asked for feeds as it is for pages: no or yes"                                                                                                                                },
    {"fetch",     "proxy",                    TYPE_TEXT,         AT(proxy),                    "",                    0,    0,                       NULL,
     "proxy for all requests, as curl writes it (socks5h://host:port)"                                                                                                                                    },
    {"fetch",     "ca-file",                  TYPE_CERTIFICATES, AT(ca_file),                  "",                    0,    0,                       NULL,
     "certificates (PEM) of the authorities to believe in place of the system's"                                                                                                                          },
    {"fetch",     "allow",                    TYPE_RANGES,       AT(allow),                    "",                    0,    0,                       NULL,
     "non-public addresses that may be connected to, as CIDR ranges; may be repeated"                                                                                                                     },
    {"extract",   "site-rules",               TYPE_PATH,         AT(site_rules),               "site-rules.conf",     0,    0,                       NULL,
     "file of rules for the pages of single sites; need not be there"                                                                                                                                     },
    {"extract",   "keep-pages",               TYPE_DURATION,     AT(keep_pages_s),             "30d",                 0,    3650LL * DAY_S,          NULL,
     "how long a page is kept as it was received, to be read again; 0: not at all"                                                                                                                        },
    {"extract",   "keep-files",               TYPE_CHOICE,       AT(keep_files),               "no",                  0,    0,                       answers,
     "whether backfill files keeps what it reads, too: no or yes"                                                                                                                                         },
    {"match",     "watchlist",                TYPE_PATH,         AT(watchlist),                "watchlist",           0,    0,                       NULL,
     "folder of the watchlist's CSV files"                                                                                                                                                                },
    {"match",     "max-age",                  TYPE_DURATION,     AT(max_age_s),                "14d",                 3600, 3650LL * DAY_S,          NULL,
     "an article published longer ago is history: it raises no live alert"                                                                                                                                },
    {"match",     "first-read",               TYPE_DURATION,     AT(first_read_s),             "2d",                  0,    3650LL * DAY_S,          NULL,
     "at the first reading of a feed, what is older or undated is history; 0: all is news"                                                                                                                },
    {"mail",      "transport",                TYPE_CHOICE,       AT(transport),                "file",                0,    0,                       transports,
     "how digests leave: file, maildir, sendmail, smtp, command or webhook"                                                                                                                               },
    {"mail",      "from",                     TYPE_MAILBOX,      AT(from),                     "",                    0,    0,                       NULL,           "mailbox the digests come from"      },
    {"mail",      "envelope-from",            TYPE_MAILBOX,      AT(envelope_from),            "",                    0,    0,                       NULL,
     "address that bounces go to; empty: that of from"                                                                                                                                                    },
    {"mail",      "list-id",                  TYPE_TEXT,         AT(list_id),                  "wirewatch.localhost", 0,    0,                       NULL,
     "domain of List-Id and Message-ID (RFC 2919)"                                                                                                                                                        },
    {"mail",      "unsubscribe",              TYPE_MAILBOX,      AT(unsubscribe),              "",                    0,    0,                       NULL,
     "address that takes requests to stop, in List-Unsubscribe; empty: that of from"                                                                                                                      },
    {"mail",      "unsubscribe-url",          TYPE_LINK,         AT(unsubscribe_url),          "",                    0,    0,                       NULL,
     "https address where an analyst can stop the mails; stands in List-Unsubscribe, too"                                                                                                                 },
    {"mail",      "directory",                TYPE_PATH,         AT(mail_directory),           "mail",                0,    0,                       NULL,
     "folder for transport file, or the Maildir"                                                                                                                                                          },
    {"mail",      "sendmail",                 TYPE_TEXT,         AT(sendmail),                 "/usr/sbin/sendmail",  0,    0,                       NULL,
     "program for transport sendmail"                                                                                                                                                                     },
    {"mail",      "server",                   TYPE_TEXT,         AT(server),                   "",                    0,    0,                       NULL,
     "mail server, smtp://host:587 or smtps://host:465"                                                                                                                                                   },
    {"mail",      "tls",                      TYPE_CHOICE,       AT(tls),                      "required",            0,    0,                       tls_modes,
     "required (STARTTLS), implicit, or none (loopback only)"                                                                                                                                             },
    {"mail",      "user",                     TYPE_TEXT,         AT(user),                     "",                    0,    0,                       NULL,           "name to log in with, under TLS only"},
    {"mail",      "password-command",         TYPE_TEXT,         AT(password_command),         "",                    0,    0,                       NULL,
     "program that prints the password"                                                                                                                                                                   },
    {"mail",      "password-file",            TYPE_PATH,         AT(password_file),            "",                    0,    0,                       NULL,
     "file that holds the password, readable by its owner alone"                                                                                                                                          },
    {"mail",      "password-credential",      TYPE_TEXT,         AT(password_credential),      "",                    0,    0,                       NULL,
     "name of a systemd credential that holds the password"                                                                                                                                               },
    {"mail",      "command",                  TYPE_TEXT,         AT(command),                  "",                    0,    0,                       NULL,
     "program for transport command: gets each message as JSON on standard input"                                                                                                                         },
    {"mail",      "webhook",                  TYPE_LINK,         AT(webhook),                  "",                    0,    0,                       NULL,
     "address for transport webhook: gets each message as JSON in a POST request"                                                                                                                         },
    {"mail",      "webhook-token-command",    TYPE_TEXT,         AT(webhook_token_command),    "",                    0,    0,                       NULL,
     "program that prints the bearer token of the webhook"                                                                                                                                                },
    {"mail",      "webhook-token-file",       TYPE_PATH,         AT(webhook_token_file),       "",                    0,    0,                       NULL,
     "file that holds that token, readable by its owner alone"                                                                                                                                            },
    {"mail",      "webhook-token-credential", TYPE_TEXT,         AT(webhook_token_credential), "",                    0,    0,                       NULL,
     "name of a systemd credential that holds that token"                                                                                                                                                 },
    {"mail",      "max-per-run",              TYPE_NUMBER,       AT(max_per_run),              "200",                 1,    100000,                  NULL,
     "messages sent in one run; the rest waits for the next"                                                                                                                                              },
    {"mail",      "pause",                    TYPE_DURATION,     AT(pause_s),                  "0s",                  0,    60,                      NULL,           "pause between two messages"         },
    {"mail",      "timeout",                  TYPE_DURATION,     AT(mail_timeout_s),           "5m",                  1,    600,                     NULL,
     "longest wait for one reply; the last one of a mail is given twice that"                                                                                                                             },
    {"mail",      "keep",                     TYPE_DURATION,     AT(keep_mail_s),              "90d",                 0,    3650LL * DAY_S,          NULL,
     "how long the bytes of a message are kept when it was sent; 0: for ever"                                                                                                                             },
    {"mail",      "canary",                   TYPE_MAILBOX,      AT(canary),                   "",                    0,    0,                       NULL,
     "mailbox that a test mail is sent to; it must come back"                                                                                                                                             },
    {"mail",      "canary-maildir",           TYPE_PATH,         AT(canary_maildir),           "",                    0,    0,                       NULL,
     "Maildir where it comes back; empty: it is piped to wirewatch outbox receive"                                                                                                                        },
    {"mail",      "canary-every",             TYPE_DURATION,     AT(canary_every_s),           "7d",                  3600, 366LL * DAY_S,           NULL,
     "how often one is sent"                                                                                                                                                                              },
    {"mail",      "canary-within",            TYPE_DURATION,     AT(canary_within_s),          "6h",                  60,   30LL * DAY_S,            NULL,
     "how long it may take to come back"                                                                                                                                                                  },
    {"report",    "html",                     TYPE_PATH,         AT(report_html),              "",                    0,    0,                       NULL,
     "folder of the report that each run writes anew; empty: none is written"                                                                                                                             },
    {"report",    "atom",                     TYPE_PATH,         AT(report_atom),              "",                    0,    0,                       NULL,
     "file of the Atom feed of alerts that each run writes anew; empty: none is written"                                                                                                                  },
    {"report",    "url",                      TYPE_LINK,         AT(report_url),               "",                    1,    0,                       NULL,
     "address under which others read that folder, for links in mails and in the feed"                                                                                                                    },
    {"report",    "days",                     TYPE_NUMBER,       AT(report_days),              "90",                  1,    3650,                    NULL,
     "days that the report covers"                                                                                                                                                                        },
    {"report",    "atom-entries",             TYPE_NUMBER,       AT(atom_entries),             "100",                 1,    10000,                   NULL,
     "alerts in the feed, the newest ones"                                                                                                                                                                },
    {"analyst",   "email",                    TYPE_MAILBOX,      IN(email),                    "",                    0,    0,                       NULL,
     "where the digests go; required, but for command and webhook"                                                                                                                                        },
    {"analyst",   "subscribe",                TYPE_WORDS,        IN(subscribe),                "",                    0,    0,                       NULL,
     "what is told, of: list:, site:, jurisdiction:, item:, country:, tag:, severity:; empty: "
     "everything"                                                                                                                                                                                         },
    {"analyst",   "digest",                   TYPE_HOURS,        IN(digest),                   "run",                 1,    0,                       NULL,
     "when: run (after each run that has news), none, or hours: 07:30; Mon-Fri 07:30 16:00"                                                                                                               },
    {"analyst",   "weekly",                   TYPE_HOURS,        IN(weekly),                   "",                    0,    0,                       NULL,
     "hour of a weekly summary: Mon 08:00; empty: none"                                                                                                                                                   },
    {"analyst",   "immediate",                TYPE_WORDS,        IN(immediate),                "",                    0,    0,                       NULL,
     "what is told at once, in the words of subscribe: severity:high; empty: nothing"                                                                                                                     },
    {"analyst",   "immediate-wait",           TYPE_DURATION,     IN(immediate_wait_s),         "5m",                  0,    DAY_S,                   NULL,
     "how long an immediate mail waits for more on its story"                                                                                                                                             },
    {"analyst",   "immediate-per-hour",       TYPE_NUMBER,       IN(immediate_per_hour),       "6",                   1,    1000,                    NULL,
     "immediate mails in an hour; what is beyond goes in one mail"                                                                                                                                        },
    {"analyst",   "quiet",                    TYPE_SPANS,        IN(quiet),                    "",                    0,    0,                       NULL,
     "hours without mail: 22:00-06:30; Sat-Sun 00:00-24:00"                                                                                                                                               },
    {"analyst",   "all-quiet",                TYPE_CHOICE,       IN(all_quiet),                "no",                  0,    0,                       answers,
     "whether a digest is sent when there is no news: no or yes"                                                                                                                                          },
    {"analyst",   "troubles",                 TYPE_CHOICE,       IN(troubles),                 "yes",                 0,    0,                       answers,
     "whether troubles of feeds are told: no or yes"                                                                                                                                                      },
    {"analyst",   "possible",                 TYPE_CHOICE,       IN(possible),                 "yes",                 0,    0,                       answers,
     "whether unconfirmed proposals are told: no or yes"                                                                                                                                                  },
    {"analyst",   "transport",                TYPE_CHOICE,       IN(transport),                "default",             0,    0,                       own_transports,
     "how this one gets mail; default: as [mail] says"                                                                                                                                                    },
    {"analyst",   "command",                  TYPE_TEXT,         IN(command),                  "",                    0,    0,                       NULL,
     "program for transport command; empty: that of [mail]"                                                                                                                                               },
    {"analyst",   "webhook",                  TYPE_LINK,         IN(webhook),                  "",                    0,    0,                       NULL,
     "address for transport webhook; empty: that of [mail]"                                                                                                                                               },
    {"analyst",   "timezone",                 TYPE_ZONE,         IN(timezone),                 "",                    0,    0,                       NULL,
     "the analyst's own zone; empty: that of [wirewatch]"                                                                                                                                                 },
};

static const char *const sections[] = {"wirewatch", "fetch",  "extract", "match",
                                       "mail",      "report", "analyst"};

/* ---- values ---------------------------------------------------------------------------------- */

static struct slice absolute(struct slice path, struct slice config_path, struct arena *arena)
{
    struct slice folder = slice_head(config_path, slice_find_last_char(config_path, '/'));

    if (path.len == 0 || path.ptr[0] == '/' || folder.len == config_path.len)
        return arena_copy(arena, path);
    return arena_printf(arena, "%.*s/%.*s", SLICE_ARG(folder), SLICE_ARG(path));
}

static enum ww_status add_range(struct config_ranges *list, struct slice value, struct arena *arena,
                                struct ww_error *err)
{
    /* Grows by copying: the list is short. */
    struct address_range *ranges = arena_array(arena, list->n_ranges + 1, sizeof(*ranges));
    struct slice *words = arena_array(arena, list->n_ranges + 1, sizeof(*words));
    enum ww_status status;

    if (ranges == NULL || words == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list->n_ranges; i++) {
        ranges[i] = list->ranges[i];
        words[i] = list->words[i];
    }
    status = address_parse_range(value, &ranges[list->n_ranges], err);
    if (status != WW_OK)
        return ww_context(err, status, "allow");
    words[list->n_ranges] = arena_copy(arena, value);
    *list = (struct config_ranges){ranges, words, list->n_ranges + 1};
    return arena_check(arena, err);
}

/* A repeated key adds; an empty value begins anew. */
static void add_words(struct slice *all, struct slice value, struct arena *arena)
{
    *all = all->len > 0 && value.len > 0
               ? arena_printf(arena, "%.*s %.*s", SLICE_ARG(*all), SLICE_ARG(value))
               : arena_copy(arena, value);
}

static enum ww_status check_choice(const struct option *o, struct slice value, int64_t *n,
                                   struct ww_error *err)
{
    struct nearest near;

    nearest_init(&near, value);
    for (*n = 0; o->choices[*n] != NULL; ++*n) {
        if (slice_equal(value, slice_from(o->choices[*n])))
            return WW_OK;
        nearest_try(&near, o->choices[*n]);
    }
    return ww_fail(err, WW_INVALID, "%s: \"%.*s\" is not one of its values (%s)%s%s%s", o->key,
                   SLICE_ARG(value), o->help, near.best != NULL ? "; did you mean \"" : "",
                   near.best != NULL ? near.best : "", near.best != NULL ? "\"?" : "");
}

/* Put the text of one value where the option lives. */
static enum ww_status set_value(const struct option *o, void *base, struct slice config_path,
                                struct slice value, struct arena *arena, struct ww_error *err)
{
    void *member = (char *)base + o->at;
    int64_t n = 0;

    switch (o->type) {
    case TYPE_TEXT:
        *(struct slice *)member = arena_copy(arena, value);
        break;
    case TYPE_PATH:
        *(struct slice *)member = absolute(value, config_path, arena);
        break;
    case TYPE_CERTIFICATES:
        *(struct slice *)member = absolute(value, config_path, arena);
        if (value.len > 0)
            return config_check_certificates(*(struct slice *)member, arena, err);
        break;
    case TYPE_HOURS:
    case TYPE_SPANS:
        if (config_check_hours(o->key, o->type == TYPE_SPANS, o->min == 1, value, err) != WW_OK)
            return WW_INVALID;
        add_words(member, value, arena);
        break;
    case TYPE_WORDS:
        add_words(member, value, arena);
        break;
    case TYPE_MAILBOX:
        *(struct slice *)member = config_mailbox(value, arena);
        if (value.len > 0 && !config_is_mailbox(*(struct slice *)member))
            return ww_fail(err, WW_INVALID, "%s: \"%.*s\" is no mailbox (name@host%s)", o->key,
                           SLICE_ARG(value),
                           text_ascii_run(value) < value.len ? ", before the @ in ASCII" : "");
        break;
    case TYPE_LINK:
        if (value.len > 0 && !config_is_link(value, o->min == 1))
            return ww_fail(err, WW_INVALID, "%s: \"%.*s\" is no %s", o->key, SLICE_ARG(value),
                           o->min == 1 ? "web address (https://host/path)"
                                       : "https address (plain http reaches this machine alone)");
        *(struct slice *)member = arena_copy(arena, value);
        break;
    case TYPE_RANGES:
        if (value.len > 0)
            return add_range(member, value, arena, err);
        break;
    case TYPE_ZONE:
        if (!zone_is_known(value))
            return ww_fail(err, WW_INVALID, "%s: no time zone \"%.*s\" (Europe/Dublin, UTC)",
                           o->key, SLICE_ARG(value));
        *(struct slice *)member = arena_copy(arena, value);
        break;
    case TYPE_CHOICE:
        if (check_choice(o, value, &n, err) != WW_OK)
            return WW_INVALID;
        *(int64_t *)member = n;
        break;
    case TYPE_DURATION:
    case TYPE_BYTES:
    case TYPE_NUMBER:
        if (!(o->type == TYPE_BYTES ? config_bytes(value, &n) : config_duration(value, &n)))
            return ww_fail(err, WW_INVALID, "%s: \"%.*s\" is not a %s", o->key, SLICE_ARG(value),
                           type_names[o->type]);
        if (n < o->min || n > o->max)
            return ww_fail(err, WW_INVALID, "%s: %.*s is out of range (%" PRId64 " to %" PRId64 ")",
                           o->key, SLICE_ARG(value), o->min, o->max);
        *(int64_t *)member = n;
        break;
    }
    return arena_check(arena, err);
}

/* ---- reading --------------------------------------------------------------------------------- */

struct reading {
    struct arena *arena;
    struct config *config;
    struct slice path;
};

static enum ww_status unknown(const char *what, const char *word, const struct nearest *near,
                              struct ww_error *err)
{
    return ww_fail(err, WW_INVALID, "unknown %s \"%s\"%s%s%s", what, word,
                   near->best != NULL ? "; did you mean \"" : "",
                   near->best != NULL ? near->best : "", near->best != NULL ? "\"?" : "");
}

/* "analyst "x"" -> "analyst" and x. */
static struct slice split_section(const char *section, struct slice *name)
{
    struct slice s = slice_from(section);
    size_t space = slice_find_char(s, ' ');

    *name = slice_trim(slice_skip(s, space));
    if (name->len >= 2 && name->ptr[0] == '"' && name->ptr[name->len - 1] == '"')
        *name = slice_sub(*name, 1, name->len - 2);
    return slice_head(s, space);
}

static enum ww_status set_analyst_defaults(struct config_analyst *a, struct reading *r,
                                           struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < WW_COUNT(options) && status == WW_OK; i++)
        if (strcmp(options[i].section, "analyst") == 0)
            status =
                set_value(&options[i], a, r->path, slice_from(options[i].fallback), r->arena, err);
    return status;
}

static struct config_analyst *find_analyst(struct reading *r, struct slice name, int line)
{
    struct config *c = r->config;
    struct config_analyst *all;

    for (size_t i = 0; i < c->n_analysts; i++)
        if (slice_equal(c->analysts[i].name, name))
            return &c->analysts[i];
    all = arena_array(r->arena, c->n_analysts + 1, sizeof(*all));
    if (all == NULL)
        return NULL;
    if (c->n_analysts > 0)
        memcpy(all, c->analysts, c->n_analysts * sizeof(*all));
    c->analysts = all;
    all[c->n_analysts] = (struct config_analyst){.name = arena_copy(r->arena, name), .line = line};
    if (set_analyst_defaults(&all[c->n_analysts], r, NULL) != WW_OK)
        return NULL;
    return &all[c->n_analysts++];
}

static bool is_list(const struct option *o)
{
    return o->type == TYPE_WORDS || o->type == TYPE_HOURS || o->type == TYPE_SPANS;
}

/* Which row of its section it is. */
static size_t analyst_row(const struct option *o)
{
    size_t first = 0;

    while (strcmp(options[first].section, "analyst") != 0)
        first++;
    return (size_t)(o - options) - first;
}

/*
 * Two sections of one name make one analyst; the second may not say otherwise than the first, but
 * add to a list. What is said first takes the default's place.
 */
static enum ww_status mark_given(struct config_analyst *a, const struct option *o, int line,
                                 struct ww_error *err)
{
    const size_t row = analyst_row(o);
    const uint64_t bit = UINT64_C(1) << row;

    assert(row < CONFIG_ANALYST_KEYS);
    if (a->lines[row] == 0)
        a->lines[row] = line;
    if ((a->given & bit) != 0 && !is_list(o))
        return ww_fail(err, WW_INVALID, "analyst \"%.*s\" has %s twice", SLICE_ARG(a->name),
                       o->key);
    if ((a->given & bit) == 0 && is_list(o))
        *(struct slice *)((char *)a + o->at) = (struct slice){"", 0};
    a->given |= bit;
    return WW_OK;
}

static bool known_section(struct slice section, struct nearest *near)
{
    bool known = false;

    nearest_init(near, section);
    for (size_t i = 0; i < WW_COUNT(sections); i++) {
        nearest_try(near, sections[i]);
        known |= slice_equal(section, slice_from(sections[i]));
    }
    return known;
}

static enum ww_status take_pair(void *context, const struct settings_pair *pair, size_t *column,
                                struct ww_error *err)
{
    struct reading *r = context;
    struct slice name;
    struct slice section = split_section(pair->section, &name);
    bool is_analyst = slice_equal(section, SLICE("analyst"));
    const struct option *found = NULL;
    struct nearest near;
    void *base = r->config;
    enum ww_status status = WW_OK;

    WW_UNUSED(column);
    if (!known_section(section, &near))
        return unknown("section", pair->section, &near, err);
    nearest_init(&near, slice_from(pair->key));
    for (size_t i = 0; i < WW_COUNT(options); i++) {
        if (!slice_equal(section, slice_from(options[i].section)))
            continue;
        nearest_try(&near, options[i].key);
        if (strcmp(options[i].key, pair->key) == 0)
            found = &options[i];
    }
    if (found == NULL &&
        (strcmp(pair->key, "password") == 0 || strcmp(pair->key, "webhook-token") == 0))
        return ww_fail(err, WW_INVALID,
                       "no %s stands in the settings: use %s-command, %s-file or %s-credential",
                       pair->key, pair->key, pair->key, pair->key);
    if (found == NULL)
        return unknown("key", pair->key, &near, err);
    if (is_analyst && name.len == 0)
        return ww_fail(err, WW_INVALID, "an analyst wants a name: [analyst \"desk\"]");
    if (is_analyst && !config_is_name(name))
        return ww_fail(
            err, WW_INVALID,
            "the name of an analyst is one line of at most %d bytes without '|' and '\"'",
            CONFIG_NAME_MAX_BYTES);
    if (is_analyst)
        base = find_analyst(r, name, pair->line);
    if (base == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    if (is_analyst)
        status = mark_given(base, found, pair->line, err);
    if (status != WW_OK)
        return status;
    status = set_value(found, base, r->path, slice_from(pair->value), r->arena, err);
    if (status == WW_OK || !is_analyst)
        return status;
    return ww_context(err, status, "analyst \"%.*s\"", SLICE_ARG(name));
}

/* ---- what must hold over the whole file ------------------------------------------------------ */

static bool leaves_as_json(const struct config *c, const struct config_analyst *a)
{
    int64_t transport = a->transport > 0 ? a->transport - 1 : c->transport;

    return transport == TRANSPORT_COMMAND || transport == TRANSPORT_WEBHOOK;
}

static enum ww_status check_analysts(const struct config *c, struct ww_error *err)
{
    for (size_t i = 0; i < c->n_analysts; i++) {
        const struct config_analyst *a = &c->analysts[i];

        if (a->email.len == 0 && !leaves_as_json(c, a))
            return ww_fail(err, WW_INVALID, "%.*s:%d: analyst \"%.*s\" wants email = name@host",
                           SLICE_ARG(c->path), a->line, SLICE_ARG(a->name));
    }
    return WW_OK;
}

static enum ww_status check_whole(const struct config *c, struct ww_error *err)
{
    if (c->transport == TRANSPORT_SMTP && c->server.len == 0)
        return ww_fail(err, WW_INVALID,
                       "%.*s: [mail] transport = smtp wants server = smtp://host:587",
                       SLICE_ARG(c->path));
    if (c->n_analysts > 0 && c->from.len == 0)
        return ww_fail(err, WW_INVALID,
                       "%.*s: [mail] from = is missing: digests come from somebody",
                       SLICE_ARG(c->path));
    return check_analysts(c, err);
}

enum ww_status config_check_contact(const struct config *c, struct ww_error *err)
{
    if (c->contact.len == 0)
        return ww_fail(err, WW_INVALID,
                       "%.*s: [wirewatch] contact = is missing: servers must be able to reach you",
                       SLICE_ARG(c->path));
    return WW_OK;
}

static enum ww_status set_defaults(struct config *c, struct arena *arena, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = 0; i < WW_COUNT(options) && status == WW_OK; i++)
        if (strcmp(options[i].section, "analyst") != 0)
            status =
                set_value(&options[i], c, c->path, slice_from(options[i].fallback), arena, err);
    return status;
}

enum ww_status config_read(const char *path, struct arena *arena, struct config *out,
                           struct ww_error *err)
{
    struct reading r = {.arena = arena, .config = out, .path = slice_from(path)};
    enum ww_status status;

    *out = (struct config){.path = arena_copy(arena, r.path)};
    status = set_defaults(out, arena, err);
    if (status == WW_OK)
        status = settings_file_read(path, take_pair, &r, err);
    return status == WW_OK ? check_whole(out, err) : status;
}

int config_analyst_line(const struct config_analyst *a, const char *key)
{
    for (size_t i = 0; i < WW_COUNT(options); i++)
        if (strcmp(options[i].section, "analyst") == 0 && strcmp(options[i].key, key) == 0 &&
            a->lines[analyst_row(&options[i])] != 0)
            return a->lines[analyst_row(&options[i])];
    return a->line;
}

/* ---- the table, for others ------------------------------------------------------------------- */

bool config_option(size_t i, struct config_option *out)
{
    if (i >= WW_COUNT(options))
        return false;
    *out = (struct config_option){.section = options[i].section,
                                  .key = options[i].key,
                                  .type = type_names[options[i].type],
                                  .fallback = options[i].fallback,
                                  .help = options[i].help};
    return true;
}

struct slice config_value(const struct config *c, size_t i, struct arena *arena)
{
    const struct option *o = &options[i];
    const void *member = (const char *)c + o->at;
    const struct config_ranges *list = member;
    struct slice joined = {"", 0};

    switch (o->type) {
    case TYPE_TEXT:
    case TYPE_ZONE:
    case TYPE_PATH:
    case TYPE_CERTIFICATES:
    case TYPE_WORDS:
    case TYPE_HOURS:
    case TYPE_SPANS:
    case TYPE_MAILBOX:
    case TYPE_LINK:
        return *(const struct slice *)member;
    case TYPE_CHOICE:
        return slice_from(o->choices[*(const int64_t *)member]);
    case TYPE_DURATION:
        return arena_printf(arena, "%" PRId64 "s", *(const int64_t *)member);
    case TYPE_BYTES:
    case TYPE_NUMBER:
        return arena_printf(arena, "%" PRId64, *(const int64_t *)member);
    case TYPE_RANGES:
        for (size_t k = 0; k < list->n_ranges; k++)
            joined = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(joined), k > 0 ? ", " : "",
                                  SLICE_ARG(list->words[k]));
        return joined;
    }
    return joined;
}
