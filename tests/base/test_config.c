/* test_config.c - settings: every mistake is told with file:line, and the nearest known word. */
#include "base/config.h"
#include "base/config_values.h"

#include "base/arena.h"
#include "base/nearest.h"
#include "base/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define GOOD \
    "[wirewatch]\ncontact = desk@example.org ; a comment\n[mail]\nfrom = W <w@example.org>\n"

static enum ww_status read_text(const char *text, struct arena *arena, struct config *c,
                                struct ww_error *err)
{
    char path[] = "/tmp/wirewatch-config-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    enum ww_status status;

    assert_non_null(file);
    (void)fputs(text, file);
    (void)fclose(file);
    status = config_read(arena_string(arena, slice_from(path)), arena, c, err);
    (void)unlink(path);
    return status;
}

static void a_good_file(void **state)
{
    struct arena arena;
    struct config c;
    struct ww_error err = {0};

    (void)state;
    arena_init(&arena, 1 << 20);
    assert_int_equal(
        read_text(GOOD "[fetch]\nallow = 127.0.0.0/8\nallow = 10.1.0.0/16\nfeed-interval = 15m\n"
                       "max-body = 2M\n[match]\nwatchlist = lists/one\n"
                       "[analyst \"europe desk\"]\nemail = e@example.org\ndigest = 07:30\n"
                       "timezone = Europe/Rome\n[analyst \"b\"]\nemail = b@example.org\n",
                  &arena, &c, &err),
        WW_OK);
    assert_true(slice_equal(c.contact, SLICE("desk@example.org")));
    assert_int_equal(c.allow.n_ranges, 2);
    assert_int_equal(c.feed_interval_s, 900);
    assert_int_equal(c.max_body_bytes, 2 * 1024 * 1024);
    assert_int_equal(c.host_interval_s, 2);
    assert_true(slice_equal(c.watchlist, SLICE("/tmp/lists/one")));
    assert_int_equal(c.n_analysts, 2);
    assert_true(slice_equal(c.analysts[0].name, SLICE("europe desk")));
    assert_true(slice_equal(c.analysts[0].timezone, SLICE("Europe/Rome")));
    assert_true(slice_equal(c.analysts[1].digest, SLICE("run")));
    arena_release(&arena);
}

/* A host of another script as every server takes it; names stay as they are. */
static void mailboxes_have_ascii_hosts(void **state)
{
    static const char *const cases[][2] = {
        {"J\u00f6rg <j@b\u00fccher.example>", "J\u00f6rg <j@xn--bcher-kva.example>"},
        {"j@b\u00fccher.example",             "j@xn--bcher-kva.example"            },
        {"J\u00f6rg <J@Example.ORG>",         "J\u00f6rg <J@Example.ORG>"          },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;

        arena_init(&arena, 1 << 16);
        if (!slice_equal(config_mailbox(slice_from(cases[i][0]), &arena), slice_from(cases[i][1])))
            fail_msg("%s", cases[i][0]);
        arena_release(&arena);
    }
}

