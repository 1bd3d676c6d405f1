/*
 * query_hits.h - where the words of the rules stand in one article.
 *
 * A place is a number of its own in the whole article: the title's words come first, then, further
 * off than any NEAR reaches, those of the text. Sentences and paragraphs are numbered in the same
 * way. Places in captions, link lines and datelines are kept apart: only `all:` asks for them.
 */
#ifndef WW_ALERTS_QUERY_HITS_H
#define WW_ALERTS_QUERY_HITS_H

#include "alerts/context.h"
#include "alerts/query.h"

struct watchlist;

struct query_hit {
    uint32_t first, last; /* places of its tokens */
    uint32_t sentence, paragraph;
    uint32_t word;
};

struct query_hits {
    const struct query_hit *rows; /* by first */
    size_t n_rows;
};

struct query_article {
    uint32_t base;      /* the place of the text's first token */
    uint32_t units;     /* what sentences and paragraphs of the text are counted from */
    uint32_t lead_end;  /* behind the lead */
    uint32_t *first[2]; /* per word and one more: its rows in hits; [1]: those that count */
    struct query_hit *hits[2];
};

/*
 * words are what the matcher found, by field; a match's name is the number of the word. globs of
 * the words have been looked at.
 */
enum ww_status query_hits_build(const struct query_words *list, const struct match_list words[2],
                                const struct context fields[2], const struct watchlist *watchlist,
                                struct arena *arena, struct query_article *out,
                                struct ww_error *err);

struct query_hits query_hits_of(const struct query_article *a, uint32_t word, uint32_t fields);

/* The field of a place, and its token there. */
enum mention_field query_hit_field(const struct query_article *a, uint32_t place, uint32_t *token);

/* The first row that begins at the place or behind it. */
size_t query_hits_from(struct query_hits hits, uint32_t place);

#endif
