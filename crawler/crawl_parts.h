/*
 * crawl_parts.h - what the files of the crawl share: the run, and a job on its way through it.
 *
 *   crawl.c         the loop: hosts -> fetch -> answers -> workers -> results, and the commits
 *   crawl_answer.c  what is done with any answer
 *   crawl_parse.c   documents on their way to a worker and back
 *   crawl_jobs.c    what there is to do
 *   crawl_claims.c  what of it is this machine's
 *   crawl_robots.c  the gate before every page
 *   crawl_feed.c    what an answer means for a feed
 *   crawl_poll.c    how a feed is asked: validators, when again, at which address
 *   crawl_blame.c   whose fault a failure is: now, or at the end of the run
 *   crawl_health.c  how a feed is after a check, and its troubles
 *   crawl_entries.c the entries of a feed, and the pages they announce
 *   entry_match.c   which of the entries are known
 *   crawl_sources.c which links of a sitemap or a page are news
 *   crawl_children.c the sitemaps of an index
 *   crawl_page.c    what an answer means for a page
 *   crawl_look.c    pages that are looked at again, and what became of them
 *   crawl_announced.c articles of pages that cannot be had
 *   crawl_history.c lists of a backfill, and what they name
 *   crawl_copy.c    archived copies of pages
 *
 * The functions return WW_OK as long as the run can go on: a bad answer is written down, not
 * returned. Anything else is a failure of our own and ends the run.
 */
#ifndef WW_CRAWLER_CRAWL_PARTS_H
#define WW_CRAWLER_CRAWL_PARTS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/limits.h"
#include "crawler/crawl.h"
#include "crawler/crawl_history.h"
#include "crawler/fetch.h"
#include "crawler/health.h"
#include "crawler/hosts.h"
#include "crawler/keep.h"
#include "crawler/workers.h"
#include "storage/store_entries.h"
#include "storage/store_feeds.h"
#include "storage/store_leases.h"
#include "storage/store_pages.h"

struct article;
struct feed;

/* The feeds of this run, as far as they are claimed: crawl_claims.c. */
struct claiming {
    struct feed_claim_range range; /* behind the last one */
    int64_t due_by;
    int64_t *taken;   /* a table of their ids; NULL: none are claimed, or all that were to be */
    size_t n;         /* claimed */
    size_t n_waiting; /* hosts with one that wait for their first moment */
    uint64_t turn;    /* of the store's claims, as the run began */
    bool is_far;      /* at those that are due in a far future */
    bool is_out;      /* there was no more */
    int64_t again_ms; /* when it is looked again; 0: it was not out yet */
};

enum job_kind { JOB_FEED, JOB_PAGE, JOB_LOOK, JOB_ROBOTS, JOB_LIST, JOB_COPY };

struct job {
    struct host_job link; /* first: queues hand it back as this */
    enum job_kind kind;
    int64_t id;             /* of feed, page, list or find; a look's is its page's */
    char *url;              /* to ask next: redirects change it */
    struct host *host;      /* of url */
    struct host *origin;    /* of the address it began with */
    struct host *authority; /* robots: the one it is about, whatever host a redirect leads to */
    unsigned n_redirects;
    bool is_permanent;    /* all of them 301 or 308 */
    bool is_conditional;  /* validators were sent */
    bool is_full;         /* none were, though there are some: to be sure */
    bool is_astray;       /* nor could be, at another address than that which gave them */
    unsigned n_deaths;    /* workers it cost in this run */
    bool was_asked_again; /* because of us */
    int64_t asked_at, asked_ms;
    struct arena arena; /* rows, requests and answers of this job */
    struct feed_row feed;
    uint64_t feed_reading; /* where and how it was when its first request went out */
    struct page_row page;
    struct entry_row entry; /* that announced the page */
    struct list_row list;   /* of a backfill */
    struct find_row find;   /* a backfill's, of the page */
    struct list_question question;
    struct finds_pieces pieces; /* of the list, as it is read */
    struct slice piece;         /* that a worker has, or is to get */
    struct arena piece_arena;   /* of what one piece names */
    bool is_last_piece;
    struct buf piece_room;
    struct slice copy_type, copy_head; /* of the page in an archive's record */
    int64_t n_found_before;            /* of the list, before this answer */
    size_t n_lists_left_out;           /* that it leads to, and nobody will read */
    bool is_archive;                   /* its host is asked as one */
    bool is_refused;                   /* and asks for a pause */
    struct fetch_answer answer;
    struct job *next_to_parse;
    bool is_open;         /* asked, and what comes of it is not stored: its origin stays leased */
    uint64_t claims_turn; /* of the store, as it was asked first */
    struct job *before, *after; /* in the list of all */
};

