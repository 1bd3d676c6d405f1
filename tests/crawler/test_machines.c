/*
 * Two machines at one store: what each asks, that no page is asked twice and no host too fast, and
 * that what came too late is not stored.
 */
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "crawler/history/history.h"
#include "crawler/parse.h"
#include "storage/rows.h"
#include "storage/store_articles.h"
#include "storage/store_hosts.h"
#include "storage/store_leases.h"
#include "storage/store_pages.h"
#include "tests/support/pool.h"
#include "tests/support/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define N_SITES 8
#define PAGES_A_SITE 2
#define SHARED "127.21.1.1" /* every feed names a page there */
#define DELAY_MS 300
#define LEAST_MS 180 /* requests of two processes come in as the machine allows */
#define ROUNDS_MAX 4
#define TRIES_MAX 3
/* Time for the other to come to its turn. */
#define FEED_TAKES_MS 200

/* ---- the other machine ----------------------------------------------------------------------- */

struct order {
    char path[TEST_ADDRESS_BYTES], archive[TEST_ADDRESS_BYTES];
    struct crawl_options options; /* its addresses are the child's own */
    int64_t now;
    struct clock clock; /* of both: two that are made apart may differ by a second */
};

struct report {
    enum ww_status status;
    struct crawl_summary summary;
    struct ww_error err;
};

static int to_other, from_other; /* pipes */

static void crawl_elsewhere(const struct order *o, int reports, struct report *r)
{
    const struct store_options options = {.path = o->path,
                                          .archive = o->archive,
                                          .lock_wait_ms = 20000,
                                          .now = o->now,
                                          .machine = "eiger"};
    struct crawl_options crawl = o->options;
    struct clock clock = o->clock;
    struct address_range loopback;
    struct store *store = NULL;

    *r = (struct report){.status = address_parse_range(SLICE("127.0.0.0/8"), &loopback, NULL)};
    crawl.contact = "test@example.org";
    crawl.allowed = &loopback;
    if (r->status == WW_OK)
        r->status = store_open(&options, &store, &r->err);
    if (write(reports, "!", 1) == 1 && r->status == WW_OK) /* both begin now */
        r->status = crawl_run(&crawl, store, pool_workers(), &clock, NULL, &r->summary, &r->err);
    store_close(store);
}

/* Made before anything else is open; ends when its orders do. */
static pid_t start_other(worker_function *run)
{
    int orders[2], reports[2];
    struct order o;
    struct report r;
    pid_t child;

    if (pipe(orders) != 0 || pipe(reports) != 0)
        return -1;
    child = fork();
    if (child != 0) {
        (void)close(orders[0]);
        (void)close(reports[1]);
        to_other = orders[1];
        from_other = reports[0];
        return child;
    }
    (void)close(orders[1]);
    if (!pool_start(run, 1))
        _exit(1);
    while (read(orders[0], &o, sizeof(o)) == (ssize_t)sizeof(o)) {
        crawl_elsewhere(&o, reports[1], &r);
        if (write(reports[1], &r, sizeof(r)) != (ssize_t)sizeof(r))
            break;
    }
    pool_stop();
    _exit(0);
}

/* ---- the sites ------------------------------------------------------------------------------- */

static void serve(void *context, const struct http_request *request, struct http_answer *answer)
{
    const struct timespec pause = {0, FEED_TAKES_MS * 1000000L};
    const struct world *w = context;
    struct buf b;
    int site;

    if (sscanf(request->path, "/feed/%d", &site) != 1) {
        world_serve_article(context, request, answer);
        return;
    }
    (void)nanosleep(&pause, NULL);
    buf_init(&b, 1 << 20);
    buf_add_string(&b, "<rss version=\"2.0\"><channel><title>Town</title>");
    for (int i = 0; i < PAGES_A_SITE; i++)
        buf_printf(&b, "<item><title>t</title><link>http://%s:%u/site-%d/page-%d</link></item>",
                   request->address, w->port, site, i);
    buf_printf(&b, "<item><title>t</title><link>http://%s:%u/shared-%d</link></item>", SHARED,
               w->port, site);
    buf_add_string(&b, "</channel></rss>");
    answer->status = 200;
    answer->type = "application/rss+xml";
    answer->body_len = b.len;
    answer->body = malloc(b.len);
    if (answer->body != NULL)
        memcpy(answer->body, buf_slice(&b).ptr, b.len);
    buf_release(&b);
}

