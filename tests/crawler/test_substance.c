/* test_substance.c - which edits of an article are news, and whether it says so itself. */
#include "crawler/substance.h"

#include "base/arena.h"
#include "base/attrs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX_BYTES ((size_t)128 << 20)

struct edit {
    const char *language, *before, *after;
    bool is_changed;
};

#define EN "The bridge was closed on Monday. Engineers found a crack in the third pier.\n\n"
#define DE \
    "Die Brücke wurde am Montag gesperrt. Ingenieure fanden einen Riss im dritten Pfeiler.\n\n"
#define ZH "大桥星期一关闭。工程师在第三个桥墩发现了裂缝。\n\n"
#define RU "Мост закрыли в понедельник. Инженеры нашли трещину в третьей опоре.\n\n"
#define AR "أغلق الجسر يوم الاثنين. وجد المهندسون شقا في الدعامة الثالثة.\n\n"

static const struct edit edits[] = {
  /* of substance */
    {"en", EN "It will cost 14 million to mend.",                            EN "It will cost 41 million to mend.",                                   true },
    {"en", EN "The mayor confirmed the report.",                             EN "The mayor denied the report.",                                       true },
    {"en", EN "The mayor confirmed the report.",                             EN,                                                                      true },
    {"en", EN,                                                               EN "The mayor said that nobody was hurt.",                               true },
    {"en", EN "Injured in the western district: 14",                         EN "Injured in the western district: 15",
     true                                                                                                                                                  },
    {"en", EN "Smith found the crack first, he said.",                       EN "Jones found the crack first, he said.",
     true                                                                                                                                                  },
    {"de", DE "Der Umbau kostet 14 Millionen Euro.",                         DE "Der Umbau kostet 41 Millionen Euro.",
     true                                                                                                                                                  },
    {"zh", ZH "修复将耗资十四亿元。",                              ZH "修复将耗资四十亿元。",                                     true },
    {"zh", ZH "市长证实了这一报道。",                              ZH "市长否认了这一报道。",                                     true },
    {"ru", RU "Ремонт будет стоить 14 миллионов.", RU "Ремонт будет стоить 41 миллион.",            true },
    {"ar", AR,                                                               AR "قال رئيس البلدية إن أحدا لم يصب بأذى.", true },
    {"en", EN "It lies at kilometre km812 of the river.",
     EN "It lies at kilometre km813 of the river.",                                                                                                   true },
    {"en", EN "Some 1204 people had to wait.",                               EN "Some 1205 people had to wait.",                                      true },
 /* not */
    {"en", EN,                                                               EN,                                                                      false},
    {"en", EN "Nobody recieved a warning before.",                           EN "Nobody received a warning before.",                                  false},
    {"en", EN "The \"old\" pier will be mended first.",
     EN "The \xE2\x80\x9Cold\xE2\x80\x9D pier, will be mended first.",                                                                                false},
    {"en", EN "It has to be re built in the spring.",                        EN "It has to be rebuilt in the spring.",
     false                                                                                                                                                 },
    {"en", EN "The mayor came. Nobody else was there by then.",
     "Nobody else was there by then. The mayor came.\n\n" EN,                                                                                         false},
    {"en", EN "1,204 views",                                                 EN "9,377 views",                                                        false},
    {"en", EN "3 comments",                                                  EN,                                                                      false},
    {"en", EN "Published 2 hours ago by our own staff",                      EN "Published 5 hours ago by our own staff",
     false                                                                                                                                                 },
    {"en", EN,                                                               EN "Ferry service on the river to be doubled in summer",                 false},
    {"en", EN,                                                               EN "Correction: an earlier version misspelt the name of the river.",     false},
    {"de", DE "Der Bürgermeister äusserte sich nicht dazu.",
     DE "Der Bürgermeister äußerte sich nicht dazu.",                                                                                              false},
    {"zh", ZH "市長證實了這一報道。",                              ZH "市长证实了这一报道。",                                     false},
    {"zh", ZH "阅读 1204",                                                 ZH "阅读 9377",                                                        false},
};

static struct substance compare(const struct substance_text *before,
                                const struct substance_text *after, const char *language)
{
    struct arena arena;
    struct substance out;
    struct ww_error err = {0};

    arena_init(&arena, ARENA_MAX_BYTES);
    if (substance_compare(before, after, slice_from(language), &arena, &out, &err) != WW_OK)
        fail_msg("%s", err.message);
    arena_release(&arena);
    return out;
}

static void what_is_of_substance(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(edits); i++) {
        const struct edit *e = &edits[i];
        const struct substance_text before = {.title = SLICE("Bridge closed"),
                                              .text = slice_from(e->before)};
        const struct substance_text after = {.title = SLICE("Bridge closed"),
                                             .text = slice_from(e->after)};

        if (compare(&before, &after, e->language).is_changed != e->is_changed)
            fail_msg("%s: \"%s\"", e->language, e->after);
        if (compare(&after, &before, e->language).is_changed != e->is_changed)
            fail_msg("%s, back: \"%s\"", e->language, e->after);
    }
}

