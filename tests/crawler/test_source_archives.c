/*
 * Sources of history that ask archives and lists of the world: Wayback, Common Crawl, Media Cloud,
 * GDELT; whole conversations, and the ways they go wrong.
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

/* ---- Wayback --------------------------------------------------------------------------------- */

static void add_capture(struct reply *r, long i, int64_t at)
{
    char part[100];
    struct find *find;

    (void)snprintf(part, sizeof part, "http://example.org:80/news/%ld", i);
    find = reply_add_page(r, part, 0);
    find->captured = talk_second(at);
    find->status = 200;
    find->mime = SLICE("text/html");
    find->digest = SLICE("Q4YULN754FHV2U6Q5JUT6Q2P57WEWNNY");
}

/* 1,100 captures by 500; the key is escaped as the real one is. */
static void wayback_index(struct talk *t, const char *url, struct reply *r)
{
    const long from = talk_number(url, "resumeKey=org%2Cexample%29%2F+");

    WW_UNUSED(t);
    for (long i = from < 0 ? 0 : from; i < (from < 0 ? 0 : from) + 500 && i < 1100; i++)
        add_capture(r, i, SEPTEMBER + i * 60);
    if (from < 1000)
        (void)snprintf(r->next, sizeof r->next, "org%%2Cexample%%29%%2F+%ld%%21",
                       (from < 0 ? 0 : from) + 500);
}

static void test_wayback(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "wayback", "example.org/news/*", SEPTEMBER, JANUARY, wayback_index);
    talk_play(t, 10);
    assert_int_equal(t->n_asked, 3);
    assert_int_equal(t->n_found, 1100);
    assert_string_equal(
        t->asked[0],
        "http://wayback.example/cdx/search/cdx?url=example.org/news/&matchType=prefix"
        "&from=20220901000000&to=20230131000000&output=json"
        "&fl=timestamp,original,statuscode,mimetype,digest,length&filter=statuscode:200"
        "&filter=mimetype:text/html&collapse=urlkey&showResumeKey=true&limit=5000");
    assert_non_null(strstr(t->asked[1], "&resumeKey=org%2Cexample%29%2F+500%21"));
    assert_string_equal(t->found[0], "http://example.org:80/news/0 http://wayback.example/web/"
                                     "20220901000000id_/http://example.org:80/news/0");
    assert_true(slice_equal(t->last_find.digest, SLICE("sha1:Q4YULN754FHV2U6Q5JUT6Q2P57WEWNNY")));
    assert_true(t->questions[0].is_archive && t->questions[0].pause_ms >= 2500);
    assert_true(t->source->copy_pause_ms >= 250);
    talk_close(t);
}

static void wayback_odd(struct talk *t, const char *url, struct reply *r)
{
    add_capture(r, 1, SEPTEMBER);
    WW_UNUSED(url);
    switch (t->n) {
    case 0: /* goes on where it was */
        (void)snprintf(r->next, sizeof r->next, "same");
        break;
    case 1:
        r->finds.is_cut = true;
        break;
    case 2:
        r->status = 429;
        r->body = "Too many";
        break;
    case 3:
        r->status = 403;
        break;
    case 4:
        r->status = 403;
        r->body = "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked";
        break;
    case 5:
        r->status = 504;
        break;
    case 6: /* of other times and kinds */
        add_capture(r, 2, SEPTEMBER - 1);
        add_capture(r, 3, JANUARY + 31 * DAY);
        add_capture(r, 4, JANUARY + 29 * DAY);
        r->rows[0].status = 302;
        add_capture(r, 5, SEPTEMBER);
        r->rows[4].mime = SLICE("image/png");
        (void)reply_add_page(r, "http://example.org/2020/05/06/old", 0);
        r->rows[5].captured = talk_second(SEPTEMBER);
        break;
    case 7:
        r->status = 400;
        r->body = "org.archive.wayback.exception.BadQueryException: bad";
        break;
    default:
        r->status = 200;
        r->is_read = false;
        r->unread = "not JSON";
    }
}

