/*
 * Sitemaps and watched pages as live sources, over days: what is news of a long list, what is only
 * known, and what an index makes us follow.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "crawler/parse.h"
#include "storage/store_articles.h"
#include "storage/store_pages.h"
#include "tests/support/pool.h"
#include "tests/support/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

#define HOUR 3600
#define DAY (24 * HOUR)
#define A "127.21.0.1"
#define B "127.21.0.2"
#define ARENA_MAX ((size_t)64 * 1024 * 1024)

/* Of the last poll. */
static int64_t now;

static void open_world(struct world *w)
{
    static const char *const hosts[] = {A, B};

    world_open(w, hosts, WW_COUNT(hosts));
    http_server_handle(w->http, world_serve_article, NULL);
    now = TEST_NOW;
}

static int64_t add_feed(struct world *w, const char *path)
{
    return world_add_feed(w, A, path);
}

static void crawl_later(struct world *w, int64_t seconds)
{
    now += seconds;
    if (world_crawl(w, now) != WW_OK)
        fail_msg("the crawl failed: %s", w->err.message);
}

/* A day later, when every feed is due. */
static void crawl(struct world *w)
{
    crawl_later(w, DAY);
}

static struct feed_row find_feed(struct world *w, const char *path)
{
    struct feed_row row = {0};
    char url[128];

    (void)snprintf(url, sizeof(url), "http://" A ":%u%s", w->port, path);
    if (store_feed_by_url(w->t.store, slice_from(url), &w->t.arena, &row, NULL) != WW_OK)
        fail_msg("no feed %s", path);
    return row;
}

/* What the newest check of a feed said. */
static struct feed_check_row last_check(struct world *w, int64_t id)
{
    const struct store_window one = {.limit = 1};
    struct feed_check_list list = {0};

    assert_int_equal(store_list_feed_checks(w->t.store, id, &one, &w->t.arena, &list, NULL), WW_OK);
    assert_int_equal(list.n_rows, 1);
    return list.rows[0];
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

static size_t asked(struct world *w, const char *path)
{
    return http_server_count(w->http, path);
}

static void serve(struct world *w, const char *path, struct slice body)
{
    assert_true(http_server_route(w->http, &(struct http_route){.path = path, .body = body}));
}

/* ---- sitemaps -------------------------------------------------------------------------------- */

struct page {
    const char *path;
    int days;        /* since it was modified; -1: it does not say */
    int days_public; /* by the news extension; -1: none */
};

/* Until a page whose path is NULL. */
static struct slice make_sitemap(struct world *w, const struct page *pages)
{
    struct slice text;
    char day[DATE_TEXT_BYTES];
    struct buf b;

    buf_init(&b, 1 << 20);
    buf_add_string(&b, "<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>");
    for (const struct page *p = pages; p->path != NULL; p++) {
        buf_printf(&b, "<url><loc>http://" A ":%u%s</loc>", w->port, p->path);
        if (p->days >= 0)
            buf_printf(&b, "<lastmod>%s</lastmod>", date_format(now - p->days * DAY, day));
        if (p->days_public >= 0)
            buf_printf(&b,
                       "<news:news><news:publication_date>%s</news:publication_date><news:title>"
                       "News of %s</news:title></news:news>",
                       date_format(now - p->days_public * DAY, day), p->path);
        buf_add_string(&b, "</url>");
    }
    buf_add_string(&b, "</urlset>");
    text = arena_copy(&w->t.arena, buf_slice(&b));
    buf_release(&b);
    return text;
}

static void test_plain(void **state)
{
    struct world w;
    int64_t id;

    WW_UNUSED(state);
    open_world(&w);
    id = add_feed(&w, "/sitemap.xml");
    serve(&w, "/sitemap.xml",
          make_sitemap(
              &w, (struct page[]){
                      {"/old",     400, -1},
                      {"/fresh",   0,   -1},
                      {"/undated", -1,  -1},
                      {NULL,       0,   0 }
    }));
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, 1);
    assert_int_equal(asked(&w, "/fresh"), 1);
    assert_int_equal(asked(&w, "/old") + asked(&w, "/undated"), 0);
    assert_int_equal(last_check(&w, id).n_entries, 3);
    assert_int_equal(last_check(&w, id).message.len, 0);

