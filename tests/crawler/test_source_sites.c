/*
 * Sources of history that ask sites: what a command may say, sitemaps, WordPress, feeds; whole
 * conversations, from the first list to the last.
 */
#include "base/attrs.h"
#include "base/limits.h"
#include "tests/support/talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- words ----------------------------------------------------------------------------------- */

static void test_words(void **state)
{
    static const struct {
        const char *source, *words, *says; /* NULL: they will do */
    } cases[] = {
        {"sitemap",     "example.org",                                        NULL                             },
        {"sitemap",     "http://127.0.0.1:8080/",                             NULL                             },
        {"sitemap",     "https://example.org/maps/all.xml.gz\nother.example", NULL                             },
        {"sitemap",     "",                                                   "SITEMAP... is missing"          },
        {"sitemap",     "  \n ",                                              "is missing"                     },
        {"sitemap",     "fence",                                              "'fence' is neither a host"      },
        {"sitemap",     "ftp://example.org/",                                 "'ftp://example.org/' is neither"},
        {"sitemap",     "two words.example",                                  "neither a host"                 },
        {"sitemap",     "https://user:secret@example.org/",                   "neither a host"                 },
        {"wordpress",   "example.org/blog",                                   NULL                             },
        {"wordpress",   "example.org/?p=1",                                   "without a query"                },
        {"feed",        "https://example.org/feed.xml",                       NULL                             },
        {"feed",        "example.org",                                        "that of a site"                 },
        {"wayback",     "*.example.org",                                      NULL                             },
        {"wayback",     "*.example.org/*",                                    NULL                             },
        {"wayback",     "example.org/news/*",                                 NULL                             },
        {"wayback",     "timemap:https://example.org/a",                      NULL                             },
        {"wayback",     "timemap:",                                           "neither a host"                 },
        {"wayback",     "exa*mple.org/a",                                     "a star stands at the end"       },
        {"commoncrawl", "example.org/*/x",                                    "a star stands at the end"       },
        {"commoncrawl", "",                                                   "is missing"                     },
        {"mediacloud",  "",                                                   NULL                             },
        {"mediacloud",  "example.org",                                        NULL                             },
        {"mediacloud",  "\"a phrase\"",                                       "neither a host"                 },
        {"gdelt",       "overseas police",                                    NULL                             },
        {"gdelt",       "",                                                   "is missing"                     },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct talk *t = talk_new();
        struct list_row *lists = NULL;
        struct ww_error err = {0};
        size_t n = 0;
        enum ww_status status;

        talk_open(t, cases[i].source, cases[i].words, SEPTEMBER, JANUARY, NULL);
        status = t->source->begin(&t->context, &t->arena, &lists, &n, &err);
        if (cases[i].says == NULL && (status != WW_OK || n == 0))
            fail_msg("%s %s: %s", cases[i].source, cases[i].words, err.message);
        if (cases[i].says != NULL &&
            (status != WW_INVALID || strstr(err.message, cases[i].says) == NULL))
            fail_msg("%s %s: '%s' where '%s' is wanted", cases[i].source, cases[i].words,
                     err.message, cases[i].says);
        talk_close(t);
    }
}

static void test_table(void **state)
{
    size_t n = 0;

    WW_UNUSED(state);
    for (; source_at(n) != NULL; n++) {
        assert_ptr_equal(source_find(slice_from(source_at(n)->name)), source_at(n));
        if (n > 0)
            assert_true(strcmp(source_at(n - 1)->name, source_at(n)->name) < 0);
    }
    assert_int_equal(n, 7);
    assert_null(source_find(SLICE("files")));
    assert_null(source_find(SLICE("")));
}

static void test_a_foreign_list_is_refused(void **state)
{
    struct list_question question;
    struct list_row list = {.url = SLICE("http://example.org/"), .format = SLICE("warc")};
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 1024 * 1024);
    for (size_t i = 0; source_at(i) != NULL; i++) {
        struct backfill_row order = {.source = slice_from(source_at(i)->name),
                                     .target = SLICE("example.org")};
        struct source_bases bases = {0};
        const struct source_context context = {&order, &bases, TALK_NOW};

        assert_int_equal(source_at(i)->ask(&context, &list, &arena, &question, NULL), WW_INVALID);
    }
    arena_release(&arena);
}

