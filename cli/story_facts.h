/*
 * story_facts.h - in which facts the copies of a story differ, and which other stories it points
 * to.
 */
#ifndef WW_CLI_STORY_FACTS_H
#define WW_CLI_STORY_FACTS_H

#include "base/error.h"
#include "base/text_diff.h"
#include "storage/store_articles.h"
#include "storage/store_stories.h"

#include <stddef.h>

struct cli;
struct story_tree;

/* Copies of one fact that are named. */
#define STORY_FACT_COPIES_MAX 50

struct story_fact {
    struct text_diff_fact fact;
    const struct article_row *copies[STORY_FACT_COPIES_MAX];
    size_t n_copies, n_all;
};

struct story_facts {
    struct story_fact *rows; /* the one of the most copies first */
    size_t n_rows;
    size_t n_compared; /* copies */
};

/*
 * Compare copies with one text of their story. out lives in the command's arena.
 */
enum ww_status story_facts_read(struct cli *cli, const struct article_row *text,
                                const struct article_row *copies, size_t n_copies,
                                struct story_facts *out, struct ww_error *err);

/* A relation with an article of another story. */
struct story_pointer {
    const struct relation_row *relation;
    struct article_row other;
};

struct story_pointers {
    struct story_pointer *rows; /* the first STORY_POINTERS_MAX */
    size_t n_rows, n_all;
};

enum ww_status story_pointers_read(struct cli *cli, const struct story_tree *tree,
                                   struct story_pointers *out, struct ww_error *err);

#endif
