/*
 * mentions.h - what of the watchlist an article speaks of, and why it counts.
 *
 * A name alone is no mention. By the rules of the watchlist format: a direct alias counts anywhere;
 * a place or a near alias counts in a sentence in context (context.h) or beside one in the same
 * paragraph; a body's phrase counts when the article is in context at all, its bare place name only
 * in such a sentence. Vetoes, the place's own conditions, datelines, lines of links and captions
 * are taken out; of names that overlap the longest counts. A place that is no watched site is a
 * candidate, never a mention; a country that is not watched is one where no city of it is named.
 *
 * Ownership: an engine lives in its arena and borrows the watchlist; a report lives in the arena of
 *            the call and borrows the article and the watchlist.
 * Limits:    MENTIONS_MAX of each watched item, MENTIONS_ARTICLE_MAX in all; ARTICLE_TEXT_MAX_BYTES
 * are read.
 */
#ifndef WW_ALERTS_MENTIONS_H
#define WW_ALERTS_MENTIONS_H

#include "alerts/watchlist.h"
#include "storage/store_alerts.h"
#include "storage/store_claims.h"

struct mention_engine;
struct trace;

struct mention_article {
    struct slice title, text; /* valid UTF-8 */
    struct slice language;    /* BCP 47, or empty when nobody knows */
};

/* Where something stands in a field, in bytes. */
struct mention_span {
    enum mention_field field;
    size_t start, end;
    size_t sentence_start, sentence_end;
};

struct mention {
    const struct watch_item *item;
    struct mention_span at;
    struct slice alias; /* the name as the watchlist has it */
    const char *rule;   /* why it counts: a name of mention_rules below */
    struct slice term;  /* what put its sentence in context, as in the field; may be empty */
    size_t term_start, term_end;
    enum term_strength strength;
    struct slice looked_at; /* what might have stopped it (looked_at.h); empty unless asked for */
};

struct mention_candidate {
    const struct watch_place *place;
    struct mention_span at;
    enum term_strength strength;
    struct slice term;  /* what put its sentence in context, as in the field */
    enum stance stance; /* of that sentence */
};

/* A sentence that says how things stand with an item: a change of its status, proposed. */
struct mention_proposal {
    const struct watch_item *item;
    struct slice state; /* the role's name: "closed" */
    enum stance stance;
    struct mention_span at; /* the word for it, in its sentence */
};

/* "N sites in M countries". */
struct mention_claim {
    int64_t n_sites, n_countries;
    struct slice bound;     /* "least", "most", "about"; or empty */
    struct slice speaker;   /* who is said to say so; empty: nobody but the text */
    struct mention_span at; /* from the first number to what the last one counts */
};

struct mention_report {
    struct mention *mentions; /* by field, then by place; those of rules last */
    size_t n_mentions;
    struct mention_candidate *candidates; /* one for each place */
    size_t n_candidates;
    struct mention_proposal *proposals; /* one for each item and state */
    size_t n_proposals;
    struct mention_claim *claims;
    size_t n_claims;
    bool is_cut; /* the text is longer, or holds more names, than what was read */
};

enum ww_status mentions_open(const struct watchlist *w, struct arena *arena,
                             struct mention_engine **out, struct ww_error *err);

/* From now on each mention says what was looked at, which costs microseconds. */
void mentions_record(struct mention_engine *e);

enum ww_status mentions_find(const struct mention_engine *e, const struct mention_article *article,
                             struct arena *arena, struct mention_report *out, struct ww_error *err);

/*
 * The same, and every name and term that was looked at with the gate it met (trace.h). An article
 * that could not have had a mention is looked at all the same.
 */
enum ww_status mentions_trace(const struct mention_engine *e, const struct mention_article *article,
                              struct trace *trace, struct arena *arena, struct mention_report *out,
                              struct ww_error *err);

/* A sentence that says what a rule means; NULL for a name that is none. */
const char *mention_rule_text(struct slice rule);

#endif
