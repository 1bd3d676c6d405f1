/*
 * han.h - one form for a character written in Traditional and in Simplified Chinese.
 *
 * Unicode's Unihan data (UAX 38, kSimplifiedVariant), character by character: enough to compare two
 * texts, not to convert one.
 */
#ifndef WW_BASE_HAN_H
#define WW_BASE_HAN_H

#include <stdint.h>

/* The simplified form, or code itself. Both lie in U+0800..FFFF when they differ. */
uint32_t han_simplify(uint32_t code);

#endif