/* A failure that may be the network's between us and everybody: judged at the end of the run. */
struct blame {
    enum job_kind kind;
    int64_t id;
    struct host *host, *origin;
    bool is_permanent;
    uint64_t feed_reading;
    long http_status;
    struct fetch_answer answer; /* without its body; error: why it failed */
};

struct crawl {
    const struct crawl_options *options;
    struct store *store;
    struct workers *workers;
    struct clock *clock;
    const struct log *log;
    struct crawl_summary *summary;
    struct hosts *hosts;
    struct claiming claiming;
    int64_t away_since_ms; /* since then only hosts of other machines are left; 0: others are */
    int64_t held_up_ms;    /* until then the store kept us waiting for long; 0: it never did */
    struct fetch *fetch;
    struct keeper *keeper;
    char user_agent[256];
    struct buf request; /* for the workers */
    struct job *jobs;   /* all that were begun */
    struct job *first_to_parse, *last_to_parse;
    struct job *parsing[WORKERS_MAX]; /* those a worker has; the index is the worker's id of it */
    size_t n_to_parse, bytes_to_parse, n_parsing;
    struct blame *blames;
    size_t n_blames, blames_capacity;
    size_t n_genuine, n_diverted; /* hosts, so far */
    size_t n_page_jobs;           /* of this run, done or not */
    int64_t looks_end_ms;         /* no look begins after it */
    int64_t stopped_ms;           /* when it was seen that this is to end; 0: not yet */
    int64_t begun_writing_ms;     /* of the open transaction */
    size_t n_unsaved;             /* jobs that ended within the open transaction */
};

/* ---- crawl_jobs.c --------------------------------------------------------------------------- */

enum ww_status crawl_load_pages(struct crawl *c, struct ww_error *err);

/* In the queue of its host; authority: the host that a robots.txt is about. */
enum ww_status crawl_add_job(struct crawl *c, enum job_kind kind, int64_t id, struct slice url,
                             bool is_first, struct host *authority, struct ww_error *err);
/* What hosts_next gave: its turn has come. */
enum ww_status crawl_begin_job(struct crawl *c, struct host_job *link, struct job **out,
                               struct ww_error *err);
/* All that still waits; it stays due. */
void crawl_drop_tickets(struct crawl *c);
void crawl_drop_ticket(struct crawl *c, struct host_job *link);
bool crawl_is_feed_ticket(const struct host_job *link, int64_t *id);
void crawl_drop_job(struct crawl *c, struct job *job);

/* ---- crawl_answer.c ------------------------------------------------------------------------- */

/* Its job is over behind it, unless it went on. */
enum ww_status crawl_take_answer(struct crawl *c, struct fetch_answer *answer,
                                 struct ww_error *err);

/* ---- crawl_claims.c ------------------------------------------------------------------------- */

