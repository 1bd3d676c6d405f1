/* What pages teach of a site: votes for its name, counts of its lines, and how both fade. */
#include "storage/store_sites.h"

#include "base/attrs.h"
#include "storage/store_stories.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)
#define HOST SLICE("news.example")

static int64_t teach(struct test_store *t, const char *host, const char *name)
{
    int64_t n = 0;

    OK(store_begin(t->store, NULL));
    OK(store_teach_site(t->store, slice_from(host), slice_from(name), TEST_NOW, &n, NULL));
    OK(store_commit(t->store, NULL));
    return n;
}

static int64_t teach_line(struct test_store *t, const char *host, uint64_t line, int64_t at)
{
    int64_t n = 0;

    OK(store_begin(t->store, NULL));
    OK(store_teach_site_line(t->store, slice_from(host), line, at, &n, NULL));
    OK(store_commit(t->store, NULL));
    return n;
}

static struct site_row site(struct test_store *t, const char *host)
{
    struct site_row row;

    OK(store_site(t->store, slice_from(host), &t->arena, &row, NULL));
    return row;
}

static void test_name(void **state)
{
    static const struct {
        const char *said, *name;
        int64_t n_name;
    } cases[] = {
        {"",            "",            0},
        {"The Gazette", "The Gazette", 1},
        {"The Gazette", "The Gazette", 2},
        {"Sport",       "The Gazette", 1},
        {"",            "The Gazette", 1}, /* who says nothing has no say */
        {"Sport",       "The Gazette", 0},
        {"新闻网",   "新闻网",   1},
    };
    struct test_store t;
    struct site_row row;

    WW_UNUSED(state);
    test_store_open(&t);
    assert_int_equal(store_site(t.store, HOST, &t.arena, &row, NULL), WW_NOT_FOUND);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        assert_int_equal(teach(&t, "news.example", cases[i].said), (int64_t)i + 1);
        row = site(&t, "news.example");
        if (!slice_equal(row.name, slice_from(cases[i].name)) || row.n_name != cases[i].n_name)
            fail_msg("case %zu: \"%.*s\", %lld votes", i, SLICE_ARG(row.name),
                     (long long)row.n_name);
    }
    /* However long it had another name, twenty pages and one more give it a new one. */
    for (int i = 0; i < 100; i++)
        (void)teach(&t, "news.example", "Old");
    for (int i = 0; i < 21; i++)
        (void)teach(&t, "news.example", "New");
    row = site(&t, "news.example");
    assert_true(slice_equal(row.name, SLICE("New")));
    test_store_close(&t);
}

static void test_lines(void **state)
{
    const uint64_t big = UINT64_MAX - 3; /* every bit of a number counts */
    struct test_store t;
    struct site_line_list lines;
    struct site_list sites;
    const struct store_window all = {0};

    WW_UNUSED(state);
    test_store_open(&t);
    (void)teach(&t, "news.example", "");
    (void)teach(&t, "other.example", "");
    for (int64_t i = 1; i <= 4; i++)
        assert_int_equal(teach_line(&t, "news.example", big, TEST_NOW), i);
    assert_int_equal(teach_line(&t, "news.example", 7, TEST_NOW), 1);
    assert_int_equal(teach_line(&t, "other.example", big, TEST_NOW), 1);
    OK(store_site_lines(t.store, HOST, 2, &t.arena, &lines, NULL));
    assert_int_equal(lines.n_rows, 1);
    assert_true((uint64_t)lines.rows[0].line == big);
    assert_int_equal(lines.rows[0].n_stories, 4);
    OK(store_list_sites(t.store, &all, &t.arena, &sites, NULL));
    assert_int_equal(sites.n_rows, 2);
    assert_int_equal(sites.rows[0].n_lines, 2);
    assert_int_equal(sites.rows[1].n_lines, 1);
    /* Half of everything, and what was seen once is gone. */
    (void)teach(&t, "news.example", "");
    OK(store_begin(t.store, NULL));
    OK(store_fade_site(t.store, HOST, NULL));
    OK(store_commit(t.store, NULL));
    assert_int_equal(site(&t, "news.example").n_stories, 1);
    OK(store_site_lines(t.store, HOST, 1, &t.arena, &lines, NULL));
    assert_int_equal(lines.n_rows, 1);
    assert_int_equal(lines.rows[0].n_stories, 2);
    OK(store_site_lines(t.store, SLICE("other.example"), 1, &t.arena, &lines, NULL));
    assert_int_equal(lines.n_rows, 1);
    test_store_close(&t);
}