static void open_sites(struct world *w)
{
    static char names[N_SITES][16];
    const char *hosts[N_SITES + 1] = {SHARED};
    char path[16];

    for (int i = 0; i < N_SITES; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "127.21.0.%d", i + 1);
        hosts[i + 1] = names[i];
    }
    world_open(w, hosts, WW_COUNT(hosts));
    http_server_handle(w->http, serve, w);
    for (int i = 0; i < N_SITES; i++) {
        (void)snprintf(path, sizeof(path), "/feed/%d", i);
        (void)world_add_feed(w, hosts[i + 1], path);
    }
    w->options.host_delay_ms = DELAY_MS;
    w->options.claims_ahead = w->options.in_flight_max = 2;
}

static size_t count_queued(struct world *w)
{
    const struct page_filter filter = {.has_state = true, .state = PAGE_STATE_QUEUED};
    struct page_list list = {0};

    assert_int_equal(store_list_pages(w->t.store, &filter, &w->t.arena, &list, NULL), WW_OK);
    return list.n_rows;
}

/* Both at once; *theirs: requests of the other. */
static void crawl_both(struct world *w, int64_t now, int64_t *ours, int64_t *theirs)
{
    struct order o = {.options = w->options, .now = now, .clock = clock_started_at(now)};
    struct report r;
    char begun;

    (void)snprintf(o.path, sizeof(o.path), "%s", w->t.path);
    (void)snprintf(o.archive, sizeof(o.archive), "%s/warc", w->t.folder);
    assert_int_equal(write(to_other, &o, sizeof(o)), sizeof(o));
    assert_int_equal(read(from_other, &begun, 1), 1);
    if (world_crawl_by(w, &o.clock) != WW_OK)
        fail_msg("fuji: %s", w->err.message);
    assert_int_equal(read(from_other, &r, sizeof(r)), sizeof(r));
    if (r.status != WW_OK)
        fail_msg("eiger: %s", r.err.message);
    *ours += w->summary.n_requests;
    *theirs += r.summary.n_requests;
}

/* ---- what the server saw --------------------------------------------------------------------- */

static void look_at_log(struct world *w)
{
    struct http_request a, b;
    const size_t n = http_server_n_requests(w->http);

    for (size_t i = 0; i < n; i++) {
        assert_true(http_server_request(w->http, i, &a));
        for (size_t k = i + 1; k < n; k++) {
            assert_true(http_server_request(w->http, k, &b));
            if (strcmp(a.host, b.host) != 0)
                continue;
            if (b.at_ms - a.at_ms < LEAST_MS)
                fail_msg("%s%s came %lld ms after %s", b.host, b.path,
                         (long long)(b.at_ms - a.at_ms), a.path);
            if (strcmp(a.path, b.path) == 0)
                fail_msg("%s%s was asked twice", a.host, a.path);
        }
        assert_int_equal(http_server_peak(w->http, a.host), 1);
    }
}

static void assert_nothing_is_claimed(struct world *w)
{
    const struct feed_filter filter = {0};
    struct feed_list feeds = {0};

    assert_int_equal(store_list_feeds(w->t.store, &filter, &w->t.arena, &feeds, NULL), WW_OK);
    assert_int_equal(feeds.n_rows, N_SITES);
    for (size_t i = 0; i < feeds.n_rows; i++) {
        assert_int_equal(feeds.rows[i].claimed_by.len, 0);
        assert_int_not_equal(feeds.rows[i].last_ok_at, 0);
    }
}

/* All of it, once; whether each had its share. */
static bool share_the_work(void)
{
    const struct article_filter filter = {0};
    struct article_list articles = {0};
    struct world w;
    int64_t ours = 0, theirs = 0;
    int round = 0;

    open_sites(&w);
    do
        crawl_both(&w, TEST_NOW + round * 60, &ours, &theirs);
    while (count_queued(&w) > 0 && ++round < ROUNDS_MAX);
    assert_int_equal(count_queued(&w), 0);
    look_at_log(&w);
    assert_nothing_is_claimed(&w);
    assert_int_equal(store_list_articles(w.t.store, &filter, &w.t.arena, &articles, NULL), WW_OK);
    assert_int_equal(articles.n_rows, N_SITES * (PAGES_A_SITE + 1));
    print_message("%lld and %lld requests, %d rounds\n", (long long)ours, (long long)theirs,
                  round + 1);
    world_close(&w);
    return ours >= (ours + theirs) / 5 && theirs >= (ours + theirs) / 5;
}

static void two_machines_share_the_work(void **state)
{
    bool is_shared = false;

    WW_UNUSED(state);
    /* A process that the machine leaves waiting for a second has less: so does not each, always. */
    for (int i = 0; i < TRIES_MAX && !is_shared; i++) {
        is_shared = share_the_work();
        /* Where one writes at a time, one may be kept waiting while the other takes all. */
        is_shared |= test_store_is_file();
    }
    assert_true(is_shared);
}

