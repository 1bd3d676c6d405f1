/* story_passages.c - which text of a story stands in which, turned by publication. */
#include "storage/stories.h"
#include "storage/story_forest.h"

/* A text is somebody else's from half of it on. */
#define SHARE_MIN 0.5

/* A relation between two addresses, in shingles. */
struct turned {
    size_t earlier, later;
    double n_shared, n_earlier, n_later;
};

/* Of relations that were stored without them the sizes follow from J and C. */
static bool turn(const struct forest *f, const struct relation_row *r, struct turned *out)
{
    size_t own = forest_node(f, r->article_id), other = forest_node(f, r->other_id);
    double shared = (double)r->n_shared, n_own = (double)r->n_own, n_other = (double)r->n_other;

    if (own == FOREST_NONE || other == FOREST_NONE || own == other || r->n_shared <= 0 ||
        slice_equal(r->kind, slice_from(story_kind_name(STORY_SERIES))))
        return false;
    if (r->n_own <= 0 || r->n_other <= 0) {
        double less, more;

        if (!(r->jaccard > 0) || !(r->containment > 0))
            return false;
        less = shared / r->containment;
        more = shared / r->jaccard + shared - less;
        n_own = f->nodes[own].row->text_bytes < f->nodes[other].row->text_bytes ? less : more;
        n_other = less + more - n_own;
    }
    *out = own > other ? (struct turned){other, own, shared, n_other, n_own}
                       : (struct turned){own, other, shared, n_own, n_other};
    return true;
}

/* By whole percents: of two that hold as much the earlier one, in whatever order they are met. */
static void take_more(struct passage *best, size_t parent, size_t via, double share)
{
    int percent = (int)(share * 100), most = (int)(best->share * 100);
    bool is_more = percent > most;

    if (best->parent == FOREST_NONE)
        is_more = true;
    else if (percent == most && parent != best->parent)
        is_more = parent < best->parent;
    else if (percent == most)
        is_more = via < best->via || (via == best->via && share > best->share);
    if (is_more)
        *best = (struct passage){parent, via, share};
}

static void note_earliest(struct node *node, size_t earlier, double n_shared, double n_own)
{
    bool is_more =
        n_shared > node->n_earliest || (!(n_shared < node->n_earliest) && n_own < node->n_own);

    if (earlier > node->earliest || (earlier == node->earliest && !is_more))
        return;
    node->earliest = earlier;
    node->n_earliest = n_shared;
    node->n_own = n_own;
}

/*
 * An article that was measured only against one that came out later: of what both share, this much
 * at least that one has from a still earlier one.
 */
static void look_between(struct forest *f, const struct turned *t)
{
    struct node *node = &f->nodes[t->earlier];
    const struct node *later = &f->nodes[t->later];
    bool is_measured = node->text.parent != FOREST_NONE && node->text.via == node->text.parent;
    double least;

    if (is_measured || later->earliest >= t->earlier)
        return;
    least = t->n_shared + later->n_earliest - later->n_own;
    if (least >= SHARE_MIN * t->n_earlier)
        take_more(&node->text, later->earliest, t->later, least / t->n_earlier);
}

void forest_find_passages(struct forest *f, const struct relation_list *relations)
{
    struct turned t;

    for (size_t i = 0; i < relations->n_rows; i++) {
        if (!turn(f, &relations->rows[i], &t) || t.n_shared < SHARE_MIN * t.n_later)
            continue;
        take_more(&f->nodes[t.later].text, t.earlier, t.earlier, t.n_shared / t.n_later);
        note_earliest(&f->nodes[t.later], t.earlier, t.n_shared, t.n_later);
    }
    for (size_t i = 0; i < relations->n_rows; i++)
        if (turn(f, &relations->rows[i], &t))
            look_between(f, &t);
}

void forest_measure_edges(struct forest *f, const struct relation_list *relations)
{
    for (size_t i = 0; i < relations->n_rows; i++) {
        struct node *earlier, *later;
        struct turned t;

        if (!turn(f, &relations->rows[i], &t))
            continue;
        earlier = &f->nodes[t.earlier];
        later = &f->nodes[t.later];
        if (later->parent == t.earlier)
            take_more(&later->measured, t.earlier, t.earlier, t.n_shared / t.n_later);
        if (earlier->parent == t.later) /* its page says so */
            take_more(&earlier->measured, t.later, t.later, t.n_shared / t.n_earlier);
    }
}
