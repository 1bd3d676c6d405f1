/*
 * Pages that matter are looked at again: when, how politely, and what is made of what is found
 * there.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "crawler/parse.h"
#include "storage/store_articles.h"
#include "storage/store_entries.h"
#include "storage/store_events.h"
#include "storage/store_looks.h"
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

#define OK(call) assert_int_equal(call, WW_OK)
#define HOUR 3600
#define DAY (24 * HOUR)
#define HOST "127.33.0.1"
#define OTHER_HOST "127.33.0.2"
#define PAGE "/news/2026/tram"

#define FIRST                                                                                \
    "<p>The council of the old harbour town spent its Tuesday evening on the tram, and the " \
    "debate went on for longer than anybody had expected when the doors were opened at six." \
    "</p>"
#define FIGURE(n)                                                                              \
    "<p>The line will cost " n " million and will be built in two parts, of which the second " \
    "is to follow when the bridge has been mended.</p>"
#define LAST                                                                                 \
    "<p>Several of those who spoke said that the plans had changed twice since the spring, " \
    "and that nobody had told the people along the quay.</p>"
#define ARTICLE(head, body)                                                                 \
    "<html><head><title>Tram plan grows</title>" head "</head><body><nav>Home News Sport"   \
    "</nav><article><h1>Tram plan grows</h1>" body "</article><footer>The Courier, 4 Quay " \
    "Street</footer></body></html>"
#define PLAIN ARTICLE("", FIRST FIGURE("14") LAST)

static void serve(struct world *w, const char *path, unsigned status, const char *location,
                  const char *body)
{
    const struct http_route route = {.path = path,
                                     .status = status,
                                     .type = "text/html; charset=utf-8",
                                     .location = location,
                                     .body = slice_from(body)};

    assert_true(http_server_route(w->http, &route));
}

static void serve_feed(struct world *w, const char *items)
{
    const struct slice feed = arena_printf(
        &w->t.arena, "<rss version=\"2.0\"><channel><title>The Courier</title>%s</channel></rss>",
        items);
    const struct http_route route = {.path = "/feed", .type = "application/rss+xml", .body = feed};

    assert_true(http_server_route(w->http, &route));
}

static const char *item(struct world *w, const char *path)
{
    return arena_printf(&w->t.arena,
                        "<item><guid>%s</guid><title>Tram plan grows</title>"
                        "<link>http://%s:%u%s</link></item>",
                        path, HOST, w->port, path)
        .ptr;
}

static void crawl(struct world *w, int64_t now)
{
    if (world_crawl(w, now) != WW_OK)
        fail_msg("the crawl failed: %s", w->err.message);
}

/* What pass 2 says of an article that names what is watched. */
static void mention(struct world *w, int64_t article_id, int64_t now)
{
    OK(store_begin(w->t.store, NULL));
    OK(store_look_at(w->t.store, article_id, now, NULL));
    OK(store_commit(w->t.store, NULL));
}

/* A page that a feed announced, read at TEST_NOW and told of. */
static void open_world(struct world *w, const char *page)
{
    static const char *const hosts[] = {HOST, OTHER_HOST};

    world_open(w, hosts, 2);
    serve_feed(w, item(w, PAGE));
    serve(w, PAGE, 200, NULL, page);
    (void)world_add_feed(w, HOST, "/feed");
    crawl(w, TEST_NOW);
    mention(w, 1, TEST_NOW);
}

/* From now on the page answers otherwise. */
static void change(struct world *w, unsigned status, const char *location, const char *body)
{
    http_server_clear(w->http);
    serve_feed(w, item(w, PAGE));
    serve(w, PAGE, status, location, body);
}

static struct event_list events(struct world *w)
{
    const struct event_filter filter = {0};
    struct event_list list = {0};

    OK(store_list_events(w->t.store, &filter, &w->t.arena, &list, NULL));
    return list;
}

