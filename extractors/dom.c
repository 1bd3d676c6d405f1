/*
 * dom.c - Gumbo behind guards: bounded input, the page's arena, no errors kept; its tree copied,
 * with what the pre-scan took out put back.
 */
#include "extractors/dom.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/limits.h"

#include <assert.h>
#include <gumbo.h>
#include <setjmp.h>
#include <string.h>

/* Gumbo's numbers to ours. */
static const enum dom_tag tags[GUMBO_TAG_LAST + 1] = {
#define DOM_TAG(name) [GUMBO_TAG_##name] = DOM_##name,
    DOM_TAGS(DOM_TAG)
#undef DOM_TAG
};

/*
 * Gumbo does not check its allocations, so a failed one may not return. Leaving by longjmp is safe
 * here: Gumbo holds nothing but this arena's memory, and no frame of ours lies between.
 */
struct allocator {
    struct arena *arena;
    jmp_buf full;
};

static void *allocate(void *userdata, size_t size)
{
    struct allocator *a = userdata;
    void *piece = arena_alloc(a->arena, size);

    if (piece == NULL)
        longjmp(a->full, 1);
    return piece;
}

static void deallocate(void *userdata, void *piece)
{
    WW_UNUSED(userdata);
    WW_UNUSED(piece);
}

/* NULL when the arena is full. */
static const GumboOutput *run_gumbo(struct slice html, bool is_fragment, struct arena *arena)
{
    struct allocator a = {.arena = arena};
    GumboOptions options = kGumboDefaultOptions;

    options.allocator = allocate;
    options.deallocator = deallocate;
    options.userdata = &a;
    /*
     * With the default, Gumbo 0.10.1 copies the stack of open elements for each parse error:
     * 3 GB for 120 kB of <span>. We never read the errors.
     */
    options.max_errors = 0;
    if (is_fragment)
        options.fragment_context = GUMBO_TAG_BODY;
    if (setjmp(a.full) != 0)
        return NULL;
    /* Never gumbo_destroy_output: it recurses, and the arena frees. */
    return gumbo_parse_with_options(&options, html.ptr, html.len);
}

/* ---- copying --------------------------------------------------------------------------------- */

struct copier {
    struct arena *arena;
    struct dom *dom;
    struct dom_node *parent;
    size_t next_tag, next_text; /* of the pre-scan: nearly always the ones that are wanted next */
    struct dom_attribute *room; /* for HTML_ATTRIBUTES_MAX */
    size_t text_capacity;       /* of the text node written last; 0: it is borrowed */
    bool failed;
};

static struct slice copy_lower(struct arena *arena, struct slice s)
{
    char *copy = arena_string(arena, s);

    for (size_t i = 0; copy != NULL && i < s.len; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] = (char)(copy[i] + ('a' - 'A'));
    return (struct slice){copy, copy == NULL ? 0 : s.len};
}

static struct slice element_name(struct arena *arena, const GumboElement *e)
{
    GumboStringPiece original = e->original_tag;

    if (e->tag != GUMBO_TAG_UNKNOWN)
        return slice_from(gumbo_normalized_tagname(e->tag));
    gumbo_tag_from_original_text(&original);
    return copy_lower(arena, slice_of(original.data, original.length));
}

/* Where in the skeleton Gumbo found this; its end or more for what it made up itself. */
static size_t place_of(const struct copier *c, const char *original)
{
    return (size_t)((uintptr_t)original - (uintptr_t)c->dom->prescan.html.ptr);
}

