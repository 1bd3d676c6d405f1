/*
 * diff_match.h - which members of two rows of hashes belong together, for base/text_diff alone.
 */
#ifndef WW_BASE_DIFF_MATCH_H
#define WW_BASE_DIFF_MATCH_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define DIFF_NONE UINT32_MAX

/* What may still be done for one comparison. */
struct diff_work {
    size_t left;    /* steps */
    bool is_coarse; /* it was used up, or something was too different */
};

/* Take n steps. False: there are not so many. */
bool diff_work_take(struct diff_work *work, size_t n);

/*
 * Myers: the longest common subsequence of a and b, when no more than TEXT_DIFF_EDITS_MAX members
 * are in one of them alone; else what is equal at both ends. match[i] is the place in b of a's i-th
 * member, or DIFF_NONE; n < 2^32.
 */
enum ww_status diff_match(const uint64_t *a, size_t n, const uint64_t *b, size_t m,
                          struct diff_work *work, struct arena *scratch, uint32_t *match,
                          struct ww_error *err);

struct diff_sentence {
    uint64_t hash;
    uint32_t start, end; /* bytes of its part */
    uint32_t match;      /* of the other text; DIFF_NONE */
    uint16_t part;       /* enum text_diff_part */
    bool is_moved;       /* its match is not in order */
};

struct diff_side {
    struct diff_sentence *sentences;
    size_t n_sentences;
    size_t n_fixed; /* title and dateline, which are not matched here */
};

/* Match what is equal, in order and moved. */
enum ww_status diff_match_sentences(struct diff_side *a, struct diff_side *b,
                                    struct diff_work *work, struct arena *scratch,
                                    struct ww_error *err);

#endif
