/* test_store_search.c - words of every script are found, and the snippet marks where. */
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "storage/search_index.h"
#include "storage/search_words.h"
#include "storage/store_search.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void check(enum ww_status status, const struct ww_error *err, const char *what)
{
    if (status != WW_OK)
        fail_msg("%s: %s: %s", what, ww_status_name(status), err->message);
}
#define OK(call) check(call, &err, #call)

static const struct {
    const char *title, *text;
} articles[] = {
    {"Café opens in Zürich", "The owner said the follow-up was a success. Zürich is glad."                   },
    {"海外消息",           "当地居民说,南通和青田的代表昨天到达。他们会见了市长。"},
    {"繁體",                 "福州代表團昨天到達。"                                                 },
    {"Ελλάδα",           "Η Αθήνα και ο Πειραιάς."                                      },
    {"Mixed",                  "The group 青田 association met in Zürich on Monday, says 田中."            },
    {"",                       "ソウル 서울에서 회의가 열렸다."                                    },
};

static void test_words(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"",                    ""                         },
        {"Caf\u00e9, ZÜRICH!", "cafe zurich "             },
        {"青田",              "青田 田 "              },
        {"青田 福",          "青田 田 福 "          },
        {"a青田b",            "a 青田 田 b "          },
        {"南通市长",        "南通 通市 市长 长 "},
    };
    struct arena arena;
    struct ww_error err = {0};
    struct slice got;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)1024 * 1024);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        OK(search_words(slice_from(cases[i].text), &arena, &got, &err));
        if (!slice_equal(got, slice_from(cases[i].want)))
            fail_msg("%s: \"%.*s\"", cases[i].text, SLICE_ARG(got));
    }
    arena_release(&arena);
}

/* What stands in an expression between quotes and blanks, for any engine, ends nothing there. */
static void test_characters(void **state)
{
    struct arena arena;
    struct ww_error err = {0};
    struct slice got;
    char text[16 * 1024];

    WW_UNUSED(state);
    arena_init(&arena, (size_t)4 * 1024 * 1024);
    for (uint32_t code = 0; code < 0x110000;) {
        size_t len = 0;

        for (; len + 16 < sizeof(text) && code < 0x110000; code++) {
            if (code >= 0xD800 && code < 0xE000)
                continue;
            text[len++] = 'a';
            len += text_put_code(text + len, code);
            text[len++] = 'b';
            text[len++] = ' ';
            len += text_put_code(text + len, code);
            text[len++] = ' ';
        }
        arena_reset(&arena);
        OK(search_words(slice_of(text, len), &arena, &got, &err));
        for (size_t i = 0; i < got.len; i++) {
            const char c = got.ptr[i];

            if (c == ' ' && (i == 0 || got.ptr[i - 1] == ' '))
                fail_msg("before U+%04X: a word of nothing", (unsigned)code);
            if ((unsigned char)c < 0x80 && c != ' ' && !(c >= 'a' && c <= 'z') &&
                !(c >= '0' && c <= '9'))
                fail_msg("before U+%04X: a word with '%c'", (unsigned)code, c);
        }
    }
    arena_release(&arena);
}

