/* lookalike.c - twins of letters between Latin, Cyrillic and Greek; words read in one script. */
#include "base/lookalike.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/hash.h"
#include "base/text.h"

#include <string.h>

/* Letters behind ASCII that take part: Greek and Cyrillic stand in one row of Unicode. */
#define FIRST_LEAD_BYTE 0xCD
#define LAST_LEAD_BYTE 0xD4
/* A longer word is no name, and no twin is looked for. */
#define WORD_MAX_BYTES 200

struct twin {
    uint32_t code; /* Cyrillic or Greek */
    char latin;
};

/* Drawn alike in the common typefaces; by code. Greek capitals, then Cyrillic. */
static const struct twin twins[] = {
    {0x391, 'A'},
    {0x392, 'B'},
    {0x395, 'E'},
    {0x396, 'Z'},
    {0x397, 'H'},
    {0x399, 'I'},
    {0x39A, 'K'},
    {0x39C, 'M'},
    {0x39D, 'N'},
    {0x39F, 'O'},
    {0x3A1, 'P'},
    {0x3A4, 'T'},
    {0x3A5, 'Y'},
    {0x3A7, 'X'},
    {0x3B1, 'a'},
    {0x3B9, 'i'},
    {0x3BD, 'v'},
    {0x3BF, 'o'},
    {0x3C1, 'p'},
    {0x3F2, 'c'},
    {0x3F3, 'j'},
    {0x405, 'S'},
    {0x406, 'I'},
    {0x408, 'J'},
    {0x410, 'A'},
    {0x412, 'B'},
    {0x415, 'E'},
    {0x41A, 'K'},
    {0x41C, 'M'},
    {0x41D, 'H'},
    {0x41E, 'O'},
    {0x420, 'P'},
    {0x421, 'C'},
    {0x422, 'T'},
    {0x425, 'X'},
    {0x430, 'a'},
    {0x435, 'e'},
    {0x43E, 'o'},
    {0x440, 'p'},
    {0x441, 'c'},
    {0x443, 'y'},
    {0x445, 'x'},
    {0x455, 's'},
    {0x456, 'i'},
    {0x458, 'j'},
    {0x4AE, 'Y'},
    {0x4BB, 'h'},
    {0x4C0, 'I'},
    {0x4CF, 'l'},
    {0x501, 'd'},
    {0x51B, 'q'},
    {0x51D, 'w'},
};

/* ---- letters --------------------------------------------------------------------------------- */

static bool is_latin(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
           (code >= 0xC0 && code <= 0x24F && code != 0xD7 && code != 0xF7);
}

static bool is_other(uint32_t code)
{
    return code >= 0x370 && code <= 0x52F;
}

/* Full-width letters, and the mathematical alphabets. */
static bool is_styled(uint32_t code)
{
    return (code >= 0xFF21 && code <= 0xFF3A) || (code >= 0xFF41 && code <= 0xFF5A) ||
           (code >= 0x1D400 && code <= 0x1D7CB);
}

