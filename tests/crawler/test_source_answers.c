/*
 * Sources of history over answers as the services give them: what the reader of lists
 * (feeds/finds.h) makes of the bytes is what the sources go on.
 */
#include "base/attrs.h"
#include "base/limits.h"
#include "tests/support/talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- sitemaps -------------------------------------------------------------------------------- */

#define SITEMAP_SPACE " xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\""

static void month_names(struct talk *t, const char *url, struct reply *r)
{
    WW_UNUSED(t);
    if (strstr(url, "robots.txt") != NULL)
        reply_set_body(r, "Sitemap: https://example.org/sitemap.xml\n");
    else if (strstr(url, "sitemap.xml") != NULL)
        reply_set_body(r, "<?xml version='1.0'?><sitemapindex" SITEMAP_SPACE ">"
                          "<sitemap><loc>https://example.org/sitemaps/2022.xml</loc></sitemap>"
                          "<sitemap><loc>/map.txt</loc></sitemap></sitemapindex>");
    else if (strstr(url, "2022.xml") != NULL)
        reply_set_body(r, "<sitemapindex" SITEMAP_SPACE ">"
                          "<sitemap><loc>https://example.org/sitemaps/2022_8.xml</loc></sitemap>"
                          "<sitemap><loc>https://example.org/sitemaps/2022_9.xml</loc></sitemap>"
                          "<sitemap><loc>https://example.org/sitemaps/2022_10.xml</loc></sitemap>"
                          "</sitemapindex>");
    else if (strstr(url, "map.txt") != NULL)
        reply_set_body(r, "https://example.org/plain\nhttps://elsewhere.example/plain\n");
    else
        reply_set_body(
            r,
            "<urlset" SITEMAP_SPACE " xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
            "<url><loc>https://example.org/a</loc></url>"
            "<url><loc>https://example.org/b</loc><lastmod>2021-05-01</lastmod></url>"
            "<url><loc>https://example.org/c</loc><lastmod>2023-05-01</lastmod><news:news>"
            "<news:publication_date>2022-09-09T10:00:00Z</news:publication_date>"
            "<news:title>Third</news:title></news:news></url></urlset>");
}

static void test_sitemaps(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "sitemap", "example.org", SEPTEMBER, SEPTEMBER + 30 * DAY, month_names);
    talk_play(t, 8);
    assert_int_equal(talk_count(t, "2022_9.xml"), 1);
    assert_int_equal(talk_count(t, "2022_8.xml") + talk_count(t, "2022_10.xml"), 0);
    assert_int_equal(t->n_found, 3); /* a, c, plain */
    assert_false(talk_has_found(t, "/b"));
    talk_assert_says(t, "2 of 3 parts are of another time");
    talk_assert_says(t, "https://elsewhere.example/plain");
    talk_close(t);
}

/* ---- WordPress ------------------------------------------------------------------------------- */

static void wordpress(struct talk *t, const char *url, struct reply *r)
{
    WW_UNUSED(t);
    if (strstr(url, "posts") == NULL) {
        reply_set_body(r, "{\"name\": \"Old Paper\"}");
        r->head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    } else if (talk_number(url, "&page=") == 1) {
        reply_set_body(r,
                       "[{\"id\": 7, \"date\": \"2022-09-05T10:00:00\","
                       " \"date_gmt\": \"2022-09-05T08:00:00\","
                       " \"modified_gmt\": \"2022-09-06T08:00:00\","
                       " \"link\": \"https://example.org/post\","
                       " \"title\": {\"rendered\": \"A &amp; B\"},"
                       " \"content\": {\"rendered\": \"<p>Harbour.</p>\", \"protected\": false}}]");
    } else {
        reply_set_body(
            r, "{\"code\": \"rest_post_invalid_page_number\", \"data\": {\"status\": 400}}");
        r->status = 400;
    }
}

static void test_wordpress(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "wordpress", "https://example.org/", SEPTEMBER, JANUARY, wordpress);
    talk_play(t, 3);
    assert_int_equal(t->n_asked, 3);
    assert_int_equal(t->n_found, 1);
    assert_int_equal(t->n_failed, 0);
    assert_int_equal(t->last_find.published_at, 1662364800);
    assert_int_equal(t->last_find.modified_at, 1662364800 + DAY);
    assert_true(slice_equal(t->last_find.title, SLICE("A & B")));
    assert_true(slice_equal(t->last_find.text, SLICE("<p>Harbour.</p>")));
    talk_close(t);
}

