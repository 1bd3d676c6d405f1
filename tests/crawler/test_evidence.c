/* What a feed says of a page fills what the page leaves open, and no more than that. */
#include "base/attrs.h"
#include "base/date.h"
#include "crawler/parse.h"
#include "storage/store_articles.h"
#include "tests/support/pool.h"
#include "tests/support/world.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)
#define HOST "127.30.1.1"
#define AT 1699990000 /* 2023-11-14T19:26:40Z: as the feed has it */

#define PROSE                                                                                    \
    "<p>The council of the old harbour town spent its Tuesday evening on the tram, and the "     \
    "debate went on for longer than anybody had expected when the doors were opened at six.</p>" \
    "<p>Several of those who spoke said that the plans had changed twice since the spring, and " \
    "that nobody had told the people who live along the northern quay.</p>"

static const struct {
    const char *path, *page;
    const char *title, *author;
    int64_t published_at;
} cases[] = {
  /* It says nothing of itself. */
    {"/nothing", "<html><body><div>" PROSE "</div></body></html>", "The tram that came to town",
     "Ana Silva",                                                                                             AT        },
 /* What it says counts. */
    {"/all",
     "<html><head><title>Tram for the old town</title><meta name=author content='Bo Lund'>"
     "<meta property=article:published_time content=2023-11-13T08:00:00Z></head><body><article>"
     "<h1>Tram for the old town</h1><p class=byline>By Bo Lund</p>" PROSE
     "</article></body></html>",                                   "Tram for the old town",      "Bo Lund",   1699862400},
 /* Its first heading is the site's. */
    {"/heading",
     "<html><head><title>The tram that came to town</title></head><body>"
     "<h1>Harbour Gazette</h1><article><h2>The tram that came to town</h2>" PROSE
     "</article></body></html>",                                   "The tram that came to town", "Ana Silva", AT        },
};

static void open_world(struct world *w)
{
    static const char *const hosts[] = {HOST};

    world_open(w, hosts, 1);
    w->options.first_read_s = 10LL * 365 * 24 * 3600;
}

static struct article_row read_article(struct world *w, const char *path)
{
    struct article_row row = {0};
    struct slice url = arena_printf(&w->t.arena, "http://" HOST ":%u%s", w->port, path);

    OK(store_article_by_canonical(w->t.store, url, &w->t.arena, &row, &w->err));
    return row;
}

static void test_feed(void **state)
{
    struct slice feed = SLICE("<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
                              "<channel><title>News</title>");
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        assert_true(
            http_server_route(w.http, &(struct http_route){.path = cases[i].path,
                                                           .type = "text/html; charset=utf-8",
                                                           .body = slice_from(cases[i].page)}));
        feed = arena_printf(&w.t.arena,
                            "%.*s<item><guid>%s</guid><title>The tram that came to town</title>"
                            "<dc:creator>Ana Silva</dc:creator>"
                            "<pubDate>Tue, 14 Nov 2023 19:26:40 GMT</pubDate>"
                            "<link>http://" HOST ":%u%s</link></item>",
                            SLICE_ARG(feed), cases[i].path, w.port, cases[i].path);
    }
    feed = arena_printf(&w.t.arena, "%.*s</channel></rss>", SLICE_ARG(feed));
    assert_true(http_server_route(
        w.http,
        &(struct http_route){.path = "/feed", .type = "application/rss+xml", .body = feed}));
    (void)world_add_feed(&w, HOST, "/feed");
    OK(world_crawl(&w, TEST_NOW));
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct article_row row = read_article(&w, cases[i].path);

        if (!slice_equal(row.title, slice_from(cases[i].title)) ||
            !slice_equal(row.author, slice_from(cases[i].author)) ||
            row.published_at != cases[i].published_at)
            fail_msg("%s: \"%.*s\" by \"%.*s\" at %lld", cases[i].path, SLICE_ARG(row.title),
                     SLICE_ARG(row.author), (long long)row.published_at);
        assert_true(slice_equal(row.published_source, SLICE("feed")) ==
                    (cases[i].published_at == AT));
    }
    world_close(&w);
}

/* The text of a link is a headline only when it is as long as one. */
static void test_link(void **state)
{
    static const char list[] =
        "<html><body><ul><li><a href=/short.txt>Read more</a><time datetime=2023-11-14></time>"
        "</li><li><a href=/long.txt>The bridge that nobody paid for</a>"
        "<time datetime=2023-11-14></time></li></ul></body></html>";
    static const char *const paths[] = {"/short.txt", "/long.txt"};
    struct feed_row row = {.kind = FEED_KIND_PAGE, .selector = SLICE("li a")};
    struct world w;
    bool is_new;
    int64_t id;

    WW_UNUSED(state);
    open_world(&w);
    for (size_t i = 0; i < WW_COUNT(paths); i++)
        assert_true(http_server_route(
            w.http,
            &(struct http_route){
                .path = paths[i],
                .type = "text/plain; charset=utf-8",
                .body = arena_printf(
                    &w.t.arena,
                    "The first stone of file %zu\n\nOn that day, says the report which was read "
                    "out in the large hall of the ministry, stone %zu of the bridge was laid.",
                    i, i)}));
    assert_true(http_server_route(
        w.http,
        &(struct http_route){.path = "/list", .type = "text/html", .body = slice_from(list)}));
    row.url = arena_printf(&w.t.arena, "http://" HOST ":%u/list", w.port);
    OK(store_begin(w.t.store, NULL));
    OK(store_add_feed(w.t.store, &row, &id, &is_new, NULL));
    OK(store_commit(w.t.store, NULL));
    OK(world_crawl(&w, TEST_NOW));
    assert_true(
        slice_equal(read_article(&w, "/short.txt").title, SLICE("The first stone of file 0")));
    assert_true(
        slice_equal(read_article(&w, "/long.txt").title, SLICE("The bridge that nobody paid for")));
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_feed), cmocka_unit_test(test_link)};
    int failures;

    (void)signal(SIGPIPE, SIG_IGN);
    if (!pool_start(parse_run, 2))
        return 1;
    failures = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failures;
}
