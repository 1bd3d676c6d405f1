/* Who may be asked now: a day of requests in a clock that is moved by hand. */
#include "crawler/hosts.h"

#include "base/address.h"
#include "base/attrs.h"
#include "base/clock.h"
#include "base/limits.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define DELAY_MS 2000
#define HOSTS 20
#define JOBS_A_HOST 5
#define ADDRESS "203.0.113.7"

struct job {
    struct host_job link;
    struct host *host;
    int64_t begun_ms, done_ms; /* -1: not out */
};

struct scene {
    struct test_store t;
    struct clock clock;
    struct hosts *hosts;
    struct job jobs[HOSTS * JOBS_A_HOST];
    size_t n_jobs;
    int64_t took_ms; /* by each answer */
    int64_t starts_ms[HOSTS * JOBS_A_HOST];
    const struct host *started[HOSTS * JOBS_A_HOST];
    size_t n_starts, n_refused, n_out_most;
};

static void open_scene(struct scene *s, int64_t delay_ms, uint64_t seed)
{
    *s = (struct scene){.clock = clock_fixed(TEST_NOW), .took_ms = 100};
    test_store_open(&s->t);
    assert_int_equal(hosts_open(s->t.store, &s->clock, delay_ms, seed, &s->hosts, NULL), WW_OK);
}

static void close_scene(struct scene *s)
{
    hosts_close(s->hosts);
    test_store_close(&s->t);
}

static struct host *add_job(struct scene *s, const char *name)
{
    struct job *job = &s->jobs[s->n_jobs++];

    job->done_ms = -1;
    assert_int_equal(hosts_find(s->hosts, slice_from(name), &job->host, NULL), WW_OK);
    assert_int_equal(hosts_add(s->hosts, job->host, &job->link, false, NULL), WW_OK);
    return job->host;
}

static void add_jobs(struct scene *s, size_t n_hosts, size_t n_each)
{
    for (size_t i = 0; i < n_hosts * n_each; i++) {
        char name[32];

        (void)snprintf(name, sizeof(name), "site%zu.example", i % n_hosts);
        (void)add_job(s, name);
    }
}

/* Start what may start now; address NULL: each host has its own. */
static int64_t start_some(struct scene *s, const char *address)
{
    int64_t wait_ms = -1;

    for (;;) {
        struct host *host = NULL;
        struct job *job = (struct job *)hosts_next(s->hosts, &host, &wait_ms);
        char own[ADDRESS_TEXT_BYTES];

        if (job == NULL)
            return wait_ms;
        (void)snprintf(own, sizeof(own), "198.51.%.*s", (int)(host->row.host.len - 12),
                       host->row.host.ptr + 4);
        if (!hosts_admit(s->hosts, host, address != NULL ? address : own)) {
            s->n_refused++;
            assert_int_equal(hosts_put_back(s->hosts, host, &job->link, 0, NULL), WW_OK);
            continue;
        }
        job->begun_ms = clock_monotonic_ms(&s->clock);
        job->done_ms = job->begun_ms + s->took_ms;
        s->started[s->n_starts] = host;
        s->starts_ms[s->n_starts++] = job->begun_ms;
    }
}

/* Until nothing is left: starts, answers, and the time between them. */
static void run(struct scene *s, const char *address)
{
    for (;;) {
        const int64_t wait_ms = start_some(s, address);
        struct job *first = NULL;
        size_t n_out = 0;

        for (size_t i = 0; i < s->n_jobs; i++) {
            struct job *job = &s->jobs[i];

            n_out += job->done_ms >= 0;
            if (job->done_ms >= 0 && (first == NULL || job->done_ms < first->done_ms))
                first = job;
        }
        if (n_out > s->n_out_most)
            s->n_out_most = n_out;
        if (first == NULL && wait_ms < 0)
            return;
        if (first == NULL ||
            (wait_ms >= 0 && clock_monotonic_ms(&s->clock) + wait_ms < first->done_ms)) {
            clock_sleep_ms(&s->clock, wait_ms);
            continue;
        }
        clock_sleep_ms(&s->clock, first->done_ms - clock_monotonic_ms(&s->clock));
        first->done_ms = -1;
        assert_int_equal(hosts_done(s->hosts, first->host, s->took_ms, NULL), WW_OK);
    }
}

