/*
 * test_access.c - what kind of page it is, in thirteen languages, and whose text is kept of it.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "base/text.h"
#include "extractors/access_words.h"
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

/* What pages say in one language. */
struct tongue {
    const char *language;
    const char *absent, *robot, *prove; /* title of a 404; title and text of a bot wall */
    const char *consent[3];             /* title, text, button */
    const char *script, *offer, *live;
};

/* clang-format off */
static const struct tongue tongues[] = {
    {"en",
     "Page not found",                    "Just a moment...",
     "Please verify you are human by completing the action below.",    {"Before you continue", "We and our partners store cookies and use personal data.",
      "Accept all"},
     "You need to enable JavaScript to run this app.",            "Subscribe to continue reading",
     "Live updates: the storm"               },
    {"de",
     "Seite nicht gefunden",              "Sicherheitsprüfung",
     "Bestätigen Sie, dass Sie ein Mensch sind, um fortzufahren.",    {"Datenschutzeinstellungen",
      "Wir und unsere Partner verwenden Cookies und verarbeiten personenbezogene Daten.",
      "Alle akzeptieren"},
     "Bitte aktivieren Sie JavaScript, um diese Seite zu sehen.", "Sie sind bereits Abonnent? Melden Sie sich an, um weiterzulesen.",
     "Liveticker zum Sturm"                  },
    {"fr",
     "Page introuvable",                  "Vérification de sécurité",
     "Confirmez que vous êtes humain pour continuer.",                {"Votre vie privée",
      "Nous et nos partenaires utilisons des cookies et vos données "
      "personnelles.",
      "Tout accepter"},
     "Veuillez activer JavaScript dans votre navigateur.",        "Cet article est réservé aux abonnés.",
     "En direct : la tempête"               },
    {"es",
     "Página no encontrada",             "Acceso denegado",
     "Hemos detectado tráfico inusual. Confirme que es humano.",      {"Tu privacidad", "Nosotros y nuestros socios usamos cookies y datos personales.",
      "Aceptar todo"},
     "Debe habilitar JavaScript para ver esta página.",          "Contenido exclusivo para suscriptores",
     "Minuto a minuto de la tormenta"        },
    {"it",
     "Pagina non trovata",                "Verifica di sicurezza",
     "Verifica di essere umano completando l'azione qui sotto.",       {"La tua privacy", "Noi e i nostri partner utilizziamo cookie e dati personali.",
      "Accetta tutto"},
     "Per continuare occorre abilitare JavaScript.",              "Contenuto riservato agli abbonati",
     "In diretta la tempesta"                },
    {"nl",
     "Pagina niet gevonden",              "Beveiligingscontrole",
     "Bevestig dat u een mens bent door de actie te voltooien.",       {"Uw privacy", "Wij en onze partners gebruiken cookies en persoonsgegevens.",
      "Alles accepteren"},
     "U moet JavaScript inschakelen om deze site te bekijken.",   "Alleen voor abonnees",
     "Liveblog storm"                        },
    {"pt",
     "Página não encontrada",           "Acesso negado",
     "Confirme que você é humano para continuar.",                   {"A sua privacidade", "Nós e os nossos parceiros usamos cookies e dados pessoais.",
      "Aceitar tudo"},
     "Ative o JavaScript para continuar.",                        "Conteúdo exclusivo para assinantes",
     "Ao vivo: a tempestade"                 },
    {"pl",
     "Strona nie istnieje",               "Odmowa dostępu",
     "Potwierdź, że jesteś człowiekiem.",                          {"Twoja prywatność", "My i nasi partnerzy używamy plików cookie i danych osobowych.", "Zgoda"},
     "Włącz obsługę JavaScript, aby zobaczyć stronę.",      "Tylko dla prenumeratorów",
     "Relacja live: burza"                   },
    {"cs",
     "Stránka nenalezena",               "Bezpečnostní kontrola",
     "Ověřte, že jste člověk.",                                   {"Vaše soukromí", "My a naši partneři používáme cookies a osobní údaje.", "Souhlas"},
     "Zapněte JavaScript ve svém prohlížeči.",               "Pouze pro předplatitele",
     "Online přenos: bouře"                },
    {"hu",
     "Az oldal nem található",          "Biztonsági ellenőrzés",
     "Igazolja, hogy ön ember.",                                      {"Sütibeállítások", "Mi és partnereink sütiket és személyes adatokat használunk.",
      "Hozzájárulok"},
     "Engedélyezze a JavaScript futtatását.",                  "Csak előfizetőknek",
     "Élő közvetítés: vihar"            },
    {"zh",
     "您访问的页面不存在",       "访问验证",
     "请完成验证后继续访问，拖动滑块完成拼图。",   {"您的隐私", "我们和合作伙伴使用cookie并处理您的个人信息和隐私。", "接受所有"},
     "请启用JavaScript后查看本页。",                     "登录后阅读全文",
     "台风直播"                          },
    {"ja",
     "ページが見つかりません", "セキュリティチェック",
     "人間であることを確認してください。",            {"プライバシー設定", "当社はクッキーと個人データを使用します。", "同意する"},
     "JavaScriptを有効にしてください。",               "この記事は会員限定です",
     "台風ライブ"                       },
    {"ar",
     "الصفحة غير موجودة",  "تم رفض الوصول",
     "يرجى التحقق من أنك إنسان للمتابعة.", {"خصوصيتك", "نستخدم ملفات تعريف الارتباط ونعالج بياناتك الشخصية.", "موافقت"},
     "يرجى تفعيل JavaScript لعرض الصفحة.",     "هذا المقال للمشتركين فقط",
     "تغطية مباشرة للعاصفة"},
};
/* clang-format on */