/* Who claims, and what a dead one of that name left behind is let go. */
enum ww_status crawl_claims_open(struct crawl *c, struct ww_error *err);
/* Feeds and hosts are let go, unless hosts_save and crawl_claims_settle have done it. */
void crawl_claims_close(struct crawl *c, bool is_settled);
/* The feeds that are due now, as many as are wanted; then more, as they go. */
enum ww_status crawl_load_feeds(struct crawl *c, struct ww_error *err);
enum ww_status crawl_claim_feeds(struct crawl *c, struct ww_error *err);
/* There are feeds that this run has not looked at; and it would claim some of them now. */
bool crawl_has_unclaimed(const struct crawl *c);
bool crawl_wants_feeds(const struct crawl *c);
/* It was claimed and not asked: this run may claim it once more. */
void crawl_give_up_feed(struct crawl *c, int64_t id);
/*
 * Before a request of this busy host: *goes is false when it cannot be now, because another machine
 * asks it or did so a moment ago. The job went back into its queue then, or a feed to the others.
 */
enum ww_status crawl_lease_host(struct crawl *c, struct host *host, struct host_job *link,
                                bool *goes, struct ww_error *err);
/*
 * A job that cannot begin now goes back into its queue, for wait_ms; a host that is shared with a
 * run is free meanwhile.
 */
enum ww_status crawl_put_back(struct crawl *c, struct host *host, struct host_job *link,
                              int64_t wait_ms, struct ww_error *err);
/* Only hosts of other machines are left: is it worth while to wait on? */
bool crawl_waits_for_others(struct crawl *c);
/* The job is asked, and it is over. */
void crawl_open_work(struct crawl *c, struct job *job);
void crawl_close_work(struct job *job);
/* Before a feed is asked: was its claim lost while it waited for its turn? */
enum ww_status crawl_owns_feed(struct crawl *c, const struct job *job, bool *out,
                               struct ww_error *err);
/* May what came be stored? False: the lease of its feed or host was lost meanwhile. */
enum ww_status crawl_owns(struct crawl *c, const struct job *job, bool *out, struct ww_error *err);

/* ---- crawl.c -------------------------------------------------------------------------------- */

/* Be in a transaction: it is committed within a moment, with what others add. */
enum ww_status crawl_write(struct crawl *c, struct ww_error *err);
enum ww_status crawl_commit(struct crawl *c, struct ww_error *err);
/* It could not even be asked or parsed, for the reason why: the feed's or page's own fault. */
enum ww_status crawl_fail(struct crawl *c, struct job *job, const struct ww_error *why,
                          struct ww_error *err);

/* ---- crawl_parse.c -------------------------------------------------------------------------- */

/* Its body waits for a worker, and feed_parsed or page_parsed is called with what that says. */
void crawl_parse(struct crawl *c, struct job *job);
/* To the workers, as much as they and their memory can take. */
enum ww_status crawl_submit(struct crawl *c, struct ww_error *err);
/* What a worker said, to the file that asked. */
enum ww_status crawl_take_parsed(struct crawl *c, const struct workers_answer *answer,
                                 struct ww_error *err);

/* ---- crawl_robots.c ------------------------------------------------------------------------- */

enum robots_gate {
    ROBOTS_ALLOWS,
    ROBOTS_FORBIDS,
    ROBOTS_IS_ASKED, /* the page is parked until it is known */
    ROBOTS_IS_SILENT /* it cannot be had in this run: leave the page for the next */
};

/* May this page be asked? */
enum ww_status robots_gate(struct crawl *c, struct job *job, enum robots_gate *gate,
                           struct ww_error *err);
enum ww_status robots_answered(struct crawl *c, struct job *job, struct ww_error *err);
/* The answer is not ours to store: who waits for it goes back into the queue, and asks anew. */
enum ww_status robots_lost(struct crawl *c, struct job *job, struct ww_error *err);

/* ---- crawl_feed.c --------------------------------------------------------------------------- */

/* Fill the request; *goes is false when the feed is no longer to be asked. */
enum ww_status feed_prepare(struct crawl *c, struct job *job, struct fetch_request *request,
                            bool *goes, struct ww_error *err);
enum ww_status feed_answered(struct crawl *c, struct job *job, bool *is_over, struct ww_error *err);
void feed_question(struct crawl *c, struct job *job);
enum ww_status feed_parsed(struct crawl *c, struct job *job, const struct workers_answer *answer,
                           struct ww_error *err);
