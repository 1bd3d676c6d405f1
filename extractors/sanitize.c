/*
 * sanitize.c - writing a tree again with nothing active in it.
 *
 * The output is made from the tree, never cut out of the input: what a browser would see in the
 * input cannot differ from what was judged here.
 */
#include "extractors/sanitize.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "extractors/dom.h"
#include "extractors/sanitize_write.h"
#include "extractors/tidy.h"

static unsigned rule_of(const struct dom_node *node)
{
    return sanitize_rule(node->tag, node->is_foreign);
}

static bool is_dropped(const struct dom_node *node)
{
    return (rule_of(node) & SANITIZE_DROP) != 0;
}

static bool is_block(const struct dom_node *node)
{
    return (rule_of(node) & SANITIZE_BLOCK) != 0;
}

static void add_end(struct buf *out, const struct dom_node *node)
{
    if ((rule_of(node) & SANITIZE_KEEP) != 0)
        sanitize_write_end(out, node->name);
}

/* The node after `node` in document order, writing the ends of the elements that are left. */
static const struct dom_node *leave(struct buf *out, const struct dom_node *node,
                                    const struct dom_node *top)
{
    while (node != top && node->next == NULL) {
        node = node->parent;
        if (node != top)
            add_end(out, node);
    }
    return node == top ? NULL : node->next;
}

static void add_tree(struct buf *out, const struct dom_node *top, struct slice base,
                     struct arena *arena)
{
    const struct dom_node *node = top->first;

    while (node != NULL) {
        const unsigned rule = rule_of(node);

        if (node->tag == DOM_TEXT)
            sanitize_write_text(out, node->text);
        if ((rule & (SANITIZE_KEEP | SANITIZE_VOID)) != 0)
            sanitize_write_start(out, node->name, node->attributes, node->n_attributes, base,
                                 arena);
        if (node->first != NULL && (rule & (SANITIZE_VOID | SANITIZE_DROP)) == 0) {
            node = node->first;
            continue;
        }
        add_end(out, node);
        node = leave(out, node, top);
    }
}

static enum ww_status finish(struct buf *b, struct arena *arena, struct slice *out,
                             struct ww_error *err)
{
    enum ww_status status = buf_finish(b, err);

    if (status == WW_OK) {
        *out = arena_copy(arena, slice_trim(buf_slice(b)));
        status = arena_check(arena, err);
    }
    buf_release(b);
    return status;
}

/* HTML has document types, comments, and Word's conditions; what else begins with "<!" is text. */
static bool is_declaration(struct slice s)
{
    return slice_starts(s, SLICE("<!--")) || slice_starts_nocase(s, SLICE("<!doctype")) ||
           slice_starts_nocase(s, SLICE("<![if")) || slice_starts_nocase(s, SLICE("<![endif"));
}

/*
 * To a browser a CDATA section is a comment that ends at its first '>': half of the words in it
 * would go. Feeds that put one inside another mean what it holds. A lone mark is text.
 */
static enum ww_status open_sections(struct slice html, struct arena *arena, struct slice *out,
                                    struct ww_error *err)
{
    const struct slice begin = SLICE("<![CDATA["), end = SLICE("]]>");
    bool has_end = true;
    struct buf b;

    *out = html;
    if (slice_find(html, SLICE("<!")) == html.len)
        return WW_OK;
    buf_init(&b, html.len * 3);
    while (html.len > 0) {
        size_t at = slice_find(html, SLICE("<!")), length = 0;

        buf_add(&b, slice_head(html, at));
        html = slice_skip(html, at);
        if (html.len == 0)
            break;
        if (has_end && slice_starts(html, begin)) {
            length = slice_find(html, end);
            has_end = length < html.len; /* not looked for again: that would be a square */
        }
        if (has_end && length > 0) {
            buf_add(&b, slice_sub(html, begin.len, length - begin.len));
            html = slice_skip(html, length + end.len);
        } else {
            buf_add_string(&b, is_declaration(html) ? "<!" : "&lt;!");
            html = slice_skip(html, 2);
        }
    }
    return finish(&b, arena, out, err);
}

enum ww_status sanitize_tree(struct slice html, struct slice base, struct arena *arena,
                             struct slice *out, struct ww_error *err)
{
    struct arena scratch;
    struct dom dom;
    struct buf b;
    enum ww_status status;

    /* A feed has thousands of these: their trees go one by one. */
    arena_init(&scratch, arena->max_bytes);
    buf_init(&b, html.len * 8 + 65536);
    status = open_sections(html, &scratch, &html, err);
    if (status == WW_OK)
        status = dom_parse_fragment(html, &scratch, &dom, err);
    if (status == WW_OK)
        add_tree(&b, dom.body, base, &scratch);
    if (status == WW_OK)
        status = finish(&b, arena, out, err);
    buf_release(&b);
    arena_release(&scratch);
    return status;
}

enum ww_status sanitize_html(struct slice html, struct slice base, struct arena *arena,
                             struct slice *out, struct ww_error *err)
{
    struct buf b;
    enum ww_status status = WW_OK;
    bool is_tidy;

    /* Without a '<' there is no element, and references stay what they are. */
    if (slice_find_char(html, '<') == html.len) {
        *out = html;
        return WW_OK;
    }
    buf_init(&b, html.len * 8 + 65536);
    (void)buf_extend(&b, html.len); /* mostly that is what it takes */
    buf_truncate(&b, 0);
    is_tidy = tidy_html(html, base, arena, &b);
    if (is_tidy && slice_equal(buf_slice(&b), html))
        *out = html;
    else if (is_tidy)
        status = finish(&b, arena, out, err);
    buf_release(&b);
    return is_tidy ? status : sanitize_tree(html, base, arena, out, err);
}

enum ww_status sanitize_text(struct slice html, struct arena *arena, struct slice *out,
                             struct ww_error *err)
{
    struct dom dom;
    struct buf b, paragraph;
    enum ww_status status = dom_parse_fragment(html, arena, &dom, err);
    const struct dom_node *node;

    if (status != WW_OK)
        return status;
    buf_init(&b, html.len * 4 + 65536);
    buf_init(&paragraph, html.len * 4 + 65536);
    for (node = dom.body; node != NULL;) {
        const struct dom_node *next;

        if (node->tag == DOM_TEXT)
            buf_add(&paragraph, node->text);
        else if (node->tag == DOM_BR)
            buf_add_char(&paragraph, ' ');
        next = is_dropped(node) ? dom_next_skipping(node, dom.body) : dom_next(node, dom.body);
        /* A block begins here, or one has ended since: the paragraph is complete. */
        if (next == NULL || is_block(next) ||
            (next->parent != node->parent && next->parent != node)) {
            struct slice text = text_squeeze(buf_slice(&paragraph), arena);
            const struct dom_node *left = node;
            bool ends = next == NULL || is_block(next);

            while (!ends && left != NULL && left != next->parent) {
                ends = is_block(left);
                left = left->parent;
            }
            if (ends && text.len > 0) {
                if (b.len > 0)
                    buf_add_string(&b, "\n\n");
                buf_add(&b, text);
            }
            if (ends)
                buf_reset(&paragraph);
        }
        node = next;
    }
    buf_release(&paragraph);
    return finish(&b, arena, out, err);
}
