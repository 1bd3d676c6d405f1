/*
 * finds_mediacloud.c - a day of Media Cloud: RSS of a hundred thousand items and nothing else.
 *
 * Its titles are what feeds said, so controls and broken references come in them; xml.h takes them
 * out. An item is an address, a title and a site; a source names the feed that announced it.
 */
#include "feeds/finds_parts.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "feeds/xml.h"

enum item_field { ITEM_OTHER, ITEM, ITEM_DATE, ITEM_DOMAIN, ITEM_LINK, ITEM_SOURCE, ITEM_TITLE };

struct item_reader {
    struct finds_reader *finds;
    struct find find; /* being read */
    bool is_item;
    bool is_rss;
    enum item_field fields[XML_DEPTH_MAX + 1];
    size_t depth;
    struct buf text;
};

static enum item_field field_of(struct slice name)
{
    static const struct {
        const char *name;
        enum item_field field;
    } known[] = {
        {"domain",  ITEM_DOMAIN},
        {"item",    ITEM       },
        {"link",    ITEM_LINK  },
        {"pubdate", ITEM_DATE  },
        {"source",  ITEM_SOURCE},
        {"title",   ITEM_TITLE },
    };

    for (size_t i = 0; i < WW_COUNT(known); i++)
        if (slice_equal(name, slice_from(known[i].name)))
            return known[i].field;
    return ITEM_OTHER;
}

static void on_start(void *state, const struct xml_element *e)
{
    struct item_reader *r = state;
    enum item_field field = field_of(e->name);

    if (r->depth == XML_DEPTH_MAX)
        return;
    r->fields[++r->depth] = field;
    buf_reset(&r->text);
    r->is_rss = r->is_rss || slice_equal(e->name, SLICE("rss")) || field == ITEM;
    if (field == ITEM) {
        r->is_item = true;
        r->find = (struct find){0};
    } else if (field == ITEM_SOURCE && r->is_item) {
        struct slice feed = xml_attribute(e, SLICE("url"));

        if (!finds_address(r->finds, feed, &r->find.feed))
            r->find.feed = SLICE("");
    }
}

static void on_text(void *state, struct slice text)
{
    struct item_reader *r = state;

    if (r->is_item && r->fields[r->depth] > ITEM)
        buf_add(&r->text, text);
}

static void on_end(void *state)
{
    struct item_reader *r = state;
    struct arena *arena = r->finds->arena;
    struct slice text = slice_trim(buf_slice(&r->text));
    enum item_field field = r->fields[r->depth];

    if (r->depth == 0)
        return;
    r->depth--;
    if (!r->is_item)
        return;
    switch (field) {
    case ITEM:
        if (!finds_is_full(r->finds))
            finds_add(r->finds, &r->find);
        r->is_item = false;
        break;
    case ITEM_DATE:
        if (!date_parse(text, &r->find.published))
            r->find.published = (struct date){0};
        break;
    case ITEM_DOMAIN:
        r->find.source = arena_copy(arena, finds_line(r->finds, text, 1));
        break;
    case ITEM_LINK:
        r->find.url = arena_copy(arena, text);
        break;
    case ITEM_TITLE:
        r->find.title = arena_copy(arena, finds_line(r->finds, text, 2));
        break;
    case ITEM_SOURCE:
    case ITEM_OTHER:
        break;
    }
    buf_reset(&r->text);
}

/* Read by libxml2 or as tag soup; *is_broken: rows may have been lost. */
static enum ww_status read_items(struct finds_reader *finds, const struct xml_source *source,
                                 bool is_soup, bool *is_rss, bool *is_broken, struct ww_error *err)
{
    struct item_reader r = {.finds = finds};
    struct xml_handler handler = {&r, on_start, on_end, on_text};
    struct xml_result result = {true, true};
    enum ww_status status;

    *finds->out = (struct finds){.n_pages = -1};
    finds->rows_room = finds->lists_room = 0;
    buf_init(&r.text, (size_t)4 * TITLE_MAX_BYTES + URL_MAX_BYTES);
    status = is_soup ? soup_read(source, &handler, err) : xml_read(source, &handler, &result, err);
    *is_rss = r.is_rss;
    *is_broken = result.is_broken;
    buf_release(&r.text);
    return status;
}

enum ww_status finds_read_mediacloud(struct finds_reader *r, struct ww_error *err)
{
    struct xml_source source = {0};
    bool is_rss = false, is_broken = false, is_cut;
    enum ww_status status = finds_take_whole(r, err);
    struct finds first;

    is_cut = r->out->is_cut;
    if (status == WW_OK)
        status = xml_clean(r->text, &source, err);
    if (status == WW_OK)
        status = read_items(r, &source, false, &is_rss, &is_broken, err);
    if (status == WW_OK && is_broken) {
        first = *r->out;
        status = read_items(r, &source, true, &is_rss, &is_broken, err);
        if (first.n_rows > r->out->n_rows)
            *r->out = first;
    }
    xml_source_release(&source);
    r->out->is_cut = is_cut;
    if (status == WW_OK && !is_rss)
        return finds_read_other(r, "a day's list", err);
    return status;
}
