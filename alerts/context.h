/*
 * context.h - which sentences of an article speak of what is watched.
 *
 * A sentence is in context when it holds a strong term; or a weak one with an anchor or a watched
 * body beside it; or, once the article has been in context, a topical one. Lines of links and
 * picture captions are left out of everything. The rules are those of the watchlist format; the
 * words are the watchlist's.
 */
#ifndef WW_ALERTS_CONTEXT_H
#define WW_ALERTS_CONTEXT_H

#include "alerts/matcher.h"
#include "alerts/watchlist.h"
#include "base/sentence.h"
#include "storage/store_alerts.h"

struct arena;
struct trace;

/* A sentence, its tokens and what was found in it. */
struct context_sentence {
    struct sentence at;
    uint32_t first; /* tokens [first, behind) */
    uint32_t behind;
    enum term_strength strength; /* 0: not in context */
    const struct match *term;    /* what put it there */
    bool has_operation;
    bool has_body;   /* names a watched body */
    bool has_abroad; /* says that it is outside of the country */
    bool has_veto;
    uint32_t n_places; /* named in it, watched or not */
    bool is_anaphoric; /* begins with a word that points at the sentence before it */
    bool is_left_out;  /* links, captions */
    bool is_caption;   /* it is left out as one */
};

/* One field of an article: its title or its text. */
struct context {
    struct match_text text;
    struct match_list names; /* by token; terms are taken out */
    struct match_list terms; /* by token, the longest of those that overlap */
    struct context_sentence *sentences;
    size_t n_sentences;
};

/* What is known of the whole article so far: topical words and bodies depend on it. */
struct context_state {
    bool has_term;
    bool has_operation;
    bool is_fiction; /* it says so itself */
};

/* What a context is built from. */
struct context_source {
    const struct watchlist *watchlist;
    const struct matcher *matcher;
    struct slice language;
    struct trace *trace;      /* gets what becomes of the terms; NULL: nobody asks */
    enum mention_field field; /* the text at hand, for the trace */
    struct sentence_pool *sentences;
};

/*
 * matches are all that the matcher found in the text and that the language admits. state goes from
 * the title to the text.
 */
enum ww_status context_build(const struct context_source *source, const struct match_text *text,
                             const struct match_list *matches, struct context_state *state,
                             struct arena *arena, struct context *out, struct ww_error *err);

/* The first of the terms that begin at that token or behind it. */
size_t context_term_from(const struct context *c, size_t token);

/* The term that a match is of; NULL: it is of a name. */
const struct watch_term *context_term(const struct context_source *source, const struct match *m);

/* The sentence that a token is in. */
const struct context_sentence *context_at(const struct context *c, size_t token);

/*
 * Do two paragraphs go together: as speech and who speaks, or because later, which begins the
 * second of them, points back? A quotation mark or a dash begins the one that holds speech. Words
 * in quotation marks begin no paragraph that goes on in small letters: those are names of things.
 */
bool context_goes_on(const struct context *c, const struct context_sentence *later,
                     const struct context_sentence *speech);

/* By weight, so that the longest comes first; equal ones by place and name. */
void context_sort_by_weight(struct match *rows, size_t n_rows);
void context_sort_by_place(struct match *rows, size_t n_rows);

#endif