static void test_search(void **state)
{
    static const struct {
        const char *query;
        const char *found;   /* numbers of articles, newest first */
        const char *snippet; /* how the first one's begins to be marked; NULL: not asked */
    } cases[] = {
        {"zurich",                "40", "Zürich"        },
        {"CAFE",                  "0",  NULL             },
        {"zurich -cafe",          "4",  "Zürich"        },
        {"zurich cafe",           "0",  "Zürich"        },
        {"cafe OR 南通",        "10", NULL             },
        {"-zurich 田",           "1",  "田"            },
        {"青田",                "41", "青田"         },
        {"\"青田的代表\"",   "1",  "青田的代表"},
        {"青田代表",          "",   NULL             },
        {"福州",                "2",  "福州"         },
        {"代表团",             "2",  "代表團"      },
        {"代表",                "21", "代表"         },
        {"田",                   "41", "田"            },
        {"田中",                "4",  "田中"         },
        {"follow-up",             "0",  "follow-up"      },
        {"\"up follow\"",         "",   NULL             },
        {"succ*",                 "0",  "success"        },
        {"succ",                  "",   NULL             },
        {"αθηνα",            "3",  "Αθήνα"     },
        {"서울",                "5",  "서울"         },
        {"회의",                "5",  "회의"         },
        {"ソウル",             "5",  "ソウル"      },
        {"'; DROP TABLE a --",    "",   NULL             },
        {"NEAR(a b) AND NOT ^x:", "",   NULL             },
        {"title:zurich",          "",   NULL             },
        {"\"zurich is",           "0",  "Zürich is"     },
    };
    int64_t ids[WW_COUNT(articles)];
    struct test_store t;
    struct ww_error err = {0};

    WW_UNUSED(state);
    test_store_open(&t);
    for (size_t i = 0; i < WW_COUNT(articles); i++) {
        char url[] = "https://a.example/0";

        url[sizeof(url) - 2] = (char)('0' + i);
        ids[i] = test_store_article(&t, url, articles[i].title, articles[i].text);
    }
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct search_filter filter = {.query = slice_from(cases[i].query), .by_rank = false};
        struct search_results results;
        char found[16] = "";
        struct slice mark;

        OK(store_search(t.store, &filter, &t.arena, &results, &err));
        for (size_t k = 0; k < results.n_rows; k++)
            for (size_t m = 0; m < WW_COUNT(articles); m++)
                if (ids[m] == results.rows[k].article.id)
                    found[k] = (char)('0' + m);
        if (strcmp(found, cases[i].found) != 0)
            fail_msg("%s: found \"%s\", not \"%s\"", cases[i].query, found, cases[i].found);
        assert_int_equal(results.n_found, strlen(found));
        if (cases[i].snippet == NULL)
            continue;
        assert_true(results.rows[0].n_marks > 0);
        mark = slice_sub(results.rows[0].snippet, results.rows[0].marks[0].start,
                         results.rows[0].marks[0].end - results.rows[0].marks[0].start);
        if (!slice_equal(mark, slice_from(cases[i].snippet)))
            fail_msg("%s: marks \"%.*s\"", cases[i].query, SLICE_ARG(mark));
        filter.by_rank = true;
        OK(store_search(t.store, &filter, &t.arena, &results, &err));
        assert_int_equal(results.n_found, strlen(found));
    }
    test_store_close(&t);
}

static void test_bad_queries(void **state)
{
    static const char *const cases[] = {"", "   ", "-zurich", "\"\"", "...", "OR", "\xFF\xFE", "*"};
    static char many[4000];
    struct test_store t;
    struct ww_error err = {0};
    struct search_results results;

    WW_UNUSED(state);
    test_store_open(&t);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct search_filter filter = {.query = slice_from(cases[i])};
        enum ww_status status = store_search(t.store, &filter, &t.arena, &results, &err);

        /* "OR" alone is a word. */
        if (status != (strcmp(cases[i], "OR") == 0 ? WW_OK : WW_INVALID))
            fail_msg("\"%s\": %s", cases[i], ww_status_name(status));
    }
    for (size_t i = 0; i + 1 < sizeof(many); i++)
        many[i] = i % 2 == 0 ? 'a' : ' ';
    assert_int_equal(store_search(t.store, &(struct search_filter){.query = slice_from(many)},
                                  &t.arena, &results, &err),
                     WW_INVALID);
    test_store_close(&t);
}

static size_t count_name(struct test_store *t, const char *name)
{
    const struct search_word word = {.folded = slice_from(name)};
    struct walk_ids ids;

    assert_int_equal(store_search_name(t->store, &word, 1, 100, &t->arena, &ids, NULL), WW_OK);
    return ids.n_ids;
}

