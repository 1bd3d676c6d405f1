/* opml_write.c - writing OPML, and the paths of folders. */
#include "feeds/opml.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/entities.h"
#include "base/limits.h"
#include "base/text.h"
#include "feeds/opml_text.h"

#include <stdint.h>

/* ---- folders --------------------------------------------------------------------------------- */

/* Take the first name off *path, still escaped; false at its end. */
static bool next_name(struct slice *path, struct slice *name)
{
    size_t end = 0;

    if (path->len == 0)
        return false;
    while (end < path->len && path->ptr[end] != '/')
        end += path->ptr[end] == '\\' && end + 1 < path->len ? 2 : 1;
    *name = slice_head(*path, end);
    *path = slice_skip(*path, end + 1);
    return true;
}

static size_t depth_of(struct slice path)
{
    struct slice name;
    size_t n = 0;

    while (next_name(&path, &name))
        n++;
    return n;
}

/* A backslash before anything but a slash and another one is itself. */
static void add_plain(struct buf *out, struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        bool is_escape = name.ptr[i] == '\\' && i + 1 < name.len &&
                         (name.ptr[i + 1] == '/' || name.ptr[i + 1] == '\\');

        buf_add_char(out, name.ptr[i + is_escape]);
        i += is_escape;
    }
}

struct slice opml_join_folder(struct slice path, struct slice name, struct arena *arena)
{
    struct buf joined;

    name = slice_trim(name);
    if (name.len == 0 || depth_of(path) >= FOLDER_DEPTH_MAX)
        return path;
    buf_init(&joined, TITLE_MAX_BYTES); /* what does not fit is left out, as what is too deep */
    buf_add(&joined, path);
    if (path.len > 0)
        buf_add_char(&joined, '/');
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '/' || name.ptr[i] == '\\')
            buf_add_char(&joined, '\\');
        buf_add_char(&joined, name.ptr[i]);
    }
    if (buf_finish(&joined, NULL) == WW_OK)
        path = arena_copy(arena, buf_slice(&joined));
    arena->failed |= joined.status == WW_NOMEM;
    buf_release(&joined);
    return path;
}

struct slice opml_level_folder(struct slice path, struct arena *arena)
{
    struct slice folder = {"", 0}, name;
    struct buf plain;

    buf_init(&plain, path.len + 1);
    while (next_name(&path, &name)) {
        buf_reset(&plain);
        add_plain(&plain, name);
        folder = opml_join_folder(folder, buf_slice(&plain), arena);
    }
    arena->failed |= plain.status == WW_NOMEM;
    buf_release(&plain);
    return folder;
}

/* A slash that divides comes before every other byte, and the end before it. */
static int rank(struct slice path, size_t i, bool is_escaped)
{
    if (i >= path.len)
        return -1;
    return path.ptr[i] == '/' && !is_escaped ? 0 : (unsigned char)path.ptr[i];
}

int opml_compare_folders(struct slice a, struct slice b)
{
    bool is_escaped = false;
    size_t i = 0;

    while (i < a.len && i < b.len && a.ptr[i] == b.ptr[i]) {
        is_escaped = a.ptr[i] == '\\' && !is_escaped;
        i++;
    }
    return rank(a, i, is_escaped) - rank(b, i, is_escaped);
}

/* ---- text ------------------------------------------------------------------------------------ */

/* Says nothing by itself, but changes how a terminal shows what stands around it. */
static bool is_invisible(uint32_t code)
{
    return code == 0x61C || (code >= 0x200B && code <= 0x200F) ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
           code == 0xFEFF || (code >= 0xE0000 && code <= 0xE007F);
}

void opml_add_escaped(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len;) {
        uint32_t code = text_next_code(text, &i);

        if (code == '<' || code == '>' || code == '&' || code == '"' || is_invisible(code))
            buf_printf(out, "&#%u;", (unsigned)code);
        else if (code < 0x20)
            buf_add_char(out, ' ');
        else if (entity_is_xml(code) && (code < 0x7F || code > 0x9F)) /* no control is a text */
            buf_add_code(out, code);
    }
}

