/* test_report.c - names of pages, what is written and what is left alone, bars, and no memory. */
#include "alerts/report/report.h"

#include "alerts/report/report_chart.h"
#include "alerts/report/report_folder.h"
#include "alerts/report/report_parts.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/mem.h"
#include "storage/store_alerts.h"
#include "storage/store_stories.h"
#include "tests/support/store.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- names ----------------------------------------------------------------------------------- */

static void a_name_leads_nowhere_else(void **state)
{
    static const struct {
        const char *id, *slug; /* NULL: any that is not the id */
    } cases[] = {
        {"ie-dublin",                                                      "ie-dublin"},
        {"pier7",                                                          "pier7"    },
        {"IE-Dublin",                                                      NULL       },
        {"../../etc/passwd",                                               NULL       },
        {"/",                                                              NULL       },
        {"..",                                                             NULL       },
        {".hidden",                                                        NULL       },
        {"-rf",                                                            NULL       },
        {"con",                                                            NULL       },
        {"com1",                                                           NULL       },
        {"a b",                                                            NULL       },
        {"\xE7\xA6\x8F\xE5\xB7\x9E",                                       NULL       },
        {"\xE5\x8D\x97\xE9\x80\x9A",                                       NULL       },
        {"x\ny",                                                           NULL       },
        {"",                                                               NULL       },
        {"a-name-that-is-longer-than-any-file-name-wants-to-be-on-a-disk", NULL       },
    };
    char slugs[WW_COUNT(cases)][REPORT_SLUG_BYTES];

    (void)state;
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        (void)report_slug(slice_from(cases[i].id), slugs[i]);
        if (cases[i].slug != NULL)
            assert_string_equal(slugs[i], cases[i].slug);
        else
            assert_string_not_equal(slugs[i], cases[i].id);
        assert_int_equal(strspn(slugs[i], "abcdefghijklmnopqrstuvwxyz0123456789-."),
                         strlen(slugs[i]));
        assert_true(slugs[i][0] != '.' && slugs[i][0] != '-' && slugs[i][0] != '\0');
        assert_int_not_equal(strncmp(slugs[i], "con", 3), 0);
        for (size_t k = 0; k < i; k++) /* no two share a page */
            assert_string_not_equal(slugs[i], slugs[k]);
    }
}

/* ---- the folder -------------------------------------------------------------------------------
 */

struct folder_fixture {
    char top[64], path[96];
    struct arena arena;
};

static int set_up_folder(void **state)
{
    struct folder_fixture *f = calloc(1, sizeof(*f));

    (void)snprintf(f->top, sizeof(f->top), "/tmp/wirewatch-report-XXXXXX");
    if (mkdtemp(f->top) == NULL)
        return -1;
    (void)snprintf(f->path, sizeof(f->path), "%s/site", f->top);
    arena_init(&f->arena, (size_t)64 << 20);
    *state = f;
    return 0;
}

static int tear_down_folder(void **state)
{
    struct folder_fixture *f = *state;
    char command[128];

    arena_release(&f->arena);
    (void)snprintf(command, sizeof(command), "rm -rf %s", f->top);
    (void)!system(command);
    free(f);
    return 0;
}

static struct report_folder open_folder(struct folder_fixture *f, enum ww_status expected)
{
    struct report_folder folder;
    struct ww_error err = {0};

    assert_int_equal(report_folder_open(&folder, f->path, &f->arena, &err), expected);
    return folder;
}

static void put(struct report_folder *folder, const char *name, uint64_t key, const char *text)
{
    struct ww_error err = {0};

    assert_int_equal(report_folder_write(folder, slice_from(name), key, slice_from(text), &err),
                     WW_OK);
}

static void finish(struct report_folder *folder, bool is_complete)
{
    struct ww_error err = {0};

    assert_int_equal(report_folder_finish(folder, is_complete, &err), WW_OK);
    report_folder_close(folder);
}

static bool is_there(const struct folder_fixture *f, const char *name)
{
    char path[192];

    (void)snprintf(path, sizeof(path), "%s/%s", f->path, name);
    return access(path, F_OK) == 0;
}

static void pages_stay_change_and_go(void **state)
{
    struct folder_fixture *f = *state;
    struct report_folder folder = open_folder(f, WW_OK);

    put(&folder, "index.html", 0, "one");
    put(&folder, "story/1.html", 5, "a story");
    put(&folder, "story/2.html", 5, "another");
    assert_int_equal(folder.n_written, 3);
    finish(&folder, true);

    folder = open_folder(f, WW_OK);
    put(&folder, "index.html", 0, "one");
    assert_true(report_folder_keep(&folder, SLICE("story/1.html"), 5));
    assert_false(report_folder_keep(&folder, SLICE("story/2.html"), 6)); /* of something else */
    assert_false(report_folder_keep(&folder, SLICE("story/3.html"), 5)); /* never was */
    assert_int_equal(folder.n_written, 0);
    assert_int_equal(folder.n_kept, 2);
    /* Stopped in the middle: what was not reached stays, and is known the next time. */
    finish(&folder, false);
    assert_true(is_there(f, "story/2.html"));

    folder = open_folder(f, WW_OK);
    put(&folder, "index.html", 0, "two");
    finish(&folder, true);
    assert_int_equal(folder.n_written, 1);
    assert_int_equal(folder.n_removed, 2);
    assert_false(is_there(f, "story/1.html"));
    assert_false(is_there(f, "story/2.html"));
    assert_false(is_there(f, REPORT_MANIFEST ".tmp"));
}

