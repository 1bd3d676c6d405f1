/* test_feed.c - what feeds say, and what is made of those that say it badly. */
#include "feeds/feed.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define RSS(inside) "<rss version=\"2.0\"><channel>" inside "</channel></rss>"
#define ITEM(inside) RSS("<item>" inside "</item>")
#define ATOM(inside) "<feed xmlns=\"http://www.w3.org/2005/Atom\">" inside "</feed>"
#define ENTRY(inside) ATOM("<entry>" inside "</entry>")

enum what {
    TITLE,
    LINK,
    ORIGINAL,
    ID,
    SUMMARY,
    CONTENT,
    AUTHOR,
    LANGUAGE,
    CATEGORY,
    ENCLOSURE,
    FEED_TITLE,
    FEED_LINK,
    FORMAT,
    N_ENTRIES,
    MALFORMED
};

struct value_case {
    const char *name, *text;
    enum what what;
    const char *want; /* NULL: absent */
};

static const struct value_case cases[] = {
  /* formats */
    {"RSS 2.0",                            RSS(""),                                                                   FORMAT,     "rss2.0"               },
    {"RSS without a version",              "<rss><channel/></rss>",                                                   FORMAT,     "rss"                  },
    {"RSS 0.92",                           "<rss version='0.92'><channel/></rss>",                                    FORMAT,     "rss0.92"              },
    {"RDF, RSS 1.0",
     "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
     "xmlns='http://purl.org/rss/1.0/'><item rdf:about='u'/></rdf:RDF>",                                              FORMAT,     "rss1.0"               },
    {"Atom 1.0",                           ATOM(""),                                                                  FORMAT,     "atom1.0"              },
    {"Atom 0.3",                           "<feed version='0.3'/>",                                                   FORMAT,     "atom0.3"              },
    {"JSON Feed 1.1",                      "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": []}",      FORMAT,
     "json1.1"                                                                                                                                           },
    {"junk before it",                     "<b>Warning</b>: x in /y on line 3\n" RSS(""),                             FORMAT,     "rss2.0"               },
    {"the title of a page around it",
     "<html><head><title>p</title></head><body>" RSS("<title>f</title>") "</body></html>",
     FEED_TITLE,                                                                                                                  "f"                    },
    {"inside XHTML",
     "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>p</title></head><body>" ITEM(
         "<title>t</title>") "</body></html>",
     TITLE,                                                                                                                       "t"                    },
    {"inside HTML",                        "<html><body>" ITEM("<title>t</title>") "</body></html>",                  TITLE,      "t"                    },

 /* titles: plain text */
    {"escaped once",                       ITEM("<title>AT&amp;T</title>"),                                           TITLE,      "AT&T"                 },
    {"escaped twice",                      ITEM("<title>AT&amp;amp;T</title>"),                                       TITLE,      "AT&T"                 },
    {"markup escaped",                     ITEM("<title>a &lt;b&gt;c&lt;/b&gt;</title>"),                             TITLE,      "a c"                  },
    {"markup in the open",                 ITEM("<title>a <b>c</b></title>"),                                         TITLE,      "a c"                  },
    {"CDATA",                              ITEM("<title><![CDATA[a &amp; b]]></title>"),                              TITLE,      "a & b"                },
    {"less than",                          ITEM("<title>1 &lt; 2</title>"),                                           TITLE,      "1 < 2"                },
    {"Atom plain text is no markup",       ENTRY("<title>the &lt;b&gt; tag</title>"),                                 TITLE,
     "the <b> tag"                                                                                                                                       },
    {"Atom HTML is",                       ENTRY("<title type='html'>the &lt;b&gt;tag</title>"),                      TITLE,      "the tag"              },
    {"names of HTML",                      ITEM("<title>caf&eacute; &hellip;</title>"),                               TITLE,
     "caf\xC3\xA9 \xE2\x80\xA6"                                                                                                                          },
    {"windows-1252 by number",             ITEM("<title>it&#146;s</title>"),                                          TITLE,      "it\xE2\x80\x99s"      },
    {"forbidden by number",                ITEM("<title>a&#x1F;b</title>"),                                           TITLE,      "ab"                   },
    {"only a picture",                     ITEM("<title>&lt;img src='x'&gt;</title>"),                                TITLE,      ""                     },
    {"none",                               ITEM(""),                                                                  TITLE,      NULL                   },
    {"the image has its own",              RSS("<image><title>i</title></image>"),                                    FEED_TITLE, NULL                   },
    {"media:title never wins",
     ITEM("<m:title xmlns:m='http://search.yahoo.com/mrss/'>m</m:title><title>t</title>"),                            TITLE,
     "t"                                                                                                                                                 },

 /* links */
    {"relative",                           ITEM("<link>/a</link>"),                                                   LINK,       "https://e.org/a"      },
    {"an address broken over lines",       ITEM("<link>\n http://e.org/a\n b</link>"),                                LINK,
     "http://e.org/ab"                                                                                                                                   },
    {"an address escaped twice",           ITEM("<link>/?a=1&amp;amp;b=2</link>"),                                    LINK,
     "https://e.org/?a=1&b=2"                                                                                                                            },
    {"an address without a scheme",        ITEM("<link>//x.org/a</link>"),                                            LINK,       "https://x.org/a"      },
    {"the scheme of feeds",                ITEM("<link>feed:http://e.org/a</link>"),                                  LINK,       "http://e.org/a"       },
    {"Atom's alternate is not RSS's link",
     ITEM("<a:link xmlns:a='http://www.w3.org/2005/Atom' href='/a'/><link>/l</link>"),                                LINK,
     "https://e.org/l"                                                                                                                                   },
    {"alternate before others",
     ENTRY("<link rel='self' href='/s'/><link href='/h' type='text/html'/>"),                                         LINK,
     "https://e.org/h"                                                                                                                                   },
    {"xml:base, nested",
     "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://a.org/x/'><entry xml:base='y/'>"
     "<link href='z'/></entry></feed>",                                                                               LINK,       "http://a.org/x/y/z"   },
    {"guid serves",                        ITEM("<guid>http://e.org/g</guid>"),                                       LINK,       "http://e.org/g"       },
    {"guid that is none",                  ITEM("<guid isPermaLink='false'>http://e.org/g</guid>"),                   LINK,       NULL                   },
    {"behind a counting service",
     ITEM("<link>http://p.org/1</link><feedburner:origLink>http://e.org/1</feedburner:origLink>"),
     LINK,                                                                                                                        "http://p.org/1"       },
    {"and where it leads",                 ITEM("<pheedo:origLink>/1</pheedo:origLink><link>http://p.org/1</link>"),
     ORIGINAL,                                                                                                                    "https://e.org/1"      },
    {"the original serves",                ITEM("<feedburner:origLink>http://e.org/1</feedburner:origLink>"),         LINK,
     "http://e.org/1"                                                                                                                                    },
    {"nothing is its own original",        ITEM("<link>http://e.org/1</link>"),                                       ORIGINAL,   NULL                   },
    {"an id serves",                       ENTRY("<id>http://e.org/i</id>"),                                          LINK,       "http://e.org/i"       },
    {"Atom's self is not RSS's link",
     RSS("<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='self' href='/f'/>"
         "<link>http://e.org/</link>"),
     FEED_LINK,                                                                                                                   "http://e.org/"        },

 /* the rest of an entry */
    {"guid",                               ITEM("<guid> x </guid>"),                                                  ID,         "x"                    },
    {"relative atom:id",                   ENTRY("<id>/x</id>"),                                                      ID,         "https://e.org/x"      },
    {"rdf:about",
     "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><item rdf:about='u:1'/>"
     "</rdf:RDF>",                                                                                                    ID,         "u:1"                  },
    {"description is HTML",                ITEM("<description>&lt;p>a&lt;/p></description>"),                         SUMMARY,    "<p>a</p>"             },
    {"escaped once too often",
     ITEM("<description>&amp;lt;p&amp;gt;a&amp;lt;/p&amp;gt;</description>"),                                         SUMMARY,    "<p>a</p>"             },
    {"markup in a description",            ITEM("<description>a<br/>b &amp; c</description>"),                        SUMMARY,
     "a<br/>b &amp; c"                                                                                                                                   },
    {"Atom text as HTML",                  ENTRY("<summary>a &lt; b</summary>"),                                      SUMMARY,    "a &lt; b"             },
    {"XHTML without its div",
     ENTRY("<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>a</p></div>"
           "</content>"),
     CONTENT,                                                                                                                     "<p>a</p>"             },
    {"base64",                             ENTRY("<content mode='base64'>PGI+YTwvYj4=</content>"),                    CONTENT,    "<b>a</b>"             },
    {"full text",                          ITEM("<content:encoded>a</content:encoded>"),                              CONTENT,    "a"                    },
    {"e-mail and name",                    ITEM("<author>d@e.org (News desk)</author>"),                              AUTHOR,     "News desk"            },
    {"a name alone",
     "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": [{\"id\": 1, \"authors\": "
     "[\"N\"]}]}",                                                                                                    AUTHOR,     "N"                    },
    {"two creators",                       ITEM("<dc:creator>A B</dc:creator><dc:creator>C D</dc:creator>"),          AUTHOR,
     "A B, C D"                                                                                                                                          },
    {"of the feed",                        ATOM("<author><name>N</name></author><entry/>"),                           AUTHOR,     "N"                    },
    {"of the source",                      ENTRY("<source><title>s</title><author><name>N</name></author></source>"),
     AUTHOR,                                                                                                                      "N"                    },
    {"a contributor is none",              ENTRY("<contributor><name>N</name></contributor>"),                        AUTHOR,     NULL                   },
    {"xml:lang",                           ENTRY("<title xml:lang='it'>t</title>"),                                   LANGUAGE,   NULL                   },
    {"category",                           ITEM("<category>a &amp;amp; b</category>"),                                CATEGORY,   "a & b"                },
    {"term",                               ENTRY("<category term='x'/>"),                                             CATEGORY,   "x"                    },
    {"enclosure of RDF",
     ITEM("<e:enclosure xmlns:e='http://purl.oclc.org/net/rss_2.0/enc#' e:url='/a.mp3'/>"),
     ENCLOSURE,                                                                                                                   "https://e.org/a.mp3"  },
    {"enclosure",                          ITEM("<enclosure url='/a.mp3'/>"),                                         ENCLOSURE,  "https://e.org/a.mp3"  },

 /* broken XML: all it holds is given */
    {"well-formed",                        ITEM("<title>t</title>"),                                                  MALFORMED,  "no"                   },
    {"a prefix nobody declared",           ITEM("<dc:title>t</dc:title>"),                                            MALFORMED,  "yes"                  },
    {"and what it says",                   ITEM("<dc:title>t</dc:title>"),                                            TITLE,      "t"                    },
    {"bare ampersand",                     ITEM("<link>http://e.org/?a=1&b=2</link>"),                                LINK,       "http://e.org/?a=1&b=2"},
    {"stray less-than",                    ITEM("<title>1 < 2</title>"),                                              TITLE,      "1 < 2"                },
    {"cut in an entry",                    "<rss><channel><item><title>a</title></item><item><title>b",               N_ENTRIES,
     "2"                                                                                                                                                 },
    {"cut in CDATA",                       "<rss><channel><item><title><![CDATA[ab",                                  TITLE,      "ab"                   },
    {"unclosed markup",
     RSS("<item><description>a<p>b<br>c</description><title>1</title></item><item/>"),                                N_ENTRIES,
     "2"                                                                                                                                                 },
    {"title behind unclosed markup",
     RSS("<item><description>a<p>b<br>c</description><title>1</title></item><item/>"),                                TITLE,      "1"                    },
    {"unclosed entries",                   RSS("<item><title>a</title><item><title>b</title>"),                       N_ENTRIES,  "2"                    },
    {"crossed tags",                       ITEM("<b><i></b></i><title>t</title>"),                                    TITLE,      "t"                    },
    {"an instruction without end",         "<?xml version='1.0'><rss><channel><item/></channel></rss>",
     N_ENTRIES,                                                                                                                   "1"                    },
    {"control characters",
     ITEM("<title>a\x01\x0C"
          "b</title>"),
     TITLE,                                                                                                                       "ab"                   },
    {"raw C1",                             ITEM("<title>it\xC2\x92s</title>"),                                        TITLE,      "it\xE2\x80\x99s"      },

 /* hostile XML: nothing is expanded or fetched */
    {"entity of its own",                  "<!DOCTYPE r [<!ENTITY a 'b &amp; &lt;i'>]>" ITEM("<title>x&a;</title>"),
     TITLE,                                                                                                                       "xb & <i"              },
    {"entities in entities",
     "<!DOCTYPE r [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]>" ITEM("<title>x&c;</title>"),                                TITLE,
     "x&a;&a;"                                                                                                                                           },
    {"external entity",
     "<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" ITEM("<title>x&a;</title>"),                            TITLE,
     "x&a;"                                                                                                                                              },
    {"a document type put together",
     "<!DOC<!-- -->TYPE r [<!ENTITY a 'b'>]>" ITEM("<title>x&a;</title>"),                                            TITLE,      "x&a;"                 },
};

static struct slice value_of(const struct feed *f, enum what what, char *room)
{
    static const struct entry none;
    const struct entry *e = f->n_entries > 0 ? &f->entries[0] : &none;

    switch (what) {
    case TITLE:
        return e->title;
    case LINK:
        return e->link;
    case ORIGINAL:
        return e->original;
    case ID:
        return e->id;
    case SUMMARY:
        return e->summary;
    case CONTENT:
        return e->content;
    case AUTHOR:
        return e->author;
    case LANGUAGE:
        return e->language;
    case CATEGORY:
        return e->n_categories > 0 ? e->categories[0] : slice_from(NULL);
    case ENCLOSURE:
        return e->n_enclosures > 0 ? e->enclosures[0].url : slice_from(NULL);
    case FEED_TITLE:
        return f->title;
    case FEED_LINK:
        return f->link;
    case FORMAT:
        return slice_from(f->format);
    case N_ENTRIES:
        room[0] = (char)('0' + f->n_entries);
        return slice_of(room, 1);
    case MALFORMED:
        return f->is_malformed ? SLICE("yes") : SLICE("no");
    }
    return slice_from(NULL);
}

static void test_values(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct value_case *c = &cases[i];
        struct arena arena;
        struct feed feed;
        struct ww_error err = {0};
        struct slice got;
        char room[1];

        arena_init(&arena, (size_t)1024 * 1024);
        if (feed_parse(slice_from(c->text), SLICE("https://e.org/feed"), &arena, &feed, &err) !=
            WW_OK)
            fail_msg("%s: %s", c->name, err.message);
        got = value_of(&feed, c->what, room);
        if (!slice_equal(got, slice_from(c->want)) || (c->want != NULL && got.ptr == NULL))
            fail_msg("%s: \"%.*s\", wanted \"%s\"", c->name, SLICE_ARG(got),
                     c->want != NULL ? c->want : "(none)");
        arena_release(&arena);
    }
}

