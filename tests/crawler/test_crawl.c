/*
 * Pass 1 against real servers on loopback: what is asked, what is stored, and whose fault it is.
 * Different hosts are different addresses 127.x.y.z.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "crawler/parse.h"
#include "storage/store_articles.h"
#include "storage/store_entries.h"
#include "storage/store_hosts.h"
#include "storage/store_pages.h"
#include "storage/store_stories.h"
#include "tests/support/pool.h"
#include "tests/support/raw.h"
#include "tests/support/world.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#define HOUR 3600
#define DAY (24 * HOUR)
#define A "127.20.0.1"
#define B "127.20.0.2"

static void open_world(struct world *w)
{
    static const char *const hosts[] = {A, B};

    world_open(w, hosts, WW_COUNT(hosts));
}

static void route(struct world *w, struct http_route r)
{
    assert_true(http_server_route(w->http, &r));
}

static void assert_crawls(struct world *w, int64_t now)
{
    if (world_crawl(w, now) != WW_OK)
        fail_msg("the crawl failed: %s", w->err.message);
}

/* The only page with that path. */
static struct page_row read_page(struct world *w, const char *path)
{
    const struct page_filter filter = {0};
    struct page_list list = {0};

    assert_int_equal(store_list_pages(w->t.store, &filter, &w->t.arena, &list, NULL), WW_OK);
    for (size_t i = 0; i < list.n_rows; i++)
        if (slice_ends(list.rows[i].url, slice_from(path)))
            return list.rows[i];
    fail_msg("no page %s", path);
    return (struct page_row){0};
}

static size_t count_articles(struct world *w)
{
    const struct article_filter filter = {0};
    struct article_list list = {0};

    assert_int_equal(store_list_articles(w->t.store, &filter, &w->t.arena, &list, NULL), WW_OK);
    return list.n_rows;
}

/* An RSS feed that announces these paths of a host. */
static struct slice make_feed(struct world *w, const char *host, const char *const *paths)
{
    struct buf b;
    struct slice text;

    buf_init(&b, 1 << 20);
    buf_add_string(&b, "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>The Test "
                       "Courier</title>");
    for (size_t i = 0; paths[i] != NULL; i++)
        buf_printf(&b,
                   "<item><guid>%s</guid><title>About %s</title><link>http://%s:%u%s</link>"
                   "<description>A summary of %s.</description></item>",
                   paths[i], paths[i], host, w->port, paths[i], paths[i]);
    buf_add_string(&b, "</channel></rss>");
    text = arena_copy(&w->t.arena, buf_slice(&b));
    buf_release(&b);
    return text;
}

static struct slice make_page(struct world *w, const char *topic)
{
    return arena_printf(
        &w->t.arena,
        "<html><head><title>The %s question</title></head><body><nav><a href='/'>Home</a></nav>"
        "<article><h1>The %s question</h1>"
        "<p>The council of the old harbour town spent its Tuesday evening on %s, and the debate "
        "went on for longer than anybody had expected when the doors were opened at six.</p>"
        "<p>Several of those who spoke about %s said that the plans had changed twice since the "
        "spring, and that nobody had told the people who live along the northern quay.</p>"
        "<p>The mayor answered that a new report on %s would be published before the end of the "
        "month, and that a second hearing would follow it in the large hall.</p>"
        "</article></body></html>",
        topic, topic, topic, topic, topic);
}

/* ---- the tests ------------------------------------------------------------------------------ */

