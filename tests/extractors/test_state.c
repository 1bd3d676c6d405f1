/* test_state.c - articles that stand in a page's scripts alone, and what is not taken for one. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "extractors/article.h"
#include "extractors/dom.h"
#include "extractors/state.h"
#include "extractors/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ONE                                                                                   \
    "The ferry came back on Friday, a year after the storm, and half of the island stood on " \
    "the pier to see it land. Nobody had thought that the repairs would take so long."
#define TWO                                                                                       \
    "The captain said the new engine uses a third less fuel. Tickets cost what they did before, " \
    "and children travel free of charge until the end of summer."
#define THREE                                                                                \
    "A second ship is planned for the spring. The council votes on it next month, and most " \
    "of its members have said that they want it."
#define FOUR                                                                                     \
    "Farmers on the other shore wait for it as well. They have had to send their milk by "       \
    "a road that is twice as long. Some of them sold their herds in those months, and one went " \
    "to sea."
#define ALL ONE " " TWO " " THREE
#define HAN                                                                                       \
    "\\u6e21\\u8f6e\\u5728\\u661f\\u671f\\u4e94\\u56de\\u6765\\u4e86\\uff0c\\u5c9b\\u4e0a\\u4e00" \
    "\\u534a\\u7684\\u4eba"                                                                       \
    "\\u90fd\\u7ad9\\u5728\\u7801\\u5934\\u4e0a\\u770b\\u5b83\\u9760\\u5cb8\\u3002"
#define TITLED "\"title\":\"Ferry returns to the island\","
#define NEXT(json) "<script id=__NEXT_DATA__ type=application/json>" json "</script>"

struct page {
    const char *name, *html, *title;
    const char *text; /* how the body begins; NULL: there is none */
    const char *with; /* in it */
};

