/*
 * credit_names.h - names and addresses of those whose text it may be; for credit*.c.
 */
#ifndef WW_EXTRACTORS_CREDIT_NAMES_H
#define WW_EXTRACTORS_CREDIT_NAMES_H

#include "base/slice.h"
#include "extractors/agency.h"
#include "extractors/article.h"

#include <stdbool.h>

struct arena;

/* What one line says: agencies, or the name of another outlet. */
struct credit_said {
    enum article_credit_source source;
    struct agencies agencies;
    struct slice name; /* as printed; empty where agencies are known */
    struct slice url;  /* at another site; may be empty */
};

/* The agencies of a byline or of the name of an author: "Von dpa", "Ana Silva, Associated Press".
 */
bool credit_byline(struct slice line, struct arena *arena, struct agencies *out);

/* An outlet's name as data give it: agencies, or a name. False: it is an address, or none. */
bool credit_name(struct slice value, struct arena *arena, struct credit_said *out);

/* Does <meta> under this name tell of another publication? */
bool credit_is_source_key(struct slice key);

/* href as an address of an article at another site than page's; empty where it is none. */
struct slice credit_elsewhere(struct slice href, struct slice page, struct arena *arena);

/* Without quotes, brackets, stops and dashes around. */
struct slice credit_strip(struct slice s);

/* Is it written as a name: few words, the first and most of them with a capital? */
bool credit_is_name(struct slice s);

/* Is word in a list with bars between? The case of ASCII letters is ignored. */
bool credit_is_listed(struct slice word, const char *list);

#endif
