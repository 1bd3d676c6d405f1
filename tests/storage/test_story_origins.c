/*
 * test_story_origins.c - who had a story from whom: each kind of evidence, contradictions, rings,
 * and the same answer whatever the order of the rows.
 */
#include "base/arena.h"
#include "base/attrs.h"
#include "storage/story_order.h"
#include "storage/story_origins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define NOON 1700049600 /* 15 November 2023 */
#define HOUR 3600
#define ROWS_MAX 12
#define ARENA_BYTES ((size_t)64 * 1024 * 1024)

struct story {
    struct article_row rows[ROWS_MAX];
    struct relation_row relations[4 * ROWS_MAX];
    size_t n_rows, n_relations;
    struct arena arena;
    struct story_origins origins;
};

/* Article n of an outlet: https://OUTLET.example/n, of 3,000 bytes, published at noon + hours. */
static struct article_row *add(struct story *s, int64_t id, const char *outlet, int hours)
{
    struct article_row *row = &s->rows[s->n_rows++];
    char host[64];
    size_t n = 0;

    for (const char *c = outlet; *c != '\0' && n < sizeof(host) - 1; c++)
        if (*c != ' ')
            host[n++] = (char)(*c | 0x20);
    host[n] = '\0';
    *row = (struct article_row){.id = id,
                                .version = 1,
                                .outlet = slice_from(outlet),
                                .published_at = NOON + hours * HOUR,
                                .published_precision = DATE_MINUTE,
                                .first_seen_at = NOON + 100 * HOUR,
                                .text_bytes = 3000};
    row->url = row->canonical =
        arena_printf(&s->arena, "https://%s.example/%lld", host, (long long)id);
    return row;
}

/* article arrived after other; n_shared of either's shingles. */
static struct relation_row *relate(struct story *s, int64_t article, int64_t other, int n_shared,
                                   int n_own, int n_other)
{
    struct relation_row *r = &s->relations[s->n_relations++];

    *r = (struct relation_row){.article_id = article,
                               .other_id = other,
                               .kind = SLICE("near"),
                               .n_shared = n_shared,
                               .n_own = n_own,
                               .n_other = n_other};
    r->jaccard = (double)n_shared / (n_own + n_other - n_shared);
    r->containment = (double)n_shared / (n_own < n_other ? n_own : n_other);
    return r;
}

static void find(struct story *s)
{
    struct article_list members = {s->rows, s->n_rows};
    struct relation_list relations = {s->relations, s->n_relations};
    struct ww_error err = {0};

    if (story_origins_find(&members, &relations, &s->arena, &s->origins, &err) != WW_OK)
        fail_msg("%s", err.message);
}

static struct story *begin(void)
{
    struct story *s = test_calloc(1, sizeof(*s));

    arena_init(&s->arena, ARENA_BYTES);
    return s;
}

static void end(struct story *s)
{
    arena_release(&s->arena);
    test_free(s);
}

static int64_t parent_of(const struct story *s, int64_t id)
{
    const struct story_edge *edge = story_origins_edge(&s->origins, id);

    if (edge == NULL)
        fail_msg("a%lld has no edge", (long long)id);
    return edge->parent_id;
}

static const struct story_evidence *evidence(const struct story *s, int64_t id,
                                             enum story_evidence_kind kind)
{
    const struct story_edge *edge = story_origins_edge(&s->origins, id);

    for (size_t i = 0; edge != NULL && i < edge->n_evidence; i++)
        if (edge->evidence[i].kind == kind)
            return &edge->evidence[i];
    return NULL;
}

static void assert_origin(const struct story *s, size_t i, const char *name, size_t n_articles)
{
    assert_true(i < s->origins.n_origins);
    if (!slice_equal(s->origins.origins[i].name, slice_from(name)))
        fail_msg("origin %zu is %.*s, not %s", i, SLICE_ARG(s->origins.origins[i].name), name);
    assert_int_equal(s->origins.origins[i].n_articles, n_articles);
}

