/* language.c - scripts counted, stop words counted, the claim weighed. */
#include "extractors/language.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/hash.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* So much of a text tells its language; more costs time. */
#define SAMPLE_BYTES 4096
/* Below this many letters a claim is better than a guess. */
#define LETTERS_MIN 40

enum script {
    SCRIPT_LATIN,
    SCRIPT_CYRILLIC,
    SCRIPT_ARABIC,
    SCRIPT_HAN,
    SCRIPT_KANA,
    SCRIPT_HANGUL,
    SCRIPT_GREEK,
    SCRIPT_HEBREW,
    SCRIPT_THAI,
    SCRIPT_DEVANAGARI,
    SCRIPT_BENGALI,
    SCRIPT_TAMIL,
    SCRIPT_GEORGIAN,
    SCRIPT_ARMENIAN,
    SCRIPT_KHMER,
    SCRIPT_LAO,
    SCRIPT_MYANMAR,
    SCRIPT_ETHIOPIC,
    SCRIPT_COUNT
};

/* Sorted by first code point. */
static const struct {
    uint32_t first, last;
    enum script script;
} ranges[] = {
    {0x0041, 0x024F, SCRIPT_LATIN     },
    {0x0370, 0x03FF, SCRIPT_GREEK     },
    {0x0400, 0x052F, SCRIPT_CYRILLIC  },
    {0x0531, 0x058F, SCRIPT_ARMENIAN  },
    {0x05D0, 0x05F2, SCRIPT_HEBREW    },
    {0x0620, 0x06FF, SCRIPT_ARABIC    },
    {0x0900, 0x097F, SCRIPT_DEVANAGARI},
    {0x0980, 0x09FF, SCRIPT_BENGALI   },
    {0x0B80, 0x0BFF, SCRIPT_TAMIL     },
    {0x0E00, 0x0E7F, SCRIPT_THAI      },
    {0x0E80, 0x0EFF, SCRIPT_LAO       },
    {0x1000, 0x109F, SCRIPT_MYANMAR   },
    {0x10A0, 0x10FF, SCRIPT_GEORGIAN  },
    {0x1100, 0x11FF, SCRIPT_HANGUL    },
    {0x1200, 0x137F, SCRIPT_ETHIOPIC  },
    {0x1780, 0x17FF, SCRIPT_KHMER     },
    {0x1E00, 0x1EFF, SCRIPT_LATIN     },
    {0x1F00, 0x1FFF, SCRIPT_GREEK     },
    {0x3041, 0x30FF, SCRIPT_KANA      },
    {0x3400, 0x9FFF, SCRIPT_HAN       },
    {0xAC00, 0xD7A3, SCRIPT_HANGUL    },
};

/* The one language of a script; NULL where words have to decide. */
static const char *const by_script[SCRIPT_COUNT] = {
    [SCRIPT_HAN] = "zh",        [SCRIPT_KANA] = "ja",     [SCRIPT_HANGUL] = "ko",
    [SCRIPT_GREEK] = "el",      [SCRIPT_HEBREW] = "he",   [SCRIPT_THAI] = "th",
    [SCRIPT_DEVANAGARI] = "hi", [SCRIPT_BENGALI] = "bn",  [SCRIPT_TAMIL] = "ta",
    [SCRIPT_GEORGIAN] = "ka",   [SCRIPT_ARMENIAN] = "hy", [SCRIPT_KHMER] = "km",
    [SCRIPT_LAO] = "lo",        [SCRIPT_MYANMAR] = "my",  [SCRIPT_ETHIOPIC] = "am",
};

