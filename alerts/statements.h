/*
 * statements.h - what a sentence says of what was found in it.
 *
 * Does it assert, doubt or deny it; how do things stand with it ("closed"); how many of them does
 * it count, and who says so. The words are the watchlist's, of the roles that are looked for late
 * (watchlist_roles.h), and are looked for only in sentences in which something was found. None of
 * it is a statement of ours: it becomes proposals and claims, each with its sentence.
 *
 * In a word of terms.csv `@` at an end is the status, the term or the number it stands beside:
 * directly, or with `*` up to MATCH_GAP_WORDS words away, never across a comma. A word without `@`
 * counts anywhere in the sentence.
 *
 * Ownership: the words live in their arena and borrow the watchlist.
 */
#ifndef WW_ALERTS_STATEMENTS_H
#define WW_ALERTS_STATEMENTS_H

#include "alerts/context.h"
#include "alerts/mentions.h"

struct statements;

enum ww_status statements_build(const struct watchlist *w, struct arena *arena,
                                struct statements **out, struct ww_error *err);

/*
 * Does the sentence say that there is what its term names? A weak status ("denied") is a denial,
 * and so is a negation beside the term or without a place of its own.
 */
enum stance statements_of_existence(const struct statements *st, const struct context *c,
                                    const struct context_sentence *s, struct slice language,
                                    struct arena *arena);

/*
 * Add to the report what the sentences of its mentions say of statuses, and the counts of all
 * sentences that speak of what is watched.
 */
enum ww_status statements_find(const struct statements *st, const struct context fields[2],
                               struct slice language, struct arena *arena,
                               struct mention_report *report, struct ww_error *err);

#endif
