/*
 * story_words.h - the words of a text in a table, and when two words are one.
 */
#ifndef WW_STORAGE_STORY_WORDS_H
#define WW_STORAGE_STORY_WORDS_H

#include "base/token.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Marks that a word of the table may bear. */
enum story_word_mark { WORD_KEPT = 1, WORD_REPLACED = 2, WORD_COUNTED = 4 };

/* Words and pairs of CJK characters: open addressing. */
struct story_words {
    uint64_t *slots; /* hash with the marks in its lowest bits; 0 is an empty slot */
    size_t size;
};

/* false when the arena is full. */
bool story_words_make(const struct token_list *list, struct arena *arena, struct story_words *out);

bool story_words_have(const struct story_words *words, uint64_t hash);
/* Mark a word of the table; false when it bore the mark already. */
bool story_words_mark(struct story_words *words, uint64_t hash, enum story_word_mark mark);

/* The hash of the pair of CJK characters at i; 0 when there is none. */
uint64_t story_pair_at(const struct token_list *list, size_t i);

/* Digits, or something written onto digits: "17", "17m". */
bool story_is_number(const struct token *t);
/* A number that goes on from the token before: the 5 of "3.5", the 40 of "6:40". */
bool story_number_goes_on(struct slice text, const struct token *t);
/* A letter of a script that has no capitals, from Hebrew to Burmese; CJK apart. */
bool story_is_caseless(const struct token *t);

/*
 * A typing error or another spelling of the same word? Two numbers never are, but a unit may be
 * written onto one: "17m" and "17 million".
 */
bool story_is_same_word(const struct token *a, const struct token *b);

#endif