static void test_no_feed(void **state)
{
    static const struct {
        const char *name, *text, *word;
    } bad[] = {
        {"empty",        "",                                                        "empty"       },
        {"blank",        " \n",                                                     "empty"       },
        {"a login page", "<html><head><title>Log in</title></head><p>x</p></html>", "\"Log in"    },
        {"plain text",   "hello",                                                   "no element"  },
        {"other XML",    "<a><b/></a>",                                             "not a feed"  },
        {"JSON",         "{\"a\": 1}",                                              "no JSON Feed"},
        {"broken JSON",  "{\"version\"",                                            "no JSON Feed"},
        {"no JSON",      "{version 1}} nonsense",                                   "no JSON Feed"},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(bad); i++) {
        struct arena arena;
        struct feed feed;
        struct ww_error err = {0};

        arena_init(&arena, (size_t)1024 * 1024);
        if (feed_parse(slice_from(bad[i].text), SLICE(""), &arena, &feed, &err) != WW_INVALID ||
            strstr(err.message, bad[i].word) == NULL)
            fail_msg("%s: %s", bad[i].name, err.message);
        arena_release(&arena);
    }
}

static void test_times_and_schedule(void **state)
{
    static const char text[] = RSS(
        "<cloud domain='c.org' port='5337' path='/s' protocol='http-post'/><atom:link rel='hub' "
        "href='http://h.org/'/><atom:link rel='prev-archive' href='/2022'/><ttl> 60 "
        "</ttl><skipHours><hour>0</hour><hour>24</hour><hour>7</hour><hour>99</hour>"
        "</skipHours><skipDays><day>Monday</day><day>sunday</day></skipDays>"
        "<lastBuildDate>Wed, 02 Oct 2002 13:00:00 GMT</lastBuildDate>"
        "<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>daily"
        "</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
        "<item><pubDate>nonsense</pubDate><dc:date>2002-10-02T08:00:00-05:00</dc:date></item>"
        "<item><pubDate>Wed, 02 Oct 2002 13:00:01 GMT</pubDate><dc:date>2001-01-01</dc:date>"
        "</item><item xml:lang='it'><pubDate>03/04/2023</pubDate></item>"
        "<item xml:lang='en-us'><pubDate>03/04/2023</pubDate></item>");
    struct arena arena;
    struct feed feed;

    WW_UNUSED(state);
    arena_init(&arena, (size_t)1024 * 1024);
    assert_int_equal(feed_parse(slice_from(text), SLICE(""), &arena, &feed, NULL), WW_OK);
    assert_int_equal(feed.n_links, 3);
    assert_true(slice_equal(feed.links[0].href, SLICE("http://c.org:5337/s")));
    assert_true(slice_equal(feed.links[0].rel, SLICE("cloud")));
    assert_true(slice_equal(feed.links[1].rel, SLICE("hub")));
    assert_true(slice_equal(feed.links[2].rel, SLICE("prev-archive")));
    assert_int_equal(feed.ttl_minutes, 60);
    assert_int_equal(feed.skip_hours, 1 << 0 | 1 << 7);
    assert_int_equal(feed.skip_days, 1 << 0 | 1 << 6);
    assert_int_equal(feed.update_period_s, 43200);
    assert_int_equal(feed.updated.at, 1033563600);
    assert_int_equal(feed.entries[0].published.at, 1033563600);
    assert_int_equal(feed.entries[1].published.at, 1033563601);
    assert_int_equal(feed.entries[2].published.at, 1680480000); /* in April */
    assert_int_equal(feed.entries[3].published.precision, DATE_NONE);
    arena_release(&arena);
}

