/* diff_numerals.c - the words that multiply a figure, and the Han numerals. */
#include "base/diff_numerals.h"

#include "base/attrs.h"

#include <string.h>

/* No Han numeral of the news reaches 10^16. */
#define HAN_VALUE_MAX ((uint64_t)10000000000000000)

/* Sorted by name, because the lookup is a binary search. "billion" is the English one. */
static const struct diff_magnitude magnitudes[] = {
    {"billion",              9,  false},
    {"billions",             9,  false},
    {"bn",                   9,  false},
    {"hundred",              2,  false},
    {"k",                    3,  true },
    {"m",                    6,  true },
    {"mil",                  3,  false},
    {"milhao",               6,  false},
    {"milhoes",              6,  false},
    {"miliard",              9,  false},
    {"miliarde",             9,  false},
    {"miliardi",             9,  false},
    {"miliardu",             9,  false},
    {"miliardy",             9,  false},
    {"milioane",             6,  false},
    {"milion",               6,  false},
    {"milione",              6,  false},
    {"milioni",              6,  false},
    {"milionow",             6,  false},
    {"milionu",              6,  false},
    {"miliony",              6,  false},
    {"miljard",              9,  false},
    {"miljarder",            9,  false},
    {"miljardia",            9,  false},
    {"miljoen",              6,  false},
    {"miljoner",             6,  false},
    {"miljoonaa",            6,  false},
    {"mille",                3,  false},
    {"milliard",             9,  false},
    {"milliarde",            9,  false},
    {"milliarden",           9,  false},
    {"milliarder",           9,  false},
    {"milliards",            9,  false},
    {"million",              6,  false},
    {"millionen",            6,  false},
    {"millioner",            6,  false},
    {"millions",             6,  false},
    {"millon",               6,  false},
    {"millones",             6,  false},
    {"mio",                  6,  false},
    {"mld",                  9,  false},
    {"mln",                  6,  false},
    {"mn",                   6,  false},
    {"mrd",                  9,  false},
    {"tausend",              3,  false},
    {"thousand",             3,  false},
    {"trillion",             12, false},
    {"миллиард",     9,  false},
    {"миллиарда",   9,  false},
    {"миллиардов", 9,  false},
    {"миллион",       6,  false},
    {"миллиона",     6,  false},
    {"миллионов",   6,  false},
    {"млн",               6,  false},
    {"млрд",             9,  false},
    {"тыс",               3,  false},
    {"тысяч",           3,  false},
    {"тысячи",         3,  false},
    {"مليار",           9,  false},
    {"مليون",           6,  false},
    {"万",                  4,  false},
    {"亿",                  8,  false},
    {"千",                  3,  false},
    {"百",                  2,  false},
    {"만",                  4,  false},
    {"억",                  8,  false},
};

const struct diff_magnitude *diff_magnitude_find(struct slice folded)
{
    size_t low = 0, high = WW_COUNT(magnitudes);

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_compare(folded, slice_from(magnitudes[middle].name));

        if (order == 0)
            return &magnitudes[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool diff_numerals_are_sorted(void)
{
    for (size_t i = 1; i < WW_COUNT(magnitudes); i++)
        if (strcmp(magnitudes[i - 1].name, magnitudes[i].name) >= 0)
            return false;
    return true;
}

/* ---- Han numerals ---------------------------------------------------------------------------- */

int diff_han_digit(struct slice folded, int *power)
{
    static const struct {
        const char *character;
        int digit, power;
    } numerals[] = {
        {"〇", 0,  0},
        {"零", 0,  0},
        {"一", 1,  0},
        {"二", 2,  0},
        {"两", 2,  0},
        {"三", 3,  0},
        {"四", 4,  0},
        {"五", 5,  0},
        {"六", 6,  0},
        {"七", 7,  0},
        {"八", 8,  0},
        {"九", 9,  0},
        {"十", -1, 1},
        {"百", -1, 2},
        {"千", -1, 3},
        {"万", -1, 4},
        {"亿", -1, 8},
    };

    *power = 0;
    for (size_t i = 0; folded.len == 3 && i < WW_COUNT(numerals); i++)
        if (memcmp(folded.ptr, numerals[i].character, 3) == 0) {
            *power = numerals[i].power;
            return numerals[i].digit;
        }
    return -1;
}

bool diff_han_value(const struct token *tokens, size_t n, uint64_t *out)
{
    uint64_t total = 0, section = 0, digit = 0;
    bool is_positional = true;

    for (size_t k = 0; k < n; k++) {
        int power;
        int value = diff_han_digit(tokens[k].folded, &power);

        if (value >= 0) {
            /* The year 二〇二二 is written digit by digit. */
            digit = is_positional && k > 0 ? 10 * digit + (uint64_t)value : (uint64_t)value;
        } else if (power >= 4) {
            static const uint64_t sizes[] = {[4] = 10000, [8] = 100000000};

            if (total + section + digit >= HAN_VALUE_MAX / sizes[power])
                return false;
            total = (total + section + digit) * sizes[power];
            section = digit = 0;
            is_positional = false;
        } else {
            static const uint64_t sizes[] = {1, 10, 100, 1000};

            section += (digit > 0 ? digit : 1) * sizes[power];
            digit = 0;
            is_positional = false;
        }
        if (total + section + digit >= HAN_VALUE_MAX)
            return false;
    }
    *out = total + section + digit;
    return true;
}
