/* test_subscription.c - words of a subscription against alerts; words that are none; in words. */
#include "alerts/mail/analyst.h"
#include "alerts/mail/subscription.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/config.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A pier of the harbour in Ireland, medium; the list calls its kind "pier". */
static const struct alert_row pier = {
    .item = {"ie-kestrel",             10},
    .item_kind = {"pier",                   4 },
    .country = {"IE",                     2 },
    .tags = {"harbour,sport|Old town", 22},
    .severity = SEVERITY_MEDIUM
};
static const struct alert_row bureau = {
    .item = {"nl-bureau",    9 },
    .item_kind = {"jurisdiction", 12},
    .country = {"NL",           2 },
    .severity = SEVERITY_HIGH
};
static const struct alert_row bare = {
    .item = {"x",    1},
      .item_kind = {"rule", 4},
      .severity = SEVERITY_LOW
};

static void words_choose(void **state)
{
    static const struct {
        const char *words;
        bool takes_pier, takes_bureau, takes_bare;
    } cases[] = {
        {"",                                     true,  true,  true },
        {"   ",                                  true,  true,  true },
        {"country:IE",                           true,  false, false},
        {"country:ie",                           true,  false, false},
        {"COUNTRY:IE",                           true,  false, false},
        {"country:I",                            false, false, false},
        {"country:IE country:NL",                true,  true,  false},
        {"country:IE\tcountry:NL",               true,  true,  false},
        {"country:IE+severity:medium",           true,  false, false},
        {"country:IE+severity:high",             false, false, false},
        {"severity:low",                         true,  true,  true },
        {"severity:medium",                      true,  true,  false},
        {"severity:high",                        false, true,  false},
        {"tag:harbour",                          true,  false, false},
        {"tag:sport",                            true,  false, false},
        {"tag:old",                              true,  false, false},
        {"tag:town",                             true,  false, false},
        {"tag:harb",                             false, false, false},
        {"tag:harbour,sport",                    false, false, false},
        {"item:ie-kestrel",                      true,  false, false},
        {"site:ie-kestrel",                      true,  false, false},
        {"jurisdiction:NL-Bureau",               false, true,  false},
        {"list:jurisdictions",                   false, true,  false},
        {"list:rules",                           false, false, true },
        {"list:pier",                            true,  false, false},
        {"list:stations",                        false, false, false},
        {"-country:IE",                          false, true,  true },
        {"-country:IE -severity:high",           false, false, true },
        {"country:NL country:IE -severity:high", true,  false, false},
        {"-severity:high country:NL country:IE", true,  false, false},
        {"-country:IE+severity:high",            true,  true,  true },
        {"-country:IE+severity:medium",          false, true,  true },
        {"item:a item:b item:x",                 false, false, true },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct subscription s;
        struct ww_error err = {0};

        arena_init(&arena, 1 << 16);
        if (subscription_read(slice_from(cases[i].words), &arena, &s, &err) != WW_OK)
            fail_msg("%s: %s", cases[i].words, err.message);
        if (subscription_takes(&s, &pier) != cases[i].takes_pier ||
            subscription_takes(&s, &bureau) != cases[i].takes_bureau ||
            subscription_takes(&s, &bare) != cases[i].takes_bare)
            fail_msg("\"%s\": %d %d %d", cases[i].words, subscription_takes(&s, &pier),
                     subscription_takes(&s, &bureau), subscription_takes(&s, &bare));
        arena_release(&arena);
    }
}

