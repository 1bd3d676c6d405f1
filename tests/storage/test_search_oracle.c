/*
 * test_search_oracle.c - thousands of drawn queries find what a plain reading of the texts finds,
 * in the same order, by time and by rank: of words, phrases, beginnings, choices, refused words, in
 * Latin and Han, glued and not; then texts and words that are longer than an index likes.
 */
#include "base/attrs.h"
#include "storage/store_search.h"
#include "tests/support/search_oracle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define QUERIES 2000
#define ROWS 4

/* ---- comparing ------------------------------------------------------------------------------- */

struct expected {
    int64_t id;
    double rank;
};

static int by_id(const void *x, const void *y)
{
    const struct expected *a = x, *b = y;

    return a->id < b->id ? 1 : a->id > b->id ? -1 : 0;
}

static int by_rank(const void *x, const void *y)
{
    const struct expected *a = x, *b = y;

    return a->rank < b->rank ? 1 : a->rank > b->rank ? -1 : by_id(x, y);
}

/*
 * SQLite 3.40 takes words of a text for missing that an OR has read ahead when a phrase fails below
 * a NOT (fts5ExprNodeZeroPoslist): what is found is right, its rank is not.
 */
static bool has_rank(const struct query *q)
{
    bool is_refused = false, is_choice = false;

    for (size_t i = 0; i < q->n; i++) {
        is_refused = is_refused || q->phrases[i].is_refused;
        is_choice = is_choice || q->phrases[i].is_choice;
    }
    return !is_refused || !is_choice;
}

/* How many, and some of them in a row: of each that is given its text is read. */
static size_t compare(struct oracle *a, const struct query *q, bool is_ranked)
{
    struct search_filter filter = {.query = buf_slice(&q->text), .by_rank = is_ranked};
    struct expected expected[ORACLE_DOCS_MAX];
    struct search_results results;
    struct ww_error err = {0};
    size_t n = 0, n_rows;
    enum ww_status status;

    for (size_t i = 0; i < a->n; i++)
        if (oracle_finds(q, &a->docs[i]))
            expected[n++] =
                (struct expected){a->docs[i].id, is_ranked ? oracle_rank(a, q, &a->docs[i]) : 0};
    qsort(expected, n, sizeof(expected[0]), is_ranked ? by_rank : by_id);
    filter.window.limit = ROWS;
    filter.window.offset = oracle_draw(a, n + 1);
    n_rows = n - filter.window.offset < ROWS ? n - filter.window.offset : ROWS;
    arena_reset(&a->store.arena);
    status = store_search(a->store.store, &filter, &a->store.arena, &results, &err);
    if (status != WW_OK)
        fail_msg("%s: %s", q->text.ptr, err.message);
    if (results.n_rows != n_rows || results.n_found != (int64_t)n)
        fail_msg("%s: %zu of %lld found, %zu of %zu expected", q->text.ptr, results.n_rows,
                 (long long)results.n_found, n_rows, n);
    for (size_t i = 0; i < n_rows; i++) {
        const struct expected *e = &expected[filter.window.offset + i];

        if (results.rows[i].article.id != e->id)
            fail_msg("%s: %s %zu is %lld, not %lld (%.17g)", q->text.ptr,
                     is_ranked ? "by rank" : "by time", filter.window.offset + i,
                     (long long)results.rows[i].article.id, (long long)e->id, e->rank);
    }
    return n;
}

static void test_drawn(void **state)
{
    static struct oracle a;
    static struct query q;
    size_t n_found = 0, n_empty = 0;

    WW_UNUSED(state);
    oracle_open(&a);
    buf_init(&q.text, 4096);
    while (a.n < 40) {
        struct doc *doc = oracle_begin(&a);

        for (size_t n = oracle_draw(&a, 6); n > 0; n--)
            oracle_add_drawn(&a, &doc->fields[0]);
        for (size_t n = 1 + oracle_draw(&a, 40); n > 0; n--)
            oracle_add_drawn(&a, &doc->fields[1]);
        oracle_store(&a, doc);
    }
    for (size_t i = 0; i < QUERIES; i++) {
        size_t n;

        oracle_query_draw(&a, &q);
        n = compare(&a, &q, i % 2 == 1 && has_rank(&q));
        n_found += n;
        n_empty += n == 0;
    }
    print_message("%d queries, %zu found nothing, the others %zu\n", QUERIES, n_empty, n_found);
    assert_in_range(n_empty, QUERIES / 20, QUERIES / 2);
    buf_release(&q.text);
    oracle_close(&a);
}

