/*
 * alerts.h - a desk whose alerts are made by hand, for tests of what is told and when: a store, an
 * analyst by the words of his settings, and the messages that came of it as a diary.
 */
#ifndef WW_TESTS_SUPPORT_ALERTS_H
#define WW_TESTS_SUPPORT_ALERTS_H

#include "alerts/mail/analyst.h"
#include "alerts/mail/letter.h"
#include "base/buf.h"
#include "storage/store_alerts.h"
#include "tests/support/store.h"

#include <stdbool.h>
#include <stdint.h>

/* Monday, 2026-10-19T00:00:00Z. Clocks of Europe go back on the Sunday, those of America later. */
#define MONDAY INT64_C(1792368000)
#define MINUTE 60
#define HOUR 3600
#define DAY 86400
/* Behind Monday. */
#define AT(day, hour, minute) ((day)*DAY + (hour)*HOUR + (minute)*MINUTE)

extern const struct letter_sender alert_desk_sender;

struct alert_desk {
    struct test_store t;
    int64_t watchlist;
    int n_articles;
    int64_t last_message; /* in the diary */
};

/* For cmocka: *state is a struct alert_desk. */
int alert_desk_open(void **state);
int alert_desk_close(void **state);

/* Fails the test when status is not WW_OK. */
void alert_desk_must(enum ww_status status, const struct ww_error *err);

/* An alert that comes up, of which story: "a" is the story of that letter. */
struct alert_event {
    int64_t at_s;
    char story;
    const char *item, *country, *tags;
    enum alert_severity severity;
};

struct alert_stories {
    int64_t stories['z' + 1];
};

/* Eight alerts of five stories in ten days; the times are UTC, behind Monday. */
#define ALERT_DESK_USUAL 8
extern const struct alert_event alert_desk_usual[ALERT_DESK_USUAL];

/* In a transaction of its own, or of the caller. The alert's id. */
int64_t alert_desk_raise(struct alert_desk *f, const struct alert_event *e, struct alert_stories *r,
                         int64_t at);
int64_t alert_desk_add(struct alert_desk *f, const struct alert_event *e, struct alert_stories *r,
                       int64_t at);

/* What the settings say. digest: NULL: after each run; "none"; hours. zone NULL: Europe/Rome. */
struct alert_wishes {
    const char *zone, *subscribe, *digest, *weekly, *immediate, *quiet;
    int64_t wait_s, max_per_hour;
    bool all_quiet;
};

struct analyst alert_desk_analyst(struct alert_desk *f, const struct alert_wishes *w);

/* "Tue 20 07:30 digest 2\n" for each message since the last look, the oldest first. */
void alert_desk_write(struct alert_desk *f, const struct analyst *a, struct buf *out);

#endif