    /* The same again is no news; a new address is, dated or not. */
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, 0);
    http_server_clear(w.http);
    serve(&w, "/sitemap.xml",
          make_sitemap(&w, (struct page[]){
                               {"/old",         402, -1},
                               {"/fresh",       2,   -1},
                               {"/undated",     -1,  -1},
                               {"/new",         -1,  -1},
                               {"/new-and-old", 90,  -1},
                               {NULL,           0,   0 }
    }));
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, 2);
    assert_int_equal(asked(&w, "/new"), 1);
    assert_int_equal(asked(&w, "/new-and-old"), 1);
    assert_int_equal(asked(&w, "/fresh"), 1);

    /* What calls itself changed is looked at again, whether it was read before or not. */
    http_server_clear(w.http);
    serve(&w, "/sitemap.xml",
          make_sitemap(
              &w, (struct page[]){
                      {"/old",     0,  -1},
                      {"/fresh",   0,  -1},
                      {"/undated", -1, -1},
                      {NULL,       0,  0 }
    }));
    crawl(&w);
    assert_int_equal(asked(&w, "/fresh"), 2);
    assert_int_equal(asked(&w, "/old"), 1);
    assert_int_equal(asked(&w, "/undated"), 0);

    /* An empty one is no failure. */
    http_server_clear(w.http);
    serve(&w, "/sitemap.xml",
          make_sitemap(&w, (struct page[]){
                               {NULL, 0, 0}
    }));
    crawl(&w);
    assert_int_equal(world_feed(&w, id).n_failures, 0);
    world_close(&w);
}

static void test_news(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    (void)add_feed(&w, "/news.xml");
    serve(&w, "/news.xml",
          make_sitemap(&w, (struct page[]){
                               {"/a", 0, 1 },
                               {"/b", 0, 30},
                               {NULL, 0, 0 }
    }));
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, 1); /* what is modified was not published then */
    assert_int_equal(asked(&w, "/a"), 1);
    assert_int_equal(asked(&w, "/b"), 0);
    world_close(&w);
}

static void test_text(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    (void)add_feed(&w, "/list.txt");
    serve(&w, "/list.txt", SLICE("http://" A "/1\n"));
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, 0);
    http_server_clear(w.http);
    serve(&w, "/list.txt", arena_printf(&w.t.arena, "http://" A "/1\nhttp://" A ":%u/2\n", w.port));
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, 1);
    assert_int_equal(asked(&w, "/2"), 1);
    world_close(&w);
}

/* A site that renames its pages does not have them all read. */
static void test_renamed(void **state)
{
    struct world w;
    struct buf list;
    int64_t id;

    WW_UNUSED(state);
    open_world(&w);
    id = add_feed(&w, "/list.txt");
    serve(&w, "/list.txt", SLICE("http://" A "/1\n"));
    crawl(&w);
    buf_init(&list, 1 << 20);
    for (size_t i = 0; i < SITEMAP_NEWS_MAX + 100; i++)
        buf_printf(&list, "http://" B ":1/%zu\n", i);
    http_server_clear(w.http);
    serve(&w, "/list.txt", buf_slice(&list));
    buf_release(&list);
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, SITEMAP_NEWS_MAX);
    assert_true(
        slice_contains(last_check(&w, id).message, SLICE("600 links are new or changed at once")));
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, 0);
    world_close(&w);
}

/* n pages from the first on, the i-th modified i seconds after the beginning of a day. */
static void serve_many(struct world *w, size_t first, size_t n, int64_t day)
{
    char time[DATE_TEXT_BYTES];
    struct buf b;

    buf_init(&b, 1 << 24);
    buf_add_string(&b, "<urlset>");
    for (size_t i = first; i < first + n; i++)
        buf_printf(&b, "<url><loc>http://" B ":1/%zu</loc><lastmod>%s</lastmod></url>", i,
                   date_format(day + (int64_t)(i - first), time));
    buf_add_string(&b, "</urlset>");
    http_server_clear(w->http);
    serve(w, "/map.xml", buf_slice(&b));
    buf_release(&b);
}

