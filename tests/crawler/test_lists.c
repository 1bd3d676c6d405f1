/* Lists of addresses as programs export them: every encoding, order, quote and slip. */
#include "crawler/history/documents.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "crawler/parse.h"
#include "storage/store_articles.h"
#include "storage/store_history.h"
#include "storage/store_pages.h"
#include "tests/support/pool.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <unicode/ucnv.h>

#define MAY_4 1683158400 /* 4 May 2023 */

struct desk {
    struct test_store t;
    int64_t id;
    struct backfill_summary summary;
    struct find_rows finds;
    struct list_row list;
    char path[128];
    volatile sig_atomic_t stop;
    int n_left; /* until it is stopped; 0: never */
};

/* A backfill of its own, of a file of that name. */
static void desk_begin(struct desk *d, const char *name)
{
    const struct backfill_row row = {.source = SLICE("files"), .created_at = TEST_NOW};

    assert_int_equal(store_begin(d->t.store, NULL), WW_OK);
    assert_int_equal(store_add_backfill(d->t.store, &row, &d->id, NULL), WW_OK);
    assert_int_equal(store_commit(d->t.store, NULL), WW_OK);
    (void)snprintf(d->path, sizeof(d->path), "%s/%s", d->t.folder, name);
}

static void desk_open(struct desk *d)
{
    *d = (struct desk){0};
    test_store_open(&d->t);
}

static void desk_close(struct desk *d)
{
    (void)unlink(d->path);
    test_store_close(&d->t);
}

static void write_file(const char *path, struct slice bytes)
{
    FILE *out = fopen(path, "wb");

    assert_non_null(out);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, out), bytes.len);
    assert_int_equal(fclose(out), 0);
}

static void count_down(void *context, const struct backfill_summary *so_far)
{
    struct desk *d = context;

    WW_UNUSED(so_far);
    d->stop = d->n_left > 0 && --d->n_left == 0;
}

static void fill(struct desk *d, int64_t backfill_id)
{
    const struct backfill_options options = {.backfill_id = backfill_id,
                                             .provenance = SLICE("files"),
                                             .stop = &d->stop,
                                             .progress = count_down,
                                             .context = d};
    struct clock clock = clock_started_at(TEST_NOW);
    struct backfill *b = NULL;
    const char *path = d->path;

    assert_int_equal(
        backfill_open(&options, d->t.store, pool_workers(), &clock, NULL, &d->summary, &b, NULL),
        WW_OK);
    assert_int_equal(backfill_files(b, &path, 1, NULL), WW_OK);
    assert_int_equal(backfill_finish(b, NULL), WW_OK);
    backfill_close(b);
}

static void read_back(struct desk *d)
{
    const struct store_window all = {.limit = 10};
    struct list_rows lists;

    assert_int_equal(store_finds(d->t.store, d->id, FIND_FOUND, 1000, &d->t.arena, &d->finds, NULL),
                     WW_OK);
    assert_int_equal(store_lists(d->t.store, d->id, &all, &d->t.arena, &lists, NULL), WW_OK);
    assert_int_equal(lists.n_rows, 1);
    d->list = lists.rows[0];
}

/* The find of that address, or NULL. */
static const struct find_row *find(const struct desk *d, const char *url)
{
    for (size_t i = 0; i < d->finds.n_rows; i++)
        if (slice_equal(d->finds.rows[i].url, slice_from(url)))
            return &d->finds.rows[i];
    return NULL;
}

#define LONG_PART "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
#define LONG_NAME LONG_PART LONG_PART LONG_PART LONG_PART LONG_PART LONG_PART

