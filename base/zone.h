/*
 * zone.h - clock time in a named time zone (tz database, by ICU's copy of it).
 */
#ifndef WW_BASE_ZONE_H
#define WW_BASE_ZONE_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* "Europe/Dublin", "UTC". An empty name is UTC and known. */
bool zone_is_known(struct slice name);

/*
 * The known zone that is meant by a mistyped one: the nearest, or that of the city ("Rome" is
 * Europe/Rome). Empty: none is near.
 */
struct slice zone_nearest(struct slice name, struct arena *arena);

/* Seconds east of UTC at that moment; 0 for an unknown zone. */
int64_t zone_offset_s(struct slice name, int64_t at);

#endif
