/* test_language.c - short texts in many languages, and what a page claims about itself. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/limits.h"
#include "extractors/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void texts_and_claims(void **state)
{
    static const struct {
        const char *text, *claim, *language;
    } cases[] = {
        {"The bridge will be closed for three weeks and the trams run as usual.",                                                                       "",      "en"        },
        {"Die Brücke wird für drei Wochen gesperrt, und die Bahnen fahren wie immer.",                                                                "",      "de"        },
        {"Le pont sera fermé pendant trois semaines et les trams circulent dans la ville.",                                                            "",
         "fr"                                                                                                                                                                },
        {"El puente estará cerrado durante tres semanas y los tranvías circulan como siempre.",                                                       "",
         "es"                                                                                                                                                                },
        {"A ponte vai estar fechada durante três semanas, mas os elétricos não param.",                                                              "",      "pt"        },
        {"Мост будет закрыт на три недели, но трамваи будут ходить как обычно.",                 "",      "ru"        },
        {"Міст буде закрито на три тижні, але трамваї їздитимуть як завжди та без змін.", "",      "uk"        },
        {"سيغلق الجسر لمدة ثلاثة أسابيع في مايو بعد أن قال مجلس المدينة ذلك من قبل",          "",      "ar"        },
        {"大桥五月起封闭三周，电车照常运行，市政府星期一表示没有其他办法。",                                            "",      "zh"        },
        {"橋は五月から三週間閉鎖されますが、路面電車は通常どおり運行します。",                                         "",      "ja"        },
        {"다리는 오월부터 삼 주 동안 폐쇄되지만 전차는 평소대로 운행한다고 시가 밝혔다 그리고 끝.",
         "",                                                                                                                                                     "ko"        },
        {"Η γέφυρα θα είναι κλειστή για τρεις εβδομάδες τον Μάιο, είπε ο δήμος.",                "",      "el"        },
 /* A claim keeps its region when it is the same language, and loses when it is not. */
        {"大桥五月起封闭三周，电车照常运行，市政府星期一表示没有其他办法，记者说。大家都知道了。",
         "zh-Hant-TW",                                                                                                                                           "zh-Hant-TW"},
        {"The bridge will be closed for three weeks and the trams run as usual.",                                                                       "en-IE", "en-IE"     },
        {"The bridge will be closed for three weeks and the trams run as usual.",                                                                       "de",    "en"        },
        {"Broen vil være stengt i tre uker, og trikkene går som de har gjort før.",                                                                  "nb",    "nb"        },
 /* Too little to tell. */
        {"Bridge",                                                                                                                                      "ga",    "ga"        },
        {"12 + 30 = 42",                                                                                                                                "",      ""          },
        {"",                                                                                                                                            "en",    "en"        },
        {"",                                                                                                                                            "",      ""          },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct slice found;

        arena_init(&arena, PAGE_ARENA_MAX_BYTES);
        found = language_guess(slice_from(cases[i].text), slice_from(cases[i].claim), &arena);
        if (!slice_equal(found, slice_from(cases[i].language)))
            fail_msg("'%s' (%s): '%.*s', not '%s'", cases[i].text, cases[i].claim, SLICE_ARG(found),
                     cases[i].language);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_and_claims)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
