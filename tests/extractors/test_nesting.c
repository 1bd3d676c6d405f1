/* test_nesting.c - every element's own rule, and the limits of the two lists. */
#include "base/attrs.h"
#include "extractors/nesting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct nesting n;

static bool start(const char *name)
{
    enum nesting_text text;

    return nesting_start(&n, slice_from(name), false, &text);
}

/* A name that the binary search does not find would be one of an unknown element. */
static void every_name_is_found(void **state)
{
    static const char *const empty =
        "area base basefont bgsound br col embed frame hr image img input isindex keygen link "
        "menuitem meta param source track wbr";
    static const char *const raw = "iframe noembed noframes script style textarea title xmp";
    static const char *const ends_paragraph =
        "address article aside blockquote center details dd dir div dl dt fieldset figcaption "
        "figure footer form h1 h2 h3 h4 h5 h6 header hgroup li listing main menu nav ol p "
        "plaintext pre section summary ul";
    static const char *const formatting = "a b big code em font i nobr s small strike strong tt u";
    static const char *const markers = "applet marquee object template";
    static const char *const needs_table = "caption colgroup tbody td tfoot th thead tr";
    struct slice rest, name;
    enum nesting_text text;

    WW_UNUSED(state);
    for (rest = slice_from(empty); slice_next(&rest, ' ', &name);) {
        nesting_init(&n);
        if (!nesting_start(&n, name, false, &text) || n.n_open != 0)
            fail_msg("%.*s has content", SLICE_ARG(name));
    }
    for (rest = slice_from(raw); slice_next(&rest, ' ', &name);) {
        nesting_init(&n);
        if (!nesting_start(&n, name, false, &text) || n.n_open != 0 || text == NESTING_MARKUP)
            fail_msg("%.*s is no raw text", SLICE_ARG(name));
    }
    for (rest = slice_from(ends_paragraph); slice_next(&rest, ' ', &name);) {
        nesting_init(&n);
        (void)start("p");
        if (!nesting_start(&n, name, false, &text) || n.n_open != 1)
            fail_msg("%.*s inside p: %zu open", SLICE_ARG(name), n.n_open);
    }
    for (rest = slice_from(formatting); slice_next(&rest, ' ', &name);) {
        nesting_init(&n);
        if (!nesting_start(&n, name, false, &text) || n.n_formatting != 1)
            fail_msg("%.*s does not format", SLICE_ARG(name));
    }
    for (rest = slice_from(markers); slice_next(&rest, ' ', &name);) {
        nesting_init(&n);
        if (!nesting_start(&n, name, false, &text) || n.n_active != 1 || n.n_formatting != 0)
            fail_msg("%.*s sets no marker", SLICE_ARG(name));
    }
    for (rest = slice_from(needs_table); slice_next(&rest, ' ', &name);) {
        nesting_init(&n);
        (void)nesting_start(&n, name, false, &text);
        if (n.n_open != 0)
            fail_msg("%.*s stands without a table", SLICE_ARG(name));
    }
}

static void tags_close_their_like(void **state)
{
    /* Start tags, "/" before end tags; how many elements are open at the end. */
    static const struct {
        const char *tags;
        size_t n_open;
    } cases[] = {
        {"p p p",                             1},
        {"P DIV",                             1},
        {"ul li li li",                       2},
        {"ul li ul li",                       4},
        {"dl dt dd dt",                       2},
        {"h1 h2",                             1},
        {"select option option",              2},
        {"select optgroup option optgroup",   2},
        {"a a a",                             1},
        {"b b b",                             3},
        {"button button",                     1},
        {"form form",                         1},
        {"table td",                          4}, /* with the tbody and tr that nobody wrote */
        {"table tr td td",                    4},
        {"table tr td table tr td",           8},
        {"div span /div",                     0},
        {"div /span",                         1},
        {"custom-tag custom-tag /custom-tag", 1},
        {"svg g g",                           3},
        {"svg g p",                           1},
        {"svg foreignobject p",               3},
        {"html body head",                    0},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice rest = slice_from(cases[i].tags), tag;

        nesting_init(&n);
        while (slice_next(&rest, ' ', &tag)) {
            enum nesting_text text;

            if (tag.ptr[0] == '/')
                (void)nesting_end(&n, slice_skip(tag, 1));
            else
                (void)nesting_start(&n, tag, false, &text);
        }
        if (n.n_open != cases[i].n_open)
            fail_msg("%s: %zu open", cases[i].tags, n.n_open);
    }
}

static void what_is_too_deep_is_refused_with_its_end(void **state)
{
    WW_UNUSED(state);
    nesting_init(&n);
    for (size_t i = 0; i < HTML_DEPTH_MAX; i++)
        assert_true(start("div"));
    for (size_t i = 0; i < 1000; i++)
        assert_false(start("div"));
    assert_int_equal(n.deepest, HTML_DEPTH_MAX);
    for (size_t i = 0; i < 1000; i++)
        assert_false(nesting_end(&n, SLICE("div")));
    for (size_t i = 0; i < HTML_DEPTH_MAX; i++)
        assert_true(nesting_end(&n, SLICE("div")));
    assert_int_equal(n.n_open, 0);
}

static void formatting_has_its_own_limit(void **state)
{
    WW_UNUSED(state);
    nesting_init(&n);
    for (size_t i = 0; i < HTML_FORMATTING_MAX; i++)
        assert_true(start("b"));
    assert_false(start("b"));
    assert_true(start("div"));
    assert_int_equal(n.n_formatting, HTML_FORMATTING_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_is_found),
        cmocka_unit_test(tags_close_their_like),
        cmocka_unit_test(what_is_too_deep_is_refused_with_its_end),
        cmocka_unit_test(formatting_has_its_own_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
