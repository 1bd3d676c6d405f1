/* test_database_name.c - no password leaves an address, however it is written. */
#include "base/arena.h"
#include "base/attrs.h"
#include "base/database_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void passwords_are_left_out(void **state)
{
    static const struct {
        const char *name, *shown;
        bool has_secret;
    } cases[] = {
        {"/var/lib/wirewatch/a:b@c.db",                             "/var/lib/wirewatch/a:b@c.db",      false},
        {"news.db",                                                 "news.db",                          false},
        {"://x:y@z",                                                "://x:y@z",                         false},
        {"postgresql:///w?password=seCret&a=b@c",                   "postgresql:///w?a=b@c",            true },
        {"postgresql:///w?password=seCret&a=b:e@c",                 "postgresql:///w?a=b:e@c",          true },
        {"postgresql://h/w?a=b:e@c",                                "postgresql://h/w?a=b:e@c",         false},
        {"postgresql:///news?host=/run/pg",                         "postgresql:///news?host=/run/pg",  false},
        {"postgresql://ana@db:5432/news",                           "postgresql://ana@db:5432/news",    false},
        {"postgresql://db:5432/news",                               "postgresql://db:5432/news",        false},
        {"postgresql://ana:@db/news",                               "postgresql://ana:@db/news",        false},
        {"postgresql://ana:seCret@db/news",                         "postgresql://ana@db/news",         true },
        {"postgres://ana:se:Cret@[::1]:1/n",                        "postgres://ana@[::1]:1/n",         true },
        {"postgresql://ana:se/Cret@db/news",                        "postgresql://ana@db/news",         true },
        {"postgresql://ana:se?Cr@et@db/news",                       "postgresql://ana@db/news",         true },
        {"postgresql://db/news?password=seCret",                    "postgresql://db/news",             true },
        {"postgresql://db/news?a=b&PASSWORD=seCret&c=d",            "postgresql://db/news?a=b&c=d",     true },
        {"postgresql://db/news?pass%77ord=seCret&c=d",              "postgresql://db/news?c=d",         true },
        {"postgresql://db/?sslmode=require&sslpassword=seCret",     "postgresql://db/?sslmode=require",
         true                                                                                                },
        {"postgresql://ana:seCret@db/news?password=Cret&sslmode=x",
         "postgresql://ana@db/news?sslmode=x",                                                          true },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 65536);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        const struct slice name = slice_from(cases[i].name);
        const char *shown = database_shown(name, &arena);

        assert_non_null(shown);
        assert_string_equal(shown, cases[i].shown);
        assert_null(strstr(shown, "Cret"));
        assert_int_equal(database_has_secret(name), cases[i].has_secret);
    }
    arena_release(&arena);
}

static void machines_have_names_of_hosts(void **state)
{
    static const struct {
        const char *host, *machine;
    } hosts[] = {
        {"fuji",           "fuji"        },
        {"Fuji.Example",   "fuji.example"},
        {"my_desk\x1b[3m", "my-desk--3m" },
        {"",               "-"           },
        {"a1-b.example",   "a1-b.example"},
    };
    static const char *const wrong[] = {"", "Fuji", "a b", "a/b", "a_b", "a\n"};
    char name[MACHINE_NAME_MAX_BYTES + 1], many[2 * MACHINE_NAME_MAX_BYTES];

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(hosts); i++) {
        database_machine_of(slice_from(hosts[i].host), name);
        assert_string_equal(name, hosts[i].machine);
        assert_true(database_is_machine(slice_from(name)));
    }
    for (size_t i = 0; i < WW_COUNT(wrong); i++)
        assert_false(database_is_machine(slice_from(wrong[i])));
    memset(many, 'x', sizeof(many));
    assert_true(database_is_machine(slice_of(many, MACHINE_NAME_MAX_BYTES)));
    assert_false(database_is_machine(slice_of(many, MACHINE_NAME_MAX_BYTES + 1)));
    database_machine_of(slice_of(many, sizeof(many)), name);
    assert_int_equal(strlen(name), MACHINE_NAME_MAX_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passwords_are_left_out),
        cmocka_unit_test(machines_have_names_of_hosts),
    };

    return cmocka_run_group_tests_name("database_name", tests, NULL, NULL);
}