static size_t n_versions(struct world *w)
{
    const struct article_filter filter = {0};
    struct article_list list = {0};

    OK(store_list_articles(w->t.store, &filter, &w->t.arena, &list, NULL));
    return list.n_rows;
}

static struct page_row the_page(struct world *w)
{
    struct page_row page = {0};

    OK(store_page(w->t.store, 1, &w->t.arena, &page, NULL));
    return page;
}

static struct look_row the_look(struct world *w)
{
    struct look_row look = {0};

    OK(store_look(w->t.store, 1, &w->t.arena, &look, NULL));
    return look;
}

/* ---- when ------------------------------------------------------------------------------------ */

/* Five looks in a month, each conditional; what has not changed brings nothing. */
static void five_times(void **state)
{
    static const int64_t waits[] = {HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY};
    static const char *const hosts[] = {HOST};
    const int64_t step = HOUR / 2;
    struct world w;
    size_t n = 0;

    WW_UNUSED(state);
    world_open(&w, hosts, 1);
    serve_feed(&w, item(&w, PAGE));
    assert_true(http_server_route(
        w.http, &(struct http_route){
                    .path = PAGE, .type = "text/html", .etag = "\"a1\"", .body = SLICE(PLAIN)}));
    (void)world_add_feed(&w, HOST, "/feed");
    crawl(&w, TEST_NOW);
    mention(&w, 1, TEST_NOW);
    for (int64_t now = TEST_NOW + step; now < TEST_NOW + 40 * DAY;
         now += now < TEST_NOW + 2 * DAY ? step : 6 * step) {
        const size_t before = http_server_count(w.http, PAGE);
        struct http_request request = {0};
        int64_t at = now - TEST_NOW;

        crawl(&w, now);
        if (http_server_count(w.http, PAGE) == before) {
            assert_int_equal(w.summary.n_looks, 0);
            continue;
        }
        assert_int_equal(w.summary.n_looks, 1);
        if (n >= WW_COUNT(waits) || at < waits[n] || at > waits[n] + waits[n] / 10 + 6 * step)
            fail_msg("look %zu after %lld s", n, (long long)at);
        n++;
        for (size_t i = 0; i < http_server_n_requests(w.http); i++)
            if (http_server_request(w.http, i, &request) && strcmp(request.path, PAGE) == 0 &&
                i + 1 == http_server_n_requests(w.http))
                assert_true(
                    slice_equal(http_request_header(&request, "If-None-Match"), SLICE("\"a1\"")));
    }
    assert_int_equal(n, WW_COUNT(waits));
    assert_int_equal(the_look(&w).due_at, 0);
    assert_int_equal(events(&w).n_rows, 0);
    assert_int_equal(n_versions(&w), 1);
    world_close(&w);
}

/* Who was away, or is told of late, is looked at once for all looks that were missed. */
static void one_look_for_those_missed(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w, PLAIN);
    crawl(&w, TEST_NOW + 2 * DAY);
    assert_int_equal(w.summary.n_looks, 1);
    crawl(&w, TEST_NOW + 2 * DAY + 2 * HOUR);
    assert_int_equal(w.summary.n_looks, 0);
    assert_true(the_look(&w).due_at >= TEST_NOW + 7 * DAY);
    world_close(&w);
}

/* ---- what is found: another text ------------------------------------------------------------- */

struct edit {
    const char *what, *before, *after;
    bool is_event, is_noted;
};

#define MODIFIED(date) "<meta property=\"article:modified_time\" content=\"" date "\">"