static const struct page pages[] = {
    {"data of the page's program",
     NEXT("{\"props\":{\"post\":{" TITLED "\"body\":\"<p>" ONE "<\\/p><p>" TWO "</p><h2>Plans</h2>"
          "<p>" THREE "</p>\"}}}"),
     "Ferry returns to the island",                                                                                                                                                         ONE "\n\n" TWO "\n\nPlans\n\n" THREE,                                                          NULL},
    {"an object that is assigned, the headline behind the body and of another case",
     "<script>var a=1;window.__STATE__ = {\"article\":{\"data\":{\"articleBody\":\"" ALL
     "\"},\"headline\":\"FERRY returns to the island!\"}};</script>",                                                                                        "Ferry returns to the island", ALL,                                                                                           NULL},
    {"names without quotes, and a call",
     "<script>window.__NUXT__=(function(a,b){return {data:[{article:{title:'Ferry returns to the "
     "island',id:a,html:'" ALL "'}}]}}(1,null));</script>",
     "Ferry returns to the island",                                                                                                                                                         ALL,                                                                                           NULL},
    {"a string for JSON.parse",
     "<script>window.x = JSON.parse(\"{\\\"story\\\":{\\\"title\\\":\\\"Ferry returns to the "
     "island\\\",\\\"content\\\":\\\"" ONE "\\\\n" TWO "\\\\n" THREE "\\\"}}\");</script>",
     "Ferry returns to the island",                                                                                                                                                         ONE "\n\n" TWO "\n\n" THREE,                                                                   NULL},
    {"a string with the escapes of an address",
     "<script>x(decodeURIComponent(\"%7B%22title%22:%22Ferry returns to the island%22,%22body%22:"
     "%22" ALL "%22%7D\"))</script>",
     "Ferry returns to the island",                                                                                                                                                         ALL,                                                                                           NULL},
    {"JSON in a string of JSON",
     NEXT("{\"status\":200,\"answer\":\"{\\\"title\\\":\\\"Ferry returns to the island\\\","
          "\\\"body\\\":\\\"" ALL "\\\"}\"}"),
     "Ferry returns to the island",                                                                                                                                                         ALL,                                                                                           NULL},
    {"parts that are pushed: a row goes on in the next, a text is named by another",
     "<script>self.__next_f.push([1,\"1:I[7,[]]\\n2:T1d3,<p>" ONE "</p><p>" TWO "</p>\"])</script>"
     "<script>self.__next_f.push([1,\"<p>" THREE "</p>\\n3:[\\\"$\\\",\\\"$L1\\\",null,{\\\"article"
     "\\\":{\\\"title\\\":\\\"Ferry returns to the is\"])</script>"
     "<script>self.__next_f.push([1,\"land\\\",\\\"body\\\":\\\"$2\\\"}}]\\n\"])</script>",                                                                  "Ferry returns to the island", ONE "\n\n" TWO "\n\n" THREE,                                                                   NULL},
    {"a list of paragraphs",
     NEXT("{" TITLED "\"paragraphs\":[\"" ONE "\",\"" TWO "\",\"" THREE "\"],\"tags\":[\"sea\"]}"),
     "Ferry returns to the island",                                                                                                                                                         ONE "\n\n" TWO "\n\n" THREE,                                                                   NULL},
    {"a list of objects, text and markup of each; pictures are none",
     NEXT("{\"headlines\":{\"basic\":\"Ferry returns to the island\"},\"content_elements\":["
          "{\"type\":\"text\",\"content\":\"" ONE "\",\"html\":\"<p>" ONE "</p>\"},"
          "{\"type\":\"image\",\"caption\":\"The pier\",\"width\":3},"
          "{\"type\":\"text\",\"content\":\"" TWO "\"},{\"type\":\"text\",\"content\":\"" THREE
          "\"}]}"),
     "Ferry returns to the island",                                                                                                                                                         ONE "\n\n" TWO "\n\n" THREE,                                                                   NULL},
    {"words of one paragraph",
     NEXT("{" TITLED "\"body\":[{\"children\":[{\"text\":\"" ONE " It is \"},{\"text\":\"white\","
          "\"bold\":true},{\"text\":\", with a blue line.\"}]},{\"children\":[{\"text\":\"" TWO
          "\"}]}]}"),
     "Ferry returns to the island",                                                                                                                                                         ONE " It is white, with a blue line.\n\n" TWO,                                                 NULL},
    {"title and body in objects of their own, no excerpt",
     NEXT("{\"title\":{\"rendered\":\"Ferry returns to the "
          "island\"},\"excerpt\":{\"rendered\":\"" ALL " " FOUR
          "\"},\"content\":{\"rendered\":\"<p>" ALL "</p>\"}}"),
     "Ferry returns to the island",                                                                                                                                                         ALL,                                                                                           NULL},
    {"Chinese in escapes",
     NEXT("{\"title\":\"\\u6e21\\u8f6e\\u56de\\u6765\\u4e86\",\"content\":\"<p>" HAN
          "</p><p>" HAN HAN HAN HAN "\\ud83d\\ude00</p>\"}"),
     "渡轮回来了",                                                                                                                                                                     "渡轮在星期五回来了，岛上一半的人都站在码头上看它靠岸。\n\n渡轮",
     "\xF0\x9F\x98\x80"                                                                                                                                                                                                                                                                        },
    {"a German name",                                                                NEXT("{\"titel\":\"Die Fähre ist zurück\",\"inhalt\":\"" ALL "\"}"),
     "Die Fähre ist zurück",                                                                                                                                                              ALL,                                                                                           NULL},
    {"of two articles that of the page",
     NEXT("{\"a\":{\"title\":\"Milk by the long road\",\"body\":\"" ALL " " FOUR
          "\"},\"b\":{" TITLED "\"body\":\"" ALL "\"}}"),
     "Ferry returns to the island",                                                                                                                                                         ALL,                                                                                           NULL},
    {"a list of articles is no list of paragraphs",
     NEXT("{" TITLED "\"content\":[{\"title\":\"Milk by the long road\",\"text\":\"" ALL "\"},"
          "{\"title\":\"Another road\",\"text\":\"" ALL FOUR "\"}]}"),
     "Ferry returns to the island",                                                                                                                                                         NULL,                                                                                          NULL},
    {"another article's body",
     NEXT("{\"title\":\"Milk by the long road\",\"body\":\"" ALL " " FOUR "\"}"),
     "Ferry returns to the island",                                                                                                                                                         NULL,                                                                                          NULL},
    {"what is related",                                                              NEXT("{" TITLED "\"relatedPosts\":[{\"body\":\"" ALL " " FOUR "\"}]}"),
     "Ferry returns to the island",                                                                                                                                                         NULL,                                                                                          NULL},
    {"one body without a title",                                                     NEXT("{\"post\":{\"body\":\"" ALL " " FOUR "\"}}"),
     "Ferry returns to the island",                                                                                                                                                         ALL " " FOUR,                                                                                  NULL},
    {"two of them",
     NEXT("{\"post\":{\"body\":\"" ALL " " FOUR "\"},\"other\":{\"body\":\"" FOUR " " ALL "\"}}"),
     "Ferry returns to the island",                                                                                                                                                         NULL,                                                                                          NULL},
    {"a banner without a title",                                                     NEXT("{\"body\":\"We use cookies. " ALL " " FOUR "\"}"),
     "Ferry returns to the island",                                                                                                                                                         NULL,                                                                                          NULL},
    {"a page without a title has what it has",                                       NEXT("{" TITLED "\"body\":\"" ALL " " FOUR "\"}"),
     "",                                                                                                                                                                                    ALL " " FOUR,                                                                                  NULL},
    {"a teaser is short",                                                            NEXT("{" TITLED "\"body\":\"" ONE "\"}"),                               "Ferry returns to the island",
     NULL,                                                                                                                                                                                                                                                                                 NULL},
    {"a teaser breaks off",                                                          NEXT("{" TITLED "\"body\":\"" ALL " The harbour\\u2026\"}"),
     "Ferry returns to the island",                                                                                                                                                         NULL,                                                                                          NULL},
    {"no sentences",
     NEXT("{" TITLED
          "\"html\":\"div div div div div div div div div div div div div div div div div "
          "div div div div div div div div div div div div div div div div div div div div div div "
          "div div div div div div div div div div div div div div div div div div div div div div "
          "div div div div div div div div div div div div div div div div div div div div div\"}"),
     "Ferry returns to the island",                                                                                                                                                         NULL,                                                                                          NULL},
    {"a program",                                                                    NEXT("{" TITLED "\"html\":\"(function(){ " ALL " })();\"}"),
     "Ferry returns to the island",                                                                                                                                                         NULL,                                                                                          NULL},
    {"in a comment",
     "<script type=application/json><!--{" TITLED "\"body\":\"" ALL "\"}--></script>",
     "Ferry returns to the island",                                                                                                                                                         ALL,                                                                                           NULL},
    {"a long paragraph is no body beside its list",
     NEXT("{\"body\":[{\"text\":\"" ALL " " FOUR "\"},{\"text\":\"" TWO "\"}]}"),
     "Ferry returns to the island",                                                                                                                                                         ALL " " FOUR "\n\n" TWO,                                                                       NULL},
    {"a teaser in much markup",
     NEXT("{" TITLED "\"body\":\"<div class='column column-wide column-first'><div class='text "
          "text-large text-dark'><p class='paragraph paragraph-first'>" ONE "</p></div></div>\"}"),
     "Ferry returns to the island",                                                                                                                                                         NULL,                                                                                          NULL},
    {"elements as lists",
     NEXT("{" TITLED "\"body\":[\"div\",[\"p\",\"" ALL "\"],[\"p\",\"" FOUR "\"]]}"),
     "Ferry returns to the island",                                                                                                                                                         NULL,                                                                                          NULL},
    {"schema.org data are read elsewhere",
     "<script type='application/ld+json'>{" TITLED "\"articleBody\":\"" ALL "\"}</script>",
     "Ferry returns to the island",                                                                                                                                                         NULL,                                                                                          NULL},
    {"cut behind the body",                                                          NEXT("{\"a\":[{" TITLED "\"body\":\"" ALL "\",\"tags\":[\"se"),
     "Ferry returns to the island",                                                                                                                                                         ALL,                                                                                           NULL},
    {"cut in the body",                                                              NEXT("{" TITLED "\"body\":\"" ALL),                                     "Ferry returns to the island", NULL,
     NULL                                                                                                                                                                                                                                                                                      },
    {"brackets that do not match",
     "<script>a={\"b\":[1}; c={" TITLED "\"body\":\"" ALL "\"}</script>",
     "Ferry returns to the island",                                                                                                                                                         ALL,                                                                                           NULL},
    {"no JSON at all",
     "<script>if (a=={) b=[\"\\</script><script>={'</script><script>([[{{:,'`</script>",                                                                     "Ferry returns to the island", NULL,                                                                                          NULL},
};

