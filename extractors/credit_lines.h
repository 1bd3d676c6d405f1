/*
 * credit_lines.h - lines at an article's head and end that say whose text it is; for credit.c.
 */
#ifndef WW_EXTRACTORS_CREDIT_LINES_H
#define WW_EXTRACTORS_CREDIT_LINES_H

#include "base/slice.h"
#include "extractors/agency.h"
#include "extractors/article.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct content;

/* Lines of one article that are heard. */
#define CREDIT_SAID_MAX 8

/* What one line says: agencies, or the name of another outlet. */
struct credit_said {
    enum article_credit_source source;
    struct agencies agencies;
    struct slice name; /* as printed; empty where agencies are known */
    struct slice url;  /* at another site; may be empty */
};

/*
 * Lines of the page, content, or where it is NULL of text alone; page: its address. How many were
 * written to out, which has CREDIT_SAID_MAX.
 */
size_t credit_lines(const struct content *content, struct slice text, struct slice page,
                    struct arena *arena, struct credit_said *out);

/* The agencies of a byline or of the name of an author: "Von dpa", "Ana Silva, Associated Press".
 */
bool credit_byline(struct slice line, struct arena *arena, struct agencies *out);

/* An outlet's name as data give it: agencies, or a name. False: it is an address, or none. */
bool credit_name(struct slice value, struct arena *arena, struct credit_said *out);

/* Does <meta> under this name tell of another publication? */
bool credit_is_source_key(struct slice key);

/* href as an address of an article at another site than page's; empty where it is none. */
struct slice credit_elsewhere(struct slice href, struct slice page, struct arena *arena);

#endif