bool opml_is_name(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!ascii_is_letter(s.ptr[i]) &&
            (i == 0 ||
             (!ascii_is_digit(s.ptr[i]) && s.ptr[i] != '_' && s.ptr[i] != '-' && s.ptr[i] != '.')))
            return false;
    return s.len > 0;
}

/* ---- outlines -------------------------------------------------------------------------------- */

static void add_attribute(struct buf *out, const char *name, struct slice value)
{
    if (value.len == 0)
        return;
    buf_printf(out, " %s=\"", name);
    opml_add_escaped(out, value);
    buf_add_char(out, '"');
}

static void begin_line(struct buf *out, size_t depth)
{
    for (size_t i = 0; i < depth + 2; i++)
        buf_add_string(out, "  ");
}

static void add_outline(struct buf *out, const struct outline *row, size_t depth)
{
    struct slice title = row->title.len > 0 ? row->title : row->url;

    begin_line(out, depth);
    buf_printf(out, "<outline type=\"%s\"", row->kind == OUTLINE_PAGE ? "page" : "rss");
    add_attribute(out, "text", title);
    add_attribute(out, "title", row->outlet.len > 0 ? row->outlet : title);
    add_attribute(out, "xmlUrl", row->url);
    add_attribute(out, "htmlUrl", row->page_url);
    add_attribute(out, "language", row->language);
    add_attribute(out, "country", row->country);
    add_attribute(out, "category", row->tags);
    add_attribute(out, "tier", row->tier);
    add_attribute(out, "state", row->state);
    add_attribute(out, "selector", row->selector);
    add_attribute(out, "description", row->note);
    if (row->extra.len > 0)
        buf_printf(out, " %.*s", SLICE_ARG(row->extra));
    buf_add_string(out, "/>\n");
}

/* How many bytes of the open path the next one shares, in whole names; *depth counts them. */
static size_t shared(struct slice open, struct slice next, size_t *depth)
{
    struct slice rest_open = open, rest_next = next, a, b;
    size_t len = 0;

    *depth = 0;
    while (next_name(&rest_open, &a) && next_name(&rest_next, &b) && slice_equal(a, b)) {
        len += a.len + (len > 0);
        (*depth)++;
    }
    return len;
}

static void close_to(struct buf *out, size_t from, size_t to)
{
    while (from > to) {
        begin_line(out, --from);
        buf_add_string(out, "</outline>\n");
    }
}

/* From the folder that is open to the one wanted; gives its depth. */
static size_t change_folder(struct buf *out, struct slice open, struct slice next)
{
    struct slice rest, name;
    struct buf plain;
    size_t depth;

    rest = slice_skip(next, shared(open, next, &depth));
    if (rest.len > 0 && depth > 0)
        rest = slice_skip(rest, 1);
    close_to(out, depth_of(open), depth);
    buf_init(&plain, next.len + 1);
    while (next_name(&rest, &name)) {
        buf_reset(&plain);
        add_plain(&plain, name);
        begin_line(out, depth++);
        buf_add_string(out, "<outline");
        add_attribute(out, "text", buf_slice(&plain));
        add_attribute(out, "title", buf_slice(&plain));
        buf_add_string(out, ">\n");
    }
    buf_release(&plain);
    return depth;
}

void opml_write(const struct opml *list, struct slice title, struct buf *out)
{
    struct slice open = {"", 0};
    size_t depth = 0;

    buf_add_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n"
                        "  <head>\n    <title>");
    opml_add_escaped(out, title);
    buf_add_string(out, "</title>\n  </head>\n  <body>\n");
    for (size_t i = 0; i < list->n_rows; i++) {
        const struct outline *row = &list->rows[i];

        if (row->kind != OUTLINE_FEED && row->kind != OUTLINE_PAGE)
            continue;
        if (!slice_equal(open, row->folder))
            depth = change_folder(out, open, row->folder);
        open = row->folder;
        add_outline(out, row, depth);
    }
    close_to(out, depth, 0);
    buf_add_string(out, "  </body>\n</opml>\n");
}