static void every_mistake_is_named(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"[wirewatch]\ncontcat = x\n",                                                                 ":2: unknown key \"contcat\"; did you mean \"contact\"?" },
        {"[fetsch]\nallow = x\n",                                                                      ":1: unknown section \"fetsch\"; did you mean \"fetch\"?"},
        {"[wirewatch]\nzzzzzz = x\n",                                                                  ":2: unknown key \"zzzzzz\""                             },
        {"[wirewatch]\nno sense here\n",                                                               ":2: neither [section] nor key = value"                  },
        {GOOD "[fetch]\ntimeout = soon\n",                                                             ":6: timeout: \"soon\" is not a duration"                },
        {GOOD "[fetch]\ntimeout = 2h\n",                                                               ":6: timeout: 2h is out of range"                        },
        {GOOD "[fetch]\nallow = 300.0.0.0/8\n",                                                        ":6: allow: "                                            },
        {GOOD "[fetch]\nca-file = nowhere.pem\n",                                                      ":6: ca-file: /tmp/nowhere.pem"                          },
        {GOOD "[fetch]\nca-file = /dev/null\n",                                                        ":6: ca-file: /dev/null: no certificate in it"           },
        {GOOD "[fetch]\nverify = no\n",                                                                ":6: unknown key \"verify\""                             },
        {GOOD "[fetch]\ninsecure = yes\n",                                                             ":6: unknown key \"insecure\""                           },
        {GOOD "[mail]\ntransport = pigeon\n",                                                          "\"pigeon\" is not one of its values"                    },
        {GOOD "[mail]\ntransport = smtp\n",                                                            "wants server = smtp://"                                 },
        {GOOD "[analyst \"a\"]\ndigest = run\n",                                                       "analyst \"a\" wants email"                              },
        {GOOD "[analyst \"a\"]\nemail = a@b\ndigest = 25:00\n",
         ":7: analyst \"a\": digest (run, none or hours): \"25:00\" is neither an hour"                                                                         },
        {GOOD "[analyst \"a\"]\nemail = a@b\n"
              "[analyst \"b\"]\nemail = b@b\n[analyst \"a\"]\ndigest = 07:30\nemail = c@b\n", ":11: analyst \"a\" has email twice"                     },
        {GOOD "[analyst \"a\"]\nemail = a@b\nquiet = 22:00\n",
         ":7: analyst \"a\": quiet: \"22:00\" is neither hours as"                                                                                              },
        {GOOD "[analyst \"a\"]\nemail = a@b\nweekly = Mno 08:00\n",
         ":7: analyst \"a\": weekly: \"Mno\" is neither"                                                                                                        },
        {GOOD "[analyst \"a\"]\nemail = a at b\n",
         ":6: analyst \"a\": email: \"a at b\" is no mailbox"                                                                                                   },
        {GOOD "[analyst \"a\"]\nemail = a@b, c@d\n",                                                   "\"a@b, c@d\" is no mailbox"                             },
        {GOOD "[analyst \"a\"]\nemail = a@b\ntransport = web\n",
         "\"web\" is not one of its values"                                                                                                                     },
        {GOOD "[analyst \"a\"]\nemail = a@b\nall-quiet = ye\n",                                        "did you mean \"yes\"?"                                  },
        {GOOD "[analyst \"a\"]\nemail = a@b\nwebhook = http://example.org/x\n",
         ":7: analyst \"a\": webhook: \"http://example.org/x\" is no https address"                                                                             },
        {GOOD "[mail]\nwebhook = http://127.0.0.1.example.org/\n",                                     "is no https address"                                    },
        {GOOD "[mail]\nwebhook = https://name:word@example.org/\n",                                    "is no https address"                                    },
        {GOOD "[mail]\nwebhook = https:///x\n",                                                        "is no https address"                                    },
        {GOOD "[mail]\nwebhook = ftp://example.org/\n",                                                "is no https address"                                    },
        {GOOD "[mail]\ncanary = nobody\n",                                                             ":6: canary: \"nobody\" is no mailbox"                   },
        {GOOD "[mail]\nenvelope-from = <>\n",                                                          "\"<>\" is no mailbox"                                   },
        {GOOD "[mail]\nfrom = J\u00f6rg <j\u00f6rg@b>\n",
         "is no mailbox (name@host, before the @ in ASCII)"                                                                                                     },
        {GOOD "[mail]\nfrom = Watch <a@b> c\n",                                                        ":6: from: \"Watch <a@b> c\" is no mailbox"              },
        {GOOD "[mail]\nunsubscribe-url = http://example.org/u\n",                                      ":6: unsubscribe-url: "                                  },
        {GOOD "[report]\nurl = example.org/report\n",
         ":6: url: \"example.org/report\" is no web address"                                                                                                    },
        {GOOD "[analyst \"a|b\"]\nemail = a@b\n",                                                      ":5: the name of an analyst is one line"                 },
        {GOOD "[analyst]\nemail = a@b\n",                                                              "an analyst wants a name"                                },
        {GOOD "[analyst \"a\"]\nemail = a@b\ntimezone = Mars/Olympus\n",
         ":7: analyst \"a\": timezone: no time zone \"Mars/Olympus\" (Europe/Dublin, UTC)"                                                                      },
        {"[wirewatch]\ntimezone = Europe/Roma\n",
         ":2: timezone: no time zone \"Europe/Roma\"; did you mean \"Europe/Rome\"?"                                                                            },
        {"[wirewatch]\ntimezone = dublin\n",                                                           "did you mean \"Europe/Dublin\"?"                        },
        {GOOD "[analyst \"a\"]\n\n[fetch]\n",                                                          ":5: analyst \"a\" wants email"                          },
        {GOOD "[analyst \"a\"]",                                                                       ":5: analyst \"a\" wants email"                          },
        {GOOD "[analyst \"a\"]\nemail = J\u00fcrgen@b\n",
         ":6: analyst \"a\": email: \"J\u00fcrgen@b\" is no mailbox (name@host, before the @ in "
         "ASCII)"                                                                                                                                               },
        {GOOD "[analyst \"a\"]\nemail = a@b\nweekly = 08:00\n",
         ":7: analyst \"a\": weekly: \"08:00\" names no day: weekly = Mon 08:00"                                                                                },
        {GOOD "[analyst \"a\"]\nemail = a@b\nquiet = 00:00-24:00\n",
         ":7: analyst \"a\": quiet: the quiet hours never end"                                                                                                  },
        {GOOD "[analyst \"a\"]\nemail = a@b\nquiet = 00:00-12:00\nquiet = 11:00-24:00\n",
         ":7: analyst \"a\": quiet: the quiet hours never end"                                                                                                  },
        {GOOD "[mail]\npassword-file = x\n\npassword-command = y\n",
         ":8: [mail] password-command and password-file: keep one"                                                                                              },
        {GOOD "[mail]\nwebhook-token-file = x\nwebhook-token-credential = y\n",
         ":7: [mail] webhook-token-file and webhook-token-credential: keep one"                                                                                 },
        {GOOD "[mail]\ntransport = smtp\nserver = smtp://127.0.0.1\nuser = u\n",
         ":8: [mail] user wants a password"                                                                                                                     },
        {GOOD "[mail]\ntls = none\nserver = smtp://127.0.0.1\nuser = u\npassword-file = "
              "p\n[analyst \"a\"]\nemail = a@b\ntransport = smtp\n",                          ":8: [mail] user, but tls = none"                        },
    };

    (void)state;
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct config c;
        struct ww_error err = {0};

        arena_init(&arena, 1 << 20);
        assert_int_equal(read_text(cases[i].text, &arena, &c, &err), WW_INVALID);
        if (strstr(err.message, cases[i].message) == NULL)
            fail_msg("case %zu: \"%s\" lacks \"%s\"", i, err.message, cases[i].message);
        arena_release(&arena);
    }
}

