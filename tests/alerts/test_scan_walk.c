/* test_scan_walk.c - a walk over the archive: the same by one thread and by four, in order. */
#include "alerts/scan_walk.h"

#include "alerts/watchlist.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define DAMS "tests/alerts/data/dams"
#define ARTICLES 1000 /* several blocks for each thread */

struct archive {
    struct test_store t;
    struct arena arena;
    struct watchlist w;
    struct mention_engine *engine;
};

static bool is_planted(int64_t id)
{
    return id % 7 == 0;
}

static void add_one(struct test_store *t, int64_t id)
{
    const struct slice url = arena_printf(&t->arena, "http://127.0.0.1/%d", (int)id);

    (void)test_store_article(t, url.ptr, "News",
                             is_planted(id) ? "Rain fell. A dam failure in Oldmoor was told."
                                            : "A fair was held in Newmoor, and rain fell.");
}

static void archive_open(struct archive *a, int n)
{
    struct ww_error err = {0};

    test_store_open(&a->t);
    arena_init(&a->arena, WATCHLIST_ARENA_MAX_BYTES);
    for (int id = 1; id <= n; id++)
        add_one(&a->t, id);
    if (watchlist_read(DAMS, &a->arena, &a->w, &err) != WW_OK ||
        mentions_open(&a->w, &a->arena, &a->engine, &err) != WW_OK)
        fail_msg("%s", err.message);
}

static void archive_close(struct archive *a)
{
    arena_release(&a->arena);
    test_store_close(&a->t);
}

/* What was told, in the order in which it was. */
struct told {
    int64_t ids[2 * ARTICLES], hits[2 * ARTICLES];
    size_t n_ids, n_hits;
    struct test_store *writing; /* an article is added to it with every block */
    sig_atomic_t stop;
    size_t stop_behind;
    enum ww_status end; /* what the first block is answered with */
};

static enum ww_status take(void *context, const struct scan_block *block, struct ww_error *err)
{
    struct told *t = context;

    for (size_t i = 0; i < block->n_rows; i++)
        t->ids[t->n_ids++] = block->rows[i].id;
    for (size_t i = 0; i < block->n_hits; i++) {
        assert_true(block->hits[i].n_mentions > 0);
        assert_false(block->hits[i].is_unread);
        t->hits[t->n_hits++] = block->hits[i].row->id;
    }
    assert_int_equal(block->last_id, t->ids[t->n_ids - 1]);
    if (t->writing != NULL)
        add_one(t->writing, 7000 + (int64_t)t->n_ids);
    t->stop = t->stop_behind > 0 && t->n_ids >= t->stop_behind;
    return t->end == WW_OK ? WW_OK : ww_fail(err, t->end, "enough");
}

static struct scan_walk_options options_of(const struct archive *a, unsigned n_threads)
{
    return (struct scan_walk_options){.engine = a->engine, .n_threads = n_threads};
}

static void test_same_by_all(void **state)
{
    static struct told told;
    struct archive a;

    WW_UNUSED(state);
    archive_open(&a, ARTICLES);
    for (unsigned n = 1; n <= 5; n++) { /* one more than there may be */
        const struct scan_walk_options o = options_of(&a, n);

        told = (struct told){0};
        assert_int_equal(scan_walk(a.t.store, &o, take, &told, NULL), WW_OK);
        assert_int_equal(told.n_ids, ARTICLES);
        for (size_t i = 0; i < told.n_ids; i++)
            assert_int_equal(told.ids[i], i + 1);
        assert_int_equal(told.n_hits, ARTICLES / 7);
        for (size_t i = 0; i < told.n_hits; i++)
            assert_int_equal(told.hits[i], 7 * (i + 1));
    }
    archive_close(&a);
}

