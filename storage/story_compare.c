/* story_compare.c - sentences and shingles of a text, alignment of two, replaced facts. */
#include "storage/story_compare.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

#define SENTENCE_TOKENS_MIN 6
#define BLOCK_TOKENS_MIN 3
/* A block out of order must be this long: moved paragraphs are, chance is not. */
#define JUMP_TOKENS_MIN 8
#define GAP_TOKENS_MAX 40
#define FACTS_A_GAP_MAX 2
/* Positions of a common three-token run that are tried. */
#define CHAIN_MAX 32
#define WORD_BYTES_MAX 32
#define MOVED_DIGITS_MIN 3
#define HEAD_TOKENS_MIN 20
/* Shorter words of a headline say little about its subject. */
#define TITLE_WORD_BYTES_MIN 5
#define NOWHERE UINT32_MAX

/* ---- reading a text -------------------------------------------------------------------------- */

static enum ww_status find_sentences(struct story_text *t, struct arena *arena,
                                     struct ww_error *err)
{
    const struct token *tokens = t->tokens.tokens;
    size_t n = t->tokens.n_tokens, first = 0;

    t->sentences = arena_array(arena, n / SENTENCE_TOKENS_MIN + 1, sizeof(*t->sentences));
    if (t->sentences == NULL)
        return arena_check(arena, err);
    for (size_t i = 1; i <= n; i++) {
        uint64_t hash = SHINGLE_VERSION;

        if (i < n && (tokens[i].flags & TOKEN_SENTENCE) == 0)
            continue;
        if (i - first >= SENTENCE_TOKENS_MIN) {
            for (size_t k = first; k < i; k++)
                hash = hash64_mix(hash, tokens[k].hash);
            t->sentences[t->n_sentences++] =
                (struct story_sentence){.first = first, .end = i, .hash = hash};
        }
        first = i;
    }
    return WW_OK;
}

enum ww_status story_text_read(struct slice title, struct slice text, struct arena *arena,
                               struct story_text *out, struct ww_error *err)
{
    enum ww_status status;

    *out = (struct story_text){.text = text_cut(text, STORY_TEXT_MAX_BYTES)};
    status = token_scan(out->text, arena, &out->tokens, err);
    if (status == WW_OK)
        status = token_scan(title, arena, &out->title, err);
    if (status != WW_OK)
        return status;
    if (out->tokens.n_tokens >= SHINGLE_TOKENS)
        out->n_shingles = out->tokens.n_tokens - SHINGLE_TOKENS + 1;
    out->shingles = arena_array(arena, out->n_shingles, sizeof(*out->shingles));
    out->is_furniture = arena_array(arena, out->tokens.n_tokens, sizeof(*out->is_furniture));
    if (out->shingles == NULL || out->is_furniture == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < out->n_shingles; i++)
        out->shingles[i] = shingle_hash(&out->tokens.tokens[i]);
    return find_sentences(out, arena, err);
}

enum ww_status story_text_sample(struct story_text *t, struct arena *arena, struct ww_error *err)
{
    uint64_t *hashes;
    size_t n = 0;

    for (size_t i = 0; i < t->n_shingles; i++)
        n += shingle_is_sampled(t->shingles[i]);
    hashes = arena_array(arena, n, sizeof(*hashes));
    if (hashes == NULL)
        return arena_check(arena, err);
    n = 0;
    for (size_t i = 0; i < t->n_shingles; i++)
        if (shingle_is_sampled(t->shingles[i]) && !t->is_furniture[i])
            hashes[n++] = t->shingles[i];
    return shingle_sort(hashes, n, arena, &t->samples, err);
}

enum ww_status story_text_settle(struct story_text *t, struct arena *arena, struct ww_error *err)
{
    uint64_t *hashes = arena_array(arena, t->n_shingles, sizeof(*hashes));
    size_t n = 0;

    if (hashes == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < t->n_shingles; i++)
        if (!t->is_furniture[i])
            hashes[n++] = t->shingles[i];
    return shingle_sort(hashes, n, arena, &t->set, err);
}

/* ---- aligning -------------------------------------------------------------------------------- */

struct block {
    size_t a, b, len;
};

/* Where each three-token run of b stands, in rising order. */
struct places {
    const struct token *tokens;
    size_t n_tokens, table_size;
    uint32_t *heads, *next;
};

