/* feed_lists.c - growing arrays in the feed's arena. */
#include "feeds/feed_lists.h"

#include "base/arena.h"
#include "base/limits.h"

static const struct date *date_of(const struct entry *e)
{
    return e->published.precision != DATE_NONE ? &e->published : &e->updated;
}

static bool is_oldest_first(const struct feed *feed)
{
    const struct date *first = date_of(&feed->entries[0]);
    const struct date *last = date_of(&feed->entries[feed->n_entries - 1]);

    return first->precision != DATE_NONE && last->precision != DATE_NONE && first->at < last->at;
}

struct entry *feed_add_entry(struct feed *feed, size_t *room, struct arena *arena)
{
    struct entry *entries;

    if (feed->n_entries >= FEED_ENTRIES_MAX) {
        if (feed->n_dropped == 0)
            feed->is_oldest_first = is_oldest_first(feed);
        feed->n_dropped++;
        if (!feed->is_oldest_first)
            return NULL;
        entries = &feed->entries[(feed->n_dropped - 1) % FEED_ENTRIES_MAX];
        *entries = (struct entry){0};
        return entries;
    }
    entries = arena_grow(arena, feed->entries, feed->n_entries, room, sizeof(*entries));
    if (entries == NULL)
        return NULL;
    feed->entries = entries;
    entries[feed->n_entries] = (struct entry){0};
    return &entries[feed->n_entries++];
}

void feed_add_link(struct feed_link **links, size_t *n, struct feed_lists *lists,
                   struct feed_link link, struct arena *arena)
{
    struct feed_link *list;

    if (*n >= FEED_LIST_MAX)
        return;
    list = arena_grow(arena, *links, *n, &lists->links, sizeof(*list));
    if (list == NULL)
        return;
    list[(*n)++] = link;
    *links = list;
}

void feed_add_enclosure(struct entry *entry, struct feed_lists *lists,
                        struct feed_enclosure enclosure, struct arena *arena)
{
    struct feed_enclosure *list;

    if (enclosure.url.len == 0 && enclosure.type.len == 0 && enclosure.length.len == 0)
        return;
    for (size_t i = 0; i < entry->n_enclosures; i++)
        if (slice_equal(entry->enclosures[i].url, enclosure.url))
            return;
    if (entry->n_enclosures >= FEED_LIST_MAX)
        return;
    list = arena_grow(arena, entry->enclosures, entry->n_enclosures, &lists->enclosures,
                      sizeof(*list));
    if (list == NULL)
        return;
    list[entry->n_enclosures++] = enclosure;
    entry->enclosures = list;
}

void feed_add_category(struct entry *entry, struct feed_lists *lists, struct slice category,
                       struct arena *arena)
{
    struct slice *list;

    if (category.len == 0 || entry->n_categories >= FEED_LIST_MAX)
        return;
    for (size_t i = 0; i < entry->n_categories; i++)
        if (slice_equal(entry->categories[i], category))
            return;
    list = arena_grow(arena, entry->categories, entry->n_categories, &lists->categories,
                      sizeof(*list));
    if (list == NULL)
        return;
    list[entry->n_categories++] = category;
    entry->categories = list;
}

void feed_add_author(struct slice *authors, struct feed_lists *lists, struct slice name,
                     struct arena *arena)
{
    struct slice rest = *authors, known;

    if (name.len == 0 || lists->n_authors >= FEED_AUTHORS_MAX)
        return;
    while (rest.len > 0 && slice_next(&rest, ',', &known))
        if (slice_equal(slice_trim(known), name))
            return;
    lists->n_authors++;
    *authors = authors->len == 0
                   ? arena_copy(arena, name)
                   : arena_printf(arena, "%.*s, %.*s", SLICE_ARG(*authors), SLICE_ARG(name));
}