static const struct {
    const char *name, *list;
    int64_t n_found, n_bad;
    const char *title; /* of https://t.example/a, with its date 4 May 2023 when there is a column */
} lists[] = {
    {"lines",                           "# from a friend\r\n https://t.example/a \r\n\r\nhttp://t.example/b\r\n",         2, 0, ""            },
    {"one line",                        "https://t.example/a",                                                            1, 0, ""            },
    {"table",                           "url,date,title\nhttps://t.example/a,2023-05-04,Harbour\n",                       1, 0, "Harbour"     },
    {"another order and case",
     "id;Published_At;TITLE;media;LINK\r\n7;4 May 2023;\"The; harbour\";T;https://t.example/a\r\n",                       1, 0, "The; harbour"},
    {"TAB",                             "link\ttitle\tpublished\nhttps://t.example/a\tHar\"bour\t2023-05-04T00:00:00Z\n", 1, 0,
     "Har\"bour"                                                                                                                              },
    {"url before link, title twice",
     "link,url,title,title,date\nhttps://x.example/,https://t.example/a,one,two,2023-05-04\n",                            1, 0,
     "one"                                                                                                                                    },
    {"line ends in quotes",
     "url,title,date,about\nhttps://t.example/a,\"The\nharbour\",2023-05-04,\"a\n\n\"\"b\"\"\n\"\n"
     "https://t.example/b,x,,y\n",                                                                                        2, 0, "The harbour" },
    {"bad rows",
     "url,title\nhttps://t.example/a,Harbour\n,no address\nftp://t.example/x,y\nhttps://t.example/b"
     ",\"x\"y\nhttps://t.example/c,\"open\nhttps://t.example/d,z,too,many\nhttps://t.example/d,z\n",                      2, 4, "Harbour"     },
    {"dates that are none",             "url,date,title\nhttps://t.example/b,soon,x\nhttps://t.example/c,,\n",
     2,                                                                                                                      0, NULL          },
    {"days first, as another row says",
     "url,date,title\nhttps://t.example/a,04/05/2023,x\nhttps://t.example/b,25/05/2023,y\n",                              2, 0,
     "x"                                                                                                                                      },
    {"months first",
     "url,date,title\nhttps://t.example/a,5/4/2023,x\nhttps://t.example/b,5/25/2023,y\n",                                 2, 0,
     "x"                                                                                                                                      },
    {"no column",                       "a,b\n1,2\n",                                                                     0, 0, NULL          },
    {"names of no host",
     "url,title\nhttps://t.example/a,one\nhttp://" LONG_NAME ".example/,two\n"
     "https://t.example/b,four\n",                                                                                        2, 1, "one"         },
    {"the same twice",                  "url,title\nhttps://t.example/a,one\nhttps://t.example/a?utm_source=x,two\n",
     1,                                                                                                                      0, "one"         },
};

static void test_shapes(void **state)
{
    struct desk d;

    WW_UNUSED(state);
    desk_open(&d);
    for (size_t i = 0; i < WW_COUNT(lists); i++) {
        const struct find_row *row;

        desk_begin(&d, "list.csv");
        write_file(d.path, slice_from(lists[i].list));
        fill(&d, d.id);
        read_back(&d);
        if ((int64_t)d.finds.n_rows != lists[i].n_found || d.list.n_found != lists[i].n_found ||
            d.list.n_bad != lists[i].n_bad || d.summary.n_ends[BACKFILL_BAD_ROW] != lists[i].n_bad)
            fail_msg("%s: %zu finds, %lld bad rows", lists[i].name, d.finds.n_rows,
                     (long long)d.list.n_bad);
        assert_int_equal(d.list.state, LIST_DONE);
        row = find(&d, "https://t.example/a");
        if ((row != NULL) != (lists[i].title != NULL) ||
            (row != NULL && !slice_equal(row->title, slice_from(lists[i].title))))
            fail_msg("%s: [%.*s]", lists[i].name, SLICE_ARG(row != NULL ? row->title : SLICE("?")));
        if (row != NULL && strstr(lists[i].list, "4") != NULL)
            assert_int_equal(row->published_at, MAY_4);
        row = find(&d, "https://t.example/b");
        if (row != NULL && strstr(lists[i].list, "soon") != NULL)
            assert_int_equal(row->published_precision, DATE_NONE);
        if (lists[i].n_found == 0)
            assert_int_equal(d.summary.n_ends[BACKFILL_NOT_READ], 1);
    }
    desk_close(&d);
}

/* ---- encodings ------------------------------------------------------------------------------- */

static const struct {
    const char *name, *icu, *mark;
    const char *title;
} encodings[] = {
    {"UTF-8",                 "UTF-8",        "",             "Порт открылся — “снова”"  },
    {"UTF-8 with a mark",     "UTF-8",        "\xef\xbb\xbf", "Порт открылся снова"            },
    {"UTF-16 little",         "UTF-16LE",     "\xff\xfe",     "港口重新开放 – Порт"                 },
    {"UTF-16 big",            "UTF-16BE",     "\xfe\xff",     "港口重新开放 – Порт"                 },
    {"UTF-16 without a mark", "UTF-16LE",     "",             "Порт открылся снова"            },
    {"GB18030",               "GB18030",      "",             "港口办公室星期一重新开放"            },
    {"windows-1252",          "windows-1252", "",             "L’été à la plage – où êtes-vous passés"},
};

static void add_rows(struct buf *out, const char *title)
{
    buf_add_string(out, "url,title,date\n");
    for (int i = 0; i < 20; i++)
        buf_printf(out, "https://t.example/%c,%s,2023-05-04\n", 'a' + i, title);
}

