/* test_dates.c - when a page says it was published and changed, in many languages. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "extractors/article.h"
#include "extractors/shown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PROSE                                                                                 \
    "<p>The harbour office opened its doors, two years after the flood, and the first boats " \
    "came in before noon, as the mayor had promised.</p><p>Fishermen said they had waited "   \
    "long enough, and that the new quay, built of granite, would outlast all of them.</p>"
#define HEAD "<article><h1>Harbour opens again</h1>"
#define DATA(fields)                                                                         \
    "<script "                                                                               \
    "type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Harbour\"," fields \
    "}</script>"

static const struct {
    const char *name, *html, *url, *published, *source, *modified, *modified_source;
} cases[] = {
    {"schema.org",
     DATA("\"datePublished\":\"2023-05-03T09:00:00+02:00\",\"dateModified\":\"2023-05-04\"")
         HEAD PROSE,
     "",                                                                                                                                                                            "2023-05-03", "json-ld", "2023-05-04", "json-ld"},
    {"meta",
     "<meta property=article:published_time content=2023-05-03T09:00:00+02:00><meta name=lastmod "
     "content=2023-05-05>" HEAD PROSE,
     "",                                                                                                                                                                            "2023-05-03", "meta",    "2023-05-05", "meta"   },
    {"the address",                      HEAD PROSE,                                                                                        "https://x.example/2023/05/03/harbour", "2023-05-03", "url",     "",
     ""                                                                                                                                                                                                                             },
    {"itemprop",
     HEAD "<span itemprop=datePublished content=2023-05-03>x</span><span itemprop=dateModified "
          "content=2023-05-04>y</span>" PROSE,
     "",                                                                                                                                                                            "2023-05-03", "time",    "2023-05-04", "time"   },
    {"a line named for it",              HEAD "<div class=date>3 May 2023</div>" PROSE,                                                     "",                                     "2023-05-03", "text",
     "",                                                                                                                                                                                                                   ""       },
 /* Published before changed, in one line or two, whichever comes first. */
    {"German",                           HEAD "<p>Aktualisiert am 5. Mai 2023, veröffentlicht am 3. Mai 2023</p>" PROSE,                   "",
     "2023-05-03",                                                                                                                                                                                "text",    "2023-05-05", "text"   },
    {"French",                           HEAD "<p>Mis à jour le 5 mai 2023. Publié le 3 mai 2023</p>" PROSE,                              "",                                     "2023-05-03",
     "text",                                                                                                                                                                                                 "2023-05-05", "text"   },
    {"Spanish",
     HEAD "<p>Actualizado: 5 de mayo de 2023</p><p>Publicado: 3 de mayo de 2023</p>" PROSE,                                                 "",
     "2023-05-03",                                                                                                                                                                                "text",    "2023-05-05", "text"   },
    {"Italian",                          HEAD "<p>Aggiornato il 5 maggio 2023</p><p>Pubblicato il 3 maggio 2023</p>" PROSE,
     "",                                                                                                                                                                            "2023-05-03", "text",    "2023-05-05", "text"   },
    {"Dutch",                            HEAD "<p>Bijgewerkt op 5 mei 2023</p><p>Geplaatst op 3 mei 2023</p>" PROSE,                        "",
     "2023-05-03",                                                                                                                                                                                "text",    "2023-05-05", "text"   },
    {"Portuguese",
     HEAD "<p>Atualizado em 5 de maio de 2023</p><p>Publicado em 3 de maio de 2023</p>" PROSE,                                              "",
     "2023-05-03",                                                                                                                                                                                "text",    "2023-05-05", "text"   },
    {"Polish",                           HEAD "<p>Aktualizacja: 5 maja 2023</p><p>Opublikowano 3 maja 2023</p>" PROSE,                      "",
     "2023-05-03",                                                                                                                                                                                "text",    "2023-05-05", "text"   },
    {"Czech",                            HEAD "<p>Aktualizováno 5. května 2023</p><p>Publikováno 3. května 2023</p>" PROSE,             "",
     "2023-05-03",                                                                                                                                                                                "text",    "2023-05-05", "text"   },
    {"Hungarian",                        HEAD "<p>Frissítve: 2023. május 5.</p><p>Megjelent: 2023. május 3.</p>" PROSE,                  "",
     "2023-05-03",                                                                                                                                                                                "text",    "2023-05-05", "text"   },
    {"Chinese",                          HEAD "<p>2023年5月5日 更新</p><p>2023年5月3日 发布</p>" PROSE,                           "",                                     "2023-05-03",
     "text",                                                                                                                                                                                                 "2023-05-05", "text"   },
    {"Japanese",                         HEAD "<p>更新日: 2023年5月5日</p><p>公開日: 2023年5月3日</p>" PROSE,                   "",
     "2023-05-03",                                                                                                                                                                                "text",    "2023-05-05", "text"   },
    {"Arabic",                           HEAD "<p>آخر تحديث 5 مايو 2023</p><p>نشر في 3 مايو 2023</p>" PROSE,           "",                                     "2023-05-03",
     "text",                                                                                                                                                                                                 "2023-05-05", "text"   },
    {"Russian",                          HEAD "<p>Обновлено 5 мая 2023</p><p>Опубликовано 3 мая 2023</p>" PROSE, "",
     "2023-05-03",                                                                                                                                                                                "text",    "2023-05-05", "text"   },
    {"a label in a line of its own",
     HEAD "<div>Updated on</div><div>5 May 2023</div><div>3 May 2023</div>" PROSE,                                                          "",                                     "2023-05-03",
     "text",                                                                                                                                                                                                 "2023-05-05", "text"   },
    {"a label behind it, at the foot",
     HEAD PROSE
     "</article><footer>Seite wurde zuletzt am 3. Mai 2023 um 13:22 Uhr geändert.</footer>",                                               "",                                     "2023-05-03", "text",    "2023-05-03", "text"   },
 /* What text tells of is not when it was written. */
    {"prose below a line",
     HEAD "<p>On 1 May 2021 the harbour was flooded, and nobody thought that boats would come "
          "back, said the mayor.</p>" PROSE "<div class=post-date>3 May 2023</div>",
     "",                                                                                                                                                                            "2023-05-03", "text",    "",           ""       },
    {"a line before a vague name",
     "<meta name=date content=2023-05-09>" HEAD "<p>3 May 2023 - The desk</p>" PROSE,                                                       "",
     "2023-05-03",                                                                                                                                                                                "text",    "",           ""       },
    {"a list of other articles",
     HEAD PROSE "</article><div class=related-posts><a href=/x>Other</a><span class=date>9 May "
                "2023</span></div>",                                                                                                        "",                                     "",           "",        "",           ""       },
 /* Two sources. */
    {"data that differ: the shown one",
     DATA("\"datePublished\":\"2022-01-02\"") "<meta property=article:published_time "
                                              "content=2023-05-03>" HEAD
                                              "<p>Von Ana, 3. Mai 2023</p>" PROSE,
     "",                                                                                                                                                                            "2023-05-03", "meta",    "",           ""       },
    {"an export",
     "<meta property=article:published_time content=2023-05-03T10:00:00Z>" HEAD
     "<div class=date>30 December 2013</div>" PROSE,
     "",                                                                                                                                                                            "2013-12-30", "text",    "",           ""       },
    {"a draft",
     DATA("\"datePublished\":\"2023-01-03\"") HEAD "<div class=date>3 May 2023</div>" PROSE,                                                "",
     "2023-05-03",                                                                                                                                                                                "text",    "",           ""       },
    {"no draft: it is shown, too",
     DATA("\"datePublished\":\"2023-01-03\"") HEAD
     "<div class=date>3 May 2023</div><p>First seen on 3 January 2023</p>" PROSE,
     "",                                                                                                                                                                            "2023-01-03", "json-ld", "",           ""       },
    {"a change is none of these",
     DATA("\"datePublished\":\"2023-01-03\"") HEAD "<div class=date>Updated 3 May 2023</div>" PROSE,
     "",                                                                                                                                                                            "2023-01-03", "json-ld", "2023-05-03", "text"   },
    {"American data, shown with a name",
     "<html lang=de><meta name=pubdate content='11/01/2023 12:43:42'>" HEAD PROSE
     "<p>Erstellt am: 1. November 2023</p>",                                                                                                "",                                     "2023-11-01", "meta",    "",           ""       },
    {"a change before publication",
     "<meta property=article:published_time content=2023-05-03><meta "
     "property=article:modified_time content=2023-05-01>" HEAD PROSE,
     "",                                                                                                                                                                            "2023-05-03", "meta",    "",           ""       },
 /* The page's own day. */
    {"an evening in America",
     "<meta property=article:published_time content=2023-05-04T03:00:00Z>" HEAD
     "<p>May 3, 2023, 11:00 PM</p>" PROSE,
     "",                                                                                                                                                                            "2023-05-03", "meta",    "",           ""       },
    {"the line before the address",
     "<meta property=article:published_time content=2023-05-04T10:00:00Z>" HEAD
     "<p>May 4, 2023</p>" PROSE,
     "https://x.example/2023/05/03/harbour",                                                                                                                                        "2023-05-04", "meta",    "",           ""       },
 /* How it is written. */
    {"two digits",                       "<html lang=de>" HEAD "<div class=date>Party, 30.10.23</div>" PROSE,                               "",
     "2023-10-30",                                                                                                                                                                                "text",    "",           ""       },
    {"glued to its label",
     "<html lang=de>" HEAD PROSE
     "</article><div class=date><b>Erstellt am</b><i>09.02.2023</i></div>",                                                                 "",                                     "2023-02-09", "text",    "",           ""       },
    {"the future is not believed",
     "<meta property=article:published_time content=2031-05-03>" HEAD
     "<div class=date>3 May 2023</div>" PROSE,
     "",                                                                                                                                                                            "2023-05-03", "text",    "",           ""       },
    {"only the description has it",
     "<meta name=description content='Notizia del 3 maggio 2023'>" HEAD PROSE,                                                              "",                                     "2023-05-03",
     "text",                                                                                                                                                                                                 "",           ""       },
};

