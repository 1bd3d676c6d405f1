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
    struct placed_article article = {.title = SLICE("Title"), .text = slice_from(text)};
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
    assert_int_equal(row.id, article.id);
    article.row = number % 2 == 0 ? &row : NULL; /* as the placer reads it, or as it is known */
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

/* ---- any order of arrival -------------------------------------------------------------------- */

#define HOUR 3600
#define DAY (24 * HOUR)
#define MIDNIGHT (TEST_NOW - TEST_NOW % DAY)
#define NOON (MIDNIGHT + 12 * HOUR)
#define N_MEMBERS 5

/* One of several prints of a text: so many of its words, and words of its own behind them. */
struct print {
    const char *outlet, *credit;
    int64_t published_at;
    enum date_precision precision;
    int64_t seen_at;
    int n_words, n_own;
    int changed;         /* one word of the text that is another here; 0: none */
    const char *address; /* NULL: one of its own */
};

static char *add_words(char *at, unsigned seed, int n, int changed)
{
    for (int i = 0; i < n; i++) {
        uint64_t h = hash64_mix(seed, (uint64_t)i);

        if (i + 1 == changed)
            at += sprintf(at, "%d ", 1000 + (int)(h % 1000));
        else
            at += sprintf(at, "%c%llx%c", i % 12 == 0 ? 'W' : 'w', (unsigned long long)h % 0xfffff,
                          i % 12 == 11 ? '.' : ' ');
        if (i % 12 == 11)
            *at++ = ' ';
    }
    return at;
}

/* Print number n of the text that seed makes. */
static int64_t put_print(struct test_store *t, struct story_placer *p, unsigned seed, size_t n,
                         const struct print *print, struct story_placement *out)
{
    struct article_row row = {.title = SLICE("Title"),
                              .outlet = slice_from(print->outlet),
                              .credit = slice_from(print->credit),
                              .published_at = print->published_at,
                              .published_precision = print->precision,
                              .first_seen_at = print->seen_at,
                              .fetched_at = print->seen_at};
    struct placed_article article = {.row = &row, .title = row.title};
    struct article_text body = {0};
    struct ww_error err = {0};
    char url[80], text[8192], *end;
    bool is_new;

    (void)snprintf(url, sizeof(url), "https://outlet%zu.example/%u", n, seed);
    row.url = row.canonical = slice_from(print->address != NULL ? print->address : url);
    end = add_words(text, seed, print->n_words, print->changed);
    end = add_words(end, seed * 100 + (unsigned)n, print->n_own, 0);
    body.text = article.text = slice_of(text, (size_t)(end - text));
    check(store_add_article(t->store, &row, &body, &article.id, &is_new, &err), &err);
    assert_true(is_new);
    check(story_place(p, &article, &t->arena, out, &err), &err);
    return article.id;
}

static void swap(size_t *order, size_t a, size_t b)
{
    size_t x = order[a];

    order[a] = order[b];
    order[b] = x;
}

/* The next of all orders of n numbers; false behind the last. */
static bool next_order(size_t *order, size_t n)
{
    size_t i = n - 1, k = n - 1;

    while (i > 0 && order[i - 1] > order[i])
        i--;
    if (i == 0)
        return false;
    while (order[k] < order[i - 1])
        k--;
    swap(order, i - 1, k);
    for (k = n - 1; i < k; i++, k--)
        swap(order, i, k);
    return true;
}