/* ---- feeds ----------------------------------------------------------------------------------- */

static void archived(struct talk *t, const char *url, struct reply *r)
{
    WW_UNUSED(t);
    if (strstr(url, "/feed.atom") != NULL)
        reply_set_body(r, "<feed xmlns='http://www.w3.org/2005/Atom'><title>P</title>"
                          "<link rel='prev-archive' href='/archive/1.atom'/>"
                          "<entry><id>2</id><title>Two</title><link href='https://example.org/2'/>"
                          "<published>2022-10-02T00:00:00Z</published></entry></feed>");
    else
        reply_set_body(r, "<feed xmlns='http://www.w3.org/2005/Atom'"
                          " xmlns:fh='http://purl.org/syndication/history/1.0'><title>P</title>"
                          "<fh:archive/>"
                          "<entry><id>1</id><title>One</title><link href='https://example.org/1'/>"
                          "<published>2022-09-02T00:00:00Z</published></entry></feed>");
}

static void test_an_archived_feed(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "feed", "https://example.org/feed.atom", SEPTEMBER, JANUARY, archived);
    talk_play(t, 3);
    assert_int_equal(t->n_asked, 2);
    assert_string_equal(t->asked[1], "https://example.org/archive/1.atom");
    assert_int_equal(t->n_found, 2);
    talk_close(t);
}

/* ---- archives -------------------------------------------------------------------------------- */

#define SHA "Q4YULN754FHV2U6Q5JUT6Q2P57WEWNNY"
#define COLUMNS "[[\"timestamp\",\"original\",\"statuscode\",\"mimetype\",\"digest\",\"length\"],\n"

static void wayback(struct talk *t, const char *url, struct reply *r)
{
    WW_UNUSED(t);
    if (strstr(url, "/web/timemap/") != NULL)
        reply_set_body(r, "<http://example.org/a>; rel=\"original\",\n"
                          "<http://wayback.example/web/20220910101112/http://example.org/a>;"
                          " rel=\"first memento\"; datetime=\"Sat, 10 Sep 2022 10:11:12 GMT\"\n");
    else if (strstr(url, "&resumeKey=org%2Cexample%29%2Fb+20220914000000%21") != NULL)
        reply_set_body(r, COLUMNS "[\"20220914000000\",\"http://example.org/b\",\"200\","
                                  "\"text/html\",\"" SHA "\",\"900\"]]\n");
    else
        reply_set_body(r, COLUMNS "[\"20220913021530\",\"http://example.org:80/a\",\"200\","
                                  "\"text/html\",\"" SHA "\",\"5123\"],\n"
                                  "[\"20220913021531\",\"http://example.org/moved\",\"301\","
                                  "\"text/html\",\"" SHA "\",\"323\"],\n"
                                  "[],\n[\"org%2Cexample%29%2Fb+20220914000000%21\"]]\n");
}

static void test_wayback(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "wayback", "example.org\ntimemap:http://example.org/a", SEPTEMBER, JANUARY,
              wayback);
    talk_play(t, 4);
    assert_int_equal(t->n_asked, 3);
    assert_int_equal(t->n_found, 3);
    assert_true(talk_has_found(t, "http://wayback.example/web/20220913021530id_/"));
    assert_true(
        talk_has_found(t, "http://wayback.example/web/20220914000000id_/http://example.org/b"));
    assert_true(
        talk_has_found(t, "http://wayback.example/web/20220910101112id_/http://example.org/a"));
    talk_close(t);
}

