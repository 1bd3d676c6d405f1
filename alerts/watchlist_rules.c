/* watchlist_rules.c - a cell's query is read, or its trouble noted with the place in it. */
#include "alerts/watchlist_rules.h"

#include "base/arena.h"

typedef enum ww_status query_reader(struct slice text, struct query_words *words,
                                    struct arena *arena, struct query **out, size_t *error_at,
                                    struct ww_error *err);

/* NULL: the cell is empty, or bad. */
static const struct query *read_cell(struct watchlist *w, const struct watchlist_cell *c,
                                     query_reader *read, struct arena *arena,
                                     struct watch_findings *findings)
{
    struct query *q = NULL;
    struct ww_error why = {0};
    size_t at = 0;
    enum ww_status status;

    if (c->text.len == 0)
        return NULL;
    status = read(c->text, &w->words, arena, &q, &at, &why);
    if (status == WW_OK)
        return q;
    if (!watch_find(findings, arena, FINDING_ERROR, c->cell, slice_from(why.message)))
        return NULL;
    findings->rows[findings->n_rows - 1].query = c->text;
    findings->rows[findings->n_rows - 1].at = at;
    return NULL;
}

bool watchlist_add_rule(struct watchlist *w, const struct watchlist_cell *query,
                        struct arena *arena, struct watch_findings *findings)
{
    const struct query *q = read_cell(w, query, query_parse, arena, findings);
    struct watch_rule *rules;

    if (q == NULL)
        return false;
    rules = arena_grow(arena, w->rules, w->n_rules, &w->rules_room, sizeof(*rules));
    if (rules == NULL)
        return false;
    w->rules = rules;
    rules[w->n_rules++] = (struct watch_rule){.query = q, .cell = query->cell};
    return true;
}

uint32_t watchlist_add_guard(struct watchlist *w, const struct watchlist_cell *require,
                             const struct watchlist_cell *exclude, struct arena *arena,
                             struct watch_findings *findings)
{
    const struct watch_guard guard = {read_cell(w, require, query_parse_guard, arena, findings),
                                      read_cell(w, exclude, query_parse_guard, arena, findings)};
    struct watch_guard *guards;

    if (guard.require == NULL && guard.exclude == NULL)
        return 0;
    guards = arena_grow(arena, w->guards, w->n_guards, &w->guards_room, sizeof(*guards));
    if (guards == NULL)
        return 0;
    w->guards = guards;
    guards[w->n_guards++] = guard;
    return (uint32_t)w->n_guards;
}
