/*
 * Common Crawl's news crawl as a stream: which months, files and parts of them are asked for, which
 * pages become articles, and that a stopped reading goes on within its file.
 */
#include "crawler/history/ccnews.h"

#include "base/address.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "crawler/crawl.h"
#include "crawler/history/documents.h"
#include "crawler/parse.h"
#include "storage/store.h"
#include "storage/store_articles.h"
#include "storage/store_history.h"
#include "tests/support/http.h"
#include "tests/support/pool.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include <cmocka.h>

#define PART 700
#define SINCE 1664409600 /* 29 September 2022 */
#define UNTIL 1664582400 /* 1 October 2022 */

#define NAME_OLD "2022/09/CC-NEWS-20220927100000-00001.warc.gz"
#define NAME_FIRST "2022/09/CC-NEWS-20220928233000-00002.warc.gz" /* runs into the window */
#define NAME_SECOND "2022/09/CC-NEWS-20220930120000-00003.warc.gz"
#define NAME_THIRD "2022/10/CC-NEWS-20221001060000-00004.warc.gz" /* a day behind it */
#define NAME_LATE "2022/10/CC-NEWS-20221002000000-00005.warc.gz"

struct scene {
    struct test_store t;
    struct http_server *server;
    struct address_range loopback;
    struct crawl_options crawl;
    struct clock clock;
    struct backfill_row order;
    struct file {
        char path[160];
        struct slice body;
    } files[8];
    size_t n_files;
    struct buf september, first, second, third;
    int64_t part;
    int64_t budget;
    size_t bad_from;     /* of the second file; 0: it is well */
    unsigned bad_status; /* what is answered there */
    size_t n_looks;      /* whether it may ask: at each request */
    size_t n_writing;    /* with the store's write lock held */
    struct ccnews_summary summary;
    struct backfill_summary documents;
};

/* ---- files ----------------------------------------------------------------------------------- */

static void pack(struct buf *out, struct slice record)
{
    z_stream z = {0};

    assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 31, 8, 0), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)record.ptr;
    z.avail_in = (unsigned)record.len;
    z.avail_out = (unsigned)deflateBound(&z, record.len);
    z.next_out = (Bytef *)buf_extend(out, z.avail_out);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    buf_truncate(out, out->len - z.avail_out);
    assert_int_equal(deflateEnd(&z), Z_OK);
}

/* n tells the texts apart; published: as the page says, or "". */
static void add_dated(struct buf *out, const char *url, const char *at, const char *published,
                      int n)
{
    struct buf record, block;

    buf_init(&record, 65536);
    buf_init(&block, 65536);
    buf_printf(&block,
               "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
               "<html><head><title>Harbour notes %d</title>%s</head><body><article>"
               "<h1>Harbour notes %d</h1><p>Nobody in the old harbour town number %d had expected"
               " that gate %d would be opened %d days late, and those who had come to see it went"
               " home again when the doors of house %d stayed shut.</p><p>A second gathering, the"
               " %dth, was told that crane %d costs %d more than was said in spring.</p></article>"
               "</body></html>",
               n, published, n, n * 7, n * 11, n * 3, n * 13, n * 5, n * 17, n * 1000);
    buf_printf(&record,
               "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: %s\r\nWARC-Date: %s\r\n"
               "Content-Type: application/http; msgtype=response\r\nContent-Length: %zu\r\n\r\n",
               url, at, block.len);
    buf_add(&record, buf_slice(&block));
    buf_add_string(&record, "\r\n\r\n");
    pack(out, buf_slice(&record));
    buf_release(&block);
    buf_release(&record);
}

static void add_page(struct buf *out, const char *url, const char *at, int n)
{
    add_dated(out, url, at, "", n);
}