static void addresses_of_all_kinds_are_taken(void **state)
{
    struct arena arena;
    struct config c;
    struct ww_error err = {0};

    (void)state;
    arena_init(&arena, 1 << 20);
    if (read_text(GOOD
                  "[mail]\nfrom = Watch, the Wire <w@example.org>\nwebhook = http://[::1]:80/x\n"
                  "unsubscribe-url = https://example.org/u?a=b\n[report]\n"
                  "url = http://desk.example.org/report/\n[analyst \"a\"]\nemail = a.b+c@ex.org\n"
                  "webhook = http://127.0.0.1:8080/hook\ndigest = none\ndigest =\n"
                  "digest = Mon-Fri 07:30\ndigest = Sat 10:00\n"
                  "[analyst \"b\"]\nemail = B <b@ex.org>\nwebhook = HTTPS://ex.org\n"
                  "webhook-x = 1\n",
                  &arena, &c, &err) != WW_INVALID ||
        strstr(err.message, "webhook-x") == NULL)
        fail_msg("%s", err.message);
    assert_true(slice_equal(c.analysts[0].digest, SLICE("Mon-Fri 07:30 Sat 10:00")));
    assert_int_equal(config_analyst_line(&c.analysts[0], "email"), 12);
    assert_int_equal(config_analyst_line(&c.analysts[0], "digest"), 14);
    assert_int_equal(config_analyst_line(&c.analysts[0], "weekly"), c.analysts[0].line);
    assert_int_equal(c.n_analysts, 2);
    arena_release(&arena);
}

/* What `config` shows can be written in a file again. */
static void values_are_shown_as_people_write_them(void **state)
{
    static const char *const expected[][3] = {
        {"fetch",   "per-host-interval", "2s"     },
        {"fetch",   "feed-interval",     "90s"    },
        {"fetch",   "max-body",          "8M"     },
        {"match",   "max-age",           "14d"    },
        {"match",   "first-read",        "0s"     },
        {"mail",    "timeout",           "5m"     },
        {"mail",    "max-per-run",       "200"    },
        {"analyst", "immediate-wait",    "5s"     },
        {"analyst", "digest",            "07:30"  },
        {"analyst", "transport",         "default"},
    };
    struct config_option option;
    struct ww_error err = {0};
    struct arena arena;
    struct config c;
    size_t n = 0;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    assert_int_equal(read_text(GOOD "[fetch]\nfeed-interval = 90\n[match]\nfirst-read = 0\n"
                                    "[analyst \"a\"]\nemail = a@b\ndigest = 07:30\n"
                                    "immediate-wait = 5\nquiet = 00:00-12:00\n",
                               &arena, &c, &err),
                     WW_OK);
    for (size_t i = 0; config_option(i, &option); i++)
        for (size_t k = 0; k < WW_COUNT(expected); k++) {
            const bool is_analyst = strcmp(option.section, "analyst") == 0;
            struct slice value;

            if (strcmp(option.section, expected[k][0]) != 0 ||
                strcmp(option.key, expected[k][1]) != 0)
                continue;
            value = is_analyst ? config_analyst_value(&c.analysts[0], i, &arena)
                               : config_value(&c, i, &arena);
            if (!slice_equal(value, slice_from(expected[k][2])))
                fail_msg("%s: %.*s", option.key, SLICE_ARG(value));
            n++;
        }
    assert_int_equal(n, WW_COUNT(expected));
    arena_release(&arena);
}

