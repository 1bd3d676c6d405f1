/* date_find.c - dates in running text: where one may begin, and what only looks like one. */
#include "base/date.h"

#include "base/date_reader.h"
#include "base/date_words.h"
#include "base/text.h"

#include <string.h>

static bool is_ascii_digit(struct slice text, size_t at)
{
    return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

/* Part of a longer number, a version, a phone number? */
static bool is_cut(struct slice text, size_t start, size_t end)
{
    if (start >= 2 && strchr("-/.:", text.ptr[start - 1]) != NULL &&
        is_ascii_digit(text, start - 2))
        return true;
    return end < text.len && strchr("-.:", text.ptr[end]) != NULL && text.ptr[end] != '\0' &&
           is_ascii_digit(text, end + 1);
}

/* Does a number follow a word that ends at `at`, with no more than a stop, comma, space between? */
static bool is_number_next(struct slice text, size_t at)
{
    for (unsigned i = 0; i < 3 && at < text.len; i++) {
        size_t next = at;
        uint32_t code = text_next_code(text, &next);

        if (date_digit(code) >= 0)
            return true;
        if (code != '.' && code != ',' && !piece_is_space(code))
            return false;
        at = next;
    }
    return false;
}

/* May a date in running text begin with this? */
static bool can_begin(struct slice text, const struct piece *p, bool is_glued)
{
    bool is_english;
    struct slice word = piece_word(p);

    if (p->kind == PIECE_NUMBER)
        return !is_glued;
    return word.len > 0 && is_number_next(text, p->end) &&
           (date_month(word) != 0 || date_weekday(word, &is_english) >= 0 || date_era(word) != 0);
}

/* Does the year of an era, or a year in Han digits, begin at this character of three bytes? */
static bool is_year_of_han(struct slice text, size_t at, uint32_t code)
{
    if (!text_is_cjk(code))
        return false;
    return code == 0x4E00 || code == 0x4E8C || /* one, two: of the year's thousands */
           date_era(slice_head(slice_skip(text, at), 6)) != 0;
}

static bool find_here(struct slice text, const struct piece *first, enum date_order order,
                      struct date *out, struct slice *found)
{
    struct reader r = {.text = text, .now = *first, .last_end = first->start};
    struct date_fields f = {.weekday = -1};

    if (!date_read_parts(&r, &f) || f.year_digits != 4 || f.precision < DATE_DAY ||
        !date_settle(&r, &f, order, out) || is_cut(text, first->start, r.last_end))
        return false;
    *found = slice_sub(text, first->start, r.last_end - first->start);
    return true;
}

bool date_find(struct slice text, enum date_order order, struct date *out, struct slice *found)
{
    size_t at = 0;
    bool is_glued = false; /* to a letter or digit before */

    while (at < text.len) {
        size_t next = at;
        uint32_t code = text_next_code(text, &next);
        struct piece piece;

        if (date_digit(code) < 0 && (!piece_is_letter(code) || text_is_cjk(code))) {
            is_glued = false;
            at = next;
            if (!is_year_of_han(text, at - 3, code))
                continue;
            at -= 3;
        }
        piece_scan(text, at, &piece);
        if (can_begin(text, &piece, is_glued) && find_here(text, &piece, order, out, found))
            return true;
        is_glued = piece.kind == PIECE_WORD && !text_is_cjk(code);
        at = piece.end > at ? piece.end : at + 1;
    }
    *out = (struct date){.precision = DATE_NONE};
    *found = (struct slice){text.ptr, 0};
    return false;
}
