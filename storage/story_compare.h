/*
 * story_compare.h - two texts side by side: what they share, and what was replaced.
 *
 * The fact guard. Weather reports, results and court lists come from a mould: nearly all shingles
 * agree, yet they are different stories. So the two texts are aligned (story_align.h), and wherever
 * both have something else beside the same block, numbers and names that stand on one side only are
 * counted, pair by pair; what is merely inserted, cut or moved counts for none. What decides is how
 * many facts were replaced beside how many stayed, and how many of a hundred words: an edit of a
 * story replaces at most one fact in nine and 0.7 in a hundred words, a re-filled mould one in four
 * and 1.0 (measured on 1,000 pairs of edited press articles and on 350 pairs of 70 moulds in 16
 * languages; other moulds were only read off). Names are told by capitals inside a sentence. In a
 * script without capitals a short replaced stretch is taken for a name, but only where the figures
 * do not say that the story stayed the same.
 */
#ifndef WW_STORAGE_STORY_COMPARE_H
#define WW_STORAGE_STORY_COMPARE_H

#include "base/error.h"
#include "base/limits.h"
#include "base/slice.h"
#include "storage/story_text.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct story_change {
    struct slice before, after; /* of the two original texts */
};

struct story_facts {
    size_t n_numbers, n_names;          /* replaced: different ones, at most two in one gap */
    size_t n_words;                     /* replaced words of a script without capitals */
    size_t kept_numbers, kept_names;    /* different ones that both texts have */
    size_t all_earlier, common_earlier; /* different facts, and those that the later text has */
    size_t all_later, common_later;
    size_t n_capitals;            /* of the later text, inside sentences: names, or nouns */
    size_t n_tokens;              /* of the shorter text */
    size_t n_aligned;             /* tokens in aligned blocks */
    size_t n_steps;               /* tokens compared */
    bool have_other_heads;        /* both begin with text of their own, and on other subjects */
    struct story_change *changes; /* the first STORY_CHANGES_MAX */
    size_t n_changes;
};

/* Align earlier and later and count what was replaced. */
enum ww_status story_compare_facts(const struct story_text *earlier, const struct story_text *later,
                                   struct arena *arena, struct story_facts *out,
                                   struct ww_error *err);

/*
 * Do both say the same things? At least five facts, four fifths of those of one of the two, stand
 * in both, next to none was replaced, and half of the shorter text is in aligned blocks. So a
 * rewrite is told from a text that shares a paragraph.
 */
bool story_facts_agree(const struct story_facts *facts);

/* Too many facts replaced for an edit of the same story? */
bool story_facts_differ(const struct story_facts *facts);

#endif
