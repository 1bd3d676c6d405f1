/*
 * feed.c - which format it is, which reader reads it, and which of two readings is the better one.
 */
#include "feeds/feed.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/text.h"
#include "feeds/feed_reader.h"
#include "feeds/jsonfeed.h"
#include "feeds/markup.h"
#include "feeds/xml.h"

/* Read with libxml2 (or the soup reader) into out. */
static enum ww_status read_with(bool is_soup, const struct xml_source *source, struct slice base,
                                struct arena *arena, struct feed *out, bool *is_broken,
                                struct ww_error *err)
{
    struct feed_reader *r = mem_alloc(sizeof(*r));
    struct xml_result result = {.is_malformed = true, .is_broken = true};
    struct xml_handler handler;
    enum ww_status status;

    if (r == NULL)
        return ww_fail(err, WW_NOMEM, "out of memory");
    *out = (struct feed){0};
    feed_reader_init(r, base, arena, out);
    handler = feed_reader_handler(r);
    status = is_soup ? soup_read(source, &handler, err) : xml_read(source, &handler, &result, err);
    if (status == WW_OK)
        status = buf_finish(&r->text, err);
    if (status == WW_OK)
        status = buf_finish(&r->markup, err);
    if (status == WW_OK) {
        feed_build_finish(r);
        status = arena_check(arena, err);
    }
    out->is_malformed = result.is_malformed;
    *is_broken = result.is_broken;
    feed_reader_release(r);
    mem_free(r);
    return status;
}

/* What is served in place of a feed is mostly a page, and its title says why. */
static struct slice title_of_page(struct slice text, struct arena *arena)
{
    text = slice_skip(text, slice_find_nocase(text, SLICE("<title")));
    text = slice_skip(text, slice_find_char(text, '>') + 1);
    text = slice_head(text, slice_find_char(text, '<'));
    return text_squeeze(markup_text(text, 1, arena), arena);
}

static enum ww_status parse_xml(struct slice utf8, struct slice base, struct arena *arena,
                                struct feed *out, struct ww_error *err)
{
    struct xml_source source = {0};
    enum ww_status status = xml_clean(utf8, &source, err);
    bool is_broken = false;

    if (status == WW_OK)
        status = read_with(false, &source, base, arena, out, &is_broken, err);
    if (status == WW_OK && is_broken) {
        /*
         * libxml2 goes on after an error, but it loses what stands in crossed tags and everything
         * behind a cut. The reader for tag soup knows where entries begin.
         */
        struct feed soup;

        status = read_with(true, &source, base, arena, &soup, &is_broken, err);
        if (status == WW_OK && soup.n_entries >= out->n_entries && soup.format != NULL)
            *out = soup;
    }
    if (status == WW_OK && out->format == NULL) {
        struct slice title = text_cut(title_of_page(source.text, arena), 80);

        status = title.len == 0
                     ? ww_fail(err, WW_INVALID, "not a feed")
                     : ww_fail(err, WW_INVALID, "not a feed (\"%.*s\")", SLICE_ARG(title));
    }
    xml_source_release(&source);
    return status;
}

enum ww_status feed_parse(struct slice utf8, struct slice base, struct arena *arena,
                          struct feed *out, struct ww_error *err)
{
    struct slice text = slice_trim(utf8);

    *out = (struct feed){0};
    if (text.len == 0)
        return ww_fail(err, WW_INVALID, "empty");
    base = arena_copy(arena, base);
    if (text.ptr[0] == '{' || text.ptr[0] == '[')
        return jsonfeed_parse(text, base, arena, out, err);
    return parse_xml(utf8, base, arena, out, err);
}
