/*
 * token.c - words of known characters (letters.h) are cut and folded here; everything else goes
 * through text_fold in stretches, and the folded stretch is cut.
 *
 * A stretch begins at a word and ends before a Han character or an ASCII byte that belongs to no
 * word: nothing composes over such a border, so folding the stretch alone gives what folding the
 * whole text would. Known characters are borders to each other.
 */
#include "base/token.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/han.h"
#include "base/hash.h"
#include "base/letters.h"
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

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS (ONES << 7)

static bool is_alnum(unsigned char c)
{
    return c < 0x80 && (letter_of(c) & LETTER_WORD) != 0;
}

static unsigned char byte_at(struct slice s, size_t at)
{
    return at < s.len ? (unsigned char)s.ptr[at] : 0;
}

/*
 * What is known of the character at *at, which moves behind it. Decoded here, because this is asked
 * of every character that is read; what is no UTF-8 is not known.
 */
static inline uint32_t letter_at(struct slice s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.ptr + *at;
    size_t left = s.len - *at;

    if (p[0] < 0x80) {
        *at += 1;
        return letter_of(p[0]);
    }
    if (p[0] >= 0xC2 && p[0] < 0xE0 && left > 1) {
        *at += 2;
        return letter_of((p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu));
    }
    if (p[0] > 0xE0 && p[0] < 0xF0 && left > 2) {
        *at += 3;
        return letter_of((p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu));
    }
    return letter_of(text_next_code(s, at));
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
    if (start - from == 1 && s[from] == ' ') /* two of three */
        return 0;
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
    struct token *token;

    if (sc->n_tokens == sc->capacity) {
        token = arena_grow(sc->arena, sc->tokens, sc->n_tokens, &sc->capacity, sizeof(*token));
        if (token == NULL)
            return NULL;
        before = sc->n_tokens > 0 ? &token[sc->n_tokens - 1] : NULL;
        sc->tokens = token;
    }
    token = &sc->tokens[sc->n_tokens++];
    *token = (struct token){.hash = hash64(folded),
                            .folded = folded,
                            .head = token_head(folded),
                            .start = (uint32_t)start, /* a text is under 4 GiB: token_scan */
                            .end = (uint32_t)end,
                            .flags = gap_flags(sc->text, before, start)};
    return token;
}

/* What the characters of a word are. */
struct counts {
    size_t n_letters, n_digits; /* folded */
    size_t n_upper;             /* in the original */
    bool is_capital;            /* the first one */
};

static uint32_t count_flags(const struct counts *n)
{
    uint32_t flags = n->is_capital ? TOKEN_CAPITAL : 0;

    if (n->n_letters == 0 && n->n_digits > 0)
        flags |= TOKEN_NUMBER;
    if (n->n_upper > 1 && n->n_upper >= n->n_letters)
        flags |= TOKEN_ALL_CAPITALS;
    return flags;
}

