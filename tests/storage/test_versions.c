/* test_versions.c - versions of an address stand in the order of time, whenever they came. */
#include "base/attrs.h"
#include "storage/store_articles.h"
#include "storage/store_history.h"
#include "storage/store_stories.h"
#include "storage/story_origins.h"
#include "storage/story_place.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)
#define DAY 86400
#define URL "https://news.example/pier"

struct desk {
    struct test_store t;
    struct story_placer *placer;
    int64_t backfill_id;
};

struct reading {
    const char *text, *title;
    const char *url;      /* NULL: URL */
    int64_t at;           /* days from TEST_NOW, when it was fetched */
    int64_t published_at; /* as well; 0: it does not say */
    bool is_live;         /* else a copy of an archive, found at TEST_NOW */
};

static void open_desk(struct desk *d)
{
    const struct backfill_row backfill = {.source = SLICE("wayback"), .target = SLICE(URL)};

    test_store_open(&d->t);
    OK(story_placer_open(d->t.store, &d->placer, NULL));
    OK(store_begin(d->t.store, NULL));
    OK(store_add_backfill(d->t.store, &backfill, &d->backfill_id, NULL));
    OK(store_commit(d->t.store, NULL));
}

static void close_desk(struct desk *d)
{
    story_placer_close(d->placer);
    test_store_close(&d->t);
}

static int64_t put(struct desk *d, const struct reading *r, bool *is_new)
{
    const char *url = r->url != NULL ? r->url : URL;
    struct article_row row = {
        .url = slice_from(url),
        .canonical = slice_from(url),
        .title = slice_from(r->title != NULL ? r->title : "The pier"),
        .outlet = slice_from(url),
        .site_name = SLICE("The Ledger"),
        .backfill_id = r->is_live ? 0 : d->backfill_id,
        .capture = slice_from(r->is_live ? "" : "https://archive.example/web/1id_/" URL),
        .is_historic = !r->is_live,
        .first_seen_at = r->is_live ? TEST_NOW + r->at * DAY : TEST_NOW,
        .fetched_at = TEST_NOW + r->at * DAY,
        .published_at = r->published_at == 0 ? 0 : TEST_NOW + r->published_at * DAY,
        .published_precision = r->published_at == 0 ? DATE_NONE : DATE_SECOND};
    const struct article_text text = {slice_from(r->text), SLICE("")};
    struct placed_article placed = {.row = &row, .title = row.title, .text = text.text};
    struct story_placement placement;

    OK(store_begin(d->t.store, NULL));
    OK(store_add_article(d->t.store, &row, &text, &placed.id, is_new, NULL));
    if (*is_new)
        OK(story_place(d->placer, &placed, &d->t.arena, &placement, NULL));
    OK(store_commit(d->t.store, NULL));
    return placed.id;
}

static int64_t add(struct desk *d, const struct reading *r)
{
    bool is_new = false;
    const int64_t id = put(d, r, &is_new);

    assert_true(is_new);
    return id;
}

static struct article_row row_of(struct desk *d, int64_t id)
{
    struct article_row row = {0};

    OK(store_article(d->t.store, id, &d->t.arena, &row, NULL));
    return row;
}

/* The texts, oldest first, as "a b c". */
static void assert_texts(struct desk *d, const char *expected)
{
    const struct article_filter filter = {.canonical = SLICE(URL)};
    struct article_list list;
    struct article_row newest;
    char texts[64] = "";
    int n = 0;

    OK(store_list_articles(d->t.store, &filter, &d->t.arena, &list, NULL));
    for (size_t i = list.n_rows; i > 0; i--) {
        struct article_text text;

        assert_int_equal(list.rows[i - 1].version, list.n_rows - i + 1);
        OK(store_article_text(d->t.store, list.rows[i - 1].id, &d->t.arena, &text, NULL));
        n += snprintf(texts + n, sizeof(texts) - (size_t)n, "%.*s%s", SLICE_ARG(text.text),
                      i > 1 ? " " : "");
        assert_in_range(n, 0, sizeof(texts) - 1);
    }
    assert_string_equal(texts, expected);
    OK(store_article_by_canonical(d->t.store, SLICE(URL), &d->t.arena, &newest, NULL));
    assert_int_equal(newest.id, list.rows[0].id);
}