/* Recent news wait for their turn; what is beyond all measure is none. */
static void test_masses(void **state)
{
    const size_t n = SITEMAP_NEWS_MAX + 100;
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    (void)add_feed(&w, "/map.xml");
    serve_many(&w, 0, 100, now - 100 * DAY);
    crawl(&w);
    serve_many(&w, 0, n, now); /* a hundred changed, the others are new */
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, SITEMAP_NEWS_MAX);
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, 100); /* those that changed and were never read */
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, 0);

    serve_many(&w, 1000, SITEMAP_RENAMED_MIN + 1, now);
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, SITEMAP_NEWS_MAX);
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, 0);
    world_close(&w);
}

/* More have changed than can be: none is read for it, now or later. */
static void test_bumped(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    (void)add_feed(&w, "/map.xml");
    serve_many(&w, 0, SITEMAP_NEWS_MAX + 1, now - 100 * DAY);
    crawl(&w);
    serve_many(&w, 0, SITEMAP_NEWS_MAX + 1, now);
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, 0);
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, 0);
    world_close(&w);
}

/* ---- indexes --------------------------------------------------------------------------------- */

struct child {
    const char *url; /* absolute, or a path of A */
    int days;        /* -1: it does not say */
};

static struct slice make_index(struct world *w, const struct child *children)
{
    struct slice text;
    char day[DATE_TEXT_BYTES];
    struct buf b;

    buf_init(&b, 1 << 20);
    buf_add_string(&b, "<sitemapindex>");
    for (const struct child *c = children; c->url != NULL; c++) {
        buf_add_string(&b, "<sitemap><loc>");
        if (c->url[0] == '/')
            buf_printf(&b, "http://" A ":%u", w->port);
        buf_printf(&b, "%s</loc>", c->url);
        if (c->days >= 0)
            buf_printf(&b, "<lastmod>%s</lastmod>", date_format(now - c->days * DAY, day));
        buf_add_string(&b, "</sitemap>");
    }
    buf_add_string(&b, "</sitemapindex>");
    text = arena_copy(&w->t.arena, buf_slice(&b));
    buf_release(&b);
    return text;
}

/* As sitemap.xml.gz is served: a packed file that no header calls packed. */
static struct slice pack(struct world *w, struct slice text)
{
    const size_t room = text.len + 1000;
    unsigned char *out = arena_alloc(&w->t.arena, room);
    z_stream z = {0};

    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (const unsigned char *)text.ptr;
    z.avail_in = (unsigned)text.len;
    z.next_out = out;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    (void)deflateEnd(&z);
    return slice_of(out, room - z.avail_out);
}