/* ---- sitemaps -------------------------------------------------------------------------------- */

static void month_site(struct talk *t, const char *url, struct reply *r)
{
    static const char *const months[] = {"2021_12", "2022_08", "2022_09", "2022_12", "2023_01"};
    char part[100];
    int64_t days;

    r->status = 404;
    if (talk_is(url, "https://example.org/robots.txt")) {
        r->status = 200;
        r->body = "User-agent: *\nDisallow: /x\nSitemap: https://example.org/maps/index.xml\n"
                  "Sitemap: /maps/news.xml\nSitemap: https://cdn.example.net/map.xml\n";
    } else if (talk_is(url, "https://example.org/maps/index.xml")) {
        for (size_t i = 0; i < WW_COUNT(months); i++) {
            struct finds_list *list;

            (void)snprintf(part, sizeof part, "https://sub.example.org/maps/%s.xml", months[i]);
            list = reply_add_part(r, part);
            (void)date_from_civil(strtol(months[i], NULL, 10),
                                  (unsigned)strtoul(months[i] + 5, NULL, 10), 1, &days);
            list->about = (struct date){.at = days * DAY, .precision = DATE_MONTH};
            list->is_month = true;
        }
        (void)reply_add_part(r, "https://elsewhere.example/map.xml");
        (void)reply_add_part(r, "https://example.org/maps/index.xml"); /* itself */
        (void)reply_add_part(r, "https://example.org/maps/index.xml#again");
        (void)reply_add_part(r, "https://sub.example.org/maps/2022_09.xml#1");
    } else if (talk_is(url, "https://example.org/maps/news.xml")) {
        (void)reply_add_page(r, "https://example.org/news/in", SEPTEMBER + DAY);
        (void)reply_add_page(r, "https://example.org/news/late", JANUARY);
        (void)reply_add_page(r, "https://example.org/news/early", SEPTEMBER - 1);
        (void)reply_add_page(r, "https://elsewhere.example/theirs", SEPTEMBER + DAY);
        (void)reply_add_page(r, "https://example.org/2019/05/06/old", 0);
        (void)reply_add_page(r, "https://example.org/2022/09/06/right", 0);
        (void)reply_add_page(r, "https://example.org/undated", 0);
        (void)reply_add_page(r, "https://example.org/of-1970", 1);
        reply_add_page(r, "https://example.org/changed-before", 0)->modified =
            talk_second(SEPTEMBER - 9 * DAY);
        reply_add_page(r, "https://example.org/changed-later", 0)->modified =
            talk_second(JANUARY + DAY);
    } else if (talk_is(url, "https://cdn.example.net/map.xml")) {
        (void)reply_add_page(r, "https://example.org/vouched-for", 0);
        (void)reply_add_part(r, "https://cdn.example.net/more.xml");
    } else if (strstr(url, "/maps/20") != NULL || strstr(url, "more.xml") != NULL) {
        (void)snprintf(part, sizeof part, "https://example.org/of%s", strrchr(url, '/'));
        (void)reply_add_page(r, part, 0);
    }
    WW_UNUSED(t);
}

static void test_sitemaps_of_a_window(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "sitemap", "example.org", SEPTEMBER, JANUARY, month_site);
    talk_play(t, 20);
    assert_int_equal(talk_count(t, "/maps/2021_12"), 0);
    assert_int_equal(talk_count(t, "/maps/2022_08"), 0);
    assert_int_equal(talk_count(t, "/maps/2023_01"), 0);
    assert_int_equal(talk_count(t, "/maps/2022_09"), 1);
    assert_int_equal(talk_count(t, "elsewhere"), 0);
    assert_int_equal(talk_count(t, "more.xml"), 1);
    assert_true(talk_has_found(t, "/news/in"));
    assert_false(talk_has_found(t, "/news/late"));
    assert_false(talk_has_found(t, "/news/early"));
    assert_false(talk_has_found(t, "theirs"));
    assert_false(talk_has_found(t, "/old"));
    assert_true(talk_has_found(t, "/right"));
    assert_true(talk_has_found(t, "/undated"));
    assert_true(talk_has_found(t, "/of-1970"));
    assert_false(talk_has_found(t, "changed-before"));
    assert_true(talk_has_found(t, "changed-later"));
    assert_true(talk_has_found(t, "vouched-for"));
    assert_true(t->n_outside >= 6);
    talk_assert_says(t, " addresses of other sites");
    talk_assert_says(t, "elsewhere.example/theirs");
    /* Newest first. */
    for (size_t i = 0, last = 0; i < t->n_asked; i++) {
        if (strstr(t->asked[i], "2022_12") != NULL)
            last = i;
        if (strstr(t->asked[i], "2022_09") != NULL)
            assert_true(last > 0);
    }
    assert_true(t->questions[0].format == FINDS_FORMAT_COUNT && !t->questions[0].is_archive);
    talk_close(t);
}

