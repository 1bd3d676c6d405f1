/* dateline.c - openings of agencies' texts in alphabets with capitals and in those without. */
#include "extractors/dateline.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/date_words.h"
#include "base/text.h"
#include "extractors/blocks.h"
#include "extractors/dateline_parts.h"
#include "extractors/dateline_words.h"

#include <string.h>

/* Lines that may hold the opening: bylines and a standfirst may stand before it. */
#define LINES_MAX 4
/* A line above an opening without an agency is no longer. */
#define BYLINE_MAX_BYTES 120
/* Place and day. */
#define PLACE_MAX_BYTES 100
#define PLACE_MAX_WORDS 10
/* Small words of a place ("am", "v. d."), and with a day ("de octubre de"). */
#define SMALL_WORDS_MAX 2
#define SMALL_WORDS_DAY_MAX 4
/* Pieces of an opening with the agency bare: place, day, agency. */
#define PIECES_MAX 5
/* An opening of capitals alone needs so much text behind it, and so many letters. */
#define PROSE_MIN_BYTES 80
#define CAPITALS_MIN 4
#define CAPITALS_MAX_WORDS 5
#define COLON_MAX_WORDS 3
/* Lines that are looked at for others like it. */
#define ALIKE_LINES_MAX 40

/* ---- places ---------------------------------------------------------------------------------- */

/* "THE HAGUE, Oct 26", "Bad Homburg v. d. Höhe", "أبوظبي في 26 أكتوبر": names, numbers, few else.
 */
static bool is_place(struct slice s)
{
    const bool has_day = signs_has_digit(s);
    struct slice rest = s, word;
    size_t n_words = 0, n_small = 0;

    if (s.len > PLACE_MAX_BYTES)
        return false;
    for (size_t at = 0; at < s.len;) {
        const uint32_t code = text_next_code(s, &at);

        if (strchr("?!;\"<>{}@#%&*+=_|", (int)(code < 0x80 ? code : 'a')) != NULL)
            return false;
    }
    while (slice_next(&rest, ' ', &word)) {
        const uint32_t first = signs_code(word);

        if (word.len == 0)
            continue;
        n_words++;
        if (!text_is_upper(first) && !text_is_digit(first) && !signs_is_caseless(first)) {
            if (n_words == 1 && !slice_contains(word, SLICE("'")))
                return false;
            n_small += text_is_word(first);
        } else if (signs_is_caseless(first)) {
            n_small += n_words > 3 && !has_day;
        }
    }
    return n_words > 0 && n_words <= PLACE_MAX_WORDS &&
           n_small <= (has_day ? SMALL_WORDS_DAY_MAX : SMALL_WORDS_MAX);
}

/* Does the word before end end a sentence rather than being short for one ("St.", "v.")? */
static bool is_long_word(struct slice s, size_t end)
{
    size_t at = end;

    while (at > 0 && s.ptr[at - 1] != ' ')
        at--;
    return end - at >= CAPITALS_MIN;
}

/* Without the day, and without what is behind a comma, a bracket or a dash between words. */
static struct slice place_of(struct slice s)
{
    size_t end = 0;
    uint32_t before = ' ';

    for (size_t at = 0; at < s.len; end = at) {
        const struct slice rest = slice_skip(s, at);
        const size_t dash = signs_dash(rest);
        const uint32_t code = text_next_code(s, &at);
        const bool is_apart = before == ' ' || signs_space(slice_skip(s, at)) > 0;

        if (code == ',' || code == ':' || code == 0x3001 || text_is_digit(code) || code == '(' ||
            code == 0xFF08 || (code == '.' && is_apart && is_long_word(s, at - 1)) ||
            (code == '/' && is_apart) ||
            (dash > 0 &&
             (is_apart || signs_dash(slice_skip(s, at)) > 0 || signs_is_caseless(before))))
            break;
        before = code;
    }
    return signs_trim(slice_head(s, end));
}

/* Capitals alone, four or more; "Mc" is one. n_words: of it. */
static bool is_capitals(struct slice s, size_t *n_words)
{
    size_t n_letters = 0;
    bool in_word = false;

    *n_words = 0;
    for (size_t at = 0; at < s.len;) {
        const uint32_t code = text_next_code(s, &at);

        if (code == ' ' || code == '-' || code == '/') {
            in_word = false;
            continue;
        }
        if (!text_is_upper(code)) {
            if (code != '.' && code != '\'' && code != 0x2019 &&
                !(code == 'c' && at >= 2 && s.ptr[at - 2] == 'M'))
                return false;
            continue;
        }
        n_letters++;
        *n_words += !in_word;
        in_word = true;
    }
    return n_letters >= CAPITALS_MIN;
}