static void common_crawl(struct talk *t, const char *url, struct reply *r)
{
    WW_UNUSED(t);
    if (strstr(url, "collinfo") != NULL)
        reply_set_body(r, "[{\"id\": \"CC-MAIN-2022-40\", \"name\": \"September/October 2022\","
                          " \"timegate\": \"https://index.commoncrawl.org/CC-MAIN-2022-40/\","
                          " \"cdx-api\": \"https://index.commoncrawl.org/CC-MAIN-2022-40-index\"},"
                          "{\"id\": \"CC-MAIN-2021-10\", \"name\": \"February/March 2021\","
                          " \"cdx-api\": \"https://index.commoncrawl.org/CC-MAIN-2021-10-index\","
                          " \"from\": \"2021-02-24T00:00:00\", \"to\": \"2021-03-09T00:00:00\"}]");
    else if (strstr(url, "showNumPages") != NULL)
        reply_set_body(r, "{\"pages\": 1, \"pageSize\": 5, \"blocks\": 1}\n");
    else
        reply_set_body(r, "{\"urlkey\": \"org,example)/a\", \"timestamp\": \"20220925120000\","
                          " \"url\": \"https://example.org/a\", \"mime\": \"text/html\","
                          " \"status\": \"200\", \"digest\": \"" SHA "\", \"length\": \"5365\","
                          " \"offset\": \"81614902\","
                          " \"filename\": \"crawl-data/CC-MAIN-2022-40/x.warc.gz\"}\n");
}

static void test_common_crawl(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "commoncrawl", "example.org/*", SEPTEMBER, JANUARY, common_crawl);
    talk_play(t, 4);
    assert_int_equal(t->n_asked, 3);
    assert_string_equal(t->asked[2],
                        "http://index.example/CC-MAIN-2022-40-index?url=example.org/"
                        "&matchType=prefix&output=json&filter=%3Dstatus:200"
                        "&fl=url,timestamp,filename,offset,length,status,mime,digest,languages"
                        "&from=20220901000000&page=0");
    assert_string_equal(t->found[0], "https://example.org/a"
                                     " http://data.example/crawl-data/CC-MAIN-2022-40/x.warc.gz");
    assert_int_equal(t->last_find.capture_offset, 81614902);
    assert_int_equal(t->last_find.capture_bytes, 5365);
    assert_int_equal(t->last_find.captured_at, 1664107200);
    talk_close(t);
}

/* ---- lists of the world ---------------------------------------------------------------------- */

static void world_lists(struct talk *t, const char *url, struct reply *r)
{
    WW_UNUSED(t);
    if (strstr(url, "mc-2022-09-01") != NULL)
        reply_set_body(r, "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
                          "<title>Media Cloud URLs for 2022-09-01</title><item>"
                          "<link>https://example.org/a</link>"
                          "<pubDate>Thu, 01 Sep 2022 04:00:00 +0000</pubDate>"
                          "<domain>example.org</domain><title>Strike\x0b at the harbour</title>"
                          "<source url=\"https://example.org/feed\" mcFeedId=\"4\">Paper</source>"
                          "</item></channel></rss>");
    else if (strstr(url, "mc-") != NULL)
        r->status = 404;
    else if (strstr(url, "query=short") != NULL)
        reply_set_body(r, "Your query was too short or too long.\n");
    else if (strstr(url, "query=none") != NULL)
        reply_set_body(r, "{}");
    else
        reply_set_body(r, "{\"articles\": [{\"url\": \"https://example.org/g\","
                          " \"title\": \"Strike\", \"seendate\": \"20220905T101500Z\","
                          " \"domain\": \"example.org\", \"language\": \"English\"}]}");
}

static void test_lists_of_the_world(void **state)
{
    static const struct {
        const char *source, *words;
        size_t n_asked, n_found, n_failed;
    } cases[] = {
        {"mediacloud", "",               2, 1, 1},
        {"gdelt",      "harbour strike", 1, 1, 0},
        {"gdelt",      "none",           1, 0, 0},
        {"gdelt",      "short",          1, 0, 1},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct talk *t = talk_new();

        talk_open(t, cases[i].source, cases[i].words, SEPTEMBER, i == 0 ? SEPTEMBER + DAY : JANUARY,
                  world_lists);
        talk_play(t, 4);
        if (t->n_asked != cases[i].n_asked || t->n_found != cases[i].n_found ||
            t->n_failed != cases[i].n_failed)
            fail_msg("%s %s: %zu asked, %zu found, %zu failed; %s", cases[i].source, cases[i].words,
                     t->n_asked, t->n_found, t->n_failed, t->said);
        if (i == 0)
            assert_true(slice_equal(t->last_find.title, SLICE("Strike at the harbour")));
        talk_close(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sitemaps),         cmocka_unit_test(test_wordpress),
        cmocka_unit_test(test_an_archived_feed), cmocka_unit_test(test_wayback),
        cmocka_unit_test(test_common_crawl),     cmocka_unit_test(test_lists_of_the_world),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
