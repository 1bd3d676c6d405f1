/*
 * store_alerts.h - watchlist versions, mentions, candidates and alerts: the facts behind "why".
 *
 * All of it is only ever appended. A mention names the watchlist version, alias, rule, term and
 * byte offsets that made it, so that an explanation is read and never guessed; the version itself
 * is kept whole. One alert a story and watched item: a second one is no error and not stored.
 */
#ifndef WW_STORAGE_STORE_ALERTS_H
#define WW_STORAGE_STORE_ALERTS_H

#include "storage/store.h"
#include "storage/store_articles.h"

/* ---- watchlist versions ---------------------------------------------------------------------- */

struct watchlist_row {
    int64_t id;          /* the version number that is shown */
    struct slice sha256; /* of content: SHA256_BYTES bytes; reckoned here */
    struct slice folder;
    int64_t loaded_at, n_items;
    struct slice origin;  /* the command that made it: "import"; "run": first seen by a run */
    struct slice note;    /* what a person said, or which file it came from */
    struct slice content; /* the files, in whatever frame alerts/ uses; stored compressed */
};

struct watchlist_list {
    struct watchlist_row *rows;
    size_t n_rows;
};

/* A content that is already the newest version is not stored again: *id is that one. */
enum ww_status store_add_watchlist(struct store *s, const struct watchlist_row *row, int64_t *id,
                                   bool *is_new, struct ww_error *err);
/* With content; id 0: the newest. WW_NOT_FOUND. */
enum ww_status store_watchlist(struct store *s, int64_t id, struct arena *arena,
                               struct watchlist_row *out, struct ww_error *err);
/* Newest first, without content. */
enum ww_status store_list_watchlists(struct store *s, const struct store_window *window,
                                     struct arena *arena, struct watchlist_list *out,
                                     struct ww_error *err);

/* ---- mentions -------------------------------------------------------------------------------- */

enum mention_field { MENTION_TITLE, MENTION_TEXT };

const char *mention_field_name(enum mention_field field);

struct mention_row {
    int64_t id, article_id, watchlist_id;
    struct slice item;  /* id of the watched item: "es-madrid" ... */
    struct slice kind;  /* "station", "jurisdiction", "country", "rule" */
    struct slice alias; /* the spelling of the watchlist that was found */
    struct slice rule;  /* why it counts, by name */
    struct slice term;  /* the term that stands near, as in the text; may be empty */
    enum mention_field field;
    int64_t start, end;                   /* bytes of the field: quote is exactly these */
    int64_t sentence_start, sentence_end; /* of the sentence around it */
    int64_t term_start, term_end;         /* of the term, in the same field; 0, 0: none */
    struct slice quote;
    struct slice looked_at; /* what might have taken it away and did not, a line each */
};

struct mention_list {
    struct mention_row *rows;
    size_t n_rows;
};

/* The same mention by the same watchlist version is stored once; *id is that one. */
enum ww_status store_add_mention(struct store *s, const struct mention_row *row, int64_t *id,
                                 struct ww_error *err);

struct mention_filter {
    struct store_window window; /* limit and offset alone */
    int64_t article_id, watchlist_id;
    struct slice item, kind;
};

/* By article, then by place in it. */
enum ww_status store_list_mentions(struct store *s, const struct mention_filter *filter,
                                   struct arena *arena, struct mention_list *out,
                                   struct ww_error *err);

/* ---- candidates: proposed places, never stated as fact --------------------------------------- */

/* Does the sentence say so itself? What is only wanted or planned is found, and never stored. */
enum stance { STANCE_ASSERTED, STANCE_ALLEGED, STANCE_DENIED, STANCE_UNREAL };

const char *stance_name(enum stance stance);

struct candidate_row {
    int64_t id, article_id, watchlist_id;
    struct slice place, country;
    enum mention_field field;
    int64_t start, end, sentence_start, sentence_end;
    struct slice quote;
    int64_t found_at;
    struct slice place_id, term;
    enum stance stance;
};

struct candidate_list {
    struct candidate_row *rows;
    size_t n_rows;
};

enum ww_status store_add_candidate(struct store *s, const struct candidate_row *row, int64_t *id,
                                   struct ww_error *err);
/* Newest first; article_id 0: of all. */
enum ww_status store_list_candidates(struct store *s, int64_t article_id,
                                     const struct store_window *window, struct arena *arena,
                                     struct candidate_list *out, struct ww_error *err);

/* ---- alerts ---------------------------------------------------------------------------------- */

enum alert_severity { SEVERITY_LOW = 1, SEVERITY_MEDIUM, SEVERITY_HIGH };

const char *alert_severity_name(enum alert_severity severity);
bool alert_severity_parse(struct slice name, enum alert_severity *out);