static void a_killed_report_leaves_nothing_behind(void **state)
{
    struct folder_fixture *f = *state;
    struct report_folder folder = open_folder(f, WW_OK);

    put(&folder, "story/1.html", 5, "a story");
    put(&folder, "story/2.html", 5, "another");
    put(&folder, "story/2.html", 6, "another, longer");
    report_folder_close(&folder); /* killed */

    folder = open_folder(f, WW_OK);
    assert_int_equal(folder.n_old, 2);
    assert_false(report_folder_keep(&folder, SLICE("story/2.html"), 5));
    assert_true(report_folder_keep(&folder, SLICE("story/2.html"), 6));
    finish(&folder, true);
    assert_int_equal(folder.n_removed, 1);
    assert_false(is_there(f, "story/1.html"));
    assert_true(is_there(f, "story/2.html"));
}

static void one_writer_at_a_time(void **state)
{
    struct folder_fixture *f = *state;
    struct report_folder first = open_folder(f, WW_OK);
    struct report_folder second = open_folder(f, WW_CONFLICT);

    report_folder_close(&second);
    finish(&first, true);
    first = open_folder(f, WW_OK);
    finish(&first, true);
}

static void what_is_no_name_is_refused(void **state)
{
    static const char *const names[] = {"../x.html", "/x.html",      ".x.html",    "story/.x.html",
                                        "X.html",    "x.txt",        "a/b/c.html", "story/",
                                        "",          "story//x.html"};
    struct folder_fixture *f = *state;
    struct report_folder folder = open_folder(f, WW_OK);
    struct ww_error err = {0};

    for (size_t i = 0; i < WW_COUNT(names); i++)
        assert_int_equal(report_folder_write(&folder, slice_from(names[i]), 0, SLICE("text"), &err),
                         WW_INVALID);
    finish(&folder, true);
}

static void a_list_of_another_version_is_refused(void **state)
{
    struct folder_fixture *f = *state;
    struct report_folder folder = open_folder(f, WW_OK);
    char path[192];
    FILE *list;

    finish(&folder, true);
    (void)snprintf(path, sizeof(path), "%s/" REPORT_MANIFEST, f->path);
    list = fopen(path, "w");
    assert_non_null(list);
    (void)fputs("wirewatch-report 9\n", list);
    (void)fclose(list);
    folder = open_folder(f, WW_REFUSED);
    report_folder_close(&folder);
}

/* ---- bars ------------------------------------------------------------------------------------ */

static void bars_fit_the_period(void **state)
{
    static const struct {
        int64_t n_days;
        const char *step;
        size_t n_bars_min, n_bars_max;
    } cases[] = {
        {1,    "day",   1,   1  },
        {62,   "day",   62,  62 },
        {63,   "week",  9,   11 },
        {366,  "week",  53,  54 },
        {400,  "week",  57,  59 },
        {401,  "month", 13,  15 },
        {3651, "month", 119, 122},
    };

    (void)state;
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        for (int64_t first = 20000; first < 20031; first++) {
            struct report_chart c;
            int64_t n = 0;

            report_chart_init(&c, first, first + cases[i].n_days - 1);
            assert_string_equal(c.step, cases[i].step);
            assert_in_range(c.n_bars, cases[i].n_bars_min, cases[i].n_bars_max);
            assert_true(c.bars[0].day <= first);
            for (int64_t day = first; day < first + cases[i].n_days; day++)
                report_chart_add(&c, day, SEVERITY_HIGH);
            for (size_t k = 0; k < c.n_bars; k++) {
                n += c.bars[k].n[SEVERITY_HIGH];
                assert_true(c.bars[k].n[SEVERITY_HIGH] > 0);
                assert_true(k == 0 || c.bars[k].day > c.bars[k - 1].day);
            }
            assert_int_equal(n, cases[i].n_days); /* each day in one bar */
        }
}

/* ---- a small archive --------------------------------------------------------------------------
 */

