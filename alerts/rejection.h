/*
 * rejection.h - what looks like a place of the watchlist and is none.
 *
 * Vetoes of terms.csv with an @ ("@ Times", "based in @"), the clauses of a place's column
 * `disambiguation`, and datelines ("PARIS, Oct. 26 (Agency) -"). Also, for a capital in the
 * sentence beside the one with the term: it must be said that something is there ("in", "near"),
 * because capitals stand for governments as well. And in the term's own: a capital that a verb
 * follows ("Paris hesitates") is a government, whatever the verb, unless a word of the watchlist
 * says that the place is meant: "in @", "@ hosts", the case it stands in ("-ban").
 */
#ifndef WW_ALERTS_REJECTION_H
#define WW_ALERTS_REJECTION_H

#include "alerts/context.h"
#include "alerts/gate.h"

struct rejections;

enum ww_status rejections_build(const struct watchlist *w, struct arena *arena,
                                struct rejections **out, struct ww_error *err);

/*
 * Is the match no mention of what it looks like? GATE_NONE: it may be one. place is WATCH_NONE when
 * it is none. fields are both fields of the article; states has a zeroed byte for each place and is
 * used for one article.
 */
enum gate rejections_test(const struct rejections *r, const struct context *c,
                          const struct match *m, uint32_t place, const struct context fields[2],
                          struct slice language, unsigned char *states);

/* May the place count though only a sentence beside its own holds a term? GATE_NONE: it may. */
enum gate rejections_test_beside(const struct rejections *r, const struct context *c,
                                 const struct match *m, uint32_t place, struct slice language);

/*
 * The words by which that gate turned the match away: the phrase around it, with "@" for the match;
 * the word found elsewhere in the article; all of which one was missed, `|` between. Empty: none.
 */
struct slice rejections_words(const struct rejections *r, const struct context *c,
                              const struct match *m, uint32_t place, const struct context fields[2],
                              struct slice language, enum gate gate, struct arena *arena);

/* The word of the place's "negative" or "positive" that the article has; empty: none. */
struct slice rejections_found(const struct rejections *r, uint32_t place,
                              const struct context fields[2], enum condition_kind kind);

/* Does a locative of the language ("in", "near") stand before the place or its list? */
bool rejections_is_located(const struct rejections *r, const struct context *c,
                           const struct match *m, struct slice language);

#endif
