/*
 * json_ld.h - what a page's schema.org data say of its article.
 *
 * Scripts of type application/ld+json, with the faults they come with in the wild mended: comments
 * and CDATA around, raw line breaks in strings, trailing commas, a missing end. All texts are
 * copied into the arena, entities decoded, white space squeezed.
 */
#ifndef WW_EXTRACTORS_JSON_LD_H
#define WW_EXTRACTORS_JSON_LD_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct prescan;

#define JSON_LD_AUTHORS_MAX 16
#define JSON_LD_CRUMBS_MAX 12

/* One place on the way from the front page; place is its address, may be empty. */
struct json_ld_crumb {
    struct slice name, place;
};

struct json_ld {
    bool has_article; /* the fields below are an article's, not a mere page's */
    struct slice headline, description, body, published, modified, language, publisher, section;
    struct slice authors[JSON_LD_AUTHORS_MAX]; /* persons, and those of unknown kind */
    size_t n_authors;
    struct slice organisation; /* the first author that is one */
    struct slice source;       /* sourceOrganization: whose text it is */
    struct slice based_on;     /* isBasedOn: an address, as written */
    bool is_paywalled;         /* isAccessibleForFree: false, of it or of a part */
    bool is_live;              /* LiveBlogPosting */
    struct json_ld_crumb crumbs[JSON_LD_CRUMBS_MAX]; /* of the page's first BreadcrumbList */
    size_t n_crumbs;
};

/* What is not there stays empty. */
void json_ld_read(const struct prescan *scan, struct arena *arena, struct json_ld *out);

/*
 * A body as data carry it: paragraphs with an empty line between, markup gone, even if it was
 * escaped; without markup a line is a paragraph.
 */
struct slice json_ld_body(struct slice body, struct arena *arena);

#endif
