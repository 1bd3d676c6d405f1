/*
 * search_words.h - text as the search index sees it: folded words with one blank between.
 *
 * A run of Han, kana or Hangul becomes its overlapping pairs and, last, its last character alone:
 * so a name of two characters is one word, a longer one a phrase, and a single character is the
 * beginning of some word wherever it stands.
 */
#ifndef WW_STORAGE_SEARCH_WORDS_H
#define WW_STORAGE_SEARCH_WORDS_H

#include "base/error.h"
#include "base/slice.h"
#include "base/token.h"

struct arena;

/*
 * The words of a text, of a query, of a name: folded, and read in one script where letters that
 * only look alike are mixed. Matching reads texts so (alerts/match_parts). text is valid UTF-8.
 */
enum ww_status search_tokens(struct slice text, struct arena *arena, struct token_list *out,
                             struct ww_error *err);
enum ww_status search_words(struct slice text, struct arena *arena, struct slice *out,
                            struct ww_error *err);

/*
 * Both of a stored text, of as much of its beginning as is searched: SEARCH_TEXT_MAX_BYTES, and
 * less where it has more words than fit into the arena, for a character may be folded to several.
 * The arena is emptied first, so that text must not be in it; its maximum is
 * SEARCH_ARENA_MAX_BYTES, for the index and its readers are to cut alike.
 */
enum ww_status search_text(struct slice text, struct arena *arena, struct token_list *tokens,
                           struct slice *words, struct ww_error *err);

#endif