/* The part of a file that a request asks for, as S3 gives it. */
static void answer(void *context, const struct http_request *request, struct http_answer *out)
{
    struct scene *s = context;
    const struct slice range = http_request_header(request, "Range");
    struct slice body;
    size_t i = 0;
    char *dash = NULL;

    while (i < s->n_files && strcmp(s->files[i].path, request->path) != 0)
        i++;
    if (i == s->n_files)
        return;
    body = s->files[i].body;
    out->status = 200;
    if (range.len > 0) {
        const size_t first = (size_t)strtoul(range.ptr + strlen("bytes="), &dash, 10);
        const size_t last = (size_t)strtoul(dash + 1, NULL, 10);

        (void)snprintf(out->headers, sizeof out->headers, "Content-Range: bytes %zu-%zu/%zu\n",
                       first, last, body.len);
        body = slice_sub(body, first, last - first + 1);
        out->status = 206;
        if (s->bad_from > 0 && last >= s->bad_from && body.len > 1 &&
            strstr(request->path, NAME_SECOND) != NULL) {
            out->status = s->bad_status;
            return;
        }
    }
    out->type = "application/octet-stream";
    out->body = malloc(body.len + 1);
    assert_non_null(out->body);
    memcpy(out->body, body.ptr, body.len);
    out->body_len = body.len;
}

static void add_file(struct scene *s, const char *name, struct slice body)
{
    struct file *file = &s->files[s->n_files++];

    (void)snprintf(file->path, sizeof file->path, "/crawl-data/CC-NEWS/%s", name);
    file->body = body;
}

static void add_months(struct scene *s)
{
    static const char september[] = "crawl-data/CC-NEWS/" NAME_OLD "\n"
                                    "crawl-data/CC-NEWS/" NAME_FIRST "\n"
                                    "crawl-data/CC-NEWS/" NAME_SECOND "\n"
                                    "crawl-data/CC-NEWS/2022/09/../../../evil.warc.gz\n"
                                    "crawl-data/CC-NEWS/2022/09/CC-NEWS-2022-x.warc.gz\n\n";

    buf_init(&s->september, 65536);
    pack(&s->september, slice_from(september));
    add_file(s, "2022/09/warc.paths.gz", buf_slice(&s->september));
    add_file(s, "2022/10/warc.paths.gz",
             SLICE("crawl-data/CC-NEWS/" NAME_THIRD "\r\ncrawl-data/CC-NEWS/" NAME_LATE "\r\n"));
}

/* Of the three files of the window. */
static void add_files(struct scene *s)
{
    char url[80];

    buf_init(&s->first, 1 << 20);
    buf_init(&s->second, 1 << 20);
    buf_init(&s->third, 1 << 20);
    add_page(&s->first, "https://news.example/before", "2022-09-28T23:40:00Z", 1);
    add_page(&s->first, "https://news.example/in", "2022-09-29T00:10:00Z", 2);
    add_page(&s->first, "https://other.example/in", "2022-09-29T00:10:00Z", 3);
    for (int i = 0; i < 8; i++) {
        (void)snprintf(url, sizeof url, "https://%s/%d",
                       i % 2 == 0 ? "sub.news.example" : "paper.example", i);
        add_page(&s->second, url, "2022-09-30T12:10:00Z", 10 + i);
        add_page(&s->second, "https://notnews.example/x", "2022-09-30T12:10:00Z", 30 + i);
    }
    add_page(&s->third, "https://news.example/third", "2022-10-01T06:30:00Z", 40);
    add_dated(&s->third, "https://news.example/of-october", "2022-10-01T06:31:00Z",
              "<meta property='article:published_time' content='2022-10-01T05:00:00Z'>", 41);
    add_file(s, NAME_FIRST, buf_slice(&s->first));
    add_file(s, NAME_SECOND, buf_slice(&s->second));
    add_file(s, NAME_THIRD, buf_slice(&s->third));
}

/* ---- the scene ------------------------------------------------------------------------------- */

