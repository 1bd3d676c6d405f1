/*
 * site_rules.h - the file in which a person says where the text of single sites stands.
 *
 *   [example.org]
 *   body = .story-text
 *   remove = .poll, .quiz
 *
 * A section is a host and all below it; of several that fit the longest counts. Keys and values are
 * those of extractors/rules.h, where they are parsed again beside the page.
 *
 * Errors: WW_NOT_FOUND: no such file. WW_INVALID with file:line:column.
 */
#ifndef WW_CRAWLER_SITE_RULES_H
#define WW_CRAWLER_SITE_RULES_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct site_rule {
    struct slice host; /* as url_host writes it */
    struct slice text; /* for struct article_hints */
    bool has_body;
};

struct site_rules {
    struct site_rule *sites;
    size_t n_sites;
};

/* All of it lives in the arena. */
enum ww_status site_rules_read(const char *path, struct arena *arena, struct site_rules *out,
                               struct ww_error *err);

/* What holds for a page of this address; NULL: nothing. r may be NULL; arena is for the host. */
const struct site_rule *site_rules_find(const struct site_rules *r, struct slice url,
                                        struct arena *arena);

#endif
