/* shingle_merge.c - writing runs. */
#include "storage/shingle_merge.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/shingle.h"

#include <string.h>

/* A block or a filter fills a page of the database, less the head of page and row. */
#define BLOB_BYTES 8120
#define BLOB_BYTES_MAX ((size_t)64 << 20)
#define STEP_ARENA_MAX_BYTES ((size_t)256 << 20)
/* Filters are a little smaller: chunks have more or fewer keys by chance. */
#define FILTER_BYTES 7700
/* For those that are looked up most and found least. */
#define FILTER_BITS_SHORT 16
/* Ranges of a run of another version that are dropped at once. */
#define CHUNKS_DROPPED 16

/*
 * A filter that errs costs the reading of a block. There are few small runs and each is asked as
 * often as a large one: theirs err once in three hundred times, those of the largest once in
 * twenty.
 */
static unsigned filter_bits(int64_t level)
{
    static const unsigned bits[] = {12, 12, 12, 12, 10};

    return level < (int64_t)WW_COUNT(bits) ? bits[level] : 7;
}

static int64_t count_chunks(int64_t level, int64_t n_postings)
{
    int64_t n_each = FILTER_BYTES * 8 / (int64_t)filter_bits(level);

    return n_postings / n_each + 1;
}

static bool is_sentence(uint64_t key)
{
    return (key & 1) == SHINGLE_OF_SENTENCE;
}

/* ---- postings -------------------------------------------------------------------------------- */

/* Of the postings of one key: each value once, as many as a list may have. How many stay. */
static size_t settle_list(struct posting *list, size_t n, int64_t level)
{
    size_t max = is_sentence(list[0].key) ? STORY_FURNITURE : SHINGLE_LIST_MAX, kept = 0;

    for (size_t i = 0; i < n && kept < max; i++) {
        bool is_known = false;

        for (size_t k = 0; k < kept; k++)
            is_known |= list[k].value == list[i].value;
        if (!is_known)
            list[kept++] = list[i];
    }
    return kept == 1 && level >= SHINGLE_FORGETS_LEVEL && is_sentence(list[0].key) ? 0 : kept;
}

/* The same for sorted postings of many keys. */
static size_t settle(struct posting *p, size_t n, int64_t level)
{
    size_t kept = 0;

    for (size_t i = 0, end; i < n; i = end) {
        size_t n_list;

        for (end = i + 1; end < n && p[end].key == p[i].key; end++)
            continue;
        n_list = settle_list(&p[i], end - i, level);
        memmove(&p[kept], &p[i], n_list * sizeof(*p));
        kept += n_list;
    }
    return kept;
}

/* Two neighbouring sorted parts of `from` become one of `to`. */
static void merge_parts(const struct posting *from, struct posting *to, size_t middle, size_t end)
{
    size_t a = 0, b = middle;

    for (size_t i = 0; i < end; i++)
        to[i] = b == end || (a < middle && from[a].key <= from[b].key) ? from[a++] : from[b++];
}

/* ---- writing --------------------------------------------------------------------------------- */

static enum ww_status put(const struct run_set *set, enum shingle_table table, int64_t id,
                          struct buf *bytes, struct ww_error *err)
{
    enum ww_status status = buf_finish(bytes, err);

    if (status == WW_OK)
        status = set->io->put_blob(set->io->state, table, id, buf_slice(bytes), err);
    buf_reset(bytes);
    return status;
}

static enum ww_status write_filters(const struct run_set *set, const struct shingle_run *run,
                                    int64_t chunk, int64_t end_chunk, const struct posting *p,
                                    size_t n, struct buf *bytes, struct ww_error *err)
{
    enum ww_status status = WW_OK;
    size_t at = 0;

    for (; status == WW_OK && chunk < end_chunk; chunk++) {
        uint64_t below = run_chunk_key(run, chunk + 1);
        size_t end = at, len;
        unsigned char *filter;

        while (end < n && p[end].key < below)
            end++;
        len = filter_measure(end - at, below > SHINGLE_SHORT_FIRST ? FILTER_BITS_SHORT
                                                                   : filter_bits(run->level));
        filter = (unsigned char *)buf_extend(bytes, len);
        if (filter == NULL)
            return buf_finish(bytes, err);
        memset(filter, 0, len);
        for (; at < end; at++)
            filter_add(filter, len, p[at].key);
        status = put(set, SHINGLE_FILTERS, run_blob_id(run, (uint64_t)chunk), bytes, err);
    }
    return status;
}

