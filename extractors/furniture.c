/* furniture.c - one pass over the paragraphs of a text, and the two ends of a title. */
#include "extractors/furniture.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/hash.h"
#include "base/limits.h"
#include "extractors/blocks.h"
#include "extractors/title_parts.h"

#include <string.h>

/* Letters, a Han character counted three times: fewer are a list's number or a mark. */
#define LETTERS_MIN 3
/* Five words: more of them may be news, even without a stop. */
#define LABEL_LETTERS_MAX 24
#define LINE_MAX_BYTES 300
/* A shorter part of a title is rather the site's name than a headline. */
#define HEADLINE_BYTES 24
/* Where furniture may stand: so many paragraphs from the beginning, and from the end. */
#define HEAD_LINES 2
#define TAIL_LINES 6
/* A text that would lose more than this part of itself is not furnished: it is what they all say.
 */
#define CUT_PART 3

/* ---- one line -------------------------------------------------------------------------------- */

/* Length of the white space or digit at p; 0: neither. */
static size_t ignored_length(const char *p, size_t left)
{
    const unsigned char *u = (const unsigned char *)p;

    if (u[0] <= ' ' || (u[0] >= '0' && u[0] <= '9'))
        return 1;
    if (left >= 2 && ((u[0] == 0xC2 && u[1] == 0xA0) ||              /* no-break space */
                      (u[0] == 0xD9 && u[1] >= 0xA0 && u[1] <= 0xA9) /* Arabic digits */
                      || (u[0] == 0xDB && u[1] >= 0xB0 && u[1] <= 0xB9)))
        return 2;
    if (left >= 3 && (memcmp(p, "\u3000", 3) == 0 || /* wide space, wide digits */
                      (u[0] == 0xEF && u[1] == 0xBC && u[2] >= 0x90 && u[2] <= 0x99)))
        return 3;
    return 0;
}

uint64_t article_line_hash(struct slice line)
{
    uint64_t hash = 0;

    for (size_t at = 0, end; at < line.len; at = end) {
        size_t ignored = ignored_length(line.ptr + at, line.len - at);

        end = at + ignored;
        if (ignored > 0)
            continue;
        while (end < line.len && ignored_length(line.ptr + end, line.len - end) == 0)
            end++;
        hash = 31 * hash + hash64(slice_sub(line, at, end - at));
    }
    return hash;
}

static uint64_t key_of(struct slice line, enum line_kind kind)
{
    return (article_line_hash(line) & ~(uint64_t)LINE_KIND_MASK) | (uint64_t)kind;
}

/* How much there is to read: a letter is one, a Han character three, punctuation nothing. */
static size_t count_letters(struct slice s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c < 0x80) {
            n += (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        } else if (c >= 0xC3 && c < 0xE0) {
            n++;
        } else if (c >= 0xE0) {
            struct slice two = slice_sub(s, i, 2);

            if (!slice_equal(two, SLICE("\xE2\x80")) && !slice_equal(two, SLICE("\xE3\x80")) &&
                !slice_equal(two, SLICE("\xEF\xBC")))
                n += 3;
        }
    }
    return n;
}

