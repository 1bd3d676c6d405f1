/*
 * test_watchlist_edit.c - rows put and taken away, bytes that stay, versions, changes cut short.
 */
#include "alerts/watchlist_edit.h"

#include "alerts/watchlist_journal.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/file.h"
#include "storage/store_alerts.h"
#include "tests/support/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)256 * 1024 * 1024)

struct desk {
    struct test_store store;
    struct arena arena;
    char folder[96];
};

static void put(const struct desk *d, const char *name, const char *text)
{
    char path[128];
    FILE *f;

    (void)snprintf(path, sizeof(path), "%s/%s", d->folder, name);
    f = fopen(path, "wb");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    (void)fclose(f);
}

/* What a file holds; empty when there is none. */
static struct slice get(struct desk *d, const char *name)
{
    char path[128];
    struct slice bytes = {"", 0};

    (void)snprintf(path, sizeof(path), "%s/%s", d->folder, name);
    (void)file_read_input(path, 100000, &d->arena, &bytes, NULL);
    return bytes;
}

static void open_desk(struct desk *d, const char *stations)
{
    test_store_open(&d->store);
    arena_init(&d->arena, ARENA_MAX);
    (void)snprintf(d->folder, sizeof(d->folder), "%s/list", d->store.folder);
    assert_int_equal(mkdir(d->folder, 0777), 0);
    if (stations != NULL)
        put(d, "stations.csv", stations);
}

static void close_desk(struct desk *d)
{
    arena_release(&d->arena);
    test_store_close(&d->store);
}

static int64_t commit(struct desk *d, struct watch_edit *e, const char *origin)
{
    struct ww_error err = {0};
    int64_t version;

    if (watch_edit_commit(e, d->store.store,
                          &(struct watch_edit_note){slice_from(origin), SLICE("why"), TEST_NOW},
                          &version, &err) != WW_OK)
        fail_msg("%s", err.message);
    return version;
}

static struct watch_edit *open_edit(struct desk *d)
{
    struct watch_edit *e;
    struct ww_error err = {0};

    if (watch_edit_open(d->folder, &d->arena, &e, &err) != WW_OK)
        fail_msg("%s", err.message);
    return e;
}

static enum ww_status put_row(struct watch_edit *e, const char *const f[4], struct ww_error *err)
{
    const struct watch_field fields[] = {
        {slice_from(f[0]), slice_from(f[1])},
        {slice_from(f[2]), slice_from(f[3])}
    };

    return watch_edit_put(e, WATCH_STATIONS, fields, WW_COUNT(fields), err);
}

/* One row put into stations.csv, and what the file is then. */
static void test_put(void **state)
{
    static const struct {
        const char *name, *before;
        const char *fields[4]; /* title, value, title, value */
        const char *after;
    } cases[] = {
        {"a new row",
         "id,name\na,Ford\n",                         {"id", "b", "name", "Weir"},
         "id,name\na,Ford\nb,Weir\n"                                                                                },
        {"a cell",
         "id,name\na,Ford\nb,\"Weir\"\n",             {"id", "a", "name", "Mill"},
         "id,name\na,Mill\nb,\"Weir\"\n"                                                                            },
        {"nothing new",        "id,name\na,\"Ford\"", {"id", "a", "name", "Ford"},          "id,name\na,\"Ford\""   },
        {"titles in any case",
         "ID;Name\r\na;Ford\r\n",                     {"id", "b", "name", "W;r"},
         "ID;Name\r\na;Ford\r\nb;\"W;r\"\r\n"                                                                       },
        {"a column",
         "id,name\na,\"Ford, old\"\nb\n",             {"id", "c", "tags", "x"},
         "id,name,tags\na,\"Ford, old\",\nb,,\nc,,x\n"                                                              },
        {"what nobody knows",
         "note,id,mine\n\n'=1,a,\"x\"\n# a line\n\n", {"id", "b", "name", "-"},
         "note,id,mine,name\n\n'=1,a,\"x\",\n# a line,,,\n,b,,'-\n\n"                                               },
        {"no last line end",   "id,name\na,Ford",     {"id", "b", "name", "W"},             "id,name\na,Ford\nb,W\n"},
        {"a mark",
         "\xEF\xBB\xBFid\tname\na\tFord\n",           {"id", "b", "name", "\xE7\xA6\x8F"},
         "\xEF\xBB\xBFid\tname\na\tFord\nb\t\xE7\xA6\x8F\n"                                                         },
        {"no file",
         NULL,                                        {"id", "b", "aliases", "Weir \"9\""},
         "id,aliases\nb,\"Weir \"\"9\"\"\"\n"                                                                       },
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        struct desk d;
        struct watch_edit *e;
        struct ww_error err = {0};

        open_desk(&d, cases[i].before);
        if (cases[i].before == NULL)
            put(&d, "terms.csv", "term,role\npier,term\n");
        e = open_edit(&d);
        if (put_row(e, cases[i].fields, &err) != WW_OK)
            fail_msg("%s: %s", cases[i].name, err.message);
        (void)commit(&d, e, "add");
        if (!slice_equal(get(&d, "stations.csv"), slice_from(cases[i].after)))
            fail_msg("%s: \"%.*s\"", cases[i].name, SLICE_ARG(get(&d, "stations.csv")));
        assert_int_equal(get(&d, WATCH_JOURNAL).len, 0);
        close_desk(&d);
    }
}