/* ---- their numbers --------------------------------------------------------------------------- */

static void copies_take_their_place(void **state)
{
    struct desk d;
    bool is_new;
    int64_t b, live;

    WW_UNUSED(state);
    open_desk(&d);
    live = add(&d, &(struct reading){.text = "live", .at = 0, .is_live = true});
    b = add(&d, &(struct reading){.text = "b", .at = -200});
    assert_texts(&d, "b live");
    (void)add(&d, &(struct reading){.text = "a", .at = -300});
    assert_texts(&d, "a b live");
    (void)add(&d, &(struct reading){.text = "c", .at = -100});
    assert_texts(&d, "a b c live");

    /* What any version says is known, whenever it was said. */
    assert_int_equal(put(&d, &(struct reading){.text = "b", .at = -50}, &is_new), b);
    assert_false(is_new);
    assert_int_equal(put(&d, &(struct reading){.text = "live", .at = -400}, &is_new), live);
    assert_false(is_new);
    assert_int_equal(
        put(&d, &(struct reading){.text = "b", .at = -50, .title = "The pier - The Ledger"},
            &is_new),
        b);
    assert_false(is_new);
    assert_texts(&d, "a b c live");

    /* One of a later time is the newest; so is what is live, whatever its clock says. */
    (void)add(&d, &(struct reading){.text = "d", .at = 1});
    assert_texts(&d, "a b c live d");
    (void)add(&d, &(struct reading){.text = "e", .at = -1000, .is_live = true});
    assert_texts(&d, "a b c live d e");
    /* A page that goes back to what it said before has changed. */
    (void)add(&d, &(struct reading){.text = "b", .at = 3, .is_live = true});
    assert_texts(&d, "a b c live d e b");
    close_desk(&d);
}

static void would_it_be_stored(void **state)
{
    const struct article_text text = {SLICE("old"), SLICE("")};
    struct article_row row = {.canonical = SLICE(URL),
                              .title = SLICE("The pier"),
                              .capture = SLICE("https://archive.example/1"),
                              .fetched_at = TEST_NOW - DAY};
    struct desk d;
    bool differs = false;

    WW_UNUSED(state);
    open_desk(&d);
    (void)add(&d, &(struct reading){.text = "live", .is_live = true});
    OK(store_article_differs(d.t.store, &row, &text, &differs, NULL));
    assert_true(differs);
    (void)add(&d, &(struct reading){.text = "old", .at = -10});
    OK(store_article_differs(d.t.store, &row, &text, &differs, NULL));
    assert_false(differs);
    /* Without a time nobody knows where it belongs: it is held against the newest. */
    row.fetched_at = 0;
    OK(store_article_differs(d.t.store, &row, &text, &differs, NULL));
    assert_true(differs);
    close_desk(&d);
}

/* ---- their stories --------------------------------------------------------------------------- */

#define LEAD                                                                                       \
    "The harbour council voted late on Tuesday to close the old ferry pier for two winters while " \
    "divers replace the timber piles that hold it up, because ship worm has eaten through them. "
#define REST                                                                                       \
    "Fishing families who land crab at the pier say nobody asked them where they should go, and "  \
    "the cannery fears that buyers from the mainland will turn to another island for good. The "   \
    "mayor promised a floating stage by October and said the ferry would call at the north quay, " \
    "which has neither a crane nor a shelter for passengers who wait there in the rain."
static const char unlike[] =
    "Growers in the upper valley have begun to pull out apple orchards that their grandparents "
    "planted, because springs of late frost left them with almost nothing to pick. Where the trees "
    "stood they now sow lavender, which needs little water and no spraying at all through summer.";

static struct story_row story_of(struct desk *d, int64_t article_id)
{
    struct story_row story = {0};