/* Their fault: counted, and asked later. job is NULL when there was no answer. */
enum ww_status feed_failed(struct crawl *c, int64_t feed_id, struct job *job,
                           const struct ww_error *why, struct ww_error *err);

/* ---- crawl_poll.c --------------------------------------------------------------------------- */

/* The validators to send, if any, at this step of a redirect. */
void poll_prepare(struct crawl *c, struct job *job, struct fetch_request *request);
/* Two answers with the same bytes, of one address, are one answer. */
int64_t poll_body_hash(const struct job *job);
/* After 200 that came whole, in the transaction of its entries; after 304. */
void poll_take_validators(struct crawl *c, struct job *job, bool has_news);
void poll_renew_validators(struct job *job);
/* What the feed says of when to ask, and how often it has news. */
enum ww_status poll_learn(struct crawl *c, struct job *job, const struct feed *feed, bool has_news,
                          struct ww_error *err);
/* The polling part of job->feed after a good answer, and after a bad one. */
void poll_succeeded(struct crawl *c, struct job *job, bool has_news);
int64_t poll_retry_at(const struct crawl *c, const struct feed_row *feed, struct job *job);
/* Count a lasting redirect; believed at last, the feed has its new address. *message: what to say.
 * To be called before the check is written. */
enum ww_status poll_follow_move(struct crawl *c, struct job *job, struct slice *message,
                                struct ww_error *err);
/* Status line and the headers that matter, one a line, safe to show; empty when none came. */
struct slice poll_said(const struct fetch_answer *answer, struct arena *arena);

/* ---- crawl_blame.c -------------------------------------------------------------------------- */

/* What is known of the host of a feed or page that is about to be asked. */
void blame_recall(struct job *job);
/* One that is followed; of the other 3xx each is an answer of its own. */
bool crawl_is_redirect(long http_status);
/* What an answer says of the host that gave it. */
void blame_learn(struct crawl *c, struct host *host, const struct fetch_answer *answer);
/* The proxy's own failure, as far as that can be told. */
bool blame_is_gateway(const struct crawl *c, const struct fetch_answer *answer);
/* The feed is what it should be: nobody else answers like that. */
void blame_nobody(struct crawl *c, struct job *job);
/*
 * A feed or page that failed: what may be our network's fault is settled at the end of the run, all
 * else now.
 */
enum ww_status blame_feed(struct crawl *c, struct job *job, const struct ww_error *why,
                          struct ww_error *err);
enum ww_status blame_page(struct crawl *c, struct job *job, long http_status,
                          const struct ww_error *why, struct ww_error *err);
/* A redirect leads from one host to another. */
void blame_follow(struct host *from, struct host *to);
/* So far nobody was himself, and this may be the answer that all others got: not to be believed. */
bool blame_suspects_portal(const struct crawl *c, const struct job *job);
/* The end of the run: who is blamed, and summary->outage. */
enum ww_status blame_settle(struct crawl *c, struct ww_error *err);
void blame_release(struct crawl *c);

/* ---- crawl_health.c ------------------------------------------------------------------------- */

/* One more failure in a row; job is NULL when there was no answer. */
void health_count(struct feed_row *feed, const struct job *job, const struct ww_error *why,
                  int64_t now);
/* The first reading: its last news is as old as its newest entry, if that says how old it is. */
void health_date_news(struct feed_row *row, const struct feed *feed);
/*
 * Store a check and its feed's polling part, judge how the feed is, and open, renew or end its
 * troubles; in the open transaction. feed->health is still that of the check before.
 */
enum ww_status health_keep(struct crawl *c, const struct feed_row *feed,
                           struct feed_check_row *check, struct ww_error *err);

/* ---- crawl_entries.c ------------------------------------------------------------------------ */

/*
 * Store what the feed announces and queue the pages of what is new; in the open transaction.
 * n_listed: entries of the document, of which those of feed may be a part.
 */
enum ww_status entries_keep(struct crawl *c, const struct job *job, const struct feed *feed,
                            size_t n_listed, int64_t *n_new, struct ww_error *err);

