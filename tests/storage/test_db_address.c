/* test_db_address.c - which engine an address is for; what of it may be shown. */
#include "base/attrs.h"
#include "base/mem.h"
#include "storage/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_shown(void **state)
{
    static const struct {
        const char *address, *shown;
    } cases[] = {
        {"/var/lib/watch.db",                                "/var/lib/watch.db"                     },
        {"postgresql:///watch",                              "postgresql:///watch"                   },
        {"postgresql://db.example/watch",                    "postgresql://db.example/watch"         },
        {"postgres://ann@db.example:5433/watch",             "postgres://ann@db.example:5433/watch"  },
        {"postgresql://ann:secret@db.example:5433/watch",    "postgresql://ann@db.example:5433/watch"},
        {"postgresql://ann:se@cret:x@db.example/watch",      "postgresql://ann@db.example/watch"     },
        {"postgresql:///w?user=ann&password=secret&host=/s", "postgresql:///w?user=ann&host=/s"      },
        {"postgresql:///w?password=secret",                  "postgresql:///w"                       },
        {"postgresql:///w?sslpassword=secret&a=b@c",         "postgresql:///w?a=b@c"                 },
        {"password=secret.db",                               "password=secret.db"                    },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        char *shown = db_address_shown(cases[i].address);

        assert_string_equal(shown, cases[i].shown);
        mem_free(shown);
    }
}

static void test_engine(void **state)
{
    WW_UNUSED(state);
    assert_ptr_equal(db_driver_of("watch.db"), &db_sqlite);
    assert_ptr_equal(db_driver_of("postgresql.db"), &db_sqlite);
    assert_ptr_not_equal(db_driver_of("postgresql://h/d"), &db_sqlite);
    assert_ptr_not_equal(db_driver_of("postgres://h/d"), &db_sqlite);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_shown), cmocka_unit_test(test_engine)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