/* Many of everything: counted or cut, never followed for ever. */
static void test_floods(void **state)
{
    static const struct {
        const char *name, *head, *unit, *tail;
        size_t n;
        enum ww_status want;
    } floods[] = {
        {"entries",          "<rss><channel>",                                                      "<item><title>t</title></item>",   "</channel></rss>", 8000,
         WW_OK                                                                                                                                                              },
        {"depth",            "<rss><channel>",                                                      "<a>",                             "",                 30000, WW_OK     },
        {"attributes",       "<rss ",                                                               "a='1' ",                          "/>",               30000, WW_TOO_BIG},
        {"comments",         "<rss><channel>",                                                      "<!--",                            "</rss>",           20000, WW_OK     },
        {"sections",         "<rss><channel>",                                                      "<![CDATA[",                       "",                 30000, WW_OK     },
        {"unended sections", "<rss><channel>",                                                      "<a><![CDATA[</a>",                "]]>",              20000, WW_OK     },
        {"expansions",
         "<!DOCTYPE r [<!ENTITY a '0123456789012345678901234567890123456789'>]><rss><item><title>", "&a;",                             "",                 60000, WW_OK     },
        {"document types",   "<rss><channel>",                                                      "<!DOCTYPE [",                     "",                 30000, WW_OK     },
        {"less-thans",       "<rss><channel>",                                                      "<",                               "",                 60000, WW_OK     },
        {"open tags",        "<rss><channel>",                                                      "<a ",                             "",                 20000, WW_OK     },
        {"categories",       "<rss><item>",                                                         "<category>c</category>",          "",                 20000, WW_OK     },
        {"authors",          "<feed><entry>",                                                       "<author><name>a</name></author>", "",                 8000,  WW_OK     },
        {"titles of tags",   "<rss><item><title>",                                                  "&lt;a ",                          "",                 20000, WW_OK     },
        {"bases",            "<rss>",                                                               "<a xml:base='b/'>",               "",                 8000,  WW_OK     },
        {"JSON",             "",                                                                    "[",                               "",                 30000, WW_INVALID},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(floods); i++) {
        struct arena arena;
        struct feed feed;
        struct ww_error err = {0};
        struct buf text;
        enum ww_status status;

        buf_init(&text, (size_t)64 * 1024 * 1024);
        buf_add_string(&text, floods[i].head);
        for (size_t k = 0; k < floods[i].n; k++)
            buf_add_string(&text, floods[i].unit);
        buf_add_string(&text, floods[i].tail);
        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        status = feed_parse(buf_slice(&text), SLICE("http://e.org/"), &arena, &feed, &err);
        if (status != floods[i].want)
            fail_msg("%s: %d %s", floods[i].name, (int)status, err.message);
        if (i == 0) {
            assert_int_equal(feed.n_entries, FEED_ENTRIES_MAX);
            assert_int_equal(feed.n_dropped, floods[i].n - FEED_ENTRIES_MAX);
        }
        arena_release(&arena);
        buf_release(&text);
    }
}

