/*
 * fold.c - text_fold: one form for all the spellings of a word, with the way back.
 *
 * Folding works on segments: a character with the marks that may combine with it, as ICU's
 * normaliser sees the boundaries. All bytes a segment folds to point back to the whole segment, so
 * a way back never cuts a character in two.
 */
#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

/* Room for what the longest segment becomes: the longest single mapping (U+FDFA) has 18 units. */
#define SEGMENT_UNITS 1024

struct folder {
    const UNormalizer2 *casefold; /* NFKC_Casefold: NFKC, case, default ignorables out */
    const UNormalizer2 *nfd;
    const UNormalizer2 *nfc;
    struct arena *arena;
    bool has_way; /* start and end are wanted */
    char *text;
    uint32_t *start;
    uint32_t *end;
    size_t len;
    size_t capacity;
};

static enum ww_status open_folder(struct folder *f, struct ww_error *err)
{
    UErrorCode code = U_ZERO_ERROR;

    f->casefold = unorm2_getNFKCCasefoldInstance(&code);
    f->nfd = unorm2_getNFDInstance(&code);
    f->nfc = unorm2_getNFCInstance(&code);
    if (U_FAILURE(code))
        return ww_fail(err, WW_NOMEM, "ICU's normalisers do not open: %s", u_errorName(code));
    return WW_OK;
}

/* Room for n more bytes. */
static bool reserve(struct folder *f, size_t n)
{
    size_t want = f->capacity;
    char *text;

    if (f->capacity - f->len >= n)
        return true;
    while (want - f->len < n)
        want = want * 2 + 64; /* far from overflow: input is under 4 GiB, and memory runs out */
    text = arena_alloc(f->arena, want);
    if (text == NULL)
        return false;
    if (f->len > 0)
        memcpy(text, f->text, f->len);
    f->text = text;
    if (f->has_way) {
        uint32_t *start = arena_array(f->arena, want + 1, sizeof(*start));
        uint32_t *end = arena_array(f->arena, want + 1, sizeof(*end));

        if (start == NULL || end == NULL)
            return false;
        if (f->len > 0) {
            memcpy(start, f->start, f->len * sizeof(*start));
            memcpy(end, f->end, f->len * sizeof(*end));
        }
        f->start = start;
        f->end = end;
    }
    f->capacity = want;
    return true;
}

static bool emit(struct folder *f, struct slice bytes, size_t from, size_t to)
{
    if (!reserve(f, bytes.len))
        return false;
    memcpy(f->text + f->len, bytes.ptr, bytes.len);
    if (f->has_way)
        for (size_t i = f->len; i < f->len + bytes.len; i++) {
            f->start[i] = (uint32_t)from;
            f->end[i] = (uint32_t)to;
        }
    f->len += bytes.len;
    return true;
}

/* What a character of punctuation or space folds to; 0: nothing special about it. */
static char plain_form(uint32_t code)
{
    if (code < 0x80)
        return '\0';
    if (text_is_space(code))
        return ' ';
    switch (code) {
    case 0x00B4: /* acute accent as an apostrophe */
    case 0x02B9: /* modifier letters */
    case 0x02BB:
    case 0x02BC:
    case 0x05F3: /* Hebrew geresh */
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x2032: /* prime */
        return '\'';
    case 0x05F4: /* Hebrew gershayim */
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
        return '"';
    case 0x2010: /* hyphens and dashes */
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
        return '-';
    default:
        return '\0';
    }
}

