/*
 * test_author.c - names from data, bylines and feed: each row is a page that differs from the
 * others in one thing.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "extractors/article.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PROSE                                                                                     \
    "<p>The harbour office opened its doors on Monday, two years after the flood, and the first " \
    "boats came in before noon, as the mayor had promised.</p><p>Fishermen said they had waited " \
    "long enough, and that the new quay, built of granite, would outlast all of them.</p>"

#define PERSON(name) "{\"@type\":\"Person\",\"name\":\"" name "\"}"
#define DATA(author)                                                                               \
    "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Granite quay\"," \
    "\"author\":" author "}</script>"
/* Somewhere in the page, not where a byline is. */
#define SHOWN "<p>Ana Silva and Bo Lind, Quay 1.</p>"
#define META(name) "<meta name=author content='" name "'>"
#define ARTICLE "<meta property=og:type content=article>"
#define SITE "<meta property='og:site_name' content='The Tidings'>"

struct page {
    const char *name;
    const char *head;   /* in <head> */
    const char *byline; /* between headline and prose */
    const char *tail;   /* behind the prose */
    const char *feed;   /* what the feed said; NULL: nothing */
    const char *author;
};

/* ---- data ------------------------------------------------------------------------------------ */

static const struct page data[] = {
    {"a person",                             DATA(PERSON("Ana Silva")),                            "", SHOWN,                                    NULL, "Ana Silva"         },
    {"persons and their outlet",
     DATA("[" PERSON("Ana Silva") ",{\"@type\":\"Organization\",\"name\":\"The Tidings\"}," PERSON(
         "Bo Lind") "]"),
     "",                                                                                               SHOWN,                                    NULL, "Ana Silva; Bo Lind"},
    {"a person elsewhere in the graph",
     "<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"Article\",\"headline\":\"Quay\","
     "\"author\":[{\"@id\":\"#p\"}]},{\"@type\":\"Person\",\"@id\":\"#p\",\"name\":\"Ana "
     "Silva\"}]}</script>",                                                                        "", SHOWN,                                    NULL, "Ana Silva"         },
    {"names in one list",                    DATA("{\"name\":[\"Ana Silva\",\"Bo Lind\"]}"),       "", SHOWN,                                    NULL,
     "Ana Silva; Bo Lind"                                                                                                                                                  },
    {"a meta of a name that the page shows", ARTICLE META("Ana Silva"),                            "",
     "<p>Write to Ana Silva, Quay 1.</p>",                                                                                                       NULL, "Ana Silva"         },
    {"a meta of a name that nobody sees",    META("Ana Silva"),                                    "", "",                                       NULL, ""                  },
    {"two data of a name that nobody sees",  META("Ana Silva") DATA(PERSON("Ana Silva")),          "", "",
     NULL,                                                                                                                                             "Ana Silva"         },
    {"two tags",
     "<meta name=author content='Ana Silva'><meta name=author content='Bo Lind'>" DATA(
         PERSON("Ana Silva")),
     "",                                                                                               "",                                       NULL, "Ana Silva"         },
    {"a card",
     ARTICLE "<meta name='twitter:label1' content='Written by'><meta name='twitter:data1' "
             "content='Ana Silva'>",                                                               "", "<p>Ana Silva lives here.</p>",           NULL, "Ana Silva"         },
    {"a card about something else",
     "<meta name='twitter:label1' content='Reading time'><meta name='twitter:data1' content='Five "
     "Minutes'>",                                                                                  "", "",                                       NULL, ""                  },
    {"an address is no name",                META("https://people.example/ana"),                   "", "",                                       NULL, ""                  },
    {"an account",                           META("admin") DATA(PERSON("admin")),                  "", "",                                       NULL, ""                  },
    {"a login that nobody sees",             META("asilva2") DATA(PERSON("asilva2")),              "", "",                                       NULL, ""                  },
    {"the outlet",                           SITE META("The Tidings"),                             "", "",                                       NULL, ""                  },
    {"the desk",                             META("Redaktion"),                                    "", "",                                       NULL, ""                  },
    {"works that are cited",
     ARTICLE "<meta itemprop=author content='A. Auer'><meta itemprop=author content='B. Bauer'>"
             "<meta itemprop=author content='C. Cauer'><meta itemprop=author content='D. Dauer'>"
             "<meta itemprop=author content='E. Eauer'><meta itemprop=author content='F. Fauer'>"
             "<meta itemprop=author content='G. Gauer'><meta itemprop=author content='H. Hauer'>"
             "<meta itemprop=author content='I. Iauer'><meta itemprop=author content='J. Jauer'>", "", "<p>A. Auer and others, Works, 1990</p>", NULL, ""                  },
    {"a particle is no label",               DATA(PERSON("Di Stefano")),                           "", "<p>Di Stefano, Quay 1</p>",              NULL,
     "Di Stefano"                                                                                                                                                          },
    {"small letters as the data have them",  DATA(PERSON("ana silva")),                            "", "<p>ana silva, 2020</p>",
     NULL,                                                                                                                                             "ana silva"         },
};