/* 120 stories, each of the same five prints in another order: all come out the same. */
static void test_any_order(void **state)
{
    static const struct print prints[N_MEMBERS] = {
        {"Morning", "",            NOON,            DATE_MINUTE, NOON + 5 * HOUR, 400, 0,  0,   NULL},
        {"Morning", "",            MIDNIGHT,        DATE_DAY,    NOON + 5 * HOUR, 400, 0,  300, NULL},
        {"Weekly",  "",            0,               DATE_NONE,   NOON + 3 * HOUR, 400, 32, 0,   NULL},
        {"Radio",   "Agence Test", NOON - 2 * HOUR, DATE_MINUTE, NOON + 9 * HOUR, 200, 0,  0,   NULL},
        {"Archive", "",            NOON - 5 * HOUR, DATE_MINUTE, NOON + 99 * DAY, 300, 0,  0,   NULL},
    };
    size_t order[N_MEMBERS] = {0, 1, 2, 3, 4};
    struct test_store t;
    struct story_placer *p;
    struct ww_error err = {0};
    unsigned round = 1;

    WW_UNUSED(state);
    test_store_open(&t);
    check(story_placer_open(t.store, &p, &err), &err);
    check(store_begin(t.store, &err), &err);
    do {
        struct story_placement placement;
        struct story_row story;
        int64_t ids[N_MEMBERS], story_id = 0;

        for (size_t i = 0; i < N_MEMBERS; i++) {
            ids[order[i]] = put_print(&t, p, round, order[i], &prints[order[i]], &placement);
            if (placement.is_new_story != (i == 0) || (i > 0 && placement.story_id != story_id))
                fail_msg("order %zu%zu%zu%zu%zu: %zu stands apart: %s %f", order[0], order[1],
                         order[2], order[3], order[4], order[i], story_kind_name(placement.kind),
                         placement.similarity);
            story_id = placement.story_id;
        }
        arena_reset(&t.arena);
        check(store_story(t.store, story_id, &t.arena, &story, &err), &err);
        assert_int_equal(story.first_article_id, ids[order[0]]);
        if (story.root_article_id != ids[4] || story.canonical_article_id != ids[0] ||
            story.n_articles != N_MEMBERS || story.n_outlets != 4 || story.n_origins != 2)
            fail_msg("order %zu%zu%zu%zu%zu: root %lld, canonical %lld (of %lld to %lld),"
                     " %lld articles, %lld outlets, %lld origins",
                     order[0], order[1], order[2], order[3], order[4],
                     (long long)story.root_article_id, (long long)story.canonical_article_id,
                     (long long)ids[order[0]], (long long)ids[order[4]],
                     (long long)story.n_articles, (long long)story.n_outlets,
                     (long long)story.n_origins);
        round++;
    } while (next_order(order, N_MEMBERS));
    assert_int_equal(round, 121);
    check(store_commit(t.store, &err), &err);
    story_placer_close(p);
    test_store_close(&t);
}

/* A text that grows leaves the canonical one behind: the earliest of those full enough is next. */
static void test_canonical(void **state)
{
    static const struct print prints[] = {
        {"A", "", NOON,     DATE_MINUTE, NOON + HOUR, 100, 0, 0, NULL},
        {"B", "", NOON + 9, DATE_MINUTE, NOON + HOUR, 106, 0, 0, NULL},
        {"C", "", NOON + 7, DATE_MINUTE, NOON + HOUR, 107, 0, 0, NULL},
        {"D", "", NOON + 8, DATE_MINUTE, NOON + HOUR, 115, 0, 0, NULL},
        {"E", "", NOON + 6, DATE_MINUTE, NOON + HOUR, 60,  0, 0, NULL},
    };
    static const size_t canonical[] = {0, 0, 0, 2, 2};
    struct story_placement placement;
    struct story_standing standing;
    struct test_store t;
    struct story_placer *p;
    struct ww_error err = {0};
    int64_t ids[WW_COUNT(prints)];

    WW_UNUSED(state);
    test_store_open(&t);
    check(story_placer_open(t.store, &p, &err), &err);
    check(store_begin(t.store, &err), &err);
    for (size_t i = 0; i < WW_COUNT(prints); i++) {
        ids[i] = put_print(&t, p, 1, i, &prints[i], &placement);
        check(store_story_standing(t.store, placement.story_id, &standing, &err), &err);
        assert_int_equal(standing.canonical_article_id, ids[canonical[i]]);
        assert_int_equal(standing.root_article_id, ids[0]);
    }
    check(store_commit(t.store, &err), &err);
    story_placer_close(p);
    test_store_close(&t);
}

/* ---- versions -------------------------------------------------------------------------------- */

