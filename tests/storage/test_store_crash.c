/*
 * test_store_crash.c - processes that are killed in the middle, two that write at once, locks that
 * outlive nobody.
 */
#include "base/attrs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "storage/shingle_store.h"
#include "storage/store_entries.h"
#include "storage/store_feeds.h"
#include "storage/store_locks.h"
#include "storage/store_search.h"
#include "storage/store_stories.h"
#include "tests/support/store.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define N_KILLS 20
#define N_KILLS_SOAK 200
#define N_WRITERS 2
#define N_EACH 40

static void check(enum ww_status status, const struct ww_error *err, const char *what)
{
    if (status != WW_OK)
        fail_msg("%s: %s: %s", what, ww_status_name(status), err->message);
}
#define OK(call) check(call, &err, #call)

static void sleep_us(long us)
{
    const struct timespec pause = {us / 1000000, us % 1000000 * 1000};

    (void)nanosleep(&pause, NULL);
}

/* What one page brings: entry, article and story, all or none. n names them. */
static enum ww_status add_page(struct store *s, int64_t feed, long long n, struct ww_error *err)
{
    char url[64], text[3000];
    struct entry_row entry = {.feed_id = feed, .first_seen_at = TEST_NOW};
    struct article_row article = {.feed_id = feed, .first_seen_at = TEST_NOW};
    struct article_text texts;
    int64_t entry_id, article_id, story_id;
    bool is_new;
    enum ww_status status;

    (void)snprintf(url, sizeof(url), "https://a.example/%lld", n);
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + ((unsigned long long)n * 31 + i * i) % 26);
    texts = (struct article_text){
        {text, sizeof(text)},
        {"",   0           }
    };
    entry.guid = entry.url = entry.canonical = slice_from(url);
    article.url = article.canonical = article.title = slice_from(url);
    status = store_begin(s, err);
    if (status == WW_OK)
        status = store_add_entry(s, &entry, &entry_id, &is_new, err);
    if (status == WW_OK)
        status = store_add_article(s, &article, &texts, &article_id, &is_new, err);
    if (status == WW_OK && is_new)
        status = store_add_story(s, article_id, TEST_NOW, &story_id, err);
    if (status == WW_OK)
        status = store_link_entry(s, entry_id, 0, article_id, err);
    if (status == WW_OK)
        return store_commit(s, err);
    store_rollback(s);
    return status;
}

/* In a child: writes on and on from first, and says each number that is committed. */
static void write_for_ever(const char *path, int64_t feed, long long first, int to)
{
    struct store *s = NULL;
    struct ww_error err = {0};

    if (test_store_at(path, false, &s, &err) != WW_OK)
        _exit(1);
    for (long long n = first;; n++)
        if (add_page(s, feed, n, &err) != WW_OK || write(to, &n, sizeof(n)) != sizeof(n))
            _exit(1);
}

typedef void writer(const char *path, int64_t feed, long long first, int to);

/* Let a child say n_first numbers and write on for a while, kill it, and give the last; 0: none. */
static long long kill_a_writer(writer *write_on, const char *path, int64_t feed, long long first,
                               size_t n_first, long us)
{
    long long n, last = 0;
    int ends[2], status = 0;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        (void)close(ends[0]);
        write_on(path, feed, first, ends[1]);
    }
    (void)close(ends[1]);
    for (size_t i = 0; i < n_first && read(ends[0], &n, sizeof(n)) == sizeof(n); i++)
        last = n;
    sleep_us(us);
    assert_int_equal(kill(child, SIGKILL), 0);
    while (read(ends[0], &n, sizeof(n)) == sizeof(n))
        last = n;
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    return last;
}

/*
 * A server goes on with the statement that was under way when its client died, and that may be the
 * commit: who has had the turn to write has seen it end.
 */
static void let_it_end(const char *path)
{
    struct store *s = NULL;
    struct ww_error err = {0};

    if (test_store_is_file())
        return;
    OK(test_store_at(path, false, &s, &err));
    OK(store_begin(s, &err));
    store_rollback(s);
    store_close(s);
}

