/*
 * bench_texts.h - made articles of about 470 words: common words are common, and a number always
 * gives the same text.
 */
#ifndef WW_TESTS_BENCH_BENCH_TEXTS_H
#define WW_TESTS_BENCH_BENCH_TEXTS_H

#include "base/hash.h"

#include <stddef.h>
#include <stdint.h>

#define WORDS_MEAN 470
#define WORDS_A_SENTENCE 20
#define WORDS_A_PARAGRAPH 60
#define VOCABULARY 20000
#define TEXT_BYTES_MAX (2 * WORDS_MEAN * 12)

static inline uint64_t next_random(uint64_t *x)
{
    *x = *x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *x >> 33;
}

/* The rank of a word is the product of two even draws. */
static inline size_t add_word(char *at, uint64_t *x)
{
    uint64_t rank = next_random(x) % VOCABULARY * (next_random(x) % VOCABULARY) / VOCABULARY;
    uint64_t letters = hash64_mix(rank, 5);
    size_t len = 2 + letters % 8;

    for (size_t i = 0; i < len; i++)
        at[i] = (char)('a' + (letters >> (4 * i + 4)) % 23);
    return len;
}

/* text: TEXT_BYTES_MAX bytes. How many were written is returned. */
static inline size_t make_text(size_t article, char *text)
{
    uint64_t x = hash64_mix(article, 42);
    size_t n = WORDS_MEAN / 2 + next_random(&x) % WORDS_MEAN, used = 0;

    for (size_t i = 0; i < n; i++) {
        used += add_word(text + used, &x);
        if (i % WORDS_A_SENTENCE == WORDS_A_SENTENCE - 1)
            text[used++] = '.';
        text[used++] = i % WORDS_A_PARAGRAPH == WORDS_A_PARAGRAPH - 1 ? '\n' : ' ';
    }
    return used;
}

#endif
