/*
 * story_text.h - a text made ready for being compared: tokens, sentences, shingles.
 *
 * Everything lives in the arena. First read; then say in is_furniture which tokens count for none;
 * then take the samples that are indexed, or settle the set that is compared.
 */
#ifndef WW_STORAGE_STORY_TEXT_H
#define WW_STORAGE_STORY_TEXT_H

#include "base/error.h"
#include "base/limits.h"
#include "base/shingle.h"
#include "base/slice.h"
#include "base/token.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct story_sentence {
    size_t first, end; /* tokens */
    uint64_t hash;
    int64_t stories[STORY_FURNITURE]; /* it was seen in */
    size_t n_stories;
};

/* A text made ready for comparing. */
struct story_text {
    struct slice text;
    struct token_list tokens, title;
    uint64_t *shingles; /* one for each position but the last four */
    size_t n_shingles;
    struct story_sentence *sentences; /* those of at least six tokens */
    size_t n_sentences;
    bool *is_furniture; /* per token: in a sentence that counts for none */
    /* Without those that begin in furniture: */
    struct shingle_set samples; /* what a short text would have indexed: story_text_sample */
    uint64_t *fresh;            /* those to index: samples of this text whose list has room */
    size_t n_fresh;
    struct shingle_set set; /* all: story_text_settle */
};

/* The first STORY_TEXT_MAX_BYTES count. */
enum ww_status story_text_read(struct slice title, struct slice text, struct arena *arena,
                               struct story_text *out, struct ww_error *err);

/* Once is_furniture says what does not count. */
enum ww_status story_text_sample(struct story_text *t, struct arena *arena, struct ww_error *err);
enum ww_status story_text_settle(struct story_text *t, struct arena *arena, struct ww_error *err);

#endif