static void test_feed_to_story(void **state)
{
    static const char *const paths[] = {"/one", "/two", NULL};
    struct world w;
    int64_t id;
    struct feed_row feed;
    struct http_request request;
    struct article_list articles = {0};
    const struct article_filter all = {0};

    WW_UNUSED(state);
    open_world(&w);
    id = world_add_feed(&w, A, "/feed");
    route(&w, (struct http_route){.path = "/feed",
                                  .type = "application/rss+xml",
                                  .etag = "\"v1\"",
                                  .body = make_feed(&w, A, paths)});
    route(&w,
          (struct http_route){.path = "/one", .type = "text/html", .body = make_page(&w, "tram")});
    route(&w, (struct http_route){
                  .path = "/two", .type = "text/html", .body = make_page(&w, "bridge")});
    assert_crawls(&w, TEST_NOW);
    assert_int_equal(w.summary.n_feeds, 1);
    assert_int_equal(w.summary.n_entries_new, 2);
    assert_int_equal(w.summary.n_pages, 2);
    assert_int_equal(w.summary.n_articles, 2);
    assert_int_equal(w.summary.n_pages_failed, 0);
    feed = world_feed(&w, id);
    assert_true(slice_equal(feed.etag, SLICE("\"v1\"")));
    assert_true(feed.next_due_at >= TEST_NOW + HOUR);
    assert_int_equal(store_list_articles(w.t.store, &all, &w.t.arena, &articles, NULL), WW_OK);
    for (size_t i = 0; i < articles.n_rows; i++) {
        assert_true(articles.rows[i].story_id > 0);
        assert_false(articles.rows[i].is_historic);
        assert_true(articles.rows[i].entry_id > 0);
        assert_true(slice_equal(articles.rows[i].provenance, SLICE("feed")));
    }
    assert_int_equal(read_page(&w, "/one").state, PAGE_STATE_DONE);
    assert_int_equal(http_server_count(w.http, "/robots.txt"), 1);
    assert_int_equal(http_server_peak(w.http, A), 1);

    /* A moment later nothing is due; in an hour the feed is asked alone, and with its validator. */
    assert_crawls(&w, TEST_NOW + 60);
    assert_int_equal(w.summary.n_requests, 0);
    assert_crawls(&w, TEST_NOW + HOUR + 60);
    assert_int_equal(w.summary.n_requests, 1);
    assert_int_equal(w.summary.n_feeds_unchanged, 1);
    assert_true(http_server_request(w.http, http_server_n_requests(w.http) - 1, &request));
    assert_int_equal(request.status, 304);
    assert_true(slice_equal(http_request_header(&request, "If-None-Match"), SLICE("\"v1\"")));
    assert_int_equal(count_articles(&w), 2);
    world_close(&w);
}

/* The page is fetched from where it is, not through the service that counts clicks. */
static void test_counted_link(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    (void)world_add_feed(&w, A, "/feed");
    route(&w, (struct http_route){.path = "/feed",
                                  .type = "application/rss+xml",
                                  .body = arena_printf(
                                      &w.t.arena,
                                      "<rss><channel><item><title>t</title><link>http://%s:%u/count"
                                      "</link><feedburner:origLink>http://%s:%u/one"
                                      "</feedburner:origLink></item></channel></rss>",
                                      A, w.port, A, w.port)});
    route(&w,
          (struct http_route){.path = "/one", .type = "text/html", .body = make_page(&w, "tram")});
    assert_crawls(&w, TEST_NOW);
    assert_int_equal(w.summary.n_articles, 1);
    assert_int_equal(read_page(&w, "/one").state, PAGE_STATE_DONE);
    assert_int_equal(http_server_count(w.http, "/count"), 0);
    world_close(&w);
}

static void test_robots(void **state)
{
    static const char *const paths[] = {"/open", "/closed/one", "/away", NULL};
    static const char *const others[] = {"/there", NULL};
    struct world w;
    char away[128];

    WW_UNUSED(state);
    open_world(&w);
    (void)world_add_feed(&w, A, "/feed");
    (void)world_add_feed(&w, B, "/other");
    (void)snprintf(away, sizeof(away), "http://%s:%u/closed", B, w.port);
    route(&w, (struct http_route){.path = "/feed", .body = make_feed(&w, A, paths)});
    route(&w, (struct http_route){.path = "/other", .body = make_feed(&w, B, others)});
    route(&w, (struct http_route){.host = A,
                                  .path = "/robots.txt",
                                  .body = SLICE("User-agent: Wirewatch\nDisallow: /closed\n")});
    route(&w, (struct http_route){.host = B,
                                  .path = "/robots.txt",
                                  .body = SLICE("User-agent: *\nDisallow: /closed\n")});
    route(&w, (struct http_route){.path = "/away", .status = 302, .location = away});
    route(&w, (struct http_route){.path = "/open", .body = make_page(&w, "lamp")});
    route(&w, (struct http_route){.path = "/there", .body = make_page(&w, "ferry")});
    route(&w, (struct http_route){.path = "/closed*", .body = make_page(&w, "secret")});
    assert_crawls(&w, TEST_NOW);
    assert_int_equal(read_page(&w, "/open").state, PAGE_STATE_DONE);
    assert_int_equal(read_page(&w, "/there").state, PAGE_STATE_DONE);
    assert_int_equal(read_page(&w, "/closed/one").state, PAGE_STATE_REFUSED);
    assert_int_equal(read_page(&w, "/away").state, PAGE_STATE_REFUSED);
    assert_int_equal(http_server_count(w.http, "/closed*"), 0);
    assert_int_equal(http_server_count(w.http, "/robots.txt"), 2);
    world_close(&w);
}

