/*
 * said.h - what the sentences of an article say of what is watched, on its way into the store.
 *
 * Rows are made of a report while its text is at hand, and stored in the transaction of its
 * mentions. They live in the arena and borrow the article's text.
 */
#ifndef WW_ALERTS_SAID_H
#define WW_ALERTS_SAID_H

#include "alerts/mentions.h"
#include "storage/store_articles.h"

struct said {
    struct proposal_row *proposals;
    size_t n_proposals;
    struct claim_row *claims;
    size_t n_claims;
};

/* Whose rows they are. */
struct said_source {
    const struct article_row *article;
    struct slice text;
    int64_t watchlist_id, now;
};

enum ww_status said_keep(const struct said_source *source, const struct mention_report *report,
                         struct arena *arena, struct said *out, struct ww_error *err);
/* Inside a transaction. */
enum ww_status said_store(struct store *s, const struct said *said, struct ww_error *err);

#endif
