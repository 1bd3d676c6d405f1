/* test_stories.c - copies are found, and what only looks like one is not joined. */
#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/mem.h"
#include "storage/stories.h"
#include "tests/support/archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- texts ----------------------------------------------------------------------------------- */

#define HARBOUR_1                                                                                  \
    "The harbour council voted late on Tuesday to close the old ferry pier for two winters while " \
    "divers replace the timber piles that hold it up. Engineers had warned in spring that ship "   \
    "worm had eaten through 41 of them. "
#define HARBOUR_2                                                                                 \
    "Fishing families who land crab at the pier say nobody asked them where they should go, and " \
    "the cannery fears that buyers from the mainland will turn to another island for good. "
#define HARBOUR_3                                                                             \
    "Mayor Ines Calder promised a floating landing stage by October and said that the ferry " \
    "would "                                                                                  \
    "call at the northern quay, which has neither a crane nor a shelter for passengers. "
#define HARBOUR_4                                                                                  \
    "The works are expected to cost 18 million crowns, a third of which the islanders would have " \
    "to raise themselves through a levy on mooring berths until the end of the decade."
#define HARBOUR HARBOUR_1 HARBOUR_2 HARBOUR_3 HARBOUR_4

#define ORCHARD                                                                                   \
    "Growers in the upper valley have begun to pull out apple orchards that their grandparents "  \
    "planted, because three springs of late frost left them with almost nothing to pick. Where "  \
    "the trees stood they now sow lavender, which needs little water and no spraying at all. "    \
    "The juice press in Lower Tarn has cut its shifts from three to one and may not open again "  \
    "next autumn. Agronomists from the college advise against haste, since lavender prices have " \
    "fallen twice in ten years and a hedge of hazel might do as much against the frost."

#define ZH_SIMPLE                                                                                                                                \
    "市政府昨天宣布，从下个月起将关闭旧码头两年，以便更换腐坏的木桩。渔民们说，没有人问过他们应该" \
    "在哪里卸货，罐头厂担心大陆的买家会转向另一个岛屿。市长答应在十月以前建好浮动码头，并表示渡轮" \
    "将停靠北岸，那里既没有起重机，也没有供旅客避雨的地方。工程费用预计为一千八百万，其中三分之一" \
    "由岛民自己承担。"
#define ZH_TRADITIONAL                                                                                                                           \
    "市政府昨天宣布，從下個月起將關閉舊碼頭兩年，以便更換腐壞的木樁。漁民們說，沒有人問過他們應該" \
    "在哪裡卸貨，罐頭廠擔心大陸的買家會轉向另一個島嶼。市長答應在十月以前建好浮動碼頭，並表示渡輪" \
    "將停靠北岸，那裡既沒有起重機，也沒有供旅客避雨的地方。工程費用預計為一千八百萬，其中三分之一" \
    "由島民自己承擔。"

#define TIDE(place, day, high, clock, low, wind)                                                  \
    "The tide tables for " place " show high water of " high " metres on " day " at " clock       \
    " and low water of " low " metres in the evening. Wind of force " wind                        \
    " is expected off the point, and small craft are advised to stay inside the bar until the "   \
    "flood has set in. The harbour office prints the tables for the coming week on its door and " \
    "gives them by telephone outside office hours to skippers who ask for them."

#define BOX                                                                                       \
    "Write to the editor of this paper if you have seen something we should know about. Letters " \
    "may be shortened and we cannot return photographs that were sent without an envelope. The "  \
    "paper is printed twice a week on the island and costs four crowns at the ferry kiosk."

static const struct {
    const char *name;
    const char *earlier, *title, *later;
    enum story_kind kind;
    const char *changed;
} cases[] = {
    {"the same bytes",               HARBOUR,                           "",       HARBOUR,                           STORY_EXACT, NULL                                           },
    {"other quotes and blanks",      HARBOUR,                           "",
     HARBOUR_1 "\n\n" HARBOUR_2 "\xC2\xA0" HARBOUR_3 HARBOUR_4,                                                      STORY_EXACT, NULL                                           },
    {"no relation",                  HARBOUR,                           "",       ORCHARD,                           STORY_NEW,   NULL                                           },
    {"the opening alone",            HARBOUR HARBOUR_2 ORCHARD,         "",       HARBOUR_1 "Subscribe to read on.",
     STORY_EXCERPT,                                                                                                               NULL                                           },
    {"a stub first, then the whole", HARBOUR_1 "Subscribe to read on.", "",       HARBOUR,
     STORY_EXPANSION,                                                                                                             NULL                                           },
    {"a corrected figure",           HARBOUR,                           "",
     HARBOUR_1 HARBOUR_2 HARBOUR_3
     "The works are expected to cost 19 million crowns, a third of which the islanders would have "
     "to raise themselves through a levy on mooring berths until the end of the decade.",                            STORY_NEAR,  "18 \xE2\x86\x92 19"                           },
    {"another script",               ZH_SIMPLE,                         "",       ZH_TRADITIONAL,                    STORY_EXACT, NULL                                           },
    {"the same mould",               TIDE("Port Erran",                 "Monday", "3.1",                             "6:40",      "0.7",                                           "4"), "",
     TIDE("Saltby", "Friday", "2.8", "9:15", "1.2", "6"), STORY_SERIES, NULL},
    {"the box below the article",                            HARBOUR_1 BOX,                                                     "Lavender",
     "Growers in the upper valley have begun to pull out apple orchards that their grandparents "
     "planted, because three springs of late frost left them with nothing. " BOX,
     STORY_SHARES,                                                                                      NULL                                                                                                                               },
    {"a local lead before each",
     "Island readers will remember the storm of two winters ago, when the pier first began to lean "
     "towards the shore and was roped off. " HARBOUR,
     "Council closes ferry pier",                                                       "Passengers from the mainland have asked this paper for weeks whether they would still be "
     "able to cross before the holidays begin. " HARBOUR,
     STORY_NEAR,                                 NULL                 },
    {"five words",                   "Ferry cancelled until further notice",                                                "",
     "Ferry cancelled until further notice",                                                                STORY_NEW,                                                                             NULL                                                                                                                                                 },
    {"nothing",                     "",                                                  "",                                                          "",                                                                                STORY_NEW,   NULL},
};

