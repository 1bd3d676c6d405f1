/*
 * capture_head.h - the HTTP head of a page that was read from a web archive.
 */
#ifndef WW_CRAWLER_CAPTURE_HEAD_H
#define WW_CRAWLER_CAPTURE_HEAD_H

#include "base/slice.h"

struct arena;

/*
 * What the page's own server said, out of the archive's answer: Wayback hands its headers on with
 * "x-archive-orig-" before their names. Empty when the archive says nothing of it.
 */
struct slice capture_head(struct slice head, struct arena *arena);

#endif
