/* substance.c - sentences of two versions, held against each other by their words. */
#include "crawler/substance.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/sentence.h"
#include "base/text.h"
#include "base/token.h"
#include "extractors/change_notes.h"
#include "extractors/cues.h"

#include <stdlib.h>

/* A sentence of fewer words, or a line that is none, is a label or a counter: "1,234 views". */
#define WORDS_MIN 4
/* More that came or went than this is no longer paired: so much is of substance in any case. */
#define LOOSE_MAX 64
/* One letter more, less or other makes another word of a short one: "war", "was". */
#define TYPING_MIN_BYTES 4

struct unit {
    uint64_t hash; /* of its words */
    const struct token *tokens;
    size_t n_tokens;
    struct slice source; /* what the tokens' offsets count from */
    bool is_prose;       /* a sentence that ends as one */
    bool is_used;
};

struct units {
    struct unit *rows;
    size_t n_rows;
};

/* ---- cutting up ------------------------------------------------------------------------------ */

static bool ends_as_sentence(struct slice s)
{
    static const char *const closing[] = {"\"",     "'",      ")",      "]",
                                          " ",      "\u201d", "\u2019", "\u00bb",
                                          "\u300d", "\u300f", "\uff09", "\u201c"};
    static const char *const stops[] = {".",      "!",      "?",      "\u2026", "\u3002",
                                        "\uff01", "\uff1f", "\u061f", "\u06d4", "\u0964"};
    bool goes_on = true;

    while (goes_on) {
        goes_on = false;
        for (size_t i = 0; i < WW_COUNT(closing); i++)
            if (slice_ends(s, slice_from(closing[i]))) {
                s.len -= slice_from(closing[i]).len;
                goes_on = true;
            }
    }
    for (size_t i = 0; i < WW_COUNT(stops); i++)
        if (slice_ends(s, slice_from(stops[i])))
            return true;
    return false;
}

/* Two characters of a script without spaces are about a word. */
static size_t count_words(const struct unit *u)
{
    size_t n_halves = 0;

    for (size_t i = 0; i < u->n_tokens; i++)
        if ((u->tokens[i].flags & TOKEN_NUMBER) == 0)
            n_halves += (u->tokens[i].flags & TOKEN_CJK) != 0 ? 1 : 2;
    return n_halves / 2;
}

static void add(struct units *out, struct slice text, struct slice sentence,
                const struct token *tokens, size_t n_tokens)
{
    struct unit *u = &out->rows[out->n_rows];
    const bool ends = ends_as_sentence(sentence);

    if (n_tokens == 0 || (!ends && cues_begin_byline(sentence))) /* "Published 3 hours ago" */
        return;
    *u = (struct unit){.tokens = tokens, .n_tokens = n_tokens, .source = text};
    for (size_t i = 0; i < n_tokens; i++)
        u->hash = hash64_mix(u->hash, tokens[i].hash);
    u->is_prose = ends && count_words(u) >= WORDS_MIN;
    out->n_rows++;
}

static enum ww_status cut_up(struct slice text, struct slice language, struct arena *arena,
                             struct units *out, struct ww_error *err)
{
    struct sentence_list sentences = {0};
    struct token_list list = {0};
    size_t at = 0;
    enum ww_status status;

    *out = (struct units){0};
    text = text_cut(text, STORY_TEXT_MAX_BYTES);
    status = sentence_scan(text, language, arena, &sentences, err);
    if (status == WW_OK)
        status = token_scan(text, arena, &list, err);
    if (status != WW_OK)
        return status;
    out->rows = arena_array(arena, sentences.n_rows + 1, sizeof(*out->rows));
    if (out->rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < sentences.n_rows; i++) {
        const struct sentence *s = &sentences.rows[i];
        size_t from;

        while (at < list.n_tokens && list.tokens[at].start < s->start)
            at++;
        from = at;
        while (at < list.n_tokens && list.tokens[at].start < s->end)
            at++;
        add(out, text, slice_sub(text, s->start, s->end - s->start), &list.tokens[from], at - from);
    }
    return WW_OK;
}

/* "why: text" without the reasons. */
static struct slice without_reasons(struct slice cut, struct arena *arena)
{
    char *copy = arena_alloc(arena, cut.len + 1);
    struct slice rest = cut, line;
    size_t n = 0;

    if (copy == NULL)
        return (struct slice){"", 0};
    while (slice_next(&rest, '\n', &line)) {
        const size_t colon = slice_find_char(line, ':');
        const struct slice words = slice_skip(line, colon < line.len ? colon + 1 : 0);

        for (size_t i = 0; i < words.len; i++)
            copy[n++] = words.ptr[i];
        if (n < cut.len)
            copy[n++] = '\n';
    }
    return slice_of(copy, n);
}

