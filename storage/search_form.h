/*
 * search_form.h - phrases to be looked for, and what an engine's search statements bind for them.
 *
 * An article is found when it has one phrase of every group and none that is refused. A phrase
 * stands in the title or in the text, not in both. Words are of search_words.h, and compared so.
 */
#ifndef WW_STORAGE_SEARCH_FORM_H
#define WW_STORAGE_SEARCH_FORM_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct search_phrase {
    struct slice words; /* one blank between two */
    bool is_open;       /* a longer last word that begins so counts too */
    bool is_choice;     /* of one group with the phrase before it */
    bool is_refused;    /* these stand behind those that are wanted */
};

/* Texts that are bound as $1, $10 ... $13; an engine leaves empty what it has no use for. */
struct search_form {
    struct slice match;   /* the question to the index */
    struct slice checks;  /* to be looked for in the words of what the index gives, which is more */
    struct slice all;     /* the same, of a text that is too long for the index */
    struct slice needles; /* each wanted phrase by itself, for the rank: its words */
    struct slice matches; /* and the question */
};

/*
 * The forms of the engines; a driver names its own. The first phrase is a wanted one, and each has
 * a word. out lives in the arena.
 */
enum ww_status search_form_fts5(const struct search_phrase *phrases, size_t n_phrases,
                                struct arena *arena, struct search_form *out, struct ww_error *err);
enum ww_status search_form_tsquery(const struct search_phrase *phrases, size_t n_phrases,
                                   struct arena *arena, struct search_form *out,
                                   struct ww_error *err);

#endif