static void test_wayback_in_trouble(void **state)
{
    static const struct {
        size_t n_asked, n_found, n_failed;
        bool is_refused;
        const char *says;
    } cases[] = {
        {2, 1, 1, false, "goes on where it was"   },
        {6, 1, 1, false, "breaks off"             },
        {1, 0, 0, true,  "status 429: Too many"   },
        {1, 0, 0, true,  "status 403"             },
        {1, 0, 1, false, "does not show this site"},
        {4, 0, 1, false, "status 504"             },
        {1, 1, 0, false, NULL                     },
        {1, 0, 1, false, "BadQuery"               },
        {4, 0, 1, false, "not JSON"               },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct talk *t = talk_new();

        talk_open(t, "wayback", "example.org", SEPTEMBER, JANUARY, wayback_odd);
        t->n = (int)i;
        talk_play(t, 8);
        if (t->n_asked != cases[i].n_asked || t->n_found != cases[i].n_found ||
            t->n_failed != cases[i].n_failed || t->is_refused != cases[i].is_refused)
            fail_msg("%zu: %zu requests, %zu found, %zu failed; %s", i, t->n_asked, t->n_found,
                     t->n_failed, t->said);
        if (cases[i].says != NULL)
            talk_assert_says(t, cases[i].says);
        talk_close(t);
    }
}

static void timemap(struct talk *t, const char *url, struct reply *r)
{
    static char captures[3][120];

    if (!talk_is(url, "http://wayback.example/web/timemap/link/https://example.org/a") ||
        t->n == 1) {
        r->status = 404;
        return;
    }
    for (size_t i = 0; i < 3; i++) {
        struct find *find = reply_add_page(r, "https://example.org/a", 0);

        (void)snprintf(captures[i], sizeof captures[i],
                       "http://wayback.example/web/2022100%zu101112/https://example.org/a", i + 1);
        find->capture = slice_from(captures[i]);
        find->captured = talk_second(SEPTEMBER + (30 + (int64_t)i) * DAY);
    }
}

static void test_timemap(void **state)
{
    WW_UNUSED(state);
    for (int i = 0; i < 2; i++) {
        struct talk *t = talk_new();

        talk_open(t, "wayback", "timemap:https://example.org/a", 0, 0, timemap);
        t->n = i;
        talk_play(t, 2);
        assert_int_equal(t->n_found, i == 0 ? 3 : 0);
        assert_int_equal(t->n_failed, 0);
        if (i == 0)
            assert_true(talk_has_found(t, "/web/20221002101112id_/https://example.org/a"));
        talk_close(t);
    }
}

/* ---- Common Crawl ---------------------------------------------------------------------------- */

static void crawls(struct talk *t, const char *url, struct reply *r)
{
    static const char *const names[] = {"CC-MAIN-2024-10", "CC-MAIN-2023-06",   "CC-MAIN-2022-49",
                                        "CC-MAIN-2022-40", "CC-MAIN-2022-33",   "CC-MAIN-2022-21",
                                        "CC-MAIN-2012",    "CC-MAIN-2009-2010", "../../evil"};
    const long page = talk_number(url, "&page=");
    char part[160];

    if (talk_is(url, "http://index.example/collinfo.json")) {
        for (size_t i = 0; i < WW_COUNT(names); i++) {
            (void)snprintf(part, sizeof part, "https://index.commoncrawl.org/%s-index", names[i]);
            reply_add_part(r, part)->name = slice_from(names[i]);
        }
    } else if (strstr(url, "2022-49") != NULL) {
        r->status = 404;
        r->body = "{\"message\": \"No Captures found for: example.org\"}";
    } else if (strstr(url, "showNumPages=true") != NULL) {
        r->status = 200;
        r->is_read = true;
        r->finds.n_pages = 3;
    } else if (strstr(url, "2023-06") != NULL && page == 1 && t->n++ == 0) {
        r->status = 503;
    } else if (strstr(url, "2022-40") != NULL && page == 1) {
        r->status = 404; /* nothing on this page is left by the filter */
    } else if (page > 2) {
        r->status = 400;
    } else {
        for (long i = 0; i < 10; i++) {
            struct find *find;

            (void)snprintf(part, sizeof part, "https://example.org/cc/%ld", page * 10 + i);
            find = reply_add_page(r, part, 0);
            find->capture =
                i == 9 ? SLICE("../../etc/passwd")
                       : slice_from(strstr(url, "2022-40") != NULL ? "crawl-data/40.warc.gz"
                                                                   : "crawl-data/06.warc.gz");
            find->captured = talk_second(SEPTEMBER + DAY);
            find->offset = 1000 * i;
            find->length = i == 8 ? 0 : 500;
            find->status = i == 7 ? 404 : 200;
            find->mime = SLICE("text/html");
        }
    }
}

