/*
 * How a feed is asked, rule by rule, by what a server on loopback hears. Each poll is a run of its
 * own on a store that was closed and opened again, at a time that is made up.
 */
#include "crawler/crawl.h"

#include "base/address.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "crawler/parse.h"
#include "storage/store_feeds.h"
#include "tests/crawler/politeness_rules.h"
#include "tests/support/http.h"
#include "tests/support/pool.h"
#include "tests/support/script.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define A "127.23.0.1"

struct world {
    struct test_store t;
    struct script_server *server;
    struct crawl_options options;
    struct address_range loopback;
    struct crawl_summary summary;
    char origin[64];
    const struct rule *rule;
    int64_t feed_id;
    size_t n_heard; /* requests before this poll */
    size_t n_broken;
};

static int64_t add_feed(struct world *w, const char *path)
{
    char url[256];

    (void)snprintf(url, sizeof(url), "%s%s", w->origin, path);
    return test_store_feed(&w->t, url);
}

static void open_world(struct world *w, const struct rule *rule)
{
    static const char *const addresses[] = {A};

    *w = (struct world){.rule = rule};
    test_store_open(&w->t);
    assert_int_equal(address_parse_range(SLICE("127.0.0.0/8"), &w->loopback, NULL), WW_OK);
    assert_int_equal(script_open(addresses, WW_COUNT(addresses), &w->server, NULL), WW_OK);
    (void)snprintf(w->origin, sizeof(w->origin), "http://" A ":%u", script_port(w->server));
    w->options = (struct crawl_options){.contact = "desk@example.org",
                                        .allowed = &w->loopback,
                                        .n_allowed = 1,
                                        .min_interval_s = HOUR,
                                        .obeys_robots_for_feeds = rule->obeys_robots,
                                        .connect_timeout_ms = 10000,
                                        .transfer_timeout_ms = 20000};
    w->feed_id = add_feed(w, rule->feed != NULL ? rule->feed : "/feed");
    if (rule->other != NULL)
        (void)add_feed(w, rule->other);
}

static void close_world(struct world *w)
{
    script_close(w->server);
    test_store_close(&w->t);
}

/* ---- what is said --------------------------------------------------------------------------- */

static void add_entry(const struct world *w, struct buf *b, char name, int64_t date)
{
    buf_printf(b, "<item><guid>%c</guid><title>About %c</title>", name, name);
    if (w->rule->gap_s > 0) {
        const time_t seconds = (time_t)date;
        struct tm parts;
        char text[64];

        (void)gmtime_r(&seconds, &parts);
        (void)strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &parts);
        buf_printf(b, "<pubDate>%s</pubDate>", text);
    }
    buf_add_string(b, "</item>");
}

static void make_body(const struct world *w, struct slice entries, int64_t now, struct buf *b)
{
    bool is_cut = false;

    if (slice_equal(entries, SLICE("-"))) {
        buf_add_string(b, "User-agent: *\nDisallow: /feed\n");
        return;
    }
    if (slice_equal(entries, SLICE("!"))) {
        buf_add_string(b, "<!DOCTYPE html><title>Welcome to the hotel</title><p>Please log in.");
        return;
    }
    buf_printf(b,
               "<?xml version=\"1.0\"?><rss version=\"2.0\" "
               "xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">"
               "<channel><title>The Courier</title>%s",
               w->rule->channel != NULL ? w->rule->channel : "");
    for (size_t i = 0; i < entries.len; i++) {
        if (entries.ptr[i] == '~')
            is_cut = true;
        else if (entries.ptr[i] == '=')
            buf_add_string(b, "<!-- in other words -->");
        else
            add_entry(w, b, entries.ptr[i], now - (int64_t)i * w->rule->gap_s);
    }
    if (!is_cut)
        buf_add_string(b, "</channel></rss>");
}

static void answer(struct world *w, const char *says, int64_t now)
{
    struct slice rest = slice_from(says), path, head, entries;
    struct buf body, line;
    char name[128];

    buf_init(&body, 1 << 20);
    buf_init(&line, 1 << 16);
    (void)slice_next(&rest, ' ', &path);
    head = slice_trim(slice_head(rest, slice_find_char(rest, '{')));
    entries = slice_skip(rest, slice_find_char(rest, '{') + 1);
    if (entries.len > 0)
        make_body(w, slice_head(entries, entries.len - 1), now, &body);
    for (size_t i = 0; i < head.len; i++)
        if (head.ptr[i] == '@')
            buf_add_string(&line, w->origin);
        else
            buf_add_char(&line, head.ptr[i]);
    (void)snprintf(name, sizeof(name), "%.*s", SLICE_ARG(path));
    buf_add_char(&line, '\0');
    script_answer(w->server, name, line.ptr, buf_slice(&body));
    buf_release(&line);
    buf_release(&body);
}