/* Robots.txt names none; the second of the usual places is one; parts tell when they changed. */
static void usual_site(struct talk *t, const char *url, struct reply *r)
{
    WW_UNUSED(t);
    r->status = 404;
    if (talk_is(url, "http://127.0.0.1:8080/robots.txt")) {
        r->status = 200;
        r->body = "User-agent: *\nAllow: /\n";
    } else if (talk_is(url, "http://127.0.0.1:8080/sitemap.xml")) {
        r->status = 200; /* a page that says politely that there is none */
        r->unread = "not a sitemap";
    } else if (talk_is(url, "http://127.0.0.1:8080/sitemap_index.xml")) {
        reply_add_part(r, "http://127.0.0.1:8080/old.xml")->about =
            talk_second(SEPTEMBER - 40 * DAY);
        reply_add_part(r, "http://127.0.0.1:8080/new.xml")->about = talk_second(JANUARY + 40 * DAY);
        (void)reply_add_part(r, "http://127.0.0.1:8080/other.xml");
    } else if (talk_is(url, "http://127.0.0.1:8080/new.xml")) {
        (void)reply_add_page(r, "http://127.0.0.1:8080/a", 0);
    } else if (talk_is(url, "http://127.0.0.1:8080/other.xml")) {
        r->status = t->n++ < 2 ? 503 : 410;
    }
}

static void test_the_usual_places(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "sitemap", "http://127.0.0.1:8080", SEPTEMBER, JANUARY, usual_site);
    talk_play(t, 12);
    assert_int_equal(t->n_found, 1);
    assert_int_equal(talk_count(t, "old.xml"), 0);
    assert_int_equal(talk_count(t, "other.xml"), 3);
    assert_int_equal(t->n_failed, 1);
    talk_assert_says(t, "1 of 3 parts are of another time");
    talk_assert_says(t, "status 410");
    talk_close(t);
}

static void empty_site(struct talk *t, const char *url, struct reply *r)
{
    WW_UNUSED(t);
    WW_UNUSED(url);
    r->status = 404;
}

static void test_a_site_without(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "sitemap", "example.org", 0, 0, empty_site);
    talk_play(t, 12);
    assert_int_equal(t->n_failed, 1);
    talk_assert_says(t, "names no sitemap, and there is none at the usual places");
    talk_close(t);
}

/* An index whose parts were all written at one time says nothing of their pages. */
static void stamped_site(struct talk *t, const char *url, struct reply *r)
{
    WW_UNUSED(t);
    if (strstr(url, "map.xml") != NULL)
        for (int i = 0; i < 3; i++)
            reply_add_part(r, i == 0   ? "https://example.org/a.xml"
                              : i == 1 ? "https://example.org/b.xml"
                                       : "https://example.org/c.xml")
                ->about = talk_second(SEPTEMBER - 100 * DAY);
    else
        (void)reply_add_page(r, "https://example.org/page", 0);
}

static void test_one_stamp_for_all_tells_nothing(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "sitemap", "https://example.org/map.xml", SEPTEMBER, JANUARY, stamped_site);
    talk_play(t, 10);
    assert_int_equal(t->n_asked, 4);
    talk_close(t);
}

/* Each names two more of itself. */
static void endless_site(struct talk *t, const char *url, struct reply *r)
{
    char part[100];
    const long n = talk_number(url, "/more/");

    WW_UNUSED(t);
    for (long i = 1; i <= 2; i++) {
        (void)snprintf(part, sizeof part, "https://example.org/more/%ld.xml",
                       2 * (n < 0 ? 0 : n) + i);
        (void)reply_add_part(r, part);
    }
    (void)snprintf(part, sizeof part, "https://example.org/page/%ld", n);
    (void)reply_add_page(r, part, 0);
}