static void test_index(void **state)
{
    struct world w;
    int64_t id;

    WW_UNUSED(state);
    open_world(&w);
    id = add_feed(&w, "/index.xml");
    serve(&w, "/index.xml",
          make_index(&w, (struct child[]){
                             {"/2023-10.xml.gz",            1  },
                             {"/2023-01.xml.gz",            300},
                             {"/category-1.xml",            0  },
                             {"http://" B "/elsewhere.xml", 0  },
                             {NULL,                         0  }
    }));
    serve(&w, "/2023-10.xml.gz",
          pack(&w, make_sitemap(&w, (struct page[]){
                                        {"/x", 0, -1},
                                        {NULL, 0, 0 }
    })));
    crawl(&w);
    assert_int_equal(w.summary.n_feeds, 2);
    assert_int_equal(asked(&w, "/x"), 1);
    assert_int_equal(find_feed(&w, "/2023-10.xml.gz").parent_id, id);
    assert_int_equal(asked(&w, "/2023-01.xml.gz") + asked(&w, "/category-1.xml"), 0);
    assert_true(slice_equal(world_feed(&w, id).last_error, SLICE("")));
    assert_int_equal(world_feed(&w, id).last_new_at, now); /* its sitemaps' news are its own */

    /* A new month begins: the old one goes with its rest. */
    http_server_clear(w.http);
    serve(&w, "/index.xml",
          make_index(&w, (struct child[]){
                             {"/2023-11.xml.gz", 0 },
                             {"/2023-10.xml.gz", 40},
                             {NULL,              0 }
    }));
    serve(&w, "/2023-11.xml.gz",
          pack(&w, make_sitemap(&w, (struct page[]){
                                        {"/y", 0, -1},
                                        {NULL, 0, 0 }
    })));
    crawl(&w);
    assert_int_equal(asked(&w, "/y"), 1);
    assert_int_equal(find_feed(&w, "/2023-10.xml.gz").state, FEED_STATE_REMOVED);
    assert_int_equal(find_feed(&w, "/2023-11.xml.gz").state, FEED_STATE_ACTIVE);

    /* And comes back when it is named as fresh again; what somebody paused stays so. */
    http_server_clear(w.http);
    serve(&w, "/index.xml",
          make_index(&w, (struct child[]){
                             {"/2023-11.xml.gz", 0},
                             {"/2023-10.xml.gz", 0},
                             {NULL,              0}
    }));
    {
        struct feed_row paused = find_feed(&w, "/2023-11.xml.gz");

        paused.state = FEED_STATE_PAUSED;
        assert_int_equal(store_begin(w.t.store, NULL), WW_OK);
        assert_int_equal(store_update_feed(w.t.store, &paused, NULL), WW_OK);
        assert_int_equal(store_commit(w.t.store, NULL), WW_OK);
    }
    crawl(&w);
    assert_int_equal(find_feed(&w, "/2023-10.xml.gz").state, FEED_STATE_ACTIVE);
    assert_int_equal(find_feed(&w, "/2023-11.xml.gz").state, FEED_STATE_PAUSED);
    world_close(&w);
}

/* What a person says of an index holds for the articles of its sitemaps, whenever it is said. */
static void test_index_speaks(void **state)
{
    const struct article_filter all = {0};
    struct article_list articles = {0};
    struct world w;
    struct feed_row index;

    WW_UNUSED(state);
    open_world(&w);
    index = world_feed(&w, add_feed(&w, "/index.xml"));
    serve(&w, "/index.xml",
          make_index(&w, (struct child[]){
                             {"/1.xml", -1},
                             {NULL,     0 }
    }));
    serve(&w, "/1.xml",
          make_sitemap(&w, (struct page[]){
                               {NULL, 0, 0}
    }));
    crawl(&w);
    index.outlet = SLICE("The Post");
    index.country = SLICE("IE");
    assert_int_equal(store_begin(w.t.store, NULL), WW_OK);
    assert_int_equal(store_update_feed(w.t.store, &index, NULL), WW_OK);
    assert_int_equal(store_commit(w.t.store, NULL), WW_OK);
    http_server_clear(w.http);
    serve(&w, "/index.xml",
          make_index(&w, (struct child[]){
                             {"/1.xml", -1},
                             {NULL,     0 }
    }));
    serve(&w, "/1.xml",
          make_sitemap(&w, (struct page[]){
                               {"/x", -1, -1},
                               {NULL, 0,  0 }
    }));
    crawl(&w);
    assert_int_equal(store_list_articles(w.t.store, &all, &w.t.arena, &articles, NULL), WW_OK);
    assert_int_equal(articles.n_rows, 1);
    assert_true(slice_equal(articles.rows[0].outlet, SLICE("The Post")));
    assert_true(slice_equal(articles.rows[0].country, SLICE("IE")));
    assert_int_equal(articles.rows[0].feed_id, find_feed(&w, "/1.xml").id);
    world_close(&w);
}

