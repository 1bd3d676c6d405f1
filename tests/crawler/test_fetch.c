/*
 * Fetching from servers that lie: every fault of tests/support/raw.h ends with the right word, in
 * time, and takes no other fetch with it.
 */
#include "crawler/fetch.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/inflate.h"
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
    /* A transfer that stalls is given up after the time to connect: the other limit comes first. */
    const struct fetch_options options = {.user_agent = "wirewatch/0 (+test)",
                                          .allowed = &loopback,
                                          .n_allowed = allows_loopback ? 1 : 0,
                                          .connect_timeout_ms = 15000,
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
        /* The server would have held it for the whole of its time. */
        if (clock_monotonic_ms(&clock) - begun_ms >= SERVER_MAX_MS / 2)
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

/* What was packed, as it came; nothing of half an answer, and nothing unless it is asked for. */
static void test_received(void **state)
{
    static const struct {
        const char *path;
        bool is_kept;
    } cases[] = {
        {"/gzip",     true },
        {"/fine",     false},
        {"/gzip-cut", false},
        {"/gzip-crc", false}
    };
    struct fetch *f = open_fetch(true);
    struct fetch_answer answer = {0};
    struct arena arena;
    struct slice unpacked;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)32 * 1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        char url[256];
        struct fetch_request asked = {.accept = "*/*", .keeps_received = true};

        (void)snprintf(url, sizeof(url), "%s%s", raw_server_origin(raw), cases[i].path);
        asked.url = slice_from(url);
        (void)get(f, &asked, &answer);
        if ((answer.received.len > 0) != cases[i].is_kept)
            fail_msg("%s: %zu bytes kept", cases[i].path, answer.received.len);
        assert_string_equal(answer.address, "127.0.0.1");
        if (!cases[i].is_kept)
            continue;
        assert_int_equal(answer.received.len, answer.received_bytes);
        assert_int_equal(inflate_all(buf_slice(&answer.received), (size_t)16 * 1024 * 1024, &arena,
                                     &unpacked, NULL),
                         WW_OK);
        assert_true(slice_equal(unpacked, buf_slice(&answer.body)));
    }
    assert_int_equal(get_path(f, raw_server_origin(raw), "/gzip", &answer), WW_OK);
    assert_int_equal(answer.received.len, 0);
    fetch_answer_release(&answer);
    arena_release(&arena);
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

/* What a clock that hurries fetches with: no address but this machine's, and no way around. */
static void test_stays_here(void **state)
{
    struct address_range everything[2];
    struct fetch_options options = {.user_agent = "wirewatch/0 (+test)",
                                    .allowed = everything,
                                    .n_allowed = 2,
                                    .stays_here = true};
    struct fetch_answer answer = {0};
    struct fetch *f = NULL;

    WW_UNUSED(state);
    assert_int_equal(address_parse_range(SLICE("::/0"), &everything[0], NULL), WW_OK);
    assert_int_equal(address_parse_range(SLICE("0.0.0.0/0"), &everything[1], NULL), WW_OK);
    assert_int_equal(fetch_open(&options, &f, NULL), WW_OK);
    assert_int_equal(get_path(f, http_server_origin(http), "/feed", &answer), WW_OK);
    assert_int_equal(get_path(f, "http://203.0.113.7", "/feed", &answer), WW_REFUSED);
    assert_non_null(strstr(answer.error.message, "a clock that hurries"));
    fetch_close(f);
    options.proxy = http_server_origin(http);
    assert_int_equal(fetch_open(&options, &f, NULL), WW_OK);
    assert_int_equal(get_path(f, "http://news.example", "/feed", &answer), WW_REFUSED);
    fetch_close(f);
    fetch_answer_release(&answer);
}

/* ---- parts of files, and lists --------------------------------------------------------------- */

static void parts(void *context, const struct http_request *request, struct http_answer *answer)
{
    static const struct {
        const char *path;
        unsigned status;
        const char *body;
    } answers[] = {
        {"/whole",   200, "0123456789abcdef"                         },
        {"/gone",    404, "there is no such file, and this is longer"},
        {"/beyond",  416, ""                                         },
        {"/busy",    503, "later"                                    },
        {"/nothing", 200, ""                                         },
    };

    WW_UNUSED(context);
    answer->status = 404;
    for (size_t i = 0; i < WW_COUNT(answers); i++) {
        if (strcmp(request->path, answers[i].path) != 0)
            continue;
        answer->status = answers[i].status;
        answer->body_len = strlen(answers[i].body);
        answer->body = strdup(answers[i].body);
    }
}

static const struct {
    const char *path, *content_range, *body;
    enum ww_status status;
    long http_status;
} part_cases[] = {
    {"/fine",      "bytes 4-9/16",                   "456789",           WW_OK,      206},
    {"/no-total",  "bytes 4-9/*",                    "456789",           WW_OK,      206},
    {"/spaces",    "Bytes  4-9/16",                  "456789",           WW_OK,      206},
    {"/elsewhere", "bytes 5-10/16",                  "56789a",           WW_INVALID, 206},
    {"/shorter",   "bytes 4-8/9",                    "45678",            WW_INVALID, 206},
    {"/longer",    "bytes 4-10/16",                  "456789a",          WW_INVALID, 206},
    {"/cut",       "bytes 4-9/16",                   "45678",            WW_INVALID, 206},
    {"/more",      "bytes 4-9/16",                   "456789abcdef0123", WW_INVALID, 206},
    {"/no-range",  "",                               "456789",           WW_INVALID, 206},
    {"/no-bytes",  "lines 4-9/16",                   "456789",           WW_INVALID, 206},
    {"/no-number", "bytes 4-x/16",                   "456789",           WW_INVALID, 206},
    {"/too-large", "bytes 4-99999999999999999999/9", "456789",           WW_INVALID, 206},
    {"/no-slash",  "bytes 4-9",                      "456789",           WW_INVALID, 206},
    {"/empty",     "bytes 4-9/16",                   "",                 WW_INVALID, 206},
    {"/whole",     NULL,                             NULL,               WW_INVALID, 200},
    {"/nothing",   NULL,                             NULL,               WW_INVALID, 200},
    {"/gone",      NULL,                             NULL,               WW_OK,      404},
    {"/beyond",    NULL,                             NULL,               WW_OK,      416},
    {"/busy",      NULL,                             NULL,               WW_OK,      503},
};

