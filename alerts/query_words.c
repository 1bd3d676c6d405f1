/*
 * query_words.c - what was typed becomes tokens, those a name with ~ behind its stems, and where
 * that says too little a glob for each token.
 *
 * * and ? are no letters, so they are replaced by two before the text is cut: a wildcard then is a
 * part of its token, folded with it.
 */
#include "alerts/query_words.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/token.h"

/* Letters before the first wildcard: the matcher looks words up by their first bytes. */
#define STEM_LETTERS 3

/* ---- globs ----------------------------------------------------------------------------------- */

/*
 * The usual walk with one place to return to: a later * makes an earlier one settled, so that it
 * takes the product of both lengths at worst and never more.
 */
bool query_glob_fits(struct slice glob, struct slice token)
{
    size_t g = 0, t = 0;
    size_t back_g = SIZE_MAX, back_t = 0;

    while (t < token.len) {
        size_t next_g = g, next_t = t;
        uint32_t want = g < glob.len ? text_next_code(glob, &next_g) : 0;
        uint32_t code = text_next_code(token, &next_t);

        if (g < glob.len && want == QUERY_ANY_ENDING) {
            back_g = g = next_g;
            back_t = t;
        } else if (g < glob.len && (want == QUERY_ANY_LETTER || want == code)) {
            g = next_g;
            t = next_t;
        } else if (back_g != SIZE_MAX) {
            (void)text_next_code(token, &back_t);
            g = back_g;
            t = back_t;
        } else {
            return false;
        }
    }
    while (g < glob.len)
        if (text_next_code(glob, &g) != QUERY_ANY_ENDING)
            return false;
    return true;
}

/* ---- cutting --------------------------------------------------------------------------------- */

/* One word being made. */
struct maker {
    struct arena *arena;
    struct slice text; /* with letters for * and ? */
    struct token_list tokens;
    struct query_word word;
};

static struct slice with_letters(struct slice text, struct arena *arena)
{
    char *out = arena_alloc(arena, 4 * text.len + 1);
    size_t n = 0;

    for (size_t i = 0; out != NULL && i < text.len; i++) {
        if (text.ptr[i] == '*')
            n += text_put_code(out + n, QUERY_ANY_ENDING);
        else if (text.ptr[i] == '?')
            n += text_put_code(out + n, QUERY_ANY_LETTER);
        else
            out[n++] = text.ptr[i];
    }
    return slice_of(out, n);
}

/* Bytes before the first wildcard, and letters. */
static size_t stem_length(struct slice s, size_t *n_letters)
{
    size_t at = 0;

    *n_letters = 0;
    while (at < s.len) {
        size_t next = at;
        uint32_t code = text_next_code(s, &next);

        if (code == QUERY_ANY_ENDING || code == QUERY_ANY_LETTER)
            break;
        at = next;
        (*n_letters)++;
    }
    return at;
}

/* Nothing but * behind the stem: the matcher's ~ says the same. */
static bool is_plain_ending(struct slice s, size_t stem)
{
    for (size_t at = stem; at < s.len;)
        if (text_next_code(s, &at) != QUERY_ANY_ENDING)
            return false;
    return true;
}

/* What is wrong with the token, or NULL. *is_nothing: a * behind a character, which says nothing.
 */
static const char *judge_token(const struct maker *mk, size_t i, bool *is_nothing)
{
    const struct token *t = &mk->tokens.tokens[i];
    size_t n_letters;
    size_t stem = stem_length(t->folded, &n_letters);

    *is_nothing = false;
    if (stem == t->folded.len)
        return NULL;
    if (n_letters > 0)
        return n_letters < STEM_LETTERS ? "at least three letters must stand before a * or ?"
                                        : NULL;
    if (i > 0 && (t[-1].flags & TOKEN_CJK) != 0 && (t->flags & TOKEN_GLUED) != 0 &&
        is_plain_ending(t->folded, 0)) {
        *is_nothing = true;
        return NULL;
    }
    if (i > 0 && (t[-1].flags & TOKEN_CJK) != 0)
        return "? stands for a letter of a word; between characters write PRE/2";
    return mk->tokens.n_tokens == 1 ? "a * or ? needs the beginning of a word before it; or were "
                                      "characters lost here when the "
                                      "file was saved?"
                                    : "a * or ? alone stands for nothing: for words in between "
                                      "write \"one\" PRE/4 \"two\"";
}

/* Take the tokens out that say nothing, and judge the others. */
static const char *judge(struct maker *mk)
{
    size_t n = 0;

    for (size_t i = 0; i < mk->tokens.n_tokens; i++) {
        bool is_nothing;
        const char *wrong = judge_token(mk, i, &is_nothing);

        if (wrong != NULL)
            return wrong;
        if (!is_nothing)
            mk->tokens.tokens[n++] = mk->tokens.tokens[i];
    }
    mk->tokens.n_tokens = n;
    if (n == 0)
        return "there is no letter and no digit in it";
    return n > QUERY_PHRASE_MAX ? "the phrase has too many words" : NULL;
}

