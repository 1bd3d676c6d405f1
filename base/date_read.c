/*
 * date_read.c - reading a date: one small grammar over pieces (numbers, words, marks), tried from a
 * given place. date_parse wants the whole text read; date_find tries at every number and at every
 * word that stands before one. A form that does not fit leaves the reader where it was.
 */
#include "base/date.h"

#include "base/attrs.h"
#include "base/date_words.h"
#include "base/text.h"

#include <string.h>

/* A date with zone, comment and weekday is shorter; what is longer is no date. */
#define TEXT_MAX_BYTES 200
/* Other calendars (1402, 2565) and placeholders (0001, 9999) use years outside of these. */
#define YEAR_MIN 1583
#define YEAR_MAX 2399
#define BUDDHIST_YEARS 543
#define KOREA_S (9 * 3600)
#define DAY_S 86400

enum piece_kind { PIECE_END, PIECE_NUMBER, PIECE_WORD, PIECE_MARK };

struct piece {
    enum piece_kind kind;
    bool is_spaced;  /* white space before it */
    bool is_capital; /* a word of ASCII capitals */
    bool is_thai;
    unsigned n_digits;
    int64_t number;
    uint32_t mark;
    size_t start, end; /* bytes of the text */
    size_t folded_len; /* 0: too long for a word of a date */
    char folded[DATE_WORD_BYTES];
};

struct reader {
    struct slice text;
    bool is_whole; /* the whole text must be a date: more is believed of its parts */
    struct piece now;
    size_t last_end; /* of the piece before now */
};

struct fields {
    int64_t year, epoch;
    unsigned year_digits;
    unsigned month, day; /* for a numeric form: as written, see settle_order */
    uint32_t numeric_mark;
    int weekday; /* -1: none */
    unsigned hour, minute, second;
    enum date_precision precision;
    enum date_zone_kind zone_kind;
    int32_t zone_s;
    bool is_epoch, is_foreign, is_korean, is_thai, is_twelve_hours;
    bool has_time, has_zone;
};

typedef bool form_function(struct reader *r, struct fields *f);

/* ---- pieces ------------------------------------------------------------------------------------
 */

/* White space between the parts of a date, of any script. */
static bool is_space(uint32_t code)
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

