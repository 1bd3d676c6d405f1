/*
 * test_cuts.c - what inside an article's container goes and what stays, in many languages: lines by
 * their words and by their place, boxes by their names and by what speaks beside the name.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "extractors/article.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PROSE                                                                                  \
    "The harbour office opened its doors on Monday, two years after the flood, and the first " \
    "boats came in before noon, as the mayor had promised."
#define MORE                                                                                \
    "Fishermen said they had waited long enough, and that the new quay, built of granite, " \
    "would outlast all of them."

#define LAST                                                                                    \
    "The town will pay for the granite over the next thirty years, in which the council hopes " \
    "to earn enough from the ferries, the cranes and the fish market to do without a new tax, " \
    "and to mend the old lighthouse, whose lamp went out in the night of the flood."

static void extract(struct slice html, struct arena *arena, struct article *out)
{
    struct article_hints hints = {.now = 1763769600};
    struct ww_error err = {0};

    arena_init(arena, PAGE_ARENA_MAX_BYTES);
    if (article_extract(html, &hints, arena, out, &err) != WW_OK)
        fail_msg("%.*s: %s", SLICE_ARG(html), err.message);
}

/* ---- lines ----------------------------------------------------------------------------------- */

#define LINES_MAX 8

struct language {
    const char *name;
    const char *prose, *more; /* both stay */
    const char *between[LINES_MAX];
    const char *below[LINES_MAX];
    const char *stays; /* much the same words, in prose */
};

