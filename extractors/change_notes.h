/*
 * change_notes.h - lines by which a page says itself that it was changed: "Correction: ...",
 * "Updated 14:05", "Korrektur", "actualizado el", "【更新】", in thirteen languages.
 */
#ifndef WW_EXTRACTORS_CHANGE_NOTES_H
#define WW_EXTRACTORS_CHANGE_NOTES_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct token;

struct change_notes;

/* The phrases as tokens; made once for a comparison. */
enum ww_status change_notes_open(struct arena *arena, struct change_notes **out,
                                 struct ww_error *err);

/* line begins with such a phrase; tokens are those of line, their offsets count from text. */
bool change_notes_match(const struct change_notes *notes, struct slice text,
                        const struct token *tokens, size_t n_tokens);

#endif