/* Least time between two starts, of one host or (NULL) of all. */
static int64_t least_gap(const struct scene *s, const struct host *host)
{
    int64_t last_ms = -1, least_ms = INT64_MAX;

    for (size_t i = 0; i < s->n_starts; i++) {
        if (host != NULL && s->started[i] != host)
            continue;
        if (last_ms >= 0 && s->starts_ms[i] - last_ms < least_ms)
            least_ms = s->starts_ms[i] - last_ms;
        last_ms = s->starts_ms[i];
    }
    return least_ms;
}

/* ---- the tests ------------------------------------------------------------------------------ */

/* One at a time, two seconds and up to a quarter more between two starts. */
static void test_one_host(void **state)
{
    struct scene s;
    struct host *host;
    int64_t span_ms;

    WW_UNUSED(state);
    open_scene(&s, DELAY_MS, 1);
    add_jobs(&s, 1, JOBS_A_HOST);
    host = s.jobs[0].host;
    run(&s, NULL);
    assert_int_equal(s.n_starts, JOBS_A_HOST);
    assert_int_equal(s.n_out_most, 1);
    span_ms = s.starts_ms[JOBS_A_HOST - 1] - s.starts_ms[0];
    assert_true(least_gap(&s, host) >= DELAY_MS);
    assert_true(span_ms > (JOBS_A_HOST - 1) * DELAY_MS);
    assert_true(span_ms <= (JOBS_A_HOST - 1) * DELAY_MS * 5 / 4);
    close_scene(&s);
}

/* Nor does a job that comes while another is out begin beside it. */
static void test_busy(void **state)
{
    struct scene s;
    int64_t wait_ms;
    struct host *host = NULL;

    WW_UNUSED(state);
    open_scene(&s, 0, 1);
    (void)add_job(&s, "site0.example");
    assert_non_null(hosts_next(s.hosts, &host, &wait_ms));
    (void)add_job(&s, "site0.example");
    assert_null(hosts_next(s.hosts, &host, &wait_ms));
    assert_int_equal(hosts_done(s.hosts, host, 1, NULL), WW_OK);
    assert_non_null(hosts_next(s.hosts, &host, &wait_ms));
    close_scene(&s);
}

/* A slow one is asked less often, and one that answers with errors less and less. */
static void test_slower(void **state)
{
    struct scene s;

    WW_UNUSED(state);
    open_scene(&s, DELAY_MS, 1);
    s.took_ms = 3000;
    add_jobs(&s, 1, 2);
    run(&s, NULL);
    assert_true(least_gap(&s, NULL) >= 5 * 3000);
    close_scene(&s);
    for (unsigned n_errors = 0; n_errors < 8; n_errors++) {
        const int64_t least_ms = n_errors < 4 ? DELAY_MS << n_errors : HOST_DELAY_ANSWER_MAX_MS;

        open_scene(&s, DELAY_MS, 1);
        add_jobs(&s, 1, 2);
        for (unsigned i = 0; i < n_errors; i++)
            hosts_judge(s.jobs[0].host, true);
        run(&s, NULL);
        assert_in_range(least_gap(&s, NULL), least_ms, least_ms * 5 / 4);
        hosts_judge(s.jobs[0].host, false);
        assert_int_equal(s.jobs[0].host->n_errors, 0);
        close_scene(&s);
    }
}

