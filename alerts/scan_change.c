/*
 * scan_change.c - two versions of a list, name by name.
 *
 * A name is told by a print of all that bears on what it is worth: its own cell, the whole rows it
 * and its item come from, as they stand in the files (so that a column that nobody here knows
 * counts too), and what reading made of them, which takes in what one file says of a row of
 * another. Names whose print is in both versions are the same; the texts of all others are looked
 * for.
 */
#include "alerts/scan_change.h"

#include "alerts/combine.h"
#include "alerts/query.h"
#include "alerts/scan_index.h"
#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "storage/store_alerts.h"

#include <stdlib.h>

/* ---- prints ---------------------------------------------------------------------------------- */

static uint64_t print_text(uint64_t print, struct slice s)
{
    return hash64_mix(print, hash64_seeded(s, print));
}

/* A row of a file with its titles, for columns may change places; empty cells say nothing. */
static uint64_t print_row(const struct csv_table *t, const struct csv_row *row)
{
    uint64_t print = 0;

    for (size_t i = 0; i < row->n_cells && i < t->header.n_cells; i++)
        if (row->cells[i].len > 0)
            print += print_text(hash64(t->header.cells[i]), row->cells[i]);
    return print;
}

/* The row that begins in this line; rows are in the order of their lines. */
static uint64_t print_line(const struct watchlist *w, struct watch_cell cell)
{
    const struct csv_table *t = &w->files[cell.file];
    size_t low = 0, high = t->n_rows;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (t->rows[middle].line < cell.row)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->n_rows && t->rows[low].line == cell.row ? print_row(t, &t->rows[low]) : 0;
}

/* One version, and what is reckoned of it before its names are. */
struct version {
    const struct watchlist *w;
    uint64_t *items;  /* per item: what it is, and all rows that are about it */
    uint64_t *places; /* per place */
    uint64_t *names;  /* per name */
};

/* Every row of a file to the items that its cell in `title` names. */
static void add_rows(struct version *v, enum watch_file file, const char *title,
                     const struct id_table *ids)
{
    const struct csv_table *t = &v->w->files[file];
    const size_t column = csv_column(t, slice_from(title));

    for (size_t i = 0; v->w->has_file[file] && i < t->n_rows && column < t->header.n_cells; i++) {
        const struct slice id = csv_cell(&t->rows[i], column);
        const uint32_t item = id.len == 0 ? WATCH_NONE : id_table_get(ids, SLICE(""), id);

        if (item != WATCH_NONE)
            v->items[item] += print_row(t, &t->rows[i]);
    }
}

static bool print_items(struct version *v, struct arena *arena)
{
    struct id_table ids = {0};

    v->items = arena_array(arena, v->w->n_items + 1, sizeof(*v->items));
    if (v->items == NULL)
        return false;
    for (size_t i = v->w->n_items; i-- > 0;) { /* of two kinds with one id the first has it */
        const struct watch_item *item = &v->w->items[i];
        uint64_t print = print_text(11, item->id);

        print = print_text(print, item->kind);
        print = print_text(print, item->name);
        print = print_text(print, item->country);
        print = print_text(print, item->severity);
        print = print_text(print, item->tags);
        v->items[i] = print_text(print, item->owner) + item->is_site;
        id_table_put(&ids, arena, SLICE(""), item->id, (uint32_t)i);
    }
    for (size_t file = 0; file < WATCH_FILE_COUNT; file++) {
        add_rows(v, (enum watch_file)file, "id", &ids);
        add_rows(v, (enum watch_file)file, "site", &ids);
    }
    for (size_t i = 0; i < v->w->n_items; i++) {
        const uint32_t first = id_table_get(&ids, SLICE(""), v->w->items[i].id);

        v->items[i] += first == i ? 0 : v->items[first];
    }
    return !arena->failed;
}

static uint64_t print_item(const struct version *v, uint32_t item)
{
    return item == WATCH_NONE ? 1 : v->items[item];
}