/* How an alert came up. */
enum alert_cause { CAUSE_RUN, CAUSE_RESCAN, CAUSE_BACKFILL };

const char *alert_cause_name(enum alert_cause cause);

/* What an analyst says of an alert: store_marks.h. */
enum alert_verdict { MARK_NONE, MARK_RELEVANT, MARK_IRRELEVANT, MARK_KNOWN };

const char *alert_verdict_name(enum alert_verdict verdict);
/* "relevant", "irrelevant", "known", "none". */
bool alert_verdict_parse(struct slice name, enum alert_verdict *out);

struct alert_row {
    int64_t id, story_id, article_id, mention_id, watchlist_id;
    struct slice item, item_kind, item_name, country;
    enum alert_severity severity;
    int64_t created_at;
    bool is_historic;
    struct slice tags;  /* of the item: words, a blank between */
    struct slice owner; /* the analyst whose item it is; empty: everybody's */
    enum alert_cause cause;
    struct slice story_decision; /* why its story let it through, in words */
};

/* *is_new is false, and *id the one there is, when the story has alerted on the item before. */
enum ww_status store_add_alert(struct store *s, const struct alert_row *row, int64_t *id,
                               bool *is_new, struct ww_error *err);

/*
 * When the story has alerted on the item, but as history because a feed was read for the first
 * time, by an article published at since or later or undated: row takes its place, and *is_new.
 */
enum ww_status store_revive_alert(struct store *s, const struct alert_row *row, int64_t since,
                                  bool *is_new, struct ww_error *err);

/*
 * Of an article that is a page read again: has a version that came of the same bytes alerted on the
 * item? A live alert counts for both kinds, a historic one for history alone.
 */
enum ww_status store_alert_of_page(struct store *s, const struct alert_row *row, bool *is_known,
                                   struct ww_error *err);

/* Historic ones that a rescan has raised since then, for this analyst (alert_filter). */
enum ww_status store_count_rescan_history(struct store *s, int64_t since, struct slice analyst,
                                          struct slice analysts, int64_t *n, struct ww_error *err);

/* An alert with all that is shown of it. */
struct alert_view {
    struct alert_row alert;
    struct mention_row mention;
    struct article_row article;               /* the one that raised it */
    int64_t n_articles, n_outlets, n_origins; /* of its story, now */
    int64_t story_first_seen_at;
    struct slice headline;       /* of the article; its address when it has no title */
    struct slice sentence;       /* around the mention, from the stored text */
    size_t mark_start, mark_end; /* the mention inside sentence */
    size_t term_start, term_end; /* the term inside sentence; 0, 0: not in it */
    int64_t n_told;              /* messages that carry it */
    int64_t n_revisions;         /* store_revisions.h */
    enum alert_verdict verdict;  /* the newest that stands */
    bool is_told;                /* to anybody, by a message or as known */
    int64_t n_withheld;          /* analysts who were not told because of a mute */
};

struct alert_view_list {
    struct alert_view *rows;
    size_t n_rows;
};

/* By cause: all, or what the archive gave after the list had changed, apart from the others. */
enum alert_choice { ALERTS_ANY, ALERTS_NOT_RESCAN, ALERTS_RESCAN };

struct alert_filter {
    struct store_window window; /* of created_at; of historic ones, of the article's date */
    int64_t after_id;
    struct slice item, item_kind, country;
    enum alert_severity severity_min; /* 0: any */
    int64_t story_id, article_id;
    enum store_history history;
    enum alert_choice cause;
    struct slice not_told_to; /* alerts this analyst has had no message about */
    /*
     * What is this analyst's, and no mute withheld. analysts: "|name|name|", all there are: an item
     * whose owner is none of them is everybody's.
     */
    struct slice for_analyst, analysts;
    struct slice tag, owner;
    enum alert_marked { ALERT_ANY_MARK, ALERT_MARKED, ALERT_UNMARKED } marked;
    enum alert_verdict verdict; /* MARK_NONE: any */
    int64_t backfill_id;        /* raised by an article that this backfill brought */
    bool is_muted;              /* somebody was not told because of a mute */
    bool oldest_first;
    bool is_light; /* no sentences (store_alert_sentence gives them), and nothing else that is long:
                      looked_at, description, author, site, canonical, credit, sources, sha256 */
};

/* WW_NOT_FOUND. */
enum ww_status store_alert(struct store *s, int64_t id, struct arena *arena, struct alert_view *out,
                           struct ww_error *err);
/* The sentence of a view that was listed without, with the marks in it. */
enum ww_status store_alert_sentence(struct store *s, struct alert_view *view, struct arena *arena,
                                    struct ww_error *err);
/* Newest first. */
enum ww_status store_list_alerts(struct store *s, const struct alert_filter *filter,
                                 struct arena *arena, struct alert_view_list *out,
                                 struct ww_error *err);

#endif
