/* feed_take.c - ranks and addresses. */
#include "feeds/feed_take.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/url.h"
#include "feeds/markup.h"

bool feed_is_type(struct slice type, const char *const *types, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slice_equal_nocase(type, slice_from(types[i])))
            return true;
    return false;
}

unsigned *feed_rank(struct feed_reader *r, enum feed_field field)
{
    return r->entry != NULL ? &r->entry_ranks[field] : &r->feed_ranks[field];
}

bool feed_take(struct feed_reader *r, enum feed_field field, unsigned rank)
{
    unsigned *known = feed_rank(r, field);

    if (*known != 0 && *known <= rank)
        return false;
    *known = rank;
    return true;
}

bool feed_is_web(struct slice url)
{
    return slice_starts_nocase(url, SLICE("http://")) ||
           slice_starts_nocase(url, SLICE("https://"));
}

/*
 * An address as it was meant: a line break takes the indentation behind it along, and "&amp;" was
 * escaped once more than it should have been.
 */
static struct slice mend_address(struct slice s, struct arena *arena)
{
    struct slice line, mended = s;
    struct buf out;

    if (slice_find_char(s, '\n') == s.len && !slice_contains(s, SLICE("&amp;")))
        return s;
    buf_init(&out, s.len);
    while (slice_next(&s, '\n', &line)) {
        for (line = slice_trim(line); line.len > 0;) {
            size_t plain = slice_find(line, SLICE("&amp;"));

            buf_add(&out, slice_head(line, plain));
            if (plain < line.len)
                buf_add_char(&out, '&');
            line = slice_skip(line, plain + 5);
        }
    }
    mended = arena_copy(arena, buf_slice(&out));
    buf_release(&out);
    return mended;
}

struct slice feed_resolve(struct feed_reader *r, struct slice reference, struct slice base)
{
    struct slice url;

    reference = mend_address(slice_trim(reference), r->arena);
    if (url_resolve(reference, base, r->arena, &url, NULL) != WW_OK)
        url = arena_copy(r->arena, reference);
    return url;
}

bool feed_has_scheme(struct slice s)
{
    size_t colon = slice_find_char(s, ':');

    return colon > 0 && colon < s.len && slice_find_char(slice_head(s, colon), '/') == colon;
}

void feed_take_link(struct feed_reader *r, struct slice url, unsigned rank)
{
    if (url.len == 0)
        return;
    if (!feed_is_web(url) && feed_has_scheme(url))
        rank += LINK_NOT_WEB;
    if (!feed_take(r, FIELD_LINK, rank))
        return;
    if (r->entry != NULL)
        r->entry->link = url;
    else
        r->feed->link = url;
}

void feed_take_listed(struct feed_reader *r, struct feed_link link)
{
    if (r->entry != NULL)
        feed_add_link(&r->entry->links, &r->entry->n_links, &r->entry_lists, link, r->arena);
    else
        feed_add_link(&r->feed->links, &r->feed->n_links, &r->feed_lists, link, r->arena);
}

void feed_take_category(struct feed_reader *r, struct slice name)
{
    if (r->entry != NULL)
        feed_add_category(r->entry, &r->entry_lists, markup_text(name, 2, r->arena), r->arena);
}
