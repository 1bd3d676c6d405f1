/*
 * revisions.h - does an article say something else beside a mention than what an alert has told?
 *
 * A copy of a story is compared with the article that raised the story's alert, with the one that
 * made its newest revision and, where it is near neither, with its nearest relation
 * (base/text_diff). What counts is a fact that was replaced in a sentence that both have, near a
 * mention of the item in both: the mention's sentence, the one before or the one behind. A figure,
 * a date, a name; a word of the watchlist's role "status"; a negation. Facts that came or went
 * alone, as excerpts and longer versions bring them, count for none, but for statuses that came and
 * for negations.
 *
 * A fact is told once: what the alert or a former revision said is no news, whichever way round. A
 * copy that was published before the article that was told corrects nothing.
 *
 * Events of pages (storage/store_events.h) become revisions of the alerts that the page raised or
 * revised, and of those of the story whose original it is: of forty copies, which come and go with
 * the habits of their outlets, the rest is in the list of events alone.
 *
 * Limits: three articles are read for a copy, however many the story has; REVISIONS_MAX an alert.
 */
#ifndef WW_ALERTS_REVISIONS_H
#define WW_ALERTS_REVISIONS_H

#include "alerts/watchlist.h"
#include "base/error.h"
#include "storage/store_articles.h"
#include "storage/store_revisions.h"

#include <signal.h>

struct arena;
struct revisions;
struct store;

/* Lives in the arena, and borrows the store and the watchlist. */
enum ww_status revisions_open(struct store *s, const struct watchlist *w, int64_t watchlist_id,
                              int64_t now, struct arena *arena, struct revisions **out,
                              struct ww_error *err);
void revisions_close(struct revisions *r);

/* An article as it was scanned. */
struct revision_copy {
    const struct article_row *article;
    struct slice text;
    const struct mention_row *mentions; /* of all items */
    size_t n_mentions;
};

/*
 * Inside a transaction: what the article changes of the alert that its story has on item. n_new:
 * revisions that are new and no history.
 */
enum ww_status revisions_of_copy(struct revisions *r, const struct revision_copy *copy,
                                 struct slice item, size_t *n_new, struct ww_error *err);

/*
 * What has become of pages since: every event that was not scanned, each in a transaction with its
 * mark, until *stop (may be NULL) is set.
 */
enum ww_status revisions_of_events(struct revisions *r, const volatile sig_atomic_t *stop,
                                   size_t *n_new, struct ww_error *err);

#endif