/* Blocks of one size, each as full as a page; a list is not divided between two. */
static enum ww_status write_blocks(const struct run_set *set, const struct shingle_run *run,
                                   const struct posting *p, size_t n, struct buf *bytes,
                                   struct ww_error *err)
{
    int64_t least = n == 0 ? 0 : p[0].value, most = least;
    enum ww_status status = WW_OK;
    size_t n_blocks, n_each;

    for (size_t i = 0; i < n; i++) {
        least = p[i].value < least ? p[i].value : least;
        most = p[i].value > most ? p[i].value : most;
    }
    if (n == 0)
        return WW_OK;
    n_blocks = block_measure(n, p[n - 1].key - p[0].key, (uint64_t)(most - least)) / BLOB_BYTES + 1;
    n_each = (n + n_blocks - 1) / n_blocks;
    if (n_each > BLOCK_POSTINGS_MAX - SHINGLE_LIST_MAX)
        n_each = BLOCK_POSTINGS_MAX - SHINGLE_LIST_MAX;
    for (size_t at = 0, end; status == WW_OK && at < n; at = end) {
        end = n - at < n_each ? n : at + n_each;
        while (end < n && p[end].key == p[end - 1].key)
            end++;
        block_pack(&p[at], end - at, bytes);
        status = put(set, SHINGLE_BLOCKS, run_blob_id(run, p[at].key), bytes, err);
    }
    return status;
}

/* The chunks from run->n_done to end_chunk hold these postings, and no others. */
static enum ww_status write_chunks(struct run_set *set, struct shingle_run *run, int64_t end_chunk,
                                   const struct posting *p, size_t n, struct ww_error *err)
{
    struct buf bytes;
    enum ww_status status;

    buf_init(&bytes, BLOB_BYTES_MAX);
    status = write_filters(set, run, run->n_done, end_chunk, p, n, &bytes, err);
    if (status == WW_OK)
        status = write_blocks(set, run, p, n, &bytes, err);
    buf_release(&bytes);
    if (status != WW_OK)
        return status;
    run->n_done = end_chunk;
    run->n_postings += (int64_t)n;
    for (size_t i = 0; i < n; i++)
        run->n_shingles += !is_sentence(p[i].key);
    status = set->io->put_run(set->io->state, run, err);
    return status == WW_OK ? run_set_put(set, run, err) : status;
}

static enum ww_status add_run(struct run_set *set, struct shingle_run *run, struct ww_error *err)
{
    enum ww_status status = set->io->add_run(set->io->state, run, &run->id, err);

    return status == WW_OK ? run_set_put(set, run, err) : status;
}

enum ww_status merge_write_tail(struct run_set *set, struct posting *postings, size_t n,
                                int64_t n_given, struct ww_error *err)
{
    struct shingle_run run = {.version = SHINGLE_VERSION,
                              .n_source = (int64_t)n,
                              .n_chunks = count_chunks(0, (int64_t)n),
                              .begun_at = n_given};
    enum ww_status status = add_run(set, &run, err);

    if (status != WW_OK)
        return status;
    n = settle(postings, n, 0);
    return write_chunks(set, &run, run.n_chunks, postings, n, err);
}

/* ---- merging --------------------------------------------------------------------------------- */

static enum ww_status begin_level(struct run_set *set, int64_t level, int64_t n_given,
                                  struct ww_error *err)
{
    struct shingle_run run = {.version = SHINGLE_VERSION, .level = level + 1, .begun_at = n_given};
    struct shingle_run parts[SHINGLE_RUNS_MERGED];
    int64_t n_kept = 0;
    size_t n = 0;
    enum ww_status status;

