/*
 * reextract.h - pages that were kept, read again with this day's extractor and rules.
 *
 * An article whose title or text comes out otherwise gets a new version, with provenance
 * "reextract": the one before stays as it was. The page goes over to the new version. What the new
 * text mentions is found by the next scan. Run twice, the second time changes nothing.
 */
#ifndef WW_CRAWLER_REEXTRACT_H
#define WW_CRAWLER_REEXTRACT_H

#include "base/error.h"
#include "base/slice.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock;
struct log;
struct site_rules;
struct store;
struct workers;

#define REEXTRACT_PROVENANCE "reextract"

struct reextract_summary {
    int64_t n_read;
    int64_t n_changed; /* new versions, or what would be */
    int64_t n_without; /* no text is found any more: the article stays as it is */
    int64_t n_not_kept;
    int64_t n_stories; /* new ones */
    bool was_stopped;
};

struct reextract_change {
    int64_t article_id, new_id; /* new_id 0: nothing was stored */
    int64_t bytes_before, bytes_after;
    struct slice title_before, title;
    struct slice text_source;
    struct slice url;
};

struct reextract_options {
    const struct site_rules *rules; /* may be NULL */
    bool is_dry_run;
    const volatile sig_atomic_t *stop; /* set: end with what is done so far; may be NULL */
    void (*changed)(void *context, const struct reextract_change *change);
    void (*progress)(void *context, const struct reextract_summary *so_far); /* may be NULL */
    void *context;
};

/* ids: of newest versions. The caller holds the lock for a backfill. */
enum ww_status reextract_run(const struct reextract_options *options, struct store *store,
                             struct workers *workers, struct clock *clock, const struct log *log,
                             const int64_t *ids, size_t n_ids, struct reextract_summary *summary,
                             struct ww_error *err);

#endif
