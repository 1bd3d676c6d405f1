/*
 * explain.h - what stands behind a stored mention: the rule in words, the cell of the watchlist
 * that the name came from, and what the rows of the item say.
 *
 * All of it is read from the version of the watchlist that the mention names, as it was then.
 */
#ifndef WW_ALERTS_EXPLAIN_H
#define WW_ALERTS_EXPLAIN_H

#include "alerts/watchlist.h"
#include "storage/store_alerts.h"

struct explain_fact {
    struct watch_cell cell;
    struct slice title; /* of the column */
    struct slice value;
};

struct explanation {
    const char *rule;       /* NULL: a rule of another version of the program */
    bool has_name;          /* the alias was found in the list */
    struct watch_cell name; /* where it stands */
    unsigned n_in_cell;     /* it is the first, second ... spelling of that cell */
    struct explain_fact *facts;
    size_t n_facts;
};

/*
 * content is that of the version's row (store_watchlist). Facts are the short cells of the item's
 * rows: names and aliases are left out, which fill pages.
 */
enum ww_status explain_mention(struct slice content, const struct mention_row *mention,
                               struct arena *arena, struct explanation *out, struct ww_error *err);

/* Where a mention stands in its text, as a person counts. */
struct explain_place {
    size_t sentence, n_sentences; /* from 1; 0: of a title */
    bool has_term;
    bool is_in_sentence;    /* the term is in the mention's sentence */
    size_t n_between;       /* words between mention and term */
    bool counts_characters; /* of a script without spaces: characters between them */
};

/* text is the field that the mention is of. Mentions that do not fit it give an empty place. */
enum ww_status explain_where(struct slice text, struct slice language,
                             const struct mention_row *mention, struct arena *arena,
                             struct explain_place *out, struct ww_error *err);

#endif
