/* test_control.c - what a control case expects, and what a change of the list does to it. */
#include "alerts/control.h"

#include "alerts/watchlist.h"
#include "base/arena.h"
#include "base/attrs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define OK(call) assert_int_equal(call, WW_OK)

static void expectations_are_read(void **state)
{
    static const struct {
        const char *words, *read; /* NULL: refused */
    } cases[] = {
        {"",                   ""           },
        {"none",               ""           },
        {" none ",             ""           },
        {"pier",               "pier"       },
        {"pier,bay",           "pier bay"   },
        {"  pier ,  !bay\t* ", "pier !bay *"},
        {"pier pier !bay",     "pier !bay"  },
        {"pier !pier",         NULL         },
        {"!pier pier",         NULL         },
        {"pier !",             NULL         },
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct slice out;
        enum ww_status status =
            control_read_expected(slice_from(cases[i].words), &arena, &out, NULL);

        if (cases[i].read == NULL ? status != WW_INVALID
                                  : status != WW_OK || !slice_equal(out, slice_from(cases[i].read)))
            fail_msg("\"%s\" gives \"%.*s\"", cases[i].words, SLICE_ARG(out));
    }
    arena_release(&arena);
}

/* A list of sites that are known by their names alone. */
static void read_list(const char *rows, struct arena *arena, struct watchlist *out)
{
    char folder[] = "/tmp/wirewatch-control.XXXXXX";
    char path[64];
    FILE *file;

    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/stations.csv", folder);
    file = fopen(path, "w");
    assert_non_null(file);
    (void)fprintf(file, "id,name,kind,site,aliases,match_scope\n%s", rows);
    assert_int_equal(fclose(file), 0);
    OK(watchlist_read(folder, arena, out, NULL));
    (void)unlink(path);
    (void)rmdir(folder);
}

static void a_change_is_held_against_each_case(void **state)
{
    static const char text[] = "The Kestrel Pier was closed. Osprey Light stayed open all night.";
    static const struct {
        const char *expected;
        int64_t n_found_before, n_unexpected_before, n_found, n_unexpected;
        size_t n_lost, n_mended;
        bool has_failed;
    } cases[] = {
  /* before: both are found; after: the pier alone */
        {"pier light",  2, 0, 1, 0, 1, 0, true },
        {"pier",        1, 1, 1, 0, 0, 1, false},
        {"pier *",      1, 0, 1, 0, 0, 0, false},
        {"pier !light", 1, 1, 1, 0, 0, 1, false},
        {"!pier *",     0, 1, 0, 1, 0, 0, false},
        {"none",        0, 2, 0, 1, 0, 1, false},
        {"light",       1, 1, 0, 1, 1, 0, true },
        {"dam",         0, 2, 0, 1, 0, 1, true }, /* what was missed before too is a finding */
    };
    struct watchlist before, after;
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, 64 << 20);
    read_list("a,Pier,pier,pier,Kestrel Pier,none\nb,Light,light,light,Osprey Light,none\n", &arena,
              &before);
    read_list("a,Pier,pier,pier,Kestrel Pier,none\n", &arena, &after);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct control_row row = {.title = SLICE("A title"), .body = slice_from(text)};
        const struct control_list list = {&row, 1};
        struct control_report r;

        OK(control_read_expected(slice_from(cases[i].expected), &arena, &row.expected, NULL));
        OK(control_compare(&list, &before, &after, &arena, &r, NULL));
        if (r.before.n_found != cases[i].n_found_before ||
            r.before.n_unexpected != cases[i].n_unexpected_before ||
            r.after.n_found != cases[i].n_found || r.after.n_unexpected != cases[i].n_unexpected ||
            r.n_lost != cases[i].n_lost || r.n_mended != cases[i].n_mended ||
            control_has_failed(&r) != cases[i].has_failed)
            fail_msg("%s", cases[i].expected);
    }
    {
        /* The other way round a name comes in: what was quiet is not. */
        struct control_row row = {
            .title = SLICE("A title"), .body = slice_from(text), .expected = SLICE("pier")};
        const struct control_list list = {&row, 1};
        struct control_report r;

        OK(control_compare(&list, &after, &before, &arena, &r, NULL));
        assert_int_equal(r.after.n_found, r.after.n_wanted);
        assert_int_equal(r.n_lost, 1);
        assert_true(control_has_failed(&r));
        /* Without a list that was in use, what is unexpected is a finding. */
        OK(control_compare(&list, NULL, &before, &arena, &r, NULL));
        assert_true(control_has_failed(&r));
        OK(control_compare(&list, NULL, &after, &arena, &r, NULL));
        assert_false(control_has_failed(&r));
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expectations_are_read),
        cmocka_unit_test(a_change_is_held_against_each_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
