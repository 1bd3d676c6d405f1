/*
 * text_diff.h - what is different between two texts, sentence by sentence, and which facts changed.
 *
 * Sentences (base/sentence) that stand once in each text are anchors, as in P. Heckel, "A technique
 * for isolating differences between files" (CACM 1978); those of them that keep their order
 * (longest rising sequence) part the texts, the others were moved. What is between anchors is
 * compared by E. Myers, "An O(ND) difference algorithm and its variations" (Algorithmica 1986),
 * what is left is paired by the words that two sentences share, and in a pair the words are
 * compared by Myers again.
 *
 * Words are equal by their hash (base/token): case, quotes, punctuation, spacing, width,
 * Traditional or Simplified and soft hyphens are no change, nor is another way to write a figure
 * (diff_units.h).
 *
 * Facts are what was replaced in a changed sentence: figures, dates, names, and statuses: words of
 * the caller that came or went, and a negation that did. What only moved within its sentence is
 * none, nor a figure that came and stands elsewhere in the other text too. Names are runs of words
 * with a capital; where most words have one (German nouns, headlines) two in a row are needed, and
 * a script without case gives names of two to four characters (Han, kana, Hangul) or none.
 *
 * Ownership: everything lives in the arena; both texts must outlive it.
 * Limits:    work is counted (TEXT_DIFF_WORK_MAX); when it is used up, or between two anchors too
 *            much is different, the answer is coarse: sentences removed and added, not paired.
 */
#ifndef WW_BASE_TEXT_DIFF_H
#define WW_BASE_TEXT_DIFF_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Valid UTF-8 under 4 GiB each. */
struct text_diff_source {
    struct slice title, text;
};

struct text_diff_options {
    struct slice language;     /* BCP 47, of both; empty: not known */
    const struct slice *words; /* that say how something stands: "closed", "denied"; may be NULL */
    size_t n_words;            /* a ~ behind one takes endings */
};

enum text_diff_kind { DIFF_SAME, DIFF_MOVED, DIFF_CHANGED, DIFF_REMOVED, DIFF_ADDED };
/* Where a sentence stands. A dateline: "PORTO, Oct 21 (Agency) -". */
enum text_diff_part { DIFF_TITLE, DIFF_DATELINE, DIFF_TEXT };
enum text_diff_piece_kind { PIECE_KEPT, PIECE_REMOVED, PIECE_ADDED };
enum text_diff_fact_kind { FACT_NUMBER, FACT_DATE, FACT_NAME, FACT_STATUS };

/* Bytes of the title or the text. */
struct text_diff_span {
    uint32_t start, end;
};

/*
 * A part of a changed sentence: all pieces in a row are the whole sentence, of either side. What is
 * kept may be written otherwise (a comma, a capital).
 */
struct text_diff_piece {
    enum text_diff_piece_kind kind;
    struct text_diff_span before, after;
};

/*
 * In the order of the later text, what was removed where it stood. before is empty in what was
 * added, after in what was removed.
 */
struct text_diff_row {
    enum text_diff_kind kind;
    enum text_diff_part part;
    uint32_t before_sentence, after_sentence; /* count from 1; 0: none */
    struct text_diff_span before, after;
    size_t first_piece, n_pieces; /* of DIFF_CHANGED */
    size_t first_fact, n_facts;
};

/* Either side may be empty: it came, or it went. */
struct text_diff_fact {
    enum text_diff_fact_kind kind;
    struct slice before, after; /* with the word a figure counts: "14 stations" */
    struct slice noun;          /* that word, at the end of both; empty: not the same, or none */
    size_t row;
};

struct text_diff {
    struct text_diff_source before, after;
    struct text_diff_row *rows;
    size_t n_rows;
    struct text_diff_piece *pieces;
    size_t n_pieces;
    struct text_diff_fact *facts; /* the first TEXT_DIFF_FACTS_MAX */
    size_t n_facts;
    size_t n_of[DIFF_ADDED + 1]; /* rows of each kind */
    bool is_coarse;
};

extern const char *const text_diff_kinds[DIFF_ADDED + 1];
extern const char *const text_diff_parts[DIFF_TEXT + 1];
extern const char *const text_diff_piece_kinds[PIECE_ADDED + 1];
extern const char *const text_diff_fact_kinds[FACT_STATUS + 1];

enum ww_status text_diff(const struct text_diff_source *before,
                         const struct text_diff_source *after,
                         const struct text_diff_options *options, struct arena *arena,
                         struct text_diff *out, struct ww_error *err);

/* Are there other rows than of DIFF_SAME? */
bool text_diff_differs(const struct text_diff *d);

/* The text of a row's or piece's span. */
struct slice text_diff_before(const struct text_diff *d, enum text_diff_part part,
                              struct text_diff_span span);
struct slice text_diff_after(const struct text_diff *d, enum text_diff_part part,
                             struct text_diff_span span);

#endif
