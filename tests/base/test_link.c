/* test_link.c - a reader sees where a link leads, whatever its author would rather show. */
#include "base/link.h"

#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct link_case {
    const char *name, *url, *host, *ascii;
};

/* The letters are spelled as bytes where they look like others. */
static const struct link_case cases[] = {
    {"plain",                     "https://ledger.example/a?b=1#c",                             "ledger.example",                     "https://ledger.example/a?b=1#c"             },
    {"case, dot at the end",      "HTTPS://Ledger.Example./A",                                  "ledger.example",
     "https://ledger.example/A"                                                                                                                                                    },
    {"port",                      "http://127.0.0.1:8080/x",                                    "127.0.0.1:8080",                     "http://127.0.0.1:8080/x"                    },
    {"IPv6",                      "http://[2001:db8::1]:8443/x",                                "[2001:db8::1]:8443",                 "http://[2001:db8::1]:8443/x"                },
    {"IPv6 without a port",       "http://[::1]/x",                                             "[::1]",                              "http://[::1]/x"                             },
    {"user name like a host",     "https://bbc.co.uk@evil.example/",                            "bbc.co.uk@evil.example",
     "https://bbc.co.uk@evil.example/"                                                                                                                                             },
    {"user name and password",    "https://bbc.co.uk:443@evil.example",                         "bbc.co.uk:443@evil.example",
     "https://bbc.co.uk:443@evil.example"                                                                                                                                          },
    {"two @",                     "https://a@bbc.co.uk@evil.example/",                          "a@bbc.co.uk@evil.example",
     "https://a@bbc.co.uk@evil.example/"                                                                                                                                           },
    {"backslash before @",        "https://evil.example\\@bbc.co.uk/",                          "evil.example",
     "https://evil.example/@bbc.co.uk/"                                                                                                                                            },
    {"backslashes for slashes",   "https:\\\\evil.example\\x",                                  "evil.example",
     "https://evil.example/x"                                                                                                                                                      },
    {"three slashes",             "https:///evil.example/x",                                    "evil.example",                       "https://evil.example/x"                     },
    {"no slashes",                "https:evil.example/x",                                       "evil.example",                       "https://evil.example/x"                     },
    {"breaks inside",             "https://bbc.co.uk\n.evil\t.example/",                        "bbc.co.uk.evil.example",
     "https://bbc.co.uk.evil.example/"                                                                                                                                             },
    {"encoded host",              "https://%65vil.example/",                                    "evil.example",                       "https://evil.example/"                      },
    {"encoded slash in a host",   "https://bbc.co.uk%2F.evil.example/",                         "bbc.co.uk%2f.evil.example",
     "https://bbc.co.uk%2f.evil.example/"                                                                                                                                          },
    {"German",                    "https://m\xC3\xBCnchen.example/\xC3\xBC",                    "m\xC3\xBCnchen.example",
     "https://xn--mnchen-3ya.example/%C3%BC"                                                                                                                                       },
    {"the same as A-label",       "https://xn--mnchen-3ya.example/",                            "m\xC3\xBCnchen.example",
     "https://xn--mnchen-3ya.example/"                                                                                                                                             },
    {"Russian",                   "https://\xD0\xBF\xD0\xBE\xD1\x87\xD1\x82\xD0\xB0.example/",
     "\xD0\xBF\xD0\xBE\xD1\x87\xD1\x82\xD0\xB0.example",                                                                              "https://xn--80a1acny.example/"              },
    {"Chinese",                   "https://\xE4\xB8\xAD\xE6\x96\x87.example/",                  "\xE4\xB8\xAD\xE6\x96\x87.example",
     "https://xn--fiq228c.example/"                                                                                                                                                },
    {"Cyrillic a in apple",       "https://\xD0\xB0pple.com/",                                  "xn--pple-43d.com",
     "https://xn--pple-43d.com/"                                                                                                                                                   },
    {"apple in Cyrillic alone",   "https://\xD0\xB0\xD1\x80\xD1\x80\xD3\x8F\xD0\xB5.com/",
     "xn--80ak6aa92e.com",                                                                                                            "https://xn--80ak6aa92e.com/"                },
    {"the same as A-label",       "https://xn--80ak6aa92e.com/",                                "xn--80ak6aa92e.com",
     "https://xn--80ak6aa92e.com/"                                                                                                                                                 },
    {"Greek o in google",         "https://g\xCE\xBF\xCE\xBFgle.example/",                      "xn--ggle-0nda.example",
     "https://xn--ggle-0nda.example/"                                                                                                                                              },
    {"Latin script g",            "https://\xC9\xA1oogle.example/",                             "xn--oogle-qmc.example",
     "https://xn--oogle-qmc.example/"                                                                                                                                              },
    {"Latin and Cyrillic labels", "https://bbc.\xD1\x81\xD0\xBE.example/",                      "bbc.xn--n1af.example",
     "https://bbc.xn--n1af.example/"                                                                                                                                               },
    {"kana like a slash",
     "https://bbc.example\xE3\x83\x8E"
     "a.evil.example/",                                                                         "bbc.xn--examplea-b44g.evil.example", "https://bbc.xn--examplea-b44g.evil.example/"},
    {"control beside kana",       "https://b\x0B .example\xE3\x83\xAE/",                        "b%0B%20.xn--example-b84f",
     "https://b%0B%20.xn--example-b84f/"                                                                                                                                           },
    {"full width letters",        "https://\xEF\xBD\x82\xEF\xBD\x82\xEF\xBD\x83.example/",      "bbc.example",
     "https://bbc.example/"                                                                                                                                                        },
    {"ideographic full stop",
     "https://bbc\xE3\x80\x82"
     "example/",                                                                                "bbc.example",                        "https://bbc.example/"                       },
    {"Hebrew among Latin",        "https://\xD7\x90\xD7\x91\xD7\x92.example/",                  "xn--4dbcd.example",
     "https://xn--4dbcd.example/"                                                                                                                                                  },
    {"Arabic alone",              "https://\xD9\x85\xD8\xB5\xD8\xB1.\xD9\x85\xD8\xB5\xD8\xB1/",
     "\xD9\x85\xD8\xB5\xD8\xB1.\xD9\x85\xD8\xB5\xD8\xB1",                                                                             "https://xn--wgbh1c.xn--wgbh1c/"             },
    {"override in the path",      "https://evil.example/\xE2\x80\xAEgnp.exe",                   "evil.example",
     "https://evil.example/%E2%80%AEgnp.exe"                                                                                                                                       },
    {"out of an attribute",       "https://evil.example/\"onclick='x'><b>",                     "evil.example",
     "https://evil.example/%22onclick=%27x%27%3E%3Cb%3E"                                                                                                                           },
    {"bytes that are no text",    "https://evil.example/\xFF\xC0",                              "evil.example",
     "https://evil.example/%FF%C0"                                                                                                                                                 },
    {"script",                    "javascript:alert(1)",                                        "",                                   ""                                           },
    {"mail",                      "mailto:a@b.example",                                         "",                                   ""                                           },
    {"no host",                   "https:///",                                                  "",                                   ""                                           },
    {"user name alone",           "https://user@/x",                                            "",                                   ""                                           },
    {"nothing",                   "",                                                           "",                                   ""                                           },
};