/*
 * Dates ahead of us are left out, as 0: the time we saw it counts then. So are those of 1970: what
 * programs make of no date.
 */
int64_t entries_believed(const struct date *date, int64_t now);

/*
 * When its feed says a page was published, for where the page does not. What makes it old is
 * believed of the feed's own site alone: no source may say of another's news that they are history.
 */
struct date entries_announced(const struct entry_row *entry, struct slice feed_url,
                              struct slice page_url, int64_t seen_at, int64_t now,
                              struct arena *arena);

/* What it calls a page; empty when it is the text of a link that may be "Read more". */
struct slice entries_headline(const struct entry_row *entry, const struct feed_row *feed);

/* ---- crawl_sources.c ------------------------------------------------------------------------ */

/*
 * Of all a sitemap or a page lists, what is news: *news is feed with those entries alone. Marks the
 * rest as seen, in the open transaction. *is_all is false when some were too many for now and are
 * news still; *note stays as it is unless there is something to say.
 */
enum ww_status sources_pick(struct crawl *c, struct job *job, const struct feed *feed,
                            struct feed *news, bool *is_all, struct slice *note,
                            struct ww_error *err);

/* ---- crawl_children.c ----------------------------------------------------------------------- */

/* Follow what the index names, and what it names no longer no more; in the open transaction. */
enum ww_status children_keep(struct crawl *c, struct job *job, const struct feed *index,
                             struct slice *note, struct ww_error *err);

/* ---- crawl_announced.c ---------------------------------------------------------------------- */

/*
 * A page that is given up for good: what its feed said of it is its article, if that is a text.
 * Sets page->article_id; in the open transaction.
 */
enum ww_status announced_keep(struct crawl *c, struct page_row *page, struct arena *arena,
                              struct ww_error *err);
/* The feed of a page; for a sitemap that an index named, what a person said of the index counts. */
enum ww_status announced_speaker(struct crawl *c, const struct page_row *page, struct arena *arena,
                                 struct feed_row *out, struct ww_error *err);
/*
 * Older than first-read when its page was found: as it says itself, else the feed, which may know
 * when it was changed alone.
 */
bool announced_is_old(const struct crawl *c, const struct entry_row *entry,
                      const struct page_row *page, const struct date *published);
/* Of the pages that a feed held when it was first read, those are news that are not old. */
bool announced_is_history(const struct crawl *c, const struct entry_row *entry,
                          const struct page_row *page, const struct date *published);

/* ---- crawl_page.c --------------------------------------------------------------------------- */

#define PAGE_TYPES "text/html, application/xhtml+xml;q=0.9, text/plain;q=0.5, */*;q=0.1"

enum ww_status page_prepare(struct crawl *c, struct job *job, struct fetch_request *request,
                            bool *goes, struct ww_error *err);
enum ww_status page_answered(struct crawl *c, struct job *job, bool *is_over, struct ww_error *err);
/* What is known of job->page beside it: the entry that announced it, and its feed. */
enum ww_status page_recall(struct crawl *c, struct job *job, struct ww_error *err);
/* Is it of a kind that may hold an article? */
bool page_is_readable(const struct fetch_answer *answer);
enum ww_status page_question(struct crawl *c, struct job *job, struct ww_error *err);
/*
 * The transaction of what a page brought, with its row as it stands in it: a feed may have
 * announced the page since it was asked. job->page is that row.
 */
enum ww_status page_begin(struct crawl *c, struct job *job, struct ww_error *err);
/* The page is done, as answered: its row, and every entry that announced it; in the open
 * transaction. */
enum ww_status page_finish(struct crawl *c, struct job *job, int64_t article_id,
                           struct ww_error *err);
enum ww_status page_parsed(struct crawl *c, struct job *job, const struct workers_answer *answer,
                           struct ww_error *err);
/* Their fault: counted, and tried again or given up. */
enum ww_status page_failed(struct crawl *c, int64_t page_id, long http_status,
                           const struct ww_error *why, struct ww_error *err);
