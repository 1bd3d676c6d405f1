/*
 * letters.h - how a character folds that needs no look at its neighbours: a table for the scripts
 * that are read most, made from Unicode's data.
 *
 * A known character begins a segment of text_fold and becomes one character, no longer in UTF-8
 * than itself; or it belongs to no word (LETTER_GAP). So between two known characters text may be
 * cut, and a word of nothing but known characters folds one by one. 0: ask text_fold.
 */
#ifndef WW_BASE_LETTERS_H
#define WW_BASE_LETTERS_H

#include <stdint.h>

enum letter_flag {
    LETTER_WORD = 1 << 16,  /* belongs to a word, or is one (LETTER_CJK) */
    LETTER_DIGIT = 2 << 16, /* of the folded form */
    LETTER_UPPER = 4 << 16, /* of the original */
    LETTER_CJK = 8 << 16,   /* a token of its own */
    LETTER_GAP = 16 << 16   /* separates words */
};

/* The folded code point, when it is of a word. */
#define LETTER_FOLDED 0xFFFFu

/* Every ideograph from here on is itself; so is every syllable of Hangul. */
#define HAN_FIRST 0x4E00u
#define HAN_COUNT 0x5200u
#define HANGUL_FIRST 0xAC00u
#define HANGUL_COUNT 11172u

extern const uint8_t letter_pages[256];
extern const uint32_t letter_rows[][256];

/* Flags and the folded form of a character; 0 when it is not known. */
static inline uint32_t letter_of(uint32_t code)
{
    if (code - HAN_FIRST < HAN_COUNT || code - HANGUL_FIRST < HANGUL_COUNT)
        return LETTER_WORD | LETTER_CJK | code;
    return code > 0xFFFF ? 0 : letter_rows[letter_pages[code >> 8]][code & 0xFF];
}

#endif
