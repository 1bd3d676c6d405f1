/*
 * token.c - words of ASCII and Han characters are cut here; everything else goes through text_fold
 * in stretches, and the folded stretch is cut.
 *
 * A stretch begins at a word and ends before a Han character or an ASCII byte that belongs to no
 * word: nothing composes over such a border, so folding the stretch alone gives what folding the
 * whole text would.
 */
#include "base/token.h"

#include "base/arena.h"
#include "base/han.h"
#include "base/hash.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>

/* Bytes of ASCII white space and punctuation that do not end a stretch of foreign script. */
#define STRETCH_GAP_MAX 3

struct scanner {
    struct slice text;
    struct arena *arena;
    struct token *tokens;
    size_t n_tokens, capacity;
};

enum { DIGIT = 1, UPPER = 2, LOWER = 4 };

/* What each ASCII byte is; a look-up, because this is asked of every byte that is read. */
static const unsigned char classes[256] = {
    ['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT, ['4'] = DIGIT, ['5'] = DIGIT,
    ['6'] = DIGIT, ['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT, ['A'] = UPPER, ['B'] = UPPER,
    ['C'] = UPPER, ['D'] = UPPER, ['E'] = UPPER, ['F'] = UPPER, ['G'] = UPPER, ['H'] = UPPER,
    ['I'] = UPPER, ['J'] = UPPER, ['K'] = UPPER, ['L'] = UPPER, ['M'] = UPPER, ['N'] = UPPER,
    ['O'] = UPPER, ['P'] = UPPER, ['Q'] = UPPER, ['R'] = UPPER, ['S'] = UPPER, ['T'] = UPPER,
    ['U'] = UPPER, ['V'] = UPPER, ['W'] = UPPER, ['X'] = UPPER, ['Y'] = UPPER, ['Z'] = UPPER,
    ['a'] = LOWER, ['b'] = LOWER, ['c'] = LOWER, ['d'] = LOWER, ['e'] = LOWER, ['f'] = LOWER,
    ['g'] = LOWER, ['h'] = LOWER, ['i'] = LOWER, ['j'] = LOWER, ['k'] = LOWER, ['l'] = LOWER,
    ['m'] = LOWER, ['n'] = LOWER, ['o'] = LOWER, ['p'] = LOWER, ['q'] = LOWER, ['r'] = LOWER,
    ['s'] = LOWER, ['t'] = LOWER, ['u'] = LOWER, ['v'] = LOWER, ['w'] = LOWER, ['x'] = LOWER,
    ['y'] = LOWER, ['z'] = LOWER,
};

static bool is_alnum(unsigned char c)
{
    return classes[c] != 0;
}

static unsigned char byte_at(struct slice s, size_t at)
{
    return at < s.len ? (unsigned char)s.ptr[at] : 0;
}

/*
 * Length of a dash, curly quote, ellipsis, ideographic stop or full-width punctuation at `at`, else
 * 0. They separate words, and folding could tell us no more.
 */
static size_t separator_length(struct slice s, size_t at)
{
    unsigned char lead = byte_at(s, at), middle = byte_at(s, at + 1), last = byte_at(s, at + 2);

    if (lead == 0xE2 && middle == 0x80) /* U+2013..201F, U+2026 */
        return (last >= 0x93 && last <= 0x9F) || last == 0xA6 ? 3 : 0;
    if (lead == 0xE3 && middle == 0x80) /* U+3000..3003, U+3008..3011 */
        return (last >= 0x80 && last <= 0x83) || (last >= 0x88 && last <= 0x91) ? 3 : 0;
    if (lead == 0xEF && middle == 0xBC) /* U+FF01..FF0F, U+FF1A..FF1F */
        return (last >= 0x81 && last <= 0x8F) || (last >= 0x9A && last <= 0x9F) ? 3 : 0;
    return 0;
}

/* U+4E00..9FFF: unified ideographs, which normalisation leaves alone and nothing composes with. */
static bool is_han(struct slice s, size_t at)
{
    unsigned char lead = byte_at(s, at);

    return lead >= 0xE4 && lead <= 0xE9 && (lead > 0xE4 || byte_at(s, at + 1) >= 0xB8);
}

/* A stop that ends a sentence whatever follows it: 。 ！ ？ ｡ */
static bool is_full_stop(const unsigned char *s)
{
    return (s[0] == 0xE3 && s[1] == 0x80 && s[2] == 0x82) ||
           (s[0] == 0xEF && s[1] == 0xBC && (s[2] == 0x81 || s[2] == 0x9F)) ||
           (s[0] == 0xEF && s[1] == 0xBD && s[2] == 0xA1);
}

/* What the original bytes between two tokens say about the second one. */
static uint32_t gap_flags(struct slice text, const struct token *before, size_t start)
{
    const unsigned char *s = (const unsigned char *)text.ptr;
    uint32_t flags = 0;
    size_t from = before == NULL ? 0 : before->end;
    bool was_stop = false;

    if (before == NULL)
        return TOKEN_SENTENCE | TOKEN_PARAGRAPH;
    if (from >= start)
        return TOKEN_GLUED;
    /* The stop of an initial ("U.S. Senate", "J. Doe") ends no sentence. */
    if (s[from] == '.' && (before->flags & TOKEN_CAPITAL) != 0 && before->folded.len == 1)
        from++;
    for (size_t i = from; i < start; i++) {
        if (s[i] == '\n' || s[i] == '\r')
            return TOKEN_SENTENCE | TOKEN_PARAGRAPH;
        if (s[i] == '.' || s[i] == '!' || s[i] == '?')
            was_stop = true;
        else if (was_stop && s[i] == ' ')
            flags = TOKEN_SENTENCE;
        else if (s[i] >= 0xE2 && start - i >= 3 && is_full_stop(s + i))
            flags = TOKEN_SENTENCE;
    }
    return flags;
}

/* NULL when the arena is full. */
static struct token *add_token(struct scanner *sc, struct slice folded, size_t start, size_t end)
{
    const struct token *before = sc->n_tokens > 0 ? &sc->tokens[sc->n_tokens - 1] : NULL;
    uint32_t flags = gap_flags(sc->text, before, start);
    struct token *tokens =
        arena_grow(sc->arena, sc->tokens, sc->n_tokens, &sc->capacity, sizeof(*tokens));

    if (tokens == NULL)
        return NULL;
    sc->tokens = tokens;
    tokens += sc->n_tokens++;
    *tokens = (struct token){.hash = hash64(folded),
                             .folded = folded,
                             .start = (uint32_t)start, /* a text is under 4 GiB: token_scan */
                             .end = (uint32_t)end,
                             .flags = flags};
    return tokens;
}

/* The ASCII word [start, end); room holds its folded bytes. */
static bool add_ascii_word(struct scanner *sc, size_t start, size_t end, char *room)
{
    struct token *token;
    size_t n_upper = 0, len = end - start;
    unsigned all = 0;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)sc->text.ptr[start + i];

        all |= classes[c];
        n_upper += classes[c] == UPPER;
        room[i] = (char)(c + (classes[c] == UPPER ? 'a' - 'A' : 0));
    }
    token = add_token(sc, slice_of(room, len), start, end);
    if (token == NULL)
        return false;
    if (all == DIGIT)
        token->flags |= TOKEN_NUMBER;
    if (classes[(unsigned char)sc->text.ptr[start]] == UPPER)
        token->flags |= TOKEN_CAPITAL;
    if (n_upper > 1 && (all & LOWER) == 0)
        token->flags |= TOKEN_ALL_CAPITALS;
    return true;
}