/* ---- one kind of evidence each ----------------------------------------------------------------
 */

static void test_text_and_time(void **state)
{
    struct story *s = begin();

    WW_UNUSED(state);
    add(s, 12, "Harbour Post", 0);
    add(s, 13, "Island Gazette", 2);
    add(s, 14, "Valley Herald", 3);
    relate(s, 13, 12, 91, 100, 120);
    relate(s, 14, 12, 60, 100, 120);
    relate(s, 14, 13, 95, 100, 100);
    find(s);
    assert_int_equal(s->origins.n_origins, 1);
    assert_origin(s, 0, "Harbour Post", 3);
    assert_int_equal(parent_of(s, 12), 0);
    assert_int_equal(parent_of(s, 13), 12);
    assert_int_equal(parent_of(s, 14), 13); /* it holds most of it */
    assert_int_equal((int)(100 * evidence(s, 13, STORY_BY_TEXT)->share + 0.5), 91);
    assert_int_equal(evidence(s, 13, STORY_BY_TEXT)->article_id, 12);
    assert_int_equal(evidence(s, 13, STORY_BY_TIME)->seconds, 2 * HOUR);
    assert_null(evidence(s, 13, STORY_BY_LINK));
    assert_int_equal(story_origins_edge(&s->origins, 12)->n_evidence, 0);
    end(s);
}

/* What arrived first is not what was published first. */
static void test_turned(void **state)
{
    struct story *s = begin();

    WW_UNUSED(state);
    add(s, 1, "Copy", 5);
    add(s, 2, "Original", 0);
    add(s, 3, "Third", 4);
    relate(s, 2, 1, 90, 100, 100);
    relate(s, 3, 1, 90, 100, 100); /* never measured against the original */
    find(s);
    assert_int_equal(s->origins.n_origins, 1);
    assert_origin(s, 0, "Original", 3);
    assert_int_equal(s->origins.edges[0].article_id, 2);
    assert_int_equal(parent_of(s, 1), 2);
    assert_int_equal(parent_of(s, 3), 2);
    /* 90 + 90 of 100: 80 at least are in both. */
    assert_int_equal((int)(100 * evidence(s, 3, STORY_BY_TEXT)->share + 0.5), 80);
    assert_int_equal(evidence(s, 3, STORY_BY_TEXT)->article_id, 1);
    end(s);
}

static void test_own_words(void **state)
{
    struct story *s = begin();

    WW_UNUSED(state);
    add(s, 1, "First", 0);
    add(s, 2, "Reporter", 2); /* quotes a passage */
    add(s, 3, "Excerpt", 3);  /* all of it is elsewhere */
    add(s, 4, "Half", 4);
    relate(s, 2, 1, 100, 250, 120);
    relate(s, 3, 1, 40, 41, 120);
    relate(s, 4, 1, 60, 120, 120);
    find(s);
    assert_int_equal(s->origins.n_origins, 2);
    assert_origin(s, 0, "First", 3);
    assert_origin(s, 1, "Reporter", 1);
    assert_int_equal(parent_of(s, 2), 0);
    assert_int_equal(parent_of(s, 3), 1);
    assert_int_equal(parent_of(s, 4), 1);
    end(s);
}

/* Rows of an older database lack the sizes; a mould is no source. */
static void test_old_relations(void **state)
{
    struct story *s = begin();
    struct relation_row *r;

    WW_UNUSED(state);
    add(s, 1, "First", 0)->text_bytes = 1000;
    add(s, 2, "Longer", 2)->text_bytes = 3000;
    add(s, 3, "Shorter", 3)->text_bytes = 900;
    add(s, 4, "Weather", 4);
    r = relate(s, 2, 1, 100, 300, 110);
    r->n_own = r->n_other = 0;
    r = relate(s, 3, 1, 80, 90, 110);
    r->n_own = r->n_other = 0;
    relate(s, 4, 1, 100, 110, 110)->kind = SLICE("series");
    find(s);
    assert_int_equal(parent_of(s, 2), 0);
    assert_int_equal(parent_of(s, 3), 1);
    assert_int_equal(parent_of(s, 4), 0);
    assert_int_equal((int)(100 * evidence(s, 3, STORY_BY_TEXT)->share + 0.5), 89);
    end(s);
}