/* Many hosts at one address: four at a time, and no faster than four would be. */
static void test_one_address(void **state)
{
    struct scene s;

    WW_UNUSED(state);
    open_scene(&s, DELAY_MS, 1);
    add_jobs(&s, HOSTS, JOBS_A_HOST);
    run(&s, ADDRESS);
    assert_int_equal(s.n_starts, HOSTS * JOBS_A_HOST);
    assert_true(s.n_out_most <= HOSTS_PER_ADDRESS_MAX);
    assert_true(least_gap(&s, NULL) >= DELAY_MS / HOSTS_PER_ADDRESS_MAX);
    for (size_t i = 0; i < HOSTS; i++)
        assert_true(least_gap(&s, s.jobs[i].host) >= DELAY_MS);
    /* No turn is lost, and only those that were not known yet were refused: once each. */
    assert_true(s.n_refused <= HOSTS);
    assert_true(s.starts_ms[s.n_starts - 1] - s.starts_ms[0] <
                (int64_t)(HOSTS * JOBS_A_HOST) * DELAY_MS / HOSTS_PER_ADDRESS_MAX * 5 / 4);
    close_scene(&s);

    /* Answers that take long: then it is the number that holds them back. */
    open_scene(&s, 0, 1);
    s.took_ms = 7000;
    add_jobs(&s, HOSTS, 2);
    run(&s, ADDRESS);
    assert_int_equal(s.n_starts, HOSTS * 2);
    assert_int_equal(s.n_out_most, HOSTS_PER_ADDRESS_MAX);
    assert_true(s.n_refused <= HOSTS);
    close_scene(&s);
}

/* Each at its own: all are asked together. */
static void test_many_addresses(void **state)
{
    struct scene s;

    WW_UNUSED(state);
    open_scene(&s, DELAY_MS, 1);
    s.took_ms = 5000;
    add_jobs(&s, HOSTS, 1);
    run(&s, NULL);
    assert_int_equal(s.n_starts, HOSTS);
    assert_int_equal(s.n_out_most, HOSTS);
    assert_int_equal(s.n_refused, 0);
    close_scene(&s);
}

/* A host that answers from another address than before leaves the old one to the others. */
static void test_changed_address(void **state)
{
    struct scene s;
    struct host *host;

    WW_UNUSED(state);
    open_scene(&s, 0, 1);
    add_jobs(&s, HOSTS_PER_ADDRESS_MAX + 1, 1);
    host = s.jobs[0].host;
    for (size_t i = 0; i < HOSTS_PER_ADDRESS_MAX; i++)
        assert_true(hosts_admit(s.hosts, s.jobs[i].host, ADDRESS));
    assert_false(hosts_admit(s.hosts, s.jobs[HOSTS_PER_ADDRESS_MAX].host, ADDRESS));
    assert_true(hosts_admit(s.hosts, host, "203.0.113.8"));
    assert_true(hosts_admit(s.hosts, s.jobs[HOSTS_PER_ADDRESS_MAX].host, ADDRESS));
    /* One that tries a second address beside it keeps its place at the first. */
    assert_false(hosts_admit(s.hosts, host, ADDRESS));
    assert_true(host->is_counted);
    assert_int_equal(hosts_done(s.hosts, host, 1, NULL), WW_OK);
    assert_true(hosts_admit(s.hosts, s.jobs[1].host, "203.0.113.8"));
    close_scene(&s);
}

/* A host with two addresses, of which one fails and the other is full, waits for that one. */
static void test_two_addresses(void **state)
{
    struct scene s;
    struct host *host = NULL;
    struct host_job *job;
    int64_t wait_ms = 0;

    WW_UNUSED(state);
    open_scene(&s, 0, 1);
    add_jobs(&s, HOSTS_PER_ADDRESS_MAX + 1, 1);
    for (size_t i = 0; i < HOSTS_PER_ADDRESS_MAX; i++) {
        assert_non_null(hosts_next(s.hosts, &host, &wait_ms));
        assert_true(hosts_admit(s.hosts, host, ADDRESS));
    }
    job = hosts_next(s.hosts, &host, &wait_ms);
    assert_non_null(job);
    assert_false(hosts_admit(s.hosts, host, ADDRESS));
    assert_true(hosts_admit(s.hosts, host, "2001:db8::7"));
    assert_int_equal(hosts_put_back(s.hosts, host, job, 0, NULL), WW_OK);
    assert_null(hosts_next(s.hosts, &host, &wait_ms));
    assert_int_equal(hosts_done(s.hosts, s.jobs[0].host, 1, NULL), WW_OK);
    assert_ptr_equal(hosts_next(s.hosts, &host, &wait_ms), job);
    close_scene(&s);
}

