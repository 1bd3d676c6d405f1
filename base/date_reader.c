/*
 * date_reader.c - numbers in any digits, folded words, plain marks: the pieces a date is made of.
 */
#include "base/date_reader.h"

#include "base/attrs.h"
#include "base/text.h"

#include <string.h>

/* White space between the parts of a date, of any script. */
bool piece_is_space(uint32_t code)
{
    return code == ' ' || (code >= '\t' && code <= '\r') || code == 0xA0 ||
           (code >= 0x2000 && code <= 0x200F) || code == 0x202F || code == 0x3000 || code == 0xFEFF;
}

/* The ASCII mark that a look-alike stands for. */
static uint32_t plain_mark(uint32_t code)
{
    static const struct {
        uint32_t from;
        char to;
    } marks[] = {
        {0x2010, '-' },
        {0x2011, '-' },
        {0x2012, '-' },
        {0x2013, '-' },
        {0x2014, '-' },
        {0x2015, '-' },
        {0x2212, '-' },
        {0xFF0D, '-' },
        {0xFF0F, '/' },
        {0xFF0E, '.' },
        {0x3002, '.' },
        {0xFF1A, ':' },
        {0xFF0C, ',' },
        {0x3001, ',' },
        {0x60C,  ',' },
        {0xFF08, '(' },
        {0xFF09, ')' },
        {0x2018, '\''},
        {0x2019, '\''},
        {0xB4,   '\''},
        {'`',    '\''},
        {0x2BC,  '\''},
        {0xB7,   '|' },
        {0x2022, '|' },
        {0x30FB, '|' },
        {0xFF5C, '|' },
        {0x2502, '|' },
        {';',    ',' },
        {'@',    '|' },
        {'~',    '|' },
    };

    for (size_t i = 0; i < WW_COUNT(marks); i++)
        if (marks[i].from == code)
            return (unsigned char)marks[i].to;
    return code;
}

bool piece_is_letter(uint32_t code)
{
    if (code < 0x80)
        return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
    return text_is_word(code) && date_digit(code) < 0;
}

static void scan_number(struct slice text, size_t at, struct piece *p)
{
    int digit;

    p->kind = PIECE_NUMBER;
    while (at < text.len) {
        size_t next = at;
        uint32_t code = text_next_code(text, &next);

        digit = date_digit(code);
        if (digit < 0)
            break;
        p->is_devanagari |= code >= 0x966 && code <= 0x96F;
        if (p->n_digits < 19 && p->number <= (INT64_MAX - digit) / 10)
            p->number = p->number * 10 + digit;
        p->n_digits++;
        at = next;
    }
    p->end = at;
}

#define HAN_TEN 0x5341

/* 0 to 10, or -1. */
static int han_value(uint32_t code)
{
    static const uint16_t digits[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
                                      0x516D, 0x4E03, 0x516B, 0x4E5D, HAN_TEN};

    if (code == 0x96F6 || code == 0x25CB) /* the other zero, and the circle that stands for it */
        return 0;
    for (size_t i = 0; i < WW_COUNT(digits); i++)
        if (digits[i] == code)
            return (int)i;
    return -1;
}

/* "二〇二二" is 2022, "三十一" 31, "十" 10. */
static bool scan_han_number(struct slice text, size_t at, struct piece *p)
{
    int64_t number = 0;
    unsigned n = 0;
    bool has_ten = false;

    for (size_t next = at; next < text.len && n < 4 && (!has_ten || number % 10 == 0); n++) {
        int value = han_value(text_next_code(text, &next));

        if (value < 0 || (value == 10 && (has_ten || n > 1)))
            break;
        has_ten |= value == 10;
        if (value == 10)
            number = n == 0 ? 10 : number * 10;
        else
            number = has_ten ? number + value : number * 10 + value;
        p->end = next;
    }
    if (n == 0)
        return false;
    p->kind = PIECE_NUMBER;
    p->number = number;
    p->n_digits = has_ten ? 2 : n;
    return true;
}

static void add_folded(struct piece *p, uint32_t code, bool *is_long)
{
    uint32_t folded = date_fold_letter(code);
    char *room = p->folded + p->folded_len;

    if (folded == 0 || *is_long)
        return;
    if (p->folded_len + 4 > sizeof(p->folded)) {
        *is_long = true;
    } else if (folded < 0x80) {
        room[0] = (char)folded;
        p->folded_len += 1;
    } else if (folded < 0x800) {
        room[0] = (char)(0xC0 | (folded >> 6));
        room[1] = (char)(0x80 | (folded & 0x3F));
        p->folded_len += 2;
    } else if (folded < 0x10000) {
        room[0] = (char)(0xE0 | (folded >> 12));
        room[1] = (char)(0x80 | ((folded >> 6) & 0x3F));
        room[2] = (char)(0x80 | (folded & 0x3F));
        p->folded_len += 3;
    } else {
        *is_long = true;
    }
}