/* All lines of a page at once are counted as one after the other. */
static void test_lines_at_once(void **state)
{
    static const uint64_t first[] = {5, UINT64_MAX, (uint64_t)1 << 63}, second[] = {5, 6};
    struct site_line_list lines;
    struct test_store t;

    WW_UNUSED(state);
    test_store_open(&t);
    (void)teach_line(&t, "news.example", 5, TEST_NOW);
    OK(store_begin(t.store, NULL));
    OK(store_teach_site_lines(t.store, HOST, first, WW_COUNT(first), TEST_NOW, NULL));
    OK(store_teach_site_lines(t.store, HOST, second, WW_COUNT(second), TEST_NOW, NULL));
    OK(store_teach_site_lines(t.store, HOST, NULL, 0, TEST_NOW, NULL));
    OK(store_commit(t.store, NULL));
    OK(store_site_lines(t.store, HOST, 1, &t.arena, &lines, NULL));
    assert_int_equal(lines.n_rows, 4);
    assert_int_equal(lines.rows[0].line, INT64_MIN);
    assert_int_equal(lines.rows[1].line, -1);
    assert_int_equal(lines.rows[2].n_stories, 3);
    assert_int_equal(lines.rows[3].n_stories, 1);
    test_store_close(&t);
}

static void test_trim(void **state)
{
    struct test_store t;
    struct site_line_list lines;

    WW_UNUSED(state);
    test_store_open(&t);
    for (uint64_t i = 1; i <= 6; i++)
        (void)teach_line(&t, "news.example", i, TEST_NOW + 10 - (int64_t)i);
    (void)teach_line(&t, "news.example", 6, TEST_NOW - 100); /* the oldest, but seen twice */
    OK(store_begin(t.store, NULL));
    OK(store_trim_site(t.store, HOST, 2, NULL));
    OK(store_commit(t.store, NULL));
    OK(store_site_lines(t.store, HOST, 1, &t.arena, &lines, NULL));
    assert_int_equal(lines.n_rows, 2);
    assert_int_equal(lines.rows[0].line, 1);
    assert_int_equal(lines.rows[1].line, 6);
    test_store_close(&t);
}

static void test_forget(void **state)
{
    struct test_store t;
    struct site_row row;
    struct site_line_list lines;

    WW_UNUSED(state);
    test_store_open(&t);
    (void)teach(&t, "news.example", "The Gazette");
    (void)teach_line(&t, "news.example", 5, TEST_NOW);
    (void)teach(&t, "other.example", "");
    OK(store_begin(t.store, NULL));
    OK(store_forget_site(t.store, HOST, NULL));
    assert_int_equal(store_forget_site(t.store, HOST, NULL), WW_NOT_FOUND);
    OK(store_commit(t.store, NULL));
    assert_int_equal(store_site(t.store, HOST, &t.arena, &row, NULL), WW_NOT_FOUND);
    OK(store_site_lines(t.store, HOST, 1, &t.arena, &lines, NULL));
    assert_int_equal(lines.n_rows, 0);
    (void)site(&t, "other.example");
    test_store_close(&t);
}

static void test_story(void **state)
{
    static const struct {
        const char *host;
        bool has;
    } cases[] = {
        {"a.example",   true }, /* the other article's */
        {"b.example",   false}, /* its own alone */
        {"example",     false},
        {"a.exampl",    false},
        {"a.example:8", false},
    };
    struct test_store t;
    int64_t a, b;

    WW_UNUSED(state);
    test_store_open(&t);
    a = test_store_article(&t, "https://a.example:81/1", "One", "A text.");
    b = test_store_article(&t, "http://b.example/1", "One", "A text, too.");
    OK(store_begin(t.store, NULL));
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct article_row first;
        bool has;

        OK(store_article(t.store, a, &t.arena, &first, NULL));
        OK(store_site_has_story(t.store, slice_from(cases[i].host), first.story_id, b, &has, NULL));
        assert_int_equal(has, cases[i].has);
    }
    OK(store_commit(t.store, NULL));
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_name),          cmocka_unit_test(test_lines),
        cmocka_unit_test(test_lines_at_once), cmocka_unit_test(test_trim),
        cmocka_unit_test(test_forget),        cmocka_unit_test(test_story),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