/* 0: it has none. */
static uint32_t latin_twin(uint32_t code)
{
    size_t low = 0, high = WW_COUNT(twins);

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (twins[middle].code == code)
            return (unsigned char)twins[middle].latin;
        if (twins[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* Of the script that the word has: Cyrillic, unless it holds Greek alone. */
static uint32_t other_twin(uint32_t code, bool is_greek)
{
    for (size_t i = 0; i < WW_COUNT(twins); i++)
        if ((unsigned char)twins[i].latin == code && (twins[i].code < 0x400) == is_greek)
            return twins[i].code;
    return 0;
}

/* ---- words ----------------------------------------------------------------------------------- */

struct mix {
    size_t n_latin, n_other, n_greek;
    bool has_twins_in_latin; /* all that is not Latin could be */
    bool has_twins_in_other;
};

static struct mix look(struct slice word)
{
    struct mix m = {.has_twins_in_latin = true, .has_twins_in_other = true};

    for (size_t i = 0; i < word.len;) {
        uint32_t code = text_next_code(word, &i);

        if (is_other(code)) {
            m.n_other++;
            m.n_greek += code < 0x400;
            m.has_twins_in_latin &= latin_twin(code) != 0;
        } else if (is_latin(code)) {
            m.n_latin++;
        }
    }
    if (m.n_latin == 0 || m.n_other == 0)
        return m;
    for (size_t i = 0; i < word.len && m.has_twins_in_other;) {
        uint32_t code = text_next_code(word, &i);

        m.has_twins_in_other = !is_latin(code) || other_twin(code, m.n_greek == m.n_other) != 0;
    }
    return m;
}

static bool is_mixed(struct slice word)
{
    const struct mix m = look(word);

    return m.n_latin > 0 && m.n_other > 0;
}

enum lookalike lookalike_of(struct slice quote)
{
    size_t from = 0;

    for (size_t i = 0; i < quote.len;) {
        size_t at = i;
        uint32_t code = text_next_code(quote, &i);

        if (is_styled(code))
            return LOOKALIKE_STYLED;
        if (text_is_word(code))
            continue;
        if (is_mixed(slice_sub(quote, from, at - from)))
            return LOOKALIKE_MIXED;
        from = i;
    }
    return is_mixed(slice_skip(quote, from)) ? LOOKALIKE_MIXED : LOOKALIKE_NONE;
}

const char *lookalike_words(struct slice quote)
{
    static const char *const words[] = {
        [LOOKALIKE_NONE] = NULL,
        [LOOKALIKE_MIXED] = "written with look-alike letters of another script",
        [LOOKALIKE_STYLED] = "written with wide or mathematical letters",
    };

    return words[lookalike_of(quote)];
}

struct slice lookalike_plain(struct slice word, struct arena *arena)
{
    const struct mix m = look(word);
    const bool is_latin_word =
        m.has_twins_in_latin && (m.n_latin >= m.n_other || !m.has_twins_in_other);
    size_t n = 0;
    char *out;

    if (m.n_latin == 0 || m.n_other == 0 || word.len > WORD_MAX_BYTES ||
        (!m.has_twins_in_latin && !m.has_twins_in_other))
        return SLICE("");
    out = arena_alloc(arena, 2 * word.len + 4);
    if (out == NULL)
        return SLICE("");
    for (size_t i = 0; i < word.len;) {
        uint32_t code = text_next_code(word, &i);

        if (is_latin_word && is_other(code))
            code = latin_twin(code);
        else if (!is_latin_word && is_latin(code))
            code = other_twin(code, m.n_greek == m.n_other);
        n += text_put_code(out + n, code);
    }
    return slice_of(out, n);
}

/* ---- texts ----------------------------------------------------------------------------------- */

static bool is_lead(char c)
{
    return (unsigned char)c >= FIRST_LEAD_BYTE && (unsigned char)c <= LAST_LEAD_BYTE;
}

/* Is there a letter of Greek or Cyrillic? ASCII is passed over in steps of eight. */
static bool has_other(struct slice s)
{
    while (s.len > 0) {
        s = slice_skip(s, text_ascii_run(s));
        if (s.len > 0 && is_lead(s.ptr[0]))
            return true;
        s = slice_skip(s, 1);
    }
    return false;
}

/* Latin with marks alone is not looked for: a Latin word has plain letters, too. */
static bool has_ascii(struct slice s)
{
    size_t i = 0;

    for (; i + 8 <= s.len; i += 8) {
        uint64_t eight;

        memcpy(&eight, s.ptr + i, 8);
        if ((~eight & 0x8080808080808080U) != 0)
            return true;
    }
    for (; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < 0x80)
            return true;
    return false;
}

enum ww_status lookalike_mend(struct slice text, struct arena *arena, struct token_list *tokens,
                              struct ww_error *err)
{
    if (!has_other(text))
        return WW_OK;
    for (size_t i = 0; i < tokens->n_tokens; i++) {
        struct token *t = &tokens->tokens[i];
        struct slice word = slice_sub(text, t->start, t->end - t->start);
        struct slice plain;

        /* Two scripts take three bytes. */
        if (word.len < 3 || !has_ascii(word) || !has_other(word))
            continue;
        plain = lookalike_plain(word, arena);
        if (plain.len == 0)
            continue;
        plain = text_fold_key(plain, arena);
        if (plain.len == 0)
            continue;
        t->folded = plain;
        t->hash = hash64(plain);
        t->head = token_head(plain);
    }
    return arena_check(arena, err);
}