static const struct edit edits[] = {
    {"nothing",                                                                 PLAIN,                              PLAIN,                                                                                              false,                                                                                                                                                                                                    false                                                                                                                                                                                                                                                                                                                                                                                                  },
    {"a figure",                                                                PLAIN,                              ARTICLE("",                                                                                         FIRST FIGURE("41") LAST),                                                                                                                                                                                 true,                                                                                                                                                                                                                                                                                                                                                                                                    false},
    {"a sentence gone",                                                                         PLAIN,                                                                                           ARTICLE("",                                                                                                                FIRST LAST),                                                                                                                                                                                                                    true,                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 false},
    {"a sentence more",                                                                    PLAIN,
     ARTICLE("",
     FIRST FIGURE("14") LAST "<p>The mayor denied on Friday that the plan is lost.</p>"),
     true,                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           false},
    {"the title",                                                                      PLAIN,
     "<html><head><title>Tram plan is dead</title></head><body><article><h1>Tram plan is "
     "dead</h1>" FIRST FIGURE("14") LAST "</article></body></html>",
     true,                                                                                                                                                                                                                                                                                                                                                                                                   false},
    {"noted in a line",                                                                      PLAIN,
     ARTICLE("",                                                                                                                                                                                                     FIRST FIGURE("41") LAST "<p>Correction: an earlier version of this article gave "
                                         "another sum for the line.</p>"),
     true,                                                                                                                                                                                                                                                                                                                                                                                                                   true},
    {"noted by its date", ARTICLE(MODIFIED("2023-11-14T20:00:00Z"),                                                                                                          FIRST FIGURE("14") LAST),
     ARTICLE(MODIFIED("2023-11-14T23:00:00Z"),                                                                                                                                                                                                                                                                                                                                                                                                                FIRST FIGURE("41") LAST),                                                                                                                                                                                                                                                                                                                                                                                   true, true},
    {"a date that stays",                                                 ARTICLE(MODIFIED("2023-11-14T20:00:00Z"),                                                                      FIRST FIGURE("14") LAST),
     ARTICLE(MODIFIED("2023-11-14T20:00:00Z"),FIRST FIGURE("41") LAST),true, false},
    {"a note alone",                                                       PLAIN,
     ARTICLE("",      FIRST FIGURE("14") LAST "<p>This article was updated on 15 November to mend a "
                                         "link to the map.</p>"),
     false,                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                               false},
    {"spelling",
     ARTICLE("",                                                                                                      FIRST FIGURE("14") LAST "<p>Nobody had recieved a letter from the "
                                         "council before that evening.</p>"),
     ARTICLE("",                                                                                                                                                                                                                                                                                                                                        FIRST FIGURE("14") LAST "<p>Nobody had received a letter, from the Council, "
                                         "before that evening.</p>"),
     false, false},
    {"the order",                                                                     PLAIN,                                                                                                  ARTICLE("",                                                                                                                                                                                                    FIRST LAST FIGURE("14")),                                                                                                                                                                                                                                                                                                                                                                                                   false,                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           false},
    {"a line of links",                                                                PLAIN,
     ARTICLE("",                                                                                                                                                                                                             FIRST FIGURE("14") "<p>Also of interest: <a href=/a>Bridge to be closed for the "
                                    "whole of the summer</a></p>" LAST),
     false,                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       false},
    {"a counter",ARTICLE("",FIRST FIGURE("14") LAST "<p>1,204 views</p>"),
     ARTICLE("",FIRST FIGURE("14") LAST "<p>3,977 views</p>"),false, false},
    {"furniture",                                                         PLAIN,
     "<html><head><title>Tram plan grows</title></head><body><nav>Home News Weather</nav><article>"
     "<h1>Tram plan grows</h1>" FIRST FIGURE("14") LAST
     "</article><aside class=\"most-read\"><h2>"
     "Most read</h2><ul><li><a href=/b>Ferry hits the pier in fog, and nobody is hurt</a></li>"
     "</ul></aside></body></html>",                                                                                                                                                                                                        false,                                                                                                                                                                                                                                                                                                                                          false                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                               },
};