static void check_day(const char *name, const char *what, const struct date *d, const char *day)
{
    char text[DATE_TEXT_BYTES] = "";

    if (d->precision != DATE_NONE)
        (void)date_format_day(d, text);
    if (strcmp(text, day) != 0)
        fail_msg("%s: %s '%s', not '%s'", name, what, text, day);
}

static void test_dates(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct article_hints hints = {.url = slice_from(cases[i].url), .now = 1763769600};
        struct arena arena;
        struct article a;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        assert_int_equal(article_extract(slice_from(cases[i].html), &hints, &arena, &a, NULL),
                         WW_OK);
        check_day(cases[i].name, "published", &a.published, cases[i].published);
        check_day(cases[i].name, "modified", &a.modified, cases[i].modified);
        if (strcmp(article_date_sources[a.published_source], cases[i].source) != 0 ||
            strcmp(article_date_sources[a.modified_source], cases[i].modified_source) != 0)
            fail_msg("%s: from '%s' and '%s'", cases[i].name,
                     article_date_sources[a.published_source],
                     article_date_sources[a.modified_source]);
        arena_release(&arena);
    }
}

/* What the feed said decides between two, gives a zone, and a date where the page has none. */
static void test_feed(void **state)
{
    static const struct {
        const char *html, *fed, *day;
        int32_t zone_s;
    } fed[] = {
        {HEAD PROSE,                                                                             "2023-05-03T10:00:00+02:00", "2023-05-03", 7200 },
        {DATA("\"datePublished\":\"2022-01-02\"") "<meta property=article:published_time "
                                                  "content=2023-05-03>" HEAD PROSE,
         "2023-05-03T10:00:00Z",                                                                                              "2023-05-03", 0    },
        {DATA("\"datePublished\":\"2023-05-03T23:30:00Z\"") HEAD PROSE,                          "2023-05-04T07:30:00+08:00",
         "2023-05-04",                                                                                                                      28800},
        {DATA("\"datePublished\":\"2023-01-03\"") HEAD "<div class=date>3 May 2023</div>" PROSE,
         "2023-01-03",                                                                                                        "2023-01-03", 0    },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(fed); i++) {
        struct article_hints hints = {.now = 1763769600};
        struct arena arena;
        struct article a;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        assert_true(date_parse(slice_from(fed[i].fed), &hints.feed_published));
        assert_int_equal(article_extract(slice_from(fed[i].html), &hints, &arena, &a, NULL), WW_OK);
        check_day(fed[i].fed, "published", &a.published, fed[i].day);
        assert_int_equal(a.published.zone_s, fed[i].zone_s);
        arena_release(&arena);
    }
}

static void test_labels(void **state)
{
    WW_UNUSED(state);
    assert_int_equal(shown_label(SLICE("By Ana Silva, ")), SHOWN_PLAIN);
    assert_int_equal(shown_label(SLICE("Published: ")), SHOWN_PUBLICATION);
    assert_int_equal(shown_label(SLICE("Published yesterday, updated ")), SHOWN_CHANGE);
    assert_int_equal(shown_label(SLICE("Letzte Änderung 14:49, erschienen am ")),
                     SHOWN_PUBLICATION);
    assert_int_equal(shown_label(SLICE("")), SHOWN_PLAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_feed),
        cmocka_unit_test(test_labels),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