static void words_that_are_none(void **state)
{
    static const struct {
        const char *words, *says;
    } cases[] = {
        {"cuntry:IE",                 "\"cuntry:IE\": unknown key \"cuntry\"; did you mean \"country\"?"},
        {"country:IE tags:x",         "\"tags:x\": unknown key \"tags\"; did you mean \"tag\"?"         },
        {"IE",                        "\"IE\": unknown key \"IE\"; a word is KEY:VALUE"                 },
        {"country:",                  "\"country:\" wants a value: country:VALUE"                       },
        {"country:IE+",               "\"country:IE+\" ends in '+'"                                     },
        {"+country:IE",               "unknown key \"\""                                                },
        {"country:IE++severity:high", "unknown key \"\""                                                },
        {"-",                         "\"-\" alone takes nothing away"                                  },
        {"--country:IE",              "unknown key \"-country\"; did you mean \"country\"?"             },
        {"severity:hihg",
         "\"severity:hihg\": severity is low, medium or high; did you mean \"high\"?"                   },
        {"country:IE+severity:5",     "severity is low, medium or high"                                 },
        {":IE",                       "unknown key \"\""                                                },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct subscription s;
        struct ww_error err = {0};

        arena_init(&arena, 1 << 16);
        if (subscription_read(slice_from(cases[i].words), &arena, &s, &err) != WW_INVALID ||
            strstr(err.message, cases[i].says) == NULL)
            fail_msg("\"%s\": %s", cases[i].words, err.message);
        arena_release(&arena);
    }
}

static void in_words(void **state)
{
    static const struct {
        const char *words, *says;
    } cases[] = {
        {"",                                    "everything"                                     },
        {"country:IE tag:europe",               "country IE, tag europe"                         },
        {"country:IE+severity:medium item:x",   "country IE with severity medium or high, item x"},
        {"-tag:sport",                          "everything; but not tag sport"                  },
        {"severity:low -severity:high -item:x",
         "severity low or higher; but not severity high, item x"                                 },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct subscription s;
        struct slice said;

        arena_init(&arena, 1 << 16);
        assert_int_equal(subscription_read(slice_from(cases[i].words), &arena, &s, NULL), WW_OK);
        said = subscription_words(&s, &arena);
        if (!slice_equal(said, slice_from(cases[i].says)))
            fail_msg("\"%s\": %.*s", cases[i].words, SLICE_ARG(said));
        arena_release(&arena);
    }
}

static void parts_are_held_against_items(void **state)
{
    struct arena arena;
    struct subscription s;
    struct slice key;
    struct slice value;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 16);
    assert_int_equal(subscription_read(SLICE("-country:IE+severity:high tag:x"), &arena, &s, NULL),
                     WW_OK);
    assert_int_equal(s.n_words, 2);
    assert_true(subscription_part(&s, 0, 1, &key, &value));
    assert_true(slice_equal(key, SLICE("severity")) && slice_equal(value, SLICE("high")));
    assert_true(subscription_part_fits(key, value, &bare)); /* an alert has it, not an item */
    assert_false(subscription_part(&s, 0, 2, &key, &value));
    assert_true(subscription_part(&s, 0, 0, &key, &value));
    assert_true(subscription_part_fits(key, value, &pier));
    assert_false(subscription_part_fits(key, value, &bureau));
    assert_true(subscription_part(&s, 1, 0, &key, &value));
    assert_false(subscription_part_fits(key, value, &pier));
    arena_release(&arena);
}

/* ---- an analyst of the settings -------------------------------------------------------------- */

static struct config settings_of(struct config_analyst *a)
{
    return (struct config){.path = SLICE("w.conf"),
                           .timezone = SLICE("Europe/Dublin"),
                           .command = SLICE("/bin/true"),
                           .analysts = a,
                           .n_analysts = 1};
}