/* Number of the first text that stands at `place` or behind it. */
static size_t find_text(const struct prescan *p, size_t place, size_t guess)
{
    size_t low = 0, high = p->n_texts;

    if (guess < high && p->texts[guess].at >= place &&
        (guess == 0 || p->texts[guess - 1].at < place))
        return guess;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (p->texts[middle].at < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The same for tags. */
static size_t find_tag(const struct prescan *p, size_t place, size_t guess)
{
    size_t low = 0, high = p->n_tags;

    if ((guess == high || p->tags[guess].at >= place) &&
        (guess == 0 || p->tags[guess - 1].at < place))
        return guess;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (p->tags[middle].at < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void copy_attributes(struct copier *c, const GumboElement *e, struct dom_node *node)
{
    const struct prescan *p = &c->dom->prescan;
    const size_t place = place_of(c, e->original_tag.data);
    struct dom_attribute *list;

    if (place < p->html.len) {
        c->next_tag = find_tag(p, place, c->next_tag);
        if (c->next_tag < p->n_tags && p->tags[c->next_tag].at == place) {
            node->n_attributes = attributes_read(p->tags[c->next_tag++].attributes, c->room,
                                                 c->arena, &node->attributes);
            return;
        }
    }
    if (e->attributes.length == 0)
        return;
    list = arena_array(c->arena, e->attributes.length, sizeof(*list));
    if (list == NULL)
        return;
    for (unsigned i = 0; i < e->attributes.length; i++) {
        const GumboAttribute *a = e->attributes.data[i];

        list[i] = (struct dom_attribute){arena_copy(c->arena, slice_from(a->name)),
                                         arena_copy(c->arena, slice_from(a->value))};
    }
    node->attributes = list;
    node->n_attributes = e->attributes.length;
}

static struct dom_node *append_node(struct copier *c)
{
    struct dom_node *node = arena_alloc(c->arena, sizeof(*node));

    if (node == NULL) {
        c->failed = true;
        return NULL;
    }
    node->parent = c->parent;
    node->order = (uint32_t)c->dom->n_nodes++; /* the arena holds less than 4 G of them */
    if (c->parent == NULL) {
        c->dom->root = node;
        return node;
    }
    node->previous = c->parent->last;
    if (node->previous != NULL)
        node->previous->next = node;
    else
        c->parent->first = node;
    c->parent->last = node;
    return node;
}

/*
 * Append s to a text node; its room doubles, so that a thousand comments cost no thousand copies.
 */
static void extend_text(struct copier *c, struct dom_node *node, struct slice s)
{
    size_t len = node->text.len + s.len;
    char *room;

    if (len <= c->text_capacity) {
        /* The room behind the text is ours: see below. */
        room = (char *)(uintptr_t)node->text.ptr;
    } else {
        room = arena_alloc(c->arena, 2 * len);
        if (room == NULL) {
            c->failed = true;
            return;
        }
        c->text_capacity = 2 * len;
        memcpy(room, node->text.ptr, node->text.len);
    }
    memcpy(room + node->text.len, s.ptr, s.len);
    node->text = slice_of(room, len);
}

/* Text beside text becomes one node, as in a browser; Gumbo splits where a comment stood. */
static void add_text(struct copier *c, struct slice s)
{
    struct dom_node *last = c->parent != NULL ? c->parent->last : NULL;

    if (s.len == 0 || c->parent == NULL)
        return;
    if (last != NULL && last->tag == DOM_TEXT) {
        extend_text(c, last, s);
        return;
    }
    last = append_node(c);
    if (last == NULL)
        return;
    last->tag = DOM_TEXT;
    last->text = s;
    c->text_capacity = 0;
}

/*
 * What the marks of this text stand for. A frameset takes white space and no text, so that marks
 * may be missing; text without any mark is that of a title, say, which the skeleton has as it is.
 */
static void copy_text(struct copier *c, const GumboText *text)
{
    const struct prescan *p = &c->dom->prescan;
    const size_t place = place_of(c, text->original_text.data);
    const size_t end = place + text->original_text.length;
    size_t i = place < p->html.len ? find_text(p, place, c->next_text) : p->n_texts;

    if (i == p->n_texts || p->texts[i].at >= end) {
        add_text(c, arena_copy(c->arena, slice_from(text->text)));
        return;
    }
    for (const char *mark = text->text; *mark != '\0'; mark++) {
        while (i < p->n_texts && p->texts[i].at < end &&
               p->texts[i].is_blank != ascii_is_space(*mark))
            i++;
        if (i == p->n_texts || p->texts[i].at >= end)
            break;
        add_text(c, attributes_decode(p->texts[i++].source, false, c->arena));
    }
    c->next_text = i;
}

/* True when the children of this node are to be visited. */
static bool copy_node(struct copier *c, const GumboNode *from)
{
    struct dom_node *node;

    switch (from->type) {
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_CDATA:
    case GUMBO_NODE_WHITESPACE:
        copy_text(c, &from->v.text);
        return false;
    case GUMBO_NODE_COMMENT:
    case GUMBO_NODE_DOCUMENT:
        return false;
    case GUMBO_NODE_ELEMENT:
    case GUMBO_NODE_TEMPLATE:
        break;
    }
    node = append_node(c);
    if (node == NULL)
        return false;
    node->tag = tags[from->v.element.tag];
    if (node->tag == DOM_TEXT)
        node->tag = DOM_OTHER;
    node->is_foreign = from->v.element.tag_namespace != GUMBO_NAMESPACE_HTML;
    node->name = element_name(c->arena, &from->v.element);
    copy_attributes(c, &from->v.element, node);
    if (from->v.element.children.length == 0)
        return false;
    c->parent = node;
    return true;
}

static void copy_tree(struct copier *c, const GumboNode *top)
{
    const GumboNode *node = top;
    size_t depth = 1;

    for (;;) {
        if (depth > c->dom->depth)
            c->dom->depth = depth;
        if (copy_node(c, node) && !c->failed) {
            node = node->v.element.children.data[0];
            depth++;
            continue;
        }
        while (node != top &&
               node->index_within_parent + 1 >= node->parent->v.element.children.length) {
            node = node->parent;
            assert(c->parent != NULL); /* the copy of node's parent, down to top's */
            c->parent = c->parent->parent;
            depth--;
        }
        if (node == top || c->failed)
            return;
        node = node->parent->v.element.children.data[node->index_within_parent + 1];
    }
}

/* Only the scripts outlive the tree builder. */
static void keep_scripts(struct prescan *p, struct arena *arena)
{
    struct prescan_script *scripts = arena_array(arena, p->n_scripts, sizeof(*scripts));

    if (scripts != NULL && p->n_scripts > 0)
        memcpy(scripts, p->scripts, p->n_scripts * sizeof(*scripts));
    *p = (struct prescan){.scripts = scripts,
                          .n_scripts = scripts == NULL ? 0 : p->n_scripts,
                          .depth = p->depth,
                          .is_flattened = p->is_flattened};
}

/* The tree of a page, by way of Gumbo's, which takes twice the memory and goes at once. */
static enum ww_status build(struct slice html, bool is_fragment, struct arena *arena,
                            struct dom *out, struct ww_error *err)
{
    struct copier c = {.arena = arena, .dom = out};
    const GumboOutput *output;
    struct arena scratch;
    enum ww_status status;

    arena_init(&scratch, arena->max_bytes / 4 * 3);
    status = prescan_html(html, &scratch, &out->prescan, err);
    if (status == WW_OK) {
        c.room = arena_array(&scratch, HTML_ATTRIBUTES_MAX, sizeof(*c.room));
        output = run_gumbo(out->prescan.html, is_fragment, &scratch);
        if (output != NULL && c.room != NULL)
            copy_tree(&c, output->root);
        status = arena_check(&scratch, err);
    }
    keep_scripts(&out->prescan, arena);
    arena_release(&scratch);
    return status == WW_OK ? arena_check(arena, err) : status;
}

static enum ww_status parse(struct slice html, bool is_fragment, struct arena *arena,
                            struct dom *out, struct ww_error *err)
{
    enum ww_status status;

    *out = (struct dom){0};
    status = build(html, is_fragment, arena, out, err);
    if (status != WW_OK)
        return status;
    for (struct dom_node *n = out->root->first; n != NULL; n = n->next) {
        if (n->tag == DOM_HEAD && out->head == NULL)
            out->head = n;
        else if ((n->tag == DOM_BODY || n->tag == DOM_FRAMESET) && out->body == NULL)
            out->body = n;
    }
    if (is_fragment) {
        out->head = NULL;
        out->body = out->root;
    } else if (out->body == NULL) {
        out->body = out->root;
    }
    return WW_OK;
}

enum ww_status dom_parse(struct slice html, struct arena *arena, struct dom *out,
                         struct ww_error *err)
{
    return parse(html, false, arena, out, err);
}

enum ww_status dom_parse_fragment(struct slice html, struct arena *arena, struct dom *out,
                                  struct ww_error *err)
{
    return parse(html, true, arena, out, err);
}

/* ---- looking at it --------------------------------------------------------------------------- */

struct slice dom_get(const struct dom_node *node, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < node->n_attributes; i++)
        if (node->attributes[i].name.len == len &&
            memcmp(node->attributes[i].name.ptr, name, len) == 0)
            return node->attributes[i].value;
    return (struct slice){NULL, 0};
}

bool dom_has(const struct dom_node *node, const char *name)
{
    return dom_get(node, name).ptr != NULL;
}

struct dom_node *dom_next_skipping(const struct dom_node *node, const struct dom_node *top)
{
    while (node != top && node->next == NULL)
        node = node->parent;
    return node == top ? NULL : node->next;
}

struct dom_node *dom_next(const struct dom_node *node, const struct dom_node *top)
{
    return node->first != NULL ? node->first : dom_next_skipping(node, top);
}

bool dom_contains(const struct dom_node *top, const struct dom_node *inner)
{
    while (inner != NULL && inner != top)
        inner = inner->parent;
    return inner != NULL;
}

void dom_remove(struct dom_node *node)
{
    if (node->previous != NULL)
        node->previous->next = node->next;
    else
        node->parent->first = node->next;
    if (node->next != NULL)
        node->next->previous = node->previous;
    else
        node->parent->last = node->previous;
}

struct dom_node *dom_find(struct dom_node *top, enum dom_tag tag)
{
    for (struct dom_node *n = top; n != NULL; n = dom_next(n, top))
        if (n->tag == tag)
            return n;
    return NULL;
}

struct slice dom_text(const struct dom_node *node, struct arena *arena)
{
    const struct dom_node *n = node;
    size_t len = 0;
    char *out, *at;

    for (; n != NULL; n = dom_next(n, node))
        len += n->text.len;
    out = at = arena_alloc(arena, len + 1);
    if (out == NULL)
        return (struct slice){"", 0};
    for (n = node; n != NULL;) {
        if (n->tag == DOM_SCRIPT || n->tag == DOM_STYLE) {
            n = dom_next_skipping(n, node);
            continue;
        }
        for (size_t i = 0; i < n->text.len; i++) {
            char c = n->text.ptr[i];

            if (!ascii_is_space(c))
                *at++ = c;
            else if (at > out && at[-1] != ' ')
                *at++ = ' ';
        }
        n = dom_next(n, node);
    }
    if (at > out && at[-1] == ' ')
        at--;
    return slice_of(out, (size_t)(at - out));
}