/* With its index at rest a sitemap is not asked. */
static void test_resting_index(void **state)
{
    struct world w;
    struct feed_row index;
    int64_t id;
    bool is_new;

    WW_UNUSED(state);
    open_world(&w);
    index = world_feed(&w, add_feed(&w, "/index.xml"));
    serve(&w, "/index.xml",
          make_index(&w, (struct child[]){
                             {"/1.xml", -1},
                             {NULL,     0 }
    }));
    serve(&w, "/1.xml",
          make_sitemap(&w, (struct page[]){
                               {NULL, 0, 0}
    }));
    crawl(&w);
    assert_int_equal(asked(&w, "/1.xml"), 1);
    index.state = FEED_STATE_PAUSED;
    assert_int_equal(store_begin(w.t.store, NULL), WW_OK);
    assert_int_equal(store_update_feed(w.t.store, &index, NULL), WW_OK);
    assert_int_equal(store_commit(w.t.store, NULL), WW_OK);
    crawl(&w);
    assert_int_equal(w.summary.n_requests, 0);

    /* It goes with it, and comes back with it. */
    index.state = FEED_STATE_REMOVED;
    assert_int_equal(store_begin(w.t.store, NULL), WW_OK);
    assert_int_equal(store_update_feed(w.t.store, &index, NULL), WW_OK);
    assert_int_equal(store_commit(w.t.store, NULL), WW_OK);
    assert_int_equal(find_feed(&w, "/1.xml").state, FEED_STATE_REMOVED);
    assert_int_equal(store_begin(w.t.store, NULL), WW_OK);
    assert_int_equal(store_add_feed(w.t.store, &index, &id, &is_new, NULL), WW_OK);
    assert_int_equal(store_commit(w.t.store, NULL), WW_OK);
    crawl(&w);
    assert_int_equal(find_feed(&w, "/1.xml").state, FEED_STATE_ACTIVE);
    assert_int_equal(asked(&w, "/1.xml"), 2);
    world_close(&w);
}

/* Without times: the highest numbers, and no more than are followed. */
static void test_many_children(void **state)
{
    struct child children[SITEMAP_CHILDREN_MAX + 6] = {0};
    char paths[SITEMAP_CHILDREN_MAX + 5][32];
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    (void)add_feed(&w, "/index.xml");
    for (size_t i = 0; i < WW_COUNT(paths); i++) {
        (void)snprintf(paths[i], sizeof(paths[i]), "/posts-%zu.xml", i + 1);
        children[i] = (struct child){paths[i], -1};
        serve(&w, paths[i],
              make_sitemap(&w, (struct page[]){
                                   {NULL, 0, 0}
        }));
    }
    serve(&w, "/index.xml", make_index(&w, children));
    crawl(&w);
    assert_int_equal(w.summary.n_feeds, 1 + SITEMAP_CHILDREN_MAX);
    assert_int_equal(asked(&w, "/posts-5.xml"), 0);
    assert_int_equal(asked(&w, "/posts-6.xml"), 1);
    assert_int_equal(asked(&w, "/posts-15.xml"), 1);
    world_close(&w);
}

/* Indexes that name themselves, each other, and ever more of their kind. */
static void test_loops(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    (void)add_feed(&w, "/0.xml");
    serve(&w, "/0.xml",
          make_index(&w, (struct child[]){
                             {"/0.xml", -1},
                             {"/1.xml", -1},
                             {NULL,     0 }
    }));
    serve(&w, "/1.xml",
          make_index(&w, (struct child[]){
                             {"/0.xml", -1},
                             {"/1.xml",        -1},
                             {"/2.xml",-1},
                             {0}
    }));
    serve(&w, "/2.xml",
          make_index(&w, (struct child[]){
                             {"/3.xml", -1},
                             {NULL,     0 }
    }));
    crawl(&w);
    assert_int_equal(w.summary.n_feeds, 3);
    assert_int_equal(asked(&w, "/3.xml"), 0);
    assert_true(
        slice_contains(last_check(&w, find_feed(&w, "/2.xml").id).message, SLICE("not followed")));
    crawl(&w);
    assert_int_equal(asked(&w, "/0.xml"), 2);
    assert_int_equal(asked(&w, "/2.xml"), 2);
    world_close(&w);
}

/* ---- watched pages --------------------------------------------------------------------------- */

static int64_t watch(struct world *w, const char *path, const char *selector)
{
    char url[128];
    struct feed_row row = {.kind = FEED_KIND_PAGE, .selector = slice_from(selector)};
    int64_t id = 0;
    bool is_new = false;

    (void)snprintf(url, sizeof(url), "http://" A ":%u%s", w->port, path);
    row.url = slice_from(url);
    assert_int_equal(store_begin(w->t.store, NULL), WW_OK);
    assert_int_equal(store_add_feed(w->t.store, &row, &id, &is_new, NULL), WW_OK);
    assert_int_equal(store_commit(w->t.store, NULL), WW_OK);
    assert_true(is_new);
    return id;
}

