/*
 * search_index.h - articles into the search index, a batch at a time.
 *
 * FTS5 writes out what it has gathered whenever another table of the same transaction is written:
 * beside its article a text costs 1.2 ms, in a batch of its own 0.15 ms. So a number in meta says
 * up to which article the index reaches, and whoever writes brings it up to date.
 */
#ifndef WW_STORAGE_SEARCH_INDEX_H
#define WW_STORAGE_SEARCH_INDEX_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct store;

/* Articles between two batches; 2 MB of text. */
#define SEARCH_BATCH 256

/*
 * One more article was added. Whoever adds the last of a batch will index it: each of several
 * machines that counted its own would leave all batches for the end, where they wait for each
 * other.
 */
void search_index_expect(struct store *s, int64_t id);

/*
 * Does nothing for a reader, or inside a transaction. Not patient: some of it, and nothing when
 * another process is at it.
 */
enum ww_status search_index_catch_up(struct store *s, bool is_patient, struct ww_error *err);

/*
 * Were all its words made as they would be today? The index keeps a print of what folding makes of
 * a text with every kind of letter in it; one that has none is older than that.
 */
enum ww_status search_index_is_ours(struct store *s, struct arena *arena, bool *out,
                                    struct ww_error *err);

#endif