static void test_common_crawl(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "commoncrawl", "example.org", SEPTEMBER, JANUARY, crawls);
    talk_play(t, 20);
    assert_int_equal(talk_count(t, "2024-10"), 0);
    assert_int_equal(talk_count(t, "2023-06"), 5); /* number, three pages, one of them twice */
    assert_int_equal(talk_count(t, "2022-49"), 1);
    assert_int_equal(talk_count(t, "2022-40"), 4);
    assert_int_equal(talk_count(t, "2022-33"), 4); /* it may have ended in September */
    assert_int_equal(talk_count(t, "2022-21"), 0);
    assert_int_equal(talk_count(t, "2012"), 0);
    assert_int_equal(talk_count(t, "evil"), 0);
    assert_int_equal(t->n_failed, 0);
    assert_true(
        talk_has_found(t, "https://example.org/cc/0 http://data.example/crawl-data/40.warc.gz"));
    assert_false(talk_has_found(t, "passwd"));
    assert_int_equal(t->n_found, 7 * (2 + 3)); /* 33 and 06 hold the same files here */
    assert_int_equal(t->last_find.capture_offset, 6000);
    assert_int_equal(t->last_find.capture_bytes, 500);
    talk_assert_says(t, "without a place in a file");
    assert_true(t->questions[0].is_archive && t->questions[0].pause_ms >= 1000);
    talk_close(t);
}

/* ---- lists of the world ---------------------------------------------------------------------- */

static void media_days(struct talk *t, const char *url, struct reply *r)
{
    WW_UNUSED(t);
    if (strstr(url, "2022-09-03") != NULL) {
        r->status = 404;
        return;
    }
    (void)reply_add_page(r, "https://example.org/of-the-day-before", SEPTEMBER + DAY);
    (void)reply_add_page(r, "https://www.other.example/undated", 0);
    (void)reply_add_page(r, "https://other.example/long-ago", SEPTEMBER - 90 * DAY);
}

static void test_media_cloud(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "mediacloud", "", SEPTEMBER, SEPTEMBER + 5 * DAY, media_days);
    talk_play(t, 10);
    assert_int_equal(t->n_asked, 6); /* a page of the last day may be met on the next */
    assert_string_equal(t->asked[0], "http://days.example/x/mc-2022-09-06.rss.gz");
    assert_string_equal(t->asked[5], "http://days.example/x/mc-2022-09-01.rss.gz");
    assert_int_equal(t->n_found, 2);
    assert_int_equal(t->n_failed, 1);
    talk_assert_says(t, "no list of that day");
    assert_true(t->source->needs_window && t->source->matches_first);
    talk_close(t);
    t = talk_new();
    talk_open(t, "mediacloud", "other.example", SEPTEMBER, SEPTEMBER + DAY, media_days);
    talk_play(t, 10);
    assert_int_equal(t->n_found, 1);
    assert_true(talk_has_found(t, "www.other.example"));
    talk_close(t);
}

static void test_days_that_are_not_there(void **state)
{
    struct talk *t = talk_new();
    struct list_row *lists = NULL;
    size_t n = 0;

    WW_UNUSED(state);
    talk_open(t, "mediacloud", "", 1, SEPTEMBER - 300 * DAY, NULL);
    assert_int_equal(t->source->begin(&t->context, &t->arena, &lists, &n, NULL), WW_INVALID);
    t->order.until_at = 0;
    assert_int_equal(t->source->begin(&t->context, &t->arena, &lists, &n, NULL), WW_OK);
    assert_true(slice_ends(lists[0].url, SLICE("mc-2026-11-20.rss.gz"))); /* midnight: not yet */
    assert_true(slice_ends(lists[n - 1].url, SLICE("mc-2022-02-18.rss.gz")));
    talk_close(t);
}