/* "Den Haag": few words, each with a capital. */
static bool is_title_case(struct slice s)
{
    struct slice word;
    size_t n = 0;

    while (slice_next(&s, ' ', &word) && n <= COLON_MAX_WORDS)
        if (n++ == COLON_MAX_WORDS || !text_is_upper(signs_code(word)))
            return false;
    return n > 0;
}

static bool is_label(struct slice s)
{
    struct slice list = slice_from(opening_labels), one;

    while (slice_next(&list, '|', &one))
        if (slice_equal(s, one))
            return true;
    return false;
}

/* ---- capitals and a dash --------------------------------------------------------------------- */

/* Where the place of such an opening ends; 0: none. */
static size_t capitals_end(struct slice line, bool is_wire, struct slice *place)
{
    struct slice head = slice_head(line, PLACE_MAX_BYTES), before;
    size_t end = 0, n_words;
    bool has_colon;

    for (size_t at = 0; at < head.len && end == 0;) {
        const struct slice rest = slice_skip(head, at);
        const size_t n = signs_dash(rest);
        const bool is_apart =
            at > 0 &&
            (signs_space(slice_skip(head, at - 1)) > 0 || n > 1 ||
             slice_starts(rest, SLICE("--"))) &&
            signs_space(slice_skip(rest, n)) + (size_t)slice_starts(rest, SLICE("--")) > 0;

        if ((n > 0 && is_apart) ||
            (rest.ptr[0] == ':' && slice_starts(slice_skip(rest, 1), SLICE(" "))))
            end = at;
        (void)text_next_code(head, &at);
    }
    has_colon = slice_starts(slice_skip(head, end), SLICE(":"));
    before = signs_trim(slice_head(head, end));
    if (before.len > 0 && before.ptr[before.len - 1] == ')') /* a station's sign: "(KXYZ)" */
        before = signs_trim(slice_head(before, slice_find_char(before, '(')));
    *place = place_of(before);
    if (end == 0 || place->len == 0 || !is_place(before) || is_label(*place) ||
        slice_find_char(before, ':') < before.len)
        return 0;
    if (is_capitals(*place, &n_words))
        return n_words <= (has_colon ? COLON_MAX_WORDS : CAPITALS_MAX_WORDS) ? end : 0;
    return is_wire && !has_colon && is_title_case(*place) ? end : 0;
}

/* Other lines of the text that open so: it is an interview, a list. */
static bool has_alike(struct slice text, bool is_wire)
{
    struct slice line, place;

    for (size_t i = 0; i < ALIKE_LINES_MAX && slice_next_line(&text, &line); i++)
        if (line.len > 0 && capitals_end(line, is_wire, &place) > 0)
            return true;
    return false;
}

static bool read_capitals(struct slice line, bool is_wire, struct dateline *out)
{
    struct slice place;
    const size_t end = capitals_end(line, is_wire, &place);
    bool has_dash, has_stop;
    struct slice rest;

    if (end == 0 || line.len < end + PROSE_MIN_BYTES)
        return false;
    rest = signs_skip(slice_skip(line, end), &has_dash, &has_stop);
    if (!signs_begin_sentence(rest))
        return false;
    out->words = slice_head(line, (size_t)(rest.ptr - line.ptr));
    return true;
}

/* ---- an agency in brackets ------------------------------------------------------------------- */

/* The rest of an opening whose agency comes first: "(ANSA) - ROMA, 26 OTT - ". */
static struct slice skip_place(struct slice rest)
{
    struct slice place;
    const size_t end = capitals_end(rest, false, &place);
    bool has_dash, has_stop;

    if (end == 0)
        return rest;
    return signs_skip(slice_skip(rest, end), &has_dash, &has_stop);
}

static bool accept_mark(struct slice line, size_t at, size_t end, struct arena *arena,
                        struct dateline *out)
{
    const struct slice before = signs_trim(slice_head(line, at));
    struct slice after = dateline_skip_reporter(slice_skip(line, end)), rest;
    bool has_dash, has_stop;