/* A page whose news are /prefix1 to /prefixN, the i-th dated i days ago when it has dates. */
static void serve_list(struct world *w, const char *prefix, size_t n, bool has_dates)
{
    char day[DATE_TEXT_BYTES];
    struct buf b;

    buf_init(&b, 1 << 20);
    buf_add_string(&b, "<html><body><nav><a href=/home>Home of the page</a></nav><ul class=news>");
    for (size_t i = 1; i <= n; i++) {
        buf_printf(&b, "<li><h2><a href=%s%zu>Report number %zu of this year</a></h2>", prefix, i,
                   i);
        if (has_dates)
            buf_printf(&b, "<time datetime=%s></time>", date_format(now - (int64_t)i * DAY, day));
    }
    buf_add_string(&b, "</ul></body></html>");
    http_server_clear(w->http);
    assert_true(http_server_route(
        w->http,
        &(struct http_route){.path = "/reports", .type = "text/html", .body = buf_slice(&b)}));
    buf_release(&b);
}

static void test_page(void **state)
{
    struct world w;
    struct http_request request;
    int64_t id;

    WW_UNUSED(state);
    open_world(&w);
    id = watch(&w, "/reports", ".news h2 a");
    serve_list(&w, "/r", 3, false);
    crawl(&w);
    assert_int_equal(w.summary.n_feeds_failed, 0);
    assert_int_equal(w.summary.n_requests, 1); /* what stands there is known */
    assert_true(http_server_request(w.http, 0, &request));
    assert_true(slice_starts(http_request_header(&request, "Accept"), SLICE("text/html")));
    assert_int_equal(last_check(&w, id).n_entries, 3);

    serve_list(&w, "/r", 5, false);
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, 2);
    assert_int_equal(asked(&w, "/r4"), 1);
    assert_int_equal(asked(&w, "/r1") + asked(&w, "/home"), 0);

    /* The page was made anew: that is trouble, not silence. */
    http_server_clear(w.http);
    serve(&w, "/reports", SLICE("<html><body><div class=cards><a href=/r6>x</a></div></body>"));
    crawl(&w);
    assert_int_equal(w.summary.n_feeds_failed, 1);
    assert_true(slice_contains(world_feed(&w, id).last_error,
                               SLICE("matches the selector \".news h2 a\"")));
    serve_list(&w, "/r", 6, false);
    crawl_later(&w, 2 * DAY);
    assert_int_equal(world_feed(&w, id).n_failures, 0);
    assert_int_equal(asked(&w, "/r6"), 1);
    world_close(&w);
}

/* With another selector, what stands on the page is known again. */
static void test_other_selector(void **state)
{
    struct world w;
    struct feed_row row;

    WW_UNUSED(state);
    open_world(&w);
    row = world_feed(&w, watch(&w, "/reports", "nav a"));
    serve_list(&w, "/r", 3, false);
    crawl(&w);
    row.selector = SLICE("h2 a");
    assert_int_equal(store_begin(w.t.store, NULL), WW_OK);
    assert_int_equal(store_update_feed(w.t.store, &row, NULL), WW_OK);
    assert_int_equal(store_commit(w.t.store, NULL), WW_OK);
    crawl(&w);
    assert_int_equal(last_check(&w, row.id).n_entries, 3);
    assert_int_equal(w.summary.n_entries_new, 0);
    serve_list(&w, "/r", 4, false);
    crawl(&w);
    assert_int_equal(w.summary.n_entries_new, 1);
    world_close(&w);
}

/* On the first reading what is dated to the last days is news. */
static void test_dated_page(void **state)
{
    struct world w;

    WW_UNUSED(state);
    open_world(&w);
    (void)watch(&w, "/reports", "auto");
    now += DAY;
    serve_list(&w, "/a-report-of-some-length-", 9, true);
    crawl_later(&w, 0);
    assert_int_equal(w.summary.n_entries_new, 3);
    assert_int_equal(asked(&w, "/a-report-of-some-length-3"), 1);
    assert_int_equal(asked(&w, "/a-report-of-some-length-4"), 0);
    world_close(&w);
}

