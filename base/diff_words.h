/*
 * diff_words.h - two sentences word by word, and what changed in them, for base/text_diff alone.
 */
#ifndef WW_BASE_DIFF_WORDS_H
#define WW_BASE_DIFF_WORDS_H

#include "base/diff_match.h"
#include "base/diff_units.h"
#include "base/text_diff.h"

/* What a whole text holds: numbers, and words inside sentences, with a capital or without. */
struct diff_known {
    uint64_t *slots;
    size_t n_slots, n_used;
};

/* A word of the caller. */
struct diff_term {
    struct diff_unit_list list;
    bool is_stem;
};

/* What facts are judged by. */
struct diff_setting {
    const struct text_diff_options *options;
    const struct diff_term *terms;
    size_t n_terms;
    struct diff_known before, after;
    bool have_capitals_meaning; /* a word with a capital is probably a name */
};

/* A sentence of either text as units. */
struct diff_sentence_units {
    struct slice text; /* the whole title or text */
    struct text_diff_span span;
    struct diff_unit_list list;
};

/* Units [a_first, a_end) became [b_first, b_end). */
struct diff_region {
    uint32_t a_first, a_end, b_first, b_end;
};

struct diff_words {
    struct diff_sentence_units a, b;
    struct diff_region *regions;
    size_t n_regions;
    size_t n_kept;
};

/* Compare the words of two sentences, whose units were read. */
enum ww_status diff_words_compare(struct diff_words *w, struct diff_work *work,
                                  struct arena *scratch, struct ww_error *err);

/* Is it a headline of which nearly every word has a capital? */
bool diff_words_have_titles(const struct diff_unit_list *list);

/* A growing array of pieces. */
struct diff_pieces {
    struct text_diff_piece *rows;
    size_t n_rows, capacity;
};
bool diff_words_add_pieces(const struct diff_words *w, struct diff_pieces *out,
                           struct arena *arena);

struct diff_facts {
    struct text_diff_fact *rows;
    size_t n_rows, capacity;
};
/* Append what changed; row is what they are said to stand in. */
bool diff_facts_add(const struct diff_words *w, const struct diff_setting *setting, size_t row,
                    struct diff_work *work, struct diff_facts *out, struct arena *arena);

/* Read the words of the options. */
enum ww_status diff_facts_prepare(struct diff_setting *setting, struct arena *arena,
                                  struct ww_error *err);

void diff_known_add(struct diff_known *known, uint64_t hash);
bool diff_known_has(const struct diff_known *known, uint64_t hash);
/* Of a number, of a word with a capital, of one without. */
uint64_t diff_known_number(const struct diff_unit *u);
uint64_t diff_known_name(const struct diff_unit *u);
uint64_t diff_known_word(const struct diff_unit *u);

/* For the test: the table of negations is sorted. */
bool diff_status_is_sorted(void);

#endif