static void test_filters(void **state)
{
    static struct told told;
    int64_t some[] = {7, 8, 500, 504, 5000};
    const struct walk_ids only = {some, 5}, none = {some, 0};
    struct archive a;
    struct scan_walk_options o;

    WW_UNUSED(state);
    archive_open(&a, ARTICLES);
    o = options_of(&a, 2);
    o.only = &only;
    assert_int_equal(scan_walk(a.t.store, &o, take, &told, NULL), WW_OK);
    assert_int_equal(told.n_ids, 4); /* there is no article 5000 */
    assert_int_equal(told.n_hits, 2);
    assert_int_equal(told.hits[1], 504);
    o.only = &none;
    assert_int_equal(scan_walk(a.t.store, &o, take, &told, NULL), WW_OK);
    assert_int_equal(told.n_ids, 4);

    told = (struct told){0};
    o = options_of(&a, 2);
    o.filter.after_id = 490;
    o.filter.last_id = 700;
    assert_int_equal(scan_walk(a.t.store, &o, take, &told, NULL), WW_OK);
    assert_int_equal(told.n_ids, 210);
    assert_int_equal(told.ids[0], 491);

    /* Of one item: the first of the list is in these texts, the last in none. */
    for (size_t i = 0; i < a.w.n_items; i++) {
        told = (struct told){0};
        o = options_of(&a, 2);
        o.item = &a.w.items[i];
        assert_int_equal(scan_walk(a.t.store, &o, take, &told, NULL), WW_OK);
        assert_int_equal(told.n_hits,
                         slice_contains(o.item->id, SLICE("oldmoor")) ? ARTICLES / 7 : 0);
    }
    archive_close(&a);
}

/* It ends behind the block that was told, and with the error that take gives. */
static void test_ends(void **state)
{
    static struct told told;
    struct archive a;
    struct scan_walk_options o;
    struct ww_error err = {0};

    WW_UNUSED(state);
    archive_open(&a, ARTICLES);
    o = options_of(&a, 3);
    told = (struct told){.stop_behind = 300};
    o.stop = &told.stop;
    assert_int_equal(scan_walk(a.t.store, &o, take, &told, NULL), WW_OK);
    assert_in_range(told.n_ids, 300, 300 + SCAN_BLOCK_ARTICLES);

    told = (struct told){.end = WW_CONFLICT};
    assert_int_equal(scan_walk(a.t.store, &o, take, &told, &err), WW_CONFLICT);
    assert_string_equal(err.message, "enough");
    assert_in_range(told.n_ids, 1, SCAN_BLOCK_ARTICLES);
    archive_close(&a);
}

/* What is stored while it walks does not stop it, nor make it miss or repeat any. */
static void test_beside_a_writer(void **state)
{
    static struct told told;
    struct archive a;
    struct scan_walk_options o;
    struct store *reader;

    WW_UNUSED(state);
    archive_open(&a, ARTICLES);
    assert_int_equal(test_store_at(a.t.path, true, &reader, NULL), WW_OK);
    o = options_of(&a, 2);
    o.filter.last_id = ARTICLES;
    told = (struct told){.writing = &a.t};
    assert_int_equal(scan_walk(reader, &o, take, &told, NULL), WW_OK);
    assert_int_equal(told.n_ids, ARTICLES);
    for (size_t i = 0; i < told.n_ids; i++)
        assert_int_equal(told.ids[i], i + 1);
    store_close(reader);
    archive_close(&a);
}

static void test_out_of_memory(void **state)
{
    static struct told told;
    struct archive a;
    enum ww_status status = WW_NOMEM;

    WW_UNUSED(state);
    archive_open(&a, 20);
    for (long n = 1; status == WW_NOMEM; n++) {
        const struct scan_walk_options o = options_of(&a, n % 2 == 0 ? 2 : 1);

        told = (struct told){0};
        mem_fail_after(n);
        status = scan_walk(a.t.store, &o, take, &told, NULL);
        mem_fail_after(0);
        assert_true(status == WW_OK || status == WW_NOMEM);
        assert_true(n < 5000);
    }
    assert_int_equal(told.n_ids, 20);
    archive_close(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_by_all),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_beside_a_writer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