static void what_changed(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(edits); i++) {
        const struct edit *e = &edits[i];
        struct world w;
        struct event_list list;

        open_world(&w, e->before);
        change(&w, 200, NULL, e->after);
        crawl(&w, TEST_NOW + 2 * HOUR);
        assert_int_equal(w.summary.n_looks, 1);
        list = events(&w);
        if (list.n_rows != (e->is_event ? 1 : 0))
            fail_msg("%s: %zu events", e->what, list.n_rows);
        assert_int_equal(w.summary.n_changed, e->is_event);
        assert_int_equal(the_page(&w).state, PAGE_STATE_DONE);
        if (e->is_event) {
            assert_int_equal(list.rows[0].kind, EVENT_CHANGED);
            assert_int_equal(list.rows[0].article_id, 1);
            assert_int_equal(list.rows[0].newer_id, the_page(&w).article_id);
            assert_int_equal(n_versions(&w), 2);
            if (list.rows[0].is_noted != e->is_noted)
                fail_msg("%s: noted %d", e->what, list.rows[0].is_noted);
        }
        /* Seen once, it is not seen again. */
        crawl(&w, TEST_NOW + 8 * HOUR);
        assert_int_equal(w.summary.n_looks, 1);
        assert_int_equal(events(&w).n_rows, e->is_event ? 1 : 0);
        world_close(&w);
    }
}

/* A name that the title lost because it was learned to be the site's is no change. */
/* What an archive gives of a page that is looked at is no change of it. */
static void an_older_copy_is_no_event(void **state)
{
    const struct article_text text = {
        SLICE("The council spoke of the tram. The line will cost 9 million."), SLICE("")};
    struct article_row copy, newest;
    struct world w;
    int64_t id;
    bool is_new;

    WW_UNUSED(state);
    open_world(&w, PLAIN);
    OK(store_article(w.t.store, 1, &w.t.arena, &newest, NULL));
    copy = newest;
    copy.story_id = 0;
    copy.fetched_at = TEST_NOW - 100 * DAY;
    copy.capture = SLICE("https://archive.example/web/1id_/");
    copy.is_historic = true;
    OK(store_begin(w.t.store, NULL));
    OK(store_add_article(w.t.store, &copy, &text, &id, &is_new, NULL));
    OK(store_commit(w.t.store, NULL));
    assert_true(is_new);
    for (int64_t hours = 2; hours <= 8; hours += 6) {
        crawl(&w, TEST_NOW + hours * HOUR);
        assert_int_equal(w.summary.n_looks, 1);
        assert_int_equal(w.summary.n_changed, 0);
    }
    assert_int_equal(events(&w).n_rows, 0);
    assert_int_equal(n_versions(&w), 2);
    /* What does change is told from what stood there last. */
    change(&w, 200, NULL, ARTICLE("", FIRST FIGURE("41") LAST));
    crawl(&w, TEST_NOW + 2 * DAY);
    assert_int_equal(events(&w).n_rows, 1);
    assert_int_equal(events(&w).rows[0].article_id, 1);
    world_close(&w);
}

static void a_name_that_was_learned(void **state)
{
    static const char *const hosts[] = {HOST};
    struct world w;

    WW_UNUSED(state);
    world_open(&w, hosts, 1);
    serve_feed(&w, arena_printf(&w.t.arena,
                                "<item><guid>1</guid><title>Council meets</title>"
                                "<link>http://%s:%u" PAGE "</link></item>",
                                HOST, w.port)
                       .ptr);
    serve(&w, PAGE, 200, NULL,
          "<html><head><title>Tram plan grows - Quay Courier</title></head><body><article>" FIRST
              FIGURE("14") LAST "</article></body></html>");
    (void)world_add_feed(&w, HOST, "/feed");
    crawl(&w, TEST_NOW);
    mention(&w, 1, TEST_NOW);
    http_server_clear(w.http);
    serve_feed(&w, "");
    serve(&w, PAGE, 200, NULL,
          "<html><head><title>Tram plan grows - Quay Courier</title><meta property=\"og:site_name\""
          " content=\"Quay Courier\"></head><body><article>" FIRST FIGURE("14") LAST
          "<p>9,377 views</p></article></body></html>");
    crawl(&w, TEST_NOW + 2 * HOUR);
    assert_int_equal(w.summary.n_looks, 1);
    assert_int_equal(n_versions(&w), 2);
    assert_int_equal(events(&w).n_rows, 0);
    world_close(&w);
}