static void open_scene(struct scene *s)
{
    *s = (struct scene){.clock = clock_fixed(TEST_NOW), .part = PART};
    test_store_open(&s->t);
    assert_int_equal(http_server_open("127.0.0.1", 0, &s->server, NULL), WW_OK);
    http_server_handle(s->server, answer, s);
    assert_int_equal(address_parse_range(SLICE("127.0.0.0/8"), &s->loopback, NULL), WW_OK);
    s->crawl = (struct crawl_options){
        .contact = "desk@example.org", .allowed = &s->loopback, .n_allowed = 1};
    s->order = (struct backfill_row){.source = SLICE("ccnews"),
                                     .target = SLICE("news.example\nwww.paper.example"),
                                     .since_at = SINCE,
                                     .until_at = UNTIL,
                                     .state = BACKFILL_OPEN};
    assert_int_equal(store_begin(s->t.store, NULL), WW_OK);
    assert_int_equal(store_add_backfill(s->t.store, &s->order, &s->order.id, NULL), WW_OK);
    assert_int_equal(store_commit(s->t.store, NULL), WW_OK);
}

static void close_scene(struct scene *s)
{
    http_server_close(s->server);
    test_store_close(&s->t);
    buf_release(&s->september);
    buf_release(&s->first);
    buf_release(&s->second);
    buf_release(&s->third);
}

static bool look(void *context)
{
    struct scene *s = context;

    s->n_looks++;
    s->n_writing += store_is_writing(s->t.store);
    return true;
}

static enum ww_status stream(struct scene *s, struct ww_error *err)
{
    const struct backfill_options options = {.backfill_id = s->order.id,
                                             .provenance = SLICE("ccnews"),
                                             .since_at = s->order.since_at,
                                             .until_at = s->order.until_at};
    const struct ccnews_options news = {
        .means = {.crawl = &s->crawl,
                  .clock = &s->clock,
                  .part_bytes = s->part,
                  .requests_max = s->budget,
                  .may_ask = look,
                  .context = s},
        .order = &s->order,
        .store = s->t.store,
        .base = slice_from(http_server_origin(s->server))
    };
    struct backfill *b = NULL;
    enum ww_status status, finished;

    assert_int_equal(backfill_open(&options, s->t.store, pool_workers(), &s->clock, NULL,
                                   &s->documents, &b, err),
                     WW_OK);
    status = ccnews_documents(b, &news, &s->summary, err);
    finished = backfill_finish(b, NULL);
    backfill_close(b);
    return status != WW_OK ? status : finished;
}

static size_t count(struct scene *s, const char *name)
{
    char path[160];

    (void)snprintf(path, sizeof path, "/crawl-data/CC-NEWS/%s", name);
    return http_server_count(s->server, path);
}

