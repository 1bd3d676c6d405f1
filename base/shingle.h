/*
 * shingle.h - five tokens in a row as one number: what two copies of a story share.
 *
 * Broder's w-shingling ("On the resemblance and containment of documents", 1997) with w = 5 over
 * base/token. SHINGLE_VERSION is stored with every index: a change of tokeniser or hash makes it
 * anew.
 */
#ifndef WW_BASE_SHINGLE_H
#define WW_BASE_SHINGLE_H

#include "base/error.h"
#include "base/token.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define SHINGLE_TOKENS 5
#define SHINGLE_VERSION 1
/*
 * One shingle in twelve is indexed; 1 in 16 costs half a point of F1, 1 in 32 three. Of a text with
 * fewer than SHINGLE_SHORT shingles one in three: of those that tell it from others of its mould a
 * few must be among them.
 */
#define SHINGLE_SAMPLE 12
#define SHINGLE_SAMPLE_SHORT 3
#define SHINGLE_SHORT 144

struct shingle_set {
    uint64_t *hashes; /* sorted, without repeats */
    size_t n_hashes;
};

/* The hash of five tokens that follow one another. */
uint64_t shingle_hash(const struct token *five);

/* Is it one of those that are indexed of a text with so many? What a long text keeps, a short one
 * keeps too. */
bool shingle_is_sampled(uint64_t hash, size_t n_shingles);

/* Make a set of n hashes, in place; the arena lends room for the sorting. */
enum ww_status shingle_sort(uint64_t *hashes, size_t n, struct arena *arena,
                            struct shingle_set *out, struct ww_error *err);

/* All shingles of a text; none when it has fewer than five tokens. */
enum ww_status shingle_make(const struct token_list *tokens, struct arena *arena,
                            struct shingle_set *out, struct ww_error *err);

/* How many hashes two sets share. */
size_t shingle_shared(const struct shingle_set *a, const struct shingle_set *b);

#endif