/* ---- which are in one text alone ------------------------------------------------------------- */

struct hashes {
    uint64_t *rows;
    size_t n_rows;
};

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static enum ww_status collect(const struct units *a, const struct units *b, struct arena *arena,
                              struct hashes *out, struct ww_error *err)
{
    out->rows = arena_array(arena, a->n_rows + b->n_rows + 1, sizeof(*out->rows));
    out->n_rows = 0;
    if (out->rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < a->n_rows; i++)
        out->rows[out->n_rows++] = a->rows[i].hash;
    for (size_t i = 0; i < b->n_rows; i++)
        out->rows[out->n_rows++] = b->rows[i].hash;
    qsort(out->rows, out->n_rows, sizeof(*out->rows), by_value);
    return WW_OK;
}

static bool has(const struct hashes *h, uint64_t hash)
{
    return bsearch(&hash, h->rows, h->n_rows, sizeof(hash), by_value) != NULL;
}

/* Those of u that are not in h, to its front. */
static void keep_loose(struct units *u, const struct hashes *h)
{
    size_t n = 0;

    for (size_t i = 0; i < u->n_rows; i++)
        if (!has(h, u->rows[i].hash))
            u->rows[n++] = u->rows[i];
    u->n_rows = n;
}

/* Without the lines that say that the page was changed. Were there any? */
static bool drop_notes(struct units *u, const struct change_notes *notes)
{
    size_t n = 0;
    const size_t n_before = u->n_rows;

    for (size_t i = 0; i < u->n_rows; i++)
        if (!change_notes_match(notes, u->rows[i].source, u->rows[i].tokens, u->rows[i].n_tokens))
            u->rows[n++] = u->rows[i];
    u->n_rows = n;
    return n < n_before;
}

/* ---- pairs ----------------------------------------------------------------------------------- */

/* The words between what both begin and end with. */
static void trim(struct unit *a, struct unit *b)
{
    while (a->n_tokens > 0 && b->n_tokens > 0 && a->tokens[0].hash == b->tokens[0].hash) {
        a->tokens++;
        b->tokens++;
        a->n_tokens--;
        b->n_tokens--;
    }
    while (a->n_tokens > 0 && b->n_tokens > 0 &&
           a->tokens[a->n_tokens - 1].hash == b->tokens[b->n_tokens - 1].hash) {
        a->n_tokens--;
        b->n_tokens--;
    }
}

/* The bytes of its words, one behind the other. */
static struct slice join(const struct unit *u, struct arena *arena)
{
    size_t n = 0;
    char *out;

    for (size_t i = 0; i < u->n_tokens; i++)
        n += u->tokens[i].folded.len;
    out = arena_alloc(arena, n + 1);
    if (out == NULL)
        return (struct slice){"", 0};
    n = 0;
    for (size_t i = 0; i < u->n_tokens; i++)
        for (size_t k = 0; k < u->tokens[i].folded.len; k++)
            out[n++] = u->tokens[i].folded.ptr[k];
    return slice_of(out, n);
}

/* Bytes up to which both are equal, never within a character. */
static size_t common_bytes(struct slice a, struct slice b, bool from_end)
{
    const size_t most = a.len < b.len ? a.len : b.len;
    size_t n = 0;

    while (n < most &&
           (from_end ? a.ptr[a.len - 1 - n] == b.ptr[b.len - 1 - n] : a.ptr[n] == b.ptr[n]))
        n++;
    while (n > 0 && n < a.len && ((unsigned char)a.ptr[from_end ? a.len - n : n] & 0xC0u) == 0x80)
        n--;
    return n;
}

static size_t count_characters(struct slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xC0u) != 0x80;
    return n;
}

/* One character other, more or less, or two that changed places. */
static bool is_mistyped(const struct token *x, const struct token *y)
{
    struct slice a = x->folded, b = y->folded;
    size_t n;

    if (((x->flags | y->flags) & (TOKEN_NUMBER | TOKEN_CJK)) != 0 || a.len < TYPING_MIN_BYTES ||
        b.len < TYPING_MIN_BYTES)
        return false;
    n = common_bytes(a, b, false);
    a = slice_skip(a, n);
    b = slice_skip(b, n);
    n = common_bytes(a, b, true);
    a = slice_head(a, a.len - n);
    b = slice_head(b, b.len - n);
    if (count_characters(a) <= 1 && count_characters(b) <= 1)
        return true;
    return a.len == 2 && b.len == 2 && a.ptr[0] == b.ptr[1] && a.ptr[1] == b.ptr[0];
}