/* Never to be fetched: robots.txt, address, kind of document. */
enum ww_status page_refused(struct crawl *c, int64_t page_id, long http_status,
                            const struct ww_error *why, struct ww_error *err);

/* ---- crawl_look.c --------------------------------------------------------------------------- */

/* What is due of pages that matter; when all else is done. */
enum ww_status looks_load(struct crawl *c, struct ww_error *err);
/* A look for which there is no time left in this run. */
bool look_is_late(const struct crawl *c, const struct job *job);
enum ww_status look_prepare(struct crawl *c, struct job *job, struct fetch_request *request,
                            bool *goes, struct ww_error *err);
enum ww_status look_answered(struct crawl *c, struct job *job, bool *is_over, struct ww_error *err);
enum ww_status look_parsed(struct crawl *c, struct job *job, const struct workers_answer *answer,
                           struct ww_error *err);
/* WW_NOT_FOUND: the page is not there, and the message says how. Else: for now. */
enum ww_status look_failed(struct crawl *c, int64_t page_id, const struct ww_error *why,
                           struct ww_error *err);
/*
 * A page was fetched anew because its feed says that it has changed: as good as a look, if one is
 * due. older_id: the version there was. In the open transaction.
 */
enum ww_status look_fetched(struct crawl *c, struct job *job, const struct article *article,
                            int64_t older_id, const struct kept *kept, struct ww_error *err);

/* ---- crawl_history.c ------------------------------------------------------------------------ */

/* Lists and finds that are due, into the queues of their hosts. */
enum ww_status history_load(struct crawl *c, struct ww_error *err);
/* No more requests in this round. */
bool history_is_spent(const struct crawl *c);
/* Not while a run goes on, outside of the hours, or before what a run did was read: else when. */
bool history_may_ask(struct crawl *c, const struct job *job, int64_t *wait_ms);
/* The pause an archive wants, or the longer one that was ordered. */
int64_t history_pause(const struct crawl *c, int64_t least_ms);
/* An archive that does not want to be asked now: its host is held. False: it is no such answer. */
bool history_learn(struct crawl *c, struct job *job);
enum ww_status list_prepare(struct crawl *c, struct job *job, struct fetch_request *request,
                            bool *goes, struct ww_error *err);
enum ww_status list_answered(struct crawl *c, struct job *job, bool *is_over, struct ww_error *err);
/* The next piece of it. */
void list_question(struct crawl *c, const struct job *job);
enum ww_status list_parsed(struct crawl *c, struct job *job, const struct workers_answer *answer,
                           bool *is_over, struct ww_error *err);
/* Their fault: counted, and tried again or given up. */
enum ww_status list_failed(struct crawl *c, int64_t list_id, long http_status,
                           const struct ww_error *why, struct ww_error *err);
/* A page has left the queue: so do the finds of this backfill that waited for it. */
enum ww_status history_page_settled(struct crawl *c, const struct page_row *page, bool is_new,
                                    struct ww_error *err);
/* A page whose site does not answer at all: the copies of it are asked for in this round. */
enum ww_status history_turn_to_copy(struct crawl *c, const struct job *job, struct ww_error *err);
/* What a list says of job->page: job->find. */
enum ww_status history_recall(struct crawl *c, struct job *job, struct ww_error *err);

/* ---- crawl_copy.c --------------------------------------------------------------------------- */

enum ww_status copy_prepare(struct crawl *c, struct job *job, struct fetch_request *request,
                            bool *goes, struct ww_error *err);
enum ww_status copy_answered(struct crawl *c, struct job *job, bool *is_over, struct ww_error *err);
enum ww_status copy_question(struct crawl *c, struct job *job, struct ww_error *err);
enum ww_status copy_parsed(struct crawl *c, struct job *job, const struct workers_answer *answer,
                           struct ww_error *err);
enum ww_status copy_failed(struct crawl *c, int64_t find_id, const struct ww_error *why,
                           struct ww_error *err);

#endif
