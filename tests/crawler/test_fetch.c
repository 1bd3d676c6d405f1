/*
 * Fetching from servers that lie: every fault of tests/support/raw.h ends with the right word, in
 * time, and takes no other fetch with it.
 */
#include "crawler/fetch.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "tests/support/http.h"
#include "tests/support/raw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SERVER_MAX_MS 20000
#define CONNECTIONS_MAX 200

static struct raw_server *raw;
static struct http_server *http;
static struct address_range loopback;

static struct fetch *open_fetch(bool allows_loopback)
{
    const struct fetch_options options = {.user_agent = "wirewatch/0 (+test)",
                                          .allowed = &loopback,
                                          .n_allowed = allows_loopback ? 1 : 0,
                                          .connect_timeout_ms = 1000,
                                          .transfer_timeout_ms = 2000};
    struct fetch *f = NULL;

    assert_int_equal(fetch_open(&options, &f, NULL), WW_OK);
    return f;
}

/* One fetch to its end. */
static enum ww_status get(struct fetch *f, const struct fetch_request *request,
                          struct fetch_answer *answer)
{
    struct ww_error err = {0};
    enum ww_status status = fetch_start(f, request, answer, &err);

    if (status != WW_OK) {
        answer->error = err;
        return answer->status = status;
    }
    while (fetch_next(f) == NULL)
        fetch_wait(f, NULL, 0, 100);
    return answer->status;
}

static enum ww_status get_path(struct fetch *f, const char *origin, const char *path,
                               struct fetch_answer *answer)
{
    char url[256];

    (void)snprintf(url, sizeof(url), "%s%s", origin, path);
    return get(f, &(struct fetch_request){.url = slice_from(url), .accept = "*/*"}, answer);
}

/* What each fault must be called; the rest of raw_faults is asked for a failure of any kind. */
static const struct {
    const char *path;
    enum ww_status status;
} expected[] = {
    {"/fine",           WW_OK         },
    {"/gzip",           WW_OK         },
    {"/no-length",      WW_OK         },
    {"/cut-body",       WW_UNREACHABLE},
    {"/long-length",    WW_UNREACHABLE},
    {"/huge-length",    WW_TOO_BIG    },
    {"/endless-body",   WW_TOO_BIG    },
    {"/drip-body",      WW_UNREACHABLE},
    {"/stall-body",     WW_UNREACHABLE},
    {"/reset-body",     WW_UNREACHABLE},
    {"/chunk-cut",      WW_UNREACHABLE},
    {"/two-lengths",    WW_INVALID    },
    {"/gzip-bomb",      WW_TOO_BIG    },
    {"/gzip-cut",       WW_INVALID    },
    {"/gzip-crc",       WW_INVALID    },
    {"/false-gzip",     WW_INVALID    },
    {"/unknown-coding", WW_INVALID    },
    {"/forty-codings",  WW_INVALID    },
    {"/close",          WW_UNREACHABLE},
    {"/stall",          WW_UNREACHABLE},
    {"/drip-headers",   WW_UNREACHABLE},
    {"/header-flood",   WW_INVALID    },
    {"/long-header",    WW_INVALID    },
    {"/endless-1xx",    WW_INVALID    },
    {"/http09",         WW_INVALID    },
    {"/http99",         WW_INVALID    },
};

