/* source.c - the table of sources, and the window of an order. */
#include "crawler/history/source.h"

#include "base/attrs.h"

/* Sorted by name. */
static const struct source *const sources[] = {
    &source_commoncrawl, &source_feed,    &source_gdelt,     &source_mediacloud,
    &source_sitemap,     &source_wayback, &source_wordpress,
};

const struct source *source_find(struct slice name)
{
    for (size_t i = 0; i < WW_COUNT(sources); i++)
        if (slice_equal(name, slice_from(sources[i]->name)))
            return sources[i];
    return NULL;
}

const struct source *source_at(size_t i)
{
    return i < WW_COUNT(sources) ? sources[i] : NULL;
}

bool source_is_asked(const struct backfill_row *order, int64_t at)
{
    return at == 0 || (at >= order->since_at && (order->until_at == 0 || at < order->until_at));
}
