/* warc_file.c - the records, and a way to disk. */
#include "tests/support/warc_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include <cmocka.h>

void warc_file_begin(struct warc_file *f, bool is_packed)
{
    *f = (struct warc_file){.is_packed = is_packed};
    (void)snprintf(f->path, sizeof(f->path), "/tmp/wirewatch-warc-%ld", (long)getpid());
    buf_init(&f->bytes, (size_t)64 * 1024 * 1024);
}

void warc_file_put(struct warc_file *f, const char *type, const char *target, struct slice block)
{
    struct buf record;

    buf_init(&record, (size_t)20 * 1024 * 1024);
    buf_printf(&record, "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\n", type, target);
    buf_printf(&record, "WARC-Date: %s\r\n", f->date != NULL ? f->date : "2022-09-13T10:20:30Z");
    if (strcmp(type, "resource") == 0 || strcmp(type, "conversion") == 0)
        buf_add_string(&record, "Content-Type: text/plain\r\n");
    else
        buf_add_string(&record, "Content-Type: application/http; msgtype=response\r\n");
    buf_printf(&record, "Content-Length: %zu\r\n\r\n", block.len);
    buf_add(&record, block);
    buf_add_string(&record, "\r\n\r\n");
    if (f->is_packed) {
        z_stream z = {0};

        assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 31, 8, 0), Z_OK);
        z.next_in = (Bytef *)record.ptr;
        z.avail_in = (unsigned)record.len;
        z.avail_out = (unsigned)deflateBound(&z, record.len);
        z.next_out = (Bytef *)buf_extend(&f->bytes, z.avail_out);
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        buf_truncate(&f->bytes, f->bytes.len - z.avail_out);
        assert_int_equal(deflateEnd(&z), Z_OK);
    } else {
        buf_add(&f->bytes, buf_slice(&record));
    }
    buf_release(&record);
}

void warc_file_put_page(struct warc_file *f, int n, const char *fields)
{
    static const char *const of[] = {"weir", "mill", "quay", "ferry", "lock", "dyke", "tower"};
    const char *what = of[n % 7];
    char target[80], block[2000];

    (void)snprintf(target, sizeof(target), "https://news.example/%s/%d", what, n);
    (void)snprintf(
        block, sizeof(block),
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n%s\r\n"
        "<html><head><title>The %s of year %d</title></head><body><article><h1>The %s of %d</h1>"
        "<p>Nobody in the old harbour town had expected that the %s would be opened %d days late, "
        "and those who had come to see it went home again when the doors stayed shut.</p>"
        "<p>A second gathering, number %d, was told that the %s costs more than was said.</p>"
        "</article></body></html>",
        fields, what, n, what, n, what, n * 3, n * 7, what);
    warc_file_put(f, "response", target, slice_from(block));
}

void warc_file_write(const struct warc_file *f)
{
    FILE *out = fopen(f->path, "wb");

    assert_non_null(out);
    assert_int_equal(fwrite(f->bytes.ptr, 1, f->bytes.len, out), f->bytes.len);
    assert_int_equal(fclose(out), 0);
}

void warc_file_remove(struct warc_file *f)
{
    (void)unlink(f->path);
    buf_release(&f->bytes);
}
