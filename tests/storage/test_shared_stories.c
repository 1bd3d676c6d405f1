/*
 * test_shared_stories.c - several writers on one store: stories come out as if there were one, two
 * copies that are stored at one instant are one story, and what is asked for before its turn is as
 * true as what is asked for in it.
 */
#include "base/hash.h"
#include "storage/rows.h"
#include "storage/shingle_store.h"
#include "storage/store_stories.h"
#include "storage/story_place.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void check(enum ww_status status, const struct ww_error *err)
{
    if (status != WW_OK)
        fail_msg("%s: %s", ww_status_name(status), err->message);
}

/* ---- texts ----------------------------------------------------------------------------------- */

#define TEXT_BYTES 65536

static char *add_words(char *at, uint64_t seed, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        at += sprintf(at, "%c%llx%c", i % 12 == 0 ? 'W' : 'w',
                      (unsigned long long)hash64_mix(seed, i) % 0xfffff, i % 12 == 11 ? '.' : ' ');
        if (i % 12 == 11)
            *at++ = ' ';
    }
    return at;
}

/* Every third article is the greater part of an earlier one, near or far, with an end of its own.
 */
static struct slice make_text(unsigned article, unsigned n_words, char text[TEXT_BYTES])
{
    const uint64_t draw = hash64_mix(article, 7);
    const bool is_copy = article > 3 && draw % 3 == 0;
    const unsigned of = !is_copy            ? article
                        : draw / 3 % 2 == 0 ? article - 1 - (unsigned)(draw / 6 % 3)
                                            : (unsigned)(draw / 6 % article);
    char *end = add_words(text, 1000 + of, n_words - (is_copy ? n_words / 5 : 0));

    if (is_copy)
        end = add_words(end, 900000 + article, n_words / 5);
    return slice_of(text, (size_t)(end - text));
}

/* One machine: a connection, and the index as it has it in memory. */
struct machine {
    struct store *store;
    struct story_placer *placer;
    struct arena arena;
};

static void open_machine(struct machine *m, const char *path)
{
    struct ww_error err = {0};

    arena_init(&m->arena, (size_t)64 << 20);
    check(test_store_at(path, false, &m->store, &err), &err);
    check(story_placer_open(m->store, &m->placer, &err), &err);
}

static void close_machine(struct machine *m)
{
    story_placer_close(m->placer);
    store_close(m->store);
    arena_release(&m->arena);
}

/* The id of its story. Not a word of it where nobody may fail a test: in a child. */
static enum ww_status put(struct machine *m, unsigned article, struct slice text, int64_t *story_id,
                          struct ww_error *err)
{
    struct article_row row = {.title = SLICE("Title"),
                              .first_seen_at = TEST_NOW + article,
                              .fetched_at = TEST_NOW + article};
    const struct article_text body = {.text = text};
    struct placed_article placed = {.row = &row, .title = row.title, .text = text};
    struct story_placement placement = {0};
    bool is_new;
    char url[64];
    enum ww_status status;

    arena_reset(&m->arena);
    (void)snprintf(url, sizeof(url), "https://outlet%u.example/%u", article % 5, article);
    row.url = row.canonical = slice_from(url);
    status = store_add_article(m->store, &row, &body, &placed.id, &is_new, err);
    if (status == WW_OK)
        status = story_place(m->placer, &placed, &m->arena, &placement, err);
    *story_id = placement.story_id;
    return status;
}

/* ---- two machines in turn -------------------------------------------------------------------- */

#define N_ARTICLES 300
#define N_WORDS 2400 /* so that a run is full soon: some 60 articles, and a merge after four */

/* The first article of each article's story, whatever numbers the two have. */
static void list_firsts(struct machine *m, unsigned firsts[N_ARTICLES])
{
    const struct article_filter filter = {.order = ARTICLE_BY_ID, .window.limit = N_ARTICLES};
    struct article_list list;
    struct ww_error err = {0};

    arena_reset(&m->arena);
    check(store_list_articles(m->store, &filter, &m->arena, &list, &err), &err);
    assert_int_equal(list.n_rows, N_ARTICLES);
    for (size_t i = 0; i < N_ARTICLES; i++)
        for (size_t k = N_ARTICLES; k > 0; k--)
            if (list.rows[k - 1].story_id == list.rows[i].story_id)
                firsts[i] = (unsigned)(list.rows[k - 1].first_seen_at - TEST_NOW);
}