static void test_versions(void **state)
{
    static const char address[] = "https://one.example/live";
    static const struct print prints[] = {
        {"One", "", NOON,        DATE_MINUTE, NOON, 100, 0,   0, address},
 /* a third of it is left, and much is new: nothing that the detector would join */
        {"One", "", NOON,        DATE_MINUTE, NOON, 30,  120, 0, address},
        {"Two", "", NOON + HOUR, DATE_MINUTE, NOON, 100, 0,   0, NULL   },
 /* another text altogether stands there */
        {"One", "", NOON,        DATE_MINUTE, NOON, 0,   150, 0, address},
    };
    struct story_placement placements[WW_COUNT(prints)];
    struct story_row story;
    struct relation_list relations;
    struct test_store t;
    struct story_placer *p;
    struct ww_error err = {0};
    int64_t ids[WW_COUNT(prints)];

    WW_UNUSED(state);
    test_store_open(&t);
    check(story_placer_open(t.store, &p, &err), &err);
    check(store_begin(t.store, &err), &err);
    for (size_t i = 0; i < WW_COUNT(prints); i++)
        ids[i] = put_print(&t, p, 1, i, &prints[i], &placements[i]);
    check(store_commit(t.store, &err), &err);
    assert_int_equal(placements[1].story_id, placements[0].story_id);
    assert_int_equal(placements[1].other_article_id, ids[0]);
    assert_int_equal(placements[1].kind, STORY_NEAR);
    assert_int_equal(placements[2].story_id, placements[0].story_id);
    assert_true(placements[3].is_new_story);
    check(store_list_relations(t.store, ids[1], &t.arena, &relations, &err), &err);
    assert_int_equal(relations.n_rows, 1);
    assert_true(relations.rows[0].n_own > 0 && relations.rows[0].n_shared > 20);
    check(store_story(t.store, placements[0].story_id, &t.arena, &story, &err), &err);
    assert_int_equal(story.n_articles, 2); /* addresses */
    assert_int_equal(story.n_outlets, 2);
    assert_int_equal(story.root_article_id, ids[0]);
    story_placer_close(p);
    test_store_close(&t);
}

/* ---- old text under a new date --------------------------------------------------------------- */

#define OLD (NOON - 700 * DAY)

static int64_t recirculates(struct test_store *t, int64_t id)
{
    struct article_row row;
    struct ww_error err = {0};

    check(store_article(t->store, id, &t->arena, &row, &err), &err);
    return row.recirculates_id;
}

/* All orders of an old article, two prints of today and an excerpt: these are old text. */
static void test_recirculation(void **state)
{
    static const struct print prints[] = {
        {"Archive", "", OLD,  DATE_DAY,    NOON,        200, 0,  0, NULL},
        {"Morning", "", NOON, DATE_MINUTE, NOON,        200, 0,  0, NULL},
        {"Evening", "", 0,    DATE_NONE,   NOON + HOUR, 200, 12, 0, NULL},
        {"Radio",   "", NOON, DATE_MINUTE, NOON + HOUR, 120, 0,  0, NULL},
    };
    size_t order[] = {0, 1, 2, 3};
    struct test_store t;
    struct story_placer *p;
    struct ww_error err = {0};
    unsigned round = 1;

    WW_UNUSED(state);
    test_store_open(&t);
    check(story_placer_open(t.store, &p, &err), &err);
    check(store_begin(t.store, &err), &err);
    do {
        struct story_placement placement;
        int64_t ids[WW_COUNT(prints)];
        bool is_there = false; /* the old one */

        for (size_t i = 0; i < WW_COUNT(prints); i++) {
            ids[order[i]] = put_print(&t, p, round, order[i], &prints[order[i]], &placement);
            assert_int_equal(placement.recirculates_id, is_there && order[i] != 0 ? ids[0] : 0);
            is_there |= order[i] == 0;
        }
        for (size_t i = 0; i < WW_COUNT(prints); i++)
            if (recirculates(&t, ids[i]) != (i == 0 ? 0 : ids[0]))
                fail_msg("order %zu%zu%zu%zu: %zu recirculates %lld", order[0], order[1], order[2],
                         order[3], i, (long long)recirculates(&t, ids[i]));
        round++;
    } while (next_order(order, WW_COUNT(prints)));
    check(store_commit(t.store, &err), &err);
    story_placer_close(p);
    test_store_close(&t);
}

