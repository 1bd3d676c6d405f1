/*
 * digest.h - what one analyst is told in one mail: stories, each with its watched items.
 *
 * A digest is gathered from the alerts that the analyst has not been told (never by clock, so a day
 * that failed is in the next one), shown as plain text and as HTML, and stored with its exact bytes
 * in the outbox in the same transaction that marks the alerts as told. Historic alerts are never in
 * it. Limits: a part of the mail stays below DIGEST_PART_MAX_BYTES as it is sent; stories stand in
 * it by weight until it is full, and the rest is counted and goes along as a table (digest_csv).
 *
 * What an analyst knows and has changed since comes after what is new: a figure that a copy
 * corrected, a page that was taken away (store_revisions.h). What has changed of an alert that is
 * itself new stands with it.
 *
 * An item with an owner is told to that analyst alone; what a mute covers is withheld (mutes.h),
 * and the footer counts it. Finds of a rescan stand apart from what is newly read.
 *
 * It also says what could not be watched: a feed's trouble once when it persists and once when it
 * is over, with marks of the same kind in the same transaction. That alone makes a digest, at the
 * analyst's hour: a source that dies on a quiet day must not wait for the next alert.
 */
#ifndef WW_ALERTS_MAIL_DIGEST_H
#define WW_ALERTS_MAIL_DIGEST_H

#include "alerts/mail/analyst.h"
#include "base/error.h"
#include "base/slice.h"
#include "storage/store_alerts.h"
#include "storage/store_outbox.h"
#include "storage/store_revisions.h"
#include "storage/store_troubles.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct store;

/* What a digest is for; its title, its subject and what is in it follow. */
enum digest_kind {
    DIGEST_REGULAR,
    DIGEST_IMMEDIATE, /* of what cannot wait */
    DIGEST_WEEKLY,    /* a summary: it tells nothing that is marked as told */
    DIGEST_ALL_QUIET /* at the analyst's hour, because there is nothing to tell; it marks nothing */
};

struct digest_choice {
    enum digest_kind kind;
    const struct analyst *analyst;
    int64_t now;
    int64_t story_id;  /* DIGEST_IMMEDIATE: this story alone; 0: all that hold what cannot wait */
    bool include_told; /* also what was mailed before, since `since` (previews) */
    int64_t since;
    struct slice report_url; /* where the report has a page of each story; empty: nowhere */
};

/* A sentence and the alerts that stand in it; two places of one sentence are shown once. */
struct digest_passage {
    const struct alert_view **alerts; /* in the order of their mentions */
    size_t n_alerts;
    struct slice *matched; /* beside each alert: how it was found, in words */
    bool is_headline;      /* it is that of the story: not shown once more */
};

/* One thing that has changed. */
struct digest_change {
    const struct revision_view *view;
    struct slice words; /* "12 to 14 stations, at The Ledger 09:20": revision_words */
};

struct digest_story {
    const struct alert_view *first; /* the alert that leads: highest severity, then oldest */
    const struct alert_view **alerts;
    size_t n_alerts;
    struct digest_passage *passages;
    size_t n_passages;
    struct slice aside;   /* low severity beside higher ones: "Japan [jp, a13], ..." */
    size_t n_unnamed;     /* alerts beyond those: "and 12 more" */
    struct slice outlets; /* of its other copies: "Post, Wire, Weekly"; empty when there are none */
    struct digest_change *changes; /* since its alerts were raised */
    size_t n_changes;
    bool is_rescan;                 /* found in what was read before, since the list has changed */
    int64_t told_at;                /* the analyst knows it, by another item; 0: it is new to him */
    int64_t mailed_at;              /* when a mail told of it; 0: none did, it counts as known */
    int64_t n_more, n_more_outlets; /* copies since then, and the outlets of these */
};

/* A story that was told before, and what has changed in it. */
struct digest_developing {
    const struct revision_view *first;
    struct digest_change *changes; /* oldest first */
    size_t n_changes;
    enum alert_severity severity;   /* the highest of them */
    int64_t n_more, n_more_outlets; /* copies since it was told last, and the outlets of these */
};

/* A story that was told at once since the last digest. */
struct digest_at_once {
    const struct alert_view *first; /* of its alerts; without their sentences */
    size_t n_alerts;
    int64_t at; /* when that mail was made */
};

/* A name with what a week gave, and the week before it. */
struct digest_count {
    struct slice name, label; /* "Lantern Bay light", "ie-lantern"; label may be empty */
    int64_t n, n_before;      /* stories */
};

