/* story_claims.c - whom the pages of a story name: links and credits. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/text.h"
#include "base/url.h"
#include "storage/story_forest.h"

#include <stdlib.h>

int forest_by_key(const void *x, const void *y)
{
    const struct name *a = x, *b = y;
    int order = slice_compare(a->key, b->key);

    return order != 0 ? order : (a->node > b->node) - (a->node < b->node);
}

/* The earliest member with this name, but the one that asks. */
static size_t find_name(const struct name *names, size_t n, struct slice key, size_t but)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (slice_compare(names[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low < n && names[low].node == but)
        low++;
    return low < n && key.len > 0 && slice_equal(names[low].key, key) ? names[low].node
                                                                      : FOREST_NONE;
}

/* What a site is called by its address: "reuters" of "https://www.reuters.com/world". */
static struct slice site_name(struct slice url, struct arena *arena)
{
    struct slice site = url_is_fetchable(url) ? url_site(url, arena) : SLICE("");

    return text_skeleton(slice_head(site, slice_find_char(site, '.')), arena);
}

static bool is_own_name(const struct node *node, struct slice key)
{
    for (size_t i = 0; i < WW_COUNT(node->own_names); i++)
        if (slice_equal(key, node->own_names[i]))
            return true;
    return false;
}

static enum ww_status name_members(struct forest *f, struct ww_error *err)
{
    f->names =
        arena_array(f->arena, WW_COUNT(f->nodes->own_names) * f->n_members, sizeof(*f->names));
    f->hosts = arena_array(f->arena, f->n_members, sizeof(*f->hosts));
    if (f->names == NULL || f->hosts == NULL)
        return arena_check(f->arena, err);
    for (size_t i = 0; i < f->n_members; i++) {
        struct node *node = &f->nodes[i];

        node->own_names[0] = text_skeleton(node->row->outlet, f->arena);
        node->own_names[1] = site_name(node->row->url, f->arena);
        node->own_names[2] = text_skeleton(node->agency, f->arena);
        for (size_t k = 0; k < WW_COUNT(node->own_names); k++)
            f->names[f->n_names++] = (struct name){node->own_names[k], i};
        if (url_is_fetchable(node->row->url))
            f->hosts[f->n_hosts++] = (struct name){url_host(node->row->url, f->arena), i};
    }
    qsort(f->names, f->n_names, sizeof(*f->names), forest_by_key);
    qsort(f->hosts, f->n_hosts, sizeof(*f->hosts), forest_by_key);
    return arena_check(f->arena, err);
}

static void read_credit(struct forest *f, size_t i)
{
    struct node *node = &f->nodes[i];
    struct slice rest = node->credit, piece;

    while (node->n_claims < FOREST_CREDITS_MAX && slice_next(&rest, '/', &piece)) {
        struct slice key = text_skeleton(piece, f->arena);

        if (key.len > 0)
            node->claims[node->n_claims++] = key;
    }
    for (size_t k = 0; k < node->n_claims; k++)
        if (is_own_name(node, node->claims[k]))
            node->n_claims = 0; /* its word for itself */
    for (size_t k = 0; k < node->n_claims && node->by_credit == FOREST_NONE; k++)
        node->by_credit = find_name(f->names, f->n_names, node->claims[k], i);
}

/* The member at this very address. */
static size_t find_address(const struct forest *f, struct slice canonical)
{
    const struct article_row wanted = {.canonical = canonical};
    const struct article_row *key = &wanted;
    size_t low = 0, high = f->n_rows;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (forest_by_address(&f->rows[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < f->n_rows && slice_equal(f->rows[low]->canonical, canonical)
               ? forest_node(f, f->rows[low]->id)
               : FOREST_NONE;
}

static void read_link(struct forest *f, size_t i)
{
    struct node *node = &f->nodes[i];
    struct slice canonical;

    if (!url_is_fetchable(node->source_url) ||
        url_canonical(node->source_url, f->arena, &canonical, NULL) != WW_OK) {
        node->source_url = (struct slice){"", 0};
        return;
    }
    node->by_link = find_address(f, canonical);
    if (node->by_link == FOREST_NONE)
        node->by_link = find_name(f->hosts, f->n_hosts, url_host(canonical, f->arena), i);
    if (node->by_link == i)
        node->by_link = FOREST_NONE;
}

enum ww_status forest_read_claims(struct forest *f, struct ww_error *err)
{
    bool has_claims = false;
    enum ww_status status;

    for (size_t i = 0; i < f->n_members; i++)
        has_claims |= f->nodes[i].credit.len > 0 || f->nodes[i].source_url.len > 0;
    if (!has_claims)
        return WW_OK;
    status = name_members(f, err);
    for (size_t i = 0; status == WW_OK && i < f->n_members; i++) {
        read_credit(f, i);
        read_link(f, i);
    }
    return status == WW_OK ? arena_check(f->arena, err) : status;
}

/* The first of a credit's names that was read as one. */
static struct slice credited_words(const struct forest *f, const struct node *node)
{
    struct slice rest = node->credit, piece = {"", 0};

    while (slice_next(&rest, '/', &piece) &&
           !slice_equal(text_skeleton(piece, f->arena), node->claims[0]))
        continue;
    return slice_trim(piece);
}

struct slice forest_outside(const struct forest *f, const struct node *node, struct slice *shown)
{
    struct slice key = {"", 0};

    *shown = key;
    if (node->n_claims > 0) {
        *shown = credited_words(f, node);
        return node->claims[0];
    }
    if (node->source_url.len > 0) {
        *shown = url_host(node->source_url, f->arena);
        if (slice_starts(*shown, SLICE("www.")))
            *shown = slice_skip(*shown, 4);
        key = site_name(node->source_url, f->arena);
    }
    return is_own_name(node, key) ? SLICE("") : key;
}