    for (size_t i = 0; i < set->n_runs && n < SHINGLE_RUNS_MERGED; i++) {
        const struct shingle_run *r = &set->runs[i].row;

        if (r->level == level + 1 && !run_is_whole(r))
            return WW_OK; /* the merge before this one is under way */
        if (r->level == level && r->into_id == 0 && run_is_whole(r))
            parts[n++] = *r;
    }
    if (n < SHINGLE_RUNS_MERGED)
        return WW_OK;
    for (size_t i = 0; i < n; i++) {
        int64_t n_sentences = parts[i].n_postings - parts[i].n_shingles;

        run.n_source += parts[i].n_postings;
        /* Most sentences will be forgotten: the chunks are to be full all the same. */
        n_kept += parts[i].n_shingles +
                  (run.level == SHINGLE_FORGETS_LEVEL ? n_sentences / 8 : n_sentences);
    }
    run.n_chunks = count_chunks(run.level, n_kept);
    status = add_run(set, &run, err);
    for (size_t i = 0; i < n && status == WW_OK; i++) {
        parts[i].into_id = run.id;
        status = set->io->put_run(set->io->state, &parts[i], err);
        if (status == WW_OK)
            status = run_set_put(set, &parts[i], err);
    }
    return status;
}

enum ww_status merge_begin(struct run_set *set, int64_t n_given, struct ww_error *err)
{
    int64_t highest = set->n_runs == 0 ? 0 : set->runs[0].row.level;
    enum ww_status status = WW_OK;

    for (int64_t level = 0; status == WW_OK && level <= highest; level++)
        status = begin_level(set, level, n_given, err);
    return status;
}

/* What a step works with: postings of all parts, one behind the other, sorted in turn. */
struct gathered {
    struct posting *postings;
    size_t n, capacity;
};

/* The keys of a part from `from` to below `below`; what lies wholly before `below` is dropped. */
static enum ww_status take_part(struct run_set *set, const struct shingle_run *part, uint64_t from,
                                uint64_t below, struct arena *arena, struct gathered *all,
                                struct ww_error *err)
{
    struct shingle_blob_list list;
    int64_t base = run_blob_id(part, 0), last = base;
    uint64_t chunk =
        below >> SHINGLE_KEY_BITS != 0 ? (uint64_t)part->n_chunks : run_chunk(part, below);
    enum ww_status status = set->io->list_blocks(set->io->state, run_blob_id(part, from),
                                                 base + (int64_t)below, arena, &list, err);

    for (size_t i = 0; status == WW_OK && i < list.n_rows; i++) {
        struct block block;
        struct posting *postings;

        if (list.rows[i].id < base)
            continue; /* the last block of the run before it */
        last = list.rows[i].id;
        if (!block_open(list.rows[i].bytes, (uint64_t)(last - base), &block))
            return ww_fail(err, WW_STORE, "duplicate index: run %lld is damaged",
                           (long long)part->id);
        postings = all->postings;
        if (all->n + block.n_postings > all->capacity) {
            all->capacity = 2 * (all->n + block.n_postings);
            postings = mem_resize(postings, all->capacity, sizeof(*postings));
        }
        if (postings == NULL)
            return ww_fail(err, WW_NOMEM, "duplicate index: no memory for a merge");
        all->postings = postings;
        all->n += block_unpack(&block, from, below, &postings[all->n]);
    }
    if (status == WW_OK && last > base)
        status = set->io->drop_blobs(set->io->state, SHINGLE_BLOCKS, base, last, err);
    if (status == WW_OK && chunk > run_chunk(part, from))
        status =
            set->io->drop_blobs(set->io->state, SHINGLE_FILTERS, base, base + (int64_t)chunk, err);
    return status;
}

static enum ww_status gather(struct run_set *set, const struct shingle_run *run, uint64_t from,
                             uint64_t below, struct gathered *all, struct ww_error *err)
{
    struct arena arena;
    struct posting *other;
    enum ww_status status = WW_OK;

    arena_init(&arena, STEP_ARENA_MAX_BYTES);
    for (size_t i = 0; status == WW_OK && i < set->n_runs; i++) {
        size_t middle = all->n;

        if (set->runs[i].row.into_id != run->id)
            continue;
        arena_reset(&arena);
        status = take_part(set, &set->runs[i].row, from, below, &arena, all, err);
        if (status != WW_OK || middle == 0 || all->n == middle)
            continue;
        other = mem_resize(NULL, all->capacity, sizeof(*other));
        if (other == NULL) {
            status = ww_fail(err, WW_NOMEM, "duplicate index: no memory for a merge");
            break;
        }
        merge_parts(all->postings, other, middle, all->n);
        mem_free(all->postings);
        all->postings = other;
    }
    arena_release(&arena);
    return status;
}

