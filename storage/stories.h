/*
 * stories.h - is this article a copy of one that came before?
 *
 * Candidates are earlier articles that share sampled shingles (base/shingle.h), two or, with a
 * short text, one; the rarer a sample the more it weighs. The best STORY_CANDIDATES_MAX are
 * compared with the new text exactly: Jaccard J >= 0.30 or containment C >= 0.55, with at least 12
 * shared shingles. Three guards stand before a join: learned boilerplate (a sentence seen in
 * STORY_FURNITURE stories counts for none), the fact guard of story_compare.h (the same mould with
 * other numbers and names is another story), and story_roundup.h (several stories side by side are
 * a copy of none).
 *
 * A text that joins shares three tenths with the text its story began with, or with its fullest:
 * a copy of a copy of a copy may have nothing of the story any more.
 *
 * The detector knows articles by number and reads earlier texts through struct story_source; it
 * keeps one index (shingle_index.h) of shingles -> articles and of sentences -> stories. A title
 * makes no copy: of 23 real copies none had kept its headline. It only tells whether two texts with
 * openings of their own are about the same thing.
 */
#ifndef WW_STORAGE_STORIES_H
#define WW_STORAGE_STORIES_H

#include "base/error.h"
#include "base/limits.h"
#include "base/slice.h"
#include "storage/shingle_index.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct stories;

enum story_kind {
    STORY_NEW,       /* like nothing before */
    STORY_EXACT,     /* joins: the same text */
    STORY_NEAR,      /* joins: the same text, edited */
    STORY_EXCERPT,   /* joins: the new text is contained in the earlier one */
    STORY_EXPANSION, /* joins: the earlier text is contained in the new one */
    STORY_MERGE,     /* points: one of the two is a round-up that holds the other */
    STORY_SERIES,    /* points: the same mould, other facts */
    STORY_SHARES     /* points: some text in common */
};

const char *story_kind_name(enum story_kind kind); /* "new", "exact" ... */
/* Is an article of this kind part of the story it points at? */
bool story_kind_joins(enum story_kind kind);

/* Earlier articles. WW_NOT_FOUND: there is no such article or story (any more). */
struct story_source {
    void *state;
    enum ww_status (*story)(void *state, int64_t article_id, int64_t *story_id,
                            struct ww_error *err);
    enum ww_status (*text)(void *state, int64_t article_id, struct arena *arena, struct slice *out,
                           struct ww_error *err);
    /* The article a story began with, and the one with its fullest text; they may be one. */
    enum ww_status (*anchors)(void *state, int64_t story_id, int64_t *first, int64_t *fullest,
                              struct ww_error *err);
    /*
     * What is known of an article as a whole of parts. is_round_up: a STORY_MERGE was found between
     * it and another, and it is the longer of the two. ids: articles whose verdict named it as
     * STORY_EXCERPT, and those that its own named as STORY_EXPANSION; at most max.
     */
    enum ww_status (*parts)(void *state, int64_t article_id, bool *is_round_up, int64_t *ids,
                            size_t max, size_t *n, struct ww_error *err);
};

struct story_relation {
    enum story_kind kind;
    int64_t article_id, story_id; /* the earlier one */
    double jaccard, containment;
    size_t n_shared;       /* different shingles of both, furniture left out */
    size_t n_own, n_other; /* of the judged text, and of the earlier one */
    size_t n_changes;      /* facts that were replaced, STORY_CHANGES_MAX at most */
};

struct story_verdict {
    enum story_kind kind; /* of relations[0]; STORY_NEW when there is none */
    int64_t story_id;     /* to join; 0: a story of its own */
    struct story_relation relations[STORY_RELATIONS_MAX]; /* the best first */
    size_t n_relations;
    struct slice *changed; /* "old → new": facts that the copy replaced; in the arena */
    size_t n_changed;
    struct story_text *text; /* for stories_remember */
};

/* io and source are borrowed. */
enum ww_status stories_open(const struct shingle_io *io, const struct story_source *source,
                            struct stories **out, struct ww_error *err);
void stories_close(struct stories *st);

/* Both texts are valid UTF-8, title may be empty; out lives in the arena. Changes nothing. */
enum ww_status stories_judge(struct stories *st, struct slice title, struct slice text,
                             struct arena *arena, struct story_verdict *out, struct ww_error *err);

/* The article that was judged is stored, as this number in this story. */
enum ww_status stories_remember(struct stories *st, int64_t article_id, int64_t story_id,
                                const struct story_verdict *verdict, struct ww_error *err);

/* The index is made anew from the texts: article_id is in story_id, whatever it would be now. */
enum ww_status stories_learn(struct stories *st, int64_t article_id, int64_t story_id,
                             struct slice text, struct arena *arena, struct ww_error *err);

/* shingle_index_missing and its kin. */
int64_t stories_missing(const struct stories *st);
enum ww_status stories_set_missing(struct stories *st, int64_t article_id, struct ww_error *err);
enum ww_status stories_begin_anew(struct stories *st, struct ww_error *err);

/* After a rollback, and before judging when another process may have written. */
void stories_forget(struct stories *st);
enum ww_status stories_refresh(struct stories *st, struct ww_error *err);

#endif