static bool is_letter(uint32_t code)
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

        digit = date_digit(text_next_code(text, &next));
        if (digit < 0)
            break;
        if (p->n_digits < 19 && p->number <= (INT64_MAX - digit) / 10)
            p->number = p->number * 10 + digit;
        p->n_digits++;
        at = next;
    }
    p->end = at;
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

        p->end = len > 0 ? at + len : next;
        p->folded_len = p->end - at;
        memcpy(p->folded, text.ptr + at, p->folded_len);
        return;
    }
    while (at < text.len) {
        next = at;
        code = text_next_code(text, &next);
        /* Thai abbreviates with full stops inside the word. */
        if (!is_letter(code) && !(code == '.' && p->is_thai))
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

static void scan_piece(struct slice text, size_t at, struct piece *p)
{
    uint32_t code = 0;
    size_t next = at;

    *p = (struct piece){.kind = PIECE_END};
    while (at < text.len) {
        next = at;
        code = text_next_code(text, &next);
        if (!is_space(code))
            break;
        p->is_spaced = true;
        at = next;
    }
    p->start = p->end = at;
    if (at >= text.len)
        return;
    if (date_digit(code) >= 0) {
        scan_number(text, at, p);
    } else if (is_letter(code)) {
        scan_word(text, at, p);
    } else {
        p->kind = PIECE_MARK;
        p->mark = plain_mark(code);
        p->end = next;
    }
}

static void advance(struct reader *r)
{
    r->last_end = r->now.end;
    scan_piece(r->text, r->now.end, &r->now);
}

static struct slice word_of(const struct piece *p)
{
    return p->kind == PIECE_WORD ? slice_of(p->folded, p->folded_len) : (struct slice){"", 0};
}

static unsigned roles_now(const struct reader *r)
{
    struct slice word = word_of(&r->now);

    return word.len == 0 ? 0 : date_roles(word);
}

static bool at_number(const struct reader *r, unsigned min_digits, unsigned max_digits)
{
    return r->now.kind == PIECE_NUMBER && r->now.n_digits >= min_digits &&
           r->now.n_digits <= max_digits;
}

static bool at_mark(const struct reader *r, const char *marks)
{
    return r->now.kind == PIECE_MARK && r->now.mark < 0x80 && r->now.mark != 0 &&
           strchr(marks, (int)r->now.mark) != NULL;
}

static bool take_mark(struct reader *r, const char *marks)
{
    if (!at_mark(r, marks))
        return false;
    advance(r);
    return true;
}

static bool take_role(struct reader *r, unsigned role)
{
    if ((roles_now(r) & role) == 0)
        return false;
    advance(r);
    return true;
}

static bool take_number(struct reader *r, unsigned max_digits, unsigned *out)
{
    if (!at_number(r, 1, max_digits))
        return false;
    *out = (unsigned)r->now.number;
    advance(r);
    return true;
}

/* The same, with nothing between it and the piece before. */
static bool take_glued_number(struct reader *r, unsigned min_digits, unsigned max_digits,
                              unsigned *out)
{
    if (!at_number(r, min_digits, max_digits) || r->now.is_spaced)
        return false;
    return take_number(r, max_digits, out);
}

static void skip_links(struct reader *r, const char *marks)
{
    for (unsigned i = 0; i < 4; i++)
        if (!take_mark(r, marks) && !take_role(r, ROLE_LINK))
            return;
}

static bool take_weekday(struct reader *r, struct fields *f)
{
    struct slice word = word_of(&r->now);
    bool is_english = false;
    int day = word.len == 0 ? -1 : date_weekday(word, &is_english);

    if (day < 0)
        return false;
    f->weekday = day;
    f->is_foreign |= !is_english;
    advance(r);
    if (at_mark(r, "-") && !r->now.is_spaced) { /* segunda-feira */
        struct reader before = *r;

        advance(r);
        if (r->now.kind == PIECE_WORD && date_month(word_of(&r->now)) == 0)
            advance(r);
        else
            *r = before;
    }
    return true;
}

/* ---- time and zone -----------------------------------------------------------------------------
 */

/* "pm", "p.m.", "p. m.", or a word before or behind the time in other languages. */
static unsigned take_half(struct reader *r)
{
    struct reader before = *r;
    unsigned half = roles_now(r) & (ROLE_AM | ROLE_PM | ROLE_NOON);
    struct slice word = word_of(&r->now);

    if (half != 0) {
        advance(r);
        return half;
    }
    if (!slice_equal(word, SLICE("a")) && !slice_equal(word, SLICE("p")))
        return 0;
    half = word.ptr[0] == 'a' ? ROLE_AM : ROLE_PM;
    advance(r);
    if (take_mark(r, ".") && slice_equal(word_of(&r->now), SLICE("m"))) {
        advance(r);
        (void)take_mark(r, ".");
        return half;
    }
    *r = before;
    return 0;
}

static bool apply_half(struct fields *f, unsigned half)
{
    if (half == 0)
        return true;
    if ((half & ROLE_AM) != 0 && f->hour > 12)
        return false;
    if ((half & ROLE_AM) != 0 && f->hour == 12)
        f->hour = 0;
    if ((half & ROLE_PM) != 0 && f->hour < 12)
        f->hour += 12;
    if ((half & ROLE_NOON) != 0 && f->hour < 11)
        f->hour += 12;
    return true;
}

/* ":05", ":05:22", ":05:22.123" behind the hour. */
static bool read_colon_minutes(struct reader *r, struct fields *f)
{
    struct reader before;

    if (r->now.is_spaced || !take_mark(r, ":") || !take_glued_number(r, 1, 2, &f->minute))
        return false;
    if (r->now.is_spaced || !at_mark(r, ":"))
        return true;
    advance(r);
    if (!take_glued_number(r, 1, 2, &f->second))
        return false;
    f->precision = DATE_SECOND;
    before = *r;
    if (!r->now.is_spaced && take_mark(r, ".,") && r->now.kind == PIECE_NUMBER && !r->now.is_spaced)
        advance(r);
    else
        *r = before;
    return true;
}

/* "h05", "时05分22秒", " Uhr" behind the hour. */
static bool read_unit_minutes(struct reader *r, struct fields *f)
{
    struct reader before;
    unsigned n;

    if (!take_role(r, ROLE_HOUR_UNIT))
        return false;
    before = *r;
    if (!take_number(r, 2, &n) || at_mark(r, ":/-")) {
        *r = before;
        return true;
    }
    f->minute = n;
    (void)take_role(r, ROLE_MINUTE_UNIT);
    before = *r;
    if (take_number(r, 2, &n) && take_role(r, ROLE_SECOND_UNIT)) {
        f->second = n;
        f->precision = DATE_SECOND;
    } else {
        *r = before;
    }
    return true;
}

/* ".05", ".05.22": only behind a date, where nothing else can be meant. */
static bool read_dotted_minutes(struct reader *r, struct fields *f)
{
    struct reader before;

    if (r->now.is_spaced || !take_mark(r, ".") || !take_glued_number(r, 2, 2, &f->minute))
        return false;
    before = *r;
    if (!r->now.is_spaced && take_mark(r, ".") && take_glued_number(r, 2, 2, &f->second))
        f->precision = DATE_SECOND;
    else
        *r = before;
    return true;
}

static bool is_time_possible(const struct fields *f)
{
    if (f->hour == 24)
        return f->minute == 0 && f->second == 0;
    return f->hour < 24 && f->minute < 60 && f->second <= 60;
}

enum time_place { TIME_FIRST, TIME_BEHIND_DATE, TIME_BEHIND_T };

static bool read_clock(struct reader *r, struct fields *f, enum time_place place)
{
    struct reader before;
    unsigned half;
    bool is_whole_hour = place == TIME_BEHIND_T;

    f->is_korean |= (roles_now(r) & ROLE_KOREAN) != 0;
    half = take_half(r);
    f->hour = f->minute = f->second = 0;
    f->precision = DATE_MINUTE;
    if (place == TIME_BEHIND_T && (at_number(r, 4, 4) || at_number(r, 6, 6))) {
        unsigned n = (unsigned)r->now.number;

        f->precision = r->now.n_digits == 6 ? DATE_SECOND : DATE_MINUTE;
        f->second = f->precision == DATE_SECOND ? n % 100 : 0;
        n = f->precision == DATE_SECOND ? n / 100 : n;
        f->hour = n / 100;
        f->minute = n % 100;
        advance(r);
        before = *r;
        if (!take_mark(r, ".,") || r->now.kind != PIECE_NUMBER || r->now.is_spaced)
            *r = before;
        else
            advance(r);
        return is_time_possible(f);
    }
    if (!take_number(r, 2, &f->hour))
        return false;
    before = *r;
    if (!read_colon_minutes(r, f)) {
        *r = before;
        f->minute = f->second = 0;
        if (!read_unit_minutes(r, f)) {
            *r = before;
            if (place != TIME_BEHIND_DATE || !read_dotted_minutes(r, f)) {
                *r = before;
                f->minute = 0;
                is_whole_hour = true;
            } else {
                is_whole_hour = false;
            }
        } else {
            is_whole_hour = false;
        }
    } else {
        is_whole_hour = false;
    }
    if (half == 0) {
        half = take_half(r);
        f->is_twelve_hours = half != 0;
    }
    if (is_whole_hour && half == 0 && place != TIME_BEHIND_T)
        return false;
    (void)take_role(r, ROLE_AFTER_TIME);
    return apply_half(f, half) && is_time_possible(f);
}

static bool read_time(struct reader *r, struct fields *f, enum time_place place)
{
    struct reader before = *r;
    struct fields saved = *f;

    if (read_clock(r, f, place)) {
        f->has_time = true;
        return true;
    }
    *r = before;
    *f = saved;
    return false;
}

/* "+01:00", "-0500", "+8": hours and minutes east of UTC. */
static bool read_offset(struct reader *r, bool wants_minutes, int32_t *offset_s)
{
    struct reader before = *r;
    bool is_west = at_mark(r, "-");
    unsigned hours, minutes = 0;

    if (!take_mark(r, "+-") || r->now.is_spaced)
        goto out;
    if (at_number(r, 4, 4) && !wants_minutes) {
        hours = (unsigned)r->now.number / 100;
        minutes = (unsigned)r->now.number % 100;
        advance(r);
    } else {
        struct reader behind;

        if (!take_number(r, 2, &hours))
            goto out;
        behind = *r;
        if (r->now.is_spaced || !take_mark(r, ":") || !take_glued_number(r, 2, 2, &minutes)) {
            if (wants_minutes)
                goto out;
            *r = behind;
        }
    }
    if (hours > 14 || minutes > 59)
        goto out;
    *offset_s = (int32_t)(hours * 3600 + minutes * 60);
    if (is_west)
        *offset_s = -*offset_s;
    return true;
out:
    *r = before;
    return false;
}

static void skip_comment(struct reader *r)
{
    struct reader before = *r;
    const char *close = at_mark(r, "(") ? ")" : "]";

    if (!take_mark(r, "(["))
        return;
    for (unsigned i = 0; i < 12 && r->now.kind != PIECE_END; i++) {
        if (take_mark(r, close))
            return;
        advance(r);
    }
    *r = before;
}

/* A name: the zone's, or (unknown capitals behind a time) any, which is read as UTC. */
static bool read_zone_name(struct reader *r, struct fields *f)
{
    struct slice word = word_of(&r->now);
    int32_t offset_s = 0;
    enum date_zone_kind kind;

    if (slice_equal(word, SLICE("etc"))) {
        advance(r);
        if (!take_mark(r, "/"))
            return false;
        word = word_of(&r->now);
    }
    if (word.len == 0)
        return false;
    kind = date_zone(word, &offset_s);
    if (!r->is_whole && !r->now.is_capital)
        return false;
    if (kind == ZONE_NONE) {
        if (!r->is_whole || !f->has_time || !r->now.is_capital || word.len > 5)
            return false;
    }
    f->zone_kind = kind;
    f->has_zone = kind != ZONE_NONE;
    f->zone_s = offset_s;
    advance(r);
    if (!r->now.is_spaced && read_offset(r, false, &offset_s)) {
        f->has_zone = true;
        f->zone_s = offset_s;
        f->zone_kind = ZONE_FIXED;
    }
    return true;
}

static void read_zone(struct reader *r, struct fields *f)
{
    struct reader before = *r;
    struct fields saved = *f;
    bool is_bracketed = take_mark(r, "(");

    if (read_offset(r, !f->has_time, &f->zone_s)) {
        f->has_zone = true;
        f->zone_kind = ZONE_FIXED;
        if (slice_equal(word_of(&r->now), SLICE("z")) && !r->now.is_spaced)
            advance(r);
    } else if (!read_zone_name(r, f)) {
        *r = before;
        *f = saved;
        return;
    }
    if (is_bracketed && !take_mark(r, ")")) {
        *r = before;
        *f = saved;
        return;
    }
    skip_comment(r);
}

/* What may stand between a date and its time. */
static bool skip_to_time(struct reader *r, struct fields *f)
{
    if (at_mark(r, "-")) {
        if (!r->now.is_spaced)
            return false;
        advance(r);
        return r->now.is_spaced;
    }
    return take_mark(r, ",|.():") || take_role(r, ROLE_AT | ROLE_AFTER_YEAR) || take_weekday(r, f);
}

static void read_time_behind(struct reader *r, struct fields *f)
{
    struct reader before = *r;
    struct fields saved = *f;

    if (slice_equal(word_of(&r->now), SLICE("t")) && !r->now.is_spaced) {
        advance(r);
        if (r->now.kind == PIECE_NUMBER && !r->now.is_spaced && read_time(r, f, TIME_BEHIND_T))
            return;
        *r = before;
    }
    for (unsigned i = 0; i < 6; i++) {
        if (read_time(r, f, TIME_BEHIND_DATE))
            return;
        if (at_mark(r, "(")) {
            skip_comment(r); /* a weekday of one letter */
            if (!at_mark(r, "("))
                continue;
        }
        if (!skip_to_time(r, f))
            break;
    }
    *r = before;
    *f = saved;
}

/* ---- the day -----------------------------------------------------------------------------------
 */

/* Four digits; two where the whole text is a date, read as RFC 5322 (4.3) reads them. */
static bool read_year(struct reader *r, struct fields *f)
{
    (void)take_mark(r, "'");
    if (!at_number(r, 4, 4) && !(r->is_whole && at_number(r, 2, 2)))
        return false;
    f->year = r->now.number;
    f->year_digits = r->now.n_digits;
    if (f->year_digits == 2)
        f->year += f->year < 50 ? 2000 : 1900;
    advance(r);
    return f->year_digits == 4 || !at_mark(r, ":");
}

/* Where asctime and date(1) put it: behind the time. */
static bool read_year_or_time(struct reader *r, struct fields *f)
{
    struct reader before = *r;

    if (read_year(r, f)) {
        f->precision = DATE_DAY;
        return true;
    }
    *r = before;
    if (!read_time(r, f, TIME_FIRST))
        return false;
    read_zone(r, f);
    return at_number(r, 4, 4) && read_year(r, f);
}

/* A month's name of one word or two, or a number behind a word that announces one. */
static bool read_month(struct reader *r, struct fields *f, bool is_dotted)
{
    struct slice word = word_of(&r->now);
    struct piece first = r->now;

    if (word.len == 0)
        return false;
    f->is_thai |= r->now.is_thai;
    if (take_role(r, ROLE_MONTH_AHEAD))
        return take_number(r, 2, &f->month);
    f->month = date_month(word);
    /* October in Croatian, which puts a stop behind the day; November in Polish, which does not. */
    if (f->month == 11 && is_dotted && slice_equal(word, SLICE("listopada")))
        f->month = 10;
    advance(r);
    if (f->month == 0 && r->now.kind == PIECE_WORD) {
        struct slice second = word_of(&r->now);
        char both[2 * DATE_WORD_BYTES + 1];

        memcpy(both, first.folded, first.folded_len);
        both[first.folded_len] = '_';
        memcpy(both + first.folded_len + 1, second.ptr, second.len);
        f->month =
            second.len == 0 ? 0 : date_month(slice_of(both, first.folded_len + 1 + second.len));
        advance(r);
    }
    return f->month != 0;
}

/* "2022-09-13T10:05", "2022-256", "2022-W37-2", "2022/9/13", "2022. 9. 13." behind the year. */
static bool read_iso_rest(struct reader *r, struct fields *f)
{
    struct reader before;
    char mark[2] = {(char)r->now.mark, '\0'};

    if (!take_mark(r, "-/."))
        return false;
    if (mark[0] == '-' && at_number(r, 3, 3)) {
        f->month = 0; /* day of the year */
        return take_glued_number(r, 3, 3, &f->day) && f->day > 0;
    }
    if (mark[0] == '-' && slice_equal(word_of(&r->now), SLICE("w"))) {
        int64_t jan4;
        unsigned week, day;

        advance(r);
        if (!take_glued_number(r, 2, 2, &week) || !take_mark(r, "-") ||
            !take_glued_number(r, 1, 1, &day) || week < 1 || week > 53 || day < 1 || day > 7 ||
            !date_from_civil(f->year, 1, 4, &jan4))
            return false;
        /* Week 1 holds 4 January; 1970-01-01 was a Thursday. */
        jan4 -= ((jan4 + 3) % 7 + 7) % 7;
        date_to_civil(jan4 + (int64_t)(week - 1) * 7 + day - 1, &f->year, &f->month, &f->day);
        return true;
    }
    if (take_number(r, 2, &f->month)) {
        f->precision = DATE_MONTH;
        before = *r;
        if (take_mark(r, "-/.") && take_number(r, 2, &f->day)) {
            f->precision = DATE_DAY;
            return true;
        }
        *r = before;
        return f->month <= 12;
    }
    if (!read_month(r, f, false))
        return false;
    skip_links(r, "-/.");
    return take_number(r, 2, &f->day);
}

/* "年9月13日", " m. rugsėjo 13 d.", ". szeptember 13.", " gada 13. septembris" behind the year. */
static bool read_year_first_words(struct reader *r, struct fields *f, bool has_unit)
{
    if (take_mark(r, "."))
        has_unit |= take_role(r, ROLE_YEAR_UNIT);
    if (has_unit && at_number(r, 1, 2)) {
        unsigned n;
        struct reader before;

        (void)take_number(r, 2, &n);
        if (take_role(r, ROLE_MONTH_UNIT)) {
            f->month = n;
            f->precision = DATE_MONTH;
            before = *r;
            if (take_number(r, 2, &f->day)) {
                f->precision = DATE_DAY;
                if (!take_role(r, ROLE_DAY_UNIT))
                    (void)take_role(r, ROLE_AFTER_YEAR);
            } else {
                *r = before;
            }
            return true;
        }
        f->day = n;
        return take_mark(r, ".") && read_month(r, f, true);
    }
    if (!read_month(r, f, false))
        return false;
    skip_links(r, "-/.,");
    return take_number(r, 2, &f->day);
}

static bool form_year_first(struct reader *r, struct fields *f)
{
    struct reader before;
    struct fields saved;
    unsigned roles;
    int era = r->now.kind == PIECE_WORD ? date_era(word_of(&r->now)) : 0;

    if (era != 0)
        advance(r);
    if (era != 0 ? !at_number(r, 1, 3) : !at_number(r, 4, 4))
        return false;
    f->year = r->now.number + era;
    f->year_digits = 4;
    f->precision = DATE_DAY;
    advance(r);
    before = *r;
    saved = *f;
    roles = roles_now(r);
    if ((roles & ROLE_YEAR_UNIT) != 0) {
        f->is_korean = (roles & ROLE_KOREAN) != 0;
        advance(r);
        before = *r;
        saved = *f;
        if (read_year_first_words(r, f, true))
            return true;
    } else if (read_iso_rest(r, f)) {
        return true;
    } else {
        *r = before;
        *f = saved;
        if (read_year_first_words(r, f, false))
            return true;
    }
    *r = before;
    *f = saved;
    f->precision = DATE_YEAR;
    return true;
}

/* "20220913", "202209131005", "20220913100522". */
static bool form_compact(struct reader *r, struct fields *f)
{
    int64_t n = r->now.number;

    if (!at_number(r, 8, 8) && !at_number(r, 12, 12) && !at_number(r, 14, 14))
        return false;
    f->precision = DATE_DAY;
    if (r->now.n_digits > 8) {
        f->has_time = true;
        f->precision = r->now.n_digits == 14 ? DATE_SECOND : DATE_MINUTE;
        if (r->now.n_digits == 14) {
            f->second = (unsigned)(n % 100);
            n /= 100;
        }
        f->minute = (unsigned)(n % 100);
        f->hour = (unsigned)(n / 100 % 100);
        n /= 10000;
    }
    f->day = (unsigned)(n % 100);
    f->month = (unsigned)(n / 100 % 100);
    f->year = n / 10000;
    f->year_digits = 4;
    advance(r);
    return f->month != 0 && is_time_possible(f);
}

/* Seconds, milli-, micro- or nanoseconds since 1970, by their number of digits. */
static bool form_epoch(struct reader *r, struct fields *f)
{
    int64_t divisor = 1;

    if (!r->is_whole || r->now.kind != PIECE_NUMBER)
        return false;
    if (at_number(r, 13, 13))
        divisor = 1000;
    else if (at_number(r, 16, 16))
        divisor = 1000000;
    else if (at_number(r, 19, 19))
        divisor = 1000000000;
    else if (!at_number(r, 9, 10))
        return false;
    f->epoch = r->now.number / divisor;
    f->is_epoch = true;
    f->year_digits = 4;
    f->precision = DATE_SECOND;
    advance(r);
    if (take_mark(r, ".") && !take_glued_number(r, 1, 9, &f->second))
        return false;
    return r->now.kind == PIECE_END;
}

/* "13 September 2022", "13. září 2022", "13 de septiembre de 2022", "13-Sep-22", "23rd of June". */
static bool form_day_first(struct reader *r, struct fields *f)
{
    bool is_dotted;

    if (!take_number(r, 2, &f->day))
        return false;
    if (!r->now.is_spaced)
        (void)take_role(r, ROLE_ORDINAL);
    is_dotted = at_mark(r, ".");
    skip_links(r, "-/.,'");
    if (!read_month(r, f, is_dotted))
        return false;
    skip_links(r, "-/.,");
    return read_year_or_time(r, f);
}

/* "13.09.2022", "9/13/2022": which number is the day is decided when all is known. */
static bool form_numeric(struct reader *r, struct fields *f)
{
    char mark[2] = {0};

    if (!take_number(r, 2, &f->day) || !at_mark(r, "-/."))
        return false;
    mark[0] = (char)r->now.mark;
    advance(r);
    if (!take_number(r, 2, &f->month) || !take_mark(r, mark))
        return false;
    f->numeric_mark = (unsigned char)mark[0];
    f->precision = DATE_DAY;
    return read_year(r, f) && (f->year_digits == 4 || mark[0] != '-');
}

/* "September 13th, 2022", "Sep 13 10:05:22 2022", "Nov. 2020". */
static bool form_month_first(struct reader *r, struct fields *f)
{
    if (r->now.kind != PIECE_WORD || !read_month(r, f, false))
        return false;
    skip_links(r, "-/.,");
    if (at_number(r, 4, 4)) {
        f->precision = DATE_MONTH;
        return read_year(r, f);
    }
    if (!take_number(r, 2, &f->day))
        return false;
    if (!r->now.is_spaced)
        (void)take_role(r, ROLE_ORDINAL);
    skip_links(r, "-/.,");
    return read_year_or_time(r, f);
}

static bool read_day(struct reader *r, struct fields *f)
{
    static form_function *const forms[] = {
        form_epoch, form_year_first, form_compact, form_day_first, form_numeric, form_month_first,
    };
    struct reader before = *r;
    struct fields saved = *f;

    for (size_t i = 0; i < WW_COUNT(forms); i++) {
        if (forms[i](r, f))
            return true;
        *r = before;
        *f = saved;
    }
    return false;
}

/* A weekday before the day; where the whole text is a date, any one word with a comma is one. */
static bool skip_to_day(struct reader *r, struct fields *f)
{
    bool is_weekday = take_weekday(r, f);

    if (!is_weekday) {
        struct reader before = *r;

        if (r->is_whole && r->now.kind == PIECE_WORD) {
            advance(r);
            if (!at_mark(r, ",")) {
                *r = before;
                return take_role(r, ROLE_LINK);
            }
        } else {
            return take_role(r, ROLE_LINK | ROLE_AT) || take_mark(r, ",|");
        }
    }
    for (unsigned i = 0; i < 4; i++)
        if (!take_mark(r, ".,|-()") && !take_role(r, ROLE_LINK | ROLE_AT))
            break;
    return true;
}

static bool read_day_somehow(struct reader *r, struct fields *f)
{
    for (unsigned i = 0; i < 4; i++) {
        if (read_day(r, f))
            return true;
        if (!skip_to_day(r, f))
            return false;
    }
    return false;
}

static bool read_all(struct reader *r, struct fields *f)
{
    struct reader before = *r;
    struct fields saved = *f;

    if (read_day_somehow(r, f)) {
        if (f->precision >= DATE_DAY && !f->has_time)
            read_time_behind(r, f);
        if (f->precision >= DATE_DAY && !f->has_zone && !f->is_epoch)
            read_zone(r, f);
        return true;
    }
    *r = before;
    *f = saved;
    if (!read_time(r, f, TIME_FIRST))
        return false;
    read_zone(r, f);
    saved = *f;
    if (!read_day_somehow(r, f) || f->precision < DATE_DAY || f->is_epoch)
        return false;
    f->precision = saved.precision;
    return true;
}

/* ---- what it means -----------------------------------------------------------------------------
 */

static bool is_on_weekday(int64_t year, unsigned month, unsigned day, int weekday)
{
    int64_t days;

    return date_from_civil(year, month, day, &days) && ((days + 3) % 7 + 7) % 7 == weekday;
}

/*
 * Day before month or after it? What cannot be the other way round decides; then the weekday; then
 * the caller's hint; then marks that only day-first countries use; then signs of the United States
 * (their zones, am and pm). "03/04/2023" with none of these is no date: better none than a wrong
 * one.
 */
static bool settle_order(struct fields *f, enum date_order hint)
{
    unsigned first = f->day;
    unsigned second = f->month;
    bool is_day_first = first > 12 || first == second;
    bool is_month_first = second > 12;

    if (!is_day_first && !is_month_first && f->weekday >= 0 && f->weekday < 7) {
        is_day_first = is_on_weekday(f->year, second, first, f->weekday);
        is_month_first = is_on_weekday(f->year, first, second, f->weekday);
        if (is_day_first && is_month_first)
            is_day_first = is_month_first = false;
    }
    if (!is_day_first && !is_month_first) {
        is_day_first = hint == DATE_ORDER_DAY_FIRST;
        is_month_first = hint == DATE_ORDER_MONTH_FIRST;
    }
    if (!is_day_first && !is_month_first)
        is_day_first = f->numeric_mark != '/' || f->is_foreign;
    if (!is_day_first && !is_month_first)
        is_month_first = f->is_twelve_hours || f->zone_kind == ZONE_UNITED_STATES ||
                         f->zone_kind == ZONE_GENERIC;
    if (!is_day_first && !is_month_first)
        return false;
    if (is_month_first) {
        f->day = second;
        f->month = first;
    }
    return true;
}

/* The n-th Sunday of a month (n 0: the last), as days since 1970. */
static int64_t sunday_of(int64_t year, unsigned month, unsigned n)
{
    int64_t first = 0;
    int64_t sunday;

    if (n == 0) {
        (void)date_from_civil(month == 12 ? year + 1 : year, month % 12 + 1, 1, &first);
        return first - 7 + (6 - ((first - 7 + 3) % 7 + 7) % 7);
    }
    (void)date_from_civil(year, month, 1, &first);
    sunday = first + (6 - ((first + 3) % 7 + 7) % 7);
    return sunday + (int64_t)(n - 1) * 7;
}

/* Summer time of the United States: the law of 1986, and that of 2005 since 2007. */
static bool is_american_summer(int64_t year, int64_t local)
{
    int64_t begin = year >= 2007 ? sunday_of(year, 3, 2) : sunday_of(year, 4, 1);
    int64_t end = year >= 2007 ? sunday_of(year, 11, 1) : sunday_of(year, 10, 0);

    return year >= 1987 && local >= begin * DAY_S + 2 * 3600 && local < end * DAY_S + 2 * 3600;
}

static bool settle(struct fields *f, enum date_order hint, struct date *out)
{
    int64_t days;
    int64_t local;

    if (f->is_epoch) {
        *out = (struct date){f->epoch, DATE_SECOND, true, 0};
        return true;
    }
    if (f->is_thai && f->year >= 2400)
        f->year -= BUDDHIST_YEARS;
    if (f->year < YEAR_MIN || f->year > YEAR_MAX)
        return false;
    if (f->numeric_mark != 0 && !settle_order(f, hint))
        return false;
    if (f->precision < DATE_DAY)
        f->day = 1;
    if (f->precision == DATE_YEAR)
        f->month = 1;
    if (f->month == 0) { /* day of the year */
        bool is_leap = date_from_civil(f->year, 2, 29, &days);

        if (f->day > (is_leap ? 366U : 365U) || !date_from_civil(f->year, 1, 1, &days))
            return false;
        days += f->day - 1;
    } else if (!date_from_civil(f->year, f->month, f->day, &days)) {
        return false;
    }
    local = days * DAY_S + (int64_t)f->hour * 3600 + f->minute * 60 + f->second;
    if (f->is_korean && f->has_time && !f->has_zone) {
        /* The language is written in one zone alone. */
        f->has_zone = true;
        f->zone_s = KOREA_S;
    }
    if (f->zone_kind == ZONE_GENERIC && is_american_summer(f->year, local))
        f->zone_s += 3600;
    *out = (struct date){local - f->zone_s, f->precision, f->has_zone, f->zone_s};
    /* A leap second is the last of a day in UTC. */
    return f->second < 60 || ((out->at % DAY_S) + DAY_S) % DAY_S == 0;
}

static bool skip_tail(struct reader *r, struct fields *f)
{
    for (unsigned i = 0; i < 8 && r->now.kind != PIECE_END; i++)
        if (!take_mark(r, ".,()|") && !take_role(r, ROLE_AFTER_YEAR | ROLE_AFTER_TIME) &&
            !take_weekday(r, f))
            return false;
    return r->now.kind == PIECE_END;
}

bool date_parse_ordered(struct slice text, enum date_order order, struct date *out)
{
    struct reader r = {.text = slice_trim(text), .is_whole = true};
    struct fields f = {.weekday = -1};

    *out = (struct date){.precision = DATE_NONE};
    if (r.text.len == 0 || r.text.len > TEXT_MAX_BYTES)
        return false;
    advance(&r);
    if (read_all(&r, &f) && skip_tail(&r, &f) && settle(&f, order, out))
        return true;
    *out = (struct date){.precision = DATE_NONE};
    return false;
}

bool date_parse(struct slice text, struct date *out)
{
    return date_parse_ordered(text, DATE_ORDER_UNKNOWN, out);
}

/* ---- in running text ---------------------------------------------------------------------------
 */

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
        if (code != '.' && code != ',' && !is_space(code))
            return false;
        at = next;
    }
    return false;
}

