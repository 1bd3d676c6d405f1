/*
 * story_roundup.h - is a text several stories side by side?
 *
 * A round-up holds stories, or their first paragraphs, one after the other. Two texts that stand
 * apart in it show it, when they follow one another and both begin there as they do themselves, at
 * a paragraph. Where two earlier texts of different stories stand in a new one, it is enough that
 * both are large parts of it, or that neither is its beginning. Where an earlier text holds the new
 * one, another part of it must be known: an excerpt, or what its story began with.
 *
 * A text that ends there with a few words of its own ("Subscribe to read on") is a cut, and shows
 * nothing: of one story there are cuts of the beginning and of the middle.
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
