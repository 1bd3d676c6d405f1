/*
 * Tidy HTML gives what its tree gives, byte for byte: in cases, and in many thousand pieces put
 * together by chance from what feeds carry, well nested and not.
 */
#include "extractors/tidy.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "extractors/sanitize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define BASE "https://e.org/p/"
#define ROUNDS 20000

/* 1: tidy, 0: left to the tree, -1: the tree would say otherwise. */
static int compare(struct slice html, struct buf *quick, struct slice *slow, struct arena *arena)
{
    buf_reset(quick);
    if (!tidy_html(html, SLICE(BASE), arena, quick))
        return 0;
    assert_int_equal(sanitize_tree(html, SLICE(BASE), arena, slow, NULL), WW_OK);
    return slice_equal(slice_trim(buf_slice(quick)), *slow) ? 1 : -1;
}

static void check(struct slice html, bool is_tidy)
{
    struct arena arena;
    struct buf quick;
    struct slice slow = {"", 0};
    int result;

    arena_init(&arena, (size_t)64 << 20);
    buf_init(&quick, (size_t)1 << 20);
    result = compare(html, &quick, &slow, &arena);
    if (result < 0)
        fail_msg("%.*s\nis  %.*s\nnot %.*s", SLICE_ARG(html), SLICE_ARG(buf_slice(&quick)),
                 SLICE_ARG(slow));
    if ((result > 0) != is_tidy)
        fail_msg("%.*s: %stidy", SLICE_ARG(html), result > 0 ? "" : "not ");
    buf_release(&quick);
    arena_release(&arena);
}

