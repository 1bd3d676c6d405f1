/*
 * date_reader.h - what the files that read dates share: pieces of text, a reader that goes from one
 * to the next, and the fields that fill up on the way. For base/date_*.c alone.
 *
 * A reader is a value: to try something, keep a copy and put it back when it did not fit.
 */
#ifndef WW_BASE_DATE_READER_H
#define WW_BASE_DATE_READER_H

#include "base/date.h"
#include "base/date_words.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum piece_kind { PIECE_END, PIECE_NUMBER, PIECE_WORD, PIECE_MARK };

struct piece {
    enum piece_kind kind;
    bool is_spaced;  /* white space before it */
    bool is_capital; /* a word of ASCII capitals */
    bool is_thai, is_hangul;
    bool is_devanagari; /* a number */
    unsigned n_digits;
    int64_t number;
    uint32_t mark;     /* the ASCII mark that a look-alike stands for */
    size_t start, end; /* bytes of the text */
    size_t folded_len; /* 0: too long for a word of a date */
    char folded[DATE_WORD_BYTES];
};

/* The piece at `at`, white space before it skipped. */
void piece_scan(struct slice text, size_t at, struct piece *p);
/* The folded word; empty when the piece is none. */
struct slice piece_word(const struct piece *p);
#define PIECE_PAIR_BYTES (2 * DATE_WORD_BYTES + 1)
/* "first_second", as the tables spell names of two words; empty when one of them is none. */
struct slice piece_pair(const struct piece *first, const struct piece *second,
                        char room[PIECE_PAIR_BYTES]);
bool piece_is_space(uint32_t code);
bool piece_is_letter(uint32_t code);

struct reader {
    struct slice text;
    bool is_whole; /* the whole text must be a date: more is believed of its parts */
    struct piece now;
    size_t last_end;                 /* of the piece before now */
    bool has_hangul, has_devanagari; /* before now */
};

void reader_advance(struct reader *r);
unsigned reader_roles(const struct reader *r);
bool reader_at_number(const struct reader *r, unsigned min_digits, unsigned max_digits);
bool reader_at_mark(const struct reader *r, const char *marks);
/* The take functions advance when they hold. */
bool reader_take_mark(struct reader *r, const char *marks);
bool reader_take_role(struct reader *r, unsigned role);
bool reader_take_number(struct reader *r, unsigned max_digits, unsigned *out);
/* The same, with nothing between it and the piece before. */
bool reader_take_glued(struct reader *r, unsigned min_digits, unsigned max_digits, unsigned *out);
void reader_skip_links(struct reader *r, const char *marks);
/* "(Coordinated Universal Time)", "[Europe/Paris]"; one left open is not skipped. */
void reader_skip_comment(struct reader *r);

struct date_fields {
    int64_t year, epoch;
    unsigned year_digits;
    unsigned month, day;   /* of a numeric form: in the order written, see date_settle */
    uint32_t numeric_mark; /* between the numbers of a numeric form */
    int weekday;           /* -1: none */
    unsigned hour, minute, second;
    enum date_precision precision;
    enum date_zone_kind zone_kind;
    int32_t zone_s;
    bool is_day_of_year; /* day counts from 1 January */
    bool is_epoch, is_foreign, is_thai, is_twelve_hours;
    bool has_time, has_zone;
};

bool date_take_weekday(struct reader *r, struct date_fields *f);

/* date_clock.c: the time of day and its zone. */
enum time_place { TIME_FIRST, TIME_BEHIND_DATE, TIME_BEHIND_T };
bool date_time_is_possible(const struct date_fields *f);
bool date_read_time(struct reader *r, struct date_fields *f, enum time_place place);
/* With what may stand between a day and its time. Leaves the reader alone when none follows. */
void date_read_time_behind(struct reader *r, struct date_fields *f);
void date_read_zone(struct reader *r, struct date_fields *f);

/* date_common.c: the whole text, when it is of one of the two forms that feeds write most. */
bool date_read_common(struct slice text, struct date_fields *f);

/* date_read.c: a day and the time behind it, from where the reader stands. */
bool date_read_parts(struct reader *r, struct date_fields *f);

/* date_settle.c: from fields to a moment. False when there is no such moment. */
bool date_settle(const struct reader *r, struct date_fields *f, enum date_order hint,
                 struct date *out);

#endif
