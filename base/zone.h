/*
 * zone.h - clock time in a named time zone (tz database, by ICU's copy of it).
 */
#ifndef WW_BASE_ZONE_H
#define WW_BASE_ZONE_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* "Europe/Dublin", "UTC". An empty name is UTC and known. */
bool zone_is_known(struct slice name);

/* Seconds east of UTC at that moment; 0 for an unknown zone. */
int64_t zone_offset_s(struct slice name, int64_t at);

#endif
