/* test_cues.c - lines between paragraphs, told by how they begin or by what they are. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "extractors/cues.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void lines_are_told_by_their_words(void **state)
{
    static const struct {
        const char *line;
        enum cue cue;
    } cases[] = {
        {"Advertisement",                                                CUE_LABEL  },
        {"\u2022 SHARE THIS \u203a",                                     CUE_LABEL  },
        {"Publicit\u00c9",                                               CUE_LABEL  },
        {"\u0420\u0435\u043a\u043b\u0430\u043c\u0430",                   CUE_LABEL  },
        {"\u5e7f\u544a",                                                 CUE_LABEL  },
        {"Top of page",                                                  CUE_LABEL  },
        {"Advertisement rates rise in May",                              CUE_NONE   },
        {"Read more:",                                                   CUE_RELATED},
        {"Read more: Bridge to close in May",                            CUE_RELATED},
        {"Lesen Sie auch: Hafen wird gesperrt",                          CUE_RELATED},
        {"Readers more than doubled in May",                             CUE_NONE   },
        {"About the author",                                             CUE_AUTHOR },
        {"Subscribe to our newsletter and never miss a story.",          CUE_NOTE   },
        {"Subscribe to this and never miss a story.",                    CUE_INVITE },
        {"The bridge closes in May.",                                    CUE_NONE   },
        {"Advertisement: a new bridge",                                  CUE_LABEL  },
        {"Get more: sign up for our newsletter",                         CUE_NOTE   },
        {"Subscribe now, and follow us on Facebook",                     CUE_NOTE   },
        {"The bridge, unfollow us on Facebook",                          CUE_NONE   },
        {"Photos by Ana Silva",                                          CUE_CREDIT },
        {"Lire aussi\u00a0: le pont",                                    CUE_RELATED},
        {"RECEVEZ LA LETTRE D\u2019INFORMATION",                         CUE_INVITE },
        {"Vous aimez ? Lisez notre lettre d\u2019information",           CUE_NOTE   },
        {"\u0141\u00d3D\u0179",                                          CUE_NONE   },
        {"UDOST\u0118PNIJ",                                              CUE_LABEL  },
        {"S\u0141OWA KLUCZOWE",                                          CUE_LABEL  },
        {"\u010cT\u011aTE TAK\u00c9",                                    CUE_RELATED},
        {"\u0160T\u00cdTKY",                                             CUE_LABEL  },
        {"HIRDET\u00c9S",                                                CUE_LABEL  },
        {"\u539f\u6807\u9898\uff1a\u5927\u6865",                         CUE_INVITE },
        {"\u672c\u6587\u672a\u7ecf\u6388\u6743\u4e0d\u5f97\u8f6c\u8f7d", CUE_NOTE   },
        {"\u5199\u771f\uff1a\u6a4b",                                     CUE_CREDIT },
        {"\u5ee3\u544a",                                                 CUE_LABEL  },
        {"\u95a2\u9023\u8a18\u4e8b\uff1a\u6a4b",                         CUE_RELATED},
        {"\u0625\u0639\u0644\u0627\u0646",                               CUE_LABEL  },
        {"",                                                             CUE_NONE   },
        {"\u2022 \u2022 \u2022",                                         CUE_NONE   },
    };
    struct arena arena;
    struct cues *cues;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    cues = cues_open(&arena);
    assert_non_null(cues);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        if (cues_match(cues, slice_from(cases[i].line)) != cases[i].cue)
            fail_msg("'%s' is cue %d", cases[i].line,
                     (int)cues_match(cues, slice_from(cases[i].line)));
    arena_release(&arena);
}

static void long_lines_are_prose(void **state)
{
    char line[2000];
    struct arena arena;
    struct cues *cues;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    cues = cues_open(&arena);
    assert_non_null(cues);
    memset(line, 'x', sizeof(line));
    memcpy(line, "subscribe to ", 13);
    assert_int_equal(cues_match(cues, slice_of(line, 60)), CUE_INVITE);
    assert_int_equal(cues_match(cues, slice_of(line, sizeof(line))), CUE_NONE);
    arena_release(&arena);
}

static void bylines_begin_like_bylines(void **state)
{
    static const struct {
        const char *line;
        bool is_byline;
    } cases[] = {
        {"By Ana Silva",            true },
        {"VON ANA SILVA",           true },
        {"Published 4 May 2026",    true },
        {"Bypass to open in May",   false},
        {"Ana Silva",               false},
        {"",                        false},
        {"By the end of May, the council said, all three lanes of the bridge will be open to "
         "traffic again.", false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        if (cues_begin_byline(slice_from(cases[i].line)) != cases[i].is_byline)
            fail_msg("'%s'", cases[i].line);
}

static void a_full_arena_is_told(void **state)
{
    struct cues *cues = NULL;

    WW_UNUSED(state);
    for (long n = 1; cues == NULL; n++) {
        struct arena arena;

        assert_true(n < 100);
        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        mem_fail_after(n);
        cues = cues_open(&arena);
        mem_fail_after(0);
        assert_true(cues != NULL || arena.failed);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_told_by_their_words),
        cmocka_unit_test(long_lines_are_prose),
        cmocka_unit_test(bylines_begin_like_bylines),
        cmocka_unit_test(a_full_arena_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