static struct arena arena;

static void extract(const char *html, const struct article_hints *hints, struct article *a)
{
    struct ww_error err = {0};

    if (article_extract(slice_from(html), hints, &arena, a, &err) != WW_OK)
        fail_msg("'%.200s': %s", html, err.message);
}

static struct article read_page(const char *html, const char *url)
{
    const struct article_hints hints = {.url = slice_from(url), .now = 1763769600};
    struct article a;

    extract(html, &hints, &a);
    return a;
}

static const char *format(const char *shape, const char *a, const char *b, const char *c)
{
    struct slice rest = slice_from(shape), piece;
    struct slice out = {"", 0};
    const char *const words[] = {a, b, c};
    size_t n = 0;

    while (slice_next(&rest, '@', &piece)) {
        out = arena_printf(&arena, "%.*s%.*s%s", SLICE_ARG(out), SLICE_ARG(piece),
                           rest.ptr != NULL ? words[n] : "");
        n++;
    }
    return out.ptr;
}

static void assert_kind(const char *html, const char *url, enum article_access access,
                        const char *with)
{
    const struct article a = read_page(html, url);

    if (a.access != access)
        fail_msg("%s: %s", html, article_accesses[a.access]);
    if (with == NULL ? a.text.len > 0 : !slice_contains(a.text, slice_from(with)))
        fail_msg("%s: '%.*s'", html, SLICE_ARG(a.text));
}

static void test_walls(void **state)
{
    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    for (size_t i = 0; i < WW_COUNT(tongues); i++) {
        const struct tongue *t = &tongues[i];

        assert_kind(format("<title>@ - The Courier</title><nav><a href=/>Home</a></nav><h1>@</h1>"
                           "<p>@</p><form><input name=q></form>",
                           t->absent, t->absent, "1234"),
                    "http://x.example/a", ARTICLE_NOT_FOUND, NULL);
        assert_kind(format("<title>@</title><h1>@</h1><p>@</p>", t->robot, "x.example", t->prove),
                    "http://x.example/a", ARTICLE_BOT_WALL, NULL);
        assert_kind(format("<title>@</title><p>@</p><form><button>@</button></form>", t->consent[0],
                           t->consent[1], t->consent[2]),
                    "http://x.example/a", ARTICLE_CONSENT, NULL);
        assert_kind(format("<title>Courier</title><noscript>@</noscript><div id=root></div>",
                           t->script, "", ""),
                    "http://x.example/a", ARTICLE_NEEDS_SCRIPT, NULL);
        assert_kind(format("<h1>Harbour opens</h1><article><p>" PROSE "</p><p>" PROSE " And then…"
                           "</p><div class=paywall><p>@</p></div></article>",
                           t->offer, "", ""),
                    "http://x.example/a", ARTICLE_PAYWALL, "harbour office");
        assert_kind(format("<title>@</title><main class=liveblog><h1>@</h1><p><time>10:01</time>"
                           "<p>" PROSE "<p><time>10:02</time><p>" MORE
                           "<p><time>10:03</time><p>" PROSE " Again.<p><time>10:04</time><p>" MORE
                           " Again.</main>",
                           t->live, t->live, ""),
                    "http://x.example/live/storm", ARTICLE_LIVE, "granite");
        arena_reset(&arena);
    }
    arena_release(&arena);
}

