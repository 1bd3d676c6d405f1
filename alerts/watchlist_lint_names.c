/* watchlist_lint_names.c - names that mean two things, say too little, or can never be found. */
#include "alerts/combine.h"
#include "alerts/id_table.h"
#include "alerts/matcher.h"
#include "alerts/watchlist_linter.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>

/* A one-word name of fewer characters is an abbreviation at best. */
#define SHORT_NAME_CODES 3
/* Names of one spelling that are held against each other; more say the same again. */
#define TWINS_MAX 8

bool lint_is_name(const struct watch_name *n)
{
    return n->class != WATCH_TERM && n->class != WATCH_DEMONYM;
}

bool lint_is_place(const struct watch_name *n)
{
    return n->class == WATCH_PLACE;
}

static struct slice quote(struct linter *l, const struct watch_name *n, const char *what)
{
    return arena_printf(l->arena, "\"%.*s\" %s", SLICE_ARG(slice_head(n->text, 120)), what);
}

/* ---- the same spelling twice ----------------------------------------------------------------- */

struct spelling {
    struct slice folded;
    size_t name;
};

static int compare_spellings(const void *a, const void *b)
{
    const struct spelling *x = a;
    const struct spelling *y = b;
    int order = slice_compare(x->folded, y->folded);

    return order != 0 ? order : (x->name > y->name) - (x->name < y->name);
}

/* What a name stands for, in words. */
static struct slice owner_name(const struct watchlist *w, const struct watch_name *n)
{
    if (n->class == WATCH_TERM)
        return n->text;
    if (n->class == WATCH_PLACE || n->class == WATCH_DEMONYM)
        return w->places[n->owner].id;
    return w->items[n->owner].id;
}

/* Do two names lead to different alerts? A site's place and its aliases do not. */
static bool differ(const struct watchlist *w, const struct watch_name *a,
                   const struct watch_name *b)
{
    uint32_t x = lint_is_place(a) ? w->places[a->owner].item : a->owner;
    uint32_t y = lint_is_place(b) ? w->places[b->owner].item : b->owner;

    if (lint_is_place(a) && lint_is_place(b))
        return a->owner != b->owner;
    return x != y;
}

static bool has_conditions(const struct watchlist *w, const struct watch_name *n)
{
    return lint_is_place(n) && w->places[n->owner].n_conditions > 0;
}

static bool share_language(const struct watch_name *a, const struct watch_name *b)
{
    return a->language.len == 0 || b->language.len == 0 ||
           watch_same_language(a->language, b->language);
}

/* A country and its capital of one name: what is found is there either way. */
static bool is_nested(const struct watchlist *w, const struct watch_name *a,
                      const struct watch_name *b)
{
    return lint_is_place(a) && lint_is_place(b) &&
           w->places[a->owner].is_country != w->places[b->owner].is_country &&
           slice_equal(w->places[a->owner].country, w->places[b->owner].country);
}

/* A body and what it runs may be called the same: the name tells of both. */
static bool is_body_of(const struct watch_name *a, const struct watch_name *b)
{
    return (a->class == WATCH_BODY) != (b->class == WATCH_BODY);
}

static void say_twice(struct linter *l, const struct watch_name *a, const struct watch_name *b)
{
    const struct watchlist *w = l->w;
    enum finding_level level = FINDING_WARNING;
    const char *end = "; no rejection tells them apart";

    if (is_nested(w, a, b)) {
        level = FINDING_NOTE;
        end = ", a country and a place in it";
    } else if (is_body_of(a, b)) {
        level = FINDING_NOTE;
        end = ": both are told";
    } else if (has_conditions(w, a) || has_conditions(w, b)) {
        return;
    }
    lint_say(l, level, b->cell,
             arena_printf(l->arena, "\"%.*s\" names both %.*s and %.*s%s", SLICE_ARG(b->text),
                          SLICE_ARG(owner_name(w, a)), SLICE_ARG(owner_name(w, b)), end));
}

/* Is the name of an item or place a term, too? Then it cannot stand beside itself. */
static bool is_term_too(const struct linter *l, const struct watch_name *a,
                        const struct watch_name *b)
{
    const struct watch_name *term = a->class == WATCH_TERM ? a : b;
    const struct watch_name *name = a->class == WATCH_TERM ? b : a;

    return term->class == WATCH_TERM && lint_is_name(name) &&
           l->w->terms[term->owner].role == ROLE_TERM;
}