static struct slice read_page(struct slice html, const char *title, struct arena *arena)
{
    struct dom dom;

    assert_int_equal(dom_parse(html, arena, &dom, NULL), WW_OK);
    return state_read(&dom.prescan, slice_from(title), arena);
}

static void bodies_are_found(void **state)
{
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    for (size_t i = 0; i < WW_COUNT(pages); i++) {
        const struct page *p = &pages[i];
        struct slice text = read_page(slice_from(p->html), p->title, &arena);
        bool is_right = p->text == NULL   ? text.len == 0
                        : p->with == NULL ? slice_equal(text, slice_from(p->text))
                                          : slice_starts(text, slice_from(p->text)) &&
                                                slice_contains(text, slice_from(p->with));

        if (!is_right)
            fail_msg("%s: '%.*s'", p->name, SLICE_ARG(text));
        assert_false(arena.failed);
        arena_reset(&arena);
    }
    arena_release(&arena);
}

/* ---- hostile scripts ------------------------------------------------------------------------- */

static void repeat(struct buf *html, const char *piece, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_add_string(html, piece);
}

static void hostile_scripts_end(void **state)
{
    static const struct {
        const char *begin, *piece;
        size_t n;
        const char *end;
    } cases[] = {
        {"<script type=application/json>",   "[",                                   300000, "</script>"    },
        {"<script>x=",                       "{\"body\":",                          100000, "</script>"    },
        {"<script>",                         "={",                                  300000, "</script>"    },
        {"<script>",                         "=\"{",                                300000, "</script>"    },
        {"<script>",                         "(\"[{\\\"",                           200000, "</script>"    },
        {"<script>x={\"body\":[",            "\"Ship. \",",                         100000, "]}</script>"  },
        {"<script>x={\"a\":[",               "{\"title\":\"A\",\"body\":[\"B\"]},", 40000,  "]}</script>"  },
        {"<script>x={\"body\":\"",           "\\u",                                 400000, "\"}</script>" },
        {"<script>self.__next_f.push([1,\"", "1:Tffffffffffffffffff,",              50000,  "\"])</script>"},
        {"",                                 "<script>self.__next_f.push([1,\"1:",  20000,  "\"])</script>"},
        {"<script>x={\"a\":\"{",             "\\\"a\\\":\\\"{",                     80000,  "\"}</script>" },
    };
    struct arena arena;
    struct buf html;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        buf_init(&html, BODY_INFLATED_MAX_BYTES);
        buf_add_string(&html, cases[i].begin);
        repeat(&html, cases[i].piece, cases[i].n);
        buf_add_string(&html, cases[i].end);
        buf_add_string(&html, NEXT("{" TITLED "\"body\":\"" ALL "\"}"));
        (void)read_page(buf_slice(&html), "Ferry returns to the island", &arena);
        if (arena.failed)
            fail_msg("case %zu fills the arena", i);
        arena_reset(&arena);
        buf_release(&html);
    }
    arena_release(&arena);
}

