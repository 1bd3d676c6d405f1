/* state.c - where scripts keep their data, and which body of these is the page's. */
#include "extractors/state.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"
#include "extractors/json_ld.h"
#include "extractors/prescan.h"
#include "extractors/state_walk.h"

/* A title shorter than this may stand in any other by chance. */
#define TITLE_PART_BYTES 12
/* Less without a title is a notice or a slogan. */
#define FREE_MIN_BYTES 600
#define NOTICE_HEAD_BYTES 2000
/* Prose has a sentence end in so many bytes, and two at least. */
#define SENTENCE_MAX_BYTES 600
/* A text that breaks off below this is a teaser. */
#define TEASER_MAX_BYTES 1500

/* ---- where data stand ------------------------------------------------------------------------ */

static size_t skip_blanks(struct slice s, size_t at)
{
    while (at < s.len && ascii_is_space(s.ptr[at]))
        at++;
    return at;
}

static bool opens(struct slice s, size_t at)
{
    return at < s.len && (s.ptr[at] == '{' || s.ptr[at] == '[');
}

static bool is_quote(struct slice s, size_t at)
{
    return at < s.len && (s.ptr[at] == '"' || s.ptr[at] == '\'' || s.ptr[at] == '`');
}

static bool follows(struct slice s, size_t at, struct slice word)
{
    return slice_ends(slice_head(s, at), word);
}

/* "%7B%22" as addresses have it. */
static struct slice percent_decode(struct slice s, struct arena *arena)
{
    char *out = arena_alloc(arena, s.len + 1);
    size_t n = 0;

    for (size_t i = 0; out != NULL && i < s.len; i++) {
        int high = i + 2 < s.len && s.ptr[i] == '%' ? ascii_hex(s.ptr[i + 1]) : -1;
        int low = high >= 0 ? ascii_hex(s.ptr[i + 2]) : -1;

        out[n++] = (char)(low < 0 ? s.ptr[i] : high << 4 | low);
        i += low < 0 ? 0 : 2;
    }
    return out == NULL ? s : slice_of(out, n);
}

/* A string that holds JSON; at is its opening quote. Returns the place behind it. */
static size_t walk_string(struct state_walk *w, struct slice s, size_t at)
{
    size_t end = state_string_end(s, at + 1, s.ptr[at]);
    struct slice raw = slice_sub(s, at + 1, end - at - 1);

    if (slice_starts_nocase(raw, SLICE("%7B")) || slice_starts_nocase(raw, SLICE("%5B")))
        raw = percent_decode(raw, w->arena);
    if (end < s.len && opens(raw, 0))
        (void)state_walk(w, state_decode(raw, w->arena), 0);
    return end + 1;
}

/* Objects and lists that are assigned, passed or returned, and strings of them. */
static void walk_program(struct state_walk *w, struct slice s)
{
    size_t at = 0;

    while (at < s.len) {
        char c = s.ptr[at++];
        size_t value;

        if (c != '=' && c != '(' && !(c == 'n' && follows(s, at, SLICE("return"))))
            continue;
        value = skip_blanks(s, at);
        if (opens(s, value))
            at = state_walk(w, s, value);
        else if (c != 'n' && is_quote(s, value))
            at = walk_string(w, s, value);
        else
            at = value;
    }
}

static void walk_script(struct state_walk *w, struct slice s)
{
    size_t at = skip_blanks(s, 0);

    if (slice_starts(slice_skip(s, at), SLICE("<!--")))
        at = skip_blanks(s, at + 4);
    if (opens(s, at))
        (void)state_walk(w, s, at);
    else
        walk_program(w, s);
}

/* ---- parts that are pushed ------------------------------------------------------------------- */

#define PUSH "__next_f.push([1,"

/* All parts of all scripts as one text: a row of it may begin in one and end in the next. */
static struct slice join_parts(const struct prescan *scan, struct arena *arena)
{
    size_t n = 0, room = 0;
    char *out;