/* ---- what is found: nothing ------------------------------------------------------------------ */

#define WALL "<title>Just a moment...</title><p>Verify you are human to go on.</p>"
#define CONSENT                                                                               \
    "<title>Before you continue</title><p>We and our partners use cookies and personal data." \
    "</p><form><button>Accept all</button></form>"
#define LOST "<title>Page not found</title><h1>Page not found</h1><p>Sorry.</p>"
#define PAYWALL                                                                            \
    "<html><head><title>Tram plan grows</title><script type=\"application/ld+json\">"      \
    "{\"@type\":\"NewsArticle\",\"headline\":\"Tram plan grows\",\"isAccessibleForFree\":" \
    "\"False\"}</script></head><body><article><h1>Tram plan grows</h1>" FIRST              \
    "<div class=\"paywall\"><p>Subscribe to read on.</p></div></article></body></html>"
#define SECTION                                                                           \
    "<title>News</title><h1>News</h1><ul><li><a href=/1>Ferry hits the pier</a></li><li>" \
    "<a href=/2>School gets a new roof</a></li><li><a href=/3>Fair on Sunday</a></li></ul>"

struct absence {
    const char *what;
    unsigned status;
    const char *location, *body, *how; /* NULL: it says nothing of the article */
};

static const struct absence absences[] = {
    {"not found",      404, NULL,            "",      "404"       },
    {"gone",           410, NULL,            "",      "410"       },
    {"front page",     302, "/",             "",      "front page"},
    {"soft 404",       200, NULL,            LOST,    "soft 404"  },
    {"lost elsewhere", 301, "/lost",         "",      "soft 404"  },
    {"a section",      301, "/news/",        "",      "elsewhere" },
    {"another story",  301, "/news/fair",    "",      "elsewhere" },
    {"moved",          301, "/archive/tram", "",      NULL        },
    {"bot wall",       200, NULL,            WALL,    NULL        },
    {"paywall",        200, NULL,            PAYWALL, NULL        },
    {"consent",        200, NULL,            CONSENT, NULL        },
    {"forbidden",      403, NULL,            "",      NULL        },
    {"to be paid",     402, NULL,            "",      NULL        },
    {"broken",         500, NULL,            "",      NULL        },
};

static void be_absent(struct world *w, const struct absence *a)
{
    change(w, a->status, a->location, a->body);
    serve(w, "/", 200, NULL, SECTION);
    serve(w, "/lost", 200, NULL, LOST);
    serve(w, "/news/", 200, NULL, SECTION);
    serve(w, "/archive/tram", 200, NULL, PLAIN);
    serve(
        w, "/news/fair", 200, NULL,
        "<title>Fair on Sunday</title><article><h1>Fair on Sunday</h1><p>The autumn fair opens at "
        "nine on Sunday on the meadow behind the mill, and the band of the fire brigade is going "
        "to play until the evening comes.</p><p>Whoever brings a horse should be there by seven, "
        "and leave by the southern gate.</p></article>");
}

