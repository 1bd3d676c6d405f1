/*
 * bench_warc.c - a packed WARC file of pages: its records read, and whole backfills of it with
 * their articles, stories and mentions, beside bare inflate of the same bytes; on one core and on
 * two; and what a file takes that is ten times as long. Pages: the folder WW_BENCH_PAGES (HTML,
 * perhaps gzipped), else some made here of words that do not repeat.
 */
#define _DEFAULT_SOURCE /* mkdtemp */
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "feeds/warc.h"
#include "tests/bench/bench.h"
#include "tests/support/pages.h"
#include "tests/support/spent.h"

#include <string.h>
#include <unistd.h>

#include <zlib.h>

#define PAGES_MAX 600
#define MADE_PAGES 1500
#define FOLDER_BYTES 64
#define PATH_BYTES (FOLDER_BYTES + 32)
#define TIMES 10 /* as long */
#define ROUND_S 2.0

struct bench {
    char folder[FOLDER_BYTES];
    char program[512];
    struct buf file; /* the WARC file */
    double html_mb, file_mb;
};

static int fail(const char *what)
{
    (void)fprintf(stderr, "bench_warc: %s\n", what);
    return 1;
}

static void path_of(const struct bench *b, const char *name, char path[PATH_BYTES])
{
    (void)snprintf(path, PATH_BYTES, "%s/%s", b->folder, name);
}

/* ---- the file -------------------------------------------------------------------------------- */

static void put_member(struct buf *out, struct slice record)
{
    z_stream z = {0};
    size_t room;

    if (deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, 0) != Z_OK)
        abort();
    room = deflateBound(&z, record.len);
    z.next_out = (Bytef *)buf_extend(out, room);
    z.avail_out = (unsigned)room;
    z.next_in = (Bytef *)(uintptr_t)record.ptr;
    z.avail_in = (unsigned)record.len;
    if (z.next_out == NULL || deflate(&z, Z_FINISH) != Z_STREAM_END)
        abort();
    buf_truncate(out, out->len - z.avail_out);
    (void)deflateEnd(&z);
}

static void put_page(struct bench *b, size_t n, struct slice html)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
    struct buf record;

    buf_init(&record, REQUEST_MAX_BYTES);
    buf_printf(&record,
               "WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2022-09-13T10:20:30Z\r\n"
               "WARC-Target-URI: https://site%zu.example/news/%zu\r\n"
               "Content-Type: application/http; msgtype=response\r\nContent-Length: %zu\r\n\r\n%s",
               n % 40, n, sizeof(head) - 1 + html.len, head);
    buf_add(&record, html);
    buf_add_string(&record, "\r\n\r\n");
    put_member(&b->file, buf_slice(&record));
    buf_release(&record);
    b->html_mb += (double)html.len / 1e6;
}

static unsigned draw(unsigned *state, unsigned below)
{
    *state = *state * 1664525U + 1013904223U;
    return (*state >> 8) % below;
}

/* Two thirds script and markup, as news pages have, and 600 words of prose. */
static void make_page(unsigned page, struct buf *b)
{
    static const char *const parts[] = {"ba", "ro", "ten", "mi", "lu", "ske", "dor", "fa", "nil"};
    unsigned state = page * 7919 + 1;

    buf_reset(b);
    buf_printf(b, "<!doctype html><html lang=en><head><title>Page %u</title><script>", page);
    for (unsigned i = 0; i < 2000; i++)
        buf_printf(b, "window.q%u=window.q%u||function(a){return a<%u&&'<b>'+a+'</b>'};\n", i, i,
                   draw(&state, 10000));
    buf_add_string(b, "</script></head><body><nav><ul>");
    for (unsigned i = 0; i < 200; i++)
        buf_printf(b, "<li class=\"n n%u\"><a href=\"/s/%u?x=1&amp;y=2\">Section %u</a></li>", i, i,
                   draw(&state, 1000));
    buf_printf(b, "</ul></nav><main><article><h1>What page %u says</h1>", page);
    for (unsigned i = 0; i < 20; i++) {
        buf_add_string(b, "<p>The ");
        for (unsigned word = 0; word < 30; word++) {
            for (unsigned n = 2 + draw(&state, 2); n > 0; n--)
                buf_add_string(b, parts[draw(&state, WW_COUNT(parts))]);
            buf_add_string(b, word % 9 == 8 ? ", and the " : word % 3 == 2 ? " of the " : " ");
        }
        buf_add_string(b, "year.</p>");
    }
    buf_add_string(b, "</article></main><footer><p>Contact, imprint</p></footer></body></html>");
}

static void make_file(struct bench *b)
{
    struct pages *pages = pages_open(getenv("WW_BENCH_PAGES"));
    struct page page;
    struct buf made;
    size_t n = 0;

    buf_init(&b->file, (size_t)1 << 30);
    buf_init(&made, BODY_INFLATED_MAX_BYTES);
    while (pages != NULL && n < PAGES_MAX && pages_next(pages, &page))
        put_page(b, n++, page.raw);
    for (; pages == NULL && n < MADE_PAGES; n++) {
        make_page((unsigned)n, &made);
        put_page(b, n, buf_slice(&made));
    }
    pages_close(pages);
    buf_release(&made);
    b->file_mb = (double)b->file.len / 1e6;
}

/* ---- reading it ------------------------------------------------------------------------------ */

static enum ww_status give(void *context, int64_t offset, char *room, size_t len, size_t *got,
                           struct ww_error *err)
{
    const struct bench *b = context;
    const struct slice left = slice_head(slice_skip(buf_slice(&b->file), (size_t)offset), len);