static void test_pairs(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct archive archive;
        struct arena arena;
        struct story_verdict first, second;

        archive_open(&archive);
        arena_init(&arena, (size_t)16 << 20);
        assert_int_equal(archive_arrive(&archive, "", cases[i].earlier, &arena, &first), WW_OK);
        assert_int_equal(first.kind, STORY_NEW);
        assert_int_equal(archive_arrive(&archive, cases[i].title, cases[i].later, &arena, &second),
                         WW_OK);
        if (second.kind != cases[i].kind)
            fail_msg("%s: %s, not %s (J %.2f, C %.2f)", cases[i].name, story_kind_name(second.kind),
                     story_kind_name(cases[i].kind), second.relations[0].jaccard,
                     second.relations[0].containment);
        if ((second.story_id == 1) != story_kind_joins(cases[i].kind))
            fail_msg("%s: story %lld", cases[i].name, (long long)second.story_id);
        if (cases[i].changed != NULL &&
            (second.n_changed != 1 ||
             !slice_equal(second.changed[0], slice_from(cases[i].changed))))
            fail_msg("%s: %zu changes", cases[i].name, second.n_changed);
        arena_release(&arena);
        archive_close(&archive);
    }
}

/* A round-up of two stories points at both and joins neither. */
static void test_merge(void **state)
{
    struct archive archive;
    struct arena arena;
    struct story_verdict verdict;

    WW_UNUSED(state);
    archive_open(&archive);
    arena_init(&arena, (size_t)16 << 20);
    assert_int_equal(archive_arrive(&archive, "", HARBOUR, &arena, &verdict), WW_OK);
    assert_int_equal(archive_arrive(&archive, "", ORCHARD, &arena, &verdict), WW_OK);
    assert_int_equal(archive_arrive(&archive, "", HARBOUR "\n\n" ORCHARD, &arena, &verdict), WW_OK);
    assert_int_equal(verdict.kind, STORY_MERGE);
    assert_int_equal(verdict.story_id, 0);
    assert_int_equal(verdict.n_relations, 2);
    assert_int_equal(verdict.relations[1].kind, STORY_MERGE);
    for (size_t i = 0; i < 2; i++)
        assert_in_range(verdict.relations[i].n_shared, verdict.relations[i].n_own / 3,
                        verdict.relations[i].n_other);
    assert_in_range(verdict.relations[0].n_own,
                    verdict.relations[0].n_other + verdict.relations[1].n_other,
                    verdict.relations[0].n_other + verdict.relations[1].n_other + 4);
    arena_release(&arena);
    archive_close(&archive);
}

/* A sentence of three stories counts for none: not for joining, and not for the index. */
static void test_furniture(void **state)
{
    static const char *const heads[] = {
        "One head of its own about bees and the price of honey on the island this year. ",
        "Another opening line that speaks of the school roof and of nobody who would mend it. ",
        "Something quite different about a lost dog that swam home across the sound at night. "};
    struct archive archive;
    struct arena arena;
    struct story_verdict verdict;
    char texts[3][1024];

    WW_UNUSED(state);
    archive_open(&archive);
    arena_init(&arena, (size_t)16 << 20);
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(texts[i], sizeof(texts[i]), "%s%s%s%s", heads[i], heads[i], heads[i], BOX);
        assert_int_equal(archive_arrive(&archive, "", texts[i], &arena, &verdict), WW_OK);
        assert_int_equal(verdict.story_id, 0);
    }
    assert_int_equal(archive_arrive(&archive, "", BOX, &arena, &verdict), WW_OK);
    assert_int_equal(verdict.kind, STORY_NEW);
    arena_release(&arena);
    archive_close(&archive);
}

/* Of many reports from one mould the copied one is found: what it shares with the others is no
 * sign. */
