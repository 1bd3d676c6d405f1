/*
 * names.c - what ICU (Unicode CLDR) calls countries and the cities that stand for time zones, for
 * make_places.py: a line "country<TAB>CC<TAB>LANGUAGE<TAB>NAME" or "city<TAB>CC:ZONE<TAB>...".
 */
#include <stdio.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/udat.h>
#include <unicode/uenum.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#define NAME_UNITS 200
#define NAME_BYTES 800

static void put(const char *kind, const char *key, const char *language, const UChar *name,
                int32_t n)
{
    char bytes[NAME_BYTES];
    UErrorCode status = U_ZERO_ERROR;

    u_strToUTF8(bytes, (int32_t)sizeof(bytes), NULL, name, n, &status);
    if (U_SUCCESS(status))
        (void)printf("%s\t%s\t%s\t%s\n", kind, key, language, bytes);
}

static void put_country(const char *country, const char *language)
{
    char locale[16];
    UChar name[NAME_UNITS];
    UErrorCode status = U_ZERO_ERROR;
    int32_t n;

    (void)snprintf(locale, sizeof(locale), "und_%s", country);
    n = uloc_getDisplayCountry(locale, language, name, NAME_UNITS, &status);
    /* A fallback to another language is no name in this one. */
    if (status == U_ZERO_ERROR)
        put("country", country, language, name, n);
}

static void put_city(const char *country, const UChar *zone, int32_t zone_n, const char *language)
{
    UChar pattern[8], name[NAME_UNITS];
    char id[NAME_BYTES], key[NAME_BYTES + 4];
    UErrorCode status = U_ZERO_ERROR;
    UDateFormat *format;
    int32_t n;

    u_uastrcpy(pattern, "VVV");
    format = udat_open(UDAT_PATTERN, UDAT_PATTERN, language, zone, zone_n, pattern, 3, &status);
    n = U_SUCCESS(status) ? udat_format(format, 0, name, NAME_UNITS, NULL, &status) : 0;
    u_strToUTF8(id, (int32_t)sizeof(id), NULL, zone, zone_n, &status);
    (void)snprintf(key, sizeof(key), "%s:%s", country, id);
    if (U_SUCCESS(status))
        put("city", key, language, name, n);
    udat_close(format);
}

static void put_cities(const char *country, int n_languages, char **languages)
{
    UErrorCode status = U_ZERO_ERROR;
    const USystemTimeZoneType kind = UCAL_ZONE_TYPE_CANONICAL_LOCATION;
    UEnumeration *zones = ucal_openTimeZoneIDEnumeration(kind, country, NULL, &status);
    const UChar *zone;
    int32_t n;

    while (U_SUCCESS(status) && (zone = uenum_unext(zones, &n, &status)) != NULL)
        for (int i = 0; i < n_languages; i++)
            put_city(country, zone, n, languages[i]);
    uenum_close(zones);
}

int main(int argc, char **argv)
{
    for (const char *const *c = uloc_getISOCountries(); *c != NULL; c++) {
        for (int i = 1; i < argc; i++)
            put_country(*c, argv[i]);
        put_cities(*c, argc - 1, argv + 1);
    }
    return ferror(stdout) != 0;
}