    WW_UNUSED(err);
    memcpy(room, left.ptr, left.len);
    *got = left.len;
    return WW_OK;
}

static bool read_records(struct bench *b, struct buf *block)
{
    const struct warc_source source = {
        .read = give, .context = b, .bytes = (int64_t)b->file.len, .seeks = true};
    struct warc_reader *w = NULL;
    struct warc_record record;
    enum ww_status status = warc_open(&source, 0, &w, NULL);

    while (status == WW_OK) {
        buf_reset(block);
        status = warc_next(w, &record, NULL);
        if (status == WW_OK)
            status = warc_block(w, block, NULL);
    }
    warc_close(w);
    return status == WW_NOT_FOUND;
}

static bool inflate_members(struct bench *b)
{
    static unsigned char room[65536];
    z_stream z = {.next_in = (Bytef *)b->file.ptr, .avail_in = (unsigned)b->file.len};
    int code = inflateInit2(&z, 16 + MAX_WBITS);

    while (code == Z_OK || (code == Z_STREAM_END && z.avail_in > 0)) {
        if (code == Z_STREAM_END)
            (void)inflateReset(&z);
        z.next_out = room;
        z.avail_out = sizeof(room);
        code = inflate(&z, Z_NO_FLUSH);
    }
    (void)inflateEnd(&z);
    return code == Z_STREAM_END;
}

/* MB of HTML a processor second. */
static double measure(struct bench *b, struct buf *block)
{
    const double begun = bench_cpu_s();
    double s = 0;
    int rounds = 0;

    for (; s < ROUND_S; s = bench_cpu_s() - begun) {
        if (block != NULL ? !read_records(b, block) : !inflate_members(b))
            return 0;
        rounds++;
    }
    return b->html_mb * rounds / s;
}

/* ---- backfills ------------------------------------------------------------------------------- */

static bool write_file(const struct bench *b, const char *name, int times)
{
    char path[PATH_BYTES];
    FILE *f;
    bool ok = true;

    path_of(b, name, path);
    f = fopen(path, "wb");
    for (int i = 0; f != NULL && i < times; i++)
        ok = fwrite(b->file.ptr, 1, b->file.len, f) == b->file.len && ok;
    return f != NULL && fclose(f) == 0 && ok;
}

/* Into a fresh desk, on these processors. */
static struct spent backfill(const struct bench *b, const char *name, const char *cores)
{
    static const char *const old[] = {"wirewatch.db", "wirewatch.db-wal", "wirewatch.db-shm"};
    char path[PATH_BYTES], config[PATH_BYTES], db[PATH_BYTES];
    FILE *f;

    for (size_t i = 0; i < WW_COUNT(old); i++) {
        path_of(b, old[i], path);
        (void)unlink(path);
    }
    path_of(b, "wirewatch.conf", config);
    path_of(b, "wirewatch.db", db);
    path_of(b, name, path);
    f = fopen(config, "w");
    if (f == NULL)
        return (struct spent){.status = -1};
    (void)fprintf(f, "[wirewatch]\ncontact = bench@example.org\n");
    (void)fclose(f);
    if (spent_run((const char *const[]){b->program, "-q", "-c", config, "-D", db, "init", NULL})
            .status != 0)
        return (struct spent){.status = -1};
    return spent_run((const char *const[]){"taskset", "-c", cores, b->program, "-q", "-c", config,
                                           "-D", db, "backfill", "files", path, NULL});
}

static int run_backfills(struct bench *b, double inflate_mb)
{
    struct spent one, two, ten;

    if (!write_file(b, "x.warc.gz", 1) || !write_file(b, "long.warc.gz", TIMES))
        return fail("no room for the files");
    one = backfill(b, "x.warc.gz", "0");
    two = backfill(b, "x.warc.gz", "0,1");
    ten = backfill(b, "long.warc.gz", "0,1");
    if (one.status != 0)
        return fail("the backfill failed");
    bench_report("WARC to articles, stories, alerts, MB of HTML a CPU s (peer: bare inflate)",
                 b->html_mb / one.cpu_s, inflate_mb, "MB/s", true);
    if (two.status == 0) /* else there is one core */
        bench_report("WARC to articles on two cores (peer: on one)", two.wall_s, one.wall_s, "s",
                     false);
    if (ten.status == 0)
        bench_report("WARC ten times as long, peak of all processes (peer: once)", ten.pss_mb,
                     two.pss_mb, "MB", false);
    return 0;
}

static void remove_all(const struct bench *b)
{
    (void)spent_run((const char *const[]){"rm", "-rf", b->folder, NULL});
}

int main(void)
{
    struct bench b = {.folder = "/tmp/wirewatch-bench-XXXXXX"};
    struct buf block;
    double ours, peer;
    int status;

    (void)snprintf(b.program, sizeof(b.program), "%s/wirewatch", getenv("B"));
    if (getenv("B") == NULL || access(b.program, X_OK) != 0)
        return 77;
    if (mkdtemp(b.folder) == NULL)
        return fail("no folder");
    buf_init(&block, WARC_BLOCK_MAX_BYTES);
    make_file(&b);
    ours = measure(&b, &block);
    peer = measure(&b, NULL);
    bench_report("WARC records, MB of HTML a CPU s (peer: bare inflate)", ours, peer, "MB/s", true);
    status = run_backfills(&b, peer);
    remove_all(&b);
    buf_release(&block);
    buf_release(&b.file);
    return status;
}
