/*
 * lookalike.h - words written with letters that only look like those of their script.
 *
 * A Cyrillic "a" inside a Latin name hides it from every search, and no reader sees it. Only words
 * that mix Latin with Cyrillic or Greek are looked at: where all letters of one of the scripts have
 * a twin in the other, the word is read in that one. Words that mix on purpose ("USB" with a
 * Cyrillic ending) mostly have letters without a twin, and stay as they are. Wide and mathematical
 * letters need no help to be found (text_fold); that they stand there is told all the same.
 */
#ifndef WW_BASE_LOOKALIKE_H
#define WW_BASE_LOOKALIKE_H

#include "base/error.h"
#include "base/slice.h"
#include "base/token.h"

#include <stdbool.h>

struct arena;

enum lookalike {
    LOOKALIKE_NONE,
    LOOKALIKE_MIXED, /* letters of another script */
    LOOKALIKE_STYLED /* wide or mathematical letters */
};

/* Is a quote written so? It is valid UTF-8. */
enum lookalike lookalike_of(struct slice quote);

/* The same in words: "written with look-alike letters of another script"; NULL: it is not. */
const char *lookalike_words(struct slice quote);

/* The word in one script, in the arena; empty: it mixes none, or cannot be read in one. */
struct slice lookalike_plain(struct slice word, struct arena *arena);

/*
 * Give tokens of text that mix scripts the folded form and the hash of the word they look like.
 * Texts without Cyrillic and Greek cost one pass over their bytes.
 */
enum ww_status lookalike_mend(struct slice text, struct arena *arena, struct token_list *tokens,
                              struct ww_error *err);

#endif