static void test_link(void **state)
{
    struct story *s = begin();

    WW_UNUSED(state);
    add(s, 1, "Wire", 6); /* its date is wrong: what the pages say counts */
    add(s, 2, "Paper", 1)->source_url = SLICE("https://WIRE.example/1?utm_source=x");
    add(s, 3, "Other", 2)->source_url = SLICE("https://wire.example/");
    add(s, 4, "Far", 3)->source_url = SLICE("https://www.elsewhere.example/story");
    relate(s, 2, 1, 50, 100, 100);
    find(s);
    assert_int_equal(parent_of(s, 2), 1);
    assert_int_equal(parent_of(s, 3), 1);
    assert_int_equal(parent_of(s, 4), 0);
    assert_int_equal(s->origins.n_origins, 2);
    assert_origin(s, 0, "Wire", 3);
    assert_origin(s, 1, "elsewhere.example", 1);
    assert_int_equal(s->origins.origins[1].article_id, 0);
    assert_true(slice_equal(evidence(s, 2, STORY_BY_LINK)->words,
                            SLICE("https://WIRE.example/1?utm_source=x")));
    assert_int_equal((int)(100 * evidence(s, 2, STORY_BY_TEXT)->share + 0.5), 50);
    assert_null(evidence(s, 2, STORY_BY_TIME));
    assert_non_null(evidence(s, 4, STORY_BY_LINK));
    end(s);
}

static void test_credit(void **state)
{
    struct story *s = begin();

    WW_UNUSED(state);
    add(s, 1, "Morning", 0)->credit = SLICE("Agence Test");
    add(s, 2, "Evening", 1)->credit = SLICE("agence test");
    add(s, 3, "Night", 2); /* prints Evening without a word */
    add(s, 4, "Town Crier", 3);
    add(s, 5, "Village", 4)->credit = SLICE("Nobody/TOWN CRIER");
    add(s, 6, "Town Crier", 5)->credit = SLICE("Town Crier");
    add(s, 7, "Linked", 6)->source_url = SLICE("https://www.agencetest.example/9");
    relate(s, 2, 1, 99, 100, 100);
    relate(s, 3, 2, 99, 100, 100);
    find(s);
    assert_int_equal(s->origins.n_origins, 3);
    assert_origin(s, 0, "Agence Test", 4);
    assert_origin(s, 1, "Town Crier", 2);
    assert_origin(s, 2, "Town Crier", 1);
    assert_int_equal(s->origins.origins[0].article_id, 0);
    assert_int_equal(parent_of(s, 2), 0);
    assert_int_equal(parent_of(s, 3), 2);
    assert_int_equal(parent_of(s, 5), 4);
    assert_int_equal(parent_of(s, 6), 0);
    assert_true(slice_equal(evidence(s, 2, STORY_BY_CREDIT)->words, SLICE("agence test")));
    /* Which other copy is like it is told, too. */
    assert_int_equal(evidence(s, 2, STORY_BY_TEXT)->article_id, 1);
    assert_non_null(evidence(s, 7, STORY_BY_LINK));
    end(s);
}

/* The agency's own page is known by the name that its copies give. */
static void test_agency(void **state)
{
    struct story *s = begin();
    struct article_row *own;

    WW_UNUSED(state);
    own = add(s, 1, "World Wire News", 1);
    own->credit = SLICE("WWN");
    own->credit_source = SLICE(ARTICLE_CREDIT_OWN);
    add(s, 2, "Morning", 0)->credit = SLICE("WWN");
    add(s, 3, "Evening", 2)->credit = SLICE("Other/wwn");
    find(s);
    assert_int_equal(s->origins.n_origins, 1);
    assert_origin(s, 0, "World Wire News", 3);
    assert_int_equal(parent_of(s, 2), 1);
    assert_int_equal(parent_of(s, 3), 1);
    end(s);
}