/* ---- longer than an index likes -------------------------------------------------------------- */

static void add_word(struct oracle *a, struct tokens *to, struct slice word)
{
    oracle_add(a, to, word, word, false, false);
}

static void add_made(struct oracle *a, struct tokens *to, char first, size_t number)
{
    add_word(a, to, arena_printf(&a->arena, "%c%zu", first, number));
}

static struct slice long_word(struct oracle *a, size_t n, char last)
{
    char *word = arena_alloc(&a->arena, n);

    assert_non_null(word);
    memset(word, 'q', n);
    word[n - 1] = last;
    return slice_of(word, n);
}

static void check_words(struct oracle *a, const char *const *words, size_t n_words, bool is_open,
                        size_t n_expected)
{
    static struct query q;
    struct tokens tokens = {NULL, 0, 0};

    buf_init(&q.text, 4096);
    q.n = 0;
    for (size_t i = 0; i < n_words; i++)
        add_word(a, &tokens, slice_from(words[i]));
    oracle_query_add(a, &q, &tokens, 0, n_words, (struct phrase){.is_open = is_open});
    for (int ranked = 0; ranked < 2; ranked++)
        if (compare(a, &q, ranked == 1) != n_expected)
            fail_msg("%.60s: not found %zu times", q.text.ptr, n_expected);
    buf_release(&q.text);
}

/*
 * 50,000 words, one 5,000 times, and a name far behind; 150,000 of which none is another, less than
 * a megabyte without their blanks; and 200,000, more.
 */
static void test_long_texts(void **state)
{
    static const char *const name[] = {"old", "weir"}, *const turned[] = {"weir", "old"},
                             *const often[] = {"often"}, *const twice[] = {"often", "often"},
                             *const far[] = {"w2999", "w3000"},
                             *const made[] = {"x149998", "x149999"}, *const begins[] = {"x14999"},
                             *const none[] = {"x150000"}, *const mixed[] = {"x17", "x19"},
                             *const more[] = {"y199998", "y199999"}, *const last[] = {"y199999"},
                             *const beyond[] = {"y200000"};
    static struct oracle a;
    struct doc *doc;

    WW_UNUSED(state);
    oracle_open(&a);
    doc = oracle_begin(&a);
    for (size_t i = 0; i < 45000; i++) {
        add_made(&a, &doc->fields[1], 'w', i % 3001);
        if (i % 9 == 0)
            add_word(&a, &doc->fields[1], slice_from("often"));
    }
    add_word(&a, &doc->fields[1], slice_from("old"));
    add_word(&a, &doc->fields[1], slice_from("weir"));
    oracle_store(&a, doc);
    doc = oracle_begin(&a);
    add_word(&a, &doc->fields[0], slice_from("old"));
    for (size_t i = 0; i < 150000; i++)
        add_made(&a, &doc->fields[1], 'x', i);
    add_word(&a, &doc->fields[1], slice_from("weir"));
    oracle_store(&a, doc);
    doc = oracle_begin(&a);
    for (size_t i = 0; i < 200000; i++)
        add_made(&a, &doc->fields[1], 'y', i);
    oracle_store(&a, doc);
    doc = oracle_begin(&a);
    for (size_t i = 0; i < 5; i++)
        add_word(&a, &doc->fields[1], slice_from("often"));
    oracle_store(&a, doc);
    check_words(&a, name, 2, false, 1);
    check_words(&a, turned, 2, false, 0);
    check_words(&a, often, 1, false, 2);
    check_words(&a, twice, 2, false, 1);
    check_words(&a, far, 2, false, 1);
    check_words(&a, made, 2, false, 1);
    check_words(&a, begins, 1, true, 1);
    check_words(&a, none, 1, false, 0);
    check_words(&a, mixed, 2, false, 0);
    check_words(&a, more, 2, false, 1);
    check_words(&a, last, 1, false, 1);
    check_words(&a, beyond, 1, true, 0);
    oracle_close(&a);
}