static bool is_known(const struct article_hints *hints, uint64_t key)
{
    size_t from = 0, to = hints->n_furniture;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (hints->furniture[middle] == key)
            return true;
        if (hints->furniture[middle] < key)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

/* ---- the title ------------------------------------------------------------------------------- */

/* The first and the last part of a title that has several; false when it has one. */
static bool title_ends(struct slice title, struct slice ends[2])
{
    bool is_found = false;

    for (size_t at = 0; at < title.len; at++) {
        size_t len = title_separator(title, at);

        if (len == 0)
            continue;
        if (!is_found)
            ends[0] = slice_trim(slice_head(title, at));
        ends[1] = slice_trim(slice_skip(title, at + len));
        is_found = true;
        at += len - 1;
    }
    return is_found;
}

static bool may_be_name(struct slice part)
{
    return part.len <= LINE_MAX_BYTES / 3 && count_letters(part) >= LETTERS_MIN;
}

struct slice furniture_name(struct slice title_element, const struct article_hints *hints)
{
    struct slice ends[2];

    if (hints->n_furniture == 0 || !title_ends(slice_head(title_element, TITLE_MAX_BYTES), ends))
        return (struct slice){"", 0};
    for (size_t i = 2; i-- > 0;)
        if (may_be_name(ends[i]) && is_known(hints, key_of(ends[i], LINE_TITLE_PART)))
            return ends[i];
    return (struct slice){"", 0};
}

/* ---- the text -------------------------------------------------------------------------------- */

static struct slice next_paragraph(struct slice *rest)
{
    size_t len = slice_find(*rest, SLICE("\n\n"));
    struct slice paragraph = slice_head(*rest, len);

    *rest = slice_skip(*rest, len + 2);
    return paragraph;
}

/* Its key when it may be furniture; 0 when not. */
static uint64_t judge(struct slice line)
{
    size_t n_letters = line.len <= LINE_MAX_BYTES ? count_letters(line) : 0;

    if (n_letters < LETTERS_MIN)
        return 0;
    return key_of(line, n_letters <= LABEL_LETTERS_MAX && !blocks_ends_sentence(line) ? LINE_LABEL
                                                                                      : LINE_PROSE);
}

static void add_line(struct article *a, uint64_t *lines, uint64_t key)
{
    if (key == 0 || a->n_lines == ARTICLE_LINES_MAX)
        return;
    for (size_t i = 0; i < a->n_lines; i++)
        if (lines[i] == key)
            return;
    lines[a->n_lines++] = key;
}

struct writer {
    char *ptr;
    size_t n;
};

static void add_paragraph(struct writer *w, struct slice prefix, struct slice line)
{
    const struct slice parts[] = {w->n > 0 ? SLICE("\n\n") : SLICE(""), prefix, line};

    for (size_t i = 0; i < WW_COUNT(parts); i++)
        if (parts[i].len > 0) {
            memcpy(w->ptr + w->n, parts[i].ptr, parts[i].len);
            w->n += parts[i].len;
        }
}

/* Paragraphs whose keys are known go to the end of a->cut. */
static void split(struct article *a, const uint64_t *keys, size_t n_known,
                  const struct article_hints *hints, struct arena *arena)
{
    const struct slice why = arena_printf(arena, "%s: ", block_cut_names[CUT_FURNITURE]);
    struct writer text = {arena_alloc(arena, a->text.len + 2), 0};
    struct writer cut = {arena_alloc(arena, a->cut.len + a->text.len + n_known * (why.len + 2) + 2),
                         0};

    if (text.ptr == NULL || cut.ptr == NULL)
        return;
    if (a->cut.len > 0)
        add_paragraph(&cut, SLICE(""), a->cut);
    a->whole = a->text;
    for (struct slice rest = a->whole; rest.len > 0; keys++) {
        struct slice line = next_paragraph(&rest);

        if (*keys != 0 && is_known(hints, *keys))
            add_paragraph(&cut, why, line);
        else
            add_paragraph(&text, SLICE(""), line);
    }
    a->text = slice_of(text.ptr, text.n);
    a->cut = slice_of(cut.ptr, cut.n);
}

void furniture_cut(struct article *a, struct slice title_element, const struct article_hints *hints,
                   struct arena *arena)
{
    struct slice text = a->text, ends[2];
    uint64_t *keys, *lines = arena_array(arena, ARTICLE_LINES_MAX, sizeof(*lines));
    size_t n = 0, n_known = 0, known_bytes = 0;

    for (struct slice rest = text; rest.len > 0; n++)
        (void)next_paragraph(&rest);
    keys = arena_array(arena, n + 1, sizeof(*keys));
    if (lines == NULL || keys == NULL)
        return;
    for (size_t i = 0; i < n; i++) {
        struct slice line = next_paragraph(&text);

        if (i < HEAD_LINES || i + TAIL_LINES >= n)
            keys[i] = judge(line);
        if (keys[i] == 0 || !is_known(hints, keys[i]))
            continue;
        n_known++;
        known_bytes += line.len;
    }
    a->lines = lines;
    if (title_ends(slice_head(title_element, TITLE_MAX_BYTES), ends)) {
        /* The headline is hardly ever another page's: a name in front is far shorter. */
        const bool is_first = ends[1].len >= HEADLINE_BYTES && 2 * ends[0].len <= ends[1].len;
        const struct slice part = ends[is_first ? 0 : 1];

        if (may_be_name(part))
            add_line(a, lines, key_of(part, LINE_TITLE_PART));
    }
    /* From the end: most furniture stands there. */
    for (size_t i = n; i-- > 0;)
        add_line(a, lines, keys[i]);
    /* What a person's rules name stays. */
    if (n_known > 0 && known_bytes <= a->text.len / CUT_PART &&
        a->text_source != ARTICLE_TEXT_RULES)
        split(a, keys, n_known, hints, arena);
}
