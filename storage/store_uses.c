/* store_uses.c - counts of what a watchlist has found. */
#include "storage/store_uses.h"

#include "base/attrs.h"
#include "storage/rows.h"

#define AT(member) offsetof(struct use_row, member)
static const struct member use_members[] = {
    {MEMBER_TEXT,   AT(name),     NULL},
    {MEMBER_NUMBER, AT(n),        NULL},
    {MEMBER_NUMBER, AT(first_at), NULL},
    {MEMBER_NUMBER, AT(last_at),  NULL},
};
#undef AT
static const struct shape use_shape = {sizeof(struct use_row),
                                       {{use_members, WW_COUNT(use_members), 0}}};

enum ww_status store_read_span(struct store *s, struct archive_span *out, struct ww_error *err)
{
    int64_t numbers[2] = {0};
    enum ww_status status =
        row_numbers(s, QUERY_ARCHIVE_SPAN, NULL, 0, numbers, WW_COUNT(numbers), err);

    *out = (struct archive_span){numbers[0], numbers[1]};
    return status;
}

static enum ww_status list_uses(struct store *s, enum query query, struct arena *arena,
                                struct use_list *out, struct ww_error *err)
{
    struct row_list list;
    enum ww_status status = row_list(s, query, NULL, 0, &use_shape, arena, &list, err);

    *out = (struct use_list){list.rows, list.n_rows};
    return status;
}

enum ww_status store_list_item_uses(struct store *s, struct arena *arena, struct use_list *out,
                                    struct ww_error *err)
{
    return list_uses(s, QUERY_ITEM_USES, arena, out, err);
}

enum ww_status store_list_alias_uses(struct store *s, struct arena *arena, struct use_list *out,
                                     struct ww_error *err)
{
    return list_uses(s, QUERY_ALIAS_USES, arena, out, err);
}