    if (before.len > 0 && (!is_place(before) || agency_find(before, AGENCY_MARKED, arena) != NULL))
        return false;
    rest = signs_skip(after, &has_dash, &has_stop);
    has_dash = has_dash || after.ptr != line.ptr + end;
    if (rest.len == 0 || !signs_begin_sentence(rest))
        return false;
    if (!has_dash && !has_stop && before.len > 0 && signs_is_caseless(signs_code(rest)) &&
        !signs_has_digit(before))
        return false;
    if (before.len == 0 && has_dash)
        rest = skip_place(rest);
    out->words = slice_head(line, (size_t)(rest.ptr - line.ptr));
    return true;
}

/* Agencies alone; behind a place in capitals an outlet or a day may stand with them. */
static bool names_agency(struct slice head, size_t at, struct slice inner, struct arena *arena,
                         struct dateline *out)
{
    size_t n_words;

    if (agency_read(inner, AGENCY_MARKED, arena, &out->agencies))
        return true;
    return is_capitals(place_of(slice_head(head, at)), &n_words) &&
           agency_read_some(inner, AGENCY_MARKED, arena, &out->agencies);
}

static bool read_mark(struct slice line, struct arena *arena, struct dateline *out)
{
    const struct slice head = text_cut(line, DATELINE_MAX_BYTES);

    for (size_t at = 0; at < head.len && at <= PLACE_MAX_BYTES;) {
        struct slice close = {"", 0};
        const size_t n = signs_bracket(slice_skip(head, at), &close);
        const struct slice inner = slice_sub(head, at + n, DATELINE_MARK_MAX_BYTES);
        const size_t len = n > 0 ? slice_find(inner, close) : inner.len;

        if (len < inner.len && names_agency(head, at, slice_head(inner, len), arena, out) &&
            accept_mark(line, at, at + n + len + close.len, arena, out))
            return true;
        (void)text_next_code(head, &at);
    }
    return false;
}

/* ---- an agency between dashes ---------------------------------------------------------------- */

/* Bytes of what ends a piece, at the begin of s; before: the character before it. */
static size_t piece_end(struct slice s, bool is_caseless_before)
{
    size_t n = signs_space(s);
    const size_t dash = signs_dash(slice_skip(s, n));

    if (dash > 0) {
        const struct slice behind = slice_skip(s, n + dash);

        if (n > 0 || signs_space(behind) > 0 || signs_dash(behind) > 0 || is_caseless_before)
            return n + dash;
        return 0;
    }
    if (n > 0 || s.len == 0)
        return 0;
    if (s.ptr[0] == ',' || s.ptr[0] == '/')
        return 1;
    n = signs_stop(s);
    return n > 0 && (signs_space(slice_skip(s, n)) > 0 || signs_dash(slice_skip(s, n)) > 0) ? n : 0;
}

/* In a script without capitals the agency's name may be followed by the text at once. */
static size_t name_at(struct slice s, struct arena *arena)
{
    struct slice rest = slice_head(s, DATELINE_MARK_MAX_BYTES), word;

    for (size_t i = 0; i < 2 && slice_next(&rest, ' ', &word); i++) {
        const struct slice name = slice_of(s.ptr, (size_t)(word.ptr + word.len - s.ptr));

        if (agency_find(name, AGENCY_BARE, arena) != NULL)
            return name.len;
    }
    return 0;
}

static bool accept_bare(struct slice line, struct slice before, size_t end, struct dateline *out)
{
    bool has_dash, has_stop;
    const struct slice rest = signs_skip(slice_skip(line, end), &has_dash, &has_stop);
    const bool is_apart = before.len > 0 ? has_dash || has_stop : has_dash;

    if (!is_apart || rest.len == 0 || !signs_begin_sentence(rest) ||
        (before.len > 0 && (!is_place(before) || slice_contains(before, SLICE("(")))))
        return false;
    out->words = slice_head(line, (size_t)(rest.ptr - line.ptr));
    return true;
}

static bool accept_caseless(struct slice line, struct slice before, size_t begin, size_t end,
                            struct dateline *out)
{
    const struct slice rest = signs_skip_spaces(slice_skip(line, end));

    if (begin == 0 ||
        signs_dash(slice_skip(line, begin - 1)) + signs_space(slice_skip(line, begin - 1)) == 0 ||
        !signs_is_caseless(signs_code(before)) || !is_place(before) || rest.len == 0)
        return false;
    out->words = slice_head(line, (size_t)(rest.ptr - line.ptr));
    return true;
}

