/*
 * headline.h - does a title, or the words of an address, speak for fetching its page?
 *
 * A title has no context, so less is asked of it than of an article: one name of the list is enough
 * that stands for an item or a body by itself or near a term, one term or anchor, the place of a
 * site beside a weaker word of the field, or a word that a rule of the analysts needs. Countries
 * and places alone are not enough: too much of the world's news names them. Of an address the path
 * counts; the host says who prints it, not of what. Where neither says anything - there is no
 * title, and the path is numbers - nothing can be ruled out, and the page is wanted.
 *
 * What titles miss is measured: one address in a hundred is of the sample, by its hash, so that the
 * same are chosen whenever they are asked for.
 *
 * Ownership: a headline_engine lives in its arena and borrows the mention engine.
 */
#ifndef WW_ALERTS_HEADLINE_H
#define WW_ALERTS_HEADLINE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>

struct arena;
struct mention_engine;

enum headline_verdict {
    HEADLINE_PASSED, /* it says what it is about, and that is not on the list */
    HEADLINE_SPEAKS,
    HEADLINE_SILENT /* it does not say what it is about */
};

/* title: valid UTF-8 or empty; scratch: reset by the caller. */
enum ww_status headline_judge(const struct mention_engine *e, struct slice title, struct slice url,
                              struct arena *scratch, enum headline_verdict *out,
                              struct ww_error *err);

/* Is this address of the sample? */
bool headline_is_sample(struct slice url);

/*
 * The words of an address's path, a segment a line: "/2022/pier-closes-early.html" gives "pier
 * closes early". Empty when no segment reads like words.
 */
struct slice headline_path_words(struct slice url, struct arena *arena);

#endif