/* ---- elements -------------------------------------------------------------------------------- */

static const struct page elements[] = {
    {"rel",                                          "",                        "<p><a rel=author href=/x>Ana Silva</a></p>",                       "", NULL, "Ana Silva"            },
    {"itemprop",                                     "",                        "<p><span itemprop=author>Ana Silva</span></p>",                    "", NULL, "Ana Silva"            },
    {"class",                                        "",                        "<div class=article-author>Ana Silva</div>",                        "", NULL, "Ana Silva"            },
    {"an account in a byline",                       "",
     "<p class=byline>by <a rel=author href=/author/as>asilva</a></p>",                                                                             "", NULL, "asilva"               },
    {"a link with a label",                          "",                        "<p>by <a href=/author/silva>Ana Silva</a></p>",                    "", NULL,
     "Ana Silva"                                                                                                                                                                     },
    {"a category marked as an author",               "",                        "<div class=article-author>Politics</div>",                         "", NULL,
     ""                                                                                                                                                                              },
    {"the name inside the byline",                   "",
     "<div class=byline><span>By</span><span class=author-name>Ana Silva</span></div>",                                                             "", NULL,
     "Ana Silva"                                                                                                                                                                     },
    {"parts that run together",                      DATA(PERSON("Ana Silva")),
     "<p class=byline>By Ana Silva<span>Published</span></p>",                                                                                      "", NULL, "Ana Silva"            },
    {"a list of links",                              "",
     "<p>By <a rel=author href=/a>Ana Silva</a> and <a rel=author href=/b>Bo Lind</a></p>",                                                         "",
     NULL,                                                                                                                                                    "Ana Silva and Bo Lind"},
    {"a list of elements",                           "",                        "<div class=author>Ana Silva</div><div class=author>Bo Lind</div>",
     "",                                                                                                                                                NULL, "Ana Silva; Bo Lind"   },
    {"who reviewed it",                              "",
     "<p>By <a rel=author href=/a>Ana Silva</a>. Reviewed by <a rel=author href=/b>Bo "
     "Lind</a></p>",                                                                                                                                "", NULL, "Ana Silva"            },
    {"two letters",                                  DATA(PERSON("as")),        "<p>by <a href=/author/as>as</a></p>",                              "", NULL, "as"                   },
    {"a maker's name with a role in it",             "",                        "<p><span class='jobber-author'>Ana Silva</span></p>",
     "",                                                                                                                                                NULL, "Ana Silva"            },
    {"a box about the author",                       "",                        "",
     "<div class=author-box><div class=author-name>Ana Silva</div><p>Ana writes about harbours and "
     "boats for this paper since the flood.</p></div>",                                                                                                 NULL, "Ana Silva"            },
    {"who comments",                                 "",                        "",
     "<div class=comments><div class=comment><a rel=author href=/x>Bo Lind</a> says: well, that is "
     "a quay.</div></div>",                                                                                                                             NULL, ""                     },
    {"who wrote another one",                        "",                        "",
     "<div class=related><p>Another quay <a rel=author href=/x>Bo Lind</a></p></div>",                                                                  NULL, ""                     },
    {"who took the photo",                           "",
     "<figure><img src=x><figcaption>A quay <span class=author>Bo "
     "Lind</span></figcaption></figure>",                                                                                                           "", NULL, ""                     },
    {"a role marked as the author's",                "",
     "<div class=author-role>Harbour Poet</div><div class=author-name>Ana Silva</div>",                                                             "", NULL,
     "Ana Silva"                                                                                                                                                                     },
    {"data and byline agree against another byline", DATA(PERSON("Ana Silva")),
     "<div class=author>Bo Lind</div><div class=author-name>Ana Silva</div>",                                                                       "", NULL,
     "Ana Silva"                                                                                                                                                                     },
    {"a desk that the page names",                   "",
     "<p class=byline>By <a rel=author href=/author/t>Tidings Staff</a></p>",                                                                       "", NULL,
     "Tidings Staff"                                                                                                                                                                 },
};

