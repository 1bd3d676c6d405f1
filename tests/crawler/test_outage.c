/*
 * Whose fault, when many fail at once: a network that is off, a proxy, a clock or a login page in
 * everybody's place. Different hosts are different addresses 127.x.y.z.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "crawler/crawl_parts.h"
#include "crawler/parse.h"
#include "storage/store_pages.h"
#include "storage/store_troubles.h"
#include "tests/support/pool.h"
#include "tests/support/tls.h"
#include "tests/support/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)
#define HOUR 3600
#define DAY (24 * HOUR)
#define N_HOSTS 8
#define PORTAL "127.21.9.9"

static struct tls_authority *authority;
static int64_t feeds[N_HOSTS];

static void host_name(size_t i, char out[32])
{
    (void)snprintf(out, 32, "127.21.0.%zu", i + 1);
}

/* Eight hosts, each with a feed that announces a page of its own. */
static void all_is_well(struct world *w)
{
    http_server_clear(w->http);
    for (size_t i = 0; i < N_HOSTS; i++) {
        char host[32], body[512];

        host_name(i, host);
        (void)snprintf(body, sizeof(body),
                       "<rss version=\"2.0\"><channel><title>Paper %zu</title><item>"
                       "<guid>%zu</guid><title>One</title><link>http://%s:%u/page</link></item>"
                       "</channel></rss>",
                       i, i, host, w->port);
        assert_true(http_server_route(
            w->http,
            &(struct http_route){.host = host, .path = "/feed", .body = slice_from(body)}));
    }
}

static struct feed_row read_feed(struct world *w, size_t i)
{
    return world_feed(w, feeds[i]);
}

static size_t count_blamed(struct world *w)
{
    size_t n = 0;

    for (size_t i = 0; i < N_HOSTS; i++)
        n += read_feed(w, i).n_failures > 0;
    return n;
}

static int64_t count_pages(struct world *w, enum page_state state)
{
    const struct page_filter filter = {.has_state = true, .state = state};
    struct page_list list = {0};

    OK(store_list_pages(w->t.store, &filter, &w->t.arena, &list, NULL));
    return (int64_t)list.n_rows;
}

/* As it is when all have answered once; their pages were asked, and are not there. */
static void open_world(struct world *w)
{
    char names[N_HOSTS][32];
    const char *hosts[N_HOSTS + 1] = {[N_HOSTS] = PORTAL};

    for (size_t i = 0; i < N_HOSTS; i++) {
        host_name(i, names[i]);
        hosts[i] = names[i];
    }
    world_open(w, hosts, WW_COUNT(hosts));
    w->options.asks_all = true;
    for (size_t i = 0; i < N_HOSTS; i++)
        feeds[i] = world_add_feed(w, hosts[i], "/feed");
    all_is_well(w);
    OK(world_crawl(w, TEST_NOW));
    assert_int_equal(count_blamed(w), 0);
    assert_int_equal(w->summary.outage, RUN_OUTAGE_NONE);
}

static const char login_page[] =
    "<!doctype html><title>Hotel Seaview: log in</title><p>Room number?";

/* One answer for everybody but the portal, which has its page. */
static void route_all(struct world *w, const struct http_route *route)
{
    struct http_route any = *route;

    http_server_clear(w->http);
    assert_true(http_server_route(w->http, &(struct http_route){.host = PORTAL,
                                                                .path = "/login",
                                                                .type = "text/html",
                                                                .body = slice_from(login_page)}));
    any.path = "*"; /* a proxy is asked for whole addresses */
    assert_true(http_server_route(w->http, &any));
}