/* A server that cannot say its rules is left alone; a day later it can. */
static void test_robots_fails(void **state)
{
    static const char *const paths[] = {"/one", NULL};
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    (void)world_add_feed(&w, A, "/feed");
    route(&w,
          (struct http_route){.path = "/feed", .etag = "\"1\"", .body = make_feed(&w, A, paths)});
    route(&w, (struct http_route){.path = "/robots.txt", .status = 500, .times = 1});
    route(&w, (struct http_route){.path = "/one", .body = make_page(&w, "mill")});
    assert_crawls(&w, TEST_NOW);
    assert_int_equal(read_page(&w, "/one").state, PAGE_STATE_QUEUED);
    assert_int_equal(read_page(&w, "/one").n_tries, 0);
    assert_int_equal(w.summary.n_pages_left, 1);
    assert_int_equal(http_server_count(w.http, "/one"), 0);
    assert_crawls(&w, TEST_NOW + 2 * HOUR);
    assert_int_equal(read_page(&w, "/one").state, PAGE_STATE_DONE);
    world_close(&w);
}

/* The feed says 304 while a page still fails: the page is tried again all the same. */
static void test_page_retries(void **state)
{
    static const char *const paths[] = {"/late", "/never", "/gone", "/picture", "/pacing", NULL};
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    (void)world_add_feed(&w, A, "/feed");
    route(&w,
          (struct http_route){.path = "/feed", .etag = "\"1\"", .body = make_feed(&w, A, paths)});
    route(&w, (struct http_route){.path = "/late", .status = 500, .times = 1});
    route(&w, (struct http_route){.path = "/late", .body = make_page(&w, "quarry")});
    route(&w, (struct http_route){.path = "/never", .status = 500});
    route(&w, (struct http_route){.path = "/gone", .status = 410});
    route(&w,
          (struct http_route){.path = "/picture", .type = "image/png", .body = SLICE("\x89PNG")});
    route(&w,
          (struct http_route){.path = "/pacing", .status = 429, .retry_after = "60", .times = 1});
    route(&w, (struct http_route){.path = "/pacing", .body = make_page(&w, "weir")});
    assert_crawls(&w, TEST_NOW);
    assert_int_equal(read_page(&w, "/late").n_tries, 1);
    assert_true(read_page(&w, "/late").not_before >= TEST_NOW + HOUR);
    assert_int_equal(read_page(&w, "/gone").state, PAGE_STATE_GONE);
    assert_int_equal(read_page(&w, "/picture").state, PAGE_STATE_REFUSED);
    assert_int_equal(read_page(&w, "/pacing").n_tries, 0);
    assert_crawls(&w, TEST_NOW + 60); /* the host waits at least an hour after a 429 */
    assert_int_equal(w.summary.n_requests, 0);
    for (int i = 1; i <= 4; i++)
        assert_crawls(&w, TEST_NOW + i * 2 * DAY);
    assert_int_equal(read_page(&w, "/late").state, PAGE_STATE_DONE);
    assert_int_equal(read_page(&w, "/pacing").state, PAGE_STATE_DONE);
    assert_int_equal(read_page(&w, "/never").state, PAGE_STATE_FAILED);
    assert_int_equal(http_server_count(w.http, "/never"), 4);
    assert_int_equal(count_articles(&w), 2);
    world_close(&w);
}

