/*
 * article_facts.h - an article as a person reads it: facts in a column, its text, what was cut.
 */
#ifndef WW_CLI_ARTICLE_FACTS_H
#define WW_CLI_ARTICLE_FACTS_H

#include "base/error.h"
#include "base/slice.h"

struct article_row;
struct cli;
struct output;

/* word is a number or an address, in whatever spelling. WW_NOT_FOUND. */
enum ww_status article_find(struct cli *cli, const char *word, struct article_row *out,
                            struct ww_error *err);

/* What the article says of itself; url: of the page. Facts that are not known are left out. */
void article_put_facts(struct cli *cli, const struct article_row *a);

/* "2022-10-05 11:30 +02:00 (json-ld)", no finer than it is known; empty when it is not. */
struct slice article_published(struct cli *cli, const struct article_row *a);

/* What became of its page, oldest first, and when it is looked at next. */
enum ww_status article_put_history(struct cli *cli, const struct article_row *a,
                                   struct ww_error *err);

/* Line for line, safe for a terminal. */
void article_put_text(struct cli *cli, struct slice text);
/* "why: text", one empty line between, in two columns. */
void article_put_cut(struct cli *cli, struct slice cut);

/* Lists of articles. NULL on a mistake in --fields, which was told. */
struct output *article_open_rows(struct cli *cli);
void article_put_row(struct cli *cli, struct output *o, const struct article_row *a);

#endif
