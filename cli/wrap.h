/*
 * wrap.h - marked text as lines that fit a terminal.
 *
 * Text is broken at spaces, and between characters of scripts that are written without them. What
 * is untrusted is made visible first (text_add_visible); marks are colours, or brackets where there
 * are none, so that nothing is told by colour alone.
 */
#ifndef WW_CLI_WRAP_H
#define WW_CLI_WRAP_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct cli;

enum wrap_mark { WRAP_PLAIN, WRAP_REMOVED, WRAP_ADDED, WRAP_QUIET, WRAP_BOLD, WRAP_MARKED };

struct wrap {
    FILE *out;
    bool has_color;
    size_t columns;  /* 0: lines are not broken */
    size_t indent;   /* of lines behind the first */
    size_t at;       /* columns written of this line */
    struct buf word; /* not yet written, with its colours */
    size_t word_columns;
    bool is_owed; /* a space before the word */
};

/* As the command's output wants it. */
void wrap_init(struct wrap *w, struct cli *cli, size_t indent);
void wrap_release(struct wrap *w);

/* What a line begins with, its spaces too. */
void wrap_begin(struct wrap *w, const char *s, enum wrap_mark mark);
void wrap_text(struct wrap *w, struct slice s, enum wrap_mark mark);
void wrap_string(struct wrap *w, const char *s, enum wrap_mark mark);
/* [-s-] or {+s+}, in colour s alone; a space at either end stays outside. */
void wrap_marked(struct wrap *w, struct slice s, enum wrap_mark mark);
/* The line is over. */
void wrap_end(struct wrap *w);

#endif
