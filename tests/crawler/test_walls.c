/*
 * What the crawler does with pages that are no article: walls, and pages that cannot be had. The
 * page is tried again or given up as its kind demands, and what its feed said is never lost.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "crawler/parse.h"
#include "storage/store_articles.h"
#include "storage/store_entries.h"
#include "storage/store_pages.h"
#include "tests/support/pool.h"
#include "tests/support/world.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOUR 3600
#define DAY (24 * HOUR)
#define HOST "127.31.0.1"
#define SUMMARY "The new station on Quay Street was opened by the mayor on Monday."
#define WALL "<title>Just a moment...</title><p>Verify you are human to go on.</p>"
#define PROSE                                                                                 \
    "The council of the old harbour town spent its Tuesday evening on the tram, and the "     \
    "debate went on for longer than anybody had expected when the doors were opened at six. " \
    "Several of those who spoke said that the plans had changed twice since the spring."

static void serve(struct world *w, const char *path, unsigned status, const char *type,
                  const char *body)
{
    const struct http_route route = {
        .path = path, .status = status, .type = type, .body = slice_from(body)};

    assert_true(http_server_route(w->http, &route));
}

/* A feed that announces one page. */
static void announce(struct world *w, const char *path, const char *summary)
{
    const struct slice feed =
        arena_printf(&w->t.arena,
                     "<rss version=\"2.0\"><channel><title>The Courier</title><item><guid>1</guid>"
                     "<title>Station opened</title><link>http://%s:%u%s</link>"
                     "<description><![CDATA[%s]]></description></item></channel></rss>",
                     HOST, w->port, path, summary);

    serve(w, "/feed", 200, "application/rss+xml", feed.ptr);
    (void)world_add_feed(w, HOST, "/feed");
}

static void open_world(struct world *w)
{
    static const char *const hosts[] = {HOST};

    world_open(w, hosts, 1);
}

static void crawl(struct world *w, int64_t now)
{
    if (world_crawl(w, now) != WW_OK)
        fail_msg("the crawl failed: %s", w->err.message);
}

static struct page_row the_page(struct world *w)
{
    const struct page_filter filter = {0};
    struct page_list list = {0};

    assert_int_equal(store_list_pages(w->t.store, &filter, &w->t.arena, &list, NULL), WW_OK);
    assert_int_equal(list.n_rows, 1);
    return list.rows[0];
}

static struct article_list articles(struct world *w)
{
    const struct article_filter filter = {.order = ARTICLE_BY_ID};
    struct article_list list = {0};

    assert_int_equal(store_list_articles(w->t.store, &filter, &w->t.arena, &list, NULL), WW_OK);
    return list;
}

static void assert_article(struct world *w, const struct article_row *row, const char *access,
                           const char *source, const char *text)
{
    struct article_text stored;

    assert_int_equal(store_article_text(w->t.store, row->id, &w->t.arena, &stored, NULL), WW_OK);
    if (!slice_equal(row->access, slice_from(access)) ||
        !slice_equal(row->text_source, slice_from(source)))
        fail_msg("access %.*s, source %.*s", SLICE_ARG(row->access), SLICE_ARG(row->text_source));
    if (!slice_contains(stored.text, slice_from(text)))
        fail_msg("'%.*s'", SLICE_ARG(stored.text));
}

/* ---- walls ----------------------------------------------------------------------------------- */

struct wall {
    const char *html, *access, *message;
    enum page_state end;
};

static const struct wall walls[] = {
    {WALL,                                                                "bot-wall",  "a bot wall stands before the page",     PAGE_STATE_FAILED},
    {"<title>Before you continue</title><p>We and our partners use cookies and personal data.</p>"
     "<form><button>Accept all</button></form>",                     "consent",   "a consent form stands before the page", PAGE_STATE_FAILED},
    {"<title>Page not found</title><h1>Page not found</h1><p>Sorry.</p>", "not-found",
     "the page says that there is no such page",                                                                                PAGE_STATE_GONE  },
};