static void test_mould(void **state)
{
    static char texts[30][512];
    struct archive archive;
    struct arena arena;
    struct story_verdict verdict;

    WW_UNUSED(state);
    archive_open(&archive);
    arena_init(&arena, (size_t)64 << 20);
    for (unsigned i = 0; i < WW_COUNT(texts); i++) {
        (void)snprintf(
            texts[i], sizeof(texts[i]),
            "At the mart of Port%c%cton %u lambs were sold to %u crowns on %u May, and steers "
            "from Hill%c%cby made %u crowns at most, and heifers %u, while sellers are told "
            "that papers must reach the office before unloading and that no animal "
            "without two tags is let in at the gate, whatever way it has come.",
            'a' + (int)i % 26, 'a' + (int)i / 3, 100 + 37 * i, 40 + 11 * i, 1 + i, 'a' + (int)i / 2,
            'a' + (int)i % 7, 900 + 53 * i, 700 + 29 * i);
        assert_int_equal(archive_arrive(&archive, "", texts[i], &arena, &verdict), WW_OK);
        assert_int_equal(verdict.story_id, 0);
    }
    for (unsigned i = 0; i < WW_COUNT(texts); i++) {
        assert_int_equal(archive_arrive(&archive, "", texts[i], &arena, &verdict), WW_OK);
        assert_int_equal(verdict.story_id, i + 1);
    }
    arena_release(&arena);
    archive_close(&archive);
}

/* An article that is gone from the archive is no candidate, and no error. */
static void test_gone(void **state)
{
    struct archive archive;
    struct arena arena;
    struct story_verdict verdict;

    WW_UNUSED(state);
    archive_open(&archive);
    arena_init(&arena, (size_t)16 << 20);
    assert_int_equal(archive_arrive(&archive, "", HARBOUR, &arena, &verdict), WW_OK);
    archive.texts[1] = NULL;
    assert_int_equal(archive_arrive(&archive, "", HARBOUR, &arena, &verdict), WW_OK);
    assert_int_equal(verdict.kind, STORY_NEW);
    arena_release(&arena);
    archive_close(&archive);
}

/* However little memory there is, the answer is the right one or an error. */
static void test_no_memory(void **state)
{
    size_t n_failed = 0;

    WW_UNUSED(state);
    for (size_t max = 2000; max < 200000; max += 1500) {
        struct archive archive;
        struct arena arena, small;
        struct story_verdict verdict;
        enum ww_status status;

        archive_open(&archive);
        arena_init(&arena, (size_t)16 << 20);
        arena_init(&small, max);
        assert_int_equal(archive_arrive(&archive, "", HARBOUR, &arena, &verdict), WW_OK);
        mem_fail_after((long)(max / 1500 % 12));
        status = archive_arrive(&archive, "", HARBOUR, &small, &verdict);
        mem_fail_after(0);
        if (status == WW_OK)
            assert_int_equal(verdict.kind, STORY_EXACT);
        n_failed += status != WW_OK;
        arena_release(&small);
        arena_release(&arena);
        archive_close(&archive);
    }
    assert_in_range(n_failed, 5, 130);
}

/* The longest text that an article may have fits the arena of a page, and so do its candidates. */
static void test_long(void **state)
{
    static char text[ARTICLE_TEXT_MAX_BYTES + 1];
    struct archive archive;
    struct arena arena;
    struct story_verdict verdict;

    WW_UNUSED(state);
    for (size_t i = 0; i + 1 < sizeof(text); i++)
        text[i] = i % 2 == 1 ? ' ' : (char)('a' + hash64_mix(i, 1) % 26);
    archive_open(&archive);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    for (size_t i = 0; i < 5; i++) {
        arena_reset(&arena);
        text[10] = (char)('a' + i);
        assert_int_equal(archive_arrive(&archive, "", text, &arena, &verdict), WW_OK);
        assert_int_equal(verdict.kind, i == 0 ? STORY_NEW : STORY_EXACT);
    }
    arena_release(&arena);
    archive_close(&archive);
}

/*
 * One word again and again, and one sentence again and again: no time is lost, nothing overflows.
 */
static void test_monotony(void **state)
{
    static char words[200000], lines[200000];
    struct archive archive;
    struct arena arena;
    struct story_verdict verdict;

    WW_UNUSED(state);
    memset(words, 'a', sizeof(words) - 1);
    memset(lines, 'b', sizeof(lines) - 1);
    for (size_t i = 1; i < sizeof(words) - 1; i += 2)
        words[i] = ' ';
    for (size_t i = 1; i < sizeof(lines) - 1; i += 2)
        lines[i] = i % 30 == 29 ? '.' : ' ';
    archive_open(&archive);
    arena_init(&arena, (size_t)128 << 20);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(archive_arrive(&archive, "", words, &arena, &verdict), WW_OK);
        assert_int_equal(archive_arrive(&archive, "", lines, &arena, &verdict), WW_OK);
    }
    arena_release(&arena);
    archive_close(&archive);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),     cmocka_unit_test(test_merge),
        cmocka_unit_test(test_furniture), cmocka_unit_test(test_gone),
        cmocka_unit_test(test_no_memory), cmocka_unit_test(test_monotony),
        cmocka_unit_test(test_long),      cmocka_unit_test(test_mould),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
