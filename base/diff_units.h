/*
 * diff_units.h - a stretch of text as a row of words and figures, for base/text_diff alone.
 *
 * The tokens of base/token, but a figure is one unit however it is written: 1,200 and 1.200 and
 * 1 200, full-width or Arabic digits, 17m and "17 million", 12 and the Han numeral for it. So two
 * units have one hash when no reader would call them a change.
 * Limits: three digits behind one point are thousands, for nobody can tell; "1 200" with a plain
 *         space too. Written numbers of other languages stay words.
 */
#ifndef WW_BASE_DIFF_UNITS_H
#define WW_BASE_DIFF_UNITS_H

#include "base/error.h"
#include "base/slice.h"
#include "base/token.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Beside the flags of a token. */
enum diff_unit_flag {
    UNIT_LOOSE = 1 << 16,  /* a number whose "m" or "k" may be metres or million */
    UNIT_WEAK = 1 << 17,   /* a Han numeral of one character: often part of a word */
    UNIT_YEAR = 1 << 18,   /* four digits that may be a year */
    UNIT_BESIDE = 1 << 19, /* nothing but one space or hyphen between it and the unit before */
    UNIT_QUOTE = 1 << 20   /* an apostrophe between it and the unit before */
};

struct diff_unit {
    uint64_t hash;
    struct slice folded; /* of a word; of a number, of its first token */
    uint32_t start, end; /* bytes of the text; units are in order and do not overlap */
    uint32_t flags;
    uint32_t sign;    /* of a number: its currency or %, and whether it is negative; 0: none */
    uint64_t digits;  /* of a number: hash of its digits without the zeros at either end */
    int32_t exponent; /* and what power of ten they are to be multiplied with */
};

struct diff_unit_list {
    struct diff_unit *units;
    size_t n_units;
};

/* The units of text[start, end); offsets are those of text. */
enum ww_status diff_units_read(struct slice text, size_t start, size_t end, struct arena *arena,
                               struct diff_unit_list *out, struct ww_error *err);

/* The same number, where one has no currency or per cent too? */
bool diff_units_same_number(const struct diff_unit *a, const struct diff_unit *b);

#endif