/* The first time it may be a hiccup; the second time it is told, and then no more. */
static void what_is_removed(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(absences); i++) {
        const struct absence *a = &absences[i];
        struct world w;
        struct event_list list;
        struct article_text text;

        open_world(&w, PLAIN);
        be_absent(&w, a);
        crawl(&w, TEST_NOW + 2 * HOUR);
        if (events(&w).n_rows != 0)
            fail_msg("%s: an event at once", a->what);
        assert_int_equal(the_page(&w).state, PAGE_STATE_DONE);
        crawl(&w, TEST_NOW + 2 * HOUR + 1800);
        if (a->how != NULL && w.summary.n_looks != 0)
            fail_msg("%s: looked at again within the hour", a->what);
        crawl(&w, TEST_NOW + 4 * HOUR);
        list = events(&w);
        if (list.n_rows != (a->how != NULL ? 1 : 0))
            fail_msg("%s: %zu events", a->what, list.n_rows);
        if (a->how != NULL) {
            assert_int_equal(w.summary.n_removed, 1);
            assert_int_equal(list.rows[0].kind, EVENT_REMOVED);
            if (!slice_equal(list.rows[0].how, slice_from(a->how)))
                fail_msg("%s: %.*s", a->what, SLICE_ARG(list.rows[0].how));
            assert_int_equal(list.rows[0].article_id, 1);
        }
        assert_int_equal(the_page(&w).state, a->how != NULL ? PAGE_STATE_GONE : PAGE_STATE_DONE);
        crawl(&w, TEST_NOW + 8 * HOUR);
        crawl(&w, TEST_NOW + 30 * HOUR);
        assert_int_equal(events(&w).n_rows, a->how != NULL ? 1 : 0);
        assert_int_equal(n_versions(&w), 1);
        OK(store_article_text(w.t.store, 1, &w.t.arena, &text, NULL));
        assert_true(slice_contains(text.text, SLICE("14 million")));

        change(&w, 200, NULL, PLAIN);
        crawl(&w, TEST_NOW + 8 * DAY);
        list = events(&w);
        if (list.n_rows != (a->how != NULL ? 2 : 0))
            fail_msg("%s: %zu events when it is back", a->what, list.n_rows);
        if (a->how != NULL)
            assert_int_equal(list.rows[0].kind, EVENT_RETURNED);
        assert_int_equal(the_page(&w).state, PAGE_STATE_DONE);
        crawl(&w, TEST_NOW + 34 * DAY);
        assert_int_equal(w.summary.n_looks, 1);
        assert_int_equal(events(&w).n_rows, a->how != NULL ? 2 : 0);
        assert_int_equal(n_versions(&w), 1);
        world_close(&w);
    }
}

/* A hiccup: away once, and there at the second look. */
static void a_hiccup_is_no_event(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w, PLAIN);
    change(&w, 404, NULL, "");
    crawl(&w, TEST_NOW + 2 * HOUR);
    change(&w, 200, NULL, PLAIN);
    crawl(&w, TEST_NOW + 4 * HOUR);
    assert_int_equal(w.summary.n_looks, 1);
    assert_int_equal(events(&w).n_rows, 0);
    assert_int_equal(the_look(&w).missing.len, 0);
    /* And away again, a day later: once more it is the first time. */
    change(&w, 404, NULL, "");
    crawl(&w, TEST_NOW + 30 * HOUR);
    assert_int_equal(w.summary.n_looks, 1);
    assert_int_equal(events(&w).n_rows, 0);
    world_close(&w);
}

/* What fails for now is tried again, and left to the next look at last. */
static void a_server_that_fails(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w, PLAIN);
    change(&w, 500, NULL, "");
    for (int i = 0; i < 20; i++)
        crawl(&w, TEST_NOW + (2 + i) * HOUR);
    assert_int_equal(http_server_count(w.http, PAGE), 1 + LOOK_TRIES_MAX);
    crawl(&w, TEST_NOW + 30 * HOUR); /* the look of the next day */
    assert_int_equal(http_server_count(w.http, PAGE), 1 + LOOK_TRIES_MAX + 1);
    assert_int_equal(events(&w).n_rows, 0);
    assert_int_equal(the_page(&w).state, PAGE_STATE_DONE);
    world_close(&w);
}

