/* Lines that may be a site's furniture: how they are named, and how known ones are cut. */
#include "extractors/furniture.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_hash(void **state)
{
    static const struct {
        const char *a, *b;
        bool is_same;
    } cases[] = {
        {"Share this (12)",          "Share this (7)",             true },
        {"Share this",               " Share\u00a0 this\n",        true },
        {"3 Kommentare",             "1204 Kommentare",            true },
        {"阅读 12 次",            "阅读　３５次",         true },
        {"قراءة ٣ دقائق", "قراءة ١٢ دقائق", true },
        {"Share this",               "Share that",                 false},
        {"this Share",               "Share this",                 false},
        {"责任编辑：张三",    "责任编辑：李四",      false},
        {"Read more: The tram",      "Read more: The bridge",      false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        if ((article_line_hash(slice_from(cases[i].a)) ==
             article_line_hash(slice_from(cases[i].b))) != cases[i].is_same)
            fail_msg("\"%s\" and \"%s\"", cases[i].a, cases[i].b);
}

/* Is the text's only line a candidate, and of which kind? -1: none. */
static int kind_of(const char *line)
{
    const struct article_hints hints = {0};
    struct article a = {.text = slice_from(line)};
    struct arena arena;
    int kind = -1;

    arena_init(&arena, 1 << 20);
    furniture_cut(&a, SLICE(""), &hints, &arena);
    if (a.n_lines == 1)
        kind = (int)furniture_kind(a.lines[0]);
    assert_true(a.n_lines <= 1);
    arena_release(&arena);
    return kind;
}

static void test_kinds(void **state)
{
    static const struct {
        const char *line;
        int kind;
    } cases[] = {
        {"Share this article",                            LINE_LABEL},
        {"Jetzt kostenlos anmelden",                      LINE_LABEL},
        {"责任编辑：张三",                         LINE_LABEL},
        {"اقرأ أيضا",                             LINE_LABEL},
        {"The station in Leeds was opened in 2018.",      LINE_PROSE},
        {"The station in Leeds was opened in 2018",       LINE_PROSE},
        {"Opened.",                                       LINE_PROSE},
        {"该站于二〇一八年在利兹开设。",    LINE_PROSE},
        {"该站于二〇一八年在英国利兹开设", LINE_PROSE},
        {"— 12 —",                                    -1        },
        {"5 km",                                          -1        },
        {"。",                                           -1        },
    };
    char *many = malloc(400);

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        if (kind_of(cases[i].line) != cases[i].kind)
            fail_msg("\"%s\": %d", cases[i].line, kind_of(cases[i].line));
    assert_non_null(many);
    for (size_t i = 0; i < 399; i++)
        many[i] = i % 6 == 5 ? ' ' : 'a';
    many[399] = '\0';
    assert_int_equal(kind_of(many), -1);
    free(many);
}

/* Everything that a page of these lines names, as what the site is known by. */
static struct article_hints learned(struct article *page, struct arena *arena)
{
    const struct article_hints none = {0};
    struct article_hints hints = {0};
    uint64_t *keys;

    furniture_cut(page, SLICE("A headline - The Gazette"), &none, arena);
    keys = arena_array(arena, page->n_lines, sizeof(*keys));
    assert_non_null(keys);
    for (size_t i = 0; i < page->n_lines; i++) {
        size_t at = hints.n_furniture++;

        for (; at > 0 && keys[at - 1] > page->lines[i]; at--)
            keys[at] = keys[at - 1];
        keys[at] = page->lines[i];
    }
    hints.furniture = keys;
    return hints;
}

#define NEWS                                                                                     \
    "The council of the old harbour town spent its Tuesday evening on the tram, and the debate " \
    "went on for longer than anybody had expected when the doors were opened at six, it says."
#define FOOT "The Gazette is printed by the river and paid for by those who read it."

static void test_cut(void **state)
{
    struct article taught = {.text = SLICE("Tell the newsroom\n\n" FOOT)};
    struct article a = {.text = SLICE("Tell the newsroom\n\n" NEWS "\n\n" NEWS " Twice.\n\n" FOOT),
                        .cut = SLICE("name: Share")};
    struct article rules, small = {.text = SLICE("Burnt.\n\nTell the newsroom")};
    struct article_hints hints;
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    hints = learned(&taught, &arena);
    rules = a;
    rules.text_source = ARTICLE_TEXT_RULES;
    furniture_cut(&a, SLICE("Another headline - The Gazette"), &hints, &arena);
    assert_true(slice_equal(a.text, SLICE(NEWS "\n\n" NEWS " Twice.")));
    assert_true(slice_equal(
        a.cut, SLICE("name: Share\n\nfurniture: Tell the newsroom\n\nfurniture: " FOOT)));
    assert_true(slice_starts(a.whole, SLICE("Tell the newsroom\n\n")));
    assert_int_equal(a.n_lines, 5); /* known lines are counted on */
    /* A person said what the text is. */
    furniture_cut(&rules, SLICE(""), &hints, &arena);
    assert_int_equal(rules.whole.len, 0);
    /* It would lose more than a third. */
    furniture_cut(&small, SLICE(""), &hints, &arena);
    assert_true(slice_equal(small.text, SLICE("Burnt.\n\nTell the newsroom")));
    arena_release(&arena);
}

/* What is furniture at the foot may be news or a heading in the middle. */
static void test_middle(void **state)
{
    struct article taught = {.text = SLICE(FOOT "\n\nTell the newsroom")};
    struct article a = {0};
    struct article_hints hints;
    struct arena arena;
    struct buf text;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    buf_init(&text, 1 << 20);
    hints = learned(&taught, &arena);
    for (int i = 0; i < 40; i++)
        buf_printf(&text, "%s%s", i > 0 ? "\n\n" : "",
                   i == 20   ? FOOT
                   : i == 21 ? "Tell the newsroom"
                             : NEWS);
    a.text = buf_slice(&text);
    furniture_cut(&a, SLICE(""), &hints, &arena);
    assert_int_equal(a.whole.len, 0);
    assert_int_equal(a.n_lines, 1); /* NEWS */
    buf_release(&text);
    arena_release(&arena);
}

/* Few keys, however long a text is, those at its end first. */
static void test_many(void **state)
{
    struct article a = {0}, last = {.text = SLICE("the last one")};
    const struct article_hints none = {0};
    struct arena arena;
    struct buf text;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    buf_init(&text, 1 << 20);
    for (int i = 0; i < 5000; i++)
        buf_printf(&text, "label %c%c%c\n\n", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676);
    buf_add_string(&text, "the last one");
    a.text = buf_slice(&text);
    furniture_cut(&a, SLICE("A headline - The Gazette"), &none, &arena);
    furniture_cut(&last, SLICE(""), &none, &arena);
    assert_true(a.n_lines > 1 && a.n_lines <= ARTICLE_LINES_MAX);
    assert_true(a.lines[1] == last.lines[0]); /* behind the title's */
    buf_release(&text);
    arena_release(&arena);
}

static void test_name(void **state)
{
    static const struct {
        const char *taught, *title, *name;
    } cases[] = {
        {"The Gazette » A headline of some length", "Tram | The Gazette",                 "The Gazette"      },
        {"A headline - The Gazette",                 "The tram | Local | The Gazette",     "The Gazette"      },
        {"A headline - The Gazette",                 "The Gazette: the tram",              ""                 },
        {"A headline - The Gazette",                 "The Gazette » the tram",            "The Gazette"      },
        {"一个标题-江边新闻网",             "电车_本地_江边新闻网",      "江边新闻网"  },
        {"Titel | Der Bote am Fluss",                "Straßenbahn – Der Bote am Fluss", "Der Bote am Fluss"},
        {"A headline - The Gazette",                 "The well-known tram",                ""                 },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct article page = {.text = SLICE("News.")};
        struct article_hints hints = {0};
        struct slice name;

        furniture_cut(&page, slice_from(cases[i].taught), &hints, &arena);
        assert_true(page.n_lines >= 1);
        hints.furniture = page.lines; /* a part of the title */
        hints.n_furniture = 1;
        name = furniture_name(slice_from(cases[i].title), &hints);
        if (!slice_equal(name, slice_from(cases[i].name)))
            fail_msg("\"%s\": \"%.*s\"", cases[i].title, SLICE_ARG(name));
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash),   cmocka_unit_test(test_kinds), cmocka_unit_test(test_cut),
        cmocka_unit_test(test_middle), cmocka_unit_test(test_many),  cmocka_unit_test(test_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