/* ---- a lease that was lost ------------------------------------------------------------------- */

/* What the shell could not take; counted in the server's threads, which cannot fail a test. */
static atomic_int n_not_taken;

/* This machine is not heard of for a minute, and another takes what it had. */
static void take_away(struct world *w, const char *sql)
{
    char path[TEST_ADDRESS_BYTES];
    int status = -1;
    pid_t child;

    (void)snprintf(path, sizeof(path), "%s", w->t.path);
    child = fork();
    if (child == 0) {
        (void)execlp("sqlite3", "sqlite3", "-cmd", ".timeout 15000", path, sql, (char *)NULL);
        _exit(127);
    }
    if (waitpid(child, &status, 0) != child || status != 0)
        n_not_taken++;
    store_claimant(w->t.store)->renewed_ms -= 60000;
}

static void close_taken(struct world *w)
{
    assert_int_equal(n_not_taken, 0);
    world_close(w);
}

/* While a feed is asked. */
static void steal(void *context, const struct http_request *request, struct http_answer *answer)
{
    serve(context, request, answer);
    if (strncmp(request->path, "/feed/", 6) == 0)
        take_away(context,
                  "UPDATE feed SET claimed_by = 'eiger/run', claimed_until = unixepoch() + 60");
}

/* And then the other dies, which is noticed a moment later. */
static void steal_and_die(void *context, const struct http_request *request,
                          struct http_answer *answer)
{
    serve(context, request, answer);
    if (strcmp(request->path, "/feed/0") == 0)
        take_away(context, "UPDATE feed SET claimed_by = 'eiger/run', claimed_until = unixepoch()"
                           " + 1 WHERE url LIKE '%/feed/_'");
}

static int n_rules_asked;

/* While the rules of a host are asked, and another asked it meanwhile and was done. */
static void steal_host(void *context, const struct http_request *request,
                       struct http_answer *answer)
{
    serve(context, request, answer);
    if (strcmp(request->path, "/robots.txt") == 0 && strcmp(request->address, SHARED) == 0 &&
        n_rules_asked++ == 0)
        take_away(context, "UPDATE host SET claimed_by = 'eiger/run', claimed_until = 0"
                           " WHERE host = '" SHARED "'");
}

static void what_is_lost_is_not_stored(void **state)
{
    static const char *const hosts[] = {"127.21.0.1", SHARED};
    struct world w;
    struct feed_row feed;
    int64_t id, waiting;

    WW_UNUSED(state);
    TEST_NEEDS_FILE("the claim is taken with the shell of SQLite");
    world_open(&w, hosts, WW_COUNT(hosts));
    http_server_handle(w.http, steal, &w);
    id = world_add_feed(&w, hosts[0], "/feed/0");
    waiting = world_add_feed(&w, hosts[0], "/feed/1"); /* for its host's next turn */
    assert_int_equal(world_crawl(&w, TEST_NOW), WW_OK);
    feed = world_feed(&w, id);
    assert_int_equal(w.summary.n_requests, 1);
    assert_int_equal(w.summary.n_entries_new, 0);
    assert_int_equal(feed.last_checked_at, 0);
    assert_true(slice_equal(feed.claimed_by, SLICE("eiger/run")));
    feed = world_feed(&w, waiting);
    assert_int_equal(feed.last_checked_at, 0);
    assert_true(slice_equal(feed.claimed_by, SLICE("eiger/run")));
    /* It is eiger's, and nobody asks it here; nor do we wait for him. */
    assert_int_equal(world_crawl(&w, TEST_NOW + 60), WW_OK);
    assert_int_equal(w.summary.n_requests, 0);
    close_taken(&w);
}

/* What another had taken and left behind is asked in this run, as long as it goes on anyway. */
static void what_comes_back_is_asked(void **state)
{
    static const char *const hosts[] = {"127.21.0.1", SHARED};
    struct world w;
    int64_t waiting;

    WW_UNUSED(state);
    TEST_NEEDS_FILE("the claim is taken with the shell of SQLite");
    world_open(&w, hosts, WW_COUNT(hosts));
    http_server_handle(w.http, steal_and_die, &w);
    w.options.host_delay_ms = 1600;
    w.options.claims_ahead = 4;
    (void)world_add_feed(&w, hosts[0], "/feed/0");
    waiting = world_add_feed(&w, hosts[0], "/feed/1");
    (void)world_add_feed(&w, hosts[1], "/feed/10"); /* its pages keep the run going */
    assert_int_equal(world_crawl(&w, TEST_NOW), WW_OK);
    assert_int_not_equal(world_feed(&w, waiting).last_ok_at, 0);
    close_taken(&w);
}