static void hosts_are_shown_for_what_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice url = slice_from(cases[i].url);
        struct buf host, ascii;

        buf_init(&host, URL_MAX_BYTES);
        buf_init(&ascii, (size_t)4 * URL_MAX_BYTES);
        if (link_add_host(&host, url) != (cases[i].host[0] != '\0') ||
            link_add_ascii(&ascii, url) != (cases[i].ascii[0] != '\0') ||
            !slice_equal(buf_slice(&host), slice_from(cases[i].host)) ||
            !slice_equal(buf_slice(&ascii), slice_from(cases[i].ascii)))
            fail_msg("%s: \"%.*s\" and \"%.*s\"", cases[i].name, SLICE_ARG(buf_slice(&host)),
                     SLICE_ARG(buf_slice(&ascii)));
        buf_release(&host);
        buf_release(&ascii);
    }
}

/* In text a path may be read, but for what is no letter. */
static void addresses_can_be_read(void **state)
{
    static const char *const shown[][2] = {
        {"https://example.org/\xE6\x96\x87?q=\xC3\xA9 1",
         "https://example.org/\xE6\x96\x87?q=\xC3\xA9%201"                                            },
        {"https://\xD0\xB0pple.com/\xE2\x80\xAEgnp\x1B[2J",
         "https://xn--pple-43d.com/%E2%80%AEgnp%1B[2J"                                                },
        {"https://bbc.co.uk@m\xC3\xBCnchen.example",        "https://bbc.co.uk@m\xC3\xBCnchen.example"},
    };

    (void)state;
    for (size_t i = 0; i < WW_COUNT(shown); i++) {
        struct buf out;

        buf_init(&out, (size_t)4 * URL_MAX_BYTES);
        assert_true(link_add_shown(&out, slice_from(shown[i][0])));
        assert_string_equal(out.ptr, shown[i][1]);
        buf_release(&out);
    }
}

/* Whose a long host is, its end says. */
static void long_ones_show_their_end(void **state)
{
    struct buf url, out;

    (void)state;
    buf_init(&url, URL_MAX_BYTES);
    buf_init(&out, URL_MAX_BYTES);
    buf_add_string(&url, "https://");
    for (int i = 0; i < 30; i++)
        buf_add_string(&url, "user");
    buf_add_string(&url, "@bbc.co.uk");
    for (int i = 0; i < 20; i++)
        buf_add_string(&url, ".aaaaaaa");
    buf_add_string(&url, ".evil.example/");
    assert_true(link_add_host(&out, buf_slice(&url)));
    assert_true(slice_ends(buf_slice(&out), SLICE(".aaaaaaa.evil.example")));
    assert_true(slice_contains(buf_slice(&out), SLICE("user\xE2\x80\xA6@\xE2\x80\xA6")));
    assert_true(out.len < LINK_USER_MAX_BYTES + LINK_HOST_MAX_BYTES + 10);
    buf_release(&url);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_are_shown_for_what_they_are),
        cmocka_unit_test(addresses_can_be_read),
        cmocka_unit_test(long_ones_show_their_end),
    };

    return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
