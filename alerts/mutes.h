/*
 * mutes.h - what an analyst does not want to be told for a while, and what became of it.
 *
 * A mute names an item, a story, an outlet or several of them (an alert must fit all that it
 * names), is of one analyst or of all, and always ends. An alert that comes while one is in effect
 * is stored and listed like any other; mutes_settle notes that it was withheld, from whom and by
 * which mute, and it stays so when the mute ends: nobody is flooded with what he did not want.
 *
 * A mute of an outlet is about the outlet, not about the news: a story that others print too is
 * told, and one that others print later is told then.
 */
#ifndef WW_ALERTS_MUTES_H
#define WW_ALERTS_MUTES_H

#include "storage/store_marks.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* An alert, or something that has changed about one. */
struct mute_subject {
    int64_t story_id, at; /* at: when it came */
    struct slice item, outlet;
    int64_t n_outlets; /* that print the story by now */
};

/* In effect now, or when the subject came. Whose the mute is does not count here. */
bool mute_covers(const struct mute_row *m, const struct mute_subject *subject, int64_t now);

struct mute_reader {
    struct slice analyst;
    struct slice analysts; /* "|name|name|": all there are (alert_filter) */
};

/*
 * Note what mutes withhold from the analyst of all he has not been told; what has changed in muted
 * alerts counts as told. *n: new ones. In a transaction of the caller.
 */
enum ww_status mutes_settle(struct store *s, const struct mute_reader *reader, int64_t now,
                            struct arena *arena, int64_t *n, struct ww_error *err);

/*
 * Take out of list what a mute covers and mutes_settle has not noted yet: for a preview, which
 * writes nothing.
 */
enum ww_status mutes_leave_out(struct store *s, struct slice analyst, int64_t now,
                               struct arena *arena, struct alert_view_list *list,
                               struct ww_error *err);

/* "item pier-kestrel, story s5, outlet The Ledger" */
struct slice mute_words(const struct mute_row *m, struct arena *arena);

#endif