static uint64_t hash_of_run(const struct token *three)
{
    uint64_t sum = three[0].hash * UINT64_C(0x9E3779B97F4A7C15) +
                   three[1].hash * UINT64_C(0xC2B2AE3D27D4EB4F) +
                   three[2].hash * UINT64_C(0x165667B19E3779F9);

    return sum ^ sum >> 32;
}

static bool make_places(const struct token_list *list, struct arena *arena, struct places *out)
{
    size_t n = list->n_tokens < BLOCK_TOKENS_MIN ? 0 : list->n_tokens - BLOCK_TOKENS_MIN + 1;

    *out = (struct places){.tokens = list->tokens, .n_tokens = list->n_tokens, .table_size = 64};
    while (out->table_size < 2 * n)
        out->table_size *= 2;
    out->heads = arena_array(arena, out->table_size, sizeof(*out->heads));
    out->next = arena_array(arena, n, sizeof(*out->next));
    if (out->heads == NULL || out->next == NULL)
        return false;
    memset(out->heads, 0xFF, out->table_size * sizeof(*out->heads));
    for (size_t i = n; i > 0; i--) {
        size_t slot = hash_of_run(&list->tokens[i - 1]) & (out->table_size - 1);

        out->next[i - 1] = out->heads[slot];
        out->heads[slot] = (uint32_t)(i - 1); /* a text has fewer tokens than 4 Gi */
    }
    return true;
}

static size_t same_length(const struct token *a, size_t n_a, const struct token *b, size_t n_b)
{
    size_t len = 0;

    while (len < n_a && len < n_b && a[len].hash == b[len].hash)
        len++;
    return len;
}

/* The block that begins at a: the next place in b that goes on, else the longest elsewhere. */
static struct block best_block(const struct token_list *list, size_t a, const struct places *p,
                               size_t b_end)
{
    size_t slot = hash_of_run(&list->tokens[a]) & (p->table_size - 1);
    struct block longest = {a, 0, 0};
    size_t n_tried = 0;

    for (uint32_t b = p->heads[slot]; b != NOWHERE && n_tried < CHAIN_MAX; b = p->next[b]) {
        size_t len =
            same_length(list->tokens + a, list->n_tokens - a, p->tokens + b, p->n_tokens - b);

        n_tried++;
        if (len < BLOCK_TOKENS_MIN)
            continue;
        if (b >= b_end && b - b_end <= GAP_TOKENS_MAX)
            return (struct block){a, b, len};
        if (len >= JUMP_TOKENS_MIN && len > longest.len)
            longest = (struct block){a, b, len};
    }
    return longest;
}

static struct block *align(const struct token_list *a, const struct token_list *b,
                           struct arena *arena, size_t *n_blocks)
{
    struct places places;
    struct block *blocks = NULL;
    size_t capacity = 0, i = 0, b_end = 0;

    *n_blocks = 0;
    if (!make_places(b, arena, &places))
        return NULL;
    while (i + BLOCK_TOKENS_MIN <= a->n_tokens) {
        struct block block = best_block(a, i, &places, b_end);

        if (block.len == 0) {
            i++;
            continue;
        }
        blocks = arena_grow(arena, blocks, *n_blocks, &capacity, sizeof(*blocks));
        if (blocks == NULL)
            return NULL;
        blocks[(*n_blocks)++] = block;
        i += block.len;
        b_end = block.b + block.len;
    }
    return blocks;
}

/* ---- facts ----------------------------------------------------------------------------------- */

/* Which words and pairs of CJK characters a text has: open addressing, 0 is an empty slot. */
struct words {
    uint64_t *slots;
    size_t size;
};

static void add_word(struct words *words, uint64_t hash)
{
    size_t at = hash & (words->size - 1);

    while (words->slots[at] != 0 && words->slots[at] != hash)
        at = (at + 1) & (words->size - 1);
    words->slots[at] = hash;
}

/* The hash of a pair of CJK characters at i; 0 when there is none. */
static uint64_t pair_at(const struct token_list *list, size_t i)
{
    const struct token *t = &list->tokens[i];

    if (i + 1 >= list->n_tokens || (t[0].flags & t[1].flags & TOKEN_CJK) == 0)
        return 0;
    return hash64_mix(t[0].hash, t[1].hash);
}

static bool make_words(const struct token_list *list, struct arena *arena, struct words *out)
{
    *out = (struct words){.size = 64};
    while (out->size < 3 * list->n_tokens)
        out->size *= 2;
    out->slots = arena_array(arena, out->size, sizeof(*out->slots));
    for (size_t i = 0; out->slots != NULL && i < list->n_tokens; i++) {
        add_word(out, list->tokens[i].hash);
        if (pair_at(list, i) != 0)
            add_word(out, pair_at(list, i));
    }
    return out->slots != NULL;
}

