/* feed_reader.c - the stack of open elements, and texts with markup inside. */
#include "feeds/feed_reader.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/url.h"
#include "feeds/markup.h"
#include "feeds/names.h"

#include <stdint.h>

void feed_reader_init(struct feed_reader *r, struct slice base, struct arena *arena,
                      struct feed *feed)
{
    *r = (struct feed_reader){.arena = arena, .feed = feed};
    r->frames[0].base = base;
    buf_init(&r->text, BODY_INFLATED_MAX_BYTES * (size_t)2);
    buf_init(&r->markup, BODY_INFLATED_MAX_BYTES * (size_t)4);
    buf_init(&r->names, BODY_INFLATED_MAX_BYTES);
}

void feed_reader_release(struct feed_reader *r)
{
    buf_release(&r->text);
    buf_release(&r->markup);
    buf_release(&r->names);
}

static struct slice local_name(struct slice name)
{
    size_t colon = slice_find_char(name, ':');

    return colon == name.len ? name : slice_skip(name, colon + 1);
}

static bool is_one_of(struct slice name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slice_equal(name, slice_from(names[i])))
            return true;
    return false;
}

static bool is_html_void(struct slice name)
{
    static const char *const names[] = {"area", "base", "br",    "col",   "embed",  "hr",    "img",
                                        "link", "meta", "input", "param", "source", "track", "wbr"};

    return is_one_of(name, names, WW_COUNT(names));
}

static bool is_address(struct slice attribute)
{
    static const char *const names[] = {"action",   "background", "cite", "data",  "href",
                                        "longdesc", "poster",     "src",  "usemap"};

    return is_one_of(attribute, names, WW_COUNT(names));
}

/* Write the start tag of an element inside a text again. */
static void add_tag(struct feed_reader *r, struct feed_frame *frame, const struct xml_element *e)
{
    struct slice name = local_name(e->name);
    const struct feed_frame *captured = &r->frames[r->capture];

    frame->name_at = r->names.len;
    frame->is_void = is_html_void(name);
    buf_add(&r->names, name);
    buf_add_char(&r->markup, '<');
    buf_add(&r->markup, name);
    for (size_t i = 0; i < e->n_attributes; i++) {
        struct slice value = e->attributes[i].value;

        if (slice_find_char(e->attributes[i].name, ':') < e->attributes[i].name.len)
            continue;
        /* Further in, xml:base may have moved. */
        if (!slice_equal(frame->base, captured->base) && is_address(e->attributes[i].name))
            (void)url_resolve(value, frame->base, r->arena, &value, NULL);
        buf_add_char(&r->markup, ' ');
        buf_add(&r->markup, e->attributes[i].name);
        buf_add_string(&r->markup, "=\"");
        markup_escape(&r->markup, value);
        buf_add_char(&r->markup, '"');
    }
    buf_add_string(&r->markup, frame->is_void ? "/>" : ">");
}

static bool is_text_field(enum feed_field field)
{
    return field == FIELD_TITLE || field == FIELD_SUMMARY || field == FIELD_CONTENT;
}

/* What this element is for, here. */
static void set_field(const struct feed_reader *r, struct feed_frame *frame,
                      const struct xml_element *e)
{
    const struct feed_frame *parent = &r->frames[r->depth];
    const struct feed_name *row = feed_name_find(e->name);

    frame->row = row;
    frame->field = row->field;
    frame->rank = row->rank;
    frame->is_atom = slice_starts(e->name, SLICE("atom:")) ||
                     (r->is_atom && slice_find_char(e->name, ':') == e->name.len);
    if (row->field == FIELD_CONTENT && r->entry == NULL) {
        frame->field = FIELD_NONE; /* <body> of a page around the feed */
    } else if (parent->field == FIELD_IGNORE && row->field != FIELD_ENTRY) {
        frame->field = FIELD_IGNORE;
    } else if (parent->field == FIELD_SOURCE) {
        frame->field = row->field == FIELD_AUTHOR ? FIELD_AUTHOR : FIELD_IGNORE;
        frame->rank = 8;
    } else if (row->field >= FIELD_PERSON_NAME && row->field <= FIELD_PERSON_URI &&
               parent->field != FIELD_AUTHOR) {
        frame->field = FIELD_IGNORE;
    }
}

