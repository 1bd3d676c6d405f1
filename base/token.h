/*
 * token.h - one tokeniser for stories, matching and search.
 *
 * Letters, digits and marks form words; every Han, kana and Hangul character is a token of its own,
 * Han folded from Traditional to Simplified by the table of base/han.c (made from Unicode's
 * Unihan_Variants). Punctuation, quotes and spaces separate and vanish. The hash is of the folded
 * bytes (text_fold), so that spelling variants are the same token.
 */
#ifndef WW_BASE_TOKEN_H
#define WW_BASE_TOKEN_H

#include "base/error.h"
#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

struct arena;

enum token_flag {
    TOKEN_NUMBER = 1,  /* holds a digit and no letter */
    TOKEN_CAPITAL = 2, /* begins with an upper-case letter in the original */
    TOKEN_CJK = 4,     /* one Han, kana or Hangul character */
    TOKEN_SENTENCE =
        8, /* first of a sentence (simple rule: after . ! ? or CJK stop, or a line break) */
    TOKEN_PARAGRAPH = 16, /* first of a line */
    TOKEN_ALL_CAPITALS = 32,
    TOKEN_GLUED = 64 /* nothing between it and the token before */
};

struct token {
    uint64_t hash;       /* hash64 of the folded bytes */
    struct slice folded; /* borrowed from the arena */
    uint32_t start;      /* bytes of the original */
    uint32_t end;
    uint32_t flags;
    uint32_t head; /* token_head of the folded bytes */
};

/* The first bytes of a word in a number, by which stems are found; 0: it has fewer. */
#define TOKEN_HEAD_BYTES 3

static inline uint32_t token_head(struct slice folded)
{
    const unsigned char *p = (const unsigned char *)folded.ptr;

    if (folded.len < TOKEN_HEAD_BYTES)
        return 0;
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

struct token_list {
    struct token *tokens;
    size_t n_tokens;
};

/* text is valid UTF-8; out lives in the arena. */
enum ww_status token_scan(struct slice text, struct arena *arena, struct token_list *out,
                          struct ww_error *err);

#endif
