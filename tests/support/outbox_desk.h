/*
 * outbox_desk.h - an outbox without a network, for tests: the other end says what it is told, and
 * the clock stands still. Functions fail the test when they cannot.
 */
#ifndef WW_TESTS_SUPPORT_OUTBOX_DESK_H
#define WW_TESTS_SUPPORT_OUTBOX_DESK_H

#include "alerts/mail/deliver.h"
#include "alerts/mail/outbox.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "storage/store_outbox.h"
#include "tests/support/store.h"

#include <stdint.h>
#include <stdio.h>

#define NOW INT64_C(1790000000)
#define MINUTE INT64_C(60)
#define HOUR INT64_C(3600)
#define DAY INT64_C(86400)
#define TRIED_MAX 64

#define ACCEPT                                      \
    {                                               \
        .end = DELIVERY_ACCEPTED, .words = "250 ok" \
    }
#define DEFER                                          \
    {                                                  \
        .end = DELIVERY_DEFERRED, .words = "451 later" \
    }
#define REFUSE                                     \
    {                                              \
        .end = DELIVERY_REFUSED, .words = "550 no" \
    }
#define LOSE                                     \
    {                                            \
        .end = DELIVERY_UNKNOWN, .words = "lost" \
    }

/* What the other end says, and what it was given. */
struct outbox_desk {
    char folder[64];
    char path[TEST_ADDRESS_BYTES];
    struct store *store;
    struct arena arena;
    struct clock clock;
    struct config settings;
    struct outbox_summary sum;
    volatile sig_atomic_t stop;
    FILE *said;
    char *words;
    size_t n_words;

    struct delivery_reply reply;
    enum ww_status ours;
    const char *bad_recipient; /* ours is for this one alone */
    int64_t takes_ms;
    int64_t drops;                  /* while another is sent, a person drops this one */
    size_t stops_after;             /* so many messages somebody asks to stop; 0: never */
    bool has_bounced, has_returned; /* before the reply comes */
    int64_t tried[TRIED_MAX];
    size_t n_tried;
};

/* For cmocka: *state is a struct outbox_desk. */
int outbox_desk_open(void **state);
int outbox_desk_close(void **state);

/* A message whose bytes are "bytes of ID". */
int64_t outbox_desk_add(struct outbox_desk *f, const char *analyst, const char *kind,
                        const char *recipient);
struct message_row outbox_desk_row(struct outbox_desk *f, int64_t id);
void outbox_desk_change(struct outbox_desk *f, const struct message_row *m);

/* One round. */
enum ww_status outbox_desk_send(struct outbox_desk *f);
/* These were tried in it, in this order. */
void outbox_desk_tried(struct outbox_desk *f, const int64_t *ids, size_t n);
/* How often the error log has said so. */
size_t outbox_desk_said(struct outbox_desk *f, const char *words);
void outbox_desk_pass(struct outbox_desk *f, int64_t seconds);

#endif
