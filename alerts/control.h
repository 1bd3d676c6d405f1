/*
 * control.h - a set of texts with what the list is to find in them; a change of the list is tried
 * on it before it is trusted.
 *
 * What is expected of a text is a row of words, a blank or comma between:
 *
 *   pier-kestrel     the item is found
 *   !light-osprey    the item is not found
 *   *                what else is found is no matter
 *
 * Without * whatever else is found is unexpected; no words at all ("none"): the text stays quiet.
 * Countries watched as such are no matter unless they are named.
 *
 * Recall is the share of wanted items that are found; precision the share of found ones that were
 * wanted, of those that matter. Ownership: reports borrow the cases and live in the arena.
 */
#ifndef WW_ALERTS_CONTROL_H
#define WW_ALERTS_CONTROL_H

#include "storage/store_marks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct watchlist;

/* Blanks made single, commas blanks; "none" is no word. WW_INVALID: the same item wanted and not.
 */
enum ww_status control_read_expected(struct slice words, struct arena *arena, struct slice *out,
                                     struct ww_error *err);
/* The next word of such a row; false at its end. */
bool control_next_word(struct slice *rest, struct slice *item, bool *is_wanted);

/* One item in one case; those that matter, wanted or found by one of the lists. */
struct control_outcome {
    const struct control_row *row;
    struct slice item;
    bool is_wanted;
    bool is_found_before, is_found_after;
};

struct control_score {
    int64_t n_wanted, n_found; /* of the wanted ones */
    int64_t n_unexpected;
    double recall, precision; /* 1 where there is nothing to find, or nothing was */
};

struct control_report {
    struct control_outcome *rows; /* by case, then as they were expected */
    size_t n_rows;
    size_t n_cases;
    bool has_before;
    struct control_score before, after;
    size_t n_lost;   /* outcomes that were right before and are wrong now */
    size_t n_mended; /* the other way round */
};

/* before may be NULL. */
enum ww_status control_compare(const struct control_list *cases, const struct watchlist *before,
                               const struct watchlist *after, struct arena *arena,
                               struct control_report *out, struct ww_error *err);

static inline bool control_is_right(const struct control_outcome *o, bool is_found)
{
    return o->is_wanted == is_found;
}

/* Does the change make something worse, or leave something unfound? */
bool control_has_failed(const struct control_report *r);

/* The note of a case that was made of marks. */
#define CONTROL_NOTE_MARKED "marked"

/*
 * Make cases of the alerts that were marked: right ones are to be found again, wrong ones not, and
 * what else stands in their articles is no matter. A case that a person wrote is left alone.
 */
enum ww_status control_add_marked(struct store *s, int64_t now, struct arena *arena, size_t *n_new,
                                  size_t *n_changed, struct ww_error *err);

#endif