/* ---- what is seen --------------------------------------------------------------------------- */

static struct feed_row read_feed(struct world *w)
{
    struct feed_row row = {0};

    assert_int_equal(store_feed(w->t.store, w->feed_id, &w->t.arena, &row, NULL), WW_OK);
    return row;
}

/* The feed and its last check in one line. */
static const char *describe(struct world *w)
{
    const struct store_window newest = {.limit = 1};
    const struct feed_row row = read_feed(w);
    struct feed_check_list checks = {0};
    struct feed_check_row none = {0}, *check = &none;
    struct slice path = slice_skip(row.url, strlen(w->origin));

    assert_int_equal(
        store_list_feed_checks(w->t.store, w->feed_id, &newest, &w->t.arena, &checks, NULL), WW_OK);
    if (checks.n_rows > 0)
        check = &checks.rows[0];
    return arena_string(
        &w->t.arena,
        arena_printf(&w->t.arena,
                     "state=%s url=%.*s; failures=%lld rhythm=%lld lies=%lld outcome=%s new=%lld "
                     "message=%.*s; said=%.*s;",
                     feed_state_name(row.state), SLICE_ARG(path), (long long)row.n_failures,
                     (long long)row.rhythm_s, (long long)row.n_lies,
                     feed_outcome_name(check->outcome), (long long)check->n_new,
                     SLICE_ARG(check->message), SLICE_ARG(check->said)));
}

/* Was this heard? See struct poll_step. */
static bool is_heard(struct world *w, struct slice claim)
{
    struct script_request request;
    struct slice path;
    bool must_be = true, was_asked = false;

    if (slice_starts(claim, SLICE("-/"))) {
        must_be = false;
        claim = slice_skip(claim, 1);
    }
    (void)slice_next(&claim, ' ', &path);
    for (size_t i = w->n_heard; script_request(w->server, i, &request); i++) {
        if (!slice_equal(slice_from(request.path), path))
            continue;
        was_asked = true;
        if (claim.len > 0 && claim.ptr[0] == '-') {
            char name[64];

            (void)snprintf(name, sizeof(name), "%.*s", SLICE_ARG(slice_skip(claim, 1)));
            if (script_header(&request, name).len > 0)
                return false;
        } else if (claim.len > 0) {
            char name[64];

            (void)snprintf(name, sizeof(name), "%.*s",
                           SLICE_ARG(slice_head(claim, slice_find_char(claim, ':'))));
            if (!slice_equal(script_header(&request, name), claim))
                return false;
        }
    }
    return was_asked == must_be;
}

/* One broken rule does not hide the next. */
static void complain(struct world *w, int64_t now, const char *seen, const char *wanted)
{
    print_error("%s: at hour %.1f: not so: %s (%s)\n", w->rule->name, (double)(now - BEGIN) / HOUR,
                wanted, seen);
    w->n_broken++;
}

static void look(struct world *w, const struct poll_step *step, int64_t now)
{

    for (size_t i = 0; i < WW_COUNT(step->hears) && step->hears[i] != NULL; i++)
        if (!is_heard(w, slice_from(step->hears[i])))
            complain(w, now, "heard", step->hears[i]);
    for (size_t i = 0; i < WW_COUNT(step->is) && step->is[i] != NULL; i++)
        if (strstr(describe(w), step->is[i]) == NULL)
            complain(w, now, describe(w), step->is[i]);
    if (step->due_most > 0) {
        const int64_t wait = read_feed(w).next_due_at - now;

        char seen[64], wanted[64];

        (void)snprintf(seen, sizeof(seen), "%.2f hours", (double)wait / HOUR);
        (void)snprintf(wanted, sizeof(wanted), "next in %.2f to %.2f hours",
                       (double)step->due_least / HOUR, (double)step->due_most / HOUR);
        if (wait < step->due_least || wait > step->due_most)
            complain(w, now, seen, wanted);
    }
}

static void run_at(struct world *w, int64_t now)
{
    struct clock clock = clock_fixed(now);
    const struct log log = {.out = NULL, .level = LOG_ERROR, .clock = &clock};
    struct ww_error err = {0};

    test_store_reopen(&w->t);
    w->n_heard = script_n_requests(w->server);
    if (crawl_run(&w->options, w->t.store, pool_workers(), &clock, &log, &w->summary, &err) !=
        WW_OK)
        fail_msg("%s: the run failed: %s", w->rule->name, err.message);
}