/* ---- the name -------------------------------------------------------------------------------- */

/* What stands between two tokens of the name: a comma is kept, the rest is a blank or nothing. */
static const char *gap_before(const struct maker *mk, size_t i)
{
    const struct token *t = &mk->tokens.tokens[i];
    struct slice gap;

    if (i == 0)
        return "";
    if (t->start <= t[-1].end)
        return (t->flags & t[-1].flags & TOKEN_CJK) != 0 ? "" : " ";
    gap = slice_sub(mk->text, t[-1].end, t->start - t[-1].end);
    return slice_find_char(gap, ',') < gap.len ? ", " : " ";
}

static bool make_name(struct maker *mk, struct buf *name, struct buf *key)
{
    struct query_word *w = &mk->word;
    const size_t n = mk->tokens.n_tokens;
    struct slice *globs = arena_array(mk->arena, n, sizeof(*globs));
    struct slice *folded = arena_array(mk->arena, n, sizeof(*folded));
    bool *is_open = arena_array(mk->arena, n, sizeof(*is_open));
    bool has_glob = false;

    if (globs == NULL || folded == NULL || is_open == NULL)
        return false;
    w->is_cjk = true;
    for (size_t i = 0; i < n; i++) {
        const struct token *t = &mk->tokens.tokens[i];
        struct slice original = slice_sub(mk->text, t->start, t->end - t->start);
        size_t n_letters;
        size_t stem = stem_length(t->folded, &n_letters);

        buf_add_string(name, gap_before(mk, i));
        buf_add(name, slice_head(original, stem_length(original, &n_letters)));
        buf_add_string(key, gap_before(mk, i));
        buf_add(key, w->is_exact ? original : t->folded);
        folded[i] = slice_head(t->folded, stem);
        is_open[i] = stem < t->folded.len;
        w->is_cjk = w->is_cjk && (t->flags & TOKEN_CJK) != 0;
        if (!is_open[i])
            continue;
        buf_add_char(name, '~');
        if (is_plain_ending(t->folded, stem))
            continue;
        globs[i] = w->is_exact ? original : t->folded;
        has_glob = true;
    }
    w->globs = globs;
    w->n_globs = has_glob ? n : 0;
    w->folded = folded;
    w->is_open = is_open;
    w->n_tokens = n;
    return true;
}

/* ---- the table ------------------------------------------------------------------------------- */

static enum ww_status keep(struct query_words *words, struct maker *mk, struct slice key,
                           uint32_t *out, struct ww_error *err)
{
    struct slice kind = mk->word.is_exact ? SLICE("=") : SLICE("");
    struct query_word *rows;

    *out = id_table_get(&words->by_key, kind, key);
    if (*out != ID_NONE)
        return WW_OK;
    if (words->n_rows >= WATCH_NAMES_MAX)
        return ww_fail(err, WW_TOO_BIG, "more than %d words in all rules", WATCH_NAMES_MAX);
    rows = arena_grow(mk->arena, words->rows, words->n_rows, &words->room, sizeof(*rows));
    if (rows == NULL)
        return arena_check(mk->arena, err);
    words->rows = rows;
    *out = (uint32_t)words->n_rows;
    rows[words->n_rows++] = mk->word;
    id_table_put(&words->by_key, mk->arena, kind, key, *out);
    return arena_check(mk->arena, err);
}

enum ww_status query_word_add(struct query_words *words, struct slice text, bool is_exact,
                              struct arena *arena, uint32_t *out, const char **wrong,
                              struct ww_error *err)
{
    struct maker mk = {.arena = arena, .text = with_letters(text, arena)};
    struct buf name, key;
    enum ww_status status = arena_check(arena, err);

    *out = ID_NONE;
    *wrong = NULL;
    buf_init(&name, (size_t)16 * QUERY_TEXT_MAX_BYTES);
    buf_init(&key, (size_t)16 * QUERY_TEXT_MAX_BYTES);
    if (status == WW_OK)
        status = token_scan(mk.text, arena, &mk.tokens, err);
    if (status != WW_OK)
        goto out;
    *wrong = judge(&mk);
    if (*wrong != NULL)
        goto out;
    mk.word.is_exact = is_exact;
    if (!make_name(&mk, &name, &key)) {
        status = arena_check(arena, err);
        goto out;
    }
    mk.word.text = arena_copy(arena, text);
    mk.word.name = arena_copy(arena, buf_slice(&name));
    status = buf_finish(&name, err);
    if (status == WW_OK)
        status = buf_finish(&key, err);
    if (status == WW_OK)
        status = arena_check(arena, err);
    if (status == WW_OK)
        status = keep(words, &mk, buf_slice(&key), out, err);
out:
    buf_release(&key);
    buf_release(&name);
    return status;
}