/* However many names an address has, it has one turn in a run. */
static void test_turn_of_an_address(void **state)
{
    struct scene s;
    struct host *host = NULL;
    struct host_job *job;
    int64_t wait_ms = 0;

    WW_UNUSED(state);
    open_scene(&s, 0, 1);
    add_jobs(&s, 3, 1);
    for (size_t i = 0; i < 2; i++) {
        assert_non_null(hosts_next(s.hosts, &host, &wait_ms));
        assert_true(hosts_admit(s.hosts, host, ADDRESS));
        assert_int_equal(hosts_done(s.hosts, host, 1, NULL), WW_OK);
        clock_sleep_ms(&s.clock, HOST_TURN_MAX_MS - 1000); /* the second within its turn */
    }
    job = hosts_next(s.hosts, &host, &wait_ms);
    assert_non_null(job);
    assert_false(hosts_admit(s.hosts, host, ADDRESS));
    assert_int_equal(hosts_put_back(s.hosts, host, job, 0, NULL), WW_OK);
    assert_ptr_equal(hosts_next(s.hosts, &host, &wait_ms), job); /* given back at once */
    assert_true(host->is_out);
    assert_string_equal(host->out_because.message, "its address's turn is over");
    /* Others at other addresses have theirs. */
    (void)add_job(&s, "elsewhere.example");
    assert_non_null(hosts_next(s.hosts, &host, &wait_ms));
    assert_true(hosts_admit(s.hosts, host, "203.0.113.8"));
    assert_false(host->is_out);
    close_scene(&s);
}

/* The first starts of a run lie apart, and not alike in two installations. */
static void test_spread(void **state)
{
    struct scene s, other;
    size_t n_alike = 0;

    WW_UNUSED(state);
    open_scene(&s, DELAY_MS, 1);
    open_scene(&other, DELAY_MS, 2);
    add_jobs(&s, HOSTS, 1);
    add_jobs(&other, HOSTS, 1);
    for (size_t i = 0; i < HOSTS; i++) {
        const int64_t at_ms = s.jobs[i].host->next_start_ms - clock_monotonic_ms(&s.clock);

        assert_in_range(at_ms, 0, 2 * DELAY_MS);
        n_alike += s.jobs[i].host->next_start_ms == other.jobs[i].host->next_start_ms;
    }
    assert_true(n_alike < 3);
    run(&s, NULL);
    assert_true(s.starts_ms[HOSTS - 1] - s.starts_ms[0] > DELAY_MS);
    close_scene(&s);
    close_scene(&other);
}

/* A pause that the host asked for outlives the run; its jobs come back undone. */
static void test_hold(void **state)
{
    struct scene s;
    struct host *host;
    int64_t wait_ms;

    WW_UNUSED(state);
    open_scene(&s, DELAY_MS, 1);
    host = add_job(&s, "slow.example");
    hosts_hold(host, TEST_NOW + 3600, NULL);
    assert_int_equal(store_begin(s.t.store, NULL), WW_OK);
    assert_int_equal(hosts_save(s.hosts, true, NULL), WW_OK);
    assert_int_equal(store_commit(s.t.store, NULL), WW_OK);
    hosts_close(s.hosts);
    s.n_jobs = 0;
    for (int64_t later = 0; later <= 3600; later += 3600) {
        s.clock = clock_fixed(TEST_NOW + later);
        assert_int_equal(hosts_open(s.t.store, &s.clock, DELAY_MS, 1, &s.hosts, NULL), WW_OK);
        host = add_job(&s, "slow.example");
        assert_int_equal(host->is_out, later == 0);
        clock_sleep_ms(&s.clock, 2 * DELAY_MS);
        assert_non_null(hosts_next(s.hosts, &host, &wait_ms));
        if (later == 0)
            hosts_close(s.hosts);
    }
    close_scene(&s);
}

/* ---- archives, and two processes ------------------------------------------------------------ */