/* What is undone leaves nothing behind: neither in the store nor in memory. */
static void roll_back(struct machine *m, unsigned article)
{
    static char text[TEXT_BYTES];
    struct ww_error err = {0};
    int64_t unused;

    check(store_begin(m->store, &err), &err);
    for (unsigned i = 0; i < 3; i++)
        check(put(m, 100000 + i, make_text(article + i, N_WORDS, text), &unused, &err), &err);
    store_rollback(m->store);
    story_placer_forget(m->placer);
}

/* As `db reindex` does it: a part of it, then others write, and the rest with their articles. */
static void reindex(struct machine *m)
{
    struct ww_error err = {0};
    size_t n;

    check(store_begin(m->store, &err), &err);
    check(story_reindex_begin(m->placer, &err), &err);
    check(store_commit(m->store, &err), &err);
    for (size_t i = 0; i < 3; i++) {
        check(store_begin(m->store, &err), &err);
        check(story_reindex(m->placer, 100, &n, &err), &err);
        check(store_commit(m->store, &err), &err);
    }
}

/* Articles in transactions of one to four, each by one of the machines. */
static void write_all(struct machine *machines, unsigned n_machines, bool is_troubled)
{
    static char text[TEXT_BYTES];
    struct ww_error err = {0};
    int64_t unused;

    for (unsigned at = 0, end; at < N_ARTICLES; at = end) {
        struct machine *m = &machines[hash64_mix(at, 3) % n_machines];

        end = at + 1 + (unsigned)(hash64_mix(at, 4) % 4);
        end = end > N_ARTICLES ? N_ARTICLES : end;
        check(store_begin(m->store, &err), &err);
        for (unsigned i = at; i < end; i++)
            check(put(m, i, make_text(i, N_WORDS, text), &unused, &err), &err);
        check(store_commit(m->store, &err), &err);
        if (is_troubled && at / 50 != end / 50)
            roll_back(&machines[at / 50 % n_machines], at);
        if (is_troubled && at < 255 && end >= 255)
            reindex(&machines[1]);
    }
}

static void test_turns(void **state)
{
    static unsigned alone[N_ARTICLES], together[N_ARTICLES];
    struct test_store one, both;
    struct machine machines[2], single;
    size_t n_joined = 0;

    WW_UNUSED(state);
    test_store_open(&one);
    open_machine(&single, one.path);
    write_all(&single, 1, false);
    list_firsts(&single, alone);
    close_machine(&single);
    test_store_close(&one);

    test_store_open(&both);
    open_machine(&machines[0], both.path);
    open_machine(&machines[1], both.path);
    write_all(machines, 2, true);
    list_firsts(&machines[0], together);
    close_machine(&machines[0]);
    close_machine(&machines[1]);
    test_store_close(&both);

    for (unsigned i = 0; i < N_ARTICLES; i++) {
        n_joined += alone[i] != i;
        if (together[i] != alone[i])
            fail_msg("article %u is in the story of %u, not of %u", i, together[i], alone[i]);
    }
    assert_in_range(n_joined, N_ARTICLES / 5, N_ARTICLES / 2);
}

/* ---- one instant ----------------------------------------------------------------------------- */

#define N_PAIRS 200

/* For each byte that comes the next copy is stored; its story goes back. */
static int store_copies(const char *path, unsigned which, int come, int told)
{
    static char text[TEXT_BYTES];
    struct machine m;
    struct ww_error err = {0};
    int64_t story_id;
    char byte;

    arena_init(&m.arena, (size_t)64 << 20);
    if (test_store_at(path, false, &m.store, &err) != WW_OK ||
        story_placer_open(m.store, &m.placer, &err) != WW_OK)
        return 1;
    for (unsigned pair = 0; read(come, &byte, 1) == 1; pair++) {
        char *end = add_words(text, 5000 + pair, 150);

        end = add_words(end, 70000 + 2 * pair + which, 20);
        if (store_begin(m.store, &err) != WW_OK ||
            put(&m, 2 * pair + which, slice_of(text, (size_t)(end - text)), &story_id, &err) !=
                WW_OK ||
            store_commit(m.store, &err) != WW_OK) {
            (void)fprintf(stderr, "%s\n", err.message);
            return 1;
        }
        if (write(told, &story_id, sizeof(story_id)) != (ssize_t)sizeof(story_id))
            return 1;
    }
    close_machine(&m);
    return 0;
}