static bool print_places(struct version *v, struct arena *arena)
{
    v->places = arena_array(arena, v->w->n_places + 1, sizeof(*v->places));
    for (size_t i = 0; v->places != NULL && i < v->w->n_places; i++) {
        const struct watch_place *p = &v->w->places[i];
        uint64_t print = print_text(12, p->id);

        print = print_text(print, p->type);
        print = print_text(print, p->country);
        print = print_text(print, p->name);
        print = hash64_mix(print, print_item(v, p->item));
        print = hash64_mix(print, print_item(v, p->country_item));
        for (size_t k = 0; k < p->n_conditions; k++) {
            print = hash64_mix(print, (uint64_t)p->conditions[k].kind);
            for (size_t n = 0; n < p->conditions[k].n_phrases; n++)
                print = print_text(print, p->conditions[k].phrases[n]);
        }
        v->places[i] = print + p->is_country;
    }
    return v->places != NULL;
}

static uint64_t print_owner(const struct version *v, const struct watch_name *n)
{
    switch (n->class) {
    case WATCH_TERM:
        return print_text(hash64_mix(v->w->terms[n->owner].role, v->w->terms[n->owner].strength),
                          v->w->terms[n->owner].state);
    case WATCH_PLACE:
    case WATCH_DEMONYM:
        return v->places[n->owner];
    case WATCH_DIRECT:
    case WATCH_NEAR:
    case WATCH_BODY:
    case WATCH_BARE:
        break;
    }
    return v->items[n->owner];
}

static bool print_names(struct version *v, struct arena *arena)
{
    if (!print_items(v, arena) || !print_places(v, arena))
        return false;
    v->names = arena_array(arena, v->w->n_names + 1, sizeof(*v->names));
    for (size_t i = 0; v->names != NULL && i < v->w->n_names; i++) {
        const struct watch_name *n = &v->w->names[i];
        uint64_t print = print_text(hash64_mix((uint64_t)n->class, n->is_case_sensitive), n->text);

        print = print_text(print, n->language);
        print = hash64_mix(print, print_owner(v, n));
        v->names[i] = hash64_mix(print, print_line(v->w, n->cell));
    }
    return v->names != NULL;
}

/* ---- what differs ---------------------------------------------------------------------------- */

struct print_at {
    uint64_t print;
    size_t at;
};

