/*
 * store_marks.h - what analysts say of alerts: marks, mutes, what a mute withheld; and the control
 * set, articles with what the list is to find in them.
 *
 * Marks are appended: of one analyst the newest counts, and MARK_NONE takes the last one back. A
 * mute is in effect from created_at to mute_end, which lies at `until` or where a person ended it.
 * Everything refers to rows that are never deleted (alerts, stories), so nothing dangles.
 */
#ifndef WW_STORAGE_STORE_MARKS_H
#define WW_STORAGE_STORE_MARKS_H

#include "storage/store.h"
#include "storage/store_alerts.h"

/* ---- marks ----------------------------------------------------------------------------------- */

struct mark_row {
    int64_t id, alert_id;
    enum alert_verdict verdict;
    struct slice analyst, note;
    int64_t at;
};

struct mark_list {
    struct mark_row *rows;
    size_t n_rows;
};

enum ww_status store_add_mark(struct store *s, const struct mark_row *row, int64_t *id,
                              struct ww_error *err);
/* All that was ever said of an alert, oldest first. */
enum ww_status store_list_marks(struct store *s, int64_t alert_id, struct arena *arena,
                                struct mark_list *out, struct ww_error *err);

/* An alert as the report of precision wants it: who raised it, and what was said of it. */
struct judged_row {
    int64_t alert_id, article_id, feed_id;
    struct slice item, alias, rule, kind; /* of the mention */
    struct slice outlet, language, feed;  /* of the article; feed: its title, else its address */
    enum alert_verdict verdict;           /* the newest that stands; MARK_NONE: nobody's */
    bool is_disputed;                     /* one analyst calls it right, another wrong */
    enum mention_field field;
    int64_t start, end, sentence_start, sentence_end;
};

struct judged_list {
    struct judged_row *rows;
    size_t n_rows;
};

struct judged_filter {
    struct store_window window; /* of the alerts' time, as alert_filter has it */
    struct slice item;
    struct slice analyst; /* whose marks; empty: everybody's */
    bool is_marked;       /* those with a verdict alone */
};

/* By alert, the oldest first. */
enum ww_status store_list_judged(struct store *s, const struct judged_filter *filter,
                                 struct arena *arena, struct judged_list *out,
                                 struct ww_error *err);

/* ---- mutes ----------------------------------------------------------------------------------- */

struct mute_row {
    int64_t id;
    int64_t story_id;          /* 0: of any */
    struct slice item, outlet; /* empty: of any */
    struct slice analyst;      /* empty: for all */
    struct slice note;
    int64_t created_at, until;
    int64_t ended_at;   /* by hand; 0: was not */
    int64_t n_withheld; /* alerts, whoever was not told of them; not stored with it */
};

struct mute_list {
    struct mute_row *rows;
    size_t n_rows;
};

/* When it ended or will end. */
int64_t mute_end(const struct mute_row *m);

enum ww_status store_add_mute(struct store *s, const struct mute_row *row, int64_t *id,
                              struct ww_error *err);
/* WW_NOT_FOUND: there is none of that number, or it has ended. */
enum ww_status store_end_mute(struct store *s, int64_t id, int64_t at, struct ww_error *err);
/* Those that end after `after` (0: all), for this analyst (empty: anybody); oldest first. */
enum ww_status store_list_mutes(struct store *s, int64_t after, struct slice analyst,
                                struct arena *arena, struct mute_list *out, struct ww_error *err);

/* ---- what was withheld ----------------------------------------------------------------------- */

struct withheld_row {
    struct slice analyst;
    int64_t alert_id, mute_id, at;
};

struct withheld_list {
    struct withheld_row *rows;
    size_t n_rows;
};

/* Once for each analyst and alert; again is no error and changes nothing. */
enum ww_status store_withhold(struct store *s, const struct withheld_row *row,
                              struct ww_error *err);
/* Of one alert, oldest first. */
enum ww_status store_list_withheld(struct store *s, int64_t alert_id, struct arena *arena,
                                   struct withheld_list *out, struct ww_error *err);

/* The names of outlets that articles have, each once. */
enum ww_status store_list_outlets(struct store *s, struct arena *arena, struct slice **out,
                                  size_t *n, struct ww_error *err);

/* ---- the control set ------------------------------------------------------------------------- */

struct control_row {
    int64_t id;
    struct slice url, title, language;
    struct slice body;     /* the text; stored compressed */
    struct slice sha256;   /* of title and text: SHA256_BYTES bytes; reckoned here */
    struct slice expected; /* alerts/control.h reads it */
    struct slice note;
    int64_t added_at;
};

struct control_list {
    struct control_row *rows;
    size_t n_rows;
};

/* A text that is there already gets the new expectation and note; *is_new is false then. */
enum ww_status store_add_control(struct store *s, const struct control_row *row, int64_t *id,
                                 bool *is_new, struct ww_error *err);
/* WW_NOT_FOUND. */
enum ww_status store_remove_control(struct store *s, int64_t id, struct ww_error *err);
/* Oldest first, with their texts. */
enum ww_status store_list_controls(struct store *s, const struct store_window *window,
                                   struct arena *arena, struct control_list *out,
                                   struct ww_error *err);

#endif