static void test_terms(void **state)
{
    const struct watch_field weak[] = {
        {SLICE("term"),     SLICE("pier")},
        {SLICE("language"), SLICE("nl")  },
        {SLICE("role"),     SLICE("term")},
        {SLICE("strength"), SLICE("weak")}
    };
    struct desk d;
    struct watch_edit *e;
    struct ww_error err;

    WW_UNUSED(state);
    open_desk(&d, NULL);
    put(&d, "terms.csv", "language,term,role,strength\nen,pier,term,strong\nnl,pier,term,strong\n");
    e = open_edit(&d);
    assert_int_equal(watch_edit_put(e, WATCH_TERMS, weak, 4, &err), WW_OK);
    assert_int_equal(watch_edit_remove(e, WATCH_TERMS, SLICE("en:pier (term)"), &err), WW_OK);
    assert_int_equal(watch_edit_remove(e, WATCH_TERMS, SLICE("en:pier (term)"), &err),
                     WW_NOT_FOUND);
    assert_int_equal(watch_edit_put(e, WATCH_TERMS, &weak[1], 3, &err), WW_INVALID);
    assert_string_equal(err.message, "terms.csv: a row needs a term");
    (void)commit(&d, e, "set");
    assert_true(slice_equal(get(&d, "terms.csv"),
                            SLICE("language,term,role,strength\nnl,pier,term,weak\n")));
    close_desk(&d);
}

/* The list as it was is kept too, when no run had seen it. */
static void test_versions(void **state)
{
    const struct watch_field weir[] = {
        {SLICE("id"), SLICE("b")}
    };
    struct desk d;
    struct watch_edit *e;
    struct watchlist_row row;
    int64_t version;

    WW_UNUSED(state);
    open_desk(&d, "id\na\n");
    e = open_edit(&d);
    assert_int_equal(watch_edit_put(e, WATCH_STATIONS, weir, 1, NULL), WW_OK);
    version = commit(&d, e, "add");
    assert_int_equal(store_watchlist(d.store.store, version, &d.arena, &row, NULL), WW_OK);
    assert_true(slice_equal(row.origin, SLICE("add")));
    assert_true(slice_equal(row.note, SLICE("why")));
    assert_int_equal(row.n_items, 2);
    assert_int_equal(store_watchlist(d.store.store, version - 1, &d.arena, &row, NULL), WW_OK);
    assert_true(slice_equal(row.origin, SLICE("hand")));
    assert_true(slice_contains(row.content, SLICE("id\na\n")));
    /* The same again is no version; what a person did by hand meanwhile is one. */
    e = open_edit(&d);
    assert_int_equal(watch_edit_put(e, WATCH_STATIONS, weir, 1, NULL), WW_OK);
    assert_int_equal(commit(&d, e, "add"), version);
    put(&d, "stations.csv", "id\na\nb\nc\n");
    e = open_edit(&d);
    assert_int_equal(watch_edit_remove(e, WATCH_STATIONS, SLICE("a"), NULL), WW_OK);
    assert_int_equal(commit(&d, e, "remove"), version + 2);
    close_desk(&d);
}

