/* shingle_run.c - the bytes of a run: blocks, filter, merging. */
#include "storage/shingle_run.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/shingle.h"

#include <string.h>

#define RUN_BLOCK_POSTINGS 384
#define FILTER_BITS_A_POSTING 12
#define FILTER_WORD_BYTES 8
#define BLOCK_ARENA_MAX_BYTES ((size_t)64 << 20)

/* What the bytes of a block mean, from the row of its run. */
struct run_shape {
    unsigned block_bits; /* first bits of a key: the number of its block */
    unsigned key_bytes, value_bytes;
    int64_t first_value;
};

static unsigned bytes_for(uint64_t most)
{
    unsigned n = 1;

    while (n < 8 && most >> (8 * n) != 0)
        n++;
    return n;
}

static uint64_t load(const char *bytes, unsigned n)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < n; i++)
        value |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
    return value;
}

static void store(struct buf *out, uint64_t value, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        buf_add_char(out, (char)(value >> (8 * i) & 0xFF));
}

/* False when the row is not one of ours. */
static bool read_shape(const struct shingle_run *run, struct run_shape *out)
{
    *out = (struct run_shape){.first_value = run->first_article_id};
    while (out->block_bits < 32 && (int64_t)1 << out->block_bits < run->n_blocks)
        out->block_bits++;
    if ((int64_t)1 << out->block_bits != run->n_blocks || run->first_article_id < 0 ||
        run->last_article_id < run->first_article_id)
        return false;
    out->key_bytes = (SHINGLE_KEY_BITS - out->block_bits + 7) / 8;
    out->value_bytes = bytes_for((uint64_t)(run->last_article_id - run->first_article_id));
    return true;
}

static uint64_t key_rest(const struct run_shape *shape, uint64_t key)
{
    return key & (((uint64_t)1 << (SHINGLE_KEY_BITS - shape->block_bits)) - 1);
}

static int64_t key_block(const struct run_shape *shape, uint64_t key)
{
    return (int64_t)(key >> (SHINGLE_KEY_BITS - shape->block_bits));
}

/* ---- the filter: four bits of one word for a key --------------------------------------------- */

static size_t filter_words(size_t n_postings)
{
    return n_postings * FILTER_BITS_A_POSTING / (8 * FILTER_WORD_BYTES) + 1;
}

static void filter_place(uint64_t key, size_t n_words, size_t *word, uint64_t *bits)
{
    uint64_t h = hash64_mix(key, 0);

    *word = (size_t)((h >> 32) * n_words >> 32); /* n_words is under 2^32: runs are smaller */
    *bits = (uint64_t)1 << (h & 63) | (uint64_t)1 << (h >> 6 & 63) | (uint64_t)1 << (h >> 12 & 63) |
            (uint64_t)1 << (h >> 18 & 63);
}

static bool filter_holds(struct slice filter, uint64_t key)
{
    size_t word;
    uint64_t bits;

    if (filter.len < FILTER_WORD_BYTES)
        return true;
    filter_place(key, filter.len / FILTER_WORD_BYTES, &word, &bits);
    return (load(filter.ptr + word * FILTER_WORD_BYTES, FILTER_WORD_BYTES) & bits) == bits;
}

/* ---- cursors --------------------------------------------------------------------------------- */

