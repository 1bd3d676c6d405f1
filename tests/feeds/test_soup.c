/* test_soup.c - feeds that are no XML: every field and entry behind the mistake is still read. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "feeds/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define RSS(inside) "<rss version='2.0'><channel>" inside "</channel></rss>"
#define NEXT "<item><title>next</title></item>"

/* Entries as "title|link|summary;"; an absent value is empty. */
static const struct soup_case {
    const char *name, *text, *want;
} cases[] = {
    {"end tag of a title misspelt",
     RSS("<item><title>a</titel><link>http://e.org/1</link><description>d</description></"
         "item>" NEXT),
     "a|http://e.org/1|d;next||;"                                                                                                                              },
    {"end tag of a description misspelt",
     RSS("<item><description>d</descripton><title>a</title><link>http://e.org/1</link></"
         "item>" NEXT),
     "a|http://e.org/1|d;next||;"                                                                                                                              },
    {"end tag of a description misspelt before an extension",
     RSS("<item><description>d</descripton><slash:comments "
         "xmlns:slash='http://purl.org/rss/1.0/modules/slash/'>3</slash:comments></item>"),
     "||d;"                                                                                                                                                    },
    {"end tag of an entry misspelt",                          RSS("<item><title>a</title></itme>" NEXT),                           "a||;next||;"               },
    {"end tags missing",                                      RSS("<item><title>a<link>http://e.org/1<description>d</item>" NEXT),
     "a|http://e.org/1|d;next||;"                                                                                                                              },
    {"Atom",
     "<feed><entry><title>a</titel><link href='/1'/><author><nam>n</author><summary>d</sumary>"
     "<updated>x</updated></entry><entry><title>next</title></entry>",                                                             "a|http://e.org/1|d;next||;"},
    {"HTML in the open",
     RSS("<item><description>d<p>e<summary>f</summary><br>g</description><title>a</title></"
         "item>" NEXT),
     "a||d<p>e<summary>f</summary><br/>g</p>;next||;"                                                                                                          },
    {"an end tag that closes nothing",                        RSS("<item><title>a</p>b</title></item>" NEXT),
     "ab||;next||;"                                                                                                                                            },
    {"less-than before a letter",                             RSS("<item><title>a <b and c</title></item>" NEXT),
     "a <b and c||;next||;"                                                                                                                                    },
    {"section without end",
     RSS("<item><title>a</title><description><![CDATA[d</description></item>"
         "<item><title>next</title><description><![CDATA[e]]></description></item>"),
     "a||d;next||e;"                                                                                                                                           },
    {"last section without end",
     RSS(NEXT "<item><title>a</title><description>\n<![CDATA[d</description></item>"),
     "next||;a||d;"                                                                                                                                            },
    {"sections side by side",                                 RSS("<item><title><![CDATA[a]]><![CDATA[b]]></title></item>" NEXT),
     "ab||;next||;"                                                                                                                                            },
    {"a section that speaks of sections",
     RSS("<item><description><![CDATA[d <![CDATA[ e]]></description></item>"),                                                     "||d <![CDATA[ e;"          },
    {"crossed",
     RSS("<item><title><b>a</title></b><description><p><i>d</p></i></description></item>" NEXT),
     "a||<p><i>d</i></p>;next||;"                                                                                                                              },
    {"cut in a tag",                                          "<rss><channel>" NEXT "<item><title>a</title><lin",                  "next||;a||;"               },
    {"cut in an attribute",                                   "<rss><channel>" NEXT "<item><title>a</title><enclosure url='x",
     "next||;a||;"                                                                                                                                             },
    {"cut in a reference",                                    "<rss><channel>" NEXT "<item><title>a &am",                          "next||;a &am||;"           },
    {"cut in a comment",                                      "<rss><channel>" NEXT "<!-- <item><title>no</title></item>",         "next||;"                   },
    {"several roots",                                         RSS(NEXT) RSS("<item><title>a</title></item>"),                      "next||;a||;"               },
    {"attributes without quotes",
     "<feed><entry><link href=/1 rel=alternate/><title>a</title></entry>",                                                         "a|http://e.org/1|;"        },
    {"attributes without space",                              "<feed><entry><link rel=\"alternate\"href=\"/1\"/></entry>",
     "|http://e.org/1|;"                                                                                                                                       },
};

static void test_entries(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct feed feed;
        struct buf got;

        arena_init(&arena, (size_t)1024 * 1024);
        buf_init(&got, 65536);
        assert_int_equal(
            feed_parse(slice_from(cases[i].text), SLICE("http://e.org/feed"), &arena, &feed, NULL),
            WW_OK);
        for (size_t k = 0; k < feed.n_entries; k++)
            buf_printf(&got, "%.*s|%.*s|%.*s;", SLICE_ARG(feed.entries[k].title),
                       SLICE_ARG(feed.entries[k].link), SLICE_ARG(feed.entries[k].summary));
        if (!slice_equal(buf_slice(&got), slice_from(cases[i].want)))
            fail_msg("%s: %.*s", cases[i].name, SLICE_ARG(buf_slice(&got)));
        buf_release(&got);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_entries)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
