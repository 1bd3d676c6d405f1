/*
 * Fetching over TLS: who is not believed and in which words, and what is used again - connections,
 * sessions - so that asking a host twice costs one handshake.
 */
#include "crawler/fetch.h"

#include "base/clock.h"
#include "base/limits.h"
#include "tests/support/tls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* More than libcurl keeps sessions of by itself. */
#define HOSTS 20

static struct tls_authority *authority;
static struct address_range loopback;

static struct fetch *open_fetch(const char *ca_file)
{
    const struct fetch_options options = {.user_agent = "wirewatch/0 (+test)",
                                          .ca_file = ca_file,
                                          .allowed = &loopback,
                                          .n_allowed = 1,
                                          .connect_timeout_ms = 10000,
                                          .transfer_timeout_ms = 20000};
    struct fetch *f = NULL;

    assert_int_equal(fetch_open(&options, &f, NULL), WW_OK);
    return f;
}

static struct tls_server *open_server(const struct tls_options *options)
{
    struct tls_server *s = NULL;

    assert_int_equal(tls_server_open(authority, options, &s, NULL), WW_OK);
    return s;
}

static enum ww_status get(struct fetch *f, const struct tls_server *s, struct fetch_answer *answer)
{
    char url[128];

    (void)snprintf(url, sizeof(url), "%s/feed", tls_server_origin(s));
    assert_int_equal(fetch_start(f, &(struct fetch_request){.url = slice_from(url)}, answer, NULL),
                     WW_OK);
    while (fetch_next(f) == NULL)
        fetch_wait(f, NULL, 0, 100);
    return answer->status;
}

static void get_hello(struct fetch *f, const struct tls_server *s)
{
    struct fetch_answer answer = {0};

    if (get(f, s, &answer) != WW_OK)
        fail_msg("%s", answer.error.message);
    assert_int_equal(answer.http_status, 200);
    assert_true(slice_equal(buf_slice(&answer.body), SLICE("hello")));
    fetch_answer_release(&answer);
}

/* Each is refused before a request is sent, and says why; nothing can be set to believe them. */
static void test_refused(void **state)
{
    const struct {
        enum tls_certificate certificate;
        const char *ca_file, *words;
    } cases[] = {
        {TLS_SELF_SIGNED, tls_authority_file(authority), "self-signed certificate"      },
        {TLS_EXPIRED,     tls_authority_file(authority), "certificate has expired"      },
        {TLS_OTHER_NAME,  tls_authority_file(authority), "does not match|no alternative"},
        {TLS_GOOD,        NULL,                          "unable to get local issuer"   },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct tls_server *s =
            open_server(&(struct tls_options){.certificate = cases[i].certificate});
        struct fetch *f = open_fetch(cases[i].ca_file);
        struct fetch_answer answer = {0};
        struct slice rest = slice_from(cases[i].words), words;
        bool is_said = false;

        assert_int_equal(get(f, s, &answer), WW_UNREACHABLE);
        while (slice_next(&rest, '|', &words))
            is_said = is_said || slice_contains(slice_from(answer.error.message), words);
        if (!is_said)
            fail_msg("%s: %s", cases[i].words, answer.error.message);
        assert_int_equal(answer.http_status, 0);
        assert_int_equal(tls_server_counts(s).n_requests, 0);
        fetch_answer_release(&answer);
        fetch_close(f);
        tls_server_close(s);
    }
}

static void test_connection_is_kept(void **state)
{
    static const bool offers[] = {false, true};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(offers); i++) {
        struct tls_server *s = open_server(&(struct tls_options){.offers_http2 = offers[i]});
        struct fetch *f = open_fetch(tls_authority_file(authority));
        struct tls_counts counts;

        for (int k = 0; k < 3; k++)
            get_hello(f, s);
        counts = tls_server_counts(s);
        assert_int_equal(counts.n_connections, 1);
        assert_int_equal(counts.n_http2, offers[i] ? 1 : 0);
        assert_int_equal(counts.n_requests, 3);
        fetch_close(f);
        tls_server_close(s);
    }
}

/*
 * A connection that was closed is made again with the session of the first, at every host. Over
 * HTTP/2 libcurl 7.88 ends its connections in a way that voids the session; they last longer.
 */
static void test_session_is_resumed(void **state)
{
    struct tls_server *servers[HOSTS];
    struct fetch *f = open_fetch(tls_authority_file(authority));

    WW_UNUSED(state);
    for (size_t i = 0; i < HOSTS; i++)
        servers[i] = open_server(&(struct tls_options){.closes = true});
    for (size_t i = 0; i < (size_t)3 * HOSTS; i++)
        get_hello(f, servers[i % HOSTS]);
    for (size_t i = 0; i < HOSTS; i++) {
        struct tls_counts counts = tls_server_counts(servers[i]);

        assert_int_equal(counts.n_connections, 3);
        assert_int_equal(counts.n_resumed, 2);
        tls_server_close(servers[i]);
    }
    fetch_close(f);
}

static int set_up(void **state)
{
    WW_UNUSED(state);
    if (address_parse_range(SLICE("127.0.0.0/8"), &loopback, NULL) != WW_OK ||
        tls_authority_open(&authority, NULL) != WW_OK)
        return -1;
    return 0;
}

static int tear_down(void **state)
{
    WW_UNUSED(state);
    tls_authority_close(authority);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_connection_is_kept),
        cmocka_unit_test(test_session_is_resumed),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