/* clang-format off */
static const struct language languages[] = {
    {"English",
     PROSE,
     MORE,
     {"Advertisement: New ropes for old boats",
      "Follow us on Facebook for more.",
      "This post contains affiliate links.",
      "Never miss a boat by signing up to our newsletter!"},
     {"Last updated 3 May 2023",
      "3 May 2023, 10:15",
      "All quays: north, south and <a href=/e>east</a>",
      "Our services:",
      "Want to know more? <a href=/n>Sign up here</a>",
      "<a href=/q>To the quays</a>"},
     "The mayor did not want to follow the advice of the harbour office, and said so in a "
     "newsletter to the fishermen of the town."},
    {"German",
     "Das Hafenamt hat am Montag seine Türen geöffnet, zwei Jahre nach der Flut, und die ersten "
     "Boote kamen vor Mittag, wie der Bürgermeister es versprochen hatte.",
     "Die Fischer sagten, sie hätten lange genug gewartet, und der neue Kai aus Granit werde sie "
     "alle überdauern.",
     {"ANZEIGE – Neue Taue für alte Boote",
      "Folgen Sie uns auf Facebook und Instagram.",
      "Weitere Infos unter <a href=/x>hafen.example</a>",
      "Zur Fotostrecke"},
     {"Letzte Änderung: 3.5.2023",
      "Um zu kommentieren, bitte einloggen.",
      "Kontakt:"},
     "Die Anzeige gegen den Hafenmeister wurde am Dienstag zurückgezogen, wie das Amt sagte."},
    {"French",
     "Le bureau du port a ouvert ses portes lundi, deux ans après la crue, et les premiers bateaux "
     "sont arrivés avant midi, comme le maire l’avait promis.",
     "Les pêcheurs ont dit qu’ils avaient assez attendu et que le nouveau quai de granit leur "
     "survivrait à tous.",
     {"À LIRE AUSSI : la crue, deux ans après",
      "Abonnez-vous à notre lettre d’information",
      "Réagir",
      "Suivez-nous sur Instagram"},
     {"Mis à jour le 3 mai 2023",
      "Source : Le Quai"},
     "La source du fleuve est à deux jours de marche du port, ont dit les pêcheurs au maire."},
    {"Spanish",
     "La oficina del puerto abrió sus puertas el lunes, dos años después de la inundación, y los "
     "primeros barcos entraron antes del mediodía, como había prometido el alcalde.",
     "Los pescadores dijeron que habían esperado bastante y que el nuevo muelle de granito los "
     "sobreviviría a todos.",
     {"Lee también: la inundación, dos años después",
      "Síguenos en Facebook",
      "Únete a nuestro canal",
      "Deja un comentario"},
     {"Fuente: El Muelle",
      "Última actualización: 3 de mayo de 2023"},
     "La fuente de la plaza del puerto volvió a tener agua el lunes, dijo la alcaldesa."},
    {"Italian",
     "L’ufficio del porto ha aperto le porte lunedì, due anni dopo l’alluvione, e le prime barche "
     "sono entrate prima di mezzogiorno, come aveva promesso il sindaco.",
     "I pescatori hanno detto di avere aspettato abbastanza e che il nuovo molo di granito "
     "sopravviverà a tutti loro.",
     {"Leggi anche: l’alluvione due anni dopo",
      "Seguici su Facebook",
      "Riproduzione riservata",
      "Iscriviti alla nostra newsletter"},
     {"Fonte: Il Molo",
      "Ultimo aggiornamento: 3 maggio 2023"},
     "La riproduzione dei granchi nel porto è tornata normale, hanno detto i pescatori."},
    {"Dutch",
     "Het havenkantoor opende maandag zijn deuren, twee jaar na de overstroming, en de eerste "
     "boten kwamen voor de middag binnen, zoals de burgemeester had beloofd.",
     "De vissers zeiden dat ze lang genoeg hadden gewacht en dat de nieuwe kade van graniet hen "
     "allen zou overleven.",
     {"Lees ook: de overstroming, twee jaar later",
      "Volg ons op Facebook",
      "Deel dit artikel",
      "Schrijf je in voor onze nieuwsbrief"},
     {"Bron: De Kade",
      "Laatst bijgewerkt: 3 mei 2023"},
     "De bron van de rivier ligt op twee dagen lopen van de haven, zeiden de vissers maandag."},
    {"Portuguese",
     "O escritório do porto abriu as portas na segunda-feira, dois anos depois da cheia, e os "
     "primeiros barcos entraram antes do meio-dia, como o prefeito tinha prometido.",
     "Os pescadores disseram que tinham esperado bastante e que o novo cais de granito "
     "sobreviveria a todos eles.",
     {"Leia também: a cheia, dois anos depois",
      "Inscreva-se em nossa newsletter",
      "Deixe um comentário",
      "Todos os direitos reservados"},
     {"Fonte: O Cais",
      "Última atualização: 3 de maio de 2023"},
     "A fonte da praça do porto voltou a ter água na segunda-feira, disse o prefeito."},
    {"Polish",
     "Biuro portu otworzyło drzwi w poniedziałek, dwa lata po powodzi, a pierwsze łodzie wpłynęły "
     "przed południem, jak obiecał burmistrz.",
     "Rybacy powiedzieli, że czekali dość długo i że nowe nabrzeże z granitu przeżyje ich "
     "wszystkich.",
     {"ŚLEDŹ NAS na Facebooku",
      "Czytaj również: powódź dwa lata później",
      "ŹRÓDŁO ZDJĘCIA: port",
      "Dodaj komentarz"},
     {"Źródło: Nabrzeże",
      "Ostatnia aktualizacja: 3.05.2023"},
     "Źródło rzeki leży o dwa dni marszu od portu, powiedzieli burmistrzowi rybacy."},
    {"Czech",
     "Přístavní úřad otevřel v pondělí své dveře, dva roky po povodni, a první lodě připluly před "
     "polednem, jak starosta slíbil.",
     "Rybáři řekli, že čekali dost dlouho a že nové nábřeží ze žuly je všechny přežije.",
     {"ČTĚTE TAKÉ: povodeň po dvou letech",
      "Sledujte nás na Facebooku",
      "Vstoupit do diskuze",
      "Ilustrační foto"},
     {"Zdroj: Nábřeží",
      "Naposledy aktualizováno 3. 5. 2023"},
     "Zdroj řeky leží dva dny cesty od přístavu, řekli v pondělí starostovi rybáři."},
    {"Hungarian",
     "A kikötői hivatal hétfőn megnyitotta kapuit, két évvel az árvíz után, és az első hajók dél "
     "előtt befutottak, ahogy a polgármester ígérte.",
     "A halászok azt mondták, hogy eleget vártak, és hogy az új gránit rakpart mindannyiukat túl "
     "fogja élni.",
     {"Ezt is olvassa el: az árvíz két év múlva",
      "Kövessen minket a Facebookon",
      "Hirdetés",
      "Iratkozzon fel hírlevelünkre!"},
     {"Forrás: A Rakpart",
      "Utolsó frissítés: 2023. május 3."},
     "A folyó forrása kétnapi járásra van a kikötőtől, mondták a halászok a polgármesternek."},
    {"Chinese, simplified",
     "港口办公室周一重新开放，此时距离洪水已经过去两年，正如市长所承诺的那样，第一批船只在中午之前"
     "进港。",
     "渔民们表示，他们已经等了很久，用花岗岩建造的新码头将比他们所有人都更加长久。",
     {"相关阅读：洪水两年之后",
      "扫码关注我们",
      "图片来源：海港报",
      "点击查看更多"},
     {"（责任编辑：李明）",
      "原标题：港口开放",
      "来源：海港报"},
     "市长说，责任在于当时的管理者，而不在于渔民，港口的来源和历史将由博物馆讲述。"},
    {"Chinese, traditional",
     "港口辦公室週一重新開放，此時距離洪水已經過去兩年，正如市長所承諾的那樣，第一批船隻在中午之前"
     "進港。",
     "漁民們表示，他們已經等了很久，用花崗岩建造的新碼頭將比他們所有人都更加長久。",
     {"延伸閱讀：洪水兩年之後",
      "歡迎訂閱電子報",
      "（圖／海港報）",
      "看更多"},
     {"責任編輯：李明",
      "來源：海港報",
      "未經授權，請勿轉載"},
     "市長說，責任在於當時的管理者，而不在於漁民，港口的來源和歷史將由博物館講述。"},
    {"Japanese",
     "港の事務所は洪水から二年たった月曜日に再び扉を開き、市長が約束したとおり、最初の船は正午前に"
     "入港した。",
     "漁師たちは十分に待ったと話し、花崗岩で造られた新しい岸壁は自分たちの誰よりも長く残るだろうと"
     "述べた。",
     {"【関連記事】洪水から二年",
      "写真提供：港新聞",
      "続きを読む",
      "フォローしてください"},
     {"無断転載を禁じます",
      "出典：港新聞"},
     "市長は、写真で見るよりも岸壁はずっと大きいと話し、漁師たちはそれに続いて笑った。"},
    {"Arabic",
     "فتح مكتب الميناء أبوابه يوم الاثنين بعد عامين من الفيضان، ودخلت القوارب الأولى قبل الظهر كما "
     "وعد رئيس البلدية.",
     "قال الصيادون إنهم انتظروا طويلا وإن الرصيف الجديد المبني من الغرانيت سيبقى بعدهم جميعا.",
     {"اقرأ أيضا: الفيضان بعد عامين",
      "تابعونا على فيسبوك",
      "إعلان",
      "أضف تعليق"},
     {"المصدر: جريدة الميناء",
      "جميع الحقوق محفوظة"},
     "قال رئيس البلدية إن المصدر الأول للمياه يبعد مسيرة يومين عن الميناء وعن البلدة."},
};
/* clang-format on */

