/*
 * test_story_facts.c - what was replaced tells a re-filled mould from an edited copy, in languages
 * with and without capitals, with capitals for nouns, and in scripts of their own.
 */
#include "base/arena.h"
#include "tests/support/archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Aligned by hand: clang-format 14 cannot align the columns of long texts. */
/* clang-format off */
static const struct {
    const char *name;
    const char *earlier, *later;
    bool joins;
} cases[] = {
    {"a rewrite that keeps every fact",
     "The ferry company Brandt has bought the shipyard in Ostermouth for 48 million crowns and will "
     "build 3 vessels there by 2031, its director Lena Vorhaus said on Friday. The yard had been "
     "empty since the Norling works went bankrupt. Some 260 people are to be hired, most of them "
     "welders who had left for Karsund, and the union asks that they be paid as they were before.",
     "For 48 million crowns the shipyard in Ostermouth has been sold to Brandt, the ferry company, "
     "which will build 3 vessels there by 2031, its director Lena Vorhaus said on Friday. Nobody "
     "had worked in it since the Norling works went bankrupt. Some 260 people are to be hired, most "
     "of them welders who once left for Karsund; their union wants the old wages to be paid again.",
     true},
    {"the same frame around other facts",
     "The ferry company Brandt has bought the shipyard in Ostermouth for 48 million crowns and will "
     "build 3 vessels there by 2031, its director Lena Vorhaus said on Friday. The yard had been "
     "empty since the Norling works went bankrupt. Some 260 people are to be hired, most of them "
     "welders who had left for Karsund, and the union asks that they be paid as they were before.",
     "The ferry company Tamsen has bought the shipyard in Hallvik for 75 million crowns and will "
     "build 8 vessels there by 2034, its director Odd Merkel said on Monday. The yard had been "
     "empty since the Rossby works went bankrupt. Some 410 people are to be hired, most of them "
     "welders who had left for Tornby, and the union asks that they be paid as they were before.",
     false},
    {"the next report of a series: every figure is another, every name the same",
     "Sales of new cars in the Republic of Vestmark rose in the past month, the Office for Trade in "
     "Halmar reports. Dealers sold 1204 vehicles of the makes Korund and Tellus, while Aspen lost "
     "ground in the provinces of Lund, Morva and Estfold. A car cost 211 crowns a month on hire. The "
     "Office asks dealers in Lund, Morva and Estfold to send in their returns on paper, since the "
     "line to Halmar is being mended, and thanks the Guild of Dealers for its patience. Waiting "
     "times came to 38 days.",
     "Sales of new cars in the Republic of Vestmark rose in the past month, the Office for Trade in "
     "Halmar reports. Dealers sold 1391 vehicles of the makes Korund and Tellus, while Aspen lost "
     "ground in the provinces of Lund, Morva and Estfold. A car cost 226 crowns a month on hire. The "
     "Office asks dealers in Lund, Morva and Estfold to send in their returns on paper, since the "
     "line to Halmar is being mended, and thanks the Guild of Dealers for its patience. Waiting "
     "times came to 45 days.",
     false},
    {"sentences of a mould in another order",
     "The council of Arnby met on Tuesday with 14 members. A motion by Jon Selmer to widen Mill Lane "
     "was carried by 9 votes to 5 after a debate of an hour. A grant of 2400 crowns was approved for "
     "the fire engine, which had failed its test twice since spring. The clerk read a letter from "
     "Ada Brink about dogs in the park, and it was noted without discussion.",
     "The council of Torvik met on Tuesday with 11 members. The clerk read a letter from Ivar Holt "
     "about dogs in the park, and it was noted without discussion. A grant of 8100 crowns was "
     "approved for the fire engine, which had failed its test twice since spring. A motion by Mona "
     "Rask to widen Pier Lane was carried by 6 votes to 4 after a debate of an hour.",
     false},
    {"paragraphs of one story in another order",
     "The council of Arnby met on Tuesday with 14 members. A motion by Jon Selmer to widen Mill Lane "
     "was carried by 9 votes to 5 after a debate of an hour. A grant of 2400 crowns was approved for "
     "the fire engine, which had failed its test twice since spring. The clerk read a letter from "
     "Ada Brink about dogs in the park, and it was noted without discussion.",
     "The council of Arnby met on Tuesday with 14 members. The clerk read a letter from Ada Brink "
     "about dogs in the park, and it was noted without discussion. A grant of 2400 crowns was "
     "approved for the fire engine, which had failed its test twice since spring. A motion by Jon "
     "Selmer to widen Mill Lane was carried by 9 votes to 5 after a debate of an hour.",
     true},
    {"German: nouns are no names, and a rewrite replaces some",
     "Der Gemeinderat von Altkirch hat am Donnerstag beschlossen, die Brücke über die Weid für 12 "
     "Monate zu sperren. Bürgermeister Ludwig Pracht nannte als Grund den Zustand der Pfeiler, an "
     "denen Taucher im Herbst Risse fanden. Die Kosten der Sanierung schätzt die Verwaltung auf 3,4 "
     "Millionen Euro. Für Radfahrer soll ein Steg gebaut werden, den der Verein der Anwohner schon "
     "im Jahr 2019 gefordert hatte.",
     "Der Gemeinderat von Altkirch hat am Donnerstag beschlossen, die Brücke über die Weid für 12 "
     "Monate zu sperren. Bürgermeister Ludwig Pracht nannte als Ursache den Zustand der Pfeiler, an "
     "denen Taucher im Herbst Schäden fanden. Den Aufwand der Sanierung schätzt das Rathaus auf 3,4 "
     "Millionen Euro. Für Radfahrer soll ein Steg gebaut werden, den der Verein der Nachbarn schon "
     "im Jahr 2019 gefordert hatte.",
     true},
    {"German: the same notice from another town",
     "Der nächste Flohmarkt in Altkirch findet am Samstag, 14. Juni, von 8 bis 13 Uhr auf dem "
     "Marktplatz statt. Verkaufen darf jeder, der sich vorher im Rathaus gemeldet und die Gebühr "
     "bezahlt hat. Händler mit Gewerbe sind nicht zugelassen, Speisen und Getränke bietet allein der "
     "Verein an. Wer einen Tisch braucht, bringt ihn selbst mit und nimmt ihn am Ende wieder fort.",
     "Der nächste Flohmarkt in Neuburg findet am Samstag, 21. September, von 9 bis 15 Uhr auf dem "
     "Marktplatz statt. Verkaufen darf jeder, der sich vorher im Rathaus gemeldet und die Gebühr "
     "bezahlt hat. Händler mit Gewerbe sind nicht zugelassen, Speisen und Getränke bietet allein der "
     "Verein an. Wer einen Tisch braucht, bringt ihn selbst mit und nimmt ihn am Ende wieder fort.",
     false},
    {"Russian: a corrected figure",
     "В порту Северного мыса на время ремонта закрыли старый причал, сообщил начальник порта Игорь "
     "Лавров. Работы займут 14 месяцев и обойдутся в 230 миллионов рублей, половину суммы внесёт "
     "область. Рыбакам предложили разгружаться у нового мола, где нет ни крана, ни навеса, и они "
     "просят хотя бы провести туда свет до начала зимы.",
     "В порту Северного мыса на время ремонта закрыли старый причал, сообщил начальник порта Игорь "
     "Лавров. Работы займут 16 месяцев и обойдутся в 230 миллионов рублей, половину суммы внесёт "
     "область. Рыбакам предложили разгружаться у нового мола, где нет ни крана, ни навеса, и они "
     "просят хотя бы провести туда свет до начала зимы.",
     true},
    {"Russian: the same mould",
     "В порту Северного мыса на время ремонта закрыли старый причал, сообщил начальник порта Игорь "
     "Лавров. Работы займут 14 месяцев и обойдутся в 230 миллионов рублей, половину суммы внесёт "
     "область. Рыбакам предложили разгружаться у нового мола, где нет ни крана, ни навеса, и они "
     "просят хотя бы провести туда свет до начала зимы.",
     "В порту Южной бухты на время ремонта закрыли старый причал, сообщил начальник порта Пётр "
     "Зимин. Работы займут 9 месяцев и обойдутся в 85 миллионов рублей, половину суммы внесёт "
     "область. Рыбакам предложили разгружаться у нового мола, где нет ни крана, ни навеса, и они "
     "просят хотя бы провести туда свет до начала зимы.",
     false},
    {"Arabic, which has no capitals: the same mould",
     "أعلنت بلدية الواحة يوم الثلاثاء إغلاق السوق القديم مدة 6 أشهر لترميم السقف الخشبي، وقال المهندس "
     "سالم إن الكلفة تبلغ 340 ألف دينار. وسينقل الباعة إلى ساحة النخيل خلف المدرسة، حيث لا ظل ولا ماء، "
     "وهم يطالبون بخيام قبل حلول الصيف وبتخفيض الرسوم حتى نهاية الأشغال.",
     "أعلنت بلدية الساحل يوم الخميس إغلاق السوق القديم مدة 9 أشهر لترميم السقف الخشبي، وقال المهندس "
     "نادر إن الكلفة تبلغ 125 ألف دينار. وسينقل الباعة إلى ساحة الزيتون خلف المدرسة، حيث لا ظل ولا ماء، "
     "وهم يطالبون بخيام قبل حلول الصيف وبتخفيض الرسوم حتى نهاية الأشغال.",
     false},
    {"Arabic: other words, the same figures",
     "أعلنت بلدية الواحة يوم الثلاثاء إغلاق السوق القديم مدة 6 أشهر لترميم السقف الخشبي، وقال المهندس "
     "سالم إن الكلفة تبلغ 340 ألف دينار. وسينقل 85 بائعا إلى ساحة النخيل خلف المدرسة منذ يوم 12 من "
     "الشهر، حيث لا ظل ولا ماء، وهم يطالبون بخيام قبل حلول الصيف.",
     "كشفت بلدية الواحة يوم الثلاثاء إغلاق السوق القديم مدة 6 أشهر لترميم السقف الخشبي، وذكر المهندس "
     "سالم إن الكلفة تبلغ 340 ألف دينار. وسينقل 85 بائعا إلى ساحة النخيل وراء المدرسة منذ يوم 12 من "
     "الشهر، حيث لا ظل ولا ماء، وهم ينتظرون بخيام قبل حلول الصيف.",
     true},
    {"Chinese: the same mould",
     "青石镇政府3月12日发布通知，从即日起封闭旧码头，工期14个月，费用230万元。镇长林海波说，渔民可以到北岸卸货，那里"
     "既没有起重机，也没有避雨的地方。居民希望在冬天以前装好路灯，并减收停泊费，直到工程结束为止。",
     "白沙镇政府9月27日发布通知，从即日起封闭旧码头，工期8个月，费用95万元。镇长周文远说，渔民可以到北岸卸货，那里"
     "既没有起重机，也没有避雨的地方。居民希望在冬天以前装好路灯，并减收停泊费，直到工程结束为止。",
     false},
    {"Japanese: the same mould",
     "青野市の12日は晴れ、最高気温は27度、最低気温は14度の見込みです。南の風がやや強く吹き、夕方からは雲が広がるで"
     "しょう。外出の際は帽子をかぶり、空気が乾燥しますので火の取り扱いに十分注意してください。",
     "北浜市の23日は曇り、最高気温は19度、最低気温は8度の見込みです。南の風がやや強く吹き、夕方からは雲が広がるで"
     "しょう。外出の際は帽子をかぶり、空気が乾燥しますので火の取り扱いに十分注意してください。",
     false},
    {"Korean: a corrected figure",
     "한솔시는 12일부터 옛 선착장을 14개월 동안 닫고 썩은 말뚝을 바꾼다고 밝혔다. 공사비는 230억 원이며 절반은 도가 "
     "낸다. 어민들은 북쪽 부두에서 짐을 내려야 하는데 그곳에는 기중기도 비를 피할 곳도 없어 겨울이 오기 전에 불을 달아 "
     "달라고 요구하고 있다.",
     "한솔시는 12일부터 옛 선착장을 16개월 동안 닫고 썩은 말뚝을 바꾼다고 밝혔다. 공사비는 230억 원이며 절반은 도가 "
     "낸다. 어민들은 북쪽 부두에서 짐을 내려야 하는데 그곳에는 기중기도 비를 피할 곳도 없어 겨울이 오기 전에 불을 달아 "
     "달라고 요구하고 있다.",
     true},
    {"house style: figures written another way",
     "The bank lent 17m crowns to growers in the Vale of Orm, and 40 per cent of it went to 12 farms "
     "near Sandvik. Its manager Rolf Emmer said in March that rates would stay at 3.5 per cent until "
     "2027. Nobody at the Dairy Guild in Holm would say who had asked for the loans or what they "
     "were meant to buy, and the books are to be opened in autumn.",
     "The bank lent 17 million crowns to growers in the Vale of Orm, and 40% of it went to 12 farms "
     "near Sandvik. Its manager, Rolf Emmer, said in March that rates would stay at 3.5% until "
     "2027. Nobody at the Dairy Guild in Holm would say who had asked for the loans or what they "
     "were meant to buy, and the books are to be opened in autumn.",
     true},
};
/* clang-format on */

static void test_cases(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct archive archive;
        struct arena arena;
        struct story_verdict verdict;

        archive_open(&archive);
        arena_init(&arena, (size_t)16 << 20);
        assert_int_equal(archive_arrive(&archive, "", cases[i].earlier, &arena, &verdict), WW_OK);
        assert_int_equal(archive_arrive(&archive, "", cases[i].later, &arena, &verdict), WW_OK);
        if (story_kind_joins(verdict.kind) != cases[i].joins)
            fail_msg("%s: %s (J %.2f, C %.2f)", cases[i].name, story_kind_name(verdict.kind),
                     verdict.relations[0].jaccard, verdict.relations[0].containment);
        arena_release(&arena);
        archive_close(&archive);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