/* Flags of a word that is not plain ASCII, from its folded form and from its original. */
static uint32_t word_flags(struct slice folded, struct slice original)
{
    size_t n_digits = 0, n_letters = 0, n_upper = 0;
    uint32_t flags = 0;

    for (size_t at = 0; at < folded.len;) {
        uint32_t code = text_next_code(folded, &at);

        n_digits += text_is_digit(code);
        n_letters += !text_is_digit(code);
    }
    for (size_t at = 0; at < original.len;) {
        bool is_first = at == 0;
        bool is_capital = text_is_upper(text_next_code(original, &at));

        n_upper += is_capital;
        if (is_first && is_capital)
            flags |= TOKEN_CAPITAL;
    }
    if (n_letters == 0 && n_digits > 0)
        flags |= TOKEN_NUMBER;
    if (n_upper > 1 && n_upper >= n_letters)
        flags |= TOKEN_ALL_CAPITALS;
    return flags;
}

static bool add_folded_word(struct scanner *sc, const struct text_folded *f, size_t base, size_t a,
                            size_t b)
{
    size_t start = base + f->start[a], end = base + f->end[b - 1];
    struct slice folded = slice_sub(f->text, a, b - a);
    struct token *token = add_token(sc, folded, start, end);

    if (token == NULL)
        return false;
    token->flags |= word_flags(folded, slice_sub(sc->text, start, end - start));
    return true;
}

/* One Han, kana or Hangul character from [start, end), Han in its simplified form. */
static bool add_character(struct scanner *sc, struct slice folded, uint32_t code, size_t start,
                          size_t end)
{
    uint32_t simple = han_simplify(code);
    struct token *token;

    if (simple != code) {
        /* The table stays within U+0800..FFFF: three bytes for three. */
        char *room = arena_alloc(sc->arena, 3);

        if (room == NULL)
            return false;
        room[0] = (char)(0xE0 | simple >> 12);
        room[1] = (char)(0x80 | (simple >> 6 & 0x3F));
        room[2] = (char)(0x80 | (simple & 0x3F));
        folded = slice_of(room, 3);
    }
    token = add_token(sc, folded, start, end);
    if (token != NULL)
        token->flags |= TOKEN_CJK;
    return token != NULL;
}

