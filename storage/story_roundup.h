/*
 * story_roundup.h - is a text several stories side by side?
 *
 * A round-up holds whole stories one after the other; they are told from excerpts of one story by
 * where they stand in it. Two earlier texts of different stories that stand apart in a text make it
 * a round-up when both are large parts of it, or stand next to each other, or neither is its
 * beginning, unless one of them is cut: then both are cuts of it. Two excerpts of a text that came
 * first do when they stand next to each other, or neither is its beginning, and both are whole
 * paragraphs that begin as the excerpt does: of one story there are cuts of the beginning, in the
 * middle of a line, and of the middle, below a line of the outlet's own.
 */
#ifndef WW_STORAGE_STORY_ROUNDUP_H
#define WW_STORAGE_STORY_ROUNDUP_H

#include "storage/story_text.h"

#include <stdbool.h>
#include <stddef.h>

/* Where a part stands in a text: shingles of the text. Nowhere in one piece: first == end. */
struct story_extent {
    size_t first, end;
    bool is_whole; /* paragraphs, and they begin as the part does */
    bool is_cut;   /* the part ends there with a few words of its own: "Subscribe to read on" */
};

/* Both are settled. */
struct story_extent story_extent_of(const struct story_text *part, const struct story_text *whole);

/* Do texts of two stories that stand there make a round-up of it? */
bool story_extents_merge(struct story_extent a, struct story_extent b,
                         const struct story_text *whole);

/* Do two excerpts that stand there show that what they are excerpts of is a round-up? */
bool story_extents_part(struct story_extent a, struct story_extent b);

#endif
