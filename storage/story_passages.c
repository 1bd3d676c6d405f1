/* story_passages.c - which text of a story stands in which, turned by publication. */
#include "base/arena.h"
#include "storage/stories.h"
#include "storage/story_forest.h"

#include <stdlib.h>

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

/* ---- what follows from several measurements -------------------------------------------------- */

/* A relation as one of the two sees it, in shingles. */
struct link {
    size_t from, to;
    double n_shared, n_from, n_to;
};

static int by_ends(const void *x, const void *y)
{
    const struct link *a = x, *b = y;

    if (a->from != b->from || a->to != b->to)
        return a->from != b->from ? (a->from > b->from) - (a->from < b->from)
                                  : (a->to > b->to) - (a->to < b->to);
    if (a->n_shared < b->n_shared || a->n_shared > b->n_shared)
        return a->n_shared < b->n_shared ? 1 : -1;
    if (a->n_to < b->n_to || a->n_to > b->n_to)
        return a->n_to < b->n_to ? -1 : 1;
    return (a->n_from > b->n_from) - (a->n_from < b->n_from);
}

static size_t make_links(const struct forest *f, const struct relation_list *relations,
                         struct link *links)
{
    struct turned t;
    size_t n = 0;

    for (size_t i = 0; i < relations->n_rows; i++)
        if (turn(f, &relations->rows[i], &t)) {
            links[n++] = (struct link){t.earlier, t.later, t.n_shared, t.n_earlier, t.n_later};
            links[n++] = (struct link){t.later, t.earlier, t.n_shared, t.n_later, t.n_earlier};
        }
    qsort(links, n, sizeof(*links), by_ends);
    return n;
}

/* An article that was measured only against those that came out later. */
static void take_reached(struct node *node, size_t source, size_t via, double share)
{
    if (node->text.parent == FOREST_NONE)
        node->text = (struct passage){source, via, share};
}

/*
 * Spread what is known of a source's text over all that can be reached from it: of two articles
 * that share it with a third this much at least is in both. Each article is reached once, by the
 * earliest source there is.
 */
static void spread(struct forest *f, const struct link *links, size_t n_links, size_t source,
                   size_t *queue)
{
    size_t n = 1;

    queue[0] = source;
    f->nodes[source].source = source;
    for (size_t i = 0; i < n; i++) {
        const struct node *from = &f->nodes[queue[i]];

        for (size_t k = from->first_link; k < n_links && links[k].from == queue[i]; k++) {
            struct node *to = &f->nodes[links[k].to];
            double least = links[k].n_shared;

            if (queue[i] != source)
                least += from->n_reached - links[k].n_from;
            if (to->source != FOREST_NONE || least < SHARE_MIN * links[k].n_to)
                continue;
            to->source = source;
            to->n_reached = least;
            take_reached(to, source, queue[i], least / links[k].n_to);
            queue[n++] = links[k].to;
        }
    }
}

static enum ww_status find_between(struct forest *f, const struct relation_list *relations,
                                   struct ww_error *err)
{
    struct link *links = arena_array(f->arena, 2 * relations->n_rows, sizeof(*links));
    size_t *queue = arena_array(f->arena, f->n_members, sizeof(*queue));
    size_t n_links;

    if (links == NULL || queue == NULL)
        return arena_check(f->arena, err);
    n_links = make_links(f, relations, links);
    for (size_t i = 0; i < f->n_members; i++) {
        f->nodes[i].source = FOREST_NONE;
        f->nodes[i].first_link = n_links;
    }
    for (size_t k = n_links; k-- > 0;)
        f->nodes[links[k].from].first_link = k;
    for (size_t i = 0; i < f->n_members; i++)
        if (f->nodes[i].source == FOREST_NONE)
            spread(f, links, n_links, i, queue);
    return WW_OK;
}

/* ---- both ------------------------------------------------------------------------------------ */

enum ww_status forest_find_passages(struct forest *f, const struct relation_list *relations,
                                    struct ww_error *err)
{
    struct turned t;

    for (size_t i = 0; i < relations->n_rows; i++)
        if (turn(f, &relations->rows[i], &t) && t.n_shared >= SHARE_MIN * t.n_later)
            take_more(&f->nodes[t.later].text, t.earlier, t.earlier, t.n_shared / t.n_later);
    return find_between(f, relations, err);
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
