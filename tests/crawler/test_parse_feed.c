/*
 * test_parse_feed.c - the twenty steps of design/feeds.md, section 4, by their numbers: bytes go in
 * as a server sends them, and what the crawler gets comes out. Of 14 to 16 only what a feed says is
 * here; test_crawl has the rest.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "crawler/parse.h"
#include "feeds/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define STEPS 20
#define RSS(inside) "<rss version='2.0'><channel>" inside "</channel></rss>"
#define ITEM(inside) RSS("<item>" inside "</item>")
#define ENTRY(inside) "<feed xmlns='http://www.w3.org/2005/Atom'><entry>" inside "</entry></feed>"
#define NEXT "<item><title>next</title></item>"

enum what {
    TITLE, /* of all entries, with a ';' behind each */
    LINK,
    ID,
    SUMMARY,
    CONTENT,
    LANGUAGE,
    PUBLISHED, /* of all entries, "-" where there is none */
    FORMAT,
    CHARSET,
    MALFORMED,
    ERROR
};

struct repair {
    unsigned step;
    const char *name, *text, *content_type;
    enum what what;
    const char *want;
};

static const struct repair repairs[] = {
    {1,  "a byte order mark",                        "\xEF\xBB\xBF" ITEM("<title>a</title>"),                                   "",                             TITLE,     "a;"                                           },
    {1,  "white space",                              "\n\n  <?xml version='1.0'?>" ITEM("<title>a</title>"),                    "",                             TITLE,     "a;"                                           },
    {1,  "a warning of PHP",
     "<br />\n<b>Warning</b>: mysql in <b>/a.php</b>\n<?xml version='1.0'?>" ITEM(
         "<title>a</title>"),
     "",                                                                                                                                                        TITLE,     "a;"                                           },
    {1,  "a wrong Content-Type",                     ITEM("<title>a</title>"),                                                  "image/png",                    FORMAT,    "rss2.0"                                       },
    {1,  "JSON, whatever it is called",
     "{\"version\": \"https://jsonfeed.org/version/1\", "
     "\"items\": [{\"id\": 1, \"title\": \"a\"}]}",                                                                             "text/html",                    TITLE,     "a;"                                           },

    {2,  "the header names it",                      ITEM("<title>\xE9</title>"),                                               "text/xml; charset=iso-8859-1", TITLE,
     "\xC3\xA9;"                                                                                                                                                                                                          },
    {2,  "the declaration names it",
     "<?xml version='1.0' encoding='windows-1251'?>" ITEM("<title>\xE9</title>"),                                               "",                             TITLE,
     "\xD0\xB9;"                                                                                                                                                                                                          },
    {2,  "a mark before the header",                 "\xEF\xBB\xBF" ITEM("<title>\xC3\xA9</title>"),
     "text/xml; charset=iso-8859-1",                                                                                                                            CHARSET,   "UTF-8"                                        },
    {2,  "UTF-8 with a wrong label",                 ITEM("<title>\xE7\xA6\x8F</title>"),                                       "text/xml; charset=gb2312",
     TITLE,                                                                                                                                                                "\xE7\xA6\x8F;"                                },
    {2,  "a character beyond gb2312",
     "<?xml version='1.0' encoding='gb2312'?>" ITEM("<title>\x81\x40</title>"),                                                 "",                             TITLE,
     "\xE4\xB8\x82;"                                                                                                                                                                                                      },
    {2,  "a quote beyond iso-8859-1",
     "<?xml version='1.0' encoding='iso-8859-1'?>" ITEM("<title>\x93</title>"),                                                 "",                             TITLE,
     "\xE2\x80\x9C;"                                                                                                                                                                                                      },

    {3,  "a control",
     ITEM("<title>a\x0B"
          "b</title>"),
     "",                                                                                                                                                        TITLE,     "ab;"                                          },
    {3,  "a control by its number",                  ITEM("<title>a&#x1F;&#11;b</title>"),                                      "",                             TITLE,     "ab;"                                          },
    {3,  "U+FFFE",
     ITEM("<title>a\xEF\xBF\xBE"
          "b</title>"),
     "",                                                                                                                                                        TITLE,     "ab;"                                          },

    {4,  "windows-1252 in UTF-8",                    ITEM("<title>it\xC2\x92s</title>"),                                        "",                             TITLE,     "it\xE2\x80\x99s;"                             },
    {4,  "by its number",                            ITEM("<title>it&#146;s</title>"),                                          "",                             TITLE,     "it\xE2\x80\x99s;"                             },

    {5,  "a name of HTML",                           ITEM("<title>caf&eacute;&hellip;</title>"),                                "",                             TITLE,
     "caf\xC3\xA9\xE2\x80\xA6;"                                                                                                                                                                                           },
    {5,  "bare ampersands",                          ITEM("<title>AT&T</title><link>http://e.org/?a=1&b=2&copy=3</link>"),      "",
     LINK,                                                                                                                                                                 "http://e.org/?a=1&b=2&copy=3"                 },

    {6,  "a prefix that nobody declared",            ITEM("<dc:title>a</dc:title>"),                                            "",                             TITLE,     "a;"                                           },
    {6,  "an unknown one",                           ITEM("<x:title>b</x:title><title>a</title>"),                              "",                             TITLE,     "a;"                                           },
    {6,  "an address spelt otherwise",
     ITEM("<d:title xmlns:d='HTTPS://PURL.org/dc/elements/1.1'>a</d:title>"),                                                   "",                             TITLE,     "a;"                                           },

    {7,  "tags unclosed",                            RSS("<item><title>a<item><title>b</title>"),                               "",                             TITLE,     "a;b;"                                         },
    {7,  "tags crossed",                             RSS("<item><b><title>a</b></title></item>" NEXT),                          "",                             TITLE,     "a;next;"                                      },
    {7,  "an end tag misspelt",                      RSS("<item><description>d</desciption><title>a</title></item>" NEXT),
     "",                                                                                                                                                        TITLE,     "a;next;"                                      },
    {7,  "cut off",                                  "<rss><channel><item><title>a</title></item><item><title>b",               "",                             TITLE,     "a;b;"                                         },
    {7,  "less-than in a text",                      ITEM("<title>1 < 2 <b c</title>"),                                         "",                             TITLE,     "1 < 2 <b c;"                                  },

    {8,  "a file named by the document type",
     "<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" ITEM("<title>&a;</title>"),                                       "",                             TITLE,
     "&a;;"                                                                                                                                                                                                               },
    {8,  "texts in texts",
     "<!DOCTYPE r [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'><!ENTITY c '&b;&b;'>]>" ITEM(
         "<title>&c;</title>"),
     "",                                                                                                                                                        TITLE,     "&b;&b;;"                                      },

    {9,  "several roots",                            RSS(NEXT) ITEM("<title>b</title>"),                                        "",                             TITLE,     "next;b;"                                      },
    {9,  "inside HTML",
     "<html><head><title>t</title></head><body>" ITEM("<title>a</title>") "</body></html>",                                     "",
     TITLE,                                                                                                                                                                "a;"                                           },
    {9,  "inside a wrapper",
     "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>" ITEM(
         "<title>a</title>") "</s:Body></s:Envelope>",
     "",                                                                                                                                                        TITLE,     "a;"                                           },
    {9,  "entries outside of the channel",           "<rss><channel><title>t</title></channel>" NEXT "</rss>",
     "",                                                                                                                                                        TITLE,     "next;"                                        },

    {10, "a title escaped twice",                    ITEM("<title>a &amp;amp; b</title>"),                                      "",                             TITLE,     "a & b;"                                       },
    {10, "a text escaped twice",
     ITEM("<description>&amp;lt;p&amp;gt;a&amp;lt;/p&amp;gt;</description>"),                                                   "",                             SUMMARY,
     "<p>a</p>"                                                                                                                                                                                                           },
    {10, "a text about tags",
     ITEM("<description>&lt;p>the &amp;lt;b&amp;gt; tag&lt;/p></description>"),                                                 "",                             SUMMARY,
     "<p>the &lt;b&gt; tag</p>"                                                                                                                                                                                           },

    {11, "XHTML",
     ENTRY("<content type='xhtml'><div "
           "xmlns='http://www.w3.org/1999/xhtml'><p>a</p></div></content>"),
     "",                                                                                                                                                        CONTENT,   "<p>a</p>"                                     },
    {11, "a section in a section",
     ITEM("<description>&lt;![CDATA[&lt;p>a&lt;/p>]]&gt;</description>"),                                                       "",                             SUMMARY,   "<p>a</p>"                                     },
    {11, "base64",                                   ENTRY("<content type='text/html' mode='base64'>PHA+\nYTwvcD4=</content>"), "",
     CONTENT,                                                                                                                                                              "<p>a</p>"                                     },

    {12, "relative to the feed",                     ITEM("<link>/1</link>"),                                                   "",                             LINK,      "http://e.org/1"                               },
    {12, "xml:base in xml:base",
     "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://x.org/a/'>"
     "<entry xml:base='b/'><link href='c' xml:base='d/'/></entry></feed>",                                                      "",                             LINK,      "http://x.org/a/b/d/c"                         },
    {12, "inside a text",
     "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://x.org/a/'><entry>"
     "<content type='xhtml' xml:base='b/'><p xml:base='c/'><img "
     "src='d.png'/></p></content></entry></feed>",                                                                              "",                             CONTENT,   "<p><img src=\"http://x.org/a/b/c/d.png\"></p>"},
    {12, "without a scheme",                         ITEM("<link>//x.org/1</link>"),                                            "",                             LINK,      "http://x.org/1"                               },
    {12, "over several lines",                       ITEM("<link>\n  http://x.org/\n  1\n</link>"),                             "",                             LINK,
     "http://x.org/1"                                                                                                                                                                                                     },
    {12, "feed:",                                    ITEM("<link>feed://x.org/1</link>"),                                       "",                             LINK,      "http://x.org/1"                               },

    {13, "alternate and HTML before others",
     ENTRY("<link rel='self' href='/s'/><link type='application/pdf' href='/p'/>"
           "<link type='text/html' href='/h'/>"),
     "",                                                                                                                                                        LINK,      "http://e.org/h"                               },
    {13, "guid",                                     ITEM("<guid>http://e.org/g</guid>"),                                       "",                             LINK,      "http://e.org/g"                               },
    {13, "guid that is no address",                  ITEM("<guid isPermaLink='false'>http://e.org/g</guid>"),                   "",
     LINK,                                                                                                                                                                 ""                                             },
    {13, "atom:link in RSS",                         ITEM("<a:link xmlns:a='http://www.w3.org/2005/Atom' href='/a'/>"),         "",
     LINK,                                                                                                                                                                 "http://e.org/a"                               },
    {13, "rdf:about",
     "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
     "<item rdf:about='http://e.org/1'/></rdf:RDF>",                                                                            "",                             LINK,      "http://e.org/1"                               },
    {13, "an address for no browser",                ITEM("<link>at://did/1</link><guid>http://e.org/g</guid>"),
     "",                                                                                                                                                        LINK,      "http://e.org/g"                               },

    {14, "a date ahead of us is kept, none is none",
     RSS("<item><pubDate>1 Jan 2099</pubDate></item><item/>"),                                                                  "",                             PUBLISHED, "4070908800;-;"                                },
    {14, "an impossible one is none",                RSS("<item><pubDate>30 Feb 2022</pubDate></item>"),                        "",
     PUBLISHED,                                                                                                                                                            "-;"                                           },

    {15, "the id as it is",                          ITEM("<guid> http://e.org/?p=1 </guid>"),                                  "",                             ID,        "http://e.org/?p=1"                            },
    {16, "an entry that stands twice",
     RSS("<item><guid>g</guid><title>a</title></item>"
         "<item><guid>g</guid><title>b</title></item>"),
     "",                                                                                                                                                        TITLE,     "a;b;"                                         },

    {17, "the language of the entry",
     "<rss><channel><language>en</language><item xml:lang='it'/></channel></rss>",                                              "",                             LANGUAGE,
     "it"                                                                                                                                                                                                                 },

    {18, "safe and absolute",
     ITEM("<description>&lt;a href='/1' "
          "onclick='x()'>a&lt;/a>&lt;script>x&lt;/script></description>"),
     "",                                                                                                                                                        SUMMARY,   "<a href=\"http://e.org/1\">a</a>"             },

    {19, "a login page",
     "<!DOCTYPE html><html><head><title>Please log in</title></head><body>x</body></html>",                                     "",
     ERROR,                                                                                                                                                                "\"Please log in\""                            },

    {20, "nothing",                                  "",                                                                        "",                             ERROR,     "empty"                                        },
    {20, "white space",                              " \n",                                                                     "",                             ERROR,     "empty"                                        },
    {20, "half a feed without an entry",             "<?xml version='1.0'?><rss><chan",                                         "",                             MALFORMED, "yes"                                          },
    {20, "half a declaration",                       "<?xml version='1.0' enco",                                                "",                             ERROR,     "no"                                           },
};