static void test_feed_statuses(void **state)
{
    struct world w;
    int64_t gone, missing, moved, elsewhere, paced;
    static const char *const none[] = {NULL};
    char to[128];

    WW_UNUSED(state);
    open_world(&w);
    gone = world_add_feed(&w, A, "/gone");
    missing = world_add_feed(&w, A, "/missing");
    moved = world_add_feed(&w, A, "/moved");
    elsewhere = world_add_feed(&w, A, "/elsewhere");
    paced = world_add_feed(&w, B, "/paced");
    (void)snprintf(to, sizeof(to), "http://%s:%u/new", A, w.port);
    route(&w, (struct http_route){.path = "/gone", .status = 410});
    route(&w, (struct http_route){.path = "/moved", .status = 301, .location = "/new"});
    route(&w, (struct http_route){.path = "/elsewhere", .status = 302, .location = "/new"});
    route(&w, (struct http_route){.path = "/new", .body = make_feed(&w, A, none)});
    route(&w, (struct http_route){.path = "/paced", .status = 503, .retry_after = "172800"});
    assert_crawls(&w, TEST_NOW);
    assert_int_equal(world_feed(&w, gone).state, FEED_STATE_GONE);
    assert_int_equal(world_feed(&w, missing).n_failures, 1);
    assert_true(world_feed(&w, missing).next_due_at >= TEST_NOW + HOUR);
    assert_true(world_feed(&w, missing).last_error.len > 0);
    assert_true(world_feed(&w, paced).next_due_at >= TEST_NOW + 172800);
    assert_true(slice_ends(world_feed(&w, moved).url, SLICE("/moved")));
    for (int i = 1; i <= 5; i++)
        assert_crawls(&w, TEST_NOW + i * DAY + i * 10);
    /* Seen for days: believed. 302 never is. */
    assert_true(slice_equal(world_feed(&w, moved).url, slice_from(to)));
    assert_true(slice_ends(world_feed(&w, elsewhere).url, SLICE("/elsewhere")));
    assert_int_equal(http_server_count(w.http, "/gone"), 1);
    assert_true(world_feed(&w, missing).n_failures > 2);
    assert_int_equal(world_feed(&w, elsewhere).n_failures, 0);
    world_close(&w);
}

/* A cut document with a new validator must not hide what was cut off. */
static void test_cut_feed(void **state)
{
    static const char *const paths[] = {"/one", "/two", NULL};
    struct world w;
    struct slice whole;
    int64_t id;

    WW_UNUSED(state);
    open_world(&w);
    id = world_add_feed(&w, A, "/feed");
    whole = make_feed(&w, A, paths);
    route(&w, (struct http_route){.path = "/feed",
                                  .type = "application/rss+xml",
                                  .etag = "\"cut\"",
                                  .body = slice_head(whole, whole.len - 60),
                                  .times = 1});
    route(&w,
          (struct http_route){
              .path = "/feed", .type = "application/rss+xml", .etag = "\"whole\"", .body = whole});
    route(&w, (struct http_route){.path = "/one", .body = make_page(&w, "tower")});
    route(&w, (struct http_route){.path = "/two", .body = make_page(&w, "cellar")});
    assert_crawls(&w, TEST_NOW);
    assert_int_equal(world_feed(&w, id).etag.len, 0);
    assert_crawls(&w, TEST_NOW + DAY);
    assert_true(slice_equal(world_feed(&w, id).etag, SLICE("\"whole\"")));
    assert_int_equal(count_articles(&w), 2);
    world_close(&w);
}

/* One page takes its parsers down with it; the others are stored, and it is not asked again. */
static void test_deadly_page(void **state)
{
    static const char *const paths[] = {"/deadly", "/fine", NULL};
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    (void)world_add_feed(&w, A, "/feed");
    route(&w, (struct http_route){.path = "/feed", .body = make_feed(&w, A, paths)});
    route(&w, (struct http_route){.path = "/deadly", .body = SLICE("<p>DEADLY</p>")});
    route(&w, (struct http_route){.path = "/fine", .body = make_page(&w, "orchard")});
    assert_crawls(&w, TEST_NOW);
    assert_int_equal(read_page(&w, "/deadly").state, PAGE_STATE_QUARANTINED);
    assert_int_equal(read_page(&w, "/fine").state, PAGE_STATE_DONE);
    assert_crawls(&w, TEST_NOW + 3 * DAY);
    assert_int_equal(http_server_count(w.http, "/deadly"), 1);
    world_close(&w);
}

