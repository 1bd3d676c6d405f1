/* test_csv.c - tables as spreadsheets save them, and the ways they can be broken. */
#include "base/csv.h"

#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)64 * 1024 * 1024)

/* Rows as "line:cell|cell" with LF between, header first. */
static void describe(const struct csv_table *t, struct buf *out)
{
    for (size_t i = 0; i <= t->n_rows; i++) {
        const struct csv_row *row = i == 0 ? &t->header : &t->rows[i - 1];

        buf_printf(out, "%s%zu:", i > 0 ? "\n" : "", row->line);
        for (size_t k = 0; k < row->n_cells; k++) {
            buf_add_string(out, k > 0 ? "|" : "");
            buf_add(out, row->cells[k]);
        }
    }
}

#define TEXT(literal) literal, sizeof(literal) - 1

static void test_parse(void **state)
{
    static const struct {
        const char *name;
        const char *bytes;
        size_t len;
        const char *want; /* the table, or the error */
    } cases[] = {
        {"plain",              TEXT("id,name\na,b\n"),                         "1:id|name\n2:a|b"                             },
        {"no last line end",   TEXT("id,name\na,b"),                           "1:id|name\n2:a|b"                             },
        {"semicolon",          TEXT("id;name\na;\"b;c\"\n"),                   "1:id|name\n2:a|b;c"                           },
        {"TAB",                TEXT("id\tname\na,1\tb\n"),                     "1:id|name\n2:a,1|b"                           },
        {"quoted separators",  TEXT("\"a;b;c\",d\nx,y\n"),                     "1:a;b;c|d\n2:x|y"                             },
        {"CR LF and CR",       TEXT("id,n\r\na,b\rc,d\r\n"),                   "1:id|n\n2:a|b\n3:c|d"                         },
        {"byte order mark",    TEXT("\xEF\xBB\xBFid,n\na,b\n"),                "1:id|n\n2:a|b"                                },
        {"mark behind a line",
         TEXT("\n\xEF\xBB\xBF"
              "id,n\na,b\n"),
         "2:id|n\n3:a|b"                                                                                                      },
        {"UTF-16 LE",          TEXT("\xFF\xFEi\0d\0,\0n\0\n\0\x8F\x79,\0b\0"), "1:id|n\n2:福|b"                              },
        {"UTF-16 BE",          TEXT("\xFE\xFF\0i\0d\0\n\x79\x8F"),             "1:id\n2:福"                                  },
        {"doubled quotes",     TEXT("a\n\"x \"\"y\"\" z\"\n"),                 "1:a\n2:x \"y\" z"                             },
        {"line end in a cell", TEXT("a,b\n\"x\ny\",z\nq,r\n"),                 "1:a|b\n2:x\ny|z\n4:q|r"                       },
        {"empty lines",        TEXT("\na,b\n\n\nc,d\n\n"),                     "2:a|b\n5:c|d"                                 },
        {"short row",          TEXT("a,b,c\nx\n"),                             "1:a|b|c\n2:x"                                 },
        {"long, empty row",    TEXT("a,b\nx,y,,\n"),                           "1:a|b\n2:x|y||"                               },
        {"quote inside",       TEXT("a\nx\"y\n"),                              "1:a\n2:x\"y"                                  },
        {"our own apostrophe", TEXT("a\n'=1+1\n'tis\n"),                       "1:a\n2:=1+1\n3:'tis"                          },
        {"empty",              TEXT(""),                                       "t.csv:1:1: the file is empty"                 },
        {"only a mark",        TEXT("\xEF\xBB\xBF\n"),                         "t.csv:1:1: the file is empty"                 },
        {"too long a row",     TEXT("a,b\n1,2,3\n"),                           "t.csv:2:3: the header has only 2 columns"     },
        {"open quote",         TEXT("a,b\nx,\"y\nz\n"),                        "t.csv:2:2: a quote is opened and never closed"},
        {"behind the quote",   TEXT("a,b\n\"x\"y,z\n"),
         "t.csv:2:1: text stands behind the closing quote"                                                                    },
        {"windows-1252",       TEXT("a,b\nx,caf\xE9\n"),
         "t.csv:2:2: not UTF-8; save the file as UTF-8 (Excel: \"CSV UTF-8\")"                                                },
        {"GBK",                TEXT("a,b\n\xB8\xA3\xD6\xDD,x\n"),
         "t.csv:2:1: not UTF-8 but GBK, it seems (Excel's plain \"CSV\"); save the file as UTF-8 "
         "(Excel: \"CSV UTF-8\")"                                                                                             },
        {"UTF-16 LE, no mark", TEXT("i\0d\0,\0n\0\n\0\x8F\x79,\0b\0"),         "1:id|n\n2:福|b"                              },
        {"UTF-16 BE, no mark", TEXT("\0i\0d\0,\0n\0\n\x79\x8F\0,\0b"),         "1:id|n\n2:福|b"                              },
        {"NUL",                TEXT("a,b\nx,y\0z\n"),                          "t.csv:2:2: holds a NUL byte"                  },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct arena arena;
        struct csv_table table;
        struct ww_error err = {0};
        struct buf got;

        arena_init(&arena, ARENA_MAX);
        buf_init(&got, 10000);
        if (csv_parse(slice_of(cases[i].bytes, cases[i].len), "t.csv", &arena, &table, &err) ==
            WW_OK)
            describe(&table, &got);
        else
            buf_add_string(&got, err.message);
        if (!slice_equal(buf_slice(&got), slice_from(cases[i].want)))
            fail_msg("%s: got \"%.*s\"", cases[i].name, SLICE_ARG(buf_slice(&got)));
        buf_release(&got);
        arena_release(&arena);
    }
}