/* A story in a line. */
struct digest_headline {
    const struct alert_view *first; /* without its sentence */
    struct slice items;             /* "Lantern Bay light, Ireland" */
};

/* "N sites in M countries", as it was said in the week. */
struct digest_claim {
    struct slice words;    /* "at least 12 sites in 3 countries" */
    struct slice evidence; /* "says Society; 3 articles in 2 outlets" */
    struct slice outlet, url;
};

/* Two spans of a weekly summary. */
struct digest_span {
    int64_t n_stories, n_alerts;
    int64_t n_runs, n_runs_failed, n_runs_partial;
    int64_t n_articles;       /* that were read for the first time */
    int64_t n_began, n_ended; /* troubles of feeds */
};

/* DIGEST_WEEKLY: what is in it. It marks nothing, so it counts what was told and what was not. */
struct digest_week {
    int64_t from, until; /* a week of the analyst's calendar */
    int64_t before_from; /* of the week before */
    struct digest_span now, before;
    struct digest_count *items, *countries; /* those with the most stories first */
    size_t n_items, n_items_shown, n_countries, n_countries_shown;
    struct digest_headline *top;
    size_t n_top;
    struct digest_claim *claims; /* said last first */
    size_t n_claims, n_claims_shown;
};

/* A place that may have a site, or a status that may have changed: proposed, with its sentence. */
struct digest_possible {
    struct slice subject;  /* what it is marked as told by */
    struct slice words;    /* "possible new station: Porto, Portugal" */
    struct slice label;    /* "pt-porto, alleged" */
    struct slice evidence; /* "3 articles in 2 outlets, since 2022-10-05" */
    struct slice sentence;
    size_t mark_start, mark_end;
    struct slice outlet, url, language;
    int64_t story_id;
    bool is_at_once; /* a mail at once told of its story: the sentence is not shown again */
};

/* A feed that is newly in trouble, or back again. */
struct digest_trouble {
    struct slice name;
    struct slice label; /* "f12, RS" */
    struct slice words; /* "fails since 2026-11-18 07:10: status 404" */
};

struct digest {
    enum digest_kind kind;
    int64_t story_id;        /* as of the choice */
    struct slice report_url; /* as of the choice */
    int64_t watchlist_id;    /* the newest version that found something here; 0: none */
    const struct analyst *analyst;
    int64_t now, zone_s;     /* seconds east of UTC, now, where the analyst is */
    int64_t since;           /* of the last digest; 0: the first */
    struct alert_view *rows; /* of the stories' alerts */
    struct digest_story *stories;
    size_t n_stories, n_alerts;
    size_t n_shown;       /* have sentences and may be shown: news first, then those of a rescan */
    size_t n_known;       /* told before by another item: they stand before those of a rescan */
    size_t n_rescan;      /* the last ones */
    int64_t n_rescan_old; /* alerts that a rescan raised in history: counted, not told */
    struct digest_developing *developing;
    size_t n_developing, n_developing_shown;
    struct revision_view_list revisions; /* told by this digest, shown or not */
    struct digest_possible *possible;    /* told by this digest, shown or not */
    size_t n_possible, n_possible_shown;
    struct slice waiting;   /* DIGEST_ALL_QUIET: "2 unconfirmed proposals wait: ..."; or empty */
    struct slice counts;    /* "3 new, 1 changed" */
    struct slice countries; /* "IE NL": of the alerts */
    /* what the analyst did not want to be told: "item pier until 2026-12-04 08:00, 3 withheld" */
    struct slice *mutes;
    size_t n_mutes, n_mutes_shown;
    /* how well could be watched */
    struct digest_trouble *troubles; /* new ones, then ended ones */
    size_t n_began, n_ended;
    struct trouble_view_list told;                 /* their rows */
    int64_t n_runs, n_runs_failed, n_runs_partial; /* since the last digest */
    int64_t n_pages_failed, n_quarantined;
    struct slice runs;     /* "24 since the last digest, 1 failed" */
    struct slice in_short; /* "2 feeds in trouble, 1 back again"; or empty */
    struct slice feeds;    /* "203 in order, 2 failing" */
    struct slice standing; /* "11 feeds are still in trouble, as told before"; or empty */
    struct slice gaps;     /* "RS (31 days); in sr (31 days)": no healthy feed; or empty */
    struct slice outage;   /* of our own network; or empty */
    struct slice canary;   /* of our own mail that did not come back; or empty */
    struct slice covers;   /* "covers 3 days", when a regular hour went by without a digest */
    struct slice thread;   /* DIGEST_IMMEDIATE of one story: its headline, the same every time */
    struct digest_at_once *at_once;
    size_t n_at_once, n_at_once_shown;
    const struct digest_week *week; /* DIGEST_WEEKLY alone */
};