/* What stands around the body: fill of fill_n, then the body, then ends. */
static struct slice read_among(struct arena *arena, const char *begin, const char *fill, size_t n,
                               const char *end)
{
    struct buf html;
    struct slice text;

    buf_init(&html, BODY_INFLATED_MAX_BYTES);
    buf_add_string(&html, begin);
    repeat(&html, fill, n);
    buf_add_string(&html, "{" TITLED "\"body\":\"" ALL "\"}");
    buf_add_string(&html, end);
    text = read_page(buf_slice(&html), "Ferry returns to the island", arena);
    buf_release(&html);
    return text;
}

static void bounds_are_kept(void **state)
{
    static const char json[] = "<script type=application/json>";
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    assert_true(read_among(&arena, json, "[", STATE_DEPTH_MAX - 1, "</script>").len > 0);
    assert_int_equal(read_among(&arena, json, "[", STATE_DEPTH_MAX, "</script>").len, 0);
    arena_reset(&arena);
    /* A megabyte of other things before it, and more than is read. */
    assert_true(
        read_among(&arena, "<script>x=[", "{\"id\":12,\"url\":\"/a/b\"},", 45000, "]</script>")
            .len > 0);
    arena_reset(&arena);
    assert_int_equal(
        read_among(&arena, "<script>x=[", "{\"id\":12,\"url\":\"/a/b\"},", 190000, "]</script>")
            .len,
        0);
    arena_release(&arena);
}

/* ---- in a page ------------------------------------------------------------------------------- */

#define HEAD "<title>Ferry returns to the island</title>"
#define DATA NEXT("{" TITLED "\"body\":\"" ALL "\"}")

static void only_what_has_no_text_is_rescued(void **state)
{
    static const struct {
        const char *html;
        uint32_t without;
        enum ww_status status;
        enum article_text_source source;
        const char *text;
    } cases[] = {
        {HEAD "<div id=app></div>" DATA,                                 0,                 WW_OK, ARTICLE_TEXT_DATA, ALL              },
        {HEAD "<div id=app></div>" DATA,                                 1U << STEP_STATE,  WW_OK, ARTICLE_TEXT_PAGE, ""               },
        {HEAD "<div id=app></div>" DATA,                                 1U << STEP_RESCUE, WW_OK, ARTICLE_TEXT_PAGE, ""               },
        {HEAD "<article><p>" FOUR "</p><p>" THREE "</p></article>" DATA, 0,                 WW_OK,
         ARTICLE_TEXT_PAGE,                                                                                           FOUR "\n\n" THREE},
        {HEAD "<meta property=article:content_tier content=locked><script "
              "type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Ferry returns "
              "to the island\",\"isAccessibleForFree\":false}</script><article><p>" THREE
              "</p></article>" DATA,
         0,                                                                                 WW_OK, ARTICLE_TEXT_PAGE, THREE            },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct article_hints hints = {.without = cases[i].without};
        struct article a;

        assert_int_equal(article_extract(slice_from(cases[i].html), &hints, &arena, &a, NULL),
                         cases[i].status);
        if (!slice_equal(a.text, slice_from(cases[i].text)) || a.text_source != cases[i].source)
            fail_msg("case %zu: '%.*s'", i, SLICE_ARG(a.text));
        arena_reset(&arena);
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_are_found),
        cmocka_unit_test(hostile_scripts_end),
        cmocka_unit_test(bounds_are_kept),
        cmocka_unit_test(only_what_has_no_text_is_rescued),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