/* Other links with every visit: some are read, and somebody is told. */
static void test_restless_page(void **state)
{
    struct world w;
    int64_t id, n_news = 0;

    WW_UNUSED(state);
    open_world(&w);
    id = watch(&w, "/reports", "h2 a");
    for (size_t i = 0; i < 20; i++) {
        char prefix[32];

        (void)snprintf(prefix, sizeof(prefix), "http://" B ":1/%zu-", i);
        serve_list(&w, prefix, 30, false);
        crawl_later(&w, i == 0 ? DAY : HOUR + 600);
        assert_true(w.summary.n_entries_new <= LISTING_NEWS_MAX);
        n_news += w.summary.n_entries_new;
    }
    assert_int_equal(n_news, LISTING_NEWS_DAY_MAX);
    assert_true(
        slice_contains(last_check(&w, id).message, SLICE("30 links are new or changed at once")));

    /* More than usual after a rest of ours is only late. */
    crawl_later(&w, 2 * DAY);
    assert_int_equal(w.summary.n_entries_new, LISTING_NEWS_MAX);
    crawl_later(&w, DAY);
    assert_int_equal(w.summary.n_entries_new, 30 - LISTING_NEWS_MAX);
    world_close(&w);
}

/* The n-th allocation fails: the run says so or goes on, and the next one finds all it should. */
static void test_no_memory(void **state)
{
    bool is_reached = true;

    WW_UNUSED(state);
    for (long n = 1; is_reached; n += n < 60 ? 7 : 41) {
        struct clock clock = clock_started_at(TEST_NOW);
        const struct log log = {.out = NULL, .level = LOG_DEBUG, .clock = &clock};
        struct world w;
        int64_t page, index;
        enum ww_status status;

        open_world(&w);
        page = watch(&w, "/reports", "auto");
        index = add_feed(&w, "/index.xml");
        serve_list(&w, "/a-report-of-some-length-", 2, true);
        serve(&w, "/index.xml",
              make_index(&w, (struct child[]){
                                 {"/1.xml", -1},
                                 {NULL,     0 }
        }));
        serve(&w, "/1.xml",
              make_sitemap(&w, (struct page[]){
                                   {"/x", 0, -1},
                                   {NULL, 0, 0 }
        }));
        mem_fail_after(n);
        status = crawl_run(&w.options, w.t.store, pool_workers(), &clock, &log, &w.summary, &w.err);
        is_reached = mem_count() >= n;
        mem_fail_after(0);
        if (status != WW_OK && status != WW_NOMEM && status != WW_STORE)
            fail_msg("allocation %ld: %s", n, w.err.message);
        if (status != WW_OK &&
            (world_feed(&w, page).n_failures > 0 || world_feed(&w, index).n_failures > 0))
            fail_msg("allocation %ld: our failure counts against a source", n);
        crawl(&w);
        if (read_page(&w, "/a-report-of-some-length-2").state != PAGE_STATE_DONE ||
            read_page(&w, "/x").state != PAGE_STATE_DONE)
            fail_msg("allocation %ld: a page is missing", n);
        world_close(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),          cmocka_unit_test(test_news),
        cmocka_unit_test(test_text),           cmocka_unit_test(test_masses),
        cmocka_unit_test(test_bumped),         cmocka_unit_test(test_renamed),
        cmocka_unit_test(test_index),          cmocka_unit_test(test_index_speaks),
        cmocka_unit_test(test_resting_index),  cmocka_unit_test(test_many_children),
        cmocka_unit_test(test_loops),          cmocka_unit_test(test_page),
        cmocka_unit_test(test_other_selector), cmocka_unit_test(test_dated_page),
        cmocka_unit_test(test_no_memory),      cmocka_unit_test(test_restless_page),
    };
    int failed;

    if (!pool_start(parse_run, 1))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failed;
}
