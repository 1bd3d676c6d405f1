/*
 * test_letters.c - the table of known characters against ICU, every code point; and tokens cut with
 * it against tokens cut from what text_fold makes of the whole text.
 */
#include "base/letters.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/han.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include <cmocka.h>

#define CODES 0x110000u

static bool is_surrogate(uint32_t code)
{
    return code >= 0xD800 && code <= 0xDFFF;
}

/* The flags and the form that text_fold and ICU give a character that stands alone. */
static uint32_t expected(uint32_t code, struct arena *arena)
{
    char bytes[4];
    const struct slice original = slice_of(bytes, text_put_code(bytes, code));
    const struct slice folded = text_fold_key(original, arena);
    size_t at = 0, n_words = 0;
    uint32_t first = folded.len > 0 ? text_next_code(folded, &at) : 0;

    for (size_t i = 0; i < folded.len;)
        n_words += text_is_word(text_next_code(folded, &i));
    if (n_words == 0)
        return LETTER_GAP;
    if (at != folded.len || folded.len > original.len)
        return 0;
    return first | LETTER_WORD | (text_is_digit(first) ? LETTER_DIGIT : 0u) |
           (text_is_upper(code) ? LETTER_UPPER : 0u) | (text_is_cjk(first) ? LETTER_CJK : 0u);
}

static void test_every_code_point(void **state)
{
    UErrorCode failure = U_ZERO_ERROR;
    const UNormalizer2 *casefold = unorm2_getNFKCCasefoldInstance(&failure);
    struct arena arena;
    size_t n_known = 0;

    WW_UNUSED(state);
    assert_true(U_SUCCESS(failure));
    arena_init(&arena, 1 << 20);
    for (uint32_t code = 1; code < CODES; code++) {
        const uint32_t letter = letter_of(code);
        const bool is_ideograph = code - HAN_FIRST < HAN_COUNT;

        if (letter == 0 || is_surrogate(code))
            continue;
        arena_reset(&arena);
        n_known++;
        /* U+2017 folds to a mark under a space, which is no word. */
        if (letter != expected(code, &arena) && code != 0x2017)
            fail_msg("U+%04X: %x, not %x", code, letter, expected(code, &arena));
        if (!is_ideograph &&
            (!unorm2_hasBoundaryBefore(casefold, (UChar32)code) ||
             u_hasBinaryProperty((UChar32)code, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)))
            fail_msg("U+%04X is known, but joins what stands before it", code);
    }
    /* A table that knows little is slow, not wrong: these scripts are what it is for. */
    assert_in_range(n_known, HAN_COUNT + HANGUL_COUNT + 1700, HAN_COUNT + HANGUL_COUNT + 4000);
    assert_int_equal(letter_of(0xC9), 'e' | LETTER_WORD | LETTER_UPPER);
    assert_int_equal(letter_of(0x416), 0x436 | LETTER_WORD | LETTER_UPPER);
    assert_int_equal(letter_of(0x1EA1), 'a' | LETTER_WORD);
    assert_int_equal(letter_of(0x301), 0);
    assert_int_equal(letter_of(0xAD), 0);
    assert_int_equal(letter_of(0x20000), 0);
    arena_release(&arena);
}

/* ---- tokens ---------------------------------------------------------------------------------- */

/* The tokens of a text as hashes of what they are and where, from one fold of the whole text. */
static size_t cut_slowly(struct slice text, struct arena *arena, uint64_t *out)
{
    struct text_folded f;
    size_t n = 0, word = 0, at = 0;

    assert_int_equal(text_fold(text, arena, &f, NULL), WW_OK);
    for (bool is_end = false; !is_end;) {
        size_t next = at;
        uint32_t code = ' ';

        is_end = at >= f.text.len;
        if (!is_end)
            code = text_next_code(f.text, &next);
        if (text_is_word(code) && !text_is_cjk(code)) {
            at = next;
            continue;
        }
        if (word < at)
            out[n++] = hash64_mix(hash64(slice_sub(f.text, word, at - word)),
                                  (uint64_t)f.start[word] << 32 | f.end[at - 1]);
        if (text_is_cjk(code)) {
            char simple[4];
            const struct slice s = slice_of(simple, text_put_code(simple, han_simplify(code)));

            out[n++] = hash64_mix(hash64(s), (uint64_t)f.start[at] << 32 | f.end[next - 1]);
        }
        word = at = next;
    }
    return n;
}

