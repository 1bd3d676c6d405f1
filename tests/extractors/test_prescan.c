/*
 * test_prescan.c - the tree of a page by way of its skeleton is that of the whole page, and what is
 * hostile is bounded. WW_PAGES names a folder of real pages to compare as well.
 */
#include "base/arena.h"
#include "base/ascii.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "extractors/dom.h"
#include "extractors/prescan.h"
#include "tests/support/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gumbo.h>

/* ---- the same tree --------------------------------------------------------------------------- */

/*
 * Two trees, written alike: depth, name and attributes of each element, and text, the text of
 * script and style left out. Names of attributes are compared in HTML alone: SVG's change their
 * case.
 */
static void write_element(struct buf *out, size_t depth, struct slice name)
{
    buf_printf(out, "\n%zu %.*s", depth, SLICE_ARG(name));
}

static void write_attribute(struct buf *out, bool is_foreign, struct slice name, struct slice value)
{
    buf_printf(out, " %.*s=\"", is_foreign ? 0 : (int)name.len, name.ptr);
    buf_add(out, value);
    buf_add_char(out, '"');
}

static void write_text(struct buf *out, bool *in_text, struct slice text)
{
    if (text.len > 0 && !*in_text)
        buf_add_string(out, "\n'");
    *in_text = *in_text || text.len > 0;
    buf_add(out, text);
}

/* Of a tag that names an attribute twice Gumbo 0.10.1 joins the second name to the next one. */
static bool write_duplicates(struct buf *out, const GumboElement *e)
{
    struct slice tag = slice_of(e->original_tag.data, e->original_tag.length), name, value;
    struct dom_attribute room[HTML_ATTRIBUTES_MAX];
    const struct dom_attribute *list;
    const char *at = tag.ptr, *end = tag.ptr + tag.len - (tag.len > 0);
    size_t n, n_all = 0;
    struct arena arena;

    while (at < end && !ascii_is_space(*at) && (at == tag.ptr || *at != '/'))
        at++;
    tag = slice_of(at, (size_t)(end - at));
    while (at != NULL && at < end) {
        if (ascii_is_space(*at) || *at == '/') {
            at++;
            continue;
        }
        n_all++;
        at = attribute_next(at, end, &name, &value);
    }
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    n = attributes_read(tag, room, &arena, &list);
    for (size_t i = 0; i < n && n < n_all; i++)
        write_attribute(out, e->tag_namespace != GUMBO_NAMESPACE_HTML, list[i].name, list[i].value);
    arena_release(&arena);
    return n < n_all;
}

static void write_gumbo_element(struct buf *out, size_t depth, const GumboElement *e)
{
    const bool is_foreign = e->tag_namespace != GUMBO_NAMESPACE_HTML;
    GumboStringPiece name = e->original_tag;

    if (e->tag == GUMBO_TAG_UNKNOWN) {
        char lower[256];
        size_t n;

        gumbo_tag_from_original_text(&name);
        for (n = 0; n < name.length && n < sizeof(lower); n++)
            lower[n] = ascii_lower(name.data[n]);
        write_element(out, depth, slice_of(lower, n));
    } else {
        write_element(out, depth, slice_from(gumbo_normalized_tagname(e->tag)));
    }
    if (write_duplicates(out, e))
        return;
    for (unsigned i = 0; i < e->attributes.length; i++) {
        const GumboAttribute *a = e->attributes.data[i];

        write_attribute(out, is_foreign, slice_from(a->name), slice_from(a->value));
    }
}

/* The whole page by Gumbo alone. */
static void write_whole(struct slice html, struct buf *out)
{
    GumboOptions options = kGumboDefaultOptions;
    GumboOutput *output;
    const GumboNode *node;
    size_t depth = 0;
    bool in_text = false;

    options.max_errors = 0;
    output = gumbo_parse_with_options(&options, html.ptr, html.len);
    for (node = output->root;;) {
        if (node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE) {
            write_gumbo_element(out, depth, &node->v.element);
            in_text = false;
            if (node->v.element.children.length > 0) {
                node = node->v.element.children.data[0];
                depth++;
                continue;
            }
        } else if (node->type != GUMBO_NODE_COMMENT && node->type != GUMBO_NODE_CDATA &&
                   node->parent->v.element.tag != GUMBO_TAG_SCRIPT &&
                   node->parent->v.element.tag != GUMBO_TAG_STYLE) {
            write_text(out, &in_text, slice_from(node->v.text.text));
        }
        while (node != output->root &&
               node->index_within_parent + 1 >= node->parent->v.element.children.length) {
            node = node->parent;
            depth--;
            in_text = false;
        }
        if (node == output->root)
            break;
        node = node->parent->v.element.children.data[node->index_within_parent + 1];
    }
    gumbo_destroy_output(&options, output);
}