static void test_an_endless_site(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "sitemap", "https://example.org/sitemap.xml", 0, 0, endless_site);
    talk_play(t, 200);
    assert_int_equal(t->n_asked, (1 << (SITEMAP_NESTED_MAX + 1)) - 1);
    talk_assert_says(t, "an index within");
    talk_close(t);
}

/* ---- WordPress ------------------------------------------------------------------------------- */

enum { POSTS = 1234 };

struct wordpress {
    bool has_pretty, has_link, has_route;
    long posts_status; /* of the first page */
    size_t breaks_at;  /* rows that one answer can hold */
};

static struct wordpress wp;

static void add_posts(struct reply *r, long first, long n)
{
    char part[100];

    for (long i = first; i < first + n && i < POSTS; i++) {
        (void)snprintf(part, sizeof part, "https://example.org/post-%ld", i);
        reply_add_page(r, part, JANUARY - 3600 - i * 7200)->text = SLICE("<p>The whole text</p>");
    }
}

static void wordpress_site(struct talk *t, const char *url, struct reply *r)
{
    static char head[200];
    const bool is_posts = strstr(url, "wp/v2/posts") != NULL;
    const long page = talk_number(url, "&page="), per_page = talk_number(url, "per_page=");
    const long paged = talk_number(url, "paged=");

    WW_UNUSED(t);
    r->status = 404;
    if (is_posts && wp.posts_status != 200) {
        r->status = wp.posts_status;
        r->body = "{\"code\":\"rest_cannot_access\"}";
    } else if (is_posts && (wp.has_pretty || strstr(url, "rest_route") != NULL)) {
        const long n_pages = (POSTS + per_page - 1) / per_page;

        if (page > n_pages) {
            r->status = 400;
            return;
        }
        add_posts(r, (page - 1) * per_page, per_page);
        if (wp.breaks_at > 0 && r->finds.n_rows > wp.breaks_at) {
            r->finds.n_rows = wp.breaks_at;
            r->finds.is_cut = true;
        }
        (void)snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nX-WP-TotalPages: %ld\r\n", n_pages);
        r->head = head;
    } else if (talk_is(url, "https://example.org/wp-json/")        ? wp.has_pretty
               : talk_is(url, "https://example.org/?rest_route=/") ? wp.has_route
                                                                   : false) {
        r->status = 200;
        r->head = "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\n";
    } else if (talk_is(url, "https://example.org/")) {
        r->status = 200;
        r->head = wp.has_link
                      ? "HTTP/1.1 200 OK\r\nLink: </style.css>; rel=preload, "
                        "<https://example.org/?rest_route=/>; rel=\"https://api.w.org/\"\r\n"
                      : "HTTP/1.1 200 OK\r\n";
    } else if (talk_is(url, "https://example.org/feed/") || paged > 0) {
        if ((paged > 0 ? paged - 1 : 0) * 100 < POSTS)
            add_posts(r, (paged > 0 ? paged - 1 : 0) * 100, 100);
    }
}