static void an_analyst_is_as_the_settings_say(void **state)
{
    struct config_analyst a = {.name = SLICE("europe"),
                               .email = SLICE("e@example.org"),
                               .subscribe = SLICE("country:IE"),
                               .digest = SLICE("Mon-Fri 07:30 16:00"),
                               .weekly = SLICE("Mon 08:00"),
                               .immediate = SLICE("severity:high"),
                               .quiet = SLICE("22:00-06:30"),
                               .immediate_wait_s = 300,
                               .immediate_per_hour = 4,
                               .all_quiet = ANSWER_YES,
                               .line = 7};
    struct config c = settings_of(&a);
    struct arena arena;
    struct analyst out;
    struct ww_error err = {0};

    WW_UNUSED(state);
    arena_init(&arena, 1 << 16);
    assert_int_equal(analyst_read(&c, 0, &arena, &out, &err), WW_OK);
    assert_int_equal(out.hours.n_rows, 2);
    assert_int_equal(out.weekly.n_rows, 1);
    assert_int_equal(out.quiet.n_rows, 1);
    assert_true(out.has_at_once && out.wants_all_quiet && !out.wants_troubles && !out.is_every_run);
    assert_true(slice_equal(out.timezone, SLICE("Europe/Dublin")));
    assert_true(slice_equal(out.analysts, SLICE("|europe|")));
    assert_int_equal(out.channel, CHANNEL_MAIL);
    a.transport = 1 + TRANSPORT_COMMAND;
    a.timezone = SLICE("Asia/Tokyo");
    a.digest = SLICE("none");
    assert_int_equal(analyst_read(&c, 0, &arena, &out, &err), WW_OK);
    assert_int_equal(out.channel, CHANNEL_COMMAND);
    assert_true(slice_equal(out.address, SLICE("/bin/true")));
    assert_true(slice_equal(out.timezone, SLICE("Asia/Tokyo")));
    assert_true(out.hours.n_rows == 0 && !out.is_every_run);
    arena_release(&arena);
}

static void a_mistake_has_its_place(void **state)
{
    static const struct {
        struct config_analyst a;
        const char *says;
    } cases[] = {
        {{.subscribe = {"cuntry:IE", 9}, .digest = {"run", 3}},
         "w.conf:7: analyst \"x\": subscribe: \"cuntry:IE\": unknown key"                                                  },
        {{.immediate = {"severity:x", 10}, .digest = {"run", 3}},
         "w.conf:7: analyst \"x\": immediate: \"severity:x\""                                                              },
        {{.digest = {"7:30", 4}},                                    "w.conf:7: analyst \"x\": digest: \"7:30\" is neither"},
        {{.digest = {"run 07:30", 9}},                               "digest: \"run\" is neither"                          },
        {{.digest = {"", 0}},                                        "digest: it is run, none or hours, not empty"         },
        {{.digest = {"run", 3}, .transport = 1 + TRANSPORT_WEBHOOK},
         "w.conf:7: analyst \"x\": transport: webhook wants webhook = https://"                                            },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct config_analyst a = cases[i].a;
        struct config c = settings_of(&a);
        struct arena arena;
        struct analyst out;
        struct ww_error err = {0};

        a.name = SLICE("x");
        a.email = SLICE("x@example.org");
        a.line = 7;
        arena_init(&arena, 1 << 16);
        if (analyst_read(&c, 0, &arena, &out, &err) != WW_INVALID ||
            strstr(err.message, cases[i].says) == NULL)
            fail_msg("case %zu: %s", i, err.message);
        arena_release(&arena);
    }
}

static void memory_fails(void **state)
{
    struct config_analyst a = {.name = SLICE("x"),
                               .email = SLICE("x@example.org"),
                               .subscribe = SLICE("country:IE tag:x"),
                               .digest = SLICE("run"),
                               .immediate = SLICE("severity:high")};
    struct config c = settings_of(&a);
    bool is_reached = true;

    WW_UNUSED(state);
    for (long n = 1; is_reached; n++) {
        struct arena arena;
        struct analyst out;
        enum ww_status status;

        arena_init(&arena, 1 << 16);
        mem_fail_after(n);
        status = analyst_read(&c, 0, &arena, &out, NULL);
        is_reached = mem_count() >= n;
        mem_fail_after(0);
        if (status == WW_OK) /* an arena asks once more, for less */
            assert_true(out.wants.n_words == 2 && out.at_once.n_words == 1);
        else
            assert_int_equal(status, WW_NOMEM);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_choose),
        cmocka_unit_test(words_that_are_none),
        cmocka_unit_test(in_words),
        cmocka_unit_test(parts_are_held_against_items),
        cmocka_unit_test(an_analyst_is_as_the_settings_say),
        cmocka_unit_test(a_mistake_has_its_place),
        cmocka_unit_test(memory_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
