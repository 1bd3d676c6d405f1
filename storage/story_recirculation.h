/*
 * story_recirculation.h - old text under a new date: for story_place.c.
 *
 * An article recirculates another of its story that was published STORY_OLD_S before it, when
 * three quarters of its text at least stand there and no fact was replaced: that is no update, and
 * nothing to tell anybody of. It is the earliest such article that is named. When the old one
 * arrives last, from backfill, the later ones are told then: those it was measured against, and
 * STORY_SCAN_MAX of the copies of each, as far as it follows from what was measured.
 */
#ifndef WW_STORAGE_STORY_RECIRCULATION_H
#define WW_STORAGE_STORY_RECIRCULATION_H

#include "storage/story_join.h"

/* After story_join. *original: the article that the newcomer recirculates; 0: none. */
enum ww_status story_recirculate(struct store *s, const struct story_newcomer *newcomer,
                                 const struct story_standing *standing, struct arena *arena,
                                 int64_t *original, struct ww_error *err);

#endif