/* The text of a line that may be marked up as a link. */
static struct slice visible(const char *line)
{
    struct slice s = slice_from(line);
    size_t link = slice_find(s, SLICE("<a"));

    if (link == 0)
        s = slice_skip(s, slice_find_char(s, '>') + 1);
    return slice_head(s, slice_find_char(s, '<'));
}

/* A page with one line of l; it stays or it goes, and the prose around it stays. */
static void check_line(const struct language *l, const char *between, const char *below, bool stays)
{
    struct slice line = visible(between[0] != '\0' ? between : below);
    struct buf html;
    struct arena arena;
    struct article a;

    buf_init(&html, PAGE_ARENA_MAX_BYTES);
    buf_printf(&html, "<article><p>%s</p><p>%s</p><p>%s</p><p>%s</p></article>", l->prose, between,
               l->more, below);
    extract(buf_slice(&html), &arena, &a);
    if (!slice_contains(a.text, slice_from(l->prose)) ||
        !slice_contains(a.text, slice_from(l->more)))
        fail_msg("%s: text '%.*s'", l->name, SLICE_ARG(a.text));
    if (slice_contains(a.text, line) != stays || slice_contains(a.cut, line) == stays)
        fail_msg("%s: '%.*s' in '%.*s'", l->name, SLICE_ARG(line), SLICE_ARG(a.text));
    arena_release(&arena);
    buf_release(&html);
}

