/*
 * test_prescan.c - the pre-scan gives the tree builder the same tree, and bounds what is hostile.
 *
 * With files as arguments it compares those instead: for the real pages that are not in the
 * repository.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "extractors/dom.h"
#include "extractors/prescan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <gumbo.h>

/* ---- the same tree --------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* Tags and text in document order, white space squeezed, the text of script and style left out. */
static void write_tree(struct slice html, struct buf *out)
{
    GumboOptions options = kGumboDefaultOptions;
    GumboOutput *output;
    const GumboNode *node;
    size_t depth = 0;

    options.max_errors = 0;
    output = gumbo_parse_with_options(&options, html.ptr, html.len);
    for (node = output->root;;) {
        if (node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE) {
            buf_printf(out, "<%zu %s %u>", depth, gumbo_normalized_tagname(node->v.element.tag),
                       node->v.element.attributes.length);
            if (node->v.element.children.length > 0) {
                node = node->v.element.children.data[0];
                depth++;
                continue;
            }
        } else if (node->type != GUMBO_NODE_COMMENT &&
                   node->parent->v.element.tag != GUMBO_TAG_SCRIPT &&
                   node->parent->v.element.tag != GUMBO_TAG_STYLE) {
            for (const char *p = node->v.text.text; *p != '\0'; p++)
                if (!is_blank(*p))
                    buf_add_char(out, *p);
                else if (out->len > 0 && out->ptr[out->len - 1] != ' ')
                    buf_add_char(out, ' ');
        }
        while (node != output->root &&
               node->index_within_parent + 1 >= node->parent->v.element.children.length) {
            node = node->parent;
            depth--;
        }
        if (node == output->root)
            break;
        node = node->parent->v.element.children.data[node->index_within_parent + 1];
    }
    gumbo_destroy_output(&options, output);
}

static bool is_same_tree(struct slice html)
{
    struct arena arena;
    struct prescan scan;
    struct buf whole, scanned;
    bool is_same;

    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    buf_init(&whole, SIZE_MAX / 4);
    buf_init(&scanned, SIZE_MAX / 4);
    assert_int_equal(prescan_html(html, &arena, &scan, NULL), WW_OK);
    assert_true(scan.html.len <= html.len + 16);
    write_tree(html, &whole);
    write_tree(scan.html, &scanned);
    is_same = slice_equal(buf_slice(&whole), buf_slice(&scanned));
    if (!is_same && html.len < 1000)
        print_message("whole:   %s\nscanned: %s\n", whole.ptr, scanned.ptr);
    buf_release(&whole);
    buf_release(&scanned);
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
    "<a href=x><div><a href=y>two</a></div></a><nobr>a<nobr>b",
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

/* ---- files of the command line --------------------------------------------------------------- */

static int compare_files(int n, char **names)
{
    int n_other = 0;

    for (int i = 0; i < n; i++) {
        struct buf page;
        FILE *file = fopen(names[i], "rb");
        char chunk[65536];
        size_t len;

        if (file == NULL)
            continue;
        buf_init(&page, BODY_INFLATED_MAX_BYTES);
        while ((len = fread(chunk, 1, sizeof(chunk), file)) > 0)
            buf_add(&page, slice_of(chunk, len));
        fclose(file);
        if (!is_same_tree(buf_slice(&page))) {
            print_message("another tree: %s\n", names[i]);
            n_other++;
        }
        buf_release(&page);
    }
    print_message("%d files, %d with another tree\n", n, n_other);
    return n_other;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_tree),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_attributes),
        cmocka_unit_test(test_scripts),
    };

    if (argc > 1)
        return compare_files(argc - 1, argv + 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
