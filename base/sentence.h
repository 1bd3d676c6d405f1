/*
 * sentence.h - where sentences and paragraphs of a text begin and end.
 *
 * ICU's sentence boundaries (UAX 29) with the abbreviations of the language left whole ("Mr.").
 * A line is a paragraph, unless it was only wrapped: it ends without a stop and the next begins
 * small, or a word is cut at its end.
 */
#ifndef WW_BASE_SENTENCE_H
#define WW_BASE_SENTENCE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct sentence {
    uint32_t start; /* bytes, without white space at either end */
    uint32_t end;
    uint32_t paragraph; /* counts from 0 */
};

struct sentence_list {
    struct sentence *rows;
    size_t n_rows;
};

/*
 * text is valid UTF-8 under 2 GiB; language is a BCP 47 tag or empty. Empty lines are no sentence.
 */
enum ww_status sentence_scan(struct slice text, struct slice language, struct arena *arena,
                             struct sentence_list *out, struct ww_error *err);

/*
 * Iterators that wait for the next text of their language. To open one takes a millisecond where a
 * language has abbreviations, twenty times what cutting an article does. May be shared by threads.
 */
struct sentence_pool;

/* Lives in the arena and is closed with it; NULL when that is full. */
struct sentence_pool *sentence_pool_open(struct arena *arena);

/* sentence_scan with an iterator of the pool; without a pool, with one of its own. */
enum ww_status sentence_scan_pooled(struct sentence_pool *pool, struct slice text,
                                    struct slice language, struct arena *arena,
                                    struct sentence_list *out, struct ww_error *err);

/*
 * In a script without spaces: does a word of the dictionary reach over an edge of text[start, end)?
 * The two characters in the middle of "ab|cd" are no name. False when ICU cannot say.
 */
bool sentence_cuts_word(struct slice text, size_t start, size_t end);

#endif