static void robots_that_forbids(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w, PLAIN);
    http_server_clear(w.http);
    assert_true(http_server_route(
        w.http, &(struct http_route){.path = "/robots.txt",
                                     .type = "text/plain",
                                     .body = SLICE("User-agent: *\nDisallow: /news/\n")}));
    serve_feed(&w, item(&w, PAGE));
    serve(&w, PAGE, 404, NULL, "");
    crawl(&w, TEST_NOW + 2 * DAY); /* its rules are a day old */
    crawl(&w, TEST_NOW + 10 * DAY);
    assert_int_equal(http_server_count(w.http, PAGE), 1);
    assert_int_equal(events(&w).n_rows, 0);
    assert_int_equal(the_page(&w).state, PAGE_STATE_DONE);
    assert_true(the_look(&w).due_at >= TEST_NOW + 30 * DAY);
    world_close(&w);
}

/* Our own outage uses up no look. */
static void our_own_outage(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w, PLAIN);
    http_server_close(w.http);
    w.http = NULL;
    (void)test_store_feed(&w.t, "http://127.33.0.9:9/feed");
    for (int i = 0; i < 5; i++)
        (void)world_crawl(&w, TEST_NOW + (2 + 2 * i) * HOUR);
    assert_int_equal(the_look(&w).n_tries, 0);
    assert_int_equal(the_look(&w).step, 0);
    assert_int_equal(events(&w).n_rows, 0);
    world_close(&w);
}

/* ---- how politely ---------------------------------------------------------------------------- */

static int64_t first_request(struct world *w, const char *path, size_t from)
{
    struct http_request request;

    for (size_t i = from; http_server_request(w->http, i, &request); i++)
        if (strcmp(request.path, path) == 0)
            return (int64_t)i;
    return -1;
}

/* Pages that are new come first, whichever host's feed names them. */
static void behind_what_is_new(void **state)
{
    struct world w;
    size_t before;
    int64_t look, page;

    WW_UNUSED(state);
    open_world(&w, PLAIN);
    http_server_clear(w.http);
    serve_feed(&w, "");
    serve(&w, PAGE, 200, NULL, PLAIN);
    serve(&w, "/news/late", 200, NULL, ARTICLE("", FIRST LAST));
    assert_true(http_server_route(
        w.http,
        &(struct http_route){.host = OTHER_HOST,
                             .path = "/other",
                             .type = "application/rss+xml",
                             .delay_ms = 200,
                             .body = arena_printf(&w.t.arena,
                                                  "<rss version=\"2.0\"><channel><title>x</title>%s"
                                                  "</channel></rss>",
                                                  item(&w, "/news/late"))}));
    (void)world_add_feed(&w, OTHER_HOST, "/other");
    before = http_server_n_requests(w.http);
    crawl(&w, TEST_NOW + 2 * HOUR);
    look = first_request(&w, PAGE, before);
    page = first_request(&w, "/news/late", before);
    if (look < 0 || page < 0 || look < page)
        fail_msg("look %lld, page %lld", (long long)look, (long long)page);
    world_close(&w);
}

/* Of one host so many in a run, with its pauses between them. */
static void a_share_of_a_host(void **state)
{
    enum { PAGES = LOOKS_PER_HOST_MAX + 5 };
    static const char *const hosts[] = {HOST};
    struct world w;
    char *items;
    size_t len = 0, before;

    WW_UNUSED(state);
    world_open(&w, hosts, 1);
    items = arena_alloc(&w.t.arena, (size_t)PAGES * 256);
    assert_non_null(items);
    for (int i = 0; i < PAGES; i++) {
        char path[32];

        (void)snprintf(path, sizeof(path), "/page/%d", i);
        len += (size_t)snprintf(items + len, 256, "%s", item(&w, path));
    }
    serve_feed(&w, items);
    http_server_handle(w.http, world_serve_article, NULL);
    (void)world_add_feed(&w, HOST, "/feed");
    crawl(&w, TEST_NOW);
    for (int i = 1; i <= PAGES; i++)
        mention(&w, i, TEST_NOW);
    before = http_server_n_requests(w.http);
    crawl(&w, TEST_NOW + 2 * HOUR);
    assert_int_equal(w.summary.n_looks, LOOKS_PER_HOST_MAX);
    assert_int_equal(http_server_n_requests(w.http) - before, LOOKS_PER_HOST_MAX);
    crawl(&w, TEST_NOW + 2 * HOUR + 600);
    assert_int_equal(w.summary.n_looks, 5);
    world_close(&w);
}

