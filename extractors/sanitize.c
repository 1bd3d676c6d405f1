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

enum treatment {
    UNWRAP,    /* the element goes, what it holds stays */
    KEEP,      /* written again, with the attributes of the list */
    KEEP_VOID, /* the same, without content and end tag */
    DROP       /* the element and all it holds */
};

static enum treatment treatment_of(const struct dom_node *node)
{
    if (node->is_foreign)
        return node->tag == DOM_SCRIPT || node->tag == DOM_STYLE ? DROP : UNWRAP;
    switch ((int)node->tag) {
    case DOM_SCRIPT:
    case DOM_STYLE:
    case DOM_TEMPLATE:
        return DROP;
    case DOM_AREA:
    case DOM_BR:
    case DOM_COL:
    case DOM_HR:
    case DOM_IMG:
    case DOM_SOURCE:
    case DOM_TRACK:
    case DOM_WBR:
        return KEEP_VOID;
    case DOM_A:
    case DOM_ABBR:
    case DOM_ADDRESS:
    case DOM_ARTICLE:
    case DOM_ASIDE:
    case DOM_AUDIO:
    case DOM_B:
    case DOM_BIG:
    case DOM_BLOCKQUOTE:
    case DOM_CAPTION:
    case DOM_CENTER:
    case DOM_CITE:
    case DOM_CODE:
    case DOM_COLGROUP:
    case DOM_DD:
    case DOM_DEL:
    case DOM_DETAILS:
    case DOM_DIR:
    case DOM_DIV:
    case DOM_DL:
    case DOM_DT:
    case DOM_EM:
    case DOM_FIELDSET:
    case DOM_FIGCAPTION:
    case DOM_FIGURE:
    case DOM_FONT:
    case DOM_FOOTER:
    case DOM_H1:
    case DOM_H2:
    case DOM_H3:
    case DOM_H4:
    case DOM_H5:
    case DOM_H6:
    case DOM_HEADER:
    case DOM_HGROUP:
    case DOM_I:
    case DOM_INS:
    case DOM_KBD:
    case DOM_LABEL:
    case DOM_LEGEND:
    case DOM_LI:
    case DOM_MAIN:
    case DOM_MAP:
    case DOM_MARK:
    case DOM_MENU:
    case DOM_NAV:
    case DOM_OL:
    case DOM_P:
    case DOM_PRE:
    case DOM_Q:
    case DOM_RP:
    case DOM_RT:
    case DOM_RUBY:
    case DOM_S:
    case DOM_SAMP:
    case DOM_SECTION:
    case DOM_SMALL:
    case DOM_SPAN:
    case DOM_STRIKE:
    case DOM_STRONG:
    case DOM_SUB:
    case DOM_SUMMARY:
    case DOM_SUP:
    case DOM_TABLE:
    case DOM_TBODY:
    case DOM_TD:
    case DOM_TFOOT:
    case DOM_TH:
    case DOM_THEAD:
    case DOM_TIME:
    case DOM_TR:
    case DOM_TT:
    case DOM_U:
    case DOM_UL:
    case DOM_VAR:
    case DOM_VIDEO:
        return KEEP;
    default:
        return UNWRAP;
    }
}

/* Elements that stand on lines of their own: paragraphs of the plain text. */
static bool is_block(const struct dom_node *node)
{
    static const char *const names[] = {
        "address", "article",  "aside",      "blockquote", "center", "dd",   "details", "div", "dl",
        "dt",      "fieldset", "figcaption", "figure",     "footer", "form", "h1",      "h2",  "h3",
        "h4",      "h5",       "h6",         "header",     "hr",     "li",   "main",    "nav", "ol",
        "p",       "pre",      "section",    "table",      "td",     "th",   "tr",      "ul"};

    for (size_t i = 0; i < WW_COUNT(names); i++)
        if (slice_equal(node->name, slice_from(names[i])))
            return true;
    return false;
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
    if (treatment_of(node) != KEEP)
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
        enum treatment treatment = node->tag == DOM_TEXT ? DROP : treatment_of(node);

        if (node->tag == DOM_TEXT)
            add_escaped(out, node->text);
        if (treatment == KEEP || treatment == KEEP_VOID) {
            buf_add_char(out, '<');
            buf_add(out, node->name);
            add_attributes(out, node, base, arena);
            buf_add_char(out, '>');
        }
        if (node->first != NULL && (treatment == KEEP || treatment == UNWRAP)) {
            node = node->first;
            continue;
        }
        if (treatment == KEEP)
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
        bool is_dropped = node->tag != DOM_TEXT && treatment_of(node) == DROP;

        if (node->tag == DOM_TEXT)
            buf_add(&paragraph, node->text);
        else if (node->tag == DOM_BR)
            buf_add_char(&paragraph, ' ');
        next = is_dropped ? dom_next_skipping(node, dom.body) : dom_next(node, dom.body);
        /* A block begins here, or one has ended since: the paragraph is complete. */
        if (next == NULL || (next->tag != DOM_TEXT && is_block(next)) ||
            (next->parent != node->parent && next->parent != node)) {
            struct slice text = text_squeeze(buf_slice(&paragraph), arena);
            const struct dom_node *left = node;
            bool ends = next == NULL || is_block(next);

            while (!ends && left != NULL && left != next->parent) {
                ends = left->tag != DOM_TEXT && is_block(left);
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
