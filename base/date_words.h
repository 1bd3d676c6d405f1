/*
 * date_words.h - the words of dates in the languages of the news: for date_*.c and diff_facts.c.
 *
 * Words are compared folded: lower case, marks of Latin, Greek and Cyrillic letters removed. A word
 * of three letters or more that begins the names of one single month (in all languages together)
 * is an abbreviation of it; one that begins two different months ("lip") means nothing.
 */
#ifndef WW_BASE_DATE_WORDS_H
#define WW_BASE_DATE_WORDS_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longer words are no words of a date. */
#define DATE_WORD_BYTES 40

/* One letter as dates compare it; 0 when it vanishes (a combining mark). */
uint32_t date_fold_letter(uint32_t code);

/* The decimal digit of any script that a code point stands for, or -1. */
int date_digit(uint32_t code);

/* 1 to 12, or 0. */
unsigned date_month(struct slice folded);

#define DATE_WEEKDAY_UNKNOWN 7 /* a weekday, but the abbreviation is shared by two */
/* 0 Monday to 6 Sunday, DATE_WEEKDAY_UNKNOWN, or -1 when it is no weekday. */
int date_weekday(struct slice folded, bool *is_english);

enum date_role {
    ROLE_LINK = 1 << 0,       /* between day, month and year: de, of */
    ROLE_ORDINAL = 1 << 1,    /* glued to a day: st, nd, er */
    ROLE_AT = 1 << 2,         /* between day and time: at, um, kl */
    ROLE_AM = 1 << 3,         /* before noon */
    ROLE_PM = 1 << 4,         /* after noon */
    ROLE_NOON = 1 << 5,       /* around noon: 12 is 12, 1 is 13 */
    ROLE_YEAR_UNIT = 1 << 6,  /* behind a year's number where the year comes first */
    ROLE_MONTH_UNIT = 1 << 7, /* behind a month's number */
    ROLE_DAY_UNIT = 1 << 8,
    ROLE_HOUR_UNIT = 1 << 9,
    ROLE_MINUTE_UNIT = 1 << 10,
    ROLE_SECOND_UNIT = 1 << 11,
    ROLE_MONTH_AHEAD = 1 << 12, /* before a month's number */
    ROLE_AFTER_YEAR = 1 << 13,  /* "2022 г." */
    ROLE_AFTER_TIME = 1 << 14,  /* "15:54 Uhr" */
    ROLE_EVENING = 1 << 15      /* like PM; 12 in the evening is another day's beginning */
};

/* All roles of a word, 0 when it has none. */
unsigned date_roles(struct slice folded);

enum date_zone_kind {
    ZONE_NONE,
    ZONE_FIXED,
    ZONE_UNITED_STATES, /* with a summer time in its name: EST, EDT */
    ZONE_GENERIC        /* ET, PT: the law of the day decides */
};
enum date_zone_kind date_zone(struct slice folded, int32_t *offset_s);

/* Japanese and Taiwanese eras: what to add to their year's number, or 0. */
int date_era(struct slice folded);

/* How many bytes of text (in a script without spaces) form the longest word known here, or 0. */
size_t date_known_prefix(struct slice text);

/* For the test: every lookup is a binary search. */
bool date_words_are_sorted(void);

#endif
