/*
 * language_tag.h - tags of languages as RFC 5646, 2.1.1 recommends to write them: "zh-Hant".
 */
#ifndef WW_BASE_LANGUAGE_TAG_H
#define WW_BASE_LANGUAGE_TAG_H

#include "base/slice.h"

#include <stdbool.h>

struct arena;

/*
 * "EN_gb" -> "en-GB", in the arena; blanks around it and an empty one are taken. False: it has not
 * the form of a tag. Whether there is such a language is not asked.
 */
bool language_tag_read(struct slice text, struct arena *arena, struct slice *out);

#endif