static void test_killed(void **state)
{
    long n_kills = getenv("SOAK") != NULL ? N_KILLS_SOAK : N_KILLS;
    struct test_store t;
    struct ww_error err = {0};
    struct store_stats stats;
    struct search_results found;
    struct slice report;
    int64_t feed;
    long long committed = 0, rounds_with_work = 0;

    WW_UNUSED(state);
    test_store_open(&t);
    feed = test_store_feed(&t, "https://a.example/rss");
    store_close(t.store);
    t.store = NULL;
    for (long i = 0; i < n_kills; i++) {
        /* Some are killed at any time since they began, most while they are known to write. */
        const size_t n_first = i % 4 == 0 ? 0 : 1 + (size_t)i % 3;
        long long last = kill_a_writer(write_for_ever, t.path, feed, committed + 1, n_first,
                                       5000 + (i * 7919 % 149) * 1000);
        struct store *s = NULL;

        rounds_with_work += last != 0;
        committed = last > committed ? last : committed;
        let_it_end(t.path);
        OK(test_store_at(t.path, i % 2 == 0, &s, &err));
        OK(store_read_stats(s, &stats, &err));
        /* One more may have been committed than was said. */
        if (stats.n_articles != committed && stats.n_articles != committed + 1)
            fail_msg("%lld articles, %lld said", (long long)stats.n_articles, committed);
        assert_int_equal(stats.n_entries, stats.n_articles);
        assert_int_equal(stats.n_stories, stats.n_articles);
        committed = stats.n_articles;
        arena_reset(&t.arena);
        OK(store_check(s, &t.arena, &report, &err));
        if (report.len != 0)
            fail_msg("%.*s", SLICE_ARG(report));
        store_close(s);
    }
    assert_true(rounds_with_work > n_kills / 2);
    /* Nobody who was killed had indexed his articles: the next writer has, for all of them. */
    OK(test_store_at(t.path, false, &t.store, &err));
    store_close(t.store);
    OK(test_store_at(t.path, true, &t.store, &err));
    OK(store_search(t.store, &(struct search_filter){.query = SLICE("example"), .window.limit = 1},
                    &t.arena, &found, &err));
    assert_int_equal(found.n_found, committed);
    test_store_close(&t);
}

/* ---- the duplicate index --------------------------------------------------------------------- */

#define A_ARTICLE 12
#define A_TAIL 60 /* of which five articles make a run: merges are always under way */

static void hashes_of(long long article, uint64_t hashes[A_ARTICLE])
{
    for (size_t i = 0; i < A_ARTICLE; i++)
        hashes[i] = hash64_mix((uint64_t)article, i);
}

static enum ww_status index_article(struct store *s, struct shingle_index *ix, long long n,
                                    struct ww_error *err)
{
    uint64_t hashes[A_ARTICLE];
    struct shingle_group group = {SHINGLE_OF_TEXT, n, hashes, A_ARTICLE};
    enum ww_status status = store_begin(s, err);

    hashes_of(n, hashes);
    if (status == WW_OK)
        status = shingle_index_refresh(ix, err);
    if (status == WW_OK)
        status = shingle_index_add(ix, &group, 1, err);
    if (status == WW_OK)
        return store_commit(s, err);
    store_rollback(s);
    shingle_index_forget(ix);
    return status;
}

/* The articles up to last are all there; how many more. */
static long long check_index(struct shingle_index *ix, long long last, struct arena *arena)
{
    struct ww_error err = {0};

    for (long long n = 1;; n++) {
        uint64_t hashes[A_ARTICLE];
        struct shingle_list *lists;
        size_t n_found = 0;

        arena_reset(arena);
        hashes_of(n, hashes);
        OK(shingle_index_find(ix, SHINGLE_OF_TEXT, hashes, A_ARTICLE, arena, &lists, &err));
        for (size_t i = 0; i < A_ARTICLE; i++)
            n_found += lists[i].n == 1 && lists[i].values[0] == n;
        if (n_found == 0 && n > last)
            return n - 1 - last;
        if (n_found != A_ARTICLE)
            fail_msg("article %lld of %lld: %zu hashes are found", n, last, n_found);
    }
}

