/* cues.c - the phrases, by kind, and the look-up. */
#include "extractors/cues.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "extractors/cue_phrases.h"

#include <stdbool.h>

/* A label is hardly longer, nor is the line that a "Read more:" begins; invitations go on. */
#define LABEL_MAX 72
#define LINE_MAX 220
#define INVITE_MAX 420
#define BYLINE_MAX 80

/*
 * Bytes of a capital whose small letter is one code point further: U+0100 to U+017E, but for the
 * few without case.
 */
static bool is_extended_capital(unsigned char lead, unsigned char c)
{
    if (lead == 0xC4)
        return c >= 0x80 && (c <= 0xB7 ? c % 2 == 0 : c >= 0xB9 && c <= 0xBD && c % 2 == 1);
    if (lead != 0xC5)
        return false;
    if (c <= 0x88 || c >= 0xB9)
        return c >= 0x81 && c <= 0xBD && c % 2 == 1;
    return c >= 0x8A && c <= 0xB7 && c % 2 == 0;
}

/*
 * A copy in lower case: ASCII, the letters of Latin-1 and Cyrillic, whose capitals stand 32 code
 * points before, and those of central Europe. An apostrophe is made straight.
 */
static struct slice fold_line(struct slice line, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.ptr[i];
        unsigned char before = i > 0 ? (unsigned char)line.ptr[i - 1] : 0;

        if (c == 0xE2 && slice_starts(slice_skip(line, i), SLICE("\u2019"))) {
            c = '\'';
            i += 2;
        } else if (before == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97) {
            c = (unsigned char)(c + 0x20);
        } else if (before == 0xD0 && c >= 0x90 && c <= 0x9F) {
            c = (unsigned char)(c + 0x20);
        } else if (before == 0xD0 && c >= 0xA0 && c <= 0xAF) {
            out[n - 1] = (char)0xD1;
            c = (unsigned char)(c - 0x20);
        } else if (is_extended_capital(before, c)) {
            c = (unsigned char)(c + 1);
        }
        out[n++] = ascii_lower((char)c);
    }
    return slice_of(out, n);
}

/* Without the signs that decorate labels: arrows, bullets, dots, colons. */
static struct slice bare(struct slice s)
{
    static const char *const signs[] = {
        ":",      ".",      "-",      "|",      ">",      "<",      "*",      "+",      "#",
        "!",      "?",      "[",      "]",      "(",      ")",      " ",      "\"",     "/",
        "\u2013", "\u2014", "\u2026", "\u00bb", "\u00ab", "\u203a", "\u2039", "\u2192", "\u2190",
        "\u2022", "\u00b7", "\u25ba", "\u25b6", "\u2193", "\u2191", "\uff1a", "\u3010", "\u3011",
    };
    bool goes_on = true;

    while (goes_on && s.len > 0) {
        goes_on = false;
        for (size_t i = 0; i < WW_COUNT(signs); i++) {
            struct slice sign = slice_from(signs[i]);

            if (slice_starts(s, sign)) {
                s = slice_skip(s, sign.len);
                goes_on = true;
            } else if (slice_ends(s, sign)) {
                s.len -= sign.len;
                goes_on = true;
            }
        }
    }
    return s;
}

struct entry {
    struct slice phrase;
    const struct phrases *table;
    struct entry *next;
};

struct cues {
    struct entry *by_first[ANYWHERE + 1][256]; /* by place and the phrase's first byte */
};

struct cues *cues_open(struct arena *arena)
{
    struct cues *c = arena_alloc(arena, sizeof(*c));

    for (size_t i = WW_COUNT(tables); c != NULL && i > 0; i--) {
        const struct phrases *table = &tables[i - 1];
        struct slice rest = slice_from(table->list), phrase;

        while (slice_next(&rest, '|', &phrase)) {
            struct entry *e = arena_alloc(arena, sizeof(*e));
            struct entry **head = &c->by_first[table->place][(unsigned char)phrase.ptr[0]];

            if (e == NULL)
                return NULL;
            *e = (struct entry){phrase, table, *head};
            *head = e;
        }
    }
    return c;
}

static size_t longest(const struct phrases *t)
{
    if (t->place == WHOLE)
        return LABEL_MAX;
    return t->cue == CUE_INVITE || t->cue == CUE_NOTE ? INVITE_MAX : LINE_MAX;
}

static enum cue match_start(const struct cues *c, enum place place, struct slice s, size_t line_len)
{
    for (const struct entry *e = c->by_first[place][(unsigned char)s.ptr[0]]; e; e = e->next)
        if (line_len <= longest(e->table) &&
            (place == WHOLE ? slice_equal(s, e->phrase) : slice_starts(s, e->phrase)))
            return e->table->cue;
    return CUE_NONE;
}

/* Where a word may begin: not behind a letter of a script that has spaces. */
static bool begins_word(struct slice s, size_t i)
{
    unsigned char before = i > 0 ? (unsigned char)s.ptr[i - 1] : ' ';
    unsigned char c = (unsigned char)s.ptr[i];

    if (c >= 0xE3)
        return true;
    return (c < 0x80 || c >= 0xC0) && before < 0x80 && !(before >= 'a' && before <= 'z');
}

enum cue cues_match(const struct cues *c, struct slice line)
{
    char room[INVITE_MAX];
    struct slice folded, label;
    enum cue cue = CUE_NONE;

    if (line.len == 0 || line.len > sizeof(room))
        return CUE_NONE;
    folded = fold_line(line, room);
    label = bare(folded);
    if (label.len > 0)
        cue = match_start(c, WHOLE, label, line.len);
    if (cue == CUE_NONE)
        cue = match_start(c, BEGINS, folded, line.len);
    if (cue != CUE_NONE && cue != CUE_INVITE)
        return cue;
    for (size_t i = 0; i < folded.len; i++)
        if (begins_word(folded, i) &&
            match_start(c, ANYWHERE, slice_skip(folded, i), line.len) != CUE_NONE)
            return CUE_NOTE;
    return cue;
}

bool cues_begin_byline(struct slice line)
{
    struct slice rest = slice_from(byline_begins), begin;

    if (line.len >= BYLINE_MAX)
        return false;
    while (slice_next(&rest, '|', &begin))
        if (slice_starts_nocase(line, begin))
            return true;
    return false;
}