static int64_t count_articles(struct scene *s)
{
    const struct article_filter filter = {.window = {.limit = 100}, .backfill_id = s->order.id};
    struct article_list rows = {0};
    struct arena arena;

    arena_init(&arena, 16 * 1024 * 1024);
    assert_int_equal(store_list_articles(s->t.store, &filter, &arena, &rows, NULL), WW_OK);
    for (size_t i = 0; i < rows.n_rows; i++) {
        assert_true(rows.rows[i].is_historic);
        assert_true(slice_equal(rows.rows[i].provenance, SLICE("ccnews")));
        assert_true(slice_starts(rows.rows[i].capture, slice_from(http_server_origin(s->server))));
    }
    arena_release(&arena);
    return (int64_t)rows.n_rows;
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void test_a_window(void **state)
{
    struct ww_error err = {0};
    struct scene s;

    WW_UNUSED(state);
    open_scene(&s);
    add_months(&s);
    add_files(&s);
    assert_int_equal(stream(&s, &err), WW_OK);
    assert_int_equal(s.summary.n_files, 3);
    assert_int_equal(s.summary.n_files_read, 3);
    assert_false(s.summary.was_stopped);
    assert_int_equal(count(&s, NAME_OLD), 0);
    assert_int_equal(count(&s, NAME_LATE), 0);
    assert_true(count(&s, NAME_SECOND) > 3);
    assert_int_equal(s.documents.n_ends[BACKFILL_NEW], 10);
    assert_int_equal(s.documents.n_ends[BACKFILL_PASSED], 10 + 1); /* by head, and by its date */
    assert_int_equal(count_articles(&s), 10);
    /* Once more: every file is known, and only the months are asked for. */
    assert_int_equal(stream(&s, &err), WW_OK);
    assert_int_equal(s.summary.n_requests, 2);
    assert_int_equal(s.summary.n_files_read, 3);
    assert_int_equal(count_articles(&s), 10);
    close_scene(&s);
}

/* Of the second file, where the parts that were asked for behind the first n requests begin. */
static size_t least_asked(struct scene *s, size_t n)
{
    size_t least = SIZE_MAX;

    for (; n < http_server_n_requests(s->server); n++) {
        struct http_request request;
        struct slice range;
        size_t from;

        assert_true(http_server_request(s->server, n, &request));
        range = http_request_header(&request, "Range");
        if (strstr(request.path, NAME_SECOND) == NULL || range.len == 0 ||
            slice_equal(range, SLICE("bytes=0-0")))
            continue;
        from = (size_t)strtoul(range.ptr + strlen("bytes="), NULL, 10);
        least = from < least ? from : least;
    }
    return least;
}

static void test_a_budget_and_on(void **state)
{
    struct ww_error err = {0};
    struct scene s;
    size_t n_before, from;
    int64_t n_articles;

    WW_UNUSED(state);
    open_scene(&s);
    add_months(&s);
    add_files(&s);
    /* Two months, the third file whole, the size of the second and half of its parts. */
    s.budget =
        2 + 1 + (int64_t)(s.third.len + PART - 1) / PART + 1 + (int64_t)s.second.len / PART / 2;
    assert_int_equal(stream(&s, &err), WW_OK);
    assert_true(s.summary.was_stopped);
    assert_int_equal(s.summary.n_requests, s.budget);
    n_articles = count_articles(&s);
    assert_true(n_articles > 1 && n_articles < 9);
    n_before = http_server_n_requests(s.server);
    s.budget = 0;
    assert_int_equal(stream(&s, &err), WW_OK);
    assert_false(s.summary.was_stopped);
    from = least_asked(&s, n_before);
    assert_true(from >= PART && from < s.second.len); /* and from the beginning of a member */
    assert_memory_equal(s.second.ptr + from, "\x1f\x8b\x08", 3);
    assert_int_equal(count_articles(&s), 10);
    assert_int_equal(s.documents.n_ends[BACKFILL_NEW], 10 - n_articles);
    assert_int_equal(s.documents.n_ends[BACKFILL_KNOWN], 0);
    close_scene(&s);
}

static void test_what_is_not_there(void **state)
{
    struct ww_error err = {0};
    struct list_rows lists = {0};
    struct arena arena;
    struct scene s;
    size_t n_failed = 0;

    WW_UNUSED(state);
    open_scene(&s);
    add_file(&s, "2022/09/warc.paths.gz", SLICE("crawl-data/CC-NEWS/" NAME_SECOND "\n"));
    assert_int_equal(stream(&s, &err), WW_OK);
    assert_int_equal(s.summary.n_missing, 2); /* October, and the file */
    arena_init(&arena, 1 << 20);
    assert_int_equal(store_lists(s.t.store, s.order.id, &(struct store_window){.limit = 10}, &arena,
                                 &lists, NULL),
                     WW_OK);
    for (size_t i = 0; i < lists.n_rows; i++)
        n_failed += lists.rows[i].state == LIST_FAILED && lists.rows[i].last_error.len > 0;
    assert_int_equal(n_failed, 2);
    arena_release(&arena);
    close_scene(&s);
}

/* The row of a file. */
static void check_row(struct scene *s, const char *name, enum list_state state, int64_t n_tries)
{
    struct list_rows lists = {0};
    struct arena arena;
    size_t i = 0;

    arena_init(&arena, 1 << 20);
    assert_int_equal(store_lists(s->t.store, s->order.id, &(struct store_window){.limit = 10},
                                 &arena, &lists, NULL),
                     WW_OK);
    while (i < lists.n_rows && !slice_ends(lists.rows[i].url, slice_from(name)))
        i++;
    assert_true(i < lists.n_rows);
    assert_int_equal(lists.rows[i].state, state);
    if (state == LIST_QUEUED)
        assert_int_equal(lists.rows[i].n_tries, n_tries);
    else
        assert_true(lists.rows[i].last_error.len > 0);
    arena_release(&arena);
}

static void open_whole_scene(struct scene *s)
{
    open_scene(s);
    add_months(s);
    add_files(s);
}

static void spoil(struct scene *s, const char *name, unsigned status)
{
    char path[160];

    (void)snprintf(path, sizeof path, "/crawl-data/CC-NEWS/%s", name);
    assert_true(http_server_route(s->server, &(struct http_route){.path = path, .status = status}));
}

/* Cut short on its way: asked for again, but not for ever. */
static void test_a_damaged_list(void **state)
{
    static const char path[] = "/crawl-data/CC-NEWS/2022/09/warc.paths.gz";

    WW_UNUSED(state);
    for (unsigned n_bad = 1; n_bad <= 3; n_bad++) {
        struct ww_error err = {0};
        struct scene s;

        open_whole_scene(&s);
        assert_true(http_server_route(
            s.server,
            &(struct http_route){.path = path,
                                 .body = slice_head(buf_slice(&s.september), s.september.len / 2),
                                 .times = n_bad}));
        assert_int_equal(stream(&s, &err), WW_OK);
        assert_int_equal(http_server_count(s.server, path), n_bad < 3 ? n_bad + 1 : 3);
        assert_int_equal(s.summary.n_missing, n_bad < 3 ? 0 : 1);
        assert_int_equal(s.summary.n_files_read, n_bad < 3 ? 3 : 1);
        if (n_bad == 3)
            check_row(&s, path, LIST_FAILED, 0);
        close_scene(&s);
    }
}

/* The newest, so that all others are behind it. */
static void test_a_refused_file(void **state)
{
    struct ww_error err = {0};
    struct scene s;

    WW_UNUSED(state);
    open_whole_scene(&s);
    spoil(&s, NAME_THIRD, 403);
    for (int64_t i = 1; i < 3; i++) {
        assert_int_equal(stream(&s, &err), WW_REFUSED);
        assert_non_null(strstr(err.message, NAME_THIRD));
        assert_int_equal(s.summary.n_files_read, 2);
        assert_int_equal(count_articles(&s), 9);
        check_row(&s, NAME_THIRD, LIST_QUEUED, i);
    }
    assert_int_equal(stream(&s, &err), WW_OK);
    assert_int_equal(s.summary.n_missing, 1);
    check_row(&s, NAME_THIRD, LIST_FAILED, 0);
    assert_int_equal(count(&s, NAME_THIRD), 3);
    assert_int_equal(stream(&s, &err), WW_OK);
    assert_int_equal(count(&s, NAME_THIRD), 3);
    close_scene(&s);
}

/* What the last answer was says nothing of a file that was not asked for. */
static void test_a_file_behind_the_budget(void **state)
{
    struct ww_error err = {0};
    struct scene s;

    WW_UNUSED(state);
    open_whole_scene(&s);
    spoil(&s, NAME_SECOND, 404);
    /* Two months, the third file whole, and the second. */
    s.budget = 2 + 1 + (int64_t)(s.third.len + PART - 1) / PART + 1;
    assert_int_equal(stream(&s, &err), WW_OK);
    assert_true(s.summary.was_stopped);
    assert_int_equal(s.summary.n_missing, 1);
    check_row(&s, NAME_SECOND, LIST_FAILED, 0);
    check_row(&s, NAME_FIRST, LIST_QUEUED, 0);
    close_scene(&s);
}

/* Two in a row: it is the server, and the second is not to blame. */
static void test_a_server_that_refuses(void **state)
{
    struct ww_error err = {0};
    struct scene s;

    WW_UNUSED(state);
    open_whole_scene(&s);
    spoil(&s, NAME_THIRD, 403);
    spoil(&s, NAME_SECOND, 403);
    assert_int_equal(stream(&s, &err), WW_REFUSED);
    check_row(&s, NAME_THIRD, LIST_QUEUED, 1);
    check_row(&s, NAME_SECOND, LIST_QUEUED, 0);
    assert_int_equal(count(&s, NAME_FIRST), 0);
    http_server_clear(s.server);
    assert_int_equal(stream(&s, &err), WW_OK);
    assert_int_equal(s.summary.n_files_read, 3);
    assert_int_equal(count_articles(&s), 10);
    close_scene(&s);
}

static void test_a_file_that_fails(void **state)
{
    struct ww_error err = {0};
    struct scene s;

    WW_UNUSED(state);
    open_whole_scene(&s);
    spoil(&s, NAME_THIRD, 500);
    for (int64_t i = 1; i < 3; i++) {
        assert_int_equal(stream(&s, &err), WW_UNREACHABLE);
        assert_int_equal(count(&s, NAME_SECOND), 0);
        check_row(&s, NAME_THIRD, LIST_QUEUED, i);
    }
    assert_int_equal(stream(&s, &err), WW_OK);
    assert_int_equal(s.summary.n_files_read, 2);
    assert_int_equal(count_articles(&s), 9);
    check_row(&s, NAME_THIRD, LIST_FAILED, 0);
    close_scene(&s);
}

/* What was read of it is stored. The second command's parts lie in other places: it may get a
 * record further than the first, and then the third is the second in vain. */
static void test_a_part_that_fails(void **state)
{
    static const struct {
        unsigned status;
        enum ww_status end;
        int least, most; /* commands until the others are read */
    } cases[] = {
        {500, WW_UNREACHABLE, 3, 4},
        {403, WW_REFUSED,     3, 4},
        {410, WW_OK,          1, 1},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct ww_error err = {0};
        struct scene s;
        enum ww_status status = WW_CONFLICT;
        int n = 0;

        open_whole_scene(&s);
        s.bad_from = s.second.len / 2;
        s.bad_status = cases[i].status;
        while (n < cases[i].most && status != WW_OK) {
            status = stream(&s, &err);
            n++;
            assert_true(status == WW_OK || status == cases[i].end);
        }
        assert_int_equal(status, WW_OK);
        assert_true(n >= cases[i].least);
        check_row(&s, NAME_SECOND, LIST_FAILED, 0);
        assert_int_equal(s.summary.n_files_read, 2);
        assert_true(count_articles(&s) > 3 && count_articles(&s) < 10);
        close_scene(&s);
    }
}

static void test_a_line_that_breaks(void **state)
{
    struct ww_error err = {0};
    struct scene s;

    WW_UNUSED(state);
    open_whole_scene(&s);
    s.bad_status = 500;
    for (size_t i = 1; i < 5; i++) {
        s.bad_from = s.second.len * i / 5;
        assert_int_equal(stream(&s, &err), WW_UNREACHABLE);
        check_row(&s, NAME_SECOND, LIST_QUEUED, 1); /* further than the one before */
    }
    s.bad_from = 0;
    assert_int_equal(stream(&s, &err), WW_OK);
    assert_int_equal(s.summary.n_files_read, 3);
    assert_int_equal(count_articles(&s), 10);
    close_scene(&s);
}

static void test_a_server_in_trouble(void **state)
{
    static const struct {
        unsigned statuses[3]; /* of the month's list, then nothing more of it is 404 */
        enum ww_status status;
        size_t n_asked;
        int64_t least_s; /* that it takes by the clock */
        const char *retry_after;
    } cases[] = {
        {{503, 503, 0}, WW_OK,          3, 120,  NULL                           },
        {{429, 0, 0},   WW_OK,          2, 60,   NULL                           },
        {{429, 429, 0}, WW_REFUSED,     2, 60,   NULL                           },
        {{403, 0, 0},   WW_REFUSED,     1, 0,    NULL                           },
        {{418, 0, 0},   WW_UNREACHABLE, 1, 0,    NULL                           },
        {{503, 0, 0},   WW_OK,          2, 60,   "5"                            },
        {{500, 0, 0},   WW_OK,          2, 90,   "90"                           },
        {{429, 0, 0},   WW_OK,          2, 3600, "3600"                         },
        {{503, 0, 0},   WW_OK,          2, 3400, "Tue, 14 Nov 2023 23:10:00 GMT"},
        {{503, 0, 0},   WW_REFUSED,     1, 0,    "3700"                         },
        {{503, 0, 0},   WW_REFUSED,     1, 0,    "Wed, 15 Nov 2023 12:00:00 GMT"},
    };
    static const char path[] = "/crawl-data/CC-NEWS/2022/09/warc.paths.gz";

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct ww_error err = {0};
        struct scene s;
        int64_t begun;

        open_scene(&s);
        s.order.until_at = SINCE + 3600;
        for (size_t k = 0; k < 3 && cases[i].statuses[k] != 0; k++)
            assert_true(http_server_route(s.server,
                                          &(struct http_route){.path = path,
                                                               .status = cases[i].statuses[k],
                                                               .retry_after = cases[i].retry_after,
                                                               .times = 1}));
        add_file(&s, "2022/09/warc.paths.gz", SLICE("\n"));
        begun = clock_now(&s.clock);
        assert_int_equal(stream(&s, &err), cases[i].status);
        assert_int_equal(http_server_count(s.server, path), cases[i].n_asked);
        assert_true(clock_now(&s.clock) - begun >= cases[i].least_s);
        close_scene(&s);
    }
}