/* An index of another folding is not believed; made anew, it is. */
static void test_print(void **state)
{
    struct test_store t;
    int64_t reach = 0;

    WW_UNUSED(state);
    test_store_open(&t);
    (void)test_store_article(&t, "http://127.0.0.1/1", "Weir", "A weir at Oldmoor.");
    (void)test_store_article(&t, "http://127.0.0.1/2", "News",
                             "A fair at \u041Eldmoor."); /* Cyrillic */
    assert_int_equal(store_search_reach(t.store, &t.arena, &reach, NULL), WW_OK);
    assert_int_equal(reach, 2);
    assert_int_equal(count_name(&t, "oldmoor"), 2);
    assert_int_equal(count_name(&t, "weir"), 1);
    assert_int_equal(store_begin(t.store, NULL), WW_OK);
    assert_int_equal(store_put_meta(t.store, SLICE("search.print"), SLICE("older"), NULL), WW_OK);
    assert_int_equal(store_commit(t.store, NULL), WW_OK);
    assert_int_equal(store_search_reach(t.store, &t.arena, &reach, NULL), WW_NOT_FOUND);
    (void)test_store_article(&t, "http://127.0.0.1/3", "News", "One more weir.");
    assert_int_equal(store_search_reach(t.store, &t.arena, &reach, NULL), WW_NOT_FOUND);
    assert_int_equal(store_renew_search(t.store, NULL), WW_OK);
    assert_int_equal(store_search_reach(t.store, &t.arena, &reach, NULL), WW_OK);
    assert_int_equal(reach, 3);
    assert_int_equal(count_name(&t, "weir"), 2);
    assert_int_equal(count_name(&t, "oldmoor"), 2);
    test_store_close(&t);
}

/*
 * A page decides how many words its text has: of single letters, or of characters that are folded
 * to six each, a few megabytes make more than there is memory for. Their beginning is found, and
 * all that is stored behind them.
 */
static void test_strange_texts(void **state)
{
    static const struct {
        const char *unit, *query;
    } cases[] = {
        {"a b c d e f g h ", "strange h"         },
        {"1 2 3 4 5 6 7 8 ", "\"7 8 1 2\""       },
        {"\u3316",           "キロメートル"},
    };
    const struct search_filter behind = {.query = SLICE("harbour")};
    struct search_results results;
    struct test_store t;
    struct ww_error err = {0};
    struct buf text;

    WW_UNUSED(state);
    test_store_open(&t);
    buf_init(&text, ARTICLE_TEXT_MAX_BYTES);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct slice unit = slice_from(cases[i].unit);
        char url[] = "https://a.example/0";

        url[sizeof(url) - 2] = (char)('0' + i);
        buf_reset(&text);
        while (text.len + unit.len < ARTICLE_TEXT_MAX_BYTES)
            buf_add(&text, unit);
        buf_add_char(&text, '\0');
        OK(buf_finish(&text, &err));
        (void)test_store_article(&t, url, "A strange text", text.ptr);
    }
    buf_release(&text);
    (void)test_store_article(&t, "https://a.example/9", "At the harbour", "A ship came in.");
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct search_filter filter = {.query = slice_from(cases[i].query)};

        OK(store_search(t.store, &filter, &t.arena, &results, &err));
        if (results.n_found != 1 || results.rows[0].n_marks == 0)
            fail_msg("%s: found %d times", cases[i].query, (int)results.n_found);
    }
    OK(store_search(t.store, &behind, &t.arena, &results, &err));
    assert_int_equal(results.n_found, 1);
    test_store_close(&t);
}

/* A batch is one of all machines articles: none of them waits until it has stored one alone. */
static void test_batch_of_all(void **state)
{
    const struct search_filter filter = {.query = SLICE("harbour")};
    struct search_results results;
    struct store *both[2], *reader;
    struct test_store t;
    struct ww_error err = {0};

    WW_UNUSED(state);
    test_store_open(&t);
    both[0] = t.store;
    OK(test_store_at(t.path, false, &both[1], &err));
    for (size_t i = 0; i < SEARCH_BATCH; i++) {
        char url[48];

        (void)snprintf(url, sizeof(url), "https://a.example/%zu", i);
        t.store = both[i % 2];
        (void)test_store_article(&t, url, "At the harbour", "A ship came in.");
    }
    OK(test_store_at(t.path, true, &reader, &err));
    OK(store_search(reader, &filter, &t.arena, &results, &err));
    assert_int_equal(results.n_found, SEARCH_BATCH);
    store_close(reader);
    store_close(both[1]);
    t.store = both[0];
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_search),       cmocka_unit_test(test_bad_queries),
        cmocka_unit_test(test_print),        cmocka_unit_test(test_strange_texts),
        cmocka_unit_test(test_batch_of_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