/* One request to its end; the time of its start. */
static int64_t ask(struct scene *s, int64_t least_ms, bool is_archive, int64_t took_ms)
{
    struct host *host = NULL;
    int64_t wait_ms = 0, begun_ms;

    while (hosts_next(s->hosts, &host, &wait_ms) == NULL)
        clock_sleep_ms(&s->clock, wait_ms);
    begun_ms = clock_monotonic_ms(&s->clock);
    if (least_ms > 0)
        hosts_pace(host, least_ms, is_archive);
    (void)hosts_started(s->hosts, host);
    assert_true(hosts_admit(s->hosts, host, ADDRESS));
    clock_sleep_ms(&s->clock, took_ms);
    assert_int_equal(hosts_done(s->hosts, host, took_ms, NULL), WW_OK);
    return begun_ms;
}

/* Each request's own pause stands behind it: never less, whatever the set delay, and seldom more.
 */
static void test_archive(void **state)
{
    static const struct {
        const char *about;
        int64_t delay_ms, least_ms, took_ms;
        unsigned n_errors;
        bool is_archive;
        int64_t from_ms, to_ms;
    } cases[] = {
        {"a list",                         DELAY_MS, 2500, 100,   0, true,  2500,  2500 },
        {"a copy",                         DELAY_MS, 250,  200,   0, true,  250,   250  },
        {"a copy, with no delay set",      0,        250,  1,     0, true,  250,   250  },
        {"a slow copy",                    DELAY_MS, 250,  1000,  0, true,  1750,  1750 },
        {"a list that takes for ever",     DELAY_MS, 2500, 40000, 0, true,  40000, 40000},
        {"a copy behind an error",         DELAY_MS, 250,  100,   1, true,  500,   500  },
        {"a list of a site",               DELAY_MS, 5000, 100,   0, false, 5000,  6250 },
        {"a site's that asks for nothing", DELAY_MS, 100,  100,   0, false, 2000,  2500 },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct scene s;
        int64_t first_ms, second_ms;

        open_scene(&s, cases[i].delay_ms, 1);
        add_jobs(&s, 1, 3);
        for (unsigned k = 0; k < cases[i].n_errors; k++)
            hosts_judge(s.jobs[0].host, true);
        first_ms = ask(&s, cases[i].least_ms, cases[i].is_archive, cases[i].took_ms);
        second_ms = ask(&s, 0, false, 1);
        if (second_ms - first_ms < cases[i].from_ms || second_ms - first_ms > cases[i].to_ms)
            fail_msg("%s: %lld ms", cases[i].about, (long long)(second_ms - first_ms));
        /* What asked for nothing has the usual pause, at this host too. */
        assert_true(ask(&s, 0, false, 1) - second_ms >= cases[i].delay_ms);
        close_scene(&s);
    }
}

/* Lists and copies of one host, each at its own limit; a neighbour does not slow it down. */
static void test_two_paces(void **state)
{
    struct scene s;
    int64_t list_ms, copy_ms, last_ms;

    WW_UNUSED(state);
    open_scene(&s, DELAY_MS, 1);
    add_jobs(&s, 1, 5);
    list_ms = ask(&s, 2500, true, 100);
    copy_ms = ask(&s, 250, true, 100);
    assert_int_equal(copy_ms - list_ms, 2500);
    assert_int_equal(ask(&s, 250, true, 100) - copy_ms, 250);
    last_ms = ask(&s, 2500, true, 100);
    assert_int_equal(last_ms - copy_ms, 500);
    assert_int_equal(ask(&s, 250, true, 100) - last_ms, 2500);
    close_scene(&s);
}

static void save(struct scene *s)
{
    assert_int_equal(store_begin(s->t.store, NULL), WW_OK);
    assert_int_equal(hosts_save(s->hosts, false, NULL), WW_OK);
    assert_int_equal(store_commit(s->t.store, NULL), WW_OK);
}