/* What a login page does to everybody, in the ways that there are. */
static void test_portal(void **state)
{
    char elsewhere[64];
    const struct {
        const char *name;
        struct http_route route;
    } ways[] = {
        {"a redirect",         {.status = 302, .location = elsewhere}                              },
        {"a lasting redirect", {.status = 301, .location = elsewhere}                              },
        {"the page itself",    {.type = "text/html", .body = slice_from(login_page)}               },
        {"by its own status",  {.status = 511, .type = "text/html", .body = slice_from(login_page)}},
        {"an address inside",  {.status = 302, .location = "http://10.0.0.1/login"}                },
    };
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    (void)snprintf(elsewhere, sizeof(elsewhere), "http://%s:%u/login", PORTAL, w.port);
    for (size_t i = 0; i < WW_COUNT(ways); i++) {
        const int64_t now = TEST_NOW + (int64_t)(i + 1) * DAY;
        const int64_t tries = count_pages(&w, PAGE_STATE_QUEUED);
        struct feed_row feed;

        route_all(&w, &ways[i].route);
        for (int64_t k = 0; k < 3; k++)
            if (world_crawl(&w, now + k * 2 * HOUR) != WW_UNREACHABLE ||
                w.summary.outage != RUN_OUTAGE_PORTAL)
                fail_msg("%s: outage %d", ways[i].name, (int)w.summary.outage);
        if (count_blamed(&w) > 0 || count_pages(&w, PAGE_STATE_QUEUED) != tries ||
            count_pages(&w, PAGE_STATE_DONE) > 0)
            fail_msg("%s: %zu feeds blamed, %lld pages wait, %lld read", ways[i].name,
                     count_blamed(&w), (long long)count_pages(&w, PAGE_STATE_QUEUED),
                     (long long)count_pages(&w, PAGE_STATE_DONE));
        feed = read_feed(&w, 0);
        if (feed.new_url.len > 0 || slice_contains(feed.url, SLICE(PORTAL)))
            fail_msg("%s: the feed moved to %.*s", ways[i].name, SLICE_ARG(feed.new_url));
    }
    all_is_well(&w);
    OK(world_crawl(&w, TEST_NOW + 9 * DAY));
    assert_int_equal(w.summary.n_feeds, N_HOSTS);
    assert_int_equal(count_blamed(&w), 0);
    world_close(&w);
}

/* Its failures are in everybody's name; and then nobody is there at all. */
static void test_proxy(void **state)
{
    char proxy[64];
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    (void)snprintf(proxy, sizeof(proxy), "http://%s:%u", PORTAL, w.port);
    w.options.proxy = proxy;
    route_all(&w, &(struct http_route){.status = 503, .body = SLICE("no upstream")});
    assert_int_equal(world_crawl(&w, TEST_NOW + DAY), WW_UNREACHABLE);
    assert_int_equal(w.summary.outage, RUN_OUTAGE_PROXY);
    assert_int_equal(count_blamed(&w), 0);
    w.options.proxy = "http://127.21.77.77:9";
    assert_int_equal(world_crawl(&w, TEST_NOW + DAY + 2 * HOUR), WW_UNREACHABLE);
    assert_int_equal(w.summary.outage, RUN_OUTAGE_PROXY);
    assert_int_equal(count_blamed(&w), 0);
    /* Its 503 was no host's wish for a pause. */
    w.options.proxy = NULL;
    all_is_well(&w);
    OK(world_crawl(&w, TEST_NOW + DAY + 3 * HOUR));
    assert_int_equal(w.summary.n_feeds, N_HOSTS);
    world_close(&w);
}

/* Nobody's certificate is accepted: a clock that is wrong looks like that, as does a go-between. */
static void test_certificates(void **state)
{
    static const char *const names[] = {"127.0.0.1", "localhost"};
    struct tls_server *servers[2];
    struct test_store t;
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    t = w.t;
    test_store_open(&w.t);
    for (size_t i = 0; i < WW_COUNT(servers); i++) {
        const struct tls_options expired = {.certificate = TLS_EXPIRED};
        char url[128];

        OK(tls_server_open(authority, &expired, &servers[i], NULL));
        (void)snprintf(url, sizeof(url), "https://%s%s/feed", names[i],
                       strrchr(tls_server_origin(servers[i]), ':'));
        feeds[i] = test_store_feed(&w.t, url);
    }
    w.options.ca_file = tls_authority_file(authority);
    assert_int_equal(world_crawl(&w, TEST_NOW), WW_UNREACHABLE);
    assert_int_equal(w.summary.outage, RUN_OUTAGE_CERTIFICATES);
    for (size_t i = 0; i < WW_COUNT(servers); i++) {
        assert_int_equal(read_feed(&w, i).n_failures, 0);
        tls_server_close(servers[i]);
    }
    test_store_close(&t);
    world_close(&w);
}

/* Some feeds are put where nobody answers, as if their hosts had gone. */
static void lose(struct world *w, size_t n)
{
    for (size_t i = 0; i < N_HOSTS; i++) {
        struct feed_row row = read_feed(w, i);
        char url[64];

        (void)snprintf(url, sizeof(url), "http://127.21.%d.%zu:%u/feed", i < n ? 66 : 0, i + 1,
                       w->port);
        if (slice_equal(row.url, slice_from(url)))
            continue;
        row.url = arena_copy(&w->t.arena, slice_from(url));
        OK(store_begin(w->t.store, NULL));
        OK(store_update_feed(w->t.store, &row, NULL));
        OK(store_commit(w->t.store, NULL));
    }
}

