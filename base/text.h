/*
 * text.h - UTF-8, and folding that knows its way back.
 *
 * Folding makes two spellings of one word equal: NFKC, case folded, marks removed for Latin, Greek
 * and Cyrillic (never for kana or Hangul), soft hyphens and zero-width characters out, hyphen +
 * line break joined, curly quotes and apostrophes plain, every white space a space. Each folded
 * byte remembers the byte range of the original it came from, so that a match found in folded text
 * is highlighted in the original exactly. ASCII takes a path of its own; the rest is ICU's (UAX 15,
 * NFKC_Casefold), mapped segment by segment (fold.c).
 */
#ifndef WW_BASE_TEXT_H
#define WW_BASE_TEXT_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

bool text_is_utf8(struct slice s);

/*
 * The code point at *offset (which moves behind it). U+FFFD for each byte that is not part of a
 * character (Unicode 15, section 3.9: maximal subparts are the converter's business, not ours).
 */
uint32_t text_next_code(struct slice s, size_t *offset);

/* Writes a code point as UTF-8, U+FFFD for what is no character; returns how many bytes. */
size_t text_put_code(char out[4], uint32_t code);

/* Leading bytes that are ASCII. */
size_t text_ascii_run(struct slice s);

/*
 * At most as many leading bytes as are ASCII, no controls, and the same in HTML (not &, <, >, "):
 * counted in steps of eight, for loops that then look at each byte.
 */
size_t text_plain_run(struct slice s);

/* Valid UTF-8: what is not becomes U+FFFD, NUL is dropped. Borrowed when nothing had to change. */
struct slice text_clean(struct slice s, struct arena *arena);

/* White space runs (Unicode, no-break too) to one space, trimmed. */
struct slice text_squeeze(struct slice s, struct arena *arena);

/* Cut to at most max bytes, at a character boundary. */
struct slice text_cut(struct slice s, size_t max);

/* Columns on a terminal or in plain mail: CJK and emoji 2, marks 0. */
size_t text_width(struct slice s);

/*
 * Append s so that it is safe to show on one line: controls, bidi overrides and escapes become
 * visible marks, line ends and TAB a space.
 */
void text_add_visible(struct buf *out, struct slice s);

/*
 * A control or format character (bidi overrides first): can make a line read as what it is not. And
 * what is no character, which XML and HTML do not allow.
 */
bool text_is_deceiving(uint32_t code);

/* By the first letter that runs either way, as dir="auto" has it: 1 leftwards, -1 rightwards, 0. */
int text_direction(struct slice s);
bool text_is_right_to_left(struct slice s);

bool text_is_cjk(uint32_t code);   /* Han, kana, Hangul, bopomofo: written without spaces */
bool text_is_space(uint32_t code); /* White_Space: no-break and ideographic too */
bool text_is_word(uint32_t code);  /* letter, digit or mark */
bool text_is_upper(uint32_t code); /* upper or title case letter */
bool text_is_digit(uint32_t code); /* decimal digit of any script */
int text_digit(uint32_t code);     /* its value; -1 for what is none */

struct text_folded {
    struct slice text;     /* folded UTF-8 */
    const uint32_t *start; /* per folded byte, and one more for the end: byte in the original */
    const uint32_t *end;   /* per folded byte: one past the original bytes it came from */
};

/*
 * Fold s (valid UTF-8, less than 4 GiB) into the arena.
 * Folded bytes [a, b) came from the original bytes [start[a], end[b - 1]).
 */
enum ww_status text_fold(struct slice s, struct arena *arena, struct text_folded *out,
                         struct ww_error *err);

/* The same without the way back: for names, keys and comparisons. */
struct slice text_fold_key(struct slice s, struct arena *arena);

/* Letters and digits alone, folded: "BBC News" and "bbcnews" are the same. In the arena. */
struct slice text_skeleton(struct slice s, struct arena *arena);

#endif
