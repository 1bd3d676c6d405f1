/* store_seen.c - what long lists have shown before. */
#include "storage/store_seen.h"

#include "base/attrs.h"
#include "storage/rows.h"

enum ww_status store_seen(struct store *s, int64_t feed_id, uint64_t address, int64_t *modified_at,
                          struct ww_error *err)
{
    const struct db_value values[] = {db_integer(feed_id), db_integer((int64_t)address)};

    return row_numbers(s, QUERY_SEEN_GET, values, WW_COUNT(values), modified_at, 1, err);
}

enum ww_status store_mark_seen(struct store *s, int64_t feed_id, uint64_t address,
                               int64_t modified_at, struct ww_error *err)
{
    const struct db_value values[] = {db_integer(feed_id), db_integer((int64_t)address),
                                      db_integer(modified_at)};

    return row_write(s, QUERY_SEEN_PUT, values, WW_COUNT(values), err);
}
