/*
 * query_rules.h - the rules and guards of a list on their way through one article.
 *
 * The matcher is built over the list's names and, behind them, the words of its queries. What it
 * finds of the words is kept apart here, and only rules of which a needed word was seen are looked
 * at; of those only the ones that could be true ask for sentences. So a list of ten thousand rules
 * costs an ordinary article next to nothing.
 */
#ifndef WW_ALERTS_QUERY_RULES_H
#define WW_ALERTS_QUERY_RULES_H

#include "alerts/context.h"
#include "alerts/gate.h"
#include "alerts/query_hits.h"
#include "alerts/watchlist.h"

struct query_rules;
struct watchlist;

/* What the matcher is built from: the list's names, then its words. NULL: the arena is full. */
const struct watch_name *query_rules_names(const struct watchlist *w, struct arena *arena,
                                           size_t *n_names);

enum ww_status query_rules_build(const struct watchlist *w, struct arena *arena,
                                 struct query_rules **out, struct ww_error *err);

const struct watchlist *query_rules_list(const struct query_rules *r);

/* One article; zeroed to begin with. */
struct query_finder {
    const struct query_rules *rules;
    struct match_list words[2]; /* by field; names are numbers of words */
    uint32_t *candidates;       /* rules that could be true */
    size_t n_candidates;
    bool has_article;
    struct query_article article;
};

/* Take the words out of what was found in a field. */
enum ww_status query_rules_take(struct query_finder *f, enum mention_field field,
                                const struct match_text *text, struct match_list *list,
                                struct arena *arena, struct ww_error *err);

/* Could a rule be true, once both fields were taken? */
enum ww_status query_rules_consider(struct query_finder *f, struct arena *arena, bool *is_promising,
                                    struct ww_error *err);

/* Is there a rule that needs one of these words? words: numbers of words, as taken. */
bool query_rules_need_any(const struct query_rules *r, const struct match_list *words);

/* The contexts are there: before guards and rules are asked. */
enum ww_status query_rules_prepare(struct query_finder *f, const struct context fields[2],
                                   const struct watchlist *watchlist, struct arena *arena,
                                   struct ww_error *err);

/* May the match of a guarded name count? guard is that of watch_name; GATE_NONE: it may. */
enum ww_status query_rules_guard(const struct query_finder *f, uint32_t guard,
                                 const struct context *c, enum mention_field field,
                                 const struct match *m, enum gate *gate, struct ww_error *err);

/* What a guard's `require` found around a match that may count. */
struct query_witness {
    struct slice text; /* as in the field; empty: nothing that has a place */
    uint32_t n_words;  /* between it and the match */
};

enum ww_status query_rules_witness(const struct query_finder *f, uint32_t guard,
                                   const struct context *c, enum mention_field field,
                                   const struct match *m, struct query_witness *out,
                                   struct ww_error *err);

/* A rule that is true of the article, with two of the words that made it so. */
struct query_finding {
    uint32_t rule;
    uint32_t word; /* what is quoted */
    enum mention_field field;
    struct match at; /* tokens of the field; name is no name of the list */
    bool has_term;   /* another word, the one nearest to it, in the same field */
    struct match term;
};

/* By the order of the list; each rule once. */
enum ww_status query_rules_find(const struct query_finder *f, struct arena *arena,
                                struct query_finding **out, size_t *n_findings,
                                struct ww_error *err);

#endif
