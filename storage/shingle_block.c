/* shingle_block.c - Elias and Fano's code, and a Bloom filter in blocks. */
#include "storage/shingle_block.h"

#include "base/buf.h"
#include "base/lowest_first.h"

#include <string.h>

#define HEADER_BYTES 16
/* Behind the last posting: numbers are read eight bytes at a time. */
#define PADDING_BYTES 8

/* As lowest_first_get, unrolled: most of a look-up is this. */
static inline uint64_t load64(const unsigned char *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

static inline uint32_t load32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static unsigned bits_of(uint64_t most)
{
    return most == 0 ? 0 : 64 - (unsigned)__builtin_clzll(most);
}

/* At most SHINGLE_VALUE_BITS wide: with seven bits of shift they are within eight bytes. */
static uint64_t bits_at(const unsigned char *p, size_t at, unsigned width)
{
    return load64(p + at / 8) >> (at % 8) & (((uint64_t)1 << width) - 1);
}

static void put_bits(unsigned char *p, size_t at, uint64_t value)
{
    p += at / 8;
    lowest_first_put(p, 8, load64(p) | value << (at % 8));
}

/* ---- packing --------------------------------------------------------------------------------- */

/* The lower bits that make the whole shortest: about one unary step a posting is left. */
static unsigned choose_low_bits(size_t n, uint64_t key_span)
{
    unsigned bits = bits_of(key_span / n);

    return bits == 0 ? 0 : bits - 1;
}

size_t block_measure(size_t n, uint64_t key_span, uint64_t value_span)
{
    unsigned low_bits = choose_low_bits(n, key_span);
    size_t bits = n + (size_t)(key_span >> low_bits) + 8 + n * (low_bits + bits_of(value_span));

    return HEADER_BYTES + bits / 8 + PADDING_BYTES;
}

void block_pack(const struct posting *postings, size_t n, struct buf *out)
{
    uint64_t first_key = postings[0].key, span = postings[n - 1].key - first_key;
    int64_t least = postings[0].value, most = least;
    unsigned low_bits = choose_low_bits(n, span), value_bits;
    size_t n_high_bytes = (n + (size_t)(span >> low_bits) + 7) / 8, n_bytes;
    unsigned char *bytes, *pairs;

    for (size_t i = 1; i < n; i++) {
        least = postings[i].value < least ? postings[i].value : least;
        most = postings[i].value > most ? postings[i].value : most;
    }
    value_bits = bits_of((uint64_t)(most - least));
    n_bytes = HEADER_BYTES + n_high_bytes + (n * (low_bits + value_bits) + 7) / 8 + PADDING_BYTES;
    bytes = (unsigned char *)buf_extend(out, n_bytes);
    if (bytes == NULL)
        return;
    memset(bytes, 0, n_bytes);
    lowest_first_put(bytes, 2, n);
    lowest_first_put(bytes + 2, 1, low_bits);
    lowest_first_put(bytes + 3, 1, value_bits);
    lowest_first_put(bytes + 4, 4, n_high_bytes);
    lowest_first_put(bytes + 8, 8, (uint64_t)least);
    pairs = bytes + HEADER_BYTES + n_high_bytes;
    for (size_t i = 0; i < n; i++) {
        uint64_t distance = postings[i].key - first_key;
        size_t high = (size_t)(distance >> low_bits) + i;
        size_t at = i * (low_bits + value_bits);

        bytes[HEADER_BYTES + high / 8] |= (unsigned char)(1u << (high % 8));
        put_bits(pairs, at, distance & (((uint64_t)1 << low_bits) - 1));
        put_bits(pairs, at + low_bits, (uint64_t)(postings[i].value - least));
    }
}

bool block_open(struct slice bytes, uint64_t first_key, struct block *out)
{
    const unsigned char *p = (const unsigned char *)bytes.ptr;
    size_t rest;

    *out = (struct block){.first_key = first_key};
    if (bytes.len < HEADER_BYTES + PADDING_BYTES)
        return false;
    out->n_postings = (size_t)lowest_first_get(p, 2);
    out->low_bits = p[2];
    out->value_bits = p[3];
    out->n_high_bytes = (size_t)lowest_first_get(p + 4, 4);
    out->first_value = (int64_t)lowest_first_get(p + 8, 8);
    out->highs = p + HEADER_BYTES;
    out->pairs = out->highs + out->n_high_bytes;
    rest = bytes.len - HEADER_BYTES - PADDING_BYTES;
    return out->n_postings > 0 && out->low_bits < SHINGLE_KEY_BITS &&
           out->value_bits <= SHINGLE_VALUE_BITS && out->first_value >= 0 &&
           out->first_value < (int64_t)1 << SHINGLE_VALUE_BITS && out->n_high_bytes <= rest &&
           rest - out->n_high_bytes ==
               (out->n_postings * (out->low_bits + out->value_bits) + 7) / 8;
}

/* ---- finding, unpacking ---------------------------------------------------------------------- */

static uint64_t low_at(const struct block *b, size_t i)
{
    return bits_at(b->pairs, i * (b->low_bits + b->value_bits), b->low_bits);
}

static int64_t value_at(const struct block *b, size_t i)
{
    return b->first_value + (int64_t)bits_at(b->pairs,
                                             i * (b->low_bits + b->value_bits) + b->low_bits,
                                             b->value_bits);
}

/* Where the highs behind the n-th zero begin; the end when there are fewer. */
static size_t skip_zeros(const struct block *b, size_t n)
{
    size_t at = 0, end = 8 * b->n_high_bytes;

    while (n > 0 && at + 64 <= end) {
        size_t n_zeros = (size_t)__builtin_popcountll(~load64(b->highs + at / 8));

        if (n_zeros >= n)
            break;
        n -= n_zeros;
        at += 64;
    }
    for (; n > 0 && at < end; at++)
        n -= (b->highs[at / 8] >> (at % 8) & 1) == 0;
    return at;
}

uint64_t block_last_key(const struct block *b)
{
    size_t at = 8 * b->n_high_bytes, i = b->n_postings - 1;

    while (at > 0 && (b->highs[(at - 1) / 8] >> ((at - 1) % 8) & 1) == 0)
        at--;
    /* A damaged one may have fewer than it says. */
    return at <= i ? b->first_key
                   : b->first_key + ((uint64_t)(at - 1 - i) << b->low_bits | low_at(b, i));
}

size_t block_find(const struct block *b, uint64_t key, int64_t *values, size_t n, size_t max)
{
    uint64_t distance = key - b->first_key, high = distance >> b->low_bits;
    uint64_t low = distance & (((uint64_t)1 << b->low_bits) - 1);
    size_t at;

    if (key < b->first_key || high > 8 * b->n_high_bytes)
        return n;
    at = skip_zeros(b, (size_t)high);
    for (; n < max && at < 8 * b->n_high_bytes && (b->highs[at / 8] >> (at % 8) & 1) != 0; at++) {
        size_t i = at - (size_t)high;
        bool is_known = false;
        int64_t value;

        if (i >= b->n_postings || low_at(b, i) > low)
            break;
        if (low_at(b, i) < low)
            continue;
        value = value_at(b, i);
        for (size_t k = 0; k < n; k++)
            is_known |= values[k] == value;
        if (!is_known)
            values[n++] = value;
    }
    return n;
}

size_t block_unpack(const struct block *b, uint64_t from, uint64_t below, struct posting *out)
{
    uint64_t first_high = from <= b->first_key ? 0 : (from - b->first_key) >> b->low_bits;
    size_t n = 0, end = 8 * b->n_high_bytes, at, i;

    if (first_high > end)
        return 0;
    at = skip_zeros(b, (size_t)first_high);
    i = at - (size_t)first_high;
    for (; at < end && i < b->n_postings; at++) {
        uint64_t key;

        if ((b->highs[at / 8] >> (at % 8) & 1) == 0)
            continue;
        key = b->first_key + ((uint64_t)(at - i) << b->low_bits | low_at(b, i));
        if (key >= below)
            break;
        if (key >= from)
            out[n++] = (struct posting){key, value_at(b, i)};
        i++;
    }
    return n;
}

/* ---- filters --------------------------------------------------------------------------------- */

#define BUCKET_WORDS (FILTER_BUCKET_BYTES / 4)

/* https://parquet.apache.org/docs/file-format/bloomfilter/ */
static const uint32_t salts[BUCKET_WORDS] = {0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d,
                                             0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31};

size_t filter_measure(size_t n_keys, unsigned bits_a_key)
{
    size_t n = (n_keys * bits_a_key + 8 * FILTER_BUCKET_BYTES - 1) / (8 * FILTER_BUCKET_BYTES);

    return (n == 0 ? 1 : n) * FILTER_BUCKET_BYTES;
}

/* The keys of one filter begin alike: all of their bits make both the bucket and the bits in it. */
static uint64_t spread(uint64_t key)
{
    key *= UINT64_C(0x9E3779B97F4A7C15);
    return key ^ key >> 29;
}

static inline size_t bucket_of(uint64_t spread_key, size_t len)
{
    return (size_t)((spread_key >> 32) * (len / FILTER_BUCKET_BYTES) >> 32) * FILTER_BUCKET_BYTES;
}

const unsigned char *filter_bucket(const unsigned char *bytes, size_t len, uint64_t key)
{
    return bytes + bucket_of(spread(key), len);
}

void filter_add(unsigned char *bytes, size_t len, uint64_t key)
{
    uint64_t h = spread(key);

    bytes += bucket_of(h, len);
    for (size_t i = 0; i < BUCKET_WORDS; i++) {
        uint32_t bit = (uint32_t)h * salts[i] >> 27;

        bytes[4 * i + bit / 8] |= (unsigned char)(1u << (bit % 8));
    }
}

/*
 * All eight words, whatever the first ones say: an early end is a branch nobody can foresee, and
 * the processor could not ask for the filters of other keys meanwhile.
 */
bool filter_holds(const unsigned char *bytes, size_t len, uint64_t key)
{
    uint64_t h = spread(key);
    uint32_t missing = 0;

    bytes += bucket_of(h, len);
    for (size_t i = 0; i < BUCKET_WORDS; i++)
        missing |= ~load32(bytes + 4 * i) & (uint32_t)1 << ((uint32_t)h * salts[i] >> 27);
    return missing == 0;
}
