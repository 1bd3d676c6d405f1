/* opml.c - reading OPML; writing is in opml_write.c. */
#include "feeds/opml.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "feeds/opml_text.h"
#include "feeds/xml.h"

#include <stdint.h>
#include <string.h>

#define LOST_MAX_BYTES 200 /* of the names of attributes that are told as lost */

struct opml_reader {
    struct arena *arena;
    struct opml *opml;
    size_t room;
    struct slice folders[XML_DEPTH_MAX + 1]; /* of the elements that are open; the first: none */
    bool is_empty[XML_DEPTH_MAX + 1];        /* an outline in which nothing was found so far */
    size_t depth;
    bool is_opml;
};

struct known_row {
    const char *name; /* in lower case */
    size_t at;        /* its member; 0: it is read in another way */
};

#define AT(member) offsetof(struct outline, member)
static const struct known_row known[] = {
    {"text",        0           },
    {"title",       0           },
    {"type",        0           },
    {"url",         0           },
    {"xmlurl",      0           },
    {"category",    AT(tags)    },
    {"country",     AT(country) },
    {"description", AT(note)    },
    {"htmlurl",     AT(page_url)},
    {"language",    AT(language)},
    {"selector",    AT(selector)},
    {"state",       AT(state)   },
    {"tier",        AT(tier)    },
};
#undef AT

/* On one line and without the controls that XML lets through: they would not be written again. */
static struct slice plain(struct slice value, struct arena *arena)
{
    char *copy = arena_alloc(arena, value.len + 1);
    size_t len = 0;

    for (size_t i = 0; copy != NULL && i < value.len;) {
        size_t at = i;
        uint32_t code = text_next_code(value, &i);

        if (code >= 0x7F && code <= 0x9F)
            continue;
        memcpy(copy + len, value.ptr + at, i - at);
        len += i - at;
    }
    return text_squeeze(slice_of(copy, len), arena);
}

static struct slice value_of(struct opml_reader *r, const struct xml_element *e, struct slice name)
{
    return plain(xml_attribute(e, name), r->arena);
}

/* Each name once. */
static void lose(struct opml_reader *r, struct slice name)
{
    struct slice all = r->opml->lost, rest = all, one;

    while (slice_next(&rest, ',', &one))
        if (slice_equal(slice_trim(one), name))
            return;
    if (all.len + name.len > LOST_MAX_BYTES)
        return;
    r->opml->lost = arena_printf(r->arena, "%.*s%s%.*s", SLICE_ARG(all), all.len > 0 ? ", " : "",
                                 SLICE_ARG(name));
}

/* The index in known; WW_COUNT(known) when it is none. */
static size_t find_known(struct slice name)
{
    size_t i = 0;

    while (i < WW_COUNT(known) && !slice_equal(name, slice_from(known[i].name)))
        i++;
    return i;
}

static bool has_attribute(struct slice list, struct slice key)
{
    return slice_starts(list, slice_skip(key, 1)) || slice_contains(list, key);
}

/* An attribute of another program goes along, unless it needs a namespace to mean something. */
static void keep_extra(struct opml_reader *r, const struct xml_attribute *a, struct outline *row)
{
    struct slice key = arena_printf(r->arena, " %.*s=\"", SLICE_ARG(a->spelling));
    struct buf more;

    buf_init(&more, TITLE_MAX_BYTES);
    buf_add(&more, row->extra);
    buf_add(&more, slice_skip(key, row->extra.len == 0));
    opml_add_escaped(&more, plain(a->value, r->arena));
    buf_add_char(&more, '"');
    if (!slice_contains(a->name, SLICE(":")) && opml_is_name(a->spelling) &&
        !has_attribute(row->extra, key) && buf_finish(&more, NULL) == WW_OK)
        row->extra = arena_copy(r->arena, buf_slice(&more));
    else
        lose(r, a->name);
    r->arena->failed |= more.status == WW_NOMEM;
    buf_release(&more);
}

static void read_attributes(struct opml_reader *r, const struct xml_element *e, struct outline *row)
{
    for (size_t i = 0; i < e->n_attributes; i++) {
        const struct xml_attribute *a = &e->attributes[i];
        size_t k = find_known(a->name);

        if (k == WW_COUNT(known))
            keep_extra(r, a, row);
        else if (known[k].at > 0)
            *(struct slice *)(void *)((char *)row + known[k].at) = value_of(r, e, a->name);
    }
}

static void add_row(struct opml_reader *r, const struct outline *row)
{
    struct outline *rows;

    for (size_t i = 0; i <= r->depth; i++)
        r->is_empty[i] = false;
    if (r->opml->n_rows >= OPML_FEEDS_MAX) {
        r->opml->n_dropped++;
        return;
    }
    rows = arena_grow(r->arena, r->opml->rows, r->opml->n_rows, &r->room, sizeof(*rows));
    if (rows == NULL)
        return;
    rows[r->opml->n_rows++] = *row;
    r->opml->rows = rows;
}

