/*
 * credit_lines.h - lines at an article's head and end that say whose text it is; for credit.c.
 */
#ifndef WW_EXTRACTORS_CREDIT_LINES_H
#define WW_EXTRACTORS_CREDIT_LINES_H

#include "base/slice.h"
#include "extractors/credit_names.h"

#include <stddef.h>

struct arena;
struct content;

/* Lines of one article that are heard. */
#define CREDIT_SAID_MAX 8

/*
 * Lines of the page, content, or where it is NULL of text alone; page: its address. How many were
 * written to out, which has CREDIT_SAID_MAX.
 */
size_t credit_lines(const struct content *content, struct slice text, struct slice page,
                    struct arena *arena, struct credit_said *out);

#endif