/* ---- lines ----------------------------------------------------------------------------------- */

static const struct page lines[] = {
    {"English",                            "",   "<p>By Ana Silva</p>",                                          "",                       NULL, "Ana Silva"                },
    {"English, a list",                    "",   "<p>By Ana Silva, Bo Lind and Cy Marsh</p>",                    "",                       NULL,
     "Ana Silva, Bo Lind and Cy Marsh"                                                                                                                                      },
    {"German",                             "",   "<p>Von Ana Silva und Bo Lind</p>",                             "",                       NULL, "Ana Silva und Bo Lind"    },
    {"German, a label",                    "",   "<p>Text: Jürgen Müller</p>",                                 "",                       NULL, "Jürgen Müller"          },
    {"French",                             "",   "<p>Par Émilie Blanc, le 3 mai 2023</p>",                      "",                       NULL, "Émilie Blanc"            },
    {"Spanish",                            "",   "<p>Por Íñigo Peña y Ana Silva</p>",                         "",                       NULL, "Íñigo Peña y Ana Silva"},
    {"Italian",                            "",   "<p>di Ada Rossi e Ugo Neri</p>",                               "",                       NULL, "Ada Rossi e Ugo Neri"     },
    {"Dutch",                              "",   "<p>Door Jan van den Berg en Ans Mol</p>",                      "",                       NULL,
     "Jan van den Berg en Ans Mol"                                                                                                                                          },
    {"Portuguese",                         "",   "<p>Por João da Silva</p>",                                    "",                       NULL, "João da Silva"           },
    {"Polish",                             "",   "<p>Autor: Łukasz Żak</p>",                                   "",                       NULL, "Łukasz Żak"             },
    {"Czech",                              "",   "<p>Napsala: Šárka Nová</p>",                                "",                       NULL, "Šárka Nová"            },
    {"Hungarian",                          "",   "<p>Szerző: Kovács Éva</p>",                                 "",                       NULL, "Kovács Éva"             },
    {"Chinese",                            "",   "<p>作者：王小明</p>",                                    "",                       NULL, "王小明"                },
    {"Chinese, two reporters",             "",   "<p>本报记者 王小明、李大海</p>",                    "",                       NULL, "王小明、李大海"    },
    {"Japanese",                           "",   "<p>著者：山田太郎</p>",                                 "",                       NULL, "山田太郎"             },
    {"Arabic",                             "",   "<p>بقلم: محمد علي</p>",                             "",                       NULL, "محمد علي"          },
    {"Russian",                            "",   "<p>Автор: Анна Петрова</p>",                   "",                       NULL, "Анна Петрова"  },
    {"label and name apart",               "",   "<div>Written by</div><div>Ana Silva</div>",                    "",                       NULL,
     "Ana Silva"                                                                                                                                                            },
    {"behind the day",                     "",   "<p>3 May 2023 | by Ana Silva</p>",                             "",                       NULL, "Ana Silva"                },
    {"alone between headline and day",     "",   "<p>Ana Silva</p><p>3 May 2023</p>",                            "",                       NULL,
     "Ana Silva"                                                                                                                                                            },
    {"at the end",                         "",   "",                                                             "<p>Text: Ana Silva</p>", NULL, "Ana Silva"                },
    {"role, day and handle go",            "",   "<p>By Ana Silva, staff writer | 3 May 2023 | @anasilva</p>",
     "",                                                                                                                                   NULL, "Ana Silva"                },
    {"city and agency go",                 "",   "<p>By Ana Silva, Berlin, dpa</p>",                             "",                       NULL, "Ana Silva"                },
    {"the outlet goes",                    SITE, "<p>By Ana Silva, The Tidings</p>",                             "",                       NULL, "Ana Silva"                },
    {"a degree stays",                     "",   "<p>By Ana Silva, MD, PhD</p>",                                 "",                       NULL, "Ana Silva, MD, PhD"       },
    {"an office with \"and\" in its name", "",
     "<p class=byline>By <a rel=author href=/author/c>Centre for Boats and Quays</a></p>",                       "",                       NULL,
     "Centre for Boats and Quays"                                                                                                                                           },
    {"a sentence",                         "",   "<p>By Monday the boats of all the fishermen had come in.</p>", "",                       NULL,
     ""                                                                                                                                                                     },
    {"a part of the headline",             "",   "<h2>Drawn by Granite</h2>",                                    "",                       NULL, ""                         },
};