static bool read_bare(struct slice line, struct arena *arena, struct dateline *out)
{
    const struct slice head = text_cut(line, PLACE_MAX_BYTES);
    size_t begin = 0, n_pieces = 0;
    uint32_t before = 0;

    for (size_t at = 0; at < head.len && n_pieces < PIECES_MAX;) {
        const size_t n = piece_end(slice_skip(head, at), signs_is_caseless(before));
        struct slice piece, place;

        if (n == 0) {
            before = text_next_code(head, &at);
            continue;
        }
        piece = slice_trim(slice_sub(head, begin, at - begin));
        place = signs_trim(slice_head(head, begin));
        if (agency_read(piece, AGENCY_BARE, arena, &out->agencies) &&
            accept_bare(line, place, at, out))
            return true;
        at += n;
        begin = at + signs_space(slice_skip(head, at));
        n_pieces++;
        if (signs_is_caseless(signs_code(slice_skip(head, begin)))) {
            const size_t len = name_at(slice_skip(head, begin), arena);
            const struct slice name = slice_sub(head, begin, len);

            if (len > 0 && agency_read(name, AGENCY_BARE, arena, &out->agencies) &&
                accept_caseless(line, signs_trim(slice_head(head, at - n)), begin, begin + len,
                                out))
                return true;
        }
    }
    return false;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static bool read_line(struct slice line, bool is_first, struct slice below, bool is_wire,
                      struct arena *arena, struct dateline *out)
{
    *out = (struct dateline){
        .words = {"", 0}
    };
    if (line.len == 0)
        return false;
    if ((unsigned char)line.ptr[0] >= 0xE3 || line.ptr[0] == '[' || line.ptr[0] == '(') {
        if (dateline_read_cjk(line, arena, out))
            return is_first || out->agencies.n > 0;
    }
    out->agencies.n = 0;
    if (read_mark(line, arena, out))
        return true;
    out->agencies.n = 0;
    if (read_bare(line, arena, out))
        return true;
    out->agencies.n = 0;
    return is_first && read_capitals(line, is_wire, out) && !has_alike(below, is_wire);
}

bool dateline_find(struct slice text, bool is_wire, struct arena *arena, struct dateline *out)
{
    bool is_first = true;
    struct slice line;

    for (size_t i = 0; i < LINES_MAX && slice_next_line(&text, &line);) {
        if (line.len == 0)
            continue;
        if (read_line(line, is_first, text, is_wire, arena, out)) {
            out->words = signs_trim(out->words);
            return true;
        }
        is_first = is_first && line.len <= BYLINE_MAX_BYTES && !blocks_ends_sentence(line);
        i++;
    }
    *out = (struct dateline){
        .words = {"", 0}
    };
    return false;
}

/* What is in the bracket that s begins with, or s. */
static struct slice unpack(struct slice s)
{
    struct slice close = {"", 0};
    const size_t n = signs_bracket(s, &close);
    const struct slice inner = slice_skip(s, n);

    return n == 0 ? s : slice_trim(slice_head(inner, slice_find(inner, close)));
}

struct slice dateline_place(struct slice words, struct arena *arena)
{
    const struct slice none = {"", 0};
    struct agencies found;
    struct slice s = unpack(words), place;
    size_t bytes;
    bool has_dash, has_stop;

    if (agency_read(s, AGENCY_MARKED, arena, &found)) /* "(ANSA) - ROMA, 26 OTT" */
        s = signs_skip(slice_skip(words, (size_t)(s.ptr + s.len - words.ptr) + 1), &has_dash,
                       &has_stop);
    if (slice_starts(s, SLICE("据")) || slice_starts(s, SLICE("據")))
        s = slice_skip(s, 3);
    if (dateline_has_word(s, reporters))
        return none;
    (void)agency_prefix(s, &bytes);
    place = place_of(slice_skip(s, bytes));
    (void)agency_suffix(place, &bytes);
    place = signs_trim(slice_head(place, place.len - bytes));
    /* "Oct 26 (Reuters)" */
    if (signs_has_digit(s) && date_month(text_fold_key(place, arena)) != 0)
        return none;
    return agency_read(place, AGENCY_MARKED, arena, &found) ? none : place;
}
