/*
 * talk.h - a conversation between a source of history and a world that a test makes up.
 *
 * The loop asks, reads and keeps lists as crawl_history.c does. No address may be asked for twice
 * but where it was not had, and the conversation has to end within a number of requests.
 */
#ifndef WW_TESTS_SUPPORT_TALK_H
#define WW_TESTS_SUPPORT_TALK_H

#include "base/arena.h"
#include "crawler/history/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TALK_NOW 1795305600 /* 22 November 2026 */
#define DAY 86400
#define SEPTEMBER 1661990400 /* 1 September 2022 */
#define JANUARY 1672531200   /* 1 January 2023 */

enum { REPLY_ROWS = 600, TALK_LISTS = 4000, TALK_ASKED = 30000 };

/* What the world says to one request. */
struct reply {
    long status;
    const char *head, *body;
    bool is_read;       /* the finds below are what it says */
    bool is_raw;        /* the body is read, as the question says */
    const char *unread; /* a 200 that is none */
    struct finds finds;
    struct find rows[REPLY_ROWS];
    struct finds_list lists[REPLY_ROWS];
    char text[REPLY_ROWS][160]; /* for addresses */
    char next[200];
};

struct talk;
typedef void world(struct talk *t, const char *url, struct reply *out);

struct talk {
    struct backfill_row order;
    struct source_bases bases;
    struct source_context context;
    const struct source *source;
    world *answers;
    struct arena arena;
    struct list_row lists[TALK_LISTS];
    size_t n_lists;
    char *asked[TALK_ASKED];
    bool was_taken[TALK_ASKED];
    struct list_question questions[TALK_ASKED];
    size_t n_asked;
    char *found[TALK_ASKED]; /* "url" or "url capture" */
    struct find_row last_find;
    size_t n_found, n_outside, n_failed;
    char said[4000];
    bool is_refused;
    int n; /* the world's own */
};

struct talk *talk_new(void);
/* source by name; words a line each. The world may be NULL where nothing is asked. */
void talk_open(struct talk *t, const char *source, const char *words, int64_t since, int64_t until,
               world *answers);
/* Frees t, too. */
void talk_close(struct talk *t);
/* To the end, or a refusal; fails when that takes more requests than so many. */
void talk_play(struct talk *t, size_t n_most);

/* Requests with this in their addresses. */
size_t talk_count(const struct talk *t, const char *part);
bool talk_has_found(const struct talk *t, const char *part);
/* In one of the messages. */
void talk_assert_says(const struct talk *t, const char *part);

/* ---- for worlds ------------------------------------------------------------------------------ */

struct date talk_second(int64_t at);
/* With status 200. published 0: it does not say. */
struct find *reply_add_page(struct reply *r, const char *url, int64_t published);
struct finds_list *reply_add_part(struct reply *r, const char *url);
/* A body of this kind, with status 200, read by feeds/finds.h. */
void reply_set_body(struct reply *r, const char *body);
bool talk_is(const char *url, const char *other);
/* The number behind a word; -1: it is not there. */
long talk_number(const char *url, const char *word);

#endif
