/* story_origins.c - a forest over the addresses of one story: claims first, then texts. */
#include "storage/story_origins.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "storage/story_forest.h"
#include "storage/story_order.h"

#include <stdlib.h>

/* ---- addresses ------------------------------------------------------------------------------- */

int forest_by_address(const void *x, const void *y)
{
    const struct article_row *a = *(const struct article_row *const *)x;
    const struct article_row *b = *(const struct article_row *const *)y;
    int order = slice_compare(a->canonical, b->canonical);

    if (order == 0)
        order = (a->version > b->version) - (a->version < b->version);
    return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

static int by_publication(const void *x, const void *y)
{
    return story_order(((const struct node *)x)->row, ((const struct node *)y)->row);
}

static int by_id(const void *x, const void *y)
{
    const struct member_id *a = x, *b = y;

    return (a->id > b->id) - (a->id < b->id);
}

/* What the first version says that says so at all: a feed's summary does not, the page does. */
static void group_versions(struct forest *f)
{
    struct node *last = NULL;

    for (size_t i = 0; i < f->n_rows; i++) {
        const struct article_row *row = f->rows[i];

        if (last == NULL || !slice_equal(last->row->canonical, row->canonical)) {
            last = &f->nodes[f->n_members++];
            *last = (struct node){.row = row, .first = i};
        }
        last->end = i + 1;
        /* Versions that an archive gave later, undated, are no reason to think it younger. */
        if (row->id < last->row->id && !story_is_earlier_version(last->row, row))
            last->row = row;
        if (slice_equal(row->credit_source, slice_from(ARTICLE_CREDIT_OWN)))
            last->agency = row->credit;
        else if (last->credit.len == 0)
            last->credit = row->credit;
        if (last->source_url.len == 0)
            last->source_url = row->source_url;
    }
}

static enum ww_status make_nodes(struct forest *f, const struct article_list *members,
                                 struct ww_error *err)
{
    size_t n = 0;

    f->n_rows = members->n_rows;
    f->rows = arena_array(f->arena, f->n_rows, sizeof(*f->rows));
    f->ids = arena_array(f->arena, f->n_rows, sizeof(*f->ids));
    /* Each may name an origin outside. */
    f->nodes = arena_array(f->arena, 2 * f->n_rows, sizeof(*f->nodes));
    if (f->rows == NULL || f->ids == NULL || f->nodes == NULL)
        return arena_check(f->arena, err);
    for (size_t i = 0; i < f->n_rows; i++)
        f->rows[i] = &members->rows[i];
    qsort(f->rows, f->n_rows, sizeof(*f->rows), forest_by_address);
    group_versions(f);
    qsort(f->nodes, f->n_members, sizeof(*f->nodes), by_publication);
    f->n_nodes = f->n_members;
    for (size_t i = 0; i < f->n_members; i++) {
        struct node *node = &f->nodes[i];

        node->by_link = node->by_credit = node->parent = FOREST_NONE;
        node->text.parent = node->measured.parent = FOREST_NONE;
        node->up = i;
        for (size_t k = node->first; k < node->end; k++)
            f->ids[n++] = (struct member_id){f->rows[k]->id, i};
    }
    qsort(f->ids, n, sizeof(*f->ids), by_id);
    return WW_OK;
}

size_t forest_node(const struct forest *f, int64_t article_id)
{
    struct member_id key = {article_id, 0};
    const struct member_id *found = bsearch(&key, f->ids, f->n_rows, sizeof(key), by_id);

    return found == NULL ? FOREST_NONE : found->node;
}

/* ---- the forest ------------------------------------------------------------------------------ */

/* Halves the way as it goes: a chain of any length costs next to nothing in the end. */
static size_t root_of(struct forest *f, size_t i)
{
    while (f->nodes[i].up != i) {
        f->nodes[i].up = f->nodes[f->nodes[i].up].up;
        i = f->nodes[i].up;
    }
    return i;
}

/* Unless it has a parent, or this one comes from the child itself. */
static void adopt(struct forest *f, size_t child, size_t parent)
{
    size_t root = parent == FOREST_NONE ? child : root_of(f, parent);

    if (f->nodes[child].parent != FOREST_NONE || root == child)
        return;
    f->nodes[child].parent = parent;
    f->nodes[child].up = root;
}

static enum ww_status adopt_outside(struct forest *f, struct ww_error *err)
{
    struct name *names = arena_array(f->arena, f->n_members, sizeof(*names));
    struct slice *shown = arena_array(f->arena, f->n_members, sizeof(*shown));
    size_t n = 0;

    if (names == NULL || shown == NULL)
        return arena_check(f->arena, err);
    for (size_t i = 0; i < f->n_members; i++) {
        if (f->nodes[i].parent != FOREST_NONE)
            continue;
        names[n] = (struct name){forest_outside(f, &f->nodes[i], &shown[i]), i};
        n += names[n].key.len > 0;
    }
    qsort(names, n, sizeof(*names), forest_by_key);
    for (size_t k = 0; k < n; k++) {
        if (k == 0 || !slice_equal(names[k].key, names[k - 1].key)) {
            f->nodes[f->n_nodes] = (struct node){
                .name = shown[names[k].node], .parent = FOREST_NONE, .up = f->n_nodes};
            f->n_nodes++;
        }
        adopt(f, names[k].node, f->n_nodes - 1);
    }
    return arena_check(f->arena, err);
}

/* The latest first: of two that name each other the later one is the copy. */
static enum ww_status grow(struct forest *f, struct ww_error *err)
{
    enum ww_status status;

    for (size_t i = f->n_members; i-- > 0;)
        adopt(f, i, f->nodes[i].by_link);
    for (size_t i = f->n_members; i-- > 0;)
        adopt(f, i, f->nodes[i].by_credit);
    status = f->names == NULL ? WW_OK : adopt_outside(f, err);
    for (size_t i = f->n_members; i-- > 0;)
        adopt(f, i, f->nodes[i].text.parent);
    return status;
}

/* ---- what is told ---------------------------------------------------------------------------- */

static void add_evidence(struct story_edge *edge, struct story_evidence e)
{
    if (edge->n_evidence < STORY_EVIDENCE_MAX)
        edge->evidence[edge->n_evidence++] = e;
}

/* To the minute, or by somebody who left the precision out. */
static bool is_dated(const struct article_row *a)
{
    return a->published_at != 0 &&
           (a->published_precision == DATE_NONE || a->published_precision >= DATE_MINUTE);
}

static void tell_claims(const struct forest *f, const struct node *node, struct story_edge *edge)
{
    bool is_outside = f->nodes[node->parent].row == NULL;

    if (node->source_url.len > 0 &&
        (is_outside ? node->n_claims == 0 : node->by_link == node->parent))
        add_evidence(edge,
                     (struct story_evidence){.kind = STORY_BY_LINK, .words = node->source_url});
    if (node->n_claims > 0 && (is_outside || node->by_credit == node->parent))
        add_evidence(edge, (struct story_evidence){.kind = STORY_BY_CREDIT, .words = node->credit});
}

static void tell_parent(const struct forest *f, const struct node *node, struct story_edge *edge)
{
    const struct node *parent = &f->nodes[node->parent];
    const struct passage *text =
        node->measured.parent != FOREST_NONE ? &node->measured : &node->text;
    int64_t seconds;

    tell_claims(f, node, edge);
    /* Beside a name that is no member it says which copy is like it. */
    if (text->parent != FOREST_NONE && (parent->row == NULL || text->parent == node->parent))
        add_evidence(edge, (struct story_evidence){.kind = STORY_BY_TEXT,
                                                   .article_id = f->nodes[text->via].row->id,
                                                   .share = text->share});
    if (parent->row == NULL)
        return;
    edge->parent_id = parent->row->id;
    seconds = node->row->published_at - parent->row->published_at;
    if (is_dated(node->row) && is_dated(parent->row) && seconds > 0)
        add_evidence(edge, (struct story_evidence){.kind = STORY_BY_TIME, .seconds = seconds});
}

static void tell_edges(struct forest *f, const size_t *places, struct story_origins *out)
{
    for (size_t i = 0; i < f->n_members; i++)
        for (size_t k = f->nodes[i].first; k < f->nodes[i].end; k++) {
            struct story_edge *edge = &out->edges[out->n_edges++];

            *edge =
                (struct story_edge){.article_id = f->rows[k]->id, .origin = places[root_of(f, i)]};
            if (k > f->nodes[i].first) {
                edge->parent_id = f->rows[k - 1]->id;
                add_evidence(edge, (struct story_evidence){.kind = STORY_BY_VERSION,
                                                           .article_id = f->rows[k - 1]->id});
            } else if (f->nodes[i].parent != FOREST_NONE) {
                tell_parent(f, &f->nodes[i], edge);
            }
        }
}

struct tally {
    size_t node, n;
};

static int by_size(const void *x, const void *y)
{
    const struct tally *a = x, *b = y;

    return a->n != b->n ? (a->n < b->n) - (a->n > b->n) : (a->node > b->node) - (a->node < b->node);
}

/* places: of each root among the origins. */
static void tell_origins(struct forest *f, struct tally *tallies, size_t *places,
                         struct story_origins *out)
{
    for (size_t i = 0; i < f->n_nodes; i++)
        tallies[i] = (struct tally){i, 0};
    for (size_t i = 0; i < f->n_members; i++)
        tallies[root_of(f, i)].n++;
    qsort(tallies, f->n_nodes, sizeof(*tallies), by_size);
    for (; out->n_origins < f->n_nodes && tallies[out->n_origins].n > 0; out->n_origins++) {
        const struct tally *t = &tallies[out->n_origins];
        const struct node *node = &f->nodes[t->node];

        places[t->node] = out->n_origins;
        out->origins[out->n_origins] =
            (struct story_origin){.article_id = node->row != NULL ? node->row->id : 0,
                                  .name = node->row != NULL ? node->row->outlet : node->name,
                                  .n_articles = t->n};
    }
}

enum ww_status story_origins_find(const struct article_list *members,
                                  const struct relation_list *relations, struct arena *arena,
                                  struct story_origins *out, struct ww_error *err)
{
    struct forest f = {.arena = arena};
    struct tally *tallies;
    size_t *places;
    enum ww_status status = make_nodes(&f, members, err);

    *out = (struct story_origins){0};
    if (status == WW_OK)
        status = forest_read_claims(&f, err);
    if (status == WW_OK)
        status = forest_find_passages(&f, relations, err);
    if (status == WW_OK)
        status = grow(&f, err);
    if (status != WW_OK)
        return status;
    forest_measure_edges(&f, relations);
    tallies = arena_array(arena, f.n_nodes, sizeof(*tallies));
    places = arena_array(arena, f.n_nodes, sizeof(*places));
    out->edges = arena_array(arena, f.n_rows, sizeof(*out->edges));
    out->origins = arena_array(arena, f.n_nodes, sizeof(*out->origins));
    status = arena_check(arena, err);
    if (status != WW_OK)
        return status;
    tell_origins(&f, tallies, places, out);
    tell_edges(&f, places, out);
    return WW_OK;
}

const struct story_edge *story_origins_edge(const struct story_origins *origins, int64_t article_id)
{
    for (size_t i = 0; i < origins->n_edges; i++)
        if (origins->edges[i].article_id == article_id)
            return &origins->edges[i];
    return NULL;
}