/* Larger than what libxml2 gets at a time: nothing is lost or doubled where the pieces meet. */
static void test_pieces(void **state)
{
    static const char unit[] = "<item><title>\xE7\xA6\x8F\xE5\xB7\x9E &amp; x</title><description>"
                               "<![CDATA[\xE7\xA6\x8F<p>]]></description></item>";
    struct arena arena;
    struct feed feed;
    struct buf text;
    size_t n = FEED_ENTRIES_MAX, i;

    WW_UNUSED(state);
    buf_init(&text, (size_t)16 * 1024 * 1024);
    buf_add_string(&text, "<rss><channel>");
    for (i = 0; i < n; i++)
        buf_add_string(&text, unit);
    for (i = 0; i < 400000; i++)
        buf_add_string(&text, "<other>abc</other>");
    buf_add_string(&text, "</channel></rss>");
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    assert_int_equal(feed_parse(buf_slice(&text), SLICE(""), &arena, &feed, NULL), WW_OK);
    assert_false(feed.is_malformed);
    assert_int_equal(feed.n_entries, n);
    for (i = 0; i < n; i++) {
        assert_true(slice_equal(feed.entries[i].title, SLICE("\xE7\xA6\x8F\xE5\xB7\x9E & x")));
        assert_true(slice_equal(feed.entries[i].summary, SLICE("\xE7\xA6\x8F<p>")));
    }
    arena_release(&arena);
    buf_release(&text);
}