/* An article about a wall is an article. */
static void test_articles_about_walls(void **state)
{
    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    for (size_t i = 0; i < WW_COUNT(tongues); i++) {
        const struct tongue *t = &tongues[i];
        const char *const words[] = {t->absent,     t->robot,  t->prove, t->consent[0],
                                     t->consent[1], t->script, t->offer, t->live};

        for (size_t k = 0; k < WW_COUNT(words); k++)
            assert_kind(format("<title>\"@\": what the harbour office told its visitors for two "
                               "whole years</title><h1>\"@\": what the harbour office told its "
                               "visitors for two whole years</h1><article><p>" PROSE
                               "</p><p>The page said: @</p><p>" MORE "</p><p>" PROSE
                               " Nobody saw it.</p><p>" MORE " So be it.</p></article>",
                               words[k], words[k], words[k]),
                        "http://x.example/2023/05/03/words", ARTICLE_OPEN, "granite");
        arena_reset(&arena);
    }
    arena_release(&arena);
}

struct kind {
    const char *html, *url;
    enum article_access access;
    const char *with;
};

/* clang-format off */
static const struct kind kinds[] = {
  /* A title alone says little, and so does a name. */
    {"<title>Not found: the lost quay</title><article><h1>Not found: the lost quay</h1><p>" PROSE
     "</p><p>" MORE "</p></article>",
     "",                                                                                                            ARTICLE_OPEN,    "granite"},
    {"<title>x</title><div class='recaptcha'></div><p>" PROSE "</p><p>" MORE "</p>",          "",
     ARTICLE_OPEN,                                                                                                                   "granite"},
    {"<body class=error404><title>Oops</title><h1>404</h1><p>Try the search.</p>",            "",
     ARTICLE_NOT_FOUND,                                                                                                              NULL     },
 /* A page that only asks itself again. */
    {"<meta http-equiv=refresh content='1; url=/a?try=2'><title>x</title>",                   "http://x.example/a",
     ARTICLE_BOT_WALL,                                                                                                               NULL     },
    {"<script>document.cookie='k=1';location.reload()</script>",                              "http://x.example/a",
     ARTICLE_BOT_WALL,                                                                                                               NULL     },
    {"<title>x.example</title><p>Allow cookies?</p><form><button>Accept all</button></form>",
     "https://consent.x.example/collect?to=a",                                                                      ARTICLE_CONSENT, NULL     },
 /* What a publisher declares of its own article. */
    {"<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"x\","
     "\"isAccessibleForFree\":\"False\"}</script><article><p>" PROSE "</p><p>" MORE
     "</p></article>",                                                                   "",                   ARTICLE_PAYWALL, "granite"},
    {"<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"x\",\"hasPart\":"
     "[{\"@type\":\"WebPageElement\",\"isAccessibleForFree\":false,\"cssSelector\":\".wall\"}]}"
     "</script><article><p>" PROSE "</p><p>" MORE "</p></article>",
     "",                                                                                                            ARTICLE_PAYWALL, "granite"},
    {"<meta property=article:content_tier content=locked><article><p>" PROSE "</p><p>" MORE
     "</p></article>",                                                                   "",                   ARTICLE_PAYWALL, "granite"},
    {"<meta property=article:content_tier content=free><article><p>" PROSE "</p><p>" MORE
     "</p></article>",                                                                   "",                   ARTICLE_OPEN,    "granite"},
    {"<script "
     "type='application/ld+json'>{\"@type\":\"LiveBlogPosting\",\"headline\":\"x\"}</script>"
     "<article><p>" PROSE "</p><p>" MORE "</p></article>",
     "",                                                          ARTICLE_LIVE,                                                                                                                             "granite"                                                                },
};
/* clang-format on */

static void test_kinds(void **state)
{
    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    for (size_t i = 0; i < WW_COUNT(kinds); i++)
        assert_kind(kinds[i].html, kinds[i].url, kinds[i].access, kinds[i].with);
    arena_release(&arena);
}