/* The run is whole: its parts are nothing any more. */
static enum ww_status drop_parts(struct run_set *set, int64_t run_id, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    for (size_t i = set->n_runs; i > 0 && status == WW_OK; i--) {
        struct shingle_run part = set->runs[i - 1].row;
        int64_t first = run_blob_id(&part, 0);
        int64_t below = first + ((int64_t)1 << SHINGLE_KEY_BITS);

        if (part.into_id != run_id)
            continue;
        status = set->io->drop_blobs(set->io->state, SHINGLE_BLOCKS, first, below, err);
        if (status == WW_OK)
            status = set->io->drop_blobs(set->io->state, SHINGLE_FILTERS, first, below, err);
        if (status == WW_OK)
            status = set->io->drop_run(set->io->state, part.id, err);
        run_set_remove(set, part.id);
    }
    return status;
}

static enum ww_status step(struct run_set *set, struct shingle_run run, int64_t n_chunks,
                           struct ww_error *err)
{
    int64_t end_chunk = run.n_done + n_chunks;
    uint64_t from = run_chunk_key(&run, run.n_done);
    struct gathered all = {0};
    enum ww_status status;

    if (end_chunk > run.n_chunks)
        end_chunk = run.n_chunks;
    status = gather(set, &run, from, run_chunk_key(&run, end_chunk), &all, err);
    if (status == WW_OK) {
        all.n = settle(all.postings, all.n, run.level);
        status = write_chunks(set, &run, end_chunk, all.postings, all.n, err);
    }
    mem_free(all.postings);
    if (status == WW_OK && run_is_whole(&run))
        status = drop_parts(set, run.id, err);
    run_set_trim(set);
    return status;
}

/* A run of another version goes from its end on. */
static enum ww_status drop_dead(struct run_set *set, struct ww_error *err)
{
    struct shingle_run *dead = &set->dead;
    int64_t n_left = dead->n_done > CHUNKS_DROPPED ? dead->n_done - CHUNKS_DROPPED : 0;
    int64_t base = run_blob_id(dead, 0), below = base + ((int64_t)1 << SHINGLE_KEY_BITS);
    enum ww_status status;

    if (dead->n_chunks < 1)
        n_left = 0;
    status = set->io->drop_blobs(set->io->state, SHINGLE_BLOCKS,
                                 n_left == 0 ? base : base + (int64_t)run_chunk_key(dead, n_left),
                                 below, err);
    if (status == WW_OK)
        status = set->io->drop_blobs(set->io->state, SHINGLE_FILTERS, base + n_left, below, err);
    dead->n_done = n_left;
    if (status == WW_OK && n_left > 0)
        return set->io->put_run(set->io->state, dead, err);
    if (status == WW_OK)
        status = set->io->drop_run(set->io->state, dead->id, err);
    return status == WW_OK ? run_set_load(set, err) : status;
}

enum ww_status merge_step(struct run_set *set, int64_t n_given, bool *is_done, struct ww_error *err)
{
    const struct shingle_run *most = NULL;
    int64_t most_due = 0, n_chunks = 0;

    *is_done = set->dead.id != 0;
    if (*is_done)
        return drop_dead(set, err);
    for (size_t i = 0; i < set->n_runs; i++) {
        const struct shingle_run *run = &set->runs[i].row;
        int64_t n_each = run->n_source / run->n_chunks + 1;
        int64_t n_step = SHINGLE_STEP_POSTINGS / n_each + 1;
        int64_t due = SHINGLE_MERGE_PACE * (n_given - run->begun_at) - run->n_done * n_each;

        if (n_step > run->n_chunks - run->n_done)
            n_step = run->n_chunks - run->n_done;
        if (!run_is_whole(run) && due >= n_step * n_each && due > most_due) {
            most = run;
            most_due = due;
            n_chunks = n_step;
        }
    }
    *is_done = most != NULL;
    return most == NULL ? WW_OK : step(set, *most, n_chunks, err);
}