struct answer {
    struct arena arena;
    struct buf question, record, text;
    struct feed feed;
    struct slice charset;
    struct ww_error err;
};

static struct slice dates(struct answer *a)
{
    for (size_t i = 0; i < a->feed.n_entries; i++)
        if (a->feed.entries[i].published.precision == DATE_NONE)
            buf_add_string(&a->text, "-;");
        else
            buf_printf(&a->text, "%lld;", (long long)a->feed.entries[i].published.at);
    return buf_slice(&a->text);
}

static struct slice value_of(struct answer *a, enum what what)
{
    static const struct entry none;
    const struct entry *e = a->feed.n_entries > 0 ? &a->feed.entries[0] : &none;

    switch (what) {
    case TITLE:
        for (size_t i = 0; i < a->feed.n_entries; i++)
            buf_printf(&a->text, "%.*s;", SLICE_ARG(a->feed.entries[i].title));
        return buf_slice(&a->text);
    case LINK:
        return e->link;
    case ID:
        return e->id;
    case SUMMARY:
        return e->summary;
    case CONTENT:
        return e->content;
    case LANGUAGE:
        return e->language;
    case PUBLISHED:
        return dates(a);
    case FORMAT:
        return slice_from(a->feed.format);
    case CHARSET:
        return a->charset;
    case MALFORMED:
        return a->feed.is_malformed ? SLICE("yes") : SLICE("no");
    case ERROR:
        return slice_from(a->err.message);
    }
    return slice_from(NULL);
}