static void write_dom(const struct dom *dom, struct buf *out)
{
    for (const struct dom_node *node = dom->root; node != NULL; node = dom_next(node, dom->root)) {
        size_t depth = 0;
        bool in_text = false;

        if (node->tag == DOM_TEXT) {
            if (node->parent->tag != DOM_SCRIPT && node->parent->tag != DOM_STYLE)
                write_text(out, &in_text, node->text);
            continue;
        }
        for (const struct dom_node *up = node->parent; up != NULL; up = up->parent)
            depth++;
        write_element(out, depth, node->name);
        for (size_t i = 0; i < node->n_attributes; i++)
            write_attribute(out, node->is_foreign, node->attributes[i].name,
                            node->attributes[i].value);
    }
}

static void show_difference(struct slice whole, struct slice ours)
{
    size_t i = 0;

    while (i < whole.len && i < ours.len && whole.ptr[i] == ours.ptr[i])
        i++;
    i = i < 80 ? 0 : i - 80;
    print_message("whole: %.*s\nours:  %.*s\n", SLICE_ARG(slice_sub(whole, i, 160)),
                  SLICE_ARG(slice_sub(ours, i, 160)));
}

static bool is_same_tree(struct slice html)
{
    struct arena arena;
    struct prescan scan;
    struct dom dom;
    struct buf whole, ours;
    bool is_same;

    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    buf_init(&whole, SIZE_MAX / 4);
    buf_init(&ours, SIZE_MAX / 4);
    assert_int_equal(dom_parse(html, &arena, &dom, NULL), WW_OK);
    assert_int_equal(prescan_html(html, &arena, &scan, NULL), WW_OK);
    assert_true(scan.html.len <= html.len + 16);
    write_whole(html, &whole);
    write_dom(&dom, &ours);
    is_same = slice_equal(buf_slice(&whole), buf_slice(&ours));
    if (!is_same)
        show_difference(buf_slice(&whole), buf_slice(&ours));
    buf_release(&whole);
    buf_release(&ours);
    arena_release(&arena);
    return is_same;
}

