/*
 * telling.h - alerts in an analyst's own words, and what a digest makes of them, as text.
 */
#ifndef WW_TESTS_SUPPORT_TELLING_H
#define WW_TESTS_SUPPORT_TELLING_H

#include "alerts/mail/digest.h"
#include "tests/support/alerts.h"

#define TELLING_NOW (MONDAY + AT(2, 12, 0))

/* An alert with the words that matter here; what is left out is plain. */
struct telling {
    const char *title, *outlet, *text, *quote, *alias, *term, *rule, *item, *url, *country;
    int64_t story; /* 0: a new one */
    int64_t at;
    enum alert_severity severity;
    bool is_title; /* it was found there */
};

/* The story it belongs to. */
int64_t telling_raise(struct alert_desk *f, const struct telling *r);

struct digest telling_gather(struct alert_desk *f, const struct analyst *a, enum digest_kind kind,
                             int64_t now);
struct slice telling_text(struct alert_desk *f, const struct digest *d);
struct slice telling_html(struct alert_desk *f, const struct digest *d);

/* Fails the test when the words are not there, or are. */
void telling_says(struct slice text, const char *words);
void telling_says_not(struct slice text, const char *words);

/* A digest now, into the outbox: what it told. */
size_t telling_queue(struct alert_desk *f, const struct analyst *a, int64_t now);

#endif
