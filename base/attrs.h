/* attrs.h - the compiler extensions this project uses, each behind one name. */
#ifndef WW_BASE_ATTRS_H
#define WW_BASE_ATTRS_H

#define WW_PRINTF(fmt_at, first) __attribute__((format(printf, fmt_at, first)))
#define WW_NORETURN __attribute__((noreturn))
#define WW_UNUSED(x) ((void)(x))
#define WW_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* These bytes are going to be read soon. */
#define WW_PREFETCH(p) __builtin_prefetch(p)

#endif