/* All, most, a part, a few; those that are known to be dead say nothing of our network. */
static void test_numbers(void **state)
{
    static const struct {
        size_t n_lost;
        enum run_outage outage;
        size_t n_blamed;
    } cases[] = {
        {8, RUN_OUTAGE_NETWORK, 0},
        {7, RUN_OUTAGE_NETWORK, 0},
        {5, RUN_OUTAGE_NETWORK, 0},
        {3, RUN_OUTAGE_PART,    0},
        {2, RUN_OUTAGE_NONE,    2},
        {1, RUN_OUTAGE_NONE,    1},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct world w;

        open_world(&w);
        lose(&w, cases[i].n_lost);
        (void)world_crawl(&w, TEST_NOW + 2 * HOUR);
        if (w.summary.outage != cases[i].outage || count_blamed(&w) != cases[i].n_blamed)
            fail_msg("%zu lost: outage %d, %zu blamed", cases[i].n_lost, (int)w.summary.outage,
                     count_blamed(&w));
        world_close(&w);
    }
}

/* A part of the hosts is excused for a day, and then it is them. */
static void test_part_is_not_for_ever(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    lose(&w, 3);
    for (int64_t h = 2; h <= 24; h += 2)
        OK(world_crawl(&w, TEST_NOW + h * HOUR));
    assert_int_equal(count_blamed(&w), 0);
    OK(world_crawl(&w, TEST_NOW + 26 * HOUR));
    assert_int_equal(count_blamed(&w), 3);
    world_close(&w);
}

/*
 * Two dead ones among many: in the hours when they alone are due, the network is as well as it was.
 */
static void test_dead_ones_alone(void **state)
{
    const struct store_window all = {0};
    struct trouble_list list;
    struct world w;
    int64_t n_told = 0;

    WW_UNUSED(state);
    open_world(&w);
    lose(&w, 2);
    w.options.asks_all = false;
    for (int64_t h = 2; h < 24 * 6; h++) {
        OK(world_crawl(&w, TEST_NOW + h * HOUR));
        assert_int_equal(w.summary.outage, RUN_OUTAGE_NONE);
        n_told += w.summary.n_troubles;
    }
    assert_int_equal(n_told, 2);
    assert_int_equal(read_feed(&w, 0).health, FEED_HEALTH_FAILING);
    OK(store_list_troubles(w.t.store, feeds[0], &all, &w.t.arena, &list, NULL));
    assert_int_equal(list.n_rows, 1);
    assert_in_range(list.rows[0].persists_since - list.rows[0].began_at, 72 * HOUR, 97 * HOUR);
    world_close(&w);
}

/* What is followed is the answer of a host on the way; what is not is the host's own. */
static void test_redirects(void **state)
{
    static const struct {
        long http_status;
        enum health_sign sign;
    } cases[] = {
        {200, HEALTH_REACHED},
        {300, HEALTH_REACHED},
        {301, HEALTH_NONE   },
        {302, HEALTH_NONE   },
        {303, HEALTH_NONE   },
        {304, HEALTH_REACHED},
        {305, HEALTH_REACHED},
        {306, HEALTH_REACHED},
        {307, HEALTH_NONE   },
        {308, HEALTH_NONE   },
        {404, HEALTH_REACHED},
    };
    const struct crawl_options options = {.proxy = NULL};
    struct crawl c = {.options = &options};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct fetch_answer answer = {.http_status = cases[i].http_status};
        struct host host = {.sign = HEALTH_NONE};

        blame_learn(&c, &host, &answer);
        if (host.sign != cases[i].sign)
            fail_msg("%ld: %d", cases[i].http_status, (int)host.sign);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_portal),       cmocka_unit_test(test_proxy),
        cmocka_unit_test(test_numbers),      cmocka_unit_test(test_part_is_not_for_ever),
        cmocka_unit_test(test_redirects),    cmocka_unit_test(test_dead_ones_alone),
        cmocka_unit_test(test_certificates),
    };
    int failed;

    if (tls_authority_open(&authority, NULL) != WW_OK || !pool_start(parse_run, 2))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    tls_authority_close(authority);
    return failed;
}