static void test_wordpress(void **state)
{
    static const struct {
        const char *name;
        struct wordpress is;
        size_t n_most;
        const char *asked, *never, *says;
        bool has_text;
    } cases[] = {
        {"pretty",
         {.has_pretty = true, .posts_status = 200},
         14,                                                             "/wp-json/wp/v2/posts?orderby=date",
         "rest_route",                                                                                                 NULL,
         true                                                                                                                                                                          },
        {"linked",
         {.has_link = true, .has_route = true, .posts_status = 200},
         15,                                                             "?rest_route=/wp/v2/posts&orderby",
         "/feed/",                                                                                                     NULL,
         true                                                                                                                                                                          },
        {"route",
         {.has_route = true, .posts_status = 200},
         16,                                                             "?rest_route=/wp/v2/posts&orderby",
         "/feed/",                                                                                                     NULL,
         true                                                                                                                                                                          },
        {"switched off",
         {.has_pretty = true, .posts_status = 401},
         18,                                                             "/feed/?paged=13",
         "/feed/?page=",                                                                                               "status 401: {\"code\":\"rest_cannot_access\"}: its feed",
         false                                                                                                                                                                         },
        {"none",         {.posts_status = 404},                      20, "/feed/?paged=2",                    "posts", "its feed is read",                                        false},
        {"heavy",
         {.has_pretty = true, .posts_status = 200, .breaks_at = 30},
         68,                                                             "per_page=20&page=62",
         "per_page=4",                                                                                                 NULL,
         true                                                                                                                                                                          },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct talk *t = talk_new();

        wp = cases[i].is;
        talk_open(t, "wordpress", "example.org", 0, 0, wordpress_site);
        talk_play(t, cases[i].n_most);
        if (t->n_found != POSTS || talk_count(t, cases[i].asked) == 0 ||
            talk_count(t, cases[i].never) > 0)
            fail_msg("%s: %zu of %d found, %zu requests, the last %s; %s", cases[i].name,
                     t->n_found, POSTS, t->n_asked, t->asked[t->n_asked - 1], t->said);
        if (cases[i].says != NULL)
            talk_assert_says(t, cases[i].says);
        assert_int_equal(t->last_find.text.len > 0, cases[i].has_text);
        talk_close(t);
    }
}

static void test_wordpress_of_a_window(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    wp = (struct wordpress){.has_pretty = true, .posts_status = 200};
    talk_open(t, "wordpress", "example.org", JANUARY - 10 * DAY, JANUARY - 2 * DAY, wordpress_site);
    talk_play(t, 10);
    assert_true(talk_count(t, "after=2022-12-21T00:00:00&before=2022-12-31T00:00:00") > 0);
    assert_int_equal(t->n_found, 8 * 12);
    talk_close(t);
    /* Its server takes no notice of the window: what is older ends it. */
    t = talk_new();
    wp = (struct wordpress){.posts_status = 404};
    talk_open(t, "wordpress", "example.org", JANUARY - 10 * DAY, JANUARY - 2 * DAY, wordpress_site);
    talk_play(t, 8);
    assert_int_equal(t->n_found, 8 * 12);
    talk_close(t);
}

/* ---- feeds ----------------------------------------------------------------------------------- */

static void add_entries(struct reply *r, long first, long n, long all)
{
    char part[100];

    r->status = 200;
    r->is_read = true;
    for (long i = first; i < first + n && i < all; i++) {
        (void)snprintf(part, sizeof part, "https://example.org/entry-%ld", i);
        (void)reply_add_page(r, part, JANUARY - i * 3600);
    }
}

/* RFC 5005: 40 archives of ten; the last leads back to the first when t->n is 1. */
static void archived_feed(struct talk *t, const char *url, struct reply *r)
{
    const long n = strstr(url, "feed.atom") != NULL ? 0 : talk_number(url, "/archive/");

    add_entries(r, n * 10, 10, 400);
    if (n < 39)
        (void)snprintf(r->next, sizeof r->next, "https://example.org/archive/%ld.atom", n + 1);
    else if (t->n == 1)
        (void)snprintf(r->next, sizeof r->next, "https://example.org/archive/3.atom?again");
    else if (t->n == 2)
        (void)snprintf(r->next, sizeof r->next, "https://other.example/archive.atom");
    r->finds.is_complete = t->n == 3;
}

static void test_archived_feeds(void **state)
{
    static const size_t n_asked[] = {40, 41, 40, 1};

    WW_UNUSED(state);
    for (int i = 0; i < 4; i++) {
        struct talk *t = talk_new();

        talk_open(t, "feed", "https://example.org/feed.atom", 0, 0, archived_feed);
        t->n = i;
        talk_play(t, 60);
        assert_int_equal(t->n_asked, n_asked[i]);
        assert_int_equal(t->n_found, i == 3 ? 10 : 400);
        if (i == 2)
            talk_assert_says(t, "leads to another site");
        talk_close(t);
    }
}

static void test_an_archived_feed_of_a_window(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "feed", "https://example.org/feed.atom", JANUARY - 200 * 3600,
              JANUARY - 100 * 3600, archived_feed);
    talk_play(t, 60);
    assert_int_equal(t->n_found, 100);
    assert_int_equal(t->n_asked, 22); /* the first that is all older ends it */
    talk_close(t);
}