/* Of what the server and a parser in its jail tell each other. */
static struct {
    atomic_bool goes_on;
} * patience;

/* The feed was stored: what it announces is asked for. */
static void let_go_on(void *context, const struct http_request *request, struct http_answer *answer)
{
    if (strcmp(request->path, "/other") == 0)
        atomic_store(&patience->goes_on, true);
    world_serve_article(context, request, answer);
}

static void wait_patiently(void)
{
    const struct clock clock = clock_system();
    const int64_t end = clock_monotonic_ms(&clock) + 10000;

    while (!atomic_load(&patience->goes_on) && clock_monotonic_ms(&clock) < end)
        ;
}

/* A page of a backfill that a feed announces while it is parsed: news, and the feed's. */
static void test_announced_while_parsed(void **state)
{
    static const char *const paths[] = {"/patient", "/other", NULL};
    const struct article_filter all = {0};
    struct article_list articles = {0};
    struct page_row page;
    struct world w;
    int64_t id, feed_id;
    bool is_new;

    WW_UNUSED(state);
    open_world(&w);
    atomic_store(&patience->goes_on, false);
    http_server_handle(w.http, let_go_on, &w);
    feed_id = world_add_feed(&w, B, "/feed");
    route(&w,
          (struct http_route){.path = "/feed", .delay_ms = 300, .body = make_feed(&w, A, paths)});
    route(&w, (struct http_route){.path = "/patient", .body = make_page(&w, "PATIENT")});
    page =
        (struct page_row){.url = arena_printf(&w.t.arena, "http://%s:%u/patient", A, w.port),
                          .canonical = arena_printf(&w.t.arena, "http://%s:%u/patient", A, w.port),
                          .host = SLICE(A),
                          .is_historic = true,
                          .provenance = SLICE("sitemap"),
                          .added_at = TEST_NOW};
    assert_int_equal(store_begin(w.t.store, NULL), WW_OK);
    assert_int_equal(store_queue_page(w.t.store, &page, &id, &is_new, NULL), WW_OK);
    assert_int_equal(store_commit(w.t.store, NULL), WW_OK);
    assert_crawls(&w, TEST_NOW);
    assert_true(atomic_load(&patience->goes_on));
    page = read_page(&w, "/patient");
    assert_int_equal(page.state, PAGE_STATE_DONE);
    assert_false(page.is_historic);
    assert_int_equal(page.feed_id, feed_id);
    assert_int_equal(store_list_articles(w.t.store, &all, &w.t.arena, &articles, NULL), WW_OK);
    assert_int_equal(articles.n_rows, 2);
    for (size_t i = 0; i < articles.n_rows; i++) {
        assert_false(articles.rows[i].is_historic);
        assert_int_equal(articles.rows[i].feed_id, feed_id);
        assert_true(articles.rows[i].entry_id > 0);
    }
    world_close(&w);
}

/* Nobody answers: it is our network, and nobody is blamed. One that does not: it is. */
static void test_no_network(void **state)
{
    struct world w;
    int64_t first, second, third;
    static const char *const none[] = {NULL};

    WW_UNUSED(state);
    open_world(&w);
    first = world_add_feed(&w, "127.20.9.1", "/feed");
    second = world_add_feed(&w, "127.20.9.2", "/feed");
    assert_int_equal(world_crawl(&w, TEST_NOW), WW_UNREACHABLE);
    assert_int_equal(w.summary.outage, RUN_OUTAGE_NETWORK);
    assert_int_equal(world_feed(&w, first).n_failures, 0);
    assert_int_equal(world_feed(&w, second).n_failures, 0);
    third = world_add_feed(&w, A, "/feed");
    route(&w, (struct http_route){.path = "/feed", .body = make_feed(&w, A, none)});
    assert_crawls(&w, TEST_NOW + 60);
    assert_int_equal(world_feed(&w, first).n_failures, 1);
    assert_int_equal(world_feed(&w, third).n_failures, 0);
    world_close(&w);
}

static void test_stop(void **state)
{
    static const char *const paths[] = {"/one", NULL};
    static volatile sig_atomic_t stop = 1;
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    (void)world_add_feed(&w, A, "/feed");
    route(&w, (struct http_route){.path = "/feed", .body = make_feed(&w, A, paths)});
    w.options.stop = &stop;
    assert_crawls(&w, TEST_NOW);
    assert_true(w.summary.was_stopped);
    assert_int_equal(w.summary.n_requests, 0);
    world_close(&w);
}