/* ---- contradictions ---------------------------------------------------------------------------
 */

/* Two that name each other, and three in a ring: the first one out stays an origin. */
static void test_rings(void **state)
{
    struct story *s = begin();

    WW_UNUSED(state);
    add(s, 1, "A", 0)->source_url = SLICE("https://b.example/2");
    add(s, 2, "B", 1)->source_url = SLICE("https://a.example/1");
    add(s, 3, "C", 2)->source_url = SLICE("https://e.example/5");
    add(s, 4, "D", 3)->source_url = SLICE("https://c.example/3");
    add(s, 5, "E", 4)->source_url = SLICE("https://d.example/4");
    add(s, 6, "F", 5)->source_url = SLICE("https://f.example/6"); /* itself */
    relate(s, 2, 1, 100, 100, 100);
    find(s);
    assert_int_equal(parent_of(s, 2), 1);
    assert_int_equal(parent_of(s, 4), 3);
    assert_int_equal(parent_of(s, 5), 4);
    assert_int_equal(parent_of(s, 6), 0);
    assert_int_equal(s->origins.n_edges, 6);
    for (size_t i = 0; i < s->origins.n_edges; i++) {
        int64_t at = s->origins.edges[i].article_id;
        size_t steps = 0;

        while ((at = parent_of(s, at)) != 0 && steps++ < 10)
            continue;
        assert_true(steps < 10);
    }
    end(s);
}

/* Versions are one article; what the page says later is said, too. */
static void test_versions(void **state)
{
    struct story *s = begin();
    struct article_row *second;

    WW_UNUSED(state);
    add(s, 1, "Paper", 0);
    second = add(s, 2, "Paper", 0);
    second->canonical = second->url = s->rows[0].url;
    second->version = 2;
    second->credit = SLICE("Agence Test");
    add(s, 3, "Other", 1);
    relate(s, 2, 1, 80, 100, 100);
    relate(s, 3, 2, 100, 100, 100);
    find(s);
    assert_int_equal(s->origins.n_origins, 1);
    assert_origin(s, 0, "Agence Test", 2);
    assert_int_equal(parent_of(s, 2), 1);
    assert_int_equal(evidence(s, 2, STORY_BY_VERSION)->article_id, 1);
    assert_non_null(evidence(s, 1, STORY_BY_CREDIT));
    assert_int_equal(parent_of(s, 3), 1);
    end(s);
}

/* ---- order ------------------------------------------------------------------------------------
 */

static void test_order(void **state)
{
    static const struct {
        const char *name;
        int64_t published_at;
        enum date_precision precision;
        int64_t first_seen_at, text_bytes;
    } cases[] = {
  /* from the earliest to the latest */
        {"the day before",       NOON - 12 * HOUR - 1,   DATE_SECOND, NOON + 99, 10},
        {"an hour of the day",   NOON,                   DATE_MINUTE, NOON + 99, 10},
        {"seen, undated",        0,                      DATE_NONE,   NOON + 10, 10},
        {"seen before its date", NOON + 90,              DATE_SECOND, NOON + 20, 10},
        {"the day, seen soon",   NOON - 12 * HOUR,       DATE_DAY,    NOON + 30, 10},
        {"fuller",               NOON + HOUR,            DATE_MINUTE, 0,         90},
        {"shorter",              NOON + HOUR,            DATE_MINUTE, 0,         80},
        {"the day",              NOON - 12 * HOUR,       DATE_DAY,    0,         99},
        {"the next day",         NOON + 12 * HOUR,       DATE_MINUTE, 0,         10},
        {"the month",            NOON - 14 * 24 * HOUR,  DATE_MONTH,  0,         10},
        {"the year",             NOON - 318 * 24 * HOUR, DATE_YEAR,   0,         10},
    };

    WW_UNUSED(state);
    for (size_t i = 0; i < WW_COUNT(cases); i++)
        for (size_t k = 0; k < WW_COUNT(cases); k++) {
            struct article_row rows[2] = {{0}};
            size_t at[2] = {i, k};
            int order;

            for (size_t n = 0; n < 2; n++)
                rows[n] = (struct article_row){.id = 50 - (int64_t)at[n],
                                               .published_at = cases[at[n]].published_at,
                                               .published_precision = cases[at[n]].precision,
                                               .first_seen_at = cases[at[n]].first_seen_at,
                                               .text_bytes = cases[at[n]].text_bytes,
                                               .canonical = SLICE("x")};
            order = story_order(&rows[0], &rows[1]);
            if ((order > 0) - (order < 0) != (i > k) - (i < k))
                fail_msg("%s against %s: %d", cases[i].name, cases[k].name, order);
        }
}