/* An article an hour from September to January, and a flood of 600 in one quarter of an hour. */
static void gdelt(struct talk *t, const char *url, struct reply *r)
{
    struct date from, until;
    char stamp[40];
    const char *at = strstr(url, "startdatetime="), *to = strstr(url, "enddatetime=");
    int64_t first;
    size_t n = 0;

    assert_non_null(strstr(url, "query=%22overseas%20police%22%20sourcelang:spanish&"));
    (void)snprintf(stamp, sizeof stamp, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", at + 14, at + 18, at + 20,
                   at + 22, at + 24, at + 26);
    assert_true(date_parse(slice_from(stamp), &from));
    (void)snprintf(stamp, sizeof stamp, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", to + 12, to + 16, to + 18,
                   to + 20, to + 22, to + 24);
    assert_true(date_parse(slice_from(stamp), &until));
    r->status = 200;
    r->is_read = true;
    first = from.at <= SEPTEMBER ? SEPTEMBER : from.at + (3600 - from.at % 3600) % 3600;
    for (int64_t hour = first; hour <= until.at && hour < JANUARY && n < GDELT_ROWS;
         hour += 3600, n++) {
        char part[100];

        (void)snprintf(part, sizeof part, "https://example.org/h%lld", (long long)hour);
        (void)reply_add_page(r, part, hour);
    }
    for (long i = 0; t->n == 1 && i < 600 && n < GDELT_ROWS && from.at <= SEPTEMBER + 60 &&
                     until.at >= SEPTEMBER + 60;
         i++, n++) {
        char part[100];

        (void)snprintf(part, sizeof part, "https://example.org/flood%ld", i);
        (void)reply_add_page(r, part, SEPTEMBER + 60);
    }
}

static void test_gdelt(void **state)
{
    WW_UNUSED(state);
    for (int i = 0; i < 2; i++) {
        struct talk *t = talk_new();

        talk_open(t, "gdelt", "overseas police\nsourcelang:spanish", SEPTEMBER, JANUARY, gdelt);
        t->n = i;
        talk_play(t, 80);
        for (int64_t hour = SEPTEMBER; hour < JANUARY; hour += 3600) {
            char part[100];

            (void)snprintf(part, sizeof part, "https://example.org/h%lld", (long long)hour);
            if (!talk_has_found(t, part))
                fail_msg("%s was not found", part);
        }
        if (i == 1)
            talk_assert_says(t, "within a moment");
        assert_true(t->questions[0].pause_ms >= 5000 && t->questions[0].is_archive);
        assert_false(t->source->matches_first);
        talk_close(t);
    }
}

static void gdelt_says(struct talk *t, const char *url, struct reply *r)
{
    WW_UNUSED(url);
    r->status = t->n;
    r->is_read = true;
    r->body = "Please limit requests to one every 5 seconds";
    r->finds.about = SLICE("Your query was too short or too long.");
}

static void test_gdelt_refuses(void **state)
{
    struct talk *t = talk_new();

    WW_UNUSED(state);
    talk_open(t, "gdelt", "x", SEPTEMBER, JANUARY, gdelt_says);
    t->n = 429;
    talk_play(t, 3);
    assert_true(t->is_refused);
    talk_assert_says(t, "one every 5 seconds");
    talk_close(t);
    t = talk_new();
    talk_open(t, "gdelt", "x", SEPTEMBER, JANUARY, gdelt_says);
    t->n = 200;
    talk_play(t, 3);
    assert_int_equal(t->n_failed, 1);
    talk_assert_says(t, "too short");
    talk_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wayback),     cmocka_unit_test(test_wayback_in_trouble),
        cmocka_unit_test(test_timemap),     cmocka_unit_test(test_common_crawl),
        cmocka_unit_test(test_media_cloud), cmocka_unit_test(test_days_that_are_not_there),
        cmocka_unit_test(test_gdelt),       cmocka_unit_test(test_gdelt_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