/* Pauses between two requests to one host, in a clock that does not wait. */
static void test_pace(void **state)
{
    static const char *const paths[] = {"/1", "/2", "/3", NULL};
    struct world w;
    struct clock clock = clock_fixed(TEST_NOW);

    WW_UNUSED(state);
    open_world(&w);
    (void)world_add_feed(&w, A, "/feed");
    route(&w, (struct http_route){.path = "/feed", .body = make_feed(&w, A, paths)});
    route(&w, (struct http_route){.path = "/robots.txt",
                                  .body = SLICE("User-agent: *\nCrawl-delay: 10\n")});
    w.options.host_delay_ms = 2000;
    assert_int_equal(
        crawl_run(&w.options, w.t.store, pool_workers(), &clock, NULL, &w.summary, &w.err), WW_OK);
    assert_int_equal(w.summary.n_requests, 5);
    /* feed, 2 s, robots.txt, three times 10 s or a quarter more */
    assert_in_range(clock_now(&clock) - TEST_NOW, 22, 41);
    world_close(&w);
}

/* A host that asks for long pauses and has many pages: the run ends, and they wait for the next. */
static void test_turn(void **state)
{
    static char names[40][16];
    const char *paths[WW_COUNT(names) + 1] = {NULL};
    struct world w;
    struct clock clock = clock_fixed(TEST_NOW);

    WW_UNUSED(state);
    open_world(&w);
    for (size_t i = 0; i < WW_COUNT(names); i++) {
        (void)snprintf(names[i], sizeof(names[i]), "/page-%zu", i);
        paths[i] = names[i];
    }
    (void)world_add_feed(&w, A, "/feed");
    route(&w, (struct http_route){.path = "/feed", .body = make_feed(&w, A, paths)});
    route(&w, (struct http_route){.path = "/robots.txt",
                                  .body = SLICE("User-agent: *\nCrawl-delay: 60\n")});
    assert_int_equal(
        crawl_run(&w.options, w.t.store, pool_workers(), &clock, NULL, &w.summary, &w.err), WW_OK);
    assert_in_range(clock_now(&clock) - TEST_NOW, 300, HOST_TURN_MAX_MS / 1000);
    assert_in_range(w.summary.n_pages_left, 25, 35);
    assert_int_equal(read_page(&w, "/page-39").state, PAGE_STATE_QUEUED);
    assert_int_equal(read_page(&w, "/page-39").n_tries, 0);
    world_close(&w);
}

/* Every way of answering wrongly: the good feed beside it is read, and the run ends in time. */
static void test_faults(void **state)
{
    static const char *const paths[] = {"/one", NULL};
    struct raw_server *raw = NULL;
    struct world w;
    struct clock clock = clock_system();
    int64_t begun_ms = clock_monotonic_ms(&clock);

    WW_UNUSED(state);
    open_world(&w);
    /* A fault that says nothing is to be over soon. */
    w.options.connect_timeout_ms = 1000;
    w.options.transfer_timeout_ms = 2000;
    assert_int_equal(raw_server_open("127.20.0.9", 0, 1000, 10000, &raw, &w.err), WW_OK);
    raw_server_body(raw, "application/rss+xml", make_feed(&w, A, paths));
    route(&w, (struct http_route){.path = "/feed", .body = make_feed(&w, A, paths)});
    route(&w, (struct http_route){.path = "/one", .body = make_page(&w, "canal")});
    (void)world_add_feed(&w, A, "/feed");
    for (size_t i = 0; i < raw_n_faults; i++) {
        char url[128];

        if (strstr(raw_faults[i].path, "drip") != NULL ||
            strstr(raw_faults[i].path, "stall") != NULL)
            continue; /* each takes its whole time limit, and then its host is left alone */
        (void)snprintf(url, sizeof(url), "%s%s", raw_server_origin(raw), raw_faults[i].path);
        (void)test_store_feed(&w.t, url);
    }
    for (int64_t run = 0; run < 4; run++)
        assert_crawls(&w, TEST_NOW + run * 2 * DAY);
    assert_int_equal(read_page(&w, "/one").state, PAGE_STATE_DONE);
    assert_int_equal(count_articles(&w), 1);
    assert_true(clock_monotonic_ms(&clock) - begun_ms < 120000);
    raw_server_close(raw);
    world_close(&w);
}