static void test_encodings(void **state)
{
    struct desk d;

    WW_UNUSED(state);
    desk_open(&d);
    for (size_t i = 0; i < WW_COUNT(encodings); i++) {
        UErrorCode status = U_ZERO_ERROR;
        struct buf utf8, encoded;
        int32_t n;

        buf_init(&utf8, 100000);
        buf_init(&encoded, 100000);
        add_rows(&utf8, encodings[i].title);
        buf_add(&encoded, slice_of(encodings[i].mark, strlen(encodings[i].mark)));
        n = ucnv_convert(encodings[i].icu, "UTF-8", NULL, 0, utf8.ptr, (int32_t)utf8.len, &status);
        status = U_ZERO_ERROR;
        (void)ucnv_convert(encodings[i].icu, "UTF-8", buf_extend(&encoded, (size_t)n), n, utf8.ptr,
                           (int32_t)utf8.len, &status);
        assert_true(U_SUCCESS(status));
        desk_begin(&d, "list");
        write_file(d.path, buf_slice(&encoded));
        fill(&d, d.id);
        read_back(&d);
        assert_int_equal(d.finds.n_rows, 20);
        for (size_t k = 0; k < d.finds.n_rows; k++)
            if (!slice_equal(d.finds.rows[k].title, slice_from(encodings[i].title)))
                fail_msg("%s: [%.*s]", encodings[i].name, SLICE_ARG(d.finds.rows[k].title));
        buf_release(&utf8);
        buf_release(&encoded);
    }
    desk_close(&d);
}

/* ---- known, stopped, without a row of its own ------------------------------------------------ */

static void test_known(void **state)
{
    struct history_counts counts;
    struct desk d;

    WW_UNUSED(state);
    desk_open(&d);
    desk_begin(&d, "list");
    (void)test_store_article(&d.t, "https://t.example/a", "Harbour", "The harbour is open again.");
    write_file(d.path, SLICE("https://t.example/a#top\nhttps://t.example/b\n"));
    fill(&d, d.id);
    assert_int_equal(d.summary.n_addresses, 1);
    assert_int_equal(d.summary.n_addresses_known, 1);
    read_back(&d);
    assert_int_equal(d.finds.n_rows, 1);
    assert_true(slice_equal(d.finds.rows[0].url, SLICE("https://t.example/b")));
    assert_int_equal(store_find_counts(d.t.store, d.id, &d.t.arena, &counts, NULL), WW_OK);
    assert_int_equal(counts.n_rows, 2);
    desk_close(&d);
}

/* Stopped after every so many rows: each is taken once, the bad ones counted once. */
static void check_resumed(struct desk *d, struct slice list, int n)
{
    struct history_counts counts;
    int i = 0;

    desk_begin(d, "list");
    write_file(d->path, list);
    do {
        d->n_left = n;
        d->stop = 0;
        fill(d, d->id);
        assert_true(i++ < 30);
    } while (d->stop != 0);
    read_back(d);
    assert_int_equal(d->finds.n_rows, 20);
    assert_int_equal(d->list.n_found, 20);
    assert_int_equal(d->list.n_bad, 2);
    assert_int_equal(d->list.state, LIST_DONE);
    assert_int_equal(store_document_counts(d->t.store, d->id, &d->t.arena, &counts, NULL), WW_OK);
    assert_int_equal(counts.n_rows, 1);
    assert_int_equal(counts.rows[0].n, 2);
}

static void test_resumed(void **state)
{
    struct desk d;
    struct buf table, lines;

    WW_UNUSED(state);
    buf_init(&table, 10000);
    buf_init(&lines, 10000);
    buf_add_string(&table, "url,title\nnothing,x\n");
    for (int i = 0; i < 20; i++) {
        buf_printf(&table, "https://t.example/%d,x\n", i);
        buf_printf(&lines, "https://t.example/%d\n%s", i, i == 2 ? "nothing\n" : "");
    }
    buf_add_string(&table, "nothing,y\n");
    buf_add_string(&lines, "nothing else\n");
    desk_open(&d);
    for (int n = 1; n < 6; n += 2) {
        check_resumed(&d, buf_slice(&table), n);
        check_resumed(&d, buf_slice(&lines), n);
    }
    desk_close(&d);
    buf_release(&table);
    buf_release(&lines);
}

static void test_queued(void **state)
{
    const struct page_filter queued = {.has_state = true, .state = PAGE_STATE_QUEUED};
    struct page_list pages = {0};
    struct desk d;

    WW_UNUSED(state);
    desk_open(&d);
    desk_begin(&d, "list");
    write_file(d.path, SLICE("url,title\nhttps://t.example/a,x\nhttps://t.example/b,y\n"));
    fill(&d, 0);
    assert_int_equal(d.summary.n_addresses, 2);
    assert_int_equal(store_list_pages(d.t.store, &queued, &d.t.arena, &pages, NULL), WW_OK);
    assert_int_equal(pages.n_rows, 2);
    desk_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes), cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_known),  cmocka_unit_test(test_resumed),
        cmocka_unit_test(test_queued),
    };
    int failed;

    if (!pool_start(parse_run, 1))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failed;
}
