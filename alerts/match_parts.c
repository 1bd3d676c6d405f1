/* match_parts.c - texts and names cut into tokens; does a row of parts stand at a token? */
#include "alerts/match_parts.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/lookalike.h"
#include "base/text.h"

#include <stdint.h>

struct match_phrase {
    const struct match_part *parts;
    size_t n_parts;
    size_t at; /* the match stands before this part; MATCH_NO_AT: it is one of the parts */
    struct slice text;
};

/* ---- cutting --------------------------------------------------------------------------------- */

/* What a stretch of separators is worth. One line break joins; a blank line ends. */
static enum joint judge_gap(struct slice gap, bool is_initial)
{
    enum joint joint = JOINT_PLAIN;
    size_t n_lines = 0;

    if (is_initial && slice_starts(gap, SLICE("."))) /* "J. Doe", "U.S. Senate" */
        gap = slice_skip(gap, 1);
    for (size_t i = 0; i < gap.len;) {
        switch (text_next_code(gap, &i)) {
        case '\n':
            n_lines++;
            break;
        case '.': /* "B.C.", "L.A." are glued; a stop with space behind it ends */
            if (i == gap.len)
                break;
            return JOINT_STOP;
        case '!':
        case '?':
        case 0x3002: /* ideographic full stop, and the full-width forms */
        case 0xFF01:
        case 0xFF0E:
        case 0xFF1F:
        case 0xFF61:
        case 0x2026:
        case 0x2022: /* bullet */
        case '|':
            return JOINT_STOP;
        case ',':
        case ';':
        case ':':
        case '/':
        case '(':
        case ')':
        case 0x3001: /* ideographic comma, and the full-width forms */
        case 0xFF0C:
        case 0xFF1A:
        case 0xFF1B:
        case 0x2013: /* dashes between parts of a sentence */
        case 0x2014:
            joint = JOINT_COMMA;
            break;
        default:
            break;
        }
    }
    return n_lines > 1 ? JOINT_STOP : joint;
}

static bool is_plain_gap(char c)
{
    return c == ' ' || c == '-' || c == '\'' || c == '\n';
}

enum ww_status match_text_cut(struct slice text, struct arena *arena, struct match_text *out,
                              struct ww_error *err)
{
    enum ww_status status = token_scan(text, arena, &out->tokens, err);
    uint8_t *joints;

    out->text = text;
    if (status == WW_OK)
        status = lookalike_mend(text, arena, &out->tokens, err);
    if (status != WW_OK)
        return status;
    joints = arena_alloc(arena, out->tokens.n_tokens + 1);
    if (joints == NULL)
        return arena_check(arena, err);
    for (size_t i = 1; i < out->tokens.n_tokens; i++) {
        const struct token *before = &out->tokens.tokens[i - 1];
        const struct token *t = &out->tokens.tokens[i];
        size_t len = t->start - before->end;

        /* The common case: nothing, one space, one hyphen, one apostrophe. */
        if (len == 0 || (len == 1 && is_plain_gap(text.ptr[before->end])))
            continue;
        joints[i] = (uint8_t)judge_gap(slice_sub(text, before->end, len), before->folded.len == 1);
    }
    out->joints = joints;
    return WW_OK;
}

/* "EE. UU.", "St. Vincent": one full stop and blanks, in a line. */
static bool is_abbreviated(struct slice gap)
{
    return slice_starts(gap, SLICE(".")) && gap.len > 1 &&
           slice_trim(slice_skip(gap, 1)).len == 0 && slice_find_char(gap, '\n') == gap.len;
}

/* ---- compiling ------------------------------------------------------------------------------- */

struct match_part *match_parts_compile(struct slice text, struct arena *arena,
                                       struct arena *scratch, size_t *n_parts, size_t *at)
{
    struct match_text cut;
    struct match_part *parts;

    *at = MATCH_NO_AT;
    *n_parts = 0;
    arena_reset(scratch);
    if (match_text_cut(text, scratch, &cut, NULL) != WW_OK)
        return NULL;
    parts = arena_array(arena, cut.tokens.n_tokens + 1, sizeof(*parts));
    if (parts == NULL)
        return NULL;
    for (size_t i = 0; i < cut.tokens.n_tokens; i++) {
        const struct token *t = &cut.tokens.tokens[i];
        size_t from = i > 0 ? t[-1].end : 0;
        struct slice gap = slice_sub(text, from, t->start - from);

        parts[i] = (struct match_part){
            .hash = t->hash,
            .folded = arena_copy(arena, t->folded),
            .original = slice_sub(text, t->start, t->end - t->start),
        };
        if (parts[i].folded.ptr == NULL)
            return NULL;
        if (t->end < text.len && text.ptr[t->end] == '~')
            parts[i].flags |= PART_STEM;
        if (i > 0 && slice_contains(gap, SLICE("*")))
            parts[i].flags |= PART_GAP;
        if (i > 0 ? cut.joints[i] == JOINT_COMMA : slice_find_char(gap, ',') < gap.len)
            parts[i].flags |= PART_COMMA;
        if (i > 0 && is_abbreviated(gap))
            parts[i].flags |= PART_STOP;
        if (slice_find_char(gap, '@') < gap.len)
            *at = i;
    }
    *n_parts = cut.tokens.n_tokens;
    if (*at == MATCH_NO_AT && slice_find_char(text, '@') < text.len)
        *at = *n_parts;
    return parts;
}

