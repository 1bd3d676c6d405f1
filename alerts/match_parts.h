/*
 * match_parts.h - a name as the row of its tokens, and whether it stands at a token of a text.
 *
 * The ground under matcher.h, which says what a name may hold.
 */
#ifndef WW_ALERTS_MATCH_PARTS_H
#define WW_ALERTS_MATCH_PARTS_H

#include "alerts/matcher.h"

#define MATCH_NO_AT SIZE_MAX

enum part_flag {
    PART_STEM = 1,  /* any ending */
    PART_GAP = 2,   /* up to MATCH_GAP_WORDS words before it */
    PART_COMMA = 4, /* the name itself has a comma before it */
    PART_STOP = 8   /* the name itself has a full stop and a blank before it: "EE. UU." */
};

/* One token of a name. */
struct match_part {
    uint64_t hash;
    struct slice folded;
    struct slice original; /* with its capitals */
    uint32_t flags;
};

/*
 * The parts of a name or phrase; *at is where its @ stood. scratch is for cutting it. NULL without
 * memory.
 */
struct match_part *match_parts_compile(struct slice text, struct arena *arena,
                                       struct arena *scratch, size_t *n_parts, size_t *at);

/* May a match go on from token i - 1 to token i, which is for the part? */
bool match_may_join(const struct match_part *part, const struct match_text *text, size_t i);

/* The parts at token first; the token behind the match, or 0. is_exact: capitals count. */
size_t match_parts_stand(const struct match_part *parts, size_t n_parts,
                         const struct match_text *text, size_t first, bool is_exact);

/* Is the first letter upper case? */
bool match_begins_upper(struct slice s);

#endif