static void check(const struct repair *r)
{
    struct answer a = {0};
    enum ww_status status;
    struct slice got;

    arena_init(&a.arena, PAGE_ARENA_MAX_BYTES);
    buf_init(&a.question, 65536);
    buf_init(&a.record, 65536);
    buf_init(&a.text, 65536);
    parse_request_feed(&a.question, slice_from(r->text), slice_from(r->content_type),
                       SLICE("http://e.org/feed"));
    parse_run(buf_slice(&a.question), &a.arena, &a.record);
    status = parse_answer_feed(buf_slice(&a.record), &a.arena, &a.feed, &a.charset, &a.err);
    if ((status != WW_OK) != (r->what == ERROR))
        fail_msg("step %u, %s: status %d %s", r->step, r->name, (int)status, a.err.message);
    got = value_of(&a, r->what);
    if (r->what == ERROR ? !slice_contains(got, slice_from(r->want))
                         : !slice_equal(got, slice_from(r->want)))
        fail_msg("step %u, %s: %.*s", r->step, r->name, SLICE_ARG(got));
    buf_release(&a.text);
    buf_release(&a.record);
    buf_release(&a.question);
    arena_release(&a.arena);
}

static void test_steps(void **state)
{
    bool is_tried[STEPS + 1] = {false};

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(repairs); i++) {
        check(&repairs[i]);
        is_tried[repairs[i].step] = true;
    }
    for (unsigned step = 1; step <= STEPS; step++)
        if (!is_tried[step])
            fail_msg("step %u is not tried", step);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_steps)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