/* Is one the other, but for its spelling? */
static bool is_typing(struct unit a, struct unit b, struct arena *arena)
{
    trim(&a, &b);
    for (size_t i = 0; i < a.n_tokens; i++)
        if ((a.tokens[i].flags & TOKEN_NUMBER) != 0)
            return false;
    for (size_t i = 0; i < b.n_tokens; i++)
        if ((b.tokens[i].flags & TOKEN_NUMBER) != 0)
            return false;
    if (a.n_tokens > 0 && b.n_tokens > 0 && slice_equal(join(&a, arena), join(&b, arena)))
        return true;
    if (a.n_tokens != b.n_tokens)
        return false;
    for (size_t i = 0; i < a.n_tokens; i++)
        if (a.tokens[i].hash != b.tokens[i].hash && !is_mistyped(&a.tokens[i], &b.tokens[i]))
            return false;
    return true;
}

/* One line of a list, with something replaced in it: most words are the same, in their places. */
static bool is_replaced(struct unit a, struct unit b)
{
    const size_t longer = a.n_tokens > b.n_tokens ? a.n_tokens : b.n_tokens;
    const bool has_words = count_words(&a) >= WORDS_MIN && count_words(&b) >= WORDS_MIN;
    size_t left;

    trim(&a, &b);
    left = a.n_tokens > b.n_tokens ? a.n_tokens : b.n_tokens;
    return has_words && left * 2 <= longer;
}

static bool counts(const struct units *u)
{
    for (size_t i = 0; i < u->n_rows; i++)
        if (!u->rows[i].is_used && u->rows[i].is_prose)
            return true;
    return false;
}

static bool is_of_substance(struct units *gone, struct units *come, struct arena *arena)
{
    if (gone->n_rows > LOOSE_MAX || come->n_rows > LOOSE_MAX)
        return counts(gone) || counts(come);
    for (size_t i = 0; i < gone->n_rows; i++)
        for (size_t k = 0; k < come->n_rows && !gone->rows[i].is_used; k++)
            if (!come->rows[k].is_used && is_typing(gone->rows[i], come->rows[k], arena))
                gone->rows[i].is_used = come->rows[k].is_used = true;
    for (size_t i = 0; i < gone->n_rows; i++)
        for (size_t k = 0; k < come->n_rows && !gone->rows[i].is_used; k++)
            if (!come->rows[k].is_used && is_replaced(gone->rows[i], come->rows[k]))
                return true;
    return counts(gone) || counts(come);
}

/* ---- titles and texts ------------------------------------------------------------------------ */

/* A page that has no title any more is one that was read otherwise. */
static enum ww_status compare_titles(struct slice before, struct slice after, struct arena *arena,
                                     bool *differs, struct ww_error *err)
{
    struct token_list a = {0}, b = {0};
    enum ww_status status = token_scan(before, arena, &a, err);

    if (status == WW_OK)
        status = token_scan(after, arena, &b, err);
    if (status == WW_OK)
        *differs = a.n_tokens > 0 && b.n_tokens > 0 &&
                   !is_typing((struct unit){.tokens = a.tokens, .n_tokens = a.n_tokens},
                              (struct unit){.tokens = b.tokens, .n_tokens = b.n_tokens}, arena);
    return status;
}

enum ww_status substance_compare(const struct substance_text *before,
                                 const struct substance_text *after, struct slice language,
                                 struct arena *arena, struct substance *out, struct ww_error *err)
{
    const struct slice still = after->whole.len > 0 ? after->whole : after->text;
    struct units old, old_cut, come, whole, come_cut;
    struct hashes known, present;
    struct change_notes *notes = NULL;
    bool other_title = false;
    enum ww_status status = change_notes_open(arena, &notes, err);

    *out = (struct substance){0};
    if (status == WW_OK)
        status = cut_up(before->text, language, arena, &old, err);
    if (status == WW_OK)
        status = cut_up(without_reasons(before->cut, arena), language, arena, &old_cut, err);
    if (status == WW_OK)
        status = cut_up(after->text, language, arena, &come, err);
    if (status == WW_OK)
        status = cut_up(still, language, arena, &whole, err);
    if (status == WW_OK)
        status = cut_up(without_reasons(after->cut, arena), language, arena, &come_cut, err);
    if (status == WW_OK)
        status = collect(&old, &old_cut, arena, &known, err);
    if (status == WW_OK)
        status = collect(&whole, &come_cut, arena, &present, err);
    if (status == WW_OK)
        status = compare_titles(before->title, after->title, arena, &other_title, err);
    if (status != WW_OK)
        return status;
    keep_loose(&old, &present);
    keep_loose(&come, &known);
    keep_loose(&come_cut, &known);
    (void)drop_notes(&old, notes);
    out->is_noted = drop_notes(&come, notes);
    out->is_noted = drop_notes(&come_cut, notes) || out->is_noted;
    out->is_changed = other_title || is_of_substance(&old, &come, arena);
    return arena_check(arena, err);
}
