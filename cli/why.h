/*
 * why.h - the way of one page from a feed's word to an analyst's mail, line by line, up to the
 * first gate that stopped it.
 *
 * Lines are gathered in the order of the way and shown at the end, for people and for programs
 * alike. The first line that stops is the verdict; later ones say what else would have.
 *
 * Ownership: everything lives in the command's arena.
 */
#ifndef WW_CLI_WHY_H
#define WW_CLI_WHY_H

#include "alerts/watchlist.h"
#include "base/attrs.h"
#include "cli/cli.h"
#include "storage/store_alerts.h"

#include <stdbool.h>
#include <stddef.h>

enum why_stage {
    WHY_ADDRESS,
    WHY_ANNOUNCED,
    WHY_PAGE,
    WHY_ARTICLE,
    WHY_STORY,
    WHY_LIST,
    WHY_ITEM,
    WHY_NAME,
    WHY_TERM,
    WHY_ALERT,
    WHY_DELIVERY,
    WHY_VERDICT
};

struct why_line {
    enum why_stage stage;
    const char *reason; /* in machine formats: "gone", or the name of a gate (alerts/gate.h) */
    bool is_stop;
    struct slice text, needs;
    int64_t at; /* 0: no time belongs to it */
    /* of a name */
    struct slice item, alias, quote, words, sentence;
    struct watch_cell cell; /* row 0: none */
    const char *field;      /* NULL: it stands in no text */
    int64_t start, end;
    size_t mark_start, mark_end; /* the name inside sentence */
};

struct why {
    struct cli *cli;
    struct slice item; /* --for; empty: all */
    struct why_line *lines;
    size_t n_lines, room;
    struct why_line spare; /* what cannot be kept; the arena tells of it at the end */
    int exit_status;
};

/* One more line; its other members may be filled in until the next call. Never NULL. */
struct why_line *why_note(struct why *w, enum why_stage stage, const char *reason, const char *fmt,
                          ...) WW_PRINTF(4, 5);
/* The same of what ended the way. */
struct why_line *why_stop(struct why *w, enum why_stage stage, const char *reason, const char *fmt,
                          ...) WW_PRINTF(4, 5);

/* "once", "twice", "3 times" */
struct slice why_times(struct why *w, size_t n);

/* ---- why_page.c: from the address to its article ----------------------------------------------
 */

/* word: an address, a file's path, an article's number or an alert's. article->id is 0 when there
 * is none. */
enum ww_status why_find_article(struct why *w, const char *word, struct article_row *article,
                                struct ww_error *err);

/* ---- why_finds.c: what backfills know of an address
 * --------------------------------------------
 */

/* *n: how many found it. Of an address with an article what became of a find stops nothing. */
enum ww_status why_finds(struct why *w, struct slice canonical, bool has_article, size_t *n,
                         struct ww_error *err);

/* ---- why_item.c: what the list finds in the article -------------------------------------------
 */

struct why_found {
    struct slice items[64]; /* ids of those that count, of --for or of all */
    size_t n_items;
    size_t n_more;
};

enum ww_status why_match(struct why *w, const struct article_row *article, struct why_found *found,
                         struct ww_error *err);

/* ---- why_rule.c: the analysts' own rules -------------------------------------------------------
 */

struct mention_article;
struct mention_report;

/* A line for each rule that is true of the article, of --for or of all; else what it lacks. */
enum ww_status why_rules(struct why *w, const struct watchlist *list,
                         const struct mention_article *article, const struct mention_report *report,
                         bool says_why_not, struct ww_error *err);

/* ---- why_alert.c: what became of what was found -----------------------------------------------
 */

enum ww_status why_alerts(struct why *w, const struct article_row *article,
                          const struct why_found *found, struct ww_error *err);

#endif
