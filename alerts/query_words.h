/* query_words.h - one word or phrase of a query, made a name for the matcher. */
#ifndef WW_ALERTS_QUERY_WORDS_H
#define WW_ALERTS_QUERY_WORDS_H

#include "alerts/query.h"

/*
 * The number of the word, added when it is new. *wrong is what is wrong with it, in words, or NULL;
 * then nothing was added. WW_NOMEM and WW_TOO_BIG alone are errors.
 */
enum ww_status query_word_add(struct query_words *words, struct slice text, bool is_exact,
                              struct arena *arena, uint32_t *out, const char **wrong,
                              struct ww_error *err);

#endif
