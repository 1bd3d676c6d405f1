/* story_text.c - sentences and shingles of a text, and which of them are indexed. */
#include "storage/story_text.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"

#define SENTENCE_TOKENS_MIN 6

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
        n += shingle_is_sampled(t->shingles[i], 0);
    hashes = arena_array(arena, n, sizeof(*hashes));
    if (hashes == NULL)
        return arena_check(arena, err);
    n = 0;
    for (size_t i = 0; i < t->n_shingles; i++)
        if (shingle_is_sampled(t->shingles[i], 0) && !t->is_furniture[i])
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