#define JSON_SAMPLE                                                              \
    "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [{\"id\": 1, " \
    "\"content_text\": \"a < b\", \"tags\": [\"t\"]}]}"

static void test_no_memory(void **state)
{
    static const char *const texts[] = {
        ENTRY("<title>t</title><content type='xhtml'><p>a</p></content><author><name>n</name>"
              "</author><category term='c'/><link href='/a'/>"),
        "<rss><channel><item><title>a &amp;amp; b<item><enclosure url='u'/>",
        JSON_SAMPLE,
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(texts); i++) {
        enum ww_status status = WW_NOMEM;

        for (long fail = 1; status != WW_OK && fail < 500; fail++) {
            struct arena arena;
            struct feed feed;

            arena_init(&arena, (size_t)1024 * 1024);
            mem_fail_after(fail);
            status = feed_parse(slice_from(texts[i]), SLICE("http://e.org/"), &arena, &feed, NULL);
            mem_fail_after(0);
            if (status == WW_OK)
                assert_true(feed.n_entries > 0);
            else if (status != WW_NOMEM)
                fail_msg("text %zu, allocation %ld: status %d", i, fail, (int)status);
            arena_release(&arena);
        }
        assert_int_equal(status, WW_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_no_feed),
        cmocka_unit_test(test_times_and_schedule),
        cmocka_unit_test(test_floods),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