/* Whoever wants to write is not kept waiting by a server: the months, a file's size, its parts. */
static void test_the_lock_is_free(void **state)
{
    static const char *const in_trouble[] = {"2022/09/warc.paths.gz", NAME_SECOND};
    struct ww_error err = {0};
    struct scene s;

    WW_UNUSED(state);
    open_scene(&s);
    add_months(&s);
    add_files(&s);
    for (size_t i = 0; i < WW_COUNT(in_trouble); i++) {
        char path[160];

        (void)snprintf(path, sizeof path, "/crawl-data/CC-NEWS/%s", in_trouble[i]);
        assert_true(http_server_route(
            s.server, &(struct http_route){.path = path, .status = 503, .times = 2}));
    }
    assert_int_equal(stream(&s, &err), WW_OK);
    assert_int_equal(s.summary.n_files_read, 3);
    assert_int_equal(s.n_looks, s.summary.n_requests);
    assert_int_equal(s.n_writing, 0);
    close_scene(&s);
}

static void test_orders(void **state)
{
    struct ww_error err = {0};
    struct scene s;

    WW_UNUSED(state);
    open_scene(&s);
    s.order.since_at = 0;
    assert_int_equal(stream(&s, &err), WW_INVALID);
    s.order.since_at = 1;
    s.order.until_at = 1000000000; /* 2001 */
    assert_int_equal(stream(&s, &err), WW_INVALID);
    s.order.since_at = SINCE;
    s.order.until_at = UNTIL;
    s.order.target = SLICE("no host");
    assert_int_equal(stream(&s, &err), WW_INVALID);
    assert_non_null(strstr(err.message, "'no host'"));
    assert_int_equal(http_server_n_requests(s.server), 0);
    close_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_window),
        cmocka_unit_test(test_a_budget_and_on),
        cmocka_unit_test(test_what_is_not_there),
        cmocka_unit_test(test_a_damaged_list),
        cmocka_unit_test(test_a_refused_file),
        cmocka_unit_test(test_a_file_behind_the_budget),
        cmocka_unit_test(test_a_server_that_refuses),
        cmocka_unit_test(test_a_file_that_fails),
        cmocka_unit_test(test_a_part_that_fails),
        cmocka_unit_test(test_a_line_that_breaks),
        cmocka_unit_test(test_a_server_in_trouble),
        cmocka_unit_test(test_the_lock_is_free),
        cmocka_unit_test(test_orders),
    };
    int failed;

    if (!pool_start(parse_run, 2))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    pool_stop();
    return failed;
}