static void inherit(struct feed_reader *r, struct feed_frame *frame, const struct xml_element *e)
{
    const struct feed_frame *parent = &r->frames[r->depth];
    struct slice base = slice_trim(xml_attribute(e, SLICE("xml:base")));
    struct slice language = slice_trim(xml_attribute(e, SLICE("xml:lang")));

    frame->base = parent->base;
    frame->language = parent->language;
    if (base.len > 0 && url_resolve(base, parent->base, r->arena, &base, NULL) == WW_OK)
        frame->base = base;
    if (language.len > 0)
        frame->language = arena_copy(r->arena, language);
    frame->text_at = r->text.len;
    frame->markup_at = r->markup.len;
}

/* Until an element stands in it, a text is kept once alone: most never need the other form. */
struct slice feed_reader_escape(struct feed_reader *r, const struct feed_frame *frame)
{
    markup_escape(&r->markup, slice_skip(buf_slice(&r->text), frame->text_at));
    return slice_skip(buf_slice(&r->markup), frame->markup_at);
}

static void on_start(void *state, const struct xml_element *e)
{
    struct feed_reader *r = state;
    struct feed_frame frame = {0};

    if (r->depth == XML_DEPTH_MAX)
        return; /* both readers keep to it */
    inherit(r, &frame, e);
    if (r->capture > 0) {
        struct feed_frame *captured = &r->frames[r->capture];

        frame.field = FIELD_MARKUP;
        if (!captured->has_markup)
            feed_reader_escape(r, captured);
        captured->has_markup = true;
        add_tag(r, &frame, e);
        r->frames[++r->depth] = frame;
        return;
    }
    set_field(r, &frame, e);
    frame.type = slice_trim(arena_copy(r->arena, xml_attribute(e, SLICE("type"))));
    frame.mode = slice_trim(arena_copy(r->arena, xml_attribute(e, SLICE("mode"))));
    feed_build_start(r, &frame, e);
    r->frames[++r->depth] = frame;
    if (is_text_field(frame.field))
        r->capture = r->depth;
}

static void on_text(void *state, struct slice text)
{
    struct feed_reader *r = state;
    enum feed_field field = r->frames[r->depth].field;

    if (field == FIELD_NONE || field == FIELD_IGNORE)
        return;
    buf_add(&r->text, text);
    if (r->capture > 0 && r->frames[r->capture].has_markup)
        markup_escape(&r->markup, text);
}

static void on_end(void *state)
{
    struct feed_reader *r = state;
    struct feed_frame *frame = &r->frames[r->depth];
    struct feed_value value = {.frame = frame};

    if (r->depth == 0)
        return;
    if (frame->field == FIELD_MARKUP) {
        if (!frame->is_void) {
            buf_add_string(&r->markup, "</");
            buf_add(&r->markup, slice_skip(buf_slice(&r->names), frame->name_at));
            buf_add_char(&r->markup, '>');
        }
        buf_truncate(&r->names, frame->name_at);
        r->depth--;
        return;
    }
    if (r->capture == r->depth)
        r->capture = 0;
    value.text = slice_skip(buf_slice(&r->text), frame->text_at);
    value.markup = slice_skip(buf_slice(&r->markup), frame->markup_at);
    feed_build_end(r, &value);
    buf_truncate(&r->text, frame->text_at);
    buf_truncate(&r->markup, frame->markup_at);
    r->depth--;
}

struct xml_handler feed_reader_handler(struct feed_reader *r)
{
    return (struct xml_handler){.state = r, .start = on_start, .end = on_end, .text = on_text};
}
