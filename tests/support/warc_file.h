/* warc_file.h - WARC files for tests: records one by one, plain or a gzip member each. */
#ifndef WW_TESTS_SUPPORT_WARC_FILE_H
#define WW_TESTS_SUPPORT_WARC_FILE_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>

/* 2022-09-13T10:20:30Z: the time of every record. */
#define WARC_FILE_CAPTURED_AT 1663064430

struct warc_file {
    char path[80];
    struct buf bytes;
    bool is_packed;
    const char *date; /* of the next record; NULL: that above */
};

void warc_file_begin(struct warc_file *f, bool is_packed);
void warc_file_put(struct warc_file *f, const char *type, const char *target, struct slice block);
/* An answer with an article of its own, at https://news.example/.../n. fields: header lines. */
void warc_file_put_page(struct warc_file *f, int n, const char *fields);
/* To path, which no other test has. */
void warc_file_write(const struct warc_file *f);
void warc_file_remove(struct warc_file *f);

#endif