/* In a child: adds articles on and on from first, and says each number that is committed. */
static void index_for_ever(const char *path, int64_t unused, long long first, int to)
{
    struct store *s = NULL;
    struct shingle_index *ix = NULL;
    struct shingle_io io;
    struct ww_error err = {0};

    WW_UNUSED(unused);
    if (test_store_at(path, false, &s, &err) != WW_OK)
        _exit(1);
    io = shingle_store_io(s);
    if (shingle_index_open(&io, A_TAIL, &ix, &err) != WW_OK)
        _exit(1);
    for (long long n = first;; n++)
        if (index_article(s, ix, n, &err) != WW_OK || write(to, &n, sizeof(n)) != sizeof(n))
            _exit(1);
}

static void test_index_killed(void **state)
{
    long n_kills = getenv("SOAK") != NULL ? N_KILLS_SOAK : N_KILLS;
    struct test_store t;
    struct ww_error err = {0};
    struct slice report;
    long long committed = 0;

    WW_UNUSED(state);
    test_store_open(&t);
    store_close(t.store);
    t.store = NULL;
    for (long i = 0; i < n_kills; i++) {
        long long last =
            kill_a_writer(index_for_ever, t.path, 0, committed + 1, 12, i * 7919 % 149 * 20);
        struct shingle_index *ix;
        struct shingle_io io;
        struct store *s = NULL;

        committed = last > committed ? last : committed;
        let_it_end(t.path);
        OK(test_store_at(t.path, i % 2 == 0 && committed > 0, &s, &err));
        io = shingle_store_io(s);
        OK(shingle_index_open(&io, A_TAIL, &ix, &err));
        if (committed > 0)
            committed += check_index(ix, committed, &t.arena);
        shingle_index_close(ix);
        arena_reset(&t.arena);
        OK(store_check(s, &t.arena, &report, &err));
        assert_int_equal(report.len, 0);
        store_close(s);
    }
    assert_true(committed > 200);
    test_store_close(&t);
}

/* Each article fails at some allocation once, is rolled back, and comes again. */
static void test_index_rolled_back(void **state)
{
    struct test_store t;
    struct shingle_index *ix;
    struct shingle_io io;
    struct ww_error err = {0};
    size_t n_failed = 0;

    WW_UNUSED(state);
    test_store_open(&t);
    io = shingle_store_io(t.store);
    OK(shingle_index_open(&io, A_TAIL, &ix, &err));
    for (long long n = 1; n <= 400; n++) {
        enum ww_status status;

        mem_fail_after(1 + n * 31 % 5);
        status = index_article(t.store, ix, n, &err);
        mem_fail_after(0);
        n_failed += status != WW_OK;
        if (status != WW_OK) {
            assert_int_equal(status, WW_NOMEM);
            if (n % 10 == 0)
                assert_int_equal(check_index(ix, n - 1, &t.arena), 0);
            OK(index_article(t.store, ix, n, &err));
        }
    }
    assert_true(n_failed > 50);
    assert_int_equal(check_index(ix, 400, &t.arena), 0);
    shingle_index_close(ix);
    test_store_close(&t);
}