/* Lives in the arena. Alerts that the analyst does not want are left out, and not marked. */
enum ww_status digest_gather(struct store *s, const struct digest_choice *choice,
                             struct arena *arena, struct digest *out, struct ww_error *err);

/*
 * Is there something to tell: alerts, changes, new troubles, or troubles that are over? A weekly
 * summary and "all quiet" always have.
 */
bool digest_has_news(const struct digest *d);

/* Has it feeds in trouble, and nothing of stories? Then these come first. */
bool digest_is_trouble(const struct digest *d);

/* What it tells besides alerts is told: changes, proposals, troubles. Of a weekly summary nothing.
 */
enum ww_status digest_mark_changes(struct store *s, const struct digest *d, struct ww_error *err);
enum ww_status digest_mark_possible(struct store *s, const struct digest *d, struct ww_error *err);
enum ww_status digest_mark_troubles(struct store *s, const struct digest *d, struct ww_error *err);

/*
 * "Watch digest Sun 22 Nov: 3 new, 1 changed (IE NL), 2 feeds in trouble"; of one story told at
 * once its headline, and nothing that would change: mail programs make a thread of it.
 */
struct slice digest_subject(const struct digest *d, struct arena *arena);

/*
 * Each returns how many alerts of the digest it had no room for; when one of them did not show all,
 * digest_csv goes along.
 */
/* Plain text, 72 columns by display width, complete. */
size_t digest_text(const struct digest *d, struct buf *out);
/* HTML for mail programs: tables, inline styles, no images, no script, light and dark. */
size_t digest_html(const struct digest *d, struct buf *out);

/*
 * All alerts of the digest as a table, the columns of `alert list --format csv`. When it grows over
 * DIGEST_CSV_MAX_BYTES the newest ones stay. Reads a sentence at a time.
 */
enum ww_status digest_csv(struct store *s, const struct digest *d, struct buf *out,
                          struct ww_error *err);

/* For a program or a server: one JSON object, wirewatch-mail(7). message_id: with its brackets. */
enum ww_status digest_json(const struct digest *d, struct slice message_id, struct arena *arena,
                           struct buf *out, struct ww_error *err);

/* What a part has room for, as the way there will encode it (message_write chooses how). */
struct digest_room {
    size_t max_bytes;
    size_t n_bytes, n_escaped, n_lines; /* that were taken */
};

/* Alerts of the stories behind the first n_stories, and those that stand in these without a name.
 */
size_t digest_count_left(const struct digest *d, size_t n_stories);

/* Does piece fit behind what was taken? Then it is taken. */
bool digest_room_take(struct digest_room *r, struct slice piece);
/* Bytes on the way. */
size_t digest_room_used(const struct digest_room *r);

/* ---- digest_hints.c: for whoever renders ------------------------------------------------------
 */

/* The address of a story's page in the report. */
void digest_add_page(const struct digest *d, int64_t story_id, struct buf *out);
/* "wirewatch alert mark a5 relevant --analyst europe", of the first story: as it is typed. */
void digest_add_mark_command(const struct digest *d, struct buf *out);

#define DIGEST_TIME_BYTES 40
/* "2026-11-22 07:30", where the analyst is. */
const char *digest_time(const struct digest *d, int64_t at, char out[DIGEST_TIME_BYTES]);

/* A passage in pieces: what was found, and what stands around it. */
struct digest_piece {
    struct slice text;
    bool is_match;
};

#define DIGEST_PIECES_MAX 17

struct digest_quote {
    struct digest_piece pieces[DIGEST_PIECES_MAX];
    size_t n_pieces;
    bool is_cut_before, is_cut_after;
};

/* At most about max bytes before the first match and behind the last. */
struct digest_quote digest_quote(const struct digest_passage *passage, size_t max);
/* The same of what has changed: its sentence, and in it what is new. */
struct digest_quote digest_change_quote(const struct revision_view *v, size_t max);
struct digest_quote digest_possible_quote(const struct digest_possible *p, size_t max);

#endif