static void lines_go_and_prose_stays(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(languages); i++) {
        const struct language *l = &languages[i];

        for (size_t k = 0; k < LINES_MAX && l->between[k] != NULL; k++)
            check_line(l, l->between[k], "", false);
        for (size_t k = 0; k < LINES_MAX && l->below[k] != NULL; k++)
            check_line(l, "", l->below[k], false);
        check_line(l, l->stays, "", true);
        check_line(l, "", l->stays, true);
    }
}

/* ---- boxes ----------------------------------------------------------------------------------- */

struct box {
    const char *html; /* between PROSE and MORE, or before both */
    bool is_first;
    bool stays; /* the word GULL in it */
};

static const struct box boxes[] = {
  /* The way to another article, and this one's standfirst. */
    {"<div class=teaser><p>GULL over the town, and what the mayor says. <a "
     "href=/g>More</a></p></div>",                                                            true,  false},
    {"<div class=teaser><p>GULL over the town, and what the mayor of the town says to "
     "it.</p></div>",                                                                         true,  true },
    {"<div class=teaser><p>GULL over the town, and what the mayor of the town says to "
     "it.</p></div>",                                                                         false, false},
    {"<inline-teaser><p>GULL over the town, and what the mayor says.</p></inline-teaser>",         false,
     false                                                                                                     },
    {"<inline-quote><p>GULL over the town, and what the mayor says.</p></inline-quote>",           false,
     true                                                                                                      },
 /* Lists of links, and lists that have links. */
    {"<ul><li><a href=/a>GULL over the town</a></li><li><a href=/b>What it said</a></li></ul>",
     false,                                                                                               false},
    {"<ul><li><a href=/a>GULL feed, two bags</a> of ten</li><li><a href=/b>Granite</a></li></ul>",
     false,                                                                                               true },
 /* Headlines of the first order: of the page, and of a part. */
    {"<h1>GULL over the town</h1>",                                                                true,  false},
    {"<h1>GULL over the town</h1>",                                                                false, true },
 /* A full name, and a footnote. */
    {"<p class=fn>GULL of the town</p>",                                                           false, false},
    {"<p id=fn-2>GULL of the town</p>",                                                            false, true },
 /* Boxes about something else than the article. */
    {"<div class=article-cta><p>GULL feed, now in bags of ten.</p></div>",                         false, false},
    {"<div class=disclosure><p>GULL feed is what we live on.</p></div>",                           false, false},
    {"<div class=contactbox><p>GULL office, first floor</p></div>",                                false, false},
    {"<section class=product-box><p>GULL feed, in bags</p></section>",                             false, false},
    {"<section class=news-letter-section><p>GULL news, each week.</p></section>",                  false, false},
    {"<div class=flyout><p>GULL feed, now in bags of ten.</p></div>",                              false, false},
    {"<div class=author-card><p>GULL has written about harbours for twenty years, at first in the "
     "south and then "
     "here, and never once fell into the water of any of the many that she saw in this "
     "time.</p></div>",                                                                       false, false},
};

static void boxes_go_by_their_names(void **state)
{
    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(boxes); i++) {
        const struct box *b = &boxes[i];
        char html[2000];
        struct arena arena;
        struct article a;

        (void)snprintf(
            html, sizeof(html),
            "<title>Harbour opens again</title><article><h1>Harbour opens again</h1>%s<p>" PROSE
            "</p>%s<p>" MORE "</p><p>" LAST "</p></article>",
            b->is_first ? b->html : "", b->is_first ? "" : b->html);
        extract(slice_from(html), &arena, &a);
        if (slice_contains(a.text, SLICE("GULL")) != b->stays ||
            slice_contains(a.cut, SLICE("GULL")) == b->stays)
            fail_msg("%s: '%.*s', cut '%.*s'", b->html, SLICE_ARG(a.text), SLICE_ARG(a.cut));
        assert_true(slice_contains(a.text, SLICE("Fishermen said")));
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_go_and_prose_stays),
        cmocka_unit_test(boxes_go_by_their_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
