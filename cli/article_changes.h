/*
 * article_changes.h - what differs between two articles, as a person and as a program reads it.
 */
#ifndef WW_CLI_ARTICLE_CHANGES_H
#define WW_CLI_ARTICLE_CHANGES_H

#include "base/error.h"
#include "base/text_diff.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct article_row;
struct cli;

/* When it was published, to the minute in the desk's zone; "seen ..." where it does not say. */
struct slice article_when(struct cli *cli, const struct article_row *a);

/* Compare titles and texts of two articles; all of it lives in the arena. */
enum ww_status article_compare(struct cli *cli, const struct article_row *before,
                               const struct article_row *after, struct arena *arena,
                               struct text_diff *out, struct ww_error *err);

bool article_is_same_fact(const struct text_diff_fact *a, const struct text_diff_fact *b);
/* "12 → 14 stations", ""not" added"; in the command's arena. */
struct slice article_fact_words(struct cli *cli, const struct text_diff_fact *f);

/*
 * "12 → 14 stations; "not" added": the first max of the facts, each once, and how many more there
 * are. Empty: none changed.
 */
struct slice article_changed_facts(struct cli *cli, const struct text_diff *d, size_t max);

/* Rows with -, + and ~, words marked; runs of equal sentences are counted unless is_whole. */
void article_put_changes(struct cli *cli, const struct text_diff *d, bool is_whole);

/* All rows, then all facts, as jsonl or csv. False on a mistake in --fields, which was told. */
bool article_put_change_rows(struct cli *cli, const struct text_diff *d, int64_t before_id,
                             int64_t after_id);

#endif