/* The commonest words that few neighbours share. */
static const struct {
    const char *language;
    enum script script;
    const char *words;
} vocabularies[] = {
    {"en", SCRIPT_LATIN,
     "the of and to in is that was for with on are this by from at have has were which been their "
     "its"                                                                                                                                       },
    {"de", SCRIPT_LATIN,
     "der die und das den von zu mit des auf ist nicht dem ein eine für im sich auch als wird bei"                                              },
    {"fr", SCRIPT_LATIN,
     "le la les des et est une dans que qui pour pas sur au avec sont du par plus cette ont aux"                                                 },
    {"es", SCRIPT_LATIN,
     "el la de los las que en una por con para del se su como más ha fue al pero este está"                                                    },
    {"it", SCRIPT_LATIN,
     "il di che la per della un una con del è sono gli nel anche alla dei più non le si dal"                                                   },
    {"pt", SCRIPT_LATIN,
     "o de que os em uma para com não do da as dos mais por foi ao na no são pelo também"                                                     },
    {"nl", SCRIPT_LATIN,
     "de het een van en in is dat op te zijn met voor niet aan er die ook door naar bij wordt"                                                   },
    {"pl", SCRIPT_LATIN,
     "w i na z do się nie że jest to o jak po przez dla od jego oraz był są tym który"                                                      },
    {"cs", SCRIPT_LATIN,
     "a se v na je že s z do o to i ve by pro jsou jako ale po jeho který který byl také"                                                    },
    {"sk", SCRIPT_LATIN,
     "a sa v na je že s z do o to aj vo by pre sú ako ale po jeho ktorý ktoré bol tiež"                                                     },
    {"hu", SCRIPT_LATIN,
     "a az és hogy nem is egy ez volt meg azt de csak már mint ha vagy még szerint után"                                                     },
    {"ro", SCRIPT_LATIN,
     "de și în la cu a care pe din nu că o mai un este pentru fost sunt sau au prin după"                                                    },
    {"sv", SCRIPT_LATIN,
     "och att det i som en på är av för med till den har inte om ett men var från också"                                                    },
    {"da", SCRIPT_LATIN,
     "og at det i er en til på som af for med der den har ikke de et var men også blev"                                                        },
    {"no", SCRIPT_LATIN,
     "og det i er som en på til å for av med at har ikke den de et var men ble også etter"                                                    },
    {"fi", SCRIPT_LATIN,
     "ja on ei että se oli hän mutta ovat kun myös niin kuin joka sekä tai mukaan ole vain"                                                  },
    {"tr", SCRIPT_LATIN,
     "ve bir bu da de için ile olarak daha çok olan gibi ancak kadar sonra ise ne değil en var"                                               },
    {"id", SCRIPT_LATIN,
     "yang dan di dengan untuk dari pada ini itu tidak dalam akan adalah ke oleh juga karena "
     "telah"                                                                                                                                     },
    {"ms", SCRIPT_LATIN,
     "yang dan di dengan untuk dari pada ini itu tidak dalam akan adalah oleh juga kerana telah "
     "beliau"                                                                                                                                    },
    {"vi", SCRIPT_LATIN,
     "của và là các có được trong cho với không người một những đã này để khi từ theo tại"                         },
    {"hr", SCRIPT_LATIN,
     "i je u se na da su za od s koji kao što nije bi iz ali bio koja će biti te"                                                              },
    {"sl", SCRIPT_LATIN,    "in je v na se da za so ki z pa tudi ne bo iz po kot bi od ali pri bil"                                              },
    {"lt", SCRIPT_LATIN,
     "ir į kad yra su iš tai ne kaip apie bei buvo dėl jo per po bet savo už nuo"                                                            },
    {"lv", SCRIPT_LATIN,
     "un ir ar no uz par ka tas kas bija lai to arī nav pēc pie bet kā vai savu"                                                              },
    {"et", SCRIPT_LATIN,
     "ja on ei et see oli ka kui mis ning oma aga või ta selle kes pole ole siis veel"                                                          },
    {"ca", SCRIPT_LATIN,
     "el la de i que els les per amb una en un del és al no ha dels més són aquest"                                                           },
    {"sq", SCRIPT_LATIN,    "të e në dhe për një që me i nga është se ka si kjo më janë nuk do ky"                                      },
    {"sw", SCRIPT_LATIN,
     "ya na wa kwa katika ni za kuwa la hii cha kama huyo huo yake wakati baada hiyo"                                                            },
    {"ru", SCRIPT_CYRILLIC,
     "и в не на что с по как это к из у он за от для его о но был также было все"            },
    {"uk", SCRIPT_CYRILLIC,
     "і в на що не з до у та як це за про від для його є але був також було які"             },
    {"bg", SCRIPT_CYRILLIC,
     "на и да се в за от е с че по са не като ще до това си който има при но"                   },
    {"sr", SCRIPT_CYRILLIC, "и је у да се на за су од са који као што није би из али био која ће"},
    {"mk", SCRIPT_CYRILLIC, "на и во да се за од е со дека што ќе не ги го ја како по кој има"      },
    {"be", SCRIPT_CYRILLIC, "і ў на што не з у да як гэта за па ад для яго але быў таксама якія" },
    {"ar", SCRIPT_ARABIC,   "في من على أن إلى التي عن ما هذا مع الذي هذه لا كان بعد قد بين أو"    },
    {"fa", SCRIPT_ARABIC,   "و در به از که این را با است برای آن یک هم شد تا بر می شود کرد"           },
    {"ur", SCRIPT_ARABIC,   "کے کی میں ہے اور سے کا کو نے پر کہ ہیں اس یہ بھی ایک کر تھا"              },
};

#define N_LANGUAGES WW_COUNT(vocabularies)

