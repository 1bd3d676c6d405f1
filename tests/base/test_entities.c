/* test_entities.c - character references, as feeds and as pages have them. */
#include "base/attrs.h"
#include "base/entities.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void pages_follow_the_standard(void **state)
{
    static const struct {
        const char *text;
        bool in_attribute;
        size_t bytes; /* 0: no reference */
        uint32_t code[2];
    } cases[] = {
        {"&amp;",       false, 5,  {'&', 0}        },
        {"&amp",        false, 4,  {'&', 0}        },
        {"&ampere",     false, 4,  {'&', 0}        },
        {"&ampere",     true,  0,  {0, 0}          },
        {"&amp=",       true,  0,  {0, 0}          },
        {"&amp=",       false, 4,  {'&', 0}        },
        {"&amp&",       true,  4,  {'&', 0}        },
        {"&amp;ere",    true,  5,  {'&', 0}        },
        {"&notit;",     false, 4,  {0xAC, 0}       },
        {"&notin;",     false, 7,  {0x2209, 0}     },
        {"&notin",      false, 4,  {0xAC, 0}       },
        {"&nGt;",       false, 5,  {0x226B, 0x20D2}},
        {"&bogus;",     false, 0,  {0, 0}          },
        {"&;",          false, 0,  {0, 0}          },
        {"&",           false, 0,  {0, 0}          },
        {"&#",          false, 0,  {0, 0}          },
        {"&#;",         false, 0,  {0, 0}          },
        {"&#xg",        false, 0,  {0, 0}          },
        {"&#65;",       false, 5,  {'A', 0}        },
        {"&#65x",       true,  4,  {'A', 0}        },
        {"&#X41;",      false, 6,  {'A', 0}        },
        {"&#150;",      false, 6,  {0x2013, 0}     },
        {"&#1;",        false, 4,  {1, 0}          },
        {"&#0;",        false, 4,  {0xFFFD, 0}     },
        {"&#xD800;",    false, 8,  {0xFFFD, 0}     },
        {"&#x110000;",  false, 10, {0xFFFD, 0}     },
        {"&#99999999;", false, 11, {0xFFFD, 0}     },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct entity e = entity_read_html(slice_from(cases[i].text), cases[i].in_attribute);

        if (e.bytes != cases[i].bytes || e.code[0] != cases[i].code[0] ||
            e.code[1] != cases[i].code[1])
            fail_msg("%s: %zu bytes, %x %x", cases[i].text, e.bytes, e.code[0], e.code[1]);
    }
}

static void feeds_get_what_xml_allows(void **state)
{
    static const struct {
        const char *text;
        size_t bytes;
        uint32_t code;
    } cases[] = {
        {"&amp;",    5, '&'   },
        {"&eacute;", 8, 0xE9  },
        {"&copy 2",  5, 0xA9  },
        {"&ampere",  0, 0     },
        {"&#1;",     4, 0     },
        {"&#147;",   6, 0x201C},
        {"&copy=2",  0, 0     },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct entity e = entity_read(slice_from(cases[i].text));

        if (e.bytes != cases[i].bytes || e.code[0] != cases[i].code)
            fail_msg("%s: %zu bytes, %x", cases[i].text, e.bytes, e.code[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_follow_the_standard),
        cmocka_unit_test(feeds_get_what_xml_allows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