static void scan_word(struct slice text, size_t at, struct piece *p)
{
    bool is_long = false;
    size_t next = at;
    uint32_t code = text_next_code(text, &next);

    p->kind = PIECE_WORD;
    p->is_capital = true;
    if (text_is_cjk(code)) {
        size_t len = date_known_prefix(slice_skip(text, at));

        p->is_hangul = code >= 0xAC00 && code <= 0xD7A3;
        p->end = len > 0 ? at + len : next;
        p->folded_len = p->end - at;
        memcpy(p->folded, text.ptr + at, p->folded_len);
        return;
    }
    while (at < text.len) {
        next = at;
        code = text_next_code(text, &next);
        /* Thai abbreviates with full stops inside the word. */
        if (!piece_is_letter(code) && !(code == '.' && p->is_thai))
            break;
        if (code >= 0x80 && text_is_cjk(code))
            break;
        p->is_thai |= code >= 0xE00 && code < 0xE80;
        p->is_capital &= code >= 'A' && code <= 'Z';
        if (code != '.')
            add_folded(p, code, &is_long);
        at = next;
    }
    if (is_long)
        p->folded_len = 0;
    p->end = at;
}

void piece_scan(struct slice text, size_t at, struct piece *p)
{
    uint32_t code = 0;
    size_t next = at;

    *p = (struct piece){.kind = PIECE_END};
    while (at < text.len) {
        next = at;
        code = text_next_code(text, &next);
        if (!piece_is_space(code))
            break;
        p->is_spaced = true;
        at = next;
    }
    p->start = p->end = at;
    if (at >= text.len)
        return;
    if (date_digit(code) >= 0) {
        scan_number(text, at, p);
    } else if (code >= 0x25CB && date_known_prefix(slice_skip(text, at)) == 0 &&
               scan_han_number(text, at, p)) {
        return;
    } else if (piece_is_letter(code)) {
        scan_word(text, at, p);
    } else {
        p->kind = PIECE_MARK;
        p->mark = plain_mark(code);
        p->end = next;
    }
}

void reader_advance(struct reader *r)
{
    r->last_end = r->now.end;
    r->has_hangul |= r->now.is_hangul;
    r->has_devanagari |= r->now.is_devanagari;
    piece_scan(r->text, r->now.end, &r->now);
}

struct slice piece_word(const struct piece *p)
{
    return p->kind == PIECE_WORD ? slice_of(p->folded, p->folded_len) : (struct slice){"", 0};
}

struct slice piece_pair(const struct piece *first, const struct piece *second,
                        char room[PIECE_PAIR_BYTES])
{
    if (first->folded_len == 0 || second->folded_len == 0)
        return (struct slice){"", 0};
    memcpy(room, first->folded, first->folded_len);
    room[first->folded_len] = '_';
    memcpy(room + first->folded_len + 1, second->folded, second->folded_len);
    return slice_of(room, first->folded_len + 1 + second->folded_len);
}

unsigned reader_roles(const struct reader *r)
{
    struct slice word = piece_word(&r->now);

    return word.len == 0 ? 0 : date_roles(word);
}

bool reader_at_number(const struct reader *r, unsigned min_digits, unsigned max_digits)
{
    return r->now.kind == PIECE_NUMBER && r->now.n_digits >= min_digits &&
           r->now.n_digits <= max_digits;
}

bool reader_at_mark(const struct reader *r, const char *marks)
{
    return r->now.kind == PIECE_MARK && r->now.mark < 0x80 && r->now.mark != 0 &&
           strchr(marks, (int)r->now.mark) != NULL;
}

bool reader_take_mark(struct reader *r, const char *marks)
{
    if (!reader_at_mark(r, marks))
        return false;
    reader_advance(r);
    return true;
}

bool reader_take_role(struct reader *r, unsigned role)
{
    if ((reader_roles(r) & role) == 0)
        return false;
    reader_advance(r);
    return true;
}

bool reader_take_number(struct reader *r, unsigned max_digits, unsigned *out)
{
    if (!reader_at_number(r, 1, max_digits))
        return false;
    *out = (unsigned)r->now.number;
    reader_advance(r);
    return true;
}

/* The same, with nothing between it and the piece before. */
bool reader_take_glued(struct reader *r, unsigned min_digits, unsigned max_digits, unsigned *out)
{
    if (!reader_at_number(r, min_digits, max_digits) || r->now.is_spaced)
        return false;
    return reader_take_number(r, max_digits, out);
}

void reader_skip_links(struct reader *r, const char *marks)
{
    for (unsigned i = 0; i < 4; i++)
        if (!reader_take_mark(r, marks) && !reader_take_role(r, ROLE_LINK))
            return;
}

void reader_skip_comment(struct reader *r)
{
    struct reader before = *r;
    const char *close = reader_at_mark(r, "(") ? ")" : "]";

    if (!reader_take_mark(r, "(["))
        return;
    for (unsigned i = 0; i < 12 && r->now.kind != PIECE_END; i++) {
        if (reader_take_mark(r, close))
            return;
        reader_advance(r);
    }
    *r = before;
}