enum feed_kind { KIND_WORDPRESS, KIND_GHOST, KIND_DRUPAL, KIND_BLOGGER, KIND_DEAF, KIND_TURNING };

static void paged_feed(struct talk *t, const char *url, struct reply *r)
{
    static const char *const words[] = {"paged=", "/rss/", "page=", "start-index=", "no", "no"};
    long n = talk_number(url, words[t->n]);

    if (t->n == KIND_GHOST && strstr(url, "page") != NULL)
        n = -1;
    if (t->n == KIND_BLOGGER)
        n = n < 0 ? 1 : (n - 1) / 150 + 1;
    if (t->n == KIND_DRUPAL) /* "paged" holds no "page=" */
        n = n < 0 ? 1 : n + 1;
    if (n <= 0)
        n = 1;
    if (t->n == KIND_TURNING) { /* something else at every visit, and always of the last days */
        char part[100];

        for (long i = 0; i < 10; i++) {
            (void)snprintf(part, sizeof part, "https://example.org/turn-%ld",
                           (i + (long)t->n_asked * 3) % 25);
            (void)reply_add_page(r, part, JANUARY - i);
        }
        return;
    }
    if (t->n == KIND_BLOGGER)
        add_entries(r, (n - 1) * 150, 150, 400);
    else
        add_entries(r, (n - 1) * 10, 10, 50);
    if (r->finds.n_rows == 0 && t->n != KIND_BLOGGER)
        r->status = 404;
}

static void test_paged_feeds(void **state)
{
    static const struct {
        const char *address;
        size_t n_found, n_most;
    } cases[] = {
        [KIND_WORDPRESS] = {"https://example.org/feed/",               50,  6 },
        [KIND_GHOST] = {"https://example.org/rss/",                50,  6 },
        [KIND_DRUPAL] = {"https://example.org/rss.xml",             50,  7 },
        [KIND_BLOGGER] = {"https://example.org/feeds/posts/default", 400, 5 },
        [KIND_DEAF] = {"https://example.org/rss",                 10,  4 },
        [KIND_TURNING] = {"https://example.org/feed",                25,  30},
    };

    WW_UNUSED(state);
    for (int i = 0; i < (int)WW_COUNT(cases); i++) {
        struct talk *t = talk_new();

        talk_open(t, "feed", cases[i].address, 0, 0, paged_feed);
        t->n = i;
        talk_play(t, cases[i].n_most);
        if (t->n_found != cases[i].n_found || t->n_failed > 0)
            fail_msg("%s: %zu found, %zu requests; %s", cases[i].address, t->n_found, t->n_asked,
                     t->said);
        assert_int_equal(t->questions[t->n_asked - 1].pause_ms, FEED_PAGE_PAUSE_MS);
        talk_close(t);
    }
}

static void broken_feed(struct talk *t, const char *url, struct reply *r)
{
    WW_UNUSED(url);
    r->status = t->n;
    r->unread = t->n == 200 ? "not a feed" : NULL;
}

static void test_feeds_that_cannot_be_had(void **state)
{
    static const struct {
        int status;
        size_t n_asked;
        const char *says;
    } cases[] = {
        {200, 1, "not a feed"},
        {404, 1, "status 404"},
        {503, 4, "status 503"}
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct talk *t = talk_new();

        talk_open(t, "feed", "https://example.org/feed", 0, 0, broken_feed);
        t->n = cases[i].status;
        talk_play(t, 6);
        assert_int_equal(t->n_asked, cases[i].n_asked);
        assert_int_equal(t->n_failed, 1);
        talk_assert_says(t, cases[i].says);
        talk_close(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_a_foreign_list_is_refused),
        cmocka_unit_test(test_sitemaps_of_a_window),
        cmocka_unit_test(test_the_usual_places),
        cmocka_unit_test(test_a_site_without),
        cmocka_unit_test(test_one_stamp_for_all_tells_nothing),
        cmocka_unit_test(test_an_endless_site),
        cmocka_unit_test(test_wordpress),
        cmocka_unit_test(test_wordpress_of_a_window),
        cmocka_unit_test(test_archived_feeds),
        cmocka_unit_test(test_an_archived_feed_of_a_window),
        cmocka_unit_test(test_paged_feeds),
        cmocka_unit_test(test_feeds_that_cannot_be_had),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