static void titles(void **state)
{
    static const struct {
        const char *before, *after;
        bool is_changed;
    } cases[] = {
        {"Bridge closed",             "Bridge closed",             false},
        {"Bridge closed",             "Bridge open again",         true },
        {"Bridge closed for 3 weeks", "Bridge closed for 5 weeks", true },
        {"Bridge closed",             "BRIDGE CLOSED!",            false},
        {"Bridge closed",             "",                          false},
        {"Bridge over Tammer closed", "Bridge over Tamer closed",  false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct substance_text before = {.title = slice_from(cases[i].before),
                                              .text = SLICE(EN)};
        const struct substance_text after = {.title = slice_from(cases[i].after),
                                             .text = SLICE(EN)};

        if (compare(&before, &after, "en").is_changed != cases[i].is_changed)
            fail_msg("%s / %s", cases[i].before, cases[i].after);
    }
}

/* What was only left out of one of the texts says nothing of the article. */
static void boilerplate(void **state)
{
    static const char line[] = "Our newsletter tells you each morning what matters here.";
    struct substance_text with = {.title = SLICE("Bridge"), .text = SLICE(EN)};
    struct substance_text without = with;

    WW_UNUSED(state);
    with.text = SLICE(EN "Our newsletter tells you each morning what matters here.");
    assert_true(compare(&with, &without, "en").is_changed);
    assert_true(compare(&without, &with, "en").is_changed);
    /* Learned of the site meanwhile. */
    without.whole = with.text;
    assert_false(compare(&with, &without, "en").is_changed);
    /* Known before, and still there. */
    assert_false(
        compare(&(struct substance_text){.title = with.title, .text = without.text}, &without, "en")
            .is_changed);
    without.whole = SLICE("");
    without.cut = SLICE("line: Our newsletter tells you each morning what matters here.");
    assert_true(slice_contains(without.cut, slice_from(line)));
    assert_false(compare(&with, &without, "en").is_changed);
    assert_false(compare(&without, &with, "en").is_changed);
}

static void what_a_page_says_of_itself(void **state)
{
    static const struct {
        const char *line;
        bool is_noted;
    } cases[] = {
        {"Correction: an earlier version gave another sum.",              true },
        {"CORRECTION (15 November) The sum has been mended.",             true },
        {"Updated 14:05 with the reply of the council.",                  true },
        {"This article was updated to add the reply of the council.",     true },
        {"An earlier version of this report gave another sum.",           true },
        {"Korrektur: In einer früheren Version stand eine andere Zahl.", true },
        {"In einer früheren Version stand eine andere Zahl.",            true },
        {"Mise à jour : la mairie a répondu.",                          true },
        {"Rectificatif. La somme a été corrigée.",                     true },
        {"Fe de errores: la suma era otra.",                              true },
        {"Actualizado el 5 de marzo a las 14:05.",                        true },
        {"Rettifica: la somma era un'altra.",                             true },
        {"Errata: o valor era outro.",                                    true },
        {"Correctie: het bedrag was anders.",                             true },
        {"Sprostowanie: kwota była inna.",                               true },
        {"Исправление: сумма была другой.",     true },
        {"Oprava: částka byla jiná.",                                  true },
        {"تصحيح: كان المبلغ مختلفا.",                 true },
        {"【更新】市府已作出回应。",                          true },
        {"更正：此前的数字有误。",                             true },
        {"訂正：金額に誤りがありました。",                 true },
        {"정정: 금액이 잘못되었습니다.",                      true },
        {"Correction officers went on strike on Monday morning.",         false},
        {"Updated plans show another pier in the river.",                 false},
        {"The council published a correction: the sum was another.",      false},
        {"Aktualisierte Pläne zeigen einen weiteren Pfeiler im Fluss.",  false},
        {"更新后的方案多了一个桥墩和一条步道。",        false},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        char text[512], cut[512];
        const struct substance_text before = {.title = SLICE("Bridge"), .text = SLICE(EN)};
        struct substance_text after = before, with_cut = before;

        (void)snprintf(text, sizeof(text), EN "%s", cases[i].line);
        (void)snprintf(cut, sizeof(cut), "line: %s", cases[i].line);
        after.text = slice_from(text);
        with_cut.cut = slice_from(cut);
        if (compare(&before, &after, "").is_noted != cases[i].is_noted)
            fail_msg("\"%s\"", cases[i].line);
        if (compare(&before, &with_cut, "").is_noted != cases[i].is_noted)
            fail_msg("cut: \"%s\"", cases[i].line);
        /* What was there before notes nothing now. */
        assert_false(compare(&after, &after, "").is_noted);
        assert_false(compare(&with_cut, &with_cut, "").is_noted);
        assert_false(compare(&after, &before, "").is_noted);
    }
}

/* Whatever comes, the work is bounded and the answer is one. */
static void large_texts(void **state)
{
    static char a[400000], b[400000];
    struct substance_text before = {.title = SLICE("x")}, after = {.title = SLICE("x")};

    WW_UNUSED(state);
    memset(a, 'a', sizeof(a));
    memset(b, 'b', sizeof(b));
    before.text = slice_of(a, sizeof(a));
    after.text = slice_of(b, sizeof(b));
    (void)compare(&before, &after, "en");
    for (size_t i = 0; i + 41 <= sizeof(a); i += 40) {
        (void)snprintf(a + i, 41, "Line %05zu tells of one more thing then.", i / 40);
        (void)snprintf(b + i, 41, "Line %05zu speaks about another story.. ", i / 40);
    }
    before.text = slice_of(a, sizeof(a) - 80);
    after.text = slice_of(b, sizeof(b) - 80);
    assert_true(compare(&before, &after, "en").is_changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_of_substance), cmocka_unit_test(titles),
        cmocka_unit_test(boilerplate),          cmocka_unit_test(what_a_page_says_of_itself),
        cmocka_unit_test(large_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
