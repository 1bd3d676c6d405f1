/* test_title.c - the headline, and nothing of the site beside it. */
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

struct page {
    const char *html, *wanted;
    const char *feed_title, *site_name; /* hints; NULL: none */
};

static void assert_titles(const struct page *pages, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct page *p = &pages[i];
        struct article_hints hints = {.url = SLICE("https://www.kuestenblatt.example/2026/1.html"),
                                      .now = 1763769600};
        struct arena arena;
        struct article a;

        if (p->feed_title != NULL)
            hints.feed_title = slice_from(p->feed_title);
        if (p->site_name != NULL)
            hints.site_name = slice_from(p->site_name);
        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        assert_int_equal(article_extract(arena_printf(&arena, "<html>%s" PROSE, p->html), &hints,
                                         &arena, &a, NULL),
                         WW_OK);
        if (!slice_equal(a.title, slice_from(p->wanted)))
            fail_msg("%s: '%.*s'", p->html, SLICE_ARG(a.title));
        arena_release(&arena);
    }
}

static void test_page_alone(void **state)
{
    static const struct page pages[] = {
        {"<title>Der neue Hafen ist offen | Küstenblatt</title><h1>Der neue Hafen ist offen</h1>",
         "Der neue Hafen ist offen",                                                                                                                    NULL, NULL},
        {"<title>Le port rouvre ses portes après la crue - Le Courrier</title>"
         "<meta property=og:site_name content='Le Courrier'>",                                     "Le port rouvre ses portes après la crue", NULL, NULL},
        {"<title>北港重新开放_北原晚报</title><meta property=og:site_name content=北原晚报>",
         "北港重新开放",                                                                                                                          NULL, NULL},
 /* The site's own h1, and a kicker within the headline's. */
        {"<title>Přístav se znovu otevřel lodím</title><h1>Küstenblatt</h1>"
         "<h2>Přístav se znovu otevřel lodím</h2>",                                            "Přístav se znovu otevřel lodím",       NULL, NULL},
        {"<title>Fishermen return to the quay</title><h1><span>Town</span> Fishermen return to the "
         "quay</h1>",                                                                              "Fishermen return to the quay",             NULL, NULL},
 /* A heading that is the very claim comes before one that is a part of another. */
        {"<title>The harbour desk: Fishermen return</title>"
         "<meta property=og:title content='Fishermen return'>"
         "<h1><a href=/>The harbour desk</a></h1><h3>Fishermen return</h3>",                       "Fishermen return",                         NULL, NULL},
 /* Said by nobody else, but the only one. */
        {"<title>News</title><h1>A kikötő újra megnyílt a hajók előtt</h1>",
         "A kikötő újra megnyílt a hajók előtt",                                                                                                  NULL, NULL},
 /* Two headings that nobody bears out: the page's data. */
        {"<title>News</title><meta property=og:title content='Il porto riapre dopo la piena'>"
         "<h1>Notizie dalla nostra città</h1><h1>Che cosa succede in paese</h1>",                 "Il porto riapre dopo la piena",            NULL, NULL},
    };

    WW_UNUSED(state);
    assert_titles(pages, WW_COUNT(pages));
}

static void test_with_feed(void **state)
{
    static const struct page pages[] = {
  /* What the feed says decides between what the page says. */
        {"<title>Latest from the coast</title><h1>Latest from the coast</h1>"
         "<h2>Harbour opens after two years</h2>",                         "Harbour opens after two years",                   "Harbour Opens After Two Years",                   NULL},
        {"<title>Haven weer open: alles wat je moet weten over de kade</title>"
         "<meta property=og:title content='De haven is weer open'>"
         "<h1>Haven weer open: alles wat je moet weten over de kade</h1>", "De haven is weer open",                           "De haven is weer open!",                          NULL},
 /* It decides nothing when the page does not say so, and is the last resort. */
        {"<title>Porto reabre as portas aos barcos</title><h1>Porto reabre as portas aos "
         "barcos</h1>",                                                    "Porto reabre as portas aos barcos",               "Read more on our site",                           NULL},
        {"<p>3 March</p>",                                                          "ميناء المدينة يفتح أبوابه", "ميناء المدينة يفتح أبوابه", NULL},
    };

    WW_UNUSED(state);
    assert_titles(pages, WW_COUNT(pages));
}

/* What other pages of the site have taught. */
static void test_with_site_name(void **state)
{
    static const struct page pages[] = {
        {"<title>Port otwarty | Kurier</title><h1>Kurier</h1>",                                 "Port otwarty",                      NULL, "Kurier"                     },
        {"<title>Kurier: Port znowu otwarty dla łodzi » Kurier Północny i okolice</title>",
         "Kurier: Port znowu otwarty dla łodzi",                                                                                    NULL, "Kurier Północny i okolice"},
 /* With a name, a last part that is not it stays. */
        {"<title>Abrió el puerto tras la larga riada - Entrevista</title>",
         "Abrió el puerto tras la larga riada - Entrevista",                                                                        NULL, "El Correo"                  },
        {"<title>港口在洪水之后重新开放 - 北原网</title>",                        "港口在洪水之后重新开放", NULL,
         "北原网"                                                                                                                                                    },
    };

    WW_UNUSED(state);
    assert_titles(pages, WW_COUNT(pages));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_alone),
        cmocka_unit_test(test_with_feed),
        cmocka_unit_test(test_with_site_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