static void test_no_recirculation(void **state)
{
    static const struct {
        const char *name;
        struct print then, now;
        bool is_old;
    } cases[] = {
        {"the next day",
         {"A", "", NOON - DAY, DATE_MINUTE, NOON, 200, 0, 0, NULL},
         {"B", "", NOON, DATE_MINUTE, NOON, 200, 0, 0, NULL},
         false},
        {"29 days after",
         {"A", "", NOON - 29 * DAY, DATE_MINUTE, NOON, 200, 0, 0, NULL},
         {"B", "", NOON, DATE_MINUTE, NOON, 200, 0, 0, NULL},
         false},
        {"31 days after",
         {"A", "", NOON - 31 * DAY, DATE_MINUTE, NOON, 200, 0, 0, NULL},
         {"B", "", NOON, DATE_MINUTE, NOON, 200, 0, 0, NULL},
         true },
        {"a figure is another",
         {"A", "", OLD, DATE_MINUTE, NOON, 200, 0, 100, NULL},
         {"B", "", NOON, DATE_MINUTE, NOON, 200, 0, 101, NULL},
         false},
        {"much is new",
         {"A", "", OLD, DATE_MINUTE, NOON, 120, 0, 0, NULL},
         {"B", "", NOON, DATE_MINUTE, NOON, 120, 100, 0, NULL},
         false},
        {"a third is new",
         {"A", "", OLD, DATE_MINUTE, NOON, 120, 0, 0, NULL},
         {"B", "", NOON, DATE_MINUTE, NOON, 120, 55, 0, NULL},
         false},
        {"its first seen is old, its date is not known",
         {"A", "", 0, DATE_NONE, OLD, 200, 0, 0, NULL},
         {"B", "", 0, DATE_NONE, NOON, 200, 0, 0, NULL},
         true },
        {"the same address, dated anew",
         {"A", "", OLD, DATE_MINUTE, OLD, 200, 0, 0, "https://a.example/x"},
         {"A", "", NOON, DATE_MINUTE, NOON, 200, 5, 0, "https://a.example/x"},
         true },
    };
    struct test_store t;
    struct story_placer *p;
    struct ww_error err = {0};

    WW_UNUSED(state);
    test_store_open(&t);
    check(story_placer_open(t.store, &p, &err), &err);
    check(store_begin(t.store, &err), &err);
    for (unsigned i = 0; i < WW_COUNT(cases); i++) {
        struct story_placement then, now;
        int64_t id = put_print(&t, p, 50 + i, 0, &cases[i].then, &then);

        (void)put_print(&t, p, 50 + i, 1, &cases[i].now, &now);
        if (now.story_id != then.story_id || now.recirculates_id != (cases[i].is_old ? id : 0))
            fail_msg("%s: s%lld, s%lld, recirculates %lld", cases[i].name, (long long)then.story_id,
                     (long long)now.story_id, (long long)now.recirculates_id);
    }
    check(store_commit(t.store, &err), &err);
    story_placer_close(p);
    test_store_close(&t);
}

/* An older one still turns up, and is the one that is named then. */
static void test_older_still(void **state)
{
    static const struct print prints[] = {
        {"A", "", OLD,             DATE_MINUTE, NOON, 200, 0, 0, NULL},
        {"B", "", NOON,            DATE_MINUTE, NOON, 200, 0, 0, NULL},
        {"C", "", OLD - 700 * DAY, DATE_MINUTE, NOON, 200, 0, 0, NULL},
        {"D", "", NOON,            DATE_MINUTE, NOON, 200, 0, 0, NULL},
    };
    struct story_placement placement;
    struct test_store t;
    struct story_placer *p;
    struct ww_error err = {0};
    int64_t ids[WW_COUNT(prints)];

    WW_UNUSED(state);
    test_store_open(&t);
    check(story_placer_open(t.store, &p, &err), &err);
    check(store_begin(t.store, &err), &err);
    for (size_t i = 0; i < WW_COUNT(prints); i++)
        ids[i] = put_print(&t, p, 1, i, &prints[i], &placement);
    check(store_commit(t.store, &err), &err);
    for (size_t i = 0; i < WW_COUNT(prints); i++)
        assert_int_equal(recirculates(&t, ids[i]), i == 2 ? 0 : ids[2]);
    story_placer_close(p);
    test_store_close(&t);
}

/* ---- what is given up is said ---------------------------------------------------------------- */