/* The clock stood ten years ahead for one run: what that run put off is due when it is right. */
static void test_clock_jump(void **state)
{
    static const char *const paths[] = {"/late", NULL};
    struct world w;
    int64_t good, bad;

    WW_UNUSED(state);
    open_world(&w);
    good = world_add_feed(&w, A, "/feed");
    bad = world_add_feed(&w, B, "/none");
    route(&w, (struct http_route){.path = "/feed", .body = make_feed(&w, A, paths)});
    route(&w, (struct http_route){.path = "/late", .status = 500, .times = 1});
    route(&w, (struct http_route){.path = "/late", .body = make_page(&w, "bakery")});
    assert_crawls(&w, TEST_NOW + 3650 * DAY);
    assert_true(world_feed(&w, good).next_due_at > TEST_NOW + 3650 * DAY);
    assert_crawls(&w, TEST_NOW);
    assert_in_range(world_feed(&w, good).next_due_at, TEST_NOW, TEST_NOW + 2 * DAY);
    assert_in_range(world_feed(&w, bad).next_due_at, TEST_NOW, TEST_NOW + 9 * DAY);
    assert_int_equal(read_page(&w, "/late").state, PAGE_STATE_DONE);
    world_close(&w);
}

/* The n-th allocation fails: the run says so or goes on, and the next one finds all it should. */
static void test_no_memory(void **state)
{
    static const char *const paths[] = {"/one", NULL};
    const bool is_soak = getenv("SOAK") != NULL;
    bool is_reached = true;

    WW_UNUSED(state);
    for (long n = 1; is_reached; n += is_soak ? 1 : n < 60 ? 3 : 23) {
        struct world w;
        int64_t id;
        enum ww_status status;

        open_world(&w);
        id = world_add_feed(&w, A, "/feed");
        route(&w, (struct http_route){.path = "/feed", .body = make_feed(&w, A, paths)});
        route(&w, (struct http_route){.path = "/one", .body = make_page(&w, "lighthouse")});
        mem_fail_after(n);
        status = world_crawl(&w, TEST_NOW);
        is_reached = mem_count() >= n;
        mem_fail_after(0);
        if (status != WW_OK && status != WW_NOMEM && status != WW_STORE)
            fail_msg("allocation %ld: %s", n, w.err.message);
        if (status != WW_OK && world_feed(&w, id).n_failures > 0)
            fail_msg("allocation %ld: our failure counts against the feed", n);
        assert_crawls(&w, TEST_NOW + 3 * DAY);
        if (count_articles(&w) != 1)
            fail_msg("allocation %ld: %zu articles", n, count_articles(&w));
        world_close(&w);
    }
}

/* parse_run, but for a page that is a murderer, and for one that takes its time. */
static void run(struct slice request, struct arena *arena, struct buf *answer)
{
    if (slice_contains(request, SLICE("<p>DEADLY</p>")))
        (void)raise(SIGSEGV);
    if (slice_contains(request, SLICE("The PATIENT question")))
        wait_patiently();
    parse_run(request, arena, answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_feed_to_story), cmocka_unit_test(test_counted_link),
        cmocka_unit_test(test_robots),        cmocka_unit_test(test_robots_fails),
        cmocka_unit_test(test_page_retries),  cmocka_unit_test(test_feed_statuses),
        cmocka_unit_test(test_cut_feed),      cmocka_unit_test(test_deadly_page),
        cmocka_unit_test(test_no_network),    cmocka_unit_test(test_stop),
        cmocka_unit_test(test_pace),          cmocka_unit_test(test_faults),
        cmocka_unit_test(test_clock_jump),    cmocka_unit_test(test_turn),
        cmocka_unit_test(test_no_memory),     cmocka_unit_test(test_announced_while_parsed),
    };
    int failed;

    patience =
        mmap(NULL, sizeof(*patience), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (patience == MAP_FAILED || !pool_start(run, 2))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failed;
}
