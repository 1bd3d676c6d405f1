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

#endif