/* The lines that ask to pay are no text, whatever stands around them. */
static void test_offer(void **state)
{
    struct article a;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    a = read_page("<meta property=article:content_tier content=locked><article><p>" PROSE
                  "</p><p>" MORE
                  "</p><p>Unlock this article for one euro a month.</p><p>Already a subscriber?"
                  "</p><p>All our news, every day, on every device.</p></article>",
                  "");
    assert_true(slice_ends(a.text, SLICE("outlast all of them.")));
    arena_release(&arena);
}

/* What a wall says is nobody's title, date or text; the feed's own words stand for the article. */
static void test_feed_text(void **state)
{
    struct article_hints hints = {
        .url = SLICE("http://x.example/a"),
        .feed_title = SLICE("Harbour opens again"),
        .feed_author = SLICE("Ana Silva"),
        .feed_text = SLICE("<p>The harbour office opened its doors &amp; more.</p><p>Soon.</p>"),
        .feed_published = {.at = 1683104400, .precision = DATE_SECOND},
        .now = 1763769600
    };
    struct article a;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    extract("<title>Just a moment...</title><meta name=author content='Shield'><p>Verify you are "
            "human</p><link rel=canonical href=/wall>",
            &hints, &a);
    assert_int_equal(a.access, ARTICLE_BOT_WALL);
    assert_int_equal(a.text_source, ARTICLE_TEXT_FEED);
    assert_true(slice_equal(a.title, SLICE("Harbour opens again")));
    assert_true(slice_equal(a.author, SLICE("Ana Silva")));
    assert_true(slice_equal(a.text, SLICE("The harbour office opened its doors & more.\n\nSoon.")));
    assert_int_equal(a.canonical.len, 0);
    assert_int_equal(a.published.at, 1683104400);
    assert_int_equal(a.published_source, ARTICLE_DATE_FEED);

    /* "Read more" is no text. */
    hints.feed_text = SLICE("<a href=/a>Read more</a>");
    extract("<title>Just a moment...</title><p>Verify you are human</p>", &hints, &a);
    assert_int_equal(a.text.len, 0);
    assert_int_equal(a.access, ARTICLE_BOT_WALL);
    arena_release(&arena);
}

/* The feed has the whole text, and the page its beginning; another text is another article's. */
static void test_longer_feed(void **state)
{
    static const char page[] =
        "<article><p>" PROSE "</p><p>" MORE "</p><p>" PROSE " Many came.</p></article>";
    static const char other[] = "<p>The school by the northern gate painted all of its walls this "
                                "week, and forty pupils took part in it until the evening.</p>";
    struct article_hints hints = {.now = 1763769600};
    struct article a;

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    for (int is_same = 0; is_same < 2; is_same++) {
        struct slice text = slice_from(is_same ? page : "");

        for (int i = 0; i < 12; i++)
            text = arena_printf(&arena, "%.*s%s", SLICE_ARG(text), other);
        hints.feed_text = text;
        extract(page, &hints, &a);
        assert_int_equal(a.text_source, is_same ? ARTICLE_TEXT_FEED : ARTICLE_TEXT_PAGE);
    }
    arena_release(&arena);
}

/* A notice that stands alone where an article should be is not taken for it. */
static void test_notice(void **state)
{
    struct article a;
    struct ww_error err = {0};
    const struct article_hints hints = {.now = 1763769600};

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    assert_int_equal(
        article_extract(SLICE("<title>Pictures of the harbour</title><p>We use cookies "
                              "so that this site works. Read our privacy policy to "
                              "learn what that means for you.</p>"),
                        &hints, &arena, &a, &err),
        WW_INVALID);
    arena_release(&arena);
}

/* The tables are looked up in folded texts. */
static void test_words_are_folded(void **state)
{
    static const char *const tables[] = {absence_words, bot_titles,     bot_words,
                                         script_words,  consent_titles, consent_words,
                                         notice_words,  paywall_words,  live_words};

    WW_UNUSED(state);
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    for (size_t i = 0; i < WW_COUNT(tables); i++) {
        struct slice rest = slice_from(tables[i]), word;

        while (slice_next(&rest, '|', &word))
            if (word.len == 0 || !slice_equal(text_fold_key(word, &arena), word))
                fail_msg("'%.*s' is not folded", SLICE_ARG(word));
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walls),       cmocka_unit_test(test_articles_about_walls),
        cmocka_unit_test(test_kinds),       cmocka_unit_test(test_offer),
        cmocka_unit_test(test_feed_text),   cmocka_unit_test(test_notice),
        cmocka_unit_test(test_longer_feed), cmocka_unit_test(test_words_are_folded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