static bool find_here(struct slice text, const struct piece *first, enum date_order order,
                      struct date *out, struct slice *found)
{
    struct reader r = {.text = text, .now = *first, .last_end = first->start};
    struct fields f = {.weekday = -1};

    if (!read_all(&r, &f) || f.year_digits != 4 || f.precision < DATE_DAY ||
        !settle(&f, order, out) || is_cut(text, first->start, r.last_end))
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

        if (date_digit(code) < 0 && (!is_letter(code) || text_is_cjk(code))) {
            is_glued = false;
            at = next;
            if (!text_is_cjk(code) || date_era(slice_head(slice_skip(text, at - 3), 6)) == 0)
                continue;
            at -= 3;
        }
        scan_piece(text, at, &piece);
        if ((piece.kind == PIECE_NUMBER ? !is_glued : is_number_next(text, piece.end)) &&
            find_here(text, &piece, order, out, found))
            return true;
        is_glued = piece.kind == PIECE_WORD && !text_is_cjk(code);
        at = piece.end > at ? piece.end : at + 1;
    }
    *out = (struct date){.precision = DATE_NONE};
    *found = (struct slice){text.ptr, 0};
    return false;
}

enum date_order date_order_of(struct slice language)
{
    static const char *const month_first[] = {"en-us", "en-ph", "en-pr", "es-us", "es-pr", "chr"};
    struct slice primary = slice_head(language, slice_find_char(language, '-'));

    for (size_t i = 0; i < WW_COUNT(month_first); i++)
        if (slice_equal_nocase(language, slice_from(month_first[i])))
            return DATE_ORDER_MONTH_FIRST;
    if (primary.len < 2 || slice_equal_nocase(language, SLICE("en")) ||
        slice_equal_nocase(language, SLICE("en-ca")))
        return DATE_ORDER_UNKNOWN;
    return DATE_ORDER_DAY_FIRST;
}
