/* jsonfeed.h - JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), for feeds/feed.c alone. */
#ifndef WW_FEEDS_JSONFEED_H
#define WW_FEEDS_JSONFEED_H

#include "base/error.h"
#include "base/slice.h"

struct arena;
struct feed;

enum ww_status jsonfeed_parse(struct slice utf8, struct slice base, struct arena *arena,
                              struct feed *out, struct ww_error *err);

#endif