static void play(struct world *w, const struct poll_step *step)
{
    for (int i = 0; i <= step->times; i++) {
        const int64_t now = BEGIN + step->at + i * step->every;

        if (step->says[0] != NULL)
            script_clear(w->server);
        for (size_t k = 0; k < WW_COUNT(step->says) && step->says[k] != NULL; k++)
            answer(w, step->says[k], now);
        run_at(w, now);
        look(w, step, now);
    }
}

static void test_rules(void **state)
{
    const char *only = getenv("RULE"); /* part of a name */
    size_t n_broken = 0;

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(rules); i++) {
        struct world w;

        if (only != NULL && strstr(rules[i].name, only) == NULL)
            continue;
        if (rules[i].needs_file && !test_store_is_file())
            continue;
        open_world(&w, &rules[i]);
        for (size_t k = 0; k < WW_COUNT(rules[i].steps); k++)
            if (rules[i].steps[k].says[0] != NULL || rules[i].steps[k].hears[0] != NULL)
                play(&w, &rules[i].steps[k]);
        n_broken += w.n_broken;
        close_world(&w);
    }
    assert_int_equal(n_broken, 0);
}

/* The analyst gives a feed another address: what was learned of the old one is void. */
static void test_edits(void **state)
{
    static const struct rule rule = {.name = "edited"};
    static const struct poll_step gone = {.says = {"/feed 410"}, .is = {"state=gone"}};
    static const struct poll_step lost = {
        .says = {"/feed 404"}, .is = {"state=active"}, .times = 3, .every = DAY};
    static const struct poll_step good = {.says = {"/feed 200|ETag: \"1\" {a}"}, .is = {"new=1"}};
    static const struct poll_step edited = {
        .at = 4 * DAY + MINUTE,
        .says = {"/other 200|ETag: \"1\" {a}"},
        .hears = { "/other",                                  "/other -If-None-Match", "-/feed"},
        .is = {               "state=active", "url=/other;",                                       "failures=0", "outcome=ok"}
    };
    static const struct poll_step *const before[] = {&gone, &lost, &good};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(before); i++) {
        struct world w;
        struct feed_row row;

        open_world(&w, &rule);
        play(&w, before[i]);
        row = read_feed(&w);
        row.url = arena_printf(&w.t.arena, "%s/other", w.origin);
        assert_int_equal(store_begin(w.t.store, NULL), WW_OK);
        assert_int_equal(store_update_feed(w.t.store, &row, NULL), WW_OK);
        assert_int_equal(store_commit(w.t.store, NULL), WW_OK);
        play(&w, &edited);
        assert_int_equal(w.n_broken, 0);
        close_world(&w);
    }
}

/*
 * Ten hosts at one address, first asked one by one with the usual delay, then without and slowly:
 * four at a time, and no faster than four hosts would be asked.
 */
static void test_one_address(void **state)
{
    static const char feed[] = "<rss version=\"2.0\"><channel><title>T</title></channel></rss>";
    static const int64_t delays_ms[] = {2000, 0};
    static const unsigned answers_ms[] = {30, 500}; /* the latter are seen beside one another */

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(delays_ms); i++) {
        struct http_server *http = NULL;
        struct world w;
        struct clock clock = clock_fixed(BEGIN);
        struct ww_error err = {0};

        open_world(&w, &(struct rule){.name = "one address"});
        assert_int_equal(http_server_open("127.0.0.1", 0, &http, &err), WW_OK);
        assert_true(http_server_route(http, &(struct http_route){.path = "/feed",
                                                                 .delay_ms = answers_ms[i],
                                                                 .body = slice_from(feed)}));
        (void)snprintf(w.origin, sizeof(w.origin), "http://localhost:%u", http_server_port(http));
        for (int k = 0; k < 10; k++) {
            char url[128];

            /* RFC 6761: all of these are this machine. */
            (void)snprintf(url, sizeof(url), "http://h%d.localhost:%u/feed", k,
                           http_server_port(http));
            (void)test_store_feed(&w.t, url);
        }
        w.options.host_delay_ms = delays_ms[i];
        if (crawl_run(&w.options, w.t.store, pool_workers(), &clock, NULL, &w.summary, &err) !=
            WW_OK)
            fail_msg("%s", err.message);
        assert_int_equal(http_server_count(http, "/feed"), 10);
        assert_true(http_server_peak(http, NULL) <= HOSTS_PER_ADDRESS_MAX);
        if (delays_ms[i] == 0)
            assert_int_equal(http_server_peak(http, NULL), HOSTS_PER_ADDRESS_MAX);
        assert_true(clock_monotonic_ms(&clock) - BEGIN * 1000LL >=
                    9 * delays_ms[i] / HOSTS_PER_ADDRESS_MAX);
        http_server_close(http);
        close_world(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_edits),
        cmocka_unit_test(test_one_address),
    };
    int failed;

    if (!pool_start(parse_run, 2))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failed;
}
