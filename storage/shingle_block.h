/*
 * shingle_block.h - the bytes of the duplicate index: packed postings, and filters.
 *
 * A block is sorted postings in the code of Elias and Fano (Vigna, "Quasi-succinct indices", 2013):
 * of each key's distance from the first the upper part in unary, the lower part in as many bits as
 * the block needs; then the value less the block's least one. Some 33 bits a posting, however many
 * there are, and a key is found without unpacking the block.
 *
 * A filter is the split block Bloom filter of Apache Parquet: eight bits of 32 bytes for a key. It
 * says "not here" with one look into memory.
 *
 * Bytes are little-endian. What is no block is refused; any 32 bytes are a filter.
 */
#ifndef WW_STORAGE_SHINGLE_BLOCK_H
#define WW_STORAGE_SHINGLE_BLOCK_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

#define SHINGLE_KEY_BITS 36
#define SHINGLE_VALUE_BITS 56
/*
 * What of short texts alone is indexed, and looked up for every text, has the last keys to itself:
 * there are few of them, so that their filters stay in the processor's cache.
 */
#define SHINGLE_SHORT_PART 16
#define SHINGLE_SHORT_FIRST \
    (((uint64_t)1 << SHINGLE_KEY_BITS) / SHINGLE_SHORT_PART * (SHINGLE_SHORT_PART - 1))
#define BLOCK_POSTINGS_MAX UINT16_MAX
#define FILTER_BUCKET_BYTES 32

struct posting {
    uint64_t key;  /* below 2^SHINGLE_KEY_BITS */
    int64_t value; /* below 2^SHINGLE_VALUE_BITS */
};

struct block {
    const unsigned char *highs, *pairs;
    size_t n_postings, n_high_bytes;
    unsigned low_bits, value_bits;
    uint64_t first_key;
    int64_t first_value;
};

/* Bytes that n postings between two keys and two values take, about: rarely more. */
size_t block_measure(size_t n, uint64_t key_span, uint64_t value_span);

/* Append one block: n (from 1 to BLOCK_POSTINGS_MAX) postings, sorted by key. */
void block_pack(const struct posting *postings, size_t n, struct buf *out);

/* first_key is the one it was packed with. False: damaged. out borrows bytes. */
bool block_open(struct slice bytes, uint64_t first_key, struct block *out);

uint64_t block_last_key(const struct block *b);

/* Append the values of key, those not in the list yet, until it has max. The new number. */
size_t block_find(const struct block *b, uint64_t key, int64_t *values, size_t n, size_t max);

/* The postings with from <= key < below, in order; out has room for b->n_postings. How many. */
size_t block_unpack(const struct block *b, uint64_t from, uint64_t below, struct posting *out);

size_t filter_measure(size_t n_keys, unsigned bits_a_key);
/* bytes: filter_measure's number of them, zero at first. */
void filter_add(unsigned char *bytes, size_t len, uint64_t key);
/* The bytes that are going to be looked at: to be fetched in time. */
const unsigned char *filter_bucket(const unsigned char *bytes, size_t len, uint64_t key);
bool filter_holds(const unsigned char *bytes, size_t len, uint64_t key);

#endif
