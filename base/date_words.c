/* date_words.c - looking up months, weekdays, zones and the little words of dates. */
#include "base/date_words.h"

#include "base/attrs.h"
#include "base/date_names.h"
#include "base/text.h"

#include <string.h>

/* U+00C0 to U+017F without their marks; '*' stays what it is. */
static const char latin_base[] = "aaaaaaaceeeeiiiidnooooo*ouuuuyts"
                                 "aaaaaaaceeeeiiiidnooooo*ouuuuyty"
                                 "aaaaaaccccccccddddeeeeeeeeeegggg"
                                 "gggghhhhiiiiiiiiiiiijjkkklllllll"
                                 "lllnnnnnnnnnoooooooorrrrrrssssss"
                                 "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

_Static_assert(sizeof(latin_base) == 0x180 - 0xC0 + 1, "one letter a code point");

/* Ranges of Latin letters with two marks, and Greek letters with one. */
static const struct {
    uint16_t from, to;
    char base;
} vietnamese[] = {
    {0x1EA0, 0x1EB7, 'a'},
    {0x1EB8, 0x1EC7, 'e'},
    {0x1EC8, 0x1ECB, 'i'},
    {0x1ECC, 0x1EE3, 'o'},
    {0x1EE4, 0x1EF1, 'u'},
    {0x1EF2, 0x1EF9, 'y'},
};
static const struct {
    uint16_t from, to;
} greek[] = {
    {0x386, 0x3B1},
    {0x388, 0x3B5},
    {0x389, 0x3B7},
    {0x38A, 0x3B9},
    {0x38C, 0x3BF},
    {0x38E, 0x3C5},
    {0x38F, 0x3C9},
    {0x390, 0x3B9},
    {0x3AA, 0x3B9},
    {0x3AB, 0x3C5},
    {0x3AC, 0x3B1},
    {0x3AD, 0x3B5},
    {0x3AE, 0x3B7},
    {0x3AF, 0x3B9},
    {0x3B0, 0x3C5},
    {0x3C2, 0x3C3},
    {0x3CA, 0x3B9},
    {0x3CB, 0x3C5},
    {0x3CC, 0x3BF},
    {0x3CD, 0x3C5},
    {0x3CE, 0x3C9},
};

uint32_t date_fold_letter(uint32_t code)
{
    if (code >= 'A' && code <= 'Z')
        return code + ('a' - 'A');
    if (code < 0xC0)
        return code;
    if (code < 0x180)
        return latin_base[code - 0xC0] == '*' ? code : (unsigned char)latin_base[code - 0xC0];
    if (code == 0x1A0 || code == 0x1A1)
        return 'o';
    if (code == 0x1AF || code == 0x1B0)
        return 'u';
    for (size_t i = 0; i < WW_COUNT(vietnamese); i++)
        if (code >= vietnamese[i].from && code <= vietnamese[i].to)
            return (unsigned char)vietnamese[i].base;
    if (code >= 0x218 && code <= 0x21B) /* Romanian s and t with comma */
        return code < 0x21A ? 's' : 't';
    if (code >= 0x300 && code <= 0x36F)
        return 0;
    if (code >= 0x386 && code <= 0x3CE) {
        for (size_t i = 0; i < WW_COUNT(greek); i++)
            if (greek[i].from == code)
                return greek[i].to;
        return code >= 0x391 && code <= 0x3A9 ? code + 0x20 : code;
    }
    if (code >= 0x410 && code <= 0x42F)
        code += 0x20;
    else if (code >= 0x400 && code <= 0x40F)
        code += 0x50;
    if ((code >= 0x64B && code <= 0x65F) || code == 0x670 || code == 0x640) /* Arabic vowels */
        return 0;
    if (code == 0x451) /* io */
        return 0x435;
    if (code == 0x439) /* short i */
        return 0x438;
    return code == 0x457 ? 0x456 : code; /* yi */
}

int date_digit(uint32_t code)
{
    static const uint32_t zeros[] = {0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10};

    if (code < 0x80)
        return code >= '0' && code <= '9' ? (int)(code - '0') : -1;
    for (size_t i = 0; i < WW_COUNT(zeros); i++)
        if (code >= zeros[i] && code <= zeros[i] + 9)
            return (int)(code - zeros[i]);
    return -1;
}

/* ---- looking up ------------------------------------------------------------------------------ */

static struct slice name_of(const char *entry)
{
    return slice_of(entry, (size_t)(strchr(entry, '=') - entry));
}

