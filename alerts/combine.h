/*
 * combine.h - terms made of kinds of words: "{dam} /4 {breach}".
 *
 * A row of terms.csv with the role word:NAME puts its word into the class NAME. A row with another
 * role whose term is made of classes in braces stands wherever one word of each class is found in
 * one sentence, in any order. The number between two of them says how many words may stand between
 * (three without one; under three, no comma either), /s that the sentence is enough. Built-in
 * classes are {anchor} and {abroad}, the words of those roles; {body}, a body's names; {home}, a
 * body's places; {place}.
 *
 * A combination counts as a match of its row. With the role `body` its {home} becomes a name of the
 * body; with the role `veto` it covers what its last class found, and nothing counts there.
 *
 * So a language needs its words, not its phrases: fifteen words for a dam and thirty for a breach
 * are 450 phrases, in all orders.
 */
#ifndef WW_ALERTS_COMBINE_H
#define WW_ALERTS_COMBINE_H

#include "alerts/matcher.h"
#include "alerts/watchlist.h"

struct arena;
struct combiner;

/* Is the text of a term made of classes? */
bool combine_is_pattern(struct slice term);

/* Say of each combination what is wrong with it: a class that no row has, a number, the form. */
bool combine_check(const struct watchlist *w, struct arena *arena, struct watch_findings *findings);

enum ww_status combiner_build(const struct watchlist *w, struct arena *arena, struct combiner **out,
                              struct ww_error *err);

/* list, sorted by first token, gets the combinations of its words; its order is lost. */
enum ww_status combiner_find(const struct combiner *c, const struct match_text *text,
                             struct arena *arena, struct match_list *list, struct ww_error *err);

#endif
