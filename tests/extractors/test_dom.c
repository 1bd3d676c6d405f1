/* test_dom.c - trees, walks over them, and what their makers leave out. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "extractors/dom.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A tree as text: elements in brackets, texts in quotes. */
static void write_tree(const struct dom_node *top, struct buf *out)
{
    const struct dom_node *node = top, *next;

    for (; node != NULL; node = next) {
        next = dom_next(node, top);
        if (node->tag == DOM_TEXT) {
            buf_printf(out, "'%.*s'", SLICE_ARG(node->text));
        } else {
            buf_add_char(out, '(');
            buf_add(out, node->name);
        }
        for (const struct dom_node *up = node;
             up != NULL && (next == NULL || !dom_contains(up, next));
             up = up == top ? NULL : up->parent)
            if (up->tag != DOM_TEXT)
                buf_add_char(out, ')');
    }
}

static void trees_are_those_of_the_standard(void **state)
{
    static const struct {
        const char *html, *body;
    } cases[] = {
        {"<p>One<p>Two",                                   "(body(p'One')(p'Two'))"         },
        {"<!doctype html><!-- x --><p>A&amp;B<!-- y -->C", "(body(p'A&BC'))"                },
        {"<ul><li>a<li>b</ul>c",                           "(body(ul(li'a')(li'b'))'c')"    },
        {"<b>1<p>2</b>3</p>",                              "(body(b'1')(p(b'2')'3'))"       },
        {"<table><td>x</table>",                           "(body(table(tbody(tr(td'x')))))"},
        {"<TITLE>t</TITLE><X-Tag>y",                       "(body(x-tag'y'))"               },
        {"",                                               "(body)"                         },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct buf out;
        struct dom dom;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        buf_init(&out, 4096);
        assert_int_equal(dom_parse(slice_from(cases[i].html), &arena, &dom, NULL), WW_OK);
        write_tree(dom.body, &out);
        if (!slice_equal(buf_slice(&out), slice_from(cases[i].body)))
            fail_msg("%s: %s", cases[i].html, out.ptr);
        buf_release(&out);
        arena_release(&arena);
    }
}

static void walks_find_their_way(void **state)
{
    struct arena arena;
    struct dom dom;
    struct dom_node *div, *em;
    uint32_t before = 0;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    assert_int_equal(dom_parse(SLICE("<div ID=a Class='b c'><p>x <em>y</em> z</p></div><p>w</p>"),
                               &arena, &dom, NULL),
                     WW_OK);
    div = dom_find(dom.root, DOM_DIV);
    em = dom_find(dom.root, DOM_EM);
    assert_true(slice_equal(dom_get(div, "class"), SLICE("b c")));
    assert_true(dom_has(div, "id"));
    assert_false(dom_has(div, "style"));
    assert_null(dom_get(div, "style").ptr);
    assert_true(dom_contains(div, em) && dom_contains(div, div) && !dom_contains(em, div));
    assert_int_equal(dom_next_skipping(div, dom.root)->tag, DOM_P);
    assert_null(dom_next_skipping(div, div));
    assert_null(dom_find(em, DOM_P));
    assert_true(slice_equal(dom_text(div, &arena), SLICE("x y z")));
    for (const struct dom_node *node = dom.root->first; node != NULL;
         node = dom_next(node, dom.root)) {
        assert_true(node->order > before);
        before = node->order;
    }
    arena_release(&arena);
}

static void fragments_hang_on_a_body(void **state)
{
    struct arena arena;
    struct dom dom;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    assert_int_equal(dom_parse_fragment(SLICE("a<script>b</script><p>c"), &arena, &dom, NULL),
                     WW_OK);
    assert_null(dom.head);
    assert_int_equal(dom.body->first->tag, DOM_TEXT);
    assert_true(slice_equal(dom_text(dom.body, &arena), SLICE("ac")));
    arena_release(&arena);
}

static void each_failed_allocation_is_told(void **state)
{
    enum ww_status status = WW_NOMEM;

    WW_UNUSED(state);
    for (long n = 1; status != WW_OK; n++) {
        struct arena arena;
        struct dom dom;

        assert_true(n < 2000);
        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        mem_fail_after(n);
        status =
            dom_parse(SLICE("<p class=x>One &amp; <b>two</b><table><td>three"), &arena, &dom, NULL);
        mem_fail_after(0);
        assert_true(status == WW_OK || status == WW_NOMEM);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_are_those_of_the_standard),
        cmocka_unit_test(walks_find_their_way),
        cmocka_unit_test(fragments_hang_on_a_body),
        cmocka_unit_test(each_failed_allocation_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