static void test_tidy(void **state)
{
    static const char *const cases[] = {
        "<p>a <b>b</b> <i>c<em>d</em></i></p>\n<p>e</p>",
        "<div><p>a</p><ul><li>b</li>\n<li><a href=\"/c\">d</a></li></ul></div>",
        "<p><img src='/x.jpg' alt=\"a &amp; b\" onload=\"x()\"/><br/>a<br>b</p><hr>",
        "<h2 id=\"x\">a</h2><blockquote><p>b</p></blockquote>",
        "<dl><dt>a</dt><dd>b</dd></dl><!-- more --><p>c</p>",
        "<a href=\"javascript:x()\">a</a><a href=\"?a=1&b=2&amp;c=3\">b</a>",
        "<p>&lt;b&gt; &quot;&nbsp;&#8211;&#x2019; AT & T&hellip;\"</p>",
        "<p>\xc2\xa0\xef\xbc\x9a\xf0\x9f\x98\x80</p>",
        "<b><p>a</p></b><span><div>b</div></span>",
        "<a title='\"><script>x</script>'>a</a>",
        "<figure><img src=\"a.png\" /><figcaption>b</figcaption></figure>",
    };
    static const char *const others[] = {
        "<p>a",
        "<p>a<p>b</p>",
        "<p><div>a</div></p>",
        "<b><i>a</b></i>",
        "<a><a>b</a></a>",
        "<h1><h2>a</h2></h1>",
        "<li>a</li>",
        "<ul><li>a<li>b</li></li></ul>",
        "<table><tr><td>a</td></tr></table>",
        "<script>x</script>",
        "<P>a</P>",
        "<p>&copy a</p>",
        "<p>&#128;</p>",
        "<p>&unknown;</p>",
        "<img src=a.png>",
        "<img alt=\"a\" alt=\"b\">",
        "<p/>a</p>",
        "</p>",
        "<!-->a-->",
        "<!-- a -- b -->",
        "<!doctype html>",
        "a < b <i>c</i>",
        "<pre>\na</pre>",
        "<p>a\rb</p>",
        "<p a>b</p>",
        "<p>a\x7f</p>",
        "<p title=\"\xc2\x80\">a</p>",
        "<p>\xef\xbf\xbf</p>",
        "<p>\xf0\x9f\xbf\xbe</p>",
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        check(slice_from(cases[i]), true);
    for (size_t i = 0; i < WW_COUNT(others); i++)
        check(slice_from(others[i]), false);
}

/* ---- by chance ------------------------------------------------------------------------------- */

static const char *const names[] = {
    "a",  "abbr", "address", "b",    "blockquote", "center", "cite", "code", "dd",      "del",
    "dl", "dt",   "div",     "em",   "figcaption", "figure", "font", "h1",   "h3",      "i",
    "li", "nav",  "ol",      "p",    "q",          "s",      "span", "sub",  "section", "strong",
    "tt", "u",    "ul",      "time", "table",      "form",   "pre",  "td",   "button",  "nobr"};
static const char *const voids[] = {"br", "hr", "img", "wbr", "input"};
static const char *const words[] = {"a",
                                    " ",
                                    "\n",
                                    "Town hall",
                                    "&amp;",
                                    "&lt;",
                                    "&quot;",
                                    "&nbsp;",
                                    "&#8211;",
                                    "&#x27;",
                                    "\"",
                                    ">",
                                    "&",
                                    "AT&T",
                                    "&copy",
                                    "\xc3\xa9",
                                    "&#0;",
                                    "&#xD800;",
                                    "\xe4\xb8\xad",
                                    "& ",
                                    "<",
                                    "&hellip;",
                                    "\t",
                                    "<!-- x -->",
                                    "<!-->",
                                    "<!--a--b-->",
                                    "'",
                                    "&notin;",
                                    "&#65533;",
                                    "&#x1F600;",
                                    "\x7f",
                                    "\xc2\x85",
                                    "\xc2\xa0",
                                    "\xef\xb7\x90",
                                    "\xef\xbf\xbe",
                                    "\xf0\x9f\x98\x80",
                                    "\xf0\x9f\xbf\xbf"};
static const char *const attributes[] = {" href=\"/a?b=1&c=2\"",
                                         " href='javascript:x'",
                                         " src=\"//e.com/x.png\"",
                                         " alt=\"a &amp; b\"",
                                         " title=\"&lt;b&gt;\"",
                                         " class=\"x\"",
                                         " onclick=\"x()\"",
                                         " href=\"\"",
                                         " data-a='\"'",
                                         " alt=x",
                                         " checked",
                                         "  lang=\"de\" ",
                                         " cite=\"&notit;\"",
                                         " title=\"&not=1\"",
                                         " href=\"a&copy=1\"",
                                         " title=\"a\nb\"",
                                         "/",
                                         " href=\"&#106;avascript:x\""};

struct chance {
    uint64_t state;
    struct buf html;
    const char *open[8];
    size_t n_open;
};

static size_t pick(struct chance *c, size_t n)
{
    c->state = hash64_mix(c->state, 1);
    return (size_t)(c->state % n);
}

#define PICK(c, list) ((list)[pick(c, WW_COUNT(list))])

static void add_tag(struct chance *c, const char *name)
{
    buf_printf(&c->html, "<%s", name);
    for (size_t n = pick(c, 3); n > 0; n--)
        buf_add_string(&c->html, PICK(c, attributes));
    buf_add_string(&c->html, pick(c, 9) == 0 ? "/>" : ">");
}

static void add_piece(struct chance *c)
{
    switch (pick(c, 8)) {
    case 0:
    case 1:
        if (c->n_open < WW_COUNT(c->open)) {
            c->open[c->n_open] = PICK(c, names);
            add_tag(c, c->open[c->n_open++]);
        }
        break;
    case 2:
    case 3:
        if (c->n_open > 0)
            buf_printf(&c->html, "</%s>", c->open[--c->n_open]);
        break;
    case 4:
        add_tag(c, PICK(c, voids));
        break;
    case 5:
        if (pick(c, 12) == 0)
            buf_printf(&c->html, "</%s>", PICK(c, names));
        break;
    default:
        buf_add_string(&c->html, PICK(c, words));
        break;
    }
}

static void test_chance(void **state)
{
    size_t n_tidy = 0;

    WW_UNUSED(state);
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        struct chance c = {.state = round * 0x9E3779B97F4A7C15u};
        struct arena arena;
        struct buf quick;
        struct slice slow = {"", 0};
        int result;

        arena_init(&arena, (size_t)64 << 20);
        buf_init(&quick, (size_t)1 << 20);
        buf_init(&c.html, (size_t)1 << 16);
        for (size_t n = 3 + pick(&c, 12); n > 0; n--)
            add_piece(&c);
        while (c.n_open > 0 && pick(&c, 30) > 0)
            buf_printf(&c.html, "</%s>", c.open[--c.n_open]);
        result = compare(buf_slice(&c.html), &quick, &slow, &arena);
        if (result < 0)
            fail_msg("round %llu: %s\nis  %.*s\nnot %.*s", (unsigned long long)round, c.html.ptr,
                     SLICE_ARG(buf_slice(&quick)), SLICE_ARG(slow));
        n_tidy += result > 0;
        buf_release(&c.html);
        buf_release(&quick);
        arena_release(&arena);
    }
    /* Else it would show nothing. */
    assert_true(n_tidy > ROUNDS / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tidy),
        cmocka_unit_test(test_chance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