static const char *const same_pages[] = {
    "",
    "<",
    "<p",
    "<p title='a",
    "plain",
    "<!DOCTYPE html><html><head><title>a < b </title ></head><body><p>x<p>y</body></html>",
    "<script>if (a < b) document.write('<p>no</p>')</script><p>after",
    "<script><!-- document.write('<script>x</script>'); --></script><p>after",
    "<script><!-- <script> </script> <p>still script</script><p>after",
    "<script><!--><script></script><p>after",
    "<script>x</scripture></script><p>after",
    "<script>never closed <p>x",
    "<style>p > a { }</style><p>x</p><style>never closed <p>",
    "<textarea><p>no</textarea><p>yes",
    "<title><p>no</title><iframe /><p>swallowed",
    "<xmp><b></xmp><noembed><b></noembed><noframes><b></noframes><p>yes",
    "<plaintext></plaintext><p>all text",
    "<noscript><p>markup</noscript>",
    "<!-- a -- b --><p>x<!--><p>y<!---><p>z<!-- -- !--!><p>w<!- bogus ><p>v<!-- open",
    "<?xml version='1.0'?><p>x</?><p>y</><p>z</ p><p>w",
    "<svg><style>a<b></style><script/><title><p>html</p></title><p>out</svg><p>y",
    "<svg><script>x<y</script><circle/></svg><p>y",
    "<p>1 < 2 <3 <é <p>x",
    "<a href=x><div><a href=y>two</a></div></a><nobr id=a>a<nobr id=a>b",
    "<b><p>one<p>two</b>three",
    "<table><tr><td>a<td>b<tr><td><p>c<table><tr><td>d</table></table>e",
    "<table><div>foster<tr><td>x</table>",
    "<select><option>a<option>b<p>ignored<style>x</style><div></select><p>after",
    "<select><option>a<input><style>p{}</style><p>after",
    "<ul><li>a<li>b<ul><li>c</ul><li>d</ul><dl><dt>a<dd>b<dt>c</dl>",
    "<p title=\"a>b\" alt='>' x=> y<div a=b/>z<div/>w",
    "<div \"x\"=y =z='>'>t",
    "<template><tr><td>x</template><p>y",
    "<math><mi><b>x</b></mi><annotation-xml><p>q</annotation-xml></math>r",
    "<button><p>a<button>b</button>c<h1>x<h2>y</h1>z",
    "<form><div><form><p>x</form><p>y</div></form>z",
    /* references */
    "a &amp; b &lt;p&gt; &nbsp; &quot;c&quot; &eacute;&Eacute &copy 2020 &copyx &notit; &notin; "
    "&nGt;",
    "&#65;&#x42;&#X43 &#150;&#0;&#xD800;&#x110000;&#99999999999; &#; &#x; &#xg &bogus; & && &",
    "&#32;&#10; x&#32;<p>&#9;&NewLine;<p>&Tab;y<p>&nbsp;<p>&;<p>&#13;z",
    "<a href='?a=1&amp;b=2&copy=3&copy;&copy4&not;it&lt&#65' title=&quot;x>y</a>",
    "<p id='a' ID='b' id=c x='1' X=2>y<p a=1/><br/><p/ b>",
    "<html lang=de><body class=a><p>x<html id=b lang=en><body class=c data-x='&amp;'>y",
    /* blanks and line ends */
    "  <p>  x  </p>  <!doctype html>  y  ",
    "<pre>\n\n a</pre><pre>\r\nb</pre><pre> \nc</pre><pre>&#10;d</pre><pre><!-- -->\ne</pre>",
    "<listing>\n\nf</listing><textarea>\n\ng</textarea><pre><b>\nh</b></pre><PRE\n>\ni",
    "a\r\nb\rc\n\rd<p title='e\r\nf\rg'>h\tk\fl",
    "<table> <!-- -->x<tr> <td>y</td> z </tr>&nbsp;</table>",
    "<table>\n<tr>\n a <td>b</table><table><input type=hidden name=a><input TYPE=HIDDEN />"
    "<input type=text value=b><tr><td>c</table>",
    "<frameset> <frame src=b>x</frameset>y",
    "<form><div>a<!-- b -->c</form>d</div>e",
    "<select> a <option> b </select> c",
    "<table><caption> a </caption> <colgroup> b <col> </colgroup> c",
    /* what the builder reads */
    "<b class=a><b class=a><b class=a><b class=a><p>x</b></b></b></b>y",
    "<b class=a><b class=b><b class=c><b class=d><p>x</b></b></b></b>y",
    "<a href=1>x<p><a href=2>y</p>z<table><a href=3>w<tr><td><a href=4>v",
    "<font color=red><font color=blue><font><p>x</font></font></font>y",
    "<svg><font>a</font><font color=red>b</font></svg>c",
    "<math><annotation-xml encoding='text/html'><p>a</p></annotation-xml></math>b",
    "<isindex prompt='a &amp; b' action=/c>d",
    /* odd characters */
    "a\x01"
    "b\x7F"
    "c\xC2\x80"
    "d\xC2\xA0"
    "e\xEF\xB7\x90"
    "f\xEF\xBF\xBE"
    "g\xF0\x9F\xBF\xBE"
    "h"
    "\xF0\x9F\x98\x80<p title='\x02\xC2\x9F'>\xEF\xBC\x8C",
};

static void test_same_tree(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(same_pages); i++)
        if (!is_same_tree(slice_from(same_pages[i])))
            fail_msg("another tree: %s", same_pages[i]);
}

/* ---- bounds ---------------------------------------------------------------------------------- */

/* unit, repeated, with another text in front: bounded depth and still the text. */
struct hostile {
    const char *name, *unit;
    size_t n;
    bool is_flattened;
};

static const struct hostile hostile_pages[] = {
    {"div",              "<div>",                                          200000, true },
    {"span",             "<span>",                                         300000, true },
    {"b",                "<b>",                                            100000, true },
    {"b with p",         "<b><p>",                                         20000,  true },
    {"closed by others", "<div></b><div></span>",                          50000,  true },
    {"misnested",        "<b><div></b>",                                   20000,  true },
    {"a and div",        "<a><div><div><div><div><div><div><div>",         10000,  true },
    {"table",            "<table><tr><td>",                                20000,  true },
    {"list",             "<ul><li>",                                       50000,  true },
    {"svg",              "<svg>",                                          100000, true },
    {"template",         "<template>",                                     100000, true },
    {"form",             "<form><div>",                                    20000,  true },
    {"foreign object",   "<svg><foreignObject><div>",                      20000,  true },
    {"hidden in script", "<script><!--<script></script>--></script><div>", 20000,  true },
    {"items",            "<li>",                                           200000, false},
    {"paragraphs",       "<p>x",                                           100000, false},
    {"rows",             "<table><tr><td>x</table>",                       20000,  false},
    {"options",          "<option>",                                       50000,  false},
    {"cdata",            "<svg><![CDATA[<div>]]></svg>",                   20000,  false},
};

