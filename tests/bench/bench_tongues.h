/*
 * bench_tongues.h - made articles and made names in several scripts, in the shares that news has
 * them: words by rank as in bench_texts.h, with the capitals, marks, quotes and figures that cost a
 * tokeniser its time.
 */
#ifndef WW_TESTS_BENCH_BENCH_TONGUES_H
#define WW_TESTS_BENCH_BENCH_TONGUES_H

#include "tests/bench/bench_texts.h"

#include <string.h>

/* Words of an article; a text is cut at its last word before TONGUE_TEXT_BYTES. */
#define TONGUE_WORDS 470
#define TONGUE_TEXT_BYTES (16 * 1024)
#define TONGUE_WORD_BYTES 64
#define TONGUE_NAME_BYTES (5 * TONGUE_WORD_BYTES)
#define TONGUE_LETTERS_MAX 80
#define HAN_FIRST 0x4E00
#define HAN_USED 3500

enum tongue { TONGUE_ASCII, TONGUE_MARKS, TONGUE_CYRILLIC, TONGUE_HAN, TONGUE_GREEK, TONGUE_COUNT };

/* Letters as often as they come, small and large in one order; percent of all texts. */
static const struct {
    const char *name, *small, *large;
    unsigned percent;
} tongues[TONGUE_COUNT] = {
    [TONGUE_ASCII] = {"ASCII",            "eeeeeettttaaaaooooiiinnnnsssshhhrrrrdddlllcccuummmwwffggyyppbbvk",
                      "EEEEEETTTTAAAAOOOOIIINNNNSSSSHHHRRRRDDDLLLCCCUUMMMWWFFGGYYPPBBVK",                                                                                                                                                       50},
    [TONGUE_MARKS] = {"Latin with marks",
                      "eeeeeetttaaaaaooooiiiinnnnssssrrrrdddlllcccuuummmppvvbgfhzéáíčšüñç",                                                               "EEEEEETTTAAAAAOOOOIIIINNNNSSSSRRRRDDDLLLCCCUUUMMMPPVVBGFHZÉÁÍČŠÜÑÇ", 25},
    [TONGUE_CYRILLIC] = {"Cyrillic",
                      "оооооеееееааааииииннннттттссссррррввввллкккмммдддппууяыьгзбчйхжшюцщэ",
                      "ОООООЕЕЕЕЕААААИИИИННННТТТТССССРРРРВВВВЛЛКККМММДДДППУУЯЫЬГЗБЧЙХЖШЮЦЩЭ",
                      12                                                                                                                                                                                                                          },
    [TONGUE_HAN] = {"Han",              "",                                                                                                                     "",                                                                           10},
    [TONGUE_GREEK] = {"Greek",            "αααεεειιιοοοτττνννσσσρρκκππμμλληυωδγθβξάέίό",
                      "ΑΑΑΕΕΕΙΙΙΟΟΟΤΤΤΝΝΝΣΣΣΡΡΚΚΠΠΜΜΛΛΗΥΩΔΓΘΒΞΆΈΊΌ",                                                                                                                                 3 },
};

static inline size_t letter_bytes(const char *s)
{
    const unsigned char c = (unsigned char)*s;

    return c < 0x80 ? 1 : c < 0xE0 ? 2 : 3;
}

/* Where the letters of an alphabet begin; returns how many there are. */
static inline size_t find_letters(const char *s, const char *at[TONGUE_LETTERS_MAX])
{
    size_t n = 0;

    for (; *s != '\0'; s += letter_bytes(s))
        at[n++] = s;
    return n;
}

