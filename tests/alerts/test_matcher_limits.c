/*
 * test_matcher_limits.c - the trie finds what each name held against each token finds; and hostile
 * lists and texts cost work that is counted, not time.
 */
#include "alerts/match_parts.h"
#include "alerts/matcher.h"
#include "alerts/watchlist.h"
#include "base/arena.h"
#include "base/attrs.h"
#include "base/buf.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ARENA_MAX ((size_t)1024 * 1024 * 1024)
#define NAMES_MAX 100000

static struct watch_name names[NAMES_MAX];

static uint64_t next_random(uint64_t *x)
{
    *x = *x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *x >> 33;
}

/* ---- against the plain way ------------------------------------------------------------------- */

/* Few words, so that names overlap, begin alike and end alike. */
static const char *const words[] = {"mill", "Mill", "mills", "old", "older", "gate", "gateway",
                                    "桥",   "мост", "моста", "x",   "b.c",   "été"};

static struct slice make_name(uint64_t *x, struct arena *arena)
{
    struct buf b;
    const size_t n = 1 + next_random(x) % 4;
    struct slice name;

    buf_init(&b, 1000);
    for (size_t i = 0; i < n; i++) {
        const uint64_t roll = next_random(x) % 8;

        if (i > 0)
            buf_add_string(&b, roll == 0 ? " * " : roll == 1 ? ", " : " ");
        buf_add_string(&b, words[next_random(x) % WW_COUNT(words)]);
        if (next_random(x) % 4 == 0)
            buf_add_char(&b, '~');
    }
    name = arena_copy(arena, buf_slice(&b));
    buf_release(&b);
    return name;
}

static struct slice make_text(uint64_t *x, struct arena *arena)
{
    static const char *const gaps[] = {" ", " ", " ", " ", ", ", ". ", "\n", "-", "\n\n", ""};
    struct buf b;
    struct slice text;

    buf_init(&b, 10000);
    for (size_t i = 0; i < 40; i++) {
        buf_add_string(&b, words[next_random(x) % WW_COUNT(words)]);
        buf_add_string(&b, gaps[next_random(x) % WW_COUNT(gaps)]);
    }
    text = arena_copy(arena, buf_slice(&b));
    buf_release(&b);
    return text;
}

static bool has_match(const struct match_list *list, uint32_t name, size_t first, size_t last)
{
    size_t n = 0;

    for (size_t i = 0; i < list->n_rows; i++)
        n += list->rows[i].name == name && list->rows[i].first == first &&
             list->rows[i].last == last;
    assert_in_range(n, 0, 1);
    return n == 1;
}

static void test_as_each_name(void **state)
{
    struct arena arena, scratch;
    uint64_t x = 1;
    size_t n_found = 0;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    arena_init(&scratch, ARENA_MAX);
    for (size_t round = 0; round < 300; round++) {
        const size_t n_names = 1 + next_random(&x) % 40;
        struct match_text text;
        struct match_list list;
        struct matcher *m;
        size_t n_want = 0;

        arena_reset(&arena);
        for (size_t i = 0; i < n_names; i++)
            names[i] = (struct watch_name){.text = make_name(&x, &arena),
                                           .is_case_sensitive = next_random(&x) % 3 == 0};
        assert_int_equal(matcher_build(names, n_names, &arena, &m, NULL), WW_OK);
        assert_int_equal(match_text_cut(make_text(&x, &arena), &arena, &text, NULL), WW_OK);
        assert_int_equal(matcher_find(m, &text, &arena, &list, NULL), WW_OK);
        for (size_t i = 0; i < n_names; i++) {
            size_t n_parts, at;
            const struct match_part *parts =
                match_parts_compile(names[i].text, &arena, &scratch, &n_parts, &at);

            if ((parts->flags & PART_STEM) != 0 && parts->folded.len < TOKEN_HEAD_BYTES)
                continue;
            for (size_t k = 0; k < text.tokens.n_tokens; k++) {
                const size_t behind =
                    match_parts_stand(parts, n_parts, &text, k, names[i].is_case_sensitive);

                n_want += behind != 0;
                if (behind != 0 && !has_match(&list, (uint32_t)i, k, behind - 1))
                    fail_msg("round %zu: \"%.*s\" at token %zu of \"%.*s\"", round,
                             SLICE_ARG(names[i].text), k, SLICE_ARG(text.text));
            }
        }
        assert_int_equal(list.n_rows, n_want);
        n_found += n_want;
    }
    assert_true(n_found > 3000);
    arena_release(&scratch);
    arena_release(&arena);
}

