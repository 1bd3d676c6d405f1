/* substance.c - which differences between two versions are of substance. */
#include "crawler/substance.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/text_diff.h"
#include "base/token.h"
#include "extractors/change_notes.h"
#include "extractors/cues.h"

#include <string.h>

/* A sentence of fewer words, or a line that is none, is a label or a counter: "1,234 views". */
#define WORDS_MIN 4
/* Of more that came, went and changed something is of substance in any case. */
#define ROWS_MAX 256
/* One letter more, less or other makes another word of a short one: "war", "was". */
#define TYPING_MIN_BYTES 4

struct comparison {
    const struct substance_text *before, *after;
    struct text_diff diff;
    struct change_notes *notes;
    struct arena *arena;
};

/* ---- one sentence ---------------------------------------------------------------------------- */

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
static size_t count_words(const struct token_list *list)
{
    size_t n_halves = 0;

    for (size_t i = 0; i < list->n_tokens; i++)
        if ((list->tokens[i].flags & TOKEN_NUMBER) == 0)
            n_halves += (list->tokens[i].flags & TOKEN_CJK) != 0 ? 1 : 2;
    return n_halves / 2;
}

struct line {
    size_t n_words;
    bool is_prose;   /* a sentence that ends as one */
    bool is_note;    /* it says that the page was changed */
    bool is_of_page; /* "Published 3 hours ago" */
};

static enum ww_status look_at(const struct comparison *c, struct slice s, struct line *out,
                              struct ww_error *err)
{
    struct token_list list = {0};
    enum ww_status status = token_scan(s, c->arena, &list, err);
    const bool ends = ends_as_sentence(s);

    if (status != WW_OK)
        return status;
    out->n_words = count_words(&list);
    out->is_prose = ends && out->n_words >= WORDS_MIN;
    out->is_note = change_notes_match(c->notes, s, list.tokens, list.n_tokens);
    out->is_of_page = !ends && cues_begin_byline(s);
    return WW_OK;
}

/* ---- spelling -------------------------------------------------------------------------------- */

static size_t count_characters(struct slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xC0u) != 0x80;
    return n;
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

static bool has_digit(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] >= '0' && s.ptr[i] <= '9')
            return true;
    return false;
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
    if (has_digit(a) || has_digit(b))
        return false;
    if (count_characters(a) <= 1 && count_characters(b) <= 1)
        return true;
    return a.len == 2 && b.len == 2 && a.ptr[0] == b.ptr[1] && a.ptr[1] == b.ptr[0];
}

/* The words one behind the other; empty when the arena is full, which it remembers. */
static struct slice join(const struct token_list *list, struct arena *arena)
{
    size_t n = 0;
    char *out;

    for (size_t i = 0; i < list->n_tokens; i++)
        n += list->tokens[i].folded.len;
    out = arena_alloc(arena, n + 1);
    if (out == NULL)
        return (struct slice){"", 0};
    n = 0;
    for (size_t i = 0; i < list->n_tokens; i++) {
        memcpy(out + n, list->tokens[i].folded.ptr, list->tokens[i].folded.len);
        n += list->tokens[i].folded.len;
    }
    return slice_of(out, n);
}

/* Is what was replaced the same in another spelling? */
static enum ww_status is_respelt(const struct comparison *c, struct slice before,
                                 struct slice after, bool *out, struct ww_error *err)
{
    struct token_list a = {0}, b = {0};
    enum ww_status status = token_scan(before, c->arena, &a, err);

    *out = false;
    if (status == WW_OK)
        status = token_scan(after, c->arena, &b, err);
    if (status != WW_OK || a.n_tokens == 0 || b.n_tokens == 0)
        return status;
    *out = slice_equal(join(&a, c->arena), join(&b, c->arena));
    if (*out || a.n_tokens != b.n_tokens)
        return status;
    *out = true;
    for (size_t i = 0; i < a.n_tokens; i++)
        *out = *out &&
               (a.tokens[i].hash == b.tokens[i].hash || is_mistyped(&a.tokens[i], &b.tokens[i]));
    return status;
}

