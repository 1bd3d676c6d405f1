/*
 * test_story_roundup.c - several stories in one text make none of them a copy of another, in
 * whatever order they come; cuts of one story stay its copies.
 */
#include "base/arena.h"
#include "tests/support/archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PARTS 5

/* Briefs, each a story of its own. */
static const struct {
    const char *name;
    const char *briefs[PARTS];
} rounds[] = {
    {"English",
     {"The swimming pool at Corran will stay shut until spring because the new boiler does not fit "
      "through the door. Councillors were told that the wall would have to come down, and that "
      "nobody had measured it before the order went out to the foundry in autumn.",
      "A goat that had lived on the roof of the tax office for three days was brought down by the "
      "fire brigade. Its owner, who keeps a dairy behind the station, said it climbs whenever it "
      "hears a brass band and that the band would be asked to rehearse elsewhere.",
      "Readers of the lending library returned four thousand books in the week without fines, one "
      "of them borrowed before the war. The librarian has put it in a glass case and will write to "
      "the family of the borrower, whose name is still legible on the card.",
      "Bakers in the old town have agreed to close on different days so that there is bread every "
      "morning of the week. The plan was drawn up by a pupil as homework in mathematics, and the "
      "guild has offered her an apprenticeship or free rolls for a year.",
      "The bell of the harbour chapel has cracked and will be recast in one piece by a founder "
      "from the mainland. Until then a recording is played from the tower, which the deaf sexton "
      "is said to prefer because he can switch it off from his bed."}},
    {"German",
     {"Das Hallenbad bleibt bis zum Frühjahr geschlossen, weil der neue Kessel nicht durch die Tür "
      "passt. Im Gemeinderat hieß es, die Mauer müsse abgebrochen werden, und gemessen habe vor "
      "der Bestellung im Herbst leider niemand.",
      "Drei Tage lang stand eine Ziege auf dem Dach des Finanzamts, bis die Feuerwehr sie mit der "
      "Drehleiter holte. Sie klettere, sobald sie Blasmusik höre, sagte die Besitzerin, und bat "
      "die Kapelle, künftig am anderen Ufer zu proben.",
      "In der Woche ohne Gebühren kamen viertausend Bücher in die Bücherei zurück, eines davon war "
      "vor dem Krieg entliehen worden. Es liegt nun in einer Vitrine, und die Leiterin will der "
      "Familie schreiben, deren Name noch auf der Karte steht.",
      "Die Bäcker der Altstadt schließen künftig an verschiedenen Tagen, damit es jeden Morgen "
      "Brot gibt. Den Plan hat eine Schülerin als Hausaufgabe gerechnet, die Innung bot ihr dafür "
      "eine Lehrstelle oder ein Jahr lang Semmeln an.",
      "Die Glocke der Hafenkapelle ist gesprungen und wird auf dem Festland neu gegossen. Bis "
      "dahin läutet ein Tonband, was dem schwerhörigen Küster gefällt, denn er kann es vom Bett "
      "aus abstellen, ohne in den Turm zu steigen."}                 },
    {"Chinese",
     {"游泳馆要关到明年春天，因为新买的锅炉进不了门。委员会听说，那面墙只好拆掉，订货以前谁也没有量"
      "过尺寸，工厂也"
      "不肯退钱。",
      "一只山羊在税务所的屋顶上站了三天，最后消防员用云梯把它抱了下来。主人说，它一听见铜管乐就要往"
      "高处爬，请乐队"
      "换个地方排练。",
      "图书馆免收罚款的那个星期，读者还回来四千本书，其中一本是战前借走的。馆长把它放进玻璃柜，还打"
      "算给借书人的后"
      "代写一封信。",
      "老城的面包师傅约好轮流休息，这样每天早上都有面包卖。这份时间表是一个女学生的数学作业，行会答"
      "应送她一年的小"
      "圆面包。",
      "港口小教堂的钟裂了一道缝，要运到对岸去重新铸造。这段时间钟楼里放的是录音，耳背的看门人倒很喜"
      "欢，因为他躺在"
      "床上就能关掉。"}                                       },
};

static void join_parts(const char *const *parts, char *out, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < PARTS; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", i == 0 ? "" : "\n\n", parts[i]);
    assert_true(used < size);
}

/* The round-up comes as number `at`, before, among and after its parts. */
static void arrive_in_order(size_t round, size_t at, bool is_backwards)
{
    struct archive archive;
    struct arena arena;
    struct story_verdict verdict;
    char whole[4096];
    int64_t story_ids[PARTS], whole_story_id = 0;

    join_parts(rounds[round].briefs, whole, sizeof(whole));
    archive_open(&archive);
    arena_init(&arena, (size_t)16 << 20);
    for (size_t i = 0; i <= PARTS; i++) {
        size_t part = i < at ? i : i - 1;

        if (i != at && is_backwards)
            part = PARTS - 1 - part;
        assert_int_equal(archive_arrive(&archive, "", i == at ? whole : rounds[round].briefs[part],
                                        &arena, &verdict),
                         WW_OK);
        *(i == at ? &whole_story_id : &story_ids[part]) = archive.story_ids[archive.n];
        if (i == at && i > 1)
            assert_int_equal(verdict.kind, STORY_MERGE);
    }
    for (size_t i = 0; i < PARTS; i++)
        for (size_t k = i + 1; k < PARTS; k++)
            if (story_ids[i] == story_ids[k])
                fail_msg("%s, round-up as number %zu%s: parts %zu and %zu are one story",
                         rounds[round].name, at, is_backwards ? ", backwards" : "", i, k);
    arena_release(&arena);
    archive_close(&archive);
}