static void test_faults(void **state)
{
    struct fetch *f = open_fetch(true);
    struct fetch_answer answer = {0};
    struct clock clock = clock_system();

    WW_UNUSED(state);
    for (size_t i = 0; i < raw_n_faults; i++) {
        const struct raw_fault *fault = &raw_faults[i];
        int64_t begun_ms = clock_monotonic_ms(&clock);
        enum ww_status status = get_path(f, raw_server_origin(raw), fault->path, &answer);

        /* A redirect and a status are answers here; the crawl judges them. */
        if (strstr(fault->path, "redirect") != NULL || strstr(fault->path, "304") != NULL)
            continue;
        if ((status != WW_OK) != fault->is_failure)
            fail_msg("%s (%s): %s", fault->path, fault->about, answer.error.message);
        if (status != WW_OK && answer.body.len > 0)
            fail_msg("%s: half a body is left", fault->path);
        if (clock_monotonic_ms(&clock) - begun_ms > 2600)
            fail_msg("%s: took %lld ms", fault->path,
                     (long long)(clock_monotonic_ms(&clock) - begun_ms));
        for (size_t k = 0; k < WW_COUNT(expected); k++)
            if (strcmp(expected[k].path, fault->path) == 0 && expected[k].status != status)
                fail_msg("%s: %s, not %s: %s", fault->path, ww_status_name(status),
                         ww_status_name(expected[k].status), answer.error.message);
    }
    fetch_answer_release(&answer);
    fetch_close(f);
}

static void test_conditional(void **state)
{
    struct fetch *f = open_fetch(true);
    struct fetch_answer answer = {0};
    struct http_request request;
    char url[256];

    WW_UNUSED(state);
    (void)snprintf(url, sizeof(url), "%s/feed", http_server_origin(http));
    assert_int_equal(get_path(f, http_server_origin(http), "/feed", &answer), WW_OK);
    assert_int_equal(answer.http_status, 200);
    assert_true(slice_equal(buf_slice(&answer.body), SLICE("hello")));
    assert_true(slice_equal(fetch_header(&answer, "etag"), SLICE("W/\"odd \xe2\x98\x83-gzip\"")));
    assert_true(answer.had_contact);
    assert_int_equal(get(f,
                         &(struct fetch_request){.url = slice_from(url),
                                                 .accept = "text/x-test",
                                                 .etag = SLICE("W/\"odd \xe2\x98\x83-gzip\""),
                                                 .last_modified = SLICE("yesterday, or so")},
                         &answer),
                     WW_OK);
    assert_int_equal(answer.http_status, 304);
    assert_true(http_server_request(http, http_server_n_requests(http) - 1, &request));
    assert_true(slice_equal(http_request_header(&request, "If-None-Match"),
                            SLICE("W/\"odd \xe2\x98\x83-gzip\"")));
    assert_true(
        slice_equal(http_request_header(&request, "If-Modified-Since"), SLICE("yesterday, or so")));
    assert_true(slice_equal(http_request_header(&request, "Accept"), SLICE("text/x-test")));
    assert_true(slice_equal(http_request_header(&request, "Accept-Encoding"), SLICE("gzip")));
    assert_true(
        slice_equal(http_request_header(&request, "User-Agent"), SLICE("wirewatch/0 (+test)")));
    assert_int_equal(http_request_header(&request, "Cookie").len, 0);
    assert_int_equal(http_request_header(&request, "Referer").len, 0);
    assert_string_equal(request.method, "GET");
    fetch_answer_release(&answer);
    fetch_close(f);
}

/* Every spelling of an address that is not public, with nothing allowed. */
static void test_addresses(void **state)
{
    static const char *const hosts[] = {
        "127.0.0.1",       "2130706433",         "0x7f.1",      "0177.0.0.1",
        "[::1]",           "[::ffff:127.0.0.1]", "0.0.0.0",     "localhost",
        "169.254.169.254", "10.0.0.1",           "192.168.1.1", "[fe80::1]",
    };
    struct fetch *f = open_fetch(false);
    struct fetch_answer answer = {0};
    size_t before = http_server_n_requests(http);

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(hosts); i++) {
        char url[128];

        (void)snprintf(url, sizeof(url), "http://%s:%u/", hosts[i], http_server_port(http));
        if (get(f, &(struct fetch_request){.url = slice_from(url), .accept = "*/*"}, &answer) !=
            WW_REFUSED)
            fail_msg("%s: %s", url, answer.error.message);
    }
    assert_int_equal(http_server_n_requests(http), before);
    fetch_answer_release(&answer);
    fetch_close(f);
}