static bool is_repeated(const struct watch_name *a, const struct watch_name *b)
{
    return a->class == b->class && a->owner == b->owner && lint_is_name(a) &&
           slice_equal(a->text, b->text) && slice_equal(a->language, b->language);
}

/* True when something was said of the second. */
static bool lint_pair(struct linter *l, const struct watch_name *a, const struct watch_name *b)
{
    if (is_repeated(a, b)) {
        lint_say(l, FINDING_NOTE, b->cell, quote(l, b, "stands there twice"));
        return true;
    }
    if (!share_language(a, b))
        return false;
    if (is_term_too(l, a, b)) {
        const struct watch_name *name = a->class == WATCH_TERM ? b : a;

        lint_say(l, FINDING_WARNING, name->cell,
                 quote(l, name, "is a term, too: it says nothing of where"));
        return true;
    }
    if (!lint_is_name(a) || !lint_is_name(b) || !differ(l->w, a, b) || a->class == WATCH_BARE ||
        b->class == WATCH_BARE)
        return false;
    say_twice(l, a, b);
    return true;
}

static enum ww_status lint_ambiguous(struct linter *l, struct ww_error *err)
{
    const struct watchlist *w = l->w;
    struct spelling *rows = arena_array(l->arena, w->n_names + 1, sizeof(*rows));
    size_t first = 0;

    if (rows == NULL)
        return arena_check(l->arena, err);
    for (size_t i = 0; i < w->n_names; i++)
        rows[i] = (struct spelling){text_fold_key(w->names[i].text, l->arena), i};
    if (w->n_names > 1)
        qsort(rows, w->n_names, sizeof(*rows), compare_spellings);
    for (size_t i = 1; i < w->n_names; i++) {
        if (!slice_equal(rows[first].folded, rows[i].folded))
            first = i;
        for (size_t k = i; k > first && i - k < TWINS_MAX; k--)
            if (lint_pair(l, &w->names[rows[k - 1].name], &w->names[rows[i].name]))
                break;
    }
    return arena_check(l->arena, err);
}

/* ---- everyday words -------------------------------------------------------------------------- */

/* Towns called Nice, Reading, Of: everyday words of a language, as the list itself has them. */
static void lint_ordinary(struct linter *l)
{
    const struct watchlist *w = l->w;
    struct id_table words = {0};

    for (size_t i = 0; i < w->n_terms; i++)
        if (w->terms[i].role == ROLE_ORDINARY)
            id_table_put(&words, l->arena, SLICE("word"), text_fold_key(w->terms[i].text, l->arena),
                         (uint32_t)i);
    for (size_t i = 0; i < w->n_names && words.n_used > 0; i++) {
        const struct watch_name *n = &w->names[i];
        uint32_t at;

        if (!lint_is_name(n) || has_conditions(w, n))
            continue;
        at = id_table_get(&words, SLICE("word"), text_fold_key(n->text, l->arena));
        if (at == ID_NONE ||
            (n->language.len > 0 && !watch_same_language(n->language, w->terms[at].language)))
            continue;
        lint_say(l, FINDING_WARNING, n->cell,
                 arena_printf(l->arena, "\"%.*s\" is an everyday word (%.*s); %s",
                              SLICE_ARG(n->text), SLICE_ARG(w->terms[at].language),
                              lint_is_place(n) ? "its place needs a condition (disambiguation)"
                                               : "a longer name, or require, is safer"));
    }
}

/* ---- letters --------------------------------------------------------------------------------- */

enum script { SCRIPT_OTHER, SCRIPT_LATIN, SCRIPT_GREEK, SCRIPT_CYRILLIC };

/* Of the scripts whose letters look alike. */
static enum script script_of(uint32_t code)
{
    static const struct {
        uint32_t first, last;
        enum script script;
    } ranges[] = {
        {0x0041, 0x005A, SCRIPT_LATIN   },
        {0x0061, 0x007A, SCRIPT_LATIN   },
        {0x00C0, 0x024F, SCRIPT_LATIN   },
        {0x0370, 0x03FF, SCRIPT_GREEK   },
        {0x0400, 0x052F, SCRIPT_CYRILLIC},
        {0x1E00, 0x1EFF, SCRIPT_LATIN   },
        {0x1F00, 0x1FFF, SCRIPT_GREEK   },
    };