int posting_compare(const void *a, const void *b)
{
    const struct posting *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

struct posting_cursor posting_cursor_of_array(const struct posting *postings, size_t n)
{
    return (struct posting_cursor){.postings = postings, .n_postings = n};
}

struct posting_cursor posting_cursor_of_run(const struct shingle_run *run)
{
    struct posting_cursor c = {.run = run};

    arena_init(&c.arena, BLOCK_ARENA_MAX_BYTES);
    return c;
}

void posting_cursor_release(struct posting_cursor *c)
{
    if (c->run != NULL)
        arena_release(&c->arena);
}

static void rewind_cursor(struct posting_cursor *c)
{
    c->at = 0;
    if (c->run != NULL) {
        c->n_postings = 0;
        c->next_block = 0;
    }
}

/* The next block that holds something becomes the cursor's array. */
static enum ww_status read_block(const struct shingle_io *io, struct posting_cursor *c,
                                 struct ww_error *err)
{
    struct run_shape shape;
    unsigned width;

    if (!read_shape(c->run, &shape))
        return ww_fail(err, WW_STORE, "duplicate index: run %lld is damaged",
                       (long long)c->run->id);
    width = shape.key_bytes + shape.value_bytes;
    c->at = c->n_postings = 0;
    while (c->n_postings == 0 && c->next_block < c->run->n_blocks) {
        struct slice bytes;
        struct posting *postings;
        uint64_t first = (uint64_t)c->next_block << (SHINGLE_KEY_BITS - shape.block_bits);
        enum ww_status status;

        arena_reset(&c->arena);
        status = io->block(io->state, c->run->id, c->next_block, &c->arena, &bytes, err);
        if (status != WW_OK)
            return status;
        c->next_block++;
        c->n_postings = bytes.len / width;
        postings = arena_array(&c->arena, c->n_postings, sizeof(*postings));
        if (postings == NULL)
            return arena_check(&c->arena, err);
        for (size_t i = 0; i < c->n_postings; i++) {
            const char *at = bytes.ptr + i * width;

            postings[i].key = first | load(at, shape.key_bytes);
            postings[i].value =
                shape.first_value + (int64_t)load(at + shape.key_bytes, shape.value_bytes);
        }
        c->postings = postings;
    }
    return WW_OK;
}

/* The smallest posting of all cursors. *is_end when there is none. */
static enum ww_status next_posting(const struct shingle_io *io, struct posting_cursor *cursors,
                                   size_t n_cursors, struct posting *out, bool *is_end,
                                   struct ww_error *err)
{
    struct posting_cursor *least = NULL;

    for (size_t i = 0; i < n_cursors; i++) {
        struct posting_cursor *c = &cursors[i];

        if (c->at == c->n_postings && c->run != NULL) {
            enum ww_status status = read_block(io, c, err);

            if (status != WW_OK)
                return status;
        }
        if (c->at < c->n_postings &&
            (least == NULL ||
             posting_compare(&c->postings[c->at], &least->postings[least->at]) < 0))
            least = c;
    }
    *is_end = least == NULL;
    if (least != NULL)
        *out = least->postings[least->at++];
    return WW_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* First pass: how many postings there are, which values they span, and the filter. */
static enum ww_status measure(const struct shingle_io *io, struct posting_cursor *cursors,
                              size_t n_cursors, struct buf *filter, struct shingle_run *run,
                              struct ww_error *err)
{
    struct posting p, before = {0};
    size_t n_words, n_most = 0;
    bool is_end = false;
    char *words;

    for (size_t i = 0; i < n_cursors; i++)
        n_most +=
            cursors[i].run == NULL ? cursors[i].n_postings : (size_t)cursors[i].run->n_postings;
    n_words = filter_words(n_most);
    words = buf_extend(filter, n_words * FILTER_WORD_BYTES);
    if (words == NULL)
        return buf_finish(filter, err);
    memset(words, 0, n_words * FILTER_WORD_BYTES);
    for (;;) {
        enum ww_status status = next_posting(io, cursors, n_cursors, &p, &is_end, err);
        size_t word;
        uint64_t bits;

        if (status != WW_OK || is_end)
            return status;
        if (run->n_postings > 0 && posting_compare(&p, &before) == 0)
            continue;
        filter_place(p.key, n_words, &word, &bits);
        for (unsigned i = 0; i < FILTER_WORD_BYTES; i++)
            words[word * FILTER_WORD_BYTES + i] |= (char)(bits >> (8 * i) & 0xFF);
        if (run->n_postings == 0 || p.value < run->first_article_id)
            run->first_article_id = p.value;
        if (run->n_postings == 0 || p.value > run->last_article_id)
            run->last_article_id = p.value;
        run->n_postings++;
        before = p;
    }
}

/* Second pass: the blocks. */
static enum ww_status write_blocks(const struct shingle_io *io, struct posting_cursor *cursors,
                                   size_t n_cursors, const struct shingle_run *run,
                                   struct buf *block, struct ww_error *err)
{
    struct run_shape shape;
    struct posting p, before = {0};
    int64_t number = 0;
    bool is_end = false, is_first = true;
    enum ww_status status;

    (void)read_shape(run, &shape);
    while (number < run->n_blocks) {
        status = next_posting(io, cursors, n_cursors, &p, &is_end, err);
        if (status != WW_OK)
            return status;
        if (!is_end && !is_first && posting_compare(&p, &before) == 0)
            continue;
        while (number < run->n_blocks && (is_end || number < key_block(&shape, p.key))) {
            status = buf_finish(block, err);
            if (status == WW_OK)
                status = io->put_block(io->state, run->id, number++, buf_slice(block), err);
            if (status != WW_OK)
                return status;
            buf_reset(block);
        }
        if (is_end)
            break;
        store(block, key_rest(&shape, p.key), shape.key_bytes);
        store(block, (uint64_t)(p.value - shape.first_value), shape.value_bytes);
        before = p;
        is_first = false;
    }
    return WW_OK;
}

enum ww_status run_write(const struct shingle_io *io, struct slice kind, int64_t level,
                         struct posting_cursor *cursors, size_t n_cursors, struct ww_error *err)
{
    struct shingle_run run = {
        .kind = kind, .version = SHINGLE_VERSION, .level = level, .n_blocks = 1};
    struct buf filter, block;
    enum ww_status status;

    buf_init(&filter, SHINGLE_MEMORY_MAX_BYTES);
    buf_init(&block, BLOCK_ARENA_MAX_BYTES);
    for (size_t i = 0; i < n_cursors; i++)
        rewind_cursor(&cursors[i]);
    status = measure(io, cursors, n_cursors, &filter, &run, err);
    if (status != WW_OK || run.n_postings == 0)
        goto out;
    while (run.n_postings / run.n_blocks > RUN_BLOCK_POSTINGS)
        run.n_blocks *= 2;
    run.summary = buf_slice(&filter);
    status = io->add_run(io->state, &run, &run.id, err);
    for (size_t i = 0; i < n_cursors; i++)
        rewind_cursor(&cursors[i]);
    if (status == WW_OK)
        status = write_blocks(io, cursors, n_cursors, &run, &block, err);
out:
    buf_release(&block);
    buf_release(&filter);
    return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

enum ww_status run_find(const struct shingle_io *io, const struct shingle_run *run, uint64_t key,
                        struct arena *arena, int64_t *values, size_t max, size_t *n,
                        struct ww_error *err)
{
    struct run_shape shape;
    struct slice bytes;
    size_t width, low = 0, high;
    uint64_t rest;
    enum ww_status status;

    if (!filter_holds(run->summary, key))
        return WW_OK;
    if (!read_shape(run, &shape))
        return ww_fail(err, WW_STORE, "duplicate index: run %lld is damaged", (long long)run->id);
    status = io->block(io->state, run->id, key_block(&shape, key), arena, &bytes, err);
    if (status != WW_OK)
        return status;
    width = shape.key_bytes + shape.value_bytes;
    rest = key_rest(&shape, key);
    high = bytes.len / width;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (load(bytes.ptr + middle * width, shape.key_bytes) < rest)
            low = middle + 1;
        else
            high = middle;
    }
    for (; *n < max && low < bytes.len / width; low++) {
        const char *at = bytes.ptr + low * width;
        int64_t value = shape.first_value + (int64_t)load(at + shape.key_bytes, shape.value_bytes);
        bool is_known = false;

        if (load(at, shape.key_bytes) != rest)
            break;
        for (size_t i = 0; i < *n; i++)
            is_known |= values[i] == value;
        if (!is_known)
            values[(*n)++] = value;
    }
    return WW_OK;
}
