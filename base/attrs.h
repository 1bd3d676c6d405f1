/* attrs.h - the compiler extensions this project uses, each behind one name. */
#ifndef WW_BASE_ATTRS_H
#define WW_BASE_ATTRS_H

#define WW_PRINTF(fmt_at, first) __attribute__((format(printf, fmt_at, first)))
#define WW_NORETURN __attribute__((noreturn))
#define WW_UNUSED(x) ((void)(x))
#define WW_COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* How many zero bits are below the lowest one of a word that is not 0. */
#define WW_ZEROS_BELOW(word) ((size_t)__builtin_ctzll(word))

/* A word as memcpy reads it, or wants it, with the first byte lowest. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define WW_FIRST_LOWEST(word) __builtin_bswap64(word)
#else
#define WW_FIRST_LOWEST(word) (word)
#endif

/* These bytes are going to be read soon. */
#define WW_PREFETCH(p) __builtin_prefetch(p)

#endif