static uint64_t next_random(uint64_t *x)
{
    *x = *x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *x >> 33;
}

static bool is_same_origins(const struct story_origins *a, const struct story_origins *b)
{
    if (a->n_edges != b->n_edges || a->n_origins != b->n_origins)
        return false;
    for (size_t i = 0; i < a->n_origins; i++)
        if (a->origins[i].article_id != b->origins[i].article_id ||
            a->origins[i].n_articles != b->origins[i].n_articles ||
            !slice_equal(a->origins[i].name, b->origins[i].name))
            return false;
    for (size_t i = 0; i < a->n_edges; i++) {
        const struct story_edge *x = &a->edges[i], *y = &b->edges[i];

        if (x->article_id != y->article_id || x->parent_id != y->parent_id ||
            x->origin != y->origin || x->n_evidence != y->n_evidence)
            return false;
        for (size_t k = 0; k < x->n_evidence; k++)
            if (x->evidence[k].kind != y->evidence[k].kind ||
                x->evidence[k].article_id != y->evidence[k].article_id ||
                x->evidence[k].seconds != y->evidence[k].seconds ||
                x->evidence[k].share < y->evidence[k].share ||
                x->evidence[k].share > y->evidence[k].share)
                return false;
    }
    return true;
}

/* Stories at random, full of contradictions; each in several orders of its rows. */
static void test_any_order(void **state)
{
    static const char *const outlets[] = {"Alpha", "Beta", "Gamma", "Delta"};
    static const char *const credits[] = {"", "", "Alpha", "Agence Test", "Beta/Agence Test"};
    uint64_t x = 7;

    WW_UNUSED(state);
    for (int round = 0; round < 300; round++) {
        struct story *s = begin();
        struct story_origins first;
        size_t n = 1 + next_random(&x) % ROWS_MAX;

        for (size_t i = 0; i < n; i++) {
            struct article_row *row =
                add(s, (int64_t)i + 1, outlets[next_random(&x) % 4], (int)(next_random(&x) % 4));

            row->credit = slice_from(credits[next_random(&x) % 5]);
            row->text_bytes = 1000 + (int64_t)(next_random(&x) % 3);
            if (next_random(&x) % 4 == 0)
                row->source_url = s->rows[next_random(&x) % (i + 1)].url;
            if (i > 0 && next_random(&x) % 6 == 0) {
                row->canonical = s->rows[i - 1].canonical;
                row->version = s->rows[i - 1].version + 1;
            }
            for (size_t k = 0; k < 3 && i > 0; k++)
                relate(s, (int64_t)i + 1, 1 + (int64_t)(next_random(&x) % i),
                       30 + (int)(next_random(&x) % 5) * 10, 70 + (int)(next_random(&x) % 50),
                       70 + (int)(next_random(&x) % 50));
        }
        find(s);
        first = s->origins;
        for (int again = 0; again < 5; again++) {
            for (size_t i = n; i-- > 1;) {
                size_t k = next_random(&x) % (i + 1);
                struct article_row row = s->rows[i];

                s->rows[i] = s->rows[k];
                s->rows[k] = row;
            }
            for (size_t i = s->n_relations; i-- > 1;) {
                size_t k = next_random(&x) % (i + 1);
                struct relation_row r = s->relations[i];

                s->relations[i] = s->relations[k];
                s->relations[k] = r;
            }
            find(s);
            if (!is_same_origins(&first, &s->origins))
                fail_msg("round %d: another order of rows, another answer", round);
        }
        end(s);
    }
}