    for (size_t i = 0; i < scan->n_scripts && room < STATE_MAX_BYTES; i++)
        if (slice_contains(scan->scripts[i].text, SLICE(PUSH)))
            room += scan->scripts[i].text.len;
    if (room == 0 || room > STATE_MAX_BYTES || (out = arena_alloc(arena, room)) == NULL)
        return (struct slice){"", 0};
    for (size_t i = 0; i < scan->n_scripts; i++) {
        struct slice s = scan->scripts[i].text;
        size_t at;

        while ((at = slice_find(s, SLICE(PUSH))) < s.len) {
            struct slice part;
            size_t end;

            s = slice_skip(s, at + sizeof(PUSH) - 1);
            at = skip_blanks(s, 0);
            if (!is_quote(s, at))
                continue;
            end = state_string_end(s, at + 1, s.ptr[at]);
            part = state_decode(slice_sub(s, at + 1, end - at - 1), arena);
            if (part.len > room - n)
                break;
            memcpy(out + n, part.ptr, part.len);
            n += part.len;
            s = slice_skip(s, end);
        }
    }
    return slice_of(out, n);
}

/* Takes a row off: "1a:" and JSON to the end of the line, or "1a:T3f," and so many bytes of text.
 */
static bool next_row(struct slice *rest, struct state_row *row, bool *is_text)
{
    size_t colon = 0, at, len = 0;

    while (rest->len > 0 && ascii_is_space(rest->ptr[0]))
        *rest = slice_skip(*rest, 1);
    while (colon < rest->len && ascii_hex(rest->ptr[colon]) >= 0)
        colon++;
    row->id = slice_head(*rest, colon);
    at = colon + 1;
    *is_text = at < rest->len && rest->ptr[colon] == ':' && rest->ptr[at] == 'T';
    if (*is_text) {
        for (at++; at < rest->len && ascii_hex(rest->ptr[at]) >= 0 && len < STATE_MAX_BYTES; at++)
            len = len << 4 | (size_t)ascii_hex(rest->ptr[at]);
        row->text = slice_sub(*rest, at + 1, len);
        *rest = slice_skip(*rest, at + 1 + len);
    } else {
        row->text = slice_head(*rest, slice_find_char(*rest, '\n'));
        *rest = slice_skip(*rest, row->text.len);
    }
    return row->text.len > 0 || rest->len > 0;
}

static void walk_parts(struct state_walk *w, const struct prescan *scan)
{
    struct slice all = join_parts(scan, w->arena), rest = all;
    struct state_row *rows =
        all.len == 0 ? NULL : arena_array(w->arena, STATE_ROWS_MAX, sizeof(*rows));
    struct state_row row;
    bool is_text;

    if (rows == NULL)
        return;
    w->rows = rows;
    while (w->n_rows < STATE_ROWS_MAX && next_row(&rest, &row, &is_text))
        if (is_text)
            rows[w->n_rows++] = row;
    for (rest = all; next_row(&rest, &row, &is_text);)
        if (!is_text) {
            size_t at = 0;

            while (at < row.text.len && !opens(row.text, at))
                at++;
            (void)state_walk(w, row.text, at);
        }
}

/* ---- which body ------------------------------------------------------------------------------ */

static bool agrees(struct slice raw, struct slice wanted, struct arena *arena)
{
    struct slice title = json_ld_body(state_decode(text_cut(raw, TITLE_MAX_BYTES), arena), arena);
    struct slice longer, shorter;

    title = text_fold_key(text_squeeze(title, arena), arena);
    longer = title.len > wanted.len ? title : wanted;
    shorter = title.len > wanted.len ? wanted : title;
    return slice_equal(longer, shorter) ||
           (shorter.len >= TITLE_PART_BYTES && slice_contains(longer, shorter));
}

static bool is_sentence_end(struct slice text, size_t at)
{
    static const char *const wide[] = {"。", "！", "？", "।", "۔", "؟"};
    struct slice rest = slice_skip(text, at);

    if (rest.ptr[0] == '.' || rest.ptr[0] == '!' || rest.ptr[0] == '?')
        return rest.len == 1 || !(ascii_is_letter(rest.ptr[1]) || ascii_is_digit(rest.ptr[1]));
    for (size_t i = 0; i < WW_COUNT(wide) && (unsigned char)rest.ptr[0] >= 0x80; i++)
        if (slice_starts(rest, slice_from(wide[i])))
            return true;
    return false;
}

static bool is_prose(struct slice text)
{
    size_t n = 0;

    if (text.len < STATE_BODY_MIN_BYTES || slice_find_char(SLICE("{[("), text.ptr[0]) < 3)
        return false;
    if (text.len < TEASER_MAX_BYTES &&
        (slice_ends(text, SLICE("…")) || slice_ends(text, SLICE("...")) ||
         slice_ends(text, SLICE("[…]")) || slice_ends(text, SLICE("[...]"))))
        return false;
    for (size_t i = 0; i < text.len; i++)
        n += is_sentence_end(text, i);
    return n >= 2 && text.len / n <= SENTENCE_MAX_BYTES;
}

