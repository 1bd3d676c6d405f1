/*
 * test_story_place.c - articles, stories and the duplicate index in one transaction of the store.
 */
#include "base/hash.h"
#include "base/limits.h"
#include "storage/shingle_store.h"
#include "storage/store_articles.h"
#include "storage/store_stories.h"
#include "storage/story_place.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LEAD                                                                                       \
    "The harbour council voted late on Tuesday to close the old ferry pier for two winters while " \
    "divers replace the timber piles that hold it up, because ship worm has eaten through them. "
#define REST                                                                                       \
    "Fishing families who land crab at the pier say nobody asked them where they should go, and "  \
    "the cannery fears that buyers from the mainland will turn to another island for good. The "   \
    "mayor promised a floating stage by October and said the ferry would call at the north quay, " \
    "which has neither a crane nor a shelter for passengers who wait there in the rain."

static const char other[] =
    "Growers in the upper valley have begun to pull out apple orchards that their grandparents "
    "planted, because springs of late frost left them with almost nothing to pick. Where the trees "
    "stood they now sow lavender, which needs little water and no spraying at all through summer.";

static void check(enum ww_status status, const struct ww_error *err)
{
    if (status != WW_OK)
        fail_msg("%s: %s", ww_status_name(status), err->message);
}

/* Store an article and place it, in the transaction that is open. */
static int64_t put(struct test_store *t, struct story_placer *p, int number, const char *text,
                   int64_t published_at, struct story_placement *out)
{
    struct placed_article article = {.title = SLICE("Title"),
                                     .text = slice_from(text),
                                     .published_at = published_at,
                                     .seen_at = TEST_NOW + number};
    struct article_row row = {.first_seen_at = TEST_NOW + number,
                              .fetched_at = TEST_NOW + number,
                              .published_at = published_at,
                              .title = SLICE("Title")};
    struct article_text body = {.text = slice_from(text)};
    struct ww_error err = {0};
    char url[64];
    bool is_new;

    (void)snprintf(url, sizeof(url), "https://example.org/%d", number);
    row.url = row.canonical = slice_from(url);
    check(store_add_article(t->store, &row, &body, &article.id, &is_new, &err), &err);
    check(story_place(p, &article, &t->arena, out, &err), &err);
    return article.id;
}

static void test_story(void **state)
{
    struct test_store t;
    struct story_placer *p;
    struct story_placement stub, whole, stranger, again;
    struct story_row story;
    struct article_row row;
    struct relation_list relations;
    struct ww_error err = {0};
    int64_t id_stub, id_whole, id_again;

    WW_UNUSED(state);
    test_store_open(&t);
    check(story_placer_open(t.store, &p, &err), &err);
    check(store_begin(t.store, &err), &err);
    id_stub = put(&t, p, 1, LEAD "Subscribe to read on.", TEST_NOW - 100, &stub);
    id_whole = put(&t, p, 2, LEAD REST, TEST_NOW - 50, &whole);
    (void)put(&t, p, 3, other, 0, &stranger);
    check(store_commit(t.store, &err), &err);
    assert_int_equal(stub.kind, STORY_NEW);
    assert_true(stub.is_new_story && stranger.is_new_story && !whole.is_new_story);
    assert_int_equal(whole.kind, STORY_EXPANSION);
    assert_int_equal(whole.other_article_id, id_stub);
    assert_int_equal(whole.story_id, stub.story_id);
    assert_true(stranger.story_id != stub.story_id);

    /* Another process goes on: an earlier print of the whole text becomes the one to show. */
    story_placer_close(p);
    test_store_reopen(&t);
    check(story_placer_open(t.store, &p, &err), &err);
    check(store_begin(t.store, &err), &err);
    id_again = put(&t, p, 4, LEAD REST, TEST_NOW - 70, &again);
    check(store_commit(t.store, &err), &err);
    assert_int_equal(again.kind, STORY_EXACT);
    check(store_story(t.store, stub.story_id, &t.arena, &story, &err), &err);
    assert_int_equal(story.n_articles, 3);
    assert_int_equal(story.first_article_id, id_stub);
    assert_int_equal(story.canonical_article_id, id_again);
    assert_int_equal(story.first_seen_at, TEST_NOW + 1);
    assert_int_equal(story.last_seen_at, TEST_NOW + 4);
    check(store_article(t.store, id_again, &t.arena, &row, &err), &err);
    assert_int_equal(row.story_id, stub.story_id);
    check(store_list_relations(t.store, id_whole, &t.arena, &relations, &err), &err);
    assert_int_equal(relations.n_rows, 2);
    story_placer_close(p);
    test_store_close(&t);
}

/* What was rolled back is not found again, and does not stand in the way. */
static void test_rollback(void **state)
{
    struct test_store t;
    struct story_placer *p;
    struct story_placement placement;
    struct ww_error err = {0};

    WW_UNUSED(state);
    test_store_open(&t);
    check(story_placer_open(t.store, &p, &err), &err);
    check(store_begin(t.store, &err), &err);
    (void)put(&t, p, 1, LEAD REST, 0, &placement);
    store_rollback(t.store);
    story_placer_forget(p);
    check(store_begin(t.store, &err), &err);
    (void)put(&t, p, 2, LEAD REST, 0, &placement);
    check(store_commit(t.store, &err), &err);
    assert_int_equal(placement.kind, STORY_NEW);
    story_placer_close(p);
    test_store_close(&t);
}

/* Tails become runs and runs are merged in the store as they are in memory. */
static void test_runs(void **state)
{
    struct test_store t;
    struct shingle_io io;
    struct shingle_index *ix;
    struct ww_error err = {0};

    WW_UNUSED(state);
    test_store_open(&t);
    io = shingle_store_io(t.store);
    check(shingle_index_open(&io, 50, &ix, &err), &err);
    check(store_begin(t.store, &err), &err);
    for (int64_t article = 1; article <= 1000; article++) {
        uint64_t hashes[4];
        struct shingle_group group = {SHINGLE_OF_TEXT, article, hashes, 4};

        for (size_t i = 0; i < 4; i++)
            hashes[i] = hash64_mix((uint64_t)article, i);
        check(shingle_index_add(ix, &group, 1, &err), &err);
    }
    check(store_commit(t.store, &err), &err);
    shingle_index_close(ix);
    test_store_reopen(&t);
    io = shingle_store_io(t.store);
    check(shingle_index_open(&io, 50, &ix, &err), &err);
    for (int64_t article = 1; article <= 1000; article++) {
        uint64_t hashes[5];
        struct shingle_list *lists;

        for (size_t i = 0; i < 5; i++)
            hashes[i] = hash64_mix((uint64_t)article, i);
        arena_reset(&t.arena);
        check(shingle_index_find(ix, SHINGLE_OF_TEXT, hashes, 5, &t.arena, &lists, &err), &err);
        for (size_t i = 0; i < 5; i++) {
            assert_int_equal(lists[i].n, i < 4 ? 1 : 0);
            if (i < 4)
                assert_int_equal(lists[i].values[0], article);
        }
    }
    shingle_index_close(ix);
    test_store_close(&t);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_story),
        cmocka_unit_test(test_rollback),
        cmocka_unit_test(test_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