/* ---- feed ------------------------------------------------------------------------------------ */

static const struct page feeds[] = {
    {"only the feed tells",       "",                      "",                                  "", "Ana Silva",   "Ana Silva"},
    {"the page before the feed",  "",                      "<p>By Ana Silva</p>",               "", "Bo Lind",     "Ana Silva"},
    {"the feed breaks a tie",     DATA(PERSON("Bo Lind")), "<div class=author>Ana Silva</div>", "",
     "Ana Silva",                                                                                                  "Ana Silva"},
    {"the feed bears out a meta", META("Ana Silva"),       "",                                  "", "Ana Silva",   "Ana Silva"},
    {"the feed's outlet",         SITE,                    "",                                  "", "The Tidings", ""         },
    {"the feed's account",        "",                      "",                                  "", "admin",       ""         },
};

/* ---- one against the other ------------------------------------------------------------------- */

static const struct page choices[] = {
    {"data and byline agree against another byline", DATA(PERSON("Ana Silva")),
     "<p><a rel=author href=/b>Bo Lind</a></p><div class=author>Ana Silva</div>",                                                                "",                                     NULL,
     "Ana Silva"                                                                                                                                                                                                             },
    {"a person before a desk",                       "",
     "<p><a rel=author href=/t>Tidings Staff</a></p><p><i rel=author>Ana Silva</i></p>",                                                         "",                                     NULL,
     "Ana Silva"                                                                                                                                                                                                             },
    {"a meta of a page that is no article",          META("Ana Silva"),                  "",
     "<p>Write to Ana Silva, Quay 1.</p>",                                                                                                                                               NULL,        ""                     },
    {"a meta of an article that shows the name",     ARTICLE META("Ana Silva"),          "",
     "<p>Write to Ana Silva, Quay 1.</p>",                                                                                                                                               NULL,        "Ana Silva"            },
    {"a meta of an article that does not",           ARTICLE META("Ana Silva"),          "",                                                     "",                                     NULL,        ""                     },
    {"what the author is",                           "",                                 "<div class=author-role>Harbour Poet</div>",            "",                                     NULL,        ""                     },
    {"a reviewer alone",                             "",                                 "<p>Reviewed by <a rel=author href=/b>Bo Lind</a></p>", "",                                     NULL,        ""                     },
    {"an account that everybody has",                "",                                 "<p>by <a rel=author href=/author/admin>admin</a></p>",
     "",                                                                                                                                                                                 NULL,        ""                     },
    {"a list as the page prints it",                 ARTICLE META("Ana Silva, Bo Lind"),
     "<p>By Ana Silva and Bo Lind</p>",                                                                                                          "",                                     NULL,        "Ana Silva and Bo Lind"},
    {"the feed decides between two",                 "",
     "<p><a rel=author href=/b>Bo Lind</a></p><div class=author>Ana Silva</div>",                                                                "",                                     "Ana Silva",
     "Ana Silva"                                                                                                                                                                                                             },
    {"the feed bears out a list",                    META("Ana Silva, Bo Lind"),         "",                                                     "",                                     "Ana Silva",
     "Ana Silva, Bo Lind"                                                                                                                                                                                                    },
    {"a card that names a section",
     ARTICLE "<meta name='twitter:label1' content='Filed under'><meta name='twitter:data1' "
             "content='Harbour Life'>",                                                  "",                                                     "<p>More of Harbour Life, Quay 1.</p>", NULL,        ""                     },
    {"the headline comes a second time",             "",
     "<div class=author>Ana Silva</div><p>1</p><p>2</p><p>3</p><p>4</p><p>5</p><p>6</p><h2>Granite "
     "quay opens in the harbour</h2>",                                                                                                           "",                                     NULL,        "Ana Silva"            },
    {"an outlet behind a bar",                       "",                                 "<p>By Ana Silva | Harbour Life</p>",                   "",                                     NULL,        "Ana Silva"            },
    {"a day without a comma",                        "",                                 "<p>By Ana Silva 3 May 2023</p>",                       "",                                     NULL,        "Ana Silva"            },
};

