/* story_facts.c - every copy against the fullest text; equal facts are gathered. */
#include "cli/story_facts.h"

#include "alerts/story_tree.h"
#include "base/limits.h"
#include "cli/article_changes.h"
#include "cli/cli.h"
#include "storage/store_articles.h"

#include <stdlib.h>

struct gatherer {
    struct cli *cli;
    struct story_facts *out;
    size_t capacity;
    bool is_good;
};

static struct story_fact *find_fact(const struct story_facts *all, const struct text_diff_fact *f)
{
    for (size_t i = 0; i < all->n_rows; i++)
        if (article_is_same_fact(&all->rows[i].fact, f))
            return &all->rows[i];
    return NULL;
}

/* A fact of a copy; of one that is told twice the copy stands there once. */
static void add_fact(struct gatherer *g, const struct text_diff_fact *f,
                     const struct article_row *copy)
{
    struct story_fact *row = find_fact(g->out, f);
    struct arena *arena = &g->cli->arena;

    if (row == NULL && g->out->n_rows < STORY_FACTS_MAX) {
        struct story_fact *rows =
            arena_grow(arena, g->out->rows, g->out->n_rows, &g->capacity, sizeof(*rows));

        g->is_good = g->is_good && rows != NULL;
        if (rows == NULL)
            return;
        g->out->rows = rows;
        row = &rows[g->out->n_rows++];
        *row = (struct story_fact){.fact = *f};
        row->fact.before = arena_copy(arena, f->before);
        row->fact.after = arena_copy(arena, f->after);
        row->fact.noun = arena_copy(arena, f->noun);
    }
    if (row == NULL || (row->n_copies > 0 && row->copies[row->n_copies - 1] == copy))
        return;
    if (row->n_copies < STORY_FACT_COPIES_MAX)
        row->copies[row->n_copies++] = copy;
    row->n_all++;
}

static int compare_facts(const void *a, const void *b)
{
    const struct story_fact *x = a, *y = b;

    if (x->n_all != y->n_all)
        return x->n_all > y->n_all ? -1 : 1;
    if (x->copies[0]->id != y->copies[0]->id)
        return x->copies[0]->id < y->copies[0]->id ? -1 : 1;
    return slice_compare(x->fact.before, y->fact.before);
}

enum ww_status story_facts_read(struct cli *cli, const struct article_row *text,
                                const struct article_row *copies, size_t n_copies,
                                struct story_facts *out, struct ww_error *err)
{
    struct gatherer g = {.cli = cli, .out = out, .is_good = true};
    struct arena arena;
    enum ww_status status = WW_OK;

    *out = (struct story_facts){.n_rows = 0};
    arena_init(&arena, DOCUMENT_ARENA_MAX_BYTES);
    for (size_t i = 0; status == WW_OK && i < n_copies; i++) {
        struct text_diff d;

        if (copies[i].id == text->id)
            continue;
        arena_reset(&arena);
        status = article_compare(cli, text, &copies[i], &arena, &d, err);
        out->n_compared++;
        for (size_t k = 0; status == WW_OK && k < d.n_facts; k++)
            if (d.rows[d.facts[k].row].part == DIFF_TEXT)
                add_fact(&g, &d.facts[k], &copies[i]);
    }
    arena_release(&arena);
    if (out->n_rows > 0)
        qsort(out->rows, out->n_rows, sizeof(*out->rows), compare_facts);
    return status != WW_OK || g.is_good ? status : arena_check(&cli->arena, err);
}

enum ww_status story_pointers_read(struct cli *cli, const struct story_tree *tree,
                                   struct story_pointers *out, struct ww_error *err)
{
    enum ww_status status = WW_OK;

    *out = (struct story_pointers){
        .rows = arena_array(&cli->arena, STORY_POINTERS_MAX, sizeof(*out->rows))};
    if (out->rows == NULL)
        return arena_check(&cli->arena, err);
    for (size_t i = 0; status == WW_OK && i < tree->relations.n_rows; i++) {
        const struct relation_row *r = &tree->relations.rows[i];
        struct story_pointer *p = &out->rows[out->n_rows];

        if (story_tree_member(tree, r->other_id) != NULL)
            continue;
        out->n_all++;
        if (out->n_rows == STORY_POINTERS_MAX)
            continue;
        p->relation = r;
        status = store_article(cli->store, r->other_id, &cli->arena, &p->other, err);
        out->n_rows++;
    }
    return status;
}