static bool has_word(const struct words *words, uint64_t hash)
{
    size_t at = hash & (words->size - 1);

    while (words->slots[at] != 0 && words->slots[at] != hash)
        at = (at + 1) & (words->size - 1);
    return words->slots[at] == hash;
}

/* The tokens of one text between two blocks. */
struct gap {
    const struct story_text *t;
    const struct words *words; /* of the whole text */
    size_t first, end;
};

static bool is_number(const struct token *t)
{
    return (t->flags & TOKEN_NUMBER) != 0 ||
           (t->folded.len > 0 && t->folded.ptr[0] >= '0' && t->folded.ptr[0] <= '9');
}

static bool is_fact(const struct token *t)
{
    return is_number(t) || ((t->flags & TOKEN_CAPITAL) != 0 && (t->flags & TOKEN_SENTENCE) == 0);
}

/* Edit distance with neighbours swapped as one edit, given up above `most`. */
static bool is_within_edits(struct slice a, struct slice b, size_t most)
{
    size_t rows[3][WORD_BYTES_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];

    if (a.len > WORD_BYTES_MAX || b.len > WORD_BYTES_MAX || a.len > b.len + most ||
        b.len > a.len + most)
        return false;
    for (size_t k = 0; k <= b.len; k++)
        last[k] = k;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *swap = before;

        row[0] = i;
        for (size_t k = 1; k <= b.len; k++) {
            size_t cost = last[k - 1] + (a.ptr[i - 1] != b.ptr[k - 1]);

            if (last[k] + 1 < cost)
                cost = last[k] + 1;
            if (row[k - 1] + 1 < cost)
                cost = row[k - 1] + 1;
            if (i > 1 && k > 1 && a.ptr[i - 1] == b.ptr[k - 2] && a.ptr[i - 2] == b.ptr[k - 1] &&
                before[k - 2] + 1 < cost)
                cost = before[k - 2] + 1;
            row[k] = cost;
        }
        before = last;
        last = row;
        row = swap;
    }
    return last[b.len] <= most;
}

static size_t leading_digits(struct slice s)
{
    size_t n = 0;

    while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9')
        n++;
    return n;
}

/*
 * A typing error or another spelling of the same word? Two numbers never are, but a unit may be
 * written onto one: "17m" and "17 million".
 */
static bool is_same_word(const struct token *a, const struct token *b)
{
    size_t shorter = a->folded.len < b->folded.len ? a->folded.len : b->folded.len;
    size_t digits = leading_digits(a->folded);

    if (a->hash == b->hash)
        return true;
    if (digits > 0 && digits == leading_digits(b->folded))
        return slice_equal(slice_head(a->folded, digits), slice_head(b->folded, digits));
    if (((a->flags | b->flags) & (TOKEN_NUMBER | TOKEN_CJK)) != 0)
        return false;
    return is_within_edits(a->folded, b->folded, shorter >= 8 ? 2 : 1);
}

/* Said elsewhere in the other text? A short number may be there by chance. */
static bool is_moved(const struct token *t, const struct words *words)
{
    return (!is_number(t) || t->folded.len >= MOVED_DIGITS_MIN) && has_word(words, t->hash);
}

/*
 * How many facts of `here` are not in `there`; the first of them in *at. Facts that the other text
 * says elsewhere are not counted when without_moved: a rewrite moves them, a mould replaces them.
 */
static size_t count_only_here(struct gap here, struct gap there, bool without_moved, size_t *at)
{
    size_t n = 0;

    for (size_t i = here.first; i < here.end; i++) {
        const struct token *t = &here.t->tokens.tokens[i];
        bool is_there = !is_fact(t) || (without_moved && is_moved(t, there.words));

        for (size_t k = there.first; !is_there && k < there.end; k++)
            is_there = is_same_word(t, &there.t->tokens.tokens[k]);
        if (!is_there && n++ == 0)
            *at = i;
    }
    return n;
}

/* Writing without capitals: as many characters for as many others are taken for a name. */
static bool is_replaced_name(struct gap a, struct gap b)
{
    size_t n = a.end - a.first;

    if (n != b.end - b.first || n < 2 || n > 4)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((a.t->tokens.tokens[a.first + i].flags & b.t->tokens.tokens[b.first + i].flags &
             TOKEN_CJK) == 0)
            return false;
    return true;
}

