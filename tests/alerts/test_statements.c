/* test_statements.c - stances, whose status it is, counts and who says so, on a beat of dams. */
#include "alerts/mentions.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/record.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)256 * 1024 * 1024)

static const char stations[] = "id,name,kind,country,site,match_scope\n"
                               "a,Ash Dam,dam,GB,ash,city\n"
                               "b,Birch Dam,dam,GB,birch,city\n"
                               "e,Elm Dam,dam,GB,elm,city\n";
static const char places[] = "id,type,country,name,watch\n"
                             "ash,city,GB,Ash,station\n"
                             "birch,city,GB,Birch,station\n"
                             "elm,city,GB,Elm,station\n"
                             "oak,city,IE,Oak,gazetteer\n"
                             "ie,country,IE,Erin,gazetteer\n"
                             "pt,country,PT,Lusitania,gazetteer\n";
static const char terms[] = "language,term,role,strength\n"
                            "en,dam~,dam-term,strong\n"
                            "en,closed,status:closed,\n"
                            "en,ordered closed,status:ordered closed,\n"
                            "en,searched,status:searched,\n"
                            "en,denied,status:denied,weak\n"
                            "en,not @,negation,\n"
                            "en,no * @,negation,\n"
                            "en,no trace,negation,\n"
                            "en,allegedly,hedge,\n"
                            "en,alleged * @,hedge,\n"
                            "en,will * @,unreal,\n"
                            "en,calls for,unreal,\n"
                            "en,near * @,aside,\n"
                            "en,counties,countries,\n"
                            "en,at least @,bound:least,\n"
                            "en,about @,bound:about,\n"
                            "en,@ or more,bound:least,\n"
                            "en,@ said,saying,\n"
                            "en,according to @,saying,\n"
                            ",Water Watch,speaker:Water Watch,\n";

static void read_list(struct arena *arena, struct watchlist *w)
{
    static const struct {
        const char *name, *text;
    } files[] = {
        {"stations.csv", stations},
        {"places.csv",   places  },
        {"terms.csv",    terms   },
    };
    struct buf content;
    struct ww_error err = {0};

    buf_init(&content, 100000);
    for (size_t i = 0; i < WW_COUNT(files); i++) {
        record_put_text(&content, slice_from(files[i].name));
        record_put_text(&content, slice_from(files[i].text));
    }
    if (watchlist_parse(buf_slice(&content), arena, w, &err) != WW_OK)
        fail_msg("%s", err.message);
    buf_release(&content);
}

/* "item=state/stance" of proposals, "N/M/bound/speaker" of claims, "?place/stance" of the rest. */
static void describe(const struct mention_report *r, struct buf *out)
{
    for (size_t i = 0; i < r->n_proposals; i++)
        buf_printf(out, "%s%.*s=%.*s/%s", out->len > 0 ? " " : "",
                   SLICE_ARG(r->proposals[i].item->id), SLICE_ARG(r->proposals[i].state),
                   stance_name(r->proposals[i].stance));
    for (size_t i = 0; i < r->n_claims; i++)
        buf_printf(out, "%s%" PRId64 "/%" PRId64 "/%.*s/%.*s", out->len > 0 ? " " : "",
                   r->claims[i].n_sites, r->claims[i].n_countries, SLICE_ARG(r->claims[i].bound),
                   SLICE_ARG(r->claims[i].speaker));
    for (size_t i = 0; i < r->n_candidates; i++)
        buf_printf(out, "%s?%.*s/%s", out->len > 0 ? " " : "",
                   SLICE_ARG(r->candidates[i].place->id), stance_name(r->candidates[i].stance));
}

static const struct {
    const char *name, *text, *want;
} cases[] = {
    {"a status",              "The dam in Ash was closed.",                                 "ash=closed/asserted"        },
    {"not so",                "The dam in Ash was not closed.",                             "ash=closed/denied"          },
    {"said to be",            "The dam in Ash was allegedly closed.",                       "ash=closed/alleged"         },
    {"planned",               "The dam in Ash will be closed.",                             ""                           },
    {"wanted",                "Calls for the dam in Ash to be closed grew.",                ""                           },
    {"the longer word",       "The dam in Ash was ordered closed.",                         "ash=ordered closed/asserted"},
    {"a landmark",            "A mill near the dam in Ash was closed.",                     ""                           },
    {"a weak one is none",    "The mayor denied the dam in Ash.",                           ""                           },
    {"each its own",          "The dam in Ash was closed and the dam in Birch searched.",
     "ash=closed/asserted birch=searched/asserted"                                                                       },
    {"a list has one",        "The dams in Ash and Birch were closed.",
     "ash=closed/asserted birch=closed/asserted"                                                                         },
    {"a comma parts",         "The dam in Ash was closed, Birch has a dam.",                "ash=closed/asserted"        },
    {"the sentence before",   "There is a dam in Ash. The dam was closed.",                 "ash=closed/asserted"        },
    {"another place in it",   "There is a dam in Ash. The dam in Oak was closed.",          "?oak/asserted"              },
    {"two before",            "Dams are in Ash and in Birch. The dam was closed.",          ""                           },
    {"outright over alleged",
     "The dam in Ash was allegedly closed. Later the dam in Ash was closed.",               "ash=closed/asserted"        },
    {"a place",               "There is a dam in Oak.",                                     "?oak/asserted"              },
    {"no such place",         "There is no big dam in Oak.",                                "?oak/denied"                },
    {"no trace of it",        "They found no trace of a dam in Oak.",                       "?oak/denied"                },
    {"denied",                "The mayor denied that Oak has a dam.",                       "?oak/denied"                },
    {"alleged",               "The alleged old dam in Oak.",                                "?oak/alleged"               },
    {"said again, outright",  "There is no dam in Oak. There is a dam in Oak.",             "?oak/asserted"              },
    {"a country",             "There is a dam in Lusitania.",                               "?pt/asserted"               },
    {"beside its city",       "There is a dam in Oak in Erin.",                             "?oak/asserted"              },
    {"a count",               "There are 12 dams in 5 counties.",                           "12/5//"                     },
    {"turned",                "In 5 counties there are 12 dams.",                           "12/5//"                     },
    {"at least",              "There are at least 12 dams in 5 counties.",                  "12/5/least/"                },
    {"or more",               "There are 12 or more dams in 5 counties.",                   "12/5/least/"                },
    {"of the other number",   "There are 12 dams in about 5 counties.",                     "12/5/about/"                },
    {"who is known",          "Water Watch sees 12 dams in 5 counties.",                    "12/5//Water Watch"          },
    {"who says so",           "Mary Stone said 12 dams stand in 5 counties.",               "12/5//Mary Stone"           },
    {"according to",          "According to the Rivers Board 12 dams stand in 5 counties.",
     "12/5//Rivers Board"                                                                                                },
    {"one capital is nobody", "Yesterday said 12 dams stand in 5 counties.",                "12/5//"                     },
    {"a year",                "In 2022 dams stood in 5 counties.",                          ""                           },
    {"another sentence",      "There are 12 dams; 5 counties pay for roads.",               ""                           },
    {"of something else",     "A dam was seen by 12 boys in 5 counties.",                   ""                           },
    {"no number of counties", "There are 12 dams in many counties.",                        ""                           },
    {"too many counties",     "There are 12 dams in 5000 counties.",                        ""                           },
    {"Arabic digits",         "There are \xD9\xA1\xD9\xA2 dams in \xD9\xA5 counties.",      "12/5//"                     },
};