    OK(store_story(d->t.store, row_of(d, article_id).story_id, &d->t.arena, &story, NULL));
    return story;
}

/* An older copy joins the story of its address, changes no count, and may be its root. */
static void copies_join_their_address(void **state)
{
    static const struct {
        const char *about, *text;
        int64_t published_at;
        bool joins, is_root;
    } cases[] = {
        {"as it was first",      LEAD REST " Nobody spoke against it.", -100, true,  true },
        {"one that is undated",  LEAD REST " Nobody spoke against it.", 0,    true,  false},
        {"one of a later date",  LEAD REST " Nobody spoke against it.", -98,  true,  false},
        {"too short to compare", "The pier closes.",                    -100, true,  true },
        {"another text",         unlike,                                -100, false, false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct desk d;
        struct story_row before, after;
        int64_t live, copy, n_copies = 0, n_outlets = 0;

        open_desk(&d);
        live = add(&d, &(struct reading){
                           .text = LEAD REST, .at = -99, .published_at = -100, .is_live = true});
        (void)add(&d, &(struct reading){.text = LEAD REST,
                                        .url = "https://other.example/pier",
                                        .at = -98,
                                        .published_at = -99,
                                        .is_live = true});
        before = story_of(&d, live);
        assert_int_equal(before.n_articles, 2);
        assert_int_equal(before.root_article_id, live);
        copy =
            add(&d, &(struct reading){
                        .text = cases[i].text, .at = -100, .published_at = cases[i].published_at});
        after = story_of(&d, live);
        if ((row_of(&d, copy).story_id == after.id) != cases[i].joins)
            fail_msg("%s: in story %lld", cases[i].about, (long long)row_of(&d, copy).story_id);
        assert_int_equal(after.n_articles, 2);
        assert_int_equal(after.n_outlets, 2);
        assert_int_equal(after.n_origins, before.n_origins);
        assert_int_equal(after.first_article_id, live);
        if ((after.root_article_id == copy) != cases[i].is_root ||
            (!cases[i].is_root && after.root_article_id != live))
            fail_msg("%s: the root is %lld", cases[i].about, (long long)after.root_article_id);
        /* Nothing came that whoever was told of the story has not seen. */
        OK(store_count_copies(d.t.store, after.id, TEST_NOW - 50 * DAY, &n_copies, &n_outlets,
                              NULL));
        assert_int_equal(n_copies, 0);
        close_desk(&d);
    }
}

/* An undated copy does not make its address younger than those that copied it. */
static void origins_stay(void **state)
{
    struct article_list members;
    struct relation_list relations;
    struct story_origins origins;
    struct desk d;
    int64_t live, copied, story_id;

    WW_UNUSED(state);
    open_desk(&d);
    live = add(
        &d, &(struct reading){.text = LEAD REST, .at = -99, .published_at = -100, .is_live = true});
    copied = add(&d, &(struct reading){.text = LEAD REST,
                                       .url = "https://other.example/pier",
                                       .at = -98,
                                       .published_at = -99,
                                       .is_live = true});
    (void)add(&d, &(struct reading){.text = LEAD REST " Nobody spoke against it.", .at = -100});
    story_id = row_of(&d, live).story_id;
    OK(store_list_story_members(d.t.store, story_id, 10, &d.t.arena, &members, NULL));
    OK(store_list_story_relations(d.t.store, story_id, 10, &d.t.arena, &relations, NULL));
    assert_int_equal(members.n_rows, 3);
    OK(story_origins_find(&members, &relations, &d.t.arena, &origins, NULL));
    assert_int_equal(origins.n_origins, 1);
    assert_int_equal(origins.origins[0].article_id, live);
    assert_int_not_equal(story_origins_edge(&origins, copied)->parent_id, 0);
    close_desk(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_take_their_place),
        cmocka_unit_test(would_it_be_stored),
        cmocka_unit_test(copies_join_their_address),
        cmocka_unit_test(origins_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
