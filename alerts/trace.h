/*
 * trace.h - every name and term that matching looked at in one article, and the gate it met.
 *
 * A recorder that mentions_trace is handed; a normal run has none and pays nothing. The gates
 * report while they judge, so that the trace cannot say anything else than what was done; which
 * words it was is looked up when the article is done.
 *
 * Ownership: rows live in the arena that was given and borrow the watchlist and the article.
 * Limits:    TRACE_ROWS_MAX names and as many terms; n_more says what was left out.
 */
#ifndef WW_ALERTS_TRACE_H
#define WW_ALERTS_TRACE_H

#include "alerts/context.h"
#include "alerts/gate.h"
#include "alerts/rejection.h"
#include "storage/store_alerts.h"

struct arena;

/* One name or term at its place. */
struct trace_row {
    enum gate gate; /* the first that stopped it */
    enum gate also; /* of a name: another that would have */
    enum mention_field field;
    uint32_t name; /* of the watchlist */
    uint32_t item; /* of its items this one alone; WATCH_NONE: all */
    struct match match;
    size_t start, end; /* bytes of the field */
    size_t sentence_start, sentence_end;
    struct slice words; /* what did it: the phrase, the longer name, the country's word */
    struct slice term;  /* of a name without a term: the nearest that counts; may be empty */
    uint32_t term_words, term_sentences; /* how far it is */
};

struct trace {
    struct arena *arena;
    struct trace_row *names, *terms;
    size_t n_names, n_terms;
    size_t names_room, terms_room;
    size_t n_more;
};

void trace_init(struct trace *t, struct arena *arena);

/* The hooks; a NULL trace takes nothing. */
void trace_name(struct trace *t, enum mention_field field, const struct match *m, enum gate gate);
void trace_item(struct trace *t, enum mention_field field, const struct match *m, uint32_t item,
                enum gate gate);
void trace_term(struct trace *t, enum mention_field field, const struct match *m, enum gate gate);

/* What the rows are completed from, once the article is done. */
struct trace_source {
    const struct watchlist *watchlist;
    const struct rejections *rejections;
    const struct context *fields; /* both */
    struct slice language;
};

enum ww_status trace_finish(struct trace *t, const struct trace_source *source,
                            struct ww_error *err);

/* The items that the name stands for, two at most; gives how many. Terms stand for none. */
size_t trace_items(const struct watchlist *w, const struct trace_row *row, uint32_t out[2]);

#endif
