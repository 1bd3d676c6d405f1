/*
 * dateline.h - the words that an agency's text opens with: "THE HAGUE, Oct 26 (Reuters) -".
 *
 * By structure first: a place, perhaps a day, an agency in brackets, behind a comma or alone
 * between dashes, then a sentence; in Chinese, Japanese and Korean the press's brackets and the
 * words for "cable" and "reporter". Without an agency only capitals before a dash or a colon are a
 * place, where the text has no second line like it (an interview has one for each speaker).
 *
 * Limits: the first four lines are looked at, DATELINE_MAX_BYTES of each.
 */
#ifndef WW_EXTRACTORS_DATELINE_H
#define WW_EXTRACTORS_DATELINE_H

#include "base/slice.h"
#include "extractors/agency.h"

#include <stdbool.h>

struct arena;

/* The longest in use name two places, a day and three agencies. */
#define DATELINE_MAX_BYTES 240

struct dateline {
    struct slice words;       /* a part of the text, from a line's begin; without the dash behind */
    struct agencies agencies; /* may be none */
};

/*
 * False: the text opens with none. is_wire: something else says that it is an agency's; then a
 * place before a dash needs no capitals: "Londres - ".
 */
bool dateline_find(struct slice text, bool is_wire, struct arena *arena, struct dateline *out);

/* Of such words: "THE HAGUE"; empty where they name none, or behind a reporter's name. */
struct slice dateline_place(struct slice words, struct arena *arena);

#endif
