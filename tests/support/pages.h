/*
 * pages.h - the HTML files of a folder, one after the other, unpacked and decoded.
 */
#ifndef WW_TESTS_SUPPORT_PAGES_H
#define WW_TESTS_SUPPORT_PAGES_H

#include "base/slice.h"

#include <stdbool.h>

struct pages;

struct page {
    const char *name;  /* of the file; it and the texts hold until the next page */
    struct slice raw;  /* unpacked */
    struct slice utf8; /* without NUL */
};

/* NULL when there is no such folder. */
struct pages *pages_open(const char *folder);
/* False after the last. What cannot be read or decoded is left out. */
bool pages_next(struct pages *p, struct page *out);
void pages_close(struct pages *p);

#endif