/* Allowing one range allows no other. */
static void test_allowed_alone(void **state)
{
    struct fetch *f = open_fetch(true);
    struct fetch_answer answer = {0};
    enum ww_status status =
        get(f, &(struct fetch_request){.url = SLICE("http://169.254.169.254/latest/meta-data")},
            &answer);

    WW_UNUSED(state);
    assert_int_equal(status, WW_REFUSED);
    fetch_answer_release(&answer);
    fetch_close(f);
}

static void test_location(void **state)
{
    static const struct {
        const char *location;
        enum ww_status status;
        const char *url;
    } cases[] = {
        {"/b",                               WW_OK,        "http://news.example/b"  },
        {"//other.example/x#part",           WW_OK,        "http://other.example/x" },
        {"https://secure.example/",          WW_OK,        "https://secure.example/"},
        {"file:///etc/passwd",               WW_REFUSED,   ""                       },
        {"gopher://news.example/",           WW_REFUSED,   ""                       },
        {"ftp://news.example/",              WW_REFUSED,   ""                       },
        {"data:text/html,hello",             WW_REFUSED,   ""                       },
        {"http://user:secret@news.example/", WW_REFUSED,   ""                       },
        {"",                                 WW_NOT_FOUND, ""                       },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct fetch_answer answer = {.head = {.max_bytes = 4096}};
        struct slice url = {"", 0};
        enum ww_status status;

        buf_printf(&answer.head, "HTTP/1.1 301 x\r\nLocation: %s\r\n\r\n", cases[i].location);
        status = fetch_location(&answer, SLICE("http://news.example/a/"), &arena, &url, NULL);
        if (status != cases[i].status)
            fail_msg("%s: %s", cases[i].location, ww_status_name(status));
        if (status == WW_OK && !slice_equal(url, slice_from(cases[i].url)))
            fail_msg("%s: %.*s", cases[i].location, SLICE_ARG(url));
        fetch_answer_release(&answer);
    }
    arena_release(&arena);
}

static void test_cut_at(void **state)
{
    struct fetch *f = open_fetch(true);
    struct fetch_answer answer = {0};
    char url[256];

    WW_UNUSED(state);
    (void)snprintf(url, sizeof(url), "%s/endless-body", raw_server_origin(raw));
    assert_int_equal(
        get(f, &(struct fetch_request){.url = slice_from(url), .cut_at_bytes = 100000}, &answer),
        WW_OK);
    assert_true(answer.was_cut);
    assert_int_equal(answer.body.len, 100000);
    fetch_answer_release(&answer);
    fetch_close(f);
}

/* As many as are let in, by whoever counts them. */
static bool admit(void *context, void *owner, const char *address)
{
    size_t *n_left = context;

    WW_UNUSED(owner);
    assert_string_equal(address, "127.0.0.1");
    if (*n_left == 0)
        return false;
    (*n_left)--;
    return true;
}

static void test_admit(void **state)
{
    size_t n_left = 4;
    const struct fetch_options options = {.user_agent = "wirewatch/0 (+test)",
                                          .allowed = &loopback,
                                          .n_allowed = 1,
                                          .admit = admit,
                                          .admit_context = &n_left};
    struct fetch *f = NULL;
    struct fetch_answer answers[6] = {0};
    const size_t n = WW_COUNT(answers);
    struct fetch_answer *done;
    size_t n_ok = 0, n_busy = 0;
    char url[256];

    WW_UNUSED(state);
    assert_int_equal(fetch_open(&options, &f, NULL), WW_OK);
    (void)snprintf(url, sizeof(url), "%s/slow", http_server_origin(http));
    for (size_t i = 0; i < n; i++)
        assert_int_equal(
            fetch_start(f, &(struct fetch_request){.url = slice_from(url)}, &answers[i], NULL),
            WW_OK);
    for (size_t left = n; left > 0;) {
        fetch_wait(f, NULL, 0, 100);
        while ((done = fetch_next(f)) != NULL) {
            left--;
            n_ok += done->status == WW_OK;
            n_busy += done->status == WW_CONFLICT;
        }
    }
    assert_int_equal(n_ok, 4);
    assert_int_equal(n_busy, 2);
    assert_int_equal(fetch_in_flight(f), 0);
    for (size_t i = 0; i < n; i++)
        fetch_answer_release(&answers[i]);
    fetch_close(f);
}