static int compare(const void *a, const void *b)
{
    const struct print_at *x = a, *y = b;

    if (x->print != y->print)
        return x->print < y->print ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static struct print_at *sort_prints(const uint64_t *prints, size_t n, struct arena *arena)
{
    struct print_at *rows = arena_array(arena, n + 1, sizeof(*rows));

    for (size_t i = 0; rows != NULL && i < n; i++)
        rows[i] = (struct print_at){prints[i], i};
    if (rows != NULL && n > 0)
        qsort(rows, n, sizeof(*rows), compare);
    return rows;
}

/* The names to look for, of all versions that were compared. */
struct difference {
    struct arena *arena;
    struct slice *names;
    size_t n_names, capacity;
    const char *reason; /* not NULL: it is about more than names */
};

static void add_name(struct difference *d, struct slice text)
{
    struct slice *rows = arena_grow(d->arena, d->names, d->n_names, &d->capacity, sizeof(*rows));

    if (combine_is_pattern(text))
        d->reason = "a term that differs is made of kinds of words";
    if (rows == NULL)
        return;
    d->names = rows;
    rows[d->n_names++] = text;
}

/*
 * Rows of a that b has not go to d; to kept, by number, which of a's rows b has. Of equal ones as
 * many as both have are the same.
 */
static void subtract(const struct print_at *a, size_t n_a, const struct print_at *b, size_t n_b,
                     const struct watchlist *w, bool *kept, struct difference *d)
{
    size_t k = 0;

    for (size_t i = 0; i < n_a; i++) {
        while (k < n_b && b[k].print < a[i].print)
            k++;
        kept[a[i].at] = k < n_b && b[k].print == a[i].print;
        if (kept[a[i].at])
            k++;
        else
            add_name(d, w->names[a[i].at].text);
    }
}

/* Of two equally long names at one place the earlier in the list may win: their order counts. */
static bool is_same_order(const struct version *a, const bool *a_kept, const struct version *b,
                          const bool *b_kept)
{
    size_t k = 0;

    for (size_t i = 0; i < a->w->n_names; i++) {
        if (!a_kept[i])
            continue;
        while (k < b->w->n_names && !b_kept[k])
            k++;
        if (k == b->w->n_names || a->names[i] != b->names[k++])
            return false;
    }
    return true;
}

static void compare_names(const struct version *a, const struct version *b, struct difference *d)
{
    const size_t n_a = a->w->n_names, n_b = b->w->n_names;
    struct print_at *rows_a = sort_prints(a->names, n_a, d->arena);
    struct print_at *rows_b = sort_prints(b->names, n_b, d->arena);
    bool *a_kept = arena_array(d->arena, n_a + 1, sizeof(bool));
    bool *b_kept = arena_array(d->arena, n_b + 1, sizeof(bool));

    if (rows_a == NULL || rows_b == NULL || a_kept == NULL || b_kept == NULL)
        return;
    subtract(rows_a, n_a, rows_b, n_b, a->w, a_kept, d);
    subtract(rows_b, n_b, rows_a, n_a, b->w, b_kept, d);
    if (!is_same_order(a, a_kept, b, b_kept))
        d->reason = "names stand in another order";
}

/* A one-word name counts in its own language, and in any that the list does not know. */
static uint64_t print_languages(const struct watchlist *w)
{
    uint64_t print = 0;

    for (size_t i = 0; i < w->n_languages; i++)
        print += print_text(13, w->languages[i]);
    return print;
}

/* Prints of all rules; NULL: no memory. */
static uint64_t *print_rules(const struct version *v, struct arena *arena)
{
    uint64_t *prints = arena_array(arena, v->w->n_rules + 1, sizeof(*prints));

    for (size_t i = 0; prints != NULL && i < v->w->n_rules; i++)
        prints[i] =
            hash64_mix(print_line(v->w, v->w->rules[i].cell), v->items[v->w->rules[i].item]);
    return prints;
}

/* Of several places that make a rule true one is told, which the order of all words bears on. */
static uint64_t print_words(const struct watchlist *w)
{
    uint64_t print = 14;

    for (size_t i = 0; i < w->words.n_rows; i++)
        print = print_text(print, w->words.rows[i].text);
    return print;
}

/* The rules of a that b has not, or not so: by the words of which one must be there. */
static enum ww_status compare_rules(const struct version *a, const struct version *b,
                                    struct difference *d, struct ww_error *err)
{
    const bool is_same = print_words(a->w) == print_words(b->w);
    const uint64_t *prints_a = print_rules(a, d->arena), *prints_b = print_rules(b, d->arena);
    enum ww_status status =
        prints_a == NULL || prints_b == NULL ? arena_check(d->arena, err) : WW_OK;

    for (size_t i = 0; i < a->w->n_rules && status == WW_OK && d->reason == NULL; i++) {
        const struct watch_rule *r = &a->w->rules[i];
        const uint32_t *words;
        size_t n = 0, k = 0;

        while (k < b->w->n_rules && (!is_same || prints_b[k] != prints_a[i]))
            k++;
        if (k < b->w->n_rules)
            continue;
        status = query_needed_words(r->query, &a->w->words, d->arena, &words, &n, err);
        if (status == WW_OK && n == 0)
            d->reason = "a rule can be true of an article without any of its words";
        for (size_t m = 0; status == WW_OK && m < n; m++)
            add_name(d, a->w->words.rows[words[m]].name);
    }
    return status;
}

static enum ww_status compare_versions(const struct version *a, const struct version *b,
                                       struct difference *d, struct ww_error *err)
{
    enum ww_status status;

    if (print_languages(a->w) != print_languages(b->w)) {
        d->reason = "the list has names in other languages than before";
        return WW_OK;
    }
    compare_names(a, b, d);
    status = compare_rules(a, b, d, err);
    if (status == WW_OK)
        status = compare_rules(b, a, d, err);
    return status == WW_OK ? arena_check(d->arena, err) : status;
}

/* ---- versions -------------------------------------------------------------------------------- */

/* A stored version, read; WW_NOT_FOUND: there is none of that number. */
static enum ww_status read_version(struct store *s, int64_t id, struct arena *arena,
                                   struct version *out, struct ww_error *err)
{
    struct watchlist *w = arena_alloc(arena, sizeof(*w));
    struct watchlist_row row;
    enum ww_status status = w == NULL ? arena_check(arena, err) : WW_OK;

    if (status == WW_OK)
        status = store_watchlist(s, id, arena, &row, err);
    if (status == WW_OK)
        status = watchlist_parse(row.content, arena, w, err);
    out->w = w;
    return status == WW_OK && !print_names(out, arena) ? arena_check(arena, err) : status;
}

/* Each version between the two, and the last one, against the one before it. */
static enum ww_status compare_all(struct store *s, int64_t from, int64_t to, struct version *last,
                                  struct difference *d, struct ww_error *err)
{
    struct version before = {0}, next;
    enum ww_status status = read_version(s, from, d->arena, &before, err);

    for (int64_t id = from + 1; id <= to && status == WW_OK && d->reason == NULL; id++) {
        next = (struct version){0};
        status = id == to ? WW_OK : read_version(s, id, d->arena, &next, err);
        if (status == WW_NOT_FOUND) {
            status = WW_OK;
            continue;
        }
        if (id == to)
            next = *last;
        if (status == WW_OK)
            status = compare_versions(&before, &next, d, err);
        before = next;
    }
    /* What cannot be read any more cannot be compared. */
    if (status == WW_NOT_FOUND || status == WW_INVALID || status == WW_TOO_BIG) {
        d->reason = "an earlier version of the list cannot be read";
        status = WW_OK;
    }
    return status;
}

static int compare_texts(const void *a, const void *b)
{
    const struct slice *x = a, *y = b;

    return slice_compare(*x, *y);
}

/* Of equal texts one. */
static void settle(struct difference *d)
{
    size_t n = 0;

    if (d->n_names > 0)
        qsort(d->names, d->n_names, sizeof(*d->names), compare_texts);
    for (size_t i = 0; i < d->n_names; i++)
        if (n == 0 || !slice_equal(d->names[i], d->names[n - 1]))
            d->names[n++] = d->names[i];
    d->n_names = n;
}

enum ww_status scan_change_find(struct store *s, int64_t from, int64_t to,
                                const struct watchlist *w, struct arena *arena,
                                struct scan_change *out, struct ww_error *err)
{
    struct version last = {.w = w};
    struct difference d = {.arena = arena};
    struct scan_index_answer answer;
    enum ww_status status = WW_OK;

    *out = (struct scan_change){.reason = "no list has seen all of the archive yet"};
    if (from == 0)
        return WW_OK;
    out->reason = "many versions of the list came since";
    if (to - from > SCAN_CHANGE_VERSIONS || to < from)
        return WW_OK;
    if (!print_names(&last, arena))
        return arena_check(arena, err);
    status = compare_all(s, from, to, &last, &d, err);
    out->reason = d.reason;
    if (status != WW_OK || d.reason != NULL)
        return status;
    settle(&d);
    out->n_names = d.n_names;
    status = scan_index_ask(s, d.names, d.n_names, arena, &answer, err);
    out->is_narrowed = answer.is_known;
    out->reason = answer.reason;
    out->articles = answer.articles;
    return status;
}
