/*
 * lowest_first.h - numbers as bytes, the lowest first: whatever we store or send has them so, on
 * every machine. n is 1 to 8 bytes.
 */
#ifndef WW_BASE_LOWEST_FIRST_H
#define WW_BASE_LOWEST_FIRST_H

#include <stdint.h>

static inline uint64_t lowest_first_get(const void *bytes, unsigned n)
{
    const unsigned char *p = bytes;
    uint64_t value = 0;

    for (unsigned i = 0; i < n; i++)
        value |= (uint64_t)p[i] << (8 * i);
    return value;
}

static inline void lowest_first_put(void *bytes, unsigned n, uint64_t value)
{
    unsigned char *p = bytes;

    for (unsigned i = 0; i < n; i++)
        p[i] = (unsigned char)(value >> (8 * i) & 0xFF);
}

#endif
