/*
 * mention_parts.h - one article on its way through matching: what the parts of mentions.c share.
 *
 * mentions.c finds names and decides whether the article is worth a closer look; mention_settle.c
 * keeps of the names that overlap those that count; mention_judge.c says what one is worth, by the
 * sentence it stands in; mention_tell.c makes mentions and candidates of them.
 */
#ifndef WW_ALERTS_MENTION_PARTS_H
#define WW_ALERTS_MENTION_PARTS_H

#include "alerts/combine.h"
#include "alerts/context.h"
#include "alerts/gate.h"
#include "alerts/mentions.h"
#include "alerts/query_mentions.h"
#include "alerts/rejection.h"
#include "alerts/statements.h"
#include "alerts/tally.h"
#include "alerts/trace.h"

enum rule {
    RULE_ALIAS,
    RULE_BODY,
    RULE_BODY_PLACE,
    RULE_COUNTRY,
    RULE_BESIDE,
    RULE_HEADLINE,
    RULE_QUERY,
    RULE_SENTENCE
};

/* As stored: "same-sentence". */
const char *mention_rule_name(enum rule rule);

struct mention_engine {
    const struct watchlist *watchlist;
    struct matcher *matcher;
    struct rejections *rejections;
    struct statements *statements;
    struct query_rules *queries;
    struct sentence_pool *sentences;
    struct combiner *combiner;
    bool is_recording;
};

/* One article on its way through. */
struct finder {
    const struct mention_engine *e;
    const struct mention_article *article;
    struct arena *arena;
    struct trace *trace; /* NULL: nobody asks why */
    struct context_state state;
    struct context fields[2]; /* by enum mention_field */
    struct match_list matches[2];
    bool is_led;                 /* the title tells what the first paragraph is about */
    unsigned char *place_states; /* of rejections */
    struct tally n_of_item;
    struct tally n_of_name;     /* matches looked at closely */
    unsigned char *is_proposed; /* per place: there is a candidate of it */
    struct query_finder queries;
    enum ww_status guard_status; /* of asking guards */
    struct mention_report report;
    size_t mentions_room, candidates_room;
};

/* The verdict on one match. strength 0: it does not count, and the gate says why. */
struct verdict {
    enum rule rule;
    enum term_strength strength;
    const struct context_sentence *because; /* the sentence whose term counts */
    enum gate gate;
};

struct verdict mention_judge(struct finder *f, const struct context *c, const struct match *m);

/* Does the place stand outside of the sentence with the term? */
bool mention_is_beside(const struct verdict *v);

/*
 * Does the title tell what the first paragraph is about? It holds a strong term and no place, and
 * the paragraph has no term of its own and no second place: of two one may be where somebody spoke.
 */
bool mention_leads(const struct context *title, const struct context *text);

/* Keep of a field's names those that no longer one hides and nothing rejects, by place again. */
enum ww_status mention_settle(struct finder *f, enum mention_field field, struct ww_error *err);

/* Mentions and candidates of one name that stays. */
void mention_tell(struct finder *f, enum mention_field field, const struct match *m,
                  const struct verdict *v);

/* A country beside one of its places says nothing more. */
void mention_drop_countries(struct mention_report *r);

#endif