/* Nothing is stored of a wall; the page is tried again, and given up at last. */
static void test_wall_without_words(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(walls); i++) {
        struct world w;
        struct page_row page;

        open_world(&w);
        announce(&w, "/one", "Read more");
        serve(&w, "/one", 200, "text/html", walls[i].html);
        crawl(&w, TEST_NOW);
        page = the_page(&w);
        assert_int_equal(page.state, PAGE_STATE_QUEUED);
        assert_int_equal(page.n_tries, 1);
        assert_true(page.not_before > TEST_NOW);
        assert_true(slice_equal(page.last_error, slice_from(walls[i].message)));
        assert_int_equal(w.summary.n_pages_failed, 1);
        for (int day = 1; day <= 8; day++)
            crawl(&w, TEST_NOW + day * DAY);
        assert_int_equal(the_page(&w).state, walls[i].end);
        assert_int_equal(articles(&w).n_rows, 0);
        world_close(&w);
    }
}

/* The feed's words are told at once; the page, when it can be had, is a version of that article. */
static void test_wall_that_opens(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(walls); i++) {
        struct world w;
        struct article_list list;

        open_world(&w);
        announce(&w, "/one", "<p>" SUMMARY "</p>");
        serve(&w, "/one", 200, "text/html", walls[i].html);
        crawl(&w, TEST_NOW);
        list = articles(&w);
        assert_int_equal(list.n_rows, 1);
        assert_article(&w, &list.rows[0], walls[i].access, "feed", SUMMARY);
        assert_true(slice_equal(list.rows[0].title, SLICE("Station opened")));
        assert_int_equal(the_page(&w).state, PAGE_STATE_QUEUED);
        assert_int_equal(the_page(&w).article_id, list.rows[0].id);

        /* The same once more is no news. */
        crawl(&w, TEST_NOW + 2 * HOUR);
        assert_int_equal(articles(&w).n_rows, 1);
        http_server_clear(w.http);
        serve(&w, "/one", 200, "text/html",
              "<article><h1>Station opened</h1><p>" PROSE "</p></article>");
        crawl(&w, TEST_NOW + 2 * DAY);
        list = articles(&w);
        assert_int_equal(list.n_rows, 2);
        assert_article(&w, &list.rows[1], "open", "page", "harbour town");
        assert_int_equal(list.rows[1].version, 2);
        assert_int_equal(the_page(&w).state, PAGE_STATE_DONE);
        assert_int_equal(the_page(&w).article_id, list.rows[1].id);
        world_close(&w);
    }
}

/* ---- pages that cannot be had ---------------------------------------------------------------- */

struct loss {
    const char *path;
    unsigned status;
    const char *type, *body, *access;
    enum page_state end;
};

static const struct loss losses[] = {
    {"/gone",        410, "text/html", "",    "not-found", PAGE_STATE_GONE   },
    {"/missing",     404, "text/html", "",    "not-found", PAGE_STATE_GONE   },
    {"/paid",        402, "text/html", "",    "paywall",   PAGE_STATE_FAILED },
    {"/closed",      403, "text/html", "",    "unread",    PAGE_STATE_FAILED },
    {"/broken",      500, "text/html", "",    "unread",    PAGE_STATE_FAILED },
    {"/film",        200, "video/mp4", "x",   "unread",    PAGE_STATE_REFUSED},
    {"/private/one", 200, "text/html", "",    "unread",    PAGE_STATE_REFUSED},
    {"/empty",       200, "text/html", "<p>", "open",      PAGE_STATE_DONE   },
};

static void test_losses(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(losses); i++) {
        struct world w;
        struct article_list list;
        struct page_row page;

        open_world(&w);
        announce(&w, losses[i].path, "<p>" SUMMARY "</p><ul><li>One &amp; two</li></ul>");
        serve(&w, "/robots.txt", 200, "text/plain", "User-agent: *\nDisallow: /private/\n");
        serve(&w, losses[i].path, losses[i].status, losses[i].type, losses[i].body);
        for (int day = 0; day <= 8; day++)
            crawl(&w, TEST_NOW + day * DAY);
        page = the_page(&w);
        list = articles(&w);
        if (page.state != losses[i].end || list.n_rows != 1)
            fail_msg("%s: %s, %zu articles", losses[i].path, page_state_name(page.state),
                     list.n_rows);
        assert_article(&w, &list.rows[0], losses[i].access, "feed", SUMMARY "\n\nOne & two");
        assert_int_equal(page.article_id, list.rows[0].id);
        world_close(&w);
    }
}

