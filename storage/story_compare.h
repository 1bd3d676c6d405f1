/*
 * story_compare.h - two texts side by side: what they share, and what was replaced.
 *
 * The fact guard. Weather reports, results and court lists come from a mould: nearly all shingles
 * agree, yet they are different stories. So the two texts are aligned by runs of three tokens, and
 * wherever both have something else between two aligned blocks, numbers and names that stand on one
 * side only are counted, pair by pair. One corrected figure passes; a re-filled mould does not.
 */
#ifndef WW_STORAGE_STORY_COMPARE_H
#define WW_STORAGE_STORY_COMPARE_H

#include "base/error.h"
#include "base/limits.h"
#include "base/shingle.h"
#include "base/slice.h"
#include "base/token.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct story_sentence {
    size_t first, end; /* tokens */
    uint64_t hash;
    int64_t stories[STORY_FURNITURE]; /* it was seen in */
    size_t n_stories;
};

/* A text made ready for comparing. */
struct story_text {
    struct slice text;
    struct token_list tokens, title;
    uint64_t *shingles; /* one for each position but the last four */
    size_t n_shingles;
    struct story_sentence *sentences; /* those of at least six tokens */
    size_t n_sentences;
    bool *is_furniture; /* per token: in a sentence that counts for none */
    /* Without those that begin in furniture: */
    struct shingle_set samples; /* what is indexed: story_text_sample */
    uint64_t *fresh;            /* those of the samples whose posting list has room */
    size_t n_fresh;
    struct shingle_set set; /* all: story_text_settle */
};

/* The first STORY_TEXT_MAX_BYTES count. */
enum ww_status story_text_read(struct slice title, struct slice text, struct arena *arena,
                               struct story_text *out, struct ww_error *err);

/* Once is_furniture says what does not count. */
enum ww_status story_text_sample(struct story_text *t, struct arena *arena, struct ww_error *err);
enum ww_status story_text_settle(struct story_text *t, struct arena *arena, struct ww_error *err);

struct story_change {
    struct slice before, after; /* of the two original texts */
};

struct story_facts {
    size_t n_replaced;            /* facts replaced, at most FACTS_A_GAP_MAX in one gap */
    size_t n_aligned;             /* tokens in aligned blocks */
    bool have_other_heads;        /* both begin with text of their own, and on other subjects */
    struct story_change *changes; /* the first STORY_CHANGES_MAX */
    size_t n_changes;
};

/* Align earlier and later and count what was replaced. */
enum ww_status story_compare_facts(const struct story_text *earlier, const struct story_text *later,
                                   struct arena *arena, struct story_facts *out,
                                   struct ww_error *err);

/* Too many facts replaced for an edit of the same story? */
bool story_facts_differ(const struct story_facts *facts);

#endif
