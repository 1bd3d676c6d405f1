/* report_parts.h - what the files of the report share; for alerts/report/ alone. */
#ifndef WW_ALERTS_REPORT_REPORT_PARTS_H
#define WW_ALERTS_REPORT_REPORT_PARTS_H

#include "alerts/candidates.h"
#include "alerts/proposals.h"
#include "alerts/report/report.h"
#include "alerts/report/report_chart.h"
#include "alerts/report/report_folder.h"
#include "alerts/report/report_page.h"
#include "alerts/watchlist.h"
#include "base/arena.h"
#include "base/buf.h"
#include "storage/store_report.h"
#include "storage/store_revisions.h"

/* A story of the period. */
struct report_entry {
    const struct report_story *story;
    const struct report_alert *alerts; /* the gravest first */
    size_t n_alerts;
    int64_t at; /* of its first alert in the period */
    enum alert_severity severity;
    bool is_live; /* not of history alone */
    int64_t live_at;
};

/* A watched item: it has alerts in the period, or a row of its own in the list. */
struct report_item {
    struct slice id, kind, name, country;
    const struct watch_item *watched;   /* NULL: the list has it no more */
    const struct report_alert **alerts; /* the newest first */
    size_t n_alerts;
    enum alert_severity severity;
};

struct report {
    struct store *store;
    const struct report_options *options;
    int64_t since, until;        /* since <= t < until; until 0: open */
    int64_t first_day, last_day; /* of the zone */
    struct arena arena;          /* life: the report */
    struct arena scratch;        /* life: a page */
    struct buf bytes;            /* of the page */
    struct report_page page;
    struct report_folder folder;
    struct watchlist list; /* the newest that a run has used; without items: none */
    struct report_alert_list alerts;
    struct report_story_list stories;
    struct report_entry *entries;        /* by id */
    const struct report_entry **by_time; /* the newest first */
    size_t n_entries;
    struct report_item *items; /* by id */
    size_t n_items;
    struct proposal_group_list proposals; /* as groups; and every sentence, by story */
    struct proposal_view_list states;
    struct claim_view_list claims;       /* by story */
    struct revision_view_list revisions; /* by alert */
    int64_t n_done, n_pages;
};

/* ---- report_archive.c: reading ----------------------------------------------------------------
 */

enum ww_status report_read(struct report *r, struct ww_error *err);
/* NULL: it is none of the period. */
const struct report_entry *report_find_entry(const struct report *r, int64_t story_id);
const struct report_item *report_find_item(const struct report *r, struct slice id);
/* What has changed of an alert, the oldest first: *n rows from here on. */
const struct revision_view *report_find_revisions(const struct report *r, int64_t alert_id,
                                                  size_t *n);
const struct proposal_view *report_find_states(const struct report *r, int64_t story_id, size_t *n);
const struct claim_view *report_find_claims(const struct report *r, int64_t story_id, size_t *n);
/* The status of the item's first row in the list; empty where it has none. */
struct slice report_status(const struct report *r, const struct report_item *item);
/* The name of a country's code, as the list has it; else the code. */
struct slice report_country_name(const struct report *r, struct slice code);
/* What is shown as a story's headline. */
struct slice report_headline(const struct report_entry *e);
/* Bars of some alerts, and no marks. */
void report_count(const struct report *r, const struct report_alert *const *alerts, size_t n,
                  struct report_chart *out);

/* ---- report.c: one page after the other --------------------------------------------------------
 */

/* An empty page; root as of struct report_page. */
void report_begin(struct report *r, const char *root);
/* Written to its place; the scratch memory is empty again. */
enum ww_status report_end(struct report *r, struct slice name, uint64_t key, struct ww_error *err);

/* ---- the pages --------------------------------------------------------------------------------
 */

enum ww_status report_write_story(struct report *r, const struct report_entry *e,
                                  struct ww_error *err);
enum ww_status report_write_item(struct report *r, const struct report_item *item,
                                 struct ww_error *err);
enum ww_status report_write_items(struct report *r, struct ww_error *err);
enum ww_status report_write_countries(struct report *r, struct ww_error *err);
enum ww_status report_write_days(struct report *r, struct ww_error *err);
enum ww_status report_write_health(struct report *r, struct ww_error *err);
enum ww_status report_write_about(struct report *r, struct ww_error *err);
enum ww_status report_write_morning(struct report *r, struct ww_error *err);

/* ---- pieces that several pages have ------------------------------------------------------------
 */

/* A story in a line: headline, severity, items, outlets. */
void report_put_entry(const struct report *r, const struct report_entry *e);
/* "3 outlets, 5 articles, 1 origin" */
void report_put_sizes(const struct report_page *p, const struct report_story *s);
/* The items of a story, linked; those of low severity behind the others. */
void report_put_entry_items(const struct report *r, const struct report_entry *e);
/* The sentence of an alert. Reads it. */
enum ww_status report_put_sentence(struct report *r, int64_t alert_id, struct ww_error *err);
enum ww_status report_put_sighting(struct report *r, const struct sighting *at,
                                   struct ww_error *err);
/* What has changed, in words, with its sentence. */
void report_put_change(struct report *r, const struct revision_view *v);
/* The list says already what is proposed, and nothing else: there is nothing to confirm. */
bool report_is_said(const struct proposal_group *g);
/* A proposal, with its sentence, marked as one. is_named: with the item. */
enum ww_status report_put_proposal(struct report *r, const struct proposal_group *g, bool is_named,
                                   struct ww_error *err);
enum ww_status report_put_candidate(struct report *r, const struct candidate_group_list *list,
                                    const struct candidate_group *g, struct ww_error *err);

#endif