/* A backfill's starts are in the store at its next commit: a run that begins keeps the pause. */
static void test_run_beside_backfill(void **state)
{
    struct scene s;
    struct hosts *backfill, *run;
    struct host *host = NULL, *same = NULL;
    int64_t begun_ms, wait_ms = 0;

    WW_UNUSED(state);
    for (int64_t late_ms = 0; late_ms < 4000; late_ms += 900) {
        open_scene(&s, DELAY_MS, 1);
        backfill = s.hosts;
        hosts_share(backfill);
        (void)add_job(&s, "site.example");
        while (hosts_next(backfill, &host, &wait_ms) == NULL)
            clock_sleep_ms(&s.clock, wait_ms);
        clock_sleep_ms(&s.clock, late_ms % 1000);
        begun_ms = clock_monotonic_ms(&s.clock);
        assert_true(hosts_started(backfill, host)); /* and no answer yet */
        save(&s);
        clock_sleep_ms(&s.clock, late_ms);
        assert_int_equal(hosts_open(s.t.store, &s.clock, DELAY_MS, 1, &run, NULL), WW_OK);
        s.hosts = run;
        same = add_job(&s, "site.example");
        assert_ptr_not_equal(same, host);
        while (hosts_next(run, &same, &wait_ms) == NULL)
            clock_sleep_ms(&s.clock, wait_ms);
        assert_true(clock_monotonic_ms(&s.clock) - begun_ms >= DELAY_MS);
        hosts_close(backfill);
        close_scene(&s);
    }
}

/* And the other way: what a run did and was told is read before the backfill goes on. */
static void test_backfill_behind_run(void **state)
{
    struct scene s;
    struct hosts *backfill, *run;
    struct host *host = NULL;
    struct host_job *link;
    enum host_lease lease;
    int64_t wait_ms = 0, run_ms = 0;

    WW_UNUSED(state);
    for (int i = 0; i < 4; i++) {
        const int told = i / 2, ahead_s = i % 2; /* the run's clock */

        open_scene(&s, DELAY_MS, 1);
        backfill = s.hosts;
        hosts_share(backfill);
        (void)add_job(&s, "site.example");
        (void)add_job(&s, "site.example");
        (void)ask(&s, 0, false, 1);
        clock_sleep_ms(&s.clock, 2 * DELAY_MS);
        assert_int_equal(hosts_open(s.t.store, &s.clock, DELAY_MS, 1, &run, NULL), WW_OK);
        s.hosts = run;
        host = add_job(&s, "site.example");
        run_ms = ask(&s, 0, false, 1);
        host->row.last_start_at += ahead_s;
        if (told)
            hosts_hold(host, clock_now(&s.clock) + 3600, NULL);
        assert_int_equal(store_begin(s.t.store, NULL), WW_OK);
        assert_int_equal(hosts_save(run, true, NULL), WW_OK);
        assert_int_equal(store_commit(s.t.store, NULL), WW_OK);
        hosts_close(run);

        s.hosts = backfill;
        link = hosts_next(backfill, &host, &wait_ms);
        assert_non_null(link);
        assert_int_equal(hosts_lease(backfill, host, &lease, &wait_ms, NULL), WW_OK);
        assert_int_equal(host->is_out, told);
        assert_int_equal(lease, told ? HOST_IS_OURS : HOST_IS_EARLY);
        if (!told) {
            assert_int_equal(hosts_put_back(backfill, host, link, wait_ms, NULL), WW_OK);
            while (hosts_next(backfill, &host, &wait_ms) == NULL)
                clock_sleep_ms(&s.clock, wait_ms);
            assert_true(clock_monotonic_ms(&s.clock) - run_ms >= DELAY_MS);
        }
        close_scene(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_host),
        cmocka_unit_test(test_busy),
        cmocka_unit_test(test_slower),
        cmocka_unit_test(test_one_address),
        cmocka_unit_test(test_many_addresses),
        cmocka_unit_test(test_changed_address),
        cmocka_unit_test(test_two_addresses),
        cmocka_unit_test(test_turn_of_an_address),
        cmocka_unit_test(test_spread),
        cmocka_unit_test(test_hold),
        cmocka_unit_test(test_archive),
        cmocka_unit_test(test_two_paces),
        cmocka_unit_test(test_run_beside_backfill),
        cmocka_unit_test(test_backfill_behind_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
