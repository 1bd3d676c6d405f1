/*
 * rules.h - what a person says of a site's pages: where text, title, author and date stand.
 *
 *   body = .story-text, .story-more     elements that hold the text: all of them, in their order
 *   remove = .poll                      what is none of it, wherever it stands
 *   title = h1.head                     the first element that matches
 *   author = [rel=author]
 *   date = time.published
 *
 * Values are selectors (selector.h). A key may be repeated: body and remove add up, of the others
 * the first line that matches counts. Text inside body is cut as everywhere (captions, links, share
 * lines), but never for the name of an element that body itself selects, or of one around it. A
 * page on which body selects no text is read as if there were no such rule.
 *
 * Ownership: all of it borrows from the text and is in the arena.
 * Errors:    WW_INVALID for an unknown key or a wrong selector.
 * Limits:    RULES_MAX_BYTES, RULE_SELECTORS_MAX a key.
 */
#ifndef WW_EXTRACTORS_RULES_H
#define WW_EXTRACTORS_RULES_H

#include "base/error.h"
#include "base/limits.h"
#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct blocks;
struct dom;
struct dom_node;
struct selector;

enum rule_key { RULE_BODY, RULE_REMOVE, RULE_TITLE, RULE_AUTHOR, RULE_DATE, RULE_KEY_COUNT };

extern const char *const rule_keys[RULE_KEY_COUNT];

struct rules {
    struct rule {
        struct selector *selectors[RULE_SELECTORS_MAX];
        size_t n;
    } by_key[RULE_KEY_COUNT];
};

/* Lines of "key = value"; empty ones are skipped. The message names the line, from 1. */
enum ww_status rules_parse(struct slice text, struct arena *arena, struct rules *out,
                           struct ww_error *err);

/* One more. *column: where in value the mistake is, in characters from 1; 0: not there. */
enum ww_status rules_add(struct rules *r, struct slice key, struct slice value, struct arena *arena,
                         size_t *column, struct ww_error *err);

/* What they select on one page. */
struct rules_found {
    struct dom_node **body; /* in document order */
    size_t n_body;
    const struct dom_node **holders;  /* of each block: the innermost of body that holds it */
    struct slice removed;             /* text of what was taken out, as article.cut has it */
    struct slice title, author, date; /* as they stand there */
    uint32_t matched;                 /* 1u << rule_key: selected something, and of use */
};

/* Takes what remove selects out of the tree. */
enum ww_status rules_find(const struct rules *r, struct dom *dom, struct arena *arena,
                          struct rules_found *out, struct ww_error *err);

/*
 * The element around all of body, with what is between marked as outside; NULL, and body no longer
 * matched, when there is no text in it.
 */
const struct dom_node *rules_enclose(struct rules_found *found, struct blocks *b,
                                     struct arena *arena);

/* Take back what was cut for the name of an element of body, or of one around it. */
void rules_restore(const struct rules_found *found, struct blocks *b);

#endif
