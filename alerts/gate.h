/*
 * gate.h - what may stop a name of the watchlist, or a term, from counting, by name.
 *
 * Every rule of matching that turns something away answers with its gate, so that the article that
 * raised no alert can be explained by the very rules that kept it quiet. GATE_NONE lets through.
 * Which words, country or longer name it was stands in the trace (trace.h).
 */
#ifndef WW_ALERTS_GATE_H
#define WW_ALERTS_GATE_H

#include <stdbool.h>

enum gate {
    GATE_NONE,
    /* a name: how it is written */
    GATE_LANGUAGE,
    GATE_SMALL,
    GATE_CUT_WORD,
    /* a name: what it is a part of */
    GATE_HIDDEN,
    GATE_VETO,
    GATE_LINKS,
    GATE_CAPTION,
    GATE_DATELINE,
    GATE_PHRASE_VETO,
    GATE_FOLLOWED,
    GATE_PHRASE,
    GATE_METONYM,
    /* a name: what the article says elsewhere */
    GATE_FICTION,
    GATE_ABSENT,
    GATE_NEEDED,
    GATE_REQUIRE,
    GATE_EXCLUDE,
    /* a name: where the terms are */
    GATE_NO_TERM,
    GATE_NO_TERM_NEAR,
    GATE_NO_TERM_SENTENCE,
    GATE_NO_TERM_BESIDE,
    GATE_VETO_SENTENCE,
    GATE_SAME_SENTENCE,
    GATE_METONYM_BESIDE,
    GATE_COUNTRY_BESIDE,
    /* limits */
    GATE_NAME_LIMIT,
    GATE_ITEM_LIMIT,
    GATE_ARTICLE_LIMIT,
    /* a term */
    GATE_TERM_HIDDEN,
    GATE_TERM_LEFT_OUT,
    GATE_TERM_WEAK,
    GATE_TERM_TOPICAL,
    GATE_TERM_OPERATION,
    GATE_COUNT
};

/* In machine formats: "dateline". */
const char *gate_name(enum gate gate);
/* What happened, said of the name or term: "stands in a dateline: where it was written from". */
const char *gate_text(enum gate gate);
/* What would have been needed; empty where nothing could have helped. */
const char *gate_needs(enum gate gate);

#endif
