/* opml.c - reading and writing OPML. */
#include "feeds/opml.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "feeds/entities.h"
#include "feeds/markup.h"
#include "feeds/xml.h"

#include <stdbool.h>
#include <stdint.h>

/* ---- reading --------------------------------------------------------------------------------- */

struct opml_reader {
    struct arena *arena;
    struct opml *opml;
    size_t room;
    struct slice folders[XML_DEPTH_MAX + 1]; /* of the elements that are open; the first: none */
    size_t depth;
    bool is_opml;
};

static struct slice text_of(struct opml_reader *r, const struct xml_element *e, struct slice name)
{
    return arena_copy(r->arena, markup_text(xml_attribute(e, name), 1, r->arena));
}

static struct slice address_of(struct opml_reader *r, const struct xml_element *e,
                               struct slice name)
{
    return slice_trim(arena_copy(r->arena, xml_attribute(e, name)));
}

/* "Europe" and inside it "Italy": "Europe/Italy". A slash of the name's own must not divide it. */
static struct slice folder_within(struct opml_reader *r, struct slice parent, struct slice name)
{
    struct slice folder = name, piece;
    struct buf b;

    if (name.len == 0)
        return parent;
    buf_init(&b, (parent.len + name.len) * 4 + 4);
    buf_add(&b, parent);
    if (parent.len > 0)
        buf_add_char(&b, '/');
    for (bool is_first = true; slice_next(&folder, '/', &piece); is_first = false) {
        if (!is_first)
            buf_add_code(&b, 0x2215); /* division slash */
        buf_add(&b, piece);
    }
    folder = arena_copy(r->arena, text_cut(buf_slice(&b), TITLE_MAX_BYTES));
    buf_release(&b);
    return folder;
}

static void add_row(struct opml_reader *r, struct outline row)
{
    struct outline *rows;

    if (r->opml->n_rows >= OPML_FEEDS_MAX)
        return;
    rows = arena_grow(r->arena, r->opml->rows, r->opml->n_rows, &r->room, sizeof(*rows));
    if (rows == NULL)
        return;
    rows[r->opml->n_rows++] = row;
    r->opml->rows = rows;
}

static void on_start(void *state, const struct xml_element *e)
{
    struct opml_reader *r = state;
    struct slice parent = r->folders[r->depth], title;

    if (r->depth == XML_DEPTH_MAX)
        return;
    r->folders[++r->depth] = parent;
    r->is_opml = r->is_opml || slice_equal(e->name, SLICE("opml"));
    if (!slice_equal(e->name, SLICE("outline")))
        return;
    title = text_of(r, e, SLICE("title"));
    if (title.len == 0)
        title = text_of(r, e, SLICE("text"));
    title = text_cut(title, TITLE_MAX_BYTES);
    if (slice_trim(xml_attribute(e, SLICE("xmlurl"))).len == 0)
        r->folders[r->depth] = folder_within(r, parent, title);
    else
        add_row(r, (struct outline){
                       .title = title,
                       .url = address_of(r, e, SLICE("xmlurl")),
                       .page_url = address_of(r, e, SLICE("htmlurl")),
                       .folder = parent,
                       .language = text_of(r, e, SLICE("language")),
                       .country = text_of(r, e, SLICE("country")),
                   });
}

static void on_text(void *state, struct slice text)
{
    WW_UNUSED(state);
    WW_UNUSED(text);
}

static void on_end(void *state)
{
    struct opml_reader *r = state;

    if (r->depth > 0)
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
    bool is_broken = false;
    enum ww_status status = xml_clean(utf8, arena, &source, err);

    *out = (struct opml){0};
    if (status == WW_OK)
        status = read_with(false, &source, arena, out, &is_broken, err);
    if (status == WW_OK && is_broken) {
        status = read_with(true, &source, arena, &soup, &is_broken, err);
        if (status == WW_OK && soup.n_rows >= out->n_rows)
            *out = soup;
    }
    return status;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Says nothing by itself, but changes how a terminal shows what stands around it. */
static bool is_invisible(uint32_t code)
{
    return (code >= 0x7F && code < 0xA0) || code == 0x61C || (code >= 0x200B && code <= 0x200F) ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
           code == 0xFEFF || (code >= 0xE0000 && code <= 0xE007F);
}

/* Text in XML: escaped, without what XML forbids, on one line. */
static void add_escaped(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len;) {
        uint32_t code = text_next_code(text, &i);

        if (code == '<' || code == '>' || code == '&' || code == '"' || is_invisible(code))
            buf_printf(out, "&#%u;", (unsigned)code);
        else if (code < 0x20)
            buf_add_char(out, ' ');
        else if (entity_is_xml(code))
            buf_add_code(out, code);
    }
}

static void add_attribute(struct buf *out, const char *name, struct slice value)
{
    if (value.len == 0)
        return;
    buf_printf(out, " %s=\"", name);
    add_escaped(out, value);
    buf_add_char(out, '"');
}

static void add_outline(struct buf *out, const struct outline *row)
{
    struct slice title = row->title.len > 0 ? row->title : row->url;

    buf_add_string(out, "    <outline type=\"rss\"");
    add_attribute(out, "text", title);
    add_attribute(out, "title", title);
    add_attribute(out, "xmlUrl", row->url);
    add_attribute(out, "htmlUrl", row->page_url);
    add_attribute(out, "language", row->language);
    add_attribute(out, "country", row->country);
    buf_add_string(out, "/>\n");
}

/* All rows of one folder, inside the outlines that its path names. */
static void add_folder(struct buf *out, const struct opml *list, struct slice folder)
{
    struct slice path = folder, name;
    size_t n_open = 0;

    while (folder.len > 0 && slice_next(&path, '/', &name)) {
        if (name.len == 0)
            continue;
        buf_add_string(out, "    <outline");
        add_attribute(out, "text", name);
        add_attribute(out, "title", name);
        buf_add_string(out, ">\n");
        n_open++;
    }
    for (size_t i = 0; i < list->n_rows; i++)
        if (slice_equal(list->rows[i].folder, folder))
            add_outline(out, &list->rows[i]);
    while (n_open-- > 0)
        buf_add_string(out, "    </outline>\n");
}

void opml_write(const struct opml *list, struct slice title, struct buf *out)
{
    buf_add_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n"
                        "  <head>\n    <title>");
    add_escaped(out, title);
    buf_add_string(out, "</title>\n  </head>\n  <body>\n");
    for (size_t i = 0; i < list->n_rows; i++) {
        bool is_new = true;

        for (size_t k = 0; k < i && is_new; k++)
            is_new = !slice_equal(list->rows[k].folder, list->rows[i].folder);
        if (is_new)
            add_folder(out, list, list->rows[i].folder);
    }
    buf_add_string(out, "  </body>\n</opml>\n");
}
