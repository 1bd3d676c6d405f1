/*
 * metadata.h - title, author, dates and names of a page, each from the best place that has it.
 *
 * Order of trust: what schema.org data say of the article, what <meta> says, what the visible page
 * shows; of an author's name, what two of them say. Better nothing than a guess.
 */
#ifndef WW_EXTRACTORS_METADATA_H
#define WW_EXTRACTORS_METADATA_H

#include "base/date.h"
#include "base/slice.h"
#include "extractors/article.h"
#include "extractors/json_ld.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct blocks;
struct dom;
struct dom_node;
struct rules_found;

struct meta_tag {
    struct slice key;   /* name, property, itemprop or http-equiv, lower case */
    struct slice value; /* squeezed, not empty */
};

struct metadata {
    struct slice title, author, site, canonical, description, section;
    bool is_twin;           /* article.h */
    struct slice elsewhere; /* the canonical address, where it is at another site */
    struct slice language;  /* what the page claims: BCP 47 */
    struct date published, modified;
    enum article_date_source published_source, modified_source;
    struct json_ld json_ld;
    struct meta_tag *tags;
    size_t n_tags;
    struct slice title_element; /* <title>, squeezed */
};

/* What metadata is read from. blocks and container may not be NULL. */
struct metadata_source {
    const struct dom *dom;
    const struct blocks *blocks;
    const struct dom_node *container;
    const struct article_hints *hints;
    const struct rules_found *rules; /* what a person says of this site; NULL: nothing */
};

void metadata_read(const struct metadata_source *source, struct arena *arena, struct metadata *out);

/* ---- for the files that read one field each -------------------------------------------------- */

/* Value of the first of these keys that the page has; keys end with NULL. Empty: none. */
struct slice metadata_tag(const struct metadata *m, const char *const *keys);

void title_read(const struct metadata_source *source, struct arena *arena, struct metadata *m);
void author_read(const struct metadata_source *source, struct arena *arena, struct metadata *m);
void section_read(const struct metadata_source *source, struct arena *arena, struct metadata *m);
void dates_read(const struct metadata_source *source, struct arena *arena, struct metadata *m);

#endif