static void add_alert(struct test_store *t, const char *url, const char *title, const char *item,
                      int64_t watchlist)
{
    const char *text = "They said that the lamp at Lantern Bay is dark now.";
    const int64_t article = test_store_article(t, url, title, text);
    struct mention_row mention = {.article_id = article,
                                  .watchlist_id = watchlist,
                                  .item = slice_from(item),
                                  .kind = SLICE("site"),
                                  .alias = SLICE("Lantern Bay"),
                                  .rule = SLICE("<rule>"),
                                  .field = MENTION_TEXT,
                                  .start = 27,
                                  .end = 38,
                                  .sentence_end = 51,
                                  .quote = SLICE("Lantern Bay")};
    struct alert_row alert = {.article_id = article,
                              .watchlist_id = watchlist,
                              .item = slice_from(item),
                              .item_kind = SLICE("site"),
                              .item_name = SLICE("Lantern \"Bay\" <light>"),
                              .country = SLICE("I\"E"),
                              .severity = SEVERITY_HIGH,
                              .created_at = TEST_NOW - 300};
    struct article_row row;
    struct ww_error err = {0};
    bool is_new;

    assert_int_equal(store_article(t->store, article, &t->arena, &row, &err), WW_OK);
    alert.story_id = row.story_id;
    assert_int_equal(store_begin(t->store, &err), WW_OK);
    assert_int_equal(store_add_mention(t->store, &mention, &alert.mention_id, &err), WW_OK);
    assert_int_equal(store_add_alert(t->store, &alert, &alert.id, &is_new, &err), WW_OK);
    assert_int_equal(store_commit(t->store, &err), WW_OK);
}

static enum ww_status write_site(struct test_store *t, const char *folder,
                                 struct report_summary *done)
{
    const struct report_options options = {
        .folder = folder, .timezone = SLICE("Europe/Dublin"), .now = TEST_NOW, .days = 30};
    struct ww_error err = {0};
    const enum ww_status status = report_write(t->store, &options, done, &err);

    if (status != WW_OK)
        assert_true(err.message[0] != '\0');
    return status;
}

/* Whatever allocation fails: an error, and the next report is whole. */
static void no_memory_is_no_half_report(void **state)
{
    struct folder_fixture *f = *state;
    struct report_summary done;
    struct test_store t;
    int64_t watchlist;
    long n = 1, n_failed = 0;

    test_store_open(&t);
    watchlist = test_store_watchlist(&t, "no list at all");
    add_alert(&t, "https://a.example/1", "A <b>light</b> goes out", "ie-lantern", watchlist);
    add_alert(&t, "javascript:alert(1)", "\xE2\x80\xAEthgil", "../IE \"Lantern\"", watchlist);
    for (bool is_reached = true; is_reached; n += 1 + n / 64) {
        enum ww_status status;

        mem_fail_after(n);
        status = write_site(&t, f->path, &done);
        is_reached = mem_count() >= n;
        mem_fail_after(0);
        n_failed += status != WW_OK;
        if (status == WW_OK && done.n_stories != 2) /* what could be done without is whole */
            fail_msg("allocation %ld: %zu stories", n, done.n_stories);
    }
    assert_true(n_failed > 20);
    assert_int_equal(write_site(&t, f->path, &done), WW_OK);
    assert_int_equal(done.n_stories, 2);
    assert_int_equal(done.n_items, 2);
    assert_true(is_there(f, "index.html"));
    assert_true(is_there(f, "item/ie-lantern.html"));
    assert_false(is_there(f, REPORT_MANIFEST ".tmp"));
    test_store_close(&t);
}

static void a_headline_without_end_is_cut(void **state)
{
    struct folder_fixture *f = *state;
    char *title = malloc(1000001), path[192];
    struct report_summary done;
    struct test_store t;
    struct stat page;

    assert_non_null(title);
    memset(title, 'x', 1000000);
    title[1000000] = '\0';
    test_store_open(&t);
    add_alert(&t, "https://a.example/1", title, "ie-lantern", test_store_watchlist(&t, "none"));
    assert_int_equal(write_site(&t, f->path, &done), WW_OK);
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", f->path,
                       i == 0 ? "index.html" : "story/1.html");
        assert_int_equal(stat(path, &page), 0);
        assert_in_range(page.st_size, 1000, 20000);
    }
    test_store_close(&t);
    free(title);
}

/* "May be closed; the list says closed" says nothing. */
static void what_the_list_says_is_not_proposed(void **state)
{
    struct proposal_group g = {.state = SLICE("closed"), .current = SLICE("Closed ")};

    WW_UNUSED(state);
    assert_true(report_is_said(&g));
    g.current = SLICE("closed|reported");
    assert_false(report_is_said(&g));
    g.current = SLICE("");
    assert_false(report_is_said(&g));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_leads_nowhere_else),
        cmocka_unit_test_setup_teardown(pages_stay_change_and_go, set_up_folder, tear_down_folder),
        cmocka_unit_test_setup_teardown(a_killed_report_leaves_nothing_behind, set_up_folder,
                                        tear_down_folder),
        cmocka_unit_test_setup_teardown(one_writer_at_a_time, set_up_folder, tear_down_folder),
        cmocka_unit_test_setup_teardown(what_is_no_name_is_refused, set_up_folder,
                                        tear_down_folder),
        cmocka_unit_test_setup_teardown(a_list_of_another_version_is_refused, set_up_folder,
                                        tear_down_folder),
        cmocka_unit_test(bars_fit_the_period),
        cmocka_unit_test_setup_teardown(a_headline_without_end_is_cut, set_up_folder,
                                        tear_down_folder),
        cmocka_unit_test_setup_teardown(no_memory_is_no_half_report, set_up_folder,
                                        tear_down_folder),
        cmocka_unit_test(what_the_list_says_is_not_proposed),
    };

    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