/* Flags of a word from its folded form and from its original. */
static uint32_t word_flags(struct slice folded, struct slice original)
{
    struct counts n = {0};

    for (size_t at = 0; at < folded.len;) {
        bool is_digit = text_is_digit(text_next_code(folded, &at));

        n.n_digits += is_digit;
        n.n_letters += !is_digit;
    }
    for (size_t at = 0; at < original.len;) {
        bool is_first = at == 0;
        bool is_upper = text_is_upper(text_next_code(original, &at));

        n.n_upper += is_upper;
        n.is_capital |= is_first && is_upper;
    }
    return count_flags(&n);
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

/* Does a hyphen, or a soft one, stand at a border, where a line break may join two halves? */
static bool may_be_cut(struct slice s, size_t at, size_t next)
{
    return byte_at(s, at) == '-' ||
           (byte_at(s, at - 1) == 0xAD && byte_at(s, at - 2) == 0xC2 && byte_at(s, next) >= 0x80);
}

/*
 * Where a stretch ends: before an ASCII byte outside words, unless another unknown character stands
 * right behind it (one call of ICU for a paragraph of Thai, not one a word).
 */
static size_t stretch_end(struct slice s, size_t at)
{
    for (;;) {
        size_t gap = 0, next;

        while (at < s.len && !is_han(s, at) && (byte_at(s, at) >= 0x80 || is_alnum(byte_at(s, at))))
            at++;
        if (is_han(s, at))
            return at;
        while (gap < STRETCH_GAP_MAX && at + gap < s.len && byte_at(s, at + gap) < 0x80 &&
               !is_alnum(byte_at(s, at + gap)))
            gap++;
        next = at + gap;
        if (gap == 0 || next >= s.len || (!may_be_cut(s, at, next) && letter_at(s, &next) != 0))
            return at;
        at += gap;
    }
}

/* May the text be cut before `at`, behind a known character? letter is what stands there. */
static bool letter_is_border(struct slice s, size_t at, uint32_t letter)
{
    /* A hyphen before a line break may join two halves of a word: text_fold's business. */
    return letter != 0 &&
           (s.ptr[at] != '-' || (byte_at(s, at + 1) != '\n' && byte_at(s, at + 1) != '\r'));
}

static bool is_border(struct slice s, size_t at)
{
    size_t behind = at;

    return at >= s.len || letter_is_border(s, at, letter_at(s, &behind));
}

/* The folded form of a known character, at most as long as the original; returns its length. */
static inline size_t put_letter(char *out, uint32_t letter)
{
    uint32_t code = letter & LETTER_FOLDED;

    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    return text_put_code(out, code);
}

/* The highest bit of each byte, all below 0x80, that is in [from, to]. */
static inline uint64_t bytes_within(uint64_t bytes, unsigned char from, unsigned char to)
{
    return (bytes + ONES * (0x80u - from)) & ~(bytes + ONES * (0x7Fu - to)) & HIGHS;
}

static inline size_t count_highs(uint64_t bits)
{
    return (size_t)((bits >> 7) * ONES >> 56);
}

/* Eight bytes, the first one lowest; zeros behind the end. */
static inline uint64_t load_eight(struct slice s, size_t at)
{
    uint64_t bytes = 0;

    if (s.len - at >= sizeof(bytes))
        memcpy(&bytes, s.ptr + at, sizeof(bytes));
    else
        memcpy(&bytes, s.ptr + at, s.len - at);
    return WW_FIRST_LOWEST(bytes);
}

static inline void store_eight(char *out, uint64_t bytes)
{
    bytes = WW_FIRST_LOWEST(bytes);
    memcpy(out, &bytes, sizeof(bytes));
}

/*
 * A word of ASCII, or the beginning of one, eight bytes at a time: how long it is. What stands
 * behind it in room is written over. A look at each byte made all of token_scan half as fast.
 */
static inline size_t fold_ascii(struct slice s, size_t at, char *room, struct counts *n)
{
    size_t len = 0, step = 8;

    for (; step == 8 && at + len < s.len; len += step) {
        const uint64_t bytes = load_eight(s, at + len);
        const uint64_t digits = bytes_within(bytes & ~HIGHS, '0', '9') & ~bytes;
        const uint64_t letters = bytes_within((bytes & ~HIGHS) | ONES * 0x20, 'a', 'z') & ~bytes;
        const uint64_t upper = letters & ~(bytes << 2);
        const uint64_t others = ~(letters | digits) & HIGHS;
        const uint64_t kept = others == 0 ? HIGHS : HIGHS & (others ^ (others - 1)) & ~others;

        store_eight(room + len, bytes | upper >> 2);
        step = others == 0 ? 8 : WW_ZEROS_BELOW(others) / 8;
        n->n_letters += count_highs(letters & kept);
        n->n_digits += count_highs(digits & kept);
        n->n_upper += count_highs(upper & kept);
    }
    return len;
}

/*
 * The word of known characters that begins at *at, folded to room; how much that is. *at goes
 * behind it. 0 when text_fold has to judge it.
 */
static size_t fold_known_word(struct slice s, size_t *at, char *room, struct counts *n)
{
    size_t len = 0, next = *at;
    uint32_t letter = letter_at(s, &next);

    *n = (struct counts){.is_capital = (letter & LETTER_UPPER) != 0};
    while ((letter & (LETTER_WORD | LETTER_CJK)) == LETTER_WORD) {
        if (byte_at(s, *at) < 0x80) {
            const size_t n_ascii = fold_ascii(s, *at, room + len, n);

            len += n_ascii;
            next = *at + n_ascii;
        } else {
            n->n_letters += (letter & LETTER_DIGIT) == 0;
            n->n_digits += (letter & LETTER_DIGIT) != 0;
            n->n_upper += (letter & LETTER_UPPER) != 0;
            len += put_letter(room + len, letter);
        }
        *at = next;
        letter = next < s.len ? letter_at(s, &next) : 0;
    }
    return *at >= s.len || letter_is_border(s, *at, letter) ? len : 0;
}

/* A character that is a token, Han in its simplified form: three bytes for three. */
static struct token *add_known_character(struct scanner *sc, uint32_t code, size_t start,
                                         size_t end, char *room)
{
    size_t len = text_put_code(room, han_simplify(code));
    struct token *token = add_token(sc, slice_of(room, len), start, end);

    if (token != NULL)
        token->flags |= TOKEN_CJK;
    return token;
}

/*
 * What begins at *at and is no ASCII between words, up to a border; *at goes behind it. room is for
 * what it folds to, which is no longer than it is.
 */
static enum ww_status scan_next(struct scanner *sc, size_t *at, char *room, struct ww_error *err)
{
    struct slice s = sc->text;
    size_t start = *at, end = start, len = 0;
    uint32_t letter = letter_at(s, &end);
    struct counts n;
    struct token *token;

    *at = end;
    if ((letter & LETTER_GAP) != 0)
        return WW_OK;
    if ((letter & LETTER_CJK) != 0 && (is_han(s, start) || is_border(s, end))) {
        token = add_known_character(sc, letter & LETTER_FOLDED, start, end, room);
        return token != NULL ? WW_OK : arena_check(sc->arena, err);
    }
    *at = start;
    if ((letter & (LETTER_WORD | LETTER_CJK)) == LETTER_WORD)
        len = fold_known_word(s, at, room, &n);
    if (len == 0) {
        *at = stretch_end(s, start);
        return scan_stretch(sc, start, *at, err);
    }
    token = add_token(sc, slice_of(room, len), start, *at);
    if (token == NULL)
        return arena_check(sc->arena, err);
    token->flags |= count_flags(&n);
    return WW_OK;
}

static enum ww_status scan_all(struct scanner *sc, struct ww_error *err)
{
    const unsigned char *p = (const unsigned char *)sc->text.ptr;
    char *room = arena_alloc(sc->arena, sc->text.len + 8);
    enum ww_status status = WW_OK;

    for (size_t at = 0; room != NULL && at < sc->text.len && status == WW_OK;)
        if (p[at] < 0x80 && !is_alnum(p[at]))
            at++;
        else
            status = scan_next(sc, &at, room + at, err);
    return status == WW_OK ? arena_check(sc->arena, err) : status;
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