/* The pages that waited for them are not left lying until the run ends. */
static void rules_that_are_lost_are_asked_again(void **state)
{
    static const char *const hosts[] = {"127.21.0.1", SHARED};
    struct world w;

    WW_UNUSED(state);
    TEST_NEEDS_FILE("the claim is taken with the shell of SQLite");
    world_open(&w, hosts, WW_COUNT(hosts));
    http_server_handle(w.http, steal_host, &w);
    (void)world_add_feed(&w, hosts[0], "/feed/0");
    assert_int_equal(world_crawl(&w, TEST_NOW), WW_OK);
    assert_int_equal(n_rules_asked, 2);
    assert_int_equal(count_queued(&w), 0);
    close_taken(&w);
}

/* ---- a backfill that another machine took over ------------------------------------------------
 */

#define N_OLD_PAGES 60

static void serve_past(void *context, const struct http_request *request,
                       struct http_answer *answer)
{
    const struct world *w = context;
    struct buf b;

    if (strncmp(request->path, "/old-1", 6) == 0)
        take_away(context, "UPDATE backfill SET claimed_by = 'eiger/backfill',"
                           " claimed_until = unixepoch() + 60");
    if (strcmp(request->path, "/sitemap.xml") != 0) {
        world_serve_article(context, request, answer);
        return;
    }
    buf_init(&b, 1 << 20);
    buf_add_string(&b, "<urlset>");
    for (int i = 0; i < N_OLD_PAGES; i++)
        buf_printf(&b, "<url><loc>http://%s:%u/old-%d</loc></url>", request->address, w->port, i);
    buf_add_string(&b, "</urlset>");
    answer->status = 200;
    answer->type = "application/xml";
    answer->body_len = b.len;
    answer->body = malloc(b.len);
    if (answer->body != NULL)
        memcpy(answer->body, buf_slice(&b).ptr, b.len);
    buf_release(&b);
}

/* The one who lost it stores nothing more, and asks nothing more. */
static void a_backfill_that_was_taken_over_ends(void **state)
{
    static const char *const hosts[] = {"127.21.0.1"};
    const struct article_filter filter = {.window = {.limit = 1000}};
    struct article_list articles = {0};
    struct clock clock = clock_started_at(TEST_NOW);
    struct history_options options = {0};
    struct backfill_row words = {.source = SLICE("sitemap")}, order;
    struct world w;
    char target[64];
    bool is_known, is_others;

    WW_UNUSED(state);
    TEST_NEEDS_FILE("the claim is taken with the shell of SQLite");
    world_open(&w, hosts, WW_COUNT(hosts));
    http_server_handle(w.http, serve_past, &w);
    w.options.host_delay_ms = 50;
    options.crawl = &w.options;
    (void)snprintf(target, sizeof(target), "http://%s:%u/sitemap.xml", hosts[0], w.port);
    words.target = slice_from(target);
    assert_int_equal(
        history_begin(&options, w.t.store, &clock, &words, &w.t.arena, &order, &is_known, &w.err),
        WW_OK);
    assert_int_equal(history_take(w.t.store, order.id, &w.t.arena, &order, &is_others, &w.err),
                     WW_OK);
    assert_int_equal(history_run(&options, w.t.store, pool_workers(), &clock, NULL, &order, &w.err),
                     WW_CONFLICT);
    assert_non_null(strstr(w.err.message, "another machine works on"));
    assert_int_equal(store_list_articles(w.t.store, &filter, &w.t.arena, &articles, NULL), WW_OK);
    print_message("%zu articles, %zu requests\n", articles.n_rows, http_server_n_requests(w.http));
    assert_true(articles.n_rows <= N_OLD_PAGES / 2);
    assert_true(http_server_n_requests(w.http) < N_OLD_PAGES);
    close_taken(&w);
}

