/*
 * source.h - the sources of history that are asked over the network, in one form.
 *
 * A source turns the words of a command into lists, says for each kind of list how it is asked, and
 * what its answer comes to: further lists, finds, where to go on. These are pure functions of the
 * order, the list and the answer; the crawl's loop does the asking and the writing. One file a
 * family: source_sitemap.c, source_wordpress.c, source_feed.c, source_wayback.c,
 * source_commoncrawl.c, source_days.c (Media Cloud, GDELT); what they share: source_parts.h.
 *
 * Every conversation ends, whatever the other side says: pages are bounded by number, and go on
 * only while they bring something new or lead further back.
 */
#ifndef WW_CRAWLER_HISTORY_SOURCE_H
#define WW_CRAWLER_HISTORY_SOURCE_H

#include "crawler/crawl_history.h"

/* Base addresses, without a slash at the end. */
struct source_bases {
    struct slice wayback, commoncrawl_index, commoncrawl_data, mediacloud, gdelt;
};

struct source_context {
    const struct backfill_row *order;
    const struct source_bases *bases;
    int64_t now;
};

struct source {
    const char *name;  /* "wayback" */
    const char *words; /* what it wants, for messages: "ADDRESS..." */
    /* The lists to begin with. WW_INVALID: a word it cannot use, and the message says why. */
    enum ww_status (*begin)(const struct source_context *context, struct arena *arena,
                            struct list_row **lists, size_t *n_lists, struct ww_error *err);
    enum ww_status (*ask)(const struct source_context *context, const struct list_row *list,
                          struct arena *arena, struct list_question *out, struct ww_error *err);
    enum ww_status (*read)(const struct source_context *context, const struct list_row *list,
                           const struct list_answer *answer, struct arena *arena,
                           struct list_outcome *out, struct ww_error *err);
    int64_t copy_pause_ms;           /* between two copies of its archive; 0: it has none */
    enum backfill_captures captures; /* unless the order says otherwise */
    bool needs_window;               /* --since has to be given */
    bool matches_first;              /* unless told otherwise: its lists are the whole world's */
};

/* NULL: there is none of that name. */
const struct source *source_find(struct slice name);
/* i from 0; NULL behind the last. */
const struct source *source_at(size_t i);

extern const struct source source_sitemap, source_wordpress, source_feed, source_wayback,
    source_commoncrawl, source_mediacloud, source_gdelt;

/* Is a time within what the order asks for? An unknown one (0) is: the page will say. */
bool source_is_asked(const struct backfill_row *order, int64_t at);

#endif