/* What texts are made of: letters of many scripts, and what stands or hides between them. */
static const uint32_t scripts[] = {'a',    'A',    'k',    '0',    0xC0,   0xE0,   0x150,  0x1B0,
                                   0x391,  0x3B1,  0x400,  0x430,  0x4D0,  0x5D0,  0x620,  0x905,
                                   0xE01,  0x1E00, 0x1EA0, 0x1F00, 0x3041, 0x30A1, 0x4E00, 0x56FD,
                                   0x9FFF, 0xAC00, 0xD7A3, 0xFB00, 0xFF21, 0xFF66, 0x1D400};
static const uint32_t marks[] = {0x301, 0x327, 0x3099, 0x5B8, 0x64B, 0x200D, 0x200B, 0xAD, 0xFE0F};
static const uint32_t gaps[] = {' ',  ' ',    ' ',    ',',    '.',    '\n',   '-',    '\'',
                                0xA0, 0x2019, 0x201C, 0x2014, 0x2026, 0x3001, 0x3002, 0xFF0C,
                                0xAB, 0xB7,   0x2022, 0x60C,  0x37E,  0x2116, 0x20AC, '\r'};

static uint64_t next_random(uint64_t *x)
{
    *x = *x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *x >> 33;
}

/* Marks stand behind letters alone: behind a stop they begin a token where the fold would not. */
static size_t make_text(uint64_t *x, char *out)
{
    const uint32_t script = scripts[next_random(x) % WW_COUNT(scripts)];
    const size_t n = 1 + next_random(x) % 30;
    size_t len = 0;
    uint32_t last = 0;
    bool is_letter = false;

    for (size_t i = 0; i < n; i++) {
        const uint64_t roll = next_random(x) % 20;
        uint32_t code = script + (uint32_t)(next_random(x) % 20);

        /* A soft hyphen at the end of a line: test_token.c has what becomes of it. */
        if (roll < 5 && last != 0xAD)
            code = gaps[next_random(x) % WW_COUNT(gaps)];
        else if (roll < 7)
            code = scripts[next_random(x) % WW_COUNT(scripts)];
        else if (roll < 8 && is_letter)
            code = marks[next_random(x) % WW_COUNT(marks)];
        is_letter = roll >= 5 && u_charType((UChar32)code) >= U_UPPERCASE_LETTER &&
                    u_charType((UChar32)code) <= U_OTHER_LETTER;
        len += text_put_code(out + len, code);
        last = code;
    }
    return len;
}

static void test_tokens_as_folded(void **state)
{
    struct arena arena;
    uint64_t x = 4711;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < 60000; i++) {
        char text[128];
        uint64_t want[64];
        struct token_list list;
        const struct slice s = slice_of(text, make_text(&x, text));
        size_t n;

        arena_reset(&arena);
        n = cut_slowly(s, &arena, want);
        assert_int_equal(token_scan(s, &arena, &list, NULL), WW_OK);
        for (size_t k = 0; k < n || k < list.n_tokens; k++) {
            const struct token *t = &list.tokens[k];

            if (k >= n || k >= list.n_tokens ||
                hash64_mix(hash64(t->folded), (uint64_t)t->start << 32 | t->end) != want[k] ||
                t->hash != hash64(t->folded))
                fail_msg("text %zu, token %zu: \"%.*s\"", i, k, SLICE_ARG(s));
        }
    }
    arena_release(&arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_point),
        cmocka_unit_test(test_tokens_as_folded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