    for (size_t i = 0; i < WW_COUNT(ranges); i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return ranges[i].script;
    return SCRIPT_OTHER;
}

/* "Rotterdаm": a word of two scripts is found in no article that spells it in one. */
static void lint_scripts(struct linter *l, const struct watch_name *n)
{
    enum script word = SCRIPT_OTHER;

    for (size_t i = 0; i < n->text.len;) {
        uint32_t code = text_next_code(n->text, &i);
        enum script script = script_of(code);

        if (!text_is_word(code))
            word = SCRIPT_OTHER;
        if (script == SCRIPT_OTHER)
            continue;
        if (word != SCRIPT_OTHER && script != word) {
            lint_say(l, FINDING_WARNING, n->cell,
                     arena_printf(l->arena,
                                  "\"%.*s\" mixes letters of two scripts that look alike, U+%04X "
                                  "among others: retype it",
                                  SLICE_ARG(slice_head(n->text, 120)), (unsigned)code));
            return;
        }
        word = script;
    }
}

/* "KÃ¶ln": UTF-8 that a program took for Windows-1252, and saved so. */
static void lint_twice_encoded(struct linter *l, const struct watch_name *n)
{
    uint32_t before = 0;

    for (size_t i = 0; i < n->text.len;) {
        uint32_t code = text_next_code(n->text, &i);

        if ((before == 0xC2 || before == 0xC3) && code >= 0x80 && code <= 0xBF) {
            lint_say(l, FINDING_WARNING, n->cell,
                     quote(l, n, "seems to be UTF-8 that was read as Windows-1252 and saved"));
            return;
        }
        before = code;
    }
}

/* Several names in one, with something else than a | between. */
static void lint_separator(struct linter *l, const struct watch_name *n)
{
    static const char *const separators[] = {";", "；", "、"};

    for (size_t i = 0; i < WW_COUNT(separators) && lint_is_name(n); i++)
        if (slice_contains(n->text, slice_from(separators[i]))) {
            lint_say(l, FINDING_WARNING, n->cell,
                     arena_printf(l->arena,
                                  "\"%.*s\" is one name with a %s in it; | stands between",
                                  SLICE_ARG(slice_head(n->text, 120)), separators[i]));
            return;
        }
}

/* Codes of countries that stand where a language's belongs. */
static void lint_language(struct linter *l, const struct watch_name *n)
{
    static const struct {
        const char *country, *language;
    } codes[] = {
        {"at", "de"},
        {"cn", "zh"},
        {"cz", "cs"},
        {"dk", "da"},
        {"gb", "en"},
        {"gr", "el"},
        {"jp", "ja"},
        {"kr", "ko"},
        {"rs", "sr"},
        {"ua", "uk"},
        {"us", "en"},
    };

    for (size_t i = 0; i < WW_COUNT(codes); i++)
        if (slice_equal_nocase(n->language, slice_from(codes[i].country)))
            lint_say(l, FINDING_WARNING, n->cell,
                     arena_printf(l->arena, "\"%s:\" is a country's code; the language is \"%s:\"",
                                  codes[i].country, codes[i].language));
}

/* ---- what can be found ----------------------------------------------------------------------- */

static size_t count_codes(struct slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; n++)
        (void)text_next_code(s, &i);
    return n;
}

/* Marks that stand on a letter are none. */
static bool has_letter(struct slice s)
{
    static const uint32_t marks[][2] = {
        {0x0300, 0x036F},
        {0x1AB0, 0x1AFF},
        {0x1DC0, 0x1DFF},
        {0x20D0, 0x20FF},
        {0xFE20, 0xFE2F},
    };

    for (size_t i = 0; i < s.len;) {
        uint32_t code = text_next_code(s, &i);
        bool is_mark = false;

        for (size_t k = 0; k < WW_COUNT(marks); k++)
            is_mark |= code >= marks[k][0] && code <= marks[k][1];
        if (!is_mark && text_is_word(code))
            return true;
    }
    return false;
}

/* "UK": an abbreviation, and written as one. */
static bool is_all_capitals(struct slice s)
{
    for (size_t i = 0; i < s.len;)
        if (!text_is_upper(text_next_code(s, &i)))
            return false;
    return true;
}