/* Words that have their first hundred characters in common, up to 3 KB. */
static void test_long_words(void **state)
{
    static const size_t lengths[] = {99, 100, 101, 102, 255, 256, 2047, 2048, 2049, 3000};
    static struct oracle a;
    static struct query q;

    WW_UNUSED(state);
    oracle_open(&a);
    for (size_t i = 0; i < WW_COUNT(lengths); i++) {
        struct doc *doc = oracle_begin(&a);

        add_word(&a, &doc->fields[1], slice_from("weir"));
        add_word(&a, &doc->fields[1], long_word(&a, lengths[i], i % 3 == 0 ? 'a' : 'q'));
        oracle_store(&a, doc);
    }
    buf_init(&q.text, 4096);
    for (size_t i = 0; i < WW_COUNT(lengths); i++) {
        const struct tokens *field = &a.docs[i].fields[1];

        for (int kind = 0; kind < 16; kind++) {
            const struct phrase weir = {.is_refused = false};
            const struct phrase like = {.is_open = (kind & 1) != 0, .is_refused = (kind & 2) != 0};

            q.n = 0;
            buf_reset(&q.text);
            if (like.is_refused)
                oracle_query_add(&a, &q, field, 0, 1, weir);
            oracle_query_add(&a, &q, field, (kind & 4) != 0 ? 0 : 1, (kind & 4) != 0 ? 2 : 1, like);
            (void)compare(&a, &q, (kind & 8) != 0);
        }
    }
    buf_release(&q.text);
    oracle_close(&a);
}

/* ---- names ----------------------------------------------------------------------------------- */

static size_t count_begins(const struct doc *doc, struct slice word, bool is_open)
{
    struct slice list[1] = {word};
    const struct phrase p = {
        .words = {list, 1},
          .is_open = is_open
    };

    return oracle_count(&p, doc);
}

/* Names in Han: of each two characters in a row the pair, or both with something between. */
static void test_names(void **state)
{
    static struct oracle a;

    WW_UNUSED(state);
    oracle_open(&a);
    while (a.n < 40) {
        struct doc *doc = oracle_begin(&a);

        for (size_t n = 1 + oracle_draw(&a, 9); n > 0; n--)
            oracle_add_drawn(&a, &doc->fields[1]);
        oracle_store(&a, doc);
    }
    for (size_t i = 0; i < 200; i++) {
        struct search_word words[4];
        struct walk_ids found;
        const size_t n = 2 + oracle_draw(&a, 3);
        int64_t reach;
        size_t n_expected = 0;

        for (size_t k = 0; k < n; k++)
            words[k] =
                (struct search_word){.folded = oracle_han(&a), .is_cjk = true, .is_next = k > 0};
        arena_reset(&a.store.arena);
        assert_int_equal(store_search_reach(a.store.store, &a.store.arena, &reach, NULL), WW_OK);
        assert_int_equal(
            store_search_name(a.store.store, words, n, 100, &a.store.arena, &found, NULL), WW_OK);
        for (size_t d = 0; d < a.n; d++) {
            bool is_here = true;

            for (size_t k = 0; k + 1 < n; k++) {
                const struct slice pair =
                    arena_printf(&a.arena, "%.*s%.*s", SLICE_ARG(words[k].folded),
                                 SLICE_ARG(words[k + 1].folded));

                is_here = is_here && (count_begins(&a.docs[d], pair, false) > 0 ||
                                      (count_begins(&a.docs[d], words[k].folded, false) > 0 &&
                                       count_begins(&a.docs[d], words[k + 1].folded, true) > 0));
            }
            if (is_here && (n_expected >= found.n_ids || found.ids[n_expected] != a.docs[d].id))
                fail_msg("name %zu: article %lld is missing", i, (long long)a.docs[d].id);
            n_expected += is_here;
        }
        assert_int_equal(found.n_ids, n_expected);
    }
    oracle_close(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_drawn),
        cmocka_unit_test(test_long_texts),
        cmocka_unit_test(test_long_words),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
