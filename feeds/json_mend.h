/*
 * json_mend.h - JSON that is nearly right, made right: cut off, raw line breaks and quotes in
 * texts, a comma too many, half a surrogate, words that JavaScript knows.
 *
 * One linear pass. What stands behind the outermost value goes; brackets that are open at the end
 * are closed, and a name or number that was cut goes.
 */
#ifndef WW_FEEDS_JSON_MEND_H
#define WW_FEEDS_JSON_MEND_H

#include "base/slice.h"

struct arena;

/* s begins with '{' or '['. It comes back as it is when it is nested too deeply (JSON_DEPTH_MAX).
 */
struct slice json_mend(struct slice s, struct arena *arena);

#endif