static void test_refused(void **state)
{
    const struct watch_field bad[] = {
        {SLICE("id"),          SLICE("b")   },
        {SLICE("match_scope"), SLICE("town")}
    };
    const struct watch_edit_note note = {SLICE("set"), SLICE(""), TEST_NOW};
    struct desk d;
    struct watch_edit *e;
    struct ww_error err;
    int64_t version;

    WW_UNUSED(state);
    open_desk(&d, "id\na\n");
    e = open_edit(&d);
    assert_int_equal(watch_edit_put(e, WATCH_STATIONS, bad, 2, NULL), WW_OK);
    assert_int_equal(watch_edit_commit(e, d.store.store, &note, &version, &err), WW_INVALID);
    assert_true(slice_equal(get(&d, "stations.csv"), SLICE("id\na\n")));
    /* Somebody was quicker. */
    e = open_edit(&d);
    assert_int_equal(watch_edit_put(e, WATCH_STATIONS, bad, 1, NULL), WW_OK);
    put(&d, "stations.csv", "id\nz\n");
    assert_int_equal(watch_edit_commit(e, d.store.store, &note, &version, &err), WW_CONFLICT);
    assert_true(slice_equal(get(&d, "stations.csv"), SLICE("id\nz\n")));
    close_desk(&d);
}

/* Killed behind the journal: the next who reads sees all of the change, and finishes it. */
static void test_cut_short(void **state)
{
    const struct watch_change change = {
        .fates = {[WATCH_STATIONS] = WATCH_WRITE, [WATCH_TERMS] = WATCH_DELETE},
        .bytes = {[WATCH_STATIONS] = SLICE("id\nnew\n")                             }
    };
    struct desk d;
    struct watchlist w;
    struct ww_error err = {0};

    WW_UNUSED(state);
    open_desk(&d, "id\nold\n");
    put(&d, "terms.csv", "term,role\npier,term\n");
    assert_int_equal(watch_journal_begin(d.folder, &change, &err), WW_OK);
    assert_true(slice_equal(get(&d, "stations.csv"), SLICE("id\nold\n")));
    if (watchlist_read(d.folder, &d.arena, &w, &err) != WW_OK)
        fail_msg("%s", err.message);
    assert_true(slice_equal(w.items[0].id, SLICE("new")));
    assert_int_equal(w.n_terms, 0);
    assert_true(slice_equal(get(&d, "stations.csv"), SLICE("id\nnew\n")));
    assert_int_equal(get(&d, "terms.csv").len, 0);
    assert_int_equal(get(&d, WATCH_JOURNAL).len, 0);
    /* One that was damaged is never half believed. */
    put(&d, WATCH_JOURNAL, "wirewatch watchlist");
    assert_int_equal(watchlist_read(d.folder, &d.arena, &w, &err), WW_INVALID);
    close_desk(&d);
}

/* The whole file, a new folder, no file. */
static void test_replace(void **state)
{
    struct desk d;
    struct watch_edit *e;
    struct ww_error err;

    WW_UNUSED(state);
    open_desk(&d, NULL);
    assert_int_equal(rmdir(d.folder), 0);
    e = open_edit(&d);
    assert_int_equal(watch_edit_before(e).len, 0);
    assert_int_equal(watch_edit_replace(e, WATCH_STATIONS, SLICE("id\na\n"), &err), WW_OK);
    assert_int_equal(watch_edit_replace(e, WATCH_TERMS, SLICE("\"x\n"), &err), WW_INVALID);
    assert_int_equal(watch_edit_rows(e, WATCH_STATIONS), 1);
    e = open_edit(&d);
    assert_int_equal(watch_edit_replace(e, WATCH_STATIONS, SLICE("id\na\n"), &err), WW_OK);
    assert_int_equal(watch_edit_replace(e, WATCH_RULES, (struct slice){NULL, 0}, &err), WW_OK);
    (void)commit(&d, e, "import");
    assert_true(slice_equal(get(&d, "stations.csv"), SLICE("id\na\n")));
    put(&d, "rules.csv", "id,query\nr,pier\n");
    e = open_edit(&d);
    assert_int_equal(watch_edit_replace(e, WATCH_RULES, (struct slice){NULL, 0}, &err), WW_OK);
    (void)commit(&d, e, "revert");
    assert_int_equal(get(&d, "rules.csv").len, 0);
    close_desk(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_put),       cmocka_unit_test(test_terms),
        cmocka_unit_test(test_versions),  cmocka_unit_test(test_refused),
        cmocka_unit_test(test_cut_short), cmocka_unit_test(test_replace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
