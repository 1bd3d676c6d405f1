/* jsonfeed.c - JSON Feed by Jansson. */
#include "feeds/jsonfeed.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/url.h"
#include "feeds/feed.h"
#include "feeds/feed_date.h"
#include "feeds/feed_lists.h"
#include "feeds/json_mend.h"
#include "feeds/markup.h"

#include <stdbool.h>

#include <jansson.h>

struct json_reader {
    struct arena *arena;
    struct slice base;
    struct feed *feed;
    size_t entries_room;
};

/* A text of the object, in the arena; numbers (ids are often numbers) as they would be written. */
static struct slice text_of(struct json_reader *r, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    if (json_is_integer(value))
        return arena_printf(r->arena, "%lld", (long long)json_integer_value(value));
    if (json_is_real(value))
        return arena_printf(r->arena, "%.17g", json_real_value(value));
    if (!json_is_string(value))
        return (struct slice){NULL, 0};
    return slice_trim(text_clean(
        arena_copy(r->arena, slice_of(json_string_value(value), json_string_length(value))),
        r->arena));
}

/* The same as plain text on one line. */
static struct slice line_of(struct json_reader *r, const json_t *object, const char *key)
{
    struct slice text = text_of(r, object, key);

    return text.len == 0 ? text : text_cut(text_squeeze(text, r->arena), TITLE_MAX_BYTES);
}

static struct slice address_of(struct json_reader *r, const json_t *object, const char *key)
{
    struct slice reference = text_of(r, object, key), url;

    if (reference.len == 0 || url_resolve(reference, r->base, r->arena, &url, NULL) != WW_OK)
        return reference;
    return url;
}

static struct date date_of(struct json_reader *r, const json_t *object, const char *key,
                           struct slice language)
{
    struct date date = {0};
    struct slice text = text_of(r, object, key);

    if (text.len == 0 || !feed_date_parse(text, language, &date))
        date = (struct date){0};
    return date;
}

static void add_author(struct json_reader *r, struct slice *authors, struct feed_lists *lists,
                       const json_t *author)
{
    static const char *const keys[] = {"name", "url"};
    struct slice name = {"", 0};

    for (size_t i = 0; i < WW_COUNT(keys) && name.len == 0; i++)
        name = text_of(r, author, keys[i]);
    if (json_is_string(author)) /* the name alone: not the standard, but seen */
        name = text_clean(
            arena_copy(r->arena, slice_of(json_string_value(author), json_string_length(author))),
            r->arena);
    feed_add_author(authors, lists, text_squeeze(name, r->arena), r->arena);
}

/* "authors" of 1.1 first, then "author" of 1.0: feeds that move from one to the other have both. */
static struct slice authors_of(struct json_reader *r, const json_t *object,
                               struct feed_lists *lists)
{
    const json_t *list = json_object_get(object, "authors"), *author;
    struct slice authors = {"", 0};
    size_t i;

    json_array_foreach(list, i, author) add_author(r, &authors, lists, author);
    if (json_is_object(list)) /* not the standard, but seen */
        add_author(r, &authors, lists, list);
    add_author(r, &authors, lists, json_object_get(object, "author"));
    return authors;
}

static void add_lists(struct json_reader *r, const json_t *item, struct entry *entry,
                      struct feed_lists *lists)
{
    const json_t *value;
    size_t i;

    json_array_foreach(json_object_get(item, "tags"), i, value)
    {
        if (json_is_string(value))
            feed_add_category(
                entry, lists,
                text_squeeze(arena_copy(r->arena, slice_of(json_string_value(value),
                                                           json_string_length(value))),
                             r->arena),
                r->arena);
    }
    json_array_foreach(json_object_get(item, "attachments"), i, value)
    {
        struct feed_enclosure enclosure = {
            .url = address_of(r, value, "url"),
            .type = text_of(r, value, "mime_type"),
            .length = text_of(r, value, "size_in_bytes"),
        };

        feed_add_enclosure(entry, lists, enclosure, r->arena);
    }
}

