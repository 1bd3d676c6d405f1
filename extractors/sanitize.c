/*
 * sanitize.c - writing a tree again with nothing active in it.
 *
 * The output is made from the tree, never cut out of the input: what a browser would see in the
 * input cannot differ from what was judged here.
 */
#include "extractors/sanitize.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/dom.h"

#include <string.h>

/* What becomes of an element; of one with none of the first three only what it holds stays. */
enum {
    KEEP = 1 << 0, /* written again, with the attributes of the list */
    VOID = 1 << 1, /* the same, without content and end tag */
    DROP = 1 << 2, /* the element and all it holds goes */
    BLOCK = 1 << 3 /* stands on lines of its own: a paragraph of the plain text */
};

static const unsigned char rules[DOM_TAG_COUNT] = {
    [DOM_A] = KEEP,
    [DOM_ABBR] = KEEP,
    [DOM_ADDRESS] = KEEP | BLOCK,
    [DOM_AREA] = VOID,
    [DOM_ARTICLE] = KEEP | BLOCK,
    [DOM_ASIDE] = KEEP | BLOCK,
    [DOM_AUDIO] = KEEP,
    [DOM_B] = KEEP,
    [DOM_BIG] = KEEP,
    [DOM_BLOCKQUOTE] = KEEP | BLOCK,
    [DOM_BR] = VOID,
    [DOM_CAPTION] = KEEP,
    [DOM_CENTER] = KEEP | BLOCK,
    [DOM_CITE] = KEEP,
    [DOM_CODE] = KEEP,
    [DOM_COL] = VOID,
    [DOM_COLGROUP] = KEEP,
    [DOM_DD] = KEEP | BLOCK,
    [DOM_DEL] = KEEP,
    [DOM_DETAILS] = KEEP | BLOCK,
    [DOM_DIR] = KEEP,
    [DOM_DIV] = KEEP | BLOCK,
    [DOM_DL] = KEEP | BLOCK,
    [DOM_DT] = KEEP | BLOCK,
    [DOM_EM] = KEEP,
    [DOM_FIELDSET] = KEEP | BLOCK,
    [DOM_FIGCAPTION] = KEEP | BLOCK,
    [DOM_FIGURE] = KEEP | BLOCK,
    [DOM_FONT] = KEEP,
    [DOM_FOOTER] = KEEP | BLOCK,
    [DOM_FORM] = BLOCK,
    [DOM_H1] = KEEP | BLOCK,
    [DOM_H2] = KEEP | BLOCK,
    [DOM_H3] = KEEP | BLOCK,
    [DOM_H4] = KEEP | BLOCK,
    [DOM_H5] = KEEP | BLOCK,
    [DOM_H6] = KEEP | BLOCK,
    [DOM_HEADER] = KEEP | BLOCK,
    [DOM_HGROUP] = KEEP,
    [DOM_HR] = VOID | BLOCK,
    [DOM_I] = KEEP,
    [DOM_IMG] = VOID,
    [DOM_INS] = KEEP,
    [DOM_KBD] = KEEP,
    [DOM_LABEL] = KEEP,
    [DOM_LEGEND] = KEEP,
    [DOM_LI] = KEEP | BLOCK,
    [DOM_MAIN] = KEEP | BLOCK,
    [DOM_MAP] = KEEP,
    [DOM_MARK] = KEEP,
    [DOM_MENU] = KEEP,
    [DOM_NAV] = KEEP | BLOCK,
    [DOM_OL] = KEEP | BLOCK,
    [DOM_P] = KEEP | BLOCK,
    [DOM_PRE] = KEEP | BLOCK,
    [DOM_Q] = KEEP,
    [DOM_RP] = KEEP,
    [DOM_RT] = KEEP,
    [DOM_RUBY] = KEEP,
    [DOM_S] = KEEP,
    [DOM_SAMP] = KEEP,
    [DOM_SCRIPT] = DROP,
    [DOM_SECTION] = KEEP | BLOCK,
    [DOM_SMALL] = KEEP,
    [DOM_SOURCE] = VOID,
    [DOM_SPAN] = KEEP,
    [DOM_STRIKE] = KEEP,
    [DOM_STRONG] = KEEP,
    [DOM_STYLE] = DROP,
    [DOM_SUB] = KEEP,
    [DOM_SUMMARY] = KEEP,
    [DOM_SUP] = KEEP,
    [DOM_TABLE] = KEEP | BLOCK,
    [DOM_TBODY] = KEEP,
    [DOM_TD] = KEEP | BLOCK,
    [DOM_TEMPLATE] = DROP,
    [DOM_TFOOT] = KEEP,
    [DOM_TH] = KEEP | BLOCK,
    [DOM_THEAD] = KEEP,
    [DOM_TIME] = KEEP,
    [DOM_TR] = KEEP | BLOCK,
    [DOM_TRACK] = VOID,
    [DOM_TT] = KEEP,
    [DOM_U] = KEEP,
    [DOM_UL] = KEEP | BLOCK,
    [DOM_VAR] = KEEP,
    [DOM_VIDEO] = KEEP,
    [DOM_WBR] = VOID,
};