/* ---- copies of a page ------------------------------------------------------------------------ */

/* Two pages are announced: the copy for phones first. */
static void announce_twins(struct world *w, const char *first, const char *second)
{
    const struct slice feed = arena_printf(
        &w->t.arena,
        "<rss version=\"2.0\"><channel><title>The Courier</title>"
        "<item><guid>1</guid><title>Tram</title><link>http://%s:%u%s</link></item>"
        "<item><guid>2</guid><title>Tram</title><link>http://%s:%u%s</link></item></channel></rss>",
        HOST, w->port, first, HOST, w->port, second);

    serve(w, "/feed", 200, "application/rss+xml", feed.ptr);
    (void)world_add_feed(w, HOST, "/feed");
}

#define PAGE(more)                                                                      \
    "<link rel=canonical href=/tram><title>Tram</title><article><h1>Tram</h1><p>" PROSE \
    "</p>" more "</article>"

static void test_twins(void **state)
{
    static const char *const copies[] = {"/tram/amp/", "/tram?print=1", "/m/tram"};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(copies); i++) {
        struct world w;

        /* The page itself comes first: its copy adds nothing. */
        open_world(&w);
        announce_twins(&w, "/tram", copies[i]);
        serve(&w, "/tram", 200, "text/html",
              PAGE("<p>Nobody knew more about it by Wednesday.</p>"));
        serve(&w, copies[i], 200, "text/html", PAGE(""));
        crawl(&w, TEST_NOW);
        assert_int_equal(articles(&w).n_rows, 1);
        assert_int_equal(w.summary.n_pages, 2);
        assert_int_equal(w.summary.n_pages_failed, 0);
        world_close(&w);
    }
}

/* A page that takes long to parse is still before its copy that came behind it. */
static void test_slow_twin(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    announce_twins(&w, "/tram", "/tram/amp/");
    serve(&w, "/tram", 200, "text/html", PAGE("<!-- SLOW -->"));
    serve(&w, "/tram/amp/", 200, "text/html", PAGE(""));
    crawl(&w, TEST_NOW);
    assert_int_equal(articles(&w).n_rows, 1);
    assert_true(slice_ends(articles(&w).rows[0].url, SLICE("/tram")));
    world_close(&w);
}

/* A page that names a wrong canonical address is no copy: its text is kept. */
static void test_wrong_canonical(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    announce_twins(&w, "/tram", "/school");
    serve(&w, "/tram", 200, "text/html", PAGE(""));
    serve(
        &w, "/school", 200, "text/html",
        "<link rel=canonical href=/tram><title>School</title><article><h1>School</h1><p>Pupils of "
        "the school at the northern gate painted the walls of their yard this week, and each of "
        "the forty pictures shows a house that stood there once.</p></article>");
    crawl(&w, TEST_NOW);
    assert_int_equal(articles(&w).n_rows, 2);
    world_close(&w);
}

/* parse_run, but for a page that takes its time. */
static void run(struct slice request, struct arena *arena, struct buf *answer)
{
    for (unsigned i = 0; i < 200 && slice_contains(request, SLICE("SLOW")); i++) {
        parse_run(request, arena, answer);
        arena_reset(arena);
        buf_reset(answer);
    }
    parse_run(request, arena, answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wall_without_words),
        cmocka_unit_test(test_wall_that_opens),
        cmocka_unit_test(test_losses),
        cmocka_unit_test(test_twins),
        cmocka_unit_test(test_slow_twin),
        cmocka_unit_test(test_wrong_canonical),
    };
    int failed;

    if (!pool_start(run, 2))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failed;
}