/* The settings bind where they are tighter than our own limits. */
static void test_settings(void **state)
{
    const struct fetch_options options = {.user_agent = "wirewatch/0 (+test)",
                                          .allowed = &loopback,
                                          .n_allowed = 1,
                                          .body_max_bytes = 4,
                                          .in_flight_max = 1};
    struct fetch *f = NULL;
    struct fetch_answer answers[2] = {0};
    char url[256];

    WW_UNUSED(state);
    (void)snprintf(url, sizeof(url), "%s/feed", http_server_origin(http));
    assert_int_equal(fetch_open(&options, &f, NULL), WW_OK);
    for (size_t i = 0; i < WW_COUNT(answers); i++)
        assert_int_equal(
            fetch_start(f, &(struct fetch_request){.url = slice_from(url)}, &answers[i], NULL),
            i == 0 ? WW_OK : WW_CONFLICT);
    while (fetch_next(f) == NULL)
        fetch_wait(f, NULL, 0, 100);
    assert_int_equal(answers[0].status, WW_TOO_BIG);
    assert_true(fetch_is_free(f));
    for (size_t i = 0; i < WW_COUNT(answers); i++)
        fetch_answer_release(&answers[i]);
    fetch_close(f);
}

/* The n-th allocation fails: the fetch says so or succeeds, and the next one works. */
static void test_no_memory(void **state)
{
    struct fetch *f = open_fetch(true);
    struct fetch_answer answer = {0};

    WW_UNUSED(state);
    for (long n = 1; n < 40; n++) {
        enum ww_status status;

        mem_fail_after(n);
        status = get_path(f, raw_server_origin(raw), "/gzip", &answer);
        mem_fail_after(0);
        if (status != WW_OK && status != WW_NOMEM)
            fail_msg("allocation %ld: %s", n, answer.error.message);
        fetch_answer_release(&answer);
    }
    assert_int_equal(get_path(f, raw_server_origin(raw), "/gzip", &answer), WW_OK);
    fetch_answer_release(&answer);
    fetch_close(f);
}

static int set_up(void **state)
{
    struct ww_error err = {0};

    WW_UNUSED(state);
    if (address_parse_range(SLICE("127.0.0.0/8"), &loopback, &err) != WW_OK ||
        raw_server_open("127.0.0.1", 0, CONNECTIONS_MAX, SERVER_MAX_MS, &raw, &err) != WW_OK ||
        http_server_open("127.0.0.1", 0, &http, &err) != WW_OK)
        return -1;
    raw_server_body(raw, "text/html",
                    SLICE("<html><p>A body that is long enough to be cut in the "
                          "middle, which is what some of the faults do.</p>"));
    (void)http_server_route(http, &(struct http_route){.path = "/feed",
                                                       .type = "text/xml",
                                                       .etag = "W/\"odd \xe2\x98\x83-gzip\"",
                                                       .last_modified = "yesterday, or so",
                                                       .headers = "Set-Cookie: a=b\n",
                                                       .body = SLICE("hello")});
    (void)http_server_route(
        http, &(struct http_route){.path = "/slow", .delay_ms = 300, .body = SLICE("late")});
    return 0;
}

static int tear_down(void **state)
{
    WW_UNUSED(state);
    raw_server_close(raw);
    http_server_close(http);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults),    cmocka_unit_test(test_conditional),
        cmocka_unit_test(test_addresses), cmocka_unit_test(test_allowed_alone),
        cmocka_unit_test(test_location),  cmocka_unit_test(test_cut_at),
        cmocka_unit_test(test_admit),     cmocka_unit_test(test_settings),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