static void a_contact_is_wanted_before_fetching(void **state)
{
    struct arena arena;
    struct config c;
    struct ww_error err = {0};

    (void)state;
    arena_init(&arena, 1 << 20);
    assert_int_equal(read_text("[wirewatch]\n", &arena, &c, &err), WW_OK);
    assert_int_equal(config_check_contact(&c, &err), WW_INVALID);
    assert_non_null(strstr(err.message, "contact = is missing"));
    assert_int_equal(read_text(GOOD, &arena, &c, &err), WW_OK);
    assert_int_equal(config_check_contact(&c, &err), WW_OK);
    arena_release(&arena);
}

static void a_long_line_is_refused_not_split(void **state)
{
    struct arena arena;
    struct config c;
    struct ww_error err = {0};
    char text[600] = "[wirewatch]\ncontact = ";

    (void)state;
    memset(text + strlen(text), 'x', 400);
    arena_init(&arena, 1 << 20);
    assert_int_equal(read_text(text, &arena, &c, &err), WW_INVALID);
    assert_non_null(strstr(err.message, ":2: line longer than"));
    arena_release(&arena);
}

static void a_missing_file_is_not_found(void **state)
{
    struct arena arena;
    struct config c;
    struct ww_error err = {0};

    (void)state;
    arena_init(&arena, 1 << 20);
    assert_int_equal(config_read("/nonexistent/w.conf", &arena, &c, &err), WW_NOT_FOUND);
    arena_release(&arena);
}

static void durations(void **state)
{
    int64_t s = 0;

    (void)state;
    assert_true(config_duration(SLICE("90"), &s) && s == 90);
    assert_true(config_duration(SLICE("15m"), &s) && s == 900);
    assert_true(config_duration(SLICE("2w"), &s) && s == 1209600);
    assert_false(config_duration(SLICE(""), &s));
    assert_false(config_duration(SLICE("m"), &s));
    assert_false(config_duration(SLICE("1y"), &s));
    assert_false(config_duration(SLICE("99999999999999999999s"), &s));
}

static void nearest_names(void **state)
{
    static const struct {
        const char *word, *expected;
    } cases[] = {
        {"contcat",         "contact"},
        {"CONTACT",         "contact"},
        {"serevr",          "server" },
        {"x",               NULL     },
        {"quite-different", NULL     }
    };

    (void)state;
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct nearest n;

        nearest_init(&n, slice_from(cases[i].word));
        nearest_try(&n, "contact");
        nearest_try(&n, "server");
        nearest_try(&n, "allow");
        if (cases[i].expected == NULL)
            assert_null(n.best);
        else
            assert_string_equal(n.best, cases[i].expected);
    }
}

static void zones(void **state)
{
    (void)state;
    assert_true(zone_is_known(SLICE("Europe/Dublin")));
    assert_true(zone_is_known(SLICE("")));
    assert_false(zone_is_known(SLICE("Mars/Olympus")));
    assert_int_equal(zone_offset_s(SLICE("Asia/Shanghai"), 1700000000), 8 * 3600);
    assert_int_equal(zone_offset_s(SLICE("Europe/Rome"), 1700000000), 3600); /* November */
    assert_int_equal(zone_offset_s(SLICE("Europe/Rome"), 1690000000), 7200); /* July */
    assert_int_equal(zone_offset_s(SLICE("UTC"), 1690000000), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file),
        cmocka_unit_test(mailboxes_have_ascii_hosts),
        cmocka_unit_test(every_mistake_is_named),
        cmocka_unit_test(addresses_of_all_kinds_are_taken),
        cmocka_unit_test(values_are_shown_as_people_write_them),
        cmocka_unit_test(a_contact_is_wanted_before_fetching),
        cmocka_unit_test(a_long_line_is_refused_not_split),
        cmocka_unit_test(a_missing_file_is_not_found),
        cmocka_unit_test(durations),
        cmocka_unit_test(nearest_names),
        cmocka_unit_test(zones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