static unsigned rule_of(const struct dom_node *node)
{
    unsigned rule = rules[node->tag];

    /* Of SVG and MathML only the words stay. */
    return node->is_foreign ? rule & (DROP | BLOCK) : rule;
}

static bool is_dropped(const struct dom_node *node)
{
    return (rule_of(node) & DROP) != 0;
}

static bool is_block(const struct dom_node *node)
{
    return (rule_of(node) & BLOCK) != 0;
}

static bool is_one_of(struct slice s, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (slice_equal_nocase(s, slice_from(names[i])))
            return true;
    return false;
}

/*
 * Is this address without a scheme, or with one that only leads somewhere? Browsers skip controls
 * and white space inside a scheme ("java\nscript:"), and so does this.
 */
static bool is_passive(struct slice url)
{
    static const char *const schemes[] = {"http", "https", "mailto"};
    char scheme[8];
    size_t n = 0;

    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.ptr[i];

        if (c == '/' || c == '?' || c == '#')
            return true;
        if (c == ':')
            return is_one_of(slice_of(scheme, n), schemes, WW_COUNT(schemes));
        if (c <= ' ' || c == 0x7F)
            continue;
        if (c >= 0x80 || n == sizeof(scheme)) {
            /* Too long or too strange for a scheme that is allowed; a colon may still follow. */
            return slice_find_char(url, ':') == url.len;
        }
        scheme[n++] = (char)c;
    }
    return true;
}

static void add_escaped(struct buf *out, struct slice s)
{
    size_t kept = 0;

    for (size_t i = 0; i < s.len; i++) {
        const char *as = s.ptr[i] == '<'   ? "&lt;"
                         : s.ptr[i] == '>' ? "&gt;"
                         : s.ptr[i] == '&' ? "&amp;"
                         : s.ptr[i] == '"' ? "&quot;"
                                           : NULL;

        if (as == NULL)
            continue;
        buf_add(out, slice_sub(s, kept, i - kept));
        buf_add_string(out, as);
        kept = i + 1;
    }
    buf_add(out, slice_skip(s, kept));
}

static void add_attributes(struct buf *out, const struct dom_node *node, struct slice base,
                           struct arena *arena)
{
    static const char *const addresses[] = {"href", "src", "cite", "poster", "longdesc"};
    static const char *const plain[] = {
        "abbr", "alt",     "colspan", "datetime", "dir",   "headers", "height", "hreflang",
        "lang", "rowspan", "scope",   "span",     "start", "summary", "title",  "width"};

    for (size_t i = 0; i < node->n_attributes; i++) {
        struct slice name = node->attributes[i].name, value = node->attributes[i].value;

        if (is_one_of(name, addresses, WW_COUNT(addresses))) {
            if (!is_passive(value))
                continue;
            if (base.len > 0 && url_resolve(value, base, arena, &value, NULL) != WW_OK)
                continue;
            if (!is_passive(value))
                continue;
        } else if (!is_one_of(name, plain, WW_COUNT(plain))) {
            continue;
        }
        buf_add_char(out, ' ');
        buf_add(out, name);
        buf_add_string(out, "=\"");
        add_escaped(out, value);
        buf_add_char(out, '"');
    }
}

static void add_end(struct buf *out, const struct dom_node *node)
{
    if ((rule_of(node) & KEEP) == 0)
        return;
    buf_add_string(out, "</");
    buf_add(out, node->name);
    buf_add_char(out, '>');
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
            add_escaped(out, node->text);
        if ((rule & (KEEP | VOID)) != 0) {
            buf_add_char(out, '<');
            buf_add(out, node->name);
            add_attributes(out, node, base, arena);
            buf_add_char(out, '>');
        }
        if (node->first != NULL && (rule & (VOID | DROP)) == 0) {
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

enum ww_status sanitize_html(struct slice html, struct slice base, struct arena *arena,
                             struct slice *out, struct ww_error *err)
{
    struct dom dom;
    struct buf b;
    enum ww_status status;

    /* Without a '<' there is no element, and references stay what they are. */
    if (slice_find_char(html, '<') == html.len) {
        *out = html;
        return WW_OK;
    }
    status = dom_parse_fragment(html, arena, &dom, err);
    if (status != WW_OK)
        return status;
    buf_init(&b, html.len * 8 + 65536);
    add_tree(&b, dom.body, base, arena);
    return finish(&b, arena, out, err);
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