bool match_begins_upper(struct slice s)
{
    size_t i = 0;

    return s.len > 0 && text_is_upper(text_next_code(s, &i));
}

/* ---- standing -------------------------------------------------------------------------------- */

static bool same_token(const struct match_part *part, const struct match_text *text, size_t i,
                       bool is_exact)
{
    const struct token *t = &text->tokens.tokens[i];
    struct slice original = slice_sub(text->text, t->start, t->end - t->start);

    if ((part->flags & PART_STEM) != 0)
        return slice_starts(t->folded, part->folded) &&
               (!is_exact || slice_starts(original, part->original));
    return t->hash == part->hash && slice_equal(t->folded, part->folded) &&
           (!is_exact || slice_equal(original, part->original));
}

bool match_may_join(const struct match_part *part, const struct match_text *text, size_t i)
{
    bool may_have_comma = (part->flags & (PART_COMMA | PART_GAP)) != 0;

    if (text->joints[i] == JOINT_STOP && (part->flags & PART_STOP) != 0) {
        size_t from = text->tokens.tokens[i - 1].end;

        return is_abbreviated(slice_sub(text->text, from, text->tokens.tokens[i].start - from));
    }
    return text->joints[i] == JOINT_PLAIN || (text->joints[i] == JOINT_COMMA && may_have_comma);
}

/* The run of parts from `from` up to the next gap, at token i; the token behind it, or 0. */
static size_t match_run(const struct match_part *parts, size_t n_parts, size_t from,
                        const struct match_text *text, size_t i, bool is_exact)
{
    for (size_t k = from; k < n_parts; k++, i++) {
        if (k > from && (parts[k].flags & PART_GAP) != 0)
            break;
        if (i >= text->tokens.n_tokens || (k > from && !match_may_join(&parts[k], text, i)) ||
            !same_token(&parts[k], text, i, is_exact))
            return 0;
    }
    return i;
}

static size_t run_end(const struct match_part *parts, size_t n_parts, size_t from)
{
    size_t k = from + 1;

    while (k < n_parts && (parts[k].flags & PART_GAP) == 0)
        k++;
    return k;
}

size_t match_parts_stand(const struct match_part *parts, size_t n_parts,
                         const struct match_text *text, size_t first, bool is_exact)
{
    size_t behind = match_run(parts, n_parts, 0, text, first, is_exact);

    for (size_t k = run_end(parts, n_parts, 0); k < n_parts && behind != 0;
         k = run_end(parts, n_parts, k)) {
        size_t found = 0;

        for (size_t i = behind; i <= behind + MATCH_GAP_WORDS && found == 0; i++) {
            if (i >= text->tokens.n_tokens || !match_may_join(&parts[k], text, i))
                break;
            found = match_run(parts, n_parts, k, text, i, is_exact);
        }
        behind = found;
    }
    return behind;
}

/* ---- single phrases -------------------------------------------------------------------------- */

const struct match_phrase *match_phrase_build(struct slice phrase, struct arena *arena)
{
    struct match_phrase *p = arena_alloc(arena, sizeof(*p));
    struct arena scratch;

    if (p == NULL)
        return NULL;
    arena_init(&scratch, MATCH_SCRATCH_MAX_BYTES);
    p->text = phrase;
    p->parts = match_parts_compile(phrase, arena, &scratch, &p->n_parts, &p->at);
    arena_release(&scratch);
    return p->parts == NULL || p->n_parts == 0 ? NULL : p;
}

struct slice match_phrase_text(const struct match_phrase *p)
{
    return p->text;
}

/*
 * Do the parts [from, to) stand at token first? A capital in the phrase asks for one in the text.
 */
static bool parts_stand(const struct match_phrase *p, size_t from, size_t to,
                        const struct match_text *text, size_t first)
{
    for (size_t k = from; k < to; k++) {
        size_t i = first + (k - from);

        if (i >= text->tokens.n_tokens || (k > from && text->joints[i] == JOINT_STOP) ||
            !same_token(&p->parts[k], text, i, false))
            return false;
        if (match_begins_upper(p->parts[k].original) &&
            (text->tokens.tokens[i].flags & TOKEN_CAPITAL) == 0)
            return false;
    }
    return true;
}

bool match_phrase_around(const struct match_phrase *p, const struct match_text *text, size_t first,
                         size_t last)
{
    size_t earliest;

    if (p->at != MATCH_NO_AT) {
        size_t n_behind = p->n_parts - p->at;

        if (first < p->at || text->tokens.n_tokens - 1 - last < n_behind ||
            (p->at > 0 && text->joints[first] != JOINT_PLAIN) ||
            (n_behind > 0 && !match_may_join(&p->parts[p->at], text, last + 1)))
            return false;
        return parts_stand(p, 0, p->at, text, first - p->at) &&
               parts_stand(p, p->at, p->n_parts, text, last + 1);
    }
    if (p->n_parts < last - first + 1)
        return false;
    earliest = last + 1 >= p->n_parts ? last + 1 - p->n_parts : 0;
    for (size_t i = earliest; i <= first; i++)
        if (parts_stand(p, 0, p->n_parts, text, i))
            return true;
    return false;
}

bool match_phrase_anywhere(const struct match_phrase *p, const struct match_text *text)
{
    for (size_t i = 0; i < text->tokens.n_tokens; i++)
        if (parts_stand(p, 0, p->n_parts, text, i))
            return true;
    return false;
}
