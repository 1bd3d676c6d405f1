/* gate.c - the gates in words. */
#include "alerts/gate.h"

#include "base/attrs.h"

static const struct {
    const char *name, *text, *needs;
} gates[] = {
    [GATE_NONE] = {"none",             "counts",                                                           ""                                                           },
    [GATE_LANGUAGE] = {"language",         "is a name of one word in another language than the article's",
                   "an article in that language, or the name without a language in the list"                                                                            },
    [GATE_SMALL] = {"small",            "is written without the capital that a name has",
                   "a capital, or in the list a spelling without one"                                                                                                   },
    [GATE_CUT_WORD] = {"cut-word",         "is cut out of the middle of two words",                            "the name as a word"                                         },
    [GATE_HIDDEN] = {"hidden",           "is a part of a longer name",                                       "the name outside of it"                                     },
    [GATE_VETO] = {"veto",             "is a part of a phrase in which no name counts",
                   "the name outside of the phrase"                                                                                                                     },
    [GATE_LINKS] = {"links",            "stands among related links or other lines that are no text",
                   "the name in the text itself"                                                                                                                        },
    [GATE_CAPTION] = {"caption",          "stands in a picture's caption",                                    "the name in the text itself"                                },
    [GATE_DATELINE] = {"dateline",         "stands in the dateline, where it was written from",
                   "the name in the text behind it"                                                                                                                     },
    [GATE_PHRASE_VETO] = {"phrase-veto",      "is a part of a phrase that is no place",
                   "the name outside of the phrase"                                                                                                                     },
    [GATE_FOLLOWED] = {"followed",         "is followed by a word that makes it something else",
                   "the name without that word"                                                                                                                         },
    [GATE_PHRASE] = {"phrase",           "is a part of a phrase that its place rejects",
                   "the name outside of the phrase"                                                                                                                     },
    [GATE_METONYM] = {"metonym",          "stands for a government here, not for the place",
                   "a word like \"in\" before it"                                                                                                                       },
    [GATE_FICTION] = {"fiction",          "is in an article that calls itself satire or made up",             ""                                                           },
    [GATE_ABSENT] = {"negative",         "is another place of that name: the article speaks of its country",
                   "an article without that word"                                                                                                                       },
    [GATE_NEEDED] = {"positive",         "may be something else: no word of its place is in the article",
                   "one of these words anywhere in the article"                                                                                                         },
    [GATE_REQUIRE] = {"require",          "lacks what the list requires beside it",
                   "the required words that near"                                                                                                                       },
    [GATE_EXCLUDE] = {"exclude",          "stands beside what the list excludes",
                   "the name without those words"                                                                                                                       },
    [GATE_NO_TERM] = {"no-term",          "is there, but no term that counts is in the whole article",
                   "a term in its sentence, or in one beside it in the same paragraph"                                                                                  },
    [GATE_NO_TERM_NEAR] = {"no-term-near",     "has no term that counts in its sentence or beside it",
                   "a term in its sentence, or in one beside it in the same paragraph"                                                                                  },
    [GATE_NO_TERM_SENTENCE] = {"no-term-sentence", "has no term that counts in its sentence",
                   "a term in its own sentence: a body's bare place asks for that"                                                                                      },
    [GATE_NO_TERM_BESIDE] = {"no-term-beside",   "is a word for a country and touches no term",
                   "a term right before or behind it"                                                                                                                   },
    [GATE_VETO_SENTENCE] = {"veto-sentence",
                   "has a term beside its sentence only, and a phrase in its sentence "
                            "says that it is about something else",                                        "a term in its own sentence"                                 },
    [GATE_SAME_SENTENCE] = {"same-sentence",
                   "has a term beside its sentence only, and its place asks for one in it",                "a term in its own sentence"                                 },
    [GATE_METONYM_BESIDE] = {"metonym-beside",
                   "has a term beside its sentence only, and may stand for a government",                  "a term in its own sentence, or a word like \"in\" before it"},
    [GATE_COUNTRY_BESIDE] = {"country-beside",
                   "has a term beside its sentence only: of a country that is too little",                 "a term in its own sentence"                                 },
    [GATE_NAME_LIMIT] = {"name-limit",       "is there more often than is looked at",                            ""                                                           },
    [GATE_ITEM_LIMIT] = {"item-limit",       "is one of more mentions of its item than are kept",                ""                                                           },
    [GATE_ARTICLE_LIMIT] = {"article-limit",    "is one of more mentions than an article may have",
                   ""                                                                                                                                                   },
    [GATE_TERM_HIDDEN] = {"term-hidden",      "is a part of a longer phrase that is none",
                   "the term outside of it"                                                                                                                             },
    [GATE_TERM_LEFT_OUT] = {"term-left-out",    "stands among links or in a caption",
                   "the term in the text itself"                                                                                                                        },
    [GATE_TERM_WEAK] = {"term-weak",        "is a weak term without a word beside it that says whose",
                   "such a word near it, or a term that counts earlier in the article"                                                                                  },
    [GATE_TERM_TOPICAL] = {"term-topical",     "counts only once a surer term has come before it",
                   "a strong term earlier in the article"                                                                                                               },
    [GATE_TERM_OPERATION] = {"term-operation",   "names an operation: it counts for bodies alone",
                   "a term for the place itself"                                                                                                                        },
};

const char *gate_name(enum gate gate)
{
    return gates[gate].name;
}

const char *gate_text(enum gate gate)
{
    return gates[gate].text;
}

const char *gate_needs(enum gate gate)
{
    return gates[gate].needs;
}