/* What has no title may be the words of a cookie banner. */
static bool may_be_free(struct slice text)
{
    return text.len >= FREE_MIN_BYTES &&
           !slice_contains_nocase(slice_head(text, NOTICE_HEAD_BYTES), SLICE("cookie"));
}

static struct slice write_body(const struct state_walk *w, const struct state_body *body,
                               struct arena *arena)
{
    struct slice texts = {"", 0};
    size_t room = body->bytes, n = 0;
    bool has_markup = false;
    struct slice *parts = arena_array(arena, body->end - body->first, sizeof(*parts));
    char *out;

    for (size_t i = body->first; parts != NULL && i < body->end; i++) {
        const struct state_piece *p = &w->pieces[i];

        parts[i - body->first] = p->is_literal ? p->raw : state_decode(p->raw, arena);
        has_markup = has_markup || slice_contains(parts[i - body->first], SLICE("</"));
        room += parts[i - body->first].len + 4;
    }
    out = parts == NULL ? NULL : arena_alloc(arena, room);
    for (size_t i = body->first; out != NULL && i < body->end; i++) {
        struct slice part = parts[i - body->first];
        struct slice gap = has_markup ? SLICE("\n<p>") : SLICE("\n\n");

        if (n > 0 && !w->pieces[i].is_inline) {
            memcpy(out + n, gap.ptr, gap.len);
            n += gap.len;
        }
        memcpy(out + n, part.ptr, part.len);
        n += part.len;
    }
    if (out != NULL)
        texts = json_ld_body(slice_of(out, n), arena);
    return slice_trim(texts);
}

/* Is it a part of another one? */
static bool is_inside(const struct state_walk *w, const struct state_body *b)
{
    for (size_t i = 0; i < w->n_bodies; i++)
        if (&w->bodies[i] != b && w->bodies[i].first <= b->first && b->end <= w->bodies[i].end &&
            w->bodies[i].end - w->bodies[i].first > b->end - b->first)
            return true;
    return false;
}

/*
 * The longest that is prose among the bodies under a title that agrees; or the only one, when
 * nothing says that it is another's.
 */
static struct slice choose(struct state_walk *w, struct slice wanted, struct arena *arena)
{
    struct slice none = {"", 0};
    size_t n_own = 0, n_free = 0;
    enum state_fit fit;

    for (size_t i = 0; i < w->n_bodies; i++) {
        struct state_body *b = &w->bodies[i];
        bool is_free,
            is_own = wanted.len > 0 && b->title.len > 0 && agrees(b->title, wanted, arena);

        is_free = (wanted.len == 0 || b->title.len == 0) && !is_inside(w, b);
        n_own += is_own;
        n_free += is_free;
        b->fit = is_own ? STATE_OWN : is_free ? STATE_FREE : STATE_FOREIGN;
    }
    if (n_own == 0 && n_free != 1)
        return none;
    fit = n_own > 0 ? STATE_OWN : STATE_FREE;
    for (size_t tried = 0; tried < STATE_TRIED_MAX; tried++) {
        struct state_body *best = NULL;
        struct slice text;

        for (size_t i = 0; i < w->n_bodies; i++) {
            struct state_body *b = &w->bodies[i];

            if (b->fit == fit && (best == NULL || b->bytes > best->bytes))
                best = b;
        }
        if (best == NULL)
            return none;
        best->fit = STATE_FOREIGN;
        text = write_body(w, best, arena);
        if (is_prose(text) && (fit == STATE_OWN || may_be_free(text)))
            return text;
    }
    return none;
}

struct slice state_read(const struct prescan *scan, struct slice title, struct arena *arena)
{
    struct state_walk *w = arena_alloc(arena, sizeof(*w));
    size_t left = STATE_MAX_BYTES;

    if (w == NULL)
        return (struct slice){"", 0};
    w->arena = arena;
    for (size_t i = 0; i < scan->n_scripts; i++) {
        struct slice text = scan->scripts[i].text;

        if (scan->scripts[i].is_json_ld || text.len < STATE_BODY_MIN_BYTES || text.len > left)
            continue;
        left -= text.len;
        walk_script(w, text);
    }
    walk_parts(w, scan);
    for (size_t i = 0; i < w->n_inner; i++)
        (void)state_walk(w, state_decode(w->inner[i], arena), 0);
    return choose(w, text_fold_key(title, arena), arena);
}