/* ---- size -------------------------------------------------------------------------------------
 */

#define MANY 5000

/* A chain of 5,000, each the copy of the one before, and a star: bounded, whatever the form. */
static void test_many(void **state)
{
    struct article_row *rows = test_calloc(MANY, sizeof(*rows));
    struct relation_row *relations = test_calloc(2 * MANY, sizeof(*relations));
    struct relation_list list = {relations, 0};
    struct article_list members = {rows, MANY};
    struct story_origins origins;
    struct arena arena;
    struct ww_error err = {0};

    WW_UNUSED(state);
    arena_init(&arena, ARENA_BYTES);
    for (int64_t i = 0; i < MANY; i++) {
        rows[i] = (struct article_row){.id = i + 1,
                                       .version = 1,
                                       .outlet = SLICE("Outlet"),
                                       .credit = i == 0 ? SLICE("Agence Test") : SLICE(""),
                                       .published_at = NOON + i,
                                       .first_seen_at = NOON + MANY,
                                       .text_bytes = 1000};
        rows[i].url = rows[i].canonical =
            arena_printf(&arena, "https://outlet.example/%lld", (long long)i);
        if (i > 0)
            relations[list.n_rows++] = (struct relation_row){.article_id = i + 1,
                                                             .other_id = i,
                                                             .kind = SLICE("exact"),
                                                             .n_shared = 100,
                                                             .n_own = 100,
                                                             .n_other = 100};
        if (i > 1) /* less of it: the chain is what is told */
            relations[list.n_rows++] = (struct relation_row){.article_id = i + 1,
                                                             .other_id = 1,
                                                             .kind = SLICE("near"),
                                                             .n_shared = 90,
                                                             .n_own = 100,
                                                             .n_other = 100};
    }
    if (story_origins_find(&members, &list, &arena, &origins, &err) != WW_OK)
        fail_msg("%s", err.message);
    assert_int_equal(origins.n_origins, 1);
    assert_int_equal(origins.origins[0].n_articles, MANY);
    assert_int_equal(origins.edges[MANY - 1].parent_id, MANY - 1);
    arena_release(&arena);
    test_free(relations);
    test_free(rows);
}

static void test_nothing(void **state)
{
    struct story *s = begin();

    WW_UNUSED(state);
    find(s);
    assert_int_equal(s->origins.n_edges, 0);
    assert_int_equal(s->origins.n_origins, 0);
    add(s, 1, "Alone", 0);
    relate(s, 1, 77, 90, 100, 100); /* of another story */
    find(s);
    assert_int_equal(s->origins.n_origins, 1);
    assert_int_equal(parent_of(s, 1), 0);
    assert_null(story_origins_edge(&s->origins, 77));
    end(s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_and_time), cmocka_unit_test(test_turned),
        cmocka_unit_test(test_own_words),     cmocka_unit_test(test_old_relations),
        cmocka_unit_test(test_link),          cmocka_unit_test(test_credit),
        cmocka_unit_test(test_agency),        cmocka_unit_test(test_rings),
        cmocka_unit_test(test_versions),      cmocka_unit_test(test_order),
        cmocka_unit_test(test_any_order),     cmocka_unit_test(test_many),
        cmocka_unit_test(test_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