static void test_bounds(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(hostile_pages); i++) {
        const struct hostile *h = &hostile_pages[i];
        struct arena arena;
        struct buf page;
        struct dom dom;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        buf_init(&page, BODY_INFLATED_MAX_BYTES);
        for (size_t n = 0; n < h->n; n++)
            buf_add_string(&page, h->unit);
        buf_add_string(&page, "LAST WORD");
        if (dom_parse(buf_slice(&page), &arena, &dom, NULL) == WW_OK) {
            if (dom.depth > HTML_DEPTH_MAX + HTML_FORMATTING_MAX + 8)
                fail_msg("%s: depth %zu", h->name, dom.depth);
            if (dom.prescan.is_flattened != h->is_flattened)
                fail_msg("%s: flattened %d", h->name, dom.prescan.is_flattened);
            if (!slice_contains(dom_text(dom.root, &arena), SLICE("LAST WORD")))
                fail_msg("%s: text lost", h->name);
        } else {
            fail_msg("%s: not parsed", h->name);
        }
        buf_release(&page);
        arena_release(&arena);
    }
}

static void test_attributes(void **state)
{
    struct arena arena;
    struct buf page;
    struct dom dom;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    buf_init(&page, BODY_INFLATED_MAX_BYTES);
    buf_add_string(&page, "<p");
    for (int i = 0; i < 50000; i++)
        buf_printf(&page, " a%d=x", i);
    buf_add_string(&page, ">text<i title='");
    for (int i = 0; i < HTML_TAG_MAX_BYTES + 10; i++)
        buf_add_char(&page, 'x');
    buf_add_string(&page, "'>more");
    assert_int_equal(dom_parse(buf_slice(&page), &arena, &dom, NULL), WW_OK);
    assert_true(dom.prescan.is_flattened);
    assert_int_equal(dom_find(dom.root, DOM_P)->n_attributes, HTML_ATTRIBUTES_MAX);
    assert_int_equal(dom_find(dom.root, DOM_I)->n_attributes, 0);
    assert_true(slice_equal(dom_text(dom.root, &arena), SLICE("textmore")));
    buf_release(&page);
    arena_release(&arena);
}

static void test_scripts(void **state)
{
    static const char page[] =
        "<script type='application/LD+json; charset=utf-8'>{\"a\":1}</script>"
        "<script>var x</script><script src=x></script>";
    struct arena arena;
    struct prescan scan;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    assert_int_equal(prescan_html(slice_from(page), &arena, &scan, NULL), WW_OK);
    assert_int_equal(scan.n_scripts, 2);
    assert_true(scan.scripts[0].is_json_ld);
    assert_true(slice_equal(scan.scripts[0].text, SLICE("{\"a\":1}")));
    assert_false(scan.scripts[1].is_json_ld);
    assert_false(scan.is_flattened);
    arena_release(&arena);
}

/* ---- real pages ------------------------------------------------------------------------------ */

/* The folder WW_PAGES, if there is one: HTML, perhaps gzipped, in any encoding. */
static void test_real_pages(void **state)
{
    const char *folder = getenv("WW_PAGES");
    size_t n_other = 0, n = 0;
    struct pages *pages = pages_open(folder);
    struct page page;

    WW_UNUSED(state);
    if (folder == NULL)
        skip();
    assert_non_null(pages);
    while (pages_next(pages, &page)) {
        n++;
        if (!is_same_tree(page.utf8)) {
            print_message("another tree: %s\n", page.name);
            n_other++;
        }
    }
    pages_close(pages);
    print_message("%zu pages, %zu with another tree\n", n, n_other);
    assert_int_equal(n_other, 0);
    assert_true(n > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_tree),  cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_attributes), cmocka_unit_test(test_scripts),
        cmocka_unit_test(test_real_pages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
