/* base64.h - RFC 4648 as feeds use it: white space anywhere, padding or not. */
#ifndef WW_FEEDS_BASE64_H
#define WW_FEEDS_BASE64_H

#include "base/slice.h"

struct arena;

/* The text that was encoded, made valid UTF-8; s itself when it is no base64. */
struct slice base64_text(struct slice s, struct arena *arena);

#endif
