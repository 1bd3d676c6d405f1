/* test_metadata.c - where an article stands: its address, copies of it, its section. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "extractors/article.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define PROSE                                                                                \
    "<p>The harbour office opened its doors on Monday, two years after the flood, and the "  \
    "first boats came in before noon, as the mayor had promised.</p><p>Fishermen said they " \
    "had waited long enough, and that the new quay, built of granite, would outlast them.</p>"

static void read_page(const char *html, const char *url, struct arena *arena, struct article *a)
{
    struct article_hints hints = {.url = slice_from(url), .now = 1763769600};

    arena_init(arena, PAGE_ARENA_MAX_BYTES);
    assert_int_equal(article_extract(slice_from(html), &hints, arena, a, NULL), WW_OK);
}

static void test_address(void **state)
{
    static const struct {
        const char *html, *url, *canonical;
        bool is_twin;
    } cases[] = {
        {"<link rel=canonical href=/harbour>",                                                      "https://tidings.example/harbour?from=mail",
         "https://tidings.example/harbour",                                                                                                                                            false},
        {"<link rel='alternate Canonical' href=/harbour>",                                          "https://tidings.example/h",
         "https://tidings.example/harbour",                                                                                                                                            false},
        {"<link rel=canonical href=https://other.example/harbour>",
         "https://tidings.example/harbour",                                                                                                         "",                                false},
        {"<meta property=og:url content=/harbour>",                                                 "https://tidings.example/harbour?x=1",
         "https://tidings.example/harbour",                                                                                                                                            false},
 /* A link of another site leaves og:url its say. */
        {"<link rel=canonical href=https://other.example/><meta property=og:url content=/harbour>",
         "https://tidings.example/h",                                                                                                               "https://tidings.example/harbour", false},
 /* Copies. */
        {"<html amp><link rel=canonical href=/harbour>",                                            "https://tidings.example/a/harbour",
         "https://tidings.example/harbour",                                                                                                                                            true },
        {"<html ⚡><link rel=canonical href=https://tidings.example/harbour>",
         "https://m.tidings.example/harbour",                                                                                                       "https://tidings.example/harbour", true },
        {"<link rel=canonical href=/hafen.html>",                                                   "https://tidings.example/hafen.html?drucken=1",
         "https://tidings.example/hafen.html",                                                                                                                                         true },
        {"<link rel=canonical href=/port>",                                                         "https://tidings.example/imprimir/port",
         "https://tidings.example/port",                                                                                                                                               true },
        {"<link rel=canonical href=/port>",                                                         "https://tidings.example/port.amp.html",
         "https://tidings.example/port",                                                                                                                                               true },
 /* An article that is AMP alone; a word of the headline; a host's name. */
        {"<html amp><link rel=canonical href=/harbour>",                                            "https://tidings.example/harbour",
         "https://tidings.example/harbour",                                                                                                                                            false},
        {"<link rel=canonical href=/print-is-dead>",                                                "https://tidings.example/news/print-is-dead",
         "https://tidings.example/print-is-dead",                                                                                                                                      false},
        {"<link rel=canonical href=/harbour>",                                                      "https://print.example/news/harbour",
         "https://print.example/harbour",                                                                                                                                              false},
        {"<html amp>",                                                                              "https://tidings.example/harbour/amp",          "",                                false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena, text;
        struct article a;

        arena_init(&text, 65536);
        read_page(arena_printf(&text, "%s<body>" PROSE, cases[i].html).ptr, cases[i].url, &arena,
                  &a);
        if (!slice_equal(a.canonical, slice_from(cases[i].canonical)) ||
            a.is_twin != cases[i].is_twin)
            fail_msg("%s: canonical '%.*s', twin %d", cases[i].html, SLICE_ARG(a.canonical),
                     a.is_twin);
        arena_release(&arena);
        arena_release(&text);
    }
}

#define CRUMBS(items)                                                                              \
    "<script type='application/ld+json'>{\"@type\":\"BreadcrumbList\",\"itemListElement\":[" items \
    "]}</script>"