/* Fold the stretch [start, end) of the text and cut it. */
static enum ww_status scan_stretch(struct scanner *sc, size_t start, size_t end,
                                   struct ww_error *err)
{
    struct text_folded f;
    size_t word = 0, at = 0; /* the word being read is [word, at) */
    bool is_good = true;
    enum ww_status status = text_fold(slice_sub(sc->text, start, end - start), sc->arena, &f, err);

    if (status != WW_OK)
        return status;
    while (at < f.text.len && is_good) {
        size_t next = at;
        uint32_t code = text_next_code(f.text, &next);
        bool is_cjk = text_is_cjk(code);

        if (is_cjk || !text_is_word(code)) {
            if (word < at)
                is_good = add_folded_word(sc, &f, start, word, at);
            if (is_cjk && is_good)
                is_good = add_character(sc, slice_sub(f.text, at, next - at), code,
                                        start + f.start[at], start + f.end[next - 1]);
            word = next;
        }
        at = next;
    }
    if (word < at && is_good)
        is_good = add_folded_word(sc, &f, start, word, at);
    return is_good ? WW_OK : arena_check(sc->arena, err);
}

/*
 * Where a stretch ends: before an ASCII byte outside words, unless foreign script goes on right
 * behind it (one call of ICU for a paragraph of Cyrillic, not one a word).
 */
static size_t stretch_end(struct slice s, size_t at)
{
    for (;;) {
        size_t gap = 0;

        while (at < s.len && !is_han(s, at) && (byte_at(s, at) >= 0x80 || is_alnum(byte_at(s, at))))
            at++;
        if (is_han(s, at))
            return at;
        while (gap < STRETCH_GAP_MAX && at + gap < s.len && byte_at(s, at + gap) < 0x80 &&
               !is_alnum(byte_at(s, at + gap)))
            gap++;
        /* A hyphen before a line break may join two halves of a word: text_fold's business. */
        if (byte_at(s, at) != '-' && byte_at(s, at + gap) < 0x80)
            return at;
        if (gap == 0 || at + gap >= s.len)
            return at;
        at += gap;
    }
}

/* Does the ASCII word that ends at `end` go on in a way that only text_fold can judge? */
static bool goes_on(struct slice s, size_t end)
{
    unsigned char c = byte_at(s, end);

    if (c >= 0x80)
        return separator_length(s, end) == 0 && !is_han(s, end);
    return c == '-' && (byte_at(s, end + 1) == '\n' || byte_at(s, end + 1) == '\r');
}

static enum ww_status scan_all(struct scanner *sc, struct ww_error *err)
{
    struct slice s = sc->text;
    char *room = arena_alloc(sc->arena, s.len); /* folded ASCII words, each at its own offset */
    size_t at = 0;

    while (room != NULL && at < s.len) {
        unsigned char c = (unsigned char)s.ptr[at];
        size_t end = at, skip = c < 0x80 ? !is_alnum(c) : separator_length(s, at);
        enum ww_status status;

        if (skip > 0) {
            at += skip;
            continue;
        }
        if (is_han(s, at)) {
            uint32_t code = text_next_code(s, &end);

            if (!add_character(sc, slice_sub(s, at, end - at), code, at, end))
                break;
            at = end;
            continue;
        }
        while (end < s.len && is_alnum((unsigned char)s.ptr[end]))
            end++;
        if (end > at && !goes_on(s, end)) {
            if (!add_ascii_word(sc, at, end, room + at))
                break;
            at = end;
            continue;
        }
        end = stretch_end(s, end);
        status = scan_stretch(sc, at, end, err);
        if (status != WW_OK)
            return status;
        at = end;
    }
    return arena_check(sc->arena, err);
}

enum ww_status token_scan(struct slice text, struct arena *arena, struct token_list *out,
                          struct ww_error *err)
{
    /* A token every six bytes is common in European text; growing costs the arena double. */
    struct scanner sc = {.text = text, .arena = arena, .capacity = text.len / 5 + 8};
    enum ww_status status;

    *out = (struct token_list){0};
    if (text.len >= UINT32_MAX)
        return ww_fail(err, WW_TOO_BIG, "text of %zu bytes, limit 4 GiB", text.len);
    sc.tokens = arena_array(arena, sc.capacity, sizeof(*sc.tokens));
    status = sc.tokens == NULL ? arena_check(arena, err) : scan_all(&sc, err);
    if (status == WW_OK)
        *out = (struct token_list){sc.tokens, sc.n_tokens};
    return status;
}
