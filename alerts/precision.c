/* precision.c - marks to shares with intervals. */
#include "alerts/precision.h"

#include "base/arena.h"
#include "base/limits.h"

#include <math.h>
#include <stdlib.h>

static const char *const names[PRECISION_BY_COUNT] = {
    [PRECISION_BY_ITEM] = "item",         [PRECISION_BY_ALIAS] = "alias",
    [PRECISION_BY_FEED] = "feed",         [PRECISION_BY_OUTLET] = "outlet",
    [PRECISION_BY_LANGUAGE] = "language", [PRECISION_BY_RULE] = "rule",
};

const char *precision_by_name(enum precision_by by)
{
    return names[by];
}

bool precision_by_parse(struct slice name, enum precision_by *out)
{
    for (unsigned by = 0; by < PRECISION_BY_COUNT; by++)
        if (slice_equal(name, slice_from(names[by]))) {
            *out = (enum precision_by)by;
            return true;
        }
    return false;
}

struct interval precision_interval(int64_t n, int64_t total)
{
    const double z = 1.959963984540054; /* 0.975 of the normal distribution lie below */
    const double of = (double)total, share = total > 0 ? (double)n / of : 0;
    double centre, spread;

    if (total <= 0)
        return (struct interval){0, 1};
    centre = (share + z * z / (2 * of)) / (1 + z * z / of);
    spread = z / (1 + z * z / of) * sqrt(share * (1 - share) / of + z * z / (4 * of * of));
    return (struct interval){centre > spread ? centre - spread : 0,
                             centre + spread < 1 ? centre + spread : 1};
}

/* ---- by what --------------------------------------------------------------------------------- */

static struct slice key_of(const struct judged_row *row, enum precision_by by)
{
    switch (by) {
    case PRECISION_BY_ITEM:
        return row->item;
    case PRECISION_BY_ALIAS:
        return row->alias;
    case PRECISION_BY_FEED:
        return row->feed;
    case PRECISION_BY_OUTLET:
        return row->outlet;
    case PRECISION_BY_LANGUAGE:
        return row->language;
    case PRECISION_BY_RULE:
    case PRECISION_BY_COUNT:
        break;
    }
    return row->rule;
}

/* An alert and the name it is counted under. */
struct keyed {
    struct slice item, key;
    const struct judged_row *row;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    int order = slice_compare(x->item, y->item);

    return order != 0 ? order : slice_compare(x->key, y->key);
}

static int by_cost(const void *a, const void *b)
{
    const struct precision_row *x = a, *y = b;
    int order;

    if (x->n_irrelevant != y->n_irrelevant)
        return x->n_irrelevant > y->n_irrelevant ? -1 : 1;
    if (x->n_marked != y->n_marked && x->n_irrelevant > 0) /* the same loss of fewer is worse */
        return x->n_marked < y->n_marked ? -1 : 1;
    if (x->n_marked != y->n_marked)
        return x->n_marked > y->n_marked ? -1 : 1;
    order = slice_compare(x->item, y->item);
    return order != 0 ? order : slice_compare(x->key, y->key);
}

static void count(struct precision_row *out, const struct judged_row *row)
{
    out->n_alerts++;
    out->n_relevant += row->verdict == MARK_RELEVANT;
    out->n_known += row->verdict == MARK_KNOWN;
    out->n_irrelevant += row->verdict == MARK_IRRELEVANT;
    out->n_disputed += row->is_disputed;
    out->n_marked += row->verdict != MARK_NONE;
}

static void finish(struct precision_row *row)
{
    const int64_t n_right = row->n_relevant + row->n_known;

    row->share = row->n_marked > 0 ? (double)n_right / (double)row->n_marked : 0;
    row->interval = precision_interval(n_right, row->n_marked);
    row->is_few = row->n_marked < PRECISION_MARKS_MIN;
}

enum ww_status precision_tally(const struct judged_list *list, enum precision_by by,
                               struct arena *arena, struct precision_report *out,
                               struct ww_error *err)
{
    const bool has_item = by == PRECISION_BY_ITEM || by == PRECISION_BY_ALIAS;
    struct keyed *keyed = arena_array(arena, list->n_rows + 1, sizeof(*keyed));
    size_t n = 0;

    *out =
        (struct precision_report){.rows = arena_array(arena, list->n_rows + 1, sizeof(*out->rows))};
    if (keyed == NULL || out->rows == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < list->n_rows; i++)
        keyed[i] = (struct keyed){has_item ? list->rows[i].item : SLICE(""),
                                  key_of(&list->rows[i], by), &list->rows[i]};
    qsort(keyed, list->n_rows, sizeof(*keyed), by_key);
    for (size_t i = 0; i < list->n_rows; i++) {
        if (i == 0 || by_key(&keyed[i - 1], &keyed[i]) != 0)
            out->rows[n++] = (struct precision_row){.item = keyed[i].item, .key = keyed[i].key};
        count(&out->rows[n - 1], keyed[i].row);
        count(&out->all, keyed[i].row);
    }
    finish(&out->all);
    for (size_t i = 0; i < n; i++) {
        finish(&out->rows[i]);
        if (out->rows[i].n_marked > 0)
            out->rows[out->n_rows++] = out->rows[i];
    }
    qsort(out->rows, out->n_rows, sizeof(*out->rows), by_cost);
    return WW_OK;
}
