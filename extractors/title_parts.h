/*
 * title_parts.h - where a <title> is divided: "Headline | Site", "标题-新闻网".
 */
#ifndef WW_EXTRACTORS_TITLE_PARTS_H
#define WW_EXTRACTORS_TITLE_PARTS_H

#include "base/slice.h"

#include <stddef.h>

/*
 * Length of the separator that begins at `at`: a bar anywhere, another mark between spaces, which
 * are part of it, a hyphen between Han characters. 0: none begins there.
 */
size_t title_separator(struct slice title, size_t at);

#endif