static enum ww_status run_all(struct arena *arena, bool must)
{
    struct watchlist w;
    struct mention_engine *engine;
    struct ww_error err = {0};
    enum ww_status status = WW_OK;

    read_list(arena, &w);
    status = mentions_open(&w, arena, &engine, &err);
    for (size_t i = 0; i < WW_COUNT(cases) && status == WW_OK; i++) {
        const struct mention_article article = {
            .title = SLICE(""), .text = slice_from(cases[i].text), .language = SLICE("en")};
        struct mention_report report;
        struct buf got;

        status = mentions_find(engine, &article, arena, &report, &err);
        if (status != WW_OK)
            break;
        buf_init(&got, 1000);
        describe(&report, &got);
        if (must && !slice_equal(buf_slice(&got), slice_from(cases[i].want)))
            fail_msg("%s: want \"%s\", got \"%.*s\"", cases[i].name, cases[i].want,
                     SLICE_ARG(buf_slice(&got)));
        buf_release(&got);
    }
    return status;
}

static void test_cases(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(run_all(&arena, true), WW_OK);
    arena_release(&arena);
}

/* The bytes that offsets name are the words that were found. */
static void test_spans(void **state)
{
    const struct mention_article article = {
        .title = SLICE("12 dams in 5 counties"),
        .text = SLICE("\xC3\x89t\xC3\xA9. The dam in Ash was closed."),
        .language = SLICE("en")};
    struct arena arena;
    struct watchlist w;
    struct mention_engine *engine;
    struct mention_report r;

    (void)state;
    arena_init(&arena, ARENA_MAX);
    read_list(&arena, &w);
    assert_int_equal(mentions_open(&w, &arena, &engine, NULL), WW_OK);
    assert_int_equal(mentions_find(engine, &article, &arena, &r, NULL), WW_OK);
    assert_int_equal(r.n_claims, 1);
    assert_int_equal(r.claims[0].at.field, MENTION_TITLE);
    assert_true(slice_equal(
        slice_sub(article.title, r.claims[0].at.start, r.claims[0].at.end - r.claims[0].at.start),
        SLICE("12 dams in 5 counties")));
    assert_int_equal(r.n_proposals, 1);
    assert_true(slice_equal(slice_sub(article.text, r.proposals[0].at.start,
                                      r.proposals[0].at.end - r.proposals[0].at.start),
                            SLICE("closed")));
    arena_release(&arena);
}

/* A text that is nothing but statuses and numbers is bounded, and so is the time it takes. */
static void test_flood(void **state)
{
    struct arena arena;
    struct buf text;
    struct watchlist w;
    struct mention_engine *engine;
    struct mention_report r;
    struct mention_article article = {.title = SLICE(""), .language = SLICE("en")};

    (void)state;
    arena_init(&arena, (size_t)1024 * 1024 * 1024);
    buf_init(&text, 4000000);
    for (size_t i = 0; i < 20000; i++)
        buf_printf(&text, "The dam in Ash was closed, 12 dams in 5 counties said Oak dam. ");
    article.text = buf_slice(&text);
    read_list(&arena, &w);
    assert_int_equal(mentions_open(&w, &arena, &engine, NULL), WW_OK);
    assert_int_equal(mentions_find(engine, &article, &arena, &r, NULL), WW_OK);
    assert_in_range(r.n_claims, 1, 1000);
    assert_int_equal(r.n_proposals, 1);

    /* In one sentence each would be asked of each other: minutes, for a page of a hundred kB. */
    buf_reset(&text);
    for (size_t i = 0; i < 20000; i++)
        buf_add_string(&text, "The dam in Ash was closed and 12 dams in 5 counties not ");
    article.text = buf_slice(&text);
    assert_int_equal(mentions_find(engine, &article, &arena, &r, NULL), WW_OK);
    assert_int_equal(r.n_claims, 0);
    assert_int_equal(r.n_proposals, 0);
    buf_release(&text);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_flood),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
