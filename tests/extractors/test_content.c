/*
 * test_content.c - what is text on a page and what is not; each case is wrong without its step.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "extractors/article.h"
#include "extractors/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define EN                                                                                   \
    "<p>The harbour office opened its doors on Monday, two years after the flood, and the "  \
    "first boats came in before noon, as the mayor had promised.</p><p>Fishermen said they " \
    "had waited long enough, and that the new quay, built of granite, would outlast them.</p>"
#define DE                                                                                      \
    "<p>Das Hafenamt hat am Montag wieder geöffnet, zwei Jahre nach der Flut, und die ersten " \
    "Boote liefen noch vor Mittag ein, wie der Bürgermeister es versprochen hatte.</p>"        \
    "<p>Die Fischer sagten, sie hätten lange genug gewartet, und der neue Kai aus Granit "     \
    "werde sie alle überleben.</p>"
#define ES                                                                                         \
    "<p>La oficina del puerto abrió sus puertas el lunes, dos años después de la inundación, " \
    "y los primeros barcos llegaron antes del mediodía, como había prometido la alcaldesa.</p>"  \
    "<p>Los pescadores dijeron que habían esperado bastante, y que el muelle nuevo, de "          \
    "granito, les sobreviviría a todos.</p>"
#define JA                                                                                                                               \
    "<p>港の事務所は月曜日、洪水から二年ぶりに再開し、市長が約束した通り、正午前に最初の船が"  \
    "入港した。待ちわびた漁師たちは早朝から岸壁に集まっていたという。</p><p>漁師らは「もう十分" \
    "に待った。花崗岩でできた新しい岸壁は、我々の誰よりも長く残るだろう」と話した。</p>"

#define FR                                                                                       \
    "<p>Le bureau du port a rouvert ses portes lundi, deux ans après l'inondation, et les "     \
    "premiers bateaux sont entrés avant midi, comme la maire l'avait promis.</p><p>Les "        \
    "pêcheurs ont dit avoir assez attendu, et que le nouveau quai, en granit, leur survivrait " \
    "à tous.</p>"
#define PL                                                                                           \
    "<p>Biuro portowe otworzyło w poniedziałek swoje drzwi, dwa lata po powodzi, a pierwsze "      \
    "łodzie wpłynęły przed południem, jak obiecała pani burmistrz.</p><p>Rybacy mówili, że " \
    "czekali dość długo i że nowe nabrzeże z granitu przetrwa ich wszystkich.</p>"
/* Long enough to be all of an article. */
#define LONG                                                                                       \
    EN DE ES FR PL JA                                                                              \
        "<p>Nobody in the town remembers so long a wait, and nobody wants to wait so long again; " \
        "that, the mayor said in the evening, was what the granite was for, and she laughed.</p>"

struct page {
    const char *name;
    enum article_step step;
    const char *html;
    const char *with, *also, *without; /* in the text; may be NULL */
};

static const struct page pages[] = {
    {"a lead under the headline, menus between", STEP_LEAD,
     "<title>Hafen offen</title><h1>Hafen offen</h1><p>Nach zwei Jahren legen wieder Boote an, "
     "und der Bürgermeister hält Wort.</p><ul><li><a href=/a>Teilen</a><li><a href=/b>Drucken</a>"
     "</ul><div>Von Ana Silva</div><div class=entry-content>" DE "</div>",
     "legen wieder Boote an",       NULL, "Drucken"},
    {"a lead that is a heading",                 STEP_LEAD,
     "<title>Abre el puerto</title><header><h1>Abre el puerto</h1><h2>La alcaldesa cumple su "
     "promesa dos años después de la inundación y los barcos vuelven a entrar</h2></header>"
     "<div class=entry-content>" ES "</div>",
     "La alcaldesa cumple",         NULL, NULL     },
    {"a headline that is no h1",                 STEP_LEAD,
     "<title>Harbour opens again - Tidings</title><div class=news><h3>Harbour opens again</h3>"
     "<div class=teaser-text><p>Two years after the flood the boats are back at the quay.</p>"
     "</div><div class=news-text>" EN "</div></div>",
     "boats are back",              NULL, NULL     },
    {"a lead in a language without spaces",      STEP_LEAD,
     "<title>港が再開</title><h1>港が再開</h1><div class=lead>洪水から二年、船が港に戻ってきた。"
     "</div><div class=entry-content>" JA "</div>",
     "洪水から二年、船が", NULL, NULL     },
};

static struct slice text_of(const struct page *p, uint32_t without, struct arena *arena)
{
    struct article_hints hints = {.now = 1763769600, .without = without};
    struct article a;
    struct ww_error err;

    if (article_extract(slice_from(p->html), &hints, arena, &a, &err) != WW_OK)
        fail_msg("%s: %s", p->name, err.message);
    return a.text;
}

/* What is wrong with the text, NULL when it is as it should be. */
static const char *fault(const struct page *p, struct slice s)
{
    if (p->with != NULL && !slice_contains(s, slice_from(p->with)))
        return p->with;
    if (p->also != NULL && !slice_contains(s, slice_from(p->also)))
        return p->also;
    if (p->without != NULL && slice_contains(s, slice_from(p->without)))
        return p->without;
    return NULL;
}

static void test_pages(void **state)
{
    (void)state;
    for (size_t i = 0; i < WW_COUNT(pages); i++) {
        const struct page *p = &pages[i];
        struct arena arena;
        struct slice text;
        const char *wrong;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        text = text_of(p, 0, &arena);
        wrong = fault(p, text);
        if (wrong != NULL)
            fail_msg("%s: \"%s\" in\n%.*s", p->name, wrong, SLICE_ARG(text));
        if (fault(p, text_of(p, 1U << p->step, &arena)) == NULL)
            fail_msg("%s: right without \"%s\", too", p->name, step_names[p->step]);
        arena_release(&arena);
    }
}

static void test_soft_hyphens(void **state)
{
    static const struct page page = {
        .name = "soft hyphens",
        .html = "<title>Der Kai</title><article><p>Die Fi\u00adscher sag\u00adten, sie hät&shy;ten "
                "lange ge\u00adnug ge\u00adwar\u00adtet \u00ad.</p>" DE "</article>",
        .with = "Die Fischer sagten, sie hätten lange genug gewartet",
        .without = "\u00ad"};
    struct arena arena;
    const char *wrong;

    (void)state;
    arena_init(&arena, PAGE_ARENA_MAX_BYTES);
    wrong = fault(&page, text_of(&page, 0, &arena));
    if (wrong != NULL)
        fail_msg("soft hyphens: \"%s\"", wrong);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pages),
                                       cmocka_unit_test(test_soft_hyphens)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