static enum script script_of(uint32_t code)
{
    for (size_t i = 0; i < WW_COUNT(ranges); i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return ranges[i].script;
    return SCRIPT_COUNT;
}

static enum script main_script(struct slice text, size_t *n_letters)
{
    size_t counts[SCRIPT_COUNT] = {0};
    size_t at = 0, best = SCRIPT_LATIN;

    *n_letters = 0;
    while (at < text.len) {
        uint32_t code = text_next_code(text, &at);
        enum script s = script_of(code);

        if (s == SCRIPT_COUNT || !text_is_word(code))
            continue;
        /* A character of Chinese says as much as a short word. */
        counts[s] += s == SCRIPT_HAN || s == SCRIPT_KANA || s == SCRIPT_HANGUL ? 3 : 1;
        (*n_letters)++;
    }
    for (size_t i = 1; i < SCRIPT_COUNT; i++)
        if (counts[i] > counts[best])
            best = i;
    /* Japanese is written with Han and kana together; Chinese has hardly any kana. */
    if (best == SCRIPT_HAN && counts[SCRIPT_KANA] * 10 > counts[SCRIPT_HAN])
        best = SCRIPT_KANA;
    return (enum script)best;
}

/* Every word of every vocabulary, with the languages that have it as bits; a power of two. */
#define SLOTS 4096

struct word_slot {
    struct slice word;
    uint64_t languages;
};

_Static_assert(N_LANGUAGES <= 64, "a bit for each language");

/* The slot of word, or the free one where it would stand. */
static struct word_slot *find_slot(struct word_slot *slots, struct slice word)
{
    size_t at = (size_t)hash64(word) % SLOTS;

    while (slots[at].languages != 0 && !slice_equal(slots[at].word, word))
        at = (at + 1) % SLOTS;
    return &slots[at];
}

static void fill_slots(struct word_slot *slots, enum script script)
{
    for (size_t i = 0; i < N_LANGUAGES; i++) {
        struct slice rest = slice_from(vocabularies[i].words), word;

        while (vocabularies[i].script == script && slice_next(&rest, ' ', &word)) {
            struct word_slot *slot = find_slot(slots, word);

            slot->word = word;
            slot->languages |= (uint64_t)1 << i;
        }
    }
}

static size_t count_words(struct slice text, struct word_slot *slots, size_t *hits)
{
    size_t at = 0, n_words = 0;

    while (at < text.len) {
        size_t start = at, end = at;
        uint64_t languages;

        while (at < text.len && text_is_word(text_next_code(text, &at)))
            end = at;
        if (end == start)
            continue;
        n_words++;
        languages = find_slot(slots, slice_sub(text, start, end - start))->languages;
        for (size_t i = 0; languages != 0; i++, languages >>= 1)
            hits[i] += languages & 1;
    }
    return n_words;
}

static bool is_same_language(struct slice claim, const char *guess)
{
    size_t len = strlen(guess);

    if (slice_starts_nocase(claim, slice_from(guess)))
        return claim.len == len || claim.ptr[len] == '-';
    /* The claims "nb" and "nn" are the Norwegian that the words found. */
    return strcmp(guess, "no") == 0 &&
           (slice_starts_nocase(claim, SLICE("nb")) || slice_starts_nocase(claim, SLICE("nn")));
}

/* The language with the most known words; NULL when hardly any is known. */
static const char *by_words(struct slice text, enum script script, struct slice claim,
                            struct arena *arena)
{
    struct word_slot *slots = arena_array(arena, SLOTS, sizeof(*slots));
    size_t hits[N_LANGUAGES] = {0};
    size_t n_words, best = N_LANGUAGES;

    if (slots == NULL)
        return NULL;
    fill_slots(slots, script);
    n_words = count_words(text, slots, hits);
    for (size_t i = 0; i < N_LANGUAGES; i++) {
        if (hits[i] == 0)
            continue;
        /* A page knows its own language better than ten words do. */
        if (is_same_language(claim, vocabularies[i].language))
            hits[i] += hits[i] / 5;
        if (best == N_LANGUAGES || hits[i] > hits[best])
            best = i;
    }
    return best < N_LANGUAGES && hits[best] * 20 > n_words ? vocabularies[best].language : NULL;
}

struct slice language_guess(struct slice text, struct slice claim, struct arena *arena)
{
    size_t n_letters;
    enum script script;
    const char *guess;

    text = text_cut(text, SAMPLE_BYTES);
    script = main_script(text, &n_letters);
    if (n_letters < LETTERS_MIN && claim.len > 0)
        return claim;
    if (n_letters == 0)
        return (struct slice){"", 0};
    guess = by_script[script] != NULL ? by_script[script] : by_words(text, script, claim, arena);
    if (guess == NULL || is_same_language(claim, guess))
        return claim;
    return slice_from(guess);
}
