/*
 * hosts.h - politeness: who may be asked now, and who waits.
 *
 * Every job waits in the queue of its host. A host has one job out at a time, and between two
 * starts lies a pause: the longest of the set delay, its Crawl-delay and five times what its last
 * answer took, and up to a quarter more; twice that for each error in a row. The first starts of a
 * run are spread over two such delays. Retry-After and back-off hold for the whole host and are
 * kept in the store. A host that cannot be reached, or that has used up its time, is out for the
 * rest of the run: its jobs come back undone.
 *
 * Hosts share addresses: of those at one, HOSTS_PER_ADDRESS_MAX are asked at a time, and no faster
 * than so many hosts would be alone. Which address a host has is known when it is first connected
 * to: until then nothing holds it back, and hosts_admit may refuse the connection.
 *
 * Time here is monotonic milliseconds, except where the store's rows hold seconds since 1970.
 * Ownership: hosts live until hosts_close; jobs belong to the caller.
 */
#ifndef WW_CRAWLER_HOSTS_H
#define WW_CRAWLER_HOSTS_H

#include "base/error.h"
#include "base/slice.h"
#include "crawler/health.h"
#include "storage/store_hosts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock;
struct hosts;
struct store;

/* First member of whatever waits in a queue. */
struct host_job {
    struct host_job *next;
    bool is_ticket; /* the caller's */
};

/* Stored: the rules are in the store; where it has none, every page is allowed. */
enum host_robots { HOST_ROBOTS_UNKNOWN, HOST_ROBOTS_ASKED, HOST_ROBOTS_STORED };

struct host {
    struct host_row row; /* texts live as long as the host; the one of its robots.txt is not here */
    bool must_save;
    bool is_out;    /* for the rest of this run */
    bool was_tried; /* in this run */
    /* crawl_blame.c's */
    enum health_sign sign;
    uint64_t answer_hash;        /* of a HEALTH_DIVERTED one: who gave the same answer */
    bool was_well;               /* a feed of it had answered the last time it was asked */
    bool was_bad;                /* and another had not */
    const struct host *led_from; /* the first that redirects here */
    bool is_crossroads;          /* there are others */
    enum host_robots robots_state;
    int64_t crawl_delay_ms;  /* as the robots.txt of the last page asks */
    struct host_job *parked; /* the caller's: those that wait for its robots.txt */
    struct ww_error out_because;
    /* hosts.c's own */
    struct host *next_in_table;
    struct host_job *first, *last;
    struct host_address *at;         /* NULL: not known, or not told apart (a proxy's) */
    struct host_address *refused_by; /* during this request */
    struct host *next_at_address;    /* among those that wait for it */
    bool is_busy, is_queued;
    bool is_counted; /* among those that are out at its address */
    bool has_turn;   /* of its address's pace */
    int64_t first_start_ms, next_start_ms, busy_ms;
    unsigned n_errors; /* in a row, in this run */
    uint64_t n_starts;
    int64_t least_pause_ms; /* of the request that is out; 0: as usual */
    bool is_archive;        /* it has been asked as one */
    bool is_unsaved;        /* a start that others have to know of */
    bool is_leased;         /* ours, as of that turn of the store's claims */
    bool was_leased;        /* once, in this run */
    uint64_t lease_turn;
    bool is_away;    /* another machine asks it */
    unsigned n_open; /* the caller's: jobs that began here and are not stored yet */
};

/*
 * delay_ms 0, in tests: no pause but the one that a robots.txt asks for. seed: of this
 * installation, so that not all of them begin with a host at the same moment of the hour.
 */
enum ww_status hosts_open(struct store *store, const struct clock *clock, int64_t delay_ms,
                          uint64_t seed, struct hosts **out, struct ww_error *err);
void hosts_close(struct hosts *h);

/* The host of that name, with what the store knows of it. */
enum ww_status hosts_find(struct hosts *h, struct slice name, struct host **out,
                          struct ww_error *err);
/* Those of this run, i from 0; NULL behind the last. */
struct host *hosts_at(const struct hosts *h, size_t i);

enum ww_status hosts_add(struct hosts *h, struct host *host, struct host_job *job, bool is_first,
                         struct ww_error *err);

/*
 * From here on another process asks the same hosts: hosts_save writes every start, and
 * hosts_started says that there is one to be written.
 */
void hosts_share(struct hosts *h);

/*
 * The next job whose host may be asked now; the host is busy from here on. NULL: none, and *wait_ms
 * says when one may be (-1: never, unless an answer comes or a job is added).
 */
struct host_job *hosts_next(struct hosts *h, struct host **host, int64_t *wait_ms);

/* Nothing waits for it, and nothing was asked. */
bool hosts_is_idle(const struct host *host);

enum host_lease {
    HOST_IS_OURS,  /* or it is out */
    HOST_IS_EARLY, /* ours, but another asked it a moment ago: give the job back, for *wait_ms */
    HOST_IS_AWAY   /* another machine asks it: give the job back */
};

/* Is this host asked by nobody else? Only then may it be. */
bool hosts_is_leased(const struct hosts *h, const struct host *host);
/*
 * See to it, and read what others have learned of it: storage/store_hosts.h. hosts_save gives it
 * back when nothing waits for it any more; one that is shared after each request.
 */
enum ww_status hosts_lease(struct hosts *h, struct host *host, enum host_lease *out,
                           int64_t *wait_ms, struct ww_error *err);
/* For others, if nothing of it is under way. */
enum ww_status hosts_let_go(struct hosts *h, struct host *host, struct ww_error *err);
/* All that wait are those of other machines. */
bool hosts_are_all_away(const struct hosts *h);

/*
 * A connection of this busy host to that address: false when the address is busy. Give the job back
 * with hosts_put_back then; it comes again when the address is free.
 */
bool hosts_admit(struct hosts *h, struct host *host, const char *address);

/*
 * The request of this busy host wants so long a pause behind it; is_archive: that is the limit of
 * a service that is made to be asked, see pace.h. To be said before each.
 */
void hosts_pace(struct host *host, int64_t least_ms, bool is_archive);
/* It goes out. True: it has to be in the store soon, see hosts_share. */
bool hosts_started(struct hosts *h, struct host *host);

/* The job is over: took_ms is 0 when no request was made, and the pause then falls away. */
enum ww_status hosts_done(struct hosts *h, struct host *host, int64_t took_ms,
                          struct ww_error *err);

/* What came of its last request: was it an error of the server's? */
void hosts_judge(struct host *host, bool is_error);

/* It could not be made now: first in the queue again, in wait_ms. */
enum ww_status hosts_put_back(struct hosts *h, struct host *host, struct host_job *job,
                              int64_t wait_ms, struct ww_error *err);

/* Not again before that time, by the wall; out for this run. */
void hosts_hold(struct host *host, int64_t not_before, const struct ww_error *because);
/* Take a job back from a host that is out, or at the end of a run; NULL when there is none. */
struct host_job *hosts_take(struct host *host);

/* A copy that lives as long as the host does; empty when memory is out. */
struct slice hosts_keep(struct hosts *h, struct slice text);

/* In a transaction: what was learned goes to the store. */
enum ww_status hosts_save(struct hosts *h, bool is_end, struct ww_error *err);

#endif
