/*
 * timetable.h - hours of a week by the clocks of a zone: when a digest goes, when it is quiet.
 *
 * Words: "07:30", "Mon-Fri 07:30 16:00", "Mon,Thu 08:00 Sat 10:00": days hold for the hours behind
 * them, up to the next days; without days, every day. Spans: "22:00-06:30" (over midnight: it
 * belongs to the day it begins on), "Sat-Sun 00:00-24:00". Spans that touch or overlap are one.
 * An hour is the first moment at which the clocks of the zone show it or a later one. So an hour
 * that a change of clocks skips is the moment of the change (a whole day that is skipped, too), and
 * of one that comes twice the first counts.
 * Limits: TIMETABLE_MAX hours or spans; a zone changes its clocks once in two days at most.
 */
#ifndef WW_BASE_TIMETABLE_H
#define WW_BASE_TIMETABLE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIMETABLE_MAX 32

struct timetable_row {
    unsigned days;     /* bit 0: Monday */
    int minute, until; /* of the day, 0 to 1440; until: of spans alone */
};

struct timetable {
    struct timetable_row rows[TIMETABLE_MAX];
    size_t n_rows; /* 0: never */
};

/* WW_INVALID names the word that is none, and a day it is near to. No words: an empty table. */
enum ww_status timetable_read(struct slice words, struct timetable *out, struct ww_error *err);
enum ww_status timetable_read_spans(struct slice words, struct timetable *out,
                                    struct ww_error *err);

/* The newest hour of the table that is not after now; 0: there is none in two weeks. */
int64_t timetable_last(const struct timetable *t, struct slice zone, int64_t now);

/* The first hour of the table that is after now; 0: there is none in two weeks. */
int64_t timetable_next(const struct timetable *t, struct slice zone, int64_t now);

/*
 * Is now in one of its spans? *until: when that and what follows without a gap is over; more than
 * a week away: never, as far as is looked.
 */
bool timetable_covers(const struct timetable *spans, struct slice zone, int64_t now,
                      int64_t *until);

/* Do its spans make one that holds the whole week? */
bool timetable_is_endless(const struct timetable *spans);

#endif
