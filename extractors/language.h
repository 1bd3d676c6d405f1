/*
 * language.h - in which language a text is written.
 *
 * The script decides where one script is one language (kana, Hangul, Greek, Thai ...); the
 * commonest short words decide among the languages of the Latin, Cyrillic and Arabic scripts. No
 * file is opened: a worker could not. A page's own claim breaks ties and is kept with its region
 * ("zh-Hant-TW") where the text agrees; without enough text it is believed.
 */
#ifndef WW_EXTRACTORS_LANGUAGE_H
#define WW_EXTRACTORS_LANGUAGE_H

#include "base/slice.h"

struct arena;

/* BCP 47; empty when neither text nor claim tell. text is UTF-8. */
struct slice language_guess(struct slice text, struct slice claim, struct arena *arena);

#endif