static void lint_short(struct linter *l, const struct watch_name *n, size_t i)
{
    const size_t n_codes = count_codes(n->text);
    size_t at = 0;
    const bool is_cjk = n->text.len > 0 && text_is_cjk(text_next_code(n->text, &at));

    if (!has_letter(n->text))
        return; /* it is nowhere */
    if (n_codes == 1 && lint_is_name(n))
        lint_say(l, FINDING_WARNING, n->cell, quote(l, n, "is one character: it is everywhere"));
    else if (lint_is_name(n) && !is_cjk && matcher_is_one_word(l->matcher, i) &&
             n_codes < SHORT_NAME_CODES)
        lint_say(l, is_all_capitals(n->text) ? FINDING_NOTE : FINDING_WARNING, n->cell,
                 quote(l, n, "is very short"));
}

/* The name as a text that holds it: without what only patterns have. */
static struct slice as_text(struct arena *scratch, struct slice name)
{
    char *copy = arena_string(scratch, name);
    size_t n = 0;

    for (size_t i = 0; copy != NULL && i < name.len; i++)
        if (name.ptr[i] != '~' && name.ptr[i] != '*')
            copy[n++] = name.ptr[i];
    return slice_of(copy != NULL ? copy : "", n);
}

/* Is another place inside this name? Then the longest counts; the analyst may like to know. */
static void lint_contained(struct linter *l, const struct watch_name *n,
                           const struct match_list *found, size_t n_tokens)
{
    for (size_t k = 0; k < found->n_rows && lint_is_place(n); k++) {
        const struct watch_name *inner = &l->w->names[found->rows[k].name];

        if (!lint_is_place(inner) || inner->owner == n->owner || !share_language(n, inner) ||
            found->rows[k].last - found->rows[k].first + 1 >= n_tokens)
            continue;
        lint_say(l, FINDING_NOTE, n->cell,
                 arena_printf(l->arena, "\"%.*s\" holds \"%.*s\" (%.*s); the longer name counts",
                              SLICE_ARG(n->text), SLICE_ARG(inner->text),
                              SLICE_ARG(owner_name(l->w, inner))));
        return;
    }
}

static bool is_found(const struct match_list *found, size_t name)
{
    for (size_t k = 0; k < found->n_rows; k++)
        if (found->rows[k].name == name)
            return true;
    return false;
}

/* Look for a name in itself: what is not found there is found nowhere. */
static enum ww_status lint_found(struct linter *l, size_t i, struct arena *scratch,
                                 struct ww_error *err)
{
    const struct watch_name *n = &l->w->names[i];
    struct match_text cut;
    struct match_list found = {0};
    enum ww_status status;

    if (slice_find_char(n->text, '@') < n->text.len ||
        (n->class == WATCH_TERM && combine_is_pattern(n->text)))
        return WW_OK; /* these are looked for elsewhere, in pieces */
    if (matcher_length(l->matcher, i) == 0 || !has_letter(n->text)) {
        lint_say(l, FINDING_WARNING, n->cell,
                 quote(l, n,
                       slice_find_char(n->text, '~') < n->text.len
                           ? "can never match: a stem needs three letters"
                           : "can never match: it holds no letter and no digit"));
        return WW_OK;
    }
    arena_reset(scratch);
    status = match_text_cut(as_text(scratch, n->text), scratch, &cut, err);
    if (status == WW_OK)
        status = matcher_find(l->matcher, &cut, scratch, &found, err);
    if (status != WW_OK)
        return status;
    lint_contained(l, n, &found, cut.tokens.n_tokens);
    if (!is_found(&found, i))
        lint_say(l, FINDING_WARNING, n->cell,
                 quote(l, n, "can never match: is there a full stop or a line break in it?"));
    return WW_OK;
}

enum ww_status lint_names(struct linter *l, struct ww_error *err)
{
    struct arena scratch;
    enum ww_status status = lint_ambiguous(l, err);

    arena_init(&scratch, MATCH_SCRATCH_MAX_BYTES);
    for (size_t i = 0; i < l->w->n_names && status == WW_OK; i++) {
        const struct watch_name *n = &l->w->names[i];

        lint_short(l, n, i);
        lint_scripts(l, n);
        lint_twice_encoded(l, n);
        lint_separator(l, n);
        lint_language(l, n);
        status = lint_found(l, i, &scratch, err);
    }
    arena_release(&scratch);
    if (status == WW_OK)
        lint_ordinary(l);
    return status;
}
