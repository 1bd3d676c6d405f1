/* story_words.c - a hash table over tokens, and an edit distance. */
#include "storage/story_words.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/text.h"

#define MARKS ((uint64_t)(WORD_KEPT | WORD_REPLACED | WORD_COUNTED))
#define WORD_BYTES_MAX 32
#define FAR 64
/* A word this long may have two slips. */
#define LONG_WORD_BYTES 8
/* Hebrew to Burmese and Georgian: the alphabets of today without capitals, but for Ethiopic ... */
#define CASELESS_FIRST 0x0590
#define CASELESS_LAST 0x10FF

/* ---- the table ------------------------------------------------------------------------------- */

static uint64_t key_of(uint64_t hash)
{
    return (hash & ~MARKS) == 0 ? MARKS + 1 : hash & ~MARKS;
}

static uint64_t *slot_of(const struct story_words *words, uint64_t key)
{
    size_t at = (key >> 3) & (words->size - 1);

    while (words->slots[at] != 0 && (words->slots[at] & ~MARKS) != key)
        at = (at + 1) & (words->size - 1);
    return &words->slots[at];
}

uint64_t story_pair_at(const struct token_list *list, size_t i)
{
    const struct token *t = &list->tokens[i];

    if (i + 1 >= list->n_tokens || (t[0].flags & t[1].flags & TOKEN_CJK) == 0)
        return 0;
    return hash64_mix(t[0].hash, t[1].hash);
}

bool story_words_make(const struct token_list *list, struct arena *arena, struct story_words *out)
{
    *out = (struct story_words){.size = 64};
    while (out->size < 3 * list->n_tokens)
        out->size *= 2;
    out->slots = arena_array(arena, out->size, sizeof(*out->slots));
    for (size_t i = 0; out->slots != NULL && i < list->n_tokens; i++) {
        uint64_t word = key_of(list->tokens[i].hash), pair = story_pair_at(list, i);

        *slot_of(out, word) = word;
        if (pair != 0)
            *slot_of(out, key_of(pair)) = key_of(pair);
    }
    return out->slots != NULL;
}

bool story_words_have(const struct story_words *words, uint64_t hash)
{
    return *slot_of(words, key_of(hash)) != 0;
}

bool story_words_mark(struct story_words *words, uint64_t hash, enum story_word_mark mark)
{
    uint64_t *slot = slot_of(words, key_of(hash));
    bool is_new = *slot != 0 && (*slot & mark) == 0;

    if (is_new)
        *slot |= mark;
    return is_new;
}

/* ---- words ----------------------------------------------------------------------------------- */

static size_t leading_digits(struct slice s)
{
    size_t n = 0;

    while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9')
        n++;
    return n;
}

bool story_is_number(const struct token *t)
{
    return (t->flags & TOKEN_NUMBER) != 0 || leading_digits(slice_head(t->folded, 1)) > 0;
}

bool story_number_goes_on(struct slice text, const struct token *t)
{
    char c = t->start > 0 ? text.ptr[t->start - 1] : '\0';

    return t->start > 1 && story_is_number(t) && (c == '.' || c == ',' || c == ':') &&
           leading_digits(slice_sub(text, t->start - 2, 1)) > 0;
}

bool story_is_caseless(const struct token *t)
{
    size_t at = 0;
    uint32_t code;

    if (t->folded.len == 0 || (unsigned char)t->folded.ptr[0] < 0x80)
        return false;
    code = text_next_code(t->folded, &at);
    return code >= CASELESS_FIRST && code <= CASELESS_LAST && !text_is_digit(code);
}

/*
 * Edit distance with neighbours swapped as one edit, given up above `most` (2 at most): only cells
 * that near the diagonal are reckoned, five a row.
 */
static bool is_within_edits(struct slice a, struct slice b, size_t most)
{
    size_t rows[3][WORD_BYTES_MAX + 3]; /* row i is rows[i % 3]; a cell outside the band is FAR */
    size_t least = 0;

    if (a.len > WORD_BYTES_MAX || b.len > WORD_BYTES_MAX || a.len > b.len + most ||
        b.len > a.len + most)
        return false;
    for (size_t k = 0; k <= b.len + 1; k++)
        rows[0][k] = k <= most ? k : FAR;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *row = rows[i % 3];
        const size_t *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        size_t first = i > most ? i - most : 1, end = i + most < b.len ? i + most : b.len;
        size_t least_of_last = least;

        row[first - 1] = first == 1 && i <= most ? i : FAR;
        for (size_t k = first; k <= end; k++) {
            size_t cost = last[k - 1] + (a.ptr[i - 1] != b.ptr[k - 1]);

            if (last[k] + 1 < cost)
                cost = last[k] + 1;
            if (row[k - 1] + 1 < cost)
                cost = row[k - 1] + 1;
            if (i > 1 && k > 1 && a.ptr[i - 1] == b.ptr[k - 2] && a.ptr[i - 2] == b.ptr[k - 1] &&
                before[k - 2] + 1 < cost)
                cost = before[k - 2] + 1;
            row[k] = cost;
            least = k == first || cost < least ? cost : least;
        }
        row[end + 1] = FAR;
        if (least > most && least_of_last > most && row[first - 1] > most)
            return false; /* a swap looks back two rows, and no cost falls */
    }
    return rows[a.len % 3][b.len] <= most;
}

bool story_is_same_word(const struct token *a, const struct token *b)
{
    size_t shorter = a->folded.len < b->folded.len ? a->folded.len : b->folded.len;
    size_t digits = leading_digits(a->folded);

    if (a->hash == b->hash)
        return true;
    if (digits > 0 && digits == leading_digits(b->folded))
        return slice_equal(slice_head(a->folded, digits), slice_head(b->folded, digits));
    if (((a->flags | b->flags) & (TOKEN_NUMBER | TOKEN_CJK)) != 0)
        return false;
    return is_within_edits(a->folded, b->folded, shorter >= LONG_WORD_BYTES ? 2 : 1);
}