/* ---- hostile lists and texts ----------------------------------------------------------------- */

/* Build, find, and say how many were found. The arena is the caller's to look at. */
static enum ww_status find(size_t n_names, struct slice text, struct arena *arena, size_t *n_rows,
                           bool *is_cut, struct ww_error *err)
{
    struct match_text cut;
    struct match_list list = {0};
    struct matcher *m;
    enum ww_status status = matcher_build(names, n_names, arena, &m, err);

    if (status == WW_OK)
        status = match_text_cut(text, arena, &cut, err);
    if (status == WW_OK)
        status = matcher_find(m, &cut, arena, &list, err);
    *n_rows = list.n_rows;
    *is_cut = list.is_cut;
    return status;
}

static struct slice repeat(const char *piece, size_t n, struct arena *arena)
{
    const size_t len = strlen(piece);
    char *out = arena_alloc(arena, len * n + 1);

    for (size_t i = 0; i < n; i++)
        memcpy(out + i * len, piece, len);
    return slice_of(out, len * n);
}

/* Names that share their first words are not tried one by one: the work left would say so. */
static void test_alike_beginnings(void **state)
{
    struct arena arena;
    size_t n_rows;
    bool is_cut;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    for (size_t i = 0; i < NAMES_MAX; i++)
        names[i] = (struct watch_name){.text = arena_printf(&arena, "the old n%zu", i)};
    assert_int_equal(find(NAMES_MAX, repeat("the old mill, the old n77777. ", 20000, &arena),
                          &arena, &n_rows, &is_cut, NULL),
                     WW_OK);
    assert_int_equal(n_rows, 20000);
    assert_false(is_cut);
    arena_release(&arena);

    /* The same behind a gap, and for stems. */
    for (size_t i = 0; i < NAMES_MAX; i++)
        names[i] = (struct watch_name){.text = arena_printf(&arena, "the old * n%zu", i)};
    assert_int_equal(find(NAMES_MAX, repeat("the old red n77777. ", 20000, &arena), &arena, &n_rows,
                          &is_cut, NULL),
                     WW_OK);
    assert_int_equal(n_rows, 20000);
    assert_false(is_cut);
    arena_release(&arena);
    for (size_t i = 0; i < NAMES_MAX; i++)
        names[i] = (struct watch_name){.text = arena_printf(&arena, "sta%06zu~", i)};
    assert_int_equal(
        find(NAMES_MAX, repeat("sta077777th. ", 20000, &arena), &arena, &n_rows, &is_cut, NULL),
        WW_OK);
    assert_int_equal(n_rows, 20000);
    assert_false(is_cut);
    arena_release(&arena);
}

/* More names of one spelling than anybody means: an error that names the cell. */
static void test_alike_names(void **state)
{
    struct ww_error err;
    struct arena arena;
    size_t n_rows;
    bool is_cut;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    for (size_t i = 0; i <= MATCH_ALIKE_MAX; i++)
        names[i] = (struct watch_name){
            .text = i % 2 == 0 ? SLICE("Old Mill") : SLICE("old mill"),
            .cell = {WATCH_STATIONS, (uint32_t)i + 2, 5}
        };
    assert_int_equal(find(MATCH_ALIKE_MAX, SLICE("the old mill"), &arena, &n_rows, &is_cut, &err),
                     WW_OK);
    assert_int_equal(n_rows, MATCH_ALIKE_MAX);
    assert_int_equal(
        find(MATCH_ALIKE_MAX + 1, SLICE("the old mill"), &arena, &n_rows, &is_cut, &err),
        WW_TOO_BIG);
    assert_string_equal(err.message,
                        "stations.csv:1002:5: more than 1000 names are spelled \"Old Mill\"");
    /* So many of them in a long text: the first ones, and it is said that there are more. */
    assert_int_equal(
        find(MATCH_ALIKE_MAX, repeat("old mill. ", 100000, &arena), &arena, &n_rows, &is_cut, &err),
        WW_OK);
    assert_in_range(n_rows, 100000, MATCHES_MAX);
    assert_true(is_cut);
    arena_release(&arena);
}