static void test_round_up(void **state)
{
    WW_UNUSED(state);
    for (size_t round = 0; round < WW_COUNT(rounds); round++)
        for (size_t at = 0; at <= PARTS; at++)
            for (int is_backwards = 0; is_backwards < 2; is_backwards++)
                arrive_in_order(round, at, is_backwards != 0);
}

/* The beginning and the middle of one article, with the lines of those who cut them, are copies. */
static void test_cuts(void **state)
{
    struct archive archive;
    struct arena arena;
    struct story_verdict verdict;
    char whole[4096], stub[512], middle[1024];

    WW_UNUSED(state);
    join_parts(rounds[0].briefs, whole, sizeof(whole));
    (void)snprintf(stub, sizeof(stub), "%.190s ...\n\nSubscribe now to read on.", whole);
    (void)snprintf(middle, sizeof(middle), "Seen elsewhere:\n\n%s\n\n%s\n\nRead on at the source.",
                   rounds[0].briefs[1], rounds[0].briefs[2]);
    archive_open(&archive);
    arena_init(&arena, (size_t)16 << 20);
    assert_int_equal(archive_arrive(&archive, "", whole, &arena, &verdict), WW_OK);
    assert_int_equal(archive_arrive(&archive, "", stub, &arena, &verdict), WW_OK);
    assert_int_equal(verdict.kind, STORY_EXCERPT);
    assert_int_equal(archive_arrive(&archive, "", middle, &arena, &verdict), WW_OK);
    assert_int_equal(verdict.kind, STORY_EXCERPT);
    assert_int_equal(verdict.story_id, 1);
    arena_release(&arena);
    archive_close(&archive);
}

/* A text with one short story in it, and much more of another, is a copy of the other. */
static void test_small_part(void **state)
{
    struct archive archive;
    struct arena arena;
    struct story_verdict verdict;
    char most[4096], whole[8192];

    WW_UNUSED(state);
    join_parts(rounds[0].briefs, most, sizeof(most));
    (void)snprintf(whole, sizeof(whole), "%s\n\n%.200s", most, rounds[1].briefs[0]);
    archive_open(&archive);
    arena_init(&arena, (size_t)16 << 20);
    assert_int_equal(archive_arrive(&archive, "", most, &arena, &verdict), WW_OK);
    assert_int_equal(archive_arrive(&archive, "", rounds[1].briefs[0], &arena, &verdict), WW_OK);
    assert_int_equal(archive_arrive(&archive, "", whole, &arena, &verdict), WW_OK);
    assert_int_equal(verdict.story_id, 1);
    arena_release(&arena);
    archive_close(&archive);
}

/* The beginnings of two long articles, one after the other, tie none of them to the other. */
static void test_bridge(void **state)
{
    const char *const *b = rounds[0].briefs, *const *rest = rounds[1].briefs;
    char first[2048], second[2048], both[2048];
    const char *const orders[][3] = {
        {first,  both,   second},
        {second, both,   first },
        {first,  second, both  }
    };

    WW_UNUSED(state);
    (void)snprintf(first, sizeof(first), "%s\n\n%s\n\n%s", b[0], b[1], rest[0]);
    (void)snprintf(second, sizeof(second), "%s\n\n%s\n\n%s", b[2], b[3], rest[1]);
    (void)snprintf(both, sizeof(both), "%s\n\n%s\n\n%s\n\n%s", b[0], b[1], b[2], b[3]);
    for (size_t i = 0; i < WW_COUNT(orders); i++) {
        struct archive archive;
        struct arena arena;
        struct story_verdict verdict;
        int64_t story_ids[2];

        archive_open(&archive);
        arena_init(&arena, (size_t)16 << 20);
        for (size_t k = 0; k < 3; k++) {
            assert_int_equal(archive_arrive(&archive, "", orders[i][k], &arena, &verdict), WW_OK);
            if (orders[i][k] != both)
                story_ids[orders[i][k] == second] = archive.story_ids[archive.n];
        }
        if (story_ids[0] == story_ids[1])
            fail_msg("order %zu: one story", i);
        arena_release(&arena);
        archive_close(&archive);
    }
}

/* What shares nothing with the beginning of a story, nor with its fullest text, is none of it. */
static void test_chain(void **state)
{
    const char *const *b = rounds[0].briefs;
    struct archive archive;
    struct arena arena;
    struct story_verdict verdict;
    char first[4096], second[4096];

    WW_UNUSED(state);
    (void)snprintf(first, sizeof(first), "%s\n\n%s\n\n%s %s", b[0], b[1], b[2], b[2]);
    (void)snprintf(second, sizeof(second), "%s\n\n%s\n\n%s", b[1], b[2], b[3]);
    archive_open(&archive);
    arena_init(&arena, (size_t)16 << 20);
    assert_int_equal(archive_arrive(&archive, "", first, &arena, &verdict), WW_OK);
    assert_int_equal(archive_arrive(&archive, "", second, &arena, &verdict), WW_OK);
    assert_int_equal(verdict.story_id, 1);
    assert_int_equal(archive_arrive(&archive, "", b[3], &arena, &verdict), WW_OK);
    assert_int_equal(verdict.kind, STORY_SHARES);
    assert_int_equal(verdict.relations[0].article_id, 2);
    assert_int_equal(verdict.story_id, 0);
    assert_int_equal(archive_arrive(&archive, "", b[1], &arena, &verdict), WW_OK);
    assert_int_equal(verdict.story_id, 1);
    arena_release(&arena);
    archive_close(&archive);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_up),   cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_small_part), cmocka_unit_test(test_chain),
        cmocka_unit_test(test_bridge),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
