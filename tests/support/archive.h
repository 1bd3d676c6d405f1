/*
 * archive.h - articles in order of arrival and the duplicate detector over them, in memory.
 *
 * A story goes by its first article; articles are numbered from 1.
 */
#ifndef WW_TESTS_SUPPORT_ARCHIVE_H
#define WW_TESTS_SUPPORT_ARCHIVE_H

#include "storage/shingle_memory.h"
#include "storage/stories.h"

#include <stdbool.h>
#include <stdint.h>

#define ARCHIVE_ARTICLES_MAX 64

struct archive {
    struct shingle_memory *memory;
    struct shingle_io io;
    struct story_source source;
    struct stories *stories;
    const char *texts[ARCHIVE_ARTICLES_MAX];
    int64_t story_ids[ARCHIVE_ARTICLES_MAX];
    int64_t excerpt_of[ARCHIVE_ARTICLES_MAX];
    int64_t expansion_of[ARCHIVE_ARTICLES_MAX];
    bool is_round_up[ARCHIVE_ARTICLES_MAX];
    int64_t n;
};

void archive_open(struct archive *a);
void archive_close(struct archive *a);

/* Judge and remember a text, which is borrowed; the verdict lives in the arena. */
enum ww_status archive_arrive(struct archive *a, const char *title, const char *text,
                              struct arena *arena, struct story_verdict *out);

#endif