static void test_one_instant(void **state)
{
    struct test_store t;
    int come[2][2], told[2][2], status;
    pid_t pids[2];

    WW_UNUSED(state);
    test_store_open(&t);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(pipe(come[i]), 0);
        assert_int_equal(pipe(told[i]), 0);
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0) {
            for (unsigned k = 0; k <= i; k++)
                (void)close(come[k][1]);
            _Exit(store_copies(t.path, i, come[i][0], told[i][1]));
        }
        (void)close(come[i][0]);
        (void)close(told[i][1]);
    }
    for (unsigned pair = 0; pair < N_PAIRS; pair++) {
        int64_t stories[2];

        for (unsigned i = 0; i < 2; i++)
            assert_int_equal(write(come[(pair + i) % 2][1], "", 1), 1);
        for (unsigned i = 0; i < 2; i++)
            assert_int_equal(read(told[i][0], &stories[i], sizeof(*stories)), sizeof(*stories));
        assert_int_equal(stories[0], stories[1]);
    }
    for (unsigned i = 0; i < 2; i++) {
        (void)close(come[i][1]);
        (void)close(told[i][0]);
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    test_store_close(&t);
}

/* ---- before its turn ------------------------------------------------------------------------- */

#define N_BLOBS 100

static void find(struct test_store *t, const struct shingle_io *io, int64_t id, const char *bytes)
{
    struct shingle_blob blob = {0};
    struct ww_error err = {0};

    check(io->find_blob(t->store, SHINGLE_BLOCKS, id, &t->arena, &blob, &err), &err);
    assert_true(slice_equal(blob.bytes, slice_from(bytes)));
}

static void test_foreseen(void **state)
{
    struct test_store t;
    struct shingle_io io;
    struct shingle_blob blob;
    struct ww_error err = {0};
    char text[16];

    WW_UNUSED(state);
    test_store_open(&t);
    io = shingle_store_io(t.store);
#define FORESEE(id) check(io.foresee_blob(t.store, SHINGLE_BLOCKS, id, &err), &err)
    check(store_begin(t.store, &err), &err);
    for (int64_t i = 1; i <= N_BLOBS; i++) {
        (void)snprintf(text, sizeof(text), "%d", (int)i);
        check(io.put_blob(t.store, SHINGLE_BLOCKS, 10 * i, slice_from(text), &err), &err);
    }
    /* In their order, more than are asked for at once; in another; and half of them. */
    for (int64_t i = 1; i <= N_BLOBS; i++)
        FORESEE(10 * i);
    for (int64_t i = 1; i <= N_BLOBS; i++) {
        (void)snprintf(text, sizeof(text), "%d", (int)i);
        find(&t, &io, 10 * i, text);
    }
    FORESEE(10);
    FORESEE(20);
    FORESEE(30);
    find(&t, &io, 20, "2");
    find(&t, &io, 30, "3");
    FORESEE(40);
    FORESEE(50);
    find(&t, &io, 40, "4");
    /* What was written since counts; what is not there is not there. */
    FORESEE(55);
    check(io.put_blob(t.store, SHINGLE_BLOCKS, 54, SLICE("new"), &err), &err);
    find(&t, &io, 55, "new");
    FORESEE(5);
    FORESEE(60);
    assert_int_equal(io.find_blob(t.store, SHINGLE_BLOCKS, 5, &t.arena, &blob, &err), WW_NOT_FOUND);
    find(&t, &io, 60, "6");
    FORESEE(70);
    store_rollback(t.store);
    assert_int_equal(io.find_blob(t.store, SHINGLE_BLOCKS, 70, &t.arena, &blob, &err),
                     WW_NOT_FOUND);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turns),
        cmocka_unit_test(test_one_instant),
        cmocka_unit_test(test_foreseen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