static void route_parts(void)
{
    char headers[128];

    http_server_handle(http, parts, NULL);
    for (size_t i = 0; i < WW_COUNT(part_cases); i++) {
        if (part_cases[i].body == NULL)
            continue;
        (void)snprintf(headers, sizeof(headers), "Content-Range: %s\n",
                       part_cases[i].content_range);
        assert_true(http_server_route(
            http, &(struct http_route){.path = part_cases[i].path,
                                       .status = 206,
                                       .headers = part_cases[i].content_range[0] ? headers : NULL,
                                       .body = slice_from(part_cases[i].body)}));
    }
}

static void test_parts(void **state)
{
    struct fetch *f = open_fetch(true);
    struct fetch_answer answer = {0};
    struct fetch_request request = {.accept = "*/*", .range_offset = 4, .range_bytes = 6};
    struct http_request asked;
    char url[256];

    WW_UNUSED(state);
    route_parts();
    for (size_t i = 0; i < WW_COUNT(part_cases); i++) {
        enum ww_status status;

        (void)snprintf(url, sizeof(url), "%s%s", http_server_origin(http), part_cases[i].path);
        request.url = slice_from(url);
        status = get(f, &request, &answer);
        if (status != part_cases[i].status || answer.http_status != part_cases[i].http_status)
            fail_msg("%s: %s, %ld: %s", part_cases[i].path, ww_status_name(status),
                     answer.http_status, answer.error.message);
        if (status == WW_OK && answer.http_status == 206)
            assert_true(slice_equal(buf_slice(&answer.body), SLICE("456789")));
        if (status != WW_OK)
            assert_int_equal(answer.body.len, 0);
    }
    assert_true(http_server_request(http, http_server_n_requests(http) - 1, &asked));
    assert_true(slice_equal(http_request_header(&asked, "Range"), SLICE("bytes=4-9")));
    assert_true(slice_equal(http_request_header(&asked, "Accept-Encoding"), SLICE("identity")));
    /* The next request of the same handle asks for all of it again. */
    assert_int_equal(get_path(f, http_server_origin(http), "/whole", &answer), WW_OK);
    assert_int_equal(answer.body.len, 16);

    request.range_bytes = BODY_MAX_BYTES + 1;
    assert_int_equal(get(f, &request, &answer), WW_TOO_BIG);
    request.range_bytes = -1;
    assert_int_equal(get(f, &request, &answer), WW_INVALID);
    request.range_bytes = 6;
    request.range_offset = INT64_MAX - 5;
    assert_int_equal(get(f, &request, &answer), WW_INVALID);
    fetch_answer_release(&answer);
    fetch_close(f);
}

/* A list may be larger than a page, and only one such comes at a time. */
static void test_lists(void **state)
{
    const size_t n_bytes = BODY_MAX_BYTES + (size_t)4 * 1024 * 1024;
    char *large = mem_alloc(n_bytes);
    struct fetch *f = open_fetch(true);
    struct fetch_answer answers[3] = {{0}, {0}, {0}};
    struct fetch_request request = {.accept = "*/*", .is_list = true};
    size_t n_done = 0, n_crowded = 0;
    char url[256];

    WW_UNUSED(state);
    assert_non_null(large);
    memset(large, '.', n_bytes);
    assert_true(http_server_route(
        http, &(struct http_route){.path = "/list", .body = slice_of(large, n_bytes)}));
    mem_free(large);
    assert_int_equal(get_path(f, http_server_origin(http), "/list", &answers[0]), WW_TOO_BIG);
    (void)snprintf(url, sizeof(url), "%s/list", http_server_origin(http));
    request.url = slice_from(url);
    assert_int_equal(get(f, &request, &answers[0]), WW_OK);
    assert_int_equal(answers[0].body.len, n_bytes);
    assert_int_equal(get_path(f, http_server_origin(http), "/list", &answers[0]), WW_TOO_BIG);

    for (size_t i = 0; i < WW_COUNT(answers); i++)
        assert_int_equal(fetch_start(f, &request, &answers[i], NULL), WW_OK);
    while (n_done + n_crowded < WW_COUNT(answers)) {
        const struct fetch_answer *answer = fetch_next(f);

        if (answer == NULL) {
            fetch_wait(f, NULL, 0, 100);
            continue;
        }
        n_done += answer->status == WW_OK;
        n_crowded += answer->status == WW_CONFLICT;
        assert_true(answer->status == WW_OK || answer->status == WW_CONFLICT);
    }
    assert_true(n_done >= 1);
    for (size_t i = 0; i < WW_COUNT(answers); i++)
        fetch_answer_release(&answers[i]);
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
        cmocka_unit_test(test_no_memory), cmocka_unit_test(test_stays_here),
        cmocka_unit_test(test_parts),     cmocka_unit_test(test_lists),
        cmocka_unit_test(test_received),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
