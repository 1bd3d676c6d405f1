/* query_mentions.h - the rules that are true of an article, as mentions like any other. */
#ifndef WW_ALERTS_QUERY_MENTIONS_H
#define WW_ALERTS_QUERY_MENTIONS_H

#include "alerts/mentions.h"
#include "alerts/query_rules.h"

/* Why such a mention counts, by name. */
#define QUERY_RULE "query"

/*
 * One mention a rule: quoted is a word of it, and the term is another that stands nearest to it.
 * No limit cuts them: there are no more than the list has rules.
 */
enum ww_status query_mentions_add(const struct query_finder *f, const struct context fields[2],
                                  struct arena *arena, struct mention_report *report, size_t *room,
                                  struct ww_error *err);

#endif
