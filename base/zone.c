/* zone.c - offsets of time zones, from ICU's calendar. */
#include "base/zone.h"

#include <unicode/ucal.h>

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