/* The files of CC-NEWS lie on a host like others. */
static void news_wait_for_their_host(void **state)
{
    static const char *const hosts[] = {"127.21.0.1"};
    struct clock clock = clock_started_at(TEST_NOW);
    struct history_options options = {0};
    struct backfill_row words = {.source = SLICE("ccnews"),
                                 .target = SLICE("paper.example"),
                                 .since_at = TEST_NOW - 86400,
                                 .until_at = TEST_NOW},
                        order;
    struct host_row host;
    struct http_request request;
    struct world w;
    char base[64];
    bool is_known, is_mine, is_others;

    WW_UNUSED(state);
    TEST_NEEDS_FILE("the claim is taken with the shell of SQLite");
    world_open(&w, hosts, WW_COUNT(hosts));
    options.crawl = &w.options;
    (void)snprintf(base, sizeof(base), "http://%s:%u", hosts[0], w.port);
    options.bases.commoncrawl_data = slice_from(base);
    assert_int_equal(
        history_begin(&options, w.t.store, &clock, &words, &w.t.arena, &order, &is_known, &w.err),
        WW_OK);
    store_claim_as(w.t.store, "run");
    assert_int_equal(store_claim_host(w.t.store, slice_from(hosts[0]), TEST_NOW, 0, &w.t.arena,
                                      &host, &is_mine, &w.err),
                     WW_OK);
    take_away(&w, "UPDATE host SET claimed_by = 'eiger/run', claimed_until = unixepoch() + 3");
    store_claim_as(w.t.store, NULL);
    assert_int_equal(history_take(w.t.store, order.id, &w.t.arena, &order, &is_others, &w.err),
                     WW_OK);
    assert_int_equal(history_run(&options, w.t.store, pool_workers(), &clock, NULL, &order, &w.err),
                     WW_OK);
    assert_true(http_server_request(w.http, 0, &request));
    assert_true(clock_now(&clock) - TEST_NOW >= 2); /* whole seconds */
    assert_int_equal(store_host(w.t.store, slice_from(hosts[0]), &w.t.arena, &host, NULL), WW_OK);
    assert_true(host.last_start_at >= TEST_NOW + 2 && host.delay_ms >= 500);
    /* And then it is free. */
    store_claim_as(w.t.store, "run");
    assert_int_equal(store_claim_host(w.t.store, slice_from(hosts[0]), TEST_NOW, 0, &w.t.arena,
                                      &host, &is_mine, &w.err),
                     WW_OK);
    assert_true(is_mine);
    close_taken(&w);
}

/* Another's request to it holds for the pause that it was made with, not for ours alone. */
static void news_heed_the_pace_of_others(void **state)
{
    static const char *const hosts[] = {"127.21.0.1"};
    struct clock clock = clock_started_at(TEST_NOW);
    struct history_options options = {0};
    struct backfill_row words = {.source = SLICE("ccnews"),
                                 .target = SLICE("paper.example"),
                                 .since_at = TEST_NOW - 86400,
                                 .until_at = TEST_NOW},
                        order;
    struct host_row host;
    struct world w;
    char base[64];
    bool is_known, is_mine, is_others;

    WW_UNUSED(state);
    world_open(&w, hosts, WW_COUNT(hosts));
    options.crawl = &w.options;
    (void)snprintf(base, sizeof(base), "http://%s:%u", hosts[0], w.port);
    options.bases.commoncrawl_data = slice_from(base);
    assert_int_equal(
        history_begin(&options, w.t.store, &clock, &words, &w.t.arena, &order, &is_known, &w.err),
        WW_OK);
    store_claim_as(w.t.store, "run");
    assert_int_equal(store_claim_host(w.t.store, slice_from(hosts[0]), TEST_NOW, 0, &w.t.arena,
                                      &host, &is_mine, &w.err),
                     WW_OK);
    host.last_start_at = TEST_NOW;
    host.delay_ms = 3000;
    assert_int_equal(store_release_host(w.t.store, &host, &w.err), WW_OK);
    assert_int_equal(history_take(w.t.store, order.id, &w.t.arena, &order, &is_others, &w.err),
                     WW_OK);
    assert_int_equal(history_run(&options, w.t.store, pool_workers(), &clock, NULL, &order, &w.err),
                     WW_OK);
    assert_true(http_server_n_requests(w.http) > 0);
    assert_true(clock_now(&clock) - TEST_NOW >= 3);
    /* Ours is asked of whoever is next. */
    assert_int_equal(store_host(w.t.store, slice_from(hosts[0]), &w.t.arena, &host, NULL), WW_OK);
    assert_true(host.last_start_at >= TEST_NOW + 3 && host.delay_ms == CCNEWS_PAUSE_MS);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_machines_share_the_work),
        cmocka_unit_test(what_is_lost_is_not_stored),
        cmocka_unit_test(what_comes_back_is_asked),
        cmocka_unit_test(rules_that_are_lost_are_asked_again),
        cmocka_unit_test(a_backfill_that_was_taken_over_ends),
        cmocka_unit_test(news_wait_for_their_host),
        cmocka_unit_test(news_heed_the_pace_of_others),
    };
    const pid_t other = start_other(parse_run);
    int failed;

    if (other < 0 || !pool_start(parse_run, 2))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    (void)close(to_other);
    (void)waitpid(other, NULL, 0);
    return failed;
}
