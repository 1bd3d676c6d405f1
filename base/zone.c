/* zone.c - offsets of time zones, from ICU's calendar. */
#include "base/zone.h"

#include "base/arena.h"
#include "base/nearest.h"

#include <unicode/ucal.h>
#include <unicode/uenum.h>

#define NAME_MAX_BYTES 64

/* ICU takes unknown names silently as GMT, so the name it made of it tells. */
static UCalendar *open_zone(struct slice name)
{
    UChar id[NAME_MAX_BYTES];
    UChar known[NAME_MAX_BYTES];
    UBool is_system = 0;
    UErrorCode code = U_ZERO_ERROR;
    UCalendar *calendar;

    if (name.len >= NAME_MAX_BYTES)
        return NULL;
    for (size_t i = 0; i < name.len; i++)
        id[i] = (UChar)(unsigned char)name.ptr[i];
    (void)ucal_getCanonicalTimeZoneID(id, (int32_t)name.len, known, NAME_MAX_BYTES, &is_system,
                                      &code);
    if (U_FAILURE(code) || !is_system)
        return NULL;
    calendar = ucal_open(id, (int32_t)name.len, "en", UCAL_GREGORIAN, &code);
    if (U_FAILURE(code))
        return NULL;
    return calendar;
}

bool zone_is_known(struct slice name)
{
    UCalendar *calendar = name.len == 0 ? NULL : open_zone(name);
    bool is_known = name.len == 0 || calendar != NULL;

    if (calendar != NULL)
        ucal_close(calendar);
    return is_known;
}

/* "Rome" of "Europe/Rome". */
static struct slice city_of(struct slice zone)
{
    const size_t slash = slice_find_last_char(zone, '/');

    return slash < zone.len ? slice_skip(zone, slash + 1) : zone;
}

struct slice zone_nearest(struct slice name, struct arena *arena)
{
    UErrorCode code = U_ZERO_ERROR;
    UEnumeration *all = ucal_openTimeZones(&code);
    const char *city = NULL;
    struct nearest near;

    nearest_init(&near, name);
    for (;;) {
        int32_t len = 0;
        const char *id = U_SUCCESS(code) ? uenum_next(all, &len, &code) : NULL;
        const char *kept;

        if (id == NULL || U_FAILURE(code) || (kept = arena_string(arena, slice_from(id))) == NULL)
            break;
        nearest_try(&near, kept);
        if (city == NULL && slice_find_char(slice_from(kept), '/') < (size_t)len &&
            slice_equal_nocase(city_of(slice_from(kept)), city_of(name)))
            city = kept;
    }
    if (all != NULL)
        uenum_close(all);
    if (near.best != NULL && (near.distance <= 2 || city == NULL))
        return slice_from(near.best);
    return city != NULL ? slice_from(city) : (struct slice){"", 0};
}

int64_t zone_offset_s(struct slice name, int64_t at)
{
    UCalendar *calendar = name.len == 0 ? NULL : open_zone(name);
    UErrorCode code = U_ZERO_ERROR;
    int32_t ms;

    if (calendar == NULL)
        return 0;
    ucal_setMillis(calendar, (double)at * 1000.0, &code);
    ms = ucal_get(calendar, UCAL_ZONE_OFFSET, &code) + ucal_get(calendar, UCAL_DST_OFFSET, &code);
    ucal_close(calendar);
    return U_FAILURE(code) ? 0 : ms / 1000;
}