static void add_entry(struct json_reader *r, const json_t *item)
{
    struct entry *entry =
        json_is_object(item) ? feed_add_entry(r->feed, &r->entries_room, r->arena) : NULL;
    struct feed_lists lists = {0};
    struct slice other, text, language;

    if (entry == NULL)
        return;
    entry->id = text_of(r, item, "id");
    entry->title = line_of(r, item, "title");
    entry->link = address_of(r, item, "url");
    other = address_of(r, item, "external_url");
    if (entry->link.len > 0)
        feed_add_link(&entry->links, &entry->n_links, &lists,
                      (struct feed_link){
                          entry->link, SLICE("alternate"), {"", 0}
        },
                      r->arena);
    if (other.len > 0)
        feed_add_link(&entry->links, &entry->n_links, &lists,
                      (struct feed_link){
                          other, SLICE("related"), {"", 0}
        },
                      r->arena);
    if (entry->link.len == 0)
        entry->link = other;
    if (entry->link.len == 0 && (slice_starts_nocase(entry->id, SLICE("http://")) ||
                                 slice_starts_nocase(entry->id, SLICE("https://"))))
        entry->link = entry->id;
    entry->content_base = r->base;
    entry->summary = markup_escaped(text_of(r, item, "summary"), r->arena);
    entry->content = text_of(r, item, "content_html");
    text = text_of(r, item, "content_text");
    if (entry->content.len == 0 && text.len > 0)
        entry->content = markup_escaped(text, r->arena);
    entry->author = authors_of(r, item, &lists);
    if (entry->author.len == 0)
        entry->author = r->feed->author;
    entry->language = text_of(r, item, "language");
    language = entry->language.len > 0 ? entry->language : r->feed->language;
    entry->published = date_of(r, item, "date_published", language);
    entry->updated = date_of(r, item, "date_modified", language);
    add_lists(r, item, entry, &lists);
}

static void add_feed_link(struct json_reader *r, struct feed_lists *lists, struct slice href,
                          const char *rel)
{
    if (href.len > 0)
        feed_add_link(&r->feed->links, &r->feed->n_links, lists,
                      (struct feed_link){
                          href, slice_from(rel), {"", 0}
        },
                      r->arena);
}

static void read_feed(struct json_reader *r, const json_t *root, struct slice version)
{
    struct feed *feed = r->feed;
    struct feed_lists lists = {0};
    const json_t *value;
    size_t i;

    feed->format = slice_ends(version, SLICE("1.0")) || slice_ends(version, SLICE("/1"))
                       ? "json1.0"
                       : "json1.1";
    feed->title = line_of(r, root, "title");
    feed->description = line_of(r, root, "description");
    feed->link = address_of(r, root, "home_page_url");
    feed->language = text_of(r, root, "language");
    feed->author = authors_of(r, root, &lists);
    add_feed_link(r, &lists, feed->link, "alternate");
    add_feed_link(r, &lists, address_of(r, root, "feed_url"), "self");
    add_feed_link(r, &lists, address_of(r, root, "next_url"), "next");
    json_array_foreach(json_object_get(root, "hubs"), i, value)
        add_feed_link(r, &lists, address_of(r, value, "url"), "hub");
    json_array_foreach(json_object_get(root, "items"), i, value) add_entry(r, value);
    /* JSON Feed has no date of its own: the newest entry's will do. */
    for (i = 0; i < feed->n_entries; i++) {
        const struct entry *e = &feed->entries[i];
        const struct date *d = e->updated.precision != DATE_NONE ? &e->updated : &e->published;

        if (d->precision != DATE_NONE &&
            (feed->updated.precision == DATE_NONE || d->at > feed->updated.at))
            feed->updated = *d;
    }
}

enum ww_status jsonfeed_parse(struct slice utf8, struct slice base, struct arena *arena,
                              struct feed *out, struct ww_error *err)
{
    struct json_reader r = {.arena = arena, .base = base, .feed = out};
    json_error_t error;
    json_t *root = json_loadb(utf8.ptr, utf8.len, JSON_ALLOW_NUL, &error);
    struct slice version;
    enum ww_status status;

    if (root == NULL) {
        struct slice mended = json_mend(utf8, arena);
        json_error_t unused;

        root = json_loadb(mended.ptr, mended.len, JSON_ALLOW_NUL, &unused);
        out->is_malformed = true;
    }
    if (root == NULL)
        return ww_fail(err, WW_INVALID, "not JSON: %s at line %d", error.text, error.line);
    version = text_of(&r, root, "version");
    if (!json_is_object(root) || (!slice_contains_nocase(version, SLICE("jsonfeed.org")) &&
                                  !json_is_array(json_object_get(root, "items")))) {
        json_decref(root);
        return ww_fail(err, WW_INVALID, "JSON, but no JSON Feed");
    }
    read_feed(&r, root, version);
    json_decref(root);
    status = arena_check(arena, err);
    return status;
}