#define ITEM(name, place) "{\"@type\":\"ListItem\",\"name\":\"" name "\",\"item\":\"" place "\"}"

static void test_section(void **state)
{
    static const struct {
        const char *name, *html, *section;
    } cases[] = {
        {"schema.org",
         "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Hafen "
         "wieder offen\",\"articleSection\":[\"Lokales\",\"Hafen\"]}</script>",                         "Lokales"                                                               },
        {"meta",                   "<meta property=article:section content=' Cultura y ocio '>",        "Cultura y ocio"                                                        },
        {"a list of all",          "<meta property=article:section content='Articles, Kultura,Sport'>",
         "Kultura"                                                                                                                                                              },
        {"the way to the article",
         CRUMBS(ITEM("Startseite",                                                                      "/") "," ITEM("Politik",                                                  "/politik") "," ITEM(
             "Hafen wieder offen", "/politik/hafen")),
         "Politik"},
        {"the last step without an address",
         CRUMBS(ITEM("Home",                                                                                     "/") "," ITEM("Economia",                                                                                                                                                             "/economia") ",{\"name\":\"Porto\"}"),
         "Economia"},
        {"an item with a name of its own",
         CRUMBS("{\"item\":{\"@id\":\"/\",\"name\":\"首页\"}},{\"item\":{\"@id\":\"/gj/"
                "\",\"name\":\"国际\"}},{\"item\":{\"@id\":\"/politik/hafen\",\"name\":\"港口\"}}"),
         "国际"},
        {"links that are shown",
         "<body class='has-breadcrumbs'><div class=breadcrumb><a href=/>Accueil</a> › <a "
         "href=/eco/>Économie</a> › <a href=/politik/hafen>Le port</a> <a "
         "href=https://other.example/share>Partager</a> <a href=#top>Haut</a></div>",                                                            "Économie"                                                                         },
        {"nothing worth naming",                        "<meta property=article:section content=Uncategorized>",                                                                      ""                                                                                            },
        {"nothing worth naming in Chinese",                        "<meta property=article:section content=未分类>",                                                                      ""},
        {"the site's name",
         "<meta property=og:site_name content='The Tidings'><meta property=article:section "
         "content='the tidings'>",                                                           ""},
        {"the domain's name",                        "<meta property=article:section content=Tidings>",                                                                           ""                                                                                                                                               },
        {"the title",
         "<title>Hafen wieder offen</title><meta property=article:section content='Hafen wieder "
         "offen'>",                                                                         ""                                                                                                            },
        {"a sentence",
         "<meta property=article:section content='A section is a word or two and not a sentence "
         "that goes on and on and on until nobody knows any longer where it began'>",                                                                                 ""                                                                                                                                                              },
        {"an address",                        "<meta property=article:section content='https://tidings.example/politik'>",
         ""                                                                                            },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena, text;
        struct article a;

        arena_init(&text, 65536);
        read_page(arena_printf(&text, "%s" PROSE, cases[i].html).ptr,
                  "https://tidings.example/politik/hafen", &arena, &a);
        if (!slice_equal(a.section, slice_from(cases[i].section)))
            fail_msg("%s: section '%.*s'", cases[i].name, SLICE_ARG(a.section));
        arena_release(&arena);
        arena_release(&text);
    }
}

/* A box of many links is no way to an article, whatever its name. */
static void test_box(void **state)
{
    struct arena arena, text;
    struct slice html;
    struct article a;

    WW_UNUSED(state);
    arena_init(&text, 1 << 20);
    html = SLICE("<div class=breadcrumb-box>");
    for (int i = 0; i < 40; i++)
        html = arena_printf(&text, "%.*s<a href=/%d>Part %d</a>", SLICE_ARG(html), i, i);
    html = arena_printf(&text, "%.*s</div>" PROSE, SLICE_ARG(html));
    read_page(html.ptr, "https://tidings.example/politik/hafen", &arena, &a);
    assert_true(slice_equal(a.section, SLICE("")));
    arena_release(&arena);
    arena_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address),
        cmocka_unit_test(test_section),
        cmocka_unit_test(test_box),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