static struct slice gap_text(struct gap g, size_t first, size_t end)
{
    size_t from = g.t->tokens.tokens[first].start;

    return slice_sub(g.t->text, from, g.t->tokens.tokens[end - 1].end - from);
}

static void add_change(struct story_facts *out, struct slice before, struct slice after)
{
    if (out->n_changes < STORY_CHANGES_MAX)
        out->changes[out->n_changes++] = (struct story_change){before, after};
}

static size_t lesser(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void weigh_gap(struct gap a, struct gap b, struct story_facts *out)
{
    size_t at_a = a.first, at_b = b.first, n;

    if (a.first >= a.end || b.first >= b.end || a.end - a.first > GAP_TOKENS_MAX ||
        b.end - b.first > GAP_TOKENS_MAX)
        return;
    if (is_replaced_name(a, b)) {
        out->n_replaced++;
        add_change(out, gap_text(a, a.first, a.end), gap_text(b, b.first, b.end));
        return;
    }
    n = lesser(count_only_here(a, b, true, &at_a), count_only_here(b, a, true, &at_b));
    out->n_replaced += lesser(n, FACTS_A_GAP_MAX);
    if (lesser(count_only_here(a, b, false, &at_a), count_only_here(b, a, false, &at_b)) > 0)
        add_change(out, gap_text(a, at_a, at_a + 1), gap_text(b, at_b, at_b + 1));
}

/* ---- heads ----------------------------------------------------------------------------------- */

/* Is half of what a headline speaks of in the text? False without a headline. */
static bool speaks_of(const struct token_list *title, const struct words *words)
{
    size_t n_all = 0, n_found = 0;

    for (size_t i = 0; i < title->n_tokens; i++) {
        uint64_t hash = pair_at(title, i);

        if (hash == 0 && title->tokens[i].folded.len >= TITLE_WORD_BYTES_MIN)
            hash = title->tokens[i].hash;
        n_all += hash != 0;
        n_found += hash != 0 && has_word(words, hash);
    }
    return n_all > 0 && 2 * n_found >= n_all;
}

/*
 * Copies have their opening in common, or one of them is contained in the other. Where both begin
 * with something of their own they share the bottom of a page, unless the headline of the later one
 * tells that a local lead was put before each.
 */
static bool have_other_heads(const struct block *blocks, size_t n_blocks,
                             const struct token_list *title, const struct words *words)
{
    size_t head_a = SIZE_MAX, head_b = SIZE_MAX;

    for (size_t i = 0; i < n_blocks; i++)
        if (blocks[i].len >= SHINGLE_TOKENS) {
            head_a = lesser(head_a, blocks[i].a);
            head_b = lesser(head_b, blocks[i].b);
        }
    return lesser(head_a, head_b) >= HEAD_TOKENS_MIN && !speaks_of(title, words);
}

enum ww_status story_compare_facts(const struct story_text *earlier, const struct story_text *later,
                                   struct arena *arena, struct story_facts *out,
                                   struct ww_error *err)
{
    size_t n_blocks = 0, a = 0, b = 0;
    struct words words_a, words_b;
    struct block *blocks = align(&earlier->tokens, &later->tokens, arena, &n_blocks);

    *out = (struct story_facts){.changes =
                                    arena_array(arena, STORY_CHANGES_MAX, sizeof(*out->changes))};
    if (out->changes == NULL || !make_words(&earlier->tokens, arena, &words_a) ||
        !make_words(&later->tokens, arena, &words_b))
        return arena_check(arena, err);
    for (size_t i = 0; i < n_blocks; i++) {
        const struct block *block = &blocks[i];

        if (block->b > b)
            weigh_gap((struct gap){earlier, &words_a, a, block->a},
                      (struct gap){later, &words_b, b, block->b}, out);
        out->n_aligned += block->len;
        a = block->a + block->len;
        b = block->b + block->len;
    }
    weigh_gap((struct gap){earlier, &words_a, a, earlier->tokens.n_tokens},
              (struct gap){later, &words_b, b, later->tokens.n_tokens}, out);
    out->have_other_heads = have_other_heads(blocks, n_blocks, &later->title, &words_a);
    return arena_check(arena, err);
}

bool story_facts_differ(const struct story_facts *facts)
{
    size_t n = facts->n_replaced;

    /* One correction is no other story. Measured on press copies and on re-filled moulds. */
    return (n >= 4 && n * 1000 >= 12 * facts->n_aligned) ||
           (n >= 3 && n * 1000 >= 16 * facts->n_aligned);
}
