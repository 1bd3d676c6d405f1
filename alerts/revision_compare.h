/*
 * revision_compare.h - two readings of a story, and what changed beside a mention: for
 * alerts/revisions.c alone.
 */
#ifndef WW_ALERTS_REVISION_COMPARE_H
#define WW_ALERTS_REVISION_COMPARE_H

#include "alerts/watchlist.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text_diff.h"
#include "storage/store_articles.h"
#include "storage/store_revisions.h"

struct arena;
struct store;

/* An article and where the item stands in it. */
struct reading {
    struct article_row article;
    struct slice text;
    const struct mention_row *mentions; /* of the item, at most MENTIONS_MAX count */
    size_t n_mentions;
};

/* An earlier article beside a copy: what is the same for all watched items. */
struct reading_pair {
    int64_t base_id;
    struct article_row base;
    struct slice base_text;
    bool is_apart; /* in another language, or the copy is older: nothing to compare */
    struct text_diff diff;
    struct slice base_key, copy_key; /* the texts, folded */
};

/* The sentences of one side of a diff that a mention stands in. */
struct near_sentences {
    uint32_t numbers[MENTIONS_MAX];
    bool in_title[MENTIONS_MAX];
    size_t n;
};

/* A word of the role "status". */
struct status_word {
    struct slice word; /* as the watchlist has it */
    struct slice stem; /* folded */
    bool takes_endings;
    struct slice state;
};

struct comparison {
    struct store *store;
    struct arena *arena; /* of this item */
    int64_t now;
    const struct alert_told *alert;
    int64_t event_id;           /* 0: the later one is a copy */
    const struct reading *base; /* as it was told */
    const struct reading *copy; /* as it is said now */
    const struct reading_pair *pair;
    const struct status_word *statuses;
    size_t n_statuses;
    struct revision_list known; /* of the alert, the newest first */
    struct near_sentences before, after;
    bool is_near;         /* a sentence near the mention stands in both */
    bool has_fact;        /* something near it changed, known or not */
    size_t n_new, n_live; /* revisions that were stored; those that are no history */
};

/* The words of the role "status" in that language; in the arena. */
enum ww_status status_words_list(const struct watchlist *w, struct slice language,
                                 struct arena *arena, struct status_word **out, size_t *n,
                                 struct ww_error *err);

/* Store what differs in the pair beside the mention and was not told. */
enum ww_status comparison_run(struct comparison *c, struct ww_error *err);

/* Is the mention in that sentence of the side, or in the one before or behind? */
bool comparison_is_near(const struct comparison *c, const struct text_diff_row *row, bool is_after);

/* Store a revision: kind, before, after, sentence and mark are given. */
enum ww_status comparison_add(struct comparison *c, struct revision_row *row, struct ww_error *err);

/* How many copies still say what was there before the alert's revisions. */
enum ww_status comparison_count_old(struct comparison *c, struct ww_error *err);

#endif