static void test_given_up(void **state)
{
    const struct print print = {"A", "", NOON, DATE_MINUTE, NOON, 200, 0, 0, NULL};
    struct story_placement placement;
    struct test_store t;
    struct story_placer *p;
    struct ww_error err = {0};
    char *text = test_malloc(STORY_TEXT_MAX_BYTES + 2);
    size_t n_said = 0;

    WW_UNUSED(state);
    test_store_open(&t);
    check(story_placer_open(t.store, &p, &err), &err);
    check(store_begin(t.store, &err), &err);
    for (size_t i = 0; i < 70; i++) {
        (void)put_print(&t, p, 1, i, &print, &placement);
        n_said += placement.given_up.len > 0;
        if (i + 1 == 32 || i + 1 == 64)
            assert_true(slice_contains(placement.given_up, SLICE("articles of one text")));
    }
    assert_int_equal(n_said, 2);
    memset(text, 'a', STORY_TEXT_MAX_BYTES + 1);
    text[STORY_TEXT_MAX_BYTES + 1] = '\0';
    (void)put(&t, p, 1000, text, 0, &placement);
    assert_true(slice_contains(placement.given_up, SLICE("262145 bytes of text")));
    check(store_commit(t.store, &err), &err);
    story_placer_close(p);
    test_store_close(&t);
    test_free(text);
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

/* ---- made anew ------------------------------------------------------------------------------- */

/* A text of its own for each number. */
static const char *text_of(int number, char text[2000])
{
    size_t used = 0;

    for (uint64_t i = 0; i < 120; i++) {
        uint64_t letters = hash64_mix((uint64_t)number, i);

        for (unsigned k = 0; k < 3 + letters % 6; k++)
            text[used++] = (char)('a' + (letters >> (8 + 4 * k)) % 23);
        text[used++] = i % 15 == 14 ? '.' : ' ';
    }
    text[used] = '\0';
    return text;
}

static int64_t count_missing(struct test_store *t)
{
    struct ww_error err = {0};
    int64_t n = -1;

    check(story_reindex_count(t->store, &n, &err), &err);
    return n;
}

/* Another version of the tokeniser: the newest are found again first, in the end all. */
static void test_other_version(void **state)
{
    struct test_store t;
    struct story_placer *p;
    struct story_placement placement;
    struct shingle_io io;
    struct shingle_state stored;
    struct ww_error err = {0};
    int64_t ids[61], stories[61];
    char text[2000];
    size_t n;

    WW_UNUSED(state);
    test_store_open(&t);
    check(story_placer_open(t.store, &p, &err), &err);
    check(store_begin(t.store, &err), &err);
    for (int i = 1; i <= 60; i++) {
        ids[i] = put(&t, p, i, text_of(i, text), 0, &placement);
        stories[i] = placement.story_id;
    }
    check(store_commit(t.store, &err), &err);
    assert_int_equal(count_missing(&t), 0);

    io = shingle_store_io(t.store);
    check(store_begin(t.store, &err), &err);
    check(io.read_state(t.store, &stored, &err), &err);
    stored.version += 98;
    stored.generation++;
    check(io.set_state(t.store, &stored, &err), &err);
    check(store_commit(t.store, &err), &err);
    assert_int_equal(count_missing(&t), 60);

    check(store_begin(t.store, &err), &err);
    (void)put(&t, p, 101, text_of(100, text), 0, &placement);
    assert_int_equal(count_missing(&t), 60 - STORY_REINDEX_EACH);
    (void)put(&t, p, 102, text_of(59, text), 0, &placement);
    assert_int_equal(placement.kind, STORY_EXACT);
    assert_int_equal(placement.other_article_id, ids[59]);
    assert_int_equal(placement.story_id, stories[59]);
    (void)put(&t, p, 103, text_of(2, text), 0, &placement);
    assert_int_equal(placement.kind, STORY_NEW);
    check(store_commit(t.store, &err), &err);

    /* A transaction that fails takes back what it indexed, and no more. */
    check(store_begin(t.store, &err), &err);
    check(story_reindex(p, 5, &n, &err), &err);
    assert_int_equal(n, 5);
    store_rollback(t.store);
    story_placer_forget(p);
    assert_int_equal(count_missing(&t), 60 - 3 * STORY_REINDEX_EACH);

    /* The rest at once, by another process. */
    story_placer_close(p);
    test_store_reopen(&t);
    check(story_placer_open(t.store, &p, &err), &err);
    for (n = 5; n == 5;) {
        check(store_begin(t.store, &err), &err);
        check(story_reindex(p, 5, &n, &err), &err);
        check(store_commit(t.store, &err), &err);
    }
    assert_int_equal(count_missing(&t), 0);
    check(store_begin(t.store, &err), &err);
    (void)put(&t, p, 104, text_of(1, text), 0, &placement);
    assert_int_equal(placement.other_article_id, ids[1]);
    check(story_reindex_begin(p, &err), &err);
    check(store_commit(t.store, &err), &err);
    assert_int_equal(count_missing(&t), 64);
    story_placer_close(p);
    test_store_close(&t);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_story),         cmocka_unit_test(test_any_order),
        cmocka_unit_test(test_canonical),     cmocka_unit_test(test_versions),
        cmocka_unit_test(test_recirculation), cmocka_unit_test(test_no_recirculation),
        cmocka_unit_test(test_older_still),   cmocka_unit_test(test_given_up),
        cmocka_unit_test(test_rollback),      cmocka_unit_test(test_runs),
        cmocka_unit_test(test_other_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