/* Index of the first entry whose name is not before word. */
static size_t lower_bound(const char *const *table, size_t n, struct slice word)
{
    size_t low = 0;

    while (low < n) {
        size_t middle = low + (n - low) / 2;

        if (slice_compare(name_of(table[middle]), word) < 0)
            low = middle + 1;
        else
            n = middle;
    }
    return low;
}

/* What stands behind the '=' of the exact name, or NULL. */
static const char *find_exact(const char *const *table, size_t n, struct slice word)
{
    size_t at = lower_bound(table, n, word);

    if (at == n || !slice_equal(name_of(table[at]), word))
        return NULL;
    return table[at] + word.len + 1;
}

static int value_of(const char *digits)
{
    int value = 0;
    bool is_negative = *digits == '-';

    for (digits += is_negative; *digits >= '0' && *digits <= '9'; digits++)
        value = value * 10 + (*digits - '0');
    return is_negative ? -value : value;
}

static bool has_letters(struct slice word, size_t least)
{
    size_t n = 0;

    for (size_t at = 0; at < word.len && n < least; n++)
        (void)text_next_code(word, &at);
    return n >= least;
}

/*
 * The value of the exact name, else of all the names that begin with word: -1 when there are none
 * (or word has fewer letters than an abbreviation), `shared` when they disagree.
 */
static int find_begun(const char *const *table, size_t n, struct slice word, size_t least_letters,
                      int shared, const char **entry)
{
    int value = -1;

    *entry = find_exact(table, n, word);
    if (*entry != NULL)
        return value_of(*entry);
    if (!has_letters(word, least_letters))
        return -1;
    for (size_t i = lower_bound(table, n, word); i < n; i++) {
        struct slice name = name_of(table[i]);
        int here;

        if (!slice_starts(name, word))
            break;
        *entry = name.ptr + name.len + 1;
        here = value_of(*entry);
        value = value == -1 || value == here ? here : shared;
    }
    return value;
}

unsigned date_month(struct slice folded)
{
    const char *entry;
    int month = find_begun(months, WW_COUNT(months), folded, 3, 0, &entry);

    return month < 0 ? 0 : (unsigned)month;
}

int date_weekday(struct slice folded, bool *is_english)
{
    const char *entry;
    int day = find_begun(weekdays, WW_COUNT(weekdays), folded, 2, DATE_WEEKDAY_UNKNOWN, &entry);

    *is_english = day >= 0 && strchr(entry, 'e') != NULL;
    return day;
}

unsigned date_roles(struct slice folded)
{
    size_t low = 0;
    size_t high = WW_COUNT(little_words);

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_compare(slice_from(little_words[middle].word), folded);

        if (order == 0)
            return little_words[middle].roles;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

enum date_zone_kind date_zone(struct slice folded, int32_t *offset_s)
{
    const char *entry = find_exact(zones, WW_COUNT(zones), folded);

    if (entry == NULL)
        return ZONE_NONE;
    *offset_s = value_of(entry) * 60;
    if (strchr(entry, 'u') != NULL)
        return ZONE_UNITED_STATES;
    return strchr(entry, 'g') != NULL ? ZONE_GENERIC : ZONE_FIXED;
}

int date_era(struct slice folded)
{
    const char *entry = find_exact(eras, WW_COUNT(eras), folded);

    return entry == NULL ? 0 : value_of(entry);
}

size_t date_known_prefix(struct slice text)
{
    size_t ends[4];
    size_t n = 0;

    for (size_t at = 0; n < WW_COUNT(ends) && at < text.len;) {
        (void)text_next_code(text, &at);
        ends[n++] = at;
    }
    while (n > 0) {
        struct slice word = slice_head(text, ends[--n]);
        bool is_english;
        int weekday = n > 1 ? date_weekday(word, &is_english) : -1;

        if (date_roles(word) != 0 || date_era(word) != 0 || weekday >= 0)
            return word.len;
    }
    return 0;
}

bool date_words_are_sorted(void)
{
    static const struct {
        const char *const *table;
        size_t n;
    } tables[] = {
        {months,   WW_COUNT(months)  },
        {weekdays, WW_COUNT(weekdays)},
        {zones,    WW_COUNT(zones)   },
        {eras,     WW_COUNT(eras)    },
    };

    for (size_t t = 0; t < WW_COUNT(tables); t++)
        for (size_t i = 1; i < tables[t].n; i++)
            if (slice_compare(name_of(tables[t].table[i - 1]), name_of(tables[t].table[i])) >= 0)
                return false;
    for (size_t i = 1; i < WW_COUNT(little_words); i++)
        if (strcmp(little_words[i - 1].word, little_words[i].word) >= 0)
            return false;
    return true;
}