/* A word by its rank, the same each time; is_name: with a capital. */
static inline size_t put_word(enum tongue t, uint64_t rank, bool is_name, char *out)
{
    const char *small[TONGUE_LETTERS_MAX], *large[TONGUE_LETTERS_MAX];
    const size_t n = find_letters(tongues[t].small, small);
    uint64_t x = hash64_mix(rank, 7 + (uint64_t)t);
    /* The commonest words are short. */
    size_t len = (rank < 60 ? 2 : 4) + next_random(&x) % (rank < 60 ? 3 : 7), used = 0;

    (void)find_letters(tongues[t].large, large);
    if (t == TONGUE_HAN) {
        for (size_t i = 0; i < 2; i++) {
            const uint64_t code = HAN_FIRST + next_random(&x) % HAN_USED;

            out[used++] = (char)(0xE0 | code >> 12);
            out[used++] = (char)(0x80 | (code >> 6 & 0x3F));
            out[used++] = (char)(0x80 | (code & 0x3F));
        }
        return used;
    }
    for (size_t i = 0; i < len; i++) {
        const size_t letter = next_random(&x) % n;
        const char *from = is_name && i == 0 ? large[letter] : small[letter];

        memcpy(out + used, from, letter_bytes(from));
        used += letter_bytes(from);
    }
    return used;
}

static inline uint64_t draw_rank(uint64_t *x)
{
    return next_random(x) % VOCABULARY * (next_random(x) % VOCABULARY) / VOCABULARY;
}

static inline enum tongue draw_tongue(uint64_t *x)
{
    unsigned roll = (unsigned)(next_random(x) % 100);
    size_t t = 0;

    for (; t + 1 < TONGUE_COUNT && roll >= tongues[t].percent; t++)
        roll -= tongues[t].percent;
    return (enum tongue)t;
}

static inline size_t put(char *out, const char *s)
{
    memcpy(out, s, strlen(s));
    return strlen(s);
}

/*
 * A name of one to three words; a single word is one that texts do not hold by chance. out:
 * TONGUE_NAME_BYTES.
 */
static inline size_t make_name(size_t number, char *out)
{
    uint64_t x = hash64_mix(number, 77);
    enum tongue t = draw_tongue(&x);
    const size_t n = t == TONGUE_HAN ? 2 : 1 + (next_random(&x) % 5 + 2) / 3;
    size_t used = 0;

    for (size_t i = 0; i < n; i++) {
        if (i > 0 && t != TONGUE_HAN)
            out[used++] = ' ';
        used += put_word(t, n == 1 ? VOCABULARY + number : draw_rank(&x), true, out + used);
    }
    return used;
}

/* What stands behind a word. */
static inline size_t put_gap(enum tongue t, size_t i, uint64_t *x, char *out)
{
    const uint64_t roll = next_random(x) % 100;
    size_t used = 0;

    if (i % WORDS_A_PARAGRAPH == WORDS_A_PARAGRAPH - 1)
        return put(out, t == TONGUE_HAN ? "。\n" : ".\n");
    if (t == TONGUE_HAN)
        return i % WORDS_A_SENTENCE == WORDS_A_SENTENCE - 1 ? put(out, "。")
               : roll < 8                                   ? put(out, "，")
                                                            : 0;
    if (i % WORDS_A_SENTENCE == WORDS_A_SENTENCE - 1)
        used = put(out, roll < 15 ? ".” “" : ". ");
    else
        used = put(out, roll < 6    ? ", "
                        : roll < 7  ? " – "
                        : roll < 9  ? "’s "
                        : roll < 10 ? "-"
                                    : " ");
    if (roll >= 97)
        used += put(out + used, roll == 98 ? "2026 " : "15 ");
    return used;
}

/* out: TONGUE_TEXT_BYTES. */
static inline size_t make_tongue_text(enum tongue t, size_t article, char *out)
{
    uint64_t x = hash64_mix(article, 43);
    const size_t n = TONGUE_WORDS / 2 + next_random(&x) % TONGUE_WORDS;
    size_t used = 0;

    for (size_t i = 0; i < n && used + 2 * TONGUE_WORD_BYTES < TONGUE_TEXT_BYTES; i++) {
        const bool is_name = i % WORDS_A_SENTENCE == 0 || next_random(&x) % 12 == 0;

        used += put_word(t, draw_rank(&x), is_name, out + used);
        used += put_gap(t, i, &x, out + used);
    }
    return used;
}

#endif