static void check(const struct page *p, const char *group)
{
    struct article_hints hints = {.url = SLICE("http://paper.example/granite"),
                                  .feed_author = slice_from(p->feed),
                                  .now = 1763769600};
    char html[8192];
    struct arena arena;
    struct article a;
    struct ww_error err = {0};
    int n = snprintf(html, sizeof(html),
                     "<html><head><title>Granite quay opens in the harbour</title>%s</head><body>"
                     "<article><h1>Granite quay opens in the harbour</h1>%s<div "
                     "class=entry-content>" PROSE "</div>%s</article></body></html>",
                     p->head, p->byline, p->tail);

    assert_true(n > 0 && (size_t)n < sizeof(html));
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    if (article_extract(slice_from(html), &hints, &arena, &a, &err) != WW_OK)
        fail_msg("%s, %s: %s", group, p->name, err.message);
    if (!slice_equal(a.author, slice_from(p->author)))
        fail_msg("%s, %s: author '%.*s', not '%s'", group, p->name, SLICE_ARG(a.author), p->author);
    arena_release(&arena);
}

static void check_all(const struct page *pages, size_t n, const char *group)
{
    for (size_t i = 0; i < n; i++)
        check(&pages[i], group);
}

static void test_data(void **state)
{
    WW_UNUSED(state);
    check_all(data, WW_COUNT(data), "data");
}

static void test_elements(void **state)
{
    WW_UNUSED(state);
    check_all(elements, WW_COUNT(elements), "elements");
}

static void test_lines(void **state)
{
    WW_UNUSED(state);
    check_all(lines, WW_COUNT(lines), "lines");
}

static void test_feed(void **state)
{
    WW_UNUSED(state);
    check_all(feeds, WW_COUNT(feeds), "feed");
}

static void test_choices(void **state)
{
    WW_UNUSED(state);
    check_all(choices, WW_COUNT(choices), "choices");
}

/* The name that other pages of the site taught counts like the one that this page tells. */
static void test_site_name(void **state)
{
    static const char html[] =
        "<html><head>" ARTICLE META("Tidings24") "</head><body><article><h1>Granite "
                                                 "quay</h1>" PROSE
                                                 "<p>Tidings24, 2020</p></article></body></html>";
    struct article_hints hints = {.url = SLICE("http://paper.example/granite")};
    struct arena arena;
    struct article a;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    assert_int_equal(article_extract(slice_from(html), &hints, &arena, &a, NULL), WW_OK);
    assert_true(slice_equal(a.author, SLICE("Tidings24")));
    hints.site_name = SLICE("Tidings 24");
    assert_int_equal(article_extract(slice_from(html), &hints, &arena, &a, NULL), WW_OK);
    assert_int_equal(a.author.len, 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data),    cmocka_unit_test(test_elements),
        cmocka_unit_test(test_lines),   cmocka_unit_test(test_feed),
        cmocka_unit_test(test_choices), cmocka_unit_test(test_site_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