static void test_two_writers(void **state)
{
    struct test_store t;
    struct ww_error err = {0};
    struct store_stats stats;
    struct slice report;
    pid_t children[N_WRITERS];
    int64_t feed;

    WW_UNUSED(state);
    test_store_open(&t);
    feed = test_store_feed(&t, "https://a.example/rss");
    store_close(t.store);
    t.store = NULL;
    for (long long w = 0; w < N_WRITERS; w++) {
        children[w] = fork();
        if (children[w] == 0) {
            struct store *s = NULL;
            enum ww_status status = test_store_at(t.path, false, &s, &err);

            for (long long i = 0; status == WW_OK && i < N_EACH; i++)
                status = add_page(s, feed, w * N_EACH + i, &err);
            store_close(s);
            _exit((int)status);
        }
    }
    for (size_t w = 0; w < N_WRITERS; w++) {
        int status = -1;

        assert_int_equal(waitpid(children[w], &status, 0), children[w]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    OK(test_store_at(t.path, true, &t.store, &err));
    OK(store_read_stats(t.store, &stats, &err));
    assert_int_equal(stats.n_articles, N_WRITERS * N_EACH);
    OK(store_check(t.store, &t.arena, &report, &err));
    assert_int_equal(report.len, 0);
    test_store_close(&t);
}

static void test_locks(void **state)
{
    struct test_store t;
    struct store *second = NULL;
    struct store_options options = {.lock_wait_ms = 30, .now = TEST_NOW, .machine = "fuji"};
    struct ww_error err = {0};
    char pid[64];
    pid_t child;

    WW_UNUSED(state);
    test_store_open(&t);
    store_unlock(t.store, LOCK_RUN);
    OK(store_lock(t.store, LOCK_RUN, 0, TEST_NOW, &err));
    OK(store_lock(t.store, LOCK_BACKFILL, 0, TEST_NOW, &err));
    OK(store_lock(t.store, LOCK_ALERTS, 0, TEST_NOW, &err));
    store_unlock(t.store, LOCK_BACKFILL);
    options.path = t.path;
    OK(store_open(&options, &second, &err));
    assert_true(store_lock_is_held(second, LOCK_RUN));
    assert_false(store_lock_is_held(second, LOCK_BACKFILL));
    assert_int_equal(store_lock(second, LOCK_ALERTS, 0, TEST_NOW, &err), WW_CONFLICT);
    assert_non_null(strstr(err.message, "another pass 2"));
    assert_int_equal(store_lock(second, LOCK_RUN, 20, TEST_NOW, &err), WW_CONFLICT);
    (void)snprintf(pid, sizeof(pid), "pid %ld of fuji, active since 2023-11-14T22:13:20Z",
                   (long)getpid());
    if (strstr(err.message, pid) == NULL)
        fail_msg("%s", err.message);
    store_unlock(t.store, LOCK_RUN);
    OK(store_lock(second, LOCK_RUN, 0, TEST_NOW, &err));
    store_close(second);
    assert_false(store_lock_is_held(t.store, LOCK_RUN));
    if (!test_store_is_file()) { /* of what ends with its holder: test_lock_leases.c */
        test_store_close(&t);
        return;
    }

    /* A lock ends with its process. */
    child = fork();
    if (child == 0)
        _exit((int)store_lock(t.store, LOCK_RUN, 0, TEST_NOW, NULL));
    assert_int_equal(waitpid(child, NULL, 0), child);
    OK(store_lock(t.store, LOCK_RUN, 0, TEST_NOW, &err));

    /* The write lock: a second writer gives up in time, and says by whom it was kept out. */
    OK(store_begin(t.store, &err));
    assert_int_equal(store_open(&options, &second, &err), WW_CONFLICT);
    store_rollback(t.store);
    OK(store_open(&options, &second, &err));
    OK(store_begin(t.store, &err));
    assert_int_equal(store_begin(second, &err), WW_CONFLICT);
    if (strstr(err.message, "another writer") == NULL)
        fail_msg("%s", err.message);
    OK(store_commit(t.store, &err));
    OK(store_begin(second, &err));
    OK(store_commit(second, &err));
    store_close(second);
    test_store_close(&t);
}

/* A reader sees the last commit, goes on seeing it, and keeps nobody from writing. */
static void test_reader_beside_writer(void **state)
{
    struct test_store t;
    struct store *reader;
    struct store_stats stats;
    struct ww_error err = {0};
    int64_t feed;

    WW_UNUSED(state);
    test_store_open(&t);
    feed = test_store_feed(&t, "https://a.example/rss");
    OK(test_store_at(t.path, true, &reader, &err));
    OK(store_begin(t.store, &err));
    OK(store_put_meta(t.store, SLICE("a"), SLICE("b"), &err));
    OK(store_read_stats(reader, &stats, &err));
    assert_int_equal(stats.n_feeds, 1);
    store_rollback(t.store);
    OK(add_page(t.store, feed, 1, &err));
    OK(store_read_stats(reader, &stats, &err));
    assert_int_equal(stats.n_articles, 1);
    store_close(reader);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_locks),
        cmocka_unit_test(test_reader_beside_writer),
        cmocka_unit_test(test_two_writers),
        cmocka_unit_test(test_killed),
        cmocka_unit_test(test_index_rolled_back),
        cmocka_unit_test(test_index_killed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
