/* test_marks.c - what class names say, word by word. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "extractors/dom.h"
#include "extractors/marks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void names_are_cut_into_words(void **state)
{
    static const struct {
        const char *attributes;
        uint32_t has, has_not;
    } cases[] = {
        {"class=entry-content",         MARK_BODY,               MARK_COMMENTS},
        {"class=entryContent",          MARK_BODY,               0            },
        {"class='x9ef9 entry_content'", MARK_BODY,               0            },
        {"id=article-body",             MARK_BODY,               0            },
        {"itemprop=articleBody",        MARK_BODY,               0            },
        {"class=comments",              MARK_COMMENTS,           MARK_BODY    },
        {"class=relatedPosts",          MARK_RELATED,            0            },
        {"class=sidebar2",              MARK_SIDE,               0            },
        {"class=share_bar",             MARK_SHARE,              0            },
        {"class=page__teaser",          MARK_TEASER,             MARK_RELATED },
        {"class=teaser-text",           MARK_TEASER | MARK_LEAD, 0            },
        {"class=author-card",           MARK_BIO,                0            },
 /* About the layout of something else. */
        {"class=no-sidebar",            0,                       MARK_SIDE    },
        {"class=has-comments",          0,                       MARK_COMMENTS},
 /* Parts of other words. */
        {"class=commentary",            0,                       MARK_COMMENTS},
        {"class=shareholder",           0,                       MARK_SHARE   },
        {"class=''",                    0,                       UINT32_MAX   },
        {"",                            0,                       UINT32_MAX   },
        {"class=2col",                  0,                       UINT32_MAX   },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        char html[200];
        struct arena arena;
        struct dom dom;
        const struct marks *marks;
        uint32_t found;

        (void)snprintf(html, sizeof(html), "<div %s>x</div>", cases[i].attributes);
        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        marks = marks_open(&arena);
        assert_non_null(marks);
        assert_int_equal(dom_parse_fragment(slice_from(html), &arena, &dom, NULL), WW_OK);
        found = marks_of(marks, dom_find(dom.body, DOM_DIV));
        if ((found & cases[i].has) != cases[i].has || (found & cases[i].has_not) != 0)
            fail_msg("%s: %x", cases[i].attributes, (unsigned)found);
        arena_release(&arena);
    }
}

static void names_of_any_length_are_read(void **state)
{
    static char html[20000];
    struct arena arena;
    struct dom dom;

    WW_UNUSED(state);
    memset(html, 'a', sizeof(html));
    memcpy(html, "<div class='", 12);
    memcpy(html + sizeof(html) - 30, " entry-content'>x</div>", 24);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    assert_int_equal(dom_parse_fragment(slice_from(html), &arena, &dom, NULL), WW_OK);
    assert_int_equal(marks_of(marks_open(&arena), dom_find(dom.body, DOM_DIV)) & MARK_BODY,
                     MARK_BODY);
    arena_release(&arena);
}

static void elements_made_up_are_named_by_themselves(void **state)
{
    static const struct {
        const char *html;
        uint32_t marks;
    } cases[] = {
        {"<news-teaser>x</news-teaser>",            MARK_TEASER               },
        {"<share-bar class=comments>x</share-bar>", MARK_SHARE | MARK_COMMENTS},
        {"<teaser>x</teaser>",                      0                         },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct dom dom;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        assert_int_equal(dom_parse_fragment(slice_from(cases[i].html), &arena, &dom, NULL), WW_OK);
        assert_int_equal(marks_of(marks_open(&arena), dom_find(dom.body, DOM_OTHER)),
                         cases[i].marks);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_cut_into_words),
        cmocka_unit_test(names_of_any_length_are_read),
        cmocka_unit_test(elements_made_up_are_named_by_themselves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