/* What an outline is, by its type and its addresses; row->url is empty when it is a folder. */
static void judge(struct opml_reader *r, const struct xml_element *e, struct outline *row)
{
    struct slice type = value_of(r, e, SLICE("type"));
    struct slice url = value_of(r, e, SLICE("url"));
    bool is_feed = slice_equal_nocase(type, SLICE("rss")) ||
                   slice_equal_nocase(type, SLICE("atom")) || type.len == 0;

    row->url = value_of(r, e, SLICE("xmlurl"));
    row->page_url = value_of(r, e, SLICE("htmlurl"));
    if (row->url.len == 0 && is_feed && type.len > 0)
        row->url = url; /* as OPML 1.0 was often written */
    if (row->url.len > 0) {
        row->kind = slice_equal(type, SLICE("page")) ? OUTLINE_PAGE : OUTLINE_FEED;
        return;
    }
    row->kind = OUTLINE_LINK;
    if (slice_equal_nocase(type, SLICE("include")))
        row->kind = OUTLINE_INCLUDE;
    else if (url.len == 0)
        row->kind = OUTLINE_SITE;
    row->url = url.len > 0 ? url : row->page_url;
}

static void read_outline(struct opml_reader *r, const struct xml_element *e, struct slice parent)
{
    struct outline row = {.folder = parent};
    struct slice text = value_of(r, e, SLICE("text")), title = value_of(r, e, SLICE("title"));

    judge(r, e, &row);
    row.title = text_cut(text.len > 0 ? text : title, TITLE_MAX_BYTES);
    if (row.url.len == 0) {
        r->folders[r->depth] = opml_join_folder(parent, row.title, r->arena);
        r->is_empty[r->depth] = true;
        for (size_t i = 0; i < e->n_attributes; i++)
            if (find_known(e->attributes[i].name) == WW_COUNT(known))
                lose(r, e->attributes[i].name);
        return;
    }
    if (text.len > 0 && !slice_equal(text, title))
        row.outlet = text_cut(title, TITLE_MAX_BYTES);
    if (slice_equal(row.title, row.url))
        row.title = (struct slice){"", 0};
    read_attributes(r, e, &row);
    add_row(r, &row);
}

static void on_start(void *state, const struct xml_element *e)
{
    struct opml_reader *r = state;
    struct slice parent = r->folders[r->depth];

    if (r->depth == XML_DEPTH_MAX)
        return;
    r->folders[++r->depth] = parent;
    r->is_empty[r->depth] = false;
    r->is_opml = r->is_opml || slice_equal(e->name, SLICE("opml"));
    if (slice_equal(e->name, SLICE("outline")))
        read_outline(r, e, parent);
}

static void on_text(void *state, struct slice text)
{
    WW_UNUSED(state);
    WW_UNUSED(text);
}

static void on_end(void *state)
{
    struct opml_reader *r = state;

    if (r->depth == 0)
        return;
    if (r->is_empty[r->depth]) {
        r->opml->n_empty++;
        r->is_empty[r->depth - 1] = false; /* told once, of the innermost */
    }
    r->depth--;
}

static enum ww_status read_with(bool is_soup, const struct xml_source *source, struct arena *arena,
                                struct opml *out, bool *is_broken, struct ww_error *err)
{
    struct opml_reader r = {.arena = arena, .opml = out};
    struct xml_handler handler = {&r, on_start, on_end, on_text};
    struct xml_result result = {true, true};
    enum ww_status status;

    *out = (struct opml){0};
    status = is_soup ? soup_read(source, &handler, err) : xml_read(source, &handler, &result, err);
    *is_broken = result.is_broken;
    if (status == WW_OK)
        status = arena_check(arena, err);
    if (status == WW_OK && !r.is_opml)
        status = ww_fail(err, WW_INVALID, "not OPML: no <opml> in it");
    return status;
}

enum ww_status opml_parse(struct slice utf8, struct arena *arena, struct opml *out,
                          struct ww_error *err)
{
    struct xml_source source = {0};
    struct opml soup;
    bool is_broken = false, ignored;
    enum ww_status status = xml_clean(utf8, &source, err);

    *out = (struct opml){0};
    if (status == WW_OK)
        status = read_with(false, &source, arena, out, &is_broken, err);
    if (status == WW_OK && is_broken) {
        status = read_with(true, &source, arena, &soup, &ignored, err);
        if (status == WW_OK && soup.n_rows >= out->n_rows)
            *out = soup;
    }
    xml_source_release(&source);
    out->is_broken = is_broken;
    return status;
}