/* ---- by other ways --------------------------------------------------------------------------- */

/* The feed itself says that the page has changed. */
static void changed_by_the_feed(void **state)
{
    static const struct {
        bool is_told_of;
        const char *page;
        size_t n_events;
    } cases[] = {
        {true,  ARTICLE("", FIRST FIGURE("41") LAST), 1},
        {true,  ARTICLE("", FIRST LAST FIGURE("14")), 0},
        {false, ARTICLE("", FIRST FIGURE("41") LAST), 0},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        static const char *const hosts[] = {HOST};
        struct world w;

        world_open(&w, hosts, 1);
        serve_feed(&w, item(&w, PAGE));
        serve(&w, PAGE, 200, NULL, PLAIN);
        (void)world_add_feed(&w, HOST, "/feed");
        crawl(&w, TEST_NOW);
        if (cases[i].is_told_of)
            mention(&w, 1, TEST_NOW);
        http_server_clear(w.http);
        serve_feed(&w, arena_printf(&w.t.arena,
                                    "<item><guid>" PAGE "</guid><title>Tram plan grows</title>"
                                    "<pubDate>Tue, 14 Nov 2023 23:00:00 GMT</pubDate>"
                                    "<description>More of it, and a new sum for the line."
                                    "</description><link>http://%s:%u" PAGE "</link></item>",
                                    HOST, w.port)
                           .ptr);
        serve(&w, PAGE, 200, NULL, cases[i].page);
        crawl(&w, TEST_NOW + 3 * DAY);
        assert_int_equal(n_versions(&w), 2);
        if (events(&w).n_rows != cases[i].n_events)
            fail_msg("case %zu: %zu events", i, events(&w).n_rows);
        assert_int_equal(http_server_count(w.http, PAGE), 2); /* it was as good as a look */
        world_close(&w);
    }
}

/* Version, event and what is next are one: whatever fails between, all of it or nothing. */
static void all_or_nothing(void **state)
{
    struct world w;
    bool is_done = false;

    WW_UNUSED(state);
    open_world(&w, PLAIN);
    change(&w, 200, NULL, ARTICLE("", FIRST FIGURE("41") LAST));
    for (int64_t n = 1; !is_done; n += 7) {
        enum ww_status status;

        mem_fail_after(n);
        status = world_crawl(&w, TEST_NOW + 2 * HOUR);
        mem_fail_after(0);
        is_done = events(&w).n_rows > 0;
        assert_true(status == WW_OK || status == WW_NOMEM || status == WW_UNREACHABLE);
        assert_int_equal(n_versions(&w), is_done ? 2 : 1);
        assert_int_equal(the_look(&w).step, is_done ? 1 : 0);
        assert_int_equal(the_page(&w).article_id, is_done ? 2 : 1);
        assert_true(n < 100000);
    }
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_times),          cmocka_unit_test(one_look_for_those_missed),
        cmocka_unit_test(what_changed),        cmocka_unit_test(a_name_that_was_learned),
        cmocka_unit_test(what_is_removed),     cmocka_unit_test(a_hiccup_is_no_event),
        cmocka_unit_test(a_server_that_fails), cmocka_unit_test(robots_that_forbids),
        cmocka_unit_test(our_own_outage),      cmocka_unit_test(behind_what_is_new),
        cmocka_unit_test(a_share_of_a_host),   cmocka_unit_test(changed_by_the_feed),
        cmocka_unit_test(all_or_nothing),      cmocka_unit_test(an_older_copy_is_no_event),
    };
    int failed;

    if (!pool_start(parse_run, 1))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failed;
}