/* Is all that was replaced in a changed sentence? */
static enum ww_status is_typing(const struct comparison *c, const struct text_diff_row *row,
                                bool *out, struct ww_error *err)
{
    const struct text_diff_piece *pieces = &c->diff.pieces[row->first_piece];
    enum ww_status status = WW_OK;
    size_t i = 0;

    *out = true;
    while (status == WW_OK && *out && i < row->n_pieces) {
        struct text_diff_span gone = {0, 0}, come = {0, 0};

        if (pieces[i].kind == PIECE_KEPT) {
            i++;
            continue;
        }
        for (; i < row->n_pieces && pieces[i].kind != PIECE_KEPT; i++) {
            struct text_diff_span *side = pieces[i].kind == PIECE_REMOVED ? &gone : &come;
            const struct text_diff_span span =
                pieces[i].kind == PIECE_REMOVED ? pieces[i].before : pieces[i].after;

            if (side->end == 0)
                side->start = span.start;
            side->end = span.end;
        }
        status = is_respelt(c, text_diff_before(&c->diff, row->part, gone),
                            text_diff_after(&c->diff, row->part, come), out, err);
    }
    return status;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* A sentence that came or went: prose, and not only left out of one of the texts, or no longer. */
static bool counts_alone(const struct comparison *c, const struct text_diff_row *row,
                         struct slice s, const struct line *line)
{
    if (!line->is_prose || line->is_note)
        return false;
    if (row->kind == DIFF_REMOVED)
        return !slice_contains(c->after->cut, s);
    return !slice_contains(c->before->cut, s) &&
           (c->after->whole.len == 0 || slice_contains(c->after->text, s));
}

static enum ww_status judge(const struct comparison *c, const struct text_diff_row *row,
                            struct substance *out, struct ww_error *err)
{
    const struct slice before = text_diff_before(&c->diff, row->part, row->before);
    const struct slice after = text_diff_after(&c->diff, row->part, row->after);
    const bool is_title = row->part == DIFF_TITLE;
    struct line line;
    bool typing = false;
    enum ww_status status = look_at(c, row->kind == DIFF_REMOVED ? before : after, &line, err);

    if (status == WW_OK && row->kind == DIFF_CHANGED)
        status = is_typing(c, row, &typing, err);
    if (status != WW_OK)
        return status;
    out->is_noted = out->is_noted || (line.is_note && row->kind != DIFF_REMOVED);
    if (is_title)
        out->is_changed = out->is_changed || !typing;
    else if (row->kind == DIFF_CHANGED)
        out->is_changed = out->is_changed || (!typing && !line.is_note && !line.is_of_page &&
                                              line.n_words >= WORDS_MIN);
    else
        out->is_changed = out->is_changed ||
                          counts_alone(c, row, row->kind == DIFF_REMOVED ? before : after, &line);
    return WW_OK;
}

/* Lines that say when a page was changed are mostly left out of its text. */
static enum ww_status find_notes(const struct comparison *c, struct substance *out,
                                 struct ww_error *err)
{
    struct slice rest = text_cut(c->after->cut, STORY_TEXT_MAX_BYTES), words;
    enum ww_status status = WW_OK;

    while (status == WW_OK && !out->is_noted && slice_next_line(&rest, &words)) {
        const size_t reason = slice_find(words, SLICE(": "));
        struct line line = {0};

        words = slice_skip(words, reason < words.len ? reason + 2 : 0);
        status = look_at(c, words, &line, err);
        out->is_noted = line.is_note && !slice_contains(c->before->cut, words) &&
                        !slice_contains(c->before->text, words);
    }
    return status;
}

enum ww_status substance_compare(const struct substance_text *before,
                                 const struct substance_text *after, struct slice language,
                                 struct arena *arena, struct substance *out, struct ww_error *err)
{
    struct comparison c = {.before = before, .after = after, .arena = arena};
    const struct slice whole = after->whole.len > 0 ? after->whole : after->text;
    /* A page that has no title any more is one that was read otherwise. */
    const bool has_titles = before->title.len > 0 && after->title.len > 0;
    const struct text_diff_source older = {has_titles ? before->title : SLICE(""),
                                           text_cut(before->text, STORY_TEXT_MAX_BYTES)};
    const struct text_diff_source newer = {has_titles ? after->title : SLICE(""),
                                           text_cut(whole, STORY_TEXT_MAX_BYTES)};
    const struct text_diff_options options = {.language = language};
    size_t n_rows = 0;
    enum ww_status status = change_notes_open(arena, &c.notes, err);

    *out = (struct substance){0};
    if (status == WW_OK)
        status = text_diff(&older, &newer, &options, arena, &c.diff, err);
    for (size_t i = 0; status == WW_OK && i < c.diff.n_rows && n_rows <= ROWS_MAX; i++) {
        const struct text_diff_row *row = &c.diff.rows[i];

        if (row->kind == DIFF_SAME || row->kind == DIFF_MOVED || row->part == DIFF_DATELINE)
            continue;
        n_rows++;
        status = judge(&c, row, out, err);
    }
    out->is_changed = out->is_changed || n_rows > ROWS_MAX;
    if (status == WW_OK)
        status = find_notes(&c, out, err);
    return status == WW_OK ? arena_check(arena, err) : status;
}