/* One stem 180,000 times in a megabyte. */
static void test_many_mentions(void **state)
{
    struct arena arena;
    size_t n_rows;
    bool is_cut;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    names[0] = (struct watch_name){.text = SLICE("gate~")};
    assert_int_equal(find(1, repeat("gates ", 180000, &arena), &arena, &n_rows, &is_cut, NULL),
                     WW_OK);
    assert_int_equal(n_rows, 180000);
    assert_false(is_cut);
    arena_release(&arena);
}

/* A row of one character, named in every length: each place would take as many steps as is left. */
static void test_names_in_names(void **state)
{
    struct arena arena;
    size_t n_rows;
    bool is_cut;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    for (size_t i = 0; i < 2000; i++)
        names[i] = (struct watch_name){.text = repeat("桥", i + 1, &arena)};
    assert_int_equal(find(2000, repeat("桥", 300000, &arena), &arena, &n_rows, &is_cut, NULL),
                     WW_OK);
    assert_true(is_cut);
    assert_in_range(n_rows, 1, MATCHES_MAX);
    arena_release(&arena);

    /* Gaps behind gaps. */
    for (size_t i = 0; i < 100; i++)
        names[i] = (struct watch_name){
            .text = slice_head(repeat("a * ", 20 + i, &arena), 4 * (20 + i) - 3)};
    assert_int_equal(find(100, repeat("a ", 200000, &arena), &arena, &n_rows, &is_cut, NULL),
                     WW_OK);
    assert_true(is_cut);
    arena_release(&arena);
}

/* Names that are odd: each matches itself, or nothing. */
static void test_odd_names(void **state)
{
    static const struct {
        const char *name, *text;
        size_t n;
    } cases[] = {
        {"",          "a b",       0},
        {"x",         "x y",       1},
        {"...!?",     "what...!?", 0},
        {"\u0301",    "a b",       0},
        {"~",         "a b",       0},
        {"*",         "a b",       0},
        {"@",         "a b",       0},
        {"a~",        "ab",        0}, /* a stem of one letter would match half of all
  words */
        {" * old",    "the old",   1},
        {"old * ",    "the old",   1},
        {"old * * x", "old a x",   1},
    };
    struct arena arena;

    WW_UNUSED(state);
    arena_init(&arena, ARENA_MAX);
    for (size_t i = 0; i < WW_COUNT(cases); i++) {
        size_t n_rows;
        bool is_cut;

        names[0] = (struct watch_name){.text = slice_from(cases[i].name)};
        assert_int_equal(find(1, slice_from(cases[i].text), &arena, &n_rows, &is_cut, NULL), WW_OK);
        if (n_rows != cases[i].n)
            fail_msg("\"%s\": %zu matches", cases[i].name, n_rows);
    }
    /* 10 kB in one name. */
    names[0] = (struct watch_name){.text = repeat("mill gate ", 1000, &arena)};
    {
        size_t n_rows;
        bool is_cut;

        assert_int_equal(
            find(1, repeat("mill gate ", 1500, &arena), &arena, &n_rows, &is_cut, NULL), WW_OK);
        assert_in_range(n_rows, 1, 501);
    }
    arena_release(&arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_each_name),   cmocka_unit_test(test_alike_beginnings),
        cmocka_unit_test(test_alike_names),    cmocka_unit_test(test_many_mentions),
        cmocka_unit_test(test_names_in_names), cmocka_unit_test(test_odd_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
