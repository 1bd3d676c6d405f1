/* query_list.c - a list of one rule: a query that is tried before it is trusted. */
#include "alerts/query.h"

#include "alerts/watchlist.h"
#include "base/arena.h"

enum ww_status watchlist_of_query(struct slice text, struct arena *arena, struct watchlist *out,
                                  size_t *error_at, struct ww_error *err)
{
    struct query *q;
    struct watch_item *item = arena_alloc(arena, sizeof(*item));
    struct watch_rule *rule = arena_alloc(arena, sizeof(*rule));
    enum ww_status status;

    *out = (struct watchlist){0};
    if (item == NULL || rule == NULL)
        return arena_check(arena, err);
    status = query_parse(text, &out->words, arena, &q, error_at, err);
    if (status != WW_OK)
        return status;
    *item = (struct watch_item){.id = SLICE("query"), .kind = SLICE("rule"), .name = q->text};
    *rule = (struct watch_rule){
        .item = 0, .query = q, .cell = {WATCH_RULES, 1, 1}
    };
    out->items = item;
    out->n_items = 1;
    out->rules = rule;
    out->n_rules = 1;
    return WW_OK;
}