static bool is_ignorable(uint32_t code)
{
    return code >= 0xAD && u_hasBinaryProperty((UChar32)code, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

static bool has_plain_marks(UChar32 base)
{
    UErrorCode code = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(base, &code);

    return script == USCRIPT_LATIN || script == USCRIPT_GREEK || script == USCRIPT_CYRILLIC;
}

/* The character at *i, which moves behind it. The pairs are whole: ICU wrote them. */
static UChar32 unit_at(const UChar *text, int32_t *i, int32_t len)
{
    uint32_t c = text[(*i)++];

    if (U16_IS_LEAD(c) && *i < len)
        return U16_GET_SUPPLEMENTARY(c, text[(*i)++]);
    return (UChar32)c;
}

/* Drop the marks on Latin, Greek and Cyrillic letters from decomposed text; returns the length. */
static int32_t drop_marks(UChar *text, int32_t len)
{
    int32_t kept = 0;
    bool is_dropping = false;

    for (int32_t i = 0; i < len;) {
        int32_t begin = i;
        UChar32 c;

        c = unit_at(text, &i, len);
        if (u_charType(c) != U_NON_SPACING_MARK)
            is_dropping = has_plain_marks(c);
        else if (is_dropping)
            continue;
        for (int32_t k = begin; k < i; k++)
            text[kept++] = text[k];
    }
    return kept;
}

/* Fold the segment s[from, to); what does not fit the buffers stays as it is. */
static bool fold_segment(struct folder *f, struct slice s, size_t from, size_t to)
{
    struct slice piece = slice_sub(s, from, to - from);
    UChar a[SEGMENT_UNITS];
    UChar b[SEGMENT_UNITS];
    char utf8[SEGMENT_UNITS * 3];
    UErrorCode code = U_ZERO_ERROR;
    int32_t n = 0;

    for (size_t i = 0; i < piece.len;) { /* FOLD_SEGMENT_MAX_CODES keeps it inside the buffer */
        uint32_t c = text_next_code(piece, &i);

        if (c >= 0x10000)
            a[n++] = U16_LEAD(c);
        a[n++] = c >= 0x10000 ? U16_TRAIL(c) : (UChar)c;
    }
    n = unorm2_normalize(f->casefold, a, n, b, SEGMENT_UNITS, &code);
    n = unorm2_normalize(f->nfd, b, n, a, SEGMENT_UNITS, &code);
    if (U_SUCCESS(code)) {
        n = drop_marks(a, n);
        n = unorm2_normalize(f->nfc, a, n, b, SEGMENT_UNITS, &code);
        (void)u_strToUTF8(utf8, sizeof(utf8), &n, b, n, &code);
    }
    if (U_FAILURE(code))
        return emit(f, piece, from, to);
    return emit(f, slice_of(utf8, (size_t)n), from, to);
}

/* Where the segment that begins at from ends; ignorables behind it are not part of it. */
static size_t segment_end(const struct folder *f, struct slice s, size_t from)
{
    size_t i = from;
    size_t end;

    (void)text_next_code(s, &i);
    end = i;
    for (int n = 1; n < FOLD_SEGMENT_MAX_CODES && i < s.len; n++) {
        uint32_t code = text_next_code(s, &i);

        if (is_ignorable(code))
            continue;
        if (code < 0x80 || unorm2_hasBoundaryBefore(f->casefold, (UChar32)code))
            break;
        end = i;
    }
    return end;
}

/*
 * A word cut at the end of a line: "sta-", newline, "tion". Returns the offset behind the newline,
 * or i when this is none. A soft hyphen before the newline always joins; a hyphen only between a
 * letter and a small one, because "Sino-", newline, "Quebec" keeps its hyphen.
 */
static size_t behind_cut(struct slice s, size_t i)
{
    bool is_soft = slice_starts(slice_skip(s, i), SLICE("\xC2\xAD"));
    size_t next = i + (is_soft ? 2 : 1);
    size_t at;

    if (next < s.len && s.ptr[next] == '\r')
        next++;
    if (next >= s.len || s.ptr[next] != '\n' || i == 0)
        return i;
    next++;
    at = next;
    if (is_soft)
        return next;
    if (text_is_space((unsigned char)s.ptr[i - 1]) || next >= s.len)
        return i;
    return u_islower((UChar32)text_next_code(s, &at)) ? next : i;
}

static char lower_ascii(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* Fold the ASCII from i on, up to a byte that needs more care; returns where that is. */
static size_t fold_ascii(struct folder *f, struct slice s, size_t i)
{
    size_t to = i + text_ascii_run(slice_skip(s, i));
    size_t n;

    if (to < s.len && to > i)
        to--; /* the last one may be the base of a mark */
    n = to - i;
    for (size_t k = 0; k < n; k++) {
        char c = s.ptr[i + k];

        if (c == '-' && behind_cut(s, i + k) != i + k)
            return i + k;
        c = text_is_space((unsigned char)c) ? ' ' : c == '`' ? '\'' : lower_ascii(c);
        f->text[f->len] = c;
        if (f->has_way) {
            f->start[f->len] = (uint32_t)(i + k);
            f->end[f->len] = (uint32_t)(i + k + 1);
        }
        f->len++;
    }
    return to;
}

/* Fold what begins at i and is not plain ASCII; returns the offset behind it, 0 without memory. */
static size_t fold_one(struct folder *f, struct slice s, size_t i)
{
    size_t next = i;
    uint32_t code = text_next_code(s, &next);
    char plain = plain_form(code);
    size_t end;

    if (code == '-' || code == 0xAD) {
        size_t behind = behind_cut(s, i);

        if (behind != i)
            return behind;
    }
    if (is_ignorable(code))
        return next;
    if (plain != '\0')
        return emit(f, slice_of(&plain, 1), i, next) ? next : 0;
    if (code < 0x80 && text_is_space(code))
        return emit(f, SLICE(" "), i, next) ? next : 0;
    if (code >= 0x80 && unorm2_isInert(f->casefold, (UChar32)code) &&
        unorm2_isInert(f->nfd, (UChar32)code))
        return emit(f, slice_sub(s, i, next - i), i, next) ? next : 0;
    end = segment_end(f, s, i);
    return fold_segment(f, s, i, end) ? end : 0;
}

/* A text that is too long for its arena is not a machine without memory: the next one may fit. */
static enum ww_status fail_full(const struct folder *f, struct slice s, struct ww_error *err)
{
    enum ww_status status = arena_check(f->arena, err);

    return status != WW_OK ? ww_context(err, status, "folding %zu bytes", s.len)
                           : ww_fail(err, WW_NOMEM, "no memory to fold %zu bytes", s.len);
}

static enum ww_status fold_all(struct folder *f, struct slice s, struct ww_error *err)
{
    enum ww_status status = open_folder(f, err);

    if (status != WW_OK)
        return status;
    if (s.len >= UINT32_MAX)
        return ww_fail(err, WW_TOO_BIG, "text of %zu bytes, limit %u", s.len, UINT32_MAX);
    for (size_t i = 0; i < s.len;) {
        size_t at;

        if (!reserve(f, s.len - i))
            return fail_full(f, s, err);
        at = fold_ascii(f, s, i);
        if (at == i)
            at = fold_one(f, s, i);
        if (at == 0)
            return fail_full(f, s, err);
        i = at;
    }
    return reserve(f, 1) ? WW_OK : fail_full(f, s, err);
}

enum ww_status text_fold(struct slice s, struct arena *arena, struct text_folded *out,
                         struct ww_error *err)
{
    struct folder f = {.arena = arena, .has_way = true};
    enum ww_status status = fold_all(&f, s, err);

    if (status != WW_OK)
        return status;
    f.start[f.len] = (uint32_t)s.len;
    f.end[f.len] = (uint32_t)s.len;
    *out = (struct text_folded){slice_of(f.text, f.len), f.start, f.end};
    return WW_OK;
}

struct slice text_fold_key(struct slice s, struct arena *arena)
{
    struct folder f = {.arena = arena};

    if (fold_all(&f, s, NULL) != WW_OK)
        return (struct slice){NULL, 0};
    return slice_of(f.text, f.len);
}

struct slice text_skeleton(struct slice s, struct arena *arena)
{
    struct slice key = text_fold_key(s, arena);
    char *out = arena_alloc(arena, key.len + 1);
    size_t n = 0;

    for (size_t i = 0; out != NULL && i < key.len; i++) {
        unsigned char c = (unsigned char)key.ptr[i];

        if (c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
            out[n++] = (char)c;
    }
    return slice_of(out, n);
}