static void test_limits(void **state)
{
    struct arena arena;
    struct csv_table table;
    struct ww_error err = {0};
    struct buf wide;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    buf_init(&wide, 100000);
    for (int i = 0; i < CSV_COLUMNS_MAX; i++)
        buf_add_char(&wide, ',');
    assert_int_equal(csv_parse(buf_slice(&wide), "w.csv", &arena, &table, &err), WW_TOO_BIG);
    assert_string_equal(err.message, "w.csv:1:257: more cells than 256 in a row");
    buf_release(&wide);
    arena_release(&arena);
}

static void test_columns(void **state)
{
    struct arena arena;
    struct csv_table table;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    assert_int_equal(csv_parse(SLICE("ID , name\n x , y \n"), "t", &arena, &table, NULL), WW_OK);
    assert_int_equal(csv_column(&table, SLICE("id")), 0);
    assert_int_equal(csv_column(&table, SLICE("name")), 1);
    assert_int_equal(csv_column(&table, SLICE("nam")), 2);
    assert_true(slice_equal(csv_cell(&table.rows[0], 1), SLICE("y")));
    assert_int_equal(csv_cell(&table.rows[0], 2).len, 0);
    arena_release(&arena);
}

static void test_written(void **state)
{
    const struct slice cells[] = {SLICE("plain"),         SLICE("a,b"), SLICE("say \"x\""),
                                  SLICE("=HYPERLINK(1)"), SLICE("-1"),  SLICE("two\nlines"),
                                  SLICE(" padded"),       SLICE(""),    SLICE("@x;y"),
                                  SLICE("福州")};
    struct arena arena;
    struct csv_table table;
    struct buf out;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    buf_init(&out, 10000);
    csv_add_row(&out, cells, WW_COUNT(cells));
    assert_true(slice_equal(buf_slice(&out),
                            SLICE("plain,\"a,b\",\"say \"\"x\"\"\",'=HYPERLINK(1),'-1,\"two\n"
                                  "lines\",\" padded\",,\"'@x;y\",福州\n")));
    assert_int_equal(csv_parse(buf_slice(&out), "t", &arena, &table, NULL), WW_OK);
    assert_int_equal(table.header.n_cells, WW_COUNT(cells));
    for (size_t i = 0; i < WW_COUNT(cells); i++)
        assert_true(slice_equal(table.header.cells[i], cells[i]));
    buf_release(&out);
    arena_release(&arena);
}

static void test_out_of_memory(void **state)
{
    bool is_done = false;

    WW_UNUSED(state);
    for (long n = 1; n < 50 && !is_done; n++) {
        struct arena arena;
        struct csv_table table;
        enum ww_status status;

        arena_init(&arena, ARENA_MAX);
        mem_fail_after(n);
        status = csv_parse(SLICE("a,b\n\"x\"\"\",y\n"), "t", &arena, &table, NULL);
        mem_fail_after(0);
        is_done = status == WW_OK;
        assert_true(is_done || status == WW_NOMEM);
        arena_release(&arena);
    }
    assert_true(is_done);
}

/* Bad rows cost their first line, whatever a quote too many would take with it. */
static void test_rows(void **state)
{
    static const char text[] = "a;b\r\n\r\n1;\"x\ny\"\n2;\"open\n3;z\"z\n4;\"x\"y\n\"5\";w";
    static const char want[] = "1:a|b;3:1|x\ny;5!;6:3|z\"z;7!;8:5|w;";
    struct csv_stream stream;
    struct csv_row row;
    struct arena arena;
    struct buf out;
    enum ww_status status;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    buf_init(&out, 10000);
    csv_start(&stream, slice_from(text), "t");
    while ((status = csv_next(&stream, &arena, &row, NULL)) != WW_NOT_FOUND) {
        buf_printf(&out, "%zu%s", row.line, status == WW_OK ? ":" : "!");
        for (size_t k = 0; status == WW_OK && k < row.n_cells; k++) {
            buf_add_string(&out, k > 0 ? "|" : "");
            buf_add(&out, row.cells[k]);
        }
        buf_add_char(&out, ';');
        arena_reset(&arena);
    }
    assert_string_equal(out.ptr, want);
    assert_int_equal(stream.rest.len, 0);
    buf_release(&out);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),   cmocka_unit_test(test_rows),
        cmocka_unit_test(test_limits),  cmocka_unit_test(test_columns),
        cmocka_unit_test(test_written), cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
